"""What every reader of a file format gives: the text of a file in one set of conventions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

PageListener = Callable[[int, int], None]
_listener: ContextVar[PageListener | None] = ContextVar("page_listener", default=None)


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of a file (NFC), the format it was in, and what the user should know about it.

    Whatever the format, `text` is written so that one structure reader understands it:

    - A paragraph, heading, list item or table row is one line. Numbers that the format counts by
      itself are written out ("1.2. ", "a) "), bullets as "- ".
    - "# " … "###### " before a heading that its number does not show to be one.
    - A footnote mark is "[n]" behind the word it belongs to, its body a line "[n] body" at the
      end of the text; notes are numbered 1, 2, 3 … in the order of their marks, whatever the file shows.
    - The cells of a row are set apart by tabs, empty ones kept, so that columns line up; header rows come
      first. Words of a merged cell are repeated in each cell it covers, a figure stands once. The
      unit line ("Đơn vị tính: …") is a line of its own above the table. An empty line ends a table.
    - When `paged`, each form feed, also within a line, is where the next page begins.
    - When `wrapped`, lines may be cut at a fixed width; else each line is whole.

    `recognised_pages` are the pages (from 1) whose words were read from a picture.
    """

    text: str
    format: str
    warnings: tuple[str, ...] = ()
    paged: bool = False
    wrapped: bool = False
    recognised_pages: tuple[int, ...] = ()


def tell_pages(done: int, total: int) -> None:
    """Tell who waits for a file that a slow reader has read so many of its pages."""
    listener = _listener.get()
    if listener:
        listener(done, total)


@contextmanager
def hear_pages(listener: PageListener | None) -> Iterator[None]:
    """Hear, within the block, what readers tell of their pages."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
