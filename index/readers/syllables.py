"""Which words can be Vietnamese: onset, rime and tone of one syllable. Knows spelling, not vocabulary."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ONSET = "ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx]|"
_RIME = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay|ăc|ăm|ăn|ăng|ăp|ăt|âc|âm|ân|âng|âp|ât|âu|ây|e|ec|em|en|eng|eo|"
    "ep|et|ê|êch|êm|ên|êng|ênh|êp|êt|êu|i|ia|ich|im|in|inh|ip|it|iu|iêc|iêm|iên|iêng|iêp|iêt|iêu|o|oc|oi|om|"
    "on|ong|op|ot|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oap|oat|oay|oăc|oăm|oăn|oăng|oăt|oe|oen|oeo|oet|ooc|"
    "oong|ô|ôc|ôi|ôm|ôn|ông|ôp|ôt|ơ|ơi|ơm|ơn|ơp|ơt|u|ua|uc|ui|um|un|ung|up|ut|uân|uâng|uât|uây|uê|uêch|uênh|"
    "uôc|uôi|uôm|uôn|uông|uôt|uơ|uy|uya|uych|uyn|uynh|uyp|uyt|uyu|uyên|uyêt|ư|ưa|ưc|ưi|ưm|ưng|ưt|ưu|ươc|ươi|"
    "ươm|ươn|ương|ươp|ươt|ươu|y|ych|yêm|yên|yêng|yêt|yêu|ynh|yt"
)
_SYLLABLE = re.compile(f"(?:{_ONSET})(?:{_RIME})")
# A tone mark stands on the vowel, not on the glide behind it: "áu", never "aú".
_MISPLACED = re.compile(r"(?:[aăâeêoôơư]|(?<!^g)i|(?<!^q)u)[úùủũụíìỉĩịóòỏõọ]$|[aâ][ýỳỷỹỵ]$")
_STOPPED = ("c", "ch", "p", "t")


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Tell whether a word can be one Vietnamese syllable, in small letters, capitals or with one capital in front."""
    word = unicodedata.normalize("NFC", word)
    if not (word.islower() or word.isupper() or (word[:1].isupper() and word[1:].islower())):
        return False
    marks = unicodedata.normalize("NFD", word.lower())
    tones = [c for c in marks if c in _TONES]
    plain = unicodedata.normalize("NFC", "".join(c for c in marks if c not in _TONES))
    if len(tones) > 1 or not _SYLLABLE.fullmatch(plain) or _MISPLACED.search(word.lower()):
        return False
    # A syllable that ends in a stop has a rising or a heavy tone.
    return not plain.endswith(_STOPPED) or tones[:1] in (["\u0301"], ["\u0323"])
