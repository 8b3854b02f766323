"""Vietnamese written for fonts from before Unicode (TCVN3, VNI, VPS): which scheme it is, and its real letters."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from index.readers.legacy_codes import AS_1252, AS_1258, DOUBLED, EITHER, SIGNS, TABLES, VNI, VNI_LETTER, VPS_CONTROLS
from index.readers.syllables import is_syllable

_SUBSET = re.compile(r"^[A-Z]{6}\+")
_STYLE = re.compile(r"(?:[,\-\s]*(?:bold|italic|oblique|regular|roman|mt|ps))+$", re.IGNORECASE)
_TCVN3_FONT = re.compile(r"\.vn\w|Vn[A-Z0-9]")
_VNI_FONT = re.compile(r"vni(?![a-z])|vni-?[a-z]*$", re.IGNORECASE)
_VPS_FONT = re.compile(r"vps", re.IGNORECASE)

_REAL = re.compile("[\u1ea0-\u1ef9]")
_WORDS = {scheme: re.compile(f"[A-Za-z{re.escape(''.join(table))}]+") for scheme, table in TABLES.items()}
_MARKED_WORD = re.compile(r"[^\s\d.,;:()/\[\]\"'?!“”‘’%+=*_|–—-]+")
_QUOTES = frozenset("‘’“”•–—…")
# The code of ư is that of the soft hyphen, which many programs drop: "đợc" was "được", "nh" was "như".
_DROPPED = re.compile("[ơờởỡớợ]")
_RESTORED = re.compile("ư[ơờởỡớợ]")
_NO_WORD = re.compile(r"\b([Nn]g(?=ời)|[Dd](?=ới)|[LlVv](?=ợt)|[Tt]r(?=ợt)|[Ll](?=ới)|m(?=ơi)|đầu t(?=\b))(ời|ới|ợt|ơi|)\b")
_LONE = re.compile(r"\b(nh|(?:[bcdđhklmnrstvxBCDĐHKLMNRSTVX]|[ctknp]h|[CTKNP]h|tr|Tr)(?=ng))((?:ng)?)\b(?=[ ,;.][^\W\d_]|$)")
_SENTENCE_END = re.compile(r"(?:[.!?…]|^)[\"“”()\s]*(?:(?:\d{1,2}[.)]|[a-zđ]\)|[-–+*•])\s*)*$")


def scheme_of_font(name: str) -> str | None:
    """Return the scheme that a font is made for: "tcvn3", "tcvn3-caps", "vni", "vps"; None for any other font."""
    name = _STYLE.sub("", _SUBSET.sub("", name.strip(" \"'")))
    if _TCVN3_FONT.match(name) or _TCVN3_FONT.match(name.lower()):
        return "tcvn3-caps" if name.endswith("H") or (name.islower() and name.endswith("h")) else "tcvn3"
    if _VNI_FONT.match(name):
        return "vni"
    return "vps" if _VPS_FONT.match(name) else None


def detect_scheme(text: str) -> str | None:
    """Return the scheme that a text, or some paragraphs of it, is written in; None for real Unicode and other languages.

    A word speaks for a scheme when its letters make a Vietnamese syllable in that scheme and none as they stand.
    """
    cells = {scheme: _Count() for scheme in TABLES}
    for cell in re.split(r"[\n\t]", text):
        if not cell.isascii():
            for scheme, total in cells.items():
                total.add(_count(cell, scheme))
        elif any(c in cell for c in VPS_CONTROLS):
            cells["vps"].add(_count(cell, "vps"))
    scheme, best = max(cells.items(), key=lambda item: item[1].gained - 2 * item[1].lost)
    enough = best.gained >= 4 or (best.gained >= 2 and not best.lost and not best.kept)
    return scheme if enough and best.gained > 2 * best.lost else None


def repair(text: str, scheme: str) -> str:
    """Return a text of a scheme in real letters (NFC); what is real Unicode already is left as it is.

    TCVN3 and VPS give a capital with a tone mark the code of its small letter: it is told by the letters
    and words beside it. "tcvn3-caps" is for the fonts that show small letters as capitals.
    """
    if scheme == "tcvn3-caps":
        return _upper(repair(text, "tcvn3"))
    parts = re.split(r"([\n\t])", text)
    # A cell that could be either goes with the one before it.
    real = False
    for k in range(0, len(parts), 2):
        cell = parts[k]
        if cell.isascii() and not (scheme == "vps" and any(c in cell for c in VPS_CONTROLS)):
            continue
        real = _is_real(cell, scheme, before=real)
        if not real:
            parts[k] = _repair_cell(cell, scheme, "".join(parts[max(0, k - 2):k]))
    repaired = unicodedata.normalize("NFC", "".join(parts))
    return _restore_dropped(repaired) if scheme == "tcvn3" and "\u00ad" not in text else repaired


@dataclass(slots=True)
class _Count:
    """Words with letters beyond ASCII: made syllables by a scheme, made none by it, syllables as they stand."""

    gained: int = 0
    lost: int = 0
    kept: int = 0

    def add(self, other: _Count) -> None:
        """Count a cell that the scheme makes more readable than it was; words of other cells do not speak against."""
        if other.gained > max(other.kept, 2 * other.lost):
            self.gained += other.gained
            self.lost += other.lost
            self.kept += other.kept


def _count(cell: str, scheme: str) -> _Count:
    """Judge the words of one cell."""
    count = _Count()
    for word, times in Counter(_words(cell, scheme)).items():
        as_read = is_syllable(word)
        if _REAL.search(word):
            count.kept += times * as_read
        elif is_syllable(_read(word, scheme)):
            # "NĐ" is an abbreviation more often than "né" read in another code page.
            count.gained += times * (not as_read and not any(ord(c) in AS_1258 for c in word))
        elif as_read:
            count.kept += times
        else:
            count.lost += times
    return count


def _words(cell: str, scheme: str) -> list[str]:
    controls = scheme == "vps"
    # A sign that stands alone is no word.
    return [word for word in _MARKED_WORD.findall(cell)
            if len(word) > 1 and (not word.isascii() or (controls and not word.isprintable()))]


def _is_real(cell: str, scheme: str, *, before: bool) -> bool:
    """Tell whether a cell is real Unicode; `before` is the answer for the cell before it."""
    count = _count(cell, scheme)
    if count.gained != count.kept:
        return count.kept > count.gained
    if _REAL.search(cell) or (count.gained == 0 and any(ord(c) in AS_1258 for c in cell)):
        return True
    return before and count.gained == 0


def _as_codes(text: str, scheme: str) -> str:
    """Return each character as the code that it was in the file, whatever code page it was read with."""
    return text.translate(AS_1258).translate(AS_1252 if scheme == "vps" else SIGNS)


@lru_cache(maxsize=20_000)
def _read(word: str, scheme: str) -> str:
    """Return one word in real letters, judged by itself."""
    return _repair_cell(word, scheme, "")


def _repair_cell(cell: str, scheme: str, before: str) -> str:
    cell = _as_codes(cell, scheme)
    if scheme == "vni":
        return VNI_LETTER.sub(_read_vni, cell)
    matches = list(_WORDS[scheme].finditer(cell))
    cases = _cases([match[0] for match in matches], scheme)
    pieces, position = [], 0
    for match, case in zip(matches, cases, strict=True):
        pieces.append(cell[position:match.start()])
        capital = _begins_sentence(cell, match.start(), before) or _begins_name(cell, match)
        pieces.append(_read_word(match[0], scheme, case, capital=capital))
        position = match.end()
    return "".join(pieces) + cell[position:]


def _read_vni(match: re.Match[str]) -> str:
    """The vowel says whether a letter is a capital; its second character is written in either case."""
    codes = match[0]
    letter = VNI[codes.lower()]
    return letter.upper() if codes[0].isupper() else letter


def _cases(words: list[str], scheme: str) -> list[str]:
    """Say of each word how its doubtful letters are written: "upper", "lower", or "title" (a capital in front)."""
    cases = [_case(word, scheme) for word in words]
    sure = [case if case != "open" and _is_word(word, scheme) else "" for word, case in zip(words, cases, strict=True)]
    before = list(accumulate(sure, _latest))
    after = list(accumulate(reversed(sure), _latest))[::-1]
    return [
        case if case != "open" else "upper" if {left, right} - {""} == {"upper"} else "title"
        for case, left, right in zip(cases, before, after, strict=True)
    ]


def _latest(known: str, case: str) -> str:
    return case or known


def _case(word: str, scheme: str) -> str:
    """Judge a word by its letters that have one case only; "open" when it has one capital or none at all."""
    sure = [TABLES[scheme].get(c, c) for c in word if c not in EITHER[scheme]]
    if any(letter.islower() for letter in sure):
        return "lower"
    return "upper" if len(sure) > 1 else "open"


def _is_word(word: str, scheme: str) -> bool:
    """Tell whether a word is a syllable of some length: an abbreviation in capitals says nothing of the words beside it."""
    return len(word) > 1 and is_syllable("".join(TABLES[scheme].get(c, c) for c in word).lower())


def _begins_sentence(cell: str, position: int, before: str) -> bool:
    """Tell whether a sentence begins at a position; `before` is the cell before this one and what parts them."""
    start = _SENTENCE_END.search(cell, max(0, position - 12), position)
    return bool(start) and (start.start() > 0 or cell[0] in ".!?…" or _ends(before))


def _ends(before: str) -> bool:
    line = before.rstrip()
    return before.endswith("\t") or len(line) < 50 or line[-1] in ".;:!?…”\""


def _begins_name(cell: str, match: re.Match[str]) -> bool:
    """Tell whether a name begins whose first letter has no capital in TCVN3: the agency "Ủy ban", "Ấn Độ", years of "Ất"."""
    following = cell[match.end():match.end() + 8]
    if match[0] == "ñy":
        return bool(re.match(r" ban(?! h)", following))
    return match[0] in ("Ên", "Êt") and bool(re.match(" [A-Z§]", following))


def _read_word(word: str, scheme: str, case: str, *, capital: bool) -> str:
    letters = [TABLES[scheme].get(c, c) for c in word]
    if case == "upper":
        letters = [letter.upper() for letter in letters]
    elif capital and word[0] in EITHER[scheme]:
        letters[0] = letters[0].upper()
    read = "".join(letters)
    if scheme == "vps":
        signs = [c if c in _QUOTES else letter for c, letter in zip(word.translate(SIGNS), letters, strict=True)]
        # VPS letters share codes with quotation marks and dashes: those stay signs where they make no word.
        return read if len(word) > 1 and is_syllable(read) else "".join(signs)
    read = DOUBLED.sub(lambda match: match[0][1].upper(), read)
    if _DROPPED.search(read) and not is_syllable(read) and is_syllable(full := _DROPPED.sub(r"ư\g<0>", read)):
        return full
    return read


def _restore_dropped(text: str) -> str:
    """Put back the ư that spelling does not ask for, in a text where it was dropped elsewhere."""
    if len(_RESTORED.findall(text)) < 3:
        return text
    return _LONE.sub(r"\1ư\2", _NO_WORD.sub(r"\1ư\2", text))


def _upper(text: str) -> str:
    return re.sub(r"[a-zà-ýăđĩũơưạ-ỹ]+", lambda match: match[0].upper(), text)
