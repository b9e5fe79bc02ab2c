"""Worked cases of the specification of the ledger: L1 to L5, L11 to L14, without holds and transfers; X1 to X8."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from strategies_loyalty import PLAIN, adjusted, award, day, opened, program, remaining

from relex.calendars import Days, Months, Period, Years, local_date
from relex.errors import Rejected
from relex.loyalty import (
    EarningRule,
    Flat,
    Inactive,
    Occasion,
    OnDates,
    PerAmount,
    PointsExpired,
)

if TYPE_CHECKING:
    from relex.calendars import CalendarDuration
    from relex.loyalty import Account


def with_lots(*lots: tuple[int, str, str | None]) -> Account:
    """An account with lots of (points, earned, end)."""
    account = opened(PLAIN)
    for number, (count, at, end) in enumerate(lots):
        account = adjusted(account, PLAIN, count, day(at), ends=None if end is None else day(end), name=f"lot{number}")
    return account


def spent(account: Account, count: int, at: str, name: str = "r1", **more: Any) -> Account:
    return account.redeem(count, PLAIN, id=name, at=day(at), **more).state


class TestL1:
    """Source: Setono LotReplayerTest."""

    def test_a_part_of_a_lot(self) -> None:
        assert remaining(spent(with_lots((100, "01-01", None)), 30, "01-02"), day("01-02")) == [(70, None)]

    def test_the_soonest_to_end_is_used_up_first(self) -> None:
        lots = with_lots((50, "01-01", "2027-01-01"), (50, "01-02", "2027-02-01"))

        assert [(30, day("2027-02-01"))] == remaining(spent(lots, 70, "01-03"), day("01-03"))


class TestL2:
    """Source: Setono LotReplayerTest."""

    @pytest.mark.parametrize(
        "first_end", [pytest.param("2027-06-01", id="L2-later"), pytest.param(None, id="L2-never")]
    )
    def test_the_second_lot_is_emptied(self, first_end: str | None) -> None:
        lots = with_lots((100, "01-01", first_end), (100, "01-02", "2027-01-01"))
        left = remaining(spent(lots, 100, "01-03"), day("01-03"))

        assert [(100, None if first_end is None else day(first_end))] == left

    @pytest.mark.parametrize(
        ("until", "expected"), [pytest.param("03-01", 100, id="L2-march"), pytest.param("07-01", 300, id="L2-july")]
    )
    def test_expiring(self, until: str, expected: int) -> None:
        lots = with_lots((100, "01-01", "02-01"), (200, "01-01", "06-01"), (50, "01-01", None))

        assert expected == lots.balance(as_of=day("01-01")).expiring_before(day(until))


def test_l3_a_credit_pays_debt_first() -> None:
    """L3. Source: Setono LotReplayerTest."""
    account = with_lots((50, "01-01", None))
    account = adjusted(account, PLAIN, -80, day("01-02"), allow_debt=True)
    owing = account.balance(as_of=day("01-02"))
    account = adjusted(account, PLAIN, 100, day("01-03"))
    after = account.balance(as_of=day("01-03"))

    assert (owing.posted, owing.debt, owing.available) == (-30, 30, 0)
    assert (after.posted, after.debt, remaining(account, day("01-03"))) == (70, 0, [(70, None)])


@pytest.mark.parametrize("settle", [False, True])
@pytest.mark.parametrize(
    ("lots", "redeem", "at", "available", "gone"),
    [
        pytest.param([(150, "01-01", "02-01")], 0, "02-02", 0, [150], id="L4-past"),
        pytest.param([(150, "01-01", "02-01")], 0, "01-31", 150, [], id="L4-not-yet"),
        pytest.param([(100, "01-01", "02-01"), (50, "01-01", "03-01")], 0, "02-02", 50, [100], id="L4-one-of-two"),
        pytest.param([(150, "01-01", "02-01")], 150, "02-02", 0, [], id="L4-spent"),
        pytest.param([(150, "01-01", "02-01")], 50, "02-02", 0, [100], id="L4-partly-spent"),
        pytest.param([(100, "01-01", "02-01"), (60, "01-01", "02-02")], 0, "02-02", 0, [100, 60], id="L4-both"),
        pytest.param([(150, "01-01", None)], 0, "2036-01-01", 150, [], id="L4-no-end"),
        pytest.param([(150, "01-01", "02-01")], 0, "02-01", 0, [150], id="L5-at-the-end"),
    ],
)
def test_expiry(
    settle: bool, lots: list[tuple[int, str, str | None]], redeem: int, at: str, available: int, gone: list[int]
) -> None:
    """Source: Setono LoyaltyLedgerExpireTest; only what remains expires, with or without settle."""
    account = with_lots(*lots)
    if redeem:
        account = spent(account, redeem, "01-15")
    settled, events = account.settle(PLAIN, at=day(at))

    assert available == (settled if settle else account).balance(as_of=day(at)).available
    assert gone == [event.points for event in events if isinstance(event, PointsExpired)]


def test_l5_settle_twice_is_one_notice() -> None:
    """L5."""
    account, first = with_lots((150, "01-01", "02-01")).settle(PLAIN, at=day("02-01"))
    _, second = account.settle(PLAIN, at=day("02-01"))

    assert (len(first), len(second)) == (1, 0)


def test_l11_restoring_undoes_the_last_allocations_first() -> None:
    """L11, derived: A 10, B 50, as after redeeming 40."""
    lots = with_lots((50, "01-01", "06-01"), (50, "01-01", "09-01"))
    account = spent(lots, 70, "01-02").restore("r1", PLAIN, points=30, at=day("01-02")).state

    assert [(10, day("06-01")), (50, day("09-01"))] == remaining(account, day("01-02"))
    assert remaining(spent(lots, 40, "01-02"), day("01-02")) == remaining(account, day("01-02"))


def test_l12_a_late_award_changes_which_lot_was_used() -> None:
    """L12, derived: now on 03-01 the late lot has 0, the first 90; on 06-01 90 expire, not 40."""
    account = spent(with_lots((100, "01-01", "06-01")), 60, "03-01")
    before = remaining(account, day("03-01"))
    account = adjusted(account, PLAIN, 50, day("02-01"), ends=day("05-01"), now=day("03-02"), name="late")
    after = remaining(account, day("03-01"))
    account, events = account.settle(PLAIN, at=day("06-01"))

    assert [(40, day("06-01"))] == before
    assert [(90, day("06-01"))] == after
    assert [event.points for event in events] == [90]


def test_l12_a_correcting_notice_reports_the_difference() -> None:
    """Section 4.3: notices always sum to the fold."""
    account = spent(with_lots((100, "01-01", "06-01")), 60, "03-01")
    account, first = account.settle(PLAIN, at=day("06-02"))
    account, more = account.adjust(
        50,
        PLAIN,
        id="late",
        reason="found",
        actor="x",
        at=day("06-03"),
        effective=day("02-01"),
        expires_at=day("05-01"),
    )

    assert [event.points for event in first] == [40]
    assert [(event.lot, event.points) for event in more if isinstance(event, PointsExpired)] == [("adjust:lot0", 50)]


@pytest.mark.parametrize(
    ("late", "broken"), [pytest.param(20, False, id="L13-20"), pytest.param(50, True, id="L13-50")]
)
def test_l13_a_backdated_debit(late: int, broken: bool) -> None:
    """L13, derived."""
    account = spent(with_lots((100, "01-01", None)), 80, "03-01")
    if not broken:
        assert spent(account, late, "03-02", "late", effective=day("02-01")).balance(as_of=day("03-02")).available == 0
        return
    with pytest.raises(Rejected) as refused:
        spent(account, late, "03-02", "late", effective=day("02-01"))

    assert (refused.value.reason, refused.value.details) == ("breaks_later_entries", {"entries": ("r1",)})


def test_l14_a_statement() -> None:
    """L14, derived: opening 70; pending +30; expired -70; matured 30; closing 30, next expiry 03-18."""
    monthly = program(
        EarningRule("now", Flat(120), on="visit"), EarningRule("later", Flat(30), on="stay", pending=Days(14)),
        expires=Months(1),
    )  # fmt: skip
    account = opened(monthly).earn(Occasion("visit", "v", day("01-05")), monthly, at=day("01-05")).state
    account = account.redeem(50, monthly, id="r", at=day("01-20")).state
    account = account.earn(Occasion("stay", "s", day("02-03")), monthly, at=day("02-03")).state
    statement = account.statement(Period(day("02-01"), day("03-01")))
    rows = [(row.at, row.what, row.pending, row.available) for row in statement.rows]

    assert statement.opening.available == 70
    assert [
        (day("02-03"), "PointsEarned", 30, 0),
        (day("02-06"), "expired", 0, -70),
        (day("02-17"), "matured", -30, 30),
    ] == rows
    assert (30, ((day("03-18"), 30),)) == (statement.closing.available, statement.closing.expiring)


@pytest.mark.parametrize(
    ("policy", "dated", "last", "gone"),
    [
        pytest.param(Months(1), "2026-01-25", "2026-02-25", "2026-02-26", id="X1-25-Jan"),
        pytest.param(Months(1), "2025-01-29", "2025-02-28", "2025-03-01", id="X1-29-Jan"),
        pytest.param(Months(1), "2025-01-30", "2025-02-28", "2025-03-01", id="X1-30-Jan"),
        pytest.param(Months(1), "2025-01-31", "2025-02-28", "2025-03-01", id="X1-31-Jan"),
        pytest.param(Months(12), "2024-02-29", "2025-02-28", "2025-03-01", id="X1-leap"),
        pytest.param(Months(0), "2026-01-01", "2026-01-01", "2026-01-02", id="X2-zero"),
        pytest.param(Months(1, end_of="month"), "2025-01-17", "2025-02-28", "2025-03-01", id="X2-end-of-month"),
        pytest.param(Months(0, end_of="month"), "2018-01-22", "2018-01-31", "2018-02-01", id="X3-month"),
        pytest.param(Months(0, end_of="year"), "2018-05-05", "2018-12-31", "2019-01-01", id="X3-year"),
        pytest.param(Days(10), "2018-10-25", "2018-11-04", "2018-11-05", id="X3-days"),
        pytest.param(Years(2, end_of="year"), "2023-06-15", "2025-12-31", "2026-01-01", id="X4"),
        pytest.param(
            Months(12, end_of="year", year_ends=3), "2025-02-10", "2026-03-31", "2026-04-01", id="X5-February"
        ),
        pytest.param(Months(12, end_of="year", year_ends=3), "2025-04-10", "2027-03-31", "2027-04-01", id="X5-April"),
        pytest.param(OnDates("01-01", "07-01", least=Months(6)), "2025-01-01", "2025-06-30", "2025-07-01", id="X7-Jan"),
        pytest.param(OnDates("01-01", "07-01", least=Months(6)), "2025-02-10", "2025-12-31", "2026-01-01", id="X7-Feb"),
    ],
)
def test_where_a_lot_ends(policy: CalendarDuration | OnDates, dated: str, last: str, gone: str) -> None:
    """Sources: Voucherify loyalty points; Open Loyalty documentation and tests; Voyado; derived."""
    visits = program(EarningRule("visit", Flat(1), on="visit"), expires=policy)
    at = day(dated, 15)
    credit = award(visits, Occasion("visit", "v", at), account=opened(visits, at)).credits[0]

    assert day(gone) == credit.expires_at
    assert date.fromisoformat(last) == local_date(credit.expires_at, UTC) - (date(2026, 1, 2) - date(2026, 1, 1))


def test_x6_the_clock_starts_at_activation() -> None:
    """X6: 01-22 with pending Days(14) is active on 02-05, last on 02-28, gone on 03-01."""
    visits = program(EarningRule("visit", Flat(1), on="visit"), expires=Months(0, end_of="month"), pending=Days(14))
    credit = award(visits, Occasion("visit", "v", day("01-22", 10))).credits[0]

    assert (day("02-05"), day("03-01")) == (credit.available_at, credit.expires_at)


class TestX8:
    """X8, derived: Inactive(Months(6)), 100 on 2025-01-10."""

    rules = program(EarningRule("base", PerAmount(1, per=1, of="event.n"), on="visit"), expires=Inactive(Months(6)))

    def account(self) -> Account:
        at = day("2025-01-10", 12)
        return opened(self.rules, at).earn(Occasion("visit", "v", at, {"n": 100}), self.rules, at=at).state

    def test_an_activity_moves_the_end(self) -> None:
        account = self.account().redeem(20, self.rules, id="r", at=day("2025-07-10", 23)).state

        assert account.balance(as_of=day("2026-01-10", 23)).available == 80
        assert account.balance(as_of=day("2026-01-11")).available == 0

    def test_an_activity_after_the_end_revives_nothing(self) -> None:
        with pytest.raises(Rejected) as refused:
            self.account().redeem(20, self.rules, id="r", at=day("2025-07-11"))

        assert refused.value.details == {"asked": 20, "available": 0}


def test_earned_since_an_instant() -> None:
    """L9, second part. Source: Open Loyalty account tests."""
    account = opened(PLAIN, datetime(2018, 1, 1, tzinfo=UTC))
    visits = program(EarningRule("n", PerAmount(1, per=1, of="event.n"), on="visit"))
    for number, at in ((1, "2018-01-01"), (2, "2018-01-02"), (3, "2018-01-03")):
        moment = day(at, 11 if number != 2 else 10)
        account = account.earn(Occasion("visit", str(number), moment, {"n": number}), visits, at=moment).state

    assert account.earned(Period(day("2018-01-02", 9))) == 5
