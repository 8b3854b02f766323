"""The report files as the scorer sees them: read, NFC, white space folded. No structure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from eval import messages
from eval.figures import fold_space
from index.errors import UserError
from index.readers import list_files, read_file

HEAD_LENGTH = 1500
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")


@dataclass(frozen=True, slots=True)
class Source:
    """A report file. `text` has every run of white space as one space, so that a quote can be
    compared with it however the file breaks its lines."""

    name: str
    text: str

    def holds(self, quote: str) -> bool:
        """Say whether a quote, which may not be empty, stands literally in the file."""
        folded = fold_space(quote)
        return bool(folded) and folded in self.text

    def overlaps(self, quote: str, evidence: str) -> bool:
        """Say whether a quote and a piece of evidence share at least one character."""
        return any(
            start < other_end and other_start < end
            for start, end in self._find(quote)
            for other_start, other_end in self._find(evidence)
        )

    @property
    def heading(self) -> str:
        """Return what names the report: file name and first lines.

        Where these hold no year, the whole text: the period can come only from there.
        """
        named = f"{_spell_name(self.name)} {self.text[:HEAD_LENGTH]}"
        return named if _YEAR.search(named) else f"{named} {self.text}"

    def _find(self, piece: str) -> tuple[tuple[int, int], ...]:
        return _find_all(self.text, fold_space(piece))


def read_sources(folder: Path) -> tuple[dict[str, Source], tuple[str, ...]]:
    """Read the report files of a folder: sources by file name, and the names not readable."""
    sources, skipped = {}, []
    for path in list_report_files(folder):
        name = unicodedata.normalize("NFC", path.name)
        try:
            sources[name] = Source(name=name, text=fold_space(read_file(path).text))
        except UserError:
            skipped.append(name)
    if not sources:
        raise UserError(messages.no_reports(folder))
    return sources, tuple(skipped)


def list_report_files(folder: Path) -> list[Path]:
    """Return the visible files under a folder, sorted by path."""
    if not folder.is_dir():
        raise UserError(messages.missing_folder(folder))
    return sorted(list_files(folder))


def find_source(sources: Mapping[str, Source], name: str) -> Source | None:
    """Return the source of a file name, whichever Unicode form the name has."""
    return sources.get(unicodedata.normalize("NFC", name))


@lru_cache(maxsize=4096)
def _find_all(text: str, piece: str) -> tuple[tuple[int, int], ...]:
    spans = []
    at = text.find(piece) if piece else -1
    while at >= 0:
        spans.append((at, at + len(piece)))
        at = text.find(piece, at + 1)
    return tuple(spans)


def _spell_name(name: str) -> str:
    """Turn "bao-cao-9-thang-2024.txt" into words, with "tháng", "quý" and "năm" as in a text."""
    words = re.sub(r"[-_.\s]+", " ", name.casefold())
    for plain, marked in (("thang", "tháng"), ("nam", "năm"), ("quy", "quý"), ("ngay", "ngày")):
        words = re.sub(rf"\b{plain}\b", marked, words)
    return words
