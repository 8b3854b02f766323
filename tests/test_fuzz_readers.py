"""Changed files of every format end in text or in a sentence: no other error, no dead process, no hang.

A hundred a format here, always the same; `FUZZ=1000` in the environment reads so many.
"""

from __future__ import annotations

import os

import pytest
from making.fuzzing import SECONDS, fuzz
from making.report_files import MAKERS

from index.readers.formats import FORMATS

COUNT = int(os.environ.get("FUZZ", "100"))


@pytest.mark.parametrize("suffix", sorted(MAKERS))
def test_changed_files_end_in_text_or_in_a_sentence(suffix: str) -> None:
    findings = fuzz(suffix, seed=2024, count=COUNT)
    assert findings.failures == []
    assert findings.count == COUNT
    assert findings.slowest < SECONDS
    assert all(refusal[:1].islower() and len(refusal.split()) > 4 for refusal in findings.refusals), findings.refusals
    # Changes small enough that some files can still be read, and large enough that some cannot.
    assert findings.read > 0


@pytest.mark.parametrize("suffix", sorted(MAKERS))
def test_the_files_that_are_changed_can_be_read(suffix: str) -> None:
    for data in MAKERS[suffix]():
        assert "Huyện" in FORMATS[suffix].load()(data).text
