"""Small repairs of what Tesseract reads in Vietnamese reports, only where nothing else can have been meant."""

from __future__ import annotations

import re
from dataclasses import replace

from index.lines import is_caps
from index.readers.tesseract import ReadLine, ReadWord

_LOOKS_NUMBER = re.compile(r"[\dOoIl]+(?:[.,/][\dOoIl]+)*(?=[.,;:)%]*$)")
_LETTER_IN_NUMBER = re.compile(r"(?<=[\d.,/])[OolI](?=[\d.,]*\d)")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+|\d{1,2}/\d{1,2}/\d{4}")
_CUT_FIGURE = re.compile(r"\d[.,/]$")
# Capitals that no abbreviation is written with.
_MARKED_CAPITALS = re.compile(r"[A-ZĐ]?[ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĨŨƠƯẠ-ỹ]")
_SENTENCE_END = (".", ":", "!", "?", "…", "-", "–", "“", "\"")


def repair_words(line: ReadLine) -> list[ReadWord]:
    """Return the words of a line: cut figures joined, letters in figures as digits, capitals inside sentences as small letters."""
    words = [replace(word, text=repair_number(word.text.replace("Ð", "Đ"))) for word in _join_figures(line)]
    if is_caps("".join(word.text for word in words)):
        return words
    before = [None, *words[:-1]]
    return [replace(word, text=_repair_case(word.text, last.text if last else None)) for word, last in zip(words, before, strict=True)]


def _join_figures(line: ReadLine) -> list[ReadWord]:
    """Return the words of a line; figures that were cut behind a point or a slash with no gap there are whole again."""
    words: list[ReadWord] = []
    for word in line.words:
        last = words[-1] if words else None
        if last and _CUT_FIGURE.search(last.text) and word.text[0].isdigit() and word.box[0] - last.box[2] < 0.4 * line.x_height:
            box = (last.box[0], min(last.box[1], word.box[1]), word.box[2], max(last.box[3], word.box[3]))
            words[-1] = replace(last, text=last.text + word.text, box=box, sure=min(last.sure, word.sure))
        else:
            words.append(word)
    return words


def repair_number(text: str) -> str:
    """Return a word with "O" and "l" inside a figure as digits, where the figure is then of a regular form, else as it is.

    "1O" may as well be a code; "12.l45" and "3.4O5,2" can only be figures.
    """
    match = _LOOKS_NUMBER.match(text)
    if not match or sum(map(str.isdigit, match[0])) * 2 <= len(match[0]):
        return text
    repaired = _LETTER_IN_NUMBER.sub(lambda letter: "0" if letter[0] in "Oo" else "1", match[0])
    return repaired + text[match.end():] if repaired != match[0] and _NUMBER.fullmatch(repaired) else text


def _repair_case(text: str, before: str | None) -> str:
    """Return a word without the capitals that Tesseract sees in small letters of the same shape ("vỆ", "cơ SỞ", "mới Ở")."""
    letters = text.rstrip(".,;:)")
    if letters.isalpha() and letters[0].islower() and any(letter.isupper() and _MARKED_CAPITALS.fullmatch(letter) for letter in letters):
        return text.lower()
    if before is None or not _MARKED_CAPITALS.fullmatch(letters) or not letters.isupper() or before.isupper():
        return text
    if len(letters) == 1:
        return text if before.endswith(_SENTENCE_END) else text.lower()
    return text[0] + text[1:].lower()
