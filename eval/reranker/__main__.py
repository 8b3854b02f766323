"""`python -m eval.reranker COMMAND`: train, measure and write the reranker, step by step."""

from __future__ import annotations

import argparse
import json
import logging
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.choosing import refusal_logit, score_readings
from assistant.reranker import HEADS_FILE, LAYERS_FILE
from assistant.rereading import RERANKER_WEIGHT, read_again
from eval.encoder.average import mean_weights, read_weights
from eval.encoder.data import Material, make_material
from eval.encoder.prune import special_pieces
from eval.encoder.quantise import write_model
from eval.reader.passages import OWN_MATERIAL, TrainingReport, read_file_records, read_training
from eval.reader.samples import ask_all, label_readings
from eval.reranker.groups import Task, find_clauses, make_group, make_tasks
from eval.reranker.train import Recipe, group_logits, make_model, train
from index.engines import available_threads
from index.model_files import find_model_file, read_model_file
from index.subwords import Subwords

PARTS = ("train", "valid")
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; each writes what the next one reads into the work folder."""
    parser = argparse.ArgumentParser(prog="python -m eval.reranker", description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder for weights and checkpoints")
    parser.add_argument("--training", type=Path, required=True, help="folder of train-*.jsonl")
    parser.add_argument("--layers", type=int, default=Recipe().layers)
    commands = parser.add_subparsers(dest="command", required=True)
    found = commands.add_parser("find", help="ask every question and keep the clauses that the app likes best")
    found.add_argument("libraries", type=Path, help="folder to keep the libraries of invented reports in")
    trained = commands.add_parser("train", help="train, or go on with a run that was interrupted")
    trained.add_argument("start", type=Path, nargs="+", help="weights to start from: an encoder's or a reranker's, or the mean of several rerankers'")
    trained.add_argument("--run", default="reranker", help="name of this run's folder in the work folder")
    trained.add_argument("--rate", type=float, default=Recipe().rate)
    trained.add_argument("--passes", type=float, default=Recipe().passes)
    trained.add_argument("--seed", type=int, default=0)
    trained.add_argument("--fresh", nargs="*", default=[], metavar="NAME", help="files of own reports to learn whole: reports-22 …")
    trained.add_argument("--rehearse", type=float, default=1.0, metavar="SHARE", help="share of the questions of all other reports, with --fresh")
    weighed = commands.add_parser("weigh", help="the whole reading on validation, by the reranker's weight")
    weighed.add_argument("libraries", type=Path, help="folder to keep the libraries of validation reports in")
    written = commands.add_parser("quantise", help="write the 8-bit file")
    measured = commands.add_parser("measure", help="how often the right one is first on validation")
    written.add_argument("weights", type=Path, nargs="+", help="of one run or, for their mean, of several")
    measured.add_argument("weights", type=Path)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    _RUN[options.command](options)
    return 0


def _find(options: argparse.Namespace) -> None:
    for part, sources in zip(PARTS, read_training(options.training), strict=True):
        found = find_clauses(sources, make_material(sources), options.libraries / part)
        _clauses_file(options, part).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def _clauses_file(options: argparse.Namespace, part: str) -> Path:
    return options.work / f"clauses-{part}.json"


def _read_tasks(options: argparse.Namespace, part: str) -> tuple[Material, list[Task]]:
    sources: list[TrainingReport] = read_training(options.training)[PARTS.index(part)]
    material = make_material(sources)
    return material, make_tasks(material, sources, json.loads(_clauses_file(options, part).read_text(encoding="utf-8")))


def _train(options: argparse.Namespace) -> None:
    material, tasks = _read_tasks(options, "train")
    if options.fresh:
        titles = {record["report"] for record in read_file_records(OWN_MATERIAL / f"{name}.jsonl" for name in options.fresh)}
        fresh = [task for task in tasks if task.asked.report in titles]
        others = [task for task in tasks if task.asked.report not in titles]
        tasks = fresh + random.Random(options.seed).sample(others, int(options.rehearse * len(others)))
    recipe = Recipe(
        layers=options.layers, passes=options.passes, rate=options.rate, seed=options.seed, threads=available_threads(),
    )
    folder, file = options.work / f"{options.run}-{options.seed}", read_model_file(find_model_file())
    print(train(material, tasks, file, _start(options, folder), folder, recipe))


def _start(options: argparse.Namespace, folder: Path) -> Path:
    """Return the file of weights to start from; of several, that of their mean, written beside the run."""
    if len(options.start) == 1:
        return options.start[0]
    from safetensors.numpy import save_file

    mean = folder.with_suffix(".start.safetensors")
    mean.parent.mkdir(parents=True, exist_ok=True)
    save_file(mean_weights([read_weights(path) for path in options.start]), mean)
    return mean


def _measure(options: argparse.Namespace) -> None:
    """Print by style how often the right clause or figure is first of its group, and "not here" where it is."""
    material, tasks = _read_tasks(options, "valid")
    file = read_model_file(find_model_file())
    model = make_model(file, options.work / "base", options.weights, options.layers).eval()
    subwords, found = Subwords(file), defaultdict(list)
    for task in tasks:
        group = make_group(material, task, subwords, None)
        logits = group_logits(model, group, file.pad)
        best = int(np.argmax(logits))
        first = sum(group.right, [])[best] if group.here else logits[best] < 0
        for style in (task.asked.style, "all" if group.here else "none"):
            found[style].append((first, logits[best] > 0))
    for style, hits in sorted(found.items()):
        first, taken = np.mean(hits, axis=0)
        print(f"{style:12} {len(hits):5} right first {first:.3f}  taken to be here {taken:.3f}")


def _weigh(options: argparse.Namespace) -> None:
    """Print how often the right reading is first on validation, by style and by weight of the reranker."""
    _, sources = read_training(options.training)
    rows: dict[str, list[list[float]]] = {}
    best: list[tuple[bool, float, float, bool]] = []
    for asked, question, readings, weighing in ask_all(sources, options.libraries):
        scores = score_readings(asked, readings)
        again = read_again(asked, readings, scores)
        right = label_readings(question, readings)
        if question.answer is not None:
            hits = [float(right[int(np.argmax(scores + weight * again))]) for weight in WEIGHTS]
            for style in (question.style, "all"):
                rows.setdefault(style, []).append(hits)
        confidence = refusal_logit(asked, readings, weighing, scores)
        chosen = int(np.argmax(scores + RERANKER_WEIGHT * again))
        best.append((question.answer is not None, confidence, float(again[chosen]), bool(right[chosen])))
    print("weight      ", *(f"{weight:6.2f}" for weight in WEIGHTS))
    for style, hits in sorted(rows.items()):
        print(f"{style:12}", *(f"{share:6.3f}" for share in np.mean(hits, axis=0)), len(hits))
    table = np.array(best, dtype=np.float64)
    answerable, right = table[:, 0] > 0, table[:, 3] > 0
    for share in WEIGHTS:
        sure = table[:, 1] + share * table[:, 2]
        ranked = np.sort(sure[right])
        row = []
        for kept in (0.99, 0.97, 0.95, 0.9):
            limit = ranked[int((1 - kept) * len(ranked))]
            row.append(f"{kept:.2f} kept above {limit:5.2f}: {np.mean(sure[~answerable] < limit):.3f} declined")
        print(f"confidence + {share:.2f} x reranker:", "; ".join(row))


def _quantise(options: argparse.Namespace) -> None:
    file = read_model_file(find_model_file())
    tensors = mean_weights([read_weights(path) for path in options.weights])
    digest = write_model(LAYERS_FILE, replace(file, layers=options.layers), tensors, kept=special_pieces(file))
    with HEADS_FILE.open("wb") as opened:
        np.savez(opened, weights=tensors["heads.weight"].astype(np.float32), bias=tensors["heads.bias"].astype(np.float32))
    print(f"{LAYERS_FILE}: {LAYERS_FILE.stat().st_size / 1e6:.1f} MB, {digest}")


_RUN = {"find": _find, "train": _train, "measure": _measure, "weigh": _weigh, "quantise": _quantise}

if __name__ == "__main__":
    raise SystemExit(main())
