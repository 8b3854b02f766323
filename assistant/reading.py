"""Hits to readings: every clause and figure scored against the question. The heart of the assistant.

A reading's features say how well meaning, words, unit, qualifiers, period and place agree; a small
network trained on invented passages (`eval/reader`) weighs them. No feature names a topic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.agreement import MONEY_NOUNS, PERCENT_NOUNS, period_agreement, range_agreement
from assistant.candidates import ClauseView, FigureView, clause_views
from assistant.question import Question, quantities
from index.numbers import parse_number
from index.periods import Period
from index.records import Hit
from index.text import fold, tokenise
from index.units import counter_class

DOCUMENT_KINDS = (
    "quyet dinh", "nghi quyet", "nghi dinh", "ke hoach", "cong van", "to trinh", "thong bao", "chi thi", "thong tu", "ket luan", "huong dan",
)
# Units of age and time: mostly a condition of what is counted, seldom the count.
MEASURES = frozenset(["tuoi", "nam", "thang", "ngay", "gio"])
# Words of what is left over when the named parts are counted ("các nước khác 15 người").
_REMAINDER = frozenset({"khác", "lại"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause, or a figure in it, as an answer to a question."""

    hit: Hit
    clause: ClauseView
    figure: FigureView | None
    features: np.ndarray


@dataclass(frozen=True, slots=True)
class Weighing:
    """How much each content word of the question weighs: its share of meaning times its rarity."""

    weights: dict[str, float]
    alternatives: dict[str, tuple[frozenset[str], ...]]
    pairs: dict[tuple[str, str], float]
    known: frozenset[str] = frozenset()

    def pair_coverage(self, pairs: frozenset[tuple[str, str]]) -> float:
        """Return the weighted share (0..1) of the question's neighbouring words that stand together here too."""
        total = sum(self.pairs.values())
        return sum(w for pair, w in self.pairs.items() if pair in pairs) / total if total else 0.0

    def coverage(self, tokens: frozenset[str] | set[str]) -> float:
        """Return the weighted share (0..1) of the question's words that stand among the tokens."""
        total = covered = 0.0
        for term, weight in self.weights.items():
            total += weight
            if term in tokens or (term in self.alternatives and self.covers(term, tokens)):
                covered += weight
        return covered / total if total else 0.0

    def covers(self, term: str, tokens: frozenset[str] | set[str]) -> bool:
        """Tell whether a word, or another term of the same meaning, stands among the tokens."""
        return term in tokens or any(phrase <= tokens for phrase in self.alternatives.get(term, ()))


def weigh(question: Question, rarity) -> Weighing:
    """Return the weights of a question's words; `rarity(term)` is their inverse document frequency.

    Pairs of words that no passage has say nothing about which passage is right and are left out.
    """
    weights = {term: share * rarity(term) for term, share in question.terms.items()}
    alternatives = {
        term: tuple(frozenset(phrase) for phrase in phrases) for term, phrases in question.synonyms.items()
    }
    words = zip(question.tokens, question.tokens[1:])
    pairs = {(a, b): rarity(f"{a}_{b}") for a, b in words if a in weights or b in weights}
    nowhere = rarity("_")
    return Weighing(weights, alternatives, {pair: weight for pair, weight in pairs.items() if weight < nowhere},
                    frozenset(token for phrases in alternatives.values() for phrase in phrases for token in phrase))


FEATURES = (
    "dense", "dense_gap", "passage_dense_gap", "keyword", "fused", "rank",
    "cover_clause", "cover_full", "cover_pairs", "cover_pairs_full", "missing", "missing_new",
    "numbers", "length", "footnote", "row", "first_clause", "period", "report", "heading",
    "document", "date", "cause", "clause_only",
    "is_figure", "unit_kind", "noun", "noun_asked", "cover_segment", "segment_precision", "pairs_segment", "order",
    "brackets", "subordinate", "pair", "bare", "growth", "total", "range_clause", "unique", "same_value", "alone",
    "wants_figure", "left_cover", "next_unit", "measure", "document_kind", "label_cover", "slots",
    "cover_own", "preamble", "role", "label_period", "leans", "part", "part_of_whole", "remainder",
)


def read(question: Question, hits: Sequence[Hit], vector: np.ndarray, weighing: Weighing, report_match: dict[str, float]) -> list[Reading]:
    """Return the readings of hits in the order of hits, clauses and figures."""
    measures = quantities(question.original)
    asked = [slot.words for slot in question.slots if slot.words]
    best_dense = max((float(np.max(hit.clause_vectors @ vector)) for hit in hits), default=0.0)
    best_passage = max((hit.dense for hit in hits), default=0.0)
    best_keyword = max((hit.keyword for hit in hits), default=0.0) or 1.0
    readings: list[Reading] = []
    for rank, hit in enumerate(hits):
        dense = hit.clause_vectors @ vector
        for view, similarity in zip(clause_views(hit), dense):
            shared = _clause_features(
                question, hit, view, float(similarity), weighing, measures,
                best_dense=best_dense, best_passage=best_passage, best_keyword=best_keyword, rank=rank,
                report_match=report_match.get(hit.report.id, 0.0),
            )
            readings.append(Reading(hit, view, None, _vector(shared | _CLAUSE_ONLY)))
            for figure in view.figures:
                own = _figure_features(question, view, figure, weighing, asked)
                readings.append(Reading(hit, view, figure, _vector(shared | own)))
    return readings


_CLAUSE_ONLY = {"clause_only": 1.0}


def _vector(values: dict[str, float]) -> np.ndarray:
    return np.array([values.get(name, 0.0) for name in FEATURES], dtype=np.float32)


def _clause_features(
    question: Question, hit: Hit, view: ClauseView, similarity: float, weighing: Weighing,
    measures: list[tuple[float, str]], *, best_dense: float, best_passage: float, best_keyword: float, rank: int, report_match: float,
) -> dict[str, float]:
    full = view.full_set
    missing = [w for term, w in weighing.weights.items() if not weighing.covers(term, full)]
    top = max(weighing.weights.values(), default=1.0) or 1.0
    pairs_full = view.pairs | view.around_pairs
    numbers = [n in view.token_set for n in question.numbers]
    asks = question.asks
    return {
        "dense": similarity,
        "dense_gap": 10 * (similarity - best_dense),
        "passage_dense_gap": 10 * (hit.dense - best_passage),
        "keyword": hit.keyword / best_keyword,
        "fused": hit.score,
        "rank": 1.0 / (1 + rank),
        "cover_clause": weighing.coverage(view.token_set),
        "cover_full": weighing.coverage(full),
        "cover_pairs": weighing.pair_coverage(view.pairs),
        "cover_pairs_full": weighing.pair_coverage(pairs_full),
        "missing": max(missing, default=0.0) / top,
        "missing_new": len(missing) / max(1, len(weighing.weights)),
        "numbers": (2 * sum(numbers) / len(numbers) - 1) if numbers else 0.0,
        "length": math.log(1 + len(view.tokens)) / 4,
        "footnote": float(view.passage.kind == "footnote"),
        "row": float(view.passage.kind == "row"),
        "first_clause": float(view.order == 0),
        "period": period_agreement(question.periods, view),
        "report": report_match,
        "heading": weighing.coverage(view.heading_set),
        "document": float("document" in asks) * (1.0 if view.has_document else -1.0),
        "date": (1.0 if view.has_date(fold(question.text)) else -1.0) if "when" in asks else 0.0,
        "cause": float("why" in asks) * (1.0 if view.has_cause else -1.0),
        "wants_figure": float(question.wants_figure),
        "cover_own": own_coverage(weighing, view),
        "preamble": float(not view.report.sections[view.passage.section].number and view.passage.section <= 2),
        "role": float("who" in asks) * (1.0 if view.has_role else -1.0),
        "leans": float(question.leans),
        "part": float(bool(view.clause.context)),
        "part_of_whole": float(view.is_part),
        "document_kind": _document_kind(question, view),
        "range_clause": range_agreement(measures, view.text),
        "slots": float(len(question.slots) > 1),
    }


def _figure_features(
    question: Question, view: ClauseView, figure: FigureView, weighing: Weighing,
    asked: list[tuple[str, ...]],
) -> dict[str, float]:
    segment, content, pairs = figure.segment_set, figure.content, figure.pairs
    others = frozenset().union(*(other.segment_set for other in view.figures if other is not figure))
    unique = {term: w for term, w in weighing.weights.items() if weighing.covers(term, segment) and not weighing.covers(term, others)}
    total_weight = sum(weighing.weights.values()) or 1.0
    growth = bool(figure.left) and figure.left[-1] in ("tăng", "giảm", "lên", "xuống", "khoảng") and any(t in ("tăng", "giảm") for t in figure.left[-3:])
    return {
        "is_figure": 1.0,
        "unit_kind": _unit_kind(question, figure),
        "noun": max((_noun_overlap(words, figure.folded_right, figure) for words in asked), default=0.0),
        "noun_asked": float(bool(asked)),
        "cover_segment": weighing.coverage(segment),
        "segment_precision": sum(_known(token, weighing) for token in content) / max(1, len(content)),
        "pairs_segment": weighing.pair_coverage(pairs),
        "order": 1.0 / (1 + figure.order),
        "brackets": float(figure.in_brackets),
        "subordinate": float(figure.subordinate),
        "pair": float(figure.kind == "pair") * (1.0 if "ratio" in question.asks else -1.0),
        "bare": float(figure.kind == "bare"),
        "growth": (1.0 if "change" in question.asks else -1.0) * float(growth),
        "total": float(figure.order == 0 and "breakdown" in question.asks),
        "unique": sum(unique.values()) / total_weight,
        "same_value": _same_value(question, figure),
        "alone": float(len(view.figures) == 1),
        "left_cover": weighing.coverage(frozenset(figure.left)),
        "label_cover": weighing.coverage(frozenset(figure.label)),
        "remainder": float(bool(_REMAINDER & segment) and not _REMAINDER & set(question.tokens)),
        "label_period": _label_period(question.periods, figure.periods),
        "measure": float(bool(figure.unit) and figure.unit[0] in MEASURES and not any(figure.unit[0] in map(fold, words) for words in asked)),
        "next_unit": float(bool(figure.unit) and figure.unit[0] in question.folded_terms),
    }


def own_coverage(weighing: Weighing, view: ClauseView) -> float:
    """Return the coverage by a clause of the question's words that do not just name its report."""
    weights = {term: w for term, w in weighing.weights.items() if term not in view.about_set}
    total = sum(weights.values())
    return sum(w for term, w in weights.items() if weighing.covers(term, view.token_set)) / total if total else 0.5


def _same_value(question: Question, figure: FigureView) -> float:
    """Return 1 when the question states this figure to have it checked, -1 when as a condition, else 0."""
    if not any(parse_number(number) == figure.figure.value for number in question.numbers):
        return 0.0
    return -1.0 if question.slots else 1.0


def _label_period(asked: tuple[Period, ...], named: tuple[Period, ...]) -> float:
    """Return 1 when the words before a figure name the period asked for, -1 when another, 0 when none."""
    if not asked or not named:
        return 0.0
    return 1.0 if any(a.agrees_with(n) for a in asked for n in named) else -1.0


def _document_kind(question: Question, view: ClauseView) -> float:
    """Return 1 when the clause has a numbered document of the kind asked for, -1 when it has none."""
    if "document" not in question.asks:
        return 0.0
    folded = fold(question.text)
    asked = {kind for kind in DOCUMENT_KINDS if kind in folded}
    if not asked:
        return 1.0 if view.documents else -1.0
    return 1.0 if asked & view.documents else -1.0


def _known(token: str, weighing: Weighing) -> bool:
    return token in weighing.weights or token in weighing.known


def _unit_kind(question: Question, figure: FigureView) -> float:
    """Return 1 when the kind of figure is the kind asked for, -1 when it cannot be, 0 when open."""
    asks = question.asks
    wanted = {kind for kind in ("percent", "money") if kind in asks}
    if "ratio" in asks:
        wanted.add("pair")
    if not wanted:
        return -1.0 if figure.kind in ("percent", "money") and "count" in asks and any(s.noun for s in question.slots) else 0.0
    if figure.kind in wanted or (figure.kind == "bare" and "money" in wanted):
        return 1.0
    return -0.5 if "count" in asks and len(question.slots) > 1 else -1.0


def _noun_overlap(words: tuple[str, ...], right: list[str], figure: FigureView) -> float:
    """Return how well the words behind "bao nhiêu" fit what is counted (0..1)."""
    noun = tuple(fold(word) for word in words)
    if noun[0] in PERCENT_NOUNS:
        return float(figure.kind == "percent")
    if noun[0] in MONEY_NOUNS and (len(noun) < 2 or noun[1] != "tan"):
        return float(figure.kind == "money")
    unit = figure.unit or tuple(right[:4])
    if not unit:
        return 0.0
    if noun[0] == unit[0]:
        return 1.0
    counted = counter_class(tuple(tokenise(figure.figure.unit)))
    if counted and counted == counter_class(words) and counted in ("person", "case"):
        return 0.8
    return 0.6 if noun[0] in unit or unit[0] in noun else 0.3 * float(bool(set(noun) & set(right)))


def clause_numbers(readings: Sequence[Reading]) -> np.ndarray:
    """Return a number for each reading, the same for readings of one clause, shape (n,)."""
    numbers: dict[int, int] = {}
    return np.array([numbers.setdefault(id(reading.clause), len(numbers)) for reading in readings])
