"""Scored readings to what will be said: the best one, others that disagree with it, parts asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.agreement import is_later, is_report_of, report_period, unlike_counter
from assistant.candidates import FigureView
from assistant.cells import RERANKER_WEIGHT_OF_CELLS, SURE_OF_CELL, cell_score, cells_not_meant, is_cell, is_fully_named
from assistant.network import bundled_network
from assistant.question import Question
from assistant.reading import FEATURES, Reading, Weighing, clause_numbers
from assistant.rereading import RERANKER_WEIGHT, SURE_LEAST, SURE_WEIGHT, read_again
from assistant.statements import group_of
from index.periods import find_periods
from index.text import UPPER, fold

CONFLICT_MARGIN = 4.8
TOPIC_MARGIN = 7.0
# A place counts for a topic when its clause holds at least this share of what the best one holds of the question.
TOPIC_COVER = 0.6
CONFLICT_COVER = 0.92
# Two figures so near to one another count the same thing also where one is a part of a whole.
TWIN_RATIO, TWIN_COVER = 1.15, 0.8
# Rows of two tables count the same thing when this share of their words is the same.
SAME_ROW = 0.75
# How far two figures may differ where the question says that there are two.
DOUBTED_MARGIN, DOUBTED_COVER = 6.0, 0.45
# A named person answers only where at least this share of the question's words stands.
PERSON_SHARE = 0.5
# Below this share of the question's words two figures have too little in common to contradict.
LEAST_COVER = 0.4
NEWER_LIKENESS = 0.55
# From how many clauses on a statement is one that divides a whole.
SEVERAL_PARTS = 3
# How far, in logits, each of these moves a reading.
RANGE_WEIGHT, VALUE_WEIGHT, STATED = 6.0, 3.0, 2.0
OTHER_REPORT, OTHER_COUNT, MEASURE, DIVIDED = 4.0, 4.0, 3.0, 2.0
PAIR, FOLLOWED, LABEL_PERIOD, OWN_PERIOD, REMAINDER, NOUN, ONE_SEX = 2.0, 3.0, 1.0, 3.0, 2.0, 1.5, 2.0
_INDEX = {name: i for i, name in enumerate(FEATURES)}
_SURNAMES = "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trịnh|Mai|Lâm|Trương|Cao|Tạ|Hà|Lương|Tô|Chu|Châu|Quách|Thạch|Kim|Triệu|Nông|Vi|Ma|Lò|Tống|Thái|Đoàn|Đào|Kiều|La|Lưu|Phùng|Vương|Từ|Tăng|Điểu|Y"
_PERSON = re.compile(rf"\b(?:{_SURNAMES})(?:\s+[{UPPER}][^\W\d_]*){{1,3}}|\b(?:ông|bà|đồng chí|đ/c|anh|chị)\s+[{UPPER}][^\W\d_]+")
_BODY = re.compile(
    rf"\b(?:công ty|tập đoàn|quỹ|doanh nghiệp|ngân hàng|hội|đoàn|câu lạc bộ|trung tâm|sở|bộ|cục|ban|tổ chức|nhà máy|xí nghiệp)\s+[{UPPER}]"
    rf"|\b(?:Công ty|Tập đoàn|Quỹ|Doanh nghiệp|Ngân hàng|Hội|Đoàn|Câu lạc bộ|Trung tâm|Sở|Bộ|Cục|Ban|Tổ chức|UBND|HĐND|Ủy ban)\b"
)
_PLACE = re.compile(rf"\b(?i:huyện|xã|phường|thị trấn|thị xã|thành phố|quận|tỉnh|thôn|ấp|bản|khu|trường|công ty|bệnh viện)\s+[{UPPER}]")
_TIME_ASKED = re.compile(r"\b(?:bao lâu|(?:mấy|bao nhiêu) (?:năm|tháng|ngày|giờ|tuổi)|kỳ hạn|thời hạn|thời gian|tuổi)\b")
_WHO_IS = re.compile(r"\bai là\b|\blà ai\b")
_SEX = re.compile(r"\b(?:nữ|nam giới|con trai|con gái|bé trai|bé gái|đàn ông|đàn bà|phụ nữ)\b")
_SEX_SAID = re.compile(r"\b(?:nữ|nam|trai|gái)\b")
_SUPERLATIVE = re.compile(r"\b(?:nhất|đứng đầu|dẫn đầu|kỷ lục)\b")


@dataclass(frozen=True, slots=True)
class Choice:
    """What will be said: `best`, `others` that state another value of the same thing, and how sure.

    `confidence` is the chance (0..1) that `best` answers the question.
    """

    best: Reading
    others: tuple[Reading, ...]
    confidence: float


REFUSAL_FEATURES = FEATURES + (
    "margin", "probability", "best_share",
    "proper_missing", "person_missing", "place_missing", "superlative_missing", "words", "missing_share", "near_missing",
)


def score_readings(question: Question, readings: Sequence[Reading], aside: frozenset[str] = frozenset()) -> np.ndarray:
    """Return the reader's logits, shape (n,), moved by what the training passages have too little of.

    A range that holds the measure asked about ("từ đủ 12 tháng đến dưới 24 tháng", 20 tháng) counts
    for a reading, as do x/y pairs when a share of a total is asked for, the parts of a whole when a
    breakdown is, and the words of a follow-up beside a figure. Against it count another thing
    counted, an age or a time where none is asked for, what is left over of a whole, women where no sex
    is asked for, and a report that is `aside` (ids).
    """
    features = np.stack([reading.features for reading in readings])
    scores = bundled_network("reader").scores(features)
    in_range = features[:, _INDEX["range_clause"]]
    scores = scores + RANGE_WEIGHT * np.maximum(in_range, 0) + np.minimum(in_range, 0)
    scores = scores + VALUE_WEIGHT * features[:, _INDEX["same_value"]]
    if any(len(number) > 2 for number in question.numbers):
        scores = scores + STATED * features[:, _INDEX["numbers"]]
    own = [term for term, share in question.terms.items() if share == 1.0]
    for i, reading in enumerate(readings):
        if reading.hit.report.id in aside:
            scores[i] -= OTHER_REPORT
        scores[i] += OWN_PERIOD * _of_period_asked(question, reading)
        if reading.figure is None:
            continue
        if unlike_counter(question, reading.figure):
            scores[i] -= OTHER_COUNT
        if features[i, _INDEX["measure"]] and not _TIME_ASKED.search(question.text.lower()):
            scores[i] -= MEASURE
        if "percent" in question.asks and len(question.slots) < 2 and reading.figure.kind not in ("percent", "pair"):
            scores[i] -= OTHER_COUNT
        if features[i, _INDEX["remainder"]]:
            scores[i] -= REMAINDER
        if "breakdown" in question.asks and _parts_beside(reading) >= SEVERAL_PARTS:
            scores[i] += DIVIDED
        if "ratio" in question.asks and reading.figure.kind == "pair":
            scores[i] += PAIR
        if "nữ" in reading.figure.segment_set and not _SEX.search(question.text.lower()):
            scores[i] -= ONE_SEX
        if is_cell(reading):
            scores[i] += cell_score(question, reading)
        scores[i] += NOUN * _counts_the_very_thing(question, reading.figure)
        scores[i] += LABEL_PERIOD * features[i, _INDEX["label_period"]]
        if question.leans and own:
            near = sum(term in reading.figure.segment for term in own)
            scores[i] += FOLLOWED * (near + sum(term in reading.clause.token_set for term in own)) / len(own)
    return scores


def _counts_the_very_thing(question: Question, figure: FigureView) -> bool:
    """Tell whether two words or more behind a "bao nhiêu" stand behind a figure just so: "hộ nghèo" is not "hộ cận nghèo"."""
    return any(len(slot.words) > 1 and figure.right[:len(slot.words)] == slot.words for slot in question.slots)


def _parts_beside(reading: Reading) -> int:
    """Return how many clauses the statement of a reading has: a whole and its parts."""
    first, last = group_of(reading.hit.passage, reading.clause.order, reading.hit.report)
    return last - first + 1


def _of_period_asked(question: Question, reading: Reading) -> bool:
    """Tell whether the report of a reading is the report of a period asked for."""
    return any(is_report_of(reading.hit.report.period, period) for period in question.periods)


def reading_extras(question: Question, reading: Reading, weighing: Weighing) -> np.ndarray:
    """Return what speaks against a reading as an answer: names, places, persons, words it lacks."""
    view = reading.clause
    words = view.full_set
    missing = [w for term, w in weighing.weights.items() if not weighing.covers(term, words)]
    near = frozenset(reading.figure.segment) | view.heading_set | view.about_set if reading.figure else words
    text = view.text
    return np.array([
        len(missing_names(question, reading)),
        "person" in question.asks and not _names_someone(question, text),
        "where" in question.asks and not _PLACE.search(text),
        bool(_SUPERLATIVE.search(question.text.lower())) and not _SUPERLATIVE.search(text.lower()),
        len(weighing.weights) / 10,
        sum(missing) / (sum(weighing.weights.values()) or 1.0),
        1 - weighing.coverage(near),
    ], dtype=np.float32)


def refusal_features(features: np.ndarray, extras: np.ndarray, clauses: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Return what tells whether the best reading answers at all, shape (len(REFUSAL_FEATURES),).

    `margin` is how far the best is ahead of the best of another clause, `probability` its share
    of softmax, `best_share` that of its clause.
    """
    best = int(np.argmax(scores))
    elsewhere = scores[clauses != clauses[best]]
    margin = float(scores[best] - elsewhere.max()) if len(elsewhere) else 5.0
    chances = np.exp(scores - scores.max())
    chances /= chances.sum()
    ahead = [min(margin, 5.0), chances[best], chances[clauses == clauses[best]].sum()]
    return np.concatenate([features[best], np.array(ahead, dtype=np.float32), extras[best]])


def refusal_logit(question: Question, readings: Sequence[Reading], weighing: Weighing, scores: np.ndarray) -> float:
    """Return the refusal network's logit: above 0 it takes the best reading for an answer rather than none."""
    best = int(np.argmax(scores))
    extras = np.zeros((len(readings), len(REFUSAL_FEATURES) - len(FEATURES) - 3), dtype=np.float32)
    extras[best] = reading_extras(question, readings[best], weighing)
    features = refusal_features(np.stack([r.features for r in readings]), extras, clause_numbers(readings), scores)
    return float(bundled_network("refusal").scores(features[None])[0])


def can_answer(question: Question, reading: Reading) -> bool:
    """Tell whether a reading has the kind of thing asked for: a person's name, women, a percentage, what is counted."""
    if _SEX.search(question.text.lower()) and not _SEX_SAID.search(f"{reading.clause.text} {reading.figure.column if reading.figure else ''}".lower()):
        return False
    if "person" in question.asks and _asks_name(question):
        shared = sum(term in reading.clause.full_set for term in question.terms)
        # "Ai là giám đốc bệnh viện?" is not answered by the director of something else.
        if not _PERSON.search(reading.clause.text) or shared < PERSON_SHARE * len(question.terms):
            return False
    if reading.figure is None:
        return not question.wants_figure or bool(reading.clause.figures) or bool(question.asks & {"document", "when"})
    if "percent" in question.asks and len(question.slots) < 2 and "money" not in question.asks:
        return any(figure.kind in ("percent", "pair") for figure in reading.clause.figures)
    return not unlike_counter(question, reading.figure)


def _asks_name(question: Question) -> bool:
    """Tell whether a person's own name is asked for; else "ai" may be an organisation."""
    return "tên" in question.tokens or bool(_WHO_IS.search(question.text.lower()))


def _names_someone(question: Question, text: str) -> bool:
    return bool(_PERSON.search(text) or (not _asks_name(question) and _BODY.search(text)))


def missing_names(question: Question, reading: Reading) -> list[str]:
    """Return the capitalised words of a question that neither the clause nor its report has."""
    report = reading.hit.report
    words = reading.clause.token_set | reading.clause.context_set | reading.clause.heading_set
    about = fold(" ".join(filter(None, (report.title, report.agency, report.name))))
    found = []
    for match in re.finditer(r"(?<=[^\W\d_])[,;:]?\s+([^\W\d_]\w*)", question.original):
        word = match.group(1)
        if word[0].isupper() and not word.isupper() and word.lower() not in words and fold(word) not in about:
            found.append(word)
    return found


def choose(
    question: Question, readings: Sequence[Reading], weighing: Weighing, *, aside: frozenset[str] = frozenset()
) -> Choice | None:
    """Return what to say of the readings, or None when there are none.

    `aside` holds the ids of the reports that are less likely meant.
    """
    if not readings:
        return None
    scores = score_readings(question, readings, aside)
    if question.wants_figure and not question.asks & {"document", "when"} and any(r.figure for r in readings):
        scores = np.where([r.figure is not None for r in readings], scores, scores.min() - 1.0)
    not_meant = cells_not_meant(question, readings, scores, weighing)
    scores = scores - not_meant
    sure = refusal_logit(question, readings, weighing, scores)
    again = read_again(question, readings, scores, sure=sure)
    order = np.argsort(-scores, kind="stable")
    weights = np.where([is_cell(reading) for reading in readings], RERANKER_WEIGHT_OF_CELLS, RERANKER_WEIGHT)
    first = int(np.argmax(scores + weights * again))
    best = readings[first]
    if not question.slots and question.asks == {"count"} and best.figure and not is_cell(best):
        best = _counted_in_most_places(readings, scores, order)
    if is_cell(best) and not not_meant[first] and is_fully_named(best, weighing):
        sure = max(sure, SURE_OF_CELL)
    elif question.wants_figure and not question.asks_several:
        # The reranker has learned from questions for one figure.
        sure += SURE_WEIGHT * max(float(again[first]), SURE_LEAST)
    confidence = float(1 / (1 + np.exp(-sure)))
    if not can_answer(question, best) or not_meant[first]:
        confidence = 0.0
    if best.figure is None and (question.wants_figure or question.numbers or "yesno" in question.asks):
        best = _figure_of(question, best, readings, scores)
    if best.figure is not None and "breakdown" not in question.asks:
        best = whole_unless_part_asked(best, readings, scores, weighing)
    if not question.periods:
        best = _newest_of_same(best, readings, scores, order)
    others = _conflicts(question, best, readings, scores) if best.figure else ()
    return Choice(best, others, confidence)


def _counted_in_most_places(readings: Sequence[Reading], scores: np.ndarray, order: np.ndarray) -> Reading:
    """Return the best reading of the unit that most places give: what a bare topic ("TNLĐ 9 tháng?") is counted in.

    Of several such units it is the one that its statement gives first: "04 vụ làm chết 06 người" counts cases.
    """
    near = [i for i in order if readings[i].figure and scores[i] > scores[order[0]] - TOPIC_MARGIN and not is_part(readings[i])]
    near = [i for i in near if not readings[i].features[_INDEX["measure"]]]
    cover = max((readings[i].features[_INDEX["cover_clause"]] for i in near), default=0.0)
    near = [i for i in near if readings[i].features[_INDEX["cover_clause"]] >= TOPIC_COVER * cover]
    places: dict[tuple[str, ...], set[tuple[str, str | None]]] = {}
    for i in near:
        places.setdefault(readings[i].figure.unit[:1], set()).add(_place(readings[i]))
    if not places:
        return readings[order[0]]
    most = max(len(found) for found in places.values())
    first = [readings[i] for i in near if len(places[readings[i].figure.unit[:1]]) == most]
    return min((reading for reading in first if reading.clause is first[0].clause), key=lambda reading: reading.figure.order)


def _figure_of(question: Question, best: Reading, readings: Sequence[Reading], scores: np.ndarray) -> Reading:
    """Return the best figure of a clause where a figure is asked for; the clause itself when it has none."""
    figures = [i for i, r in enumerate(readings) if r.clause is best.clause and r.figure]
    if not question.wants_figure and question.numbers:
        figures = [i for i in figures if readings[i].features[_INDEX["same_value"]] > 0]
    return readings[max(figures, key=lambda i: scores[i])] if figures else best


def whole_unless_part_asked(best: Reading, readings: Sequence[Reading], scores: np.ndarray, weighing: Weighing) -> Reading:
    """Return the figure that the best one is a part of, when the question has no word of the part.

    "Điều tra tai nạn: 17 vụ. Trong đó: tại nơi làm việc 09 vụ" answers "bao nhiêu vụ tai nạn?" with 17.
    """
    if not best.clause.is_part and not best.figure.subordinate and not best.features[_INDEX["remainder"]]:
        return best
    return whole_of(best, readings, scores, weighing)


def whole_of(best: Reading, readings: Sequence[Reading], scores: np.ndarray, weighing: Weighing) -> Reading:
    """Return the figure before a part that holds all words of the question that the part holds; the part itself when none does."""
    part = frozenset(best.figure.label + best.figure.right)
    wholes = []
    for i, other in enumerate(readings):
        before = other.clause is best.clause and other.figure is not None and other.figure.order < best.figure.order
        before |= other.hit.passage is best.hit.passage and other.clause.order < best.clause.order
        if not before or other.figure is None or other.figure.subordinate or other.clause.is_part:
            continue
        if other.figure.unit[:1] != best.figure.unit[:1] or other.figure.in_brackets:
            continue
        # In one clause the words of the part are also words of the clause: there only those of the whole count.
        whole = frozenset(other.figure.left + other.figure.right) if other.clause is best.clause else other.clause.token_set
        if all(weighing.covers(term, whole) for term in weighing.weights if weighing.covers(term, part)):
            wholes.append(i)
    return readings[max(wholes, key=lambda i: scores[i])] if wholes else best


def _newest_of_same(best: Reading, readings: Sequence[Reading], scores: np.ndarray, order: np.ndarray) -> Reading:
    """Return the same statement from the newest report that has it nearly as well."""
    newest = best
    top = scores[order[0]]
    for i in order[:60]:
        other = readings[i]
        if other.hit.report.id == newest.hit.report.id or scores[i] < top - 4.0 or (other.figure is None) != (best.figure is None):
            continue
        if not is_later(other.hit.report.period, newest.hit.report.period) or _likeness(other, best) < NEWER_LIKENESS:
            continue
        newest = other
    return newest


def _likeness(a: Reading, b: Reading) -> float:
    """Return how alike two clauses are in words, leaving out their numbers (0..1)."""
    first = {t for t in a.clause.token_set if not t[0].isdigit()}
    second = {t for t in b.clause.token_set if not t[0].isdigit()}
    return len(first & second) / max(1, min(len(first), len(second)))


def _conflicts(question: Question, best: Reading, readings: Sequence[Reading], scores: np.ndarray) -> tuple[Reading, ...]:
    """Return readings elsewhere in the report that count the same thing and give another value.

    Parts of a whole ("trong đó …"), figures of another year and figures that fit the question
    clearly worse contradict nothing.
    """
    top = scores[next(i for i, r in enumerate(readings) if r is best)]
    margin = DOUBTED_MARGIN if "conflict" in question.asks else CONFLICT_MARGIN
    found: dict[tuple[str, str | None], Reading] = {}
    for i in np.argsort(-scores, kind="stable"):
        other = readings[i]
        if scores[i] < top - margin:
            break
        if _place(other) != _place(best) and _place(other) not in found and _contradicts(question, other, best):
            found[_place(other)] = other
    return tuple(found.values())[:2]


def _place(reading: Reading) -> tuple[str, str | None]:
    table = reading.hit.passage.context.split(";")[0] if reading.hit.passage.kind == "row" else None
    return reading.hit.section.number or str(reading.hit.section.index), reading.hit.passage.footnote or table


def _contradicts(question: Question, other: Reading, best: Reading) -> bool:
    if other.figure is None or other.hit.report.id != best.hit.report.id:
        return False
    if other.figure.unit[:1] != best.figure.unit[:1] or other.figure.kind != best.figure.kind:
        return False
    if other.figure.figure.value == best.figure.figure.value or any(_of_another_year(question, r) for r in (other, best)):
        return False
    if best.hit.passage.kind == "row" and (_likeness(best, other) < SAME_ROW or best.figure.column != other.figure.column):
        return False
    cover, share = (float(r.features[_INDEX["cover_clause"]]) for r in (best, other))
    if "conflict" in question.asks:
        return share >= DOUBTED_COVER * cover
    if cover < LEAST_COVER:
        return False
    values = sorted(float(r.figure.figure.value) for r in (best, other))
    if values[1] <= TWIN_RATIO * values[0]:
        return share >= TWIN_COVER * cover
    return share >= CONFLICT_COVER * cover and not is_part(other) and not is_part(best)


def is_part(reading: Reading) -> bool:
    """Tell whether a figure stands in brackets, behind "trong đó", or in a statement that a lead-in divides."""
    return reading.figure.subordinate or reading.figure.in_brackets or bool(reading.clause.clause.context)


def _of_another_year(question: Question, reading: Reading) -> bool:
    """Tell whether a clause names a year that is neither its report's nor asked for."""
    own = report_period(reading.hit.report.period)
    expected = {p.year for p in question.periods if p.year} | ({own.year} if own else set())
    named = {p.year for p in find_periods(reading.clause.text) if p.year}
    return bool(expected) and bool(named) and not named & expected
