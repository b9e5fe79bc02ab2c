"""Playing recorded histories: what is judged anew, what is done as it was, what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from strategies_loyalty import START, adjusted, day, opened, program, sale, visit

from relex.calendars import Days, Months
from relex.errors import Conflict, InvalidValue
from relex.loyalty import (
    Account,
    AsRecorded,
    Budget,
    Cap,
    EarningRule,
    Escrow,
    Flat,
    MemberHistory,
    PerAmount,
    Points,
    PointsHeld,
    PointsRedeemed,
    Tier,
    absorb,
    history_of,
    leave,
    simulate,
    transfer,
)
from relex.purchases import Return
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from relex.loyalty import MemberOutcome, Simulation

BASE = EarningRule("base", PerAmount(1, per="1.00"))
TODAY = program(BASE, EarningRule("visit", Flat(10), on="visit"), tiers=[Tier("silver", at=50)])
HALF = program(EarningRule("base", PerAmount(1, per="2.00")), version=2)
END = day("12-31")


def bought(amount: str = "100.00", name: str = "s1", at: str = "01-02") -> Any:
    return sale(amount, name=name, at=day(at))


def tried(account: Account, *log: Any, of: Any = HALF, **more: Any) -> Simulation:
    return simulate(of, [history_of(account, log)], until=END, **more)


def only(found: Simulation) -> MemberOutcome:
    (member,) = found.members
    return member


def redeemed(points: int, at: datetime, name: str = "r1") -> PointsRedeemed:
    return PointsRedeemed(source="a1", version=1, at=at, effective=at, id=name, currency="points", points=points)


def earned(*sales: Any) -> Account:
    account = opened(TODAY)
    for each in sales:
        account = account.earn(each, TODAY, at=each.at).state
    return account


class TestHistories:
    def test_an_account_is_opened_with_its_first_entry(self) -> None:
        found = simulate(TODAY, [MemberHistory(account="a1", entries=[bought()], customer="ada")], until=END)

        assert (only(found).account, only(found).customer, only(found).earned) == ("a1", "ada", 100)

    def test_a_member_who_had_not_begun_is_left_out(self) -> None:
        late = MemberHistory(account="a1", entries=[bought()])
        empty = MemberHistory(account="b1", entries=[])
        unopened = MemberHistory(account="c1", entries=[], opened_at=END + timedelta(days=1))

        assert simulate(TODAY, [late, empty, unopened], until=day("01-01")).members == ()

    def test_a_member_without_entries_is_there_once_the_account_is_open(self) -> None:
        history = MemberHistory(account="a1", entries=[], opened_at=START)

        assert only(simulate(TODAY, [history], until=END)).kept == 0

    def test_entries_that_were_recorded_later_are_left_out(self) -> None:
        later = AsRecorded(bought(name="s2", at="01-03"), END + timedelta(days=1))
        history = MemberHistory(account="a1", entries=[bought(), later])

        assert only(simulate(TODAY, [history], until=END)).earned == 100

    def test_an_entry_out_of_order_is_a_late_one(self) -> None:
        rule = EarningRule("first", Flat(7), when=field("account.purchases") == 0)
        history = MemberHistory(
            account="a1", entries=[bought(at="03-01"), bought(name="s2", at="02-01")], opened_at=START
        )

        assert only(simulate(program(rule), [history], until=END)).earned == 14

    def test_facts_of_the_customer_are_those_of_the_entry_or_of_the_history(self) -> None:
        rule = EarningRule("young", Flat(7), when=field("customer.age") < 30)
        entries = [bought(), AsRecorded(bought(name="s2"), day("01-02"), facts={"age": 31})]
        history = MemberHistory(account="a1", entries=entries, facts={"age": 20})

        assert only(simulate(program(rule), [history], until=END)).earned == 7

    @pytest.mark.parametrize("entry", [3, "s1"])
    def test_what_is_no_entry_is_refused(self, entry: object) -> None:
        with pytest.raises(InvalidValue, match=r"simulate\.entry"):
            simulate(TODAY, [MemberHistory(account="a1", entries=[entry])], until=END)

    def test_an_object_that_has_an_instant_and_cannot_earn_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match="a purchase, return, occasion, or event of an account"):
            simulate(TODAY, [MemberHistory(account="a1", entries=[AsRecorded(3, START)])], until=END)

    def test_anything_of_the_shape_of_an_occasion_earns(self) -> None:
        class Stay:
            kind, id, at = "visit", "v1", day("01-02")

            def facts(self) -> dict[str, Any]:
                return {}

        assert only(simulate(TODAY, [MemberHistory(account="a1", entries=[Stay()])], until=END)).earned == 10

    def test_one_id_with_two_contents_is_a_conflict(self) -> None:
        history = MemberHistory(account="a1", entries=[bought(), bought("7.00")])

        with pytest.raises(Conflict):
            simulate(TODAY, [history], until=END)

    def test_an_account_is_opened_by_the_event_that_opened_it(self) -> None:
        account = earned(bought()).redeem(30, TODAY, id="r1", at=day("02-01")).state
        opened_, _, *rest = account.events
        found = simulate(TODAY, [MemberHistory(account="a1", entries=[opened_, bought(), *rest])], until=END)

        assert (only(found).customer, only(found).redeemed, found.refused) == ("c1", 30, ())

    def test_nothing_is_played_of_a_member_whose_account_is_opened_later(self) -> None:
        late = MemberHistory(account="a1", entries=[bought()], opened_at=END + timedelta(days=1))

        assert simulate(TODAY, [late], until=END).refused == ()

    @pytest.mark.parametrize(
        ("more", "path"),
        [
            pytest.param({"entries": "s1"}, "MemberHistory.entries", id="text"),
            pytest.param({"entries": None}, "MemberHistory.entries", id="nothing"),
            pytest.param({"entries": (), "facts": 3}, "MemberHistory.facts", id="facts"),
        ],
    )
    def test_a_history_that_does_not_fit_names_the_field(self, more: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as error:
            MemberHistory(account="a1", **more)

        assert path == error.value.path

    def test_what_the_log_raises_names_the_account(self) -> None:
        def log() -> Iterator[Any]:
            yield bought()
            raise OSError("gone")

        with pytest.raises(OSError, match="gone") as error:
            simulate(TODAY, [MemberHistory(account="a1", entries=log())], until=END)

        assert error.value.__notes__ == ["in the history of account a1"]

    def test_what_the_program_refuses_is_counted_and_the_rest_goes_on(self) -> None:
        history = MemberHistory(
            account="a1",
            entries=[
                bought(at="02-01"),
                bought(name="s2", at="01-02"),
                Return("r", purchase="x", at=END, lines={1: 1}),
            ],
        )
        found = simulate(TODAY, [history], until=END)

        assert found.earned == 100
        assert found.refused == (
            (("Return", "not_found:award or redemption for purchase"), 1),
            (("purchase", "before_enrollment"), 1),
        )


class TestRedemptions:
    def test_what_is_not_covered_is_owed_and_listed(self) -> None:
        account = earned(bought()).redeem(80, TODAY, id="r1", at=day("02-01")).state
        found = tried(account, bought())

        assert (only(found).redeemed, only(found).debt, only(found).outstanding) == (80, 30, -30)
        assert [str(each) for each in found.shortfalls] == ["a1, r1 on 2026-02-01: 30 of 80 points were not there"]

    def test_or_left_out_and_listed(self) -> None:
        account = earned(bought()).redeem(80, TODAY, id="r1", at=day("02-01")).state
        account = account.restore("r1", TODAY, at=day("02-02")).state
        found = tried(account, bought(), shortfall="drop")

        assert (only(found).redeemed, only(found).available) == (0, 50)
        assert len(found.shortfalls) == 1
        assert found.refused == ((("RedemptionRestored", "not_found:redemption"), 1),)

    def test_without_any_points_all_of_it_is_short(self) -> None:
        event = PointsRedeemed(source="a1", version=1, at=END, effective=END, id="r1", currency="points", points=5)
        found = simulate(TODAY, [MemberHistory(account="a1", entries=[event])], until=END)

        assert found.shortfalls[0].short == 5

    @pytest.mark.parametrize(("shortfall", "spent", "debt"), [("debt", 60, 10), ("drop", 30, 0)])
    def test_a_late_one_that_leaves_a_later_one_uncovered_is_listed(
        self, shortfall: str, spent: int, debt: int
    ) -> None:
        late = AsRecorded(redeemed(30, day("02-01"), "late"), day("03-02"))
        history = MemberHistory(account="a1", entries=[bought(), redeemed(30, day("03-01")), late])
        found = simulate(HALF, [history], until=END, shortfall=shortfall)

        assert (only(found).redeemed, only(found).debt) == (spent, debt)
        assert [str(each) for each in found.shortfalls] == ["a1, late on 2026-02-01: 10 of 30 points were not there"]

    def test_one_that_is_given_twice_is_made_and_listed_once(self) -> None:
        twice = [redeemed(80, day("02-01"))] * 2
        covered = simulate(TODAY, [MemberHistory(account="a1", entries=[bought(), *twice])], until=END)
        short = simulate(HALF, [MemberHistory(account="a1", entries=[bought(), *twice])], until=END)

        assert (only(covered).redeemed, covered.shortfalls) == (80, ())
        assert (only(short).redeemed, len(short.shortfalls)) == (80, 1)

    def test_one_that_is_refused_is_not_listed_as_owed(self) -> None:
        history = MemberHistory(account="a1", entries=[redeemed(80, day("01-01"))], opened_at=day("01-02"))
        found = simulate(TODAY, [history], until=END)

        assert found.shortfalls == ()
        assert found.refused == ((("PointsRedeemed", "before_enrollment"), 1),)

    def test_points_that_the_program_does_not_have_are_refused(self) -> None:
        account = earned(bought()).redeem(30, TODAY, id="r1", at=day("02-01")).state
        account = adjusted(adjusted(account, TODAY, 5, day("02-02"), name="x"), TODAY, -5, day("02-03"), name="y")
        stars = program(BASE, points=[Points("stars")], version=2)
        found = tried(account, bought(), of=stars)

        assert found.earned == 100
        assert found.refused == (
            (("PointsAdjusted", "not_found:points"), 2),
            (("PointsRedeemed", "not_found:points"), 1),
        )

    def test_what_was_done_by_hand_and_is_given_twice_is_done_once(self) -> None:
        events = adjusted(opened(TODAY), TODAY, 80, day("02-01"), name="x").events[1:]
        other = [attrs.evolve(events[0], points=70)]
        history = MemberHistory(account="a1", customer="c1", entries=[*events, *events], opened_at=START)

        assert only(simulate(TODAY, [history], until=END)).added == 80
        with pytest.raises(Conflict):
            simulate(TODAY, [attrs.evolve(history, entries=[*events, *other])], until=END)

    def test_what_was_taken_by_hand_and_is_not_covered_is_listed_too(self) -> None:
        account = adjusted(earned(bought()), TODAY, -80, day("02-01"), name="x")

        assert only(tried(account, bought())).debt == 30
        assert only(tried(account, bought(), shortfall="drop")).out == 0

    def test_what_was_added_by_hand_keeps_its_end(self) -> None:
        account = adjusted(opened(TODAY), TODAY, 80, day("02-01"), ends=day("03-01"))
        member = only(tried(account))

        assert (member.added, member.expired, member.kept) == (80, 80, 0)


class TestHolds:
    def held(self) -> Account:
        return earned(bought()).hold(80, TODAY, id="h1", until=day("03-01"), at=day("02-01")).state

    def test_a_hold_that_is_covered_ends_as_it_did(self) -> None:
        held = self.held()
        captured = held.capture("h1", TODAY, at=day("02-02"), points=60).state
        voided = held.void("h1", TODAY, at=day("02-02")).state

        assert only(tried(captured, bought(), of=TODAY)).redeemed == 60
        assert only(tried(voided, bought(), of=TODAY)).available == 100
        assert only(tried(held.settle(TODAY, at=END).state, bought(), of=TODAY)).available == 100

    def test_an_open_hold_is_outstanding(self) -> None:
        found = simulate(TODAY, [history_of(self.held(), [bought()])], until=day("02-15"))

        assert (only(found).held, only(found).available, found.outstanding) == (80, 20, 100)

    def test_one_that_is_not_covered_is_owed_once_and_given_back_as_far_as_it_was(self) -> None:
        held = self.held()
        captured = held.capture("h1", TODAY, at=day("02-02"), points=60).state
        whole = held.capture("h1", TODAY, at=day("02-02")).state
        lapsed = held.settle(TODAY, at=END).state

        assert (only(tried(captured, bought())).redeemed, only(tried(captured, bought())).debt) == (60, 10)
        assert len(tried(captured, bought()).shortfalls) == 1
        assert only(tried(whole, bought())).redeemed == 80
        assert (only(tried(lapsed, bought())).redeemed, only(tried(lapsed, bought())).available) == (0, 50)

    def test_what_is_owed_for_one_that_nobody_ended_goes_back_when_it_times_out(self) -> None:
        history = history_of(self.held(), [bought()])
        open_ = only(simulate(HALF, [history], until=day("02-20")))
        lapsed = only(simulate(HALF, [history], until=END))

        assert (open_.redeemed, open_.debt) == (80, 30)
        assert (lapsed.redeemed, lapsed.debt, lapsed.available) == (0, 0, 50)

    def test_points_that_went_back_can_be_spent_by_the_next_entry(self) -> None:
        events = [each for each in self.held().events if type(each) is PointsHeld]
        spent = attrs.evolve(redeemed(40, day("03-02")), member="c1")
        history = MemberHistory(account="a1", customer="c1", opened_at=START, entries=[bought(), *events, spent])
        found = simulate(HALF, [history], until=END)

        assert (only(found).redeemed, only(found).available) == (40, 10)
        assert [each.id for each in found.shortfalls] == ["h1"]

    def test_one_that_is_given_twice_is_made_once(self) -> None:
        events = [each for each in self.held().events if type(each) is PointsHeld] * 2
        history = MemberHistory(account="a1", customer="c1", opened_at=START, entries=[bought(), *events])
        covered = simulate(TODAY, [history], until=day("02-15"))
        short = simulate(HALF, [history], until=day("02-15"))

        assert (only(covered).held, covered.shortfalls) == (80, ())
        assert (only(short).debt, len(short.shortfalls)) == (30, 1)

    def test_a_suspended_account_gets_nothing_back(self) -> None:
        account = self.held().suspend(at=day("02-02")).state
        found = tried(account, bought())

        assert only(found).redeemed == 80
        assert found.refused == ((("PointsHeld", "suspended"), 1),)

    def test_or_left_out(self) -> None:
        captured = self.held().capture("h1", TODAY, at=day("02-02")).state
        found = tried(captured, bought(), shortfall="drop")

        assert (only(found).redeemed, only(found).available) == (0, 50)
        assert found.refused == ((("HoldCaptured", "not_found:hold"), 1),)


class TestTheRest:
    def test_returns_of_a_log_and_of_events_take_back_the_same(self) -> None:
        back = Return("b1", purchase="s1", at=day("02-01"), lines={1: 1})
        account = earned(bought()).reverse(back, TODAY, at=day("02-01")).state
        told = simulate(HALF, [MemberHistory(account="a1", entries=[bought(), back])], until=END)

        assert 50 == only(told).reversed == only(tried(account, bought())).reversed
        assert only(told).kept == 0

    def test_an_occasion_that_did_not_count_is_taken_back(self) -> None:
        account = earned(visit("v1", day("01-02")))
        account = account.reverse_occasion("visit", "v1", TODAY, at=day("01-03"), reason="mistake").state

        assert only(tried(account, visit("v1", day("01-02")), of=TODAY)).reversed == 10

    def test_what_points_in_escrow_wait_for_happens_again(self) -> None:
        waiting = program(
            EarningRule("base", PerAmount(1, per="1.00"), pending=Escrow(on="delivered", within=Days(60)))
        )
        account = opened(waiting).earn(bought(), waiting, at=day("01-02")).state
        activated = account.activate("s1", waiting, on="delivered", at=day("01-09")).state

        assert only(tried(activated, bought(), of=waiting)).available == 100
        assert only(tried(account, bought(), of=waiting)).available == 0

    def test_ends_that_were_moved_by_hand_are_moved_again(self) -> None:
        ending = program(BASE, expires=Months(1))
        account = opened(ending).earn(bought(), ending, at=day("01-02")).state
        account = account.extend(
            ending, id="e1", at=day("01-03"), to=END + timedelta(days=9), reason="r", actor="a"
        ).state

        assert only(tried(account, bought(), of=ending)).available == 100

    def test_a_floor_stands_again_where_the_program_has_the_tier(self) -> None:
        account = opened(TODAY).assign_tier("silver", TODAY, at=day("02-01"), reason="match", actor="a").state
        lifted = account.assign_tier(None, TODAY, at=day("03-01"), reason="over", actor="a").state

        assert only(tried(account, of=TODAY)).tier == "silver"
        assert only(tried(lifted, of=TODAY)).tier is None
        assert tried(account).refused == ((("TierAssigned", "not_found:tier"), 1),)

    def test_members_join_earn_and_leave(self) -> None:
        account = opened(TODAY).add_member("c2", TODAY, at=day("01-01", 1)).state
        account = account.earn(bought(), TODAY, at=day("01-02"), member="c2").state
        account = account.remove_member("c2", TODAY, at=day("01-03")).state
        found = tried(account, bought(), of=TODAY)

        assert only(found).earned == 100
        assert found.refused == ()

    def test_a_suspension_holds_until_it_ends(self) -> None:
        account = opened(TODAY).suspend(at=day("01-02")).state.resume(at=day("01-04")).state
        events = history_of(account, ()).entries
        entries = [*list(events)[:2], bought(at="01-03"), *list(events)[2:], bought(name="s2", at="01-05")]
        found = simulate(TODAY, [MemberHistory(account="a1", entries=entries, opened_at=START)], until=END)

        assert found.earned == 100
        assert found.refused == ((("purchase", "suspended"), 1),)

    def test_what_is_left_goes_out_with_the_account(self) -> None:
        account = earned(bought()).close(TODAY, at=day("02-01")).state

        assert (only(tried(account, bought())).out, only(tried(account, bought())).kept) == (50, 0)

    def test_points_that_moved_between_accounts_move_again(self) -> None:
        sender, _ = earned(bought()), None
        receiver, _ = Account.open("b1", customer="c2", program=TODAY, at=START)
        sent, received = transfer(80, sender, receiver, TODAY, id="t1", at=day("02-01"))
        histories = [history_of(sent.state, [bought()]), history_of(received.state, ())]
        found = simulate(HALF, histories, until=END)
        dropped = simulate(HALF, histories, until=END, shortfall="drop")

        again = [attrs.evolve(each, entries=[*each.entries, *list(each.entries)[-1:]]) for each in histories]
        assert simulate(HALF, again, until=END) == found
        assert (found.member("a1").out, found.member("a1").debt) == (80, 30)
        assert (found.member("b1").added, found.member("b1").kept) == (80, 80)
        assert dropped.member("a1").out == 0

    def test_an_account_that_was_absorbed_takes_its_debts_along(self) -> None:
        other = Account.open("b1", customer="c2", program=TODAY, at=START).state
        other = other.earn(bought(name="s2"), TODAY, at=day("01-02")).state
        other = other.redeem(150, TODAY, id="r1", at=day("02-01"), allow_debt=True).state
        (one, _), (other, _) = absorb(earned(bought()), other, TODAY, at=day("03-01"))
        histories = [history_of(one, [bought()]), history_of(other, [bought(name="s2")])]
        found = simulate(TODAY, histories, until=END)

        assert (found.member("a1").available, found.member("b1").debt) == (50, 0)
        assert one.balance(as_of=END).available == 50

    def test_points_of_several_currencies_leave_as_far_as_they_are_there(self) -> None:
        both = program(BASE, points=[Points("points"), Points("miles")])
        account = Account.open("a1", customer="c1", program=both, at=START).state.add_member("c2", both, at=START).state
        account = adjusted(account, both, 9, day("01-02"), currency="miles", member="c2")
        account = account.earn(bought(), both, at=day("01-02"), member="c2").state
        taker = Account.open("b1", customer="c2", program=both, at=START).state
        left = leave("c2", account, taker, both, at=day("02-01"))
        half = program(
            EarningRule("base", PerAmount(1, per="2.00")), points=[Points("points"), Points("miles")], version=2
        )
        found = simulate(
            half, [history_of(left.sender.state, [bought()])], until=END, shortfall="drop", currency="miles"
        )

        assert only(found).out == 9
        assert [each.short for each in found.shortfalls] == [50]

    def test_a_currency_that_is_not_counted_is_played_and_not_told(self) -> None:
        both = program(
            EarningRule("both", PerAmount(1, per="1.00"), gives=("points", "status")),
            points=[Points("points"), Points("status", qualifying=True)],
        )
        history = MemberHistory(account="a1", entries=[bought()])

        assert simulate(both, [history], until=END).earned == 100
        assert simulate(both, [history], until=END, currency="status").earned == 100
        assert simulate(both, [history], until=END, currency="status").holdings.points("status") == 0

    def test_members_draw_on_a_budget_in_the_order_of_the_histories(self) -> None:
        cap = Cap(points=150, who="everyone", budget="spring")
        shared = program(EarningRule("base", PerAmount(1, per="1.00"), caps=[cap]))
        budget, _ = Budget.open("spring", limit=150, unit="points", at=START)
        histories = [MemberHistory(account=name, entries=[bought(name=f"s-{name}")]) for name in ("a1", "b1")]
        found = simulate(shared, histories, until=END, budgets={"spring": budget})

        assert [member.earned for member in found.members] == [100, 50]
        assert budget.left == 150
