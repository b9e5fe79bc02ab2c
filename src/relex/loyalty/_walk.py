"""The walk over promotions and vouchers, and what it comes to.

Theory of operation. Promotions are walked by priority (high first), then by id, so the order in which they are given
changes nothing; then vouchers in the same way. Each is judged on the basket as those before it left it, and answers
with an effect or with the reason why it has none; judging changes nothing. A group that chooses the best, or that has a
promotion which stands alone, is decided where its first member stands: its members are judged on the basket as it is,
and the winner is applied there. In all other groups a promotion is applied at its own place, and the first that ends
its group shuts out the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex import _checks
from relex._trusted import trusted
from relex.loyalty._exact import decimal_of
from relex.loyalty._priced import FreeUnits, PricedBasket, applied_of, discount_of, priced_line
from relex.loyalty._rules import Choose, Stack
from relex.loyalty._stacking import ends, winners
from relex.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from relex.loyalty._effects import Effect, Judgment
    from relex.loyalty._till import Ready
    from relex.purchases import Payment

__all__ = ["Walk"]

_BEST = (Choose.BEST, Choose.BEST_PER_LINE)


class Walk:
    """Walks promotions over a till and writes down what happens."""

    __slots__ = ("_effects", "_judgment", "_refused")

    def __init__(self, judgment: Judgment) -> None:
        self._judgment = judgment
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
        found = self._judgment.limits.groups.get(group)
        return Choose.ALL if found is None else found.choose

    def _applied(self, ready: Ready) -> bool:
        found = self._judgment.judged(ready)
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
            found = self._judgment.judged(ready)
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

    def _apply(self, effect: Effect) -> None:
        self._judgment.till.lower(effect.ready.id, effect.chosen, effect.takes, effect.offs)
        self._effects.append(effect)
        limits = self._judgment.limits_of(effect.ready)
        if limits:
            self._judgment.limits.use(limits, self._judgment.uses(effect, limits))

    def answer(self, tenders: Iterable[Payment]) -> PricedBasket:
        """Everything that happened, as a value."""
        till, digits = self._judgment.till, self._judgment.how.digits
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
            uses=self._judgment.limits.uses(),
            draws=self._judgment.limits.draws(),
        )
        return found if tenders == () else found.pay(*_checks.items("price.tenders", tenders))


_amount = trusted(Money)


def _stacking(effect: Effect) -> Stack:
    return effect.ready.promotion.stacking


def _more(one: Effect, other: Effect) -> bool:
    return sum(one.offs) > sum(other.offs)


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
