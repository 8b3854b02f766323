"""`python -m assistant ask|compare|check`: one question, one indicator over several periods, one draft."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant import Answer, Assistant, messages
from assistant.answers import Citation
from assistant.drafts import DIFFERENT
from assistant.showing_checks import check_record, read_draft, show_check, write_page
from index.commands import CommandParser
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
        return options.run(assistant, options)
    except UserError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader (`| head`) left; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:
        logger.exception("ask failed")
        print(messages.ASK_FAILED, file=sys.stderr)
        return 2


def _ask(assistant: Assistant, options: argparse.Namespace) -> int:
    return _print(assistant.ask(options.question, history=options.history, reports=options.report or None), options)


def _compare(assistant: Assistant, options: argparse.Namespace) -> int:
    return _print(assistant.compare(options.indicator, reports=options.reports), options)


def _print(answer: Answer, options: argparse.Namespace) -> int:
    print(json.dumps(answer_record(answer), ensure_ascii=False, indent=2) if options.json else _show(answer))
    return 1 if answer.abstained else 0


def _check(assistant: Assistant, options: argparse.Namespace) -> int:
    check = assistant.check(read_draft(options.draft), reports=options.report or None)
    if options.html:
        write_page(check, options.html)
        print(messages.check_written(options.html), file=sys.stderr if options.json else sys.stdout)
    print(json.dumps(check_record(check), ensure_ascii=False, indent=2) if options.json else show_check(check))
    return 1 if check.counts[DIFFERENT] else 0


def _read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = CommandParser(prog="python -m assistant", description=messages.ASK_DESCRIPTION)
    commands = parser.add_commands()
    ask = commands.add_parser("ask", help=messages.ASK_DESCRIPTION, description=messages.ASK_DESCRIPTION)
    ask.add_argument("question", metavar="CÂU_HỎI", help=messages.ASK_QUESTION_HELP)
    ask.add_argument("--history", action="append", default=[], metavar="…", help=messages.ASK_HISTORY_HELP)
    compare = commands.add_parser("compare", help=messages.COMPARE_DESCRIPTION, description=messages.COMPARE_DESCRIPTION)
    compare.add_argument("indicator", metavar="CHỈ_TIÊU", help=messages.COMPARE_INDICATOR_HELP)
    compare.add_argument("--reports", nargs="+", metavar="ID", help=messages.COMPARE_REPORTS_HELP)
    check = commands.add_parser("check", help=messages.CHECK_DESCRIPTION, description=messages.CHECK_DESCRIPTION)
    check.add_argument("draft", type=Path, metavar="DỰ_THẢO", help=messages.CHECK_DRAFT_HELP)
    check.add_argument("--html", type=Path, metavar="TỆP", help=messages.CHECK_HTML_HELP)
    for command, run in ((ask, _ask), (compare, _compare), (check, _check)):
        if command is not compare:
            command.add_argument("--report", action="append", metavar="ID", help=messages.ASK_REPORT_HELP)
        command.add_argument("--library", metavar="DIR", help=messages.ASK_LIBRARY_HELP)
        command.add_argument("--json", action="store_true", help=messages.ASK_JSON_HELP)
        command.add_argument("--verbose", action="store_true", help=messages.ASK_VERBOSE_HELP)
        command.set_defaults(run=run)
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
        "table": citation.table or None,
        "row": citation.row or None,
        "page": citation.page,
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
        lines.append(f"[{number}] {citation.report.title or citation.report.name}, {citation.place}")
        lines.append(f"    “{citation.quote}”")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
