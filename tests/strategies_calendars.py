"""Random calendars, and instants close to the days on which real zones do strange things."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from relex.testing.strategies import business_calendars

if TYPE_CHECKING:
    from relex.calendars import BusinessCalendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# a zone, and a date near which its clock does something
STRANGE = (
    ("UTC", date(2026, 6, 1)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Europe/Vienna", date(2026, 12, 31)),
    ("America/Sao_Paulo", date(2018, 11, 4)),  # 00:00 is skipped
    ("America/Sao_Paulo", date(2018, 2, 18)),  # 23:00 happens twice
    ("Africa/Cairo", date(2024, 4, 26)),  # 00:00 is skipped
    ("Pacific/Apia", date(2011, 12, 30)),  # the date is skipped
    ("Pacific/Kiritimati", date(1994, 12, 31)),  # the date is skipped, at the end of a year
    ("America/Juneau", date(1867, 10, 18)),  # the date happens twice
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # half an hour
    ("Africa/Monrovia", date(1972, 1, 7)),  # an offset with seconds ends
    ("America/St_Johns", date(2010, 11, 7)),  # put back from 00:01 to 23:01 of the day before
    ("Asia/Kathmandu", date(1986, 1, 1)),  # a quarter of an hour, at the turn of a year
)

ANCHORS = st.sampled_from([(ZoneInfo(name), day) for name, day in STRANGE])


class FarZone(tzinfo):
    """A zone that is only right when it is asked from UTC, as those of pytz are: it knows no offset of a local time."""

    def __init__(self, key: str, offset: timedelta = timedelta(hours=-5, seconds=-3)) -> None:
        self.key = key
        self.offset = offset

    def fromutc(self, at: datetime) -> datetime:
        shown = at.replace(tzinfo=UTC).astimezone(ZoneInfo(self.key))
        return shown.replace(tzinfo=FarZone(self.key, shown.utcoffset() or timedelta(0)))

    def utcoffset(self, at: datetime | None) -> timedelta:
        return self.offset

    def dst(self, at: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, at: datetime | None) -> str:
        return self.key


class ErringZone(FarZone):
    """A zone whose clock is right and whose `utcoffset` never is."""

    def fromutc(self, at: datetime) -> datetime:
        return super().fromutc(at).replace(tzinfo=self)


class UnhashableZone(tzinfo):
    """A fixed offset that compares by value and cannot be hashed, as some zones of other libraries."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, minutes: int) -> None:
        self.offset = timedelta(minutes=minutes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnhashableZone) and self.offset == other.offset

    def utcoffset(self, at: datetime | None) -> timedelta:
        return self.offset

    def dst(self, at: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, at: datetime | None) -> str:
        return "unhashable"


@st.composite
def scenes(draw: st.DrawFn) -> tuple[BusinessCalendar, date]:
    """A calendar and the date near which something happens."""
    zone, day = draw(ANCHORS)
    return draw(business_calendars(tz=zone, near=day)), day


def instants_near(day: date, days: int = 5) -> st.SearchStrategy[datetime]:
    """Instants, on the minute or not, within some days of a date."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    minutes = st.integers(-days * 1440, days * 1440).map(lambda number: timedelta(minutes=number))
    exact = st.timedeltas(timedelta(days=-days), timedelta(days=days))
    return st.one_of(minutes, exact).map(lambda offset: noon + offset)


def durations(days: int = 5) -> st.SearchStrategy[timedelta]:
    """Durations from none to some days."""
    quarters = st.integers(0, days * 96).map(lambda number: timedelta(minutes=15 * number))
    return st.one_of(quarters, st.timedeltas(timedelta(0), timedelta(days=days)))
