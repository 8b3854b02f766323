"""The register against figures marked by hand: precision and recall of value and unit, period, label."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from eval.questions import read_lines
from eval.register.plants import read_report
from index.records import RegisteredFigure, Report
from index.register import register_figures
from index.text import fold, tokenise

MARKED = Path(__file__).parent
# A label says what is counted when it has this share of the content words that a person wrote.
LABEL_SHARE = 0.5
_EMPTY = frozenset("cua cho duoc va cac nhung tai trong theo co la da voi tu den bi so nguoi do hoac ve o".split())


@dataclass(frozen=True, slots=True)
class Marked:
    """The figures that a person saw in a span of a report, in order."""

    report: str
    start: int
    end: int
    figures: tuple[dict[str, str], ...]


def read_marked(path: Path) -> list[Marked]:
    """Return the spans of a file of marked figures."""
    records = (json.loads(line) for line in read_lines(path) if line)
    return [Marked(r["report"], r["start"], r["end"], tuple(r["figures"])) for r in records]


def run_figures(folder: Path, *, marked: Path, show: bool = False) -> int:
    """Print how the register of the reports of a folder agrees with a file of marked figures."""
    registers: dict[str, tuple[Report, tuple[RegisteredFigure, ...]]] = {}
    counts: Counter[str] = Counter()
    for span in read_marked(marked):
        if span.report not in registers:
            report = read_report(folder / span.report)
            registers[span.report] = report, register_figures(report)
        report, figures = registers[span.report]
        counts += _score(span, report, [figure for figure in figures if span.start <= figure.start < span.end], show=show)
    wanted, given, both = counts["wanted"], counts["given"], counts["both"]
    print(f"{wanted} figures marked, {given} registered")
    for name, right, of in (
        ("value and unit: precision", both, given), ("value and unit: recall", both, wanted), ("period", counts["period"], both), ("label", counts["label"], both),
    ):
        print(f"{name:26} {right:4} of {of:4}  {right / of if of else 0:.3f}")
    return 0


def _score(span: Marked, report: Report, given: list[RegisteredFigure], *, show: bool) -> Counter[str]:
    """Count what of a span agrees; a figure agrees with the first marked one of its number that is left."""
    left = list(span.figures)
    counts: Counter[str] = Counter(wanted=len(left), given=len(given))
    for figure in given:
        number = _bare(re.match(r"[\d.,\s/–-]*\d", figure.literal).group())
        match = next((one for one in left if _bare(one["number"]) == number and _same_unit(one["unit"], figure.unit)), None)
        if match is None:
            _tell(show, "not marked so", figure, f"{figure.literal} ({figure.unit})")
            continue
        left.remove(match)
        counts["both"] += 1
        if figure.period in [period.strip() for period in match["period"].split("|")]:
            counts["period"] += 1
        else:
            _tell(show, "period", figure, f"{figure.period} for {match['period']}")
        if _names(report, figure, match["counts"]):
            counts["label"] += 1
        else:
            _tell(show, "label", figure, f"{figure.label} for {match['counts']}")
    for one in left:
        _tell(show, "not registered", None, f"{span.report} {span.start}: {one['number']} {one['unit']}")
    return counts


def _tell(show: bool, what: str, figure: RegisteredFigure | None, said: str) -> None:
    if show:
        print(f"  {what}: {f'{figure.literal}: ' if figure else ''}{said}")


def _bare(number: str) -> str:
    return re.sub(r"\s", "", number)


def _same_unit(marked: str, unit: str) -> bool:
    """Tell whether a unit is the one marked, or says besides of what kind: "hộ" and "hộ nghèo"."""
    a, b = fold(marked), fold(unit)
    return a == b or bool(a and b) and (b.startswith(a) or a.startswith(b))


def _names(report: Report, figure: RegisteredFigure, counted: str) -> bool:
    heading = report.sections[figure.section].path[-1:]
    words = set(tokenise(fold(" . ".join((figure.label, figure.unit, *(words for _, words in figure.qualifiers), *heading)))))
    wanted = [word for word in tokenise(fold(counted)) if word not in _EMPTY]
    return sum(word in words for word in wanted) >= LABEL_SHARE * len(wanted)
