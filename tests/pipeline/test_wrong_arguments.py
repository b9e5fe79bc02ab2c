"""Arguments of a wrong type are refused by their names, by every command and question of deals, leads and quotes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import InvalidValue
from relex.pipeline import Lead, Opportunity, Pipeline, Quote, Split, Stage, merge_opportunities
from relex.purchases import Line

if TYPE_CHECKING:
    from collections.abc import Callable

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
DAY = date(2026, 6, 1)
STAGES = [Stage("a", 1, probability=10), Stage("won", 8, kind="won"), Stage("lost", 9, kind="lost")]
SALES = Pipeline("sales", STAGES, lost_reasons=["price"])
NEWER = Pipeline("sales", STAGES, version=2)
DEAL = Opportunity.open("o1", SALES, at=AT).state
WRONG: Any = ["x"]
NOTHING: Any = None


def rows(**given: Any) -> object:
    return Opportunity.from_rows([{"id": "d1", "stage": "a", "opened_at": AT, "owner": "x"}], SALES, **given)


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("lose.reason", lambda: DEAL.lose(SALES, reason=WRONG, at=AT)),
        ("lose.note", lambda: DEAL.lose(SALES, reason="price", note=WRONG, at=AT)),
        ("move_to.reason", lambda: DEAL.move_to("lost", SALES, reason=WRONG, at=AT)),
        ("stage.id", lambda: SALES.stage(WRONG)),
        ("check.stage", lambda: SALES.check(DEAL, WRONG, as_of=AT)),
        ("check.opportunity", lambda: SALES.check(NOTHING, "a", as_of=AT)),
        ("replace.opportunities[0]", lambda: SALES.replace(NEWER, [NOTHING], at=AT)),
        ("mapping", lambda: SALES.replace(NEWER, [DEAL], WRONG, at=AT)),
        ("replace.new", lambda: SALES.replace(NOTHING, [DEAL], at=AT)),
        ("Pipeline.preset.name", lambda: Pipeline.preset(WRONG, "sales")),
        ("Opportunity.pipeline", lambda: DEAL.probability(WRONG)),
        ("Opportunity.pipeline", lambda: DEAL.category(WRONG)),
        ("Opportunity.evolve.state", lambda: Opportunity.evolve(WRONG, DEAL.history[0])),
        ("Quote.evolve.state", lambda: Quote.evolve(WRONG, DEAL.history[0])),
        ("Lead.evolve.state", lambda: Lead.evolve(WRONG, DEAL.history[0])),
        ("open.amount", lambda: Opportunity.open("o1", SALES, at=AT, amount=WRONG)),
        ("set_lines.currency", lambda: DEAL.set_lines([Line(1, "x", 1, unit_price=1)], at=AT, currency=WRONG)),
        ("set_splits.splits", lambda: DEAL.set_splits([Split("ann", 99)], at=AT)),
        ("snooze.reason", lambda: DEAL.snooze(DAY, reason="", at=AT)),
        ("record_activity.kind", lambda: DEAL.record_activity(WRONG, at=AT)),
        ("change_close_date.reason", lambda: DEAL.change_close_date(DAY, reason=WRONG, at=AT)),
        (
            "merge_opportunities.opportunities",
            lambda: merge_opportunities([DEAL] * 2, SALES, by="x", reason="y", at=AT),
        ),
        ("from_rows.columns['id']", lambda: rows(columns={"id": WRONG})),
        ("from_rows.aliases['stage']", lambda: rows(aliases={"stage": WRONG})),
        ("from_rows.known['owner']", lambda: rows(known={"owner": None})),
        ("from_rows.facts", lambda: rows(facts=WRONG)),
        ("from_rows.facts['budget']", lambda: rows(facts={"budget": WRONG})),
    ],
)
def test_it_is_named(path: str, command: Callable[[], object]) -> None:
    with pytest.raises(InvalidValue, match=f"^{re.escape(path)}:"):
        command()
