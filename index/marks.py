"""Footnote marks in a text: where they stand and what words they stand behind."""

from __future__ import annotations

import re

from index.lines import BULLET, SUPERSCRIPTS

BRACKET_MARK = re.compile(r"\[(\d{1,3}|\*+|[a-z])\]")
_RAISED = re.compile(r"(?<=\S)[⁰¹²³⁴-⁹]{1,3}")
# "cao14 nên", "(cũ)15.", "năm 200323," and, before a stop only, loose ones: "lên đáng kể 15 ."
_GLUED = re.compile(
    r"(?:(?<=[^\W\d_])|(?<=[%)”\"])|(?<=[^\W\d_] )|(?<=(?<!\d)(?:19|20)\d\d))\s?([0-9]{1,3})(?=\s?[.,;:)]|\s|$)(?![.,]\s?\d)"
)
_STOP = re.compile(r"\s?[.,;:]")
_STATEMENT_END = re.compile(r"[.;]\s+|\]\s*[,;.]?\s*")
_CONTEXT_WORDS = 24


def find_marks(text: str, start: int, end: int, note_marks: set[str]) -> list[tuple[str, int]]:
    """Return (mark, position) of the footnote marks in a span: `[1]`, `¹`, or glued digits ("cao14").

    `note_marks` are the marks of the report's footnote bodies that have no brackets; glued digits
    count only for these.
    """
    found = [(m.group(1), m.start()) for m in BRACKET_MARK.finditer(text, start, end)]
    if found:
        return found
    found = [(m.group().translate(SUPERSCRIPTS), m.start()) for m in _RAISED.finditer(text, start, end) if not _is_power(text, m)]
    if not note_marks:
        return found
    for match in _GLUED.finditer(text, start, end):
        loose = text[match.start(1) - 1].isspace()
        if match.group(1) in note_marks and not (loose and not _STOP.match(text, match.end())):
            found.append((match.group(1), match.start(1)))
    return sorted(found, key=lambda mark: mark[1])


def note_body_offset(text: str) -> int:
    """Return how many characters of a footnote block are its mark and the space behind it."""
    return re.match(r"\s*(?:\[[^\]]{1,3}\]|[0-9]{1,3}|[¹²³⁰⁴-⁹]{1,3})\s*", text).end()


def words_before(text: str, position: int) -> str:
    """Return the words that a footnote mark stands behind, back to where their statement begins."""
    line = text[text.rfind("\n", 0, position) + 1:position]
    statement = _STATEMENT_END.split(BULLET.sub("", line))[-1]
    return " ".join(statement.split()[-_CONTEXT_WORDS:])


def _is_power(text: str, match: re.Match[str]) -> bool:
    """Tell "12 km²" from a mark."""
    return match.group() in "²³" and bool(re.search(r"\d\s?(?:[kdc]?m)$", text[max(0, match.start() - 8):match.start()]))
