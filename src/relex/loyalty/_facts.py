"""The facts that a program's rules may ask about, so that a name that nobody gives is found before anybody earns."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from relex.loyalty._rules import PerAmount, PerUnit
from relex.purchases import Purchase
from relex.rules import FactSchema, field

if TYPE_CHECKING:
    from relex.loyalty._program import Program
    from relex.loyalty._rules import EarningRule

__all__ = ["FACTS", "TIER_FACTS", "check_facts"]

_LINE = dict(Purchase.fact_schema.children)["lines"]

FACTS = _LINE | FactSchema(
    {
        "account.age_days": int,
        "account.balance": int,
        "account.lifetime": int,
        "account.members": int,
        "account.purchases": int,
        "account.tier": str,
        "event.at": datetime,
        "event.date": date,
        "event.id": str,
        "event.kind": str,
        "event.minute": int,
        "event.weekday": int,
        "purchase.campaigns": tuple,
        "purchase.channel": str,
        "purchase.currency": str,
        "purchase.customer": str,
        "purchase.eligible": Decimal,
        "purchase.quantity": Decimal,
        "purchase.store": str,
        "purchase.total": Decimal,
    },
    children={"lines": _LINE},
    open=("event.", "customer.", "response.", "interaction.", "referral."),
)
"""What every program knows; what occasions and callers bring of their own is open."""

TIER_FACTS = FactSchema(
    {f"tier.{name}": Decimal for name in ("balance", "earned", "measure", "orders", "spend", "status", "visits")}
)


def check_facts(program: Program) -> None:
    """Raise for the first rule of a program that asks about a fact that nobody gives.

    Raises:
        InvalidValue: It leads to the part of the rule and says which names there are.
    """
    known = FACTS | program.facts
    known.check(program.eligible, "Program.eligible")
    for place, rule in enumerate(program.rules):
        own = known if rule.on == "purchase" else known | FactSchema(open=(f"{rule.on}.", "purchase.", "line."))
        _check_rule(own, rule, f"Program.rules[{place}]")
    for place, tier in enumerate(program.tiers):
        if tier.when is not None:
            TIER_FACTS.check(tier.when, f"Program.tiers[{place}].when")


def _check_rule(known: FactSchema, rule: EarningRule, path: str) -> None:
    if rule.when is not None:
        known.check(rule.when, f"{path}.when")
    if isinstance(rule.award, (PerAmount, PerUnit)):
        known.check(field(rule.award.of) > 0, f"{path}.award.of")
    for place, cap in enumerate(rule.caps):
        if cap.by is not None:
            known.check(field(cap.by).is_missing(), f"{path}.caps[{place}].by")
