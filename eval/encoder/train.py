"""Trains the encoder on pairs with in-batch and hard negatives; a run that is interrupted resumes."""

from __future__ import annotations

import logging
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.encoder.data import Example, Material, Pair, make_batches, make_example
from eval.encoder.model import PASSAGE, QUERY, cut, embed, embed_sorted, load_encoder
from index.model_files import ModelFile
from index.subwords import Subwords

if TYPE_CHECKING:
    import torch
    from transformers import BertModel

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. `reports` times `each` questions make a batch."""

    steps: int = 300
    reports: int = 6
    each: int = 4
    rate: float = 6e-5
    warm_up: int = 20
    temperature: float = 0.03
    limit: int = 128
    seed: int = 0
    threads: int = 2
    save_every: int = 50


def train(material: Material, file: ModelFile, work: Path, recipe: Recipe, *, start: Path | None = None) -> Path:
    """Train and return the weights' path, `work/step-N.safetensors`; go on from the last checkpoint.

    The first step starts from the weights `start`, or from those of the model file.
    """
    import torch

    torch.set_num_threads(recipe.threads)
    torch.manual_seed(recipe.seed)
    work.mkdir(parents=True, exist_ok=True)
    model = load_encoder(file, work.parent / "base", start).train()
    optimiser, free = make_optimiser(model, recipe.rate)
    done = resume(work, model, optimiser)
    subwords, began = Subwords(file), time.monotonic()
    for step, batch in enumerate(_batches(material, recipe)):
        if step >= recipe.steps:
            break
        # Made also for steps done before: the random draws of the rest depend on them.
        chance = random.Random(recipe.seed * 1_000_003 + step)
        if step < done:
            continue
        examples = [make_example(material, pair, chance) for pair in batch]
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * learning_share(step, recipe.warm_up, recipe.steps)
        loss = _loss(model, subwords, examples, file=file, recipe=recipe)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimiser.step()
        if step % 10 == 9:
            log.info("step %d loss %.4f, %.2f s a step", step + 1, loss.item(), (time.monotonic() - began) / (step + 1 - done))
        if (step + 1) % recipe.save_every == 0 or step + 1 == recipe.steps:
            save(work, step + 1, model, optimiser)
    return work / f"step-{recipe.steps}.safetensors"


def _batches(material: Material, recipe: Recipe) -> Iterator[list[Pair]]:
    chance = random.Random(recipe.seed)
    while True:
        yield from make_batches(list(material.pairs), reports=recipe.reports, each=recipe.each, chance=chance)


def learning_share(step: int, warm_up: int, steps: int) -> float:
    """Return the share of the learning rate: linear warm-up, then half a cosine down to a twentieth."""
    if step < warm_up:
        return (step + 1) / warm_up
    along = (step - warm_up) / max(1, steps - warm_up)
    return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * along))


def _loss(model: BertModel, subwords: Subwords, examples: Sequence[Example], *, file: ModelFile, recipe: Recipe) -> torch.Tensor:
    """Return the cross entropy of the right text among all texts of the batch (InfoNCE)."""
    import torch

    texts = [example.positive for example in examples] + [example.negative for example in examples]
    with torch.autocast("cpu", torch.bfloat16):
        questions = embed(model, cut(subwords, [e.question for e in examples], QUERY, recipe.limit), file.pad)
        passages = embed_sorted(model, cut(subwords, texts, PASSAGE, recipe.limit), file.pad, parts=4)
    scores = questions.float() @ passages.float().T / recipe.temperature
    places = [e.place for e in examples] + [e.negative_place for e in examples]
    hidden = torch.tensor([
        [column != row and place == example.place for column, place in enumerate(places)]
        for row, example in enumerate(examples)
    ])
    # Another reading of the right passage is not wrong, and a wrong clause of it only for its own question.
    count = len(examples)
    for column in (i for i, place in enumerate(places) if place is None):
        own = column - count
        hidden[[row for row in range(count) if row != own and examples[row].place == examples[own].place], column] = True
    return torch.nn.functional.cross_entropy(scores.masked_fill(hidden, -1e4), torch.arange(count))


def make_optimiser(model: torch.nn.Module, rate: float) -> tuple[torch.optim.Optimizer, list[torch.nn.Parameter]]:
    """Return an optimiser, and what it trains: all but the word embeddings and the unused pooler."""
    import torch

    model.embeddings.word_embeddings.weight.requires_grad_(False)
    free = [parameter for name, parameter in model.named_parameters() if parameter.requires_grad and "pooler" not in name]
    return torch.optim.AdamW(free, lr=rate, weight_decay=0.01), free


def save(work: Path, step: int, model: torch.nn.Module, optimiser: torch.optim.Optimizer) -> None:
    """Write what was trained to `work/step-N.safetensors`, and beside it what `resume` needs."""
    import torch
    from safetensors.torch import save_file

    trained = {name: tensor.detach().clone() for name, tensor in model.state_dict().items() if not _is_frozen(name)}
    save_file(trained, work / f"step-{step}.safetensors")
    made = work / "optimiser.tmp"
    torch.save({"step": step, "optimiser": optimiser.state_dict(), "random": torch.get_rng_state()}, made)
    made.replace(work / "optimiser.pt")


def resume(work: Path, model: torch.nn.Module, optimiser: torch.optim.Optimizer) -> int:
    """Load the last checkpoint; return how many steps are done."""
    import torch
    from safetensors.torch import load_file

    if not (work / "optimiser.pt").exists():
        return 0
    state = torch.load(work / "optimiser.pt")
    model.load_state_dict(load_file(work / f"step-{state['step']}.safetensors"), strict=False)
    optimiser.load_state_dict(state["optimiser"])
    torch.set_rng_state(state["random"])
    return state["step"]


def _is_frozen(name: str) -> bool:
    return "word_embeddings" in name or "pooler" in name or "position_ids" in name
