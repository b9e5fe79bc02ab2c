"""Explanations, statements and reports about one account."""

from __future__ import annotations

import pytest
from strategies_loyalty import PLAIN, SPENDING, START, adjusted, day, opened, sale, visit

from relex.calendars import Period
from relex.errors import InvalidValue
from relex.loyalty import Account
from relex.loyalty._replay import replayed
from relex.purchases import Return


def spender() -> Account:
    """Earned 20 on 01-01 and 10 pending until 01-07, owes 5, then earned 8."""
    account = opened(SPENDING).earn(sale("20.00"), SPENDING, at=START).state
    account = account.earn(visit("v", day("01-02")), SPENDING, at=day("01-02")).state
    account = account.redeem(25, SPENDING, id="d", at=day("01-03"), allow_debt=True).state
    return account.earn(sale("8.00", name="s2", at=day("01-04")), SPENDING, at=day("01-04")).state


class TestExplain:
    def test_a_debit_names_its_lots_and_the_debt_that_was_paid(self) -> None:
        found = spender().explain("d")

        assert [(each.what, each.lot, each.points) for each in found.allocations] == [
            ("took", "purchase:s1", 20),
            ("paid", "purchase:s2", 5),
        ]
        assert (found.breakdown, found.owed) == (None, 0)

    def test_a_debit_that_is_still_owed(self) -> None:
        account = opened(PLAIN).redeem(5, PLAIN, id="d", at=START, allow_debt=True).state
        found = account.explain("d", "redeem")

        assert found.owed == 5
        assert str(found).endswith("owed 5")

    def test_a_credit_tells_what_became_of_it(self) -> None:
        account = spender().settle(SPENDING, at=day("03-01")).state
        award = account.explain("s2")
        text = str(award)

        assert award.breakdown.by_rule() == {"base": 8}
        assert [(each.what, each.points) for each in award.allocations] == [("paid", 5), ("expired", 3)]
        assert "PointsEarned s2 at 2026-01-04T00:00:00+00:00" in text
        assert "+8 points by base" in text
        assert ">paid</td>" in award._repr_html_()

    def test_an_adjustment_and_a_return(self) -> None:
        account = adjusted(opened(SPENDING), SPENDING, 5, START, name="j")
        account = account.earn(sale("8.00"), SPENDING, at=START).state
        account = account.reverse(
            Return("r", purchase="s1", at=day("01-02"), lines={1: 1}), SPENDING, at=day("01-02")
        ).state

        assert account.explain("j").allocations == ()
        assert [(each.what, each.points) for each in account.explain("s1").allocations] == [("reversed", 8)]
        assert account.explain("r")._repr_html_().count("PointsReversed r at") == 1


class TestStatement:
    def test_rows_add_up(self) -> None:
        account = spender()
        statement = account.statement(Period(day("01-03"), day("02-10")))
        moved = [sum(getattr(row, name) for row in statement.rows) for name in ("pending", "available", "debt")]

        assert [statement.opening.pending, statement.opening.available, statement.opening.debt] == [10, 20, 0]
        assert [statement.closing.pending, statement.closing.available, statement.closing.debt] == [0, 0, 0]
        assert moved == [-10, -20, 0]

    def test_what_was_recorded_later_says_so(self) -> None:
        account = (
            opened(PLAIN)
            .adjust(5, PLAIN, id="late", reason="r", actor="a", at=day("02-05"), effective=day("01-05"))
            .state
        )
        january = account.statement(Period(START, day("02-01")))

        assert [day("02-05")] == [row.recorded_at for row in january.rows]

    def test_until_now_and_of_one_currency(self) -> None:
        statement = spender().statement(Period(day("01-02")))
        other = spender().statement(Period(day("01-02")), points="stars")

        assert [row.what for row in statement.rows] == ["PointsEarned", "PointsRedeemed", "PointsEarned"]
        assert other.rows == ()

    def test_it_reads_as_text_and_as_a_table(self) -> None:
        statement = spender().statement(Period(day("01-03"), day("01-08")))
        text = str(statement).splitlines()

        assert text[1] == "2026-01-03T00:00:00+00:00 PointsRedeemed d: available -20, debt +5"
        assert (text[0].split(":")[0], text[-1].split(":")[0]) == ("opening points", "closing points")
        assert ">matured</td>" in statement._repr_html_()

    def test_dates_are_no_instants(self) -> None:
        with pytest.raises(InvalidValue, match="a Period of datetimes"):
            spender().statement(Period(START.date()))

    def test_earned_in_a_period(self) -> None:
        account = spender()
        account = account.reverse(
            Return("r", purchase="s2", at=day("02-02"), lines={1: 1}), SPENDING, at=day("02-02")
        ).state

        assert account.earned(Period(START, day("02-01"))) == 30
        assert account.earned(Period(day("02-01"), day("03-01"))) == 0
        assert account.earned(Period(START), points="stars") == 0


def test_a_replay_that_changes_nothing() -> None:
    account = spender()

    assert replayed(account, []).rows == []
    assert account == Account.replay([], account)


def test_ledgers_compare_by_their_books() -> None:
    account = spender()

    assert account._ledger == Account(account.events)._ledger
    assert account._ledger != opened(SPENDING)._ledger
    assert account._ledger != account
