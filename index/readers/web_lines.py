"""From an element of a web page to lines of text: headings, counted lists, tables, breaks and footnotes."""

from __future__ import annotations

import re

from lxml.etree import _Element

from index.readers.headings import write_heading
from index.readers.runs import Runs
from index.readers.web_fonts import Fonts
from index.readers.web_notes import Notes
from index.readers.web_tables import is_layout, layout_cells, read_cells, table_lines

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike strong sub "
    "sup time tt u var wbr nobr".split()
)
_DROPPED = frozenset("script style noscript template head title meta link iframe object embed svg math img button input select textarea xml".split())
_OWN_BULLET = re.compile(r"[-–—+*•●○▪■](?=\s*[^\d\s])")
_OWN_NUMBER = re.compile(r"\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zđA-ZĐ]|[IVXivx]{1,5})[.)]\s|\d{1,2}(?:\.\d{1,2})+[.)]?\s")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_MAX_DEPTH = 90


def read_lines(element: _Element, notes: Notes, fonts: Fonts) -> tuple[list[str], list[str]]:
    """Return the lines of an element, and the bodies of its footnotes as lines ("[1] …")."""
    bodies = set(notes.bodies.values())
    # The one h1 of a page is the title of what stands on it, several are headings of parts.
    writer = _Writer(notes, fonts, bodies, title_level=1 if len(list(element.iter("h1"))) == 1 else 0)
    writer.read(element)
    below = []
    for number, body in sorted(notes.bodies.items()):
        inner = _Writer(notes, fonts, bodies)
        inner.read(body)
        below.append(f"[{number}] {notes.body_text(number, ' '.join(filter(None, inner.lines)))}")
    return writer.lines, below


class _Writer:
    """Collects the pieces of a line with the font scheme of each, and writes the line at its end."""

    def __init__(self, notes: Notes, fonts: Fonts, skipped: set[_Element], *, title_level: int = 0) -> None:
        self.lines: list[str] = []
        self._title_level = title_level
        self._notes, self._fonts, self._skipped = notes, fonts, skipped
        self._runs = Runs()
        self._prefix = ""
        self._heading = 0

    def read(self, element: _Element, scheme: str | None = None) -> None:
        """Write the lines of an element."""
        self._children(element, self._fonts.scheme(element, scheme), 0, pre=element.tag == "pre")
        self._end_line()

    def _read(self, element: _Element, scheme: str | None, depth: int, *, pre: bool) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _DROPPED or element in self._skipped or _is_hidden(element):
            return
        if element in self._notes.marks:
            self._runs.mark(self._notes.marks[element])
            return
        scheme = self._fonts.scheme(element, scheme)
        if depth > _MAX_DEPTH:
            self._add("".join(element.itertext()), scheme, pre=pre)
        elif tag == "br":
            self._end_line()
        elif tag == "sup" and self._is_raised_number(element):
            self._runs.add("".join(element.itertext()), None, raised=True)
        elif "mso-list" in (element.get("style") or "") and "ignore" in element.get("style", "").lower():
            self._read_word_marker(element)
        elif tag in _INLINE or ":" in tag:
            self._children(element, scheme, depth, pre=pre)
        else:
            self._read_block(element, tag, scheme, depth, pre=pre or tag == "pre")

    def _is_raised_number(self, sup: _Element) -> bool:
        digits = "".join(sup.itertext()).strip()
        return digits.isascii() and digits.isdecimal() and not any(inner in self._notes.marks for inner in sup.iter())

    def _read_block(self, element: _Element, tag: str, scheme: str | None, depth: int, *, pre: bool) -> None:
        self._end_line()
        if tag in ("ol", "ul", "menu"):
            self._read_list(element, scheme, depth)
        elif tag == "table":
            self._read_table(element, scheme, depth)
        elif re.fullmatch("h[1-6]", tag):
            self._heading = int(tag[1])
            self._children(element, scheme, depth, pre=pre)
            self._end_line()
            self._heading = 0
        else:
            self._children(element, scheme, depth, pre=pre)
        self._end_line()

    def _children(self, element: _Element, scheme: str | None, depth: int, *, pre: bool) -> None:
        self._add(element.text, scheme, pre=pre)
        for child in element:
            self._read(child, scheme, depth + 1, pre=pre)
            self._add(child.tail, scheme, pre=pre)

    def _read_list(self, element: _Element, scheme: str | None, depth: int) -> None:
        items = [child for child in element if child.tag == "li"]
        counted = element.tag == "ol" and "none" not in (element.get("style") or "")
        step = -1 if element.get("reversed") is not None else 1
        number = _whole(element.get("start"), len(items) if step < 0 else 1)
        for child in element:
            if child.tag != "li":
                self._read(child, scheme, depth + 1, pre=False)
                continue
            number = _whole(child.get("value"), number)
            self._prefix = _marker(number, child.get("type") or element.get("type") or _style_type(element)) if counted else "- "
            self._read(child, scheme, depth + 1, pre=False)
            self._end_line()
            self._prefix = ""
            number += step

    def _read_word_marker(self, element: _Element) -> None:
        """Keep the number that Word wrote in front of a list item; its bullets are letters of a symbol font."""
        marker = " ".join("".join(element.itertext()).split())
        self._prefix = f"{marker} " if _OWN_NUMBER.match(marker + " ") and len(marker) > 1 else "- "

    def _read_table(self, element: _Element, scheme: str | None, depth: int) -> None:
        for caption in element.iterchildren("caption"):
            self._children(caption, scheme, depth, pre=False)
            self._end_line()
        rows = read_cells(element)
        if is_layout(element, rows):
            for cell in layout_cells(rows):
                self._read_block(cell, "td", scheme, depth + 3, pre=False)
            return
        self.lines += table_lines(rows, lambda cell: self._cell_text(cell, scheme, depth))

    def _cell_text(self, cell: _Element, scheme: str | None, depth: int) -> str:
        inner = _Writer(self._notes, self._fonts, self._skipped)
        if depth < _MAX_DEPTH:
            inner.read(cell, scheme)
        return " ".join(" ".join(inner.lines).split())

    def _add(self, text: str | None, scheme: str | None, *, pre: bool) -> None:
        if not text:
            return
        if not pre:
            self._runs.add(text, scheme)
            return
        first, *others = text.split("\n")
        self._runs.add(first, scheme)
        for line in others:
            self._end_line()
            self._runs.add(line, scheme)

    def _end_line(self) -> None:
        text = self._runs.take(self._fonts.repaired)
        if text:
            self.lines.append(self._begin(text))
            self._prefix = ""

    def _begin(self, text: str) -> str:
        """Put the item's number or bullet in front, unless it is typed out, and "#" before a heading without number."""
        own = _OWN_BULLET.match(text) or _OWN_NUMBER.match(text)
        text = text if own and self._prefix else self._prefix + text
        return write_heading(text, self._heading) if self._heading > self._title_level else text


def _is_hidden(element: _Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,5}", value.strip()) else otherwise


def _style_type(element: _Element) -> str:
    style = element.get("style") or ""
    kinds = {"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i", "upper-roman": "I"}
    return next((kind for name, kind in kinds.items() if name in style), "1")


def _marker(number: int, kind: str) -> str:
    """Write an item's number as a list of this kind shows it: "3. ", "c) ", "C. ", "III. "."""
    if kind in ("a", "A") and 0 < number <= 26:
        return f"{chr(ord(kind) + number - 1)}{')' if kind == 'a' else '.'} "
    if kind in ("i", "I") and 0 < number < 40:
        roman = "X" * (number // 10) + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[number % 10]
        return f"{roman if kind == 'I' else roman.lower()}. "
    return f"{number}. "
