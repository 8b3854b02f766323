"""What will be said: the whole unless a part is asked, the newest of the same, what contradicts and what does not.

Scores are given here, so that the tests do not hang on learned weights; `choose` itself is used at the end.
"""

from __future__ import annotations

import numpy as np
import pytest

from assistant.candidates import clause_views
from assistant.choosing import (
    CONFLICT_MARGIN,
    REFUSAL_FEATURES,
    _conflicts,
    _newest_of_same,
    choose,
    clause_numbers,
    missing_names,
    reading_extras,
    refusal_features,
    score_readings,
    whole_unless_part_asked,
)
from assistant.question import Question, understand
from assistant.reading import FEATURES, Reading, Weighing, read, weigh
from index.records import Hit
from index.reporting import make_report

HEAD = "SỞ CÔNG THƯƠNG TỈNH AN PHÚ\nBÁO CÁO\nKết quả công tác {period}\n"
NINE = "9 tháng đầu năm 2024"


class Asked:
    """A question read over tiny reports, every reading with the same score until told otherwise."""

    def __init__(self, text: str, *reports: tuple[str, str]) -> None:
        self.question: Question = understand(text, text)
        made = [make_report(HEAD.format(period=period) + body, name=f"{i}.txt", source="upload:x") for i, (period, body) in enumerate(reports)]
        hits = [
            Hit(report, passage, 1.0, 1.0, 1.0, clause_vectors=np.tile(np.float32([1, 0]), (len(passage.clauses), 1)))
            for report in made for passage in report.passages
        ]
        self.weighing: Weighing = weigh(self.question, lambda term: 1.0)
        self.readings = read(self.question, hits, np.float32([1, 0]), self.weighing, {})
        self.scores = np.zeros(len(self.readings))

    def figure(self, literal: str, *, nth: int = 0) -> Reading:
        return [r for r in self.readings if r.figure and r.figure.literal == literal][nth]

    def score(self, **by_literal: float) -> None:
        for reading_number, reading in enumerate(self.readings):
            if reading.figure and reading.figure.literal in by_literal:
                self.scores[reading_number] = by_literal[reading.figure.literal]

    def whole(self, best: Reading) -> str:
        return whole_unless_part_asked(best, self.readings, self.scores, self.weighing).figure.literal

    def ahead(self, first: str, second: str) -> float:
        """Return by how much one figure is scored above another."""
        scores = score_readings(self.question, self.readings)
        one, other = (next(i for i, r in enumerate(self.readings) if r is self.figure(literal)) for literal in (first, second))
        return float(scores[one] - scores[other])

    def newest(self, best: Reading) -> Reading:
        self.scores[next(i for i, r in enumerate(self.readings) if r is best)] += 0.1
        return _newest_of_same(best, self.readings, self.scores, np.argsort(-self.scores, kind="stable"))

    def conflicts(self, literal: str) -> list[tuple[str, str]]:
        best = self.figure(literal)
        found = _conflicts(self.question, best, self.readings, self.scores)
        return [(r.hit.section.number, r.figure.literal) for r in found]


FIRES = "1. Cháy nổ\nĐiều tra 17 vụ cháy. Trong đó: tại chợ 09 vụ; tại nhà dân 08 vụ.\n"


def test_a_part_is_not_said_for_the_whole() -> None:
    asked = Asked("Có bao nhiêu vụ cháy?", (NINE, FIRES))
    assert asked.whole(asked.figure("09 vụ")) == "17 vụ cháy"


def test_a_part_is_said_when_it_is_asked_for() -> None:
    asked = Asked("Có bao nhiêu vụ cháy tại chợ?", (NINE, FIRES))
    assert asked.whole(asked.figure("09 vụ")) == "09 vụ"


def test_the_whole_stays_the_whole() -> None:
    asked = Asked("Có bao nhiêu vụ cháy?", (NINE, FIRES))
    assert asked.whole(asked.figure("17 vụ cháy")) == "17 vụ cháy"


def test_a_part_in_the_same_sentence_gives_way_to_its_whole() -> None:
    asked = Asked("Cấp bao nhiêu thẻ?", (NINE, "1. Thẻ\nCấp 840 thẻ, trong đó nhóm nữ 510 thẻ.\n"))
    assert asked.whole(asked.figure("510 thẻ")) == "840 thẻ"
    asked = Asked("Cấp bao nhiêu thẻ cho nữ?", (NINE, "1. Thẻ\nCấp 840 thẻ, trong đó nhóm nữ 510 thẻ.\n"))
    assert asked.whole(asked.figure("510 thẻ")) == "510 thẻ"


def test_what_remains_of_a_whole_is_not_said_for_it() -> None:
    body = "1. Cháy nổ\nĐiều tra 17 vụ cháy. Tại chợ có 09 vụ; 08 vụ còn lại là cháy nhà dân.\n"
    asked = Asked("Có bao nhiêu vụ cháy?", (NINE, body))
    assert asked.whole(asked.figure("08 vụ")) == "17 vụ cháy"
    asked = Asked("Có bao nhiêu vụ cháy nhà dân?", (NINE, body))
    assert asked.whole(asked.figure("08 vụ")) == "08 vụ"


def test_the_very_thing_counted_is_ahead_of_one_with_a_word_between() -> None:
    body = "1. Giảm nghèo\nToàn tỉnh có 3.942 hộ nghèo và 5.218 hộ cận nghèo.\n"
    texts = "Còn bao nhiêu hộ nghèo?", "Còn bao nhiêu hộ?"
    ahead = [Asked(text, (NINE, body)).ahead("3.942 hộ nghèo", "5.218 hộ cận nghèo") for text in texts]
    assert ahead[0] > ahead[1] + 1 and ahead[0] > 0


@pytest.mark.parametrize(
    ("text", "missing"), [("Ai tặng 500 phần quà?", 0), ("Ai là giám đốc?", 1), ("Người tặng quà tên gì?", 1)]
)
def test_an_organisation_is_someone_unless_a_name_is_asked_for(text: str, missing: int) -> None:
    asked = Asked(text, (NINE, "1. An sinh\nTập đoàn Sông Hồng tặng 500 phần quà.\n"))
    extras = reading_extras(asked.question, asked.figure("500 phần quà"), asked.weighing)
    assert extras[REFUSAL_FEATURES.index("person_missing") - len(FEATURES) - 3] == missing


def test_women_are_behind_unless_they_are_asked_for() -> None:
    body = "1. Lao động\nCó 415 người đi làm ở nước ngoài. Lao động nữ là 127 người.\n"
    texts = "Có bao nhiêu người đi làm?", "Có bao nhiêu phụ nữ đi làm?"
    ahead = [Asked(text, (NINE, body)).ahead("415 người đi", "127 người") for text in texts]
    assert ahead[0] > 0 and ahead[0] > ahead[1] + 1


def test_a_figure_of_another_unit_is_no_whole() -> None:
    asked = Asked("Bao nhiêu triệu đồng?", (NINE, "1. Chợ\nSửa 12 chợ, trong đó ngân sách tỉnh 340 triệu đồng.\n"))
    assert asked.whole(asked.figure("340 triệu đồng")) == "340 triệu đồng"


SAME = "1. Chợ\nToàn tỉnh sửa chữa {count} chợ nông thôn.\n"


def test_of_the_same_statement_in_several_reports_the_newest_is_said() -> None:
    asked = Asked(
        "Sửa chữa bao nhiêu chợ?", ("năm 2023", SAME.format(count=31)), (NINE, SAME.format(count=12)),
        ("6 tháng đầu năm 2024", SAME.format(count=7)),
    )
    assert asked.newest(asked.figure("31 chợ nông thôn")).figure.literal == "12 chợ nông thôn"
    assert asked.newest(asked.figure("12 chợ nông thôn")).figure.literal == "12 chợ nông thôn"


def test_a_newer_report_that_says_something_else_is_not_taken() -> None:
    asked = Asked("Sửa chữa bao nhiêu chợ?", ("năm 2023", SAME.format(count=31)), (NINE, "1. Điện\nCấp điện cho 4 xã vùng cao.\n"))
    assert asked.newest(asked.figure("31 chợ nông thôn")).figure.literal == "31 chợ nông thôn"


def test_a_newer_report_that_fits_far_worse_is_not_taken() -> None:
    asked = Asked("Sửa chữa bao nhiêu chợ?", ("năm 2023", SAME.format(count=31)), (NINE, SAME.format(count=12)))
    asked.score(**{"12 chợ nông thôn": -4.5})
    assert asked.newest(asked.figure("31 chợ nông thôn")).figure.literal == "31 chợ nông thôn"


def test_reports_without_a_period_have_no_newest() -> None:
    asked = Asked("Sửa chữa bao nhiêu chợ?", ("của ngành", SAME.format(count=31)), ("thường kỳ", SAME.format(count=12)))
    assert asked.newest(asked.figure("31 chợ nông thôn")).figure.literal == "31 chợ nông thôn"


TWO_COUNTS = "1. An toàn\nXảy ra 04 vụ cháy lớn.\n2. Điều tra\nĐiều tra 17 vụ cháy.\n"


def test_another_value_of_the_same_thing_in_another_section_contradicts() -> None:
    assert Asked("Có bao nhiêu vụ cháy?", (NINE, TWO_COUNTS)).conflicts("04 vụ cháy lớn") == [("2", "17 vụ cháy")]
    assert Asked("Có bao nhiêu vụ cháy?", (NINE, TWO_COUNTS)).conflicts("17 vụ cháy") == [("1", "04 vụ cháy lớn")]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("Điều tra 04 vụ cháy.", "the same value"),
        ("Chi 170 triệu đồng cho các vụ cháy.", "another unit"),
        ("Điều tra 17 vụ trộm.", "fewer words of the question"),
        ("Năm 2022 điều tra 17 vụ cháy.", "another year"),
        ("Điều tra, trong đó 17 vụ cháy.", "a part"),
        ("Điều tra các vụ (17 vụ cháy).", "in brackets"),
    ],
)
def test_these_contradict_nothing(other: str, why: str) -> None:
    asked = Asked("Có bao nhiêu vụ cháy?", (NINE, f"1. An toàn\nXảy ra 04 vụ cháy.\n2. Điều tra\n{other}\n"))
    assert asked.conflicts("04 vụ cháy") == [], why


def test_a_part_that_another_place_counts_almost_the_same_contradicts() -> None:
    body = "1. Một\nCháy: 30 vụ, trong đó 12 vụ cháy rừng.\n2. Hai\nRiêng cháy rừng có 13 vụ cháy rừng."
    asked = Asked("Có bao nhiêu vụ cháy rừng?", (NINE, body))
    assert asked.conflicts("12 vụ cháy rừng") == [("2", "13 vụ cháy rừng")]
    far = Asked("Có bao nhiêu vụ cháy rừng?", (NINE, body.replace("13 vụ", "27 vụ")))
    assert far.conflicts("12 vụ cháy rừng") == []


def test_who_has_heard_two_figures_is_shown_two() -> None:
    body = "1. Một\nCháy: 30 vụ, trong đó 12 vụ cháy rừng.\n2. Hai\nRiêng cháy rừng có 27 vụ cháy rừng."
    asked = Asked("Có bao nhiêu vụ cháy rừng, sao tôi nghe hai số?", (NINE, body))
    assert asked.conflicts("12 vụ cháy rừng") == [("2", "27 vụ cháy rừng")]


def test_a_figure_of_another_report_contradicts_nothing() -> None:
    asked = Asked("Có bao nhiêu vụ cháy?", (NINE, "1. An toàn\nXảy ra 04 vụ cháy.\n"), ("năm 2023", "2. An toàn\nXảy ra 17 vụ cháy.\n"))
    assert asked.conflicts("04 vụ cháy") == []


def test_two_figures_of_one_section_contradict_nothing() -> None:
    asked = Asked("Có bao nhiêu vụ cháy?", (NINE, "1. An toàn\nXảy ra 04 vụ cháy. Điều tra 17 vụ cháy.\n"))
    assert asked.conflicts("04 vụ cháy") == []


def test_a_figure_that_fits_clearly_worse_contradicts_nothing() -> None:
    asked = Asked("Có bao nhiêu vụ cháy?", (NINE, TWO_COUNTS))
    asked.score(**{"17 vụ cháy": -CONFLICT_MARGIN - 0.1})
    assert asked.conflicts("04 vụ cháy lớn") == []
    asked.score(**{"17 vụ cháy": -CONFLICT_MARGIN + 0.1})
    assert asked.conflicts("04 vụ cháy lớn") == [("2", "17 vụ cháy")]


def test_at_most_two_other_places_are_set_beside_the_best() -> None:
    body = "".join(f"{n}. Phần {n}\nXảy ra {n + 10} vụ cháy.\n" for n in range(1, 6))
    assert len(Asked("Có bao nhiêu vụ cháy?", (NINE, body)).conflicts("11 vụ cháy")) == 2


def test_a_year_asked_for_is_no_other_year() -> None:
    body = "1. An toàn\nNăm 2022 xảy ra 04 vụ cháy.\n2. Điều tra\nNăm 2022 điều tra 17 vụ cháy.\n"
    assert Asked("Năm 2022 có bao nhiêu vụ cháy?", (NINE, body)).conflicts("04 vụ cháy") == [("2", "17 vụ cháy")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Huyện Mường Lống có bao nhiêu vụ cháy?", ["Mường", "Lống"]),
        ("Xã có tên Mường Lống có bao nhiêu vụ cháy?", ["Mường", "Lống"]),
        ("Ông Trần Văn Bảy báo bao nhiêu vụ cháy?", ["Trần", "Văn", "Bảy"]),
        ("Có bao nhiêu vụ cháy ở An Phú?", []),
        ("Có bao nhiêu vụ cháy lớn?", []),
        ("UBND có bao nhiêu vụ cháy?", []),
    ],
)
def test_names_of_the_question_that_stand_nowhere_near_are_missing(text: str, names: list[str]) -> None:
    asked = Asked(text, (NINE, TWO_COUNTS))
    assert missing_names(asked.question, asked.figure("04 vụ cháy lớn")) == names


def test_what_speaks_against_a_reading_is_counted() -> None:
    asked = Asked("Ai báo vụ cháy nhiều nhất?", (NINE, TWO_COUNTS))
    extras = dict(zip(REFUSAL_FEATURES[len(FEATURES) + 3:], reading_extras(asked.question, asked.figure("17 vụ cháy"), asked.weighing)))
    assert (extras["person_missing"], extras["place_missing"], extras["superlative_missing"]) == (1.0, 0.0, 1.0)
    assert extras["proper_missing"] == 0.0
    assert 0 < extras["missing_share"] < 1


def test_the_refusal_sees_how_far_the_best_clause_is_ahead() -> None:
    asked = Asked("Có bao nhiêu vụ cháy?", (NINE, TWO_COUNTS))
    asked.score(**{"04 vụ cháy lớn": 2.0, "17 vụ cháy": 1.25})
    clauses = clause_numbers(asked.readings)
    features = np.stack([r.features for r in asked.readings])
    extras = np.zeros((len(asked.readings), len(REFUSAL_FEATURES) - len(FEATURES) - 3), np.float32)
    seen = dict(zip(REFUSAL_FEATURES, refusal_features(features, extras, clauses, asked.scores)))
    assert seen["margin"] == pytest.approx(0.75)
    chances = np.exp(asked.scores - 2.0) / np.exp(asked.scores - 2.0).sum()
    assert seen["probability"] == pytest.approx(chances.max())
    assert seen["best_share"] > seen["probability"]


def test_readings_of_one_clause_share_a_number() -> None:
    asked = Asked("Có bao nhiêu vụ cháy?", (NINE, TWO_COUNTS))
    numbers = clause_numbers(asked.readings)
    clauses = {id(view) for r in asked.readings for view in clause_views(r.hit)}
    assert len(set(numbers)) == len(clauses)
    for number, reading in zip(numbers, asked.readings):
        assert {id(r.clause) for n, r in zip(numbers, asked.readings) if n == number} == {id(reading.clause)}


def test_nothing_to_read_is_nothing_to_say() -> None:
    asked = Asked("Có bao nhiêu vụ cháy?", (NINE, TWO_COUNTS))
    assert choose(asked.question, [], asked.weighing) is None


def test_a_figure_is_chosen_when_a_number_is_asked_for() -> None:
    asked = Asked("Có bao nhiêu vụ cháy được điều tra?", (NINE, TWO_COUNTS))
    choice = choose(asked.question, asked.readings, asked.weighing)
    assert choice.best.figure is not None
    assert 0.0 <= choice.confidence <= 1.0


def test_choosing_twice_chooses_the_same() -> None:
    asked = Asked("Có bao nhiêu vụ cháy?", (NINE, TWO_COUNTS))
    first, second = (choose(asked.question, asked.readings, asked.weighing) for _ in range(2))
    assert first.best is second.best
    assert first.confidence == second.confidence
