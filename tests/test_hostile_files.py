"""Hostile files from the command line: each is named with a sentence or read, nothing else happens, and the good file comes in."""

from __future__ import annotations

import http.server
import io
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from making.ole import make_ole
from making.pdf import PdfMaker
from making.report_files import FIGURE, REPORT
from making.word import make_docx, make_package, paragraph

from index.library import Library

ROOT = Path(__file__).resolve().parents[1]
DTD = '<!DOCTYPE a [<!ENTITY x SYSTEM "{url}"><!ENTITY y "{lots}">]>'


def zipped(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped({part: archive.read(part) for part in archive.namelist()} | {name: content})


def many_pages(count: int) -> bytes:
    maker = PdfMaker()
    for _ in range(count):
        maker.page()
    return maker.save()


def refused_files(url: str) -> dict[str, bytes]:
    """Return files that no report can be read from, by their names."""
    word = make_docx(REPORT)
    dtd = DTD.format(url=url, lots="ha" * 50).encode()
    return {
        "rỗng.docx": b"",
        "không trang.pdf": b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\ntrailer<</Root 1 0 R>>",
        "mật khẩu.docx": make_ole({"EncryptedPackage": b"x" * 900, "EncryptionInfo": b"x" * 90}),
        "mật khẩu.xlsx": make_ole({"EncryptedPackage": b"x" * 900, "EncryptionInfo": b"x" * 90}),
        "đổi tên.pdf": word,
        "đổi tên.docx": b"%PDF-1.7 ...",
        "đổi tên.txt": b"%PDF-1.7 ...",
        "đổi tên.xlsx": b"%PDF-1.7 ...",
        "cụt.docx": word[:len(word) // 2],
        "bom.docx": zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"\0" * 450_000_000}),
        "bom.xlsx": zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b" " * 250_000_000}),
        "nhiều phần.docx": zipped({f"word/a{n}.xml": b"" for n in range(10_500)}),
        "thực thể.docx": with_part(word, "word/document.xml", dtd + b"<a>&x;</a>"),
        "quá dài.pdf": many_pages(5000),
    }


def read_files(url: str) -> dict[str, bytes]:
    """Return files that a report is read from, whatever else they would do."""
    remote = f'<html><head><link rel="stylesheet" href="{url}/a.css"></head><body><article><h1>Báo cáo</h1><img src="{url}/a.png"><p>Có {FIGURE}.</p></article></body></html>'
    return {
        "tốt.txt": REPORT.encode(),
        "liên kết.html": remote.encode(),
        "thực thể.html": (DTD.format(url="file:///etc/passwd", lots="ha") + f"<html><body><article><p>Có {FIGURE} &x;.</p></article></body></html>").encode(),
        "ra ngoài.docx": with_part(make_package(paragraph(f"Có {FIGURE}.")), "../../../../tmp/thoat.txt", b"x"),
        "macro.docm": with_part(make_package(paragraph(f"Toàn tỉnh có {FIGURE}.")), "word/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub AutoOpen()"),
        "sâu.html": ("<div>" * 200 + f"<p>Huyện có {FIGURE}.</p>" + "</div>" * 200).encode(),
        "một dòng.txt": ("Toàn tỉnh có nhiều việc. " * 20_000).encode(),
    }


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}", asked
        listening.shutdown()
        thread.join()


def test_hostile_files_are_named_with_a_sentence_and_do_nothing_else(tmp_path: Path, server: tuple[str, list[str]]) -> None:
    url, asked = server
    bad, good = refused_files(url), read_files(url)
    folder, scratch = tmp_path / "báo cáo", tmp_path / "tạm"
    folder.mkdir()
    scratch.mkdir()
    for name, data in (bad | good).items():
        (folder / name).write_bytes(data)
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "index", "add", str(folder), "--library", str(tmp_path / "kho")],
        cwd=scratch, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(scratch)}, timeout=240,
    )
    assert time.monotonic() - began < 10 * len(bad | good)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    skipped = dict(re.findall(r"^Bỏ qua: (.+?): (.+)$", done.stdout, re.MULTILINE))
    assert skipped.keys() == bad.keys()
    assert all(len(sentence.split()) > 4 and sentence[0].islower() for sentence in skipped.values()), skipped
    assert asked == []
    # onnxruntime leaves the number of its session there.
    assert set(os.listdir(scratch)) <= {".ses"}
    assert not Path(tempfile.gettempdir(), "thoat.txt").exists()
    with Library.open(tmp_path / "kho") as library:
        assert library.check() == []
        assert {facts.name for facts in library.all_facts()} == good.keys()
        assert not any("root:" in report.text for report in library.reports())


@pytest.mark.parametrize("name", ["xuống\ndòng.txt", "điều\x07khiển.txt", "..txt.txt", "😀.txt", "a" * 250 + ".txt"])
def test_odd_names_are_data(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(REPORT, encoding="utf-8")
    with Library.open(tmp_path / "kho", create=True) as library:
        (outcome,) = library.add([tmp_path / name]).outcomes
        assert (outcome.kind, outcome.name) == ("added", name)
        assert library.check() == []
