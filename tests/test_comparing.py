"""Two periods of one indicator: exact difference and percent, the later report first, unlike units refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant, messages
from assistant.candidates import clause_views
from assistant.comparing import _compose, alike, answer_comparison, compared_reports, same_measure, split_topics
from assistant.question import understand
from assistant.reading import FEATURES, Reading
from assistant.verifying import misquoted, ungrounded_figures
from index.library import Library
from index.numbers import format_number
from index.records import Hit
from index.reporting import make_report

HEAD = "SỞ NÔNG NGHIỆP TỈNH AN PHÚ\nSố: {number}/BC-SNN\nBÁO CÁO\nKết quả công tác {period}\n1. Chăn nuôi\n"


def reading(statement: str, *, period: str = "9 tháng đầu năm 2024", order: int = 0) -> Reading:
    """Return the reading of one figure of a report that says only this."""
    text = HEAD.format(number=45, period=period) + statement + "\n"
    report = make_report(text, name=f"{period}.txt", source="upload:a.txt")
    passage = report.passages[-1]
    hit = Hit(report, passage, 1.0, 1.0, 1.0, clause_vectors=np.ones((len(passage.clauses), 1), np.float32))
    view = clause_views(hit)[-1]
    return Reading(hit, view, view.figures[order], np.zeros(len(FEATURES), np.float32))


def compare(later: str, earlier: str):
    both = reading(later), reading(earlier, period="6 tháng đầu năm 2024")
    return _compose(*both, [one.hit.report.period for one in both], messages.difference)


def test_the_difference_and_its_percent_are_exact() -> None:
    answer = compare("Hỗ trợ 1.340 hộ nuôi bò.", "Hỗ trợ 1.072 hộ nuôi bò.")
    first, later, earlier = answer.text.split("\n")
    assert first == "Tăng **268 hộ nuôi bò** (25%)."
    assert later == "- **1.340 hộ nuôi bò** – 9 tháng đầu năm 2024: Hỗ trợ 1.340 hộ nuôi bò. [1]"
    assert earlier == "- **1.072 hộ nuôi bò** – 6 tháng đầu năm 2024: Hỗ trợ 1.072 hộ nuôi bò. [2]"
    assert (answer.lead, answer.computed) == ("1.340 hộ nuôi bò", ("268", "25%"))


@pytest.mark.parametrize(
    ("later", "earlier", "said"),
    [
        ("Chi 2.406,13 triệu đồng.", "Chi 1.184,7 triệu đồng.", "Tăng **1.221,43 triệu đồng** (103,1%)."),
        ("Có 07 vụ.", "Có 08 vụ.", "Giảm **1 vụ** (12,5%)."),
        ("Có 02 vụ.", "Có 03 vụ.", "Giảm **1 vụ** (33,33%)."),
        ("Có 05 vụ.", "Có 0 vụ.", "Tăng **5 vụ**."),
        ("Đạt 86,65%.", "Đạt 52,9%.", "Tăng **33,75 điểm %**."),
        ("Có 05 vụ.", "Có 5 vụ.", "Hai kỳ bằng nhau."),
    ],
)
def test_what_is_said_of_two_figures(later: str, earlier: str, said: str) -> None:
    assert compare(later, earlier).text.split("\n")[0] == said


def test_equal_figures_compute_nothing() -> None:
    assert compare("Có 05 vụ.", "Có 05 vụ.").computed == ()


def test_a_comparison_is_grounded_and_quotes_literally() -> None:
    answer = compare("Chi 2.406,13 triệu đồng.", "Chi 1.184,7 triệu đồng.")
    allowed = [*answer.computed, *(c.report.period for c in answer.citations)]
    assert ungrounded_figures(answer.text, answer.citations, allowed=allowed) == []
    assert misquoted(answer.citations) == []


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("Chi 25 triệu đồng.", "Chi 20 triệu đồng.", True),
        ("Chi 25 triệu đồng.", "Chi 20 tỷ đồng.", False),
        ("Chi 25 triệu đồng/tháng.", "Chi 20 triệu đồng.", False),
        ("Chi 25 triệu đồng.", "Có 20 triệu lượt người.", False),
        ("Đạt 86,65%.", "Đạt 52,9%.", True),
        ("Đạt 86,65%.", "Số hồ sơ: 529.", False),
        ("Có 05 vụ.", "Có 05 người.", False),
        ("Xong 271/286 nhiệm vụ.", "Xong 159 nhiệm vụ.", True),
    ],
)
def test_only_figures_of_one_measure_are_compared(a: str, b: str, alike: bool) -> None:
    assert same_measure(reading(a), reading(b)) is alike
    assert same_measure(reading(b), reading(a)) is alike


@given(st.decimals(1, 10**7, places=2), st.decimals(1, 10**7, places=2))
def test_the_computed_difference_adds_up_for_all_figures(later: Decimal, earlier: Decimal) -> None:
    answer = compare(f"Chi {format_number(later)} triệu đồng.", f"Chi {format_number(earlier)} triệu đồng.")
    said = answer.text.split("\n")[0]
    if later == earlier:
        assert said == "Hai kỳ bằng nhau."
    else:
        word = "Tăng" if later > earlier else "Giảm"
        assert said.startswith(f"{word} **{format_number(abs(later - earlier))} triệu đồng**")
        assert answer.computed[0] == format_number(abs(later - earlier))


@dataclass(frozen=True)
class Three:
    """An assistant over three periods of one office, added out of order, and one of another office."""

    assistant: Assistant

    def pair(self, text: str) -> tuple[str, ...] | None:
        """Return the periods of the two reports a question compares."""
        material = self.assistant.material()
        pair = compared_reports(understand(text, text), material)
        return pair and tuple(material.snapshot.facts[i].period for i in pair)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Three]:
    counts = {"9 tháng đầu năm 2024": (45, "1.340", "25"), "năm 2023": (80, "1.500", "40"), "6 tháng đầu năm 2024": (30, "1.072", "16")}
    with Library.open(tmp_path_factory.mktemp("three") / "kho", create=True) as library:
        for period, (number, cows, fires) in counts.items():
            library.add_text(
                HEAD.format(number=number, period=period)
                + f"Hỗ trợ {cows} hộ nuôi bò sinh sản.\n2. Lâm nghiệp\nXảy ra {fires} vụ cháy rừng.\n",
                name=f"{number}.txt",
            )
        other = HEAD.format(number=9, period="9 tháng đầu năm 2024").replace("AN PHÚ", "BÌNH LÃNG")
        library.add_text(other + "Tiêm phòng 12.000 con gia cầm.\n", name="khac.txt")
        yield Three(Assistant(library))


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("Số hộ nuôi bò 9 tháng so với 6 tháng chênh bao nhiêu?", ("9 tháng đầu năm 2024", "6 tháng đầu năm 2024")),
        ("6 tháng so với 9 tháng chênh bao nhiêu hộ?", ("9 tháng đầu năm 2024", "6 tháng đầu năm 2024")),
        ("So với năm 2023, 6 tháng đầu năm 2024 kém bao nhiêu hộ?", ("6 tháng đầu năm 2024", "năm 2023")),
        ("Nuôi bò cả năm 2023 mấy hộ, 9 tháng 2024 mấy hộ, có bớt không?", ("9 tháng đầu năm 2024", "năm 2023")),
        ("nuôi bò 6th 2024 vs 9th 2024 bao nhiêu hộ", ("9 tháng đầu năm 2024", "6 tháng đầu năm 2024")),
        ("Cuối năm 2023 có bao nhiêu hộ nuôi bò, theo báo cáo 9 tháng 2024?", None),
    ],
)
def test_the_later_of_two_reports_comes_first_however_they_are_named(three: Three, text: str, periods: tuple[str, str]) -> None:
    assert three.pair(text) == periods


@pytest.mark.parametrize("text", ["9 tháng có bao nhiêu hộ nuôi bò?", "Năm 2019 so với năm 2018 tăng bao nhiêu hộ?"])
def test_a_question_that_compares_no_two_reports_is_none(three: Three, text: str) -> None:
    assert three.pair(text) is None


def test_reports_left_out_are_not_compared(three: Three) -> None:
    text = "Số hộ nuôi bò 9 tháng so với 6 tháng chênh bao nhiêu?"
    only_one = three.assistant.material(["45.txt"])
    assert compared_reports(understand(text, text), only_one) is None
    assert answer_comparison(understand(text, text), only_one) is None


def test_a_comparison_is_answered_with_both_figures_and_both_sources(three: Three) -> None:
    answer = three.assistant.ask("Số hộ được hỗ trợ nuôi bò 9 tháng so với 6 tháng tăng bao nhiêu?")
    assert answer.text.split("\n")[0] == "Tăng **268 hộ nuôi bò** (25%)."
    assert answer.text.endswith(messages.UNLIKE_PERIODS)
    assert [(c.report.name, c.section.number, c.figures) for c in answer.citations] == [
        ("45.txt", "1", ("1.340 hộ nuôi bò sinh sản",)), ("30.txt", "1", ("1.072 hộ nuôi bò sinh sản",)),
    ]
    assert answer.computed == ("268", "25%")


def test_a_whole_is_compared_with_a_whole(tmp_path: Path) -> None:
    bodies = {
        "9 tháng đầu năm 2024": "Cấp nước cho 620 hộ, trong đó: 410 hộ được cấp nước từ giếng khoan của huyện.\n",
        "6 tháng đầu năm 2024": "Cấp nước cho 400 hộ, trong đó: 350 hộ được cấp nước từ giếng khoan của huyện.\n",
    }
    with Library.open(tmp_path / "kho", create=True) as library:
        for number, (period, body) in enumerate(bodies.items(), start=1):
            library.add_text(HEAD.format(number=number, period=period) + body, name=f"{number}.txt")
        answer = Assistant(library).ask("Số hộ được cấp nước 9 tháng so với 6 tháng tăng bao nhiêu?")
    assert answer.text.split("\n")[0].startswith("Tăng **220 hộ**")


def test_last_year_without_a_report_is_declined_and_named_by_no_figure(three: Three) -> None:
    answer = three.assistant.ask("Năm kia hỗ trợ bao nhiêu hộ nuôi bò?")
    assert answer.abstained and "2022" not in answer.text


def test_of_two_figures_in_the_same_words_the_nearer_one_counts_the_same_thing() -> None:
    later = reading("Có 33.613 suất quà.")
    near, far = (reading(f"Có {count} suất quà.", period="6 tháng đầu năm 2024") for count in ("31.204", "1.204"))
    assert alike(later, near) > alike(later, far)


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("chênh lệch giữa số tuyển sinh và số tốt nghiệp là bao nhiêu", ("số tuyển sinh", "số tốt nghiệp")),
        ("Số bò nuôi với số bò bán, bên nào nhiều hơn?", ("Số bò nuôi", "số bò bán")),
        ("Hộ nghèo so với hộ cận nghèo lệch nhau bao nhiêu hộ?", ("Hộ nghèo", "hộ cận nghèo")),
        ("Đàn bò so với cùng kỳ năm trước chênh nhau bao nhiêu?", None),
        ("Đàn bò và đàn lợn có bao nhiêu con?", None),
        ("So sánh với kế hoạch và năm trước", None),
    ],
)
def test_two_things_set_side_by_side_are_told_from_a_period(text: str, topics: tuple[str, str] | None) -> None:
    assert split_topics(text) == topics


def test_two_things_of_one_report_are_compared_exactly(tmp_path: Path) -> None:
    with Library.open(tmp_path / "kho", create=True) as library:
        head = HEAD.format(number=45, period="9 tháng đầu năm 2024")
        library.add_text(head + "Toàn tỉnh nuôi 1.340 con bò.\n2. Lợn\nĐàn lợn có 2.500 con lợn.\n", name="chín.txt")
        answer = Assistant(library).ask("Đàn bò với đàn lợn chênh nhau bao nhiêu con?")
    assert answer.text.startswith("Chênh lệch **1.160 con bò** (46,4% của số sau): số đầu ít hơn.")
    assert {c.section.number for c in answer.citations} == {"1", "2"}
    allowed = answer.computed
    assert not ungrounded_figures(answer.text, answer.citations, allowed=allowed) and not misquoted(answer.citations)
