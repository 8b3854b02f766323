"""PDF to pages of words with boxes, and these through the layout to text; pages without text go to a recogniser.

Owns what is peculiar to PDF: glyphs, fonts, gaps, drawing order. Knows nothing of paragraphs or notes.
"""

from __future__ import annotations

import ctypes
import math
import re
import threading
import time
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from index import messages
from index.errors import ChooseAnotherFile
from index.readers.glyphs import add_bullets, is_garbage, is_picture, make_words
from index.readers.layout import Page, lay_out
from index.readers.pdf_frame import Box, Drawn, Frame, Look
from index.readers.pdf_streams import is_bomb
from index.readers.source import SourceText

if TYPE_CHECKING:
    import PIL.Image
    import pypdfium2

    from index.readers.scan import Recognition

    class Recognise(Protocol):
        """What turns numbered pictures of pages into pages; told how many there are."""

        def __call__(self, pictures: Iterable[tuple[int, PIL.Image.Image]], *, total: int) -> Recognition: ...

MAX_PAGES = 2000
_MAX_GLYPHS = 60_000
_DPI = 300
_MAX_PIXELS = 40_000_000
_THIN = 3.0
_DOT = 8.0
_MAX_PATHS = 10_000
# What reading may take of the processor: far above any report, and an end for files made to take for ever.
_SECONDS, _SECONDS_A_PAGE = 8.0, 0.3
_NO_PAGE = Page((), 595.0, 842.0)
_BOLD = re.compile(r"bold|black|heavy|semibold|[-,]bd\b", re.IGNORECASE)
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_FORM_DEPTH = 4
_LOCK = threading.Lock()  # PDFium keeps global state: two threads in it at once crash the process.


def read_pdf(data: bytes, recognise: Recognise | None = None) -> SourceText:
    """Read a PDF; raise `ChooseAnotherFile` when it is damaged, locked, too long or has no text at all.

    Args:
        data: the bytes of the file.
        recognise: turns numbered pictures of pages (300 dpi) into pages; used for pages that have no
            text, or text that says nothing. Without it those pages are left out and named.
    """
    pages, scanned = _read_pages(data)
    warnings: tuple[str, ...] = ()
    recognised: tuple[int, ...] = ()
    if scanned and recognise:
        scanned, warnings, recognised = _recognise_scanned(data, pages, scanned, recognise)
    text = _repair(lay_out(pages))
    if not text.strip():
        raise ChooseAnotherFile(messages.PDF_SCANNED if scanned else messages.READ_EMPTY)
    if scanned:
        warnings = (messages.warn_pages_left_out(scanned), *warnings)
    return SourceText(text, "pdf", warnings, paged=True, recognised_pages=recognised)


def render_pages(data: bytes, *, numbers: Iterable[int] | None = None, dpi: int = _DPI) -> Iterator[tuple[int, PIL.Image.Image]]:
    """Yield pages (all, or those of these numbers from 1) as coloured pictures, one at a time; what cannot be drawn is left out."""
    with _LOCK:
        document = _open(data)
        count = len(document)
    try:
        for number in range(1, count + 1) if numbers is None else numbers:
            with _LOCK:
                picture = _render(document, number - 1, dpi)
            if picture is not None:
                yield number, picture
    finally:
        with _LOCK:
            document.close()


def _repair(text: str) -> str:
    """Return a text in real letters: a legacy font that was renamed when it was embedded is told by its paragraphs."""
    from index.readers.legacy import detect_scheme, repair

    scheme = detect_scheme(text)
    return repair(text, scheme) if scheme else text


def _read_pages(data: bytes) -> tuple[list[Page], list[int]]:
    """Return the pages, and the numbers (from 1) of those that must be recognised from their pictures."""
    pages: list[Page] = []
    scanned: list[int] = []
    spent = 0.0
    with _LOCK:
        document = _open(data)
        count = len(document)
    try:
        for index in range(count):
            started = time.thread_time()
            with _LOCK:
                page, needs_eyes = _read_page(document, index)
            spent += time.thread_time() - started
            if spent > _SECONDS + _SECONDS_A_PAGE * index:
                raise ChooseAnotherFile(messages.PDF_TOO_COMPLEX)
            pages.append(page)
            if needs_eyes:
                scanned.append(index + 1)
    finally:
        with _LOCK:
            document.close()
    return pages, scanned


def _recognise_scanned(
    data: bytes, pages: list[Page], scanned: list[int], recognise: Recognise
) -> tuple[list[int], tuple[str, ...], tuple[int, ...]]:
    """Put what is recognised of the scanned pages among the pages; return the numbers of those left out, warnings, and those recognised."""
    try:
        found = recognise(render_pages(data, numbers=scanned), total=len(scanned))
    except ChooseAnotherFile as refusal:
        # What can be read without a recogniser is worth having.
        if len(scanned) == len(pages):
            raise
        return scanned, (str(refusal),), ()
    for number, page in found.pages.items():
        pages[number - 1] = page
    left_out = [number for number in scanned if number not in found.pages and number not in found.beyond]
    return left_out, found.warnings, found.with_words


def _open(data: bytes) -> pypdfium2.PdfDocument:
    import pypdfium2
    from pypdfium2 import raw

    if b"%PDF" not in data[:1024]:
        raise ChooseAnotherFile(messages.PDF_OTHER)
    if is_bomb(data):
        raise ChooseAnotherFile(messages.PDF_TOO_COMPLEX)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise ChooseAnotherFile(messages.PDF_LOCKED if locked else messages.PDF_DAMAGED) from error
    count = len(document)
    if not 0 < count <= MAX_PAGES:
        document.close()
        raise ChooseAnotherFile(messages.pdf_too_long(count, MAX_PAGES) if count > 0 else messages.PDF_DAMAGED)
    return document


def _read_page(document: pypdfium2.PdfDocument, index: int) -> tuple[Page, bool]:
    """Return the words and ruled lines of a page, and whether its text is to be read from its picture."""
    import pypdfium2

    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        return _NO_PAGE, True
    try:
        frame = Frame(*page.get_bbox(), page.get_rotation() // 90)
        textpage = page.get_textpage()
        try:
            glyphs = list(_read_glyphs(textpage))
        finally:
            textpage.close()
        frame = frame.upright(glyphs)
        words = make_words([frame.place(glyph) for glyph in glyphs if glyph.look.turns == frame.turns])
        rules, dots, paths = _read_paths(page)
        words = add_bullets(words, [frame.box(*dot) for dot in dots])
        found = Page(words, frame.width, frame.height, tuple(frame.box(*rule) for rule in rules))
        needs_eyes = is_picture(found, _covered(page), paths)
        # What little can be read beside a picture is kept for when nobody can read the picture.
        return (replace(found, words=()) if needs_eyes and is_garbage(found) else found), needs_eyes
    except pypdfium2.PdfiumError:
        return _NO_PAGE, True
    finally:
        page.close()


def _covered(page: pypdfium2.PdfPage) -> float:
    from pypdfium2 import raw

    left, bottom, right, top = page.get_bbox()
    boxes = (found.get_bounds() for found in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_FORM_DEPTH), 200))
    largest = max(((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in boxes), default=0.0)
    return largest / max((right - left) * (top - bottom), 1.0)


def _read_glyphs(textpage: pypdfium2.PdfTextPage) -> Iterator[Drawn]:
    """Yield the glyphs of a page as drawn; spaces and line ends that PDFium adds are left out."""
    from pypdfium2 import raw

    looks: dict[int, Look] = {}
    widths: dict[tuple[int, int], float] = {}
    x, y = ctypes.c_double(), ctypes.c_double()
    before: Drawn | None = None
    for i in range(min(textpage.count_chars(), _MAX_GLYPHS)):
        code = raw.FPDFText_GetUnicode(textpage, i)
        drawn = raw.FPDFText_GetTextObject(textpage, i)
        if not drawn or raw.FPDFText_IsGenerated(textpage, i) == 1:
            continue
        key = ctypes.addressof(drawn.contents)
        if key not in looks:
            looks[key] = _look(textpage, i, drawn)
        look = looks[key]
        if not raw.FPDFText_GetCharOrigin(textpage, i, x, y):
            continue
        if (look.font, code) not in widths:
            widths[look.font, code] = _width(textpage, i, drawn)
        advance = widths[look.font, code]
        end = x.value + advance * look.across[0], y.value + advance * look.across[1]
        lost = not code or (code > 127 and raw.FPDFText_HasUnicodeMapError(textpage, i) == 1) or 0xD800 <= code < 0xE000
        text = "\ufffd" if lost or code > 0x10FFFF else chr(code)
        if before and (before.start, before.look) == ((x.value, y.value), look) and not unicodedata.combining(before.text[-1]):
            # A ligature is given as its letters, all at one place; so stands a letter behind a mark without width.
            before = replace(before, text=before.text + text)
            continue
        if before:
            yield before
        before = Drawn(text, (x.value, y.value), end, look)
    if before:
        yield before


def _width(textpage: pypdfium2.PdfTextPage, i: int, drawn: ctypes._Pointer) -> float:
    """Return the advance of a glyph in font sizes: that of its font, else the width of its box.

    The box is no measure where there is a font: PDFium widens it to the outline, and horns and hooks
    of Vietnamese letters stand out so far that the gap to the next word would look closed.
    """
    from pypdfium2 import raw

    size, width, rect = raw.FPDFText_GetFontSize(textpage, i), ctypes.c_float(), raw.FS_RECTF()
    font = raw.FPDFTextObj_GetFont(drawn)
    if font and raw.FPDFFont_GetGlyphWidth(font, raw.FPDFText_GetUnicode(textpage, i), 1.0, width) and width.value > 0:
        return width.value
    raw.FPDFText_GetLooseCharBox(textpage, i, rect)
    return (rect.right - rect.left) / max(size, 1)


def _look(textpage: pypdfium2.PdfTextPage, i: int, drawn: ctypes._Pointer) -> Look:
    from pypdfium2 import raw

    from index.readers.legacy import scheme_of_font

    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(textpage, i, matrix)
    size = raw.FPDFText_GetFontSize(textpage, i)
    quarters = math.degrees(math.atan2(matrix.b, matrix.a)) / 90
    turns = round(quarters) % 4 if abs(quarters - round(quarters)) < 0.05 else None
    font = raw.FPDFTextObj_GetFont(drawn)
    buffer = ctypes.create_string_buffer(256)
    length = raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer)) if font else 0
    name = buffer.value.decode("utf-8", "replace") if length else ""
    stroked = raw.FPDFTextObj_GetTextRenderMode(drawn) == raw.FPDF_TEXTRENDERMODE_FILL_STROKE
    return Look(
        ctypes.addressof(font.contents) if font else 0, size * math.hypot(matrix.c, matrix.d),
        (size * matrix.a, size * matrix.b), stroked or bool(_BOLD.search(name)), scheme_of_font(_SUBSET.sub("", name)), turns,
    )


def _read_paths(page: pypdfium2.PdfPage) -> tuple[list[Box], list[Box], int]:
    """Return what is drawn with lines: straight rules, small filled dots, and how many figures there are in all."""
    from pypdfium2 import raw

    rules: list[Box] = []
    dots: list[Box] = []
    count = 0
    for found in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=_FORM_DEPTH), _MAX_PATHS):
        count += 1
        x0, y0, x1, y1 = found.get_bounds()
        width, height = x1 - x0, y1 - y0
        if 2 < width < _DOT and abs(width - height) < 1 and not _is_stroked(found):
            dots.append((x0, y0, x1, y1))
        elif min(width, height) < _THIN:
            rules.append((x0, y0, x1, y1))
        elif _is_stroked(found):
            rules.extend(_straight_parts(found))
    return rules, dots, count


def _is_stroked(path: pypdfium2.PdfObject) -> bool:
    from pypdfium2 import raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(path, fill, stroke) and stroke.value)


def _straight_parts(path: pypdfium2.PdfObject) -> Iterator[Box]:
    from pypdfium2 import raw

    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    start = here = None
    for i in range(min(raw.FPDFPath_CountSegments(path), _MAX_PATHS)):
        segment = raw.FPDFPath_GetPathSegment(path, i)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        there = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        ends = [(here, there)] if here and kind == raw.FPDF_SEGMENT_LINETO else []
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = there
        if raw.FPDFPathSegment_GetClose(segment) and start:
            ends.append((there, start))
        for (ax, ay), (bx, by) in ends:
            if abs(ax - bx) < _THIN or abs(ay - by) < _THIN:
                yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)
        here = there


def _render(document: pypdfium2.PdfDocument, index: int, dpi: int) -> PIL.Image.Image | None:
    """Return the picture of a page, smaller than at this resolution when the page is huge; None when it cannot be drawn."""
    import pypdfium2

    try:
        page = document[index]
        width, height = page.get_size()
        pixels = width * height * (dpi / 72) ** 2
        scale = dpi / 72 * min(1, math.sqrt(_MAX_PIXELS / max(pixels, 1)))
        picture = page.render(scale=scale).to_pil()
        picture.info["dpi"] = (72 * scale, 72 * scale)
        page.close()
    except (pypdfium2.PdfiumError, ValueError, MemoryError):
        return None
    return picture
