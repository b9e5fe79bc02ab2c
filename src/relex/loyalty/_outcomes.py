"""What a simulation found: sums by member, by rule and by tier, and what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import note, table
from relex.errors import InvalidValue, NotFound
from relex.figures import Figure, ratio
from relex.loyalty._comparison import ProgramComparison, compared
from relex.loyalty._liability import rate_of, valued
from relex.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal
    from fractions import Fraction

    from relex.loyalty._breakage import RateByAge, RedemptionCurve
    from relex.loyalty._liability import Liability
    from relex.loyalty._outstanding import Outstanding
    from relex.loyalty._program import Program

__all__ = ["MemberOutcome", "Shortfall", "Simulation", "TierOutcome"]

_COUNT = _checks.optional(_checks.whole())


@attrs.frozen(kw_only=True)
class MemberOutcome:
    """What one member has at the end of a simulation, in the smallest unit of the points currency.

    `credited = kept + expired + reversed + out`, and `credited = earned + added`.

    Attributes:
        account: Id of the account.
        customer: Id of the customer.
        tier: Id of the tier at the end, or None.
        awards: How many occasions were judged.
        cut: What caps took of what the rules would have given.
        rules: (rule, points) for every rule that gave something.
        credited: All points that came in.
        redeemed: Net of what was given back.
        expired: What ended unused.
        reversed: What returns took back.
        out: What was taken by hand, sent away, or left at the closing.
        available: What can be spent at the end.
        pending: What waits.
        held: What is set aside.
        debt: What is owed.

    .. versionadded:: 0.1.0
    """

    account: str
    customer: str
    tier: str | None
    awards: int
    cut: int = 0
    rules: tuple[tuple[str, int], ...]
    credited: int
    redeemed: int
    expired: int
    reversed: int
    out: int
    available: int
    pending: int
    held: int = 0
    debt: int

    @property
    def earned(self) -> int:
        """What the rules gave, before returns."""
        return sum([points for _, points in self.rules])

    @property
    def added(self) -> int:
        """What came in without a rule: by hand, or from another account."""
        return self.credited - self.earned

    @property
    def outstanding(self) -> int:
        """Available, pending and held points, less debt."""
        return self.available + self.pending + self.held - self.debt

    @property
    def kept(self) -> int:
        """What the member got out of the program: redeemed and outstanding points."""
        return self.redeemed + self.outstanding


@attrs.frozen(kw_only=True)
class Shortfall:
    """A recorded debit that the balance did not cover.

    Attributes:
        account: Id of the account.
        id: Of the redemption, the hold, or the adjustment.
        at: Its business moment.
        points: What it asked for.
        short: What was not there.

    .. versionadded:: 0.1.0
    """

    account: str
    id: str
    at: datetime
    points: int
    short: int

    def __str__(self) -> str:
        return (
            f"{self.account}, {self.id} on {self.at:%Y-%m-%d}: {self.short:,} of {self.points:,} points were not there"
        )


@attrs.frozen(kw_only=True)
class TierOutcome:
    """One tier in a simulation.

    Attributes:
        tier: Id of the tier; None for members without one.
        members: How many are in it at the end.
        earned: Points that rules gave to members while they were in it.
        kept: Redeemed and outstanding points of those who are in it at the end.

    .. versionadded:: 0.1.0
    """

    tier: str | None
    members: int
    earned: int
    kept: int


@attrs.frozen(kw_only=True)
class Simulation:
    """What a program gave to all members of the histories, in the smallest unit of one points currency.

    Attributes:
        program: The program that was tried.
        currency: Id of the points currency that was counted.
        until: The instant at which time stopped.
        shortfall: What became of debits that the balance did not cover: `debt` or `drop`.
        worth: Of one point in the smallest unit, exact and in the currency of the program; None where nobody says.
        members: One for each member, in the order of the histories.
        by_tier: (tier, points) that rules gave to members while they were in the tier.
        holdings: What members hold at the end, by the month of issue.
        shortfalls: Recorded debits that the balance did not cover.
        refused: ((what, reason), how many) for everything that the program refused.

    .. versionadded:: 0.1.0
    """

    program: Program = attrs.field(repr=False)
    currency: str
    until: datetime
    shortfall: str
    worth: Fraction | None
    members: tuple[MemberOutcome, ...] = attrs.field(repr=False)
    by_tier: tuple[tuple[str | None, int], ...]
    holdings: Outstanding = attrs.field(repr=False)
    shortfalls: tuple[Shortfall, ...] = attrs.field(repr=False)
    refused: tuple[tuple[tuple[str, str], int], ...]

    @property
    def earned(self) -> int:
        """What the rules gave, before returns."""
        return self.total("earned")

    @property
    def redeemed(self) -> int:
        """Redeemed points, net of what was given back."""
        return self.total("redeemed")

    @property
    def expired(self) -> int:
        """Points that ended unused."""
        return self.total("expired")

    @property
    def reversed(self) -> int:
        """Points that returns took back."""
        return self.total("reversed")

    @property
    def outstanding(self) -> int:
        """Available, pending and held points at the end, less debt."""
        return self.total("outstanding")

    def total(self, name: str) -> int:
        """The sum of an attribute of the members, such as `kept`, `debt` or `awards`."""
        if name not in TOTALS:
            raise InvalidValue("Simulation.total.name", name, f"one of {', '.join(TOTALS)}")
        return sum([getattr(member, name) for member in self.members])

    def member(self, account: str) -> MemberOutcome:
        """One member.

        Raises:
            NotFound: For an account that is not in the histories.

        .. versionadded:: 0.1.0
        """
        for member in self.members:
            if member.account == account:
                return member
        raise NotFound("account", account)

    def rules(self) -> dict[str, int]:
        """Points by rule, the rule that gave most first.

        .. versionadded:: 0.1.0
        """
        found: dict[str, int] = {}
        for member in self.members:
            for rule, points in member.rules:
                found[rule] = found.get(rule, 0) + points
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    def tiers(self) -> tuple[TierOutcome, ...]:
        """One row for each tier, those without one first.

        .. versionadded:: 0.1.0
        """
        earned = dict(self.by_tier)
        names = dict.fromkeys([None, *[tier.id for tier in self.program.tiers]])
        names |= dict.fromkeys([*earned, *[member.tier for member in self.members]])
        rows = []
        for tier in names:
            inside = [member for member in self.members if member.tier == tier]
            kept = sum([member.kept for member in inside])
            rows.append(TierOutcome(tier=tier, members=len(inside), earned=earned.get(tier, 0), kept=kept))
        return tuple(rows)

    def cost(self, points: int | None = None) -> Figure:
        """What points are worth; by default those that were redeemed and those that still can be.

        None without a worth (`no_worth`). Rounded half up to the minor unit.

        .. versionadded:: 0.1.0
        """
        _COUNT.require("Simulation.cost.points", points)
        if self.worth is None:
            return Figure(None, reason="no_worth", method="cost of points", as_of=self.until)
        count = self.total("kept") if points is None else points
        return Figure(
            Money.rounded(count * self.worth, self.program.currency),
            self.program.currency,
            parts={"points": count},
            method="cost of points",
            parameters={"worth": self.worth},
            as_of=self.until,
        )

    def liability(self, rate: int | str | Decimal | Fraction | RateByAge | RedemptionCurve) -> Liability:
        """What the outstanding points are expected to cost, by the month of issue.

        Args:
            rate: The share of them that will be redeemed: a number from 0 to 1, or one that depends on their age.

        Raises:
            InvalidValue: When the simulation was not told what a point is worth, or for a rate outside 0 to 1.

        .. versionadded:: 0.1.0
        """
        if self.worth is None:
            raise InvalidValue("Simulation.worth", None, "what a point is worth, given to simulate")
        rates = rate_of(self.program, rate)
        counted = [month for month in self.holdings.months if month.currency == self.currency]
        debts = [debt for debt in self.holdings.debts if debt[0] == self.currency]
        held = attrs.evolve(self.holdings, months=tuple(counted), debts=tuple(debts))
        return valued(held, self.program, {self.currency: self.worth}, rates)

    def redemption_rate(self) -> Figure:
        """Redeemed points of all that came in and were not taken back; None when there are none.

        .. versionadded:: 0.1.0
        """
        return self._share("redeemed", "redemption rate")

    def breakage(self) -> Figure:
        """Expired points of all that came in and were not taken back; None when there are none.

        .. versionadded:: 0.1.0
        """
        return self._share("expired", "breakage")

    def _share(self, name: str, method: str) -> Figure:
        base = self.total("credited") - self.total("reversed")
        return ratio(self.total(name), base, "share", method=method, as_of=self.until)

    def compare(self, after: Simulation, *, by: str = "kept") -> ProgramComparison:
        """What changes for each member and in all when the program becomes another one.

        Args:
            after: The same histories under the other program, up to the same instant and with the same `shortfall`.
            by: What members win or lose: `kept` (redeemed and outstanding points), `earned`, or `outstanding`.

        Raises:
            InvalidValue: For other members, another instant, shortfall or scale, or an unknown measure.

        .. versionadded:: 0.1.0
        """
        _checks.a(Simulation).require("compare.after", after)
        return compared(self, after, by)

    def __str__(self) -> str:
        lines = [f"{_named(self)}, members: {len(self.members):,}, in {self.currency}"]
        lines += [f"  {name} {value:,}" for name, value in _sums(self)]
        cost = self.cost()
        if cost.value is not None:
            lines.append(f"  cost {cost.value}")
        lines += [f"  {rule} gave {points:,}" for rule, points in self.rules().items()]
        lines += [f"  {row.tier or 'no tier'} at the end: {row.members:,}" for row in self.tiers()]
        if self.shortfalls:
            lines.append(f"  debits not covered: {len(self.shortfalls):,}")
        lines += [f"  refused, {what}, {why}: {count:,}" for (what, why), count in self.refused]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        sums: list[Iterable[object]] = [*_sums(self), ("cost", self.cost())]
        parts = [
            table(_named(self), ("sum", self.currency), map(tuple, sums)),
            table("rules", ("rule", "points"), self.rules().items()),
            table(
                "tiers",
                ("tier", "members at the end", "earned while in it", "kept by those in it at the end"),
                [(row.tier or "none", row.members, row.earned, row.kept) for row in self.tiers()],
            ),
        ]
        if self.refused:
            rows = [(what, why, count) for (what, why), count in self.refused]
            parts.append(table("refused", ("what", "why", "times"), rows))
        if self.shortfalls:
            parts.append(note(f"Debits that the balance did not cover: {len(self.shortfalls):,}."))
        return "".join(parts)


TOTALS = (
    "awards", "earned", "cut", "added", "credited", "redeemed", "expired", "reversed", "out",
    "available", "pending", "held", "debt", "outstanding", "kept",
)  # fmt: skip
_SHOWN = ("earned", "cut", "added", "redeemed", "expired", "reversed", "out", "outstanding", "debt")


def _sums(simulation: Simulation) -> list[tuple[str, int]]:
    return [(name, simulation.total(name)) for name in _SHOWN]


def _named(simulation: Simulation) -> str:
    return f"{simulation.program.id} version {simulation.program.version}"
