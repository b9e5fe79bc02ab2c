"""Deals for the tests of what is asked of them: short to write, with days instead of dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from relex.money import Money
from relex.pipeline import Opportunity, Pipeline, Stage

__all__ = ["DAY", "START", "dead", "deal", "on", "sales", "usd"]

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def on(day: float, start: datetime = START) -> datetime:
    """So many days after the start of 2026."""
    return start + day * DAY


def usd(amount: int | str | None) -> Money | None:
    return None if amount is None else Money(amount, "USD")


def sales(**more: Any) -> Pipeline:
    """Three open stages, one won, one lost."""
    stages = [
        Stage("new", 1, probability=10),
        Stage("demo", 2, probability=30, name="Demo"),
        Stage("offer", 3, probability=60),
        Stage("won", 8, kind="won"),
        Stage("lost", 9, kind="lost"),
    ]
    return Pipeline(more.pop("id", "sales"), more.pop("stages", stages), **more)


def deal(
    name: str, opened: float = 0, *moves: tuple[float, str], pipeline: Pipeline | None = None, **known: Any
) -> Opportunity:
    """A deal opened on a day, that went to these stages on these days; amounts are dollars."""
    pipeline = pipeline or sales()
    if not isinstance(known.get("amount"), Money):
        known["amount"] = usd(known.get("amount"))
    state, _ = Opportunity.open(name, pipeline, at=on(opened), **known)
    for day, stage in moves:
        state, _ = state.move_to(stage, pipeline, at=on(day), reason="price" if stage == "lost" else None)
    return state


def dead(name: str, opened: float, closed: float, reason: str = "price", **known: Any) -> Opportunity:
    """A deal that was lost for a reason."""
    competitor = known.pop("competitor", None)
    return deal(name, opened, **known).lose(sales(), at=on(closed), reason=reason, competitor=competitor).state
