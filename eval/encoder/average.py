"""Averages trained weights with those they come from: keeps the gain, forgets less of the rest."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def average(base: dict[str, np.ndarray], trained: dict[str, np.ndarray], share: float) -> dict[str, np.ndarray]:
    """Return base + share · (trained - base) for what was trained, the base for the rest, in float32.

    Wortsman and others, Robust fine-tuning of zero-shot models (2022), arXiv:2109.01903.
    """
    unknown = trained.keys() - base.keys()
    if unknown:
        raise ValueError(f"weights that the base does not have: {sorted(unknown)[:3]}")
    mixed = {name: tensor.astype(np.float32) for name, tensor in base.items()}
    for name, tensor in trained.items():
        mixed[name] += np.float32(share) * (tensor.astype(np.float32) - mixed[name])
    return mixed


def read_weights(path: Path) -> dict[str, np.ndarray]:
    """Return the tensors of a safetensors file."""
    from safetensors.numpy import load_file

    return load_file(path)
