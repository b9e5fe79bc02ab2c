"""How far a member is from the next tier, and what keeps the present one."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - values tell their types at run time
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex._html import note, table
from relex.calendars import Period
from relex.loyalty._lots import FOREVER
from relex.loyalty._measures import exactly, measured, number_of, tier_facts, window_of
from relex.loyalty._plan import plan_of
from relex.loyalty._settling import settled
from relex.loyalty._tiers import Anniversary, Calendar, Rolling
from relex.rules import Compare, Verdict, describe, evaluate

if TYPE_CHECKING:
    from relex.loyalty._account import Account
    from relex.loyalty._plan import Plan
    from relex.loyalty._program import Program
    from relex.loyalty._standing import Standing
    from relex.loyalty._tiers import Tier

__all__ = ["Progress", "TierGap", "progress"]


@attrs.frozen(kw_only=True)
class TierGap:
    """One part of a tier's rule that does not hold yet.

    Attributes:
        rule: The part, in words.
        fact: What it asks about, or None for a part that joins others.
        found: What that is now; None where it is unknown.
        needed: The number that it has to reach, for a part with `>=`; None for any other.
        missing: How far that is; None where `needed` is.

    .. versionadded:: 0.1.0
    """

    rule: str
    fact: str | None
    found: Any
    needed: Fraction | None
    missing: Fraction | None

    def __str__(self) -> str:
        return self.rule if self.missing is None else f"{_number(self.missing)} more for {self.rule}"


@attrs.frozen(kw_only=True)
class Progress:
    """How far a member is from the next tier, and what keeps the present one.

    Attributes:
        as_of: The instant.
        tier: Id of the tier, or None.
        valid_until: When the validity of what was earned ends, grace included; None for no end.
        keeps: What keeps the present tier: `earned` (the measure), `lifetime` (it was reached once), `assigned` (by
            hand); None without a tier.
        keeps_until: Until when; None for no end.
        next: Id of the next tier, or None at the top.
        measure: What is measured.
        window: The dates over which it is measured now; None where all of them count.
        have: The measure now, in whole points or units.
        needed: The threshold of the next tier; None where a rule decides.
        remaining: What is missing; None where a rule decides.
        to_keep: What is missing to reach the present tier once more in this window; 0 when it is reached, None where a
            rule decides or there is no tier.
        verdict: For a next tier with a rule: the rule as judged now.
        gaps: The parts of that rule which do not hold yet; where it asks for one of several, all of them.

    .. versionadded:: 0.1.0
    """

    as_of: datetime
    tier: str | None
    valid_until: datetime | None
    keeps: str | None
    keeps_until: datetime | None
    next: str | None
    measure: str
    window: Period | None
    have: Fraction
    needed: Fraction | None
    remaining: Fraction | None
    to_keep: Fraction | None
    verdict: Verdict | None
    gaps: tuple[TierGap, ...]

    def __str__(self) -> str:
        until = "" if self.keeps_until is None else f" until {self.keeps_until.isoformat()}"
        ahead = "" if self.remaining is None else f", {_number(self.remaining)} {self.measure} to {self.next}"
        if self.verdict is not None:
            ahead = f", a rule decides on {self.next}: {'; '.join(map(str, self.gaps)) or 'it holds'}"
        return f"{self.tier or 'no tier'}{until}{ahead}"

    def _repr_html_(self) -> str:
        rows: list[tuple[object, ...]] = [
            ("tier", self.tier),
            ("kept by", self.keeps),
            ("until", None if self.keeps_until is None else self.keeps_until.isoformat()),
            (f"{self.measure} now", self.have),
            ("next tier", self.next),
            ("needed", self.needed),
            ("remaining", self.remaining),
            ("to keep the tier", self.to_keep),
        ]
        shown = [row for row in rows if row[1] is not None]
        return table(f"Tier on {self.as_of.isoformat()}", ("", ""), shown) + "".join(
            [note(str(gap)) for gap in self.gaps]
        )


def _number(number: Fraction) -> str:
    return str(exactly(number))


def progress(account: Account, program: Program, as_of: datetime) -> Progress:
    """See `Account.progress`."""
    account, _ = settled(_as_it_was(account, as_of), program, as_of)
    plan = plan_of(program)
    day = plan.day(as_of)
    sums = measured(plan, account, window_of(plan, account, day), as_of)
    have = number_of(plan, account, program.tier_policy.measure, sums, as_of)
    standing = account.standing
    names = [tier.id for tier in program.tiers]
    place = names.index(standing.tier) + 1 if standing.tier in names else 0
    following = program.tiers[place] if place < len(names) else None
    verdict = None
    if following is not None and following.when is not None:
        verdict = evaluate(following.when, tier_facts(plan, account, sums, as_of), as_of)
    needed = None if following is None or following.at is None else Fraction(following.at)
    keeps, until = _kept_by(standing)
    return Progress(
        as_of=as_of,
        tier=standing.tier,
        valid_until=standing.until,
        keeps=keeps,
        keeps_until=until,
        next=None if following is None else following.id,
        measure=program.tier_policy.measure,
        window=_window(plan, account, as_of),
        have=have,
        needed=needed,
        remaining=None if needed is None else max(Fraction(0), needed - have),
        to_keep=_to_keep(program.tiers[place - 1] if place else None, have),
        verdict=verdict,
        gaps=() if verdict is None else tuple([_gap(part) for part in verdict.failed()]),
    )


def _as_it_was(account: Account, at: datetime) -> Account:
    """The account without what happened to it after an instant."""
    if at >= account._last[0]:  # noqa: SLF001 - our own
        return account
    opening, *others = account.events
    seen = [event for event in others if getattr(event, "effective", event.at) <= at]
    return type(account)([opening, *[attrs.evolve(event, version=place) for place, event in enumerate(seen, 2)]])


def _window(plan: Plan, account: Account, as_of: datetime) -> Period | None:
    if not isinstance(plan.program.tier_policy.window, (Calendar, Anniversary, Rolling)):
        return None
    return Period(*window_of(plan, account, plan.day(as_of)))


def _to_keep(tier: Tier | None, have: Fraction) -> Fraction | None:
    if tier is None or tier.at is None:
        return None
    return max(Fraction(0), Fraction(tier.at) - have)


def _kept_by(standing: Standing) -> tuple[str | None, datetime | None]:
    """What keeps a tier longest, and until when."""
    tier = standing.tier
    if tier is None:
        return None, None
    if standing.kept == tier:
        return "lifetime", None
    kept: dict[str, datetime | None] = {}
    if standing.floor == tier:
        kept["assigned"] = standing.floor_until
    if standing.earned == tier:
        kept["earned"] = standing.until
    return max(kept.items(), key=_lasting, default=(None, None))


def _lasting(kept: tuple[str, datetime | None]) -> datetime:
    return kept[1] or FOREVER


def _gap(part: Verdict) -> TierGap:
    rule = part.rule
    needed = missing = None
    if isinstance(rule, Compare) and rule.op == ">=" and part.found is not None and part.answer is not None:
        needed = Fraction(rule.constant)  # type: ignore[arg-type]  # it was compared with a number
        missing = needed - Fraction(part.found)
    return TierGap(rule=describe(rule), fact=part.fact, found=part.found, needed=needed, missing=missing)
