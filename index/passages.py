"""Blocks to passages and clauses, and the texts of them that are embedded and indexed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from index.definitions import find_definitions
from index.lexicon import expand_abbreviations
from index.lines import BULLET, NUMBER_CELL, Block
from index.numbers import find_figures
from index.records import Clause, Passage, Report
from index.structure import Outline
from index.text import index_terms

BRACKET_MARK = re.compile(r"\[(\d{1,3}|\*+|[a-z])\]")
_UNIT_LINE = re.compile(r"(?:đvt|đơn vị(?: tính)?)\s*:\s*([^\t()]+)", re.IGNORECASE)
_ROW_NUMBER = re.compile(r"^(?:[A-ZĐ]|[IVX]+|\d+(?:\.\d+)*|[a-zđ]|[-–_*+])$")
_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯ" + "".join(chr(c) for c in range(0x1EA0, 0x1EFA, 2))
_SENTENCE_END = re.compile(
    rf"(?<=\S)[.!?…]+[”\"]?(?:\[\d{{1,3}}\])*(?=\s+[“\"(\[]?[{_UPPER}\d+–-]|\s*$)"
    rf"|(?<=[^\W\d_{_UPPER}][^\W\d_{_UPPER}])\.(?=[{_UPPER}][^\W\d_])|;(?=\s|$)"
)
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:TP|TT|TX|TS|ThS|PGS|GS|BS|KS|Tp|Tx|Q|P|H|đ/c|Đ/c|ĐC|tp|tx|số|Số)$")
_LIST_NUMBER = re.compile(r"^\W*(?:Điều\s+|Khoản\s+)?(?:\d{1,2}(?:\.\d+)*|[A-ZĐIVX]{1,4}|[a-zđ])$")
_BROKEN_GROUP = re.compile(r"\.\s\d{3}\b")
_SUBORDINATE = re.compile(r"^\W*(?:trong (?:đó|số đó|số này)|cụ thể|gồm|bao gồm|riêng|tổng (?:kinh phí|số tiền)|kết quả)\b", re.IGNORECASE)
_HEAD_WORDS = 24
_SPLIT_OVER = 700


def cut_passages(text: str, blocks: list[Block], starts: list[int], outline: Outline, note_marks: set[str]) -> list[Passage]:
    """Return the passages of a canonical text whose blocks start at these positions."""
    lead = _LeadIn()
    table = _Table()
    passages: list[Passage] = []
    for i, block in enumerate(blocks):
        section = outline.section_of[i]
        start = starts[i] + outline.title_lengths[i]
        end = starts[i] + len(block.text)
        if block.kind == "row":
            if not table.read_row(block.text):
                continue
            context = table.context()
            start += len(block.text) - len(block.text.lstrip())
        else:
            table.read_line(block.text)
            context = lead.context(block, section)
            lead.read(block, section)
        start += len(text[start:end]) - len(text[start:end].lstrip(" .:-–\t") if block.kind == "line" else text[start:end].lstrip())
        if block.kind == "footnote":
            start += note_body_offset(text[start:end])
        if start >= end:
            continue
        for piece_start, piece_end in _pieces(text, start, end):
            passages.append(Passage(
                index=len(passages),
                section=section,
                kind={"line": "paragraph"}.get(block.kind, block.kind),
                start=piece_start,
                end=piece_end,
                clauses=tuple(cut_clauses(text, piece_start, piece_end)) if block.kind != "row" else (Clause(piece_start, piece_end),),
                context=context,
                footnote=block.mark,
                marks=tuple(mark for mark, _ in find_marks(text, piece_start, piece_end, note_marks)) if block.kind != "footnote" else (),
            ))
    return passages


class _LeadIn:
    """The line that a bullet, an item or a sentence broken by a page goes on from."""

    def __init__(self) -> None:
        self.section = -1
        self.line = ""
        self.bullet = ""
        self.open_sentence = ""

    def context(self, block: Block, section: int) -> str:
        if section != self.section or block.kind == "footnote":
            return ""
        if block.kind == "bullet":
            nested = self.bullet if self.bullet and _bullet_sign(block.text) != _bullet_sign(self.bullet) else ""
            return " ".join(part for part in (self.line, _first_words(nested)) if part)
        if self.open_sentence and block.text[:1].islower():
            return self.open_sentence
        return self.line if re.match(r"^\(?(?:[a-zđ]|\d{1,2})\s?[.)]", block.text) else ""

    def read(self, block: Block, section: int) -> None:
        if block.kind == "footnote":
            return
        if section != self.section:
            self.section, self.line, self.bullet = section, "", ""
        text = block.text.rstrip()
        if block.kind == "line":
            self.bullet = ""
            if text.endswith(":"):
                self.line = _last_sentence(text)
            elif not re.match(r"^\(?(?:[a-zđ]|\d{1,2})\s?[.)]", text):
                self.line = ""
        elif not self.bullet or text.endswith(":") or _bullet_sign(text) == _bullet_sign(self.bullet):
            self.bullet = text
        self.open_sentence = "" if re.search(r"[.;:!?]\s*$", text) else _last_sentence(text)


def _bullet_sign(text: str) -> str:
    match = BULLET.match(text)
    return match.group(1) if match else ""


def _first_words(text: str) -> str:
    return " ".join(text.split()[:_HEAD_WORDS])


def _last_sentence(text: str) -> str:
    return " ".join(re.split(r"[.;]\s+", text)[-1].split()[-_HEAD_WORDS:])


class _Table:
    """Title, unit line, header and open parent rows of the tab-separated table being read."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self.title: list[str] = []
        self.unit = ""
        self.header: list[str] = []
        self.parents: list[tuple[str, str]] = []
        self.has_rows = False

    def read_line(self, line: str) -> None:
        if self.has_rows:
            self._reset()
        unit = _UNIT_LINE.search(line)
        if unit:
            self.unit = unit.group(1).strip()
        self.title = [*self.title, line][-2:]

    def read_row(self, row: str) -> bool:
        """Take in a row; tell whether it holds figures of its own (and so is a passage)."""
        cells = [cell.strip() for cell in row.split("\t")]
        unit = _UNIT_LINE.search(row)
        filled = [cell for cell in cells if cell]
        numeric = [cell for cell in filled[1:] if NUMBER_CELL.match(cell)] if filled else []
        if unit and not numeric:
            if self.has_rows:
                self._reset()
            self.unit = unit.group(1).strip()
            return False
        number = filled[0] if filled and _ROW_NUMBER.match(filled[0]) else ""
        label = next((cell for cell in filled if not NUMBER_CELL.match(cell) and not _ROW_NUMBER.match(cell)), "")
        if not numeric and not (number and label):
            if self.has_rows and not _is_upper(row):
                return False
            if self.has_rows:
                self._reset()
            if not row.strip().startswith("(") and not row.strip().endswith(")"):
                self.header = [*self.header, " ".join(filled)][-4:]
            return False
        self.has_rows = True
        self._nest(number or (label[:1] if label[:1] in "-–_+*" else ""), label)
        return bool(numeric)

    def _nest(self, number: str, label: str) -> None:
        style = _row_style(number)
        same = next((k for k, (other, _) in enumerate(self.parents) if other == style), None)
        if same is not None:
            del self.parents[same:]
        self.parents.append((style, label))

    def context(self) -> str:
        parts = [*self.header, *(label for _, label in self.parents[:-1])]
        if self.unit:
            parts.append(f"ĐVT: {self.unit}")
        return "; ".join(part for part in parts if part)


def _is_upper(row: str) -> bool:
    letters = [c for c in row if c.isalpha()]
    return bool(letters) and sum(c.isupper() for c in letters) > 0.6 * len(letters)


def _row_style(number: str) -> str:
    if re.fullmatch(r"[IVX]+", number):
        return "roman"
    if re.fullmatch(r"[A-ZĐ]", number):
        return "letter"
    if re.fullmatch(r"\d+(?:\.\d+)*", number):
        return f"arabic{number.count('.')}"
    return "small" if re.fullmatch(r"[a-zđ]", number) else "sign"


def note_body_offset(text: str) -> int:
    """Return how many characters of a footnote block are its mark and the space behind it."""
    return re.match(r"\s*(?:\[[^\]]{1,3}\]|\d{1,3}|[¹²³⁰⁴-⁹]+)\s*", text).end()


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a very long paragraph at sentence ends into parts of some hundred characters."""
    if end - start <= 2 * _SPLIT_OVER:
        yield start, end
        return
    piece = start
    for sentence_start, sentence_end in _sentences(text, start, end, within_semicolons=False):
        if sentence_end - piece > _SPLIT_OVER and sentence_start > piece:
            yield piece, _rstrip(text, piece, sentence_start)
            piece = sentence_start
    yield piece, end


def _rstrip(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def _sentences(text: str, start: int, end: int, *, within_semicolons: bool) -> Iterator[tuple[int, int]]:
    """Yield the spans of sentences (and of their parts between semicolons outside brackets)."""
    position = start
    for match in _SENTENCE_END.finditer(text, start, end):
        if match.group() == ";" and (not within_semicolons or _inside_brackets(text, position, match.start())):
            continue
        before = text[position:match.start()]
        if match.group()[0] == "." and (_ABBREVIATION.search(before) or _LIST_NUMBER.match(before)):
            continue
        if before[-1:].isdigit() and _BROKEN_GROUP.match(text, match.start()):
            continue
        if match.end() > position:
            yield position, match.end()
        position = match.end()
        while position < end and text[position].isspace():
            position += 1
    if position < end:
        yield position, end


def _inside_brackets(text: str, start: int, end: int) -> bool:
    part = text[start:end]
    return part.count("(") > part.count(")")


def cut_clauses(text: str, start: int, end: int) -> Iterator[Clause]:
    """Yield the clauses of a passage: sentences and their parts between semicolons.

    A part behind a semicolon, and a sentence such as "Trong đó: …", gets the head of what it
    belongs to as context.
    """
    sentence_head = previous_sentence = ""
    after_semicolon = False
    for clause_start, clause_end in _sentences(text, start, end, within_semicolons=True):
        words = text[clause_start:clause_end]
        if after_semicolon:
            context = sentence_head
        elif _SUBORDINATE.match(words):
            context = sentence_head = previous_sentence
        else:
            context, previous_sentence = "", _clause_head(words)
            sentence_head = _shared_head(words)
        yield Clause(clause_start, clause_end, context)
        after_semicolon = words.endswith(";")


def _clause_head(words: str) -> str:
    """Return the words of a clause up to its first figure, or its first dozen."""
    figures = find_figures(words)
    head = words[:figures[0].start] if figures else words
    return " ".join(head.split()[:_HEAD_WORDS if figures else 12]).rstrip(" :,;(")


def _shared_head(words: str) -> str:
    """Return the words that the parts behind a semicolon share: up to a colon, or the first few."""
    head, colon, _ = words.partition(":")
    shared = head.split()[:_HEAD_WORDS] if colon and len(head.split()) <= _HEAD_WORDS else words.split()[:5]
    return " ".join(shared).strip(" :,;(-")


def find_marks(text: str, start: int, end: int, note_marks: set[str]) -> list[tuple[str, int]]:
    """Return (mark, position) of the footnote marks in a span: `[1]`, `¹`, or glued digits ("cao14").

    `note_marks` are the marks of the report's footnote bodies; glued digits count only for these.
    """
    found = [(m.group(1), m.start()) for m in BRACKET_MARK.finditer(text, start, end)]
    if found:
        return found
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    found = [(m.group().translate(digits), m.start()) for m in re.compile(r"(?<=\S)[⁰¹²³⁴-⁹]+").finditer(text, start, end)]
    glued = re.compile(r"(?:(?<=[^\W\d_])|(?<=[%)”\"])|(?<=[^\W\d_] )|(?<=(?<!\d)(?:19|20)\d\d))\s?(\d{1,3})(?=\s?[.,;:)]|\s|$)(?![.,]\s?\d)")
    for match in glued.finditer(text, start, end):
        loose = text[match.start(1) - 1] == " "
        if match.group(1) in note_marks and not (loose and not re.match(r"\s?[.,;:]", text[match.end():match.end() + 2])):
            found.append((match.group(1), match.start(1)))
    return found


def words_before(text: str, position: int) -> str:
    """Return the words that a footnote mark stands behind, back to where their statement begins."""
    line = text[text.rfind("\n", 0, position) + 1:position]
    statement = re.split(r"[.;]\s+|\]\s*[,;.]?\s*", BULLET.sub("", line))[-1]
    return " ".join(statement.split()[-_HEAD_WORDS:])


def _heading(report: Report, passage: Passage) -> str:
    section = report.sections[passage.section]
    title = section.title if len(section.title) > 12 or len(section.path) < 2 else " ".join(section.path[-2:])
    return " ".join(title.split()[:20])


@lru_cache(maxsize=512)
def _definitions(report_id: str, text: str) -> Mapping[str, str]:
    return find_definitions(text)


def spell_out(text: str, report: Report) -> str:
    """Return words of a report with its own and the general abbreviations in their long form."""
    return expand_abbreviations(text, _definitions(report.id, report.text))


def passage_embedding_text(report: Report, passage: Passage) -> str:
    """Return the text a passage is embedded as: its heading, its context, its words."""
    parts = (_heading(report, passage), passage.context, report.text[passage.start:passage.end])
    return spell_out(". ".join(part for part in parts if part), report)


def clause_embedding_text(report: Report, passage: Passage, clause: Clause) -> str:
    """Return the text a clause is embedded as: heading, contexts, words."""
    parts = (_heading(report, passage), passage.context, clause.context, report.text[clause.start:clause.end])
    return spell_out(". ".join(part for part in parts if part), report)


def passage_terms(report: Report, passage: Passage) -> list[str]:
    """Return the keyword terms of a passage: headings on its path, context, words; with bigrams."""
    section = report.sections[passage.section]
    heading = " ".join(section.path[-2:]) if section.path else ""
    words = " . ".join((heading, passage.context, report.text[passage.start:passage.end]))
    return index_terms(spell_out(words, report))
