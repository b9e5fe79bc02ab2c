"""The units of a basket: what each costs now, and which of them a promotion is for.

Theory of operation. Ten thousand equal units are one object: a *run* is a number of units of one line that cost the
same, with the amount of all of them together, so that no unit price is ever rounded. A line of a whole quantity begins
as one run; a weighed one as a run of its whole units and one of the part that is left. Only a promotion that takes some
units of a run splits it, and then in whole minor units: of three units for 10.00, the first to go costs 3.34 where the
dearest goes first, and 3.33 where the cheapest does.

A choice is a list of takes, each a number of units of one run, in the order in which they were chosen. Choosing changes
nothing; the till applies a choice together with what it takes off.
"""

from __future__ import annotations

from collections import deque
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from relex.money import Rounding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from relex.loyalty._promotions import Sets, Units

__all__ = ["Chosen", "Run", "Take", "all_units", "runs_of", "some_units", "split", "whole_sets", "within"]

_half_up = Rounding.HALF_UP.divide


class Run(NamedTuple):
    """Units of one line that cost the same.

    Attributes:
        units: How many.
        size: The quantity of each: 1, or less for a part.
        amount: What they all cost now, in minor units.
        listed: What they all cost before any discount.
        used: Whether they went into a set.
    """

    units: int
    size: int | Fraction
    amount: int
    listed: int
    used: bool

    def each(self) -> int | Fraction:
        """What one of them costs now."""
        whole, rest = divmod(self.amount, self.units)
        return Fraction(self.amount, self.units) if rest else whole


class Take(NamedTuple):
    """Units of one run: the place of the line, that of the run in it, how many, and what they are."""

    place: int
    spot: int
    run: Run


class Chosen(NamedTuple):
    """The units that a benefit is for.

    Attributes:
        takes: Them.
        bought: How many units sets use up beside them, by place and spot.
        dear: Whether they are the dearest of their runs.
        sets: Whether they are of sets, and so used up.
    """

    takes: list[Take]
    bought: dict[tuple[int, int], int]
    dear: bool
    sets: bool


def runs_of(quantity: int | Decimal, amount: int, listed: int) -> list[Run]:
    """A line as runs."""
    if type(quantity) is int and quantity:
        return [Run(quantity, 1, amount, listed, used=False)]
    whole, rest = divmod(Fraction(quantity), 1)
    if not whole:
        return [Run(1, rest, amount, listed, used=False)]
    exact = Fraction(quantity)
    if not rest:
        return [Run(whole, 1, amount, listed, used=False)]
    share, share_listed = [_half_up(each * whole * exact.denominator, exact.numerator) for each in (amount, listed)]
    return [
        Run(whole, 1, share, share_listed, used=False),
        Run(1, rest, amount - share, listed - share_listed, used=False),
    ]


def split(run: Run, count: int, *, dear: bool) -> tuple[Run, Run | None]:
    """So many units of a run, those that cost a minor unit more first or last, and the rest of it."""
    if count == run.units:
        return run, None
    amount, listed = [_part(whole, run.units, count, dear=dear) for whole in (run.amount, run.listed)]
    taken = Run(count, run.size, amount, listed, run.used)
    return taken, Run(run.units - count, run.size, run.amount - amount, run.listed - listed, run.used)


def _part(amount: int, units: int, count: int, *, dear: bool) -> int:
    each, more = divmod(amount, units)
    return count * each + (min(count, more) if dear else max(0, count - units + more))


def all_units(runs: Sequence[Sequence[Run]], places: Iterable[int]) -> Chosen:
    """Every unit of these lines."""
    return Chosen(
        [Take(place, spot, run) for place in places for spot, run in enumerate(runs[place])], {}, dear=True, sets=False
    )


def some_units(runs: Sequence[Sequence[Run]], places: Sequence[int], units: Units) -> Chosen:
    """The units that a `Units` names."""
    dear = units.order != "cheapest"
    if units.per == "line":
        takes = [take for place in places for take in _first(runs, [place], units.n, units.order, dear=dear)]
    else:
        takes = _first(runs, places, units.n, units.order, dear=dear)
    return Chosen(takes, {}, dear, sets=False)


def _first(runs: Sequence[Sequence[Run]], places: Sequence[int], n: int, order: str, *, dear: bool) -> list[Take]:
    takes = []
    for place, spot in _sorted(runs, places, order):
        if not n:
            break
        run = runs[place][spot]
        count = min(n, run.units)
        takes.append(Take(place, spot, split(run, count, dear=dear)[0]))
        n -= count
    return takes


def _sorted(runs: Sequence[Sequence[Run]], places: Sequence[int], order: str) -> list[tuple[int, int]]:
    """The runs of these lines in the order in which their units are taken; equal ones as the lines stand."""
    found = [(place, spot) for place in places for spot in range(len(runs[place]))]
    if order == "cheapest":
        return sorted(found, key=lambda at: runs[at[0]][at[1]].each())
    if order == "dearest":
        return sorted(found, key=lambda at: -runs[at[0]][at[1]].each())
    return sorted(found, key=lambda at: (at[0], -runs[at[0]][at[1]].each()))


class _Pool:
    """What is left of the units while sets are formed.

    Units that can be bought as well as given are what both sides compete for. How many sets there can be follows from
    three counts; each side may then take so many of the common units that the other still gets its own.
    """

    __slots__ = ("bought", "buys", "common", "given", "gives", "left", "spare_buys", "spare_gives")

    def __init__(
        self, runs: Sequence[Sequence[Run]], buys: Sequence[int], gives: Sequence[int], get_first: str
    ) -> None:
        either = sorted({*buys, *gives})
        self.left = {
            (place, spot): run.units for place in either for spot, run in enumerate(runs[place]) if not run.used
        }
        self.common = set(buys) & set(gives)
        self.buys = [at for at in _sorted(runs, buys, "dearest") if at in self.left]
        self.gives = [at for at in _sorted(runs, gives, get_first) if at in self.left]
        self.bought: dict[tuple[int, int], int] = {}
        self.given: dict[tuple[int, int], int] = {}

    def sets(self, sets: Sets) -> int:
        """How many sets there can be; what either side may take of the common units follows."""
        n, m = sets.n, sets.m
        common = sum([count for (place, _), count in self.left.items() if place in self.common])
        bought = sum([self.left[at] for at in self.buys if at[0] not in self.common])
        given = sum([self.left[at] for at in self.gives if at[0] not in self.common])
        most = min((bought + common) // n, (given + common) // m, (bought + given + common) // (n + m))
        if sets.times is not None:
            most = min(most, sets.times)
        self.spare_buys = common - max(0, most * m - given)
        self.spare_gives = common - max(0, most * n - bought)
        return most

    def form(self, most: int, sets: Sets) -> None:
        """Form so many sets, as many alike at once as there are."""
        buy_order, give_order = deque(self.buys), deque(self.gives)
        while most:
            buys, spent = self._picked(buy_order, sets.n, self.spare_buys, {})
            gives, won = self._picked(give_order, sets.m, self.spare_gives, buys)
            together = {at: buys.get(at, 0) + gives.get(at, 0) for at in (*buys, *gives)}
            alike = min([most, *[self.left[at] // count for at, count in together.items()]])
            if spent:
                alike = min(alike, self.spare_buys // spent)
            if won:
                alike = min(alike, self.spare_gives // won)
            for at, count in together.items():
                self.left[at] -= count * alike
            for found, picks in ((self.bought, buys), (self.given, gives)):
                for at, count in picks.items():
                    found[at] = found.get(at, 0) + count * alike
            self.spare_buys -= spent * alike
            self.spare_gives -= won * alike
            most -= alike

    def _picked(
        self, order: deque[tuple[int, int]], n: int, spare: int, taken: dict[tuple[int, int], int]
    ) -> tuple[dict[tuple[int, int], int], int]:
        """The next n units of one side, and how many of them the other side could have had."""
        while not self.left[order[0]] or (not spare and order[0][0] in self.common):
            order.popleft()  # nothing of it can be had any more, in this set or a later one
        picks: dict[tuple[int, int], int] = {}
        spent = 0
        for at in order:
            if not n:
                break
            shared = at[0] in self.common
            count = min(n, self.left[at] - taken.get(at, 0), spare - spent if shared else n)
            if count > 0:
                picks[at] = count
                spent += count if shared else 0
                n -= count
        return picks, spent


def whole_sets(runs: Sequence[Sequence[Run]], buys: Sequence[int], gives: Sequence[int], sets: Sets) -> Chosen | None:
    """The units that whole sets give, and those that they use up; None when there is no whole set."""
    pool = _Pool(runs, buys, gives, sets.get_first)
    most = pool.sets(sets)
    if not most:
        return None
    pool.form(most, sets)
    dear = sets.get_first != "cheapest"
    takes = [
        Take(place, spot, split(runs[place][spot], pool.given[place, spot], dear=dear)[0])
        for place, spot in pool.gives
        if (place, spot) in pool.given
    ]
    return Chosen(takes, pool.bought, dear, sets=True)


def within(
    takes: Sequence[Take], values: Sequence[str | None], rooms: Mapping[str | None, Fraction | None], *, dear: bool
) -> list[Take]:
    """The first units of each value, as many as fit into its quantity, none where that is None; others stay."""
    found, left = [], dict(rooms)
    for take, value in zip(takes, values, strict=True):
        run, units = take.run, take.run.units
        if value in left:
            room = left[value]
            if room is None:
                continue
            if run.size * units > room:
                units = int(room // run.size)
            left[value] = room - units * run.size
        if units:
            found.append(Take(take.place, take.spot, split(run, units, dear=dear)[0]))
    return found
