"""Runs of text with the old font of each to one line, and lines to the finished text with what must be told of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby

from index import messages
from index.readers.legacy import detect_scheme, repair
from index.readers.legacy_codes import SIGNS, VPS_CONTROLS

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
# Stands in front of a footnote mark: it belongs to the word before it, with no space between.
_MARK = "\ue000"

# Control codes that are letters of VPS, in the private use area while a parser that knows no such characters is at work.
HELD = {ord(code): 0xE100 + ord(code) for code in VPS_CONTROLS}
_RELEASED = {held: code for code, held in HELD.items()}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")


def finish_text(lines: Iterable[str], repaired: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file (NFC, no control characters) and the warnings about its old fonts.

    `repaired` are the schemes that its fonts told; what else is in an old scheme is found by its words.
    """
    text = "\n".join(lines)
    scheme = detect_scheme(text)
    if scheme:
        text = repair(text, scheme)
    found = sorted({scheme, *repaired} - {None})
    text = unicodedata.normalize("NFC", _CONTROL.sub("", text.translate(SIGNS)))
    return text, tuple(dict.fromkeys(map(messages.warn_old_font, found)))


class Runs:
    """Collects runs; neighbours in one old font are repaired together, so that a word cut by formatting is whole."""

    def __init__(self) -> None:
        self._runs: list[tuple[str, str | None]] = []

    def add(self, text: str, scheme: str | None, *, raised: bool = False) -> None:
        """Take in a run; raised figures come out as such ("m²")."""
        text = text.translate(_RELEASED)
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
