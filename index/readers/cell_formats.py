"""What a spreadsheet shows for a stored number or date under its number format, in Vietnamese notation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

# Excel shows 15 digits at most, and at most ten of a decimal that has no end.
_PRECISION = 15
_NARROW, _WIDE = Context(prec=_PRECISION, rounding=ROUND_HALF_UP), Context(prec=400)
_GENERAL_DIGITS = 10
_TOKEN = re.compile(
    r"\"(?P<quoted>[^\"]*)\"?|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]|(?P<general>General)"
    r"|(?P<half>AM/PM|A/P)|(?P<exponent>E[+-])|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+)|(?P<code>[0#?.,%@/])|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_CURRENCY = re.compile(r"\$([^-\]]*)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
_SWAPPED = str.maketrans(",.", ".,")


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the parts of a number format that ";" sets apart: its tokens as (kind, text), its condition.

    It shows a "figure", a "date" or only "words".
    """

    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None = None
    kinds: frozenset[str] = frozenset()
    shows: str = "figure"


def show_number(value: Decimal, number_format: str, *, from_1904: bool = False) -> str:
    """Return the text of a cell with a number: "1.234.567", "12,50%", "31/12/2024".

    A negative figure has a "-" also where its format shows brackets or red print: both get lost in plain text.
    """
    section = _choose(_read_format(number_format or "General"), value)
    if section.shows == "date":
        return _show_date(value, section, from_1904=from_1904)
    if section.shows == "words":
        return "".join(text for kind, text in section.tokens if kind == "literal").strip()
    return _show_digits(value, section)


def show_general(value: Decimal) -> str:
    """Return a number as a cell without a number format shows it: 0.1 + 0.2 is "0,3", 1/3 is "0,333333333".

    Whole numbers and decimals that end are exact to 15 digits, also where a narrow cell would round them.
    """
    rounded = _NARROW.plus(value)
    if rounded == rounded.to_integral_value():
        return f"{rounded:.0f}"
    rounded = rounded.normalize()
    _, figures, exponent = rounded.as_tuple()
    digits = len(figures)
    if digits >= _PRECISION - 1 and exponent < 0:
        whole = max(1, digits + exponent)
        rounded = rounded.quantize(Decimal(1).scaleb(-max(0, _GENERAL_DIGITS - whole)), ROUND_HALF_UP).normalize()
    return f"{rounded:f}".replace(".", ",")


def is_date_format(number_format: str) -> bool:
    """Tell whether numbers under this format are shown as dates or times."""
    return _read_format(number_format or "General")[0].shows == "date"


def show_moment(moment: datetime, *, with_time: bool) -> str:
    """Return a date as Vietnamese offices write it."""
    return f"{moment:%d/%m/%Y %H:%M}" if with_time else f"{moment:%d/%m/%Y}"


@lru_cache(maxsize=1024)
def _read_format(number_format: str) -> tuple[_Section, ...]:
    sections: list[list[tuple[str, str]]] = [[]]
    for match in _TOKEN.finditer(number_format[:255]):
        if match[0] == ";":
            sections.append([])
            continue
        token = _token_of(match)
        if token:
            sections[-1].append(token)
    return tuple(_make_section(tokens) for tokens in sections[:4])


def _token_of(match: re.Match[str]) -> tuple[str, str] | None:
    kind, text = match.lastgroup, match[match.lastgroup] if match.lastgroup else match[0]
    if kind is None:
        return ("literal", " ")
    if kind == "bracket":
        if condition := _CONDITION.fullmatch(text):
            return ("condition", condition[0])
        if currency := _CURRENCY.match(text):
            return ("literal", currency[1]) if currency[1] else None
        return ("elapsed", text[0].lower()) if _ELAPSED.fullmatch(text) else None
    if kind in ("quoted", "escaped", "plain"):
        return ("literal", text)
    if kind == "code":
        return ("text", text) if text == "@" else ("digit", text) if text in "0#?" else (text, text)
    return (kind, text.lower())


def _make_section(tokens: list[tuple[str, str]]) -> _Section:
    kinds = {kind for kind, _ in tokens}
    if "digit" in kinds and "date" in kinds and not kinds & {"exponent"}:
        # ".000" behind seconds.
        tokens = [(kind, text) for kind, text in tokens if kind not in ("digit", ".")]
    condition = next((_CONDITION.fullmatch(text) for kind, text in tokens if kind == "condition"), None)
    kept = tuple(token for token in tokens if token[0] != "condition")
    kinds = frozenset(kind for kind, _ in kept)
    shows = "date" if kinds & {"date", "elapsed"} else "figure" if kinds & {"digit", "general", "text"} else "words"
    return _Section(kept, (condition[1], Decimal(condition[2])) if condition else None, kinds, shows)


def _choose(sections: tuple[_Section, ...], value: Decimal) -> _Section:
    if len(sections) == 1:
        return sections[0]
    if any(section.condition for section in sections):
        return next((s for s in sections if s.condition is None or _holds(value, *s.condition)), sections[-1])
    numeric = sections[:3]
    if value < 0 and len(numeric) > 1:
        return numeric[1]
    return numeric[2] if value == 0 and len(numeric) > 2 else numeric[0]


def _holds(value: Decimal, sign: str, bound: Decimal) -> bool:
    return {"<": value < bound, ">": value > bound, "<=": value <= bound, ">=": value >= bound,
            "=": value == bound, "<>": value != bound}[sign]


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What a section does with a figure: powers of ten, digits at least, grouping, words around it.

    `decimals` are (at least, at most), None for a figure that is shown in full.
    """

    prefix: str
    suffix: str
    power: int
    decimals: tuple[int, int] | None = None
    whole: int = 1
    grouped: bool = False


@lru_cache(maxsize=1024)
def _pattern_of(section: _Section) -> _Pattern:
    tokens = section.tokens
    places = [i for i, (kind, _) in enumerate(tokens) if kind in ("digit", "general", "text")]
    inner, behind = tokens[places[0]:places[-1] + 1], tokens[places[-1] + 1:]
    prefix = "".join(text for kind, text in tokens[:places[0]] if kind in ("literal", "%")).lstrip()
    suffix = "".join(text for kind, text in behind if kind in ("literal", "%")).rstrip()
    power = 2 * sum(kind == "%" for kind, _ in tokens)
    # Powers of ten written out, fractions and patterns such as phone numbers: the plain figure is exact and readable.
    if section.kinds & {"general", "text", "exponent", "/"} or any(kind == "literal" for kind, _ in inner):
        return _Pattern(prefix, suffix, power)
    thousands = next((k for k, (kind, _) in enumerate(behind) if kind != ","), len(behind))
    whole, _, decimals = "".join(text for _, text in inner).partition(".")
    decimals = re.sub("[^0#?]", "", decimals)
    return _Pattern(
        prefix, suffix, power - 3 * thousands, (decimals.rfind("0") + 1, len(decimals)), whole.count("0"), "," in whole)


def _show_digits(value: Decimal, section: _Section) -> str:
    pattern = _pattern_of(section)
    size = abs(value).scaleb(pattern.power) if pattern.power else abs(value)
    number = show_general(size) if pattern.decimals is None else _show_pattern(size, pattern)
    if value >= 0:
        return f"{pattern.prefix}{number}{pattern.suffix}"
    number = f"-{number}" if number.strip("0,.") else number
    return f"{pattern.prefix.strip().strip('(-')}{number}{pattern.suffix.rstrip(')')}"


def _show_pattern(value: Decimal, pattern: _Pattern) -> str:
    """Return a positive number with the digits that its pattern asks for."""
    least, most = pattern.decimals
    rounded = value.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP, _WIDE)
    digits, _, fraction = f"{rounded:,f}".translate(_SWAPPED).partition(",") if pattern.grouped else f"{rounded:f}".partition(".")
    if least < most:
        fraction = fraction[:least] + fraction[least:].rstrip("0")
    if pattern.whole == 0 and digits == "0":
        digits = "0" if fraction else ""
    elif len(digits) < pattern.whole:
        # Python counts the commas between groups into the width.
        width = pattern.whole + ((pattern.whole - 1) // 3 if pattern.grouped else 0)
        digits = f"{int(digits):0{width}{',' if pattern.grouped else ''}}".replace(",", ".")
    return f"{digits},{fraction}" if fraction else digits


def _show_date(value: Decimal, section: _Section, *, from_1904: bool) -> str:
    if "elapsed" in section.kinds:
        return _show_elapsed(value, section)
    moment = _moment(value, from_1904=from_1904)
    if moment is None:
        return show_general(value)
    letters = [text[0] for kind, text in section.tokens if kind == "date"]
    words = any(kind == "literal" and any(map(str.isalpha, text)) for kind, text in section.tokens)
    # "mm-dd-yy" is what a file stores for the day, month and year of the reader's country.
    if {"d", "m", "y"} <= set(letters) and not words:
        return show_moment(moment, with_time="h" in letters)
    return "".join(_date_parts(moment, section)).strip()


def _moment(value: Decimal, *, from_1904: bool) -> datetime | None:
    epoch = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 if value >= 60 else 31)
    if not 0 <= value < 2_958_466:
        return None
    try:
        return epoch + timedelta(seconds=int((value * 86400).to_integral_value(ROUND_HALF_UP)))
    except OverflowError:
        return None


def _date_parts(moment: datetime, section: _Section) -> list[str]:
    parts, last = [], ""
    half = any(kind == "half" for kind, _ in section.tokens)
    dates = [text[0] for kind, text in section.tokens if kind == "date"]
    seen = 0
    for kind, text in section.tokens:
        if kind == "date":
            following = dates[seen + 1] if seen + 1 < len(dates) else ""
            minutes = text[0] == "m" and len(text) < 3 and (last == "h" or following == "s")
            parts.append(_date_part(moment, "n" * len(text) if minutes else text, half=half))
            last, seen = text[0], seen + 1
        elif kind == "half":
            parts.append(f"{moment:%p}")
        elif kind in ("literal", "/", ".", ","):
            parts.append(text)
    return parts


def _date_part(moment: datetime, code: str, *, half: bool) -> str:
    letter, length = code[0], len(code)
    if letter == "y":
        return f"{moment.year:04d}" if length > 2 else f"{moment.year % 100:02d}"
    if letter == "d" and length > 2:
        return _WEEKDAYS[moment.weekday()]
    hour = (moment.hour - 1) % 12 + 1 if half else moment.hour
    value = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute, "s": moment.second}[letter]
    return f"{value:02d}" if length > 1 else str(value)


def _show_elapsed(value: Decimal, section: _Section) -> str:
    seconds = int((value * 86400).to_integral_value(ROUND_HALF_UP))
    minutes = abs(seconds) // 60
    sign = "-" if seconds < 0 else ""
    first = next(text for kind, text in section.tokens if kind == "elapsed")
    if first == "s":
        return f"{sign}{abs(seconds)}"
    return f"{sign}{minutes // 60}:{minutes % 60:02d}" if first == "h" else f"{sign}{minutes}"
