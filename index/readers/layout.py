"""Words with boxes, from a PDF or from a recognised picture, to text by the conventions of `SourceText`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a page: its box in points (y grows downwards) and how it looks.

    `size` is the size of the font; where there is none it is estimated from the height of the line.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool = False
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The words of a page in any order, its size, and its ruled lines (x0, y0, x1, y1), all in points."""

    words: tuple[Word, ...]
    width: float
    height: float
    lines: tuple[tuple[float, float, float, float], ...] = ()


def lay_out(pages: Iterable[Page]) -> str:
    """Return the text of the pages by the conventions of `SourceText`: a form feed where each next page begins."""
    return "\f".join(" ".join(word.text for word in page.words) for page in pages)
