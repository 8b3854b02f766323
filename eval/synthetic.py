"""Invented reports and vectors for measuring speed: a seeded shuffle of the sample reports."""

from __future__ import annotations

import itertools
import random
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.sources import list_report_files
from index.embedding import Embedder
from index.library import Library
from index.readers import read_file
from index.reporting import make_report

SEED = 20240930
PASSAGES_A_REPORT = 200
_PASSAGES_A_SECTION = 20
_CHANGED_WORDS = 0.15
_NOISE = 0.5
_REAL_VECTORS = 64


@dataclass(frozen=True, slots=True)
class Material:
    """What invented reports are made of: passages, headings and words of real ones."""

    passages: tuple[str, ...]
    headings: tuple[str, ...]
    words: tuple[str, ...]


class NearbyEmbedder:
    """Stands in for an embedder while a large library is built: vectors cost nothing.

    Each vector is a real passage's vector plus seeded noise, of length 1. Search over them takes
    as long as over real ones; what it finds is without meaning.
    """

    def __init__(self, real: Embedder, vectors: np.ndarray) -> None:
        self._real = real
        self._vectors = vectors

    def __getattr__(self, name: str) -> object:
        # Name, dimension and prompts are the real model's, so the library opens with it later.
        return getattr(self._real, name)

    def encode_passages(
        self, texts: list[str], *, progress: Callable[[int, int], None] | None = None
    ) -> np.ndarray:
        """Return one vector a text, (n, d) float32, L2-normalised; the same for the same texts."""
        seed = zlib.crc32("\n".join(texts).encode())
        generator = np.random.default_rng(seed)
        chosen = self._vectors[generator.integers(len(self._vectors), size=len(texts))]
        noise = generator.standard_normal(chosen.shape, dtype=np.float32)
        noise *= _NOISE / np.sqrt(chosen.shape[1])
        vectors = (chosen + noise).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def gather_material(folder: Path) -> Material:
    """Take passages, headings and words from the report files of a folder."""
    passages: list[str] = []
    headings: list[str] = []
    for path in list_report_files(folder):
        report = make_report(read_file(path).text, name=path.name, source=str(path))
        passages += [
            text for each in report.passages if each.kind in ("paragraph", "bullet")
            for text in (report.text[each.start:each.end],) if 12 <= len(text.split()) <= 110
        ]
        headings += [each.title for each in report.sections if each.number and each.title]
    words = sorted({word for text in passages for word in text.split() if word.isalpha()})
    return Material(tuple(passages), tuple(headings), tuple(words))


def vary_passage(text: str, random_source: random.Random, *, words: tuple[str, ...]) -> str:
    """Return a passage with other digits and some other words, of the same shape and length."""
    def change(match: re.Match[str]) -> str:
        return "".join(
            random_source.choice("123456789" if at == 0 else "0123456789")
            for at in range(len(match.group()))
        )

    varied = [
        random_source.choice(words)
        if at and word.isalpha() and random_source.random() < _CHANGED_WORDS else word
        for at, word in enumerate(text.split())
    ]
    return re.sub(r"\d+", change, " ".join(varied))


def write_report(
    material: Material, number: int, *, passages: int = PASSAGES_A_REPORT, words: int | None = None
) -> str:
    """Return the text of an invented report with this many passages.

    Args:
        material: what to make it of.
        number: which report; the same number gives the same text.
        passages: how many paragraphs it has.
        words: the exact length of each paragraph; None for the natural ones.
    """
    random_source = random.Random(f"{SEED}-{number}")
    lines = [
        f"BÁO CÁO kết quả công tác năm {1990 + number % 35} của đơn vị số {number + 1}",
    ]
    for at in range(passages):
        if at % _PASSAGES_A_SECTION == 0:
            heading = random_source.choice(material.headings)
            lines.append(f"{at // _PASSAGES_A_SECTION + 1}. {heading}")
        text = vary_passage(
            random_source.choice(material.passages), random_source, words=material.words
        )
        lines.append(text if words is None else _fit(text, words, material, random_source))
    return "\n".join(lines) + "\n"


def write_report_of_length(material: Material, number: int, *, characters: int) -> str:
    """Return an invented report of at least this many characters, cut after a paragraph."""
    lines, length = [], 0
    for line in write_report(material, number, passages=characters // 20).split("\n"):
        lines.append(line)
        length += len(line) + 1
        if length >= characters:
            break
    return "\n".join(lines) + "\n"


def build_library(
    folder: Path, *, material: Material, passages: int, embedder: Embedder
) -> int:
    """Fill a library with invented reports up to a number of passages; return that number.

    A library that has as many already stays as it is. Reports, terms and figures go the same
    way as real ones; only the vectors are not computed from the text (`NearbyEmbedder`).
    """
    with Library.open(folder, create=True) as library:
        held = library.all_facts()
    count = sum(facts.passages for facts in held)
    if count >= passages:
        return count
    real = embedder.encode_passages(list(material.passages[:_REAL_VECTORS]))
    with Library.open(folder, create=True, embedder=NearbyEmbedder(embedder, real)) as library:
        for number in itertools.count(len(held)):
            if count >= passages:
                return count
            outcome = library.add_text(write_report(material, number), name=f"bao-cao-{number}.txt")
            count += outcome.facts.passages if outcome.kind == "added" else 0


def _fit(text: str, count: int, material: Material, random_source: random.Random) -> str:
    words = text.split()
    while len(words) < count:
        other = random_source.choice(material.passages)
        words += vary_passage(other, random_source, words=material.words).split()
    return " ".join(words[:count]).rstrip(" .,;:") + "."
