"""Segmentations: everyone in exactly one segment, what the order decides, who was passed over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from relex.errors import InvalidValue, NotFound
from relex.insights import Overlap, Segment, Segmentation, Snapshot, overlaps
from relex.rules import field

AT = datetime(2024, 2, 1, tzinfo=UTC)
BIG = Segment("big", field("total") >= 100)
REGULAR = Segment("regular", field("visits") >= 3)
SIZES = Segmentation([BIG, REGULAR], "others", name="kind", version=2)
FACTS = {
    "d": {"total": 1, "visits": 0},
    "c": {"total": 500, "visits": 9},
    "a": {"visits": 5},
    "b": {"total": 200, "visits": 1},
    "e": {},
}


def test_the_first_match_wins_and_everyone_is_in_exactly_one() -> None:
    found = SIZES.partition(FACTS, AT)

    assert found.groups == (("big", ("b", "c")), ("regular", ("a",)), ("others", ("d", "e")))
    assert [found.segment(customer) for customer in "abcdef"] == ["regular", "big", "big", "others", "others", None]
    assert (found.members("regular"), found.version, found.as_of) == (("a",), 2, AT)


def test_what_cannot_be_judged_is_passed_over_and_told() -> None:
    assert SIZES.partition(FACTS).undecided == (
        ("a", "big", ("total",)),
        ("e", "big", ("total",)),
        ("e", "regular", ("visits",)),
    )


def test_the_segment_is_a_fact() -> None:
    facts = SIZES.partition(FACTS).facts()

    assert (list(facts), facts["a"]) == (["a", "b", "c", "d", "e"], {"kind": "regular"})
    assert Segment("x", field("kind") == "regular").members(facts).inside == ("a",)


def test_the_order_of_facts_changes_nothing() -> None:
    assert SIZES.partition(dict(reversed(FACTS.items()))) == SIZES.partition(FACTS)


def test_overlaps_are_what_the_order_decides() -> None:
    assert SIZES.overlaps(FACTS, AT) == (Overlap("big", "regular", 1),)


def test_free_segments_and_snapshots_overlap() -> None:
    early = Snapshot(segment="early", version=1, at=AT, ids=("a", "b"))
    found = overlaps(BIG.members(FACTS), REGULAR.members(FACTS), early)

    assert [(pair.one, pair.other, pair.customers) for pair in found] == [
        ("big", "regular", 1),
        ("big", "early", 1),
        ("regular", "early", 1),
    ]


def test_an_unknown_segment_is_not_found() -> None:
    with pytest.raises(NotFound):
        SIZES.partition(FACTS).members("small")


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"segments": []}, "segments"),
        ({"segments": BIG}, "segments"),
        ({"segments": ["big"]}, "segments"),
        ({"segments": [BIG, BIG]}, "segments"),
        ({"default": "big"}, "segments"),
        ({"default": ""}, "default"),
        ({"segments": [Segment("big", BIG.rule, stay=REGULAR.rule)]}, "segments"),
    ],
)
def test_a_segmentation_is_a_partition_by_name(arguments: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue, match=rf"Segmentation\.{path}"):
        Segmentation(**({"segments": [BIG], "default": "others"} | arguments))


def test_what_is_judged_and_compared_is_checked() -> None:
    with pytest.raises(InvalidValue, match=r"Segmentation\.partition\.facts"):
        SIZES.partition(5)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match=r"overlaps\.members"):
        overlaps(BIG)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="each segment once"):
        overlaps(BIG.members(FACTS), BIG.members({}))


def test_a_partition_shows_itself() -> None:
    found = Segmentation([BIG], "<rest>").partition(FACTS)

    assert str(found) == "Partition by segmentation: big 2, <rest> 3"
    assert "&lt;rest&gt;" in found._repr_html_()
    assert "Passed over for want of facts: 2 times." in found._repr_html_()
    assert "Passed over" not in Segmentation([BIG], "rest").partition({})._repr_html_()
