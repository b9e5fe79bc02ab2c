"""Interactions, touchpoints, documents, planned work, and what trackers say of identity."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.interactions import (
    CHANNELS,
    DIRECTIONS,
    ROLES,
    Activity,
    Cancelled,
    Cursor,
    DocumentRef,
    EffortPolicy,
    IdentityClaim,
    Interaction,
    Participant,
    Touchpoint,
    TouchpointCatalog,
)
from relex.testing.strategies._basics import days, either, ids, instants, texts, words
from relex.testing.strategies._parties import identifiers

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hypothesis.strategies import SearchStrategy

__all__ = [
    "STORED",
    "activities",
    "cancellations",
    "cursors",
    "document_refs",
    "effort_policies",
    "identity_claims",
    "interactions",
    "participants",
    "touchpoint_catalogs",
    "touchpoints",
]

_MAYBE = st.none() | words()
_TOLD = st.none() | texts()
_RECEIVED = st.none() | instants()
_LINKS = st.lists(st.tuples(words(), ids()), max_size=2)
_CHANNELS = st.sampled_from(CHANNELS) | words()
_VALUES = st.dictionaries(
    words(),
    st.one_of(texts(), st.integers(-9, 9), st.booleans(), st.just(Decimal("19.90")), days(), instants()),
    max_size=2,
)
_TENTHS = st.integers(-10, 10).map(lambda tenths: Decimal(tenths).scaleb(-1))
_DURATIONS = st.integers(0, 4 * 3600).map(lambda seconds: timedelta(seconds=seconds))


def participants() -> SearchStrategy[Participant]:
    """Somebody of either side, in any role.

    .. versionadded:: 0.1.0
    """
    return _PARTICIPANTS


_PARTICIPANTS: SearchStrategy[Participant] = st.builds(
    Participant, ids(), st.sampled_from(("customer", "own")), st.sampled_from(ROLES)
)


def document_refs(*, id: str | SearchStrategy[str] | None = None) -> SearchStrategy[DocumentRef]:  # noqa: A002 - the field's name everywhere in relex
    """Versions of documents.

    Args:
        id: Of the document, or what ids are drawn from.

    Raises:
        InvalidValue: For an id that is empty or no str.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        DocumentRef,
        id=either("document_refs.id", id, _checks.text, ids()),
        version=st.integers(1, 5),
        name=texts(),
        media_type=st.sampled_from((None, "application/pdf", "text/plain")),
        size=st.none() | st.integers(0, 10**12),
        digest=_MAYBE,
        uri=_MAYBE,
        at=instants(),
        by=_MAYBE,
        retention=_MAYBE,
    )


def interactions(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    customer: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[Interaction]:
    """Contacts on any channel, some of nobody known; shrinks to a contact that says nothing.

    Args:
        id: Of the interaction, or what ids are drawn from.
        customer: Of the customer, or what customers are drawn from; by default some contacts have none.
        at: The instant, or what instants are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    others = st.lists(_PARTICIPANTS, max_size=3)
    who = either("interactions.customer", customer, _checks.text, ids())
    return st.builds(
        Interaction,
        either("interactions.id", id, _checks.text, ids()),
        at=either("interactions.at", at, _checks.instant, instants()),
        channel=_CHANNELS,
        direction=st.sampled_from(DIRECTIONS),
        participants=others if customer is None else st.tuples(who, others).map(_with_customer),
        kind=_MAYBE,
        touchpoint=_MAYBE,
        title=_TOLD,
        duration=st.none() | _DURATIONS,
        outcome=_MAYBE,
        sentiment=st.none() | _TENTHS,
        staff=st.lists(ids(), max_size=2),
        related=_LINKS,
        documents=st.lists(document_refs(), max_size=1),
        received_at=_RECEIVED,
        corrects=st.none() | ids(),
        fulfils=st.none() | ids(),
        identifiers=st.lists(identifiers(), max_size=1),
        values=_VALUES,
        notes=st.lists(st.sampled_from(("client-clock", "values-left-out")), max_size=2),
    )


def _with_customer(drawn: tuple[str, list[Participant]]) -> list[Participant]:
    return [Participant(drawn[0], role="from"), *drawn[1]]


def touchpoints() -> SearchStrategy[Touchpoint]:
    """Places where customers meet us.

    .. versionadded:: 0.1.0
    """
    return st.builds(Touchpoint, words(), channel=st.none() | _CHANNELS, stage=_MAYBE, label=_TOLD)


def touchpoint_catalogs() -> SearchStrategy[TouchpointCatalog]:
    """Catalogs of up to four touchpoints.

    .. versionadded:: 0.1.0
    """
    found = st.lists(touchpoints(), max_size=4, unique_by=lambda each: each.name)
    return st.builds(TouchpointCatalog, found, version=st.integers(1, 9))


def activities(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    customer: str | SearchStrategy[str] | None = None,
) -> SearchStrategy[Activity]:
    """Planned work.

    Args:
        id: Of the activity, or what ids are drawn from.
        customer: Of the customer, or what customers are drawn from; by default some have none.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Activity,
        either("activities.id", id, _checks.text, ids()),
        due=instants(),
        kind=words(),
        at=instants(),
        customer=either("activities.customer", customer, _checks.text, st.none() | ids()),
        owner=_MAYBE,
        about=_LINKS,
        title=_TOLD,
    )


def cancellations(*, activity: str | SearchStrategy[str] | None = None) -> SearchStrategy[Cancelled]:
    """Ends of planned work that is not done.

    Args:
        activity: Of the activity, or what ids of activities are drawn from.

    Raises:
        InvalidValue: For an id that is empty or no str.

    .. versionadded:: 0.1.0
    """
    which = either("cancellations.activity", activity, _checks.text, ids())
    return st.builds(Cancelled, ids(), activity=which, at=instants(), by=words(), reason=_TOLD)


def effort_policies() -> SearchStrategy[EffortPolicy]:
    """What contacts count for, in minutes.

    .. versionadded:: 0.1.0
    """
    return st.just(EffortPolicy()) | _policies()


@st.composite
def _policies(draw: st.DrawFn) -> EffortPolicy:
    channels = draw(st.lists(_CHANNELS, max_size=5, unique=True))
    count = draw(st.integers(0, len(channels)))
    minutes = [Decimal(draw(st.integers(0, 40))) / 4 for _ in range(4)]
    return EffortPolicy(
        timed=channels[:count],
        written=channels[count:],
        write=minutes[0],
        read=minutes[1],
        customer_write=minutes[2],
        customer_read=minutes[3],
        version=draw(st.integers(1, 9)),
    )


def cursors() -> SearchStrategy[Cursor]:
    """Places in a timeline.

    .. versionadded:: 0.1.0
    """
    return st.builds(Cursor, at=instants(), kind=st.sampled_from(("interaction", "purchase")) | words(), id=ids())


def identity_claims() -> SearchStrategy[IdentityClaim]:
    """What trackers say of who somebody is.

    .. versionadded:: 0.1.0
    """
    kinds = st.sampled_from(("user_id", "anonymous_id"))
    return st.builds(
        IdentityClaim,
        ids(),
        at=instants(),
        kind=st.sampled_from(("alias", "group", "identify")),
        identifiers=st.lists(identifiers(kind=kinds), min_size=1, max_size=2),
        group=_MAYBE,
        traits=_VALUES,
        received_at=_RECEIVED,
        notes=st.lists(st.just("client-clock"), max_size=1),
    )


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Activity: activities,
    Cancelled: cancellations,
    Cursor: cursors,
    DocumentRef: document_refs,
    EffortPolicy: effort_policies,
    IdentityClaim: identity_claims,
    Interaction: interactions,
    Participant: participants,
    Touchpoint: touchpoints,
    TouchpointCatalog: touchpoint_catalogs,
}
"""The strategy of every stored form of `relex.interactions`."""
