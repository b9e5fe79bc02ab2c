"""A program on one page: what is outstanding, what it will cost, what became of points, how the program is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex._html import table
from relex.loyalty._breakage import RateByAge, redemption_curve
from relex.loyalty._liability import rate_of, valued, worth_of
from relex.loyalty._lot_lives import CohortTally
from relex.loyalty._occasions import in_utc
from relex.loyalty._outstanding import Tally, each_account, redeemable
from relex.loyalty._rates import ActivityTally, UseTally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from decimal import Decimal
    from fractions import Fraction

    from relex.calendars import Period
    from relex.figures import Figure
    from relex.loyalty._account import Account
    from relex.loyalty._breakage import RedemptionCurve
    from relex.loyalty._cohorts import PointsCohorts
    from relex.loyalty._liability import Liability, Rate, Worth
    from relex.loyalty._outstanding import Outstanding
    from relex.loyalty._program import Program

__all__ = ["ProgramReport", "program_report"]


@attrs.frozen(kw_only=True)
class ProgramReport:
    """A program at one instant, and its use in one period.

    Attributes:
        program: Id of the program.
        as_of: The instant.
        period: The period of `burn_to_earn`.
        outstanding: What members hold, by month of issue.
        liability: What it is expected to cost.
        cohorts: What became of points, by month of issue.
        curves: Expected redemption by age, one for each currency that has any points.
        burn_to_earn: (currency, redeemed / earned in the period).
        active_rate: Accounts that did something lately / open accounts.

    .. versionadded:: 0.1.0
    """

    program: str
    as_of: datetime
    period: Period
    outstanding: Outstanding
    liability: Liability
    cohorts: PointsCohorts
    curves: tuple[RedemptionCurve, ...]
    burn_to_earn: tuple[tuple[str, Figure], ...]
    active_rate: Figure

    def figures(self) -> tuple[tuple[str, Figure], ...]:
        """(name, rate), each with its parts: how points and members of the program behave.

        .. versionadded:: 0.1.0
        """
        found: list[tuple[str, Figure]] = [("active rate", self.active_rate)]
        found += [(f"burn to earn, {currency}", figure) for currency, figure in self.burn_to_earn]
        for currency in dict.fromkeys([cohort.currency for cohort in self.cohorts.cohorts]):
            found += [
                (f"redemption rate, {currency}", self.cohorts.redemption_rate(currency)),
                (f"breakage, {currency}", self.cohorts.breakage(currency)),
            ]
        return tuple(found)

    def __str__(self) -> str:
        rates = [f"{name}: {figure.as_percent()}" for name, figure in self.figures()]
        return "\n".join([f"{self.program}: {self.liability}", *rates])

    def _repr_html_(self) -> str:
        rates = [(name, figure.as_percent(), figure.numerator, figure.denominator) for name, figure in self.figures()]
        parts = [
            table(f"{self.program} at {self.as_of.isoformat()}", ("rate", "value", "of", "in"), rates),
            self.liability._repr_html_(),
            self.outstanding._repr_html_(),
            self.cohorts._repr_html_(),
            *[curve._repr_html_() for curve in self.curves],
        ]
        return "".join(parts)


def program_report(  # noqa: PLR0913 - all that the parts need
    accounts: Iterable[Account],
    program: Program,
    *,
    as_of: datetime,
    period: Period,
    worth: Worth | Mapping[str, Worth] | None = None,
    rate: Rate | Mapping[str, Rate] | None = None,
    tail: int | str | Decimal | Fraction | None = None,
    days: int = 90,
    progress: Callable[[int], object] | None = None,
) -> ProgramReport:
    """Everything about the points of a program in one pass over its accounts, which are read one by one.

    Args:
        accounts: Any iterable.
        program: Its currencies that can be spent, and its time zone.
        as_of: The instant of everything but `burn_to_earn`.
        period: Of `burn_to_earn`.
        worth: As of `liability`.
        rate: As of `liability`; by default the curve that the same accounts give.
        tail: As of `redemption_curve`.
        days: As of `active_rate`.
        progress: Called with the number of accounts that are done.

    Raises:
        InvalidValue: As the parts do; and without a rate when history does not tell one, because no points have been
            seen to the end: then give a `rate`, or a `tail`.

    .. versionadded:: 0.1.0
    """
    at = in_utc("program_report.as_of", as_of)
    worths = worth_of(program, worth)
    held, lives = Tally(program, at), CohortTally(program, at)
    use, activity = UseTally(program, period), ActivityTally(program, at, days)
    for done, account in enumerate(each_account("program_report.accounts", accounts, program), 1):
        for tally in (held, lives, use, activity):
            tally.add(account)
        if progress is not None:
            progress(done)
    cohorts = lives.result()
    known = {cohort.currency for cohort in cohorts.cohorts}
    curves = {name: redemption_curve(cohorts, points=name, tail=tail) for name in redeemable(program) if name in known}
    rates = _from_history(program, curves) if rate is None else rate_of(program, rate)
    outstanding = held.result()
    return ProgramReport(
        program=program.id,
        as_of=at,
        period=period,
        outstanding=outstanding,
        liability=valued(outstanding, program, worths, rates),
        cohorts=cohorts,
        curves=tuple(curves.values()),
        burn_to_earn=tuple(use.result().items()),
        active_rate=activity.result(),
    )


def _from_history(program: Program, curves: Mapping[str, RedemptionCurve]) -> dict[str, RateByAge]:
    """Rates that accounts themselves give; a currency without any points needs none."""
    return {name: curves[name].rates() if name in curves else RateByAge([1]) for name in redeemable(program)}
