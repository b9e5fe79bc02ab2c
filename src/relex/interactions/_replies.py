"""How long customers wait for an answer, by thread."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.calendars import BusinessCalendar
from relex.figures import Figure
from relex.interactions._corrections import standing
from relex.interactions._html import table
from relex.interactions._parts import INSTANT_OR_NONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relex.interactions._interaction import Interaction

__all__ = ["Replies", "Reply", "reply_times"]

_SECOND = 1_000_000
_MICRO = timedelta(microseconds=1)
_CALENDAR = _checks.optional(_checks.a(BusinessCalendar))


@attrs.frozen(kw_only=True)
class Reply:
    """A question and its answer, or a question that still waits.

    Attributes:
        thread: What it belongs to.
        question: Id of the first inbound contact without an answer.
        asked_at: When it came; aware.
        answer: Id of the outbound contact that followed; None while it waits.
        wait: Until the answer; for one that waits, until `as_of`, or None without it. By the calendar if one was given.

    .. versionadded:: 0.1.0
    """

    thread: str
    question: str
    asked_at: datetime
    answer: str | None
    wait: timedelta | None


@attrs.frozen(kw_only=True)
class Replies:
    """How long answers took.

    Attributes:
        answered: By thread, then in order.
        waiting: What has no answer yet; it is in no average.
        basis: `elapsed` or `business`.
        as_of: Up to when; None is everything.

    .. versionadded:: 0.1.0
    """

    answered: tuple[Reply, ...]
    waiting: tuple[Reply, ...]
    basis: str
    as_of: datetime | None = None

    @property
    def mean(self) -> Figure:
        """The mean wait in seconds, exact; None with `no_data` where nothing was answered."""
        total = Fraction(sum(each.wait // _MICRO for each in self.answered if each.wait is not None), _SECOND)
        count = len(self.answered)
        return Figure(
            total / count if count else None,
            "seconds",
            numerator=total,
            denominator=count,
            parts={"answered": count, "waiting": len(self.waiting)},
            method="mean reply time",
            parameters={"basis": self.basis},
            as_of=self.as_of,
            reason=None if count else "no_data",
        )

    def __str__(self) -> str:
        return f"{self.mean}, {len(self.waiting)} waiting"

    def _repr_html_(self) -> str:
        rows = (
            (each.thread, f"{each.asked_at:%Y-%m-%d %H:%M}", each.answer or "waiting", each.wait or "")
            for each in (*self.answered, *self.waiting)
        )
        return table(f"Replies, {self.basis} time: {self}", ("thread", "asked", "answer", "wait"), rows)


def reply_times(
    interactions: Iterable[Interaction],
    *,
    thread: str = "thread",
    calendar: BusinessCalendar | None = None,
    as_of: datetime | None = None,
) -> Replies:
    """How long customers waited in each thread: from the first unanswered inbound contact to the next outbound one.

    Further inbound contacts meanwhile do not begin a new wait, and internal ones do not end it. Of those that correct
    each other, the newest counts. Give only contacts that ask for an answer: a page that somebody looked at is inbound
    too.

    Args:
        interactions: In any order; the same one may come twice.
        thread: The kind of `related` id that makes a thread, such as `thread` or `case`. Contacts without one are a
            thread for each customer and channel.
        calendar: Counts its open time; None counts all time.
        as_of: Only what had happened by then, inclusive, and how long the others wait; None is everything.

    Raises:
        Conflict: For one id with two contents.
        InvalidValue: For something else than interactions, an empty kind, no calendar, or a naive instant.

    Example:
        >>> from datetime import UTC
        >>> from relex.interactions import Interaction
        >>> ten = datetime(2026, 5, 1, 10, tzinfo=UTC)
        >>> steps = (("a", "inbound", 0), ("b", "inbound", 10), ("c", "outbound", 30), ("d", "inbound", 40))
        >>> print(reply_times(
        ...     Interaction(name, at=ten + timedelta(minutes=minute), channel="email", direction=direction)
        ...     for name, direction, minute in steps
        ... ))
        1800.00 seconds (1800.00 of 1), 1 waiting

    .. versionadded:: 0.1.0
    """
    _checks.text.require("reply_times.thread", thread)
    _CALENDAR.require("reply_times.calendar", calendar)
    INSTANT_OR_NONE.require("reply_times.as_of", as_of)
    given = standing("reply_times.interactions", interactions)
    threads: defaultdict[str, list[Interaction]] = defaultdict(list)
    for each in given:
        if as_of is None or not is_before(as_of, each.at):
            threads[_thread(each, thread)].append(each)
    found = [reply for name in sorted(threads) for reply in _replies(name, threads[name], calendar, as_of)]
    return Replies(
        answered=tuple(each for each in found if each.answer is not None),
        waiting=tuple(each for each in found if each.answer is None),
        basis="elapsed" if calendar is None else "business",
        as_of=as_of,
    )


def _thread(interaction: Interaction, kind: str) -> str:
    named = (name for each, name in interaction.related if each == kind)
    return next(named, f"{interaction.subject or 'nobody'} by {interaction.channel}")


def _replies(
    thread: str, interactions: list[Interaction], calendar: BusinessCalendar | None, as_of: datetime | None
) -> Iterator[Reply]:
    question: Interaction | None = None
    for each in sorted(interactions, key=lambda one: (moment(one.at), one.id)):
        if each.direction == "inbound":
            question = question or each
        elif each.direction == "outbound" and question is not None:
            yield _reply(thread, question, each.id, _wait(question.at, each.at, calendar))
            question = None
    if question is not None:
        yield _reply(thread, question, None, None if as_of is None else _wait(question.at, as_of, calendar))


def _reply(thread: str, question: Interaction, answer: str | None, wait: timedelta | None) -> Reply:
    return Reply(thread=thread, question=question.id, asked_at=question.at, answer=answer, wait=wait)


def _wait(start: datetime, end: datetime, calendar: BusinessCalendar | None) -> timedelta:
    if calendar is not None:
        return calendar.elapsed(start, end)
    return moment(end) - moment(start)
