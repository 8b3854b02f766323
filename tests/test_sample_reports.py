"""The sample reports and their questions agree with themselves: marks, sums, evidence."""

from __future__ import annotations

import json
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT / "docs" / "reports"
QUESTIONS = [ROOT / "eval" / "questions" / name for name in ("sample.jsonl", "everyday.jsonl")]

SIX = "bao-cao-6-thang-2024.txt"
NINE = "bao-cao-9-thang-2024.txt"
YEAR = "bao-cao-nam-2023.txt"
ALL_REPORTS = (SIX, NINE, YEAR)

KINDS = {
    "figure", "multi", "breakdown", "ratio", "text", "list",
    "footnote", "conflict", "compare", "yesno", "unanswerable",
}  # fmt: skip
STYLES = {"plain", "leader", "staff", "nodia", "abbr", "typo", "paraphrase", "followup"}
FIELDS = {
    "id", "report", "question", "kind", "style", "figures", "lead",
    "phrases", "sections", "footnotes", "evidence", "answerable",
}  # fmt: skip

# A total and its parts, as written in one paragraph of the report.
SUMS_IN_ONE_PARAGRAPH = [
    (SIX, "8.202", ("1.984", "6.218")),
    (SIX, "224", ("126", "58", "31", "09")),
    (SIX, "439", ("318", "94", "27")),
    (SIX, "08", ("05", "03")),
    (SIX, "3.423", ("38", "214", "2.675", "496")),
    (SIX, "2.298", ("61", "143", "2.094")),
    (SIX, "4.724", ("812", "2.764", "1.148")),
    (SIX, "16.663", ("6.240", "6.518", "3.905")),
    (SIX, "6.333,7", ("1.903,2", "3.259", "1.171,5")),
    (SIX, "540", ("300", "240")),
    (SIX, "930,65", ("612,4", "318,25")),
    (SIX, "750", ("210", "540")),
    (SIX, "1.631", ("412", "688", "531")),
    (SIX, "35.463", ("11.826", "17.432", "6.205")),
    (SIX, "63", ("38", "25")),
    (SIX, "25.663", ("12.318", "9.746", "684", "2.915")),
    (SIX, "214", ("74", "46", "94")),
    (SIX, "18", ("09", "06", "03")),
    (SIX, "318", ("281", "29", "08")),
    (SIX, "19", ("05", "02", "12")),
    (SIX, "3.640", ("3.631", "09")),
    (SIX, "3.812", ("3.640", "172")),
    (NINE, "12.467", ("3.127", "9.340")),
    (NINE, "346", ("198", "87", "46", "15")),
    (NINE, "661", ("472", "151", "38")),
    (NINE, "14", ("08", "06")),
    (NINE, "15", ("09", "06")),
    (NINE, "6.908", ("352", "1.478", "4.263", "815")),
    (NINE, "5.022", ("287", "864", "3.871")),
    (NINE, "5.851", ("934", "3.391", "1.526")),
    (NINE, "33.613", ("12.415", "13.026", "8.172")),
    (NINE, "12.751,1", ("3.786,5", "6.513", "2.451,6")),
    (NINE, "1.365", ("750", "615")),
    (NINE, "2.251,15", ("1.476,8", "774,35")),
    (NINE, "1.513", ("428", "1.085")),
    (NINE, "2.520", ("655", "1.041", "824")),
    (NINE, "35.420", ("11.754", "17.318", "6.348")),
    (NINE, "120", ("74", "46")),
    (NINE, "26.145", ("12.604", "9.812", "701", "3.028")),
    (NINE, "221", ("78", "45", "98")),
    (NINE, "34", ("17", "11", "06")),
    (NINE, "342", ("301", "31", "10")),
    (NINE, "31", ("08", "03", "20")),
    (NINE, "5.781", ("5.769", "12")),
    (NINE, "5.964", ("5.781", "183")),
    (YEAR, "16.335", ("3.865", "12.470")),
    (YEAR, "415", ("241", "104", "52", "18")),
    (YEAR, "828", ("596", "187", "45")),
    (YEAR, "19", ("11", "08")),
    (YEAR, "20", ("12", "08")),
    (YEAR, "8.871", ("405", "1.712", "5.620", "1.134")),
    (YEAR, "7.445", ("318", "1.022", "6.105")),
    (YEAR, "5.255", ("867", "3.105", "1.283")),
    (YEAR, "33.501", ("12.537", "13.118", "7.846")),
    (YEAR, "11.346,35", ("3.823,8", "5.247,2", "2.275,35")),
    (YEAR, "1.958", ("1.100", "858")),
    (YEAR, "3.007,5", ("1.960", "1.047,5")),
    (YEAR, "1.595", ("455", "1.140")),
    (YEAR, "3.287", ("870", "1.312", "1.105")),
    (YEAR, "41.893", ("15.903", "20.116", "5.874")),
    (YEAR, "153", ("92", "61")),
    (YEAR, "25.090", ("12.095", "9.583", "652", "2.760")),
    (YEAR, "208", ("71", "48", "89")),
    (YEAR, "47", ("22", "16", "09")),
    (YEAR, "297", ("263", "26", "08")),
    (YEAR, "42", ("11", "04", "27")),
    (YEAR, "7.298", ("7.277", "21")),
    (YEAR, "7.430", ("7.298", "132")),
    (SIX, "174", ("159", "15")),
    (SIX, "159", ("157", "02")),
    (NINE, "286", ("271", "15")),
    (NINE, "271", ("266", "05")),
    (NINE, "13", ("01", "02", "10")),
    (YEAR, "342", ("339", "03")),
]

# A total and its parts that stand in several paragraphs: a lead-in and its bullets, or a
# sentence and the body of its footnote.
SUMS_ACROSS_PARAGRAPHS = [
    (SIX, "9.418,7", ("3.512,4", "1.204,85", "2.915,6", "698,25", "1.087,6")),
    (SIX, "42.680", ("15.240", "6.870", "12.350", "3.120", "5.100")),
    (SIX, "9.160", ("3.942", "5.218")),
    (SIX, "17", ("02", "03", "05", "04", "03")),
    (SIX, "04", ("02", "01", "01")),
    (SIX, "85", ("60", "25")),
    (NINE, "24.763,85", ("9.806,3", "4.125,75", "6.834,5", "1.742,9", "2.254,4")),
    (NINE, "42.680", ("15.240", "6.870", "12.350", "3.120", "5.100")),
    (NINE, "42.680", ("38.940", "3.740")),
    (NINE, "9.160", ("3.942", "5.218")),
    (NINE, "3.942", ("214", "327", "612", "548", "701", "463", "689", "388")),
    (NINE, "06", ("02", "01", "01", "01", "01")),
    (NINE, "15", ("01", "02", "04", "03", "02", "03")),
    (NINE, "09", ("04", "03", "02")),
    (NINE, "15.500", ("12.467", "3.033")),
    (YEAR, "36.014,2", ("13.204,5", "5.988,2", "10.017,6", "2.614,4", "4.189,5")),
    (YEAR, "39.850", ("14.300", "6.450", "11.620", "2.780", "4.700")),
    (YEAR, "39.850", ("36.014,2", "3.835,8")),
    (YEAR, "3.835,8", ("1.602,4", "1.095,5", "1.137,9")),
    (YEAR, "1.140", ("760", "380")),
    (YEAR, "156,8", ("94,3", "62,5")),
    (YEAR, "12", ("05", "03", "02", "02")),
    (YEAR, "5.386", ("3.942", "1.444")),
]

# A percent, the part it is of, and the whole (which the report may leave out).
PERCENTS = [
    (SIX, "75,99%", "142.317", "187.295"),
    (SIX, "52,92%", "8.202", "15.500"),
    (SIX, "49,78%", "224", "450"),
    (SIX, "37,21%", "3.423", "9.200"),
    (SIX, "28,78%", "518", "1.800"),
    (SIX, "59,72%", "2.150", "3.600"),
    (SIX, "2,86%", "3.942", "137.831"),
    (SIX, "3,79%", "5.218", "137.831"),
    (SIX, "89,47%", "17", "19"),
    (SIX, "79,01%", "3.012", "3.812"),
    (SIX, "22,07%", "9.418,7", "42.680"),
    (SIX, "23,05%", "3.512,4", "15.240"),
    (SIX, "17,54%", "1.204,85", "6.870"),
    (SIX, "23,61%", "2.915,6", "12.350"),
    (SIX, "22,38%", "698,25", "3.120"),
    (SIX, "21,33%", "1.087,6", "5.100"),
    (NINE, "88%", "164.820", "187.295"),
    (NINE, "80,43%", "12.467", "15.500"),
    (NINE, "76,89%", "346", "450"),
    (NINE, "75,09%", "6.908", "9.200"),
    (NINE, "63,72%", "1.147", "1.800"),
    (NINE, "90%", "3.240", "3.600"),
    (NINE, "2,86%", "3.942", "137.831"),
    (NINE, "3,79%", "5.218", "137.831"),
    (NINE, "90,32%", "28", "31"),
    (NINE, "82,01%", "4.891", "5.964"),
    (NINE, "58,02%", "24.763,85", "42.680"),
    (NINE, "64,35%", "9.806,3", "15.240"),
    (NINE, "60,05%", "4.125,75", "6.870"),
    (NINE, "55,34%", "6.834,5", "12.350"),
    (NINE, "55,86%", "1.742,9", "3.120"),
    (NINE, "44,20%", "2.254,4", "5.100"),
    (YEAR, "103,39%", "16.335", "15.800"),
    (YEAR, "4,03%", "633", "15.702"),
    (YEAR, "103,75%", "415", "400"),
    (YEAR, "63,99%", "118.640", "185.410"),
    (YEAR, "100,81%", "8.871", "8.800"),
    (YEAR, "97,43%", "1.705", "1.750"),
    (YEAR, "3,95%", "5.386", "136.204"),
    (YEAR, "2,86%", "3.942", "137.831"),
    (YEAR, "3,79%", "5.218", "137.831"),
    (YEAR, "73,06%", "5.428", "7.430"),
    (YEAR, "90,37%", "36.014,2", "39.850"),
    (YEAR, "92,34%", "13.204,5", "14.300"),
    (YEAR, "92,84%", "5.988,2", "6.450"),
    (YEAR, "86,21%", "10.017,6", "11.620"),
    (YEAR, "94,04%", "2.614,4", "2.780"),
    (YEAR, "89,14%", "4.189,5", "4.700"),
    (SIX, "58,57%", "1.874,3", "3.200"),
    (NINE, "92,14%", "2.948,6", "3.200"),
    (NINE, "42,11%", "08", "19"),
    (YEAR, "140,56%", "4.216,75", "3.000"),
    (YEAR, "29,63%", "16", "54"),
    (YEAR, "37,76%", "37", "98"),
]

# Counts that only grow in a year: the same indicator in the six-month and nine-month reports.
CUMULATIVE = [
    ("giải quyết việc làm", "8.202", "12.467"),
    ("vay Quỹ quốc gia về việc làm", "1.984", "3.127"),
    ("cho vay việc làm", "88.215,5", "141.062,75"),
    ("đi làm việc ở nước ngoài", "224", "346"),
    ("giấy phép lao động", "439", "661"),
    ("tư vấn việc làm", "9.486", "14.735"),
    ("phiên giao dịch", "14", "22"),
    ("trợ cấp thất nghiệp", "4.873", "7.642"),
    ("tiền trợ cấp thất nghiệp", "98.412,36", "156.287,914"),
    ("thu thập thông tin người lao động", "142.317", "164.820"),
    ("nội quy lao động", "21", "33"),
    ("thỏa ước lao động tập thể", "37", "52"),
    ("tai nạn chết người", "03", "05"),
    ("tai nạn được điều tra", "08", "14"),
    ("tuyển sinh", "3.423", "6.908"),
    ("tốt nghiệp", "2.298", "5.022"),
    ("đào tạo lao động nông thôn", "518", "1.147"),
    ("người thuộc hộ nghèo học nghề", "186", "412"),
    ("trợ cấp người có công", "62.418,5", "94.873,26"),
    ("trợ cấp một lần", "312", "467"),
    ("quà người có công", "16.663", "33.613"),
    ("tiền quà người có công", "6.333,7", "12.751,1"),
    ("nhà xây mới", "06", "15"),
    ("nhà sửa chữa", "17", "41"),
    ("điều dưỡng", "750", "1.513"),
    ("Bằng Tổ quốc ghi công", "21", "34"),
    ("số hóa hồ sơ", "2.150", "3.240"),
    ("hài cốt liệt sĩ", "09", "17"),
    ("vay vốn ưu đãi", "1.631", "2.520"),
    ("vốn vay ưu đãi", "97.840", "152.065,5"),
    ("tiền BHYT hộ nghèo", "12.204,6", "18.327,45"),
    ("nhà Đại đoàn kết", "63", "120"),
    ("trợ cấp xã hội", "88.416,3", "135.290,75"),
    ("mai táng phí", "402", "618"),
    ("quà trẻ em", "1.450", "3.120"),
    ("học bổng", "85", "240"),
    ("trẻ bị xâm hại", "07", "11"),
    ("trẻ đuối nước", "04", "09"),
    ("lớp về giới", "04", "07"),
    ("nạn nhân bạo lực gia đình", "23", "37"),
    ("kiểm tra liên ngành", "06", "11"),
    ("cơ sở được kiểm tra", "18", "34"),
    ("nạn nhân mua bán", "07", "12"),
    ("thanh tra", "02", "04"),
    ("tiếp công dân", "21", "34"),
    ("đơn thư", "19", "31"),
    ("hồ sơ thủ tục hành chính", "3.812", "5.964"),
    ("giải ngân", "9.418,7", "24.763,85"),
    ("mô hình sinh kế", "12", "31"),
]

# Accidents at enterprises (labour section) and accidents investigated (inspection section).
ACCIDENT_COUNTS = [
    (SIX, ("2.2", "03 vụ"), ("7", "08 vụ")),
    (NINE, ("2.2", "05 vụ"), ("7", "14 vụ")),
    (YEAR, ("2.2", "07 vụ"), ("7", "19 vụ")),
]

HEADING = re.compile(r"^(\d+(?:\.\d+)*)\. \S")
FOOTNOTE_BODY = re.compile(r"^\[(\d+)\] (\S.*)$")


@pytest.mark.parametrize("name", ALL_REPORTS)
def test_a_report_has_15000_to_25000_characters_in_nfc(name: str) -> None:
    text = read_report(name)
    assert 15_000 <= len(text) <= 25_000
    assert text == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("name", "number", "date"),
    [
        (SIX, "Số: 196/BC-SLĐTBXH", "ngày 12 tháng 6 năm 2024"),
        (NINE, "Số: 318/BC-SLĐTBXH", "ngày 17 tháng 9 năm 2024"),
        (YEAR, "Số: 437/BC-SLĐTBXH", "ngày 29 tháng 12 năm 2023"),
    ],
)
def test_the_head_of_a_report_gives_its_number_and_its_date(
    name: str, number: str, date: str
) -> None:
    head = read_report(name).split("\n1. ")[0]
    assert number in head
    assert date in head
    assert "\nBÁO CÁO\n" in head


@pytest.mark.parametrize("name", ALL_REPORTS)
def test_the_sections_of_a_report_are_numbered_without_a_gap(name: str) -> None:
    numbers = [tuple(int(part) for part in number.split(".")) for number in section_texts(name)]
    top = [number[0] for number in numbers if len(number) == 1]
    assert top == list(range(1, 11))
    for parent in top:
        children = [number[1] for number in numbers if len(number) == 2 and number[0] == parent]
        assert children == list(range(1, len(children) + 1))
    assert numbers == sorted(numbers)


@pytest.mark.parametrize(("name", "count"), [(SIX, 10), (NINE, 12), (YEAR, 10)])
def test_every_footnote_has_one_mark_in_the_text_and_one_body_at_the_end(
    name: str, count: int
) -> None:
    body, footnotes = split_footnotes(name)
    expected = [str(number) for number in range(1, count + 1)]
    assert re.findall(r"\[(\d+)\]", body) == expected
    assert list(footnotes) == expected


@pytest.mark.parametrize(("name", "total", "parts"), SUMS_IN_ONE_PARAGRAPH)
def test_the_parts_in_a_paragraph_add_up_to_its_total(
    name: str, total: str, parts: tuple[str, ...]
) -> None:
    assert sum(value(part) for part in parts) == value(total)
    assert any(
        all(holds_number(line, number) for number in (total, *parts))
        for line in read_report(name).splitlines()
    )


@pytest.mark.parametrize(("name", "total", "parts"), SUMS_ACROSS_PARAGRAPHS)
def test_the_parts_in_several_paragraphs_add_up_to_their_total(
    name: str, total: str, parts: tuple[str, ...]
) -> None:
    assert sum(value(part) for part in parts) == value(total)
    assert all(holds_number(read_report(name), number) for number in (total, *parts))


@pytest.mark.parametrize(("name", "percent", "part", "whole"), PERCENTS)
def test_a_percent_is_right_to_the_digits_shown(
    name: str, percent: str, part: str, whole: str
) -> None:
    shown = value(percent.removesuffix("%"))
    exact = value(part) * 100 / value(whole)
    assert exact.quantize(Decimal("0.01"), ROUND_HALF_UP) == shown
    assert any(percent in line for line in read_report(name).splitlines())


@pytest.mark.parametrize(("indicator", "six", "nine"), CUMULATIVE)
def test_a_cumulative_indicator_does_not_shrink_from_six_to_nine_months(
    indicator: str, six: str, nine: str
) -> None:
    assert holds_number(read_report(SIX), six), indicator
    assert holds_number(read_report(NINE), nine), indicator
    assert value(six) <= value(nine)


@pytest.mark.parametrize(("name", "at_enterprises", "investigated"), ACCIDENT_COUNTS)
def test_a_report_counts_accidents_differently_in_two_sections(
    name: str, at_enterprises: tuple[str, str], investigated: tuple[str, str]
) -> None:
    sections = section_texts(name)
    for number, count in (at_enterprises, investigated):
        assert count in sections[number]
        assert "tai nạn lao động" in sections[number]
    assert at_enterprises[1] != investigated[1]


def test_the_set_has_at_least_100_questions_of_every_kind_and_style() -> None:
    questions = read_questions()
    assert len(questions) >= 100
    assert len({question["id"] for question in questions}) == len(questions)
    assert {question["kind"] for question in questions} == KINDS
    assert {question["style"] for question in questions} == STYLES


def test_every_question_has_the_fields_of_the_format_and_no_other() -> None:
    for question in read_questions():
        extra = set(question) - FIELDS
        assert FIELDS <= set(question), question["id"]
        assert extra <= {"history", "reports"}, question["id"]
        assert ("reports" in question) == (question["kind"] == "compare"), question["id"]
        assert ("history" in question) == (question["style"] == "followup"), question["id"]
        assert question["report"] in ALL_REPORTS, question["id"]


def test_all_evidence_is_an_exact_substring_of_its_report() -> None:
    for question in read_questions():
        names = question.get("reports", [question["report"]])
        for position, evidence in enumerate(question["evidence"]):
            name = names[position] if len(names) > 1 else names[0]
            assert evidence in read_report(name), question["id"]


def test_every_figure_and_lead_stands_in_the_evidence() -> None:
    for question in read_questions():
        evidence = "\n".join(question["evidence"])
        for figure in question["figures"]:
            assert figure in evidence, question["id"]
        assert question["lead"] is None or question["lead"] in question["figures"], question["id"]


def test_every_phrase_stands_in_the_evidence_except_a_computed_one() -> None:
    for question in read_questions():
        if question["kind"] != "compare":
            evidence = "\n".join(question["evidence"])
            assert all(phrase in evidence for phrase in question["phrases"]), question["id"]


def test_the_evidence_lies_in_the_named_sections_or_footnotes() -> None:
    for question in read_questions():
        names = question.get("reports", [question["report"]])
        places = {
            name: "\n".join(
                [section_texts(name)[number] for number in question["sections"]]
                + [split_footnotes(name)[1][mark] for mark in question["footnotes"]]
            )
            for name in names
        }
        for position, evidence in enumerate(question["evidence"]):
            name = names[position] if len(names) > 1 else names[0]
            assert evidence in places[name], question["id"]


def test_the_mark_of_a_footnote_stands_in_the_section_of_its_question() -> None:
    for question in read_questions():
        sections = section_texts(question["report"])
        text = "\n".join(sections[number] for number in question["sections"])
        assert all(f"[{mark}]" in text for mark in question["footnotes"]), question["id"]


def test_a_comparison_states_the_exact_difference_of_its_two_figures() -> None:
    for question in read_questions():
        if question["kind"] == "compare":
            first, second = (value(figure.split()[0]) for figure in question["figures"])
            assert [value(phrase) for phrase in question["phrases"]] == [abs(first - second)]
            assert len(question["reports"]) == len(question["evidence"]) == 2, question["id"]
            assert question["lead"] is None, question["id"]


def test_a_conflict_gives_two_figures_from_two_sections() -> None:
    for question in read_questions():
        if question["kind"] == "conflict":
            assert len(set(question["figures"])) == len(set(question["sections"])) == 2
            assert question["lead"] is None, question["id"]


def test_an_unanswerable_question_has_no_gold_and_every_other_has_evidence() -> None:
    for question in read_questions():
        answerable = question["kind"] != "unanswerable"
        assert question["answerable"] is answerable, question["id"]
        gold = [question[key] for key in ("figures", "phrases", "sections", "evidence")]
        assert any(gold) is answerable, question["id"]
        if answerable:
            assert question["evidence"] and question["sections"], question["id"]
            assert question["figures"] or question["phrases"], question["id"]


def test_a_question_without_diacritics_has_none_and_all_are_nfc() -> None:
    for question in read_questions():
        text = question["question"]
        assert text == unicodedata.normalize("NFC", text)
        if question["style"] == "nodia":
            assert text.isascii(), question["id"]


def read_report(name: str) -> str:
    return (REPORTS / name).read_text(encoding="utf-8")


def read_questions() -> list[dict[str, Any]]:
    return [json.loads(line) for path in QUESTIONS for line in path.read_text(encoding="utf-8").splitlines()]


def split_footnotes(name: str) -> tuple[str, dict[str, str]]:
    body: list[str] = []
    footnotes: dict[str, str] = {}
    for line in read_report(name).splitlines():
        match = FOOTNOTE_BODY.match(line)
        if match:
            assert match[1] not in footnotes
            footnotes[match[1]] = match[2]
        else:
            assert not footnotes, "text after the first footnote body"
            body.append(line)
    return "\n".join(body), footnotes


def section_texts(name: str) -> dict[str, str]:
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in split_footnotes(name)[0].splitlines():
        match = HEADING.match(line)
        if match:
            assert match[1] not in sections
            current = sections[match[1]] = []
        current.append(line)
    return {number: "\n".join(lines) for number, lines in sections.items()}


def value(number: str) -> Decimal:
    """Read a number in Vietnamese notation; "15/18" reads as 15."""
    return Decimal(number.split("/")[0].rstrip("%").replace(".", "").replace(",", "."))


def holds_number(text: str, number: str) -> bool:
    return re.search(rf"(?<![\d.,]){re.escape(number)}(?!\d|[.,]\d)", text) is not None
