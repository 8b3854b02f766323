"""Invented reports to training pairs: a question, the texts that answer it, and texts near it that do not."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.reader.passages import TrainingQuestion, TrainingReport, read_training
from index.keyword import KeywordIndex, make_postings
from index.passages import clause_embedding_text, passage_embedding_text, passage_terms, spell_out
from index.records import Clause, Passage, Report
from index.reporting import make_report
from index.text import fold, index_terms

HARD_NEGATIVES = 3
_WITH_HEADING = 0.8
_WHOLE = 0.5
_SAME_PASSAGE = 0.25
_FOLDED = 0.3
_MISSPELT = 0.08


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with its place: report, passage and clause by position.

    `negatives` are (report, passage) places that do not answer it and look as if they did: passages
    of the same report that share most words with it, most first, or those that `mine_negatives` found.
    """

    asked: TrainingQuestion
    report: int
    passage: int
    clause: int
    negatives: tuple[tuple[int, int], ...]

    @property
    def question(self) -> str:
        return self.asked.question


@dataclass(frozen=True, slots=True)
class Material:
    """Reports, read as the library reads them, and the pairs over them."""

    reports: tuple[Report, ...]
    keywords: tuple[KeywordIndex, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """What one step of training sees of a pair; `place` tells which passage the texts are from."""

    question: str
    positive: str
    negative: str
    place: tuple[int, int]
    negative_place: tuple[int, int] | None


def read_material(folder: Path) -> tuple[Material, Material]:
    """Return training and validation material; see `read_training`."""
    training, validation = read_training(folder)
    return make_material(training), make_material(validation)


def make_material(sources: list[TrainingReport]) -> Material:
    """Read reports and find the passage and clause of every question that has an answer."""
    reports = tuple(make_report(source.text, name=f"{i}.txt", source="") for i, source in enumerate(sources))
    keywords = tuple(
        KeywordIndex.build([make_postings([passage_terms(report, passage) for passage in report.passages])])
        for report in reports
    )
    pairs = []
    for i, source in enumerate(sources):
        for question in source.questions:
            place = _find_place(reports[i], question)
            if place:
                pairs.append(Pair(question, i, *place, _near_passages(keywords[i], question.question, i, place[0])))
    return Material(reports, keywords, tuple(pairs))


def passage_texts(material: Material) -> list[str]:
    """Return what each passage is embedded as, report after report."""
    return [passage_embedding_text(report, passage) for report in material.reports for passage in report.passages]


def _find_place(report: Report, question: TrainingQuestion) -> tuple[int, int] | None:
    """Return passage and clause of a question's evidence; None for questions without an answer."""
    if question.evidence is None:
        return None
    start = report.text.find(question.passage)
    at = start + question.passage.find(question.evidence)
    if start < 0 or at < start:
        return None
    for passage in report.passages:
        if passage.start <= at < passage.end:
            ends = [clause.end for clause in passage.clauses]
            return passage.index, min(int(np.searchsorted(ends, at, side="right")), len(ends) - 1)
    return None


def _near_passages(keyword: KeywordIndex, question: str, report: int, right: int) -> tuple[tuple[int, int], ...]:
    """Return the places in a report that share most words with a question, without the right one."""
    order = np.argsort(-keyword.scores(index_terms(question)), kind="stable")
    return tuple((report, int(i)) for i in order if i != right)[:HARD_NEGATIVES]


def make_example(material: Material, pair: Pair, chance: random.Random) -> Example:
    """Draw one reading of a pair: whole passage or clause, heading or none, question clean or damaged."""
    report = material.reports[pair.report]
    passage = report.passages[pair.passage]
    whole = chance.random() < _WHOLE
    positive = _text(report, passage, None if whole else passage.clauses[pair.clause], chance)
    others = [clause for i, clause in enumerate(passage.clauses) if i != pair.clause]
    if not whole and others and chance.random() < _SAME_PASSAGE:
        # Its own place is None: the loss must not take it for another reading of the right passage.
        negative, negative_place = _text(report, passage, chance.choice(others), chance), None
    else:
        negative_place = chance.choice(pair.negatives)
        other = material.reports[negative_place[0]]
        near = other.passages[negative_place[1]]
        clause = None if chance.random() < _WHOLE else chance.choice(near.clauses)
        negative = _text(other, near, clause, chance)
    return Example(damage(pair.question, chance), positive, negative, (pair.report, pair.passage), negative_place)


def _text(report: Report, passage: Passage, clause: Clause | None, chance: random.Random) -> str:
    if chance.random() < _WITH_HEADING:
        return clause_embedding_text(report, passage, clause) if clause else passage_embedding_text(report, passage)
    span = clause or passage
    return spell_out(report.text[span.start:span.end], report)


def damage(question: str, chance: random.Random) -> str:
    """Return a question as hurried people type it, now and then: without diacritics, or misspelt."""
    draw = chance.random()
    if draw < _FOLDED:
        return fold(question)
    return misspell(question, chance) if draw < _FOLDED + _MISSPELT else question


def misspell(question: str, chance: random.Random) -> str:
    """Return a question with one or two syllables damaged: marks lost, letters swapped, dropped or doubled."""
    words = question.split()
    long = [i for i, word in enumerate(words) if len(word) > 2 and word.isalpha()]
    for i in chance.sample(long, min(len(long), chance.choice((1, 2)))):
        word, at = words[i], chance.randrange(len(words[i]) - 1)
        words[i] = chance.choice((
            fold(word), word[:at] + word[at + 1] + word[at] + word[at + 2:], word[:at] + word[at + 1:],
            word[:at] + word[at] + word[at:],
        ))
    return " ".join(words)


def make_batches(pairs: list[Pair], *, reports: int, each: int, chance: random.Random) -> list[list[Pair]]:
    """Return one pass: batches of `each` questions on different passages of each of `reports` reports.

    Questions of one report beside each other are harder negatives than those of fifty.
    """
    groups: list[list[Pair]] = []
    by_report: dict[int, list[Pair]] = {}
    for pair in pairs:
        by_report.setdefault(pair.report, []).append(pair)
    for own in by_report.values():
        chance.shuffle(own)
        open_groups: list[list[Pair]] = []
        for pair in own:
            fitting = next((g for g in open_groups if all(p.passage != pair.passage for p in g)), None)
            if fitting is None:
                open_groups.append(fitting := [])
            fitting.append(pair)
            if len(fitting) == each:
                groups.append(fitting)
                open_groups.remove(fitting)
        groups += open_groups
    chance.shuffle(groups)
    return [sum(groups[i:i + reports], []) for i in range(0, len(groups), reports)]
