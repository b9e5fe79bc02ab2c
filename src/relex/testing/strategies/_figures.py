"""Numbers with their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.figures import Figure
from relex.testing.strategies._basics import days, decimals, instants, named, texts, words
from relex.testing.strategies._money import moneys

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from hypothesis.strategies import SearchStrategy

__all__ = ["STORED", "figures", "fractions"]

_DENOMINATORS = 10**4


def fractions(*, min_value: int | None = None, max_value: int | None = None) -> SearchStrategy[Fraction]:
    """Exact quotients; shrinks to 0.

    Args:
        min_value: The least.
        max_value: The greatest.

    Raises:
        InvalidValue: For a bound that is no int.

    .. versionadded:: 0.1.0
    """
    for name, bound in (("min_value", min_value), ("max_value", max_value)):
        _checks.optional(_checks.whole()).require(f"fractions.{name}", bound)
    return st.fractions(min_value, max_value, max_denominator=_DENOMINATORS)


_NUMBERS: SearchStrategy[Any] = named(
    "numbers", st.one_of(st.integers(-100, 100), st.integers(), fractions(), decimals(), moneys())
)
_PARAMETERS: SearchStrategy[Any] = named(
    "parameters",
    st.one_of(_NUMBERS, texts(), st.booleans(), st.none(), days(), instants(), st.timedeltas())
    | st.lists(words(), max_size=2).map(tuple),
)


def figures(*, known: bool | None = None) -> SearchStrategy[Figure]:
    """Figures of every unit and type of number, with and without parts, and such as have no value but a reason.

    Shrinks to a bare 0.

    Args:
        known: Whether they have a value; by default either.

    Raises:
        InvalidValue: For anything but a flag.

    .. versionadded:: 0.1.0
    """
    _checks.optional(_checks.flag).require("figures.known", known)
    valued = st.builds(_figure, _NUMBERS, st.none(), _MORE)
    lacking = st.builds(_figure, st.none(), st.sampled_from(("no_data", "zero_denominator")), _MORE)
    return named("figures", valued if known else lacking if known is not None else valued | lacking)


def _figure(value: Any, reason: str | None, more: dict[str, Any]) -> Figure:
    return Figure(value, reason=reason, **more)


_MORE = st.fixed_dictionaries(
    {},
    optional={
        "unit": st.sampled_from(("", "customers", "percent", "share", "USD")),
        "numerator": _NUMBERS,
        "denominator": _NUMBERS,
        "parts": st.dictionaries(words(), st.none() | _NUMBERS, max_size=2),
        "method": words(),
        "parameters": st.dictionaries(words(), _PARAMETERS, max_size=2),
        "as_of": days() | instants(),
    },
)

STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {Figure: figures}
"""The strategy of every stored form of `relex.figures`."""
