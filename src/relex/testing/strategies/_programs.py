"""Tiers, and whole programs of loyalty."""

from __future__ import annotations

from datetime import UTC, date
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs
from hypothesis import strategies as st

from relex import _checks
from relex.calendars import Days, Months, Period
from relex.loyalty import (
    Always,
    Anniversary,
    Calendar,
    Clawback,
    EarningRule,
    For,
    Group,
    Lifetime,
    Multiply,
    Never,
    PerAmount,
    Periods,
    Points,
    Program,
    ProgramVersions,
    Restore,
    Rolling,
    SinceChange,
    Tier,
    TierPolicy,
    WhileMet,
)
from relex.money import Money
from relex.rules import field
from relex.testing.strategies._basics import either, named, words
from relex.testing.strategies._earning import (
    BOOLEANS,
    EXPIRIES,
    FACTORS,
    FEW_CAPS,
    LENGTHS,
    MONTH_DAYS,
    PENDING,
    earning_rules,
    groups,
    points,
)
from relex.testing.strategies._loyalty_extensions import extensions
from relex.testing.strategies._loyalty_rewards import rewards
from relex.testing.strategies._money import currencies

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from relex.rules import Rule

__all__ = [
    "STORED",
    "clawbacks",
    "keeps",
    "program_versions",
    "programs",
    "restores",
    "tier_policies",
    "tier_windows",
    "tiers",
]


def tiers(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
) -> SearchStrategy[Tier]:
    """Levels with a threshold or a rule.

    Args:
        id: Of the tier, or what ids are drawn from.

    Raises:
        InvalidValue: For an id that is empty or no str.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        _tier, either("tiers.id", id, _checks.text, words()), st.integers(0, 500) | FACTORS, _TIER_RULES, _MORE_OF_TIER
    )


def _tier(id_: str, at: Any, rule: Rule | None, more: dict[str, Any]) -> Tier:
    return Tier(id_, at=at if rule is None else None, when=rule, **more)


_TIER_RULES: SearchStrategy[Rule | None] = st.sampled_from((None, None, ~field("tier.earned").between(0, 99)))
_MORE_OF_TIER = st.fixed_dictionaries(
    {},
    optional={
        "multiplier": FACTORS,
        "lifetime": BOOLEANS,
        "expires": st.sampled_from((None, Never(), Months(6))),
        "benefits": st.lists(words(), max_size=1),
    },
)


def tier_windows() -> SearchStrategy[Any]:
    """Over which time tiers measure: `Calendar`, `Anniversary`, `Rolling`, `Lifetime` or `SinceChange`.

    .. versionadded:: 0.1.0
    """
    return _WITH_PERIODS | _WITHOUT_PERIODS


def keeps() -> SearchStrategy[Any]:
    """How long tiers last: `Periods`, `For`, `WhileMet` or `Always`.

    .. versionadded:: 0.1.0
    """
    return _PERIODS | _KEEPS


_CALENDAR: SearchStrategy[Calendar] = st.builds(Calendar, LENGTHS, starts=MONTH_DAYS)
_ANNIVERSARY: SearchStrategy[Anniversary] = st.builds(Anniversary, LENGTHS)
_ROLLING: SearchStrategy[Rolling] = st.builds(Rolling, LENGTHS)
_PERIODS: SearchStrategy[Periods] = st.builds(Periods, st.integers(0, 2))
_FOR: SearchStrategy[For] = st.builds(For, LENGTHS)
_WITH_PERIODS: SearchStrategy[Any] = _CALENDAR | _ANNIVERSARY
_WITHOUT_PERIODS: SearchStrategy[Any] = st.one_of(_ROLLING, st.builds(Lifetime), st.builds(SinceChange))
_KEEPS: SearchStrategy[Any] = st.one_of(_FOR, st.builds(WhileMet), st.builds(Always))


def tier_policies() -> SearchStrategy[TierPolicy]:
    """What tiers measure, over which time, and how long they last.

    .. versionadded:: 0.1.0
    """
    return _POLICIES


_POLICY: dict[str, SearchStrategy[Any]] = {
    "measure": st.sampled_from(("earned", "spend", "orders", "visits", "balance")),
    "review": st.sampled_from(("reassess", "one_down", "keep")),
    "grace": st.sampled_from((None, Days(10))),
    "counts": st.sampled_from(("earning", "earning", "activation")),
}
_POLICIES: SearchStrategy[TierPolicy] = named(
    "tier_policies",
    st.builds(
        TierPolicy,
        window=_WITH_PERIODS,
        keeps=_PERIODS | _KEEPS,
        upgrade=st.sampled_from(("immediate", "next_period")),
        **_POLICY,
    )
    | st.builds(TierPolicy, window=_WITHOUT_PERIODS, keeps=_KEEPS, **_POLICY),
)


# The program.


def clawbacks() -> SearchStrategy[Clawback]:
    """What a return takes back.

    .. versionadded:: 0.1.0
    """
    return _CLAWBACKS


_CLAWBACKS = st.builds(
    Clawback,
    st.sampled_from(("per_line", "proportional")),
    st.sampled_from(("within_balance", "allow_debt", "only_pending")),
)


def restores() -> SearchStrategy[Restore]:
    """What becomes of points that come back, too late or with a purchase.

    .. versionadded:: 0.1.0
    """
    return _RESTORES


_RESTORES = st.sampled_from(
    (
        Restore(),
        Restore("reissue"),
        Restore("grace", Days(14)),
        Restore(on_return="full_only"),
        Restore(on_return="never"),
    )
)


def programs(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    currency: str | SearchStrategy[str] | None = None,
) -> SearchStrategy[Program]:
    """Programs of up to three rules and two tiers, with limits, groups, waiting times and policies of every kind.

    Shrinks to a program that gives nothing.

    Args:
        id: Of the program, or what ids are drawn from.
        currency: Of the purchases, or what currencies are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    return _programs(
        either("programs.id", id, _checks.text, words()),
        either("programs.currency", currency, _checks.currency_code, currencies()),
    )


def program_versions() -> SearchStrategy[ProgramVersions]:
    """One to three versions of one program, each valid after the one before it.

    Shrinks to a program that is always in force.

    .. versionadded:: 0.1.0
    """
    return st.one_of(programs().map(lambda program: ProgramVersions([program])), _program_versions())


@st.composite
def _program_versions(draw: st.DrawFn) -> ProgramVersions:
    first = draw(programs())
    days = sorted(draw(_BORDERS))
    periods = [Period(start, end) for start, end in pairwise(days)] + [Period(days[-1])]
    versions = [attrs.evolve(first, version=place, valid=valid) for place, valid in enumerate(periods, 1)]
    return ProgramVersions(versions)


_BORDERS = st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), min_size=1, max_size=3, unique=True)
_MAIN = points(id="points", qualifying=False)
_STATUS = points(id="status", qualifying=True)
_WORTH = st.sampled_from((None, 1, "0.01"))
_RULE_IDS = ("visit", "base", "extra")


@st.composite
def _programs(draw: st.DrawFn, id_: SearchStrategy[str], currency: SearchStrategy[str]) -> Program:
    code = draw(currency)
    found = [draw(earning_rules(id=name, currency=code)) for name in _RULE_IDS[: draw(_UP_TO_THREE)]]
    if all(rule.group != "base" for rule in found):
        found = [rule for rule in found if not isinstance(rule.award, Multiply)]  # what is multiplied is not there
    used = {rule.group for rule in found}
    worth = draw(_WORTH)
    kinds = [attrs.evolve(draw(_MAIN), worth=None if worth is None else Money(worth, code))] + (
        [draw(_STATUS)] if draw(_SELDOM) else []
    )
    more = draw(_MORE_OF_PROGRAM)
    if draw(BOOLEANS):
        more |= {"tiers": draw(_TIERS), "tier_policy": draw(_POLICIES)}
    return Program(
        draw(id_), currency=code, points=kinds, rules=[*found, *_also(kinds)], groups=_groups(draw, used), **more
    )


_UP_TO_THREE = st.integers(0, 3)
_SELDOM = st.sampled_from((False, False, False, True))


def _also(kinds: list[Points]) -> list[EarningRule]:
    """A rule for status, where there is a currency of status, that leaves the groups of the other rules alone."""
    return [EarningRule("status", PerAmount(1, per=1), gives=["status"], group="status")] if len(kinds) > 1 else []


def _groups(draw: st.DrawFn, used: set[str]) -> dict[str, Group]:
    return {name: draw(groups()) for name in sorted(used) if draw(_SELDOM)}


def _ladder(first: int, *steps: dict[str, Any]) -> list[Tier]:
    return [
        Tier(name, at=first + 100 * place, **more) for place, (name, more) in enumerate(zip(_NAMES, steps, strict=True))
    ]


_NAMES = ("silver", "gold")
_TIERS = st.builds(_ladder, st.sampled_from((0, 1, 50)), _MORE_OF_TIER, _MORE_OF_TIER)
_MORE_OF_PROGRAM: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "version": st.integers(1, 3),
        "multipliers": st.sampled_from(("sum", "best", "product")),
        "caps": FEW_CAPS,
        "expires": EXPIRIES,
        "pending": PENDING,
        "clawback": _CLAWBACKS,
        "restore": _RESTORES,
        "rewards": st.lists(rewards(), max_size=2, unique_by=lambda reward: reward.id),
        "same_purchase": BOOLEANS,
        "extensions": st.lists(extensions(), max_size=2),
        "before_enrollment": st.sampled_from(("reject", "accept")),
        "tz": st.sampled_from((UTC, ZoneInfo("Europe/Vienna"), ZoneInfo("America/New_York"))),
    },
)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Always: lambda: st.builds(Always),
    Anniversary: lambda: _ANNIVERSARY,
    Calendar: lambda: _CALENDAR,
    Clawback: clawbacks,
    For: lambda: _FOR,
    Lifetime: lambda: st.builds(Lifetime),
    Periods: lambda: _PERIODS,
    Program: programs,
    ProgramVersions: program_versions,
    Restore: restores,
    Rolling: lambda: _ROLLING,
    SinceChange: lambda: st.builds(SinceChange),
    Tier: tiers,
    TierPolicy: tier_policies,
    WhileMet: lambda: st.builds(WhileMet),
}
"""The strategy of every stored form of tiers and programs."""
