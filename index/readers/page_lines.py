"""Words of a page to lines: which stand beside each other, and how their text is joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.lines import SUPERSCRIPTS
from index.readers.page import Word

# A mark waits as "\ue000number of its occurrence\ue001" until the notes of all pages are known.
MARK = re.compile("\ue000(\\d+)\ue001")
_LABEL = re.compile(r"^[(\[]?(\d{1,3}|\*{1,3})[)\]]?$")
_LABELS = re.compile(r"[,;]\s*")
_UNIT = re.compile(r"(?:^|[\d\s(/,])[kdch]?m$")
_NO_SPACE = 0.12
BROKEN_BEHIND = re.compile(r"\S[-/]\f*$")


@dataclass(frozen=True)
class Line:
    """Words beside each other, from left to right. Its box is that of the words that are not raised."""

    page: int
    words: tuple[Word, ...]
    # The place in the text that the line can fill, and whether it stands in a column beside another.
    left: float = 0.0
    right: float = 0.0
    column: int = 0

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        flat = [word for word in self.words if not word.raised] or self.words
        return (
            min(w.x0 for w in self.words), min(w.y0 for w in flat), max(w.x1 for w in self.words), max(w.y1 for w in flat),
        )

    @property
    def x0(self) -> float:
        return self.box[0]

    @property
    def y0(self) -> float:
        return self.box[1]

    @property
    def x1(self) -> float:
        return self.box[2]

    @property
    def y1(self) -> float:
        return self.box[3]

    @cached_property
    def size(self) -> float:
        """The font size of most of its letters."""
        return common_size(self.words)

    @cached_property
    def bold(self) -> bool:
        flat = [word for word in self.words if not word.raised and any(map(str.isalnum, word.text))]
        return bool(flat) and all(word.bold for word in flat)

    @cached_property
    def words_alone(self) -> str:
        """The text without its marks."""
        return " ".join(word.text for word in self.words if not word.raised)


def common_size(words: Iterable[Word]) -> float:
    """Return the font size of most letters, 0.0 where there is none."""
    counts: Counter[float] = Counter()
    for word in words:
        if not word.raised:
            counts[round(word.size * 2) / 2] += len(word.text)
    return counts.most_common(1)[0][0] if counts else 0.0


def make_lines(words: Iterable[Word], page: int) -> list[Line]:
    """Return the lines of a page from top to bottom."""
    rows: list[list[Word]] = []
    words = list(words)
    for word in sorted((w for w in words if not w.raised), key=lambda w: w.y0 + w.y1):
        row = next((row for row in reversed(rows[-3:]) if _beside(row[0], word)), None)
        if row is None:
            rows.append([word])
        else:
            row.append(word)
    for word in words:
        if word.raised:
            near = min(rows, key=lambda row: min(_apart(word, other) for other in row), default=None)
            if near is None:
                rows.append([word])
            else:
                near.append(word)
    lines = [Line(page, tuple(sorted(row, key=lambda w: w.x0))) for row in rows]
    return sorted(lines, key=lambda line: line.y1)


def _beside(first: Word, second: Word) -> bool:
    overlap = min(first.y1, second.y1) - max(first.y0, second.y0)
    return overlap > 0.55 * min(first.y1 - first.y0, second.y1 - second.y0)


def _apart(raised: Word, other: Word) -> float:
    """Return how far a raised word is from the word it may belong to; what is not beside it is far."""
    across = max(raised.x0 - other.x1, other.x0 - raised.x1, 0.0)
    middle = (raised.y0 + raised.y1) / 2
    return across + 20 * max(other.y0 - 0.1 * other.size - middle, middle - other.y1, 0.0)


def join_texts(parts: Iterable[str]) -> str:
    """Join the texts of lines; what a line end broke behind a hyphen or a slash ("QĐ-" "UBND") gets no space."""
    text = ""
    for part in parts:
        text += part if not text or BROKEN_BEHIND.search(text) else f" {part}"
    return text


def split_at_gaps(line: Line, gap: float) -> list[tuple[Word, ...]]:
    """Return the parts of a line that are more than this many font sizes apart."""
    parts: list[list[Word]] = []
    for word in line.words:
        if parts and word.x0 - max(w.x1 for w in parts[-1]) <= gap * line.size:
            parts[-1].append(word)
        else:
            parts.append([word])
    return [tuple(part) for part in parts]


class MarkBook:
    """The marks met while lines are written, in the order of writing: page and label of each."""

    def __init__(self) -> None:
        self.met: list[tuple[int, str]] = []

    def write(self, words: Sequence[Word], page: int) -> str:
        """Return the text of words from left to right; each raised mark becomes a placeholder."""
        text = ""
        before: Word | None = None
        for word in words:
            written = self._write_word(word, page, text)
            glued = before is not None and (
                word.raised or (before.raised and word.x0 - before.x1 < _NO_SPACE * max(word.size, 1))
            )
            text += written if before is None or glued else f" {written}"
            before = word
        return text

    def _write_word(self, word: Word, page: int, text: str) -> str:
        if not word.raised:
            return word.text
        if word.text.translate(SUPERSCRIPTS) in ("2", "3") and _UNIT.search(text):
            return word.text
        labels = [_LABEL.match(part.translate(SUPERSCRIPTS)) for part in _LABELS.split(word.text.strip(",;"))]
        if not text or not all(labels):
            return word.text
        return "".join(self._add(page, label[1]) for label in labels if label)

    def _add(self, page: int, label: str) -> str:
        self.met.append((page, label))
        return f"\ue000{len(self.met) - 1}\ue001"
