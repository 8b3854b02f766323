"""Lines to blocks: page and web furniture dropped, wrapped lines joined, footnote bodies set apart.

The canonical text differs from the source in white space and dropped furniture only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import quantiles

BULLET = re.compile(r"^\s*([-–—−•●○◦▪■+*✓❖✔➢]|_(?=\s?[^\s_]))\s*(?=[^\s\-–—=*_+.])")
# "[1] body", "(1) body" is a list, "1 body" and "¹ body" are notes only when a mark calls for them.
BRACKET_NOTE = re.compile(r"^\s*\[(\d{1,3}|\*+|[a-z])\]\s*(?=\S)")
SMALL_NOTE = re.compile(r"^\s*(\d{1,3}|[¹²³⁰⁴-⁹]+)\s+(?=[^\d\s.,)/%])")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_PAGE_NUMBER = re.compile(r"^\s*(?:(?:page|trang)\s*)?[-–]?\s*(\d{1,4})?(?:\s*/\s*\d{1,4})?\s*[-–]?\s*$", re.IGNORECASE)
_RULE = re.compile(r"^[\s\-–—_=*.~]{3,}$")
_WEB = re.compile(
    r"^\s*(?:tác giả\s*:|nguồn(?: tin)?\s*:|ý kiến bạn đọc|lượt xem|số lượt xem|lượt truy cập|tổng số điểm của bài viết|click để đánh giá"
    r"|các tin khác|tin (?:cùng chuyên mục|liên quan|khác|mới)|bài viết (?:liên quan|khác)|chia sẻ|quay lại|về trang trước"
    r"|in trang|in bài viết|gửi (?:phản hồi|bình luận)|bình luận|từ khóa\s*:|tags?\s*:|file đính kèm|tải về)",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.;:!?…”\"]\)?\s*(?:\[\d{1,3}\]\s*)*$|/\./?\s*$")
NUMBERED = re.compile(
    r"^\s*(?:(?:phần|chương|mục|điều|phụ lục|biểu)\s+(?:thứ\s+)?[\wĐđ]+|[IVXLC]{1,6}\s*[.\-–/)]|[A-ZĐ]\s?[.\-)]\s|[A-ZĐ]\.\d"
    r"|\d{1,2}(?:\.\d{1,2}){0,4}\s?[.)/\-]?\s*[^\W\d_]|\(\d{1,2}\)|[a-zđ]\s?[.)]\s|#{1,6}\s|\*\*)",
    re.IGNORECASE,
)
NUMBER_CELL = re.compile(r"^-?\(?\d[\d.,]*\)?\s*%?$")
_CHUNK = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the canonical text: its words, what it is, and (for notes) its mark.

    `kind` is "line" (paragraph or heading), "bullet", "row" or "footnote". `gap_before` tells of
    an empty line or dropped furniture in front.
    """

    text: str
    kind: str
    mark: str | None = None
    gap_before: bool = False


def cut_blocks(text: str) -> list[Block]:
    """Return the blocks of a normalised text in order."""
    lines = _drop_furniture(text.split("\n"))
    width = _wrap_width(lines)
    notes = _note_lines(lines, text)
    rows = _table_lines(lines)
    blocks: list[Block] = []
    gap = False
    for number, line in enumerate(lines):
        if not _CHUNK.search(line):
            gap = True
            continue
        kind, mark = _kind_of(line, notes.get(number), in_table=number in rows)
        previous = blocks[-1] if blocks else None
        if kind == "line" and previous and _continues(previous, line, width=width, gap=gap, before=lines[number - 1]):
            blocks[-1] = Block(previous.text + " " + _squeeze(line), previous.kind, previous.mark, previous.gap_before)
        else:
            blocks.append(Block(line.rstrip() if kind == "row" else _squeeze(line), kind, mark, gap))
        gap = False
    return blocks


def _squeeze(line: str) -> str:
    return re.sub(r"[^\S\n]+", " ", line).strip()


def _drop_furniture(lines: list[str]) -> list[str]:
    """Blank page numbers, rules and the web lines that trail an article."""
    tail = next((i for i, line in enumerate(lines) if i > 0.7 * len(lines) and _WEB.match(line)), len(lines))
    return ["" if _is_furniture(line) else line for line in lines[:tail]]


def _is_furniture(line: str) -> bool:
    if "\t" in line.strip():
        return False
    return bool(_RULE.match(line)) or (bool(_PAGE_NUMBER.match(line)) and bool(line.strip()))


def _wrap_width(lines: list[str]) -> int:
    """Return the width the file was wrapped at, or 0 when its paragraphs stand on single lines."""
    lengths = [len(line.strip()) for line in lines if len(line.strip()) > 30 and "\t" not in line.strip()]
    if len(lengths) < 8:
        return 0
    high = quantiles(lengths, n=20)[16]
    near = sum(0.7 * high <= length <= 1.25 * high for length in lengths)
    return int(high) if high <= 160 and near >= 0.45 * len(lengths) else 0


def _note_lines(lines: list[str], text: str) -> dict[int, str]:
    """Return line number → mark for the lines that begin a footnote body."""
    bracket = {i: m.group(1) for i, line in enumerate(lines) if (m := BRACKET_NOTE.match(line))}
    if bracket:
        return bracket
    found: dict[int, str] = {}
    last = None
    for i, line in enumerate(lines):
        match = SMALL_NOTE.match(line)
        if not match or "\t" in line.strip():
            continue
        mark = match.group(1).translate(_SUPERSCRIPTS)
        expected = last is None or 0 < int(mark) - last <= 2
        if expected and _is_called(mark, text) and _starts_note(line, match.end()):
            found[i], last = mark, int(mark)
    return found


def _starts_note(line: str, position: int) -> bool:
    return line[position:position + 1].isupper() or line[position:position + 1] in "“\"("


def _is_called(mark: str, text: str) -> bool:
    """Tell whether a mark is glued to a word, a bracket or a sentence end somewhere in the text."""
    small = "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(d)] for d in mark)
    glued = rf"(?:[^\W\d_]|[%)”\"]|(?<=[^\W\d_])\s){mark}(?=\s?[.,;:)]|\s|$)|\d{{4}}{mark}(?=[.,;]|\s)"
    return small in text or re.search(glued, text) is not None


def _table_lines(lines: list[str]) -> set[int]:
    """Return the numbers of the lines that stand in a tab-separated table with figures."""
    found: set[int] = set()
    run: list[int] = []
    for number, line in enumerate([*lines, "end"]):
        if "\t" in line or not line.strip():
            run += [number] if line.strip() else []
            continue
        if sum(_has_number_cell(lines[i]) for i in run) >= 2:
            found.update(run)
        run = []
    return found


def _has_number_cell(line: str) -> bool:
    cells = [cell.strip() for cell in line.strip().split("\t")]
    return any(NUMBER_CELL.match(cell) for cell in cells[1:])


def _kind_of(line: str, mark: str | None, *, in_table: bool) -> tuple[str, str | None]:
    if mark is not None:
        return "footnote", mark
    if in_table:
        return "row", None
    return ("bullet", None) if BULLET.match(line) else ("line", None)


def _continues(previous: Block, line: str, *, width: int, gap: bool, before: str) -> bool:
    """Tell whether a line goes on with the sentence of the block before it."""
    if previous.kind == "row":
        return False
    words = line.strip()
    starts_low = words[0].islower() or words[0] in ",;.)%"
    if width:
        if gap:
            return False
        if NUMBERED.match(line) and not (starts_low and not _ENDED.search(before)):
            if not re.match(r"^\s*\d+(?:[.,]\d+)*\s", line) or _ENDED.search(before) or len(before.strip()) < 0.75 * width:
                return False
        full = len(before.strip()) >= 0.75 * width
        return (full or starts_low) and not (_ENDED.search(before) and len(before.strip()) < 0.9 * width and not starts_low)
    return not gap and starts_low and not _ENDED.search(before) and not NUMBERED.match(line) and not _is_caps(previous.text)


def _is_caps(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) > 0.7 * len(letters)
