"""A list that is in order whenever it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

from relex.repositories._timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable


def counted() -> tuple[list[int], Callable[[int], int]]:
    asked: list[int] = []

    def key(value: int) -> int:
        asked.append(value)
        return value

    return asked, key


@given(st.lists(st.lists(st.integers(), max_size=40)))
def test_it_is_sorted_whenever_it_is_read(batches: list[list[int]]) -> None:
    timeline: Timeline[int] = Timeline()
    for batch in batches:
        timeline.values.extend(batch)

        assert sorted(timeline.values) == timeline.ordered(int)


def test_equal_keys_keep_the_order_in_which_they_came() -> None:
    timeline: Timeline[str] = Timeline()
    timeline.values.extend(["b1", "a1"])
    timeline.ordered(lambda value: value[0])
    timeline.values.extend(["b2", "a2"])

    assert timeline.ordered(lambda value: value[0]) == ["a1", "a2", "b1", "b2"]


def test_a_new_end_that_is_in_order_leaves_the_rest_alone() -> None:
    asked, key = counted()
    timeline: Timeline[int] = Timeline()
    timeline.values.extend(range(1_000))
    timeline.ordered(key)
    asked.clear()
    timeline.values.append(1_000)

    assert len(timeline.ordered(key)) == 1_001
    assert len(asked) < 20


def test_a_late_value_finds_its_place_without_all_others() -> None:
    asked, key = counted()
    timeline: Timeline[int] = Timeline()
    timeline.values.extend(range(1_000))
    timeline.ordered(key)
    asked.clear()
    timeline.values.extend([500, -1])

    assert timeline.ordered(key) == [-1, *range(501), *range(500, 1_000)]
    assert len(asked) < 40


def test_many_late_values_are_sorted_in_at_once() -> None:
    asked, key = counted()
    timeline: Timeline[int] = Timeline()
    timeline.values.extend(range(1_000))
    timeline.ordered(key)
    asked.clear()
    timeline.values.extend(range(1_100, 950, -1))

    assert timeline.ordered(key) == sorted([*range(1_000), *range(1_100, 950, -1)])
    assert len(asked) < 500


def test_what_has_been_read_is_not_looked_at_again() -> None:
    asked, key = counted()
    timeline: Timeline[int] = Timeline()
    timeline.values.extend([2, 1])
    timeline.ordered(key)
    asked.clear()

    assert timeline.ordered(key) == [1, 2]
    assert asked == []
