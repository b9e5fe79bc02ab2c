"""What a program allows and probably does not mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from relex.calendars import CalendarDuration, local_date
from relex.errors import InvalidValue
from relex.loyalty._escrow import Escrow
from relex.loyalty._expiry import Inactive, Never, end_of
from relex.loyalty._reward_problems import reward_problems

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from relex.loyalty._expiry import Expiry
    from relex.loyalty._points import Pending
    from relex.loyalty._program import Program
    from relex.loyalty._rules import EarningRule

__all__ = ["problems_of"]

_DAYS: Final = tuple([datetime(2025, 1, 1, 12, tzinfo=UTC) + timedelta(days=count) for count in range(365)])
"""A year of days, because policies that end with a month or on a date are short on some days only."""


def problems_of(program: Program) -> tuple[str, ...]:
    """Every remark on a program."""
    found = []
    for place, rule in enumerate(program.rules):
        found += [f"Program.rules[{place}].{remark}" for remark in _of_rule(program, rule)]
    found += [*reward_problems(program), *[f"Program.{remark}" for remark in _of_tiers(program)]]
    return tuple(found)


def _of_rule(program: Program, rule: EarningRule) -> Iterator[str]:
    if rule.when is not None:
        bought = sorted(
            name for name in rule.when.names if name == "response.score" or name.startswith("response.answer")
        )
        if bought:
            yield f"when: reads {bought[0]}, so it buys opinions; reward the submission"
    own, whole = [None if each is None else each.instants(program.tz) for each in (rule.valid, program.valid)]
    if own is not None and whole is not None and not own.overlaps(whole):
        yield "valid: the program is never in force then, so nobody earns by this rule"
    for pending, expires in dict.fromkeys(_lives(program, rule)):
        try:
            shut = [day for day in _DAYS if _ends_too_soon(pending, expires, day, program.tz)]
        except (InvalidValue, OverflowError):
            yield "pending: its points would start or end after the year 9999, so nobody can earn by it"
            continue
        if shut and isinstance(pending, Escrow):
            yield "pending: its points may end before they are activated"
        elif shut:
            which = "its points" if len(shut) == len(_DAYS) else f"its points of {shut[0]:%m-%d}, as of other days,"
            yield f"pending: {which} end before they can be spent"


def _lives(program: Program, rule: EarningRule) -> Iterator[tuple[Pending, Expiry]]:
    """How long points wait, and when they end where that does not depend on the waiting."""
    for name in rule.gives or (program.points[0].id,):
        points = program.currency_of(name)
        pending = rule.pending or points.pending or program.pending
        if points.clock == "earning" and not points.qualifying and pending is not None:
            usual = [points.expires or program.expires, *[tier.expires for tier in program.tiers if tier.expires]]
            yield from [(pending, expires) for expires in ([rule.expires] if rule.expires else usual)]


def _ends_too_soon(pending: Pending, expires: Expiry, day: datetime, tz: tzinfo) -> bool:
    ends = end_of(expires, day, tz)
    if ends is None:
        return False
    if isinstance(pending, Escrow):
        return ends < pending.lapses(day, tz)
    if isinstance(pending, CalendarDuration):
        return ends <= pending.waits(local_date(day, tz), tz)
    return ends <= day + pending


def _of_tiers(program: Program) -> Iterator[str]:
    if program.tiers and program.tier_policy.measure == "balance":
        yield "tier_policy.measure: a tier on the balance is lost, or never reached, when points are spent"
    if isinstance(program.expires, Inactive) and not program.expires.activities:
        yield "expires: no activity moves the end"
    if program.extensions and all(isinstance(each, Never) for each in _expiries(program)):
        yield "extensions: no points end, so there is nothing to extend"


def _expiries(program: Program) -> Iterator[object]:
    """Every policy of expiry that points may get."""
    for points in program.points:
        if not points.qualifying:
            yield points.expires or program.expires
    own = [rule.expires for rule in program.rules] + [tier.expires for tier in program.tiers]
    yield from [each for each in own if each is not None]
