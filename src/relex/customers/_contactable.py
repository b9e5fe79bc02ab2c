"""Where a customer may be contacted, the best point first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from relex import _checks
from relex._instants import moment
from relex.customers._caps import SentLog
from relex.customers._consent_ledger import ConsentLedger
from relex.customers._consent_policy import ConsentPolicy
from relex.customers._contact import channel_of, ids_of, may_contact
from relex.customers._customer import Customer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from relex.customers._caps import Sent
    from relex.customers._consent import Consent
    from relex.customers._suppression import SuppressionList
    from relex.parties import ContactPoint

__all__ = ["contactable"]

_CUSTOMER = _checks.a(Customer)
_POLICY = _checks.a(ConsentPolicy)
_TEXT_OR_NONE = _checks.optional(_checks.text)


def contactable(  # noqa: PLR0913 - all that has a say
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
    _CUSTOMER.require("contactable.customer", customer)
    _POLICY.require("contactable.policy", policy)
    _TEXT_OR_NONE.require("contactable.channel", channel)
    _checks.instant.require("contactable.at", at)
    folded = ledger if isinstance(ledger, ConsentLedger) else ConsentLedger(ledger)
    log = sent if isinstance(sent, SentLog) else SentLog(sent)
    homes, colleagues = ids_of("household", household), ids_of("account", account)
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
    return tuple(sorted(found, key=lambda point: _rank(point, channel_of(point, channel), liked)))


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
