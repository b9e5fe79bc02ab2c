"""A forecast over many open deals, by owner and month, rolled up over five levels."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from benchmarks.harness import Row

from relex.calendars import Period
from relex.money import Money
from relex.parties import Hierarchy, Tie
from relex.pipeline import Opportunity, OpportunityOpened, Pipeline, Stage, forecast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.pipeline import Forecast

AS_OF = datetime(2026, 2, 1, tzinfo=UTC)
YEAR = Period.of("year", date(2026, 1, 1))
LEVELS, SPAN = 5, 6
MILLION = 1_000_000
BAR = 4.0
SALES = Pipeline(
    "sales",
    [
        Stage("new", 1, probability=10),
        Stage("shown", 2, probability=35),
        Stage("offered", 3, probability=60, category="best_case"),
        Stage("agreed", 4, probability=90, category="commit"),
        Stage("won", 5, kind="won"),
        Stage("lost", 6, kind="lost"),
    ],
)


def rows() -> Iterator[Row]:
    """A hundred thousand deals and a million, all of them open, beside the same sums written out in plain Python."""
    team, sellers = _team()
    every = made(MILLION, sellers)
    for count in (MILLION // 10, MILLION):
        deals = every[:count]
        assert _whole(asked(deals, team)) == sum(written_out(deals).values())
        yield Row(
            name=f"Forecast: {count:,} open deals",
            ours=lambda deals=deals: asked(deals, team),
            peers={"plain Python, sums only": lambda deals=deals: written_out(deals)},
            at_most=BAR if count == MILLION else None,
            note=f"by owner and month, {len(team.nodes):,} people on {LEVELS} levels",
        )


def asked(deals: list[Opportunity], team: Hierarchy) -> Forecast:
    """The forecast, and the roll-up of the year and of each month."""
    view = forecast(deals, SALES, YEAR, AS_OF, by="owner", each="month", team=team)
    for period in (None, *view.periods):
        view.rows("commit_forecast", period)
    view.weighted()
    return view


def written_out(deals: list[Opportunity]) -> dict[tuple[str | None, int, str], Decimal]:
    """What is left without categories that may be overridden, currencies, as-of and the roll-up."""
    sums: defaultdict[tuple[str | None, int, str], Decimal] = defaultdict(Decimal)
    for deal in deals:
        if deal.expected_close and deal.expected_close.year == AS_OF.year and deal.amount is not None:
            sums[deal.owner, deal.expected_close.month, deal.stage] += deal.amount.amount
    return sums


def _whole(view: Forecast) -> Decimal:
    return sum((money.amount for money in view.amounts()), Decimal(0))


def made(count: int, sellers: list[str]) -> list[Opportunity]:
    """Deals of one event each, which share what deals share."""
    amounts = [Money(Decimal(number * 997 % 100_000) + Decimal("0.25"), "USD") for number in range(1, 1000)]
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(400)]
    stages = SALES.open_stages
    found = []
    for number in range(count):
        stage = stages[number % 7 % 4]
        event = OpportunityOpened(
            source=f"o{number}",
            version=1,
            at=AS_OF,
            pipeline="sales",
            to=stage.id,
            probability=stage.probability or 0,
            category=stage.category or "pipeline",
            owner=sellers[number % len(sellers)],
            amount=amounts[number * 7 % len(amounts)],
            expected_close=days[number * 11 % len(days)],
        )
        found.append(Opportunity.evolve(None, event))
    return found


def _team() -> tuple[Hierarchy, list[str]]:
    """A tree in which everybody above the last level leads six people."""
    ties, level = [], ["top"]
    for depth in range(1, LEVELS):
        below = [f"{depth}.{number}" for number in range(SPAN**depth)]
        ties += [Tie(name, level[number // SPAN]) for number, name in enumerate(below)]
        level = below
    return Hierarchy((), ties, as_of=AS_OF), level
