"""What a payee is credited with: the plain values that commissions are computed from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from relex import _checks
from relex._instants import moment
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.money import Money
from relex.rules import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.pipeline._parts import Split

__all__ = ["CommissionCredit", "Credited", "shares_of"]

Given: TypeAlias = str | int | Decimal | bool | date | datetime | tuple[str, ...] | None

_OWN = frozenset({"amount", "at", "currency", "id", "payee", "reverses"})
_ABOUT = _checks.Check(
    f"facts by name, none of them called {', '.join(sorted(_OWN))}",
    lambda pairs: isinstance(pairs, tuple) and all(map(_is_given, pairs)),
)


def _is_given(pair: Any) -> bool:
    if not (isinstance(pair, tuple) and len(pair) == len(("name", "value")) and _checks.text.passes(pair[0])):
        return False
    return pair[0] not in _OWN and (pair[1] is None or read(pair[1]) is not None)


def _pairs(given: Mapping[str, Given] | Iterable[tuple[str, Given]]) -> tuple[tuple[str, Given], ...]:
    pairs = tuple(given.items()) if isinstance(given, Mapping) else _checks.items("CommissionCredit.about", given)
    _ABOUT.require("CommissionCredit.about", pairs)
    return tuple(sorted(pairs, key=lambda pair: pair[0]))


@tagged("pipeline.CommissionCredit")
@attrs.frozen(weakref_slot=False)
class CommissionCredit:
    """What somebody is credited with for one transaction, or what is taken back of it.

    Attributes:
        id: Of the credit; the same id with the same content is the same credit.
        payee: Who earns by it.
        amount: The eligible amount, the payee's share of it; below 0 where it takes back.
        at: When it counts; aware.
        reverses: Id of the credit that this one takes back, in whole or in part.
        about: What plans may ask of the transaction, by name; a mapping or pairs, kept sorted by name.

    Raises:
        InvalidValue: For a wrong type, a naive datetime, a fact that is none, or one that has the name of a field.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 4, tzinfo=timezone.utc)
        >>> deal = CommissionCredit("d1", payee="ann", amount=Money(500, "USD"), at=day, about={"region": "north"})
        >>> deal.facts()["region"], deal.facts()["amount"]
        ('north', Decimal('500'))

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    payee: str = attrs.field(kw_only=True, validator=_checks.text)
    amount: Money = attrs.field(kw_only=True, validator=_checks.a(Money))
    at: datetime = attrs.field(kw_only=True, validator=_checks.instant, eq=moment)
    reverses: str | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.text))
    about: tuple[tuple[str, Given], ...] = attrs.field(default=(), kw_only=True, converter=_pairs)

    def __attrs_post_init__(self) -> None:
        names = [name for name, _ in self.about]
        if len(set(names)) < len(names):
            raise InvalidValue("CommissionCredit.about", names, "each name once")

    def facts(self) -> dict[str, Any]:
        """What a plan's rule may ask about: `about`, and the fields; the amount is a Decimal in `currency`."""
        return {
            **dict(self.about),
            "amount": self.amount.amount,
            "at": self.at,
            "currency": self.amount.currency,
            "id": self.id,
            "payee": self.payee,
            "reverses": self.reverses,
        }


@attrs.frozen(kw_only=True)
class Credited:
    """The credits that transactions give, and the transactions that give none.

    Attributes:
        credits: By (at, id).
        left_out: Sorted (id of the transaction, reason) pairs.

    .. versionadded:: 0.1.0
    """

    credits: tuple[CommissionCredit, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def in_order(found: Iterable[CommissionCredit], left_out: Iterable[tuple[str, str]]) -> Credited:
    """The credits by (at, id), and each reason once."""
    ordered = sorted(found, key=lambda credit: (moment(credit.at), credit.id))
    return Credited(credits=tuple(ordered), left_out=tuple(sorted(set(left_out))))


def shares_of(amount: Money, splits: Iterable[Split]) -> list[tuple[Split, Money]]:
    """What each split gets: shares of revenue add up to the amount, to the minor unit; an overlay gets its percent."""
    given = tuple(splits)
    revenue = [split for split in given if split.kind == "revenue"]
    parts = iter(amount.allocate([split.share for split in revenue]) if revenue else ())
    return [(split, next(parts) if split.kind == "revenue" else _percent(amount, split.share)) for split in given]


def credits_of(
    transaction: str, amount: Money, splits: Iterable[Split], at: datetime, about: Mapping[str, Any]
) -> list[CommissionCredit]:
    """A credit for each split of a transaction."""
    return [
        CommissionCredit(
            credit_id(transaction, split),
            payee=split.owner,
            amount=part,
            at=at,
            about={**_free(about), "split": split.kind},
        )
        for split, part in shares_of(amount, splits)
    ]


def credit_id(transaction: str, split: Split) -> str:
    """Such as `d1/7/ann`, or `d1/7/ann/overlay`."""
    return f"{transaction}/{split.owner}" + ("" if split.kind == "revenue" else f"/{split.kind}")


def _free(about: Mapping[str, Any]) -> dict[str, Any]:
    """The facts whose names no field of a credit has."""
    return {name: fact for name, fact in about.items() if name not in _OWN}


def _percent(amount: Money, share: int | Decimal) -> Money:
    return amount.times(Decimal(share) / 100)
