"""Tiers: what is measured, when a tier is reached, how long it lasts, and how far the next one is."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from strategies_loyalty import START, adjusted, day, opened, program, sale

from relex.calendars import Days, Months
from relex.loyalty import (
    Always,
    Anniversary,
    Calendar,
    EarningRule,
    Flat,
    For,
    Lifetime,
    Occasion,
    PerAmount,
    Periods,
    Points,
    Rolling,
    SinceChange,
    Tier,
    TierChanged,
    TierPolicy,
    WhileMet,
)
from relex.purchases import Return
from relex.rules import field

if TYPE_CHECKING:
    from relex.loyalty import Account, Program

RULES = (EarningRule("n", PerAmount(1, per=1, of="event.n"), on="visit"), EarningRule("base", PerAmount(1, per="1.00")))
SILVER, GOLD, BLACK = Tier("silver", at=100), Tier("gold", at=200), Tier("black", at=300)


def club(*tiers: Tier, **policy: Any) -> Program:
    return program(*RULES, tiers=tiers or (SILVER, GOLD, BLACK), tier_policy=TierPolicy(**policy))


def visited(of: Program, *visits: tuple[int, str], account: Account | None = None) -> Account:
    """The account after visits that earn so many points on these days, each told on its day."""
    account = opened(of) if account is None else account
    for count, on in visits:
        account = account.earn(
            Occasion("visit", f"{on}/{account.version}", day(on), {"n": count}), of, at=day(on)
        ).state
    return account


def tier(account: Account, of: Program, on: str) -> str | None:
    return account.settle(of, at=day(on)).state.standing.tier


def ends(account: Account, of: Program, wanted: str, on: str) -> None:
    """The tier is there to the last microsecond before midnight of the day, and not at it."""
    last = account.settle(of, at=day(on) - timedelta(microseconds=1)).state

    assert last.standing.tier == wanted
    assert tier(account, of, on) != wanted


class TestWhatIsMeasured:
    @pytest.mark.parametrize(("measure", "expected"), [("orders", 2), ("visits", 3), ("spend", 25), ("earned", 85)])
    def test_each_measure(self, measure: str, expected: int) -> None:
        """Two purchases of 10.00 and 15.00, three visits of 20 points."""
        of = club(Tier("top", at=1000), measure=measure)
        account = visited(of, (20, "01-02"), (20, "01-03"), (20, "01-04"))
        for number, amount in enumerate(("10.00", "15.00")):
            account = account.earn(sale(amount, name=f"s{number}", at=day("01-05")), of, at=day("01-05")).state

        assert account.progress(of, as_of=day("01-06")).have == expected

    def test_the_balance_less_what_is_owed(self) -> None:
        of = club(Tier("top", at=1000), measure="balance", window=Rolling(), keeps=WhileMet())
        account = adjusted(opened(of), of, -30, START, allow_debt=True)

        assert account.progress(of, as_of=START).have == -30

    def test_a_qualifying_currency(self) -> None:
        """In whole points: 1.50 of a currency with two places."""
        of = program(
            EarningRule("v", Flat("1.50"), on="visit", gives=("status",)),
            points=[Points("points"), Points("status", qualifying=True, scale=2)],
            tiers=[Tier("one", at="1.5"), Tier("two", at="1.51")],
            tier_policy=TierPolicy(measure="status"),
        )
        account = opened(of).earn(Occasion("visit", "v", START), of, at=START).state

        assert (account.standing.tier, account.progress(of, as_of=START).have) == ("one", Fraction(3, 2))

    def test_a_return_counts_on_the_date_of_its_award(self) -> None:
        """100 in December, returned in January: the new year still begins with 0, and the old one ends with 0."""
        of = club(measure="spend")
        account = (
            opened(of, day("2025-12-01")).earn(sale("100.00", at=day("2025-12-20")), of, at=day("2025-12-20")).state
        )
        back = Return("r", purchase="s1", at=day("01-10"), lines={1: 1})
        account = account.reverse(back, of, at=day("01-10")).state

        assert account.progress(of, as_of=day("01-11")).have == 0
        assert account.progress(of, as_of=day("2025-12-31")).have == 100

    @pytest.mark.parametrize(
        ("history", "expected"),
        [
            pytest.param([(500, "01-02")], "top", id="500 points"),
            pytest.param([(1, f"01-{number:02}") for number in range(2, 12)], "top", id="10 visits"),
            pytest.param([(499, "01-02")], None, id="499 points in one visit"),
        ],
    )
    def test_a_rule_in_place_of_a_threshold(self, history: list[tuple[int, str]], expected: str | None) -> None:
        of = club(Tier("top", when=(field("tier.earned") >= 500) | (field("tier.visits") >= 10)))

        assert visited(of, *history).standing.tier == expected

    @pytest.mark.parametrize(
        ("amount", "expected"), [("10.25", "top"), ("10.24", None), ("10.30", "top"), ("11.00", "top")]
    )
    def test_a_rule_about_the_spend_is_exact(self, amount: str, expected: str | None) -> None:
        of = club(Tier("top", when=field("tier.spend") >= Decimal("10.25")))

        assert opened(of).earn(sale(amount), of, at=START).state.standing.tier == expected

    @pytest.mark.parametrize("name", ["measure", "earned", "status", "balance", "spend", "orders", "visits"])
    def test_a_rule_may_ask_for_every_measure(self, name: str) -> None:
        """A purchase of 3.00 gives 3 points and 3 status points; it is one order and no visit."""
        least = {"orders": 1, "visits": 0}.get(name, 3)
        of = program(
            EarningRule("base", PerAmount(1, per="1.00"), gives=("points", "status")),
            points=[Points("points"), Points("status", qualifying=True)],
            tiers=[Tier("one", when=field(f"tier.{name}") == least)],
        )

        assert opened(of).earn(sale("3.00"), of, at=START).state.standing.tier == "one"

    def test_a_program_without_points_to_spend_has_no_balance_to_ask_for(self) -> None:
        of = program(
            EarningRule("base", PerAmount(1, per="1.00")),
            points=[Points("status", qualifying=True)],
            tiers=[Tier("one", when=field("tier.balance") >= 0)],
        )

        assert opened(of).earn(sale("3.00"), of, at=START).state.standing.tier is None


class TestWindows:
    def test_periods_from_the_day_of_enrollment(self) -> None:
        """Opened on 15 March: 60 and 40 lie in the year from then, 40 more do not."""
        of = club(SILVER, window=Anniversary(Months(12)), keeps=Periods(0))
        account = visited(of, (60, "2026-04-01"), (40, "2027-03-14"), account=opened(of, day("2026-03-15")))
        later = visited(of, (60, "2026-04-01"), (40, "2027-03-15"), account=opened(of, day("2026-03-15")))

        assert (account.standing.tier, later.standing.tier) == ("silver", None)
        ends(account, of, "silver", "2027-03-15")

    def test_a_year_that_begins_in_april(self) -> None:
        of = club(SILVER, window=Calendar(Months(12), starts="04-01"), keeps=Periods(0))
        account = visited(of, (60, "03-31"), (60, "04-01"), (40, "2027-03-31"))

        assert account.standing.tier == "silver"
        ends(account, of, "silver", "2027-04-01")

    def test_everything_ever(self) -> None:
        of = club(SILVER, window=Lifetime(), keeps=WhileMet())
        account = visited(of, (60, "01-02"), (40, "2031-01-02"))

        assert (account.standing.tier, tier(account, of, "2090-01-01")) == ("silver", "silver")

    def test_what_came_since_the_last_review(self) -> None:
        """100 in January give silver for a month; what came before the review of 3 February counts no more."""
        of = club(SILVER, window=SinceChange(), keeps=For(Months(1)))
        account = visited(of, (100, "01-02"), (60, "01-20"))
        account = visited(of, (60, "02-04"), account=account)

        assert account.standing.tier is None

    def test_an_earlier_instant_sees_what_was_there_then(self) -> None:
        of = club()
        account = visited(of, (60, "01-02"), (90, "03-02"))

        assert account.progress(of, as_of=day("02-01")).have == 60


class TestReachingATier:
    def test_at_once_and_over_several_levels(self) -> None:
        account = visited(club(), (250, "01-02"))
        change = next(event for event in account.events if isinstance(event, TierChanged))

        assert (change.before, change.after, change.reason, change.measure) == (None, "gold", "earned", "earned 250")

    def test_a_late_entry_counts_with_those_after_it(self) -> None:
        """60 in March, then 60 of January told late."""
        of = club()
        account = visited(of, (60, "03-01"))
        late = Occasion("visit", "late", day("01-15"), {"n": 60})
        account = account.earn(late, of, at=day("03-05")).state

        assert account.standing.tier == "silver"

    def test_while_met_in_the_next_period(self) -> None:
        """100 in March count from 1 April; nothing in April, so it ends with 1 May."""
        of = club(window=Calendar(Months(1)), keeps=WhileMet(), upgrade="next_period")
        account = visited(of, (100, "03-10"))

        assert (account.standing.tier, tier(account, of, "03-31"), tier(account, of, "04-01")) == (None, None, "silver")
        ends(account, of, "silver", "05-01")

    def test_in_the_next_period_for_a_number_of_periods(self) -> None:
        """Met in March: the two periods after it are April and May."""
        of = club(window=Calendar(Months(1)), keeps=Periods(2), upgrade="next_period")
        account = visited(of, (100, "03-10"))

        assert tier(account, of, "04-01") == "silver"
        ends(account, of, "silver", "06-01")

    def test_in_the_next_period_for_a_time(self) -> None:
        """From 1 April for ten days: the last is 11 April."""
        of = club(window=Calendar(Months(1)), keeps=For(Days(10)), upgrade="next_period")
        account = visited(of, (100, "03-10"))

        assert tier(account, of, "04-01") == "silver"
        ends(account, of, "silver", "04-12")


class TestKeepingATier:
    def test_always(self) -> None:
        of = club(keeps=Always())

        assert tier(visited(of, (100, "01-02")), of, "2090-01-01") == "silver"

    def test_a_lifetime_tier_once_reached(self) -> None:
        """Gold is gone with its year; silver was passed on the way and stays."""
        of = club(Tier("silver", at=100, lifetime=True), GOLD, window=Calendar(Months(1)), keeps=Periods(0))
        account = visited(of, (250, "01-02"))

        assert (account.standing.tier, tier(account, of, "02-01"), tier(account, of, "2031-01-01")) == (
            "gold",
            "silver",
            "silver",
        )

    def test_a_time_and_the_grace_after_it(self) -> None:
        """Ten days from 2 January end with 12 January; three more with 15 January."""
        of = club(window=Rolling(Days(5)), keeps=For(Days(10)), grace=Days(3))

        ends(visited(of, (100, "01-02")), of, "silver", "01-16")

    def test_one_level_down_where_there_are_no_periods(self) -> None:
        """300 for ten days, then gold for ten from the review of 13 January, then silver."""
        of = club(window=Rolling(Days(5)), keeps=For(Days(10)), review="one_down")
        account = visited(of, (300, "01-02"))

        assert [tier(account, of, on) for on in ("01-12", "01-13", "01-23", "01-24", "02-03", "02-04")] == [
            "black",
            "gold",
            "gold",
            "silver",
            "silver",
            None,
        ]

    def test_a_better_running_window_wins_over_the_period_that_ended(self) -> None:
        """Reached in January, through February; 250 on the day of the review."""
        of = club(window=Calendar(Months(1)), keeps=Periods(1))
        account = visited(of, (100, "01-10"), (250, "03-01"))

        assert account.standing.tier == "gold"
        ends(account, of, "gold", "05-01")

    def test_a_tier_that_the_program_no_longer_has_counts_as_none(self) -> None:
        account = visited(club(), (100, "01-02"))
        revised = club(Tier("first", at=50))

        assert account.review(revised, at=day("01-03")).state.standing.tier == "first"

    def test_a_gap_of_years_is_judged_at_its_boundaries(self) -> None:
        of = club()
        account = visited(of, (250, "01-02"))
        changes = [event for event in account.settle(of, at=day("2036-01-01")).events if isinstance(event, TierChanged)]

        assert [(change.effective, change.after) for change in changes] == [(day("2028-01-01"), None)]


class TestProgress:
    def test_towards_a_threshold(self) -> None:
        found = visited(club(), (130, "01-02")).progress(club(), as_of=day("01-03"))

        assert (found.tier, found.next, found.have, found.needed, found.remaining, found.to_keep) == (
            "silver",
            "gold",
            130,
            200,
            70,
            0,
        )
        assert str(found) == "silver until 2028-01-01T00:00:00+00:00, 70 earned to gold"

    def test_what_is_missing_to_keep_the_tier(self) -> None:
        """In the new year nothing was earned yet."""
        of = club()
        found = visited(of, (130, "01-02")).progress(of, as_of=day("2027-02-01"))

        assert (found.tier, found.have, found.to_keep) == ("silver", 0, 100)

    def test_at_the_top(self) -> None:
        of = club(SILVER, keeps=Always())
        found = visited(of, (130, "01-02")).progress(of, as_of=day("01-03"))

        assert (found.next, found.needed, found.remaining, found.valid_until) == (None, None, None, None)
        assert str(found) == "silver"

    def test_towards_a_tier_by_rule_the_rule_is_shown_as_judged(self) -> None:
        of = club(Tier("top", when=field("tier.visits") >= 10))
        found = visited(of, (1, "01-02")).progress(of, as_of=day("01-03"))

        assert (found.next, found.remaining, found.to_keep) == ("top", None, None)
        assert found.verdict is not None
        assert found.verdict.answer is False
        assert str(found) == "no tier, a rule decides on top: 9 more for tier.visits is at least 10"

    def test_without_tiers(self) -> None:
        of = program(*RULES)
        found = opened(of).progress(of, as_of=START)

        assert (found.tier, found.next, str(found)) == (None, None, "no tier")


def test_days_of_a_tier_are_local_to_the_program() -> None:
    of = program(*RULES, tiers=[SILVER], tier_policy=TierPolicy(keeps=Periods(0)), tz=ZoneInfo("America/New_York"))
    account = opened(of)
    account = account.earn(Occasion("visit", "v", START, {"n": 100}), of, at=START).state

    assert account.standing.until == datetime(2026, 1, 1, 5, tzinfo=START.tzinfo)
