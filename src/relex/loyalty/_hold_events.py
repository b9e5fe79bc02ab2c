"""Holds and lots in escrow, as facts that do not change."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import attrs

from relex import _checks
from relex._trusted import trusted
from relex.codec import tagged
from relex.loyalty._events import DEBIT, FOLLOWER, Credit, Entry
from relex.loyalty._notices import LotNotice
from relex.money import Money

__all__ = [
    "EscrowActivated",
    "EscrowCanceled",
    "HoldCaptured",
    "HoldLapsed",
    "HoldVoided",
    "PointsHeld",
    "make_captured",
    "make_held",
    "make_voided",
]

_INSTANT_OR_NONE = _checks.optional(_checks.instant)
_TEXT_OR_NONE = _checks.optional(_checks.text)
_TUPLE = _checks.a(tuple)


@tagged("loyalty.PointsHeld")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PointsHeld(Entry):
    """Points were set aside for a redemption that is not complete.

    Attributes:
        id: Of the hold, and of the redemption that it may become.
        currency: Id of the points currency.
        points: In the smallest unit; above 0.
        until: The instant at which it lapses, unless it was captured or voided before.
        late_until: What a lapse does with points whose lot has ended then: their new end, or None if they expire at
            once.
        reissued: Whether such points form a new lot.
        purchase: Id of the purchase that is to be paid with them, or None.
        reward: Id of the reward, or None.
        member: As of `PointsEarned`.
        worth: As of `PointsRedeemed`.

    .. versionadded:: 0.1.0
    """

    rank: ClassVar[int] = DEBIT

    id: str = attrs.field(validator=_checks.text)
    currency: str = attrs.field(validator=_checks.text)
    points: int = attrs.field(validator=_checks.whole(least=1))
    until: datetime = attrs.field(validator=_checks.instant)
    late_until: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE)
    reissued: bool = attrs.field(default=False, validator=_checks.flag)
    purchase: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    reward: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    member: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    worth: Money | None = attrs.field(default=None, validator=_checks.optional(_checks.a(Money)))

    @property
    def key(self) -> tuple[str, str]:
        """`redeem` and the id: a redemption is a hold that is captured at once, and they share their ids."""
        return ("redeem", self.id)


@tagged("loyalty.HoldCaptured")
@attrs.frozen(kw_only=True, weakref_slot=False)
class HoldCaptured(Entry):
    """Held points were spent; what was held beyond them went back to its lots.

    Attributes:
        hold: Id of the hold.
        currency: Id of the points currency.
        points: How many were spent.
        released: How many went back.
        late_until: For lots that have ended meanwhile: the new end of what goes back, or None if it expires at once.
        reissued: Whether such points form a new lot.
        deadlines: As of `PointsEarned`.
        member: That of the hold.

    .. versionadded:: 0.1.0
    """

    rank: ClassVar[int] = FOLLOWER

    hold: str = attrs.field(validator=_checks.text)
    currency: str = attrs.field(validator=_checks.text)
    points: int = attrs.field(validator=_checks.whole(least=1))
    released: int = attrs.field(default=0, validator=_checks.whole(least=0))
    late_until: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE)
    reissued: bool = attrs.field(default=False, validator=_checks.flag)
    deadlines: tuple[tuple[str, datetime], ...] = attrs.field(default=(), validator=_TUPLE)
    member: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    @property
    def key(self) -> tuple[str, str]:
        """`capture` and the hold."""
        return ("capture", self.hold)


@tagged("loyalty.HoldVoided")
@attrs.frozen(kw_only=True, weakref_slot=False)
class HoldVoided(Entry):
    """A hold was called off; its points went back to their lots.

    Attributes:
        hold: Id of the hold.
        currency: Id of the points currency.
        points: How many went back.
        late_until: As of `HoldCaptured`.
        reissued: As of `HoldCaptured`.
        member: That of the hold.

    .. versionadded:: 0.1.0
    """

    rank: ClassVar[int] = FOLLOWER

    hold: str = attrs.field(validator=_checks.text)
    currency: str = attrs.field(validator=_checks.text)
    points: int = attrs.field(validator=_checks.whole(least=1))
    late_until: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE)
    reissued: bool = attrs.field(default=False, validator=_checks.flag)
    member: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    @property
    def key(self) -> tuple[str, str]:
        """`void` and the hold."""
        return ("void", self.hold)


@tagged("loyalty.HoldLapsed")
@attrs.frozen(kw_only=True, weakref_slot=False)
class HoldLapsed(Entry):
    """A notice: a hold came to its end at `effective`; its points went back as if it had been voided then.

    Attributes:
        hold: Id of the hold.
        currency: Id of the points currency.
        points: How many; a correction of an earlier notice may be below 0.

    .. versionadded:: 0.1.0
    """

    hold: str = attrs.field(validator=_checks.text)
    currency: str = attrs.field(validator=_checks.text)
    points: int = attrs.field(validator=_checks.whole())

    @property
    def key(self) -> tuple[str, str]:
        """The kind of notice and the hold."""
        return ("HoldLapsed", self.hold)


@tagged("loyalty.EscrowActivated")
@attrs.frozen(kw_only=True, weakref_slot=False)
class EscrowActivated(Entry):
    """What lots in escrow waited for has come; they can be used from `effective` on.

    Attributes:
        occasion: (kind, id) of what earned them.
        on: What they waited for.
        lots: The lots as they are from now on.

    .. versionadded:: 0.1.0
    """

    rank: ClassVar[int] = FOLLOWER

    occasion: tuple[str, str] = attrs.field(validator=_TUPLE)
    on: str = attrs.field(validator=_checks.text)
    lots: tuple[Credit, ...] = attrs.field(default=(), validator=_checks.each(_checks.a(Credit)))

    @property
    def key(self) -> tuple[str, str]:
        """`activate` and the occasion with what it waited for."""
        kind, name = self.occasion
        return ("activate", f"{kind}:{name}:{self.on}")


@tagged("loyalty.EscrowCanceled")
@attrs.frozen(kw_only=True, weakref_slot=False)
class EscrowCanceled(LotNotice):
    """A notice: a lot in escrow was not activated in time and was taken back at `effective`.

    Attributes:
        lot: Id of the lot.
        currency: Id of the points currency.
        points: How many; a correction of an earlier notice may be below 0.
        reason: `lapsed`.
        occasion: (kind, id) of what earned the lot; None for a lot that came from another account.
        awarded_at: Business moment of that, on which the cancellation counts for limits.
        uses: As of `PointsReversed`: the part of each limit that is free again.

    .. versionadded:: 0.1.0
    """

    reason: str = attrs.field(default="lapsed", validator=_checks.one_of("lapsed"))
    occasion: tuple[str, str] | None = attrs.field(default=None, validator=_checks.optional(_TUPLE))
    awarded_at: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE)
    uses: tuple[tuple[str, str, str, int, str, int], ...] = attrs.field(default=(), validator=_TUPLE)

    @property
    def lots(self) -> tuple[tuple[str, str, int], ...]:
        """(lot id, currency, points), as of `PointsReversed`."""
        return ((self.lot, self.currency, self.points),)


make_held = trusted(PointsHeld)
make_captured = trusted(HoldCaptured)
make_voided = trusted(HoldVoided)
