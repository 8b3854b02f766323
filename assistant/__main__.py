"""`python -m assistant ask "…"`: one question on the command line."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from typing import Any

from assistant import Answer, Assistant, messages
from assistant.answers import Citation
from index.errors import UserError
from index.library import default_folder

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return 0 for an answer, 1 when the reports do not say, 2 for a user's error."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    options = _read_arguments(arguments)
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.CRITICAL, format="%(name)s: %(message)s")
    try:
        assistant = Assistant.open(options.library or default_folder())
        answer = assistant.ask(options.question, history=options.history, reports=options.report or None)
    except UserError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except Exception:
        logger.exception("ask failed")
        print(messages.ASK_FAILED, file=sys.stderr)
        return 2
    print(json.dumps(answer_record(answer), ensure_ascii=False, indent=2) if options.json else _show(answer))
    return 1 if answer.abstained else 0


def _read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m assistant", description=messages.ASK_DESCRIPTION)
    ask = parser.add_subparsers(dest="command", required=True).add_parser("ask", help=messages.ASK_DESCRIPTION)
    ask.add_argument("question", help=messages.ASK_QUESTION_HELP)
    ask.add_argument("--library", metavar="DIR", help=messages.ASK_LIBRARY_HELP)
    ask.add_argument("--report", action="append", metavar="ID", help=messages.ASK_REPORT_HELP)
    ask.add_argument("--history", action="append", default=[], metavar="…", help=messages.ASK_HISTORY_HELP)
    ask.add_argument("--json", action="store_true", help=messages.ASK_JSON_HELP)
    ask.add_argument("--verbose", action="store_true", help=messages.ASK_VERBOSE_HELP)
    return parser.parse_args(arguments)


def answer_record(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain values, for JSON: the fields of an answer file, and the report's title and path."""
    return {
        "answer": answer.text,
        "lead": answer.lead,
        "citations": [_citation_record(citation) for citation in answer.citations],
        "computed": list(answer.computed),
        "abstained": answer.abstained,
        "ms": round(answer.ms, 1),
    }


def _citation_record(citation: Citation) -> dict[str, Any]:
    return {
        "report": citation.report.name,
        "title": citation.report.title,
        "section": citation.section.number,
        "path": list(citation.section.path),
        "footnote": citation.footnote,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }


def _show(answer: Answer) -> str:
    lines = [answer.text.replace("**", "")]
    if answer.details.get("available"):
        lines.append(messages.available_periods(answer.details["available"]))
    if answer.citations:
        lines += ["", messages.SOURCES]
    for number, citation in enumerate(answer.citations, start=1):
        place = messages.section_place(citation.section.number, citation.section.title)
        if citation.footnote:
            place = messages.footnote_place(place, citation.footnote)
        lines.append(f"[{number}] {citation.report.title or citation.report.name}, {place}")
        lines.append(f"    “{citation.quote}”")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
