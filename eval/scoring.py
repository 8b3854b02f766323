"""Scores one answer against its question, by the rules of `eval/FORMAT.md`. Sums up nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eval.answers import AnswerLine, CitedSource
from eval.figures import contains_figure, contains_phrase, fold_text, is_figure, same_figure
from eval.grounding import find_answer_figures, find_ungrounded
from eval.questions import Question, is_held_out
from eval.sources import Source, find_source

SHORT_ANSWER = 700
LONG_ANSWER = 1400
LONG_KINDS = frozenset({"multi", "list", "breakdown", "conflict", "compare"})


@dataclass(frozen=True, slots=True)
class Score:
    """What one answer is worth. `reasons` says in words why it is not correct and cited, or
    which quote or figure is false; it is empty for a faultless answer."""

    question: Question
    answered: bool
    abstained: bool
    correct: bool
    cited: bool
    citations: int
    precise_citations: int
    quotes: int
    literal_quotes: int
    figures: int
    ungrounded: tuple[str, ...]
    ms: float | None
    reasons: tuple[str, ...]

    @property
    def held_out(self) -> bool:
        return is_held_out(self.question.id)

    @property
    def is_miss(self) -> bool:
        return bool(self.reasons)


def score_all(
    questions: Iterable[Question], answers: Iterable[AnswerLine], *, sources: Mapping[str, Source]
) -> list[Score]:
    """Score every question; one without an answer line counts as wrong."""
    by_id = {answer.id: answer for answer in answers}
    return [score_answer(each, by_id.get(each.id), sources=sources) for each in questions]


def score_answer(
    question: Question, answer: AnswerLine | None, *, sources: Mapping[str, Source]
) -> Score:
    """Score one answer. The rules are those of `eval/FORMAT.md`, "Scoring"."""
    if answer is None:
        return Score(
            question=question, answered=False, abstained=False, correct=False, cited=False,
            citations=0, precise_citations=0, quotes=0, literal_quotes=0, figures=0,
            ungrounded=(), ms=None, reasons=("no answer line",),
        )
    wrong = explain_wrong(question, answer)
    uncited = () if wrong else explain_uncited(question, answer)
    false_quotes = [
        each for each in answer.citations if not is_literal(each, sources=sources)
    ]
    ungrounded = tuple(find_ungrounded(question, answer, sources=sources))
    scored = answer.citations if question.answerable else ()
    return Score(
        question=question,
        answered=True,
        abstained=answer.abstained,
        correct=not wrong,
        cited=not wrong and not uncited,
        citations=len(scored),
        precise_citations=sum(is_precise(question, each, sources=sources) for each in scored),
        quotes=len(answer.citations),
        literal_quotes=len(answer.citations) - len(false_quotes),
        figures=len(find_answer_figures(answer.answer)),
        ungrounded=ungrounded,
        ms=answer.ms,
        reasons=(
            *wrong, *uncited,
            *(f"quote not in {each.report}: “{_shorten(each.quote)}”" for each in false_quotes),
            *(f"ungrounded figure {each}" for each in ungrounded),
        ),
    )


def explain_wrong(question: Question, answer: AnswerLine) -> tuple[str, ...]:
    """Say why an answer is not correct; an empty tuple when it is."""
    if not question.answerable:
        return () if answer.abstained else (_name_false_answer(answer),)
    if answer.abstained:
        return ("abstained though the reports answer",)
    head, limit = cut_head(answer.answer, question.kind), find_limit(question.kind)
    reasons = [
        _place(f"missing figure {each}", later=contains_figure(answer.answer, each), limit=limit)
        for each in question.figures if not contains_figure(head, each)
    ]
    reasons += [
        _place(f"missing phrase “{each}”", later=_holds(answer.answer, each), limit=limit)
        for each in question.phrases if not _holds(head, each)
    ]
    if question.lead and not (answer.lead and same_figure(answer.lead, question.lead)):
        reasons.append(f"lead is {answer.lead or 'absent'}, not {question.lead}")
    return tuple(reasons)


def explain_uncited(question: Question, answer: AnswerLine) -> tuple[str, ...]:
    """Say which source a correct answer fails to cite; an empty tuple when none."""
    if not question.answerable:
        return ()
    cited = [each for each in answer.citations if _is_right_report(question, each)]
    if not cited:
        return (_name_cited("no citation in the right report", answer),)
    reasons = []
    found = {fold_section(each.section) for each in cited}
    gold = {fold_section(each): each for each in question.sections}
    missing = [written for folded, written in gold.items() if folded not in found]
    if len(missing) == len(gold) > 0 or (question.kind == "conflict" and missing):
        reasons.append(_name_cited(f"wrong section, not {', '.join(missing)}", answer))
    notes = {_fold_mark(each.footnote) for each in cited if each.footnote}
    if question.footnotes and not notes & {_fold_mark(each) for each in question.footnotes}:
        reasons.append(_name_cited(f"missing footnote {', '.join(question.footnotes)}", answer))
    return tuple(reasons)


def is_precise(
    question: Question, citation: CitedSource, *, sources: Mapping[str, Source]
) -> bool:
    """Say whether a citation lies on a gold section or overlaps gold evidence."""
    if not _is_right_report(question, citation):
        return False
    if fold_section(citation.section) in {fold_section(each) for each in question.sections}:
        return True
    source = find_source(sources, citation.report)
    return source is not None and any(
        source.overlaps(citation.quote, each) for each in question.evidence
    )


def is_literal(citation: CitedSource, *, sources: Mapping[str, Source]) -> bool:
    """Say whether a quote stands in its report's file and is as long as its span."""
    source = find_source(sources, citation.report)
    length = len(unicodedata.normalize("NFC", citation.quote))
    return (
        source is not None
        and source.holds(citation.quote)
        and citation.end - citation.start == length
    )


def cut_head(answer: str, kind: str) -> str:
    """Return the part of an answer that counts: 700 characters, 1,400 for the long kinds.

    A word or number that the cut would split is left out, so that it is not read as another.
    """
    answer = unicodedata.normalize("NFC", answer)
    limit = find_limit(kind)
    if len(answer) <= limit or answer[limit].isspace():
        return answer[:limit]
    return re.sub(r"[^\s]+$", "", answer[:limit])


def find_limit(kind: str) -> int:
    """Return how many characters of an answer count for a kind of question."""
    return LONG_ANSWER if kind in LONG_KINDS else SHORT_ANSWER


def fold_section(number: str) -> str:
    """Return a section number for comparison: "2.1." and "2.1" are one, "Điều 8" and "điều 8"."""
    return fold_text(number).rstrip(" .):")


def _fold_mark(mark: str) -> str:
    return fold_text(mark).strip("[]() .")


def _is_right_report(question: Question, citation: CitedSource) -> bool:
    name = unicodedata.normalize("NFC", citation.report)
    return name in {unicodedata.normalize("NFC", each) for each in question.gold_reports}


def _holds(text: str, phrase: str) -> bool:
    # A calculated result is listed as a phrase, and "4 vụ" is as right as "04 vụ".
    short = is_figure(phrase) and len(phrase.split()) <= 3
    return contains_phrase(text, phrase) or (short and contains_figure(text, phrase))


def _place(reason: str, *, later: bool, limit: int) -> str:
    return f"{reason} (stands after the first {limit} characters)" if later else reason


def _name_false_answer(answer: AnswerLine) -> str:
    return f"answered though unanswerable: {answer.lead or _shorten(answer.answer)}"


def _name_cited(reason: str, answer: AnswerLine) -> str:
    cited = "; ".join(
        f"{each.report} {each.section or '–'}" + (f" [{each.footnote}]" if each.footnote else "")
        for each in answer.citations
    )
    return f"{reason} (cited: {cited or 'nothing'})"


def _shorten(text: str, *, length: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[:length - 1] + "…"
