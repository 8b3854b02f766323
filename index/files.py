"""What is remembered of each source file, so that one that did not change is not opened again."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import time
from dataclasses import astuple, dataclass

# The coarsest clock of a file system in use (FAT): a file may change within it and look the same.
_CLOCK_NS = 2_000_000_000
# SQLite keeps signed 64-bit integers; some network file systems number files beyond.
_LARGEST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was looked at.

    `modified` and `checked` (when it was looked at) are in nanoseconds since 1970, `hash` is the
    SHA-256 of its bytes, "" when they were not read. `report` is the id of the report that holds its
    content; a file that cannot be read has none, but a `reason`.
    """

    path: str
    size: int
    modified: int
    inode: int
    checked: int
    hash: str = ""
    report: str | None = None
    reason: str = ""

    def vouches_for(self, now: FileState) -> bool:
        """Tell whether the file, as it looks now, holds what it held then, without opening it.

        Not when it had changed within the clock's step before it was looked at: it may have changed
        again within the same step.
        """
        alike = (self.size, self.modified, self.inode) == (now.size, now.modified, now.inode)
        return alike and self.modified + _CLOCK_NS < self.checked


def look_at(file: str | os.PathLike[str], path: str) -> FileState | None:
    """Return how a regular file looks, to be kept under `path`; None for all else, and for what cannot be looked at."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return FileState(path, found.st_size, found.st_mtime_ns, found.st_ino & _LARGEST, time.time_ns())


def hash_file(file: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a file's bytes; "" when it cannot be read."""
    try:
        with open(file, "rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return ""


def is_gone(path: str) -> bool:
    """Tell whether nothing is at a path any more; not when the system does not say (a right, a network).

    What was never read from a file ("upload:…") is not gone.
    """
    if not os.path.isabs(path):
        return False
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def read_states(connection: sqlite3.Connection) -> dict[str, FileState]:
    """Return what is remembered, by path."""
    rows = connection.execute("SELECT path, size, modified, inode, checked, hash, report, reason FROM files")
    return {row[0]: FileState(*row) for row in rows}


def write_state(connection: sqlite3.Connection, state: FileState) -> None:
    """Remember a file, in place of what was remembered of it."""
    connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", astuple(state))


def delete_state(connection: sqlite3.Connection, path: str) -> None:
    """Forget a file."""
    connection.execute("DELETE FROM files WHERE path = ?", (path,))
