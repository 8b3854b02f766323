"""What a library does with a source that comes in: keeps, replaces, moves or skips it, one transaction a report."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from index import messages
from index.adding import AddOutcome, AddSteps, EmbedProgress, index_report
from index.embedding import Embedder
from index.errors import ChooseAnotherFile, ChooseFileLater
from index.files import FileState, hash_file
from index.model import MODEL, check_model, describe_model
from index.naming import name_of, source_of, storable
from index.readers import MAX_BYTES, SourceText, hear_pages, read_file
from index.records import Report, ReportFacts
from index.reporting import make_report
from index.rewriting import carry_corrections, move_report
from index.store import IndexedReport, Store


class Intake:
    """Brings sources into one library; knows what `sync_folder` needs of it."""

    def __init__(self, folder: Path, store: Store, lock: threading.RLock, embedder: Callable[[], Embedder]) -> None:
        """Write to `store`, holding `lock`, never while a report is read or embedded; `embedder` is asked when first needed."""
        self.folder = folder
        self._store, self._lock, self._embedder = store, lock, embedder

    def all_facts(self) -> tuple[ReportFacts, ...]:
        """Return the facts of all reports, oldest-added first."""
        with self._lock:
            return self._store.facts()

    def file_states(self) -> dict[str, FileState]:
        """Return what is remembered of source files, by path."""
        with self._lock:
            return self._store.file_states()

    def remember(self, states: Iterable[FileState], *, forget: Iterable[str] = ()) -> None:
        """Remember how files look, and forget others; no question sees a change."""
        states = list(states)
        if states or forget:
            with self._lock, self._store.transaction(counted=False):
                for state in states:
                    self._store.put_file(state)
                for path in forget:
                    self._store.forget_file(path)

    def read_in(self, file: Path, state: FileState, steps: AddSteps, *, left: Callable[[str], bool]) -> AddOutcome:
        """Add a file and remember it, also when it cannot be read; a report whose file `left` its place follows to this one."""
        outcome, lasting = self.add_file(file, state, steps, left=left)
        if outcome.kind == "unchanged":
            self.remember([replace(state, report=outcome.facts.id)])
        elif outcome.kind == "skipped":
            with self._lock:
                held = self._store.find_source(state.path)
            if lasting and state.checked:
                self.remember([replace(state, reason=outcome.reason)])
            if held:
                return replace(outcome, reason=messages.kept_older(outcome.reason))
        return outcome

    def move(self, report_id: str, state: FileState) -> AddOutcome | None:
        """Let a report follow its file to another place; return None when it is not there any more."""
        with self._lock, self._store.transaction():
            held = self._store.find(report_id=report_id)
            return self._move(*held, state) if held else None

    def _move(self, key: int, facts: ReportFacts, state: FileState) -> AddOutcome:
        name = name_of(state.path)
        move_report(self._store, key, name=name, source=state.path)
        self._store.put_file(replace(state, report=facts.id))
        self._store.forget_file(facts.source)
        return AddOutcome("moved", name, self._store.find(report_id=facts.id)[1], facts.source)

    def add_file(
        self, file: Path, state: FileState | None, steps: AddSteps, *, left: Callable[[str], bool] | None = None
    ) -> tuple[AddOutcome, bool]:
        """Return what became of a file, and whether its bytes alone decide that."""
        name = name_of(file)
        try:
            with hear_pages(steps.reading):
                source = read_file(file)
        except ChooseAnotherFile as error:
            return AddOutcome("skipped", name, reason=str(error)), not isinstance(error, ChooseFileLater)
        if state and not state.hash and state.size <= MAX_BYTES:
            state = replace(state, hash=hash_file(file))
        return self.add_source(source, name, source_of(file), steps.embedding, state=state, left=left), True

    def add_source(
        self, source: SourceText, name: str, path: str, progress: EmbedProgress | None,
        *, state: FileState | None = None, left: Callable[[str], bool] | None = None,
    ) -> AddOutcome:
        text = storable(source.text)
        content_hash = hashlib.sha256(text.encode()).hexdigest()
        with self._lock:
            held = self._store.find_source(path)
        if held and held[1] == content_hash:
            return AddOutcome("unchanged", name, held[2], messages.SAME_CONTENT)
        report = make_report(text, name=name, source=path, wrapped=source.wrapped, paged=source.paged)
        if not report.passages:
            return AddOutcome("skipped", name, reason=messages.NO_CONTENT)
        outcome = self._write(report, content_hash, None, state=state, left=left)
        if outcome is None:
            embedder = self._embedder()
            indexed = index_report(report, embedder, progress=progress)
            outcome = self._write(report, content_hash, (indexed, describe_model(embedder)), state=state, left=left)
        return replace(
            outcome, name=name, warnings=outcome.warnings + source.warnings + report.warnings, recognised_pages=source.recognised_pages
        )

    def _write(
        self, report: Report, content_hash: str, made: tuple[IndexedReport, str] | None,
        *, state: FileState | None, left: Callable[[str], bool] | None,
    ) -> AddOutcome | None:
        """Bring a report in, in one transaction; return None when that needs its vectors, and the model that made them, first."""
        with self._lock, self._store.transaction():
            held = self._store.find(report_id=report.id)
            old = self._store.find_source(report.source)
            if held is None and made is None:
                return None
            if held and not old and state and left and left(held[1].source):
                return self._move(*held, state)
            if held and not (old and held[0] != old[0]):
                same = old and messages.SAME_CONTENT
                return AddOutcome("unchanged", report.name, held[1], same or messages.already_held(held[1].name, held[1].id))
            if state:
                self._store.put_file(replace(state, report=report.id))
            if held:
                self._store.delete(old[0])
                reason = messages.replaced_by_held(held[1].name, held[1].id)
                return AddOutcome("replaced", report.name, held[1], reason)
            corrected = self._store.corrections(old[0]) if old else {}
            if old:
                self._store.delete(old[0])
            indexed, model = made
            self._record_model(model)
            self._store.insert(indexed, content_hash)
            key, facts = self._store.find(report_id=report.id)
            carry_corrections(self._store, key, corrected)
            facts = self._store.find(report_id=report.id)[1] if corrected else facts
            other = [field for field, c in corrected.items() if c.found != getattr(report, field)]
            warnings = (messages.corrections_kept(other),) if other else ()
            return AddOutcome("replaced" if old else "added", report.name, facts, warnings=warnings)

    def _record_model(self, model: str) -> None:
        """Record the model with the first report; within `transaction`."""
        if self._store.keys():
            check_model(self._store.get_meta(MODEL), model, self.folder)
        else:
            self._store.put_meta(MODEL, model)
