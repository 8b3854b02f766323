"""From the places of a PDF page, whose y grows upwards and which may be turned, to those of a page as it is read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from index.readers.glyphs import Glyph

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Look:
    """What the glyphs of one drawn string have in common; `across` is where one font size to the right leads, in points."""

    font: int
    size: float
    across: tuple[float, float]
    bold: bool
    scheme: str | None
    turns: int | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A glyph where the file puts it: the points on its baseline where its advance begins and ends, y growing upwards."""

    text: str
    start: tuple[float, float]
    end: tuple[float, float]
    look: Look


@dataclass(frozen=True, slots=True)
class Frame:
    """The visible part of a page, and by how many quarter turns clockwise it is turned to be read."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def width(self) -> float:
        return self.top - self.bottom if self.turns % 2 else self.right - self.left

    @property
    def height(self) -> float:
        return self.right - self.left if self.turns % 2 else self.top - self.bottom

    def upright(self, glyphs: list[Drawn]) -> Frame:
        """Return the frame turned so that most of the text reads from left to right, whatever the page says."""
        counts = Counter(glyph.look.turns for glyph in glyphs if glyph.look.turns is not None)
        return replace(self, turns=counts.most_common(1)[0][0]) if counts else self

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Turn a box of the page (y grows upwards) into one of the frame (y grows downwards)."""
        (ax, ay), (bx, by) = self._point(x0, y0), self._point(x1, y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def place(self, drawn: Drawn) -> Glyph:
        """Return a glyph where it is read."""
        (x0, baseline), (x1, _) = self._point(*drawn.start), self._point(*drawn.end)
        return Glyph(drawn.text, x0, x1, baseline, drawn.look.size, drawn.look.bold, drawn.look.scheme)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        return (
            (x - self.left, self.top - y), (y - self.bottom, x - self.left),
            (self.right - x, y - self.bottom), (self.top - y, self.right - x),
        )[self.turns]
