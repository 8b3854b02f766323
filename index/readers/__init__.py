"""From a file to its text: picks the reader by suffix, refuses what is no report, says why."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from index import messages
from index.errors import ChooseAnotherFile, ChooseFileLater
from index.readers.markdown import read_markdown
from index.readers.plain import decode
from index.readers.rich_text import read_rich_text
from index.readers.source import SourceText, hear_pages
from index.readers.word import read_old_word, read_open_document, read_word

MAX_BYTES = 20_000_000

__all__ = ["MAX_BYTES", "SourceText", "hear_pages", "known_formats", "list_files", "read_file"]


def _read_plain(data: bytes) -> SourceText:
    decoded = decode(data)
    return SourceText(decoded.text, "text", decoded.warnings, wrapped=True)


def _read_markdown(data: bytes) -> SourceText:
    decoded = decode(data)
    return SourceText(read_markdown(decoded.text), "markdown", decoded.warnings, wrapped=True)


def _read_web_page(data: bytes) -> SourceText:
    from index.readers.web_page import read_web_page

    return read_web_page(data)


def _read_web_archive(data: bytes) -> SourceText:
    from index.readers.web_page import read_web_archive

    return read_web_archive(data)


_READERS: dict[str, Callable[[bytes], SourceText]] = {
    ".txt": _read_plain,
    ".text": _read_plain,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".rtf": read_rich_text,
    ".html": _read_web_page,
    ".htm": _read_web_page,
    ".xhtml": _read_web_page,
    ".mht": _read_web_archive,
    ".mhtml": _read_web_archive,
    ".docx": read_word,
    ".docm": read_word,
    ".doc": read_old_word,
    ".odt": read_open_document,
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
        raise ChooseFileLater(messages.read_unknown_suffix(path.suffix, known_formats()))
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
