"""An `add` killed at any instant: the library opens and holds, whole, each report that was reported as added."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from index.embedding import Embedder, open_embedder
from index.library import Library
from index.reporting import make_report

ROOT = Path(__file__).resolve().parents[1]
KILLS = 30
FILES = 8
ADDED = re.compile(r"^Đã thêm: (\S+) \(mã ([0-9a-f]{12}), \d+ đoạn\)\n", re.MULTILINE)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_embedder()


def write_reports(folder: Path, turn: int) -> None:
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{turn:02}-{number}.txt").write_text(
            f"1. Tai nạn lao động\nTrong 9 tháng xảy ra {turn} vụ, làm {number} người chết[1].\n"
            f"2. Đào tạo nghề\n- Tuyển sinh {turn}.{number:03} người.\n[1] Ở huyện số {number}.\n",
            encoding="utf-8",
        )


def start_add(reports: Path, library: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-m", "index", "add", reports, "--library", library],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path},
    )


def assert_whole(library: Library, reported: dict[str, str], source: Path) -> None:
    """Check that every report that was reported, and every other one in the library, is complete."""
    assert library.check() == []
    snapshot = library.snapshot()
    held = {report.name: report for report in snapshot.reports}
    assert {name: held[name].id for name in reported} == reported
    assert len(snapshot) == len(snapshot.vectors) == len(snapshot.keyword)
    for position, report in enumerate(snapshot.reports):
        file = source / report.name[:2] / report.name
        assert report == make_report(file.read_text(encoding="utf-8"), name=report.name, source=str(file))
        for passage in report.passages:
            vectors = snapshot.clause_vectors(position, passage.index)
            assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(passage.clauses)), abs=0.01)


def kill_after_lines(adding: subprocess.Popen[str], lines: int, pause: float) -> str:
    """Kill an `add` a moment after so many lines; return all it said."""
    said = "".join(adding.stdout.readline() for _ in range(lines))
    time.sleep(pause)
    adding.send_signal(signal.SIGKILL)
    return said + adding.communicate(timeout=120)[0]


def test_thirty_kills_lose_no_report_that_was_reported_as_added(tmp_path: Path, embedder: Embedder) -> None:
    folder, draw = tmp_path / "kho", random.Random(20240930)
    reported: dict[str, str] = {}
    for turn in range(KILLS):
        write_reports(tmp_path / f"{turn:02}", turn)
        # Between any two reports, and at any moment of the work on one (it takes about 40 ms).
        adding = start_add(tmp_path / f"{turn:02}", folder)
        said = kill_after_lines(adding, draw.randrange(FILES), draw.uniform(0, 0.06))
        assert adding.returncode == -signal.SIGKILL
        reported |= dict(ADDED.findall(said))
        with Library.open(folder, create=True, embedder=embedder) as library:
            assert_whole(library, reported, tmp_path)
    assert KILLS < len(reported) < FILES * KILLS


def test_a_kill_while_the_program_starts_leaves_a_library_that_opens(tmp_path: Path, embedder: Embedder) -> None:
    draw = random.Random(20240930)
    started = time.monotonic()
    write_reports(tmp_path / "00", 0)
    kill_after_lines(start_add(tmp_path / "00", tmp_path / "kho"), 1, 0)
    until_first = time.monotonic() - started
    for turn in range(1, 9):
        write_reports(tmp_path / f"{turn:02}", turn)
        folder = tmp_path / f"kho{turn}"
        said = kill_after_lines(start_add(tmp_path / f"{turn:02}", folder), 0, until_first * draw.random())
        with Library.open(folder, create=True, embedder=embedder) as library:
            assert_whole(library, dict(ADDED.findall(said)), tmp_path)


def test_a_kill_while_the_library_is_made_leaves_a_folder_that_can_be_used(tmp_path: Path, embedder: Embedder) -> None:
    folder = tmp_path / "kho"
    folder.mkdir()
    # What is there between the first two steps of SQLite.
    (folder / "library.sqlite").touch()
    with Library.open(folder, create=True, embedder=embedder) as library:
        assert library.add_text("1. Mục một\nCó 04 vụ.\n", name="a.txt").kind == "added"
        assert library.check() == []
