"""Cells of exports: how instants are written, and what is said of cells that cannot be read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from relex._rows import RefusedRow, RowProblem, SetAside, day, instant, plain, time_format
from relex.errors import InvalidValue

BERLIN = ZoneInfo("Europe/Berlin")


class TestFormats:
    @pytest.mark.parametrize(
        ("written", "text", "expected"),
        [
            ("%d/%m/%Y %H:%M", "29/2/2016 01:16", "2016-02-29T01:16:00"),
            ("%d/%m/%Y %H:%M", " 29/2/2016 01:16 ", "2016-02-29T01:16:00"),
            ("%Y/%m/%d %H:%M:%S.%f", "2012/10/09 14:50:17.5", "2012-10-09T14:50:17.500000"),
            ("%Y/%m/%d %H:%M:%S.%f", "2012/10/09 14:50:17.123456789", "2012-10-09T14:50:17.123456"),
            ("%d-%b-%Y", "01-MAR-2026", "2026-03-01T00:00:00"),
            ("%m/%d/%Y %I:%M %p", "03/01/2026 12:05 AM", "2026-03-01T00:05:00"),
            ("%m/%d/%Y %I:%M %p", "03/01/2026 1:05 p.m.", "2026-03-01T13:05:00"),
            ("%Y%m%d%%", "20260301%", "2026-03-01T00:00:00"),
            ("%Y-%m-%dT%H:%M%z", "2026-03-01T10:00Z", "2026-03-01T10:00:00+00:00"),
            ("%Y-%m-%dT%H:%M%z", "2026-03-01T10:00-05:30", "2026-03-01T10:00:00-05:30"),
            ("%Y-%m-%d %H.%M%z", "2026-03-01 10.00+0200", "2026-03-01T10:00:00+02:00"),
        ],
    )
    def test_text_of_a_format_is_read(self, written: str, text: str, expected: str) -> None:
        found = time_format("formats", written)(text)

        assert found is not None
        assert expected == found.isoformat()

    @pytest.mark.parametrize(
        ("written", "text"),
        [
            ("%d/%m/%Y", "2016-02-29"),
            ("%d/%m/%Y", "30/2/2016"),
            ("%d/%m/%Y", "1/1/0000"),
            ("%d-%b-%Y", "01-Mrz-2026"),
            ("%d/%m/%Y %I %p", "1/1/2026 13 PM"),
            ("%d/%m/%Y %I %p", "1/1/2026 0 PM"),
            ("%d/%m/%Y %H", "1/1/2026 24"),
            ("%d/%m/%Y%z", "1/1/2026+99:00"),
            ("%d.%m.%Y", "1x1x2026"),
            ("%Y-%m-%d", "٢٠٢٦-01-01"),
        ],
    )
    def test_other_text_gives_none(self, written: str, text: str) -> None:
        assert time_format("formats", written)(text) is None

    @pytest.mark.parametrize(
        "written", ["%d/%m", "%Y", "%Y-%m-%d %q", "%Y-%m-%d %H %I", 5, None, "", "%Y-%d-%", "%Y-%Y-%m-%d"]
    )
    def test_what_is_no_format_is_refused(self, written: object) -> None:
        with pytest.raises(InvalidValue, match="formats"):
            time_format("formats", written)


class TestInstants:
    def test_the_first_format_that_fits_counts(self) -> None:
        formats = [time_format("formats", "%d/%m/%Y"), time_format("formats", "%Y.%m.%d")]

        assert instant("2026.03.29", BERLIN, formats) == datetime(2026, 3, 29, tzinfo=BERLIN)

    def test_formats_leave_no_room_for_another_way(self) -> None:
        with pytest.raises(InvalidValue, match="an instant"):
            instant("2026-03-29", UTC, [time_format("formats", "%d/%m/%Y")])

    def test_a_value_is_read_whatever_the_formats_are(self) -> None:
        at = datetime(2026, 3, 29, 9, tzinfo=UTC)

        assert instant(at, None, [time_format("formats", "%d/%m/%Y")]) is at

    def test_a_time_that_the_clock_skips_is_the_instant_of_the_jump(self) -> None:
        assert instant("2026-03-29 02:30", BERLIN) == datetime(2026, 3, 29, 1, tzinfo=UTC)

    def test_a_date_is_its_midnight(self) -> None:
        assert instant(date(2026, 3, 29), BERLIN) == datetime(2026, 3, 28, 23, tzinfo=UTC)

    @pytest.mark.parametrize("cell", ["soon", 5, None, "2026-03-29 02:30", date(2026, 3, 29)])
    def test_without_a_zone_only_an_instant_is_one(self, cell: object) -> None:
        with pytest.raises(InvalidValue, match="an instant"):
            instant(cell, None)

    def test_a_date_of_an_instant_is_that_of_the_zone(self) -> None:
        at = datetime(2026, 3, 28, 23, tzinfo=UTC)

        assert (day(at, BERLIN), day(at, None), day("2026-03-28", None)) == (
            date(2026, 3, 29),
            date(2026, 3, 28),
            date(2026, 3, 28),
        )

    def test_what_is_no_date_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match="a date"):
            day("soon", None)


class TestWords:
    def test_space_around_a_cell_is_nothing(self) -> None:
        assert [plain(cell) for cell in (" a ", "  ", "", None, 5)] == ["a", None, None, None, 5]

    def test_a_problem_tells_its_field_what_was_expected_and_what_came(self) -> None:
        problem = RowProblem(reason="invalid_value", field="at", value="soon", expected="an instant")

        assert str(problem) == "at: invalid_value (expected an instant, got 'soon')"
        assert str(RowProblem(reason="other_row")) == "other_row"

    @pytest.mark.parametrize("value", ["x" * 10**7, b"x" * 10**7, list(range(1000))], ids=["text", "bytes", "list"])
    def test_a_value_that_is_as_large_as_a_file_is_cut(self, value: object) -> None:
        problem = RowProblem(reason="invalid_value", field="at", value=value, expected="an instant")
        refused = RefusedRow(number=3, row={}, problems=(problem, problem))

        assert len(str(refused)) < 300
        assert len(str(SetAside(row=3, field="type", value=value))) < 120
        assert str(refused).startswith("row 3: at: invalid_value (expected an instant, got ")
