"""What every public name owes its user, and what no file of the project may hold."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import relex

ROOT = Path(__file__).parent.parent
INNER = {"relex.adapters.contacts", "relex.adapters.sqlalchemy", "relex.testing.strategies"}
CONTEXTS = sorted(
    INNER | {found.name for found in pkgutil.iter_modules(relex.__path__, "relex.") if found.name != "relex.adapters"}
)
CONTEXTS = [name for name in CONTEXTS if not name.startswith("relex._")]
PACKAGES = [name for name in CONTEXTS if importlib.import_module(name).__spec__.submodule_search_locations]
PUBLIC = [
    pytest.param(getattr(importlib.import_module(context), name), id=f"{context}.{name}")
    for context in CONTEXTS
    for name in importlib.import_module(context).__all__
]
OBJECTS = [case for case in PUBLIC if inspect.isclass(case.values[0]) or inspect.isfunction(case.values[0])]
SEARCHED = ("src", "tests", "docs", ".ci", "README.md", "CHANGELOG.md", "Makefile", "pyproject.toml")
LONGEST = 60
SUFFIXES = {".py", ".md", ".toml", ".json", ".css", ".html", ""}
LEFT_OVER = re.compile(
    r"#\s*(TO"
    r"DO|FIX"
    r"ME|X"
    r"XX)\b|pytest\.(mark\.)?(sk"
    r"ip|x"
    r"fail)|(?<![\w.])/wo"
    r"rk/"
    r"|type: ig"
    r"nore(?!\[)|no"
    r"qa(?!:)"
)


def files() -> list[Path]:
    trees = [ROOT / name for name in SEARCHED]
    found = [path for tree in trees for path in ([tree] if tree.is_file() else tree.rglob("*")) if path.is_file()]
    return sorted(path for path in found if path.suffix in SUFFIXES and "__pycache__" not in path.parts)


@pytest.mark.parametrize("context", ["relex", *CONTEXTS])
def test_public_names_are_sorted_and_there(context: str) -> None:
    module = importlib.import_module(context)

    assert sorted(module.__all__) == sorted(set(module.__all__))
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_init_of_a_context_is_a_table_of_contents(package: str) -> None:
    """A docstring, imports and `__all__`: nothing that runs."""
    tree = ast.parse(Path(importlib.import_module(package).__file__ or "").read_text(encoding="utf-8"))
    others = [ast.unparse(node) for node in tree.body[1:] if not isinstance(node, (ast.Import, ast.ImportFrom))]

    assert [text.split(" ", 1)[0] for text in others] == ["__all__"]


def test_functions_stay_small() -> None:
    """No body of more than 60 lines, whatever its docstring says: what needs more is two functions."""
    modules = list(Path(relex.__path__[0]).rglob("*.py"))
    bodies = [
        (
            f"{path.name}:{node.name}",
            (node.body[-1].end_lineno or 0) - node.body[ast.get_docstring(node) is not None].lineno,
        )
        for path in modules
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and len(node.body) > 1
    ]

    assert bodies
    assert [name for name, lines in bodies if lines > LONGEST] == []


@pytest.mark.parametrize("public", OBJECTS)
def test_a_public_name_says_since_when_it_is_there(public: object) -> None:
    assert ".. versionadded:: " in (inspect.getdoc(public) or "")


def test_no_public_name_is_in_two_contexts() -> None:
    """One name, one meaning; but a strategy is named as what it draws."""
    homes: dict[str, set[int]] = {}
    for case in [case for case in PUBLIC if not str(case.id).startswith("relex.testing.strategies.")]:
        homes.setdefault(str(case.id).rsplit(".", 1)[-1], set()).add(id(case.values[0]))

    assert {name for name, objects in homes.items() if len(objects) > 1} == set()


def test_the_package_offers_the_objects_of_the_contexts() -> None:
    homes = {str(case.id).rsplit(".", 1)[-1]: case.values[0] for case in PUBLIC}

    assert [name for name in relex.__all__ if getattr(relex, name) is not homes.get(name)] == []


def test_the_package_says_what_it_has() -> None:
    assert set(relex.__all__) <= set(dir(relex))
    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        _ = relex.nothing_of_this_name  # type: ignore[attr-defined]


@pytest.mark.parametrize("context", [name for name in CONTEXTS if name not in {*INNER, "relex.testing"}])
def test_a_context_is_an_attribute_of_the_package(context: str) -> None:
    """Asked of a fresh package, since an import elsewhere would have set it."""
    fresh = importlib.util.module_from_spec(relex.__spec__)
    relex.__spec__.loader.exec_module(fresh)

    assert getattr(fresh, context.removeprefix("relex.")) is importlib.import_module(context)


def test_importing_the_package_loads_no_context() -> None:
    program = "import sys, relex; print(sorted(name for name in sys.modules if name.startswith('relex.')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - ours

    assert done.stdout.strip() == "[]"


def test_the_changelog_tells_of_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert f"## [{version}]" in changelog


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_holds_no_left_over(path: Path) -> None:
    """No marks of unfinished work, no test switched off, no path of one machine, no blanket exception to a check."""
    assert [found.group() for found in LEFT_OVER.finditer(path.read_text(encoding="utf-8"))] == []
