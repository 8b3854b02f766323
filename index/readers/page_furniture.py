"""What is printed on every page and says nothing: page numbers, running heads and feet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from index.readers.page import Page
from index.readers.page_lines import Line

_PAGE_NUMBER = re.compile(r"^(?:trang\s*|page\s*)?[-–—(|]?\s*(\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|trên|of)\s*\d{1,4})?\s*[-–—)|]?$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
# Lines at the head and foot of a page that are looked at, and how far their places may differ (points).
_DEPTH = 3
_SAME_PLACE = 6.0
_MARGIN = 0.12


def drop_furniture(pages: Sequence[Page], lines: Sequence[list[Line]]) -> list[list[Line]]:
    """Return the lines of each page without page numbers and without what returns at the same place of other pages."""
    repeated = _find_repeated(pages, lines)
    return [
        [line for line in page_lines if line not in repeated and not _is_page_number(line, page, page_lines)]
        for page, page_lines in zip(pages, lines, strict=True)
    ]


def _find_repeated(pages: Sequence[Page], lines: Sequence[list[Line]]) -> set[Line]:
    places: dict[tuple[str, bool], list[tuple[float, Line]]] = defaultdict(list)
    for page, page_lines in zip(pages, lines, strict=True):
        for at_top, edge in ((True, page_lines[:_DEPTH]), (False, page_lines[-_DEPTH:])):
            for line in edge:
                text = _DIGITS.sub("0", line.words_alone)
                # Odd and even pages may have heads of their own.
                places[text, at_top].append((line.y0 if at_top else page.height - line.y1, line))
    needed = 2 if len(pages) < 5 else 3
    found: set[Line] = set()
    for seen in places.values():
        for place, line in seen:
            near = {other.page for there, other in seen if abs(there - place) < _SAME_PLACE}
            if len(near) >= max(needed, len(pages) // 4) and _at_edge(line, pages[line.page]):
                found.add(line)
    return found


def _at_edge(line: Line, page: Page) -> bool:
    return line.y1 < _MARGIN * page.height or line.y0 > (1 - _MARGIN) * page.height


def _is_page_number(line: Line, page: Page, lines: Iterable[Line]) -> bool:
    if not _PAGE_NUMBER.match(line.words_alone.strip()) or not _at_edge(line, page):
        return False
    others = [other for other in lines if other is not line and not _PAGE_NUMBER.match(other.words_alone.strip())]
    above = all(line.y1 <= other.y0 + 1 for other in others)
    return above or all(line.y0 >= other.y1 - 1 for other in others)
