"""How much of a reward an account had: what its limits count."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from relex.loyalty._events import PointsRedeemed, RedemptionRestored
from relex.loyalty._hold_events import HoldCaptured, HoldVoided, PointsHeld

if TYPE_CHECKING:
    from datetime import datetime

    from relex.loyalty._account import Account
    from relex.loyalty._plan import Plan
    from relex.loyalty._rewards import Reward
    from relex.loyalty._rules import Cap

__all__ = ["Use", "room_of", "uses_of"]


class Use(NamedTuple):
    """One time that a reward was had: when, by whom, and what is not given back of it."""

    at: datetime
    member: str | None
    points: int
    worth: Fraction


def uses_of(account: Account, reward: Reward, at: datetime, *, later: bool) -> list[Use]:
    """Redemptions and holds of a reward, without what was given back, and without holds that have lapsed by then.

    Args:
        account: Whose.
        reward: The reward.
        at: The instant.
        later: Whether what came after it counts as well.
    """
    spent: dict[str, Any] = {}
    kept: dict[str, int] = {}
    for entry in account.entries():
        kind = type(entry)
        if entry.effective > at and not later:
            break
        if kind in {PointsRedeemed, PointsHeld} and entry.reward == reward.id:  # type: ignore[attr-defined]  # they have one
            _begin(spent, kept, entry)
        elif kind in _FOLLOWERS:
            _follow(kept, entry)
    for name, entry in spent.items():
        if type(entry) is PointsHeld and kept[name] < 0:
            kept[name] = entry.points if entry.until > at else 0
    return [_use(entry, kept[name]) for name, entry in spent.items() if kept[name]]


_FOLLOWERS = frozenset({HoldCaptured, HoldVoided, RedemptionRestored})
_OPEN = -1


def _begin(spent: dict[str, Any], kept: dict[str, int], entry: Any) -> None:
    spent[entry.id] = entry
    kept[entry.id] = entry.points if type(entry) is PointsRedeemed else _OPEN


def _follow(kept: dict[str, int], entry: Any) -> None:
    name = entry.redemption if type(entry) is RedemptionRestored else entry.hold
    if name in kept:
        kept[name] = {HoldCaptured: entry.points, HoldVoided: 0}.get(type(entry), kept[name] - entry.points)


def _use(entry: Any, points: int) -> Use:
    worth = Fraction(0) if entry.worth is None else Fraction(entry.worth.amount) * points / entry.points
    return Use(entry.effective, entry.member, points, worth)


def room_of(cap: Cap, uses: list[Use], plan: Plan, at: datetime, member: str | None, scale: int) -> Fraction:
    """What a limit leaves at an instant: points in the smallest unit, times, or an amount; never below 0."""
    limit = Fraction(cap.limit) * (scale if cap.points is not None else 1)
    if cap.per == "event":
        return limit
    first, end = plan.cap_window(cap, at)
    counted = [use for use in uses if first <= use.at < end and (cap.who == "account" or use.member == member)]
    used = {
        "points": Fraction(sum([use.points for use in counted])),
        "times": Fraction(len(counted)),
        "amount": sum([use.worth for use in counted], Fraction(0)),
    }
    return max(Fraction(0), limit - used[cap.measure])
