"""`python -m index`: what each command does, says and returns, over real reports and the real model."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

import pytest

from index.__main__ import main
from index.adding import AddProgress
from index.embedding import Embedder, open_embedder
from index.library import Library

ROOT = Path(__file__).resolve().parents[1]
NINE_MONTHS = """SỞ LAO ĐỘNG TỈNH AN PHÚ
Số: 45/BC-SLĐ
BÁO CÁO
Kết quả công tác 9 tháng đầu năm 2024
1. Tình hình tai nạn lao động
Trong 9 tháng, toàn tỉnh xảy ra 04 vụ tai nạn lao động chết người, làm 06 người chết[1].
2. Đào tạo nghề
2.1. Tuyển sinh
Tuyển sinh 5.120 người, đạt 86,65% kế hoạch[2].
[1] Gồm thị xã Hoà Bình 02 người, huyện Phú Khánh 04 người.
[3] Nội dung này không có dấu.
"""
SIX_MONTHS = NINE_MONTHS.replace("9 tháng", "6 tháng").replace("04 vụ", "02 vụ").replace("06 người", "03 người")


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_embedder()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with two reports; the library is `kho` in the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOI_BAO_CAO_LIBRARY", raising=False)
    reports = tmp_path / "báo cáo"
    reports.mkdir()
    (reports / "9-thang.txt").write_text(NINE_MONTHS, encoding="utf-8")
    (reports / "6-thang.md").write_text(SIX_MONTHS, encoding="utf-8")
    return reports


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Run a command and return its exit code, output and error output."""
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as stop:
        code = stop.code
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_a_folder_is_added_and_listed(folder: Path, capsys) -> None:
    code, out, _ = run(capsys, "add", folder)
    assert code == 0
    assert re.search(r"^Đã thêm: 6-thang\.md \(mã [0-9a-f]{12}, \d+ đoạn\)$", out, re.MULTILINE)
    assert out.endswith("Tổng cộng: thêm 2, thay 0, không đổi 0, bỏ qua 0.\n")
    code, out, _ = run(capsys, "list")
    assert code == 0
    head, *lines = out.splitlines()
    assert head.split() == ["Mã", "Tên", "tệp", "Kỳ", "Ngày", "Số", "đoạn", "Tiêu", "đề"]
    assert ["6-thang.md" in lines[0], "9-thang.txt" in lines[1]] == [True, True]
    assert "9 tháng" in lines[1]


def test_adding_the_same_again_changes_nothing(folder: Path, capsys) -> None:
    run(capsys, "add", folder)
    with Library.open("kho") as library:
        version = library.snapshot().version
    code, out, _ = run(capsys, "add", folder)
    assert code == 0
    assert "Không đổi: 9-thang.txt (nội dung không thay đổi)" in out
    assert "thêm 0, thay 0, không đổi 2" in out
    with Library.open("kho") as library:
        assert library.snapshot().version == version


def test_the_same_content_under_another_name_is_told_and_not_stored_twice(folder: Path, capsys) -> None:
    run(capsys, "add", folder)
    copy = folder.parent / "ban-sao.txt"
    copy.write_text(unicodedata.normalize("NFD", NINE_MONTHS), encoding="utf-16")
    code, out, _ = run(capsys, "add", copy)
    assert code == 0
    assert re.search(r"Không đổi: ban-sao\.txt \(nội dung này đã có trong kho dưới tên 9-thang\.txt, mã", out)
    with Library.open("kho") as library:
        assert [facts.name for facts in library.all_facts()] == ["6-thang.md", "9-thang.txt"]


def test_a_changed_file_replaces_its_report(folder: Path, capsys) -> None:
    run(capsys, "add", folder)
    (folder / "9-thang.txt").write_text(NINE_MONTHS.replace("06 người chết", "07 người chết"), encoding="utf-8")
    code, out, _ = run(capsys, "add", folder)
    assert code == 0
    assert re.search(r"^Đã thay: 9-thang\.txt", out, re.MULTILINE)
    with Library.open("kho") as library:
        assert len(library.all_facts()) == 2
        assert "07 người chết" in library.report("9-thang").text


def test_a_file_changed_into_another_report_leaves_only_that_one(folder: Path, capsys) -> None:
    run(capsys, "add", folder)
    (folder / "9-thang.txt").write_text(SIX_MONTHS, encoding="utf-8")
    code, out, _ = run(capsys, "add", folder / "9-thang.txt")
    assert code == 0
    assert "trùng với báo cáo 6-thang.md" in out
    with Library.open("kho") as library:
        assert [facts.name for facts in library.all_facts()] == ["6-thang.md"]


def test_a_report_is_shown_with_its_sections_and_footnotes(folder: Path, capsys) -> None:
    run(capsys, "add", folder)
    code, out, _ = run(capsys, "show", "9-thang")
    assert code == 0
    assert "Số: 45/BC-SLĐ" in out
    assert re.search(r"^  2\. Đào tạo nghề \(0 đoạn\)\n    2\.1\. Tuyển sinh \(2 đoạn\)$", out, re.MULTILINE)
    assert "  [1] Gồm thị xã Hoà Bình 02 người, huyện Phú Khánh 04 người." in out
    assert "  [2] (không có nội dung ở cuối báo cáo)" in out
    assert re.search(r"\[3\] Nội dung này không có dấu\. \(không có dấu nào trong bài trỏ tới\)", out)


@pytest.mark.parametrize("how", ["id", "digits", "name", "stem", "decomposed", "capitals"])
def test_a_report_goes_by_id_or_name(folder: Path, capsys, how: str) -> None:
    (folder / "bản-nháp.txt").write_text(NINE_MONTHS, encoding="utf-8")
    run(capsys, "add", folder / "bản-nháp.txt")
    with Library.open("kho") as library:
        report_id = library.all_facts()[0].id
    wanted = {
        "id": report_id, "digits": report_id[:6], "name": "bản-nháp.txt", "stem": "bản-nháp",
        "decomposed": unicodedata.normalize("NFD", "bản-nháp.txt"), "capitals": "BẢN-NHÁP.TXT",
    }[how]
    assert f"Mã: {report_id}" in run(capsys, "show", wanted)[1]


def test_a_name_of_two_reports_is_asked_for_by_id(folder: Path, capsys) -> None:
    (folder / "cũ").mkdir()
    (folder / "cũ" / "9-thang.txt").write_text(SIX_MONTHS + "Hết.\n", encoding="utf-8")
    run(capsys, "add", folder)
    code, _, err = run(capsys, "show", "9-thang.txt")
    assert code == 2
    assert re.search(r"Có nhiều báo cáo ứng với “9-thang\.txt”: 9-thang\.txt \([0-9a-f]{12}\), 9-thang", err)


def test_a_removed_report_is_gone_and_can_be_added_again(folder: Path, capsys) -> None:
    run(capsys, "add", folder)
    code, out, _ = run(capsys, "remove", "6-thang.md")
    assert (code, out[:20]) == (0, "Đã xoá: 6-thang.md (")
    assert "6-thang" not in run(capsys, "list")[1]
    assert "thêm 1, thay 0, không đổi 1" in run(capsys, "add", folder)[1]


def test_check_says_that_all_is_well_and_what_is_odd(folder: Path, capsys) -> None:
    run(capsys, "add", folder)
    code, out, _ = run(capsys, "check")
    assert code == 0
    assert out.endswith("Đã kiểm tra 2 báo cáo: kho nguyên vẹn.\n")
    assert len([line for line in out.splitlines() if line.startswith("Lưu ý: 9-thang.txt: ")]) >= 2


def test_reindex_gives_the_same_answers(folder: Path, capsys, embedder: Embedder) -> None:
    run(capsys, "add", folder)
    question = embedder.encode_question("bao nhiêu vụ tai nạn lao động?")
    with Library.open("kho", embedder=embedder) as library:
        before = library.snapshot()
        code, out, _ = run(capsys, "reindex")
        after = library.snapshot()
    assert (code, out) == (0, "Đã tính lại chỉ mục của 2 báo cáo.\n")
    assert after.version > before.version
    assert after.reports[0] == before.reports[0]
    assert after.vectors.scores(question) == pytest.approx(before.vectors.scores(question), abs=1e-3)
    assert run(capsys, "check")[0] == 0


def test_the_environment_names_the_library(folder: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("HOI_BAO_CAO_LIBRARY", str(folder.parent / "kho khác"))
    assert run(capsys, "add", folder)[0] == 0
    assert (folder.parent / "kho khác" / "library.sqlite").exists()
    assert not (folder.parent / "kho").exists()


def test_help_and_wrong_commands_speak_vietnamese(capsys) -> None:
    code, out, _ = run(capsys, "--help")
    assert code == 0
    assert "Cách dùng: python -m index" in out
    assert "thêm báo cáo từ tệp hoặc thư mục" in out
    code, _, err = run(capsys, "thêm", "x")
    assert code == 2
    assert err.startswith("Lệnh chưa đúng hoặc còn thiếu.")


def test_an_add_tells_how_far_it_is(folder: Path, embedder: Embedder) -> None:
    steps: list[AddProgress] = []
    with Library.open("kho", create=True, embedder=embedder) as library:
        summary = library.add([folder], progress=steps.append)
    assert [facts.name for facts in summary.added] == ["6-thang.md", "9-thang.txt"]
    assert [(step.number, step.outcome.kind) for step in steps if step.outcome] == [(1, "added"), (2, "added")]
    assert all(step.total == 2 and step.embedded <= step.texts for step in steps)


def test_text_in_memory_is_added_and_replaced_by_its_name(folder: Path, embedder: Embedder) -> None:
    with Library.open("kho", create=True, embedder=embedder) as library:
        assert library.add_text(NINE_MONTHS, name="tải lên.txt").kind == "added"
        assert library.add_text(NINE_MONTHS, name="tải lên.txt").kind == "unchanged"
        assert library.add_text(SIX_MONTHS + "\ud800", name="tải lên.txt").kind == "replaced"
        assert library.add_text(" \n", name="rỗng.txt").kind == "skipped"
        assert [facts.source for facts in library.all_facts()] == ["upload:tải lên.txt"]


def test_a_snapshot_changes_only_when_the_library_does(folder: Path, embedder: Embedder) -> None:
    with Library.open("kho", create=True, embedder=embedder) as library:
        library.add([folder / "9-thang.txt"])
        first = library.snapshot()
        assert library.snapshot() is first
        # As another process would.
        with Library.open("kho", embedder=embedder) as other:
            other.add([folder / "6-thang.md"])
        assert [facts.name for facts in library.snapshot().facts] == ["9-thang.txt", "6-thang.md"]
        assert [facts.name for facts in first.facts] == ["9-thang.txt"]
        assert "04 vụ" in first.reports[0].text


def test_threads_may_add_and_read_at_once(folder: Path, embedder: Embedder) -> None:
    errors: list[Exception] = []
    with Library.open("kho", create=True, embedder=embedder) as library:

        def add(number: int) -> None:
            try:
                text = NINE_MONTHS.replace("06 người chết", f"{number} người chết")
                library.add_text(text, name=f"{number}.txt")
                snapshot = library.snapshot()
                assert len(snapshot.keyword) == len(snapshot) == len(snapshot.vectors)
            except Exception as error:  # noqa: BLE001 (told in the test's own thread)
                errors.append(error)

        threads = [threading.Thread(target=add, args=(number,)) for number in range(10, 16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert sorted(facts.name for facts in library.all_facts()) == [f"{n}.txt" for n in range(10, 16)]


def test_two_programs_may_add_to_one_library_at_once(folder: Path) -> None:
    for number in range(8):
        (folder / f"{number}.txt").write_text(NINE_MONTHS.replace("06 người", f"{number} người"), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    program = [sys.executable, "-m", "index", "add", folder]
    adding = [subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in adding]
    assert [process.returncode for process in adding] == [0, 0]
    assert sum(text.count("Đã thêm: ") for text in said) == 10
    with Library.open("kho") as library:
        assert library.check() == []
        assert len(library.all_facts()) == 10


def test_the_command_runs_as_a_program_and_loads_nothing_slow(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    program = [sys.executable, "-X", "importtime", "-m", "index"]
    done = subprocess.run([*program, "add", folder], capture_output=True, text=True, env=environment, timeout=120)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Tổng cộng: thêm 2, thay 0, không đổi 0, bỏ qua 0.")
    listed = subprocess.run([*program, "list"], capture_output=True, text=True, env=environment, timeout=120)
    assert listed.returncode == 0
    loaded = {line.split("|")[-1].strip() for line in listed.stderr.splitlines() if line.startswith("import time:")}
    assert not loaded & {"torch", "faiss", "sentence_transformers", "gradio"}
