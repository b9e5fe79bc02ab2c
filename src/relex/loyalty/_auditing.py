"""What each entry of an account must agree with: its own sums, and the entries before it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from relex.loyalty._events import (
    Entry,
    PointsAdjusted,
    PointsEarned,
    PointsRedeemed,
    PointsReversed,
    RedemptionRestored,
)
from relex.loyalty._exact import sum_of
from relex.loyalty._extensions import ExpiryExtended
from relex.loyalty._hold_events import EscrowActivated, HoldCaptured, HoldVoided, PointsHeld
from relex.loyalty._lots import first_lot
from relex.loyalty._notices import AccountClosed, TierAssigned, TierChanged
from relex.loyalty._standing import NO_TIER, standing_after
from relex.loyalty._transfer_events import PointsSent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Doubt", "Known"]

Doubt = tuple[str, str, str]
"""(code, what was found, what was expected)."""


class Known:
    """What the events so far said; it takes them in the order in which they were recorded."""

    def __init__(self) -> None:
        self.keys: set[Any] = set()
        self.awards: dict[tuple[str, str], PointsEarned] = {}
        self.lots: dict[str, int] = {}
        self.taken: dict[str, int] = {}
        self.returned: dict[tuple[tuple[str, str], int], list[Decimal]] = {}
        self.holds: dict[str, int] = {}
        self.spent: dict[str, int] = {}
        self.restored: dict[str, int] = {}
        self.standing = NO_TIER
        self.closed = False

    def judged(self, event: Any) -> Iterator[Doubt]:
        """What is wrong with the next event."""
        if isinstance(event, Entry):
            yield from self._entry(event)
        check = _CHECKS.get(type(event))
        if check is not None:
            yield from check(self, event)

    def _entry(self, entry: Any) -> Iterator[Doubt]:
        if entry.rank >= 0:
            key = (type(entry), entry.key)
            if key in self.keys:
                yield "entry_twice", f"{entry.key[0]} {entry.key[1]} again", "every entry once"
            self.keys.add(key)
            if self.closed:
                yield "after_close", type(entry).__name__, "nothing after AccountClosed"
        if entry.effective > entry.at:
            yield "future", f"{entry.effective.isoformat()}, recorded before", f"at most {entry.at.isoformat()}"
        for credit in getattr(entry, "credits", ()) or _one(getattr(entry, "credit", None)):
            if type(entry) in _GIVING and credit.earned_at != entry.effective:
                yield "earned_at", f"{credit.earned_at.isoformat()} of {credit.lot}", entry.effective.isoformat()
            if credit.lot in self.lots:
                yield "lot_twice", f"lot {credit.lot} again", "every lot once"
            self.lots[credit.lot] = credit.points
            if credit.lines and sum([points for _, points in credit.lines]) != credit.points:
                yield "lines", f"lines of {credit.lot} that do not add up", f"lines that add up to {credit.points}"

    def _named(self, lots: Iterable[str]) -> Iterator[Doubt]:
        for lot in lots:
            if first_lot(lot, self.lots) is None:
                yield "unknown_lot", f"lot {lot}", "a lot that was given before"

    def _earned(self, entry: PointsEarned) -> Iterator[Doubt]:
        self.awards[entry.key] = entry
        breakdown = entry.breakdown
        given: dict[str, int] = {}
        for currency, points in entry.by_currency:
            given[currency] = given.get(currency, 0) + points
        explained = {award.currency for award in breakdown.awards}
        if not explained and not breakdown.refused and not breakdown.ineligible:
            return  # an award of another system brings no explanation
        for currency in sorted({*given, *explained}):
            total = breakdown.total(currency) if currency in explained else 0
            if given.get(currency, 0) != max(0, total):
                yield "breakdown", f"{given.get(currency, 0)} {currency} in lots", f"{total}, as the breakdown says"

    def _reversed(self, entry: PointsReversed) -> Iterator[Doubt]:
        award = self.awards.get(entry.occasion)
        if award is None:
            if entry.occasion[0] != "paid":
                yield "unknown_award", f"a return of {' '.join(entry.occasion)}", "an award that was given before"
            return
        if entry.awarded_at != award.effective:
            yield "awarded_at", entry.awarded_at.isoformat(), award.effective.isoformat()
        own = {credit.lot for credit in award.credits}
        for lot, _, points in entry.lots:
            self.taken[lot] = self.taken.get(lot, 0) + points
            if lot not in own:
                yield "unknown_lot", f"lot {lot}", f"a lot of {' '.join(entry.occasion)}"
            elif self.taken[lot] > self.lots[lot]:
                yield "over_reversed", f"{self.taken[lot]} points of {lot}", f"at most {self.lots[lot]}"
        yield from self._lines(entry, award)
        first = [points for _, currency, points in entry.lots if currency == entry.lots[0][1]]
        told = entry.points + entry.already_expired + entry.uncollected
        if told != sum(first):
            yield "outcome", f"{told} taken, expired and uncollected", f"{sum(first)}, as was asked back"

    def _lines(self, entry: PointsReversed, award: PointsEarned) -> Iterator[Doubt]:
        sold = {number: _quantity(text) or Decimal(0) for number, text, _ in award.lines}
        for number, text in entry.lines:
            quantity = _quantity(text)
            if quantity is None:
                yield "over_returned", f"{text!r} of line {number}", "a quantity"
                continue
            back = self.returned.setdefault((entry.occasion, number), [])
            back.append(quantity)
            if number not in sold or sum_of(back) > sold[number]:
                expected = f"at most {sold.get(number, 0)}"
                yield "over_returned", f"{sum_of(back)} of line {number}", expected

    def _redeemed(self, entry: PointsRedeemed) -> Iterator[Doubt]:
        self.spent[entry.id] = entry.points
        yield from ()

    def _held(self, entry: PointsHeld) -> Iterator[Doubt]:
        self.holds[entry.id] = entry.points
        yield from ()

    def _hold_ended(self, entry: HoldCaptured | HoldVoided) -> Iterator[Doubt]:
        held = self.holds.pop(entry.hold, None)
        told = entry.points
        if type(entry) is HoldCaptured:
            self.spent[entry.hold] = entry.points
            told += entry.released
        if held is None:
            yield "unknown_hold", f"an end of the hold {entry.hold}", "a hold that is open"
        elif told != held:
            yield "hold", f"{told} captured and released", f"{held}, as was held"

    def _restored(self, entry: RedemptionRestored) -> Iterator[Doubt]:
        spent = self.spent.get(entry.redemption)
        back = self.restored[entry.redemption] = self.restored.get(entry.redemption, 0) + entry.points
        if spent is None:
            yield "unknown_redemption", f"redemption {entry.redemption}", "a redemption that was made before"
        elif back > spent:
            yield "over_restored", f"{back} of redemption {entry.redemption}", f"at most {spent}"

    def _adjusted(self, entry: PointsAdjusted) -> Iterator[Doubt]:
        credit = entry.credit
        given = 0 if credit is None else credit.points
        if given != max(0, entry.points):
            yield "adjustment", f"a lot of {given}", f"{max(0, entry.points)}, as was adjusted"
        if credit is not None and credit.currency != entry.currency:
            yield "adjustment", f"a lot of {credit.currency}", f"{entry.currency}, as was adjusted"
        if entry.origin is not None:
            yield from self._named((entry.origin,))

    def _activated(self, entry: EscrowActivated) -> Iterator[Doubt]:
        yield from self._named(credit.lot for credit in entry.lots)

    def _extended(self, entry: ExpiryExtended) -> Iterator[Doubt]:
        yield from self._named(lot for lot, _, _ in entry.ends)

    def _sent(self, entry: PointsSent) -> Iterator[Doubt]:
        yield from self._named(each.lot for each in entry.moved)

    def _tier(self, entry: TierChanged) -> Iterator[Doubt]:
        if entry.before != self.standing.tier:
            yield "tier", f"a change from {entry.before}", f"one from {self.standing.tier}"
        self.standing = standing_after(self.standing, entry)
        own = {tier for tier in (entry.earned, entry.kept) if tier is not None}
        floors = {tier for tier, _ in self.standing.floors}
        if entry.after not in own | floors and (own or entry.after is not None):  # a floor that the program has no more
            yield "tier", f"{entry.after}", f"{', '.join(sorted(own | floors)) or None}, earned, kept or assigned"

    def _assigned(self, entry: TierAssigned) -> Iterator[Doubt]:
        self.standing = standing_after(self.standing, entry)
        yield from ()

    def _closed(self, _: AccountClosed) -> Iterator[Doubt]:
        self.closed = True
        yield from ()


def _quantity(text: str) -> Decimal | None:
    """A quantity as it was recorded; None for what is none."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _one(credit: Any) -> tuple[Any, ...]:
    return () if credit is None else (credit,)


_GIVING = (PointsEarned, PointsAdjusted)
_CHECKS: dict[type, Callable[[Known, Any], Iterator[Doubt]]] = {
    PointsEarned: Known._earned,  # noqa: SLF001 - our own
    PointsReversed: Known._reversed,  # noqa: SLF001 - our own
    PointsRedeemed: Known._redeemed,  # noqa: SLF001 - our own
    PointsHeld: Known._held,  # noqa: SLF001 - our own
    HoldCaptured: Known._hold_ended,  # noqa: SLF001 - our own
    HoldVoided: Known._hold_ended,  # noqa: SLF001 - our own
    RedemptionRestored: Known._restored,  # noqa: SLF001 - our own
    PointsAdjusted: Known._adjusted,  # noqa: SLF001 - our own
    EscrowActivated: Known._activated,  # noqa: SLF001 - our own
    ExpiryExtended: Known._extended,  # noqa: SLF001 - our own
    PointsSent: Known._sent,  # noqa: SLF001 - our own
    TierChanged: Known._tier,  # noqa: SLF001 - our own
    TierAssigned: Known._assigned,  # noqa: SLF001 - our own
    AccountClosed: Known._closed,  # noqa: SLF001 - our own
}
