"""The 360-degree view: what is given, none or not provided; nothing later than the whole; one page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest
from strategies_insights import bought

from relex.customers import Customer
from relex.errors import InvalidValue
from relex.insights import (
    Customer360,
    Panel,
    PurchaseHistory,
    Section,
    Segment,
    ctb,
    deciles,
    identity_section,
    loyalty_section,
    purchase_history,
    purchases_section,
    rfm,
    segments_section,
)
from relex.insights._sections import NAMES
from relex.parties import Identifier, PersonName
from relex.purchases import Line, Purchase
from relex.rules import field

AS_OF = datetime(2024, 1, 31, 12, tzinfo=UTC)
SALES = [
    Purchase(
        f"p{number}",
        customer="ann",
        at=datetime(2024, 1, number, 9, tzinfo=UTC),
        currency="USD",
        lines=[Line(1, "mug", 1, gross=10 * number, brand="<Nord>", category="home/kitchen")],
    )
    for number in range(1, 8)
]
HISTORY = purchase_history([*SALES, bought("x1", "bob", date(2024, 1, 3), 5)], as_of=AS_OF)


@attrs.frozen
class Points:
    """Stands for a balance of points."""

    currency: str = "beans"
    available: int = 120
    pending: int = 5
    held: int = 0
    expiring: tuple[tuple[datetime, int], ...] = ((AS_OF, 20),)


@attrs.frozen
class Member:
    """Stands for an account."""

    points: Points = attrs.field(factory=Points)

    def balance(self, *, as_of: datetime) -> Points:
        return self.points

    def tier_at(self, at: datetime) -> str:
        return "gold"


def purchases(customer: str = "ann", **tables: Any) -> Section:
    return purchases_section(customer, HISTORY, **tables)


def view(*sections: Section, as_of: date = AS_OF) -> Customer360:
    return Customer360(customer="ann", as_of=as_of, sections=sections)


def whole() -> Customer360:
    tastes = [ctb(HISTORY, dimension="brand"), ctb(HISTORY)]
    ann, _ = Customer.open("ann", PersonName("Ann <Lee>"), at=AS_OF, identifiers=[Identifier("shop", "4711")])
    bought_section = purchases(rfm=rfm(HISTORY), deciles=deciles(HISTORY), tastes=tastes)
    segments = [Segment("loyal", field("rfm.frequency") >= 3), Segment("young", field("age") < 30)]
    return view(
        bought_section,
        segments_section(segments, dict(bought_section.facts), AS_OF),
        loyalty_section(Member(), AS_OF),
        identity_section(ann),
    )


def test_facts_of_all_sections_are_one_vocabulary() -> None:
    facts = whole().facts()

    assert (facts["rfm.recency"], facts["rfm.frequency"], facts["decile"]) == (24, 7, 1)
    assert (facts["ctb.brand"], facts["ctb.category"]) == ("<Nord>", "home")
    assert (facts["loyalty.tier"], facts["loyalty.points"], facts["segments"]) == ("gold", 120, ("loyal",))
    assert facts["customer.id"] == "ann"


def test_sections_stand_in_their_known_order() -> None:
    extra = Section(name="weather", as_of=AS_OF, facts=[("weather.today", "rain")])
    found = view(extra, *whole().sections[::-1])

    assert [section.name for section in found.sections] == ["identity", "purchases", "loyalty", "segments", "weather"]
    assert "Weather" in found.to_html()


def test_none_is_not_the_same_as_not_provided() -> None:
    found = view(loyalty_section(None, AS_OF), segments_section([], {}, AS_OF), purchases("zoe"))

    assert [found.status(name) for name in ("loyalty", "segments", "purchases", "consent")] == [
        "none",
        "none",
        "none",
        "not provided",
    ]
    assert whole().status("loyalty") == "given"
    assert (found.section("consent"), found.facts()) == (None, {})
    assert "consent: not provided" in str(found)
    assert found.to_html().count(">none<") == 3


def test_the_last_five_purchases_are_shown_latest_first() -> None:
    panel = purchases().panels[1]

    assert [row[0] for row in panel.rows] == ["p7", "p6", "p5", "p4", "p3"]


def test_plain_rows_show_their_last_periods() -> None:
    rows = [("ann", date(2024, 1, day), day) for day in range(1, 8)]
    section = purchases_section("ann", PurchaseHistory.from_rows(rows, as_of=date(2024, 1, 31)))

    assert section.panels[1].rows[:2] == (("2024-01-07", 7), ("2024-01-06", 6))
    assert section.facts == ()


def test_a_table_without_the_customer_adds_nothing() -> None:
    others = ctb([sale for sale in SALES if sale.customer == "bob"])
    others = attrs.evolve(others, basis=HISTORY.basis, customers={})

    assert purchases(tastes=[others]).facts == ()


def test_a_table_of_another_history_is_refused() -> None:
    earlier = rfm(purchase_history(SALES, as_of=AS_OF.replace(day=5)))

    with pytest.raises(InvalidValue, match=r"purchases_section\.rfm"):
        purchases(rfm=earlier)
    with pytest.raises(InvalidValue, match=r"purchases_section\.tastes"):
        purchases(tastes=[ctb(SALES)])


def test_an_account_with_nothing_expiring() -> None:
    section = loyalty_section(Member(Points(expiring=())), AS_OF)

    assert [panel.caption for panel in section.panels] == ["Standing"]


@pytest.mark.parametrize(
    ("section_as_of", "as_of", "later"),
    [
        (AS_OF.replace(hour=13), AS_OF, True),
        (AS_OF, AS_OF, False),
        (date(2024, 2, 1), AS_OF, True),
        (date(2024, 1, 31), AS_OF, False),
        (AS_OF, date(2024, 1, 30), True),
        (AS_OF, date(2024, 1, 31), False),
    ],
)
def test_nothing_later_than_the_whole_is_visible(section_as_of: Any, as_of: Any, later: bool) -> None:
    section = Section(name="health", as_of=section_as_of)

    if later:
        with pytest.raises(InvalidValue, match="a section loaded as of"):
            view(section, as_of=as_of)
    else:
        assert view(section, as_of=as_of).status("health") == "none"


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        ([Section(name="health", as_of=AS_OF)] * 2, "each section once"),
        ([Section(name=name, as_of=AS_OF, facts=[("score", 1)]) for name in ("health", "churn")], "each fact from one"),
        (["health"], r"Customer360\.sections"),
    ],
)
def test_what_does_not_fit_together_is_refused(sections: Any, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        view(*sections)


def test_the_page_is_whole_escaped_and_without_script() -> None:
    page = whole().to_html()

    assert page.startswith("<!doctype html>")
    assert page.endswith("</html>")
    assert "Ann &lt;Lee&gt;" in page
    assert "&lt;Nord&gt;" in page
    assert "<script" not in page
    assert "http" not in page
    assert page.count("<details>") == 4
    assert "not provided: Consent, Household" in page


def test_a_section_of_facts_alone_and_one_of_panels_alone() -> None:
    page = view(
        Section(name="health", as_of=AS_OF, facts=[("health.score", 70)]),
        Section(name="feedback", as_of=AS_OF, panels=[Panel("Answers", ("Score",), ((9,),))]),
    )._repr_html_()

    assert "health.score" in page
    assert "Answers" in page


def test_the_text_lists_facts() -> None:
    lines = str(whole()).splitlines()

    assert lines[0] == "Customer ann as of 2024-01-31 12:00:00+00:00"
    assert "  rfm.segment = " + str(whole().facts()["rfm.segment"]) in lines


def test_a_view_with_every_section_lacks_none() -> None:
    page = view(*(Section(name=name, as_of=AS_OF) for name in NAMES)).to_html()

    assert "not provided" not in page
    assert page.count(">none<") == len(NAMES)


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: Section(name="x", as_of=AS_OF, facts=[("a", 1, 2)]), r"Section\.facts"),  # type: ignore[list-item]
        (lambda: Section(name="x", as_of=AS_OF, facts=5), r"Section\.facts"),  # type: ignore[arg-type]
        (lambda: Section(name="x", as_of=AS_OF, notes="words"), r"Section\.notes"),
        (lambda: Section(name="x", as_of=AS_OF, notes=[3]), r"Section\.notes"),  # type: ignore[list-item]
        (lambda: Panel("x", ("a",), 5), r"Panel\.rows"),  # type: ignore[arg-type]
        (lambda: Panel("x", (1,), ()), r"Panel\.header"),  # type: ignore[arg-type]
        (lambda: view(5), r"Customer360\.sections"),  # type: ignore[arg-type]
    ],
)
def test_the_parts_of_a_section_are_checked(make: Any, path: str) -> None:
    with pytest.raises(InvalidValue, match=path):
        make()


def test_a_panel_keeps_nothing_that_can_change() -> None:
    row = [1, 2]
    panel = Panel("x", ["a", "b"], [row])  # type: ignore[arg-type]
    row.append(3)

    assert (panel.header, panel.rows, hash(panel)) == (("a", "b"), ((1, 2),), hash(Panel("x", ("a", "b"), ((1, 2),))))


def test_a_yes_is_no_number() -> None:
    page = view(Section(name="x", as_of=AS_OF, facts=[("a", True)]))._repr_html_()

    assert ">True</td>" in page
