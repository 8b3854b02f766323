"""Footnotes of pages: where they begin, which lines are whose body, and how their marks are numbered anew."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.lines import SUPERSCRIPTS
from index.readers.page import Page, Word
from index.readers.page_lines import MARK, Line, MarkBook, join_texts

_RAISED = re.compile(r"^[(\[]?(\d{1,3}|\*{1,3})[)\]]?[.:]?$")
_BRACKETED = re.compile(r"^\[(\d{1,3}|\*{1,3})\](.*)$")
_PLAIN = re.compile(r"^(\d{1,3}|\*{1,3})\.?$")
_GLUED = re.compile(r"^(\d{1,3}|\*{1,3})(?=[^\W\d_a-z]|[“\"(])(.+)$")
_SMALL = 0.94
_SUPERSCRIPT_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class Note:
    """A footnote: the page it begins on, the label it is printed with, the lines of its body."""

    page: int
    label: str
    lines: list[tuple[Word, ...]] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)


def take_notes(pages: Sequence[Page], lines: Sequence[list[Line]], body_size: float) -> tuple[list[list[Line]], list[Note]]:
    """Return the lines of each page above its footnotes, and the footnotes in order; one may go on on the next page."""
    rest: list[list[Line]] = []
    notes: list[Note] = []
    for page, page_lines in zip(pages, lines, strict=True):
        called = {label for line in page_lines for label in _raised_labels(line)}
        start = _find_start(page, page_lines, body_size, called, notes)
        known = len(notes)
        for line in page_lines[start:]:
            _read_note_line(line, notes, called)
        rest.append(_raise_marks(page_lines[:start], [note.label for note in notes[known:] if note.label not in called]))
    return rest, notes


def _raise_marks(lines: list[Line], labels: list[str]) -> list[Line]:
    """Return the lines with the marks of these notes set apart: "dung1;" and "dung[1];" are as good as a raised 1."""
    lines = list(lines)
    at = 0
    for label in labels:
        pattern = re.compile(rf"(.*?[^\W\d_)”\"%])[(\[]?({re.escape(label)})[)\]]?([.,;:)]*)")
        for k in range(at, len(lines)):
            found = next(((j, m) for j, word in enumerate(lines[k].words) if not word.raised and (m := pattern.fullmatch(word.text))), None)
            if found:
                place, match = found
                words = lines[k].words
                lines[k] = replace(lines[k], words=(*words[:place], *_cut_word(words[place], match), *words[place + 1:]))
                at = k
                break
    return lines


def _cut_word(word: Word, match: re.Match[str]) -> Iterator[Word]:
    """Yield the parts of a word; each reaches to the next, brackets around the mark leave no gap."""
    width = (word.x1 - word.x0) / len(word.text)
    edges = [word.x0, word.x0 + width * match.end(1), word.x0 + width * match.start(3), word.x1]
    for group, x0, x1 in zip((1, 2, 3), edges, edges[1:]):
        if match[group]:
            yield replace(word, text=match[group], x0=x0, x1=x1, raised=group == 2)


def _find_start(page: Page, lines: list[Line], body_size: float, called: set[str], notes: list[Note]) -> int:
    """Return the number of the line that the notes of a page begin with, else the number of lines."""
    small = len(lines)
    while small and lines[small - 1].size <= _SMALL * body_size:
        small -= 1
    for rule in sorted(_short_rules(page)):
        start = next((k for k, line in enumerate(lines) if line.y1 > rule + 2), len(lines))
        if start < len(lines):
            label = read_label(lines[start], notes, called)
            if label and (start >= small or lines[start].words[0].raised or _BRACKETED.match(lines[start].words[0].text)):
                return start
            if start >= small and notes:
                return start
    return next((k for k in range(small, len(lines)) if read_label(lines[k], notes, called)), len(lines))


def _short_rules(page: Page) -> Iterator[float]:
    """Yield the heights of the short level rules in the lower part of a page."""
    for x0, y0, x1, y1 in page.lines:
        if y1 - y0 < 3 and 0.05 * page.width < x1 - x0 < 0.45 * page.width and x0 < 0.3 * page.width and y0 > 0.1 * page.height:
            yield (y0 + y1) / 2


def _raised_labels(line: Line) -> Iterator[str]:
    for word in line.words[1:]:
        if word.raised:
            yield from (part for part in re.split(r"[,;()\[\]\s]+", word.text.translate(SUPERSCRIPTS)) if part)


def read_label(line: Line, notes: list[Note], called: set[str]) -> tuple[str, tuple[Word, ...]] | None:
    """Return the label that a line begins with and the words behind it; None when it begins no note."""
    first, others = line.words[0], line.words[1:]
    text = first.text.translate(SUPERSCRIPTS) if first.raised else first.text
    if first.raised:
        match = _RAISED.match(text)
        return (match[1], others) if match else None
    match = _BRACKETED.match(text)
    if match:
        return match[1], ((replace(first, text=match[2]), *others) if match[2] else others)
    match = _PLAIN.match(text) or _GLUED.match(text)
    if not match or not (match[1] in called or (notes and _follows(notes[-1].label, match[1]))):
        return None
    glued = match[2] if match.re is _GLUED else ""
    following = glued or (others[0].text if others else "")
    if not following or not (following[0].isupper() or following[0] in "“\"("):
        return None
    return match[1], ((replace(first, text=glued), *others) if glued else others)


def _follows(before: str, label: str) -> bool:
    return before.isdigit() and label.isdigit() and int(label) == int(before) + 1


def _read_note_line(line: Line, notes: list[Note], called: set[str]) -> None:
    label = read_label(line, notes, called)
    if label:
        notes.append(Note(line.page, label[0]))
    elif not notes:
        notes.append(Note(line.page, ""))
    notes[-1].lines.append(label[1] if label else line.words)
    notes[-1].pages.append(line.page)


def number_notes(text: str, notes: list[Note], marks: MarkBook) -> str:
    """Return a text whose marks are numbered 1, 2, 3 … in reading order, with the bodies of the notes behind it."""
    order = [int(match[1]) for match in MARK.finditer(text)]
    note_of = _tie(order, notes, marks)
    numbers: dict[int, int] = {}
    for mark in order:
        if mark in note_of:
            numbers.setdefault(note_of[mark], len(numbers) + 1)
    for k in range(len(notes)):
        numbers.setdefault(k, len(numbers) + 1)

    def write(match: re.Match[str]) -> str:
        mark = int(match[1])
        if mark in note_of:
            return f"[{numbers[note_of[mark]]}]"
        return marks.met[mark][1].translate(_SUPERSCRIPT_DIGITS)

    bodies = {k: join_texts(marks.write(words, page) for words, page in zip(note.lines, note.pages)) for k, note in enumerate(notes)}
    written = [f"[{number}] {bodies[k]}" for k, number in sorted(numbers.items(), key=lambda pair: pair[1])]
    return MARK.sub(write, "\n".join([text, *written]) if written else text)


def _tie(order: list[int], notes: list[Note], marks: MarkBook) -> dict[int, int]:
    """Return mark → note: the same label on the same page, the next page, or anywhere behind for notes at the end."""
    tied: dict[int, int] = {}
    for reach in ((0,), (1, -1), None):
        taken = set(tied.values())
        for mark in order:
            page, label = marks.met[mark]
            if mark in tied:
                continue
            fits = (
                k for k, note in enumerate(notes)
                if note.label == label and (reach == (0,) or k not in taken)
                and (note.page - page in reach if reach else note.page >= page)
            )
            found = next(fits, None)
            if found is not None:
                tied[mark] = found
    return tied
