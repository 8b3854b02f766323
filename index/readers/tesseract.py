"""The Tesseract program: whether it is here, one call on one picture, its hOCR answer as lines of words.

Called directly: the picture goes in and hOCR comes out through pipes, so nothing is written to disk.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser

from PIL import Image

from index import messages
from index.errors import ChooseFileLater

_LANGUAGE = "vie"
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
_LINES = {"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"}
Box = tuple[int, int, int, int]


class TookTooLong(Exception):
    """A picture was not read within its time."""


@dataclass(frozen=True, slots=True)
class ReadWord:
    """One word as it was read: box in pixels, confidence from 0 to 100."""

    text: str
    box: Box
    sure: int
    raised: bool = False


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line: words from left to right, where its baseline runs, the height of its small letters."""

    words: tuple[ReadWord, ...]
    box: Box
    slope: float
    offset: float
    x_height: float
    bold: bool = False

    def baseline(self, x: float) -> float:
        """Return the height of the baseline at `x`, in pixels from the top."""
        return self.box[3] + self.offset + self.slope * (x - self.box[0])


def require_tesseract() -> None:
    """Raise `ChooseFileLater` with the command that installs what is missing."""
    languages = _languages()
    if languages is None:
        raise ChooseFileLater(messages.SCAN_NO_TESSERACT)
    if _LANGUAGE not in languages:
        raise ChooseFileLater(messages.SCAN_NO_VIETNAMESE)


def can_turn() -> bool:
    """Tell whether the data that recognises the orientation of a page is here."""
    return "osd" in (_languages() or ())


@cache
def _languages() -> frozenset[str] | None:
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return frozenset((listed.stdout + listed.stderr).split("\n")[1:])


def read_lines(picture: Image.Image, *, layout: int, dpi: int = 300, seconds: float, only: str = "") -> list[ReadLine]:
    """Return the lines of a grey picture; `layout` is Tesseract's page segmentation mode, `only` limits the letters.

    Raise `TookTooLong` after `seconds`.
    """
    options = ["-c", f"tessedit_char_whitelist={only}"] if only else []
    parser = _HocrParser()
    parser.feed(_run(picture, ["-l", _LANGUAGE, "--psm", str(layout), "--dpi", str(dpi), *options, "hocr"], seconds=seconds))
    return parser.lines()


def find_turn(picture: Image.Image, *, seconds: float) -> int:
    """Return by how many degrees (0, 90, 180, 270) a page must be turned clockwise to stand upright."""
    answer = _run(picture, ["--psm", "0", "--dpi", "300"], seconds=seconds)
    found = dict(line.split(": ", 1) for line in answer.split("\n") if ": " in line)
    return int(found.get("Rotate", "0")) if float(found.get("Orientation confidence", "0")) > 1 else 0


def _run(picture: Image.Image, options: list[str], *, seconds: float) -> str:
    pgm = b"P5 %d %d 255\n" % picture.size + picture.convert("L").tobytes()
    try:
        done = subprocess.run(
            [shutil.which("tesseract") or "tesseract", "stdin", "stdout", *options],
            input=pgm, capture_output=True, timeout=seconds, check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise TookTooLong from error
    return done.stdout.decode("utf-8", "replace")


class _HocrParser(HTMLParser):
    """Collects lines and words; an HTML parser, which resolves no entities from outside."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[tuple[dict[str, list[float]], list[ReadWord]]] = []
        self._word: dict[str, list[float]] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        kind = values.get("class") or ""
        if kind in _LINES:
            self._lines.append((_properties(values.get("title") or ""), []))
        elif kind == "ocrx_word":
            self._word, self._text = _properties(values.get("title") or ""), ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag != "span" or self._word is None:
            return
        text = self._text.strip()
        if text and self._lines:
            x0, y0, x1, y1 = map(int, self._word["bbox"])
            self._lines[-1][1].append(ReadWord(text, (x0, y0, x1, y1), int(self._word.get("x_wconf", [0])[0])))
        self._word = None

    def lines(self) -> list[ReadLine]:
        return [_line(properties, words) for properties, words in self._lines if words]


def _properties(title: str) -> dict[str, list[float]]:
    parts = (part.split(maxsplit=1) for part in title.split(";") if part.strip())
    return {part[0]: [float(number) for number in _NUMBERS.findall(part[-1])] for part in parts}


def _line(properties: dict[str, list[float]], words: list[ReadWord]) -> ReadLine:
    x0, y0, x1, y1 = map(int, properties["bbox"])
    slope, offset = properties.get("baseline") or (0.0, 0.0)
    size, below, above = (properties.get(name, [0.0])[0] for name in ("x_size", "x_descenders", "x_ascenders"))
    return ReadLine(tuple(words), (x0, y0, x1, y1), slope, offset, max(size - below - above, 1.0))
