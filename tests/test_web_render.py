"""Answers as HTML, from hand-made records: what is shown, and that nothing shown can act."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import messages
from assistant.answers import Citation
from assistant.web.conversation import MAX_HISTORY, MAX_SHOWN_TURNS, Conversation, ask_question
from assistant.web.rendering import (
    MAX_SHOWN_QUESTION,
    bold_figures,
    escape_text,
    render_answer,
    render_markdown,
    render_notice,
    render_question,
    report_label,
)
from index.errors import UserError
from index.records import Report, Section

QUOTE = "Trong 9 tháng xảy ra 04 vụ tai nạn lao động chết người, làm 06 người chết[3]."


class Page(HTMLParser):
    """Reads HTML as a browser would: the tags with their classes, the text, the bold parts."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.bold: list[str] = []
        self._in_bold = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "br":
            self.text += "\n"
        if tag == "strong":
            self._in_bold = True
            self.bold.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_bold = self._in_bold and tag != "strong"
        if tag in {"p", "div", "li", "blockquote"}:
            self.text += "\n"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_bold:
            self.bold[-1] += data


@dataclass(frozen=True)
class FakeCitation:
    report: Report
    section: Section
    footnote: str | None
    quote: str
    figures: tuple[str, ...]
    start: int = 0
    end: int = 0
    page: int | None = None
    table: str = ""
    row: str = ""
    place = Citation.place


@dataclass(frozen=True)
class FakeAnswer:
    text: str
    citations: tuple[FakeCitation, ...] = ()
    abstained: bool = False
    lead: str | None = None
    computed: tuple[str, ...] = ()
    ms: float = 1.0
    details: dict = field(default_factory=dict)


def make_report(*, title: str | None = "Báo cáo 9 tháng năm 2024", number: str | None = "Số: 12/BC-SLĐ") -> Report:
    return Report(
        id="0123456789ab", name="bao-cao.txt", source="/tmp/bao-cao.txt", text=QUOTE, title=title, agency=None,
        number=number, date=None, period=None, sections=(), footnotes=(), passages=(),
    )


def make_section(number: str = "2.1", title: str = "Về tình hình lao động") -> Section:
    path = ("2 Công tác lao động", f"{number} {title}".strip())
    return Section(index=0, number=number, title=title, path=path, level=2, start=0, end=len(QUOTE))


def make_citation(**changes: object) -> FakeCitation:
    values = {
        "report": make_report(), "section": make_section(), "footnote": "3", "quote": QUOTE,
        "figures": ("04 vụ", "06 người"),
    }
    return FakeCitation(**{**values, **changes})


def test_an_answer_shows_its_text_with_bold_figures_and_numbered_marks() -> None:
    page = Page(render_answer(FakeAnswer("Có **04 vụ** chết người [1].", (make_citation(),))))
    assert page.text.startswith("Có 04 vụ chết người [1].\n")
    assert page.bold[0] == "04 vụ"


def test_a_source_shows_report_place_path_footnote_and_the_quote_with_its_figures_in_bold() -> None:
    page = Page(render_answer(FakeAnswer("Có **04 vụ** [1].", (make_citation(),))))
    assert "mục 2.1, chú thích 3" in page.text
    assert "Báo cáo 9 tháng năm 2024 (Số: 12/BC-SLĐ)" in page.text
    assert "2 Công tác lao động › 2.1 Về tình hình lao động" in page.text
    assert QUOTE in page.text
    assert page.bold[1:] == ["04 vụ", "06 người"]


def test_sources_keep_the_order_of_their_marks() -> None:
    answer = FakeAnswer("Hai số [1][2].", (make_citation(), make_citation(section=make_section("7", "An toàn"))))
    text = Page(render_answer(answer)).text
    assert text.index("[1] mục 2.1") < text.index("[2] mục 7")


@pytest.mark.parametrize(
    ("number", "title", "expected"),
    [
        ("2.1", "Lao động", "mục 2.1"),
        ("II.1", "Lao động", "mục II.1"),
        ("Điều 8", "Lao động", "Điều 8"),
        ("Phần thứ nhất", "Lao động", "Phần thứ nhất"),
        ("", "Lao động", "mục “Lao động”"),
        ("", "", "phần đầu báo cáo"),
    ],
)
def test_a_section_is_named_as_the_report_numbers_it(number: str, title: str, expected: str) -> None:
    citation = make_citation(section=make_section(number, title), footnote=None)
    page = Page(render_answer(FakeAnswer("Có [1].", (citation,))))
    assert f"[1] {expected}\nBáo cáo 9 tháng" in page.text


def test_a_report_without_title_goes_by_its_file_name() -> None:
    assert report_label(make_report(title=None, number=None)) == "bao-cao.txt"


def test_a_mark_without_a_source_stays_text() -> None:
    assert Page(render_markdown("Theo chú thích [7].", marks=1)).text.strip() == "Theo chú thích [7]."


def test_a_table_is_a_table_and_its_cells_are_escaped() -> None:
    row = messages.series_row("năm 2023", "**986 người** <b>x</b>", "", "[1]")
    page = Page(render_markdown(f"{messages.SERIES_HEAD}\n{row}\n\nLưu ý", marks=1))
    assert page.tags.count("table") == 1 and page.tags.count("tr") == 2 and page.tags.count("th") == 4
    assert page.bold == ["986 người"] and "<b>x</b>" in page.text and "---" not in page.text


def test_lists_become_bullets_and_escaped_markdown_means_itself() -> None:
    page = Page(render_markdown("Gồm:\n- **3 vụ** ở huyện A\n- 1 vụ ở huyện B\n\nTổng \\*không\\* đổi", marks=0))
    assert page.tags == ["p", "ul", "li", "strong", "li", "p"]
    assert page.text.split("\n") == ["Gồm:", "3 vụ ở huyện A", "1 vụ ở huyện B", "Tổng *không* đổi", ""]


@pytest.mark.parametrize(
    ("quote", "figures", "bold"),
    [
        ("có 14 vụ, trong đó 4 vụ nặng", ("4 vụ",), ["4 vụ"]),
        ("tăng 0,4 điểm và 4 điểm", ("4 điểm",), ["4 điểm"]),
        ("đạt 86,65%, cả năm 86,65%", ("86,65%",), ["86,65%", "86,65%"]),
        ("có 1.446/2.450 người", ("1.446", "1.446/2.450 người"), ["1.446/2.450 người"]),
        ("có 13.864 lượt, 13 lượt", ("13",), ["13"]),
        ("không có số", (), []),
    ],
)
def test_only_the_figure_itself_is_bold(quote: str, figures: tuple[str, ...], bold: list[str]) -> None:
    page = Page(bold_figures(quote, figures))
    assert (page.text, page.bold) == (quote, bold)


def test_an_abstention_and_a_notice_are_marked_as_such() -> None:
    assert 'class="answer abstained"' in render_answer(FakeAnswer("Báo cáo không nêu.", abstained=True))
    assert 'class="notice"' in render_notice("Câu hỏi trống.")


def test_a_very_long_question_is_cut_on_the_screen() -> None:
    shown = Page(render_question("ạ" * 20_000)).text.strip()
    assert shown == "ạ" * MAX_SHOWN_QUESTION + "…"


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![ảnh](http://example.org/a.png)",
    "[bấm](javascript:alert(1))",
    "http://example.org www.example.org a@example.org",
    "${alert(1)} {{constructor}} $$\\href{javascript:alert(1)}{x}$$",
    "</div></blockquote><iframe src=//example.org>",
    "# Đề mục\n    mã lệnh\n```\nkhối\n```\n| a | b |\n|---|---|",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_comes_from_reports_and_users_is_only_ever_text(attack: str) -> None:
    report, section = make_report(title=attack, number=attack), make_section(attack, attack)
    citation = make_citation(report=report, section=section, footnote=attack, quote=attack, figures=(attack,))
    html = render_question(attack) + render_notice(attack) + render_answer(FakeAnswer(attack, (citation,)))
    page = Page(html)
    assert set(page.tags) <= {"div", "p", "span", "strong", "br", "ul", "li"}
    assert page.attributes <= {"class"}
    assert " ".join(attack.split()) in " ".join(page.text.split())
    assert not set("$`\\![]{}|*_@") & set(html)


@given(st.text(alphabet=string.punctuation + "ạ1 <>&"))
def test_escaped_text_reads_back_as_itself(text: str) -> None:
    assert Page(escape_text(text)).text == text
    assert not set("<>\"'*_[](){}$`\\!|@:~/.") & set(escape_text(text))


class FakeAssistant:
    """Answers with the number of earlier questions it was given; refuses an empty question."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str], list[str] | None]] = []

    def ask(self, question: str, history: list[str], reports: list[str] | None) -> FakeAnswer:
        self.asked.append((question, history, reports))
        if not question.strip():
            raise UserError("Hãy nhập câu hỏi.")
        if question == "lỗi":
            raise RuntimeError("không mở được tệp /tmp/bí mật")
        return FakeAnswer(f"Có {len(history)} câu hỏi trước.")


def test_a_conversation_passes_its_newest_answered_questions_as_history() -> None:
    assistant, conversation = FakeAssistant(), Conversation()
    for number in range(MAX_HISTORY + 3):
        conversation = ask_question(assistant, conversation, f"câu {number}", report="0123456789ab")
    assert assistant.asked[-1] == ("câu 12", [f"câu {n}" for n in range(2, 12)], ["0123456789ab"])
    assert assistant.asked[0] == ("câu 0", [], ["0123456789ab"])


def test_asking_leaves_the_earlier_conversation_as_it_was() -> None:
    first = ask_question(FakeAssistant(), Conversation(), "câu một")
    ask_question(FakeAssistant(), first, "câu hai")
    assert [turn.question for turn in first.turns] == ["câu một"]
    assert [message["role"] for message in first.shown()] == ["user", "assistant"]


def test_a_refused_question_shows_its_sentence_and_is_not_history() -> None:
    conversation = ask_question(FakeAssistant(), Conversation(), "  ")
    assert "Hãy nhập câu hỏi." in Page(conversation.turns[-1].answer_html).text
    assert conversation.history == []


def test_a_failure_shows_a_sentence_without_its_details(caplog: pytest.LogCaptureFixture) -> None:
    conversation = ask_question(FakeAssistant(), Conversation(), "lỗi")
    shown = Page(conversation.turns[-1].answer_html).text
    assert shown.startswith("Không trả lời được câu hỏi này")
    assert "bí mật" not in shown
    assert "RuntimeError" in caplog.text


def test_a_long_conversation_keeps_its_newest_turns() -> None:
    conversation = Conversation()
    for number in range(MAX_SHOWN_TURNS + 5):
        conversation = ask_question(FakeAssistant(), conversation, f"câu {number}")
    assert len(conversation.turns) == MAX_SHOWN_TURNS
    assert conversation.turns[0].question == "câu 5"


def test_rows_of_a_table_are_shown_as_a_table_with_its_name_and_theirs() -> None:
    citation = make_citation(footnote=None, quote="1\tHuyện <b>Bến Đá\t15.640", figures=("15.640",), table="Bảng 2", row="Huyện <b>Bến Đá")
    shown = render_answer(FakeAnswer("15.640 [1]", (citation,)))
    assert '<table class="quote"><tr><td>1</td><td>Huyện &#60;b&#62;Bến Đá</td><td><strong>15&#46;640</strong></td></tr></table>' in shown
    assert "bảng “Bảng 2”&#44; dòng “Huyện &#60;b&#62;Bến Đá”" in shown
