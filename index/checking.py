"""What is wrong with a library file, and what is odd in its reports, each as a sentence. Repairs nothing."""

from __future__ import annotations

from collections.abc import Callable

from index import messages
from index.errors import RestoreLibrary
from index.files import FileState, hash_file, is_gone, look_at
from index.model_files import incomplete_folders
from index.records import Report, ReportFacts
from index.schema import SCHEMA_VERSION
from index.snapshot import CACHE_FROM, cache_files, cache_path, read_cache
from index.store import Store


def check_store(store: Store, dimension: int) -> list[str]:
    """Return the defects of the file and of what is stored of each report."""
    defects = [messages.check_damaged(detail) for detail in store.integrity()]
    # A damaged page may make any further reading fail; what SQLite found is the answer.
    if defects:
        return defects
    for key, facts in zip(store.keys(), store.facts(), strict=True):
        try:
            report = store.read_report(key)
        except RestoreLibrary:
            defects.append(messages.check_damaged_report(facts.name, facts.id, facts.source))
        else:
            defects += _check_derived(store, key, report, dimension)
    return defects


def list_remarks(store: Store) -> list[str]:
    """Return what the user may want to know though nothing is broken, each with what to do about it.

    Facts that a report lacks, footnotes that are not tied, source files that are gone or changed,
    reports that an older program wrote, stale files beside the library.
    """
    states = store.file_states()
    remarks = []
    for key, facts in zip(store.keys(), store.facts(), strict=True):
        report = store.read_report(key)
        remarks += [messages.check_footnotes(report.name, warning, report.source) for warning in report.warnings]
        remarks += _check_facts(facts)
        remarks += _check_source(facts, states.get(facts.source))
        if store.figures(key) is None:
            remarks.append(messages.check_no_register(report.name))
    if store.schema_version() < SCHEMA_VERSION:
        remarks.append(messages.check_old_schema(store.path.parent, store.schema_version(), SCHEMA_VERSION))
    return remarks + _check_cache(store) + _check_model_cache()


def _check_facts(facts: ReportFacts) -> list[str]:
    lacking = [field for field in ("title", "agency", "period") if not getattr(facts, field)]
    return [messages.check_facts(facts.name, facts.id, lacking)] if lacking else []


def _check_source(facts: ReportFacts, known: FileState | None) -> list[str]:
    if is_gone(facts.source):
        return [messages.check_vanished(facts.name, facts.id, facts.source)]
    found = look_at(facts.source, facts.source)
    # Of a file that an older program added, nothing is known to compare with.
    changed = known and known.hash and found and not known.vouches_for(found) and hash_file(facts.source) not in ("", known.hash)
    return [messages.check_changed(facts.name, facts.source)] if changed else []


def _check_model_cache() -> list[str]:
    folders = incomplete_folders()
    return [messages.check_model_cache(folders)] if folders else []


def _check_derived(store: Store, key: int, report: Report, dimension: int) -> list[str]:
    passages = report.passages

    def has_vectors() -> bool:
        return len(store.passage_vectors(key, dimension, len(passages))) == len(passages)

    def has_clauses() -> bool:
        return all(len(store.clause_vectors(key, p.index, dimension)) == len(p.clauses) for p in passages)

    def has_postings() -> bool:
        return len(store.postings(key).lengths) == len(passages)

    def has_register() -> bool:
        # A report of a program that kept none has no register yet; a damaged one cannot be read.
        store.figures(key)
        return True

    return [
        messages.check_count(report.name, what)
        for what, is_whole in (
            (messages.CHECK_VECTORS, has_vectors),
            (messages.CHECK_CLAUSES, has_clauses),
            (messages.CHECK_POSTINGS, has_postings),
            (messages.CHECK_FIGURES, has_register),
        )
        if not _holds(is_whole)
    ]


def _holds(is_whole: Callable[[], bool]) -> bool:
    try:
        return is_whole()
    except RestoreLibrary:
        return False


def _check_cache(store: Store) -> list[str]:
    keys, folder = store.keys(), store.path.parent
    current = cache_path(folder, version=store.version(), keys=keys)
    size = sum(facts.passages for facts in store.facts())
    stale = [
        path.name for path in cache_files(folder)
        if path != current or size < CACHE_FROM or (index := read_cache(path)) is None or len(index) != size
    ]
    return [messages.check_stale_cache(stale)] if stale else []
