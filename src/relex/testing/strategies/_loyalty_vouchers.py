"""Campaigns, vouchers and budgets, reached by commands, and what happens to them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.calendars import Days, Months
from relex.changes import Change, Event
from relex.errors import Conflict
from relex.loyalty import (
    AmountOff,
    Budget,
    BudgetDrawn,
    BudgetGivenBack,
    BudgetOpened,
    Campaign,
    Cap,
    Gift,
    PercentOff,
    PriceAt,
    Promotion,
    Voucher,
    VoucherConfirmed,
    VoucherIssued,
    VoucherReleased,
    VoucherReserved,
    VoucherUseRestored,
    VoucherVoided,
)
from relex.money import Money
from relex.rules import field
from relex.testing.strategies._basics import either, ids, instants, sizes, words
from relex.testing.strategies._steps import Step, histories, later, pauses

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = [
    "STORED",
    "budget_changes",
    "budget_commands",
    "budget_events",
    "budgets",
    "campaigns",
    "voucher_changes",
    "voucher_commands",
    "voucher_events",
    "vouchers",
]

_ISSUED = instants(min_value=datetime(1990, 1, 1, tzinfo=UTC), max_value=datetime(2090, 1, 1, tzinfo=UTC))
_CODE = _checks.Check("a str of more than spaces", lambda value: isinstance(value, str) and value.strip() != "")
_MAYBE_WORD = st.none() | words()
_PAUSES = pauses()


# Campaigns.


def campaigns() -> SearchStrategy[Campaign]:
    """What codes stand for: discounts, gifts, points or stored value, with limits on uses.

    Shrinks to a discount without conditions.

    .. versionadded:: 0.1.0
    """
    return _CAMPAIGNS


def _campaign(id_: str, gives: Any, how: dict[str, Any]) -> Campaign:
    return Campaign(id_, gives, **how)


_OFF = st.sampled_from((
    PercentOff(10),
    AmountOff(Money("5.00", "USD")),
    PriceAt(Money("1.00", "USD")),
    Gift("mug"),
    Promotion("three", PercentOff("12.5"), on=field("line.category") == "tea"),
    250,
    Money("20.00", "USD"),
))  # fmt: skip
_LIMITS = st.builds(
    Cap,
    times=st.integers(0, 3),
    per=st.sampled_from(("ever", "day", "month", Days(30))),
    who=st.sampled_from(("account", "everyone")),
)
_CAMPAIGNS: SearchStrategy[Campaign] = st.builds(
    _campaign,
    words(),
    _OFF,
    st.fixed_dictionaries(
        {},
        optional={
            "when": st.just(field("basket.total").between(20, 100)),
            "caps": st.lists(_LIMITS, max_size=2),
            "valid": st.just((date(2026, 5, 1), date(2026, 5, 31))),
            "waits": st.just(Days(14)),
            "lasts": st.sampled_from((Days(30), Months(2))),
            "restorable": st.booleans(),
            "transferable": st.booleans(),
        },
    ),
)


# Vouchers.


_TRIAL = Campaign("trial", PercentOff(10), caps=[Cap(times=3, per="ever", who="everyone")], restorable=True)


def voucher_changes(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    at: datetime | SearchStrategy[datetime] | None = None,
    min_size: int = 1,
    max_size: int = 8,
) -> SearchStrategy[tuple[Change[Voucher], ...]]:
    """The history of one code as a store is asked to save it: issued, then changes that follow each other.

    It is of a campaign in which a code has three uses. Shrinks to a code that was just issued.

    Args:
        id: The code, or what codes are drawn from; it becomes upper-case, without surrounding spaces.
        at: When it is issued; by default from 1990 to 2090.
        min_size: The fewest commands that are given; some of them may change nothing and are left out.
        max_size: The most commands, the issue counted.

    Raises:
        InvalidValue: For an argument of a wrong type, or sizes below 1 or in the wrong order.

    .. versionadded:: 0.1.0
    """
    sizes("voucher_changes", min_size, max_size, lowest=1)
    issue = st.builds(
        _issue,
        either("voucher_changes.id", id, _CODE, ids().filter(_CODE.passes)),
        either("voucher_changes.at", at, _checks.instant, _ISSUED),
        _MAYBE_WORD,
        st.none() | st.integers(1, 60),
    )
    return histories(issue, voucher_commands(), min_size, max_size)


def _issue(code: str, at: datetime, owner: str | None, lasts: int | None) -> Change[Voucher]:
    ends = None if lasts is None else at + timedelta(days=lasts)
    return Voucher.issue(code, _TRIAL, at=at, owner=owner, expires_at=ends)


def vouchers(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - as above
    at: datetime | SearchStrategy[datetime] | None = None,
    max_size: int = 8,
) -> SearchStrategy[Voucher]:
    """Codes after some commands, so only such as can come to be; shrinks to one that was just issued.

    Args:
        id: The code, or what codes are drawn from.
        at: When it is issued; by default from 1990 to 2090.
        max_size: The most commands, the issue counted.

    Raises:
        InvalidValue: As for `voucher_changes`.

    .. versionadded:: 0.1.0
    """
    return voucher_changes(id=id, at=at, max_size=max_size).map(_state)


def voucher_commands() -> SearchStrategy[Callable[[Voucher], Change[Voucher]]]:
    """The next command for any voucher of `voucher_changes`: a callable that takes the state and gives the change.

    The command comes at the instant of the last event or later. What is refused in that state, and what changes
    nothing, is a change without events.

    .. versionadded:: 0.1.0
    """
    return _VOUCHER_COMMANDS


def _reserve(state: Voucher, pause: timedelta, minutes: int) -> Change[Voucher]:
    at, key = later(state.told_at, pause), f"u{state.version}"
    return state.reserve(key, _TRIAL, by=state.owner, at=at, until=at + timedelta(minutes=minutes))


def _on_a_use(name: str, state: Voucher, pause: timedelta, which: int) -> Change[Voucher]:
    if not state.uses:
        return Change(state, ())
    key, at = state.uses[which % len(state.uses)].key, later(state.told_at, pause)
    if name == "restore_use":
        return state.restore_use(key, _TRIAL, at=at, reason="canceled")
    found: Change[Voucher] = getattr(state, name)(key, at=at)
    return found


def _void(state: Voucher, pause: timedelta, reason: str) -> Change[Voucher]:
    try:
        return state.void(at=later(state.told_at, pause), reason=reason)
    except Conflict:
        return Change(state, ())


def _step(name: str, *given: SearchStrategy[Any], pause: SearchStrategy[timedelta] = _PAUSES) -> SearchStrategy[Any]:
    run: Any = {"reserve": _reserve, "void": _void}.get(name) or partial(_on_a_use, name)
    return st.tuples(pause, *given).map(lambda drawn: Step(name, run, drawn))


_WHICH = st.integers(0, 7)
_MINUTES = st.sampled_from((1, 15, 60 * 24 * 60))
_AT_ONCE = st.just(timedelta(0))
_TAKEN = _step("reserve", st.just(15), pause=_AT_ONCE)
_MADE = _step("confirm", st.just(0), pause=_AT_ONCE)
_VOUCHER_COMMANDS: SearchStrategy[Any] = st.one_of(
    _step("reserve", _MINUTES),
    _step("confirm", _WHICH),
    _step("release", _WHICH),
    _step("restore_use", _WHICH),
    _step("void", words()),
    _TAKEN,
    _MADE,
)
_VOUCHER_EVENTS: dict[type[Event], tuple[SearchStrategy[Any], ...]] = {
    VoucherIssued: (),
    VoucherReserved: (_TAKEN,),
    VoucherConfirmed: (_TAKEN, _MADE),
    VoucherReleased: (_TAKEN, _step("release", st.just(0), pause=_AT_ONCE)),
    VoucherUseRestored: (_TAKEN, _MADE, _step("restore_use", st.just(0))),
    VoucherVoided: (_step("void", words()),),
}


def voucher_events(kind: type[Event] | None = None) -> SearchStrategy[Any]:
    """Events of vouchers, as commands made them.

    Args:
        kind: The only class, such as `VoucherReserved`; by default any.

    Raises:
        InvalidValue: For what is no class of such events.

    .. versionadded:: 0.1.0
    """
    return _events("voucher_events", kind, _VOUCHER_EVENTS, voucher_changes(max_size=1))


# Budgets.


def budget_changes(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - as above
    at: datetime | SearchStrategy[datetime] | None = None,
    min_size: int = 1,
    max_size: int = 8,
) -> SearchStrategy[tuple[Change[Budget], ...]]:
    """The history of one budget as a store is asked to save it: opened, then draws and what is given back.

    Shrinks to one that was just opened.

    Args:
        id: Of the budget, or what ids are drawn from.
        at: When it is opened; by default from 1990 to 2090.
        min_size: The fewest commands that are given; some of them may change nothing and are left out.
        max_size: The most commands, the opening counted.

    Raises:
        InvalidValue: For an argument of a wrong type, or sizes below 1 or in the wrong order.

    .. versionadded:: 0.1.0
    """
    sizes("budget_changes", min_size, max_size, lowest=1)
    opening = st.builds(
        _opened,
        either("budget_changes.id", id, _checks.text, ids()),
        either("budget_changes.at", at, _checks.instant, _ISSUED),
        st.sampled_from(
            (("points", 1000), ("times", 3), ("units", Decimal("12.5")), ("amount", Money("90.00", "USD")))
        ),
        _MAYBE_WORD,
    )
    return histories(opening, budget_commands(), min_size, max_size)


def _opened(id_: str, at: datetime, limit: tuple[str, Any], currency: str | None) -> Change[Budget]:
    return Budget.open(id_, limit[1], at=at, unit=limit[0], currency=currency)


def budgets(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - as above
    at: datetime | SearchStrategy[datetime] | None = None,
    max_size: int = 8,
) -> SearchStrategy[Budget]:
    """Budgets after some commands, so only such as can come to be; shrinks to one that was just opened.

    Args:
        id: Of the budget, or what ids are drawn from.
        at: When it is opened; by default from 1990 to 2090.
        max_size: The most commands, the opening counted.

    Raises:
        InvalidValue: As for `budget_changes`.

    .. versionadded:: 0.1.0
    """
    return budget_changes(id=id, at=at, max_size=max_size).map(_state)


def budget_commands() -> SearchStrategy[Callable[[Budget], Change[Budget]]]:
    """The next command for any budget: a callable that takes the state and gives the change.

    The command comes at the instant of the last event or later. What is refused in that state, and what changes
    nothing, is a change without events.

    .. versionadded:: 0.1.0
    """
    return _BUDGET_COMMANDS


def _move(name: str, state: Budget, pause: timedelta, quarters: int, days: int) -> Change[Budget]:
    """So many quarters of the limit, for a business moment some days ago."""
    at = later(max(event.at for event in state.history), pause)
    n: Any = state.limit
    n = n.times(Decimal(quarters) / 4) if isinstance(n, Money) else Fraction(n) * quarters / 4
    if state.unit in {"points", "times"}:
        n = int(n)
    found: Change[Budget] = getattr(state, name)(n, f"k{state.version}", at=at, effective=at - timedelta(days=days))
    return found


def _moving(name: str, quarters: SearchStrategy[int]) -> SearchStrategy[Any]:
    given = st.tuples(_PAUSES, quarters, st.integers(0, 3))
    return given.map(lambda drawn: Step(name, partial(_move, name), drawn))


_DRAWING = _moving("draw", st.integers(0, 5))
_GIVING_BACK = _moving("give_back", st.integers(0, 4))
_BUDGET_COMMANDS: SearchStrategy[Any] = st.one_of(_DRAWING, _DRAWING, _GIVING_BACK)
_BUDGET_EVENTS: dict[type[Event], tuple[SearchStrategy[Any], ...]] = {
    BudgetOpened: (),
    BudgetDrawn: (_moving("draw", st.just(4)),),
    BudgetGivenBack: (_moving("draw", st.just(4)), _GIVING_BACK),
}


def budget_events(kind: type[Event] | None = None) -> SearchStrategy[Any]:
    """Events of budgets, as commands made them.

    Args:
        kind: The only class, such as `BudgetDrawn`; by default any.

    Raises:
        InvalidValue: For what is no class of such events.

    .. versionadded:: 0.1.0
    """
    return _events("budget_events", kind, _BUDGET_EVENTS, budget_changes(max_size=1))


def _state(changes: tuple[Change[Any], ...]) -> Any:
    return changes[-1].state


def _events(
    path: str,
    kind: type[Event] | None,
    made_by: dict[type[Event], tuple[SearchStrategy[Any], ...]],
    first: SearchStrategy[Any],
) -> SearchStrategy[Any]:
    if kind is None:
        return st.one_of(*[_after(first, steps) for steps in made_by.values()])
    _checks.one_of(*made_by).require(f"{path}.kind", kind)
    return _after(first, made_by[kind])


def _after(first: SearchStrategy[Any], steps: tuple[SearchStrategy[Any], ...]) -> SearchStrategy[Any]:
    """The last event after these commands, none of which is refused."""
    return st.builds(_last, first, st.tuples(*steps))


def _last(changes: tuple[Change[Any], ...], steps: tuple[Any, ...]) -> Event:
    change = changes[-1]
    for step in steps:
        change = step(change.state)
    return change.events[0]


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Campaign: campaigns,
    Voucher: vouchers,
    Budget: budgets,
    **{kind: partial(voucher_events, kind) for kind in _VOUCHER_EVENTS},
    **{kind: partial(budget_events, kind) for kind in _BUDGET_EVENTS},
}
"""The strategies of campaigns, vouchers and budgets, and of their events."""
