"""What `speed` measures in processes of its own: `python -m eval.measure TASK …` prints JSON.

A process of its own, because memory is the peak of a process and imports are part of the cost.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant import Assistant
from eval.questions import Question, read_questions
from index.embedding import open_embedder
from index.library import Library

_WARM_UP = 3


def measure_questions(library: str, questions: str) -> dict[str, object]:
    """Ask the questions over a library; return milliseconds of each and the peak memory."""
    assistant = Assistant.open(library)
    return time_questions(
        read_questions(Path(questions)),
        lambda each: assistant.ask(each.question, history=list(each.history)),
    )


def measure_adding(library: str, *files: str) -> dict[str, object]:
    """Add files to a new library and open it for search; return seconds and the peak memory."""
    begun = time.perf_counter()
    with Library.open(library, create=True) as opened:
        opened.add([Path(each) for each in files])
        passages = len(opened.snapshot())
    return {"seconds": time.perf_counter() - begun, "passages": passages, **peak_memory()}


def measure_bulk(library: str, warm_up: str, *files: str) -> dict[str, object]:
    """Add a first file so that the engine is loaded, then time adding the others."""
    with Library.open(library, create=True) as opened:
        opened.add([Path(warm_up)])
        begun = time.perf_counter()
        opened.add([Path(each) for each in files])
        return {"seconds": time.perf_counter() - begun, **peak_memory()}


def measure_embedding(*files: str) -> dict[str, object]:
    """Embed each line of the files, once to load the engine and once timed."""
    texts = [
        line for each in files for line in Path(each).read_text("utf-8").splitlines()
        if len(line.split()) > 20
    ]
    embedder = open_embedder()
    embedder.encode_passages(texts[:len(texts) // 4])
    begun = time.perf_counter()
    embedder.encode_passages(texts)
    return {"seconds": time.perf_counter() - begun, "texts": len(texts), **peak_memory()}


def time_questions(
    questions: Sequence[Question], ask: Callable[[Question], object]
) -> dict[str, object]:
    """Time each question after a few untimed ones; return milliseconds and the peak memory."""
    for each in questions[:_WARM_UP]:
        ask(each)
    times = []
    for each in questions:
        begun = time.perf_counter()
        ask(each)
        times.append((time.perf_counter() - begun) * 1000)
    return {"ms": times, **peak_memory()}


def peak_memory() -> dict[str, float]:
    """Return the peak resident memory of this process in megabytes."""
    # Linux counts in kilobytes, macOS in bytes.
    unit = 1_000_000 if sys.platform == "darwin" else 1000
    return {"memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit}


TASKS: dict[str, Callable[..., dict[str, object]]] = {
    "questions": measure_questions,
    "adding": measure_adding,
    "bulk": measure_bulk,
    "embedding": measure_embedding,
}


if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](*sys.argv[2:])))
