"""What the desk asks of its deals: every figure is a question as of an instant, and keeps its parts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from relex.calendars import Period
from relex.pipeline import (
    Attainments,
    Bridge,
    CommissionStatement,
    Credited,
    DealHealth,
    Forecast,
    Funnel,
    HealthPolicy,
    Imported,
    attainments,
    deal_health,
    forecast,
    funnel,
    statements,
    velocity,
    win_rate,
    won_credits,
)
from sales_desk.company import CURRENCY, PIPELINE, PLAN, QUARTERS, QUOTAS, RATES, SELLERS, TEAM

if TYPE_CHECKING:
    from datetime import datetime

    from relex import Money
    from relex.figures import Figure
    from relex.pipeline import Opportunity

# People on the customer's side are not in the export, so nothing is said about them.
POLICY = HealthPolicy(pushes=2, ignore=["no_contact", "quiet", "single_threaded"])


@attrs.frozen(kw_only=True)
class Desk:
    """Everything that the desk sees.

    Attributes:
        imported: The deals, the rows that were refused, what nobody knows.
        names: The name of each account.
        as_of: The instant of every question.
        deals: All that had been opened, as they were then.
        view: The forecast of the quarter by seller, rolled up over the team.
        places: The same by territory.
        bridge: What moved since the instant before.
        attained: What is won against the quotas.
        funnel: How far the deals came.
        rates: Win rate and velocity.
        health: What stands out in each open deal, by its id.
        credited: Who is credited for what.
        paid: The statements of each seller, quarter by quarter.
    """

    imported: Imported
    names: dict[str, str]
    as_of: datetime
    deals: tuple[Opportunity, ...]
    view: Forecast
    places: Forecast
    bridge: Bridge
    attained: Attainments
    funnel: Funnel
    rates: tuple[Figure, ...]
    health: dict[str, DealHealth]
    credited: Credited
    paid: tuple[CommissionStatement, ...]

    def in_stage(self, stage: str) -> list[Opportunity]:
        """The open deals of a stage, or those that were closed in the quarter; the largest first."""
        quarter = self.view.question.period
        found = [deal for deal in self.deals if deal.stage == stage]
        shown = [deal for deal in found if deal.closed_at is None or quarter.contains(deal.closed_at.date())]
        return sorted(shown, key=lambda deal: (-worth(deal.amount), deal.id))


def worth(amount: Money | None) -> Decimal:
    """What an amount is worth in the currency of the desk; 0 where it is unknown."""
    return Decimal(0) if amount is None else RATES.convert(amount, CURRENCY).amount


def asked(imported: Imported, names: dict[str, str], as_of: datetime, since: datetime) -> Desk:
    """Everything that is asked of the deals at an instant, and what moved since an earlier one."""
    deals = tuple([deal for deal in (each.as_of(as_of) for each in imported.opportunities) if deal is not None])
    quarter = Period.of("quarter", as_of.date())
    view = forecast(
        deals, PIPELINE, quarter, as_of, by="owner", each="month", rates=RATES, currency=CURRENCY, team=TEAM
    )
    credited = won_credits(deals, PLAN, as_of=as_of, rates=RATES)
    return Desk(
        imported=imported,
        names=names,
        as_of=as_of,
        deals=deals,
        view=view,
        places=forecast(deals, PIPELINE, quarter, as_of, by="territory", rates=RATES, currency=CURRENCY),
        bridge=view.explain(since),
        attained=attainments(view, QUOTAS),
        funnel=funnel(deals, PIPELINE, as_of=as_of),
        rates=(
            win_rate(deals, as_of=as_of),
            win_rate(deals, as_of=as_of, by="amount", rates=RATES, currency=CURRENCY),
            velocity(deals, as_of=as_of, rates=RATES, currency=CURRENCY),
        ),
        health={deal.id: deal_health(deal, PIPELINE, as_of=as_of, policy=POLICY) for deal in deals},
        credited=credited,
        paid=paid(credited, as_of),
    )


def paid(credited: Credited, as_of: datetime) -> tuple[CommissionStatement, ...]:
    """The statements of every seller for the quarters that have begun, each with the balance of the one before."""
    begun = [quarter for quarter in QUARTERS if quarter.start <= as_of.date()]
    span = Period(begun[0].start, begun[-1].end)
    return tuple(
        found
        for seller in SELLERS
        for found in statements(PLAN, credited.credits, payee=seller, periods=span, quota=QUOTAS)
    )
