"""The quote: what is offered to a customer, in revisions, with approvals, until it is accepted or declined."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._instants import is_before
from relex._trusted import filling, replacing
from relex.calendars import local_date
from relex.changes import Change, replay
from relex.codec import tagged
from relex.errors import Conflict, InvalidValue, Rejected
from relex.money import Money, minor_digits
from relex.pipeline._approval import Approval, ApprovalNeed, ApprovalPolicy
from relex.pipeline._quote_events import (
    QuoteAccepted,
    QuoteApproved,
    QuoteChanged,
    QuoteDeclined,
    QuoteEvent,
    QuoteOpened,
    QuoteRefused,
    QuoteRevised,
    QuoteSent,
    QuoteSubmitted,
    QuoteSuperseded,
    QuoteWithdrawn,
)
from relex.pipeline._quote_facts import SCHEMA, facts_of
from relex.pipeline._quote_folding import CHANGES, evolved, opened
from relex.pipeline._quote_html import quote_html
from relex.pipeline._quote_lines import QuoteLine
from relex.pipeline._quote_order import purchase_of
from relex.pipeline._waterfall import QuotePrice, QuoteRounding, priced
from relex.purchases import Discount
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from relex.changes import Event
    from relex.purchases import Product, Purchase

__all__ = ["Quote"]

_OPEN = ("draft", "submitted", "approved")
_FROZEN = ("sent", "accepted", "declined", "superseded")
_TEXT_OR_NONE = _checks.optional(_checks.text)
_MONEY_OR_NONE = _checks.optional(_checks.a(Money))
_POLICY = _checks.a(ApprovalPolicy)
_FROM = _checks.one_of("quote", "highest", "keep")
_OF = _checks.one_of("net", "total")
_PLAIN = QuoteRounding()


@tagged("pipeline.Quote")
@attrs.frozen(init=False, weakref_slot=False)
class Quote:
    """What is offered to a customer: draft, submitted and approved where that is needed, sent, accepted or declined.

    It is its history: only the events are stored, and every attribute follows from them.
    A quote that was sent is frozen; `revise` begins a new revision as a draft, and the one before is superseded.
    A change of a quote that was submitted or approved makes it a draft again: approvals belong to what was approved.

    A command that would change nothing gives no event. `at` may equal the instant of the last event and must not lie
    before it.

    Attributes:
        history: Every event, oldest first.
        id: Of the quote.
        version: How many events made this state.
        revision: Which revision this is, from 1 on; only the latest can be accepted.
        status: `draft`, `submitted`, `approved`, `sent`, `accepted` or `declined`; `superseded` only of what
            `at_revision` gives.
        currency: Of all its amounts.
        opportunity: Id of the deal, or None.
        customer: Id of the customer, or None.
        owner: Id of who makes it, or None.
        name: For people, or None.
        lines: What is offered; numbers are unique.
        discounts: Of the whole quote, one after the other: a percent, or an amount that is shared out to the lines.
        rounding: Where and how amounts are rounded.
        valid_until: The last date on which it can be accepted; None is without end.
        submitted_by: Id of who asked for approvals, or None.
        needed: The approvals that are needed, lowest level first.
        approvals: Those that were given.
        opened_at: When it was begun.
        changed_at: When the last event happened.
        sent_at: When this revision was sent, or None.
        closed_at: When it was accepted or declined, or None.
        fact_schema: The facts of every quote and of its lines.

    Example:
        >>> from datetime import UTC, date, datetime
        >>> day = datetime(2026, 5, 4, tzinfo=UTC)
        >>> line = QuoteLine(1, "seat", 5, list_price=100, tax_rate="0.2")
        >>> quote, _ = Quote.open("q1", currency="EUR", lines=[line], valid_until=date(2026, 5, 31), at=day)
        >>> quote, _ = quote.set_discounts([Discount(amount=50)], at=day)
        >>> print(quote.price.net, quote.price.tax, quote.price.total)
        450.00 EUR 90.00 EUR 540.00 EUR
        >>> quote, _ = quote.send(at=day)
        >>> quote.accept(at=day, tz=UTC).state.status
        'accepted'

    .. versionadded:: 0.1.0
    """

    history: tuple[QuoteEvent, ...] = attrs.field(repr=False)
    id: str = attrs.field(init=False, eq=False)
    version: int = attrs.field(init=False, eq=False)
    revision: int = attrs.field(init=False, eq=False)
    status: str = attrs.field(init=False, eq=False)
    currency: str = attrs.field(init=False, eq=False)
    opportunity: str | None = attrs.field(init=False, eq=False)
    customer: str | None = attrs.field(init=False, eq=False)
    owner: str | None = attrs.field(init=False, eq=False)
    name: str | None = attrs.field(init=False, eq=False)
    lines: tuple[QuoteLine, ...] = attrs.field(init=False, eq=False)
    discounts: tuple[Discount, ...] = attrs.field(init=False, eq=False)
    rounding: QuoteRounding = attrs.field(init=False, eq=False)
    valid_until: date | None = attrs.field(init=False, eq=False)
    submitted_by: str | None = attrs.field(init=False, eq=False)
    needed: tuple[ApprovalNeed, ...] = attrs.field(init=False, eq=False)
    approvals: tuple[Approval, ...] = attrs.field(init=False, eq=False)
    opened_at: datetime = attrs.field(init=False, eq=False)
    changed_at: datetime = attrs.field(init=False, eq=False)
    sent_at: datetime | None = attrs.field(init=False, eq=False)
    closed_at: datetime | None = attrs.field(init=False, eq=False)
    _price: QuotePrice | None = attrs.field(init=False, eq=False, repr=False)

    fact_schema: ClassVar[FactSchema] = SCHEMA

    def __init__(self, history: Iterable[QuoteEvent]) -> None:
        """Build the quote from its events.

        Raises:
            InvalidValue: For no event, or one that is none of a quote.
            Conflict: For events that do not follow each other.
        """
        events = _checks.items("Quote.history", history)
        found = _folded(events)
        if found is None:
            raise InvalidValue("Quote.history", events, "at least one event")
        _fill(self, *[getattr(found, name) for name in _FIELDS])

    @property
    def price(self) -> QuotePrice:
        """What it amounts to: every step from the list price to the total, of each line and of the whole."""
        found = self._price
        if found is None:
            found = priced(self.lines, self.discounts, self.currency, self.rounding)
            object.__setattr__(self, "_price", found)
        return found

    @property
    def total(self) -> Money:
        """What is to be paid."""
        return self.price.total

    @property
    def outstanding(self) -> tuple[ApprovalNeed, ...]:
        """The approvals that are still needed, lowest level first."""
        given = {approval.rule for approval in self.approvals}
        return tuple([need for need in self.needed if need.rule not in given])

    def is_expired(self, *, as_of: datetime, tz: tzinfo) -> bool:
        """Whether it was not accepted and its last date has passed in a time zone; the date itself is valid.

        Raises:
            InvalidValue: For a naive datetime, or what is no time zone.

        .. versionadded:: 0.1.0
        """
        today = local_date(as_of, tz)
        return self.status != "accepted" and self.valid_until is not None and today > self.valid_until

    def standing(self, *, as_of: datetime, tz: tzinfo) -> str:
        """The status, or `expired` where nobody has answered and the last date has passed.

        Raises:
            InvalidValue: For a naive datetime, or what is no time zone.

        .. versionadded:: 0.1.0
        """
        is_open = self.status in {*_OPEN, "sent"}
        return "expired" if self.is_expired(as_of=as_of, tz=tz) and is_open else self.status

    def amount_for(self, current: Money | None, *, amount_from: str = "quote", of: str = "net") -> Money | None:
        """What the amount of the deal is to be once the quote is accepted.

        Args:
            current: What it is now; None where it has none.
            amount_from: `quote`: that of the quote; `highest`: that of the quote unless it would lower it; `keep`.
            of: Which amount of the quote: `net`, since tax is no revenue, or `total`.

        Raises:
            CurrencyMismatch: For `highest`, when the deal is in another currency.
            InvalidValue: For another policy.

        .. versionadded:: 0.1.0
        """
        _MONEY_OR_NONE.require("amount_for.current", current)
        _FROM.require("amount_for.amount_from", amount_from)
        _OF.require("amount_for.of", of)
        if amount_from == "keep":
            return current
        offered = self.price.net if of == "net" else self.price.total
        return offered if current is None or amount_from == "quote" else max(current, offered)

    @staticmethod
    def open(  # noqa: PLR0913 - all that a quote may begin with
        id: str,  # noqa: A002 - the field's name everywhere in relex
        *,
        currency: str,
        at: datetime,
        lines: Iterable[QuoteLine] = (),
        discounts: Iterable[Discount] = (),
        rounding: QuoteRounding = _PLAIN,
        valid_until: date | None = None,
        opportunity: str | None = None,
        customer: str | None = None,
        owner: str | None = None,
        name: str | None = None,
    ) -> Change[Quote]:
        """A new quote, as a draft.

        Args:
            id: Of the quote.
            currency: Of all its amounts.
            at: When it is begun.
            lines: What is offered.
            discounts: Of the whole quote.
            rounding: Where and how amounts are rounded.
            valid_until: The last date on which it can be accepted.
            opportunity: Id of the deal.
            customer: Id of the customer.
            owner: Id of who makes it.
            name: For people.

        Raises:
            InvalidValue: For a naive datetime, two lines of one number, a currency without minor units, or a discount
                larger than what it applies to.

        .. versionadded:: 0.1.0
        """
        event = QuoteOpened(
            source=id,
            version=1,
            at=at,
            currency=currency,
            lines=_checks.items("open.lines", lines),
            discounts=_checks.items("open.discounts", discounts),
            rounding=rounding,
            valid_until=valid_until,
            opportunity=opportunity,
            customer=customer,
            owner=owner,
            name=name,
        )
        return Change(Quote.evolve(None, event), (event,))

    def set_lines(self, lines: Iterable[QuoteLine], *, at: datetime) -> Change[Quote]:
        """Offer other lines.

        Raises:
            InvalidValue: As for `open`.
            Rejected: `frozen` once it was sent, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return self._offer("set_lines", at, lines=_checks.items("set_lines.lines", lines))

    def set_discounts(self, discounts: Iterable[Discount], *, at: datetime) -> Change[Quote]:
        """Give other discounts on the whole quote.

        Raises:
            InvalidValue: As for `open`.
            Rejected: `frozen` once it was sent, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return self._offer("set_discounts", at, discounts=_checks.items("set_discounts.discounts", discounts))

    def set_rounding(self, rounding: QuoteRounding, *, at: datetime) -> Change[Quote]:
        """Round in another way.

        Raises:
            InvalidValue: For anything but a `QuoteRounding`.
            Rejected: `frozen` once it was sent, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return self._offer("set_rounding", at, rounding=rounding)

    def set_validity(self, valid_until: date | None, *, at: datetime) -> Change[Quote]:
        """Let it be valid until another date, that date included; None is without end.

        Raises:
            InvalidValue: For anything but a date.
            Rejected: `frozen` once it was sent, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return self._offer("set_validity", at, valid_until=valid_until)

    def submit(self, policy: ApprovalPolicy, *, by: str, at: datetime) -> Change[Quote]:
        """Ask for the approvals that a policy wants; where it wants none, the quote is approved at once.

        Raises:
            InvalidValue: For anything but an `ApprovalPolicy`, or an empty id.
            Rejected: `frozen` once it was sent, `already_submitted`, `no_lines`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("submit", at)
        _POLICY.require("submit.policy", policy)
        self._require_draft("submit")
        needed = policy.check(self, at).needed
        reason = None if needed else "no_matching_rule"
        return self._after(QuoteSubmitted(source=self.id, version=version, at=at, by=by, needed=needed, reason=reason))

    def approve(self, *, by: str, role: str, at: datetime, rule: str | None = None) -> Change[Quote]:
        """Give one of the approvals that are needed, at the lowest level that is outstanding.

        Args:
            by: Id of who approves; never who submitted.
            role: In which role.
            at: When.
            rule: Which rule it is for; by default the first one that waits for the role.

        Raises:
            InvalidValue: For an empty text.
            Rejected: `not_submitted`, `own_request`, `not_needed` (with the roles that are), `level_order` (with the
                roles that come first), `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("approve", at)
        need = self._waiting("approve", by, role, rule)
        approval = Approval(rule=need.rule, role=role, by=by)
        return self._after(QuoteApproved(source=self.id, version=version, at=at, approval=approval))

    def refuse(self, *, by: str, role: str, at: datetime, reason: str | None = None) -> Change[Quote]:
        """Refuse an approval that is needed; the quote is a draft again.

        Raises:
            InvalidValue: For an empty text.
            Rejected: As for `approve`.

        .. versionadded:: 0.1.0
        """
        version = self._next("refuse", at)
        self._waiting("refuse", by, role, None)
        return self._after(QuoteRefused(source=self.id, version=version, at=at, by=by, role=role, reason=reason))

    def withdraw(self, *, by: str, at: datetime, reason: str | None = None) -> Change[Quote]:
        """Take back what was submitted or approved; the quote is a draft again, and its approvals are void.

        Args:
            by: Id of who takes it back, the one who submitted it too.
            at: When.
            reason: Why.

        Raises:
            InvalidValue: For an empty text.
            Rejected: `not_submitted`, `frozen` once it was sent, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("withdraw", at)
        self._require_open("withdraw")
        if self.status == "draft":
            raise Rejected("withdraw", "not_submitted", {"status": self.status})
        return self._after(QuoteWithdrawn(source=self.id, version=version, at=at, by=by, reason=reason))

    def send(self, policy: ApprovalPolicy | None = None, *, at: datetime) -> Change[Quote]:
        """Send it to the customer; from now on it is frozen. No event if it was sent already.

        Args:
            policy: Sends it only if this wants no approval that was not given, whatever it was submitted under;
                without one a draft is sent as it is.
            at: When.

        Raises:
            InvalidValue: For anything but an `ApprovalPolicy`.
            Rejected: `not_approved` (with what is still needed), `frozen` once it was accepted or declined, `no_lines`,
                `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("send", at)
        _checks.optional(_POLICY).require("send.policy", policy)
        if self.status == "sent":
            return Change(self, ())
        if self.status == "draft":
            self._require_draft("send")
        self._require_open("send")
        needed = self.outstanding
        if policy is not None:
            given = {(approval.rule, approval.role) for approval in self.approvals}
            wanted = [need for need in policy.check(self, at).needed if (need.rule, need.role) not in given]
            needed = tuple(dict.fromkeys([*needed, *wanted]))
        if needed:
            raise Rejected("send", "not_approved", {"status": self.status, "needed": needed})
        return self._after(QuoteSent(source=self.id, version=version, at=at))

    def accept(
        self,
        *,
        at: datetime,
        tz: tzinfo | None = None,
        revision: int | None = None,
        current: Money | None = None,
        amount_from: str = "quote",
        of: str = "net",
    ) -> Change[Quote]:
        """The customer accepts; the event tells what the amount of the deal is to be, as `amount_for` does.

        Args:
            at: When.
            tz: The time zone in which dates pass; needed where the quote has a last date.
            revision: Which revision; by default the latest.
            current: The amount of the deal now.
            amount_from: `quote`, `highest` or `keep`.
            of: `net` or `total`.

        Raises:
            InvalidValue: For a naive datetime, no time zone where one is needed, or a revision that is no whole number.
            Rejected: `already_accepted`, `superseded`, `unknown_revision`, `declined`, `not_sent`, `expired`,
                `out_of_order`.
            CurrencyMismatch: For `highest`, when the deal is in another currency.

        .. versionadded:: 0.1.0
        """
        version = self._next("accept", at)
        self._require_sent("accept", revision)
        if self.valid_until is not None:
            _checks.zone.require("accept.tz", tz)
            if self.is_expired(as_of=at, tz=tz):  # type: ignore[arg-type]  # as required
                raise Rejected("accept", "expired", {"valid_until": self.valid_until})
        event = QuoteAccepted(
            source=self.id,
            version=version,
            at=at,
            revision=self.revision,
            opportunity=self.opportunity,
            amount=self.amount_for(current, amount_from=amount_from, of=of),
        )
        return self._after(event)

    def decline(self, *, at: datetime, reason: str | None = None, revision: int | None = None) -> Change[Quote]:
        """The customer declines, whether or not the last date has passed.

        Raises:
            InvalidValue: For an empty reason, or a revision that is no whole number.
            Rejected: `already_accepted`, `superseded`, `unknown_revision`, `declined`, `not_sent`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("decline", at)
        self._require_sent("decline", revision)
        return self._after(QuoteDeclined(source=self.id, version=version, at=at, revision=self.revision, reason=reason))

    def revise(self, *, at: datetime) -> Change[Quote]:
        """Begin the next revision as a draft of the same content; this one is superseded.

        Raises:
            Rejected: `already_accepted`, `superseded`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("revise", at)
        if self.status in {"accepted", "superseded"}:
            reason = "already_accepted" if self.status == "accepted" else "superseded"
            raise Rejected("revise", reason, {"revision": self.revision})
        return self._after(QuoteRevised(source=self.id, version=version, at=at, revision=self.revision + 1))

    @staticmethod
    def evolve(state: Quote | None, event: Event) -> Quote:
        """The state after an event.

        Raises:
            Conflict: For an event of another quote, or one that is not the next.
            InvalidValue: For anything but the opening first, what is no event of a quote that is there, an event before
                the last one, or content that `open` would refuse.

        .. versionadded:: 0.1.0
        """
        _STATE.require("Quote.evolve.state", state)
        found = _stepped(state, event)
        return found if state is None else _replace(found, history=(*state.history, event))

    def as_of(self, at: datetime) -> Quote | None:
        """The quote as it was at an instant, events of that very instant included; None before it was begun.

        Raises:
            InvalidValue: For a naive datetime.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("Quote.as_of.at", at)
        return _folded(tuple([event for event in self.history if not is_before(at, event.at)]))

    def at_revision(self, revision: int) -> Quote:
        """A revision as it last was, and superseded, which no command changes any more; the latest is the quote itself.

        Raises:
            InvalidValue: For a revision that there is not.

        .. versionadded:: 0.1.0
        """
        _checks.whole(least=1, most=self.revision).require("Quote.at_revision.revision", revision)
        if revision == self.revision:
            return self
        after = {event.revision: event.version for event in self.history if isinstance(event, QuoteRevised)}
        later = self.history[after[revision + 1] - 1]
        end = QuoteSuperseded(source=self.id, version=later.version, at=later.at, revision=revision + 1)
        return _folded((*self.history[: later.version - 1], end))  # type: ignore[return-value]  # it has its opening

    def to_purchase(
        self,
        id: str,  # noqa: A002 - the field's name everywhere in relex
        *,
        at: datetime,
        products: Iterable[Product] = (),
        channel: str | None = None,
        store: str | None = None,
    ) -> Purchase:
        """The order: a purchase with the same total, to the last minor unit.

        A quote that rounds each line half-up, without credits, becomes a purchase with tax on top whose lines have the
        same net and tax. Any other becomes one whose prices contain the tax: the stated prices then add up to the total
        whatever rounding made them. A purchase has no negative lines, so a credit lowers the lines of its tax rate.

        Args:
            id: Of the purchase.
            at: When it happens.
            products: Of the catalog: their category, brand and tastes are copied.
            channel: Such as `web`.
            store: Id of the place.

        Raises:
            Rejected: `not_accepted`, or `credit_too_large` where credits of a tax rate exceed its other lines.

        .. versionadded:: 0.1.0
        """
        if self.status != "accepted":
            raise Rejected("to_purchase", "not_accepted", {"status": self.status, "allowed": "accepted"})
        return purchase_of(self, id, at=at, products=products, channel=channel, store=store)

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names; amounts are Decimals in `currency`.

        `discount_percent` is 100 (1 - net / list) of the whole, `margin_percent` 100 (net - cost) / net, both before
        rounding; `term_months` is the longest term of a line, 0 where nothing is sold for a time.
        What cannot be computed is None. Under `lines`, one mapping for each line.

        Example:
            >>> from datetime import UTC, datetime
            >>> line = QuoteLine(1, "seat", 4, list_price=50, discounts=[Discount(percent=20)])
            >>> quote, _ = Quote.open("q1", currency="EUR", lines=[line], at=datetime(2026, 5, 4, tzinfo=UTC))
            >>> quote.facts()["discount_percent"], quote.facts()["margin_percent"]
            (Decimal('20'), None)
        """
        return facts_of(self)

    def __str__(self) -> str:
        return f"quote {self.id} revision {self.revision}, {self.status}: {self.total}"

    def _repr_html_(self) -> str:
        return quote_html(self)

    def _next(self, command: str, at: datetime) -> int:
        """The version of the next event, if it may happen at this instant."""
        _checks.instant.require(f"{command}.at", at)
        if is_before(at, self.changed_at):
            raise Rejected(command, "out_of_order", {"at": at, "not_before": self.changed_at})
        return self.version + 1

    def _after(self, event: QuoteEvent) -> Change[Quote]:
        return Change(Quote.evolve(self, event), (event,))

    def _require_open(self, command: str) -> None:
        if self.status in _FROZEN:
            raise Rejected(command, "frozen", {"status": self.status, "allowed": "revise"})

    def _require_draft(self, command: str) -> None:
        """Refuse unless it is a draft that offers something."""
        self._require_open(command)
        if self.status != "draft":
            raise Rejected(command, "already_submitted", {"status": self.status, "needed": self.outstanding})
        if not self.lines:
            raise Rejected(command, "no_lines", {"status": self.status})

    def _require_sent(self, command: str, revision: int | None) -> None:
        """Refuse unless this is the latest revision, and the customer has it and has not answered."""
        asked = self.revision if revision is None else revision
        _checks.whole(least=1).require(f"{command}.revision", asked)
        details = {"revision": asked, "latest": self.revision, "status": self.status}
        if asked < self.revision or self.status == "superseded":
            raise Rejected(command, "superseded", details)
        if asked > self.revision:
            raise Rejected(command, "unknown_revision", details)
        if self.status in {"accepted", "declined"}:
            raise Rejected(command, "already_accepted" if self.status == "accepted" else "declined", details)
        if self.status != "sent":
            raise Rejected(command, "not_sent", details)

    def _offer(self, command: str, at: datetime, **changes: Any) -> Change[Quote]:
        version = self._next(command, at)
        self._require_open(command)
        before = {name: getattr(self, name) for name in ("lines", "discounts", "rounding", "valid_until")}
        content = {**before, **changes}
        event = QuoteChanged(source=self.id, version=version, at=at, **content)
        return Change(self, ()) if content == before else self._after(event)

    def _waiting(self, command: str, by: str, role: str, rule: str | None) -> ApprovalNeed:
        """The need that somebody in a role can answer now."""
        _checks.text.require(f"{command}.by", by)
        _checks.text.require(f"{command}.role", role)
        _TEXT_OR_NONE.require(f"{command}.rule", rule)
        if self.status != "submitted":
            raise Rejected(command, "not_submitted", {"status": self.status})
        if by == self.submitted_by:
            raise Rejected(command, "own_request", {"by": by, "needed": self.outstanding})
        first = [need for need in self.outstanding if need.level == self.outstanding[0].level]
        details: dict[str, object] = {"role": role, "allowed": tuple(dict.fromkeys([need.role for need in first]))}
        asked = [need for need in self.outstanding if need.role == role and rule in {None, need.rule}]
        if not asked:
            raise Rejected(command, "not_needed", details)
        if asked[0].level != first[0].level:
            raise Rejected(command, "level_order", details)
        return asked[0]


_FIELDS = [field.name for field in attrs.fields(Quote)]
_fill, _replace = filling(Quote), replacing(Quote)
_STATE = _checks.optional(_checks.a(Quote))


def _begun(event: Any) -> Quote:
    fields = opened(event)
    found = object.__new__(Quote)
    _fill(found, *[fields[name] for name in _FIELDS])
    return _checked(found)


def _stepped(state: Quote | None, event: Any) -> Quote:
    """The next state, with the history of the one before: to copy that in each step of a fold would take its square."""
    _require_next(state, event)
    if state is None:
        return _begun(event)
    found = _replace(state, **evolved(state, event))
    return _checked(found) if isinstance(event, QuoteChanged) else found


def _folded(history: tuple[QuoteEvent, ...]) -> Quote | None:
    found = replay(_stepped, history)
    return None if found is None else _replace(found, history=history)


def _require_next(state: Quote | None, event: Any) -> None:
    allowed = (QuoteOpened,) if state is None else tuple(CHANGES)
    if type(event) not in allowed:
        names = ", ".join(kind.__name__ for kind in allowed)
        raise InvalidValue("Quote.evolve.event", event, f"one of {names}")
    now = (event.source, 0) if state is None else (state.id, state.version)
    if (event.source, event.version) != (now[0], now[1] + 1):
        raise Conflict(event.source, now, (event.source, event.version))
    if state is not None and is_before(event.at, state.changed_at):
        raise InvalidValue("Quote.evolve.event.at", event.at, f"not before {state.changed_at}")


def _checked(quote: Quote) -> Quote:
    """The quote, if what it offers can be priced."""
    numbers = [line.number for line in quote.lines]
    if len(set(numbers)) != len(numbers):
        raise InvalidValue("Quote.lines", numbers, "lines with different numbers")
    for place, discount in enumerate(quote.discounts):
        if discount.per_unit is not None:
            raise InvalidValue(f"Quote.discounts[{place}]", discount, "a percent or an amount")
    minor_digits(quote.currency)
    if quote.discounts:
        _ = quote.price
    return quote
