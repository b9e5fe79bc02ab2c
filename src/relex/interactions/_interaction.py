"""What happened between us and a customer, on any channel: one immutable entry for each contact."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._instants import moment, moment_or_none
from relex.codec import tagged
from relex.interactions._documents import DocumentRef
from relex.interactions._parts import INSTANT_OR_NONE, TEXT_OR_NONE, links, named_values, words
from relex.parties import FieldValue, Identifier
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["CHANNELS", "DIRECTIONS", "ROLES", "Interaction", "Participant"]

CHANNELS = (
    "app",
    "chat",
    "email",
    "event",
    "meeting",
    "messaging",
    "note",
    "phone",
    "post",
    "sms",
    "social",
    "store",
    "video",
    "web",
)
"""The channels that relex knows something about; any other word is a channel too."""

DIRECTIONS = ("inbound", "outbound", "internal")
"""Who began: the customer, our side, or our side among itself."""

ROLES = ("attendee", "cc", "from", "to")
"""What a participant was."""

_MINUTE = 60_000_000
_MICRO = timedelta(microseconds=1)
_MINUTES = Context(prec=28)
_DURATION = _checks.optional(_checks.elapsed)
_SENTIMENT = _checks.Check(
    "a Decimal from -1 to 1, or None",
    lambda value: value is None or (isinstance(value, Decimal) and value.is_finite() and -1 <= value <= 1),
)


@tagged("interactions.Participant")
@attrs.frozen(weakref_slot=False)
class Participant:
    """Somebody who took part.

    Attributes:
        party: Id of the customer, or of the member of our side.
        side: `customer` or `own`.
        role: `from`, `to`, `cc` or `attendee`.

    Raises:
        InvalidValue: For an empty id or an unknown side or role.

    Example:
        >>> Participant("c1").side, Participant("ann", "own", "from").role
        ('customer', 'from')

    .. versionadded:: 0.1.0
    """

    party: str = attrs.field(validator=_checks.text)
    side: str = attrs.field(default="customer", validator=_checks.one_of("customer", "own"))
    role: str = attrs.field(default="attendee", validator=_checks.one_of(*ROLES))


def _participants(values: Iterable[Participant]) -> tuple[Participant, ...]:
    return _checks.items("Interaction.participants", values)


def _documents(values: Iterable[DocumentRef]) -> tuple[DocumentRef, ...]:
    return _checks.items("Interaction.documents", values)


def _identifiers(values: Iterable[Identifier]) -> tuple[Identifier, ...]:
    found = _checks.items("Interaction.identifiers", values)
    _checks.each(_checks.a(Identifier)).require("Interaction.identifiers", found)
    return tuple(sorted(set(found), key=lambda each: (each.kind, each.value)))


def _staff(values: Iterable[str]) -> tuple[str, ...]:
    return words("Interaction.staff", values)


def _notes(values: Iterable[str]) -> tuple[str, ...]:
    return words("Interaction.notes", values)


def _related(values: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return links("Interaction.related", values)


def _sentiment(value: object) -> Any:
    """An int or the text of a number as a Decimal; anything else is left for the check."""
    if value is None or isinstance(value, Decimal):
        return value
    found = _checks.exact_number("Interaction.sentiment", value)
    return Decimal(found) if isinstance(found, int) else found


def _values(values: Mapping[str, FieldValue] | Iterable[tuple[str, FieldValue]]) -> tuple[tuple[str, Any], ...]:
    return named_values("Interaction.values", values)


@tagged("interactions.Interaction")
@attrs.frozen(weakref_slot=False)
class Interaction:
    """One contact on one channel: an entry, immutable and idempotent by id.

    A mistake is not edited: a new interaction with `corrects` takes the place of the old one wherever interactions are
    counted (see `corrected`).

    Attributes:
        id: The same id with the same content is the same interaction.
        at: When it began; aware. For events of clients see `client_time`.
        channel: One of `CHANNELS`, or any other word.
        direction: `inbound`, `outbound` or `internal`.
        participants: Who took part, in the order given; the first one of the customer's side is the subject.
        kind: What it was, such as `demo`, `complaint`, or the name of a tracked event.
        touchpoint: Name of the touchpoint; one that no catalog knows is fine.
        title: Its line of text: the subject of an e-mail, the name of a meeting.
        duration: How long it took; at least 0.
        outcome: Such as `no-answer`.
        sentiment: Decimal in [-1, 1].
        staff: Sorted ids of those of our side who had the work, where they are no participants.
        related: Sorted (kind, id) pairs of deals, cases, purchases, campaigns, threads.
        documents: What was sent, received or shown.
        received_at: When we got to know of it; aware.
        corrects: Id of the interaction that this one replaces.
        fulfils: Id of the planned `Activity` that this is.
        identifiers: Sorted identifiers that were seen with it, such as a cookie.
        values: Sorted (name, value) pairs of everything else.
        notes: Sorted codes on how it was read, such as `client-clock`.
        fact_schema: The facts of every interaction.

    Raises:
        InvalidValue: For a wrong type, a naive datetime, a negative duration, or a sentiment outside [-1, 1].

    Example:
        >>> from datetime import datetime, timedelta, timezone
        >>> call = Interaction(
        ...     "i1",
        ...     at=datetime(2026, 5, 1, 9, tzinfo=timezone.utc),
        ...     channel="phone",
        ...     direction="inbound",
        ...     participants=[Participant("c1", role="from"), Participant("ann", "own", "to")],
        ...     duration=timedelta(minutes=12),
        ... )
        >>> call.subject, call.team, call.facts()["interaction.minutes"]
        ('c1', ('ann',), Decimal('12'))
        >>> print(call)
        phone inbound, 12 min, c1 with ann

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)
    channel: str = attrs.field(validator=_checks.text, kw_only=True)
    direction: str = attrs.field(validator=_checks.one_of(*DIRECTIONS), kw_only=True)
    participants: tuple[Participant, ...] = attrs.field(
        default=(), converter=_participants, validator=_checks.each(_checks.a(Participant)), kw_only=True
    )
    kind: str | None = attrs.field(default=None, validator=TEXT_OR_NONE, kw_only=True)
    touchpoint: str | None = attrs.field(default=None, validator=TEXT_OR_NONE, kw_only=True)
    title: str | None = attrs.field(default=None, validator=TEXT_OR_NONE, kw_only=True)
    duration: timedelta | None = attrs.field(default=None, validator=_DURATION, kw_only=True)
    outcome: str | None = attrs.field(default=None, validator=TEXT_OR_NONE, kw_only=True)
    sentiment: Decimal | None = attrs.field(default=None, converter=_sentiment, validator=_SENTIMENT, kw_only=True)
    staff: tuple[str, ...] = attrs.field(default=(), converter=_staff, kw_only=True)
    related: tuple[tuple[str, str], ...] = attrs.field(default=(), converter=_related, kw_only=True)
    documents: tuple[DocumentRef, ...] = attrs.field(
        default=(), converter=_documents, validator=_checks.each(_checks.a(DocumentRef)), kw_only=True
    )
    received_at: datetime | None = attrs.field(default=None, validator=INSTANT_OR_NONE, kw_only=True, eq=moment_or_none)
    corrects: str | None = attrs.field(default=None, validator=TEXT_OR_NONE, kw_only=True)
    fulfils: str | None = attrs.field(default=None, validator=TEXT_OR_NONE, kw_only=True)
    identifiers: tuple[Identifier, ...] = attrs.field(default=(), converter=_identifiers, kw_only=True)
    values: tuple[tuple[str, FieldValue], ...] = attrs.field(default=(), converter=_values, kw_only=True)
    notes: tuple[str, ...] = attrs.field(default=(), converter=_notes, kw_only=True)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "at": datetime,
            "customer": str,
            "id": str,
            "interaction.channel": str,
            "interaction.direction": str,
            "interaction.kind": str,
            "interaction.minutes": Decimal,
            "interaction.outcome": str,
            "interaction.sentiment": Decimal,
            "interaction.staff": tuple,
            "interaction.touchpoint": str,
            "kind": str,
        },
        open=("value.",),
    )

    @property
    def customers(self) -> tuple[str, ...]:
        """Ids of those of the customer's side, each once, in the order of the participants."""
        return tuple(dict.fromkeys([each.party for each in self.participants if each.side == "customer"]))

    @property
    def team(self) -> tuple[str, ...]:
        """Ids of those of our side, each once: the participants, or the staff where no participant is ours."""
        return tuple(dict.fromkeys([each.party for each in self.participants if each.side == "own"])) or self.staff

    @property
    def subject(self) -> str | None:
        """Id of the first one of the customer's side, by which interactions are read; None where nobody is known."""
        return next((each.party for each in self.participants if each.side == "customer"), None)

    @property
    def minutes(self) -> Decimal | None:
        """The duration in minutes, to 28 digits; None where nobody measured."""
        if self.duration is None:
            return None
        return _MINUTES.divide(Decimal(self.duration // _MICRO), Decimal(_MINUTE))

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names.

        `interaction.channel`, `.direction`, `.kind`, `.touchpoint`, `.outcome`, `.sentiment`, `.minutes`, `.staff` (ids
        of our side), `customer`, `at`, `id`, `kind` (always `interaction`), and `value.<name>`.
        """
        return {
            "kind": "interaction",
            "id": self.id,
            "at": self.at,
            "customer": self.subject,
            "interaction.channel": self.channel,
            "interaction.direction": self.direction,
            "interaction.kind": self.kind,
            "interaction.touchpoint": self.touchpoint,
            "interaction.outcome": self.outcome,
            "interaction.sentiment": self.sentiment,
            "interaction.minutes": self.minutes,
            "interaction.staff": tuple(sorted({*self.staff, *self.team})),
            **{f"value.{name}": value for name, value in self.values},
        }

    def __str__(self) -> str:
        minutes = None if self.minutes is None else f"{round(self.minutes)} min"
        who = " with ".join(part for part in (", ".join(self.customers), ", ".join(self.team)) if part)
        named = (f"{self.channel} {self.direction}", self.kind, self.title, minutes, self.outcome, who or None)
        return ", ".join(part for part in named if part is not None)
