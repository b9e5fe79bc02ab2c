"""Worked cases of the specification of vouchers, codes and budgets: C1 to C4, E10."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from strategies_loyalty import START, award, day, opened, program, sale

from relex.errors import Conflict, InvalidValue, Rejected
from relex.loyalty import (
    Account,
    Budget,
    Campaign,
    Cap,
    EarningRule,
    PercentOff,
    PerUnit,
    Voucher,
    check_code,
    codes,
)
from relex.purchases import Line
from relex.repositories import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Iterable

ONCE = Campaign("once", PercentOff(10), caps=[Cap(times=1, per="ever", who="everyone")])
THRICE = Campaign("thrice", PercentOff(10), caps=[Cap(times=3, per="ever", who="everyone")])
NOON = day("05-10", 12)


class Draws:
    """A source of chance that gives what it was told."""

    def __init__(self, values: Iterable[int]) -> None:
        self._values = list(values)

    def randrange(self, stop: int, /) -> int:
        """The next value."""
        return self._values.pop(0) % stop


def test_c1_of_five_who_reserve_three_uses_at_once_three_succeed() -> None:
    """Source: fossasia/eventyay#1398. All five load the same version; those who conflict load again."""
    store = MemoryStore()
    store.save(Voucher.issue("SPRING", THRICE, at=NOON))
    kept = store.repository(Voucher)
    waiting = [(f"o{number}", kept.get("SPRING")) for number in range(5)]
    done, refused = [], []
    while waiting:
        key, voucher = waiting.pop(0)
        try:
            store.save(voucher.reserve(key, THRICE, at=NOON, until=NOON + timedelta(minutes=15)))
            done.append(key)
        except Conflict:
            waiting.append((key, kept.get("SPRING")))
        except Rejected as error:
            refused.append(error.reason)

    assert (len(done), refused) == (3, ["used_up", "used_up"])


def test_c2_a_code_that_was_drawn_before_is_drawn_again() -> None:
    """Source: derived."""
    assert codes(2, pattern="X#-#", alphabet="AB", random=Draws([0, 1, 0, 1, 1, 1])) == ("XA-B", "XB-B")


def test_c3_more_codes_than_there_are() -> None:
    """Source: derived; nothing is drawn."""
    with pytest.raises(InvalidValue, match=r"codes.n: expected at most 10000"):
        codes(10_001, pattern="####", alphabet="0123456789", random=Draws([]))


def test_c4_a_reservation_lapses_by_time_alone() -> None:
    """Source: derived."""
    voucher = Voucher.issue("SPRING", ONCE, at=day("05-10")).state
    voucher = voucher.reserve("o1", ONCE, by="ann", at=day("05-10", 11), until=NOON).state
    before, at = NOON - timedelta(microseconds=1), NOON

    assert voucher.check(ONCE, at=before, by="bob").reasons == ("used_up",)
    assert voucher.check(ONCE, at=at, by="bob").reasons == ()


def test_c4_a_range_of_dates_includes_its_last_day() -> None:
    """Source: derived."""
    may = Campaign("may", PercentOff(10), valid=(date(2026, 5, 1), date(2026, 5, 31)))
    voucher = Voucher.issue("MAY", may, at=START).state
    found = {
        text: voucher.check(may, at=at).reasons
        for text, at in {
            "30 April 23:59": day("05-01") - timedelta(minutes=1),
            "31 May 23:59": day("06-01") - timedelta(minutes=1),
            "1 June": day("06-01"),
        }.items()
    }

    assert found == {"30 April 23:59": ("not_started",), "31 May 23:59": (), "1 June": ("ended",)}


def test_c4_every_reason_is_told() -> None:
    """Source: derived."""
    may = Campaign("may", PercentOff(10), valid=(date(2026, 5, 1), date(2026, 5, 31)))
    voucher = Voucher.issue("MAY", may, at=START, owner="X").state

    assert voucher.check(may, at=day("06-02"), by="Y").reasons == ("other_owner", "ended")


def test_the_check_digit_of_a_public_identifier() -> None:
    """Source: ORCID, Structure of the ORCID Identifier: 0000-0002-1825-0097 by ISO/IEC 7064 MOD 11-2."""
    found = check_code("0000-0002-1825-0097", pattern="####-####-####-###*", alphabet="0123456789")

    assert found == "0000-0002-1825-0097"


def mugs(count: int, name: str) -> Line:
    return Line(1, "mug", count, unit_price="10.00", category=name)


class TestE10:
    """Source: Voucherify limits."""

    def test_ten_units_for_everyone(self) -> None:
        rule = EarningRule("mugs", PerUnit(1), caps=[Cap(units=10, who="everyone", budget="mugs")])
        of = program(rule)
        budget = Budget.open("mugs", 10, unit="units", at=START).state
        given = []
        for customer, count in (("a", 5), ("b", 4), ("c", 3)):
            account = Account.open(customer, customer=customer, program=of, at=START).state
            change = account.earn(sale(mugs(count, customer)), of, at=START, budgets={"mugs": budget})
            budget = budget.follow(change.events).state
            given.append(change.events[-1].points)  # type: ignore[attr-defined]  # a PointsEarned

        assert (given, budget.left) == ([5, 4, 1], 0)

    def test_five_units_for_each_account(self) -> None:
        of = program(EarningRule("mugs", PerUnit(1), caps=[Cap(units=5, per="ever")]))
        account = opened(of)
        first = award(of, sale(mugs(3, "a")), account=account).points
        account = account.earn(sale(mugs(3, "a")), of, at=START).state
        second = award(of, sale(mugs(3, "a"), name="s2"), account=account).points

        assert (first, second) == (3, 2)
