"""The answer of a quote: what a reward would take and give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex._html import table

if TYPE_CHECKING:
    from relex.money import Money

__all__ = ["PointsQuote"]


@attrs.frozen(kw_only=True, weakref_slot=False)
class PointsQuote:
    """What a reward would take and give; made by `Program.quote`.

    Attributes:
        reward: Id of the reward.
        currency: Id of the points currency.
        points: That would be spent, in the smallest unit; 0 when it cannot be had.
        worth: What they pay, or the discount they buy; a gift that stands at no price is worth 0.
        limited_by: Why it is not (all of) what was wanted: `available`, `payable`, `at_most`, `whole_blocks`,
            `below_minimum`, `not_in_force`, `not_matched`, `nothing` (it would take nothing off), `condition`,
            `unknown:<fact>`, `no_basket`, `suspended`, `closed`, or `capped_by:<cap>`; None when nothing keeps it from
            that.
        wanted: Points that were asked for, or the cost; None for as many as may be.
        available: Points that can be spent on this basket.
        own: Points among those of the account that are left out, because this very basket earned them.
        payable: What there is to pay without the reward; None without a basket.

    .. versionadded:: 0.1.0
    """

    reward: str
    currency: str
    points: int
    worth: Money
    limited_by: str | None = None
    wanted: int | None = None
    available: int = 0
    own: int = 0
    payable: Money | None = None

    @property
    def due(self) -> Money | None:
        """What is left to pay; None without a basket."""
        return None if self.payable is None else self.payable - self.worth

    def __str__(self) -> str:
        why = "" if self.limited_by is None else f" ({self.limited_by})"
        return f"{self.reward}: {self.points} of {self.available} {self.currency} for {self.worth}{why}"

    def _repr_html_(self) -> str:
        rows = [
            ("wanted", self.wanted),
            ("available", self.available),
            ("payable", self.payable),
            ("points", self.points),
            ("worth", self.worth),
            ("due", self.due),
            ("limited by", self.limited_by),
        ]
        return table(str(self), ("", ""), rows)
