"""Holds: what they take, how they end, what they refuse, and what every answer tells about them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from strategies_loyalty import PLAIN, START, adjusted, day, opened, program, sale, visit

from relex.calendars import Days, Months, Period
from relex.errors import Conflict, InvalidValue, NotFound, Rejected
from relex.loyalty import (
    Account,
    AccountClosed,
    Allocation,
    Cap,
    EarningRule,
    Flat,
    HoldCaptured,
    HoldLapsed,
    HoldVoided,
    Inactive,
    PerAmount,
    Periods,
    Points,
    PointsExpired,
    PointsHeld,
    Program,
    Restore,
    Tier,
    TierPolicy,
    WhileMet,
    advance,
)
from relex.purchases import Return

if TYPE_CHECKING:
    from relex.changes import Change

UNTIL = day("03-01")


def with_points(*lots: tuple[int, str | None], of: Program = PLAIN) -> Account:
    """An account with lots of (points, end) from 1 January."""
    account = opened(of)
    for number, (count, end) in enumerate(lots):
        account = adjusted(account, of, count, START, ends=None if end is None else day(end), name=f"lot{number}")
    return account


def held(points: int, account: Account | None = None, of: Program = PLAIN, **more: Any) -> Account:
    """An account of 100 points, of which some are held from 2 January until 1 March."""
    account = with_points((100, None), of=of) if account is None else account
    return account.hold(points, of, **{"id": "h", "until": UNTIL, "at": day("01-02")} | more).state


def numbers(account: Account, at: str) -> tuple[int, int, int, int]:
    balance = account.balance(as_of=day(at))
    return balance.posted, balance.held, balance.available, balance.debt


class TestTaking:
    def test_the_lots_that_end_first(self) -> None:
        account = held(70, with_points((50, "06-01"), (50, "02-01")))

        assert [(30, day("06-01"))] == [(lot.remaining, lot.expires_at) for lot in account.lots(as_of=day("01-02"))]

    def test_they_are_posted_and_not_available(self) -> None:
        assert numbers(held(60), "01-02") == (100, 60, 40, 0)

    def test_what_is_held_is_not_spent(self) -> None:
        with pytest.raises(Rejected, match="insufficient_points"):
            held(60).redeem(41, PLAIN, id="r", at=day("01-03"))

    def test_a_backdated_hold(self) -> None:
        account = with_points((100, None)).redeem(50, PLAIN, id="r", at=day("01-10")).state
        account = held(50, account, at=day("01-20"), effective=day("01-05"))

        assert numbers(account, "01-05") == (100, 50, 50, 0)
        assert numbers(account, "01-20") == (50, 50, 0, 0)

    def test_a_backdated_hold_that_others_need(self) -> None:
        account = with_points((100, None)).redeem(80, PLAIN, id="r", at=day("01-10")).state

        with pytest.raises(Rejected, match="breaks_later_entries") as refused:
            held(50, account, at=day("01-20"), effective=day("01-05"))
        assert refused.value.details == {"entries": ("r",)}

    def test_a_debit_before_it_leaves_it_uncovered(self) -> None:
        account = adjusted(held(60), PLAIN, -70, day("01-01", 1), now=day("01-05"), allow_debt=True)

        assert numbers(account, "01-05") == (30, 60, 0, 30)
        assert account.explain("h").owed == 30

    def test_points_that_come_cover_it(self) -> None:
        account = adjusted(held(60), PLAIN, -70, day("01-01", 1), now=day("01-05"), allow_debt=True)
        account = adjusted(account, PLAIN, 40, day("01-06"))

        assert numbers(account, "01-06") == (70, 60, 10, 0)
        assert numbers(account.void("h", PLAIN, at=day("01-07")).state, "01-07") == (100 - 70 + 40, 0, 70, 0)

    def test_what_it_owes_is_forgiven_before_lots_come_back(self) -> None:
        account = adjusted(held(60), PLAIN, -70, day("01-01", 1), now=day("01-05"), allow_debt=True)
        account = account.capture("h", PLAIN, points=20, at=day("01-07")).state

        assert numbers(account, "01-07") == (10, 0, 10, 0)

    def test_the_same_hold_again(self) -> None:
        assert held(60).hold(60, PLAIN, id="h", until=UNTIL, at=day("01-05")).events == ()

    @pytest.mark.parametrize(
        "other",
        [{"points": 61}, {"until": day("03-02")}, {"reward": "mug"}, {"purchase": "s1"}, {"effective": day("01-01")}],
        ids=["points", "until", "reward", "purchase", "effective"],
    )
    def test_another_hold_of_the_same_id(self, other: dict[str, Any]) -> None:
        asked = {"points": 60, "id": "h", "until": UNTIL, "at": day("01-05")} | other

        with pytest.raises(Conflict):
            held(60).hold(asked.pop("points"), PLAIN, **asked)

    def test_redemptions_and_holds_share_their_ids(self) -> None:
        redeemed = with_points((100, None)).redeem(60, PLAIN, id="h", at=day("01-02")).state

        with pytest.raises(Conflict):
            held(60, redeemed)
        with pytest.raises(Conflict):
            held(60).redeem(60, PLAIN, id="h", at=day("01-02"))

    @pytest.mark.parametrize(
        ("given", "error", "match"),
        [
            ({"points": 0}, InvalidValue, "hold.points"),
            ({"points": 1.5}, InvalidValue, "hold.points"),
            ({"id": ""}, InvalidValue, "hold.id"),
            ({"until": day("01-02")}, InvalidValue, "hold.until"),
            ({"until": datetime(2026, 5, 1)}, InvalidValue, "hold.until"),  # noqa: DTZ001 - naive on purpose
            ({"currency": "miles"}, InvalidValue, "hold.currency"),
            ({"purchase": ""}, InvalidValue, "hold.purchase"),
            ({"reward": 5}, InvalidValue, "hold.reward"),
            ({"effective": day("01-03")}, Rejected, "future"),
            ({"effective": day("2025-12-01")}, Rejected, "before_enrollment"),
            ({"member": "c9"}, NotFound, "member"),
        ],
        ids=["zero", "float", "id", "until", "naive", "currency", "purchase", "reward", "future", "before", "member"],
    )
    def test_bad_input(self, given: dict[str, Any], error: type[Exception], match: str) -> None:
        asked = {"points": 60, "id": "h", "until": UNTIL, "at": day("01-02")} | given

        with pytest.raises(error, match=match):
            with_points((100, None)).hold(asked.pop("points"), PLAIN, **asked)

    def test_a_suspended_account(self) -> None:
        account = held(60).suspend(at=day("01-03")).state
        commands = [
            lambda: account.hold(1, PLAIN, id="h2", until=UNTIL, at=day("01-04")),
            lambda: account.capture("h", PLAIN, at=day("01-04")),
            lambda: account.void("h", PLAIN, at=day("01-04")),
        ]
        for command in commands:
            with pytest.raises(Rejected, match="suspended"):
                command()


class TestEnding:
    def test_a_capture_in_full(self) -> None:
        account = held(60).capture("h", PLAIN, at=day("01-03")).state

        assert numbers(account, "01-03") == (40, 0, 40, 0)

    def test_the_last_lot_comes_back_first(self) -> None:
        account = held(80, with_points((50, "06-01"), (50, "09-01"))).capture("h", PLAIN, points=40, at=day("01-03"))
        left = account.state.lots(as_of=day("01-03"))

        assert [(10, day("06-01")), (50, day("09-01"))] == [(lot.remaining, lot.expires_at) for lot in left]

    def test_a_capture_twice_is_one(self) -> None:
        account = held(60).capture("h", PLAIN, points=50, at=day("01-03")).state

        assert account.capture("h", PLAIN, points=50, at=day("01-09")).events == ()
        assert account.capture("h", PLAIN, points=50, at=day("01-09"), effective=day("01-03")).events == ()

    def test_a_void_twice_is_one(self) -> None:
        account = held(60).void("h", PLAIN, at=day("01-03")).state

        assert account.void("h", PLAIN, at=day("01-09")).events == ()

    @pytest.mark.parametrize(
        ("first", "again", "reason"),
        [
            ({"points": 50}, {"points": 10}, "already_captured"),
            ({"points": 50}, {"points": 50, "effective": day("01-05")}, "already_captured"),
            ({"points": 50}, None, "already_captured"),
            (None, {"points": 50}, "already_voided"),
        ],
        ids=["other points", "other moment", "void", "after a void"],
    )
    def test_it_ends_once(self, first: dict[str, Any] | None, again: dict[str, Any] | None, reason: str) -> None:
        account = ended(held(60), first, day("01-03")).state

        with pytest.raises(Rejected, match=reason) as refused:
            ended(account, again, day("01-09"))
        assert {"hold": "h", "at": day("01-03")} == refused.value.details

    def test_a_void_of_another_moment(self) -> None:
        account = held(60).void("h", PLAIN, at=day("01-03")).state

        with pytest.raises(Rejected, match="already_voided"):
            account.void("h", PLAIN, at=day("01-09"), effective=day("01-05"))

    @pytest.mark.parametrize("how", [{"points": 5}, None], ids=["capture", "void"])
    def test_not_after_it_has_lapsed(self, how: dict[str, Any] | None) -> None:
        with pytest.raises(Rejected, match="lapsed") as refused:
            ended(held(60), how, UNTIL)

        assert refused.value.details == {"effective": UNTIL, "until": UNTIL}

    @pytest.mark.parametrize("how", [{"points": 5}, None], ids=["capture", "void"])
    def test_not_before_it_began(self, how: dict[str, Any] | None) -> None:
        with pytest.raises(Rejected, match="before_hold"):
            ended(held(60), {**(how or {}), "effective": day("01-01")} if how else how, day("01-01"))

    @pytest.mark.parametrize("name", ["other", "lot0", "r"])
    def test_what_is_no_hold(self, name: str) -> None:
        account = held(60).redeem(1, PLAIN, id="r", at=day("01-03")).state
        for command in (account.capture, account.void):
            with pytest.raises(NotFound, match=name):
                command(name, PLAIN, at=day("01-04"))

    @pytest.mark.parametrize("points", [0, -1, 1.5, True])
    def test_a_capture_of_no_number(self, points: Any) -> None:
        with pytest.raises(InvalidValue, match=r"capture\.points"):
            held(60).capture("h", PLAIN, points=points, at=day("01-03"))

    def test_a_capture_that_is_told_late(self) -> None:
        account = held(60).settle(PLAIN, at=day("03-05")).state
        account = account.capture("h", PLAIN, at=day("03-06"), effective=day("02-20")).state

        assert [event.points for event in account.events if isinstance(event, HoldLapsed)] == [60, -60]
        assert numbers(account, "03-06") == (40, 0, 40, 0)

    def test_a_capture_that_is_told_too_late(self) -> None:
        account = held(60).redeem(90, PLAIN, id="r", at=day("03-05")).state

        with pytest.raises(Rejected, match="breaks_later_entries"):
            account.capture("h", PLAIN, at=day("03-06"), effective=day("02-20"))


def ended(account: Account, how: dict[str, Any] | None, at: datetime) -> Change[Account]:
    if how is None:
        return account.void("h", PLAIN, at=at)
    return account.capture("h", PLAIN, at=at, **how)


class TestLapse:
    def test_at_its_instant(self) -> None:
        account = held(60)

        assert numbers(account, "02-28") == (100, 60, 40, 0)
        assert numbers(account, "03-01") == (100, 0, 100, 0)

    def test_the_points_can_be_spent_at_that_instant(self) -> None:
        change = held(60).redeem(100, PLAIN, id="r", at=UNTIL)

        assert [HoldLapsed] == [type(event) for event in change.events[:-1]]

    def test_what_ended_is_reported_once_for_all_holds(self) -> None:
        account = with_points((100, "02-01"))
        account = held(30, held(40, account), id="h2")
        change = account.settle(PLAIN, at=day("03-02"))
        told = [(type(event), event.points, event.effective) for event in change.events]

        assert [
            (PointsExpired, 30, day("02-01")),
            (HoldLapsed, 40, UNTIL),
            (HoldLapsed, 30, UNTIL),
            (PointsExpired, 70, UNTIL),
        ] == told

    def test_two_graces_of_one_lot(self) -> None:
        of = program(restore=Restore("grace", Days(10)))
        account = with_points((100, "02-01"), of=of)
        account = held(40, account, of=of)
        account = held(30, account, of=of, id="h2", until=day("03-05"))

        assert ((day("03-12"), 40),) == account.balance(as_of=UNTIL).expiring
        assert ((day("03-12"), 70),) == account.balance(as_of=day("03-05")).expiring

    def test_debts_are_paid_in_the_order_of_time(self) -> None:
        of = program(EarningRule("v", Flat(10), on="visit", pending=Days(58)))
        account = held(60, with_points((100, None), of=of), of=of)
        account = account.earn(visit("v1", START), of, at=day("01-02")).state
        account = account.redeem(45, of, id="a", at=day("01-03"), allow_debt=True).state
        account = account.redeem(10, of, id="b", at=day("01-04"), allow_debt=True).state
        paid = account.settle(of, at=day("03-02")).state.explain("a").allocations

        assert ("paid", "visit:v1", 5, day("02-28")) == (paid[-1].what, paid[-1].lot, paid[-1].points, paid[-1].at)


class TestInactivity:
    IDLE = program(EarningRule("v", Flat(5), on="visit"), expires=Inactive(Days(20)))

    def spending(self) -> Account:
        account = opened(self.IDLE).earn(visit("v1", START), self.IDLE, at=START).state
        return account.earn(visit("v2", START), self.IDLE, at=START).state

    def test_a_capture_is_a_redemption(self) -> None:
        account = held(5, self.spending(), of=self.IDLE)
        account = account.capture("h", self.IDLE, at=day("01-15")).state

        assert ((day("02-05"), 5),) == account.balance(as_of=day("01-15")).expiring

    def test_a_hold_alone_is_not(self) -> None:
        assert ((day("01-22"), 5),) == held(5, self.spending(), of=self.IDLE).balance(as_of=day("01-15")).expiring

    def test_a_capture_revives_nothing(self) -> None:
        account = held(10, self.spending(), of=self.IDLE)
        change = account.capture("h", self.IDLE, points=7, at=day("01-30"))

        assert change.events[-1].points == 3
        assert change.state.balance(as_of=day("01-30")).posted == 0

    def test_an_activity_revives_nothing_that_is_held(self) -> None:
        account = held(10, self.spending(), of=self.IDLE)
        account = account.earn(visit("v3", day("01-30")), self.IDLE, at=day("01-30")).state
        account = account.void("h", self.IDLE, at=day("01-31")).state

        assert account.balance(as_of=day("01-31")).posted == 5

    def test_nor_what_a_redemption_took(self) -> None:
        account = self.spending().redeem(10, self.IDLE, id="r", at=day("01-02")).state
        account = account.earn(visit("v3", day("01-30")), self.IDLE, at=day("01-30")).state
        account = account.restore("r", self.IDLE, at=day("01-31")).state

        assert account.balance(as_of=day("01-31")).posted == 5

    def test_in_time_it_comes_back_to_the_moved_end(self) -> None:
        account = held(10, self.spending(), of=self.IDLE)
        account = account.earn(visit("v3", day("01-20")), self.IDLE, at=day("01-20")).state
        account = account.void("h", self.IDLE, at=day("01-25")).state

        assert ((day("02-10"), 15),) == account.balance(as_of=day("01-25")).expiring


class TestReturns:
    SHOP = program(EarningRule("base", PerAmount(1, per="1.00")))

    def test_points_of_an_award_that_are_held_count_as_spent(self) -> None:
        account = opened(self.SHOP).earn(sale("100.00", at=START), self.SHOP, at=START).state
        account = held(60, account, of=self.SHOP)
        back = Return("b", purchase="s1", at=day("01-05"), lines={1: 1})
        change = account.reverse(back, self.SHOP, at=day("01-05"))

        assert (change.events[-1].points, change.events[-1].uncollected) == (40, 60)
        assert numbers(change.state, "01-05") == (60, 60, 0, 0)

    def test_a_captured_hold_is_restored(self) -> None:
        account = held(60).capture("h", PLAIN, points=50, at=day("01-03")).state

        assert numbers(account.restore("h", PLAIN, points=20, at=day("01-04")).state, "01-04") == (70, 0, 70, 0)
        with pytest.raises(Rejected, match="more_than_redeemed"):
            account.restore("h", PLAIN, points=51, at=day("01-04"))

    @pytest.mark.parametrize("voided", [False, True])
    def test_a_hold_that_spent_nothing_is_not(self, voided: bool) -> None:
        account = held(60)
        account = account.void("h", PLAIN, at=day("01-03")).state if voided else account

        with pytest.raises(NotFound, match="redemption"):
            account.restore("h", PLAIN, at=day("01-04"))

    def test_an_order_that_was_paid_with_a_hold_comes_back(self) -> None:
        account = adjusted(opened(self.SHOP), self.SHOP, 100, START)
        account = account.earn(sale("100.00", at=START), self.SHOP, at=START).state
        account = held(80, account, of=self.SHOP, purchase="s1")
        account = account.capture("h", self.SHOP, points=60, at=day("01-03")).state
        back = Return("b", purchase="s1", at=day("01-05"), lines={1: 1})
        account = account.refund(back, self.SHOP, at=day("01-05")).state

        assert numbers(account, "01-05") == (100, 0, 100, 0)


class TestAnswers:
    def test_facts(self) -> None:
        facts = held(60).facts()

        assert (facts["account.balance.points"], facts["account.held.points"]) == (40, 60)

    def test_explain_tells_of_the_hold(self) -> None:
        account = held(80, with_points((50, "06-01"), (50, "09-01"))).capture("h", PLAIN, points=40, at=day("01-03"))
        found = account.state.explain("h")

        assert isinstance(found.entry, PointsHeld)
        assert (
            Allocation(what="took", lot="adjust:lot0", points=50, at=day("01-02")),
            Allocation(what="took", lot="adjust:lot1", points=30, at=day("01-02")),
            Allocation(what="released", lot="adjust:lot1", points=30, at=day("01-03")),
            Allocation(what="released", lot="adjust:lot0", points=10, at=day("01-03")),
        ) == found.allocations

    def test_explain_tells_of_its_end_when_asked(self) -> None:
        account = held(60).void("h", PLAIN, at=day("01-03")).state

        assert HoldVoided is type(account.explain("h", kind="void").entry)

    def test_a_statement(self) -> None:
        account = with_points((100, "02-01"))
        account = held(60, account).capture("h", PLAIN, points=10, at=day("01-10")).state
        account = held(20, account, id="h2", at=day("01-15"))
        rows = account.statement(Period(day("01-01"), day("04-01"))).rows

        assert [(row.what, row.available, row.held) for row in rows] == [
            ("PointsAdjusted", 100, 0),
            ("PointsHeld", -60, 60),
            ("HoldCaptured", 50, -60),
            ("PointsHeld", -20, 20),
            ("expired", -70, 0),
            ("released", 20, -20),
            ("expired", -20, 0),
        ]

    def test_a_statement_of_a_hold_that_lapses_in_debt(self) -> None:
        account = adjusted(held(60), PLAIN, -70, day("01-01", 1), now=day("01-05"), allow_debt=True)
        rows = account.statement(Period(day("02-01"), day("04-01"))).rows

        assert [(row.what, row.available, row.held, row.debt) for row in rows] == [
            ("forgiven", 0, -30, -30),
            ("released", 30, -30, 0),
        ]

    def test_a_balance_that_is_known_later(self) -> None:
        account = held(60).capture("h", PLAIN, at=day("01-10"), effective=day("01-05")).state
        known = account.balance(as_of=day("01-06"), known_at=day("01-07"))

        assert (known.held, account.balance(as_of=day("01-06")).held) == (60, 0)

    def test_a_limit_of_the_balance_counts_what_is_held(self) -> None:
        of = program(EarningRule("v", Flat(50), on="visit"), caps=[Cap(balance=120)])
        account = held(60, with_points((100, None), of=of), of=of)

        assert account.earn(visit("v1", day("01-03")), of, at=day("01-03")).events[-1].points == 20

    def test_a_tier_on_the_balance_counts_what_is_held(self) -> None:
        of = program(tiers=[Tier("rich", at=80)], tier_policy=TierPolicy(measure="balance", keeps=WhileMet()))
        account = held(60, with_points((100, None), of=of), of=of)

        assert account.standing.tier == "rich"
        assert None is account.capture("h", of, at=day("01-03")).state.standing.tier


class TestClosing:
    def test_what_is_held_goes_out_with_the_rest(self) -> None:
        change = held(60).close(PLAIN, at=day("01-03"))
        book = change.state._ledger.books["points"]

        assert [AccountClosed] == [type(event) for event in change.events]
        assert (book.out, book.held, book.holds) == (100, 0, ())
        assert numbers(change.state, "04-01") == (0, 0, 0, 0)

    def test_it_counts_as_points_that_are_left(self) -> None:
        with pytest.raises(Rejected, match="points_left") as refused:
            held(100).close(PLAIN, at=day("01-03"), empty=True)

        assert refused.value.details == {"points": 100}

    def test_nothing_ends_after_that(self) -> None:
        account = held(60).close(PLAIN, at=day("01-03")).state

        with pytest.raises(Rejected, match="closed"):
            account.capture("h", PLAIN, at=day("01-04"))
        assert account.settle(PLAIN, at=day("04-01")).events == ()


class TestJobsOfTheDay:
    def test_the_order_at_one_instant(self) -> None:
        of = program(
            EarningRule("v", Flat(10), on="visit", pending=Days(59)),
            tiers=[Tier("rich", at=100)],
            tier_policy=TierPolicy(measure="balance", keeps=WhileMet()),
        )
        account = with_points((60, None), (40, "03-01"), of=of)
        account = account.earn(visit("v1", START), of, at=START).state
        account = account.hold(30, of, id="h", until=UNTIL, at=day("01-02")).state
        found = advance(account, of, until=UNTIL).events

        assert [type(event).__name__ for event in found] == [
            "PointsMatured",
            "HoldLapsed",
            "PointsExpired",
            "TierChanged",
        ]

    def test_idle_years_cost_nothing(self) -> None:
        account = held(60)

        assert advance(account, PLAIN, until=day("2027-01-01")).events == tuple(
            event_at(event, day("2027-01-01")) for event in advance(account, PLAIN, until=day("2036-01-01")).events
        )

    def test_another_program(self) -> None:
        with pytest.raises(Rejected, match="other_program"):
            advance(held(60), Program("q", currency="USD"), until=UNTIL)


def event_at(event: Any, at: datetime) -> Any:

    return attrs.evolve(event, at=at)


def test_an_end_that_arrives_before_its_hold_waits_for_it() -> None:
    account = held(60).capture("h", PLAIN, points=50, at=day("01-03")).state
    first, hold, end = account.events[1:]
    state = opened(PLAIN)

    for version, event in enumerate((end, first, hold), 2):
        state = Account.evolve(state, attrs.evolve(event, version=version))

    assert isinstance(end, HoldCaptured)
    assert account.balance(as_of=day("01-03")) == state.balance(as_of=day("01-03"))


def test_a_grace_after_months() -> None:
    of = program(restore=Restore("grace", Months(1)))
    account = held(60, with_points((100, "02-01"), of=of), of=of)

    assert ((day("04-02"), 60),) == account.balance(as_of=UNTIL + timedelta(hours=1)).expiring


class TestReviewsAndEnds:
    """A review at the instant at which points end counts them; a tier that lasts only while it is met does not."""

    def rich(self, keeps: Any) -> Account:
        of = self.club(keeps)
        account = with_points((100, "2027-01-01"), of=of)
        return account.settle(of, at=day("2027-01-01")).state

    @staticmethod
    def club(keeps: Any) -> Program:
        return program(tiers=[Tier("rich", at=80)], tier_policy=TierPolicy(measure="balance", keeps=keeps))

    def test_a_review_comes_before_the_ends(self) -> None:
        account = self.rich(Periods(0))

        assert [type(event).__name__ for event in account.events[-2:]] == ["TierChanged", "PointsExpired"]
        assert ("rich", day("2028-01-01")) == (account.standing.tier, account.standing.until)

    def test_while_it_is_met_it_is_judged_after_them(self) -> None:
        assert None is self.rich(WhileMet()).standing.tier

    def test_what_lapses_then_counts(self) -> None:
        of = self.club(Periods(0))
        account = with_points((100, None), of=of)
        account = held(90, account, of=of, until=day("2027-01-01"))
        account = account.settle(of, at=day("2027-01-01")).state

        assert [type(event).__name__ for event in account.events[-2:]] == ["HoldLapsed", "TierChanged"]
        assert list(range(1, account.version + 1)) == [event.version for event in account.events]


def test_a_new_lot_of_points_that_end_with_inactivity_has_an_end() -> None:
    of = program(EarningRule("v", Flat(10), on="visit"), expires=Inactive(Days(20)), restore=Restore("reissue"))
    account = opened(of).earn(visit("v1", START), of, at=START).state
    account = held(10, account, of=of).void("h", of, at=day("02-01")).state

    assert account.balance(as_of=day("02-01")).expiring == ((day("02-22"), 10),)


class TestInOrder:
    """What stands in its order is posted on the state; only what comes late folds the whole history again."""

    def test_the_life_of_a_hold_folds_nothing_again(self) -> None:
        account = held(60, held(30, id="a")).capture("h", PLAIN, points=50, at=day("01-03")).state
        account = account.void("a", PLAIN, at=day("01-04")).state.settle(PLAIN, at=day("04-01")).state

        assert account._order is None
        assert Account.replay(account.events)._order is None

    def test_an_end_that_comes_late_does(self) -> None:
        account = held(30, held(60), id="h1", at=day("01-04"))

        assert account.capture("h", PLAIN, at=day("01-05"), effective=day("01-03")).state._order is not None


def test_points_of_status_are_not_held() -> None:
    of = program(points=[Points("points"), Points("status", qualifying=True)])

    with pytest.raises(Rejected, match="not_redeemable") as refused:
        opened(of).hold(1, of, id="h", until=UNTIL, at=day("01-02"), currency="status")
    assert refused.value.details == {"asked": "status", "allowed": ("points",)}
