"""The speed table: what is measured, its target, and plain LangChain beside it."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval import messages
from eval.answers import write_text
from eval.questions import Question, read_questions
from eval.sources import list_report_files
from eval.synthetic import (
    Material,
    build_library,
    gather_material,
    write_report,
    write_report_of_length,
)
from eval.tables import find_percentile, lay_out
from index.embedding import open_embedder
from index.errors import UserError

REPORT_CHARACTERS = 25_000
BULK_WORDS = 120
BULK_REPORTS = 4
BULK_PASSAGES = 100
PROCESS_RUNS = 5
QUESTIONS_ASKED = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `baseline` is plain LangChain's value, None where it has none."""

    name: str
    value: float
    unit: str
    target: float
    at_least: bool = False
    baseline: float | None = None

    @property
    def is_met(self) -> bool:
        return self.value >= self.target if self.at_least else self.value <= self.target

    @property
    def ratio(self) -> float | None:
        """Return how many times better than the baseline the value is."""
        if self.baseline is None:
            return None
        return self.value / self.baseline if self.at_least else self.baseline / self.value


def run_speed(
    *,
    reports: Path,
    questions: Path,
    passages: int,
    library: Path | None = None,
    json_out: Path | None = None,
) -> int:
    """Measure every row of the table and print it.

    Args:
        reports: folder of the sample reports.
        questions: question set over them.
        passages: size of the synthetic library; 0 leaves its rows out.
        library: where the synthetic library is, or is to be kept; a temporary folder by default.
        json_out: file for the rows and caveats.
    """
    load = os.getloadavg()[0]
    material = gather_material(reports)
    asked = read_questions(questions)
    with tempfile.TemporaryDirectory(prefix="hoi-bao-cao-") as folder:
        work = Path(folder)
        rows = measure_one_report(work, reports=reports, questions=asked)
        rows += measure_indexing(work, material)
        if passages:
            large = library or work / "large"
            rows += measure_large(work, material, questions=asked, passages=passages, library=large)
    caveats = _list_caveats(passages, load=load)
    print(show_rows(rows))
    print("\n".join(f"* {each}" for each in caveats))
    if json_out is not None:
        content = {"rows": [_row_as_json(each) for each in rows], "caveats": caveats}
        write_text(json_out, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return 0


def measure_one_report(work: Path, *, reports: Path, questions: Sequence[Question]) -> list[Row]:
    """Measure questions, memory and the whole process on the report with the most questions."""
    name = choose_report(questions)
    file = next((each for each in list_report_files(reports) if each.name == name), None)
    if file is None:
        raise UserError(messages.unknown_report(reports, [name], reports))
    own = [each for each in questions if each.gold_reports == (name,)]
    asked = _write_questions(work / "one.jsonl", own)
    library = work / "one"
    _run("eval.measure", "adding", library, file)
    found = _run("eval.measure", "questions", library, asked)
    plain = _run("eval.baseline", "questions", asked, file)
    return [
        *_question_rows("question, one report", found, targets=(30, 60), plain=plain),
        Row("`python -m assistant ask`, whole process", _time_process(library, own[0]), "s", 1.5),
        Row("memory, one report", found["memory_mb"], "MB", 500, baseline=plain["memory_mb"]),
    ]


def measure_indexing(work: Path, material: Material) -> list[Row]:
    """Measure a report from file to searchable, and adding many passages."""
    single = work / "single.txt"
    write_text(single, write_report_of_length(material, 0, characters=REPORT_CHARACTERS))
    seconds = _time_run("eval.measure", "adding", work / "single", single)
    plain_seconds = _time_run("eval.baseline", "adding", single)

    files = []
    for number in range(BULK_REPORTS + 1):
        files.append(work / f"bulk-{number}.txt")
        text = write_report(material, number, passages=BULK_PASSAGES, words=BULK_WORDS)
        write_text(files[-1], text)
    count = BULK_REPORTS * BULK_PASSAGES
    added = _run("eval.measure", "bulk", work / "bulk", *files)
    embedded = _run("eval.measure", "embedding", *files[1:])
    plain = _run("eval.baseline", "bulk", *files)
    return [
        Row(f"a {REPORT_CHARACTERS:,}-character report, file to searchable", seconds, "s", 5,
            baseline=plain_seconds),
        Row("bulk embedding, 120-word passages", embedded["texts"] / embedded["seconds"],
            "a second", 25, at_least=True),
        Row("bulk indexing, 120-word passages", count / added["seconds"], "a second", 25,
            at_least=True, baseline=count / plain["seconds"]),
    ]


def measure_large(
    work: Path,
    material: Material,
    *,
    questions: Sequence[Question],
    passages: int,
    library: Path,
) -> list[Row]:
    """Measure questions and memory on the synthetic library."""
    built = build_library(
        library, material=material, passages=passages, embedder=open_embedder()
    )
    asked = _write_questions(work / "large.jsonl", questions)
    found = _run("eval.measure", "questions", library, asked)
    return [
        *_question_rows(f"question, {built:,} passages", found, targets=(60, 150)),
        Row(f"memory, {built:,} passages", found["memory_mb"], "MB", 1000),
    ]


def choose_report(questions: Sequence[Question]) -> str:
    """Return the report that alone holds the answers of the most questions; ties by name."""
    counts = Counter(
        each.gold_reports[0] for each in questions if len(each.gold_reports) == 1
    )
    return min(counts, key=lambda name: (-counts[name], name))


def show_rows(rows: Sequence[Row]) -> str:
    """Lay the rows out as a table of text."""
    lines = [("", "measured", "target", "met", "LangChain", "ratio")]
    for row in rows:
        lines.append((
            row.name, f"{row.value:.4g} {row.unit}",
            f"{'≥' if row.at_least else '≤'} {row.target:g}", "yes" if row.is_met else "NO",
            "–" if row.baseline is None else f"{row.baseline:.4g}",
            "–" if row.ratio is None else f"{row.ratio:.2f}×",
        ))
    return lay_out(lines)


def _question_rows(
    name: str,
    found: dict[str, object],
    *,
    targets: tuple[float, float],
    plain: dict[str, object] | None = None,
) -> list[Row]:
    return [
        Row(f"{name}: p{percent}", find_percentile(found["ms"], percent), "ms", target,
            baseline=find_percentile(plain["ms"], percent) if plain else None)
        for percent, target in zip((50, 95), targets)
    ]


def _write_questions(path: Path, questions: Sequence[Question]) -> Path:
    chosen = questions[:QUESTIONS_ASKED]
    write_text(path, "".join(each.model_dump_json(exclude_none=True) + "\n" for each in chosen))
    return path


def _time_process(library: Path, question: Question) -> float:
    """Return the median wall time in seconds of the whole command, after one untimed run."""
    times = [
        _time_run("assistant", "ask", question.question, "--library", library)
        for _ in range(PROCESS_RUNS + 1)
    ]
    return statistics.median(times[1:])


def _time_run(module: str, *arguments: object) -> float:
    begun = time.perf_counter()
    _start(module, *arguments)
    return time.perf_counter() - begun


def _run(module: str, *arguments: object) -> dict:
    return json.loads(_start(module, *arguments).splitlines()[-1])


def _start(module: str, *arguments: object) -> str:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        detail = (done.stderr.strip().splitlines() or [str(done.returncode)])[-1]
        raise UserError(messages.failed_child(f"python -m {module} {arguments[0]}", detail))
    return done.stdout


def _list_caveats(passages: int, *, load: float) -> list[str]:
    caveats = [
        f"wall time on this machine ({os.cpu_count()} processors) in this run; other work makes every "
        f"row slower: the load was {load:.1f} before the first row",
        "LangChain: recursive splitter (1,000 characters), the same embeddings, its in-memory "
        "store, same reports and questions; it ends at the chunks found, we at the answer with "
        "its sources, and we also embed every clause",
        "file to searchable counts the whole process with its imports; the bulk rows begin after "
        "a first report has loaded the engine",
        "the 25,000-character report and the bulk reports are invented from the sample reports "
        "by a seeded shuffle of words and digits",
    ]
    if passages:
        caveats.append(
            "the large library: invented reports, added the normal way, but with cheap seeded "
            "random vectors near real ones, because embedding that many passages takes an hour; "
            "its rows say how long an answer takes, not how good it is, and LangChain was not "
            "run on it"
        )
    return caveats


def _row_as_json(row: Row) -> dict[str, object]:
    return {**asdict(row), "met": row.is_met, "ratio": row.ratio}
