"""Answer files: asking a question set, writing the answers, reading them back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from eval import messages
from eval.questions import Question, read_records
from index.errors import UserError

if TYPE_CHECKING:
    from assistant import Answer, Assistant


class CitedSource(BaseModel):
    """One citation of an answer file. `start` and `end` span the report's canonical text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    report: str
    section: str
    footnote: str | None = None
    quote: str
    start: int
    end: int


class AnswerLine(BaseModel):
    """One line of an answer file, as `eval/FORMAT.md` describes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    answer: str
    lead: str | None = None
    citations: tuple[CitedSource, ...] = ()
    computed: tuple[str, ...] = ()
    abstained: bool
    ms: float = Field(ge=0)


def ask_questions(
    assistant: Assistant,
    questions: Iterable[Question],
    *,
    on_error: Callable[[Question, UserError], None],
) -> list[AnswerLine]:
    """Ask every question over the whole library, one after the other.

    A question that the assistant refuses with a `UserError` gets no line; `on_error` hears of it.
    """
    lines = []
    for question in questions:
        begun = time.perf_counter()
        try:
            answer = assistant.ask(question.question, history=list(question.history))
        except UserError as error:
            on_error(question, error)
            continue
        lines.append(make_line(question.id, answer, ms=(time.perf_counter() - begun) * 1000))
    return lines


def make_line(question_id: str, answer: Answer, *, ms: float) -> AnswerLine:
    """Put an answer of the assistant into the form of the answer file."""
    return AnswerLine(
        id=question_id,
        answer=answer.text,
        lead=answer.lead,
        citations=tuple(
            CitedSource(
                report=each.report.name, section=each.section.number, footnote=each.footnote,
                quote=each.quote, start=each.start, end=each.end,
            )
            for each in answer.citations
        ),
        computed=tuple(answer.computed),
        abstained=answer.abstained,
        ms=round(ms, 3),
    )


def write_answers(path: Path, lines: Iterable[AnswerLine]) -> None:
    """Write an answer file: one JSON object a line, fields in the order of the format."""
    write_text(path, "".join(
        json.dumps(line.model_dump(mode="json"), ensure_ascii=False) + "\n" for line in lines
    ))


def read_answers(path: Path) -> tuple[AnswerLine, ...]:
    """Read an answer file; raise `UserError` that names the first bad line."""
    return read_records(path, AnswerLine)


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 file, making its folder; raise `UserError` when that fails."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UserError(messages.cannot_write(path, error.strerror or str(error))) from error
