"""Reads a file in a process of its own: what makes a library crash, hang or swallow memory ends there, and is said.

The child is kept for the next file. It gets a path and a limit as one JSON line and answers with one
line: the text, or the sentence that refuses the file. Lines that tell how far it is come before.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from index import messages
from index.errors import ChooseAnotherFile, ChooseFileLater
from index.readers.source import SourceText, hear_pages, tell_pages

# A page that is recognised may take a minute, and two are recognised at once.
SILENT_SECONDS = 150.0
_MEMORY_BYTES = 3 * 1024**3
_LAST_SECONDS = 2.0
_LOG = logging.getLogger(__name__)
_idle: list[_Child] = []
_idle_lock = threading.Lock()


def read_apart(path: Path, *, seconds: float = SILENT_SECONDS) -> SourceText:
    """Read a file in another process; pages that it tells of are told on.

    Args:
        path: the file.
        seconds: how long the reader may be silent; then it is ended with all that it started.

    Raises:
        ChooseAnotherFile: the file is refused, or its reader crashed, hung or ran out of memory.
    """
    child = _take()
    try:
        answer = child.ask({"path": os.fspath(path)}, seconds)
    except BaseException:
        # Also when the person stops the work: nothing goes on behind their back.
        child.end()
        raise
    with _idle_lock:
        _idle.append(child)
    if "refused" in answer:
        raise (ChooseFileLater if answer["later"] else ChooseAnotherFile)(answer["refused"])
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in answer["source"].items()}
    return SourceText(**fields)


class _Child:
    """A process that reads one file after another."""

    def __init__(self) -> None:
        self._process = self._start()
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _start(self) -> subprocess.Popen:
        root = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        return subprocess.Popen(
            [sys.executable, "-m", "index.readers.apart"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=None if _LOG.isEnabledFor(logging.DEBUG) else subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path}, start_new_session=True,
        )

    def _listen(self) -> None:
        with self._process.stdout as answers:
            for line in answers:
                self._lines.put(line)
        self._lines.put(b"")

    def ask(self, request: dict, seconds: float) -> dict:
        """Return the last line that answers a request; raise `ChooseAnotherFile` when there is none."""
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise ChooseAnotherFile(messages.READER_BROKE) from error
        while True:
            try:
                line = self._lines.get(timeout=seconds)
            except queue.Empty:
                raise ChooseAnotherFile(messages.reader_too_slow(seconds)) from None
            if not line:
                raise ChooseAnotherFile(messages.READER_BROKE)
            answer = json.loads(line)
            if "page" not in answer:
                return answer
            tell_pages(answer["page"], answer["pages"])

    def end(self) -> None:
        """End the process and all that it started; it has a moment to end other programs and remove its temporary files."""
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_LAST_SECONDS)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with suppress(OSError):
            self._process.stdin.close()
        self._listener.join()

    @property
    def lives(self) -> bool:
        return self._process.poll() is None


def _take() -> _Child:
    with _idle_lock:
        while _idle:
            child = _idle.pop()
            if child.lives:
                return child
            child.end()
    return _Child()


@atexit.register
def end_readers() -> None:
    """End the processes that wait for a file."""
    with _idle_lock:
        while _idle:
            _idle.pop().end()


def serve() -> None:
    """Answer requests from the standard input until it ends: what the other process runs."""
    from index.readers import read_here

    _limit_memory()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    _end_with_parent()
    # A library that prints must not talk into the answers.
    answers, sys.stdout = os.fdopen(os.dup(1), "w", encoding="utf-8"), sys.stderr
    os.dup2(2, 1)

    def say(answer: dict) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    for line in sys.stdin:
        request = json.loads(line)
        try:
            with hear_pages(lambda page, pages: say({"page": page, "pages": pages})):
                source = read_here(Path(request["path"]))
            say({"source": asdict(source)})
        except ChooseAnotherFile as error:
            say({"refused": str(error), "later": isinstance(error, ChooseFileLater)})
        except MemoryError:
            say({"refused": messages.READER_FULL, "later": False})
        # The border of this process: what a library raises on a damaged file is of every kind.
        except Exception:
            logging.getLogger(__name__).exception("reading %s", request["path"])
            say({"refused": messages.READER_BROKE, "later": False})


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on this system
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))


def _end_with_parent() -> None:
    """End this process when the one that asks dies without a word: it may be in the middle of a long file.

    Not by the signal that Linux can send: that comes already when the thread ends that started this process.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_LAST_SECONDS)
        os.killpg(os.getpgid(0), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    serve()
