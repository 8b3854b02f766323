"""Makes OpenDocument files for tests, as LibreOffice writes them, without LibreOffice."""

from __future__ import annotations

import io
import zipfile
from html import escape

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_KINDS = {"text": "application/vnd.oasis.opendocument.text", "spreadsheet": "application/vnd.oasis.opendocument.spreadsheet"}


def make_odt(body: str, *, before: str = "", locked: bool = False) -> bytes:
    """Return a document with that content of <office:text>; `before` is what stands in front of the root."""
    return _pack("text", f"<office:text>{body}</office:text>", before, locked)


def make_ods(sheets: dict[str, list[list[str | float | None]]], *, before: str = "", locked: bool = False) -> bytes:
    """Return a spreadsheet with the cells of each sheet; figures are shown with two decimals at most."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}"><table:table-column table:number-columns-repeated="{max(map(len, rows))}"/>'
        + "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows) + "</table:table>"
        for name, rows in sheets.items()
    )
    return _pack("spreadsheet", f"<office:spreadsheet>{tables}</office:spreadsheet>", before, locked)


def _cell(value: str | float | None) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    shown = f"{value:,.10g}"
    return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{shown}</text:p></table:table-cell>'


def _pack(kind: str, body: str, before: str, locked: bool) -> bytes:
    secret = "<manifest:encryption-data/>" if locked else ""
    parts = {
        "mimetype": _KINDS[kind],
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_MANIFEST}" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_KINDS[kind]}"/>'
        f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{secret}</manifest:file-entry></manifest:manifest>',
        "content.xml": f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {_NAMES} office:version="1.3">'
        f"<office:body>{body}</office:body></office:document-content>",
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return written.getvalue()
