"""The ink of a page that was read: connected parts, true heights of lines, dashes that were overlooked."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median

import numpy as np
from PIL import Image
from scipy import ndimage

from index.lines import is_caps
from index.readers.tesseract import Box, ReadLine, ReadWord

INK = 140
# The height of capitals and digits, in heights of small letters, of the usual fonts.
_CAPITALS = 1.4
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_SMALL_LETTERS = re.compile("[aceimnorsuvxz]")
_DASHES = ("-", "–", "—", "•", "+", "*")
# Strokes this much wider than is usual are bold; capitals have wider ones anyway.
_BOLD = 1.11
_BOLD_CAPITALS = 1.3
_CONNECTED = np.ones((3, 3))


def find_parts(grey: Image.Image) -> list[Box]:
    """Return the boxes of the connected parts of the ink."""
    labels, _ = ndimage.label(np.asarray(grey) < INK, structure=_CONNECTED)
    return [(columns.start, rows.start, columns.stop, rows.stop) for rows, columns in ndimage.find_objects(labels)]


def correct_lines(lines: Sequence[ReadLine], parts: Sequence[Box]) -> list[ReadLine]:
    """Return the lines with their true baselines and heights of small letters, and with the dashes they begin with.

    Tesseract gives the height of capitals in some lines with many digits, and a baseline that a
    speck has pulled down; it overlooks some dashes.
    """
    usual = usual_height(lines)
    corrected: list[ReadLine] = []
    for line in lines:
        above = corrected[-1].x_height if corrected else usual
        corrected.append(_add_dash(_correct(line, parts, usual=usual, above=above), parts))
    return corrected


def usual_height(lines: Sequence[ReadLine]) -> float:
    """Return the height of small letters of most of a page."""
    heights: Counter[float] = Counter()
    for line in lines:
        heights[round(line.x_height)] += sum(len(word.text) for word in line.words)
    return heights.most_common(1)[0][0] if heights else 0.0


def _correct(line: ReadLine, parts: Sequence[Box], *, usual: float, above: float) -> ReadLine:
    letters = [
        box for box in parts
        if line.box[0] <= box[0] and box[2] <= line.box[2] and line.box[1] <= box[1] and box[3] <= line.box[3]
        and box[3] - box[1] > 0.6 * line.x_height
    ]
    if len(letters) < 4:
        return line
    line = replace(line, offset=line.offset + _most_common_shift([box[3] - line.baseline(box[0]) for box in letters], line))
    heights = [box[3] - box[1] for box in letters if abs(line.baseline(box[0]) - box[3]) < 0.15 * line.x_height]
    height = _small_height(line, heights, (usual, above))
    return replace(line, x_height=usual if abs(height - usual) < 0.08 * usual else height)


def _most_common_shift(shifts: Sequence[float], line: ReadLine) -> float:
    """Return the shift that brings the baseline under most letters; not the median, which descenders of a short word pull down."""
    near = 0.1 * line.x_height
    best = max(shifts, key=lambda shift: (sum(abs(other - shift) < near for other in shifts), -abs(shift)))
    return median(other for other in shifts if abs(other - best) < near)


def _small_height(line: ReadLine, heights: Sequence[int], likely: Sequence[float]) -> float:
    """Return the height of small letters of a line, from the heights of the ink that stands on its baseline.

    Fewer letters tell that it is less than Tesseract says where it then is as `likely` as elsewhere.
    """
    text = unicodedata.normalize("NFD", "".join(word.text for word in line.words))
    if heights and (is_caps(text) or not any(map(str.isalpha, text))):
        return median(heights) / _CAPITALS
    small = line.x_height / _CAPITALS
    as_small = [height for height in heights if abs(height - small) < 0.1 * small]
    expected = any(abs(small - height) < 0.15 * height for height in likely)
    needed = 0.08 * len(heights) if expected else max(3, min(0.25 * len(heights), 0.35 * len(_SMALL_LETTERS.findall(text))))
    return median(as_small) if as_small and len(as_small) >= needed else line.x_height


def _add_dash(line: ReadLine, parts: Sequence[Box]) -> ReadLine:
    # A dash may have been read as an underscore at a wrong place, or twice.
    place = next((k for k, word in enumerate(line.words) if _LETTER_OR_DIGIT.search(word.text)), 0)
    first = line.words[place]
    dash = next((word for word in line.words[:place] if word.text in _DASHES), None)
    if dash:
        return replace(line, words=(dash, *line.words[place:]))
    if not first.text[0].isupper():
        return line
    height = line.x_height
    before = [
        box for box in parts
        if first.box[0] - 3.5 * height < box[0] and box[2] < first.box[0] and box[3] - box[1] > 0.08 * height
        and -1.6 * height < (box[1] + box[3]) / 2 - line.baseline(box[0]) < 0.3 * height
    ]
    if len(before) != 1:
        return line
    x0, y0, x1, y1 = before[0]
    above = (line.baseline(x0) - (y0 + y1) / 2) / height
    if 0.2 < above < 0.85 and y1 - y0 < 0.35 * height and 0.35 * height < x1 - x0 < 1.5 * height:
        dash = ReadWord("-", (x0, y0, x1, y1), 90)
        return replace(line, words=(dash, *line.words[place:]), box=(x0, *line.box[1:]))
    return line


def mark_bold(grey: Image.Image, lines: Sequence[ReadLine]) -> list[ReadLine]:
    """Return the lines with those marked as bold whose strokes are thicker than is usual on the page."""
    ink = np.asarray(grey) < INK
    strokes = [_stroke(ink, line) for line in lines]
    height = usual_height(lines)
    usual = [
        stroke for stroke, line in zip(strokes, lines, strict=True) for _ in line.words
        if stroke and abs(line.x_height - height) < 0.1 * height
    ]
    if not usual:
        return list(lines)
    thick = median(usual)
    return [
        replace(line, bold=line.x_height > 0.9 * height and stroke > thick * (_BOLD_CAPITALS if _is_caps(line) else _BOLD))
        for line, stroke in zip(lines, strokes, strict=True)
    ]


def _is_caps(line: ReadLine) -> bool:
    return is_caps("".join(word.text for word in line.words))


def _stroke(ink: np.ndarray, line: ReadLine) -> float:
    """Return how wide the strokes of most words are, in heights of small letters; 0.0 when there are none."""
    widths = []
    for word in line.words:
        x0, y0, x1, y1 = word.box
        edges = np.diff(np.pad(ink[y0:y1, x0:x1].astype(np.int8), ((0, 0), (1, 1))), axis=1)
        runs = np.nonzero(edges == -1)[1] - np.nonzero(edges == 1)[1]
        runs = runs[runs < 0.7 * line.x_height]
        if runs.size and _LETTER_OR_DIGIT.search(word.text):
            widths.append(float(runs.mean()) / line.x_height)
    return median(widths) if widths else 0.0


def parts_of(parts: Iterable[Box], line: ReadLine) -> list[Box]:
    """Return the ink that stands in a line or a little behind its end."""
    height = line.x_height
    return [
        box for box in parts
        if line.box[0] - height < box[0] and box[2] < line.box[2] + 3 * height and box[3] - box[1] < 4 * height
        and -2.6 * height < (box[1] + box[3]) / 2 - line.baseline(box[0]) < 0.8 * height
    ]


def find_glyphs(parts: Iterable[Box], line: ReadLine) -> list[Box]:
    """Return the ink of a line from left to right, what stands above each other (a letter and its accents) as one box."""
    glyphs: list[Box] = []
    for box in sorted(parts_of(parts, line)):
        last = glyphs[-1] if glyphs else None
        if last and _stands_over(last, box) and _is_one(last, box, line):
            glyphs[-1] = (last[0], min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        else:
            glyphs.append(box)
    return glyphs


def _is_one(one: Box, other: Box, line: ReadLine) -> bool:
    """Tell whether parts above each other are a letter with its accent or a broken digit, not a digit below another line's letter."""
    gap = max(one[1], other[1]) - min(one[3], other[3])
    return max(one[3], other[3]) > line.baseline(other[0]) - 0.3 * line.x_height or gap < 0.15 * line.x_height


def _stands_over(one: Box, other: Box) -> bool:
    """Tell whether one stands above the other, rather than beside it as a digit under the horn of "ơ" does."""
    beside = min(one[2], other[2]) - max(one[0], other[0])
    level = min(one[3], other[3]) - max(one[1], other[1])
    share = beside / min(one[2] - one[0], other[2] - other[0])
    return share > 0.5 or (share > 0.25 and level < 0.3 * min(one[3] - one[1], other[3] - other[1]))
