"""Bytes of an RTF file to characters: fonts, their code pages and old schemes, words that stand for signs or for groups to skip; and style names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.readers.legacy import scheme_of_font

_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}
_SYMBOL_CHARSET = 2
_SYMBOL_FONTS = ("symbol", "wingdings", "webdings", "zapfdingbats", "marlett")
_HEADING_STYLE = re.compile(r"(?:heading|tiêu đề|đầu đề)\s*([1-6])\b", re.IGNORECASE)
_SYMBOLS = {0xA3: "≤", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB8: "÷", 0xAE: "→", 0xDE: "⇒"}
# Groups whose words are no words of the document.
SKIPPED = frozenset(
    "colortbl info pict header headerl headerr headerf footer footerl footerr footerf ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn fldinst annotation atnid atnauthor "
    "atntime atnicn atnref atndate atnparent bkmkstart bkmkend listtable listoverridetable rsidtbl themedata datastore latentstyles xmlnstbl filetbl revtbl generator "
    "nonshppict objdata objclass template sp sv sn shprslt nonesttables tc xe rxe txe datafield formfield private mmathPr pntxta pntxtb background".split()
)
# Groups marked as unknown to old readers ("\*") that hold words of the document.
KNOWN = frozenset(["shpinst", "shptxt", "footnote", "endnote", "shppict", "ud", "pn"])
SIGNS = {
    "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "emspace": " ", "enspace": " ", "qmspace": " ", "~": "\u00a0", "_": "-", "-": "", "{": "{", "}": "}", "\\": "\\",
    "tab": " ", "zwj": "", "zwnj": "", "softline": " ",
}


@dataclass(frozen=True, slots=True)
class Font:
    """What the font table says of a font: its name and character set."""

    name: str = ""
    charset: int | None = None

    @property
    def scheme(self) -> str | None:
        """The scheme of an old Vietnamese font; None for any other."""
        return scheme_of_font(self.name)

    @property
    def is_symbol(self) -> bool:
        """Whether its letters are shown as signs."""
        return self.charset == _SYMBOL_CHARSET or self.name.lower().startswith(_SYMBOL_FONTS)


@dataclass(slots=True)
class NameTable:
    """The fonts of a file, and the heading levels of its styles; an entry is properties and a name that ends with ";"."""

    fonts: dict[int, Font] = field(default_factory=dict)
    levels: dict[int, int] = field(default_factory=dict)
    _named: list[str] = field(default_factory=list)
    _entry: dict[str, int] = field(default_factory=dict)

    def set(self, word: str, number: int) -> None:
        """Take in a property of the entry."""
        self._entry[word] = number

    def add(self, text: str, target: str) -> None:
        """Take in a part of the entry's name; `target` is "fonttbl" or "stylesheet"."""
        name, end, _ = text.partition(";")
        self._named.append(name)
        if end:
            self.end(target)

    def end(self, target: str) -> None:
        """Finish the entry, if it has a name."""
        name, entry = "".join(self._named).strip(), self._entry
        if not name:
            return
        if target == "fonttbl" and "f" in entry:
            self.fonts.setdefault(entry["f"], Font(name, entry.get("fcharset")))
        elif target == "stylesheet" and (level := _HEADING_STYLE.match(name)):
            self.levels[entry.get("s", 0)] = int(level[1])
        self._named, self._entry = [], {}


def decode(data: bytes, font: Font, page: str) -> str:
    """Decode bytes of text in a font; `page` is the code page of the file."""
    if font.is_symbol:
        return "".join(chr(byte) if byte < 0x80 else _SYMBOLS.get(byte, "•") for byte in data)
    if font.scheme:
        return data.decode("latin-1")
    encoding = _CHARSETS.get(font.charset or 0, page)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        # Bytes that a code page has no sign for: cp1252 and Latin-1 agree with it in most of the others.
        return data.decode("cp1252", "replace") if len(data) > 1 or data[0] >= 0xA0 else data.decode("latin-1")


def code_page(number: int | None) -> str:
    """Return the encoding of a Windows code page number, Windows-1252 for an unknown one."""
    name = {65001: "utf-8", 10000: "mac_roman"}.get(number or 0, f"cp{number}")
    try:
        b"a".decode(name)
    except LookupError:
        return "cp1252"
    return name
