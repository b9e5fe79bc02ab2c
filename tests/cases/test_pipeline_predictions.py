"""Worked cases of predictive scores (PL-28 to PL-33) and calibrated probabilities (PL-34).

Sources: Odoo's `test_crm_pls.py` and its pull request 104365, whose counts are stored with the smoothing in them; here
the counts are integers, and the results are the same. PL-34 was worked out by hand.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from relex.calendars import Period
from relex.pipeline import Opportunity, Outcome, OutcomeTable, Pipeline, Stage, Variable, calibrate

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)

STAGES = ("New", "Qualified", "Proposition", "Won")
LEADS = {
    0: ("T1", "c0 st0 u0", "New"),
    1: ("T1", "c1 st1 u1", "Qualified"),
    2: ("T1", "c2 st2 u2", "Proposition"),
    3: ("T1", "c0 st1 u2", "Qualified"),
    4: ("T1", "c1 st1 u1", "New"),
    5: ("T2", "c0 st1 u1", "Proposition"),
    6: ("T2", "c0 st1 u2", "Qualified"),
    7: ("T2", "c0 st2 u2", "New"),
    8: ("T2", "c0 st1 u2", "Qualified"),
    9: ("T2", "c1 st0 u1", "Qualified"),
    10: ("T3", "c1 st1 u1", "Proposition"),
    11: ("T3", "c0 st1 u0", "New"),
    12: ("T3", "c1 st2 u2", "New"),
    13: ("T3", "c0 st1 u2", "Qualified"),
}
LOST, WON = (0, 1, 5, 6, 11, 12), (2, 7, 10)
VARIABLES = (
    *("country", "state", "source"),
    Variable("email", missing_counts=True),
    Variable("phone", missing_counts=True),
    Variable("tags", many=True),
)


def outcome(
    name: str,
    result: str,
    stage: str,
    values: dict[str, Any],
    group: str | None = None,
    stages: tuple[str, ...] = STAGES,
) -> Outcome:
    passed = stages if result == "won" else stages[: stages.index(stage) + 1]
    return Outcome(
        f"{name}:2", source=name, at=DAY, result=result, group=group, values=values, stage=stage, stages=passed
    )


def known(number: int) -> dict[str, str]:
    return dict(zip(("country", "state", "source"), LEADS[number][1].split(), strict=True))


def group_of(number: int, grouped: range) -> str | None:
    return LEADS[number][0] if number in grouped else None


def learned(grouped: range = range(14)) -> OutcomeTable:
    closed = [(number, "lost") for number in LOST] + [(number, "won") for number in WON]
    return OutcomeTable.from_outcomes(
        [
            outcome(str(number), result, LEADS[number][2], known(number), group_of(number, grouped))
            for number, result in closed
        ],
        VARIABLES,
    )


def predicted(number: int, grouped: range = range(14)) -> Decimal | None:
    record = {**known(number), "stage": LEADS[number][2]}
    return learned(grouped).score(record, group=group_of(number, grouped)).value


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(3, "33.49", id="PL-28 lead 3"),
        pytest.param(8, "7.74", id="PL-28 lead 8"),
        pytest.param(13, "35.09", id="PL-28 lead 13"),
    ],
)
def test_a_group_is_read_alone(number: int, expected: str) -> None:
    """Source: Odoo test_crm_pls.py."""
    assert Decimal(expected) == predicted(number)


def test_without_a_group_all_groups_are_read() -> None:
    """PL-29: adding the tenth once to the pooled row would give 33.37. Source: Odoo test_crm_pls.py."""
    assert Decimal("35.19") == predicted(13, range(10))


@pytest.mark.parametrize(
    ("group", "variable", "value", "expected"),
    [
        pytest.param("T1", "stage", "New", (1, 2), id="PL-30 first stage"),
        pytest.param("T1", "stage", "Won", (1, 0), id="PL-30 won stage"),
        pytest.param("T1", "country", "c1", (0, 1), id="PL-30 country"),
        pytest.param("T1", "email", None, (1, 2), id="PL-30 missing"),
        pytest.param("T2", "stage", "New", (1, 2), id="PL-30 other group"),
        pytest.param("T2", "country", "c1", None, id="PL-30 never seen"),
    ],
)
def test_counts_are_integers(group: str, variable: str, value: str | None, expected: tuple[int, int] | None) -> None:
    """Source: Odoo test_crm_pls.py, which stores 1.1/2.1 and so on."""
    counts = next(each for each in learned().counts if each.group == group)
    rows = {(name, seen): (won, lost) for name, seen, won, lost in counts.rows}

    assert expected == rows.get((variable, value))


def test_nothing_is_certain() -> None:
    """PL-31. Source: Odoo test_crm_pls.py, always_won."""
    wins = 10_000_000
    rows = [("T1", "stage", "New", wins, 1), ("T1", "country", "c0", wins, 1)]
    table = OutcomeTable.from_counts({"T1": (wins, 1)}, rows, ["country"])
    prediction = table.score({"stage": "New", "country": "c0"}, group="T1")

    assert Decimal("99.99") == prediction.value
    assert prediction.exact is not None
    assert prediction.exact > Decimal("99.99")


def test_a_reopened_record_is_not_its_own_evidence() -> None:
    """PL-32. Source: Odoo test_crm_pls.py and its pull request 104365."""
    won = outcome("1", "won", "New", {})
    table = OutcomeTable().add(won)

    assert Decimal("91.67") == table.score({}, minimum_outcomes=0).value  # wrong: its own outcome is still there
    assert Decimal("50.00") == table.remove(won).score({}, minimum_outcomes=0).value
    assert table.remove(won).score({}).value is None
    assert table.remove(won).score({}).reason == "no_history"


def sold(*names: str) -> OutcomeTable:
    stages = ("S0", "S1", "S2", "Won")
    closed = {
        "A": ("won", "S2", {"country": "c0", "state": "st0", "source": "u1", "phone": "correct"}),
        "B": ("won", "S2", {"country": "c1", "state": "st0", "phone": "correct"}),
        "C": ("lost", "S0", {"source": "u0", "phone": "incorrect"}),
        "D": ("lost", "S0", {"country": "c0", "source": "u0", "phone": "incorrect"}),
        "E": ("lost", "S2", {"state": "st1", "phone": "correct"}),
    }
    return OutcomeTable.from_outcomes(
        [
            outcome(name, result, stage, {**values, "email": "correct"}, stages=stages)
            for name, (result, stage, values) in closed.items()
        ],
        names,
    )


def test_factors_say_why() -> None:
    """PL-33. Source: Odoo test_crm_pls.py, test_pls_tooltip_data (it shows the stage as 1 - pL = 0.645)."""
    table = sold("country", "state", "source", "phone", "email")
    record = {
        "stage": "S1", "country": "c0", "state": "st0", "source": "u0", "phone": "correct", "email": "correct",
    }  # fmt: skip
    prediction = table.score(record)

    assert Decimal("74.30") == prediction.value
    assert {each.variable: f"{float(each.weight):.3f}" for each in prediction.factors} == {
        "state": "0.920",
        "stage": "0.738",
        "phone": "0.735",
        "email": "0.500",
        "country": "0.353",
        "source": "0.080",
    }
    assert [each.variable for each in prediction.for_] == ["state", "stage", "phone"]
    assert [each.variable for each in prediction.against] == ["source", "country"]


FUNNEL = Pipeline(
    "sales",
    [
        *(Stage(f"s{place}", place, probability=10 * place) for place in (1, 2, 3)),
        Stage("won", 4, kind="won"),
        Stage("lost", 5, kind="lost"),
    ],
)


def test_probabilities_from_what_happened() -> None:
    """PL-34: 4 won, lost 4 from the first stage, 1 from the second, 1 from the third. Source: own."""
    deals = []
    for number, stage in enumerate(["s1"] * 8 + ["s2", "s3"]):
        deal, _ = Opportunity.open(f"d{number}", FUNNEL, at=DAY, stage=stage)
        later = DAY + timedelta(days=1)
        closed = deal.win(FUNNEL, at=later) if number < 4 else deal.lose(FUNNEL, reason="price", at=later)
        deals.append(closed.state)
    found = calibrate(deals, FUNNEL, closed_in=Period(DAY, DAY + timedelta(days=30)), minimum=1)

    assert [str(figure) for _, figure in found.stages] == [
        "40.00 percent (4 of 10)",
        "66.67 percent (4 of 6)",
        "80.00 percent (4 of 5)",
    ]


def test_too_few_deals_have_no_probability() -> None:
    """PL-34, with the usual minimum of 30. Source: own."""
    deal, _ = Opportunity.open("d1", FUNNEL, at=DAY)
    found = calibrate([deal.win(FUNNEL, at=DAY).state], FUNNEL, closed_in=Period(DAY, DAY + timedelta(days=30)))

    assert [(figure.value, figure.reason, figure.numerator, figure.denominator) for _, figure in found.stages] == [
        (None, "too_few", 1, 1)
    ] * 3
