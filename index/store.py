"""The library file: one SQLite database, the only truth. Owns transactions and what its errors mean."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import messages, rows
from index.errors import CreateLibrary, RestoreLibrary, UpdateProgram
from index.explaining import LIBRARY_FILE, explained
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
                _make_folder(folder)
            # An `add` killed in its first instant leaves an empty file; so does damage.
            elif not path.stat().st_size and not create:
                raise RestoreLibrary(messages.damaged(path))
            store = cls(path, _connect(path, patience), patience)
            try:
                store._prepare()
            except BaseException:
                store.close()
                raise
            return store

    def open_reader(self) -> Store:
        """Return a second connection that goes on seeing the library as it is now, whatever is written."""
        with explained(self.path.parent):
            reader = Store(self.path, _connect(self.path, self._patience), self._patience)
            # The open read transaction holds the state; SQLite keeps it in the write-ahead log.
            reader._connection.execute("BEGIN")
            reader.version()
            return reader

    def open_writer(self) -> Store:
        """Return a second connection, for a long transaction."""
        with explained(self.path.parent):
            return Store(self.path, _connect(self.path, self._patience), self._patience)

    def close(self) -> None:
        self._close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all or nothing, one writer at a time across processes; a change raises the version by one."""
        with explained(self.path.parent):
            self._connection.execute("BEGIN IMMEDIATE")
            before = self._connection.total_changes
            try:
                yield
                if self._connection.total_changes != before:
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
        return tuple(ReportFacts(*row) for row in self._all(f"SELECT {rows.FACTS} FROM reports ORDER BY key"))

    def find(self, *, report_id: str) -> tuple[int, ReportFacts] | None:
        """Return key and facts of the report with this id."""
        row = self._one(f"SELECT key, {rows.FACTS} FROM reports WHERE id = ?", report_id)
        return (row[0], ReportFacts(*row[1:])) if row else None

    def find_source(self, source: str) -> tuple[int, str, ReportFacts] | None:
        """Return key, content hash and facts of the report read from this source."""
        row = self._one(f"SELECT key, content_hash, {rows.FACTS} FROM reports WHERE source = ?", source)
        return (row[0], row[1], ReportFacts(*row[2:])) if row else None

    def read_report(self, key: int) -> Report:
        with explained(self.path.parent):
            return rows.read_report(self._connection, key, schema=self._schema_version())

    def insert(self, indexed: IndexedReport, content_hash: str) -> None:
        """Write a report and all that belongs to it; within `transaction`."""
        self._insert_derived(rows.insert_report(self._connection, indexed.report, content_hash), indexed)

    def replace_derived(self, key: int, indexed: IndexedReport) -> None:
        """Write structure, vectors and postings of a stored report anew; within `transaction`."""
        for table in ("sections", "footnotes", "passages", "vectors", "clause_vectors", "postings", "figures", "registers"):
            self._connection.execute(f"DELETE FROM {table} WHERE report = ?", (key,))
        self._insert_derived(key, indexed)

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
            return rows.read_figures(self._connection, key) if self._schema_version() >= 2 else None

    def insert_figures(self, key: int, figures: Iterable[RegisteredFigure]) -> None:
        """Write the register of a report that has none; within `transaction`."""
        rows.insert_figures(self._connection, key, figures)

    def integrity(self) -> list[str]:
        """Return what SQLite's own check of every page finds; empty when all is well."""
        found = [row[0] for row in self._all("PRAGMA integrity_check(20)")]
        return [] if found == ["ok"] else found

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
            self._use_write_ahead_log()
        found = self._schema_version()
        if found > SCHEMA_VERSION:
            raise UpdateProgram(messages.newer_schema(self.path.parent, found, SCHEMA_VERSION))
        if found:
            # A file with a version of ours but not our tables is damaged; better to say so before writing to it.
            self.version()
        # What an older program wrote on a read-only medium is read as it is: without registers and pages.
        if found < SCHEMA_VERSION and (not found or os.access(self.path.parent, os.W_OK)):
            self._migrate()

    def _use_write_ahead_log(self) -> None:
        """Let readers and the writer not wait for each other.

        While another process makes the same switch on a new file, SQLite answers "busy" at once,
        whatever its time limit; so the waiting is done here.
        """
        end = time.monotonic() + self._patience
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise
                time.sleep(0.02)

    def _migrate(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            # Read again: another process may have done it while this one waited.
            for version in range(self._schema_version(), SCHEMA_VERSION):
                for statement in (SCHEMA if version == 0 else MIGRATIONS[version]).split(";\n"):
                    self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _schema_version(self) -> int:
        return self._connection.execute("PRAGMA user_version").fetchone()[0]

    def _one(self, sql: str, *values: object) -> tuple | None:
        with explained(self.path.parent):
            return self._connection.execute(sql, values).fetchone()

    def _all(self, sql: str, *values: object) -> list[tuple]:
        with explained(self.path.parent):
            return self._connection.execute(sql, values).fetchall()


def _connect(path: Path, patience: float) -> sqlite3.Connection:
    target = os.fspath(path)
    if path.exists() and not os.access(path.parent, os.W_OK):
        # A read-only medium: no log can be written beside the file, and none may be waiting there.
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), log)
        target = f"{path.as_uri()}?immutable=1"
    connection = sqlite3.connect(
        target, timeout=patience, isolation_level=None, check_same_thread=False, uri=target.startswith("file:")
    )
    connection.execute("PRAGMA foreign_keys = ON")
    # FULL: in WAL mode, NORMAL may lose the last commits when the power fails.
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _make_folder(folder: Path) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise CreateLibrary(messages.not_a_folder(folder)) from error
