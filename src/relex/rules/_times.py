"""Rules about the time between a fact and `as_of`."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

import attrs

from relex import _checks
from relex.codec import tagged
from relex.rules._facts import Kind, read
from relex.rules._leaves import Leaf

if TYPE_CHECKING:
    from relex.rules._facts import AsOf

__all__ = ["Beyond", "Within"]

_TIMES = frozenset({Kind.DAY, Kind.INSTANT})


@attrs.frozen(repr=False)
class _TimeLeaf(Leaf):
    """A leaf about the time between a fact and `as_of`.

    Between two instants that is elapsed time, exact to the microsecond and without regard to clocks that change.
    A date is compared with the date that `as_of` shows in its own time zone, in whole days.
    An instant cannot be compared with an `as_of` that is only a date.
    """

    span: timedelta = attrs.field(validator=_checks.elapsed)
    ahead: bool = attrs.field(default=False, validator=_checks.flag)

    past: ClassVar[str]
    future: ClassVar[str]

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of facts that the rule can be asked of."""
        return _TIMES

    def answer(self, found: object, as_of: AsOf) -> bool | None:
        """The answer for a value that is not None; None also when `as_of` is missing or cannot be compared with it."""
        passed = _passed(found, as_of)
        return None if passed is None else self._passes(-passed if self.ahead else passed)

    def reason(self, found: object) -> str:
        """Why there is no answer for a value that is not None."""
        seen = read(found)
        return "as_of" if seen is not None and seen[0] in _TIMES else f"type:{self.fact}"

    @abstractmethod
    def _passes(self, passed: timedelta) -> bool:
        """The answer for the time that has passed; negative when it is still to come."""

    def __repr__(self) -> str:
        return f"field({self.fact!r}).{self.future if self.ahead else self.past}({_span(self.span)})"


@tagged("rule.within")
@attrs.frozen(repr=False)
class Within(_TimeLeaf):
    """The fact lies in the span that ends at `as_of`, both edges inside; written `field("at").within(days=30)`.

    Attributes:
        fact: The name of the fact.
        span: The length of the span.
        ahead: Whether the span starts at `as_of` instead; written `field("renews").within_next(days=30)`.

    .. versionadded:: 0.1.0
    """

    past: ClassVar[str] = "within"
    future: ClassVar[str] = "within_next"

    def _passes(self, passed: timedelta) -> bool:
        return timedelta(0) <= passed <= self.span


@tagged("rule.beyond")
@attrs.frozen(repr=False)
class Beyond(_TimeLeaf):
    """The fact lies more than a span before `as_of`, the edge left out; written `field("at").before(days=30)`.

    Attributes:
        fact: The name of the fact.
        span: The length of the span; zero asks whether the fact is before `as_of` at all.
        ahead: Whether it lies more than the span after `as_of` instead; written `field("renews").after(days=30)`.

    .. versionadded:: 0.1.0
    """

    past: ClassVar[str] = "before"
    future: ClassVar[str] = "after"

    def _passes(self, passed: timedelta) -> bool:
        return passed > self.span


def _passed(found: object, as_of: AsOf) -> timedelta | None:
    """The time from the fact to `as_of`; None when the two cannot be compared."""
    seen, end = read(found), read(as_of)
    if seen is None or end is None or seen[0] not in _TIMES or end[0] not in _TIMES:
        return None
    if seen[0] is end[0]:
        return end[1] - seen[1]  # type: ignore[no-any-return]
    return as_of.date() - seen[1] if isinstance(as_of, datetime) else None


def _span(span: timedelta) -> str:
    minutes = span // timedelta(minutes=1)
    if span != timedelta(minutes=minutes):
        return repr(span)
    counted = {"days": minutes // 1440, "hours": minutes // 60 % 24, "minutes": minutes % 60}
    return ", ".join(f"{unit}={count}" for unit, count in counted.items() if count) or "days=0"
