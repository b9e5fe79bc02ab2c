"""What is free again of limits when an award is taken back, or canceled because what it waited for came too late."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from relex.loyalty._budgets import TIMES
from relex.loyalty._events import PointsEarned, PointsReversed
from relex.loyalty._hold_events import EscrowCanceled
from relex.money import Rounding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from relex.loyalty._account import Account

__all__ = ["award_of", "freed"]

half_up = Rounding.HALF_UP.apply


def freed(account: Account, award: PointsEarned, more: Mapping[str, int]) -> tuple[Any, ...]:
    """The part of each limit that is free again when more points of lots go; all parts are cumulative.

    Args:
        account: The account.
        award: What was given.
        more: Points that go now, by lot.
    """
    if not award.uses:
        return ()
    gone, before = dict(more), []
    for entry in account.entries():
        if type(entry) in _TAKING and entry.occasion == award.key:  # type: ignore[attr-defined]  # both have one
            taken: Any = entry
            before += taken.uses
            for lot, _, points in taken.lots:
                gone[lot] = gone.get(lot, 0) + points
    total = sum([credit.points for credit in award.credits])
    share = Fraction(sum([min(each.points, gone.get(each.lot, 0)) for each in award.credits]), max(1, total))
    return tuple([_freed(use, share, before) for use in award.uses])


_TAKING = (PointsReversed, EscrowCanceled)


def _freed(use: tuple[Any, ...], share: Fraction, before: list[Any]) -> tuple[Any, ...]:
    key, value, currency, points, units, net = use
    mine = [each for each in before if each[:3] == (key, value, currency)]
    part = Fraction(int(share == 1)) if key.startswith(TIMES) else share  # one of so many times is never half free
    return (
        key,
        value,
        currency,
        half_up(points * share) - sum([each[3] for each in mine]),
        str(Fraction(units) * part - sum([Fraction(each[4]) for each in mine])),
        half_up(net * share) - sum([each[5] for each in mine]),
    )


def award_of(account: Account, lot: str) -> PointsEarned | None:
    """The award that gave a lot; None for one that came in another way."""
    kind, _, name = lot.partition(":")
    likely = [account._find((kind, name)), account._find((kind, name.rpartition("#")[0]))]  # noqa: SLF001 - our own
    for entry in (*likely, *account._latest()):  # noqa: SLF001 - our own
        if type(entry) is PointsEarned and any(credit.lot == lot for credit in entry.credits):
            return entry
    return None
