"""What happens to accounts, and what it is made of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

from relex import _checks
from relex.calendars import Days
from relex.loyalty import (
    AccountClosed,
    AccountOpened,
    AccountResumed,
    AccountSuspended,
    Award,
    Breakdown,
    Credit,
    EarningRule,
    Escrow,
    EscrowActivated,
    EscrowCanceled,
    ExpiryExtended,
    Flat,
    HoldCaptured,
    HoldLapsed,
    HoldVoided,
    InEscrow,
    MemberAdded,
    MemberRemoved,
    Occasion,
    PerAmount,
    PointsAdjusted,
    PointsEarned,
    PointsExpired,
    PointsHeld,
    PointsMatured,
    PointsReceived,
    PointsRedeemed,
    PointsReversed,
    PointsSent,
    Program,
    RedemptionRestored,
    Tier,
    TierAssigned,
    TierChanged,
)
from relex.testing.strategies._accounts import ARGUMENTS, FACTS, LASTS, OPENED, Steps, account_changes
from relex.testing.strategies._basics import either, ids, instants, named, texts, words
from relex.testing.strategies._earning import MAYBE_EXPIRIES
from relex.testing.strategies._rules import constants
from relex.testing.strategies._steps import later

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from relex.changes import Change, Event
    from relex.loyalty import Account

__all__ = ["STORED", "account_events", "awards", "breakdowns", "credits", "occasions"]

_TRIAL = Program(
    "trial",
    currency="USD",
    rules=[EarningRule("visit", Flat(10), on="visit"), EarningRule("base", PerAmount(1, per=1))],
    tiers=[Tier("gold", at=100)],
    expires=Days(30),
)
_WAITING = attrs.evolve(_TRIAL, pending=Days(5))
_ESCROW = attrs.evolve(_TRIAL, pending=Escrow("delivered", Days(20)))
_LONG = st.just(timedelta(days=40))
_SOON = st.just(timedelta(hours=1))


def _told(name: str, *given: SearchStrategy[Any], pause: SearchStrategy[timedelta] = _SOON) -> SearchStrategy[Any]:
    return st.tuples(st.just(name), st.tuples(pause, *(given or ARGUMENTS[name])))


_ADDED = _told("adjust", st.sampled_from((1, 10, 500)), st.none())
_ASSIGNED = _told("assign_tier", st.just(1), LASTS)
_SWITCHED = _told("switch")
_JOINED = _told("join")
_HELD = (_ADDED, _told("hold"))
_END: SearchStrategy[Any] = _told("end_hold", st.just(0), st.sampled_from(("all", "half")))
_MADE_BY: dict[type[Event], tuple[Program, tuple[SearchStrategy[Any], ...]]] = {
    AccountOpened: (_TRIAL, ()),
    PointsEarned: (_TRIAL, (_told("buy") | _told("visit"),)),
    PointsAdjusted: (_TRIAL, (_ADDED,)),
    PointsRedeemed: (_TRIAL, (_ADDED, _told("redeem"))),
    PointsReversed: (_TRIAL, (_told("buy"), _told("reverse"))),
    RedemptionRestored: (_TRIAL, (_ADDED, _told("redeem"), _told("restore"))),
    ExpiryExtended: (_TRIAL, (_ADDED, _told("extend", st.just(400)))),
    PointsHeld: (_TRIAL, _HELD),
    HoldCaptured: (_TRIAL, (*_HELD, _END)),
    HoldVoided: (_TRIAL, (*_HELD, _told("end_hold", st.just(0), st.just("void")))),
    HoldLapsed: (_TRIAL, (_ADDED, _told("hold", st.just(1), st.just(1)), _told("settle", pause=_LONG))),
    EscrowActivated: (_ESCROW, (_told("visit"), _told("activate", st.just(0)))),
    EscrowCanceled: (_ESCROW, (_told("visit"), _told("settle", pause=_LONG))),
    PointsExpired: (_TRIAL, (_ADDED, _told("settle", pause=_LONG))),
    PointsMatured: (_WAITING, (_ADDED, _told("settle", pause=_LONG))),
    TierAssigned: (_TRIAL, (_ASSIGNED,)),
    TierChanged: (_TRIAL, (_ASSIGNED,)),
    AccountSuspended: (_TRIAL, (_SWITCHED,)),
    AccountResumed: (_TRIAL, (_SWITCHED, _SWITCHED)),
    AccountClosed: (_TRIAL, (_told("close", words(), st.just(value=False)),)),
    MemberAdded: (_TRIAL, (_JOINED,)),
    MemberRemoved: (_TRIAL, (_JOINED, _told("part"))),
    PointsSent: (_TRIAL, (_ADDED, _told("send"))),
    PointsReceived: (_TRIAL, (_told("receive") | _told("absorb"),)),
}


def account_events(kind: type[Event] | None = None) -> SearchStrategy[Any]:
    """Events of accounts, as commands made them.

    Args:
        kind: The only class, such as `PointsEarned`; by default any.

    Raises:
        InvalidValue: For what is no class of such events.

    .. versionadded:: 0.1.0
    """
    if kind is None:
        return st.one_of(*map(_events, _MADE_BY))
    _checks.one_of(*_MADE_BY).require("account_events.kind", kind)
    return _events(kind)


def _events(kind: type[Event]) -> SearchStrategy[Any]:
    program, steps = _MADE_BY[kind]
    opened = account_changes(program=program, max_size=1)
    return named("account_events", st.builds(_last_of, st.just(kind), st.just(program), opened, st.tuples(*steps)))


def _last_of(kind: type[Event], program: Program, opened: tuple[Change[Account], ...], steps: tuple[Any, ...]) -> Event:
    change = opened[0]
    for drawn in steps:
        change = change.then(Steps(program)(drawn))
    return [event for event in change.events if type(event) is kind][-1]


# What events are made of.


def occasions(
    *,
    kind: str | SearchStrategy[str] | None = None,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[Occasion]:
    """Visits, birthdays and the like, with facts of every kind, some with lines.

    Args:
        kind: What earning rules name in `on`, or what kinds are drawn from.
        id: Of the occasion, or what ids are drawn from.
        at: The business moment, or what instants are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Occasion,
        either("occasions.kind", kind, _checks.text, st.sampled_from(("visit", "birthday"))),
        either("occasions.id", id, _checks.text, ids()),
        either("occasions.at", at, _checks.instant, instants()),
        FACTS,
        st.lists(_LINES, max_size=2),
    )


_LINES = st.fixed_dictionaries(
    {},
    optional={"line.net": constants(kind="number"), "line.category": words(), "line.quantity": st.integers(0, 3)},
)


def awards() -> SearchStrategy[Award]:
    """What one rule gave in one points currency.

    .. versionadded:: 0.1.0
    """
    return _AWARDS


_POINTS = st.integers(-100, 10**6)
_PER_LINE = st.dictionaries(st.integers(0, 3), _POINTS, max_size=2).map(lambda found: tuple(found.items()))
_AWARDS: SearchStrategy[Award] = st.builds(
    Award,
    rule=words(),
    currency=st.sampled_from(("points", "status")),
    group=words(),
    numerator=_POINTS,
    denominator=st.integers(1, 100),
    desired=_POINTS,
    granted=_POINTS,
    cap=st.none() | texts(),
    lines=_PER_LINE,
)


def breakdowns() -> SearchStrategy[Breakdown]:
    """Explanations of an award, with up to two rules that gave and two that did not.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Breakdown, awards=st.lists(_AWARDS, max_size=2).map(tuple), refused=_REFUSED, ineligible=_INELIGIBLE
    )


_REFUSED = st.lists(st.tuples(words(), st.sampled_from(("not_matched", "nothing"))), max_size=2).map(tuple)
_INELIGIBLE = st.lists(st.tuples(st.integers(1, 3), st.just("not_eligible")), max_size=2).map(tuple)


def credits(*, currency: str | SearchStrategy[str] | None = None) -> SearchStrategy[Credit]:  # noqa: A001 - of `Credit`
    """Lots as they were given, with every way to start and to end.

    Args:
        currency: Id of the points currency, or what ids are drawn from.

    Raises:
        InvalidValue: For an id that is empty or no str.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        _credit,
        ids(),
        either("credits.currency", currency, _checks.text, st.sampled_from(("points", "status"))),
        st.integers(1, 10**6),
        OPENED,
        st.sampled_from((0, 5)),
        LASTS,
        _PER_LINE,
        st.none() | _WAITS,
    )


def _credit(
    lot: str,
    currency: str,
    count: int,
    at: datetime,
    waits: int,
    lasts: int | None,
    lines: Any,
    escrow: InEscrow | None,
) -> Credit:
    end = None if lasts is None else later(at, timedelta(days=lasts))
    starts = later(at, timedelta(days=waits))
    return Credit(
        lot=lot,
        currency=currency,
        points=count,
        earned_at=at,
        available_at=starts,
        expires_at=end,
        own_end=end,
        idle=bool(waits),
        lines=lines,
        escrow=escrow,
    )


_WAITS: SearchStrategy[InEscrow] = st.builds(InEscrow, on=st.just("delivered"), lasts=MAYBE_EXPIRIES)


def _events_of(kind: type[Event]) -> Callable[[], SearchStrategy[Any]]:
    return lambda: account_events(kind)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Award: awards,
    Breakdown: breakdowns,
    Credit: credits,
    InEscrow: lambda: _WAITS,
    Occasion: occasions,
    **{kind: _events_of(kind) for kind in _MADE_BY},
}
"""The strategy of every stored form of what happens to accounts."""
