"""Changes files at random, as damage and malice do: bytes, blocks, numbers, tags, and what is packed inside archives and PDF streams."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from copy import deepcopy
from random import Random

from lxml import etree
from making.pdf import join_objects

Change = Callable[[bytes, Random], bytes]
_NUMBERS = (b"0", b"-1", b"1", b"255", b"65536", b"2147483648", b"-2147483649", b"9" * 20, b"9" * 400, b"1e309", b"NaN", b"0.0000001", b"")
_WORDS = (
    b"\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"<", b">", b"&", b"&#xD800;", b"&#0;", b"]]>", b"<![CDATA[", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;",
    b"{", b"}", b"\\bin9999999 ", b"\\u-1?", b"\\'", b'"', b"'", b"\r\n", b"\f", b"\t", b"[1]", b"[9999]", b"\xcc\x81", b"\xed\xa0\x80", b"\xef\xbf\xbf",
    b"<<", b">>", b"1 0 R", b"endobj", b"endstream", b"--", b"=?utf-8?B?//8=?=", b"<table>", b"<tr><td rowspan=65534 colspan=1000>", b"%n%n", b"../../",
)
_PIECE = re.compile(rb"<[^<>]*>|\\[a-zA-Z]+-?\d* ?|[{}]|[^<>\\{}]+|.", re.DOTALL)
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_OBJECT = re.compile(rb"\d+ 0 obj\n(.*?)\nendobj\n", re.DOTALL)
_STREAM = re.compile(rb"<</Filter/FlateDecode/Length \d+>>stream\n(.*)\nendstream", re.DOTALL)
_LARGEST = 300_000


def mutate(data: bytes, chooser: Random) -> bytes:
    """Return the file with one to four changes, half of them inside what is packed."""
    for _ in range(chooser.choice((1, 1, 2, 4))):
        data = _change_packed(data, chooser) if chooser.random() < 0.6 else _change(data, chooser)
    return data


def _change_packed(data: bytes, chooser: Random) -> bytes:
    if data.startswith(b"PK"):
        return _change_part(data, chooser)
    if data.startswith(b"%PDF"):
        return _change_object(data, chooser)
    return _change_piece(data, chooser)


def _change(data: bytes, chooser: Random) -> bytes:
    return chooser.choice((_flip, _flip, _cut, _remove, _insert, _swap, _repeat, _fill, _renumber))(data, chooser)


def _change_part(data: bytes, chooser: Random) -> bytes:
    """Change one part of an archive and pack it again, so that the checksum is right and the reader gets it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, NotImplementedError, RuntimeError):
        return _change(data, chooser)
    names = [name for name in parts if parts[name] and name.endswith((".xml", ".rels"))]
    if not names:
        return _change(data, chooser)
    # By size: where there is more, more can go wrong.
    name = chooser.choices(names, [len(parts[name]) ** 0.5 for name in names])[0]
    parts[name] = chooser.choice((_change_tree, _change_tree, _change_tree, _renumber, _change_piece, _change))(parts[name], chooser)
    if chooser.random() < 0.05:
        del parts[chooser.choice(list(parts))]
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return written.getvalue()


def _change_tree(data: bytes, chooser: Random) -> bytes:
    """Change the elements of XML and leave it well-formed, so that what knows the format has to cope."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return _change(data, chooser)
    for _ in range(chooser.choice((1, 1, 5, 20))):
        elements = list(root.iter("*"))
        one, other = chooser.choice(elements), chooser.choice(elements)
        way = chooser.randrange(8)
        if way == 0 and one is not root:
            one.getparent().remove(one)
        elif way == 1 and one is not root and len(elements) < 2000:
            for _ in range(chooser.choice((1, 10, 300))):
                one.addnext(deepcopy(one))
        elif way == 2 and one not in (root, *other.iterancestors()) and one is not other:
            other.append(one)
        elif way == 3:
            one[:] = reversed(one[:])
        elif way == 4 and one.attrib:
            del one.attrib[chooser.choice(one.attrib.keys())]
        elif way == 5 and one.attrib:
            one.set(chooser.choice(one.attrib.keys()), _odd_value(chooser, elements))
        elif way == 6:
            one.text = _odd_value(chooser, elements)
        elif one is not root:
            _wrap(one, chooser.choice((1, 10, 200)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _odd_value(chooser: Random, elements: list[etree._Element]) -> str:
    other = chooser.choice(elements)
    taken = chooser.choice([other.text or "", *map(str, other.attrib.values())])
    return chooser.choice((taken, taken, "", " ", "\u0301", "A" * 1000, "http://127.0.0.1:9/a", *(number.decode() for number in _NUMBERS)))


def _wrap(element: etree._Element, times: int) -> None:
    """Put an element into copies of itself, without their content."""
    for _ in range(times):
        outer = etree.Element(element.tag, dict(element.attrib))
        element.addprevious(outer)
        outer.append(element)


def _change_object(data: bytes, chooser: Random) -> bytes:
    """Change one object of a PDF, its stream unpacked, and write the table of objects anew."""
    objects = _OBJECT.findall(data)
    if not objects:
        return _change(data, chooser)
    place = chooser.randrange(len(objects))
    change = chooser.choice((_renumber, _change))
    if stream := _STREAM.fullmatch(objects[place]):
        try:
            packed = zlib.compress(change(zlib.decompress(stream[1]), chooser), 1)
        except zlib.error:
            return _change(data, chooser)
        objects[place] = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    else:
        objects[place] = change(objects[place], chooser)
    return join_objects(objects)


def _change_piece(data: bytes, chooser: Random) -> bytes:
    """Drop, double, swap or wrap tags, control words or the text between them."""
    pieces = _PIECE.findall(data)
    if not pieces:
        return _insert(data, chooser)
    one, other = chooser.randrange(len(pieces)), chooser.randrange(len(pieces))
    way = chooser.randrange(6)
    if way == 0:
        pieces[one] = b""
    elif way == 1:
        pieces[one] *= chooser.choice((2, 20, 300, 3000)) if len(pieces[one]) < 80 else 2
    elif way == 2:
        pieces[one], pieces[other] = pieces[other], pieces[one]
    elif way == 3:
        pieces[one] = pieces[other]
    elif way == 4:
        pieces[one] = _renumber(pieces[one], chooser)
    else:
        low, high = sorted((one, other))
        pieces[low:high] = pieces[low:high][:200] * chooser.choice((2, 10))
    return b"".join(pieces)


def _renumber(data: bytes, chooser: Random) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return _insert(data, chooser)
    match = chooser.choice(found)
    return data[:match.start()] + chooser.choice(_NUMBERS) + data[match.end():]


def _flip(data: bytes, chooser: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chooser.choice((1, 3, 20)) if data else 0):
        changed[chooser.randrange(len(data))] ^= 1 << chooser.randrange(8)
    return bytes(changed)


def _cut(data: bytes, chooser: Random) -> bytes:
    return data[:chooser.randrange(len(data) + 1)]


def _remove(data: bytes, chooser: Random) -> bytes:
    start, end = _span(data, chooser)
    return data[:start] + data[end:]


def _insert(data: bytes, chooser: Random) -> bytes:
    start = chooser.randrange(len(data) + 1)
    block = chooser.choice(_WORDS) if chooser.random() < 0.7 else chooser.randbytes(chooser.choice((1, 8, 200)))
    return data[:start] + block * chooser.choice((1, 1, 1, 50, 5000 if len(block) < 9 else 5)) + data[start:]


def _swap(data: bytes, chooser: Random) -> bytes:
    a, b, c, d = sorted(chooser.randrange(len(data) + 1) for _ in range(4))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _repeat(data: bytes, chooser: Random) -> bytes:
    start, end = _span(data, chooser)
    times = min(chooser.choice((2, 10, 1000)), _LARGEST // max(end - start, 1))
    return data[:end] + data[start:end] * times + data[end:]


def _fill(data: bytes, chooser: Random) -> bytes:
    start, end = _span(data, chooser)
    return data[:start] + chooser.choice((b"\0", b"\xff", b"\x7f", b" ", b"A")) * (end - start) + data[end:]


def _span(data: bytes, chooser: Random) -> tuple[int, int]:
    start = chooser.randrange(len(data) + 1)
    return start, min(len(data), start + chooser.choice((1, 4, 32, 512, 8192)))
