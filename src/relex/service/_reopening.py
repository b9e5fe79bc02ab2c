"""When a case comes back because somebody writes again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import moment
from relex.calendars import Days
from relex.codec import tagged

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["ANCHORS", "WRITERS", "ReopenPolicy"]

ANCHORS = ("closed_at", "resolved_at")
"""From where the window is counted."""

WRITERS = ("customer", "agent")
"""Whose message may bring a closed case back."""

_LONGEST = 999


_TEXTS = _checks.each(_checks.text)


def _ids(values: Iterable[str]) -> tuple[str, ...]:
    return _each_once("ReopenPolicy.statuses", values)


def _writers(values: Iterable[str]) -> tuple[str, ...]:
    return _each_once("ReopenPolicy.by", values)


def _each_once(path: str, values: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items(path, values)
    _TEXTS.require(path, found)
    return tuple(dict.fromkeys(found))


def _is_window(value: object) -> bool:
    return isinstance(value, Days) and value.end_of is None and 1 <= value.n <= _LONGEST


@tagged("service.ReopenPolicy")
@attrs.frozen(weakref_slot=False)
class ReopenPolicy:
    """When a message to a closed case opens it again; one to a resolved case always does.

    Attributes:
        window: From 1 to 999 `Days` of 24 hours, the last instant inside.
        to: The status that it comes back to, of kind open or waiting.
        anchors: Where the window begins: `closed_at` or `resolved_at`.
        statuses: The closed statuses from which cases come back.
        by: Whose messages do it: `customer`, `agent`.

    Raises:
        InvalidValue: For another window, anchor or writer.

    Example:
        >>> from datetime import datetime, timedelta, timezone
        >>> closed_at = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)
        >>> policy = ReopenPolicy(Days(7))
        >>> [policy.reopens("closed", since=closed_at, at=closed_at + timedelta(days)) for days in (2, 7, 30)]
        [True, True, False]

    .. versionadded:: 0.1.0
    """

    window: Days = attrs.field(
        default=Days(7), validator=_checks.Check("Days from 1 to 999, without end_of", _is_window)
    )
    to: str = attrs.field(default="open", kw_only=True, validator=_checks.text)
    anchors: str = attrs.field(default="closed_at", kw_only=True, validator=_checks.one_of(*ANCHORS))
    statuses: tuple[str, ...] = attrs.field(default=("closed",), kw_only=True, converter=_ids)
    by: tuple[str, ...] = attrs.field(
        default=("customer",), kw_only=True, converter=_writers, validator=_checks.each(_checks.one_of(*WRITERS))
    )

    def reopens(self, status: str, *, since: datetime, at: datetime, by: str = "customer") -> bool:
        """Whether a message to a case in a closed status opens it again.

        Args:
            status: Id of the closed status.
            since: When the case was closed, or resolved where `anchors` says so.
            at: When the message came.
            by: Who wrote it: `customer` or `agent`.

        Raises:
            InvalidValue: For a naive datetime.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("reopens.since", since)
        _checks.instant.require("reopens.at", at)
        return status in self.statuses and by in self.by and moment(at) - moment(since) <= timedelta(self.window.n)

    def __str__(self) -> str:
        return f"{self.window.n} days after {self.anchors}: {', '.join(self.statuses)} to {self.to}"
