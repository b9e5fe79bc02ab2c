"""Referrals reached by commands, what happens to them, and their terms."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.calendars import Days, Months
from relex.changes import Change
from relex.errors import Conflict
from relex.loyalty import (
    Occasion,
    Referral,
    ReferralExpired,
    ReferralFlagged,
    ReferralInvited,
    ReferralJoined,
    ReferralQualified,
    ReferralRejected,
    ReferralReversed,
    ReferralRewarded,
    ReferralTerms,
)
from relex.purchases import Line, Purchase
from relex.rules import field
from relex.scoring import ScoreBand, ScoreCard, ScoreRule
from relex.testing.strategies._basics import either, ids, instants, named, sizes, texts, words, zones
from relex.testing.strategies._steps import Step, histories, later, pauses

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from hypothesis.strategies import SearchStrategy

    from relex.changes import Event

__all__ = ["STORED", "referral_changes", "referral_commands", "referral_events", "referral_terms", "referrals"]

_ENOUGH, _LARGE = 20, 90
_OPENED = instants(min_value=datetime(1990, 1, 1, tzinfo=UTC), max_value=datetime(2090, 1, 1, tzinfo=UTC))
_WATCH = ScoreCard(
    [ScoreRule("same day", field("referral.days") == 0, 10), ScoreRule("large", field("purchase.total") >= _LARGE, 20)],
    bands=[ScoreBand("clear"), ScoreBand("review", 20), ScoreBand("refuse", 30)],
)
_TERMS = ReferralTerms(
    "trial", on="every_purchase", when=field("purchase.total") >= _ENOUGH, within=Days(400), guards=_WATCH
)


def referral_terms(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
) -> SearchStrategy[ReferralTerms]:
    """When friends who were brought along count.

    Args:
        id: Of the terms, or what ids are drawn from.

    Raises:
        InvalidValue: For an id that is empty or no str.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        ReferralTerms,
        either("referral_terms.id", id, _checks.text, words()),
        version=st.integers(1, 9),
        on=st.sampled_from(("first_purchase", "every_purchase", "register")),
        when=st.sampled_from((None, field("purchase.total") >= _ENOUGH, field("event.weekday").is_in(6, 7))),
        within=st.sampled_from((None, Days(60), Months(2))),
        guards=st.sampled_from((None, _WATCH)),
        tz=zones(),
    )


def referral_changes(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - as above
    referrer: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    min_size: int = 1,
    max_size: int = 6,
) -> SearchStrategy[tuple[Change[Referral], ...]]:
    """The history of one referral as a store is asked to save it: the invitation, then changes that follow each other.

    Shrinks to an invitation alone.

    Args:
        id: Of the referral, or what ids are drawn from.
        referrer: Id of the customer who invites, or what ids are drawn from.
        at: Of the invitation; by default from 1990 to 2090.
        min_size: The fewest commands that are given; some of them may change nothing and are left out.
        max_size: The most commands, the invitation counted.

    Raises:
        InvalidValue: For an argument of a wrong type, or sizes below 1 or in the wrong order.

    .. versionadded:: 0.1.0
    """
    sizes("referral_changes", min_size, max_size, lowest=1)
    opening = st.builds(
        _invited,
        either("referral_changes.id", id, _checks.text, ids()),
        either("referral_changes.referrer", referrer, _checks.text, ids()),
        either("referral_changes.at", at, _checks.instant, _OPENED),
        st.none() | words(),
    )
    return histories(opening, _COMMANDS, min_size, max_size)


def _invited(id_: str, referrer: str, at: datetime, code: str | None) -> Change[Referral]:
    return Referral.invite(id_, _TERMS, referrer=referrer, at=at, code=code)


def referrals(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - as above
    referrer: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    max_size: int = 6,
) -> SearchStrategy[Referral]:
    """Referrals after some commands, so only such as can come to be; shrinks to an invitation.

    Args:
        id: Of the referral, or what ids are drawn from.
        referrer: Id of the customer who invites, or what ids are drawn from.
        at: Of the invitation; by default from 1990 to 2090.
        max_size: The most commands, the invitation counted.

    Raises:
        InvalidValue: As for `referral_changes`.

    .. versionadded:: 0.1.0
    """
    changes = referral_changes(id=id, referrer=referrer, at=at, max_size=max_size)
    return changes.map(lambda found: found[-1].state)


def referral_commands() -> SearchStrategy[Callable[[Referral], Change[Referral]]]:
    """The next command for any referral that `referral_changes` gives: it takes the state and gives the change.

    The command comes at the instant of the last event or later. What the rules refuse in that state, and what changes
    nothing, is a change without events.

    .. versionadded:: 0.1.0
    """
    return _COMMANDS


def _joined(referral: Referral, pause: timedelta) -> Change[Referral]:
    return referral.join(f"friend of {referral.referrer}", _TERMS, at=later(referral.changed_at, pause))


def _bought(referral: Referral, pause: timedelta, number: int, price: int, approved_by: str | None) -> Change[Referral]:
    at = later(referral.changed_at, pause)
    try:
        return referral.qualify(_sale(number, price, at), _TERMS, at=at, approved_by=approved_by)
    except Conflict:
        return Change(referral, ())


def _sale(number: int, price: int, at: datetime) -> Purchase:
    return Purchase(f"p{number}", at=at, currency="USD", lines=[Line(1, "latte", 1, gross=price)])


def _rewarded(referral: Referral, pause: timedelta) -> Change[Referral]:
    return referral.reward(at=later(referral.changed_at, pause))


def _ended(referral: Referral, pause: timedelta) -> Change[Referral]:
    return referral.reject(at=later(referral.changed_at, pause), reason="asked us to", actor="eve")


def _expired(referral: Referral, pause: timedelta) -> Change[Referral]:
    return referral.expire(at=later(referral.changed_at, pause))


def _came_back(referral: Referral, pause: timedelta) -> Change[Referral]:
    """The last purchase that counted comes back whole."""
    if not referral.qualified:
        return Change(referral, ())
    counted = referral.qualified[-1]
    sale = Purchase(counted.entry, at=counted.effective, currency="USD", lines=[Line(1, "latte", 1, gross=20)])
    at = later(referral.changed_at, pause)
    return referral.reverse(sale, [sale.take_back(id="back", at=at)], _TERMS, at=at)


def _step(run: Callable[..., Change[Referral]], *given: SearchStrategy[Any]) -> SearchStrategy[Step[Referral]]:
    name = run.__name__.removeprefix("_")
    return st.tuples(pauses(), *given).map(lambda drawn: Step(name, run, drawn))


_COMMANDS: SearchStrategy[Callable[[Referral], Change[Referral]]] = st.one_of(
    _step(_joined),
    _step(_bought, st.integers(1, 3), st.sampled_from((10, 20, 60, 95)), st.sampled_from((None, "eve"))),
    _step(_rewarded),
    _step(_came_back),
    _step(_expired),
    _step(_ended),
)


# What happens to referrals.


def referral_events(kind: type[Event] | None = None) -> SearchStrategy[Any]:
    """Events of referrals, each valid by itself.

    Args:
        kind: A class of events, such as `ReferralJoined`; by default any.

    Raises:
        InvalidValue: For another class.

    .. versionadded:: 0.1.0
    """
    if kind is None:
        return st.one_of(*map(_events, _PARTS))
    _checks.one_of(*_PARTS).require("referral_events.kind", kind)
    return _events(kind)


def _events(kind: type[Event]) -> SearchStrategy[Any]:
    made = st.builds(kind, source=ids(), version=st.integers(1, 99), at=instants(), **_PARTS[kind])
    return named("referral_events", made)


def _both(entry: str, at: datetime) -> tuple[Occasion, Occasion]:
    first, second = (Occasion("referral", f"r:{entry}:{side}", at, {"referral.side": side}) for side in _SIDES)
    return first, second


_SIDES = ("referrer", "referee")
_TEXTS = st.lists(texts(), max_size=2).map(sorted).map(tuple)
_MAYBE_ID = st.none() | ids()
_ENTRY: dict[str, SearchStrategy[Any]] = {
    "entry": ids(),
    "kind": st.sampled_from(("purchase", "enrollment")),
    "effective": instants(),
    "content": st.sampled_from(("", "0f")),
    "score": st.sampled_from((None, 20, Fraction(1, 3))),
    "because": _TEXTS,
}
_PARTS: dict[type[Event], dict[str, SearchStrategy[Any]]] = {
    ReferralInvited: {
        "referrer": ids(),
        "terms": ids(),
        "terms_version": st.integers(1, 9),
        "code": st.none() | words(),
        "until": st.none() | instants(),
    },
    ReferralJoined: {"referee": ids()},
    ReferralQualified: {
        **_ENTRY,
        "occasions": st.builds(_both, ids(), instants()),
        "count": st.integers(1, 9),
        "terms_version": st.integers(1, 9),
        "approved_by": _MAYBE_ID,
    },
    ReferralFlagged: _ENTRY,
    ReferralRejected: {
        "reason": texts(),
        "actor": _MAYBE_ID,
        "entry": _MAYBE_ID,
        "content": st.sampled_from(("", "0f")),
        "because": _TEXTS,
    },
    ReferralRewarded: {"entry": ids()},
    ReferralReversed: {
        "entry": ids(),
        "occasions": st.just((("referral", "r:p:referrer"), ("referral", "r:p:referee"))),
        "reason": st.sampled_from(("returned", "condition")),
    },
    ReferralExpired: {},
}


def _told(kind: type[Event]) -> Callable[[], SearchStrategy[Any]]:
    return lambda: referral_events(kind)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    ReferralTerms: referral_terms,
    Referral: referrals,
    **{kind: _told(kind) for kind in _PARTS},
}
"""The strategy of each class of referrals that has a stored form."""
