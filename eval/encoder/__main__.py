"""`python -m eval.encoder COMMAND`: train, measure and write our own encoder, step by step."""

from __future__ import annotations

import argparse
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

from eval.encoder.average import average, read_weights
from eval.encoder.data import read_material
from eval.encoder.measure import agreement, encode_passages, measure_collection, measure_validation, rank_passages
from eval.encoder.mining import mine_negatives
from eval.encoder.model import Encode, cut, encode, load_encoder
from eval.encoder.prune import choose_pieces, special_pieces
from eval.encoder.quantise import write_model
from eval.encoder.train import Recipe, train
from eval.retrieval import read_collection
from index.engines import GraphEngine, available_threads
from index.model_files import OWN_FILE, find_model_file, read_model_file
from index.model_unpacking import find_graph, write_transformer
from index.subwords import Subwords, clean_text

_SHARE = 0.6
_LIMIT = 512


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; each writes what the next one reads into the work folder."""
    parser = argparse.ArgumentParser(prog="python -m eval.encoder", description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder for weights and checkpoints")
    parser.add_argument("--training", type=Path, required=True, help="folder of train-*.jsonl")
    commands = parser.add_subparsers(dest="command", required=True)
    trained = commands.add_parser("train", help="train, or go on with a run that was interrupted")
    trained.add_argument("--seed", type=int, default=0)
    trained.add_argument("--start", type=Path, help="weights to go on from, with negatives that they take for near")
    trained.add_argument("--run", default="first", help="name of this run's folder in the work folder")
    trained.add_argument("--steps", type=int, default=Recipe().steps)
    mixed = commands.add_parser("average", help="average trained weights with the original ones")
    mixed.add_argument("weights", type=Path, nargs="+", help="of one run or, for their mean, of several")
    mixed.add_argument("--share", type=float, default=_SHARE, help="share of the trained weights")
    written = commands.add_parser("quantise", help="prune the vocabulary and write the 8-bit file")
    written.add_argument("weights", type=Path, help="averaged weights")
    written.add_argument("--output", type=Path, default=OWN_FILE)
    measured = commands.add_parser("measure", help="measure weights, a model file, or the original")
    measured.add_argument("weights", type=Path, nargs="?", help="*.safetensors or *.bin; the original without")
    measured.add_argument("--set", type=Path, help="a BEIR folder to measure besides")
    measured.add_argument("--every", type=int, default=1, help="only every n-th question")
    compared = commands.add_parser("compare", help="compare a model file with the weights it was made from")
    compared.add_argument("weights", type=Path)
    compared.add_argument("file", type=Path, nargs="?", default=OWN_FILE)
    unpacked = commands.add_parser("unpack", help="write a model file as a sentence-transformers folder")
    unpacked.add_argument("file", type=Path, nargs="?", default=OWN_FILE)
    unpacked.add_argument("folder", type=Path)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    _RUN[options.command](options)
    return 0


def _train(options: argparse.Namespace) -> None:
    material, _ = read_material(options.training)
    recipe = Recipe(steps=options.steps, seed=options.seed, threads=available_threads())
    if options.start:
        material = mine_negatives(material, open_encode(options.start, options.work, half=True))
    file, folder = read_model_file(find_model_file()), options.work / f"{options.run}-{options.seed}"
    print(train(material, file, folder, recipe, start=options.start))


def _average(options: argparse.Namespace) -> None:
    from safetensors.numpy import save_file

    load_encoder(read_model_file(find_model_file()), options.work / "base")
    trained = [read_weights(path) for path in options.weights]
    mixed = average(read_weights(options.work / "base" / "model.safetensors"), trained, options.share)
    path = options.work / f"{options.weights[-1].stem}-share-{options.share:g}.safetensors"
    save_file(mixed, path)
    print(path)


def _quantise(options: argparse.Namespace) -> None:
    file = read_model_file(find_model_file())
    kept = choose_pieces(file.pieces, file.scores, special=special_pieces(file))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    digest = write_model(options.output, file, read_weights(options.weights), kept=kept)
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.1f} MB, {len(kept)} pieces, {digest}")


def _measure(options: argparse.Namespace) -> None:
    _, validation = read_material(options.training)
    run = open_encode(options.weights, options.work)
    rows = measure_validation(validation, run, every=options.every)
    if options.set:
        rows |= measure_collection(read_collection(options.set), run)
    for name, share in rows.items():
        print(f"{name:20} {share:.3f}")


def _compare(options: argparse.Namespace) -> None:
    """Print cosine, and how often the first passage is the same: full precision and the packed file."""
    _, validation = read_material(options.training)
    full, packed = (open_encode(path, options.work) for path in (options.weights, options.file))
    vectors = [encode_passages(validation, run) for run in (full, packed)]
    cosines = (vectors[0] * vectors[1]).sum(1)
    print(f"cosine: mean {cosines.mean():.5f}, least {cosines.min():.5f}")
    ranked = [
        rank_passages(validation, run, passage_vectors=own) for run, own in zip((full, packed), vectors, strict=True)
    ]
    print("same first passage: dense {:.3f}, fused {:.3f}".format(*agreement(*ranked)))


def _unpack(options: argparse.Namespace) -> None:
    options.folder.mkdir(parents=True)
    try:
        write_transformer(read_model_file(options.file), options.folder)
    except BaseException:
        shutil.rmtree(options.folder)
        raise
    print(options.folder)


def open_encode(weights: Path | None, work: Path, *, half: bool = False) -> Encode:
    """Return what encodes texts: torch for weights (in bfloat16 when `half`), onnxruntime for a model file."""
    original = read_model_file(find_model_file())
    if weights and weights.suffix == ".bin":
        file = read_model_file(weights)
        engine = GraphEngine(file, find_graph(file, "encoder-trial"), threads=available_threads())
        return lambda texts, prompt: engine.encode([clean_text(text) for text in texts], prompt=prompt)
    model, subwords = load_encoder(original, work / "base", weights), Subwords(original)
    return lambda texts, prompt: encode(model, cut(subwords, texts, prompt, _LIMIT), original.pad, half=half)


_RUN = {
    "train": _train, "average": _average, "quantise": _quantise, "measure": _measure, "compare": _compare, "unpack": _unpack,
}

if __name__ == "__main__":
    raise SystemExit(main())
