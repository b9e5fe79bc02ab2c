"""What a company states of a customer, and what sources state: points, ties, preferences, records."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from relex.calendars import Period
from relex.changes import Change, Event
from relex.codec import decode
from relex.customers import (
    Attribute,
    AttributeSchema,
    Customer,
    Identifier,
    OrganizationName,
    PersonName,
    PointStated,
    RecordTaken,
    RelationshipStated,
)
from relex.errors import Conflict, InvalidValue, Rejected
from relex.parties import (
    EARLIEST,
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

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
NEXT = DAY + timedelta(days=1)
LATER = DAY + timedelta(days=9)
ADA = PersonName("Ada Lovelace")
KING = PersonName("Ada King")
MAIL = ContactPoint("email", "Ada@example.com")
WORK = ContactPoint("email", "ada@work.example", primary=True)
HOME = ContactPoint("postal", PostalAddress(city="Umeå", country="SE"))
CRM = Record("crm", "7", DAY, name=KING, points=[MAIL], tags=["crm"], identifiers=[Identifier("card", "1")])
NEWER = Record("crm", "7", LATER, name=KING)
SCHEMA = AttributeSchema([Attribute("title", str), Attribute("region", str)])


@pytest.fixture
def ada() -> Customer:
    return Customer.open("c1", ADA, at=DAY).state


@pytest.fixture
def known() -> Customer:
    """Ada as a source knows her."""
    return Customer.open("c1", CRM, at=DAY).state


def follow(state: Customer, *commands: Callable[[Customer], Change[Customer]]) -> Customer:
    for command in commands:
        state = command(state).state
    return state


class TestPoints:
    def test_a_point_is_kept_as_it_was_typed(self, ada: Customer) -> None:
        state, events = ada.add_point(MAIL, at=NEXT)

        assert (events, state.points) == ((PointStated(source="c1", version=2, at=NEXT, point=MAIL),), (MAIL,))
        assert state.add_point(MAIL, at=NEXT).events == ()

    def test_setting_one_primary_unsets_the_other(self, ada: Customer) -> None:
        both = follow(
            ada,
            lambda c: c.add_point(MAIL, at=NEXT),
            lambda c: c.add_point(WORK, at=NEXT),
            lambda c: c.add_point(HOME, at=NEXT),
            lambda c: c.change_point(HOME, at=NEXT, primary=True),
            lambda c: c.change_point(MAIL, at=NEXT, primary=True),
        )

        assert [(str(point), point.primary) for point in both.points] == [
            ("Ada@example.com", True),
            ("ada@work.example", False),
            ("Umeå, SE", True),
        ]

    def test_a_primary_point_that_changes_stays_primary_since_then(self, ada: Customer) -> None:
        state = follow(
            ada, lambda c: c.add_point(WORK, at=NEXT), lambda c: c.change_point(WORK, at=LATER, state="bounced")
        )

        assert [(point.primary, point.state) for point in state.points] == [(True, "bounced")]
        assert dict(state.direct.times)["points.email"] == NEXT

    def test_what_a_source_states_can_bounce(self, known: Customer) -> None:
        state = known.change_point(MAIL, at=NEXT, state="bounced", purposes=["billing"], verified_at=NEXT).state

        assert [(point.state, point.purposes) for point in state.points] == [("bounced", ("billing",))]
        assert state.records == (CRM,)

    def test_the_primary_point_of_a_source_stays_the_word_of_the_source(self) -> None:
        flagged = Record("crm", "7", DAY, points=[WORK])
        state = Customer.open("c1", flagged, at=DAY).state.change_point(WORK, at=NEXT, shared=True).state

        assert [(point.primary, point.shared) for point in state.points] == [(True, True)]
        assert [point.primary for point in state.direct.points] == [False]

    def test_a_primary_point_of_ones_own_wins_over_an_older_one_of_a_source(self) -> None:
        flagged = Record("crm", "7", DAY, points=[WORK, MAIL])
        state = Customer.open("c1", flagged, at=DAY).state.change_point(MAIL, at=NEXT, primary=True).state

        assert state.primary("email", as_of=NEXT).point == ContactPoint("email", "Ada@example.com", primary=True)
        assert state.change_point(MAIL, at=NEXT, primary=True).events == ()

    def test_an_own_point_that_is_removed_is_gone(self, ada: Customer) -> None:
        state = follow(ada, lambda c: c.add_point(MAIL, at=NEXT), lambda c: c.remove_point(MAIL, at=NEXT))

        assert state.points == ()
        assert state.remove_point(MAIL, at=NEXT).events == ()

    def test_a_point_of_a_source_that_is_removed_is_not_in_use_any_more(self, known: Customer) -> None:
        state = known.remove_point(MAIL, at=NEXT).state

        assert [point.valid for point in state.points] == [Period(DAY, NEXT)]
        assert state.remove_point(MAIL, at=NEXT).events == ()

    def test_a_point_that_is_not_in_use_yet_never_will_be(self) -> None:
        soon = ContactPoint("email", "a@example.com", valid=Period(LATER))
        state = Customer.open("c1", Record("crm", "7", DAY, points=[soon]), at=DAY).state.remove_point(soon, at=NEXT)

        assert [point.valid for point in state.state.points] == [Period(NEXT, NEXT)]

    def test_an_unknown_point_cannot_change(self, ada: Customer) -> None:
        with pytest.raises(Rejected) as caught:
            ada.change_point(MAIL, at=NEXT, state="ok")

        assert caught.value.reason == "unknown_point"


class TestTies:
    def test_a_tie_is_stated_once(self, ada: Customer) -> None:
        boss = Relationship("employment", "acme")
        state, events = ada.relate(boss, at=NEXT)

        assert (events, state.relationships) == (
            (RelationshipStated(source="c1", version=2, at=NEXT, relationship=boss),),
            (boss,),
        )
        assert state.relate(boss, at=NEXT).events == ()

    def test_a_party_has_one_parent_at_a_time(self, ada: Customer) -> None:
        state = ada.relate(Relationship("parent", "g", valid=Period(DAY)), at=NEXT).state
        with pytest.raises(Rejected) as caught:
            state.relate(Relationship("parent", "h", valid=Period(LATER)), at=NEXT)

        assert (caught.value.reason, caught.value.details["to"]) == ("overlap", "g")

    def test_an_acquisition_ends_one_parent_and_starts_another(self, ada: Customer) -> None:
        state = follow(
            ada,
            lambda c: c.relate(Relationship("parent", "g", valid=Period(DAY)), at=NEXT),
            lambda c: c.end_relation("parent", "g", at=LATER, ended_at=NEXT),
            lambda c: c.relate(Relationship("parent", "h", valid=Period(NEXT)), at=LATER),
        )

        assert [tie.to for tie in state.relationships if tie.holds(DAY)] == ["g"]
        assert [tie.to for tie in state.relationships if tie.holds(NEXT)] == ["h"]
        assert state.facts()["customer.parent"] == "h"

    def test_a_tie_of_a_source_ends_too(self) -> None:
        said = Record("crm", "7", DAY, relationships=[Relationship("parent", "g")])
        state = Customer.open("c1", said, at=DAY).state.end_relation("parent", "g", at=NEXT).state

        assert [tie.valid for tie in state.relationships] == [Period(DAY, NEXT)]
        assert state.facts()["customer.parent"] is None
        assert state.end_relation("parent", "g", at=NEXT).events == ()

    def test_a_tie_that_holds_in_several_roles_must_be_named(self, ada: Customer) -> None:
        state = follow(
            ada,
            lambda c: c.relate(Relationship("employment", "acme", role="a"), at=NEXT),
            lambda c: c.relate(Relationship("employment", "acme", role="b"), at=NEXT),
        )
        with pytest.raises(Rejected, match="ambiguous"):
            state.end_relation("employment", "acme", at=NEXT)

        left = state.end_relation("employment", "acme", role="b", at=NEXT).state

        assert [tie.role for tie in left.relationships if tie.valid is None] == ["a"]
        assert left.end_relation("employment", "acme", role="c", at=NEXT).events == ()

    def test_a_tie_does_not_end_before_it_began(self, ada: Customer) -> None:
        state = ada.relate(Relationship("parent", "g", valid=Period(NEXT)), at=NEXT).state
        with pytest.raises(InvalidValue) as caught:
            state.end_relation("parent", "g", at=LATER, ended_at=DAY)

        assert caught.value.path == "end_relation.ended_at"


class TestPreferences:
    def test_the_own_statement_can_be_taken_back(self, ada: Customer) -> None:
        wishes = Preferences(languages=["sv"])
        state = ada.prefer(wishes, at=NEXT).state

        assert (state.preferences, state.facts()["customer.language"]) == (wishes, "sv")
        assert state.prefer(Preferences(languages=["sv"]), at=NEXT).events == ()
        assert state.prefer(None, at=NEXT).state.preferences == Preferences()
        assert ada.prefer(None, at=NEXT).events == ()


class TestBirth:
    def test_a_date_or_what_was_said_is_kept(self, ada: Customer) -> None:
        state = ada.state_born("spring 1815", at=NEXT).state

        assert (state.born, state.state_born("spring 1815", at=NEXT).events) == ("spring 1815", ())
        assert state.state_born(date(1815, 12, 10), at=NEXT).state.born == date(1815, 12, 10)
        assert state.state_born(None, at=NEXT).state.born is None


class TestRecords:
    def test_a_customer_may_be_opened_with_a_record(self, known: Customer) -> None:
        assert (known.name, known.kind, known.tags, known.records) == (KING, "person", ("crm",), (CRM,))
        assert known.direct == Record("direct", "c1", DAY)

    def test_a_newer_statement_replaces_the_older(self, known: Customer) -> None:
        state, events = known.take(NEWER, at=NEXT)

        assert events == (RecordTaken(source="c1", version=2, at=NEXT, record=NEWER),)
        assert (state.records, state.tags) == ((NEWER,), ())

    @pytest.mark.parametrize("record", [CRM, NEWER])
    def test_an_older_statement_or_the_same_changes_nothing(self, known: Customer, record: Record) -> None:
        state = known.take(NEWER, at=NEXT).state

        assert Change(state, ()) == state.take(record, at=NEXT)

    def test_another_statement_of_the_same_instant_is_a_conflict(self, known: Customer) -> None:
        with pytest.raises(Conflict) as caught:
            known.take(Record("crm", "7", DAY), at=NEXT)

        assert caught.value.id == CRM.id

    def test_the_kind_is_fixed(self, known: Customer) -> None:
        with pytest.raises(Rejected) as caught:
            known.take(Record("crm", "8", DAY, kind="organization"), at=NEXT)

        assert (caught.value.reason, caught.value.details["allowed"]) == ("kind", "person")

    def test_a_dropped_record_does_not_count(self, known: Customer) -> None:
        state = known.drop("crm/7", at=NEXT).state

        assert (state.records, state.name) == ((), None)
        assert state.drop("crm/7", at=NEXT).events == ()

    def test_a_tag_of_a_source_goes_until_it_is_stated_again(self, known: Customer) -> None:
        state = known.untag("crm", at=NEXT).state
        again = state.take(Record("crm", "7", LATER, tags=["crm"]), at=LATER).state

        assert (state.tags, state.cleared, state.records) == ((), (), (CRM,))
        assert state.untag("crm", at=NEXT).events == ()
        assert (state.tag("crm", at=NEXT).state.tags, again.tags) == (("crm",), ("crm",))

    def test_an_id_of_a_source_goes_until_it_is_stated_again(self, known: Customer) -> None:
        card = Identifier("card", "1")
        state = known.remove_identifier(card, at=NEXT).state

        assert (state.identifiers, state.attributes) == ((), ())
        assert state.add_identifier(card, at=NEXT).state.identifiers == (card,)

    def test_the_own_tag_goes_where_a_source_has_another(self, known: Customer) -> None:
        state = known.tag("own", at=NEXT).state

        assert state.tags == ("crm", "own")
        assert state.untag("own", at=NEXT).state.tags == ("crm",)

    def test_the_newest_name_shows_and_may_be_stated_again(self, known: Customer) -> None:
        state = known.rename(ADA, at=NEXT).then(lambda c: c.take(NEWER, at=NEXT)).state

        assert (state.name, state.direct.name) == (KING, ADA)
        assert state.rename(ADA, at=LATER).state.direct.time("name") == LATER
        assert state.rename(ADA, at=NEXT).events == ()

    def test_survivorship_can_be_changed(self, known: Customer) -> None:
        state = known.rename(ADA, at=NEXT).then(lambda c: c.survive(Survivorship(EARLIEST), at=NEXT)).state

        assert state.name == KING
        assert state.survive(Survivorship(EARLIEST), at=NEXT).events == ()

    def test_own_statements_obey_the_survivorship_too(self, ada: Customer) -> None:
        state = ada.survive(Survivorship(Policy.master("crm/7", fill=False)), at=NEXT).state

        assert state.name is None

    def test_attributes_come_from_all_records(self, ada: Customer) -> None:
        said = Record("crm", "7", DAY, values={"title": "Buyer"}, cleared=["custom.region"])
        state = follow(
            ada,
            lambda c: c.take(said, at=NEXT),
            lambda c: c.set({"title": None, "region": "north"}, SCHEMA, at=NEXT),
        )

        assert state.attributes == (("region", "north"), ("title", "Buyer"))
        assert state.set({"title": None}, SCHEMA, at=LATER).events == ()
        assert state.facts()["custom.region"] == "north"

    def test_what_was_cleared_and_stated_again_by_a_source_can_be_cleared_again(self, ada: Customer) -> None:
        again = Record("crm", "7", LATER, values={"title": "Buyer"})
        state = follow(ada, lambda c: c.clear("title", schema=SCHEMA, at=NEXT), lambda c: c.take(again, at=NEXT))

        assert (state.attributes, state.cleared) == ((("title", "Buyer"),), ())
        assert state.clear("title", schema=SCHEMA, at=NEXT).events == ()
        assert state.clear("title", schema=SCHEMA, at=LATER + timedelta(days=1)).state.cleared == ("title",)

    def test_the_unknown_is_known_to_be_unknown(self, known: Customer) -> None:
        assert known.set({"title": None}, SCHEMA, at=NEXT).state.attributes == (("title", None),)

    def test_facts_come_from_the_picture(self, known: Customer) -> None:
        said = Record("shop", "1", NEXT, points=[HOME, WORK], born="1815", preferences=Preferences(channels=["sms"]))
        state = known.take(said, at=NEXT).state
        facts = state.facts()

        assert [facts[f"customer.{name}"] for name in ("city", "country", "email_domain", "language")] == [
            "Umeå",
            "SE",
            "work.example",
            None,
        ]
        assert state.born == "1815"

    def test_facts_of_own_statements(self, ada: Customer) -> None:
        state = follow(
            ada,
            lambda c: c.add_point(HOME, at=NEXT),
            lambda c: c.add_point(WORK, at=NEXT),
            lambda c: c.prefer(Preferences(), at=NEXT),
        )
        facts = state.facts()

        assert (facts["customer.city"], facts["customer.email_domain"], facts["customer.language"]) == (
            "Umeå",
            "work.example",
            None,
        )

    def test_whatever_survives_can_be_read(self, known: Customer) -> None:
        both = known.take(Record("shop", "1", NEXT, points=[HOME, WORK]), at=NEXT).state
        united = both.survive(Survivorship(UNION, {"tags": TOTAL, "points": TOTAL}), at=NEXT).state

        assert (united.tags, united.points, united.facts()["customer.city"]) == ((), (), None)
        assert united.facts()["customer.email_domain"] is None

    def test_a_point_without_a_domain_has_none(self, ada: Customer) -> None:
        state = ada.add_point(ContactPoint("email", "none"), at=NEXT).state
        taken = state.take(Record("crm", "7", NEXT), at=NEXT).state

        assert (state.facts()["customer.email_domain"], taken.facts()["customer.email_domain"]) == (None, None)


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (lambda c: c.add_point("ada@example.com", at=NEXT), "add_point.point"),
        (lambda c: c.change_point("x", at=NEXT), "change_point.point"),
        (lambda c: c.change_point(MAIL, at=NEXT, value="x"), "change_point"),
        (lambda c: c.remove_point("x", at=NEXT), "remove_point.point"),
        (lambda c: c.relate("acme", at=NEXT), "relate.relationship"),
        (lambda c: c.relate(Relationship("partner", "c1"), at=NEXT), "relate.to"),
        (lambda c: c.end_relation("parent", "g", at=NEXT, ended_at=5), "end_relation.ended_at"),
        (lambda c: c.prefer("sms", at=NEXT), "prefer.preferences"),
        (lambda c: c.state_born(1815, at=NEXT), "state_born.born"),
        (lambda c: c.take("crm/7", at=NEXT), "take.record"),
        (lambda c: c.take(Record("direct", "c1", NEXT), at=NEXT), "take.record"),
        (lambda c: c.drop("", at=NEXT), "drop.record"),
        (lambda c: c.drop("direct/c1", at=NEXT), "drop.record"),
        (lambda c: c.survive(None, at=NEXT), "survive.survivorship"),
    ],
)
def test_bad_arguments_are_one_clear_error(ada: Customer, command: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        command(ada)

    assert path == caught.value.path


def test_an_organization_takes_the_name_of_one() -> None:
    casa = Customer.open("c1", Record("crm", "7", DAY, kind="organization"), at=DAY).state

    assert casa.rename(OrganizationName("Casa Ltd"), at=NEXT).state.name == OrganizationName("Casa Ltd")
    with pytest.raises(InvalidValue):
        casa.rename(ADA, at=NEXT)


OLD_NAME = {
    "type": "parties.OrganizationName",
    "v": 1,
    "full": "Casa Ltd",
    "core": None,
    "legal_form": None,
    "form_position": None,
    "phonetic": None,
    "trade_name": None,
}
OLD_CARD = {"type": "parties.Identifier", "v": 1, "kind": "card", "value": "1"}
OLD_AT = "2026-05-01T09:00:00+00:00"


class TestOlderForms:
    """Customers that were stored before they were computed of records."""

    def test_an_opening_is_read(self) -> None:
        old = {"type": "customers.CustomerOpened", "v": 1, "source": "c1", "version": 1, "at": OLD_AT, "stage": "lead"}
        event = decode({**old, "name": OLD_NAME, "identifiers": [OLD_CARD], "tags": ["vip"], "owner": None}, Event)
        name, card = OrganizationName("Casa Ltd"), Identifier("card", "1")

        assert event == Customer.open("c1", name, at=DAY, identifiers=[card], tags=["vip"], stage="lead").events[0]

    def test_a_state_is_read(self) -> None:
        old = {"type": "customers.Customer", "v": 1, "id": "c1", "version": 4, "opened_at": OLD_AT, "owner": "ann"}
        old |= {"changed_at": OLD_AT, "stage": "churned", "furthest_stage": "customer"}
        old |= {"stages": [["customer", OLD_AT], ["churned", OLD_AT]], "cleared": ["region", "size"]}
        old |= {"name": OLD_NAME, "identifiers": [OLD_CARD], "tags": ["vip"], "attributes": [["likes", ["tea"]]]}
        state = decode(old, Customer)

        assert (state.kind, state.tags, state.owner) == ("organization", ("vip",), "ann")
        assert (state.stage, state.furthest_stage) == ("churned", "customer")
        assert (state.attributes, state.cleared) == ((("likes", ("tea",)),), ("region", "size"))


class TestTimesOfItems:
    """What was stated last holds, whether there were records by then or not."""

    def test_an_item_that_was_stated_before_a_record_came_is_as_new_as_it_is(self, ada: Customer) -> None:
        state = ada.tag("x", at=LATER).then(lambda c: c.add_identifier(Identifier("card", "1"), at=LATER)).state
        cleared = Record("crm", "7", NEXT, cleared=["tags.x", "identifiers.card:1"])
        state = state.take(cleared, at=LATER).state

        assert (state.tags, state.identifiers) == (("x",), (Identifier("card", "1"),))


class TestPrimaryAgain:
    MINE = ContactPoint("email", "mine@example.com", primary=True)

    @pytest.fixture
    def state(self, ada: Customer) -> Customer:
        theirs = Record("crm", "7", NEXT, points=[ContactPoint("email", "theirs@example.com", primary=True)])
        return ada.add_point(self.MINE, at=DAY).then(lambda c: c.take(theirs, at=NEXT)).state

    @pytest.mark.parametrize("more", [{}, {"state": "ok"}])
    def test_it_is_called_so_once_more(self, state: Customer, more: dict[str, Any]) -> None:
        after = state.change_point(self.MINE, at=LATER, primary=True, **more).state

        assert str(after.primary("email", as_of=LATER)) == "mine@example.com"
        assert after.change_point(self.MINE, at=LATER, primary=True, **more).events == ()

    def test_adding_it_again_calls_it_so(self, state: Customer) -> None:
        assert str(state.add_point(self.MINE, at=LATER).state.primary("email", as_of=LATER)) == "mine@example.com"

    def test_what_else_is_said_of_it_does_not(self, state: Customer) -> None:
        after = state.change_point(self.MINE, at=LATER, state="bounced").state

        assert str(after.primary("email", as_of=LATER)) == "theirs@example.com"

    def test_a_newer_source_is_not_overruled_by_asking_twice(self, state: Customer) -> None:
        newer = Record("crm", "7", LATER + timedelta(days=9), points=state.records[0].points)
        state = state.take(newer, at=LATER).state.change_point(self.MINE, at=LATER, primary=True).state

        assert state.change_point(self.MINE, at=LATER, primary=True).events == ()


class TestPointsInThePicture:
    OLD = ContactPoint("email", "ada@old.example")
    NEW = ContactPoint("email", "ada@new.example", primary=True)

    def place(self, city: str, **more: Any) -> ContactPoint:
        return ContactPoint("postal", PostalAddress(city=city, country="SE"), **more)

    @pytest.fixture
    def state(self, ada: Customer) -> Customer:
        return ada.take(Record("crm", "7", NEXT, points=[self.OLD, self.place("Old")]), at=NEXT).state

    def test_a_point_that_was_added_shows(self, state: Customer) -> None:
        state = state.add_point(self.NEW, at=LATER).state.add_point(self.place("New", primary=True), at=LATER).state
        facts = state.facts()

        assert (state.profile["email"], state.profile["city"]) == ("ada@new.example", "New")
        assert (facts["customer.email_domain"], facts["customer.city"]) == ("new.example", "New")

    def test_the_first_one_shows_though_it_is_not_primary(self, state: Customer) -> None:
        state = state.add_point(self.place("New"), at=LATER).state

        assert (state.profile["city"], state.facts()["customer.city"]) == ("New", "New")

    def test_a_second_one_that_is_not_primary_changes_nothing(self, state: Customer) -> None:
        state = state.add_point(self.NEW, at=LATER).state
        state = state.add_point(ContactPoint("email", "ada@third.example"), at=LATER).state

        assert state.profile["email"] == "ada@new.example"

    def test_a_point_that_was_removed_is_no_fact(self, state: Customer) -> None:
        for point in state.points:
            state = state.remove_point(point, at=LATER).state
        facts = state.facts()

        assert (facts["customer.email_domain"], facts["customer.city"], facts["customer.country"]) == (None,) * 3

    def test_another_address_in_use_is_the_fact_then(self, state: Customer) -> None:
        state = state.add_point(self.place("Other"), at=NEXT).state.remove_point(self.place("Other"), at=LATER).state

        assert state.facts()["customer.city"] == "Old"

    def test_a_word_on_a_point_does_not_make_it_newer_in_the_picture(self, state: Customer) -> None:
        newer = Record("shop", "1", LATER, points=[ContactPoint("email", "ada@shop.example")])
        state = state.take(newer, at=LATER).state.change_point(self.OLD, at=LATER, state="bounced").state

        assert state.profile["email"] == "ada@shop.example"


def test_one_and_true_of_one_instant_are_in_conflict(ada: Customer) -> None:
    state = ada.take(Record("crm", "7", DAY, values={"x": 1}), at=DAY).state

    with pytest.raises(Conflict):
        state.take(Record("crm", "7", DAY, values={"x": True}), at=DAY)


def test_an_event_names_a_record_that_is_there(ada: Customer) -> None:
    event = PointStated(source="c1", version=2, at=NEXT, point=MAIL, record="direct/c2")

    with pytest.raises(InvalidValue, match=r"event\.record"):
        Customer.evolve(ada, event)
