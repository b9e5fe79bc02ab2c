"""Interactions: what they are made of, who they are about, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.interactions import Interaction, Participant, Touchpoint, TouchpointCatalog
from relex.parties import Identifier

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)


def made(**fields: Any) -> Interaction:
    return Interaction("i1", **({"at": DAY, "channel": "phone", "direction": "inbound"} | fields))


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"at": datetime(2026, 5, 1)}, "Interaction.at"),  # noqa: DTZ001 - what is refused
        ({"channel": ""}, "Interaction.channel"),
        ({"direction": "sideways"}, "Interaction.direction"),
        ({"participants": "c1"}, "Interaction.participants"),
        ({"participants": ["c1"]}, "Interaction.participants"),
        ({"duration": timedelta(seconds=-1)}, "Interaction.duration"),
        ({"duration": 30}, "Interaction.duration"),
        ({"sentiment": 0.5}, "Interaction.sentiment"),
        ({"sentiment": Decimal("1.01")}, "Interaction.sentiment"),
        ({"sentiment": Decimal("NaN")}, "Interaction.sentiment"),
        ({"sentiment": Fraction(1, 3)}, "Interaction.sentiment"),
        ({"staff": "ann"}, "Interaction.staff"),
        ({"staff": [3]}, "Interaction.staff"),
        ({"related": [("deal",)]}, "Interaction.related"),
        ({"related": ["deal"]}, "Interaction.related"),
        ({"documents": [3]}, "Interaction.documents"),
        ({"received_at": datetime(2026, 5, 1)}, "Interaction.received_at"),  # noqa: DTZ001 - what is refused
        ({"identifiers": [("cookie", "x")]}, "Interaction.identifiers"),
        ({"values": ["a"]}, "Interaction.values"),
        ({"values": {"": 1}}, "Interaction.values"),
        ({"values": {"x": 1.5}}, "Interaction.values.x"),
        ({"values": {"x": Fraction(1, 3)}}, "Interaction.values.x"),
        ({"values": {"x": datetime(2026, 5, 1)}}, "Interaction.values.x"),  # noqa: DTZ001 - what is refused
        ({"values": {"x": ("a", 1)}}, "Interaction.values.x"),
        ({"values": [("x", 1), ("x", 2)]}, "Interaction.values"),
        ({"notes": [""]}, "Interaction.notes"),
        ({"corrects": ""}, "Interaction.corrects"),
    ],
)
def test_what_is_wrong_is_named(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        made(**fields)

    assert path == caught.value.path


@pytest.mark.parametrize("sentiment", [Decimal("-0.5"), "-0.5"])
def test_a_sentiment_may_be_written(sentiment: Any) -> None:
    assert made(sentiment=sentiment).sentiment == Decimal("-0.5")


def test_a_whole_sentiment_is_a_decimal() -> None:
    assert isinstance(made(sentiment=1).sentiment, Decimal)


def test_lists_become_sorted_tuples() -> None:
    found = made(
        staff=["bob", "ann", "bob"],
        related=[["deal", "d1"], ("case", "k1"), ("deal", "d1")],
        identifiers=[Identifier("cookie", "y"), Identifier("card", "x")],
        values={"b": date(2026, 5, 1), "a": True},
    )

    assert found.staff == ("ann", "bob")
    assert found.related == (("case", "k1"), ("deal", "d1"))
    assert [each.kind for each in found.identifiers] == ["card", "cookie"]
    assert found.values == (("a", True), ("b", date(2026, 5, 1)))


def test_the_subject_is_the_first_of_the_customers() -> None:
    found = made(participants=[Participant("ann", "own"), Participant("c2"), Participant("c1"), Participant("c2")])

    assert (found.subject, found.customers, found.team) == ("c2", ("c2", "c1"), ("ann",))


def test_nobody_known_is_nobody() -> None:
    assert (made().subject, made().customers, made().team) == (None, (), ())


def test_the_staff_is_the_team_where_no_participant_is_ours() -> None:
    assert made(staff=["ann"]).team == ("ann",)
    assert made(staff=["ann"], participants=[Participant("bob", "own")]).team == ("bob",)


def test_the_same_instant_in_another_zone_is_the_same_interaction() -> None:
    elsewhere = datetime.fromisoformat("2026-05-01T18:00:00+09:00")

    assert made() == made(at=elsewhere)


def test_facts() -> None:
    found = made(
        participants=[Participant("c1"), Participant("bob", "own")],
        staff=["ann"],
        duration=timedelta(seconds=90),
        sentiment="0.5",
        kind="demo",
        outcome="won",
        touchpoint="desk",
        values={"queue": 3},
    ).facts()

    assert found == {
        "kind": "interaction",
        "id": "i1",
        "at": DAY,
        "customer": "c1",
        "interaction.channel": "phone",
        "interaction.direction": "inbound",
        "interaction.kind": "demo",
        "interaction.touchpoint": "desk",
        "interaction.outcome": "won",
        "interaction.sentiment": Decimal("0.5"),
        "interaction.minutes": Decimal("1.5"),
        "interaction.staff": ("ann", "bob"),
        "value.queue": 3,
    }
    assert {name for name, _ in Interaction.fact_schema.facts} == set(found) - {"value.queue"}


def test_minutes_nobody_measured_are_unknown() -> None:
    assert (None, Decimal(0)) == (made().minutes, made(duration=timedelta(0)).minutes)


def test_the_callers_decimal_context_does_not_matter() -> None:
    call = made(duration=timedelta(minutes=100, seconds=20))
    with localcontext(prec=2):
        assert call.facts()["interaction.minutes"] == Decimal("100.3333333333333333333333333")
        assert str(call) == "phone inbound, 100 min"


def test_it_shows_what_is_known() -> None:
    assert str(made()) == "phone inbound"
    assert (
        str(made(participants=[Participant("ann", "own")], title="Hi", outcome="won")) == "phone inbound, Hi, won, ann"
    )


class TestTouchpoints:
    CATALOG = TouchpointCatalog([Touchpoint("web"), Touchpoint("desk", channel="store", stage="visit", label="Desk")])

    def test_they_are_sorted_by_name(self) -> None:
        assert [each.name for each in self.CATALOG.touchpoints] == ["desk", "web"]

    def test_one_is_found_by_its_name(self) -> None:
        assert str(self.CATALOG.find("desk")) == "Desk (store, visit)"
        assert str(self.CATALOG.find("web")) == "web"
        assert self.CATALOG.find(None) is None

    def test_one_belongs_to_a_stage_or_to_none(self) -> None:
        assert [self.CATALOG.stage_of(name) for name in ("desk", "web", "shed")] == ["visit", None, None]

    def test_what_is_not_listed_is_told(self) -> None:
        given = [made(touchpoint=name) for name in ("desk", "shed", None, "attic", "shed")]

        assert self.CATALOG.unknown(given) == ("attic", "shed")

    def test_each_name_comes_once(self) -> None:
        with pytest.raises(InvalidValue, match=r"TouchpointCatalog\.touchpoints"):
            TouchpointCatalog([Touchpoint("web"), Touchpoint("web")])

    def test_only_interactions_have_touchpoints(self) -> None:
        with pytest.raises(InvalidValue, match=r"TouchpointCatalog\.unknown\.interactions"):
            self.CATALOG.unknown([3])  # type: ignore[list-item]  # what is refused
