"""A board of follow-ups: columns by state, and in each first what is overdue."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import note
from relex._instants import is_before, moment, moment_or_none
from relex.calendars import BusinessCalendar
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BoardColumn", "FollowUpBoard", "FollowUpCard", "follow_up_board"]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_STATES = _checks.Check(
    "states, none of them twice",
    lambda value: _checks.each(_checks.text).passes(value) and len(set(value)) == len(value),
)
_NONE = timedelta(0)
_SECOND = timedelta(seconds=1)
_FONT = "font:13px/1.45 system-ui,sans-serif"
_COLORS = {"overdue": "#c0392b", "running": "#5b8ac6", "no clock": "#767676", "done": "#767676"}


@attrs.frozen(weakref_slot=False)
class FollowUpCard:
    """One follow-up as a board shows it, as it can be read off a case.

    Attributes:
        id: Of the follow-up.
        state: Its column.
        due: By when somebody should act; None without a clock.
        subject: What it is about.
        customer: Whom it is for.
        owner: Who has it.
        priority: How it ranks.
        is_done: Whether nothing is to be done any more: then no clock runs.

    Raises:
        InvalidValue: For a wrong type, or a naive datetime.

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    state: str = attrs.field(validator=_checks.text)
    due: datetime | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.instant), eq=moment_or_none
    )
    subject: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)
    customer: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)
    owner: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)
    priority: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)
    is_done: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)


@attrs.frozen
class BoardColumn:
    """One state of a board.

    Attributes:
        state: The state.
        cards: Overdue first, then what is due next; last what has no clock.

    .. versionadded:: 0.1.0
    """

    state: str
    cards: tuple[FollowUpCard, ...]


@attrs.frozen(kw_only=True)
class FollowUpBoard:
    """What `follow_up_board` gives; a notebook shows it as columns.

    Attributes:
        columns: One for each state, in their order.
        as_of: The instant of the question.
        calendar: Whose business time the clocks show; None is clock time.

    .. versionadded:: 0.1.0
    """

    columns: tuple[BoardColumn, ...]
    as_of: datetime = attrs.field(eq=moment)
    calendar: BusinessCalendar | None = None

    @property
    def overdue(self) -> tuple[FollowUpCard, ...]:
        """Every card whose time is over, the longest overdue first; at its due instant itself a card is not."""
        found = [card for column in self.columns for card in column.cards if self.clock(card) == "overdue"]
        return tuple(sorted(found, key=_rank))

    def clock(self, card: FollowUpCard) -> str:
        """`overdue`, `running`, `no clock` or `done`.

        .. versionadded:: 0.1.0
        """
        if card.is_done:
            return "done"
        if card.due is None:
            return "no clock"
        return "overdue" if is_before(card.due, self.as_of) else "running"

    def time(self, card: FollowUpCard) -> timedelta | None:
        """How much time is left, or since when it is over; None where no clock runs.

        .. versionadded:: 0.1.0
        """
        if card.is_done or card.due is None:
            return None
        first, last = sorted([card.due, self.as_of], key=moment)
        return self.calendar.elapsed(first, last) if self.calendar is not None else moment(last) - moment(first)

    def __str__(self) -> str:
        told = [f"{len(column.cards)} {column.state}" for column in self.columns]
        return f"{', '.join(told) or 'no states'}; {len(self.overdue)} overdue"

    def _repr_html_(self) -> str:
        """One column for each state, one box for each follow-up."""
        columns = "".join([_column(self, column) for column in self.columns])
        kind = "clock time" if self.calendar is None else "business time"
        board = f'<div style="display:flex;gap:.8em;align-items:flex-start;{_FONT}">{columns}</div>'
        return board + note(f"{self}, as of {self.as_of.isoformat(' ', 'minutes')}, {kind}")


def follow_up_board(
    cards: Iterable[FollowUpCard],
    states: Iterable[str] = (),
    *,
    as_of: datetime,
    calendar: BusinessCalendar | None = None,
) -> FollowUpBoard:
    """A board: a column for each state, and in each first what is overdue.

    Args:
        cards: No two of one id.
        states: In the order of the columns, also those without a card; by default those that the cards have, in the
            order in which they come.
        as_of: The instant; aware.
        calendar: Whose business time the clocks show; None is clock time.

    Raises:
        InvalidValue: For two cards of one id, a card in a state that is not listed, a state twice, or a naive datetime.

    Example:
        >>> from datetime import UTC
        >>> noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
        >>> cards = [
        ...     FollowUpCard("f1", "open", due=noon + timedelta(hours=3)),
        ...     FollowUpCard("f2", "open", due=noon - timedelta(hours=1)),
        ... ]
        >>> board = follow_up_board(cards, ["open", "in_progress", "closed"], as_of=noon)
        >>> print(board)
        2 open, 0 in_progress, 0 closed; 1 overdue
        >>> [card.id for card in board.columns[0].cards]
        ['f2', 'f1']

    .. versionadded:: 0.1.0
    """
    _checks.instant.require("follow_up_board.as_of", as_of)
    _checks.optional(_checks.a(BusinessCalendar)).require("follow_up_board.calendar", calendar)
    given = _checks.items("follow_up_board.cards", cards)
    _checks.each(_checks.a(FollowUpCard)).require("follow_up_board.cards", given)
    _checks.unique("id").require("follow_up_board.cards", given)
    listed = _checks.items("follow_up_board.states", states)
    _STATES.require("follow_up_board.states", listed)
    found: dict[str, list[FollowUpCard]] = {state: [] for state in listed}
    for place, card in enumerate(given):
        if listed and card.state not in found:
            raise InvalidValue(f"follow_up_board.cards[{place}].state", card.state, f"one of {', '.join(listed)}")
        found.setdefault(card.state, []).append(card)
    columns = [BoardColumn(state, tuple(sorted(of, key=_rank))) for state, of in found.items()]
    return FollowUpBoard(columns=tuple(columns), as_of=as_of, calendar=calendar)


def _rank(card: FollowUpCard) -> tuple[bool, timedelta, str]:
    """Those whose clock runs by when they are due, then the others."""
    if card.is_done or card.due is None:
        return True, _NONE, card.id
    return False, moment(card.due), card.id


def _column(board: FollowUpBoard, column: BoardColumn) -> str:
    title = f"{column.state.replace('_', ' ')} ({len(column.cards)})"
    head = f'<div style="font-weight:600;padding:.3em 0">{escape(title)}</div>'
    boxes = "".join([_box(board, card) for card in column.cards])
    return f'<div style="flex:1;min-width:11em">{head}{boxes}</div>'


def _box(board: FollowUpBoard, card: FollowUpCard) -> str:
    color = _COLORS[board.clock(card)]
    lines = [card.subject or card.id, card.customer, " · ".join([told for told in (card.owner, card.priority) if told])]
    inner = "".join([f"<div>{escape(line)}</div>" for line in lines if line])
    style = f"border:1px solid #ddd;border-left:4px solid {color};border-radius:3px;padding:.3em .6em;margin:0 0 .5em"
    return f'<div style="{style}">{inner}<div style="color:{color}">{_words(board, card)}</div></div>'


def _words(board: FollowUpBoard, card: FollowUpCard) -> str:
    time, clock = board.time(card), board.clock(card)
    if time is None:
        return clock
    return f"overdue by {_span(time)}" if clock == "overdue" else f"{_span(time)} left"


def _span(length: timedelta) -> str:
    """A length of time in its two largest units."""
    minutes, seconds = divmod(length // _SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min" if minutes else f"{seconds} s"
