"""Chooses the vocabulary pieces that Vietnamese and plain Latin text need."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from index.model_files import ModelFile

_WORD_START = "▁"
_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_LOWER = {unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES} | {"đ"}
VIETNAMESE = frozenset(_LOWER | {letter.upper() for letter in _LOWER})
_COMBINING = frozenset(_TONES[1:]) | {"\u0302", "\u0306", "\u031b"}
# Punctuation, symbols and numerals of the scripts around: these blocks hold what Vietnamese texts use.
_SYMBOL_LIMIT = 0x2C00
# No syllable is longer than "nghiêng". What is, without a Vietnamese letter, is of another language and
# stays only where its logarithmic frequency is above the limit: "website", "Facebook".
_SYLLABLE = 6
_COMMON = -13.0


def choose_pieces(pieces: Sequence[bytes], scores: Sequence[float] | np.ndarray, *, special: Sequence[int]) -> list[int]:
    """Return the positions of the pieces to keep, in order.

    Pieces over the kept characters stay, but for rare long ones of other languages, so that
    Vietnamese text is cut as before. `special` pieces stay in any case.
    """
    always = set(special)
    return [
        i for i, (piece, score) in enumerate(zip(pieces, scores, strict=True))
        if i in always or is_needed(piece.decode("utf-8"), float(score))
    ]


def special_pieces(model: ModelFile) -> tuple[int, ...]:
    """Return the positions of the control pieces; the mask is the last of all pieces."""
    return model.bos, model.pad, model.eos, model.unknown, len(model.pieces) - 1


def is_needed(piece: str, score: float = 0.0) -> bool:
    """Tell whether Vietnamese or plain Latin text needs a piece; `score` is its logarithmic frequency."""
    letters = piece.replace(_WORD_START, "")
    if len(letters) > _SYLLABLE and letters.isascii() and letters.isalpha() and score < _COMMON:
        return False
    # Single letters of the scripts next to ours: names such as "Köln" and signs such as "μg".
    if len(letters) == 1 and unicodedata.name(letters, "").startswith(("LATIN ", "GREEK ")):
        return True
    return all(map(is_kept, letters))


def is_kept(character: str) -> bool:
    """Tell whether a character is in the kept alphabet: ASCII, Vietnamese letters, common symbols."""
    if character.isascii() or character in VIETNAMESE or character in _COMBINING:
        return True
    if ord(character) >= _SYMBOL_LIMIT or character.isalpha():
        return False
    category = unicodedata.category(character)
    return category[0] in "PSZC" or category == "No"
