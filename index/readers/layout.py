"""Words with boxes, from a PDF or from a recognised picture, to text by the conventions of `SourceText`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.lines import NUMBERED, RECIPIENTS, is_caps
from index.readers.page import Page, Word
from index.readers.page_columns import order_lines
from index.readers.page_furniture import drop_furniture
from index.readers.page_lines import Line, MarkBook, common_size, make_lines
from index.readers.page_notes import number_notes, take_notes
from index.readers.page_tables import Cell, Table, take_bare_tables, take_ruled_tables
from index.readers.paragraphs import Paragraph, join_lines, usual_pitch

__all__ = ["Page", "Word", "lay_out"]

# Bullets of symbol fonts, and the letters that such fonts show as bullets.
_SYMBOL_BULLET = re.compile(r"^[•·●○◦▪■❖➢✓✔\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf02d]\s*(?=\S)|^o (?=[^\W\d_a-z])")
_BROKEN_BEHIND = re.compile(r"\S[-/]$")
_PRIVATE = re.compile("[\ue002-\uf8ff]")
_HEADING_LENGTH = 120
_LARGER = 1.12


def lay_out(pages: Iterable[Page]) -> str:
    """Return the text of the pages by the conventions of `SourceText`: a form feed where each next page begins."""
    pages = list(pages)
    lines, tables = [], []
    for number, page in enumerate(pages):
        words, found = take_ruled_tables(page, number)
        lines.append(make_lines(words, number))
        tables.append(found)
    lines = drop_furniture(pages, lines)
    body_size = common_size(word for page_lines in lines for line in page_lines for word in line.words)
    lines, notes = take_notes(pages, lines, body_size)
    marks = MarkBook()
    writer = _Writer(marks, body_size)
    margins = _margins(lines)
    flow = [
        item for number, page_lines in enumerate(lines) for item in _order_page(page_lines, tables[number], margins[number])
    ]
    pitch = usual_pitch([item for item in flow if isinstance(item, Line)])
    for item in _join(flow, pitch):
        writer.write(item)
    text = writer.finish(len(pages))
    return number_notes(text, notes, marks)


def _margins(lines: Sequence[list[Line]]) -> list[tuple[float, float]]:
    """Return the left and right margin of each page: where most lines begin and end, else the outermost."""
    return [
        (min((line.x0 for line in page_lines), default=0.0), max((line.x1 for line in page_lines), default=0.0))
        for page_lines in lines
    ]


def _order_page(lines: list[Line], tables: list[Table], margins: tuple[float, float]) -> Iterator[Line | Table]:
    """Yield the lines and tables of a page in reading order."""
    position = 0
    for table in [*tables, None]:
        end = next((k for k in range(position, len(lines)) if table and lines[k].y0 > table.y0), len(lines))
        run: list[Line] = []
        for item in [*take_bare_tables(lines[position:end]), None]:
            if isinstance(item, Line):
                run.append(item)
                continue
            yield from order_lines(run, *margins)
            run = []
            if item is not None:
                yield item
        if table:
            yield table
        position = end


def _join(flow: Sequence[Line | Table], pitch: float) -> Iterator[Paragraph | Table]:
    run: list[Line] = []
    for item in flow:
        if isinstance(item, Line):
            run.append(item)
            continue
        yield from join_lines(run, pitch)
        run = []
        yield item
    yield from join_lines(run, pitch)


class _Writer:
    """Writes paragraphs and tables as lines, with a form feed at the end of the line before each next page."""

    def __init__(self, marks: MarkBook, body_size: float) -> None:
        self.marks = marks
        self.body_size = body_size
        self.page = 0
        self.out: list[str] = []
        self.table: Table | None = None
        self.header: list[str] = []
        self.pending: str | None = None
        self.in_head = True
        self.signed = False

    def write(self, item: Paragraph | Table) -> None:
        if isinstance(item, Table):
            self._write_table(item)
        else:
            self._write_paragraph(item)

    def finish(self, count: int) -> str:
        self._turn_to(count - 1)
        return "\n".join(self.out)

    def _turn_to(self, page: int) -> None:
        if page > self.page:
            feeds = "\f" * (page - self.page)
            if self.out:
                self.out[-1] += feeds
            else:
                self.out.append(feeds)
            self.page = page

    def _write_paragraph(self, paragraph: Paragraph) -> None:
        if self.table:
            self.out.append("")
            self.table = None
        self._turn_to(paragraph.first.page)
        text = ""
        for line in paragraph.lines:
            words = self.marks.write(line.words, line.page)
            feeds = "\f" * (line.page - self.page)
            self.page = line.page
            text += words if not text else f"{feeds}{words}" if _BROKEN_BEHIND.search(text) else f" {feeds}{words}"
        text = _PRIVATE.sub("", _SYMBOL_BULLET.sub("- ", text)).strip(" ")
        if text:
            self.out.append(text)

    def _write_table(self, table: Table) -> None:
        rows = [self._write_row(row, table.page) for row in table.rows]
        goes_on = self.table is not None and len(self.table.edges) == len(table.edges) and self.table.page < table.page
        if goes_on:
            repeated = next((k for k, (a, b) in enumerate(zip(rows, self.header)) if a != b), min(len(rows), len(self.header)))
            rows = rows[repeated:]
        elif self.table:
            self.out.append("")
        if not goes_on:
            self.header = rows
        self._turn_to(table.page)
        self.out.extend(rows)
        self.table = table

    def _write_row(self, row: list[Cell], page: int) -> str:
        return "\t".join(" ".join(self.marks.write(words, page) for words in cell) for cell in row)
