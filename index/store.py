"""The library file: one SQLite database, the only truth. Owns transactions and what its errors mean."""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import corrections, files, messages, rows
from index.connecting import connect, make_folder, use_write_ahead_log
from index.corrections import Correction
from index.errors import CreateLibrary, RestoreLibrary, UpdateProgram
from index.explaining import LIBRARY_FILE, explained
from index.files import FileState
from index.keyword import Postings
from index.records import RegisteredFigure, Report, ReportFacts
from index.schema import MIGRATIONS, SCHEMA, SCHEMA_VERSION

PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class IndexedReport:
    """A report with all that is computed from it: what one transaction writes.

    `passage_vectors` (n, d) float32, one a passage; `clause_vectors` one array (c, d) a passage;
    `figures` its register.
    """

    report: Report
    passage_vectors: np.ndarray
    clause_vectors: tuple[np.ndarray, ...]
    postings: Postings
    figures: tuple[RegisteredFigure, ...] = ()


class Store:
    """One connection to a library file. Not for use by two threads at the same moment."""

    def __init__(self, path: Path, connection: sqlite3.Connection, patience: float) -> None:
        self.path = path
        self._connection = connection
        self._patience = patience
        # A reader nobody uses any more must let go, or the write-ahead log would grow for ever.
        self._close = weakref.finalize(self, connection.close)

    @classmethod
    def open(cls, folder: Path, *, create: bool = False, patience: float = PATIENCE_SECONDS) -> Store:
        """Open the library in a folder; wait `patience` seconds for another process's write."""
        path = folder / LIBRARY_FILE
        with explained(folder):
            if not path.exists():
                if not create:
                    raise CreateLibrary(messages.no_library(folder))
                make_folder(folder)
            # An `add` killed in its first instant leaves an empty file; so does damage.
            elif not path.stat().st_size and not create:
                raise RestoreLibrary(messages.damaged(path))
            store = cls(path, connect(path, patience), patience)
            try:
                store._prepare()
            except BaseException:
                store.close()
                raise
            return store

    def open_reader(self) -> Store:
        """Return a second connection that goes on seeing the library as it is now, whatever is written."""
        with explained(self.path.parent):
            reader = Store(self.path, connect(self.path, self._patience), self._patience)
            # The open read transaction holds the state; SQLite keeps it in the write-ahead log.
            reader._connection.execute("BEGIN")
            reader.version()
            return reader

    def open_writer(self) -> Store:
        """Return a second connection, for a long transaction."""
        with explained(self.path.parent):
            return Store(self.path, connect(self.path, self._patience), self._patience)

    def close(self) -> None:
        self._close()

    @contextmanager
    def transaction(self, *, counted: bool = True) -> Iterator[None]:
        """Write all or nothing, one writer at a time across processes.

        A change raises the version by one, unless it is not `counted`: one that no question sees.
        """
        with explained(self.path.parent):
            self._connection.execute("BEGIN IMMEDIATE")
            before = self._connection.total_changes
            try:
                yield
                if counted and self._connection.total_changes != before:
                    self.put_meta("version", str(self.version() + 1))
                self._connection.execute("COMMIT")
            except BaseException:
                # After some errors (disk full) SQLite has rolled back already.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def version(self) -> int:
        """Return the number of writes so far."""
        return int(self.get_meta("version") or 0)

    def get_meta(self, key: str) -> str | None:
        row = self._one("SELECT value FROM meta WHERE key = ?", key)
        return row[0] if row else None

    def put_meta(self, key: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def keys(self) -> tuple[int, ...]:
        """Return the key of each report, oldest-added first."""
        return tuple(row[0] for row in self._all("SELECT key FROM reports ORDER BY key"))

    def facts(self) -> tuple[ReportFacts, ...]:
        """Return the facts of all reports, oldest-added first, without reading their texts."""
        corrected = self._corrected()
        found = self._all(f"SELECT key, {rows.FACTS} FROM reports ORDER BY key")
        return tuple(ReportFacts(*row, corrected.get(key, ())) for key, *row in found)

    def find(self, *, report_id: str) -> tuple[int, ReportFacts] | None:
        """Return key and facts of the report with this id."""
        row = self._one(f"SELECT key, {rows.FACTS} FROM reports WHERE id = ?", report_id)
        return (row[0], ReportFacts(*row[1:], self._corrected().get(row[0], ()))) if row else None

    def find_source(self, source: str) -> tuple[int, str, ReportFacts] | None:
        """Return key, content hash and facts of the report read from this source."""
        row = self._one(f"SELECT key, content_hash, {rows.FACTS} FROM reports WHERE source = ?", source)
        return (row[0], row[1], ReportFacts(*row[2:], self._corrected().get(row[0], ()))) if row else None

    def read_report(self, key: int) -> Report:
        with explained(self.path.parent):
            return rows.read_report(self._connection, key, schema=self.schema_version())

    def insert(self, indexed: IndexedReport, content_hash: str) -> None:
        """Write a report and all that belongs to it; within `transaction`."""
        self._insert_derived(rows.insert_report(self._connection, indexed.report, content_hash), indexed)

    def replace_derived(self, key: int, indexed: IndexedReport) -> None:
        """Write structure, vectors and postings of a stored report anew; within `transaction`."""
        for table in ("sections", "footnotes", "passages", "vectors", "clause_vectors", "postings", "figures", "registers"):
            self._connection.execute(f"DELETE FROM {table} WHERE report = ?", (key,))
        self._insert_derived(key, indexed)

    def update_facts(self, key: int, report: Report, figures: Iterable[RegisteredFigure]) -> None:
        """Write name, source, facts and register of a stored report anew, its structure being the same; within `transaction`."""
        rows.update_facts(self._connection, key, report)
        for table in ("figures", "registers"):
            self._connection.execute(f"DELETE FROM {table} WHERE report = ?", (key,))
        self.insert_figures(key, figures)

    def corrections(self, key: int) -> dict[str, Correction]:
        """Return the facts of a report that were corrected by hand, by field."""
        with explained(self.path.parent):
            return corrections.read_corrections(self._connection, key) if self.schema_version() >= 3 else {}

    def put_corrections(self, key: int, corrected: Mapping[str, Correction]) -> None:
        """Write the corrections of a report in place of those it has; within `transaction`."""
        corrections.write_corrections(self._connection, key, corrected)

    def file_states(self) -> dict[str, FileState]:
        """Return what is remembered of the source files, by path."""
        with explained(self.path.parent):
            return files.read_states(self._connection) if self.schema_version() >= 3 else {}

    def put_file(self, state: FileState) -> None:
        """Remember a source file; within `transaction`."""
        files.write_state(self._connection, state)

    def forget_file(self, path: str) -> None:
        """Forget a source file; within `transaction`."""
        files.delete_state(self._connection, path)

    def delete(self, key: int) -> None:
        """Delete a report with all that belongs to it; within `transaction`."""
        self._connection.execute("DELETE FROM reports WHERE key = ?", (key,))

    def passage_vectors(self, key: int, dimension: int, count: int) -> np.ndarray:
        """Return the vectors of a report's `count` passages, (count, d) float32, read-only."""
        row = self._one("SELECT matrix FROM vectors WHERE report = ?", key)
        with explained(self.path.parent):
            return rows.unpack_matrix(row[0] if row else b"", dimension, count)

    def clause_vectors(self, key: int, place: int, dimension: int) -> np.ndarray:
        """Return the clause vectors of one passage, (c, d) float32."""
        row = self._one("SELECT matrix FROM clause_vectors WHERE report = ? AND place = ?", key, place)
        with explained(self.path.parent):
            return rows.unpack_half(row[0] if row else b"", dimension)

    def postings(self, key: int) -> Postings:
        sql = "SELECT terms, sizes, passages, counts, lengths FROM postings WHERE report = ?"
        row = self._one(sql, key)
        with explained(self.path.parent):
            return rows.unpack_postings(row)

    def figures(self, key: int) -> tuple[RegisteredFigure, ...] | None:
        """Return the register of a report, None when an older program stored it without one."""
        with explained(self.path.parent):
            return rows.read_figures(self._connection, key) if self.schema_version() >= 2 else None

    def insert_figures(self, key: int, figures: Iterable[RegisteredFigure]) -> None:
        """Write the register of a report that has none; within `transaction`."""
        rows.insert_figures(self._connection, key, figures)

    def integrity(self) -> list[str]:
        """Return what SQLite's own check of every page finds; empty when all is well."""
        found = [row[0] for row in self._all("PRAGMA integrity_check(20)")]
        return [] if found == ["ok"] else found

    def schema_version(self) -> int:
        """Return the version of the file's tables; below `SCHEMA_VERSION` only where it cannot be written to."""
        return self._connection.execute("PRAGMA user_version").fetchone()[0]

    def _corrected(self) -> dict[int, tuple[str, ...]]:
        with explained(self.path.parent):
            return corrections.corrected_fields(self._connection) if self.schema_version() >= 3 else {}

    def _insert_derived(self, key: int, indexed: IndexedReport) -> None:
        rows.insert_structure(self._connection, key, indexed.report)
        self._connection.executemany(
            "INSERT INTO clause_vectors VALUES (?, ?, ?)",
            ((key, place, rows.pack_half(vectors)) for place, vectors in enumerate(indexed.clause_vectors)),
        )
        matrix = rows.pack_matrix(indexed.passage_vectors)
        self._connection.execute("INSERT INTO vectors VALUES (?, ?)", (key, matrix))
        packed = rows.pack_postings(indexed.postings)
        self._connection.execute("INSERT INTO postings VALUES (?, ?, ?, ?, ?, ?)", (key, *packed))
        self.insert_figures(key, indexed.figures)

    def _prepare(self) -> None:
        if os.access(self.path.parent, os.W_OK):
            use_write_ahead_log(self._connection, self._patience)
        found = self.schema_version()
        if found > SCHEMA_VERSION:
            raise UpdateProgram(messages.newer_schema(self.path.parent, found, SCHEMA_VERSION))
        if found:
            # A file with a version of ours but not our tables is damaged; better to say so before writing to it.
            self.version()
        # What an older program wrote on a read-only medium is read as it is: without registers and pages.
        if found < SCHEMA_VERSION and (not found or os.access(self.path.parent, os.W_OK)):
            self._migrate()

    def _migrate(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            # Read again: another process may have done it while this one waited.
            for version in range(self.schema_version(), SCHEMA_VERSION):
                for statement in (SCHEMA if version == 0 else MIGRATIONS[version]).split(";\n"):
                    self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _one(self, sql: str, *values: object) -> tuple | None:
        with explained(self.path.parent):
            return self._connection.execute(sql, values).fetchone()

    def _all(self, sql: str, *values: object) -> list[tuple]:
        with explained(self.path.parent):
            return self._connection.execute(sql, values).fetchall()
