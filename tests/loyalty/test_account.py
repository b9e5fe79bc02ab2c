"""An account is made of its events, branches freely, refuses what the rules refuse, and answers for any instant."""

from __future__ import annotations

import copy
import pickle
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from strategies_loyalty import PLAIN, SPENDING, START, VISITS, adjusted, award, day, opened, program, sale, visit

from relex.calendars import Days, Months, Period
from relex.changes import Event
from relex.errors import Conflict, CurrencyMismatch, InvalidValue, NotFound, Rejected
from relex.loyalty import (
    Account,
    EarningRule,
    FirstOf,
    Flat,
    Inactive,
    Never,
    Occasion,
    PerAmount,
    Points,
    PointsExpired,
    PointsMatured,
    Tier,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.loyalty import Program

TWO = program(
    EarningRule("both", Flat(10), on="visit", gives=("points", "status")),
    points=[Points("points"), Points("status", qualifying=True)],
)


def visited(of: Program, *days: str) -> Account:
    account = opened(of)
    for number, text in enumerate(days):
        account = account.earn(visit(f"v{number}", day(text)), of, at=day(text)).state
    return account


def refusal(command: Callable[[], Any]) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Rejected) as refused:
        command()
    return refused.value.reason, refused.value.details


class TestEvents:
    def test_the_constructor_rebuilds_it(self) -> None:
        account = visited(VISITS, "01-02", "01-03").settle(VISITS, at=day("03-01")).state

        assert account == Account(account.events)
        assert account.events == Account(account.events).events

    def test_no_events_make_no_account(self) -> None:
        assert Account.replay([]) is None
        with pytest.raises(InvalidValue, match=r"Account\.events"):
            Account([])

    def test_the_first_event_opens_it(self) -> None:
        events = visited(VISITS, "01-02").events
        with pytest.raises(InvalidValue, match="an AccountOpened, to begin with"):
            Account.evolve(None, events[1])
        with pytest.raises(InvalidValue, match="event 3 of a1"):
            Account.evolve(Account(events), events[0])

    @pytest.mark.parametrize("fold", [Account.evolve, lambda state, event: Account.replay([event], state)])
    def test_events_come_in_their_order(self, fold: Callable[[Any, Any], Any]) -> None:
        account = visited(VISITS, "01-02", "01-03")
        with pytest.raises(InvalidValue, match="event 4 of a1"):
            fold(account, account.events[2])
        with pytest.raises(InvalidValue, match="event 4 of a1"):
            fold(account, attrs.evolve(account.events[2], version=4, source="a2"))

    def test_other_events_are_refused(self) -> None:
        with pytest.raises(InvalidValue, match="an event of an account"):
            Account.evolve(opened(VISITS), Event(source="a1", version=2, at=START))

    def test_it_copies_and_travels(self) -> None:
        account = visited(VISITS, "01-02")

        assert account == pickle.loads(pickle.dumps(account)) == copy.deepcopy(account)  # noqa: S301 - our own bytes
        assert hash(account) == hash(copy.copy(account))
        assert account != account.events

    def test_it_shows_itself(self) -> None:
        assert repr(opened(VISITS)) == "<Account a1 of c1 in p, version 1, open>"


class TestBranches:
    def test_states_grow_apart_and_stay_what_they_were(self) -> None:
        stem = visited(VISITS, "01-02")
        one = stem.earn(visit("x", day("01-03")), VISITS, at=day("01-03")).state
        two = stem.redeem(4, VISITS, id="x", at=day("01-04")).state
        two = two.earn(visit("x", day("01-05")), VISITS, at=day("01-05")).state

        assert [each.balance(as_of=day("01-06")).available for each in (stem, one, two)] == [10, 20, 16]
        assert two.earn(visit("x", day("01-05")), VISITS, at=day("01-06")).events == ()
        assert one.earn(visit("x", day("01-03")), VISITS, at=day("01-06")).events == ()

    def test_one_id_at_two_versions(self) -> None:
        stem = opened(VISITS)
        other = stem.earn(visit("y", day("01-02")), VISITS, at=day("01-02")).state
        one = stem.earn(visit("x", day("01-03")), VISITS, at=day("01-03")).state
        other = other.earn(visit("x", day("01-03")), VISITS, at=day("01-03")).state
        other = other.earn(visit("z", day("01-04")), VISITS, at=day("01-04")).state

        assert other.earn(visit("x", day("01-03")), VISITS, at=day("01-05")).events == ()
        assert one.earn(visit("x", day("01-03")), VISITS, at=day("01-05")).events == ()
        assert len(one.earn(visit("z", day("01-04")), VISITS, at=day("01-05")).events) == 1

    def test_a_replayed_account_knows_its_ids(self) -> None:
        account = Account(visited(VISITS, "01-02").events)

        assert account.earn(visit("v0", day("01-02")), VISITS, at=day("01-05")).events == ()


class TestRefusals:
    @pytest.mark.parametrize(
        "command",
        [
            lambda it, at: it.earn(visit("x", day("01-02")), VISITS, at=at),
            lambda it, at: it.redeem(1, VISITS, id="x", at=at),
            lambda it, at: it.adjust(1, VISITS, id="x", reason="r", actor="a", at=at),
            lambda it, at: it.restore("x", VISITS, at=at),
        ],
    )
    def test_a_suspended_account(self, command: Callable[[Account, datetime], Any]) -> None:
        account = opened(VISITS).suspend(at=day("01-02"), reason="fraud check").state

        assert refusal(lambda: command(account, day("01-03")))[0] == "suspended"
        assert account.resume(at=day("01-04")).state.status == "open"

    def test_another_program(self) -> None:
        other = attrs.evolve(VISITS, id="q")

        assert refusal(lambda: opened(VISITS).earn(visit("x", START), other, at=START)) == (
            "other_program",
            {"asked": "q", "allowed": "p"},
        )

    def test_the_future(self) -> None:
        account = opened(VISITS)

        assert refusal(lambda: account.earn(visit("x", day("01-03")), VISITS, at=day("01-02")))[0] == "future"
        assert (
            refusal(lambda: account.redeem(1, VISITS, id="x", at=day("01-02"), effective=day("01-03")))[0] == "future"
        )

    def test_before_the_account_was_opened(self) -> None:
        early = visit("x", day("2025-12-31"))
        accepting = attrs.evolve(VISITS, before_enrollment="accept")
        account = opened(VISITS)

        assert refusal(lambda: account.earn(early, VISITS, at=START))[0] == "before_enrollment"
        assert account.earn(early, accepting, at=START).state.balance(as_of=START).available == 10

    @pytest.mark.parametrize("tiers", [(), (Tier("silver", at=5),)], ids=["plain", "tiers"])
    def test_what_ended_before_the_account_was_opened_is_reported_once(self, tiers: tuple[Tier, ...]) -> None:
        accepting = attrs.evolve(VISITS, before_enrollment="accept", tiers=tiers)
        account = opened(accepting).earn(visit("x", day("2025-11-01")), accepting, at=START).state
        later = account.settle(accepting, at=day("01-02")).state.settle(accepting, at=day("01-03")).state

        assert [event.points for event in later.events if isinstance(event, PointsExpired)] == [10]
        assert Account(later.events) == later

    @pytest.mark.parametrize(
        "valid",
        [Period(day("02-01"), day("03-01")), Period(day("02-01").date(), day("03-01").date())],
    )
    def test_a_program_that_is_not_in_force(self, valid: Period) -> None:
        spring = attrs.evolve(VISITS, valid=valid)
        account = opened(spring)

        assert refusal(lambda: account.earn(visit("x", day("01-31")), spring, at=day("02-01")))[0] == "not_in_force"
        assert award(spring, visit("x", day("02-01")), account=account).points == 10

    def test_another_currency(self) -> None:
        with pytest.raises(CurrencyMismatch, match="expected an amount in USD, got one in EUR"):
            opened(SPENDING).earn(sale("5.00", currency="EUR"), SPENDING, at=START)

    def test_naive_datetimes(self) -> None:
        naive = START.replace(tzinfo=None)
        account = opened(VISITS)
        with pytest.raises(InvalidValue, match=r"earn\.at"):
            account.earn(visit("x", START), VISITS, at=naive)
        with pytest.raises(InvalidValue, match=r"redeem\.at"):
            account.redeem(1, VISITS, id="x", at=naive)
        with pytest.raises(InvalidValue, match=r"balance\.as_of"):
            account.balance(as_of=naive)

    def test_an_instant_that_utc_cannot_say(self) -> None:
        late = datetime.max.replace(tzinfo=timezone(timedelta(hours=-3)))
        with pytest.raises(InvalidValue, match="within the years 1 to 9999"):
            opened(VISITS).balance(as_of=late)

    @pytest.mark.parametrize("points", [0, -1, True, 1.5, "5"])
    def test_points_that_cannot_be_redeemed(self, points: Any) -> None:
        with pytest.raises(InvalidValue, match=r"redeem\.points"):
            opened(VISITS).redeem(points, VISITS, id="x", at=START)

    @pytest.mark.parametrize("name", ["", None])
    def test_a_redemption_needs_an_id(self, name: Any) -> None:
        with pytest.raises(InvalidValue, match=r"redeem\.id"):
            opened(VISITS).redeem(5, VISITS, id=name, at=START)

    def test_more_than_there_is(self) -> None:
        account = visited(VISITS, "01-02")

        assert refusal(lambda: account.redeem(11, VISITS, id="x", at=day("01-03"))) == (
            "insufficient_points",
            {"asked": 11, "available": 10},
        )
        assert refusal(lambda: opened(VISITS).redeem(1, VISITS, id="x", at=START))[1] == {"asked": 1, "available": 0}

    def test_status_points_are_not_spent(self) -> None:
        account = visited(TWO, "01-02")

        assert refusal(lambda: account.redeem(1, TWO, id="x", at=day("01-03"), currency="status")) == (
            "not_redeemable",
            {"asked": "status", "allowed": ("points",)},
        )
        assert (
            account.redeem(1, TWO, id="x", at=day("01-03"), currency="points")
            .state.balance(as_of=day("01-03"), points="points")
            .available
            == 9
        )

    def test_the_first_currency_that_can_be_spent_is(self) -> None:
        both = program(
            EarningRule("visit", Flat(10), on="visit", gives=("status", "points")),
            points=[Points("status", qualifying=True), Points("points")],
        )
        account = opened(both).earn(visit("v", START), both, at=START).state.redeem(3, both, id="x", at=START).state

        assert account.balance(as_of=START, points="points").available == 7

    def test_nothing_can_be_spent(self) -> None:
        status = program(points=[Points("status", qualifying=True)])

        assert refusal(lambda: opened(status).redeem(1, status, id="x", at=START))[0] == "not_redeemable"


class TestRepeats:
    def test_a_redemption(self) -> None:
        account = visited(VISITS, "01-02").redeem(4, VISITS, id="r", at=day("01-03"), purchase="s1").state

        assert account.redeem(4, VISITS, id="r", at=day("01-04"), purchase="s1").events == ()
        assert account.redeem(4, VISITS, id="r", at=day("01-04"), purchase="s1", effective=day("01-03")).events == ()
        for more in ({"points": 5}, {"purchase": "s2"}, {"effective": day("01-02")}, {"reward": "mug"}):
            asked = {"points": 4, "purchase": "s1"} | more
            with pytest.raises(Conflict):
                account.redeem(asked.pop("points"), VISITS, id="r", at=day("01-04"), **asked)

    def test_a_purchase_with_other_lines(self) -> None:
        account = opened(SPENDING).earn(sale("5.00"), SPENDING, at=START).state

        assert account.earn(sale("5.00"), SPENDING, at=day("01-02")).events == ()
        with pytest.raises(Conflict):
            account.earn(sale("5.00", "1.00"), SPENDING, at=day("01-02"))

    def test_one_id_for_two_kinds(self) -> None:
        account = visited(VISITS, "01-02")
        account = account.redeem(4, VISITS, id="v0", at=day("01-03")).state

        assert account.balance(as_of=day("01-03")).available == 6
        with pytest.raises(InvalidValue, match="one of visit, redeem"):
            account.explain("v0")
        assert account.explain("v0", "redeem").entry.points == 4
        with pytest.raises(NotFound):
            account.explain("v9")
        with pytest.raises(NotFound):
            account.explain("v0", "adjust")


class TestQuestions:
    def test_balance_as_known_then(self) -> None:
        account = visited(VISITS, "01-02")
        late = account.earn(visit("late", day("01-03")), VISITS, at=day("01-10")).state

        assert late.balance(as_of=day("01-05")).available == 20
        assert late.balance(as_of=day("01-05"), known_at=day("01-05")).available == 10

    def test_balance_in_each_currency(self) -> None:
        account = visited(TWO, "01-02")
        balances = [account.balance(as_of=day("01-03"), points=name).posted for name in ("points", "status", "stars")]

        assert balances == [10, 10, 0]
        assert opened(TWO).balance(as_of=START).posted == 0

    def test_balance_shows_itself(self) -> None:
        account = adjusted(visited(VISITS, "01-02"), VISITS, -15, day("01-03"), allow_debt=True)
        owing = account.balance(as_of=day("01-04"))
        fine = visited(VISITS, "01-02").balance(as_of=day("01-04"))

        assert str(owing) == "points: 0 available, 0 pending, 5 owed"
        assert str(fine) == "points: 10 available, 0 pending, 10 expiring on 2026-02-02T00:00:00+00:00"
        assert fine._repr_html_().count(">10</td>") == 2
        assert "Ending next" not in owing._repr_html_()

    def test_lots_tell_their_facts(self) -> None:
        account = opened(SPENDING).earn(sale("5.00"), SPENDING, at=START).state
        account = account.earn(visit("v", day("01-02")), SPENDING, at=day("01-02")).state
        usable, waiting = account.lots(as_of=day("01-02"))

        assert (usable.points, usable.earned_at, usable.available_at) == (5, START, START)
        assert (10, day("01-07"), day("02-08")) == (waiting.remaining, waiting.available_at, waiting.expires_at)
        assert {name: usable.facts()[name] for name in ("lot.id", "lot.points")} == {
            "lot.id": "purchase:s1",
            "lot.points": 5,
        }
        assert account.lots(as_of=day("01-02"), points="stars") == ()

    def test_a_lot_without_an_end(self) -> None:
        assert adjusted(opened(PLAIN), PLAIN, 5, START).lots(as_of=START)[0].expires_at is None

    def test_facts(self) -> None:
        account = opened(SPENDING).earn(sale("5.00"), SPENDING, at=START).state
        facts = account.facts()

        assert (
            facts["account.id"],
            facts["account.status"],
            facts["account.tier"],
            facts["account.purchases"],
            facts["account.balance.points"],
            facts["account.lifetime.points"],
        ) == ("a1", "open", None, 1, 5, 5)

    def test_the_tier_of_an_earlier_instant(self) -> None:
        club = program(EarningRule("visit", Flat(10), on="visit"), tiers=[Tier("one", at=10), Tier("two", at=20)])
        account = visited(club, "01-02", "01-04")

        assert [account.tier_at(day(text)) for text in ("01-01", "01-03", "01-05")] == [None, "one", "two"]

    def test_counts_of_an_earlier_instant(self) -> None:
        account = opened(SPENDING)
        for number, text in enumerate(("01-02", "01-04")):
            account = account.earn(sale("5.00", name=f"s{number}", at=day(text)), SPENDING, at=day(text)).state

        assert [account.purchases_at(day(text)) for text in ("01-01", "01-03", "01-05")] == [0, 1, 2]
        assert [account.earned_at(day(text), "points") for text in ("01-01", "01-03", "01-05")] == [0, 5, 10]


class TestTime:
    def test_local_midnights(self) -> None:
        zone = ZoneInfo("America/New_York")
        local = attrs.evolve(VISITS, tz=zone, expires=Days(0))
        at = datetime(2026, 3, 7, 23, tzinfo=zone)
        account = opened(local).earn(visit("v", at), local, at=at).state

        assert ((datetime(2026, 3, 8, tzinfo=zone), 10),) == account.balance(as_of=at).expiring

    def test_exact_spans(self) -> None:
        exact = attrs.evolve(VISITS, expires=timedelta(hours=30))
        waiting = program(EarningRule("visit", Flat(10), on="visit", pending=timedelta(hours=5)), expires=Never())
        at = day("01-02", 7)

        assert at + timedelta(hours=30) == award(exact, visit("v", at)).credits[0].expires_at
        assert at + timedelta(hours=5) == award(waiting, visit("v", at)).credits[0].available_at

    def test_a_clock_that_starts_at_earning(self) -> None:
        clocked = program(
            EarningRule("visit", Flat(10), on="visit", pending=Days(20)),
            points=[Points("points", clock="earning")],
            expires=Days(10),
        )
        account = opened(clocked).earn(visit("v", START), clocked, at=START).state
        account, events = account.settle(clocked, at=day("02-01"))

        assert [PointsMatured, PointsExpired] == [type(event) for event in events]
        assert account.balance(as_of=day("02-01")).available == 0

    def test_a_tier_may_set_the_end(self) -> None:
        club = program(
            EarningRule("visit", Flat(10), on="visit"),
            EarningRule("stay", Flat(10), on="stay", expires=Days(1)),
            expires=Days(10),
            tiers=[Tier("one", at=0, expires=Days(20))],
        )

        assert day("01-22") == award(club, visit("v", START)).credits[0].expires_at
        assert day("01-03") == award(club, Occasion("stay", "v", START)).credits[0].expires_at

    def test_the_first_of_two_ends(self) -> None:
        both = attrs.evolve(VISITS, expires=FirstOf(Days(20), Inactive(Days(10))))
        account = visited(both, "01-01", "01-08")
        ends = [lot.expires_at for lot in account.lots(as_of=day("01-08"))]

        assert [day("01-19"), day("01-19")] == ends
        assert [day("01-22"), day("01-26"), day("01-26")] == [
            lot.expires_at for lot in visited(both, "01-01", "01-08", "01-15").lots(as_of=day("01-15"))
        ]

    def test_the_first_of_two_dates(self) -> None:
        both = attrs.evolve(VISITS, expires=FirstOf(Never(), Days(3), Days(2)))

        assert day("01-04") == award(both, visit("v", START)).credits[0].expires_at

    def test_an_occasion_of_a_named_kind_is_an_activity(self) -> None:
        idle = program(
            EarningRule("visit", Flat(10), on="visit"), expires=Inactive(Days(10), activities=("call", "earn_zero"))
        )
        account = visited(idle, "01-01")
        call = Occasion("call", "c", day("01-05"))
        called = account.earn(call, idle, at=day("01-05")).state
        visited_again = account.earn(visit("again", day("01-05")), idle, at=day("01-05")).state

        assert [day("01-16")] == [lot.expires_at for lot in called.lots(as_of=day("01-05"))]
        assert {day("01-12")} == {lot.expires_at for lot in visited_again.lots(as_of=day("01-05"))}

    def test_an_adjustment_may_be_an_activity(self) -> None:
        idle = attrs.evolve(VISITS, expires=Inactive(Days(10), activities=("adjust",)))
        account = adjusted(visited(idle, "01-01"), idle, -1, day("01-05"))
        quiet = attrs.evolve(VISITS, expires=Inactive(Days(10), activities=("redeem",)))
        added = adjusted(visited(quiet, "01-01"), quiet, 5, day("01-05"))
        first = adjusted(opened(quiet), quiet, 5, day("01-05"))

        assert [day("01-16")] == [lot.expires_at for lot in account.lots(as_of=day("01-05"))]
        assert {day("01-12")} == {lot.expires_at for lot in added.lots(as_of=day("01-05"))}
        assert [day("01-16")] == [lot.expires_at for lot in first.lots(as_of=day("01-05"))]

    def test_pending_points_move_with_activity_too(self) -> None:
        idle = program(
            EarningRule("visit", Flat(10), on="visit"),
            EarningRule("stay", Flat(10), on="stay", pending=Days(4)),
            expires=Inactive(Days(10)),
        )
        account = opened(idle).earn(Occasion("stay", "s", START), idle, at=START).state
        account = account.earn(visit("v", day("01-03")), idle, at=day("01-03")).state

        assert {day("01-14")} == {lot.expires_at for lot in account.lots(as_of=day("01-03"))}

    def test_late_and_equal_moments_refold(self) -> None:
        account = visited(VISITS, "01-05")
        same = account.redeem(4, VISITS, id="r", at=day("01-05")).state
        before = same.earn(visit("x", day("01-05")), VISITS, at=day("01-05")).state
        late = before.earn(visit("y", day("01-04")), VISITS, at=day("01-06")).state
        last = late.earn(visit("z", day("01-07")), VISITS, at=day("01-07")).state
        found = [each.balance(as_of=day("01-08")).available for each in (account, same, before, late, last)]

        assert found == [10, 6, 16, 26, 36]


def test_months_of_many_lots() -> None:
    """Hundreds of lots fill several chunks, and nothing is lost."""
    monthly = attrs.evolve(VISITS, expires=Months(6))
    account = opened(monthly)
    for number in range(700):
        at = START + timedelta(hours=number)
        account = account.earn(visit(f"v{number}", at), monthly, at=at).state
    account = account.redeem(6_500, monthly, id="r", at=day("02-01")).state

    assert (account.balance(as_of=day("02-01")).available, len(account.lots(as_of=day("02-01")))) == (500, 50)
    assert account == Account(account.events)


def test_decimals_do_not_depend_on_the_context() -> None:
    """Someone else's precision changes no award."""
    import decimal  # noqa: PLC0415 - the context is the subject

    rules = program(EarningRule("base", PerAmount("1.5", per="0.0001")))
    with decimal.localcontext(decimal.Context(prec=3)):
        found = award(rules, sale("12345.67")).points

    assert int(Decimal("12345.67") * 15000) == found
