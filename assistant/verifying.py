"""The gate: every figure of an answer stands in a cited quote, was computed, or was asked about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.answers import Citation

_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*")
_PLACE = re.compile(r"\[\d+\]|\b(?:mục|Điều|chú thích|Phần|Chương)\s+[\w.]+(?!\w|[.,/]?\d)")


def ungrounded_figures(text: str, citations: Iterable[Citation], *, allowed: Iterable[str] = ()) -> list[str]:
    """Return the numbers of an answer that neither a quote nor an allowed text holds.

    Citation marks and the names of places ("mục 2.1", "chú thích 3") are no figures.
    """
    known: set[str] = set()
    for source in (*(citation.quote for citation in citations), *allowed):
        known.update(_NUMBER.findall(source))
    return [number for number in _NUMBER.findall(_PLACE.sub(" ", text)) if number not in known]


def misquoted(citations: Iterable[Citation]) -> list[Citation]:
    """Return the citations whose quote is not the report's own text at their span."""
    return [c for c in citations if c.quote != c.report.text[c.start:c.end]]
