"""The commands of `python -m eval`, with the real assistant, model and library on small reports."""

from __future__ import annotations

import itertools
import json
import random
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from eval import speed
from eval.__main__ import main
from eval.answers import AnswerLine, CitedSource, ask_questions, read_answers, write_answers
from eval.questions import Question, is_held_out, read_questions
from eval.scoring import score_all
from eval.sources import read_sources
from eval.speed import Row, choose_report, measure_large, measure_one_report, show_rows
from eval.synthetic import (
    NearbyEmbedder,
    build_library,
    gather_material,
    vary_passage,
    write_report,
    write_report_of_length,
)
from eval.tables import sum_up
from index.embedding import open_embedder
from index.errors import UserError
from index.library import Library

ROOT = Path(__file__).resolve().parents[1]
SAMPLE_REPORTS = ROOT / "docs" / "reports"
SAMPLE_QUESTIONS = ROOT / "eval" / "questions" / "sample.jsonl"

NINE_MONTHS = "bao-cao-9-thang-2024.txt"
HEALTH = "bao-cao-y-te-2024.txt"
REPORTS = {
    NINE_MONTHS: """SỞ LAO ĐỘNG TỈNH HÀ LÂM
BÁO CÁO
Kết quả công tác lao động 9 tháng năm 2024
1. Việc làm
Trong 9 tháng, giải quyết việc làm cho 13.864 lao động, đạt 86,65% kế hoạch năm.
2. An toàn lao động
2.1. Tai nạn lao động
Xảy ra 04 vụ tai nạn lao động chết người, làm 06 người chết.
""",
    HEALTH: """SỞ Y TẾ TỈNH HÀ LÂM
BÁO CÁO
Kết quả công tác y tế năm 2024
1. Khám chữa bệnh
Khám bệnh cho 291.463 lượt người, điều trị nội trú 21.507 lượt bệnh nhân.
2. Phòng chống dịch
Ghi nhận 152 ca sốt xuất huyết, không có ca tử vong.
""",
}
QUOTE = "Xảy ra 04 vụ tai nạn lao động chết người, làm 06 người chết."


def make_ids(*, held: bool):
    return (name for number in itertools.count() if is_held_out(name := f"câu-{number}") == held)


SEEN = list(itertools.islice(make_ids(held=False), 4))
HELD = next(make_ids(held=True))


def make_question(question_id: str, **fields: object) -> dict[str, object]:
    base: dict[str, object] = {
        "id": question_id, "report": NINE_MONTHS, "kind": "figure", "style": "plain",
        "question": "Có bao nhiêu vụ tai nạn lao động chết người?", "figures": ["04 vụ"],
        "lead": "04 vụ", "phrases": [], "sections": ["2.1"], "footnotes": [],
        "evidence": ["Xảy ra 04 vụ tai nạn lao động chết người"], "answerable": True,
    }
    return base | fields


QUESTIONS = [
    make_question(SEEN[0]),
    make_question(
        SEEN[1], report=HEALTH, style="nodia", question="co bao nhieu ca sot xuat huyet",
        figures=["152 ca"], lead="152 ca", sections=["2"], evidence=["152 ca sốt xuất huyết"],
    ),
    make_question(
        SEEN[2], style="followup", question="còn số người chết?", figures=["06 người"],
        lead="06 người", history=["Có bao nhiêu vụ tai nạn lao động chết người?"],
    ),
    make_question(
        SEEN[3], kind="unanswerable", question="Có bao nhiêu học sinh đỗ đại học?", figures=[],
        lead=None, sections=[], evidence=[], answerable=False,
    ),
    make_question(
        HELD, report=HEALTH, style="leader", question="Câu hỏi giữ kín: khám bao nhiêu lượt người?",
        figures=["291.463 lượt"], lead="291.463 lượt", sections=["1"], evidence=["291.463 lượt người"],
    ),
]


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name, text in REPORTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "questions.jsonl", QUESTIONS)


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """An answer file with one right answer, one wrong lead, two absent and one wrongly answered."""
    citation = CitedSource(report=NINE_MONTHS, section="2.1", quote=QUOTE, start=0, end=len(QUOTE))
    lines = [
        AnswerLine(id=SEEN[0], answer="Có **04 vụ** [1].", lead="04 vụ", citations=[citation],
                   abstained=False, ms=10),
        AnswerLine(id=SEEN[2], answer="Có 04 vụ, 06 người chết [1].", lead="04 vụ",
                   citations=[citation], abstained=False, ms=20),
        AnswerLine(id=SEEN[3], answer="Có 06 người [1].", lead="06 người", citations=[citation],
                   abstained=False, ms=30),
    ]
    write_answers(tmp_path / "a.jsonl", lines)
    return tmp_path / "a.jsonl"


def write_lines(path: Path, lines: list[dict[str, object]]) -> Path:
    path.write_text(
        "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines), encoding="utf-8"
    )
    return path


def command(name: str, *arguments: object) -> int:
    return main([name, *map(str, arguments)])


class TestScore:
    def test_the_table_the_misses_and_the_caveats_are_printed(
        self, questions, answers, reports, capsys
    ):
        assert command("score", questions, answers, "--reports", reports) == 0
        printed = capsys.readouterr().out
        lines = printed.splitlines()
        assert lines[0].startswith(f"{SEEN[1]} [figure/nodia]") and lines[0].endswith("no answer line")
        assert lines[1].endswith("lead is 04 vụ, not 06 người")
        assert lines[2].endswith("answered though unanswerable: 06 người")
        assert lines[4].split()[:4] == ["all", "5", "0.200", "0.200"]
        assert "kind unanswerable" in printed and "style followup" in printed
        assert "unanswerable declined    0 of 1" in printed
        assert "precision when answered  0.333 (1 of 3)" in printed
        assert "seen 0.250, held-out 0.000 correct and cited" in printed
        assert "5 questions, 2 without an answer line" in printed
        assert "95 % interval 0.036–0.624" in printed

    def test_held_out_questions_are_shown_on_demand_only(self, questions, answers, reports, capsys):
        command("score", questions, answers, "--reports", reports)
        assert "giữ kín" not in capsys.readouterr().out
        command("score", questions, answers, "--reports", reports, "--show-held")
        assert "giữ kín" in capsys.readouterr().out

    def test_the_held_part_prints_and_writes_totals_only(
        self, questions, answers, reports, tmp_path, capsys
    ):
        out = tmp_path / "held.json"
        command("score", questions, answers, "--reports", reports, "--part", "held",
                "--show-held", "--json", out)
        printed = capsys.readouterr()
        everything = printed.out + printed.err + out.read_text("utf-8")
        assert "giữ kín" not in everything and HELD not in everything
        assert "kind figure" not in everything
        assert printed.out.splitlines()[1].split()[:2] == ["all", "1"]

    def test_the_seen_part_leaves_the_held_fifth_out(self, questions, answers, reports, capsys):
        command("score", questions, answers, "--reports", reports, "--part", "seen")
        printed = capsys.readouterr().out
        assert "4 questions" in printed and "held-out" not in printed

    def test_json_holds_settings_library_totals_and_seen_questions(
        self, questions, answers, reports, tmp_path
    ):
        out = tmp_path / "deep" / "score.json"
        command("score", questions, answers, "--reports", reports, "--json", out)
        content = json.loads(out.read_text("utf-8"))
        assert content["settings"]["questions"] == "questions.jsonl"
        assert len(content["settings"]["questions_sha256"]) == 64
        assert [each["name"] for each in content["library"]] == [NINE_MONTHS, HEALTH]
        assert all(len(each["id"]) == 12 and each["passages"] > 0 for each in content["library"])
        assert content["totals"]["cited"] == {"part": 1, "whole": 5, "value": 0.2}
        assert content["seen"]["cited"]["whole"] == 4
        assert [each["id"] for each in content["questions"]] == SEEN
        assert content["questions"][2]["reasons"] == ["lead is 04 vụ, not 06 người"]
        assert content["caveats"][0].startswith("5 questions, 2 without")

    def test_the_same_answers_give_the_same_output_twice(self, questions, answers, reports, tmp_path, capsys):
        outputs = []
        for name in ("one.json", "two.json"):
            command("score", questions, answers, "--reports", reports, "--json", tmp_path / name)
            outputs.append((capsys.readouterr().out, (tmp_path / name).read_bytes()))
        assert outputs[0] == outputs[1]

    def test_the_exit_code_says_whether_the_least_share_is_reached(self, questions, answers, reports):
        assert command("score", questions, answers, "--reports", reports, "--min-cited", "0.2") == 0
        assert command("score", questions, answers, "--reports", reports, "--min-cited", "0.21") == 1

    def test_answers_to_other_questions_are_noted_and_not_scored(
        self, questions, answers, reports, capsys
    ):
        lines = (*read_answers(answers), AnswerLine(id="lạ", answer="x", abstained=True, ms=1, lead="3"))
        write_answers(answers, lines)
        command("score", questions, answers, "--reports", reports)
        assert "1 answer lines belong to no question" in capsys.readouterr().out

    def test_mistakes_are_told_in_vietnamese_with_exit_code_2(
        self, questions, answers, reports, tmp_path, capsys
    ):
        (tmp_path / "empty").mkdir()
        wrong = write_lines(tmp_path / "wrong.jsonl", [QUESTIONS[0], QUESTIONS[1] | {"câu": 1}])
        other = write_lines(tmp_path / "other.jsonl", [QUESTIONS[0] | {"report": "không có.txt"}])
        for arguments, part in (
            ((tmp_path / "x.jsonl", answers, "--reports", reports), "Không tìm thấy tệp"),
            ((questions, answers, "--reports", tmp_path / "x"), "Không tìm thấy thư mục"),
            ((questions, answers, "--reports", tmp_path / "empty"), "không có báo cáo nào"),
            ((wrong, answers, "--reports", reports), "dòng 2: trường «câu» không có trong định dạng"),
            ((other, answers, "--reports", reports), "không có.txt"),
        ):
            assert command("score", *arguments) == 2
            printed = capsys.readouterr()
            assert part in printed.err and printed.out == ""


class TestAnswersAndRun:
    def test_answers_are_written_for_the_whole_library_and_score_as_the_run_does(
        self, questions, reports, tmp_path, capsys
    ):
        out = tmp_path / "a.jsonl"
        library = tmp_path / "kho"
        assert command("answers", questions, "--reports", reports, "--out", out, "--library", library) == 0
        lines = read_answers(out)
        assert [each.id for each in lines] == [each["id"] for each in QUESTIONS]
        assert all(each.ms > 0 for each in lines)
        assert lines[3].abstained
        with Library.open(library) as opened:
            assert {each.name for each in opened.all_facts()} == set(REPORTS)
            texts = {each.name: each.text for each in opened.reports()}
        for line in lines:
            for citation in line.citations:
                assert texts[citation.report][citation.start:citation.end] == citation.quote

        capsys.readouterr()
        assert command("score", questions, out, "--reports", reports, "--min-cited", "0.8") == 0
        scored = capsys.readouterr().out
        again = tmp_path / "again.jsonl"
        assert command("run", questions, "--reports", reports, "--library", library,
                       "--out", again, "--min-cited", "0.8") == 0
        assert without_times(capsys.readouterr().out) == without_times(scored)
        assert [each.model_copy(update={"ms": 0}) for each in read_answers(again)] == [
            each.model_copy(update={"ms": 0}) for each in lines
        ]

    def test_a_run_in_a_temporary_library_leaves_nothing_behind(
        self, questions, reports, tmp_path, monkeypatch
    ):
        working = tmp_path / "working"
        working.mkdir()
        monkeypatch.chdir(working)
        assert command("run", questions, "--reports", reports, "--json", tmp_path / "r.json") == 0
        assert list(working.iterdir()) == []
        content = json.loads((tmp_path / "r.json").read_text("utf-8"))
        assert {each["name"] for each in content["library"]} == set(REPORTS)
        assert content["settings"]["embedding"] == open_embedder().name

    def test_the_held_part_is_asked_without_being_shown(self, questions, reports, capsys):
        assert command("run", questions, "--reports", reports, "--part", "held") == 0
        printed = capsys.readouterr()
        assert "giữ kín" not in printed.out + printed.err
        assert HELD not in printed.out + printed.err


class AssistantThatRefuses:
    """Refuses a question that holds "cấm" and says "Không nêu." to any other."""

    def ask(self, question: str, *, history: list[str]) -> object:
        if "cấm" in question:
            raise UserError("Câu hỏi quá dài. Hãy hỏi ngắn hơn.")
        return SimpleNamespace(text="Không nêu.", lead=None, citations=(), computed=(), abstained=True)


def test_a_refused_question_gets_no_line_and_the_others_are_still_asked():
    questions = [
        Question.model_validate(make_question(each, question=text))
        for each, text in zip("abc", ("một", "cấm", "ba"))
    ]
    heard = []
    lines = ask_questions(
        AssistantThatRefuses(), questions, on_error=lambda *heard_of: heard.append(heard_of)
    )
    assert [each.id for each in lines] == ["a", "c"]
    assert [(each.id, str(error)) for each, error in heard] == [
        ("b", "Câu hỏi quá dài. Hãy hỏi ngắn hơn.")
    ]


def without_times(printed: str) -> list[list[str]]:
    return [line.split()[:7] for line in printed.splitlines()]


class TestSampleSet:
    """The question set that comes with the program, against the reports that come with it."""

    def test_an_answer_made_of_the_gold_evidence_has_full_marks(self):
        questions = read_questions(SAMPLE_QUESTIONS)
        sources, _ = read_sources(SAMPLE_REPORTS)
        scores = score_all(questions, map(answer_from_gold, questions), sources=sources)
        assert [each.reasons for each in scores if not each.cited] == []
        assert sum_up(scores).citation_precision.value == 1

    def test_it_holds_every_kind_and_style_and_at_least_90_questions(self):
        questions = read_questions(SAMPLE_QUESTIONS)
        assert len(questions) >= 90
        assert len({each.kind for each in questions}) == 11
        assert len({each.style for each in questions}) == 8


def answer_from_gold(question: Question) -> AnswerLine:
    notes = question.footnotes or (None,)
    return AnswerLine(
        id=question.id,
        answer="; ".join((*question.figures, *question.phrases)),
        lead=question.lead,
        citations=[
            CitedSource(report=report, section=section, footnote=note, quote="", start=0, end=0)
            for report in question.gold_reports for section in question.sections for note in notes
        ],
        abstained=not question.answerable,
        ms=1,
    )


class TestRetrieval:
    def test_the_rows_are_keyword_dense_and_fused(self, tmp_path, capsys):
        documents = {
            "a": "Nghỉ hằng năm: người lao động làm việc đủ 12 tháng được nghỉ 12 ngày hưởng nguyên lương.",
            "b": "Tiền lương làm thêm giờ vào ngày thường ít nhất bằng 150% tiền lương giờ.",
            "c": "Hợp đồng lao động phải giao kết bằng văn bản, mỗi bên giữ 01 bản.",
        }
        write_lines(tmp_path / "corpus.jsonl", [
            {"_id": key, "title": "", "text": text} for key, text in documents.items()
        ])
        write_lines(tmp_path / "queries.jsonl", [
            {"_id": "q1", "text": "Một năm được nghỉ bao nhiêu ngày phép?"},
            {"_id": "q2", "text": unicodedata.normalize("NFD", "làm thêm giờ được trả lương thế nào?")},
            {"_id": "q3", "text": "không ai chấm câu này"},
        ])
        (tmp_path / "qrels").mkdir()
        (tmp_path / "qrels" / "test.tsv").write_text(
            "query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tb\t1\n", encoding="utf-8"
        )
        out = tmp_path / "r.json"
        assert command("retrieval", tmp_path, "--json", out) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].split() == ["P@1", "R@10", "MRR@10", "nDCG@10"]
        assert [line.split()[0] for line in lines[1:4]] == ["keyword", "dense", "fused"]
        assert lines[3].split()[1:] == ["1.0000"] * 4
        assert lines[4].startswith("* 3 documents, 2 queries")
        assert json.loads(out.read_text("utf-8"))["results"]["fused"]["P@1"] == 1

    def test_a_broken_judgement_line_is_named(self, tmp_path, capsys):
        write_lines(tmp_path / "corpus.jsonl", [{"_id": "a", "text": "một"}])
        write_lines(tmp_path / "queries.jsonl", [{"_id": "q", "text": "một"}])
        (tmp_path / "qrels").mkdir()
        (tmp_path / "qrels" / "test.tsv").write_text("q\ta\n", encoding="utf-8")
        assert command("retrieval", tmp_path) == 2
        assert "dòng 1: cần ba cột" in capsys.readouterr().err


class TestSpeed:
    def test_a_ratio_above_one_means_better_than_the_baseline(self):
        assert Row("x", 10, "ms", 30, baseline=25).ratio == 2.5
        assert Row("x", 50, "a second", 25, at_least=True, baseline=20).ratio == 2.5
        assert Row("x", 10, "ms", 30).ratio is None
        assert [Row("x", each, "ms", 30).is_met for each in (30, 31)] == [True, False]
        assert [Row("x", each, "/s", 25, at_least=True).is_met for each in (25, 24)] == [True, False]

    def test_the_table_marks_what_is_not_met(self):
        shown = show_rows([Row("câu hỏi", 10, "ms", 30, baseline=25), Row("bộ nhớ", 600, "MB", 500)])
        assert shown.splitlines()[1].split() == ["câu", "hỏi", "10", "ms", "≤", "30", "yes", "25", "2.50×"]
        assert shown.splitlines()[2].split() == ["bộ", "nhớ", "600", "MB", "≤", "500", "NO", "–", "–"]

    def test_the_report_with_the_most_questions_is_chosen_and_ties_go_by_name(self):
        questions = [Question.model_validate(each) for each in QUESTIONS]
        assert choose_report(questions) == NINE_MONTHS
        assert choose_report([questions[0], questions[1]]) == NINE_MONTHS

    def test_one_report_is_measured_in_processes_of_its_own(self, reports, tmp_path, monkeypatch):
        monkeypatch.setattr(speed, "PROCESS_RUNS", 1)
        monkeypatch.chdir(ROOT)
        questions = [Question.model_validate(each) for each in QUESTIONS]
        rows = measure_one_report(tmp_path / "work", reports=reports, questions=questions)
        assert [each.name for each in rows] == [
            "question, one report: p50", "question, one report: p95",
            "`python -m assistant ask`, whole process", "memory, one report",
        ]
        assert all(each.value > 0 for each in rows)
        assert [each.baseline is None for each in rows] == [False, False, True, False]

    def test_a_large_library_is_built_and_measured_with_the_real_model(self, tmp_path, monkeypatch):
        monkeypatch.chdir(ROOT)
        material = gather_material(SAMPLE_REPORTS)
        library = tmp_path / "large"
        questions = read_questions(SAMPLE_QUESTIONS)[:3]
        rows = measure_large(tmp_path, material, questions=questions, passages=50, library=library)
        with Library.open(library) as opened:
            built = sum(each.passages for each in opened.all_facts())
            assert built >= 50 and opened.embedder.name == open_embedder().name
        assert rows[0].name == f"question, {built:,} passages: p50" and rows[0].value > 0
        # Used again, not built again.
        assert build_library(
            library, material=material, passages=50, embedder=open_embedder()
        ) == built


class TestSynthetic:
    def test_invented_reports_are_the_same_each_time_and_differ_by_number(self):
        material = gather_material(SAMPLE_REPORTS)
        assert write_report(material, 1) == write_report(material, 1)
        assert write_report(material, 1) != write_report(material, 2)

    def test_paragraphs_have_the_words_asked_for(self):
        material = gather_material(SAMPLE_REPORTS)
        text = write_report(material, 3, passages=40, words=120)
        lengths = [len(line.split()) for line in text.splitlines()]
        assert lengths.count(120) == 40

    def test_a_report_of_a_length_is_at_least_that_long_and_little_more(self):
        material = gather_material(SAMPLE_REPORTS)
        assert 25_000 <= len(write_report_of_length(material, 0, characters=25_000)) < 26_500

    def test_a_varied_passage_keeps_its_shape(self):
        varied = vary_passage("Có 13.864 lao động, đạt 86,65%.", random.Random(1), words=("xã",))
        assert len(varied.split()) == 6
        assert [len(each) for each in varied.split()[1:2]] == [6]
        assert varied.endswith("%.") and "13.864" not in varied

    def test_stand_in_vectors_are_seeded_of_length_one_and_near_the_real_ones(self):
        real = np.eye(4, 384, dtype=np.float32)
        embedder = NearbyEmbedder(object(), real)
        vectors = embedder.encode_passages(["một", "hai", "ba"])
        assert vectors.shape == (3, 384) and vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
        assert np.array_equal(vectors, embedder.encode_passages(["một", "hai", "ba"]))
        assert ((vectors @ real.T).max(axis=1) > 0.8).all()
