"""Which embedding model a library was built with: what is recorded of it, and the refusal of another."""

from __future__ import annotations

import json
from pathlib import Path

from index import messages
from index.embedding import Embedder
from index.errors import ReindexLibrary

# The key under which the store records it.
MODEL = "model"


def describe_model(embedder: Embedder) -> str:
    """Return name, dimension and prompts as JSON: two models that write alike vectors write this alike."""
    facts = {
        "name": embedder.name,
        "dimension": embedder.dimension,
        "prompts": list(embedder.prompts),
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def check_model(stored: str | None, current: str, folder: Path) -> None:
    """Raise `ReindexLibrary` when the library's vectors come from another model."""
    if stored is not None and stored != current:
        raise ReindexLibrary(messages.other_model(folder, stored=_label(stored), current=_label(current)))


def model_dimension(stored: str | None) -> int:
    """Return the length of a library's vectors; 1 for a library that has none yet."""
    return int(json.loads(stored)["dimension"]) if stored else 1


def _label(model: str) -> str:
    facts = json.loads(model)
    return f"{facts['name']} ({facts['dimension']} chiều)"
