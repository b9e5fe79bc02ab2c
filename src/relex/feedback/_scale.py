"""The scores that may be given."""

from __future__ import annotations

from fractions import Fraction

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue

__all__ = ["Scale"]

_MOST = 10_000
_FAR = 10**9
_SCORE = _checks.whole(least=-_FAR, most=_FAR)


@tagged("feedback.Scale")
@attrs.frozen(weakref_slot=False)
class Scale:
    """The allowed scores: whole numbers from low to high, both inside, in equal steps.

    Attributes:
        low: The lowest score.
        high: The highest.
        step: From one score to the next.

    Raises:
        InvalidValue: For a high that is not above low or that no whole number of steps reaches, for more than 10,000
            steps, and for a score beyond a thousand million.

    Example:
        >>> stars = Scale(1, 5)
        >>> stars.reverse(2), stars.percent(4), list(Scale(0, 100, 25).scores)
        (4, Fraction(75, 1), [0, 25, 50, 75, 100])

    .. versionadded:: 0.1.0
    """

    low: int = attrs.field(validator=_SCORE)
    high: int = attrs.field(validator=_SCORE)
    step: int = attrs.field(default=1, validator=_checks.whole(least=1))

    def __attrs_post_init__(self) -> None:
        """Check that the scores are some, and end at high."""
        steps, rest = divmod(self.high - self.low, self.step)
        if rest or not 1 <= steps <= _MOST:
            expected = f"{self.low} and 1 to {_MOST} steps of {self.step} above it"
            raise InvalidValue("Scale.high", self.high, expected)

    @property
    def scores(self) -> range:
        """Every score, the lowest first."""
        return range(self.low, self.high + 1, self.step)

    def holds(self, score: object) -> bool:
        """Whether this is one of the scores; a bool, a float and a text are none.

        .. versionadded:: 0.1.0
        """
        return isinstance(score, int) and not isinstance(score, bool) and score in self.scores

    def reverse(self, score: int) -> int:
        """The score as far from the high end as this one is from the low end; twice is the score itself.

        Raises:
            InvalidValue: For what is no score of the scale.

        .. versionadded:: 0.1.0
        """
        self.require("reverse.score", score)
        return self.low + self.high - score

    def percent(self, score: int) -> Fraction:
        """Where the score stands between low (0) and high (100), exact.

        Raises:
            InvalidValue: For what is no score of the scale.

        .. versionadded:: 0.1.0
        """
        self.require("percent.score", score)
        return Fraction(100 * (score - self.low), self.high - self.low)

    def require(self, path: str, score: object) -> None:
        """Raise unless this is one of the scores.

        Raises:
            InvalidValue: At the path, with the scale.

        .. versionadded:: 0.1.0
        """
        if not self.holds(score):
            raise InvalidValue(path, score, f"a score of the scale {self}")

    def __str__(self) -> str:
        return f"{self.low} to {self.high}" + ("" if self.step == 1 else f" in steps of {self.step}")
