"""Abbreviations and synonyms of Vietnamese administration, from index/data.

General words only: what a report defines itself is read by `definitions.py`. Knows nothing of scores.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

from index.definitions import find_definitions
from index.text import fold, normalise, tokenise

__all__ = [
    "Abbreviations", "Synonyms", "expand_abbreviations", "find_definitions", "load_abbreviations", "load_synonyms",
    "synonyms_of",
]

CHAT_SECTION = "# chat"

# From this length on an abbreviation is also recognised in lower case and without diacritics ("tnld").
_SAFE_LENGTH = 4
_MAX_PARTS = 4  # of an abbreviation written with connectors: "LĐ-TB&XH" has three
_NONE: Mapping[str, str] = MappingProxyType({})

_CONNECTOR = r" ?[&–-] ?|, ?(?=[A-ZĐƠƯ])"
_SPLIT = re.compile(f"({_CONNECTOR})")
# A token that begins with a digit is taken whole, so that "118/KH-UBND" stays a document number.
_CHUNK = re.compile(
    rf"(?P<number>\d[^\s,;()]*)|(?P<words>[^\W\d]\w*(?:(?:{_CONNECTOR})[^\W\d]\w*)*)"
    r"(?P<dot>\.(?=[^\W\d_]| [A-ZĐÀ-Ỹ]))?"
)
_GLUED_UNIT = re.compile(r"(?P<number>\d+(?:\.\d+)*)(?P<unit>trđ|trd|tr)(?P<rest>/.*)?", re.IGNORECASE)
_DOCUMENT_KINDS = frozenset(
    "QĐ NQ KH BC CT CTr TB TTr CV HD KL NĐ TT TTLT ĐA PA GM TL".split()
)
_BEFORE_A_NAME = ("thành phố", "thị xã")  # what "TP." and "TX." stand for: their dot goes too
# What could be a Vietnamese word: "DA", "CA", "TE" in a heading in capitals are not abbreviations.
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx])?[aeiouyăâêôơư]{1,3}(?:ch|nh|ng|[cmnpt])?"
)
_WORD_BEFORE = re.compile(r"([^\W\d_]+) $")
_WORD_AFTER = re.compile(r" ([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """Abbreviation → long form. `exact` in its own case; `chat` in lower case, matched in any case;
    `lower` the forms of at least four letters in lower case, with and without diacritics."""

    exact: Mapping[str, str]
    chat: Mapping[str, str]
    lower: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Groups of interchangeable terms, the term of reports first, and phrases that are read whole.

    `others` maps a term as its tokens, joined by a space, to the other terms of its group; a phrase
    that is read whole maps to nothing. `lengths` maps the first token of a term to the numbers of tokens
    that terms beginning with it have.
    """

    groups: tuple[tuple[str, ...], ...]
    whole: frozenset[str]
    others: Mapping[str, tuple[str, ...]]
    lengths: Mapping[str, tuple[int, ...]]


@lru_cache(maxsize=1)
def load_abbreviations() -> Abbreviations:
    """Return the general abbreviations; read once."""
    general: dict[str, str] = {}
    chat: dict[str, str] = {}
    section = general
    for line in _read_lines("abbreviations.tsv"):
        if line.startswith("#"):
            section = chat if line.strip() == CHAT_SECTION else section
            continue
        short, long = line.split("\t")
        section[short] = long
    return Abbreviations(MappingProxyType(general), MappingProxyType(chat), MappingProxyType(_lower_forms(general)))


@lru_cache(maxsize=1)
def load_synonyms() -> Synonyms:
    """Return the groups of synonyms; read once."""
    lines = [tuple(line.split("\t")) for line in _read_lines("synonyms.tsv") if not line.startswith("#")]
    groups = tuple(line for line in lines if len(line) > 1)
    whole = frozenset(" ".join(tokenise(line[0])) for line in lines if len(line) == 1)
    others: dict[str, tuple[str, ...]] = dict.fromkeys(whole, ())
    for group in groups:
        for term in group:
            key = " ".join(tokenise(term))
            others[key] = others.get(key, ()) + tuple(other for other in group if other != term)
    lengths: dict[str, set[int]] = {}
    for tokens in map(str.split, others):
        lengths.setdefault(tokens[0], set()).add(len(tokens))
    return Synonyms(
        groups, whole, MappingProxyType(others),
        MappingProxyType({first: tuple(sorted(numbers)) for first, numbers in lengths.items()}),
    )


def expand_abbreviations(text: str, extra: Mapping[str, str] = _NONE, *, chat: bool = False) -> str:
    """Return the text in NFC with each whole-word abbreviation replaced by its long form.

    `extra`, such as what a report defines, comes before the general ones. With `chat`, what people type
    ("bn", "ko", "25tr") is replaced too. Document numbers ("118/KH-UBND") stay as they are.
    """
    words = _prepare(tuple(extra.items()), chat)
    plain = words.plain.get

    def replace(match: re.Match[str]) -> str:
        found = match[0]
        # Most words are in lower case and stand for nothing: one look-up, no further call.
        if found.isalpha() and found.islower():
            return plain(found, found)
        return _replace_chunk(match, words)

    return _CHUNK.sub(replace, normalise(text))


def synonyms_of(tokens: list[str]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return (start, end, the other terms of its group) for each known phrase of the tokens, in text order.

    `tokens` are lower-case syllables as `tokenise` returns them. Spans do not overlap; of two that
    would, the longer stands, and of equally long ones the first.
    """
    table = load_synonyms()
    phrases = [
        (-length, start, phrase)
        for start, token in enumerate(tokens)
        for length in table.lengths.get(token, ())
        if start + length <= len(tokens) and (phrase := " ".join(tokens[start:start + length])) in table.others
    ]
    taken = [False] * len(tokens)
    found: list[tuple[int, int, tuple[str, ...]]] = []
    for negative, start, phrase in sorted(phrases):
        end = start - negative
        if any(taken[start:end]):
            continue
        taken[start:end] = [True] * (end - start)
        if table.others[phrase]:
            found.append((start, end, table.others[phrase]))
    return sorted(found)


@lru_cache(maxsize=1)
def _formal_terms() -> Mapping[str, str]:
    """Return everyday and variant terms, as joined tokens, with the term reports use."""
    formal: dict[str, str] = {}
    for group in load_synonyms().groups:
        for term in group[1:]:
            formal.setdefault(" ".join(tokenise(term)), " ".join(tokenise(group[0])))
    return MappingProxyType(formal)


def in_report_terms(tokens: list[str]) -> list[str]:
    """Return the tokens with everyday phrases replaced by the terms that reports use."""
    formal = _formal_terms()
    replaced: list[str] = []
    position = 0
    for start, end, _ in synonyms_of(tokens):
        phrase = " ".join(tokens[start:end])
        replaced += tokens[position:start] + formal.get(phrase, phrase).split()
        position = end
    return replaced + tokens[position:]


def _read_lines(name: str) -> Iterator[str]:
    content = resources.files("index").joinpath("data", name).read_text(encoding="utf-8")
    return (line for line in content.splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class _Words:
    """The tables of one call merged: `exact` in its own case, `plain` for lower-case words, `typed` for chat."""

    exact: dict[str, str]
    plain: dict[str, str]
    typed: dict[str, str]

    def look_up(self, word: str) -> str | None:
        long = self.exact.get(word)
        if long is None and len(word) > 1:
            lower = word.lower()
            long = self.typed.get(lower) or (self.plain.get(lower) if len(word) >= _SAFE_LENGTH else None)
        return long


@lru_cache(maxsize=64)
def _prepare(extra: tuple[tuple[str, str], ...], chat: bool) -> _Words:
    table = load_abbreviations()
    own = {_join(short): long for short, long in extra}
    typed = dict(table.chat) if chat else {}
    exact = {**typed, **table.exact, **own}
    plain = {**table.lower, **typed, **_lower_forms(own), **{short: own[short] for short in own if short.islower()}}
    return _Words(exact, plain, typed)


def _join(short: str) -> str:
    return _SPLIT.sub("", short)


def _lower_forms(table: Mapping[str, str]) -> dict[str, str]:
    """Return lower-case and folded forms; those with two meanings, or that could be words, are left out."""
    forms: dict[str, set[str]] = {}
    for short, long in table.items():
        for form in {short.lower(), fold(short)}:
            if len(form) >= _SAFE_LENGTH and not _SYLLABLE.fullmatch(form):
                forms.setdefault(form, set()).add(long)
    return {form: longs.pop() for form, longs in forms.items() if len(longs) == 1}


def _replace_chunk(match: re.Match[str], words: _Words) -> str:
    """Expand one match of `_CHUNK`: a number, a word or a chain of words."""
    if match["number"]:
        return _split_unit(match["number"], words.typed)
    found, dot = match["words"], match["dot"] or ""
    long = words.look_up(found)
    if long is None:
        long = found if found.isalnum() else _expand_parts(found, words)
    elif found.isupper() and _SYLLABLE.fullmatch(found.lower()) and _stands_among_capitals(match, words):
        long = found
    if dot and long != found and long.endswith(_BEFORE_A_NAME):
        dot = "" if match.string.startswith(" ", match.end()) else " "
    return long + dot


def _expand_parts(chain: str, words: _Words) -> str:
    """Expand a chain such as "Sở LĐ-TB&XH": the longest known run of parts first."""
    pieces = _SPLIT.split(chain)
    parts, connectors = pieces[::2], [*pieces[1::2], ""]
    if parts[0] in _DOCUMENT_KINDS and "-" in connectors[0]:
        return chain
    out: list[str] = []
    start = 0
    while start < len(parts):
        for end in range(min(start + _MAX_PARTS, len(parts)), start, -1):
            long = words.look_up("".join(parts[start:end]))
            if long is not None or end == start + 1:
                break
        out += [long or parts[start], connectors[end - 1]]
        start = end
    return "".join(out)


def _split_unit(number: str, typed: dict[str, str]) -> str:
    """Return "25tr/ng" as "25 triệu/người"; a document number or a date as it is."""
    match = _GLUED_UNIT.fullmatch(number)
    if match is None or not typed:
        return number
    rest = (match["rest"] or "").split("/")
    return f"{match['number']} {typed[match['unit'].lower()]}" + "/".join(
        typed.get(word.lower(), word) for word in rest
    )


def _stands_among_capitals(match: re.Match[str], words: _Words) -> bool:
    neighbours = (
        _WORD_BEFORE.search(match.string, max(0, match.start() - 20), match.start()),
        _WORD_AFTER.match(match.string, match.end()),
    )
    return any(
        word and len(word[1]) > 1 and word[1].isupper() and words.look_up(word[1]) is None for word in neighbours
    )
