"""What changes when one program becomes another: in all, for each member, by rule and by tier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import note, table
from relex.errors import InvalidValue, NotFound
from relex.figures import Figure, ratio

if TYPE_CHECKING:
    from relex.loyalty._outcomes import MemberOutcome, Simulation

__all__ = ["MemberDifference", "ProgramComparison", "compared"]

_MEASURES = ("kept", "earned", "outstanding")
_TOTALS = ("earned", "cut", "added", "redeemed", "expired", "reversed", "out", "outstanding", "debt", "kept")
_OTHERS = ("added", "expired", "reversed", "out")
_SHOWN = 5


@attrs.frozen(kw_only=True)
class MemberDifference:
    """What changes for one member.

    Attributes:
        account: Id of the account.
        measure: What is compared.
        before: Points under the program before.
        after: Points under the program after.
        tier_before: Id of the tier at the end, or None.
        tier_after: As above, under the program after.
        cut: What caps take under the program after, of what its rules would have given.
        rules: (rule, before, after) for every rule that gave something, the largest difference first.
        others: (sum, before, after) for `added`, `expired`, `reversed`, `out`, where they differ; and for `redeemed`
            where `outstanding` is compared.

    .. versionadded:: 0.1.0
    """

    account: str
    measure: str
    before: int
    after: int
    tier_before: str | None
    tier_after: str | None
    cut: int
    rules: tuple[tuple[str, int, int], ...]
    others: tuple[tuple[str, int, int], ...]

    @property
    def difference(self) -> int:
        """What is won, or below 0 lost."""
        return self.after - self.before

    def parts(self) -> dict[str, int]:
        """What made the difference, the largest part first; the parts add up to it.

        A rule stands under its id with `rule:` in front; a sum that takes points away counts against the member.

        .. versionadded:: 0.1.0
        """
        found = {f"rule:{rule}": after - before for rule, before, after in self.rules}
        if self.measure != "earned":
            found |= {
                name: after - before if name == "added" else before - after for name, before, after in self.others
            }
        return dict(sorted(((k, v) for k, v in found.items() if v), key=lambda pair: (-abs(pair[1]), pair[0])))

    def __str__(self) -> str:
        told = [f"{name} {points:+,}" for name, points in self.parts().items()]
        if self.tier_before != self.tier_after:
            told.append(f"tier {self.tier_before or 'none'} to {self.tier_after or 'none'}")
        why = f": {', '.join(told)}" if told else ""
        return f"{self.account} {self.difference:+,} ({self.before:,} to {self.after:,} {self.measure}){why}"


@attrs.frozen(kw_only=True)
class ProgramComparison:
    """Two simulations of the same histories, side by side.

    Attributes:
        before: The one simulation.
        after: The other.
        measure: What members win or lose.
        members: One for each member, the greatest loss first.

    .. versionadded:: 0.1.0
    """

    before: Simulation
    after: Simulation
    measure: str
    members: tuple[MemberDifference, ...] = attrs.field(repr=False)

    @property
    def difference(self) -> int:
        """What all members together win, or below 0 lose."""
        return sum([member.difference for member in self.members])

    def totals(self) -> tuple[tuple[str, int, int], ...]:
        """(sum, before, after) for every sum of the members.

        .. versionadded:: 0.1.0
        """
        return tuple([(name, self.before.total(name), self.after.total(name)) for name in _TOTALS])

    def rules(self) -> tuple[tuple[str, int, int], ...]:
        """(rule, before, after), the rule that made the largest difference first.

        .. versionadded:: 0.1.0
        """
        return _side_by_side(self.before.rules(), self.after.rules())

    def tiers(self) -> tuple[tuple[str | None, str | None, int], ...]:
        """(tier before, tier after, how many members) for every move, and for those who stay; lowest tiers first.

        .. versionadded:: 0.1.0
        """
        counts: dict[tuple[str | None, str | None], int] = {}
        for member in self.members:
            move = (member.tier_before, member.tier_after)
            counts[move] = counts.get(move, 0) + 1
        rows, columns = _names(self.before), _names(self.after)
        return tuple([(one, other, counts[one, other]) for one in rows for other in columns if (one, other) in counts])

    def winners(self, most: int = _SHOWN) -> tuple[MemberDifference, ...]:
        """Those who win most, the greatest first; at most so many.

        .. versionadded:: 0.1.0
        """
        _checks.whole(least=0).require("winners.most", most)
        found = [member for member in self.members if member.difference > 0]
        return tuple(sorted(found, key=lambda member: (-member.difference, member.account))[:most])

    def losers(self, most: int = _SHOWN) -> tuple[MemberDifference, ...]:
        """Those who lose most, the greatest first; at most so many.

        .. versionadded:: 0.1.0
        """
        _checks.whole(least=0).require("losers.most", most)
        return tuple([member for member in self.members if member.difference < 0][:most])

    def member(self, account: str) -> MemberDifference:
        """What changes for one member.

        Raises:
            NotFound: For an account that is not in the histories.

        .. versionadded:: 0.1.0
        """
        for member in self.members:
            if member.account == account:
                return member
        raise NotFound("account", account)

    def losing(self) -> Figure:
        """The share of members who lose; None when there are no members.

        .. versionadded:: 0.1.0
        """
        return self._share(sum([member.difference < 0 for member in self.members]), "members who lose")

    def winning(self) -> Figure:
        """The share of members who win; None when there are no members.

        .. versionadded:: 0.1.0
        """
        return self._share(sum([member.difference > 0 for member in self.members]), "members who win")

    def _share(self, count: int, method: str) -> Figure:
        return ratio(count, len(self.members), "share", method=method, as_of=self.before.until)

    def __str__(self) -> str:
        one, other = self.before, self.after
        lines = [f"{_named(one)} to {_named(other)}, members: {len(self.members):,}"]
        lines += [f"  {name} {before:,} to {after:,} ({after - before:+,})" for name, before, after in self.totals()]
        if one.worth is not None and other.worth is not None:
            lines.append(f"  cost {one.cost().value} to {other.cost().value}")
        lines.append(f"  winning {self.winning().as_percent()}, losing {self.losing().as_percent()}")
        lines += [f"  {rule}: {before:,} to {after:,} ({after - before:+,})" for rule, before, after in self.rules()]
        lines += [f"  {count:,} from {a or 'no tier'} to {b or 'no tier'}" for a, b, count in self.tiers() if a != b]
        lines += [f"  {member}" for member in (*self.losers(), *self.winners())]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        heads = ("before", "after", "difference")
        sums = [(name, before, after, f"{after - before:+,}") for name, before, after in self.totals()]
        rules = [(rule, before, after, f"{after - before:+,}") for rule, before, after in self.rules()]
        moves = {(one, other): count for one, other, count in self.tiers()}
        columns = [tier for tier in _names(self.after) if any(tier == other for _, other in moves)]
        grid = [
            (one or "none", *[moves.get((one, other), 0) for other in columns])
            for one in _names(self.before)
            if any(one == before for before, _ in moves)
        ]
        people = [
            (member.account, member.before, member.after, f"{member.difference:+,}", _why(member))
            for member in (*self.losers(), *self.winners())
        ]
        shares = f"{self.winning().as_percent()} win, {self.losing().as_percent()} lose, by {self.measure} points."
        return "".join(
            [
                table(f"{_named(self.before)} to {_named(self.after)}", ("sum", *heads), sums),
                note(f"Cost {_cost(self.before)} to {_cost(self.after)}. {shares}"),
                table("rules", ("rule", *heads), rules),
                table("tiers at the end, before by row, after by column", ("", *[t or "none" for t in columns]), grid),
                table("who loses and wins most", ("account", *heads, "why"), people),
            ]
        )


def compared(before: Simulation, after: Simulation, by: str) -> ProgramComparison:
    """See `Simulation.compare`."""
    _checks.one_of(*_MEASURES).require("compare.by", by)
    _require_alike(before, after)
    others = {member.account: member for member in after.members}
    members = [_difference(member, others[member.account], by) for member in before.members]
    members.sort(key=lambda member: (member.difference, member.account))
    return ProgramComparison(before=before, after=after, measure=by, members=tuple(members))


def _require_alike(before: Simulation, after: Any) -> None:
    for name in ("until", "shortfall"):
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            raise InvalidValue(f"compare.after.{name}", other, f"{one}, as before")
    scales = [each.program.currency_of(each.currency).scale for each in (before, after)]
    if scales[0] != scales[1]:
        raise InvalidValue("compare.after.currency", after.currency, f"points of scale {scales[0]}, as before")
    apart = {member.account for member in before.members} ^ {member.account for member in after.members}
    if apart:
        raise InvalidValue("compare.after.members", min(apart), "the same accounts in both simulations")


def _difference(before: MemberOutcome, after: MemberOutcome, by: str) -> MemberDifference:
    names = (*_OTHERS, "redeemed") if by == "outstanding" else _OTHERS
    sums = [(name, getattr(before, name), getattr(after, name)) for name in names]
    return MemberDifference(
        account=before.account,
        measure=by,
        before=getattr(before, by),
        after=getattr(after, by),
        tier_before=before.tier,
        tier_after=after.tier,
        cut=after.cut,
        rules=_side_by_side(dict(before.rules), dict(after.rules)),
        others=tuple([(name, one, other) for name, one, other in sums if one != other]),
    )


def _side_by_side(before: dict[str, int], after: dict[str, int]) -> tuple[tuple[str, int, int], ...]:
    rows = [(rule, before.get(rule, 0), after.get(rule, 0)) for rule in dict.fromkeys([*before, *after])]
    return tuple(sorted(rows, key=lambda row: (-abs(row[2] - row[1]), row[0])))


def _names(simulation: Simulation) -> list[str | None]:
    return [row.tier for row in simulation.tiers()]


def _named(simulation: Simulation) -> str:
    return f"{simulation.program.id} version {simulation.program.version}"


def _cost(simulation: Simulation) -> str:
    return str(simulation.cost().value or "not known")


def _why(member: MemberDifference) -> str:
    return str(member).partition(": ")[2]
