"""Answers that are kept for lines that look alike change no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from strategies_loyalty import START, award, day, opened, program, sale

from relex.calendars import Months
from relex.loyalty import Cap, EarningRule, Flat, Occasion, _alike, _plan
from relex.purchases import Line
from relex.rules import any_line, field

if TYPE_CHECKING:
    import pytest

    from relex.loyalty import Program


def basket(*categories: str | None, name: str = "s1") -> Any:
    return sale(*[Line(at, "sku", 1, gross="1.00", category=each) for at, each in enumerate(categories, 1)], name=name)


FOOD = program(EarningRule("food", Flat(6), field("line.category") == "food"))


def by_line(of: Program, *categories: str | None) -> dict[int, int]:
    return award(of, basket(*categories)).breakdown.by_line()


def test_alike_lines_get_the_same_answer() -> None:
    assert by_line(FOOD, "food", "tea", "food", "food") == {1: 2, 3: 2, 4: 2}


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for two answers, the third purchase starts anew, and nothing changes."""
    monkeypatch.setattr(_alike, "_MOST", 1)
    of = program(*FOOD.rules)
    found = [by_line(of, "food", "tea", "mug"), by_line(of, "tea", "food"), by_line(of, "food", "food")]

    assert found == [{1: 6}, {2: 6}, {1: 3, 2: 3}]


def test_facts_of_the_whole_that_are_no_key_are_asked_each_time() -> None:
    """A rule that joins a question about any line with one about each: the lines as a whole are a fact of it."""
    gift = any_line(field("line.category") == "gift")
    of = program(EarningRule("with", Flat(4), gift & (field("line.category") == "food")))

    assert by_line(of, "food", "gift") == {1: 4}
    assert by_line(of, "food", "tea") == {}


def test_an_occasion_without_lines_has_no_facts_of_lines() -> None:
    of = program(EarningRule("food", Flat(6), field("line.category") == "food", on="visit"))

    assert award(of, Occasion("visit", "v", START)).breakdown.reasons() == {"food": "unknown:line.category"}


def test_whether_a_rule_is_open_is_found_without_memory_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_plan, "_MOST_REMEMBERED", 0)
    of = program(*FOOD.rules)

    assert award(of, basket(None)).breakdown.reasons() == {"food": "unknown:line.category"}
    assert award(of, basket("food")).breakdown.by_rule() == {"food": 6}


def test_ends_and_windows_are_found_without_memory_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Monthly cap of 10, expiry after a month: 6 in January, 4 of the next 6, 6 in February."""
    monkeypatch.setattr(_plan, "_MOST_REMEMBERED", 0)
    of = program(EarningRule("visit", Flat(6), on="visit", caps=[Cap(points=10, per="month")]), expires=Months(1))
    account, given = opened(of), []
    for on in ("01-05", "01-06", "02-01"):
        account, events = account.earn(Occasion("visit", on, day(on)), of, at=day(on))
        given.append((events[-1].points, events[-1].credits[0].expires_at))

    assert given == [(6, day("02-06")), (4, day("02-07")), (6, day("03-02"))]
