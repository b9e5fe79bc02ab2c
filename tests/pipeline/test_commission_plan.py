"""Commission plans and what an amount earns by their tiers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import CurrencyMismatch, InvalidValue
from relex.money import Money, Rounding
from relex.pipeline import CommissionPlan, CommissionTier, Draw, TierPart

STEPS = (CommissionTier(slice=5, up_to=100), CommissionTier(slice=10))


def usd(amount: int | str) -> Money:
    return Money(amount, "USD")


def plan(*tiers: CommissionTier, **more: Any) -> CommissionPlan:
    return CommissionPlan("p", tiers or STEPS, currency="USD", **more)


class TestTiers:
    @pytest.mark.parametrize(
        "ways", [{}, {"slice": 1, "whole": 1}, {"slice": 0, "amount": 0}], ids=["none", "two", "two-of-nothing"]
    )
    def test_exactly_one_way_to_pay(self, ways: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="exactly one of slice, whole, amount"):
            CommissionTier(**ways)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("slice", 100.0),
            ("whole", Decimal("100.01")),
            ("amount", -1),
            ("up_to", 0),
            ("up_to", 10.5),
            ("above", -1),
            ("slice", True),
        ],
    )
    def test_a_number_out_of_bounds_is_refused(self, field: str, value: Any) -> None:
        with pytest.raises(InvalidValue, match=f"CommissionTier.{field}"):
            CommissionTier(**{"slice": None, "whole": None, field: value})

    @pytest.mark.parametrize(
        ("tier", "text"),
        [
            (CommissionTier(slice=5, up_to=100), "5 % of the slice, up to 100"),
            (CommissionTier(whole=Decimal("2.5")), "2.5 % of the whole, without end"),
            (CommissionTier(amount=80, up_to=1_500), "80 for the tier, up to 1500"),
        ],
        ids=["slice", "whole", "amount"],
    )
    def test_it_says_what_it_pays(self, tier: CommissionTier, text: str) -> None:
        assert str(tier) == text


class TestMistakes:
    def test_all_are_told_at_once(self) -> None:
        with pytest.raises(InvalidValue) as caught:
            plan(
                CommissionTier(slice=1, above=10, up_to=100),
                CommissionTier(slice=1, above=150, up_to=90),
                CommissionTier(slice=1),
                CommissionTier(amount=5),
            )

        assert [(each.path, each.expected) for each in caught.value.value] == [  # type: ignore[attr-defined]
            ("tiers[2].up_to", "a bound, since only the last tier may be open"),
            ("tiers[3].up_to", "a bound, since the tier pays an amount"),
            ("tiers[0].above", "0, since 10 leaves a gap"),
            ("tiers[1].up_to", "a bound above 100"),
            ("tiers[1].above", "100, since 150 leaves a gap"),
        ]
        assert "tiers[1].above: 100, since 150 leaves a gap" in str(caught.value)

    @pytest.mark.parametrize(
        ("tiers", "capped", "told"),
        [
            ([], False, "at least one tier"),
            ([CommissionTier(slice=1)], True, "a bound, since the plan is capped"),
            ([CommissionTier(slice=1, up_to=9)], False, "None, or capped=True where nothing is paid above it"),
            (
                [CommissionTier(slice=1, up_to=9), CommissionTier(slice=1, above=8)],
                False,
                "9, since 8 leaves an overlap",
            ),
            ([CommissionTier(slice=1, up_to=9), CommissionTier(slice=1, up_to=9)], True, "a bound above 9"),
        ],
        ids=["none", "open", "ends", "overlap", "empty"],
    )
    def test_each_is_told(self, tiers: list[CommissionTier], capped: bool, told: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            CommissionPlan("p", tiers, currency="USD", capped=capped)

        assert [told] == [each.expected for each in caught.value.value]  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("currency", "XAU"),
            ("currency", "usd"),
            ("currency", None),
            ("basis", "margin"),
            ("per", "deal"),
            ("every", "day"),
            ("year_starts", 13),
            ("capped", 1),
            ("rounding", "half_up"),
            ("when", "always"),
            ("lines", 1),
            ("draw", 100),
            ("tz", "UTC"),
            ("name", ""),
            ("version", 0),
        ],
    )
    def test_a_wrong_choice_is_refused(self, field: str, value: Any) -> None:
        given = {"currency": "USD", field: value}

        with pytest.raises(InvalidValue, match=f"CommissionPlan.{field}"):
            CommissionPlan("p", STEPS, **given)

    @pytest.mark.parametrize("tiers", [None, "tiers", [1]], ids=["none", "text", "number"])
    def test_tiers_are_tiers(self, tiers: Any) -> None:
        with pytest.raises(InvalidValue, match=r"CommissionPlan\.tiers"):
            CommissionPlan("p", tiers, currency="USD")

    def test_weeks_do_not_make_a_year(self) -> None:
        with pytest.raises(InvalidValue, match="weeks cross years"):
            plan(per="cumulative", every="week")

    def test_a_draw_is_in_the_currency_of_the_plan(self) -> None:
        with pytest.raises(CurrencyMismatch):
            plan(draw=Draw(amount=Money(1, "EUR")))

    @pytest.mark.parametrize(
        ("field", "value"),
        [("amount", usd(0)), ("amount", 5), ("recoverable", "yes"), ("until", "2026-01-01")],
    )
    def test_a_wrong_draw_is_refused(self, field: str, value: Any) -> None:
        with pytest.raises(InvalidValue, match=f"Draw.{field}"):
            Draw(**{"amount": usd(1), field: value})


class TestCommission:
    def test_each_tier_tells_what_it_holds_and_pays(self) -> None:
        assert plan().commission(usd(150)).parts == (
            TierPart(tier=1, amount=Fraction(100), paid=Fraction(5)),
            TierPart(tier=2, amount=Fraction(50), paid=Fraction(5)),
        )

    def test_a_bound_belongs_to_its_tier(self) -> None:
        assert [part.tier for part in plan().commission(usd(100)).parts] == [1]

    def test_nothing_earns_nothing(self) -> None:
        found = plan().commission(usd(0))

        assert (found.parts, found.exact, found.earned, found.rate) == ((), 0, usd(0), None)
        assert str(found) == "0.00 USD on 0.00 USD"

    def test_what_is_taken_back_earns_the_opposite(self) -> None:
        found = plan().commission(usd(-150))

        assert (found.earned, [part.paid for part in found.parts]) == (usd(-10), [-5, -5])

    def test_above_a_cap_nothing_is_earned(self) -> None:
        capped = plan(CommissionTier(slice=5, up_to=100), capped=True)

        assert [(each.earned, each.beyond) for each in map(capped.commission, (usd(130), usd(-130)))] == [
            (usd(5), 30),
            (usd(-5), -30),
        ]

    def test_a_slice_above_a_whole_tier_begins_with_all_that_this_paid(self) -> None:
        mixed = plan(CommissionTier(slice=1, up_to=50), CommissionTier(whole=8, up_to=100), CommissionTier(slice=12))

        assert [(part.tier, part.paid) for part in mixed.commission(usd(150)).parts] == [(2, 8), (3, 6)]

    def test_an_amount_is_earned_as_its_tier_fills(self) -> None:
        bonus = plan(CommissionTier(slice=10, up_to=100), CommissionTier(amount=30, up_to=400), capped=True)

        assert [bonus.commission(usd(amount)).exact for amount in (100, 200, 400)] == [10, 20, 40]

    def test_it_is_rounded_once(self) -> None:
        third = plan(CommissionTier(slice=Fraction(100, 3)))

        assert (third.commission(usd(1)).exact, third.commission(usd(1)).earned) == (Fraction(1, 3), usd("0.33"))

    @pytest.mark.parametrize(
        ("mode", "pays"), [(Rounding.HALF_UP, "0.13"), (Rounding.HALF_EVEN, "0.12"), (Rounding.FLOOR, "0.12")]
    )
    def test_both_ways_are_rounded_alike(self, mode: Rounding, pays: str) -> None:
        found = plan(CommissionTier(slice=Decimal("12.5")), rounding=mode)

        assert [found.commission(usd(sign)).earned for sign in (1, -1)] == [usd(pays), usd(f"-{pays}")]

    def test_it_says_what_it_is(self) -> None:
        assert str(plan().commission(usd(150))) == (
            "10.00 USD on 150.00 USD (tier 1: 5.00 for 100.00; tier 2: 5.00 for 50.00)"
        )

    def test_bounds_of_attainment_are_percent_of_the_quota(self) -> None:
        found = plan(CommissionTier(slice=1, up_to=Fraction(100, 3)), CommissionTier(slice=2), basis="attainment")

        assert found.bounds(usd(200)) == (Fraction(200, 3),)

    @pytest.mark.parametrize("quota", [None, usd(0), usd(-5), 100], ids=["none", "zero", "negative", "number"])
    def test_attainment_needs_a_quota(self, quota: Any) -> None:
        with pytest.raises(InvalidValue, match=r"CommissionPlan\.quota"):
            plan(basis="attainment").commission(usd(5), quota=quota)

    def test_a_plan_by_amount_takes_no_quota(self) -> None:
        with pytest.raises(InvalidValue, match="bounds of this plan are amounts"):
            plan().commission(usd(5), quota=usd(100))

    @pytest.mark.parametrize(("amount", "quota"), [("EUR", "USD"), ("USD", "EUR")])
    def test_another_currency_is_refused(self, amount: str, quota: str) -> None:
        with pytest.raises(CurrencyMismatch):
            plan(basis="attainment").commission(Money(5, amount), quota=Money(100, quota))

    def test_an_amount_is_money(self) -> None:
        with pytest.raises(InvalidValue, match=r"CommissionPlan\.amount"):
            plan().commission(5)  # type: ignore[arg-type]


def test_a_window_is_the_period_or_the_year() -> None:
    day = date(2026, 5, 4)

    assert [str(plan(per=per, year_starts=4).window(day).end) for per in ("period", "cumulative")] == [
        "2026-06-01",
        "2027-04-01",
    ]
