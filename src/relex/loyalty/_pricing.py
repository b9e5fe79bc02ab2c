"""What a basket costs under promotions and vouchers, and why.

Theory of operation. Promotions are walked by priority (high first), then by id, so the order in which they are given
changes nothing; then vouchers in the same way. Each is judged on the basket as those before it left it, and answers
with an effect or with the reason why it has none; judging changes nothing. A group that chooses the best, or that has a
promotion which stands alone, is decided where its first member stands: its members are judged on the basket as it is,
and the winner is applied there. In all other groups a promotion is applied at its own place, and the first that ends
its group shuts out the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from relex import _checks
from relex._trusted import trusted
from relex.errors import CurrencyMismatch, InvalidValue
from relex.loyalty._benefits import Gift
from relex.loyalty._exact import decimal_of
from relex.loyalty._limits import Limit, Limits, PromotionUse
from relex.loyalty._occasions import in_utc
from relex.loyalty._priced import FreeUnits, PricedBasket, applied_of, discount_of, priced_line
from relex.loyalty._promotions import Promotion, check_cap
from relex.loyalty._rules import Choose, Group, Stack
from relex.loyalty._spreading import How, lowered_to, taken_off
from relex.loyalty._stacking import ends, winners
from relex.loyalty._till import Ready, Till, ready_for
from relex.loyalty._units import within
from relex.money import Leftover, Money, minor_digits
from relex.purchases import Payment, Purchase

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relex.loyalty._budgets import Budget
    from relex.loyalty._units import Chosen, Take

__all__ = ["price"]

_BEST = (Choose.BEST, Choose.BEST_PER_LINE)


def price(  # noqa: PLR0913 - each policy has its name
    basket: Purchase,
    promotions: Iterable[Promotion],
    *,
    vouchers: Iterable[Promotion] = (),
    tenders: Iterable[Payment] = (),
    at: datetime,
    judge: str = "running",
    base: str = "current",
    round_at: str = "line",
    leftover: Leftover = Leftover.LARGEST,
    quantum: Money | None = None,
    groups: Mapping[str, Group | Choose] | None = None,
    facts: Mapping[str, Any] | None = None,
    uses: Iterable[PromotionUse] = (),
    budgets: Mapping[str, Budget] | None = None,
    member: str | None = None,
    tz: tzinfo = UTC,
) -> PricedBasket:
    """What a basket costs under promotions, vouchers and payments, line by line and with the reason for each.

    It computes and spends nothing: record `to_purchase()` of the answer, keep its `uses`, and make its `draws` when the
    sale is made. Charges of the basket stay as they are; a delivery that promotions may lower is a line.

    Args:
        basket: The purchase as it would be: lines, currency, customer. Lines may state discounts of their own, which
            come first; the whole may not.
        promotions: By priority, then by id; their order here changes nothing.
        vouchers: Promotions behind codes, applied after all others and chosen among themselves.
        tenders: Points and stored value that pay a part; see `PricedBasket.pay`.
        at: The moment by which promotions are in force and facts about time are told.
        judge: Whether conditions and minimums look at the `running` basket, or at the `initial` one.
        base: Whether benefits are of the `current` prices or of the `list` prices; a `PriceAt` is always of the
            current one.
        round_at: Where percentages are rounded, half up: for each `line`, each `unit`, or in `total`.
        leftover: Who gets what is left over when an amount is spread over lines.
        quantum: The step of discounts; by default the minor unit of the currency.
        groups: Name of a group to a `Choose` or a `Group`; others add up all their promotions.
        facts: What conditions may ask about beyond the basket, by full name, such as `customer.segment`.
        uses: What this customer's earlier baskets used, for caps that look beyond one basket.
        budgets: The shared limits that caps name, by id.
        member: Of a shared account, who buys.
        tz: The zone of dates and of the time of day.

    Raises:
        InvalidValue: For an argument that does not fit, two promotions of one id, a basket with a discount of the
            whole, a set or a gift in a group that chooses by line, or a budget that is missing.
        CurrencyMismatch: For a promotion or a budget in another currency than the basket.

    Example:
        >>> from relex.loyalty import PercentOff, Sets
        >>> from relex.purchases import Line
        >>> at = datetime(2026, 5, 1, tzinfo=UTC)
        >>> basket = Purchase("b1", at=at, currency="EUR", lines=[Line(1, "mug", 4, unit_price="6.00")])
        >>> three = Promotion("3 for 2", PercentOff(100), sets=Sets(None, 2, None, 1))
        >>> print(price(basket, [three, Promotion("from 50", PercentOff(10), minimum=Money("50.00", "EUR"))], at=at))
        4 mug: 18.00 EUR (24.00 EUR less 6.00 EUR 3 for 2)
        total: 18.00 EUR
        due: 18.00 EUR
        not from 50: below_minimum

    .. versionadded:: 0.1.0
    """
    _check_choices(judge, base, round_at, leftover)
    _checks.a(Purchase).require("price.basket", basket)
    if basket.discounts:
        raise InvalidValue("price.basket.discounts", basket.discounts, "none: what lowers the whole is a promotion")
    _checks.zone.require("price.tz", tz)
    _MAPPING_OR_NONE.require("price.facts", facts)
    _MAPPING_OR_NONE.require("price.budgets", budgets)
    at, currency = in_utc("price.at", at), basket.currency
    groups = _groups(groups or {})
    readies = _readies(promotions, vouchers, currency, groups)
    digits = minor_digits(currency)
    till = Till(basket, facts or {}, at, tz, digits, initial=judge == "initial")
    how = How(digits, _step(quantum, currency), round_at, leftover, base == "list")
    limits = Limits(groups, _uses(uses), budgets or {}, member, till.day, tz, currency)
    counter = _Counter(till, limits, how)
    for walked in readies:
        counter.walk(walked)
    return counter.answer(tenders)


_MAPPING_OR_NONE = _checks.optional(_checks.a(Mapping))


def _uses(uses: Iterable[PromotionUse]) -> tuple[PromotionUse, ...]:
    found: tuple[PromotionUse, ...] = _checks.items("price.uses", uses)
    for place, use in enumerate(found):
        _checks.a(PromotionUse).require(f"price.uses[{place}]", use)
    return found


def _check_choices(judge: str, base: str, round_at: str, leftover: Leftover) -> None:
    _checks.one_of("running", "initial").require("price.judge", judge)
    _checks.one_of("current", "list").require("price.base", base)
    _checks.one_of("line", "unit", "total").require("price.round_at", round_at)
    _checks.a(Leftover).require("price.leftover", leftover)


def _readies(
    promotions: Iterable[Promotion], vouchers: Iterable[Promotion], currency: str, groups: Mapping[str, Group]
) -> tuple[list[Ready], list[Ready]]:
    """Promotions and vouchers, each in their order."""
    found: list[list[Ready]] = []
    seen: set[str] = set()
    for name, listed in (("promotions", promotions), ("vouchers", vouchers)):
        own = []
        for place, promotion in enumerate(_checks.items(f"price.{name}", listed)):
            if not isinstance(promotion, Promotion):
                raise InvalidValue(f"price.{name}[{place}]", promotion, "a Promotion")
            ready = ready_for(promotion)
            if ready.id in seen:
                raise InvalidValue(f"price.{name}[{place}].id", ready.id, "an id that no other promotion has")
            seen.add(ready.id)
            if groups:
                _check_place(f"price.{name}[{place}]", promotion, groups.get(promotion.group))
            if ready.currencies and ready.currencies != (currency,):
                raise CurrencyMismatch(currency, ready.currencies[0])
            own.append(ready)
        found.append(sorted(own, key=_order))
    return found[0], found[1]


def _check_place(path: str, promotion: Promotion, group: Group | None) -> None:
    if group is not None and group.choose is Choose.BEST_PER_LINE and promotion.sets is not None:
        raise InvalidValue(f"{path}.sets", promotion.sets, f"None: the group {promotion.group} chooses by line")
    if group is not None and group.choose is Choose.BEST_PER_LINE and isinstance(promotion.gives, Gift):
        raise InvalidValue(f"{path}.gives", promotion.gives, f"no gift: the group {promotion.group} chooses by line")


def _order(ready: Ready) -> tuple[int, str]:
    return ready.order


def _step(quantum: Money | None, currency: str) -> int:
    if quantum is None:
        return 1
    _checks.a(Money).require("price.quantum", quantum)
    if quantum.currency != currency:
        raise CurrencyMismatch(currency, quantum.currency)
    if quantum.amount <= 0 or quantum.round() != quantum:
        raise InvalidValue("price.quantum", quantum, "an amount above 0 that is whole in minor units")
    return quantum.minor


def _groups(groups: Mapping[str, Group | Choose]) -> dict[str, Group]:
    _checks.a(Mapping).require("price.groups", groups)
    found = {}
    for name, group in groups.items():
        _checks.a(Group, Choose).require(f"price.groups[{name}]", group)
        found[name] = Group(group) if isinstance(group, Choose) else group
        for place, cap in enumerate(found[name].caps):
            check_cap(f"price.groups[{name}].caps[{place}]", cap)
    return found


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


def _stacking(effect: Effect) -> Stack:
    return effect.ready.promotion.stacking


def _more(one: Effect, other: Effect) -> bool:
    return sum(one.offs) > sum(other.offs)


class _Counter:
    """Walks promotions over a till and writes down what happens."""

    __slots__ = ("_effects", "_how", "_limits", "_refused", "_till")

    def __init__(self, till: Till, limits: Limits, how: How) -> None:
        self._till, self._limits, self._how = till, limits, how
        self._effects: list[Effect] = []
        self._refused: dict[str, str] = {}

    def walk(self, readies: Sequence[Ready]) -> None:
        """Apply promotions or vouchers in their order."""
        members: dict[str, list[Ready]] = {}
        for ready in readies:
            members.setdefault(ready.promotion.group, []).append(ready)
        begun: set[str] = set()
        done: set[str] = set()
        ended: dict[str, str] = {}
        for ready in readies:
            group = ready.promotion.group
            choose = self._choose(group)
            if group not in begun:
                begun.add(group)
                done |= self._decided(choose, members[group])
            if ready.id in done:
                continue
            if group in ended:
                self._refused[ready.id] = f"shut_out_by:{ended[group]}"
            elif self._applied(ready) and ends(choose, ready.promotion.stacking):
                ended[group] = ready.id

    def _choose(self, group: str) -> Choose:
        found = self._limits.groups.get(group)
        return Choose.ALL if found is None else found.choose

    def _applied(self, ready: Ready) -> bool:
        found = self._judged(ready)
        if isinstance(found, str):
            self._refused[ready.id] = found
            return False
        self._apply(found)
        return True

    def _decided(self, choose: Choose, members: Sequence[Ready]) -> set[str]:
        """Decide a group that is decided all at once; the ids that need no more looking at."""
        best = choose in _BEST
        if not best and (
            choose is not Choose.ALL or all(each.promotion.stacking is not Stack.ALONE for each in members)
        ):
            return set()
        asked = [each for each in members if best or each.promotion.stacking is Stack.ALONE]
        fired = []
        for ready in asked:
            found = self._judged(ready)
            if isinstance(found, str):
                self._refused[ready.id] = found
            else:
                fired.append(found)
        if not fired:
            return {ready.id for ready in asked}
        if choose is Choose.BEST_PER_LINE:
            self._apply_best_of_lines(fired)
        else:
            won, _ = winners(choose, fired, _stacking, _more)
            self._apply(won[0])
            lost = "better_applied" if best else f"shut_out_by:{won[0].ready.id}"
            for ready in members:
                if ready.id != won[0].ready.id:
                    self._refused.setdefault(ready.id, lost)
        return {ready.id for ready in members}

    def _apply_best_of_lines(self, fired: Sequence[Effect]) -> None:
        """On each line, the promotion that takes most off it."""
        best: dict[int, tuple[int, int]] = {}
        for number, effect in enumerate(fired):
            sums: dict[int, int] = {}
            for take, off in zip(effect.takes, effect.offs, strict=True):
                sums[take.place] = sums.get(take.place, 0) + off
            for place, off in sums.items():
                if off > best.get(place, (0, 0))[0]:
                    best[place] = (off, number)
        for number, effect in enumerate(fired):
            kept = [
                (take, off)
                for take, off in zip(effect.takes, effect.offs, strict=True)
                if take.place in best and best[take.place][1] == number
            ]
            if kept:
                self._apply(effect._replace(takes=[take for take, _ in kept], offs=[off for _, off in kept]))
            else:
                self._refused[effect.ready.id] = "better_applied"

    def _judged(self, ready: Ready) -> Effect | str:
        """What a promotion would do to the basket as it stands, or why it does nothing."""
        till, promotion = self._till, ready.promotion
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
        promotion, limits = ready.promotion, self._limits_of(ready)
        if isinstance(promotion.gives, Gift):
            return self._gift(ready, promotion.gives, chosen, limits)
        takes, cut = (chosen.takes, False) if not limits else self._fitting(limits, chosen)
        offs = taken_off(promotion.gives, takes, self._how) if takes else []
        if limits and any(offs):
            offs, less = self._lowered(limits, takes, offs)
            cut = cut or less
        if not any(offs):
            return "capped" if cut else "nothing"
        return Effect(ready, chosen, takes, offs, 0, cut)

    def _reached(self, promotion: Promotion, places: Sequence[int]) -> bool:
        """Whether the matching lines reach what they have to."""
        if promotion.minimum is not None:
            amount = sum([self._till.judged[place] for place in places])
            if amount < Fraction(promotion.minimum.amount) * 10**self._how.digits:
                return False
        if promotion.minimum_quantity is None:
            return True
        lines = self._till.basket.lines
        return sum([Fraction(lines[place].quantity) for place in places]) >= promotion.minimum_quantity

    def _limits_of(self, ready: Ready) -> list[Limit]:
        group = self._limits.groups.get(ready.promotion.group)
        shared = () if group is None else group.caps
        return [*ready.limits, *[Limit(cap, None, ready.promotion.group) for cap in shared]]

    def _gift(self, ready: Ready, gives: Gift, chosen: Chosen, limits: Sequence[Limit]) -> Effect | str:
        whole = sum([take.run.units * Fraction(take.run.size) for take in chosen.takes], Fraction(0))
        asked = gifts = int(whole // Fraction(gives.per)) * gives.quantity
        if not asked:
            return "below_minimum"
        for limit in limits:
            room, wants = self._limits.room(limit, None), 1 if limit.cap.times is not None else gifts
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
            for value, places in self._places(limit, takes).items():
                room = self._limits.room(limit, value)
                wants = Fraction(1) if cap.times is not None else _quantity(takes, places)
                if wants <= room:
                    continue
                cut = True
                if cap.units is not None and cap.then == "cut":
                    takes = within(takes, room, places, dear=chosen.dear)
                else:
                    takes = [take for take in takes if take.place not in places]
        return takes, cut

    def _lowered(self, limits: Sequence[Limit], takes: Sequence[Take], offs: list[int]) -> tuple[list[int], bool]:
        """What limits on amounts leave of what comes off, and whether that is less."""
        cut = False
        for limit in limits:
            if limit.cap.amount is None:
                continue
            for value, places in self._places(limit, takes).items():
                room = int(self._limits.room(limit, value) * 10**self._how.digits)
                mine = [number for number, take in enumerate(takes) if take.place in places]
                if sum([offs[number] for number in mine]) > room:
                    cut = True
                    most = room if limit.cap.then == "cut" else 0
                    parts = lowered_to(most, [offs[number] for number in mine], self._how)
                    for number, part in zip(mine, parts, strict=True):
                        offs[number] = part
        return offs, cut

    def _places(self, limit: Limit, takes: Iterable[Take]) -> dict[str | None, set[int]]:
        """The lines that a limit counts together, by the value that they share."""
        name = limit.cap.by
        found: dict[str | None, set[int]] = {}
        for take in takes:
            value = None if name is None else str(self._till.line(take.place, amounts=True).get(name))
            found.setdefault(value, set()).add(take.place)
        return found

    def _apply(self, effect: Effect) -> None:
        self._till.lower(effect.ready.id, effect.chosen, effect.takes, effect.offs)
        self._effects.append(effect)
        limits = self._limits_of(effect.ready)
        if limits:
            self._limits.use(limits, self._uses(effect, limits))

    def _uses(self, effect: Effect, limits: Sequence[Limit]) -> list[PromotionUse]:
        """What an effect uses: as a whole, and for each value that a limit counts apart."""
        rows = [self._use(effect, effect.units(), sum(effect.offs))]
        for name in sorted({limit.cap.by for limit in limits if limit.cap.by is not None}):
            parts: dict[str, tuple[Fraction, int]] = {}
            for take, off in zip(effect.takes, effect.offs, strict=True):
                value = str(self._till.line(take.place, amounts=True).get(name))
                units, amount = parts.get(value, (Fraction(0), 0))
                size = Fraction(take.run.size) * take.run.units if off else 0
                parts[value] = (units + size, amount + off)
            rows += [self._use(effect, units, off, name, value) for value, (units, off) in parts.items() if off]
        return rows

    def _use(
        self, effect: Effect, units: int | Fraction, off: int, by: str | None = None, value: str | None = None
    ) -> PromotionUse:
        till = self._till
        return PromotionUse(
            promotion=effect.ready.id,
            group=effect.ready.promotion.group,
            at=till.at,
            units=units,
            amount=Money.of_minor(off, till.basket.currency),
            member=self._limits.member,
            by=by,
            value=value,
        )

    def answer(self, tenders: Iterable[Payment]) -> PricedBasket:
        """Everything that happened, as a value."""
        till, digits = self._till, self._how.digits
        basket = till.basket
        currency = basket.currency

        def money(amount: int) -> Money:
            return _amount(decimal_of(amount, digits), currency)

        discounts: list[list[Any]] = [[] for _ in basket.lines]
        applied = []
        for effect in self._effects:
            for place, (off, units) in _by_line(effect).items():
                discounts[place].append(discount_of(effect.ready.id, money(off), units))
            applied.append(applied_of(effect.ready.id, money(sum(effect.offs)), effect.units(), effect.cut))
        rows = zip(basket.lines, till.listed, basket.figures.discount, discounts, till.amounts, strict=True)
        zero = money(0)
        lines = [
            priced_line(
                line.number,
                line.product,
                line.quantity,
                money(listed),
                money(stated) if stated else zero,
                tuple(off),
                money(net),
            )
            for line, listed, stated, off, net in rows
        ]
        found = PricedBasket(
            basket=basket,
            at=till.at,
            lines=tuple(lines),
            gifts=tuple([_free(effect) for effect in self._effects if effect.gifts]),
            applied=tuple(applied),
            refused=tuple(sorted(self._refused.items())),
            tenders=(),
            uses=self._limits.uses(),
            draws=self._limits.draws(),
        )
        return found if tenders == () else found.pay(*_checks.items("price.tenders", tenders))


_amount = trusted(Money)


def _quantity(takes: Iterable[Take], places: set[int]) -> Fraction:
    return sum([Fraction(take.run.size) * take.run.units for take in takes if take.place in places], Fraction(0))


def _by_line(effect: Effect) -> dict[int, tuple[int, int | Fraction]]:
    """What comes off each line, and the quantity that it is for."""
    found: dict[int, tuple[int, int | Fraction]] = {}
    for take, off in zip(effect.takes, effect.offs, strict=True):
        if off:
            before, units = found.get(take.place, (0, 0))
            found[take.place] = (before + off, units + take.run.units * take.run.size)
    return found


def _free(effect: Effect) -> FreeUnits:
    gives: Any = effect.ready.promotion.gives
    return FreeUnits(promotion=effect.ready.id, product=gives.product, quantity=effect.gifts)
