"""What a statement leaves to its opening."""

from __future__ import annotations

from strategies_loyalty import PLAIN, adjusted, day, opened

from relex.calendars import Period


def test_what_time_did_before_the_period_is_in_its_opening() -> None:
    """70 of January end on 20 January; 30 stay."""
    account = adjusted(opened(PLAIN), PLAIN, 70, day("01-02"), ends=day("01-20"))
    account = adjusted(account, PLAIN, 30, day("01-25"))
    found = account.statement(Period(day("02-01"), day("03-01")))

    assert (found.opening.available, found.rows, found.closing.available) == (30, (), 30)
