"""Text to a `Report`: canonical text, sections, footnotes, passages and the facts of its head. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from index.lines import Block, cut_blocks
from index.marks import find_marks, note_body_offset, words_before
from index.pages import lift_page_breaks, place_pages
from index.passages import cut_passages
from index.periods import Period, find_periods
from index.records import Footnote, Passage, Report
from index.structure import Outline, read_outline
from index.text import hash_text, normalise

_KINDS = (
    "báo cáo", "nghị quyết", "quyết định", "nghị định", "chương trình", "kế hoạch", "thông báo", "chỉ thị",
    "công văn", "tờ trình", "đề án", "quyết toán", "cân đối", "thông tư", "kết luận", "hướng dẫn", "biểu",
)
_NUMBER = re.compile(r"^\W*số\s*:?\s*(\d+\s?(?:/\s?\d{4})?\s?[/\-]\s?[A-ZĐ][\wĐ\-/.]*)", re.IGNORECASE)
_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_AGENCY = re.compile(
    r"^(?:sở|bộ|ubnd|ủy ban|uỷ ban|chính phủ|cục|chi cục|ban|phòng|hđnd|hội đồng|văn phòng|tỉnh ủy|thành ủy|huyện ủy|trường|bệnh viện|tổng cục|viện|công ty|chi nhánh|bảo hiểm xã hội|kho bạc)\b",
    re.IGNORECASE,
)
_AGENCY_GOES_ON = re.compile(r"(?:VÀ|và)\s|(?:tỉnh|thành phố|huyện|thị xã|quận|xã|phường|thị trấn)\s+\w", re.IGNORECASE)
_PLACE = re.compile(r"\b(?:tỉnh|thành phố|huyện|thị xã|quận)\s+\w.*", re.IGNORECASE)
_PART = re.compile(r"^(?:phần|chương)\s+(?:thứ\s+)?(?:nhất|một|[ivx\d]+)\b", re.IGNORECASE)
_NOT_TITLE = re.compile(r"cộng h(?:òa|oà) xã hội|độc lập\s*-|^\s*số\s*:|^kính gửi|^căn cứ|^\W*(?:đơn vị tính|đvt)\b|ngày\s+\d+\s+tháng", re.IGNORECASE)
_DATED = re.compile(r"^[^,.;]{0,40},?\s*ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}$", re.IGNORECASE)
_GROUNDS = re.compile(r"^\W*(?:căn cứ|thực hiện|xét|theo)\b", re.IGNORECASE)
# The two columns of a head on one line: "UBND TỈNH … CỘNG HÒA XÃ HỘI …", "Số: … Lam Khê, ngày …".
_COLUMN = re.compile(r"\t+| {4,}|\s+(?=cộng\s+h(?:òa|oà)\s+xã\s+hội\s+chủ|độc\s+lập\s*[-–])", re.IGNORECASE)
_DIACRITIC_NAMES = ((r"thang(?!\w)", "tháng"), (r"nam(?=\s+\d)", "năm"), (r"quy(?=\s+(?:[1-4]|[iv]+)\b)", "quý"), ("bao cao", "báo cáo"))
_LETTER_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


def make_report(text: str, *, name: str, source: str, wrapped: bool = True, paged: bool = False) -> Report:
    """Return the report that a source text holds.

    Args:
        text: the decoded text of a file, in any Unicode form.
        name: its file name, which gives title and period when the text does not.
        source: where it was read from; kept, never opened.
        wrapped: whether its lines may be cut at a fixed width.
        paged: whether each form feed is where the next page begins; else it is white space.
    """
    text, breaks = lift_page_breaks(normalise(text)) if paged else (normalise(text), ())
    blocks = cut_blocks(text, wrapped=wrapped)
    starts, position = [], 0
    for block in blocks:
        starts.append(position)
        position += len(block.text) + 1
    canonical = "\n".join(block.text for block in blocks)
    outline = read_outline(blocks, starts, len(canonical))
    bodies = _note_bodies(canonical, blocks, starts)
    glued = {block.mark for block in blocks if block.kind == "footnote" and not block.text.startswith("[")}
    passages = cut_passages(canonical, blocks, starts, outline, glued)
    footnotes = _tie_footnotes(canonical, blocks, starts, bodies, glued)
    passages = _place_notes(canonical, passages, footnotes, outline)
    head = _head_lines(blocks, outline)
    title = _find_title(head) or _title_from_name(name)
    period = _find_period(title, name, canonical)
    return Report(
        id=hash_text(canonical),
        name=name,
        source=source,
        text=canonical,
        title=title,
        agency=_find_agency(head),
        number=next((re.sub(r"\s", "", m.group(1)) for line in head if (m := _NUMBER.search(line))), None),
        date=_find_date(head, blocks),
        period=period.label if period else None,
        sections=tuple(outline.sections),
        footnotes=footnotes,
        passages=tuple(passages),
        warnings=_warnings(footnotes),
        pages=_find_pages(text, breaks, blocks, canonical) if paged else (),
    )


def read_again(stored: Report) -> Report:
    """Return the report as today's reader sees its text and name, or as it is when that would change the text."""
    for wrapped in (True, False):
        read = make_report(stored.text, name=stored.name, source=stored.source, wrapped=wrapped)
        if read.id == stored.id:
            return replace(read, pages=stored.pages)
    return stored


def _find_pages(text: str, breaks: tuple[tuple[int, int], ...], blocks: list[Block], canonical: str) -> tuple[int, ...]:
    kept = {number for block in blocks for number in block.lines}
    return place_pages(breaks, text.split("\n"), kept, canonical)


def _note_bodies(text: str, blocks: list[Block], starts: list[int]) -> dict[str, tuple[int, int]]:
    bodies: dict[str, tuple[int, int]] = {}
    for block, start in zip(blocks, starts):
        if block.kind == "footnote" and block.mark not in bodies:
            bodies[block.mark] = (start + note_body_offset(block.text), start + len(block.text))
    return bodies


def _tie_footnotes(
    text: str, blocks: list[Block], starts: list[int], bodies: dict[str, tuple[int, int]], glued: set[str]
) -> tuple[Footnote, ...]:
    positions: dict[str, list[int]] = {mark: [] for mark in bodies}
    for block, start in zip(blocks, starts):
        if block.kind == "footnote":
            continue
        for mark, at in find_marks(text, start, start + len(block.text), glued):
            positions.setdefault(mark, []).append(at)
    return tuple(
        Footnote(mark, *bodies.get(mark, (-1, -1)), mark_positions=tuple(at)) for mark, at in positions.items()
    )


def _place_notes(text: str, passages: list[Passage], footnotes: tuple[Footnote, ...], outline: Outline) -> list[Passage]:
    """Give footnote passages the section of their mark, and the words before the mark as context."""
    section_starts = [section.start for section in outline.sections]
    marks = {note.mark: note.mark_positions[0] for note in footnotes if note.mark_positions}
    placed = []
    for passage in passages:
        at = marks.get(passage.footnote, -1)
        if at >= 0:
            section = bisect_right(section_starts, at) - 1
            passage = replace(passage, section=section, context=words_before(text, at))
        placed.append(passage)
    return placed


def _warnings(footnotes: tuple[Footnote, ...]) -> tuple[str, ...]:
    bodiless = [note.mark for note in footnotes if not note.has_body]
    unmarked = [note.mark for note in footnotes if note.has_body and not note.mark_positions]
    warnings = []
    if bodiless:
        warnings.append(f"Có dấu chú thích nhưng không có nội dung: {', '.join(bodiless)}.")
    if unmarked:
        warnings.append(f"Có nội dung chú thích nhưng không thấy dấu trong bài: {', '.join(unmarked)}.")
    return tuple(warnings)


def _head_lines(blocks: list[Block], outline: Outline) -> list[str]:
    """Return the lines before the first numbered heading, at most the first 40."""
    head = []
    # The name of a sheet or slide stands above the head.
    named = outline.section_of[0] if blocks and blocks[0].text.startswith("#") else -1
    for block, section in zip(blocks[named >= 0:40], outline.section_of[named >= 0:]):
        if (outline.sections[section].number and section != named) or block.kind in ("footnote", "bullet") or len(block.text) > 600 or _PART.match(block.text):
            break
        head.extend(part.strip() for part in _COLUMN.split(block.text) if part.strip())
    return head


def _find_title(head: list[str]) -> str | None:
    """Return the line that names the kind of document, with the lines that finish it."""
    for i, line in enumerate(head):
        low = line.lower()
        if _NOT_TITLE.search(line) or not low.startswith(_KINDS) or len(line) > 250:
            continue
        parts = [line]
        for following in head[i + 1:i + 4]:
            if _NOT_TITLE.search(following) or len(following) > 250 or _AGENCY.match(following) or following.endswith((":", ".", ",", ";")) or following[0] in "(":
                break
            parts.append(following)
            if len(" ".join(parts)) > 120:
                break
        title = " ".join(parts)
        if len(title.split()) > 2:
            return _capitalised(title)
    return None


def _capitalised(title: str) -> str:
    letters = [c for c in title if c.isalpha()]
    if sum(c.isupper() for c in letters) > 0.8 * len(letters):
        return title[0] + title[1:].lower()
    return title


def _title_from_name(name: str) -> str:
    stem = re.sub(r"[_\-.\s]+", " ", normalise(name).rsplit(".", 1)[0]).strip()
    for plain, marked in _DIACRITIC_NAMES:
        stem = re.sub(rf"\b{plain}", marked, stem, flags=re.IGNORECASE)
    return stem[:1].upper() + stem[1:]


def _find_agency(head: list[str]) -> str | None:
    """Return the last office of the head, the one that issues; its name may take two lines, its place stand above it."""
    for i in range(len(head[:12]) - 1, -1, -1):
        if _AGENCY.match(head[i]) and len(head[i]) < 90:
            following = head[i + 1] if i + 1 < len(head) and len(head[i + 1]) < 60 else ""
            agency = f"{head[i]} {following}" if _AGENCY_GOES_ON.match(following) else head[i]
            above = _PLACE.search(head[i - 1]) if i and _AGENCY.match(head[i - 1]) else None
            return agency if _PLACE.search(agency) or not above else f"{agency} {above.group()}"
    return None


def _find_date(head: list[str], blocks: list[Block]) -> str | None:
    """Return the date of the head, or that of a line by itself anywhere (above the signature)."""
    own = [line for line in head if not _GROUNDS.match(line)]
    alone = [block.text for block in blocks if _DATED.match(block.text)]
    match = next((m for line in own + alone if (m := _DATE.search(line))), None)
    return "/".join((match[1].zfill(2), match[2].zfill(2), match[3])) if match else None


def _find_period(title: str, name: str, text: str) -> Period | None:
    """Return the period of a report: from its title, its file name, or what its text says most."""
    named = _LETTER_DIGIT.sub(" ", _title_from_name(name))
    spoken_of = [p for p in find_periods(text) if p.year]
    for candidates in (find_periods(title), find_periods(named)):
        # "9 tháng đầu năm và nhiệm vụ quý IV năm 2024": the first counts, the year may come later.
        first = next((p for p in candidates if p.kind != "month"), candidates[0] if candidates else None)
        if first:
            return first.with_year(_year_of(first, candidates) or _most_common(p.year for p in spoken_of if p.kind != "range"))
    spoken = Counter(p.key for p in spoken_of if p.kind in ("months", "quarter", "year"))
    if not spoken:
        return None
    kind, first, last, year, to = spoken.most_common(1)[0][0]
    return Period(kind, first, last, year, 0, 0, to)


def _year_of(first: Period, named: list[Period]) -> int | None:
    """Return the year that a later period lends: "kết quả quý IV, nhiệm vụ quý I năm 2025" reports on 2024."""
    lender = next((p for p in named if p.year), None)
    if lender is None:
        return None
    return lender.year - (lender.start > first.start and first.first > lender.last)


def _most_common(years: Iterable[int | None]) -> int | None:
    return next((year for year, _ in Counter(years).most_common(1)), None)
