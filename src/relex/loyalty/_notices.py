"""Events that move no points: what time did, where a member stands among the tiers, the life of the account."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import attrs

from relex import _checks
from relex.changes import Event
from relex.codec import tagged
from relex.loyalty._events import FOLLOWER, Entry

__all__ = [
    "AccountClosed",
    "AccountOpened",
    "AccountResumed",
    "AccountSuspended",
    "LotNotice",
    "PointsExpired",
    "PointsMatured",
    "TierAssigned",
    "TierChanged",
]

_INSTANT_OR_NONE = _checks.optional(_checks.instant)
_TEXT_OR_NONE = _checks.optional(_checks.text)


@attrs.frozen(kw_only=True, weakref_slot=False)
class LotNotice(Entry):
    """A notice about one lot."""

    lot: str = attrs.field(validator=_checks.text)
    currency: str = attrs.field(validator=_checks.text)
    points: int = attrs.field(validator=_checks.whole())

    @property
    def key(self) -> tuple[str, str]:
        """The kind of notice and the lot."""
        return (type(self).__name__, self.lot)


@tagged("loyalty.PointsMatured")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PointsMatured(LotNotice):
    """A notice: pending points became available at `effective`.

    Attributes:
        lot: Id of the lot.
        currency: Id of the points currency.
        points: How many; a correction of an earlier notice may be below 0.

    .. versionadded:: 0.1.0
    """


@tagged("loyalty.PointsExpired")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PointsExpired(LotNotice):
    """A notice: what was left of a lot expired at `effective`.

    Attributes:
        lot: Id of the lot.
        currency: Id of the points currency.
        points: How many; a correction of an earlier notice may be below 0.

    .. versionadded:: 0.1.0
    """


@tagged("loyalty.TierChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class TierChanged(Entry):
    """The tier changed, or was renewed, at `effective`.

    Attributes:
        before: Id of the tier before, or None.
        after: Id of the tier from now on, or None.
        earned: Id of the tier that the measure gave, without floor and lifetime.
        reason: `earned`, `renewed`, `review`, `assigned`, `floor_ended` or `absorbed` (of an account that ended).
        measure: What was measured, in words that show the number.
        valid_until: The instant at which the validity ends, grace included; None for no end.
        kept: Id of the highest lifetime tier ever reached, or None.
        floor_ended: Whether a floor that was assigned by hand came to its end.
        program_version: Of the program that decided.

    .. versionadded:: 0.1.0
    """

    before: str | None = attrs.field(validator=_TEXT_OR_NONE)
    after: str | None = attrs.field(validator=_TEXT_OR_NONE)
    earned: str | None = attrs.field(validator=_TEXT_OR_NONE)
    reason: str = attrs.field(
        validator=_checks.one_of("earned", "renewed", "review", "assigned", "floor_ended", "absorbed")
    )
    measure: str = attrs.field(default="", validator=_checks.a(str))
    valid_until: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE)
    kept: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    floor_ended: bool = attrs.field(default=False, validator=_checks.flag)
    program_version: int = attrs.field(default=1, validator=_checks.whole(least=1))

    @property
    def key(self) -> tuple[str, str]:
        """The kind of event and the tier."""
        return ("tier", f"{self.after}@{self.effective.isoformat()}")


@tagged("loyalty.TierAssigned")
@attrs.frozen(kw_only=True, weakref_slot=False)
class TierAssigned(Entry):
    """Somebody set a floor under the tier by hand, or took it away.

    Attributes:
        tier: Id of the tier below which the account does not fall, or None to end an earlier floor.
        until: The instant at which the floor ends; None for no end.
        reason: Why.
        actor: Who.
        then: (tier, end) of lower floors that last longer, as an absorbed account may bring them, the highest first.

    .. versionadded:: 0.1.0
    """

    tier: str | None = attrs.field(validator=_TEXT_OR_NONE)
    until: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE)
    reason: str = attrs.field(validator=_checks.text)
    actor: str = attrs.field(validator=_checks.text)
    then: tuple[tuple[str, datetime | None], ...] = attrs.field(default=(), validator=_checks.a(tuple))

    @property
    def key(self) -> tuple[str, str]:
        """`assign` and the tier."""
        return ("assign", f"{self.tier}@{self.effective.isoformat()}")


@tagged("loyalty.AccountOpened")
@attrs.frozen(kw_only=True, weakref_slot=False)
class AccountOpened(Event):
    """A customer joined a program.

    Attributes:
        customer: Id of the customer.
        program: Id of the program.

    .. versionadded:: 0.1.0
    """

    customer: str = attrs.field(validator=_checks.text)
    program: str = attrs.field(validator=_checks.text)


@attrs.frozen(kw_only=True, weakref_slot=False)
class _StatusChanged(Event):
    reason: str = attrs.field(default="", validator=_checks.a(str))


@tagged("loyalty.AccountSuspended")
@attrs.frozen(kw_only=True, weakref_slot=False)
class AccountSuspended(_StatusChanged):
    """Nothing is earned or spent until the account is resumed; time goes on.

    Attributes:
        reason: Why.

    .. versionadded:: 0.1.0
    """


@tagged("loyalty.AccountResumed")
@attrs.frozen(kw_only=True, weakref_slot=False)
class AccountResumed(_StatusChanged):
    """A suspended account works again.

    Attributes:
        reason: Why.

    .. versionadded:: 0.1.0
    """


@tagged("loyalty.AccountClosed")
@attrs.frozen(kw_only=True, weakref_slot=False)
class AccountClosed(Entry):
    """The account ended; what was on it, pending points too, went out.

    Attributes:
        reason: Why.
        into: Id of the account that took over what was on it, debts too; None when nobody did.

    .. versionadded:: 0.1.0
    """

    rank: ClassVar[int] = FOLLOWER

    reason: str = attrs.field(default="", validator=_checks.a(str))
    into: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    @property
    def key(self) -> tuple[str, str]:
        """`close` and the account."""
        return ("close", self.source)
