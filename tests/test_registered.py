"""Conflicts of the register in the chat: both places are said and cited, and nothing where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.verifying import misquoted
from index.library import Library

HEAD = "SỞ LAO ĐỘNG TỈNH AN PHÚ\nBÁO CÁO\nKết quả công tác 9 tháng đầu năm 2024\n"
TWO = "1. Dạy nghề\nDạy nghề cho 412 người thuộc hộ nghèo, cận nghèo.\n2. Giảm nghèo\nĐã dạy nghề cho 438 người thuộc hộ nghèo, cận nghèo.\n"


@pytest.mark.parametrize(("body", "sections"), [(TWO, ["1", "2"]), (TWO.replace("438", "412"), None)])
def test_a_figure_that_another_place_gives_otherwise_is_said_with_it(tmp_path: Path, body: str, sections: list[str] | None) -> None:
    with Library.open(tmp_path / "kho", create=True) as library:
        library.add_text(HEAD + body, name="a.txt")
        assistant = Assistant(library)
        answer = assistant.ask("Dạy nghề cho bao nhiêu người thuộc hộ nghèo, cận nghèo?")
    assert not answer.abstained and not misquoted(answer.citations)
    if sections is None:
        assert len(answer.citations) == 1
    else:
        assert sorted(c.section.number for c in answer.citations) == sections
        assert {c.figures for c in answer.citations} == {("412 người",), ("438 người",)}
