"""Three-valued logic over answers: True, False, and None for unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex.rules._leaves import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["all_true", "any_true", "at_least", "counted", "opposite"]


def opposite(answer: bool | None) -> bool | None:
    """True for False, False for True, unknown for unknown."""
    return None if answer is None else not answer


def all_true(answers: Sequence[bool | None]) -> bool | None:
    """False when one answer is False, else unknown when one is unknown, else True."""
    return False if False in answers else None if None in answers else True


def any_true(answers: Sequence[bool | None]) -> bool | None:
    """True when one answer is True, else unknown when one is unknown, else False."""
    return True if True in answers else None if None in answers else False


def at_least(n: int, answers: Sequence[bool | None]) -> bool | None:
    """True when n answers are True, False when they cannot be even if all unknown ones were."""
    sure = answers.count(True)
    return True if sure >= n else None if sure + answers.count(None) >= n else False


def counted(op: str, n: int, answers: Sequence[bool | None]) -> bool | None:
    """How a count compares with n; unknown when that differs between the least and the most that it can be."""
    low = answers.count(True)
    high = low + answers.count(None)
    possible = {OPERATORS[op](count, n) for count in (low, high, min(max(n, low), high))}
    return possible.pop() if len(possible) == 1 else None
