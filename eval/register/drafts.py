"""The check of drafts against sentences reworded by hand, some with one figure changed."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from assistant import Assistant
from assistant.drafts import CONFIRMED, CheckedFigure
from eval.questions import read_lines
from eval.sources import list_report_files
from index.library import Library

DRAFTS = Path(__file__).parent / "drafts.jsonl"


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence of a draft; `wrong` are the figures in it that no report says."""

    id: str
    text: str
    wrong: frozenset[str]


def read_sentences(path: Path) -> list[DraftSentence]:
    """Return the sentences of a file of drafts."""
    records = (json.loads(line) for line in read_lines(path) if line)
    return [DraftSentence(r["id"], r["text"], frozenset(f["literal"] for f in r["figures"] if not f["right"])) for r in records]


def run_drafts(folders: list[Path], *, show: bool = False, least_told: int = 0, most_doubted: int | None = None) -> int:
    """Check every sentence against the reports of folders in one library; print how many are judged right.

    Returns 1 when fewer wrong sentences than `least_told` are told, or more right ones than `most_doubted` doubted.
    """
    sentences = read_sentences(DRAFTS)
    with tempfile.TemporaryDirectory(prefix="hoi-bao-cao-") as folder:
        with Library.open(Path(folder) / "kho", create=True) as library:
            for reports in folders:
                library.add(list_report_files(reports))
            assistant = Assistant(library)
            judged = [(sentence, assistant.check(sentence.text).figures) for sentence in sentences]
    caught = [sentence.id for sentence, figures in judged if sentence.wrong and any(_is_wrong(f, sentence) and f.verdict != CONFIRMED for f in figures)]
    alarms = [sentence.id for sentence, figures in judged if not sentence.wrong and any(f.verdict != CONFIRMED for f in figures)]
    if show:
        for sentence, figures in judged:
            for figure in figures:
                if (figure.verdict == CONFIRMED) == _is_wrong(figure, sentence):
                    source = f"{figure.source.figure.literal} | {figure.source.quote[:90]}" if figure.source else ""
                    print(f"  {sentence.id}: {figure.literal}: {figure.verdict} {source}")
    wrong = sum(bool(sentence.wrong) for sentence in sentences)
    print(f"wrong sentences told: {len(caught)} of {wrong}")
    print(f"right sentences doubted: {len(alarms)} of {len(sentences) - wrong} {' '.join(alarms)}")
    return int(len(caught) < least_told or (most_doubted is not None and len(alarms) > most_doubted))


def _is_wrong(figure: CheckedFigure, sentence: DraftSentence) -> bool:
    return any(literal.startswith(figure.literal) or figure.literal.startswith(literal) for literal in sentence.wrong)
