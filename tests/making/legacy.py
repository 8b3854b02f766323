"""Write Vietnamese in the schemes of old fonts, by tables of their own (not those that read them)."""

from __future__ import annotations

import unicodedata

# Vowel by vowel: no tone, huyền, hỏi, ngã, sắc, nặng.
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_TCVN3 = {
    "a": "61 B5 B6 B7 B8 B9", "ă": "A8 BB BC BD BE C6", "â": "A9 C7 C8 C9 CA CB",
    "e": "65 CC CE CF D0 D1", "ê": "AA D2 D3 D4 D5 D6", "i": "69 D7 D8 DC DD DE",
    "o": "6F DF E1 E2 E3 E4", "ô": "AB E5 E6 E7 E8 E9", "ơ": "AC EA EB EC ED EE",
    "u": "75 EF F1 F2 F3 F4", "ư": "AD F5 F6 F7 F8 F9", "y": "79 FA FB FC FD FE",
}
_TCVN3_CAPITALS = {"Ă": 0xA1, "Â": 0xA2, "Ê": 0xA3, "Ô": 0xA4, "Ơ": 0xA5, "Ư": 0xA6, "Đ": 0xA7, "đ": 0xAE}
_VPS = {
    "a": "61 E0 E4 E3 E1 E5", "ă": "E6 A2 A3 A4 A1 A5", "â": "E2 C0 C4 C5 C3 C6",
    "e": "65 E8 C8 EB E9 CB", "ê": "EA 8A 8B CD 89 8C", "i": "69 EC CC EF ED CE",
    "o": "6F F2 D5 F5 F3 86", "ô": "F4 D2 B0 87 D3 B6", "ơ": "D6 A9 AA AB A7 AE",
    "u": "75 F9 FB DB FA F8", "ư": "DC D8 BA BB D9 BF", "y": "79 FF 9B CF 9A 9C",
    "A": "41 80 81 82 C1 02", "Ă": "88 8E 8F F0 8D 04", "Â": "C2 84 85 1C 83 03",
    "E": "45 D7 DE FE C9 05", "Ê": "CA 93 94 95 90 06", "I": "49 B5 B7 B8 B4 10",
    "O": "4F BC BD BE B9 11", "Ô": "D4 97 98 99 96 12", "Ơ": "F7 9E 9F A6 9D 13",
    "U": "55 A8 D1 AC DA 14", "Ư": "D0 AF B1 1D AD 15", "Y": "59 B2 FD B3 DD 19",
}
_VPS_CONSONANTS = {"đ": 0xC7, "Đ": 0xF1}
_VNI = {"ă": "aê", "â": "aâ", "ê": "eâ", "ô": "oâ", "ơ": "ô", "ư": "ö", "đ": "ñ"}
_VNI_WHOLE = {"ì": "ì", "í": "í", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î"}
_VNI_TONES = dict(zip(_TONES, ("", "ø", "û", "õ", "ù", "ï"), strict=True))
_VNI_HATTED = dict(zip(_TONES, ("â", "à", "å", "ã", "á", "ä"), strict=True))
_VNI_SHORT = dict(zip(_TONES, ("ê", "è", "ú", "ü", "é", "ë"), strict=True))

VOWELS = "aăâeêioôơuưy"
LETTERS = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in _TONES]
# The letters that ASCII lacks, small and capital: 134.
VIETNAMESE = [c for small in [*LETTERS, "đ"] for c in (small, small.upper()) if not c.isascii()]


def to_tcvn3(text: str) -> bytes:
    """Write in TCVN3: a capital with a tone mark has the code of its small letter, as keyboards gave it."""
    table = _codes(_TCVN3) | _TCVN3_CAPITALS
    return bytes(table.get(c) or table.get(c.lower()) or _other(c) for c in unicodedata.normalize("NFC", text))


def to_vps(text: str) -> bytes:
    """Write in VPS, which has a code for every letter, some of them among the control codes."""
    table = _codes(_VPS) | _VPS_CONSONANTS
    return bytes(table.get(c) or _other(c) for c in unicodedata.normalize("NFC", text))


def to_vni(text: str) -> bytes:
    """Write in VNI: a vowel and a second character, both in the case of the letter."""
    return b"".join(_vni(c) if c in VIETNAMESE else bytes([_other(c)]) for c in unicodedata.normalize("NFC", text))


def _codes(rows: dict[str, str]) -> dict[str, int]:
    return {
        unicodedata.normalize("NFC", vowel + tone): int(code, 16)
        for vowel, codes in rows.items()
        for tone, code in zip(_TONES, codes.split(), strict=True)
        if not unicodedata.normalize("NFC", vowel + tone).isascii()
    }


def _vni(letter: str) -> bytes:
    small = letter.lower()
    marks = unicodedata.normalize("NFD", small)
    tone = next((mark for mark in marks if mark in _VNI_TONES and mark), "")
    vowel = unicodedata.normalize("NFC", marks.replace(tone, "")) if tone else small
    if small in _VNI_WHOLE:
        written = _VNI_WHOLE[small]
    elif vowel in "âêô":
        written = _VNI[vowel][0] + _VNI_HATTED[tone]
    elif vowel == "ă":
        written = "a" + _VNI_SHORT[tone]
    else:
        written = _VNI.get(vowel, vowel) + _VNI_TONES[tone]
    return (written.upper() if letter.isupper() else written).encode("latin-1")


def _other(character: str) -> int:
    return character.encode("cp1252")[0]
