"""Points that move from one account to another: what is refused, what is kept, what is repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from strategies_loyalty import PLAIN, START, VISITS, adjusted, day, opened, program, remaining, sale, visit

from relex.calendars import Months
from relex.changes import Change
from relex.errors import Conflict, InvalidValue, NotFound, Rejected
from relex.loyalty import (
    Account,
    EarningRule,
    FirstOf,
    Flat,
    Inactive,
    Never,
    Points,
    PointsReceived,
    PointsSent,
    Program,
    Restore,
    Tier,
    leave,
    transfer,
)
from relex.purchases import Return
from relex.repositories import MemoryStore

if TYPE_CHECKING:
    from relex.loyalty import Transfer

IDLE = program(EarningRule("visit", Flat(10), on="visit"), expires=Inactive(Months(3)))


def another(of: Program = PLAIN, customer: str = "c2") -> Account:
    return Account.open("a2", customer=customer, program=of, at=START).state


def rich(of: Program = PLAIN, points: int = 100) -> Account:
    return adjusted(opened(of), of, points, START)


def moved(points: int = 40, *, of: Program = PLAIN, **more: Any) -> Transfer:
    sender, receiver = more.pop("sender", None) or rich(of), more.pop("receiver", None) or another(of)
    return transfer(points, sender, receiver, of, **({"id": "t1", "at": day("01-05")} | more))


class TestRefusals:
    def test_more_than_is_available(self) -> None:
        with pytest.raises(Rejected, match="insufficient_points") as caught:
            moved(101)

        assert caught.value.details == {"asked": 101, "available": 100}

    def test_to_itself(self) -> None:
        sender = rich()
        with pytest.raises(Rejected, match="same_account"):
            moved(sender=sender, receiver=sender)

    def test_of_another_program(self) -> None:
        with pytest.raises(Rejected, match="other_program"):
            moved(receiver=another(Program("q", currency="USD")))

    def test_of_points_that_cannot_be_spent(self) -> None:
        status = program(points=[Points("points"), Points("status", qualifying=True)])
        with pytest.raises(Rejected, match="not_redeemable"):
            moved(of=status, currency="status")

    @pytest.mark.parametrize("status", ["suspended", "closed"])
    @pytest.mark.parametrize("side", ["sender", "receiver"])
    def test_of_an_account_that_is_not_open(self, side: str, status: str) -> None:
        account = rich() if side == "sender" else another()
        shut = account.suspend(at=day("01-02")) if status == "suspended" else account.close(PLAIN, at=day("01-02"))
        with pytest.raises(Rejected, match=status):
            moved(**{side: shut.state})

    @pytest.mark.parametrize("side", ["sender", "receiver"])
    def test_before_an_account_was_there(self, side: str) -> None:
        late = adjusted(Account.open("a9", customer="c", program=PLAIN, at=day("02-01")).state, PLAIN, 9, day("02-01"))
        with pytest.raises(Rejected, match="before_enrollment"):
            moved(1, **{side: late})

    def test_by_a_contributor(self) -> None:
        sender = rich().add_member("kim", PLAIN, role="contributor", at=START).state
        with pytest.raises(Rejected, match="contributor"):
            moved(sender=sender, member="kim")

    @pytest.mark.parametrize("side", ["member", "to_member"])
    def test_by_or_to_a_stranger(self, side: str) -> None:
        with pytest.raises(NotFound, match="eva"):
            moved(**{side: "eva"})

    @pytest.mark.parametrize("wrong", [0, -1, True, 1.5, "3"])
    def test_of_no_number_of_points(self, wrong: Any) -> None:
        with pytest.raises(InvalidValue, match=r"transfer\.points"):
            moved(wrong)

    @pytest.mark.parametrize(("name", "wrong"), [("id", ""), ("expiry", "double")])
    def test_of_a_wrong_argument(self, name: str, wrong: str) -> None:
        with pytest.raises(InvalidValue, match=rf"transfer\.{name}"):
            moved(**{name: wrong})

    def test_that_leaves_a_later_debit_uncovered(self) -> None:
        sender = rich().redeem(80, PLAIN, id="r1", at=day("03-01")).state
        with pytest.raises(Rejected, match="breaks_later_entries"):
            moved(40, sender=sender, at=day("02-01"))

    def test_pending_points_do_not_move(self) -> None:
        waits = program(EarningRule("visit", Flat(50), on="visit", pending=Months(1)))
        sender = opened(waits).earn(visit("v1", START), waits, at=START).state
        with pytest.raises(Rejected, match="insufficient_points"):
            moved(10, of=waits, sender=sender)


class TestBothSides:
    def test_both_events_tell_the_same(self) -> None:
        sent, received = moved(receiver=another().add_member("ben", PLAIN, at=START).state, to_member="ben")
        out, came = sent.events[-1], received.events[-1]

        assert isinstance(out, PointsSent)
        assert isinstance(came, PointsReceived)
        assert (out.moved, out.other, out.member) == (came.moved, "a2", "c1")
        assert (came.other, came.member, came.points, came.by_currency) == ("a1", "ben", 40, (("points", 40),))

    def test_a_store_saves_both_or_none(self) -> None:
        accounts = MemoryStore().repository(Account)
        first = transfer(40, rich(), another(), PLAIN, id="t1", at=day("01-05"))
        late = transfer(70, rich(), first.receiver.state, PLAIN, id="t2", at=day("01-05"))
        accounts.save(Change(rich(), rich().events), Change(another(), another().events))
        accounts.save(*first)
        with pytest.raises(Conflict):
            accounts.save(*late)

        assert accounts.get("a1").balance(as_of=day("01-05")).available == 60
        assert accounts.get("a2").balance(as_of=day("01-05")).available == 40

    def test_what_is_received_was_not_earned(self) -> None:
        status = program(tiers=[Tier("gold", at=10)])
        _, received = moved(of=status)

        assert received.state.facts()["account.lifetime.points"] == 0
        assert received.state.standing.tier is None

    def test_what_is_sent_is_out(self) -> None:
        sent, _ = moved()
        book = sent.state._ledger.books["points"]

        assert (book.out, book.usable, book.redeemed) == (40, 60, 0)

    def test_a_lot_that_lost_points_meanwhile_is_made_up_from_others(self) -> None:
        """A redemption of an earlier day takes 80 of the first lot; what was sent comes from the second now."""
        sender = adjusted(rich(), PLAIN, 50, day("01-02"))
        sent, received = moved(90, sender=sender)
        late = sent.state.redeem(50, PLAIN, id="r1", at=day("01-06"), effective=day("01-03")).state

        assert remaining(late, day("01-06")) == [(10, None)]
        assert remaining(received.state, day("01-06")) == [(90, None)]

    def test_a_return_finds_what_was_sent_as_spent(self) -> None:
        selling = program(EarningRule("base", Flat(100)), expires=Never())
        sender = opened(selling).earn(sale("10.00"), selling, at=START).state
        sent, _ = moved(70, of=selling, sender=sender)
        back = Return("b1", purchase="s1", at=day("01-06"), lines=[(1, 1)])
        event: Any = sent.state.reverse(back, selling, at=day("01-06")).events[-1]

        assert (event.points, event.uncollected) == (30, 70)

    def test_the_sender_sees_which_lots_went(self) -> None:
        found = moved(100).sender.state.explain("t1").allocations

        assert [(each.what, each.lot, each.points) for each in found] == [("took", "adjust:adj1", 100)]


class TestRepeating:
    def test_it_changes_nothing(self) -> None:
        sent, received = moved()
        again = moved(sender=sent.state, receiver=received.state, at=day("01-09"))

        assert (again.sender.events, again.receiver.events) == ((), ())

    def test_the_side_that_was_not_saved_is_made_up(self) -> None:
        sent, received = moved()
        again = moved(sender=sent.state, at=day("01-09"))

        assert again.sender.events == ()
        assert remaining(again.receiver.state, day("01-09")) == remaining(received.state, day("01-09"))
        assert again.receiver.events[-1].effective == day("01-05")  # type: ignore[attr-defined]

    def test_the_sender_is_made_up_as_well(self) -> None:
        sent, received = moved()
        again = moved(receiver=received.state, at=day("01-09"))

        assert again.receiver.events == ()
        assert remaining(again.sender.state, day("01-09")) == remaining(sent.state, day("01-09"))

    def test_the_sender_is_not_made_up_from_nothing(self) -> None:
        sender = rich().redeem(90, PLAIN, id="r1", at=day("01-04")).state
        with pytest.raises(Rejected, match="insufficient_points"):
            moved(sender=sender, receiver=moved().receiver.state, at=day("01-09"))

    @pytest.mark.parametrize(
        "other", [{"points": 41}, {"expiry": "reset"}, {"member": "ben"}, {"to_member": "ben"}], ids=str
    )
    def test_with_other_content_it_is_a_conflict(self, other: dict[str, Any]) -> None:
        sender = rich().add_member("ben", PLAIN, at=START).state
        receiver = another().add_member("ben", PLAIN, at=START).state
        sent, received = moved(sender=sender, receiver=receiver)
        with pytest.raises(Conflict):
            moved(**({"points": 40, "sender": sent.state, "receiver": received.state} | other))

    def test_to_another_account_it_is_a_conflict(self) -> None:
        sent, _ = moved()
        third = Account.open("a3", customer="c3", program=PLAIN, at=START).state
        with pytest.raises(Conflict):
            moved(sender=sent.state, receiver=third)

    def test_in_another_currency_it_is_a_conflict(self) -> None:
        two = program(points=[Points("points"), Points("miles")])
        sender = rich(two).adjust(100, two, id="m", reason="r", actor="a", at=START, currency="miles").state
        sent, received = moved(of=two, sender=sender)
        with pytest.raises(Conflict):
            moved(of=two, sender=sent.state, receiver=received.state, currency="miles")


class TestEnds:
    def test_a_lot_that_ends_with_inactivity_keeps_its_end(self) -> None:
        """Given on 01-01, three months: gone on 04-02, and no visit of the receiver moves that."""
        _, received = moved(of=IDLE)
        active = received.state.earn(visit("v1", day("03-01")), IDLE, at=day("03-01")).state

        assert remaining(active, day("03-01")) == [(40, day("04-02")), (10, day("06-02"))]

    def test_reset_starts_the_inactivity_of_the_receiver(self) -> None:
        _, received = moved(of=IDLE, expiry="reset", at=day("01-10"))

        assert remaining(received.state, day("01-10")) == [(40, day("04-11"))]

    def test_reset_goes_by_the_last_activity_of_the_receiver(self) -> None:
        receiver = another(IDLE).earn(visit("v1", day("01-02")), IDLE, at=day("01-02")).state
        _, received = moved(of=IDLE, expiry="reset", at=day("01-10"), receiver=receiver)

        assert remaining(received.state, day("01-10")) == [(10, day("04-03")), (40, day("04-03"))]

    def test_reset_with_two_policies_ends_with_the_first(self) -> None:
        both = program(expires=FirstOf(Months(1), Inactive(Months(3))))
        _, received = moved(of=both, expiry="reset", at=day("01-10"))

        assert remaining(received.state, day("01-10")) == [(40, day("02-11"))]

    def test_reset_goes_by_the_tier_of_the_receiver(self) -> None:
        club = program(EarningRule("visit", Flat(10), on="visit"), tiers=[Tier("gold", at=10, expires=Months(24))])
        receiver = another(club).earn(visit("v1", START), club, at=START).state
        _, received = moved(of=club, expiry="reset", receiver=receiver)

        assert (40, day("2028-01-06")) in remaining(received.state, day("01-05"))

    def test_points_without_an_end_keep_none(self) -> None:
        assert remaining(moved().receiver.state, day("01-05")) == [(40, None)]


class TestExplaining:
    def test_a_transfer_leads_to_the_sender_and_its_lot(self) -> None:
        _, received = moved()
        found = received.state.explain("t1")

        assert [(each.what, each.points, each.origin) for each in found.allocations] == [
            ("received", 40, ("a1", "adjust:adj1"))
        ]
        assert "received 40 of receive:t1 at 2026-01-05T00:00:00+00:00, adjust:adj1 of account a1" in str(found)

    def test_a_debit_leads_on_to_the_lot_of_the_sender(self) -> None:
        spent = moved().receiver.state.redeem(10, PLAIN, id="r1", at=day("01-06")).state

        assert [each.origin for each in spent.explain("r1").allocations] == [("a1", "adjust:adj1")]

    def test_what_became_of_received_points(self) -> None:
        spent = moved().receiver.state.redeem(10, PLAIN, id="r1", at=day("01-06")).state

        assert [(each.what, each.points) for each in spent.explain("t1").allocations] == [
            ("received", 40),
            ("took", 10),
        ]


class TestLeaving:
    def pool(self, of: Program = PLAIN) -> Account:
        account = adjusted(opened(of).add_member("ben", of, at=START).state, of, 70, START)
        return adjusted(account, of, 30, START, member="ben")

    def test_a_member_goes_with_what_they_earned(self) -> None:
        account = self.pool(VISITS).earn(visit("v1", START), VISITS, at=START, member="ben").state
        left, took = leave("ben", account, another(VISITS, "ben"), VISITS, at=day("01-05"))

        assert left.state.balance(as_of=day("01-05")).available == 70
        assert took.state.balance(as_of=day("01-05")).available == 40

    def test_it_can_be_repeated(self) -> None:
        left, took = leave("ben", self.pool(), another(customer="ben"), PLAIN, at=day("01-05"))
        again = leave("ben", left.state, took.state, PLAIN, at=day("01-09"))

        assert (again.sender.events, again.receiver.events) == ((), ())

    def test_who_comes_back_may_leave_again(self) -> None:
        left, took = leave("ben", self.pool(), another(customer="ben"), PLAIN, at=day("01-05"))
        back = left.state.add_member("ben", PLAIN, at=day("01-06")).state
        back = adjusted(back, PLAIN, 7, day("01-07"), member="ben")
        _, again = leave("ben", back, took.state, PLAIN, at=day("01-08"))

        assert again.state.balance(as_of=day("01-08")).available == 37

    def test_a_member_without_points_leaves(self) -> None:
        account = opened(PLAIN).add_member("ben", PLAIN, at=START).state
        left, took = leave("ben", account, another(customer="ben"), PLAIN, at=day("01-05"))
        again = leave("ben", left.state, took.state, PLAIN, at=day("01-09"))

        assert [type(event).__name__ for event in left.events] == ["MemberRemoved"]
        assert took.events == ()
        assert (again.sender.events, again.receiver.events) == ((), ())

    def test_a_contributor_goes_with_what_they_earned(self) -> None:
        account = self.pool().add_member("ben", PLAIN, role="contributor", at=START).state
        _, took = leave("ben", account, another(customer="ben"), PLAIN, at=day("01-05"))

        assert took.state.balance(as_of=day("01-05")).available == 30

    def test_what_only_counts_for_tiers_stays(self) -> None:
        two = program(
            EarningRule("visit", Flat(10), on="visit", gives=("points", "status")),
            points=[Points("points"), Points("status", qualifying=True)],
        )
        account = opened(two).add_member("ben", two, at=START).state
        account = account.earn(visit("v1", START), two, at=START, member="ben").state
        left, took = leave("ben", account, another(two, "ben"), two, at=day("01-05"))

        assert left.state.balance(as_of=day("01-05"), points="status").available == 10
        assert took.state.balance(as_of=day("01-05"), points="points").available == 10

    def test_lots_issued_anew_are_theirs_too(self) -> None:
        again = program(expires=Months(1), restore=Restore("reissue"))
        account = adjusted(opened(again).add_member("ben", again, at=START).state, again, 30, START, member="ben")
        account = account.redeem(30, again, id="r1", at=day("01-10")).state
        account = account.restore("r1", again, at=day("03-01")).state
        _, took = leave("ben", account, another(again, "ben"), again, at=day("03-02"))

        assert took.state.balance(as_of=day("03-02")).available == 30

        account = account.redeem(30, again, id="r2", at=day("03-10")).state
        account = account.restore("r2", again, at=day("05-01")).state
        _, took = leave("ben", account, another(again, "ben"), again, at=day("05-02"))

        assert took.state.balance(as_of=day("05-02")).available == 30

    def test_the_owner_stays(self) -> None:
        with pytest.raises(Rejected, match="owner"):
            leave("c1", self.pool(), another(), PLAIN, at=day("01-05"))

    def test_a_stranger_is_not_found(self) -> None:
        with pytest.raises(NotFound, match="eva"):
            leave("eva", self.pool(), another(), PLAIN, at=day("01-05"))

    def test_with_the_policy_of_the_receiver(self) -> None:
        monthly = program(expires=Months(1))
        account = self.pool(monthly)
        _, took = leave("ben", account, another(monthly, "ben"), monthly, at=day("01-20"), expiry="reset", id="bye")

        assert remaining(took.state, day("01-20")) == [(30, day("02-21"))]
        assert took.events[-1].key == ("receive", "bye")  # type: ignore[attr-defined]

    def test_never_is_no_end(self) -> None:
        never = program(expires=Never())
        _, received = moved(of=never, expiry="reset")

        assert remaining(received.state, day("01-05")) == [(40, None)]
