from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.feedback import ContactReason, ContactRequest, Disposition, Invitation

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
ELSEWHERE = AT.astimezone(timezone(timedelta(hours=9)))
REASON = ContactReason("not_sampled")


def invitation(kind: str = "invitation", **more: Any) -> Invitation:
    return Invitation(request=ContactRequest(contact="c1", survey="nps", kind=kind), **{"at": AT, **more})


def told(**more: Any) -> Disposition:
    return Disposition(**{"invitation": "i1", "contact": "c1", "status": "opened", "at": AT, **more})


def test_asking_twice_is_the_same_id() -> None:
    assert invitation().id == invitation(at=AT + timedelta(days=1)).id == invitation().key


def test_each_reminder_has_an_id() -> None:
    ids = {invitation().id, invitation("reminder").id, invitation("reminder", number=2).id}

    assert len(ids) == 3


def test_what_was_not_sent_leaves_the_id_free() -> None:
    ids = {
        invitation().id,
        invitation(status="suppressed").id,
        invitation(status="suppressed", at=AT + timedelta(days=1)).id,
        invitation(status="deferred", until=AT).id,
    }

    assert len(ids) == 4


@pytest.mark.parametrize("make", [lambda at: invitation(status="suppressed", at=at), lambda at: told(at=at)])
def test_one_instant_is_one_id_on_every_clock(make: Any) -> None:
    assert make(AT).id == make(ELSEWHERE).id
    assert make(AT) == make(ELSEWHERE)


def test_an_id_is_made_at_the_end_of_the_calendar() -> None:
    last = datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=9)))

    assert told(at=last).id == "i1:opened:9999-12-31T23:00:00-09:00"


@pytest.mark.parametrize(
    ("more", "path"),
    [
        pytest.param({"reasons": [REASON]}, "reasons", id="sent, with a reason"),
        pytest.param({"until": AT}, "until", id="sent, until"),
        pytest.param({"status": "deferred"}, "until", id="deferred, to no instant"),
        pytest.param({"expires_at": AT}, "expires_at", id="ended at once"),
        pytest.param({"status": "lost"}, "status", id="unknown status"),
        pytest.param({"number": 0}, "number", id="number"),
        pytest.param({"reasons": ["why"], "status": "suppressed"}, "reasons", id="reasons"),
        pytest.param({"at": AT.replace(tzinfo=None)}, "at", id="naive"),
    ],
)
def test_an_invitation_is_checked(more: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue, match=f"Invitation.{path}"):
        invitation(**more)


def test_a_disposition_has_a_known_status() -> None:
    with pytest.raises(InvalidValue, match=r"Disposition\.status"):
        told(status="complete")


@pytest.mark.parametrize("entry", [invitation(), told()], ids=["invitation", "disposition"])
def test_facts_are_those_of_the_schema(entry: Invitation | Disposition) -> None:
    assert set(entry.facts()) == {name for name, _ in entry.fact_schema.facts}
    assert (entry.subject, entry.facts()["customer"]) == ("c1", "c1")


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        pytest.param(invitation(), "sent 2026-05-04 09:00:00+00:00: invitation to nps for c1", id="sent"),
        pytest.param(
            invitation(status="deferred", until=AT, reasons=[REASON]),
            "deferred 2026-05-04 09:00:00+00:00 until 2026-05-04 09:00:00+00:00: "
            "invitation to nps for c1 (not_sampled)",
            id="deferred",
        ),
        pytest.param(told(reason="late"), "opened 2026-05-04 09:00:00+00:00: i1 (late)", id="disposition"),
    ],
)
def test_it_says_what_it_is(entry: Invitation | Disposition, text: str) -> None:
    assert str(entry) == text


@pytest.mark.parametrize(
    ("reason", "text", "lasting"),
    [
        pytest.param(REASON, "not_sampled for good", True, id="lasting"),
        pytest.param(
            ContactReason("rule:cap", count=2, limit=1, until=AT, detail="why"),
            "rule:cap (why) counts 2, limit 1, until 2026-05-04 09:00:00+00:00",
            False,
            id="counted",
        ),
    ],
)
def test_a_reason_says_what_it_is(reason: ContactReason, text: str, lasting: bool) -> None:
    assert (str(reason), reason.lasting) == (text, lasting)
