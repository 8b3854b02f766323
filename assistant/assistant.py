"""The assistant: one library, asked in Vietnamese. Holds what is read once; the story is in answering.py."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answering import answer_question
from assistant.answers import Answer
from assistant.drafts import DraftCheck, check_draft
from assistant.finding import Material, find_readings, understand_question
from assistant.question import Question
from assistant.reading import Reading, Weighing
from assistant.restoring import Vocabulary, general_counts
from assistant.series import compare_periods
from index.definitions import find_definitions
from index.library import Library
from index.records import ReportFacts
from index.snapshot import Snapshot

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

VOCABULARY_REPORTS = 60


class Assistant:
    """Answers questions over the reports of one library. Threads may share one."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._lock = threading.Lock()
        self._words: tuple[int, Vocabulary, dict[str, str]] | None = None

    @classmethod
    def open(cls, folder: str | Path) -> Assistant:
        """Open the library in a folder; raises what `Library.open` raises."""
        return cls(Library.open(folder))

    def reports(self) -> tuple[ReportFacts, ...]:
        """Return the facts of the reports that can be asked, oldest-added first."""
        return self.library.all_facts()

    def ask(
        self, question: str, *, history: Sequence[str] = (), reports: Collection[str] | None = None
    ) -> Answer:
        """Return the answer to a Vietnamese question.

        Args:
            question: as typed, with or without diacritics.
            history: earlier questions of the same chat, oldest first.
            reports: ids or names of the only reports to use; None for all.

        Raises:
            UserError: a report named is not in the library, or the library cannot be read.
        """
        return answer_question(question, history, self.material(reports))

    def compare(self, indicator: str, *, reports: Collection[str] | None = None) -> Answer:
        """Return an indicator over the periods of an office's reports, with the differences between them.

        Args:
            indicator: what is counted, in a few words.
            reports: ids or names of the reports to compare; None for all of the office that has the figure.

        Raises:
            UserError: as `ask`.
        """
        return compare_periods(indicator, self.material(reports))

    def check(self, draft: str, *, reports: Collection[str] | None = None) -> DraftCheck:
        """Return a draft with every figure of it compared with the library's; raises what `ask` raises."""
        return check_draft(draft, self.material(reports))

    def read(self, question: str, *, history: Sequence[str] = ()) -> tuple[Question, list[Reading], Weighing]:
        """Return a question as understood and its readings, unscored: what the reader is trained on."""
        material = self.material()
        asked = understand_question(question, history, material)
        return asked, *find_readings(asked, material)

    def as_runnable(self) -> Runnable[str | dict[str, object], Answer]:
        """Return the assistant as a LangChain Runnable; see `assistant/chain.py`."""
        from assistant.chain import make_runnable

        return make_runnable(self)

    def material(self, reports: Collection[str] | None = None) -> Material:
        """Return the library as it is now, ready for questions."""
        snapshot = self.library.snapshot()
        positions = None
        if reports is not None:
            ids = {self.library.facts(wanted).id for wanted in reports}
            positions = [i for i, facts in enumerate(snapshot.facts) if facts.id in ids]
        vocabulary, definitions = self._read_words(snapshot)
        return Material(snapshot, self.library.embedder, vocabulary, definitions, positions)

    def _read_words(self, snapshot: Snapshot) -> tuple[Vocabulary, dict[str, str]]:
        """Return the words and abbreviations of general Vietnamese and of the newest reports."""
        with self._lock:
            if self._words is None or self._words[0] != snapshot.version:
                vocabulary, definitions = Vocabulary(), {}
                vocabulary.add_counts(general_counts())
                for position in range(max(0, len(snapshot.reports) - VOCABULARY_REPORTS), len(snapshot.reports)):
                    text = snapshot.reports[position].text
                    vocabulary.add((text,), weight=3)
                    definitions |= find_definitions(text)
                self._words = snapshot.version, vocabulary, definitions
            return self._words[1:]
