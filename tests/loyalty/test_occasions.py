"""What can be asked about occasions of every kind, and how a breakdown shows itself."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from strategies_loyalty import START, VISITS, award, day, opened, points, program, sale

from relex.calendars import Days, Period
from relex.errors import InvalidValue
from relex.loyalty import (
    Breakdown,
    Cap,
    EarningRule,
    Flat,
    Inactive,
    Occasion,
    PerAmount,
    PerUnit,
    Points,
    Tier,
)
from relex.money import Money, Rounding
from relex.purchases import Discount, Line, Payment
from relex.rules import AtLeast, any_line, field

BASE = EarningRule("base", PerAmount(1, per="1.00"))


def basket(*lines: dict[str, Any], kind: str = "basket", **facts: Any) -> Occasion:
    return Occasion(kind, "b1", START, facts, lines)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("event.kind", "purchase"),
        ("event.id", "s1"),
        ("event.date", START.date()),
        ("event.weekday", 4),
        ("event.minute", 9 * 60),
        ("event.channel", "web"),
        ("event.net", Decimal("16.00")),
        ("purchase.total", Decimal("16.00")),
        ("purchase.eligible", Decimal("12.00")),
        ("purchase.quantity", 4),
        ("purchase.store", "s7"),
        ("account.tier", "one"),
        ("account.balance", 0),
        ("account.purchases", 0),
        ("account.lifetime", 0),
        ("account.age_days", 0),
        ("account.members", 1),
        ("customer.city", "Graz"),
        ("customer.age", 40),
        ("line.number", 1),
        ("line.product", "tea"),
        ("line.category", "drinks"),
        ("line.brand", "Nord"),
        ("line.kind", "goods"),
        ("line.quantity", 3),
        ("line.unit_price", Decimal("4.00")),
        ("line.list", Decimal("12.00")),
        ("line.net", Decimal("12.00")),
        ("line.paid", Decimal("12.00")),
        ("taste.flavor", "mint"),
    ],
)
def test_facts_that_rules_may_ask_about(name: str, value: Any) -> None:
    rules = program(EarningRule("one", Flat(1), field(name) == value), tiers=[Tier("one", at=0)])
    tea = Line(1, "tea", 3, unit_price="4.00", category="drinks", brand="Nord", tastes={"flavor": "mint"})
    bought = sale(tea, Line(2, "box", 1, gross="4.00", kind="fee"), at=START.replace(hour=9), channel="web", store="s7")

    assert award(rules, bought, customer={"city": "Graz", "customer.age": 40}).points == 1


def test_tags_and_instants_are_facts_too() -> None:
    tagged = program(
        EarningRule("one", Flat(1), field("line.tags").contains("organic") & field("event.at").after(START))
    )

    assert points(tagged, Line(1, "tea", 1, gross="4.00", tags=["organic"]), at=day("01-02")) == 1


def test_campaigns_are_the_codes_of_all_discounts() -> None:
    line = Line(1, "mug", 1, gross="20.00", discounts=[Discount(percent=10, code="LINE"), Discount(amount=1)])
    bought = sale(line, discounts=[Discount(amount="2.00", code="SPRING")])
    codes = [
        EarningRule(code, Flat(1), when=field("purchase.campaigns").contains(code)) for code in ("LINE", "SPRING", "X")
    ]

    assert award(program(*codes), bought).breakdown.by_rule() == {"LINE": 1, "SPRING": 1}


def test_campaigns_of_an_occasion_are_what_it_says() -> None:
    rule = EarningRule("spring", Flat(1), on="basket", when=field("purchase.campaigns").contains("SPRING"))

    assert award(program(rule), basket(campaigns=("SPRING",))).points == 1


class TestOtherOccasions:
    def test_facts_stand_under_the_kind_and_under_event(self) -> None:
        for name in ("response.score", "event.score"):
            rules = program(EarningRule("r", PerAmount(1, per=2, of=name), on="response"))
            for facts in ({"score": 9}, {"response.score": 9}):
                assert award(rules, Occasion("response", "r", START, facts)).points == 4

    def test_a_fact_of_another_name_is_taken_as_it_is(self) -> None:
        rules = program(EarningRule("r", Flat(3), field("interaction.channel") == "phone", on="call"))

        assert award(rules, Occasion("call", "c", START, {"interaction.channel": "phone"})).points == 3

    def test_lines_with_their_own_facts(self) -> None:
        rules = program(
            EarningRule("net", PerAmount(1, per="1.00"), on="basket"),
            EarningRule("unit", PerUnit(2), field("line.category") == "tea", on="basket"),
        )
        event = award(
            rules,
            basket(
                {"line.net": Decimal("5.50"), "line.category": "tea", "line.quantity": 2},
                {"line.net": 3, "line.number": 7},
                {"line.net": Decimal("2.00"), "line.kind": "fee", "line.number": 8},
            ),
        )

        assert event.breakdown.by_rule() == {"net": 8, "unit": 4}
        assert event.breakdown.by_line() == {1: 9, 7: 3, 8: 0}
        assert event.lines == ((1, "2", 550), (7, "1", 300), (8, "1", 200))

    def test_the_total_of_lines_and_without(self) -> None:
        rules = program(EarningRule("r", Flat(1), field("purchase.total") >= 5, on="basket"))

        assert award(rules, basket({"line.net": Decimal("5.00")})).points == 1
        assert award(rules, basket(total=Decimal("5.00"))).points == 1
        assert award(rules, basket({"line.net": Decimal("4.99")})).points == 0

    def test_lines_below_zero_lower_the_sum_and_get_nothing(self) -> None:
        rules = program(EarningRule("net", PerAmount(1, per="1.00"), on="basket"))
        breakdown = award(rules, basket({"line.net": 10}, {"line.net": -2})).breakdown

        assert breakdown.by_line() == {1: 8, 2: 0}
        assert award(rules, basket({"line.net": -2}, {"line.net": 1})).breakdown.reasons() == {"net": "nothing"}

    def test_lines_without_amounts_share_equally(self) -> None:
        rules = program(EarningRule("flat", Flat(4), on="basket"))

        assert award(rules, basket({"line.category": "a"}, {"line.category": "b"})).breakdown.by_line() == {1: 2, 2: 2}

    def test_a_line_without_the_fact_is_left_out(self) -> None:
        rules = program(EarningRule("net", PerUnit(1, of="line.quantity"), on="basket"))

        assert award(rules, basket({"line.quantity": 3}, {"line.brand": "x"})).breakdown.by_line() == {1: 3}
        assert award(rules, basket({"line.brand": "x"})).breakdown.reasons() == {"net": "unknown:line.quantity"}

    @pytest.mark.parametrize("facts", [{}, {"nights": "three"}, {"nights": True}])
    def test_a_fact_that_is_no_number(self, facts: dict[str, Any]) -> None:
        rules = program(EarningRule("stay", PerAmount(5, per=1, of="event.nights"), on="stay"))

        assert award(rules, Occasion("stay", "s", START, facts)).breakdown.reasons() == {"stay": "unknown:event.nights"}

    def test_a_fact_of_the_whole_is_counted_once(self) -> None:
        rules = program(EarningRule("stay", PerAmount(5, per=1, of="event.nights"), on="basket"))

        assert award(rules, basket({"line.net": 1}, {"line.net": 3}, nights=2)).breakdown.by_line() == {1: 3, 2: 7}

    def test_a_minimum_on_an_occasion_without_lines(self) -> None:
        rules = program(
            EarningRule("few", PerAmount(1, per=1, of="event.n"), on="visit", minimum=Money("5.00", "USD")),
            EarningRule("flat", Flat(1), on="stay", minimum=Money("5.00", "USD")),
        )

        assert [award(rules, Occasion("visit", "v", START, {"n": n})).points for n in (4, 5)] == [0, 5]
        assert award(rules, Occasion("stay", "v", START)).breakdown.reasons() == {"flat": "below_minimum"}

    def test_two_rules_on_an_occasion_without_lines(self) -> None:
        rules = program(
            EarningRule("a", Flat(3), on="visit"),
            EarningRule("b", Flat(4), field("event.n") > 1, on="visit"),
            EarningRule("line", Flat(9), field("line.category") == "a", on="visit"),
        )
        breakdown = award(rules, Occasion("visit", "v", START, {"n": 2})).breakdown
        alone = award(rules, Occasion("visit", "v", START, {"n": 1})).breakdown

        assert (breakdown.by_rule(), breakdown.reasons()) == ({"a": 3, "b": 4}, {"line": "unknown:line.category"})
        assert alone.reasons() == {"b": "not_matched", "line": "unknown:line.category"}

    def test_points_below_one_unit_make_no_lot(self) -> None:
        rules = program(EarningRule("half", Flat("0.5"), on="visit"))
        event = award(rules, Occasion("visit", "v", START))

        assert ((), Fraction(1, 2), 0) == (event.credits, event.breakdown.awards[0].exact, event.points)

    def test_a_kind_without_rules(self) -> None:
        event = award(VISITS, Occasion("call", "c", START))

        assert (Breakdown(), ()) == (event.breakdown, event.credits)

    @pytest.mark.parametrize("kind", ["redeem", "send", "receive", "extend", "capture", "absorb", "reverse"])
    def test_a_kind_that_belongs_to_entries(self, kind: str) -> None:
        with pytest.raises(InvalidValue, match="a kind of its own"):
            award(VISITS, Occasion(kind, "r", START))

    def test_long_content_is_kept_as_a_digest(self) -> None:
        short = award(VISITS, Occasion("visit", "v", START, {"n": 1})).content
        long = award(VISITS, Occasion("visit", "v", START, {"text": "a" * 100})).content

        assert (short, len(long)) == ("[('n', 1)]", 32)


class TestConditions:
    def test_rules_about_all_lines(self) -> None:
        rules = program(EarningRule("tea", Flat(5), any_line(field("line.category") == "tea")))

        assert points(rules, Line(1, "x", 1, gross="1.00", category="tea"), "2.00") == 5
        assert points(rules, Line(1, "x", 1, gross="1.00", category="mug")) == 0

    def test_lines_that_are_not_known_to_be_eligible(self) -> None:
        rules = program(BASE, eligible=field("line.category") == "tea")
        breakdown = award(
            rules, sale(Line(1, "x", 1, gross="2.00", category="tea"), Line(2, "y", 1, gross="3.00"))
        ).breakdown

        assert (breakdown.by_line(), breakdown.ineligible) == ({1: 2, 2: 0}, ((2, "unknown:line.category"),))

    def test_nothing_is_eligible(self) -> None:
        breakdown = award(program(BASE), sale(Line(1, "x", 1, gross="5.00", kind="gift_card"))).breakdown

        assert (breakdown.reasons(), breakdown.ineligible) == ({"base": "not_matched"}, ((1, "not_eligible"),))

    def test_a_rule_that_joins_the_whole_and_a_line(self) -> None:
        mixed = (field("line.category") == "tea") | (field("event.channel") == "web")
        rules = program(EarningRule("mixed", Flat(2), mixed), EarningRule("two", Flat(1), AtLeast(1, mixed)))
        tea = Line(1, "x", 1, gross="2.00", category="tea")

        assert [
            points(rules, tea, channel="shop"),
            points(rules, "2.00", channel="web"),
            points(rules, Line(1, "x", 1, gross="2.00", category="mug"), channel="shop"),
        ] == [3, 3, 0]

    def test_spans_of_time_move_with_the_instant(self) -> None:
        fresh = program(EarningRule("new", Flat(2), field("customer.joined").within(days=10)))
        account = opened(fresh)
        found = []
        for number, text in enumerate(("01-05", "01-25")):
            bought = sale("2.00", name=f"s{number}", at=day(text))
            change = account.earn(bought, fresh, at=day(text), customer={"joined": day("01-02")})
            account = change.state
            found.append(change.events[-1].points)  # type: ignore[attr-defined]

        assert found == [2, 0]

    def test_rules_with_dates_of_their_own(self) -> None:
        rules = program(
            BASE,
            EarningRule("may", Flat(9), valid=Period(day("05-01").date(), day("06-01").date())),
            EarningRule("june", Flat(5), valid=Period(day("06-01"), day("07-01"))),
        )
        account = opened(rules)
        found = []
        for number, text in enumerate(("04-30", "05-31", "06-01", "05-01")):
            found.append(
                award(rules, sale("1.00", name=f"s{number}", at=day(text)), account=account).breakdown.by_rule()
            )

        assert found == [{"base": 1}, {"base": 1, "may": 9}, {"base": 1, "june": 5}, {"base": 1, "may": 9}]


class TestCurrencies:
    def test_scales_and_roundings(self) -> None:
        rules = program(
            EarningRule("base", PerAmount(1, per="3.00", whole=False), gives=("stars", "status")),
            points=[Points("stars", scale=2), Points("status", qualifying=True, rounding=Rounding.CEILING)],
        )
        event = award(rules, sale("10.00"))

        assert dict(event.by_currency) == {"stars": 333, "status": 4}
        assert event.breakdown.currencies() == ("stars", "status")
        assert event.breakdown.by_rule("status") == {"base": 4}

    def test_a_tier_multiplies_only_what_can_be_spent(self) -> None:
        rules = program(
            EarningRule("base", PerAmount(1, per="1.00"), gives=("points", "status")),
            points=[Points("points"), Points("status", qualifying=True)],
            tiers=[Tier("gold", at=0, multiplier=2)],
        )
        event = award(rules, sale("5.00"))

        assert (dict(event.by_currency), event.qualifying) == ({"points": 10, "status": 5}, 5)

    def test_a_tier_without_anything_to_multiply(self) -> None:
        rules = program(BASE, points=[Points("status", qualifying=True)], tiers=[Tier("gold", at=0, multiplier=2)])

        assert points(rules, "5.00") == 5

    def test_rules_with_other_ends_make_other_lots(self) -> None:
        rules = program(
            BASE,
            EarningRule("promo", Flat(3), expires=Days(5)),
            EarningRule("later", Flat(4), pending=Days(2)),
            EarningRule("same", Flat(2)),
            expires=Days(30),
        )
        credits = award(rules, sale("5.00")).credits  # noqa: A001 - the field's name

        assert [(each.lot, each.points) for each in credits] == [
            ("purchase:s1", 7),
            ("purchase:s1#2", 4),
            ("purchase:s1#3", 3),
        ]

    def test_what_does_not_qualify(self) -> None:
        rules = program(BASE, EarningRule("gift", Flat(3), qualifying=False))

        assert award(rules, sale("5.00")).qualifying == 5


class TestBreakdown:
    def test_it_reads_as_text_and_as_a_table(self) -> None:
        rules = program(
            EarningRule("base", PerAmount(1, per="1.00"), caps=[Cap(points=4)]),
            EarningRule("<b>", Flat(9), field("line.category") == "tea"),
        )
        breakdown = award(rules, sale("5.00", "1.00")).breakdown
        text = "+4 points by base (of 6, cut by rule:base 4 points per event)\nnone by <b>: unknown:line.category"
        html = breakdown._repr_html_()

        assert text == str(breakdown)
        assert "&lt;b&gt;" in html
        assert "line 2" in html
        assert "whole" in award(VISITS, Occasion("visit", "v", START)).breakdown._repr_html_()

    def test_it_compares_by_what_it_says(self) -> None:
        one, two = (award(program(BASE), sale(amount)).breakdown for amount in ("5.00", "6.00"))

        assert one != two
        assert one == Breakdown(awards=one.awards)
        assert attrs.evolve(two, refused=(("x", "nothing"),)).reasons() == {"x": "nothing"}

    @pytest.mark.parametrize(
        "parts", [{"awards": (1,)}, {"refused": (("a", 1),)}, {"ineligible": (("1", "a"),)}, {"refused": [("a", "b")]}]
    )
    def test_its_parts_are_checked(self, parts: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="Breakdown"):
            Breakdown(**parts)


def test_inactivity_with_lines_and_without() -> None:
    idle = program(BASE, EarningRule("visit", Flat(3), on="visit"), expires=Inactive(Days(10)))
    account = opened(idle).earn(sale("5.00"), idle, at=START).state
    account = account.earn(Occasion("visit", "v", day("01-05")), idle, at=day("01-05")).state

    assert {day("01-16")} == {lot.expires_at for lot in account.lots(as_of=day("01-05"))}


def test_points_paid_lower_what_counts_as_paid() -> None:
    paid = program(EarningRule("paid", PerAmount(1, per="1.00", of="line.paid")))
    listed = program(EarningRule("list", PerAmount(1, per="1.00", of="line.list")))

    assert points(paid, "6.00", "4.00", payments=[Payment("gift_card", 5)]) == 5
    assert points(listed, "6.00", "4.00", payments=[Payment("gift_card", 5)]) == 10
