"""`python -m assistant ask`: what it prints, what it returns, and what it does not load."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import messages
from assistant.__main__ import main
from index.library import Library

ROOT = Path(__file__).resolve().parents[1]
QUESTION = "33.613 là số gì?"


@pytest.fixture
def ask(sample_library: Path, capsys: pytest.CaptureFixture[str]):
    """Return a function that runs the command over the sample library: exit code, output, error output."""

    def run(*arguments: str, library: Path | None = sample_library) -> tuple[int, str, str]:
        where = ["--library", str(library)] if library else []
        try:
            code = main(["ask", *arguments, *where])
        except SystemExit as stop:
            code = stop.code
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


def run_apart(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120,
        env=os.environ | environment, check=False,
    )


def test_an_answer_is_printed_with_its_sources(ask) -> None:
    code, out, err = ask(QUESTION)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("33.613 suất quà. Dịp Tết Nguyên đán Giáp Thìn")
    assert lines[0].endswith(" [1]")
    assert lines[1:3] == ["", messages.SOURCES]
    assert lines[3].startswith("[1] ") and lines[3].endswith("mục 3")
    assert lines[4].startswith("    “Dịp Tết Nguyên đán Giáp Thìn") and "33.613 suất quà" in lines[4]


def test_nothing_of_markdown_is_printed(ask) -> None:
    _, out, _ = ask(QUESTION)
    assert "**" not in out


def test_a_source_in_a_footnote_names_it(ask) -> None:
    code, out, _ = ask("1.264 là số gì?")
    assert code == 0
    assert "mục 2.3, chú thích 4" in out


def test_the_json_record_has_the_fields_of_an_answer_file(ask) -> None:
    code, out, _ = ask(QUESTION, "--json")
    record = json.loads(out)
    assert code == 0
    assert list(record) == ["answer", "lead", "citations", "computed", "abstained", "ms"]
    assert (record["lead"], record["abstained"], record["computed"]) == ("33.613 suất quà", False, [])
    assert record["answer"].startswith("**33.613 suất quà**. ")
    (citation,) = record["citations"]
    assert list(citation) == ["report", "title", "section", "path", "footnote", "table", "row", "page", "quote", "start", "end"]
    assert (citation["report"], citation["section"], citation["footnote"]) == ("bao-cao-9-thang-2024.txt", "3", None)
    assert citation["path"][-1].startswith("3")


def test_a_quote_of_the_json_record_is_the_report_at_its_span(ask, sample_library: Path) -> None:
    _, out, _ = ask(QUESTION, "--json")
    (citation,) = json.loads(out)["citations"]
    with Library.open(sample_library) as library:
        text = library.report(citation["report"]).text
    assert text[citation["start"]:citation["end"]] == citation["quote"]


def test_json_keeps_vietnamese_readable(ask) -> None:
    _, out, _ = ask(QUESTION, "--json")
    assert "suất quà" in out


@pytest.mark.parametrize(("text", "said"), [("", messages.EMPTY_QUESTION), ("13.864 là số gì?", messages.no_such_number("13.864"))])
def test_what_cannot_be_answered_returns_one(ask, text: str, said: str) -> None:
    code, out, err = ask(text)
    assert (code, out, err) == (1, said + "\n", "")


def test_a_refusal_is_json_as_well(ask) -> None:
    code, out, _ = ask("13.864 là số gì?", "--json")
    record = json.loads(out)
    assert (code, record["abstained"], record["lead"], record["citations"]) == (1, True, None, [])


def test_only_the_reports_named_are_asked(ask, sample_library: Path) -> None:
    with Library.open(sample_library) as library:
        ids = {facts.name: facts.id for facts in library.all_facts()}
    for wanted in ("bao-cao-6-thang-2024.txt", ids["bao-cao-6-thang-2024.txt"]):
        code, out, _ = ask("187.295 là số gì?", "--json", "--report", wanted)
        assert code == 0
        assert {c["report"] for c in json.loads(out)["citations"]} == {"bao-cao-6-thang-2024.txt"}
    _, out, _ = ask("187.295 là số gì?", "--json", "--report", ids["bao-cao-6-thang-2024.txt"], "--report", "bao-cao-9-thang-2024.txt")
    assert {c["report"] for c in json.loads(out)["citations"]} == {"bao-cao-6-thang-2024.txt", "bao-cao-9-thang-2024.txt"}


def test_an_unknown_report_is_a_sentence_and_two(ask) -> None:
    code, out, err = ask(QUESTION, "--report", "khong-co.txt")
    assert (code, out) == (2, "")
    assert "khong-co.txt" in err
    assert "Traceback" not in err


def test_a_missing_library_is_a_sentence_and_two_and_none_is_made(ask, tmp_path: Path) -> None:
    folder = tmp_path / "khong-co"
    code, out, err = ask(QUESTION, library=folder)
    assert (code, out) == (2, "")
    assert "khong-co" in err and "python -m index add" in err
    assert not folder.exists()


def test_the_library_is_found_by_the_environment(ask, sample_library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOI_BAO_CAO_LIBRARY", str(sample_library))
    code, out, _ = ask(QUESTION, library=None)
    assert code == 0
    assert out.startswith("33.613 suất quà")


def test_earlier_questions_are_leant_on(ask) -> None:
    code, out, _ = ask("còn 6 tháng?", "--json", "--history", "9 tháng tạo việc làm cho bao nhiêu lao động?")
    record = json.loads(out)
    assert code == 0
    assert {c["report"] for c in record["citations"]} == {"bao-cao-6-thang-2024.txt"}


@pytest.mark.parametrize("arguments", [[], ["ask"], ["hỏi", QUESTION]])
def test_wrong_arguments_return_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "Cách dùng: python -m assistant" in capsys.readouterr().err


def test_a_process_of_its_own_prints_utf8_whatever_the_terminal_says(sample_library: Path) -> None:
    done = run_apart("-m", "assistant", "ask", QUESTION, "--library", str(sample_library), PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("33.613 suất quà")


def test_one_question_loads_neither_torch_nor_gradio(sample_library: Path) -> None:
    program = (
        "import sys\nfrom assistant.__main__ import main\n"
        f"code = main(['ask', '9 tháng tạo việc làm cho bao nhiêu lao động?', '--library', {str(sample_library)!r}])\n"
        "slow = {'torch', 'gradio', 'sentence_transformers', 'transformers', 'langchain_core'} & set(sys.modules)\n"
        "print(code, sorted(slow))\n"
    )
    done = run_apart("-c", program)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "0 []"
    assert "12.467 lao động" in done.stdout
