"""What a conversion gives to other contexts, as plain values: drafts of customers, of consent, and moved links."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import attrs

from relex import _checks
from relex._instants import moment
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.parties import OrganizationName, PersonName, Profile, Record, Relationship, golden
from relex.pipeline._lead_parts import EVERY_PURPOSE, REFUSALS, LeadLink, OptOut

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ConsentDraft",
    "CustomerDraft",
    "ExistingParty",
    "KnownParty",
    "MovedLink",
    "consents",
    "lacking",
]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_KINDS = ("organization", "person")
_PURPOSES = _checks.each(
    _checks.Check("a purpose by its name", lambda value: _checks.text.passes(value) and value != EVERY_PURPOSE)
)


@runtime_checkable
class KnownParty(Protocol):
    """A customer or contact that exists: what must be known of it for its blanks to be filled.

    A `relex.customers.Customer` is one; for a party of another system there is `ExistingParty`.

    .. versionadded:: 0.1.0
    """

    @property
    def id(self) -> str:
        """Of the party."""
        ...

    @property
    def kind(self) -> str:
        """`person` or `organization`."""
        ...

    @property
    def owner(self) -> str | None:
        """Id of who looks after it."""
        ...

    @property
    def profile(self) -> Profile:
        """The picture of all that is known of it."""
        ...


@attrs.frozen(weakref_slot=False)
class ExistingParty:
    """A customer or contact of another system, with what is known of it.

    Attributes:
        id: Of the party.
        record: What is known of it.
        owner: Id of who looks after it.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 2, 10, tzinfo=timezone.utc)
        >>> ExistingParty("p1", Record("erp", "7", day, name=PersonName("Ada Lovelace"))).kind
        'person'

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    record: Record = attrs.field(validator=_checks.a(Record))
    owner: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    @property
    def kind(self) -> str:
        """`person` or `organization`."""
        return self.record.kind

    @property
    def profile(self) -> Profile:
        """The picture of all that is known of it."""
        return golden([self.record])


@tagged("pipeline.CustomerDraft")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CustomerDraft:
    """A customer or a contact as a conversion leaves it, for the customers context to make or to change.

    A new one is `Customer.open(draft.id, draft.record, at=at, owner=draft.owner, stage=draft.level)`. One that exists
    takes the record, gets the owner and advances at least to the level.

    Attributes:
        id: Of the customer or contact.
        is_new: Whether it is to be made.
        kind: `person` or `organization`; None for one that exists and of which only the id is known.
        record: What a new one begins with, or what one that exists lacked; None where it lacked nothing.
        owner: Who looks after it from now on; None changes nothing.
        level: That it has reached in the lifecycle; a customer only moves forward.

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    is_new: bool = attrs.field(validator=_checks.flag)
    kind: str | None = attrs.field(default=None, validator=_checks.optional(_checks.one_of(*_KINDS)))
    record: Record | None = attrs.field(default=None, validator=_checks.optional(_checks.a(Record)), repr=False)
    owner: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    level: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    def __attrs_post_init__(self) -> None:
        """Check that a new one begins with something."""
        if self.is_new and self.record is None:
            raise InvalidValue("CustomerDraft.record", None, "a Record, with which a new one begins")


@tagged("pipeline.ConsentDraft")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ConsentDraft:
    """A no that a lead said, for the consents of its contact: `Consent(**draft.fields())` is the entry.

    Attributes:
        id: Of the entry; the same for the same no of the same lead, told at the same instant. An address is in it as a
            digest alone, for ids are written into logs and keys that nobody erases.
        customer: Id of the contact, new or existing.
        at: From when on it holds for the contact: the conversion, so that it counts against every yes of before.
        status: `withdrawn`, `denied` or `objected`.
        purpose: What for.
        topic: A part of the purpose, or None.
        channel: Such as `email`; `*` is every channel.
        point: The address of the contact point, such as `email:anna@example.com`; None is every point.
        said_at: When the lead said it.
        lead: Id of the lead.

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    customer: str = attrs.field(validator=_checks.text)
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    status: str = attrs.field(validator=_checks.one_of(*REFUSALS))
    purpose: str = attrs.field(validator=_checks.text)
    topic: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    channel: str = attrs.field(validator=_checks.text)
    point: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, repr=False)
    said_at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    lead: str = attrs.field(validator=_checks.text)

    def fields(self) -> dict[str, Any]:
        """The arguments of `relex.customers.Consent`."""
        names = ("id", "customer", "at", "status", "purpose", "topic", "channel", "point")
        return {name: getattr(self, name) for name in names}


@tagged("pipeline.MovedLink")
@attrs.frozen(weakref_slot=False)
class MovedLink:
    """What hung on a lead, and where it hangs now.

    Attributes:
        link: The note, the activity or the document.
        parent_kind: `opportunity`, `contact` or `customer`.
        parent: Its id.

    .. versionadded:: 0.1.0
    """

    link: LeadLink = attrs.field(validator=_checks.a(LeadLink))
    parent_kind: str = attrs.field(validator=_checks.one_of("opportunity", "contact", "customer"))
    parent: str = attrs.field(validator=_checks.text)

    def __str__(self) -> str:
        return f"{self.link} to {self.parent_kind} {self.parent}"


def consents(
    lead: str, said: Iterable[OptOut], *, to: str, at: datetime, purposes: Iterable[str]
) -> tuple[ConsentDraft, ...]:
    """One draft for each channel, purpose, topic and point that was refused, with the newest word.

    Raises:
        InvalidValue: For a no to every purpose, where no purposes are named: it could be written down for none. So is
            the word `*` among them, for a consent has one purpose.
    """
    known = tuple(dict.fromkeys(_checks.items("convert.purposes", purposes)))
    _PURPOSES.require("convert.purposes", known)
    newest: dict[tuple[str, str, str | None, str | None], OptOut] = {}
    for one in sorted(said, key=lambda opt_out: moment(opt_out.at)):
        if one.purpose == EVERY_PURPOSE and not known:
            raise InvalidValue("convert.purposes", known, f"every purpose there is, for lead {lead} refuses them all")
        for purpose in known if one.purpose == EVERY_PURPOSE else (one.purpose,):
            newest[one.channel, purpose, one.topic, _address(one)] = one
    return tuple(_draft(lead, place, one, to, at) for place, one in newest.items())


def _address(said: OptOut) -> str | None:
    """Of the point; one that nobody can read is every point, for a no must not be lost."""
    point = said.point
    return None if point is None or point.key is None else f"{point.kind}:{point.key}"


def _draft(
    lead: str, place: tuple[str, str, str | None, str | None], said: OptOut, to: str, at: datetime
) -> ConsentDraft:
    channel, purpose, topic, point = place
    digest = None if point is None else sha256(point.encode()).hexdigest()[:16]
    named = "/".join([_escaped(part) for part in ("lead", lead, channel, purpose, topic, digest, said.status)])
    said_at, told_at = [instant.astimezone(UTC).isoformat() for instant in (said.at, at)]
    return ConsentDraft(
        id=f"{named}@{said_at}@{told_at}",
        customer=to,
        at=at,
        status=said.status,
        purpose=purpose,
        topic=topic,
        channel=channel,
        point=point,
        said_at=said.at,
        lead=lead,
    )


def _escaped(part: str | None) -> str:
    """A part of an id, so that no two lists of parts give one id; None is nothing between two slashes."""
    return "" if part is None else part.replace("%", "%25").replace("/", "%2F")


def lacking(record: Record, party: KnownParty | str, fill: str) -> Record | None:
    """What one that exists lacks of a statement; None where it lacks nothing. Contact points and ties always count."""
    profile = golden(()) if isinstance(party, str) else party.profile
    points = _points(record, profile, is_known=not isinstance(party, str))
    ties = _ties(record.relationships, profile.get("relationships") or ())
    more: dict[str, Any] = _blanks(record, profile, party) if fill == "blanks" else {}
    found = Record(
        record.source,
        record.key,
        record.at,
        kind=record.kind if isinstance(party, str) else party.kind,
        points=points,
        relationships=ties,
        **more,
    )
    return found if found.fields() else None


def _points(record: Record, profile: Profile, *, is_known: bool) -> tuple[Any, ...]:
    """The points that are not there; none of them displaces a primary one."""
    there = profile.get("points") or ()
    fields, kinds = {point.field for point in there}, {point.kind for point in there}
    new = [point for point in record.points if point.field not in fields]
    return tuple(
        [
            attrs.evolve(point, primary=False) if point.primary and (not is_known or point.kind in kinds) else point
            for point in new
        ]
    )


def _ties(stated: Iterable[Relationship], there: Iterable[Relationship]) -> tuple[Relationship, ...]:
    known = {(tie.kind, tie.to) for tie in there}
    return tuple([tie for tie in stated if (tie.kind, tie.to) not in known])


def _blanks(record: Record, profile: Profile, party: KnownParty | str) -> dict[str, Any]:
    """What is stated and is blank there; what was emptied on purpose stays empty."""
    is_person = not isinstance(party, str) and party.kind == "person"
    fits = isinstance(record.name, PersonName if is_person else OrganizationName)
    return {
        "name": record.name if fits and "name" not in profile else None,
        "preferences": record.preferences if "preferences" not in profile else None,
        "tags": [tag for tag in record.tags if tag not in (profile.get("tags") or ())],
        "values": [pair for pair in record.values if Record.field_of(pair[0]) not in profile],
    }
