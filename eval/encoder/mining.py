"""Finds wrong passages that an encoder takes for right ones: what it has to learn next."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from eval.encoder.data import HARD_NEGATIVES, Material
from eval.encoder.measure import encode_passages
from eval.encoder.model import QUERY, Encode


def mine_negatives(material: Material, encode: Encode) -> Material:
    """Return the material with negatives that an encoder takes for near.

    For each question: the nearest wrong passages of its report, one that shares words (the first of
    those it had), and the nearest of another report.
    """
    vectors = encode_passages(material, encode)
    places = [(i, p.index) for i, report in enumerate(material.reports) for p in report.passages]
    reports = np.array([report for report, _ in places])
    starts = np.searchsorted(reports, np.arange(len(material.reports)))
    pairs = []
    for pair, asked in zip(material.pairs, encode([pair.question for pair in material.pairs], QUERY), strict=True):
        near = vectors @ asked
        near[starts[pair.report] + pair.passage] = -np.inf
        own = np.where(reports == pair.report, near, -np.inf)
        chosen = [places[i] for i in np.argsort(-own, kind="stable")[:HARD_NEGATIVES] if own[i] > -np.inf]
        chosen += [place for place in pair.negatives[:1] if place not in chosen]
        chosen.append(places[int(np.argmax(np.where(reports == pair.report, -np.inf, near)))])
        pairs.append(replace(pair, negatives=tuple(chosen)))
    return replace(material, pairs=tuple(pairs))
