"""Raised digits of a scanned page: found by where their ink stands, read apart from the line they stand in.

Tesseract reads a raised digit as part of the figure in front of it, as a quotation mark, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image
from scipy import ndimage

from index.readers.ink import INK, find_glyphs, parts_of
from index.readers.tesseract import Box, ReadLine, ReadWord, read_lines

_ONE_BLOCK = 6
_ONE_LINE = 7
# A sign that ends a word and is none of those that usually do, perhaps with a second digit of the mark behind it.
_STRANGE_END = re.compile(r"(\w)[^\w\s.,;:)(%/\-–+]+\d?([.,;:)]*)$")
_PUNCTUATION = re.compile(r"[.,;:)!?”\"]+$")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_FIGURE = re.compile(r"\d+(?:[.,/]\d+)*")
_LIKE_DIGIT = re.compile(r"[\dlIiíìzZsS][.,;:)]*$")


@dataclass(frozen=True, slots=True)
class Raised:
    """A raised mark: its box in pixels, the number of its line, its digits ("" when they cannot be read).

    One that is `touching` the letter in front cannot be taken out of the picture.
    """

    box: Box
    line: int
    text: str = ""
    touching: bool = False


def set_apart_raised(
    grey: Image.Image, lines: Sequence[ReadLine], *, parts: Sequence[Box], seconds: float
) -> list[ReadLine]:
    """Return the lines with each raised mark as a word of its own, and the words that they end without them."""
    lines = list(lines)
    found = [mark for number, line in enumerate(lines) for mark in _find_raised(number, line, parts)]
    found += _find_touching(grey, lines, found)
    if not found:
        return lines
    texts = read_digits(grey, [mark.box for mark in found], seconds=seconds)
    for mark in (replace(mark, text=text) for mark, text in zip(found, texts, strict=True)):
        line = lines[mark.line]
        glued = not mark.touching and _may_hold(line, mark)
        # What is no digit is a quotation mark or a sign of degrees, and stays where it was read as one.
        if mark.text or glued:
            again = _read_without(grey, line, mark, parts, seconds=seconds) if glued else ()
            lines[mark.line] = _insert(line, mark, again, find_glyphs(parts, line))
    return lines


def _find_raised(number: int, line: ReadLine, parts: Sequence[Box]) -> list[Raised]:
    """Return where ink of the size of a small digit stands above the baseline and ends a word, or begins the line."""
    glyphs = find_glyphs(parts, line)
    found: list[Raised] = []
    for run in _join([box for box in glyphs if _is_raised(box, line)], gap=0.5 * line.x_height):
        behind = next((box for box in glyphs if box[0] >= run[2] - 1), None)
        before = next((box for box in reversed(glyphs) if box[2] <= run[0] + 1), behind)
        # In a line that joins two columns, a whole word may stand higher than the baseline.
        if before and before[3] - run[3] < 0.3 * line.x_height:
            continue
        if behind is None or run[0] == glyphs[0][0] or not _goes_on(run, behind, line):
            found.append(Raised(run, number))
    return found


def _goes_on(run: Box, behind: Box, line: ReadLine) -> bool:
    """Tell whether a letter or digit follows closely: what ends a word is followed by a gap or by punctuation."""
    stands = abs(line.baseline(behind[0]) - behind[3]) < 0.15 * line.x_height
    return behind[0] - run[2] < 0.25 * line.x_height and stands and behind[3] - behind[1] > 0.8 * line.x_height


def _is_raised(box: Box, line: ReadLine) -> bool:
    height, width = (box[3] - box[1]) / line.x_height, (box[2] - box[0]) / line.x_height
    above = (line.baseline(box[0]) - box[3]) / line.x_height
    return 0.62 < height < 1.25 and 0.15 < width < 1.0 and above > 0.35 and 1.1 < above + height < 2.2


def _join(boxes: Sequence[Box], *, gap: float) -> list[Box]:
    joined: list[Box] = []
    for box in boxes:
        if joined and box[0] - joined[-1][2] < gap:
            last = joined[-1]
            joined[-1] = (last[0], min(last[1], box[1]), box[2], max(last[3], box[3]))
        else:
            joined.append(box)
    return joined


def _find_touching(grey: Image.Image, lines: Sequence[ReadLine], known: Sequence[Raised]) -> list[Raised]:
    """Return raised marks that touch the letter in front; the words they end were read with a strange sign."""
    ink = np.asarray(grey) < INK
    found: list[Raised] = []
    for number, line in enumerate(lines):
        for word in line.words:
            box = _raised_end(ink, word.box, line) if _STRANGE_END.search(word.text) else None
            if box and _is_raised(box, line) and not any(mark.line == number and _meet(mark.box, box) for mark in known):
                found.append(Raised(box, number, touching=True))
    return found


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2]


def _raised_end(ink: np.ndarray, box: Box, line: ReadLine) -> Box | None:
    """Return the box of the last columns of a word whose ink hangs above the baseline, punctuation left out."""
    x0, y0, x1, y1 = box
    part = ink[y0:y1, x0:x1]
    if not part.size:
        return None
    lowest = np.where(part.any(axis=0), y1 - np.argmax(part[::-1], axis=0), 0)
    hangs = (lowest > 0) & (lowest < line.baseline(x1) - 0.35 * line.x_height)
    labels, count = ndimage.label(hangs)
    if not count:
        return None
    columns = ndimage.find_objects(labels)[-1][0]
    rows = np.flatnonzero(part[:, columns].any(axis=1))
    return x0 + columns.start, y0 + int(rows[0]), x0 + columns.stop, y0 + int(rows[-1]) + 1


def read_digits(grey: Image.Image, boxes: Sequence[Box], *, seconds: float) -> list[str]:
    """Return the digits of each box, "" where there are none.

    Tesseract hardly reads a lone digit; each is written three times in a row, and counts when it is
    read three times. What is not read so is tried again at another size.
    """
    texts = [""] * len(boxes)
    for size, gap in ((48, 12), (32, 12), (28, 10), (40, 30)):
        left = [i for i, text in enumerate(texts) if not text]
        if left:
            for i, text in zip(left, _read_sheet(_digit_sheet(grey, [boxes[i] for i in left], size=size, gap=gap), size, seconds=seconds)):
                texts[i] = text
    return texts


def _digit_sheet(grey: Image.Image, boxes: Sequence[Box], *, size: int, gap: int) -> Image.Image:
    """Return a picture with a row for each box, at twice `size` apart: three times what is in it, `size` pixels high."""
    sheet = Image.new("L", (16 * size, (2 * len(boxes) + 1) * size), 255)
    for row, (x0, y0, x1, y1) in enumerate(boxes):
        crop = grey.crop((x0 - 2, y0 - 2, x1 + 2, y1 + 2))
        crop = crop.resize((max(1, crop.width * size // (y1 - y0)), max(1, crop.height * size // (y1 - y0))), Image.Resampling.BICUBIC)
        for copy in range(3):
            sheet.paste(crop, (size + copy * (crop.width + gap), (2 * row + 1) * size))
    return sheet


def _read_sheet(sheet: Image.Image, size: int, *, seconds: float) -> list[str]:
    texts = [""] * (sheet.height // size // 2)
    for line in read_lines(sheet, layout=_ONE_BLOCK, seconds=seconds, only="0123456789"):
        text = "".join(word.text for word in line.words)
        row = int((line.box[1] + line.box[3]) / 2 / (2 * size) - 0.25)
        third = text[:len(text) // 3]
        if 0 <= row < len(texts) and text == third * 3 and 0 < len(third) < 4 and not third.startswith("0"):
            texts[row] = third
    return texts


def _read_without(
    grey: Image.Image, line: ReadLine, mark: Raised, parts: Sequence[Box], *, seconds: float
) -> list[ReadWord]:
    """Return the words of a line, read again from a picture in which the mark is white."""
    mine = [box for box in parts_of(parts, line) if not _is_within(box, mark.box)]
    if not mine:
        return []
    margin = int(line.x_height)
    left, top = min(box[0] for box in mine) - margin, min(box[1] for box in mine) - margin
    size = max(box[2] for box in mine) + margin - left, max(box[3] for box in mine) + margin - top
    strip = Image.new("L", size, 255)
    # Only the ink of this line: the strip also crosses the ends of letters of the lines above and below.
    for x0, y0, x1, y1 in mine:
        strip.paste(grey.crop((x0 - 1, y0 - 1, x1 + 1, y1 + 1)), (x0 - 1 - left, y0 - 1 - top))
    return [
        replace(word, box=(word.box[0] + left, word.box[1] + top, word.box[2] + left, word.box[3] + top))
        for read in read_lines(strip, layout=_ONE_LINE, seconds=seconds) for word in read.words
    ]


def _is_within(box: Box, outer: Box) -> bool:
    return outer[0] <= box[0] and outer[1] <= box[1] and box[2] <= outer[2] and box[3] <= outer[3]


def _insert(line: ReadLine, mark: Raised, again: Sequence[ReadWord], glyphs: Sequence[Box]) -> ReadLine:
    """Return the line with the mark among its words, behind the word that it ends, as that word was read `again`."""
    words = list(line.words)
    new = [ReadWord(mark.text, mark.box, 90, raised=True)] if mark.text else []
    place = _place(line, mark)
    if place is None:
        rest = [_behind(word, mark) if word.box[0] < mark.box[2] else word for word in words]
        return replace(line, words=(*new, *(word for word in rest if word.text)))
    word = words[place]
    if word.box[2] > mark.box[0] and not _LETTER_OR_DIGIT.search(word.text):
        # The mark itself, read as a sign.
        return replace(line, words=(*words[:place], *(new or [word]), *words[place + 1:]))
    before = sum(word.box[0] <= box[0] and box[2] <= mark.box[0] + 1 for box in glyphs)
    behind = sum(mark.box[2] - 1 <= box[0] and box[2] <= word.box[2] for box in glyphs)
    base, end = _cut_word(word.text, mark, "".join(other.text for other in again if _meet(other.box, word.box)), before=before)
    if word.box[2] > mark.box[2] + 0.1 * line.x_height:
        behind = max(behind, 1)
    end = end[max(0, len(end) - behind):]
    if end:
        new.append(ReadWord(end, (mark.box[2], word.box[1], max(word.box[2], mark.box[2] + 1), word.box[3]), 90))
    words[place:place + 1] = [replace(word, text=base, box=(*word.box[:2], min(word.box[2], mark.box[0]), word.box[3])), *new]
    return replace(line, words=tuple(words))


def _behind(word: ReadWord, mark: Raised) -> ReadWord:
    """Return what a word that begins with a mark is behind it, nothing when it is the mark."""
    if word.box[2] <= mark.box[2] + 2:
        return replace(word, text="")
    text = word.text.removeprefix(mark.text)
    text = text if text != word.text else re.sub(r"^[^\w(“\"]{1,2}", "", text)
    return replace(word, text=text, box=(mark.box[2], *word.box[1:]))


def _place(line: ReadLine, mark: Raised) -> int | None:
    """Return the number of the word that the mark stands in or behind."""
    return next((i for i in range(len(line.words) - 1, -1, -1) if line.words[i].box[0] < mark.box[0]), None)


def _may_hold(line: ReadLine, mark: Raised) -> bool:
    """Tell whether the digits of a mark may have become the last letter or digit of the word in front."""
    place = _place(line, mark)
    return place is not None and line.words[place].box[2] > mark.box[0] and bool(_LIKE_DIGIT.search(line.words[place].text))


def _cut_word(text: str, mark: Raised, again: str, *, before: int) -> tuple[str, str]:
    """Return the word without the mark, and what punctuation ends it.

    `again` is the word as it was read without the mark, `before` the number of glyphs in front of the mark.
    """
    text = _STRANGE_END.sub(r"\1\2", text)
    end = _PUNCTUATION.search(text)
    text, end = (text[:end.start()], end[0]) if end and end.start() else (text, "")
    again = _PUNCTUATION.sub("", again)
    if again and text.startswith(again) and len(text) - len(again) <= max(1, len(mark.text)):
        return again, end
    # The digits of a figure do not touch: what is more than they are is the mark, whatever it was read as.
    if _FIGURE.fullmatch(text[:before]) and 0 < len(text) - before <= max(1, len(mark.text)):
        return text[:before], end
    return text, end
