"""Names of files and reports as the library keeps them, and which report a name means."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

from index import messages
from index.errors import ChooseReport
from index.records import ReportFacts


def name_of(file: str | Path) -> str:
    """Return the name of a file: some systems hand them out decomposed."""
    return unicodedata.normalize("NFC", storable(Path(file).name))


def source_of(file: str | Path) -> str:
    """Return the source that a report read from this file has."""
    return storable(os.path.abspath(file))


def storable(text: str) -> str:
    """Return text that has a UTF-8 form: lone surrogates (a file name in an old encoding, text from a script) have none."""
    return text.encode("utf-8", "replace").decode()


def find_facts(reports: tuple[ReportFacts, ...], wanted: str) -> ReportFacts:
    """Return the one report with this id, name, name without suffix, or first digits (4 or more) of an id.

    Raises:
        ChooseReport: there is none, or more than one.
    """
    wanted = unicodedata.normalize("NFC", wanted).strip()
    tests: tuple[Callable[[ReportFacts], bool], ...] = (
        lambda facts: facts.id == wanted.lower(),
        lambda facts: facts.name == wanted,
        lambda facts: facts.source == wanted,
        lambda facts: facts.name.casefold() == wanted.casefold(),
        lambda facts: Path(facts.name).stem.casefold() == wanted.casefold(),
        lambda facts: len(wanted) >= 4 and facts.id.startswith(wanted.lower()),
    )
    for fits in tests:
        found = [facts for facts in reports if fits(facts)]
        if len(found) > 1:
            raise ChooseReport(messages.several_reports(wanted, (f"{f.name} ({f.id})" for f in found)))
        if found:
            return found[0]
    raise ChooseReport(messages.no_such_report(wanted))
