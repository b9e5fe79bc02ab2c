"""Points currencies."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

import attrs

from relex import _checks
from relex.calendars import CalendarDuration
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.loyalty._escrow import Escrow
from relex.loyalty._exact import decimal_of
from relex.loyalty._expiry import FirstOf, Inactive, Never, OnDates, expiry_check
from relex.money import Money, Rounding

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["Pending", "Points", "pending_check"]

Pending: TypeAlias = CalendarDuration | timedelta | Escrow


def _is_wait(value: object) -> bool:
    return isinstance(value, (CalendarDuration, Escrow)) or (isinstance(value, timedelta) and value > timedelta(0))


_WORTH = _checks.Check("a Money of at least 0", lambda value: isinstance(value, Money) and value.amount >= 0)
pending_check = _checks.Check("Days, Weeks, Months, Years, a timedelta above 0, or Escrow", _is_wait)


@tagged("loyalty.Points")
@attrs.frozen
class Points:
    """One points currency of a program.

    Attributes:
        id: Name of the currency, such as `points`.
        scale: Decimal places of the smallest unit; every count of points is an int of that unit.
        qualifying: Status only: it does not expire and cannot be spent.
        rounding: How the exact sum of an occasion becomes whole: FLOOR, HALF_UP or CEILING.
        expires: Policy of expiry; None for the program's.
        pending: How long points wait, or `Escrow` for what; None for the program's.
        clock: Whether the time to expiry starts at `activation` or at `earning`.
        worth: What one whole point is worth, for liabilities and costs; None if that is told where it is asked for.

    Raises:
        InvalidValue: For a worth below 0, or one of points of status, which nobody can spend.

    Example:
        >>> stars = Points("stars", scale=2)
        >>> stars.of("16.45"), stars.show(1645)
        (1645, '16.45')

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    scale: int = attrs.field(default=0, kw_only=True, validator=_checks.whole(least=0, most=9))
    qualifying: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)
    rounding: Rounding = attrs.field(
        default=Rounding.FLOOR,
        kw_only=True,
        validator=_checks.one_of(Rounding.FLOOR, Rounding.HALF_UP, Rounding.CEILING),
    )
    expires: Never | OnDates | Inactive | FirstOf | CalendarDuration | timedelta | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(expiry_check)
    )
    pending: CalendarDuration | timedelta | Escrow | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(pending_check)
    )
    clock: str = attrs.field(default="activation", kw_only=True, validator=_checks.one_of("activation", "earning"))
    worth: Money | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_WORTH))

    def __attrs_post_init__(self) -> None:
        if self.qualifying and self.worth is not None:
            raise InvalidValue("Points.worth", self.worth, "None, because points of status cannot be spent")

    def of(self, amount: str | int | Decimal) -> int:
        """An amount in whole points as an int of the smallest unit.

        Raises:
            InvalidValue: For a float, or an amount that has more places than the scale.
        """
        found = _checks.exact_number("Points.of.amount", amount)
        numerator, denominator = found.as_integer_ratio()
        units, rest = divmod(numerator * int(10**self.scale), denominator)
        if rest:
            raise InvalidValue("Points.of.amount", amount, f"an amount with at most {self.scale} decimal places")
        return units

    def show(self, points: int) -> str:
        """An int of the smallest unit as an amount in whole points."""
        _checks.whole().require("Points.show.points", points)
        return f"{decimal_of(points, self.scale):f}"
