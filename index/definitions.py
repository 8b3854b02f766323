"""Abbreviations that a report defines itself: "người có công với cách mạng (NCC)".

Reads one text; the general abbreviations are in `lexicon.py`.
"""

from __future__ import annotations

import re

from index.text import fold, normalise

_ABBREVIATION = r"(?P<short>[^\W\d_]{1,10}(?: ?[&–-] ?[^\W\d_]{1,10}){0,3})"
_LEAD = r"(?:(?:sau|dưới|từ)\s+đây\s+)?(?:được\s+)?(?:gọi|viết)\s+(?:tắt|chung)(?:\s+(?:là|thành))?\s*(?::\s*)?"
_QUOTE = "[\"'“”‘’]?"
_DEFINITION = re.compile(
    rf"\(\s*(?:{_LEAD})?{_QUOTE}{_ABBREVIATION}{_QUOTE}\s*\)"
    rf"|(?:sau|dưới)\s+đây\s+{_LEAD}{_QUOTE}{_ABBREVIATION.replace('short', 'bare')}(?!\w)",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"[IVX]+")
_CLAUSE_END = re.compile(r"[.;:()\[\]\"“”!?]|\n[ \t]*\n|\n[ \t]*[-+•*]")
_WORD = re.compile(r"[^\W_]+")
_LOOK_BACK = 200  # characters; the longest names of offices have about 120
_LONGEST_TAIL = 5  # words between the last matched initial and the bracket
_SMALL_WORDS = frozenset(
    "và với các của về cho những trong tại ở đối là theo từ đến trên hay hoặc bằng do để".split()
)
_TAIL_ENDS = frozenset(
    "trên tại ở trong năm của thuộc đã được từ do tỉnh huyện xã phường quận thị thành trung toàn cả cấp".split()
)
_LEVELS = frozenset(["tỉnh", "huyện", "xã", "phường", "quận"])


def find_definitions(text: str) -> dict[str, str]:
    """Return the abbreviations that the text defines, "người có công với cách mạng (NCC)", with their long forms.

    The long form is the words before the bracket whose initials spell the abbreviation; one whose
    initials do not is left out. The first definition of an abbreviation counts.
    """
    text = normalise(text)
    found: dict[str, str] = {}
    for match in _DEFINITION.finditer(text):
        short = re.sub(r"\s", "", match["short"] or match["bare"])
        letters = _initial_letters(short)
        if letters and short not in found:
            long = _spell_out(_clause_before(text, match.start()), letters)
            if long:
                found[short] = long
    return found


def _initial_letters(short: str) -> str | None:
    """Return the letters to be matched ("TTg" has two), or None for what is no abbreviation."""
    parts = re.split(r"[&–-]", short)
    capitals = "".join(c for part in parts for c in part if c.isupper())
    lower = sum(c.islower() for part in parts for c in part)
    if len(capitals) < 2 or lower > 2 or not short[0].isupper() or _ROMAN.fullmatch(short):
        return None
    return "".join(_base(c) for c in capitals)


def _base(letter: str) -> str:
    letter = letter.lower()
    return letter if letter == "đ" else fold(letter)


def _clause_before(text: str, position: int) -> str:
    before = text[max(0, position - _LOOK_BACK):position]
    if position > _LOOK_BACK:
        before = before[before.find(" ") + 1:]
    return _CLAUSE_END.split(before)[-1].rstrip(" \n,")


def _spell_out(clause: str, letters: str) -> str | None:
    """Return the words of the clause that the letters stand for, or None."""
    words = list(_WORD.finditer(clause))
    best: tuple[int, int, int] | None = None
    for start in range(len(words)):
        if not _stands_for(letters[0], words[start][0]):
            continue
        end = _match_initials(words, start, letters)
        if end is None or not _is_fit_tail(clause, words, end, letters):
            continue
        best = min(best, (len(words) - end, -start, end)) if best else (len(words) - end, -start, end)
    if best is None:
        return None
    start, end = -best[1], _end_of_phrase(words, best[2])
    return " ".join(clause[words[start].start():words[end - 1].end()].split())


def _match_initials(words: list[re.Match[str]], position: int, letters: str) -> int | None:
    """Return the position behind the last matched word; only small words may be skipped."""
    if not letters:
        return position
    if position == len(words):
        return None
    word = words[position][0]
    if _stands_for(letters[0], word):
        end = _match_initials(words, position + 1, letters[1:])
        if end is not None:
            return end
    return _match_initials(words, position + 1, letters) if word.lower() in _SMALL_WORDS else None


def _stands_for(letter: str, word: str) -> bool:
    initial = _base(word[0])
    return letter == initial or (letter == "d" and initial == "đ")


def _is_fit_tail(clause: str, words: list[re.Match[str]], end: int, letters: str) -> bool:
    """Tell whether the unmatched words before the bracket may belong to the phrase."""
    tail = words[end:]
    if not tail:
        return True
    # Two letters are met by chance too often to stand away from their bracket.
    if len(letters) < 3:
        return all(word[0].lower() in _LEVELS for word in tail)
    if len(tail) > _LONGEST_TAIL:
        return False
    return "," not in clause[words[end - 1].end():] and not any(word[0][0].isdigit() for word in tail)


def _end_of_phrase(words: list[re.Match[str]], end: int) -> int:
    """Extend "người có công" by "với cách mạng"; other words behind the last initial are no part of it."""
    if end == len(words) or words[end][0] != "với":
        return end
    stop = end + 1
    while stop < len(words) and words[stop][0].islower() and words[stop][0] not in _TAIL_ENDS:
        stop += 1
    return stop if stop > end + 1 else end
