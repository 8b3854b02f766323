"""From a Word file (.docx, .docm; .doc and .odt through LibreOffice) to its text, in the conventions of `SourceText`."""

from __future__ import annotations

import re

from index import messages
from index.errors import ChooseAnotherFile
from index.lines import BULLET, RECIPIENTS
from index.readers.office import convert
from index.readers.source import SourceText
from index.readers.word_content import ContentReader, Line, Table
from index.readers.word_package import is_locked, open_word
from index.readers.word_tables import behind_first_word, flatten, is_layout, unfold, write_table
from index.structure import MAX_TITLE, has_heading_number, names_document

_ENDED = re.compile(r"[.;,:?!…]\s*(?:\[\d+\]\s*)*$")
_CAPTION = re.compile(r"^\W*(?:đvt|đơn\s+vị(?:\s+tính)?)\s*:|^kính\s+gửi\b", re.IGNORECASE)
_LONG = 120


def read_word(data: bytes) -> SourceText:
    """Read a .docx or .docm; raise `ChooseAnotherFile` with the reason when it cannot be read."""
    return SourceText(_read(data), "word")


def read_old_word(data: bytes) -> SourceText:
    """Read a .doc through LibreOffice; a .docx under that name is read as what it is."""
    if data.startswith(b"PK"):
        return read_word(data)
    return _read_converted(data, ".doc")


def read_open_document(data: bytes) -> SourceText:
    """Read an .odt through LibreOffice."""
    return _read_converted(data, ".odt")


def _read_converted(data: bytes, suffix: str) -> SourceText:
    if not data.strip():
        raise ChooseAnotherFile(messages.READ_EMPTY)
    if is_locked(data):
        raise ChooseAnotherFile(messages.WORD_LOCKED)
    return SourceText(_read(convert(data, suffix, "docx")), suffix[1:])


def _read(data: bytes) -> str:
    try:
        reader = ContentReader(open_word(data))
        lines = _Writer().write(reader.read_body())
        notes = [flatten(body) for body in reader.read_notes()]
    except RecursionError as error:
        raise ChooseAnotherFile(messages.WORD_DAMAGED) from error
    if not any(line.strip() for line in lines) and not any(notes):
        raise ChooseAnotherFile(messages.WORD_EMPTY)
    bodies = [f"[{number}] {body}" for number, body in enumerate(notes, 1) if body]
    return "\n".join([*lines, *([""] if bodies else []), *bodies])


class _Writer:
    """Writes content as lines and knows where in a document it is: in the head, in the body, or signed."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._in_head = True
        self._below_title = 0
        self._signed = False
        self._styled = 0

    def write(self, content: tuple[Line | Table, ...]) -> list[str]:
        """Return the lines of the document's content."""
        blocks = [block for top in content for block in _unfolded(top)]
        # A bold line is a heading when something follows that is none; captions and names under a signature are not.
        last = max((i for i, block in enumerate(blocks) if isinstance(block, Table) or not _looks_like_heading(block)), default=-1)
        for i, block in enumerate(blocks):
            if isinstance(block, Table):
                self._write_table(block)
            else:
                followed = i < last and not isinstance(blocks[i + 1], Table) and not _CAPTION.match(blocks[i + 1].text)
                self._write_line(block, may_be_heading=followed)
        return self._lines

    def _write_table(self, table: Table) -> None:
        # An empty line ends a table.
        self._lines += [*write_table(table), ""]

    def _write_line(self, line: Line, *, may_be_heading: bool) -> None:
        texts = _split_breaks(line)
        if not texts:
            return
        self._place(line, texts[0])
        level = self._heading_level(line, texts[0], may_be_heading=may_be_heading and len(texts) == 1)
        if level:
            self._in_head = self._signed = False
            if not has_heading_number(texts[0]):
                texts[0] = f"{'#' * min(level, 6)} {texts[0]}"
        self._lines += texts

    def _place(self, line: Line, text: str) -> None:
        """Notice where the head ends and where the signatures begin."""
        self._below_title = 3 if names_document(text) else self._below_title - 1
        self._signed = self._signed or bool(RECIPIENTS.match(text))
        said = len(text) >= _LONG and not line.centred or text.lower().startswith("kính gửi")
        if has_heading_number(text) or (said and self._below_title <= 0):
            self._in_head = False

    def _heading_level(self, line: Line, text: str, *, may_be_heading: bool) -> int:
        """Return the level of the heading that a line is, 0 for any other line."""
        if line.level is not None and len(text) <= MAX_TITLE and not _is_item(text):
            if self._in_head and (line.level == 0 or self._below_title > 0 or line.centred):
                return 0
            self._styled = max(line.level, 1)
            return self._styled
        if may_be_heading and not self._in_head and not self._signed and _looks_like_heading(line) and not has_heading_number(text):
            return self._styled + (1 if text.isupper() else 2)
        return 0


def _unfolded(block: Line | Table) -> list[Line | Table]:
    if isinstance(block, Table) and is_layout(block):
        return [inner for part in unfold(block) for inner in _unfolded(part)]
    return [block]


def _looks_like_heading(line: Line) -> bool:
    """Tell whether a line looks like a heading: short, all bold, without a number, no sentence and no lead-in."""
    text = line.text.strip()
    return (
        line.bold and not line.number and 4 < len(text) <= _LONG and len(text.split()) > 1 and text[0].isupper()
        and not _ENDED.search(text) and not BULLET.match(text) and not _CAPTION.match(text)
    )


def _is_item(text: str) -> bool:
    return bool(re.search(r"[.;,]\s*(?:\[\d+\]\s*)*$", text)) and len(text) > 60


def _split_breaks(line: Line) -> list[str]:
    """Return the lines of a paragraph: a line break divides it where a new statement, item or title line begins."""
    parts = [_clean(part) for part in line.text.split("\n")]
    lines: list[str] = []
    for part in filter(None, parts):
        if lines and not _begins_line(line, lines[-1], part):
            lines[-1] = f"{lines[-1]} {part}"
        else:
            lines.append(part)
    if lines:
        lines[0] = _clean(line.number) + (" " if line.number.endswith(" ") else "") + lines[0]
    return [behind_first_word(one) for one in lines]


def _begins_line(line: Line, before: str, part: str) -> bool:
    if line.level:
        return False
    return line.centred or bool(_ENDED.search(before)) or bool(BULLET.match(part)) or has_heading_number(part)


def _clean(text: str) -> str:
    """Return text with single blanks; a tab stays where it can set columns apart, not behind a number or in a long line."""
    text = re.sub(r"^(\S{1,8}[.)\-–+])?\s*\t+\s*", lambda match: f"{match[1]} " if match[1] else "", text.strip())
    if len(text) > _LONG:
        text = text.replace("\t", " ")
    return re.sub(r"[^\S\t]+", " ", re.sub(r"[^\S\t]*\t[^\S\t]*", "\t", text)).strip()
