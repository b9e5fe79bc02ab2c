"""Learning from closed deals, and scoring open ones with the reasons.

The peer is what one writes by hand on a list of dicts: the same counts in a dict, the same formula in floats, and the
factors sorted by weight; it rounds nothing exactly and cannot forget.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Row

from relex.pipeline import Outcome, OutcomeTable

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
STAGES = ("new", "demo", "proposal", "talks", "contract", "won")
SIZES = {"country": 40, "state": 200, "source": 8, "industry": 20, "size": 5, "campaign": 30}
TEAMS = 12
LEARNED = 100_000
SCORED = 500
LEARNING_BAR = 10 / 1_000_000
SCORE_BAR = 25e-6


def rows() -> Iterator[Row]:
    """A hundred thousand outcomes of six variables and twelve teams; a million take ten times as long."""
    chance = random.Random(7)  # noqa: S311 - the same deals each time
    outcomes = [_outcome(number, chance) for number in range(LEARNED)]
    plain = [(each.group, each.result, dict(each.values), each.stages) for each in outcomes]
    table = OutcomeTable.from_outcomes(outcomes, list(SIZES))
    counts = _Counts(plain)
    records = [_record(chance) for _ in range(SCORED)]
    grown = _tables(table, outcomes[:SCORED])

    yield Row(
        name="Predictive score: learn an outcome",
        ours=partial(OutcomeTable.from_outcomes, outcomes, list(SIZES)),
        peers={"by hand": partial(_Counts, plain)},
        per=LEARNED,
        at_most=LEARNING_BAR,
        note="6 variables and the stages, in one batch",
    )
    yield Row(
        name="Predictive score: score with reasons",
        ours=lambda: [table.score(record, group=team) for team, record in records],
        peers={"by hand": lambda: [counts.score(team, record) for team, record in records]},
        per=SCORED,
        at_most=SCORE_BAR,
        note="the team's own history",
    )
    yield Row(
        name="Predictive score: score without a team",
        ours=lambda: [table.score(record) for _, record in records],
        per=SCORED,
        at_most=SCORE_BAR,
        note="all twelve teams together",
    )
    yield Row(
        name="Predictive score: add an outcome",
        ours=lambda: _tables(table, outcomes[:SCORED]),
        per=SCORED,
        note="another table, which shares the rest",
    )
    yield Row(
        name="Predictive score: first score after it",
        ours=lambda: [
            OutcomeTable.score(_fresh(one), record, group=team)
            for one, (team, record) in zip(grown, records, strict=True)
        ],
        per=SCORED,
        note="nothing was read of the table before",
    )


def _values(chance: random.Random) -> dict[str, str]:
    return {name: f"{name} {int(size * chance.random() ** 2)}" for name, size in SIZES.items()}


def _record(chance: random.Random) -> tuple[str, dict[str, str]]:
    return f"team {chance.randrange(TEAMS)}", {**_values(chance), "stage": STAGES[chance.randrange(5)]}


def _outcome(number: int, chance: random.Random) -> Outcome:
    result = "won" if chance.random() < 0.3 else "lost"
    stage = chance.randrange(5)
    return Outcome(
        f"d{number}:3",
        source=f"d{number}",
        at=DAY,
        result=result,
        group=f"team {chance.randrange(TEAMS)}",
        values=_values(chance),
        stage=STAGES[stage],
        stages=STAGES if result == "won" else STAGES[: stage + 1],
    )


def _tables(table: OutcomeTable, outcomes: list[Outcome]) -> list[OutcomeTable]:
    found = []
    for outcome in outcomes:
        table = table.add(outcome)
        found.append(table)
    return found


def _fresh(table: OutcomeTable) -> OutcomeTable:
    """The table as it was before anything was read of it."""
    table.__dict__.pop("_readings", None)
    return table


class _Counts:
    """The peer: counts in dicts, probabilities in floats."""

    def __init__(self, outcomes: list[tuple[str | None, str, dict[str, Any], tuple[str, ...]]]) -> None:
        self.all: defaultdict[Any, list[int]] = defaultdict(lambda: [0, 0])
        self.rows: defaultdict[Any, list[int]] = defaultdict(lambda: [0, 0])
        for team, result, values, stages in outcomes:
            side = result == "lost"
            self.all[team][side] += 1
            for stage in stages:
                self.rows[team, "stage", stage][side] += 1
            for name, value in values.items():
                self.rows[team, name, value][side] += 1
        self.totals: defaultdict[Any, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for (team, name, _), (won, lost) in self.rows.items():
            self.totals[team, name][0] += won + 0.1
            self.totals[team, name][1] += lost + 0.1

    def score(self, team: str, record: dict[str, str]) -> tuple[float, list[Any], list[Any]]:
        all_won, all_lost = (count + 0.1 for count in self.all[team])
        won, lost = all_won / (all_won + all_lost), all_lost / (all_won + all_lost)
        factors = []
        for name, value in record.items():
            if (team, name, value) not in self.rows:
                continue
            row = self.rows[team, name, value]
            totals = (all_won, all_lost) if name == "stage" else self.totals[team, name]
            good, bad = (row[0] + 0.1) / totals[0], (row[1] + 0.1) / totals[1]
            won, lost = won * good, lost * bad
            factors.append((good / (good + bad), name))
        factors.sort(reverse=True)
        value = min(max(round(100 * won / (won + lost), 2), 0.01), 99.99)
        return value, [each for each in factors if each[0] > 0.5][:3], [each for each in factors if each[0] < 0.5][-3:]
