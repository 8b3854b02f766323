"""Text to the ids of subword pieces, exactly as the bundled model's C engine cuts it.

Not the `tokenizers` library: building its 250,000-piece vocabulary costs every process over half
a second, this a tenth; Vietnamese repeats its syllables, so remembered words make it as fast.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from index.model_files import ModelFile

_WORD_START = "▁"
_REMEMBERED_WORDS = 1 << 16
# Written in a text, the names of the model's control pieces are only letters.
_CONTROL = re.compile(r"<(?=(?:/?s|pad|unk|mask)>)")
# SentencePiece's penalty: https://github.com/google/sentencepiece/blob/master/src/unigram_model.cc
_UNKNOWN_PENALTY = 10.0


def clean_text(text: str) -> str:
    """Return the text as every engine gets it: NFC, no NUL, no control pieces, no outer space."""
    return unicodedata.normalize("NFC", _CONTROL.sub("< ", text.replace("\0", " "))).strip()


class Subwords:
    """Cuts texts into the pieces of a unigram vocabulary: the best-scoring path (Viterbi)."""

    def __init__(self, model: ModelFile) -> None:
        self._ids = {piece: position for position, piece in enumerate(model.pieces)}
        self._scores = model.scores.tolist()
        self._longest = max(map(len, model.pieces))
        self._normalisation = model.normalisation
        self._unknown = model.unknown
        self._unknown_score = min(self._scores) - _UNKNOWN_PENALTY
        self._bos, self._eos, self._max_tokens = model.bos, model.eos, model.max_tokens
        self._word_ids = lru_cache(_REMEMBERED_WORDS)(self._cut_word)

    def ids(self, text: str) -> list[int]:
        """Return the ids of a clean text between begin and end marks, cut at the model's limit."""
        ids = [self._bos]
        # No piece reaches over a space, so each word is cut on its own and remembered. Runs of spaces
        # count as one; the word after a last space is empty, and still has its word-start piece.
        *words, last = self.normalise(text).split(" ")
        for word in filter(None, words):
            ids += self._word_ids(word)
        ids += self._word_ids(last)
        return [*ids[:self._max_tokens - 1], self._eos]

    def normalise(self, text: str) -> str:
        """Return the text after the model's own character map (wide forms, controls, spaces)."""
        return text.translate(self._normalisation)

    def _cut_word(self, word: str) -> tuple[int, ...]:
        text = _WORD_START + word
        end = len(text)
        encoded = [character.encode("utf-8", "surrogatepass") for character in text]
        best = [0.0] + [float("-inf")] * end
        came: list[tuple[int, int]] = [(0, 0)] * (end + 1)
        for start in range(end):
            piece = b""
            for stop in range(start + 1, end + 1):
                piece += encoded[stop - 1]
                if len(piece) > self._longest:
                    break
                found = self._ids.get(piece)
                if found is not None and best[start] + self._scores[found] > best[stop]:
                    best[stop], came[stop] = best[start] + self._scores[found], (found, start)
            if best[start] + self._unknown_score > best[start + 1]:
                best[start + 1], came[start + 1] = best[start] + self._unknown_score, (self._unknown, start)
        return self._walk_back(came)

    def _walk_back(self, came: list[tuple[int, int]]) -> tuple[int, ...]:
        """Follow the best path; a run of unknown characters is one unknown piece, as in training."""
        ids: list[int] = []
        position = len(came) - 1
        while position:
            found, position = came[position]
            if not (found == self._unknown and ids and ids[-1] == found):
                ids.append(found)
        return tuple(reversed(ids))
