"""The commands `answers`, `score` and `run`: from options to files, tables and exit codes."""

from __future__ import annotations

import dataclasses
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant import Assistant
from eval import messages
from eval.answers import AnswerLine, ask_questions, read_answers, write_answers, write_text
from eval.manifest import Entry, describe_files, describe_reports, describe_run
from eval.questions import Part, Question, choose_part, read_questions
from eval.scoring import Score, score_all
from eval.sources import Source, list_report_files, read_sources
from eval.tables import (
    Share,
    Totals,
    group_scores,
    show_caveats,
    show_declined,
    show_misses,
    show_table,
    sum_up,
)
from index.errors import UserError
from index.library import Library


@dataclass(frozen=True, slots=True)
class Options:
    """The options that the three commands share."""

    questions: Path
    reports: Path
    part: Part = "all"
    library: Path | None = None
    json_out: Path | None = None
    min_cited: float | None = None
    show_held: bool = False


def make_answers(options: Options, *, out: Path) -> int:
    """Ask the questions and write the answer file."""
    questions = load_questions(options)
    lines, _ = _ask(questions, options)
    write_answers(out, lines)
    print(f"{len(lines)} answers of {len(questions)} questions in {out}")
    return 0


def score_answers(options: Options, *, answers: Path) -> int:
    """Score an answer file and print the result; 1 where it is below `min_cited`."""
    questions = load_questions(options)
    lines = read_answers(answers)
    return _report(questions, lines, options=options, library=None)


def run(options: Options, *, out: Path | None = None) -> int:
    """Ask and score; 1 where the result is below `min_cited`."""
    questions = load_questions(options)
    lines, library = _ask(questions, options)
    if out is not None:
        write_answers(out, lines)
    return _report(questions, lines, options=options, library=library)


def load_questions(options: Options) -> tuple[Question, ...]:
    """Read the chosen part of the set; raise `UserError` for an empty one."""
    questions = choose_part(read_questions(options.questions), options.part)
    if not questions:
        raise UserError(messages.no_questions(options.questions, options.part))
    return questions


@dataclass(frozen=True, slots=True)
class _Library:
    """What is recorded of the library that was asked."""

    reports: list[Entry]
    embedding: str | None = None


def _ask(questions: Sequence[Question], options: Options) -> tuple[list[AnswerLine], _Library]:
    files = list_report_files(options.reports)
    with _open_folder(options.library) as folder:
        library = Library.open(folder, create=True)
        summary = library.add(files)
        for name, reason in summary.skipped:
            print(f"{name}: {reason}", file=sys.stderr)
        asked = _Library(describe_reports(library.reports()), library.embedder.name)
        if not asked.reports:
            raise UserError(messages.no_reports(options.reports))

        def tell(question: Question, error: UserError) -> None:
            # The held-out questions stay unread, whatever goes wrong with them.
            name = question.id if options.part != "held" else "?"
            print(f"{name}: {error}", file=sys.stderr)

        return ask_questions(Assistant.open(folder), questions, on_error=tell), asked


@contextmanager
def _open_folder(library: Path | None) -> Iterator[Path]:
    if library is not None:
        yield library
        return
    with tempfile.TemporaryDirectory(prefix="hoi-bao-cao-") as folder:
        yield Path(folder) / "kho"


def _report(
    questions: Sequence[Question],
    lines: Sequence[AnswerLine],
    *,
    options: Options,
    library: _Library | None,
) -> int:
    sources, skipped = read_sources(options.reports)
    _check_reports(questions, sources, options=options)
    scores = score_all(questions, lines, sources=sources)
    only_totals = options.part == "held"
    totals = sum_up(scores)
    notes = _find_notes(scores, lines, skipped=skipped)

    shown = [each for each in scores if options.show_held or not each.held_out]
    if not only_totals:
        for line in show_misses(shown):
            print(line)
    print(show_table(scores, only_totals=only_totals))
    print(show_declined(totals))
    if options.part == "all":
        seen, held = _split(scores)
        print(f"seen {seen.cited}, held-out {held.cited} correct and cited")
    print(show_caveats(totals, notes=notes))
    if options.json_out is not None:
        library = library or _Library(describe_files(options.reports))
        _write_json(scores, shown, options=options, library=library, notes=notes)
    return int(options.min_cited is not None and (totals.cited.value or 0) < options.min_cited)


def _check_reports(
    questions: Sequence[Question], sources: dict[str, Source], *, options: Options
) -> None:
    wanted = dict.fromkeys(name for each in questions for name in each.gold_reports)
    unknown = [name for name in wanted if name not in sources]
    if unknown:
        raise UserError(messages.unknown_report(options.questions, unknown, options.reports))


def _split(scores: Sequence[Score]) -> tuple[Totals, Totals]:
    return (
        sum_up([each for each in scores if not each.held_out]),
        sum_up([each for each in scores if each.held_out]),
    )


def _find_notes(
    scores: Sequence[Score], lines: Sequence[AnswerLine], *, skipped: Sequence[str]
) -> list[str]:
    asked = {each.question.id for each in scores}
    strangers = sum(line.id not in asked for line in lines)
    led = sum(line.abstained and line.lead is not None for line in lines if line.id in asked)
    notes = []
    if strangers:
        notes.append(f"{strangers} answer lines belong to no question of this part: not scored")
    if led:
        notes.append(f"{led} answers abstain and give a lead figure all the same")
    if skipped:
        notes.append(f"report files not readable: {', '.join(skipped)}")
    return notes


def _write_json(
    scores: Sequence[Score],
    shown: Sequence[Score],
    *,
    options: Options,
    library: _Library,
    notes: list[str],
) -> None:
    settings = describe_run(options.questions, reports=options.reports, part=options.part)
    content: dict[str, object] = {
        "settings": settings | {"embedding": library.embedding},
        "library": library.reports,
        "totals": _totals_as_json(sum_up(scores)),
        "caveats": show_caveats(sum_up(scores), notes=notes).replace("* ", "").split("\n"),
    }
    if options.part == "all":
        seen, held = _split(scores)
        content |= {"seen": _totals_as_json(seen), "held_out": _totals_as_json(held)}
    if options.part != "held":
        content["groups"] = {
            name: _totals_as_json(sum_up(group)) for name, group in group_scores(scores)[1:]
        }
        content["questions"] = [_score_as_json(each) for each in shown]
    write_text(options.json_out, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _totals_as_json(totals: Totals) -> dict[str, object]:
    return {
        field.name: value.as_json() if isinstance(value, Share) else value
        for field in dataclasses.fields(totals)
        for value in (getattr(totals, field.name),)
    }


def _score_as_json(score: Score) -> dict[str, object]:
    content = {
        field.name: getattr(score, field.name)
        for field in dataclasses.fields(score) if field.name != "question"
    }
    question = score.question
    return {"id": question.id, "kind": question.kind, "style": question.style, **content}
