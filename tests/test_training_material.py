"""Training material: reports put together from records, what is kept for validation, our own additions."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from eval.encoder.data import Material, make_material
from eval.encoder.mining import mine_negatives
from eval.reader.passages import OWN_MATERIAL, TrainingReport, read_file_records, read_training

SHARED = Path(__file__).resolve().parents[2] / "shared" / "training"
STYLES = {"plain", "leader", "staff", "paraphrase", "abbr", "nodia", "typo", "yesno", "list", "text"}


def _record(report: int, passage: int) -> dict:
    words = f"Tổ {report} đã trồng {passage + 2} cây và tưới {passage + 30} luống rau."
    return {
        "id": f"x-{report}-{passage}", "report": f"Báo cáo của tổ {report}", "path": [f"{passage + 1}. Việc thứ {passage + 1}"],
        "passage": words, "near_miss": ["Tổ nuôi mấy con gà?"],
        "qa": [{"q": "Trồng mấy cây?", "style": "plain", "answer": f"{passage + 2} cây", "evidence": f"đã trồng {passage + 2} cây"}],
    }


def _write(path: Path, records: list[dict]) -> None:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    given, own = tmp_path / "given", tmp_path / "own"
    given.mkdir()
    own.mkdir()
    _write(given / "train-a.jsonl", [_record(report, passage) for report in range(7) for passage in range(3)])
    _write(own / "reports-0.jsonl", [_record(99, passage) for passage in range(2)])
    return given, own


def test_every_fifth_report_is_kept_and_own_reports_are_trained_on(folders: tuple[Path, Path]) -> None:
    training, validation = read_training(*folders)
    assert [report.title for report in validation] == ["Báo cáo của tổ 4"]
    assert [report.title for report in training] == [f"Báo cáo của tổ {i}" for i in (0, 1, 2, 3, 5, 6, 99)]
    assert [question.answer for question in training[-1].questions] == ["2 cây", None, "3 cây", None]


def test_more_questions_join_those_of_their_passage(folders: tuple[Path, Path]) -> None:
    more = {"q": "Tưới mấy luống?", "style": "plain", "answer": "31 luống", "evidence": "tưới 31 luống rau"}
    _write(folders[1] / "questions-0.jsonl", [{"id": "x-2-1", "qa": [more]}])
    asked = [q.question for q in read_training(*folders)[0][2].questions if q.passage.startswith("Tổ 2 đã trồng 3")]
    assert asked == ["Trồng mấy cây?", "Tưới mấy luống?", "Tổ nuôi mấy con gà?"]


@pytest.mark.parametrize("passage", ["x-4-0", "x-8-0"])
def test_a_question_on_a_validation_report_or_on_none_is_refused(passage: str, folders: tuple[Path, Path]) -> None:
    _write(folders[1] / "questions-0.jsonl", [{"id": passage, "qa": []}])
    with pytest.raises(ValueError, match=passage):
        read_training(*folders)


def test_mined_negatives_are_what_the_encoder_takes_for_near(folders: tuple[Path, Path]) -> None:
    material: Material = make_material(read_training(*folders)[0])

    def angle(text: str) -> float:
        planted = re.search(r"trồng (\d+)", text)
        return 0.1 * int(planted[1]) if planted else 1.5

    def encode(texts: list[str], prompt: str) -> np.ndarray:
        """Questions lie at angle 0, a passage the further off the more it plants."""
        angles = [0.0 if prompt.startswith("query") else angle(text) for text in texts]
        return np.array([[np.cos(each), np.sin(each)] for each in angles], np.float32)

    for pair in mine_negatives(material, encode).pairs:
        assert (pair.report, pair.passage) not in pair.negatives
        report = material.reports[pair.report]
        wrong = [p.index for p in report.passages if p.index != pair.passage]
        nearest = sorted(wrong, key=lambda i: angle(report.text[report.passages[i].start:report.passages[i].end]))
        own = [passage for place, passage in pair.negatives if place == pair.report]
        assert own[:min(3, len(wrong))] == nearest[:3]
        other, passage = pair.negatives[-1]
        found = material.reports[other].passages[passage]
        assert other != pair.report and "trồng 2 cây" in material.reports[other].text[found.start:found.end]


def _lines(pattern: str) -> list[tuple[str, dict]]:
    return [
        (f"{path.name}:{number}", json.loads(line)) for path in sorted(OWN_MATERIAL.glob(pattern))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    ]


def _passages() -> dict[str, str]:
    return {record["id"]: record["passage"] for record in read_file_records(SHARED.glob("train-*.jsonl"))}


def test_our_own_reports_hold_what_their_questions_ask_for() -> None:
    lines = _lines("reports-*.jsonl")
    assert len({record["id"] for _, record in lines}) == len(lines)
    for place, record in lines:
        _check(place, record["qa"], record["passage"])
        assert record["near_miss"] and all(record["near_miss"]), place


@pytest.mark.skipif(not SHARED.exists(), reason="the passages that these questions ask about are not here")
def test_our_own_questions_are_answered_by_their_passages() -> None:
    passages = _passages()
    for place, record in _lines("questions-*.jsonl"):
        _check(place, record["qa"], passages[record["id"]])


def _check(place: str, questions: list[dict], passage: str) -> None:
    for asked in questions:
        assert asked["style"] in STYLES, place
        assert asked["q"].strip() and unicodedata.is_normalized("NFC", asked["q"]), place
        assert asked["evidence"] in passage, f"{place}: {asked['evidence']}"
        assert asked["answer"] and asked["answer"] in asked["evidence"], f"{place}: {asked['answer']}"
        assert asked["style"] != "nodia" or asked["q"].isascii(), place


@pytest.mark.skipif(not SHARED.exists(), reason="the reports that training starts from are not here")
def test_nearly_every_question_finds_the_passage_that_answers_it() -> None:
    def answerable(reports: list[TrainingReport]) -> int:
        return sum(question.answer is not None for report in reports for question in report.questions)

    for reports in read_training(SHARED):
        assert len(make_material(reports).pairs) >= 0.99 * answerable(reports)
