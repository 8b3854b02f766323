"""The library file and its snapshot: what goes in comes out, all or nothing, and a reader is not disturbed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import snapshot as snapshots
from index.errors import RestoreLibrary, UpdateProgram
from index.explaining import LIBRARY_FILE
from index.keyword import make_postings
from index.passages import passage_terms
from index.records import Report
from index.register import register_figures
from index.reporting import make_report
from index.schema import SCHEMA_VERSION
from index.snapshot import Snapshot, cache_files
from index.store import IndexedReport, Store

DIMENSION = 16
TEXT = """SỞ LAO ĐỘNG – THƯƠNG BINH VÀ XÃ HỘI
BÁO CÁO
Kết quả công tác 9 tháng đầu năm 2024
1. Tình hình tai nạn lao động
Trong 9 tháng, toàn tỉnh xảy ra 04 vụ tai nạn lao động chết người, làm {count} người chết[1]; thiệt hại 291.463,467 triệu đồng.
2. Đào tạo nghề
Trong 9 tháng:
- Tuyển sinh 5.120 người, đạt 86,65% kế hoạch.
- Tốt nghiệp 1.446/2.450 người.
[1] Gồm huyện Hoà Bình 02 người, thị xã Khánh Hòa 04 người.
"""

ROOT = Path(__file__).resolve().parents[1]


def make_indexed(name: str = "bao-cao.txt", *, count: str = "06") -> IndexedReport:
    """Return a real report with drawn vectors, the same for the same count."""
    report = make_report(TEXT.format(count=count), name=name, source=f"/bao-cao/{name}")
    draw = np.random.default_rng(int(count)).normal
    return IndexedReport(
        report=report,
        passage_vectors=_unit(draw(size=(len(report.passages), DIMENSION))),
        clause_vectors=tuple(_unit(draw(size=(len(p.clauses), DIMENSION))) for p in report.passages),
        postings=make_postings([passage_terms(report, p) for p in report.passages]),
        figures=register_figures(report),
    )


def _unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def insert(store: Store, indexed: IndexedReport) -> None:
    with store.transaction():
        store.insert(indexed, "mã băm")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "kho", create=True, patience=0.1)
    yield store
    store.close()


def take_snapshot(store: Store) -> Snapshot:
    return Snapshot(store.open_reader(), DIMENSION)


def test_a_report_comes_out_as_it_went_in(store: Store) -> None:
    indexed = make_indexed()
    insert(store, indexed)
    report = store.read_report(store.keys()[0])
    assert report == indexed.report
    assert hash(report) == hash(indexed.report)
    assert report.passages[-1] == indexed.report.passages[-1]
    assert report.passages[1:3] == indexed.report.passages[1:3]
    assert "04 vụ tai nạn lao động chết người" in report.text
    assert [report.text[p.start:p.end] for p in report.passages] == [
        indexed.report.text[p.start:p.end] for p in indexed.report.passages
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.text(alphabet="aạđộ1. []\n-\t%,“”😀", min_size=1, max_size=300))
def test_any_report_comes_out_as_it_went_in(tmp_path: Path, text: str) -> None:
    report = make_report(text, name="thử.txt", source="upload:thử.txt")
    indexed = IndexedReport(
        report,
        np.zeros((len(report.passages), DIMENSION), np.float32),
        tuple(np.zeros((len(p.clauses), DIMENSION), np.float32) for p in report.passages),
        make_postings([passage_terms(report, p) for p in report.passages]),
    )
    store = Store.open(tmp_path / "kho", create=True)
    try:
        with store.transaction():
            for key in store.keys():
                store.delete(key)
            store.insert(indexed, "")
        assert store.read_report(store.keys()[0]) == report
    finally:
        store.close()


def test_vectors_and_postings_come_out_as_they_went_in(store: Store) -> None:
    indexed = make_indexed()
    insert(store, indexed)
    key = store.keys()[0]
    assert np.array_equal(store.passage_vectors(key, DIMENSION, len(indexed.report.passages)), indexed.passage_vectors)
    for place, vectors in enumerate(indexed.clause_vectors):
        np.testing.assert_allclose(store.clause_vectors(key, place, DIMENSION), vectors, atol=3e-4)
    for written, read in zip(indexed.postings.__slots__, indexed.postings.__slots__, strict=True):
        assert np.array_equal(getattr(store.postings(key), read), getattr(indexed.postings, written))


def test_facts_are_read_without_the_text(store: Store) -> None:
    insert(store, make_indexed())
    facts = store.facts()[0]
    report = store.read_report(store.keys()[0])
    assert (facts.id, facts.name, facts.period) == (report.id, "bao-cao.txt", report.period)
    assert facts.passages == len(report.passages)


def test_a_deleted_report_leaves_nothing_behind(store: Store) -> None:
    insert(store, make_indexed())
    with store.transaction():
        store.delete(store.keys()[0])
    connection = sqlite3.connect(store.path)
    tables = ("reports", "sections", "footnotes", "passages", "vectors", "clause_vectors", "postings")
    counts = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    connection.close()
    assert counts == dict.fromkeys(tables, 0)


def test_a_transaction_that_fails_changes_nothing(store: Store) -> None:
    insert(store, make_indexed())
    before = (store.version(), store.facts())
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.insert(make_indexed("khác.txt", count="07"), "")
        raise ZeroDivisionError
    assert (store.version(), store.facts()) == before


def test_the_version_counts_writes_and_not_visits(store: Store) -> None:
    insert(store, make_indexed())
    with store.transaction():
        store.facts()
    assert store.version() == 1


def test_a_reader_goes_on_seeing_what_it_saw(store: Store) -> None:
    insert(store, make_indexed(count="06"))
    snapshot = take_snapshot(store)
    with store.transaction():
        store.delete(store.keys()[0])
        store.insert(make_indexed(count="09"), "")
    assert "06 người chết" in snapshot.reports[0].text
    assert len(snapshot.clause_vectors(0, 0)) == len(snapshot.reports[0].passages[0].clauses)
    assert "09 người chết" in take_snapshot(store).reports[0].text


def test_an_old_snapshot_is_gone_with_its_last_user(store: Store) -> None:
    insert(store, make_indexed())
    snapshot = take_snapshot(store)
    assert snapshot.reports[0].name == "bao-cao.txt"
    gone = weakref.ref(snapshot)
    del snapshot
    assert gone() is None
    # With no reader left, the log can be emptied.
    connection = sqlite3.connect(store.path)
    assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    connection.close()


def test_a_snapshot_numbers_passages_from_report_to_report(store: Store) -> None:
    first, second = make_indexed("a.txt", count="06"), make_indexed("b.txt", count="07")
    insert(store, first)
    insert(store, second)
    snapshot = take_snapshot(store)
    size = len(first.report.passages)
    assert len(snapshot) == len(snapshot.passages) == size + len(second.report.passages)
    assert snapshot.passage_location(size - 1) == (0, size - 1) == snapshot.passages[size - 1]
    assert snapshot.passage_location(size) == (1, 0) == snapshot.passages[size]
    assert snapshot.passage_numbers(1) == range(size, len(snapshot))
    assert snapshot.report_positions.tolist() == [0] * size + [1] * len(second.report.passages)
    assert snapshot.passage(size + 1) == second.report.passages[1]
    assert np.array_equal(snapshot.vectors.matrix[size:], second.passage_vectors)
    assert [facts.name for facts in snapshot.facts] == ["a.txt", "b.txt"]
    with pytest.raises(IndexError):
        snapshot.passage_location(len(snapshot))


def test_two_reports_that_share_a_paragraph_are_both_found(store: Store) -> None:
    insert(store, make_indexed("a.txt", count="06"))
    insert(store, make_indexed("b.txt", count="07"))
    snapshot = take_snapshot(store)
    scores = snapshot.keyword.scores(["tốt_nghiệp"])
    assert snapshot.report_positions[scores > 0].tolist() == [0, 1]


def test_an_empty_library_has_an_empty_snapshot(store: Store) -> None:
    snapshot = take_snapshot(store)
    assert (len(snapshot), snapshot.passages, list(snapshot.reports)) == (0, (), [])
    assert snapshot.keyword.scores(["tai"]).tolist() == []


def test_threads_may_share_a_snapshot(store: Store) -> None:
    for count in range(10, 18):
        insert(store, make_indexed(f"{count}.txt", count=str(count)))
    snapshot = take_snapshot(store)
    seen: list[tuple[str, int]] = []

    def read() -> None:
        for position, facts in enumerate(snapshot.facts):
            report: Report = snapshot.reports[position]
            vectors = [snapshot.clause_vectors(position, i) for i in range(facts.passages)]
            seen.append((report.id, sum(map(len, vectors))))

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 48
    assert len(set(seen)) == 8


def test_a_large_librarys_keyword_index_is_kept_and_read_again(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(snapshots, "CACHE_FROM", 1)
    insert(store, make_indexed())
    built = take_snapshot(store).keyword.scores(["tai_nạn"])
    (file,) = cache_files(store.path.parent)
    assert snapshots.read_cache(file) is not None
    assert take_snapshot(store).keyword.scores(["tai_nạn"]).tolist() == built.tolist()
    insert(store, make_indexed("b.txt", count="07"))
    assert len(take_snapshot(store).keyword) == 2 * len(built)
    assert [other != file for other in cache_files(store.path.parent)] == [True]


@pytest.mark.parametrize("damage", [b"", b"rubbish", None])
def test_a_damaged_keyword_file_is_built_again(store: Store, monkeypatch, damage: bytes | None) -> None:
    monkeypatch.setattr(snapshots, "CACHE_FROM", 1)
    insert(store, make_indexed())
    built = take_snapshot(store).keyword.scores(["tai_nạn"])
    (file,) = cache_files(store.path.parent)
    data = file.read_bytes()
    # None: one bit of one weight is wrong.
    middle = len(data) // 2
    file.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1:] if damage is None else damage)
    assert take_snapshot(store).keyword.scores(["tai_nạn"]).tolist() == built.tolist()
    assert snapshots.read_cache(file) is not None


def test_a_library_of_a_newer_program_is_refused(store: Store, tmp_path: Path) -> None:
    connection = sqlite3.connect(store.path)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(UpdateProgram, match="cập nhật chương trình"):
        Store.open(tmp_path / "kho")


def test_a_page_of_rubbish_is_found_by_the_check_of_the_file(store: Store, tmp_path: Path) -> None:
    insert(store, make_indexed())
    store.close()
    path = tmp_path / "kho" / LIBRARY_FILE
    data = bytearray(path.read_bytes())
    data[4096 * 3:4096 * 6] = b"\xa5" * (4096 * 3)
    path.write_bytes(data)
    with pytest.raises(RestoreLibrary, match="bị hỏng"):
        damaged = Store.open(tmp_path / "kho")
        try:
            if damaged.integrity():
                raise RestoreLibrary("bị hỏng")
        finally:
            damaged.close()


def test_programs_that_make_one_library_at_the_same_instant_all_open_it(tmp_path: Path) -> None:
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom index.store import Store\n"
        "while time.time() < float(sys.argv[2]): pass\n"
        "Store.open(Path(sys.argv[1]), create=True, patience=10).close()\n"
    )
    for number in range(8):
        start = str(time.time() + 0.7)
        opening = [
            subprocess.Popen([sys.executable, "-c", program, tmp_path / f"kho-{number}", start], cwd=ROOT) for _ in range(3)
        ]
        assert [process.wait(timeout=60) for process in opening] == [0, 0, 0]
