"""Calls of web and app trackers: what customers did becomes interactions, who they are becomes identity claims."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._instants import moment, moment_or_none
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.interactions._clock import client_time
from relex.interactions._given import Given, instant_of, scalars
from relex.interactions._interaction import Interaction, Participant
from relex.interactions._parts import INSTANT_OR_NONE, TEXT_OR_NONE, named_values, words
from relex.parties import FieldValue, Identifier
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["VALUES_LEFT_OUT", "IdentityClaim", "interaction_from_tracking"]

VALUES_LEFT_OUT = "values-left-out"
"""The note on something that carried more than plain values."""

_CALLS = ("alias", "group", "identify", "page", "screen", "track")
_CHANNELS = {"browser": "web", "mobile": "app", "server": "server"}
_PLAIN = {"page": "web", "screen": "app", "track": "web"}


def _identifiers(values: Iterable[Identifier]) -> tuple[Identifier, ...]:
    found = _checks.items("IdentityClaim.identifiers", values)
    _checks.each(_checks.a(Identifier)).require("IdentityClaim.identifiers", found)
    return tuple(sorted(set(found), key=lambda each: (each.kind, each.value)))


def _traits(values: Mapping[str, FieldValue] | Iterable[tuple[str, FieldValue]]) -> tuple[tuple[str, Any], ...]:
    return named_values("IdentityClaim.traits", values)


def _notes(values: Iterable[str]) -> tuple[str, ...]:
    return words("IdentityClaim.notes", values)


@tagged("interactions.IdentityClaim")
@attrs.frozen(weakref_slot=False)
class IdentityClaim:
    """A tracker's statement that some identifiers are one party's: an entry, immutable and idempotent by id.

    It joins nothing by itself; give its identifiers to an identity graph.

    Attributes:
        id: Of the call.
        at: When it was made; aware.
        kind: `identify`, `alias` or `group`.
        identifiers: Sorted; `user_id`, `anonymous_id`.
        group: Id of the group, such as a company, that the party is said to belong to.
        traits: Sorted (name, value) pairs that were told of the party, or of the group for `group`.
        received_at: When we got to know of it; aware.
        notes: Sorted codes on how it was read, such as `client-clock`.
        fact_schema: The facts of every claim.

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)
    kind: str = attrs.field(validator=_checks.one_of("alias", "group", "identify"), kw_only=True)
    identifiers: tuple[Identifier, ...] = attrs.field(converter=_identifiers, kw_only=True)
    group: str | None = attrs.field(default=None, validator=TEXT_OR_NONE, kw_only=True)
    traits: tuple[tuple[str, FieldValue], ...] = attrs.field(default=(), converter=_traits, kw_only=True)
    received_at: datetime | None = attrs.field(default=None, validator=INSTANT_OR_NONE, kw_only=True, eq=moment_or_none)
    notes: tuple[str, ...] = attrs.field(default=(), converter=_notes, kw_only=True)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {"at": datetime, "claim.group": str, "claim.kind": str, "customer": str, "id": str, "kind": str},
        open=("trait.",),
    )

    @property
    def subject(self) -> str | None:
        """The user id, by which claims are read; None for somebody anonymous."""
        return next((each.value for each in self.identifiers if each.kind == "user_id"), None)

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        return {
            "kind": "identity-claim",
            "id": self.id,
            "at": self.at,
            "customer": self.subject,
            "claim.kind": self.kind,
            "claim.group": self.group,
            **{f"trait.{name}": value for name, value in self.traits},
        }


def interaction_from_tracking(
    call: Mapping[str, Any], *, received_at: datetime | None = None
) -> Interaction | IdentityClaim:
    """What a tracker's call says: an interaction for `track`, `page`, `screen`; else an identity claim.

    The id is the call's `messageId`, so a call that comes twice counts once. The instant is corrected for the client's
    clock (see `client_time`). `channel` browser is `web`, mobile is `app`, server is `server`, any other word stays;
    without one, a screen is `app` and everything else `web`. The kind is the name of the event, or `page` or `screen`,
    whose name is the touchpoint. Plain properties are kept as values; what is more than plain is left out, with the
    note `values-left-out`.

    Args:
        call: The call as a dict, such as JSON gives it.
        received_at: When it came in; by default what the call says in `receivedAt`.

    Raises:
        InvalidValue: For a call that is none, lacks its id or the instant of its receipt, or has a part of a wrong type
            or size; the path says which.

    Source: Segment, "Spec: Track", "Page", "Screen", "Identify", "Alias", "Group", "Common Fields".

    Example:
        >>> call = {
        ...     "type": "track",
        ...     "messageId": "m1",
        ...     "userId": "c1",
        ...     "event": "Order Completed",
        ...     "channel": "browser",
        ...     "originalTimestamp": "2026-05-01T09:55:30Z",
        ...     "sentAt": "2026-05-01T09:57:00Z",
        ...     "receivedAt": "2026-05-01T10:00:05Z",
        ...     "properties": {"revenue": 19.9},
        ... }
        >>> seen = interaction_from_tracking(call)
        >>> print(seen.at, seen)
        2026-05-01 09:58:35+00:00 web inbound, Order Completed, c1
        >>> seen.values
        (('revenue', Decimal('19.9')),)

    .. versionadded:: 0.1.0
    """
    given = Given("call", call)
    kind = given.text("type")
    if kind not in _CALLS:
        raise InvalidValue("call.type", kind, f"one of {', '.join(_CALLS)}")
    return _interaction(given, kind, received_at) if kind in _PLAIN else _claim(given, kind, received_at)


def _interaction(call: Given, kind: str, received_at: datetime | None) -> Interaction:
    properties = call.inner("properties")
    values, left_out = scalars(properties)
    user, campaign = call.text_or_none("userId"), call.inner("context").inner("campaign").text_or_none("name")
    channel = call.text_or_none("channel") or _PLAIN[kind]
    return Interaction(
        call.text("messageId"),
        **_times(call, received_at, left_out=left_out),
        channel=_CHANNELS.get(channel, channel),
        direction="inbound",
        participants=() if user is None else (Participant(user, role="from"),),
        kind=call.text("event") if kind == "track" else kind,
        touchpoint=None if kind == "track" else call.text_or_none("name"),
        related=() if campaign is None else (("campaign", campaign),),
        identifiers=_ids(call),
        values=values,
    )


def _claim(call: Given, kind: str, received_at: datetime | None) -> IdentityClaim:
    traits, left_out = scalars(call.inner("traits"))
    identifiers = _ids(call)
    if kind == "alias":
        identifiers.append(Identifier("anonymous_id", call.text("previousId")))
    if not identifiers:
        raise InvalidValue("call.userId", None, "a userId or an anonymousId")
    return IdentityClaim(
        call.text("messageId"),
        **_times(call, received_at, left_out=left_out),
        kind=kind,
        identifiers=identifiers,
        group=call.text("groupId") if kind == "group" else None,
        traits=traits,
    )


def _ids(call: Given) -> list[Identifier]:
    named = (("user_id", call.text_or_none("userId")), ("anonymous_id", call.text_or_none("anonymousId")))
    return [Identifier(kind, value) for kind, value in named if value is not None]


def _times(call: Given, received_at: datetime | None, *, left_out: bool) -> dict[str, Any]:
    """When it happened, when it came in, and what there is to note."""
    received = instant_of("call.receivedAt", call.data.get("receivedAt") if received_at is None else received_at)
    original = call.instant_or_none("originalTimestamp") or call.instant_or_none("timestamp")
    found = client_time(received, sent_at=call.instant_or_none("sentAt"), original_at=original)
    notes = [note for note, holds in ((found.note, True), (VALUES_LEFT_OUT, left_out)) if note and holds]
    return {"at": found.at, "received_at": received, "notes": notes}
