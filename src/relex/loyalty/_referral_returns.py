"""What is left of a purchase that counted for a referral, and whether it still counts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from relex import _checks
from relex.errors import CurrencyMismatch, InvalidValue, NotFound
from relex.loyalty._exact import decimal_of, sum_of
from relex.loyalty._occasions import Occasion, in_utc, read_occasion
from relex.loyalty._qualifying import entry_facts, facts_given, failed_parts, own_facts, require_order, require_terms
from relex.loyalty._referral_events import ReferralReversed
from relex.money import Rounding, allocate, minor_digits
from relex.purchases import Purchase, Return
from relex.purchases._entries import once

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from relex.loyalty._referral_terms import ReferralTerms
    from relex.loyalty._referrals import Referral
    from relex.purchases import Line

__all__ = ["remains_of", "reversing"]

_PURCHASE = _checks.a(Purchase)
_RETURN = _checks.a(Return)
_half_up = Rounding.HALF_UP.apply


def reversing(
    referral: Referral,
    purchase: Purchase,
    returns: Iterable[Return],
    terms: ReferralTerms,
    at: datetime,
    facts: Mapping[str, Any] | None,
) -> tuple[ReferralReversed, ...]:
    """The events of `Referral.reverse`; none while the purchase counts, or after it stopped counting."""
    _PURCHASE.require("reverse.purchase", purchase)
    facts = facts_given("reverse", facts)
    require_terms("reverse", referral, terms)
    at = in_utc("reverse.at", at)
    counted = next((event for event in referral.qualified if event.entry == purchase.id), None)
    if counted is None:
        raise NotFound("entry of the referral", purchase.id)
    if purchase.id in referral.reversed:
        return ()
    left = remains_of(purchase, returns)
    reason = "returned"
    if left is not None:
        reading = read_occasion(left, counted.effective, minor_digits(purchase.currency))
        own = own_facts(referral, counted.effective, terms, counted.count)
        known = entry_facts(reading, terms) | facts | own
        if not failed_parts("reverse", terms, known, counted.effective):
            return ()
        reason = "condition"
    return (
        ReferralReversed(
            source=referral.id,
            version=referral.version + 1,
            at=require_order("reverse", referral, at),
            entry=purchase.id,
            occasions=tuple([(each.kind, each.id) for each in counted.occasions]),
            reason=reason,
        ),
    )


def remains_of(purchase: Purchase, returns: Iterable[Return]) -> Occasion | None:
    """A purchase less what came back of it, as an occasion; None when nothing is left.

    Raises:
        InvalidValue: For what is no return, or one of another purchase.
        Conflict: For two returns of one id.
        CurrencyMismatch: For a value in another currency than the purchase.
    """
    back: dict[int, list[Decimal]] = {}
    value, digits = 0, minor_digits(purchase.currency)
    for place, entry in enumerate(_each_once(returns)):
        if entry.purchase != purchase.id:
            raise InvalidValue(f"reverse.returns[{place}]", entry, f"a return of {purchase.id}")
        for number, quantity in entry.lines:
            back.setdefault(number, []).append(Decimal(quantity).copy_negate())
        if not entry.lines and entry.value is not None:
            if entry.value.currency != purchase.currency:
                raise CurrencyMismatch(purchase.currency, entry.value.currency)
            value += _half_up(Fraction(entry.value.amount) * 10**digits)
    left = [_left(line, back.get(line.number)) for line in purchase.lines]
    nets = [net - _half_up(net * (1 - each.share)) for net, each in zip(purchase.figures.net, left, strict=True)]
    if value:
        offs = allocate(min(value, sum(nets)), nets)
        nets = [net - off for net, off in zip(nets, offs, strict=True)]
        left = [each if net else _NOTHING for net, each in zip(nets, left, strict=True)]
    rows = zip(purchase.facts()["lines"], left, nets, strict=True)
    lines = [_line(facts, each, decimal_of(net, digits)) for facts, each, net in rows if each.share]
    told = {name: getattr(purchase, name) for name in ("channel", "store", "currency", "customer")}
    return Occasion("purchase", purchase.id, purchase.at, told, lines) if lines else None


def _each_once(returns: Iterable[Return]) -> tuple[Return, ...]:
    found: tuple[Return, ...] = _checks.items("reverse.returns", returns)
    for place, entry in enumerate(found):
        _RETURN.require(f"reverse.returns[{place}]", entry)
    return once(found)


class _Left(NamedTuple):
    """What is left of a line: the part, and the quantity."""

    share: Fraction
    quantity: int | Decimal


_NOTHING = _Left(Fraction(0), 0)


def _left(line: Line, back: list[Decimal] | None) -> _Left:
    """What is left of a line; one that was sold with quantity 0 comes back whole when it is named."""
    if back is None:
        return _Left(Fraction(1), line.quantity)
    quantity = sum_of([line.quantity, *back])
    return _Left(Fraction(quantity) / Fraction(line.quantity), quantity) if quantity > 0 else _NOTHING


def _line(facts: Mapping[str, Any], left: _Left, net: Decimal) -> dict[str, Any]:
    """The facts of what is left of a line; amounts that are not known of a part are left out."""
    found = {name: fact for name, fact in facts.items() if left.share == 1 or name not in {"line.list", "line.paid"}}
    return found | {"line.net": net, "line.quantity": left.quantity}
