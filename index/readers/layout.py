"""Words with boxes, from a PDF or from a recognised picture, to text by the conventions of `SourceText`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from index.lines import NUMBERED, RECIPIENTS, is_caps
from index.readers.page import Page, Word
from index.readers.page_columns import order_lines
from index.readers.page_furniture import drop_furniture
from index.readers.page_lines import Line, MarkBook, common_size, join_texts, make_lines
from index.readers.page_notes import number_notes, take_notes
from index.readers.page_tables import Table, is_cut_row, take_bare_tables, take_ruled_tables
from index.readers.paragraphs import Paragraph, join_lines, usual_pitch

__all__ = ["Page", "Word", "lay_out"]

# Bullets of symbol fonts, and the letters that such fonts show as bullets.
_SYMBOL_BULLET = re.compile(r"^[•·●○◦▪■❖➢✓✔\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf02d]\s*(?=\S)|^o (?=[^\W\d_a-z])")
_PRIVATE = re.compile("[\ue002-\uf8ff]")
_NO_HEADING = re.compile(r"[.;:,…]\s*$|^[(“\"]|^[-–+]\s")
_UNIT_LINE = re.compile(r"(?:đvt|đơn vị(?: tính)?)\s*:", re.IGNORECASE)
_HEADING_LENGTH = 120
_LARGER = 1.12
_FULL_LINES = 3
_LEAST_RIGHT = 0.75


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
    margins = _margins(pages, lines)
    flow = [
        item for number, page_lines in enumerate(lines) for item in _order_page(page_lines, tables[number], margins[number])
    ]
    pitch = usual_pitch([item for item in flow if isinstance(item, Line)])
    items = list(_join(flow, pitch))
    for item, following in zip(items, [*items[1:], None]):
        writer.write(item, following)
    text = writer.finish(len(pages))
    return number_notes(text, notes, marks)


def _margins(pages: Sequence[Page], lines: Sequence[list[Line]]) -> list[tuple[float, float]]:
    """Return the left and right margin of each page: its own outermost, or those usual for pages of its width."""
    usual: dict[int, tuple[float, float]] = {}
    for width in {round(page.width) for page in pages}:
        found = [page_lines for page, page_lines in zip(pages, lines) if page_lines and round(page.width) == width]
        if found:
            left = median(min(line.x0 for line in page_lines) for page_lines in found)
            rights = sorted(max(line.x1 for line in page_lines) for page_lines in found)
            right = rights[len(rights) * 3 // 4]
            full = sum(line.x1 > right - 2 * line.size for page_lines in found for line in page_lines)
            # Where hardly a line is full, the text tells nothing of the margin.
            usual[width] = left, right if full >= _FULL_LINES and right > _LEAST_RIGHT * width else max(right, width - min(left, 0.15 * width))
    return [
        (min([left, *(line.x0 for line in page_lines)]), max([right, *(line.x1 for line in page_lines)]))
        for page, page_lines in zip(pages, lines) for left, right in [usual.get(round(page.width), (0.0, page.width))]
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
        self.header: list[list[str]] = []
        # Titles and names in the head and in the signature block look like headings.
        self.may_have_headings = False

    def write(self, item: Paragraph | Table, following: Paragraph | Table | None) -> None:
        """Write what stands next; what follows it tells a heading from a title of a table."""
        if isinstance(item, Table):
            self._write_table(item)
        else:
            self._write_paragraph(item, following)

    def finish(self, count: int) -> str:
        """Return the text of a file that has this many pages."""
        self._turn_to(count - 1)
        return "\n".join(self.out)

    def _turn_to(self, page: int) -> None:
        feeds = "\f" * (page - self.page)
        if self.out:
            self.out[-1] += feeds
        elif feeds:
            self.out.append(feeds)
        self.page = max(page, self.page)

    def _write_paragraph(self, paragraph: Paragraph, following: Paragraph | Table | None) -> None:
        if self.table:
            self.out.append("")
            self.table = None
        self._turn_to(paragraph.first.page)
        text = ""
        for line in paragraph.lines:
            feeds = "\f" * (line.page - self.page)
            self.page = line.page
            text = join_texts((text, feeds + self.marks.write(line.words, line.page)))
        text = _PRIVATE.sub("", _SYMBOL_BULLET.sub("- ", text)).strip(" ")
        if RECIPIENTS.match(text):
            self.may_have_headings = False
        elif not paragraph.first.column and (NUMBERED.match(text) or len(text) > _HEADING_LENGTH):
            self.may_have_headings = True
        elif self.may_have_headings and self._is_heading(paragraph, text, following):
            text = f"{'#' if is_caps(text) or self._is_larger(paragraph) else '##'} {text}"
        if text:
            self.out.append(text)

    def _is_heading(self, paragraph: Paragraph, text: str, following: Paragraph | Table | None) -> bool:
        """Tell whether a paragraph without a number looks like a heading: bold or larger, above plain text."""
        if not isinstance(following, Paragraph) or paragraph.first.column or following.first.column:
            return False
        stands_out = all(line.bold for line in paragraph.lines) or self._is_larger(paragraph)
        plain_below = not following.first.bold or NUMBERED.match(following.first.words_alone)
        return stands_out and bool(plain_below) and not _NO_HEADING.search(text) and not _UNIT_LINE.search(following.first.words_alone)

    def _is_larger(self, paragraph: Paragraph) -> bool:
        return paragraph.first.size > _LARGER * self.body_size

    def _write_table(self, table: Table) -> None:
        rows = [[join_texts(self.marks.write(words, table.page) for words in cell) for cell in row] for row in table.rows]
        before = self.table
        if before is not None and table.page > before.page and len(before.edges) == len(table.edges):
            repeated = next((k for k, (a, b) in enumerate(zip(rows, self.header)) if a != b), min(len(rows), len(self.header)))
            rows = rows[repeated:]
            if rows and is_cut_row(before.rows[-1], table.rows[repeated], before.edges):
                self._finish_row(rows.pop(0), table.page)
        else:
            if before is not None:
                self.out.append("")
            self.header = rows
        self._turn_to(table.page)
        self.out.extend("\t".join(row) for row in rows)
        self.table = table

    def _finish_row(self, rest: list[str], page: int) -> None:
        """Put what the next page holds of a row behind its cells."""
        feeds = "\f" * (page - self.page)
        cells = []
        for cell, more in zip(self.out[-1].split("\t"), rest):
            cells.append(join_texts((cell, feeds + more)) if more else cell)
            feeds = "" if more else feeds
        self.out[-1] = "\t".join(cells)
        self.page = page
