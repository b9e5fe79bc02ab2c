"""What the contracts keep: customers, accounts, memberships and purchases that are quickly made."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from relex.calendars import Period
from relex.changes import Change
from relex.codec import dumps
from relex.customers import Attribute, AttributeSchema, Consent, Customer, Sent, suppress
from relex.feedback import Answer, ContactRequest, Disposition, Invitation, Response
from relex.insights import Membership, SegmentEntered, SegmentLeft
from relex.interactions import Activity, Cancelled, Interaction, Participant
from relex.loyalty import Account, EarningRule, Flat, Occasion, Program, Referral, ReferralTerms
from relex.matching import NotSameAs, Retracted, SameAs
from relex.money import Money
from relex.parties import (
    ContactPoint,
    Identifier,
    PersonName,
    PostalAddress,
    Preferences,
    Record,
    Relationship,
    Survivorship,
)
from relex.pipeline import (
    ApprovalPolicy,
    ApprovalRule,
    ContactRole,
    ForecastAdjustment,
    Lead,
    Opportunity,
    Outcome,
    Pipeline,
    Quota,
    Quote,
    QuoteLine,
    Schedule,
    ScheduleTier,
    Split,
    Stage,
    TerritoryMembership,
)
from relex.purchases import Claim, Discount, Line, Purchase, Retraction, Return
from relex.rules import field
from relex.service import Case, CaseLink, CaseMessage, ContactAttempt, DueEscalation, EscalatedOccurrence, PolicyChoice

if TYPE_CHECKING:
    from relex.changes import Entry

__all__ = [
    "AT",
    "BERLIN",
    "FIRST_HALF_PAST_TWO",
    "IDS",
    "LONG",
    "ODD_TEXTS",
    "PROGRAM",
    "SALES",
    "SECOND_HALF_PAST_TWO",
    "account",
    "changes",
    "deal",
    "detailed",
    "entries",
    "form",
    "helped",
    "interested",
    "membership",
    "opened",
    "pictured",
    "quoted",
    "referred",
    "sale",
    "stays",
    "tagged",
    "visited",
]

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
FIRST_HALF_PAST_TWO = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
SECOND_HALF_PAST_TWO = FIRST_HALF_PAST_TWO.replace(fold=1)
PROGRAM = Program("beans", currency="USD", rules=[EarningRule("visit", Flat(10), on="visit")])
SCHEMA = AttributeSchema(
    [
        Attribute("born", date),
        Attribute("limit", Decimal),
        Attribute("likes", str, many=True),
        Attribute("region", str),
        Attribute("seen", datetime),
        Attribute("size", int),
        Attribute("vip", bool),
    ]
)

SALES = Pipeline(
    "sales",
    [
        Stage("new", 1, probability=10),
        Stage("demo", 2, probability=Decimal("37.5")),
        Stage("won", 8, kind="won"),
        Stage("lost", 9, kind="lost"),
    ],
)

RECORD = Record(
    "crm",
    "7/\N{SNOWMAN}",
    FIRST_HALF_PAST_TWO,
    name=PersonName("Ada King"),
    points=[ContactPoint("postal", PostalAddress(street="12 St James's Square", city="London", country="GB"))],
    born="10 December 1815",
    values={"visits": 10**30, "note": None, "spent": Decimal("0.10"), "seen": SECOND_HALF_PAST_TWO},
    cleared=["phone"],
    times={"visits": SECOND_HALF_PAST_TWO},
)

QUARTER = Period.of("quarter", AT.date())

IDS = (
    "!",
    '"quoted"',
    "%",
    "'; DROP TABLE customers; --",
    "10",
    "2",
    "A",
    "Z",
    "\\",
    "_",
    "a",
    "a ",
    "a b",
    "aa",
    "e\N{COMBINING ACUTE ACCENT}",
    "z",
    "\N{LATIN SMALL LETTER SHARP S}",
    "\N{LATIN SMALL LETTER E WITH ACUTE}",
    "\N{GREEK CAPITAL LETTER OMEGA}",
    "\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET}",
    "\N{CJK UNIFIED IDEOGRAPH-65E5}\N{CJK UNIFIED IDEOGRAPH-672C}",
    "\N{FULLWIDTH LATIN CAPITAL LETTER A}",
    "\N{SLIGHTLY SMILING FACE}",
)
"""In the order of their code points: neither that of a dictionary, nor that of UTF-16, nor blind to case."""

ODD_TEXTS = (
    "O'Neil; DROP TABLE customers; --",
    '"double", `back` and \\slash\\',
    "%s {0} %(name)s :name ?",
    "line one\nline two\r\n\ttabbed",
    "\N{RIGHT-TO-LEFT OVERRIDE}backwards\N{HEBREW LETTER ALEF}",
    "e\N{COMBINING ACUTE ACCENT} is not \N{LATIN SMALL LETTER E WITH ACUTE}",
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER} \N{REGIONAL INDICATOR SYMBOL LETTER J}",
    " spaces around ",
    "\N{ZERO WIDTH SPACE}",
)

LONG = "".join(chr(0x4E00 + step * 7919 % 20_000) for step in range(10_000))
"""A text that does not compress, and that some indexes cannot hold."""


def opened(id: str = "c1", *, at: datetime = AT, name: str = "Ada Lovelace", **more: Any) -> Change[Customer]:  # noqa: A002 - the field's name everywhere in relex
    """A new customer."""
    return Customer.open(id, PersonName(name), at=at, **more)


def tagged(state: Customer, *tags: str) -> Change[Customer]:
    """The customer with more tags."""
    return state.tag(*tags, at=state.changed_at)


def detailed(id: str = "c1") -> Change[Customer]:  # noqa: A002 - as above
    """A customer of whom everything is known, with attributes of every kind and digits that must stay."""
    values = {
        "born": date(1815, 12, 10),
        "limit": Decimal("1200.500"),
        "likes": ("tea", "Tea", "th\N{LATIN SMALL LETTER E WITH ACUTE}"),
        "region": None,
        "seen": datetime(2026, 5, 1, 12, 0, 0, 1, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        "size": 10**30,
        "vip": True,
    }
    return (
        opened(id, tags=["new", "New"], owner="eve", stage="lead", identifiers=[Identifier("email", "ada@example.com")])
        .then(lambda it: it.set(values, SCHEMA, at=AT))
        .then(lambda it: it.clear("region", schema=SCHEMA, at=AT))
        .then(lambda it: it.advance("customer", at=AT))
    )


def pictured(id: str = "c1") -> Change[Customer]:  # noqa: A002 - as above
    """The same, with points, ties, preferences, and what a source said."""
    return (
        detailed(id)
        .then(lambda it: it.add_point(ContactPoint("email", "Ada@Example.com", primary=True, verified_at=AT), at=AT))
        .then(lambda it: it.relate(Relationship("employment", "c9", role="Countess", valid=Period(AT)), at=AT))
        .then(lambda it: it.prefer(Preferences(languages=["en", "fr"]), at=AT))
        .then(lambda it: it.take(RECORD, at=AT))
        .then(lambda it: it.survive(Survivorship(groups={"address": ["street", "city", "country"]}), at=AT))
    )


def account(id: str = "a1", *, customer: str = "c1") -> Change[Account]:  # noqa: A002 - as above
    """A new account."""
    return Account.open(id, customer=customer, program=PROGRAM, at=AT)


def visited(state: Account, visit: str) -> Change[Account]:
    """The account after one more visit, which earns 10 points."""
    return state.earn(Occasion("visit", visit, AT), PROGRAM, at=AT)


def stays(customer: str = "c1") -> Change[Membership]:
    """A membership that was entered."""
    event = SegmentEntered(**_crossing(customer, 1))
    return Change(Membership.evolve(None, event), (event,))


def membership(customer: str = "c1") -> Change[Membership]:
    """A membership that was entered and left."""
    event = SegmentLeft(**_crossing(customer, 2), undecided=("total",))
    return stays(customer).then(lambda state: Change(Membership.evolve(state, event), (event,)))


def _crossing(customer: str, version: int) -> dict[str, Any]:
    common = {"segment": "big", "segment_version": 1, "customer": customer, "verdict": "\N{CHECK MARK} total"}
    return {"source": f"big:{customer}", "version": version, "at": AT + timedelta(days=version), **common}


def interested(id: str = "l1") -> Change[Lead]:  # noqa: A002 - as above
    """A lead that was put off, taken up, refused to be called, was qualified and converted."""
    points = [ContactPoint("email", "Ada@Example.com", primary=True), ContactPoint("phone", "+442079460000")]
    opened = Lead.open(
        id, "web", person=PersonName("Ada Lovelace"), company="Engines Ltd", contact_points=points, title="Countess",
        language="en", campaign="spring", amount=Money("1000.50", "USD"), owner="eve", tags=["new"],
        facts={"budget": Decimal("12.50")}, at=AT,
    )  # fmt: skip
    return (
        opened.then(lambda it: it.recycle(until=AT + timedelta(days=1), reason="later", at=AT))
        .then(lambda it: it.reopen(at=AT))
        .then(lambda it: it.opt_out("phone", "marketing", point=points[1], at=AT - timedelta(days=1)))
        .then(lambda it: it.link("note", "n1", at=AT))
        .then(lambda it: it.correct(title="Engineer", clear=["budget"], at=AT))
        .then(lambda it: it.qualify("sql", by="eve", at=AT))
        .then(lambda it: it.convert(SALES, customer="c2", contact="c3", opportunity="o2", at=AT).lead)
    )


def deal(id: str = "o1") -> Change[Opportunity]:  # noqa: A002 - as above
    """A deal that was won, reopened and lost."""
    return (
        Opportunity.open(
            id, SALES, at=AT, amount=Money("1000.50", "USD"), customer="c1", owner="eve", contacts=[ContactRole("p1")]
        )
        .then(lambda it: it.change_close_date(AT.date(), at=AT))
        .then(lambda it: it.set_lines([Line(1, "seat", Decimal("7.0"), unit_price="12.345")], at=AT))
        .then(lambda it: it.set_splits([Split("eve", Decimal("62.5")), Split("bob", Decimal("37.5"))], at=AT))
        .then(lambda it: it.set_next_step("Call", AT.date(), at=AT))
        .then(lambda it: it.override_probability(Decimal("12.50"), at=AT))
        .then(lambda it: it.move_to("demo", SALES, at=AT))
        .then(lambda it: it.win(SALES, at=AT))
        .then(lambda it: it.reopen(SALES, at=AT + timedelta(days=1)))
        .then(lambda it: it.lose(SALES, reason="price", competitor="Casa", at=AT + timedelta(days=2)))
    )


def quoted(id: str = "q1") -> Change[Quote]:  # noqa: A002 - as above
    """A quote that was approved, sent, revised, sent and accepted."""
    volume = Schedule("volume", [ScheduleTier(1, 4, 0), ScheduleTier(5, None, Decimal("2.50"))])
    line = QuoteLine(1, "seat", Decimal("7.0"), list_price="12.345", schedule=volume, tax_rate="0.085")
    policy = ApprovalPolicy([ApprovalRule(name="deep", when=field("discount_percent") > 2, role="manager")])
    return (
        Quote.open(id, currency="USD", lines=[line], customer="c1", opportunity="o1", valid_until=AT.date(), at=AT)
        .then(lambda it: it.submit(policy, by="eve", at=AT))
        .then(lambda it: it.approve(by="bob", role="manager", at=AT))
        .then(lambda it: it.send(at=AT))
        .then(lambda it: it.revise(at=AT))
        .then(lambda it: it.set_discounts([Discount(amount="1.50", code="spring")], at=AT))
        .then(lambda it: it.send(at=AT))
        .then(lambda it: it.accept(at=AT, tz=UTC))
    )


def helped(id: str = "k1") -> Change[Case]:  # noqa: A002 - as above
    """A case that was answered, handed over, escalated, approved, closed, and reopened by its customer."""
    late = DueEscalation(
        case=id, rule="lead", occurrences=(EscalatedOccurrence("resolution", 1),), notify=("eve",), since=AT
    )
    promised = PolicyChoice(policy="gold", version=2, why="entitlement", entitlement="e1")
    return (
        Case.open(
            id, customer="c1", contact="p1", channel="mail", source="s1", subject="No light", type="fault", impact=2,
            links=[CaseLink("purchase", "p1")], tags=["new"], messages=[CaseMessage("m1", AT, direction="in")], at=AT,
        )
        .then(lambda it: it.choose_policy(promised, at=AT))
        .then(lambda it: it.reply("m2", by="eve", at=AT, then="waiting_customer"))
        .then(lambda it: it.receive("m3", at=AT + timedelta(hours=1)))
        .then(lambda it: it.assign("eve", at=AT + timedelta(hours=1)))
        .then(lambda it: it.transfer("second line", at=AT + timedelta(hours=2)))
        .then(lambda it: it.set_priority("urgent", at=AT + timedelta(hours=2)))
        .then(lambda it: it.escalate(late, at=AT + timedelta(hours=3)))
        .then(lambda it: it.request_approval("bob", at=AT + timedelta(hours=3)))
        .then(lambda it: it.approve("eve", at=AT + timedelta(hours=3)))
        .then(lambda it: it.note("Fuse", by="bob", at=AT + timedelta(hours=4)))
        .then(lambda it: it.close(code="fixed", at=AT + timedelta(hours=5)))
        .then(lambda it: it.receive("m4", at=AT + timedelta(days=2)))
    )  # fmt: skip


def referred(id: str = "f1") -> Change[Referral]:  # noqa: A002 - as above
    """A friend who was brought along, bought something, and for whom both sides have earned."""
    terms = ReferralTerms("friends", on="every_purchase")
    return (
        Referral.invite(id, terms, referrer="c1", code="ADA-7", at=AT)
        .then(lambda it: it.join("c2", terms, at=AT))
        .then(lambda it: it.qualify(sale("p1", customer="c2"), terms, at=AT))
        .then(lambda it: it.reward(at=AT))
        .then(lambda it: it.qualify(sale("p2", customer="c2"), terms, at=AT + timedelta(days=1)))
    )


def sale(
    id: str = "p1",  # noqa: A002 - as above
    *,
    at: datetime = AT,
    price: str = "4.50",
    customer: str | None = "c1",
    **more: Any,
) -> Purchase:
    """A purchase of one line."""
    lines = [Line(1, "latte", Decimal("2.0"), unit_price=price)]
    return Purchase(id, at=at, currency="USD", lines=lines, customer=customer, **more)


def changes() -> tuple[Change[Any], ...]:
    """One change of each class of aggregates."""
    earned = account("a1").then(lambda it: visited(it, "v1"))
    return (
        pictured("c1"),
        earned.then(lambda it: it.redeem(4, PROGRAM, id="d1", at=AT)),
        membership("c1"),
        interested("l1"),
        deal("o1"),
        quoted("q1"),
        helped("k1"),
        referred("f1"),
    )


_EMAIL = "email:ada@example.com"


def entries() -> tuple[Entry, ...]:
    """One entry of each class."""
    return (
        sale("p1", customer=None),
        Return("r1", purchase="p1", at=AT, lines={1: Decimal("1.50")}, customer="c1"),
        Claim("k1", purchase="p1", customer="c1", at=AT, by="desk"),
        Retraction("k2", claim="k1", at=AT, by="desk"),
        Consent("e1", customer="c1", at=AT, status="granted", purpose="news", channel="email", point=_EMAIL),
        Sent("m1", customer="c1", at=AT, channel="email", point=_EMAIL, purpose="news"),
        suppress(_EMAIL, key="pepper", at=AT),
        SameAs("s1", "crm/7", "shop/A9", by="desk", at=AT),
        NotSameAs("s2", "crm/7", "crm/8", by="desk", reason="father and son", at=AT),
        Retracted("s3", "s1", by="desk", at=AT),
        RECORD,
        Interaction("i1", at=AT, channel="phone", direction="inbound", participants=[Participant("c1")]),
        Activity("t1", due=AT, kind="call", at=AT, customer="c1"),
        Cancelled("t2", activity="t1", at=AT, by="desk"),
        Outcome("o1:4", source="o1", at=AT, result="lost", values={"country": "AT"}, stage="new", stages=["new"]),
        ForecastAdjustment(
            "j1", subject="eve", by="bob", period=QUARTER, column="commit_forecast", amount=Money("10.50", "EUR"), at=AT
        ),
        Quota("g1", subject="eve", period=QUARTER, amount=Money(1000, "EUR"), at=AT),
        TerritoryMembership("m2", territory="dach", account="c1", status="included", at=AT, by="desk"),
        ContactAttempt("n1", at=AT, channel="phone", answered_at=AT, by="ann", talk=timedelta(minutes=3)),
        Response(submission="s1", survey="pulse", at=AT, answers=[Answer("q1", 9)], contact="c1"),
        Invitation(request=ContactRequest(contact="c1", survey="pulse", values={"division": "north"}), at=AT),
        Disposition(invitation="pulse::c1:", contact="c1", status="opened", at=AT),
    )


def form(value: object) -> str:
    """The stored form of a value: equal only when also zones, digits and order are equal."""
    return dumps(value)
