"""The gate: no figure in an answer that no quote, computation or question accounts for; no misquote."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering import verify
from assistant.answers import Answer, Citation
from assistant.question import understand
from assistant.statements import say
from assistant.verifying import misquoted, ungrounded_figures
from index.records import Report
from index.reporting import make_report

TEXT = """SỞ NÔNG NGHIỆP TỈNH AN PHÚ
BÁO CÁO
Kết quả công tác 9 tháng đầu năm 2024
1. Trồng trọt
Gieo trồng 12.500 ha lúa, đạt 86,65% kế hoạch[1]; xử lý 05/07 kiến nghị.
2. Chăn nuôi
Hỗ trợ 1.340 hộ nuôi bò.
[1] Lúa lai 4.100 ha.
"""


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report(TEXT, name="bao-cao.txt", source="upload:bao-cao.txt")


def cite(report: Report, quote: str) -> Citation:
    start = report.text.index(quote)
    return Citation(report, report.sections[1], None, quote, start, start + len(quote))


def test_figures_of_a_quote_are_grounded(report: Report) -> None:
    citation = cite(report, "Gieo trồng 12.500 ha lúa, đạt 86,65% kế hoạch[1]; xử lý 05/07 kiến nghị.")
    assert ungrounded_figures("**12.500 ha**, đạt 86,65%; 05/07 kiến nghị [1]", [citation]) == []


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("**12.501 ha** [1]", ["12.501"]),
        ("**12,500 ha** [1]", ["12,500"]),
        ("**1.340 hộ** [1]", ["1.340"]),
        ("12.500 ha, tăng 3,2% [1]", ["3,2"]),
        ("05 kiến nghị trên tổng số 07 [1]", ["05", "07"]),
        ("12.500 ha và 12.500,5 ha [1]", ["12.500,5"]),
    ],
)
def test_a_figure_that_the_cited_quote_does_not_hold_is_found(report: Report, text: str, loose: list[str]) -> None:
    citation = cite(report, "Gieo trồng 12.500 ha lúa, đạt 86,65% kế hoạch[1]; xử lý 05/07 kiến nghị.")
    assert ungrounded_figures(text, [citation]) == loose


def test_figures_elsewhere_in_the_report_ground_nothing(report: Report) -> None:
    assert ungrounded_figures("1.340 hộ [1]", [cite(report, "Lúa lai 4.100 ha.")]) == ["1.340"]


@pytest.mark.parametrize(
    "text", ["Theo mục 2.1 [1]", "Điều 8 [12]", "Phần 3, Chương 2", "(mục 4.2, chú thích 7)", "mục IV.1.2"]
)
def test_marks_and_names_of_places_are_no_figures(text: str) -> None:
    assert ungrounded_figures(text, []) == []


def test_a_sum_of_money_behind_the_word_for_item_is_a_figure() -> None:
    assert ungrounded_figures("Chi một khoản 500 triệu đồng [1]", []) == ["500"]


def test_figures_that_were_asked_about_or_computed_are_allowed() -> None:
    assert ungrounded_figures("Tăng 52,5 so với năm 2023", [], allowed=("so với 2023?", "52,5")) == []
    assert ungrounded_figures("Tăng 52,5 so với năm 2023", [], allowed=("so với 2023?",)) == ["52,5"]


def test_a_quote_that_is_not_the_text_at_its_span_is_a_misquote(report: Report) -> None:
    right = cite(report, "Hỗ trợ 1.340 hộ nuôi bò.")
    wrong = [replace(right, quote="Hỗ trợ 1.341 hộ nuôi bò."), replace(right, start=right.start + 1)]
    assert misquoted([right, *wrong]) == wrong


def test_an_answer_with_an_ungrounded_figure_becomes_its_quote(report: Report) -> None:
    question = understand("Bao nhiêu hộ nuôi bò?", "Bao nhiêu hộ nuôi bò?")
    citation = cite(report, "Hỗ trợ 1.340 hộ nuôi bò.")
    invented = Answer("**1.430 hộ**. Hỗ trợ nuôi bò. [1]", "1.340 hộ", citations=(citation,))
    verified = verify(question, invented)
    assert verified.text == "Hỗ trợ 1.340 hộ nuôi bò. [1]"
    assert verified.details["replaced"] == ["1.430"]
    assert verified.citations == (citation,)


def test_a_grounded_answer_passes_unchanged(report: Report) -> None:
    question = understand("9 tháng bao nhiêu hộ nuôi bò?", "9 tháng bao nhiêu hộ nuôi bò?")
    answer = Answer(
        f"**1.340 hộ nuôi bò**. Hỗ trợ 1.340 hộ nuôi bò. [1]\n\n(Theo {report.title}.)",
        "1.340 hộ nuôi bò", citations=(cite(report, "Hỗ trợ 1.340 hộ nuôi bò."),),
    )
    assert verify(question, answer) is answer


WORDS = st.one_of(
    st.sampled_from(["gieo", "trồng", "hộ", "lúa,", "nuôi;", "(trong", "đó:", "mục", "khoản", "Điều"]),
    st.decimals(0, 10**7, places=2).map(lambda d: f"{d:,}".replace(",", " ").replace(".", ",").replace(" ", ".")),
    st.integers(0, 10**6).map(str), st.sampled_from(["05/07", "[1]", "86,65%", "[12]", "2.1", "31/8/2024"]),
)


@given(st.lists(WORDS, min_size=1, max_size=20).map(" ".join))
def test_an_answer_made_of_a_quote_is_always_grounded(words: str) -> None:
    report = make_report(f"1. Mục thử\nBáo cáo rằng {words} là xong.\n", name="a.txt", source="upload:a.txt")
    passage = report.passages[-1]
    quote = report.text[passage.start:passage.end]
    citation = Citation(report, report.sections[passage.section], None, quote, passage.start, passage.end)
    assert misquoted([citation]) == []
    assert ungrounded_figures(f"{say(quote)} [1]", [citation]) == []


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**9), max_size=5))
def test_a_number_is_grounded_exactly_when_a_source_holds_it(number: int, known: list[int]) -> None:
    allowed = [f"có {n} hộ" for n in known]
    assert ungrounded_figures(f"{number} hộ", [], allowed=allowed) == ([] if number in known else [str(number)])
