"""Cells with spans to tab-separated rows: merged cells spread over the columns they cover. Knows no file format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from index import messages
from index.errors import ChooseAnotherFile
from index.lines import NUMBER_CELL

AnyCell = TypeVar("AnyCell")

MAX_COLUMNS = 60
MAX_CELLS = 150_000
_UNIT = re.compile(r"^\(?\s*(?:đvt|đơn vị(?: tính)?)\s*:", re.IGNORECASE)
_HEAD_TABLE_ROWS = 4
_LONG_CELL = 400


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its words, with its paragraphs as lines, and how many columns and rows it covers."""

    text: str
    columns: int = 1
    rows: int = 1


def places_text(rows: list[list[Cell]]) -> bool:
    """Tell a table that only places text on the page (the head of a document, its signatures) from one of columns."""
    if max((sum(cell.columns for cell in row) for row in rows), default=0) < 2:
        return True
    texts = [" ".join(cell.text.split()) for row in rows for cell in row]
    if sum(bool(NUMBER_CELL.match(text)) for text in texts) >= 2:
        return False
    return len(rows) <= _HEAD_TABLE_ROWS or max(map(len, texts), default=0) > _LONG_CELL


def as_columns(rows: list[list[AnyCell]]) -> list[list[AnyCell]]:
    """Return the columns of a small table of two columns that places text: it is read column by column."""
    small = 1 < len(rows) <= _HEAD_TABLE_ROWS and all(len(row) == 2 for row in rows)
    return [list(column) for column in zip(*rows, strict=True)] if small else rows


def write_rows(rows: list[list[Cell]]) -> list[str]:
    """Return the lines of a table of columns: titles and its unit line first, then the rows; "" ends it.

    Raise `ChooseAnotherFile` when spans make a small file an endless table.
    """
    above: list[str] = []
    written: list[str] = []
    for row in _spread(rows):
        filled = list(dict.fromkeys(text for text in row if text))
        if not filled:
            continue
        alone = len(filled) == 1 and (all(row) or bool(_UNIT.match(filled[0])))
        if alone and _UNIT.match(filled[0]):
            above.append(filled[0])
        elif alone and len(row) > 1:
            # A cell over the whole width belongs to no column: the title in front, or a group between the rows.
            (written if written else above).append(filled[0] + "\t" * (len(row) - 1 if written else 0))
        else:
            written.append("\t".join(row))
    return [*above, *written, ""]


def _spread(rows: list[list[Cell]]) -> Iterator[list[str]]:
    """Yield the rows with a text for each column; a figure stands in the first place that its cell covers."""
    hanging: dict[int, tuple[int, str]] = {}
    count = 0
    width = min(MAX_COLUMNS, max((sum(cell.columns for cell in row) for row in rows), default=0))
    for row in rows:
        texts = {column: text for column, (_, text) in hanging.items()}
        hanging = {column: (left - 1, text) for column, (left, text) in hanging.items() if left > 1}
        column = 0
        for cell in row:
            text = " ".join(cell.text.split())
            again = "" if NUMBER_CELL.match(text) else text
            while column in texts:
                column += 1
            for k in range(column, min(column + cell.columns, MAX_COLUMNS)):
                if k in texts:
                    break
                texts[k] = again if k > column else text
                if cell.rows > 1:
                    hanging[k] = (cell.rows - 1, again)
            column += cell.columns
        count += len(texts)
        if count > MAX_CELLS:
            raise ChooseAnotherFile(messages.READ_LARGE_TABLE)
        yield [texts.get(k, "") for k in range(max(width, max(texts, default=-1) + 1))]
