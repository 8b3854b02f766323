"""How much of a piece of long work is done, and how long the rest will take. Draws nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

# What every file costs whatever its size, in bytes of text.
_EACH = 2_000
# A share of a file that is too small to say how long the whole file takes.
_SMALL_SHARE = 0.05


class WorkLeft:
    """Files (or reports) done one after the other, each with its size and its kind.

    A scanned page takes a thousand times as long as its bytes in a text file would, so the seconds
    that a byte takes are counted for each kind (suffix) by itself as soon as one of it is done.
    """

    def __init__(self, items: Sequence[tuple[str, int]], clock: Callable[[], float] = time.monotonic) -> None:
        self._items = [(kind, size + _EACH) for kind, size in items]
        self._clock = clock
        self._total = sum(size for _, size in self._items)
        self._sizes: dict[str, int] = {}
        self._seconds: dict[str, float] = {}
        self._left: dict[str, int] = {}
        for kind, size in self._items:
            self._left[kind] = self._left.get(kind, 0) + size
        self._kind, self._size, self._began = "", 0, clock()

    def start(self, position: int) -> None:
        """Begin the item at this position."""
        self._kind, self._size = self._items[position]
        self._left[self._kind] -= self._size
        self._began = self._clock()

    def finish(self) -> None:
        """End the item that was begun last."""
        self._sizes[self._kind] = self._sizes.get(self._kind, 0) + self._size
        self._seconds[self._kind] = self._seconds.get(self._kind, 0.0) + self._clock() - self._began
        self._size = 0

    def share(self, fraction: float) -> float:
        """Return which share of all (0 to 1) is done with this fraction of the item that was begun last."""
        done = sum(self._sizes.values()) + fraction * self._size
        return min(1.0, done / self._total) if self._total else 1.0

    def seconds_left(self, fraction: float) -> float | None:
        """Return how many seconds the rest will take, None while nothing can be said."""
        elapsed = self._clock() - self._began if self._size else 0.0
        whole = elapsed / fraction if self._size and fraction >= _SMALL_SHARE else None
        rate = self._rate(whole)
        if rate is None:
            return None
        current = 0.0
        if self._size:
            current = whole - elapsed if whole is not None else max(0.0, self._size * self._rate_of(self._kind, rate) - elapsed)
        return current + sum(size * self._rate_of(kind, rate) for kind, size in self._left.items())

    def _rate(self, whole: float | None) -> float | None:
        """Return the seconds a byte over all that is known: what is done, else the item at hand."""
        if self._sizes:
            return sum(self._seconds.values()) / sum(self._sizes.values())
        return whole / self._size if whole is not None else None

    def _rate_of(self, kind: str, rate: float) -> float:
        return self._seconds[kind] / self._sizes[kind] if kind in self._sizes else rate
