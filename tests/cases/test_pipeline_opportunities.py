"""Opportunities: closing dates, winning, overrides, weights, gates, reasons, contacts.

Sources: Odoo (test_crm_lead_date_closed, set_won of crm_lead.py, test_crm_lead_stages, test_won_lost_validity,
test_crm_lead_update_dates), Pipedrive help (the deal's own probability wins), frappe/crm (deal rules; with BottleCRM
the 10 % that a won deal keeps), a public request for cumulative gates (vercel 7631); the others are worked out by hand.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from relex.errors import InvalidValue, Rejected
from relex.money import Money
from relex.pipeline import (
    ContactRole,
    ContactsChanged,
    LostReason,
    Opportunity,
    OpportunityWon,
    Pipeline,
    Stage,
)
from relex.rules import Requirement, field

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
WON, LOST = Stage("won", 90, kind="won"), Stage("lost", 99, kind="lost")


def sales(*stages: Stage, **more: Any) -> Pipeline:
    return Pipeline("sales", [*(stages or [Stage("new", 10, probability=50)]), WON, LOST], **more)


def opened(pipeline: Pipeline, **known: Any) -> Opportunity:
    return Opportunity.open("o1", pipeline, at=AT, **known).state


def test_pl_1_opened_in_a_won_stage() -> None:
    deal, events = Opportunity.open("o1", sales(), stage="won", at=AT)

    assert (deal.closed_at, deal.probability()) == (AT, 100)
    assert [(type(event), event.at) for event in events][1:] == [(OpportunityWon, AT)]
    assert deal.won_from is None


def test_pl_2_closed_at_stays_among_won_stages_and_ends_with_reopening() -> None:
    pipeline = sales(Stage("new", 10, probability=50), Stage("won2", 95, kind="won"))
    won = opened(pipeline).win(pipeline, at=AT + HOUR).state
    later = won.move_to("won2", pipeline, at=AT + 2 * HOUR).state

    assert (later.stage, later.closed_at) == ("won2", AT + HOUR)
    assert later.reopen(pipeline, at=AT + 3 * HOUR).state.closed_at is None


def test_pl_3_the_next_won_stage() -> None:
    pipeline = Pipeline(
        "sales",
        [
            Stage("New", 1, probability=10),
            Stage("Proposition", 5, probability=40),
            Stage("Won 30", 30, kind="won"),
            Stage("Won 70", 70, kind="won"),
            LOST,
        ],
    )

    assert opened(pipeline).win(pipeline, at=AT).state.stage == "Won 30"


def test_pl_4_an_override_of_100_is_not_won() -> None:
    pipeline = sales()
    sure, _ = opened(pipeline).override_probability(100, at=AT)
    less, _ = sure.override_probability(90, at=AT)
    won, _ = less.win(pipeline, at=AT)

    assert [(it.kind, it.probability()) for it in (sure, less, won)] == [("open", 100), ("open", 90), ("won", 100)]
    with pytest.raises(Rejected, match="closed"):
        won.lose(pipeline, reason="price", at=AT)
    with pytest.raises(Rejected, match="closed"):
        won.override_probability(75, at=AT)


def test_pl_5_the_same_owner_again_is_no_event() -> None:
    pipeline, opening = sales(), datetime(2023, 11, 6, 8, tzinfo=UTC)
    later = datetime(2023, 11, 23, 8, tzinfo=UTC)
    a, _ = Opportunity.open("a", pipeline, at=opening)
    b, _ = Opportunity.open("b", pipeline, at=opening, owner="u")
    a, told = a.reassign("u", at=later)
    b, silent = b.reassign("u", at=later)

    assert (later, opening) == (a.assigned_at, b.assigned_at)
    assert (len(told), len(silent)) == (1, 0)
    assert {opening} == {a.stage_entered_at, b.stage_entered_at}


@pytest.mark.parametrize(("override", "weighted"), [(20, 200), (0, 0), (None, 500)])
def test_pl_6_zero_is_a_probability(override: int | None, weighted: int) -> None:
    deal = opened(sales(), amount=Money(1_000, "USD")).override_probability(20, at=AT).state
    deal = deal.override_probability(override, at=AT).state

    assert Money(weighted, "USD") == deal.weighted() == deal.weighted(sales())


def test_pl_7_a_won_deal_counts_in_full() -> None:
    pipeline = sales(Stage("new", 10, probability=10))
    deal = opened(pipeline, amount=Money(500, "USD")).move_to("won", pipeline, at=AT).state

    assert (100, Money(500, "USD")) == (deal.probability(), deal.weighted())


@pytest.mark.parametrize(
    ("gates", "unmet"), [("cumulative", ["pain", "expected_close"]), ("target", ["expected_close"])]
)
def test_pl_8_skipping_a_stage_does_not_skip_its_gate(gates: str, unmet: list[str]) -> None:
    def needs(name: str) -> Requirement:
        return Requirement(name, ~field(name).is_missing(), f"Fill in {name}")

    pipeline = sales(
        Stage("one", 1, probability=10),
        Stage("two", 2, probability=20, requires=[needs("pain"), needs("situation")]),
        Stage("three", 3, probability=30, requires=[needs("amount"), needs("expected_close")]),
        gates=gates,
    )
    deal, given = opened(pipeline, amount=Money(5, "USD")), {"situation": "old machines"}
    found = pipeline.check(deal, "three", as_of=AT, facts=given)

    assert unmet == [each.name for each in found.unmet]
    with pytest.raises(Rejected) as refused:
        deal.move_to("three", pipeline, at=AT, facts=given)
    assert ("gate_unmet", found.unmet) == (refused.value.reason, refused.value.unmet)


def test_pl_9_reasons_of_a_loss() -> None:
    pipeline = sales(lost_reasons=["price", LostReason("Other", note=True)])
    deal = opened(pipeline)

    for said, reason in (
        ({}, "reason_required"),
        ({"reason": "weather"}, "unknown_reason"),
        ({"reason": "Other"}, "note_required"),
    ):
        with pytest.raises(Rejected) as refused:
            deal.lose(pipeline, at=AT, **said)
        assert refused.value.reason == reason
    lost = deal.lose(pipeline, at=AT, reason="Other", note="They moved away").state
    assert (lost.kind, lost.lost_reason, lost.lost_from) == ("lost", "Other", "new")


def test_pl_10_exactly_one_primary_contact() -> None:
    one = opened(sales()).add_contact("ann", at=AT).state
    two = one.add_contact("bob", "buyer", primary=True, at=AT).state
    back = two.remove_contact("bob", at=AT).state

    assert [deal.contact for deal in (one, two, back)] == ["ann", "bob", "ann"]
    assert two.contacts == (ContactRole("ann"), ContactRole("bob", "buyer", primary=True))
    twice = (ContactRole("ann", primary=True), ContactRole("bob", primary=True))
    with pytest.raises(InvalidValue):
        ContactsChanged(source="o1", version=2, at=AT, from_=(), to=twice)
    with pytest.raises(InvalidValue):
        opened(sales(), contacts=twice)


def test_expected_dates_are_not_closing_dates() -> None:
    pipeline = sales()
    won = opened(pipeline, expected_close=date(2026, 6, 30)).win(pipeline, at=AT + HOUR).state

    assert (AT + HOUR, date(2026, 6, 30)) == (won.closed_at, won.expected_close)
