"""What many deals say: funnel, stage durations and win rate, now and as of a day in the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks.harness import Row

from relex.calendars import Days, Period
from relex.money import Money
from relex.pipeline import (
    Opportunity,
    Pipeline,
    Stage,
    StageEntry,
    StalePolicy,
    ageing,
    funnel,
    stage_durations,
    stale,
    stale_rule,
    win_rate,
)
from relex.rules import compile_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

DEALS = 100_000
START = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAST = datetime(2025, 7, 1, tzinfo=UTC)
YEAR = Period(START.date(), NOW.date())
SALES = Pipeline(
    "sales",
    [
        Stage("new", 1, probability=10),
        Stage("demo", 2, probability=30),
        Stage("offer", 3, probability=60),
        Stage("won", 8, kind="won"),
        Stage("lost", 9, kind="lost"),
    ],
    stale=StalePolicy(warn_after=Days(14), stale_after=Days(30)),
)


def rows() -> Iterator[Row]:
    """The same hundred thousand deals, with three to five events each."""
    deals = _deals()
    assert win_rate(deals, as_of=NOW).part("won") == DEALS // 4

    def together() -> tuple[object, ...]:
        return (
            funnel(deals, SALES, as_of=NOW),
            stage_durations(deals, SALES, as_of=NOW),
            win_rate(deals, as_of=NOW, by="amount", period=YEAR),
        )

    def filtered() -> int:
        test = compile_rule(stale_rule(SALES))
        return sum(test(deal.facts(SALES), NOW) is True for deal in deals)

    note = f"{DEALS:,} deals"
    yield Row(name="Funnel, stage durations and win rate: a deal", ours=together, per=DEALS, note=note)
    yield Row(
        name="Funnel: a deal",
        ours=lambda: funnel(deals, SALES, as_of=NOW),
        peers={"by hand": lambda: _by_hand(deals)},
        per=DEALS,
        note="by hand: a loop that knows neither as-of, nor pipelines, nor merges",
    )
    yield Row(
        name="Stage durations: a deal", ours=lambda: stage_durations(deals, SALES, as_of=NOW), per=DEALS, note=note
    )
    yield Row(
        name="Win rate by amount: a deal", ours=lambda: win_rate(deals, as_of=NOW, by="amount"), per=DEALS, note=note
    )
    yield Row(name="Ageing: a deal", ours=lambda: ageing(deals, as_of=NOW), per=DEALS, note=note)
    yield Row(
        name="Win rate as of a past day: a deal",
        ours=lambda: win_rate(deals, as_of=PAST),
        per=DEALS,
        note="folded anew",
    )
    yield Row(
        name="Stale: a deal", ours=lambda: [stale(deal, SALES, as_of=NOW) for deal in deals], per=DEALS, note=note
    )
    yield Row(name="Stale, as a compiled rule: a deal", ours=filtered, per=DEALS, note="with its facts")


def _by_hand(deals: list[Opportunity]) -> list[int]:
    places = {stage.id: place for place, stage in enumerate(SALES.open_stages)}
    counts = [0] * (len(places) + 1)
    for deal in deals:
        if deal.kind == "won":
            reached = len(counts)
        else:
            entered = [places.get(event.to, -1) for event in deal.history if isinstance(event, StageEntry)]
            reached = max(entered) + 1
        for place in range(reached):
            counts[place] += 1
    return counts


def _deals() -> list[Opportunity]:
    return [_deal(number) for number in range(DEALS)]


def _deal(number: int) -> Opportunity:
    at = START + timedelta(minutes=number * 4)
    deal, _ = Opportunity.open(f"d{number}", SALES, at=at, amount=Money(1_000 + number % 97, "USD"))
    deal, _ = deal.move_to("demo", SALES, at=at + timedelta(days=3))
    deal, _ = deal.reassign(f"r{number % 20}", at=at + timedelta(days=5))
    if number % 4 == 0:
        deal, _ = deal.move_to("offer", SALES, at=at + timedelta(days=9))
        deal, _ = deal.win(SALES, at=at + timedelta(days=20 + number % 30))
    elif number % 4 == 1:
        deal, _ = deal.lose(SALES, at=at + timedelta(days=15 + number % 30), reason="price")
    return deal
