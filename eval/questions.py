"""Question sets: reading and checking them, and the held-out fifth. Scores nothing."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from eval import messages
from index.errors import UserError

Kind = Literal[
    "figure", "multi", "breakdown", "ratio", "text", "list", "footnote", "conflict", "compare",
    "yesno", "unanswerable",
]
Style = Literal[
    "plain", "leader", "staff", "nodia", "abbr", "typo", "paraphrase", "followup",
]
Part = Literal["all", "seen", "held"]

HELD_OUT_ONE_IN = 5


class Question(BaseModel):
    """One line of a question set, as `eval/FORMAT.md` describes it; text is NFC."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    report: str | None = None
    reports: tuple[str, ...] = ()
    question: str = Field(min_length=1)
    history: tuple[str, ...] = ()
    kind: Kind
    style: Style
    figures: tuple[str, ...] = ()
    lead: str | None = None
    phrases: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    answerable: bool

    @field_validator("history", "reports", mode="before")
    @classmethod
    def _absent_is_empty(cls, value: object) -> object:
        return () if value is None else value

    @model_validator(mode="after")
    def _names_a_report(self) -> Question:
        if self.answerable and not self.gold_reports:
            raise ValueError("report")
        return self

    @property
    def gold_reports(self) -> tuple[str, ...]:
        """Return the file names of the reports that hold the answer."""
        return self.reports or ((self.report,) if self.report else ())


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read a question set; raise `UserError` that names the first bad line."""
    return read_records(path, Question)


def is_held_out(question_id: str) -> bool:
    """Say whether a question belongs to the fifth that developers do not read.

    The choice depends on the id alone, so it stays the same when a set grows.
    """
    digest = hashlib.sha256(question_id.encode()).hexdigest()
    return int(digest, 16) % HELD_OUT_ONE_IN == 0


def choose_part(questions: Iterable[Question], part: Part) -> tuple[Question, ...]:
    """Return the questions of a part, in the order given."""
    if part == "all":
        return tuple(questions)
    return tuple(each for each in questions if is_held_out(each.id) == (part == "held"))


class Identified(Protocol):
    """A record with an id; the records of all JSON Lines files here are pydantic models."""

    id: str

    @classmethod
    def model_validate(cls, obj: object) -> Self: ...


Record = TypeVar("Record", bound=Identified)


def read_records(path: Path, record: type[Record]) -> tuple[Record, ...]:
    """Read a JSON Lines file of records with unique ids; empty lines are skipped."""
    records: list[Record] = []
    seen: set[str] = set()
    for number, line in enumerate(read_lines(path), start=1):
        if not line.strip():
            continue
        parsed = _parse_line(path, number, line, record=record)
        if parsed.id in seen:
            raise UserError(messages.repeated_id(path, number))
        seen.add(parsed.id)
        records.append(parsed)
    return tuple(records)


def read_lines(path: Path) -> list[str]:
    """Return the lines of a UTF-8 file in NFC, with or without a byte order mark."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise UserError(messages.missing_file(path)) from error
    except UnicodeDecodeError as error:
        raise UserError(messages.not_utf8(path)) from error
    except OSError as error:
        raise UserError(messages.cannot_read(path, error.strerror or str(error))) from error
    # Not splitlines(): it also cuts at U+2028 and U+0085, which JSON strings may hold.
    return unicodedata.normalize("NFC", text).split("\n")


def _parse_line(path: Path, number: int, line: str, *, record: type[Record]) -> Record:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise UserError(messages.not_an_object(path, number, error.msg)) from error
    if not isinstance(value, dict):
        raise UserError(messages.not_an_object(path, number, type(value).__name__))
    try:
        return record.model_validate(value)
    except ValidationError as error:
        raise UserError(messages.bad_fields(path, number, _name_problems(error))) from error


def _name_problems(error: ValidationError) -> Sequence[str]:
    problems = []
    for problem in error.errors():
        field = ".".join(str(part) for part in problem["loc"]) or "report"
        if problem["type"] == "extra_forbidden":
            problems.append(messages.unknown_field(field))
        elif problem["type"] == "missing" or not problem["loc"]:
            problems.append(messages.missing_field(field))
        else:
            problems.append(messages.wrong_value(field, problem["msg"]))
    return problems
