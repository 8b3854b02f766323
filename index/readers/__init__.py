"""From a file to its text: picks the reader by suffix, refuses what is no report, says why."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from index import messages
from index.errors import ChooseAnotherFile
from index.readers.markdown import read_markdown
from index.readers.plain import decode
from index.readers.source import SourceText

MAX_BYTES = 20_000_000


def _read_plain(data: bytes) -> SourceText:
    decoded = decode(data)
    return SourceText(decoded.text, "text", decoded.warnings, wrapped=True)


def _read_markdown(data: bytes) -> SourceText:
    decoded = decode(data)
    return SourceText(read_markdown(decoded.text), "markdown", decoded.warnings, wrapped=True)


def _read_spreadsheet(data: bytes) -> SourceText:
    from index.readers.spreadsheet import read_spreadsheet

    return read_spreadsheet(data)


def _read_csv(data: bytes) -> SourceText:
    from index.readers.spreadsheet import read_csv

    return read_csv(data)


def _read_tsv(data: bytes) -> SourceText:
    from index.readers.spreadsheet import read_tsv

    return read_tsv(data)


def _read_pptx(data: bytes) -> SourceText:
    from index.readers.slides import read_pptx

    return read_pptx(data)


def _read_ppt(data: bytes) -> SourceText:
    from index.readers.slides import read_ppt

    return read_ppt(data)


_READERS: dict[str, Callable[[bytes], SourceText]] = {
    ".txt": _read_plain,
    ".text": _read_plain,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".xlsx": _read_spreadsheet,
    ".xlsm": _read_spreadsheet,
    ".xls": _read_spreadsheet,
    ".ods": _read_spreadsheet,
    ".csv": _read_csv,
    ".tsv": _read_tsv,
    ".pptx": _read_pptx,
    ".ppt": _read_ppt,
}


def known_formats() -> str:
    """Return the suffixes that can be read, for a sentence."""
    return ", ".join(_READERS)


def read_file(path: Path, *, limit: int = MAX_BYTES) -> SourceText:
    """Read one file; raise `ChooseAnotherFile` with the reason when it is not a readable report."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        # A path that leads nowhere is a better reason than a suffix.
        _load(path, limit=0)
        raise ChooseAnotherFile(messages.read_unknown_suffix(path.suffix, known_formats()))
    return reader(_load(path, limit=limit))


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


def _load(path: Path, *, limit: int) -> bytes:
    """Return the bytes; with `limit` 0 only check that the file is there and may be read."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            os.listdir(path)
        # Opening a pipe or a device could wait for ever.
        if not stat.S_ISREG(status.st_mode):
            raise ChooseAnotherFile(messages.READ_NOT_A_FILE)
        if not limit:
            return b""
        if status.st_size > limit:
            raise ChooseAnotherFile(messages.read_too_large(status.st_size, limit))
        return path.read_bytes()
    except OSError as error:
        raise ChooseAnotherFile(_reason(error)) from error


def _reason(error: OSError) -> str:
    known = {
        errno.ENOENT: messages.READ_MISSING,
        errno.ENOTDIR: messages.READ_MISSING,
        errno.EACCES: messages.READ_DENIED,
        errno.EPERM: messages.READ_DENIED,
        errno.ELOOP: messages.READ_LOOP,
    }
    return known.get(error.errno or 0, messages.read_failed(error.strerror or type(error).__name__))
