"""The ledger of consent: what it is made of, how it explains itself, merges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relex.customers import (
    Consent,
    ConsentLedger,
    ConsentPolicy,
    ConsentState,
    Customer,
    Link,
    PersonName,
    Purpose,
    may_contact,
    merge,
)
from relex.errors import Conflict, InvalidValue
from relex.parties import ContactPoint

AT = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
E, W = "email:anna@example.com", "email:anna@work.example"
POLICY = ConsentPolicy([Purpose("news"), Purpose("shows", double_opt_in=True)])


def said(id_: str, day: int, status: str, customer: str = "a", **more: Any) -> Consent:
    fields: dict[str, Any] = {"purpose": "news", **more}
    return Consent(id_, customer=customer, at=AT + day * DAY, status=status, **fields)


def state(*entries: Consent, of: str = "a", day: int = 30, merges: tuple[Link, ...] = (), **more: Any) -> ConsentState:
    asked: dict[str, Any] = {"purpose": "news", "channel": "email", "point": E, "policy": POLICY, **more}
    return ConsentLedger(entries, merges=merges).state(of, at=AT + day * DAY, **asked)


def test_nothing_said_is_unknown() -> None:
    assert (state().status, state().entry, state().until, state().parts) == ("unknown", None, None, ())


def test_each_entry_tells_what_it_did() -> None:
    found = state(
        said("e1", 1, "objected"),
        said("e2", 2, "granted", expires_at=AT + 3 * DAY),
        said("e3", 4, "granted", channel="email", point=E),
        said("e4", 5, "denied", channel="phone"),
        said("e5", 6, "requested"),
    )

    assert [(entry.id, effect) for entry, effect in found.parts] == [
        ("e1", "lifted by e3"),
        ("e2", "expired"),
        ("e3", "in force"),
        ("e5", "waits to be confirmed"),
    ]


def test_it_shows_itself() -> None:
    found = state(said("<b>", 1, "granted"))

    assert str(found) == "granted by <b>\n  <b> granted: in force"
    assert "&lt;b&gt;" in found._repr_html_()
    assert str(state()) == "unknown"


def test_at_the_same_instant_the_refusal_wins() -> None:
    assert state(said("e1", 1, "granted"), said("e2", 1, "denied")).status == "refused"


def test_a_refusal_of_somebody_else_holds_for_the_point_they_share() -> None:
    grant, refusal = said("e1", 2, "granted"), said("e2", 1, "withdrawn", "b", point=E)

    assert state(grant, refusal).status == "refused"
    assert state(grant, refusal, point=W).status == "granted"
    assert state(refusal).status == "refused"


def test_only_who_refused_for_a_shared_point_lifts_it() -> None:
    entries = [
        said("e1", 2, "granted"),
        said("e2", 1, "withdrawn", "b", point=E),
        said("e3", 3, "granted", "b", point=E),
    ]

    assert state(*entries).status == "granted"
    assert state(*entries[1:]).status == "unknown"


def test_what_somebody_else_refused_for_every_point_is_theirs() -> None:
    assert (
        state(said("e1", 1, "granted"), said("e2", 2, "withdrawn", "b"), said("e3", 1, "denied", "b", point=E)).status
        == "refused"
    )
    assert state(said("e1", 1, "granted"), said("e2", 2, "withdrawn", "b")).status == "granted"


class TestDoubleOptIn:
    def test_a_grant_waits(self) -> None:
        found = state(said("e1", 1, "granted", purpose="shows"), purpose="shows")

        assert (found.status, found.until) == ("pending", None)

    @pytest.mark.parametrize("status", ["granted", "requested"])
    def test_it_counts_from_its_first_confirmation(self, status: str) -> None:
        entries = [
            said("e1", 1, status, purpose="shows"),
            said("e2", 4, "confirmed", purpose="shows", confirms="e1"),
            said("e3", 2, "confirmed", purpose="shows", confirms="e1"),
            said("e4", 3, "withdrawn", purpose="shows"),
        ]

        assert state(*entries, purpose="shows", day=2).entry == entries[2]
        assert state(*entries, purpose="shows").status == "refused"

    def test_a_confirmation_before_the_request_or_of_somebody_else_confirms_nothing(self) -> None:
        entries = [
            said("e1", 3, "requested"),
            said("e2", 2, "confirmed", confirms="e1"),
            said("e3", 4, "confirmed", "b", confirms="e1"),
        ]

        assert state(*entries).status == "pending"

    @pytest.mark.parametrize("more", [{"purpose": "shows"}, {"topic": "shoes"}, {"channel": "sms"}, {"point": W}])
    def test_a_confirmation_of_something_else_confirms_nothing(self, more: dict[str, Any]) -> None:
        fields = {"channel": "email", "point": E, "confirms": "e1", **more}

        found = state(said("e1", 1, "requested", channel="email", point=E), said("e2", 2, "confirmed", **fields))

        assert found.status == "pending"

    def test_the_end_is_that_of_the_confirmation_else_of_the_request(self) -> None:
        request = said("e1", 1, "requested", expires_at=AT + 10 * DAY)

        assert state(request, said("e2", 2, "confirmed", confirms="e1"), day=5).until == AT + 10 * DAY
        confirmed = said("e2", 2, "confirmed", confirms="e1", expires_at=AT + 20 * DAY)
        assert state(request, confirmed, day=5).until == AT + 20 * DAY

    def test_the_newest_request_waits_in_the_open(self) -> None:
        found = state(said("e1", 1, "requested"), said("e2", 2, "requested", channel="email"))

        assert found.entry is not None
        assert found.entry.id == "e2"


class TestMerges:
    LINK = Link("a", "b", AT + 10 * DAY)
    OVER = Link("a", "b", AT + 10 * DAY, AT + 20 * DAY)

    def test_a_refusal_given_meanwhile_stays_with_both(self) -> None:
        refusal = said("e1", 15, "withdrawn", "a")

        assert [state(refusal, of=of, merges=(self.OVER,)).status for of in "ab"] == ["refused", "refused"]

    def test_each_lifts_it_for_itself(self) -> None:
        entries = [said("e1", 15, "withdrawn", "a"), said("e2", 25, "granted", "b")]

        assert [state(*entries, of=of, merges=(self.OVER,)).status for of in "ab"] == ["refused", "granted"]

    def test_a_grant_for_a_point_given_meanwhile_serves_who_owns_the_point(self) -> None:
        grant = said("e1", 15, "granted", "a", point=E)

        assert state(grant, of="b", merges=(self.OVER,)).status == "granted"

    def test_a_grant_without_a_point_stays_with_the_survivor(self) -> None:
        grant = said("e1", 15, "granted", "a")

        assert [state(grant, of=of, merges=(self.OVER,)).status for of in "ab"] == ["granted", "unknown"]

    def test_a_grant_without_a_point_that_names_the_merged_one_goes_to_the_survivor(self) -> None:
        grant = said("e1", 15, "granted", "b")

        assert [state(grant, of=of, merges=(self.OVER,)).status for of in "ab"] == ["granted", "unknown"]

    def test_what_was_asked_meanwhile_and_confirmed_after_the_separation_is_of_who_confirmed(self) -> None:
        entries = [said("e1", 15, "requested", "b"), said("e2", 25, "confirmed", "b", confirms="e1")]

        assert [state(*entries, of=of, day=22, merges=(self.OVER,)).status for of in "ab"] == ["pending", "unknown"]
        assert [state(*entries, of=of, merges=(self.OVER,)).status for of in "ab"] == ["unknown", "granted"]

    def test_the_last_of_several_survivors_has_the_grant(self) -> None:
        merges = (self.OVER, Link("c", "a", AT + 12 * DAY, AT + 20 * DAY))
        grant = said("e1", 15, "granted", "b")

        assert [state(grant, of=of, merges=merges).status for of in "abc"] == ["unknown", "unknown", "granted"]

    def test_customers_who_took_each_other_have_one_survivor(self) -> None:
        merges = (self.LINK, Link("b", "a", AT + 11 * DAY))

        assert [state(said("e1", 15, "granted"), of=of, merges=merges).status for of in "ab"] == ["granted", "granted"]

    def test_what_another_grants_after_the_separation_opens_nothing(self) -> None:
        entries = [
            said("e1", 5, "denied", channel="email"),
            said("e2", 15, "granted", point=E),
            said("e3", 25, "granted", channel="email"),
        ]

        found = [state(*entries, of="b", day=day, merges=(self.OVER,)).status for day in (18, 21, 26)]
        assert found == ["refused", "unknown", "unknown"]
        assert state(*entries, of="a", day=26, merges=(self.OVER,)).status == "granted"

    def test_a_grant_given_meanwhile_serves_who_owns_the_point_if_the_refusal_was_lifted_by_then(self) -> None:
        entries = [
            said("e1", 5, "denied", channel="email"),
            said("e2", 8, "granted", channel="email"),
            said("e3", 15, "granted", point=E),
        ]

        assert state(*entries, of="b", merges=(self.OVER,)).status == "granted"

    def test_a_grant_given_meanwhile_is_not_wider_alone_than_it_was_together(self) -> None:
        entries = [said("e1", 1, "denied", "b", channel="email"), said("e2", 15, "granted", "a")]

        assert [state(*entries, day=18, merges=(self.OVER,)).status] == ["refused"]
        assert state(*entries, merges=(self.OVER,)).status == "unknown"
        assert state(*entries, merges=(self.OVER,), channel="phone").status == "granted"

    def test_the_survivor_and_the_other_are_asked_alike(self) -> None:
        entries = [said("e1", 1, "denied", "b"), said("e2", 2, "granted", "a")]

        assert [state(*entries, of=of, merges=(self.LINK,)).status for of in "ab"] == ["refused", "refused"]

    def test_chains(self) -> None:
        merges = (self.LINK, Link("c", "a", AT + 12 * DAY))
        refusal, grant = said("e1", 1, "denied", "b"), said("e2", 11, "granted", "a")

        assert state(refusal, grant, of="c", merges=merges).status == "granted"
        assert state(refusal, said("e3", 5, "granted", "c"), of="c", merges=merges).status == "refused"

    def test_a_customer_brings_the_merges_along(self) -> None:
        point = ContactPoint("email", "anna@example.com")
        anna = Customer.open("a", PersonName("Anna"), at=AT).then(lambda it: it.add_point(point, at=AT)).state
        done = merge(anna, Customer.open("b", PersonName("Anna"), at=AT).state, by="eve", reason="same", at=AT + DAY)
        one = done.changes[0].state
        entries = [said("e1", 0, "withdrawn", "b"), said("e2", 0, "granted", "a")]
        ledger = ConsentLedger(entries)

        for told in (entries, ledger, ledger, ConsentLedger(entries, merges=[Link("a", "b", AT + DAY)])):
            found = may_contact(one, point, "news", ledger=told, policy=POLICY, at=AT + 2 * DAY)
            assert found.codes == ("consent:refused",)


def test_a_ledger_that_is_asked_of_very_many_customers_forgets_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relex.customers._consent_ledger._MOST_KEPT", 2)
    ledger = ConsentLedger([said("e1", 1, "granted")])
    points = [ContactPoint("email", f"{name}@example.com") for name in "abcd"]
    anna = Customer.open("a", PersonName("Anna"), at=AT)
    for point in points:
        anna = anna.then(lambda it, point=point: it.add_point(point, at=AT))

    found = [may_contact(anna.state, point, "news", ledger=ledger, policy=POLICY, at=AT + 2 * DAY) for point in points]

    assert all(each.is_allowed for each in found)


def test_a_grant_may_end_after_the_calendar() -> None:
    policy = ConsentPolicy([Purpose("news", valid_for=200_000)])

    found = state(said("e1", 1, "granted"), policy=policy)

    assert (found.status, found.until) == ("granted", None)


def test_entries_come_once() -> None:
    entry = said("e1", 1, "granted")

    assert ConsentLedger([entry, entry]).entries == (entry,)
    with pytest.raises(Conflict):
        ConsentLedger([entry, said("e1", 2, "granted")])


@pytest.mark.parametrize(
    "more",
    [
        {"purpose": "cats"},
        {"purpose": ["news"]},
        {"policy": None},
        {"at": datetime(2026, 1, 1)},  # noqa: DTZ001 - naive on purpose
        {"channel": ""},
        {"topic": ""},
        {"point": "nowhere"},
        {"customer": None},
    ],
)
def test_what_cannot_be_asked(more: dict[str, Any]) -> None:
    asked = {"customer": "a", "purpose": "news", "channel": "email", "policy": POLICY, "at": AT, **more}

    with pytest.raises(InvalidValue):
        ConsentLedger().state(**asked)


@pytest.mark.parametrize(("entries", "merges"), [(["e1"], ()), ("e1", ()), ((), ["a"]), (None, ())])
def test_what_it_cannot_be_made_of(entries: Any, merges: Any) -> None:
    with pytest.raises(InvalidValue):
        ConsentLedger(entries, merges=merges)


@pytest.mark.parametrize("links", [5, None, ["a"], "a"])
def test_what_it_cannot_know(links: Any) -> None:
    with pytest.raises(InvalidValue):
        ConsentLedger().knowing(links)


def test_an_undeclared_purpose_says_what_is_declared() -> None:
    with pytest.raises(InvalidValue, match="news, shows"):
        state(purpose="cats")
