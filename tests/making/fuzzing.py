"""Reads changed files in a process of its own, many in one, so that a library that crashes or hangs is seen as such.

`python -m making.fuzzing SUFFIX SEED FIRST LAST [FOLDER]`, with `tests` and the project on the path, reads changes FIRST to
LAST - 1 and says a line of JSON for each; with a folder it keeps the changed files there instead, to look at one again.
"""

from __future__ import annotations

import faulthandler
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 10.0


@dataclass
class Findings:
    """What became of the changed files of one format: how many were read, the sentences of the others, and what went wrong."""

    read: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0
    slowest_number: int = -1

    @property
    def count(self) -> int:
        return self.read + self.refusals.total() + len(self.failures)


def fuzz(suffix: str, *, seed: int, count: int, first: int = 0, programs: bool = False) -> Findings:
    """Read `count` changed files of a format; other programs are found only with `programs`."""
    findings, number = Findings(), first
    while number < first + count:
        number = _run(suffix, seed, number, first + count, findings=findings, programs=programs)
    return findings


def _run(suffix: str, seed: int, first: int, last: int, *, findings: Findings, programs: bool) -> int:
    """Run one process until it ends, or dies, and return the number to go on with."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")))}
    if not programs:
        environment["PATH"] = ""
    number = first
    with tempfile.TemporaryFile() as said:
        command = [sys.executable, "-m", "making.fuzzing", suffix, str(seed), str(first), str(last)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env=environment, start_new_session=True) as process:
            for line in process.stdout:
                answer = json.loads(line)
                number = answer["number"] + 1
                _note(answer, f"{suffix}, seed {seed}, number {answer['number']}", findings)
        if process.returncode:
            said.seek(0)
            findings.failures.append(f"{suffix}, seed {seed}, number {number}: ended with {process.returncode}\n{said.read().decode()[-3000:]}")
            number += 1
    return number


def _note(answer: dict, place: str, findings: Findings) -> None:
    if answer["seconds"] > findings.slowest:
        findings.slowest, findings.slowest_number = answer["seconds"], answer["number"]
    if answer["failure"]:
        findings.failures.append(f"{place}: {answer['failure']}")
    elif answer["refusal"]:
        findings.refusals[answer["refusal"]] += 1
    else:
        findings.read += 1


def changed_file(suffix: str, seed: int, number: int) -> bytes:
    """Return one changed file of a format, always the same for the same numbers."""
    from making.mutations import mutate

    chooser = Random(f"{seed} {suffix} {number}")
    originals = _originals(suffix)
    return mutate(originals[number % len(originals)], chooser)


_kept: dict[str, tuple[bytes, ...]] = {}


def _originals(suffix: str) -> tuple[bytes, ...]:
    from making.report_files import MAKERS

    if suffix not in _kept:
        _kept[suffix] = tuple(MAKERS[suffix]())
    return _kept[suffix]


def _read_all(suffix: str, seed: int, numbers: range) -> None:
    from index.readers.apart import _limit_memory

    _limit_memory()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"báo cáo{suffix}")
        for number in numbers:
            path.write_bytes(changed_file(suffix, seed, number))
            # Ends this process, also when a library in C does not come back.
            faulthandler.dump_traceback_later(SECONDS, exit=True)
            began = time.monotonic()
            answer = _read(path)
            faulthandler.cancel_dump_traceback_later()
            answers.write(json.dumps({"number": number, "seconds": time.monotonic() - began} | answer) + "\n")
            answers.flush()


def _read(path: Path) -> dict[str, str]:
    """Read a file to the report that is stored; say the sentence of a refusal, or the traceback of any other error."""
    from index.errors import ChooseAnotherFile
    from index.readers import read_here
    from index.reporting import make_report

    refusal = failure = ""
    try:
        source = read_here(path)
        source.text.encode()
        if not unicodedata.is_normalized("NFC", source.text):
            failure = "the text is not NFC"
        make_report(source.text, name=path.name, source=str(path), wrapped=source.wrapped, paged=source.paged)
    except ChooseAnotherFile as error:
        refusal = str(error)
    except Exception:  # what is looked for
        failure = traceback.format_exc(limit=-6)
    return {"refusal": refusal, "failure": failure}


def main() -> None:
    suffix, seed, first, last, *folder = sys.argv[1:]
    numbers = range(int(first), int(last))
    if folder:
        for number in numbers:
            Path(folder[0], f"{seed}-{number}{suffix}").write_bytes(changed_file(suffix, int(seed), number))
    else:
        faulthandler.enable()
        _read_all(suffix, int(seed), numbers)


if __name__ == "__main__":
    main()
