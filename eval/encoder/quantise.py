"""Writes weights as a model file of our own: word vectors in 4 bits, everything that is trained in 8."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from index.model_files import BLOCK, BYTE_BLOCK, OWN_MAGIC, Kind, ModelFile

_VERSION = 1
_ALIGNMENT = 64
_DENSE = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
          "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense"}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def pack_bytes(matrix: np.ndarray) -> np.ndarray:
    """Turn float32 (rows, width) into 8-bit blocks, bytes (rows, width / 128, 130); see `unpack_bytes`."""
    blocks = matrix.reshape(len(matrix), -1, BYTE_BLOCK)
    scales = (np.abs(blocks).max(axis=-1, keepdims=True) / 127).astype("<f2")
    safe = np.where(scales > 0, scales, 1).astype(np.float32)
    codes = np.clip(np.rint(blocks / safe), -127, 127).astype(np.int8)
    return np.concatenate([scales.view(np.uint8), codes.view(np.uint8)], axis=-1)


def write_model(path: Path, base: ModelFile, tensors: Mapping[str, np.ndarray], *, kept: Sequence[int]) -> str:
    """Write a model file, and its SHA-256 beside it; return that.

    Args:
        path: the file to write.
        base: the file the weights come from: gives word embeddings, pieces, scores and character map.
        tensors: trained weights under BERT's names, float32.
        kept: positions of the pieces that stay.
    """
    contents: list[tuple[str, Kind, np.ndarray]] = [
        # Frozen in training, hence taken over byte by byte: quantising them again would only lose.
        ("emb.word", Kind.HALF_BYTES, np.ascontiguousarray(base.blocks("emb.word", base.width)[list(kept)])),
        ("emb.pos", Kind.FLOATS, tensors["embeddings.position_embeddings.weight"]),
        ("emb.type", Kind.FLOATS, tensors["embeddings.token_type_embeddings.weight"]),
        ("emb.ln.w", Kind.FLOATS, tensors["embeddings.LayerNorm.weight"]),
        ("emb.ln.b", Kind.FLOATS, tensors["embeddings.LayerNorm.bias"]),
    ]
    for place, name in dense_steps(base.layers).items():
        contents.append((f"{place}.w", Kind.BYTES, pack_bytes(tensors[f"{name}.weight"])))
        contents.append((f"{place}.b", Kind.FLOATS, tensors[f"{name}.bias"]))
    for layer in range(base.layers):
        for short, name in _NORMS.items():
            contents.append((f"l{layer}.{short}.w", Kind.FLOATS, tensors[f"encoder.layer.{layer}.{name}.weight"]))
            contents.append((f"l{layer}.{short}.b", Kind.FLOATS, tensors[f"encoder.layer.{layer}.{name}.bias"]))
    digest = _write(path, _head(base, kept), contents)
    path.with_suffix(".sha256").write_text(f"{digest}  {path.name}\n", encoding="ascii")
    return digest


def dense_steps(layers: int) -> dict[str, str]:
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
        OWN_MAGIC, struct.pack("<I", _VERSION),
        struct.pack("<7ifi", base.width, base.layers, base.heads, base.inner_width, len(kept), base.max_tokens,
                    base.token_types, base.epsilon, BLOCK),
        struct.pack("<5iQ", len(kept), *(place[i] for i in (base.bos, base.eos, base.pad, base.unknown)), int(offsets[-1])),
        offsets.tobytes(), base.scores[list(kept)].astype("<f4").tobytes(), b"".join(pieces),
        struct.pack("<iI", len(base.normalisation), len(characters)), characters,
    ))


def _write(path: Path, head: bytes, contents: Sequence[tuple[str, Kind, np.ndarray]]) -> str:
    entry = struct.Struct("<BIQQ")
    names = [name.encode("ascii") for name, _, _ in contents]
    position = len(head) + 4 + sum(2 + len(name) + entry.size for name in names)
    directory, bodies = [struct.pack("<i", len(contents))], []
    for name, (_, kind, array) in zip(names, contents, strict=True):
        body = array.astype("<f4" if kind == Kind.FLOATS else np.uint8).tobytes()
        gap = -position % _ALIGNMENT
        count = array.size * kind.block // kind.block_bytes
        directory.append(struct.pack("<H", len(name)) + name + entry.pack(kind, count, position + gap, len(body)))
        bodies += [b"\0" * gap, body]
        position += gap + len(body)
    whole = b"".join((head, *directory, *bodies))
    path.write_bytes(whole)
    return hashlib.sha256(whole).hexdigest()
