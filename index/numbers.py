"""Figures in Vietnamese notation: exact value, unit and span. Dates and reference numbers are no figures."""

from __future__ import annotations

import re
from decimal import Decimal

from index.records import Figure

# "1.234.567,89", "13864", "3,5"; never the English reading.
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
# A PDF's text layer may break a number: "15, 6%", "1. 300 tỷ", "2 6,8 nghìn", "1.4 64 doanh nghiệp".
_BROKEN = r"\d{1,3}, \d{1,2}(?=\s?(?:%|nghìn|triệu|tỷ|tỉ))|\d{1,3}(?:\. \d{3}|\.\d \d{2}|\.\d{2} \d)(?!\d)|\d \d(?:,\d+)?(?=\s?(?:%|nghìn|triệu|tỷ|tỉ))"
_VALUE = rf"(?:{_BROKEN}|{_NUMBER})"
_FIGURE = re.compile(
    rf"(?<![\w.,%\[])(?<!\w/)(?<![^\W\d_][-–])(?P<x>{_VALUE})(?:\s?/\s?(?P<y>{_NUMBER})(?![\d/])|\s?[-–]\s?(?P<upper>{_NUMBER}))?(?![.,]?\d)(?!/)(?!\])"
)
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)", r"(?:0?[1-9]|1[0-2])(?![.,]?\d)"
_DATE = re.compile(
    rf"(?<![\d/.,])\d{{1,2}}\s?[/.\-]\s?\d{{1,2}}\s?[/.\-]\s?\d{{4}}(?!\d)|(?<![\d/])(?:0?[1-9]|1[0-2])\s?/\s?(?:19|20)\d\d(?!\d)"
    rf"|ngày\s+{_DAY}\s+tháng\s+{_MONTH}(?:\s+năm\s+\d{{4}}(?!\d))?|(?<=ngày ){_DAY}\s?/\s?{_MONTH}"
    rf"|(?<!\w)tháng\s+{_MONTH}(?:\s?[/\-]\s?\d{{4}}(?!\d)|\s+năm\s+\d{{4}}(?!\d))?"
    rf"|(?<![\d/.,]){_DAY}/{_MONTH}(?:(?:,|;| và|, và| đến) {_DAY}/{_MONTH})+"
    # "lễ 30/4": a day, unless the words before it say that something was reached or counted.
    r"|(?:(?<=[ (,;])|^)(?<!đạt )(?<!được )(?<!là )(?<!có )(?<!quyết )(?<!thành )(?<!xong )(?<!với )(?<!: )"
    rf"{_DAY}/{_MONTH}(?=\s*(?:[,;).–\-”\"]|đến\b|và\b|hằng\b|hàng\b|$))"
    # A PDF's text layer may break a year: "năm 200 3".
    r"|(?<!\w)năm\s+(?:học\s+)?(?:\d{4}|(?:19|20)\d \d|(?:19|20) \d\d)(?![.,]?\d)(?:\s?[-–]\s?\d{4}(?!\d))?"
    r"|(?<!\d)(?:19|20)\d\d\s?[-–]\s?(?:19|20)\d\d(?!\d)|(?<!\w)\d{1,2}h(?:\d{2})?(?!\w)",
    re.IGNORECASE,
)
# "02/QĐ-UBND", "131/2022/NĐ-CP", "1288/KH-UBND", "31-CT/TW", "256 /2004/QĐ-UB".
_DOCUMENT = re.compile(r"(?<!\d)\d{1,6}(?:\s?/\s?\d{4})?(?:\s?/\s?[A-ZĐ]|[\-–][A-ZĐ](?=[A-ZĐ]))\w*(?:[-/.–]\w+)*")
_PERIOD = re.compile(
    r"(?<!\d)\d{1,2}\s+tháng(?=\s+(?:đầu|cuối|qua|tới|còn)\b|\s+năm\s+\d{4}|\s*[,:/])"
    r"|(?:(?<!\w)(?:trong|sau)\s+|^\s*)\d{1,2}\s+tháng(?!\w)"
    # "tổng chi 6 tháng 62.418,5 triệu đồng", but "dưới 03 tháng 815" is a length of time.
    r"|(?<!\d)(?<!dưới )(?<!trên )(?<!đủ )(?<!hạn )\d{1,2}\s+tháng(?=\s+\d)"
    # "kỷ niệm 77 năm Ngày Thương binh", "bình quân 3 năm 2001 - 2003", "bình quân 3 năm": names of a time.
    r"|(?<=kỷ niệm )\d{1,4}\s+năm|\d{1,4}\s+năm(?=\s+(?:Ngày |ngày thành lập|Chiến thắng|Cách mạng))|\d{1,2}\s+năm(?=\s+(?:19|20)\d\d\s?[-–])|(?<=bình quân )\d{1,2}\s+năm(?!\w)",
    re.IGNORECASE,
)
# A number behind one of these names a thing and counts nothing.
_REFERENCE = re.compile(
    r"(?:(?<!tổng )(?<!trong )\bsố|(?<!trung )(?<!sơ )(?<!cao )(?<!trợ )(?<!phụ )(?<!cung )\bcấp|\b(?:điều|khoản|điểm|mục|chương|phần|phụ lục|biểu|bảng|tháng|năm|quý|tuần|ngày|thứ|đợt|lần|kỳ|khóa|khoá"
    r"|hạng|loại|lớp|khối|tổ|đội|khu phố|quân khu|quận|phường|quốc lộ|tuyến|đồi|khu|vòng|trang|chú thích"
    r"|nghị quyết|quyết định|nghị định|thông tư|chỉ thị|công văn|thông báo|tờ trình|đề án|kết luận|luật|hướng dẫn))"
    r" *(?:số *:?)? *$",
    re.IGNORECASE,
)
# "dưới 03 tháng 815 người": what is counted itself numbers nothing.
_COUNTED = re.compile(r"\d +(?:tháng|năm|ngày|tuần|quý|lần|đợt|lớp|khối|tổ|đội) *$", re.IGNORECASE)
_GRANT = re.compile(r"\bcấp *$", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_BEFORE = re.compile(r"\b(?:cuối|đầu|giữa|cùng kỳ|so với|tết|vụ|đoạn|từ|đến)\s*$", re.IGNORECASE)
_LIST_NUMBER = re.compile(r"(?:^|\n)\s*\(?$")
_MULTIPLE = r"(?:trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ)"
_PERCENT = re.compile(r" ?((?:điểm\s?)?%(?:/năm|/tháng)?)", re.IGNORECASE)
_MEASURE = re.compile(
    rf" ?((?:{_MULTIPLE} ?)*(?:đồng(?! chí| nghiệp| bào)|usd|ha|tấn|kg|km[2²]?|m[23²³]?|kwh?|mw|tạ|lít)(?!\w)(?:/[^\s,;.)]+)*|điểm phần trăm)", re.IGNORECASE
)
_LEVEL = r"(?:huyện|thị xã|thành phố|xã|phường|thị trấn|quận|đặc khu)"
_LEVELS = re.compile(rf" ({_LEVEL}(?:(?:,\s|\s?/\s?|\svà\s){_LEVEL})+)", re.IGNORECASE)
_NOUN = re.compile(r" ((?:[^\W\d_][^\s,;.:()\[\]“”\"…]*)(?: [^\W\d_][^\s,;.:()\[\]“”\"…]*){0,6})")
# Words that end the name of what is counted.
_STOP = frozenset(
    "được đạt với tại trên so là và có cho làm trong để từ của theo đã đang tham tăng giảm do qua bị hưởng vào ra"
    " ở đến về như khi thì còn nhưng hoặc không cùng nhằm bằng cũng mà này đó chiếm dưới đăng thực thuộc gồm vượt"
    " thấp kể nên phải sẽ chưa tính tương kèm".split()
)
# Two-syllable counters that stand for the thing counted when its full name is too long.
_COUNTER_PAIRS = frozenset(
    "lượt người|lao động|trường hợp|đơn vị|cơ sở|doanh nghiệp|tập thể|cá nhân|học viên|viên chức|công chức"
    "|đối tượng|hộ gia|hồ sơ|phần quà|văn bản|tổ chức|công dân|nạn nhân|học sinh|trẻ em|dự án|mô hình|công trình"
    "|biên bản|nội dung|vụ việc|hội viên|đại biểu|cán bộ|chi nhánh|thỏa ước|thoả ước|hợp đồng|sản phẩm|mặt hàng"
    "|kế hoạch|nghị quyết|quyết định|tổng công|giấy phép|bệnh nhân|hợp tác|chỉ tiêu|nhiệm vụ|thủ tục".split("|")
)
_BOUND = re.compile(r"(?:^|\W)(trên|khoảng|ước|gần|hơn|dưới|tối thiểu|tối đa|ít nhất|xấp xỉ)(?: +(?:đạt|khoảng|tính|là))? *$", re.IGNORECASE)


def parse_number(literal: str) -> Decimal | None:
    """Return the exact value of a number in Vietnamese notation, or None if it is not one.

    "291.463,467" is 291463.467; "1.234" is 1234; "12.5" is not a number here.
    """
    literal = literal.strip()
    if not re.fullmatch(_NUMBER, literal):
        return None
    return Decimal(literal.replace(".", "").replace(",", "."))


def format_number(value: Decimal) -> str:
    """Return a value in Vietnamese notation: `.` groups, `,` decimals, no trailing zeros."""
    whole, _, fraction = f"{value:,f}".partition(".")
    fraction = fraction.rstrip("0")
    return whole.replace(",", ".") + ("," + fraction if fraction else "")


# "ASEM 5", "SEA Games 31": a number behind a name in capitals is part of it.
_NAMED = re.compile(r"\b[A-ZĐ]{3,} $")


def find_figures(text: str) -> list[Figure]:
    """Return the figures of a text in order, with spans (number and unit) into it.

    Dates, years, periods ("9 tháng đầu năm"), document numbers, ordinals, list numbers and
    footnote marks are left out.
    """
    taken = _taken_spans(text)
    reach = 0
    figures = []
    for match in _FIGURE.finditer(text):
        while reach < len(taken) and taken[reach][1] <= match.start():
            reach += 1
        if reach < len(taken) and taken[reach][0] < match.end():
            continue
        unit, end = _read_unit(text, match.end())
        if _is_reference(text, match, unit):
            continue
        bound = _BOUND.search(text[max(0, match.start() - 24):match.start()])
        figures.append(Figure(
            value=parse_number(match["x"].replace(" ", "")),
            unit=unit,
            start=match.start(),
            end=end,
            denominator=parse_number(match["y"]) if match["y"] else None,
            upper=parse_number(match["upper"]) if match["upper"] else None,
            bound=bound.group(1).lower() if bound else "",
        ))
    return figures


def same_value(a: Figure, b: Figure) -> bool:
    """Tell whether two figures have the same value (and the same y of an x/y pair)."""
    return (a.value, a.denominator, a.upper) == (b.value, b.denominator, b.upper)


def _taken_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of dates, document numbers and periods in order, overlapping ones made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(m.span() for pattern in (_DATE, _DOCUMENT, _PERIOD) for m in pattern.finditer(text)):
        if merged and start < merged[-1][1]:
            start, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((start, end))
    return merged


def _is_reference(text: str, match: re.Match[str], unit: str) -> bool:
    before, after = text[max(0, match.start() - 24):match.start()], text[match.end():match.end() + 1]
    if after in (".", ")", "\t") and _LIST_NUMBER.search(before):
        return True
    if _YEAR.fullmatch(match["x"]) and (not unit or _YEAR_BEFORE.search(before)):
        return True
    if unit == "lần" and match["x"].lstrip("0") == "1":
        # "trợ cấp 1 lần": once and for all.
        return True
    plain = "." not in match["x"] and "," not in match["x"] and not match["y"]
    if not plain or _PERCENT.match(unit) or _MEASURE.match(unit):
        return False
    # "nhà cấp 4" is a grade, "cấp 15 thẻ" and "theo phân cấp 5012179" are not.
    if _GRANT.search(before) and (unit or match["x"].startswith("0") or len(match["x"]) > 2):
        return False
    if not unit and len(match["x"]) <= 2 and _NAMED.search(before):
        return True
    return bool(_REFERENCE.search(before)) and not _COUNTED.search(before)


def _read_unit(text: str, position: int) -> tuple[str, int]:
    for pattern in (_PERCENT, _MEASURE, _LEVELS):
        match = pattern.match(text, position)
        if match:
            return match.group(1), match.end(1)
    match = _NOUN.match(text, position)
    if not match:
        return "", position
    words = match.group(1).split(" ")
    kept = _cut_noun(words, ended=match.end() == len(text) or text[match.end()] in ",;.:()[]“”\"…\n\t")
    unit = " ".join(words[:kept])
    return unit, position + 1 + len(unit) if kept else position


def _cut_noun(words: list[str], *, ended: bool) -> int:
    """Return how many of the words name what is counted: up to a stop word, or the counter alone."""
    stop = next((i for i, word in enumerate(words) if _ends_noun(words, i)), None)
    whole = stop if stop is not None else (len(words) if ended else 99)
    if whole <= 5:
        return whole
    return 2 if " ".join(words[:2]).lower() in _COUNTER_PAIRS else 1


def _ends_noun(words: list[str], i: int) -> bool:
    word = words[i].lower()
    if word == "nhân":
        return i + 1 < len(words) and words[i + 1].lower() in ("kỷ", "dịp", "ngày")
    if word == "hiện":
        return i == 0 or words[i - 1].lower() == "thực"
    return word in _STOP or (i > 0 and words[i][0].isupper() and not words[0][0].isupper())
