"""What the parts of a program say, in words: for differences between versions, tables and drawings."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs

from relex.calendars import CalendarDuration, Period
from relex.loyalty._expiry import FirstOf, Inactive, Never, OnDates
from relex.loyalty._rules import Cap, Flat, Multiply, PerAmount, PerUnit
from relex.loyalty._tiers import Always, Anniversary, Calendar, For, Lifetime, Periods, Rolling, SinceChange, WhileMet
from relex.rules import FactSchema, Rule, describe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["said", "told_by_fields"]


def said(value: Any) -> str:
    """A value of a definition in words; one that has no words of its own is told by its fields that are set.

    Example:
        >>> said(PerAmount(1, per="10.00"))
        '1 for every full 10.00 of line.net'
        >>> said(None), said(())
        ('none', 'none')
    """
    if isinstance(value, tuple):
        return ", ".join(map(said, value)) or "none"
    words = _words_for(value)
    if words is not None:
        return words(value)
    return _fields(value) if attrs.has(type(value)) else str(value)


def told_by_fields(value: Any) -> bool:
    """Whether a value is one of several fields that has no words of its own."""
    return attrs.has(type(value)) and _words_for(value) is None


def _words_for(value: Any) -> Callable[[Any], str] | None:
    return next((words for kind, words in _WORDS.items() if isinstance(value, kind)), None)


def _fields(value: Any) -> str:
    """The fields that are not as they are by default, in words; the name of the class when there are none."""
    told = [
        f"{field.name.replace('_', ' ')} {said(getattr(value, field.name))}"
        for field in attrs.fields(type(value))
        if field.init and getattr(value, field.name) != _default(field)
    ]
    return ", ".join(told) or type(value).__name__


def _default(field: Any) -> Any:
    default = field.default
    return default.factory() if isinstance(default, attrs.Factory) else default  # type: ignore[arg-type]  # a class


def _duration(value: CalendarDuration) -> str:
    unit = type(value).__name__.lower()
    count = f"{value.n} {unit[:-1] if value.n == 1 else unit}"
    ends = "" if value.end_of is None else f", to the end of the {value.end_of}"
    return count + ends + (f" that ends with month {value.year_ends}" if ends and value.year_ends != 12 else "")  # noqa: PLR2004 - December


def _period(value: Period) -> str:
    return f"from {value.start}" + ("" if value.end is None else f" until {value.end}")


def _on_dates(value: OnDates) -> str:
    return f"on {said(value.dates)}" + ("" if value.least is None else f", after at least {said(value.least)}")


def _per_amount(value: PerAmount) -> str:
    every = "for every full" if value.whole else "per"
    return f"{value.points} {every} {value.per} of {value.of}"


_WORDS: Mapping[type, Callable[[Any], str]] = {
    Rule: describe,
    type(None): lambda _: "none",
    bool: lambda value: "yes" if value else "no",
    Enum: lambda value: str(value.value),
    timedelta: str,
    CalendarDuration: _duration,
    Period: _period,
    Never: lambda _: "never",
    OnDates: _on_dates,
    Inactive: lambda value: f"{said(value.after)} after the last of {said(value.activities)}",
    FirstOf: lambda value: f"the first of: {'; '.join(map(said, value.policies))}",
    Cap: lambda value: f"{value}, else nothing" if value.then == "reject" else str(value),
    Calendar: lambda value: f"{said(value.length)} from {value.starts}",
    Anniversary: lambda value: f"{said(value.length)} from enrollment",
    Rolling: lambda value: f"the last {said(value.length)}",
    Lifetime: lambda _: "all time",
    SinceChange: lambda _: "since the last change",
    Periods: lambda value: f"to the end of period {value.n} after it",
    For: lambda value: said(value.length),
    WhileMet: lambda _: "while it is met",
    Always: lambda _: "always",
    FactSchema: lambda value: said(tuple(sorted(dict(value.facts)))),
    PerAmount: _per_amount,
    PerUnit: lambda value: f"{value.points} for each {value.of}",
    Flat: lambda value: f"{value.points} at once",
    Multiply: lambda value: f"times {value.factor} on {said(value.groups)}",
}
