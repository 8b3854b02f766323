"""A page as its words with boxes: what the PDF and the picture reader give to the layout."""

from __future__ import annotations

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
