"""Footnotes of a web page: which links and raised numbers are marks, and which blocks are the bodies they belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml.etree import _Element

_LABEL = re.compile(r"^\s*[\[(]?\s*(\d{1,3}|[ivxlc]{1,6}|[a-z]|\*{1,4})\s*[\])]?\s*$")
_NUMBER = re.compile(r"^[\[(]?(\d{1,3})[\])]?$")
_BACK = "↑^↩⏎▲"
# The mark in front of a body, plain, in brackets or raised.
_FRONT = re.compile(
    rf"[\s{_BACK}]*(?:[\[(]\s*)?(?P<label>\d{{1,3}}|[⁰¹²³⁴-⁹]{{1,3}}|[ivxlc]{{1,6}}|[a-z]|\*{{1,4}})(?:\s*[\])]|(?!\w)[.:)]?)[\s{_BACK}:]*"
)
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
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
        front = _FRONT.match(text)
        return (text[front.end():] if front and _shown(front) == self.labels[number] else text).strip(f" {_BACK}")


def find_notes(article: _Element, page: _Element) -> Notes:
    """Return the notes whose marks stand in the article; their bodies may stand elsewhere on the page."""
    notes = Notes()
    order = {element: k for k, element in enumerate(page.iter())}
    places = {name: element for element in reversed(order) for name in (element.get("id"), element.get("name")) if name}
    found: dict[_Element, int] = {}
    texts = _Texts()
    raised = _raised_bodies(article, texts)
    for element in article.iter("a", "sup"):
        body, label = _linked_body(element, places, texts) if element.tag == "a" else _raised_body(element, raised)
        if body is None or order[body] <= order[element] or any(parent in notes.marks for parent in element.iterancestors()):
            continue
        number = found.setdefault(body, len(found) + 1)
        notes.marks[element] = number
        notes.bodies[number], notes.labels[number] = body, label
    return notes


def _linked_body(link: _Element, places: dict[str, _Element], texts: _Texts) -> tuple[_Element | None, str]:
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
    text = texts.of(block)
    front = _FRONT.match(text)
    begins = block.tag == "li" or (front is not None and _shown(front) == label[1])
    return (block, label[1]) if begins and len(text) < _MAX_BODY else (None, "")


def _shown(front: re.Match[str]) -> str:
    return front["label"].translate(_PLAIN)


def _raised_bodies(article: _Element, texts: _Texts) -> dict[str, _Element]:
    """Return number → the last block that begins with this number raised: "¹ Nghị quyết …" at the end."""
    bodies = {}
    for sup in article.iter("sup"):
        number = _NUMBER.match(_text(sup))
        block = next((e for e in sup.iterancestors() if e.tag in _BLOCKS), None) if number else None
        if block is not None and len(texts.of(block)) < _MAX_BODY and texts.of(block).startswith(_text(sup)):
            bodies[number[1]] = block
    return bodies


def _raised_body(sup: _Element, raised: dict[str, _Element]) -> tuple[_Element | None, str]:
    number = _NUMBER.match(_text(sup))
    body = raised.get(number[1]) if number else None
    if body is None or any(parent is body for parent in sup.iterancestors()):
        return None, ""
    return body, number[1]


class _Texts:
    """The text of blocks, put together once each: a block may hold thousands of raised figures."""

    def __init__(self) -> None:
        self._known: dict[_Element, str] = {}

    def of(self, block: _Element) -> str:
        """Return the text of a block with single spaces."""
        if block not in self._known:
            self._known[block] = _text(block)
        return self._known[block]


def _text(element: _Element) -> str:
    return " ".join("".join(element.itertext()).split())
