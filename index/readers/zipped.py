"""Office files that are zip archives of XML: opened only when they are whole, of bounded size and without a DTD."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from index import messages
from index.errors import ChooseAnotherFile

# A sheet of 50,000 rows and 20 columns is about 60 MB of XML.
MAX_UNPACKED = 200_000_000
_MAX_PARTS = 10_000
_ENCRYPTED = 0x1
_CHUNK = 1 << 20
_DTD = re.compile(rb"<\s*!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# What else is in an office file is no text.
_XML = (".xml", ".rels", ".vml")


def open_zip(data: bytes, *, max_markup: int | None = None) -> zipfile.ZipFile:
    """Return the archive; raise `ChooseAnotherFile` when it is damaged, encrypted, too large unpacked or has a DTD.

    `max_markup` is how many signs "<" all its XML may have: a tree of elements takes ten times the room of its text.
    The sizes of the central directory can be trusted: `zipfile` reads no more of a part than it says.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = [part for part in archive.infolist() if part.filename.lower().endswith(_XML)]
        if len(archive.infolist()) > _MAX_PARTS or sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise ChooseAnotherFile(messages.read_unpacks_too_large(MAX_UNPACKED))
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise ChooseAnotherFile(messages.READ_ENCRYPTED)
        markup = sum(_check_part(archive, part) for part in parts)
        if max_markup is not None and markup > max_markup:
            raise ChooseAnotherFile(messages.read_unpacks_too_large(MAX_UNPACKED))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, LookupError, NotImplementedError) as error:
        raise ChooseAnotherFile(messages.READ_DAMAGED) from error
    return archive


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Read a part to its end, which checks it, and return how many signs "<" it has.

    Office formats have no DTD; an attack by entities needs one.
    """
    markup, before = 0, b""
    with archive.open(part) as source:
        while chunk := source.read(_CHUNK):
            # Zero bytes out: the part may be UTF-16.
            if _DTD.search((before + chunk).replace(b"\0", b"")):
                raise ChooseAnotherFile(messages.READ_DAMAGED)
            markup += chunk.count(b"<")
            before = chunk[-64:]
    return markup
