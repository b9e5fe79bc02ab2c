"""Time on the calendar: periods, month arithmetic, durations, business time, rolling limits, proration."""

from relex.calendars._dates import add_months, local_date, midnight
from relex.calendars._durations import CalendarDuration, Days, Months, Weeks, Years
from relex.calendars._periods import Period, calendar_index

__all__ = [
    "CalendarDuration",
    "Days",
    "Months",
    "Period",
    "Weeks",
    "Years",
    "add_months",
    "calendar_index",
    "local_date",
    "midnight",
]
