"""The answer of a score card: a total, its band, and contributions that add up to it."""

from __future__ import annotations

from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.errors import InvalidValue
from relex.figures import Figure

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

__all__ = ["Contribution", "Limited", "Score", "trend"]

_TOLERANCE = _checks.number(least=0)


@attrs.frozen(kw_only=True)
class Contribution:
    """What one part of the card gave.

    Attributes:
        name: Of the rule, silence or measure; `start`; the author of an adjustment; or the group (or `card`) whose
            floor or cap moved the total by more than its contributions could carry.
        kind: `start`, `rule`, `silence`, `adjustment`, `measure` or `limit`.
        points: What it adds to the score after all limits, or weighted.
        raw: Points before decay; of a measure its 0..100.
        decayed: Points after decay, before limits.
        count: How many events, steps or facts counted.
        group: The group it belongs to.
        flag: Of a measure: `missing` or `stale`.
        reason: Of an adjustment: why.

    .. versionadded:: 0.1.0
    """

    name: str
    kind: str
    points: Fraction
    raw: Fraction
    decayed: Fraction
    count: int = 1
    group: str | None = None
    flag: str | None = None
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Limited:
    """A floor or cap that bit.

    Attributes:
        name: The group, or `card`.
        limit: `floor` or `cap`.
        at: Its value.
        before: What the sum was.

    .. versionadded:: 0.1.0
    """

    name: str
    limit: str
    at: Fraction
    before: Fraction


@attrs.frozen(kw_only=True)
class Score:
    """The score of one subject at one instant.

    Attributes:
        total: Exact, and the sum of the contributions; None with a reason.
        band: The band that the total lies in; None without bands, below the first, or without a total.
        contributions: What each part gave, in the order of the card.
        limited: The floors and caps that bit, groups first.
        as_of: When.
        reason: Why there is no total: `missing:<measure>`, `no_data`, `zero_denominator`.

    .. versionadded:: 0.1.0
    """

    total: Fraction | None
    band: str | None
    contributions: tuple[Contribution, ...]
    limited: tuple[Limited, ...] = ()
    as_of: datetime
    reason: str | None = None

    @property
    def figure(self) -> Figure:
        """The total as a figure, whose parts are the contributions by name."""
        parts: dict[str, Fraction] = {}
        for each in self.contributions:
            parts[each.name] = parts.get(each.name, Fraction(0)) + each.points
        return Figure(self.total, "points", parts=parts, as_of=self.as_of, method="score card", reason=self.reason)

    def show(self, places: int = 2) -> str:
        """The total rounded half away from zero, or why there is none.

        .. versionadded:: 0.1.0
        """
        return self.figure.show(places)

    def __str__(self) -> str:
        return self.show() if self.band is None else f"{self.show()} ({self.band})"

    def _repr_html_(self) -> str:
        """The contributions as a table: no script, everything escaped."""
        rows = "".join(
            f"<tr><th>{escape(each.name)}</th><td>{escape(each.flag or each.kind)}</td>"
            f"<td>{Figure(each.points).show(2)}</td></tr>"
            for each in self.contributions
        )
        return f"<table><caption>{escape(str(self))}</caption>{rows}</table>"


def trend(now: Score, before: Score, tolerance: int | Decimal | Fraction = 0) -> str | None:
    """Whether a score is `improving`, `steady` or `declining`; None when one of the two has no total.

    Args:
        now: The later score.
        before: The earlier one, from the same card and data as of an earlier instant.
        tolerance: A difference of at most this is steady.

    Raises:
        InvalidValue: For a negative or inexact tolerance.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.scoring import ScoreCard
        >>> day = datetime(2026, 1, 1, tzinfo=timezone.utc)
        >>> ten, twelve = (ScoreCard(start=points).score({}, as_of=day) for points in (10, 12))
        >>> trend(twelve, ten), trend(twelve, ten, tolerance=2)
        ('improving', 'steady')

    .. versionadded:: 0.1.0
    """
    _TOLERANCE.require("trend.tolerance", tolerance)
    for name, score in (("now", now), ("before", before)):
        if not isinstance(score, Score):
            raise InvalidValue(f"trend.{name}", score, "a Score")
    if now.total is None or before.total is None:
        return None
    change = now.total - before.total
    if abs(change) <= tolerance:
        return "steady"
    return "improving" if change > 0 else "declining"
