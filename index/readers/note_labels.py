"""The numbers that small print at the foot of a scanned page begins with: lone digits, which Tesseract often reads as letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from PIL import Image

from index.readers.ink import find_glyphs, usual_height
from index.readers.raised import read_digits
from index.readers.tesseract import Box, ReadLine

_SMALL = 0.9
_LONGEST = 3
_LONE_WORDS = frozenset(["Ở", "Ý", "À", "Ả", "A", "E", "Ô", "U"])


def read_labels(grey: Image.Image, lines: Sequence[ReadLine], *, parts: Sequence[Box], seconds: float) -> list[ReadLine]:
    """Return the lines with the label in front of small print read again as digits, where it can hardly be a word."""
    usual = usual_height(lines)
    lines = [_join_digits(line) if line.x_height < _SMALL * usual else line for line in lines]
    places = {
        number: box for number, line in enumerate(lines)
        if line.x_height < _SMALL * usual and _may_be_label(line) and (box := _label_box(line, parts))
    }
    texts = read_digits(grey, list(places.values()), seconds=seconds) if places else []
    for (number, box), text in zip(places.items(), texts, strict=True):
        if text:
            line = lines[number]
            label = replace(line.words[0], text=text, box=box, sure=90, raised=True)
            rest = tuple(word for word in line.words if word.box[0] >= box[2] - 1)
            lines[number] = replace(line, words=(label, *rest))
    return lines


def _join_digits(line: ReadLine) -> ReadLine:
    """Return a line that begins with "1 1" so that it begins with "11", when there is no room for a space."""
    first, second = (*line.words[:2], None, None)[:2]
    if not first or not second or not (first.text + second.text).isdigit() or len(first.text + second.text) > _LONGEST:
        return line
    if second.box[0] - first.box[2] > 0.7 * line.x_height:
        return line
    box = first.box[0], min(first.box[1], second.box[1]), second.box[2], max(first.box[3], second.box[3])
    return replace(line, words=(replace(first, text=first.text + second.text, box=box), *line.words[2:]))


def _may_be_label(line: ReadLine) -> bool:
    """Tell whether a line begins with something short that is no word, in front of a capital."""
    first = line.words[0].text
    following = line.words[1].text if len(line.words) > 1 else ""
    if first.isdigit() or not following[:1].isupper() and following[:1] not in "“\"(":
        return False
    return len(first) <= _LONGEST and first not in _LONE_WORDS and (len(first) == 1 or bool(re.search(r"\d", first)))


def _label_box(line: ReadLine, parts: Sequence[Box]) -> Box | None:
    """Return the box of the glyphs in front of the first gap, None where they are too many or too low for digits."""
    glyphs = find_glyphs(parts, line)
    label: list[Box] = []
    for box in glyphs:
        if label and box[0] - label[-1][2] > 0.5 * line.x_height:
            break
        label.append(box)
    if not label or len(label) > _LONGEST or len(label) == len(glyphs):
        return None
    whole = label[0][0], min(box[1] for box in label), label[-1][2], max(box[3] for box in label)
    return whole if min(box[3] - box[1] for box in label) > 0.62 * line.x_height else None
