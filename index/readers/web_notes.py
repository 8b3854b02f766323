"""Footnotes of a web page: which links and raised numbers are marks, and which blocks are the bodies they belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml.etree import _Element

_LABEL = re.compile(r"^\s*[\[(]?\s*(\d{1,3}|[ivxlc]{1,6}|[a-z]|\*{1,4})\s*[\])]?\s*$")
_NUMBER = re.compile(r"^[\[(]?(\d{1,3})[\])]?$")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BACK = "↑^↩⏎▲"
_BLOCKS = frozenset("p li div td dd dt tr aside section article table body".split())
_MAX_BODY = 4000


@dataclass(slots=True)
class Notes:
    """Footnote marks with the number that each gets, and for each number the block with its body.

    `labels` are the marks as the page shows them, which also stand in front of the bodies.
    """

    marks: dict[_Element, int] = field(default_factory=dict)
    bodies: dict[int, _Element] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)

    def body_text(self, number: int, text: str) -> str:
        """Return a body without the mark in front of it and the arrows that lead back."""
        # A raised number comes out of the text raised.
        label = f"(?:{re.escape(self.labels[number])}|{re.escape(self.labels[number].translate(RAISED))})"
        text = re.sub(rf"^[\s{_BACK}]*(?:[\[(]\s*{label}\s*[\])]|{label}(?!\w)[.:)]?)?[\s{_BACK}:]*", "", text)
        return text.rstrip(" " + _BACK)


def find_notes(article: _Element, page: _Element) -> Notes:
    """Return the notes whose marks stand in the article; their bodies may stand elsewhere on the page."""
    notes = Notes()
    order = {element: k for k, element in enumerate(page.iter())}
    places = {name: element for element in reversed(order) for name in (element.get("id"), element.get("name")) if name}
    found: dict[_Element, int] = {}
    raised = _raised_bodies(article)
    for element in article.iter("a", "sup"):
        body, label = (_linked_body if element.tag == "a" else _raised_body)(element, places, raised)
        if body is None or order[body] <= order[element] or any(parent in notes.marks for parent in element.iterancestors()):
            continue
        number = found.setdefault(body, len(found) + 1)
        notes.marks[element] = number
        notes.bodies[number], notes.labels[number] = body, label
    return notes


def _linked_body(link: _Element, places: dict[str, _Element], raised: dict[str, _Element]) -> tuple[_Element | None, str]:
    """Return the block that a link such as "[1]" leads to, when it is the body of a note."""
    href = link.get("href") or ""
    label = _LABEL.match(_text(link))
    if not label or "#" not in href:
        return None, ""
    target = places.get(unquote(href.rpartition("#")[2]))
    block = target if target is None or target.tag in _BLOCKS else next((e for e in target.iterancestors() if e.tag in _BLOCKS), None)
    if block is None or any(parent is block for parent in link.iterancestors()):
        return None, ""
    whole = next((e for e in block.iterancestors("div") if "footnote" in (e.get("style") or "") or re.fullmatch(r"_?(?:ftn|edn)\d+", e.get("id") or "")), None)
    block = block if whole is None or "list" in (whole.get("style") or "") else whole
    text = _text(block)
    begins = re.match(rf"[\s{_BACK}]*[\[(]?\s*{re.escape(label[1])}(?!\w)", text)
    return (block, label[1]) if len(text) < _MAX_BODY and (begins or block.tag == "li") else (None, "")


def _raised_bodies(article: _Element) -> dict[str, _Element]:
    """Return number → the last block that begins with this number raised: "¹ Nghị quyết …" at the end."""
    bodies = {}
    for sup in article.iter("sup"):
        number = _NUMBER.match(_text(sup))
        block = next((e for e in sup.iterancestors() if e.tag in _BLOCKS), None)
        if number and block is not None and _text(block).startswith(_text(sup)) and len(_text(block)) < _MAX_BODY:
            bodies[number[1]] = block
    return bodies


def _raised_body(sup: _Element, places: dict[str, _Element], raised: dict[str, _Element]) -> tuple[_Element | None, str]:
    number = _NUMBER.match(_text(sup))
    body = raised.get(number[1]) if number else None
    if body is None or any(parent is body for parent in sup.iterancestors()):
        return None, ""
    return body, number[1]


def _text(element: _Element) -> str:
    return " ".join("".join(element.itertext()).split())
