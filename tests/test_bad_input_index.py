"""Bad files, bad libraries, a full disk: a clear sentence, an exit code, no traceback, and nothing is lost."""

from __future__ import annotations

import errno
import os
import re
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from index.__main__ import main
from index.embedding import Embedder, open_embedder
from index.errors import FreeDiskSpace, ReindexLibrary, WaitForWriter
from index.explaining import LIBRARY_FILE
from index.library import Library
from index.readers import known_formats

ROOT = Path(__file__).resolve().parents[1]
REPORT = """1. Tình hình tai nạn lao động
Trong 9 tháng, toàn tỉnh xảy ra 04 vụ tai nạn lao động chết người, làm 06 người chết.
2. Đào tạo nghề
Tuyển sinh 5.120 người, đạt 86,65% kế hoạch.
"""


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_embedder()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the current folder one with a good report, `tot.txt`; the library is `kho` in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOI_BAO_CAO_LIBRARY", raising=False)
    (tmp_path / "tot.txt").write_text(REPORT, encoding="utf-8")
    return tmp_path


@pytest.fixture
def library_file(folder: Path, embedder: Embedder) -> Path:
    """Return the file of a library that holds `tot.txt`."""
    with Library.open("kho", create=True, embedder=embedder) as library:
        library.add(["tot.txt"])
    return folder / "kho" / LIBRARY_FILE


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """Run a command; return its exit code and all it said, in which no traceback is allowed."""
    code = main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    assert "Traceback" not in shown.out + shown.err
    return code, shown.out + shown.err


def held() -> list[str]:
    """Return the names in the library, after checking that it is whole."""
    with Library.open("kho") as library:
        assert library.check() == []
        return [facts.name for facts in library.all_facts()]


# --- files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("thieu.txt", None, "không tìm thấy tệp"),
        ("rong.txt", b"", "tệp rỗng"),
        ("trang.txt", b" \n\t\n", "tệp rỗng"),
        ("anh.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(500), "tệp nhị phân"),
        ("pdf.txt", b"%PDF-1.4 ...", "bên trong là PDF"),
        ("la.txt", b"\x81\x8d\x8f\x90" * 99, "không phải văn bản|bảng mã"),
        ("ban.docx", b"PK\x03\x04", "tệp Word bị hỏng"),
        ("ban.wps", b"abc", r"chưa đọc được định dạng \.wps; hiện đọc được: \.docx"),
        ("gach.txt", b"-----\n=====\n", "không tìm thấy nội dung"),
    ],
)
def test_a_bad_file_is_skipped_with_its_reason_and_the_good_one_added(
    folder: Path, capsys, name: str, data: bytes | None, reason: str
) -> None:
    if data is not None:
        (folder / name).write_bytes(data)
    code, said = run(capsys, "add", name, "tot.txt")
    assert code == 1
    assert re.search(f"^Bỏ qua: {name}: .*(?:{reason})", said, re.MULTILINE)
    assert held() == ["tot.txt"]


def test_nothing_but_bad_files_is_an_error(folder: Path, capsys) -> None:
    code, said = run(capsys, "add", "thieu.txt")
    assert code == 2
    assert "Bỏ qua: thieu.txt: không tìm thấy tệp" in said


def test_sixty_megabytes_are_refused_with_the_limit_and_what_to_do(folder: Path, capsys) -> None:
    with (folder / "lon.txt").open("wb") as file:
        for _ in range(60):
            file.write(("Báo cáo 9 tháng. " * 50_000).encode()[:1_000_000])
    code, said = run(capsys, "add", "lon.txt", "tot.txt")
    assert code == 1
    assert "tệp quá lớn (60 MB, giới hạn 20 MB); hãy chia thành nhiều tệp nhỏ hơn" in said
    assert held() == ["tot.txt"]


def test_a_report_without_headings_is_added(folder: Path, capsys) -> None:
    (folder / "tron.txt").write_text("Toàn tỉnh xảy ra 04 vụ tai nạn lao động.", encoding="utf-8")
    assert run(capsys, "add", "tron.txt")[0] == 0
    with Library.open("kho") as library:
        assert library.report("tron").passages


def test_a_folder_without_readable_files_says_what_is_read(folder: Path, capsys) -> None:
    (folder / "trong").mkdir()
    code, said = run(capsys, "add", "trong")
    assert code == 2
    assert said == f"Không có tệp báo cáo nào đọc được trong: trong. Hiện đọc được các định dạng: {known_formats()}.\n"
    (folder / "trong" / "anh.svg").write_bytes(b"<svg/>")
    code, said = run(capsys, "add", "trong")
    assert code == 2
    assert "Bỏ qua: anh.svg: chưa đọc được định dạng .svg" in said


def test_a_file_without_permission_is_skipped(folder: Path, capsys, monkeypatch) -> None:
    (folder / "kin.txt").write_text(REPORT + "kín", encoding="utf-8")
    read_bytes = Path.read_bytes

    # The superuser, who often runs tests, may read everything; so the system's answer is given here.
    def refuse(path: Path) -> bytes:
        if path.name == "kin.txt":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    code, said = run(capsys, "add", "kin.txt", "tot.txt")
    assert code == 1
    assert "Bỏ qua: kin.txt: không có quyền đọc; hãy cấp quyền đọc" in said
    assert held() == ["tot.txt"]


def test_a_file_name_in_an_old_encoding_is_no_obstacle(folder: Path, capsys) -> None:
    path = os.fsencode(folder) + b"/b\xe1o c\xe1o.txt"
    with open(path, "wb") as file:
        file.write((REPORT + "Hết.").encode())
    assert run(capsys, "add", os.fsdecode(path))[0] == 0
    assert held() == ["b?o c?o.txt"]


# --- libraries ---------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["list"], ["show", "x"], ["remove", "x"], ["check"], ["reindex"]])
def test_a_folder_that_is_no_library_is_told_how_to_become_one(folder: Path, capsys, command: list[str]) -> None:
    code, said = run(capsys, *command)
    assert code == 2
    assert "chưa phải là kho báo cáo. Tạo kho bằng lệnh: python -m index add" in said
    assert not (folder / "kho").exists()


def test_a_file_in_place_of_the_library_folder_is_told(folder: Path, capsys) -> None:
    code, said = run(capsys, "add", "tot.txt", "--library", "tot.txt")
    assert code == 2
    assert "không phải là thư mục" in said
    code, said = run(capsys, "add", "tot.txt", "--library", "tot.txt/kho")
    assert code == 2
    assert "không phải là thư mục" in said


def test_a_folder_name_that_the_system_refuses_is_told(folder: Path, capsys) -> None:
    code, said = run(capsys, "add", "tot.txt", "--library", "k" * 300)
    assert code == 2
    assert "Không dùng được thư mục" in said


@pytest.mark.parametrize("damage", ["header", "truncated", "half", "empty", "other program"])
def test_a_damaged_library_is_told_with_what_to_do(library_file: Path, capsys, damage: str) -> None:
    data = library_file.read_bytes()
    if damage == "other program":
        library_file.unlink()
        connection = sqlite3.connect(library_file)
        connection.execute("CREATE TABLE notes (text TEXT)")
        connection.execute("PRAGMA user_version = 1")
        connection.close()
    else:
        library_file.write_bytes({
            "header": b"Not a database." * 7 + data[105:], "truncated": data[:5000],
            "half": data[: len(data) // 2], "empty": b"",
        }[damage])
    before = library_file.read_bytes()
    for command in (["list"], ["show", "tot"], ["check"], ["remove", "tot"]):
        code, said = run(capsys, *command)
        if damage == "half" and code == 0:
            # The part that this command reads is whole.
            continue
        assert code in (1, 2), command
        assert "bị hỏng" in said, command
    assert run(capsys, "check")[0] != 0
    assert library_file.read_bytes()[100:] == before[100:]


def test_one_changed_digit_is_found_and_never_shown(library_file: Path, capsys) -> None:
    data = library_file.read_bytes()
    assert data.count("04 vụ tai nạn".encode()) == 1
    library_file.write_bytes(data.replace("04 vụ tai nạn".encode(), "09 vụ tai nạn".encode()))
    code, said = run(capsys, "show", "tot")
    assert (code, "09 vụ" in said) == (2, False)
    code, said = run(capsys, "check")
    assert code == 1
    assert "tot.txt: văn bản đã lưu bị hỏng, không còn như lúc thêm; hãy xoá báo cáo này rồi thêm lại" in said
    assert run(capsys, "remove", "tot")[0] == 0
    assert run(capsys, "add", "tot.txt")[0] == 0
    assert held() == ["tot.txt"]


@pytest.mark.parametrize("table", ["vectors", "clause_vectors", "postings"])
def test_a_changed_vector_or_count_is_found_and_repaired_by_reindex(library_file: Path, capsys, table: str) -> None:
    column = {"vectors": "matrix", "clause_vectors": "matrix", "postings": "passages"}[table]
    connection = sqlite3.connect(library_file)
    connection.execute(f"UPDATE {table} SET {column} = zeroblob(8) || substr({column}, 9)")
    connection.commit()
    connection.close()
    code, said = run(capsys, "check")
    assert code == 1
    assert "bị hỏng hoặc không khớp với báo cáo. Sửa bằng lệnh: python -m index reindex" in said
    assert run(capsys, "reindex")[0] == 0
    assert held() == ["tot.txt"]


def test_a_library_that_another_process_writes_is_told_to_wait_for(library_file: Path, folder: Path, capsys) -> None:
    (folder / "moi.txt").write_text(REPORT + "Mới.", encoding="utf-8")
    writer = sqlite3.connect(library_file, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        code, said = run(capsys, "add", "moi.txt", "--wait", "0.1")
        assert code == 2
        assert "đang được chương trình khác ghi. Hãy đợi ít phút rồi thử lại" in said
        # Reading goes on meanwhile.
        assert "tot.txt" in run(capsys, "list")[1]
        with Library.open("kho", patience=0.1) as library, pytest.raises(WaitForWriter):
            library.remove("tot")
    finally:
        writer.close()
    assert run(capsys, "add", "moi.txt", "--wait", "0.1")[0] == 0
    assert held() == ["tot.txt", "moi.txt"]


class OtherModel:
    """A model with vectors of another length, whose values can be computed in the head."""

    name = "mô-hình-khác"
    dimension = 4
    prompts = ("", "")

    def encode_question(self, text: str) -> np.ndarray:
        return self.encode_passages([text])[0]

    def encode_passages(self, texts: list[str], *, progress=None) -> np.ndarray:
        return np.tile(np.float32([1, 0, 0, 0]), (len(texts), 1))


def test_a_library_of_another_model_is_refused_with_the_command_that_repairs_it(folder: Path, capsys) -> None:
    with Library.open("kho", create=True, embedder=OtherModel()) as library:
        library.add(["tot.txt"])
    (folder / "moi.txt").write_text(REPORT + "Mới.", encoding="utf-8")
    code, said = run(capsys, "add", "moi.txt")
    assert code == 2
    assert "được lập chỉ mục bằng mô hình mô-hình-khác (4 chiều)" in said
    assert f"python -m index reindex --library {folder / 'kho'}" in said
    assert run(capsys, "check")[0] == 1
    with Library.open("kho") as library, pytest.raises(ReindexLibrary):
        library.embedder  # noqa: B018
    assert run(capsys, "reindex")[0] == 0
    assert run(capsys, "add", "moi.txt")[0] == 0
    assert held() == ["tot.txt", "moi.txt"]


def test_an_interrupted_reindex_leaves_the_library_as_it_was(library_file: Path, embedder: Embedder) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with Library.open("kho", embedder=embedder) as library:
        before = library.snapshot()
        with pytest.raises(KeyboardInterrupt):
            library.reindex(progress=stop)
        assert library.snapshot() is before
    assert held() == ["tot.txt"]


# --- a full disk -------------------------------------------------------------------------


def long_report(number: int) -> str:
    return "\n".join(f"{n}. Mục {n}\nTrong 9 tháng có {number * n} vụ việc ở {n} huyện, thị xã." for n in range(1, 12))


def test_a_full_database_loses_nothing(folder: Path, embedder: Embedder) -> None:
    with Library.open("kho", create=True, embedder=embedder) as library:
        library.add(["tot.txt"])
        before = library.snapshot().version
        # SQLite's own way to be full: it refuses the page after this many.
        connection = library._store._connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(FreeDiskSpace, match="đĩa đầy"):
            library.add_text(long_report(3), name="dài.txt")
        assert library.snapshot().version == before
        connection.execute("PRAGMA max_page_count = 1000000")
        assert library.add_text(long_report(3), name="dài.txt").kind == "added"
    assert held() == ["tot.txt", "dài.txt"]


def _limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


def test_a_file_that_cannot_grow_loses_nothing_that_was_reported(folder: Path, embedder: Embedder) -> None:
    for number in range(1, 13):
        (folder / f"{number:02}.txt").write_text(long_report(number), encoding="utf-8")
    # The model's own files are there already (the fixture): the library is what cannot grow.
    done = subprocess.run(
        [sys.executable, "-m", "index", "add", *sorted(p.name for p in folder.glob("[01]*.txt"))],
        capture_output=True, text=True, env=_environment(), preexec_fn=_limit_files, timeout=120,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "Không ghi được vào kho" in done.stderr
    reported = [line.split(": ")[1].split(" (")[0] for line in done.stdout.splitlines() if line.startswith("Đã thêm")]
    assert reported
    assert held() == reported


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[None]:
    """Mount a disk of this size, where that is allowed."""
    path.mkdir()
    if os.geteuid() or _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", path):
        pytest.skip("no right to mount a small disk here")
    try:
        yield
    finally:
        subprocess.run(["umount", path], check=True)


def _mount(*arguments: object) -> int:
    return subprocess.run(["mount", *map(str, arguments)], capture_output=True, check=False).returncode


def test_a_library_on_a_read_only_disk_can_be_read_and_says_that_it_cannot_be_written(folder: Path, capsys) -> None:
    (folder / "moi.txt").write_text(REPORT + "Mới.", encoding="utf-8")
    with small_disk(folder / "kho", "4m"):
        assert run(capsys, "add", "tot.txt")[0] == 0
        assert _mount("-o", "remount,ro", folder / "kho") == 0
        assert held() == ["tot.txt"]
        with Library.open("kho") as library:
            assert "04 vụ" in library.snapshot().reports[0].text
        for command in (["add", "moi.txt"], ["remove", "tot"], ["reindex"]):
            code, said = run(capsys, *command)
            assert code == 2
            assert "không có quyền đọc hoặc ghi. Hãy cấp quyền cho thư mục" in said


def test_a_really_full_disk_loses_nothing_that_was_reported(folder: Path, capsys) -> None:
    for number in range(1, 13):
        (folder / f"{number:02}.txt").write_text(long_report(number), encoding="utf-8")
    with small_disk(folder / "kho", "700k"):
        code, said = run(capsys, "add", *sorted(p.name for p in folder.glob("[01]*.txt")))
        assert code == 2
        assert "đĩa đầy" in said
        reported = [line.split(": ")[1].split(" (")[0] for line in said.splitlines() if line.startswith("Đã thêm")]
        assert reported
        assert held() == reported
