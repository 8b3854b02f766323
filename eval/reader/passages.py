"""Training records back to whole reports, and where each answer stands in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from eval.questions import read_lines
from index.text import normalise

# Invented reports and questions of this repository: `reports-*.jsonl` in the form of the folder's
# `train-*.jsonl`, and `questions-*.jsonl` with more questions on the folder's passages, by their id.
OWN_MATERIAL = Path(__file__).parents[1] / "training"
VALIDATION_EVERY = 5
_NOTE = re.compile(r"Chú thích \[(\w+)\]")


@dataclass(frozen=True, slots=True)
class TrainingQuestion:
    """A question over one invented report; `answer` and `evidence` are None when it has no answer."""

    report: str
    question: str
    style: str
    passage: str
    answer: str | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """An invented report as text, with its questions."""

    title: str
    text: str
    questions: tuple[TrainingQuestion, ...]


def read_training(folder: Path, own: Path = OWN_MATERIAL) -> tuple[list[TrainingReport], list[TrainingReport]]:
    """Return training and validation reports, each in file order.

    Every fifth report of the folder, starting with the fifth, is kept for validation; `own` adds
    reports and questions to the training side only.

    Raises:
        ValueError: a question of `own` is about a report that is kept for validation, or about none.
    """
    given = _group(folder.glob("train-*.jsonl"))
    kept = {title for i, title in enumerate(given) if i % VALIDATION_EVERY == VALIDATION_EVERY - 1}
    records = {record["id"]: record for title, each in given.items() if title not in kept for record in each}
    for more in read_file_records(own.glob("questions-*.jsonl")):
        if more["id"] not in records:
            raise ValueError(f"{own}: no passage {more['id']} to train on in {folder}")
        records[more["id"]]["qa"] += more["qa"]
    training = [_make(title, each) for title, each in given.items() if title not in kept]
    training += [_make(title, each) for title, each in _group(own.glob("reports-*.jsonl")).items()]
    return training, [_make(title, given[title]) for title in given if title in kept]


def read_file_records(paths: Iterable[Path]) -> Iterator[dict]:
    """Yield the records of training files, file after file by name."""
    for path in sorted(paths):
        yield from (json.loads(line) for line in read_lines(path) if line)


def _group(paths: Iterable[Path]) -> dict[str, list[dict]]:
    groups: dict[str, list[dict]] = {}
    for record in read_file_records(paths):
        groups.setdefault(record["report"], []).append(record)
    return groups


def _make(title: str, records: list[dict]) -> TrainingReport:
    return TrainingReport(title, _write(title, records), tuple(_questions(title, records)))


def _write(title: str, records: list[dict]) -> str:
    lines, notes, open_path = [title.upper(), ""], [], []
    for record in records:
        path = list(record["path"])
        note = _NOTE.match(path[-1]) if path else None
        body = re.sub(r"\s+", " ", normalise(record["passage"])).strip()
        if note:
            notes.append(f"[{note[1]}] {body}")
            continue
        shared = next((i for i, (a, b) in enumerate(zip(path, open_path)) if a != b), min(len(path), len(open_path)))
        lines += path[shared:]
        open_path = path
        lines.append(body)
    return "\n".join([*lines, *notes])


def _questions(title: str, records: list[dict]) -> list[TrainingQuestion]:
    found = []
    for record in records:
        passage = re.sub(r"\s+", " ", normalise(record["passage"])).strip()
        for qa in record["qa"]:
            found.append(TrainingQuestion(title, qa["q"], qa["style"], passage, normalise(qa["answer"]), normalise(qa["evidence"])))
        found += [TrainingQuestion(title, q, "near_miss", passage, None, None) for q in record["near_miss"]]
    return found
