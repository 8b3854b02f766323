"""A question as typed to its readings: what it means here, which passages and figures could answer it."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from assistant.agreement import is_later, period_agreement, period_end
from assistant.question import MAX_LENGTH, Question, lean_on, read_plural, understand, years_back
from assistant.reading import Reading, Weighing, read, weigh
from assistant.restoring import Vocabulary, is_bare, restore
from index.embedding import Embedder
from index.lexicon import expand_abbreviations
from index.records import ReportFacts
from index.search import Query, search
from index.snapshot import Snapshot
from index.text import normalise, tokenise

HITS = 24
# How many earlier questions a chain of follow-ups reaches back.
TURNS = 4


@dataclass(frozen=True, slots=True)
class Material:
    """What an answer is made from: the library at one moment, its model, its words."""

    snapshot: Snapshot
    embedder: Embedder
    vocabulary: Vocabulary
    definitions: Mapping[str, str]
    positions: Collection[int] | None = None


def understand_question(typed: str, history: Sequence[str], material: Material) -> Question:
    """Return the question with diacritics restored, leaning on the last ones where it must."""
    earlier = ""
    for asked in history[-TURNS:]:
        earlier = lean_on(earlier, _made_ready(normalise(asked)[:MAX_LENGTH], material))
    text = _made_ready(typed, material)
    # All reports are looked through only when a year is counted back from the newest.
    this_year = max((period_end(facts.period)[0] for facts in material.snapshot.facts), default=0) if years_back(text) else 0
    return understand(typed, text, earlier=earlier, this_year=this_year or None)


def _made_ready(typed: str, material: Material) -> str:
    """Spell out abbreviations, restore diacritics by the words the reports use, and read "mấy" where it counts nothing."""
    expanded = expand_abbreviations(typed, material.definitions, chat=True)
    return read_plural(restore(expanded, material.vocabulary, bare=is_bare(typed)))


def find_readings(question: Question, material: Material) -> tuple[list[Reading], Weighing]:
    """Return the readings of the best passages, without those of another period where others exist."""
    snapshot = material.snapshot
    vector = _question_vector(question, material.embedder)
    query = Query.from_text(question.keyword_text, vector)
    hits = search(snapshot, query, limit=HITS, positions=material.positions)
    weighing = weigh(question, partial(_rarity, snapshot))
    matches = {facts.id: _report_match(facts, weighing) for facts in snapshot.facts}
    readings = read(question, hits, vector, weighing, matches)
    fitting = [r for r in readings if period_agreement(question.periods, r.clause) >= 0]
    return fitting or readings, weighing


def _question_vector(question: Question, embedder: Embedder) -> np.ndarray:
    """Return the vector of a question, shape (d,): the mean over the ways to say it.

    Besides its own words these are its words in the terms of reports ("tăng ca" is "làm thêm
    giờ") and, for a follow-up, its words without the topic it leans on.
    """
    ways = [question.search_text, question.formal_text, question.text if question.leans else ""]
    vector = np.sum([embedder.encode_question(way) for way in ways if way], axis=0)
    return vector / np.linalg.norm(vector)


def _rarity(snapshot: Snapshot, term: str) -> float:
    """Return the inverse document frequency of a term."""
    frequency = snapshot.keyword.frequency(term)
    return math.log(1 + (len(snapshot) - frequency + 0.5) / (frequency + 0.5))


def _report_match(facts: ReportFacts, weighing: Weighing) -> float:
    """Return how much of the question the facts of a report hold: its title, agency, number, period."""
    return weighing.coverage(_about(facts))


@lru_cache(maxsize=10_000)
def _about(facts: ReportFacts) -> frozenset[str]:
    return frozenset(tokenise(" . ".join(filter(None, (facts.title, facts.agency, facts.number, facts.period, facts.name)))))


def reports_aside(question: Question, material: Material) -> frozenset[str]:
    """Return the ids of the reports that are less likely meant.

    Those are reports that lack a proper name which other reports have in their names, and, when
    no period is asked for, those of an agency that has reported on a later period.
    """
    every = material.snapshot.facts
    if material.positions is not None:
        every = tuple(every[position] for position in sorted(material.positions))
    pairs = set(zip(question.tokens, question.tokens[1:]))
    named = {facts.id for facts in every if pairs & _proper_pairs(facts)}
    aside = {facts.id for facts in every if named and facts.id not in named}
    if not question.periods:
        aside |= _superseded(every)
    return frozenset(aside) if len(aside) < len(every) else frozenset()


@lru_cache(maxsize=4)
def _superseded(every: tuple[ReportFacts, ...]) -> frozenset[str]:
    """Return the ids of the reports whose agency has reported on a later period."""
    by_agency: dict[str, list[ReportFacts]] = {}
    for facts in every:
        if facts.agency:
            by_agency.setdefault(facts.agency, []).append(facts)
    latest = {agency: max(group, key=lambda facts: period_end(facts.period)) for agency, group in by_agency.items()}
    return frozenset(
        facts.id for agency, group in by_agency.items() for facts in group if is_later(latest[agency].period, facts.period)
    )


@lru_cache(maxsize=10_000)
def _proper_pairs(facts: ReportFacts) -> frozenset[tuple[str, str]]:
    """Return the neighbouring capitalised words in the names of a report: "cần thơ"."""
    about = " . ".join(filter(None, (facts.title, facts.agency)))
    words = re.findall(r"[^\W\d_]+|[.,;:–-]", about)
    capital = [word[0].isupper() and not word.isupper() for word in words]
    return frozenset(tuple(tokenise(f"{a} {b}")[:2]) for a, b, x, y in zip(words, words[1:], capital, capital[1:], strict=False) if x and y)
