"""Who is credited for won deals, and what reopening them takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import is_before
from relex.errors import NotFound
from relex.money import Money, RateTable
from relex.pipeline._commission_plan import CommissionPlan
from relex.pipeline._credits import CommissionCredit, Credited, credits_of, in_order
from relex.pipeline._events import OpportunityReopened, OpportunityWon
from relex.pipeline._forecast_spread import has_minor
from relex.pipeline._merges import OpportunityMergedInto, OpportunityRestored
from relex.pipeline._opportunity import Opportunity, after_each
from relex.pipeline._parts import Split
from relex.purchases import Purchase
from relex.rules import compile_rule

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relex.changes import Event

__all__ = ["won_credits"]

_PLAN = _checks.a(CommissionPlan)
_DEALS = _checks.each(_checks.a(Opportunity))
_ONCE = _checks.unique("id")
_INSTANT_OR_NONE = _checks.optional(_checks.instant)
_RATES_OR_NONE = _checks.optional(_checks.a(RateTable))
_PASSING = frozenset({"last_activity_at", "next_step", "next_step_due", "snoozed_until"})


def won_credits(
    opportunities: Iterable[Opportunity],
    plan: CommissionPlan,
    *,
    as_of: datetime | None = None,
    rates: RateTable | None = None,
) -> Credited:
    """What winning deals credits, and what reopening them takes back, read from their events.

    A deal that is won credits its amount at that instant to those who share it, or all of it to its owner where nobody
    shares it; where the plan has a rule for lines, only what falls on the lines that match it, in proportion to their
    net. Shares of revenue add up to the eligible amount to the minor unit; an overlay gets its percent on top. A won
    deal that is reopened takes back every credit of that win; so does a merge into another deal, until it is undone.
    Ids are like `d1/7/ann`: deal, version, payee.

    Args:
        opportunities: In any order, each once.
        plan: Whose rule says which lines count.
        as_of: Only what had happened by then, inclusive; None is everything.
        rates: What other currencies than the plan's are worth; without it, amounts stay in their own.

    Returns:
        Left out are deals without an amount (`no_amount`), an owner or shares (`no_owner`), a line that counts
        (`no_eligible_line`) when they were won, or a rate that is needed (`no_rate`): one into the plan's currency, and
        without a table, one from a currency that has no minor unit.

    Raises:
        InvalidValue: For something else than deals, one of them twice, or a naive instant.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.pipeline import CommissionTier, Pipeline, Stage
        >>> stages = [Stage("new", 1, probability=50), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")]
        >>> sales, day = Pipeline("sales", stages), datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> deal, _ = Opportunity.open("d1", sales, at=day, amount=Money("1000", "USD"), owner="ann")
        >>> deal, _ = deal.set_splits([Split("ann", 60), Split("bob", 40)], at=day)
        >>> deal, _ = deal.win(sales, at=day)
        >>> plan = CommissionPlan("reps", [CommissionTier(slice=10)], currency="USD")
        >>> [(credit.payee, str(credit.amount)) for credit in won_credits([deal], plan).credits]
        [('ann', '600.00 USD'), ('bob', '400.00 USD')]

    .. versionadded:: 0.1.0
    """
    _PLAN.require("won_credits.plan", plan)
    _INSTANT_OR_NONE.require("won_credits.as_of", as_of)
    _RATES_OR_NONE.require("won_credits.rates", rates)
    deals = _checks.items("won_credits.opportunities", opportunities)
    _DEALS.require("won_credits.opportunities", deals)
    _ONCE.require("won_credits.opportunities", deals)
    found: list[CommissionCredit] = []
    left_out: list[tuple[str, str]] = []
    for deal in deals:
        credited, reasons = _of_deal(deal, plan, rates, as_of)
        found += credited
        left_out += [(deal.id, reason) for reason in reasons]
    return in_order(found, left_out)


def _of_deal(
    deal: Opportunity, plan: CommissionPlan, rates: RateTable | None, as_of: datetime | None
) -> tuple[list[CommissionCredit], list[str]]:
    """The credits of every win, and what is taken back and given again later."""
    found: list[CommissionCredit] = []
    reasons: list[str] = []
    live: list[CommissionCredit] = []
    gone: list[CommissionCredit] = []
    for event, state in after_each(deal.history):
        if as_of is not None and is_before(as_of, event.at):
            break
        if isinstance(event, OpportunityWon):
            reason, live = _of_win(state, plan, rates)
            reasons += [reason] if reason else []
            found += live
        elif isinstance(event, (OpportunityReopened, OpportunityMergedInto)):
            live, gone = [], [_opposite(credit, event) for credit in live]
            found += gone
        elif isinstance(event, OpportunityRestored):
            live, gone = [_opposite(credit, event) for credit in gone], []
            found += live
    return found, reasons


def _of_win(
    deal: Opportunity, plan: CommissionPlan, rates: RateTable | None
) -> tuple[str | None, list[CommissionCredit]]:
    splits = _shares(deal)
    if deal.amount is None or not splits:
        return "no_amount" if deal.amount is None else "no_owner", []
    amount = _payable(deal.amount, plan, rates)
    if amount is None:
        return "no_rate", []
    about = {name: fact for name, fact in deal.facts().items() if fact is not None and name not in _PASSING}
    about = {**about, "kind": "opportunity", "opportunity": deal.id}
    amount = _eligible(deal, amount, deal.amount.currency, plan, about)
    if amount is None:
        return "no_eligible_line", []
    return None, credits_of(f"{deal.id}/{deal.version}", amount, splits, deal.changed_at, about)


def _shares(deal: Opportunity) -> tuple[Split, ...]:
    """Who shares the amount, and overlays on top; all of it is the owner's where nobody shares it."""
    if any(split.kind == "revenue" for split in deal.splits):
        return deal.splits
    return () if deal.owner is None else (Split(deal.owner, 100), *deal.splits)


def _payable(amount: Money, plan: CommissionPlan, rates: RateTable | None) -> Money | None:
    """The amount in minor units, in the plan's currency where there are rates; None without the rate that it takes."""
    if rates is None:
        return amount.round() if has_minor(amount.currency) else None
    try:
        return rates.convert(amount, plan.currency).round(plan.rounding)
    except NotFound:
        return None


def _eligible(
    deal: Opportunity, amount: Money, currency: str, plan: CommissionPlan, about: dict[str, Any]
) -> Money | None:
    """What falls on the lines that count; all of it where the plan does not ask or the deal has no lines."""
    if plan.lines is None or not deal.lines:
        return amount
    sale = Purchase(deal.id, at=deal.changed_at, currency=currency, lines=deal.lines, tax_mode="none")
    counts, lines = compile_rule(plan.lines), sale.facts()["lines"]
    parts = amount.allocate([line["line.net"] for line in lines])
    found = [part for part, line in zip(parts, lines, strict=True) if counts({**about, **line}) is True]
    return Money.sum(found, amount.currency) if found else None


def _opposite(credit: CommissionCredit, event: Event) -> CommissionCredit:
    """What takes a credit back, named after the version that does it."""
    _, rest = credit.id.removeprefix(f"{event.source}/").split("/", 1)
    return attrs.evolve(
        credit, id=f"{event.source}/{event.version}/{rest}", amount=-credit.amount, at=event.at, reverses=credit.id
    )
