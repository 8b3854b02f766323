"""Facts of a report corrected by hand: what is accepted, and how they are kept beside what the reader found."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from index import messages
from index.errors import CorrectValue
from index.naming import storable
from index.periods import find_periods
from index.records import Report

CORRECTABLE = ("title", "agency", "number", "date", "period")
_LONGEST = 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_LETTER_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_DAY_FIRST = re.compile(r"(?:ngày\s+)?(\d{1,2})\s*(?:[/.\-]|tháng)\s*(\d{1,2})\s*(?:[/.\-]|năm)\s*(\d{4})", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBER_NAME = re.compile(r"^số\s*:?\s*", re.IGNORECASE)
_PERIOD_NAME = re.compile(r"^kỳ(?:\s+báo\s+cáo)?\s*:?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Correction:
    """One fact corrected by hand: its `value`, and what the reader `found`."""

    field: str
    value: str
    found: str | None


def read_value(field: str, text: str) -> str:
    """Return a value given by hand as the library writes it; "" for one that is empty.

    Raises:
        CorrectValue: a date or period that cannot be understood, or a text that is too long.
    """
    text = " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", storable(text))).split())
    if not text:
        return ""
    if len(text) > _LONGEST:
        raise CorrectValue(messages.too_long_value(messages.fact_name(field), _LONGEST))
    if field == "date":
        return _read_date(text)
    if field == "period":
        return _read_period(text)
    return _NUMBER_NAME.sub("", text) if field == "number" else text


def _read_date(text: str) -> str:
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    elif match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match.groups()
    else:
        raise CorrectValue(messages.unknown_date(text))
    try:
        return date(int(year), int(month), int(day)).strftime("%d/%m/%Y")
    except ValueError as error:
        raise CorrectValue(messages.unknown_date(text)) from error


def _read_period(text: str) -> str:
    words = _LETTER_DIGIT.sub(" ", _PERIOD_NAME.sub("", text))
    found = find_periods(words)
    left = words[:found[0].start] + words[found[0].end:] if found else words
    if len(found) != 1 or re.search(r"\w", left):
        raise CorrectValue(messages.unknown_period(text))
    if found[0].year is None:
        raise CorrectValue(messages.period_without_year(text))
    return found[0].label


def correct(report: Report, corrections: Mapping[str, Correction]) -> Report:
    """Return the report with its corrected facts."""
    return replace(report, **{field: correction.value for field, correction in corrections.items()})


def uncorrect(report: Report, corrections: Mapping[str, Correction]) -> Report:
    """Return the report with the facts that its reader found."""
    return replace(report, **{field: correction.found for field, correction in corrections.items()})


def corrections_of(values: Mapping[str, str], found: Report) -> dict[str, Correction]:
    """Return the corrections that set these values in place of what was found."""
    return {field: Correction(field, value, getattr(found, field)) for field, value in values.items()}


def read_corrections(connection: sqlite3.Connection, key: int) -> dict[str, Correction]:
    """Return the corrections of a stored report, by field."""
    rows = connection.execute("SELECT field, value, found FROM corrections WHERE report = ? ORDER BY field", (key,))
    return {row[0]: Correction(*row) for row in rows if row[0] in CORRECTABLE}


def write_corrections(connection: sqlite3.Connection, key: int, corrections: Mapping[str, Correction]) -> None:
    """Write the corrections of a stored report, in place of those it has."""
    connection.execute("DELETE FROM corrections WHERE report = ?", (key,))
    connection.executemany(
        "INSERT INTO corrections VALUES (?, ?, ?, ?)", [(key, c.field, c.value, c.found) for c in corrections.values()]
    )


def corrected_fields(connection: sqlite3.Connection) -> dict[int, tuple[str, ...]]:
    """Return the names of the corrected fields of each report that has any, by its key."""
    fields: dict[int, tuple[str, ...]] = {}
    for key, field in connection.execute("SELECT report, field FROM corrections ORDER BY report, field"):
        fields[key] = (*fields.get(key, ()), field)
    return fields
