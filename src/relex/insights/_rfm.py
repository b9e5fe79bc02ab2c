"""RFM: how long ago, how often, for how much; the scores of each customer, and the segment that they fall in."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

import attrs

from relex import _checks
from relex._trusted import trusted
from relex.errors import InvalidValue, NotFound
from relex.figures import Figure, ratio
from relex.insights import _html
from relex.insights._exact import ZERO, add, exactly, fact
from relex.insights._given import texts
from relex.insights._rfm_html import rfm_html
from relex.insights._scores import DIMENSIONS, RankScores, Scores, scored
from relex.insights._segment_map import NO_PURCHASES, RF_11, SegmentMap
from relex.insights._sources import Choices, history_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from decimal import Decimal

    from relex.insights._basis import Basis
    from relex.insights._history import PurchaseHistory
    from relex.purchases import Purchase

__all__ = ["Bin", "Bins", "RfmRow", "RfmTable", "SegmentSummary", "rfm"]

_MONETARY = _checks.one_of("total", "mean")


@attrs.frozen(kw_only=True, weakref_slot=False)
class RfmRow:
    """One customer's facts and scores.

    Attributes:
        customer: The id.
        recency: Days from the business day of the last purchase to that of `as_of`; 0 is today, None is never.
        frequency: Number of purchase periods.
        total: Amount of all of them.
        r: Score of recency, 1 (worst) to k (best); None without purchases.
        f: Score of frequency.
        m: Score of the money.
        segment: The name that the map has for the scores.

    .. versionadded:: 0.1.0
    """

    customer: str
    recency: int | None
    frequency: int
    total: Decimal
    r: int | None
    f: int | None
    m: int | None
    segment: str

    @property
    def mean(self) -> Fraction | None:
        """Total per purchase period, exact; None without purchases."""
        return Fraction(self.total) / self.frequency if self.frequency else None

    @property
    def code(self) -> str | None:
        """The three digits in the order R, F, M, such as "543"; None without purchases."""
        return None if self.r is None else f"{self.r}{self.f}{self.m}"

    def facts(self) -> dict[str, Any]:
        """What rules may ask about; the mean is rounded to 28 digits, since facts are decimals."""
        return {
            "rfm.recency": self.recency,
            "rfm.frequency": self.frequency,
            "rfm.total": self.total,
            "rfm.mean": None if self.mean is None else fact(self.mean),
            "rfm.r": self.r,
            "rfm.f": self.f,
            "rfm.m": self.m,
            "rfm.code": self.code,
            "rfm.segment": self.segment,
        }


_row = trusted(RfmRow)


@attrs.frozen(kw_only=True)
class Bin:
    """One score of one dimension: how many customers have it, and the values they have.

    Attributes:
        score: 1 to k.
        customers: How many; 0 for a score that ties have left empty.
        least: The least value; None when empty.
        greatest: The greatest value.

    .. versionadded:: 0.1.0
    """

    score: int
    customers: int
    least: int | Decimal | Fraction | None
    greatest: int | Decimal | Fraction | None


@attrs.frozen(kw_only=True)
class Bins:
    """All scores of one dimension, worst first.

    Attributes:
        dimension: "recency", "frequency" or "monetary".
        bins: One for each score from 1 to k.
        cuts: The cut points, where the method has some that hold for everybody; else None.

    .. versionadded:: 0.1.0
    """

    dimension: str
    bins: tuple[Bin, ...]
    cuts: tuple[int | Decimal | Fraction, ...] | None

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many customers have each score."""
        return tuple(found.customers for found in self.bins)


@attrs.frozen(kw_only=True)
class SegmentSummary:
    """One segment.

    Attributes:
        segment: The name.
        customers: How many.
        share: Of all customers in the table; None in an empty one.
        total: Amount of its customers.
        share_of_total: Of the amount of all; None when that is not positive.
        mean_recency: Days; None without a customer who has bought.
        mean_frequency: Purchase periods; None without a customer.

    .. versionadded:: 0.1.0
    """

    segment: str
    customers: int
    share: Fraction | None
    total: Decimal
    share_of_total: Fraction | None
    mean_recency: Fraction | None
    mean_frequency: Fraction | None


@attrs.frozen(kw_only=True)
class RfmTable:
    """RFM of all customers, with what the figures rest on.

    Attributes:
        basis: As of when, in which zone, in which periods.
        monetary: "total" or "mean" per purchase period: what the third score scores.
        scores: The method.
        segment_map: The map.
        rows: One for each customer, by id.
        bins: Of recency, frequency and money: which values each score stands for.

    .. versionadded:: 0.1.0
    """

    basis: Basis
    monetary: str
    scores: Scores
    segment_map: SegmentMap
    rows: tuple[RfmRow, ...] = attrs.field(repr=False)
    bins: tuple[Bins, ...]

    @cached_property
    def _index(self) -> dict[str, RfmRow]:
        return {row.customer: row for row in self.rows}

    def __iter__(self) -> Iterator[RfmRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, customer: object) -> bool:
        return customer in self._index

    def __getitem__(self, customer: str) -> RfmRow:
        return self._index[customer]

    def of(self, dimension: str) -> Bins:
        """The bins of one dimension.

        Raises:
            NotFound: For another word than "recency", "frequency" and "monetary".
        """
        for found in self.bins:
            if found.dimension == dimension:
                return found
        raise NotFound("dimension", dimension)

    def score(self, customer: str) -> int | Fraction | None:
        """The weighted sum of the three scores of a customer; None without purchases."""
        row, weights = self[customer], self.scores.weights
        if row.r is None or row.f is None or row.m is None:
            return None
        weighted = ((weights.recency, row.r), (weights.frequency, row.f), (weights.monetary, row.m))
        found = sum((Fraction(weight) * score for weight, score in weighted), Fraction(0))
        return int(found) if found.denominator == 1 else found

    def members(self, segment: str) -> tuple[str, ...]:
        """Ids of the customers in a segment."""
        return tuple(row.customer for row in self.rows if row.segment == segment)

    def share(self, segment: str) -> Figure:
        """The share of customers in a segment, with both of its terms."""
        inside = sum(row.segment == segment for row in self.rows)
        method = f"{type(self.scores).__name__}, {self.segment_map.name}"
        return ratio(inside, len(self.rows), method=method, parameters={"segment": segment}, as_of=self.basis.as_of)

    @cached_property
    def segments(self) -> tuple[SegmentSummary, ...]:
        """Each segment of the map in its order, empty ones too; then the customers without purchases, if any."""
        members: defaultdict[str, list[RfmRow]] = defaultdict(list)
        for row in self.rows:
            members[row.segment].append(row)
        names = (*self.segment_map.segments, *((NO_PURCHASES,) if NO_PURCHASES in members else ()))
        total = add(row.total for row in self.rows)
        return tuple(_summary(name, members[name], len(self.rows), total) for name in names)

    def facts_of(self, customer: str) -> dict[str, Any]:
        """The facts of one customer: those of the row, and the weighted sum of the scores as `rfm.score`."""
        return self[customer].facts() | {"rfm.score": _plain(self.score(customer))} if customer in self else {}

    def facts(self) -> dict[str, dict[str, Any]]:
        """The facts of every customer, by id: what a `Segment` judges."""
        return {row.customer: self.facts_of(row.customer) for row in self.rows}

    def __str__(self) -> str:
        lines = [f"RFM of {len(self.rows)} customers ({self.basis})"]
        width = max(len(found.segment) for found in self.segments)
        lines += [
            f"  {found.segment:<{width}}  {found.customers:>8,}  {_html.percent(found.share):>9}  {found.total:>16,}"
            for found in self.segments
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """A heat map of recency and frequency, the segments, the bins and the first rows."""
        return rfm_html(self)


def rfm(
    purchases: PurchaseHistory | Iterable[Purchase],
    *,
    as_of: date | None = None,
    monetary: str = "total",
    scores: Scores | None = None,
    segments: SegmentMap | None = None,
    customers: Iterable[str] | None = None,
    **choices: Unpack[Choices],
) -> RfmTable:
    """Recency, frequency and money of each customer, the scores of the three, and the segment.

    Recency is told in days whatever the grain, from the business day of the last purchase that counts.

    Args:
        purchases: A log, or a `PurchaseHistory`, which already holds `as_of` and the choices below.
        as_of: A date or an aware datetime.
        monetary: "total" or "mean" per purchase period.
        scores: `RankScores(5)` by default.
        segments: `RF_11` by default, which is a map for 5 x 5 scores.
        customers: All known ids; those without a purchase get a row with frequency 0 and no scores.
        **choices: Those of `purchase_history`: returns, claims, zone, grain, day_starts, within, amount, zero, rates,
            currency, known_at.

    Raises:
        InvalidValue: For an unknown choice, or a map that is made for other scores.

    Example:
        >>> from datetime import date
        >>> from relex.insights import PurchaseHistory
        >>> rows = [("ann", date(2024, 1, 30), 9), ("ann", date(2024, 1, 2), 30), ("bob", date(2023, 3, 1), 5)]
        >>> table = rfm(PurchaseHistory.from_rows(rows, as_of=date(2024, 1, 31)))
        >>> [(row.customer, row.recency, row.frequency, row.code, row.segment) for row in table]
        [('ann', 1, 2, '333', 'Need Attention'), ('bob', 336, 1, '111', 'Lost')]

    .. versionadded:: 0.1.0
    """
    _MONETARY.require("rfm.monetary", monetary)
    method, map_ = RankScores() if scores is None else scores, RF_11 if segments is None else segments
    _checks.a(*Scores.__args__).require("rfm.scores", method)
    _checks.a(SegmentMap).require("rfm.segments", map_)
    sizes = tuple(method.sizes[DIMENSIONS.index(dimension)] for dimension in map_.dimensions)
    if map_.sizes != sizes:
        expected = f"a map for {' x '.join(map(str, sizes))} scores of {' and '.join(map_.dimensions)}"
        raise InvalidValue("rfm.segments", map_.name, expected)
    history = history_of(purchases, as_of, choices)
    columns, scored_columns = _columns(history, monetary, method)
    rows = _rows(history, columns, scored_columns, map_)
    if customers is not None:
        rows = _with_the_silent(rows, customers, history)
    return RfmTable(
        basis=history.basis,
        monetary=monetary,
        scores=method,
        segment_map=map_,
        rows=tuple(rows),
        bins=tuple(_bins(dimension, method, columns[dimension], scored_columns[dimension]) for dimension in DIMENSIONS),
    )


_Columns = dict[str, "Sequence[int | Decimal | Fraction]"]


def _columns(history: PurchaseHistory, monetary: str, method: Scores) -> tuple[_Columns, dict[str, list[int]]]:
    day = history.basis.day
    _ids, last_days, frequencies, totals = history.figures()
    money: Sequence[Decimal | Fraction] = totals
    if monetary == "mean":
        money = [Fraction(total) / count for total, count in zip(totals, frequencies, strict=True)]
    columns: _Columns = {
        "recency": [(day - last).days for last in last_days],
        "frequency": frequencies,
        "monetary": money,
    }
    with exactly():
        return columns, scored(method, columns)


def _rows(history: PurchaseHistory, columns: _Columns, scores: dict[str, list[int]], map_: SegmentMap) -> list[RfmRow]:
    ids, _, frequencies, totals = history.figures()
    codes = zip(*(map(str, scores[dimension]) for dimension in map_.dimensions), strict=True)
    segments = map(map_.segment, map("".join, codes))
    r, f, m = (scores[dimension] for dimension in DIMENSIONS)
    return list(map(_row, ids, columns["recency"], frequencies, totals, r, f, m, segments))


def _with_the_silent(rows: list[RfmRow], customers: Iterable[str], history: PurchaseHistory) -> list[RfmRow]:
    silent = sorted({customer for customer in texts("rfm.customers", customers) if customer not in history})
    rows = [*rows, *(_row(customer, None, 0, ZERO, None, None, None, NO_PURCHASES) for customer in silent)]
    return sorted(rows, key=lambda row: row.customer)


def _bins(dimension: str, method: Scores, values: Sequence[Any], scores: Sequence[int]) -> Bins:
    """Counts and ends of each score; the ends are found among distinct values, of which there are few."""
    sizes = Counter(scores)
    ends: defaultdict[int, list[Any]] = defaultdict(list)
    with exactly():
        for value, score in set(zip(values, scores, strict=True)):
            ends[score].append(value)
        found = [
            Bin(
                score=score,
                customers=sizes[score],
                least=min(ends[score], default=None),
                greatest=max(ends[score], default=None),
            )
            for score in range(1, method.sizes[DIMENSIONS.index(dimension)] + 1)
        ]
        cuts = None if method.nested else method.cuts(dimension, values)
    return Bins(dimension=dimension, bins=tuple(found), cuts=cuts)


def _summary(name: str, members: Sequence[RfmRow], customers: int, total: Decimal) -> SegmentSummary:
    amount = add(row.total for row in members)
    recencies = [row.recency for row in members if row.recency is not None]
    return SegmentSummary(
        segment=name,
        customers=len(members),
        share=Fraction(len(members), customers) if customers else None,
        total=amount,
        share_of_total=Fraction(amount) / Fraction(total) if total > 0 else None,
        mean_recency=Fraction(sum(recencies), len(recencies)) if recencies else None,
        mean_frequency=Fraction(sum(row.frequency for row in members), len(members)) if members else None,
    )


def _plain(score: int | Fraction | None) -> Decimal | int | None:
    return fact(score) if isinstance(score, Fraction) else score
