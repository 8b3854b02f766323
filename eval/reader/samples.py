"""Questions over invented reports to training samples: the readings of each and which of them is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant import Assistant
from assistant.choosing import clause_numbers, reading_extras, refusal_features
from assistant.reading import Reading
from eval.reader.passages import TrainingQuestion, TrainingReport
from index.embedding import Embedder
from index.library import Library
from index.numbers import find_figures
from index.text import tokenise

REPORTS_TOGETHER = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """One question: features (n, f), which readings are right (n,) bool; `extras` (n, e) and
    `clauses` (n,) are what the refusal network reads besides.

    `right` is all False for a question without an answer, or whose answer was not found.
    """

    question: TrainingQuestion
    features: np.ndarray
    right: np.ndarray
    extras: np.ndarray
    clauses: np.ndarray

    @property
    def answerable(self) -> bool:
        return self.question.answer is not None

    def refusal(self, scores: np.ndarray) -> np.ndarray:
        """Return the refusal features when readings have these scores."""
        return refusal_features(self.features, self.extras, self.clauses, scores)


def make_samples(reports: list[TrainingReport], folder: Path, embedder: Embedder | None = None) -> Iterator[Sample]:
    """Yield the samples of reports, asked in small libraries of reports far apart in the list.

    The libraries are kept in the folder: a second run adds nothing to them.
    """
    stride = max(1, len(reports) // REPORTS_TOGETHER)
    for first in range(stride):
        together = reports[first::stride]
        library = Library.open(folder / f"library-{first}", create=True, embedder=embedder)
        for number, report in enumerate(together):
            library.add_text(report.text, name=f"{number}.txt")
        assistant = Assistant(library)
        for report in together:
            for question in report.questions:
                yield _sample(assistant, question)


def _sample(assistant: Assistant, question: TrainingQuestion) -> Sample:
    asked, readings, weighing = assistant.read(question.question)
    features = np.stack([reading.features for reading in readings])
    extras = np.stack([reading_extras(asked, reading, weighing) for reading in readings])
    return Sample(question, features, label_readings(question, readings), extras, clause_numbers(readings))


def label_readings(question: TrainingQuestion, readings: list[Reading]) -> np.ndarray:
    """Return which readings are right: the answer's figure, or the clause that holds its words."""
    right = np.zeros(len(readings), dtype=bool)
    if question.answer is None:
        return right
    wanted = find_figures(question.answer)
    for i, reading in enumerate(readings):
        report, clause = reading.hit.report, reading.clause.clause
        place = _passage_place(report.text, question.passage)
        if place is None or not place[0] <= clause.start < place[1]:
            continue
        evidence = question.passage.find(question.evidence) + place[0]
        overlaps = clause.start < evidence + len(question.evidence) and evidence < clause.end
        if not overlaps:
            continue
        if wanted:
            figure = reading.figure and reading.figure.figure
            right[i] = figure is not None and _inside(figure.start + clause.start, question, place[0]) and (
                (figure.value, figure.denominator) == (wanted[0].value, wanted[0].denominator)
            )
        else:
            right[i] = reading.figure is None and _shares_words(question.answer, reading.clause.text)
    return right


def _passage_place(text: str, passage: str) -> tuple[int, int] | None:
    start = text.find(passage)
    return None if start < 0 else (start, start + len(passage))


def _inside(position: int, question: TrainingQuestion, passage_start: int) -> bool:
    evidence = question.passage.find(question.evidence) + passage_start
    return evidence <= position < evidence + len(question.evidence)


def _shares_words(answer: str, clause: str) -> bool:
    words = set(tokenise(answer))
    return len(words & set(tokenise(clause))) >= 0.5 * len(words)
