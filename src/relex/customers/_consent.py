"""What a customer has said of being contacted: entries of consent, with their evidence."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._instants import in_utc, is_before, moment, moment_or_none
from relex.codec import tagged
from relex.customers._addresses import required_address
from relex.customers._consent_policy import ConsentPolicy
from relex.errors import InvalidValue, Rejected
from relex.rules import FactSchema

if TYPE_CHECKING:
    from relex.parties import ContactPoint

__all__ = ["BASES", "REFUSALS", "STATUSES", "Consent", "Evidence", "token_digest"]

REFUSALS = ("denied", "withdrawn", "objected")
"""The statuses that say no."""

STATUSES = ("requested", "confirmed", "granted", *REFUSALS)
"""What an entry of consent can say."""

BASES = ("consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests")
"""The lawful bases of processing. Source: Regulation (EU) 2016/679, article 6(1)."""

_POLICY = _checks.a(ConsentPolicy)
_TEXT_OR_NONE = _checks.optional(_checks.text)

# Source: W3C Data Privacy Vocabulary 2.
_DPV_BASES: dict[str, str] = dict(
    zip(
        BASES,
        ("Consent", "Contract", "LegalObligation", "VitalInterest", "PublicInterest", "LegitimateInterest"),
        strict=True,
    )
)
_DPV_STATES = {
    "requested": "ConsentRequested",
    "confirmed": "ConsentGiven",
    "granted": "ConsentGiven",
    "denied": "ConsentRefused",
    "withdrawn": "ConsentWithdrawn",
    "objected": "ConsentRefused",
}


def token_digest(token: str) -> str:
    """What an entry keeps of a token: its SHA-256 in hexadecimal digits, so that the entry cannot confirm itself.

    Example:
        >>> token_digest("7H2K")[:16]
        '6787d94f0d6731b7'

    .. versionadded:: 0.1.0
    """
    _checks.text.require("token_digest.token", token)
    return sha256(_bytes(token)).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@tagged("customers.Evidence")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Evidence:
    """How a statement about consent can be shown: where it was made, by whom, and which wording was read.

    Attributes:
        source: Where it was made, such as the address of a form or `call centre`.
        actor: Who made it, where that was not the customer.
        notice: The wording, or where it is kept.
        notice_version: Of the wording.
        token_digest: `token_digest` of the token that a confirmation must bring.
        document: Such as the number of a signed form.

    .. versionadded:: 0.1.0
    """

    source: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    actor: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    notice: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    notice_version: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    token_digest: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    document: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


_NOTHING = Evidence()


def _point(value: ContactPoint | str | None) -> str | None:
    return None if value is None else required_address("Consent.point", value)


@tagged("customers.Consent")
@attrs.frozen(weakref_slot=False)
class Consent:
    """One statement about being contacted: an entry, immutable and idempotent by id.

    That somebody was never asked is no entry, and is not the same as a no.

    Attributes:
        id: Of the entry.
        customer: Id of the customer whom it was given to, for ever, whatever is merged later.
        at: When it was said; aware.
        status: One of `STATUSES`; those in `REFUSALS` say no.
        purpose: What for, such as `marketing`; exact.
        topic: A part of the purpose, such as `shoes`; None is the purpose as such.
        channel: Such as `email`, `phone`, `post`, `sms`; `*` is every channel.
        point: The address of one contact point (kind and key); None is every point. A `ContactPoint` may be given, or
            any spelling of the address, such as `email:Anna@Example.com`; a phone then needs its `+`.
        basis: The lawful basis, one of `BASES`.
        evidence: How it can be shown.
        expires_at: From when on it is no longer in force; None leaves that to the purpose.
        confirms: Id of the entry that this one confirms: of the same customer, purpose, topic, channel and point, or it
            confirms nothing.
        fact_schema: The facts of every entry.

    Raises:
        InvalidValue: For an unknown status or basis, a point without a key, an expiry that is not after `at`, or a
            confirmation of nothing.

    Example:
        >>> from datetime import UTC
        >>> day = datetime(2026, 5, 4, tzinfo=UTC)
        >>> Consent("e1", customer="c1", at=day, status="granted", purpose="marketing", channel="email").is_refusal
        False

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    customer: str = attrs.field(validator=_checks.text, kw_only=True)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)
    status: str = attrs.field(validator=_checks.one_of(*STATUSES), kw_only=True)
    purpose: str = attrs.field(validator=_checks.text, kw_only=True)
    topic: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    channel: str = attrs.field(default="*", validator=_checks.text, kw_only=True)
    point: str | None = attrs.field(default=None, converter=_point, kw_only=True)
    basis: str = attrs.field(default="consent", validator=_checks.one_of(*BASES), kw_only=True)
    evidence: Evidence = attrs.field(default=_NOTHING, validator=_checks.a(Evidence), kw_only=True)
    expires_at: datetime | None = attrs.field(
        default=None, validator=_checks.optional(_checks.instant), kw_only=True, eq=moment_or_none
    )
    confirms: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "at": datetime,
            "basis": str,
            "channel": str,
            "customer": str,
            "id": str,
            "kind": str,
            "point": str,
            "purpose": str,
            "source": str,
            "status": str,
            "topic": str,
        }
    )

    def __attrs_post_init__(self) -> None:
        """Check what the fields say together."""
        if (self.status == "confirmed") != (self.confirms is not None):
            raise InvalidValue(
                "Consent.confirms", self.confirms, "the id of an entry if status is confirmed, else None"
            )
        if self.expires_at is not None and not is_before(self.at, self.expires_at):
            raise InvalidValue("Consent.expires_at", self.expires_at, "an instant after at")

    @property
    def subject(self) -> str:
        """Id of the customer, by which entries are read."""
        return self.customer

    @property
    def is_refusal(self) -> bool:
        """Whether it says no."""
        return self.status in REFUSALS

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        return {
            "kind": "consent",
            "id": self.id,
            "customer": self.customer,
            "at": self.at,
            "status": self.status,
            "purpose": self.purpose,
            "topic": self.topic,
            "channel": self.channel,
            "point": self.point,
            "basis": self.basis,
            "source": self.evidence.source,
        }

    def confirm(
        self,
        token: str,
        *,
        at: datetime,
        policy: ConsentPolicy,
        id: str | None = None,  # noqa: A002 - the field's name everywhere in relex
        evidence: Evidence = _NOTHING,
    ) -> Consent:
        """The entry that confirms this request: the second half of a double opt-in.

        Args:
            token: What was sent to the point; the request keeps only its digest.
            at: When it came back: at most `policy.confirm_within` after the request, that instant included.
            policy: How long a request waits.
            id: Of the new entry; by default that of the request with `/confirmed`.
            evidence: How the confirmation can be shown.

        Raises:
            Rejected: `not-requested` for an entry that is no request and no grant, `token` for another token or a
                request without one, `out_of_order` before the request, `expired` too late, or when the request itself
                is over.
            InvalidValue: For a naive datetime, no policy, or no token at all.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("confirm.at", at)
        if self.status not in ("requested", "granted"):
            raise Rejected("confirm", "not-requested", {"entry": self.id, "status": self.status})
        _POLICY.require("confirm.policy", policy)
        if not compare_digest(token_digest(token).encode(), _bytes(self.evidence.token_digest or "")):
            raise Rejected("confirm", "token", {"entry": self.id})
        if is_before(at, self.at):
            raise Rejected("confirm", "out_of_order", {"at": at, "not_before": self.at})
        if self.expires_at is not None and not is_before(at, self.expires_at):
            raise Rejected("confirm", "expired", {"at": at, "expires_at": self.expires_at})
        if moment(at) - moment(self.at) > policy.confirm_within:
            raise Rejected("confirm", "expired", {"at": at, "requested": self.at, "within": policy.confirm_within})
        return attrs.evolve(
            self,
            id=id if id is not None else f"{self.id}/confirmed",
            at=at,
            status="confirmed",
            evidence=evidence,
            confirms=self.id,
        )

    def to_receipt(self) -> dict[str, Any]:
        """The entry as a consent record for the customer, by the field names of ISO/IEC TS 27560.

        Values that the W3C Data Privacy Vocabulary names are its terms. Fields of which the entry knows nothing (the
        controller, the categories of data) are left to whoever hands it out.

        Raises:
            InvalidValue: For an instant for which UTC has no year.

        Source: ISO/IEC TS 27560:2023, tables of the record header, of the processing and of the events.

        Example:
            >>> from datetime import UTC
            >>> day = datetime(2026, 5, 4, tzinfo=UTC)
            >>> no = Consent("e1", customer="c1", at=day, status="withdrawn", purpose="marketing", channel="email")
            >>> no.to_receipt()["events"][0]["event_state"]
            'dpv:ConsentWithdrawn'

        .. versionadded:: 0.1.0
        """
        evidence = self.evidence
        purpose = {
            "purpose": self.purpose,
            "purpose_type": self.topic,
            "lawful_basis": f"dpv:{_DPV_BASES[self.basis]}",
            "services": self.channel,
            "pii_information": self.point,
            "collection_method": evidence.source,
        }
        ends = None if self.expires_at is None else _utc("expires_at", self.expires_at)
        event = {
            "event_id": self.confirms if self.confirms is not None else self.id,
            "event_time": _utc("at", self.at),
            "event_type": self.status,
            "event_state": f"dpv:{_DPV_STATES[self.status]}",
            "entity_id": evidence.actor if evidence.actor is not None else self.customer,
            "validity_duration": None if ends is None else f"{_utc('at', self.at)}/{ends}",
            "event_evidence": evidence.document,
        }
        return {
            "schema_version": "ISO/IEC TS 27560:2023",
            "record_id": self.id,
            "pii_principal_id": self.customer,
            "privacy_notice": evidence.notice,
            "privacy_notice_version": evidence.notice_version,
            "purposes": [_stated(purpose)],
            "events": [_stated(event)],
        }


def _utc(field: str, at: datetime) -> str:
    return in_utc(f"Consent.{field}", at).isoformat().replace("+00:00", "Z")


def _stated(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
