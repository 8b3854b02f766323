"""Scanned pages made by drawing text with an installed font that has Vietnamese."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

A4 = (8.27, 11.69)
_FONTS = (
    ("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSerif-Bold.ttf"),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"),
)


def find_fonts() -> tuple[str, str] | None:
    """Return the files of a regular and a bold font, None where no known one is installed."""
    return next((pair for pair in _FONTS if all(Path(file).is_file() for file in pair)), None)


class ScanMaker:
    """One page of an A4 scan; places and sizes are in points, as on paper."""

    def __init__(self, dpi: int = 300) -> None:
        self.dpi = dpi
        self.page = Image.new("RGB", (round(A4[0] * dpi), round(A4[1] * dpi)), "white")
        self.pen = ImageDraw.Draw(self.page)

    def text(self, x: float, y: float, text: str, size: float = 14, *, bold: bool = False, colour: str = "black") -> float:
        """Draw a text with its baseline at `y`; "^1^" is a raised 1. Return where it ends."""
        for number, part in enumerate(text.split("^")):
            raised = number % 2
            font = self._font(size * (0.6 if raised else 1), bold=bold)
            self.pen.text((self._px(x), self._px(y - (0.33 * size if raised else 0))), part, fill=colour, font=font, anchor="ls")
            x += font.getlength(part) * 72 / self.dpi
        return x

    def paragraph(self, y: float, text: str, size: float = 14, *, left: float = 85, right: float = 540, indent: float = 28) -> float:
        """Draw a paragraph and return the baseline of the line below it."""
        x, run = left + indent, ""
        font = self._font(size)
        for word in text.split(" "):
            longer = f"{run} {word}" if run else word
            if run and x + font.getlength(longer.replace("^", "")) * 72 / self.dpi > right:
                self.text(x, y, run, size)
                x, y, longer = left, y + 1.4 * size, word
            run = longer
        self.text(x, y, run, size)
        return y + 1.7 * size

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.pen.line([self._px(v) for v in (x0, y0, x1, y1)], fill="black", width=max(1, self.dpi // 100))

    def stamp(self, x: float, y: float, radius: float = 50) -> None:
        """Draw a round red stamp, with words in it."""
        box = [self._px(v) for v in (x - radius, y - radius, x + radius, y + radius)]
        layer = Image.new("RGB", self.page.size, "white")
        pen = ImageDraw.Draw(layer)
        pen.ellipse(box, outline=(215, 40, 50), width=self._px(3))
        pen.text((self._px(x), self._px(y)), "SỞ NỘI VỤ", fill=(215, 40, 50), font=self._font(14, bold=True), anchor="mm")
        pen.line([self._px(v) for v in (x - radius, y, x + radius, y + 4)], fill=(215, 40, 50), width=self._px(2))
        self.page = Image.fromarray(np.minimum(np.asarray(self.page), np.asarray(layer)))
        self.pen = ImageDraw.Draw(self.page)

    def scan(self, *, degrees: float = 0.0, noise: float = 0.0, seed: int = 0) -> Image.Image:
        """Return the page as a scanner gives it."""
        page = self.page.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor="white")
        if noise:
            page = page.filter(ImageFilter.GaussianBlur(0.002 * self.dpi))
            points = np.asarray(page, dtype=np.float32)
            points = points * 0.92 + 10 + np.random.default_rng(seed).normal(0, noise, points.shape)
            page = Image.fromarray(np.clip(points, 0, 255).astype(np.uint8))
        return page

    def _font(self, size: float, *, bold: bool = False) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(find_fonts()[bold], round(size * self.dpi / 72))

    def _px(self, points: float) -> int:
        return round(points * self.dpi / 72)


def save(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    """Return the picture as the bytes of a file."""
    written = io.BytesIO()
    picture.save(written, form, **options)
    return written.getvalue()
