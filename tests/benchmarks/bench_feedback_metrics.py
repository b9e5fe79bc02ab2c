"""Metrics over a million responses, drivers and raking: relex beside pandas, numpy and plain sums.

The peers hold their columns ready and compute in floats; relex starts from responses, or from rows of plain numbers,
and gives out the parts, the distribution and, where there are any, the interval.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import sqrt
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Row

from relex.feedback import Answer, Metric, Response, drivers, rake, readings_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MANY = 1_000_000
_SEGMENTS = 1_000
_ROWS = 100_000
_DRIVERS = 10
_Z = 1.959963984540054
_MARGINS = {"sex": 2, "age": 6, "region": 10, "plan": 4}


def rows() -> Iterator[Row]:
    """Readings, drivers, weights."""
    import numpy  # noqa: F401, ICN001, PLC0415 - a peer may be missing
    import pandas  # noqa: F401, ICN001, PLC0415

    yield from _readings()
    yield _importances()
    yield _raking()


def _readings() -> Iterator[Row]:
    import pandas as pd  # noqa: PLC0415

    at, nps = datetime(2026, 5, 1, tzinfo=UTC), Metric.nps()
    scores = [(place * place + place // 7) % 11 for place in range(_MANY)]
    places = [f"t{place * 7919 % _SEGMENTS:03}" for place in range(_MANY)]
    answers = [(Answer("q1", score),) for score in range(11)]
    responses = [
        Response(submission=str(number), survey="nps", at=at, answers=answers[score], touchpoint=place)
        for number, (score, place) in enumerate(zip(scores, places, strict=True))
    ]
    frame = pd.DataFrame({"score": scores, "touchpoint": places})

    def in_pandas() -> tuple[float, float, float]:
        up, down = (frame["score"] > 8).mean(), (frame["score"] < 7).mean()
        half = _Z * sqrt((up + down - (up - down) ** 2) / len(frame))
        return 100 * (up - down), 100 * (up - down - half), 100 * (up - down + half)

    def grouped() -> object:
        x = frame["score"].gt(8).astype(int) - frame["score"].lt(7).astype(int)  # promoters less detractors
        return x.groupby(frame["touchpoint"]).agg(["mean", "var", "size"])

    reading = nps.read(responses, question="q1")
    assert abs(float(reading.value or 0) - in_pandas()[0]) < 1e-9
    yield Row(
        name="NPS with interval over 1M responses",
        ours=lambda: nps.read(responses, question="q1").interval(),
        peers={"pandas": in_pandas},
        at_most=0.6,
        note="from responses; pandas from a column of scores",
    )
    yield Row(
        name="NPS by 1,000 segments over 1M responses",
        ours=lambda: readings_by(responses, nps, question="q1", by="response.touchpoint"),
        peers={"pandas": grouped},
        at_most=1.2,
        note="a reading of each; pandas means and variances from two columns",
    )


def _importances() -> Row:
    import numpy as np  # noqa: PLC0415

    names = [f"d{number}" for number in range(_DRIVERS)]
    table: list[dict[str, Any]] = []
    for place in range(_ROWS):
        found = {
            name: (place * (31 + 12 * number) // 7 + place // (number + 3)) % 11 for number, name in enumerate(names)
        }
        found["outcome"] = sum(found[name] * (number + 1) for number, name in enumerate(names)) + place % 13
        table.append(found)
    columns = np.array([[row[name] for name in [*names, "outcome"]] for row in table], dtype=float)

    def in_numpy() -> object:
        return _shapley(np.corrcoef(columns.T))

    return Row(
        name="LMG of 10 drivers over 100,000 rows",
        ours=lambda: drivers(table, "outcome", names),
        peers={"numpy": in_numpy},
        at_most=6,
        note="from dicts, with signs and performances; numpy from a matrix, every subset solved",
    )


def _shapley(correlations: Any) -> Any:
    """LMG out of a correlation matrix whose last column is the outcome."""
    from math import factorial  # noqa: PLC0415

    import numpy as np  # noqa: PLC0415

    count = len(correlations) - 1
    explained = [0.0] * (1 << count)
    for subset in range(1, 1 << count):
        inside = [place for place in range(count) if subset >> place & 1]
        r = correlations[inside, count]
        explained[subset] = float(r @ np.linalg.solve(correlations[np.ix_(inside, inside)], r))
    shares = [0.0] * count
    for subset in range(1 << count):
        size = subset.bit_count()
        for place in range(count):
            if not subset >> place & 1:
                weight = factorial(size) * factorial(count - size - 1) / factorial(count)
                shares[place] += weight * (explained[subset | 1 << place] - explained[subset])
    return shares


def _raking() -> Row:
    import numpy as np  # noqa: PLC0415

    chance = Random(7)  # noqa: S311 - a repeatable workload
    sample = [{name: chance.randrange(size) for name, size in _MARGINS.items()} for _ in range(_ROWS)]
    margins = {
        name: {category: 2_000_000 * (category + 1) // (size * (size + 1)) for category in range(size)}
        for name, size in _MARGINS.items()
    }
    for targets in margins.values():
        targets[0] += 1_000_000 - sum(targets.values())
    codes = {name: np.array([row[name] for row in sample]) for name in _MARGINS}

    return Row(
        name="Raking 100,000 rows to 4 margins",
        ours=lambda: rake(sample, margins),
        peers={"numpy": _raked(codes, margins)},
        at_most=4,
        note="from dicts, until every margin is right to 1e-9; numpy from codes, to 1e-6",
    )


def _raked(codes: dict[str, Any], margins: dict[str, dict[int, int]]) -> Callable[[], object]:
    import numpy as np  # noqa: PLC0415

    aims = {
        name: np.array([targets[category] for category in range(len(targets))]) for name, targets in margins.items()
    }

    def run() -> object:
        weights = np.ones(_ROWS)
        error = 1.0
        while error > 1e-6:  # sums of 100,000 floats tell no more
            for name, column in codes.items():
                weights *= (aims[name] / np.bincount(column, weights))[column]
            error = max(float(abs(np.bincount(codes[name], weights) - aim).max()) for name, aim in aims.items())
        return weights

    return run
