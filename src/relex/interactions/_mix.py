"""Which channels are used, and when somebody was last in touch."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.figures import Figure, ratio
from relex.interactions._corrections import standing
from relex.interactions._html import table
from relex.interactions._interaction import DIRECTIONS
from relex.interactions._parts import INSTANT_OR_NONE, TEXT_OR_NONE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relex.interactions._interaction import Interaction

__all__ = ["ChannelMix", "channel_mix", "last_touch"]

_DIRECTION = _checks.optional(_checks.one_of(*DIRECTIONS))


@attrs.frozen(kw_only=True)
class ChannelMix:
    """How many contacts there were on each channel in each direction.

    Attributes:
        counts: Sorted (channel, direction, count) rows; what did not happen has no row.

    .. versionadded:: 0.1.0
    """

    counts: tuple[tuple[str, str, int], ...]

    @property
    def total(self) -> int:
        """All contacts."""
        return sum(count for _, _, count in self.counts)

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that were used, sorted."""
        return tuple(sorted({channel for channel, _, _ in self.counts}))

    def count(self, channel: str | None = None, direction: str | None = None) -> int:
        """The contacts on a channel, in a direction, or both; None is any.

        .. versionadded:: 0.1.0
        """
        return sum(each for a, b, each in self.counts if channel in {None, a} and direction in {None, b})

    def share(self, channel: str | None = None, direction: str | None = None) -> Figure:
        """Their exact share of all contacts; None with `no_data` where there were none.

        .. versionadded:: 0.1.0
        """
        count, total = self.count(channel, direction), self.total
        named = {"channel": channel or "any", "direction": direction or "any"}
        if not total:
            return Figure(None, "share", method="channel mix", parameters=named, reason="no_data")
        return attrs.evolve(ratio(count, total), method="channel mix", parameters=named)

    def __str__(self) -> str:
        return ", ".join(f"{name} {self.share(name).as_percent().show(0)} %" for name in self.channels) or "no contacts"

    def _repr_html_(self) -> str:
        rows = (
            (channel, direction, count, f"{self.share(channel, direction).as_percent().show(1)} %")
            for channel, direction, count in self.counts
        )
        return table(f"Channels: {self.total} contacts", ("channel", "direction", "contacts", "share"), rows)


def channel_mix(interactions: Iterable[Interaction], *, as_of: datetime | None = None) -> ChannelMix:
    """How contacts spread over channels and directions; of those that correct each other, the newest counts.

    Args:
        interactions: In any order; the same one may come twice.
        as_of: Only what had happened by then, inclusive; None is everything.

    Raises:
        Conflict: For one id with two contents.
        InvalidValue: For something else than interactions, or a naive instant.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.interactions import Interaction
        >>> may = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> called = [Interaction(name, at=may, channel="phone", direction="inbound") for name in "ab"]
        >>> mix = channel_mix([*called, Interaction("c", at=may, channel="email", direction="outbound")])
        >>> mix.share("phone").value, str(mix), channel_mix([]).share("phone").reason
        (Fraction(2, 3), 'email 33 %, phone 67 %', 'no_data')

    .. versionadded:: 0.1.0
    """
    found = _until("channel_mix", interactions, as_of)
    counts = Counter((each.channel, each.direction) for each in found)
    return ChannelMix(counts=tuple((*pair, counts[pair]) for pair in sorted(counts)))


def last_touch(
    interactions: Iterable[Interaction],
    *,
    direction: str | None = None,
    channel: str | None = None,
    as_of: datetime | None = None,
) -> Interaction | None:
    """The latest contact, of one instant the one with the greatest id; None where there was none.

    Args:
        interactions: In any order; the same one may come twice.
        direction: Only in this direction; None is any but `internal`.
        channel: Only on this channel; None is any.
        as_of: Only what had happened by then, inclusive; None is everything.

    Raises:
        Conflict: For one id with two contents.
        InvalidValue: For something else than interactions, an unknown direction, or a naive instant.

    .. versionadded:: 0.1.0
    """
    _DIRECTION.require("last_touch.direction", direction)
    TEXT_OR_NONE.require("last_touch.channel", channel)
    wanted = ("inbound", "outbound") if direction is None else (direction,)
    found = [
        each
        for each in _until("last_touch", interactions, as_of)
        if each.direction in wanted and channel in {None, each.channel}
    ]
    return max(found, key=lambda each: (moment(each.at), each.id), default=None)


def _until(name: str, interactions: Iterable[Interaction], as_of: datetime | None) -> list[Interaction]:
    INSTANT_OR_NONE.require(f"{name}.as_of", as_of)
    found = standing(f"{name}.interactions", interactions)
    return [each for each in found if as_of is None or not is_before(as_of, each.at)]
