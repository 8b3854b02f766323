"""From the bytes of a text file to NFC text: finds the encoding, refuses binary, knows nothing of structure."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from index import messages
from index.errors import ChooseAnotherFile
from index.readers.legacy import detect_scheme, repair

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "tệp nén hoặc Word/Excel (.docx, .xlsx, .zip)"),
    (b"\xd0\xcf\x11\xe0", "Word/Excel đời cũ (.doc, .xls)"),
    (b"{\\rtf", "RTF"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_VIETNAMESE = re.compile("[ăĂđĐơƠưƯ\u1ea0-\u1ef9]")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """Text in NFC without control characters, and what the user should know about it."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes) -> DecodedText:
    """Decode a text file; raise `ChooseAnotherFile` when it is empty, binary or in no known encoding.

    UTF-8, UTF-16 and UTF-32 with a byte order mark, UTF-8 and UTF-16 without, Windows-1258, and the
    schemes of old Vietnamese fonts, as single bytes or as such characters in Unicode.
    Strict UTF-8 goes first: text in another encoding is practically never valid UTF-8.
    """
    text, encoding = read_characters(data)
    # Before control characters go: VPS has letters among them.
    scheme = detect_scheme(text)
    if scheme:
        text = repair(text, scheme)
    # A tab or a form feed is content (table column, page end); other control characters are dirt.
    controls = len(_CONTROL.findall(text))
    if controls > max(8, len(text) // 100):
        raise ChooseAnotherFile(messages.READ_BINARY)
    if text.count("\ufffd") > max(8, len(text) // 100):
        raise ChooseAnotherFile(messages.READ_UNDECODABLE)
    text = unicodedata.normalize("NFC", _CONTROL.sub("", text))
    if not text.strip():
        raise ChooseAnotherFile(messages.READ_EMPTY)
    return DecodedText(text, encoding, _warnings(text, scheme))


def read_characters(data: bytes) -> tuple[str, str]:
    """Return the characters of a text file and its encoding; those of an old font are not yet repaired."""
    _refuse_binary(data)
    return _decode_unicode(data) or _decode_single_byte(data)


def _refuse_binary(data: bytes) -> None:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise ChooseAnotherFile(messages.read_other_format(kind))


def _decode_unicode(data: bytes) -> tuple[str, str] | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom):].decode(encoding, "replace"), encoding
    wide = _guess_utf16(data)
    if wide:
        return data.decode(wide, "replace"), wide
    if data.count(0) > len(data) // 1000:
        raise ChooseAnotherFile(messages.READ_BINARY)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_damaged_utf8(data)


def _guess_utf16(data: bytes) -> str | None:
    """Tell UTF-16 without a mark by its zero bytes: every ASCII letter, digit and space has one."""
    if len(data) < 4 or len(data) % 2:
        return None
    half = len(data) // 2
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if odd > half * 0.3 and even < half * 0.02:
        return "utf-16-le"
    if even > half * 0.3 and odd < half * 0.02:
        return "utf-16-be"
    return None


def _decode_damaged_utf8(data: bytes) -> tuple[str, str] | None:
    """Accept UTF-8 with a few broken bytes: at most one in a hundred of its non-ASCII characters."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    wide = sum(character > "\x7f" for character in text) - broken
    return (text, "utf-8") if broken <= max(1, wide // 100) and wide > broken else None


def _decode_single_byte(data: bytes) -> tuple[str, str]:
    try:
        text, encoding = data.decode("cp1258"), "cp1258"
    except UnicodeDecodeError:
        text, encoding = data.decode("latin-1"), "latin-1"
    if detect_scheme(text):
        return text, encoding
    # Windows-1258 writes most tone marks as characters of their own after the vowel.
    text = unicodedata.normalize("NFC", text)
    if encoding == "cp1258" and _VIETNAMESE.search(text) and len(_TONES.findall(text)) * 50 <= _wide_letters(text):
        return text, encoding
    raise ChooseAnotherFile(messages.READ_UNDECODABLE)


def _wide_letters(text: str) -> int:
    return sum(character > "\x7f" and character.isalpha() for character in text)


def _warnings(text: str, scheme: str | None) -> tuple[str, ...]:
    warnings = []
    if damaged := text.count("\ufffd"):
        warnings.append(messages.warn_damaged_characters(damaged))
    if scheme:
        warnings.append(messages.warn_old_font(scheme))
    return tuple(warnings)
