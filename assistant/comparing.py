"""Two periods of one indicator, or two indicators of one report: both figures read, their difference computed exactly."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from assistant import composing, messages
from assistant.agreement import is_report_of, months_of, period_end
from assistant.answers import Answer
from assistant.choosing import choose, is_part, score_readings, whole_of
from assistant.finding import Material, find_readings, reports_aside
from assistant.question import Question, content_terms, understand
from assistant.reading import FEATURES, Reading, Weighing
from assistant.rereading import RERANKER_WEIGHT, read_again
from assistant.statements import capital
from index.numbers import format_number
from index.periods import Period, find_periods
from index.text import tokenise
from index.units import counter_class

MIN_CONFIDENCE = 0.02
# The chance from which each of two things set side by side counts as found.
TOPIC_CONFIDENT = 0.05
# What speaks for it that two figures count the same thing, in logits: the words around them (of the figure
# and of the statement), their heading, how much of the question stands there, unit, rank, section, order.
SAME_WORDS, SAME_HEADING, SAME_COVER, SAME_UNIT, SAME_RANK, SAME_SECTION, SAME_ORDER = 4.0, 4.0, 2.0, 2.0, 2.0, 1.2, 0.8
# From which share on they hold as much of the question.
COVER_SHARE = 0.6
# How far it counts against them that one is e times the other: from one period to the next little grows so.
MAGNITUDE = 3.0
# Figures of each report that are paired.
CANDIDATES = 20
_COVER = FEATURES.index("cover_clause")
_COMPARING_WORDS = re.compile(
    r"\b(?:so với|so sánh|chênh lệch|chênh|hơn kém|nhiều hơn|ít hơn|cao hơn|thấp hơn|tăng hay giảm|tăng thêm|tăng|giảm|hơn|kém|thêm|bớt|lên|xuống|từ|đến|tới|còn|cả|vs|đối chiếu|có bớt không)\b", re.IGNORECASE
)
# Words that set two periods side by side, where two are named.
_COMPARING = re.compile(r"\b(?:so|chênh|hơn|kém|tăng|giảm|thêm|nhiều|ít|từ|lên|xuống|bớt|vs|với|và|đối chiếu)\b|,|/")
# A report that is named is where to look, not what to compare.
_NAMED_REPORT = re.compile(r"\b(?:theo|trong|ở|của) (?:báo cáo|bc)\b")
# Words that set a period beside the other one, where only one is named; a plan is no period.
_AGAINST_ANOTHER = re.compile(r"\b(?:so với|so|kém|hơn) (?:báo cáo |bc )?(?:(?:\d+|sáu|chín) tháng|năm \d{4}|kỳ trước|báo cáo trước|quý)")


def answer_comparison(question: Question, material: Material) -> Answer | None:
    """Return both figures and their difference when a question sets two reports or two things side by side, else None."""
    pair = compared_reports(question, material)
    if pair is None:
        return _answer_two_topics(question, material)
    asked = without_periods(question)
    later, earlier = (Side.read(asked, replace(material, positions=(position,))) for position in pair)
    if not later.readings or not earlier.readings or max(later.confidence, earlier.confidence) < MIN_CONFIDENCE:
        return None
    both = _best_pair(later, earlier)
    if not both:
        return None
    wholes = later.whole_of(both[0]), earlier.whole_of(both[1])
    # A whole stands beside a whole: the other figure is chosen again.
    if wholes[0] is not both[0]:
        both = _best_pair(later.only(wholes[0]), earlier) or both
    elif wholes[1] is not both[1]:
        both = _best_pair(later, earlier.only(wholes[1])) or both
    labels = [reading.hit.report.period or reading.hit.report.title for reading in both]
    answer = _compose(*both, labels, messages.difference)
    alike_long = len({months_of(reading.hit.report.period) for reading in both}) == 1
    return answer if alike_long else replace(answer, text=f"{answer.text}\n\n{messages.UNLIKE_PERIODS}")


def _answer_two_topics(question: Question, material: Material) -> Answer | None:
    """Return two figures of one report and their difference when a question sets two things side by side, else None."""
    topics = split_topics(question.text)
    if topics is None:
        return None
    aside, chosen = reports_aside(question, material), []
    for topic, earlier in zip(topics, ("", topics[0]), strict=True):
        asked = understand(question.original, topic, earlier=earlier)
        slots = asked.slots or tuple(slot for slot in question.slots if slot.words)
        asked = replace(asked, slots=slots, periods=question.periods, asks=asked.asks | {"count"})
        choice = choose(asked, *find_readings(asked, material), aside=aside)
        if choice is None or choice.best.figure is None or choice.confidence < TOPIC_CONFIDENT:
            return None
        chosen.append(choice.best)
    one, other = chosen
    same = one.clause is other.clause and one.figure.order == other.figure.order
    if same or one.hit.report.id != other.hit.report.id or not same_measure(one, other):
        return None
    return _compose(one, other, [capital(topic) for topic in topics], messages.gap)


def split_topics(text: str) -> tuple[str, str] | None:
    """Return the two things that a question sets side by side ("chênh lệch giữa … và …", "… với …, bên nào nhiều hơn"), or None."""
    text = without(text, find_periods(text))
    for pattern in _TWO_TOPICS:
        match = pattern.search(text)
        if match:
            topics = [_ASKING_END.sub("", match[name]).strip(" ,.?:") for name in ("one", "other")]
            if all(_is_topic(topic) for topic in topics):
                return topics[0], topics[1]
    return None


def _is_topic(text: str) -> bool:
    """Tell whether a text names something that is counted, and not only a period or a plan."""
    return bool(set(content_terms(tokenise(text))) - _NO_TOPIC)


# "Chênh lệch giữa A và B", "A với B, bên nào nhiều hơn", "A so với B chênh nhau bao nhiêu".
_TWO_TOPICS = (
    re.compile(r"\b(?:chênh lệch|chênh|lệch|so sánh|đối chiếu)(?: nhau)?(?: giữa)? (?P<one>.+?) (?:và|với|so với) (?P<other>.+)", re.IGNORECASE),
    re.compile(
        r"(?P<one>.+?) (?:với|và|so với) (?P<other>.+?),? (?:thì )?(?:(?:bên|cái|phía|đằng|nhóm|số) nào"
        r"|(?:chênh lệch|chênh|lệch|hơn kém|cách)(?: nhau)?(?: là)? (?:bao nhiêu|mấy|ra sao|thế nào))\b", re.IGNORECASE,
    ),
)
_ASKING_END = re.compile(r",? \b(?:là |thì )?(?:bao nhiêu|mấy|(?:bên|cái|phía|số) nào|thế nào|ra sao|chênh|lệch|hơn kém)\b.*$", re.IGNORECASE)
# What a figure is held against without being a thing counted of its own.
_NO_TOPIC = frozenset("kế hoạch chỉ tiêu cùng kỳ năm trước ngoái rồi nay quý tháng lần số này".split())


@dataclass(frozen=True, slots=True)
class Side:
    """The figures of one report that come first for a question, their logits (n,), and how sure the best one is."""

    readings: list[Reading]
    scores: np.ndarray
    weighing: Weighing
    confidence: float

    def whole_of(self, reading: Reading) -> Reading:
        """Return the figure that a reading is a part of, when no part is asked for."""
        return whole_of(reading, self.readings, self.scores, self.weighing) if is_part(reading) else reading

    def only(self, reading: Reading) -> Side:
        """Return the side with one of its figures and no other."""
        at = next(i for i, own in enumerate(self.readings) if own is reading)
        return replace(self, readings=[reading], scores=self.scores[at:at + 1])

    @classmethod
    def read(cls, asked: Question, material: Material) -> Side:
        """Return the figures of the material's reports that answer a question without periods."""
        readings, weighing = find_readings(asked, material)
        readings = [reading for reading in readings if reading.figure is not None]
        if not readings:
            return cls([], np.zeros(0), weighing, 0.0)
        scores = score_readings(asked, readings)
        scores = scores + RERANKER_WEIGHT * read_again(asked, readings, scores)
        choice = choose(asked, readings, weighing)
        if not asked.slots and choice and choice.best.figure:
            # What its topic is counted in.
            scores = scores + SAME_UNIT * np.array([reading.figure.unit[:1] == choice.best.figure.unit[:1] for reading in readings])
        order = np.argsort(-scores, kind="stable")[:CANDIDATES]
        return cls([readings[i] for i in order], scores[order], weighing, choice.confidence if choice else 0.0)


def _best_pair(later: Side, earlier: Side) -> tuple[Reading, Reading] | None:
    """Return the figures, one of each report, that answer best and count the same thing; None when no two do."""
    found: list[tuple[float, Reading, Reading]] = []
    for one, score in zip(later.readings, later.scores, strict=True):
        for other, other_score in zip(earlier.readings, earlier.scores, strict=True):
            if same_measure(one, other):
                found.append((float(score + other_score) + alike(one, other), one, other))
    return max(found, key=lambda pair: pair[0])[1:] if found else None


def compared_reports(question: Question, material: Material) -> tuple[int, int] | None:
    """Return the positions of the two reports compared, the later one first."""
    several = len({period.key for period in question.periods}) > 1
    text = question.text.lower()
    if not (_COMPARING if several else _AGAINST_ANOTHER).search(text) or (several and _NAMED_REPORT.search(text)):
        return None
    facts = list(enumerate(material.snapshot.facts))
    if material.positions is not None:
        facts = [(i, f) for i, f in facts if i in material.positions]
    found: list[int] = []
    for period in question.periods:
        fits = [i for i, f in facts if is_report_of(f.period, period) and i not in found]
        if fits:
            found.append(max(fits, key=lambda i: period_end(material.snapshot.facts[i].period)))
    if len(found) == 1 and not several:
        agency = material.snapshot.facts[found[0]].agency
        others = [i for i, f in facts if i not in found and f.agency == agency and agency and f.period]
        if others:
            found.append(max(others, key=lambda i: period_end(material.snapshot.facts[i].period)))
    if len(found) != 2:
        return None
    later, earlier = sorted(found, key=lambda i: period_end(material.snapshot.facts[i].period), reverse=True)
    return later, earlier


def without_periods(question: Question) -> Question:
    """Return what a comparison asks of each report: the question without its periods and words of comparing."""
    text = re.sub(r"\s+", " ", _COMPARING_WORDS.sub(" ", without(question.text, question.periods))).strip(" ,?")
    asked = understand(question.original, text, earlier=question.topic)
    # What is counted is left open: as a bare topic is.
    return asked if asked.slots or asked.asks & {"money", "percent", "ratio"} else replace(asked, asks=frozenset(["count"]))


def without(text: str, periods: Sequence[Period]) -> str:
    """Return a text without the words that name periods."""
    for period in reversed(periods):
        if text[period.start:period.end]:
            text = f"{text[:period.start]} {text[period.end:]}"
    return re.sub(r"\s+", " ", text).strip()


def alike(a: Reading, b: Reading) -> float:
    """Return what speaks for it that two figures of two reports count the same thing, in logits."""
    covers = sorted((a.features[_COVER], b.features[_COVER]))
    return (
        SAME_WORDS * (_overlap(set(a.figure.segment), set(b.figure.segment)) + _overlap(a.clause.token_set, b.clause.token_set))
        + SAME_HEADING * _overlap(a.clause.heading_set, b.clause.heading_set)
        + SAME_COVER * (covers[0] >= COVER_SHARE * covers[1])
        + SAME_UNIT * (a.figure.unit[:1] == b.figure.unit[:1])
        + SAME_RANK * (is_part(a) == is_part(b))
        + SAME_SECTION * (a.hit.section.number == b.hit.section.number)
        + SAME_ORDER * (a.figure.order == b.figure.order)
        - MAGNITUDE * _apart(a, b)
    )


def _apart(a: Reading, b: Reading) -> float:
    """Return how far apart two figures are in size: the logarithm of their ratio, up to 3."""
    values = [float(reading.figure.figure.value) for reading in (a, b)]
    return min(3.0, abs(math.log(values[0] / values[1]))) if min(values) > 0 else 3.0 * (values[0] != values[1])


def same_measure(a: Reading, b: Reading) -> bool:
    """Tell whether the difference of two figures means anything: both percents, or in the same unit."""
    kinds = {a.figure.kind, b.figure.kind}
    if len(kinds) > 1 and kinds & {"money", "percent"}:
        return False
    if "money" in kinds:
        return a.figure.unit == b.figure.unit
    classes = {counter_class(tuple(tokenise(r.figure.figure.unit))) for r in (a, b)}
    return a.figure.unit[:1] == b.figure.unit[:1] or len(classes) == 1 or "" in classes


def _overlap(a: set[str] | frozenset[str], b: set[str] | frozenset[str]) -> float:
    return len(a & b) / max(1, len(a | b))


def _compose(one: Reading, other: Reading, labels: Sequence[str], say: Callable[[bool | None, str, str, str], str]) -> Answer:
    """Return the answer that says with `say` how the first figure differs from the other, and gives both."""
    gap = difference_of(one, other)
    said = say(gap.higher, gap.amount, gap.percent, gap.unit)
    lines, citations = [], []
    for reading, label in zip((one, other), labels, strict=True):
        found = composing.cite_with_head(reading)
        citations += found
        marks = composing.marks_of(citations, len(found))
        lines.append(f"- {composing.headline(reading)} – {label}: {composing.say_clause(reading)} {marks}")
    return Answer("\n".join([said, *lines]), one.figure.said, citations=tuple(citations), computed=gap.computed,
                  details={"asks": ["compare"]})


@dataclass(frozen=True, slots=True)
class Difference:
    """How far a figure is from another, in words: `higher` is None when they are equal, `percent` "" when there is none."""

    higher: bool | None
    amount: str
    percent: str
    unit: str

    @property
    def computed(self) -> tuple[str, ...]:
        """The figures that were computed for it, as an answer says them."""
        if self.higher is None:
            return ()
        return (self.amount, f"{self.percent}%") if self.percent else (self.amount,)


def difference_of(one: Reading, other: Reading) -> Difference:
    """Return how far the first figure is from the other; of two percents in points, else with a percent of the other."""
    a, b = one.figure.figure, other.figure.figure
    gap, points = abs(a.value - b.value), one.figure.kind == "percent"
    percent = "" if points or not b.value else format_number((gap * 100 / b.value).quantize(Decimal("0.01"), ROUND_HALF_UP))
    unit = "điểm %" if points else " ".join(a.unit.split()[:3]) or one.figure.table_unit
    return Difference(None if a.value == b.value else a.value > b.value, format_number(gap), percent, unit)
