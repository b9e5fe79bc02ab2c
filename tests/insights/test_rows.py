"""Histories of plain rows: what rows may be, what is left out, how periods collapse."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from typing import Any

import pytest

from relex.calendars import Period
from relex.errors import InvalidValue
from relex.insights import CustomerHistory, Ignored, PurchaseHistory, Tally

DAY = date(2024, 1, 10)
AS_OF = date(2024, 1, 31)
AT = datetime(2024, 1, 10, 12, tzinfo=UTC)


def history(rows: Any, **choices: Any) -> PurchaseHistory:
    return PurchaseHistory.from_rows(rows, **({"as_of": AS_OF} | choices))


def test_rows_of_one_customer_and_day_add_up() -> None:
    entry = history([("c", DAY, 3), ("c", DAY, Decimal("1.50"))])["c"]

    assert (entry.starts, entry.amounts, entry.total) == ((DAY,), (Decimal("4.50"),), Decimal("4.50"))


def test_any_iterable_of_rows_will_do() -> None:
    assert len(history(row for row in [("c", DAY, 3)])) == 1


def test_no_rows_give_an_empty_history() -> None:
    empty = history([])

    assert (len(empty), empty.total, empty.customers) == (0, 0, ())


def test_amounts_do_not_hang_on_the_callers_precision() -> None:
    with localcontext() as context:
        context.prec = 3
        total = history([("c", DAY, Decimal("10000.01")), ("c", DAY, Decimal("20000.02"))])["c"].total

    assert total == Decimal("30000.03")


@pytest.mark.parametrize(
    ("grain", "starts"),
    [
        ("day", ["2024-01-02", "2024-01-05", "2024-01-09"]),
        ("week", ["2024-01-01", "2024-01-08"]),
        ("month", ["2024-01-01"]),
        ("order", ["2024-01-02", "2024-01-02", "2024-01-05", "2024-01-09"]),
    ],
)
def test_the_grain_says_what_a_period_is(grain: str, starts: list[str]) -> None:
    rows = [("c", date(2024, 1, day), amount) for day, amount in [(9, 1), (2, 8), (2, 4), (5, 2)]]
    entry = history(rows, grain=grain)["c"]

    assert [str(start) for start in entry.starts] == starts
    assert (entry.last_day, entry.total) == (date(2024, 1, 9), 15)


def test_later_rows_are_not_seen() -> None:
    found = history([("c", DAY, 3), ("c", AS_OF + timedelta(days=1), 5), ("d", AS_OF + timedelta(days=2), 7)])

    assert (len(found), found["c"].total, found.ignored.later) == (1, 3, Tally(2, Decimal(12)))


def test_an_instant_sees_up_to_itself() -> None:
    rows = [("c", AT, 3), ("c", AT + timedelta(seconds=1), 5)]
    found = history(rows, as_of=AT)

    assert (found["c"].total, found.ignored.later) == (3, Tally(1, Decimal(5)))
    assert found.basis.zone is UTC


def test_lines_of_one_basket_share_an_instant() -> None:
    found = history([("c", AT, 3), ("c", AT, 4), ("d", AT, 5)], zone=UTC)

    assert found.totals() == (("c", 7), ("d", 5))


def test_only_plain_dates_are_days() -> None:
    class Day(date):
        """A date of another class."""

    with pytest.raises(InvalidValue, match="plain dates"):
        history([("c", Day(2024, 1, 10), 3)])


def test_an_instant_sees_rows_of_days_up_to_its_own_day() -> None:
    assert history([("c", DAY, 3), ("c", date(2024, 1, 11), 5)], as_of=AT).total == 3


@pytest.mark.parametrize(
    ("rows", "within"),
    [
        ([("c", date(2024, 1, day), day) for day in (1, 5, 9)], Period(date(2024, 1, 5), date(2024, 1, 9))),
        ([("c", AT, 1), ("c", AT + timedelta(hours=1), 5)], Period(AT + timedelta(hours=1))),
    ],
)
def test_a_period_bounds_what_is_looked_at(rows: Any, within: Period) -> None:
    found = history(rows, within=within, zone=UTC)

    assert found.total == 5
    assert found.ignored.outside.count == len(rows) - 1


def test_a_period_of_instants_does_not_bound_days() -> None:
    with pytest.raises(InvalidValue, match="within: expected a period of dates"):
        history([("c", DAY, 3)], within=Period(AT))


def test_free_rows_count_or_are_skipped() -> None:
    rows = [("c", DAY, 0), ("c", date(2024, 1, 11), 5), ("d", DAY, 0)]

    assert [entry.frequency for entry in history(rows)] == [2, 1]
    assert [entry.frequency for entry in history(rows, zero="skip")] == [1]
    assert history(rows, zero="skip").ignored.skipped == Tally(2)


def test_a_negative_row_is_a_return_without_a_purchase() -> None:
    found = history([("c", DAY, 10), ("c", date(2024, 1, 20), -4), ("d", DAY, Decimal(-3)), ("d", DAY, -1)])

    assert (found["c"].frequency, found["c"].last_day, found["c"].total, found["c"].unplaced) == (1, DAY, 6, -4)
    assert found.ignored.returns_only == (("d", Decimal(-4)),)


@pytest.mark.parametrize("grain", ["day", "order"])
def test_nobodys_rows_are_counted_apart(grain: str) -> None:
    found = history([(None, DAY, 10), (None, DAY, -2), (None, DAY, 1), ("c", DAY, 5), ("c", DAY, -1)], grain=grain)

    assert ([entry.customer for entry in found], found.ignored.anonymous) == (["c"], Tally(3, Decimal(9)))


def test_a_history_is_read_by_customer() -> None:
    found = history([("b", DAY, 2), ("a", DAY, 1)])

    assert [entry.customer for entry in found] == ["a", "b"]
    assert ("a" in found, "x" in found, found["b"].total) == (True, False, 2)
    assert found.totals() == (("a", 1), ("b", 2))
    with pytest.raises(KeyError):
        found["x"]


def test_histories_are_equal_by_what_they_hold() -> None:
    rows = [("c", DAY, 3), ("d", DAY, 4)]

    assert history(rows) == history(reversed(rows))
    assert history(rows) != history(rows[:1])
    assert history(rows) != "a history"


def test_a_customer_tells_periods_and_means() -> None:
    entry = history([("c", DAY, 3), ("c", date(2024, 1, 12), 5)])["c"]
    once = history([("c", DAY, 3)])["c"]

    assert [(period.start, period.amount, period.ids, period.first_at) for period in entry.periods] == [
        (DAY, 3, (), None),
        (date(2024, 1, 12), 5, (), None),
    ]
    assert (entry.mean, entry.repeat_mean, once.repeat_mean) == (4, 5, None)


def test_a_customer_history_can_be_made_by_hand() -> None:
    entry = CustomerHistory(customer="c", last_day=DAY, starts=(DAY,), amounts=(Decimal(3),), unplaced=Decimal(-1))

    assert entry.total == 2


def test_a_history_says_what_it_rests_on() -> None:
    assert str(history([("c", DAY, 3)], currency="USD")) == (
        "PurchaseHistory: 1 customers, 1 purchase periods, 3 (as of 2024-01-31, days as given, by day, "
        "amount net in USD)"
    )
    assert Ignored().amount == 0


@pytest.mark.parametrize(
    ("rows", "path"),
    [
        ([("c", DAY, 1.5)], "rows[0].amount"),
        ([("c", DAY, 1), ("c", DAY, True)], "rows[1].amount"),
        ([("c", DAY, Decimal("NaN"))], "rows[0].amount"),
        ([("c", DAY, Decimal("Infinity"))], "rows[0].amount"),
        ([("c", DAY, "3")], "rows[0].amount"),
        ([("", DAY, 3)], "rows[0].customer"),
        ([(3, DAY, 3)], "rows[0].customer"),
        ([("c", DAY, 3), ("d", AT, 3)], "rows[1].at"),
        ([("c", AT, 3), ("d", DAY, 3)], "rows[1].at"),
        ([("c", datetime(2024, 1, 1), 3)], "rows[0].at"),  # noqa: DTZ001 - what is refused
        ([("c", "2024-01-01", 3)], "rows[0].at"),
        ([("c", DAY)], "rows[0]"),
        ([7], "rows[0]"),
        ([("c", DAY, 3), "abcd"], "rows[1]"),
        ([("c", DAY, Decimal("1E+59")), ("c", DAY, Decimal("1E-60"))] * 9 + [("c", DAY, 3.0)], "rows[18].amount"),
        ([("c", DAY, Decimal("1E+900")), ("c", DAY, 1)], "rows[0].amount"),
    ],
)
def test_a_bad_row_is_named(rows: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        history(rows, zone=UTC)

    assert error.value.path == path


@pytest.mark.parametrize(
    ("choices", "path"),
    [
        ({"grain": "year"}, "Basis.grain"),
        ({"zero": "drop"}, "Basis.zero"),
        ({"as_of": "2024-01-31"}, "Basis.as_of"),
        ({"day_starts": 5}, "Basis.day_starts"),
        ({"within": (DAY, AS_OF)}, "Basis.within"),
        ({"currency": "usd"}, "Basis.currency"),
    ],
)
def test_a_wrong_choice_is_named(choices: Any, path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        history([("c", AT, 3)], zone=UTC, **choices)

    assert error.value.path == path


def test_instants_need_a_zone() -> None:
    with pytest.raises(InvalidValue, match="give zone="):
        history([("c", AT, 3)])


def test_an_instant_outside_the_calendar_is_refused() -> None:
    rows = [("c", datetime(1, 1, 1, tzinfo=UTC), 3)]

    with pytest.raises(InvalidValue, match="within the calendar"):
        history(rows, zone=timezone(-timedelta(hours=5)))


@pytest.mark.parametrize(
    "row",
    [
        (0, DAY, 3),
        (Decimal(0), DAY, 3),
        (5, DAY, -3),
        ("", DAY, -3),
        ("c", DAY, Decimal("-Infinity")),
        ("c", AS_OF + timedelta(1), Decimal("Infinity")),
        (None, DAY, Decimal("Infinity")),
    ],
)
def test_a_bad_row_is_refused_wherever_it_would_end(row: Any) -> None:
    with pytest.raises(InvalidValue, match=r"rows\[1\]|rows\[0\]"):
        history([row])
    with pytest.raises(InvalidValue, match=r"rows\[1\]"):
        history([("c", DAY, 1), row])


def test_rows_that_are_no_iterable_are_refused() -> None:
    with pytest.raises(InvalidValue, match="rows"):
        history(5)


@pytest.mark.parametrize("when", [AS_OF + timedelta(1), AT + timedelta(40)], ids=["days", "instants"])
def test_a_free_row_that_is_later_is_later(when: date) -> None:
    found = history([("c", when, 0)], zero="skip", zone=UTC).ignored

    assert (found.later.count, found.skipped.count) == (1, 0)


@pytest.mark.parametrize("grain", ["day", "week", "order"])
def test_a_history_can_be_pickled_and_copied(grain: str) -> None:
    kept = history([("c", DAY, 3), ("c", DAY, -1), ("b", DAY, Decimal("1.50"))], grain=grain)

    assert pickle.loads(pickle.dumps(kept)) == kept  # noqa: S301 - our own bytes
    assert copy.deepcopy(kept) == kept
