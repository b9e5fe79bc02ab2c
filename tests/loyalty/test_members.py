"""Several customers with one account: who belongs to it and when, who acts, who did what."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from strategies_loyalty import PLAIN, START, VISITS, adjusted, day, opened, program, visit

from relex.calendars import Days
from relex.errors import Conflict, InvalidValue, NotFound, Rejected
from relex.loyalty import (
    Account,
    EarningRule,
    Escrow,
    Flat,
    Member,
    MemberAdded,
    MemberRemoved,
    MemberShare,
    Points,
    PointsEarned,
    Program,
    transfer,
)
from relex.purchases import Return
from relex.rules import field

if TYPE_CHECKING:
    from relex.changes import Change


def pool(*others: str, of: Program = PLAIN, role: str = "member") -> Account:
    account = opened(of)
    for other in others:
        account = account.add_member(other, of, role=role, at=START).state
    return account


def customers(account: Account) -> list[str]:
    return [member.customer for member in account.members]


class TestJoining:
    def test_the_one_who_opens_is_the_owner(self) -> None:
        assert opened(PLAIN).members == (Member(customer="c1", role="owner", since=START),)

    def test_a_member_joins_on_a_day(self) -> None:
        account, events = opened(PLAIN).add_member("ben", PLAIN, at=day("01-05"))

        assert events == (MemberAdded(source="a1", version=2, at=day("01-05"), customer="ben", role="member"),)
        assert account.members[1] == Member(customer="ben", role="member", since=day("01-05"))

    def test_a_member_who_joins_twice_joins_once(self) -> None:
        assert pool("ben").add_member("ben", PLAIN, at=day("01-05")).events == ()

    def test_another_role_keeps_the_day_of_joining(self) -> None:
        account = pool("ben").add_member("ben", PLAIN, role="contributor", at=day("02-01")).state

        assert account.members[1] == Member(customer="ben", role="contributor", since=START)

    def test_nobody_becomes_a_second_owner(self) -> None:
        with pytest.raises(InvalidValue, match=r"add_member\.role"):
            opened(PLAIN).add_member("ben", PLAIN, role="owner", at=START)

    def test_the_owner_has_no_other_role(self) -> None:
        with pytest.raises(Rejected, match="owner"):
            opened(PLAIN).add_member("c1", PLAIN, at=START)

    @pytest.mark.parametrize("command", ["add_member", "remove_member"])
    def test_an_earlier_change_is_refused(self, command: str) -> None:
        account = pool("kim").add_member("ben", PLAIN, at=day("02-01")).state
        customer = "lee" if command == "add_member" else "kim"
        with pytest.raises(Rejected, match="out_of_order") as caught:
            getattr(account, command)(customer, PLAIN, at=day("01-15"))

        assert caught.value.details == {"at": day("01-15"), "last": day("02-01")}

    @pytest.mark.parametrize("command", ["add_member", "remove_member"])
    def test_what_no_change_of_members_may_do(self, command: str) -> None:
        closed = pool("ben").close(PLAIN, at=START).state
        with pytest.raises(Rejected, match="closed"):
            getattr(closed, command)("ben", PLAIN, at=day("02-01"))
        with pytest.raises(Rejected, match="other_program"):
            getattr(pool("ben"), command)("ben", Program("q", currency="USD"), at=day("02-01"))
        with pytest.raises(Rejected, match="before_enrollment"):
            getattr(pool("ben"), command)("ben", PLAIN, at=day("2025-12-01"))
        with pytest.raises(InvalidValue, match="customer"):
            getattr(pool("ben"), command)("", PLAIN, at=day("02-01"))


class TestLeaving:
    def test_a_member_leaves(self) -> None:
        account, events = pool("ben", "kim").remove_member("ben", PLAIN, at=day("02-01"))

        assert events == (MemberRemoved(source="a1", version=4, at=day("02-01"), customer="ben"),)
        assert customers(account) == ["c1", "kim"]

    def test_a_member_who_leaves_twice_leaves_once(self) -> None:
        account = pool("ben").remove_member("ben", PLAIN, at=day("02-01")).state

        assert account.remove_member("ben", PLAIN, at=day("02-02")).events == ()

    def test_nobody_leaves_who_never_was_a_member(self) -> None:
        with pytest.raises(NotFound, match="ben"):
            pool("kim").remove_member("ben", PLAIN, at=day("02-01"))

    def test_the_owner_stays(self) -> None:
        with pytest.raises(Rejected, match="owner"):
            pool("ben").remove_member("c1", PLAIN, at=day("02-01"))

    def test_who_comes_back_is_a_member_from_then_on(self) -> None:
        account = pool("ben").remove_member("ben", PLAIN, at=day("02-01")).state
        account = account.add_member("ben", PLAIN, at=day("03-01")).state

        assert account.members[1].since == day("03-01")


class TestMembersAt:
    def test_members_of_any_day(self) -> None:
        account = opened(PLAIN).add_member("ben", PLAIN, at=day("02-01")).state
        account = account.remove_member("ben", PLAIN, at=day("03-01")).state
        found = [len(account.members_at(day(text))) for text in ("01-31", "02-01", "02-28", "03-01")]

        assert found == [1, 2, 2, 1]

    def test_rules_may_ask_for_their_number(self) -> None:
        large = program(EarningRule("visit", Flat(10), on="visit", when=field("account.members") >= 2))
        account = opened(large).add_member("ben", large, at=day("02-01")).state
        gave = [account.earn(visit(text, day(text)), large, at=day("03-01")).events[-1] for text in ("01-31", "02-01")]

        assert [event.points for event in gave if isinstance(event, PointsEarned)] == [0, 10]

    def test_it_is_a_fact_of_the_account(self) -> None:
        assert pool("ben", "kim").facts()["account.members"] == 3

    def test_they_are_read_back_with_the_account(self) -> None:
        account = pool("ben", "kim").remove_member("kim", PLAIN, at=day("02-01")).state

        assert Account(account.events).members == account.members


def earned(account: Account, member: str | None, name: str = "v1", text: str = "02-01") -> Change[Account]:
    return account.earn(visit(name, day(text)), VISITS, at=day("03-01"), member=member)


class TestActing:
    def test_every_entry_names_its_member(self) -> None:
        account = pool("ben", of=VISITS)
        account, _ = earned(account, "ben")
        account = adjusted(account, VISITS, 100, day("02-02"), member="ben")
        account, _ = account.redeem(20, VISITS, id="r1", at=day("02-03"), member="ben")
        account, _ = account.restore("r1", VISITS, at=day("02-04"))
        account, _ = account.hold(20, VISITS, id="h1", until=day("02-09"), at=day("02-05"), member="ben")
        account, _ = account.capture("h1", VISITS, at=day("02-06"))
        named = [event.member for event in account.events if hasattr(event, "member")]

        assert named == ["ben"] * 6

    def test_by_default_the_owner_acts(self) -> None:
        account, (event,) = earned(opened(VISITS), None)

        assert isinstance(event, PointsEarned)
        assert event.member == "c1"
        assert earned(account, "c1").events == ()

    def test_a_return_names_the_member_of_the_award(self) -> None:
        selling = program(EarningRule("base", Flat(10)))
        account = pool("ben", of=selling)
        sale = _sale()
        account, _ = account.earn(sale, selling, at=START, member="ben")
        account, events = account.reverse(Return("b1", purchase="s1", at=START, lines=[(1, 1)]), selling, at=START)

        assert events[-1].member == "ben"  # type: ignore[attr-defined]
        assert account.by_member().of("ben").earned == 0

    def test_a_stranger_is_not_found(self) -> None:
        with pytest.raises(NotFound, match="eva"):
            earned(pool("ben", of=VISITS), "eva")

    def test_nobody_is_no_member(self) -> None:
        with pytest.raises(InvalidValue, match=r"earn\.member"):
            earned(pool("ben", of=VISITS), "")

    def test_who_left_is_no_member_from_then_on(self) -> None:
        account = pool("ben", of=VISITS).remove_member("ben", VISITS, at=day("02-15")).state

        assert earned(account, "ben", "v1", "02-01").events
        with pytest.raises(NotFound, match="ben"):
            earned(account, "ben", "v2", "02-20")

    def test_what_was_done_before_joining_is_refused(self) -> None:
        account = opened(VISITS).add_member("ben", VISITS, at=day("02-15")).state
        with pytest.raises(Rejected, match="before_enrollment") as caught:
            earned(account, "ben")

        assert caught.value.details == {"effective": day("02-01"), "since": day("02-15")}

    def test_a_program_may_accept_what_was_done_before_joining(self) -> None:
        accepting = attrs.evolve(VISITS, before_enrollment="accept")
        account = opened(accepting).add_member("ben", accepting, at=day("02-15")).state

        assert account.earn(visit("v1", day("02-01")), accepting, at=day("03-01"), member="ben").events

    @pytest.mark.parametrize("command", ["redeem", "hold"])
    def test_a_contributor_spends_nothing(self, command: str) -> None:
        account = adjusted(pool("kim", role="contributor"), PLAIN, 100, START)
        more: dict[str, Any] = {"until": day("03-01")} if command == "hold" else {}
        with pytest.raises(Rejected, match="contributor"):
            getattr(account, command)(10, PLAIN, id="x", at=day("02-01"), member="kim", **more)

    def test_a_contributor_earns(self) -> None:
        assert earned(pool("kim", of=VISITS, role="contributor"), "kim").events

    @pytest.mark.parametrize("command", ["earn", "redeem", "adjust"])
    def test_the_same_id_of_another_member_is_a_conflict(self, command: str) -> None:
        account = adjusted(pool("ben", "kim", of=VISITS), VISITS, 100, START)
        given: dict[str, Any] = {
            "earn": lambda to, who: to.earn(visit("v1", START), VISITS, at=START, member=who),
            "redeem": lambda to, who: to.redeem(10, VISITS, id="x", at=START, member=who),
            "adjust": lambda to, who: to.adjust(10, VISITS, id="x", reason="r", actor="a", at=START, member=who),
        }
        account = given[command](account, "ben").state

        assert given[command](account, "ben").events == ()
        with pytest.raises(Conflict):
            given[command](account, "kim")


def _sale() -> Any:
    from relex.purchases import Line, Purchase  # noqa: PLC0415 - for one test

    return Purchase("s1", at=START, currency="USD", lines=[Line(1, "sku", 1, gross="10.00")])


class TestByMember:
    def test_who_did_what(self) -> None:
        account = adjusted(pool("ben", of=VISITS), VISITS, 100, START, ends=day("12-01"))
        account, _ = earned(account, "ben")
        account, _ = account.redeem(30, VISITS, id="r1", at=day("03-01"), member="ben")
        account, _ = account.restore("r1", VISITS, at=day("03-02"), points=10)
        account, _ = account.hold(20, VISITS, id="h1", until=day("03-05"), at=day("03-02"), member="ben")
        account, _ = account.capture("h1", VISITS, at=day("03-03"), points=15)

        assert account.by_member().shares == (
            MemberShare(member="c1", role="owner", adjusted=100),
            MemberShare(member="ben", role="member", earned=10, redeemed=35),
        )

    def test_who_left_has_no_role(self) -> None:
        account, _ = earned(pool("ben", of=VISITS), "ben")
        account, _ = account.remove_member("ben", VISITS, at=day("03-01"))

        assert account.by_member().of("ben") == MemberShare(member="ben", role=None, earned=10)

    def test_who_did_nothing(self) -> None:
        assert opened(PLAIN).by_member().of("eva") == MemberShare(member="eva", role=None)

    def test_in_one_currency(self) -> None:
        two = program(
            EarningRule("visit", Flat(10), on="visit", gives=("points", "status")),
            points=[Points("points"), Points("status", qualifying=True)],
        )
        account = opened(two).earn(visit("v1", START), two, at=START).state
        account = adjusted(account, two, 5, START)
        account = account.adjust(7, two, id="s", reason="r", actor="a", at=START, currency="status").state
        share = account.by_member(points="status").of("c1")

        assert (share.earned, share.adjusted) == (10, 7)

    def test_what_is_canceled_in_escrow_and_then_reversed_counts_once(self) -> None:
        waits = program(EarningRule("visit", Flat(10), on="visit", pending=Escrow("seen", within=Days(9))))
        account = pool("ben", of=waits).earn(visit("v1", START), waits, at=START, member="ben").state
        account = account.reverse_occasion("visit", "v1", waits, at=day("03-01"), reason="fraud").state

        assert account.by_member().of("ben").earned == 0

    def test_what_is_canceled_in_escrow_was_not_earned(self) -> None:
        waits = program(EarningRule("visit", Flat(10), on="visit", pending=Escrow("done", within=Days(5))))
        account = pool("ben", of=waits).earn(visit("v1", START), waits, at=START, member="ben").state
        account = account.settle(waits, at=day("02-01")).state

        assert account.by_member().of("ben").earned == 0

    def test_what_came_and_went(self) -> None:
        sender = adjusted(pool("ben"), PLAIN, 100, START, member="ben")
        receiver = Account.open("a2", customer="c2", program=PLAIN, at=START).state
        sent, received = transfer(40, sender, receiver, PLAIN, id="t1", at=START + timedelta(days=1), member="ben")

        assert sent.state.by_member().of("ben").sent == 40
        assert received.state.by_member().of("c2").received == 40

    def test_it_shows_itself(self) -> None:
        account, _ = earned(pool("<ben>", of=VISITS), "<ben>")
        found = account.by_member()

        assert str(found) == "points by member\nc1 (owner): nothing\n<ben> (member): earned 10"
        assert "&lt;ben&gt;" in found._repr_html_()

    def test_it_shows_who_left(self) -> None:
        account = pool("ben").remove_member("ben", PLAIN, at=START).state
        account = adjusted(account, PLAIN, 5, START)
        left = MemberShare(member="ben", role=None, sent=3)

        assert str(left) == "ben (left): sent 3"
        assert "left" in attrs.evolve(account.by_member(), shares=(left,))._repr_html_()
