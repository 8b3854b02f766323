"""Facts corrected by hand: understood, kept, shown as corrected, and used wherever the facts of a report count."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from index.__main__ import main
from index.corrections import CORRECTABLE, read_value
from index.embedding import Embedder, open_embedder
from index.errors import CorrectValue
from index.library import Library
from index.periods import find_periods

TEXT = """SỞ LAO ĐỘNG TỈNH AN PHÚ
Số: 45/BC-SLĐ
BÁO CÁO
Kết quả công tác 6 tháng đầu năm 2024
1. Tình hình tai nạn lao động
Toàn tỉnh xảy ra 04 vụ tai nạn lao động chết người, làm 06 người chết.
2. Đào tạo nghề
Tuyển sinh 5.120 người, đạt 86,65% kế hoạch.
"""


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_embedder()


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HOI_BAO_CAO_LIBRARY", raising=False)
    (tmp_path / "an-phú.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path / "an-phú.txt"


@pytest.fixture
def library(file: Path, embedder: Embedder):
    with Library.open("kho", create=True, embedder=embedder) as library:
        library.add([file])
        yield library


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err
    return code, shown.out, shown.err


@pytest.mark.parametrize(("field", "text", "value"), [
    ("period", "9 tháng 2024", "9 tháng đầu năm 2024"),
    ("period", unicodedata.normalize("NFD", "Kỳ báo cáo: 9 tháng đầu năm 2024"), "9 tháng đầu năm 2024"),
    ("period", "9T2024", "9 tháng đầu năm 2024"),
    ("period", "quy 3/2024", "quý III năm 2024"),
    ("period", "Quý IV năm 2023", "quý IV năm 2023"),
    ("period", "tháng 5/2024", "tháng 5/2024"),
    ("period", "6 tháng cuối năm 2023", "6 tháng cuối năm 2023"),
    ("period", "2023", "năm 2023"),
    ("period", "2021 - 2025", "2021-2025"),
    ("date", "5/9/2024", "05/09/2024"),
    ("date", "5-9-2024", "05/09/2024"),
    ("date", "2024-09-05", "05/09/2024"),
    ("date", "ngày 5 tháng 9 năm 2024", "05/09/2024"),
    ("number", "Số: 45/BC-SLĐ", "45/BC-SLĐ"),
    ("title", "  Báo cáo\n quý III\x07 ", "Báo cáo quý III"),
    ("agency", "", ""), ("period", " \n", ""),
])
def test_a_value_is_understood_as_people_write_it(field: str, text: str, value: str) -> None:
    assert read_value(field, text) == value


@pytest.mark.parametrize(("field", "text", "sentence"), [
    ("period", "tháng mười ba", "Không hiểu kỳ báo cáo “tháng mười ba”. Hãy ghi một kỳ, ví dụ “9 tháng 2024”"),
    ("period", "9 tháng 2024 và năm 2023", "Không hiểu kỳ báo cáo"),
    ("period", "13 tháng 2024", "Không hiểu kỳ báo cáo"),
    ("period", "9 tháng", "chưa có năm. Hãy ghi cả năm"),
    ("date", "31/2/2024", "Không hiểu ngày “31/2/2024”. Hãy ghi ngày, tháng, năm có thật"),
    ("date", "hôm qua", "Không hiểu ngày"),
    ("date", "05/2024", "Không hiểu ngày"),
    ("title", "dài " * 100, "Tiêu đề dài quá 300 ký tự"),
])
def test_a_value_that_cannot_be_understood_is_refused_with_a_sentence(field: str, text: str, sentence: str) -> None:
    with pytest.raises(CorrectValue, match=sentence):
        read_value(field, text)


@given(st.sampled_from(CORRECTABLE), st.text(max_size=60))
def test_any_text_is_understood_or_refused_and_what_is_understood_stays_itself(field: str, text: str) -> None:
    try:
        value = read_value(field, text)
    except CorrectValue as refusal:
        assert str(refusal)
    else:
        if field != "number":  # "số: số 4" loses one "số" a time
            assert read_value(field, value) == value


def test_a_correction_is_shown_as_one_and_can_be_taken_back(library: Library, capsys) -> None:
    code, out, _ = run(capsys, "edit", "an-phú", "--period", "9 tháng 2024", "--agency", "Sở Lao động tỉnh An Phú")
    assert code == 0
    assert out.splitlines()[0].startswith("Đã sửa: an-phú.txt (mã ")
    assert "Kỳ báo cáo: 9 tháng đầu năm 2024 (đã sửa bằng tay; chương trình đọc được: 6 tháng đầu năm 2024)\n" in out
    out = run(capsys, "list")[1]
    assert "  9 tháng đầu năm 2024*  " in out
    assert out.endswith("* đã sửa bằng tay: an-phú.txt (cơ quan, kỳ báo cáo)\n")
    out = run(capsys, "show", "an-phú")[1]
    assert "Cơ quan: Sở Lao động tỉnh An Phú (đã sửa bằng tay; chương trình đọc được: SỞ LAO ĐỘNG TỈNH AN PHÚ)\n" in out
    assert run(capsys, "check")[0] == 0
    out = run(capsys, "edit", "an-phú", "--period", "", "--agency", "")[1]
    assert "Kỳ báo cáo: 6 tháng đầu năm 2024\n" in out
    assert "*" not in run(capsys, "list")[1]


def test_a_refused_value_changes_nothing_and_says_what_to_do(library: Library, capsys) -> None:
    before = library.snapshot()
    code, out, err = run(capsys, "edit", "an-phú", "--title", "Báo cáo mới", "--date", "30/2/2024")
    assert (code, out) == (2, "")
    assert err.startswith("Không hiểu ngày “30/2/2024”. Hãy ghi ngày, tháng, năm có thật")
    assert "Chưa ghi điều cần sửa" in run(capsys, "edit", "an-phú")[2]
    assert "Kho không có báo cáo nào" in run(capsys, "edit", "không có", "--title", "x")[2]
    assert library.snapshot() is before


def test_a_correction_is_kept_over_reindex_and_when_the_file_is_replaced(library: Library, file: Path) -> None:
    library.edit("an-phú", period="9 tháng 2024", number="45/BC-SLĐTBXH")
    library.reindex()
    assert library.check() == []
    assert library.facts("an-phú").period == "9 tháng đầu năm 2024"
    file.write_text(TEXT.replace("06 người", "07 người").replace("Số: 45/", "Số: 46/"), encoding="utf-8")
    (outcome,) = library.add([file]).outcomes
    assert (outcome.kind, outcome.facts.period, outcome.facts.number) == ("replaced", "9 tháng đầu năm 2024", "45/BC-SLĐTBXH")
    assert outcome.warnings == (
        "vẫn giữ phần đã sửa bằng tay (số) tuy bản mới ghi khác bản cũ; hãy xem lại bằng lệnh: python -m index show",
    )
    assert library.check() == []
    assert {field: (c.value, c.found) for field, c in library.corrections("an-phú").items()} == {
        "number": ("45/BC-SLĐTBXH", "46/BC-SLĐ"), "period": ("9 tháng đầu năm 2024", "6 tháng đầu năm 2024"),
    }
    assert library.edit("an-phú", number="").number == "46/BC-SLĐ"
    assert library.facts("an-phú").corrected == ("period",)


def test_the_register_is_written_anew_with_the_corrected_period(library: Library) -> None:
    assert {figure.period for figure in library.figures("an-phú")} == {"6 tháng đầu năm 2024"}
    library.edit("an-phú", period="9 tháng 2024")
    assert {figure.period for figure in library.figures("an-phú")} == {"9 tháng đầu năm 2024"}
    library.reindex()
    assert {figure.period for figure in library.figures("an-phú")} == {"9 tháng đầu năm 2024"}


def test_an_open_assistant_answers_by_the_corrected_period(library: Library) -> None:
    assistant = Assistant(library)
    question = "9 tháng năm 2024 có bao nhiêu vụ tai nạn lao động chết người?"
    before = assistant.ask(question)
    assert before.abstained
    library.edit("an-phú", period="9 tháng 2024", title="Báo cáo kết quả công tác 9 tháng năm 2024")
    after = assistant.ask(question)
    assert (after.abstained, after.lead) == (False, "04 vụ")
    assert after.citations[0].report.period == "9 tháng đầu năm 2024"
    library.edit("an-phú", period="", title="")
    assert assistant.ask(question).text == before.text


def test_the_same_correction_again_writes_nothing(library: Library) -> None:
    library.edit("an-phú", period="9 tháng 2024")
    before = library.snapshot()
    library.edit("an-phú", period="9 tháng đầu năm 2024", title=None)
    assert library.snapshot() is before


def test_every_period_that_the_program_writes_can_be_given_by_hand() -> None:
    for text in ("9 tháng 2024", "quý I/2024", "tháng 12/2023", "năm 2023", "2021-2025", "6 tháng cuối năm 2024", "12 tháng 2024"):
        label = find_periods(text)[0].label
        assert read_value("period", label) == label
