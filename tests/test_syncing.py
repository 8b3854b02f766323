"""`python -m index sync`: the library follows a folder, opens only what may have changed, and can be stopped at any time."""

from __future__ import annotations

import itertools
import os
import random
import re
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import intake, syncing
from index.__main__ import main
from index.embedding import Embedder, open_embedder
from index.errors import ChooseFileLater
from index.library import Library
from index.readers import SourceText, read_file
from index.readers.source import tell_pages

ROOT = Path(__file__).resolve().parents[1]
# Seconds since 1970, long ago; a minute later for each file that is written.
_times = itertools.count(1_700_000_000, 60)
ADDED = re.compile(r"^Đã thêm: (\S+) \(mã ([0-9a-f]{12}), \d+ đoạn\)\n", re.MULTILINE)


def text_of(count: int) -> str:
    return f"1. Tai nạn lao động\nTrong 9 tháng năm 2024, toàn tỉnh xảy ra {count:02} vụ tai nạn lao động.\n2. Đào tạo nghề\nTuyển sinh 5.120 người.\n"


def write(file: Path, text: str, *, at: int | None = None) -> Path:
    """Write a file that seems to have changed long ago, later than those written before."""
    at = at or next(_times)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    os.utime(file, (at, at))
    return file


class CountingEmbedder:
    """The real model, counting the texts it embeds."""

    def __init__(self, model: Embedder) -> None:
        self.model, self.texts = model, 0
        self.name, self.dimension, self.prompts = model.name, model.dimension, model.prompts

    def encode_question(self, text: str):
        return self.model.encode_question(text)

    def encode_passages(self, texts, *, progress=None):
        self.texts += len(texts)
        return self.model.encode_passages(texts, progress=progress)


@pytest.fixture(scope="module")
def model() -> Embedder:
    return open_embedder()


@pytest.fixture
def embedder(model: Embedder) -> CountingEmbedder:
    return CountingEmbedder(model)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of three reports, one of them in a folder of its own; the library is `kho` in the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOI_BAO_CAO_LIBRARY", raising=False)
    for number, name in enumerate(("một.txt", "hai.txt", "cũ/ba.md"), start=1):
        write(tmp_path / "báo cáo" / name, text_of(number))
    return tmp_path / "báo cáo"


@pytest.fixture
def library(folder: Path, embedder: CountingEmbedder) -> Iterator[Library]:
    with Library.open("kho", create=True, embedder=embedder) as library:
        library.sync(folder)
        embedder.texts = 0
        yield library


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the files that are opened, growing as they are."""
    names: list[str] = []

    def note(answer):
        def watched(file, *arguments, **settings):
            names.append(Path(file).name)
            return answer(file, *arguments, **settings)
        return watched

    monkeypatch.setattr(intake, "read_file", note(intake.read_file))
    monkeypatch.setattr(intake, "hash_file", note(intake.hash_file))
    monkeypatch.setattr(syncing, "hash_file", note(syncing.hash_file))
    return names


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main([str(argument) for argument in arguments])
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err
    return code, shown.out


def names(library: Library) -> dict[str, str]:
    """Return where each report was read from, by its name, after checking that all is whole."""
    assert library.check() == []
    return {facts.name: facts.source for facts in library.all_facts()}


def test_new_changed_and_unchanged_files_are_told_apart(folder: Path, capsys) -> None:
    code, out = run(capsys, "sync", folder)
    assert code == 0
    assert len(ADDED.findall(out)) == 3
    assert out.endswith("Tổng cộng: thêm 3, thay 0, không đổi 0, bỏ qua 0, xoá 0.\n")
    write(folder / "một.txt", text_of(7))
    write(folder / "bốn.txt", text_of(4))
    code, out = run(capsys, "sync", folder)
    assert code == 0
    assert re.search(r"^Đã thêm: bốn\.txt", out, re.MULTILINE)
    assert re.search(r"^Đã thay: một\.txt", out, re.MULTILINE)
    assert out.endswith("Tổng cộng: thêm 1, thay 1, không đổi 2, bỏ qua 0, xoá 0.\n")
    with Library.open("kho") as library:
        assert "07 vụ" in library.report("một").text
        assert list(names(library)) == ["hai.txt", "ba.md", "bốn.txt", "một.txt"]


def test_an_unchanged_folder_opens_no_file_and_leaves_the_version(library: Library, folder: Path, opened: list[str]) -> None:
    before = library.snapshot()
    summary = library.sync(folder)
    assert (len(summary.unchanged), opened) == (3, [])
    assert library.snapshot() is before


def test_check_content_finds_a_change_that_the_clock_hides(library: Library, folder: Path, opened: list[str]) -> None:
    file = folder / "một.txt"
    looks = file.stat()
    with file.open("r+", encoding="utf-8") as same_file:
        same_file.write(text_of(8))
    os.utime(file, ns=(looks.st_atime_ns, looks.st_mtime_ns))
    assert len(library.sync(folder).unchanged) == 3
    assert opened == []
    assert [facts.name for facts in library.sync(folder, check_content=True).replaced] == ["một.txt"]
    assert "08 vụ" in library.report("một").text


def test_a_file_changed_twice_within_one_step_of_the_clock_is_not_missed(folder: Path, embedder: CountingEmbedder) -> None:
    file, now = folder / "một.txt", int(time.time())
    with Library.open("kho", create=True, embedder=embedder) as library:
        write(file, text_of(5), at=now)
        library.sync(folder)
        with file.open("r+", encoding="utf-8") as same_file:
            same_file.write(text_of(6))
        # Same size, same second, same file: only its bytes tell.
        os.utime(file, (now, now))
        assert [facts.name for facts in library.sync(folder).replaced] == ["một.txt"]
        assert "06 vụ" in library.report("một").text


def test_a_touched_file_is_hashed_once_and_not_read(library: Library, folder: Path, opened: list[str], embedder: CountingEmbedder) -> None:
    os.utime(folder / "một.txt", (at := next(_times), at))
    assert len(library.sync(folder).unchanged) == 3
    assert len(library.sync(folder).unchanged) == 3
    assert (opened, embedder.texts) == (["một.txt"], 0)


def test_a_moved_or_renamed_file_is_followed_and_nothing_embedded(library: Library, folder: Path, opened: list[str], embedder: CountingEmbedder) -> None:
    library.edit("một", agency="Sở Lao động")
    (folder / "một.txt").rename(folder / "cũ" / "báo cáo quý 3 năm 2024.txt")
    (folder / "hai.txt").rename(folder / "cũ" / "hai.txt")
    summary = library.sync(folder)
    assert sorted(facts.name for facts in summary.moved) == ["báo cáo quý 3 năm 2024.txt", "hai.txt"]
    assert (summary.vanished, embedder.texts) == ((), 0)
    assert names(library)["hai.txt"] == str(folder / "cũ" / "hai.txt")
    moved = library.facts("báo cáo quý 3 năm 2024")
    # Title and period come from the name of a file whose text gives none; what was corrected stays.
    assert (moved.title, moved.period, moved.agency) == ("Báo cáo quý 3 năm 2024", "quý III năm 2024", "Sở Lao động")
    assert len(library.sync(folder).unchanged) == 3
    assert len(opened) == 2


def test_a_file_in_another_encoding_at_another_place_is_followed_by_its_text(library: Library, folder: Path, embedder: CountingEmbedder) -> None:
    (folder / "một.txt").unlink()
    (folder / "mới.txt").write_text(unicodedata.normalize("NFD", text_of(1)), encoding="utf-16")
    assert [facts.name for facts in library.sync(folder).moved] == ["mới.txt"]
    assert embedder.texts == 0


def test_names_that_change_hands_are_followed(library: Library, folder: Path, embedder: CountingEmbedder) -> None:
    """The newest report is always "một.txt"; the one before gets another name."""
    before = library.facts("một").id
    (folder / "một.txt").rename(folder / "trước.txt")
    write(folder / "một.txt", text_of(9))
    summary = library.sync(folder)
    assert [o.kind for o in summary.outcomes if o.kind != "unchanged"] == ["moved", "added"]
    assert library.facts("trước").id == before
    assert "09 vụ" in library.report("một").text


def test_a_report_whose_file_is_gone_goes_on_to_its_copy(library: Library, folder: Path) -> None:
    write(folder / "bản sao.txt", text_of(1))
    summary = library.sync(folder)
    assert [o.reason[:20] for o in summary.outcomes if o.name == "bản sao.txt"] == ["nội dung này đã có t"]
    (folder / "một.txt").unlink()
    summary = library.sync(folder)
    assert (summary.vanished, [facts.name for facts in summary.moved]) == ((), ["bản sao.txt"])
    # And when the original changes instead, its old content stays with the copy.
    write(folder / "bản sao 2.txt", text_of(1))
    library.sync(folder)
    write(folder / "bản sao.txt", text_of(12))
    library.sync(folder)
    assert "01 vụ" in library.report("bản sao 2").text
    assert "12 vụ" in library.report("bản sao.txt").text


def test_a_vanished_report_is_only_named_and_removed_when_that_is_wanted(folder: Path, capsys) -> None:
    run(capsys, "sync", folder)
    (folder / "hai.txt").unlink()
    for options in ((), ("--keep",), ("--keep", "--yes")):
        code, out = run(capsys, "sync", folder, *options)
        assert code == 0
        assert re.search(r"^Không còn tệp: hai\.txt \(mã [0-9a-f]{12}, trước ở .*hai\.txt\)$", out, re.MULTILINE)
        assert out.endswith("không đổi 2, bỏ qua 0, xoá 0, không còn tệp 1.\n")
    code, out = run(capsys, "sync", folder, "--remove")
    assert re.search(r"^Đã xoá: hai\.txt", out, re.MULTILINE)
    assert out.endswith("không đổi 2, bỏ qua 0, xoá 1.\n")
    with Library.open("kho") as library:
        assert list(names(library)) == ["một.txt", "ba.md"]


@pytest.mark.parametrize(("answer", "left"), [("c", 2), ("CÓ ", 2), ("", 3), ("k", 3)])
def test_on_a_terminal_it_asks_before_it_removes(folder: Path, capsys, monkeypatch, answer: str, left: int) -> None:
    run(capsys, "sync", folder)
    (folder / "hai.txt").unlink()
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    asked: list[str] = []
    monkeypatch.setattr("builtins.input", lambda sentence: asked.append(sentence) or answer)
    run(capsys, "sync", folder)
    assert [sentence[:29] for sentence in asked] == ["Xoá 1 báo cáo không còn tệp k"]
    with Library.open("kho") as library:
        assert len(names(library)) == left


def test_reports_from_elsewhere_are_never_offered_for_removal(library: Library, folder: Path, tmp_path: Path) -> None:
    for place in (tmp_path / "nơi khác", tmp_path / "báo cáo 2", tmp_path):
        library.add([write(place / f"{place.name}.txt", text_of(len(str(place))))])
    library.add_text(text_of(99), name="tải lên.txt")
    for file in (tmp_path / "nơi khác" / "nơi khác.txt", tmp_path / "báo cáo 2" / "báo cáo 2.txt", folder / "hai.txt"):
        file.unlink()
    summary = library.sync(folder)
    assert [facts.name for facts in summary.vanished] == ["hai.txt"]
    # What is named is checked again before it goes.
    write(folder / "hai.txt", text_of(2))
    assert library.remove_vanished(summary.vanished) == ()
    assert len(names(library)) == 7


def test_a_disk_that_is_not_there_costs_no_report(folder: Path, capsys, tmp_path: Path) -> None:
    run(capsys, "sync", folder)
    folder.rename(tmp_path / "tháo ra")
    code = main(["sync", str(folder), "--remove"])
    assert code == 2
    assert "Không có thư mục" in capsys.readouterr().err
    folder.mkdir()
    code, out = run(capsys, "sync", folder, "--remove")
    assert "có thể ổ đĩa chưa được nối" in out
    with Library.open("kho") as library:
        assert len(names(library)) == 3
    assert run(capsys, "sync", folder, "--remove", "--yes")[1].endswith("xoá 3.\n")


def test_a_folder_that_cannot_be_opened_costs_no_report(library: Library, folder: Path, monkeypatch) -> None:
    closed, walk = folder / "cũ", os.walk

    def walk_without(top, **settings):
        for place, folders, files in walk(top, **settings):
            if Path(place) == closed:
                settings["onerror"](PermissionError(13, "closed", str(closed)))
            else:
                yield place, folders, files

    def look(path):
        if Path(path).is_relative_to(closed) and Path(path) != closed:
            raise PermissionError(13, "closed", str(path))
        return lstat(path)

    lstat = os.lstat
    monkeypatch.setattr(os, "walk", walk_without)
    monkeypatch.setattr("index.files.os.lstat", look)
    summary = library.sync(folder)
    assert summary.vanished == ()
    assert [name for name, _ in summary.skipped] == ["cũ"]


def test_an_unreadable_file_is_remembered_and_named_again_until_it_changes(library: Library, folder: Path, opened: list[str]) -> None:
    write(folder / "hỏng.txt", "%PDF-1.7")
    write(folder / "trống.txt", "-----\n=====\n")
    first = library.sync(folder)
    assert [name for name, _ in first.skipped] == ["hỏng.txt", "trống.txt"]
    opened.clear()
    again = library.sync(folder)
    assert (again.skipped, opened, again.remembered) == (first.skipped, [], first.skipped)
    assert library.sync(folder, check_content=True).remembered == ()
    assert "hỏng.txt" in opened
    write(folder / "hỏng.txt", text_of(30))
    assert [facts.name for facts in library.sync(folder).added] == ["hỏng.txt"]


def test_a_file_that_may_be_read_another_time_is_tried_again(library: Library, folder: Path, monkeypatch) -> None:
    write(folder / "quét.txt", text_of(31))

    def refuse(file: Path) -> SourceText:
        if file.name == "quét.txt":
            raise ChooseFileLater("cần cài thêm chương trình")
        return read_file(file)

    monkeypatch.setattr(intake, "read_file", refuse)
    assert library.sync(folder).skipped == (("quét.txt", "cần cài thêm chương trình"),)
    monkeypatch.setattr(intake, "read_file", read_file)
    assert [facts.name for facts in library.sync(folder).added] == ["quét.txt"]


def test_a_file_that_became_unreadable_leaves_its_report(library: Library, folder: Path) -> None:
    write(folder / "một.txt", "%PDF-1.7")
    (reason,) = (reason for name, reason in library.sync(folder).skipped if name == "một.txt")
    assert reason.endswith("kho vẫn giữ bản đã đọc trước đó của tệp này")
    assert "01 vụ" in library.report("một").text


def test_what_was_uploaded_stays_uploaded_when_a_file_holds_the_same(library: Library, folder: Path) -> None:
    library.add_text(text_of(50), name="tải lên.txt")
    write(folder / "năm mươi.txt", text_of(50))
    assert [o.kind for o in library.sync(folder).outcomes if o.name == "năm mươi.txt"] == ["unchanged"]
    library.sync(folder)
    assert names(library)["tải lên.txt"] == "upload:tải lên.txt"


def test_what_was_added_is_known_to_the_next_sync(folder: Path, embedder: CountingEmbedder, opened: list[str]) -> None:
    with Library.open("kho", create=True, embedder=embedder) as library:
        library.add([folder])
        opened.clear()
        assert len(library.sync(folder).unchanged) == 3
        assert opened == []
        library.remove("hai")
        assert [facts.name for facts in library.sync(folder).added] == ["hai.txt"]


def test_the_librarys_own_folder_and_what_other_programs_leave_are_no_reports(folder: Path, embedder: CountingEmbedder) -> None:
    write(folder / "~$một.docx", "x")
    write(folder / "Thumbs.db", "x")
    with Library.open(folder / "kho", create=True, embedder=embedder) as library:
        assert library.sync(folder).skipped == ()
        assert library.sync(folder).skipped == ()
        assert len(names(library)) == 3


def test_pages_that_were_recognised_are_told(folder: Path, capsys, monkeypatch) -> None:
    steps = []

    def recognise(file: Path) -> SourceText:
        if file.name != "một.txt":
            return read_file(file)
        for page in (1, 2, 3):
            tell_pages(page, 3)
        return SourceText(text_of(1), "pdf", paged=True, recognised_pages=(1, 3))

    monkeypatch.setattr(intake, "read_file", recognise)
    code, out = run(capsys, "sync", folder)
    assert code == 0
    assert "Đọc từ ảnh quét: một.txt, trang 1, 3; nên đối chiếu" in out
    assert out.endswith("xoá 0, đọc từ ảnh quét 2 trang.\n")
    with Library.open("kho2", create=True) as library:
        library.sync(folder, progress=steps.append)
    assert [(step.read, step.pages) for step in steps if step.name == "một.txt" and step.pages and not step.texts] == [(1, 3), (2, 3), (3, 3)]
    assert [step.share for step in steps] == sorted(step.share for step in steps)
    assert steps[-1].share == 1.0


def _start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-m", "index", "sync", folder, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": path},
    )


@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGINT])
def test_a_sync_stopped_at_any_moment_loses_nothing_and_goes_on_the_next_time(folder: Path, signal_number: int) -> None:
    draw = random.Random(20240930)
    for number in range(20, 28):
        write(folder / f"{number}.txt", text_of(number))
    reported: dict[str, str] = {}
    for _ in range(3):
        syncing_now = _start(folder)
        said = "".join(syncing_now.stdout.readline() for _ in range(2))
        time.sleep(draw.uniform(0, 0.06))
        syncing_now.send_signal(signal_number)
        said += syncing_now.communicate(timeout=120)[0]
        reported |= dict(ADDED.findall(said))
        with Library.open("kho") as library:
            held = {facts.name: facts.id for facts in library.all_facts()}
            names(library)
        assert {name: held.get(name) for name in reported} == reported
    done = _start(folder)
    out = done.communicate(timeout=120)[0]
    assert (done.returncode, len(reported) >= 6) == (0, True)
    assert f"thêm {11 - len(held)}, thay 0, không đổi {len(held)}, bỏ qua 0, xoá 0." in out


def test_a_second_run_over_many_files_is_quick_and_loads_no_reader_and_no_model(folder: Path, embedder: CountingEmbedder) -> None:
    with Library.open("kho", create=True, embedder=embedder) as library:
        # One paragraph each: what is measured is the second run.
        for number in range(200):
            write(folder / f"{number}.txt", f"Toàn tỉnh có {number} vụ tai nạn lao động.")
        library.sync(folder)
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "index", "sync", folder], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.stdout == "Tổng cộng: thêm 0, thay 0, không đổi 203, bỏ qua 0, xoá 0.\n"
    loaded = {line.split("|")[-1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    slow = {"torch", "faiss", "onnxruntime", "sentence_transformers", "gradio", "docx", "lxml", "openpyxl", "pandas", "pypdfium2", "PIL", "trafilatura"}
    assert loaded & slow == set()
