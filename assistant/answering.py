"""A question comes in: understand, find, read, choose, say, verify. The story, straight down."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant import composing, messages
from assistant.answers import Answer, Citation
from assistant.choosing import Choice, choose
from assistant.comparing import answer_comparison
from assistant.looking_up import answer_lookup, unknown_document
from assistant.question import MAX_LENGTH, Question, split_question, understand
from assistant.reading import Reading, Weighing, period_agreement, read, weigh
from assistant.restoring import Vocabulary, is_bare, restore
from assistant.verifying import ungrounded_figures
from index.embedding import Embedder
from index.lexicon import expand_abbreviations
from index.search import Query, search
from index.snapshot import Snapshot
from index.text import normalise, tokenise

HITS = 40
CONFIDENT = 0.0


@dataclass(frozen=True, slots=True)
class Material:
    """What an answer is made from: the library at one moment, its model, its words."""

    snapshot: Snapshot
    embedder: Embedder
    vocabulary: Vocabulary
    definitions: Mapping[str, str]
    positions: Collection[int] | None = None


def answer_question(typed: str, history: Sequence[str], material: Material) -> Answer:
    """Return the answer to a question as typed; `history` holds the earlier ones, oldest first."""
    began = time.perf_counter()
    answer = _refuse_input(typed, material) or _answer(normalise(typed).strip(), history, material)
    return replace(answer, ms=(time.perf_counter() - began) * 1000)


def _refuse_input(typed: str, material: Material) -> Answer | None:
    text = normalise(typed).strip()
    if not text:
        return Answer(messages.EMPTY_QUESTION, abstained=True)
    if len(text) > MAX_LENGTH:
        return Answer(messages.too_long(MAX_LENGTH, len(text)), abstained=True)
    if not tokenise(text):
        return Answer(messages.NO_WORDS, abstained=True)
    return None if len(material.snapshot) else Answer(messages.EMPTY_LIBRARY, abstained=True)


def _answer(typed: str, history: Sequence[str], material: Material) -> Answer:
    question = understand_question(typed, history, material)
    found = answer_lookup(question, material.snapshot, material.positions) or answer_comparison(question, material, find_readings)
    if found:
        return verify(question, found)
    readings, weighing = find_readings(question, material)
    choice = choose(question, readings, weighing)
    refusal = refuse(question, choice, material)
    if refusal:
        return refusal
    answer = compose(question, choice, material)
    return verify(question, replace(answer, details=_details(question, choice)))


def understand_question(typed: str, history: Sequence[str], material: Material) -> Question:
    """Return the question with diacritics restored, leaning on the last one where it must."""
    earlier = _made_ready(normalise(history[-1]), material) if history else ""
    return understand(typed, _made_ready(typed, material), earlier=earlier)


def _made_ready(typed: str, material: Material) -> str:
    """Spell out abbreviations, then restore diacritics by the words the reports use."""
    expanded = expand_abbreviations(typed, material.definitions, chat=True)
    return restore(expanded, material.vocabulary, bare=is_bare(typed))


def find_readings(question: Question, material: Material) -> tuple[list[Reading], Weighing]:
    """Return the readings of the best passages, without those of another period where others exist."""
    snapshot = material.snapshot
    vector = _question_vector(question, material.embedder)
    query = Query.from_text(question.keyword_text, vector)
    hits = search(snapshot, query, limit=HITS, positions=material.positions)
    weighing = weigh(question, lambda term: _rarity(snapshot, term))
    matches = {facts.id: _report_match(facts, weighing) for facts in snapshot.facts}
    readings = read(question, hits, vector, weighing, matches)
    fitting = [r for r in readings if period_agreement(question.periods, r.clause) >= 0]
    return fitting or readings, weighing


def _question_vector(question: Question, embedder: Embedder) -> np.ndarray:
    """Return the vector of a question; of a follow-up, between its own words and those with the topic."""
    vector = embedder.encode_question(question.search_text)
    if question.leans:
        vector = vector + embedder.encode_question(question.text)
        vector = vector / np.linalg.norm(vector)
    return vector


def _rarity(snapshot: Snapshot, term: str) -> float:
    frequency = snapshot.keyword.frequency(term)
    return math.log(1 + (len(snapshot) - frequency + 0.5) / (frequency + 0.5))


def _report_match(facts, weighing: Weighing) -> float:
    """Return how much of the question the facts of a report hold: its title, agency, number, period."""
    about = " . ".join(filter(None, (facts.title, facts.agency, facts.number, facts.period, facts.name)))
    return weighing.coverage(set(tokenise(about)))


def refuse(question: Question, choice: Choice | None, material: Material) -> Answer | None:
    """Return the answer that declines, or None when the best reading answers the question."""
    missing = unknown_document(question, material.snapshot)
    if missing:
        return Answer(messages.no_such_document(missing), abstained=True)
    if choice is None:
        return Answer(messages.NOT_SAID_ALL, abstained=True)
    if period_agreement(question.periods, choice.best.clause) < 0:
        there = list(dict.fromkeys(f.period for f in material.snapshot.facts if f.period))
        asked = "; ".join(p.label for p in question.periods)
        return Answer(messages.not_this_period(asked, there[-8:]), abstained=True, details=_details(question, choice))
    if choice.confidence >= CONFIDENT:
        return None
    return _decline(question, choice)


def _decline(question: Question, choice: Choice) -> Answer:
    best = choice.best
    place = messages.place(best.hit.section.number, best.hit.passage.footnote)
    near = messages.nearest(place, composing.clause_head(best.clause)) if place else ""
    text = " ".join(part for part in (messages.NOT_SAID, near) if part)
    if ungrounded_figures(text, (), allowed=(question.original,)):
        text = f"{messages.NOT_SAID} {messages.ASK_ANOTHER_WAY}"
    details = _details(question, choice) | {"near": composing.cite(best)}
    return Answer(text, abstained=True, details=details)


def compose(question: Question, choice: Choice, material: Material) -> Answer:
    """Return the answer that says a choice; several things asked at once are answered one by one."""
    parts = _read_parts(question, choice, material)
    if parts:
        text, citations = composing.compose_parts(parts)
        lead = parts[0][1].figure.literal if parts[0][1].figure else None
    elif choice.others:
        text, citations = composing.compose_conflict((choice.best, *choice.others))
        lead = choice.best.figure.literal
    elif choice.best.figure:
        figures = composing.figures_asked(question, choice.best)
        text, citations = composing.compose_figure(question, choice.best, figures)
        lead = figures[0].literal
    else:
        text, citations = composing.compose_statement(question, choice.best)
        lead = None
    if _is_ambiguous(question, choice.best, material):
        text = f"{text}\n\n{messages.from_report(choice.best.hit.report.title)}"
    return Answer(text, lead, citations=tuple(citations))


def _read_parts(question: Question, choice: Choice, material: Material) -> list[tuple[str, Reading]]:
    """Return (label, reading) of each thing asked, when they do not stand together in one statement."""
    parts = split_question(question)
    if len(parts) < 2 or (len(question.slots) > 1 and composing.holds_all_slots(question, choice.best)):
        return []
    read_parts = []
    for label, text in parts:
        part = understand_question(text, (), material)
        readings, weighing = find_readings(part, material)
        chosen = choose(part, readings, weighing)
        if chosen is None or chosen.best.figure is None or chosen.confidence < 0.3:
            continue
        read_parts.append((label, chosen.best))
    return read_parts if len(read_parts) >= 2 else []


def _is_ambiguous(question: Question, best: Reading, material: Material) -> bool:
    """Tell whether another report could have been meant: same kind of report, no period asked."""
    report = best.hit.report
    if question.periods or not report.period or not report.title:
        return False
    return any(f.id != report.id and f.agency == report.agency and f.period != report.period and f.agency for f in material.snapshot.facts)


def verify(question: Question, answer: Answer) -> Answer:
    """Return the answer if every figure of it is grounded, otherwise the bare quote of its first source."""
    allowed = [question.original, question.topic, *_report_names(answer.citations), *answer.computed]
    loose = ungrounded_figures(answer.text, answer.citations, allowed=allowed)
    if not loose or not answer.citations:
        return answer
    first = answer.citations[0]
    return replace(answer, text=f"{composing.say(first.quote)} [1]", citations=(first,), details=answer.details | {"replaced": loose})


def _report_names(citations: Sequence[Citation]) -> list[str]:
    return [name for c in citations for name in (c.report.title, c.report.period, c.report.name) if name]


def _details(question: Question, choice: Choice) -> dict[str, object]:
    return {
        "understood": question.search_text,
        "asks": sorted(question.asks),
        "periods": [period.label for period in question.periods],
        "confidence": round(choice.confidence, 3),
    }
