"""What no argument may be: every mistake is told as one, by its place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import InvalidValue
from relex.matching import (
    IdentifierRule,
    Key,
    MatchPolicy,
    acronym,
    common_length,
    compare,
    estimate,
    exact,
    fit,
    initial,
    jaro,
    jaro_winkler,
    keys_of,
    levenshtein,
    levenshtein_distance,
    match,
    osa,
    osa_distance,
    pairs,
    probability,
    soundex,
    text_ratio,
    token_sort,
    u_from_values,
)
from relex.parties import PersonName, Record

if TYPE_CHECKING:
    from collections.abc import Callable

AT = datetime(2026, 5, 4, tzinfo=UTC)
PEOPLE = MatchPolicy.people()
MEASURES = (acronym, exact, initial, jaro, jaro_winkler, levenshtein, osa, text_ratio, token_sort)
DISTANCES = (common_length, levenshtein_distance, osa_distance)
COUNTS: Any = {(0, 1): 1, (1, 0): 1}
WRONG: Any = -1


def person(key: str, given: str = "Anna", family: str = "Berg") -> Record:
    return Record("crm", key, AT, name=PersonName(given=given, family=family))


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: pairs([], PEOPLE, encoders=WRONG), "pairs.encoders"),
        (lambda: match([], PEOPLE, encoders={"code": WRONG}), "pairs.encoders"),
        (lambda: compare(person("a"), person("b"), PEOPLE, encoders=WRONG), "pairs.encoders"),
        (lambda: keys_of(person("a"), Key("given"), WRONG), "keys_of.encoders"),
        (lambda: keys_of(person("a"), WRONG), "keys_of.key"),
        (lambda: estimate(WRONG), "estimate.counts"),
        (lambda: estimate({None: 1}), "estimate.counts"),  # type: ignore[dict-item]
        (lambda: estimate({("a",): 1}), "estimate.counts"),  # type: ignore[dict-item]
        (lambda: estimate({(1.5,): 1}), "estimate.counts"),  # type: ignore[dict-item]
        (lambda: estimate({(True,): 1}), "estimate.counts"),
        (lambda: estimate(COUNTS, WRONG), "estimate.start"),
        (lambda: estimate(COUNTS, fix_u=WRONG), "estimate.fix_u"),
        (lambda: estimate(COUNTS, fix_u={"a": ()}), "estimate.fix_u"),  # type: ignore[dict-item]
        (lambda: estimate(COUNTS, margins=WRONG), "estimate.margins"),
        (lambda: estimate(COUNTS, fix_near=WRONG), "estimate.fix_near"),
        (lambda: estimate(COUNTS, others=WRONG), "estimate.others"),
        (lambda: estimate(COUNTS, rounds=None), "estimate.rounds"),  # type: ignore[arg-type]
        (lambda: u_from_values(WRONG), "u_from_values.values"),
        (lambda: u_from_values("a", WRONG), "u_from_values.others"),
        (lambda: soundex(WRONG), "soundex.text"),
        (lambda: probability([]), "probability.weight"),  # type: ignore[arg-type]
        (lambda: IdentifierRule([]), "IdentifierRule.kind"),  # type: ignore[arg-type]
    ],
)
def test_mistakes(make: Callable[[], object], path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        make()

    assert path == error.value.path


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("blank", [None, -1])
def test_similarity_is_of_texts(measure: Callable[[Any, Any], object], blank: Any) -> None:
    for a, b, side in (("a", blank, "b"), (blank, "a", "a")):
        with pytest.raises(InvalidValue) as error:
            measure(a, b)

        assert error.value.path == f"{measure.__name__}.{side}"


@pytest.mark.parametrize("distance", DISTANCES)
def test_distances_are_of_texts(distance: Callable[[Any, Any], object]) -> None:
    for a, b in (("a", None), (-1, "a"), (None, None)):
        with pytest.raises(InvalidValue) as error:
            distance(a, b)

        assert error.value.path == distance.__name__


def test_fit_names_the_blocks_that_were_skipped() -> None:
    policy = MatchPolicy("small", comparisons=PEOPLE.comparisons, keys=[Key("family")], max_block=2)

    with pytest.raises(InvalidValue, match="besides these 1: family 'berg': 3 records"):
        fit([person(key) for key in "abc"], policy)


def test_fit_of_nobody() -> None:
    with pytest.raises(InvalidValue, match="records of which some share a key, got 0"):
        fit([], PEOPLE)
