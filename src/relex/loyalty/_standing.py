"""Where a member stands among the tiers, as recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from relex.loyalty._notices import TierChanged

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["NO_TIER", "Standing", "standing_after"]


class Standing(NamedTuple):
    """Where a member stands among the tiers.

    Attributes:
        tier: Id of the tier that counts: the highest of the three below; None for none.
        since: Since when.
        earned: Id of the tier that the measure gave.
        until: When the validity of that ends, grace included; None for no end.
        kept: Id of the highest lifetime tier ever reached.
        floor: Id of the tier that was assigned by hand.
        floor_until: When that ends; None for no end.
        then: (tier, end) of lower floors that last longer, the highest first.
        measured: (instant, version) of the last change or review, from where a measure counts that looks at what came
            since then.

    .. versionadded:: 0.1.0
    """

    tier: str | None = None
    since: datetime | None = None
    earned: str | None = None
    until: datetime | None = None
    kept: str | None = None
    floor: str | None = None
    floor_until: datetime | None = None
    then: tuple[tuple[str, datetime | None], ...] = ()
    measured: tuple[datetime, int] | None = None

    @property
    def floors(self) -> tuple[tuple[str, datetime | None], ...]:
        """(tier, end) of every floor, the highest and shortest first."""
        return () if self.floor is None else ((self.floor, self.floor_until), *self.then)

    def floors_at(self, moment: datetime) -> tuple[tuple[str, datetime | None], ...]:
        """Those that have not ended."""
        return tuple([(tier, end) for tier, end in self.floors if end is None or end > moment])


NO_TIER: Final = Standing()


def standing_after(standing: Standing, event: Any) -> Standing:
    """The standing after a `TierChanged` or `TierAssigned`."""
    if type(event) is not TierChanged:
        until = None if event.tier is None else event.until  # what is not there does not end
        return standing._replace(floor=event.tier, floor_until=until, then=event.then)
    floors = standing.floors_at(event.effective) if event.floor_ended else standing.floors
    floor, floor_until = floors[0] if floors else (None, None)
    return Standing(
        tier=event.after,
        since=standing.since if event.after == event.before else event.effective,
        earned=event.earned,
        until=event.valid_until,
        kept=event.kept,
        floor=floor,
        floor_until=floor_until,
        then=floors[1:],
        measured=(event.effective, event.version),
    )
