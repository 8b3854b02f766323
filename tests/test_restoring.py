"""Diacritics and slips: mended by the words a small invented vocabulary holds, correct text left alone."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.restoring import Vocabulary, general_counts, is_bare, is_foreign, restore
from index.text import fold, normalise

SENTENCES = (
    "Tổng số vụ tai nạn lao động là 12 vụ, số người chết là 5 người, có bao nhiêu người bị thương.",
    "Kinh phí đào tạo nghề cho lao động nông thôn tăng bao nhiêu phần trăm.",
    "Hỗ trợ hộ nghèo, hộ cận nghèo vay vốn; hòa giải tranh chấp đất đai.",
    "Bảo hiểm thất nghiệp, bảo hiểm y tế cho trẻ em.",
    "Quan trắc môi trường nước, diện tích rừng trồng mới là 340 ha.",
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    vocabulary = Vocabulary()
    vocabulary.add(SENTENCES, weight=5)
    return vocabulary


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tong so vu tai nan lao dong", "tổng số vụ tai nạn lao động"),
        ("kinh phi dao tao nghe", "kinh phí đào tạo nghề"),
        ("ho ngheo vay von", "hộ nghèo vay vốn"),
        ("dien tich rung trong moi bao nhieu ha?", "diện tích rừng trồng mới bao nhiêu ha?"),
        ("bao hiem that nghiep", "bảo hiểm thất nghiệp"),
    ],
)
def test_an_undiacritised_question_gets_the_diacritics_of_the_reports(vocabulary: Vocabulary, typed: str, meant: str) -> None:
    assert restore(typed, vocabulary, bare=True) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tai nạn lao đọng", "tai nạn lao động"),
        ("tài nạn lao động", "tai nạn lao động"),
        ("tai nạn lao độg", "tai nạn lao động"),
        ("hộ ngèo vay vốn", "hộ nghèo vay vốn"),
        ("thât nghiệp", "thất nghiệp"),
        ("tai nạn lao động bao nhieu vụ", "tai nạn lao động bao nhiêu vụ"),
    ],
)
def test_a_misspelt_question_is_mended_one_letter_or_mark_away(vocabulary: Vocabulary, typed: str, meant: str) -> None:
    assert restore(typed, vocabulary, bare=is_bare(typed)) == meant


@pytest.mark.parametrize("typed", [*SENTENCES, "Có bao nhiêu vụ tai nạn lao động?", "HỘ NGHÈO vay vốn", "Kinh phí   đào tạo (nghề)?!"])
def test_a_correct_question_is_left_alone(vocabulary: Vocabulary, typed: str) -> None:
    assert restore(typed, vocabulary, bare=is_bare(typed)) == typed


@pytest.mark.parametrize("typed", SENTENCES)
def test_an_undiacritised_sentence_of_a_report_comes_back_whole(vocabulary: Vocabulary, typed: str) -> None:
    restored = restore(fold(typed), vocabulary, bare=True)
    # "hoa" and "dat đai" are spelt by their neighbours; case and punctuation are those typed.
    assert restored == typed.lower()


def test_a_decomposed_question_is_mended_as_well(vocabulary: Vocabulary) -> None:
    typed = normalise(unicodedata.normalize("NFD", "tai nạn lao đọng"))
    assert restore(typed, vocabulary, bare=is_bare(typed)) == "tai nạn lao động"


def test_both_placements_of_a_tone_mark_are_one_word(vocabulary: Vocabulary) -> None:
    assert restore("hoà giải", vocabulary, bare=False) == "hòa giải"


def test_names_in_capitals_and_numbers_stay_as_typed(vocabulary: Vocabulary) -> None:
    assert restore("TNLD 12 vu, UBND 13.864 ho ngheo", vocabulary, bare=True) == "TNLD 12 vụ, UBND 13.864 hộ nghèo"


def test_a_marked_word_that_no_report_uses_stays_in_a_long_and_otherwise_correct_question(vocabulary: Vocabulary) -> None:
    typed = "Kinh phí đào tạo nghề cho lao động nông thôn Đồng"
    assert restore(typed, vocabulary, bare=False) == typed
    assert restore("tai nạn lao đồng", vocabulary, bare=False) == "tai nạn lao động"


def test_a_word_without_its_marks_shows_that_a_long_question_was_not_typed_with_care(vocabulary: Vocabulary) -> None:
    typed = "Có bao nhieu người bị thương, số vụ tai nạn lao đọng là bao nhiêu"
    assert restore(typed, vocabulary, bare=False) == "Có bao nhiêu người bị thương, số vụ tai nạn lao động là bao nhiêu"


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("How many work accidents were there?", True), ("SELECT * FROM reports", True), ("tai nan lao dong", False),
        ("KPI GRDP FDI ICOR bao nhiêu", False), ("Samsung?", False), ("12.467?", False),
    ],
)
def test_a_text_is_foreign_when_most_of_its_words_are(vocabulary: Vocabulary, text: str, foreign: bool) -> None:
    assert is_foreign(text, vocabulary) is foreign


def test_a_question_without_a_word_is_returned(vocabulary: Vocabulary) -> None:
    assert restore("12.467?", vocabulary, bare=True) == "12.467?"


def test_the_general_table_restores_administrative_words_of_no_report() -> None:
    vocabulary = Vocabulary()
    vocabulary.add_counts(general_counts())
    assert restore("uy ban nhan dan tinh", vocabulary, bare=True) == "ủy ban nhân dân tỉnh"
    assert restore("co bao nhieu vu", vocabulary, bare=True) == "có bao nhiêu vụ"


def test_counts_are_read_from_lines() -> None:
    vocabulary = Vocabulary()
    vocabulary.add_counts(["nghề\t7\n", "đào tạo\t3\n", "\n"])
    assert (vocabulary.single["nghề"], vocabulary.pairs["đào", "tạo"], vocabulary.forms["nghe"]) == (7, 3, {"nghề"})


def test_words_are_counted_with_their_weight() -> None:
    vocabulary = Vocabulary()
    vocabulary.add(["hộ nghèo, hộ cận nghèo 12"], weight=3)
    assert (vocabulary.single["hộ"], vocabulary.single["cận"], vocabulary.single["12"]) == (6, 3, 0)
    assert vocabulary.pairs["hộ", "nghèo"] == 3


@pytest.mark.parametrize(
    ("typed", "bare"),
    [("tai nan lao dong 9 thang", True), ("TNLD 9 thang", True), ("tai nạn lao động", False), ("ho nghèo va can nghèo", False)],
)
def test_a_question_counts_as_bare_when_hardly_a_word_has_a_mark(typed: str, bare: bool) -> None:
    assert is_bare(typed) is bare


def test_a_word_of_thousands_of_letters_costs_no_time(vocabulary: Vocabulary) -> None:
    began = time.perf_counter()
    assert restore("x" * 30_000, vocabulary, bare=True) == "x" * 30_000
    assert time.perf_counter() - began < 1


@given(st.text(max_size=100), st.booleans())
def test_restoring_any_text_keeps_what_is_no_letter(text: str, bare: bool) -> None:
    vocabulary = Vocabulary()
    vocabulary.add(SENTENCES)
    text = normalise(text)
    no_letters = re.compile(r"[\W\d_]")
    assert no_letters.findall(restore(text, vocabulary, bare=bare)) == no_letters.findall(text)


@given(st.lists(st.sampled_from(" ".join(SENTENCES).lower().split()), min_size=1, max_size=12))
def test_restoring_twice_is_restoring_once(words: list[str]) -> None:
    vocabulary = Vocabulary()
    vocabulary.add(SENTENCES)
    once = restore(fold(" ".join(words)), vocabulary, bare=True)
    assert restore(once, vocabulary, bare=is_bare(once)) == once
