"""The reader's small network: features to a score. Weights come from `assistant/data/`; no pickle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np

# Values further out than anything trained on say no more than the furthest.
LIMIT = 6.0


@dataclass(frozen=True, slots=True)
class Network:
    """A perceptron with one hidden layer of rectified units, averaged over several trainings.

    Shapes: `mean`, `scale` (f,); `hidden` (k, f, h); `hidden_bias` (k, 1, h); `out` (k, h, 1).
    """

    mean: np.ndarray
    scale: np.ndarray
    hidden: np.ndarray
    hidden_bias: np.ndarray
    out: np.ndarray
    out_bias: np.ndarray
    names: tuple[str, ...]

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Return the logits, shape (n,), of features of shape (n, f)."""
        scaled = np.clip((features - self.mean) / self.scale, -LIMIT, LIMIT)
        layers = np.maximum(scaled[None] @ self.hidden + self.hidden_bias, 0) @ self.out
        return (layers[..., 0] + self.out_bias).mean(axis=0)


def load_network(data: bytes) -> Network:
    """Return the network stored in the bytes of an .npz file."""
    arrays = np.load(BytesIO(data), allow_pickle=False)
    return Network(**{name: arrays[name] for name in ("mean", "scale", "hidden", "hidden_bias", "out", "out_bias")},
                   names=tuple(str(name) for name in arrays["names"]))


@lru_cache(maxsize=2)
def bundled_network(name: str) -> Network:
    """Return "reader" (which reading is right) or "refusal" (whether the best one answers)."""
    return load_network((files("assistant") / "data" / f"{name}.npz").read_bytes())
