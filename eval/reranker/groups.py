"""Invented reports to groups: a question, the clause that answers it, and clauses that look as if they did."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.candidates import ClauseView
from assistant.reranker import clause_segments, pair_ids
from eval.encoder.data import Material, Pair, damage, near_passages
from eval.reader.passages import TrainingQuestion, TrainingReport
from eval.reader.samples import is_right
from index.lexicon import expand_abbreviations
from index.subwords import Subwords
from index.text import tokenise

SIZE = 6
# How often the right clause is left out, so that "not here" is the right answer.
_LEFT_OUT = 0.08


@dataclass(frozen=True, slots=True)
class Task:
    """A question with where its clauses come from; `pair` is None when no report answers it."""

    asked: TrainingQuestion
    report: int
    pair: Pair | None
    near: tuple[tuple[int, int], ...]


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


def make_tasks(material: Material, sources: list[TrainingReport]) -> list[Task]:
    """Return the tasks of all questions: those with a place, and those that nothing answers."""
    tasks = [Task(pair.asked, pair.report, pair, pair.negatives) for pair in material.pairs]
    for i, source in enumerate(sources):
        for asked in source.questions:
            if asked.answer is None:
                near = near_passages(material.keywords[i], asked.question, i, None)
                tasks.append(Task(asked, i, None, near))
    return tasks


def make_group(material: Material, task: Task, subwords: Subwords, chance: random.Random | None) -> Group:
    """Return a group of up to `SIZE` clauses; without `chance`, the same clauses each time, nothing damaged."""
    draw = chance or random.Random(task.asked.question)
    views = list(_near_clauses(material, task, draw))
    if task.pair:
        passage = _views(material, task.report, task.pair.passage)
        right = passage[task.pair.clause]
        others = [view for view in passage if view is not right]
        draw.shuffle(others)
        views = [right, *others[:2], *views]
        if chance and chance.random() < _LEFT_OUT:
            views = views[1:]
    views = views[:SIZE]
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


def _near_clauses(material: Material, task: Task, draw: random.Random) -> Iterator[ClauseView]:
    """Yield a clause of each near passage: one that shares words with the question, or any."""
    words = set(tokenise(task.asked.question))
    places = list(task.near)
    draw.shuffle(places)
    for report, passage in places:
        views = _views(material, report, passage)
        if task.pair is None or draw.random() < 0.5:
            yield max(views, key=lambda view: len(words & view.token_set))
        else:
            yield draw.choice(views)


_kept: dict[tuple[str, int], list[ClauseView]] = {}


def _views(material: Material, report: int, passage: int) -> list[ClauseView]:
    own = material.reports[report]
    key = own.id, passage
    if key not in _kept:
        found = own.passages[passage]
        _kept[key] = [ClauseView(own, found, clause, i) for i, clause in enumerate(found.clauses)]
    return _kept[key]
