"""The reranker: what it reads of a clause, what it prefers, and the groups it learns from."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import numpy as np
import pytest

from assistant.candidates import ClauseView
from assistant.reranker import HEADS_FILE, LAYERS_FILE, MOST_TOKENS, UNREAD, bundled_reranker, clause_segments, pair_ids
from eval.encoder.data import make_material
from eval.reader.passages import TrainingQuestion, TrainingReport
from eval.reranker.groups import SIZE, find_clauses, make_group, make_tasks
from index.model_files import find_bundled_file, read_model_file
from index.records import Report
from index.reporting import make_report
from index.subwords import Subwords

TEXT = """BÁO CÁO
Kết quả công tác của hợp tác xã năm 2024

1. Trồng trọt
Hợp tác xã gieo 120 ha lúa, đạt 96% kế hoạch.
Cả vụ thu được 640 tấn thóc, trong đó bán ra 410 tấn.

2. Chăn nuôi
Các hộ nuôi 1.250 con lợn và 36 con trâu.
Dịch bệnh làm chết 18 con lợn.
"""


@pytest.fixture(scope="module")
def report() -> Report:
    return make_report(TEXT, name="hop-tac-xa.txt", source="")


@pytest.fixture(scope="module")
def views(report: Report) -> list[ClauseView]:
    return [ClauseView(report, passage, clause, i) for passage in report.passages for i, clause in enumerate(passage.clauses)]


@pytest.fixture(scope="module")
def subwords() -> Subwords:
    return Subwords(read_model_file(find_bundled_file()))


def test_the_shipped_layers_are_those_that_the_checksum_names() -> None:
    digest, name = LAYERS_FILE.with_suffix(".sha256").read_text(encoding="ascii").split()
    assert name == LAYERS_FILE.name and HEADS_FILE.exists()
    assert hashlib.sha256(LAYERS_FILE.read_bytes()).hexdigest() == digest


def test_a_clause_is_cut_before_each_figure_behind_its_heading(views: list[ClauseView]) -> None:
    segments = clause_segments(next(view for view in views if "640" in view.text))
    assert "Trồng trọt" in segments[0] and segments[0].endswith("Cả vụ thu được ")
    assert [segment.split()[0] for segment in segments[1:]] == ["640", "410"]


def test_positions_point_to_the_first_piece_of_each_figure(views: list[ClauseView], subwords: Subwords) -> None:
    view = next(view for view in views if "640" in view.text)
    ids, positions = pair_ids(subwords, "Thu được bao nhiêu thóc?", clause_segments(view))
    assert positions[0] == 0 and len(positions) == 1 + len(view.figures)
    assert [ids[at] for at in positions[1:]] == [subwords.ids(figure)[1] for figure in ("640", "410")]
    assert ids[0] == subwords.ids("")[0] and ids[-1] == subwords.ids("")[-1]


def test_what_stands_behind_the_last_token_is_never_an_answer(report: Report, subwords: Subwords) -> None:
    ids, _ = pair_ids(subwords, "dài " * 400, ["lời dẫn", "5 con"])
    assert len(ids) == MOST_TOKENS
    view = ClauseView(report, report.passages[0], report.passages[0].clauses[0], 0)
    scores = bundled_reranker().scores("dài " * 400, [view])[0]
    assert (scores[1:] == UNREAD).all() and len(scores) == 1 + len(view.figures)


@pytest.mark.parametrize(("question", "answer"), [
    ("Thu hoạch được mấy tấn thóc?", "640"),
    ("Thóc đem bán là bao nhiêu?", "410"),
    ("Trâu thì có mấy con?", "36"),
    ("Lợn chết bao nhiêu con?", "18"),
    ("Gieo được mấy ha lúa?", "120"),
])
def test_the_figure_that_answers_is_first(question: str, answer: str, views: list[ClauseView]) -> None:
    every = [
        (logit, figure.literal)
        for view, logits in zip(views, bundled_reranker().scores(question, views), strict=True)
        for figure, logit in zip(view.figures, logits[1:], strict=True)
    ]
    assert max(every)[1].startswith(answer)


def test_a_group_holds_the_right_figure_beside_wrong_clauses_or_none(subwords: Subwords, tmp_path: Path) -> None:
    passages = [f"Tổ {i} trồng {i + 2} cây và nuôi {i + 30} con gà. Tổ {i} có {i + 5} người." for i in range(8)]
    questions = tuple(
        question for i, passage in enumerate(passages) for question in (
            TrainingQuestion("tổ", f"Tổ {i} có mấy người?", "plain", passage, f"{i + 5} người", f"Tổ {i} có {i + 5} người"),
            TrainingQuestion("tổ", f"Tổ {i} có mấy xe?", "plain", passage, None, None),
        )
    )
    text = "BÁO CÁO\nViệc của các tổ\n\n" + "\n\n".join(f"{i + 1}. Tổ {i}\n{passage}" for i, passage in enumerate(passages))
    sources = [TrainingReport("tổ", text, questions)]
    material = make_material(sources)
    tasks = make_tasks(material, sources, find_clauses(sources, material, tmp_path))
    assert sorted(task.asked.question for task in tasks) == sorted(question.question for question in questions)
    left_out = 0
    for number, task in enumerate(tasks * 12):
        group = make_group(material, task, subwords, random.Random(number))
        assert 1 < len(group.ids) <= SIZE and len(group.ids) == len(group.positions) == len(group.right)
        if task.right is None:
            assert not group.here
            continue
        left_out += not group.here
        assert sum(map(sum, group.right)) == group.here
        if group.here:
            clause, place = next((i, flags.index(True)) for i, flags in enumerate(group.right) if any(flags))
            figure = subwords.ids(task.asked.answer)[1]
            assert group.ids[clause][group.positions[clause][place]] == figure
    assert 0 < left_out < 0.25 * 12 * 8


def test_the_same_group_comes_again_without_chance(subwords: Subwords, tmp_path: Path) -> None:
    passage = "Đội có 12 người. Đội nuôi 40 con vịt. Đội trồng 9 cây."
    question = TrainingQuestion("đội", "Đội có mấy người?", "plain", passage, "12 người", "Đội có 12 người")
    sources = [TrainingReport("đội", f"BÁO CÁO\nViệc của đội\n\n1. Việc\n{passage}\n\n2. Khác\nĐội có 3 xe.", (question,))]
    material = make_material(sources)
    task, = make_tasks(material, sources, find_clauses(sources, material, tmp_path))
    first, again = (make_group(material, task, subwords, None) for _ in range(2))
    assert first == again and first.here
    assert task.near and len(task.near) == len(set(task.near))
    assert np.sum([len(flags) for flags in first.right]) >= 5
