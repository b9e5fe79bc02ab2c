"""Simulations and comparisons: arguments, sums, costs, liability, words and tables."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from strategies_loyalty import START, day, opened, program, sale

from relex.errors import InvalidValue, NotFound
from relex.loyalty import (
    Cap,
    CashOff,
    EarningRule,
    MemberHistory,
    PerAmount,
    Points,
    PointsRedeemed,
    Simulation,
    Tier,
    history_of,
    simulate,
)
from relex.money import Money
from relex.rules import field

CENT = Money("0.01", "USD")
END = day("12-31")
BEFORE = program(EarningRule("base", PerAmount(1, per="1.00")), tiers=[Tier("silver", at=50)])
AFTER = program(
    EarningRule("base", PerAmount(1, per="2.00")),
    EarningRule("<large>", PerAmount(2, per="1.00"), when=field("purchase.total") >= 100),
    tiers=[Tier("silver", at=20), Tier("gold", at=200)],
    caps=[Cap(points=240, per="event")],
    version=2,
)
SPENT = {"ada": "100.00", "ben": "40.00", "eve": "10.00"}


def spent(account: str, points: int) -> PointsRedeemed:
    at = day("02-01")
    return PointsRedeemed(
        source=account, version=1, at=at, effective=at, id=f"r-{account}", currency="points", points=points
    )


def histories() -> list[MemberHistory]:
    found = []
    for name, amount in SPENT.items():
        bought = sale(amount, name=f"s-{name}", at=day("01-02"))
        found.append(MemberHistory(account=name, entries=[bought, spent(name, 30)]))
    return found


def played(of: Any = BEFORE, **more: Any) -> Simulation:
    return simulate(of, histories(), until=END, **{"worth": CENT, **more})


class TestArguments:
    @pytest.mark.parametrize(
        ("more", "path"),
        [
            pytest.param({"shortfall": "forget"}, "simulate.shortfall", id="shortfall"),
            pytest.param({"worth": 1}, "simulate.worth", id="worth"),
            pytest.param({"currency": "miles"}, "simulate.currency", id="currency"),
            pytest.param({"of": "p"}, "simulate.program", id="program"),
            pytest.param({"progress": 5}, "simulate.progress", id="progress"),
            pytest.param({"budgets": {"x": 5}}, "simulate.budgets", id="budgets"),
        ],
    )
    def test_what_does_not_fit_is_named(self, more: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as error:
            played(**more)

        assert path == error.value.path

    @pytest.mark.parametrize(
        ("given", "path"),
        [
            pytest.param(5, "simulate.histories", id="none"),
            pytest.param(["a1"], "simulate.histories[0]", id="other"),
        ],
    )
    def test_what_is_no_history_is_named(self, given: Any, path: str) -> None:
        with pytest.raises(InvalidValue) as error:
            simulate(BEFORE, given, until=END)

        assert path == error.value.path

    def test_an_account_twice_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match="each account once"):
            simulate(BEFORE, [*histories(), *histories()], until=END)

    def test_progress_tells_how_many_are_done(self) -> None:
        told: list[int] = []
        played(progress=told.append)

        assert told == [1, 2, 3]

    def test_a_status_currency_alone_has_no_worth(self) -> None:
        status = program(EarningRule("base", PerAmount(1, per="1.00")), points=[Points("status", qualifying=True)])
        found = simulate(status, [MemberHistory(account="a", entries=[sale("7.00")])], until=END, worth=CENT)

        assert (found.currency, found.earned, found.cost().reason) == ("status", 7, "no_worth")

    @pytest.mark.parametrize(
        ("account", "occasions", "path"),
        [
            pytest.param("a1", (), "history_of.account", id="account"),
            pytest.param(None, 5, "history_of.occasions", id="nothing"),
            pytest.param(None, ["s1"], "history_of.occasions[0]", id="other"),
        ],
    )
    def test_what_makes_no_history_is_named(self, account: Any, occasions: Any, path: str) -> None:
        with pytest.raises(InvalidValue) as error:
            history_of(account or opened(BEFORE), occasions)

        assert path == error.value.path

    def test_an_award_without_its_occasion_is_told(self) -> None:
        account = opened(BEFORE).earn(sale("7.00"), BEFORE, at=START).state

        with pytest.raises(NotFound, match="purchase:s1"):
            history_of(account, ())


class TestSums:
    def test_they_add_up_over_members(self) -> None:
        found = played()

        assert (found.earned, found.redeemed, found.expired, found.outstanding) == (150, 90, 0, 60)
        assert found.reversed == 0
        assert found.total("awards") == 3

    def test_a_sum_that_there_is_not_is_named(self) -> None:
        with pytest.raises(InvalidValue, match="one of awards, earned"):
            played().total("points")

    def test_caps_and_rules_are_told(self) -> None:
        found = played(AFTER)

        assert found.rules() == {"<large>": 200, "base": 65}
        assert found.total("cut") == 10
        assert found.member("ada").earned == 240

    def test_tiers_are_told_with_those_that_nobody_reached(self) -> None:
        rows = [(row.tier, row.members, row.earned, row.kept) for row in played(AFTER).tiers()]

        assert rows == [(None, 1, 265, 5), ("silver", 1, 0, 20), ("gold", 1, 0, 240)]

    def test_an_unknown_member_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            played().member("zoe")

    def test_shares_are_of_what_came_in(self) -> None:
        nobody = simulate(BEFORE, (), until=END)

        assert (Fraction(90, 150), Fraction(0)) == (played().redemption_rate().value, played().breakage().value)
        assert nobody.redemption_rate().reason == "zero_denominator"


class TestCost:
    def test_it_is_of_what_was_redeemed_and_what_is_left(self) -> None:
        assert Money("1.50", "USD") == played().cost().value
        assert Money("0.20", "USD") == played().cost(20).value

    @pytest.mark.parametrize("points", ["20", 1.5, True])
    def test_points_are_whole(self, points: Any) -> None:
        with pytest.raises(InvalidValue, match=r"Simulation\.cost\.points"):
            played().cost(points)

    def test_a_benefit_may_say_what_points_are_worth(self) -> None:
        found = played(worth=CashOff(points=100, worth="5.00"))

        assert Money("7.50", "USD") == found.cost().value

    def test_without_a_worth_there_is_no_cost_and_no_liability(self) -> None:
        found = played(worth=None)

        assert found.cost().reason == "no_worth"
        with pytest.raises(InvalidValue, match="what a point is worth"):
            found.liability(rate=1)

    def test_the_liability_is_of_what_is_outstanding(self) -> None:
        found = played().liability(rate="0.5")

        assert Money("0.40", "USD") == found.total
        assert found.debts == (("points", 20),)


class TestComparison:
    def test_members_are_told_from_the_greatest_loss_on(self) -> None:
        change = played().compare(played(AFTER))
        names = [(member.account, member.difference) for member in change.members]

        assert names == [("ben", -20), ("eve", -5), ("ada", 140)]
        assert (
            tuple([each.account for each in change.losers()]),
            tuple([each.account for each in change.winners()]),
        ) == (("ben", "eve"), ("ada",))
        assert tuple([each.account for each in change.losers(1)]) == ("ben",)
        assert change.winners(0) == ()

    def test_the_parts_tell_what_made_the_difference(self) -> None:
        change = played().compare(played(AFTER))

        assert change.member("ada").parts() == {"rule:<large>": 200, "rule:base": -60}
        assert (
            str(change.member("ada"))
            == "ada +140 (100 to 240 kept): rule:<large> +200, rule:base -60, tier silver to gold"
        )
        assert change.rules() == (("<large>", 0, 200), ("base", 150, 65))

    def test_a_part_that_only_takes_counts_against_the_member(self) -> None:
        kept = played(shortfall="drop")
        brief = program(
            EarningRule("base", PerAmount(1, per="1.00"), pending=None), expires=timedelta(days=2), version=3
        )
        change = kept.compare(simulate(brief, histories(), until=END, shortfall="drop", worth=CENT))

        assert change.member("ada").parts() == {"expired": -100}
        assert change.before.compare(change.after, by="earned").member("ada").parts() == {}
        assert (
            str(change.before.compare(change.after, by="earned").member("ada"))
            == "ada +0 (100 to 100 earned): tier silver to none"
        )

    def test_the_parts_of_what_is_outstanding_add_up_to_it_too(self) -> None:
        change = played(shortfall="drop").compare(played(AFTER, shortfall="drop"), by="outstanding")

        assert change.member("ben").parts() == {"redeemed": 30, "rule:base": -20}
        assert change.member("ben").difference == 10

    def test_only_simulations_are_compared(self) -> None:
        with pytest.raises(InvalidValue, match=r"compare\.after"):
            played().compare("other")  # type: ignore[arg-type]  # on purpose

    def test_who_keeps_everything_has_no_parts(self) -> None:
        change = played().compare(played())

        assert str(change.member("ada")) == "ada +0 (100 to 100 kept)"
        assert (0, Fraction(0), Fraction(0)) == (change.difference, change.winning().value, change.losing().value)

    def test_tiers_before_and_after_are_counted(self) -> None:
        moves = played().compare(played(AFTER)).tiers()

        assert moves == ((None, None, 1), (None, "silver", 1), ("silver", "gold", 1))

    def test_an_unknown_member_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            played().compare(played(AFTER)).member("zoe")

    def test_shares_of_nobody_have_no_value(self) -> None:
        nobody = simulate(BEFORE, (), until=END)

        assert nobody.compare(nobody).losing().reason == "zero_denominator"

    @pytest.mark.parametrize(
        ("other", "more", "path"),
        [
            pytest.param({}, {"by": "luck"}, "compare.by", id="measure"),
            pytest.param({"until": day("12-30")}, {}, "compare.after.until", id="instant"),
            pytest.param({"shortfall": "drop"}, {}, "compare.after.shortfall", id="shortfall"),
            pytest.param({"histories": histories()[:2]}, {}, "compare.after.members", id="members"),
        ],
    )
    def test_only_what_is_alike_is_compared(self, other: dict[str, Any], more: dict[str, Any], path: str) -> None:
        after = simulate(AFTER, **{"histories": histories(), "until": END, **other})

        with pytest.raises(InvalidValue) as error:
            played().compare(after, **more)

        assert path == error.value.path

    def test_points_of_two_scales_are_not_compared(self) -> None:
        fine = program(EarningRule("base", PerAmount(1, per="1.00")), points=[Points("points", scale=2)])

        with pytest.raises(InvalidValue, match="points of scale 0"):
            played().compare(played(fine))


class TestShown:
    def test_a_simulation_reads_as_text(self) -> None:
        text = str(played(AFTER, shortfall="drop"))

        assert text.startswith("p version 2, members: 3, in points\n  earned 265\n  cut 10\n")
        assert "  cost 2.65 USD\n  <large> gave 200" in text
        assert "  no tier at the end: 1" in text
        assert text.endswith("  debits not covered: 2")

    def test_without_worth_and_shortfalls_it_says_less(self) -> None:
        late = MemberHistory(account="a1", entries=[sale("7.00"), sale("7.00", name="s2", at=day("2025-01-01"))])
        text = str(simulate(BEFORE, [late], until=END))

        assert "cost" not in text
        assert text.endswith("  refused, purchase, before_enrollment: 1")

    def test_a_simulation_shows_itself_as_tables(self) -> None:
        late = MemberHistory(account="a1", entries=[sale("7.00"), sale("7.00", name="s2", at=day("2025-01-01"))])
        refused = simulate(BEFORE, [late], until=END)._repr_html_()
        html = played(AFTER)._repr_html_()

        assert "&lt;large&gt;" in html
        assert "did not cover: 2." in html
        assert "before_enrollment" in refused
        assert "did not cover" not in refused

    def test_a_comparison_reads_as_text(self) -> None:
        text = str(played().compare(played(AFTER)))

        assert text.startswith("p version 1 to p version 2, members: 3\n  earned 150 to 265 (+115)\n")
        assert "  cost 1.50 USD to 2.65 USD\n" in text
        assert "  1 from no tier to silver\n" in text
        assert "cost" not in str(played(worth=None).compare(played(AFTER)))

    def test_a_comparison_shows_itself_as_tables(self) -> None:
        html = played().compare(played(AFTER, worth=None))._repr_html_()

        assert "&lt;large&gt;" in html
        assert "Cost 1.50 USD to not known." in html
        assert "<script" not in html
