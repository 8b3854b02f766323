"""Trains the reranker: the lower layers of the encoder with two heads, on groups of clauses."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eval.encoder.data import Material
from eval.encoder.model import load_encoder, token_states
from eval.encoder.train import learning_share, make_optimiser, resume, save
from eval.reranker.groups import Group, Task, make_group
from index.model_files import ModelFile
from index.subwords import Subwords

if TYPE_CHECKING:
    import torch

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train; `groups` questions make a batch."""

    layers: int = 6
    passes: float = 1.0
    groups: int = 8
    rate: float = 8e-5
    warm_up: int = 60
    seed: int = 0
    threads: int = 2
    save_every: int = 100


def make_model(file: ModelFile, folder: Path, weights: Path | None, layers: int) -> torch.nn.Module:
    """Return the encoder's lower layers with two heads: `heads` maps a token vector to (clause, figure) logits.

    `weights` are an encoder's, then the heads are new, or a reranker's.
    """
    import torch
    from safetensors.torch import load_file

    model = load_encoder(file, folder, weights)
    model.encoder.layer = model.encoder.layer[:layers]
    model.config.num_hidden_layers = layers
    model.heads = torch.nn.Linear(file.width, 2)
    torch.nn.init.normal_(model.heads.weight, std=0.02)
    torch.nn.init.zeros_(model.heads.bias)
    if weights:
        heads = {name: tensor for name, tensor in load_file(weights).items() if name.startswith("heads.")}
        model.load_state_dict(heads, strict=False)
    return model


def train(material: Material, tasks: Sequence[Task], file: ModelFile, start: Path, work: Path, recipe: Recipe) -> Path:
    """Train from the weights of an encoder or a reranker; return the path of the last, `work/step-N.safetensors`. Resumes."""
    import torch

    torch.set_num_threads(recipe.threads)
    torch.manual_seed(recipe.seed)
    work.mkdir(parents=True, exist_ok=True)
    model = make_model(file, work.parent / "base", start, recipe.layers).train()
    optimiser, free = make_optimiser(model, recipe.rate)
    done, steps = resume(work, model, optimiser), int(recipe.passes * len(tasks) / recipe.groups)
    subwords, began, order = Subwords(file), time.monotonic(), random.Random(recipe.seed)
    queue: list[Task] = []
    lost: list[float] = []
    for step in range(steps):
        if len(queue) < recipe.groups:
            queue = order.sample(list(tasks), len(tasks))
        batch, queue = queue[:recipe.groups], queue[recipe.groups:]
        if step < done:
            continue
        chance = random.Random(recipe.seed * 1_000_003 + step)
        groups = [make_group(material, task, subwords, chance) for task in batch]
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * learning_share(step, recipe.warm_up, steps)
        with torch.autocast("cpu", torch.bfloat16):
            loss = torch.stack([_loss(logits, group) for logits, group in zip(score_groups(model, groups, file.pad), groups, strict=True)]).mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimiser.step()
        lost.append(loss.item())
        if step % 20 == 19:
            log.info("step %d of %d, loss %.4f, %.2f s a step", step + 1, steps, np.mean(lost[-50:]), (time.monotonic() - began) / (step + 1 - done))
        if (step + 1) % recipe.save_every == 0 or step + 1 == steps:
            save(work, step + 1, model, optimiser)
    return work / f"step-{steps}.safetensors"


def score_groups(model: torch.nn.Module, groups: Sequence[Group], pad: int) -> list[torch.Tensor]:
    """Return for each group the logits of everything that can be an answer, clause after clause, flat."""
    import torch

    rows = [ids for group in groups for ids in group.ids]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    states: dict[int, torch.Tensor] = {}
    size = -(-len(rows) // 4)
    for start in range(0, len(rows), size):
        part = order[start:start + size]
        states |= dict(zip(part, model.heads(token_states(model, [rows[i] for i in part], pad)), strict=True))
    found, at = [], 0
    for group in groups:
        logits = []
        for positions in group.positions:
            logits.append(states[at][positions, [min(i, 1) for i in range(len(positions))]])
            at += 1
        found.append(torch.cat(logits).float())
    return found


def group_logits(model: torch.nn.Module, group: Group, pad: int) -> np.ndarray:
    """Return the logits of everything in one group that can be an answer, without gradients."""
    import torch

    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        return score_groups(model, [group], pad)[0].numpy()


def _loss(logits: torch.Tensor, group: Group) -> torch.Tensor:
    """Return the negative log of the share of softmax that the right ones hold; 0 is the logit of "not here"."""
    import torch

    right = torch.tensor(sum(group.right, []))
    every = torch.cat([logits, torch.zeros(1)])
    right = torch.cat([right, torch.tensor([not bool(right.any())])])
    return torch.logsumexp(every, 0) - torch.logsumexp(every[right], 0)
