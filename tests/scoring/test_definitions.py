"""What score cards are made of, and what is refused."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from relex.calendars import Days
from relex.errors import InvalidValue
from relex.rules import field
from relex.scoring import (
    HalfLife,
    Measure,
    ScoreAdjustment,
    ScoreBand,
    ScoreCard,
    ScoreGroup,
    ScoreRule,
    Silence,
)

if TYPE_CHECKING:
    from collections.abc import Callable

YES = field("yes") == 1
NOW = datetime(2026, 6, 30, tzinfo=UTC)
RULE = ScoreRule("r", YES, 1)
MEAN: dict[str, Any] = {"combine": "weighted_mean"}


def measure(name: str = "m", **more: Any) -> Measure:
    return Measure(**{"name": name, "weight": 1, "fact": "f", **more})


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: ScoreRule("", YES, 1), "ScoreRule.name"),
        (lambda: ScoreRule("r", True, 1), "ScoreRule.when"),  # type: ignore[arg-type]
        (lambda: ScoreRule("r", YES, 1.5), "ScoreRule.points"),  # type: ignore[arg-type]
        (lambda: ScoreRule("r", YES, 1, on="purchases"), "ScoreRule.on"),
        (lambda: ScoreRule("r", YES, 1, on="events", repeat="twice"), "ScoreRule.repeat"),
        (lambda: ScoreRule("r", YES, 1, repeat="each"), "ScoreRule.repeat"),
        (lambda: ScoreRule("r", YES, 1, expires=Days(1)), "ScoreRule.expires"),
        (lambda: ScoreRule("r", YES, 1, decay=HalfLife(1)), "ScoreRule.decay"),
        (lambda: ScoreRule("r", YES, 1, on="events", expires=Days(0)), "ScoreRule.expires"),
        (lambda: ScoreRule("r", YES, 1, on="events", decay=0.5), "ScoreRule.decay"),  # type: ignore[arg-type]
        (lambda: Silence(after=Days(1), every=Days(0), points=-1), "Silence.every"),
        (lambda: Silence(after=Days(0), every=Days(1), points=-1), "Silence.after"),
        (lambda: measure(weight=-1), "Measure.weight"),
        (lambda: measure(weight=0.5), "Measure.weight"),
        (lambda: measure(fact=None), "Measure.fact"),
        (lambda: measure(rules=[RULE]), "Measure.fact"),
        (lambda: measure(worst=100), "Measure.best"),
        (lambda: measure(max_age=Days(1)), "Measure.max_age"),
        (lambda: measure(min_n=5), "Measure.min_n"),
        (lambda: measure(min_n=5, n="n", fact=None, rules=[RULE]), "Measure.min_n"),
        (lambda: measure(min_n=0, n="n"), "Measure.min_n"),
        (lambda: measure(fact=None, rules=[ScoreRule("e", YES, 1, on="events")]), "Measure.rules[0]"),
        (lambda: measure(fact=None, rules=[ScoreRule("e", YES, 1, group="g")]), "Measure.rules[0]"),
        (lambda: measure(rules=5), "Measure.rules"),
        (lambda: ScoreGroup("g", floor=2, cap=1), "ScoreGroup.floor"),
        (lambda: ScoreGroup("g", weight=-1), "ScoreGroup.weight"),
        (lambda: ScoreBand("b", 0.5), "ScoreBand.low"),  # type: ignore[arg-type]
        (lambda: ScoreAdjustment(points=1, by="", reason="r", at=NOW), "ScoreAdjustment.by"),
        (lambda: ScoreAdjustment(points=1, by="b", reason="r", at=datetime(2026, 1, 1)), "ScoreAdjustment.at"),  # noqa: DTZ001
        (lambda: ScoreCard(5), "ScoreCard.rules"),  # type: ignore[arg-type]
        (lambda: ScoreCard([5]), "ScoreCard.rules"),  # type: ignore[list-item]
        (lambda: ScoreCard([measure()]), "ScoreCard.rules"),
        (lambda: ScoreCard([RULE], **MEAN), "ScoreCard.rules"),
        (lambda: ScoreCard([RULE, RULE]), "ScoreCard.rules"),
        (lambda: ScoreCard([measure(), measure()], **MEAN), "ScoreCard.rules"),
        (lambda: ScoreCard(groups=[ScoreGroup("g"), ScoreGroup("g")]), "ScoreCard.groups"),
        (lambda: ScoreCard(bands=[ScoreBand("b"), ScoreBand("b", 1)]), "ScoreCard.bands"),
        (lambda: ScoreCard([ScoreRule("r", YES, 1, group="g")]), "ScoreCard.rules[0].group"),
        (lambda: ScoreCard(groups=[ScoreGroup("g", group="h")]), "ScoreCard.groups[0].group"),
        (
            lambda: ScoreCard(groups=[ScoreGroup("g", group="h"), ScoreGroup("h", group="g")]),
            "ScoreCard.groups[0].group",
        ),
        (lambda: ScoreCard(groups=[ScoreGroup("g", group="g")]), "ScoreCard.groups[0].group"),
        (lambda: ScoreCard(floor=2, cap=1), "ScoreCard.floor"),
        (lambda: ScoreCard(start=0.5), "ScoreCard.start"),  # type: ignore[arg-type]
        (lambda: ScoreCard(combine="mean"), "ScoreCard.combine"),
        (lambda: ScoreCard(edges="both"), "ScoreCard.edges"),
        (lambda: ScoreCard([measure()], start=5, **MEAN), "ScoreCard.start"),
        (lambda: ScoreCard([measure()], floor=0, **MEAN), "ScoreCard.floor"),
        (lambda: ScoreCard([measure()], groups=[ScoreGroup("g", cap=5)], **MEAN), "ScoreCard.groups[0].cap"),
        (lambda: ScoreCard([measure()], missing="guess", **MEAN), "ScoreCard.missing"),
        (lambda: ScoreCard([measure()], neutral=101, **MEAN), "ScoreCard.neutral"),
        (lambda: ScoreCard([measure()], stale="drop", **MEAN), "ScoreCard.stale"),
        (lambda: ScoreCard(bands=[ScoreBand("a", 1), ScoreBand("b", 1)]), "ScoreCard.bands[1].low"),
        (lambda: ScoreCard(bands=[ScoreBand("a"), ScoreBand("b")]), "ScoreCard.bands[1].low"),
        (lambda: ScoreCard([measure()], bands=[ScoreBand("a", 1)], **MEAN), "ScoreCard.bands[0].low"),
    ],
)
def test_refuses(make: Callable[[], object], path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        make()

    assert error.value.path == path


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda card: pickle.loads(pickle.dumps(card))])  # noqa: S301
def test_a_card_that_has_scored_copies_and_pickles(twin: Callable[[ScoreCard], ScoreCard]) -> None:
    card = ScoreCard([RULE], groups=[ScoreGroup("g", cap=5)])
    score = card.score({"yes": 1}, as_of=NOW)

    assert twin(card) == card
    assert twin(card).score({"yes": 1}, as_of=NOW) == score


def test_cards_are_values() -> None:
    assert ScoreCard([RULE]) == ScoreCard((RULE,))
    assert hash(ScoreCard([RULE])) == hash(ScoreCard((RULE,)))


def test_a_preset_takes_more_rules_and_attributes() -> None:
    card = ScoreCard.preset("silence_costs", [RULE], cap=200)

    assert [rule.name for rule in card.rules] == ["silence", "r"]
    assert (card.start, card.cap) == (100, 200)


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: ScoreCard.preset("other"), "ScoreCard.preset.name: expected one of place_and_page, four_mails"),
        (lambda: ScoreCard.preset("two_groups", 5), "ScoreCard.preset.rules"),
        (lambda: ScoreCard.preset("two_groups", cap=-1, floor=0), "ScoreCard.floor"),
    ],
)
def test_a_preset_that_is_wrong_is_refused(make: Callable[[], object], path: str) -> None:
    with pytest.raises(InvalidValue, match=path):
        make()
