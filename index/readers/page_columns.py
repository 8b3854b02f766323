"""The order in which the lines of a page are read: columns beside each other one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.readers.page import Word
from index.readers.page_lines import Line, split_at_gaps

# Fractions of the font size: a gap between columns, and how near the lines of a block are.
_GUTTER = 1.6
_NARROWEST = 0.9
_NEAR = 2.2


def order_lines(lines: Sequence[Line], left: float, right: float) -> list[Line]:
    """Return lines in reading order, those beside each other split; each gets the margins it can fill."""
    ordered: list[Line] = []
    position = 0
    count = 0
    while position < len(lines):
        block = _find_block(lines, position) or _find_tight_block(lines, position)
        if block is None:
            ordered.append(replace(lines[position], left=left, right=right))
            position += 1
            continue
        end, (gutter0, gutter1) = block
        count += 2
        for side in (0, 1):
            margins = (left, gutter1 - 0.5 * lines[position].size) if not side else (gutter0, right)
            for line in lines[position:end]:
                words = tuple(w for w in line.words if ((w.x0 + w.x1) / 2 > (gutter0 + gutter1) / 2) == bool(side))
                if words:
                    ordered.append(replace(line, words=words, left=margins[0], right=margins[1], column=count - 1 + side))
        position = end
    return ordered


def _find_block(lines: Sequence[Line], start: int) -> tuple[int, tuple[float, float]] | None:
    """Return where the block of columns that begins at a line ends, and the gutter between its columns."""
    gutter = next(_gutters(lines[start]), None)
    if gutter is None:
        return None
    end, last = start + 1, start + 1
    low, high = gutter
    beside = 1
    while end < len(lines) and lines[end].y0 - lines[end - 1].y1 < _NEAR * lines[end].size:
        crossing = [w for w in lines[end].words if w.x0 < high and w.x1 > low]
        narrowed = _narrow(low, high, crossing)
        if narrowed is None or narrowed[1] - narrowed[0] < _NARROWEST * lines[end].size:
            break
        low, high = narrowed
        sides = {w.x0 >= high for w in lines[end].words}
        end += 1
        if len(sides) == 2:
            beside += 1
        if True in sides:
            last = end
    while last < end and lines[last].x0 < lines[start].x0 + 3 * lines[start].size and beside > 1:
        last += 1
    return (last, (low, high)) if beside > 1 else None


def _find_tight_block(lines: Sequence[Line], start: int) -> tuple[int, tuple[float, float]] | None:
    """Return the block that begins below a line whose two halves are centred over its columns with hardly a gap between."""
    block = _find_block(lines, start + 1) if start + 1 < len(lines) else None
    if block is None or lines[start + 1].y0 - lines[start].y1 > lines[start].size:
        return None
    end, (low, high) = block
    for before, word in zip(lines[start].words, lines[start].words[1:]):
        gap0, gap1 = before.x1, word.x0
        if low < gap1 and gap0 < high:
            middle = (gap0 + gap1) / 2
            halves = [[[w for w in line.words if (w.x0 > middle) == side] for line in lines[start:start + 2]] for side in (False, True)]
            if all(_same_centre(*half) for half in halves):
                return end, (max(low, gap0), min(high, gap1))
    return None


def _same_centre(first: list[Word], second: list[Word]) -> bool:
    if not first or not second:
        return False
    centres = [(words[0].x0 + max(w.x1 for w in words)) / 2 for words in (first, second)]
    return abs(centres[0] - centres[1]) < first[0].size


def _narrow(low: float, high: float, crossing: list[Word]) -> tuple[float, float] | None:
    """Return what words that reach into a gutter from one side leave of it; None when one spans it."""
    for word in crossing:
        if word.x0 <= low and word.x1 >= high:
            return None
        if word.x0 <= low or (word.x0 + word.x1) / 2 < (low + high) / 2:
            low = max(low, word.x1)
        else:
            high = min(high, word.x0)
    return (low, high) if low < high else None


def _gutters(line: Line) -> Iterator[tuple[float, float]]:
    parts = split_at_gaps(line, _GUTTER)
    if len(parts) == 2:
        yield max(w.x1 for w in parts[0]), parts[1][0].x0
