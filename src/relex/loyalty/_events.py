"""What happens to an account, as facts that do not change.

Entries move points and carry two times: `at`, when the command was made, and `effective`, the business moment.
Notices report what time did and move nothing. Instants are kept in UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import attrs

from relex import _checks
from relex._trusted import trusted
from relex.changes import Event
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.loyalty._breakdown import NOTHING, Breakdown
from relex.loyalty._escrow import InEscrow
from relex.money import Money

__all__ = [
    "Credit",
    "Entry",
    "PointsAdjusted",
    "PointsEarned",
    "PointsRedeemed",
    "PointsReversed",
    "RedemptionRestored",
    "event_place",
    "make_credit",
    "make_earned",
    "make_redeemed",
]

_INSTANT_OR_NONE = _checks.optional(_checks.instant)
_TEXT_OR_NONE = _checks.optional(_checks.text)
_TUPLE = _checks.a(tuple)

NOTICE, CREDIT, DEBIT, FOLLOWER = -1, 0, 1, 2

Deadlines = tuple[tuple[str, datetime], ...]


def _lasting(instance: Credit, attribute: attrs.Attribute[datetime | None], value: datetime | None) -> None:
    if value is not None and value <= instance.earned_at:
        raise InvalidValue(f"Credit.{attribute.name}", value, f"an instant after {instance.earned_at.isoformat()}")


@tagged("loyalty.Credit")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Credit:
    """One lot as it was given.

    Attributes:
        lot: Id of the lot, unique in the account.
        currency: Id of the points currency.
        points: In the smallest unit; above 0.
        earned_at: The business moment.
        available_at: From when the points can be spent; before that they are pending.
        expires_at: When what is left is gone; None for never.
        own_end: For a lot that ends with inactivity, the latest end it may have, or None for none.
        idle: Whether the lot ends with inactivity, so that activities move its end.
        escrow: What a lot in escrow waits for; `available_at` is the instant at which it is canceled, unless that
            came before. None for any other lot.
        lines: (line number, points) pairs, for returns.

    .. versionadded:: 0.1.0
    """

    lot: str = attrs.field(validator=_checks.text)
    currency: str = attrs.field(validator=_checks.text)
    points: int = attrs.field(validator=_checks.whole(least=1))
    earned_at: datetime = attrs.field(validator=_checks.instant)
    available_at: datetime = attrs.field(validator=_checks.instant)
    expires_at: datetime | None = attrs.field(default=None, validator=attrs.validators.and_(_INSTANT_OR_NONE, _lasting))
    own_end: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE)
    idle: bool = attrs.field(default=False, validator=_checks.flag)
    lines: tuple[tuple[int, int], ...] = attrs.field(default=(), validator=_TUPLE)
    escrow: InEscrow | None = attrs.field(default=None, validator=_checks.optional(_checks.a(InEscrow)))


@attrs.frozen(kw_only=True, weakref_slot=False)
class Entry(Event):
    """An event with a business moment of its own.

    Attributes:
        effective: The business moment; never after `at`.
    """

    rank: ClassVar[int] = NOTICE
    looks_back: ClassVar[bool] = False  # whether the fold has to know what became of certain lots

    effective: datetime = attrs.field(validator=_checks.instant)

    @property
    def key(self) -> tuple[str, str]:
        """Kind and id, by which a repeated command is recognized."""
        raise NotImplementedError


@tagged("loyalty.PointsEarned")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PointsEarned(Entry):
    """An occasion was judged; it gave points, or none, and the reasons are here.

    Attributes:
        id: Of the occasion.
        kind: Of the occasion.
        credits: The lots that were given.
        breakdown: Which rule gave what, and why the others gave nothing.
        lines: (number, quantity, net in minor units) of every line, for returns.
        spend: Net of the occasion in minor units of the program's currency.
        qualifying: Points that count for tiers that measure what was earned.
        uses: (cap, value, currency, points, units, amount in minor units) for every cap that counts this award.
        content: A digest of the occasion, by which a repeat with other content is recognized.
        program_version: Of the program that decided.
        deadlines: (currency, instant) pairs: the moved end of lots that end with inactivity.
        member: Id of the customer who acted; None in histories that do not tell, where it is the owner.

    .. versionadded:: 0.1.0
    """

    rank: ClassVar[int] = CREDIT

    id: str = attrs.field(validator=_checks.text)
    kind: str = attrs.field(validator=_checks.text)
    credits: tuple[Credit, ...] = attrs.field(default=(), validator=_checks.each(_checks.a(Credit)))
    breakdown: Breakdown = attrs.field(default=NOTHING, validator=_checks.a(Breakdown))
    lines: tuple[tuple[int, str, int], ...] = attrs.field(default=(), validator=_TUPLE)
    spend: int = attrs.field(default=0, validator=_checks.whole())
    qualifying: int = attrs.field(default=0, validator=_checks.whole())
    uses: tuple[tuple[str, str, str, int, str, int], ...] = attrs.field(default=(), validator=_TUPLE)
    content: str = attrs.field(default="", validator=_checks.a(str))
    program_version: int = attrs.field(default=1, validator=_checks.whole(least=1))
    deadlines: tuple[tuple[str, datetime], ...] = attrs.field(default=(), validator=_TUPLE)
    member: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    @property
    def key(self) -> tuple[str, str]:
        """Kind and id of the occasion."""
        return (self.kind, self.id)

    @property
    def points(self) -> int:
        """Points given in the first currency that was given."""
        return self.breakdown.total()

    @property
    def purchased(self) -> bool:
        """Whether it was a purchase."""
        return self.kind == "purchase"

    @property
    def by_currency(self) -> tuple[tuple[str, int], ...]:
        """(currency, points) for each lot that was given."""
        return tuple([(credit.currency, credit.points) for credit in self.credits])


@tagged("loyalty.PointsRedeemed")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PointsRedeemed(Entry):
    """Points were spent.

    Attributes:
        id: Of the redemption.
        currency: Id of the points currency.
        points: In the smallest unit; above 0.
        purchase: Id of the purchase that was paid with them, or None.
        reward: Id of the reward, or None.
        deadlines: As of `PointsEarned`.
        member: As of `PointsEarned`.
        worth: Of a reward of the program: what the points paid, or the discount that they bought; else None.

    .. versionadded:: 0.1.0
    """

    rank: ClassVar[int] = DEBIT

    id: str = attrs.field(validator=_checks.text)
    currency: str = attrs.field(validator=_checks.text)
    points: int = attrs.field(validator=_checks.whole(least=1))
    purchase: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    reward: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    deadlines: tuple[tuple[str, datetime], ...] = attrs.field(default=(), validator=_TUPLE)
    member: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    worth: Money | None = attrs.field(default=None, validator=_checks.optional(_checks.a(Money)))

    @property
    def key(self) -> tuple[str, str]:
        """`redeem` and the id."""
        return ("redeem", self.id)


@tagged("loyalty.PointsAdjusted")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PointsAdjusted(Entry):
    """Somebody added or took points by hand.

    Attributes:
        id: Of the adjustment.
        currency: Id of the points currency.
        points: What was added, or below 0 what was taken.
        reason: Why.
        actor: Who.
        credit: The lot, when points were added.
        deadlines: As of `PointsEarned`.
        member: As of `PointsEarned`.
        origin: Id of the lot whose expired points came back with this, or None.
        qualifying: Whether the points count for tiers.

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    currency: str = attrs.field(validator=_checks.text)
    points: int = attrs.field(validator=_checks.whole())
    reason: str = attrs.field(validator=_checks.text)
    actor: str = attrs.field(validator=_checks.text)
    credit: Credit | None = attrs.field(default=None, validator=_checks.optional(_checks.a(Credit)))
    deadlines: tuple[tuple[str, datetime], ...] = attrs.field(default=(), validator=_TUPLE)
    member: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    origin: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    qualifying: bool = attrs.field(default=False, validator=_checks.flag)

    @property
    def rank(self) -> int:  # type: ignore[override]
        """Credits go before debits of the same instant."""
        return CREDIT if self.points > 0 else DEBIT

    @property
    def key(self) -> tuple[str, str]:
        """`adjust` and the id."""
        return ("adjust", self.id)


@tagged("loyalty.PointsReversed")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PointsReversed(Entry):
    """A return took back what an award had given.

    Attributes:
        id: Of the return.
        occasion: (kind, id) of the award.
        awarded_at: Business moment of the award, on whose date the reversal counts for tiers and caps.
        lots: (lot id, currency, points): what this return asks back from each lot.
        reach: What happens to the part that was spent: `only_pending`, `within_balance` or `allow_debt`.
        lines: (line number, quantity) pairs that came back.
        spend: Value that came back, in minor units of the program's currency.
        points: What was really taken, in the first currency of the award, as decided then.
        already_expired: The part that had expired unused.
        uncollected: The part that was spent and could not be had.
        qualifying: Qualifying points that no longer count.
        uses: As of `PointsEarned`: the part of each cap that is free again.
        member: That of the award.
        voids: Whether the whole award was taken back because its occasion does not count, as if it had not been.
        reason: Why that was.

    .. versionadded:: 0.1.0
    """

    rank: ClassVar[int] = FOLLOWER
    looks_back: ClassVar[bool] = True

    id: str = attrs.field(validator=_checks.text)
    occasion: tuple[str, str] = attrs.field(validator=_TUPLE)
    awarded_at: datetime = attrs.field(validator=_checks.instant)
    lots: tuple[tuple[str, str, int], ...] = attrs.field(validator=_TUPLE)
    reach: str = attrs.field(validator=_checks.one_of("only_pending", "within_balance", "allow_debt"))
    lines: tuple[tuple[int, str], ...] = attrs.field(default=(), validator=_TUPLE)
    spend: int = attrs.field(default=0, validator=_checks.whole())
    points: int = attrs.field(default=0, validator=_checks.whole())
    already_expired: int = attrs.field(default=0, validator=_checks.whole())
    uncollected: int = attrs.field(default=0, validator=_checks.whole())
    qualifying: int = attrs.field(default=0, validator=_checks.whole())
    uses: tuple[tuple[str, str, str, int, str, int], ...] = attrs.field(default=(), validator=_TUPLE)
    member: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    voids: bool = attrs.field(default=False, validator=_checks.flag)
    reason: str = attrs.field(default="", validator=_checks.a(str))

    @property
    def key(self) -> tuple[str, str]:
        """`return` and the id, or `reverse` where a whole occasion does not count."""
        return ("reverse" if self.voids else "return", self.id)

    @property
    def purchased(self) -> bool:
        """Whether a purchase came back."""
        return self.occasion[0] == "purchase"

    @property
    def by_currency(self) -> tuple[tuple[str, int], ...]:
        """(currency, points) for each lot that was asked back."""
        return tuple([(currency, points) for _, currency, points in self.lots])


@tagged("loyalty.RedemptionRestored")
@attrs.frozen(kw_only=True, weakref_slot=False)
class RedemptionRestored(Entry):
    """A redemption was cancelled, whole or in part, and its points went back to the lots they came from.

    Attributes:
        id: Of the restoration.
        redemption: Id of the redemption.
        currency: Id of the points currency.
        points: How many came back.
        until: For lots that expired meanwhile: the end of their grace, or of the lot issued anew; None if the original
            end holds, so that they expire at once.
        reissued: Whether such points form a new lot.
        member: That of the redemption.
        refund: Id of the return of the purchase that was paid with the points; None where they came back by themselves.

    .. versionadded:: 0.1.0
    """

    rank: ClassVar[int] = FOLLOWER
    looks_back: ClassVar[bool] = True

    id: str = attrs.field(validator=_checks.text)
    redemption: str = attrs.field(validator=_checks.text)
    currency: str = attrs.field(validator=_checks.text)
    points: int = attrs.field(validator=_checks.whole(least=1))
    until: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE)
    reissued: bool = attrs.field(default=False, validator=_checks.flag)
    member: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    refund: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    @property
    def key(self) -> tuple[str, str]:
        """`restore` and the id."""
        return ("restore", self.id)


def event_place(entry: Entry) -> tuple[datetime, datetime, int, tuple[str, str]]:
    """Where an entry stands in the order of the fold."""
    return (entry.effective, entry.at, entry.rank, entry.key)


make_credit = trusted(Credit)
make_earned = trusted(PointsEarned)
make_redeemed = trusted(PointsRedeemed)
