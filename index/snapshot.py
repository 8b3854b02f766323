"""What a question searches: all reports of a library as they were at one moment, read-only, safe for threads."""

from __future__ import annotations

import logging
import os
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import overload

import numpy as np

from index.keyword import KeywordIndex, Postings
from index.records import Passage, RegisteredFigure, Report, ReportFacts
from index.register import register_figures
from index.store import Store
from index.vectors import VectorIndex

# Below this number of passages building the keyword index is as quick as reading it from a file.
CACHE_FROM = 5_000
_REPORTS_IN_MEMORY = 512
_CLAUSES_IN_MEMORY = 4_096

logger = logging.getLogger(__name__)


class Snapshot:
    """The library at one version. Passages of all reports are numbered on, oldest-added report first.

    Attributes:
        version: number of writes the library has seen.
        facts: facts of each report, by position; texts are read when asked for.
        reports: the reports by position, a sequence that reads each when it is asked for.
        vectors: inner product over one vector a passage.
        keyword: BM25 over the terms of each passage.
    """

    def __init__(self, store: Store, dimension: int) -> None:
        """Take over `store`, a reader that sees one state of the library only."""
        self._store = store
        self._dimension = dimension
        self._lock = threading.Lock()
        self.version = store.version()
        self.facts: tuple[ReportFacts, ...] = store.facts()
        self._keys = store.keys()
        self._offsets = np.cumsum([0, *(facts.passages for facts in self.facts)])
        self.reports: Sequence[Report] = StoredReports(store, self._keys, self._lock)
        self._clauses: OrderedDict[tuple[int, int], np.ndarray] = OrderedDict()
        self.vectors = VectorIndex(self._read_vectors())
        self.keyword = _open_keyword_index(store, self._keys, version=self.version, size=len(self))

    def __len__(self) -> int:
        """Return the number of passages."""
        return int(self._offsets[-1])

    def passage_location(self, number: int) -> tuple[int, int]:
        """Return report position and passage index of a passage number."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        position = int(np.searchsorted(self._offsets, number, side="right")) - 1
        return position, number - int(self._offsets[position])

    def passage_numbers(self, position: int) -> range:
        """Return the passage numbers of the report at a position."""
        return range(int(self._offsets[position]), int(self._offsets[position + 1]))

    @cached_property
    def passages(self) -> tuple[tuple[int, int], ...]:
        """Return report position and passage index of every passage, by passage number."""
        return tuple((p, i) for p, facts in enumerate(self.facts) for i in range(facts.passages))

    @cached_property
    def report_positions(self) -> np.ndarray:
        """Return the report position of every passage, (n,) int64."""
        return np.repeat(np.arange(len(self.facts)), np.diff(self._offsets))

    def figures(self, position: int) -> tuple[RegisteredFigure, ...]:
        """Return the register of the report at a position."""
        with self._lock:
            stored = self._store.figures(self._keys[position])
        # An older program stored reports without their registers.
        return stored if stored is not None else register_figures(self.reports[position])

    def passage(self, number: int) -> Passage:
        """Return a passage by its number."""
        position, index = self.passage_location(number)
        return self.reports[position].passages[index]

    def clause_vectors(self, position: int, index: int) -> np.ndarray:
        """Return one vector a clause of a passage, (c, d) float32, L2-normalised but for rounding.

        Read from the library file when asked for: those of 100,000 passages would take 500 MB.
        """
        place = (position, index)
        with self._lock:
            vectors = self._clauses.pop(place, None)
            if vectors is None:
                vectors = self._store.clause_vectors(self._keys[position], index, self._dimension)
                vectors.flags.writeable = False
            self._clauses[place] = vectors
            if len(self._clauses) > _CLAUSES_IN_MEMORY:
                self._clauses.popitem(last=False)
            return vectors

    def _read_vectors(self) -> np.ndarray:
        matrix = np.empty((len(self), self._dimension), dtype=np.float32)
        for position, key in enumerate(self._keys):
            numbers = self.passage_numbers(position)
            matrix[numbers.start:numbers.stop] = self._store.passage_vectors(key, self._dimension, len(numbers))
        return matrix


class StoredReports(Sequence[Report]):
    """The reports of a snapshot by position; the most recently used ones stay in memory."""

    # Not given the snapshot itself: in a circle of references, an old one would stay in memory.
    def __init__(self, store: Store, keys: Sequence[int], lock: threading.Lock) -> None:
        self._store, self._keys = store, keys
        self._recent: OrderedDict[int, Report] = OrderedDict()
        self._lock = lock

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, position: int) -> Report: ...

    @overload
    def __getitem__(self, position: slice) -> tuple[Report, ...]: ...

    def __getitem__(self, position: int | slice) -> Report | tuple[Report, ...]:
        if isinstance(position, slice):
            return tuple(self[i] for i in range(*position.indices(len(self))))
        if not -len(self) <= position < len(self):
            raise IndexError(position)
        position %= len(self)
        with self._lock:
            report = self._recent.pop(position, None)
            if report is None:
                report = self._store.read_report(self._keys[position])
            self._recent[position] = report
            if len(self._recent) > _REPORTS_IN_MEMORY:
                self._recent.popitem(last=False)
            return report


class _StoredPostings(Sequence[Postings]):
    """The postings of each report, read anew each time: together they would take too much memory."""

    def __init__(self, store: Store, keys: Sequence[int]) -> None:
        self._store, self._keys = store, keys

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, position: int) -> Postings:
        return self._store.postings(self._keys[position])


def cache_files(folder: Path) -> list[Path]:
    """Return the files beside the library that were computed from it and may be deleted at any time."""
    return sorted(folder.glob("keyword-*.npz*"))


def cache_path(folder: Path, *, version: int, keys: Sequence[int]) -> Path:
    """Return where the keyword index of this state is kept."""
    return folder / f"keyword-{version}-{keys[-1] if keys else 0}.npz"


def _open_keyword_index(store: Store, keys: Sequence[int], *, version: int, size: int) -> KeywordIndex:
    if size < CACHE_FROM:
        return KeywordIndex.build(_StoredPostings(store, keys))
    path = cache_path(store.path.parent, version=version, keys=keys)
    index = read_cache(path)
    if index is None or len(index) != size:
        index = KeywordIndex.build(_StoredPostings(store, keys))
        _write_cache(path, index)
    return index


def read_cache(path: Path) -> KeywordIndex | None:
    """Return the keyword index of a cache file, or None when it is not there or damaged."""
    try:
        # The zip format has a checksum for each array, verified while it is read.
        with np.load(path, allow_pickle=False) as arrays:
            return KeywordIndex.from_arrays(arrays)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        logger.warning("keyword cache %s is damaged and will be built again: %s", path.name, error)
        return None


def _write_cache(path: Path, index: KeywordIndex) -> None:
    # The process id keeps two writers apart; the rename makes the file appear whole or not at all.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            np.savez(file, **index.to_arrays())
        draft.replace(path)
        for other in cache_files(path.parent):
            if other != path:
                other.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("keyword cache not written: %s", error)
        draft.unlink(missing_ok=True)
