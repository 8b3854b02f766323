"""From a report to what is stored of it, and the records that say how adding went. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from index.embedding import Embedder
from index.keyword import make_postings
from index.passages import clause_embedding_text, passage_embedding_text, passage_terms
from index.progress import WorkLeft
from index.records import Report, ReportFacts
from index.register import register_figures
from index.store import IndexedReport

EmbedProgress = Callable[[int, int], None]
# A reader that tells its pages is a slow one: so much of a file's time goes into them.
_READING_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class AddOutcome:
    """What became of one file: `kind` is "added", "replaced", "unchanged", "moved" or "skipped".

    `facts` are those of the report that now holds the content, None when skipped. `reason` is a
    sentence for the user, "" for an added or plainly replaced file; of a moved one, where it was.
    `recognised_pages` are the pages whose words were read from a picture.
    """

    kind: str
    name: str
    facts: ReportFacts | None = None
    reason: str = ""
    warnings: tuple[str, ...] = ()
    recognised_pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AddSummary:
    """The outcomes of one `add`, in the order of the files."""

    outcomes: tuple[AddOutcome, ...]

    @property
    def added(self) -> tuple[ReportFacts, ...]:
        return tuple(o.facts for o in self.outcomes if o.kind == "added")

    @property
    def replaced(self) -> tuple[ReportFacts, ...]:
        return tuple(o.facts for o in self.outcomes if o.kind == "replaced")

    @property
    def unchanged(self) -> tuple[ReportFacts, ...]:
        return tuple(o.facts for o in self.outcomes if o.kind == "unchanged")

    @property
    def skipped(self) -> tuple[tuple[str, str], ...]:
        """Name and reason of each file that was not added."""
        return tuple((o.name, o.reason) for o in self.outcomes if o.kind == "skipped")


@dataclass(frozen=True, slots=True)
class AddProgress:
    """How far an `add` is: file `number` of `total` (from 1), `read` of its `pages`, `embedded` of its `texts`.

    `share` of the whole work is done (0 to 1, by size); `seconds_left` is None while nothing can be
    said. `outcome` is given once a file, when it is done: what it says is on the disk.
    """

    name: str
    number: int
    total: int
    embedded: int = 0
    texts: int = 0
    read: int = 0
    pages: int = 0
    share: float = 0.0
    seconds_left: float | None = None
    outcome: AddOutcome | None = None


class AddSteps:
    """Tells a caller how far one file of an `add` is; does nothing when no one listens."""

    def __init__(
        self, listener: Callable[[AddProgress], None] | None, name: str, *, number: int, total: int, work: WorkLeft
    ) -> None:
        self._listener = listener
        self._work = work
        self._step = AddProgress(name, number, total)
        work.start(number - 1)

    def begin(self) -> None:
        self._tell(0.0)

    def finish(self, outcome: AddOutcome | None = None) -> None:
        self._work.finish()
        self._tell(0.0, outcome)

    def reading(self, done: int, pages: int) -> None:
        self._step = replace(self._step, read=done, pages=pages)
        self._tell(_READING_SHARE * done / max(1, pages))

    def embedding(self, done: int, texts: int) -> None:
        self._step = replace(self._step, embedded=done, texts=texts)
        before = _READING_SHARE if self._step.pages else 0.0
        self._tell(before + (1 - before) * done / max(1, texts))

    def _tell(self, fraction: float, outcome: AddOutcome | None = None) -> None:
        if self._listener:
            share, left = self._work.share(fraction), self._work.seconds_left(fraction)
            self._listener(replace(self._step, share=share, seconds_left=left, outcome=outcome))


def index_report(
    report: Report, embedder: Embedder, *, progress: EmbedProgress | None = None
) -> IndexedReport:
    """Embed the passages and clauses of a report, count its terms and register its figures."""
    passage_texts = [passage_embedding_text(report, p) for p in report.passages]
    clause_texts = [clause_embedding_text(report, p, c) for p in report.passages for c in p.clauses]
    # A passage of one clause has the same text twice; embedding is what costs.
    distinct = {text: row for row, text in enumerate(dict.fromkeys(passage_texts + clause_texts))}
    vectors = embedder.encode_passages(list(distinct), progress=progress)
    clause_rows = np.array([distinct[text] for text in clause_texts], dtype=np.int64)
    bounds = np.cumsum([0, *(len(p.clauses) for p in report.passages)])
    return IndexedReport(
        report=report,
        passage_vectors=vectors[[distinct[text] for text in passage_texts]],
        clause_vectors=tuple(vectors[clause_rows[start:end]] for start, end in pairwise(bounds)),
        postings=make_postings([passage_terms(report, p) for p in report.passages]),
        figures=register_figures(report),
    )
