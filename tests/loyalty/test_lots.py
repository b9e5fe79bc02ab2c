"""Open lots keep their order, share what they do not change, and never lose a point."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings, strategies as st
from strategies_loyalty import START

from relex.loyalty import _lots
from relex.loyalty._lots import FOREVER, Lots


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of two to four lots, so that few lots make many chunks."""
    monkeypatch.setattr(_lots, "WIDTH", 2)
    monkeypatch.setattr(_lots, "MOST", 4)


def lot(number: int, left: int = 5, end: int | None = None) -> tuple:
    expires = FOREVER if end is None else START + timedelta(days=end)
    return (expires, START + timedelta(minutes=number), f"l{number:03}", left, None)


def filled(*lots: tuple, mine: bool) -> Lots:
    found = Lots(mine=mine)
    for each in lots:
        found = found.add(each)
    found.mine = mine
    return found


ends = st.lists(st.integers(1, 30), min_size=1, max_size=30)


@pytest.mark.parametrize("mine", [True, False])
@settings(max_examples=40, deadline=None)
@given(ends=ends)
def test_lots_stand_in_consumption_order(mine: bool, ends: list[int]) -> None:
    lots = [lot(number, end=end) for number, end in enumerate(ends)]

    assert sorted(lots) == list(filled(*lots, mine=mine))
    assert all(filled(*lots, mine=mine).chunks)


@pytest.mark.parametrize("mine", [True, False])
@settings(max_examples=60, deadline=None)
@given(ends=ends, share=st.fractions(0, 1))
def test_taking_uses_the_front_and_adds_up(mine: bool, ends: list[int], share: float) -> None:
    lots = filled(*[lot(number, end=end) for number, end in enumerate(ends)], mine=mine)
    before = list(lots)
    need = max(1, int(5 * len(ends) * share))
    left, taken = lots.take(need)

    assert need == sum(part for _, part in taken)
    assert 5 * len(ends) - need == sum(each[3] for each in left)
    assert sorted(left) == list(left)
    assert [each[2] for each, _ in taken] == [each[2] for each in before[: len(taken)]]
    if not mine:
        assert before == list(lots)


@pytest.mark.parametrize("mine", [True, False])
@settings(max_examples=40, deadline=None)
@given(ends=ends, until=st.integers(0, 31))
def test_what_has_ended_goes(mine: bool, ends: list[int], until: int) -> None:
    lots = filled(*[lot(number, end=end) for number, end in enumerate(ends)], mine=mine)
    before = list(lots)
    left, gone = lots.pop_until(START + timedelta(days=until))

    assert before == gone + list(left)
    assert len(gone) == sum(end <= until for end in ends)
    if not mine:
        assert before == list(lots)


@pytest.mark.parametrize("mine", [True, False])
def test_a_lot_is_found_and_removed(mine: bool) -> None:
    rows = [lot(number, end=number % 7 + 1) for number in range(20)]
    lots = filled(*rows, mine=mine)
    for row in rows:
        assert row == lots.find(row[:3])
        lots = lots.remove(row)
        assert lots.find(row[:3]) is None

    assert (len(lots), lots.first()) == (0, FOREVER)


def test_equal_content_in_other_chunks_is_equal() -> None:
    rows = [lot(number) for number in range(9)]

    assert filled(*rows, mine=True) == filled(*reversed(rows), mine=False)
    assert filled(*rows, mine=True) != rows


@pytest.mark.parametrize("mine", [True, False])
@settings(max_examples=40, deadline=None)
@given(ends=ends, which=st.integers(0, 30))
def test_points_are_put_to_what_is_left_of_their_lot(mine: bool, ends: list[int], which: int) -> None:
    lots = [lot(number, end=end) for number, end in enumerate(ends)]
    shared = filled(*lots, mine=False)
    found = shared if not mine else filled(*lots, mine=True)
    back = lots[which % len(lots)]
    merged = found.merged(back)

    assert sorted([each for each in lots if each is not back] + [(*back[:3], 10, None)]) == list(merged)
    assert sorted(lots) == list(shared)


@pytest.mark.parametrize("mine", [True, False])
def test_points_of_a_lot_that_is_used_up_stand_in_their_place(mine: bool) -> None:
    found = filled(lot(1), lot(3), lot(5), mine=mine)
    for number in (2, 9):
        found = found.merged(lot(number))

    assert [lot(1), lot(2), lot(3), lot(5), lot(9)] == list(found)
    assert [lot(1)] == list(Lots(mine=mine).merged(lot(1)))
