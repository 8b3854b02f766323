"""Count syllables and pairs in training passages and questions for `assistant/data/syllables.tsv`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assistant.restoring import Vocabulary, is_bare
from eval.reader.passages import OWN_MATERIAL, read_file_records

LEAST_SINGLE, LEAST_PAIR = 3, 4
MARKED_STYLES = frozenset({"plain", "leader", "staff", "paraphrase"})


def count_syllables(folder: Path) -> list[str]:
    """Return table lines from `train-*.jsonl` of a folder and our own material; what is typed bare or with slips is left out."""
    vocabulary = Vocabulary()
    vocabulary.add(_texts(folder))
    single = [f"{word}\t{n}" for word, n in sorted(vocabulary.single.items()) if n >= LEAST_SINGLE]
    pairs = [f"{a} {b}\t{n}" for (a, b), n in sorted(vocabulary.pairs.items()) if n >= LEAST_PAIR]
    return single + pairs


def _texts(folder: Path) -> Iterator[str]:
    for record in read_file_records([*folder.glob("train-*.jsonl"), *OWN_MATERIAL.glob("*.jsonl")]):
        yield record.get("passage", "")
        typed = [*record.get("near_miss", ()), *(qa["q"] for qa in record["qa"] if qa["style"] in MARKED_STYLES)]
        yield from (text for text in typed if not is_bare(text))


def write_syllables(folder: Path, target: Path) -> int:
    """Write the table; return how many lines it has."""
    lines = count_syllables(folder)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)
