"""Questions typed without diacritics or with slips: the likeliest reading by the words reports use."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from index.text import fold, place_tones, tokenise

_OTHER_I = 0.3
_LONE_I = re.compile(r"(?:h|k|l|m|s|t|qu)[iy]")
_WORD = re.compile(r"[^\W\d_]+")
# Costs of a reading: unmarked words in an unmarked question are free, a marked word that is known is dear.
_UNMARKED, _MARKED, _UNKNOWN, _EDITED = 4.5, 8.0, 1.5, 6.0
# In a question typed with care a marked word that no report uses is more likely new than wrong.
_CAREFUL = 16.0
_SMOOTHING = 0.35
# The share of known words below which a text is in another language, or in none.
_KNOWN = 1 / 3
# The longest syllable ("nghiêng") with one letter too many. A longer word is no slip of one letter,
# and a word of thousands of letters would have gigabytes of forms one letter away.
_LONGEST_SLIP = 8


class Vocabulary:
    """How often each syllable and each pair of syllables occurs, and which forms share a folded form."""

    def __init__(self) -> None:
        self.single: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        self.forms: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, texts: Iterable[str], *, weight: int = 1) -> None:
        """Count the syllables and pairs of texts; `weight` times each."""
        for text in texts:
            tokens = [token for token in tokenise(text) if token[0].isalpha()]
            self.single.update(dict.fromkeys(tokens, 0))
            for token in tokens:
                self.single[token] += weight
            for pair in zip(tokens, tokens[1:]):
                self.pairs[pair] += weight
            for token in set(tokens):
                self.forms[fold(token)].add(token)

    def add_counts(self, lines: Iterable[str]) -> None:
        """Count from lines "syllable<TAB>n" and "syllable syllable<TAB>n"."""
        for line in lines:
            words, _, count = line.rstrip("\n").partition("\t")
            first, _, second = words.partition(" ")
            if second:
                self.pairs[first, second] += int(count)
            elif first:
                self.single[first] += int(count)
                self.forms[fold(first)].add(first)


@lru_cache(maxsize=1)
def general_counts() -> tuple[str, ...]:
    """Return the lines of the shipped table of general administrative Vietnamese."""
    return tuple((files("assistant") / "data" / "syllables.tsv").read_text(encoding="utf-8").splitlines())


def is_bare(text: str) -> bool:
    """Tell whether a text was typed without diacritics."""
    words = _WORD.findall(text)
    return sum(word.lower() == fold(word) for word in words) >= 0.85 * len(words)


def is_foreign(text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether most words of a text, of three at least, are neither Vietnamese nor in a report.

    One known word with its diacritics is enough to be Vietnamese: "GN KP BĐG đạt bao nhiêu" is.
    """
    words = [word.lower() for word in _WORD.findall(text)]
    if any(vocabulary.single[word] and word != fold(word) for word in words):
        return False
    known = sum(fold(word) in vocabulary.forms for word in words)
    return len(words) >= 3 and known < _KNOWN * len(words)


def restore(question: str, vocabulary: Vocabulary, *, bare: bool) -> str:
    """Return the question with its likeliest diacritics and slips mended; `bare` if typed without any.

    A Viterbi search over the forms that share a syllable's folded form (or lie one letter away
    from a syllable nobody uses); a syllable typed with a mark is changed only on strong evidence.
    """
    question = place_tones(question)
    words = [m for m in _WORD.finditer(question)]
    if not words:
        return question
    unknown = sum(not vocabulary.single[m.group().lower()] for m in words)
    careful = not bare and unknown <= 1 and len(words) >= 8 and not any(_lacks_marks(m.group(), vocabulary) for m in words)
    options = [_options(m.group(), vocabulary, bare=bare, careful=careful) for m in words]
    best = _best_path(options, vocabulary)
    parts, position = [], 0
    for match, form in zip(words, best):
        typed = match.group()
        parts += [question[position:match.start()], typed if form == typed.lower() else form]
        position = match.end()
    return "".join(parts) + question[position:]


def _lacks_marks(word: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a word is one of the reports' typed without its diacritics, and no other word."""
    typed = word.lower()
    return typed == fold(typed) and not word.isupper() and not vocabulary.single[typed] and typed in vocabulary.forms


def _options(word: str, vocabulary: Vocabulary, *, bare: bool, careful: bool) -> list[tuple[str, float]]:
    """Return (form, cost) of the readings of a typed word."""
    typed = word.lower()
    if word.isupper() and len(word) > 1:
        return [(typed, 0.0)]
    folded = fold(typed)
    known = vocabulary.single[typed] > 0
    if typed == folded:
        changed = 0.0 if bare else _UNMARKED if known else _UNKNOWN
    else:
        changed = _CAREFUL if careful else _MARKED if known else _UNKNOWN
    options = [(form, 0.0 if form == typed else changed) for form in vocabulary.forms.get(folded, ())]
    if typed == folded and _LONE_I.fullmatch(folded):
        # "tỉ lệ" and "tỷ lệ" are one word.
        other = folded[:-1] + ("y" if folded[-1] == "i" else "i")
        options += [(form, changed + _OTHER_I) for form in vocabulary.forms.get(other, ())]
    if not known and not options and 2 < len(folded) <= _LONGEST_SLIP:
        options += [(form, _EDITED) for near in _one_edit(folded) for form in vocabulary.forms.get(near, ())]
    if typed not in (form for form, _ in options):
        options.append((typed, 0.0 if known else 3.0))
    return sorted(options)


def _one_edit(word: str) -> set[str]:
    letters = "abcdeghiklmnopqrstuvxy"
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    inserted = {a + c + b for a, b in cuts for c in letters}
    deleted = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    replaced = {a + c + b[1:] for a, b in cuts if b for c in letters}
    return inserted | deleted | swapped | replaced


def _best_path(options: list[list[tuple[str, float]]], vocabulary: Vocabulary) -> list[str]:
    total = sum(vocabulary.single.values()) or 1
    paths: dict[str, tuple[float, list[str]]] = {"": (0.0, [])}
    for choices in options:
        following: dict[str, tuple[float, list[str]]] = {}
        for form, cost in choices:
            scored = (
                (spent + cost + _surprise(previous, form, vocabulary, total), [*path, form])
                for previous, (spent, path) in paths.items()
            )
            following[form] = min(scored, key=lambda pair: pair[0])
        paths = following
    return min(paths.values(), key=lambda pair: pair[0])[1]


def _surprise(previous: str, form: str, vocabulary: Vocabulary, total: int) -> float:
    alone = (vocabulary.single[form] + 0.1) / (total + 1)
    before = vocabulary.single[previous]
    together = vocabulary.pairs[previous, form] / before if before else 0.0
    return -math.log((1 - _SMOOTHING) * together + _SMOOTHING * alone)
