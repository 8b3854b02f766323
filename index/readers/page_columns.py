"""The order in which the lines of a page are read: columns beside each other one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

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
        for side in (False, True):
            halves = [
                (line, tuple(w for w in line.words if ((w.x0 + w.x1) / 2 > (gutter0 + gutter1) / 2) == side))
                for line in lines[position:end]
            ]
            # A cell without rules ends somewhere in the gutter: its widest line is the only sign of how wide it is.
            edges = [(words[0].x0, max(w.x1 for w in words)) for _, words in halves if words]
            margins = {"left": min(x0 for x0, _ in edges), "right": max(x1 for _, x1 in edges), "column": count - 1 + side}
            ordered.extend(replace(line, words=words, **margins) for line, words in halves if words)
        position = end
    return ordered


def _find_block(lines: Sequence[Line], start: int) -> tuple[int, tuple[float, float]] | None:
    """Return where the block of columns that begins at a line ends, and the gutter between its columns."""
    gutter = _gutter(lines, start)
    if gutter is None:
        return None
    low, high = gutter
    firsts: dict[bool, Line] = {}
    heights = [0, 0]
    last, end = start, start
    while end < len(lines) and (end == start or lines[end].y0 - lines[end - 1].y1 < _NEAR * lines[end].size):
        line = lines[end]
        narrowed = _narrow(low, high, [w for w in line.words if w.x0 < high and w.x1 > low])
        if narrowed is None or narrowed[1] - narrowed[0] < _NARROWEST * line.size:
            break
        sides = {w.x0 >= narrowed[1] for w in line.words}
        if len(sides) == 1 and not _stands_in_column(line, firsts.get(next(iter(sides))), sum(narrowed) / 2):
            break
        low, high = narrowed
        for side in sides:
            firsts.setdefault(side, line)
            heights[side] += 1
        end += 1
        if True in sides:
            last = end
    while last < end and lines[last].x0 < lines[start].x0 + 3 * lines[start].size:
        last += 1
    return (last, (low, high)) if min(heights) > 1 else None


def _stands_in_column(line: Line, first: Line | None, middle: float) -> bool:
    """Tell whether a line on one side of a gutter begins, or is centred, as the first line of its column does."""
    if first is None:
        return True
    right = line.x0 > middle
    column = [word for word in first.words if (word.x0 > middle) == right]
    return bool(column) and (abs(column[0].x0 - line.x0) < _NEAR * line.size or _same_centre(column, list(line.words)))


def _find_tight_block(lines: Sequence[Line], start: int) -> tuple[int, tuple[float, float]] | None:
    """Return the block that begins below a line whose two halves are centred over its columns with hardly a gap between."""
    block = _find_block(lines, start + 1) if start + 1 < len(lines) else None
    if block is None or lines[start + 1].y0 - lines[start].y1 > lines[start].size:
        return None
    end, (low, high) = block
    gaps = sorted(((after.x0 - before.x1, before.x1, after.x0) for before, after in pairwise(lines[start].words)), reverse=True)
    for _, gap0, gap1 in gaps:
        middle = (gap0 + gap1) / 2
        halves = [[[w for w in line.words if (w.x0 > middle) == side] for line in lines[start:start + 2]] for side in (False, True)]
        if low < gap1 and gap0 < high and all(_same_centre(*half) for half in halves):
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


def _gutter(lines: Sequence[Line], start: int) -> tuple[float, float] | None:
    """Return the gap between what stands side by side in a line, or in two lines that are not quite at one height."""
    parts = split_at_gaps(lines[start], _GUTTER)
    if len(parts) == 2:
        return max(w.x1 for w in parts[0]), parts[1][0].x0
    if len(parts) == 1 and start + 1 < len(lines) and lines[start + 1].y0 < lines[start].y1 - 0.3 * lines[start].size:
        first, second = sorted(lines[start:start + 2], key=lambda line: line.x0)
        if second.x0 - first.x1 > _GUTTER * first.size:
            return first.x1, second.x0
    return None
