"""What the strategies of contact policies and invitations draw, and which arguments they refuse."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, find, given, settings

from relex.errors import InvalidValue
from relex.feedback import ContactRequest, Invitation, OutcomeRates
from relex.testing import strategies

if TYPE_CHECKING:
    from relex.feedback import Disposition

lean = settings(max_examples=25, deadline=None)
unshrunk = settings(phases=[Phase.generate])
AT = datetime(2026, 5, 4, 9, tzinfo=UTC)


@lean
@given(
    strategies.contact_requests(survey="nps", contact="c1"),
    strategies.invitations(survey="nps", contact="c1", at=AT),
    strategies.dispositions(invitation="i1", contact="c1", at=AT),
)
def test_parts_are_as_given(request: ContactRequest, invitation: Invitation, told: Disposition) -> None:
    assert (request.survey, request.contact) == ("nps", "c1")
    assert (invitation.request.survey, invitation.subject, invitation.at) == ("nps", "c1", AT)
    assert (told.invitation, told.subject, told.at) == ("i1", "c1", AT)


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (strategies.contact_requests, {"survey": ""}),
        (strategies.contact_requests, {"contact": 3}),
        (strategies.invitations, {"at": datetime(2026, 5, 4)}),  # noqa: DTZ001 - what is tested
        (strategies.dispositions, {"invitation": ""}),
        (strategies.dispositions, {"contact": ""}),
        (strategies.dispositions, {"at": datetime(2026, 5, 4)}),  # noqa: DTZ001 - what is tested
    ],
    ids=lambda it: it.__name__ if callable(it) else next(iter(it)),
)
def test_what_is_refused(make: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=make.__name__):
        make(**wrong)


def test_they_shrink_to_something_plain() -> None:
    assert find(strategies.outcome_rates(), lambda _: True) == OutcomeRates({})


@pytest.mark.parametrize("status", ["sent", "deferred", "suppressed"])
def test_every_status_is_drawn(status: str) -> None:
    found = find(strategies.invitations(), lambda it: it.status == status, settings=unshrunk)

    assert found.status == status
