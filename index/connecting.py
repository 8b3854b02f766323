"""Connections to the library file: how it is opened, and its write-ahead log. Knows nothing of tables."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from pathlib import Path

from index import messages
from index.errors import CreateLibrary


def connect(path: Path, patience: float) -> sqlite3.Connection:
    """Return a connection to a library file that waits `patience` seconds for another process; reads only where no file can be written."""
    target = os.fspath(path)
    if path.exists() and not os.access(path.parent, os.W_OK):
        # A read-only medium: no log can be written beside the file, and none may be waiting there.
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), log)
        target = f"{path.as_uri()}?immutable=1"
    connection = sqlite3.connect(
        target, timeout=patience, isolation_level=None, check_same_thread=False, uri=target.startswith("file:")
    )
    connection.execute("PRAGMA foreign_keys = ON")
    # FULL: in WAL mode, NORMAL may lose the last commits when the power fails.
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def use_write_ahead_log(connection: sqlite3.Connection, patience: float) -> None:
    """Let readers and the writer not wait for each other.

    While another process makes the same switch on a new file, SQLite answers "busy" at once,
    whatever its time limit; so the waiting is done here.
    """
    end = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.02)


def make_folder(folder: Path) -> None:
    """Make the folder of a library that is to be."""
    try:
        os.makedirs(folder, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise CreateLibrary(messages.not_a_folder(folder)) from error
