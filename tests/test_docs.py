"""Every Python block of the README, of the docs and of the docstrings runs, and shows what it says it shows.

A page's blocks share one namespace and run in order: `python` blocks are executed, `pycon` blocks are doctests.
"""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest

import relex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).parent.parent
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
BLOCK = re.compile(r"^```(?:\{code-block\} )?(?P<kind>python|pycon)[^\n]*\n(?P<code>.*?)^```", re.DOTALL | re.MULTILINE)


@attrs.frozen
class Block:
    """A fenced block: its language, its lines, and the number of the line before the first."""

    kind: str
    code: str
    line: int


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(text: str) -> list[Block]:
    found = BLOCK.finditer(text)
    return [Block(block["kind"], block["code"], text.count("\n", 0, block.start("code"))) for block in found]


def run(block: Block, name: str, names: dict[str, Any]) -> None:
    if block.kind == "python":
        exec(compile("\n" * block.line + block.code, name, "exec", dont_inherit=True), names)  # noqa: S102 - a page of the docs
    else:
        example = doctest.DocTestParser().get_doctest(block.code, names, name, name, block.line)
        check(example)
        names.update(example.globs)


def check(example: doctest.DocTest) -> None:
    said: list[str] = []
    failed, _ = doctest.DocTestRunner(optionflags=OPTIONS).run(example, out=said.append, clear_globs=False)

    assert not failed, "".join(said)


def modules() -> Iterator[ModuleType]:
    yield relex
    for found in pkgutil.walk_packages(relex.__path__, "relex."):
        yield importlib.import_module(found.name)


def examples() -> list[doctest.DocTest]:
    finder = doctest.DocTestFinder(exclude_empty=True)
    return [example for module in modules() for example in finder.find(module) if example.examples]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_runs_from_top_to_bottom(page: Path) -> None:
    names: dict[str, Any] = {"__name__": page.stem}
    for block in blocks(page.read_text(encoding="utf-8")):
        run(block, str(page), names)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_a_docstring_shows_what_it_says(example: doctest.DocTest) -> None:
    check(example)


def test_a_wrong_answer_in_a_page_is_noticed() -> None:
    page = "text\n\n```pycon\n>>> 1 + 1\n3\n```\n"

    with pytest.raises(AssertionError, match="Expected"):
        run(blocks(page)[0], "page", {})


def test_the_blocks_of_a_page_share_their_names() -> None:
    names: dict[str, Any] = {}
    for block in blocks("```pycon\n>>> one = 1\n```\n\n```python\ntwo = one + 1\n```\n"):
        run(block, "page", names)

    assert names["two"] == 2
