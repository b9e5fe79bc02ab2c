"""What a checker knows about deals: commands give changes, questions give values."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import assert_type

import relex
from relex import Change, Event, Money, Opportunity, Pipeline, Stage, loads
from relex.pipeline import StageCheck


def decides(deal: Opportunity, sales: Pipeline, now: datetime) -> None:
    """A command unpacks into the deal and the events."""
    opened, events = Opportunity.open("o1", sales, at=now, amount=Money(1, "USD"))
    assert_type(opened, Opportunity)
    assert_type(events, tuple[Event, ...])
    assert_type(deal.move_to("demo", sales, at=now), Change[Opportunity])
    assert_type(deal.win(sales, at=now).then(lambda it: it.reopen(sales, at=now)).state, Opportunity)
    assert_type(sales.replace(sales, [deal], at=now), tuple[Change[Opportunity], ...])


def answers(deal: Opportunity, sales: Pipeline, now: datetime) -> None:
    """A question gives a value; what may be unknown may be None."""
    assert_type(sales.check(deal, "demo", as_of=now), StageCheck)
    assert_type(deal.as_of(now), Opportunity | None)
    assert_type(deal.probability(sales), int | Decimal)
    assert_type(deal.weighted(), Money | None)
    assert_type(deal.expected_close, date | None)
    assert_type(sales.open_stages, tuple[Stage, ...])


def needs_a_time_and_an_exact_number(deal: Opportunity, sales: Pipeline, now: datetime) -> None:
    """Time is an argument that cannot be left out, and a float is no probability."""
    deal.move_to("demo", sales)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    deal.override_probability(0.5, at=now)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def travels(text: str) -> None:
    """What is loaded is of the class that was asked for; contexts are attributes of the package."""
    assert_type(loads(text, relex.pipeline.Pipeline), Pipeline)
