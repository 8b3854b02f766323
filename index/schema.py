"""The tables of the library file, and the statements that bring an older file up to date."""

from __future__ import annotations

SCHEMA_VERSION = 3

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE reports (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, source TEXT NOT NULL,
    content_hash TEXT NOT NULL, title TEXT, agency TEXT, number TEXT, date TEXT, period TEXT,
    passages INTEGER NOT NULL, warnings TEXT NOT NULL, checksum INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX reports_by_source ON reports (source);
CREATE TABLE sections (
    report INTEGER NOT NULL REFERENCES reports (key) ON DELETE CASCADE, place INTEGER NOT NULL,
    number TEXT NOT NULL, title TEXT NOT NULL, path TEXT NOT NULL, level INTEGER NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, PRIMARY KEY (report, place)) WITHOUT ROWID;
CREATE TABLE footnotes (
    report INTEGER NOT NULL REFERENCES reports (key) ON DELETE CASCADE, place INTEGER NOT NULL,
    mark TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, mark_positions TEXT NOT NULL,
    PRIMARY KEY (report, place)) WITHOUT ROWID;
CREATE TABLE passages (
    report INTEGER NOT NULL REFERENCES reports (key) ON DELETE CASCADE, place INTEGER NOT NULL,
    section INTEGER NOT NULL, kind TEXT NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    clauses TEXT NOT NULL, context TEXT NOT NULL, footnote TEXT, marks TEXT NOT NULL,
    PRIMARY KEY (report, place)) WITHOUT ROWID;
CREATE TABLE clause_vectors (
    report INTEGER NOT NULL REFERENCES reports (key) ON DELETE CASCADE, place INTEGER NOT NULL,
    matrix BLOB NOT NULL, PRIMARY KEY (report, place));
CREATE TABLE vectors (
    report INTEGER PRIMARY KEY REFERENCES reports (key) ON DELETE CASCADE, matrix BLOB NOT NULL);
CREATE TABLE postings (
    report INTEGER PRIMARY KEY REFERENCES reports (key) ON DELETE CASCADE, terms BLOB NOT NULL, sizes BLOB NOT NULL,
    passages BLOB NOT NULL, counts BLOB NOT NULL, lengths BLOB NOT NULL);
INSERT INTO meta VALUES ('version', '0');
"""
# Statements that lead from schema version n to n + 1.
MIGRATIONS: dict[int, str] = {
    # The register; `registers` has a row for each report whose figures were read, with their checksum.
    1: """
CREATE TABLE figures (
    report INTEGER NOT NULL REFERENCES reports (key) ON DELETE CASCADE, place INTEGER NOT NULL,
    section INTEGER NOT NULL, passage INTEGER NOT NULL, clause INTEGER NOT NULL, footnote TEXT,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, literal TEXT NOT NULL, value TEXT NOT NULL, denominator TEXT, upper TEXT,
    unit TEXT NOT NULL, measure TEXT NOT NULL, base TEXT NOT NULL, amount TEXT NOT NULL, label TEXT NOT NULL,
    bound TEXT NOT NULL, qualifiers TEXT NOT NULL, role TEXT NOT NULL, period TEXT NOT NULL, as_of TEXT NOT NULL,
    part INTEGER NOT NULL, PRIMARY KEY (report, place)) WITHOUT ROWID;
CREATE TABLE registers (
    report INTEGER PRIMARY KEY REFERENCES reports (key) ON DELETE CASCADE, checksum INTEGER NOT NULL);
""",
    # Where the pages begin; the columns of tables; facts corrected by hand, with what the reader had found; what is known of the
    # source files, so that one that did not change need not be opened.
    2: """
ALTER TABLE reports ADD COLUMN pages TEXT NOT NULL DEFAULT '[]';
ALTER TABLE passages ADD COLUMN columns TEXT NOT NULL DEFAULT '[]';
CREATE TABLE corrections (
    report INTEGER NOT NULL REFERENCES reports (key) ON DELETE CASCADE, field TEXT NOT NULL,
    value TEXT NOT NULL, found TEXT, PRIMARY KEY (report, field)) WITHOUT ROWID;
CREATE TABLE files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, inode INTEGER NOT NULL,
    checked INTEGER NOT NULL, hash TEXT NOT NULL, report TEXT, reason TEXT NOT NULL) WITHOUT ROWID;
""",
}
