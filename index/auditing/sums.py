"""Totals against their parts: in brackets, behind "gồm" or "trong đó", in bullets, in rows of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from index.auditing.records import Check, Statement, like_units
from index.numbers import format_number
from index.records import RegisteredFigure, Report
from index.tables import row_name

# Words that divide a whole into all its parts, and those that may name only some.
_ALL_PARTS = re.compile(r"\b(?:gồm|bao gồm|chia ra|chia theo|phân theo|phân ra|cụ thể|trong đó gồm)\b", re.IGNORECASE)
_SOME_PARTS = re.compile(r"\btrong (?:đó|số đó|số này)\b", re.IGNORECASE)
# What stands before a number that is no part of the whole: a change, a plan, a share.
_NO_PART = re.compile(r"\b(?:tăng|giảm|phát sinh|kế hoạch|chỉ tiêu|so với|cùng kỳ|bằng|đạt|trên tổng|dự toán|còn nợ|lũy kế|bình quân)\b", re.IGNORECASE)
# "a = 3 lần", "2 đợt": they number the same things again.
_TIMES = frozenset(["lần", "đợt", "năm", "tháng", "ngày", "tuổi", "kỳ", "giờ", "lượt"])
# From how many parts on behind "trong đó" they are taken for all.
_MANY = 3
# How much a sum of named parts may miss of a whole that they need not fill before it is taken for other parts.
_NEAR = Decimal("0.12")
MOST_PARTS = 30


def check_sums(statement: Statement) -> Iterator[Check]:
    """Yield one check for each whole whose parts a statement names."""
    figures = statement.figures
    for at, whole in enumerate(figures):
        if whole.measure in ("percent", "points") or whole.base in _TIMES or whole.denominator is not None:
            continue
        parts, all_named = _parts_in_brackets(statement, at) or _parts_behind(statement, at) or ((), False)
        if len(parts) >= 2:
            yield from _check(statement.report, whole, parts, all_named=all_named)


def _parts_in_brackets(statement: Statement, at: int) -> tuple[tuple[RegisteredFigure, ...], bool] | None:
    """Return the parts in the brackets behind a figure, and that they are all of it; None without such brackets."""
    figures, text = statement.figures, statement.report.text
    whole = figures[at]
    opened = re.match(r"[^();.]{0,60}\(", text[whole.end:whole.end + 64])
    if not opened or (at + 1 < len(figures) and figures[at + 1].start < whole.end + opened.end()):
        return None
    start, depth, end = whole.end + opened.end(), 1, whole.end + opened.end()
    while end < len(text) and depth:
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        end += 1
    inside = [i for i in range(at + 1, len(figures)) if start <= figures[i].start < end]
    parts = [i for i in inside if _is_part_of(statement, i, whole)]
    # A bracket that says something else than numbers of the same kind divides nothing.
    others = [i for i in inside if i not in parts and figures[i].measure not in ("percent", "points") and not _NO_PART.search(statement.before(i))]
    return (tuple(figures[i] for i in parts), not others) if parts else None


def _parts_behind(statement: Statement, at: int) -> tuple[tuple[RegisteredFigure, ...], bool] | None:
    """Return the figures behind "gồm" or "trong đó" that can be parts of a figure, and whether they are all of it."""
    figures, text = statement.figures, statement.report.text
    whole = figures[at]
    cue = None
    for i in range(at + 1, min(len(figures), at + 4)):
        words = _outside_brackets(text[whole.end:figures[i].start])
        cue = _ALL_PARTS.search(words) or _SOME_PARTS.search(words)
        if cue or (re.search(r"[.;]\s", words) and figures[i].clause != whole.clause):
            break
    if not cue or any(
        like_units(whole, figures[k]) and _depth(text, whole.end, figures[k].start) == 0 for k in range(at + 1, i)
    ):
        return None
    passages = statement.report.passages
    first = next(k for k in range(at + 1, len(figures)) if figures[k].start > figures[i].start - 1)
    parts: list[RegisteredFigure] = []
    last_end = figures[first].start
    for k in range(first, len(figures)):
        one = figures[k]
        gap = text[last_end:one.start]
        if k > first and _SOME_PARTS.search(gap) and parts:
            # What a part is made of is no part of the whole.
            break
        if _depth(text, passages[one.passage].start, one.start) > _depth(text, passages[whole.passage].start, whole.start):
            continue
        if _is_part_of(statement, k, whole) and (not parts or re.search(r"[,;:]|\bvà\b|\n", gap)):
            parts.append(one)
            last_end = one.end
    return tuple(parts), bool(_ALL_PARTS.search(cue.group())) and figures[first].passage == whole.passage


def _is_part_of(statement: Statement, at: int, whole: RegisteredFigure) -> bool:
    one = statement.figures[at]
    if one.measure != whole.measure or one.denominator is not None:
        return False
    if not like_units(one, whole):
        return False
    return not _NO_PART.search(re.split(r"[,;(]", statement.before(at))[-1])


def _check(report: Report, whole: RegisteredFigure, parts: Sequence[RegisteredFigure], *, all_named: bool) -> Iterator[Check]:
    """Yield the check of a whole against its parts, or against the first of them that add up to it; nothing when it is no sum."""
    parts = parts[:MOST_PARTS]
    for ways in (parts, _one_a_clause(parts)):
        total = Decimal(0)
        for count, part in enumerate(ways, start=1):
            total += part.amount
            if total == whole.amount and count >= 2:
                yield _make(report, whole, ways[:count], total, agrees=True)
                return
    first = [part for part in parts if (part.passage, part.clause) == (parts[0].passage, parts[0].clause)]
    parts = first if len(first) >= 2 and parts[0].clause == whole.clause else _one_a_clause(parts)
    total = sum((part.amount for part in parts), Decimal(0))
    if len(parts) < 2 or not total or not whole.amount:
        return
    # Some of a whole cannot be more than it.
    surely = all_named or len(parts) >= _MANY or total > whole.amount
    if (surely or abs(total - whole.amount) <= _NEAR * whole.amount) and _one_digit(total, whole, parts) and not _overlap(parts):
        yield _make(report, whole, parts, total, agrees=False)


def _one_a_clause(parts: Sequence[RegisteredFigure]) -> Sequence[RegisteredFigure]:
    """Return the first part of each clause where several name some: "09 vụ làm chết 10 người và 03 người bị thương; 08 vụ làm chết 08 người"."""
    firsts = list({(part.passage, part.clause): part for part in reversed(parts)}.values())[::-1]
    return firsts if len(firsts) > 1 else parts


def _one_digit(total: Decimal, whole: RegisteredFigure, parts: Sequence[RegisteredFigure]) -> bool:
    """Tell whether the sum holds with one digit changed in the whole or in a part: else the parts are no parts of it."""
    if _differ_by_one(whole, total):
        return True
    return any(_differ_by_one(part, whole.amount - (total - part.amount)) for part in parts)


def _differ_by_one(figure: RegisteredFigure, amount: Decimal) -> bool:
    """Tell whether a figure written with another digit in one place would be an amount."""
    value = amount * figure.value / figure.amount if figure.amount else amount
    places = max(0, *(-number.normalize().as_tuple().exponent for number in (value, figure.value)))
    if value < 0 or places > 6:
        return False
    written, wanted = (f"{number:.{places}f}" for number in (figure.value, value))
    width = max(len(written), len(wanted))
    return sum(a != b for a, b in zip(written.rjust(width, "0"), wanted.rjust(width, "0"), strict=True)) == 1


def _overlap(parts: Sequence[RegisteredFigure]) -> bool:
    """Tell whether parts may count the same ones twice: "nữ 14 người, trẻ em 03 người"."""
    return any(kind == "sex" for part in parts for kind, _ in part.qualifiers) or any("nữ" in part.label.lower().split() for part in parts)


def _make(report: Report, whole: RegisteredFigure, parts: Sequence[RegisteredFigure], total: Decimal, *, agrees: bool) -> Check:
    factor = whole.amount / whole.value if whole.value else Decimal(1)
    values = [part.amount / factor for part in parts]
    formula = " + ".join(map(format_number, values))
    return Check(
        "sum", agrees, report, (whole, *parts), formula, format_number(total / factor), format_number(whole.value),
    )


def _outside_brackets(words: str) -> str:
    previous = None
    while previous != words:
        previous, words = words, re.sub(r"\([^()]*\)", " ", words)
    return words


def _depth(text: str, start: int, end: int) -> int:
    return text.count("(", start, end) - text.count(")", start, end)


def check_rows(report: Report, figures: Sequence[RegisteredFigure]) -> Iterator[Check]:
    """Yield one check for each cell of a table row whose sub-rows (by the context they are read in) fill its column."""
    by_row: dict[int, dict[int, RegisteredFigure]] = {}
    for figure in figures:
        passage = report.passages[figure.passage]
        if passage.kind == "row":
            line = report.text.rfind("\n", 0, passage.start) + 1
            by_row.setdefault(figure.passage, {})[report.text.count("\t", line, figure.start)] = figure
    for index, cells in by_row.items():
        name = row_name(report.text[report.passages[index].start:report.passages[index].end])
        children = []
        for other in range(index + 1, len(report.passages)):
            passage = report.passages[other]
            parents = [row_name(part) for part in passage.context.split("; ")]
            if passage.kind != "row" or name not in parents:
                break
            unit = 1 if "ĐVT" in passage.context else 0
            if parents[len(parents) - 1 - unit] == name and other in by_row:
                children.append(by_row[other])
        for column, whole in cells.items():
            parts = [child[column] for child in children if column in child]
            if len(parts) >= 2 and len(parts) == len(children):
                yield from _check(report, whole, parts, all_named=True)
