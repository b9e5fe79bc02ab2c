"""Who is credited for sales, and what returns take back."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.money import Money
from relex.pipeline._commission_plan import CommissionPlan
from relex.pipeline._credits import CommissionCredit, Credited, credit_id, credits_of, in_order, shares_of
from relex.pipeline._parts import Split, require_splits
from relex.purchases import Purchase, Return, once, settle
from relex.rules import compile_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["purchase_credits"]

_PLAN = _checks.a(CommissionPlan)
_PAYEES = _checks.a(Mapping)
_SALES = _checks.each(_checks.a(Purchase))
_BACK = _checks.each(_checks.a(Return))


def purchase_credits(
    purchases: Iterable[Purchase],
    plan: CommissionPlan,
    *,
    payees: Mapping[str, str | Iterable[Split]],
    returns: Iterable[Return] = (),
) -> Credited:
    """What sales credit, and what returns take back.

    A sale credits its net, or that of the lines that match the plan's rule. What comes back is valued as
    `relex.purchases.settle` does, never beyond what was credited; a sale that came back in any steps leaves nothing
    with anybody. Ids are like `p1/ann` and `r1/ann`: purchase or return, payee.

    Args:
        purchases: In any order.
        plan: Whose rule says which lines count.
        payees: By id of the purchase: who is credited, or the shares.
        returns: That name the purchases.

    Returns:
        Left out are sales that nobody is credited for (`no_owner`) or without a line that counts (`no_eligible_line`),
        and returns of an unknown purchase (`unknown-purchase`) or in another currency (`other-currency`).

    Raises:
        InvalidValue: For shares of revenue that do not add to 100, or something else than purchases and returns.
        Conflict: For one id with two contents.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.pipeline import CommissionTier
        >>> from relex.purchases import Line
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> sale = Purchase("p1", at=day, currency="USD", lines=[Line(1, "mug", 3, gross="10.00")])
        >>> plan = CommissionPlan("shop", [CommissionTier(slice=10)], currency="USD")
        >>> back = sale.take_back({1: 1}, id="r1", at=day)
        >>> found = purchase_credits([sale], plan, payees={"p1": "ann"}, returns=[back])
        >>> [(credit.id, str(credit.amount), credit.reverses) for credit in found.credits]
        [('p1/ann', '10.00 USD', None), ('r1/ann', '-3.33 USD', 'p1/ann')]

    .. versionadded:: 0.1.0
    """
    _PLAN.require("purchase_credits.plan", plan)
    _PAYEES.require("purchase_credits.payees", payees)
    sales = once(_checks.items("purchase_credits.purchases", purchases))
    _SALES.require("purchase_credits.purchases", sales)
    back = once(_checks.items("purchase_credits.returns", returns))
    _BACK.require("purchase_credits.returns", back)
    by_sale: dict[str | None, list[Return]] = {}
    for entry in back:
        by_sale.setdefault(entry.purchase, []).append(entry)
    found: list[CommissionCredit] = []
    left_out: list[tuple[str, str]] = []
    for sale in sales:
        entries = by_sale.pop(sale.id, [])
        splits, nets = _splits(payees.get(sale.id)), _nets(sale, plan)
        if not (splits and nets):
            left_out.append((sale.id, "no_eligible_line" if splits else "no_owner"))
            continue
        whole = Money.sum(nets.values(), sale.currency)
        found += credits_of(sale.id, whole, splits, sale.at, _about(sale))
        held = [part for _, part in shares_of(whole, splits)]
        for entry, before, after in _back(sale, nets, entries):
            left = _left(splits, held, whole, before=before, after=after)
            found += [_taken(entry, split, was - now) for split, was, now in zip(splits, held, left, strict=True)]
            held = left
        left_out += [(entry.id, "other-currency") for entry in entries if not _fits(entry, sale)]
    left_out += [(entry.id, "unknown-purchase") for entries in by_sale.values() for entry in entries]
    return in_order(found, left_out)


def _splits(given: str | Iterable[Split] | None) -> tuple[Split, ...]:
    if given is None:
        return ()
    splits = (Split(given, 100),) if isinstance(given, str) else _checks.items("purchase_credits.payees", given)
    require_splits("purchase_credits.payees", splits)
    return splits


def _about(sale: Purchase) -> dict[str, Any]:
    facts = {name: fact for name, fact in sale.facts().items() if fact is not None and name != "lines"}
    return {**facts, "kind": "purchase", "purchase": sale.id}


def _nets(sale: Purchase, plan: CommissionPlan) -> dict[int, Money]:
    """The net of each line that counts, by its number."""
    nets = {line.number: net for line, net in zip(sale.lines, sale.line_nets, strict=True)}
    if plan.lines is None:
        return nets
    counts, about = compile_rule(plan.lines), _about(sale)
    lines = sale.facts()["lines"]
    return {line["line.number"]: nets[line["line.number"]] for line in lines if counts({**about, **line}) is True}


def _fits(entry: Return, sale: Purchase) -> bool:
    return entry.value is None or entry.value.currency == sale.currency


def _back(sale: Purchase, nets: dict[int, Money], entries: Iterable[Return]) -> Iterator[tuple[Return, Money, Money]]:
    """Each return with what had been taken back before it and after it; at most what was credited."""
    whole, before = Money.sum(nets.values(), sale.currency), Money.zero(sale.currency)
    narrowed = [_narrowed(entry, sale, nets) for entry in entries if _fits(entry, sale)]
    for settled in settle([sale], [entry for entry in narrowed if entry is not None]):
        after = min(before + settled.value.round(), whole)  # type: ignore[union-attr]  # its purchase is known
        yield settled.entry, before, after
        before = after


def _narrowed(entry: Return, sale: Purchase, nets: dict[int, Money]) -> Return | None:
    """The return of nothing but the lines that count; None where it returns none of them."""
    if entry.value is None:
        lines = [(number, quantity) for number, quantity in entry.lines if number in nets]
        return attrs.evolve(entry, lines=lines) if lines else None
    weights = {line.number: Fraction(net.amount) for line, net in zip(sale.lines, sale.line_nets, strict=True)}
    if entry.lines:
        bought = {line.number: line.quantity for line in sale.lines}
        weights = {
            number: weights[number] * (Fraction(quantity) / Fraction(bought[number]) if bought[number] else 1)
            for number, quantity in entry.lines
            if number in weights
        }
    parts = dict(zip(weights, entry.value.round().allocate(weights.values()), strict=True)) if weights else {}
    return attrs.evolve(entry, value=Money.sum([parts[number] for number in parts if number in nets], sale.currency))


def _left(splits: tuple[Split, ...], held: list[Money], whole: Money, *, before: Money, after: Money) -> list[Money]:
    """What each payee still holds after a return: shares of revenue are lowered by what each still holds of them."""
    if before == after:
        return held
    weights = [part.amount if split.kind == "revenue" else 0 for split, part in zip(splits, held, strict=True)]
    lowered = (after - before).allocate(weights) if any(weights) else held
    return [
        part - less if split.kind == "revenue" else now
        for (split, now), part, less in zip(shares_of(whole - after, splits), held, lowered, strict=True)
    ]


def _taken(entry: Return, split: Split, amount: Money) -> CommissionCredit:
    """What a return takes back of one payee."""
    return CommissionCredit(
        credit_id(entry.id, split),
        payee=split.owner,
        amount=-amount,
        at=entry.at,
        reverses=credit_id(entry.purchase or "", split),
        about={"kind": "return", "purchase": entry.purchase, "split": split.kind},
    )
