"""One indicator over several periods: a table, exact differences, sources, and periods of unlike length said to be so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant, messages
from assistant.__main__ import main
from assistant.verifying import misquoted, ungrounded_figures
from index.library import Library

HEAD = "SỞ NÔNG NGHIỆP TỈNH AN PHÚ\nSố: {number}/BC-SNN\nBÁO CÁO\nKết quả công tác {period}\n1. Chăn nuôi\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("series") / "kho"
    counts = {"9 tháng đầu năm 2024": (45, "1.340"), "năm 2023": (80, "1.500"), "6 tháng đầu năm 2024": (30, "1.072")}
    with Library.open(folder, create=True) as library:
        for period, (number, cows) in counts.items():
            body = f"Hỗ trợ {cows} hộ nuôi bò sinh sản, trong đó 90 hộ nghèo nuôi bò.\n"
            library.add_text(HEAD.format(number=number, period=period) + body, name=f"{number}.txt")
        other = HEAD.format(number=9, period="9 tháng đầu năm 2024").replace("AN PHÚ", "BÌNH LÃNG")
        library.add_text(other + "Hỗ trợ 77 hộ nuôi bò sinh sản.\n", name="khac.txt")
    return folder


@pytest.fixture(scope="module")
def asked(folder: Path) -> Iterator[Assistant]:
    assistant = Assistant.open(folder)
    yield assistant
    assistant.library.close()


def test_every_period_of_the_office_has_a_row_with_its_change_and_source(asked: Assistant) -> None:
    answer = asked.compare("số hộ nuôi bò sinh sản", reports=["30.txt", "45.txt", "80.txt"])
    assert answer.text.split("\n")[2:5] == [
        "| năm 2023 | **1.500 hộ nuôi bò sinh sản** |  | [1] |",
        "| 6 tháng đầu năm 2024 | **1.072 hộ nuôi bò sinh sản** | giảm 428 hộ nuôi bò (28,53%) | [2] |",
        "| 9 tháng đầu năm 2024 | **1.340 hộ nuôi bò sinh sản** | tăng 268 hộ nuôi bò (25%) | [3] |",
    ]
    assert answer.text.endswith(messages.UNLIKE_PERIODS)
    assert answer.computed == ("428", "28,53%", "268", "25%") and answer.lead == "1.340 hộ nuôi bò sinh sản"
    assert not ungrounded_figures(answer.text, answer.citations, allowed=[*answer.computed, "2023", "6 tháng", "9 tháng", "2024"])
    assert not misquoted(answer.citations)


def test_the_chat_gives_an_indicator_over_the_periods(asked: Assistant) -> None:
    answer = asked.ask("Số hộ nuôi bò sinh sản của tỉnh An Phú qua các kỳ báo cáo")
    assert [c.report.name for c in answer.citations] in (["80.txt", "30.txt", "45.txt"], ["khac.txt"])


def test_what_no_report_has_is_declined(asked: Assistant) -> None:
    answer = asked.compare("số giường bệnh nội trú của bệnh viện tỉnh")
    assert answer.abstained or not answer.computed


def test_the_command_prints_the_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "số hộ nuôi bò sinh sản", "--reports", "30.txt", "45.txt", "--library", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "| 9 tháng đầu năm 2024 | 1.340 hộ nuôi bò sinh sản | tăng 268 hộ nuôi bò (25%) | [2] |" in out and "Nguồn:" in out
