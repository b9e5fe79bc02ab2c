"""Two accounts that become one: what comes, what stays, which tier holds."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from strategies_loyalty import PLAIN, START, VISITS, adjusted, day, opened, program, remaining, sale, visit

from relex.calendars import Days, Months
from relex.errors import Conflict, InvalidValue, NotFound, Rejected
from relex.loyalty import (
    Account,
    AccountClosed,
    Calendar,
    EarningRule,
    Escrow,
    Flat,
    For,
    Inactive,
    Lifetime,
    PointsReceived,
    Program,
    Rolling,
    Tier,
    TierPolicy,
    WhileMet,
    absorb,
    leave,
    transfer,
)
from relex.rules import field

if TYPE_CHECKING:
    from relex.loyalty import Absorption

NOW = day("01-10")
IDLE = program(EarningRule("visit", Flat(10), on="visit"), expires=Inactive(Months(3)))
CLUB = program(EarningRule("visit", Flat(100), on="visit"), tiers=[Tier("silver", at=100), Tier("gold", at=200)])


def another(of: Program = PLAIN) -> Account:
    return Account.open("a2", customer="c2", program=of, at=START).state


def both(of: Program = PLAIN, account: Account | None = None, other: Account | None = None, **more: Any) -> Absorption:
    other = other or adjusted(another(of), of, 100, START)
    return absorb(account or opened(of), other, of, **({"at": NOW} | more))


def visited(account: Account, of: Program, *days: str) -> Account:
    for each in days:
        account = account.earn(visit(f"{account.id}:{each}", day(each)), of, at=day(each)).state
    return account


class TestRefusals:
    def test_of_itself(self) -> None:
        with pytest.raises(Rejected, match="same_account"):
            both(account=opened(PLAIN), other=opened(PLAIN))

    def test_of_another_program(self) -> None:
        with pytest.raises(Rejected, match="other_program"):
            both(other=another(Program("q", currency="USD")))

    def test_with_open_holds(self) -> None:
        other = adjusted(another(), PLAIN, 100, START).hold(10, PLAIN, id="h1", until=day("02-01"), at=START).state
        with pytest.raises(Rejected, match="open_holds") as caught:
            both(other=other)

        assert caught.value.details == {"holds": ("h1",)}

    @pytest.mark.parametrize("side", ["account", "other"])
    def test_of_a_suspended_account(self, side: str) -> None:
        account = opened(PLAIN) if side == "account" else another()
        with pytest.raises(Rejected, match="suspended"):
            both(**{side: account.suspend(at=START).state})

    @pytest.mark.parametrize("side", ["account", "other"])
    def test_of_an_account_that_ended(self, side: str) -> None:
        account = opened(PLAIN) if side == "account" else another()
        with pytest.raises(Rejected, match="closed"):
            both(**{side: account.close(PLAIN, at=START).state})

    def test_of_one_that_another_account_took_over(self) -> None:
        gone = both().other.state
        third = Account.open("a3", customer="c3", program=PLAIN, at=START).state
        with pytest.raises(Rejected, match="closed"):
            both(account=third, other=gone)

    def test_before_its_last_entry(self) -> None:
        other = adjusted(another(), PLAIN, 100, day("02-01"))
        with pytest.raises(Rejected, match="out_of_order") as caught:
            both(other=other)

        assert caught.value.details == {"at": NOW, "last": day("02-01")}

    @pytest.mark.parametrize("side", ["account", "other"])
    def test_before_an_account_was_there(self, side: str) -> None:
        late = Account.open("a9", customer="c", program=PLAIN, at=day("02-01")).state
        with pytest.raises(Rejected, match="before_enrollment"):
            both(**{side: late})

    def test_without_a_reason_that_is_text(self) -> None:
        with pytest.raises(InvalidValue, match=r"absorb\.reason"):
            both(reason=3)


class TestWhatComes:
    def test_all_that_was_there(self) -> None:
        mine, gone = both(reason="same person")

        assert remaining(mine.state, NOW) == [(100, None)]
        assert gone.events == (
            AccountClosed(source="a2", version=3, at=NOW, effective=NOW, reason="same person", into="a1"),
        )

    def test_an_empty_account(self) -> None:
        mine, gone = both(other=another())

        assert [event.moved for event in mine.events if isinstance(event, PointsReceived)] == [()]
        assert gone.state.status == "closed"

    def test_what_time_did_is_reported_on_both_sides(self) -> None:
        lapsing = program(expires=Days(3))
        mine, gone = both(lapsing, account=adjusted(opened(lapsing), lapsing, 5, START))

        assert [type(event).__name__ for event in mine.events] == ["PointsExpired", "PointsReceived"]
        assert [type(event).__name__ for event in gone.events] == ["PointsExpired", "AccountClosed"]

    def test_debts(self) -> None:
        other = another().redeem(30, PLAIN, id="r1", at=START, allow_debt=True).state
        mine, gone = both(account=adjusted(opened(PLAIN), PLAIN, 20, START), other=other)
        balance = mine.state.balance(as_of=NOW)

        assert (balance.available, balance.debt) == (0, 10)
        assert gone.state.balance(as_of=NOW).debt == 0
        assert mine.state.by_member().of("c1").received == -30

    def test_a_debt_that_pending_points_will_pay(self) -> None:
        waits = attrs.evolve(VISITS, pending=Days(20))
        other = visited(another(waits), waits, "01-02")
        other = other.redeem(4, waits, id="r1", at=day("01-03"), allow_debt=True).state
        mine, _ = both(waits, other=other)

        assert mine.state.balance(as_of=day("01-25")).available == 6

    def test_purchases_count(self) -> None:
        first = program(EarningRule("first", Flat(10), when=field("account.purchases") == 0))
        other = another(first).earn(sale("5.00"), first, at=START).state
        account, _ = both(first, other=other).account
        later, events = account.earn(sale("5.00", name="s2", at=day("01-11")), first, at=day("01-11"))

        assert events[-1].points == 0  # type: ignore[attr-defined]
        assert (later.purchases, later.purchases_at(NOW), later.purchases_at(START)) == (2, 1, 0)
        assert Account(later.events).purchases == 2

    def test_members_stay_as_they_are(self) -> None:
        other = another().add_member("kim", PLAIN, at=START).state

        assert [member.customer for member in both(other=other).account.state.members] == ["c1"]

    def test_a_member_who_joined_brings_their_points(self) -> None:
        account = opened(PLAIN).add_member("c2", PLAIN, at=START).state
        merged, _ = both(account=account)
        own, _ = Account.open("a3", customer="c2", program=PLAIN, at=NOW)
        _, took = leave("c2", merged.state, own, PLAIN, at=day("02-01"))

        assert merged.state.by_member().of("c2").received == 100
        assert took.state.balance(as_of=day("02-01")).available == 100

    def test_explaining_leads_to_the_other_account(self) -> None:
        account = both().account.state.redeem(10, PLAIN, id="r1", at=NOW).state

        assert [each.origin for each in account.explain("r1").allocations] == [("a2", "adjust:adj1")]
        assert account.explain("a2", "absorb").allocations[0].points == 100


class TestRepeating:
    def test_it_changes_nothing(self) -> None:
        mine, gone = both()
        again = both(account=mine.state, other=gone.state, at=day("02-01"))

        assert (again.account.events, again.other.events) == ((), ())

    def test_the_account_that_goes_on_is_made_up(self) -> None:
        mine, gone = both()
        again = both(other=gone.state, at=day("02-01"))

        assert again.other.events == ()
        assert again.account.events[-1].effective == NOW  # type: ignore[attr-defined]
        assert remaining(again.account.state, day("02-01")) == remaining(mine.state, day("02-01"))

    def test_the_account_that_ended_is_made_up(self) -> None:
        mine, gone = both()
        again = both(account=mine.state)

        assert again.account.events == ()
        assert again.other.state == gone.state

    def test_but_not_if_it_has_changed_since(self) -> None:
        mine, _ = both()
        with pytest.raises(Conflict):
            both(account=mine.state, other=adjusted(another(), PLAIN, 101, START))


class TestEnds:
    def test_lots_that_end_with_inactivity_go_on_doing_so(self) -> None:
        account = visited(both(IDLE).account.state, IDLE, "03-20")

        assert remaining(account, day("03-20")) == [(100, day("06-21")), (10, day("06-21"))]

    def test_the_later_activity_of_both_counts(self) -> None:
        other = visited(another(IDLE), IDLE, "01-09")
        mine, _ = both(IDLE, account=visited(opened(IDLE), IDLE, "01-02"), other=other)

        assert remaining(mine.state, NOW) == [(10, day("04-10")), (10, day("04-10"))]

    def test_the_own_activity_counts_when_it_is_later(self) -> None:
        other = visited(another(IDLE), IDLE, "01-02")
        mine, _ = both(IDLE, account=visited(opened(IDLE), IDLE, "01-09"), other=other)

        assert remaining(mine.state, NOW) == [(10, day("04-10")), (10, day("04-10"))]
        assert mine.events[-1].deadlines == ()  # type: ignore[attr-defined]

    def test_a_lapse_of_the_own_lots_does_not_end_what_comes(self) -> None:
        """The own lots lapsed on 04-02; the other was active on 03-01, and a redemption of its lot is undone."""
        account = visited(opened(IDLE), IDLE, "01-01")
        other = visited(another(IDLE), IDLE, "03-01")
        merged = both(IDLE, account=account, other=other, at=day("05-01")).account.state
        spent = merged.redeem(10, IDLE, id="r1", at=day("05-02")).state
        undone = spent.restore("r1", IDLE, at=day("05-03")).state

        assert remaining(undone, day("05-03")) == [(10, day("08-03"))]

    def test_a_lot_that_has_ended_before_it_starts_ends_when_it_starts(self) -> None:
        """Given on 01-02 for 01-22 and ended by 01-08 for want of activity: no activity of the other revives it."""
        waits = program(EarningRule("visit", Flat(10), on="visit"), expires=Inactive(Days(5)), pending=Days(20))
        other = visited(another(waits), waits, "01-02")
        mine, _ = both(waits, account=visited(opened(waits), waits, "01-09"), other=other)

        assert mine.state.balance(as_of=NOW).pending == 20
        assert mine.state.balance(as_of=day("01-22")).available == 0

    def test_an_end_that_was_put_off_stays(self) -> None:
        other = adjusted(another(IDLE), IDLE, 100, START)
        other = other.extend(IDLE, id="x1", to=day("12-01"), reason="illness", actor="eva", at=day("01-05")).state
        mine, _ = both(IDLE, other=other)

        assert [(100, day("12-01"))] == remaining(mine.state, NOW)


class TestEscrow:
    WAITS = program(
        EarningRule("visit", Flat(10), on="visit", pending=Escrow("done", within=Days(60))), expires=Days(9)
    )

    def test_what_waits_goes_on_waiting(self) -> None:
        mine, _ = both(self.WAITS, other=visited(another(self.WAITS), self.WAITS, "01-02"))
        account, _ = mine.state.activate(("visit", "a2:01-02"), self.WAITS, on="done", at=day("02-01"))

        assert mine.state.balance(as_of=NOW).pending == 10
        assert remaining(account, day("02-01")) == [(10, day("02-11"))]

    def test_it_is_found_among_other_things_that_came(self) -> None:
        gift = adjusted(Account.open("a3", customer="c3", program=self.WAITS, at=START).state, self.WAITS, 5, START)
        account = transfer(5, gift, opened(self.WAITS), self.WAITS, id="t1", at=day("01-02")).receiver.state
        mine, _ = both(self.WAITS, account=account, other=visited(another(self.WAITS), self.WAITS, "01-02"))

        assert mine.state.activate(("visit", "a2:01-02"), self.WAITS, on="done", at=day("02-01")).events

    def test_a_lapse_of_the_own_lots_does_not_end_what_waits(self) -> None:
        waits = attrs.evolve(self.WAITS, expires=Inactive(Days(9)))
        account = adjusted(opened(waits), waits, 5, START)
        mine, _ = both(waits, account=account, other=visited(another(waits), waits, "01-02"), at=day("02-01"))
        active = adjusted(mine.state, waits, 5, day("02-01"))
        active, _ = active.activate(("visit", "a2:01-02"), waits, on="done", at=day("02-02"))

        assert active.balance(as_of=day("02-02")).available == 15

    def test_what_did_not_come_is_canceled(self) -> None:
        mine, _ = both(self.WAITS, other=visited(another(self.WAITS), self.WAITS, "01-02"))
        balance = mine.state.balance(as_of=day("06-01"))

        assert (balance.pending, balance.available) == (0, 0)

    def test_what_did_not_come_was_not_earned_here(self) -> None:
        account = adjusted(opened(self.WAITS), self.WAITS, 5, START)
        mine, _ = both(self.WAITS, account=account, other=visited(another(self.WAITS), self.WAITS, "01-02"))
        after = mine.state.settle(self.WAITS, at=day("06-01")).state

        assert after.facts()["account.lifetime.points"] == 0
        assert [share.earned for share in after.by_member().shares] == [0]

    def test_another_occasion_is_not_found(self) -> None:
        mine, _ = both(self.WAITS, other=visited(another(self.WAITS), self.WAITS, "01-02"))
        with pytest.raises(NotFound):
            mine.state.activate(("visit", "a2:01-0"), self.WAITS, on="done", at=day("02-01"))


class TestTiers:
    def test_the_higher_tier_holds_to_its_own_end(self) -> None:
        other = visited(another(CLUB), CLUB, "01-02", "01-03")
        mine, _ = both(CLUB, account=visited(opened(CLUB), CLUB, "01-04"), other=other)
        standing = mine.state.standing

        assert (standing.tier, standing.until, standing.since) == ("gold", day("2028-01-01"), NOW)
        assert mine.events[-1].reason == "absorbed"  # type: ignore[attr-defined]

    def test_the_own_higher_tier_holds(self) -> None:
        mine, _ = both(
            CLUB, account=visited(opened(CLUB), CLUB, "01-02", "01-03"), other=visited(another(CLUB), CLUB, "01-04")
        )

        assert mine.state.standing.tier == "gold"
        assert [type(event).__name__ for event in mine.events] == ["PointsReceived"]

    def test_what_the_other_had_earned_is_not_measured_here(self) -> None:
        mine, _ = both(CLUB, other=visited(another(CLUB), CLUB, "01-02"))

        assert mine.state.progress(CLUB, as_of=NOW).have == 0

    def test_a_tier_for_life_stays_for_life(self) -> None:
        life = attrs.evolve(CLUB, tiers=[Tier("silver", at=100), Tier("gold", at=200, lifetime=True)])
        other = visited(another(life), life, "01-02", "01-03")
        far = both(life, other=other).account.state.review(life, at=day("2035-01-01")).state

        assert far.standing.tier == "gold"
        assert far.standing.kept == "gold"

    def test_a_tier_for_life_that_was_reached_long_ago_comes_too(self) -> None:
        life = attrs.evolve(CLUB, tiers=[Tier("silver", at=100, lifetime=True), Tier("gold", at=200)])
        other = visited(another(life), life, "01-02").settle(life, at=day("2029-01-01")).state
        mine, _ = both(life, other=other, at=day("2029-01-02"))

        assert (mine.state.standing.tier, mine.state.standing.earned) == ("silver", None)

    def test_a_higher_floor_comes_too(self) -> None:
        told: dict[str, Any] = {"at": START, "reason": "match", "actor": "eva"}
        other = another(CLUB).assign_tier("gold", CLUB, until=day("06-01"), **told).state
        account = opened(CLUB).assign_tier("silver", CLUB, **told).state
        mine, _ = both(CLUB, account=account, other=other)
        standing = mine.state.standing

        assert (standing.tier, standing.floor, standing.floor_until) == ("gold", "gold", day("06-01"))

    @pytest.mark.parametrize("turned", [False, True], ids=["own", "other"])
    def test_a_lower_floor_holds_after_the_higher_one(self, turned: bool) -> None:
        told: dict[str, Any] = {"at": START, "reason": "match", "actor": "eva"}
        ends = {"silver": None, "gold": day("06-01")}
        first, second = reversed(ends) if turned else ends
        account = opened(CLUB).assign_tier(first, CLUB, until=ends[first], **told).state
        other = another(CLUB).assign_tier(second, CLUB, until=ends[second], **told).state
        mine = both(CLUB, account=account, other=other).account.state
        later = mine.settle(CLUB, at=day("06-01")).state

        assert (mine.standing.tier, mine.standing.floors) == ("gold", (("gold", day("06-01")), ("silver", None)))
        assert (later.standing.tier, later.standing.floors) == ("silver", (("silver", None),))
        assert Account(later.events) == later

    def test_a_lower_floor_that_ends_sooner_stays_behind(self) -> None:
        told: dict[str, Any] = {"at": START, "reason": "match", "actor": "eva"}
        other = another(CLUB).assign_tier("silver", CLUB, until=day("05-01"), **told).state
        account = opened(CLUB).assign_tier("gold", CLUB, until=day("06-01"), **told).state
        mine, _ = both(CLUB, account=account, other=other)

        assert [type(event).__name__ for event in mine.events] == ["PointsReceived"]

    @pytest.mark.parametrize("turned", [False, True], ids=["own", "other"])
    def test_a_lower_tier_that_lasts_longer_holds_after_the_higher_one(self, turned: bool) -> None:
        year = attrs.evolve(CLUB, tier_policy=TierPolicy(window=Rolling(Months(12)), keeps=For(Months(12))))
        days = [("2025-05-10", "2025-05-20"), ("01-05",)]
        accounts = [
            Account.open(name, customer="c1", program=year, at=day("2025-01-01")).state
            for name in (("a2", "a1") if turned else ("a1", "a2"))
        ]
        gold, silver = [visited(account, year, *each) for account, each in zip(accounts, days, strict=True)]
        account, other = (silver, gold) if turned else (gold, silver)
        mine, _ = both(year, account=account, other=other)
        tiers = [mine.state.settle(year, at=at).state.standing.tier for at in (NOW, day("06-01"), day("2027-01-05"))]

        assert tiers == ["gold", "silver", "silver"]

    @pytest.mark.parametrize(
        ("window", "until"),
        [
            pytest.param(Calendar(Months(12)), day("2027-01-01"), id="calendar"),
            pytest.param(Rolling(Months(12)), day("2027-01-11"), id="rolling"),
            pytest.param(Lifetime(), None, id="lifetime"),
        ],
    )
    def test_a_tier_that_lasts_while_it_is_met_holds_for_a_window(self, window: Any, until: Any) -> None:
        met = attrs.evolve(CLUB, tier_policy=TierPolicy(window=window, keeps=WhileMet()))
        mine, _ = both(met, other=visited(another(met), met, "01-02"))
        standing = mine.state.standing

        assert (standing.tier, standing.floor, standing.floor_until) == ("silver", "silver", until)

    def test_no_tier_is_no_floor(self) -> None:
        met = attrs.evolve(CLUB, tier_policy=TierPolicy(keeps=WhileMet()))
        mine, _ = both(met)

        assert mine.state.standing.floor is None
        assert mine.state.settle(met, at=NOW + timedelta(days=1)).events == ()
