"""What the strategies of members and of points that move draw when they are given arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st

from relex.errors import InvalidValue
from relex.testing.strategies import members, moved_lots

if TYPE_CHECKING:
    from relex.loyalty import Member, MovedLot

lean = settings(max_examples=15)


@lean
@given(members(customer="ann"), members(customer=st.sampled_from(["ben", "kim"])))
def test_a_member_is_the_customer(one: Member, other: Member) -> None:
    assert one.customer == "ann"
    assert other.customer in {"ben", "kim"}


def test_a_wrong_customer_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"members\.customer"):
        members(customer="")


@lean
@given(moved_lots())
def test_what_moves_is_a_lot_with_points(moved: MovedLot) -> None:
    assert moved.credit.points > 0
