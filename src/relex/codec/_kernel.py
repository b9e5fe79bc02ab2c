"""The stored forms of the values that stand below the codec and cannot register themselves."""

from __future__ import annotations

from relex.calendars import (
    BusinessCalendar,
    BusinessDays,
    Days,
    Months,
    Period,
    Recurrence,
    RollingLimit,
    SpecialHours,
    Weeks,
    Window,
    Years,
)
from relex.codec._registry import Form, register
from relex.figures import Figure
from relex.money import Money, RateTable

__all__: list[str] = []

_TAGS: dict[type, str] = {
    Figure: "figures.Figure",
    RateTable: "money.RateTable",
    Period: "calendars.Period",
    Days: "calendars.Days",
    Weeks: "calendars.Weeks",
    Months: "calendars.Months",
    Years: "calendars.Years",
    Window: "calendars.Window",
    SpecialHours: "calendars.SpecialHours",
    BusinessDays: "calendars.BusinessDays",
    BusinessCalendar: "calendars.BusinessCalendar",
    RollingLimit: "calendars.RollingLimit",
    Recurrence: "calendars.Recurrence",
}

register(Form(tag="money.Money", version=1, cls=Money, bare=True))
for _cls, _tag in _TAGS.items():
    register(Form(tag=_tag, version=1, cls=_cls))
