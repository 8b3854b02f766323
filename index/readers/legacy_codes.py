"""The code tables of TCVN3, VNI and VPS: which character of a wrongly read text is which Vietnamese letter."""

from __future__ import annotations

import re
import unicodedata

# The letters of each scheme in the order of their codes; "_" is a code without a letter.
# TCVN 5712:1993 from 0xA1; the five codes from 0xB0 are tone marks there and ordinary signs in the fonts.
_TCVN3_LETTERS = (
    "ĂÂÊÔƠƯĐăâêôơưđẰ"
    "_____àảãáạẲằẳẵắẴ"
    "ẮẦẨẪẤỀặầẩẫấậèỂẻẽ"
    "éẹềểễếệìỉỄẾỒĩíịò"
    "Ổỏõóọồổỗốộờởỡớợù"
    "Ỗủũúụừửữứựỳỷỹýỵ"
    "Ố"
)
# VPS from 0x80; fourteen capitals stand among the control codes, and also share the code of their small letter.
_VPS_LETTERS = (
    "ÀẢÃẤẦẨọỗĂếềểệẮẰẲ"
    "Ế__ỀỂỄỐỒỔỖýỷỵỚỜỞ"
    "_ắằẳẵặỠớÙờởỡŨỨợỪ"
    "ổỬỲỸÍÌộỈĨÓửữÒỎÕự"
    "ầÁÂấẩẫậđẻÉÊẹỉễịỹ"
    "ƯỦồốÔỏơÈừứÚũưÝẺ_"
    "àáâãảạă_èéêẽìí_ĩ"
    "ẴĐòóôõ_Ơụùúủ_ỶẼỳ"
)
VPS_CONTROLS = dict(zip("\x02\x03\x04\x05\x06\x10\x11\x12\x13\x14\x15\x19\x1c\x1d", "ẠẬẶẸỆỊỌỘỢỤỰỴẪỮ", strict=True))
# VNI: a vowel and a second character for its hat, horn and tone; a few letters have one of their own.
_VNI_TONES = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_VNI_HATS = dict(zip("âàáåãä", ("", *"\u0300\u0301\u0309\u0303\u0323"), strict=True))
_VNI_BREVES = dict(zip("êèéúüë", ("", *"\u0300\u0301\u0309\u0303\u0323"), strict=True))
_VNI_ALONE = dict(zip("ìíæóòîñôö", "ìíỉĩịỵđơư", strict=True))


def join_marks(vowel: str, marks: str) -> str:
    """Return a vowel and its marks as one letter."""
    return unicodedata.normalize("NFC", vowel + marks)


def _vni_letters() -> dict[str, str]:
    """Return every letter of VNI, by its one or two small characters."""
    pairs = {vowel + sign: join_marks(letter, tone) for vowel, letter in zip("aeouyôö", "aeouyơư", strict=True)
             for sign, tone in _VNI_TONES.items()}
    pairs |= {vowel + sign: join_marks(vowel + "\u0302", tone) for vowel in "aeo" for sign, tone in _VNI_HATS.items()}
    return pairs | {"a" + sign: join_marks("ă", tone) for sign, tone in _VNI_BREVES.items()} | _VNI_ALONE


VNI = _vni_letters()
VNI_LETTER = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)), re.IGNORECASE)
_TCVN3 = {chr(0xA1 + k): letter for k, letter in enumerate(_TCVN3_LETTERS) if letter != "_"}
_VPS = {chr(0x80 + k): letter for k, letter in enumerate(_VPS_LETTERS) if letter != "_"} | VPS_CONTROLS
TABLES = {"tcvn3": _TCVN3, "vps": _VPS, "vni": {c: c for pair in VNI for c in pair + pair.upper() if c > "\x7f"}}
# Codes that stand for a small letter and for its capital: the capital has no code in the fonts in use.
EITHER = {
    "tcvn3": {c for c, letter in _TCVN3.items() if letter.islower() and letter not in "ăâêôơưđ"},
    "vps": {c for c, letter in _VPS.items() if letter.upper() in VPS_CONTROLS.values() and letter.islower()},
    "vni": set(),
}


def _wide_forms(encoding: str, codes: range) -> dict[int, str]:
    """Return character → code for what an encoding reads otherwise than Latin-1."""
    read = {code: bytes([code]).decode(encoding, "replace") for code in codes}
    return {ord(c): chr(code) for code, c in read.items() if c not in ("\ufffd", chr(code))}


# Codes from 0xC0 read as Windows-1258, from 0x80 as Windows-1252, and the latter's signs behind control codes.
AS_1258 = _wide_forms("cp1258", range(0xC0, 0x100))
AS_1252 = _wide_forms("cp1252", range(0x80, 0xA0))
SIGNS = {ord(code): chr(c) for c, code in AS_1252.items()}
# Some converters write a capital with a tone mark as the bare capital and the small letter: "Aµ" for À.
DOUBLED = re.compile(
    "|".join(f"{v}[{''.join(join_marks(letter, t) for letter in (v, v.lower()) for t in _VNI_TONES.values())}]" for v in "AĂÂEÊIÔƠUƯY")
)
