"""From a saved web page (.html, .mht) to the text of its article; what the page loads from elsewhere is never fetched."""

from __future__ import annotations

import codecs
import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from lxml import etree

from index import messages
from index.errors import ChooseAnotherFile
from index.readers.plain import read_characters
from index.readers.runs import HELD, finish_text
from index.readers.source import SourceText
from index.readers.web_article import drop_site_lines, find_article, find_headline
from index.readers.web_fonts import Fonts
from index.readers.web_lines import read_lines
from index.readers.web_notes import find_notes

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w-]{2,40})", re.IGNORECASE)
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
_ARCHIVE = re.compile(rb"^\s*(?:From:|MIME-Version:|Content-Type:|Date:|Subject:|Snapshot-Content-Location:)", re.IGNORECASE)
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Not XML characters: the parser would end there.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_HEAD_LINES = 20
# Read in about eight seconds; a report of 300 pages has 30,000.
_MAX_ELEMENTS = 300_000


def read_web_page(data: bytes) -> SourceText:
    """Read an HTML page, or a web archive under that name."""
    if _ARCHIVE.match(data):
        return read_web_archive(data)
    return _read_page(data, charset=None)


def read_web_archive(data: bytes) -> SourceText:
    """Read a page saved with its pictures as one file (.mht); raise `ChooseAnotherFile` when no page is in it."""
    if data.lstrip()[:1] == b"<":
        return _read_page(data, charset=None)
    try:
        message = message_from_bytes(data, policy=policy.default)
        part = _page_part(message)
        page, charset = (part.get_payload(decode=True), part.get_content_charset()) if part is not None else (None, None)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, IndexError) as error:
        # The mail parser of the standard library fails in many ways on damaged headers.
        raise ChooseAnotherFile(messages.READ_WEB_ARCHIVE) from error
    if not isinstance(page, bytes) or not page.strip():
        raise ChooseAnotherFile(messages.READ_WEB_ARCHIVE)
    return _read_page(page, charset=charset)


def _page_part(message: EmailMessage) -> EmailMessage | None:
    """Return the first HTML part that has text: frames and advertisements come behind it."""
    parts = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    return next((part for part in parts if part.get_payload()), None)


def _read_page(data: bytes, *, charset: str | None) -> SourceText:
    source = _decode(data, charset)
    page = _parse(source)
    # Before the furniture goes: style sheets and, in pages from Word, the list of footnotes stand outside the article.
    fonts = Fonts("\n".join(style.text or "" for style in page.iter("style")))
    headline = find_headline(page)
    article = find_article(page)
    lines, notes = read_lines(article, find_notes(article, page), fonts)
    lines = _with_headline(headline, drop_site_lines(lines))
    if not any(lines):
        raise ChooseAnotherFile(messages.READ_NO_ARTICLE)
    text, warnings = finish_text([*lines, *notes], fonts.repaired)
    if damaged := source.count("\ufffd"):
        warnings = (*warnings, messages.warn_damaged_characters(damaged))
    return SourceText(text, "html", warnings)


def _with_headline(headline: str, lines: list[str]) -> list[str]:
    """Put the page's headline in front, unless the head of the document below says the same: then it goes."""
    place = lines.index(headline) if headline in lines[:3] else None
    others = lines if place is None else lines[:place] + lines[place + 1:]
    if _folded(headline) in _folded(" ".join(others[:_HEAD_LINES])):
        return others
    return lines if place is not None or not any(lines) else [headline, *lines]


def _decode(data: bytes, charset: str | None) -> str:
    """Decode by mark, header or the page's own word; where these are missing or wrong, as a text file is."""
    declared = _CHARSET.search(data[:8192]) or _XML_ENCODING.search(data[:200])
    names = [name for name in (charset, declared and declared[1].decode("ascii")) if name]
    if data.startswith(_BOMS):
        names = []
    elif names and names[0].lower() not in ("utf-8", "utf8"):
        # Pages are often saved again as UTF-8 and keep the old word; text in another encoding is hardly ever valid UTF-8.
        names.insert(0, "utf-8")
    for name in names:
        try:
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    text = read_characters(data)[0]
    if not text.strip():
        raise ChooseAnotherFile(messages.READ_EMPTY)
    return text


def _parse(text: str) -> etree._Element:
    text = _FORBIDDEN.sub("", _XML_HEAD.sub("", text).translate(HELD))
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        page = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ChooseAnotherFile(messages.READ_NO_ARTICLE) from error
    if page is None:
        raise ChooseAnotherFile(messages.READ_NO_ARTICLE)
    if sum(1 for _ in page.iter()) > _MAX_ELEMENTS:
        raise ChooseAnotherFile(messages.READ_LARGE_PAGE)
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise ChooseAnotherFile(messages.READ_NESTED_PAGE)
    return page


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text).casefold()
