"""Leads that are one lead and deals that are one deal: rank, what survives, what is refused, and taking it back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest

from relex.calendars import Period
from relex.errors import InvalidValue, Rejected
from relex.money import Money
from relex.parties import LATEST, ContactPoint, PersonName, Survivorship
from relex.pipeline import (
    ContactRole,
    Lead,
    LeadRestored,
    LeadsUnmerged,
    MergedLead,
    OpportunitiesUnmerged,
    Opportunity,
    OpportunityRestored,
    Pipeline,
    Split,
    Stage,
    calibrate,
    first_contacts,
    forecast,
    merge_leads,
    merge_opportunities,
    rank_leads,
    rank_opportunities,
    slippage,
    time_in_stage,
    unmerge_leads,
    unmerge_opportunities,
)
from relex.purchases import Line

NOW = datetime(2026, 2, 10, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=9)
WHYS: dict[str, Any] = {"by": "eve", "reason": "entered twice"}
EMAIL = ContactPoint("email", "ada@example.com")
ENDS = [Stage("won", 8, kind="won"), Stage("lost", 9, kind="lost")]
SALES = Pipeline("sales", [Stage("new", 1, probability=10), Stage("demo", 2, probability=40), *ENDS])
OTHER = Pipeline("other", [Stage("first", 1, probability=50), *ENDS])


def lead(id_: str, *, at: datetime = NOW, **more: Any) -> Lead:
    known: dict[str, Any] = {"person": "Ada"}
    return Lead.open(id_, "web", at=at, **known | more).state


def merged(*leads: Lead, **more: Any) -> list[Lead]:
    return [change.state for change in merge_leads(leads, at=LATER, **WHYS, **more)]


class TestRankOfLeads:
    def test_open_then_level_then_probability_then_age(self) -> None:
        leads = [
            lead("closed", level="customer").disqualify("spam", at=NOW).state,
            lead("young", level="mql", at=LATER),
            lead("old", level="mql"),
            lead("likely", level="mql", at=LATER),
            lead("far", level="sql", at=LATER),
            lead("gone", level="customer").set_level("churned", reason="left", at=NOW).state,
        ]
        chances: dict[str, Decimal | int] = {"likely": Decimal("60.5"), "young": 5}

        assert [each.id for each in rank_leads(leads, probabilities=chances)] == [
            "far",
            "likely",
            "young",
            "old",
            "gone",
            "closed",
        ]

    @pytest.mark.parametrize("chance", [101, -1, 0.5], ids=str)
    def test_a_probability_is_a_percentage(self, chance: Any) -> None:
        with pytest.raises(InvalidValue, match="probabilities"):
            rank_leads([lead("a")], probabilities={"a": chance})

    @pytest.mark.parametrize("wrong", [["a"], [lead("a"), lead("a")]], ids=["id", "twice"])
    def test_each_is_a_lead_and_there_once(self, wrong: Any) -> None:
        with pytest.raises(InvalidValue, match=r"rank_leads\.leads"):
            rank_leads(wrong)


class TestMergingLeads:
    def test_the_first_value_that_is_there_counts(self) -> None:
        best = lead("l1", level="sql", person=None, company="Engines")
        second = lead("l2", level="mql", owner="kim", company="Engines Ltd", amount=Money(5, "USD"), language="fr")
        third = lead("l3", person="Countess", owner="bob", title="cto", facts={"budget": 1})
        survivor, *_ = merged(third, best, second)

        assert (survivor.id, survivor.company, str(survivor.person)) == ("l1", "Engines", "Ada")
        assert (survivor.owner, survivor.amount, survivor.language) == ("kim", Money(5, "USD"), "fr")
        assert (survivor.title, survivor.facts()["custom.budget"]) == ("cto", 1)
        assert survivor.merged == ("l2", "l3")

    def test_sets_are_united_and_levels_go_forward(self) -> None:
        best = lead("l1", tags=["a"], campaign="spring", contact_points=[EMAIL], level="mql")
        other = lead("l2", tags=["b"], level="evangelist", campaign="fair").set_level("lead", reason="x", at=NOW).state
        other = other.recycle(at=NOW).state.link("note", "n1", at=NOW).state.opt_out("sms", "news", at=NOW).state
        survivor, _ = merged(best, other)

        assert (survivor.tags, survivor.points) == (("a", "b"), (EMAIL,))
        assert [touch.campaign for touch in survivor.touches] == ["fair", "spring"]
        assert (survivor.level, survivor.furthest_level, survivor.recycles) == ("mql", "evangelist", 1)
        assert [str(link) for link in survivor.links] == ["note/n1"]
        assert [no.channel for no in survivor.opt_outs] == ["sms"]

    def test_another_survivorship_may_decide_what_is_known(self) -> None:
        old, new = lead("l1", level="sql", person="Ada"), lead("l2", person="Ada King", at=LATER)

        assert str(merged(old, new)[0].person) == "Ada"
        assert str(merged(old, new, survivorship=Survivorship(LATEST))[0].person) == "Ada King"

    def test_the_time_of_what_came_in_is_kept(self) -> None:
        survivor, _ = merged(lead("l1", level="sql"), lead("l2", title="cto", at=LATER))

        assert survivor.record.time("title") == LATER
        assert survivor.record.time("name") == NOW

    def test_a_customer_is_not_merged(self) -> None:
        done = lead("l2", contact_points=[EMAIL]).work(at=NOW).state
        done = done.convert(customer="c1", contact="p1", opportunity=False, at=NOW).lead.state

        with pytest.raises(Rejected, match="already_converted"):
            merged(lead("l1"), done)

    def test_nor_one_that_is_merged_already(self) -> None:
        _, gone = merged(lead("l1"), lead("l2"))

        with pytest.raises(Rejected, match="merged"):
            merged(gone, lead("l3"))

    @pytest.mark.parametrize(
        ("given", "more", "path"),
        [
            ([lead("l1")], {}, "merge_leads.leads"),
            ([lead("l1"), lead("l2")], {"survivorship": "latest"}, "merge_leads.survivorship"),
        ],
        ids=["one", "survivorship"],
    )
    def test_others_are_refused(self, given: Any, more: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as error:
            merge_leads(given, at=LATER, **WHYS, **more)

        assert error.value.path == path

    def test_what_is_brought_is_of_its_own_record(self) -> None:
        event: Any = merge_leads([lead("l1"), lead("l2")], at=LATER, **WHYS)[0].events[0]
        [brought] = event.others
        assert isinstance(brought, MergedLead)

        with pytest.raises(InvalidValue, match=r"MergedLead\.record"):
            attrs.evolve(brought, lead="l3")


class TestTakingLeadsBack:
    def test_a_second_merge_stays(self) -> None:
        first, one = merged(lead("l1"), lead("l2", title="cto"))
        second, two = merged(first, lead("l3", title="ceo", tags=["x"], at=LATER))
        survivor, back = [change.state for change in unmerge_leads(second, [one], at=LATER, **WHYS)]

        assert (survivor.title, survivor.tags, survivor.merged) == ("ceo", ("x",), ("l3",))
        assert (back.status, back.merged_into, back.title) == ("new", None, "cto")
        assert two.merged_into == "l1"

    def test_one_of_several_goes_back(self) -> None:
        survivor, *others = merged(lead("l1"), lead("l2", tags=["a"]), lead("l3", tags=["b"]))
        [change, restored] = unmerge_leads(survivor, others[:1], at=LATER, **WHYS)

        assert (change.state.tags, change.state.merged) == (("b",), ("l3",))
        assert [type(event) for event in (*change.events, *restored.events)] == [LeadsUnmerged, LeadRestored]

    def test_what_was_said_since_stays(self) -> None:
        survivor, other = merged(lead("l1"), lead("l2", tags=["a"]))
        survivor = survivor.tag("a", at=LATER).state.correct(person="Ada King", at=LATER).state
        other = other.opt_out("email", "marketing", at=LATER).state
        survivor, other = [change.state for change in unmerge_leads(survivor, [other], at=LATER, **WHYS)]

        assert (survivor.tags, str(survivor.person)) == (("a",), "Ada King")
        assert (str(other.person), len(other.opt_outs)) == ("Ada", 1)

    def test_it_can_be_merged_again(self) -> None:
        first = lead("l1")
        survivor, other = merged(first, lead("l2", tags=["a"]))
        survivor, other = [change.state for change in unmerge_leads(survivor, [other], at=LATER, **WHYS)]
        again, gone = merged(survivor, other)

        assert (again.tags, again.merged, gone.merged_into) == (("a",), ("l2",), "l1")
        back = [change.state for change in unmerge_leads(again, [gone], at=LATER, **WHYS)]
        assert [(each.tags, each.merged, each.status) for each in back] == [((), (), "new"), (("a",), (), "new")]
        assert again.as_of(NOW) == first

    def test_only_what_was_merged(self) -> None:
        survivor, other = merged(lead("l1"), lead("l2"))
        for wrong in (lead("l3"), attrs.evolve(other, history=other.history[:1])):
            with pytest.raises(Rejected, match="not_merged"):
                unmerge_leads(survivor, [wrong], at=LATER, **WHYS)
        with pytest.raises(Rejected, match="not_merged"):
            unmerge_leads(lead("l1"), [other], at=LATER, **WHYS)

    def test_in_order(self) -> None:
        survivor, other = merged(lead("l1"), lead("l2"))
        later = other.touch("spring", at=LATER + timedelta(1)).state

        with pytest.raises(Rejected, match="out_of_order"):
            unmerge_leads(survivor, [later], at=LATER, **WHYS)

    def test_somebody_must_go(self) -> None:
        with pytest.raises(InvalidValue, match=r"unmerge_leads\.others"):
            unmerge_leads(lead("l1"), [], at=LATER, **WHYS)


def deal(id_: str, pipeline: Pipeline = SALES, *, at: datetime = NOW, **more: Any) -> Opportunity:
    return Opportunity.open(id_, pipeline, at=at, **more).state


def joined(*deals: Opportunity) -> list[Opportunity]:
    return [change.state for change in merge_opportunities(deals, SALES, at=LATER, **WHYS)]


def parted(survivor: Opportunity, *others: Opportunity) -> list[Opportunity]:
    return [change.state for change in unmerge_opportunities(survivor, others, at=LATER, **WHYS)]


class TestMergingDeals:
    def test_the_older_of_two_that_are_alike(self) -> None:
        deals = [deal("young", at=LATER), deal("old"), deal("likely").override_probability(90, at=NOW).state]

        assert [each.id for each in rank_opportunities(deals, SALES)] == ["likely", "old", "young"]

    def test_a_stage_of_the_same_name_elsewhere_is_none(self) -> None:
        same = Pipeline("same", [Stage("demo", 9, probability=90), *ENDS])

        assert [each.id for each in rank_opportunities([deal("a", same), deal("b")], SALES)] == ["b", "a"]

    def test_the_first_value_that_is_there_counts(self) -> None:
        best = deal("o1", stage="demo", name="Engines", contacts=[ContactRole("p1")])
        second = deal("o2", owner="kim", amount=Money(5, "USD"), contacts=[ContactRole("p2"), ContactRole("p1", "cfo")])
        third = deal("o3", owner="bob", name="x", territory="north", expected_close=date(2026, 3, 31), tags=["a"])
        third = third.set_splits([Split("bob", 100)], at=NOW).state.record_activity("call", at=NOW).state
        survivor, *_ = joined(third, best, second)

        assert (survivor.id, survivor.name, survivor.owner, survivor.amount) == (
            "o1",
            "Engines",
            "kim",
            Money(5, "USD"),
        )
        assert (survivor.territory, survivor.expected_close, survivor.tags) == ("north", date(2026, 3, 31), ("a",))
        assert survivor.contacts == (ContactRole("p1", primary=True), ContactRole("p2"))
        assert (survivor.splits, survivor.last_activity_at) == ((Split("bob", 100),), NOW)
        assert (survivor.assigned_at, survivor.stage_entered_at, survivor.merged) == (LATER, NOW, ("o2", "o3"))

    def test_an_amount_comes_with_its_lines(self) -> None:
        lines = [Line(1, "seat", 2, unit_price="7.50")]
        priced = deal("o2").set_lines(lines, currency="USD", at=NOW).state
        survivor, _ = joined(deal("o1", stage="demo", amount=Money(1, "USD")), priced)
        blank, _ = joined(deal("o1", stage="new", contacts=[ContactRole("p1")]), priced)

        assert (survivor.amount, survivor.lines) == (Money(1, "USD"), ())
        assert (blank.amount, blank.amount_source, len(blank.lines)) == (Money(15, "USD"), "lines", 1)

    def test_the_first_contact_of_all_is_primary(self) -> None:
        survivor, _ = joined(deal("o1", stage="demo"), deal("o2", contacts=[ContactRole("p2")]))

        assert survivor.contact == "p2"

    def test_a_survivor_of_another_pipeline_goes_to_the_first_open_stage(self) -> None:
        change, _ = merge_opportunities([deal("o1", OTHER), deal("o2", OTHER)], SALES, at=LATER, **WHYS)

        assert (change.state.pipeline, change.state.stage, change.state.stage_entered_at) == ("sales", "new", LATER)
        assert len(change.events) == 2

    def test_one_that_is_lost_stays_where_it_is(self) -> None:
        lost = [deal(each, OTHER).lose(OTHER, reason="price", at=NOW).state for each in ("o1", "o2")]

        assert (joined(*lost)[0].pipeline, joined(*lost)[0].kind) == ("other", "lost")

    def test_a_won_one_is_never_merged_away(self) -> None:
        won = deal("o2").win(SALES, at=NOW).state
        with pytest.raises(Rejected) as refusal:
            joined(deal("o1"), won)

        assert (refusal.value.reason, refusal.value.details["opportunity"]) == ("won", "o2")

    @pytest.mark.parametrize(
        "wrong", [[deal("o1")], ["o1", "o2"], [deal("o1"), deal("o1")]], ids=["one", "ids", "twice"]
    )
    def test_others_are_refused(self, wrong: Any) -> None:
        with pytest.raises(InvalidValue, match="opportunities"):
            merge_opportunities(wrong, SALES, at=LATER, **WHYS)

    def test_a_pipeline_tells_the_order(self) -> None:
        with pytest.raises(InvalidValue, match=r"rank_opportunities\.pipeline"):
            rank_opportunities([deal("o1")], "sales")  # type: ignore[arg-type]


class TestMergedDeals:
    def test_nothing_is_told_of_one_any_more(self) -> None:
        _, gone = joined(deal("o1"), deal("o2"))

        with pytest.raises(Rejected) as refusal:
            gone.rename("x", at=LATER)
        assert (refusal.value.reason, refusal.value.details) == ("merged", {"opportunity": "o2", "into": "o1"})
        with pytest.raises(Rejected, match="merged"):
            gone.move_to("demo", SALES, at=LATER)

    def test_a_lost_one_is_merged_before_it_is_closed(self) -> None:
        _, gone = joined(deal("o1"), deal("o2").lose(SALES, reason="price", at=NOW).state)

        with pytest.raises(Rejected, match="merged"):
            gone.rename("x", at=LATER)

    def test_it_has_no_facts(self) -> None:
        _, gone = joined(deal("o1"), deal("o2"))

        assert {name: value for name, value in gone.facts().items() if value is not None} == {
            "id": "o2",
            "pipeline": "sales",
            "merged_into": "o1",
        }

    def test_it_may_go_nowhere(self) -> None:
        _, gone = joined(deal("o1"), deal("o2"))
        found = SALES.check(gone, "won", as_of=LATER)

        assert (found.passes, found.reason, found.allowed) == (False, "merged", ())
        assert SALES.check(gone, "won", as_of=NOW).passes

    def test_it_shows_who_goes_on(self) -> None:
        kept, gone = joined(deal("o1"), deal("o2"))

        assert re.search("merged into</t.><t[^>]*>o1<", gone._repr_html_())
        assert "merged into" not in kept._repr_html_()

    def test_it_counts_in_no_figure(self) -> None:
        given: dict[str, Any] = {"amount": Money(100, "USD"), "expected_close": date(2026, 3, 1)}
        deals = [deal("o1", **given), deal("o2", **given)]
        after = joined(*deals)
        quarter = Period.of("quarter", date(2026, 3, 1))
        views = [forecast(each, SALES, quarter, as_of=LATER) for each in (deals, after)]

        assert [view.amount().value for view in views] == [Money(200, "USD"), Money(100, "USD")]
        assert [contact.subject for contact in first_contacts(after, as_of=LATER)] == ["o1"]
        assert len(first_contacts(after, as_of=NOW)) == 2

    def test_nor_in_what_stages_are_calibrated_by(self) -> None:
        lost = deal("o2").lose(SALES, reason="price", at=NOW).state
        over, gone = joined(deal("o1"), lost)
        year = Period.of("year", date(2026, 3, 1))
        found = [calibrate(each, SALES, closed_in=year, minimum=1) for each in ([lost], [over, gone])]

        assert [str(each).count("of 1") for each in found] == [1, 0]

    def test_it_does_not_keep_a_pipeline_from_changing(self) -> None:
        one, gone = joined(deal("o1", stage="demo"), deal("o2"))
        new = Pipeline("sales", [Stage("demo", 2, probability=40), *ENDS], version=2)

        assert SALES.replace(new, [one, gone], at=LATER) == ()


class TestTakingDealsBack:
    def test_the_move_of_the_merge_is_taken_back_with_the_last(self) -> None:
        deals = [deal("o1", OTHER), deal("o2", OTHER), deal("o3", OTHER)]
        survivor, *others = joined(*deals)
        survivor, one = parted(survivor, others[0])
        assert (survivor.pipeline, survivor.merged) == ("sales", ("o3",))
        survivor, two = parted(survivor, others[1])

        assert (survivor.pipeline, survivor.stage, survivor.stage_entered_at) == ("other", "first", NOW)
        assert (one.merged_into, two.merged_into) == (None, None)
        assert [event.version for event in survivor.events] == [1]

    def test_the_time_in_stages_forgets_it_too(self) -> None:
        survivor, other = joined(deal("o1", OTHER), deal("o2", OTHER))
        before = time_in_stage(survivor, as_of=LATER + timedelta(1))
        survivor, _ = parted(survivor, other)
        after = time_in_stage(survivor, as_of=LATER + timedelta(1))

        assert [stay.stage for stay in before.stays] == ["first", "new"]
        assert [stay.stage for stay in after.stays] == ["first"]
        assert slippage(survivor, as_of=LATER).moves == ()

    def test_what_was_said_since_stays(self) -> None:
        survivor, other = joined(deal("o1", tags=["a"]), deal("o2", owner="kim", tags=["b"]))
        survivor = survivor.change_amount(Money(9, "USD"), at=LATER).state.move_to("demo", SALES, at=LATER).state
        survivor, back = parted(survivor, other)

        assert (survivor.owner, survivor.tags, survivor.amount, survivor.stage) == (
            None,
            ("a",),
            Money(9, "USD"),
            "demo",
        )
        assert (back.owner, back.facts()["stage"]) == ("kim", "new")
        assert survivor.version == len(survivor.history)

    def test_people_who_came_go_and_those_who_were_added_stay(self) -> None:
        survivor, other = joined(
            deal("o1", contacts=[ContactRole("ann")]), deal("o2", contacts=[ContactRole("bob"), ContactRole("dan")])
        )
        survivor = survivor.add_contact("cyd", at=LATER).state.add_contact("dan", "cfo", at=LATER).state
        survivor, back = parted(survivor, other)

        assert survivor.contacts == (ContactRole("ann", primary=True), ContactRole("cyd"), ContactRole("dan", "cfo"))
        assert [each.contact for each in back.contacts] == ["bob", "dan"]
        assert Opportunity(survivor.history) == survivor

    def test_whoever_was_named_first_or_went_does_so_without_those_who_came(self) -> None:
        best = deal("o1", contacts=[ContactRole("ann"), ContactRole("eve")])
        survivor, other = joined(best, deal("o2", contacts=[ContactRole("bob")]))
        named = survivor.add_contact("eve", primary=True, at=LATER).state
        gone = survivor.remove_contact("ann", at=LATER).state.remove_contact("eve", at=LATER).state

        assert parted(named, other)[0].contacts == (ContactRole("ann"), ContactRole("eve", primary=True))
        assert parted(gone, other)[0].contacts == ()

    def test_an_amount_goes_with_the_lines_that_it_came_from(self) -> None:
        lines = [Line(1, "seat", 1, unit_price=10)]
        survivor, other = joined(deal("o1"), deal("o2").set_lines(lines, currency="USD", at=NOW).state)
        survivor = survivor.change_amount(Money(50, "USD"), at=LATER).state.change_amount(None, at=LATER).state
        more = survivor.set_lines([*lines, Line(2, "desk", 1, unit_price=5)], at=LATER).state

        assert (survivor.amount, more.amount) == (Money(10, "USD"), Money(15, "USD"))
        survivor, back = parted(survivor, other)
        assert (survivor.amount, survivor.amount_source, survivor.lines) == (None, None, ())
        assert back.amount == Money(10, "USD")
        more, _ = parted(more, other)
        assert (more.amount, [line.product for line in more.lines]) == (Money(5, "USD"), ["desk"])

    def test_a_move_stays_once_the_deal_moved_on(self) -> None:
        survivor, other = joined(deal("o1", OTHER), deal("o2", OTHER))
        survivor = survivor.lose(SALES, reason="price", at=LATER).state
        survivor, _ = parted(survivor, other)

        assert (survivor.pipeline, survivor.lost_from, survivor.merged) == ("sales", "new", ())
        assert survivor.reopen(SALES, at=LATER).state.stage == "new"

    def test_a_second_merge_stays(self) -> None:
        first, one = joined(deal("o1"), deal("o2", owner="kim"))
        second, _ = joined(first, deal("o3", owner="bob", at=LATER))
        change, restored = unmerge_opportunities(second, [one], at=LATER, **WHYS)

        assert (change.state.owner, change.state.merged) == ("bob", ("o3",))
        assert [type(event) for event in (*change.events, *restored.events)] == [
            OpportunitiesUnmerged,
            OpportunityRestored,
        ]
        assert Opportunity.evolve(second, change.events[0]) == change.state

    def test_only_what_was_merged(self) -> None:
        survivor, other = joined(deal("o1"), deal("o2"))
        for state, wrong in ((survivor, deal("o3")), (survivor, deal("o2")), (deal("o1"), other)):
            with pytest.raises(Rejected, match="not_merged"):
                unmerge_opportunities(state, [wrong], at=LATER, **WHYS)
        with pytest.raises(Rejected, match="out_of_order"):
            unmerge_opportunities(survivor, [other], at=NOW, **WHYS)
        with pytest.raises(InvalidValue, match=r"unmerge_opportunities\.others"):
            unmerge_opportunities(survivor, [], at=LATER, **WHYS)

    def test_nobody_goes_back_before_the_last_event(self) -> None:
        survivor, other = joined(deal("o1"), deal("o2"))
        _, early = joined(deal("o1"), deal("o2"))
        moved = attrs.evolve(other.history[-1], at=LATER + timedelta(1))
        late = Opportunity((*early.history[:-1], moved))

        with pytest.raises(Rejected, match="out_of_order"):
            unmerge_opportunities(survivor, [late], at=LATER, **WHYS)


class TestBridges:
    def test_a_merged_deal_is_told_and_so_is_its_return(self) -> None:
        given: dict[str, Any] = {"amount": Money(100, "USD"), "expected_close": date(2026, 3, 1)}
        one, two = joined(deal("o1", **given), deal("o2", **given))
        quarter = Period.of("quarter", date(2026, 3, 1))
        view = forecast([one, two], SALES, quarter, as_of=LATER)
        back = [change.state for change in unmerge_opportunities(one, [two], at=LATER + timedelta(1), **WHYS)]
        then = forecast(back, SALES, quarter, as_of=LATER + timedelta(1))

        assert [str(line) for line in view.explain(before=NOW).lines] == ["merged o2: -100.00 USD"]
        assert [(line.kind, line.deal) for line in then.explain(before=LATER).lines] == [("reopened", "o2")]


def test_a_lead_shows_its_name() -> None:
    assert str(lead("l1", person=PersonName("Ada King"))) == "lead l1: Ada King, new, lead"
