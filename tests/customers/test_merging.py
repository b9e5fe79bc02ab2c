"""Merging and parting customers: what moves, what stays, what is refused, what is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, cast

import attrs
import pytest

from relex.customers import (
    Aliases,
    Attribute,
    AttributeSchema,
    Consent,
    Customer,
    CustomerErased,
    CustomerRestored,
    CustomersMerged,
    Identifier,
    Lifecycle,
    Link,
    Merge,
    MergedInto,
    OrganizationName,
    PersonName,
    merge,
    unmerge,
)
from relex.errors import InvalidValue, Rejected
from relex.interactions import Interaction, Participant
from relex.matching import Retracted, SameAs
from relex.parties import ContactPoint, Record, Relationship
from relex.purchases import Line, Purchase
from relex.repositories import MemoryStore

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ONE = Record("crm", "7", DAY, points=[ContactPoint("email", "one@example.com", primary=True)], tags=["one"])
TWO = Record(
    "shop",
    "9",
    DAY + HOUR,
    points=[ContactPoint("email", "two@example.com", primary=True)],
    identifiers=[Identifier("card", "2")],
    tags=["two"],
)
WHY: dict[str, Any] = {"by": "eve", "reason": "same passport"}


def opened(id_: str, record: Record, **more: Any) -> Customer:
    return Customer.open(id_, record, at=DAY, **more).state


@pytest.fixture
def a() -> Customer:
    return opened("a", ONE, stage="lead", owner="ann")


@pytest.fixture
def b() -> Customer:
    return opened("b", TWO, stage="customer", owner="bob").tag("own", at=DAY).state


@pytest.fixture
def done(a: Customer, b: Customer) -> Merge:
    return merge(a, b, at=DAY + HOUR, **WHY)


def test_the_survivor_has_all_records_and_the_other_none(done: Merge) -> None:
    assert [record.ref for record in done.survivor.records] == ["crm/7", "direct/b", "shop/9"]
    assert (done.other.records, done.other.merged_into, done.other.status) == ((), "a", "merged")
    assert done.survivor.tags == ("one", "own", "two")


def test_a_merge_is_two_events_and_an_assertion(done: Merge) -> None:
    [merged], [into] = (change.events for change in done.changes)
    [said] = done.entries

    assert isinstance(merged, CustomersMerged)
    assert into == MergedInto(source="b", version=3, at=DAY + HOUR, survivor="a", **WHY)
    assert said == SameAs("merge:a:2", "crm/7", "shop/9", at=DAY + HOUR, **WHY)


def test_a_link_that_a_rule_found_is_not_asserted(a: Customer, b: Customer) -> None:
    automatic = merge(a, b, at=DAY + HOUR, assertion=False, **WHY)
    parted = unmerge(automatic.survivor, automatic.other, at=DAY + HOUR, **WHY)

    assert (automatic.entries, parted.entries) == ((), ())


def test_customers_without_a_source_are_named_by_their_own_record() -> None:
    one, two = (Customer.open(id_, PersonName("Ada"), at=DAY).state for id_ in ("a", "b"))
    [said] = merge(one, two, at=DAY, **WHY).entries

    assert said.pair == ("direct/a", "direct/b")


def test_the_primary_points_of_the_survivor_stay_primary(done: Merge) -> None:
    assert {str(point): point.primary for point in done.survivor.points} == {
        "one@example.com": True,
        "two@example.com": False,
    }
    assert [str(point) for point in done.report.secondary] == ["two@example.com"]


def test_the_report_tells_what_was_decided(done: Merge) -> None:
    assert str(done.report).splitlines() == [
        "email: one@example.com and two@example.com, kept two@example.com",
        "owner: ann and bob, kept ann",
        "stage: lead and customer, kept customer",
        "email two@example.com: not primary any more",
    ]
    assert "<td>two@example.com</td>" in done.report._repr_html_()
    assert str(merge(done.survivor, done.other, at=DAY, **WHY).report) == "no conflicts"


@pytest.mark.parametrize("command", ["tag", "rename", "take", "merge"])
def test_commands_on_a_merged_customer_name_the_survivor(done: Merge, command: str) -> None:
    commands = {
        "tag": lambda: done.other.tag("x", at=DAY + HOUR),
        "rename": lambda: done.other.rename(PersonName("X"), at=DAY + HOUR),
        "take": lambda: done.other.take(TWO, at=DAY + HOUR),
        "merge": lambda: merge(done.other, opened("c", ONE), at=DAY + HOUR, **WHY),
    }
    with pytest.raises(Rejected) as caught:
        commands[command]()

    assert (caught.value.reason, caught.value.details["survivor"]) == ("merged", "a")


def test_the_facts_of_a_merged_customer_say_only_that_it_is_merged(done: Merge) -> None:
    facts = {name: value for name, value in done.other.facts().items() if value is not None}

    assert facts == {"customer.id": "b", "customer.kind": "person", "customer.status": "merged"}
    assert done.other.facts().keys() == done.survivor.facts().keys()


def test_the_same_pair_again_gives_no_event(done: Merge) -> None:
    again = merge(done.survivor, done.other, at=DAY, **WHY)

    assert ([change.events for change in again.changes], again.entries) == ([(), ()], ())


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        (lambda a, b, done: (a, a), "itself"),
        (lambda a, b, done: (a, Customer.open("o", OrganizationName("Casa"), at=DAY).state), "kind"),
        (lambda a, b, done: (opened("c", Record("web", "1", DAY)), done.other), "merged"),
        (lambda a, b, done: (a, opened("c", ONE)), "shared_records"),
        (lambda a, b, done: (gone(a), b), "erased"),
        (lambda a, b, done: (a, gone(b)), "erased"),
        (lambda a, b, done: (a.tag("late", at=DAY + 9 * HOUR).state, b), "out_of_order"),
        (lambda a, b, done: (a, b.tag("late", at=DAY + 9 * HOUR).state), "out_of_order"),
    ],
)
def test_what_cannot_be_merged(a: Customer, b: Customer, done: Merge, pair: Any, reason: str) -> None:
    one, other = pair(a, b, done)
    with pytest.raises(Rejected) as caught:
        merge(one, other, at=DAY + HOUR, **WHY)

    assert reason == caught.value.reason


def gone(customer: Customer) -> Customer:
    event = CustomerErased(source=customer.id, version=customer.version + 1, at=customer.changed_at, by="eve")
    return Customer.evolve(customer, event)


@pytest.mark.parametrize("command", [merge, unmerge])
@pytest.mark.parametrize("wrong", [{"survivor": "a"}, {"other": None}, {"by": ""}, {"reason": 7}, {"at": None}])
def test_bad_arguments_are_one_clear_error(a: Customer, b: Customer, command: Any, wrong: dict[str, Any]) -> None:
    given = {"survivor": a, "other": b, "at": DAY + HOUR} | WHY | wrong
    with pytest.raises(InvalidValue) as caught:
        command(given.pop("survivor"), given.pop("other"), **given)

    assert f"{command.__name__}.{next(iter(wrong))}" == caught.value.path


def test_unmerging_restores_both_exactly(a: Customer, b: Customer, done: Merge) -> None:
    parted = unmerge(done.survivor, done.other, at=DAY + 2 * HOUR, by="bob", reason="a brother")

    for before, after in ((a, parted.survivor), (b, parted.other)):
        assert before == attrs.evolve(after, version=before.version, changed_at=before.changed_at)
    assert parted.entries == (
        Retracted(
            "unmerge:a:2",
            done.entries[0].id,
            at=DAY + 2 * HOUR,
            by="bob",
            reason="a brother",
        ),
    )


def test_a_newer_statement_of_what_came_in_goes_back_and_what_was_taken_later_stays(done: Merge) -> None:
    newer, later = attrs.evolve(TWO, at=DAY + HOUR * 2), Record("web", "1", DAY + HOUR * 2)
    state = done.survivor.take(newer, at=DAY + HOUR * 2).then(lambda c: c.take(later, at=DAY + HOUR * 2)).state
    parted = unmerge(state, done.other, at=DAY + HOUR * 3, **WHY)

    assert (parted.other.records, parted.survivor.records) == ((newer,), (ONE, later))
    assert (parted.report.back, parted.report.stayed) == (("direct/b", "shop/9"), ("web/1",))
    assert "stayed: web/1" in str(parted.report)


def test_a_record_that_was_taken_later_goes_along_when_it_is_named(done: Merge) -> None:
    later = Record("web", "1", DAY + HOUR * 2)
    state = done.survivor.take(later, at=DAY + HOUR * 2).state
    parted = unmerge(state, done.other, at=DAY + HOUR * 3, records=["web/1"], **WHY)

    assert later in parted.other.records
    with pytest.raises(InvalidValue) as caught:
        unmerge(state, done.other, at=DAY + HOUR * 3, records=["web/2"], **WHY)
    assert caught.value.path == "unmerge.records"


def two(*names: str) -> tuple[Customer, ...]:
    return tuple(Customer.open(name, PersonName(name), at=DAY).state for name in names)


def together(one: Customer, other: Customer, hours: int) -> tuple[Customer, Customer]:
    found = merge(one, other, at=DAY + hours * HOUR, **WHY)
    return found.survivor, found.other


def parted(one: Customer, other: Customer, hours: int, **more: Any) -> tuple[Customer, Customer]:
    found = unmerge(one, other, at=DAY + hours * HOUR, **WHY, **more)
    return found.survivor, found.other


def test_ids_of_assertions_are_unique_when_everything_happens_at_once() -> None:
    one, other = two("a", "b")
    first = merge(one, other, at=DAY, **WHY)
    back = unmerge(first.survivor, first.other, at=DAY, **WHY)
    again = merge(back.survivor, back.other, at=DAY, **WHY)

    ids = {first.entries[0].id, back.entries[0].id, again.entries[0].id}

    assert len(ids) == 3


def test_a_customer_whose_part_sorts_before_it_is_parted_whole() -> None:
    a, b, c = two("a", "b", "c")
    b, a = together(b, a, 1)
    c, b = together(c, b, 2)
    c, b = parted(c, b, 3)
    b, a = parted(b, a, 4)

    assert ([part.customer for part in b.parts], b.name, a.name) == ([], PersonName("b"), PersonName("a"))


@pytest.mark.parametrize("named", ["direct/c", "web/1"])
def test_a_record_of_somebody_else_who_came_in_cannot_be_named(a: Customer, named: str) -> None:
    a, b = together(a, two("b")[0], 1)
    a, _ = together(a, opened("c", Record("web", "1", DAY)), 2)

    with pytest.raises(InvalidValue, match=r"unmerge\.records"):
        parted(a, b, 3, records=[named])


def test_a_record_that_was_dropped_is_claimed_by_nobody_who_came_in(a: Customer) -> None:
    shared = Record("crm", "9", DAY)
    a, c = together(a, opened("c", shared), 2)
    a = a.drop("crm/9", at=DAY + 2 * HOUR).state
    a, b = together(a, opened("b", shared), 3)
    a, c = parted(a, c, 4)
    a, b = parted(a, b, 5)

    assert (c.records, b.records) == ((), (shared,))


def test_a_record_that_was_named_is_claimed_by_nobody_else() -> None:
    b, c = opened("b", Record("crm", "8", DAY)), opened("c", Record("crm", "9", DAY))
    b, c = together(b, c, 1)
    a, b = together(two("a")[0], b, 2)
    a = a.take(Record("web", "1", DAY), at=DAY + 2 * HOUR).state
    a, c = parted(a, c, 3, records=["web/1"])

    assert [record.ref for record in c.records] == ["crm/9", "web/1"]


@pytest.mark.parametrize("wrong", [{"entries": [1]}, {"entries": 1}, {"records": [[1]]}, {"records": "crm/7"}])
def test_what_is_no_entry_and_no_record_is_one_clear_error(done: Merge, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue) as caught:
        parted(done.survivor, done.other, 2, **wrong)

    assert f"unmerge.{next(iter(wrong))}" == caught.value.path


def test_a_stored_customer_holds_nothing_twice_and_is_no_part_of_itself(a: Customer, done: Merge) -> None:
    [part] = done.survivor.parts
    wrong: list[dict[str, Any]] = [
        {"direct": Record("direct", "z", DAY)},
        {"records": (ONE, ONE)},
        {"parts": (part, part)},
        {"parts": (attrs.evolve(part, customer="a", into="b"),)},
        {"parts": (attrs.evolve(part, into="b"),)},
        {"parts": (attrs.evolve(part, customer="b", into="c"), attrs.evolve(part, customer="c", into="b"))},
    ]
    for each in wrong:
        with pytest.raises(InvalidValue, match=f"Customer.{next(iter(each))}"):
            attrs.evolve(a, **each)


def test_events_of_two_customers_fit_both(a: Customer, done: Merge) -> None:
    events = [
        change.events[0]
        for change in (*done.changes, unmerge(done.survivor, done.other, at=DAY + HOUR, **WHY).changes[1])
    ]
    took, into, back = cast("tuple[CustomersMerged, MergedInto, CustomerRestored]", events)
    with pytest.raises(InvalidValue, match=r"CustomersMerged\.records"):
        attrs.evolve(took, records=(*took.records, took.records[0]))
    with pytest.raises(InvalidValue, match=r"Customer\.records"):
        Customer.evolve(a, attrs.evolve(took, records=(*took.records, attrs.evolve(ONE, at=DAY + HOUR))))
    with pytest.raises(InvalidValue, match=r"CustomerRestored\.records"):
        attrs.evolve(back, records=(TWO,))
    with pytest.raises(InvalidValue, match=r"MergedInto\.survivor"):
        attrs.evolve(into, survivor="b")


def test_a_long_chain_of_merges_has_a_stage_and_is_parted(a: Customer, done: Merge) -> None:
    [part] = done.survivor.parts
    names = ["a", *(f"n{place}" for place in range(3_000))]
    pairs = pairwise(names)
    parts = tuple(attrs.evolve(part, customer=name, into=into, records=(), moves=0, stages=()) for into, name in pairs)
    last = attrs.evolve(parts[-1], stages=(("evangelist", DAY),))
    long = attrs.evolve(a, parts=(*parts[:-1], last), stages=())
    alone, _ = parted(
        attrs.evolve(long, records=(Record("direct", "n0", DAY), ONE)),
        attrs.evolve(done.other, id="n0", direct=Record("direct", "n0", DAY)),
        2,
        records=["direct/n0"],
    )

    assert (long.stage, alone.stage, alone.parts) == ("evangelist", None, ())


def test_only_what_was_merged_is_parted(a: Customer, b: Customer, done: Merge) -> None:
    with pytest.raises(Rejected, match="not_merged"):
        unmerge(a, b, at=DAY + HOUR, **WHY)
    with pytest.raises(Rejected, match="out_of_order"):
        unmerge(done.survivor, attrs.evolve(done.other, changed_at=DAY + 9 * HOUR), at=DAY + 2 * HOUR, **WHY)


def test_what_was_erased_never_comes_back(done: Merge) -> None:
    with pytest.raises(Rejected) as caught:
        unmerge(gone(done.survivor), done.other, at=DAY + 2 * HOUR, **WHY)

    assert caught.value.reason == "erased"


def test_an_erased_customer_is_empty_and_refuses_everything(done: Merge) -> None:
    state = gone(done.survivor)

    assert (state.name, state.points, state.records, state.parts, state.stage, state.owner) == (
        None,
        (),
        (),
        (),
        None,
        None,
    )
    assert state.facts()["customer.status"] == "erased"
    with pytest.raises(Rejected, match="erased"):
        state.tag("x", at=DAY + 9 * HOUR)


class TestStages:
    def test_the_furthest_of_both_shows(self, a: Customer, b: Customer, done: Merge) -> None:
        assert (done.survivor.stage, done.survivor.furthest_stage, done.survivor.stages) == (
            "customer",
            "customer",
            (("lead", DAY),),
        )

    def test_an_own_stage_counts_from_the_merge_on(self, done: Merge) -> None:
        left = done.survivor.advance("churned", at=DAY + 2 * HOUR).state
        parted = unmerge(left, done.other, at=DAY + 3 * HOUR, **WHY)

        assert (left.stage, left.furthest_stage) == ("churned", "customer")
        assert (parted.survivor.stage, parted.other.stage) == ("churned", "customer")

    def test_none_is_before_any_stage(self) -> None:
        one, two = opened("a", ONE), opened("b", TWO, stage="lead")

        assert merge(one, two, at=DAY, **WHY).survivor.stage == "lead"
        assert merge(two, one, at=DAY, **WHY).survivor.stage == "lead"
        assert merge(one, opened("c", TWO), at=DAY, **WHY).survivor.stage is None

    def test_of_two_former_stages_the_newer_counts(self) -> None:
        lifecycle = Lifecycle(["guest"], former=["gone", "away"], former_from="guest")
        states = []
        for id_, record, stage, hours in (("a", ONE, "gone", 2), ("b", TWO, "away", 1)):
            state = opened(id_, record, stage="guest", lifecycle=lifecycle)
            states.append(state.advance(stage, at=DAY + hours * HOUR, lifecycle=lifecycle).state)
        one, two = states

        assert merge(one, two, at=DAY + 3 * HOUR, lifecycle=lifecycle, **WHY).survivor.stage == "gone"
        assert merge(two, one, at=DAY + 3 * HOUR, lifecycle=lifecycle, **WHY).survivor.stage == "gone"


class TestMeanwhile:
    """What is said of a survivor stays with it, and what is said of the other one's goes back with that."""

    MAIL = TWO.points[0]

    def back(self, state: Customer, done: Merge) -> tuple[Customer, Customer]:
        return parted(state, done.other, 9)

    def test_a_bounce_goes_back_with_the_point(self, a: Customer, done: Merge) -> None:
        state = done.survivor.change_point(self.MAIL, at=DAY + 2 * HOUR, state="bounced").state
        one, other = self.back(state, done)

        assert {str(point): point.state for point in state.points}["two@example.com"] == "bounced"
        assert (one.points, one.direct) == (a.points, a.direct)
        assert [(point.state, point.primary) for point in other.points] == [("bounced", True)]

    def test_the_end_of_a_point_goes_back_with_it(self, a: Customer, done: Merge) -> None:
        state = done.survivor.remove_point(self.MAIL, at=DAY + 2 * HOUR).state
        one, other = self.back(state, done)

        assert str(state.primary("email", as_of=DAY + 3 * HOUR)) == "one@example.com"
        assert one.direct == a.direct
        assert other.primary("email", as_of=DAY + 9 * HOUR).reason == "none"

    def test_what_both_have_is_told_of_the_survivor_alone(self, a: Customer) -> None:
        verified = attrs.evolve(ONE.points[0], verified_at=DAY, purposes=["tea"])
        done = merge(a, opened("b", Record("shop", "9", DAY, points=[verified])), at=DAY + HOUR, **WHY)
        state = done.survivor.change_point(ONE.points[0], at=DAY + 2 * HOUR, shared=True).state
        one, other = self.back(state, done)

        assert [(point.shared, point.verified_at) for point in one.points] == [(True, None)]
        assert [(point.shared, point.verified_at) for point in other.points] == [(False, DAY)]

    def test_a_point_that_is_called_primary_is_the_survivors_word(self, done: Merge) -> None:
        state = done.survivor.change_point(self.MAIL, at=DAY + 2 * HOUR, primary=True).state
        one, other = self.back(state, done)

        assert [str(each.primary("email", as_of=DAY + 9 * HOUR)) for each in (state, one, other)] == 3 * [
            "two@example.com"
        ]

    def test_the_end_of_a_tie_goes_back_with_it(self, a: Customer) -> None:
        tied = Record("shop", "9", DAY, relationships=[Relationship("employment", "acme")])
        done = merge(a, opened("b", tied), at=DAY + HOUR, **WHY)
        state = done.survivor.end_relation("employment", "acme", at=DAY + 2 * HOUR).state
        one, other = self.back(state, done)

        assert [tie.holds(DAY + 3 * HOUR) for tie in state.relationships] == [False]
        assert one.relationships == ()
        assert [tie.holds(DAY + 3 * HOUR) for tie in other.relationships] == [False]

    def test_an_own_tie_that_the_other_has_too_stays(self, a: Customer) -> None:
        tie = Relationship("employment", "acme")
        done = merge(a, opened("b", Record("shop", "9", DAY, relationships=[tie])), at=DAY + HOUR, **WHY)
        state = done.survivor.relate(tie, at=DAY + 2 * HOUR).state
        one, other = self.back(state.end_relation("employment", "acme", at=DAY + 3 * HOUR).state, done)

        assert state.relationships == (tie,)
        assert ([each.valid is None for each in one.relationships], other.relationships) == ([False], (tie,))

    def test_tags_and_identifiers_that_the_other_has_are_stated(self, done: Merge) -> None:
        card = Identifier("card", "2")
        state = (
            done.survivor.tag("two", at=DAY + 2 * HOUR).then(lambda c: c.add_identifier(card, at=c.changed_at)).state
        )
        one, other = self.back(state, done)

        assert "two" in one.tags
        assert "two" in other.tags
        assert (one.identifiers, other.identifiers) == ((card,), (card,))
        assert state.tag("two", "one", at=DAY + 2 * HOUR).events == ()

    def test_a_stage_that_the_other_has_is_stated(self, done: Merge) -> None:
        one, other = self.back(done.survivor.advance("customer", at=DAY + 2 * HOUR).state, done)

        assert (one.stage, one.furthest, other.stage) == ("customer", "customer", "customer")

    def test_the_furthest_stage_of_the_other_is_not_the_survivors(self, a: Customer) -> None:
        done = merge(a, opened("b", TWO, stage="evangelist"), at=DAY + HOUR, **WHY)
        state = done.survivor.advance("opportunity", at=DAY + 2 * HOUR, back=True, reason="no").state
        one, _ = self.back(state, done)

        assert (state.furthest_stage, one.furthest_stage) == ("evangelist", "opportunity")

    def test_a_name_that_shows_only_for_the_other_is_stated(self) -> None:
        newer = Record("crm", "7", DAY + HOUR, name=PersonName("A."))
        one = two("a")[0].take(newer, at=DAY + HOUR).state
        other = opened("b", Record("shop", "9", DAY + 2 * HOUR, name=PersonName("a")))
        done = merge(one, other, at=DAY + 2 * HOUR, **WHY)
        state = done.survivor.rename(PersonName("a"), at=DAY + 3 * HOUR).state

        assert (done.survivor.name, self.back(state, done)[0].name) == (PersonName("a"), PersonName("a"))

    def test_a_clearing_that_shows_only_for_the_other_is_stated(self) -> None:
        schema = AttributeSchema([Attribute("x", str)])
        newer = Record("crm", "7", DAY + HOUR, values={"x": "old"})
        one = two("a")[0].clear("x", schema=schema, at=DAY).then(lambda c: c.take(newer, at=DAY + HOUR)).state
        done = merge(one, opened("b", Record("shop", "9", DAY + 2 * HOUR, cleared=["x"])), at=DAY + 2 * HOUR, **WHY)
        state = done.survivor.clear("x", schema=schema, at=DAY + 3 * HOUR).state

        assert (done.survivor.cleared, self.back(state, done)[0].cleared) == (("x",), ("x",))


class TestEntries:
    def test_entries_that_only_the_other_can_own_go_with_it(self, done: Merge) -> None:
        at = DAY + 2 * HOUR
        consents = [
            Consent("e1", customer="a", at=at, status="granted", purpose="news", point=TWO.points[0]),
            Consent("e2", customer="a", at=at, status="granted", purpose="news", point=ONE.points[0]),
            Consent("e3", customer="a", at=at, status="denied", purpose="news"),
            Consent("e4", customer="b", at=at, status="denied", purpose="news"),
            Consent("e5", customer="a", at=DAY, status="denied", purpose="news"),
        ]
        sale = Purchase(
            "p1", customer="a", at=at, currency="EUR", lines=[Line(1, "tea", 1, gross="1")], identifiers=[("card", "2")]
        )
        parted = unmerge(done.survivor, done.other, at=at + HOUR, entries=[*consents, sale], **WHY)
        aliases = Aliases([event for each in (done, parted) for change in each.changes for event in change.events])

        assert [entry.id for entry in parted.report.entries_back] == ["e1", "p1"]
        assert [entry.id for entry in parted.report.entries_stayed] == ["e2", "e3"]
        assert [aliases.owner(entry) for entry in (*consents, sale)] == ["b", "a", "a", "b", "a", "b"]
        assert str(parted.report).endswith("entry e3 stays")

    def test_interactions_carry_identifiers_too(self, done: Merge) -> None:
        at = DAY + 2 * HOUR
        call = Interaction(
            "i1",
            at=at,
            channel="phone",
            direction="inbound",
            participants=[Participant("a")],
            identifiers=[Identifier("card", "2")],
        )
        parted = unmerge(done.survivor, done.other, at=at, entries=[call], **WHY)

        assert parted.report.entries_back == (call,)

    def test_an_entry_counts_from_when_it_was_written_down(self, done: Merge) -> None:
        sale = Purchase(
            "p1",
            customer="a",
            at=DAY,
            recorded_at=DAY + 2 * HOUR,
            currency="EUR",
            lines=[Line(1, "tea", 1, gross="1")],
            identifiers=[("card", "2")],
        )
        found = unmerge(done.survivor, done.other, at=DAY + 3 * HOUR, entries=[sale], **WHY)

        assert found.report.entries_back == (sale,)


class TestAliases:
    def test_a_circle_is_a_missing_event(self) -> None:
        into: dict[str, Any] = {"version": 2, **WHY}
        circle = [
            MergedInto(source="b", survivor="a", at=DAY, **into),
            MergedInto(source="a", survivor="b", at=DAY + HOUR, **into),
        ]
        with pytest.raises(InvalidValue, match=r"Aliases\.events"):
            Aliases(circle)

    def test_what_is_no_id_and_no_entry_is_one_clear_error(self) -> None:
        with pytest.raises(InvalidValue, match=r"Aliases\.id"):
            Aliases().current([])  # type: ignore[arg-type]
        with pytest.raises(InvalidValue, match=r"Aliases\.entry"):
            Aliases().owner(1)  # type: ignore[arg-type]

    def test_a_chain_ends_with_the_last_survivor(self, done: Merge) -> None:
        c = opened("c", Record("web", "1", DAY))
        chain = merge(c, done.survivor, at=DAY + 2 * HOUR, **WHY)
        aliases = Aliases([*done.changes[1].events, *chain.changes[1].events])

        assert [aliases.current(id_) for id_ in "abcd"] == ["c", "c", "c", "d"]
        assert (aliases.all("b"), aliases.all("d")) == (("a", "b", "c"), ("d",))

    def test_parting_a_middle_one_takes_its_own_along(self, a: Customer, b: Customer, done: Merge) -> None:
        c = opened("c", Record("web", "1", DAY))
        chain = merge(c, done.survivor, at=DAY + 2 * HOUR, **WHY)
        middle = unmerge(chain.survivor, chain.other, at=DAY + 3 * HOUR, **WHY)
        end = unmerge(middle.other, done.other, at=DAY + 4 * HOUR, **WHY)

        assert middle.survivor.records == c.records
        assert middle.other.tags == ("one", "own", "two")
        assert (end.survivor.tags, end.other.tags) == (a.tags, b.tags)

    def test_parting_the_innermost_leaves_the_middle_where_it_is(self, done: Merge) -> None:
        c = opened("c", Record("web", "1", DAY))
        chain = merge(c, done.survivor, at=DAY + 2 * HOUR, **WHY)
        inner = unmerge(chain.survivor, done.other, at=DAY + 3 * HOUR, **WHY)
        events = [event for each in (done, chain, inner) for change in each.changes for event in change.events]

        assert [record.ref for record in inner.survivor.records] == ["crm/7", "direct/a", "web/1"]
        assert [Aliases(events).current(id_) for id_ in "abc"] == ["c", "b", "c"]

    def test_links_tell_since_when_and_until_when(self, done: Merge) -> None:
        parted = unmerge(done.survivor, done.other, at=DAY + 2 * HOUR, **WHY)
        before = Aliases(done.changes[1].events)
        after = before.after(*parted.changes[1].events)

        assert before.links() == (Link("a", "b", DAY + HOUR),)
        assert after.links() == (Link("a", "b", DAY + HOUR, DAY + 2 * HOUR),)
        assert after.all("a") == ("a",)

    def test_a_history_that_begins_with_a_restoring_has_no_link(self, done: Merge) -> None:
        parted = unmerge(done.survivor, done.other, at=DAY + 2 * HOUR, **WHY)

        assert Aliases(parted.changes[1].events).links() == ()

    def test_nobody_knows_whose_an_anonymous_entry_is(self, done: Merge) -> None:
        sale = Purchase("p1", at=DAY, currency="EUR", lines=[Line(1, "tea", 1, gross="1")])

        assert Aliases(done.changes[1].events).owner(sale) is None

    def test_only_events_are_folded(self) -> None:
        with pytest.raises(InvalidValue):
            Aliases(["b"])  # type: ignore[list-item]


def test_a_merge_is_saved_as_a_whole(a: Customer, b: Customer) -> None:
    store = MemoryStore()
    schema = AttributeSchema([Attribute("title", str)])
    b = b.set({"title": "Buyer"}, schema, at=DAY).state
    for state in (a, b):
        store.save(Customer.open(state.id, state.records[0], at=DAY))
    one, two = (store.repository(Customer).get(id_) for id_ in ("a", "b"))
    done = merge(one, two, at=DAY + HOUR, **WHY)
    store.save(*done.changes, entries=done.entries)

    assert store.repository(Customer).get("b").merged_into == "a"
    assert list(store.log(SameAs).read()) == list(done.entries)
