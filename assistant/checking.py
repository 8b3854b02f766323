"""A sentence that someone asks to be checked in the chat: each figure of it with what the library says."""

from __future__ import annotations

import re

from assistant import composing, messages
from assistant.answers import Answer, Citation
from assistant.drafts import CheckedFigure, check_draft
from assistant.finding import Material
from assistant.registered import as_reading

_ASKED = re.compile(
    r"^\W*(?:(?:nhờ|xin|hãy|làm ơn|em|anh|chị|giúp)\s+)*(?:kiểm tra|kiem tra|rà soát|ra soat|đối chiếu|doi chieu|soát|check)\b[^:\n]{0,40}\b(?:câu|cau|đoạn|doan|văn bản|van ban|dự thảo|du thao|số liệu|so lieu|nội dung|noi dung)\b[^:\n]{0,30}:\s*(?P<draft>.*\d.*)$",
    re.IGNORECASE | re.DOTALL,
)


def answer_check(typed: str, material: Material) -> Answer | None:
    """Return the verdict on each figure of a sentence ("Kiểm tra giúp câu này: …"), or None when none is to be checked."""
    asked = _ASKED.match(typed)
    if not asked or "?" in asked["draft"]:
        return None
    check = check_draft(asked["draft"], material)
    if not check.figures:
        return None
    citations: list[Citation] = []
    lines = [_say(figure, citations) for figure in check.figures]
    return Answer("\n".join(lines), citations=tuple(citations), details={"asks": ["check"]})


def _say(figure: CheckedFigure, citations: list[Citation]) -> str:
    """Return the line of one figure, and add its source to the citations."""
    if figure.source is None:
        return messages.check_line(figure.literal, figure.verdict, "")
    report, found = figure.source.report, figure.source.figure
    citations.append(composing.cite(as_reading(report, found)))
    verdict = f"{figure.verdict} ({messages.ROUNDED})" if figure.rounded else figure.verdict
    return messages.check_line(figure.literal, verdict, f"{found.literal} [{len(citations)}]")
