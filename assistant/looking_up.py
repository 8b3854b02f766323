"""Questions by number: "13.864 là số gì?", "Quyết định 1506 về việc gì?"."""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np

from assistant import composing, messages
from assistant.answers import Answer
from assistant.candidates import clause_views
from assistant.question import Question
from assistant.reading import Reading
from index.numbers import parse_number
from index.records import Hit
from index.snapshot import Snapshot

MOST_PLACES = 3
_DOCUMENT_ASKED = re.compile(
    r"\b(?:quyết định|nghị quyết|nghị định|kế hoạch|công văn|tờ trình|thông báo|chỉ thị|thông tư|kết luận|văn bản|báo cáo|hướng dẫn)\s+(?:số\s*:?\s*)?"
    r"(?P<n>\d+)(?:\s?/\s?(?P<year>\d{4}))?(?:[/\-][\w\-Đđ]+)*",
    re.IGNORECASE,
)


def answer_lookup(question: Question, snapshot: Snapshot, positions: Collection[int] | None) -> Answer | None:
    """Return what a figure counts, wherever it stands; None when no figure is looked up."""
    if question.lookup is None:
        return None
    value = parse_number(question.lookup.replace(" ", ""))
    readings = [] if value is None else [
        Reading(hit, view, figure, np.zeros(0, np.float32))
        for hit in find_token(snapshot, question.lookup, positions)
        for view in clause_views(hit) for figure in view.figures
        if value in (figure.figure.value, figure.figure.denominator)
    ]
    if not readings:
        return Answer(messages.no_such_number(question.lookup), abstained=True)
    places = {(r.hit.report.id, r.clause.clause.start): r for r in readings}
    chosen = list(places.values())[:MOST_PLACES]
    if len(chosen) == 1:
        text, citations = composing.compose_figure(question, chosen[0], [chosen[0].figure])
    else:
        text, citations = composing.compose_places(chosen)
    return Answer(text, chosen[0].figure.literal, citations=tuple(citations), details={"asks": ["lookup"]})


def unknown_document(question: Question, snapshot: Snapshot) -> str | None:
    """Return the number of a document the question names and no report does, or None."""
    for match in _DOCUMENT_ASKED.finditer(question.text):
        number = match["n"]
        if len(number) >= 2 and not snapshot.keyword.frequency(number):
            return match.group().split()[-1]
    return None


def find_token(snapshot: Snapshot, token: str, positions: Collection[int] | None) -> list[Hit]:
    """Return the passages that hold a token, in the order of the library."""
    scores = snapshot.keyword.scores([token])
    hits = []
    for number in np.flatnonzero(scores > 0)[:50]:
        position, index = snapshot.passage_location(int(number))
        if positions is not None and position not in positions:
            continue
        report = snapshot.reports[position]
        hits.append(Hit(report, report.passages[index], float(scores[number]), 0.0, float(scores[number]),
                        clause_vectors=snapshot.clause_vectors(position, index)))
    return hits
