"""The words of a Word paragraph: runs as they are shown, fields by their result, footnote marks as "[n]"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from index.readers.legacy import repair
from index.readers.word_package import W
from index.readers.word_styles import Look, Style, Styles

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
ALTERNATE = f"{_MC}AlternateContent"
BOX = f"{W}txbxContent"
NOTE_REFERENCES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
# What is around runs and shows them; <w:del> and <w:moveFrom> are not here: what they hold is gone.
CONTAINERS = {f"{W}{name}" for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdtContent", "dir", "bdo", "ruby", "rubyBase")}
_PICTURES = {f"{W}drawing", f"{W}pict", f"{W}object", ALTERNATE}
_PLAIN = {
    f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-",
    # No word of today has one; in TCVN3 fonts it is the letter ư.
    f"{W}softHyphen": "\u00ad",
}
# Signs of Symbol and Wingdings that reports use, by their place in the font.
_SYMBOL = {0xA3: "≤", 0xB3: "≥", 0xB0: "°", 0xB1: "±", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xA5: "∞", 0xAE: "→", 0xD7: "⋅", 0xE5: "∑", 0x2D: "−", 0xD0: "∠"}
_WINGDINGS = {0xA7: "▪", 0xA8: "☐", 0x6F: "☐", 0x71: "☐", 0xFC: "✓", 0xFE: "☑", 0xFD: "☒", 0xFB: "✗", 0xE0: "→", 0xF0: "→", 0xD8: "➢", 0x9F: "•", 0x6E: "■", 0x6C: "●", 0x76: "❖", 0x77: "◆", 0x28: "☎", 0x2A: "✉"}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DROPPED_FIELDS = {"TOC", "TOA", "INDEX", "PAGE", "NUMPAGES", "SECTIONPAGES", "TC", "XE"}


@dataclass(slots=True)
class _Field:
    """A field whose end has not come; its result is shown from the separator on."""

    code: str = ""
    in_result: bool = False
    dropped: bool = False


@dataclass(slots=True)
class Words:
    """The words of one paragraph while its runs are read, in pieces of one old encoding (or none)."""

    pieces: list[tuple[str, str | None]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    bold: bool = True

    def add(self, text: str, scheme: str | None = None) -> None:
        # A letter of an old font can be two signs, which Word may put into two runs.
        if self.pieces and self.pieces[-1][1] == scheme:
            text = self.pieces.pop()[0] + text
        self.pieces.append((text, scheme))

    def text(self) -> str:
        """Return the words in NFC; a footnote mark stands right behind its word."""
        shown = "".join(repair(text, scheme) if scheme else text for text, scheme in self.pieces).replace("\u00ad", "")
        shown = re.sub(r"[ \u00a0\t]+((?:\x02\d+\x03)+)(?=(.?))", _close_up, shown)
        return unicodedata.normalize("NFC", shown.replace("\x02", "[").replace("\x03", "]"))


class RunReader:
    """Reads the runs of paragraphs in order: fields may go on over paragraphs, notes are numbered as they come."""

    def __init__(self, styles: Styles, root: etree._Element, notes: dict[tuple[str, str], str]) -> None:
        """Read runs under `root`; `notes` gets kind and id of each note in the order of the marks, with its own mark."""
        self._styles = styles
        self._notes = notes
        self._fields: list[_Field] = []
        self._loose = _loose_field_marks(root)
        self._bookmarks = _noted_bookmarks(root)

    def read(self, paragraph: etree._Element, style: Style) -> Words:
        """Return the words of a paragraph of a style, without its number."""
        words = Words()
        self._read_children(paragraph, style, words)
        return words

    @property
    def _is_shown(self) -> bool:
        return all(one.in_result and not one.dropped for one in self._fields)

    def _read_children(self, parent: etree._Element, style: Style, words: Words) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{W}r":
                self._read_run(child, style, words)
            elif tag in CONTAINERS:
                self._read_children(child, style, words)
            elif tag == f"{W}sdt":
                if not is_contents(child):
                    self._read_children(child, style, words)
            elif tag == f"{W}fldSimple":
                if _field_name(child.get(f"{W}instr", "")) not in _DROPPED_FIELDS:
                    self._read_children(child, style, words)
            elif tag == ALTERNATE:
                self._read_children(chosen(child), style, words)
            elif tag in (f"{_M}oMath", f"{_M}oMathPara") and self._is_shown:
                words.add(_formula(child))

    def _read_run(self, run: etree._Element, style: Style, words: Words) -> None:
        look = self._styles.look_of_run(run.find(f"{W}rPr"), style)
        custom: tuple[str, str] | None = None
        for child in run:
            tag = child.tag
            if tag == f"{W}fldChar":
                self._read_field_mark(child, words)
            elif tag == f"{W}instrText":
                if self._fields and not self._fields[-1].in_result:
                    self._fields[-1].code += child.text or ""
            elif look.hidden or not self._is_shown:
                continue
            elif tag in NOTE_REFERENCES:
                note = (NOTE_REFERENCES[tag], child.get(f"{W}id", ""))
                self._add_mark(note, words)
                custom = note if child.get(f"{W}customMarkFollows") in ("1", "true", "on") else None
            elif tag in _PICTURES:
                words.boxes.extend(_boxes(child))
            elif custom:
                self._notes[custom] += _sign(child)
            else:
                self._add(_sign(child), look, words)

    def _add(self, text: str, look: Look, words: Words) -> None:
        if not text:
            return
        if text.strip():
            words.bold = words.bold and bool(look.bold)
        if look.raised and re.fullmatch(r"\s*\d{1,3}\s*", text):
            text = text.translate(_RAISED)
        words.add(text, self._styles.scheme(look.font))

    def _add_mark(self, note: tuple[str, str], words: Words) -> None:
        self._notes.setdefault(note, "")
        # XML holds no control characters: no text of the file is taken for a mark.
        words.add(f"\x02{list(self._notes).index(note) + 1}\x03")

    def _read_field_mark(self, element: etree._Element, words: Words) -> None:
        if element in self._loose:
            return
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            self._fields.append(_Field())
        elif self._fields and kind == "separate":
            self._open_result(self._fields[-1], words)
        elif self._fields and kind == "end":
            self._fields.pop()

    def _open_result(self, opened: _Field, words: Words) -> None:
        opened.in_result = True
        name = _field_name(opened.code)
        note = self._bookmarks.get(opened.code.split()[1]) if name == "NOTEREF" and len(opened.code.split()) > 1 else None
        # A second mark of a note is a reference to the first one, formatted like it.
        if note and r"\f" in opened.code and self._is_shown:
            self._add_mark(note, words)
            opened.dropped = True
        elif name in _DROPPED_FIELDS:
            opened.dropped = True


def chosen(alternate: etree._Element) -> etree._Element:
    """Return the branch to read of content that is held twice: the newer one unless it has no text."""
    branches = [child for child in alternate if child.tag in (f"{_MC}Choice", f"{_MC}Fallback")]
    return next((branch for branch in branches if next(branch.iter(f"{W}t"), None) is not None), alternate if not branches else branches[0])


def is_contents(control: etree._Element) -> bool:
    """Tell whether a content control is a table of contents."""
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and "contents" in gallery.get(f"{W}val", "").lower()


def _sign(element: etree._Element) -> str:
    """Return what an element of a run shows."""
    if element.tag == f"{W}t":
        return "".join(map(_mapped, element.text or "")) if _has_private(element.text) else element.text or ""
    if element.tag == f"{W}sym":
        code = element.get(f"{W}char", "")
        return _symbol(int(code, 16), element.get(f"{W}font", "")) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", code) else ""
    return _PLAIN.get(element.tag, "")


def _has_private(text: str | None) -> bool:
    return bool(text) and any("\uf000" <= character <= "\uf0ff" for character in text)


def _mapped(character: str) -> str:
    return _symbol(ord(character), "") if "\uf000" <= character <= "\uf0ff" else character


def _symbol(code: int, font: str) -> str:
    place = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    first, second = (_WINGDINGS, _SYMBOL) if "wing" in font.lower() else (_SYMBOL, _WINGDINGS)
    if place in first:
        return first[place]
    if not font or code >= 0xF000:
        return second.get(place, "") if not font else ""
    return "" if "wing" in font.lower() or "webd" in font.lower() or not chr(code).isprintable() else chr(code)


def _boxes(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield the text boxes in a picture, those inside a box left to whoever reads the box."""
    for child in chosen(parent) if parent.tag == ALTERNATE else parent:
        if child.tag == BOX:
            yield child
        else:
            yield from _boxes(child)


def _close_up(match: re.Match[str]) -> str:
    following = match[2]
    return match[1] + (" " if following.isalnum() or following in ("(", "“") else "")


def _field_name(code: str) -> str:
    words = code.split()
    return words[0].upper() if words else ""


def _loose_field_marks(root: etree._Element) -> set[etree._Element]:
    """Return begin and separator marks of fields that never end: they would hide the rest of the document."""
    opened: list[list[etree._Element]] = []
    loose: set[etree._Element] = set()
    for mark in root.iter(f"{W}fldChar"):
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            opened.append([mark])
        elif not opened:
            loose.add(mark)
        elif kind == "end":
            opened.pop()
        else:
            opened[-1].append(mark)
    return loose.union(*opened)


def _noted_bookmarks(root: etree._Element) -> dict[str, tuple[str, str]]:
    """Return bookmark name → the note whose mark it encloses."""
    names: dict[str, str] = {}
    found: dict[str, tuple[str, str]] = {}
    for element in root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd", *NOTE_REFERENCES):
        if element.tag == f"{W}bookmarkStart":
            names[element.get(f"{W}id", "")] = element.get(f"{W}name", "")
        elif element.tag == f"{W}bookmarkEnd":
            names.pop(element.get(f"{W}id", ""), None)
        else:
            for name in names.values():
                found.setdefault(name, (NOTE_REFERENCES[element.tag], element.get(f"{W}id", "")))
    return found


def _formula(element: etree._Element) -> str:
    """Return an equation in one line: fractions as "a/b", powers as "a^b"."""
    parts = {child.tag: child for child in element}
    for tag, upper, lower, sign in (("f", "num", "den", "/"), ("sSup", "e", "sup", "^"), ("sSub", "e", "sub", "_")):
        if element.tag == f"{_M}{tag}" and f"{_M}{upper}" in parts and f"{_M}{lower}" in parts:
            return f"{_grouped(_formula(parts[f'{_M}{upper}']))}{sign}{_grouped(_formula(parts[f'{_M}{lower}']))}"
    if element.tag in (f"{_M}t", f"{W}t"):
        return element.text or ""
    if element.tag == f"{_M}d":
        return f"({''.join(_formula(child) for child in element)})"
    return "".join(_formula(child) for child in element if child.tag not in (f"{W}del", f"{W}moveFrom"))


def _grouped(words: str) -> str:
    return f"({words})" if re.search(r"[^\w.,%()]", words.strip()) else words.strip()
