"""Units as written to one unit for one measure: "tỷ đồng" and "triệu đồng" are both đồng."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

# Written with their marks: "văn bản" is no "vạn", "vận động viên" no "vạn đồng".
_MULTIPLES = {"trăm": 2, "nghìn": 3, "ngàn": 3, "vạn": 4, "triệu": 6, "tỷ": 9, "tỉ": 9}
# Measures with their base unit and what one of each is worth in it.
_MEASURES = {
    "money": ("đồng", {"đồng": "1"}),
    "usd": ("USD", {"usd": "1", "đô": "1"}),
    "area": ("m²", {"m2": "1", "m²": "1", "ha": "10000", "hecta": "10000", "km2": "1000000", "km²": "1000000"}),
    "weight": ("kg", {"kg": "1", "tạ": "100", "tấn": "1000", "gam": "0.001"}),
    "length": ("m", {"m": "1", "km": "1000"}),
    "volume": ("m³", {"m3": "1", "m³": "1", "lít": "0.001"}),
    "power": ("kWh", {"kwh": "1", "mwh": "1000"}),
}
_BASE_OF = {name: (measure, base, Decimal(worth)) for measure, (base, units) in _MEASURES.items() for name, worth in units.items()}
# A person ("05 đồng chí") and no money, a machine and no weight.
_NO_MEASURE = frozenset(["chí", "nghiệp", "bào", "hương"])
# Counters that say the same of persons: "12 cháu" and "12 trẻ em" are told apart, "lao động" and "người lao động" are not.
_SAME_COUNTER = {"người lao động": "lao động", "lượt người": "lượt người"}
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})*|\d+")
_COUNTERS = frozenset(
    ("lượt người", "lao động", "trường hợp", "đơn vị", "cơ sở", "doanh nghiệp", "tập thể", "cá nhân", "học viên", "viên chức", "công chức",
     "đối tượng", "hồ sơ", "phần quà", "suất quà", "văn bản", "tổ chức", "công dân", "nạn nhân", "học sinh", "trẻ em", "dự án", "mô hình", "công trình",
     "hội viên", "đại biểu", "cán bộ", "hợp đồng", "sản phẩm", "nghị quyết", "quyết định", "kế hoạch", "giấy phép", "bệnh nhân", "chỉ tiêu",
     "nhiệm vụ", "thủ tục", "vụ việc", "lượt hộ", "đồng chí", "ngân hàng")
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit made comparable: `amount = value * factor` is in `base`; `measure` is "money", "usd", "percent", "points", "area" and so on, or "count"."""

    measure: str
    base: str
    factor: Decimal = Decimal(1)


def normalise_unit(unit: str) -> Unit:
    """Return the unit that a unit as written is worth: "triệu đồng" is a million đồng, "hộ nghèo" counts hộ; "" stays open."""
    words = unit.lower().split("/")[0].split()
    if not words:
        return Unit("count", "")
    if "%" in unit or "phần trăm" in unit.lower():
        return Unit("points", "điểm %") if words[0] == "điểm" else Unit("percent", "%")
    factor, said = Decimal(1), 0
    while said < len(words) and (words[said] in _MULTIPLES or _GROUPED.fullmatch(words[said])):
        multiple = words[said]
        factor *= Decimal(10) ** _MULTIPLES[multiple] if multiple in _MULTIPLES else Decimal(multiple.replace(".", ""))
        said += 1
    left = words[said:]
    if not left:
        # "3 tỷ", "250 triệu": money when nothing else is said.
        return Unit("money", "đồng", factor)
    if left[0] in _BASE_OF and not (len(left) > 1 and left[1] in _NO_MEASURE):
        measure, base, worth = _BASE_OF[left[0]]
        return Unit(measure, base, factor * worth)
    return Unit("count", _counter(left), factor)


def _counter(words: list[str]) -> str:
    """Return the word or two that count: the unit without what it says of the thing counted."""
    pair = " ".join(words[:2])
    return _SAME_COUNTER.get(" ".join(words[:3])) or _SAME_COUNTER.get(pair) or (pair if pair in _COUNTERS else words[0])


# What can be counted, in classes that exclude each other; what is in none of them fits any.
_CLASSES = {
    "case": "vụ|vụ việc|sự cố",
    "place": "huyện|xã|tỉnh|phường|quận|thôn|ấp|bản|thị trấn|thị xã|khu phố",
    "person": "người|lượt người|lao động|công dân|cán bộ|cá nhân|viên chức|công chức|đoàn viên|hội viên|đại biểu|giáo viên|học sinh|học viên"
              "|sinh viên|nạn nhân|bệnh nhân|trẻ|cháu|bé|đối tượng|cụ|đảng viên|chiến sĩ|nông dân|phụ nữ",
    "thing": "lớp|cuộc|căn|thẻ|hồ sơ|đơn|dự án|mô hình|phần|tờ|doanh nghiệp|cơ sở|văn bản|kế hoạch|công trình|giấy|phiên"
             "|hội nghị|nghị quyết|quyết định|thủ tục|km|ha|tấn|tạ|kg|lít|đợt|tập thể|đơn vị|huy chương|hợp đồng|nhà|máy|giường|trường",
}
_CLASS_OF = {tuple(phrase.split()): name for name, phrases in _CLASSES.items() for phrase in phrases.split("|")}


def counter_class(words: tuple[str, ...]) -> str:
    """Return the class of what lower-case words count: "person", "case", "place", "thing", or "" when it is open."""
    return _CLASS_OF.get(words[:2]) or _CLASS_OF.get(words[:1], "")
