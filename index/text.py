"""Vietnamese text: canonical form, folding, syllable tokens and index terms. Nothing about numbers' values."""

from __future__ import annotations

import hashlib
import re
import unicodedata

# Old and new placement of the tone mark in open syllables: hoà/hòa, khoẻ/khỏe, thuỷ/thủy.
_TONES = "\u0300\u0301\u0309\u0303\u0323"
_PLACEMENT = {
    unicodedata.normalize("NFC", first + second + tone): unicodedata.normalize("NFC", first + tone + second)
    for first, second in ("oa", "oe", "uy")
    for tone in _TONES
}
_OLD_PLACEMENT = re.compile(r"(?<!q)(?:" + "|".join(_PLACEMENT) + r")(?![^\W\d_])")

# The capital letters of Vietnamese, for a character class: a range such as À-Ỹ holds small ones too.
UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯ" + "".join(chr(c) for c in range(0x1EA0, 0x1EFA, 2))

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_VOWEL_FIRST = re.compile(r"^[aeiouyăâêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")
# Onsets that cannot stand alone as a word or a unit ("m", "g", "l" can be units after a digit).
_LONE_ONSETS = frozenset(
    "b c ch d đ g gh h k kh l m n ng ngh nh p ph q r s t th tr v x".split()
)
_PAGE_ENDINGS = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b]")
_INVISIBLE = re.compile(r"[\ufeff\u200b\u200c\u200d\u2060\u00ad]")


def normalise(text: str) -> str:
    """Return the text in NFC with `\\n` line ends, without invisible characters.

    NFC, never NFKC: NFKC turns "15²" into "152". Applying it twice changes nothing.
    """
    text = _PAGE_ENDINGS.sub("\n", text).replace("\x00", "")
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def hash_text(text: str) -> str:
    """Return the id of the report that has this canonical text: 12 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def fold(text: str) -> str:
    """Return the text in lower case without diacritics; đ becomes d. Length may change."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def place_tones(text: str) -> str:
    """Return lower-case NFC text with one placement of the tone mark (hoà and hòa become hòa)."""
    return _OLD_PLACEMENT.sub(lambda m: _PLACEMENT[m.group()], text)


def tokenise(text: str) -> list[str]:
    """Return lower-case syllables and numbers in order.

    One-letter words and digits are kept; "13.864" is one token. Syllables that a PDF's text
    layer broke behind their first consonants ("c òn") are joined.
    """
    raw = _TOKEN.findall(place_tones(unicodedata.normalize("NFC", text).lower()))
    tokens: list[str] = []
    for token in raw:
        broken = (
            tokens
            and tokens[-1] in _LONE_ONSETS
            and _VOWEL_FIRST.match(token)
            and not (len(tokens) > 1 and tokens[-2][0].isdigit())
        )
        if broken:
            tokens[-1] += token
        else:
            tokens.append(token)
    return tokens


def index_terms(text: str) -> list[str]:
    """Return the keyword terms of a text: its syllables, then their bigrams ("lao_động")."""
    tokens = tokenise(text)
    return tokens + [f"{a}_{b}" for a, b in zip(tokens, tokens[1:])]
