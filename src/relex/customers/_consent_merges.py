"""What a merge does to consent: every yes that becomes a no."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex._instants import moment
from relex.customers._consent_index import Question
from relex.customers._links import Link

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from relex.customers._consent import Consent
    from relex.customers._consent_ledger import ConsentLedger
    from relex.customers._consent_policy import ConsentPolicy

__all__ = ["StricterConsent", "stricter_consents"]


@attrs.frozen(kw_only=True)
class StricterConsent:
    """A yes of one customer that is a no after a merge.

    Attributes:
        customer: Whose yes it was.
        purpose: What for.
        topic: A part of the purpose.
        channel: On which channel; `*` is any that no entry names.
        point: For which point; None is any that no entry names.
        granted: Id of the entry by which it was a yes; None where nobody had refused and the purpose asks no more.
        refused: Id of the other customer's entry by which it is a no.

    .. versionadded:: 0.1.0
    """

    customer: str
    purpose: str
    topic: str | None
    channel: str
    point: str | None
    granted: str | None
    refused: str | None

    def __str__(self) -> str:
        """What was a yes of whom, and what refuses it."""
        about = self.purpose if self.topic is None else f"{self.purpose}/{self.topic}"
        where = self.channel if self.point is None else f"{self.channel} to {self.point}"
        yes = f"allowed by {self.customer}" if self.granted is None else f"granted by {self.customer} in {self.granted}"
        return f"{about} by {where}: {yes}, refused by {self.refused}"


def stricter_consents(
    ledger: ConsentLedger, survivor: str, other: str, *, policy: ConsentPolicy, at: datetime
) -> tuple[StricterConsent, ...]:
    """What one of two customers agreed to, or did not refuse, and is refused to both once they are merged.

    Every scope that an entry of either names is asked, before the merge and at it; entries of purposes that the policy
    does not declare are left out.

    Args:
        ledger: With the entries of both; it need not know the merge.
        survivor: Id of the customer that takes the other's records.
        other: Id of the customer that is merged.
        policy: What the purposes ask for.
        at: When they are merged.

    Raises:
        InvalidValue: For a customer merged with itself, or a naive datetime.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.customers import Consent, ConsentLedger, ConsentPolicy, Purpose
        >>> day = datetime(2026, 5, 4, tzinfo=UTC)
        >>> yes = Consent("e1", customer="c1", at=day, status="granted", purpose="news")
        >>> no = Consent("e2", customer="c2", at=day, status="withdrawn", purpose="news", channel="email")
        >>> ledger, policy = ConsentLedger([yes, no]), ConsentPolicy([Purpose("news")])
        >>> [found] = stricter_consents(ledger, "c1", "c2", policy=policy, at=day)
        >>> print(found)
        news by email: granted by c1 in e1, refused by e2

    .. versionadded:: 0.1.0
    """
    together = ledger.knowing([Link(survivor, other, at)])
    entries = [entry for entry in ledger.entries if entry.customer in (survivor, other)]
    found = []
    for question in _questions(entries, survivor, other, policy, at):
        before, granted = ledger.status(question)
        after, refused = together.status(question)
        customer, purpose, topic, channel, point, *_ = question
        model = policy.model(purpose, channel)
        if after == "refused" and (before == "granted" or (before != "refused" and model == "opt-out")):
            found.append(
                StricterConsent(
                    customer=customer,
                    purpose=purpose.name,
                    topic=topic,
                    channel=channel,
                    point=point,
                    granted=granted if before == "granted" else None,
                    refused=refused,
                )
            )
    return tuple(found)


def _questions(
    entries: list[Consent], survivor: str, other: str, policy: ConsentPolicy, at: datetime
) -> Iterator[Question]:
    """Every scope that an entry names, for either customer, in a fixed order."""
    declared = {purpose.name: purpose for purpose in policy.purposes}
    topics = {(entry.purpose, entry.topic or "") for entry in entries if entry.purpose in declared}
    channels = sorted({entry.channel for entry in entries})
    points = sorted({entry.point or "" for entry in entries})
    now = moment(at)
    for purpose, topic in sorted(topics):
        for channel in channels:
            for point in points:
                for customer in (survivor, other):
                    yield Question(customer, declared[purpose], topic or None, channel, point or None, now, now)
