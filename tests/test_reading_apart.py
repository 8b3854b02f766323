"""Reading in a process of its own: what kills, hangs or fills that process is said in a sentence, and the next file is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from making.ole import make_ole

from index.errors import ChooseAnotherFile
from index.readers import apart, read_file, source
from index.readers.apart import end_readers, read_apart

PAGE = "<html><body><article><h1>Báo cáo 9 tháng</h1><p>Toàn tỉnh xảy ra 04 vụ tai nạn lao động.</p></article></body></html>"


@pytest.fixture(autouse=True)
def fresh_processes():
    end_readers()
    yield
    end_readers()


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "bài viết.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_a_file_is_read_in_another_process_which_stays_for_the_next(page: Path) -> None:
    assert "04 vụ tai nạn lao động" in read_file(page).text
    (child,) = apart._idle
    read_file(page)
    assert apart._idle == [child]
    assert child._process.pid != os.getpid()


def test_a_reader_that_dies_is_said_and_the_next_file_gets_a_new_one(page: Path) -> None:
    read_file(page)
    (child,) = apart._idle
    os.kill(child._process.pid, signal.SIGSTOP)
    with pytest.raises(ChooseAnotherFile, match="quá 1 giây"):
        read_apart(page, seconds=0.5)
    assert child._process.poll() == -signal.SIGKILL
    assert "04 vụ" in read_file(page).text


def test_a_reader_that_crashes_is_said(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_file(page)
    (child,) = apart._idle
    real = apart._take

    def take_dying():
        taken = real()
        os.kill(taken._process.pid, signal.SIGKILL)
        return taken

    monkeypatch.setattr(apart, "_take", take_dying)
    with pytest.raises(ChooseAnotherFile, match="dừng giữa chừng"):
        read_apart(page)
    assert child.lives is False


def test_what_a_reader_tells_of_its_pages_is_told_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    child = _FakeChild(['{"page": 1, "pages": 2}', '{"page": 2, "pages": 2}', '{"refused": "tệp hỏng", "later": false}'])
    monkeypatch.setattr(apart, "_take", lambda: child)
    with source.hear_pages(lambda done, total: told.append((done, total))), pytest.raises(ChooseAnotherFile, match="tệp hỏng"):
        read_apart(tmp_path / "a.pdf")
    assert told == [(1, 2), (2, 2)]


class _FakeChild(apart._Child):
    """A real process that answers any request with the same lines."""

    def __init__(self, lines: list[str]) -> None:
        self._spoken = "; ".join(f"echo '{line}'" for line in lines)
        super().__init__()

    def _start(self) -> subprocess.Popen:
        return subprocess.Popen(
            ["sh", "-c", f"read request; {self._spoken}; cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )


def test_a_reader_outlives_the_thread_that_first_asked(page: Path) -> None:
    asking = threading.Thread(target=read_file, args=(page,))
    asking.start()
    asking.join()
    time.sleep(0.2)
    (child,) = apart._idle
    assert child.lives
    read_file(page)
    assert apart._idle == [child]


def test_a_reader_ends_when_the_program_that_asked_is_killed(page: Path) -> None:
    script = f"""
from pathlib import Path
from index.readers import apart, read_file
read_file(Path({str(page)!r}))
print(apart._idle[0]._process.pid, flush=True)
import time; time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as asking:
        reader = int(asking.stdout.readline())
        asking.kill()
    assert _ends(reader)


def test_what_a_stopped_reader_had_started_ends_and_its_temporary_files_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs, temporary = tmp_path / "bin", tmp_path / "tạm"
    programs.mkdir()
    temporary.mkdir()
    (programs / "soffice").write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60\n")
    (programs / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("TMPDIR", str(temporary))
    (tmp_path / "a.doc").write_bytes(make_ole({"WordDocument": b"x"}))
    with pytest.raises(ChooseAnotherFile, match="quá 2 giây"):
        read_apart(tmp_path / "a.doc", seconds=2)
    assert _ends(int((tmp_path / "pid").read_text()))
    assert list(temporary.iterdir()) == []


def _ends(process: int) -> bool:
    for _ in range(100):
        try:
            # An ended process whose parent has not asked for it is gone too.
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.1)
    return False
