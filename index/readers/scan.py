"""Scanned pages to text: pictures cleaned, read by Tesseract, their words with boxes given to the layout.

Owns how many pages are read, at once and in all, and what the user is told of them.
"""

from __future__ import annotations

import os
import re
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index import messages
from index.errors import ChooseAnotherFile
from index.readers.doubled import drop_doubled
from index.readers.ink import correct_lines, find_parts, mark_bold
from index.readers.layout import lay_out
from index.readers.note_labels import read_labels
from index.readers.page import Page, Word
from index.readers.picture import DPI, CleanPage, clean_page, open_pictures
from index.readers.raised import set_apart_raised
from index.readers.read_words import repair_words
from index.readers.source import SourceText, tell_pages
from index.readers.tesseract import (
    Box,
    ReadLine,
    ReadWord,
    TookTooLong,
    can_turn,
    find_turn,
    read_lines,
    require_tesseract,
)

if TYPE_CHECKING:
    from PIL import Image

MAX_PAGES = 200
PAGE_SECONDS = 60.0
ALL_SECONDS = 1800.0
UNSURE = 75.0
_TURNED = 60.0
# Each takes 250 MB with its Tesseract.
_WORKERS = 3
_WHOLE_PAGE = 3
_ONE_BLOCK = 6
_SCATTER = 80.0
_SURE_WORD = 60
# The height of small letters is this share of the size of the usual fonts.
_X_HEIGHT = 0.48
_POINTS = 72 / DPI
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_DASH = re.compile(r"[-–—•●+*]+")
_GLUED_NOTE = re.compile(r"(\d{1,3})([^\W\d_]{2,}.*)")


@dataclass(frozen=True, slots=True)
class Recognition:
    """The recognised pages by their numbers (from 1), what the user should know, the pages beyond the limit."""

    pages: dict[int, Page]
    warnings: tuple[str, ...] = ()
    beyond: tuple[int, ...] = ()

    @property
    def with_words(self) -> tuple[int, ...]:
        """The numbers of the pages on which words were found."""
        return tuple(sorted(number for number, page in self.pages.items() if page.words))


@dataclass(frozen=True, slots=True)
class _Read:
    page: Page
    sure: float


def read_scan(data: bytes) -> SourceText:
    """Read a picture file, of one page or several; raise `ChooseAnotherFile` when it cannot be read."""
    found = recognise_pages(enumerate(open_pictures(data), start=1))
    text = lay_out(found.pages[number] for number in sorted(found.pages))
    if not text.strip():
        raise ChooseAnotherFile(messages.SCAN_NO_TEXT)
    return SourceText(text, "scan", found.warnings, paged=True, recognised_pages=found.with_words)


def recognise(picture: Image.Image) -> Page:
    """Return the words of one page; raise `ChooseAnotherFile` when Tesseract is not here."""
    return recognise_pages([(1, picture)]).pages[1]


def recognise_pages(pictures: Iterable[tuple[int, Image.Image]], *, total: int = 0) -> Recognition:
    """Read numbered pages, as many at once as there are processors; pictures are taken one by one as they are needed.

    Each page done is told, of `total` where that is known.
    Raise `ChooseAnotherFile` when Tesseract or its Vietnamese data is not here.
    """
    read: dict[int, _Read] = {}
    slow: list[int] = []
    beyond: list[int] = []
    for number, result in _read_in_order(pictures, beyond):
        if result is None:
            slow.append(number)
        read[number] = result or _Read(Page((), 595, 842), 0.0)
        tell_pages(len(read), max(total, len(read)))
    if not read and not beyond:
        return Recognition({})
    done = [number for number, result in read.items() if result.page.words]
    unsure = [number for number in done if read[number].sure < UNSURE]
    told = (
        (done, messages.warn_recognised), (unsure, messages.warn_unsure_pages), (slow, messages.warn_slow_pages),
    )
    warnings = tuple(tell(numbers) for numbers, tell in told if numbers)
    if beyond:
        warnings += (messages.warn_scan_too_long(beyond, MAX_PAGES, int(ALL_SECONDS // 60)),)
    return Recognition({number: result.page for number, result in read.items()}, warnings, tuple(beyond))


def _read_in_order(
    pictures: Iterable[tuple[int, Image.Image]], beyond: list[int]
) -> Iterator[tuple[int, _Read | None]]:
    """Yield each page's number and what was read, None where it took too long; fill `beyond` with those not begun."""
    workers = max(1, min(_WORKERS, os.cpu_count() or 1))
    deadline = time.monotonic() + ALL_SECONDS
    under_way: deque[tuple[int, Future[_Read | None]]] = deque()
    begun = 0
    with ThreadPoolExecutor(workers) as pool:
        for number, picture in pictures:
            if begun == 0:
                require_tesseract()
            if begun >= MAX_PAGES or time.monotonic() > deadline:
                beyond.append(number)
                continue
            begun += 1
            under_way.append((number, pool.submit(_read_page, picture)))
            # A page takes 100 MB while it is cleaned: none is opened before there is somebody to read it.
            if len(under_way) > workers:
                waiting, future = under_way.popleft()
                yield waiting, future.result()
        for waiting, future in under_way:
            yield waiting, future.result()


def _read_page(picture: Image.Image) -> _Read | None:
    """Read a page, turned when it does not stand upright; None when it takes too long."""
    deadline = time.monotonic() + PAGE_SECONDS
    try:
        clean = clean_page(picture)
        lines = _read_lines(clean, deadline)
        if _sureness(lines) < _TURNED and can_turn():
            turn = find_turn(clean.grey, seconds=_left(deadline))
            if turn:
                turned = clean_page(clean.grey.rotate(-turn, expand=True))
                turned_lines = _read_lines(turned, deadline)
                if _sureness(turned_lines) > _sureness(lines):
                    clean, lines = turned, turned_lines
        parts = find_parts(clean.grey)
        lines = mark_bold(clean.grey, correct_lines(lines, parts))
        lines = set_apart_raised(clean.grey, lines, parts=parts, seconds=_left(deadline))
        lines = drop_doubled(clean.grey, lines, parts=parts, seconds=_left(deadline))
        lines = read_labels(clean.grey, lines, parts=parts, seconds=_left(deadline))
    except TookTooLong:
        return None
    return _Read(make_page(clean, lines), _sureness(lines))


def _read_lines(clean: CleanPage, deadline: float) -> list[ReadLine]:
    """Read a page; again as one block where its accents were taken for lines, which spoils the lines below them."""
    lines = read_lines(clean.grey, layout=_WHOLE_PAGE, dpi=DPI, seconds=_left(deadline))
    if any(_is_scatter(line) and _sureness([line]) < _SCATTER for line in lines):
        again = read_lines(clean.grey, layout=_ONE_BLOCK, dpi=DPI, seconds=_left(deadline))
        return max(lines, again, key=_sureness)
    return lines


def _is_scatter(line: ReadLine) -> bool:
    """Tell whether a line of several signs is less than half letters and digits."""
    text = "".join(word.text for word in line.words)
    return len(line.words) > 2 and len(_LETTER_OR_DIGIT.findall(text)) < 0.5 * len(text)


def _left(deadline: float) -> float:
    return max(1.0, deadline - time.monotonic())


def _sureness(lines: Iterable[ReadLine]) -> float:
    """Return how sure Tesseract is of the letters of a page, from 0 to 100; 0 for a page without any."""
    words = [word for line in lines for word in line.words]
    letters = sum(len(word.text) for word in words)
    return sum(word.sure * len(word.text) for word in words) / letters if letters else 0.0


def make_page(clean: CleanPage, lines: Iterable[ReadLine]) -> Page:
    """Return the words of the lines in points; what is no word (specks, signatures) is left out."""
    width, height = clean.grey.size
    lines = _drop_doubles(list(lines))
    words = [
        word for line in lines if not _is_dirt(line, height)
        for place, read in enumerate(repair_words(line)) for word in _make_words(read, line, first=place == 0)
    ]
    rules = tuple((x0 * _POINTS, y0 * _POINTS, x1 * _POINTS, y1 * _POINTS) for x0, y0, x1, y1 in clean.rules)
    return Page(tuple(words), width * _POINTS, height * _POINTS, rules)


def _drop_doubles(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """Return the lines without hardly legible words that stand where other lines have surer ones, or are specks."""
    sure = [(number, word.box) for number, line in enumerate(lines) for word in line.words if word.sure >= _SURE_WORD]

    def is_kept(word: ReadWord, number: int) -> bool:
        if word.sure >= _SURE_WORD or not _LETTER_OR_DIGIT.search(word.text):
            return True
        if word.box[3] - word.box[1] < 0.6 * lines[number].x_height:
            return False
        return not any(other != number and _share(word.box, box) > 0.2 for other, box in sure)

    kept = (
        replace(line, words=tuple(word for word in line.words if is_kept(word, number))) for number, line in enumerate(lines)
    )
    return [line for line in kept if line.words]


def _share(box: Box, other: Box) -> float:
    """Return how much of a box another one covers, from 0 to 1."""
    width, height = min(box[2], other[2]) - max(box[0], other[0]), min(box[3], other[3]) - max(box[1], other[1])
    return width * height / max(1, (box[2] - box[0]) * (box[3] - box[1])) if width > 0 and height > 0 else 0.0


def _is_dirt(line: ReadLine, height: int) -> bool:
    text = "".join(word.text for word in line.words)
    if not _LETTER_OR_DIGIT.search(text) or max(word.sure for word in line.words) < 35:
        return True
    if _is_scatter(line) and _sureness([line]) < 60:
        return True
    # A page number, often read as letters.
    at_edge = line.box[3] < 0.08 * height or line.box[1] > 0.9 * height
    return at_edge and len(text) < 4


def _make_words(read: ReadWord, line: ReadLine, *, first: bool) -> Iterator[Word]:
    if not _LETTER_OR_DIGIT.search(read.text) and not _DASH.fullmatch(read.text) and (read.sure < 50 or read.text in "|_~"):
        return
    text = read.text
    x0, y0, x1, y1 = (side * _POINTS for side in read.box)
    size = line.x_height / _X_HEIGHT * _POINTS
    base = line.baseline(read.box[0]) * _POINTS
    # The box of a word ends where its letters do; the layout wants lines of one height.
    top, bottom = (y0, y1) if read.raised else (base - 0.75 * size, base + 0.25 * size)
    glued = _GLUED_NOTE.fullmatch(text) if first else None
    if glued:
        cut = x0 + (x1 - x0) * len(glued[1]) / len(text)
        yield Word(glued[1], x0, top, cut - 0.1 * size, bottom, size, bold=line.bold)
        text, x0 = glued[2], cut + 0.2 * size
    yield Word(text, x0, top, x1, bottom, 0.6 * size if read.raised else size, bold=line.bold, raised=read.raised)
