"""Why a reading is what it is, and why it moved, by group."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import table
from relex.errors import InvalidValue
from relex.feedback._metric import Reading, pool
from relex.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ExplainedChange", "GroupChange", "contributions", "explain_change"]

_GROUPS = _checks.Check(
    "a mapping from at least one group to readings",
    lambda value: (
        isinstance(value, Mapping) and len(value) > 0 and all(isinstance(each, Reading) for each in value.values())
    ),
)


@attrs.frozen(kw_only=True)
class GroupChange:
    """What one group has to do with the change of a reading, in the unit of the metric; exact.

    Attributes:
        group: Its name.
        before: Its reading before; None where it had no answers.
        after: Its reading after; None where it has no answers.
        within: What its own change did: the mean of its two shares times the change of its reading.
        mix: What the change of its share did: the mean of its two readings times the change of its share.

    .. versionadded:: 0.1.0
    """

    group: str
    before: Fraction | None
    after: Fraction | None
    within: Fraction
    mix: Fraction


@attrs.frozen(kw_only=True)
class ExplainedChange:
    """Why the reading of all moved: what groups did, and what their mix did; together exactly the change.

    Attributes:
        change: The reading of all after, less the one before.
        groups: One part for each group, in the order in which they were given.

    .. versionadded:: 0.1.0
    """

    change: Fraction
    groups: tuple[GroupChange, ...]

    @property
    def within(self) -> Fraction:
        """What the groups' own changes did."""
        return sum([group.within for group in self.groups], Fraction(0))

    @property
    def mix(self) -> Fraction:
        """What the change of their shares did."""
        return sum([group.mix for group in self.groups], Fraction(0))

    def __str__(self) -> str:
        within, mix, change = [Figure(value).show(1) for value in (self.within, self.mix, self.change)]
        return f"{change}: {within} within groups, {mix} by their mix"

    def _repr_html_(self) -> str:
        rows = [
            (each.group, *[_shown(value) for value in (each.before, each.after, each.within, each.mix)])
            for each in self.groups
        ]
        return table(str(self), ("group", "before", "after", "within", "mix"), rows)


def contributions(groups: Mapping[str, Reading]) -> dict[str, Fraction]:
    """What each group adds to the reading of all, or takes from it; exact, and together 0.

    (the reading of the group - the reading of all) times the group's share of the answers that count; of weighted
    readings, its share of the weight.

    Args:
        groups: A reading for each group; no answer may be in two of them.

    Returns:
        By group; 0 for a group without an answer that counts, which has no share.

    Raises:
        InvalidValue: For no group, or readings that cannot be pooled.

    Example:
        >>> from relex.feedback import Metric
        >>> nps = Metric.nps()
        >>> web = nps.read_counts({"promoter": 30, "passive": 10, "detractor": 10})
        >>> store = nps.read_counts({"promoter": 20, "passive": 20, "detractor": 10})
        >>> {group: str(part) for group, part in contributions({"web": web, "store": store}).items()}
        {'web': '5', 'store': '-5'}

    .. versionadded:: 0.1.0
    """
    _GROUPS.require("contributions.groups", groups)
    everything = pool(groups.values())
    if everything.value is None:
        return dict.fromkeys(groups, Fraction(0))
    found = {}
    for name, reading in groups.items():
        share = reading.moments.w / everything.moments.w
        found[name] = Fraction(0) if reading.value is None else (reading.value - everything.value) * share
    return found


def explain_change(before: Mapping[str, Reading], after: Mapping[str, Reading]) -> ExplainedChange:
    """Why the reading of all groups moved: by what happened within groups, and by their mix; exact.

    With shares w and readings s of a group before and after: within is (w0 + w1) / 2 (s1 - s0), mix is (s0 + s1) / 2
    (w1 - w0). A group that was not there before adds w1 s1 to the mix, and one that is gone takes w0 s0 from it.

    Args:
        before: A reading for each group.
        after: The same, later.

    Raises:
        InvalidValue: For no group, readings that cannot be pooled, or a side without any answer that counts.

    .. versionadded:: 0.1.0
    """
    _GROUPS.require("explain_change.before", before)
    _GROUPS.require("explain_change.after", after)
    sides = [_side("before", before), _side("after", after)]
    _ = sides[0] + sides[1]
    was, now = [reading.value or Fraction(0) for reading in sides]
    names = dict.fromkeys([*before, *after])
    found = [_group(name, before.get(name), after.get(name), sides) for name in names]
    return ExplainedChange(change=now - was, groups=tuple(found))


def _side(name: str, groups: Mapping[str, Reading]) -> Reading:
    found = pool(groups.values())
    if not found.n:
        raise InvalidValue(f"explain_change.{name}", groups, "at least one answer that counts")
    return found


def _group(name: str, before: Reading | None, after: Reading | None, sides: Iterable[Reading]) -> GroupChange:
    s0, s1 = [None if reading is None else reading.value for reading in (before, after)]
    w0, w1 = [
        Fraction(0) if reading is None else reading.moments.w / side.moments.w
        for reading, side in zip((before, after), sides, strict=True)
    ]
    if s0 is None or s1 is None:
        mix = (s1 or Fraction(0)) * w1 - (s0 or Fraction(0)) * w0
        return GroupChange(group=name, before=s0, after=s1, within=Fraction(0), mix=mix)
    within, mix = (w0 + w1) / 2 * (s1 - s0), (s0 + s1) / 2 * (w1 - w0)
    return GroupChange(group=name, before=s0, after=s1, within=within, mix=mix)


def _shown(value: Fraction | None) -> str:
    return "none" if value is None else Figure(value).show(1)
