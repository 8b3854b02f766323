"""Scored readings, read again by the reranker: the clauses in front, question and clause together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.question import Question
from assistant.reading import Reading, clause_numbers
from assistant.reranker import bundled_reranker

# Clauses read again, at most, and how far they may be behind the first; each costs some milliseconds.
CLAUSES, WINDOW = 3, 2.0
# How far ahead the first reading is when it need not be read again, if it is an answer more likely than not.
LEAD = 1.5
# What the reranker's logit adds to a reading's own, and to that of the best one being an answer at all;
# there it counts from `SURE_LEAST` on, so that it alone declines nothing. Read off the validation
# reports: weights from 0.5 to 1.5 do alike; a fourth clause, a wider window, no lead or a lower least
# gain nothing.
RERANKER_WEIGHT, SURE_WEIGHT, SURE_LEAST = 1.0, 0.5, -3.0
# What a reading gets that is not read again, and the least and most that one gets that is.
LEAST, MOST = -8.0, 8.0


def read_again(question: Question, readings: Sequence[Reading], scores: np.ndarray, *, sure: float = -np.inf) -> np.ndarray:
    """Return the reranker's logits of readings, shape (n,); 0 is as likely as that no clause answers.

    `sure` is the logit that the first reading is an answer. All are 0 where a second reading would change nothing.
    """
    if sure > 0 and (len(scores) < 2 or np.subtract(*np.partition(scores, -2)[[-1, -2]]) > LEAD):
        return np.zeros(len(readings), dtype=np.float32)
    logits = np.full(len(readings), LEAST, dtype=np.float32)
    clauses = clause_numbers(readings)
    near = [i for i in np.argsort(-scores, kind="stable") if scores[i] > scores.max() - WINDOW]
    first = list(dict.fromkeys(clauses[near].tolist()))[:CLAUSES]
    places = {clause: np.flatnonzero(clauses == clause) for clause in first}
    views = [readings[places[clause][0]].clause for clause in first]
    for clause, found in zip(first, bundled_reranker().scores(question.search_text, views), strict=True):
        for i in places[clause]:
            figure = readings[i].figure
            logits[i] = np.clip(found[0 if figure is None else 1 + figure.order], LEAST, MOST)
    return logits
