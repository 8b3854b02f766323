"""Makes files of old Office formats for tests, byte by byte: the container, and in it a workbook of Excel 97."""

from __future__ import annotations

import struct

_SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
# Shorter streams would stand in a container of their own.
_SHORTEST = 4096


def make_ole(streams: dict[str, bytes]) -> bytes:
    """Return a compound file with these streams, each filled up to whole sectors with zeros."""
    table: list[int] = [_TABLE]
    sectors: list[bytes] = []

    def put(content: bytes) -> int:
        first = len(table)
        parts = [content[i:i + _SECTOR].ljust(_SECTOR, b"\0") for i in range(0, len(content), _SECTOR)]
        sectors.extend(parts)
        table.extend([*range(first + 1, first + len(parts)), _END])
        return first

    contents = {name: content.ljust(_SHORTEST, b"\0") for name, content in streams.items()}
    places = {name: put(content) for name, content in contents.items()}
    entries = [_entry("Root Entry", 5, child=1, start=_END, size=0)]
    for number, (name, content) in enumerate(contents.items(), start=1):
        right = number + 1 if number < len(contents) else _FREE
        entries.append(_entry(name, 2, right=right, start=places[name], size=len(content)))
    directory = put(b"".join(entries))
    if len(table) > _SECTOR // 4:
        raise ValueError("more than one sector of the allocation table")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, directory, 0, _SHORTEST, _END, 0, _END, 0)
    head += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    rest = table + [_FREE] * (_SECTOR // 4 - len(table))
    return head + struct.pack(f"<{len(rest)}I", *rest) + b"".join(sectors)


def _entry(name: str, kind: int, *, right: int = _FREE, child: int = _FREE, start: int, size: int) -> bytes:
    letters = (name + "\0").encode("utf-16-le")
    return (
        letters.ljust(64, b"\0") + struct.pack("<HBBIII", len(letters), kind, 1, _FREE, right, child) + bytes(36)
        + struct.pack("<III", start, size, 0)
    )


def make_locked() -> bytes:
    """Return what Office writes for any .docx, .xlsx or .pptx with a password; the package is noise."""
    return make_ole({"EncryptionInfo": b"\x04\0\x04\0\x40\0\0\0<encryption/>", "EncryptedPackage": bytes(range(256)) * 20})


def make_xls(sheets: dict[str, list[list[str | float | None]]]) -> bytes:
    """Return a workbook of Excel 97 with the cells of each sheet."""
    font = struct.pack("<HHHHHBBBB", 260, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + _short("Times New Roman")
    style = struct.pack("<HHHBBBBIIH", 0, 0, 1, 0x20, 0, 0, 0, 0, 0, 0x20C0)
    before = _bof(0x0005) + _record(0x42, struct.pack("<H", 1200)) + _record(0x31, font) * 5
    before += _record(0x41E, struct.pack("<H", 164) + _long("#,##0")) + _record(0xE0, style) * 16
    after = _record(0x0A, b"")
    names = {name: _short(name) for name in sheets}
    place = len(before) + len(after) + sum(4 + 6 + len(name) for name in names.values())
    listing, bodies = b"", b""
    for name, rows in sheets.items():
        listing += _record(0x85, struct.pack("<IH", place + len(bodies), 0) + names[name])
        bodies += _sheet(rows)
    return make_ole({"Workbook": before + listing + after + bodies})


def _sheet(rows: list[list[str | float | None]]) -> bytes:
    cells = b""
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str):
                cells += _record(0x204, struct.pack("<HHH", r, c, 15) + _long(value))
            elif value is not None:
                cells += _record(0x203, struct.pack("<HHHd", r, c, 15, value))
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0)
    return _bof(0x0010) + _record(0x200, size) + cells + _record(0x0A, b"")


def _bof(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 1996, 0, 6))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _short(text: str) -> bytes:
    return struct.pack("<BB", len(text), 1) + text.encode("utf-16-le")


def _long(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")
