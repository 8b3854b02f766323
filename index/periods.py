"""Periods and as-of dates that a text names, as spans of months. Knows nothing of reports or questions."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

_ROMAN_QUARTER = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4,
                  "một": 1, "mot": 1, "nhất": 1, "hai": 2, "ba": 3, "bốn": 4, "bon": 4, "tư": 4}
_COUNT = {"ba": 3, "sáu": 6, "sau": 6, "bảy": 7, "bay": 7, "tám": 8, "tam": 8, "chín": 9, "chin": 9, "mười": 10, "muoi": 10}
_Y = r"(?P<{0}>(?:19|20)\d\d)"
_YEAR_AFTER = r"(?:\s*(?:/|-|,?\s*n[ăa]m\s+|\s)\s*(?P<year>(?:19|20)\d\d))?"
_PATTERNS = (
    ("months", re.compile(
        r"(?<![\d/.,])(?<!dưới )(?<!duoi )(?<!trên )(?<!tren )(?<!đủ )(?P<n>\d{1,2}|(?<!\w)(?:ba|s[áa]u|b[ảa]y|t[áa]m|ch[íi]n|m[ườu]+i)(?!\w))\s*(?:th[áa]ng|th?(?![^\W\d_]))"
        r"(?!\s+(?:qua|vừa|gần|nay|liền|tuổi|trở|một|kể)\b)"
        r"(?:\s+(?P<part>đầu|dau|cuối|cuoi)(?:\s+n[ăa]m(?!\s+\d))?)?" + _YEAR_AFTER, re.IGNORECASE)),
    ("half", re.compile(
        r"\bn[ửữu]a\s+(?=\D{0,12}n[ăa]m\b)(?:n[ăa]m\s+)?(?P<part>đầu|dau|cuối|cuoi)(?:\s+(?:c[ủu]a\s+)?n[ăa]m(?!\s+\d))?" + _YEAR_AFTER, re.IGNORECASE)),
    ("half", re.compile(r"\bn[ửữu]a(?=\s+n[ăa]m\s+(?:19|20)\d\d)(?P<part>)" + _YEAR_AFTER, re.IGNORECASE)),
    ("quarter", re.compile(
        r"\bqu[ýy]\s+(?P<n>iv|i{1,3}|[1-4]|m[ộo]t|nhất|hai|ba|b[ốo]n|tư)\b" + _YEAR_AFTER, re.IGNORECASE)),
    ("month", re.compile(r"\bth[áa]ng\s+(?P<n>1[0-2]|0?[1-9])(?!\d)" + _YEAR_AFTER, re.IGNORECASE)),
    ("range", re.compile(
        r"(?<!\d)(?P<year>(?:19|20)\d\d)\s*(?:[-–]|đến(?:\s+năm)?|den)\s*(?P<to>(?:19|20)\d\d)(?!\d)", re.IGNORECASE)),
    ("year", re.compile(r"(?<![\d/.\-])(?:n[ăa]m\s+)?(?P<year>(?:19|20)\d\d)(?![\d/])", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Period:
    """A period a text names. `first`/`last` are months 1-12; `year` None when it is not named.

    `kind` is "months" (cumulative: "9 tháng"), "quarter", "month", "range" or "year"; `to` is the
    last year of a range. `start`/`end` span the words that name it.
    """

    kind: str
    first: int
    last: int
    year: int | None
    start: int
    end: int
    to: int | None = None

    @property
    def label(self) -> str:
        """The period in words: "9 tháng đầu năm 2024", "quý III/2024", "năm 2023"."""
        year = f" năm {self.year}" if self.year else ""
        if self.kind == "months":
            half = " đầu" if self.first == 1 and self.last < 12 else " cuối" if self.first > 1 else ""
            return f"{self.last - self.first + 1} tháng{half}" + (year or (" năm" if half else ""))
        if self.kind == "quarter":
            return "quý " + ("I", "II", "III", "IV")[(self.last // 3) - 1] + year
        if self.kind == "month":
            return f"tháng {self.first}" + (f"/{self.year}" if self.year else "")
        return f"{self.year}-{self.to}" if self.kind == "range" else f"năm {self.year}"

    @property
    def key(self) -> tuple[str, int, int, int | None, int | None]:
        """What makes two periods the same, wherever they stand."""
        return (self.kind, self.first, self.last, self.year, self.to)

    def agrees_with(self, other: Period) -> bool:
        """Tell whether both may mean the same time; a year left open agrees with any."""
        same_months = (self.first, self.last) == (other.first, other.last) and (self.kind == "range") == (other.kind == "range")
        same_year = self.year is None or other.year is None or (self.year, self.to) == (other.year, other.to)
        return same_months and same_year

    def with_year(self, year: int | None) -> Period:
        """Return the period in this year if it names none."""
        return self if self.year or not year else replace(self, year=year)


def find_periods(text: str) -> list[Period]:
    """Return the periods a text names, in order, longest reading first; words may lack diacritics."""
    found: list[Period] = []
    starts: list[int] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            at = bisect_left(starts, match.end())
            if at and found[at - 1].end > match.start():
                continue
            period = _read(kind, match)
            if period:
                found.insert(at, period)
                starts.insert(at, period.start)
    return found


def _read(kind: str, match: re.Match[str]) -> Period | None:
    groups = match.groupdict()
    year = int(groups["year"]) if groups.get("year") else None
    first, last = 1, 12
    if kind == "months":
        count = _COUNT.get(groups["n"].lower()) or (int(groups["n"]) if groups["n"].isdigit() else 0)
        spelt = not groups["n"].isdigit() and not groups["part"] and not year
        if not 1 <= count <= 12 or spelt:
            return None
        first, last = (13 - count, 12) if _is_end(groups["part"]) else (1, count)
    elif kind == "half":
        kind, (first, last) = "months", (7, 12) if _is_end(groups["part"]) else (1, 6)
    elif kind == "quarter":
        quarter = _ROMAN_QUARTER[groups["n"].lower()]
        first, last = 3 * quarter - 2, 3 * quarter
    elif kind == "month":
        first = last = int(groups["n"])
    to = int(groups["to"]) if kind == "range" else None
    return Period(kind, first, last, year, match.start(), match.end(), to)


def _is_end(part: str | None) -> bool:
    return (part or "").lower() in ("cuối", "cuoi")
