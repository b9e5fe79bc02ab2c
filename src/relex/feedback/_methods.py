"""How a score becomes the number x whose mean is the metric."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.feedback._scale import Scale

__all__ = ["METHODS", "Mean", "Method", "Net", "PercentOfRange", "Share", "ShareOfMax"]

WHOLE = 100
"""The whole, in percent, and what one answer adds to a net score."""

_EACH = _checks.each(_checks.whole())
_SCORES = _checks.Check("at least one score, each an int", lambda value: value != () and _EACH.passes(value))


def _sorted(values: Iterable[int]) -> tuple[int, ...]:
    found = _checks.items("scores", values)
    return tuple(sorted(set(found))) if _EACH.passes(found) else found


@tagged("feedback.Net")
@attrs.frozen(weakref_slot=False)
class Net:
    """+100 for a score in top, -100 for one in bottom, else 0: the share of top less the share of bottom, in points.

    Attributes:
        top: Scores that count for it.
        bottom: Scores that count against it; none of them may be in top.

    Raises:
        InvalidValue: For scores that are not whole, none at all, or one that is in both.

    .. versionadded:: 0.1.0
    """

    top: tuple[int, ...] = attrs.field(converter=_sorted, validator=_SCORES)
    bottom: tuple[int, ...] = attrs.field(converter=_sorted, validator=_SCORES)

    unit: ClassVar[str] = "points"
    counts_missing: ClassVar[bool] = True

    def __attrs_post_init__(self) -> None:
        """Check that the two are apart."""
        both = sorted(set(self.top).intersection(self.bottom))
        if both:
            raise InvalidValue("Net.bottom", both[0], "scores that are not in top")

    @property
    def named(self) -> tuple[int, ...]:
        """The scores that the method names."""
        return self.top + self.bottom

    def x(self, score: int, _: Scale) -> int:
        """The number of one score.

        .. versionadded:: 0.1.0
        """
        return WHOLE if score in self.top else -WHOLE if score in self.bottom else 0

    def bounds(self, _: Scale) -> tuple[int, int]:
        """The lowest and the highest value of a reading.

        .. versionadded:: 0.1.0
        """
        return -WHOLE, WHOLE


@tagged("feedback.Share")
@attrs.frozen(weakref_slot=False)
class Share:
    """100 for a score in the set, else 0: the share of the set, in percent.

    Attributes:
        of: The scores that count, such as the two highest.

    Raises:
        InvalidValue: For scores that are not whole, or none at all.

    .. versionadded:: 0.1.0
    """

    of: tuple[int, ...] = attrs.field(converter=_sorted, validator=_SCORES)

    unit: ClassVar[str] = "percent"
    counts_missing: ClassVar[bool] = True

    @property
    def named(self) -> tuple[int, ...]:
        """The scores that the method names."""
        return self.of

    def x(self, score: int, _: Scale) -> int:
        """The number of one score.

        .. versionadded:: 0.1.0
        """
        return WHOLE if score in self.of else 0

    def bounds(self, _: Scale) -> tuple[int, int]:
        """The lowest and the highest value of a reading.

        .. versionadded:: 0.1.0
        """
        return 0, WHOLE


@tagged("feedback.Mean")
@attrs.frozen(weakref_slot=False)
class Mean:
    """The score itself: the mean score, in points of the scale.

    .. versionadded:: 0.1.0
    """

    unit: ClassVar[str] = "scale points"
    counts_missing: ClassVar[bool] = False
    named: ClassVar[tuple[int, ...]] = ()

    def x(self, score: int, _: Scale) -> int:
        """The number of one score.

        .. versionadded:: 0.1.0
        """
        return score

    def bounds(self, scale: Scale) -> tuple[int, int]:
        """The lowest and the highest value of a reading.

        .. versionadded:: 0.1.0
        """
        return scale.low, scale.high


@tagged("feedback.ShareOfMax")
@attrs.frozen(weakref_slot=False)
class ShareOfMax:
    """100 times the score by the highest score, in percent; the highest score must be above 0.

    .. versionadded:: 0.1.0
    """

    unit: ClassVar[str] = "percent"
    counts_missing: ClassVar[bool] = False
    named: ClassVar[tuple[int, ...]] = ()

    def x(self, score: int, scale: Scale) -> Fraction:
        """The number of one score.

        .. versionadded:: 0.1.0
        """
        return Fraction(WHOLE * score, scale.high)

    def bounds(self, scale: Scale) -> tuple[Fraction, int]:
        """The lowest and the highest value of a reading.

        .. versionadded:: 0.1.0
        """
        return self.x(scale.low, scale), WHOLE


@tagged("feedback.PercentOfRange")
@attrs.frozen(weakref_slot=False)
class PercentOfRange:
    """Where the score stands between the lowest (0) and the highest (100), in percent.

    .. versionadded:: 0.1.0
    """

    unit: ClassVar[str] = "percent"
    counts_missing: ClassVar[bool] = False
    named: ClassVar[tuple[int, ...]] = ()

    def x(self, score: int, scale: Scale) -> Fraction:
        """The number of one score.

        .. versionadded:: 0.1.0
        """
        return scale.percent(score)

    def bounds(self, _: Scale) -> tuple[int, int]:
        """The lowest and the highest value of a reading.

        .. versionadded:: 0.1.0
        """
        return 0, WHOLE


METHODS = (Net, Share, Mean, ShareOfMax, PercentOfRange)
"""Every method that there is."""

Method: TypeAlias = Net | Share | Mean | ShareOfMax | PercentOfRange
