"""A library of reports in one folder: add, remove, list, check, and the snapshot that questions search."""

from __future__ import annotations

import hashlib
import os
import threading
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Self

from index import checking, messages
from index.adding import AddOutcome, AddProgress, AddSteps, AddSummary, EmbedProgress, index_report
from index.embedding import Embedder, open_embedder
from index.errors import ChooseAnotherFile, ChooseReport, CreateLibrary, ReindexLibrary
from index.explaining import explained
from index.model import MODEL, check_model, describe_model, model_dimension
from index.readers import SourceText, known_formats, list_files, read_file
from index.records import RegisteredFigure, Report, ReportFacts
from index.register import register_figures
from index.reporting import make_report
from index.snapshot import CACHE_FROM, Snapshot
from index.store import PATIENCE_SECONDS, IndexedReport, Store

DEFAULT_FOLDER = "kho"
FOLDER_VARIABLE = "HOI_BAO_CAO_LIBRARY"


def default_folder() -> Path:
    """Return the library folder that the environment names, or `kho` in the current folder."""
    return Path(os.environ.get(FOLDER_VARIABLE) or DEFAULT_FOLDER)


class Library:
    """The reports indexed together. Threads may share one; other processes may use the same folder."""

    def __init__(self, folder: Path, store: Store, embedder: Embedder | None = None) -> None:
        self.folder = folder
        self._store = store
        self._embedder = embedder
        # One connection, one thread at a time. Never held while a report is read or embedded.
        self._lock = threading.RLock()
        self._embedder_lock = threading.Lock()
        self._snapshot: Snapshot | None = None

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        create: bool = False,
        embedder: Embedder | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> Self:
        """Open the library in a folder.

        Args:
            folder: where it is, or with `create` where it is to be.
            embedder: the model; by default the configured one, loaded when first needed.
            patience: seconds to wait while another process writes.

        Raises:
            CreateLibrary, RestoreLibrary, GrantAccess, WaitForWriter, UpdateProgram: as they say.
        """
        folder = Path(os.path.abspath(folder))
        with explained(folder):
            if folder.exists() and not folder.is_dir():
                raise CreateLibrary(messages.not_a_folder(folder))
        return cls(folder, Store.open(folder, create=create, patience=patience), embedder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; snapshots given out stay usable."""
        with self._lock:
            self._snapshot = None
            self._store.close()

    @property
    def embedder(self) -> Embedder:
        """Return the model of this library; raise `ReindexLibrary` when it was built with another."""
        with self._embedder_lock:
            if self._embedder is None:
                self._embedder = open_embedder()
        with self._lock:
            if self._store.keys():
                check_model(self._store.get_meta(MODEL), describe_model(self._embedder), self.folder)
        return self._embedder

    def add(
        self, paths: Iterable[str | Path], *, progress: Callable[[AddProgress], None] | None = None
    ) -> AddSummary:
        """Add files and the files of folders; one transaction a report.

        A file that cannot be read is skipped with its reason; an error of the library itself
        (disk full, locked, damaged, another model) is raised, and what is done stays.

        Raises:
            ChooseAnotherFile: folders were given, and not one of their files can be read.
        """
        paths = [Path(path) for path in paths]
        files = [file for path in paths for file in list_files(path)]
        if not files:
            raise ChooseAnotherFile(messages.no_readable_file(paths, known_formats()))
        outcomes = []
        for number, file in enumerate(files, start=1):
            step = AddSteps(progress, _name(file), number=number, total=len(files))
            step.report()
            outcome = self._add_file(file, step.embedding)
            step.report(outcome=outcome)
            outcomes.append(outcome)
        return AddSummary(tuple(outcomes))

    def add_text(
        self, text: str, *, name: str, source: str | None = None, progress: EmbedProgress | None = None
    ) -> AddOutcome:
        """Add a report whose text is in memory; `source` is "upload:NAME" by default."""
        return self._add_source(SourceText(text, "text", wrapped=True), name, source or f"upload:{name}", progress)

    def remove(self, wanted: str) -> ReportFacts:
        """Remove a report by id or name, as `facts` finds it, and return its facts."""
        with self._lock, self._store.transaction():
            facts = self.facts(wanted)
            # Its text is not read: a damaged report must be removable.
            self._store.delete(self._store.find(report_id=facts.id)[0])
            return facts

    def all_facts(self) -> tuple[ReportFacts, ...]:
        """Return the facts of all reports, oldest-added first."""
        with self._lock:
            return self._store.facts()

    def facts(self, wanted: str) -> ReportFacts:
        """Return the facts of a report by id or name, as `find_facts` does."""
        return find_facts(self.all_facts(), wanted)

    def report(self, wanted: str) -> Report:
        """Return a whole report by id or name, as `facts` finds it."""
        facts = self.facts(wanted)
        with self._lock:
            return self._store.read_report(self._store.find(report_id=facts.id)[0])

    def reports(self) -> tuple[Report, ...]:
        """Return all reports with their texts, oldest-added first."""
        with self._lock:
            return tuple(self._store.read_report(key) for key in self._store.keys())

    def figures(self, wanted: str) -> tuple[RegisteredFigure, ...]:
        """Return the register of a report, by id or name as `facts` finds it."""
        with self._lock:
            key, _ = self._store.find(report_id=self.facts(wanted).id)
            figures = self._store.figures(key)
            if figures is None:
                # Stored by a program that kept no register.
                figures = register_figures(self._store.read_report(key))
                if os.access(self.folder, os.W_OK):
                    with self._store.transaction():
                        self._store.insert_figures(key, figures)
            return figures

    def check(self) -> list[str]:
        """Return one sentence a defect; an empty list when the library is whole and fits the model."""
        with self._lock:
            defects = checking.check_store(self._store, model_dimension(self._store.get_meta(MODEL)))
        try:
            self.embedder  # noqa: B018 (opening it compares the models)
        except ReindexLibrary as error:
            defects.append(str(error))
        return defects

    def remarks(self) -> list[str]:
        """Return what is odd though not broken: marks without body, bodies without mark, stale files."""
        with self._lock:
            return checking.list_remarks(self._store)

    def reindex(self, *, progress: Callable[[AddProgress], None] | None = None) -> int:
        """Compute everything anew from the stored texts with the current model; return the number of reports.

        One transaction: interrupted at any moment, the library is as it was.
        """
        embedder = self._embedder or open_embedder()
        # A connection of its own: the long transaction must not be seen by this object's other threads.
        with closing(self._store.open_writer()) as writer, writer.transaction():
            keys = writer.keys()
            for number, key in enumerate(keys, start=1):
                report = _read_again(writer.read_report(key))
                step = AddSteps(progress, report.name, number=number, total=len(keys))
                step.report()
                writer.replace_derived(key, index_report(report, embedder, progress=step.embedding))
            writer.put_meta(MODEL, describe_model(embedder))
        self._embedder = embedder
        return len(keys)

    def warm_up(self) -> None:
        """Build what is kept beside a large library for its next reader; do nothing for a small one."""
        if sum(facts.passages for facts in self.all_facts()) >= CACHE_FROM:
            self.snapshot()

    def snapshot(self) -> Snapshot:
        """Return the newest state; the same object for as long as nothing is written."""
        with self._lock:
            if self._snapshot is None or self._snapshot.version != self._store.version():
                reader = self._store.open_reader()
                self._snapshot = Snapshot(reader, model_dimension(reader.get_meta(MODEL)))
            return self._snapshot

    def _add_file(self, file: Path, progress: EmbedProgress | None) -> AddOutcome:
        try:
            source = read_file(file)
        except ChooseAnotherFile as error:
            return AddOutcome("skipped", _name(file), reason=str(error))
        return self._add_source(source, _name(file), _storable(os.path.abspath(file)), progress)

    def _add_source(self, source: SourceText, name: str, path: str, progress: EmbedProgress | None) -> AddOutcome:
        text = _storable(source.text)
        content_hash = hashlib.sha256(text.encode()).hexdigest()
        with self._lock:
            held = self._store.find_source(path)
        if held and held[1] == content_hash:
            return AddOutcome("unchanged", name, held[2], messages.SAME_CONTENT)
        report = make_report(text, name=name, source=path, wrapped=source.wrapped, paged=source.paged)
        if not report.passages:
            return AddOutcome("skipped", name, reason=messages.NO_CONTENT)
        outcome = self._write(report, content_hash, None)
        if outcome is None:
            indexed = index_report(report, self.embedder, progress=progress)
            outcome = self._write(report, content_hash, indexed)
        return replace(outcome, name=name, warnings=source.warnings + report.warnings)

    def _write(self, report: Report, content_hash: str, indexed: IndexedReport | None) -> AddOutcome | None:
        """Bring a report in, in one transaction; return None when that needs its vectors first."""
        with self._lock, self._store.transaction():
            held = self._store.find(report_id=report.id)
            old = self._store.find_source(report.source)
            if held is None and indexed is None:
                return None
            if held and old and held[0] != old[0]:
                self._store.delete(old[0])
                reason = messages.replaced_by_held(held[1].name, held[1].id)
                return AddOutcome("replaced", report.name, held[1], reason)
            if held:
                same = old and messages.SAME_CONTENT
                return AddOutcome("unchanged", report.name, held[1], same or messages.already_held(held[1].name, held[1].id))
            if old:
                self._store.delete(old[0])
            self._record_model()
            self._store.insert(indexed, content_hash)
            return AddOutcome("replaced" if old else "added", report.name, self._store.find(report_id=report.id)[1])

    def _record_model(self) -> None:
        """Record the model with the first report; within `transaction`."""
        current = describe_model(self._embedder)
        if self._store.keys():
            check_model(self._store.get_meta(MODEL), current, self.folder)
        else:
            self._store.put_meta(MODEL, current)


def find_facts(reports: tuple[ReportFacts, ...], wanted: str) -> ReportFacts:
    """Return the one report with this id, name, name without suffix, or first digits (4 or more) of an id.

    Raises:
        ChooseReport: there is none, or more than one.
    """
    wanted = unicodedata.normalize("NFC", wanted).strip()
    tests: tuple[Callable[[ReportFacts], bool], ...] = (
        lambda facts: facts.id == wanted.lower(),
        lambda facts: facts.name == wanted,
        lambda facts: facts.source == wanted,
        lambda facts: facts.name.casefold() == wanted.casefold(),
        lambda facts: Path(facts.name).stem.casefold() == wanted.casefold(),
        lambda facts: len(wanted) >= 4 and facts.id.startswith(wanted.lower()),
    )
    for fits in tests:
        found = [facts for facts in reports if fits(facts)]
        if len(found) > 1:
            raise ChooseReport(messages.several_reports(wanted, (f"{f.name} ({f.id})" for f in found)))
        if found:
            return found[0]
    raise ChooseReport(messages.no_such_report(wanted))


def _name(file: Path) -> str:
    # Some systems hand out file names decomposed.
    return unicodedata.normalize("NFC", _storable(file.name))


def _storable(text: str) -> str:
    # Lone surrogates (a file name in an old encoding, text from a script) have no UTF-8 form.
    return text.encode("utf-8", "replace").decode()


def _read_again(stored: Report) -> Report:
    """Return the report as today's reader sees its text, or as it is when that would change the text."""
    for wrapped in (True, False):
        read = make_report(stored.text, name=stored.name, source=stored.source, wrapped=wrapped)
        if read.id == stored.id:
            return replace(read, pages=stored.pages)
    return stored
