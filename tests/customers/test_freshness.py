"""Half-lives and freshness, at the edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from relex.customers import Freshness, freshness, half_life
from relex.customers._freshness import fresh
from relex.errors import InvalidValue

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)


def age(verified: timedelta | None, stated: timedelta | None = None, life: int = 10) -> Freshness:
    ago = [None if span is None else DAY - span for span in (verified, stated)]
    return fresh("email", life, verified_at=ago[0], stated_at=ago[1], as_of=DAY)


def test_one_half_life_is_a_half_and_not_stale() -> None:
    found = age(timedelta(days=10))

    assert (found.value, found.is_stale) == (Decimal("0.5"), False)


def test_a_day_more_is_stale() -> None:
    assert age(timedelta(days=11)).is_stale


def test_only_whole_days_count() -> None:
    assert age(timedelta(days=10, hours=23, minutes=59)).days == 10


def test_the_future_is_fresh() -> None:
    assert age(timedelta(days=-3)).value == 1


def test_stale_is_exact_where_the_value_is_rounded() -> None:
    found = age(timedelta(days=700_001), life=700_000)

    assert (found.value, found.is_stale) == (Decimal("0.500000"), True)


def test_a_verification_counts_before_a_statement() -> None:
    found = age(timedelta(days=4), timedelta(days=1))

    assert (found.days, found.basis) == (4, "verified")


def test_without_a_verification_the_statement_counts() -> None:
    assert str(age(None, timedelta(days=10))) == "email: 0.500000 (updated 10 days ago, half-life 10)"


def test_without_any_time_there_is_no_freshness() -> None:
    found = age(None)

    assert (found.value, found.is_stale, str(found)) == (None, False, "email: none (no_time)")


def test_very_old_values_are_worth_nothing() -> None:
    assert freshness(10**9, 1) == 0


@pytest.mark.parametrize(("days", "life"), [(-1, 1), (1, 0), (True, 1), (1.0, 1), (1, Decimal(1))], ids=str)
def test_other_ages_are_refused(days: int, life: int) -> None:
    with pytest.raises(InvalidValue, match="freshness"):
        freshness(days, life)


def test_a_loss_may_be_a_fraction() -> None:
    assert half_life(Fraction(1, 5)) == 1135


def test_what_is_lost_at_once_lives_a_day() -> None:
    assert half_life(1 - Fraction(1, 10**500)) == 1


@pytest.mark.parametrize("loss", [0, 1, Decimal("-0.1"), 0.2, "0.2"], ids=str)
def test_other_losses_are_refused(loss: Decimal) -> None:
    with pytest.raises(InvalidValue, match="half_life"):
        half_life(loss)
