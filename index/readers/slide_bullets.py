"""Bullets and numbers that a presentation puts before paragraphs by itself: from the shape, its layout or the master."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element
    from pptx.shapes.base import BaseShape
    from pptx.text.text import _Paragraph

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


class Bullets:
    """Count the paragraphs of one shape and give what stands before each: "", "- ", "1. ", "a) "."""

    def __init__(self, shape: BaseShape) -> None:
        self._styles = list(_list_styles(shape))
        self._counts: dict[int, int] = {}

    def before(self, paragraph: _Paragraph) -> str:
        """Return the bullet or number of the next paragraph with words."""
        level = paragraph.level
        own = paragraph._p.find(f"{_A}pPr")
        # Numbers of deeper levels begin anew under the next item.
        self._counts = {at: count for at, count in self._counts.items() if at <= level}
        for properties in (own, *(style.find(f"{_A}lvl{level + 1}pPr") for style in self._styles)):
            if properties is None:
                continue
            if properties.find(f"{_A}buNone") is not None:
                break
            if properties.find(f"{_A}buChar") is not None or properties.find(f"{_A}buBlip") is not None:
                self._counts.pop(level, None)
                return "- "
            numbered = properties.find(f"{_A}buAutoNum")
            if numbered is not None:
                start = int(numbered.get("startAt", 1))
                self._counts[level] = self._counts.get(level, start - 1) + 1
                return _write_number(self._counts[level], numbered.get("type", "arabicPeriod"))
        self._counts.pop(level, None)
        return ""


def _list_styles(shape: BaseShape) -> list[_Element]:
    """Return the list styles that hold for a shape, the nearest first."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    styles = [shape._element.find(f".//{_A}lstStyle")]
    if shape.is_placeholder:
        base = getattr(shape, "_base_placeholder", None)
        for _ in range(2):
            if base is None:
                break
            styles.append(base._element.find(f".//{_A}lstStyle"))
            base = getattr(base, "_base_placeholder", None)
        if shape.placeholder_format.type in (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY):
            styles.append(shape.part.slide_layout.slide_master.element.find("{*}txStyles/{*}bodyStyle"))
    return [style for style in styles if style is not None]


def _write_number(value: int, form: str) -> str:
    if form.startswith("alpha"):
        written = chr(97 + (value - 1) % 26)
    elif form.startswith("roman"):
        written, rest = "", value
        for size, sign in _ROMAN:
            count, rest = divmod(rest, size)
            written += sign * min(count, 10)
        written = written.lower()
    else:
        written = str(value)
    if "Uc" in form:
        written = written.upper()
    if form.endswith("ParenBoth"):
        return f"({written}) "
    return f"{written}) " if form.endswith("ParenR") else f"{written}. "
