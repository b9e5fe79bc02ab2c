"""Corrections: the newest of a chain holds, and what does not fit is listed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from relex.errors import Conflict, InvalidValue
from relex.interactions import Interaction, corrected

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)


def made(id: str, corrects: str | None = None, **fields: Any) -> Interaction:  # noqa: A002 - as the field
    return Interaction(id, **({"at": DAY, "channel": "phone", "direction": "inbound", "corrects": corrects} | fields))


def held(*given: Interaction) -> list[str]:
    return [each.id for each in corrected(given).interactions]


def test_the_newest_of_a_chain_holds() -> None:
    given = [made("c", "b"), made("a"), made("x"), made("b", "a")]

    assert (held(*given), corrected(given).anomalies) == (["c", "x"], ())


def test_a_correction_holds_even_if_it_is_dated_before() -> None:
    assert held(made("a"), made("b", "a", at=DAY - timedelta(days=1))) == ["b"]


def test_a_correction_of_nothing_is_kept_and_listed() -> None:
    found = corrected([made("b", "a"), made("c", "b")])

    assert [each.id for each in found.interactions] == ["c"]
    assert found.anomalies == (("b", "unknown-interaction"),)


def test_of_two_corrections_the_one_known_last_holds() -> None:
    early = made("z", "a", received_at=DAY + timedelta(hours=1))
    late = made("b", "a", received_at=DAY + timedelta(hours=2))
    found = corrected([made("a"), late, early])

    assert [each.id for each in found.interactions] == ["b"]
    assert found.anomalies == (("a", "corrected-twice"),)


@pytest.mark.parametrize(
    ("given", "ends", "looped"),
    [
        ([made("a", "a")], ["a"], ["a"]),
        ([made("a", "b"), made("b", "a")], ["b"], ["a", "b"]),
        ([made("a", "b"), made("b", "a"), made("c", "b"), made("d", "c")], ["d"], ["a", "b"]),
        ([made("d", "c"), made("c", "a"), made("a", "b"), made("b", "a")], ["d"], ["a", "b"]),
    ],
    ids=["itself", "two", "tail last", "tail first"],
)
def test_a_circle_comes_to_an_end_and_is_listed(given: list[Interaction], ends: list[str], looped: list[str]) -> None:
    found = corrected(given)

    assert ends == [each.id for each in found.interactions]
    assert [(name, "correction-cycle") for name in looped] == [
        each for each in found.anomalies if each[1] == "correction-cycle"
    ]


def test_a_long_chain_is_walked_once() -> None:
    chain = [made("0"), *(made(str(number), str(number - 1)) for number in range(1, 20_000))]

    assert held(*reversed(chain)) == ["19999"]


def test_the_same_one_twice_is_one() -> None:
    assert held(made("a"), made("a")) == ["a"]


def test_one_id_with_two_contents_is_a_conflict() -> None:
    with pytest.raises(Conflict) as caught:
        corrected([made("a"), attrs.evolve(made("a"), channel="chat")])

    assert caught.value.id == "a"


@pytest.mark.parametrize("given", [3, "abc", [3]])
def test_only_interactions_are_taken(given: Any) -> None:
    with pytest.raises(InvalidValue, match=r"corrected\.interactions"):
        corrected(given)
