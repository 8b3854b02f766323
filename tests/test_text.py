"""Canonical text, folding, syllables and index terms of Vietnamese."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import fold, index_terms, normalise, place_tones, tokenise

_SENTENCE = "Toàn tỉnh hoà giải 04 vụ, khoẻ mạnh, thuỷ lợi"
_VIETNAMESE = st.text(alphabet="aăâeêioôơuưyđĐẠÀbcghklmnpqrtvx ̣̀́0123456789.,²\n\r\t\u200b\ufeff", max_size=80)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_both_unicode_forms_give_the_same_text_and_the_same_syllables(form: str) -> None:
    text = unicodedata.normalize(form, _SENTENCE)
    assert normalise(text) == _SENTENCE
    assert tokenise(text) == ["toàn", "tỉnh", "hòa", "giải", "04", "vụ", "khỏe", "mạnh", "thủy", "lợi"]
    assert fold(text) == "toan tinh hoa giai 04 vu, khoe manh, thuy loi"


def test_normalising_keeps_superscripts_and_drops_what_cannot_be_seen() -> None:
    assert normalise("\ufeffdiện tích 15² ha\u200b\r\nhai\u2028ba\x00") == "diện tích 15² ha\nhai\nba"


@given(_VIETNAMESE)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text(max_size=80))
def test_normalising_any_text_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_folding_turns_d_with_stroke_into_d() -> None:
    assert fold("ĐỘI Đỏ được") == "doi do duoc"


@pytest.mark.parametrize(("old", "new"), [
    ("hoà", "hòa"), ("hoá", "hóa"), ("khoẻ", "khỏe"), ("thuỷ", "thủy"), ("uỷ", "ủy"),
    ("quý", "quý"), ("quỳ", "quỳ"), ("hoàn", "hoàn"), ("toán", "toán"), ("huỳnh", "huỳnh"),
])
def test_tone_marks_of_open_syllables_get_one_place(old: str, new: str) -> None:
    assert place_tones(old) == new


def test_a_number_is_one_token_and_one_letter_words_stay() -> None:
    assert tokenise("Y tế: 13.864 ca, 86,65% quý 4") == ["y", "tế", "13.864", "ca", "86,65", "quý", "4"]


def test_syllables_that_a_pdf_broke_behind_their_onset_are_joined() -> None:
    assert tokenise("c òn nh ỏ, v ẫn") == ["còn", "nhỏ", "vẫn"]
    assert tokenise("dài 5 m ở xã") == ["dài", "5", "m", "ở", "xã"]


def test_index_terms_are_syllables_and_then_their_pairs() -> None:
    assert index_terms("tai nạn lao động") == ["tai", "nạn", "lao", "động", "tai_nạn", "nạn_lao", "lao_động"]
    assert index_terms("") == []


@given(_VIETNAMESE)
def test_tokens_do_not_depend_on_the_unicode_form(text: str) -> None:
    text = normalise(text)
    assert tokenise(unicodedata.normalize("NFD", text)) == tokenise(text)
