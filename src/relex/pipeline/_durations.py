"""Many durations in days, with their mean and their quantiles."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex._html import table
from relex.figures import Figure, Parameter, quantile, ratio
from relex.pipeline._reading import none

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["Durations", "in_days"]

_DAY_MICROS = 86_400_000_000
_MICRO = timedelta(microseconds=1)
_NO_TIME = timedelta(0)
_HALF = Fraction(1, 2)
_SHOWN = (("least", 0), ("first quarter", _HALF / 2), ("median", _HALF), ("third quarter", 3 * _HALF / 2), ("most", 1))


@attrs.frozen(kw_only=True, weakref_slot=False)
class Durations:
    """How long each of many things took.

    Attributes:
        times: Of each, in ascending order.
        method: What was measured.
        parameters: How.
        reason: Why there is no mean where there are none.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    times: tuple[timedelta, ...]
    method: str
    parameters: tuple[tuple[str, Parameter], ...] = ()
    reason: str = "no_data"
    as_of: datetime

    @property
    def days(self) -> tuple[Fraction, ...]:
        """The same in days of 24 hours, exactly."""
        return tuple(map(in_days, self.times))

    @property
    def mean(self) -> Figure:
        """The mean, in days."""
        return self._figure("mean", ratio(in_days(sum(self.times, _NO_TIME)), len(self.times), "days"))

    @property
    def median(self) -> Figure:
        """The middle one, or the mean of the middle two, in days."""
        return self.quantile(_HALF)

    def quantile(self, p: int | Decimal | Fraction) -> Figure:
        """The quantile at a share from 0 to 1, by linear interpolation at position (n - 1) p; in days.

        Raises:
            InvalidValue: For another share.

        .. versionadded:: 0.1.0
        """
        found = quantile([time // _MICRO for time in self.times] or (0,), p)
        return self._figure(f"quantile {p}", Figure(found / _DAY_MICROS, "days"))

    def _figure(self, name: str, found: Figure) -> Figure:
        return attrs.evolve(
            found if self.times else none(self.reason),
            parts=self.parts(),
            method=f"{name} of the {self.method}",
            parameters=self.parameters,
            as_of=self.as_of,
        )

    def parts(self) -> dict[str, int]:
        """What the figures rest on."""
        return {"counted": len(self.times)}

    def __len__(self) -> int:
        return len(self.times)

    def __str__(self) -> str:
        if not self.times:
            return f"{self.method}: none ({self.reason})"
        return f"{self.method}: mean {self.mean.show(1)} days, median {self.median.show(1)}, of {len(self.times)}"

    def _repr_html_(self) -> str:
        rows = [("mean", self.mean), *((name, self.quantile(p)) for name, p in _SHOWN)]
        return table(str(self), ("", "days"), [(name, figure.show(1)) for name, figure in rows])


def in_days(time: timedelta) -> Fraction:
    """A length of time in days of 24 hours, exactly."""
    return Fraction(time // _MICRO, _DAY_MICROS)
