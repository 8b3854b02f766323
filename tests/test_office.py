"""Old Office files through LibreOffice: what comes back, what is said without it, and that nothing of it stays."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

import pytest
from making.word import make_docx

from index.errors import ChooseAnotherFile
from index.readers import read_file, read_here
from index.readers.office import convert
from index.readers.word import read_old_word, read_open_document, read_word

SAMPLE = Path(__file__).resolve().parents[1] / "docs" / "reports" / "bao-cao-9-thang-2024.txt"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that temporary files go to."""
    folder = tmp_path / "tạm"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of the `soffice` that is found first; a test writes there what it does."""
    file = tmp_path / "bin" / "soffice"
    file.parent.mkdir()
    file.touch(mode=0o755)
    monkeypatch.setenv("PATH", f"{file.parent}{os.pathsep}{os.environ['PATH']}")
    return file


@pytest.mark.skipif(not (shutil.which("soffice") or shutil.which("libreoffice")), reason="LibreOffice is not installed")
def test_an_old_word_file_is_read_like_the_new_one(temporary: Path) -> None:
    docx = make_docx(SAMPLE.read_text(encoding="utf-8"))
    source = read_old_word(convert(docx, ".docx", "doc"))
    assert source.text == read_word(docx).text
    assert source.format == "doc"
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(("suffix", "data"), [(".doc", b"\xd0\xcf\x11\xe0 xyz"), (".odt", b"PK\x03\x04 xyz")])
def test_without_libreoffice_the_command_that_installs_it_is_named(
    suffix: str, data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / f"bao-cao{suffix}").write_bytes(data)
    with pytest.raises(ChooseAnotherFile, match="apt-get install libreoffice-writer"):
        read_here(tmp_path / f"bao-cao{suffix}")


def test_a_docx_named_doc_needs_no_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "bao-cao.doc").write_bytes(make_docx("1. Tình hình chung\nToàn tỉnh có 04 vụ."))
    assert read_file(tmp_path / "bao-cao.doc").text == "1. Tình hình chung\nToàn tỉnh có 04 vụ."


def test_a_conversion_that_takes_too_long_is_ended_with_its_children(program: Path, temporary: Path, tmp_path: Path) -> None:
    program.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > '{tmp_path}/child'\nwait\n")
    began = time.monotonic()
    with pytest.raises(ChooseAnotherFile, match="quá 1 giây"):
        convert(b"x", ".doc", "docx", seconds=1)
    assert time.monotonic() - began < 10
    assert _is_gone(int((tmp_path / "child").read_text()))
    assert list(temporary.iterdir()) == []


def _is_gone(process: int) -> bool:
    for _ in range(100):
        status = Path(f"/proc/{process}/stat")
        # Whoever adopts an ended process may be slow to take notice of it.
        if not status.exists() or status.read_text().split(") ")[1][0] in "ZX":
            return True
        time.sleep(0.05)
    return False


def test_a_child_that_outlives_its_conversion_is_ended(program: Path, temporary: Path, tmp_path: Path) -> None:
    program.write_text(f"#!/bin/sh\nsleep 60 > /dev/null 2>&1 &\necho $! > '{tmp_path}/child'\n")
    with pytest.raises(ChooseAnotherFile, match="không đọc được"):
        convert(b"x", ".doc", "docx")
    assert _is_gone(int((tmp_path / "child").read_text()))


def test_macros_and_network_are_switched_off(program: Path, temporary: Path) -> None:
    program.write_text("#!/bin/sh\nmkdir out\n(cat profile/user/registrymodifications.xcu; echo \"$https_proxy $HOME\") > out/source.docx\n")
    settings = convert(b"x", ".doc", "docx").decode()
    assert 'oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value>' in settings
    assert 'oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value>' in settings
    assert settings.splitlines()[-1].startswith(f"http://127.0.0.1:9 {temporary}/")


@pytest.mark.parametrize("read", [read_old_word, read_open_document])
def test_an_empty_or_locked_file_is_refused_before_libreoffice_starts(read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ChooseAnotherFile, match="tệp rỗng"):
        read(b"")
    with pytest.raises(ChooseAnotherFile, match="mật khẩu"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"\xec\xa5" + bytes(9) + b"\x01")
