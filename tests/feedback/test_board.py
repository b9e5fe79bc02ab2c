"""The board of follow-ups: columns by state, overdue first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relex.calendars import BusinessCalendar, weekly
from relex.errors import InvalidValue
from relex.feedback import FollowUpBoard, FollowUpCard, follow_up_board

NOON = datetime(2026, 5, 8, 12, tzinfo=UTC)  # a Friday
HOUR = timedelta(hours=1)
MICRO = timedelta(microseconds=1)
OFFICE = BusinessCalendar(weekly("mon-fri", "09:00", "17:00"), tz=UTC)


def board(*cards: FollowUpCard, **more: Any) -> FollowUpBoard:
    """A board at noon."""
    return follow_up_board(cards, as_of=NOON, **more)


def columns(found: FollowUpBoard) -> list[tuple[str, list[str]]]:
    """Each state with the ids in it."""
    return [(column.state, [card.id for card in column.cards]) for column in found.columns]


def test_columns_in_the_order_of_the_states() -> None:
    """Also those without a card; by default as the cards come."""
    cards = [FollowUpCard("f1", "closed"), FollowUpCard("f2", "open")]

    assert columns(board(*cards)) == [("closed", ["f1"]), ("open", ["f2"])]
    assert columns(board(*cards, states=["open", "in_progress", "closed"])) == [
        ("open", ["f2"]),
        ("in_progress", []),
        ("closed", ["f1"]),
    ]


def test_overdue_first() -> None:
    """The longest overdue, then what is due next, then what has no clock."""
    cards = [
        FollowUpCard("f1", "open"),
        FollowUpCard("f2", "open", due=NOON + HOUR),
        FollowUpCard("f3", "open", due=NOON - HOUR),
        FollowUpCard("f4", "open", due=NOON - 2 * HOUR, is_done=True),
        FollowUpCard("f5", "open", due=NOON - 3 * HOUR),
    ]

    assert columns(board(*cards)) == [("open", ["f5", "f3", "f2", "f1", "f4"])]


def test_overdue_over_all_columns() -> None:
    """The longest overdue first, whatever the state."""
    cards = [
        FollowUpCard("f1", "open", due=NOON - HOUR),
        FollowUpCard("f2", "open", due=NOON + HOUR),
        FollowUpCard("f3", "in_progress", due=NOON - 2 * HOUR),
    ]

    assert [card.id for card in board(*cards).overdue] == ["f3", "f1"]


@pytest.mark.parametrize(
    ("due", "is_done", "clock", "time"),
    [
        (NOON - MICRO, False, "overdue", MICRO),
        (NOON, False, "running", timedelta(0)),
        (NOON + HOUR, False, "running", HOUR),
        (None, False, "no clock", None),
        (NOON - HOUR, True, "done", None),
    ],
    ids=["just over", "at the due instant", "left", "none", "done"],
)
def test_clock(due: datetime | None, is_done: bool, clock: str, time: timedelta | None) -> None:
    """At its due instant itself a card is not overdue."""
    card = FollowUpCard("f1", "open", due=due, is_done=is_done)
    found = board(card)

    assert (found.clock(card), found.time(card)) == (clock, time)


def test_business_time() -> None:
    """From Friday noon to Monday noon is one day of work."""
    late = FollowUpCard("f1", "open", due=NOON - 24 * HOUR)
    early = FollowUpCard("f2", "open", due=NOON + 72 * HOUR)
    found = board(late, early, calendar=OFFICE)

    assert (found.time(late), found.time(early)) == (8 * HOUR, 8 * HOUR)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"cards": [FollowUpCard("f1", "open")] * 2}, "without two equal ids"),
        ({"cards": ["f1"]}, "follow_up_board.cards"),
        ({"cards": [FollowUpCard("f1", "won")], "states": ["open"]}, r"cards\[0\].state: expected one of open"),
        ({"states": ["open", "open"]}, "follow_up_board.states: expected states, none of them twice"),
        ({"states": [""]}, "follow_up_board.states"),
        ({"calendar": UTC}, "follow_up_board.calendar"),
        ({"as_of": NOON.replace(tzinfo=None)}, "follow_up_board.as_of"),
    ],
    ids=["twice", "cards", "state", "states", "empty", "calendar", "as_of"],
)
def test_wrong_arguments(more: dict[str, Any], expected: str) -> None:
    """Each is named."""
    with pytest.raises(InvalidValue, match=expected):
        follow_up_board(**{"cards": [], "as_of": NOON, **more})


def test_a_card_says_what_is_wrong_with_it() -> None:
    """A naive due instant, an empty state."""
    with pytest.raises(InvalidValue, match=r"FollowUpCard.due"):
        FollowUpCard("f1", "open", due=NOON.replace(tzinfo=None))
    with pytest.raises(InvalidValue, match=r"FollowUpCard.state"):
        FollowUpCard("f1", "")


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (timedelta(days=-2, hours=-3), "overdue by 2 d 3 h"),
        (timedelta(hours=5, minutes=4), "5 h 04 min left"),
        (timedelta(minutes=7), "7 min left"),
        (timedelta(seconds=9), "9 s left"),
        (None, "no clock"),
    ],
    ids=["days", "hours", "minutes", "seconds", "none"],
)
def test_clocks_are_seen(due: timedelta | None, words: str) -> None:
    """In the two largest units."""
    card = FollowUpCard("f1", "open", due=None if due is None else NOON + due)

    assert f">{words}</div>" in board(card)._repr_html_()


def test_everything_of_a_card_is_seen_and_escaped() -> None:
    """The subject in place of the id, whom it is for, who has it and how it ranks."""
    full = FollowUpCard("f1", "<open>", subject="<late>", customer="a&b", owner="ann", priority="high")
    shown = board(full, FollowUpCard("f2", "<open>", owner="bob"), FollowUpCard("f3", "<open>", is_done=True))
    found = shown._repr_html_()
    words = ("&lt;open&gt; (3)", "&lt;late&gt;", "a&amp;b", "ann · high", "<div>f2</div>", "bob")

    assert [word for word in words if word not in found] == []
    assert "f1" not in found
    assert "<late>" not in found


def test_it_reads_itself_out() -> None:
    """How many in each state, and how many are overdue."""
    assert str(board(FollowUpCard("f1", "open", due=NOON - HOUR), states=["open", "closed"])) == (
        "1 open, 0 closed; 1 overdue"
    )
    assert str(board()) == "no states; 0 overdue"
    assert "business time" in board(calendar=OFFICE)._repr_html_()
