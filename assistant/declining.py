"""When the reports do not say: no such document, period, name or figure. Declining is an answer."""

from __future__ import annotations

import re

from assistant import composing, messages
from assistant.agreement import period_agreement
from assistant.answers import Answer
from assistant.cells import cell_agreement, is_cell
from assistant.choosing import Choice
from assistant.finding import Material
from assistant.looking_up import unknown_document
from assistant.question import Question
from assistant.reading import FEATURES, Reading
from assistant.statements import clause_head
from assistant.verifying import ungrounded_figures
from index.text import UPPER, tokenise

# The chance that the best reading answers, below which it is not given.
CONFIDENT = 0.045
# The same for questions of several parts, for lists and for ranges: the passages that the refusal network
# learned from have few, and it doubts them.
CONFIDENT_OF_PARTS = 0.012
# A clause that holds a smaller share of the question's words must be surer than this.
LEAST_SHARE, CONFIDENT_OFF_TOPIC = 0.34, 0.3
_CHANGES = frozenset({"tăng", "giảm", "đạt", "tháng", "năm", "quý", "đầu", "cuối"})
# The share of passages up to which a name is rare enough to point to a place.
RARE_NAME = 0.02
# A district, commune or ward by name; a province is what the whole report is about.
_PLACE_NAME = re.compile(
    rf"\b(?:[Hh]uyện|[Tt]hị xã|[Xx]ã|[Pp]hường|[Tt]hị trấn|[Qq]uận|[Ấấ]p|[Tt]hôn)\s+([{UPPER}][^\W\d_]+(?:\s+[{UPPER}][^\W\d_]+){{0,2}})"
)


def refuse(question: Question, choice: Choice | None, material: Material) -> Answer | None:
    """Return the answer that declines, or None when the best reading answers the question."""
    missing = unknown_document(question, material.snapshot)
    if missing:
        return Answer(messages.no_such_document(missing), abstained=True)
    if choice is None:
        return Answer(messages.NOT_SAID_ALL, abstained=True)
    agreement = cell_agreement(question.periods, choice.best) if is_cell(choice.best) else period_agreement(question.periods, choice.best.clause)
    if agreement < 0:
        # A year counted back from the newest report stands in no source: it is not said.
        asked = "; ".join(p.label for p in question.periods if not p.year or str(p.year) in question.original)
        there = list(dict.fromkeys(f.period for f in material.snapshot.facts if f.period))
        return Answer(messages.not_this_period(asked or messages.PERIOD_ASKED), abstained=True, details=describe(question, choice) | {"available": there})
    best = choice.best
    sure = choice.confidence >= _threshold(question, best) and not _is_off_topic(question, best, choice.confidence)
    if sure and not lacks_name(question, best, material):
        return None
    return _decline(question, choice)


def _is_off_topic(question: Question, best: Reading, confidence: float) -> bool:
    """Tell whether a clause with its headings has hardly a word of the question, its periods aside."""
    time = {token for period in question.periods for token in tokenise(period.label)} | _CHANGES
    topic = [term for term in question.terms if term not in time and not term.isdigit()]
    here = best.clause.full_set
    found = sum(term in here or any(set(p) <= here for p in question.synonyms.get(term, ())) for term in topic)
    if len(topic) > 2 and not found:
        return True
    return bool(topic) and found < LEAST_SHARE * len(topic) and confidence < CONFIDENT_OFF_TOPIC


def _threshold(question: Question, best: Reading) -> float:
    in_range = best.features[FEATURES.index("range_clause")] > 0
    return CONFIDENT_OF_PARTS if question.asks_several or in_range else CONFIDENT


def lacks_name(question: Question, best: Reading, material: Material) -> bool:
    """Tell whether the question names someone or something that stands in few places, and not in this one.

    A place by name must stand here. Of other names, one that no report has may be another word for what they say,
    and one that most passages have says nothing.
    """
    passage = best.hit.report.text[best.hit.passage.start:best.hit.passage.end]
    here = set(tokenise(passage)) | best.clause.full_set
    about = set(tokenise(" . ".join(filter(None, (best.hit.report.title, best.hit.report.agency)))))
    for match in _PLACE_NAME.finditer(question.text):
        name = tokenise(match.group(1))
        if not set(name) <= here | about:
            return True
    words = re.findall(r"[^\W\d_]+", question.original)
    for first, second in zip(words[1:], words[2:]):
        if not (_is_name(first) and _is_name(second)):
            continue
        name = tokenise(f"{first} {second}")
        frequency = material.snapshot.keyword.frequency("_".join(name))
        if 0 < frequency <= max(2, RARE_NAME * len(material.snapshot)) and not set(name) <= here:
            return True
    return False


def _is_name(word: str) -> bool:
    return word[0].isupper() and word[1:].islower()


def _decline(question: Question, choice: Choice) -> Answer:
    best = choice.best
    place = messages.place(best.hit.section.number, best.hit.passage.footnote)
    near = messages.nearest(place, clause_head(best.clause)) if place else ""
    text = " ".join(part for part in (messages.NOT_SAID, near) if part)
    if ungrounded_figures(text, (), allowed=(question.original,)):
        text = f"{messages.NOT_SAID} {messages.ASK_ANOTHER_WAY}"
    details = describe(question, choice) | {"near": composing.cite(best)}
    return Answer(text, abstained=True, details=details)


def describe(question: Question, choice: Choice) -> dict[str, object]:
    """Return how a question was understood and how sure its answer is."""
    return {
        "understood": question.search_text,
        "asks": sorted(question.asks),
        "periods": [period.label for period in question.periods],
        "confidence": round(choice.confidence, 3),
    }
