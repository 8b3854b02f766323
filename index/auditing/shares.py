"""Percents against the x/y, the plan or the whole they are of; increases against two levels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from index.auditing.records import Check, Statement, half_step, like_units, rounded
from index.numbers import format_number
from index.records import RegisteredFigure

_REACHED = re.compile(r"\b(?:đạt|bằng|chiếm|tỷ lệ|tương ứng|hoàn thành)\b[^.;]{0,30}$|[(:,]\s*$", re.IGNORECASE)
_CHANGED = re.compile(r"\b(?P<word>tăng|giảm)(?: thêm| đi)?(?: khoảng)?\s*$", re.IGNORECASE)
_PLAN_BEHIND = re.compile(r"^[^.;,()]{0,40}\b(?:kế hoạch|chỉ tiêu|dự toán|mục tiêu|so với)\b[^.;,()]{0,40}\(\s*$|^[^.;,()]{0,12}\b(?:kế hoạch|chỉ tiêu|dự toán)\b(?: năm| giao| cả năm)?\s*(?:là\s*)?$", re.IGNORECASE)
_OF_WHOLE = re.compile(r"\btrên (?:tổng )?(?:số|vốn|kinh phí)?\b|\btrên tổng\b", re.IGNORECASE)
_GIVEN = re.compile(r"\b(?:tổng (?:vốn|số|kinh phí)|vốn|được|kinh phí)(?: \w+)? giao\b|\btổng (?:vốn|kinh phí)\b|\bđược giao\b", re.IGNORECASE)
_BESIDE = re.compile(r"^[^.;()]{0,60}\b(?:so với|so)\b[^.;()]{0,60}\(\s*$", re.IGNORECASE)
_FROM, _TO = re.compile(r"\btừ\s*$", re.IGNORECASE), re.compile(r"\b(?:xuống(?: còn)?|lên|còn|đến)\s*$", re.IGNORECASE)
_LOOSE = frozenset(["trên", "gần", "hơn", "khoảng", "xấp xỉ", "dưới"])
_LOOSE_BY = Decimal("1.5")


def check_shares(statement: Statement) -> Iterator[Check]:
    """Yield one check for each percent whose two numbers a statement gives."""
    figures = statement.figures
    for at, share in enumerate(figures):
        if share.measure != "percent" or not at:
            continue
        change = _CHANGED.search(statement.before(at))
        yield from (_check_rise(statement, at) if change else _check_share(statement, at))


def _check_share(statement: Statement, at: int) -> Iterator[Check]:
    figures, share = statement.figures, statement.figures[at]
    subject = _subject(statement, at)
    if subject is None or not _REACHED.search(statement.before(at)):
        return
    one = figures[subject]
    if one.denominator:
        yield from _compare(statement, share, (one,), one.value, one.denominator, sure=at == subject + 1)
        return
    behind = at + 1 if at + 1 < len(figures) and _PLAN_BEHIND.search(statement.between(at, at + 1)) else None
    if behind is not None and like_units(one, figures[behind]):
        yield from _compare(statement, share, (one, figures[behind]), one.amount, figures[behind].amount, sure=True)
        return
    for other in range(subject + 1, at):
        if like_units(one, figures[other]) and _OF_WHOLE.search(statement.before(other)):
            yield from _compare(statement, share, (one, figures[other]), one.amount, figures[other].amount, sure=True)
            return
    # A whole somewhere before it: that it fits is worth saying, that it does not says nothing.
    for other in range(at - 1, -1, -1):
        # "1,4 tỷ, chiếm 35% và … 2,5 tỷ, chiếm 65%": a part beside it is no whole.
        beside = figures[other + 1].measure == "percent" and bool(re.search(r"\bchiếm\s*$", statement.before(other + 1)))
        if other != subject and like_units(one, figures[other]) and not beside:
            sure = _is_share_of(statement, other, subject, at)
            if not sure and figures[other].amount < one.amount:
                continue
            checks = list(_compare(statement, share, (one, figures[other]), one.amount, figures[other].amount, sure=sure))
            if checks:
                yield from checks
                return


def _is_share_of(statement: Statement, whole: int, part: int, share: int) -> bool:
    """Tell whether a statement says plainly that a share is of a whole: "N hồ sơ, trong đó M hồ sơ …, chiếm p%.", "giao N, giải ngân M, đạt p%"."""
    if share != part + 1 or any(like_units(statement.figures[i], statement.figures[part]) for i in range(whole + 1, part)):
        return False
    if not re.match(r"\s*(?:[.;)]|$)", statement.after(share)):
        return False
    said = statement.before(share)
    return bool(re.search(r"\bchiếm\s*$", said)) or bool(re.search(r"\bđạt\s*$", said) and _GIVEN.search(statement.before(whole)))


def _check_rise(statement: Statement, at: int) -> Iterator[Check]:
    """Yield the check of a percent of increase whose earlier level stands in brackets behind it."""
    figures, share = statement.figures, statement.figures[at]
    subject = _subject(statement, at)
    if subject is None or at + 1 >= len(figures) or not _BESIDE.search(statement.between(at, at + 1)):
        return
    now, then = figures[subject], figures[at + 1]
    if like_units(now, then) and then.amount:
        rises = _CHANGED.search(statement.before(at))["word"].lower() == "tăng"
        more, less = (now, then) if rises else (then, now)
        exact = (more.amount - less.amount) * 100 / then.amount
        factor = then.amount / then.value
        formula = f"({format_number(more.amount / factor)} – {format_number(less.amount / factor)}) : {format_number(then.value)}"
        yield _make(statement, share, (now, then), exact, formula, kind="change")


def check_changes(statement: Statement) -> Iterator[Check]:
    """Yield one check for each difference whose two levels a statement gives: "giảm từ a xuống b, tức giảm c", "tăng c so với năm trước (b)"."""
    figures = statement.figures
    for at, gap in enumerate(figures):
        if not at or not _CHANGED.search(statement.before(at)):
            continue
        sign = 1 if _CHANGED.search(statement.before(at))["word"].lower() == "tăng" else -1
        subject = _subject(statement, at)
        if at + 1 < len(figures) and subject is not None and _BESIDE.search(statement.between(at, at + 1)):
            now, then = figures[subject], figures[at + 1]
            if like_units(now, then) and like_units(now, gap) and gap.measure != "percent":
                yield _difference(statement, gap, now, then, sign)
            continue
        levels = _levels(statement, at)
        if levels:
            yield _difference(statement, gap, levels[1], levels[0], sign)


def _levels(statement: Statement, at: int) -> tuple[RegisteredFigure, RegisteredFigure] | None:
    """Return the levels a and b of "từ a … xuống b …, giảm c" for the c at a position, which has their unit."""
    figures, gap = statement.figures, statement.figures[at]
    for second in range(at - 1, 0, -1):
        if not _TO.search(statement.before(second)) and not re.search(r"\b(?:xuống|lên)\b", statement.before(second)):
            continue
        for first in range(second - 1, -1, -1):
            a, b = figures[first], figures[second]
            if _FROM.search(statement.before(first)) and like_units(a, b) and (like_units(a, gap) or {a.measure, gap.measure} == {"percent", "points"}):
                return a, b
    # Levels with brackets behind each: "từ 3,95% (5.386 hộ) xuống 2,86% (3.942 hộ), giảm 1.444 hộ".
    brackets = [i for i in range(at) if figures[i].start and statement.report.text[figures[i].start - 1] == "(" and like_units(figures[i], gap)]
    if len(brackets) == 2 and _FROM.search(statement.before(brackets[0] - 1) if brackets[0] else ""):
        return figures[brackets[0]], figures[brackets[1]]
    return None


def _difference(statement: Statement, gap: RegisteredFigure, now: RegisteredFigure, then: RegisteredFigure, sign: int) -> Check:
    exact = sign * (now.amount - then.amount)
    factor = gap.amount / gap.value if gap.value else Decimal(1)
    formula = f"{format_number(now.amount / factor)} – {format_number(then.amount / factor)}"
    if sign < 0:
        formula = f"{format_number(then.amount / factor)} – {format_number(now.amount / factor)}"
    return Check("change", exact == gap.amount, statement.report, (gap, now, then), formula, format_number(exact / factor), format_number(gap.value))


def _subject(statement: Statement, at: int) -> int | None:
    """Return the number of the figure that a percent says something of: the nearest before it that is none."""
    figures = statement.figures
    for other in range(at - 1, max(-1, at - 5), -1):
        if figures[other].measure in ("percent", "points"):
            continue
        if figures[other].clause != figures[at].clause or figures[other].passage != figures[at].passage:
            return None
        # "… (kế hoạch 15.500) đạt 80%": what stands in brackets is not what the percent is of.
        between = statement.report.text[figures[other].end:figures[at].start]
        if between.count(")") > between.count("("):
            continue
        return other
    return None


def _compare(
    statement: Statement, share: RegisteredFigure, of: tuple[RegisteredFigure, ...], part: Decimal, whole: Decimal, *, sure: bool
) -> Iterator[Check]:
    """Yield the check of a percent; one that does not fit only when the statement is `sure` to mean these two numbers."""
    if not whole:
        return
    exact = part * 100 / whole
    # Both in the unit of the first.
    factor = of[0].amount / of[0].value if len(of) > 1 and of[0].value else Decimal(1)
    formula = f"{format_number(part / factor)} : {format_number(whole / factor)}"
    check = _make(statement, share, of, exact, formula, kind="share")
    if check.agrees or (sure and exact < 1000):
        yield check


def _make(statement: Statement, share: RegisteredFigure, of: tuple[RegisteredFigure, ...], exact: Decimal, formula: str, *, kind: str) -> Check:
    # Offices cut as often as they round.
    step = half_step(share.value) * 2
    if share.bound in _LOOSE:
        step = max(step, _LOOSE_BY)
    return Check(
        kind, abs(exact - share.value) <= step, statement.report, (share, *of), formula,
        f"{format_number(rounded(exact, share.value))}%", f"{format_number(share.value)}%",
    )
