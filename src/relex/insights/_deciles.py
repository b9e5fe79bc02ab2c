"""Decile analysis and ABC classes: customers, or products, from the best to the least, in groups.

Source: decile analysis as Japanese retail practice has it (デシル分析): groups of equal counts, the best group first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.errors import InvalidValue
from relex.figures import Figure, ratio
from relex.insights import _html
from relex.insights._exact import add
from relex.insights._given import listed
from relex.insights._history import PurchaseHistory
from relex.insights._periods import Tally
from relex.insights._totals import Total, better_first, shares_before, totals_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from relex.insights._basis import Basis

__all__ = ["DecileRow", "DecileTable", "abc", "deciles"]


@attrs.frozen(kw_only=True)
class DecileRow:
    """One group.

    Attributes:
        group: 1 is the best; "A", "B", ... for ABC classes, and "negative" for negative totals set apart.
        members: Names, best first.
        amount: Of the group.
        share: Of the total of all groups; None when that is 0.
        cumulative: Of this and all better groups.
        most: The greatest amount in the group; None when empty.
        least: The least amount in the group.
        purchases: Of its members; None when not known of all.

    .. versionadded:: 0.1.0
    """

    group: int | str
    members: tuple[str, ...] = attrs.field(repr=False)
    amount: Decimal
    share: Fraction | None
    cumulative: Fraction | None
    most: Decimal | None
    least: Decimal | None
    purchases: int | None

    @property
    def customers(self) -> int:
        """How many members."""
        return len(self.members)

    @property
    def mean(self) -> Fraction | None:
        """Amount per member; None when empty."""
        return Fraction(self.amount) / len(self.members) if self.members else None

    @property
    def mean_per_purchase(self) -> Fraction | None:
        """Amount per purchase; None when there are none or when their number is not known."""
        return Fraction(self.amount) / self.purchases if self.purchases else None


@attrs.frozen(kw_only=True)
class DecileTable:
    """Groups from the best to the least, with what they rest on.

    Attributes:
        basis: Of the history; None when totals were given.
        method: Name and variant, such as "deciles by customers".
        groups: How many groups, or the cut shares of ABC classes.
        ties: "break" or "together".
        negatives: "apart", "in" or "exclude".
        rows: One for each group, best first, empty ones too.
        apart: The members with a negative total, if they stand apart.
        excluded: Count and amount of those, if they are excluded.
        parted: The groups after which equal amounts were parted.

    .. versionadded:: 0.1.0
    """

    basis: Basis | None
    method: str
    groups: int | tuple[Fraction, ...]
    ties: str
    negatives: str
    rows: tuple[DecileRow, ...]
    apart: DecileRow | None
    excluded: Tally
    parted: tuple[int | str, ...]

    @cached_property
    def _groups(self) -> dict[str, int | str]:
        return {member: row.group for row in self.rows for member in row.members}

    def __iter__(self) -> Iterator[DecileRow]:
        return iter(self.rows)

    def group(self, name: str) -> int | str | None:
        """The group of a customer or product; None for one that is in none."""
        return self._groups.get(name)

    @property
    def total(self) -> Decimal:
        """Amount of all groups."""
        return add(row.amount for row in self.rows)

    def share(self, group: int | str) -> Figure:
        """The share of a group in the total, with both of its terms.

        Raises:
            InvalidValue: For a group that the table does not have.
        """
        found = [row for row in self.rows if row.group == group]
        if not found:
            raise InvalidValue("DecileTable.share", group, f"one of {', '.join(str(row.group) for row in self.rows)}")
        as_of = None if self.basis is None else self.basis.as_of
        parts = {"members": found[0].customers}
        return ratio(found[0].amount, self.total, method=self.method, parts=parts, as_of=as_of)

    def facts_of(self, name: str) -> dict[str, Any]:
        """The fact of one member: `decile`, or `abc` for ABC classes."""
        fact = "abc" if isinstance(self.groups, tuple) else "decile"
        return {fact: self._groups[name]} if name in self._groups else {}

    def facts(self) -> dict[str, dict[str, Any]]:
        """The facts of every member, by name: what a `Segment` judges."""
        return {member: self.facts_of(member) for member in self._groups}

    def __str__(self) -> str:
        lines = [
            f"{self.method}: {sum(row.customers for row in self.rows)} ranked"
            + (f" ({self.basis})" if self.basis else "")
        ]
        for row in self.rows:
            shares = f"{_html.percent(row.share):>9}  {_html.percent(row.cumulative):>9}"
            lines.append(f"  {row.group:>3}  {row.customers:>8,}  {row.amount:>16,}  {shares}")
        if self.apart is not None:
            lines.append(f"  negative totals apart: {self.apart.customers}, {self.apart.amount:,}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        header = (
            "Group",
            "Customers",
            "Amount",
            "Share",
            "Cumulative",
            "Mean",
            "From",
            "To",
            "Purchases",
            "Mean purchase",
        )
        apart = (self.apart,) if self.apart is not None and self.apart.members else ()
        rows = [
            (
                str(row.group),
                row.customers,
                row.amount,
                _html.percent(row.share),
                _html.percent(row.cumulative),
                row.mean,
                row.most,
                row.least,
                row.purchases,
                row.mean_per_purchase,
            )
            for row in (*self.rows, *apart)
        ]
        notes = [str(self.basis)] if self.basis else []
        if self.parted:
            notes.append(f"Equal amounts are parted after {', '.join(map(str, self.parted))}.")
        if self.excluded.count:
            notes.append(f"Excluded: {self.excluded.count} with a negative total, {self.excluded.amount} together.")
        return _html.table(self.method, header, rows) + "".join(map(_html.note, notes))


def deciles(
    source: PurchaseHistory | Iterable[Total | tuple[Any, ...]],
    *,
    groups: int = 10,
    by: str = "customers",
    ties: str = "break",
    negatives: str = "apart",
) -> DecileTable:
    """Customers by amount in groups of equal counts, or of equal revenue; group 1 is the best.

    By customers, the first groups hold one more where the count does not divide; fewer customers than groups leave the
    last groups empty. By revenue, a customer belongs to the group in which the revenue before him ends, so the one
    who crosses a boundary belongs to the earlier group, and a giant leaves the groups that he covers empty.

    Args:
        source: A `PurchaseHistory`, or totals: `Total`, or tuples (name, amount, last day, purchases).
        groups: How many.
        by: "customers" or "revenue".
        ties: "break" (equal amounts by the later last purchase, then by name) or "together" (they share a group).
        negatives: "apart" (negative totals in a row of their own, so cumulative shares end at exactly 1), "in" (ranked
            like all others; a cumulative share may pass 1), or "exclude" (only counted).

    Raises:
        InvalidValue: For fewer than 1 group, an unknown choice, a float, or a name twice.

    Example:
        >>> table = deciles([("ann", 60), ("bob", 30), ("cy", 10)], groups=3)
        >>> [(row.group, row.members, str(row.share)) for row in table]
        [(1, ('ann',), '3/5'), (2, ('bob',), '3/10'), (3, ('cy',), '1/10')]

    .. versionadded:: 0.1.0
    """
    _checks.whole(least=1).require("deciles.groups", groups)
    _checks.one_of("customers", "revenue").require("deciles.by", by)
    ranked, out = _ranked(source, ties, negatives)
    numbers = _by_count(ranked, groups, ties) if by == "customers" else _by_revenue(ranked, groups, ties)
    return _table(source, f"deciles by {by}", groups, ties, negatives, list(range(1, groups + 1)), numbers, ranked, out)


def abc(
    source: PurchaseHistory | Iterable[Total | tuple[Any, ...]],
    *,
    at: Sequence[Any] = ("0.70", "0.90"),
    ties: str = "break",
    negatives: str = "apart",
) -> DecileTable:
    """Customers or products in classes by the share of revenue before them: below the first cut A, then B, C.

    Args:
        source: A `PurchaseHistory`, or totals of customers or products.
        at: The cut shares, rising strictly, above 0 and below 1; there is one class more than cuts.
        ties: "break" or "together".
        negatives: "apart", "in" or "exclude".

    Raises:
        InvalidValue: For cuts that do not rise or leave (0, 1), an unknown choice, a float, or a name twice.

    Example:
        >>> abc([("mug", 80), ("cup", 15), ("lid", 5)]).group("cup")
        'B'

    .. versionadded:: 0.1.0
    """
    cuts = tuple(Fraction(_checks.exact_number("abc.at", cut)) for cut in listed("abc.at", at))
    if not (cuts and all(0 < cut < 1 for cut in cuts) and list(cuts) == sorted(set(cuts))):
        raise InvalidValue("abc.at", at, "shares between 0 and 1 that rise strictly")
    _checks.whole(most=25).require("abc.at", len(cuts))
    names = [chr(ord("A") + number) for number in range(len(cuts) + 1)]
    ranked, out = _ranked(source, ties, negatives)
    total = Fraction(add(entry.amount for entry in ranked))
    classes = [
        names[bisect_right(cuts, Fraction(before) / total)] if total > 0 else names[0]
        for before in shares_before(ranked, ties=ties)
    ]
    return _table(source, "ABC classes", cuts, ties, negatives, names, classes, ranked, out)


def _ranked(source: Any, ties: str, negatives: str) -> tuple[list[Total], list[Total]]:
    """Those who are ranked, best first, and those with a negative total who are not."""
    _checks.one_of("break", "together").require("ties", ties)
    _checks.one_of("apart", "in", "exclude").require("negatives", negatives)
    ranked = better_first(totals_of(source))
    if negatives == "in":
        return ranked, []
    return [total for total in ranked if total.amount >= 0], [total for total in ranked if total.amount < 0]


def _by_count(ranked: Sequence[Total], groups: int, ties: str) -> list[int]:
    if ties == "break":
        each, rest = divmod(len(ranked), groups)
        sizes = [each + (number < rest) for number in range(groups)]
        return [number for number, size in enumerate(sizes, start=1) for _ in range(size)]
    found: list[int] = []
    for number, total in enumerate(ranked):
        same = number and total.amount == ranked[number - 1].amount
        found.append(found[-1] if same else 1 + groups * number // len(ranked))
    return found


def _by_revenue(ranked: Sequence[Total], groups: int, ties: str) -> list[int]:
    total = Fraction(add(entry.amount for entry in ranked))
    if total <= 0:
        return [1] * len(ranked)
    before = shares_before(list(ranked), ties=ties)
    return [min(groups, 1 + int(groups * Fraction(amount) / total)) for amount in before]


def _table(  # noqa: PLR0913, PLR0917 - what a table is made of
    source: Any,
    method: str,
    groups: int | tuple[Fraction, ...],
    ties: str,
    negatives: str,
    names: Sequence[int | str],
    numbers: Sequence[int | str],
    ranked: Sequence[Total],
    out: Sequence[Total],
) -> DecileTable:
    members: defaultdict[int | str, list[Total]] = defaultdict(list)
    for number, total in zip(numbers, ranked, strict=True):
        members[number].append(total)
    pairs = zip(ranked, ranked[1:], numbers, numbers[1:], strict=False)
    return DecileTable(
        basis=source.basis if isinstance(source, PurchaseHistory) else None,
        method=method,
        groups=groups,
        ties=ties,
        negatives=negatives,
        rows=_rows(names, members),
        apart=_row("negative", out, None, None) if negatives == "apart" else None,
        excluded=Tally(len(out), add(total.amount for total in out)) if negatives == "exclude" else Tally(),
        parted=tuple(own for one, other, own, after in pairs if one.amount == other.amount and own != after),
    )


def _rows(names: Sequence[int | str], members: dict[int | str, list[Total]]) -> tuple[DecileRow, ...]:
    total = Fraction(add(entry.amount for group in members.values() for entry in group))
    rows, so_far = [], Fraction(0)
    for name in names:
        own = members.get(name, [])
        amount = Fraction(add(entry.amount for entry in own))
        so_far += amount
        rows.append(_row(name, own, amount / total if total else None, so_far / total if total else None))
    return tuple(rows)


def _row(name: int | str, own: Sequence[Total], share: Fraction | None, cumulative: Fraction | None) -> DecileRow:
    known = all(total.purchases is not None for total in own)
    return DecileRow(
        group=name,
        members=tuple(total.name for total in own),
        amount=add(total.amount for total in own),
        share=share,
        cumulative=cumulative,
        most=own[0].amount if own else None,
        least=own[-1].amount if own else None,
        purchases=sum(total.purchases or 0 for total in own) if known else None,
    )
