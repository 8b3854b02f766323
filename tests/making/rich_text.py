"""Make RTF files out of plain-text reports: footnotes, bullets, tables, in Unicode, a code page or an old font."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import groupby

_NOTE = re.compile(r"^\[(\d+)\]\s+")
_MARK = re.compile(r"\[(\d+)\]")
_HEADING = re.compile(r"^\d+(?:\.\d+)*\.\s")
_FONTS = (
    r"{\fonttbl{\f0\froman\fcharset0\fprq2{\*\panose 02020603050405020304}Times New Roman{\*\falt Times};}{\f1\fnil\fcharset2 Symbol;}"
    r"{\f2\fnil\fcharset163 Arial;}{\f3\fnil\fcharset0 .VnTime;}{\f4\fnil\fcharset0 VNI-Times;}{\f5\fnil\fcharset0 .VnTimeH;}}"
)
_STYLES = r"{\stylesheet{\ql\fi0 \snext0 Normal;}{\s1\ql\keepn\b \sbasedon0 \snext0 heading 1;}{\s2\ql\b heading 2;}{\*\cs10 \additive Default Paragraph Font;}}"


def in_unicode(text: str) -> str:
    """Write each letter as Word does: its number, and "?" for readers that know none."""
    return "".join(_escape(c) if c < "\x80" else f"\\u{ord(c) - 0x10000 if ord(c) > 0x7FFF else ord(c)}?" for c in text)


def in_1258(text: str) -> str:
    """Write in the Vietnamese code page of Windows, tone marks as characters of their own."""
    written = []
    for c in unicodedata.normalize("NFC", text):
        try:
            data = c.encode("cp1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", c)
            tone = next(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
            data = unicodedata.normalize("NFC", marks.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
        written += [_escape(c)] if c < "\x80" else [f"\\'{byte:02x}" for byte in data]
    return "{\\f2 " + "".join(written) + "}"


def in_font(encode: Callable[[str], bytes], font: int) -> Callable[[str], str]:
    """Return a writer of text in an old font."""
    def write(text: str) -> str:
        return f"{{\\f{font} " + "".join(_escape(chr(byte)) if byte < 0x80 else f"\\'{byte:02x}" for byte in encode(text)) + "}"
    return write


def make_rtf(text: str, write: Callable[[str], str] = in_unicode) -> bytes:
    """Return an RTF file of a report: its "[n]" are footnotes, its "- " bullets, its tabs the cells of tables."""
    lines = [line for line in text.split("\n") if line.strip()]
    notes = {m[1]: line[m.end():] for line in lines if (m := _NOTE.match(line))}
    parts = []
    for is_row, group in groupby((line for line in lines if not _NOTE.match(line)), key=lambda line: "\t" in line):
        parts += [_row(line, write) for line in group] if is_row else [_paragraph(line, notes, write) for line in group]
    head = r"{\rtf1\ansi\ansicpg1252\uc1\deff0\deflang1066" + _FONTS + r"{\colortbl;\red0\green0\blue0;}" + _STYLES + r"{\info{\title Mau}{\author An Danh}}"
    frame = r"{\header \pard HEADER\par}{\footer \pard \chpgn\par}\paperw11907 "
    return (head + frame + "\n".join(parts) + "}").encode("ascii")


def _paragraph(line: str, notes: dict[str, str], write: Callable[[str], str]) -> str:
    bullet = line.startswith("- ")
    style = r"\s1\b\outlinelevel0 " if _HEADING.match(line) and len(line) < 120 else ""
    marker = r"{\listtext\pard\plain\f1 \'b7\tab}" if bullet else ""
    pieces, position = [], 2 if bullet else 0
    for mark in _MARK.finditer(line):
        pieces.append(write(line[position:mark.start()]))
        pieces.append(r"{\super\chftn{\footnote\pard\plain \s15\fs20 {\super\chftn} " + write(notes.get(mark[1], "")) + "}}")
        position = mark.end()
    pieces.append(write(line[position:]))
    return r"\pard\plain " + style + marker + "".join(pieces) + r"\par"


def _row(line: str, write: Callable[[str], str]) -> str:
    cells = line.split("\t")
    edges = "".join(f"\\clbrdrt\\brdrs\\cellx{2000 * (k + 1)}" for k in range(len(cells)))
    return r"\trowd\trgaph108" + edges + r"\pard\intbl " + "".join(write(cell) + r"\cell " for cell in cells) + r"\row\pard"


def _escape(character: str) -> str:
    return "\\" + character if character in "\\{}" else character
