"""From Markdown to plain text: takes the marking away and keeps headings ("# …"), bullets and table columns."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^\s*(```|~~~).*$")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_TABLE_ROW = re.compile(r"^\s*\|(.*?)\|?\s*$")
_BULLET = re.compile(r"^(\s*)[*+](\s+)(?=\S)")
_QUOTE = re.compile(r"^\s*(?:>\s?)+")
_NOTE_BODY = re.compile(r"^\[\^([^\]\s]+)\]:\s*")
_NOTE_MARK = re.compile(r"\[\^([^\]\s]+)\]")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]+)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
_CODE = re.compile(r"`([^`\n]+)`")
_STRONG = re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|~~)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_GLUED_STAR = re.compile(r"(\*\*)(?=\S)(.+?)(?<=\S)\1")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])")
# Characters that stand for an escaped one while the marking is taken away (private use area).
_HIDDEN = 0xF700


def read_markdown(text: str) -> str:
    """Return the text without emphasis, links, comments and code fences; numbers are left as they are.

    "# …" headings stay for the structure reader; a footnote "[^1]" becomes "[1]", its body line
    "[^1]: …" becomes "[1] …"; the cells of a table row become tab-separated columns.
    """
    text = _ESCAPE.sub(lambda match: chr(_HIDDEN + ord(match[1])), text)
    text = _BREAK.sub(" ", _COMMENT.sub("", text))
    lines = (_read_line(line) for line in text.split("\n"))
    plain = "\n".join(line for line in lines if line is not None)
    return re.sub("[\uf700-\uf77f]", lambda match: chr(ord(match[0]) - _HIDDEN), plain)


def _read_line(line: str) -> str | None:
    if _FENCE.match(line) or ("|" in line and _TABLE_RULE.match(line)):
        return None
    line = _QUOTE.sub("", line)
    row = _TABLE_ROW.match(line)
    if row:
        line = "\t".join(cell.strip() for cell in row[1].split("|"))
    line = _BULLET.sub(r"\1-\2", line)
    line = _NOTE_MARK.sub(r"[\1]", _NOTE_BODY.sub(r"[\1] ", line))
    line = _CODE.sub(r"\1", _LINK.sub(r"\1", _IMAGE.sub(r"\1", line)))
    # Twice: bold inside italic.
    for pattern in (_GLUED_STAR, _STRONG, _STRONG):
        line = pattern.sub(r"\2", line)
    return line
