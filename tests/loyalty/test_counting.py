"""What counts for tiers and from when: adjustments that are marked, points that wait; and revisions of a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest
from strategies_loyalty import PLAIN, START, adjusted, day, opened, program, sale, visit

from relex.calendars import Days, Months
from relex.errors import Conflict, InvalidValue, NotFound, Rejected
from relex.loyalty import (
    Account,
    Calendar,
    EarningRule,
    Escrow,
    Flat,
    Lifetime,
    Never,
    PerAmount,
    Points,
    Rolling,
    SinceChange,
    Tier,
    TierChanged,
    TierPolicy,
    WhileMet,
)
from relex.purchases import Line, Return

if TYPE_CHECKING:
    from datetime import datetime

    from relex.changes import Change
    from relex.loyalty import Program

VISIT = EarningRule("visit", Flat(10), on="visit")
TIERS = (Tier("silver", at=10), Tier("gold", at=30))
CLUB = program(VISIT, tiers=TIERS, expires=Never())
WAITING = attrs.evolve(CLUB, pending=Days(20), tier_policy=TierPolicy(counts="activation"))


def adjust(account: Account, of: Program, points: int, text: str = "01-02", **more: Any) -> Change[Account]:
    said = {"id": "j", "reason": "late", "actor": "ann", "at": day(text)}
    return account.adjust(points, of, **(said | more))


def visited(of: Program, *texts: str) -> Account:
    account = opened(of)
    for text in texts:
        account = account.earn(visit(text, day(text)), of, at=day(text)).state
    return account


def changes(account: Account, of: Program, text: str = "12-01") -> list[tuple[datetime, str | None]]:
    account = account.settle(of, at=day(text)).state
    return [(event.effective, event.after) for event in account.events if isinstance(event, TierChanged)]


class TestMarkedAdjustments:
    @pytest.mark.parametrize(("marked", "expected"), [(False, 0), (True, 15)])
    def test_they_count_only_when_they_are_marked(self, marked: bool, expected: int) -> None:
        account = adjust(opened(CLUB), CLUB, 15, qualifying=marked).state

        assert (account.progress(CLUB, as_of=day("01-03")).have, account.standing.tier) == (
            expected,
            "silver" if marked else None,
        )

    def test_below_zero_as_well(self) -> None:
        of = attrs.evolve(CLUB, tier_policy=TierPolicy(keeps=WhileMet()))
        account = adjust(visited(of, "01-02"), of, -5, "01-03", qualifying=True).state

        assert (account.progress(of, as_of=day("01-03")).have, account.standing.tier) == (5, None)

    def test_points_of_a_qualifying_currency_always_count(self) -> None:
        of = attrs.evolve(
            CLUB, points=[Points("points"), Points("status", qualifying=True)], tier_policy=TierPolicy(measure="status")
        )
        account, events = adjust(opened(of), of, 15, currency="status")

        assert (events[0].qualifying, account.standing.tier) == (True, "silver")

    def test_those_of_another_currency_do_not_count_as_earned(self) -> None:
        of = attrs.evolve(CLUB, points=[Points("points"), Points("miles")])

        assert adjust(opened(of), of, 15, currency="miles", qualifying=True).state.standing.tier is None

    def test_they_leave_a_rolling_window(self) -> None:
        of = attrs.evolve(CLUB, tier_policy=TierPolicy(window=Rolling(Days(10)), keeps=WhileMet()))
        account = adjust(opened(of), of, 15, qualifying=True).state

        assert changes(account, of) == [(day("01-02"), "silver"), (day("01-12"), None)]

    def test_what_came_back_leaves_it_with_its_award(self) -> None:
        policy = TierPolicy(window=Rolling(Days(10)), keeps=WhileMet())
        of = attrs.evolve(CLUB, rules=[EarningRule("base", PerAmount(1, per="1.00"))], tier_policy=policy)
        account = opened(of).earn(sale(Line(1, "cup", 4, gross="40.00")), of, at=START).state
        back = Return("r", purchase="s1", at=day("01-05"), lines={1: 2})
        account = account.reverse(back, of, at=day("01-05")).state

        assert changes(account, of) == [(START, "gold"), (day("01-05"), "silver"), (day("01-11"), None)]

    def test_those_of_another_year_do_not_count(self) -> None:
        account = adjust(opened(CLUB), CLUB, 15, qualifying=True).state

        assert account.progress(CLUB, as_of=day("2027-01-03")).have == 0

    def test_the_mark_is_part_of_the_content(self) -> None:
        account = adjust(opened(CLUB), CLUB, 15).state

        assert adjust(account, CLUB, 15).events == ()
        with pytest.raises(Conflict):
            adjust(account, CLUB, 15, qualifying=True)


class TestReinstating:
    def expired(self) -> Account:
        return adjusted(opened(PLAIN), PLAIN, 50, START, ends=day("01-10"), name="old")

    def test_expired_points_come_back_as_a_lot_that_names_its_origin(self) -> None:
        account, events = adjust(self.expired(), PLAIN, 30, "01-12", lot="adjust:old")

        assert [type(event).__name__ for event in events] == ["PointsExpired", "PointsAdjusted"]
        assert (events[1].origin, account.balance(as_of=day("01-12")).available) == ("adjust:old", 30)

    def test_no_more_than_expired(self) -> None:
        account = adjust(self.expired(), PLAIN, 30, "01-12", lot="adjust:old").state

        with pytest.raises(Rejected) as refused:
            adjust(account, PLAIN, 30, "01-13", lot="adjust:old", id="j2")
        assert (refused.value.reason, refused.value.details) == ("more_than_expired", {"asked": 30, "remains": 20})

    def test_what_a_return_found_expired_does_not_come_back(self) -> None:
        of = program(EarningRule("base", PerAmount(1, per="1.00")), expires=Days(9))
        account = opened(of).earn(sale(Line(1, "cup", 4, gross="40.00")), of, at=START).state
        back = Return("r", purchase="s1", at=day("01-12"), lines={1: 1})
        account = account.reverse(back, of, at=day("01-12")).state

        with pytest.raises(Rejected, match="remains 30"):
            adjust(account, of, 31, "01-13", lot="purchase:s1")

    def test_the_currency_is_that_of_the_lot(self) -> None:
        of = attrs.evolve(PLAIN, points=[Points("points"), Points("miles")])
        account = adjusted(opened(of), of, 50, START, ends=day("01-10"), name="old", currency="miles")

        assert adjust(account, of, 30, "01-12", lot="adjust:old").events[-1].currency == "miles"
        with pytest.raises(InvalidValue, match=r"adjust\.currency.*miles"):
            adjust(account, of, 30, "01-12", lot="adjust:old", currency="points")

    def test_what_cannot_be(self) -> None:
        with pytest.raises(NotFound, match="lot"):
            adjust(self.expired(), PLAIN, 30, "01-12", lot="nope")
        with pytest.raises(InvalidValue, match=r"adjust\.lot"):
            adjust(self.expired(), PLAIN, -30, "01-12", lot="adjust:old")


class TestWaitingPoints:
    def test_by_default_they_count_from_the_earning(self) -> None:
        of = attrs.evolve(WAITING, tier_policy=TierPolicy())

        assert changes(visited(of, "01-02"), of)[0] == (day("01-02"), "silver")

    def test_or_from_the_activation(self) -> None:
        assert changes(visited(WAITING, "01-02"), WAITING) == [(day("01-22"), "silver")]

    def test_and_in_the_window_of_that_day(self) -> None:
        of = attrs.evolve(WAITING, tier_policy=TierPolicy(counts="activation", window=Calendar(Months(1))))
        account = visited(of, "01-20")

        assert account.progress(of, as_of=day("02-10")).have == 10
        assert account.progress(of, as_of=day("03-10")).have == 0

    def test_while_it_is_met(self) -> None:
        policy = TierPolicy(counts="activation", window=Rolling(Days(10)), keeps=WhileMet())
        of = attrs.evolve(WAITING, tier_policy=policy)

        assert changes(visited(of, "01-02"), of) == [(day("01-22"), "silver"), (day("02-01"), None)]

    def test_what_came_back_before_never_counts(self) -> None:
        base = EarningRule("base", PerAmount(1, per="1.00"))
        of = attrs.evolve(WAITING, rules=[base])
        account = opened(of).earn(sale(Line(1, "cup", 4, gross="40.00")), of, at=START).state
        back = Return("r", purchase="s1", at=day("01-05"), lines={1: 3})
        account = account.reverse(back, of, at=day("01-05")).state

        assert changes(account, of) == [(day("01-21"), "silver")]
        assert account.progress(of, as_of=day("01-22")).have == 10

    def test_rules_that_wait_and_rules_that_do_not(self) -> None:
        slow = EarningRule("slow", Flat(25), on="visit", pending=Days(5))
        of = attrs.evolve(WAITING, rules=[VISIT, slow], pending=None)

        assert changes(visited(of, "01-02"), of) == [(day("01-02"), "silver"), (day("01-07"), "gold")]

    def test_marked_adjustments_count_at_once(self) -> None:
        account = adjust(opened(WAITING), WAITING, 15, qualifying=True).state

        assert account.standing.tier == "silver"

    def test_after_the_last_change_only(self) -> None:
        policy = TierPolicy(counts="activation", window=SinceChange(), keeps=WhileMet())
        of = attrs.evolve(WAITING, tiers=[Tier("silver", at=20)], tier_policy=policy)
        account = visited(of, "01-02", "01-03")

        assert changes(account, of)[0] == (day("01-23"), "silver")

    def test_nothing_is_spread_where_all_came_back(self) -> None:
        of = attrs.evolve(WAITING, rules=[EarningRule("base", PerAmount(1, per="1.00"))])
        account = opened(of).earn(sale("40.00"), of, at=START).state
        back = Return("r", purchase="s1", at=day("01-05"), lines={1: 1})

        assert changes(account.reverse(back, of, at=day("01-05")).state, of) == []


class TestEscrow:
    ESCROW = attrs.evolve(CLUB, pending=Escrow(on="delivered", within=Days(20)))

    def test_points_that_are_canceled_count_no_more(self) -> None:
        of = attrs.evolve(self.ESCROW, tier_policy=TierPolicy(window=Lifetime(), keeps=WhileMet()))

        assert changes(visited(of, "01-02"), of) == [(day("01-02"), "silver"), (day("01-23"), None)]

    def test_those_that_are_activated_do(self) -> None:
        account = visited(self.ESCROW, "01-02")
        account = account.activate(("visit", "01-02"), self.ESCROW, on="delivered", at=day("01-05")).state

        assert account.progress(self.ESCROW, as_of=day("03-01")).have == 10

    def test_from_the_activation_where_the_policy_says_so(self) -> None:
        of = attrs.evolve(self.ESCROW, tier_policy=TierPolicy(counts="activation"))
        account = visited(of, "01-02")
        told = account.activate(("visit", "01-02"), of, on="delivered", at=day("01-05")).state

        assert changes(account, of) == []
        assert changes(told, of) == [(day("01-05"), "silver")]


class TestRevisions:
    """Rule 5 of tiers: recorded, not recomputed."""

    def test_a_review_may_lift_at_once(self) -> None:
        of = attrs.evolve(CLUB, version=2, tiers=[Tier("silver", at=5), Tier("gold", at=10)])
        account = visited(CLUB, "01-02").review(of, at=day("01-05")).state

        assert (account.standing.tier, account.events[-1].program_version) == ("gold", 2)

    def test_a_fall_waits_for_its_own_date(self) -> None:
        of = attrs.evolve(CLUB, version=2, tiers=[Tier("silver", at=1000)])
        account = visited(CLUB, "01-02").review(of, at=day("01-05")).state

        assert account.standing.tier == "silver"
        assert changes(account, of, "2030-01-01")[-1] == (day("2028-01-01"), None)

    def test_a_tier_that_is_no_more_ends_with_its_validity(self) -> None:
        of = attrs.evolve(CLUB, version=2, tiers=[Tier("platinum", at=1000)])
        account = visited(CLUB, "01-02").review(of, at=day("01-05")).state
        found = account.progress(of, as_of=day("01-06"))

        assert (found.tier, found.keeps, found.next, found.to_keep) == ("silver", "earned", "platinum", None)
        assert changes(account, of, "2030-01-01")[-1] == (day("2028-01-01"), None)
