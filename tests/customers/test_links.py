"""Who was one customer with whom, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from relex.customers import Link
from relex.errors import InvalidValue

AT = datetime(2026, 1, 1, tzinfo=UTC)


def test_nobody_is_merged_with_himself() -> None:
    with pytest.raises(InvalidValue):
        Link("a", "a", AT)


def test_a_merge_ends_after_it_began() -> None:
    with pytest.raises(InvalidValue):
        Link("a", "b", AT, AT - timedelta(days=1))
