"""Averages trained weights with those they come from: keeps the gain, forgets less of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np


def average(base: dict[str, np.ndarray], trained: Sequence[dict[str, np.ndarray]], share: float) -> dict[str, np.ndarray]:
    """Return base + share · (mean of trained - base) for what was trained, the base for the rest, in float32.

    Wortsman and others, Robust fine-tuning of zero-shot models (2022), arXiv:2109.01903; of several
    trainings: the same, Model soups (2022), arXiv:2203.05482.
    """
    mean = mean_weights(trained)
    unknown = mean.keys() - base.keys()
    if unknown:
        raise ValueError(f"weights that the base does not have: {sorted(unknown)[:3]}")
    mixed = {name: tensor.astype(np.float32) for name, tensor in base.items()}
    for name, tensor in mean.items():
        mixed[name] += np.float32(share) * (tensor - mixed[name])
    return mixed


def mean_weights(trained: Sequence[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Return the mean of the weights of several runs, in float32."""
    return {name: np.mean([each[name].astype(np.float32) for each in trained], axis=0) for name in trained[0]}


def read_weights(path: Path) -> dict[str, np.ndarray]:
    """Return the tensors of a safetensors file."""
    from safetensors.numpy import load_file

    return load_file(path)
