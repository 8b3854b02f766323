"""How long the rest of the work takes: by size and kind, sensible with files of unlike size."""

from __future__ import annotations

import pytest

from index.messages import reading_progress, time_left
from index.progress import WorkLeft


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_long_file_behind_short_ones_is_reckoned_with() -> None:
    clock = Clock()
    work = WorkLeft([(".txt", 8_000)] * 4 + [(".txt", 958_000)], clock)
    for position in range(4):
        work.start(position)
        clock.now += 1.0
        work.finish()
    # 10.000 bytes a second (each file counts 2.000 more): 96 times as long, not as long as one of four.
    assert work.seconds_left(0.0) == pytest.approx(96.0)
    assert work.share(0.0) == pytest.approx(0.04)
    work.start(4)
    clock.now += 10
    assert work.seconds_left(0.0) == pytest.approx(86.0)
    clock.now += 38
    # What the file itself shows counts more than what the others took.
    assert work.seconds_left(0.25) == pytest.approx(144.0)
    assert work.share(0.25) == pytest.approx(0.28)


def test_a_scanned_file_does_not_make_the_text_files_look_slow() -> None:
    clock = Clock()
    work = WorkLeft([(".pdf", 98_000), (".txt", 8_000), (".txt", 8_000), (".pdf", 48_000)], clock)
    for position, seconds in ((0, 200.0), (1, 0.5)):
        work.start(position)
        clock.now += seconds
        work.finish()
    assert work.seconds_left(0.0) == pytest.approx(0.5 + 100.0)


def test_nothing_is_said_before_anything_is_known_and_nothing_is_left_at_the_end() -> None:
    clock = Clock()
    work = WorkLeft([("", 8_000)], clock)
    work.start(0)
    clock.now = 3.0
    assert work.seconds_left(0.01) is None
    assert work.seconds_left(0.5) == pytest.approx(3.0)
    work.finish()
    assert (work.seconds_left(0.0), work.share(0.0)) == (0.0, 1.0)
    assert WorkLeft([], clock).share(0.0) == 1.0


@pytest.mark.parametrize(("seconds", "said"), [
    (None, "đang ước tính thời gian"), (0.0, "còn khoảng 5 giây"), (42.0, "còn khoảng 40 giây"), (89.0, "còn khoảng 90 giây"),
    (100.0, "còn khoảng 2 phút"), (1500.0, "còn khoảng 25 phút"), (9000.0, "còn khoảng 2,5 giờ"),
])
def test_the_time_left_is_said_roughly(seconds: float | None, said: str) -> None:
    assert time_left(3, 200, seconds) == f"3/200, {said}"


def test_the_pages_of_a_slow_reader_are_said() -> None:
    assert reading_progress("quét.pdf", 0, 0) == "Đang xử lý quét.pdf"
    assert reading_progress("quét.pdf", 4, 30) == "Đang xử lý quét.pdf, trang 4/30"
