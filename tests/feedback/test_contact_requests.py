from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.errors import InvalidValue
from relex.feedback import ContactRequest

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)


def request(**more: Any) -> ContactRequest:
    return ContactRequest(**{"contact": "c1", "survey": "nps", **more})


def test_what_is_asked_for_twice_has_one_key() -> None:
    assert request(channel="email").key == request(channel="sms", kind="reminder").key


def test_parts_of_a_key_are_told_apart() -> None:
    assert request(survey="a:b").key != request(survey="a", wave="b").key


def test_values_may_be_a_mapping_or_pairs() -> None:
    assert request(values={"b": 1, "a": "x"}) == request(values=[("a", "x"), ("b", 1)])


def test_facts_are_those_of_the_schema() -> None:
    assert set(request().facts()) == {name for name, _ in ContactRequest.fact_schema.facts}


def test_a_value_is_a_fact() -> None:
    assert request(values={"division": "north"}).facts()["value.division"] == "north"


@pytest.mark.parametrize(
    ("values", "path"),
    [
        pytest.param({"about": "case-7"}, r"another name than about", id="a name that requests have"),
        pytest.param({"share": 0.5}, r"values\.share", id="a float"),
        pytest.param({"share": Fraction(1, 2)}, r"values\.share", id="a fraction"),
        pytest.param({"seen": AT.replace(tzinfo=None)}, r"values\.seen", id="a naive instant"),
        pytest.param([("a", 1), ("a", 2)], "each name once", id="a name given twice"),
        pytest.param(["a"], "pairs", id="no pairs"),
        pytest.param("a", "iterable", id="a text"),
        pytest.param({"": 1}, "pairs", id="no name"),
    ],
)
def test_values_are_checked(values: Any, path: str) -> None:
    with pytest.raises(InvalidValue, match=path):
        request(values=values)


@pytest.mark.parametrize(
    "more",
    [{"contact": ""}, {"survey": None}, {"version": 0}, {"wave": ""}, {"kind": ""}],
    ids=["contact", "survey", "version", "wave", "kind"],
)
def test_attributes_are_checked(more: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=f"ContactRequest.{next(iter(more))}"):
        request(**more)


def test_it_says_what_it_is() -> None:
    assert str(request(wave="2026-Q2", about="case-7")) == "invitation to nps 2026-Q2 for c1 about case-7"


def test_a_flag_is_no_number() -> None:
    assert request(values={"first": True}) != request(values={"first": 1})


def test_an_instant_is_the_same_in_every_zone() -> None:
    """Also in the hour that a clock repeats."""
    late = datetime(2025, 11, 2, 1, 30, fold=1, tzinfo=ZoneInfo("America/New_York"))
    one, other, early = (request(values={"opened": at}) for at in (late, late.astimezone(UTC), late.replace(fold=0)))

    assert one == other != early
    assert hash(one) == hash(other)
