"""The styles of a Word file: what a paragraph or run is through its style, its base styles and the defaults."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from index.readers.legacy import scheme_of_font
from index.readers.word_package import W

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_VAL = f"{W}val"
_OFF = {"0", "false", "off", "none"}
# Word keeps built-in names in English; other programs write what their user saw.
_HEADING = re.compile(r"(?:heading|tiêu đề|đầu đề|đề mục)\s*([1-9])(?:\s.*)?")
_TITLE = re.compile(r"title|tiêu đề|tên tài liệu")
_CONTENTS = re.compile(r"(?:toc|mục lục|contents|index)\b.*|table of (?:figures|authorities)")


@dataclass(frozen=True, slots=True)
class Look:
    """What a run is through its own properties or a style: None where nothing is said."""

    bold: bool | None = None
    hidden: bool | None = None
    font: str | None = None
    raised: bool | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """A style with what it takes from its base styles.

    `level` is 1 to 9 for a heading, 0 for the title, None else. `number_style` is the id of the nearest
    style in the chain that speaks of a list; a level of the list may be linked to it.
    """

    name: str = ""
    level: int | None = None
    number_id: str | None = None
    number_level: int | None = None
    number_style: str = ""
    centred: bool | None = None
    bordered: bool = False
    look: Look = Look()

    @property
    def is_contents(self) -> bool:
        """Tell whether the style is that of a table of contents."""
        return bool(_CONTENTS.fullmatch(self.name))


class Styles:
    """The styles of a file by id, each resolved once."""

    def __init__(self, root: etree._Element | None, theme: etree._Element | None) -> None:
        self._fonts = dict(_theme_fonts(theme))
        self._elements: dict[str, etree._Element] = {}
        self._defaults: dict[str, str] = {}
        self._resolved: dict[str, Style] = {}
        self._schemes: dict[str, str | None] = {}
        self._base = Look()
        if root is None:
            return
        for element in root.iterfind(f"{W}style"):
            self._elements[element.get(f"{W}styleId", "")] = element
            if element.get(f"{W}default") in ("1", "true", "on"):
                self._defaults.setdefault(element.get(f"{W}type", ""), element.get(f"{W}styleId", ""))
        self._base = self.read_look(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))

    def style(self, style_id: str | None, kind: str = "paragraph") -> Style:
        """Return a style, or the default of its kind when there is no such id."""
        if style_id not in self._elements:
            style_id = self._defaults.get(kind, "")
        if style_id not in self._resolved:
            self._resolved[style_id] = self._resolve(style_id)
        return self._resolved[style_id]

    def read_look(self, properties: etree._Element | None) -> Look:
        """Return what run properties say by themselves."""
        bold = hidden = raised = font = None
        for child in properties if properties is not None else ():
            if child.tag == f"{W}b":
                bold = is_on(child)
            elif child.tag == f"{W}vanish":
                hidden = is_on(child)
            elif child.tag == f"{W}vertAlign":
                raised = child.get(_VAL) == "superscript"
            elif child.tag == f"{W}rFonts":
                font = self._font(child)
        return Look(bold, hidden, font, raised)

    def look_of_run(self, properties: etree._Element | None, paragraph: Style) -> Look:
        """Return how a run looks in a paragraph of a style; nothing is None but an unknown font."""
        own = self.read_look(properties)
        reference = properties.find(f"{W}rStyle") if properties is not None else None
        style = self.style(reference.get(_VAL), "character").look if reference is not None else Look()
        # Bold in a character style turns bold in a paragraph style off; so Word shows it.
        toggled = bool(paragraph.look.bold) != bool(style.bold) or bool(self._base.bold)
        return Look(
            toggled if own.bold is None else own.bold,
            bool(_first(own.hidden, style.hidden, paragraph.look.hidden, self._base.hidden)),
            own.font or style.font or paragraph.look.font or self._base.font,
            bool(_first(own.raised, style.raised, paragraph.look.raised)),
        )

    def scheme(self, font: str | None) -> str | None:
        """Return the old Vietnamese encoding that a font shows, or None."""
        if not font:
            return None
        if font not in self._schemes:
            self._schemes[font] = scheme_of_font(font)
        return self._schemes[font]

    def _resolve(self, style_id: str) -> Style:
        found = Style()
        for element in reversed(list(self._chain(style_id))):
            found = self._apply(found, element)
        return found

    def _chain(self, style_id: str) -> Iterator[etree._Element]:
        """Yield a style and its base styles, nearest first; a circle ends where it closes."""
        seen: set[str] = set()
        while style_id in self._elements and style_id not in seen:
            seen.add(style_id)
            yield self._elements[style_id]
            base = self._elements[style_id].find(f"{W}basedOn")
            style_id = base.get(_VAL, "") if base is not None else ""

    def _apply(self, base: Style, element: etree._Element) -> Style:
        name_element = element.find(f"{W}name")
        name = unicodedata.normalize("NFC", name_element.get(_VAL, "") if name_element is not None else "").lower().strip()
        paragraph = element.find(f"{W}pPr")
        own, under = self.read_look(element.find(f"{W}rPr")), base.look
        number_id, number_level = read_number(paragraph)
        borders = element.find(f"{W}tblPr/{W}tblBorders")
        return Style(
            name=name,
            level=_first(_named_level(name), read_level(paragraph), base.level),
            number_id=_first(number_id, base.number_id),
            number_level=_first(number_level, base.number_level),
            number_style=base.number_style if number_id is None and number_level is None else element.get(f"{W}styleId", ""),
            centred=_first(is_centred(paragraph), base.centred),
            bordered=base.bordered if borders is None else has_borders(borders),
            look=Look(
                _first(own.bold, under.bold), _first(own.hidden, under.hidden), own.font or under.font, _first(own.raised, under.raised)
            ),
        )

    def _font(self, fonts: etree._Element) -> str | None:
        # Accented letters are set in the "high ANSI" font, where old fonts have their signs.
        for place in ("hAnsi", "ascii"):
            theme = fonts.get(f"{W}{place}Theme")
            name = self._fonts.get(theme[:5]) if theme else fonts.get(f"{W}{place}")
            if name:
                return name
        return None


def read_number(properties: etree._Element | None) -> tuple[str | None, int | None]:
    """Return list id and level that paragraph properties name, each None when they do not."""
    element = properties.find(f"{W}numPr") if properties is not None else None
    if element is None:
        return None, None
    number, level = element.find(f"{W}numId"), element.find(f"{W}ilvl")
    return number.get(_VAL) if number is not None else None, read_int(level)


def read_level(properties: etree._Element | None) -> int | None:
    """Return the outline level, 1 to 9, that paragraph properties name."""
    value = read_int(properties.find(f"{W}outlineLvl")) if properties is not None else None
    return value + 1 if value is not None and 0 <= value <= 8 else None


def is_centred(properties: etree._Element | None) -> bool | None:
    """Tell whether paragraph properties centre the text; None when they do not say."""
    element = properties.find(f"{W}jc") if properties is not None else None
    return element.get(_VAL) == "center" if element is not None else None


def has_borders(borders: etree._Element) -> bool:
    """Tell whether a borders element draws a line."""
    return any(border.get(_VAL, "none") not in ("none", "nil") for border in borders)


def is_on(element: etree._Element | None) -> bool:
    """Tell whether a switch such as <w:b/> is there and on."""
    return element is not None and element.get(_VAL, "1").lower() not in _OFF


def read_int(element: etree._Element | None) -> int | None:
    """Return the value of an element as a whole number, None when it is none."""
    value = element.get(_VAL, "") if element is not None else ""
    return int(value) if re.fullmatch(r"-?\d{1,9}", value) else None


def _named_level(name: str) -> int | None:
    heading = _HEADING.fullmatch(name)
    if heading:
        return int(heading[1])
    return 0 if _TITLE.fullmatch(name) else None


def _theme_fonts(theme: etree._Element | None) -> Iterator[tuple[str, str]]:
    if theme is None:
        return
    for kind in ("major", "minor"):
        latin = theme.find(f".//{_A}{kind}Font/{_A}latin")
        if latin is not None:
            yield kind, latin.get("typeface", "")


def _first(*values: object) -> object:
    """Return the first value that is said."""
    return next((value for value in values if value is not None), None)
