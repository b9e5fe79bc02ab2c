"""Points that are there can last longer; those that are gone stay gone, and nothing ends sooner."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from strategies_loyalty import START, adjusted, day, opened, program, remaining, sale, visit

from relex.calendars import Days, Months
from relex.codec import decode, encode
from relex.errors import Conflict, InvalidValue, NotFound, Rejected
from relex.loyalty import (
    Account,
    Clawback,
    EarningRule,
    Escrow,
    ExpiryExtended,
    Extension,
    FirstOf,
    Flat,
    Inactive,
    Points,
    Restore,
    Tier,
)
from relex.purchases import Return
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.changes import Change
    from relex.loyalty import Program

WHO: dict[str, Any] = {"reason": "goodwill", "actor": "ann"}
VISIT = EarningRule("visit", Flat(10), on="visit")
OF = program(VISIT, expires=Months(1), extensions=[Extension(Months(6))])


def with_points(of: Program, *counts: int, at: datetime = START) -> Account:
    account = opened(of)
    for number, count in enumerate(counts):
        account = adjusted(account, of, count, at, name=f"l{number}")
    return account


def extended(account: Account, of: Program = OF, text: str = "01-10", name: str = "e", **more: Any) -> Change[Account]:
    return account.extend(of, id=name, at=day(text), **(WHO | more))


def ends(change: Change[Account]) -> list[tuple[str, datetime]]:
    return [(lot, end) for event in change.events if isinstance(event, ExpiryExtended) for lot, _, end in event.ends]


def refusal(command: Callable[[], Any]) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Rejected) as refused:
        command()
    return refused.value.reason, refused.value.details


class TestByTheProgram:
    def test_the_last_usable_date_moves(self) -> None:
        """Good through 1 February, then through 1 August."""
        assert ends(extended(with_points(OF, 60))) == [("adjust:l0", day("08-02"))]

    def test_of_several_that_match_the_longest_applies(self) -> None:
        of = attrs.evolve(OF, extensions=[Extension(Days(10)), Extension(Months(2)), Extension(Days(3))])

        assert ends(extended(with_points(of, 60), of)) == [("adjust:l0", day("04-02"))]

    def test_a_rule_asks_about_the_lot(self) -> None:
        of = attrs.evolve(OF, extensions=[Extension(Months(6), when=field("lot.remaining") >= 50)])

        assert ends(extended(with_points(of, 60, 40), of)) == [("adjust:l0", day("08-02"))]

    def test_a_rule_asks_about_the_account(self) -> None:
        gold = field("account.tier") == "gold"
        of = attrs.evolve(OF, extensions=[Extension(Months(6), when=gold)], tiers=[Tier("gold", at=10)])
        plain = with_points(of, 60)
        account = plain.assign_tier("gold", of, at=day("01-02"), reason="match", actor="ann").state

        assert (ends(extended(plain, of)), ends(extended(account, of))) == ([], [("adjust:l0", day("08-02"))])

    def test_a_rule_asks_about_the_customer(self) -> None:
        of = attrs.evolve(OF, extensions=[Extension(Months(6), when=field("customer.student") == True)])  # noqa: E712 - a rule
        account = with_points(of, 60)

        assert ends(extended(account, of)) == []
        assert len(ends(extended(account, of, customer={"student": True}))) == 1

    def test_a_rule_about_a_fact_that_nobody_gives(self) -> None:
        with pytest.raises(InvalidValue, match=r"Program\.extensions\[0\]\.when"):
            program(extensions=[Extension(Days(1), when=field("purchase.total") > 5)])

    def test_dates_are_local_to_the_program(self) -> None:
        of = program(expires=Months(1), extensions=[Extension(Months(1))], tz=ZoneInfo("America/New_York"))
        account = with_points(of, 5, at=day("01-01", 12))

        assert ends(extended(account, of)) == [("adjust:l0", datetime(2026, 3, 2, 5, tzinfo=START.tzinfo))]

    def test_an_exact_end_moves_to_a_midnight(self) -> None:
        of = program(expires=timedelta(days=30), extensions=[Extension(Days(1))])
        account = with_points(of, 5, at=day("01-01", 12))

        assert ends(extended(account, of)) == [("adjust:l0", day("02-02"))]

    def test_pending_and_held_points_too(self) -> None:
        of = attrs.evolve(OF, pending=Days(20))
        account = with_points(OF, 60).hold(60, OF, id="h", at=day("01-02"), until=day("04-01")).state
        account = adjusted(account, of, 40, day("01-05"), name="late")
        change = extended(account, of)
        later = change.state.void("h", of, at=day("03-05")).state

        assert ends(change) == [("adjust:l0", day("08-02")), ("adjust:late", day("08-26"))]
        assert remaining(later, day("03-05")) == [(60, day("08-02")), (40, day("08-26"))]

    def test_points_that_never_end_stay_so(self) -> None:
        of = program(extensions=[Extension(Days(1))])
        account = with_points(of, 60).hold(20, of, id="h", at=day("01-02"), until=day("04-01")).state

        assert extended(account, of).events == ()

    def test_lots_in_escrow_have_no_end_yet(self) -> None:
        of = attrs.evolve(OF, pending=Escrow(on="delivered", within=Days(60)))
        account = opened(of).earn(visit("v", START), of, at=START).state

        assert extended(account, of).events == ()

    def test_status_points_have_no_end(self) -> None:
        of = attrs.evolve(OF, points=[Points("points"), Points("status", qualifying=True)])
        account = adjusted(opened(of), of, 5, START, currency="status")

        assert extended(account, of).events == ()

    def test_a_program_without_extensions(self) -> None:
        of = program(expires=Months(1))

        assert extended(with_points(of, 5), of).events == ()

    def test_what_time_did_before_is_reported_first(self) -> None:
        account = adjusted(with_points(OF, 60), OF, 5, day("01-20"), name="young")
        change = extended(account, text="02-10")

        assert [type(event).__name__ for event in change.events] == ["PointsExpired", "ExpiryExtended"]
        assert ends(change) == [("adjust:young", day("08-21"))]

    def test_where_no_points_end_the_program_has_a_problem(self) -> None:
        status = Points("status", qualifying=True)
        never = program(VISIT, points=[Points("points"), status], extensions=[Extension(Days(1))])
        by_rule = attrs.evolve(never, rules=[attrs.evolve(VISIT, expires=Days(5))])

        assert never.problems() == ("Program.extensions: no points end, so there is nothing to extend",)
        assert (by_rule.problems(), OF.problems()) == ((), ())

    def test_a_duration_of_nothing(self) -> None:
        with pytest.raises(InvalidValue, match=r"by.*at least 1"):
            Extension(Days(0))


class TestByHand:
    def test_to_an_instant(self) -> None:
        assert ends(extended(with_points(OF, 60), to=day("02-05", 7))) == [("adjust:l0", day("02-05", 7))]

    def test_to_a_date_that_still_counts(self) -> None:
        assert ends(extended(with_points(OF, 60), to=date(2026, 2, 5))) == [("adjust:l0", day("02-06"))]

    def test_only_the_lots_that_are_named(self) -> None:
        account = with_points(OF, 60, 40)

        assert ends(extended(account, lots=["adjust:l1"], to=day("05-01"))) == [("adjust:l1", day("05-01"))]
        assert ends(extended(account, lots=["adjust:l1"])) == [("adjust:l1", day("08-02"))]

    def test_of_all_lots_those_move_that_end_sooner(self) -> None:
        account = adjusted(with_points(OF, 60), OF, 5, day("01-05"), ends=day("12-01"), name="long")

        assert ends(extended(account, to=day("05-01"))) == [("adjust:l0", day("05-01"))]

    def test_a_named_lot_never_ends_sooner(self) -> None:
        account = with_points(OF, 60)

        assert refusal(lambda: extended(account, lots=["adjust:l0"], to=day("01-20"))) == (
            "not_later",
            {"asked": day("01-20"), "ends": (("adjust:l0", day("02-02")),)},
        )

    def test_a_lot_that_has_ended_is_not_revived(self) -> None:
        account = adjusted(with_points(OF, 60), OF, 5, day("01-20"), name="young")

        assert refusal(lambda: extended(account, text="02-10", lots=["adjust:l0"], to=day("05-01"))) == (
            "not_open",
            {"lots": ("adjust:l0",), "allowed": ("adjust:young",)},
        )

    def test_nor_is_one_whose_held_part_has_ended(self) -> None:
        account = with_points(OF, 60).hold(60, OF, id="h", at=day("01-02"), until=day("04-01")).state

        assert refusal(lambda: extended(account, text="02-10", lots=["adjust:l0"]))[0] == "not_open"

    def test_a_lot_that_there_never_was(self) -> None:
        with pytest.raises(NotFound, match="no lot"):
            extended(with_points(OF, 60), lots=["nope"])

    @pytest.mark.parametrize(
        ("more", "match"),
        [
            pytest.param({"lots": []}, "extend.lots", id="no-lots"),
            pytest.param({"lots": [""]}, r"extend.lots\[0\]", id="an-empty-id"),
            pytest.param({"to": day("01-10")}, "an instant after", id="an-end-that-has-come"),
            pytest.param({"to": datetime(2026, 5, 1)}, r"extend\.to", id="a-naive-end"),  # noqa: DTZ001 - on purpose
            pytest.param({"to": "2026-05-01"}, r"extend\.to", id="a-text"),
            pytest.param({"to": date.max}, "9999", id="after-the-last-year"),
            pytest.param({"lots": "adjust:l0"}, r"extend\.lots", id="a-text-for-lots"),
            pytest.param({"name": ""}, r"extend\.id", id="no-id"),
        ],
    )
    def test_what_cannot_be(self, more: dict[str, Any], match: str) -> None:
        with pytest.raises(InvalidValue, match=match):
            extended(with_points(OF, 60), **more)


class TestCommand:
    def test_twice_is_once(self) -> None:
        account = extended(with_points(OF, 60)).state

        assert extended(account, text="01-11").events == ()
        with pytest.raises(Conflict):
            extended(account, to=day("12-01"))
        with pytest.raises(Conflict):
            extended(account, reason="else")

    def test_again_under_another_id(self) -> None:
        account = extended(with_points(OF, 60)).state

        assert ends(extended(account, name="e2")) == [("adjust:l0", day("2027-02-02"))]

    @pytest.mark.parametrize("missing", ["reason", "actor"])
    def test_without_a_reason_or_an_actor(self, missing: str) -> None:
        assert refusal(lambda: extended(with_points(OF, 60), **{missing: ""}))[0] == "no_reason"

    def test_a_closed_account(self) -> None:
        account = with_points(OF, 60).close(OF, at=day("01-05")).state

        assert refusal(lambda: extended(account))[0] == "closed"

    def test_a_suspended_account_keeps_its_points_longer(self) -> None:
        account = with_points(OF, 60).suspend(at=day("01-05")).state

        assert len(ends(extended(account))) == 1

    def test_another_program(self) -> None:
        assert refusal(lambda: extended(with_points(OF, 60), attrs.evolve(OF, id="q")))[0] == "other_program"

    def test_in_its_order_it_does_not_fold_again(self) -> None:
        account = extended(with_points(OF, 60, 40)).state

        assert account == Account.replay(account.events)
        assert account == decode(encode(account), Account)
        assert account._order is None

    def test_what_it_did_is_explained(self) -> None:
        account = with_points(OF, 60).hold(20, OF, id="h", at=day("01-02"), until=day("04-01")).state
        text = str(extended(account).state.explain("e"))

        assert text.splitlines()[1] == "extended 60 of adjust:l0 to 2026-08-02T00:00:00+00:00"


class TestWithOtherEntries:
    def test_a_return_finds_the_lot_at_its_new_end(self) -> None:
        of = attrs.evolve(OF, rules=[EarningRule("flat", Flat(9))])
        account = opened(of).earn(sale("5.00"), of, at=START).state
        account = extended(account, of).state
        back = Return("r", purchase="s1", at=day("03-01"), lines={1: 1})

        assert account.reverse(back, of, at=day("03-01")).state.balance(as_of=day("03-01")).available == 0

    def test_a_pending_lot_is_found_there_as_well(self) -> None:
        of = attrs.evolve(
            OF, rules=[EarningRule("flat", Flat(9))], pending=Days(30), clawback=Clawback(reach="only_pending")
        )
        account = opened(of).earn(sale("5.00"), of, at=START).state
        account = extended(account, of).state
        back = Return("r", purchase="s1", at=day("01-20"), lines={1: 1})

        assert account.reverse(back, of, at=day("01-20")).state.balance(as_of=day("01-20")).pending == 0

    def test_what_comes_back_has_the_new_end(self) -> None:
        account = with_points(OF, 60).redeem(20, OF, id="d", at=day("01-05")).state
        account = extended(account).state.restore("d", OF, at=day("03-01")).state

        assert remaining(account, day("03-01")) == [(60, day("08-02"))]

    def test_points_that_end_with_inactivity_end_no_sooner_than_promised(self) -> None:
        of = program(VISIT, expires=Inactive(Days(10)), extensions=[Extension(Days(30))])
        account = opened(of).earn(visit("v1", START), of, at=START).state
        account = extended(account, of, "01-05").state
        account = account.earn(visit("v2", day("01-20")), of, at=day("01-20")).state

        assert remaining(account, day("01-20")) == [(10, day("01-31")), (10, day("02-11"))]

    def test_and_follow_later_activities_again(self) -> None:
        of = program(VISIT, expires=Inactive(Days(10)), extensions=[Extension(Days(10))])
        account = opened(of).earn(visit("v1", START), of, at=START).state
        account = extended(account, of, "01-05").state
        account = account.earn(visit("v2", day("01-20")), of, at=day("01-20")).state
        spent = account.redeem(5, of, id="d", at=day("01-21")).state
        back = spent.restore("d", of, at=day("01-22")).state

        assert remaining(account, day("01-20")) == [(10, day("01-31")), (10, day("01-31"))]
        assert remaining(back, day("01-22")) == [(10, day("02-01")), (10, day("02-01"))]
        assert back == Account.replay(back.events)

    def test_beyond_the_latest_end_of_a_lot(self) -> None:
        of = program(VISIT, expires=FirstOf(Months(1), Inactive(Days(100))), extensions=[Extension(Months(1))])
        account = extended(opened(of).earn(visit("v1", START), of, at=START).state, of).state
        account = account.earn(visit("v2", day("02-20")), of, at=day("02-20")).state

        assert remaining(account, day("02-20")) == [(10, day("03-02")), (10, day("03-21"))]

    def test_a_grace_is_kept_in_a_state_that_was_not_folded_again(self) -> None:
        of = attrs.evolve(OF, restore=Restore("grace", Days(30)))
        account = with_points(of, 60).redeem(60, of, id="d", at=day("01-05")).state
        account = account.restore("d", of, points=20, id="x1", at=day("02-10")).state
        account = account.hold(5, of, id="h", at=day("02-11"), until=day("02-20")).state
        account = extended(account, of, "02-12").state

        assert remaining(account.void("h", of, at=day("02-15")).state, day("02-15")) == [(20, day("09-13"))]

    def test_an_entry_that_comes_late_changes_no_promise(self) -> None:
        account = extended(with_points(OF, 60, 40)).state
        account = account.redeem(70, OF, id="d", at=day("01-12"), effective=day("01-03")).state

        assert remaining(account, day("01-12")) == [(30, day("08-02"))]
        assert account == Account.replay(account.events)
