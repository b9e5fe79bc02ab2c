"""A journal shares its past with the journals that grow out of it."""

from __future__ import annotations

import pytest

from relex.loyalty._journal import EMPTY, WIDTH, Journal


@pytest.mark.parametrize("count", [0, 1, WIDTH - 1, WIDTH, WIDTH + 1, 3 * WIDTH, 3 * WIDTH + 5])
def test_adding_one_by_one_is_making_at_once(count: int) -> None:
    journal = EMPTY
    for number in range(count):
        journal = journal.added(number)

    assert Journal.of(range(count)) == journal
    assert list(range(count)) == list(journal) == [journal[place] for place in range(count)]
    assert list(reversed(range(count))) == list(reversed(journal))
    assert (count, count) == (len(journal), journal.size)


def test_branches_do_not_see_each_other() -> None:
    stem = Journal.of(range(WIDTH))
    one, two = stem.added("one"), stem.added("two")

    assert ([*range(WIDTH), "one"], [*range(WIDTH), "two"], list(range(WIDTH))) == (list(one), list(two), list(stem))
    assert one != two
    assert hash(one) == hash(stem.added("one"))


def test_a_journal_is_no_list() -> None:
    assert Journal.of([1]) != [1]
    assert repr(Journal.of([1])) == "<1 items>"
