"""Questions as understood: what is asked, of what, for when, leaning on which earlier question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question import (
    EARLIER_WEIGHT,
    Slot,
    asks_of,
    content_terms,
    find_synonyms,
    is_follow_up,
    lean_on,
    numbers_in,
    quantities,
    read_plural,
    read_slots,
    split_question,
    topic_words,
    understand,
    years_back,
)
from index.text import tokenise


def ask(text: str, *, earlier: str = ""):
    return understand(text, text, earlier=earlier)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("9 tháng có bao nhiêu vụ tai nạn lao động?", {"count"}),
        ("Quý III có mấy cuộc thanh tra?", {"count"}),
        ("Số người chết?", {"count"}),
        ("Tổng số hộ nghèo", {"count"}),
        ("Kinh phí đóng bảo hiểm y tế là bao nhiêu?", {"count", "money"}),
        ("Chi trả bao nhiêu tiền, cho mấy người?", {"count", "money"}),
        ("Đạt bao nhiêu phần trăm kế hoạch?", {"count", "percent"}),
        ("Tỷ lệ hộ nghèo?", {"percent"}),
        ("Ai làm trưởng phòng?", {"who", "person"}),
        ("Khi nào tổ chức lễ phát động?", {"when", "what"}),
        ("Lễ phát động ở đâu?", {"where"}),
        ("Quyết định nào về nghĩa trang?", {"document", "what"}),
        ("Vì sao giải ngân thấp?", {"why"}),
        ("Có đình công không?", {"yesno"}),
        ("Tuyển sinh chia theo trình độ thế nào?", {"breakdown", "what"}),
        ("Bao nhiêu trên tổng số nhiệm vụ?", {"count", "ratio"}),
        ("Số vụ tăng hay giảm so với cùng kỳ?", {"change", "compare", "count"}),
    ],
)
def test_a_question_asks_for_the_kinds_its_words_name(text: str, asks: set[str]) -> None:
    assert asks_of(text) == asks


@pytest.mark.parametrize(
    ("text", "divides"), [("Mỗi xã bao nhiêu hộ?", True), ("mỗi xã nghèo mấy hộ", True), ("Nông thôn mới đạt bao nhiêu xã?", False)]
)
def test_each_is_not_taken_for_new(text: str, divides: bool) -> None:
    assert ("breakdown" in asks_of(text)) is divides


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Mấy làng nghề bán được bao nhiêu tiền?", "những làng nghề bán được bao nhiêu tiền?"),
        ("mấy nơi bị kiểm tra là những nơi nào", "những nơi bị kiểm tra là những nơi nào"),
        ("Mấy vụ, mấy người chết?", None),
        ("Mấy người chết trong mấy vụ?", None),
        ("Mấy vụ cháy?", None),
        ("Có mấy xã đạt bao nhiêu tiêu chí?", None),
    ],
)
def test_a_leading_how_many_that_counts_nothing_is_a_plural(text: str, read: str | None) -> None:
    assert read_plural(text) == (read or text)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Năm ngoái có bao nhiêu vụ cháy?", 1),
        ("cùng kỳ năm trước thu được bao nhiêu tấn", 1),
        ("năm kia mấy hộ nghèo", 2),
        ("Năm nay có bao nhiêu vụ cháy?", 0),
        ("Số vụ cháy tăng bao nhiêu so với năm ngoái?", 0),
        ("hơn năm ngoái mấy vụ", 0),
    ],
)
def test_years_are_counted_back_unless_something_is_compared(text: str, years: int) -> None:
    assert years_back(text) == years


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Năm ngoái có bao nhiêu vụ cháy?", ["năm 2023"]),
        ("6 tháng đầu năm ngoái có bao nhiêu vụ cháy?", ["6 tháng đầu năm 2023"]),
        ("Có bao nhiêu vụ cháy?", []),
    ],
)
def test_last_year_is_the_year_before_the_newest_report(text: str, labels: list[str]) -> None:
    assert [period.label for period in understand(text, text, this_year=2024).periods] == labels
    assert all(period.year is None for period in understand(text, text).periods)


@pytest.mark.parametrize("text", ["Máy móc có gì?", "Có những tiến bộ gì?", "Ở đây có gì mới?"])
def test_words_that_only_look_like_asking_words_ask_for_no_number(text: str) -> None:
    assert asks_of(text) & {"count", "money", "percent"} == set()


def test_tons_of_rice_are_no_money() -> None:
    assert asks_of("Cấp bao nhiêu tấn gạo?") == {"count"}


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        ("Có mấy hộ?", [("hộ",)]),
        ("Bao nhiêu lượt người được tư vấn?", [("lượt", "người")]),
        ("Bao nhiêu suất quà, trị giá bao nhiêu tiền?", [("suất", "quà"), ("tiền",)]),
        ("Kinh phí là bao nhiêu?", [()]),
        ("Số người chết?", [("người",)]),
        ("Số lượt người được tư vấn?", [("lượt", "người")]),
        ("Ai làm trưởng phòng?", []),
    ],
)
def test_each_thing_asked_has_a_slot_with_its_noun(text: str, nouns: list[tuple[str, ...]]) -> None:
    assert read_slots(text) == tuple(Slot(noun) for noun in nouns)


def test_a_noun_is_compared_without_diacritics() -> None:
    assert Slot(("lượt", "người")).noun == ("luot", "nguoi")


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("9 tháng đầu năm 2024 có mấy vụ?", ["9 tháng đầu năm 2024"]),
        ("Quý III có mấy vụ?", ["quý III"]),
        ("6 tháng so với năm 2023 thế nào?", ["6 tháng đầu năm", "năm 2023"]),
        ("Có mấy vụ?", []),
    ],
)
def test_the_periods_of_a_question_are_read(text: str, labels: list[str]) -> None:
    assert [period.label for period in ask(text).periods] == labels


def test_numbers_of_periods_name_nothing_else() -> None:
    assert numbers_in("9 tháng năm 2024 theo Quyết định 1508 có 12.467 lao động?") == ("1508", "12.467")


def test_asking_words_and_single_letters_carry_no_topic() -> None:
    assert content_terms(tokenise("Trong 9 tháng có bao nhiêu vụ tai nạn a?")) == ["9", "tháng", "vụ", "tai", "nạn"]


def test_the_words_of_a_percentage_are_no_topic() -> None:
    assert list(ask("Đạt bao nhiêu phần trăm kế hoạch?").terms) == ["đạt", "kế", "hoạch"]


@pytest.mark.parametrize(
    "text",
    ["Còn số người chết?", "Thế còn năm 2023?", "Vậy nữ thì sao?", "trong đó nữ mấy người", "riêng nữ?", "ở huyện đó?",
     "Và số tiền?", "con so nguoi chet?", "the nam 2023 thi sao"],
)
def test_a_follow_up_is_known_by_its_first_or_last_words(text: str) -> None:
    assert is_follow_up(text) is True


@pytest.mark.parametrize(
    "text",
    ["Thẻ bảo hiểm y tế đã cấp bao nhiêu?", "Nêu các nguồn vốn", "Tuyển sinh chia theo trình độ?", "Cứu đói bao nhiêu gạo?",
     "Tiến độ giải ngân đến nay?", "Chậm vì lý do?", "Thể thao có mấy giải?"],
)
def test_words_that_differ_by_diacritics_only_do_not_lean(text: str) -> None:
    assert is_follow_up(text) is False


def test_a_follow_up_takes_topic_period_and_what_is_asked_from_the_question_before() -> None:
    question = ask("còn nữ?", earlier="9 tháng tuyển sinh bao nhiêu người?")
    assert question.leans is True
    assert question.topic == "9 tháng tuyển sinh người"
    assert question.asks == {"count"}
    assert question.slots == (Slot(("người",)),)
    assert [period.label for period in question.periods] == ["9 tháng đầu năm"]
    assert question.terms["nữ"] == 1.0
    assert question.terms["tuyển"] == EARLIER_WEIGHT


def test_a_follow_up_with_a_period_of_its_own_keeps_it() -> None:
    question = ask("còn 6 tháng?", earlier="9 tháng tuyển sinh bao nhiêu người?")
    assert [period.label for period in question.periods] == ["6 tháng đầu năm"]
    assert question.asks == {"count"}


def test_a_new_question_leans_on_nothing() -> None:
    question = ask("Bao nhiêu hộ nghèo được vay vốn ưu đãi?", earlier="9 tháng tuyển sinh bao nhiêu người?")
    assert (question.leans, question.topic, question.periods) == (False, "", ())
    assert "tuyển" not in question.terms


def test_without_a_chat_nothing_is_a_follow_up() -> None:
    assert ask("Còn số người chết?").leans is False


def test_a_chain_of_follow_ups_keeps_its_topic_and_its_newest_period() -> None:
    chain = lean_on("", "9 tháng có bao nhiêu vụ tai nạn lao động?")
    chain = lean_on(chain, "còn 6 tháng?")
    question = ask("còn số người chết?", earlier=chain)
    assert [period.label for period in question.periods] == ["6 tháng đầu năm"]
    assert {"tai", "nạn", "lao", "động", "người", "chết"} <= set(question.terms)
    assert question.slots == (Slot(("người",)),)


def test_a_chain_of_follow_ups_asks_what_its_newest_one_asked() -> None:
    chain = lean_on("9 tháng có bao nhiêu vụ tai nạn lao động?", "còn số người chết?")
    question = ask("thế 6 tháng?", earlier=chain)
    assert [slot.noun[0] for slot in question.slots] == ["nguoi"]
    assert {"tai", "nạn", "chết"} <= set(question.terms)


def test_a_new_topic_ends_the_chain() -> None:
    text = "Có bao nhiêu hộ nghèo được vay vốn ưu đãi?"
    assert lean_on("9 tháng tuyển sinh bao nhiêu người?", text) == text


def test_topic_words_leave_out_the_words_of_asking() -> None:
    assert topic_words("9 tháng có bao nhiêu vụ tai nạn lao động?") == "9 tháng có vụ tai nạn lao động"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13.864 là số gì?", "13.864"),
        ("Con số 1.234,5 là gì?", "1.234,5"),
        ("33613 la so gi", "33613"),
        ("2.406,13 triệu đồng nằm ở mục nào?", "2.406,13"),
        ("số 13.864 nói về cái gì?", "13.864"),
        ("12 là số gì?", None),
        ("9 tháng có bao nhiêu vụ?", None),
        ("Quyết định 1506 về việc gì?", None),
    ],
)
def test_a_figure_that_is_looked_up_is_recognised(text: str, number: str | None) -> None:
    assert ask(text).lookup == number


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("làm việc được 20 tháng", (20.0, "thang")),
        ("ba năm rưỡi", (3.5, "nam")),
        ("đủ 15 tuổi", (15.0, "tuoi")),
        ("nghỉ hai ngày", (2.0, "ngay")),
    ],
)
def test_measures_of_time_and_age_are_read_in_digits_and_words(text: str, measures: tuple[float, str]) -> None:
    assert measures in quantities(text)


def test_two_counts_asked_at_once_are_two_questions() -> None:
    parts = split_question(ask("Số người chết bao nhiêu, bị thương mấy người?"))
    assert parts == [("Số người chết", "Số người chết bao nhiêu"), ("bị thương người", "bị thương mấy người")]


def test_a_list_behind_a_colon_shares_its_head() -> None:
    parts = split_question(ask("Kết quả giảm nghèo của 3 nhóm: hộ nghèo; hộ cận nghèo; hộ mới thoát nghèo"))
    assert [label for label, _ in parts] == ["hộ nghèo", "hộ cận nghèo", "hộ mới thoát nghèo"]
    assert [" ".join(text.split()) for _, text in parts][0] == "Kết quả giảm nghèo hộ nghèo"


@pytest.mark.parametrize(
    "text", ["9 tháng có bao nhiêu vụ tai nạn lao động?", "Có bao nhiêu hộ nghèo, hộ cận nghèo?", "Lễ phát động: ở đâu?",
             "Tổng số hộ là bao nhiêu, chia theo xã thì mỗi xã bao nhiêu?"]
)
def test_one_question_is_not_split(text: str) -> None:
    assert split_question(ask(text)) == []


def test_other_terms_of_the_same_meaning_are_found_for_each_word_of_a_phrase() -> None:
    synonyms = find_synonyms(tokenise("thất nghiệp"))
    assert ("mất", "việc") in synonyms["thất"]
    assert synonyms["nghiệp"] == synonyms["thất"]
    assert find_synonyms(tokenise("tai nạn")) == {}


def test_a_question_is_searched_with_the_other_terms_too() -> None:
    question = ask("Bao nhiêu người thất nghiệp?")
    assert question.search_text == "Bao nhiêu người thất nghiệp?"
    assert question.keyword_text.startswith("Bao nhiêu người thất nghiệp? . ")
    assert "mất việc" in question.keyword_text


@given(st.text(max_size=200), st.text(max_size=80))
def test_any_text_is_understood_without_an_error(text: str, earlier: str) -> None:
    question = understand(text, text, earlier=earlier)
    assert question.original == text
    assert all(0 < weight <= 1 for weight in question.terms.values())
    assert all(label for label, _ in split_question(question))


@given(st.text(max_size=120), st.text(max_size=120))
def test_what_a_question_leans_on_ends_with_its_own_words(earlier: str, text: str) -> None:
    assert lean_on(earlier, text).strip().endswith(text.strip())


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Có bao nhiêu vụ cháy, sao mỗi biểu một kiểu?", "Có bao nhiêu vụ cháy"),
        ("Chết mấy người, số ở các mục có khớp nhau không?", "Chết mấy người"),
        ("Có mấy đoàn kiểm tra? Sao chỗ nói một đằng chỗ nói một nẻo", "Có mấy đoàn kiểm tra"),
        ("Chết mấy người? Trang trước ghi một số, trang sau ghi số khác", "Chết mấy người"),
        ("Chết mấy người, tôi thấy hai mục nói hai kiểu?", "Chết mấy người"),
    ],
)
def test_a_doubt_is_heard_and_left_out_of_the_question(text: str, asked: str) -> None:
    question = understand(text, text)
    assert question.text == asked and "conflict" in question.asks and "yesno" not in question.asks


def test_to_ask_for_figures_to_check_by_is_no_doubt() -> None:
    text = "Cho số hộ nghèo từng huyện để đối chiếu"
    assert understand(text, text).text == text and "conflict" not in understand(text, text).asks
