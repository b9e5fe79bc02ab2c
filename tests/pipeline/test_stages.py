"""Stages and the reasons of a loss."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import InvalidValue
from relex.pipeline import LostReason, Stage
from relex.rules import field


@pytest.mark.parametrize(
    ("kind", "probability", "category"), [("open", None, "pipeline"), ("won", 100, "closed"), ("lost", 0, "omitted")]
)
def test_what_follows_from_the_kind(kind: str, probability: int | None, category: str) -> None:
    stage = Stage("s", 1, kind=kind)

    assert (stage.probability, stage.category) == (probability, category)


def test_what_is_written_stays_as_it_is_written() -> None:
    stage = Stage("s", 1, kind="won", probability=Decimal("40.5"), category="commit")

    assert (stage.probability, stage.category) == (Decimal("40.5"), "commit")


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"id": ""}, "id"),
        ({"order": "1"}, "order"),
        ({"order": True}, "order"),
        ({"kind": "closed"}, "kind"),
        ({"probability": 0.5}, "probability"),
        ({"probability": True}, "probability"),
        ({"probability": Fraction(1, 2)}, "probability"),
        ({"probability": Decimal("NaN")}, "probability"),
        ({"category": ""}, "category"),
        ({"requires": [field("amount") > 0]}, "requires"),
        ({"stale": 14}, "stale"),
        ({"name": ""}, "name"),
    ],
)
def test_a_wrong_type_is_refused_at_once(fields: dict[str, Any], path: str) -> None:
    known: dict[str, Any] = {"id": "s", "order": 1}

    with pytest.raises(InvalidValue, match=rf"Stage\.{path}"):
        Stage(**(known | fields))


def test_a_stage_shows_its_name() -> None:
    assert [str(Stage("s", 1)), str(Stage("s", 1, name="Demo"))] == ["s", "Demo"]


def test_a_reason_shows_its_code() -> None:
    assert str(LostReason("price")) == "price"
    with pytest.raises(InvalidValue, match=r"LostReason\.note"):
        LostReason("price", note=1)  # type: ignore[arg-type]
