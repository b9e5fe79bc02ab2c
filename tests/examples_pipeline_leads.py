"""Examples of leads and of all that they are made of, of what they become, and of merges."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from relex.money import Money
from relex.parties import ContactPoint, PersonName, Policy, PostalAddress, Record, Survivorship
from relex.pipeline import (
    CampaignTouch,
    ConsentDraft,
    ContactRole,
    CustomerDraft,
    Lead,
    LeadLink,
    LeadPolicy,
    LostReason,
    MergedOpportunity,
    MovedLink,
    Opportunity,
    OptOut,
    Pipeline,
    Stage,
    merge_leads,
    merge_opportunities,
    unmerge_leads,
    unmerge_opportunities,
)

if TYPE_CHECKING:
    from relex.changes import Change

__all__ = ["examples"]

AT = datetime(2026, 2, 10, 9, tzinfo=UTC)
EMAIL = ContactPoint("email", "Ada@Example.com", primary=True)
HOME = ContactPoint("postal", PostalAddress(street="Storgatan 1", city="Umeå", country="SE"))
SALES = Pipeline("sales", [Stage("new", 1, probability=10), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")])
OTHER = Pipeline(
    "other", [Stage("first", 1, probability=5), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")]
)
WHYS: dict[str, Any] = {"by": "eve", "reason": "entered twice"}


def _lead() -> Change[Lead]:
    """A lead to which everything happens that can happen to one."""
    opened = Lead.open(
        "l1",
        "web",
        person=PersonName(given="Ada", family="Lovelace"),
        company="Engines Ltd",
        title="Countess",
        language="en",
        contact_points=[EMAIL, HOME],
        campaign="spring",
        amount=Money("1000.50", "USD"),
        owner="eve",
        tags=["new"],
        opt_outs=[OptOut("sms", "marketing", AT, topic="shoes", status="denied")],
        facts={"budget": Decimal("12.50"), "likes": ("tea", "Tea")},
        at=AT,
    )
    return (
        opened.then(lambda it: it.work(at=AT))
        .then(lambda it: it.assign("bob", at=AT))
        .then(lambda it: it.touch("fair", at=AT - timedelta(days=3)))
        .then(lambda it: it.opt_out("email", "*", point=EMAIL, at=AT))
        .then(lambda it: it.tag("hot", at=AT))
        .then(lambda it: it.link("note", "n1", at=AT))
        .then(lambda it: it.add_point(ContactPoint("phone", "+442079460000"), at=AT))
        .then(lambda it: it.correct(title="Engineer", amount=Money(2000, "USD"), clear=["likes"], at=AT))
        .then(lambda it: it.recycle(until=AT + timedelta(days=30), reason="budget", at=AT))
        .then(lambda it: it.reopen(at=AT))
        .then(lambda it: it.disqualify("spam", note="or so it seemed", at=AT))
        .then(lambda it: it.reopen(at=AT))
        .then(lambda it: it.set_level("mql", reason="as it was", at=AT))
    )


def _leads() -> list[Change[Any]]:
    lead, other = _lead(), Lead.open("l2", "fair", company="Engines", at=AT)
    rules = Survivorship(fields={"company": Policy.latest()})
    survivor, gone = merge_leads([lead.state, other.state], survivorship=rules, at=AT, **WHYS)
    back, restored = unmerge_leads(survivor.state, [gone.state], at=AT, **WHYS)
    qualified = back.state.qualify("sql", by="eve", at=AT)
    conversion = qualified.state.convert(
        SALES, customer="c1", contact="p1", opportunity="o1", purposes=["marketing"], at=AT
    )
    return [lead, other, survivor, gone, back, restored, qualified, *conversion.changes]


def _deals() -> list[Change[Any]]:
    one = Opportunity.open("o2", OTHER, amount=Money(500, "USD"), contacts=[ContactRole("p1")], at=AT)
    two = Opportunity.open("o3", OTHER, owner="eve", tags=["new"], expected_close=date(2026, 3, 31), at=AT)
    survivor, gone = merge_opportunities([one.state, two.state], SALES, at=AT, **WHYS)
    return [survivor, gone, *unmerge_opportunities(survivor.state, [gone.state], at=AT, **WHYS)]


def examples() -> list[object]:
    """One of each, and each event as it comes to be."""
    changes = [*_leads(), *_deals()]
    events = [event for change in changes for event in change.events]
    merged = [part for event in events for part in getattr(event, "others", ()) if not isinstance(part, str)]
    record = Record("lead", "l1", AT, name=PersonName("Ada Lovelace"), points=[EMAIL])
    return [
        LeadPolicy(reasons=["spam", LostReason("other", note=True)], convert_from="qualified", level="mql"),
        CampaignTouch("spring", AT),
        OptOut("*", "marketing", AT, point=EMAIL, status="objected"),
        LeadLink("note", "n1"),
        MovedLink(LeadLink("note", "n1"), "opportunity", "o1"),
        CustomerDraft(id="c1", is_new=True, kind="person", record=record, owner="eve", level="opportunity"),
        ConsentDraft(
            id="lead/l1/email/marketing",
            customer="p1",
            at=AT,
            status="withdrawn",
            purpose="marketing",
            topic="shoes",
            channel="email",
            point="email:ada@example.com",
            said_at=AT - timedelta(days=1),
            lead="l1",
        ),
        MergedOpportunity(opportunity="o9", last_activity_at=AT),
        *merged,
        *events,
        *[change.state for change in changes],
    ]
