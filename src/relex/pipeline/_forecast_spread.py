"""How a deal is laid into groups and to owners: as a whole, by shares of credit, by the products of its lines."""

from __future__ import annotations

from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from relex.errors import InvalidValue
from relex.money import Money, allocate, minor_digits
from relex.pipeline._facts import SCHEMA
from relex.purchases import Purchase

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from relex.pipeline._opportunity import Opportunity
    from relex.pipeline._pipeline import Pipeline

__all__ = ["HUNDREDTH", "OTHER_GROUPS", "OWNED", "Part", "Spread", "has_minor", "shared_out"]

HUNDREDTH = Decimal("0.01")
OTHER_GROUPS = ("product", "team")
"""What deals are grouped by that is no fact of theirs."""

OWNED = ("owner", "team")
"""What deals are grouped by through whom the credit belongs to."""

Part: TypeAlias = "tuple[Hashable, str | None, Decimal]"
"""A group, an owner, and what of a deal is theirs."""

_ZERO = Decimal(0)
# Facts that are read off the deal; the others cost a mapping of all facts.
_DIRECT = {
    "campaign": "campaign",
    "competitor": "competitor",
    "customer": "customer",
    "expected_close": "expected_close",
    "lost_reason": "lost_reason",
    "owner": "owner",
    "pipeline": "pipeline",
    "stage": "stage",
    "stage_kind": "kind",
    "territory": "territory",
}


class Spread:
    """Where the amounts of deals belong.

    What is asked of each of many deals is a function that reads one attribute: its `owner`, its `group`, and whether it
    lies in several cells, by its `splits` or by its `lines`.

    Args:
        by: What deals are grouped by.
        credited: Whether owners are told apart, whatever deals are grouped by.
        pipelines: By id, whose present definitions count; deals of others are told as they came in.
        facts: The caller's own facts by id of a deal.
        guess: The predicted probability of a deal, where it counts.

    Raises:
        InvalidValue: For a fact that nobody gives.
    """

    def __init__(
        self,
        by: str | None,
        *,
        credited: bool,
        pipelines: Mapping[str, Pipeline],
        facts: Mapping[str, Mapping[str, Any]],
        guess: Callable[[Opportunity], int | Decimal | None],
    ) -> None:
        self._credited = credited
        self._by_product = by == "product"
        self._by_owner = by in OWNED
        self._pipelines, self._facts, self._guess = pipelines, facts, guess
        self.owner: Callable[[Opportunity], str | None] = attrgetter("owner") if credited else _nobody
        self.splits: Callable[[Opportunity], object] = attrgetter("splits")
        self.lines: Callable[[Opportunity], object] = attrgetter("lines") if by == "product" else _nobody
        self.group: Callable[[Opportunity], Hashable] = self._grouping(by)

    def parts(self, state: Opportunity) -> list[Part]:
        """All parts of a deal; they add up to its amount."""
        return [
            (owner if self._by_owner else group, owner, amount)
            for group, whole in self._products(state)
            for owner, amount in self._credits(state, whole)
        ]

    def overlay(self, state: Opportunity) -> list[Part]:
        """Credit that is given on top, whether owners are told apart or not."""
        return [
            (each.owner if self._by_owner else group, each.owner, whole * each.share * HUNDREDTH)
            for each in state.splits
            if each.kind == "overlay"
            for group, whole in self._products(state)
        ]

    def _products(self, state: Opportunity) -> list[tuple[Hashable, Decimal]]:
        if not self._by_product or not state.lines or state.amount is None:
            return [(self.group(state), _ZERO if state.amount is None else state.amount.amount)]
        weights = _of_products(state, state.amount.currency)
        return list(zip(weights, shared_out(state.amount, tuple(weights.values())), strict=True))

    def _credits(self, state: Opportunity, whole: Decimal) -> list[tuple[str | None, Decimal]]:
        shares = [each for each in state.splits if each.kind == "revenue"] if self._credited else []
        if not shares:
            return [(self.owner(state), whole)]
        amount = None if state.amount is None else Money(whole, state.amount.currency)
        parts = shared_out(amount, [each.share for each in shares])
        return [(each.owner, part) for each, part in zip(shares, parts, strict=True)]

    def _grouping(self, by: str | None) -> Callable[[Opportunity], Hashable]:
        if by is None or by in OTHER_GROUPS:
            return _nobody
        if by in _DIRECT:
            return attrgetter(_DIRECT[by])
        known = {*dict(SCHEMA.facts), *(name for own in self._facts.values() for name in own)}
        if by not in known:
            raise InvalidValue("forecast.by", by, f"one of {', '.join(sorted({*known, *OTHER_GROUPS}))}")
        return lambda state: self._fact(by, state)

    def _fact(self, name: str, state: Opportunity) -> Hashable:
        own = self._facts.get(state.id, {})
        if name in own:
            return own[name]  # type: ignore[no-any-return]  # facts are scalars
        if name == "probability" and (guess := self._guess(state)) is not None:
            return guess
        pipeline = self._pipelines.get(state.pipeline)
        is_known = pipeline is not None and state.stage in pipeline.places
        return state.facts(pipeline if is_known else None).get(name)


def _nobody(_: object) -> None:
    """No group, and no owner."""


def has_minor(currency: str) -> bool:
    """Whether a currency has a minor unit, to which amounts are rounded."""
    try:
        minor_digits(currency)
    except InvalidValue:
        return False
    return True


def _of_products(state: Opportunity, currency: str) -> dict[Hashable, Decimal]:
    """The net amounts of the lines by product; where all of them are nothing, products count alike."""
    found: dict[Hashable, Decimal] = dict.fromkeys([line.product for line in state.lines], _ZERO)
    sale = Purchase(state.id, at=state.opened_at, currency=currency, lines=state.lines)
    for line, net in zip(state.lines, sale.line_nets, strict=True):
        found[line.product] += net.amount
    return found


def shared_out(amount: Money | None, weights: Sequence[int | Decimal]) -> list[Decimal]:
    """An amount in parts that add up to it, to the minor unit or to as many decimals as it has."""
    if amount is None:
        return [_ZERO for _ in weights]
    digits = max(minor_digits(amount.currency) if has_minor(amount.currency) else 0, -_exponent(amount.amount))
    return [Decimal(part).scaleb(-digits) for part in allocate(int(amount.amount.scaleb(digits)), weights)]


def _exponent(amount: Decimal) -> int:
    return int(amount.as_tuple().exponent)
