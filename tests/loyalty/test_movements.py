"""Every movement as a balanced row, and statements made of them."""

from __future__ import annotations

import attrs
import pytest
from strategies_loyalty import PLAIN, SPENDING, START, adjusted, day, opened, program, sale, visit

from relex.calendars import Days, Months, Period
from relex.errors import InvalidValue
from relex.loyalty import (
    Account,
    EarningRule,
    Escrow,
    Flat,
    Points,
    PointsMovement,
    PointsMovements,
    Tier,
)
from relex.purchases import Return

YEAR = Period(START, day("2027-01-01"))
VISIT = EarningRule("visit", Flat(10), on="visit")


def told(found: PointsMovements) -> list[tuple[str, str, dict[str, int]]]:
    return [(row.what, row.id, dict(row.moved)) for row in found.rows]


class TestRows:
    def test_pending_points_start_and_end(self) -> None:
        of = program(VISIT, pending=Days(5), expires=Days(10))
        account = opened(of).earn(visit("v", START), of, at=START).state

        assert told(account.movements(YEAR)) == [
            ("PointsEarned", "v", {"issued": -10, "pending": 10}),
            ("matured", "visit:v", {"pending": -10, "available": 10}),
            ("expired", "visit:v", {"available": -10, "expired": 10}),
        ]

    def test_debts_and_what_pays_them(self) -> None:
        of = program(VISIT, pending=Days(5))
        account = opened(of).earn(visit("v", START), of, at=START).state
        account = account.redeem(7, of, id="d", at=START, allow_debt=True).state

        assert told(account.movements(YEAR))[1:] == [
            ("PointsRedeemed", "d", {"redeemed": 7, "debt": -7}),
            ("matured", "visit:v", {"pending": -10, "available": 10}),
            ("paid", "visit:v", {"available": -7, "debt": 7}),
        ]

    def test_holds_that_lapse_in_debt(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 60, START)
        account = account.hold(60, PLAIN, id="h", at=START, until=day("02-01")).state
        account = adjusted(account, PLAIN, -70, day("01-01"), name="before", now=day("01-05"), allow_debt=True)
        rows = told(account.movements(Period(day("02-01"))))

        assert rows == []
        assert {name for _, _, moved in told(account.movements(YEAR)) for name in moved} >= {"held", "debt"}

    def test_a_lot_in_escrow_is_canceled(self) -> None:
        of = program(VISIT, pending=Escrow(on="delivered", within=Days(5)))
        account = opened(of).earn(visit("v", START), of, at=START).state

        assert told(account.movements(YEAR))[1:] == [("canceled", "visit:v", {"pending": -10, "reversed": 10})]

    def test_a_return_and_a_closing(self) -> None:
        account = opened(SPENDING).earn(sale("8.00", "4.00"), SPENDING, at=START).state
        back = Return("r", purchase="s1", at=day("01-02"), lines={1: 1})
        account = account.reverse(back, SPENDING, at=day("01-02")).state.close(SPENDING, at=day("01-03")).state

        assert told(account.movements(YEAR))[1:] == [
            ("PointsReversed", "r", {"available": -8, "reversed": 8}),
            ("AccountClosed", "a1", {"available": -4, "out": 4}),
        ]

    def test_each_currency_has_rows_of_its_own(self) -> None:
        both = EarningRule("visit", Flat(10), on="visit", gives=("points", "status"))
        of = program(both, points=[Points("points"), Points("status", qualifying=True)])
        account = opened(of).earn(visit("v", START), of, at=START).state

        assert [row.currency for row in account.movements(YEAR).rows] == ["points", "status"]
        assert [row.currency for row in account.movements(YEAR, points="status").rows] == ["status"]

    def test_a_currency_that_does_not_move_has_none(self) -> None:
        of = attrs.evolve(PLAIN, points=[Points("points"), Points("miles")])
        account = adjusted(adjusted(opened(of), of, 5, START), of, 7, day("01-02"), name="b", currency="miles")

        assert [row.currency for row in account.movements(YEAR).rows] == ["points", "miles"]

    def test_only_those_of_the_period(self) -> None:
        account = adjusted(adjusted(opened(PLAIN), PLAIN, 5, START), PLAIN, 7, day("02-01"), name="b")
        found = account.movements(Period(START, day("02-01")))

        assert ([row.points("available") for row in found.rows], found.end) == ([5], day("02-01"))

    def test_what_was_recorded_later_says_when(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 5, START, now=day("03-01"))
        january = account.movements(Period(START, day("02-01"))).rows

        assert [row.recorded_at for row in january] == [day("03-01")]
        assert [row.recorded_at for row in account.movements(Period(START)).rows] == [None]

    def test_an_entry_that_moves_nothing_has_no_row(self) -> None:
        of = program(EarningRule("base", Flat(10), on="visit"))
        account = opened(of).earn(sale("5.00"), of, at=START).state

        assert account.movements(YEAR).rows == ()

    def test_of_dates_there_are_no_movements(self) -> None:
        with pytest.raises(InvalidValue, match="a Period of datetimes"):
            opened(PLAIN).movements(Period(START.date()))


class TestShowing:
    ROW = PointsMovement(
        at=START,
        what="PointsRedeemed",
        id="d",
        currency="points",
        moved=(("available", -50), ("redeemed", 80), ("debt", -30)),
    )

    def test_postings_of_two_columns(self) -> None:
        split = attrs.evolve(self.ROW, moved=(("issued", -10), ("available", 4), ("debt", 6)))

        assert self.ROW.postings == (("available", "redeemed", 50), ("debt", "redeemed", 30))
        assert split.postings == (("issued", "available", 4), ("issued", "debt", 6))

    def test_facts_have_every_bucket(self) -> None:
        facts = self.ROW.facts()

        assert (facts["movement.redeemed"], facts["movement.held"], facts["movement.id"]) == (80, 0, "d")

    def test_a_bucket_that_there_is_not(self) -> None:
        with pytest.raises(InvalidValue, match="one of issued, pending"):
            self.ROW.points("pocket")

    def test_totals_balance(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 50, START).redeem(30, PLAIN, id="d", at=START).state
        totals = account.movements(YEAR).totals()["points"]

        assert (totals["issued"], totals["available"], totals["redeemed"], sum(totals.values())) == (-50, 20, 30, 0)

    def test_as_text_and_as_a_table(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 50, START, name="<b>")
        found = account.movements(YEAR)
        html = found._repr_html_()

        assert str(found) == "2026-01-01T00:00:00+00:00 PointsAdjusted <b> (points): issued -50, available +50"
        assert ("&lt;b&gt;" in html, "<b>" in html, ">total</td>" in html) == (True, False, True)
        assert str(opened(PLAIN).movements(Period(START))) == "nothing moved"
        assert " to " not in opened(PLAIN).movements(Period(START))._repr_html_()


class TestStatements:
    def test_the_tier_is_told_where_the_program_is_given(self) -> None:
        of = program(VISIT, tiers=[Tier("gold", at=15)])
        account = opened(of).earn(visit("v", START), of, at=START).state
        found = account.statement(Period(START, day("02-01")), program=of)

        assert found.progress is not None
        assert (found.progress.remaining, str(found).splitlines()[-1]) == (5, "tier no tier, 5 earned to gold")
        assert "5 earned to gold" in found._repr_html_()
        assert account.statement(Period(START)).progress is None

    def test_what_ends_next(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 5, START, ends=day("03-01"))
        found = account.statement(Period(START, day("02-01")))

        assert found.expiring == ((day("03-01"), 5),)
        assert "Ending next" in found._repr_html_()

    def test_rows_that_were_recorded_later_say_so(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 5, START, now=day("03-01"))
        found = account.statement(Period(START, day("02-01")))

        assert str(found).splitlines()[1].endswith("available +5 (recorded 2026-03-01T00:00:00+00:00)")
        assert found._repr_html_().count("2026-03-01") == 1

    def test_texts_are_escaped(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 5, START, name="<script>")

        assert "<script>" not in account.statement(YEAR)._repr_html_()
        assert "<script>" not in account.explain("<script>")._repr_html_()

    def test_the_last_month_of_an_account_that_was_replayed(self) -> None:
        of = program(VISIT, expires=Months(1))
        account = opened(of).earn(visit("v", START), of, at=START).state
        whole = Account.replay(account.events)

        assert whole is not None
        assert account.statement(YEAR) == whole.statement(YEAR)
