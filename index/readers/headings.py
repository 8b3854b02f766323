"""How a heading that a format marks as one is written, so that the structure reader takes it for one."""

from __future__ import annotations

import re

_NUMBER_SHOWS = re.compile(
    r"(?i:phần|chương|mục|điều|phụ lục|biểu)\s+(?i:thứ\s+)?[\wĐđ]+|[IVXLC]{1,6}\s?[.\-–)/]|[A-ZĐ]\s?[.)\-–/]\s|\d{1,2}\s?[.\-–/)](?!\d)"
    r"|(?:\d{1,2}|[IVX]{1,5}|[A-ZĐ])(?:\.\d{1,2})+(?!\d)"
)


def write_heading(text: str, level: int) -> str:
    """Return a heading of a level from 1 to 6, with "#" in front where no number shows it to be one."""
    return text if _NUMBER_SHOWS.match(text) else f"{'#' * min(max(level, 1), 6)} {text}"
