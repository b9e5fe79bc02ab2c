"""What the strategies of interactions draw when they are given arguments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings, strategies as st

from relex.errors import InvalidValue
from relex.testing.strategies import activities, cancellations, document_refs, interactions

if TYPE_CHECKING:
    from relex.interactions import Activity, Cancelled, DocumentRef, Interaction

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
lean = settings(max_examples=15)


@lean
@given(interactions(id="i1", customer=st.sampled_from(["c1", "c2"]), at=AT))
def test_an_interaction_is_of_the_customer(found: Interaction) -> None:
    assert (found.id, found.at) == ("i1", AT)
    assert found.subject in {"c1", "c2"}


@lean
@given(activities(id="a1", customer="c1"), cancellations(activity="a1"), document_refs(id="d1"))
def test_parts_are_as_given(planned: Activity, off: Cancelled, document: DocumentRef) -> None:
    assert (planned.id, planned.customer, off.activity, document.id) == ("a1", "c1", "a1", "d1")


@pytest.mark.parametrize(
    ("make", "arguments", "path"),
    [
        (interactions, {"id": 3}, "interactions.id"),
        (interactions, {"customer": ""}, "interactions.customer"),
        (interactions, {"at": datetime(2026, 5, 1)}, "interactions.at"),  # noqa: DTZ001 - what is refused
        (activities, {"customer": 3}, "activities.customer"),
        (cancellations, {"activity": ""}, "cancellations.activity"),
        (document_refs, {"id": []}, "document_refs.id"),
    ],
)
def test_a_wrong_argument_is_refused_at_once(make: Any, arguments: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue, match=path):
        make(**arguments)
