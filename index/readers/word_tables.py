"""Word tables as lines: rows of tab-separated cells, or, where a table only sets words side by side, the words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from index.lines import NUMBER_CELL, RECIPIENTS
from index.readers.word_content import Line, Table

_NATION = re.compile(r"cộng\s+h(?:òa|oà)\s+xã\s+hội\s+chủ\s+nghĩa|độc\s+lập\s*[-–]\s*tự\s+do", re.IGNORECASE)
_UNIT = re.compile(r"^\W*(?:đvt|đơn\s+vị(?:\s+tính)?)\s*:", re.IGNORECASE)
_MARKS = re.compile(r"\s*\[\d{1,3}\]")


def is_layout(table: Table) -> bool:
    """Tell whether a table only sets words side by side: the head of a document, its signatures, a frame."""
    cells = [cell for row in table.rows for cell in row]
    width = max((len(row) for row in table.rows), default=0)
    if width <= 1:
        return True
    texts = [line.text.strip() for cell in cells for line in cell.content if isinstance(line, Line)]
    if width <= 3 and any(_NATION.search(text) or RECIPIENTS.match(text) for text in texts):
        return True
    if any(isinstance(block, Table) and not is_layout(block) for cell in cells for block in cell.content):
        return not table.bordered
    if table.bordered or width > 3 or any(map(_is_figure, texts)):
        return False
    # Words in rows and columns belong together by rows, unless they are offices and names.
    return len(table.rows) == 1 or all(line.centred or line.bold for cell in cells for line in cell.content if isinstance(line, Line))


def unfold(table: Table) -> Iterator[Line | Table]:
    """Yield what a layout table sets side by side: each column from top to bottom, the left one first."""
    for column in range(max((len(row) for row in table.rows), default=0)):
        for row in table.rows:
            for block in row[column].content if column < len(row) else ():
                yield replace(block, bold=False) if isinstance(block, Line) else block


def write_table(table: Table) -> list[str]:
    """Return the lines of a table with data: what stands across its top, then its rows.

    The words of a merged cell are repeated in each cell that it covers and a figure stands once, so
    that columns line up; words across the whole of a row stand once as well, for they are its title.
    """
    rows = _fill(table)
    lines: list[str] = []
    for row in rows:
        words = [cell for cell in row if cell]
        across = words and (len(words) == 1 or len(set(words)) == 1 and len(words) == len(row))
        if across and (_UNIT.match(words[0]) or (not any("\t" in line for line in lines) and _spans(row, table))):
            lines.append(words[0])
        elif words:
            shown = [words[0]] + [""] * (len(row) - 1) if across and len(words) == len(row) else row
            lines.append("\t".join(shown))
    return [behind_first_word(line) for line in lines]


def flatten(content: tuple[Line | Table, ...]) -> str:
    """Return content in one line: that of a cell or note."""
    parts = []
    for block in content:
        if isinstance(block, Line):
            # A number that is all there is numbers the row: "1", not "1.".
            parts.append(" ".join((block.number + block.text).split()) if block.text.strip() else block.number.strip().rstrip("."))
        else:
            parts.append("; ".join(" ".join(cell for cell in row if cell) for row in _fill(block)))
    return " ".join(part for part in parts if part)


def behind_first_word(line: str) -> str:
    """Move a mark away from the start of a line, where it would be read as that of a note's body."""
    return re.sub(r"^(\s*)((?:\[\d{1,3}\])+)\s*(\S+)", r"\1\3\2", line)


def _fill(table: Table) -> list[list[str]]:
    """Return the text of each grid cell, merged ones filled in, all rows of one width."""
    above: dict[int, str] = {}
    rows: list[list[str]] = []
    for row in table.rows:
        filled: list[str] = []
        for cell in row:
            text = above.get(len(filled), "") if cell.continues else flatten(cell.content)
            above[len(filled)] = "" if _is_figure(text) else _MARKS.sub("", text)
            repeated = above[len(filled)]
            filled += [text, *[repeated] * (cell.columns - 1)]
        rows.append(filled)
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _spans(filled: list[str], table: Table) -> bool:
    """Tell whether the first row of that text is one cell across the table."""
    return len(filled) > 1 and any(len(row) == 1 and flatten(row[0].content) == filled[0] for row in table.rows)


def _is_figure(text: str) -> bool:
    return bool(NUMBER_CELL.match(_MARKS.sub("", text).strip()))
