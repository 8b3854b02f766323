"""The web page's command: open a library, serve the chat on this machine."""

from __future__ import annotations

import argparse
import logging
import sys
import threading

from assistant import Assistant, messages
from assistant.web.chat import start_page
from index.commands import CommandParser
from index.errors import UserError
from index.library import default_folder

DEFAULT_PORT = 7860


def main(arguments: list[str] | None = None) -> int:
    """Serve the page until it is interrupted; return the exit code."""
    options = _read_arguments(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        page = start_page(Assistant.open(options.library or default_folder()), port=options.port)
    except UserError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(messages.page_ready(page.local_url), flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        page.close(verbose=False)
    return 0


def _read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = CommandParser(prog="python app.py", description=messages.PAGE_DESCRIPTION)
    parser.add_argument("--library", metavar="DIR", default=None, help=messages.PAGE_LIBRARY_HELP)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=messages.PAGE_PORT_HELP)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
