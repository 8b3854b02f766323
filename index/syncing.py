"""A library brought in step with a folder: new files, changed, moved and vanished ones. Opens only what may have changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from index import messages
from index.adding import AddOutcome, AddProgress, AddSteps, AddSummary
from index.errors import ChooseAnotherFile
from index.files import FileState, hash_file, is_gone, look_at
from index.naming import name_of, source_of
from index.progress import WorkLeft
from index.readers import MAX_BYTES, list_files
from index.records import ReportFacts

# What other programs leave beside the files of an office: locks of open Word files, settings of folders.
_FOREIGN = ("~$",)
_FOREIGN_NAMES = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class SyncSummary(AddSummary):
    """The outcomes of one `sync`, a file each; `vanished` are the reports whose file is gone.

    `found` is the number of files that the folder holds; `remembered` are name and reason of those that
    could not be read an earlier time, did not change, and were not tried again.
    """

    remembered: tuple[tuple[str, str], ...] = ()
    vanished: tuple[ReportFacts, ...] = ()
    found: int = 0

    @property
    def moved(self) -> tuple[ReportFacts, ...]:
        return tuple(o.facts for o in self.outcomes if o.kind == "moved")

    @property
    def recognised(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Name and pages of each file of which pages were read from a picture."""
        return tuple((o.name, o.recognised_pages) for o in self.outcomes if o.recognised_pages)


class SyncedLibrary(Protocol):
    """What a sync needs of a library. Each call is one transaction."""

    folder: Path

    def all_facts(self) -> tuple[ReportFacts, ...]: ...

    def file_states(self) -> dict[str, FileState]: ...

    def remember(self, states: Iterable[FileState], *, forget: Iterable[str] = ()) -> None: ...

    def read_in(self, file: Path, state: FileState, steps: AddSteps, *, left: Callable[[str], bool]) -> AddOutcome: ...

    def move(self, report_id: str, state: FileState) -> AddOutcome | None: ...


@dataclass(slots=True)
class _Folder:
    """The files of a folder by what must be done with them."""

    files: dict[str, Path] = field(default_factory=dict)
    unopened: list[FileState] = field(default_factory=list)
    seen: list[FileState] = field(default_factory=list)
    new: list[tuple[Path, FileState]] = field(default_factory=list)
    changed: list[tuple[Path, FileState]] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)


def sync_folder(
    library: SyncedLibrary, folder: str | Path, *, check_content: bool = False, progress: Callable[[AddProgress], None] | None = None
) -> SyncSummary:
    """Bring a library in step with the files of a folder; remove nothing.

    Args:
        library: where the reports are.
        folder: what it is to hold the reports of; reports from elsewhere are left alone.
        check_content: whether to hash files that look unchanged, and to try those that could not be read.
        progress: hears of the files that must be read.

    Raises:
        ChooseAnotherFile: there is no such folder.
    """
    root = os.path.abspath(folder)
    if not os.path.isdir(root):
        raise ChooseAnotherFile(messages.sync_no_folder(folder))
    found = _sort_files(library, root, check_content=check_content)
    library.remember(found.seen)
    changed = {state.path for _, state in found.changed}

    def left(path: str) -> bool:
        """Tell whether a path holds its report no more."""
        return path in changed or (path not in found.files and is_gone(path))

    outcomes = _follow_copies(library, found, left)
    movable = _find_movable(library, left)
    # First the new ones: what a changed file held may have moved to one of them.
    work = found.new + found.changed
    steps = WorkLeft([(file.suffix.lower(), state.size) for file, state in work])
    for number, (file, state) in enumerate(work, start=1):
        step = AddSteps(progress, name_of(file), number=number, total=len(work), work=steps)
        step.begin()
        state = replace(state, hash=state.hash or _hash(file, state))
        outcome = None
        if state.hash in movable:
            # Read before, at another place: a scanned report need not be recognised again.
            outcome = library.move(movable.pop(state.hash), state)
        outcome = outcome or library.read_in(file, state, step, left=left)
        step.finish(outcome)
        outcomes.append(outcome)
    moved, vanished = _find_vanished(library, root, found)
    _forget_lost(library, root, found)
    untouched = tuple(_untouched(library, found))
    remembered = tuple((outcome.name, outcome.reason) for outcome in untouched if outcome.kind == "skipped")
    return SyncSummary(
        (*untouched, *outcomes, *moved), remembered=remembered, vanished=vanished, found=len(found.files)
    )


def _sort_files(library: SyncedLibrary, root: str, *, check_content: bool) -> _Folder:
    """Look at every file of the folder and open those only whose looks do not vouch for their content."""
    known, held = library.file_states(), {facts.id for facts in library.all_facts()}
    own = os.path.join(os.path.realpath(library.folder), "")
    found = _Folder()
    for file in list_files(Path(root)):
        if _is_foreign(file) or os.path.realpath(file).startswith(own):
            continue
        path = source_of(file)
        found.files[path] = file
        state, record = look_at(file, path), known.get(path)
        if record and record.report is not None and record.report not in held:
            record = None
        if state is None or record is None:
            found.new.append((file, state or FileState(path, 0, 0, 0, 0)))
            continue
        trusted = record.vouches_for(state) and not check_content
        if not trusted:
            state = replace(state, hash=_hash(file, state))
        if trusted:
            found.unopened.append(record)
        elif state.hash and state.hash == record.hash and not (check_content and record.reason):
            found.seen.append(replace(state, report=record.report, reason=record.reason))
        else:
            found.changed.append((file, state))
    return found


def _is_foreign(file: Path) -> bool:
    return file.name.startswith(_FOREIGN) or file.name.casefold() in _FOREIGN_NAMES


def _hash(file: Path, state: FileState) -> str:
    # A reader refuses what is larger without opening it.
    return hash_file(file) if state.size <= MAX_BYTES else ""


def _follow_copies(library: SyncedLibrary, found: _Folder, left: Callable[[str], bool]) -> list[AddOutcome]:
    """Give each report whose own file is gone or changed to an unchanged copy of that file, where there is one."""
    copies = {state.report: state for state in (*found.unopened, *found.seen) if state.report}
    outcomes = []
    for facts in library.all_facts():
        copy = copies.get(facts.id)
        if copy and copy.path != facts.source and left(facts.source) and (outcome := library.move(facts.id, copy)):
            found.moved.add(copy.path)
            outcomes.append(outcome)
    return outcomes


def _find_movable(library: SyncedLibrary, left: Callable[[str], bool]) -> dict[str, str]:
    """Return the reports whose own file left its place, by the hash of that file."""
    sources = {facts.source: facts.id for facts in library.all_facts()}
    return {
        state.hash: state.report for state in library.file_states().values()
        if state.hash and state.report and sources.get(state.path) == state.report and left(state.path)
    }


def _find_vanished(library: SyncedLibrary, root: str, found: _Folder) -> tuple[list[AddOutcome], tuple[ReportFacts, ...]]:
    """Return the reports whose files are gone; one whose content a file of the folder has goes on to that file."""
    copies = {state.report: state for path, state in library.file_states().items() if path in found.files and state.report}
    moved, vanished = [], []
    for facts in library.all_facts():
        if not _is_under(facts.source, root) or facts.source in found.files or not is_gone(facts.source):
            continue
        copy = copies.get(facts.id)
        if copy and (outcome := library.move(facts.id, copy)):
            found.moved.add(copy.path)
            moved.append(outcome)
        else:
            vanished.append(facts)
    return moved, tuple(vanished)


def _forget_lost(library: SyncedLibrary, root: str, found: _Folder) -> None:
    """Forget files that are gone; not those whose report is still there, which may turn up elsewhere."""
    held = {facts.id for facts in library.all_facts()}
    lost = [
        path for path, state in library.file_states().items()
        if _is_under(path, root) and path not in found.files and state.report not in held and is_gone(path)
    ]
    if lost:
        library.remember((), forget=lost)


def _is_under(path: str, root: str) -> bool:
    return path.startswith(os.path.join(source_of(root), ""))


def _untouched(library: SyncedLibrary, found: _Folder) -> Iterable[AddOutcome]:
    """Yield the outcomes of the files that were not read, in the order of the folder."""
    by_id = {facts.id: facts for facts in library.all_facts()}
    states = {state.path: state for state in (*found.unopened, *found.seen)}
    for path, file in found.files.items():
        state = states.get(path)
        if path in found.moved:
            continue
        if state and state.reason:
            yield AddOutcome("skipped", name_of(file), reason=state.reason)
        elif state and state.report in by_id:
            yield AddOutcome("unchanged", name_of(file), by_id[state.report], messages.SAME_CONTENT)
