"""How a tier changes: at once when more is reached, at a boundary when its validity ends, never before its date.

Theory of operation. `Standing` keeps two tiers: `earned`, which follows the policy and has a validity, and `tier`, the
one that counts: the highest of `earned`, of `kept` (a lifetime tier once reached) and of `floor` (assigned by hand).

A boundary is an instant at which time alone may change a tier: the end of a validity, the end of a floor, the start of
a period (when upgrades wait for it, or a tier lasts only while met), the date on which an entry leaves a rolling
window. `next_boundary` names the first one after what has been judged; `at_boundary` judges there; `after_entry`
judges at once. All of them return the `TierChanged` to record, or None.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from relex.loyalty._lots import FOREVER
from relex.loyalty._measures import counting_days, level, period_of, starts, window_of
from relex.loyalty._notices import TierChanged
from relex.loyalty._tiers import For, Periods, Rolling, WhileMet

if TYPE_CHECKING:
    from fractions import Fraction

    from relex.calendars import CalendarDuration
    from relex.loyalty._account import Account
    from relex.loyalty._plan import Plan
    from relex.loyalty._standing import Standing

__all__ = ["absorbed", "after_entry", "assigned", "at_boundary", "at_start", "better_floors", "next_boundary"]

_PERIODIC = ("Calendar", "Anniversary")


def _periodic(plan: Plan) -> bool:
    return type(plan.program.tier_policy.window).__name__ in _PERIODIC


def _place(plan: Plan, tier: str | None) -> int:
    """The place of a tier, from 1; 0 for none and for one that the program no longer has."""
    return next((place for place, each in enumerate(plan.program.tiers, 1) if each.id == tier), 0)


def _name(plan: Plan, place: int) -> str | None:
    return plan.program.tiers[place - 1].id if place else None


def next_boundary(plan: Plan, account: Account, judged: datetime | None, upto: datetime) -> datetime:
    """The first instant at which time alone may change the tier; `FOREVER` when there is none.

    After the first period without an entry (where upgrades wait, after the second) nothing changes in those that
    follow, so idle years cost nothing.

    Args:
        plan: Of the program.
        account: As it stands.
        judged: The last boundary that was judged without a change, or None.
        upto: No instant after this is asked for.
    """
    standing, policy = account.standing, plan.program.tier_policy
    found = [each for each in (standing.until, standing.floor_until) if each is not None]
    if policy.upgrade == "next_period" or isinstance(policy.keeps, WhileMet):
        clock = max(account._ledger.clock, account.opened_at)  # noqa: SLF001 - our own
        if _periodic(plan):
            shifts = (0, 1) if policy.upgrade == "next_period" else (0,)  # a period counts in the one that follows
            ends = [starts(plan, period_of(plan, account, plan.day(clock), shift).end) for shift in shifts]  # type: ignore[arg-type]
            found += [end for end in ends if judged is None or end > judged]
        elif isinstance(policy.window, Rolling):
            found += _leavings(plan, account, clock if judged is None else max(clock, judged), upto)
    return min(found, default=FOREVER)


def _leavings(plan: Plan, account: Account, clock: datetime, upto: datetime) -> list[datetime]:
    """The first instant after `clock` at which an entry leaves the rolling window."""
    length: Any = plan.program.tier_policy.window
    ends = [starts(plan, length.length.add(day)) for day in counting_days(plan, account)]
    return [min(later)] if (later := [end for end in ends if clock < end <= upto]) else []


def after_entry(plan: Plan, account: Account, moment: datetime, at: datetime) -> TierChanged | None:
    """The change that an entry brings about at its moment."""
    policy, standing = plan.program.tier_policy, account.standing
    day = plan.day(moment)
    earned = _place(plan, standing.earned)
    if isinstance(policy.keeps, WhileMet):
        if policy.upgrade == "next_period":
            return None
        reached, number = level(plan, account, window_of(plan, account, plan.day(at)), at)
        return _change(plan, account, moment, at, reached, None, "earned" if reached > earned else "review", number)
    if policy.upgrade == "next_period" or earned == len(plan.program.tiers):
        return None
    reached, number = level(plan, account, window_of(plan, account, day), max(moment, account._last[0]))  # noqa: SLF001
    if reached <= earned:
        return None
    return _change(plan, account, moment, at, reached, _valid_until(plan, account, moment), "earned", number)


def at_boundary(plan: Plan, account: Account, moment: datetime, at: datetime) -> TierChanged | None:
    """The change that time brings about at a boundary."""
    policy, standing = plan.program.tier_policy, account.standing
    day = plan.day(moment)
    earned = _place(plan, standing.earned)
    if isinstance(policy.keeps, WhileMet):
        reached, number = level(plan, account, window_of(plan, account, day), moment)
        if policy.upgrade == "next_period":
            reached, number = _ended(plan, account, moment)
        reason = "earned" if reached > earned else "review"
        return _change(plan, account, moment, at, reached, None, reason, number)
    if standing.until is not None and standing.until <= moment:
        return _reviewed(plan, account, moment, at)
    if policy.upgrade == "next_period" and _periodic(plan) and moment == starts(plan, day):
        reached, number = _ended(plan, account, moment)
        if reached > earned:
            until = _of_ended(plan, account, moment)
            return _change(plan, account, moment, at, reached, until, "earned", number)
    if standing.floor_until is not None and standing.floor_until <= moment:
        return _change(plan, account, moment, at, earned, standing.until, "floor_ended", None)
    return None


def at_start(plan: Plan, account: Account, moment: datetime, at: datetime) -> TierChanged | None:
    """The change that lots bring about which start, or are canceled, at a moment."""
    judge = at_boundary if isinstance(plan.program.tier_policy.keeps, WhileMet) else after_entry
    return judge(plan, account, moment, at)


def _ended(plan: Plan, account: Account, moment: datetime, ago: int = 1) -> tuple[int, Fraction]:
    """The level of the period before the one that a moment lies in, or of one so many before it."""
    period = period_of(plan, account, plan.day(moment), -ago)
    before = starts(plan, period.end) - timedelta(microseconds=1)  # type: ignore[arg-type]
    return level(plan, account, (period.start, period.end), max(before, account._last[0]))  # type: ignore[arg-type]  # noqa: SLF001


def _reviewed(plan: Plan, account: Account, moment: datetime, at: datetime) -> TierChanged | None:
    """Rule 2 of tiers: the best of the periods that still count and the running window; then the fall is limited.

    A period that has ended counts for as long as its tier would last; where upgrades wait for the next period, one that
    has just ended counts in any case.
    """
    policy, standing = plan.program.tier_policy, account.standing
    earned = _place(plan, standing.earned)
    if policy.review == "keep":
        return _change(plan, account, moment, at, earned, None, "renewed", None)
    reached, number = level(plan, account, window_of(plan, account, plan.day(moment)), moment)
    until = _valid_until(plan, account, moment)
    if _periodic(plan) and isinstance(policy.keeps, Periods):
        for ago in range(1, max(policy.keeps.n, policy.upgrade == "next_period") + 1):
            before, had = _ended(plan, account, moment, ago)
            if before > reached:
                reached, number, until = before, had, _of_ended(plan, account, moment, ago)
    if policy.review == "one_down" and reached < earned - 1:
        reached = earned - 1
        until = _to_period_end(plan, account, moment)
    reason = "renewed" if reached >= earned else "review"
    return _change(plan, account, moment, at, reached, until if reached else None, reason, number)


def _valid_until(plan: Plan, account: Account, moment: datetime) -> datetime | None:
    """When a tier that is reached at a moment ends, grace included."""
    keeps = plan.program.tier_policy.keeps
    day = plan.day(moment)
    if isinstance(keeps, Periods):
        return _with_grace(plan, period_of(plan, account, day, keeps.n).end)
    if isinstance(keeps, For):
        return _with_grace(plan, keeps.length.last_day(day) + timedelta(days=1))
    return None


def _of_ended(plan: Plan, account: Account, moment: datetime, ago: int = 1) -> datetime | None:
    """When a tier ends that was met so many periods before this moment, at least with the period that begins here."""
    keeps = plan.program.tier_policy.keeps
    if not isinstance(keeps, Periods):
        return _valid_until(plan, account, moment)
    return _with_grace(plan, period_of(plan, account, plan.day(moment), max(0, keeps.n - ago)).end)


def _to_period_end(plan: Plan, account: Account, moment: datetime) -> datetime | None:
    if isinstance(plan.program.tier_policy.keeps, Periods):
        return _with_grace(plan, period_of(plan, account, plan.day(moment)).end)
    return _valid_until(plan, account, moment)


def _with_grace(plan: Plan, end: Any) -> datetime:
    """The instant after a last valid date and the grace after it; `end` is the date after the last."""
    grace: CalendarDuration | None = plan.program.tier_policy.grace
    if grace is None:
        return starts(plan, end)
    return grace.ends(end - timedelta(days=1), plan.program.tz).astimezone(UTC)


def _change(  # noqa: PLR0913, PLR0917 - all that an event of a tier tells
    plan: Plan,
    account: Account,
    moment: datetime,
    at: datetime,
    earned: int,
    until: datetime | None,
    reason: str,
    number: Fraction | None,
    kept: int = 0,
) -> TierChanged | None:
    """The event, or None when it would change nothing."""
    standing = account.standing
    kept = max(kept, _place(plan, standing.kept), _lifetime(plan, earned))
    floors = standing.floors_at(moment)
    after = _name(plan, max(earned, kept, _place(plan, floors[0][0] if floors else None)))
    floor_ends = floors[:1] != standing.floors[:1]
    new = (after, _name(plan, earned), until, _name(plan, kept))
    if new == (standing.tier, standing.earned, standing.until, standing.kept) and not floor_ends:
        return None
    return TierChanged(
        source=account.id,
        version=account.version + 1,
        at=at,
        effective=moment,
        before=standing.tier,
        after=after,
        earned=_name(plan, earned),
        reason=reason,
        measure="" if number is None else f"{plan.program.tier_policy.measure} {_text(number)}",
        valid_until=until,
        kept=_name(plan, kept),
        floor_ended=floor_ends,
        program_version=plan.program.version,
    )


def _lifetime(plan: Plan, earned: int) -> int:
    return max((place for place in range(1, earned + 1) if plan.program.tiers[place - 1].lifetime), default=0)


def _text(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.2f}"


def assigned(plan: Plan, account: Account, moment: datetime, at: datetime) -> TierChanged | None:
    """The change that a floor brings about, or its end."""
    standing = account.standing
    return _change(plan, account, moment, at, _place(plan, standing.earned), standing.until, "assigned", None)


def absorbed(plan: Plan, account: Account, theirs: Standing, at: datetime) -> TierChanged | None:
    """The change that the standing of an absorbed account brings about: the higher tier holds, to its own end."""
    mine = account.standing
    earned, until = _place(plan, mine.earned), mine.until
    if not isinstance(plan.program.tier_policy.keeps, WhileMet):
        pairs = [(_place(plan, each.earned), each.until or FOREVER) for each in (mine, theirs)]
        earned, end = max(pairs)
        until = None if end == FOREVER else end
    return _change(plan, account, at, at, earned, until, "absorbed", None, _place(plan, theirs.kept))


def better_floors(
    plan: Plan, account: Account, theirs: Standing, at: datetime
) -> tuple[tuple[str, datetime | None], ...]:
    """The floors of an account and of one that it absorbs, each with its end; of two the higher, unless it ends sooner.

    Where a tier lasts only while it is met, what the absorbed account had met holds as a floor to the end of the
    running period, or for the length of the rolling window. Otherwise the lower of the two tiers that were earned is a
    floor if it lasts longer than the higher one.
    """
    mine = account.standing
    floors: list[tuple[str | None, datetime | None]] = [*mine.floors_at(at), *theirs.floors_at(at)]
    if isinstance(plan.program.tier_policy.keeps, WhileMet):
        floors.append((theirs.earned, _met_until(plan, account, at)))
    else:
        lower, higher = sorted((mine, theirs), key=lambda each: (_place(plan, each.earned), each.until or FOREVER))
        if _lasting((lower.earned, lower.until)) > _lasting((higher.earned, higher.until)):
            floors.append((lower.earned, lower.until))
    found: list[tuple[str, datetime | None]] = []
    for tier, end in sorted(floors, key=lambda floor: (-_place(plan, floor[0]), FOREVER - _lasting(floor))):
        if tier is not None and _place(plan, tier) and (not found or _lasting((tier, end)) > _lasting(found[-1])):
            found.append((tier, end))
    return tuple(found)


def _lasting(floor: tuple[str | None, datetime | None]) -> datetime:
    return floor[1] or FOREVER


def _met_until(plan: Plan, account: Account, at: datetime) -> datetime | None:
    window, day = plan.program.tier_policy.window, plan.day(at)
    if _periodic(plan):
        return starts(plan, period_of(plan, account, day).end)  # type: ignore[arg-type]
    return window.length.ends(day, plan.program.tz).astimezone(UTC) if isinstance(window, Rolling) else None
