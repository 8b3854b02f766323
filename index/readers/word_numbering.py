"""The numbers that Word counts by itself: list and heading numbers as they are shown, which the text does not hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from index.readers.legacy import repair
from index.readers.word_package import W
from index.readers.word_styles import Style, Styles, is_on, read_int

_VAL = f"{W}val"
_LEVELS = 9
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_ONES = ("", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
# A number of ten thousand letters or thousands is no number any more; it is there to fill the memory.
_MOST = 100_000


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list as numbering.xml defines it."""

    start: int = 1
    format: str = "decimal"
    pattern: str = ""
    suffix: str = " "
    restart: int | None = None
    legal: bool = False
    hidden: bool = False
    font: str | None = None
    style: str = ""


class Numbering:
    """The lists of a file and where each of them stands while the document is read from its start."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, dict[int, _Level]] = {}
        self._links: dict[str, str] = {}
        self._nums: dict[str, tuple[str, dict[int, int], dict[int, _Level]]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()
        if root is None:
            return
        for element in root.iterfind(f"{W}abstractNum"):
            list_id = element.get(f"{W}abstractNumId", "")
            self._lists[list_id] = {index: self._read_level(level) for level in element.iterfind(f"{W}lvl") if (index := _index(level)) is not None}
            link = element.find(f"{W}numStyleLink")
            if link is not None:
                self._links[list_id] = link.get(_VAL, "")
        for element in root.iterfind(f"{W}num"):
            self._read_num(element)

    def next_number(self, number_id: str | None, level: int | None, style: Style) -> str:
        """Count a paragraph and return its number with what stands between it and the text, "" without one.

        `number_id` and `level` are the paragraph's own, which go before those of its style. A bullet
        is "- ", below another bullet "+ ".
        """
        own = number_id is not None
        number_id = number_id if own else style.number_id
        num = self._nums.get(number_id or "")
        if num is None:
            return ""
        list_id, starts, changed = num
        levels = self._lists[list_id] | changed
        if level is None and not own:
            linked = next((index for index, one in levels.items() if style.number_style and one.style == style.number_style), None)
            level = style.number_level if linked is None else linked
        level = min(max(level or 0, 0), _LEVELS - 1)
        if level not in levels:
            return ""
        counters = self._counters.setdefault(list_id, {})
        self._count(counters, levels, level, number_id=number_id, start=starts.get(level))
        return self._show(counters, levels, level)

    def _count(
        self, counters: dict[int, int], levels: dict[int, _Level], level: int, *, number_id: str, start: int | None
    ) -> None:
        for above in range(level):
            # A heading that is missing above is counted as if it stood there.
            if above in levels:
                counters.setdefault(above, levels[above].start)
        if start is not None and (number_id, level) not in self._started:
            counters[level] = start
        elif level in counters:
            counters[level] += 1
        else:
            counters[level] = levels[level].start
        self._started.add((number_id, level))
        for lower in range(level + 1, _LEVELS):
            restart = levels[lower].restart if lower in levels else None
            if restart is None or level < restart:
                counters.pop(lower, None)

    def _show(self, counters: dict[int, int], levels: dict[int, _Level], level: int) -> str:
        shown = levels[level]
        if shown.hidden:
            return ""
        if shown.format == "bullet":
            above = levels.get(level - 1)
            nested = shown.pattern.strip() == "+" or (above is not None and above.format == "bullet")
            return ("+ " if nested else "- ") if shown.pattern.strip() else ""

        def number(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            other = levels.get(index)
            if other is None or index > level:
                return ""
            return _format(counters.get(index, other.start), "decimal" if shown.legal and other.format != "none" else other.format)

        words = re.sub(r"%([1-9])", number, shown.pattern)
        scheme = self._styles.scheme(shown.font)
        if scheme:
            words = repair(words, scheme)
        return words + shown.suffix if words.strip() else ""

    def _read_level(self, element: etree._Element) -> _Level:
        number_format, pattern, suffix = (element.find(f"{W}{name}") for name in ("numFmt", "lvlText", "suff"))
        look = self._styles.read_look(element.find(f"{W}rPr"))
        style = element.find(f"{W}pStyle")
        kind = number_format.get(_VAL, "decimal") if number_format is not None else "decimal"
        return _Level(
            start=_clamp(read_int(element.find(f"{W}start")), default=0),
            format=number_format.get(f"{W}format", "") or "decimal" if kind == "custom" else kind,
            pattern=pattern.get(_VAL, "").replace("\t", " ") if pattern is not None else "",
            suffix="" if suffix is not None and suffix.get(_VAL) == "nothing" else " ",
            restart=read_int(element.find(f"{W}lvlRestart")),
            legal=is_on(element.find(f"{W}isLgl")),
            hidden=bool(look.hidden),
            font=look.font,
            style=style.get(_VAL, "") if style is not None else "",
        )

    def _read_num(self, element: etree._Element) -> None:
        reference = element.find(f"{W}abstractNumId")
        list_id = self._follow(reference.get(_VAL, "") if reference is not None else "", element.getparent())
        if list_id not in self._lists:
            return
        starts: dict[int, int] = {}
        changed: dict[int, _Level] = {}
        for override in element.iterfind(f"{W}lvlOverride"):
            index = _index(override)
            if index is None:
                continue
            level, start = override.find(f"{W}lvl"), read_int(override.find(f"{W}startOverride"))
            if level is not None:
                changed[index] = self._read_level(level)
            if start is not None:
                starts[index] = _clamp(start, default=0)
                base = changed.get(index) or self._lists[list_id].get(index)
                if base:
                    changed[index] = replace(base, start=starts[index])
        self._nums[element.get(f"{W}numId", "")] = (list_id, starts, changed)

    def _follow(self, list_id: str, root: etree._Element) -> str:
        """Return the list that a list stands for through a numbering style."""
        seen: set[str] = set()
        while list_id in self._links and list_id not in seen:
            seen.add(list_id)
            number_id = self._styles.style(self._links[list_id], "numbering").number_id
            num = next((one for one in root.iterfind(f"{W}num") if one.get(f"{W}numId") == number_id), None)
            reference = num.find(f"{W}abstractNumId") if num is not None else None
            list_id = reference.get(_VAL, "") if reference is not None else ""
        return list_id


def _index(element: etree._Element) -> int | None:
    value = element.get(f"{W}ilvl", "")
    return int(value) if value in "012345678" and value else None


def _clamp(value: int | None, *, default: int) -> int:
    return default if value is None else min(max(value, 0), _MOST)


def _format(value: int, kind: str) -> str:
    """Return a count as Word writes it in a number format; an unknown format gives figures."""
    if kind in ("none", "bullet"):
        return ""
    if kind in ("upperRoman", "lowerRoman"):
        return _roman(value) if kind == "upperRoman" else _roman(value).lower()
    if kind in ("upperLetter", "lowerLetter"):
        # Behind Z come AA, BB, CC.
        letters = chr(ord("A") + (value - 1) % 26) * min((value - 1) // 26 + 1, 30) if value > 0 else ""
        return letters if kind == "upperLetter" else letters.lower()
    if kind == "decimalZero":
        return f"{value:02d}"
    if kind == "numberInDash":
        return f"- {value} -"
    if kind == "vietnameseCounting":
        return _in_words(value)
    if kind == "decimalEnclosedCircle" and 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    # A custom format is written as its first numbers: "001, 002, 003, ...".
    zeros = re.match(r"(0+\d)\b", kind)
    return str(value).zfill(len(zeros[1])) if zeros else str(value)


def _roman(value: int) -> str:
    shown = ""
    for worth, letters in _ROMAN:
        count, value = divmod(min(value, 3999), worth)
        shown += letters * count
    return shown


def _in_words(value: int) -> str:
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    if not tens:
        return _ONES[ones]
    # "mười lăm", "hai mươi mốt", "hai mươi tư"
    last = "lăm" if ones == 5 else "mốt" if ones == 1 and tens > 1 else "tư" if ones == 4 and tens > 1 else _ONES[ones]
    return f"{'mười' if tens == 1 else _ONES[tens] + ' mươi'} {last}".strip()
