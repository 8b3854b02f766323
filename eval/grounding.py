"""Which figures of an answer stand nowhere in what it cites, computes or was asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eval.answers import AnswerLine
from eval.figures import Number, contains_phrase, find_numbers, holds_broken, same_number
from eval.questions import Question
from eval.sources import Source, find_source

_CITATION_MARK = re.compile(r"\[\d+(?:\s*[,;–-]\s*\d+)*\]")
_LIST_NUMBER = re.compile(r"(?m)^[ \t>]*(?:[-*•+]\s+)?\d{1,2}[.)]\s+")
_HEADING = r"(?:\d{1,2}|[ivxlc]{1,5})(?:\.(?:\d{1,2}|[ivxlca-zđ]{1,4}))*(?![\d%]|[.,/]\d)[.)]?"
_MORE_HEADINGS = rf"(?:\s*(?:,|và|;)\s*{_HEADING}(?=\s*(?:[),;.\[\]]|và|$)))*"
_SECTION = re.compile(
    rf"(?i)\b(?:tiểu mục|mục|chương|điều|phụ lục)\s+{_HEADING}{_MORE_HEADINGS}"
    # "khoản 5 tỷ đồng" is money: these words count only before a stop or a larger part.
    rf"|\b(?:phần|khoản|điểm)\s+{_HEADING}(?=\s*(?:[),;:.\[\]]|$|điều|khoản|mục|chương))"
)
_FOOTNOTE = re.compile(
    r"(?i)\b(?:chú thích|ghi chú|cước chú)\s+(?:số\s+)?\[?\d{1,3}\]?"
    r"(?:\s*(?:,|và)\s*\[?\d{1,3}\]?(?![\d.,]*\d|\s*%)(?=\s*(?:[),;.\[]|và|$)))*"
)
_PERIOD_AFTER = re.compile(r"\s*(?:tháng|năm|quý|tuần|ngày)\b")
_PERIOD_BEFORE = re.compile(r"(?:ngày|tháng|năm|quý|năm học|kỳ|giai đoạn|-|/)\s*$")


@dataclass(frozen=True, slots=True)
class _Allowed:
    """What numbers may come from: what is quoted, computed or asked; for periods, report names."""

    texts: tuple[str, ...]
    headings: tuple[str, ...]
    numbers: tuple[Number, ...]
    heading_numbers: tuple[Number, ...]


def find_answer_figures(answer: str) -> list[Number]:
    """Return the numbers of an answer, without citation marks, section and footnote numbers
    and the numbering of its lists."""
    answer = unicodedata.normalize("NFC", answer)
    for mark in (_CITATION_MARK, _LIST_NUMBER, _FOOTNOTE, _SECTION):
        answer = mark.sub(" ", answer)
    return find_numbers(answer)


def find_ungrounded(
    question: Question, answer: AnswerLine, *, sources: Mapping[str, Source]
) -> list[str]:
    """Return the literal figures of an answer that no rule below accounts for, in order.

    - A plain number or a part of an "x/y" pair: the same value stands as such in a cited quote,
      in `computed`, in the question or in its history.
    - A number of a date or period ("năm 2024", "9 tháng"): as above, or inside a date there, or
      in the name or head of a cited report (of any report when the answer abstains or
      cites nothing).
    - A document's number ("1506/QĐ-UBND"): stands there literally.
    """
    allowed = _collect_allowed(question, answer, sources=sources)
    return [
        number.literal for number in find_answer_figures(answer.answer)
        if not _is_grounded(number, allowed)
    ]


def _collect_allowed(
    question: Question, answer: AnswerLine, *, sources: Mapping[str, Source]
) -> _Allowed:
    texts = (
        *(each.quote for each in answer.citations), *answer.computed,
        question.question, *question.history,
    )
    cited = [find_source(sources, each.report) for each in answer.citations]
    named = [each for each in cited if each is not None]
    if answer.abstained or not named:
        # "The library holds reports of 2023 and 2024" names reports that it does not quote.
        named = list(sources.values())
    headings = [each.heading for each in dict.fromkeys(named)]
    return _Allowed(
        texts=texts,
        headings=tuple(headings),
        numbers=tuple(_numbers_of(texts)),
        heading_numbers=tuple(_numbers_of(headings)),
    )


def _numbers_of(texts: Iterable[str]) -> Iterable[Number]:
    for text in texts:
        yield from find_numbers(text)


def _is_grounded(number: Number, allowed: _Allowed) -> bool:
    if number.role == "document":
        token = re.search(r"[\d/]*$", number.before).group() + number.literal
        token += re.match(r"[\w/-]*", number.after).group()
        return any(contains_phrase(text, token) for text in (*allowed.texts, *allowed.headings))
    if any(same_number(number, each) for each in allowed.numbers if each.role in ("plain", "pair")):
        return True
    if any(holds_broken(text, number.literal) for text in allowed.texts):
        return True
    if not _is_period(number):
        return False
    return any(
        same_number(number, each) for each in (*allowed.numbers, *allowed.heading_numbers)
        if _is_period(each) or each.role == "document" or len(each.literal) == 4
    )


def _is_period(number: Number) -> bool:
    return (
        number.role == "date"
        or _PERIOD_AFTER.match(number.after) is not None
        or (len(number.literal) == 4 and _PERIOD_BEFORE.search(number.before) is not None)
    )
