"""The rows of an RTF table: cells set at right edges, merged by flags or by wider cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.readers.table_rows import MAX_COLUMNS, Cell

# Edges of one column drawn by hand differ by some twentieths of a point.
_SAME_EDGE = 60


@dataclass(slots=True)
class _Place:
    """Where a cell stands: its right edge and whether it goes on with the cell beside or above it."""

    edge: int
    joins_left: bool = False
    joins_above: bool = False


@dataclass(slots=True)
class TableRows:
    """Collects the definition and cells of each row, and puts them on one grid at the end."""

    _places: list[_Place] = field(default_factory=list)
    _flags: set[str] = field(default_factory=set)
    _cells: list[str] = field(default_factory=list)
    _rows: list[tuple[list[_Place], list[str]]] = field(default_factory=list)

    def define(self) -> None:
        """Begin the definition of a row."""
        self._places, self._flags = [], set()

    def flag(self, word: str) -> None:
        """Take in a property of the cell that is defined next."""
        self._flags.add(word)

    def edge(self, position: int) -> None:
        """Define a cell by its right edge."""
        if len(self._places) < MAX_COLUMNS:
            self._places.append(_Place(position, "clmrg" in self._flags, "clvmrg" in self._flags))
        self._flags = set()

    def end_cell(self, text: str) -> None:
        """Take in the words of a cell, its paragraphs as lines."""
        self._cells.append(text)

    def end_row(self) -> None:
        """Take in the row; a definition stays in force for the rows that bring none of their own."""
        if self._cells:
            self._rows.append((list(self._places), self._cells))
        self._cells = []

    def take(self) -> list[list[Cell]]:
        """Return the rows on one grid and begin anew."""
        self.end_row()
        rows, self._rows = self._rows, []
        edges = self._grid(rows)
        grid: list[list[Cell]] = []
        above: dict[int, tuple[int, int]] = {}
        for places, texts in rows:
            row: list[Cell] = []
            column = 0
            spread = {k: place for k, place in enumerate(places)}
            for k, text in enumerate(texts):
                place = spread.get(k)
                columns = max(1, _column(edges, place.edge) - column) if place else 1
                if place and place.joins_left and row and not text.strip():
                    row[-1] = Cell(row[-1].text, row[-1].columns + columns, row[-1].rows)
                elif place and place.joins_above and column in above and not text.strip():
                    at, index = above[column]
                    cell = grid[at][index]
                    grid[at][index] = Cell(cell.text, cell.columns, cell.rows + 1)
                else:
                    above[column] = (len(grid), len(row))
                    row.append(Cell(text, columns))
                column += columns
            grid.append(row)
        return grid

    @staticmethod
    def _grid(rows: list[tuple[list[_Place], list[str]]]) -> list[int]:
        """Return the right edges of all columns, those that are nearly the same once."""
        edges: list[int] = []
        for edge in sorted({place.edge for places, texts in rows for place in places[:len(texts)]}):
            if not edges or edge - edges[-1] > _SAME_EDGE:
                edges.append(edge)
        return edges[:MAX_COLUMNS]


def _column(edges: list[int], edge: int) -> int:
    """Return how many columns end at or before an edge."""
    return sum(other <= edge + _SAME_EDGE for other in edges)
