"""A checked draft for people and programs: read from a file, shown as text, JSON, or a page with coloured figures."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from assistant import messages
from assistant.drafts import CONFIRMED, DIFFERENT, NOT_FOUND, CheckedFigure, DraftCheck
from index.errors import ChooseAnotherFile
from index.readers import read_file

_COLOURS = {CONFIRMED: ("#d7f0dc", "#14532d"), DIFFERENT: ("#fbd5d5", "#7f1d1d"), NOT_FOUND: ("#fdf0c8", "#713f12")}


def read_draft(path: Path) -> str:
    """Return the text of a draft in any format that reports come in; raise `ChooseAnotherFile` when it cannot be read.

    Drafts have no footnote to tie: where a page begins is of no use to them.
    """
    try:
        return read_file(path).text.replace("\f", " ")
    except ChooseAnotherFile as error:
        raise ChooseAnotherFile(messages.unreadable_draft(path, str(error))) from error


def check_record(check: DraftCheck) -> dict[str, Any]:
    """Return a checked draft as plain values, for JSON."""
    return {"counts": check.counts, "figures": [_figure_record(figure) for figure in check.figures]}


def _figure_record(figure: CheckedFigure) -> dict[str, Any]:
    source = figure.source
    return {
        "literal": figure.literal, "start": figure.start, "end": figure.end, "label": figure.label, "verdict": figure.verdict, "rounded": figure.rounded,
        "source": source and {
            "report": source.report.name, "section": source.report.sections[source.figure.section].number, "footnote": source.figure.footnote,
            "page": source.page, "literal": source.figure.literal, "quote": source.quote, "start": source.figure.start, "end": source.figure.end,
        },
    }


def show_check(check: DraftCheck) -> str:
    """Return a checked draft as lines of text, with the counts at the end."""
    if not check.figures:
        return messages.DRAFT_WITHOUT_FIGURES
    lines = []
    for figure in check.figures:
        lines.append(f"{figure.verdict.upper()}: {figure.literal}{f' ({messages.ROUNDED})' if figure.rounded else ''}")
        if figure.source:
            lines.append(f"    {_said(figure)}")
    return "\n".join([*lines, messages.check_counts(**_counts(check))])


def _counts(check: DraftCheck) -> dict[str, int]:
    counts = check.counts
    return {"confirmed": counts[CONFIRMED], "different": counts[DIFFERENT], "missing": counts[NOT_FOUND]}


def _said(figure: CheckedFigure) -> str:
    """Return where the source of a figure stands and what it says."""
    source = figure.source
    section = source.report.sections[source.figure.section]
    place = messages.cited_place(section.number, section.title, source.figure.footnote, source.page)
    return messages.source_says(source.report.name, place, source.figure.literal, source.quote)


def write_page(check: DraftCheck, path: Path) -> None:
    """Write a checked draft as one HTML file: each figure coloured by its verdict, its source shown beside it."""
    parts, position = [], 0
    for figure in check.figures:
        background, colour = _COLOURS[figure.verdict]
        about = f"{figure.verdict}{f' ({messages.ROUNDED})' if figure.rounded else ''}" + (f": {_said(figure)}" if figure.source else "")
        parts.append(html.escape(check.text[position:figure.start]))
        parts.append(
            f'<mark tabindex="0" style="background:{background};color:{colour}" title="{html.escape(about)}">'
            f"{html.escape(check.text[figure.start:figure.end])}</mark>"
        )
        position = figure.end
    body = "".join([*parts, html.escape(check.text[position:])]).replace("\n", "<br>\n")
    rows = "".join(
        f"<tr><td>{html.escape(figure.literal)}</td><td>{figure.verdict}</td><td>{html.escape(_said(figure)) if figure.source else ''}</td></tr>"
        for figure in check.figures
    )
    page = (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>{messages.CHECK_TITLE}</title>'
        "<style>body{font:16px/1.6 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}td{border-top:1px solid #ccc;padding:.4rem;vertical-align:top}</style>"
        f"<h1>{messages.CHECK_TITLE}</h1><p>{messages.check_counts(**_counts(check))}</p><p>{body}</p><table>{rows}</table></html>"
    )
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise ChooseAnotherFile(messages.not_written(path)) from error
