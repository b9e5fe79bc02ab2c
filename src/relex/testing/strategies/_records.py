"""What sources say of parties: contact points, ties, preferences, records, and what survives of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.calendars import Period
from relex.parties import (
    AGREE,
    EARLIEST,
    LARGEST,
    LATEST,
    MOST_COMPLETE,
    MOST_FREQUENT,
    SMALLEST,
    TOTAL,
    UNION,
    ContactPoint,
    Policy,
    PostalAddress,
    Preferences,
    Record,
    Relationship,
    Survivorship,
)
from relex.testing.strategies._basics import days, decimals, either, ids, instants, named, texts, words
from relex.testing.strategies._calendars import business_calendars
from relex.testing.strategies._parties import identifiers, lifecycles, organization_names, person_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hypothesis.strategies import SearchStrategy

__all__ = [
    "STORED",
    "contact_points",
    "policies",
    "postal_addresses",
    "preferences",
    "records",
    "relationships",
    "survivorships",
]

_MAYBE = st.none() | words()
_PLACES: dict[str, SearchStrategy[Any]] = {
    "street": words(),
    "city": words(),
    "region": words(),
    "postal_code": words(),
    "country": st.sampled_from(("DE", "JP", "SE")),
    "full": texts(),
}


def postal_addresses() -> SearchStrategy[PostalAddress]:
    """Postal addresses, whole, in parts, or with a few of the parts.

    .. versionadded:: 0.1.0
    """
    return _ADDRESSES


_ADDRESSES = st.fixed_dictionaries({}, optional=_PLACES).filter(bool).map(lambda parts: PostalAddress(**parts))


def contact_points(*, kind: str | SearchStrategy[str] | None = None) -> SearchStrategy[ContactPoint]:
    """Contact points of every kind, some of which cannot be read as what they should be.

    Args:
        kind: The only kind, or what kinds are drawn from.

    Raises:
        InvalidValue: For a kind that is empty or no str.

    .. versionadded:: 0.1.0
    """
    return named("contact_points", either("contact_points.kind", kind, _checks.text, _POINT_KINDS).flatmap(_points_of))


_POINT_KINDS = st.sampled_from(("email", "phone", "postal", "social", "messaging", "push"))
_TYPED: dict[str, SearchStrategy[Any]] = {
    "email": words().map(lambda word: f"{word}@example.com") | texts(),
    "phone": st.sampled_from(("+819012345678", "090-1234-5678", "+46 70 123 45 67")) | texts(),
    "postal": _ADDRESSES,
}


def _lasting() -> SearchStrategy[Period | None]:
    begun = st.builds(Period, instants())
    both = st.tuples(instants(), instants()).map(lambda ends: Period(*sorted(ends, key=lambda at: at.timestamp())))
    return st.none() | begun | both


def _points_of(kind: str) -> SearchStrategy[ContactPoint]:
    return st.builds(
        ContactPoint,
        st.just(kind),
        _TYPED.get(kind, texts()),
        purposes=st.lists(st.sampled_from(("billing", "marketing", "service")), max_size=2),
        primary=st.booleans(),
        verified_at=st.none() | instants(),
        valid=_lasting(),
        shared=st.booleans(),
        state=st.sampled_from(("unknown", "ok", "bounced", "invalid")),
        extension=st.sampled_from((None, "7")) if kind == "phone" else st.none(),
        region=st.sampled_from((None, "JP", "SE")),
    )


def relationships(*, kind: str | SearchStrategy[str] | None = None) -> SearchStrategy[Relationship]:
    """Ties to other parties, past, present and without a time.

    Args:
        kind: The only kind, or what kinds are drawn from.

    Raises:
        InvalidValue: For a kind that is empty or no str.

    .. versionadded:: 0.1.0
    """
    kinds = either("relationships.kind", kind, _checks.text, _TIES)
    return named("relationships", st.builds(Relationship, kinds, ids(), role=_MAYBE, valid=_lasting()))


_TIES = st.sampled_from(("employment", "parent", "household", "referred-by", "partner")) | words()


def preferences() -> SearchStrategy[Preferences]:
    """How parties want to be spoken to; some say nothing.

    .. versionadded:: 0.1.0
    """
    return _PREFERENCES


_CHANNELS = st.lists(st.sampled_from(("email", "phone", "sms")), max_size=2)
_PREFERENCES = named(
    "preferences",
    st.builds(
        Preferences,
        languages=st.lists(st.sampled_from(("en", "zh-Hant-TW", "sv")), max_size=2),
        channels=_CHANNELS,
        avoid=_CHANNELS,
        hours=st.none() | business_calendars(),
    ),
)


def records(
    *,
    source: str | SearchStrategy[str] | None = None,
    key: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    kind: str | None = None,
) -> SearchStrategy[Record]:
    """Statements of sources, from nothing at all to everything, blank and odd values included.

    Args:
        source: The only source, or what sources are drawn from.
        key: The id in the source, or what ids are drawn from.
        at: When it was said.
        kind: `person` or `organization`; by default both.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    if kind is None:
        return records(source=source, key=key, at=at, kind="person") | records(
            source=source, key=key, at=at, kind="organization"
        )
    _checks.one_of("person", "organization").require("records.kind", kind)
    placed = st.tuples(
        either("records.source", source, _checks.text, _SOURCES),
        either("records.key", key, _checks.text, ids()),
        either("records.at", at, _checks.instant, instants()),
    )
    stated = st.fixed_dictionaries({}, optional=_STATED | {"name": _NAMES[kind]})
    return named("records", st.builds(lambda place, more: Record(*place, kind=kind, **more), placed, stated))


_SOURCES = st.sampled_from(("crm", "shop", "billing")) | words()
_NAMES: dict[str, SearchStrategy[Any]] = {"person": person_names(), "organization": organization_names()}
_FIELDS = st.sampled_from(("title", "note", "visits", "email", "region", "born"))
_SCALARS = st.one_of(
    st.none(),
    st.sampled_from(("", " ", "\N{ZERO WIDTH SPACE}")),
    texts(),
    st.integers(-(2**70), 2**70),
    decimals(),
    st.booleans(),
    days(),
    instants(),
    st.lists(texts(), max_size=2).map(tuple),
)
_STATED: dict[str, SearchStrategy[Any]] = {
    "points": st.lists(contact_points(), max_size=2),
    "identifiers": st.lists(identifiers(), max_size=2),
    "relationships": st.lists(relationships(), max_size=2),
    "tags": st.lists(words(), max_size=2),
    "born": days() | texts(),
    "preferences": preferences(),
    "values": st.dictionaries(_FIELDS, _SCALARS, max_size=3),
    "cleared": st.lists(_FIELDS | st.sampled_from(("phone", "name", "points", "tags.a")), max_size=2),
    "times": st.dictionaries(_FIELDS, instants(), max_size=2),
}


def policies() -> SearchStrategy[Policy]:
    """Every way to choose one of several values for one field.

    .. versionadded:: 0.1.0
    """
    return named("policies", _POLICIES)


_REFS = st.sampled_from(("crm/7", "shop/A9", "billing/33"))
_OF_BLOCKS = st.one_of(
    st.sampled_from((LATEST, EARLIEST)),
    st.builds(Policy.latest, clears=st.booleans()),
    st.lists(st.sampled_from(("crm", "shop")), min_size=1, max_size=2).map(lambda names: Policy.sources(*names)),
    st.builds(Policy.master, _REFS, fill=st.booleans()),
    st.lists(_REFS, min_size=1, max_size=2).map(lambda refs: Policy.ranked(*refs)),
)
_POLICIES = st.one_of(
    _OF_BLOCKS,
    st.sampled_from((AGREE, LARGEST, MOST_FREQUENT, SMALLEST, TOTAL, UNION)),
    lifecycles().map(Policy.furthest),
)


def survivorships() -> SearchStrategy[Survivorship]:
    """What survives: a default, some fields of their own, and perhaps the address as one block.

    .. versionadded:: 0.1.0
    """
    fields = st.dictionaries(st.sampled_from(("email", "title", "visits", "tags")), _POLICIES, max_size=3)
    groups = st.sampled_from(({}, {"address": ("street", "city", "postal", "country")}))
    block = st.none() | st.just(MOST_COMPLETE) | _OF_BLOCKS
    return named("survivorships", st.builds(_survivorship, _POLICIES, fields, groups, block))


def _survivorship(default: Policy, fields: dict[str, Policy], groups: Any, block: Policy | None) -> Survivorship:
    if groups and block is not None:
        fields = fields | {"address": block}
    return Survivorship(default, fields, groups)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    ContactPoint: contact_points,
    Policy: policies,
    PostalAddress: postal_addresses,
    Preferences: preferences,
    Record: records,
    Relationship: relationships,
    Survivorship: survivorships,
}
"""The strategy of every stored form of what sources say."""
