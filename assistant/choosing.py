"""Scored readings to what will be said: the best one, others that disagree with it, parts asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.network import bundled_network
from assistant.question import Question
from assistant.reading import FEATURES, Reading, Weighing, report_period
from index.text import fold

CONFLICT_MARGIN = 2.0
CONFLICT_COVER = 0.92
NEWER_LIKENESS = 0.55
_INDEX = {name: i for i, name in enumerate(FEATURES)}
_SURNAMES = "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trịnh|Mai|Lâm|Trương|Cao|Tạ|Hà|Lương|Tô|Chu|Châu|Quách|Thạch|Kim|Triệu|Nông|Vi|Ma|Lò|Hà|Tống|Thái|Đoàn|Đào|Kiều|La|Lưu|Phùng|Vương|Từ|Tăng|Điểu|Y"
_PERSON = re.compile(rf"\b(?:{_SURNAMES})(?:\s+[^\W\d_a-zà-ỹ][^\W\d_]*){{1,3}}|(?:ông|bà|đồng chí|đ/c|anh|chị)\s+[^\W\d_a-zà-ỹ][^\W\d_]+")
_PLACE = re.compile(r"\b(?:huyện|xã|phường|thị trấn|thị xã|thành phố|quận|tỉnh|thôn|ấp|bản|khu|trường|công ty|bệnh viện)\s+[A-ZĐÀ-Ỹ]", re.IGNORECASE)
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


def score_readings(readings: Sequence[Reading]) -> np.ndarray:
    """Return the reader's logits, shape (n,)."""
    return bundled_network("reader").scores(np.stack([reading.features for reading in readings]))


def clause_numbers(readings: Sequence[Reading]) -> np.ndarray:
    """Return a number for each reading, the same for readings of one clause, shape (n,)."""
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(id(reading.clause), len(numbers)) for reading in readings])


def reading_extras(question: Question, reading: Reading, weighing: Weighing) -> np.ndarray:
    """Return what speaks against a reading as an answer: names, places, persons, words it lacks."""
    view = reading.clause
    words = view.token_set | view.context_set | view.heading_set
    missing = [w for term, w in weighing.weights.items() if not weighing.covers(term, words)]
    near = frozenset(reading.figure.segment) | view.heading_set if reading.figure else words
    text = view.text
    return np.array([
        len(missing_names(question, reading)),
        "person" in question.asks and not _PERSON.search(text),
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


def missing_names(question: Question, reading: Reading) -> list[str]:
    """Return the capitalised words of a question that neither the clause nor its report has."""
    report = reading.hit.report
    words = reading.clause.token_set | reading.clause.context_set | reading.clause.heading_set
    about = fold(" ".join(filter(None, (report.title, report.agency, report.name))))
    found = []
    for match in re.finditer(r"[^\W\d_][,;:]?\s+([^\W\d_]\w*)", question.original):
        word = match.group(1)
        if word[0].isupper() and not word.isupper() and word.lower() not in words and fold(word) not in about:
            found.append(word)
    return found


def choose(question: Question, readings: Sequence[Reading], weighing: Weighing) -> Choice | None:
    """Return what to say of the readings, or None when there are none."""
    if not readings:
        return None
    scores = score_readings(readings)
    order = np.argsort(-scores, kind="stable")
    best = readings[order[0]]
    extras = np.zeros((len(readings), len(REFUSAL_FEATURES) - len(FEATURES) - 3), dtype=np.float32)
    extras[order[0]] = reading_extras(question, best, weighing)
    features = refusal_features(np.stack([r.features for r in readings]), extras, clause_numbers(readings), scores)
    confidence = float(1 / (1 + np.exp(-bundled_network("refusal").scores(features[None])[0])))
    if not question.periods:
        best = _newest_of_same(best, readings, scores, order)
    others = _conflicts(best, readings, scores, order) if best.figure else ()
    return Choice(best, others, confidence)


def _newest_of_same(best: Reading, readings: Sequence[Reading], scores: np.ndarray, order: np.ndarray) -> Reading:
    """Return the same statement from the newest report that has it nearly as well."""
    newest = best
    top = scores[order[0]]
    for i in order[:60]:
        other = readings[i]
        if other.hit.report.id == newest.hit.report.id or scores[i] < top - 4.0 or (other.figure is None) != (best.figure is None):
            continue
        if not _is_newer(other.hit.report.period, newest.hit.report.period) or _likeness(other, best) < NEWER_LIKENESS:
            continue
        newest = other
    return newest


def _is_newer(label: str | None, than: str | None) -> bool:
    a, b = report_period(label), report_period(than)
    if a is None or b is None:
        return False
    return ((a.to or a.year or 0), a.last, a.first) > ((b.to or b.year or 0), b.last, b.first)


def _likeness(a: Reading, b: Reading) -> float:
    """Return how alike two clauses are in words, leaving out their numbers (0..1)."""
    first = {t for t in a.clause.token_set if not t[0].isdigit()}
    second = {t for t in b.clause.token_set if not t[0].isdigit()}
    return len(first & second) / max(1, min(len(first), len(second)))


def _conflicts(best: Reading, readings: Sequence[Reading], scores: np.ndarray, order: np.ndarray) -> tuple[Reading, ...]:
    """Return readings elsewhere in the report that count the same thing and give another value."""
    found: list[Reading] = []
    places = {_place(best)}
    top = next(scores[i] for i in order if readings[i] is best)
    for i in order[:40]:
        other = readings[i]
        if scores[i] < top - CONFLICT_MARGIN or len(found) == 2:
            break
        if not _contradicts(other, best) or _place(other) in places:
            continue
        places.add(_place(other))
        found.append(other)
    return tuple(found)


def _place(reading: Reading) -> tuple[str, str | None]:
    return reading.hit.section.number or str(reading.hit.section.index), reading.hit.passage.footnote


def _contradicts(other: Reading, best: Reading) -> bool:
    if other.figure is None or other.hit.report.id != best.hit.report.id:
        return False
    same_unit = other.figure.unit[:1] == best.figure.unit[:1] and other.figure.kind == best.figure.kind
    cover = other.features[_INDEX["cover_full"]] >= CONFLICT_COVER * best.features[_INDEX["cover_full"]]
    return same_unit and bool(cover) and other.figure.figure.value != best.figure.figure.value
