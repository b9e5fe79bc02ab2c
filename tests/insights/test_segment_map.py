"""Segment maps: proved total and non-overlapping, or refused with the codes and rows that are wrong."""

from __future__ import annotations

from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.insights import NO_PURCHASES, RF_11, MapRow, SegmentMap

ONE = {"name": "m", "dimensions": ("recency",), "sizes": (3,)}
CELLS = {"1": "Low", "2": "Low", "3": "High"}
LOW, HIGH = MapRow("Low", recency=(1, 2)), MapRow("High", recency=(3, 3))


def test_a_map_of_cells_names_each_code() -> None:
    map_ = SegmentMap(**ONE, cells=CELLS)

    assert [map_.segment(code) for code in map_.codes] == ["Low", "Low", "High"]
    assert map_.segments == ("Low", "High")


def test_a_map_of_rows_names_each_code() -> None:
    map_ = SegmentMap(**ONE, rows=[LOW, HIGH])

    assert [map_.segment(code) for code in map_.codes] == ["Low", "Low", "High"]
    assert map_.unreached == ()


def test_the_first_row_that_takes_a_code_names_it() -> None:
    map_ = SegmentMap(**ONE, rows=[HIGH, MapRow("Some", recency=(2, 3))], first_match=True, default="Rest")

    assert [map_.segment(code) for code in map_.codes] == ["Rest", "Some", "High"]
    assert map_.segments == ("High", "Some", "Rest")


def test_the_default_map_read_as_rows_is_the_same_in_any_order() -> None:
    rows = [
        MapRow(name, recency=(int(code[0]), int(code[0])), frequency=(int(code[1]), int(code[1])))
        for code, name in RF_11.cells
    ]
    forth, back = (SegmentMap(name="rows", rows=some, first_match=True) for some in (rows, tuple(reversed(rows))))

    assert [forth.segment(code) for code in forth.codes] == [RF_11.segment(code) for code in RF_11.codes]
    assert [back.segment(code) for code in back.codes] == [RF_11.segment(code) for code in RF_11.codes]


def test_rows_that_nobody_can_get_can_be_reported() -> None:
    rows = [LOW, MapRow("Never", recency=(1, 1)), HIGH]
    map_ = SegmentMap(**ONE, rows=rows, first_match=True, default="Rest", unreachable="report")

    assert map_.unreached == ("rows[1] Never", "default Rest")
    assert map_.segments == ("Low", "High")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"cells": {"1": "Low", "3": "High"}}, r"missing: 2"),
        ({"cells": [("1", "Low"), ("1", "High"), ("2", "Low"), ("3", "Low")]}, r"named twice: 1"),
        ({"cells": CELLS | {"4": "High"}}, r"unknown: 4"),
        ({"cells": CELLS | {"1": NO_PURCHASES}}, r"other than 'No purchases'"),
        ({"cells": CELLS | {"1": "low"}}, r"one spelling of each name; there is also 'Low'"),
        ({"cells": [("1", "Low", 3)]}, r"SegmentMap\.cells"),
        ({"rows": [LOW]}, r"missing: 3"),
        ({"rows": [LOW, HIGH, MapRow("More", recency=(3, 3))]}, r"named twice: 3 by High and More"),
        ({"rows": [LOW, HIGH], "first_match": True, "default": "Rest"}, r"unreachable: default Rest"),
        ({"rows": [LOW, LOW, HIGH], "first_match": True}, r"unreachable: rows\[1\] Low"),
        ({"rows": [HIGH], "first_match": True, "default": "High"}, r"a name that no row has"),
        ({"rows": [MapRow("High", recency=(3, 4))]}, r"rows\[0\]\.recency: expected scores from 1 to 3"),
        ({"rows": [MapRow("High", monetary=(1, 2))]}, r"rows\[0\]\.monetary: expected None"),
        ({"rows": [LOW, HIGH], "default": "Rest"}, r"None, unless first_match"),
        ({"cells": CELLS, "rows": [LOW, HIGH]}, r"either cells or rows"),
        ({}, r"either cells or rows"),
        ({"cells": CELLS, "sizes": (3, 3)}, r"one size for each dimension"),
        ({"cells": CELLS, "dimensions": ("height",)}, r"SegmentMap\.dimensions"),
        ({"cells": CELLS, "dimensions": ()}, r"SegmentMap\.dimensions"),
        ({"cells": CELLS, "dimensions": ("recency", "recency"), "sizes": (3, 3)}, r"SegmentMap\.dimensions"),
        ({"cells": CELLS, "unreachable": "ignore"}, r"SegmentMap\.unreachable"),
    ],
)
def test_a_map_with_a_hole_or_an_overlap_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        SegmentMap(**(ONE | fields))


def test_a_long_list_of_codes_is_cut() -> None:
    with pytest.raises(InvalidValue, match=r"missing: 12, .* and 12 more"):
        SegmentMap(name="m", cells={"11": "Low"})


@pytest.mark.parametrize("limits", [(0, 1), (3, 2), (1, 10), (1,), [1, 2], 3])
def test_a_range_that_is_none_is_refused(limits: Any) -> None:
    with pytest.raises(InvalidValue, match=r"MapRow\.recency"):
        MapRow("Low", recency=limits)


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(InvalidValue, match="a code from 11 to 55"):
        RF_11.segment("61")


@pytest.mark.parametrize("name", ["cells", "rows", "dimensions", "sizes"])
def test_what_is_no_iterable_is_refused(name: str) -> None:
    with pytest.raises(InvalidValue, match=rf"SegmentMap\.{name}"):
        SegmentMap(**{"name": "m", name: 5})


def test_a_code_is_a_text() -> None:
    with pytest.raises(InvalidValue, match="from 11 to 55"):
        RF_11.segment([5])  # type: ignore[arg-type]
