"""The parts of a Word file: its archive is checked before anything is unpacked, its XML read without entities or network."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

from lxml import etree

from index import messages
from index.errors import ChooseAnotherFile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

MAX_ENTRIES = 10_000
MAX_UNPACKED = 400_000_000
MAX_PART = 60_000_000
# Word writes 200 to 1,000 tags a page; what has more would take longer to read than a user waits.
MAX_TAGS = 1_000_000
# Deflate reaches 1000; the XML of real files, tables of one word included, stays below 100.
MAX_RATIO = 200
_SMALL = 4_000_000

# ISO 29500 Strict writes the same elements in other namespaces.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)
# What zipfile and zlib raise on mutated archives.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, KeyError, ValueError, OverflowError, NotImplementedError, RuntimeError, OSError,
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class WordParts:
    """The roots of the parts that hold text or say how it is numbered and set; None for one that is missing."""

    document: etree._Element
    styles: etree._Element | None
    numbering: etree._Element | None
    footnotes: etree._Element | None
    endnotes: etree._Element | None
    theme: etree._Element | None


def open_word(data: bytes) -> WordParts:
    """Return the parts of a .docx or .docm; raise `ChooseAnotherFile` when it is none, locked, damaged or a bomb.

    Macros, pictures, headers, footers and comments are never unpacked.
    """
    if not data.startswith(b"PK"):
        raise ChooseAnotherFile(_not_word(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_archive(archive)
            return _read_parts(archive)
    except (*_DAMAGED, etree.XMLSyntaxError) as error:
        raise ChooseAnotherFile(messages.WORD_DAMAGED) from error


def check_archive(archive: zipfile.ZipFile) -> None:
    """Raise `ChooseAnotherFile` when the directory of an archive promises more than a document can hold."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    swollen = any(entry.file_size > max(_SMALL, MAX_RATIO * entry.compress_size) for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or swollen:
        raise ChooseAnotherFile(messages.WORD_BOMB)
    if any(entry.flag_bits & 1 for entry in entries):
        raise ChooseAnotherFile(messages.WORD_LOCKED)


def is_locked(data: bytes) -> bool:
    """Tell whether an Office file is encrypted with a password."""
    if not data.startswith(_OLE):
        return data.startswith(b"PK") and b"manifest:encryption-data" in _member(data, "META-INF/manifest.xml")
    if "EncryptedPackage".encode("utf-16-le") in data:
        return True
    # The head of a .doc stands in the first sector behind the OLE header; bit 8 of its flags says "encrypted".
    return data[512:514] == b"\xec\xa5" and bool(data[523:524] and data[523] & 1)


def _member(data: bytes, name: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(name) as member:
            return member.read(1_000_000)
    except _DAMAGED:
        return b""


def _not_word(data: bytes) -> str:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not data.strip():
        return messages.READ_EMPTY
    if is_locked(data):
        return messages.WORD_LOCKED
    if data.startswith(_OLE):
        return messages.word_other_format("Word đời cũ (.doc)" if "WordDocument".encode("utf-16-le") in data else "tệp Office đời cũ (.doc, .xls, .ppt)")
    if b"%pdf-" in start:
        return messages.word_other_format("PDF (.pdf)")
    if start.startswith(b"{\\rtf"):
        return messages.word_other_format("RTF (.rtf)")
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        return messages.word_other_format("trang web (.html)")
    if start.startswith(b"mime-version:"):
        return messages.word_other_format("trang web lưu trọn (.mht)")
    return messages.WORD_DAMAGED


def _read_parts(archive: zipfile.ZipFile) -> WordParts:
    names = {name.lstrip("/").lower(): name for name in archive.namelist()}
    main = _targets(archive, names, "").get("officedocument", "word/document.xml")
    if main.lower() not in names:
        main = "word/document.xml"
    if main.lower() not in names:
        raise ChooseAnotherFile(_other_archive(archive, names))
    document = _parse(archive, names[main.lower()])
    if document.find(f"{W}body") is None:
        raise ChooseAnotherFile(_other_archive(archive, names))
    targets = _targets(archive, names, main)
    folder = main.rpartition("/")[0]

    def part(kind: str, default: str) -> etree._Element | None:
        path = targets.get(kind, f"{folder}/{default}").lower()
        return _parse(archive, names[path]) if path in names else None

    return WordParts(
        document, part("styles", "styles.xml"), part("numbering", "numbering.xml"), part("footnotes", "footnotes.xml"),
        part("endnotes", "endnotes.xml"), part("theme", "theme/theme1.xml"),
    )


def _targets(archive: zipfile.ZipFile, names: dict[str, str], part: str) -> dict[str, str]:
    """Return kind → path of the parts that a part (or, for "", the package) points to inside the archive."""
    folder, _, file = part.rpartition("/")
    path = f"{folder}/_rels/{file}.rels".lstrip("/").lower()
    if path not in names:
        return {}
    found: dict[str, str] = {}
    for relation in _parse(archive, names[path]):
        if relation.get("TargetMode") == "External" or not relation.get("Target"):
            continue
        target = relation.get("Target")
        kind = relation.get("Type", "").rpartition("/")[2].lower()
        found.setdefault(kind, target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/"))
    return found


def _parse(archive: zipfile.ZipFile, name: str) -> etree._Element:
    with archive.open(name) as member:
        # The directory may lie about the size of a part.
        data = member.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise ChooseAnotherFile(messages.WORD_BOMB)
    if data.count(b"<") > MAX_TAGS:
        raise ChooseAnotherFile(messages.WORD_TOO_LONG)
    for strict, usual in _STRICT:
        data = data.replace(strict, usual)
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(data, parser)
    # Word writes no document type; one is there to smuggle entities in.
    if root.getroottree().docinfo.doctype:
        raise ChooseAnotherFile(messages.WORD_ENTITIES)
    return root


def _other_archive(archive: zipfile.ZipFile, names: dict[str, str]) -> str:
    if "xl/workbook.xml" in names:
        return messages.word_other_format("bảng tính Excel (.xlsx)")
    if "ppt/presentation.xml" in names:
        return messages.word_other_format("bài trình chiếu PowerPoint (.pptx)")
    if "content.xml" in names:
        return messages.word_other_format("tài liệu OpenDocument (.odt, .ods)")
    return messages.word_other_format("tệp nén (.zip)") if "[content_types].xml" not in names else messages.WORD_DAMAGED
