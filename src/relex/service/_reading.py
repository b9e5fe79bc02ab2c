"""Reading a case as it was at an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex import _checks
from relex.errors import InvalidValue
from relex.service._case import Case

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["seen_case"]

_CASE = _checks.a(Case)


def seen_case(question: str, case: Case, as_of: datetime) -> Case:
    """The case as it was at an instant, at which it must have been opened."""
    _CASE.require(f"{question}.case", case)
    _checks.instant.require(f"{question}.as_of", as_of)
    seen = case.as_of(as_of)
    if seen is None:
        raise InvalidValue(f"{question}.as_of", as_of, f"not before the case was opened at {case.opened_at}")
    return seen
