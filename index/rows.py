"""Records to rows of the library file and back. Owns the packed forms; knows nothing of transactions."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from decimal import Decimal
from operator import eq
from typing import overload

import numpy as np

from index.keyword import Postings
from index.records import Clause, Footnote, Passage, RegisteredFigure, Report, Section
from index.text import hash_text

FACTS = "id, name, source, title, agency, number, date, period, passages"
_REPORT = "id, text, name, source, title, agency, number, date, period, warnings"
_PAGES_SINCE = _COLUMNS_SINCE = 3
_STRUCTURE = {
    "sections": "place, number, title, path, level, start, stop",
    "footnotes": "place, mark, start, stop, mark_positions",
    "passages": "place, section, kind, start, stop, clauses, context, footnote, marks, columns",
}


class StoredPassages(Sequence[Passage]):
    """The passages of a stored report, equal to the tuple they were; each is made when it is asked for.

    A question reads a few passages of many reports: making all 200 of each took 6 ms a report.
    """

    def __init__(self, rows: list[tuple]) -> None:
        self._rows = rows
        self._made: dict[int, Passage] = {}

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Passage: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Passage, ...]: ...

    def __getitem__(self, index: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        index %= len(self)
        if index not in self._made:
            # Two threads may both make it; the copies are equal.
            self._made[index] = _make_passage(self._rows[index])
        return self._made[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


class DamagedRow(ValueError):
    """A row is missing or does not have the form it was written in."""


def insert_report(connection: sqlite3.Connection, report: Report, content_hash: str) -> int:
    """Write the text of a report and return its key; its facts and structure must follow."""
    cursor = connection.execute(
        "INSERT INTO reports (id, name, source, content_hash, text, pages, warnings, passages, checksum)"
        " VALUES (?, ?, ?, ?, ?, ?, '[]', 0, 0)",
        (report.id, report.name, report.source, content_hash, report.text, _pack(report.pages)),
    )
    return cursor.lastrowid


def insert_structure(connection: sqlite3.Connection, key: int, report: Report) -> None:
    """Write facts, sections, footnotes and passages of a report that has a key."""
    structure = _structure(report)
    for (table, columns), found in zip(_STRUCTURE.items(), structure, strict=True):
        places = ", ".join("?" * (columns.count(",") + 2))
        connection.executemany(f"INSERT INTO {table} VALUES ({places})", ((key, *row) for row in found))
    update_facts(connection, key, report, structure)


def _structure(report: Report) -> tuple[list[tuple], ...]:
    return (
        [(s.index, s.number, s.title, _pack(s.path), s.level, s.start, s.end) for s in report.sections],
        [(i, n.mark, n.start, n.end, _pack(n.mark_positions)) for i, n in enumerate(report.footnotes)],
        [
            (
                p.index, p.section, p.kind, p.start, p.end,
                _pack([(c.start, c.end, c.context) for c in p.clauses]), p.context, p.footnote, _pack(p.marks), _pack(p.columns),
            )
            for p in report.passages
        ],
    )


def update_facts(
    connection: sqlite3.Connection, key: int, report: Report, structure: tuple[list[tuple], ...] | None = None
) -> None:
    """Write name, source, facts and warnings of a report anew, with the checksum over them and its structure."""
    structure = structure or _structure(report)
    facts = (
        report.name, report.source, report.title, report.agency, report.number, report.date, report.period,
        _pack(report.warnings),
    )
    connection.execute(
        "UPDATE reports SET name = ?, source = ?, title = ?, agency = ?, number = ?, date = ?, period = ?,"
        " warnings = ?, passages = ?, checksum = ? WHERE key = ?",
        (*facts, len(report.passages), _checksum(facts, _pack(report.pages), structure), key),
    )


def read_report(connection: sqlite3.Connection, key: int, *, schema: int) -> Report:
    """Return a whole report of a file of this schema; raise `DamagedRow` when it is not there or not as it was written."""
    page_column = "pages" if schema >= _PAGES_SINCE else "'[]'"
    sql = f"SELECT {_REPORT}, {page_column}, checksum FROM reports WHERE key = ?"
    row = connection.execute(sql, (key,)).fetchone()
    if row is None:
        raise DamagedRow(f"no report {key}")
    report_id, text, *facts, pages, checksum = row
    structure = tuple(
        connection.execute(f"SELECT {_columns(table, schema)} FROM {table} WHERE report = ? ORDER BY place", (key,)).fetchall()
        for table in _STRUCTURE
    )
    # A flipped bit in a figure or a span would be an answer nobody wrote.
    if _checksum(tuple(facts), pages, structure) != checksum or report_id != hash_text(text):
        raise DamagedRow(f"report {key} is not as it was written")
    name, source, title, agency, number, date, period, warnings = facts
    sections, footnotes, passages = structure
    return Report(
        report_id, name, source, text, title, agency, number, date, period,
        sections=tuple(Section(*s[:3], _unpack(s[3]), *s[4:]) for s in sections),
        footnotes=tuple(Footnote(*n[1:4], _unpack(n[4])) for n in footnotes),
        passages=StoredPassages(passages),
        warnings=_unpack(warnings),
        pages=_unpack(pages),
    )


def _columns(table: str, schema: int) -> str:
    wanted = _STRUCTURE[table]
    return wanted if schema >= _COLUMNS_SINCE or table != "passages" else wanted.replace(", columns", ", '[]'")


_FIGURE = tuple(field.name for field in fields(RegisteredFigure))
_DECIMALS = tuple(_FIGURE.index(name) for name in ("value", "denominator", "upper", "amount"))
_QUALIFIERS, _PART = _FIGURE.index("qualifiers"), _FIGURE.index("part")


def insert_figures(connection: sqlite3.Connection, key: int, figures: Iterable[RegisteredFigure]) -> None:
    """Write the register of a report that has none, with its checksum."""
    rows = [_figure_row(figure) for figure in figures]
    places = ", ".join("?" * (len(_FIGURE) + 1))
    connection.executemany(f"INSERT INTO figures VALUES ({places})", ((key, *row) for row in rows))
    connection.execute("INSERT INTO registers VALUES (?, ?)", (key, zlib.crc32(repr(rows).encode())))


def read_figures(connection: sqlite3.Connection, key: int) -> tuple[RegisteredFigure, ...] | None:
    """Return the register of a report, None when it was never made; raise `DamagedRow` when it is not as it was written."""
    made = connection.execute("SELECT checksum FROM registers WHERE report = ?", (key,)).fetchone()
    if made is None:
        return None
    rows = connection.execute("SELECT * FROM figures WHERE report = ? ORDER BY place", (key,)).fetchall()
    rows = [row[1:] for row in rows]
    if zlib.crc32(repr(rows).encode()) != made[0]:
        raise DamagedRow(f"figures of report {key} are not as they were written")
    return tuple(map(_make_figure, rows))


def _figure_row(figure: RegisteredFigure) -> tuple:
    row = list(astuple(figure))
    for at in _DECIMALS:
        row[at] = None if row[at] is None else str(row[at])
    row[_QUALIFIERS], row[_PART] = _pack(row[_QUALIFIERS]), int(row[_PART])
    return tuple(row)


def _make_figure(row: tuple) -> RegisteredFigure:
    values = list(row)
    for at in _DECIMALS:
        values[at] = None if values[at] is None else Decimal(values[at])
    values[_QUALIFIERS] = tuple(map(tuple, _unpack(values[_QUALIFIERS])))
    values[_PART] = bool(values[_PART])
    return RegisteredFigure(*values)


def _checksum(facts: tuple, pages: str, structure: tuple[list[tuple], ...]) -> int:
    # Without pages and names of columns, the checksum is the one that older programs wrote.
    *other, passages = structure
    covered = (*other, [row[:-1] if row[-1] == "[]" else row for row in passages])
    return zlib.crc32(repr((facts, covered) if pages == "[]" else (facts, covered, pages)).encode())


def _make_passage(row: tuple) -> Passage:
    clauses = tuple(Clause(*clause) for clause in json.loads(row[5]))
    return Passage(*row[:5], clauses, row[6], row[7], _unpack(row[8]), _unpack(row[9]))


def pack_matrix(vectors: np.ndarray) -> bytes:
    return seal(np.asarray(vectors, dtype="<f4").tobytes())


def unpack_matrix(data: bytes, dimension: int, count: int) -> np.ndarray:
    """Return (count, d) float32."""
    flat = np.frombuffer(unseal(data), dtype="<f4")
    if len(flat) != count * dimension:
        raise DamagedRow("passage vectors of another shape")
    return flat.reshape(count, dimension)


def pack_half(vectors: np.ndarray) -> bytes:
    """Return the vectors as float16: half the file, and an inner product moves by less than 0.0005."""
    return seal(np.asarray(vectors, dtype="<f2").tobytes())


def unpack_half(data: bytes, dimension: int) -> np.ndarray:
    """Return (n, d) float32: ranking in half precision would tie the best candidates."""
    flat = np.frombuffer(unseal(data), dtype="<f2").astype(np.float32)
    if len(flat) % dimension:
        raise DamagedRow("clause vectors of another dimension")
    return flat.reshape(-1, dimension)


def pack_postings(postings: Postings) -> tuple[bytes, ...]:
    arrays = (
        postings.terms.astype("<u8"), postings.sizes.astype("<i4"), postings.passages.astype("<i4"),
        np.minimum(postings.counts, 65535).astype("<u2"), postings.lengths.astype("<i4"),
    )
    return tuple(seal(array.tobytes()) for array in arrays)


def unpack_postings(row: tuple | None) -> Postings:
    if row is None:
        raise DamagedRow("no postings")
    types = ("<u8", "<i4", "<i4", "<u2", "<i4")
    return Postings(*(np.frombuffer(unseal(data), dtype=kind) for data, kind in zip(row, types, strict=True)))


def seal(data: bytes) -> bytes:
    """Return the data with their checksum: SQLite has none, and would hand out flipped bits."""
    return data + zlib.crc32(data).to_bytes(4, "little")


def unseal(data: bytes) -> memoryview:
    """Return what was sealed, without a copy; raise `DamagedRow` when it is not the same."""
    view = memoryview(data)
    if len(view) < 4 or zlib.crc32(view[:-4]) != int.from_bytes(view[-4:], "little"):
        raise DamagedRow("checksum differs")
    return view[:-4]


def _pack(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _unpack(text: str) -> tuple:
    return () if text == "[]" else tuple(json.loads(text))
