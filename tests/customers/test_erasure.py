"""Forgetting a customer: the change, the plan, what stays and why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from relex.changes import Change
from relex.codec import dumps, loads
from relex.customers import (
    Consent,
    Customer,
    CustomerErased,
    ErasureItem,
    ErasurePlan,
    LegalHold,
    PersonName,
    RetentionPolicy,
    RetentionRule,
    Sent,
    erase,
    export,
    merge,
    suppress,
)
from relex.errors import InvalidValue, Rejected
from relex.parties import ContactPoint, Policy, Record, Survivorship
from relex.purchases import Line, Purchase

AT = datetime(2026, 1, 31, 9, tzinfo=UTC)
DAY = timedelta(days=1)
E = ContactPoint("email", "anna@example.com")
W = ContactPoint("email", "anna@work.example")
SALE = Purchase("p1", at=AT - 9 * DAY, currency="USD", lines=[Line(1, "mug", 1, gross="10.00")], customer="c1")
OLD_SALE = Purchase("p0", at=AT - 4000 * DAY, currency="USD", lines=[Line(1, "mug", 1, gross="10.00")], customer="c1")
YES = Consent("e1", customer="c1", at=AT, status="granted", purpose="news", point=E)
MAIL = Sent("m1", customer="c1", at=AT, channel="email", point=E, purpose="news")
BY_PHONE = Sent("m2", customer="c1", at=AT, channel="sms", point="phone:+46 70 123 45 67", purpose="news")
BOOKS = RetentionRule("purchases.Purchase", 120, on_request="anonymize", basis="legal_obligation")


@pytest.fixture
def anna() -> Customer:
    """Anna, whom a shop knows by another address, and once by nonsense."""
    shop = Record("shop", "A9", AT, points=[W, E, ContactPoint("email", "nonsense")])
    change = Customer.open("c1", PersonName("Anna Berg"), at=AT, tags=["vip"], owner="eve", stage="lead")
    return change.then(lambda it: it.add_point(E, at=AT)).then(lambda it: it.take(shop, at=AT)).state


def test_nothing_is_left_but_the_id(anna: Customer) -> None:
    change, plan = erase(anna, RetentionPolicy(), at=AT + DAY, by="desk", reason="request 12")

    assert change.events == (
        CustomerErased(source="c1", version=anna.version + 1, at=AT + DAY, by="desk", reason="request 12"),
    )
    assert (change.state.status, change.state.points, change.state.tags, change.state.name) == ("erased", (), (), None)
    assert (plan.customer, plan.due) == ("c1", date(2026, 3, 1))


def test_a_tombstone_names_no_record() -> None:
    master = Survivorship(default=Policy("master", of=("crm/7",)))
    anna = Customer.open("c1", PersonName("Anna Berg"), at=AT, survivorship=master).state

    change, _ = erase(anna, RetentionPolicy(), at=AT + DAY, by="desk")

    assert change.state.survivorship == Survivorship()


def test_a_later_command_is_rejected(anna: Customer) -> None:
    gone = erase(anna, RetentionPolicy(), at=AT, by="desk").change.state

    with pytest.raises(Rejected, match="erased"):
        erase(gone, RetentionPolicy(), at=AT, by="desk")
    with pytest.raises(Rejected, match="erased"):
        gone.tag("vip", at=AT)


def test_the_survivor_is_to_be_erased_and_not_who_was_merged(anna: Customer) -> None:
    done = merge(anna, Customer.open("c2", PersonName("Anna"), at=AT).state, by="eve", reason="same", at=AT)

    with pytest.raises(Rejected, match="merged"):
        erase(done.changes[1].state, RetentionPolicy(), at=AT, by="desk")
    plan = erase(done.changes[0].state, RetentionPolicy(), at=AT, by="desk").plan
    assert [str(item) for item in plan.items] == [
        "delete customers.Customer c1",
        "delete customers.Customer c2",
        "delete changes.Event c1",
        "delete changes.Event c2",
    ]


def test_entries_go_as_the_policy_says(anna: Customer) -> None:
    policy = RetentionPolicy(
        [BOOKS, RetentionRule("customers.Consent", None, on_request="retain", basis="legitimate_interests")]
    )

    plan = erase(anna, policy, at=AT, by="desk", entries=[OLD_SALE, MAIL, SALE, SALE, YES]).plan

    assert [str(item) for item in plan.items[2:]] == [
        "retain customers.Consent e1 (legitimate_interests)",
        "delete customers.Sent m1",
        "delete purchases.Purchase p0",
        "anonymize purchases.Purchase p1 until 2036-01-22 (legal_obligation)",
    ]
    assert [item.id for item in plan.to("anonymize")] == ["p1"]


def test_what_is_kept_until_today_goes(anna: Customer) -> None:
    policy = RetentionPolicy([RetentionRule("customers.Sent", 1, on_request="retain", basis="contract")])

    entry = Sent("m1", customer="c1", at=datetime(2025, 12, 31, tzinfo=UTC), channel="email", point=E, purpose="news")

    assert erase(anna, policy, at=AT, by="desk", entries=[entry]).plan.items[-1].treatment == "delete"


def test_a_legal_hold_keeps_everything_and_still_suppresses(anna: Customer) -> None:
    policy = RetentionPolicy(holds=[LegalHold("c1", "case 7", since=AT, until=AT + 90 * DAY)])

    change, plan = erase(anna, policy, key="pepper", at=AT, by="desk", entries=[MAIL])

    assert change == Change(anna, ())
    assert {str(item) for item in plan.items} == {
        f"retain {what} until 2026-05-01 (case 7)"
        for what in ("customers.Customer c1", "changes.Event c1", "customers.Sent m1")
    }
    assert len(plan.suppressions) == 2


def test_a_legal_hold_on_a_part_keeps_the_whole(anna: Customer) -> None:
    other = Customer.open("c2", PersonName("Anna B"), at=AT).state
    one = merge(anna, other, by="eve", reason="same", at=AT + DAY).survivor
    policy = RetentionPolicy(holds=[LegalHold("c2", "case 7", since=AT)])

    change, plan = erase(one, policy, at=AT + 2 * DAY, by="desk")

    assert (change.events, {item.hold for item in plan.items}) == ((), {"case 7"})


def test_points_that_only_entries_name_are_suppressed(anna: Customer) -> None:
    gone, plan = erase(anna, RetentionPolicy(), at=AT + DAY, by="desk", key="pepper", entries=[YES, BY_PHONE, SALE])
    digests = {entry.digest for entry in plan.suppressions}

    assert gone.events != ()
    assert digests == {suppress(point, key="pepper", at=AT).digest for point in (E, W, "phone:+46701234567")}


def test_a_legal_hold_without_an_end(anna: Customer) -> None:
    plan = erase(anna, RetentionPolicy(holds=[LegalHold("*", "case 7", since=AT)]), at=AT, by="desk").plan

    assert [item.until for item in plan.items] == [None, None]


def test_a_customer_whom_the_law_keeps_is_kept(anna: Customer) -> None:
    rule = RetentionRule("customers.Customer", 12, on_request="retain", basis="contract")

    change, plan = erase(anna, RetentionPolicy([rule]), at=AT, by="desk")

    assert change.events == ()
    assert [str(item) for item in plan.items] == [
        "retain customers.Customer c1 until 2027-01-31 (contract)",
        "retain changes.Event c1 until 2027-01-31 (contract)",
    ]


def test_events_have_a_rule_of_their_own(anna: Customer) -> None:
    rules = [RetentionRule("changes.Event", 1, on_request="anonymize", basis="contract"), RetentionRule("*", 9)]

    plan = erase(anna, RetentionPolicy(rules), at=AT, by="desk").plan

    assert [item.treatment for item in plan.items] == ["delete", "anonymize"]


def test_every_point_that_any_source_states_is_suppressed(anna: Customer) -> None:
    plan = erase(anna, RetentionPolicy(), key="pepper", at=AT, by="desk").plan

    assert set(plan.suppressions) == {suppress(point, key="pepper", at=AT) for point in (E, W)}
    assert erase(anna, RetentionPolicy(), at=AT, by="desk").plan.suppressions == ()


def test_sources_and_recipients_are_told(anna: Customer) -> None:
    plan = erase(anna, RetentionPolicy(), at=AT, by="desk", recipients=["mailer", "ads"]).plan

    assert plan.recipients == ("ads", "mailer", "shop")


def test_the_month_runs_from_the_request(anna: Customer) -> None:
    plan = erase(anna, RetentionPolicy(), at=AT + 9 * DAY, by="desk", requested_at=AT).plan

    assert (plan.requested_at, plan.due) == (AT, date(2026, 2, 28))


def test_the_plan_shows_itself_and_can_be_stored(anna: Customer) -> None:
    plan = erase(anna, RetentionPolicy([BOOKS]), key="pepper", at=AT, by="desk", entries=[SALE]).plan

    assert str(plan).splitlines() == [
        "erasure of c1, to be answered by 2026-02-28",
        "  delete customers.Customer c1",
        "  delete changes.Event c1",
        "  anonymize purchases.Purchase p1 until 2036-01-22 (legal_obligation)",
        "  tell shop",
        "  write 2 suppressions",
    ]
    assert "<li>tell shop</li>" in plan._repr_html_()
    assert loads(dumps(plan), ErasurePlan) == plan


@pytest.mark.parametrize(
    "more",
    [
        {"at": datetime(2026, 1, 31)},  # noqa: DTZ001 - naive on purpose
        {"by": ""},
        {"key": ""},
        {"requested_at": AT + DAY},
        {"requested_at": datetime(2026, 1, 31)},  # noqa: DTZ001 - as above
        {"entries": ["p1"]},
        {"entries": [None]},
        {"entries": [PersonName("Anna")]},
        {"recipients": "mailer"},
        {"recipients": [""]},
        {"policy": None},
        {"customer": "c1"},
    ],
)
def test_what_cannot_be_asked(anna: Customer, more: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        erase(**{"customer": anna, "policy": RetentionPolicy(), "at": AT, "by": "desk", **more})


def test_treatments_are_three() -> None:
    with pytest.raises(InvalidValue):
        ErasureItem(kind="x", id="y", treatment="burn")


class TestExport:
    def test_all_that_is_held_with_its_origins(self, anna: Customer) -> None:
        found = export(anna, [MAIL, SALE, YES, OLD_SALE])

        assert list(found) == ["customer", "profile", "entries"]
        assert found["customer"]["type"] == "customers.Customer"
        assert {kind: [each["id"] for each in kept] for kind, kept in found["entries"].items()} == {
            "customers.Consent": ["e1"],
            "customers.Sent": ["m1"],
            "purchases.Purchase": ["p0", "p1"],
        }
        assert found["profile"]["name"]["from"] == ["direct/c1@2026-01-31T09:00:00+00:00"]

    def test_values_of_every_type(self) -> None:
        from decimal import Decimal  # noqa: PLC0415 - of this test only

        values = {"a": Decimal("1.50"), "b": date(2026, 1, 1), "c": AT, "d": ("x", "y"), "e": 7, "f": True, "g": "t"}
        record = Record("shop", "A9", AT, name=PersonName("Anna"), values=values, cleared=["tags"])

        found = export(Customer.open("c1", record, at=AT).state)["profile"]

        assert [
            found[f"values.{name}"]["value"] if f"values.{name}" in found else found[name]["value"] for name in values
        ] == [
            "1.50",
            "2026-01-01",
            "2026-01-31T09:00:00+00:00",
            ["x", "y"],
            7,
            True,
            "t",
        ]

    def test_what_cannot_be_exported(self, anna: Customer) -> None:
        with pytest.raises(InvalidValue):
            export("c1")  # type: ignore[arg-type]
        with pytest.raises(InvalidValue):
            export(anna, "e1")  # type: ignore[arg-type]

    @pytest.mark.parametrize("entries", [[None], ["p1"], 5, [PersonName("Anna")]])
    def test_what_is_no_entry(self, anna: Customer, entries: Any) -> None:
        with pytest.raises(InvalidValue):
            export(anna, entries)
