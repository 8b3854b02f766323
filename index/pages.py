"""Where the pages of a report begin: from the form feeds of a source text to offsets into the canonical text. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_SOLID = re.compile(r"\S")


def lift_page_breaks(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the text without its form feeds, and where they stood: (line, characters of it before, white space not counted).

    A form feed between two words becomes a space; beside white space or at the end of a line, nothing.
    """
    lines, breaks = [], []
    for number, line in enumerate(text.split("\n")):
        first, *pieces = line.split("\f")
        for piece in pieces:
            breaks.append((number, count_solid(first)))
            first = _join(first, piece)
        lines.append(first)
    return "\n".join(lines), tuple(breaks)


def place_pages(
    breaks: Sequence[tuple[int, int]], lines: Sequence[str], kept: Collection[int], canonical: str
) -> tuple[int, ...]:
    """Return where in the canonical text each page begins, page 1 first.

    Canonical text and `lines` differ in white space and in lines that were not `kept` (furniture), so
    counting the other characters leads from one to the other. A page that begins with furniture
    begins at what follows it.
    """
    solid = [match.start() for match in _SOLID.finditer(canonical)]
    pages, before, line = [0], 0, 0
    for number, within in breaks:
        before += sum(count_solid(lines[i]) for i in range(line, number) if i in kept)
        line = number
        at = before + (within if number in kept else 0)
        pages.append(solid[at] if at < len(solid) else len(canonical))
    return tuple(pages)


def count_solid(text: str) -> int:
    """Return the number of characters that are no white space."""
    return sum(map(len, text.split()))


def _join(first: str, second: str) -> str:
    if not first or not second or first[-1].isspace():
        # Tabs are kept: an empty cell is one.
        return first + (second.lstrip(" ") if first[-1:].isspace() else second)
    return first + second if second[0].isspace() else f"{first} {second}"
