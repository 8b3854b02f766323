"""Blocks to passages and clauses, and the texts of them that are embedded and indexed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import takewhile

from index.definitions import find_definitions
from index.lexicon import expand_abbreviations
from index.lines import BULLET, Block, goes_on
from index.marks import find_marks, note_body_offset
from index.numbers import find_figures
from index.records import Clause, Passage, Report
from index.structure import Outline
from index.tables import Table, say_row
from index.text import UPPER, index_terms, tokenise

_SENTENCE_END = re.compile(
    rf"(?<=\S)[.!?…]+[”\"]?(?:\[\d{{1,3}}\])*(?=\s+[“\"(\[]?[{UPPER}\d+–-]|\s*$)"
    rf"|(?<=[^\W\d_{UPPER}][^\W\d_{UPPER}])\.(?=[{UPPER}][^\W\d_])|;(?=\s|$)"
)
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:TP|TT|TX|TS|ThS|PGS|GS|BS|KS|Tp|Tx|Q|P|H|đ/c|Đ/c|ĐC|tp|tx|số|Số)$")
_LIST_NUMBER = re.compile(r"^\W*(?:Điều\s+|Khoản\s+)?(?:\d{1,2}(?:\.\d+)*|[A-ZĐIVX]{1,4}|[a-zđ])$")
_ITEM = re.compile(r"\(?(?:[a-zđ]|\d{1,2})\s?[.)]")
_BROKEN_GROUP = re.compile(r"\.\s\d{3}\b")
_SUBORDINATE = re.compile(r"^\W*(?:trong (?:đó|số đó|số này)|cụ thể|gồm|bao gồm|riêng|tổng (?:kinh phí|số tiền)|kết quả)\b", re.IGNORECASE)
_HEAD_WORDS = 24
_SPLIT_OVER = 700


def cut_passages(text: str, blocks: list[Block], starts: list[int], outline: Outline, note_marks: set[str]) -> list[Passage]:
    """Return the passages of a canonical text whose blocks start at these positions."""
    lead = _LeadIn()
    table = Table()
    passages: list[Passage] = []
    for i, block in enumerate(blocks):
        section = outline.section_of[i]
        heading = 0 if _stands_alone(outline, i, block) else outline.title_lengths[i]
        if block.kind == "row":
            if i == 0 or blocks[i - 1].kind != "row":
                table.begin([row.text for row in takewhile(lambda other: other.kind == "row", blocks[i:])])
            if not table.read_row(block.text):
                continue
            context = table.context()
        else:
            table.read_line(block.text, is_heading=outline.title_lengths[i] > 0)
            context = lead.context(block, section)
            lead.read(block, section)
        start, end = _body_span(text, block, starts[i], heading)
        for piece_start, piece_end in _pieces(text, start, end):
            whole = (Clause(piece_start, piece_end),)
            passages.append(Passage(
                index=len(passages),
                section=section,
                kind="paragraph" if block.kind == "line" else block.kind,
                start=piece_start,
                end=piece_end,
                clauses=whole if block.kind == "row" else tuple(cut_clauses(text, piece_start, piece_end)),
                context=context,
                footnote=block.mark,
                marks=() if block.kind == "footnote" else tuple(mark for mark, _ in find_marks(text, piece_start, piece_end, note_marks)),
                columns=table.columns() if block.kind == "row" else (),
            ))
    return passages


def _stands_alone(outline: Outline, i: int, block: Block) -> bool:
    """Tell whether a numbered heading has nothing under it: then its words are all that its section says."""
    if outline.title_lengths[i] < len(block.text):
        return False
    section = outline.sections[outline.section_of[i]]
    if not section.path or section.title == section.path[-1]:
        return False
    following = outline.section_of[i + 1] if i + 1 < len(outline.section_of) else len(outline.sections)
    return following > section.index and (
        section.index + 1 == len(outline.sections) or outline.sections[section.index + 1].level <= section.level
    )


def _body_span(text: str, block: Block, start: int, heading: int) -> tuple[int, int]:
    """Return the span of a block without its heading, its mark and the white space around."""
    end = start + len(block.text)
    start += heading
    words = text[start:end]
    if block.kind == "footnote":
        return start + note_body_offset(words), end
    # What separates a heading from the text behind it belongs to neither.
    return start + len(words) - len(words.lstrip(" .:-–\t" if heading else None)), end


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
        if self.open_sentence and goes_on(block.text):
            return self.open_sentence
        return self.line if _ITEM.match(block.text) else ""

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
            elif not _ITEM.match(text):
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


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a very long paragraph at sentence ends into parts of some hundred characters."""
    if end - start <= 2 * _SPLIT_OVER:
        if start < end:
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
    position = counted = start
    depth = 0
    for match in _SENTENCE_END.finditer(text, start, end):
        if match.group() == ";":
            if not within_semicolons:
                continue
            depth += text.count("(", counted, match.start()) - text.count(")", counted, match.start())
            counted = match.start()
            if depth > 0:
                continue
        elif _is_inside_sentence(text, position, match):
            continue
        if match.end() > position:
            yield position, match.end()
        position = counted = match.end()
        depth = 0
        while position < end and text[position].isspace():
            position += 1
    if position < end:
        yield position, end


def _is_inside_sentence(text: str, position: int, match: re.Match[str]) -> bool:
    """Tell a full stop of an abbreviation, a list number or a broken number from the end of a sentence."""
    at = match.start()
    if text[at] == ".":
        before = text[max(position, at - 24):at]
        if _ABBREVIATION.search(before) or (at - position < 24 and _LIST_NUMBER.match(before)):
            return True
    return text[at - 1].isdigit() and bool(_BROKEN_GROUP.match(text, at))


def cut_clauses(text: str, start: int, end: int) -> Iterator[Clause]:
    """Yield the clauses of a passage: sentences and their parts between semicolons.

    A part behind a semicolon, and a sentence such as "Trong đó: …", gets the head of what it
    belongs to as context.
    """
    sentence_head = previous = ""
    after_semicolon = False
    for clause_start, clause_end in _sentences(text, start, end, within_semicolons=True):
        words = text[clause_start:clause_end]
        if after_semicolon:
            context = sentence_head
        elif _SUBORDINATE.match(words):
            context = sentence_head = _clause_head(previous)
        else:
            context, previous = "", words
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
    """Return the text a clause is embedded as: heading, contexts, words; a table row as it is said."""
    said = say_row(report, passage) if passage.columns else report.text[clause.start:clause.end]
    words = spell_out(said, report)
    return f"{clause_context(report, passage, clause)} {words}".lstrip()


def clause_context(report: Report, passage: Passage, clause: Clause) -> str:
    """Return what stands before the words of a clause: its heading and contexts, each with a full stop."""
    parts = (_heading(report, passage), without_header(passage), clause.context)
    return spell_out(" ".join(f"{part}." for part in parts if part), report)


def without_header(passage: Passage) -> str:
    """Return the context of a passage; of a table row without the header, whose words its cells are read with."""
    columns = set(tokenise(" ".join(passage.columns)))
    if not columns:
        return passage.context
    return "; ".join(part for part in passage.context.split("; ") if not set(tokenise(part)) <= columns)


def passage_terms(report: Report, passage: Passage) -> list[str]:
    """Return the keyword terms of a passage: headings on its path, context, words; with bigrams."""
    section = report.sections[passage.section]
    heading = " ".join(section.path[-2:]) if section.path else ""
    words = " . ".join((heading, passage.context, report.text[passage.start:passage.end]))
    return index_terms(spell_out(words, report))
