"""Which of two instants is the earlier one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from relex._instants import is_before, moment, moment_or_none

BERLIN = ZoneInfo("Europe/Berlin")
SUMMER = datetime(2026, 10, 25, 2, 50, tzinfo=BERLIN)
WINTER = datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=BERLIN)


@pytest.mark.parametrize("zone", [UTC, BERLIN, ZoneInfo("Asia/Tokyo")])
@pytest.mark.parametrize("other", [UTC, BERLIN])
def test_order_is_that_of_the_instants_in_any_zone(zone: ZoneInfo, other: ZoneInfo) -> None:
    earlier, later = SUMMER.astimezone(zone), WINTER.astimezone(other)

    assert (is_before(earlier, later), is_before(later, earlier)) == (True, False)


def test_the_moment_of_an_instant_is_the_same_in_any_zone() -> None:
    assert moment(WINTER) == moment(WINTER.astimezone(UTC)) == timedelta(minutes=20) + moment(SUMMER)


def test_no_instant_has_no_moment() -> None:
    assert (None, moment(WINTER)) == (moment_or_none(None), moment_or_none(WINTER))
