"""The facts that a program's rules may ask about, so that a name that nobody gives is found before anybody earns."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from relex.errors import InvalidValue
from relex.loyalty._rules import PerAmount, PerUnit
from relex.purchases import Purchase
from relex.rules import AllOf, FactSchema, IsMissing, contradiction, field

if TYPE_CHECKING:
    from relex.loyalty._program import Program
    from relex.loyalty._rules import EarningRule
    from relex.rules import Rule

__all__ = ["EXTENSION_FACTS", "FACTS", "TIER_FACTS", "check_facts", "check_possible"]

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

_ACCOUNT = FactSchema(tuple([(name, kind) for name, kind in FACTS.facts if name.startswith("account.")]))

EXTENSION_FACTS = _ACCOUNT | FactSchema(
    {
        "lot.available_at": datetime,
        "lot.currency": str,
        "lot.earned_at": datetime,
        "lot.expires_at": datetime,
        "lot.id": str,
        "lot.points": int,
        "lot.remaining": int,
    },
    open=("customer.",),
)
"""What the rule of an extension may ask about: the account, the customer, and each lot."""


_WITHIN = {
    "event.minute": field("event.minute").between(0, 1439),
    "event.weekday": field("event.weekday").between(1, 7),
}


def check_possible(rule: Rule, path: str, also: Rule | None = None) -> None:
    """Refuse a rule that no facts can make true.

    Args:
        rule: The rule.
        path: Where it stands.
        also: What has to hold as well, as `program.eligible` has to for the lines of a purchase.

    Raises:
        InvalidValue: It says which questions exclude each other.
    """
    others = [bound for name, bound in _WITHIN.items() if name in rule.names]
    if also is not None and not also.names.isdisjoint(rule.names) and _needs_lines(rule, also):
        others.append(also)
    words = contradiction(AllOf(rule, *others))
    if words is not None:
        raise InvalidValue(path, rule, f"a rule that can be true; it never is: {words}")


def _needs_lines(rule: Rule, also: Rule) -> bool:
    """Whether both ask about lines, so that a purchase without any, which is judged as a whole, answers neither."""
    return all(name.startswith("line.") for name in also.names) and not _asks_for_gaps(rule)


def _asks_for_gaps(rule: Rule) -> bool:
    return isinstance(rule, IsMissing) or any(map(_asks_for_gaps, rule.parts))


def check_facts(program: Program) -> None:
    """Raise for the first rule of a program that asks about a fact that nobody gives, or that can never be true.

    Raises:
        InvalidValue: It leads to the part of the rule and says which names there are, or what excludes what.
    """
    known = FACTS | program.facts
    known.check(program.eligible, "Program.eligible")
    for place, rule in enumerate(program.rules):
        own = known if rule.on == "purchase" else known | FactSchema(open=(f"{rule.on}.", "purchase.", "line."))
        _check_rule(own, rule, f"Program.rules[{place}]")
        if rule.when is not None:
            check_possible(
                rule.when, f"Program.rules[{place}].when", program.eligible if rule.on == "purchase" else None
            )
    for place, tier in enumerate(program.tiers):
        if tier.when is not None:
            TIER_FACTS.check(tier.when, f"Program.tiers[{place}].when")
            check_possible(tier.when, f"Program.tiers[{place}].when")
    for place, extension in enumerate(program.extensions):
        if extension.when is not None:
            EXTENSION_FACTS.check(extension.when, f"Program.extensions[{place}].when")
            check_possible(extension.when, f"Program.extensions[{place}].when")


def _check_rule(known: FactSchema, rule: EarningRule, path: str) -> None:
    if rule.when is not None:
        known.check(rule.when, f"{path}.when")
    if isinstance(rule.award, (PerAmount, PerUnit)):
        known.check(field(rule.award.of) > 0, f"{path}.award.of")
    for place, cap in enumerate(rule.caps):
        if cap.by is not None:
            known.check(field(cap.by).is_missing(), f"{path}.caps[{place}].by")
