"""Lines in reading order to paragraphs: which line goes on with the one before it, also over the end of a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.lines import BULLET, is_caps
from index.readers.page_lines import BROKEN_BEHIND, Line

_ENDED = re.compile(r"[.;:!?…]\s*[”\"]?$")
_ITEM = re.compile(r"^(?:[-–—+•*]|\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zđ]|[IVX]{1,5})[.)/])$")
# A figure ("01 trường") begins a line as well as a number does; a number has a stop behind it or within.
_NUMBER = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})*[.)/]|\d{1,2}(?:\.\d{1,2})+|[IVXLC]{1,6}[.)/]|[A-ZĐa-zđ][.)]|\(\d{1,2}\)|(?:phần|chương|mục|điều)\s\w+\.?|(?:phụ\s)?(?:biểu|bảng|phụ lục)(?:\ssố)?\s[\dIVX]+[.:]?)\s",
    re.IGNORECASE,
)
# What begins a line of its own in the head and in the signature block of an administrative document.
_HEAD_LINE = re.compile(
    r"(?:số\s*:|v/v|độc lập|cộng h(?:òa|oà)|hội đồng|[uủ][yỷ] ban|ubnd|hđnd|tỉnh|thành phố|huyện|quận|thị xã|thị trấn|xã|phường"
    r"|sở|ban|bộ|cục|chi cục|tổng cục|vụ|phòng|trường|trung tâm|viện|kho bạc|công ty|văn phòng|k/?t\.|t/?m\.|t/?l\.|tuq\.|q\."
    r"|phó|giám đốc|chủ tịch|cục trưởng|chi cục trưởng|trưởng|chánh|hiệu trưởng|viện trưởng|bộ trưởng|thứ trưởng|bí thư)(?!\w)"
    r"|.*ngày\s.*tháng\s.*năm",
    re.IGNORECASE,
)
_INDENT = 0.6
_WIDE_PITCH = 1.3


@dataclass(slots=True)
class Paragraph:
    """Lines that are read as one."""

    lines: list[Line] = field(default_factory=list)

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def last(self) -> Line:
        return self.lines[-1]


def usual_pitch(lines: Sequence[Line]) -> float:
    """Return the usual distance of the baselines of two lines of a paragraph, in font sizes."""
    counts: Counter[float] = Counter()
    for before, line in pairwise(lines):
        if before.page == line.page and before.size == line.size and 0 < line.y1 - before.y1 < 3 * line.size:
            counts[round((line.y1 - before.y1) / line.size, 1)] += 1
    return counts.most_common(1)[0][0] if counts else 1.2


def join_lines(lines: Sequence[Line], pitch: float) -> Iterator[Paragraph]:
    """Yield the paragraphs that lines form."""
    paragraph = Paragraph()
    for line in lines:
        if paragraph.lines and not _continues(paragraph, line, pitch):
            yield paragraph
            paragraph = Paragraph()
        paragraph.lines.append(line)
    if paragraph.lines:
        yield paragraph


def _continues(paragraph: Paragraph, line: Line, pitch: float) -> bool:
    """Tell whether a line belongs to the paragraph: it stands where its next line would, and was not fit before."""
    before = paragraph.last
    same_column = (before.page, before.column) == (line.page, line.column)
    if abs(before.size - line.size) > 0.08 * line.size or (before.column > 0) != (line.column > 0):
        return False
    if same_column and line.y1 - before.y1 > _WIDE_PITCH * _own_pitch(paragraph, pitch) * line.size:
        return False
    if line.column != before.column and before.page == line.page and line.column % 2:
        return False
    if BROKEN_BEHIND.search(before.words_alone) and not _fits(before, line):
        return True
    # A line that begins where the one before it does is no centred one, though its two ends be as far from the margins.
    if _is_centred(line) and _is_symmetric(before) and abs(line.x0 - before.x0) > _INDENT * line.size:
        return _goes_on_centred(before, line)
    if before.bold and not line.bold and line.x0 >= before.x0 - _INDENT * line.size:
        return False
    if line.bold and not before.bold and not paragraph.first.words[0].bold:
        return False
    if not _is_placed_to_continue(paragraph, line):
        return False
    ended = bool(_ENDED.search(before.words_alone))
    begins_item = _NUMBER.match(line.words_alone) or BULLET.match(line.words_alone)
    if begins_item and ended and _fits(before, line, slack=2.0):
        return False
    if _fits(before, line):
        return not same_column and not ended and line.words_alone[:1].islower()
    return True


def _own_pitch(paragraph: Paragraph, pitch: float) -> float:
    pairs = [
        (line.y1 - before.y1) / line.size for before, line in pairwise(paragraph.lines) if before.page == line.page
    ]
    return max(pairs[-1], 0.8 * pitch) if pairs else pitch


def _fits(before: Line, line: Line, slack: float = 0.0) -> bool:
    """Tell whether the first word of a line would have fit behind the line before: then a new paragraph begins."""
    first = line.words[0]
    glued = [w for w in line.words[:4] if w.x0 - first.x0 < 0.1 or w.raised or w is first]
    width = max(w.x1 for w in glued) - first.x0
    return before.x1 + 0.25 * before.size + width < before.right + (slack - 0.03) * before.size


def _is_centred(line: Line) -> bool:
    return _is_symmetric(line) and (line.column > 0 or line.x0 - line.left > 1.5 * line.size)


def _is_symmetric(line: Line) -> bool:
    return abs(line.x0 - line.left - (line.right - line.x1)) < (2 if line.column else 1.5) * line.size


def _goes_on_centred(before: Line, line: Line) -> bool:
    if line.column and _HEAD_LINE.match(line.words_alone):
        return False
    if before.bold != line.bold or is_caps(before.words_alone) != is_caps(line.words_alone) or _ENDED.search(before.words_alone):
        return False
    width = before.x1 - before.x0 + 0.25 * before.size + line.words[0].x1 - line.words[0].x0
    return width > before.right - before.left


def _is_placed_to_continue(paragraph: Paragraph, line: Line) -> bool:
    """Tell whether the left end of a line is where the next line of the paragraph is to be expected."""
    reach = _INDENT * line.size
    start = line.x0 - line.left
    if len(paragraph.lines) > 1:
        second = paragraph.lines[1]
        return abs(start - (second.x0 - second.left)) < reach
    first = paragraph.first
    own = first.x0 - first.left
    if start > own + reach:
        hanging = len(first.words) > 1 and _ITEM.match(first.words[0].text)
        return bool(hanging) and abs(start - (first.words[1].x0 - first.left)) < 2 * reach
    if abs(start - own) <= reach and own > reach:
        return not _ENDED.search(first.words_alone) and not _fits(first, line)
    return True
