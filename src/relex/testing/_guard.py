"""What keeps a contract whole: no test of it is replaced in silence, and a fixture that is missing says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Contract", "outer"]

_KIT = "relex.testing."


class Contract:
    """The base of all contracts; it looks at each class that is made of them."""

    def __init_subclass__(cls, **more: Any) -> None:
        """Refuse a class that replaces tests of the contract without saying that they are expected to fail."""
        super().__init_subclass__(**more)
        for name in sorted(_promised(cls.__mro__)):
            if not _is_own(_home(cls, name)) and not _is_expected_to_fail(getattr(cls, name)):
                raise TypeError(
                    f"{cls.__name__}.{name} replaces a test of the contract, which would then not run. "
                    "Give your test another name. Where the adapter really cannot do what is asked, keep the name, "
                    "call the test of the contract through super(), and mark it with xfail(strict=True, reason=...)"
                )


def outer(request: pytest.FixtureRequest, expected: str) -> Any:
    """The fixture of this name from a module or a conftest, where the class has none.

    Raises:
        pytest.fail.Exception: When there is none either; it says which class lacks what.
    """
    name = str(request.fixturename)
    try:
        return request.getfixturevalue(name)
    except pytest.FixtureLookupError:
        cls = "the class" if request.cls is None else request.cls.__name__
        pytest.fail(f"{cls} needs a fixture `{name}` that gives {expected}", pytrace=False)


def _promised(classes: Iterable[type]) -> set[str]:
    return {name for base in classes if _is_own(base) for name in vars(base) if name.startswith("test")}


def _home(cls: type, name: str) -> type:
    return next(base for base in cls.__mro__ if name in vars(base))


def _is_own(cls: type) -> bool:
    return cls.__module__.startswith(_KIT)


def _is_expected_to_fail(test: object) -> bool:
    return any(
        mark.name == "xfail" and mark.kwargs.get("strict") is True and bool(mark.kwargs.get("reason"))
        for mark in getattr(test, "pytestmark", ())
    )
