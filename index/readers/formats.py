"""Which function reads which kind of file, by its suffix; each is imported when its first file comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from index.readers.markdown import read_markdown
from index.readers.plain import decode
from index.readers.source import SourceText

if TYPE_CHECKING:
    import PIL.Image

    from index.readers.scan import Recognition

Reader = Callable[[bytes], SourceText]

_TEXT_BYTES, _FILE_BYTES = 20_000_000, 100_000_000


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: `module` and `function` of its reader, the most bytes of a file, whether it is read `apart`."""

    module: str
    function: str
    limit: int = _FILE_BYTES
    apart: bool = True

    def load(self) -> Reader:
        """Import the reader."""
        return getattr(import_module(self.module), self.function)


def read_text_file(data: bytes) -> SourceText:
    """Read plain text in any encoding that Vietnamese was written in."""
    decoded = decode(data)
    return SourceText(decoded.text, "text", decoded.warnings, wrapped=True)


def read_markdown_file(data: bytes) -> SourceText:
    """Read Markdown: its marking goes, its headings stay."""
    decoded = decode(data)
    return SourceText(read_markdown(decoded.text), "markdown", decoded.warnings, wrapped=True)


def read_doc_file(data: bytes) -> SourceText:
    """Read what is named .doc: Word, or the RTF or web page that many programs write under that name."""
    start = data[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"{\\rtf"):
        return FORMATS[".rtf"].load()(data)
    if start.startswith(b"mime-version"):
        return _WEB_ARCHIVE.load()(data)
    if start.startswith((b"<html", b"<!doctype html")) or b"<html" in start:
        return _WEB_PAGE.load()(data)
    return Format("index.readers.word", "read_old_word").load()(data)


def read_pdf_file(data: bytes) -> SourceText:
    """Read a PDF; pages that are pictures are recognised."""
    from index.readers.pdf import read_pdf

    return read_pdf(data, recognise=_recognise_pages)


def _recognise_pages(pictures: Iterable[tuple[int, PIL.Image.Image]], *, total: int) -> Recognition:
    # Only scans need it, and importing it costs a second.
    from index.readers.scan import recognise_pages

    return recognise_pages(pictures, total=total)


_TEXT = Format(__name__, "read_text_file", _TEXT_BYTES, apart=False)
_MARKDOWN = Format(__name__, "read_markdown_file", _TEXT_BYTES, apart=False)
_WEB_PAGE = Format("index.readers.web_page", "read_web_page")
_WEB_ARCHIVE = Format("index.readers.web_page", "read_web_archive")
_SHEETS = Format("index.readers.spreadsheet", "read_spreadsheet")
_SCAN = Format("index.readers.scan", "read_scan")
_WORD = Format("index.readers.word", "read_word")
FORMATS: dict[str, Format] = {
    ".docx": _WORD,
    ".docm": _WORD,
    ".doc": Format(__name__, "read_doc_file"),
    ".odt": Format("index.readers.word", "read_open_document"),
    ".pdf": Format(__name__, "read_pdf_file"),
    ".xlsx": _SHEETS,
    ".xlsm": _SHEETS,
    ".xls": _SHEETS,
    ".ods": _SHEETS,
    ".csv": Format("index.readers.spreadsheet", "read_csv", _TEXT_BYTES),
    ".tsv": Format("index.readers.spreadsheet", "read_tsv", _TEXT_BYTES),
    ".pptx": Format("index.readers.slides", "read_pptx"),
    ".ppt": Format("index.readers.slides", "read_ppt"),
    ".png": _SCAN,
    ".jpg": _SCAN,
    ".jpeg": _SCAN,
    ".tif": _SCAN,
    ".tiff": _SCAN,
    ".rtf": Format("index.readers.rich_text", "read_rich_text"),
    ".html": _WEB_PAGE,
    ".htm": _WEB_PAGE,
    ".xhtml": _WEB_PAGE,
    ".mht": _WEB_ARCHIVE,
    ".mhtml": _WEB_ARCHIVE,
    ".txt": _TEXT,
    ".text": _TEXT,
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
}
MAX_BYTES = max(kind.limit for kind in FORMATS.values())
