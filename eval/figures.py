"""The scorer's own reading of Vietnamese numbers, and comparison of figures and phrases.

Kept apart from `index/numbers.py` on purpose: a mistake of the product's parser must not hide
itself from the score.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

UNIT_MATTERS_BELOW = 20

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
_PAIR_BAR = re.compile(r"\s?/\s?(?=\d)")
_DATE = re.compile(
    r"(?<![\d.,/])\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}(?![\d/])"
    r"|\bngày \d{1,2}(?: tháng \d{1,2}|/\d{1,2}(?!\d))?(?: năm \d{4})?(?![\d.,/]\d|\d)"
    r"|\btháng \d{1,2}(?:/\d{4}| năm \d{4})?(?![\d.,/]\d|\d)"
    r"|\b(?:năm|quý [ivx\d]+/)(?: học)? ?\d{4}(?: ?- ?\d{4})?(?![\d.,/]\d|\d)"
)
_DOCUMENT = re.compile(r"(?<![\d.,])\d+(?:/\d{4})?/[^\W\d_][\w-]*")
_DOCUMENT_LETTERS = re.compile(r"/[A-ZĐƯ]{2,}")
# A PDF's text layer may break a number: "15, 6%", "1. 300 tỷ", "1.4 64".
_BREAK = re.compile(r"(?<=\d)\s(?=[.,]?\d)|(?<=\d[.,])\s(?=\d)")
_EMPHASIS = re.compile(r"\*{1,3}|_{2,3}|`")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")


@dataclass(frozen=True, slots=True)
class Number:
    """One number in a text. `value` is None where the notation is not Vietnamese ("2.1").

    `role` is "plain", "pair" (x or y of "x/y"), "date" or "document"; `after` is what follows
    the number (for the x of a pair, what follows the pair), folded.
    """

    literal: str
    value: Decimal | None
    start: int
    end: int
    role: str
    before: str
    after: str


def fold_text(text: str) -> str:
    """Return NFC text, lower case, one kind of dash, white space as single spaces, no emphasis."""
    text = unicodedata.normalize("NFC", _EMPHASIS.sub("", text)).casefold().translate(_DASHES)
    text = re.sub(r"(?<!điểm) phần trăm\b", "%", fold_space(text))
    return text


def fold_space(text: str) -> str:
    """Return NFC text with every run of white space as one space, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def read_value(literal: str) -> Decimal | None:
    """Return the value of a number in Vietnamese notation, or None for another notation.

    "13.864" is 13864, "13,864" is 13.864, "04" is 4; "2.1" and "1,234,567" have no value here.
    """
    if not _GROUPED.fullmatch(literal):
        return None
    return Decimal(literal.replace(".", "").replace(",", "."))


def find_numbers(text: str) -> list[Number]:
    """Return every number of a text in order, with its role. Spans index the folded text."""
    folded = fold_text(text)
    special = _find_special_spans(text, folded)
    found = [(match.start(), match.end()) for match in _NUMBER.finditer(folded)]
    numbers = []
    for position, (start, end) in enumerate(found):
        role = next((name for low, high, name in special if low <= start < high), "plain")
        after_from = end
        if role == "plain":
            bar = _PAIR_BAR.match(folded, end)
            if bar:
                role, after_from = "pair", found[position + 1][1]
            elif start and re.search(r"\d\s?/\s?$", folded[max(0, start - 4):start]):
                role = "pair"
        numbers.append(Number(
            literal=folded[start:end], value=read_value(folded[start:end]), start=start, end=end,
            role=role, before=folded[max(0, start - 30):start],
            after=folded[after_from:after_from + 80],
        ))
    return numbers


def same_number(one: Number, other: Number) -> bool:
    """Compare two numbers by exact value, or by their literals where there is no value."""
    if one.value is None or other.value is None:
        return one.literal == other.literal
    return one.value == other.value


def contains_figure(text: str, figure: str) -> bool:
    """Say whether a text holds a figure: its value and, where it matters, its unit.

    The unit must follow values under 20 and percents. An "x/y" figure needs both numbers of
    one pair. A figure that stands in the text literally is always held.
    """
    folded, wanted = fold_text(text), fold_text(figure)
    if contains_phrase(folded, wanted) or holds_broken(folded, wanted):
        return True
    wanted = mend_numbers(wanted)
    parts = find_numbers(wanted)
    if not parts:
        return False
    candidates = [each for each in find_numbers(text) if each.role in ("plain", "pair")]
    if is_pair(parts):
        return any(
            same_number(one, parts[0]) and same_number(two, parts[1])
            and _unit_is_right(parts[0], one, rest=_unit_of(wanted, parts[1]))
            for one, two in zip(candidates, candidates[1:])
            if one.role == two.role == "pair" and two.start - one.end <= 3
        )
    unit = _unit_of(wanted, parts[0])
    return any(
        same_number(each, parts[0]) and _unit_is_right(parts[0], each, rest=unit)
        for each in candidates
    )


def same_figure(one: str, other: str) -> bool:
    """Say whether two written figures are the same figure (used for the head-on answer)."""
    one, other = mend_numbers(one), mend_numbers(other)
    if fold_text(one) == fold_text(other):
        return True
    left, right = find_numbers(one), find_numbers(other)
    if not left or not right or is_pair(left) != is_pair(right):
        return False
    # Only up to the first figure's end: "13.864 lao động, đạt 86,65%" is not "86,65%".
    return same_number(left[0], right[0]) and contains_figure(one, other)


def contains_phrase(text: str, phrase: str) -> bool:
    """Say whether a text holds a phrase, not as a part of a longer number."""
    folded, wanted = fold_text(text), fold_text(phrase)
    if not wanted:
        return True
    before = r"(?<!\d)(?<!\d[.,])" if wanted[0].isdigit() else ""
    after = r"(?!\d)(?![.,]\d)" if wanted[-1].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, folded) is not None


def mend_numbers(text: str) -> str:
    """Return a written figure without white space inside its numbers."""
    return _BREAK.sub("", text)


def holds_broken(text: str, figure: str) -> bool:
    """Say whether a text holds a figure with one space inside its number, as PDFs leave it."""
    folded, wanted = fold_text(text), fold_text(figure)
    number = re.match(r"\d[\d.,]*\d", wanted)
    if not number:
        return False
    rest = wanted[number.end():]
    return any(
        contains_phrase(folded, f"{wanted[:at]} {wanted[at:number.end()]}{rest}")
        for at in range(1, number.end())
    )


def is_figure(text: str) -> bool:
    """Say whether a text begins with a number that is not a date or a document's number."""
    numbers = find_numbers(text)
    return bool(numbers) and numbers[0].start == 0 and numbers[0].role in ("plain", "pair")


def is_pair(numbers: list[Number]) -> bool:
    """Say whether a figure's numbers begin with an "x/y" pair."""
    return len(numbers) > 1 and numbers[0].role == numbers[1].role == "pair"


def _find_special_spans(text: str, folded: str) -> list[tuple[int, int, str]]:
    spans = [(match.start(), match.end(), "date") for match in _DATE.finditer(folded)]
    for match in _DOCUMENT.finditer(folded):
        # "5/xã" is a rate and "15/qđ-ubnd" a document: documents carry capitals or a hyphen.
        written = match.group()
        if "-" in written or any(
            found.group().casefold() in written for found in _DOCUMENT_LETTERS.finditer(text)
        ):
            spans.append((match.start(), match.end(), "document"))
    return spans


def _unit_of(folded: str, number: Number) -> str:
    return folded[number.end:].strip(" .,;:")


def _unit_is_right(wanted: Number, found: Number, *, rest: str) -> bool:
    matters = wanted.value is None or wanted.value < UNIT_MATTERS_BELOW or rest.startswith("%")
    if not matters or not rest:
        return True
    after = found.after.lstrip()
    if not after.startswith(rest):
        return False
    following = after[len(rest):len(rest) + 1]
    return not (rest[-1].isalnum() and following.isalnum())
