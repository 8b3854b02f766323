"""Glyphs of a PDF page, in whatever order they are drawn, to words: by their places, not by the drawing order."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

from index.readers.page import Page, Word

# Fractions of the font size.
_SAME_LINE = 0.08
_DRAWN_TWICE = 0.1
_SPACE_WITH_SIGN = 0.1
_SPACE_WITHOUT_SIGN = 0.17
_REACH = 0.75
_ASCENT, _DESCENT = 0.75, 0.22
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_PATHS_OF_EMPTY_PAGE = 20
_WORDS_OF_STAMP = 40
# PDFium gives a hyphen at the end of a line as a control sign.
_SIGNS = {"\x02": "-", "\ufffe": "-", "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\t": " ", "\r": " ", "\n": " ", **_LIGATURES}
# Before a letter it is no superscript but a letter of a legacy font: "®¹t".
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴-⁹]+(?![^\W\d_⁰¹²³⁴-⁹])")
_HYPHENED = re.compile(r"[^\s\d.,;:()/-]+(?:-[^\s\d.,;:()/-]*)+")
_USUAL = re.compile(r"[\w\s.,;:!?()\[\]{}/%&+*=<>@#'\"“”‘’«»…–—°²³×±§$€|~^_\\•▪■●○◦➢✓❖\u00ad\uf000-\uf0ff-]")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One drawn sign: where its advance begins and ends, its baseline, the look and the legacy scheme of its font.

    `turns` is its direction in quarter turns, None when it is slanted. A sign that the file gives no
    character for is "\\ufffd".
    """

    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    bold: bool = False
    scheme: str | None = None
    turns: int | None = 0


def make_words(glyphs: Iterable[Glyph]) -> tuple[Word, ...]:
    """Return the words of a page, line by line; letters drawn apart from their marks are put together (NFC).

    What is written for a legacy font comes out in its real letters.
    """
    signs = [g if (text := _sign(g)) == g.text else replace(g, text=text) for g in glyphs]
    words: list[Word] = []
    for line in _group_lines(_join_marks(signs)):
        runs = list(_split_words(_drop_doubles(line)))
        for scheme, same in groupby(runs, key=lambda run: run[0].scheme):
            if scheme:
                words.extend(repair_words([_make_word(run) for run in same], scheme))
            else:
                words.extend(word for run in same for word in _make_words(run))
    return tuple(_raise_words(words))


def _sign(glyph: Glyph) -> str:
    if glyph.scheme is None:
        return _SIGNS.get(glyph.text, glyph.text)
    # Symbol fonts show the codes of their letters in the private use area.
    return chr(ord(glyph.text) & 0xFF) if "\uf020" <= glyph.text <= "\uf0ff" else glyph.text


def repair_words(words: Sequence[Word], scheme: str) -> list[Word]:
    """Return words of one line that are written for a legacy font in real letters; together, for they tell capitals."""
    from index.readers.legacy import repair

    texts = [_restore_horns(word.text) if scheme.startswith("tcvn3") else word.text for word in words]
    repaired = repair(" ".join(texts), scheme).split(" ")
    if len(repaired) != len(words):
        repaired = [repair(text, scheme) for text in texts]
    return [replace(word, text=text) for word, text in zip(words, repaired)]


def add_bullets(words: Sequence[Word], dots: Iterable[tuple[float, float, float, float]]) -> tuple[Word, ...]:
    """Return the words with a bullet for each dot that is drawn in front of a line: browsers draw theirs so."""
    bullets = []
    for x0, y0, x1, y1 in dots:
        middle = (y0 + y1) / 2
        beside = [word for word in words if word.y0 < middle < word.y1]
        first = min(beside, key=lambda word: word.x0, default=None)
        if first and 0 < first.x0 - x1 < 2.5 * first.size:
            bullets.append(Word("•", x0, first.y0, x1, first.y1, first.size))
    return (*words, *bullets)


def _restore_horns(word: str) -> str:
    """Give TCVN3 its letter ư back: its code is that of the soft hyphen, which fonts in PDF give out as a hyphen."""
    from index.readers.legacy import repair
    from index.readers.syllables import is_syllable

    def restore(match: re.Match[str]) -> str:
        letters = match.group().replace("-", "\u00ad")
        return letters if is_syllable(repair(letters, "tcvn3")) else match.group()

    return _HYPHENED.sub(restore, word)


def is_picture(page: Page, covered: float, paths: int) -> bool:
    """Tell whether a page must be read from its picture: nothing to read on it, or hardly more than a stamp.

    Args:
        page: what was read.
        covered: the part of the page that its largest picture covers.
        paths: how many figures are drawn; letters may be drawn that way, an empty page has few.
    """
    if not page.words:
        return covered > 0.02 or paths > _PATHS_OF_EMPTY_PAGE
    return is_garbage(page) or (covered > 0.6 and len(page.words) < _WORDS_OF_STAMP)


def is_garbage(page: Page) -> bool:
    """Tell whether the text of a page says nothing: signs without characters, or hardly any letter."""
    dense = "".join("".join(word.text.split()) for word in page.words)
    lost = dense.count("\ufffd") + sum(unicodedata.category(c) in ("Cc", "Cn", "Co") and not "\uf000" <= c <= "\uf0ff" for c in dense)
    return lost * 5 > len(dense) or len(_USUAL.findall(dense)) * 5 < len(dense) * 4


def _join_marks(glyphs: list[Glyph]) -> list[Glyph]:
    """Put combining marks behind the letter they stand over, which need not be the one drawn before them."""
    if not any(unicodedata.combining(g.text[0]) for g in glyphs):
        return glyphs
    bases = [g for g in glyphs if not unicodedata.combining(g.text[0])]
    joined = list(bases)
    last = -1
    for glyph in glyphs:
        if not unicodedata.combining(glyph.text[0]):
            last += 1
        elif last >= 0 and bases:
            near = last if _stands_over(glyph, bases[last]) else min(range(len(bases)), key=lambda k: _distance(glyph, bases[k]))
            if _stands_over(glyph, bases[near]):
                joined[near] = replace(joined[near], text=joined[near].text + glyph.text)
    return joined


def _stands_over(mark: Glyph, base: Glyph) -> bool:
    return _distance(mark, base) < _REACH and base.text != " "


def _distance(mark: Glyph, base: Glyph) -> float:
    """Return how far a mark is from a letter, in font sizes; its origin is at either end of the letter."""
    across = max(base.x0 - mark.x0, mark.x0 - base.x1, 0) * 3
    return (across + abs(mark.baseline - base.baseline)) / max(base.size, 1)


def _group_lines(glyphs: list[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the glyphs on one baseline, from left to right."""
    line: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda g: g.baseline):
        if line and glyph.baseline - line[-1].baseline > _SAME_LINE * max(glyph.size, 4):
            yield sorted(line, key=lambda g: g.x0)
            line = []
        line.append(glyph)
    if line:
        yield sorted(line, key=lambda g: g.x0)


def _drop_doubles(line: list[Glyph]) -> list[Glyph]:
    """Drop a sign that is drawn a second time a little beside the first: it is bold that way."""
    kept: list[Glyph] = []
    for glyph in line:
        twin = next((k for k in range(len(kept) - 1, max(len(kept) - 4, -1), -1) if _is_twin(kept[k], glyph)), None)
        if twin is None:
            kept.append(glyph)
        elif glyph.text != " ":
            kept[twin] = replace(kept[twin], bold=True)
    return kept


def _is_twin(first: Glyph, second: Glyph) -> bool:
    return first.text == second.text and second.x0 - first.x0 < _DRAWN_TWICE * first.size


def _split_words(line: list[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the runs of glyphs between spaces; a space is a gap, a space sign alone proves nothing."""
    word: list[Glyph] = []
    spaced = False
    for glyph in line:
        if glyph.text == " ":
            spaced = True
            continue
        if word:
            gap = (glyph.x0 - max(g.x1 for g in word[-2:])) / max(min(glyph.size, word[-1].size), 1)
            other_size = not 0.8 < glyph.size / max(word[-1].size, 0.1) < 1.25
            if gap > (_SPACE_WITH_SIGN if spaced else _SPACE_WITHOUT_SIGN) or other_size:
                yield word
                word = []
        word.append(glyph)
        spaced = False
    if word:
        yield word


def _make_words(run: list[Glyph]) -> Iterator[Word]:
    """Make the word of a run; superscript digits behind it or a part of it are words of their own."""
    position = 0
    for match in _SUPERSCRIPT.finditer("".join(g.text[0] for g in run)):
        if match.start() > position:
            yield _make_word(run[position:match.start()])
        yield replace(_make_word(run[match.start():match.end()]), raised=True)
        position = match.end()
    if position < len(run):
        yield _make_word(run[position:])


def _make_word(run: list[Glyph]) -> Word:
    text = "".join(g.text for g in run)
    size = median(g.size for g in run)
    baseline = run[0].baseline
    return Word(
        unicodedata.normalize("NFC", text), run[0].x0, baseline - _ASCENT * size, max(g.x1 for g in run),
        baseline + _DESCENT * size, size, bold=sum(g.bold for g in run) * 2 > len(run),
    )


def _raise_words(words: list[Word]) -> Iterator[Word]:
    """Mark the words that are small and stand high beside a larger one."""
    bottoms = [_baseline(word) for word in words]
    for word, bottom in zip(words, bottoms):
        if not word.raised and len(word.text) <= 5:
            neighbours = words[bisect_left(bottoms, bottom + 0.5):bisect_left(bottoms, bottom + 1.2 * word.size)]
            word = replace(word, raised=any(_is_raised(word, other) for other in neighbours))
        yield word


def _is_raised(word: Word, other: Word) -> bool:
    gap = max(word.x0 - other.x1, other.x0 - word.x1)
    lift = _baseline(other) - _baseline(word)
    return word.size < 0.85 * other.size and 0.12 * other.size < lift < 0.7 * other.size and gap < 0.6 * other.size


def _baseline(word: Word) -> float:
    return word.y1 - _DESCENT * word.size
