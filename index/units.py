"""Units as written to one unit for one measure: "tỷ đồng" and "triệu đồng" are both đồng."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from index.text import fold

_MULTIPLES = {"tram": 2, "nghin": 3, "ngan": 3, "van": 4, "trieu": 6, "ty": 9, "ti": 9}
# Measures with their base unit and what one of each is worth in it.
_MEASURES = {
    "money": ("đồng", {"dong": "1"}),
    "usd": ("USD", {"usd": "1", "do": "1", "do la": "1"}),
    "area": ("m²", {"m2": "1", "m²": "1", "ha": "10000", "hecta": "10000", "km2": "1000000", "km²": "1000000"}),
    "weight": ("kg", {"kg": "1", "ta": "100", "tan": "1000", "gam": "0.001"}),
    "length": ("m", {"m": "1", "km": "1000"}),
    "volume": ("m³", {"m3": "1", "m³": "1", "lit": "0.001"}),
    "power": ("kWh", {"kwh": "1", "mwh": "1000"}),
}
_BASE_OF = {name: (measure, base, Decimal(worth)) for measure, (base, units) in _MEASURES.items() for name, worth in units.items()}
# Counters that say the same of persons: "12 cháu" and "12 trẻ em" are told apart, "lao động" and "người lao động" are not.
_SAME_COUNTER = {"nguoi lao dong": "lao động", "luot nguoi": "lượt người", "luot": "lượt"}
_COUNTERS = frozenset(
    ("lượt người", "lao động", "trường hợp", "đơn vị", "cơ sở", "doanh nghiệp", "tập thể", "cá nhân", "học viên", "viên chức", "công chức",
     "đối tượng", "hồ sơ", "phần quà", "suất quà", "văn bản", "tổ chức", "công dân", "nạn nhân", "học sinh", "trẻ em", "dự án", "mô hình", "công trình",
     "hội viên", "đại biểu", "cán bộ", "hợp đồng", "sản phẩm", "nghị quyết", "quyết định", "kế hoạch", "giấy phép", "bệnh nhân", "chỉ tiêu",
     "nhiệm vụ", "thủ tục", "vụ việc", "lượt hộ")
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit made comparable: `amount = value * factor` is in `base`; `measure` is "money", "usd", "percent", "points", "area" and so on, or "count"."""

    measure: str
    base: str
    factor: Decimal = Decimal(1)


def normalise_unit(unit: str) -> Unit:
    """Return the unit that a unit as written is worth: "triệu đồng" is a million đồng, "hộ nghèo" counts hộ; "" stays open."""
    folded = fold(unit.strip())
    if not folded:
        return Unit("count", "")
    if "%" in unit or "phan tram" in folded:
        return Unit("points", "điểm %") if folded.startswith("diem") else Unit("percent", "%")
    words = re.split(r"\s+", re.split(r"/", folded)[0])
    factor = Decimal(1)
    while words and (words[0] in _MULTIPLES or words[0].replace(".", "").isdigit()):
        multiple = words.pop(0)
        factor *= Decimal(10) ** _MULTIPLES[multiple] if multiple in _MULTIPLES else Decimal(multiple.replace(".", ""))
    if not words:
        # "3 tỷ", "250 triệu": money when nothing else is said.
        return Unit("money", "đồng", factor)
    if words[0] in _BASE_OF and (len(words) == 1 or words[0] not in ("ta", "do", "m")):
        measure, base, worth = _BASE_OF[words[0]]
        return Unit(measure, base, factor * worth)
    return Unit("count", _counter(unit, len(re.split(r"\s+", folded)) - len(words)), factor)


def _counter(unit: str, skipped: int) -> str:
    """Return the word or two that count: the unit without what it says of the thing counted."""
    words = unit.lower().split()[skipped:]
    pair = " ".join(words[:2])
    return _SAME_COUNTER.get(fold(" ".join(words[:3]))) or _SAME_COUNTER.get(fold(pair)) or (pair if pair in _COUNTERS else words[0])


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
