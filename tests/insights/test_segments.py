"""Segments: in, out and undecided, snapshots, age, facts of several tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.insights import (
    PurchaseHistory,
    Segment,
    Snapshot,
    SoldLine,
    age,
    ctb,
    deciles,
    joined_facts,
    rfm,
    sold_lines,
)
from relex.rules import field

AT = datetime(2024, 2, 1, tzinfo=UTC)
FACTS = {
    "c": {"visits": 9, "region": "kanto"},
    "a": {"visits": 1, "region": "kanto"},
    "b": {"visits": 5},
    "d": {"visits": 0},
}
REGULARS = Segment("regulars", (field("visits") >= 3) & (field("region") == "kanto"))


def test_members_are_in_out_or_undecided() -> None:
    found = REGULARS.members(FACTS, AT)

    assert (found.inside, found.outside, found.undecided) == (("c",), ("a", "d"), (("b", ("region",)),))
    assert (list(found), len(found), "c" in found, "b" in found) == (["c"], 1, True, False)
    assert str(found) == "Segment regulars: 1 in, 2 out, 1 undecided"


def test_a_segment_explains_one_customer() -> None:
    verdict = REGULARS.verdict(FACTS["b"])

    assert (verdict.answer, verdict.missing) == (None, ("region",))


def test_a_snapshot_does_not_move() -> None:
    taken = REGULARS.members(FACTS).snapshot(AT)

    assert (list(taken), len(taken), "c" in taken, "a" in taken) == (["c"], 1, True, False)
    assert (taken.segment, taken.version, taken.at) == ("regulars", 1, AT)


def test_scores_deciles_and_tastes_are_facts() -> None:
    history = PurchaseHistory.from_rows([("a", date(2024, 1, 3), 90), ("b", date(2024, 1, 1), 10)], as_of=AT)
    tastes = ctb(
        [SoldLine("a", "p1", 5, brand="Nord"), SoldLine("b", "p2", 9, brand="Casa")], dimension="brand", min_purchases=1
    )
    rule = (field("rfm.recency") <= 30) & (field("decile") == 1) & (field("ctb.brand") == "Nord")
    facts = joined_facts(rfm(history).facts(), deciles(history).facts(), tastes.facts())

    assert Segment("best", rule).members(facts).inside == ("a",)
    assert ctb(list(sold_lines([])), base=Segment("best", rule).members(facts)).base == ()


def test_two_tables_may_not_state_the_same_fact() -> None:
    with pytest.raises(InvalidValue, match="each fact from one table"):
        joined_facts(FACTS, {"a": {"visits": 1}})


def test_a_segment_shows_itself() -> None:
    html = Segment("<best>", REGULARS.rule).members(FACTS)._repr_html_()

    assert "&lt;best&gt;" in html
    assert "region" in html
    assert "want" not in Segment("all", field("visits") >= 0).members(FACTS)._repr_html_()


@pytest.mark.parametrize(("born", "on", "years"), [("2000-05-02", "2020-05-01", 19), ("2000-05-02", "2020-05-02", 20)])
def test_age_is_completed_years(born: str, on: str, years: int) -> None:
    assert age(date.fromisoformat(born), date.fromisoformat(on)) == years


@pytest.mark.parametrize(("on", "years"), [("2100-02-28", 96), ("2000-02-29", 0), ("2400-02-28", 399 - 3)])
def test_leap_days_of_centuries(on: str, years: int) -> None:
    born = date(2000, 2, 29) if years == 0 else date(2004, 2, 29)

    assert age(born, date.fromisoformat(on)) == years - (on.startswith("2400"))


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"on": date(1999, 1, 1)}, "age.on"),
        ({"on": AT}, "age.on"),
        ({"leap": "never"}, "age.leap"),
        ({"born": "2000"}, "age.born"),
    ],
)
def test_a_wrong_age_is_refused(arguments: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        age(**({"born": date(2000, 1, 1), "on": date(2024, 1, 1)} | arguments))

    assert error.value.path == path


def test_a_segment_is_made_of_a_rule() -> None:
    with pytest.raises(InvalidValue, match=r"Segment\.rule"):
        Segment("x", "visits >= 3")  # type: ignore[arg-type]


def test_the_undecided_are_told_with_what_they_need() -> None:
    """A fact whose absence changes nothing is not named; one of the wrong type and a missing instant are."""
    rule = ((field("x") >= 1) & (field("y") >= 1)) | (field("z") >= 1)
    recent = Segment("recent", field("seen").within(days=3) & (field("n") >= 1))

    assert Segment("s", rule).members({"c": {"y": 0}}).undecided == (("c", ("z",)),)
    assert recent.members({"c": {"seen": AT, "n": "many"}}).undecided == (("c", ("as_of", "type:n")),)


@pytest.mark.parametrize("facts", [5, {"c": 7}, {5: {}}, {"": {}}])
def test_facts_are_mappings_by_id(facts: Any) -> None:
    with pytest.raises(InvalidValue, match=r"Segment\.members\.facts"):
        REGULARS.members(facts)
    with pytest.raises(InvalidValue, match=r"joined_facts\[1\]"):
        joined_facts({}, facts)


def test_a_snapshot_keeps_its_ids_sorted() -> None:
    taken = Snapshot(segment="s", version=1, at=AT, ids=("b", "a", "b"))

    assert taken.ids == ("a", "b")
