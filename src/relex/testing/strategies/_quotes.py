"""Approval policies, and quotes reached by the commands that people give them."""

from __future__ import annotations

from datetime import UTC
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.changes import Change
from relex.errors import InvalidValue
from relex.money import Money, minor_digits
from relex.pipeline import (
    Approval,
    ApprovalNeed,
    ApprovalPolicy,
    ApprovalRule,
    Quote,
    QuoteAccepted,
    QuoteApproved,
    QuoteChanged,
    QuoteDeclined,
    QuoteLine,
    QuoteOpened,
    QuoteRefused,
    QuoteRevised,
    QuoteSent,
    QuoteSubmitted,
    QuoteSuperseded,
    QuoteWithdrawn,
)
from relex.purchases import Discount
from relex.rules import TRUE
from relex.testing.strategies._basics import days, either, ids, instants, named, sizes, texts, words
from relex.testing.strategies._money import currencies
from relex.testing.strategies._prices import quote_lines, quote_roundings
from relex.testing.strategies._rules import rules
from relex.testing.strategies._steps import Step, histories, later, pauses

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime, timedelta

    from hypothesis.strategies import SearchStrategy

    from relex.changes import Event
    from relex.pipeline import QuoteRounding

__all__ = [
    "STORED",
    "approval_needs",
    "approval_policies",
    "approval_rules",
    "approvals",
    "quote_changes",
    "quote_commands",
    "quote_events",
    "quotes",
]

_ROLES = st.sampled_from(("manager", "finance", "legal"))
_PEOPLE = st.sampled_from(("ann", "bob", "eve"))
_MAYBE = st.none() | words()
_LEVELS = st.integers(1, 3)
_CURRENCY = _checks.currency_code


def approval_rules(*, name: str | SearchStrategy[str] | None = None) -> SearchStrategy[ApprovalRule]:
    """Rules over the facts of quotes that ask for an approval.

    Args:
        name: Of the rule, or what names are drawn from.

    Raises:
        InvalidValue: For an empty name.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        ApprovalRule,
        name=either("approval_rules.name", name, _checks.text, words()),
        when=st.just(TRUE) | rules(Quote.fact_schema),
        role=_ROLES,
        level=_LEVELS,
    )


def approval_policies() -> SearchStrategy[ApprovalPolicy]:
    """Policies of up to three rules; shrinks to one that asks for nothing.

    .. versionadded:: 0.1.0
    """
    return _POLICIES


_POLICIES = named(
    "approval_policies",
    st.builds(
        ApprovalPolicy,
        st.lists(approval_rules(), max_size=3, unique_by=lambda rule: rule.name),
        undecided=st.sampled_from(("ask", "pass")),
        version=st.integers(1, 9),
    ),
)


def approval_needs() -> SearchStrategy[ApprovalNeed]:
    """Approvals that a quote needs.

    .. versionadded:: 0.1.0
    """
    return st.builds(ApprovalNeed, rule=words(), role=_ROLES, level=_LEVELS, why=texts())


def approvals() -> SearchStrategy[Approval]:
    """Approvals that were given.

    .. versionadded:: 0.1.0
    """
    return st.builds(Approval, rule=words(), role=_ROLES, by=ids())


def quote_changes(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    currency: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    min_size: int = 1,
    max_size: int = 6,
) -> SearchStrategy[tuple[Change[Quote], ...]]:
    """The history of one quote as a store is asked to save it: the opening, then changes that follow each other.

    Shrinks to an opening alone.

    Args:
        id: Of the quote, or what ids are drawn from.
        currency: The only currency, or what currencies are drawn from.
        at: Of the opening.
        min_size: The fewest commands that are given; some of them may change nothing and are left out.
        max_size: The most commands, the opening counted.

    Raises:
        InvalidValue: For an argument of a wrong type, or sizes below 1 or in the wrong order.

    .. versionadded:: 0.1.0
    """
    sizes("quote_changes", min_size, max_size, lowest=1)
    opened = st.builds(
        _open,
        either("quote_changes.id", id, _checks.text, ids()),
        either("quote_changes.currency", currency, _CURRENCY, currencies()),
        either("quote_changes.at", at, _checks.instant, instants()),
        _FIRST,
    )
    return histories(opened, quote_commands(), min_size, max_size)


def quotes(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    currency: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    max_size: int = 6,
) -> SearchStrategy[Quote]:
    """Quotes after some commands, so only such as can come to be; shrinks to an empty draft.

    Args:
        id: Of the quote, or what ids are drawn from.
        currency: The only currency, or what currencies are drawn from.
        at: Of the opening.
        max_size: The most commands, the opening counted.

    Raises:
        InvalidValue: As for `quote_changes`.

    .. versionadded:: 0.1.0
    """
    return quote_changes(id=id, currency=currency, at=at, max_size=max_size).map(_state)


def quote_commands() -> SearchStrategy[Callable[[Quote], Change[Quote]]]:
    """The next command for any quote: a callable that takes the state and gives the change.

    The command comes at the instant of the last event or later. What the rules refuse in that state, and what changes
    nothing, is a change without events.

    .. versionadded:: 0.1.0
    """
    return _COMMANDS


def quote_events(kind: type[Event] | None = None) -> SearchStrategy[Any]:
    """Events of quotes.

    Args:
        kind: The only class, such as `QuoteSent`; by default any.

    Raises:
        InvalidValue: For what is no class of such events.

    .. versionadded:: 0.1.0
    """
    if kind is None:
        return st.one_of(*map(quote_events, _WAYS))
    if kind not in _WAYS:
        raise InvalidValue("quote_events.kind", kind, f"one of {', '.join(each.__name__ for each in _WAYS)}")
    return st.builds(_walked, _OPENINGS, _WAYS[kind], st.integers(0, 10**6), pauses())


def _state(changes: tuple[Change[Quote], ...]) -> Quote:
    return changes[-1].state


def _open(id_: str, currency: str, at: datetime, more: dict[str, Any]) -> Change[Quote]:
    return Quote.open(id_, currency=currency, at=at, **more)


_SOME = st.lists(quote_lines(), min_size=1, max_size=3, unique_by=lambda line: line.number)
_LINES: SearchStrategy[list[QuoteLine]] = st.one_of(st.just([]), _SOME, _SOME, _SOME)
_PERCENTS = st.lists(st.builds(Discount, percent=st.integers(0, 100), code=_MAYBE), max_size=2)
_DAYS = st.none() | days()
_FIRST: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"lines": _LINES},
    optional={
        "discounts": _PERCENTS,
        "rounding": quote_roundings(),
        "valid_until": _DAYS,
        "opportunity": ids(),
        "customer": ids(),
        "owner": _PEOPLE,
        "name": texts(),
    },
)
_OPENINGS = st.builds(_open, ids(), currencies(), instants(), _FIRST)


def _set_lines(state: Quote, pause: timedelta, lines: list[QuoteLine]) -> Change[Quote]:
    at = later(state.changed_at, pause)
    percents = [each for each in state.discounts if each.amount is None]  # an amount may be too much for other lines
    return state.set_discounts(percents, at=at).then(lambda quote: quote.set_lines(lines, at=at))


def _set_discounts(state: Quote, pause: timedelta, percents: list[Discount], share: int) -> Change[Quote]:
    at = later(state.changed_at, pause)
    left = sum([line.net for line in state.lines], Fraction(0))
    for each in percents:
        left = left * (100 - int(each.percent or 0)) / 100
    units = int(left * 10 ** minor_digits(state.currency)) * share // 100
    amounts = [Discount(amount=Money.of_minor(units, state.currency).amount)] if units > 0 else []
    return state.set_discounts([*percents, *amounts], at=at)


def _set_rounding(state: Quote, pause: timedelta, rounding: QuoteRounding) -> Change[Quote]:
    return state.set_rounding(rounding, at=later(state.changed_at, pause))


def _set_validity(state: Quote, pause: timedelta, valid_until: date | None) -> Change[Quote]:
    return state.set_validity(valid_until, at=later(state.changed_at, pause))


def _submit(state: Quote, pause: timedelta, policy: ApprovalPolicy, by: str) -> Change[Quote]:
    return state.submit(policy, by=by, at=later(state.changed_at, pause))


def _approve(state: Quote, pause: timedelta, by: str, other: str) -> Change[Quote]:
    role = state.outstanding[0].role if state.outstanding else other
    return state.approve(by=by, role=role, at=later(state.changed_at, pause))


def _refuse(state: Quote, pause: timedelta, by: str, reason: str | None) -> Change[Quote]:
    role = state.outstanding[0].role if state.outstanding else "manager"
    return state.refuse(by=by, role=role, reason=reason, at=later(state.changed_at, pause))


def _withdraw(state: Quote, pause: timedelta, by: str, reason: str | None) -> Change[Quote]:
    return state.withdraw(by=by, reason=reason, at=later(state.changed_at, pause))


def _send(state: Quote, pause: timedelta) -> Change[Quote]:
    return state.send(at=later(state.changed_at, pause))


# What is answered is sent first where that is still to be done; else few quotes would be answered.
def _accept(state: Quote, pause: timedelta, amount_from: str, current: int | None) -> Change[Quote]:
    at = later(state.changed_at, pause)
    deal = None if current is None else Money.of_minor(current, state.currency)
    return state.send(at=at).then(lambda quote: quote.accept(at=at, tz=UTC, current=deal, amount_from=amount_from))


def _decline(state: Quote, pause: timedelta, reason: str | None) -> Change[Quote]:
    at = later(state.changed_at, pause)
    return state.send(at=at).then(lambda quote: quote.decline(at=at, reason=reason))


def _revise(state: Quote, pause: timedelta) -> Change[Quote]:
    return state.revise(at=later(state.changed_at, pause))


def _step(name: str, run: Callable[..., Change[Quote]], *given: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.tuples(pauses(), *given).map(lambda drawn: Step(name, run, drawn))


_STEPS = (
    _step("send", _send),
    _step("submit", _submit, approval_policies(), _PEOPLE),
    _step("approve", _approve, _PEOPLE, _ROLES),
    _step("accept", _accept, st.sampled_from(("quote", "highest", "keep")), st.none() | st.integers(0, 10**6)),
    _step("set_lines", _set_lines, _LINES),
    _step("set_discounts", _set_discounts, _PERCENTS, st.integers(0, 100)),
    _step("set_rounding", _set_rounding, quote_roundings()),
    _step("set_validity", _set_validity, _DAYS),
    _step("refuse", _refuse, _PEOPLE, _MAYBE),
    _step("withdraw", _withdraw, _PEOPLE, _MAYBE),
    _step("decline", _decline, _MAYBE),
    _step("revise", _revise),
)
_COMMANDS: SearchStrategy[Any] = named("quote_commands", st.one_of(*_STEPS))


def _walked(opened: Change[Quote], way: tuple[str, ...], chosen: int, pause: timedelta) -> Event:
    """The last event of a way that every quote can go."""
    quote = opened.state
    event = opened.events[0]
    for name in way:
        change = _MOVES[name](quote, later(quote.changed_at, pause), chosen)
        quote, event = change.state, change.events[-1]
    return event


_POLICY = ApprovalPolicy([ApprovalRule(name="always", when=TRUE, role="manager")])


def _another_day(quote: Quote, at: datetime, chosen: int) -> Change[Quote]:
    """A last date that is not the one it has, and has not passed."""
    del chosen
    days_left = at.date().max if quote.valid_until != at.date().max else None
    return quote.set_validity(days_left, at=at)


def _lined(quote: Quote, at: datetime, chosen: int) -> Change[Quote]:
    """A quote that can be sent and accepted."""
    del chosen
    line = QuoteLine(10, "a", 1, list_price=1)
    return quote.set_validity(None, at=at).then(lambda it: it.set_lines((*it.lines, line), at=at))


def _superseded(revised: Quote) -> Change[Quote]:
    """What a revision is once there is a later one."""
    found = revised.at_revision(revised.revision - 1)
    return Change(found, found.history[-1:])


_MOVES: dict[str, Callable[[Quote, Any, int], Change[Quote]]] = {
    "change": _another_day,
    "line": _lined,
    "submit": lambda quote, at, chosen: quote.submit(_POLICY if chosen % 2 else ApprovalPolicy([]), by="ann", at=at),
    "ask": lambda quote, at, _: quote.submit(_POLICY, by="ann", at=at),
    "approve": lambda quote, at, _: quote.approve(by="bob", role="manager", at=at),
    "refuse": lambda quote, at, chosen: quote.refuse(
        by="bob", role="manager", at=at, reason=str(chosen) if chosen % 2 else None
    ),
    "withdraw": lambda quote, at, chosen: quote.withdraw(by="ann", at=at, reason=str(chosen) if chosen % 2 else None),
    "send": lambda quote, at, _: quote.send(at=at),
    "accept": lambda quote, at, chosen: quote.accept(
        at=at, amount_from="keep" if chosen % 2 else "quote", current=Money.of_minor(chosen, quote.currency)
    ),
    "decline": lambda quote, at, chosen: quote.decline(at=at, reason=str(chosen) if chosen % 2 else None),
    "revise": lambda quote, at, _: quote.revise(at=at),
    "supersede": lambda quote, at, _: _superseded(quote.revise(at=at).state),
}
_WAYS: dict[type, SearchStrategy[tuple[str, ...]]] = {
    QuoteOpened: st.just(()),
    QuoteChanged: st.just(("change",)),
    QuoteSubmitted: st.just(("line", "submit")),
    QuoteApproved: st.just(("line", "ask", "approve")),
    QuoteRefused: st.just(("line", "ask", "refuse")),
    QuoteWithdrawn: st.sampled_from((("line", "ask", "withdraw"), ("line", "submit", "withdraw"))),
    QuoteSent: st.just(("line", "send")),
    QuoteAccepted: st.sampled_from((("line", "send", "accept"), ("line", "send", "revise", "send", "accept"))),
    QuoteDeclined: st.sampled_from((("line", "send", "decline"), ("line", "send", "revise", "send", "decline"))),
    QuoteRevised: st.sampled_from((("revise",), ("line", "send", "revise"))),
    QuoteSuperseded: st.sampled_from((("supersede",), ("line", "send", "supersede"))),
}

STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Approval: approvals,
    ApprovalNeed: approval_needs,
    ApprovalPolicy: approval_policies,
    ApprovalRule: approval_rules,
    Quote: quotes,
    **{kind: partial(quote_events, kind) for kind in _WAYS},
}
"""The strategy of quotes, of their events, and of approvals."""
