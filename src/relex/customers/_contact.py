"""May I contact her about this, on this channel, now, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex import _checks
from relex._instants import moment
from relex.customers._addresses import CHANNELS, address
from relex.customers._caps import FrequencyCap, SentLog
from relex.customers._consent_index import Question
from relex.customers._consent_ledger import ConsentLedger
from relex.customers._consent_policy import ConsentPolicy, Purpose
from relex.customers._customer import Customer
from relex.customers._decision import Decision, Reason, decision, reason
from relex.customers._links import Link
from relex.customers._suppression import SuppressionList
from relex.errors import InvalidValue
from relex.parties import ContactPoint

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta, tzinfo

    from relex.calendars import BusinessCalendar
    from relex.customers._caps import Sent
    from relex.customers._consent import Consent

__all__ = ["channel_of", "ids_of", "may_contact"]

_CUSTOMER = _checks.a(Customer)
_POINT = _checks.optional(_checks.a(ContactPoint))
_POLICY = _checks.a(ConsentPolicy)
_SUPPRESSED = _checks.optional(_checks.a(SuppressionList))
_TEXTS = _checks.each(_checks.text)


def may_contact(  # noqa: PLR0913 - all that has a say
    customer: Customer,
    point: ContactPoint | None,
    purpose: str,
    *,
    at: datetime,
    policy: ConsentPolicy,
    ledger: ConsentLedger | Iterable[Consent],
    topic: str | None = None,
    channel: str | None = None,
    sent: SentLog | Iterable[Sent] = (),
    suppressed: SuppressionList | None = None,
    zone: tzinfo | None = None,
    household: Iterable[str] = (),
    account: Iterable[str] = (),
) -> Decision:
    """Whether a customer may be contacted at an instant, with every reason against it.

    Everything is looked at, and the first reason does not stop the rest. The reasons come in this order: `erased`,
    `merged`, `deceased`, `suppressed`, `no-point`, `point-not-valid`, `point-bounced`, `point-unverified`,
    `consent:refused`, `consent:pending`, `consent:expired` or `consent:unknown` (for the purpose, then for the topic),
    `channel-avoided`, `quiet`, and `cap:<name>`. The last two only hold a message; the others refuse it.

    A yes is not a send: what is sent is counted from when the sender records it.

    Args:
        customer: Whom.
        point: Where; one of the customer's, whose own state counts. None is no point at all.
        purpose: One that the policy declares.
        at: When.
        policy: What is asked consent for, the hours and the caps.
        ledger: Entries of consent, or a `ConsentLedger` of them, which is worth its making for a second question. It
            needs the entries of everybody who was merged into the customer; the merges themselves are known from
            `customer.parts`, and past ones from the `merges` of the ledger.
        topic: A part of the purpose, which needs an agreement of its own.
        channel: By default the one that the kind of point serves: a phone is called unless it says `sms`.
        sent: What was sent before, or a `SentLog` of it.
        suppressed: Who must be kept out; None where there is no such list.
        zone: Of the customer, on whose clocks the policy's hours are read; hours that the customer prefers have their
            own.
        household: Ids of the customers who share the customer's household, for caps of that scope.
        account: Ids of the customers who belong to the customer's account.

    Raises:
        InvalidValue: For an undeclared purpose, a naive datetime, or an argument of a wrong type.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.customers import Consent, Customer, PersonName, Purpose
        >>> day = datetime(2026, 5, 4, 9, tzinfo=UTC)
        >>> email = ContactPoint("email", "anna@example.com")
        >>> anna, _ = Customer.open("c1", PersonName("Anna Berg"), at=day).then(lambda it: it.add_point(email, at=day))
        >>> yes = Consent("e1", customer="c1", at=day, status="granted", purpose="news", channel="email")
        >>> policy = ConsentPolicy([Purpose("news")])
        >>> may_contact(anna, email, "news", ledger=[yes], policy=policy, at=day).outcome
        'allowed'
        >>> print(may_contact(anna, email, "news", topic="shoes", ledger=[yes], policy=policy, at=day))
        refused: news/shoes by email
          consent:unknown (shoes)

    .. versionadded:: 0.1.0
    """
    asked = _Asked(customer, point, purpose, topic, channel, policy, at)
    told = ledger if isinstance(ledger, ConsentLedger) else ConsentLedger(ledger)
    asked.ledger = told.knowing(_merges(customer)) if customer.parts else told
    asked.sent = sent if isinstance(sent, SentLog) else SentLog(sent)
    if suppressed is not None:
        _SUPPRESSED.require("may_contact.suppressed", suppressed)
        asked.suppressed = suppressed
    return asked.answered(zone, ids_of("household", household), ids_of("account", account))


class _Asked:
    """One question, with all that it is asked of."""

    __slots__ = (
        "address",
        "at",
        "channel",
        "customer",
        "known",
        "ledger",
        "own",
        "point",
        "policy",
        "purpose",
        "sent",
        "suppressed",
        "topic",
    )

    def __init__(
        self,
        customer: Customer,
        point: ContactPoint | None,
        purpose: str,
        topic: str | None,
        channel: str | None,
        policy: ConsentPolicy,
        at: datetime,
    ) -> None:
        if not isinstance(customer, Customer):
            _CUSTOMER.require("may_contact.customer", customer)
        if not isinstance(policy, ConsentPolicy):
            _POLICY.require("may_contact.policy", policy)
        if point is not None and not isinstance(point, ContactPoint):
            _POINT.require("may_contact.point", point)
        try:
            self.known: timedelta = moment(at)
        except (TypeError, AttributeError):
            raise InvalidValue("may_contact.at", at, _checks.instant.expected) from None
        self.customer, self.point, self.policy, self.at = customer, point, policy, at
        self.purpose: Purpose = policy.purpose(purpose)
        self.topic = _text_or_none("topic", topic)
        self.channel = channel_of(point, _text_or_none("channel", channel))
        self.address: str | None = None if point is None else address(point)
        self.own = None if point is None else _own(customer, point)
        self.suppressed: SuppressionList | None = None
        self.ledger: ConsentLedger
        self.sent: SentLog

    def answered(self, zone: tzinfo | None, household: tuple[str, ...], account: tuple[str, ...]) -> Decision:
        """Look at everything, and tell all that stands in the way."""
        reasons = self.lasting()
        waits, hours = self.quiet(zone)
        for cap, ids in self.caps(household, account) if self.purpose.commercial else ():
            if self.sent.count(cap, self.known, point=self.address, customers=ids) >= cap.limit:
                waits.append(reason(f"cap:{cap.name}", None, cap.name, self.released(cap, ids)))
        if not waits:
            return self.decided("refused" if reasons else "allowed", reasons, None)
        return self.waiting(reasons, waits, hours)

    def decided(self, outcome: str, reasons: list[Reason], next_at: datetime | None) -> Decision:
        """The decision."""
        return decision(
            outcome,
            tuple(reasons),
            next_at,
            self.customer.id,
            self.purpose.name,
            self.topic,
            self.channel,
            self.address,
            self.at,
        )

    def lasting(self) -> list[Reason]:
        """What refuses the message."""
        found: list[Reason] = []
        customer = self.customer
        if customer.erased_at is not None:
            found.append(reason("erased", None, None, None))
        if customer.merged_into is not None:
            found.append(reason("merged", None, customer.merged_into, None))
        if self.policy.deceased_tag in customer.tags:
            found.append(reason("deceased", None, self.policy.deceased_tag, None))
        if self.suppressed is not None and self.address is not None:
            entry = self.suppressed.hit(self.address, self.purpose.name, self.known)
            if entry is not None:
                found.append(reason("suppressed", None, entry.id, None))
        if self.own is None:
            found.append(reason("no-point", None, self.address, None))
        found += self.ending(self.at)
        if self.purpose.commercial and self.channel in customer.preferences.avoid:
            found.append(reason("channel-avoided", None, self.channel, None))
        return found

    def ending(self, when: datetime) -> list[Reason]:
        """What of it may come about by itself: at an instant, by the entries that are known now."""
        found: list[Reason] = []
        point = self.own if self.own is not None else self.point
        if point is not None:
            self._about_the_point(found, point, when)
        self._about_consent(found, when)
        return found

    def _about_the_point(self, found: list[Reason], point: ContactPoint, when: datetime) -> None:
        if point.key is None or point.state == "invalid" or not (point.valid is None or point.is_valid(when)):
            found.append(reason("point-not-valid", None, self.address, None))
        if point.state == "bounced":
            found.append(reason("point-bounced", None, self.address, None))
        if self.policy.verified_only and (point.verified_at is None or moment(point.verified_at) > self.known):
            found.append(reason("point-unverified", None, self.address, None))

    def _about_consent(self, found: list[Reason], when: datetime) -> None:
        model = self.policy.model(self.purpose, self.channel)
        if model == "none":
            return
        then = self.known if when is self.at else moment(when)
        for topic in (None,) if self.topic is None else (None, self.topic):
            question = Question(self.customer.id, self.purpose, topic, self.channel, self.address, self.known, then)
            status, entry = self.ledger.status(question)
            if status != "granted" and (status == "refused" or model == "opt-in"):
                found.append(reason(f"consent:{status}", topic, entry, None))

    def quiet(self, zone: tzinfo | None) -> tuple[list[Reason], BusinessCalendar | None]:
        """Whether it is the wrong time of the day, and the hours that tell."""
        if not (self.purpose.commercial or self.policy.quiet_for_all):
            return [], None
        hours = self.customer.preferences.hours
        if hours is None:
            hours = self.policy.hours_on(self.channel, zone)
        if hours is None or hours.is_open(self.at):
            return [], hours
        return [reason("quiet", None, None, _opens(hours, self.at))], hours

    def caps(self, household: tuple[str, ...], account: tuple[str, ...]) -> list[tuple[FrequencyCap, tuple[str, ...]]]:
        """The caps that have a say, each with the customers whom it counts together."""
        found: list[tuple[FrequencyCap, tuple[str, ...]]] = []
        people = self.ledger.customers(self.customer.id, self.known) if self.policy.caps else ()
        for cap in self.policy.caps:
            if cap.covers(self.purpose.name, self.channel):
                more = household if cap.scope == "household" else account if cap.scope == "account" else ()
                found.append((cap, tuple(sorted({*people, *more})) if more else people))
        return found

    def released(self, cap: FrequencyCap, ids: tuple[str, ...]) -> datetime | None:
        """When a cap that holds a message back lets it go, and every one after it; None for never."""
        sent = self.sent.instants(cap, self.known, point=self.address, customers=ids)
        try:
            return cap.rolling.opens(self.at, sent)
        except InvalidValue:  # after the year 9999
            return None

    def waiting(self, reasons: list[Reason], waits: list[Reason], hours: BusinessCalendar | None) -> Decision:
        """The decision where time stands in the way: held, unless something else does, or will when the time comes."""
        next_at = None if reasons else _first(waits, hours)
        longest = self.policy.hold_at_most
        if next_at is None or (longest is not None and moment(next_at) - self.known > longest):
            return self.decided("refused", reasons + waits, None)
        later = self.ending(next_at)
        return self.decided("refused", later + waits, None) if later else self.decided("held", waits, next_at)


def _merges(customer: Customer) -> list[Link]:
    return [Link(part.into, part.customer, part.at) for part in customer.parts]


def _opens(hours: BusinessCalendar, at: datetime) -> datetime | None:
    """When the hours open; None if they do not within ten years."""
    try:
        return hours.opens(at)
    except InvalidValue:
        return None


def _first(waits: list[Reason], hours: BusinessCalendar | None) -> datetime | None:
    """When all of them have ended, at an hour that is not quiet; a cap that let go does not close again by itself."""
    ends = [each.until for each in waits if each.until is not None]
    if len(ends) < len(waits):
        return None
    last = max(ends, key=moment)
    return last if hours is None or hours.is_open(last) else _opens(hours, last)


def _own(customer: Customer, point: ContactPoint) -> ContactPoint | None:
    """The customer's point with this key, whose state is what is known of it, however the caller wrote it.

    Of several behind one switchboard it is the one with the same extension, else the first.
    """
    found: ContactPoint | None = None
    for own in customer.points:
        if own is point:
            return own
        if own.key is not None and own.kind == point.kind and own.key == point.key:
            if own.extension == point.extension:
                return own
            found = found or own
    return found


def _text_or_none(name: str, value: str | None) -> str | None:
    if value is not None and not _checks.text.passes(value):
        raise InvalidValue(f"may_contact.{name}", value, _checks.text.expected)
    return value


def channel_of(point: ContactPoint | None, channel: str | None) -> str:
    """The channel that is named, or the one that the point is of."""
    if channel is not None:
        return channel
    if point is None:
        raise InvalidValue("may_contact.channel", channel, "a channel, where there is no point to tell it")
    return CHANNELS.get(point.kind, point.kind)


def ids_of(name: str, values: Iterable[str]) -> tuple[str, ...]:
    """The ids of an argument, checked."""
    if values == ():
        return ()
    found = _checks.items(f"may_contact.{name}", values)
    _TEXTS.require(f"may_contact.{name}", found)
    return found
