"""`python -m eval.reader FOLDER`: make `assistant/data/` from the training passages of a folder, step by step."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np

from assistant.choosing import REFUSAL_FEATURES
from assistant.network import Network, load_network
from assistant.reading import FEATURES
from eval.reader.passages import read_training
from eval.reader.samples import Sample, make_samples
from eval.reader.syllables import write_syllables
from eval.reader.training import save_weights, train_reader, train_refusal

DATA = Path(__file__).parents[2] / "assistant" / "data"


def main(arguments: Sequence[str] | None = None) -> int:
    """Count the syllables, make the samples, train both networks, print how they do on validation."""
    parser = argparse.ArgumentParser(prog="python -m eval.reader", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of train-*.jsonl")
    parser.add_argument("--work", type=Path, help="folder to keep the libraries of invented reports in")
    parser.add_argument("--data", type=Path, default=DATA, help="where the tables and weights go")
    options = parser.parse_args(arguments)
    print("syllables:", write_syllables(options.folder, options.data / "syllables.tsv"))
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        kept, validation = read_training(options.folder)
        train = list(make_samples(kept, work / "train"))
        valid = list(make_samples(validation, work / "valid"))
    train_both(train, valid, options.data)
    return 0


def train_both(train: list[Sample], valid: list[Sample], data: Path) -> None:
    """Train the reader, then the refusal network on the reader's own choices; write and measure both."""
    weights = train_reader([(s.features, s.right) for s in train if s.answerable], FEATURES)
    save_weights(weights, data / "reader.npz")
    reader = _as_network(weights)
    for style, (right, count) in reader_accuracy(reader, valid).items():
        print(f"reader, {style}: {right / count:.3f} of {count}")
    features, answers = refusal_rows(reader, train)
    weights = train_refusal(features, answers, REFUSAL_FEATURES)
    save_weights(weights, data / "refusal.npz")
    features, answers = refusal_rows(reader, valid)
    sure = _as_network(weights).scores(features) > 0
    print(f"refusal: answered {sure[answers > 0].mean():.3f} of the right, declined {1 - sure[answers == 0].mean():.3f} of the others")


def _as_network(weights: dict[str, np.ndarray]) -> Network:
    buffer = BytesIO()
    np.savez(buffer, **weights)
    return load_network(buffer.getvalue())


def reader_accuracy(reader: Network, samples: Sequence[Sample]) -> dict[str, tuple[int, int]]:
    """Return (right, asked) by style, and for "all", of questions with an answer."""
    right, asked = defaultdict(int), Counter()
    for sample in samples:
        if sample.answerable:
            best = bool(sample.right[int(np.argmax(reader.scores(sample.features)))])
            for style in (sample.question.style, "all"):
                right[style] += best
                asked[style] += 1
    return {style: (right[style], count) for style, count in sorted(asked.items())}


def refusal_rows(reader: Network, samples: Sequence[Sample]) -> tuple[np.ndarray, np.ndarray]:
    """Return the refusal features of each question and 1.0 where the reader's best reading is right."""
    rows, answers = [], []
    for sample in samples:
        scores = reader.scores(sample.features)
        best = int(np.argmax(scores))
        rows.append(sample.refusal(scores))
        answers.append(float(sample.right[best]))
    return np.stack(rows), np.array(answers, dtype=np.float32)


if __name__ == "__main__":
    raise SystemExit(main())
