"""Headings to sections: which lines are headings, in what order they nest, what their numbers are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.lines import RECIPIENTS, Block, goes_on, is_caps
from index.records import Section

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
# Style → rank: a style met for the first time goes below every open heading of a smaller rank.
_RANKS = {"part": 0, "chapter": 1, "roman": 2, "letter": 2, "division": 3, "article": 4, "arabic": 5}
_STYLES = (
    ("part", re.compile(r"^(?P<n>phần\s+(?:thứ\s+)?(?:[ivx]+|\d+|nhất|một|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười))\b\s*[.:\-–]?\s*", re.IGNORECASE)),
    ("chapter", re.compile(r"^(?P<n>chương\s+(?:[ivxlc]+|\d+))\b\s*[.:\-–]?\s*", re.IGNORECASE)),
    ("division", re.compile(r"^(?P<n>(?:mục|phụ lục|biểu)\s+(?:[ivx]+|\d+))\s*(?:[.:\-–]\s*|$)", re.IGNORECASE)),
    ("article", re.compile(r"^(?P<n>điều\s+\d+[a-zđ]?)\s*[.:]\s*", re.IGNORECASE)),
    ("roman", re.compile(r"^(?P<n>[IVXLC]{1,6})\s?(?:[.\-–)]\s*|/\s+)(?=[^\W\d_]|[“\"(])")),
    ("letter", re.compile(r"^(?P<n>[A-ZĐ])\s?[.\-–/)]\s+(?=\S\S)")),
    ("dotted", re.compile(r"^(?P<n>(?:[IVX]{1,5}|[A-ZĐ]|\d{1,2})(?:\.\d{1,2}){1,4})\s?[.)\-–:]?\s*(?=[^\W\d_]|[“\"(])")),
    ("arabic", re.compile(r"^(?P<n>\d{1,2})\s?[.\-–/]\s*(?=[^\W\d_]|[“\"(])")),
)
_MARKDOWN = re.compile(r"^(?P<hashes>#{1,6})\s+(?=\S)|^\*\*(?P<bold>[^*]+)\*\*:?$")
_NATION = re.compile(r"cộng\s+h(?:òa|oà)\s+xã\s+hội\s+chủ\s+nghĩa\s+việt\s+nam", re.IGNORECASE)
_KIND_LINE = re.compile(
    r"^(?:báo\s+cáo|nghị\s+quyết|quyết\s+định|nghị\s+định|chương\s+trình|kế\s+hoạch|thông\s+báo|chỉ\s+thị|tờ\s+trình|đề\s+án|kết\s+luận|hướng\s+dẫn)\b",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"^(?:phụ\s+)?(?:biểu|bảng)(?:\s+số)?\s*:?\s*(?:\d+|[IVX]+)(?:[./-]?\w+)?\b", re.IGNORECASE)
_SALUTE = re.compile(r"^kính\s+gửi\b", re.IGNORECASE)
_TITLE_END = re.compile(r"(?<=[^\W\d_)\"”])\s?[:.](?=\s|$)")
_ITEM_END = re.compile(r"[.;,…]\s*(?:\[\d+\]\s*)*$|/\.\s*$")
MAX_TITLE = 220
SHORT_LINE = 100


@dataclass(slots=True)
class _Open:
    """A heading that is still open while the lines below it are read."""

    style: str
    rank: int
    value: int
    number: str
    label: str
    items: int = 0
    caps: bool = False


@dataclass(slots=True)
class Outline:
    """Sections in order, and for each block its section and how long its heading is.

    `title_lengths[i]` is 0 for a block that is no heading, otherwise the number of its characters
    that are heading only; a block may go on with text behind its heading. `signed` is True below
    the list of recipients, where names and offices stand that are no headings.
    """

    sections: list[Section] = field(default_factory=list)
    section_of: list[int] = field(default_factory=list)
    title_lengths: list[int] = field(default_factory=list)
    signed: bool = False


def read_outline(blocks: list[Block], starts: list[int], length: int) -> Outline:
    """Return the outline of blocks that start at these positions of a text of this length."""
    outline = Outline()
    path: list[_Open] = []
    _open_section(outline, path, title="", start=0)
    for i, block in enumerate(blocks):
        outline.title_lengths.append(_read_line(outline, path, blocks, i, start=starts[i]) if block.kind == "line" else 0)
        outline.section_of.append(len(outline.sections) - 1)
    ends = [section.start for section in outline.sections[1:]] + [length]
    outline.sections = [
        Section(s.index, s.number, s.title, s.path, s.level, s.start, end) for s, end in zip(outline.sections, ends)
    ]
    return outline


def _read_line(outline: Outline, path: list[_Open], blocks: list[Block], i: int, *, start: int) -> int:
    """Open the section that a line begins, if it begins one; return how much of the line is heading only."""
    text = blocks[i].text
    if i > 8 and len(text) < 150 and _NATION.search(text):
        path.clear()
        outline.signed = False
        _open_section(outline, path, title="", start=start)
        return 0
    if RECIPIENTS.match(text):
        path.clear()
        outline.signed = True
        _open_section(outline, path, title="Nơi nhận", start=start)
        return 0
    if _is_caption(blocks, i) and any(entry.number for entry in path):
        return 0
    may_be_plain = not outline.signed and not (len(outline.sections) == 1 and _in_title(blocks, i))
    title_length = _read_heading(text, path, blocks, i, may_be_plain=may_be_plain)
    if title_length:
        outline.signed = False
        _open_section(outline, path, title=path[-1].label, start=start)
    return title_length


def _is_caption(blocks: list[Block], i: int) -> bool:
    """Tell whether a line names the table below it, with at most two lines between (unit, remark)."""
    if not _CAPTION.match(blocks[i].text):
        return False
    below = next((block for block in blocks[i + 1:i + 4] if block.kind == "row" or len(block.text) > SHORT_LINE), None)
    return below is not None and below.kind == "row"


def has_heading_number(text: str) -> bool:
    """Tell whether a line begins with a number that a heading can have ("2.1. ", "IV. ", "Điều 5. ")."""
    return any(pattern.match(text) for _, pattern in _STYLES)


def names_document(text: str) -> bool:
    """Tell whether a line begins with the kind of a document ("Báo cáo …"), as its title does."""
    return bool(_KIND_LINE.match(text))


def _in_title(blocks: list[Block], i: int) -> bool:
    """Tell whether a line stands with the title of the document: at most two lines below its kind."""
    return any(_KIND_LINE.match(block.text) for block in blocks[max(0, i - 2):i + 1])


def _open_section(outline: Outline, path: list[_Open], *, title: str, start: int) -> None:
    number = next((entry.number for entry in reversed(path) if entry.number), "")
    labels = tuple(entry.label for entry in path)
    outline.sections.append(Section(
        index=len(outline.sections), number=number, title=_strip_number(title), path=labels or ((title,) if title else ()),
        level=len(path), start=start, end=start,
    ))


def _strip_number(title: str) -> str:
    title = _MARKDOWN.sub(lambda m: m["bold"] or "", title)
    for _, pattern in _STYLES:
        match = pattern.match(title)
        if match:
            return title[match.end():].rstrip(" .:") or title.rstrip(" .:")
    return title.rstrip(" .:")


def _read_heading(text: str, path: list[_Open], blocks: list[Block], i: int, *, may_be_plain: bool) -> int:
    """Open the heading that a line is, if it is one; return how much of it is heading only, else 0."""
    markdown = _MARKDOWN.match(text)
    body = (text[markdown.end():] if markdown and markdown["hashes"] else markdown["bold"] if markdown else text).strip()
    for style, pattern in _STYLES:
        match = pattern.match(body)
        if match and _fits(style, match["n"], body, path):
            return _open_numbered(style, match, body, text, path)
    if markdown or (may_be_plain and _is_unnumbered(text, blocks, i)):
        _open_plain(body.strip("* "), path, hashes=len(markdown["hashes"] or "") if markdown else 0)
        return len(text)
    return 0


def _open_plain(body: str, path: list[_Open], *, hashes: int) -> None:
    """Put a heading without a number under the open ones, or above them when it is written larger."""
    caps = is_caps(body)
    if caps and not hashes and not any(entry.caps for entry in path if entry.style != "plain"):
        del path[next((k for k, entry in enumerate(path) if entry.rank > 1), len(path)):]
    same = next((k for k, e in enumerate(path) if (e.style == "hash" and e.value >= hashes if hashes else e.style == "plain")), len(path))
    del path[same:]
    rank = 1 if caps and not path else 9 if path else 6
    path.append(_Open("hash" if hashes else "plain", rank, hashes, "", body.rstrip(" :"), caps=caps))


def _fits(style: str, number: str, body: str, path: list[_Open]) -> bool:
    """Tell whether a number can be a heading here: in sequence, and no item of an article or list."""
    if style == "part" or style == "chapter" or style == "article":
        return True
    if any(entry.style == "article" for entry in path) and style in ("arabic", "dotted", "division"):
        return False
    value = _value(style, number)
    same = next((entry for entry in reversed(path) if entry.style == style), None)
    if style == "dotted":
        following = body[len(number):].lstrip()[:1]
        return (following in (".", ")", "-", "–", ":") or not following.islower()) and not _is_paragraph(body, len(number))
    if style == "roman":
        letters = next((entry for entry in reversed(path) if entry.style == "letter"), None)
        if letters and len(number) == 1 and value > 1 and ord(number) - ord(letters.label[0]) == 1:
            return False
        return 0 < value <= (same.value + 5 if same else 15)
    if style == "arabic":
        return _arabic_fits(value, body, same, path)
    if style == "letter":
        return same is not None or number in ("A", "B")
    return True


def _is_paragraph(body: str, after_number: int) -> bool:
    """Tell whether a line with a dotted number is a numbered paragraph: sentences, and no title in front of them."""
    if len(body) <= SHORT_LINE or not (len(body) > MAX_TITLE or _ITEM_END.search(body)):
        return False
    end = _TITLE_END.search(body, after_number)
    return not (end and end.end() - after_number <= 70 and end.end() < len(body))


def _arabic_fits(value: int, body: str, same: _Open | None, path: list[_Open]) -> bool:
    if same is None:
        return value <= 30
    like_item = len(body) > MAX_TITLE or bool(_ITEM_END.search(body))
    goes_on = same.value < value <= same.value + 3
    if goes_on and not (like_item and path[-1].items == value - 1 > 0):
        return True
    path[-1].items = value
    return False


def _value(style: str, number: str) -> int:
    if style == "arabic":
        return int(number)
    if style == "letter":
        return ord(number)
    if style != "roman":
        return 0
    total = 0
    for symbol, following in zip(number, number[1:] + " "):
        value = _ROMAN[symbol]
        total += -value if _ROMAN.get(following, 0) > value else value
    return total


def _open_numbered(style: str, match: re.Match[str], body: str, text: str, path: list[_Open]) -> int:
    number = match["n"]
    depth = number.count(".")
    dotted = style == "dotted"
    # "II.1" stands above "1.", "2.1" below it.
    rank = (_RANKS["arabic"] + depth if number[0].isdigit() else min(2 + depth, 4)) if dotted else _RANKS[style]
    key = f"{'dotted' if number[0].isdigit() else 'lettered'}{depth}" if dotted else style
    same = next((k for k, entry in enumerate(path) if entry.style == key), None)
    del path[next((k for k, entry in enumerate(path) if entry.rank > rank), len(path)) if same is None else same:]
    title_end = _title_end(style, body, match.end())
    label = re.sub(r"\s+", " ", body[:title_end]).rstrip(" :.")
    full_number, caps = _full_number(style, number, path), is_caps(body[match.end():title_end])
    path.append(_Open(key, rank, _value(style, number), full_number, label, caps=caps))
    if title_end >= len(body):
        return len(text)
    # The first words of a sentence name the section and are its text as well; a title is heading only.
    return text.index(body) + (title_end if body[:title_end].rstrip()[-1:] in (":", ".") else match.end())


def _full_number(style: str, number: str, path: list[_Open]) -> str:
    """Join a number to the roman and letter numbers above it, which reports restart it under."""
    if style in ("part", "chapter"):
        return ""
    if style in ("article", "division"):
        return number[0].upper() + number[1:]
    if style == "dotted" and not number[0].isdigit():
        return number
    lettered = next((entry.number for entry in reversed(path) if entry.style.startswith("lettered")), None)
    romans = [k for k, entry in enumerate(path) if entry.style == "roman"]
    # Under a roman number a letter says nothing that the number behind it does not: "III", "A", "2" is "III.2".
    named = [
        entry for k, entry in enumerate(path)
        if entry.style == "roman" or (entry.style == "letter" and (style == "letter" or not romans or k < romans[0]))
    ]
    parents = [lettered] if lettered else [re.match(r"\w+", entry.label).group() for entry in named]
    return ".".join([*parents, number])


def _title_end(style: str, body: str, after_number: int) -> int:
    """Return where the heading in a line ends: the whole line, or its first words up to ':' or '.'."""
    if len(body) <= MAX_TITLE and not _ITEM_END.search(body):
        return len(body)
    end = _TITLE_END.search(body, after_number)
    if end and end.end() - after_number <= 110 and (style != "article" or end.end() == len(body)):
        return end.end()
    words = re.compile(r"\S+\s*").finditer(body, after_number)
    return next((m.end() for k, m in enumerate(words) if k == 11), len(body))


def _is_unnumbered(text: str, blocks: list[Block], i: int) -> bool:
    """Tell whether a line without a number looks like a heading: short, unended, before longer text."""
    if len(text) > 120 or len(text.split()) < 2 or _ITEM_END.search(text) or text.endswith((":", "?", "!")) or text[0] in "(\"“":
        return False
    if not text[0].isupper() or i + 1 >= len(blocks) or _SALUTE.match(text) or re.search(r"\d{1,2}/\d{1,2}|\bngày\s+\d", text):
        return False
    following = blocks[i + 1]
    if goes_on(following.text):
        return False
    if is_caps(text) and following.kind == "line" and _ITEM_END.search(following.text):
        return True
    return len(following.text) > 100 or following.kind == "bullet" or _is_heading_like(following.text)


def _is_heading_like(text: str) -> bool:
    return any(pattern.match(text) for _, pattern in _STYLES[:7])
