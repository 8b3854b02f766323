"""The reranker: reads the question and a clause together, and says which figure answers, or that none does.

A cross-encoder: the lower layers of our encoder, trained further (`eval/reranker`). Slower than comparing
vectors and much finer, hence only for the clauses that the small networks like best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from assistant.candidates import ClauseView
from index.engines import TokenGraph, available_threads
from index.model_files import find_bundled_file, read_model_file
from index.model_unpacking import find_graph
from index.passages import clause_context, spell_out
from index.subwords import Subwords, clean_text

LAYERS_FILE = Path(__file__).parent / "data" / "reranker.bin"
HEADS_FILE = LAYERS_FILE.with_suffix(".npz")
MOST_TOKENS = 192
# What a figure beyond the last token gets: as good as never.
UNREAD = -20.0


@dataclass(frozen=True, slots=True)
class Heads:
    """Linear heads over token vectors: `weights` (2, width) and `bias` (2,), for a clause and for a figure."""

    weights: np.ndarray
    bias: np.ndarray


def clause_segments(view: ClauseView) -> list[str]:
    """Return a clause cut before each of its figures, behind its report's period, its heading and its context.

    The first segment is what stands before the first figure; each other one begins with a figure.
    Abbreviations are spelt out.
    """
    before = [*filter(None, (view.report.period and f"{view.report.period}.", clause_context(view.report, view.passage, view.clause)))]
    if view.passage.kind == "row":
        return _row_segments(view, before)
    starts = [figure.figure.start for figure in view.figures]
    cuts = [0, *starts, len(view.text)]
    texts = [spell_out(view.text[a:b], view.report) for a, b in zip(cuts, cuts[1:])]
    return [" ".join((*before, texts[0])), *texts[1:]]


def _row_segments(view: ClauseView, before: list[str]) -> list[str]:
    """Return a table row as a sentence would say it: "name: column figure; column figure"."""
    if not view.figures:
        return [" ".join((*before, spell_out(view.text, view.report)))]
    name = view.row.name or view.text
    columns = [figure.column for figure in view.figures]
    following = [*(f"; {column} " for column in columns[1:]), ""]
    cells = (f"{figure.said}{after}" for figure, after in zip(view.figures, following, strict=True))
    return [" ".join((*before, f"{name}: {columns[0]} ")), *cells]


def pair_ids(subwords: Subwords, question: str, segments: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return the token ids of a question and a clause, and the positions that stand for it.

    Position 0 stands for the clause as a whole, the others for the figures: the first token of each.
    """
    ids = subwords.ids(clean_text(f"query: {question}"))
    end = ids[-1]
    positions = [0]
    for i, segment in enumerate(segments):
        if i:
            positions.append(len(ids))
        text = clean_text(segment if i else f"passage: {segment}")
        if text:
            ids += subwords.ids(text)[1:-1]
    return [*ids[:MOST_TOKENS - 1], end], positions


class Reranker:
    """Scores clauses and their figures against a question."""

    def __init__(self, graph: TokenGraph, subwords: Subwords, heads: Heads) -> None:
        self._graph, self._subwords, self._heads = graph, subwords, heads

    def scores(self, question: str, views: Sequence[ClauseView]) -> list[np.ndarray]:
        """Return for each clause the logits (1 + figures,) of itself and of its figures; 0 is "not here"."""
        return [self._score(question, view) for view in views]

    def _score(self, question: str, view: ClauseView) -> np.ndarray:
        ids, positions = pair_ids(self._subwords, question, clause_segments(view))
        hidden = self._graph.run(np.array([ids]))[0]
        heads = np.minimum(np.arange(len(positions)), 1)
        read = np.array(positions) < len(ids)
        rows = hidden[np.where(read, positions, 0)]
        return np.where(read, (rows * self._heads.weights[heads]).sum(1) + self._heads.bias[heads], UNREAD)


@lru_cache(maxsize=1)
def bundled_reranker() -> Reranker:
    """Return the reranker that the program carries."""
    words, layers = read_model_file(find_bundled_file()), read_model_file(LAYERS_FILE)
    arrays = np.load(HEADS_FILE, allow_pickle=False)
    graph = TokenGraph(layers, find_graph(layers, "hoi-bao-cao-reranker"), threads=available_threads(), words=words)
    return Reranker(graph, Subwords(words), Heads(arrays["weights"], arrays["bias"]))
