"""What a promotion would do to a basket as it stands, or the reason why it does nothing; judging changes nothing."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from relex.loyalty._benefits import Gift
from relex.loyalty._limits import Limit, PromotionUse
from relex.loyalty._spreading import lowered_to, taken_off
from relex.loyalty._units import within
from relex.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relex.loyalty._limits import Limits
    from relex.loyalty._promotions import Promotion
    from relex.loyalty._spreading import How
    from relex.loyalty._till import Ready, Till
    from relex.loyalty._units import Chosen, Take

__all__ = ["Effect", "Judgment"]


class Effect(NamedTuple):
    """What a promotion would do to the basket as it stands.

    Attributes:
        ready: The promotion.
        chosen: The units that it is for.
        takes: Those of them that limits leave.
        offs: What comes off each, in minor units.
        gifts: Free units.
        cut: Whether a limit left less than there would be.
    """

    ready: Ready
    chosen: Chosen
    takes: Sequence[Take]
    offs: Sequence[int]
    gifts: int
    cut: bool

    def units(self) -> int | Fraction:
        """The quantity that costs less, or of the gift."""
        sizes = [take.run.units * take.run.size for take, off in zip(self.takes, self.offs, strict=True) if off]
        return self.gifts or sum(sizes)


class Judgment:
    """Judges promotions on a till, by what limits leave.

    Attributes:
        till: The basket as it stands.
        limits: What was used of limits.
        how: How prices are computed.
    """

    __slots__ = ("how", "limits", "till")

    def __init__(self, till: Till, limits: Limits, how: How) -> None:
        self.till, self.limits, self.how = till, limits, how

    def judged(self, ready: Ready) -> Effect | str:
        """What a promotion would do to the basket as it stands, or why it does nothing."""
        till, promotion = self.till, ready.promotion
        why = till.holds(ready)
        if why is not None:
            return why
        places, why = till.matching(ready)
        if not places or not self._reached(promotion, places):
            return "below_minimum" if places else why
        chosen = till.chosen(ready, places)
        if chosen is None:
            return "no_whole_set"
        return self._effect(ready, chosen)

    def _effect(self, ready: Ready, chosen: Chosen) -> Effect | str:
        promotion, limits = ready.promotion, self.limits_of(ready)
        if isinstance(promotion.gives, Gift):
            return self._gift(ready, promotion.gives, chosen, limits)
        takes, cut = (chosen.takes, False) if not limits else self._fitting(limits, chosen)
        offs = taken_off(promotion.gives, takes, self.how) if takes else []
        if limits and any(offs):
            offs, less = self._lowered(limits, takes, offs)
            cut = cut or less
        if not any(offs):
            return "capped" if cut else "nothing"
        return Effect(ready, chosen, takes, offs, 0, cut)

    def _reached(self, promotion: Promotion, places: Sequence[int]) -> bool:
        """Whether the matching lines reach what they have to."""
        if promotion.minimum is not None:
            amount = sum([self.till.judged[place] for place in places])
            if amount < Fraction(promotion.minimum.amount) * 10**self.how.digits:
                return False
        if promotion.minimum_quantity is None:
            return True
        lines = self.till.basket.lines
        return sum([Fraction(lines[place].quantity) for place in places]) >= promotion.minimum_quantity

    def limits_of(self, ready: Ready) -> list[Limit]:
        group = self.limits.groups.get(ready.promotion.group)
        shared = () if group is None else group.caps
        return [*ready.limits, *[Limit(cap, None, ready.promotion.group) for cap in shared]]

    def _gift(self, ready: Ready, gives: Gift, chosen: Chosen, limits: Sequence[Limit]) -> Effect | str:
        whole = sum([take.run.units * Fraction(take.run.size) for take in chosen.takes], Fraction(0))
        asked = gifts = int(whole // Fraction(gives.per)) * gives.quantity
        if not asked:
            return "below_minimum"
        for limit in limits:
            room, wants = self.limits.rooms(limit, (None,))[None], 1 if limit.cap.times is not None else gifts
            if limit.cap.amount is None and wants > room:
                gifts = int(room) if limit.cap.units is not None and limit.cap.then == "cut" else 0
        if not gifts:
            return "capped"
        return Effect(ready, chosen, chosen.takes, [0] * len(chosen.takes), gifts, gifts < asked)

    def _fitting(self, limits: Sequence[Limit], chosen: Chosen) -> tuple[list[Take], bool]:
        """The units that limits on times and units leave, and whether that is fewer."""
        takes, cut = chosen.takes, False
        for limit in limits:
            cap = limit.cap
            if cap.amount is not None:
                continue
            values = self._values(limit, takes)
            wants: dict[str | None, int | Fraction] = {}
            for take, value in zip(takes, values, strict=True):
                wants[value] = 1 if cap.times is not None else wants.get(value, 0) + take.run.units * take.run.size
            rooms = self.limits.rooms(limit, wants)
            cuts = cap.units is not None and cap.then == "cut"
            short = {value: rooms[value] if cuts else None for value, n in wants.items() if n > rooms[value]}
            if short:
                cut = True
                takes = within(takes, values, short, dear=chosen.dear)
        return takes, cut

    def _lowered(self, limits: Sequence[Limit], takes: Sequence[Take], offs: list[int]) -> tuple[list[int], bool]:
        """What limits on amounts leave of what comes off, and whether that is less."""
        cut = False
        for limit in limits:
            if limit.cap.amount is None:
                continue
            own: dict[str | None, list[int]] = {}
            for number, value in enumerate(self._values(limit, takes)):
                own.setdefault(value, []).append(number)
            rooms = self.limits.rooms(limit, own)
            for value, mine in own.items():
                room = int(rooms[value] * 10**self.how.digits)
                if sum([offs[number] for number in mine]) > room:
                    cut = True
                    most = room if limit.cap.then == "cut" else 0
                    parts = lowered_to(most, [offs[number] for number in mine], self.how)
                    for number, part in zip(mine, parts, strict=True):
                        offs[number] = part
        return offs, cut

    def _values(self, limit: Limit, takes: Iterable[Take]) -> list[str | None]:
        """Of the fact by which a limit counts apart, for each take; None where it counts all together."""
        name = limit.cap.by
        if name is None:
            return [None for _ in takes]
        return [str(self.till.line(take.place, amounts=True).get(name)) for take in takes]

    def uses(self, effect: Effect, limits: Sequence[Limit]) -> list[PromotionUse]:
        """What an effect uses: as a whole, and for each value that a limit counts apart."""
        rows = [self._use(effect, effect.units(), sum(effect.offs))]
        for name in sorted({limit.cap.by for limit in limits if limit.cap.by is not None}):
            parts: dict[str, tuple[Fraction, int]] = {}
            for take, off in zip(effect.takes, effect.offs, strict=True):
                value = str(self.till.line(take.place, amounts=True).get(name))
                units, amount = parts.get(value, (Fraction(0), 0))
                size = Fraction(take.run.size) * take.run.units if off else 0
                parts[value] = (units + size, amount + off)
            rows += [self._use(effect, units, off, name, value) for value, (units, off) in parts.items() if off]
        return rows

    def _use(
        self, effect: Effect, units: int | Fraction, off: int, by: str | None = None, value: str | None = None
    ) -> PromotionUse:
        till = self.till
        return PromotionUse(
            promotion=effect.ready.id,
            group=effect.ready.promotion.group,
            at=till.at,
            units=units,
            amount=Money.of_minor(off, till.basket.currency),
            member=self.limits.member,
            by=by,
            value=value,
        )
