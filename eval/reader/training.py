"""Train the reader and the refusal network on samples; small, seeded, the same weights every time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

HIDDEN = 24
SEEDS = (1, 2, 3)
EPOCHS = 30
BATCH = 32
RATE = 4e-3
DECAY = 1e-2
# A feature with less spread than this was too rare to learn from; dividing by NEVER silences it.
RARE, NEVER = 0.02, 1e6


def train_reader(samples: Sequence[tuple[np.ndarray, np.ndarray]], names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return weights that put the right readings of each question first.

    Args:
        samples: (features (n, f), right (n,) bool) of each question with an answer.
        names: what the features are called, stored with the weights.

    The loss is the negative log of the share of softmax that the right readings hold together.
    """
    import torch

    samples = [(x, y) for x, y in samples if y.any()]
    rows = np.concatenate([x for x, _ in samples])
    mean, scale = _standard(rows)
    # Sorted by size, so that a batch is padded little; the batches are shuffled instead.
    samples = sorted(samples, key=lambda sample: len(sample[0]))
    batches = [_pad(samples[i:i + BATCH], mean, scale) for i in range(0, len(samples), BATCH)]

    def loss_of(model: torch.nn.Module, batch: tuple[torch.Tensor, torch.Tensor, torch.Tensor]) -> torch.Tensor:
        features, right, padding = batch
        scores = model(features)[..., 0].masked_fill(padding, -1e9)
        return (torch.logsumexp(scores, 1) - torch.logsumexp(scores.masked_fill(~right, -1e9), 1)).mean()

    models = [_fit(loss_of, batches, rows.shape[1], seed) for seed in SEEDS]
    return _weights(models, mean, scale, names)


def _standard(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and scale of each feature; what hardly varies here must not count elsewhere."""
    deviation = rows.std(axis=0)
    return rows.mean(axis=0), np.where(deviation < RARE, NEVER, deviation).astype(np.float32)


def _pad(samples: Sequence[tuple[np.ndarray, np.ndarray]], mean: np.ndarray, scale: np.ndarray):
    """Return (features (b, n, f), right (b, n), padding (b, n)) of samples of different sizes."""
    import torch

    size = max(len(x) for x, _ in samples)
    features = np.zeros((len(samples), size, samples[0][0].shape[1]), dtype=np.float32)
    right = np.zeros((len(samples), size), dtype=bool)
    padding = np.ones((len(samples), size), dtype=bool)
    for i, (x, y) in enumerate(samples):
        features[i, :len(x)], right[i, :len(x)], padding[i, :len(x)] = (x - mean) / scale, y, False
    return torch.from_numpy(features), torch.from_numpy(right), torch.from_numpy(padding)


def train_refusal(features: np.ndarray, answers: np.ndarray, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return weights of a network whose logit tells whether a best reading answers its question.

    Args:
        features: (n, f), one row a question.
        answers: (n,) 1.0 where the best reading is right, 0.0 where the question has no answer.
    """
    import torch

    mean, scale = _standard(features)
    rows = torch.tensor((features - mean) / scale, dtype=torch.float32)
    wanted = torch.tensor(answers, dtype=torch.float32)
    weight = torch.where(wanted > 0, 0.5 / wanted.mean(), 0.5 / (1 - wanted.mean()))
    order = torch.from_numpy(np.random.default_rng(0).permutation(len(rows)))
    batches = [order[i:i + BATCH] for i in range(0, len(rows), BATCH)]

    def loss_of(model: torch.nn.Module, part: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.binary_cross_entropy_with_logits(model(rows[part])[:, 0], wanted[part], weight=weight[part])

    models = [_fit(loss_of, batches, features.shape[1], seed) for seed in SEEDS]
    return _weights(models, mean, scale, names)


def _fit(loss_of, batches: Sequence, width: int, seed: int):
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    shuffle = np.random.default_rng(seed)
    model = torch.nn.Sequential(torch.nn.Linear(width, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, 1))
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, EPOCHS)
    for _ in range(EPOCHS):
        for i in shuffle.permutation(len(batches)):
            optimiser.zero_grad()
            loss_of(model, batches[i]).backward()
            optimiser.step()
        schedule.step()
    return model


def _weights(models, mean: np.ndarray, scale: np.ndarray, names: Sequence[str]) -> dict[str, np.ndarray]:
    parts = [[p.detach().numpy() for p in model.parameters()] for model in models]
    return {
        "mean": mean.astype(np.float32),
        "scale": scale.astype(np.float32),
        "hidden": np.stack([p[0].T for p in parts]),
        "hidden_bias": np.stack([p[1][None] for p in parts]),
        "out": np.stack([p[2].T for p in parts]),
        "out_bias": np.stack([p[3] for p in parts]),
        "names": np.array(names),
    }


def save_weights(weights: dict[str, np.ndarray], path: Path) -> None:
    """Write weights as plain arrays."""
    with path.open("wb") as file:
        np.savez(file, **weights)
