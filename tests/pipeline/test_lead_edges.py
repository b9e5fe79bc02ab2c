"""Edges of leads: a no is never lost, nobody is left nameless, merges give back all, and deals get their blanks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from time import process_time
from typing import Any

import attrs
import pytest

from relex.customers import Consent, Customer
from relex.errors import InvalidValue, Rejected
from relex.money import Money
from relex.parties import ContactPoint, PersonName, Record
from relex.pipeline import (
    Conversion,
    ExistingParty,
    Lead,
    LeadLink,
    LeadLinksChanged,
    LeadOpened,
    LeadOptedOut,
    LeadPolicy,
    LeadTouched,
    LostReason,
    Opportunity,
    OptOut,
    Pipeline,
    RefusedLead,
    consent_drafts,
    convert_leads,
    merge_leads,
    unmerge_leads,
)

NOW = datetime(2026, 2, 10, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
EMAIL = ContactPoint("email", "ada@example.com")
SALES = Pipeline.preset("four_steps", "sales")
WHYS: dict[str, Any] = {"by": "eve", "reason": "entered twice"}
NEW: dict[str, Any] = {"customer": "c1", "contact": "p1", "opportunity": "o1"}


def lead(id_: str = "l1", **more: Any) -> Lead:
    """A lead that is worked on."""
    known: dict[str, Any] = {"person": "Ada Lovelace", "contact_points": [EMAIL]}
    return Lead.open(id_, "web", at=NOW, **known | more).state.work(at=NOW).state


def convert(state: Lead, **more: Any) -> Conversion:
    return state.convert(SALES, at=LATER, **NEW | more)


def merged(*leads: Lead) -> tuple[Lead, ...]:
    return tuple([change.state for change in merge_leads(leads, at=LATER, **WHYS)])


def unmerged(survivor: Lead, *others: Lead) -> tuple[Lead, ...]:
    return tuple([change.state for change in unmerge_leads(survivor, others, at=LATER, **WHYS)])


class TestNoRefusalIsLost:
    @pytest.mark.parametrize("purposes", [["*"], ["marketing", "*"]], ids=["alone", "among"])
    def test_every_purpose_is_not_the_name_of_one(self, purposes: list[str]) -> None:
        with pytest.raises(InvalidValue, match=r"convert\.purposes"):
            convert(lead(opt_outs=[OptOut("*", "*", NOW)]), purposes=purposes)

    def test_a_no_to_a_merged_lead_is_not_passed_over(self) -> None:
        _, gone = merged(lead("l1"), lead("l2", contact_points=[]))

        with pytest.raises(InvalidValue, match="l1"):
            consent_drafts(gone.opt_out("email", "marketing", at=LATER))
        assert consent_drafts(gone.touch("spring", at=LATER)) == ()

    def test_a_no_to_a_merged_lead_is_carried_with_it(self) -> None:
        survivor, gone = merged(lead("l1"), lead("l2"))
        said = gone.opt_out("email", "marketing", at=LATER).state
        found = convert(survivor, also=[said]).consents

        assert [(draft.customer, draft.channel, draft.purpose) for draft in found] == [("p1", "email", "marketing")]

    def test_only_what_was_merged_is_carried(self) -> None:
        with pytest.raises(InvalidValue, match=r"convert\.also"):
            convert(lead("l1"), also=[lead("l2")])
        with pytest.raises(InvalidValue, match=r"convert\.also"):
            convert(lead("l1"), also=["l2"])

    def test_a_no_since_the_merge_stays_with_both(self) -> None:
        survivor, gone = merged(lead("l1"), lead("l2"))
        survivor = survivor.opt_out("email", "marketing", at=LATER).state
        gone = gone.opt_out("phone", "service", at=LATER).state

        for found in unmerged(survivor, gone):
            assert {(no.channel, no.purpose) for no in found.opt_outs} == {("email", "marketing"), ("phone", "service")}
            assert Lead(found.history).opt_outs == found.opt_outs

    def test_a_no_that_both_heard_is_one(self) -> None:
        survivor, gone = [
            found.opt_out("email", "marketing", at=LATER).state for found in merged(lead("l1"), lead("l2"))
        ]

        assert [len(found.opt_outs) for found in unmerged(survivor, gone)] == [1, 1]

    def test_a_no_of_before_the_merge_stays_alone(self) -> None:
        survivor, gone = merged(lead("l1").opt_out("email", "marketing", at=NOW).state, lead("l2"))

        assert [len(found.opt_outs) for found in unmerged(survivor, gone)] == [1, 0]

    def test_no_two_drafts_have_one_id(self) -> None:
        said = [
            OptOut("email", "marketing/shoes", NOW),
            OptOut("email", "marketing", NOW, topic="shoes"),
            OptOut("email", "marketing", NOW),
            OptOut("email", "marketing%2Fshoes", NOW),
            OptOut("email", "marketing", NOW, point=EMAIL),
        ]
        done = convert(lead(opt_outs=said))
        late = [
            draft
            for status in ("objected", "withdrawn")
            for draft in consent_drafts(done.lead.state.opt_out("sms", "news", at=LATER, status=status))
        ]

        assert len({draft.id for draft in (*done.consents, *late)}) == 7

    def test_no_id_has_an_address_in_it(self) -> None:
        [draft] = convert(lead(opt_outs=[OptOut("email", "marketing", NOW, point=EMAIL)])).consents

        assert "ada" not in draft.id
        assert Consent(**draft.fields()).point == "email:ada@example.com"

    def test_a_printed_change_shows_nobody(self) -> None:
        opened = Lead.open("l1", "web", person="Ada", contact_points=[EMAIL], at=NOW)
        changes = [
            opened,
            opened.state.correct(person="Ada King", at=NOW),
            opened.state.add_point(ContactPoint("email", "ada@king.com"), at=NOW),
            opened.state.opt_out("email", "marketing", point=EMAIL, at=NOW),
            merge_leads([opened.state, lead("l2", person="Ada")], at=NOW, **WHYS),
            convert(lead(company="Engines", opt_outs=[OptOut("email", "marketing", NOW, point=EMAIL)])),
        ]

        assert [change for change in map(repr, changes) if "Ada" in change or "ada@" in change] == []


class TestSomebodyIsLeft:
    def test_the_last_point_stays(self) -> None:
        with pytest.raises(InvalidValue, match=r"remove_point\.point"):
            lead(person=None).remove_point(EMAIL, at=NOW)

    def test_what_others_brought_is_not_the_lead_s_own(self) -> None:
        survivor, _ = merged(lead("l1", contact_points=[]), lead("l2", person=None, company="Engines"))

        with pytest.raises(InvalidValue, match=r"correct\.clear"):
            survivor.correct(clear=["person"], at=LATER)

    def test_no_opening_is_of_nobody(self) -> None:
        opened: Any = lead().history[0]

        with pytest.raises(InvalidValue, match=r"LeadOpened\.record"):
            attrs.evolve(opened, record=Record("lead", "l1", NOW, tags=["hot"]))
        assert isinstance(opened, LeadOpened)

    def test_an_empty_one_is_shown_and_converted(self) -> None:
        company = lead(person=None, company="Engines", contact_points=[])
        empty = company.evolve(company, _emptied(company))
        known = ExistingParty("p7", Record("erp", "7", NOW, name=PersonName("Ada"), points=[EMAIL]))
        done = empty.convert(SALES, customer="c1", into_contact=known, opportunity="o1", at=LATER)

        assert str(empty) == "lead l1: nobody known, working, lead"
        assert done.opportunity is not None
        assert done.opportunity.state.name == "c1"

    @pytest.mark.parametrize("name", ["person", "company"])
    def test_blanks_name_nobody(self, name: str) -> None:
        more: dict[str, Any] = {name: " \t"}

        with pytest.raises(InvalidValue, match=rf"open\.{name}"):
            Lead.open("l1", "web", at=NOW, **more)


def _emptied(state: Lead) -> Any:
    """A correction that no command gives."""
    told: Any = state.correct(title="Countess", clear=["company"], person="Ada", at=NOW).events[0]
    return attrs.evolve(told, stated=Record("lead", "l1", NOW, cleared=["company"]))


class TestMerges:
    def test_a_customer_gives_nothing_back(self) -> None:
        survivor, gone = merged(lead("l1"), lead("l2").link("note", "n2", at=NOW).state)

        with pytest.raises(Rejected, match="already_converted"):
            unmerged(convert(survivor).lead.state, gone)

    def test_what_repeats_what_others_brought_is_the_lead_s_own(self) -> None:
        survivor, gone = merged(lead("l1"), lead("l2", owner="ann", level="sql").disqualify("spam", at=NOW).state)
        told = survivor.assign("ann", at=LATER).state.advance_at_least("mql", at=LATER).state
        alone, _ = unmerged(told, gone)

        assert (told.owner, told.level, alone.owner, alone.level) == ("ann", "sql", "ann", "mql")
        assert told.assign("ann", at=LATER).events == told.advance_at_least("mql", at=LATER).events == ()

    @pytest.mark.parametrize("command", ["set_level", "qualify"])
    def test_a_level_that_repeats_theirs_is_its_own(self, command: str) -> None:
        survivor, gone = merged(lead("l1"), lead("l2", level="sql").disqualify("spam", at=NOW).state)
        more = {"reason": "met"} if command == "set_level" else {"by": "eve"}
        told = getattr(survivor, command)("sql", at=LATER, **more).state

        assert unmerged(told, gone)[0].level == "sql"

    @pytest.mark.parametrize("wrong", [None, "l1", [("l1", 1)]], ids=["none", "text", "pairs"])
    def test_probabilities_are_a_mapping(self, wrong: Any) -> None:
        with pytest.raises(InvalidValue, match=r"rank_leads\.probabilities"):
            merge_leads([lead("l1"), lead("l2")], at=LATER, probabilities=wrong, **WHYS)


class TestInto:
    def test_a_deal_gets_what_it_lacks(self) -> None:
        deal = Opportunity.open("o7", SALES, at=NOW).state
        state = lead(company="Engines", owner="ann", amount=Money("5", "EUR"), campaign="fair")
        done = state.convert(customer="c1", contact="p1", into_opportunity=deal, at=LATER)
        assert done.opportunity is not None
        found = done.opportunity.state

        assert (found.customer, found.owner, found.name) == ("c1", "ann", "Engines")
        assert (found.expected_close, found.campaign, found.contact) == (date(2026, 3, 31), "fair", "p1")

    def test_a_deal_keeps_what_it_has(self) -> None:
        more: dict[str, Any] = {"name": "Old", "owner": "bob", "customer": "c1", "expected_close": date(2026, 5, 1)}
        deal = Opportunity.open("o7", SALES, at=NOW, amount=Money("9", "USD"), campaign="mail", **more).state
        state = lead(owner="ann", amount=Money("5", "EUR"), campaign="fair")
        done = state.convert(customer="c1", contact="p1", into_opportunity=deal, at=LATER)
        assert done.opportunity is not None

        assert [type(event).__name__ for event in done.opportunity.events] == ["ContactsChanged"]

    def test_without_filling_a_deal_is_the_customer_s_all_the_same(self) -> None:
        deal = Opportunity.open("o7", SALES, at=NOW).state
        done = lead(owner="ann").convert(customer="c1", contact="p1", into_opportunity=deal, fill="none", at=LATER)
        assert done.opportunity is not None

        assert (done.opportunity.state.customer, done.opportunity.state.owner) == ("c1", None)

    def test_a_date_may_be_said_of_a_deal_without_one(self) -> None:
        deal, day = Opportunity.open("o7", SALES, at=NOW).state, date(2026, 4, 1)
        done = lead().convert(customer="c1", contact="p1", into_opportunity=deal, expected_close=day, at=LATER)
        assert done.opportunity is not None

        assert done.opportunity.state.expected_close == day

    def test_a_deal_that_is_over_refuses_the_conversion(self) -> None:
        deal = Opportunity.open("o7", SALES, at=NOW, customer="c1").state.win(SALES, at=NOW).state

        with pytest.raises(Rejected, match="convert is refused: closed"):
            lead().convert(customer="c1", contact="p1", into_opportunity=deal, at=LATER)

    @pytest.mark.parametrize("name", ["stage", "expected_close"])
    def test_nothing_is_said_of_no_deal(self, name: str) -> None:
        more: dict[str, Any] = {name: "won" if name == "stage" else date(2026, 4, 1)}

        with pytest.raises(InvalidValue, match=rf"convert\.{name}"):
            convert(lead(), opportunity=False, **more)


class TestIds:
    def test_the_contact_is_not_the_customer(self) -> None:
        party = Customer.open("p7", PersonName("Ada"), at=NOW).state

        with pytest.raises(InvalidValue, match=r"convert\.contact"):
            convert(lead(), contact="c1")
        with pytest.raises(InvalidValue, match=r"convert\.contact"):
            lead().convert(into_customer=party, into_contact=party, opportunity=False, at=LATER)

    def test_an_id_is_taken_by_a_customer_or_a_contact(self) -> None:
        asked = [(lead("l1"), NEW), (lead("l2"), {"customer": "p1", "contact": "p2", "opportunity": "o2"})]
        answers = convert_leads(asked, SALES, at=LATER)

        assert isinstance(answers[0], Conversion)
        assert str(answers[1]) == "l2: convert is refused: id_taken (customer 'p1')"

    @pytest.mark.parametrize("name", ["custmer", "at", "lead", 7])
    def test_what_nobody_knows_stops_no_other_lead(self, name: Any) -> None:
        answers = convert_leads([(lead("l1"), {name: "c1"}), (lead("l2"), NEW)], SALES, at=LATER)

        assert [type(answer) for answer in answers] == [RefusedLead, Conversion]
        assert "convert_leads.asked[0]" in str(answers[0])

    def test_what_nobody_knows_is_not_said_of_all(self) -> None:
        with pytest.raises(InvalidValue, match=r"convert_leads: expected names of"):
            convert_leads([(lead("l1"), NEW)], SALES, at=LATER, fil="none")


class TestLevels:
    def test_nobody_begins_as_one_who_has_left(self) -> None:
        gone = lead(level="customer").set_level("churned", reason="left", at=NOW).state
        draft = convert(gone, opportunity=False).customer
        assert draft.record is not None

        assert Customer.open(draft.id, draft.record, at=LATER, stage=draft.level).state.stage == "customer"

    def test_nobody_leaves_who_was_no_customer(self) -> None:
        with pytest.raises(Rejected, match="set_level is refused: never_customer"):
            lead().set_level("churned", reason="left", at=NOW)


class TestTouches:
    def test_of_one_instant_the_one_that_came_last_is_the_latest(self) -> None:
        assert lead(campaign="z").touch("b", at=NOW).state.campaign == "b"

    def test_of_one_instant_the_survivor_s_is_the_latest(self) -> None:
        survivor, _ = merged(lead("l1", campaign="a"), lead("l2", campaign="z"))

        assert survivor.campaign == "a"

    @pytest.mark.parametrize("known_at", [LATER, NOW - timedelta(1)], ids=["later", "before"])
    def test_a_wrong_clock_holds_up_nothing(self, known_at: datetime) -> None:
        ahead = datetime(2030, 1, 1, tzinfo=UTC)
        found = lead().touch("fair", at=ahead, known_at=known_at).state
        found = found.opt_out("email", "marketing", at=ahead, known_at=known_at).state

        assert (found.touches[-1].at, found.opt_outs[-1].at) == (ahead, ahead)
        assert found.changed_at == max(NOW, known_at)
        assert convert(found).opportunity is not None

    def test_thousands_are_read_in_linear_time(self) -> None:
        state, number = lead(), 9_000
        told: list[Any] = [*state.history]
        for place in range(number):
            head: dict[str, Any] = {"source": "l1", "version": len(told) + 1, "at": NOW}
            kinds = (
                lambda: LeadTouched(campaign=f"c{place}", touched_at=NOW - timedelta(seconds=place), **head),  # noqa: B023 - called at once
                lambda: LeadOptedOut(opt_out=OptOut("email", f"p{place}", NOW), **head),  # noqa: B023 - as above
                lambda: LeadLinksChanged(added=(LeadLink("note", f"n{place}"),), **head),  # noqa: B023 - as above
            )
            told.append(kinds[place % 3]())
        begun = process_time()
        found = Lead(tuple(told))

        assert process_time() - begun < 2
        assert len(found.touches) + len(found.opt_outs) + len(found.links) == number

    def test_all_that_was_heard_is_told_before_a_merge(self) -> None:
        state = (
            lead(campaign="a").touch("b", at=NOW).state.touch("c", at=NOW - timedelta(1)).state.touch("b", at=NOW).state
        )
        state = (
            state.link("note", "n1", at=NOW).state.link("note", "n2", at=NOW).state.unlink("note", "n1", at=NOW).state
        )
        survivor, _ = merged(state, lead("l2", campaign="d").link("note", "n1", at=NOW).state)
        told = survivor.touch("e", at=NOW).state.unlink("note", "n1", at=LATER).state

        for found in (told, Lead(told.history)):
            assert [touch.campaign for touch in found.touches] == ["c", "d", "a", "b", "e"]
            assert [link.id for link in found.links] == ["n2"]

    def test_an_instant_is_one(self) -> None:
        wrong: Any = "today"

        with pytest.raises(InvalidValue, match=r"touch\.known_at"):
            lead().touch("fair", at=NOW, known_at=wrong)


class TestReasons:
    @pytest.mark.parametrize("wrong", [["spam"], 7, {"spam"}], ids=["list", "int", "set"])
    def test_a_reason_is_text(self, wrong: Any) -> None:
        with pytest.raises(InvalidValue, match=r"disqualify\.reason"):
            lead().disqualify(wrong, at=NOW, policy=LeadPolicy(reasons=["spam"]))

    def test_a_missing_note_tells_what_needs_none(self) -> None:
        policy = LeadPolicy(reasons=["spam", LostReason("other", note=True)])

        with pytest.raises(Rejected) as refused:
            lead().disqualify("other", at=NOW, policy=policy)
        assert refused.value.details["allowed"] == ("spam",)


class TestCustomersOfDeals:
    def test_a_deal_may_be_of_another_customer(self) -> None:
        deal, events = Opportunity.open("o1", SALES, at=NOW).state.set_customer("c1", at=LATER)

        assert (deal.customer, events[0].to, deal.set_customer("c1", at=LATER).events) == ("c1", "c1", ())  # type: ignore[attr-defined]  # of a customer
        assert Opportunity(deal.history) == deal

    def test_an_id_is_no_blank(self) -> None:
        with pytest.raises(InvalidValue, match=r"set_customer\.customer"):
            Opportunity.open("o1", SALES, at=NOW).state.set_customer("", at=LATER)
