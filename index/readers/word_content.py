"""The content of a Word document in its order: lines with their numbers, tables with their cells; nothing is laid out yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from index.readers.word_numbering import Numbering
from index.readers.word_package import W, WordParts
from index.readers.word_runs import ALTERNATE, BOX, CONTAINERS, RunReader, chosen, is_contents
from index.readers.word_styles import Styles, has_borders, is_centred, read_int, read_level, read_number

_VAL = f"{W}val"
_GONE = (f"{W}del", f"{W}moveFrom")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph as it is shown; `text` may hold tabs and line breaks.

    `number` is what Word counts, with what stands behind it. `level` is 1 to 9 for a heading style,
    0 for the title. `bold` says that every word is.
    """

    text: str
    number: str = ""
    level: int | None = None
    bold: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row: what is in it, how many columns it covers, and whether it goes on from the row above."""

    content: tuple[Line | Table, ...] = ()
    columns: int = 1
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table by rows; `bordered` tells whether any of its lines is drawn."""

    rows: tuple[tuple[Cell, ...], ...]
    bordered: bool


class ContentReader:
    """Reads the body and then the notes of a document, each part once."""

    def __init__(self, parts: WordParts) -> None:
        self._parts = parts
        self._styles = Styles(parts.styles, parts.theme)
        self._numbering = Numbering(parts.numbering, self._styles)
        self._notes: dict[tuple[str, str], str] = {}
        self._runs = RunReader(self._styles, parts.document, self._notes)
        # The words of a paragraph whose end is deleted or hidden go on in the next one.
        self._pending: Line | None = None
        self._in_cell = False

    def read_body(self) -> tuple[Line | Table, ...]:
        """Return the content of the document; headers, footers, comments and deleted words are left out."""
        return self._read_blocks(self._parts.document.find(f"{W}body"))

    def read_notes(self) -> list[tuple[Line | Table, ...]]:
        """Return the content of the notes in the order of their marks; call it behind `read_body`."""
        roots = {"footnote": self._parts.footnotes, "endnote": self._parts.endnotes}
        elements = {
            (kind, element.get(f"{W}id", "")): element
            for kind, root in roots.items() if root is not None for element in root.iterfind(f"{W}{kind}")
        }
        readers = {kind: RunReader(self._styles, root, self._notes) for kind, root in roots.items() if root is not None}
        bodies = []
        read = 0
        # A note may hold the mark of another one.
        while read < len(self._notes):
            note, own_mark = list(self._notes.items())[read]
            read += 1
            if note not in elements:
                bodies.append(())
                continue
            self._runs = readers[note[0]]
            bodies.append(_without_mark(self._read_blocks(elements[note]), own_mark.strip()))
        return bodies

    def _read_blocks(self, parent: etree._Element) -> tuple[Line | Table, ...]:
        content = tuple(self._blocks(parent))
        pending, self._pending = self._pending, None
        return (*content, pending) if pending and pending.text.strip() else content

    def _blocks(self, parent: etree._Element) -> Iterator[Line | Table]:
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield self._table(child)
            elif child.tag == f"{W}sdt":
                if not is_contents(child):
                    yield from self._blocks(child)
            elif child.tag in CONTAINERS or child.tag == BOX:
                yield from self._blocks(child)
            elif child.tag == ALTERNATE:
                yield from self._blocks(chosen(child))

    def _paragraph(self, element: etree._Element) -> Iterator[Line | Table]:
        if not len(element) and not self._pending and not self._styles.style(None).number_id:
            return
        properties = element.find(f"{W}pPr")
        style = self._styles.style(_value(properties, "pStyle"))
        mark = properties.find(f"{W}rPr") if properties is not None else None
        words = self._runs.read(element, style)
        text = words.text()
        deleted = mark is not None and any(mark.find(tag) is not None for tag in _GONE)
        hidden = mark is not None and bool(self._styles.look_of_run(mark, style).hidden)
        number = ""
        if not deleted and not (hidden and not text.strip()):
            number_id, level = read_number(properties)
            number = self._numbering.next_number(number_id, level, style)
        if not text and not self._pending and not words.boxes and not (number and self._in_cell):
            return
        level, centred = read_level(properties), is_centred(properties)
        line = Line(
            text, number, style.level if level is None else level, bool(text.strip()) and words.bold,
            bool(style.centred if centred is None else centred),
        )
        if self._pending:
            line = _joined(self._pending, line)
            self._pending = None
        if deleted or hidden:
            self._pending = line
        elif (line.text.strip() or (number and self._in_cell)) and not style.is_contents:
            yield line
        for box in words.boxes:
            yield from self._read_apart(box, in_cell=False)

    def _read_apart(self, parent: etree._Element, *, in_cell: bool) -> tuple[Line | Table, ...]:
        """Return the content of a box or cell, which has no part in a paragraph that is still open outside.

        In a cell a number without words is content: that of the row.
        """
        outside, self._pending, self._in_cell = (self._pending, self._in_cell), None, in_cell
        content = self._read_blocks(parent)
        self._pending, self._in_cell = outside
        return content

    def _table(self, element: etree._Element) -> Table:
        properties = element.find(f"{W}tblPr")
        borders = properties.find(f"{W}tblBorders") if properties is not None else None
        style = _value(properties, "tblStyle")
        bordered = has_borders(borders) if borders is not None else self._styles.style(style, "table").bordered
        rows = tuple(row for child in _inside(element, f"{W}tr") if (row := self._row(child)))
        cell_borders = element.iterfind(f"{W}tr/{W}tc/{W}tcPr/{W}tcBorders")
        return Table(rows, bordered or any(map(has_borders, cell_borders)))

    def _row(self, element: etree._Element) -> tuple[Cell, ...]:
        properties = element.find(f"{W}trPr")
        if properties is not None and properties.find(f"{W}del") is not None:
            return ()
        before, after = (_columns(properties, name, least=0) for name in ("gridBefore", "gridAfter"))
        cells = [self._cell(child) for child in _inside(element, f"{W}tc")]
        return (*(Cell() for _ in range(before)), *cells, *(Cell() for _ in range(after)))

    def _cell(self, element: etree._Element) -> Cell:
        properties = element.find(f"{W}tcPr")
        merge = properties.find(f"{W}vMerge") if properties is not None else None
        # Cells of a row that go on from the cell to their left are an older way to merge.
        continues = merge is not None and merge.get(_VAL, "continue") == "continue"
        gone = properties is not None and properties.find(f"{W}cellDel") is not None
        return Cell(() if gone else self._read_apart(element, in_cell=True), _columns(properties, "gridSpan", least=1), continues)


def _joined(first: Line, second: Line) -> Line:
    if not first.text.strip():
        return second
    if first.number:
        return replace(first, text=first.text + second.text, bold=first.bold and second.bold)
    return replace(second, text=first.text + second.text, bold=first.bold and (second.bold or not second.text.strip()))


def _inside(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, also those in content controls and insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag == f"{W}sdt" or child.tag in CONTAINERS:
            yield from _inside(child, tag)


def _columns(properties: etree._Element | None, name: str, *, least: int) -> int:
    value = read_int(properties.find(f"{W}{name}")) if properties is not None else None
    # Word has no table of more than 63 columns.
    return min(max(value or least, least), 63)


def _value(properties: etree._Element | None, name: str) -> str | None:
    element = properties.find(f"{W}{name}") if properties is not None else None
    return element.get(_VAL) if element is not None else None


def _without_mark(body: tuple[Line | Table, ...], own_mark: str) -> tuple[Line | Table, ...]:
    """Take the mark that the writer chose ("*") away from the start of a note."""
    if not body or not isinstance(body[0], Line):
        return body
    text = re.sub(r"^\s*" + re.escape(own_mark), "", body[0].text) if own_mark else body[0].text
    return (replace(body[0], text=text), *body[1:])
