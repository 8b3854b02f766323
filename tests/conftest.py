"""What every test shares: a closed network, one library of the sample reports, one assistant."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from assistant import Assistant

ROOT = Path(__file__).resolve().parents[1]
SAMPLE_REPORTS = ROOT / "docs" / "reports"

_connect = socket.socket.connect


class NetworkClosed(AssertionError):
    """A test tried to leave this machine."""


def pytest_configure(config: pytest.Config) -> None:
    # Libraries that would ask a model hub fail at once instead of waiting for a connection.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ.pop("LANGSMITH_TRACING", None)


def _connect_on_this_machine(self: socket.socket, address: object) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
        raise NetworkClosed(f"tests may not connect to {address!r}")
    _connect(self, address)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _closed_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _connect_on_this_machine)
        yield


@pytest.fixture(scope="session")
def sample_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library folder of the sample reports, built once; tests read it, none writes to it."""
    # Imported here and below, so that what breaks one package leaves the tests of the others running.
    from index.library import Library

    folder = tmp_path_factory.mktemp("sample") / "kho"
    with Library.open(folder, create=True) as library:
        library.add(_sample_files())
    return folder


@pytest.fixture(scope="session")
def assistant(sample_library: Path) -> Iterator[Assistant]:
    """Give an assistant over the sample reports."""
    from assistant import Assistant

    assistant = Assistant.open(sample_library)
    yield assistant
    assistant.library.close()


def _sample_files() -> list[Path]:
    return sorted(path for path in SAMPLE_REPORTS.iterdir() if path.suffix in {".txt", ".md"})
