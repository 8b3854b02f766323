"""Lines to blocks: page and web furniture dropped, wrapped lines joined, footnote bodies set apart.

The canonical text differs from the source in white space and dropped furniture only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from statistics import quantiles

BULLET = re.compile(r"^\s*([-–—•●○◦▪■+*✓❖✔➢]|_(?=\s?[^\s_]))\s*(?=[^\s\-–—=*_+.])")
# "[1] body", "(1) body" is a list, "1 body" and "¹ body" are notes only when a mark calls for them.
BRACKET_NOTE = re.compile(r"^\s*\[(\d{1,3}|\*+|[a-z])\]\s*(?=\S)")
SMALL_NOTE = re.compile(r"^\s*([0-9]{1,3}|[¹²³⁰⁴-⁹]{1,3})\s+(?=[^\d\s.,)/%])")
GLUED_NOTE = re.compile(r"^\s*([¹²³⁰⁴-⁹]{1,3})(?=[^\W\d_])")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# A mark glued to a word, a bracket, a sentence end or a year, or loose behind a word.
_CALLED = re.compile(
    r"(?:[^\W\d_]|[%)”\"]|(?<=[^\W\d_]) )([0-9]{1,3})(?=\s?[.,;:)]|\s|$)|(?<![0-9])(?:19|20)[0-9]{2}\s?([0-9]{1,3})(?=\s?[.,;]|\s)|([⁰¹²³⁴-⁹]{1,3})"
)
_PAGE_NUMBER = re.compile(r"(?:(?:page|trang) ?)?(?:[-–] ?)?(?:\d{1,4})?(?: ?/ ?\d{1,4})?(?: ?[-–])?", re.IGNORECASE)
_RULE = re.compile(r"[\s\-–—_=*.~]{3,}")
_WEB = re.compile(
    r"(?:tác giả|nguồn(?: tin)?|từ khóa|tags?) ?:"
    r"|(?:ý kiến bạn đọc|(?:số )?lượt (?:xem|truy cập)|tổng số điểm của bài viết|click để đánh giá"
    r"|(?:các )?tin (?:cùng chuyên mục|liên quan|khác|mới(?: nhất)?)|(?:các )?bài viết (?:liên quan|khác)|chia sẻ(?: bài viết)?|quay lại"
    r"|về trang trước|in (?:trang|bài viết)|gửi (?:phản hồi|bình luận)|bình luận|file đính kèm|tải về) ?(?:[:(\d].*)?$",
    re.IGNORECASE,
)
# What no web page puts under an article: a statement, a heading, a footnote body, the list of recipients.
_CONTENT_END = re.compile(r"[.;]\s*$")
RECIPIENTS = re.compile(r"nơi\s+nhận\s*:", re.IGNORECASE)
# The head and the end of a document stand in two columns too.
_TWO_COLUMNS = re.compile(r"\W*nơi\s+nhận|.*(?:cộng\s+h(?:òa|oà)\s+xã\s+hội|độc\s+lập\s*[-–]\s*tự\s+do)", re.IGNORECASE)
_ENDED = re.compile(r"[.;:!?…”\"]\)?\s*(?:\[\d{1,3}\]\s*)*$|/\./?\s*$")
NUMBERED = re.compile(
    r"^\s*(?:(?:phần|chương|mục|điều|phụ lục|biểu)\s+(?:thứ\s+)?[\wĐđ]+|[IVXLC]{1,6}\s*[.\-–/)]|[A-ZĐ]\s?[.\-)]\s|[A-ZĐ]\.\d"
    r"|\d{1,2}(?:\.\d{1,2}){0,4}\s?[.)/\-]?\s*[^\W\d_]|\(\d{1,2}\)|[a-zđ]\s?[.)]\s|#{1,6}\s|\*\*)",
    re.IGNORECASE,
)
NUMBER_CELL = re.compile(r"^-?\(?\d[\d.,]*\)?\s*%?$")
_PLAIN_NUMBER = re.compile(r"^\s*\d+(?:[.,]\d+)*\s")
_DECIMAL = re.compile(r"\d+(?:\.\d{3})*,\d|\d{1,3}(?:\.\d{3})+(?!\d)")
_BLANKS = re.compile(r"[^\S\n]+")
_SHORT = 160


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the canonical text: its words, what it is, and (for notes) its mark.

    `kind` is "line" (paragraph or heading), "bullet", "row" or "footnote". `gap_before` tells of
    an empty line or dropped furniture in front; `lines` are the numbers of the source lines it is made of.
    """

    text: str
    kind: str
    mark: str | None = None
    gap_before: bool = False
    lines: tuple[int, ...] = ()


@dataclass(slots=True)
class _Draft:
    """A block whose lines are still being collected."""

    kind: str
    mark: str | None
    gap_before: bool
    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def finish(self) -> Block:
        return Block(" ".join(self.lines), self.kind, self.mark, self.gap_before, tuple(self.numbers))


def cut_blocks(text: str, *, wrapped: bool = True) -> list[Block]:
    """Return the blocks of a normalised text in order; its lines may be cut at a fixed width when it is `wrapped`."""
    raw = text.split("\n")
    lines = _drop_furniture(raw)
    width = _wrap_width(lines) if wrapped else 0
    notes = _note_lines(lines, text)
    rows = _table_lines(lines)
    drafts: list[_Draft] = []
    gap, before = "", ""
    for number, line in enumerate(lines):
        if not line or line.isspace():
            gap = "furniture" if raw[number].strip() or gap == "furniture" else "blank"
            continue
        kind, mark = _kind_of(line, notes.get(number), in_table=number in rows)
        if kind == "line" and drafts and _continues(drafts[-1], line, before, width=width, gap=gap):
            drafts[-1].lines.append(_squeeze(line))
        else:
            drafts.append(_Draft(kind, mark, bool(gap), [line.rstrip() if kind == "row" else _squeeze(line)]))
        drafts[-1].numbers.append(number)
        gap, before = "", line.strip()
    return [draft.finish() for draft in drafts]


def is_caps(text: str) -> bool:
    """Tell whether a text is written in capitals."""
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) > 0.7 * len(letters)


def goes_on(words: str) -> bool:
    """Tell whether a line can hardly begin a sentence: its first letter is small, or it begins with a figure."""
    return words[:1].islower() or bool(_DECIMAL.match(words))


def _squeeze(line: str) -> str:
    return _BLANKS.sub(" ", line).strip()


def _drop_furniture(lines: list[str]) -> list[str]:
    """Blank page numbers, rules and the web lines that trail an article."""
    tail = _web_tail(lines)
    return ["" if i >= tail or _is_furniture(line) else line for i, line in enumerate(lines)]


def _web_tail(lines: list[str]) -> int:
    """Return where the web lines at the end begin: only short lines that state nothing may follow the first."""
    tail = len(lines)
    for i in range(len(lines) - 1, -1, -1):
        line = lines[i].strip()
        if len(line) < _SHORT and _WEB.match(line):
            tail = i
        elif len(line) >= _SHORT or _CONTENT_END.search(line) or NUMBERED.match(line) or BRACKET_NOTE.match(line) or RECIPIENTS.match(line):
            break
    return tail


def _is_furniture(line: str) -> bool:
    line = line.strip()
    if not line or "\t" in line:
        return False
    return bool(_RULE.fullmatch(line)) or (len(line) < 24 and bool(_PAGE_NUMBER.fullmatch(_squeeze(line))))


def _wrap_width(lines: list[str]) -> int:
    """Return the width the file was wrapped at, or 0 when its paragraphs stand on single lines."""
    long = [words for line in lines if len(words := line.strip()) > 30 and "\t" not in words]
    if len(long) < 8:
        return 0
    high = quantiles(map(len, long), n=20)[16]
    near = [words for words in long if 0.7 * high <= len(words) <= 1.25 * high]
    # Paragraphs on single lines may be of one length too, but they end as sentences do.
    open_ended = sum(not _ENDED.search(words) for words in near)
    return int(high) if high <= 160 and len(near) >= 0.45 * len(long) and open_ended >= 0.4 * len(near) else 0


def _note_lines(lines: list[str], text: str) -> dict[int, str]:
    """Return line number → mark for the lines that begin a footnote body."""
    bracket = {i: m.group(1) for i, line in enumerate(lines) if (m := BRACKET_NOTE.match(line))}
    if bracket:
        return bracket
    starts = {i: m for i, line in enumerate(lines) if (m := SMALL_NOTE.match(line) or GLUED_NOTE.match(line))}
    called = _called_marks(text) if starts else set()
    found: dict[int, str] = {}
    last = None
    for i, match in starts.items():
        line = lines[i]
        mark = match.group(1).translate(SUPERSCRIPTS)
        expected = last is None or 0 < int(mark) - last <= 2
        if expected and mark in called and "\t" not in line.strip() and _starts_note(line, match.end()):
            found[i], last = mark, int(mark)
    return found


def _starts_note(line: str, position: int) -> bool:
    return line[position:position + 1].isupper() or line[position:position + 1] in "“\"("


def _called_marks(text: str) -> set[str]:
    """Return the marks that stand somewhere in the text: glued to a word, a bracket or a year, or raised."""
    return {(m[1] or m[2] or m[3]).translate(SUPERSCRIPTS) for m in _CALLED.finditer(text) if not _begins_line(text, m.start())}


def _begins_line(text: str, position: int) -> bool:
    return position == 0 or text[position - 1] == "\n"


def _table_lines(lines: list[str]) -> set[int]:
    """Return the numbers of the lines that stand in a tab-separated table."""
    found: set[int] = set()
    run: list[int] = []
    for number, line in enumerate([*lines, "end"]):
        if "\t" in line or not line.strip():
            run += [number] if line.strip() else []
            continue
        if sum(_has_number_cell(lines[i]) for i in run) >= 2 or _is_wordy_table([lines[i] for i in run]):
            found.update(run)
        run = []
    return found


def _is_wordy_table(lines: list[str]) -> bool:
    """Tell whether lines with tabs are rows of a table without figures: three or more with the same number of cells."""
    filled = [sum(bool(cell.strip()) for cell in line.split("\t")) for line in lines]
    return len(lines) >= 3 and min(filled) == max(filled) >= 2 and not any(_TWO_COLUMNS.match(line) for line in lines)


def _has_number_cell(line: str) -> bool:
    cells = [cell.strip() for cell in line.strip().split("\t")]
    return any(NUMBER_CELL.match(cell) for cell in cells[1:])


def _kind_of(line: str, mark: str | None, *, in_table: bool) -> tuple[str, str | None]:
    if mark is not None:
        return "footnote", mark
    if in_table:
        return "row", None
    return ("bullet", None) if BULLET.match(line) else ("line", None)


def _continues(previous: _Draft, line: str, before: str, *, width: int, gap: str) -> bool:
    """Tell whether a line goes on with the sentence of the line before it."""
    words = line.strip()
    starts_low = goes_on(words) or words[0] in ",;.)%"
    if previous.kind == "row" or gap == "furniture" or RECIPIENTS.match(words):
        return False
    ended = bool(_ENDED.search(before))
    if not width:
        return not gap and starts_low and not ended and not NUMBERED.match(line) and not is_caps(before)
    full = len(before) >= 0.75 * width
    if gap:
        # A page's end inside a sentence, or a file that puts an empty line behind every line.
        return full and starts_low and not ended and not NUMBERED.match(line)
    if NUMBERED.match(line) and (ended or not starts_low):
        if ended or not full or not _PLAIN_NUMBER.match(line):
            return False
    return (full or starts_low) and (starts_low or not ended or len(before) >= 0.9 * width)
