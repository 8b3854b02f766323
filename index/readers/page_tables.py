"""Tables of a page: ruled ones by their rules, columns of figures by their places. Knows nothing of paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.lines import NUMBER_CELL
from index.readers.page import Page, Word
from index.readers.page_lines import Line, make_lines, split_at_gaps

_TOUCH = 3.0
# The room that word processors leave on either side of a cell.
_PADDING = 5.0
_DIGITS = re.compile(r"[\d.,]+")
_CELL_GAP = 1.2
_TIGHT_GAP = 0.55
_MAX_RULES = 3000
_MAX_CELLS = 10_000

Cell = list[tuple[Word, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, each cell a list of lines of words; where it stands on its page and where its columns begin."""

    page: int
    rows: list[list[Cell]]
    y0: float
    y1: float
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Grid:
    levels: list[tuple[float, float, float]]  # (y, x0, x1)
    uprights: list[tuple[float, float, float]]  # (x, y0, y1)

    @property
    def box(self) -> tuple[float, float, float, float]:
        xs = [x for _, x0, x1 in self.levels for x in (x0, x1)] + [x for x, _, _ in self.uprights]
        ys = [y for _, y0, y1 in self.uprights for y in (y0, y1)] + [y for y, _, _ in self.levels]
        return min(xs), min(ys), max(xs), max(ys)


def take_ruled_tables(page: Page, number: int) -> tuple[list[Word], list[Table]]:
    """Return the words of a page outside its ruled tables, and these tables."""
    words = list(page.words)
    tables = []
    for grid in _find_grids(page):
        xs = _cluster([x for x, _, _ in grid.uprights])
        ys = _cluster([y for y, _, _ in grid.levels])
        if len(xs) < 3 or len(ys) < 2 or (len(xs) - 1) * (len(ys) - 1) > _MAX_CELLS:
            continue
        x0, y0, x1, y1 = grid.box
        inside = [w for w in words if x0 - 1 < (w.x0 + w.x1) / 2 < x1 + 1 and y0 - 1 < (w.y0 + w.y1) / 2 < y1 + 1]
        # A frame around text is no table.
        if not inside:
            continue
        taken = set(map(id, inside))
        words = [w for w in words if id(w) not in taken]
        rows = [row for band in _read_rows(grid, xs, ys, inside, number) for row in _split_band(band)]
        tables.append(Table(number, rows, y0, y1, tuple(xs)))
    return words, tables


def _find_grids(page: Page) -> list[_Grid]:
    """Return the groups of rules that touch each other."""
    # Programs draw a rule once for each of the two cells it divides.
    rules = list({
        (round(x0), round(y0), round(x1), round(y1)): (x0, y0, x1, y1) for x0, y0, x1, y1 in page.lines
        if max(x1 - x0, y1 - y0) > 6 and min(x1 - x0, y1 - y0) < 4
    }.values())[:_MAX_RULES]
    group = list(range(len(rules)))

    def root(k: int) -> int:
        while group[k] != k:
            group[k] = group[group[k]]
            k = group[k]
        return k

    order = sorted(range(len(rules)), key=lambda k: rules[k][1])
    active: list[int] = []
    for k in order:
        active = [j for j in active if rules[j][3] + _TOUCH >= rules[k][1]]
        for j in active:
            if rules[j][0] - _TOUCH <= rules[k][2] and rules[k][0] - _TOUCH <= rules[j][2]:
                group[root(j)] = root(k)
        active.append(k)
    grids: dict[int, _Grid] = {}
    for k, (x0, y0, x1, y1) in enumerate(rules):
        grid = grids.setdefault(root(k), _Grid([], []))
        if x1 - x0 >= y1 - y0:
            grid.levels.append(((y0 + y1) / 2, x0, x1))
        else:
            grid.uprights.append(((x0 + x1) / 2, y0, y1))
    found = [grid for grid in grids.values() if grid.levels and len(grid.uprights) > 1]
    return sorted(found, key=lambda grid: grid.box[1])


def _cluster(values: Sequence[float]) -> list[float]:
    clusters: list[list[float]] = []
    for value in sorted(values):
        if clusters and value - clusters[-1][-1] < _TOUCH:
            clusters[-1].append(value)
        else:
            clusters.append([value])
    return [sum(cluster) / len(cluster) for cluster in clusters]


def _read_rows(grid: _Grid, xs: list[float], ys: list[float], words: list[Word], page: int) -> list[list[Cell]]:
    """Return the rows of a ruled grid; words of a merged cell stand in each cell it covers, figures in the first."""
    merged = _merge_cells(grid, xs, ys)
    held: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        column = _place(xs, (word.x0 + word.x1) / 2)
        row = _place(ys, (word.y0 + word.y1) / 2)
        held.setdefault(merged[row][column], []).append(word)
    ends = {owner: column for columns in merged for column, owner in enumerate(columns)}
    cells = {
        key: _join_figure([line.words for line in make_lines(found, page)], xs[ends[key] + 1] - xs[key[1]])
        for key, found in held.items()
    }
    rows: list[list[Cell]] = []
    for r in range(len(ys) - 1):
        row = []
        for c in range(len(xs) - 1):
            key = merged[r][c]
            cell = cells.get(key, [])
            row.append(cell if key == (r, c) or not _is_figure(cell) else [])
        if any(row):
            rows.append(row)
    return rows


def _join_figure(cell: Cell, width: float) -> Cell:
    """Put together a figure that is longer than its cell is wide: "152371" above "70" is 15237170."""
    words = [words[0] for words in cell if len(words) == 1]
    if not 1 < len(words) == len(cell) or not all(_DIGITS.fullmatch(word.text) for word in words):
        return cell
    digit = (words[0].x1 - words[0].x0) / len(words[0].text)
    full = all(word.x1 - word.x0 + digit > width - 2 * _PADDING for word in words[:-1])
    return [(replace(words[0], text="".join(word.text for word in words)),)] if full else cell


def _is_figure(cell: Cell) -> bool:
    return bool(NUMBER_CELL.match(" ".join(word.text for words in cell for word in words)))


def _place(edges: list[float], value: float) -> int:
    return max(0, min(sum(edge <= value for edge in edges) - 1, len(edges) - 2))


def _merge_cells(grid: _Grid, xs: list[float], ys: list[float]) -> list[list[tuple[int, int]]]:
    """Return for each elementary cell the first cell of those it is merged with: no rule runs between them."""
    uprights = [[rule for rule in grid.uprights if abs(rule[0] - x) < _TOUCH] for x in xs]
    levels = [[rule for rule in grid.levels if abs(rule[0] - y) < _TOUCH] for y in ys]
    owner = [[(r, c) for c in range(len(xs) - 1)] for r in range(len(ys) - 1)]
    for r in range(len(ys) - 1):
        for c in range(len(xs) - 1):
            middle_y, middle_x = (ys[r] + ys[r + 1]) / 2, (xs[c] + xs[c + 1]) / 2
            if c and not _crosses(uprights[c], middle_y):
                owner[r][c] = owner[r][c - 1]
            elif r and not _crosses(levels[r], middle_x):
                owner[r][c] = owner[r - 1][c]
    return owner


def _crosses(rules: list[tuple[float, float, float]], middle: float) -> bool:
    return any(start - 1 <= middle <= end + 1 for _, start, end in rules)


def _split_band(row: list[Cell]) -> Iterator[list[Cell]]:
    """Cut a row whose rules are missing: where several columns hold figures on the same heights, each height is a row."""
    figures = [cell for cell in row if len(cell) > 1 and all(_is_figure([words]) for words in cell)]
    heights = [[words[0].y1 for words in cell] for cell in figures]
    if len(figures) < 2 or any(len(h) != len(heights[0]) or any(abs(a - b) > 3 for a, b in zip(h, heights[0])) for h in heights):
        yield row
        return
    tops = [-1.0] + [(a + b) / 2 for a, b in zip(heights[0], heights[0][1:])] + [float("inf")]
    for top, bottom in pairwise(tops):
        yield [[words for words in cell if top <= words[0].y1 < bottom] for cell in row]


def is_cut_row(row: list[Cell], following: list[Cell], edges: tuple[float, ...]) -> bool:
    """Tell whether the first row of a page is the rest of the last row of the page before.

    It has words only below words of that row, and somewhere its first word would not have fit on the line above.
    """
    rests = [k for k, cell in enumerate(following) if cell]
    if any(not row[k] or _is_figure(following[k]) for k in rests) or len(rests) == sum(map(bool, row)) or len(edges) != len(row) + 1:
        return False
    ends = [(edges[k + 1], row[k][-1][-1].x1, following[k][0][0]) for k in rests]
    return any(end + 0.25 * word.size + word.x1 - word.x0 > edge - 0.3 * word.size for edge, end, word in ends)


def take_bare_tables(lines: Sequence[Line]) -> list[Line | Table]:
    """Return the lines of a page, with each run of lines that holds columns of figures as a table."""
    found: list[Line | Table] = []
    position = 0
    parts = [split_at_gaps(line, _CELL_GAP) for line in lines]
    for start, end in _figure_runs(parts):
        if start < position:
            continue
        start = _header_start(lines, parts, start, position)
        parts[start:end] = _split_tight(lines[start:end], parts[start:end])
        found.extend(lines[position:start])
        found.append(_bare_table(lines[start:end], parts[start:end]))
        position = end
    found.extend(lines[position:])
    return found


def _split_tight(lines: Sequence[Line], parts: list[list[tuple[Word, ...]]]) -> list[list[tuple[Word, ...]]]:
    """Return the parts of the rows of a table, split at narrower gaps where that gives every row with figures one more column."""
    finer = [split_at_gaps(line, _TIGHT_GAP) for line in lines]
    counts = {len(tight) for tight, wide in zip(finer, parts) if _has_figures(wide)}
    if len(counts) > 1 or max(counts) <= max(len(wide) for wide in parts if _has_figures(wide)):
        return parts
    return [tight if len(tight) in counts else wide for tight, wide in zip(finer, parts)]


def _has_figures(parts: list[tuple[Word, ...]]) -> bool:
    return len(parts) > 1 and any(_is_figure([part]) for part in parts[1:])


def _figure_runs(parts: list[list[tuple[Word, ...]]]) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the runs of lines with figures in columns; a line without may stand between two that have."""
    k = 0
    while k < len(parts):
        if not _has_figures(parts[k]):
            k += 1
            continue
        end, count = k + 1, 1
        while end < len(parts):
            ahead = next((j for j in range(end, min(end + 3, len(parts))) if _has_figures(parts[j])), None)
            if ahead is None or not all(_within(parts[j], parts[k]) for j in range(end, ahead)):
                break
            end, count = ahead + 1, count + 1
        if count >= 2 and any(len(p) > 2 for p in parts[k:end]) or count >= 3:
            yield k, end
        k = end


def _within(parts: list[tuple[Word, ...]], row: list[tuple[Word, ...]]) -> bool:
    """Tell whether a line between two rows is a cell that goes on: it does not reach into the columns of figures."""
    figures = [part for part in row[1:] if _is_figure([part])]
    return len(parts) > 1 or parts[0][-1].x1 < figures[0][0].x0


def _header_start(lines: Sequence[Line], parts: list[list[tuple[Word, ...]]], start: int, least: int) -> int:
    """Return where the header above the figures begins: lines close above, in several parts."""
    while start > least and len(parts[start - 1]) > 1 and lines[start].y0 - lines[start - 1].y1 < 1.5 * lines[start].size:
        start -= 1
    return start


def _bare_table(lines: Sequence[Line], parts: list[list[tuple[Word, ...]]]) -> Table:
    columns: list[list[float]] = []
    for found in parts:
        if not _has_figures(found):
            continue
        for part in found:
            x0, x1 = part[0].x0, max(w.x1 for w in part)
            hit = [column for column in columns if column[0] < x1 and x0 < column[1]]
            columns = [column for column in columns if column not in hit]
            columns.append([min([x0, *(c[0] for c in hit)]), max([x1, *(c[1] for c in hit)])])
    columns.sort()
    rows: list[list[Cell]] = []
    before: Line | None = None
    for line, found in zip(lines, parts):
        row: list[Cell] = [[part] for part in found] if len(found) == len(columns) else [[] for _ in columns]
        for part in found if len(found) != len(columns) else []:
            x0, x1 = part[0].x0, max(w.x1 for w in part)
            covered = [k for k, (c0, c1) in enumerate(columns) if c0 < x1 and x0 < c1]
            near = min(range(len(columns)), key=lambda k: abs(sum(columns[k]) - x0 - x1))
            for k in covered or [near]:
                row[k] = [*row[k], part]
        if rows and before and not _has_figures(found) and _goes_on(row, line, before):
            rows[-1] = [cell + more for cell, more in zip(rows[-1], row)]
        else:
            rows.append(row)
        before = line
    return Table(lines[0].page, rows, lines[0].y0, lines[-1].y1, tuple(column[0] for column in columns))


def _goes_on(row: list[Cell], line: Line, before: Line) -> bool:
    """Tell whether a line without figures belongs to the row above it."""
    words = [cell[0][0].text for cell in row if cell]
    return all(not word[0].isupper() for word in words) and line.y0 - before.y1 < line.size
