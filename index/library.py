"""A library of reports in one folder: add, remove, list, check, and the snapshot that questions search."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Self

from index import checking, messages
from index.adding import AddOutcome, AddProgress, AddSteps, AddSummary, EmbedProgress, index_report
from index.corrections import Correction, read_value
from index.embedding import Embedder, open_embedder
from index.errors import ChooseAnotherFile, CreateLibrary, ReindexLibrary
from index.explaining import explained
from index.files import is_gone, look_at
from index.intake import Intake
from index.model import MODEL, check_model, describe_model, model_dimension
from index.naming import find_facts, name_of, source_of
from index.progress import WorkLeft
from index.readers import SourceText, known_formats, list_files
from index.records import RegisteredFigure, Report, ReportFacts
from index.register import register_figures
from index.rewriting import change_facts, read_anew
from index.snapshot import CACHE_FROM, Snapshot
from index.store import PATIENCE_SECONDS, Store
from index.syncing import SyncSummary, sync_folder

DEFAULT_FOLDER = "kho"
_BYTES_A_PASSAGE = 200
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
        self._intake = Intake(folder, store, self._lock, lambda: self.embedder)

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
        states = [look_at(file, source_of(file)) for file in files]
        work = WorkLeft([(file.suffix.lower(), state.size if state else 0) for file, state in zip(files, states, strict=True)])
        outcomes = []
        for number, file in enumerate(files, start=1):
            step = AddSteps(progress, name_of(file), number=number, total=len(files), work=work)
            step.begin()
            # Looked at before it is read: a change meanwhile shows the next time.
            outcome, _ = self._intake.add_file(file, look_at(file, source_of(file)), step)
            step.finish(outcome)
            outcomes.append(outcome)
        return AddSummary(tuple(outcomes))

    def sync(
        self, folder: str | Path, *, check_content: bool = False, progress: Callable[[AddProgress], None] | None = None
    ) -> SyncSummary:
        """Bring the library in step with a folder, as `sync_folder` does; reports whose file is gone stay for `remove_vanished`."""
        return sync_folder(self._intake, folder, check_content=check_content, progress=progress)

    def remove_vanished(self, vanished: Iterable[ReportFacts]) -> tuple[ReportFacts, ...]:
        """Remove the reports whose file is still gone, each in a transaction of its own, and return them."""
        removed = []
        for facts in vanished:
            with self._lock, self._store.transaction():
                found = self._store.find(report_id=facts.id)
                if found and found[1].source == facts.source and is_gone(facts.source):
                    self._store.delete(found[0])
                    self._store.forget_file(facts.source)
                    removed.append(facts)
        return tuple(removed)

    def add_text(
        self, text: str, *, name: str, source: str | None = None, progress: EmbedProgress | None = None
    ) -> AddOutcome:
        """Add a report whose text is in memory; `source` is "upload:NAME" by default."""
        return self._intake.add_source(SourceText(text, "text", wrapped=True), name, source or f"upload:{name}", progress)

    def edit(
        self, wanted: str, *, title: str | None = None, agency: str | None = None, number: str | None = None,
        date: str | None = None, period: str | None = None,
    ) -> ReportFacts:
        """Correct facts of a report by hand, by id or name as `facts` finds it, and return its facts.

        "" restores what the reader found, None changes nothing. Corrections are kept when the
        library is indexed again and when the file is replaced.

        Raises:
            CorrectValue: a date or period that cannot be understood.
        """
        values = {"title": title, "agency": agency, "number": number, "date": date, "period": period}
        changes = {field: read_value(field, text) for field, text in values.items() if text is not None}
        with self._lock, self._store.transaction():
            facts = self.facts(wanted)
            change_facts(self._store, self._store.find(report_id=facts.id)[0], changes)
            return self.facts(facts.id)

    def corrections(self, wanted: str) -> Mapping[str, Correction]:
        """Return the facts of a report that were corrected by hand, by field."""
        with self._lock:
            return self._store.corrections(self._store.find(report_id=self.facts(wanted).id)[0])

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
            keys, sizes = writer.keys(), [facts.passages for facts in writer.facts()]
            work = WorkLeft([("", _BYTES_A_PASSAGE * size) for size in sizes])
            for number, key in enumerate(keys, start=1):
                report, corrected = read_anew(writer, key)
                step = AddSteps(progress, report.name, number=number, total=len(keys), work=work)
                step.begin()
                writer.replace_derived(key, index_report(report, embedder, progress=step.embedding))
                writer.put_corrections(key, corrected)
                step.finish()
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
