"""Invented reports to groups: a question, the clause that answers it, and the clauses that the app likes best."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.candidates import ClauseView
from assistant.choosing import score_readings
from assistant.reranker import clause_segments, pair_ids
from eval.encoder.data import Material, damage
from eval.reader.passages import TrainingQuestion, TrainingReport
from eval.reader.samples import ask_all, is_right
from index.lexicon import expand_abbreviations
from index.subwords import Subwords

SIZE = 6
# How many clauses are kept of what the app finds, best first; a group draws from them.
KEPT = 10
# How often the right clause is left out, so that "not here" is the right answer.
_LEFT_OUT = 0.08


Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Task:
    """A question with its clauses by place (report, passage, clause).

    `right` is None when no report answers it; `near` are the clauses that the app's readings prefer, best first.
    """

    asked: TrainingQuestion
    right: Place | None
    near: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A question beside some clauses: for each its token ids, the positions to score, which are right.

    `here` is False when none is right: then the answer is "not here".
    """

    ids: list[list[int]]
    positions: list[list[int]]
    right: list[list[bool]]

    @property
    def here(self) -> bool:
        return any(map(any, self.right))


def find_clauses(sources: list[TrainingReport], material: Material, libraries: Path) -> dict[str, list[Place]]:
    """Ask every question of reports and return, by `question_key`, the `KEPT` clauses with the best readings."""
    numbers = {report.text: i for i, report in enumerate(material.reports)}
    found: dict[str, list[Place]] = {}
    for asked, question, readings, _ in ask_all(sources, libraries):
        places: dict[Place, None] = {}
        for i in np.argsort(-score_readings(asked, readings), kind="stable") if readings else ():
            hit, clause = readings[i].hit, readings[i].clause
            places[numbers[hit.report.text], hit.passage.index, clause.order] = None
            if len(places) == KEPT:
                break
        found[question_key(question)] = list(places)
    return found


def question_key(question: TrainingQuestion) -> str:
    """Return what tells a question from all others."""
    return json.dumps([question.report, question.passage, question.question], ensure_ascii=False)


def make_tasks(material: Material, sources: list[TrainingReport], found: dict[str, list[Place]]) -> list[Task]:
    """Return the tasks of the questions that a clause answers, or that none does though some were found.

    `found` is of `find_clauses`.
    """
    right = {question_key(pair.asked): (pair.report, pair.passage, pair.clause) for pair in material.pairs}
    tasks = []
    for source in sources:
        for asked in source.questions:
            key = question_key(asked)
            if asked.answer is None or key in right:
                near = tuple(tuple(place) for place in found[key])
                if near or key in right:
                    tasks.append(Task(asked, right.get(key), near))
    return tasks


def make_group(material: Material, task: Task, subwords: Subwords, chance: random.Random | None) -> Group:
    """Return a group of up to `SIZE` clauses; without `chance`, the same clauses each time, nothing damaged.

    Half of the wrong ones are those that the app likes best, the others are drawn from what it finds besides.
    """
    draw = chance or random.Random(task.asked.question)
    wrong = [place for place in task.near if place != task.right]
    half = SIZE // 2
    rest = wrong[half:]
    draw.shuffle(rest)
    places = [*wrong[:half], *rest]
    # A right one that nothing stands beside stays: a group is never empty.
    if task.right and not (wrong and chance and chance.random() < _LEFT_OUT):
        places.insert(0, task.right)
    views = [_view(material, place) for place in places[:SIZE]]
    question = damage(task.asked.question, chance) if chance else task.asked.question
    question = expand_abbreviations(question, {}, chat=True)
    ids, positions, right = [], [], []
    for view in views:
        tokens, places = pair_ids(subwords, question, clause_segments(view))
        flags = [is_right(task.asked, view, figure) for figure in (None, *view.figures)]
        read = [place < len(tokens) for place in places]
        ids.append(tokens)
        positions.append([place for place, kept in zip(places, read, strict=True) if kept])
        right.append([flag for flag, kept in zip(flags, read, strict=True) if kept])
    return Group(ids, positions, right)


def _view(material: Material, place: Place) -> ClauseView:
    report = material.reports[place[0]]
    passage = report.passages[place[1]]
    return ClauseView(report, passage, passage.clauses[place[2]], place[2])
