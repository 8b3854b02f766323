"""Search quality on a BEIR folder, with the product's own embedding, BM25 and fusion."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from eval import messages
from eval.answers import write_text
from eval.questions import read_lines, read_records
from eval.ranking import (
    discounted_gain,
    precision_at_one,
    rank_documents,
    recall,
    reciprocal_rank,
)
from eval.tables import find_wilson_interval, lay_out
from index.embedding import open_embedder
from index.errors import UserError
from index.keyword import KeywordIndex, make_postings
from index.search import fuse
from index.text import index_terms

METRICS = ("P@1", "R@10", "MRR@10", "nDCG@10")


class Document(BaseModel):
    """A line of corpus.jsonl or queries.jsonl; BEIR sets carry further fields of their own."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(alias="_id")
    title: str = ""
    text: str

    @property
    def whole(self) -> str:
        return f"{self.title}\n{self.text}" if self.title else self.text


@dataclass(frozen=True, slots=True)
class Collection:
    """A BEIR set: documents, the judged queries, and the grade of each relevant document."""

    documents: tuple[Document, ...]
    queries: tuple[Document, ...]
    grades: Mapping[str, Mapping[str, int]]


def read_collection(folder: Path) -> Collection:
    """Read a BEIR folder: corpus.jsonl, queries.jsonl, qrels/test.tsv. Unjudged queries go."""
    documents = read_records(folder / "corpus.jsonl", Document)
    grades = _read_grades(folder / "qrels" / "test.tsv")
    queries = tuple(each for each in read_records(folder / "queries.jsonl", Document) if each.id in grades)
    if not queries:
        raise UserError(messages.no_judged_queries(folder))
    return Collection(documents=documents, queries=queries, grades=grades)


def measure(collection: Collection) -> dict[str, dict[str, float]]:
    """Return the metrics of the rows keyword, dense and fused, averaged over the queries."""
    ids = [each.id for each in collection.documents]
    texts = [each.whole for each in collection.documents]
    keyword_index = KeywordIndex.build([make_postings([index_terms(each) for each in texts])])
    embedder = open_embedder()
    vectors = embedder.encode_passages(texts)
    rows: dict[str, list[list[float]]] = {"keyword": [], "dense": [], "fused": []}
    for query in collection.queries:
        keyword = keyword_index.scores(index_terms(query.text))
        dense = vectors @ embedder.encode_question(query.text)
        for name, scores in (
            ("keyword", keyword), ("dense", dense), ("fused", fuse(dense, keyword)),
        ):
            ranked = rank_documents(ids, scores)
            rows[name].append(_measure_one(ranked, collection.grades[query.id]))
    return {
        name: dict(zip(METRICS, (float(value) for value in np.mean(values, axis=0))))
        for name, values in rows.items()
    }


def run_retrieval(folder: Path, *, json_out: Path | None = None) -> int:
    """Measure a BEIR folder and print the table."""
    collection = read_collection(folder)
    results = measure(collection)
    count = len(collection.queries)
    rows = [("", *METRICS)]
    rows += [(name, *(f"{row[each]:.4f}" for each in METRICS)) for name, row in results.items()]
    print(lay_out(rows))
    low, high = find_wilson_interval(round(results["fused"]["P@1"] * count), count)
    caveats = [
        f"{len(collection.documents)} documents, {count} queries; ties ranked by id",
        f"fused P@1, 95 % interval {low:.3f}–{high:.3f} (Wilson)",
        "documents longer than the embedding model's input are cut by it",
    ]
    print("\n".join(f"* {each}" for each in caveats))
    if json_out is not None:
        content = {"folder": folder.name, "results": results, "caveats": caveats}
        write_text(json_out, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return 0


def _measure_one(ranked: Sequence[str], grades: Mapping[str, int]) -> list[float]:
    return [
        precision_at_one(ranked, grades), recall(ranked, grades),
        reciprocal_rank(ranked, grades), discounted_gain(ranked, grades),
    ]


def _read_grades(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for number, line in enumerate(read_lines(path), start=1):
        if not line.strip() or (number == 1 and line.startswith("query-id")):
            continue
        columns = line.rstrip("\r").split("\t")
        if len(columns) != 3 or not columns[2].lstrip("-").isdigit():
            raise UserError(messages.bad_qrels(path, number))
        grades.setdefault(columns[0], {})[columns[1]] = int(columns[2])
    return grades
