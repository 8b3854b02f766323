"""The whole assistant over the sample reports: the right figure with its place, follow-ups, refusals, LangChain."""

from __future__ import annotations

import threading
import unicodedata
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler

from assistant import Answer, Assistant, messages
from assistant.verifying import misquoted, ungrounded_figures
from index.errors import ChooseReport

NINE, SIX, YEAR = "bao-cao-9-thang-2024.txt", "bao-cao-6-thang-2024.txt", "bao-cao-nam-2023.txt"
ACCIDENTS = "Trong 9 tháng có bao nhiêu vụ tai nạn lao động?"


def places(answer: Answer) -> set[tuple[str, str, str | None]]:
    return {(c.report.name, c.section.number, c.footnote) for c in answer.citations}


def sections(answer: Answer) -> set[str]:
    return {c.section.number for c in answer.citations}


def holds_both_counts(answer: Answer) -> bool:
    """Tell whether an answer has both accident counts of the nine months, each with its source."""
    quotes = {c.section.number: c.quote for c in answer.citations}
    return (
        "05 vụ" in answer.text and "14 vụ" in answer.text
        and "05 vụ" in quotes.get("2.2", "") and "14 vụ" in quotes.get("7", "")
    )


def test_both_accident_counts_are_given_with_what_they_count_and_where_they_stand(assistant: Assistant) -> None:
    answer = assistant.ask(ACCIDENTS)
    assert answer.abstained is False
    assert holds_both_counts(answer), answer.text
    assert places(answer) >= {(NINE, "2.2", None), (NINE, "7", None)}
    assert "tai nạn lao động chết người" in answer.text and "điều tra" in answer.text.lower()
    assert answer.lead in ("05 vụ", "14 vụ")


@pytest.mark.parametrize(
    "text",
    [
        "tai nan lao dong 9 thang bao nhieu vu", "TNLĐ 9 tháng bao nhiêu vụ?", "TNLĐ 9 tháng?", "tai nạn lao đọng 9 tháng bao nhieu vụ",
        unicodedata.normalize("NFD", ACCIDENTS), "9T có mấy vụ tnld",
    ],
)
def test_however_it_is_typed_the_question_is_the_same(assistant: Assistant, text: str) -> None:
    answer = assistant.ask(text)
    assert holds_both_counts(answer), answer.text


def test_a_follow_up_is_about_the_topic_and_period_of_the_question_before(assistant: Assistant) -> None:
    answer = assistant.ask("còn số người chết?", history=[ACCIDENTS])
    assert {c.report.name for c in answer.citations} == {NINE}
    assert "06 người" in answer.text or "15 người chết" in answer.text, answer.text
    assert sections(answer) <= {"2.2", "7"}


def test_a_follow_up_may_name_another_period(assistant: Assistant) -> None:
    answer = assistant.ask("còn 6 tháng?", history=["9 tháng tạo việc làm cho bao nhiêu lao động?"])
    assert answer.lead == "8.202 người"
    assert places(answer) == {(SIX, "2.1", None)}


def test_a_follow_up_of_a_follow_up_keeps_the_topic(assistant: Assistant) -> None:
    answer = assistant.ask("còn số người chết?", history=[ACCIDENTS, "còn 6 tháng?"])
    assert {c.report.name for c in answer.citations} == {SIX}
    assert "03 người" in answer.text or "08 người chết" in answer.text, answer.text


def test_history_does_not_disturb_a_new_question(assistant: Assistant) -> None:
    text = "Quỹ Đền ơn đáp nghĩa 9 tháng vận động được bao nhiêu tiền?"
    assert assistant.ask(text, history=[ACCIDENTS]).lead == assistant.ask(text).lead == "2.948,6 triệu đồng"


@pytest.mark.parametrize(
    ("text", "lead", "section", "footnote"),
    [
        ("9 tháng huyện Đá Vách xây mới bao nhiêu căn nhà tình nghĩa?", "04 căn", "3", "5"),
        ("9 tháng huyện Suối Hoàng có bao nhiêu hộ nghèo?", "701 hộ", "4.1", "6"),
        ("9 tháng có bao nhiêu người học lái xe ô tô?", "396 người", "2.3", "4"),
    ],
)
def test_a_figure_in_a_footnote_is_cited_with_section_and_footnote(
    assistant: Assistant, text: str, lead: str, section: str, footnote: str
) -> None:
    answer = assistant.ask(text)
    assert answer.lead == lead
    assert places(answer) == {(NINE, section, footnote)}
    assert lead in answer.citations[0].quote


def test_a_figure_is_looked_up_wherever_it_stands(assistant: Assistant) -> None:
    answer = assistant.ask("33.613 là số gì?")
    assert answer.lead == "33.613 suất quà"
    assert places(answer) == {(NINE, "3", None)}
    assert "33.613 suất quà đến NCC" in answer.text


def test_a_figure_that_stands_in_several_places_is_listed_with_each(assistant: Assistant) -> None:
    answer = assistant.ask("187.295 là số gì?")
    assert {c.report.name for c in answer.citations} >= {NINE, SIX}
    assert all("187.295" in c.quote for c in answer.citations)
    assert answer.text.count("187.295") >= 2


def test_a_figure_that_stands_nowhere_is_said_to_stand_nowhere(assistant: Assistant) -> None:
    answer = assistant.ask("13.864 là số gì?")
    assert (answer.text, answer.abstained, answer.citations) == (messages.no_such_number("13.864"), True, ())


@pytest.mark.parametrize("text", ["Quyết định 1508 về việc gì?", "Quyết định số 1508/QĐ-UBND nói về nội dung gì?", "quyet dinh 1508 ve viec gi"])
def test_a_document_is_looked_up_by_its_number(assistant: Assistant, text: str) -> None:
    answer = assistant.ask(text)
    assert answer.abstained is False
    assert "sắp xếp Phòng Bảo trợ xã hội" in answer.text
    assert places(answer) == {(NINE, "8", None)}


def test_a_document_that_no_report_names_is_declined(assistant: Assistant) -> None:
    answer = assistant.ask("Quyết định 9999 về việc gì?")
    assert (answer.text, answer.abstained) == (messages.no_such_document("9999"), True)


@pytest.mark.parametrize(
    ("text", "lead", "report"),
    [
        ("9 tháng năm 2024 toàn tỉnh tạo việc làm cho bao nhiêu lao động?", "12.467 lao động", NINE),
        ("6 tháng đầu năm 2024 có bao nhiêu người được giải quyết việc làm?", "8.202 người", SIX),
        ("Năm 2023 giải quyết việc làm cho bao nhiêu lao động?", "16.335 lao động", YEAR),
    ],
)
def test_the_period_asked_for_decides_the_report(assistant: Assistant, text: str, lead: str, report: str) -> None:
    answer = assistant.ask(text)
    assert answer.lead == lead
    assert {c.report.name for c in answer.citations} == {report}


def test_without_a_period_the_newest_report_answers_and_the_answer_says_which(assistant: Assistant) -> None:
    answer = assistant.ask("Có bao nhiêu người đi làm việc ở nước ngoài theo hợp đồng?")
    assert answer.text.startswith("**346 người")
    assert {c.report.name for c in answer.citations} == {NINE}
    assert messages.from_report(answer.citations[0].report.title) in answer.text


def test_with_a_period_the_answer_does_not_repeat_the_report(assistant: Assistant) -> None:
    answer = assistant.ask("9 tháng có bao nhiêu người đi làm việc ở nước ngoài theo hợp đồng?")
    assert "Theo BÁO CÁO" not in answer.text


@pytest.mark.parametrize("named", [SIX, "id"])
def test_only_the_reports_named_are_asked(assistant: Assistant, named: str) -> None:
    wanted = next(f.id for f in assistant.reports() if f.name == SIX) if named == "id" else named
    answer = assistant.ask("Có bao nhiêu người đi làm việc ở nước ngoài theo hợp đồng?", reports=[wanted])
    assert answer.lead is not None and answer.lead.startswith("224 người")
    assert {c.report.name for c in answer.citations} == {SIX}


def test_a_report_that_is_not_there_is_an_error_for_the_user(assistant: Assistant) -> None:
    with pytest.raises(ChooseReport, match="khong-co.txt"):
        assistant.ask(ACCIDENTS, reports=["khong-co.txt"])


def test_no_report_chosen_answers_nothing(assistant: Assistant) -> None:
    answer = assistant.ask(ACCIDENTS, reports=[])
    assert (answer.text, answer.abstained, answer.citations) == (messages.NOT_SAID_ALL, True, ())


def test_periods_are_compared_with_the_exact_difference(assistant: Assistant) -> None:
    answer = assistant.ask("Số người đi làm việc ở nước ngoài theo hợp đồng 9 tháng so với 6 tháng chênh bao nhiêu?")
    assert answer.text.startswith("Tăng **122 người"), answer.text
    assert {c.report.name for c in answer.citations} == {NINE, SIX}
    assert answer.computed == ("122", "54,46%")


def test_several_things_asked_are_all_answered(assistant: Assistant) -> None:
    answer = assistant.ask("9 tháng hỗ trợ học nghề bảo hiểm thất nghiệp cho bao nhiêu người, kinh phí bao nhiêu?")
    assert "103 người" in answer.text and "498,75 triệu đồng" in answer.text
    assert places(answer) == {(NINE, "2.1", None)}


@pytest.mark.parametrize(
    "text",
    [
        "Năm 2019 có bao nhiêu người được giải quyết việc làm?",
        "Năm 2021 có bao nhiêu vụ tai nạn lao động?",
        "Quý I năm 2022 tuyển sinh bao nhiêu người?",
    ],
)
def test_another_period_is_declined_by_name(assistant: Assistant, text: str) -> None:
    answer = assistant.ask(text)
    asked = "; ".join(answer.details["periods"])
    assert answer.abstained is True
    assert asked and asked in answer.text
    assert (answer.lead, answer.citations) == (None, ())


def test_the_periods_that_are_there_are_known_to_a_refusal(assistant: Assistant) -> None:
    answer = assistant.ask("Năm 2019 có bao nhiêu người được giải quyết việc làm?")
    assert set(answer.details["available"]) == {"9 tháng đầu năm 2024", "6 tháng đầu năm 2024", "năm 2023"}


@pytest.mark.parametrize(
    "text",
    [
        "Tên những người chết vì tai nạn lao động 9 tháng là gì?",
        "Huyện Mường Lát có bao nhiêu hộ nghèo?",
        "9 tháng huyện Bình Lãng có bao nhiêu người đi làm việc ở nước ngoài?",
        "9 tháng có bao nhiêu ca mắc sốt xuất huyết?",
        "Giá xăng 9 tháng tăng bao nhiêu?",
        "Ai là giám đốc bệnh viện đa khoa tỉnh?",
    ],
)
def test_what_the_reports_do_not_say_is_declined(assistant: Assistant, text: str) -> None:
    answer = assistant.ask(text)
    assert answer.abstained is True, answer.text
    assert answer.text.startswith(messages.NOT_SAID)
    assert (answer.lead, answer.citations) == (None, ())


QUESTIONS = (
    ACCIDENTS, "9 tháng huyện Đá Vách xây mới bao nhiêu căn nhà tình nghĩa?", "33.613 là số gì?", "Quyết định 1508 về việc gì?",
    "Số người đi làm việc ở nước ngoài theo hợp đồng 9 tháng so với 6 tháng chênh bao nhiêu?",
    "Tuyển sinh 9 tháng chia theo trình độ thế nào?", "Năm 2023 giải quyết việc làm cho bao nhiêu lao động?",
    "5 doanh nghiệp để xảy ra tai nạn chết người 9 tháng là những doanh nghiệp nào?", "Vì sao giải ngân thấp?", "Mức chuẩn trợ giúp xã hội?",
)


@pytest.mark.parametrize("text", QUESTIONS)
def test_quotes_are_literal_and_every_figure_is_grounded(assistant: Assistant, text: str) -> None:
    answer = assistant.ask(text)
    assert misquoted(answer.citations) == []
    names = [name for c in answer.citations for name in (c.report.title, c.report.period, c.report.name)]
    assert ungrounded_figures(answer.text, answer.citations, allowed=[text, *answer.computed, *names]) == []
    assert all(figure in c.quote for c in answer.citations for figure in c.figures)
    assert all(f"[{n}]" in answer.text for n in range(1, len(answer.citations) + 1))


@pytest.mark.parametrize("text", QUESTIONS)
def test_answers_are_short(assistant: Assistant, text: str) -> None:
    assert len(assistant.ask(text).text) < 1_600


def test_the_same_question_gets_the_same_answer_on_every_thread(assistant: Assistant) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(assistant.ask(ACCIDENTS).text)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [assistant.ask(ACCIDENTS).text] * 4


def test_the_time_an_answer_took_is_told(assistant: Assistant) -> None:
    assert 0 < assistant.ask(ACCIDENTS).ms < 10_000


def test_a_question_is_read_without_answering_it(assistant: Assistant) -> None:
    question, readings, weighing = assistant.read("tai nan lao dong 9 thang bao nhieu vu")
    assert question.text == "tai nạn lao động 9 tháng bao nhiêu vụ"
    assert {r.hit.report.name for r in readings} == {NINE}
    assert weighing.weights["nạn"] > 0


def same(answer: Answer, other: Answer) -> bool:
    return (answer.text, answer.lead, answer.citations) == (other.text, other.lead, other.citations)


def test_the_runnable_answers_a_question_as_the_assistant_does(assistant: Assistant) -> None:
    assert same(assistant.as_runnable().invoke(ACCIDENTS), assistant.ask(ACCIDENTS))


def test_the_runnable_takes_history_and_reports(assistant: Assistant) -> None:
    asked = {"question": "còn số người chết?", "history": [ACCIDENTS], "reports": [NINE]}
    expected = assistant.ask("còn số người chết?", history=[ACCIDENTS], reports=[NINE])
    assert same(assistant.as_runnable().invoke(asked), expected)


def test_a_batch_is_answered_in_order(assistant: Assistant) -> None:
    texts = [ACCIDENTS, "33.613 là số gì?", {"question": "Quyết định 9999 về việc gì?"}]
    answers = assistant.as_runnable().batch(texts)
    assert [answer.abstained for answer in answers] == [False, False, True]
    assert answers[1].lead == "33.613 suất quà"


def test_a_stream_gives_one_answer(assistant: Assistant) -> None:
    (answer,) = assistant.as_runnable().stream(ACCIDENTS)
    assert same(answer, assistant.ask(ACCIDENTS))


def test_the_runnable_can_be_chained(assistant: Assistant) -> None:
    chain = assistant.as_runnable() | (lambda answer: answer.lead)
    assert chain.invoke("33.613 là số gì?") == "33.613 suất quà"


def test_callbacks_see_the_question_and_the_answer(assistant: Assistant) -> None:
    class Listener(BaseCallbackHandler):
        def __init__(self) -> None:
            self.seen: list[tuple[str, Any]] = []

        def on_chain_start(self, serialized: Any, inputs: Any, **more: Any) -> None:
            self.seen.append((more.get("name"), inputs))

        def on_chain_end(self, outputs: Any, **_: Any) -> None:
            self.seen.append(("end", outputs.lead))

        def on_chain_error(self, error: BaseException, **_: Any) -> None:
            self.seen.append(("error", type(error)))

    listener = Listener()
    runnable = assistant.as_runnable().with_config(callbacks=[listener])
    runnable.invoke("33.613 là số gì?")
    assert listener.seen == [("hoi_bao_cao", "33.613 là số gì?"), ("end", "33.613 suất quà")]
    with pytest.raises(ChooseReport):
        runnable.invoke({"question": ACCIDENTS, "reports": ["khong-co.txt"]})
    assert listener.seen[-1] == ("error", ChooseReport)
