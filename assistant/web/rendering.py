"""Answers as HTML: pure functions from records to strings, everything they carry escaped.

Owns no sentence (see messages.py) and no screen (see chat.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant import messages

if TYPE_CHECKING:  # the page reads these records, it does not make them
    from assistant import Answer, Citation
    from index.records import Report, ReportFacts

MAX_SHOWN_QUESTION = 1_000

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_MARK = re.compile(r"\[(\d{1,3})\]")
_MARKDOWN_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ROW = re.compile(r"\|.+\|")
_TABLE_HEAD = messages.SERIES_HEAD.split("\n")[0]
_BULLET = re.compile(r"[-*•]\s+")


def render_question(question: str) -> str:
    """Return a visitor's question as HTML, cut after MAX_SHOWN_QUESTION characters."""
    shown = question.strip()
    if len(shown) > MAX_SHOWN_QUESTION:
        shown = shown[:MAX_SHOWN_QUESTION] + "…"
    return f'<div class="question">{_escape_lines(shown)}</div>'


def render_answer(answer: Answer) -> str:
    """Return an answer and, under it, its sources as one line of HTML."""
    state = "answer abstained" if answer.abstained else "answer"
    text = render_markdown(answer.text, marks=len(answer.citations))
    if answer.details.get("available"):
        text += f"<p>{escape_text(messages.available_periods(answer.details['available']))}</p>"
    return f'<div class="{state}">{text}</div>{render_sources(answer.citations)}'


def render_notice(sentence: str) -> str:
    """Return a sentence that is not an answer (a refused question, a failure) as HTML."""
    return f'<div class="notice">{_escape_lines(sentence)}</div>'


def render_markdown(text: str, *, marks: int) -> str:
    """Return the Markdown that answers use as HTML: paragraphs, bullets, tables, bold, marks [1]…[marks].

    Anything else stays text: a report must not be able to put a link, a picture or a table on the page.
    The only table is the assistant's own, known by its head.
    """
    blocks: list[str] = []
    bullets: list[str] = []
    rows: list[str] = []
    for line in [*text.splitlines(), ""]:
        line = line.strip()
        if (rows or line == _TABLE_HEAD) and _ROW.fullmatch(line):
            rows.append(line)
            continue
        if rows:
            blocks.append(_render_table(rows, marks))
            rows = []
        bullet = _BULLET.match(line)
        if bullet:
            bullets.append(f"<li>{_render_line(line[bullet.end():], marks)}</li>")
            continue
        if bullets:
            blocks.append(f"<ul>{''.join(bullets)}</ul>")
            bullets = []
        if line:
            blocks.append(f"<p>{_render_line(line, marks)}</p>")
    return "".join(blocks)


def render_sources(citations: Sequence[Citation]) -> str:
    """Return the list of sources in the order of their marks; "" when there is none."""
    if not citations:
        return ""
    items = "".join(_render_source(mark, citation) for mark, citation in enumerate(citations, 1))
    title = escape_text(messages.SOURCES_TITLE)
    return f'<div class="sources"><p class="sources-title">{title}</p>{items}</div>'


def report_label(report: Report | ReportFacts) -> str:
    """Return what a report is called on the page: its title, or its file name, with its number."""
    title = report.title or report.name
    return f"{title} ({report.number})" if report.number else title


def bold_figures(quote: str, figures: Sequence[str]) -> str:
    """Return the quote escaped, with each of the literal figures in bold.

    A figure is not looked for inside a longer number: "4 vụ" is not in "14 vụ" nor in "0,4 vụ".
    """
    literal = [re.escape(figure) for figure in sorted(set(figures), key=lambda f: (-len(f), f)) if figure]
    if not literal:
        return escape_text(quote)
    pattern = re.compile(rf"(?<![\d])(?<!\d[.,])(?:{'|'.join(literal)})(?!\w)(?![.,]\d)")
    parts: list[str] = []
    position = 0
    for match in pattern.finditer(quote):
        parts.append(escape_text(quote[position:match.start()]))
        parts.append(f"<strong>{escape_text(match.group())}</strong>")
        position = match.end()
    return "".join(parts) + escape_text(quote[position:])


def escape_text(text: str) -> str:
    """Return text that means itself in HTML, in Markdown, in TeX and in template strings.

    Every ASCII punctuation character becomes a character reference. `html.escape` alone is not
    enough: the chat reads its messages as Markdown, where "![](http://…)" fetches a picture.
    """
    return _PUNCTUATION.sub(lambda match: f"&#{ord(match.group())};", text)


def _render_source(mark: int, citation: Citation) -> str:
    report = escape_text(report_label(citation.report))
    place = escape_text(citation.place)
    path = escape_text(messages.PATH_SEPARATOR.join(citation.section.path))
    return (
        f'<div class="source"><p>{_mark(mark)} <span class="place">{place}</span></p>'
        f'<p class="report">{report}</p>'
        + (f'<p class="path">{path}</p>' if path else "")
        + f'{_render_quote(citation)}</div>'
    )


def _render_quote(citation: Citation) -> str:
    """Return the quote of a citation: words in a paragraph, rows of a table as one."""
    if "\t" not in citation.quote:
        return f'<p class="quote">{bold_figures(" ".join(citation.quote.split()), citation.figures)}</p>'
    lines = [[cell.strip() for cell in line.split("\t")] for line in citation.quote.split("\n")]
    width = max(map(len, lines))
    rows = (
        "".join(
            f'<td{f" colspan={chr(34)}{width}{chr(34)}" if len(cells) == 1 else ""}>{bold_figures(cell, citation.figures)}</td>' for cell in cells
        )
        for cells in lines
    )
    return f'<table class="quote">{"".join(f"<tr>{row}</tr>" for row in rows)}</table>'


def _mark(number: int) -> str:
    return f'<span class="mark">{escape_text(f"[{number}]")}</span>'


def _render_table(rows: Sequence[str], marks: int) -> str:
    """Return rows "| a | b |" as a table; the first is its head, one of dashes is left out."""
    head, *body = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    lines = [f"<tr>{''.join(f'<th>{_render_line(cell, marks)}</th>' for cell in head)}</tr>"]
    lines += [
        f"<tr>{''.join(f'<td>{_render_line(cell, marks)}</td>' for cell in cells)}</tr>"
        for cells in body if set("".join(cells)) != {"-"}
    ]
    return f"<table>{''.join(lines)}</table>"


def _render_line(line: str, marks: int) -> str:
    rendered: list[str] = []
    position = 0
    for match in _BOLD.finditer(line):
        rendered.append(_render_marks(line[position:match.start()], marks))
        rendered.append(f"<strong>{_render_marks(match.group(1), marks)}</strong>")
        position = match.end()
    rendered.append(_render_marks(line[position:], marks))
    return "".join(rendered)


def _render_marks(text: str, marks: int) -> str:
    rendered: list[str] = []
    position = 0
    for match in _MARK.finditer(text):
        if not 1 <= int(match.group(1)) <= marks:
            continue
        rendered.append(_escape_markdown(text[position:match.start()]))
        rendered.append(_mark(int(match.group(1))))
        position = match.end()
    rendered.append(_escape_markdown(text[position:]))
    return "".join(rendered)


def _escape_markdown(text: str) -> str:
    return escape_text(_MARKDOWN_ESCAPE.sub(r"\1", text))


def _escape_lines(text: str) -> str:
    return "<br>".join(escape_text(line) for line in text.splitlines())
