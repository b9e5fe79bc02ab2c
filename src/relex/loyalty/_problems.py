"""What a program allows and probably does not mean."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from relex.calendars import CalendarDuration, local_date
from relex.loyalty._escrow import Escrow
from relex.loyalty._expiry import Inactive, Never, end_of
from relex.loyalty._reward_problems import reward_problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.loyalty._points import Pending
    from relex.loyalty._program import Program
    from relex.loyalty._rules import EarningRule

__all__ = ["problems_of"]

_ANY_DAY = datetime(2025, 1, 1, 12, tzinfo=UTC)


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
    if _ends_before_it_starts(program, rule):
        yield "pending: its points end before they can be spent"
    if _ends_in_escrow(program, rule):
        yield "pending: its points may end before they are activated"


def _ends_before_it_starts(program: Program, rule: EarningRule) -> bool:
    pending, ends = _life(program, rule)
    if ends is None or pending is None or isinstance(pending, Escrow):
        return False
    if isinstance(pending, CalendarDuration):
        return ends <= pending.waits(local_date(_ANY_DAY, program.tz), program.tz)
    return ends <= _ANY_DAY + pending


def _ends_in_escrow(program: Program, rule: EarningRule) -> bool:
    pending, ends = _life(program, rule)
    return ends is not None and isinstance(pending, Escrow) and ends < pending.lapses(_ANY_DAY, program.tz)


def _life(program: Program, rule: EarningRule) -> tuple[Pending | None, datetime | None]:
    """How long points of any day wait, and when they end where that does not depend on the waiting."""
    points = program.currency_of(rule.gives[0] if rule.gives else None)
    if points.clock != "earning" or points.qualifying:
        return None, None
    expires = rule.expires or points.expires or program.expires
    return rule.pending or points.pending or program.pending, end_of(expires, _ANY_DAY, program.tz)


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
