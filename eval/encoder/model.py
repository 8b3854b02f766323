"""The encoder in torch: loads it from a model file, turns token ids into vectors."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.model_files import ModelFile
from index.model_unpacking import write_transformer
from index.subwords import Subwords, clean_text

if TYPE_CHECKING:
    import torch
    from transformers import BertModel

QUERY, PASSAGE = "query: ", "passage: "
# Texts and their prompt to float32 (texts, width), rows of length 1.
Encode = Callable[[Sequence[str], str], np.ndarray]


def load_encoder(file: ModelFile, folder: Path, weights: Path | None = None) -> BertModel:
    """Return the torch model of a model file, with other weights when given.

    `folder` keeps the unpacked weights between runs.
    """
    import torch
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel

    if not (folder / "model.safetensors").exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_transformer(file, folder)
    options = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    options = {key: value for key, value in options.items() if key not in ("architectures", "dtype")}
    # No dropout: with it, attention on a processor leaves the fused kernel, and a step takes far longer.
    model = BertModel(BertConfig(**options, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0))
    state = load_file(folder / "model.safetensors")
    if weights:
        state |= load_file(weights)
    model.load_state_dict({name: tensor.to(torch.float32) for name, tensor in state.items()}, strict=False)
    return model.eval()


def cut(subwords: Subwords, texts: Sequence[str], prompt: str, limit: int) -> list[list[int]]:
    """Return token ids of texts behind their prompt, at most `limit` a text."""
    rows = [subwords.ids(prompt + clean_text(text)) for text in texts]
    return [row if len(row) <= limit else [*row[:limit - 1], row[-1]] for row in rows]


def embed(model: BertModel, rows: Sequence[Sequence[int]], pad: int) -> torch.Tensor:
    """Return float32 (texts, width), rows of length 1: the mean over the tokens of each text."""
    import torch

    hidden = token_states(model, rows, pad)
    counts = torch.tensor([len(row) for row in rows])[:, None]
    real = torch.arange(hidden.shape[1]) < counts
    return torch.nn.functional.normalize((hidden * real[..., None]).sum(1) / counts, dim=-1)


def token_states(model: BertModel, rows: Sequence[Sequence[int]], pad: int) -> torch.Tensor:
    """Return float32 (texts, longest, width): a vector for every token, whatever for the padding."""
    import torch

    longest = max(map(len, rows))
    ids = torch.tensor([[*row, *[pad] * (longest - len(row))] for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return model(input_ids=ids, attention_mask=mask).last_hidden_state.float()


def embed_sorted(model: BertModel, rows: Sequence[Sequence[int]], pad: int, *, parts: int) -> torch.Tensor:
    """Return what `embed` returns, computed in parts of like length: short texts are padded less."""
    import torch

    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    size = -(-len(rows) // parts)
    chunks = [embed(model, [rows[i] for i in order[start:start + size]], pad) for start in range(0, len(rows), size)]
    places = torch.empty(len(rows), dtype=torch.long)
    places[torch.tensor(order)] = torch.arange(len(rows))
    return torch.cat(chunks)[places]


def encode(model: BertModel, rows: Sequence[Sequence[int]], pad: int, *, batch: int = 32, half: bool = False) -> np.ndarray:
    """Return the vectors of many texts without gradients, sorted by length inside."""
    import torch

    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    vectors = np.zeros((len(rows), model.config.hidden_size), np.float32)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=half):
        for start in range(0, len(rows), batch):
            part = order[start:start + batch]
            vectors[part] = embed(model, [rows[i] for i in part], pad).numpy()
    return vectors
