"""Abbreviations and synonyms: the data files, expansion, what reports define, phrases of one meaning."""

from __future__ import annotations

import time
import timeit
import unicodedata
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexicon import (
    CHAT_SECTION,
    expand_abbreviations,
    find_definitions,
    load_abbreviations,
    load_synonyms,
    synonyms_of,
)
from index.text import normalise, tokenise

# Terms that stand in two groups on purpose.
MEANT_TWICE: set[str] = set()


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def lines_of(name: str) -> list[str]:
    content = resources.files("index").joinpath("data", name).read_text(encoding="utf-8")
    assert content.endswith("\n") and "\r" not in content
    return content.splitlines()


def entries_of(name: str) -> list[list[str]]:
    return [line.split("\t") for line in lines_of(name) if line and not line.startswith("#")]


# The files


@pytest.mark.parametrize("name", ["abbreviations.tsv", "synonyms.tsv"])
def test_a_data_file_is_nfc_without_stray_spaces_or_empty_columns(name: str) -> None:
    for line in lines_of(name):
        assert line == unicodedata.normalize("NFC", line) and line == line.strip(), line
        if line and not line.startswith("#"):
            assert all(column and column == column.strip() for column in line.split("\t")), line


def test_every_abbreviation_has_one_long_form_and_is_shorter_than_it() -> None:
    for columns in entries_of("abbreviations.tsv"):
        assert len(columns) == 2, columns
        assert columns[0].isalpha(), columns
        assert len(columns[0]) < len(columns[1]), columns


def test_no_abbreviation_is_listed_twice() -> None:
    shorts = [columns[0] for columns in entries_of("abbreviations.tsv")]
    assert sorted(shorts) == sorted(set(shorts))


def test_chat_abbreviations_are_in_lower_case_in_their_own_section() -> None:
    lines = lines_of("abbreviations.tsv")
    assert lines.count(CHAT_SECTION) == 1
    table = load_abbreviations()
    assert table.chat["bn"] == "bao nhiêu" and "bn" not in table.exact
    assert all(short == short.lower() for short in table.chat)
    assert "kg" not in table.chat  # kilogram


def test_no_long_form_holds_an_abbreviation_that_would_be_expanded_again() -> None:
    for short, long in load_abbreviations().exact.items():
        assert expand_abbreviations(long) == long, short


def test_the_files_are_large_enough_to_be_of_use() -> None:
    assert len(load_abbreviations().exact) >= 220
    assert 350 <= len(load_synonyms().groups) <= 500


def test_every_synonym_group_has_two_terms_that_differ_as_tokens() -> None:
    for group in load_synonyms().groups:
        keys = [tuple(tokenise(term)) for term in group]
        assert len(keys) >= 2 and all(keys) and len(set(keys)) == len(keys), group


def test_no_synonym_term_stands_in_two_groups_unless_meant() -> None:
    seen: dict[tuple[str, ...], list[str]] = {}
    for columns in entries_of("synonyms.tsv"):
        for term in columns:
            seen.setdefault(tuple(tokenise(term)), []).append(term)
    assert {terms[0] for terms in seen.values() if len(terms) > 1} == MEANT_TWICE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hộ nghèo", "hộ cận nghèo"), ("vụ", "người"), ("xã", "huyện"), ("tuyển sinh", "tốt nghiệp"),
        ("đình chỉ", "tạm đình chỉ"), ("khiếu nại", "tố cáo"), ("cán bộ", "công chức"), ("nhà thuốc", "quầy thuốc"),
        ("bị thương", "tử vong"), ("xuất khẩu", "nhập khẩu"), ("cướp", "cướp giật"), ("tiểu học", "trung học cơ sở"),
    ],
)
def test_things_that_reports_count_apart_are_no_synonyms(one: str, other: str) -> None:
    assert all(other not in others for _, _, others in synonyms_of(tokenise(one)))


# Expanding


@pytest.mark.parametrize(
    ("typed", "long"),
    [
        ("UBND tỉnh", "ủy ban nhân dân tỉnh"),
        ("Số vụ TNLĐ, BNN", "Số vụ tai nạn lao động, bệnh nghề nghiệp"),
        ("Sở LĐ-TB&XH", "Sở lao động, thương binh và xã hội"),
        ("Sở LĐ – TB & XH", "Sở lao động, thương binh và xã hội"),
        ("Sở KH&ĐT, NN&PTNT", "Sở kế hoạch và đầu tư, nông nghiệp và phát triển nông thôn"),
        ("Phòng VH, TT&DL", "Phòng văn hóa, thể thao và du lịch"),
        ("phát triển KT-XH, QP-AN", "phát triển kinh tế - xã hội, quốc phòng - an ninh"),
        ("CB, CC, VC của DN/HTX", "cán bộ, công chức, viên chức của doanh nghiệp/hợp tác xã"),
        ("TP.HCM và TP. Hòa Lâm", "thành phố Hồ Chí Minh và thành phố Hòa Lâm"),
        ("(BHYT); BHXH.", "(bảo hiểm y tế); bảo hiểm xã hội."),
        ("ATTP-KCB", "an toàn thực phẩm-khám bệnh, chữa bệnh"),
    ],
)
def test_an_abbreviation_is_replaced_wherever_it_stands_as_a_word(typed: str, long: str) -> None:
    assert expand_abbreviations(typed) == long
    assert expand_abbreviations(nfd(typed)) == long


@pytest.mark.parametrize("typed", ["tnlđ", "tnld", "TNLD", "Tnlđ"])
def test_long_abbreviations_are_known_in_lower_case_and_without_diacritics(typed: str) -> None:
    assert expand_abbreviations(f"{typed} 9 tháng") == "tai nạn lao động 9 tháng"


@pytest.mark.parametrize("typed", ["ncc", "htx", "ca bệnh", "da cam", "tin te", "xd"])
def test_short_abbreviations_are_not_read_into_lower_case_words(typed: str) -> None:
    assert expand_abbreviations(typed) == typed


@pytest.mark.parametrize(
    "text",
    [
        "Kế hoạch số 118/KH-UBND ngày 14/3/2025",
        "Nghị quyết số 21/2021/NQ-HĐND",
        "QĐ-TTg",
        "KH2025, DNX, XUBND",
        "NẠN NHÂN CHẤT ĐỘC DA CAM",
        "15 kg/khẩu, 291,4 m2, 24h",
    ],
)
def test_document_numbers_codes_units_and_capitals_stay_as_they_are(text: str) -> None:
    assert expand_abbreviations(text) == text


def test_an_abbreviation_that_looks_like_a_word_is_read_outside_capitals() -> None:
    assert expand_abbreviations("CA xã có bao nhiêu DA?") == "công an xã có bao nhiêu dự án?"


def test_chat_abbreviations_are_replaced_only_on_request_and_in_any_case() -> None:
    typed = "XKLĐ sang Nhật dc BN ng, ko tính Ng ở tp"
    assert expand_abbreviations(typed) == "xuất khẩu lao động sang Nhật dc BN ng, ko tính Ng ở tp"
    assert expand_abbreviations(nfd(typed), chat=True) == (
        "xuất khẩu lao động sang Nhật được bao nhiêu người, không tính người ở thành phố"
    )


@pytest.mark.parametrize(
    ("typed", "long"),
    [("25tr/ng", "25 triệu/người"), ("3,5trđ", "3,5 triệu đồng"), ("1.200 tr", "1.200 triệu"), ("15kg", "15kg")],
)
def test_a_unit_typed_onto_its_number_is_split_off(typed: str, long: str) -> None:
    assert expand_abbreviations(typed, chat=True) == long


def test_what_a_report_defines_comes_before_the_general_meaning() -> None:
    own = {"NCC": "nhà cung cấp", "TT&MT": "tuyên truyền và môi trường", "QLĐB": "quản lý đường bộ"}
    assert expand_abbreviations("12 NCC", own) == "12 nhà cung cấp"
    assert expand_abbreviations("12 ncc", own, chat=True) == "12 người có công"
    assert expand_abbreviations("12 TT&MT, qldb", own) == "12 tuyên truyền và môi trường, quản lý đường bộ"


@given(st.text(alphabet="abđĐKHUBNDTPơư ,.&-/15\n", max_size=60))
def test_expanding_twice_without_chat_changes_nothing_more(text: str) -> None:
    once = expand_abbreviations(text)
    assert expand_abbreviations(once) == once


@given(st.text(max_size=80))
def test_any_text_can_be_expanded_and_searched_for_definitions(text: str) -> None:
    assert isinstance(expand_abbreviations(text, {"Ơ&": "x"}, chat=True), str)
    assert isinstance(find_definitions(text), dict)


def test_text_without_abbreviations_comes_back_normalised_and_otherwise_unchanged() -> None:
    text = "Trong kỳ, toàn huyện mở 12 lớp cho 340 người; kinh phí 1,2 tỷ đồng (đạt 85%)."
    assert expand_abbreviations(nfd(text), chat=True) == normalise(text)


def test_expanding_three_hundred_characters_takes_a_fraction_of_a_millisecond() -> None:
    question = "BHTN 9 tháng nhận bn hồ sơ, trong đó lao động nữ bao nhiêu người, so với cùng kỳ năm trước ra sao? "
    text = (question * 3)[:300]
    own = {f"Q{a}{b}{a}": "một tên dài" for a in "BCDGHKLM" for b in "NPQRSTVX"}
    # Processor time, not the clock's: the machine may be busy. About 0.08 ms; the bound allows for a slower one.
    times = timeit.repeat(
        lambda: expand_abbreviations(text, own, chat=True), timer=time.thread_time, number=50, repeat=10
    )
    assert min(times) / 50 < 0.0004


# Definitions


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Chi trả cho người có công với cách mạng (NCC) đúng hạn.", {"NCC": "người có công với cách mạng"}),
        ("Uỷ ban nhân dân (UBND) tỉnh chỉ đạo", {"UBND": "Uỷ ban nhân dân"}),
        ("công tác giáo dục nghề nghiệp (sau đây gọi tắt là GDNN)", {"GDNN": "giáo dục nghề nghiệp"}),
        ("đối tượng bảo trợ xã hội (viết tắt là BTXH)", {"BTXH": "bảo trợ xã hội"}),
        ("an toàn, vệ sinh\nlao động ( viết tắt: “ATVSLĐ” )", {"ATVSLĐ": "an toàn, vệ sinh lao động"}),
        ("Sở Nông nghiệp và Phát triển nông thôn (NN&PTNT)", {"NN&PTNT": "Nông nghiệp và Phát triển nông thôn"}),
        ("vùng dân tộc thiểu số và miền núi (DTTS & MN)", {"DTTS&MN": "dân tộc thiểu số và miền núi"}),
        ("phát triển hợp tác xã (HTX), đổi mới", {"HTX": "hợp tác xã"}),
        ("Ban Quản lý dự án huyện, sau đây gọi tắt là BQLDA, đã mở thầu", {"BQLDA": "Ban Quản lý dự án"}),
        ("bảo hiểm xã hội (BHXH), bảo hiểm y tế (BHYT)", {"BHXH": "bảo hiểm xã hội", "BHYT": "bảo hiểm y tế"}),
        ("Hội đồng nhân dân (HDND) xã", {"HDND": "Hội đồng nhân dân"}),
        ("lập khu công nghiệp Bắc Sông (KCN)", {"KCN": "khu công nghiệp"}),
        ("hỗ trợ người có công trên địa bàn (NCC)", {"NCC": "người có công"}),
        ("lao động huyện (LĐ)", {"LĐ": "lao động"}),
        ("Quyết định của Thủ tướng (TTg)", {"TTg": "Thủ tướng"}),
        ("đường dây nóng; trẻ em (TE). Đã cứu 03 trẻ em (TE)", {"TE": "trẻ em"}),
    ],
)
def test_a_definition_gives_the_words_whose_initials_spell_it(sentence: str, found: dict[str, str]) -> None:
    assert find_definitions(sentence) == found
    assert find_definitions(nfd(sentence)) == found


@pytest.mark.parametrize(
    "sentence",
    [
        "tổng sản phẩm trên địa bàn (GRDP) đạt 8%",
        "Chương trình mỗi xã một sản phẩm (OCOP)",
        "xã Nà Mèo (huyện Quan Hòa)",
        "giai đoạn I (II) và quý III (IV)",
        "người cao tuổi, có hoàn cảnh khó khăn, cô đơn (NCC)",
        "người lao động. Có chính sách (NCC)",
        "lao động đi làm việc ở nước ngoài (LĐ)",
        "công ty (Nga)",
        "nội dung (nêu trên) và (TNLĐ",
        "(NCC)",
        "người có công\n\nvới (NCC",
        "sau đây gọi tắt là",
    ],
)
def test_a_bracket_whose_initials_do_not_match_defines_nothing(sentence: str) -> None:
    assert find_definitions(sentence) == {}


def test_the_first_definition_of_an_abbreviation_counts() -> None:
    text = "người có công (NCC). Tại chợ, nhà cung cấp (NCC) mới."
    assert find_definitions(text) == {"NCC": "người có công"}


def test_definitions_found_in_a_report_expand_questions_about_it() -> None:
    own = find_definitions("Trung tâm Hỗ trợ khởi nghiệp (TTHTKN) tỉnh")
    assert expand_abbreviations("tthtkn có bao nhiêu người?", own) == "Trung tâm Hỗ trợ khởi nghiệp có bao nhiêu người?"


# Synonyms


def test_synonyms_of_gives_spans_of_the_longest_phrases_in_text_order() -> None:
    tokens = tokenise("Thầy cô giáo xin thôi việc bao nhiêu?")
    assert synonyms_of(tokens) == [
        (0, 3, ("giáo viên", "thầy cô", "nhà giáo")),
        (4, 6, ("nghỉ việc", "bỏ việc")),
        (6, 8, ("mấy", "bao nhiu", "nhiêu", "chừng nào")),
    ]


@pytest.mark.parametrize(
    ("everyday", "term"),
    [
        ("hãng", "doanh nghiệp"), ("tăng ca", "làm thêm giờ"), ("con nít", "trẻ em"), ("tiền", "kinh phí"),
        ("nhà nghèo", "hộ nghèo"), ("bán ra nước ngoài", "kim ngạch xuất khẩu"), ("đô", "USD"),
        ("ca bệnh", "bệnh nhân"), ("rút vốn", "giải ngân"), ("kẹt xe", "ùn tắc giao thông"), ("heo", "lợn"),
    ],
)
def test_an_everyday_word_leads_to_the_term_of_reports(everyday: str, term: str) -> None:
    tokens = tokenise(nfd(everyday))
    assert [(start, end, others[0]) for start, end, others in synonyms_of(tokens)] == [(0, len(tokens), term)]


@pytest.mark.parametrize("phrase", ["đô thị", "tiêu chuẩn", "lương thực", "trở lên", "ủy ban nhân dân", "khẩu hiệu"])
def test_a_phrase_that_is_read_whole_is_not_taken_apart(phrase: str) -> None:
    assert synonyms_of(tokenise(phrase)) == []


def test_both_placements_of_the_tone_mark_find_the_same_group() -> None:
    assert synonyms_of(tokenise("thuỷ sản")) == synonyms_of(tokenise("thủy sản")) != []


@given(st.lists(st.sampled_from(["bao", "nhiêu", "tiền", "lương", "thực", "chết", "đuối", "do", "tử", "vong", "hộ", "nghèo", "cận", "việc", "thôi", "mất"])))
def test_spans_of_synonyms_never_overlap(tokens: list[str]) -> None:
    spans = synonyms_of(tokens)
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:]))
    assert all(" ".join(tokens[start:end]) in load_synonyms().others for start, end, _ in spans)
