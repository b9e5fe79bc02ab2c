"""Worked cases of the specification of holds: L6, L7, L8, L10, and the expiry of what comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from strategies_loyalty import PLAIN, START, adjusted, day, opened, program, visit

from relex.calendars import Days, Months
from relex.errors import Rejected
from relex.loyalty import EarningRule, Flat, HoldLapsed, Points, PointsExpired, Program, Restore

if TYPE_CHECKING:
    from relex.loyalty import Account

LATE = day("2027-01-01")


def holding(points: int, held: int, of: Program = PLAIN) -> Account:
    """An account with some points, of which some are held until the year's end."""
    account = adjusted(opened(of), of, points, START)
    return account.hold(held, of, id="h", until=LATE, at=day("01-02")).state


class TestL6:
    """Source: tigerbeetle, two-phase transfers."""

    def test_a_part_is_captured_and_the_rest_released(self) -> None:
        account = holding(123, 123).capture("h", PLAIN, points=100, at=day("01-03")).state
        book = account._ledger.books["points"]

        assert (book.redeemed, account.balance(as_of=day("01-03")).available) == (100, 23)

    def test_it_is_captured_once(self) -> None:
        account = holding(123, 123).capture("h", PLAIN, points=100, at=day("01-03")).state

        with pytest.raises(Rejected, match="already_captured"):
            account.capture("h", PLAIN, points=23, at=day("01-04"))

    def test_what_was_captured_is_not_voided(self) -> None:
        account = holding(123, 123).capture("h", PLAIN, points=100, at=day("01-03")).state

        with pytest.raises(Rejected, match="already_captured"):
            account.void("h", PLAIN, at=day("01-04"))

    def test_no_more_than_held(self) -> None:
        with pytest.raises(Rejected, match="more_than_held") as refused:
            holding(123, 123).capture("h", PLAIN, points=124, at=day("01-03"))

        assert refused.value.details == {"asked": 124, "held": 123}


class TestL7:
    """Source: tigerbeetle, two-phase transfers; solidus, store credit."""

    @pytest.mark.parametrize(
        ("points", "accepted"), [pytest.param(50, False, id="L7-50"), pytest.param(30, True, id="L7-30")]
    )
    def test_pending_points_cover_no_hold(self, points: int, accepted: bool) -> None:
        of = program(EarningRule("late", Flat(500), on="visit", pending=Days(30)))
        account = adjusted(opened(of), of, 100, START).earn(visit("v1", START), of, at=START).state
        account = account.redeem(70, of, id="r", at=day("01-02")).state
        if accepted:
            assert account.hold(points, of, id="h", until=LATE, at=day("01-03")).events[-1].points == 30
        else:
            with pytest.raises(Rejected, match="insufficient_points") as refused:
                account.hold(points, of, id="h", until=LATE, at=day("01-03"))

            assert refused.value.details == {"asked": 50, "available": 30}

    def test_several_holds_share_what_is_there(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 150, START)
        account = account.hold(1, PLAIN, id="h1", until=LATE, at=day("01-02")).state
        account = account.hold(149, PLAIN, id="h2", until=LATE, at=day("01-02")).state

        assert (account.balance(as_of=day("01-02")).held, account.balance(as_of=day("01-02")).available) == (150, 0)

    def test_more_than_there_is(self) -> None:
        with pytest.raises(Rejected, match="insufficient_points"):
            holding(150, 300)

    def test_a_scale(self) -> None:
        of = program(points=[Points("stars", scale=2)])
        stars = of.points[0].of("8.21")
        account = holding(stars, stars, of)

        assert (account.balance(as_of=day("01-02")).held, account.balance(as_of=day("01-02")).available) == (821, 0)


class TestL8:
    """Source: Square, states of a reward."""

    def test_issued_and_canceled(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 10, START)
        issued = account.hold(10, PLAIN, id="reward", reward="mug", until=LATE, at=day("01-02"))
        canceled = issued.then(lambda it: it.void("reward", PLAIN, at=day("01-03")))
        balances = [change.state.balance(as_of=day("01-03")).available for change in (issued, canceled)]

        assert balances == [0, 10]

    def test_issued_and_collected(self) -> None:
        account = holding(10, 10).capture("h", PLAIN, at=day("01-03")).state

        with pytest.raises(Rejected, match="already_captured"):
            account.void("h", PLAIN, at=day("01-04"))
        assert account.balance(as_of=day("01-04")).posted == 0


class TestL10:
    """Source: derived from the rules of expiry and holds."""

    def held(self) -> Account:
        account = adjusted(opened(PLAIN), PLAIN, 100, START, ends=day("02-01"))
        return account.hold(60, PLAIN, id="h", until=day("02-10"), at=day("01-15")).state

    @pytest.mark.parametrize(
        ("at", "available", "held"),
        [pytest.param("01-15", 40, 60, id="L10-held"), pytest.param("02-01", 0, 60, id="L10-the-rest-ends")],
    )
    def test_held_points_do_not_expire(self, at: str, available: int, held: int) -> None:
        balance = self.held().balance(as_of=day(at))

        assert (available, held) == (balance.available, balance.held)

    def test_what_is_released_expires_at_once(self) -> None:
        change = self.held().capture("h", PLAIN, points=45, at=day("02-03"))
        book = change.state._ledger.books["points"]

        assert (book.redeemed, book.expired, book.held) == (45, 55, 0)
        assert [(40, day("02-01")), (15, day("02-03"))] == [
            (event.points, event.effective) for event in change.events if isinstance(event, PointsExpired)
        ]


@pytest.mark.parametrize(
    ("restore", "usable", "last"),
    [
        pytest.param(Restore(), 0, None, id="V9-original"),
        pytest.param(Restore("grace", Days(30)), 70, "2026-03-07", id="V9-grace"),
        pytest.param(Restore("reissue"), 70, "2026-03-05", id="V9-reissue"),
    ],
)
@pytest.mark.parametrize("ending", ["void", "lapse", "capture and restore"])
def test_v9_what_comes_back_late_goes_by_the_policy(
    restore: Restore, usable: int, last: str | None, ending: str
) -> None:
    """V9, for a hold that is voided, that lapses, and that was captured and is restored. Source: derived."""
    of = program(expires=Months(1), restore=restore)
    account = adjusted(opened(of), of, 100, START, ends=day("02-01"))
    until = day("02-05") if ending == "lapse" else LATE
    account = account.hold(70, of, id="h", until=until, at=day("01-10")).state
    if ending == "void":
        account = account.void("h", of, at=day("02-05")).state
    elif ending != "lapse":
        account = account.capture("h", of, at=day("01-20")).state.restore("h", of, at=day("02-05")).state
    account = account.settle(of, at=day("02-05")).state
    balance = account.balance(as_of=day("02-05"))
    gone = () if last is None else ((day(last) + timedelta(days=1), usable),)

    assert (usable, gone) == (balance.available, balance.expiring)
    assert 30 + 70 - usable == account._ledger.books["points"].expired


def test_a_lapse_is_reported() -> None:
    """Section 4.2, time at one instant. Source: derived."""
    account = holding(100, 60)
    change = account.settle(PLAIN, at=day("2027-01-02"))

    assert [(HoldLapsed, "h", 60, LATE)] == [
        (type(event), event.hold, event.points, event.effective) for event in change.events
    ]
