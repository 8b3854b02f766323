"""Changes of a stored report that leave its text alone: corrected facts, another place of its file.

Each function is called within a transaction of the store, and writes through it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from index.corrections import CORRECTABLE, Correction, correct, corrections_of, uncorrect
from index.records import Report
from index.register import register_figures
from index.reporting import read_again
from index.store import Store


def change_facts(store: Store, key: int, changes: Mapping[str, str]) -> None:
    """Correct facts by hand; "" restores what the reader found."""
    stored, corrected = store.read_report(key), store.corrections(key)
    values = {**_values(corrected), **changes}
    values = {field: value for field, value in values.items() if value}
    if values != _values(corrected):
        _write(store, key, uncorrect(stored, corrected), values)


def carry_corrections(store: Store, key: int, corrected: Mapping[str, Correction]) -> None:
    """Give a report that was just written the corrections of the one whose place it took."""
    if corrected:
        _write(store, key, store.read_report(key), _values(corrected))


def move_report(store: Store, key: int, *, name: str, source: str) -> None:
    """Let a report follow its file to another place; title and period may come from the file's name."""
    stored, corrected = store.read_report(key), store.corrections(key)
    moved = replace(uncorrect(stored, corrected), name=name, source=source)
    if name != stored.name:
        read = read_again(moved)
        moved = replace(moved, **{field: getattr(read, field) for field in CORRECTABLE})
    _write(store, key, moved, _values(corrected))


def read_anew(store: Store, key: int) -> tuple[Report, dict[str, Correction]]:
    """Return a stored report as today's reader sees its text, with its corrections, which are returned too."""
    corrected = store.corrections(key)
    read = read_again(uncorrect(store.read_report(key), corrected))
    corrected = corrections_of(_values(corrected), read)
    return correct(read, corrected), corrected


def _write(store: Store, key: int, found: Report, values: Mapping[str, str]) -> None:
    corrected = corrections_of(values, found)
    report = correct(found, corrected)
    # The period of a figure that names none is its report's.
    store.update_facts(key, report, register_figures(report))
    store.put_corrections(key, corrected)


def _values(corrected: Mapping[str, Correction]) -> dict[str, str]:
    return {field: correction.value for field, correction in corrected.items()}
