"""Records to rows of the library file and back. Owns the packed forms; knows nothing of transactions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from operator import eq
from typing import overload

import numpy as np

from index.keyword import Postings
from index.records import Clause, Footnote, Passage, Report, Section

FACTS = "id, name, source, title, agency, number, date, period, passages"
_REPORT = "id, name, source, text, title, agency, number, date, period, warnings"


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
    """Write text and facts of a report and return its key."""
    cursor = connection.execute(
        "INSERT INTO reports (id, name, source, content_hash, title, agency, number, date, period,"
        " passages, warnings, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            report.id, report.name, report.source, content_hash, report.title, report.agency, report.number,
            report.date, report.period, len(report.passages), _pack(report.warnings), report.text,
        ),
    )
    return cursor.lastrowid


def insert_structure(connection: sqlite3.Connection, key: int, report: Report) -> None:
    """Write sections, footnotes and passages of a report that has a key."""
    connection.executemany(
        "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((key, s.index, s.number, s.title, _pack(s.path), s.level, s.start, s.end) for s in report.sections),
    )
    connection.executemany(
        "INSERT INTO footnotes VALUES (?, ?, ?, ?, ?, ?)",
        ((key, i, n.mark, n.start, n.end, _pack(n.mark_positions)) for i, n in enumerate(report.footnotes)),
    )
    connection.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                key, p.index, p.section, p.kind, p.start, p.end,
                _pack([(c.start, c.end, c.context) for c in p.clauses]),
                p.context, p.footnote, _pack(p.marks),
            )
            for p in report.passages
        ),
    )


def update_facts(connection: sqlite3.Connection, key: int, report: Report) -> None:
    """Write what the head of the report says anew."""
    connection.execute(
        "UPDATE reports SET title = ?, agency = ?, number = ?, date = ?, period = ?, passages = ?, warnings = ?"
        " WHERE key = ?",
        (
            report.title, report.agency, report.number, report.date, report.period, len(report.passages),
            _pack(report.warnings), key,
        ),
    )


def read_report(connection: sqlite3.Connection, key: int) -> Report:
    """Return a whole report; raise `DamagedRow` when it is not there."""
    row = connection.execute(f"SELECT {_REPORT} FROM reports WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise DamagedRow(f"no report {key}")
    sections = connection.execute(
        "SELECT place, number, title, path, level, start, stop FROM sections WHERE report = ? ORDER BY place", (key,)
    )
    footnotes = connection.execute(
        "SELECT mark, start, stop, mark_positions FROM footnotes WHERE report = ? ORDER BY place", (key,)
    )
    passages = connection.execute(
        "SELECT place, section, kind, start, stop, clauses, context, footnote, marks"
        " FROM passages WHERE report = ? ORDER BY place", (key,)
    )
    return Report(
        *row[:-1],
        sections=tuple(Section(*s[:3], _unpack(s[3]), *s[4:]) for s in sections),
        footnotes=tuple(Footnote(*n[:3], _unpack(n[3])) for n in footnotes),
        passages=StoredPassages(passages.fetchall()),
        warnings=_unpack(row[-1]),
    )


def _make_passage(row: tuple) -> Passage:
    clauses = tuple(Clause(*clause) for clause in json.loads(row[5]))
    return Passage(*row[:5], clauses, row[6], row[7], _unpack(row[8]))


def pack_half(vectors: np.ndarray) -> bytes:
    """Return the vectors as float16: half the file, and an inner product moves by less than 0.0005."""
    return np.asarray(vectors, dtype="<f2").tobytes()


def unpack_half(data: bytes, dimension: int) -> np.ndarray:
    """Return (n, d) float32: ranking in half precision would tie the best candidates."""
    flat = _array(data, "<f2").astype(np.float32)
    if len(flat) % dimension:
        raise DamagedRow("clause vectors of another dimension")
    return flat.reshape(-1, dimension)


def unpack_matrix(data: bytes, dimension: int, count: int) -> np.ndarray:
    """Return (count, d) float32."""
    flat = _array(data, "<f4")
    if len(flat) != count * dimension:
        raise DamagedRow("passage vectors of another shape")
    return flat.reshape(count, dimension)


def pack_postings(postings: Postings) -> tuple[bytes, ...]:
    return (
        postings.terms.astype("<u8").tobytes(),
        postings.sizes.astype("<i4").tobytes(),
        postings.passages.astype("<i4").tobytes(),
        np.minimum(postings.counts, 65535).astype("<u2").tobytes(),
        postings.lengths.astype("<i4").tobytes(),
    )


def unpack_postings(row: tuple | None) -> Postings:
    if row is None:
        raise DamagedRow("no postings")
    types = ("<u8", "<i4", "<i4", "<u2", "<i4")
    postings = Postings(*(_array(data, kind) for data, kind in zip(row, types, strict=True)))
    whole = len(postings.terms) == len(postings.sizes) and int(postings.sizes.sum()) == len(postings.passages)
    if not whole or len(postings.passages) != len(postings.counts):
        raise DamagedRow("postings of different lengths")
    return postings


def _array(data: bytes, kind: str) -> np.ndarray:
    try:
        return np.frombuffer(data, dtype=kind)
    except ValueError as error:
        raise DamagedRow(str(error)) from error


def _pack(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _unpack(text: str) -> tuple:
    return () if text == "[]" else tuple(json.loads(text))
