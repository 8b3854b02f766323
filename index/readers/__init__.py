"""From a file to its text: picks the reader by suffix, refuses what is no report, says why."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from index import messages
from index.errors import ChooseAnotherFile, ChooseFileLater
from index.readers.apart import read_apart
from index.readers.formats import FORMATS, MAX_BYTES, Format
from index.readers.source import SourceText, hear_pages

__all__ = ["MAX_BYTES", "SourceText", "hear_pages", "known_formats", "list_files", "read_file", "read_here"]


def known_formats() -> str:
    """Return the suffixes that can be read, for a sentence."""
    return ", ".join(FORMATS)


def read_file(path: Path) -> SourceText:
    """Read one file; raise `ChooseAnotherFile` with the reason when it is not a readable report.

    All but text is read in a process of its own: what a file does to a library stays there.
    """
    kind = _format_of(path)
    if not kind.apart:
        return read_here(path)
    _check(path, kind.limit)
    return read_apart(path)


def read_here(path: Path) -> SourceText:
    """Read one file in this process, as `read_file` does."""
    kind = _format_of(path)
    _check(path, kind.limit)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ChooseFileLater(_reason(error)) from error
    return kind.load()(data)


def _format_of(path: Path) -> Format:
    if path.suffix.lower() not in FORMATS:
        # A path that leads nowhere is a better reason than a suffix.
        _check(path, MAX_BYTES)
        raise ChooseFileLater(messages.read_unknown_suffix(path.suffix, known_formats()))
    return FORMATS[path.suffix.lower()]


def list_files(path: Path) -> Iterator[Path]:
    """Yield the file itself, or the files under a folder in name order; hidden ones are left out.

    Links to folders are followed, each real folder once, so a loop of links ends. A folder that
    cannot be opened is yielded itself: reading it gives the reason.
    """
    if not path.is_dir():
        yield path
        return
    seen: set[str] = set()
    closed: list[OSError] = []
    for folder, subfolders, files in os.walk(path, followlinks=True, onerror=closed.append):
        real = os.path.realpath(folder)
        if real in seen:
            subfolders.clear()
            continue
        seen.add(real)
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(files) if not name.startswith("."))
    yield from (Path(error.filename) for error in closed)


def _check(path: Path, limit: int) -> None:
    """Raise `ChooseAnotherFile` when there is no file, when it is empty or larger than `limit` bytes, or may not be read."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            os.listdir(path)
        # Opening a pipe or a device could wait for ever.
        if not stat.S_ISREG(status.st_mode):
            raise ChooseAnotherFile(messages.READ_NOT_A_FILE)
        if not status.st_size:
            raise ChooseAnotherFile(messages.READ_EMPTY)
        if status.st_size > limit:
            raise ChooseAnotherFile(messages.read_too_large(status.st_size, limit))
        path.open("rb").close()
    except OSError as error:
        raise ChooseFileLater(_reason(error)) from error


def _reason(error: OSError) -> str:
    known = {
        errno.ENOENT: messages.READ_MISSING,
        errno.ENOTDIR: messages.READ_MISSING,
        errno.EACCES: messages.READ_DENIED,
        errno.EPERM: messages.READ_DENIED,
        errno.ELOOP: messages.READ_LOOP,
    }
    return known.get(error.errno or 0, messages.read_failed(error.strerror or type(error).__name__))
