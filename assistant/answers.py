"""What the assistant gives back: an answer and the citations that prove it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from assistant import messages
from index.records import Report, Section


@dataclass(frozen=True, slots=True)
class Citation:
    """Where something stands (nguồn): `quote == report.text[start:end]`, word for word.

    `footnote` is the mark whose body the quote is from, or whose mark stands behind the figure;
    `figures` are the literal figures of the quote that the answer uses; `table` and `row` name the table
    that it stands in and its row there, "" where it stands in none.
    """

    report: Report
    section: Section
    footnote: str | None
    quote: str
    start: int
    end: int
    figures: tuple[str, ...] = ()
    table: str = ""
    row: str = ""

    @property
    def place(self) -> str:
        """Where the quote stands, in words: "mục 2.1, bảng “Thu ngân sách”, dòng “Huyện Bến Đá”, trang 5"."""
        return messages.cited_place(
            self.section.number, self.section.title, self.footnote, self.page, table=self.table, row=self.row,
        )

    @property
    def page(self) -> int | None:
        """The page that the quote begins on, None where the report has no pages."""
        return self.report.page_at(self.start)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gets.

    `text` is Markdown with marks `[1]`, `[2]` for `citations` in order; `lead` the figure that
    answers head-on, as the report writes it; `abstained` tells that the reports do not say;
    `computed` the figures that were calculated from cited ones; `ms` the wall time; `details`
    what the question was understood as and how sure the reading is.
    """

    text: str
    lead: str | None = None
    abstained: bool = False
    citations: tuple[Citation, ...] = ()
    computed: tuple[str, ...] = ()
    ms: float = 0.0
    details: dict[str, Any] = field(default_factory=dict)
