"""Old Vietnamese fonts: every letter of TCVN3, VNI and VPS comes back, and nothing else is touched."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SAMPLE_REPORTS
from hypothesis import given
from hypothesis import strategies as st
from making.legacy import VIETNAMESE, to_tcvn3, to_vni, to_vps

from index.readers import read_file
from index.readers.legacy import detect_scheme, repair, scheme_of_font
from index.readers.syllables import is_syllable

SAMPLES = sorted(SAMPLE_REPORTS.glob("*.txt"))
SENTENCE = "Trong 9 tháng, toàn tỉnh xảy ra 04 vụ tai nạn lao động chết người; ước đạt 86,65% kế hoạch (291.463,467 triệu đồng)."
SCHEMES = [("tcvn3", to_tcvn3), ("vni", to_vni), ("vps", to_vps)]
WORDS = sorted({word for sample in SAMPLES for word in sample.read_text(encoding="utf-8").split()} | {"\t", "\n", "- ", "25°C"})


@pytest.mark.parametrize("letter", VIETNAMESE)
def test_every_letter_comes_back_from_every_scheme(letter: str) -> None:
    assert repair(to_vni(letter).decode("latin-1"), "vni") == letter
    # Where one code stands for both, the letters beside it say which is meant.
    word = spell(letter)
    for scheme, encode in SCHEMES:
        assert repair(encode(word).decode("latin-1"), scheme) == word
    assert repair(to_tcvn3(word.lower()).decode("latin-1"), "tcvn3-caps") == word.upper()


def spell(letter: str) -> str:
    """Return a word around a letter, in its case: one that Vietnamese can spell."""
    plain = unicodedata.normalize("NFD", letter.lower())
    coda = "ng" if "\u0306" in plain else "n" if plain.startswith("a") else ""
    return f"TH{letter}{coda.upper()}" if letter.isupper() else f"th{letter}{coda}"


def test_the_letters_are_all_134_of_vietnamese() -> None:
    assert len(set(VIETNAMESE)) == 134


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_any_words_come_back_from_every_scheme(words: list[str]) -> None:
    text = f"{SENTENCE}\n{' '.join(words).lower()}"
    head = len(SENTENCE) + 1
    for scheme, encode in SCHEMES:
        back = repair(encode(text).decode("latin-1"), scheme)
        assert back[:head] == text[:head]
        assert [c for c in back if not c.isalpha()] == [c for c in text if not c.isalpha()]
        # A sentence may be given its capital; no letter is changed otherwise.
        assert back[head:].lower() == text[head:]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize(("scheme", "encode"), SCHEMES)
def test_a_report_in_an_old_font_comes_back_letter_for_letter(
    tmp_path: Path, sample: Path, scheme: str, encode: Callable[[str], bytes]
) -> None:
    text = sample.read_text(encoding="utf-8")
    encoded = encode(text)
    (tmp_path / "bytes.txt").write_bytes(encoded)
    (tmp_path / "as-unicode.txt").write_text(encoded.decode("latin-1"), encoding="utf-8")
    (tmp_path / "as-unicode.md").write_text(encoded.decode("latin-1"), encoding="utf-16")
    for name in ("bytes.txt", "as-unicode.txt", "as-unicode.md"):
        source = read_file(tmp_path / name)
        assert source.text == text
        assert len(source.warnings) == 1
        assert {"tcvn3": "TCVN3", "vni": "VNI", "vps": "VPS"}[scheme] in source.warnings[0]
        assert "tên riêng" in source.warnings[0]


@pytest.mark.parametrize(("scheme", "encode"), [("tcvn3", to_tcvn3), ("vni", to_vni)])
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "cp1258"])
def test_the_code_page_that_the_bytes_were_read_with_does_not_matter(
    scheme: str, encode: Callable[[str], bytes], encoding: str
) -> None:
    text = SENTENCE + " Đề án “đổi mới” – giai đoạn 2021–2025: bộ, ngành; ý kiến, kỹ thuật, tỷ lệ, ngõ, đã, còn, quà."
    read = encode(text).decode(encoding)
    assert detect_scheme(read) == scheme
    assert repair(read, scheme) == text


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        "Năm nay có ba xã, hai thôn; cả nhà đều há mồm.\nCó 5 ca.",
        "L'université d'été où les élèves sont déjà allés à Đà Nẵng; très gênée, elle a reçu « 25 µg » de fièvre, naïve.",
        "Für die Übung müssen größere Straßen geöffnet werden. Señor Muñoz não está em São Paulo; ação, coração.",
        "The café’s résumé: ±5 °C, ½ cup, 25 µm, © 2024 Acme® and Señor Ñuñoa, naïve façade, 10 £, § 5, ¶ 7.",
        "Đơn vị tính: m², m³, ¼ diện tích, ±0,5 °C, µg/m³, © Sở Tài nguyên, dấu « trích dẫn » và ¹ chú thích²",
        "1.234 ¨ ª º ° · ¸ ¹ ² ³ ¬ ® µ",
        "27/2003/QĐ-TTg\n131/2021/NĐ-CP\n08/2024/QĐ-UBND; 76/2024/NĐ-CP\n12/HĐ\nĐăk Lăk, M'Đrăk, Krông Pắc",
        "",
    ],
)
def test_what_is_in_real_letters_is_no_old_font(text: str) -> None:
    assert detect_scheme(text) is None


@pytest.mark.parametrize(("scheme", "encode"), SCHEMES)
def test_only_the_old_paragraphs_of_a_mixed_text_are_changed(scheme: str, encode: Callable[[str], bytes]) -> None:
    real = "1. Năm 2023 có 12 ca.\nCác xã có 5 nhà văn hóa, nhà có 2 tầng."
    old = "2. Kết quả thực hiện nhiệm vụ của ngành\n" + SENTENCE
    mixed = f"{real}\n{encode(old).decode('latin-1')}\nTổng số: 15 xã"
    assert detect_scheme(mixed) == scheme
    assert repair(mixed, scheme) == f"{real}\n{old}\nTổng số: 15 xã"


def test_capitals_of_tcvn3_are_told_by_the_letters_and_words_beside_them() -> None:
    text = (
        "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI\nSố: 437/BC-SLĐTBXH\nSở LĐTBXH tỉnh Hà Giang, UBND xã Đông Hà\n"
        "Ủy ban nhân dân tỉnh; Tỉnh ủy ban hành Nghị quyết. Ở các huyện, việc này ở mức thấp."
    )
    assert repair(to_tcvn3(text).decode("latin-1"), "tcvn3") == text


def test_capitals_written_as_two_characters_are_one_letter() -> None:
    assert repair("Aµ, BAO CA¸O, ¤è", "tcvn3") == "À, BAO CÁO, Ố"


def test_soft_hyphens_that_a_program_dropped_are_put_back_as_the_letter_they_were() -> None:
    text = "Người dân được hưởng chính sách; nước sạch cho người nghèo ước đạt 90%, tăng trưởng như kế hoạch, dưới 3 lượt"
    assert repair(to_tcvn3(text).decode("latin-1").replace("\xad", ""), "tcvn3") == text


def test_a_run_of_real_unicode_in_an_old_font_is_left() -> None:
    assert repair("Tổng kết năm", "tcvn3") == "Tổng kết năm"
    assert repair("Báo cáo", "vni") == "Báo cáo"
    assert repair("Năm 2023", "tcvn3") == "Năm 2023"


def test_quotes_and_dashes_of_windows_are_signs_whatever_they_were_read_as() -> None:
    assert repair("\x93B¸o c¸o\x94 \x96 n¨m", "tcvn3") == "“Báo cáo” – năm"
    assert repair("“B¸o c¸o” – 25°C, 5±1", "tcvn3") == "“Báo cáo” – 25°C, 5±1"


@pytest.mark.parametrize(
    ("font", "scheme"),
    [
        (".VnTime", "tcvn3"), ("'.VnArial Narrow'", "tcvn3"), ("ABCDEF+.VnTime,Bold", "tcvn3"), ("VnTime", "tcvn3"),
        (".VnTimeH", "tcvn3-caps"), (".VnArial NarrowH", "tcvn3-caps"), (".vntimeh", "tcvn3-caps"), (".VnTimeH-Bold", "tcvn3-caps"),
        ("VNI-Times", "vni"), ("vni-helve", "vni"), ("VNI Times", "vni"), ("VPS Times", "vps"), ("VPSTimes", "vps"),
        ("Times New Roman", None), ("Arial", None), ("Vnexpress Sans", None), ("", None), ("UVnTime", None),
    ],
)
def test_a_font_tells_its_scheme(font: str, scheme: str | None) -> None:
    assert scheme_of_font(font) == scheme


@pytest.mark.parametrize("word", ["nghiêng", "Quỳnh", "GIẾNG", "khuỷu", "ướt", "ở", "xoong", "thuở", "Nguyễn", "quyết"])
def test_words_of_vietnamese_are_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["cac", "học̉", "bŕo", "tỈnh", "thốnh", "ươ", "bcd", "", "école", "ngờc"])
def test_what_vietnamese_cannot_spell_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


def test_a_long_text_without_line_ends_is_repaired_in_a_moment() -> None:
    text = (SENTENCE + " Sở và Bộ. ") * 4000
    began = time.monotonic()
    assert repair(to_tcvn3(text).decode("latin-1"), detect_scheme(to_tcvn3(text).decode("latin-1")) or "") == text
    assert time.monotonic() - began < 10
