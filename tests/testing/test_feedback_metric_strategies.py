"""What the strategies of metrics and readings draw, and which arguments they refuse."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import Phase, find, given, settings, strategies as st

from relex.errors import InvalidValue
from relex.feedback import Band, Cluster, Mean, Metric, Net, PercentOfRange, Reading, Scale, Share, ShareOfMax
from relex.testing import strategies
from relex.testing.strategies._feedback_metrics import _metric

lean = settings(max_examples=25, deadline=None)
UNSHRUNK = settings(phases=[Phase.generate])
NPS = Metric.nps()
BELOW = Scale(-4, 0)


@lean
@given(
    strategies.bands(name="low"),
    strategies.clusters(key="acme"),
    strategies.metrics(name="own"),
    strategies.readings(metric=NPS),
    strategies.readings(metric=st.sampled_from((NPS, Metric.csat()))),
)
def test_parts_are_as_given(band: Band, cluster: Cluster, metric: Metric, one: Reading, other: Reading) -> None:
    assert (band.name, cluster.key, metric.name) == ("low", "acme", "own")
    assert (one.metric, other.metric in {NPS, Metric.csat()}) == (NPS, True)


@pytest.mark.parametrize("kind", [Mean, Net, Share, ShareOfMax, PercentOfRange])
def test_methods_of_a_class(kind: type) -> None:
    assert isinstance(find(strategies.metric_methods(of=kind), lambda _: True), kind)


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (strategies.bands, {"name": ""}),
        (strategies.clusters, {"key": 1}),
        (strategies.metrics, {"name": ""}),
        (strategies.metric_methods, {"of": int}),
        (strategies.readings, {"metric": "nps"}),
    ],
    ids=lambda it: it.__name__ if callable(it) else next(iter(it)),
)
def test_what_is_refused(make: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=make.__name__):
        make(**wrong)


def test_they_shrink_to_something_plain() -> None:
    assert find(strategies.scales(), lambda _: True) == Scale(0, 1)
    assert find(strategies.metric_methods(), lambda _: True) == Mean()
    assert find(strategies.metrics(), lambda _: True) == Metric.rating(3)
    assert find(strategies.readings(), lambda _: True).n == 0
    assert find(strategies.moments(), lambda _: True).n == 0


@pytest.mark.parametrize("has", ["weights", "clusters", "invalid", "unscored", "responded"])
def test_readings_of_all_kinds_are_drawn(has: str) -> None:
    kinds: dict[str, Any] = {
        "weights": lambda it: it.weights == "given" and it.n,
        "clusters": lambda it: bool(it.clusters),
        "invalid": lambda it: it.part("invalid"),
        "unscored": lambda it: it.part("unscored"),
        "responded": lambda it: it.count == "responded" and it.n,
    }

    assert kinds[has](find(strategies.readings(metric=NPS), kinds[has], settings=UNSHRUNK))


@pytest.mark.parametrize("kind", [Mean, Net, Share, ShareOfMax, PercentOfRange])
@pytest.mark.parametrize("cuts", [0, 1, 3])
def test_metrics_fit_their_scale(kind: type, cuts: int) -> None:
    metric = _metric("own", BELOW, kind, cuts, {})
    scores = sorted([score for band in metric.bands for score in band.scores])

    assert scores == (list(BELOW.scores) if cuts else [])
    assert isinstance(metric.method, Mean if kind is ShareOfMax else kind)
