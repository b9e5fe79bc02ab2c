"""Time on the calendar: periods, month arithmetic, durations, business time, rolling limits, proration."""

from relex.calendars._business import BusinessCalendar, BusinessDays
from relex.calendars._dates import add_months, local_date, midnight
from relex.calendars._durations import CalendarDuration, Days, Months, Weeks, Years
from relex.calendars._hours import SpecialHours, Window, overnight, weekly
from relex.calendars._limits import RollingLimit, first_allowed
from relex.calendars._periods import Period, calendar_index
from relex.calendars._proration import prorate
from relex.calendars._recurrences import Recurrence, next_yearly

__all__ = [
    "BusinessCalendar",
    "BusinessDays",
    "CalendarDuration",
    "Days",
    "Months",
    "Period",
    "Recurrence",
    "RollingLimit",
    "SpecialHours",
    "Weeks",
    "Window",
    "Years",
    "add_months",
    "calendar_index",
    "first_allowed",
    "local_date",
    "midnight",
    "next_yearly",
    "overnight",
    "prorate",
    "weekly",
]
