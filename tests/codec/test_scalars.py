"""How values without parts are stored."""

from __future__ import annotations

import decimal
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from stored_values import Color, Level, Scalars

from relex.codec import decode, dumps, encode, loads
from relex.errors import InvalidValue

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)

STORED = [
    ("text", "", ""),
    ("text", "日本語 🎁", "日本語 🎁"),
    ("text", "line\nbreak\x00", "line\nbreak\x00"),
    ("count", -(10**999), -(10**999)),
    ("flag", False, False),
    ("number", Decimal("1.50"), "1.50"),
    ("number", Decimal("1E+3"), "1E+3"),
    ("number", Decimal("-0.00"), "-0.00"),
    ("number", Decimal("1E-7"), "1E-7"),
    ("number", Decimal("9" * 1000), "9" * 1000),
    ("ratio", Fraction(-2, 4), "-1/2"),
    ("ratio", Fraction(3), "3/1"),
    ("day", date(1, 1, 1), "0001-01-01"),
    ("clock", time(23, 59, 59, 999999), "23:59:59.999999"),
    ("at", datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), "2026-01-02T03:04:05.000006+00:00"),
    ("at", datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=-3.5))), "2026-01-02T00:00:00-03:30"),
    ("at", datetime(1900, 1, 1, tzinfo=timezone(timedelta(seconds=1172))), "1900-01-01T00:00:00+00:19:32"),
    ("at", datetime(2026, 7, 1, 9, tzinfo=BERLIN), "2026-07-01T09:00:00+02:00[Europe/Berlin]"),
    ("at", datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN), "2026-10-25T02:30:00+02:00[Europe/Berlin]"),
    ("at", datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN), "2026-10-25T02:30:00+01:00[Europe/Berlin]"),
    ("at", datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN), "2026-03-29T02:30:00+01:00[Europe/Berlin]"),
    ("at", datetime(2026, 3, 29, 2, 30, fold=1, tzinfo=BERLIN), "2026-03-29T02:30:00+02:00[Europe/Berlin]"),
    ("span", timedelta(0), "P0D"),
    ("span", timedelta(days=2), "P2D"),
    ("span", timedelta(hours=4, minutes=30), "PT4H30M"),
    ("span", timedelta(microseconds=1), "PT0.000001S"),
    ("span", timedelta(microseconds=-1_500_000), "-PT1.5S"),
    ("span", timedelta.max, "P999999999DT23H59M59.999999S"),
    ("span", timedelta.min, "-P999999999D"),
    ("zone", UTC, "+00:00"),
    ("zone", ZoneInfo("UTC"), "UTC"),
    ("zone", BERLIN, "Europe/Berlin"),
    ("zone", ZoneInfo("Etc/GMT+5"), "Etc/GMT+5"),
    ("zone", timezone(timedelta(hours=9)), "+09:00"),
    ("zone", timezone(-timedelta(hours=3, minutes=30)), "-03:30"),
    ("zone", timezone(timedelta(seconds=1172)), "+00:19:32"),
    ("zone", timezone(timedelta(microseconds=1) - DAY), "-23:59:59.999999"),
    ("color", Color.GREEN, "green"),
    ("level", Level.LOW, "LOW"),
    ("maybe", None, None),
    ("maybe", "é", "é"),
]


@pytest.mark.parametrize(
    ("field", "value", "stored"), STORED, ids=[f"{field}-{n}" for n, (field, *_) in enumerate(STORED)]
)
class TestStored:
    def test_written(self, field: str, value: Any, stored: Any) -> None:
        assert encode(Scalars(**{field: value}))[field] == stored

    def test_read_back_exactly(self, field: str, value: Any, stored: Any) -> None:
        read = getattr(loads(dumps(Scalars(**{field: value})), Scalars, zones=ZoneInfo), field)

        assert (read, repr(read)) == (value, repr(value))


REFUSED = {
    "text": [1, None, [], {}, "\ud800", "a\udfff", "x" * 1_000_001, b"x"],
    "count": [True, 1.0, "1", 10**1000, -(10**1000), None],
    "flag": [0, 1, "true", None],
    "number": [
        *(1, 1.5, "", " 1", "1 ", "+1", "01", ".5", "1.", "1,5", "1_0", "0x1", "NaN", "Infinity", "-Infinity", "sNaN"),
        *("1e5", "1E", "1E1001", "1E-1001", "9" * 1001, "9" * 3000, "1E9999999", "٣", "12.50 USD"),
    ],
    "ratio": [1, "1", "1/0", "1/-3", "01/3", "1/03", "1 /3", "1.0/3", "9" * 1001 + "/1", "1/" + "9" * 1001, "9" * 9999],
    "day": [
        "",
        "2026-13-01",
        "2026-02-29",
        "2026-11-23T00:00:00",
        "0000-01-01",
        "today",
        20261123,
        "２０２６-01-01",
        "2026-W48-1",
        "20261123",
    ],
    "clock": ["", "25:00", "09:30+01:00", "9", 9, "09:30Z", "0930", "T09:30", "24:00", "09:30:00.1234567"],
    "at": [
        *("", "2026-11-23", "2026-11-23T09:30:00", "2026-11-23T09:30:00+25:00", "2026-11-23T09:30:00+01:00[", 0),
        *("2026-11-23T09:30:00+01:00[]", "2026-11-23T09:30:00+01:00[../x]", "2026-11-23T09:30:00+01:00[Europe/Berlin"),
        "2026-11-23T09:30:00[Europe/Berlin]",
        *("2026-W48-1T09:30:00Z", "20261123T0930Z", "2026-11-23T24:00:00Z", "2026-11-23T09:30:00.1234567Z"),
        *("2026-11-23\ud80009:30:00+00:00", "2026-11-23T09:30:00,5+01:00", "2026-02-29T09:30:00Z"),
        "2026-11-23T09:30:00+01:00[Mars/Olympus]",
        "0001-01-01T00:00:00+20:00[America/New_York]",
        "2026-11-23T09:30:00+01:00[UTC]x",
    ],
    "span": [
        *("", "P", "PT", "P1DT", "-", "1D", "P1H", "PT1D", "P1.5D", "PT1.5H", "PT1.0000001S", "P-1D", "+P1D", 5, "p1d"),
        *("P1000000000D", "P9999999999D", "PT999999999999H", "-P999999999DT24H", "P١D", "P" + "0" * 99 + "1D"),
    ],
    "zone": [
        *(
            "",
            "+9",
            "+24:00",
            "+23:60",
            "+09:00:00.5",
            "09:00",
            "Mars/Olympus",
            "../../etc/passwd",
            "/etc/localtime",
            "Z!",
        ),
        *("America", "a" * 65, "a/b/c/d/e", "日本", "\x00", 9, "Europe/Berlin\n"),
    ],
    "color": ["RED", "blue", "", 1, "x" * 200],
    "level": ["low", "1", 1, 2, True],
    "maybe": [0, False, [], "\ud800"],
}
CASES = [(field, junk) for field, all_junk in REFUSED.items() for junk in all_junk]


@pytest.mark.parametrize(("field", "junk"), CASES, ids=[f"{field}-{n}" for n, (field, _) in enumerate(CASES)])
def test_junk_is_refused_where_it_stands(field: str, junk: Any) -> None:
    stored = encode(Scalars(at=datetime(2026, 1, 1, tzinfo=UTC), zone=UTC)) | {field: junk}

    with pytest.raises(InvalidValue) as caught:
        decode(stored, Scalars, zones=ZoneInfo)

    assert caught.value.path == f"Scalars.{field}"


class Words(StrEnum):
    RED = "red"


class Number(IntEnum):
    TWO = 2


class Nameless(tzinfo):
    """A zone that cannot be told to anybody."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return DAY / 24 if moment else None


class Undecided(Nameless):
    def utcoffset(self, moment: datetime | None) -> None:
        return None


UNSTORED = [
    ("text", 1),
    ("text", "\ud800"),
    ("text", "x" * 1_000_001),
    ("count", True),
    ("count", 1.0),
    ("count", 10**1000),
    ("flag", 1),
    ("number", 1),
    ("number", 1.5),
    ("number", Decimal("NaN")),
    ("number", Decimal("-Infinity")),
    ("number", Decimal("1E+1001")),
    ("number", Decimal("1E-1001")),
    ("number", Decimal("9" * 1001)),
    ("ratio", Fraction(10**1000)),
    ("ratio", Fraction(1, 10**1000)),
    ("day", datetime(2026, 1, 1, tzinfo=UTC)),
    ("clock", time(9, tzinfo=UTC)),
    ("at", datetime(2026, 1, 1)),  # noqa: DTZ001 - refused
    ("at", datetime(2026, 1, 1, tzinfo=Undecided())),
    ("at", date(2026, 1, 1)),
    ("zone", Nameless()),
    ("color", "red"),
    ("color", Level.LOW),
]


@pytest.mark.parametrize(("field", "value"), UNSTORED, ids=[f"{field}-{n}" for n, (field, _) in enumerate(UNSTORED)])
def test_what_a_field_does_not_say_is_not_written(field: str, value: Any) -> None:
    """So that whatever was written can be read."""
    with pytest.raises(InvalidValue) as caught:
        encode(Scalars(**{field: value}))

    assert caught.value.path == f"Scalars.{field}"


@pytest.mark.parametrize(("field", "value", "stored"), [("text", Words.RED, "red"), ("count", Number.TWO, 2)])
def test_a_member_of_a_str_or_int_enumeration_is_written_as_what_it_is(field: str, value: Any, stored: Any) -> None:
    found = encode(Scalars(**{field: value}))[field]

    assert (type(found), found) == (type(stored), stored)


def test_a_subclass_of_a_datetime_is_written_as_a_datetime() -> None:
    class Stamp(datetime):
        pass

    stored = encode(Scalars(at=Stamp(2026, 1, 1, tzinfo=UTC)))

    assert stored["at"] == "2026-01-01T00:00:00+00:00"


def test_an_instant_in_a_zone_without_a_name_keeps_its_offset() -> None:
    assert encode(Scalars(at=datetime(2026, 1, 1, tzinfo=Nameless())))["at"] == "2026-01-01T00:00:00+01:00"


@pytest.mark.parametrize("key", ["no key]", 7, "x" * 65])
def test_a_zone_with_a_name_that_could_not_be_read_keeps_its_offset(key: Any) -> None:
    zone = Nameless()
    zone.key = key  # type: ignore[attr-defined]

    assert encode(Scalars(at=datetime(2026, 1, 1, tzinfo=zone)))["at"] == "2026-01-01T00:00:00+01:00"


def test_without_zones_an_instant_keeps_its_offset() -> None:
    at = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN)

    read = decode(encode(Scalars(at=at)), Scalars).at

    assert read is not None
    assert (read.timestamp(), read.utcoffset()) == (at.timestamp(), timedelta(hours=1))


def test_without_zones_utc_is_known() -> None:
    assert decode(encode(Scalars(zone=ZoneInfo("UTC"))), Scalars).zone == UTC


def test_without_zones_another_key_is_refused_and_says_why() -> None:
    with pytest.raises(InvalidValue, match=r"unless zones=zoneinfo.ZoneInfo is passed"):
        decode(encode(Scalars(zone=BERLIN)), Scalars)


def test_zones_that_give_no_zone_are_refused() -> None:
    with pytest.raises(InvalidValue, match="the key of a time zone that zones knows"):
        decode(encode(Scalars(zone=BERLIN)), Scalars, zones=lambda key: key)  # type: ignore[arg-type,return-value]


def test_when_the_rules_of_a_zone_have_changed_the_instant_stays() -> None:
    """Stored with an offset that Berlin does not have in July."""
    stored = encode(Scalars()) | {"at": "2026-07-01T09:00:00+05:00[Europe/Berlin]"}

    assert decode(stored, Scalars, zones=ZoneInfo).at == datetime(2026, 7, 1, 6, tzinfo=BERLIN)


def test_numbers_do_not_obey_the_callers_decimal_context() -> None:
    value = Scalars(number=Decimal("123456.70E+9"))
    with decimal.localcontext(prec=2, capitals=0, Emax=3):
        read = loads(dumps(value), Scalars)

    assert str(read.number) == str(value.number)
