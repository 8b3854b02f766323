"""`python -m index figures` and `audit`: what they print, write and return."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from index.__main__ import main
from index.library import Library

HEAD = "SỞ CÔNG THƯƠNG TỈNH AN PHÚ\nBÁO CÁO\nKết quả công tác 9 tháng đầu năm 2024\n1. Chợ và siêu thị\n"
TRUE = "Cải tạo 24 chợ (chợ huyện 9; chợ xã 15), kinh phí 1.530,5 triệu đồng.\n"
FALSE = "Cải tạo 25 chợ (chợ huyện 9; chợ xã 15).\n=1+1 là ghi chú: có 07 sạp.\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands") / "kho"
    with Library.open(folder, create=True) as library:
        library.add_text(HEAD + TRUE, name="dung.txt")
        library.add_text(HEAD.replace("AN PHÚ", "BÌNH LÃNG") + FALSE, name="sai.txt")
    return folder


def run(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main([*arguments, "--library", str(folder)])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out + err


def test_figures_are_listed_with_place_time_and_content(folder: Path, capsys) -> None:
    code, said = run(folder, capsys, "figures", "--value", "15", "--report", "dung.txt")
    assert code == 0 and said.endswith("1 số liệu.\n")
    assert "dung.txt  mục 1  15 chợ   9 tháng đầu năm 2024  Cải tạo – chợ – chợ xã" in said


def test_nothing_found_is_a_sentence_and_one(folder: Path, capsys) -> None:
    code, said = run(folder, capsys, "figures", "--find", "thư viện")
    assert code == 1 and said.startswith("Không có số liệu nào như vậy trong kho.")


def test_an_excel_file_has_numbers_and_no_formulas(folder: Path, tmp_path: Path, capsys) -> None:
    path = tmp_path / "so.xlsx"
    assert run(folder, capsys, "figures", "--xlsx", str(path)) == (0, f"Đã ghi 10 số liệu vào {path}\n")
    sheet = load_workbook(path).active
    rows = list(sheet.values)
    assert rows[0][:3] == ("Báo cáo", "Mục", "Chú thích")
    assert [row[4] for row in rows[1:5]] == [24, 9, 15, 1530.5]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


def test_a_csv_file_is_in_vietnamese_notation(folder: Path, tmp_path: Path, capsys) -> None:
    path = tmp_path / "so.csv"
    assert run(folder, capsys, "figures", "--csv", str(path), "--find", "kinh phi")[0] == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[1][4] == "1530,5" and rows[1][6] == "triệu đồng"


def test_a_file_that_cannot_be_written_is_told(folder: Path, tmp_path: Path, capsys) -> None:
    code, said = run(folder, capsys, "figures", "--csv", str(tmp_path / "khong" / "so.csv"))
    assert code == 2 and "Không ghi được tệp" in said


def test_an_audit_tells_what_differs_and_what_agrees(folder: Path, capsys) -> None:
    code, said = run(folder, capsys, "audit")
    assert code == 1
    assert "Không khớp: 1\n  - Cải tạo – chợ: báo cáo ghi 25, tổng các phần tính lại 9 + 15 = 24\n    (sai.txt, mục 1)" in said
    assert "Đã kiểm tra và khớp: 1\n  - Cải tạo – chợ: 9 + 15 = 24\n    (dung.txt, mục 1)" in said
    assert run(folder, capsys, "audit", "--report", "dung.txt")[0] == 0


def test_an_audit_as_json_has_every_place(folder: Path, capsys) -> None:
    code, said = run(folder, capsys, "audit", "--report", "sai.txt", "--json")
    (check,) = json.loads(said)
    assert (code, check["kind"], check["agrees"], check["expected"], check["found"]) == (1, "sum", False, "24", "25")
    assert [figure["literal"] for figure in check["figures"]] == ["25 chợ", "9", "15"]
