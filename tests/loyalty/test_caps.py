"""Limits: what each measure counts, in which window, by which value, and what a cut leaves of multipliers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from strategies_loyalty import START, adjusted, award, day, opened, program, sale

from relex.calendars import Days, Months
from relex.errors import InvalidValue
from relex.loyalty import Cap, EarningRule, Flat, Group, Multiply, Occasion, PerAmount, PerUnit, Points
from relex.purchases import Line, Return
from relex.rules import field

if TYPE_CHECKING:
    from datetime import datetime

    from relex.loyalty import Account, Program

ONE = PerAmount(1, per="1.00")


def capped(cap: Cap, **more: Any) -> Program:
    """One point for every full dollar, limited by a cap of the rule."""
    return program(EarningRule("base", ONE, caps=[cap]), **more)


def bought(account: Account, of: Program, *sales: tuple[str, datetime]) -> tuple[Account, list[int]]:
    """The account after purchases of one line, and what each gave."""
    given = []
    for number, (amount, at) in enumerate(sales):
        account, events = account.earn(sale(amount, name=f"s{number}", at=at), of, at=at)
        given.append(events[-1].points)
    return account, given


@pytest.mark.parametrize(
    ("per", "second", "expected"),
    [
        pytest.param("day", "01-01", 20, id="the same day"),
        pytest.param("day", "01-02", 80, id="the next day"),
        pytest.param("week", "01-04", 20, id="Sunday of the ISO week"),
        pytest.param("week", "01-05", 80, id="Monday after"),
        pytest.param("month", "01-31", 20, id="the last of the month"),
        pytest.param("month", "02-01", 80, id="the first of the next"),
        pytest.param("quarter", "03-31", 20, id="the last of the quarter"),
        pytest.param("quarter", "04-01", 80, id="the first of the next quarter"),
        pytest.param("year", "12-31", 20, id="the last of the year"),
        pytest.param("year", "2027-01-01", 80, id="the first of the next year"),
        pytest.param("ever", "2036-01-01", 20, id="ever"),
        pytest.param(Days(30), "01-30", 20, id="day 29 of 30"),
        pytest.param(Days(30), "01-31", 80, id="day 30 of 30"),
        pytest.param(Months(1), "01-31", 20, id="within a rolling month"),
        pytest.param(Months(1), "02-01", 80, id="a rolling month later"),
    ],
)
def test_which_awards_count_together(per: str | Days | Months, second: str, expected: int) -> None:
    """80 on Thursday 2026-01-01, 80 wanted later: 100 in the same window, 80 in another."""
    of = capped(Cap(points=100, per=per))
    _, given = bought(opened(of), of, ("80.00", START), ("80.00", day(second)))

    assert given == [80, expected]


def test_days_of_a_cap_are_local_to_the_program() -> None:
    """23:00 UTC of the first is 00:00 of the second one hour further east."""
    of = capped(Cap(points=100, per="day"), tz=ZoneInfo("Europe/Berlin"))
    _, given = bought(opened(of), of, ("80.00", day("01-01", 22)), ("80.00", day("01-01", 23)))

    assert given == [80, 80]


def test_a_cap_on_units_gives_the_share_that_is_left() -> None:
    """10 units bought, 4 may earn: 50 x 4 / 10 = 20."""
    event = award(capped(Cap(units=4)), sale(Line(1, "mug", 10, unit_price="5.00")))

    assert event.breakdown.by_rule() == {"base": 20}


def test_units_are_counted_over_awards() -> None:
    """3 of 5 units were used; of the 4 units bought next only 2 count: 40 x 2 / 4 = 20."""
    of = capped(Cap(units=5, per="ever"))
    account = opened(of).earn(sale(Line(1, "mug", 3, unit_price="10.00")), of, at=START).state
    event = award(of, sale(Line(1, "mug", 4, unit_price="10.00"), name="s2"), account=account)

    assert event.points == 20


def test_a_cap_on_the_amount_gives_the_share_that_is_left() -> None:
    """30.00 of 40.00 were used; of the 20.00 bought next 10.00 counts: 20 x 10 / 20 = 10."""
    of = capped(Cap(amount="40.00", per="month"))
    _, given = bought(opened(of), of, ("30.00", START), ("20.00", day("01-02")))

    assert given == [30, 10]


def test_a_cap_counts_each_product_apart() -> None:
    """At most 5 points for each product: 5 for the mugs, 3 for the spoon."""
    basket = sale(Line(1, "mug", 1, gross="4.00"), Line(2, "spoon", 1, gross="3.00"), Line(3, "mug", 1, gross="4.00"))
    breakdown = award(capped(Cap(points=5, by="line.product")), basket).breakdown

    assert breakdown.by_line() == {1: 3, 2: 3, 3: 2}


def test_a_product_that_used_up_its_cap_leaves_the_others_theirs() -> None:
    of = capped(Cap(points=5, per="ever", by="line.product"))
    account = opened(of).earn(sale(Line(1, "mug", 1, gross="9.00")), of, at=START).state
    basket = sale(Line(1, "mug", 1, gross="9.00"), Line(2, "spoon", 1, gross="3.00"), name="s2")

    assert award(of, basket, account=account).breakdown.by_line() == {1: 0, 2: 3}


def test_a_group_is_capped_as_a_whole() -> None:
    """5 + 20, together at most 12, in the order of priority."""
    of = program(
        EarningRule("a", Flat(20)), EarningRule("b", Flat(5), priority=1), groups={"base": Group(caps=[Cap(points=12)])}
    )

    assert award(of, sale("1.00")).breakdown.by_rule() == {"b": 5, "a": 7}


def test_a_balance_cap_that_is_exceeded_gives_nothing() -> None:
    of = capped(Cap(balance=100))
    account = adjusted(opened(of), of, 130, START)

    assert award(of, sale("50.00"), account=account).points == 0


def test_a_balance_cap_counts_pending_points() -> None:
    """70 pending leave 30."""
    of = program(EarningRule("base", ONE, caps=[Cap(balance=100)], pending=Days(5)))
    _, given = bought(opened(of), of, ("70.00", START), ("50.00", day("01-02")))

    assert given == [70, 30]


def test_a_cap_is_written_in_whole_points() -> None:
    """Of a currency with two places, 1.50 points are 150 units."""
    of = program(EarningRule("base", ONE, caps=[Cap(points="1.50")]), points=[Points("stars", scale=2)])

    assert award(of, sale("9.00")).points == 150


def test_each_currency_has_its_own_room() -> None:
    of = program(
        EarningRule("both", Flat(9), gives=("points", "status"), caps=[Cap(points=4)]),
        points=[Points("points"), Points("status", qualifying=True)],
    )
    breakdown = award(of, sale("1.00")).breakdown

    assert (breakdown.by_rule("points"), breakdown.by_rule("status")) == ({"both": 4}, {"both": 4})


def test_a_limit_of_a_rule_that_gave_nothing_limits_no_other() -> None:
    never = field("purchase.total") > 1000
    of = program(EarningRule("a", Flat(9)), EarningRule("b", Flat(9), when=never, caps=[Cap(points=4)]))

    assert award(of, sale("1.00")).breakdown.by_rule() == {"a": 9}


def test_a_currency_that_was_not_given_has_no_limit() -> None:
    of = program(
        EarningRule("a", Flat(9), caps=[Cap(points=4)]), points=[Points("points"), Points("status", qualifying=True)]
    )

    assert award(of, sale("1.00")).breakdown.currencies() == ("points",)


def test_what_one_limit_emptied_another_has_nothing_to_cut() -> None:
    of = program(EarningRule("a", Flat(9), caps=[Cap(points=0)]), caps=[Cap(points=0)])

    assert award(of, sale("1.00")).breakdown.reasons() == {"a": "capped_by:rule:a 0 points per event"}


def test_what_a_return_took_back_is_free_again() -> None:
    """80 of 100 used, 40 of them returned: 60 are free."""
    of = capped(Cap(points=100, per="year"))
    account = opened(of).earn(sale(Line(1, "mug", 2, unit_price="40.00")), of, at=START).state
    back = Return("r1", purchase="s1", at=day("01-02"), lines={1: 1})
    account = account.reverse(back, of, at=day("01-02")).state

    assert award(of, sale("80.00", name="s2", at=day("01-03")), account=account).points == 60


def test_an_award_that_was_returned_whole_no_longer_counts_as_one() -> None:
    of = capped(Cap(times=1, per="year"))
    account = opened(of).earn(sale("80.00"), of, at=START).state
    back = Return("r1", purchase="s1", at=day("01-02"), lines={1: 1})
    account = account.reverse(back, of, at=day("01-02")).state

    assert award(of, sale("80.00", name="s2", at=day("01-03")), account=account).points == 80


def test_what_was_returned_frees_its_units_and_its_amount() -> None:
    """4 of 5 units, 1 returned: 2 free of 4 wanted. 40.00 of 50.00, 10.00 returned: 20.00 free of 40.00 wanted."""
    of = program(
        EarningRule("units", PerUnit(10), caps=[Cap(units=5, per="ever")]),
        EarningRule("worth", ONE, caps=[Cap(amount="50.00", per="ever")]),
    )
    basket = sale(Line(1, "mug", 4, unit_price="10.00"))
    account = opened(of).earn(basket, of, at=START).state
    back = Return("r1", purchase="s1", at=day("01-02"), lines={1: 1})
    account = account.reverse(back, of, at=day("01-02")).state
    again = sale(Line(1, "mug", 4, unit_price="10.00"), name="s2", at=day("01-03"))

    assert award(of, again, account=account).breakdown.by_rule() == {"units": 20, "worth": 20}


def test_a_window_does_not_see_what_came_before_it() -> None:
    """A late purchase counts in the window of its own date."""
    of = capped(Cap(points=100, per="day"))
    account, _ = bought(opened(of), of, ("80.00", day("01-05")))
    event = award(of, sale("90.00", name="late", at=day("01-03")), account=account, at=day("01-06"))

    assert event.points == 90


def test_an_occasion_without_lines_counts_as_one_unit() -> None:
    of = program(EarningRule("visit", Flat(10), on="visit", caps=[Cap(units=2, per="ever")]))
    account, given = opened(of), []
    for number in range(3):
        at = START + timedelta(days=number)
        account, events = account.earn(Occasion("visit", str(number), at), of, at=at)
        given.append(events[-1].points)

    assert given == [10, 10, 0]


class TestMultipliersBelowOne:
    """Section 3.3: a multiplier never takes more than there is, and caps do not cascade."""

    def test_a_capped_award_is_not_taken_away_twice(self) -> None:
        """20 are cut to 5, and half of 20 would be taken from them: 5 are, and no line is below 0."""
        of = program(EarningRule("base", ONE, caps=[Cap(points=5)]), EarningRule("half", Multiply("0.5")))
        breakdown = award(of, sale("10.00", "10.00")).breakdown

        assert breakdown.by_rule() == {"base": 5, "half": -5}
        assert breakdown.by_line() == {1: 0, 2: 0}

    def test_a_cap_of_0_leaves_nothing_to_take_from(self) -> None:
        of = program(EarningRule("base", ONE, caps=[Cap(points=0)]), EarningRule("none", Multiply(0)))
        event = award(of, sale("1.00"))

        assert event.breakdown.by_rule() == {"base": 0, "none": 0}
        assert event.credits == ()

    def test_other_groups_do_not_pay_for_it(self) -> None:
        """The multiplier is bound to a group that a cap emptied; the 7 of another group stay."""
        of = program(
            EarningRule("base", ONE, caps=[Cap(points=0)]),
            EarningRule("none", Multiply(0)),
            EarningRule("other", Flat(7), group="extra"),
        )

        assert award(of, sale("10.00")).breakdown.by_rule() == {"base": 0, "none": 0, "other": 7}

    def test_groups_that_one_multiplier_binds_pay_together(self) -> None:
        """10 and 7, all taken away; a cap leaves 2 of the 10, so 9 are there to be taken."""
        of = program(
            EarningRule("base", ONE, caps=[Cap(points=2)]),
            EarningRule("none", Multiply(0, groups=("base", "extra"))),
            EarningRule("other", Flat(7), group="extra"),
        )

        assert award(of, sale("10.00")).breakdown.by_rule() == {"base": 2, "none": -9, "other": 7}

    def test_what_is_taken_makes_room_for_what_it_is_taken_from(self) -> None:
        """The program gives 5: the 10 that are taken away again use none of them."""
        of = program(
            EarningRule("base", ONE),
            EarningRule("none", Multiply(0)),
            EarningRule("other", Flat(7), group="extra", priority=10),
            caps=[Cap(points=5)],
        )

        assert award(of, sale("10.00")).breakdown.by_rule() == {"other": 5, "base": 10, "none": -10}


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({}, "Cap"),
        ({"points": 1, "times": 1}, "Cap"),
        ({"points": 1, "per": "fortnight"}, "Cap.per"),
        ({"points": 1, "by": "purchase.store"}, "Cap.by"),
        ({"balance": 1, "by": "line.product"}, "Cap.by"),
        ({"points": 1.5}, "Cap.points"),
        ({"times": -1}, "Cap.times"),
        ({"points": 1, "then": "drop"}, "Cap.then"),
    ],
)
def test_a_cap_that_says_too_little_or_too_much_is_refused(more: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        Cap(**more)

    assert caught.value.path == path


@pytest.mark.parametrize(
    ("cap", "expected"),
    [
        (Cap(points=500, per="month"), "500 points per month"),
        (Cap(times=1, per=Days(30)), "1 times per 30 days"),
        (Cap(units=3, by="line.product"), "3 units per event by line.product"),
        (Cap(balance=100), "100 balance"),
    ],
)
def test_a_cap_in_words(cap: Cap, expected: str) -> None:
    assert str(cap) == expected


def test_the_breakdown_names_the_cap() -> None:
    of = program(EarningRule("base", ONE, when=field("line.quantity") > 0, caps=[Cap(points=3)]))
    (given,) = award(of, sale("9.00")).breakdown.awards

    assert (given.desired, given.granted, given.cap) == (9, 3, "rule:base 3 points per event")
