"""Questions over invented reports to training samples: the readings of each and which of them is right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant import Assistant
from assistant.candidates import ClauseView, FigureView
from assistant.choosing import reading_extras, refusal_features
from assistant.question import Question
from assistant.reading import Reading, Weighing, clause_numbers
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
    """Yield the samples of reports; see `ask_all`."""
    for asked, question, readings, weighing in ask_all(reports, folder, embedder):
        features = np.stack([reading.features for reading in readings])
        extras = np.stack([reading_extras(asked, reading, weighing) for reading in readings])
        yield Sample(question, features, label_readings(question, readings), extras, clause_numbers(readings))


def ask_all(
    reports: list[TrainingReport], folder: Path, embedder: Embedder | None = None,
) -> Iterator[tuple[Question, TrainingQuestion, list[Reading], Weighing]]:
    """Yield every question of reports as understood and with its readings, asked in small libraries.

    Reports far apart in the list stand in one library. The libraries are kept in the folder: a
    second run adds nothing to them.
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
                asked, readings, weighing = assistant.read(question.question)
                yield asked, question, readings, weighing


def label_readings(question: TrainingQuestion, readings: list[Reading]) -> np.ndarray:
    """Return which readings are right: the answer's figure, or the clause that holds its words."""
    return np.array([is_right(question, reading.clause, reading.figure) for reading in readings], dtype=bool)


def is_right(question: TrainingQuestion, view: ClauseView, figure: FigureView | None) -> bool:
    """Tell whether a clause, or a figure in it, is what answers a training question."""
    clause, place = view.clause, _passage_place(view.report.text, question.passage)
    if question.answer is None or place is None or not place[0] <= clause.start < place[1]:
        return False
    evidence = question.passage.find(question.evidence) + place[0]
    if not (clause.start < evidence + len(question.evidence) and evidence < clause.end):
        return False
    wanted = find_figures(question.answer)
    if not wanted:
        return figure is None and _shares_words(question.answer, view.text)
    if figure is None:
        return False
    start, found = clause.start + figure.figure.start, figure.figure
    return evidence <= start < evidence + len(question.evidence) and (
        (found.value, found.denominator) == (wanted[0].value, wanted[0].denominator)
    )


def _passage_place(text: str, passage: str) -> tuple[int, int] | None:
    start = text.find(passage)
    return None if start < 0 else (start, start + len(passage))


def _shares_words(answer: str, clause: str) -> bool:
    words = set(tokenise(answer))
    return len(words & set(tokenise(clause))) >= 0.5 * len(words)
