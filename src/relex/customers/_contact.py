"""May I contact her about this, on this channel, now, and why not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import moment
from relex.calendars import BusinessCalendar, RollingLimit, first_allowed
from relex.customers._addresses import CHANNELS, address
from relex.customers._caps import FrequencyCap, SentLog
from relex.customers._consent_index import Question
from relex.customers._consent_ledger import ConsentLedger
from relex.customers._consent_policy import ConsentPolicy, Purpose
from relex.customers._decision import Decision, Reason, decision, reason
from relex.customers._suppression import SuppressionList
from relex.errors import InvalidValue
from relex.parties import ContactPoint

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from relex.customers._caps import Sent
    from relex.customers._consent import Consent
    from relex.customers._customer import Customer

__all__ = ["contactable", "may_contact"]

_POINT = _checks.optional(_checks.a(ContactPoint))
_POLICY = _checks.a(ConsentPolicy)
_SUPPRESSED = _checks.optional(_checks.a(SuppressionList))
_TEXT_OR_NONE = _checks.optional(_checks.text)
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
        point: Where; one of the customer's. None is no point at all.
        purpose: One that the policy declares.
        at: When.
        policy: What is asked consent for, the hours and the caps.
        ledger: Entries of consent, or a `ConsentLedger` of them, which is worth its making for a second question.
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
        >>> from datetime import UTC
        >>> from relex.customers import Consent, Customer, PersonName, Purpose
        >>> day = datetime(2026, 5, 4, 9, tzinfo=UTC)
        >>> anna, _ = Customer.open("c1", PersonName("Anna Berg"), at=day)
        >>> policy = ConsentPolicy([Purpose("marketing")])
        >>> print(may_contact(anna, None, "marketing", channel="email", ledger=[], policy=policy, at=day))
        refused: marketing by email
          no-point
          consent:unknown

    .. versionadded:: 0.1.0
    """
    _checks.instant.require("may_contact.at", at)
    _POINT.require("may_contact.point", point)
    _POLICY.require("may_contact.policy", policy)
    _SUPPRESSED.require("may_contact.suppressed", suppressed)
    _TEXT_OR_NONE.require("may_contact.topic", topic)
    _TEXT_OR_NONE.require("may_contact.channel", channel)
    asked = _Asked(
        customer,
        point,
        policy.purpose(purpose),
        topic,
        _channel(point, channel),
        policy,
        ledger if isinstance(ledger, ConsentLedger) else ConsentLedger(ledger),
        sent if isinstance(sent, SentLog) else SentLog(sent),
        suppressed,
        at,
        moment(at),
    )
    reasons = asked.lasting(at)
    hours, limits, waits = asked.timely(zone, _ids("household", household), _ids("account", account))
    if not waits:
        return asked.decided("refused" if reasons else "allowed", reasons, None)
    return asked.waiting(reasons, waits, hours, limits)


@attrs.frozen(eq=False)
class _Asked:
    """One question, with all that it is asked of."""

    customer: Customer
    point: ContactPoint | None
    purpose: Purpose
    topic: str | None
    channel: str
    policy: ConsentPolicy
    ledger: ConsentLedger
    sent: SentLog
    suppressed: SuppressionList | None
    at: datetime
    known: timedelta
    address: str | None = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Tell the address once."""
        object.__setattr__(self, "address", None if self.point is None else address(self.point))

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

    def lasting(self, when: datetime) -> list[Reason]:
        """What refuses the message at an instant, by the entries that are known."""
        found: list[Reason] = []
        customer = self.customer
        if customer.erased_at is not None:
            found.append(reason("erased", None, None, None))
        if customer.merged_into is not None:
            found.append(reason("merged", None, customer.merged_into, None))
        if self.policy.deceased_tag in customer.tags:
            found.append(reason("deceased", None, self.policy.deceased_tag, None))
        self._about_the_point(found, when)
        self._about_consent(found, when)
        if self.purpose.commercial and self.channel in customer.preferences.avoid:
            found.append(reason("channel-avoided", None, self.channel, None))
        return found

    def _about_the_point(self, found: list[Reason], when: datetime) -> None:
        point = self.point
        if self.suppressed is not None and self.address is not None:
            entry = self.suppressed.find(self.address, self.purpose.name, self.at)
            if entry is not None:
                found.append(reason("suppressed", None, entry.id, None))
        if point is None or not _has(self.customer, point):
            found.append(reason("no-point", None, None, None))
        if point is None:
            return
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
            status, said = self.ledger.status(question)
            if status != "granted" and (status == "refused" or model == "opt-in"):
                found.append(
                    reason(f"consent:{status}", topic, None if said is None else said.decided(self.known).id, None)
                )

    def timely(
        self, zone: tzinfo | None, household: tuple[str, ...], account: tuple[str, ...]
    ) -> tuple[BusinessCalendar | None, list[tuple[FrequencyCap, tuple[str, ...]]], list[Reason]]:
        """The hours and caps that hold, and what of them stands in the way now."""
        commercial, policy, channel = self.purpose.commercial, self.policy, self.channel
        waits: list[Reason] = []
        hours = None
        if commercial or policy.quiet_for_all:
            preferred = self.customer.preferences.hours
            hours = preferred if preferred is not None else policy.hours_on(channel, zone)
            if hours is not None and not hours.is_open(self.at):
                waits.append(reason("quiet", None, None, _opens(hours, self.at)))
        limits: list[tuple[FrequencyCap, tuple[str, ...]]] = []
        if commercial and policy.caps:
            people = self.ledger.customers(self.customer.id, self.at)
            scopes = {"household": household, "account": account}
            for cap in policy.caps:
                if not cap.covers(self.purpose.name, channel):
                    continue
                ids = people if cap.scope not in scopes else tuple(sorted({*people, *scopes[cap.scope]}))
                limits.append((cap, ids))
                if self.sent.count(cap, self.at, point=self.address, customers=ids) >= cap.limit:
                    waits.append(reason(f"cap:{cap.name}", None, cap.name, self._released(cap, ids)))
        return hours, limits, waits

    def _released(self, cap: FrequencyCap, ids: tuple[str, ...]) -> datetime | None:
        return cap.rolling.opens(self.at, self.sent.instants(cap, self.at, point=self.address, customers=ids))

    def waiting(
        self,
        reasons: list[Reason],
        waits: list[Reason],
        hours: BusinessCalendar | None,
        limits: list[tuple[FrequencyCap, tuple[str, ...]]],
    ) -> Decision:
        """The decision where time stands in the way: held, unless something else does, or will when the time comes."""
        if reasons:
            return self.decided("refused", reasons + waits, None)
        counted = [
            (cap.rolling, self.sent.instants(cap, self.at, point=self.address, customers=ids)) for cap, ids in limits
        ]
        next_at = _first(self.at, hours, counted)
        longest = self.policy.hold_at_most
        if next_at is None or (longest is not None and moment(next_at) - self.known > longest):
            return self.decided("refused", waits, None)
        later = self.lasting(next_at)
        return self.decided("refused", later + waits, None) if later else self.decided("held", waits, next_at)


def _opens(hours: BusinessCalendar, at: datetime) -> datetime | None:
    """When the hours open; None if they do not within ten years."""
    try:
        return hours.opens(at)
    except InvalidValue:
        return None


def _first(
    at: datetime, hours: BusinessCalendar | None, limits: list[tuple[RollingLimit, tuple[datetime, ...]]]
) -> datetime | None:
    try:
        return first_allowed(at, hours=hours, limits=limits)
    except InvalidValue:
        return None


def _has(customer: Customer, point: ContactPoint) -> bool:
    return any(
        own is point or (own.key is not None and own.kind == point.kind and own.key == point.key)
        for own in customer.points
    )


def _channel(point: ContactPoint | None, channel: str | None) -> str:
    if channel is not None:
        return channel
    if point is None:
        raise InvalidValue("may_contact.channel", channel, "a channel, where there is no point to tell it")
    return CHANNELS.get(point.kind, point.kind)


def _ids(name: str, values: Iterable[str]) -> tuple[str, ...]:
    if values == ():
        return ()
    found = _checks.items(f"may_contact.{name}", values)
    _TEXTS.require(f"may_contact.{name}", found)
    return found


def contactable(  # noqa: PLR0913 - as above
    customer: Customer,
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
) -> tuple[ContactPoint, ...]:
    """The points at which a customer may be contacted now, the best one first.

    The points of the channel that the customer likes best come first; then the primary ones; then those that were
    verified; then the newest. Arguments are those of `may_contact`.

    Args:
        customer: Whom.
        purpose: One that the policy declares.
        at: When.
        policy: What is asked consent for, the hours and the caps.
        ledger: Entries of consent, or a `ConsentLedger` of them.
        topic: A part of the purpose.
        channel: Only the points that serve this channel; by default every point, on the channel of its kind.
        sent: What was sent before.
        suppressed: Who must be kept out.
        zone: Of the customer.
        household: Ids of the customers of the household.
        account: Ids of the customers of the account.

    Raises:
        InvalidValue: For an undeclared purpose, a naive datetime, or an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    _checks.instant.require("contactable.at", at)
    folded = ledger if isinstance(ledger, ConsentLedger) else ConsentLedger(ledger)
    log = sent if isinstance(sent, SentLog) else SentLog(sent)
    homes, colleagues = _ids("household", household), _ids("account", account)
    policy.purpose(purpose)
    found = [
        point
        for point in customer.points
        if _serves(point, channel)
        and may_contact(
            customer,
            point,
            purpose,
            at=at,
            policy=policy,
            ledger=folded,
            topic=topic,
            channel=channel,
            sent=log,
            suppressed=suppressed,
            zone=zone,
            household=homes,
            account=colleagues,
        ).is_allowed
    ]
    liked = customer.preferences.channels
    return tuple(sorted(found, key=lambda point: _rank(point, _channel(point, channel), liked)))


_SERVED_BY = {"sms": "phone", "post": "postal"}


def _serves(point: ContactPoint, channel: str | None) -> bool:
    return channel is None or _SERVED_BY.get(channel, channel) == point.kind


def _rank(point: ContactPoint, channel: str, liked: tuple[str, ...]) -> tuple[int, bool, bool, timedelta, str]:
    place = liked.index(channel) if channel in liked else len(liked)
    newest = max((moment(each) for each in (point.verified_at, _start(point)) if each is not None), default=-_EVER)
    return place, not point.primary, point.verified_at is None, -newest, str(point)


_EVER = timedelta(days=4_000_000)


def _start(point: ContactPoint) -> datetime | None:
    start = None if point.valid is None else point.valid.start
    return start if isinstance(start, datetime) else None
