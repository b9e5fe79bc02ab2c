"""No code of the core asks for the time, for chance or for anything outside; the import contracts see only imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import relex

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(relex.__file__).parent
EXTRAS = {"adapters", "charts", "frames", "lifetime", "testing"}
MODULES = sorted(path for path in SOURCE.rglob("*.py") if path.relative_to(SOURCE).parts[0] not in EXTRAS)
CALLED = {"breakpoint", "compile", "eval", "exec", "input", "open", "print", "__import__"}
ASKED = {"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp", "localtime", "gmtime", "getrandbits", "environ"}
ALLOWED = {("_trusted.py", "exec")}


def forbidden(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in CALLED:
            yield node.id
        if isinstance(node, ast.Attribute) and node.attr in ASKED:
            yield node.attr
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("astimezone") and not node.args:
            yield "astimezone() without a zone"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_asks_nothing_of_the_outside(path: Path) -> None:
    name = str(path.relative_to(SOURCE))
    found = {(name, word) for word in forbidden(path.read_text(encoding="utf-8"))}

    assert found - ALLOWED == set()


@pytest.mark.parametrize(
    "source",
    ["datetime.now()", "date.today()", "open('x')", "eval('1')", "at.astimezone()", "os.environ['TZ']", "x = print"],
)
def test_the_search_would_notice(source: str) -> None:
    assert list(forbidden(source)) != []


def loaded(statement: str) -> set[str]:
    program = f"import attrs, sys; before = set(sys.modules); {statement}; print(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    return set(done.stdout.split())


def test_importing_the_package_loads_next_to_nothing() -> None:
    assert {name for name in loaded("import relex") if not name.startswith("relex")} <= {"__future__", "importlib"}


def test_importing_every_context_loads_nothing_that_reads_clocks_or_files() -> None:
    """Of dateutil, the parser fills gaps from today and the zones open files."""
    contexts = sorted({path.relative_to(SOURCE).parts[0].removesuffix(".py") for path in MODULES} - {"__init__"})
    found = loaded(";".join(f"import relex.{context}" for context in contexts))

    assert (
        found & {"dateutil.parser", "dateutil.tz", "logging", "random", "uuid", "zoneinfo", "socket", "asyncio"}
        == set()
    )
