"""How large the compressed streams of a PDF become, found out before a PDF library unpacks them whole."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

# A page at 600 dpi in black and white has 4 MB, one at 300 dpi in colour 26 MB; the text of a page far less.
MAX_STREAM = 160_000_000
MAX_ALL = 3_000_000_000
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_CHUNK = 1 << 18
_DEPTH = 3


def is_bomb(data: bytes) -> bool:
    """Tell whether a stream, or all streams together, would unpack to more than a report can need."""
    everything = 0
    for match in _STREAM.finditer(data):
        size = 0
        for part in _inflate(_chunks(memoryview(data)[match.end():]), _DEPTH):
            size += len(part)
            if size > MAX_STREAM:
                return True
        everything += size
        if everything > MAX_ALL:
            return True
    return False


def _chunks(data: memoryview) -> Iterator[memoryview]:
    for start in range(0, len(data), 1 << 16):
        yield data[start:start + (1 << 16)]


def _inflate(parts: Iterator[memoryview | bytes], depth: int) -> Iterator[bytes]:
    """Yield the parts of an unpacked zlib stream, unpacked again where it holds another one; nothing when it is none."""
    first = next(parts, b"")
    if len(first) < 2 or first[0] & 15 != 8 or (first[0] * 256 + first[1]) % 31:
        return
    unpacked = _inflate_once(first, parts)
    head = next(unpacked, b"")
    if depth and len(head) > 1 and head[0] == 0x78 and not (head[0] * 256 + head[1]) % 31:
        yield from _inflate(_behind(head, unpacked), depth - 1)
    else:
        yield from _behind(head, unpacked)


def _behind(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest


def _inflate_once(first: memoryview | bytes, rest: Iterator[memoryview | bytes]) -> Iterator[bytes]:
    machine = zlib.decompressobj()
    for packed in _behind(first, rest):
        try:
            part = machine.decompress(packed, _CHUNK)
            while part:
                yield part
                part = machine.decompress(machine.unconsumed_tail, _CHUNK)
        except zlib.error:
            return
        if machine.eof:
            return
