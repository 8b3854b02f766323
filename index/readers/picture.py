"""A scanned page made ready to be read: upright, grey, straight, without stamps, rules and specks."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter, ImageOps
from scipy import ndimage

from index import messages
from index.errors import ChooseAnotherFile

# An A3 page at 600 dpi has 70 million points.
MAX_POINTS = 80_000_000
MIN_SIDE = 16
DPI = 300
_LONG_SIDE = 11.7  # inches of an A4 page
_MAX_ENLARGED = 4.0
_MAX_ANGLE = 3.2
_INK = 150  # grey value below which a point is ink
_RULE = 0.8  # inches: no letter has so long a straight line
_ENOUGH_POINTS = 20_000_000  # an A3 page at 300 dpi
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class CleanPage:
    """A grey page at `DPI` that lies straight, and the boxes of its ruled lines in pixels."""

    grey: Image.Image
    rules: tuple[Box, ...] = ()


def open_pictures(data: bytes) -> Iterator[Image.Image]:
    """Yield the pages of a picture file; raise `ChooseAnotherFile` for a damaged or oversized one."""
    with _told():
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF", "MPO"))
    with picture:
        number = 0
        while True:
            with _told():
                _check_size(picture)
                page = _upright(_shrink(picture), picture)
            yield page
            del page
            number += 1
            try:
                with _told():
                    picture.seek(number)
            except EOFError:
                return


@contextmanager
def _told() -> Iterator[None]:
    """Turn what Pillow raises over bad pictures into a sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ChooseAnotherFile(messages.SCAN_TOO_LARGE) from error
    except EOFError:
        raise
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, OverflowError) as error:
        raise ChooseAnotherFile(messages.SCAN_DAMAGED) from error


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MAX_POINTS:
        raise ChooseAnotherFile(messages.SCAN_TOO_LARGE)
    if min(width, height) < MIN_SIDE:
        raise ChooseAnotherFile(messages.SCAN_TOO_SMALL)


def _shrink(picture: Image.Image) -> Image.Image:
    """Return a copy of a picture, smaller by a whole factor where it has more points than reading needs."""
    picture.load()
    factor = math.isqrt(picture.width * picture.height // _ENOUGH_POINTS) + 1
    if factor == 1:
        return picture.copy()
    if picture.mode not in ("L", "RGB", "RGBA", "CMYK"):
        picture = picture.convert("L") if picture.mode == "1" else _flatten(picture)
    small = picture.reduce(factor)
    if isinstance(small.info.get("dpi"), tuple):
        small.info["dpi"] = tuple(dpi / factor for dpi in small.info["dpi"])
    return small


def _upright(page: Image.Image, picture: Image.Image) -> Image.Image:
    """Return the page turned as the camera that took the picture says."""
    turn = _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
    return page if turn is None else page.transpose(turn)


def clean_page(picture: Image.Image) -> CleanPage:
    """Return the page grey, at `DPI`, straight, without stamps and ruled lines."""
    grey = _scale(_flatten(picture), picture.info.get("dpi"))
    grey = _even_out(grey)
    angle = find_angle(grey)
    if abs(angle) > 0.05:
        grey = grey.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
    return _without_rules(grey)


def _flatten(picture: Image.Image) -> Image.Image:
    """Return the picture in grey on white paper, coloured stamps and pen strokes gone."""
    if picture.mode.startswith("I") or picture.mode == "F":
        points = np.clip(np.asarray(picture), 0, 65535)
        return Image.fromarray((points // 257 if points.max() > 255 else points).astype(np.uint8))
    if picture.mode in ("1", "L"):
        return picture.convert("L")
    if picture.mode in ("P", "PA", "LA", "RGBA", "La", "RGBa"):
        over = picture.convert("RGBA")
        paper = Image.new("RGBA", over.size, "white")
        picture = Image.alpha_composite(paper, over)
    return drop_stamps(picture if picture.mode == "RGB" else picture.convert("RGB"))


def drop_stamps(picture: Image.Image) -> Image.Image:
    """Return the picture in grey; where red or blue spreads far, as stamps and signatures do, only black stays.

    Coloured headings stay: their letters are small.
    """
    grey = np.array(picture.convert("L"))
    red, green, blue = (np.asarray(channel, dtype=np.int16) for channel in picture.split())
    high = np.maximum(np.maximum(red, green), blue)
    inches = _LONG_SIDE / max(picture.size)
    for coloured in ((red - np.maximum(green, blue)) > 50, (blue - np.maximum(red, green)) > 50):
        for place in _large_parts(coloured, 0.45 / inches):
            spread = ndimage.binary_dilation(coloured[place], iterations=2)
            grey[place] = np.where(spread, np.where(high[place] > _INK, 255, high[place]), grey[place])
    return Image.fromarray(grey)


def _large_parts(coloured: np.ndarray, size: float) -> list[tuple[slice, slice]]:
    """Return the boxes of the connected parts that are higher than `size`; a quarter of the scale is enough."""
    if coloured.mean() < 0.0002:
        return []
    labels, _ = ndimage.label(ndimage.binary_dilation(coloured[::4, ::4]))
    return [
        (slice(rows.start * 4, rows.stop * 4), slice(columns.start * 4, columns.stop * 4))
        for rows, columns in ndimage.find_objects(labels) if (rows.stop - rows.start) * 4 > size
    ]


def _scale(grey: Image.Image, told: object) -> Image.Image:
    """Bring the picture to `DPI`, by what the file tells of itself or, where that cannot be, as an A4 page."""
    dpi = max(grey.size) / _LONG_SIDE
    if isinstance(told, tuple) and told and 60 <= float(told[0]) <= 1300 and 0.4 < float(told[0]) / dpi < 2.5:
        dpi = float(told[0])
    factor = min(DPI / dpi, _MAX_ENLARGED)
    if 0.85 < factor < 1.2:
        return grey
    size = (max(1, round(grey.width * factor)), max(1, round(grey.height * factor)))
    return grey.resize(size, Image.Resampling.LANCZOS if factor < 1 else Image.Resampling.BICUBIC)


def _even_out(grey: Image.Image) -> Image.Image:
    """Take specks away and bring paper to white and ink to black."""
    return ImageOps.autocontrast(grey.filter(ImageFilter.MedianFilter(3)), cutoff=(0.5, 30))


def find_angle(grey: Image.Image) -> float:
    """Return by how many degrees counter-clockwise the page must be turned for its lines to lie level.

    Lines of text that lie level make the sums of ink of neighbouring rows differ most.
    """
    small = grey.reduce(max(1, grey.width // 600))
    ink = Image.fromarray(255 - np.asarray(small))

    def contrast(angle: float) -> float:
        turned = np.asarray(ink.rotate(angle, resample=Image.Resampling.BILINEAR), dtype=np.float32)
        return float(np.square(np.diff(turned.sum(axis=1))).sum())

    best = max(np.arange(-_MAX_ANGLE, _MAX_ANGLE + 0.1, 0.4), key=contrast)
    best = max(np.arange(best - 0.3, best + 0.31, 0.1), key=contrast)
    best = float(max(np.arange(best - 0.05, best + 0.06, 0.025), key=contrast))
    return best if contrast(best) > 1.02 * contrast(0.0) else 0.0


def _without_rules(grey: Image.Image) -> CleanPage:
    points = np.array(grey)
    ink = points < _INK
    rules: list[Box] = []
    for axis in (0, 1):
        runs = _long_runs(ink if axis else ink.T)
        thick = ndimage.binary_dilation(runs, iterations=2)
        labels, _ = ndimage.label(thick)
        for rows, columns in ndimage.find_objects(labels):
            if rows.stop - rows.start > DPI // 12:
                # A dark area (a photograph, a bar of a chart), or the edge of the scanned sheet.
                continue
            box = (columns.start, rows.start, columns.stop, rows.stop)
            rules.append(box if axis else (box[1], box[0], box[3], box[2]))
            part = thick[rows, columns]
            target = points[rows, columns] if axis else points[columns, rows].T
            target[part] = 255
    return CleanPage(Image.fromarray(points), tuple(rules))


def _long_runs(ink: np.ndarray) -> np.ndarray:
    """Return the points that stand in a run of ink along their row, longer than any stroke of a letter."""
    length = int(_RULE * DPI)
    if ink.shape[1] <= length:
        return np.zeros_like(ink)
    # A scanned rule has gaps and wavers by a point or two.
    whole = ink.copy()
    whole[1:] |= ink[:-1]
    whole[:-1] |= ink[1:]
    whole[:, 1:] |= ink[:, :-1]
    core = ndimage.minimum_filter1d(whole.view(np.uint8), length, axis=1)
    return ndimage.maximum_filter1d(core, length, axis=1).view(bool)
