"""A typed question to what it asks: its words, its period, and which kinds of figure or fact are wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from index.lexicon import in_report_terms, synonyms_of
from index.numbers import find_figures
from index.periods import Period, find_periods
from index.text import fold, tokenise

MAX_LENGTH = 2_000
# Each thing asked at once costs a search of its own.
MAX_PARTS = 8
# A question of so few words that asks nothing wants the figures of its topic: "TNLĐ 9 tháng?".
BARE_TOPIC = 6
# How much a word of the earlier question counts in a follow-up, against its own words.
EARLIER_WEIGHT = 0.4
# How much the words count that only say how the answer is to be divided ("từng trình độ").
DIVIDING_WEIGHT = 0.2
# These two read the text with its diacritics: "mấy" is not "máy", "tiền" is not "tiến".
_SLOT = re.compile(r"\b(?:bao nhiêu|bao nhiu|mấy|bn)\b")
_PERCENT = re.compile(r"phan tram|%|\bty le\b|\bti le\b|\bty trong\b|so voi (?:ke hoach|kh|chi tieu|du toan)\b(?! nam (?:truoc|ngoai))|\bdat (?:may|bao nhieu) (?:phan|%)|\bmay phan\b")
_MONEY = re.compile(
    r"\b(?:bao nhiêu|mấy)\s+(?:tiền|kinh phí|đồng|nghìn|triệu|tỷ|tỉ|trăm|usd|đô|ngoại tệ|vốn)\b(?! (?:tấn|người|lượt|máy))"
    r"|\b(?:kinh phí|số tiền|tổng tiền|chi phí|tiền|vốn|tổng vốn|trị giá|giá trị|doanh thu|dự toán)\b[^,;?]{0,40}\b(?:bao nhiêu|mấy)\b(?! (?:người|vụ|hộ|lượt|cuộc|phần|%))"
    r"|\b(?:hết|tốn|mất|chi|tiêu)\s+(?:tổng cộng |cả thảy |khoảng )?(?:bao nhiêu|mấy)\b(?! (?:người|vụ|hộ|lượt|cuộc))"
    r"|\b(?:kinh phí|số tiền|tổng kinh phí)\b"
)
_RATIO = re.compile(r"tren tong(?: so| cong)?|(?:bao nhieu|may) tren (?:bao nhieu|may|tong)|tren may\b|tren tong|tren so\b")
_BREAKDOWN = re.compile(
    r"chia (?:theo|ra)|\btong so\b.{0,40}, so\b|\btong\b(?: so)?, (?!nam)|phan theo|tung (?:loai|nhom|trinh do|nguon|nganh|cap|huyen|linh vuc|doi tuong)|moi (?:loai|nhom|nguon|nganh|cap|thu)"
    r"|co cau|gom nhung|cu the tung|ra sao|the nao|nhung dien nao|bao gom|\bboc (?:ra|tach)\b|\btach (?:ra|theo|rieng)\b|\bghi tung\b|\bliet ke\b|\bcac muc nao\b"
)
# Read with diacritics: "mỗi xã bao nhiêu" divides, "mới đạt bao nhiêu" does not.
_EACH = re.compile(r"\bmỗi \w+(?: \w+)? (?:bao nhiêu|mấy|bn)\b")
_DIVIDING = re.compile(r"\b(?:chia theo|chia ra|phân theo|từng|mỗi|theo)\s+(?:loại|nhóm|trình độ|nguồn|ngành|cấp|huyện|lĩnh vực|đối tượng|diện|khoản)\b|\bgồm những (?:diện|loại|nhóm) nào\b")
_WHO = re.compile(r"\bai\b|\bten (?:la )?(?:gi|ai)\b|\bnguoi nao\b|\bco quan nao\b|\bdon vi nao\b|\bho ten\b|\bten\b.{0,70}\bgi\b")
_PERSON = re.compile(r"\bai\b|\bten (?:la )?(?:gi|ai)\b|\bho ten\b|\bten\b.{0,70}\bgi\b")
_WHEN = re.compile(r"\bkhi nao\b|\bngay (?:nao|may|bao nhieu)\b|\bbao gio\b|\bnam nao\b|(?<!\d )\bthang (?:nao|may)\b|\bluc nao\b|\bthoi gian nao\b|\btu ngay\b")
_WHERE = re.compile(r"\bo dau\b|\bnoi nao\b|\bcho nao\b|\b(?:huyen|xa|phuong|quan|thi tran|thi xa|tinh|dia phuong|dia ban|don vi|co so) nao\b")
_DOCUMENT = re.compile(
    r"\b(?:so hieu|van ban (?:nao|so|gi)|(?:quyet dinh|nghi quyet|nghi dinh|ke hoach|cong van|to trinh|thong bao|chi thi|thong tu|de an|van ban)"
    r"(?: \w+){0,3}? (?:so (?:may|bao nhieu|nao)|nao|gi))|(?<!tong )\bso (?:may|bao nhieu)\b|\bnhung nghi quyet\b"
)
_WHY = re.compile(r"\bvi sao\b|\btai sao\b|\bvi dau\b|\bnguyen nhan\b|\bly do\b|\bdo dau\b")
_WHAT = re.compile(r"\b(?:la|ve|gom|gom co|bao gom|nhan dip|dip) (?:nhung )?(?:viec )?gi\b|\bnhung gi\b|\bgi\b|\bnao\b|\bthe nao\b|\bra sao\b")
_YESNO = re.compile(r"\b(?:khong|chua|phai khong|dung khong|ko)\s*\??$|\bhay (?:khong|chua|la)\b|\bda .{0,40} chua\b|\b\d[\d.,]* hay \d")
# That the reports may say two things, and what stands before it: "…, sao mỗi biểu một kiểu?".
_DOUBT = re.compile(
    r"(?<!viêm )(?<!xương )\bkhớp\b|\b(?:hai|2) (?:số|con số)\b|\bmỗi (?:chỗ|nơi|biểu|mục|bảng|đằng|bên) (?:một|mỗi|nói)\b|\bmột (?:đằng|kiểu|nẻo)\b|\bvênh\b"
    r"|\b(?:hai|2|mỗi) kiểu\b|\bkhông giống\b|\b(?:ghi|nói|viết|nêu|báo) (?:một|hai|mỗi|số) [^?.]{0,24}\b(?:khác|một|kiểu|nẻo)\b"
    r"|\bmâu thuẫn\b|\bthống nhất (?:với nhau|không|chưa)\b|\bđối chiếu (?:với|xem|các|hai|biểu|bảng|mục)\b|\bsao (?:lại )?khác nhau\b", re.IGNORECASE,
)
_TOTAL = re.compile(r"\b(?:tổng số|tổng cộng|số liệu|số lượng|con số|số (?:vụ|người|hộ|lượt|ca|tập thể|cá nhân|trường hợp|doanh nghiệp|lao động))\b")
_NUMBER_OF = re.compile(r"\bsố ((?:lượt )?(?:vụ|người|hộ|lượt|ca|tập thể|cá nhân|trường hợp|doanh nghiệp|lao động|cuộc|đơn|hồ sơ|thẻ|căn|lớp|xã|dự án|văn bản|học viên|đối tượng))\b")
_CHANGE = re.compile(r"\b(?:tăng|giảm)(?! thêm| cường| nghèo)\b.{0,20}\b(?:bao nhiêu|mấy|không)\b|\btăng hay giảm\b")
_COMPARE = re.compile(r"\bso voi\b|\bchenh(?: lech)?\b|\bcao hay thap\b|\btang hay giam\b|\bhon kem\b|\bkem\b.{0,30}\bbao nhieu\b|\bhon\b.{0,30}\bbao nhieu\b|\bdoi chieu\b.{0,30}\bvoi\b|\bnhieu hon\b|\bit hon\b")
# "Mấy trường nghề tuyển được bao nhiêu em?" asks one thing; "mấy người chết trong mấy vụ?" asks two.
_PLURAL = re.compile(
    r"^(?P<lead>\W*)mấy (?=[^,;:?]*\b(?:bao nhiêu|mấy|là [^,;:?]*(?:nào|gì))\b)(?![^,;:?]*\b(?:trong|ở|tại|trên|với|và) (?:bao nhiêu|mấy)\b)",
    re.IGNORECASE,
)
# A year counted back from the newest report, unless something is compared with it.
_YEARS_BACK = re.compile(r"\bnăm (?:(?P<last>ngoái|trước)|kia)\b(?! (?:đó|đây))")
_BESIDE = re.compile(r"\b(?:so|hơn|kém|tăng|giảm|lên|xuống|bằng|thêm|bớt)\b")
# Words of following on, marked as restored or typed bare: "thế" and "the", but not "thẻ"; "đó", but not "độ".
_FOLLOW = re.compile(
    r"^\W*(?:còn|con|thế|the|vậy|vay|trong (?:số )?(?:đó|do)|riêng|rieng|nếu|neu|ở đó|o do|cái đó|cai do|số đó|so do|như vậy|nhu vay"
    r"|rồi|roi|và|va)\b|\b(?:thì|thi) sao\b|\b(?:đó|này|ấy)\s*\??$"
)
_LOOKUP = re.compile(r"^\W*(?:(?:con )?so\s+)?(?P<n>\d{1,3}(?:[.,]\d+)+|\d{3,})\s*(?P<u>[^\d?]{0,24}?)\s*(?:la|nghia la|noi ve|cua|o muc|nam o|thuoc|ve)\s*(?:con |so |cai |muc |viec )*(?:gi|nao|dau|cai nao)")

# A follow-up that asks for one of these does not take over what the earlier question asked for.
_OWN_ASKS = frozenset({"count", "percent", "money", "who", "when", "where", "document", "why", "yesno", "ratio"})

# Words of asking and of grammar; they say nothing of the topic.
STOPWORDS = frozenset(
    "bao nhiêu mấy là có được không chưa thì mà và với cho của các những một này đó ấy kia nào gì ai đâu sao thế"
    " vậy rồi đã đang sẽ ở tại trong từ đến tới về theo trên dưới ra vào khi nếu hay hoặc cũng còn nữa hết cả"
    " thảy xin hãy tôi em anh chị mình ơi ạ nhé vâng biết riêng bn đc dc ko bị do để như so bằng qua à nhỉ hả vì"
    " hẳn phải số thứ".split()
)


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing asked for: the words behind "bao nhiêu" or "mấy", and the same folded; () when there are none."""

    words: tuple[str, ...]

    @property
    def noun(self) -> tuple[str, ...]:
        return tuple(fold(word) for word in self.words)


@dataclass(frozen=True)
class Question:
    """A question understood.

    `text` has its diacritics restored and abbreviations spelt out; `topic` is the earlier
    question that a follow-up leans on, or "". `terms` are the content syllables with their
    weight; `asks` holds kinds among percent, money, ratio, count, breakdown, person, who, when,
    where, document, why, what, yesno, change, compare, lookup, conflict.
    """

    original: str
    text: str
    topic: str
    tokens: tuple[str, ...]
    terms: dict[str, float]
    asks: frozenset[str]
    slots: tuple[Slot, ...]
    periods: tuple[Period, ...]
    numbers: tuple[str, ...]
    lookup: str | None = None
    synonyms: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    @cached_property
    def folded_terms(self) -> frozenset[str]:
        """The content words without diacritics."""
        return frozenset(fold(term) for term in self.terms)

    @property
    def leans(self) -> bool:
        """Tell whether it is a follow-up that needs the earlier question."""
        return bool(self.topic)

    @property
    def search_text(self) -> str:
        """The words to embed: the topic of the earlier question, then this one."""
        return f"{self.topic} {self.text}".strip()

    @property
    def formal_text(self) -> str:
        """The words to embed with everyday phrases in the terms of reports; "" when there are none."""
        tokens = tokenise(self.search_text)
        formal = in_report_terms(tokens)
        return " ".join(formal) if formal != tokens else ""

    @property
    def keyword_text(self) -> str:
        """The words to search by: those to embed and the other terms of the same meaning."""
        extra = " . ".join(" ".join(phrase) for phrases in self.synonyms.values() for phrase in phrases)
        return f"{self.search_text} . {extra}" if extra else self.search_text

    @property
    def wants_figure(self) -> bool:
        """Tell whether a number is asked for."""
        return bool(self.asks & {"percent", "money", "ratio", "count", "change"})

    @property
    def asks_several(self) -> bool:
        """Tell whether more than one thing is asked for: a breakdown, several counts, a list behind a colon."""
        return "breakdown" in self.asks or len(self.slots) > 1 or ":" in self.text


def asks_of(text: str) -> set[str]:
    """Return the kinds of thing that a question asks for."""
    text = text.lower()
    folded = fold(text)
    patterns = {
        "percent": _PERCENT, "ratio": _RATIO, "breakdown": _BREAKDOWN, "who": _WHO, "person": _PERSON,
        "when": _WHEN, "where": _WHERE, "document": _DOCUMENT, "why": _WHY, "yesno": _YESNO,
        "compare": _COMPARE, "lookup": _LOOKUP, "what": _WHAT,
    }
    asks = {kind for kind, pattern in patterns.items() if pattern.search(folded)}
    marked = (("count", _SLOT), ("money", _MONEY), ("change", _CHANGE), ("breakdown", _EACH))
    asks |= {kind for kind, pattern in marked if pattern.search(text)}
    if _TOTAL.search(text) and not asks & {"count", "percent", "money", "document"}:
        asks.add("count")
    if {"count", "document"} <= asks and not re.search(r"(?<!tong )\bso (?:may|bao nhieu|hieu)\b|\bso .{0,6}nao\b", folded):
        asks.discard("document")
    return asks


def read_slots(text: str) -> tuple[Slot, ...]:
    """Return what stands behind each "bao nhiêu" or "mấy" of a question, or behind "số" where there is none."""
    slots = []
    text = text.lower()
    for match in _SLOT.finditer(text):
        words = re.findall(r"[^\W\d_]+|[%,;.?:/]", text[match.end():match.end() + 60])
        noun = []
        for word in words[:4]:
            if word in ",;.?:/" or word in _SLOT_STOP:
                break
            noun.append(word)
        slots.append(Slot(tuple(noun)))
    if not any(slot.words for slot in slots) and _NUMBER_OF.search(text):
        slots = [Slot(tuple(match.group(1).split())) for match in _NUMBER_OF.finditer(text)]
    return tuple(slots)


_SLOT_STOP = frozenset(
    "được là có đã bị tham từ ở tại trong so với và thì rồi cho đến về trên mỗi theo không chưa hoặc đạt năm tổng"
    " mấy bao vậy hết chỉ hay dưới của phải nữa để một tính nhiêu".split()
)


def is_follow_up(text: str) -> bool:
    """Tell whether a question with its diacritics restored leans on the one before it."""
    return bool(_FOLLOW.search(text.lower()))


def lean_on(earlier: str, text: str) -> str:
    """Return a question of a chat with what it leans on: for a later one to lean on in its turn.

    What it asks for and its period take the place of those of the question before it.
    """
    if not earlier or not understand(text, text, earlier=earlier).leans:
        return text
    if find_periods(text):
        for period in reversed(find_periods(earlier)):
            earlier = earlier[:period.start] + earlier[period.end:]
    return f"{topic_words(earlier) if asks_of(text) & _OWN_ASKS else earlier} {text}".strip()


def topic_words(question: str) -> str:
    """Return an earlier question without its words of asking, for a follow-up to lean on."""
    text = re.sub(r"\b(?:bao nhiêu|mấy|là gì|thế nào|ra sao|không|chưa)\b|[?]", " ", question, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", text).strip()


def content_terms(tokens: list[str]) -> list[str]:
    """Return the syllables that carry the topic, in order."""
    return [token for token in tokens if token not in STOPWORDS and not (len(token) == 1 and token.isalpha())]


def numbers_in(text: str) -> tuple[str, ...]:
    """Return the numbers of a question that name a thing or a value: not those of its periods."""
    spans = [(p.start, p.end) for p in find_periods(text)]
    return tuple(
        m.group() for m in re.finditer(r"\d+(?:[.,]\d+)*", text)
        if not any(start <= m.start() < end for start, end in spans)
    )


def read_plural(text: str) -> str:
    """Return a question with a "mấy" that counts nothing as "những"."""
    return _PLURAL.sub(r"\g<lead>những ", text)


def years_back(text: str) -> int:
    """Return how many years back a question asks: 1 for "năm ngoái"; 0 when it only compares with that year."""
    found = _YEARS_BACK.search(text.lower())
    if not found or _BESIDE.search(text.lower()):
        return 0
    return 1 if found["last"] else 2


def understand(original: str, text: str, *, earlier: str = "", this_year: int | None = None) -> Question:
    """Return the question that a text asks.

    Args:
        original: what the person typed.
        text: the same with diacritics restored and abbreviations spelt out.
        earlier: the last question of the chat, made ready in the same way, or "".
        this_year: the year from which "năm ngoái" counts back; None leaves it unread.
    """
    text, doubts = without_doubt(text)
    folded = fold(text)
    asks = asks_of(text) | ({"conflict"} if doubts else set())
    slots = read_slots(text)
    tokens = tokenise(text)
    own = content_terms(tokens)
    if "percent" in asks:
        own = [term for term in own if term not in ("phần", "trăm")]
    leans = bool(earlier) and (is_follow_up(text) or len(own) <= 3)
    if leans and not asks & _OWN_ASKS:
        asks |= asks_of(earlier)
        slots = slots or read_slots(earlier)
    if not asks and len(own) <= BARE_TOPIC:
        asks.add("count")
    asked_so = set(tokenise(" ".join(text[m.start():m.end()] for m in _DIVIDING.finditer(text.lower()))))
    terms = {term: DIVIDING_WEIGHT if term in asked_so else 1.0 for term in own}
    synonyms = find_synonyms(tokens)
    if leans:
        earlier_tokens = tokenise(earlier)
        synonyms = find_synonyms(earlier_tokens) | synonyms
        for term in content_terms(earlier_tokens):
            terms.setdefault(term, EARLIER_WEIGHT)
    periods = tuple(find_periods(text)) or (tuple(find_periods(earlier)) if leans else ())
    back = years_back(text)
    if back and this_year:
        year = this_year - back
        periods = tuple(period.with_year(year) for period in periods) or (Period("year", 1, 12, year, 0, 0),)
    lookup = _LOOKUP.search(folded)
    return Question(
        original=original,
        text=text,
        topic=topic_words(earlier) if leans else "",
        tokens=tuple(tokens),
        terms=terms,
        asks=frozenset(asks),
        slots=slots,
        periods=periods,
        numbers=numbers_in(text),
        lookup=lookup["n"] if lookup else None,
        synonyms=synonyms,
    )


def without_doubt(text: str) -> tuple[str, bool]:
    """Return a question without the part that asks whether all places say the same, and whether it had one."""
    doubt = _DOUBT.search(text)
    if not doubt:
        return text, False
    # A sign within a number ends nothing.
    cut = max((match.start() for match in re.finditer(r"[,.?;](?=\s)", text[:doubt.start()])), default=0)
    asked = text[:cut]
    return (asked if content_terms(tokenise(asked)) else text), True


def find_synonyms(tokens: list[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return, for each content word that stands in a known phrase, the other phrases of its meaning."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for start, end, others in synonyms_of(tokens):
        phrases = tuple(tuple(tokenise(other)) for other in others)
        for token in tokens[start:end]:
            if token not in STOPWORDS:
                found[token] = phrases
    return found


def quantities(text: str) -> list[tuple[float, str]]:
    """Return (amount, unit word) of the measures a question states: "20 tháng", "ba năm rưỡi"."""
    for period in reversed(find_periods(text)):
        if period.year or re.search(r"đầu|cuối|dau|cuoi|quý", text[period.start:period.end]):
            text = text[:period.start] + " " + text[period.end:]
    found = [(float(f.value), fold(f.unit.split()[0]) if f.unit else "") for f in find_figures(text)]
    words = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
    for match in re.finditer(r"\b(\d{1,2}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\s+(tháng|năm|tuổi|ngày)(\s+rưỡi)?\b", text.lower()):
        amount = float(words.get(match.group(1)) or match.group(1)) + (0.5 if match.group(3) else 0)
        found.append((amount, fold(match.group(2))))
    return found


def split_question(question: Question) -> list[tuple[str, str]]:
    """Return (label, question) of each thing asked: "X: a, b, c" or "a bao nhiêu, b mấy"; [] for one."""
    text = question.text.strip(" ?.")
    head, colon, tail = text.partition(":")
    if not colon or len(head.split()) > 14:
        head, tail = "", text
    separator = ";" if ";" in tail else ","
    parts = [part.strip() for part in tail.split(separator) if part.strip()]
    if separator == "," and len(parts) < 2:
        parts = [part.strip() for part in re.split(r"\bvà\b", tail) if part.strip()]
    several_slots = sum(bool(_SLOT.search(part.lower())) for part in parts) >= 2
    listed = bool(colon) and separator == ";" and len(parts) >= 2
    if not several_slots and not listed:
        return []
    if any(_EACH.search(part.lower()) for part in parts[1:]):
        # "…, mỗi nguồn bao nhiêu" divides what stands before it.
        return []
    topic = _COUNTED_GROUPS.sub("", head)
    return [(_label(part), f"{topic} {part}".strip()) for part in parts[:MAX_PARTS]]


_COUNTED_GROUPS = re.compile(r"\b(?:của|theo|cho|gồm)?\s*(?:\d+|hai|ba|bốn|năm|sáu)\s+(?:nhóm|loại|đối tượng|khoản|nguồn|mục|nội dung)\b|\blập bảng\b|\bliệt kê\b", re.IGNORECASE)


def _label(part: str) -> str:
    return re.sub(r"\s+", " ", _SLOT.sub("", part)).strip() or part
