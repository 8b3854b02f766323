"""The runs of one paragraph: text with the old font of each run and the footnote marks between, to one line."""

from __future__ import annotations

import re
from itertools import groupby

from index.readers.legacy import repair

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
# Stands in front of a footnote mark: it belongs to the word before it, with no space between.
_MARK = "\ue000"


class Runs:
    """Collects runs; neighbours in one old font are repaired together, so that a word cut by formatting is whole."""

    def __init__(self) -> None:
        self._runs: list[tuple[str, str | None]] = []

    def add(self, text: str, scheme: str | None, *, raised: bool = False) -> None:
        """Take in a run; raised figures come out as such ("m²")."""
        if text:
            lifted = raised and text.strip().isdecimal() and text.isascii()
            self._runs.append((text.strip().translate(RAISED), None) if lifted else (text, scheme))

    def mark(self, number: int) -> None:
        """Take in a footnote mark; a sign of its own that stands for it ("*") is taken away."""
        if self._runs and self._runs[-1][0].strip() in ("*", "**", "***", "†"):
            del self._runs[-1]
        self._runs.append((f"{_MARK}[{number}]", None))

    def take(self, repaired: set[str]) -> str:
        """Return the line and begin anew; the schemes that were repaired are added to the set."""
        runs, self._runs = self._runs, []
        pieces = []
        for scheme, group in groupby(runs, key=lambda run: run[1]):
            text = _BLANKS.sub(" ", "".join(part for part, _ in group))
            real = repair(text, scheme) if scheme else text
            if real != text and scheme:
                repaired.add(scheme)
            pieces.append(real)
        line = " ".join("".join(pieces).split())
        return line.replace(f" {_MARK}", "").replace(_MARK, "")
