"""What an error of SQLite or of the file system means for the user of a library. Catches nothing else."""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from index import messages
from index.errors import CreateLibrary, FreeDiskSpace, GrantAccess, RestoreLibrary, WaitForWriter
from index.rows import DamagedRow

LIBRARY_FILE = "library.sqlite"


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn errors of SQLite and of the file system into sentences for the user."""
    try:
        yield
    except sqlite3.Error as error:
        _explain(error, folder)
    except (json.JSONDecodeError, UnicodeDecodeError, DamagedRow) as error:
        raise RestoreLibrary(messages.damaged(folder / LIBRARY_FILE)) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise FreeDiskSpace(messages.disk_full(folder)) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise GrantAccess(messages.no_access(folder)) from error
        raise CreateLibrary(messages.unusable_folder(folder, error.strerror or type(error).__name__)) from error


def _explain(error: sqlite3.Error, folder: Path) -> NoReturn:
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_IOERR_SHORT_READ or code == sqlite3.SQLITE_IOERR_READ:
        raise RestoreLibrary(messages.damaged(folder / LIBRARY_FILE)) from error
    kind = code & 0xFF
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise WaitForWriter(messages.locked(folder)) from error
    if kind in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        raise FreeDiskSpace(messages.disk_full(folder)) from error
    if kind in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        raise GrantAccess(messages.no_access(folder)) from error
    # What is left, but for our own mistakes, is a file that is not what it should be.
    missing = kind == sqlite3.SQLITE_ERROR and "no such" in str(error)
    undecodable = "decode" in str(error)
    loose_row = code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
    if kind in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or missing or undecodable or loose_row:
        raise RestoreLibrary(messages.damaged(folder / LIBRARY_FILE)) from error
    raise error
