"""The register (sổ số liệu): every figure of a report as a record that says what it counts, when and of whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from index.figures import CHANGE_WORDS, PlacedFigure, place_cells, place_figures
from index.lines import BULLET
from index.periods import Period, find_periods
from index.records import Clause, Passage, RegisteredFigure, Report
from index.tables import column_periods, read_row
from index.text import UPPER, fold, tokenise
from index.units import normalise_unit

LABEL_WORDS = 16
# A label of fewer words says too little without what stands above it.
_FEW_WORDS = 3
_AND = frozenset(["và", "với", "cùng", "hoặc"])
# Words that say only that money is meant: whose it is stands before.
_MONEY_WORDS = frozenset("tổng số tiền kinh phí trị giá với giá vốn cộng".split())
_MARK = re.compile(r"\s?\[(?:\d{1,3}|\*+)\]")
_LEAD = re.compile(r"^\W*(?:trong (?:đó|số đó|số này)|cụ thể|gồm|bao gồm|chia ra|riêng|còn|và|với|là|được|có|đã|ước|đạt|khoảng|trên|gần|hơn)\b[\s,:]*", re.IGNORECASE)
_PREPOSITION = re.compile(r"\b(?:(?:trong|tính|đến|từ|hết|cả|của|vào)\s*)+$", re.IGNORECASE)
_LOOSE_END = re.compile(r"(?:[\s,:;(–-]|\b(?:là|được|có|đạt|cho|với|của|khoảng|trên|gần|hơn|ước|còn|gồm|bao gồm|trong đó|tổng|và)\b)+$", re.IGNORECASE)
_AS_OF = re.compile(
    r"\b(?:tính đến|đến hết|đến|tại thời điểm|thời điểm)\s+(?:hết\s+)?(?:ngày\s+)?(\d{1,2}/\d{1,2}/\d{4}|\d{1,2} tháng \d{1,2} năm \d{4})", re.IGNORECASE
)
_YEAR_BEFORE = re.compile(r"\bcùng kỳ\b|\bnăm (?:trước|ngoái)\b|\bkỳ trước\b", re.IGNORECASE)
_PLAN = re.compile(r"\b(?:kế hoạch|chỉ tiêu|dự toán|(?<!chương trình )mục tiêu(?! quốc gia)|phấn đấu|dự kiến)\b", re.IGNORECASE)
_AHEAD = re.compile(r"\b(?:phương hướng|nhiệm vụ (?:trọng tâm|chủ yếu|năm|quý|\d+ tháng|thời gian)|(?<!chương trình )mục tiêu(?! quốc gia)|kế hoạch (?:năm|công tác)|chỉ tiêu)\b", re.IGNORECASE)
# "vượt kế hoạch (15.800 lao động)".
_PLAN_OPENS = re.compile(r"\b(?:kế hoạch|chỉ tiêu|dự toán)\b[^,;()]{0,24}\(\s*$", re.IGNORECASE)
# "So với kế hoạch", "đạt dự toán": a column that compares with a plan or a year before is neither.
_COMPARED = re.compile(r"\b(?:so|với|đạt|bằng|vượt|tỷ lệ|tỉ lệ|hoàn thành)\b.*", re.IGNORECASE)
# "Chỉ tiêu" above a table means indicators, not targets.
_PLAN_TITLE = re.compile(r"\b(?:kế hoạch|dự toán)\b", re.IGNORECASE)
_REACHED = re.compile(r"\b(?:thực hiện|đã|ước|quyết toán|kết quả|tình hình|còn lại)\b", re.IGNORECASE)
# What a heading under "tồn tại và phương hướng" may be about instead.
_DONE = re.compile(r"\b(?:tồn tại|hạn chế|khó khăn|kết quả|nguyên nhân|đánh giá)\b", re.IGNORECASE)
_QUALIFIERS = (
    ("sex", re.compile(r"\b(nữ|nam giới|trẻ em (?:trai|gái)|bé (?:trai|gái))\b", re.IGNORECASE)),
    ("level", re.compile(r"\b(cấp (?:tỉnh|huyện|xã|trung ương|thành phố)|cao đẳng|trung cấp|sơ cấp|đại học|tiểu học|trung học cơ sở|trung học phổ thông|mầm non)\b", re.IGNORECASE)),
    ("place", re.compile(rf"\b((?:huyện|thị xã|thành phố|xã|phường|thị trấn|quận|tỉnh)\s+[{UPPER}]\w*(?:\s+[{UPPER}]\w*){{0,3}})")),
    ("source", re.compile(rf"\b((?:ngân sách|nguồn vốn|vốn|[Qq]uỹ)\s+(?:trung ương|địa phương|tỉnh|huyện|xã|xã hội hóa|[{UPPER}đ]\w*(?:\s+\w+){{0,4}}))")),
)


def register_figures(report: Report) -> tuple[RegisteredFigure, ...]:
    """Return every figure of a report in order; dates, document numbers, ordinals and section numbers are none."""
    own = next(iter(find_periods(report.period or "")), None)
    figures = (
        figure for passage in report.passages
        for figure in (_read_cells if passage.kind == "row" else _read_passage)(report, passage, own)
    )
    return tuple(replace(figure, place=place) for place, figure in enumerate(figures))


def is_planned_cell(passage: Passage, column: str) -> bool:
    """Tell whether a cell of a row of a table is to be reached: by the name of its column or, where that says nothing of it, by the title of its table."""
    title = passage.context.split("; ")[0]
    return bool(_PLAN.search(_COMPARED.sub("", column))) or (
        bool(_PLAN_TITLE.search(_COMPARED.sub("", title))) and not _REACHED.search(f"{column} {title}")
    )


def _read_passage(report: Report, passage: Passage, own: Period | None) -> Iterator[RegisteredFigure]:
    whole_label = ""
    for order, clause in enumerate(passage.clauses):
        text = report.text[clause.start:clause.end]
        placed = place_figures(text)
        labels = _labels(text, placed)
        if not clause.context:
            whole_label = ""
        for at, (one, label) in enumerate(zip(placed, labels, strict=True)):
            full = _full_label(report, passage, clause, label, whole_label)
            before = text[placed[at - 1].figure.end if at else 0:one.figure.start]
            around = before + text[one.figure.start:one.figure.end] + one.after
            # What says something of the figure before it ("đạt 80%") is of the same time.
            if not at or not set(tokenise(one.label)) <= CHANGE_WORDS or find_periods(before) or _YEAR_BEFORE.search(before):
                period, as_of = _time_of(report, passage, clause, text, placed, at, own)
            yield _entry(
                passage, order, one, unit=one.unit or _shared_unit(placed, at), label=full, around=around,
                plan=_is_plan(report, passage, before), time=(period, as_of),
            )
            # Behind a colon stands the first of several, not the whole of them.
            first_of_list = ":" in text[:one.figure.start]
            if not clause.context and not one.in_brackets and not one.subordinate and not whole_label and not first_of_list:
                whole_label = full


def _read_cells(report: Report, passage: Passage, own: Period | None) -> Iterator[RegisteredFigure]:
    """Yield the figures of a table row: its name and its columns say what they count, of when and whether they are planned."""
    row, text = read_row(report, passage), report.text[passage.start:passage.end]
    for one in place_cells(text, row, start=passage.start):
        column = one.column
        yield _entry(
            passage, 0, one, unit=one.unit, label=_join(row.name, _clean(column, keep_change=True)), around=one.label, plan=is_planned_cell(passage, column),
            time=_time_of_cell(report, passage, column, own),
        )


def _time_of_cell(report: Report, passage: Passage, column: str, own: Period | None) -> tuple[str, str]:
    """Return (period, as-of date) of a cell: what its column names last, else its table, else the report."""
    # A part of the context whose words are all of columns is the header: it says nothing of one of them.
    header = set(tokenise(" ".join(passage.columns)))
    above = (part for part in passage.context.split("; ") if not set(tokenise(part)) <= header)
    for words in (column, *above):
        if _YEAR_BEFORE.search(_COMPARED.sub("", words)) and own and own.year:
            return replace(own, year=own.year - 1).label, ""
        if found := column_periods(words):
            return found[-1].with_year(found[-1].year or (own.year if own else None)).label, _last(_AS_OF, words)
        if as_of := _last(_AS_OF, words):
            return report.period or "", as_of
    return report.period or "", ""


def _entry(
    passage: Passage, clause: int, one: PlacedFigure, *, unit: str, label: str, around: str, plan: bool, time: tuple[str, str]
) -> RegisteredFigure:
    """Return the entry of a figure of a passage, its place still open; `around` are the words that may narrow it."""
    normal, start = normalise_unit(unit), passage.clauses[clause].start
    return RegisteredFigure(
        place=0, section=passage.section, passage=passage.index, clause=clause, footnote=passage.footnote,
        start=start + one.figure.start, end=start + one.figure.end, literal=one.literal,
        value=one.figure.value, denominator=one.figure.denominator, upper=one.figure.upper,
        unit=unit, measure=normal.measure, base=normal.base, amount=one.figure.value * normal.factor,
        label=label, bound=one.figure.bound,
        qualifiers=tuple((kind, m.group(1)) for kind, pattern in _QUALIFIERS for m in pattern.finditer(around)),
        role="plan" if plan else "", period=time[0], as_of=time[1],
        part=one.in_brackets or one.subordinate or bool(passage.clauses[clause].context),
    )


def _labels(text: str, placed: list[PlacedFigure]) -> list[str]:
    """Return for each figure of a clause the words that say what it counts, without context from outside."""
    lead, colon, _ = text.partition(":")
    lead = _clean(lead) if colon and placed and len(lead) < placed[0].figure.start else ""
    labels: list[str] = []
    whole = first = ""
    for at, one in enumerate(placed):
        before = _before(text, placed, at)
        words = tokenise(before)
        head = _clean(before if at else text[:one.figure.start])
        if at and set(words) <= _AND and _noun(one) and not one.in_brackets:
            # "13 tập thể và 23 cá nhân", "có 24 chợ, 15 siêu thị": counted beside the first one.
            label = _join(lead or first, _counted(one))
        elif at and (set(words) <= CHANGE_WORDS or (one.kind == "percent" and words[-1] in CHANGE_WORDS)):
            # "đạt 80%", "tăng 4%": it says something of the figure before it.
            label = _join(labels[at - 1], _clean(before, keep_change=True))
        elif one.in_brackets or one.subordinate:
            label = _join(whole, _join(head, _noun(one)) if head else _counted(one))
        elif not at or (len(head.split()) >= _FEW_WORDS and not set(tokenise(head)) <= _MONEY_WORDS):
            label = _join(head, _noun(one) if len(head.split()) >= _FEW_WORDS else _counted(one))
        else:
            label = _join(lead or whole, _join(head, _noun(one)))
        labels.append(label)
        if not whole and not one.in_brackets:
            whole, first = label, head
    return labels


def _before(text: str, placed: list[PlacedFigure], at: int) -> str:
    """Return the words directly before a figure; an age among them ("trẻ em dưới 6 tuổi là …") is one of the words."""
    one = placed[at]
    if at and normalise_unit(placed[at - 1].unit).base == "tuổi" and not re.search(r"[,;.(:]", text[placed[at - 1].figure.end:one.figure.start]):
        age = placed[at - 1]
        return text[text.rfind(age.label, 0, age.figure.start):one.figure.start]
    return one.label


def _noun(one: PlacedFigure) -> str:
    """Return what the words behind the number count, "" for money and percent."""
    return one.unit if one.kind in ("count", "pair") and not re.match(r"^(?:%|điểm (?:%|phần trăm))", one.unit) else ""


def _counted(one: PlacedFigure) -> str:
    """Return what stands behind a number, up to the next sign: it says what is counted where nothing stands before it."""
    return _clean(one.after) if _noun(one) else ""


def _shared_unit(placed: list[PlacedFigure], at: int) -> str:
    """Return the unit that a bare figure shares with the whole that it divides: "8.463 người (cao đẳng: 380)"."""
    one = placed[at]
    if not (one.in_brackets or one.subordinate):
        return ""
    return next((other.unit for other in reversed(placed[:at]) if other.unit and other.kind in ("count", "money", "pair")), "")


def _full_label(report: Report, passage: Passage, clause: Clause, label: str, whole: str) -> str:
    """Return a label with the words above it where it says too little alone: lead-in, whole, heading."""
    parts = [label]
    if clause.context:
        parts.insert(0, whole or _clean(clause.context))
    if passage.kind != "row" and len(" ".join(parts).split()) < _FEW_WORDS and passage.context:
        parts.insert(0, _clean(passage.context))
    if len(" ".join(parts).split()) < _FEW_WORDS:
        parts.insert(0, _clean(re.sub(r"^(?:\d+|[IVX]+)[.)]\s+", "", report.sections[passage.section].title)))
    label = ""
    for part in parts:
        label = _join(label, part)
    return label


def _join(first: str, second: str) -> str:
    """Return two parts of a label as one; a part that the other holds is said once."""
    if not first or not second:
        return first or second
    if fold(second) in fold(first):
        return first
    return second if fold(first) in fold(second) else f"{first} – {second}"


def _clean(words: str, *, keep_change: bool = False) -> str:
    """Return words as a label: without bullet, footnote marks, periods, lead-ins and loose ends, at most `LABEL_WORDS`."""
    words = BULLET.sub("", _MARK.sub("", words))
    words = re.split(r"[.;]\s", words)[-1]
    for period in reversed(find_periods(words)):
        words = _PREPOSITION.sub("", words[:period.start]) + words[period.end:]
    if not keep_change:
        while (shorter := _LEAD.sub("", words)) != words:
            words = shorter
    words = _LOOSE_END.sub("", words.strip(" ,:;.()–-"))
    kept = re.sub(r"\s+([,:])", r"\1", re.sub(r"\(\s*\)", "", words)).strip(" ,:;.()–-").split()
    half = LABEL_WORDS // 2
    return " ".join(kept if len(kept) <= LABEL_WORDS else [*kept[:half], "…", *kept[-half:]])


def _time_of(
    report: Report, passage: Passage, clause: Clause, text: str, placed: list[PlacedFigure], at: int, own: Period | None
) -> tuple[str, str]:
    """Return (period, as-of date) of a figure.

    The nearest that is named decides: beside the figure, in its clause before it, in its context,
    above it, and last the report's own. "Cùng kỳ" is a year before the report.
    """
    one, year = placed[at], own.year if own else None
    left = text[placed[at - 1].figure.end if at else 0:one.figure.start]
    as_of = _last(_AS_OF, text[:one.figure.start])
    behind = re.match(r"\s*\(?\s*(?:trong|của)?\s*(?=năm|quý|\d+ tháng)", one.after)
    offset = one.figure.start - len(left)
    named = [period for period in find_periods(left) if not _is_beside(text, period, offset) or re.fullmatch(r"[\s(:]*(?:là\s*)?", left[period.end:])]
    named = named or (find_periods(one.after) if behind else [])
    if named:
        return named[-1].with_year(year).label, as_of
    if _YEAR_BEFORE.search(left) and own and own.year:
        return replace(own, year=own.year - 1).label, ""
    before = [period for period in find_periods(text[:one.figure.start]) if not _is_beside(text, period)]
    heading = " ".join(report.sections[passage.section].path[-1:])
    for words in (None, clause.context, passage.context, heading):
        found = before if words is None else [period for period in find_periods(words) if not _is_beside(words, period)]
        if found:
            return found[-1].with_year(year).label, as_of
    return report.period or "", as_of


def _is_beside(text: str, period: Period, offset: int = 0) -> bool:
    """Tell whether a period (in the text from `offset` on) is named only to compare with it, or as the year of a document."""
    before = text[:offset + period.start]
    return bool(re.search(r"(?:\bso với(?: \w+){0,2}|\bso|\bhơn|\bbằng|\btừ|\bkế hoạch|\bngày[^.;]{0,30})\s*(?:cùng kỳ|cuối|đầu)?\s*$", before, re.IGNORECASE))


def _last(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.findall(text)
    return found[-1] if found else ""


def _is_plan(report: Report, passage: Passage, before: str) -> bool:
    """Tell whether a figure is one to be reached: "kế hoạch 15.500", or under a heading of tasks ahead."""
    if _PLAN_OPENS.search(before):
        return True
    near = re.split(r"[,;(]", before)[-1]
    if _PLAN.search(near) and not re.search(r"(?:so với|đạt|bằng|vượt)[^,;(]*$", near, re.IGNORECASE):
        return True
    *above, heading = report.sections[passage.section].path or ("",)
    return bool(_AHEAD.search(heading)) or (not _DONE.search(heading) and any(map(_AHEAD.search, above)))
