"""Digits that Tesseract writes twice ("27/QĐ" as "277/QĐ"): found by counting glyphs, taken out when a second reading agrees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from PIL import Image

from index.readers.ink import find_glyphs
from index.readers.tesseract import Box, ReadLine, ReadWord, read_lines

_ONE_WORD = 8
_MARGIN = 10
_DOUBLED = re.compile(r"([\w.,/])\1|ĐÐ|ÐĐ")
_GLYPHS_OF_PERCENT = 3


def drop_doubled(grey: Image.Image, lines: Sequence[ReadLine], *, parts: Sequence[Box], seconds: float) -> list[ReadLine]:
    """Return the lines with figures and document numbers that have one sign less where the picture has one glyph less."""
    corrected = []
    for line in lines:
        glyphs: list[Box] | None = None
        words = []
        for word in line.words:
            if not word.raised and any(map(str.isdigit, word.text)) and _DOUBLED.search(word.text):
                glyphs = find_glyphs(parts, line) if glyphs is None else glyphs
                if _count(glyphs, word.box) < len(word.text) + (_GLYPHS_OF_PERCENT - 1) * word.text.count("%"):
                    word = _read_again(grey, word, seconds=seconds)
            words.append(word)
        corrected.append(replace(line, words=tuple(words)))
    return corrected


def _count(glyphs: Sequence[Box], box: Box) -> int:
    return sum(box[0] - 2 <= glyph[0] and glyph[2] <= box[2] + 2 for glyph in glyphs)


def _read_again(grey: Image.Image, word: ReadWord, *, seconds: float) -> ReadWord:
    """Return the word as it is read alone when that is the same but for one doubled sign, else as it was."""
    x0, y0, x1, y1 = word.box
    crop = grey.crop((max(0, x0 - _MARGIN), max(0, y0 - _MARGIN), x1 + _MARGIN, y1 + _MARGIN))
    again = "".join(other.text for line in read_lines(crop, layout=_ONE_WORD, seconds=seconds) for other in line.words)
    shorter = {word.text[:match.start()] + word.text[match.start() + 1:] for match in _DOUBLED.finditer(word.text)}
    return replace(word, text=again) if _same(again) in map(_same, shorter) else word


def _same(text: str) -> str:
    """Return the text with the Icelandic letter that looks like "Đ" as that."""
    return text.replace("Ð", "Đ")
