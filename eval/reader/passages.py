"""Training records back to whole reports, and where each answer stands in them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from index.text import normalise

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


def read_reports(folder: Path) -> list[TrainingReport]:
    """Return the reports of `train-*.jsonl` in file order."""
    groups: dict[str, list[dict]] = {}
    for path in sorted(folder.glob("train-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            groups.setdefault(record["report"], []).append(record)
    return [TrainingReport(title, _write(title, records), tuple(_questions(title, records))) for title, records in groups.items()]


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
