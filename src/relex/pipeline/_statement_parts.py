"""What a commission statement is made of: lines, what is paid for them, and what is owed afterwards."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.money import Money
from relex.pipeline._commission_tiers import TierPart
from relex.pipeline._statement_html import statement_html

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.calendars import Period
    from relex.pipeline._commission_plan import CommissionPlan, Draw
    from relex.pipeline._credits import CommissionCredit
    from relex.rules import Verdict

__all__ = ["CommissionBalance", "CommissionLine", "CommissionStatement", "Settlement", "added", "end_of", "settled"]


@tagged("pipeline.CommissionBalance")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CommissionBalance:
    """What a payee owes after a statement: the state that goes into the next one.

    Attributes:
        plan: Id of the plan.
        payee: Who owes it.
        through: The day on which the statement's period ended: the first of the next one.
        owed: At least 0.
        earned: What all statements so far came to, exact, so that what was rounded is neither lost nor paid twice.

    .. versionadded:: 0.1.0
    """

    plan: str = attrs.field(validator=_checks.text)
    payee: str = attrs.field(validator=_checks.text)
    through: date = attrs.field(validator=_checks.calendar_day)
    owed: Money = attrs.field(
        validator=_checks.Check("Money of at least 0", lambda value: isinstance(value, Money) and value.amount >= 0)
    )
    earned: Fraction = attrs.field(default=Fraction(0), validator=_checks.a(Fraction))


@attrs.frozen(kw_only=True, weakref_slot=False)
class CommissionLine:
    """One credit on a statement.

    Attributes:
        credit: What was credited.
        earned: What it adds to the commission, in minor units that add up to what the statement earns; below 0 where
            it takes back.
        counted: What of the credit counts: all of it, unless there is a reason.
        parts: How it changes what each tier holds and pays; exact.
        before: The sum of the window before it.
        reason: Why it does not count in full: `not_eligible` (see `verdict`), `unknown_credit` (it takes back a credit
            that was not given by the end of the period), `already_reversed` (less was left to take back); else None.
        verdict: What the plan's rule said, where there is one.

    .. versionadded:: 0.1.0
    """

    credit: CommissionCredit
    earned: Money
    counted: Money
    parts: tuple[TierPart, ...] = ()
    before: Money
    reason: str | None = None
    verdict: Verdict | None = None

    @property
    def exact(self) -> Fraction:
        """What it adds to the commission, before any rounding."""
        return sum([part.paid for part in self.parts], Fraction(0))


@attrs.frozen(kw_only=True, weakref_slot=False)
class Settlement:
    """What is paid for what was earned: payable = earned + guaranteed + advanced - recovered.

    Attributes:
        earned: The commission of the period; below 0 when more was taken back.
        draw: What the period pays at least.
        guaranteed: What the draw adds and nobody asks back.
        advanced: What the draw adds as an advance, and what was taken back beyond what was earned: owed from now on.
        recovered: What is kept of the commission above the draw, because it was owed.
        payable: What the payee gets; at least the draw.
        opening: Owed before.
        closing: Owed after: opening + advanced - recovered.

    .. versionadded:: 0.1.0
    """

    earned: Money
    draw: Money
    guaranteed: Money
    advanced: Money
    recovered: Money
    payable: Money
    opening: Money
    closing: Money


@attrs.frozen(kw_only=True)
class CommissionStatement:
    """What a payee earned in a period, line by line.

    Attributes:
        plan: The plan that it was computed by.
        payee: Whose it is.
        period: Of dates, in the plan's time zone.
        lines: Every credit of the payee in the period, by (at, id), those that earn nothing too.
        quota: What the bounds are percent of in this period; None where the plan does not ask.
        settlement: What is paid for it.
        before: What the statements before it came to, exact, as its opening balance says.

    .. versionadded:: 0.1.0
    """

    plan: CommissionPlan
    payee: str
    period: Period
    lines: tuple[CommissionLine, ...]
    quota: Money | None
    settlement: Settlement
    before: Fraction = Fraction(0)

    @property
    def credited(self) -> Money:
        """The sum of what counts on the lines."""
        return Money.sum([line.counted for line in self.lines], self.plan.currency)

    @property
    def earned(self) -> Money:
        """The exact commission of the lines, rounded once; they add up to it."""
        return self.settlement.earned

    @property
    def payable(self) -> Money:
        """What the payee gets."""
        return self.settlement.payable

    @property
    def balance(self) -> CommissionBalance:
        """What goes into the next statement."""
        return CommissionBalance(
            plan=self.plan.id,
            payee=self.payee,
            through=end_of(self.period),
            owed=self.settlement.closing,
            earned=self.before + sum([line.exact for line in self.lines], Fraction(0)),
        )

    @property
    def parts(self) -> tuple[TierPart, ...]:
        """What the lines together changed in each tier."""
        return added(part for line in self.lines for part in line.parts)

    def __str__(self) -> str:
        owed = f", {self.settlement.closing} carried over" if self.settlement.closing else ""
        return f"{self.payee}, from {self.period.start}: {self.earned} earned, {self.payable} payable{owed}"

    def _repr_html_(self) -> str:
        return statement_html(self)


def added(parts: Iterable[TierPart]) -> tuple[TierPart, ...]:
    """One part for each tier; those that come to nothing are left out."""
    sums: dict[int, tuple[Fraction, Fraction]] = {}
    for part in parts:
        amount, paid = sums.get(part.tier, (Fraction(0), Fraction(0)))
        sums[part.tier] = amount + part.amount, paid + part.paid
    return tuple(
        TierPart(tier=tier, amount=amount, paid=paid) for tier, (amount, paid) in sorted(sums.items()) if amount or paid
    )


def settled(earned: Money, draw: Draw | None, owed: Money, currency: str) -> Settlement:
    """What is paid for a commission, under a draw and with what was owed before."""
    zero = Money.zero(currency)
    least = draw.amount if draw is not None else zero
    short = max(least - earned, zero)
    guaranteed = min(short, least) if draw is not None and not draw.recoverable else zero
    recovered = min(owed, max(earned - least, zero))
    advanced = short - guaranteed
    return Settlement(
        earned=earned,
        draw=least,
        guaranteed=guaranteed,
        advanced=advanced,
        recovered=recovered,
        payable=earned + short - recovered,
        opening=owed,
        closing=owed + advanced - recovered,
    )


def end_of(period: Period) -> date:
    """The first day after a period."""
    return period.end  # type: ignore[return-value]  # one of the plan's periods always ends
