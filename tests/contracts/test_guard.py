"""No test of a contract is replaced in silence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import relex.testing
from relex.testing import LogContract, RepositoryContract, StoreContract
from relex.testing._asserts import REWRITTEN

if TYPE_CHECKING:
    from collections.abc import Callable

marks = pytest.mark
expected_to_fail = marks.xfail(strict=True, reason="it has no clock")
not_strict = marks.xfail(strict=False, reason="it has no clock")
without_reason = marks.xfail(strict=True)


def replaced(name: str, test: object, *bases: type) -> type:
    return type("TestMine", bases or (StoreContract,), {name: test})


def a_test(self: object) -> None:
    """Somebody's own test."""


def copy_of_a_test() -> Callable[[object], None]:
    def test(self: object) -> None:
        """One that a mark may be put on."""

    return test


def test_a_test_of_the_contract_is_not_replaced() -> None:
    with pytest.raises(TypeError, match=r"TestMine\.test_a_new_aggregate_is_kept replaces .* xfail\(strict=True"):
        replaced("test_a_new_aggregate_is_kept", a_test)


def test_a_test_of_the_contract_is_not_taken_out() -> None:
    with pytest.raises(TypeError, match="replaces a test of the contract"):
        replaced("test_a_new_aggregate_is_kept", None)


def test_a_test_of_the_contract_is_not_replaced_by_a_class_beside_it() -> None:
    beside = type("Beside", (), {"test_a_new_aggregate_is_kept": a_test})

    with pytest.raises(TypeError, match="replaces a test of the contract"):
        type("TestMine", (beside, RepositoryContract), {})


@pytest.mark.parametrize("mark", [not_strict, without_reason], ids=["not strict", "without reason"])
def test_a_failure_is_not_expected_without_a_reason_or_for_ever(mark: Any) -> None:
    with pytest.raises(TypeError, match="replaces a test of the contract"):
        replaced("test_a_new_aggregate_is_kept", mark(copy_of_a_test()))


def test_a_test_that_is_expected_to_fail_may_be_replaced() -> None:
    mine = replaced("test_a_new_aggregate_is_kept", expected_to_fail(copy_of_a_test()))

    assert mine.__name__ == "TestMine"


def test_tests_of_ones_own_may_be_added() -> None:
    mine: Any = replaced("test_something_else", a_test, RepositoryContract, LogContract)

    assert mine.test_something_else is a_test


def test_every_module_that_asserts_is_rewritten() -> None:
    folder = Path(relex.testing.__file__ or "").parent
    asserting = {
        f"relex.testing.{path.stem}"
        for path in folder.glob("_*.py")
        if any(line.lstrip().startswith("assert ") for line in path.read_text(encoding="utf-8").splitlines())
    }

    assert asserting == set(REWRITTEN)
    assert {type(sys.modules[name].__spec__.loader).__name__ for name in asserting} == {"AssertionRewritingHook"}
