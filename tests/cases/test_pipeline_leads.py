"""Worked cases of leads: levels, conversion, opt-outs, merging."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from relex.customers import Consent, ConsentPolicy, Customer, Purpose, may_contact
from relex.errors import Rejected
from relex.parties import ContactPoint, OrganizationName, PersonName, Preferences
from relex.pipeline import (
    Lead,
    Opportunity,
    Pipeline,
    Stage,
    convert_leads,
    merge_opportunities,
    rank_opportunities,
)

if TYPE_CHECKING:
    from relex.changes import Change

NOW = datetime(2026, 2, 10, 9, tzinfo=UTC)
EMAIL = ContactPoint("email", "ada@example.com")
PHONE = ContactPoint("phone", "+442079460000")
ENDS = [Stage("won", 8, kind="won"), Stage("lost", 5, kind="lost")]
SALES = Pipeline("sales", [Stage(f"s{order}", order, probability=10 * order) for order in (1, 2, 3)] + ENDS)
ELSEWHERE = Pipeline("elsewhere", [Stage("first", 1, probability=10), *ENDS])


def lead(points: tuple[ContactPoint, ...] = (EMAIL,), **more: Any) -> Lead:
    """A lead that is worked on."""
    opened = Lead.open("l1", "web", person="Ada Lovelace", company="Engines Ltd", contact_points=points, at=NOW, **more)
    return opened.then(lambda it: it.work(at=NOW)).state


def test_people_follow_their_company_forward_only() -> None:
    """PL-16. Source: HubSpot help, synchronization of lifecycle stages."""
    people = [lead(level="subscriber"), lead(level="opportunity")]
    company = "lead"

    assert [each.advance_at_least(company, at=NOW).state.level for each in people] == ["lead", "opportunity"]


class TestConversion:
    """PL-17. Source: BottleCRM, tests of the lead workflow."""

    def test_a_second_one_makes_no_second_deal(self) -> None:
        new: dict[str, Any] = {"customer": "c1", "contact": "p1", "opportunity": "o1"}
        first = lead().convert(SALES, **new, at=NOW)

        assert first.opportunity is not None
        assert first.opportunity.state.customer == "c1"
        with pytest.raises(Rejected) as refusal:
            first.lead.state.convert(SALES, customer="c2", contact="p2", opportunity="o2", at=NOW)
        assert refusal.value.reason == "already_converted"

    def test_neither_does_one_run_over_the_same_lead_twice(self) -> None:
        new = {"customer": "c1", "contact": "p1", "opportunity": "o1"}
        other = {"customer": "c2", "contact": "p2", "opportunity": "o2"}
        done, refused = convert_leads([(lead(), new), (lead(), other)], SALES, at=NOW)

        assert done.opportunity.state.id == "o1"  # type: ignore[union-attr]  # a conversion
        assert refused.error.reason == "already_converted"  # type: ignore[union-attr]  # a refusal

    def test_work_ends_with_it(self) -> None:
        done = lead().convert(customer="c1", contact="p1", opportunity=False, at=NOW)

        with pytest.raises(Rejected, match="already_converted"):
            done.lead.state.work(at=NOW)

    def test_it_needs_a_contact_point(self) -> None:
        with pytest.raises(Rejected, match="no_contact_point"):
            lead(()).convert(customer="c1", contact="p1", opportunity=False, at=NOW)


def test_a_deal_is_expected_to_close_at_the_end_of_the_quarter() -> None:
    """PL-18. Source: Salesforce, mapping of converted leads."""
    done = lead().convert(SALES, customer="c1", contact="p1", opportunity="o1", at=NOW)

    assert done.opportunity is not None
    assert done.opportunity.state.expected_close == date(2026, 3, 31)


def test_an_opt_out_reaches_a_contact_who_had_agreed() -> None:
    """PL-19. Source: Salesforce, whose mapping drops it."""
    policy = ConsentPolicy([Purpose("marketing")])
    contact = Customer.open("p1", PersonName("Ada Lovelace"), at=NOW).state.add_point(EMAIL, at=NOW).state
    company = Customer.open("c1", OrganizationName("Engines Ltd"), at=NOW).state
    agreed = Consent("e1", customer="p1", at=NOW, status="granted", purpose="marketing", channel="email")
    refusing = lead().opt_out("email", "marketing", at=NOW - timedelta(days=9)).state

    done = refusing.convert(into_customer=company, into_contact=contact, opportunity=False, fill="none", at=NOW)
    ledger = [agreed, *[Consent(**draft.fields()) for draft in done.consents]]

    assert [(draft.customer, draft.status) for draft in done.consents] == [("p1", "withdrawn")]
    assert may_contact(contact, EMAIL, "marketing", ledger=[agreed], policy=policy, at=NOW).outcome == "allowed"
    assert may_contact(contact, EMAIL, "marketing", ledger=ledger, policy=policy, at=NOW).outcome == "refused"


class TestMerging:
    """PL-20. Source: Odoo, `test_crm_lead_merge.py`."""

    def deals(self) -> list[Opportunity]:
        """In the order in which they were opened: A, B, C, D, E."""
        a = self.deal("A", SALES, "s1").then(lambda it: it.override_probability(20, at=NOW))
        b = self.deal("B", ELSEWHERE, "first")
        c = self.deal("C", SALES, "s3").then(lambda it: it.override_probability(25, at=NOW))
        d = self.deal("D", SALES, "s3").then(lambda it: it.override_probability(15, at=NOW))
        e = self.deal("E", SALES, "s3").then(lambda it: it.lose(SALES, reason="price", at=NOW))
        return [change.state for change in (a, b, c, d, e)]

    def deal(self, name: str, pipeline: Pipeline, stage: str) -> Change[Opportunity]:
        return Opportunity.open(name, pipeline, stage=stage, at=NOW)

    def test_rank(self) -> None:
        assert [deal.id for deal in rank_opportunities(self.deals(), SALES)] == ["C", "D", "A", "B", "E"]

    def test_the_first_survives(self) -> None:
        survivor, *others = merge_opportunities(self.deals(), SALES, by="eve", reason="one deal", at=NOW)

        assert survivor.state.id == "C"
        assert [change.state.merged_into for change in others] == ["C"] * 4


def test_blanks_of_an_existing_contact_are_filled_and_nothing_else() -> None:
    """PL-21. Source: Odoo, `test_crm_lead_convert.py`."""
    contact = Customer.open("p1", PersonName("Ada Byron"), at=NOW).state.add_point(EMAIL, at=NOW).state
    contact = contact.prefer(Preferences(languages=["en"]), at=NOW).state
    before = lead((PHONE,), language="fr", owner="kim", level="sql")

    done = before.convert(customer="c1", into_contact=contact, opportunity=False, at=NOW)
    assert done.contact is not None
    assert done.contact.record is not None
    after = contact.take(done.contact.record, at=NOW).state

    assert [str(point) for point in after.points] == [str(EMAIL), str(PHONE)]
    assert after.preferences.languages == ("en",)
    assert str(after.name) == "Ada Byron"
    assert (done.lead.state.level, done.lead.state.owner) == (before.level, before.owner)


def test_nothing_that_hangs_on_a_lead_is_lost() -> None:
    """PL-22. Source: ERPNext, tests of leads."""
    hanging = [("note", "1"), ("meeting", "1"), ("to-do", "1"), ("comment", "1"), ("comment", "2")]
    hanging += [("e-mail", "1"), ("e-mail", "2")]
    full = lead()
    for kind, id_ in hanging:
        full = full.link(kind, id_, at=NOW).state

    done = full.convert(SALES, customer="c1", contact="p1", opportunity="o1", at=NOW)

    assert Counter((moved.link.kind, moved.link.id) for moved in done.links) == Counter(hanging)
    assert {(moved.parent_kind, moved.parent) for moved in done.links} == {("opportunity", "o1")}
