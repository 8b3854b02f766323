"""A question comes in: understand, find, read, choose, say, verify. The story, straight down."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from assistant import composing, messages
from assistant.answers import Answer, Citation
from assistant.checking import answer_check
from assistant.choosing import Choice, choose
from assistant.comparing import answer_comparison
from assistant.declining import describe, refuse
from assistant.finding import Material, find_readings, reports_aside, understand_question
from assistant.looking_up import answer_lookup
from assistant.question import MAX_LENGTH, Question, split_question
from assistant.reading import Reading
from assistant.registered import conflicts_of
from assistant.restoring import is_foreign
from assistant.series import answer_series
from assistant.statements import say
from assistant.verifying import ungrounded_figures
from index.lexicon import expand_abbreviations
from index.text import normalise, tokenise

# The chance from which a part of a question that asks several things is answered.
PART_CONFIDENT = 0.05
# The chance from which an answer of the reports that are likely meant is taken without looking at the others.
MEANT_CONFIDENT = 0.1


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
    if not len(material.snapshot):
        return Answer(messages.EMPTY_LIBRARY, abstained=True)
    spelt_out = expand_abbreviations(text, material.definitions, chat=True)
    if is_foreign(spelt_out, material.vocabulary):
        return Answer(messages.NOT_VIETNAMESE, abstained=True)
    return None


def _answer(typed: str, history: Sequence[str], material: Material) -> Answer:
    question = understand_question(typed, history, material)
    found = (
        answer_check(typed, material)
        or answer_lookup(question, material.snapshot, material.positions)
        or answer_series(question, material)
        or answer_comparison(question, material)
    )
    if found:
        return verify(question, found)
    choice = _choose(question, material)
    refusal = refuse(question, choice, material)
    if refusal:
        return refusal
    if choice.best.figure is not None and not choice.others and question.wants_figure:
        choice = replace(choice, others=conflicts_of(choice.best, material))
    answer = compose(question, choice, material)
    return verify(question, replace(answer, details=describe(question, choice)))


def _choose(question: Question, material: Material) -> Choice | None:
    """Return the best reading of what the library holds for a question, or None when it holds nothing."""
    readings, weighing = find_readings(question, material)
    aside = reports_aside(question, material)
    if aside:
        meant = [reading for reading in readings if reading.hit.report.id not in aside]
        choice = choose(question, meant, weighing)
        if choice is not None and choice.confidence >= MEANT_CONFIDENT:
            return choice
    return choose(question, readings, weighing, aside=aside)


def compose(question: Question, choice: Choice, material: Material) -> Answer:
    """Return the answer that says a choice; several things asked at once are answered one by one."""
    parts = _read_parts(question, choice, material)
    if parts:
        text, citations = composing.compose_parts(parts)
        lead = parts[0][1].figure.said if parts[0][1].figure else None
    elif choice.others:
        text, citations = composing.compose_conflict((choice.best, *choice.others))
        lead = choice.best.figure.said
    elif choice.best.figure and not _asks_for_words(question):
        figures = composing.figures_asked(question, choice.best)
        text, citations = composing.compose_figure(question, choice.best, figures)
        lead = figures[0].said
    else:
        text, citations = composing.compose_statement(question, choice.best)
        lead = None
    if _is_ambiguous(question, choice.best, material):
        text = f"{text}\n\n{messages.from_report(choice.best.hit.report.title)}"
    return Answer(text, lead, citations=tuple(citations))


def _asks_for_words(question: Question) -> bool:
    """Tell whether a list, a name, a document or a reason is asked for, and no figure."""
    return not question.wants_figure and bool(question.asks & {"what", "who", "where", "when", "why", "document"})


def _read_parts(question: Question, choice: Choice, material: Material) -> list[tuple[str, Reading]]:
    """Return (label, reading) of each thing asked, when they do not stand together in one statement."""
    parts = split_question(question)
    if len(parts) < 2 or (len(question.slots) > 1 and composing.holds_all_slots(question, choice.best)):
        return []
    read_parts = []
    for label, text in parts:
        part = understand_question(text, (), material)
        chosen = _choose(part, material)
        if chosen is None or chosen.best.figure is None or chosen.confidence < PART_CONFIDENT:
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
    return replace(answer, text=f"{say(first.quote)} [1]", citations=(first,), details=answer.details | {"replaced": loose})


def _report_names(citations: Sequence[Citation]) -> list[str]:
    return [name for c in citations for name in (c.report.title, c.report.period, c.report.name) if name]
