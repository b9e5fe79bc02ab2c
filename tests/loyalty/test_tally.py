"""The sum of dated amounts: any window of it, at any length, without walking through all of it."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from strategies_loyalty import START, day

from relex.loyalty import Budget, Campaign, Cap, PercentOff, Voucher
from relex.loyalty._journal import Journal
from relex.loyalty._tally import WIDTH, Tally
from relex.money import Money

MINUTE = timedelta(minutes=1)
LONG = WIDTH * WIDTH + WIDTH + 1


def _filled(amounts: list[tuple[int, Any]], zero: Any = 0) -> Tally:
    tally = Tally(zero)
    for minute, n in amounts:
        tally = tally.added(START + minute * MINUTE, n)
    return tally


@pytest.mark.parametrize("jitter", [0, 40, LONG], ids=["in_order", "nearly", "in_any_order"])
def test_a_window_has_what_was_added_in_it(jitter: int) -> None:
    chance = Random(3)  # noqa: S311 - no secret
    amounts = [(place + chance.randrange(jitter + 1), chance.randrange(-9, 10)) for place in range(LONG)]
    tally = _filled(amounts)

    assert tally.total == sum(n for _, n in amounts)
    for _ in range(60):
        first, end = sorted([chance.randrange(2 * LONG), chance.randrange(2 * LONG)])
        expected = sum(n for minute, n in amounts if first <= minute < end)
        assert tally.within(START + first * MINUTE, START + end * MINUTE) == expected


def test_an_older_tally_stays_as_it_was() -> None:
    older = _filled([(place, 1) for place in range(WIDTH)])
    newer = older.added(START, 5)

    assert (older.total, newer.total) == (WIDTH, WIDTH + 5)
    assert older.within(START, START + WIDTH * MINUTE) == WIDTH


def test_fractions_and_money_are_added_too() -> None:
    euro = Money("0.10", "EUR")

    assert _filled([(place, Fraction(1, 3)) for place in range(99)]).within(START, day("01-31")) == 33
    assert _filled([(place, euro) for place in range(99)], euro * 0).within(START, day("01-31"), euro * 0) == euro * 99


class TestNothingIsWalkedThrough:
    """A shared code and a budget cost the same at the first use and at the hundred-thousandth."""

    @pytest.fixture
    def closed(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        """Whoever walks through a history from here on fails."""

        def never(_: Any) -> Any:
            raise AssertionError

        def close() -> None:
            monkeypatch.setattr(Journal, "__iter__", never)
            monkeypatch.setattr(Journal, "__reversed__", never)

        return close

    @pytest.mark.parametrize("by", ["ann", None], ids=["ann", "nobody_known"])
    def test_a_use_of_a_code(self, closed: Any, by: str | None) -> None:
        caps = [Cap(times=900, per=per, who=who) for per in ("ever", "day") for who in ("everyone", "account")]
        campaign = Campaign("c", 5, caps=caps, restorable=True)
        voucher = Voucher.issue("ALL", campaign, at=START).state
        closed()
        at, until = START, START + MINUTE
        for key in ("o0", "o1", "o2"):
            voucher = voucher.reserve(key, campaign, by=by, at=at, until=until).state.confirm(key, at=at).state
        voucher = voucher.reserve("o3", campaign, by=by, at=at, until=until).state.release("o3", at=at).state
        voucher = voucher.restore_use("o0", campaign, at=at, reason="canceled").state
        left = voucher.check(campaign, at=at, by=by)

        assert (voucher.used, left.left, left.left_for_customer) == (2, 898, 898)
        assert campaign.occasion(voucher, "o1").id == "ALL:o1"

    def test_a_draw_and_a_window_of_a_budget(self, closed: Any) -> None:
        budget = Budget.open("b", 100, at=START).state
        closed()
        budget = budget.draw(7, "k", at=START).state.give_back(2, "r", at=START).state

        assert (budget.left, budget.drawn_in(START, day("01-02"))) == (95, 5)


def test_a_limit_by_day_counts_what_was_restored_on_the_day_of_its_use() -> None:
    campaign = Campaign("c", PercentOff(10), caps=[Cap(times=2, per="day", who="everyone")], restorable=True)
    voucher = Voucher.issue("ALL", campaign, at=START).state
    at = START + timedelta(days=1)
    for key, moment in (("a0", START), ("b0", START), ("a1", at), ("b1", at)):
        voucher = voucher.reserve(key, campaign, at=moment, until=moment + MINUTE).state
        voucher = voucher.confirm(key, at=moment).state
    on_its_day = voucher.restore_use("a1", campaign, at=at, reason="canceled").state
    of_the_day_before = voucher.restore_use("a0", campaign, at=at, reason="canceled").state

    assert voucher.check(campaign, at=at).left == 0
    assert on_its_day.check(campaign, at=at).left == 1
    assert of_the_day_before.check(campaign, at=at).left == 0
