"""The documents say what is there: commands, files, links, names, on-screen sentences, and the Python of README."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
GUIDE = ROOT / "docs" / "huong-dan.md"
DOCUMENTS = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
REPORTS = ROOT / "docs" / "reports"
TOP_LEVEL = {"assistant", "index", "docs", "eval", "tests", "app.py", "pyproject.toml", "Makefile", "constraints.txt"}

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
COMMAND = re.compile(r"python -m (?P<module>index|assistant|eval(?:\.\w+)?)(?!\w)(?P<rest>.*)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def read(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def code_of(text: str) -> list[str]:
    """Return the lines of fenced code and the spans of inline code."""
    fenced = [line for _, body in FENCE.findall(text) for line in body.splitlines()]
    return fenced + SPAN.findall(FENCE.sub("", text))


def commands_of(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the module and the arguments of each `python -m …` that a document shows."""
    for code in code_of(text):
        match = COMMAND.search(code)
        if match:
            yield match["module"], shlex.split(match["rest"].replace("…", ""), comments=True)


def all_commands() -> list[tuple[str, str, tuple[str, ...]]]:
    return sorted({
        (document.name, module, tuple(arguments))
        for document in DOCUMENTS for module, arguments in commands_of(read(document))
    })


@pytest.fixture(scope="module")
def help_of():
    """Give a function that returns the help of a command, "" for one that does not exist."""
    known: dict[tuple[str, str], str] = {}

    def ask(module: str, command: str, capsys: pytest.CaptureFixture[str]) -> str:
        if (module, command) not in known:
            main = importlib.import_module(f"{module}.__main__").main
            capsys.readouterr()
            with pytest.raises(SystemExit) as stopped:
                main([*filter(None, [command]), "--help"])
            known[module, command] = capsys.readouterr().out if not stopped.value.code else ""
        return known[module, command]

    return ask


def test_there_are_commands_to_check() -> None:
    modules = {module for _, module, _ in all_commands()}
    assert modules == {"index", "assistant", "eval", "eval.reader"}


@pytest.mark.parametrize(
    ("document", "module", "arguments"), all_commands(), ids=lambda value: value if isinstance(value, str) else " ".join(value)
)
def test_a_command_of_the_documents_exists_with_its_options(
    document: str, module: str, arguments: tuple[str, ...], help_of, capsys: pytest.CaptureFixture[str]
) -> None:
    has_commands = module != "eval.reader"
    command = arguments[0] if arguments and has_commands else ""
    text = help_of(module, command, capsys)
    assert text, f"{document}: python -m {module} {command} does not exist"
    wanted = {argument.partition("=")[0] for argument in arguments if argument.startswith("--")}
    assert wanted <= set(OPTION.findall(text)) | {"--help"}, f"{document}: python -m {module} {' '.join(arguments)}"


def test_options_named_alone_belong_to_some_command(help_of, capsys: pytest.CaptureFixture[str]) -> None:
    commands = {"index": ["add", "sync", "edit", "list", "figures", "audit"], "assistant": ["ask", "check", "compare"], "eval": ["answers", "run", "speed"]}
    known = {"--help"}.union(*(
        OPTION.findall(help_of(module, command, capsys)) for module, names in commands.items() for command in names
    ))
    named = {
        option for document in DOCUMENTS for code in code_of(read(document)) if code.startswith("--")
        for option in OPTION.findall(code)
    }
    assert named <= known


def test_the_targets_and_variables_of_make_exist() -> None:
    makefile = read(ROOT / "Makefile")
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    variables = set(re.findall(r"^(\w+)\s*[?:]?=", makefile, re.MULTILINE))
    for document in DOCUMENTS:
        for code in code_of(read(document)):
            match = re.match(r"make (\w+)((?: \w+=\S+)*)", code)
            if match:
                assert match[1] in targets, code
            set_here = re.findall(r"(?:^|\s)([A-Z]{4,})=\S", code)
            assert set(set_here) <= variables, code


def test_files_and_folders_named_in_the_documents_exist() -> None:
    missing = {
        (document.name, code) for document in DOCUMENTS for code in SPAN.findall(FENCE.sub("", read(document)))
        if re.fullmatch(r"[\w./-]+", code) and code.split("/")[0] in TOP_LEVEL and not (ROOT / code).exists()
    }
    assert missing == set()


def test_the_overview_names_every_package_and_most_modules() -> None:
    named = set(SPAN.findall(read(ROOT / "docs" / "overview.md")))
    modules = {
        path.relative_to(ROOT).as_posix() for package in ("index", "assistant") for path in (ROOT / package).glob("*.py")
        if path.name != "__init__.py"
    }
    # The rest are parts of a neighbour that is named.
    assert len(modules & named) >= 0.8 * len(modules), sorted(modules - named)


def test_relative_links_resolve() -> None:
    for document in [*DOCUMENTS, ROOT / "eval" / "FORMAT.md"]:
        for target in LINK.findall(FENCE.sub("", read(document))):
            if not re.match(r"\w+:", target):
                assert (document.parent / target.partition("#")[0]).exists(), f"{document.name}: {target}"


def test_names_of_the_environment_are_those_of_the_code() -> None:
    source = "".join(read(path) for package in ("index", "assistant", "eval") for path in (ROOT / package).rglob("*.py"))
    named = {name for document in DOCUMENTS for name in re.findall(r"HOI_BAO_CAO_\w+", read(document))}
    assert named and all(name in source for name in named)


def test_the_guide_shows_figures_that_the_sample_reports_have() -> None:
    reports = "\n".join(read(path) for path in sorted(REPORTS.glob("*.txt")))
    figures = [bold for bold in re.findall(r"\*\*([^*\n]+)\*\*", read(GUIDE)) if bold[0].isdigit()]
    assert len(figures) > 10
    assert [figure for figure in figures if not re.search(rf"(?<![\d.,]){re.escape(figure)}", reports)] == []


def test_the_guide_quotes_what_the_screen_says() -> None:
    sentences = [
        node.value for module in ("index", "assistant")
        for node in ast.walk(ast.parse(read(ROOT / module / "messages.py")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    quoted = [part.strip() for quote in re.findall(r"“([^”]+)”", read(GUIDE)) for part in quote.split("…")]
    assert len(quoted) > 40
    assert [part for part in quoted if not any(part in sentence for sentence in sentences)] == []


def test_the_python_of_the_readme_runs(sample_library: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    snippet = "\n".join(body for language, body in FENCE.findall(read(README)) if language == "python")
    # The snippet opens "kho" in the current folder.
    assert sample_library.name == "kho"
    monkeypatch.chdir(sample_library.parent)
    names: dict[str, object] = {}
    exec(compile(snippet, README.name, "exec"), names)
    try:
        assert "[1]" in capsys.readouterr().out
        for answer in (names["answer"], *names["answers"]):
            assert answer.text and all(c.quote == c.report.text[c.start:c.end] for c in answer.citations)
        assert len(names["answers"]) == 2
        assert len(names["frame"]) and {"Nội dung", "Giá trị", "Kỳ"} <= set(names["frame"].columns)
    finally:
        names["assistant"].library.close()
