"""Anonymous sales that turn out to be somebody's: claims, their retractions, and who owns what as of an instant."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import attrs

from relex import _checks
from relex._instants import moment, moment_or_none
from relex.codec import tagged
from relex.errors import Conflict
from relex.purchases._entries import only, seen
from relex.purchases._purchase import Purchase
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Claim", "Ownership", "Retraction", "live_claims", "owners"]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_INSTANT_OR_NONE = _checks.optional(_checks.instant)


@tagged("purchases.Claim")
@attrs.frozen(weakref_slot=False)
class Claim:
    """Somebody's statement that an anonymous sale was a customer's: an entry, immutable and idempotent by id.

    It gives the sale to the customer without touching it, and changes no amount.

    Attributes:
        id: Of the claim.
        purchase: Id of the sale.
        customer: Id of the customer.
        at: When it was claimed; aware.
        by: Who says so.
        evidence: Such as the number of a receipt.
        recorded_at: When it became known; None means at once.
        fact_schema: The facts of every claim.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 4, tzinfo=timezone.utc)
        >>> Claim("k1", purchase="p1", customer="c1", at=day, by="desk", evidence="receipt 42").customer
        'c1'

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    purchase: str = attrs.field(validator=_checks.text, kw_only=True)
    customer: str = attrs.field(validator=_checks.text, kw_only=True)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)
    by: str = attrs.field(validator=_checks.text, kw_only=True)
    evidence: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    recorded_at: datetime | None = attrs.field(
        default=None, validator=_INSTANT_OR_NONE, kw_only=True, eq=moment_or_none
    )

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {"at": datetime, "by": str, "customer": str, "evidence": str, "id": str, "kind": str, "purchase": str}
    )

    @property
    def subject(self) -> str:
        """Id of the customer, by which claims are read."""
        return self.customer

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        return {
            "kind": "claim",
            "id": self.id,
            "purchase": self.purchase,
            "customer": self.customer,
            "at": self.at,
            "by": self.by,
            "evidence": self.evidence,
        }


@tagged("purchases.Retraction")
@attrs.frozen(weakref_slot=False)
class Retraction:
    """The end of a claim, from `at` on: an entry, immutable and idempotent by id.

    Attributes:
        id: Of the retraction; unique among claims and retractions.
        claim: Id of the claim.
        at: When it was taken back; aware.
        by: Who says so.
        reason: In words.
        recorded_at: When it became known; None means at once.
        fact_schema: The facts of every retraction.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 5, tzinfo=timezone.utc)
        >>> Retraction("k2", claim="k1", at=day, by="desk", reason="another's receipt").claim
        'k1'

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    claim: str = attrs.field(validator=_checks.text, kw_only=True)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)
    by: str = attrs.field(validator=_checks.text, kw_only=True)
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    recorded_at: datetime | None = attrs.field(
        default=None, validator=_INSTANT_OR_NONE, kw_only=True, eq=moment_or_none
    )

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {"at": datetime, "by": str, "claim": str, "id": str, "kind": str, "reason": str}
    )

    @property
    def subject(self) -> str:
        """Id of the claim, by which retractions are read."""
        return self.claim

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        return {
            "kind": "retraction",
            "id": self.id,
            "claim": self.claim,
            "at": self.at,
            "by": self.by,
            "reason": self.reason,
        }


@attrs.frozen(kw_only=True)
class Ownership:
    """Whose the sales are, as of an instant.

    Attributes:
        owners: Sorted (purchase id, customer id or None) pairs.
        anomalies: Sorted (entry id, code) pairs: `unknown-purchase`, `not-anonymous` (the sale names its customer,
            who keeps it), `unknown-claim` (a retraction of nothing).

    .. versionadded:: 0.1.0
    """

    owners: tuple[tuple[str, str | None], ...]
    anomalies: tuple[tuple[str, str], ...]

    @property
    def anonymous(self) -> tuple[str, ...]:
        """Ids of the sales that are still nobody's."""
        return tuple(purchase for purchase, customer in self.owners if customer is None)


def live_claims(
    entries: Iterable[Claim | Retraction], *, as_of: datetime | None = None, known_at: datetime | None = None
) -> dict[str, Claim]:
    """The claims that hold as of an instant, by the id of their purchase.

    Args:
        entries: Claims and retractions, in any order.
        as_of: Only what had happened by then, inclusive; None is everything.
        known_at: Only what was recorded by then, inclusive; None is everything.

    Raises:
        Conflict: For two live claims of one purchase, or one id with two contents.
        InvalidValue: For something else than such entries, or a naive instant.

    .. versionadded:: 0.1.0
    """
    found = seen(only("live_claims.entries", entries, Claim, Retraction), as_of, known_at)
    gone = {entry.claim for entry in found if isinstance(entry, Retraction)}
    live: dict[str, Claim] = {}
    for entry in sorted((entry for entry in found if isinstance(entry, Claim)), key=lambda claim: claim.id):
        if entry.id in gone:
            continue
        other = live.setdefault(entry.purchase, entry)
        if other is not entry:
            raise Conflict(entry.purchase, other, entry)
    return live


def owners(
    purchases: Iterable[Purchase],
    claims: Iterable[Claim | Retraction] = (),
    *,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> Ownership:
    """Whose each sale is: the customer it names, else the customer of its live claim, else nobody.

    Args:
        purchases: In any order; the same one may come twice.
        claims: Claims and retractions, in any order.
        as_of: Only what had happened by then, inclusive; None is everything.
        known_at: Only what was recorded by then, inclusive; None is everything.

    Raises:
        Conflict: For two live claims of one purchase, or one id with two contents.
        InvalidValue: For something else than such entries, or a naive instant.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.purchases import Line, Purchase
        >>> day = datetime(2026, 5, 4, tzinfo=timezone.utc)
        >>> sale = Purchase("p1", at=day, currency="USD", lines=[Line(1, "mug", 1, gross="10.00")])
        >>> claim = Claim("k1", purchase="p1", customer="c1", at=day, by="desk")
        >>> owners([sale]).anonymous, owners([sale], [claim]).owners
        (('p1',), (('p1', 'c1'),))

    .. versionadded:: 0.1.0
    """
    sales = seen(only("owners.purchases", purchases, Purchase), as_of, known_at)
    entries = only("owners.claims", claims, Claim, Retraction)
    live = live_claims(entries, as_of=as_of, known_at=known_at)
    pairs = [(sale.id, sale.customer or _claimant(live.get(sale.id))) for sale in sales]
    named = {sale.id: sale.customer for sale in sales}
    anomalies = [
        (claim.id, "unknown-purchase" if claim.purchase not in named else "not-anonymous")
        for claim in live.values()
        if claim.purchase not in named or named[claim.purchase] is not None
    ]
    known = {entry.id for entry in entries if isinstance(entry, Claim)}
    lost = [entry for entry in seen(entries, as_of, known_at) if isinstance(entry, Retraction)]
    anomalies += [(entry.id, "unknown-claim") for entry in lost if entry.claim not in known]
    return Ownership(owners=tuple(sorted(pairs)), anomalies=tuple(sorted(anomalies)))


def _claimant(claim: Claim | None) -> str | None:
    return None if claim is None else claim.customer
