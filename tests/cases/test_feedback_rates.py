"""Response rates by name: the worked cases of feedback, section 7.

Sources: the tests of the package outcomerate (FB-33); FB-34 was worked out by hand. The formulas are those of the
Standard Definitions of the American Association for Public Opinion Research.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from relex.feedback import (
    Answer,
    ContactHistory,
    ContactReason,
    ContactRequest,
    Disposition,
    Invitation,
    OutcomeRates,
    Response,
    outcome_rates,
)

COUNTS = {"I": 5, "P": 3, "R": 2, "NC": 1, "O": 2, "UH": 1, "UO": 1, "NE": 1}
EXPECTED = {
    "RR1": "1/3",
    "RR2": "8/15",
    "RR3": "5/14",
    "RR4": "4/7",
    "RR5": "5/13",
    "RR6": "8/13",
    "COOP1": "5/12",
    "COOP2": "2/3",
    "COOP3": "1/2",
    "COOP4": "4/5",
    "REF1": "2/15",
    "REF2": "1/7",
    "REF3": "2/13",
    "CON1": "4/5",
    "CON2": "6/7",
    "CON3": "12/13",
    "LOC1": "13/15",
    "LOC2": "13/14",
}
AT = datetime(2026, 5, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(("name", "value"), [pytest.param(*pair, id=pair[0]) for pair in EXPECTED.items()])
def test_fb_33_each_rate(name: str, value: str) -> None:
    """FB-33: with half of the unknown taken as eligible."""
    assert OutcomeRates(COUNTS, e=Fraction(1, 2)).rate(name).value == Fraction(value)


def test_fb_33_has_no_other_rate() -> None:
    """FB-33: the eighteen of the table are all."""
    assert {name for name, _ in OutcomeRates(COUNTS, e=Fraction(1, 2)).rates()} == set(EXPECTED)


def test_fb_33_proportional() -> None:
    """FB-33: the eligible among those of whom it is known."""
    assert OutcomeRates(COUNTS, e="proportional").eligible_share().value == Fraction(13, 14)


def _asked() -> ContactHistory:
    """FB-34: 3 complete, 1 partial, 1 declined, 3 delivered only, 1 bounced, 1 suppressed."""
    entries: list[Any] = []
    for number, became in enumerate(["complete"] * 3 + ["partial", "declined", *["delivered"] * 3, "bounced"]):
        invitation = Invitation(request=ContactRequest(contact=f"c{number}", survey="nps"), at=AT)
        later: dict[str, Any] = {"contact": f"c{number}", "invitation": invitation.id, "at": AT + timedelta(hours=1)}
        entries.append(invitation)
        if became in ("complete", "partial"):
            answers = [Answer("q1", 9)]
            done = became == "complete"
            entries.append(Response(submission=str(number), survey="nps", submitted=done, answers=answers, **later))
        else:
            entries.append(Disposition(status=became, **later))
    held_back = Invitation(
        request=ContactRequest(contact="c9", survey="nps"),
        at=AT,
        status="suppressed",
        reasons=[ContactReason("not_sampled")],
    )
    return ContactHistory([*entries, held_back])


@pytest.mark.parametrize(
    ("bounced", "expected"),
    [
        pytest.param("UO", {"RR1": "1/3", "RR2": "4/9", "RR5": "3/8", "RR6": "1/2"}, id="unknown"),
        pytest.param("NE", {"RR1": "3/8", "RR2": "1/2"}, id="not eligible"),
    ],
)
def test_fb_34_from_what_became_of_them(bounced: str, expected: dict[str, str]) -> None:
    """FB-34: a bounced invitation counts as the policy says, and one that was never sent in no rate."""
    rates = outcome_rates(_asked().states(as_of=AT + timedelta(days=1)), bounced=bounced)

    assert {name: rates.rate(name).value for name in expected} == {
        name: Fraction(value) for name, value in expected.items()
    }
