"""From an RTF file to text: paragraphs, lists, tables and footnotes tied to their marks; nothing embedded is opened."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from index import messages
from index.errors import ChooseAnotherFile
from index.readers.rtf_characters import KNOWN, SIGNS, SKIPPED, Font, NameTable, code_page, decode
from index.readers.rtf_story import Story
from index.readers.runs import finish_text
from index.readers.source import SourceText

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])|(?P<brace>[{}])|[\r\n\x00]+|(?P<text>[^\\{}\r\n\x00]+)",
    re.DOTALL,
)
_BREAKS = frozenset(["par", "line", "sect", "page", "column"])
_MAX_DEPTH = 2000
_TYPED_MARK = re.compile(r"^(?:[*†]+|[⁰¹²³⁴-⁹]+)\s*")
_BULLETS = re.compile(r"^[•·o§ØüqvÞà→\-–*+]$")


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits from the one around it and what ends with it."""

    skip: bool = False
    font: int | None = None
    fallback: int = 1
    hidden: bool = False
    raised: bool = False
    target: str = ""


def read_rich_text(data: bytes) -> SourceText:
    """Read an RTF file; raise `ChooseAnotherFile` when it is none or holds no words."""
    start = data[:64].lstrip(b"\xef\xbb\xbf \r\n\t")
    if not start.startswith(b"{\\rtf"):
        raise ChooseAnotherFile(messages.READ_NO_RICH_TEXT)
    reader = _Reader()
    whole = reader.read(data)
    text, warnings = finish_text([*reader.body.lines, *reader.note_lines()], reader.repaired)
    if not text.strip():
        raise ChooseAnotherFile(messages.READ_EMPTY)
    return SourceText(text, "rtf", warnings if whole else (*warnings, messages.WARN_CUT_SHORT))


class _Reader:
    """Reads the tokens of a file one by one; a method for each kind of token."""

    def __init__(self) -> None:
        self.body = Story()
        self.repaired: set[str] = set()
        self._story = self.body
        self._outer: list[Story] = []
        self._notes: list[Story] = []
        self._state = _State()
        self._stack: list[_State] = []
        self._names = NameTable()
        self._page = "cp1252"
        self._default_font: int | None = None
        self._bytes = bytearray()
        self._to_skip = 0
        self._star = False
        self._half = 0

    def read(self, data: bytes) -> bool:
        """Read the whole file; tell whether its last group was closed."""
        position, opened = 0, False
        while match := _TOKEN.match(data, position):
            position = match.end()
            kind = match.lastgroup
            if kind == "brace":
                self._brace(match["brace"])
                opened = True
                if not self._stack:
                    break
            elif kind in ("word", "number"):
                word, number = match["word"].decode("ascii"), match["number"]
                if word == "bin":
                    # As many bytes of anything follow.
                    position += max(0, int(number or 0))
                else:
                    self._word(word, None if number is None else int(number))
            elif kind == "byte":
                self._byte(int(match["byte"], 16))
            elif kind == "sign":
                self._sign(match["sign"].decode("latin-1"))
            elif kind == "text":
                self._text(match["text"])
        closed = opened and not self._stack
        while self._stack:
            self._close()
        self._end_paragraph()
        self._story.end_table()
        return closed

    def note_lines(self) -> list[str]:
        """Return the footnotes, numbered in the order of their marks; a mark typed in front of a body goes."""
        return [f"[{k}] {_TYPED_MARK.sub('', ' '.join(filter(None, note.lines)))}" for k, note in enumerate(self._notes, 1)]

    def _brace(self, brace: bytes) -> None:
        self._flush()
        if brace == b"}":
            self._close()
        elif len(self._stack) < _MAX_DEPTH:
            self._stack.append(self._state)
            self._state = replace(self._state, target=self._state.target if self._state.target in ("fonttbl", "stylesheet") else "")
        else:
            raise ChooseAnotherFile(messages.READ_NO_RICH_TEXT)
        self._star = False
        self._to_skip = 0

    def _close(self) -> None:
        if not self._stack:
            return
        ended = self._state
        self._flush()
        if ended.target == "note":
            self._end_paragraph()
            self._story = self._outer.pop()
        elif ended.target == "listtext":
            self._end_marker()
        elif ended.target == "box":
            self._end_box()
        self._state = self._stack.pop()
        if ended.target in ("fonttbl", "stylesheet"):
            self._names.end(ended.target)

    def _word(self, word: str, number: int | None) -> None:
        star, self._star = self._star, False
        if word == "u":
            self._unicode(number or 0)
            return
        if self._to_skip and word in SIGNS:
            self._to_skip -= 1
            return
        self._flush()
        if word in ("fonttbl", "stylesheet"):
            self._state = replace(self._state, target=word)
        elif word in SKIPPED or (star and word not in KNOWN):
            self._state = replace(self._state, skip=True)
        elif self._state.target in ("fonttbl", "stylesheet"):
            self._names.set(word, number or 0)
        elif word == "ud":
            self._state = replace(self._state, skip=False)
        elif word == "upr":
            # Said twice: in the code page, and in Unicode in the group "\ud".
            self._state = replace(self._state, skip=True)
        elif not self._state.skip:
            self._format(word, number)

    def _format(self, word: str, number: int | None) -> None:
        story, on = self._story, number != 0
        if word == "f":
            self._state = replace(self._state, font=number)
        elif word == "deff":
            self._default_font = number
        elif word == "ansicpg":
            self._page = code_page(number)
        elif word == "mac":
            self._page = "mac_roman"
        elif word == "uc":
            self._state = replace(self._state, fallback=max(0, min(number or 0, 8)))
        elif word in ("v", "deleted"):
            self._state = replace(self._state, hidden=on)
        elif word == "plain":
            self._state = replace(self._state, font=None, hidden=False, raised=False)
        elif word in ("super", "nosupersub", "sub"):
            self._state = replace(self._state, raised=word == "super" and on)
        elif word in SIGNS:
            self._add(SIGNS[word])
        elif word in _BREAKS:
            self._end_paragraph()
        elif word == "pard":
            story.in_table, story.level = False, 0
        elif word == "s":
            story.level = self._names.levels.get(number or 0, 0)
        elif word == "outlinelevel":
            story.level = (number or 0) + 1 if (number or 0) < 6 else 0
        elif word in ("footnote", "endnote"):
            self._begin_note()
        elif word in ("listtext", "pntext"):
            self._begin_story("listtext")
        elif word == "shptxt":
            self._begin_story("box")
        else:
            self._table_word(word, number or 0)

    def _table_word(self, word: str, number: int) -> None:
        story = self._story
        if word == "intbl":
            story.in_table = True
        elif word == "trowd":
            story.table.define()
        elif word in ("clmrg", "clvmrg"):
            story.table.flag(word)
        elif word == "cellx":
            story.table.edge(number)
        elif word in ("cell", "nestcell"):
            story.in_table = True
            self._end_paragraph()
            if word == "cell":
                story.end_cell()
        elif word == "row":
            story.table.end_row()

    def _text(self, data: bytes) -> None:
        if self._state.skip:
            return
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        self._bytes += data[skipped:]
        self._star = False

    def _byte(self, value: int) -> None:
        if self._to_skip:
            self._to_skip -= 1
        else:
            self._bytes.append(value)

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._star = True
        elif sign in "\r\n":
            self._word("par", None)
        elif self._to_skip:
            self._to_skip -= 1
        elif sign in SIGNS:
            self._flush()
            self._add(SIGNS[sign])

    def _unicode(self, number: int) -> None:
        self._flush()
        self._to_skip = self._state.fallback
        code = number & 0xFFFF
        if 0xD800 <= code < 0xDC00:
            self._half = code
            return
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((self._half - 0xD800) << 10) + code - 0xDC00 if self._half else 0xFFFD
        self._half = 0
        # The private area is where symbol fonts have their bullets.
        self._add("•" if 0xF000 <= code <= 0xF0FF else chr(code))

    def _flush(self) -> None:
        if self._bytes:
            data = bytes(self._bytes)
            self._bytes.clear()
            self._add(decode(data, self._font(), self._page))

    def _font(self) -> Font:
        number = self._default_font if self._state.font is None else self._state.font
        return self._names.fonts.get(number if number is not None else -1, Font())

    def _add(self, text: str) -> None:
        state = self._state
        if state.skip or state.hidden:
            return
        if state.target in ("fonttbl", "stylesheet"):
            self._names.add(text, state.target)
        else:
            self._story.runs.add(text, self._font().scheme, raised=state.raised)

    def _begin_note(self) -> None:
        if self._state.target == "note" or len(self._outer) > 2:
            return
        self._notes.append(Story())
        self._story.runs.mark(len(self._notes))
        self._outer.append(self._story)
        self._story = self._notes[-1]
        self._state = replace(self._state, target="note", raised=False)

    def _begin_story(self, target: str) -> None:
        self._outer.append(self._story)
        self._story = Story()
        self._state = replace(self._state, target=target)

    def _end_box(self) -> None:
        """Put the words of a text box in front of the paragraph that it hangs on."""
        self._end_paragraph()
        self._story.end_table()
        lines = self._story.lines
        self._story = self._outer.pop()
        self._story.lines += lines

    def _end_marker(self) -> None:
        """Keep the number of a list item that the program wrote beside it; bullets are letters of a symbol font."""
        marker = self._story.runs.take(self.repaired)
        self._story = self._outer.pop()
        self._story.prefix = "- " if _BULLETS.match(marker) else f"{marker} " if marker else ""

    def _end_paragraph(self) -> None:
        self._flush()
        self._story.end_paragraph(self.repaired)
