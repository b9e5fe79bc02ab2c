"""Conversion: what is new and what exists, what goes where, what is refused, and every no that is carried."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.customers import Consent, ConsentPolicy, Customer, Purpose, may_contact
from relex.errors import InvalidValue, Rejected
from relex.money import Money
from relex.parties import ContactPoint, Identifier, Lifecycle, OrganizationName, PersonName, PostalAddress, Record
from relex.pipeline import (
    Conversion,
    CustomerDraft,
    ExistingParty,
    KnownParty,
    Lead,
    LeadPolicy,
    Opportunity,
    Pipeline,
    RefusedLead,
    Stage,
    consent_drafts,
    convert_leads,
)
from relex.rules import Requirement, field

NOW = datetime(2026, 2, 10, 9, tzinfo=UTC)
EMAIL = ContactPoint("email", "ada@example.com", primary=True)
PHONE = ContactPoint("phone", "+442079460000", primary=True)
HOME = ContactPoint("postal", PostalAddress(city="Umeå", country="SE"))
ENDS = [Stage("won", 8, kind="won"), Stage("lost", 9, kind="lost")]
GATE = Requirement("amount", field("amount") > 0, "Fill in the amount")
SALES = Pipeline("sales", [Stage("new", 1, probability=10), Stage("demo", 2, probability=40, requires=[GATE]), *ENDS])
NEW: dict[str, Any] = {"customer": "c1", "contact": "p1", "opportunity": "o1"}


def lead(id_: str = "l1", **more: Any) -> Lead:
    """A lead that is worked on."""
    known: dict[str, Any] = {
        "person": "Ada Lovelace",
        "company": "Engines Ltd",
        "title": "Countess",
        "language": "en",
        "contact_points": [EMAIL, HOME],
        "owner": "kim",
        "tags": ["hot"],
        "facts": {"budget": 900},
    }
    return Lead.open(id_, "web", at=NOW, **known | more).state.work(at=NOW).state


def convert(state: Lead, **more: Any) -> Conversion:
    asked = {key: value for key, value in (NEW | more).items() if value is not None}
    return state.convert(SALES, at=NOW, **asked)


class TestNewRecords:
    def test_the_company_gives_its_name_and_takes_the_address_for_bills(self) -> None:
        draft = convert(lead()).customer
        assert draft.record is not None

        assert (draft.id, draft.is_new, draft.kind, str(draft.record.name)) == (
            "c1",
            True,
            "organization",
            "Engines Ltd",
        )
        assert [(point.kind, point.purposes) for point in draft.record.points] == [("postal", ("billing",))]
        assert draft.record.values == ()

    def test_the_contact_takes_all_that_is_known_of_the_person(self) -> None:
        draft = convert(lead()).contact
        assert draft is not None
        assert draft.record is not None
        [tie] = draft.record.relationships

        assert (str(draft.record.name), draft.kind, draft.record.tags) == ("Ada Lovelace", "person", ("hot",))
        assert [(point.kind, point.purposes) for point in draft.record.points] == [
            ("email", ()),
            ("postal", ("mailing",)),
        ]
        assert (tie.kind, tie.to, tie.role) == ("employment", "c1", "Countess")
        assert dict(draft.record.values)["budget"] == 900

    def test_an_address_keeps_the_purposes_that_it_has(self) -> None:
        there = ContactPoint("postal", PostalAddress(city="Umeå"), purposes=["delivery"])
        draft = convert(lead(contact_points=[there])).customer

        assert draft.record is not None
        assert draft.record.points == (there,)

    def test_without_a_company_the_customer_has_the_name_of_the_person(self) -> None:
        done = convert(lead(company=None))

        assert done.customer.record is not None
        assert done.customer.record.name == OrganizationName("Ada Lovelace")
        assert done.opportunity is not None
        assert done.opportunity.state.name == "Ada Lovelace"

    def test_the_customer_may_be_the_person(self) -> None:
        done = convert(lead(company=None), contact=False)

        assert done.contact is None
        assert (done.customer.kind, done.customer.id) == ("person", "c1")
        assert done.customer.record is not None
        assert done.customer.record.name == PersonName("Ada Lovelace")
        assert done.opportunity is not None
        assert done.opportunity.state.contacts == ()

    def test_a_company_alone_needs_no_contact(self) -> None:
        done = convert(lead(person=None), contact=None)

        assert done.contact is None
        assert done.customer.record is not None
        assert [point.kind for point in done.customer.record.points] == ["email", "postal"]
        assert done.customer.record.tags == ("hot",)

    def test_a_point_alone_is_enough(self) -> None:
        found = Lead.open("l1", "web", contact_points=[EMAIL], at=NOW).state.work(at=NOW).state
        done = convert(found)

        assert done.customer.record is not None
        assert done.customer.record.name is None
        assert done.opportunity is not None
        assert done.opportunity.state.name == "ada@example.com"

    def test_the_owner_looks_after_all_three(self) -> None:
        done = convert(lead())
        assert done.contact is not None
        assert done.opportunity is not None

        assert {done.customer.owner, done.contact.owner, done.opportunity.state.owner} == {"kim"}

    def test_a_deal_takes_amount_campaign_contact_and_the_first_stage(self) -> None:
        found = lead(amount=Money(900, "USD"), campaign="fair").touch("spring", at=NOW + timedelta(1)).state
        done = found.convert(SALES, at=NOW + timedelta(1), **NEW)
        assert done.opportunity is not None
        deal = done.opportunity.state

        assert (deal.amount, deal.campaign, deal.contact, deal.stage, deal.customer) == (
            Money(900, "USD"),
            "spring",
            "p1",
            "new",
            "c1",
        )
        assert [touch.campaign for touch in done.lead.state.touches] == ["fair", "spring"]

    def test_gates_apply_and_nothing_is_made(self) -> None:
        with pytest.raises(Rejected, match="gate_unmet"):
            convert(lead(), stage="demo")
        done = convert(lead(amount=Money(900, "USD")), stage="demo")

        assert done.opportunity is not None
        assert done.opportunity.state.stage == "demo"

    def test_customers_can_be_made_of_the_drafts(self) -> None:
        done = convert(lead())
        drafts = [draft for draft in (done.customer, done.contact) if draft is not None]
        made = [
            Customer.open(draft.id, draft.record, at=NOW, owner=draft.owner, stage=draft.level).state  # type: ignore[arg-type]  # a new one has a record
            for draft in drafts
        ]

        assert [(str(each.name), each.stage, each.owner) for each in made] == [
            ("Engines Ltd", "opportunity", "kim"),
            ("Ada Lovelace", "opportunity", "kim"),
        ]
        assert made[1].relationships[0].to == "c1"

    def test_a_draft_of_a_new_one_has_a_record(self) -> None:
        with pytest.raises(InvalidValue, match=r"CustomerDraft\.record"):
            CustomerDraft(id="c1", is_new=True)


class TestClosingDate:
    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            ({}, date(2026, 3, 31)),
            ({"year_starts": 2}, date(2026, 4, 30)),
            ({"expected_close": date(2026, 5, 1)}, date(2026, 5, 1)),
        ],
        ids=["calendar-year", "from-february", "named"],
    )
    def test_it_is_the_last_day_of_the_fiscal_quarter(self, more: dict[str, Any], expected: date) -> None:
        done = convert(lead(), **more)

        assert done.opportunity is not None
        assert done.opportunity.state.expected_close == expected

    def test_a_zone_tells_the_date(self) -> None:
        late = datetime(2026, 3, 31, 22, tzinfo=UTC)
        done = lead().convert(SALES, at=late, tz=ZoneInfo("Asia/Tokyo"), **NEW)

        assert done.opportunity is not None
        assert done.opportunity.state.expected_close == date(2026, 6, 30)


def contact(**more: Any) -> Customer:
    """A contact that exists, whose name and e-mail are known."""
    found = Customer.open("p7", PersonName("Ada Byron"), at=NOW, **more).state
    return found.add_point(EMAIL, at=NOW).state


class TestExistingRecords:
    def test_a_customer_is_a_known_party(self) -> None:
        assert isinstance(contact(), KnownParty)

    def test_values_stay_and_blanks_are_filled(self) -> None:
        there = lead(contact_points=[EMAIL, PHONE])
        draft = convert(there, contact=None, into_contact=contact(tags=["hot"])).contact
        assert draft is not None
        assert draft.record is not None

        assert (draft.id, draft.is_new, draft.record.name) == ("p7", False, None)
        assert draft.record.points == (PHONE,)
        assert draft.record.tags == ()
        assert dict(draft.record.values)["budget"] == 900
        assert draft.owner == "kim"
        assert [tie.to for tie in draft.record.relationships] == ["c1"]

    def test_a_point_that_is_added_displaces_no_primary_one(self) -> None:
        other = ContactPoint("email", "countess@example.com", primary=True)
        draft = convert(lead(contact_points=[other]), contact=None, into_contact=contact()).contact
        assert draft is not None
        assert draft.record is not None
        after = contact().take(draft.record, at=NOW).state

        assert [(str(point), point.primary) for point in after.points] == [
            ("ada@example.com", True),
            ("countess@example.com", False),
        ]

    def test_an_owner_stays(self) -> None:
        draft = convert(lead(), contact=None, into_contact=contact(owner="bob")).contact

        assert draft is not None
        assert draft.owner is None

    def test_what_was_emptied_on_purpose_stays_empty(self) -> None:
        known = ExistingParty("p7", Record("erp", "7", NOW, name=PersonName("Ada"), cleared=["budget"]))
        draft = convert(lead(), contact=None, into_contact=known).contact
        assert draft is not None
        assert draft.record is not None

        assert "budget" not in dict(draft.record.values)
        assert draft.kind == "person"

    def test_a_known_tie_is_not_told_again(self) -> None:
        told = convert(lead()).contact
        assert told is not None
        assert told.record is not None
        known = contact().take(told.record, at=NOW).state
        draft = convert(lead(), contact=None, into_contact=known).contact

        assert draft is not None
        assert draft.record is None

    def test_nothing_else_is_filled_if_so_asked(self) -> None:
        draft = convert(lead(contact_points=[PHONE]), contact=None, into_contact=contact(), fill="none").contact
        assert draft is not None
        assert draft.record is not None

        assert set(draft.record.fields()) == {"phone", "points", "relationships"}
        assert draft.owner is None

    def test_an_id_alone_is_enough_then(self) -> None:
        asked: dict[str, Any] = {"customer": None, "contact": None, "into_customer": "c7", "into_contact": "p7"}
        done = convert(lead(), fill="none", **asked)
        assert done.contact is not None
        assert done.contact.record is not None

        assert (done.customer.id, done.customer.kind, done.customer.owner) == ("c7", None, None)
        assert [(point.kind, point.primary) for point in done.contact.record.points] == [
            ("email", False),
            ("postal", False),
        ]
        with pytest.raises(InvalidValue, match=r"convert\.into_customer"):
            convert(lead(), **asked)

    def test_a_customer_takes_the_name_only_where_it_fits(self) -> None:
        unnamed = ExistingParty("c7", Record("erp", "7", NOW, identifiers=[Identifier("erp", "7")]))
        company = ExistingParty("c8", Record("erp", "8", NOW, kind="organization"))
        names = [convert(lead(), customer=None, into_customer=party).customer.record for party in (unnamed, company)]

        assert [None if each is None else each.name for each in names] == [None, OrganizationName("Engines Ltd")]


class TestExistingDeals:
    def deal(self, **more: Any) -> Opportunity:
        return Opportunity.open("o7", SALES, at=NOW, **more).state

    def test_it_keeps_its_owner_and_territory_and_gains_a_contact(self) -> None:
        deal = self.deal(owner="bob", territory="north", customer="c1", amount=Money(1, "USD"), campaign="old")
        done = convert(lead(amount=Money(9, "USD"), campaign="new"), opportunity=None, into_opportunity=deal)
        assert done.opportunity is not None
        after = done.opportunity.state

        assert (after.owner, after.territory, after.amount, after.campaign) == ("bob", "north", Money(1, "USD"), "old")
        assert after.contact == "p1"
        assert done.lead.state.opportunity == "o7"

    def test_its_blanks_are_filled(self) -> None:
        done = convert(
            lead(amount=Money(9, "USD"), campaign="new"), opportunity=None, into_opportunity=self.deal(), contact=False
        )
        assert done.opportunity is not None

        assert (done.opportunity.state.amount, done.opportunity.state.campaign) == (Money(9, "USD"), "new")
        assert done.opportunity.state.contacts == ()

    def test_or_not(self) -> None:
        there = lead(amount=Money(9, "USD"), campaign="new")
        done = convert(there, opportunity=None, into_opportunity=self.deal(), fill="none")
        assert done.opportunity is not None

        assert (done.opportunity.state.amount, done.opportunity.state.campaign) == (None, None)

    def test_one_of_another_customer_is_refused(self) -> None:
        with pytest.raises(Rejected, match="other_customer"):
            convert(lead(), opportunity=None, into_opportunity=self.deal(customer="c9"))

    def test_one_that_is_over_is_refused(self) -> None:
        over = self.deal().lose(SALES, reason="price", at=NOW).state

        with pytest.raises(Rejected, match="closed"):
            convert(lead(), opportunity=None, into_opportunity=over)


class TestLevels:
    def test_a_deal_makes_an_opportunity_and_a_won_one_a_customer(self) -> None:
        levels = [
            convert(lead()).level,
            convert(lead(amount=Money(1, "USD")), stage="won").level,
            convert(lead(), opportunity=False).level,
            convert(lead(level="evangelist")).level,
            convert(lead(), level="customer").level,
        ]

        assert levels == ["opportunity", "customer", "lead", "evangelist", "customer"]

    def test_the_lead_and_the_drafts_tell_it(self) -> None:
        done = convert(lead())
        assert done.contact is not None

        assert {done.lead.state.level, done.customer.level, done.contact.level} == {"opportunity"}

    def test_other_words_stay_as_they_are(self) -> None:
        policy = LeadPolicy(lifecycle=Lifecycle(["cold", "hot"], former=()))
        found = lead(policy=policy)

        assert convert(found, policy=policy).level == "cold"
        assert convert(found, policy=policy, level="hot").level == "hot"
        with pytest.raises(InvalidValue, match=r"LeadPolicy\.level"):
            convert(found, policy=policy, level="customer")

    def test_one_who_has_left_is_converted_too(self) -> None:
        gone = lead(level="customer").set_level("churned", reason="left", at=NOW).state

        assert convert(gone, opportunity=False).level == "customer"
        assert convert(gone).level == "opportunity"


class TestRefusals:
    @pytest.mark.parametrize(
        ("more", "path"),
        [
            ({"customer": None}, "convert.customer"),
            ({"into_customer": contact()}, "convert.customer"),
            ({"customer": ""}, "convert.customer"),
            ({"customer": None, "into_customer": 7}, "convert.into_customer"),
            ({"customer": None, "into_customer": "", "fill": "none"}, "convert.into_customer"),
            ({"contact": None}, "convert.contact"),
            ({"contact": True}, "convert.contact"),
            ({"contact": False, "into_contact": contact()}, "convert.contact"),
            ({"opportunity": None}, "convert.opportunity"),
            ({"opportunity": 7}, "convert.opportunity"),
            ({"into_opportunity": "o1"}, "convert.into_opportunity"),
            ({"fill": "all"}, "convert.fill"),
            ({"tz": "UTC"}, "convert.tz"),
            ({"expected_close": NOW}, "convert.expected_close"),
            ({"policy": "strict"}, "convert.policy"),
            ({"purposes": [""]}, "convert.purposes"),
        ],
        ids=lambda value: value if isinstance(value, str) else "-".join(value),
    )
    def test_wrong_arguments(self, more: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as error:
            convert(lead(), **more)

        assert error.value.path == path

    def test_a_deal_needs_a_pipeline(self) -> None:
        with pytest.raises(InvalidValue, match=r"convert\.pipeline"):
            lead().convert(at=NOW, **NEW)

    def test_only_from_the_statuses_of_the_policy(self) -> None:
        new = Lead.open("l1", "web", person="Ada", contact_points=[EMAIL], at=NOW).state
        strict = LeadPolicy(convert_from="qualified")
        with pytest.raises(Rejected) as refusal:
            convert(new)
        assert (refusal.value.reason, refusal.value.details["allowed"]) == ("not_allowed", ("working", "qualified"))
        with pytest.raises(Rejected, match="not_allowed"):
            convert(lead(), policy=strict)

        assert convert(lead().qualify("sql", by="eve", at=NOW).state, policy=strict).lead.state.status == "converted"

    def test_not_one_that_was_disqualified(self) -> None:
        with pytest.raises(Rejected, match="disqualified"):
            convert(lead().disqualify("spam", at=NOW).state)

    def test_a_point_of_the_existing_contact_is_one(self) -> None:
        assert convert(lead(contact_points=()), contact=None, into_contact=contact()).contact is not None
        with pytest.raises(Rejected, match="no_contact_point"):
            convert(lead(contact_points=()), contact=None, into_contact="p7", fill="none")


class TestConsents:
    def test_the_newest_word_on_each_channel_and_purpose(self) -> None:
        found = lead().opt_out("email", "marketing", at=NOW - timedelta(2), status="denied").state
        found = found.opt_out("email", "marketing", at=NOW - timedelta(1), status="objected").state
        found = found.opt_out("phone", "marketing", at=NOW, point=PHONE, topic="shoes").state
        drafts = convert(found).consents

        assert [(draft.channel, draft.topic, draft.point, draft.status) for draft in drafts] == [
            ("email", None, None, "objected"),
            ("phone", "shoes", "phone:+442079460000", "withdrawn"),
        ]
        assert [draft.said_at for draft in drafts] == [NOW - timedelta(1), NOW]
        assert {(draft.customer, draft.at, draft.lead) for draft in drafts} == {("p1", NOW, "l1")}

    def test_a_no_of_a_point_that_nobody_can_read_is_for_every_point(self) -> None:
        found = lead().opt_out("email", "marketing", at=NOW, point=ContactPoint("email", "at home")).state

        assert [draft.point for draft in convert(found).consents] == [None]

    def test_do_not_contact_is_a_no_to_every_purpose(self) -> None:
        found = lead().opt_out("*", "*", at=NOW).state
        drafts = convert(found, purposes=["marketing", "service"]).consents

        assert [(draft.channel, draft.purpose) for draft in drafts] == [("*", "marketing"), ("*", "service")]
        with pytest.raises(InvalidValue, match=r"convert\.purposes"):
            convert(found)

    def test_where_there_is_no_contact_it_is_the_customer_s(self) -> None:
        found = lead(person=None).opt_out("email", "marketing", at=NOW).state

        assert [draft.customer for draft in convert(found, contact=None).consents] == ["c1"]

    @pytest.mark.parametrize("fill", ["blanks", "none"])
    def test_nothing_turns_it_off(self, fill: str) -> None:
        found = lead().opt_out("email", "marketing", at=NOW).state

        assert len(convert(found, contact=None, into_contact=contact(), fill=fill).consents) == 1

    def test_the_whole_way_to_an_answer(self) -> None:
        found = lead().opt_out("*", "*", at=NOW - timedelta(30)).state
        done = convert(found, contact=None, into_contact=contact(), purposes=["marketing"])
        granted = Consent("e1", customer="p7", at=NOW, status="granted", purpose="marketing", channel="email")
        ledger = [granted, *[Consent(**draft.fields()) for draft in done.consents]]
        answer = may_contact(
            contact(), EMAIL, "marketing", ledger=ledger, policy=ConsentPolicy([Purpose("marketing")]), at=NOW
        )

        assert answer.outcome == "refused"
        assert [reason.code for reason in answer.reasons] == ["consent:refused"]

    def test_a_no_after_the_conversion_finds_the_contact(self) -> None:
        done = convert(lead()).lead.state
        late = done.opt_out("email", "marketing", at=NOW + timedelta(9))
        [draft] = consent_drafts(late)

        assert (draft.customer, draft.at) == ("p1", NOW + timedelta(9))
        assert consent_drafts(done.touch("spring", at=NOW)) == ()
        assert consent_drafts(lead().opt_out("email", "marketing", at=NOW)) == ()

    def test_the_same_no_is_the_same_entry(self) -> None:
        found = lead().opt_out("email", "marketing", at=NOW).state

        said = "2026-02-10T09:00:00+00:00"

        assert convert(found).consents[0].id == f"lead/l1/email/marketing///withdrawn@{said}@{said}"


class TestLinks:
    def test_they_hang_on_the_deal_else_the_contact_else_the_customer(self) -> None:
        found = lead().link("note", "n1", at=NOW).state
        company = lead(person=None).link("note", "n1", at=NOW).state
        moved = [
            convert(found).links,
            convert(found, opportunity=False).links,
            convert(company, contact=None, opportunity=False).links,
        ]

        assert [str(link) for (link,) in moved] == [
            "note/n1 to opportunity o1",
            "note/n1 to contact p1",
            "note/n1 to customer c1",
        ]


class TestManyAtOnce:
    def test_one_refusal_stops_no_other_lead(self) -> None:
        asked = [
            (lead("l1"), NEW),
            (lead("l2", contact_points=()), {"customer": "c2", "contact": "p2", "opportunity": "o2"}),
            (lead("l3"), {"customer": "c3", "contact": "p3", "opportunity": "o1"}),
            (lead("l4"), {"customer": "c4", "contact": "p4"}),
            (lead("l5"), {"customer": "c5", "contact": "p5", "opportunity": False}),
        ]
        answers = convert_leads(asked, SALES, at=NOW, fill="none")

        assert [type(answer) for answer in answers] == [Conversion, RefusedLead, RefusedLead, RefusedLead, Conversion]
        assert [str(answer) for answer in answers[1:3]] == [
            "l2: convert is refused: no_contact_point (lead 'l2')",
            "l3: convert is refused: id_taken (opportunity 'o1')",
        ]
        assert isinstance(answers[3], RefusedLead)
        assert isinstance(answers[3].error, InvalidValue)

    def test_several_may_go_into_one_deal(self) -> None:
        deal = Opportunity.open("o7", SALES, at=NOW).state
        asked = [
            (lead(each), {"contact": f"p{each}", "into_opportunity": deal, "into_customer": "c7"})
            for each in ("l1", "l2")
        ]
        first, second = convert_leads(asked, at=NOW, fill="none")

        assert isinstance(first, Conversion)
        assert isinstance(second, Conversion)
        assert first.opportunity is not None
        assert second.opportunity is not None
        assert second.opportunity.expected == first.opportunity.state.version
        assert [role.contact for role in second.opportunity.state.contacts] == ["pl1", "pl2"]

    @pytest.mark.parametrize(
        "wrong", [["l1"], [(1, {})], [("l1", 2)], [(lead(), 1)]], ids=["id", "int", "pair", "told"]
    )
    def test_each_is_a_lead_and_what_is_told_of_it(self, wrong: Any) -> None:
        with pytest.raises(InvalidValue, match=r"convert_leads\.asked\[0\]"):
            convert_leads(wrong, SALES, at=NOW)


class TestShown:
    def test_everything_that_came_of_it(self) -> None:
        found = lead().opt_out("email", "marketing", at=NOW).state.link("note", "<b>", at=NOW).state
        done = convert(found)

        assert str(done).splitlines() == [
            "customer: c1, new: city, country, name, points",
            f"contact: p1, new: {', '.join(sorted(done.contact.record.fields()))}",  # type: ignore[union-attr]  # as asked
            "opportunity: o1, new, expected to close 2026-03-31",
            "consent: email, marketing: withdrawn",
            "link: note/<b> to opportunity o1",
            "level: opportunity",
        ]
        assert "note/&lt;b&gt;" in done._repr_html_()
        assert [change.state for change in done.changes] == [done.lead.state, done.opportunity.state]  # type: ignore[union-attr]  # as asked

    def test_without_a_contact_none_is_told(self) -> None:
        assert "contact" not in str(convert(lead(person=None), contact=None))

    def test_without_a_deal_there_is_one_change(self) -> None:
        done = convert(lead(), opportunity=False, contact=None, into_contact=contact())

        assert len(done.changes) == 1
        assert "contact: p7, existing: " in str(done)
        assert "opportunity:" not in str(done)
