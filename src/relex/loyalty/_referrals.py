"""Referrals: a customer brings a friend along, and both are thanked once it counts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._html import table
from relex.calendars import local_date
from relex.changes import Change, Event
from relex.codec import tagged
from relex.errors import Conflict, InvalidValue, NotFound, Rejected
from relex.loyalty import _qualifying, _referral_returns
from relex.loyalty._occasions import in_utc
from relex.loyalty._qualifying import TERMS, pairs_of, require_order, require_terms, shared_keys
from relex.loyalty._referral_events import (
    ReferralExpired,
    ReferralFlagged,
    ReferralInvited,
    ReferralJoined,
    ReferralQualified,
    ReferralRejected,
    ReferralRewarded,
)
from relex.loyalty._referral_folding import folded
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relex.loyalty._referral_terms import ReferralTerms
    from relex.purchases import Purchase, Return

__all__ = ["Referral"]


@tagged("loyalty.Referral")
@attrs.frozen(init=False, weakref_slot=False)
class Referral:
    """One customer who brings another: made by `invite`, changed by commands, each of which returns a `Change`.

    It is `invited`, then `joined`; an entry of the friend makes it `qualified`, and `rewarded` when both sides have
    earned. Or it is `rejected`, `expired` (its time was over before anything counted), or `reversed` (nothing that
    counted is left). It holds no points: the event `ReferralQualified` carries an occasion for each side, and the
    earning rules with `on="referral"` decide.

    Attributes:
        history: Every event, oldest first.
        id: Of the referral.
        version: How many events made this state.
        referrer: Id of the customer who invited.
        referee: Id of the friend; None before they joined.
        code: By which the friend is known to be invited, or None.
        terms: Id of the terms.
        until: When the invitation ends; None for never.
        state: `invited`, `joined`, `qualified`, `rewarded`, `rejected`, `expired` or `reversed`, as recorded.
        opened_at: When the invitation was made.
        joined_at: When the friend joined; None before.
        changed_at: When the last event happened.
        qualified: The entries that counted, oldest first, also those that were reversed.
        rewarded: Ids of entries for which both sides have earned, sorted.
        reversed: Ids of entries that no longer count, sorted.
        flagged: Entries that wait for somebody who approves them.
        fact_schema: The facts of every referral.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.loyalty import Occasion, ReferralTerms
        >>> day = datetime(2026, 3, 1, 9, tzinfo=UTC)
        >>> terms = ReferralTerms("friends", on="register")
        >>> referral, _ = Referral.invite("r1", terms, referrer="ann", at=day)
        >>> referral, _ = referral.join("bob", terms, at=day)
        >>> referral, events = referral.qualify(Occasion("enrollment", "a2", day), terms, at=day)
        >>> referral.state, [occasion.id for occasion in events[0].occasions]
        ('qualified', ['r1:a2:referrer', 'r1:a2:referee'])

    .. versionadded:: 0.1.0
    """

    history: tuple[Event, ...] = attrs.field(repr=False)
    id: str = attrs.field(init=False, eq=False)
    version: int = attrs.field(init=False, eq=False)
    referrer: str = attrs.field(init=False, eq=False)
    referee: str | None = attrs.field(init=False, eq=False)
    code: str | None = attrs.field(init=False, eq=False)
    terms: str = attrs.field(init=False, eq=False)
    until: datetime | None = attrs.field(init=False, eq=False)
    state: str = attrs.field(init=False, eq=False)
    opened_at: datetime = attrs.field(init=False, eq=False)
    joined_at: datetime | None = attrs.field(init=False, eq=False)
    changed_at: datetime = attrs.field(init=False, eq=False)
    qualified: tuple[ReferralQualified, ...] = attrs.field(init=False, eq=False, repr=False)
    rewarded: tuple[str, ...] = attrs.field(init=False, eq=False)
    reversed: tuple[str, ...] = attrs.field(init=False, eq=False)
    flagged: tuple[ReferralFlagged, ...] = attrs.field(init=False, eq=False, repr=False)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "referral.code": str,
            "referral.count": int,
            "referral.id": str,
            "referral.joined_at": datetime,
            "referral.opened_at": datetime,
            "referral.referee": str,
            "referral.referrer": str,
            "referral.state": str,
            "referral.terms": str,
            "referral.until": datetime,
        }
    )

    def __init__(self, history: Iterable[Event]) -> None:
        """Build the referral from its events.

        Raises:
            InvalidValue: For no event, one that is none of a referral, or what no commands would have told.
            Conflict: For events that do not follow each other.
        """
        events = _checks.items("Referral.history", history)
        for name, value in {"history": events, **folded(events)}.items():
            object.__setattr__(self, name, value)

    @staticmethod
    def evolve(state: Referral | None, event: Event) -> Referral:
        """The referral after one more event."""
        return Referral((event,) if state is None else (*state.history, event))

    @staticmethod
    def invite(
        id: str,  # noqa: A002 - the field's name everywhere in relex
        terms: ReferralTerms,
        *,
        referrer: str,
        at: datetime,
        code: str | None = None,
    ) -> Change[Referral]:
        """Open a referral: an invitation that was sent, or a shared code that a friend has just used.

        Args:
            id: Of the referral; one for each friend.
            terms: What counts, and until when.
            referrer: Id of the customer who invites.
            at: When.
            code: By which the friend will be known.

        .. versionadded:: 0.1.0
        """
        TERMS.require("invite.terms", terms)
        at = in_utc("invite.at", at)
        until = None if terms.within is None else terms.within.ends(local_date(at, terms.tz), terms.tz)
        event = ReferralInvited(
            source=id,
            version=1,
            at=at,
            referrer=referrer,
            terms=terms.id,
            terms_version=terms.version,
            code=code,
            until=None if until is None else in_utc("invite.until", until),
        )
        return Change(Referral((event,)), (event,))

    def join(
        self,
        referee: str,
        terms: ReferralTerms,
        *,
        at: datetime,
        keys: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        referrer_keys: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        customer_since: datetime | None = None,
        referred_by: str | None = None,
    ) -> Change[Referral]:
        """The friend becomes a customer.

        Args:
            referee: Id of the friend.
            terms: The terms.
            at: When.
            keys: (kind, value) pairs by which the friend is known: household, mailbox key, phone, device, payment.
            referrer_keys: Those of the referrer. Neither are stored.
            customer_since: Since when the friend is a customer, where they were one before.
            referred_by: Id of another referral in which the friend is the referee, where there is one.

        Raises:
            Rejected: `self_referral` (keys), `known_customer`, `already_referred`, `too_late`, `rejected`, `expired`,
                `out_of_order`, `other_terms`.
            Conflict: When another friend has joined by this referral.

        .. versionadded:: 0.1.0
        """
        _checks.text.require("join.referee", referee)
        require_terms("join", self, terms)
        if self.referee is not None:
            if self.referee != referee:
                raise Conflict(self.id, self.referee, referee)
            return Change(self, ())
        at = require_order("join", self, at)
        self._require_new(referee, at, customer_since, referred_by)
        shared_keys("join", pairs_of("join.keys", keys), pairs_of("join.referrer_keys", referrer_keys))
        return self._after(ReferralJoined(source=self.id, version=self.version + 1, at=at, referee=referee))

    def _require_new(self, referee: str, at: datetime, since: datetime | None, referred_by: str | None) -> None:
        if self.state == "rejected":
            raise Rejected("join", "rejected", {"state": self.state, "because": self.rejected_because})
        if self.until is not None and at >= self.until:
            raise Rejected("join", "too_late", {"at": at, "until": self.until})
        if referee == self.referrer:
            raise Rejected("join", "self_referral", {"keys": ("customer",), "allowed": ()})
        if since is not None and in_utc("join.customer_since", since) < self.opened_at:
            raise Rejected("join", "known_customer", {"customer_since": since, "invited_at": self.opened_at})
        if referred_by not in {None, self.id}:
            raise Rejected("join", "already_referred", {"referral": referred_by})

    def qualify(
        self,
        entry: Any,
        terms: ReferralTerms,
        *,
        at: datetime,
        keys: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        referrer_keys: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        facts: Mapping[str, Any] | None = None,
        approved_by: str | None = None,
    ) -> Change[Referral]:
        """Judge an entry of the friend; give every purchase, in the order in which they happened.

        With `on="first_purchase"` the first one decides: when it does not meet `when`, or the guards refuse it, the
        referral is rejected. Where every purchase may count, one that does not is refused and ends nothing. An entry
        that the guards want reviewed is flagged, and counts when it is given again with `approved_by`.
        The same entry given twice changes nothing the second time.

        Args:
            entry: A purchase, or for `on="register"` the `enrollment`.
            terms: The terms.
            at: When the command is made; the entry's own `at` is the business moment and not after it.
            keys: As for `join`: a purchase may bring new ones, such as the card that paid.
            referrer_keys: Those of the referrer.
            facts: More for the rule and the guards, such as `customer.country`.
            approved_by: Who let it pass that the guards want reviewed.

        Raises:
            Rejected: `not_joined`, `before_joining`, `too_late`, `already_decided` (entry), `rejected`, `future`,
                `self_referral` (keys), `other_customer`, `unknown` (missing facts), `other_terms`, `out_of_order`;
                where every purchase may count, `condition` and `suspicious`.
            Conflict: When an entry of this id was judged with other content.
            InvalidValue: For an entry of another kind than the terms look at.

        .. versionadded:: 0.1.0
        """
        asked = _qualifying.Asked(
            pairs_of("qualify.keys", keys), pairs_of("qualify.referrer_keys", referrer_keys), facts, approved_by
        )
        return self._after(*_qualifying.qualifying(self, entry, terms, at, asked))

    def reward(self, entry: str | None = None, *, at: datetime) -> Change[Referral]:
        """Note that both sides have earned what an entry gives.

        Args:
            entry: Id of the entry; by default each one that waits for it.
            at: When.

        Raises:
            NotFound: For an entry that did not count.
            Rejected: `not_qualified` where nothing counted, `reversed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        known = [event.entry for event in self.qualified]
        if not known:
            raise Rejected("reward", "not_qualified", {"state": self.state})
        if entry is not None and entry not in known:
            raise NotFound("entry of the referral", entry)
        if entry in self.reversed:
            raise Rejected("reward", "reversed", {"entry": entry})
        done = {*self.rewarded, *self.reversed}
        waiting = [name for name in known if name not in done and entry in {None, name}]
        if not waiting:
            return Change(self, ())
        at = require_order("reward", self, at)
        return self._after(
            *[
                ReferralRewarded(source=self.id, version=self.version + place, at=at, entry=name)
                for place, name in enumerate(waiting, 1)
            ]
        )

    def reject(self, *, at: datetime, reason: str, actor: str) -> Change[Referral]:
        """End a referral of which nothing counted.

        Raises:
            Rejected: `qualified` where something counts: a return reverses it; `no_reason`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        if not (_checks.text.passes(reason) and _checks.text.passes(actor)):
            raise Rejected("reject", "no_reason", {"reason": reason, "actor": actor})
        if self.state == "rejected":
            return Change(self, ())
        if self.state not in {"invited", "joined", "expired"}:
            raise Rejected("reject", "qualified", {"state": self.state, "allowed": ("invited", "joined", "expired")})
        at = require_order("reject", self, at)
        event = ReferralRejected(source=self.id, version=self.version + 1, at=at, reason=reason, actor=actor)
        return self._after(event)

    def expire(self, *, at: datetime) -> Change[Referral]:
        """Report that the time is over, where it is and nothing counted; nothing depends on it.

        .. versionadded:: 0.1.0
        """
        at = in_utc("expire.at", at)
        if self.state == "expired" or self.state_at(at) != "expired":
            return Change(self, ())
        at = require_order("expire", self, at)
        return self._after(ReferralExpired(source=self.id, version=self.version + 1, at=at))

    def reverse(
        self,
        purchase: Purchase,
        returns: Iterable[Return],
        terms: ReferralTerms,
        *,
        at: datetime,
        facts: Mapping[str, Any] | None = None,
    ) -> Change[Referral]:
        """Judge a purchase that counted by what is left of it.

        When nothing is left, or what is left does not meet `when`, the entry no longer counts; the event names the
        occasions of both sides, for `Account.reverse_occasion` of their accounts.

        Args:
            purchase: The purchase.
            returns: All that came back of it so far; the same one given twice counts once.
            terms: The terms.
            at: When.
            facts: More for the rule, as for `qualify`.

        Raises:
            NotFound: For a purchase that did not count.
            Rejected: `unknown` (missing facts), `other_terms`, `out_of_order`.
            InvalidValue: For a return of another purchase.
            Conflict: For two returns of one id.
            CurrencyMismatch: For a return that tells its value in another currency.

        .. versionadded:: 0.1.0
        """
        return self._after(*_referral_returns.reversing(self, purchase, returns, terms, at, facts))

    def _after(self, *events: Event) -> Change[Referral]:
        return Change(Referral((*self.history, *events)) if events else self, events)

    @property
    def rejected_because(self) -> str | None:
        """Why it was rejected; None while it is not."""
        return next((event.reason for event in self.history if isinstance(event, ReferralRejected)), None)

    def state_at(self, as_of: datetime) -> str:
        """The state at an instant: `expired` by time alone, whether or not anybody reported it.

        Raises:
            InvalidValue: Before the invitation, or for a naive datetime.

        .. versionadded:: 0.1.0
        """
        at = in_utc("state_at.as_of", as_of)
        known = tuple([event for event in self.history if event.at <= at])
        if not known:
            raise InvalidValue("state_at.as_of", as_of, f"an instant from {self.opened_at.isoformat()} on")
        state = self.state if known == self.history else str(folded(known)["state"])
        is_over = self.until is not None and at >= self.until
        return "expired" if is_over and state in {"invited", "joined"} else state

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, as of the last event."""
        return {
            "referral.id": self.id,
            "referral.referrer": self.referrer,
            "referral.referee": self.referee,
            "referral.code": self.code,
            "referral.terms": self.terms,
            "referral.state": self.state,
            "referral.opened_at": self.opened_at,
            "referral.joined_at": self.joined_at,
            "referral.until": self.until,
            "referral.count": len(self.qualified) - len(self.reversed),
        }

    def __str__(self) -> str:
        return f"{self.id}: {self.referrer} brings {self.referee or 'somebody'}, {self.state}"

    def _repr_html_(self) -> str:
        rows = [
            (event.at, type(event).__name__.removeprefix("Referral").lower(), _told(event)) for event in self.history
        ]
        return table(str(self), ("at", "what", "about"), rows)


def _told(event: Any) -> str:
    names = ("referrer", "referee", "entry", "reason", "actor", "approved_by")
    found = [str(value) for name in names if (value := getattr(event, name, None)) is not None]
    return ", ".join([*found, *getattr(event, "because", ())])
