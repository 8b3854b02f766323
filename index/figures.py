"""A figure among the words of its clause: what stands before and behind it, whether it is a part of another."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.numbers import find_figures
from index.records import Figure
from index.tables import Row

# Words that say how a figure stands to the one before it: "đạt 33,4 nghìn tỷ đồng, tăng 9,4%".
CHANGE_WORDS = frozenset(
    "tăng giảm đạt chiếm bằng vượt so với khoảng ước trên gần hơn và là tỷ lệ thêm".split()
)
_DELIMITERS = re.compile(r"[,;:()]")
_SUBORDINATE = re.compile(r"trong (?:đó|số đó|số này)|gồm|bao gồm|cụ thể|chia ra|riêng", re.IGNORECASE)
_MONEY_UNIT = re.compile(r"^(?:(?:trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ)\s+)*(?:đồng(?! chí| nghiệp| bào)|usd|đô)\b|^(?:nghìn\s+)?(?:tỷ|tỉ)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PlacedFigure:
    """A figure in the text of its clause (`figure.start` and `figure.end` index into it).

    `before` is its part of the clause back to where another statement ends, `label` the words
    directly before it, `after` those behind its number up to the next sign or figure; `unit` is
    what it counts, also where only the next figure says so ("từ đủ 12 đến dưới 18 tuổi"); `column` is the name of its column in a table.
    """

    figure: Figure
    literal: str
    kind: str
    before: str
    label: str
    after: str
    unit: str
    in_brackets: bool
    subordinate: bool
    column: str = ""


def place_figures(text: str) -> list[PlacedFigure]:
    """Return the figures of a clause with the words around them."""
    figures = find_figures(text)
    placed = []
    for i, figure in enumerate(figures):
        left = text[figures[i - 1].end if i else 0:figure.start]
        number = re.match(r"[\d.,\s/–-]*\d", text[figure.start:figure.end])
        right_limit = figures[i + 1].start if i + 1 < len(figures) else len(text)
        after = text[figure.start + (number.end() if number else 0):right_limit]
        stop = _DELIMITERS.search(after)
        before = text[:figure.start]
        placed.append(PlacedFigure(
            figure=figure,
            literal=text[figure.start:figure.end],
            kind=kind_of(figure),
            before=_last_part(left),
            label=_label(left),
            after=after[:stop.start()] if stop else after,
            unit=_unit_of(figure, figures[i + 1] if i + 1 < len(figures) else None, after),
            in_brackets=before.count("(") > before.count(")"),
            subordinate=bool(_SUBORDINATE.search(before)),
        ))
    return placed


def place_cells(text: str, row: Row, *, start: int) -> list[PlacedFigure]:
    """Return the figures that fill a cell of a table row, whose words begin at `start` of the report's text.

    What stands before each is the name of its row and of its column; it is a part of nothing.
    """
    placed = []
    for figure in find_figures(text):
        cell = row.cell_at(start + figure.start)
        # What stands before the name is the number of the row.
        if not _is_cell(text, figure) or cell < row.first:
            continue
        column, unit = row.columns[cell], figure.unit or row.units[cell]
        words = f"{row.name}, {column}" if column and column != row.name else row.name
        placed.append(PlacedFigure(
            figure=figure, literal=text[figure.start:figure.end], kind=kind_of(figure, unit), before=words, label=words,
            after="" if unit else column, unit=unit, in_brackets=False, subordinate=False, column=column,
        ))
    return placed


def kind_of(figure: Figure, unit: str | None = None) -> str:
    """Return what kind of figure it is, by its own unit or the one given: "percent", "money", "pair", "bare" or "count"."""
    unit = figure.unit if unit is None else unit
    if "%" in unit or "phần trăm" in unit.lower():
        return "percent"
    if _MONEY_UNIT.search(unit):
        return "money"
    if figure.denominator is not None:
        return "pair"
    return "count" if unit else "bare"


def _is_cell(text: str, figure: Figure) -> bool:
    """Tell whether a figure of a table row fills its cell: "hưởng 100%" in a label does not."""
    start = text.rfind("\t", 0, figure.start) + 1
    end = text.find("\t", figure.start)
    return not re.search(r"[^\W\d_]", text[start:end if end >= 0 else len(text)])


def _unit_of(figure: Figure, following: Figure | None, after: str) -> str:
    """Return the unit of a figure; of "từ đủ 12 đến dưới 18 tuổi" both are years of age."""
    if not figure.unit and following is not None and re.match(r"\s*(?:đến|-|–)\s+(?:dưới\s+|hết\s+)?$", after):
        return following.unit
    return figure.unit


def _last_part(left: str) -> str:
    """Return the words before a figure back to where another statement ends."""
    parts = re.split(r"[;)]|,\s+(?=trong đó)", left)
    return parts[-1] if len(parts[-1].split()) > 1 else left


def _label(left: str) -> str:
    """Return the words directly before a figure: behind the last comma or semicolon, "" when none are.

    "cao đẳng: " and "người (" name what comes behind the colon or bracket.
    """
    last = re.split(r"[,;)]", left)[-1]
    parts = [part for part in re.split(r"[:(]", last) if re.search(r"[^\W\d_]", part)]
    return parts[-1] if parts else ""
