"""How well scanned pages are read: a report's own pages made into bad scans, and its figures looked for in what comes out."""

from __future__ import annotations

import io
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from eval import messages
from index.errors import UserError
from index.readers.layout import lay_out
from index.readers.pdf import render_pages
from index.readers.scan import Recognition, recognise_pages
from index.reporting import make_report
from index.text import normalise, tokenise

_FIGURE = re.compile(r"\d+(?:[.,/]\d+)*%?")
_MARK = re.compile(r"\[\d{1,3}\]")
_PART = 0.8


@dataclass(frozen=True, slots=True)
class ScanScore:
    """Figures of a report: how many there are, how many stand in the same passage of the scan, how many are new there.

    `ties` of `marks` footnote marks stand in the same passage and lead to the same body.
    """

    figures: int
    found: int
    invented: int
    marks: int
    ties: int
    missed: tuple[str, ...] = ()


def spoil(page: Image.Image, *, dpi: int, random: np.random.Generator) -> Image.Image:
    """Return a page as a cheap scanner gives it: turned by 0.5 to 1.5 degrees, blurred, noisy, strongly compressed."""
    degrees = random.uniform(0.5, 1.5) * random.choice((-1, 1))
    grey = page.convert("L").rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=250)
    grey = grey.filter(ImageFilter.GaussianBlur(0.2 + 0.002 * dpi))
    points = np.asarray(grey, dtype=np.float32) * 0.92 + 10 + random.normal(0, 12, (grey.height, grey.width))
    written = io.BytesIO()
    Image.fromarray(np.clip(points, 0, 255).astype(np.uint8)).save(written, "JPEG", quality=60)
    scan = Image.open(written)
    scan.info.pop("dpi", None)
    return scan


def scan_pdf(pdf: bytes, *, dpi: int, seed: int = 0) -> Iterator[tuple[int, Image.Image]]:
    """Yield the numbered pages of a PDF as bad scans, the same ones for the same seed."""
    random = np.random.default_rng(seed)
    for number, page in render_pages(pdf, dpi=dpi):
        yield number, spoil(page, dpi=dpi, random=random)


def score_scan(original: str, scanned: str) -> ScanScore:
    """Compare the text of a scan with the original: each passage with the passages of the scan that are most like it."""
    wanted, got = _passages(original), _passages(scanned)
    figures = found = ties = 0
    missed: list[str] = []
    for passage in wanted:
        here = _most_alike(passage, got)
        have = Counter(figure for k in here for figure in got[k].figures)
        want = Counter(passage.figures)
        lost = want - have
        figures += sum(want.values())
        found += sum(want.values()) - sum(lost.values())
        missed += [f"{figure} «{passage.text[:60]}»" for figure in lost]
        ties += sum(any(body in got[k].notes for k in here) for body in passage.notes)
    all_wanted = Counter(figure for passage in wanted for figure in passage.figures)
    invented = sum((Counter(figure for passage in got for figure in passage.figures) - all_wanted).values())
    return ScanScore(figures, found, invented, sum(len(passage.notes) for passage in wanted), ties, tuple(missed))


@dataclass(frozen=True, slots=True)
class _Passage:
    """A passage with its words, its figures, and the first words of the notes that its marks lead to."""

    text: str
    words: frozenset[str]
    figures: tuple[str, ...]
    notes: tuple[str, ...]


def _passages(text: str) -> list[_Passage]:
    report = make_report(text, name="scan", source="scan", wrapped=False)
    bodies = {note.mark: report.text[note.start:note.end] for note in report.footnotes}
    passages = []
    for passage in report.passages:
        own = report.text[passage.start:passage.end]
        plain = _MARK.sub(" ", own)
        marks = [mark.strip("[]") for mark in _MARK.findall(own)] if passage.kind != "footnote" else []
        notes = tuple(_key(bodies[mark]) for mark in marks if mark in bodies)
        passages.append(_Passage(own, frozenset(tokenise(normalise(plain))), tuple(_FIGURE.findall(plain)), notes))
    return passages


def _key(body: str) -> str:
    """Return what a note is known by: its figures, or its first words where it has none."""
    plain = _MARK.sub("", body, count=1)
    return " ".join(_FIGURE.findall(plain)[:3]) or plain.strip()[:20]


def _most_alike(passage: _Passage, others: Sequence[_Passage]) -> list[int]:
    """Return the passage that shares most words with this one, with the neighbours that hold the rest of it."""
    def likeness(k: int) -> float:
        return len(passage.words & others[k].words) - 0.5 * len(others[k].words - passage.words)

    nearest = max(range(len(others)), key=likeness, default=None)
    if nearest is None:
        return []
    beside = (k for k in (nearest - 1, nearest + 1) if 0 <= k < len(others) and others[k].words)
    return [nearest, *(k for k in beside if len(passage.words & others[k].words) > _PART * len(others[k].words))]


def measure_scans(
    pdf: Path, original: Path, *, resolutions: Iterable[int] = (150, 300), seed: int = 0, least_right: float = 0.0
) -> int:
    """Scan a PDF badly at each resolution, read it, print how many of the report's figures came through.

    Return 1 where a smaller share than `least_right` did, else 0.
    """
    data, text = _load(pdf), _load(original).decode("utf-8", "replace")
    enough = True
    for dpi in resolutions:
        started = time.perf_counter()
        recognition = recognise_pages(scan_pdf(data, dpi=dpi, seed=seed))
        seconds = time.perf_counter() - started
        score = score_scan(text, _text(recognition))
        print(show_score(score, dpi=dpi, pages=len(recognition.pages), seconds=seconds))
        enough = enough and score.found >= least_right * score.figures
    return int(not enough)


def _load(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UserError(messages.missing_file(path)) from error
    except OSError as error:
        raise UserError(messages.cannot_read(path, error.strerror or type(error).__name__)) from error


def _text(recognition: Recognition) -> str:
    return lay_out(recognition.pages[number] for number in sorted(recognition.pages))


def show_score(score: ScanScore, *, dpi: int, pages: int, seconds: float) -> str:
    """Return the result of one resolution as a few lines."""
    share = 100 * score.found / max(1, score.figures)
    lines = [
        (f"{dpi} dpi: {score.found}/{score.figures} figures right ({share:.1f} %), {score.invented} that the report does not have, "
         f"{score.ties}/{score.marks} footnotes tied, {seconds / max(1, pages):.1f} s a page"),
        *(f"  missed: {missed}" for missed in score.missed),
    ]
    return "\n".join(lines)
