"""`python -m index check`: each thing that is odd is named with the command that mends it."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path

import pytest

from index.__main__ import main
from index.library import Library

TEXT = """1. Tình hình tai nạn lao động
Toàn tỉnh xảy ra 04 vụ tai nạn lao động chết người[1].
[2] Nội dung này không có dấu.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOI_BAO_CAO_LIBRARY", raising=False)
    (tmp_path / "an phú.txt").write_text(TEXT, encoding="utf-8")
    assert main(["add", "an phú.txt"]) == 0
    return tmp_path


def check(capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    capsys.readouterr()
    return main(["check"]), capsys.readouterr().out.splitlines()


def test_facts_that_a_report_lacks_are_named_with_the_command_that_sets_them(folder: Path, capsys) -> None:
    code, lines = check(capsys)
    assert code == 0
    (line,) = (line for line in lines if "không rõ" in line)
    assert re.fullmatch(
        r"Lưu ý: an phú\.txt: không rõ cơ quan, kỳ báo cáo\. Ghi bằng tay: "
        r'python -m index edit [0-9a-f]{12} --agency "…" --period "…"', line
    )
    main(["edit", "an phú", "--agency", "Sở Lao động", "--period", "năm 2023"])
    assert not any("không rõ" in line for line in check(capsys)[1])


def test_footnotes_that_are_not_tied_are_named_with_the_file_to_mend(folder: Path, capsys) -> None:
    lines = check(capsys)[1]
    command = f'chạy: python -m index add "{folder}/an phú.txt"'
    assert any("dấu chú thích nhưng không có nội dung: 1." in line and line.endswith(command) for line in lines)
    assert any("không thấy dấu trong bài: 2." in line and line.endswith(command) for line in lines)


def test_a_source_file_that_changed_or_is_gone_is_named(folder: Path, capsys) -> None:
    file = folder / "an phú.txt"
    assert not any("tệp gốc đã đổi" in line or "không còn" in line for line in check(capsys)[1])
    os.utime(file, (1, 1))
    assert not any("tệp gốc đã đổi" in line for line in check(capsys)[1])
    file.write_text(TEXT.replace("04 vụ", "05 vụ"), encoding="utf-8")
    assert f'Lưu ý: an phú.txt: tệp gốc đã đổi sau khi thêm. Thay bằng bản mới: python -m index add "{file}"' in check(capsys)[1]
    file.unlink()
    (line,) = (line for line in check(capsys)[1] if "không còn" in line)
    assert re.search(r"python -m index sync THƯ_MỤC; không dùng nữa: python -m index remove [0-9a-f]{12}$", line)


def test_a_report_of_a_program_without_registers_is_named(folder: Path, capsys) -> None:
    connection = sqlite3.connect("kho/library.sqlite")
    connection.execute("DELETE FROM figures")
    connection.execute("DELETE FROM registers")
    connection.commit()
    connection.close()
    assert "Lưu ý: an phú.txt: do phiên bản cũ thêm, chưa có sổ số liệu. Lập bằng lệnh: python -m index reindex" in check(capsys)[1]
    main(["reindex"])
    assert not any("sổ số liệu" in line for line in check(capsys)[1])


def test_an_older_file_where_nothing_can_be_written_is_read_and_named(folder: Path, capsys, monkeypatch) -> None:
    connection = sqlite3.connect("kho/library.sqlite")
    for statement in ("ALTER TABLE reports DROP COLUMN pages", "DROP TABLE corrections", "DROP TABLE files", "PRAGMA user_version = 2"):
        connection.execute(statement)
    connection.commit()
    connection.close()
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("kho") and access(path, mode))
    code, lines = check(capsys)
    assert code == 0
    assert any("phiên bản cũ tạo (lược đồ 2, nay là 3) và đang ở chỗ chỉ đọc. Cấp quyền ghi" in line for line in lines)
    with Library.open("kho") as library:
        assert "04 vụ" in library.report("an phú").text
        assert library.facts("an phú").corrected == ()


def test_a_model_cache_that_lacks_files_is_named(folder: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("HOI_BAO_CAO_CACHE", str(folder / "đệm"))
    (folder / "đệm" / "encoder-graph-v2").mkdir(parents=True)
    lines = check(capsys)[1]
    assert any(line.startswith("Lưu ý: Thư mục đệm của mô hình thiếu tệp") and "encoder-graph-v2" in line for line in lines)


def test_a_damaged_report_is_named_with_the_commands_that_bring_it_back(folder: Path, capsys) -> None:
    connection = sqlite3.connect("kho/library.sqlite")
    connection.execute("UPDATE reports SET period = 'năm 1999'")
    connection.commit()
    connection.close()
    code, lines = check(capsys)
    assert code == 1
    assert re.search(r'thêm lại: python -m index remove [0-9a-f]{12}, sau đó python -m index add ".*an phú\.txt"$', lines[0])
