"""Limits on what is given: what is left of each, who is cut, and what is used up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from relex.calendars import CalendarDuration, Period, midnight
from relex.errors import CurrencyMismatch, InvalidValue
from relex.loyalty._budgets import Budget, budget_key
from relex.loyalty._events import PointsEarned, PointsReversed
from relex.loyalty._exact import scaled, shared_out
from relex.loyalty._hold_events import EscrowCanceled
from relex.loyalty._lots import FOREVER
from relex.loyalty._rules import Multiply
from relex.money import Money, Rounding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import tzinfo

    from relex.loyalty._earning import Given
    from relex.loyalty._exact import Number
    from relex.loyalty._plan import Plan
    from relex.loyalty._program import Program
    from relex.loyalty._rules import Cap

__all__ = ["Pots", "Scope", "Use", "capped", "instants_of", "scopes_of", "used_of", "window_of"]

_FIRST = datetime.min.replace(tzinfo=UTC)

_half_up = Rounding.HALF_UP.apply

Use: TypeAlias = tuple[str, str, str, int, str, int]
"""(scope, value, currency, points, units, net in minor units): what one award used of a limit."""

Used: TypeAlias = "tuple[int, int, Fraction, int]"
"""Points, awards, units, net in minor units: what all awards of a window used of a limit."""


class Scope(NamedTuple):
    """A limit, and the rules that it limits together.

    Attributes:
        key: Under which its use is recorded.
        name: For the breakdown.
        cap: The limit.
        rule: Id of the one rule that it limits, or None.
        group: Name of the group that it limits, or None; a limit of the program has neither.
    """

    key: str
    name: str
    cap: Cap
    rule: str | None
    group: str | None

    def members(self, given: Sequence[Given], currency: str) -> list[int]:
        """Places of the awards in a currency that the limit covers."""
        return [
            place
            for place, each in enumerate(given)
            if each.currency == currency
            and (self.rule is None or self.rule == each.ready.id)
            and (self.group is None or self.group == each.ready.rule.group)
        ]


class Cell(NamedTuple):
    """The part of one rule's award on the lines that share a value; `lines` is None for all of them."""

    place: int
    lines: list[int] | None


class _Work:
    """What the limits of one occasion look at.

    Attributes:
        given: The awards before any limit.
        left: What limits have left of each, aligned to its lines.
        reading: Of the occasion.
        names: The limit that cut an award, by its place.
        taking: Whether a multiplier below 1 takes points of a line.
    """

    __slots__ = ("_families", "_quantities", "given", "left", "names", "reading", "taking")

    def __init__(self, given: Sequence[Given], reading: Any) -> None:
        self.given = given
        self.left = [list(each.points) for each in given]
        self.reading = reading
        self.names: dict[int, str] = {}
        self.taking = any(min(each.points) < 0 for each in given)
        self._families: Any = None
        self._quantities: Any = None

    @property
    def families(self) -> list[str]:
        """Of each award a name that it shares with all that multipliers tie it to."""
        if self._families is None:
            self._families = _families(self.given)
        found: list[str] = self._families
        return found

    def gave(self, currency: str) -> int:
        """What is left in a currency; where multipliers took everything away, nothing counts as used."""
        return sum([sum(row) for each, row in zip(self.given, self.left, strict=True) if each.currency == currency])

    def points(self, cell: Cell) -> int:
        """What is left of a cell."""
        row = self.left[cell.place]
        return sum(row) if cell.lines is None else sum([row[line] for line in cell.lines])

    def parts(self, cells: list[Cell]) -> list[tuple[int, Fraction]]:
        """The lines of the occasion on which these cells give something, and how much of what they gave before."""
        now: dict[int, int] = {}
        before: dict[int, int] = {}
        for cell in cells:
            row, each = self.left[cell.place], self.given[cell.place]
            for line in _lines(cell, row):
                at = each.places[line]
                now[at] = now.get(at, 0) + row[line]
                before[at] = before.get(at, 0) + each.points[line]
        return [
            (at, min(Fraction(1), Fraction(part, before[at])))
            for at, part in now.items()
            if part > 0 and before[at] > 0
        ]

    def units(self, cells: list[Cell]) -> Fraction:
        """Quantity of those lines, of a line that was cut the part that still gives something."""
        if self._quantities is None:
            self._quantities = self.reading.quantities()
        return sum([Fraction(self._quantities[at]) * part for at, part in self.parts(cells)], Fraction(0))

    def net(self, cells: list[Cell]) -> int:
        """As `units`, for the net in minor units."""
        return _half_up(sum([self.reading.nets[at] * part for at, part in self.parts(cells)], Fraction(0)))


def _lines(cell: Cell, row: list[int]) -> Sequence[int]:
    return range(len(row)) if cell.lines is None else cell.lines


def scopes_of(program: Program) -> tuple[Scope, ...]:
    """Every limit of a program: of rules (high priority first, then by id), of groups, of the program; budgets last."""
    found = []
    for rule in sorted(program.rules, key=lambda rule: (-rule.priority, rule.id)):
        found += [_scope(f"rule:{rule.id}", cap, rule.id, None) for cap in rule.caps]
    for name, group in program.groups:
        found += [_scope(f"group:{name}", cap, None, name) for cap in group.caps]
    found += [_scope("program", cap, None, None) for cap in program.caps]
    return tuple(sorted(found, key=lambda scope: scope.cap.who == "everyone"))


def _scope(owner: str, cap: Cap, rule: str | None, group: str | None) -> Scope:
    key = f"{owner}|{cap.by}" if cap.by else owner
    return Scope(f"{key}|member" if cap.who == "member" else key, f"{owner} {cap}", cap, rule, group)


def capped(
    plan: Plan,
    given: Sequence[Given],
    reading: Any,
    used: Callable[[Scope, str, str], Used],
    balance: Callable[[str], int],
    pots: Pots,
    member: str,
) -> tuple[dict[int, tuple[list[int], str | None]], list[Use]]:
    """Step 7: what the limits leave, by place in `given`, and what this occasion uses of each limit."""
    rules = {each.ready.id for each in given}
    scopes = [scope for scope in plan.scopes if scope.rule is None or scope.rule in rules or scope.cap.budget]
    if not scopes:
        return {}, []
    work = _Work(given, reading)
    counted = []
    for scope in scopes:
        if scope.cap.who == "everyone":
            _share_out(scope, work, plan, pots)
            continue
        for currency, points in plan.currencies.items():
            members = scope.members(given, currency)
            if not members:
                continue
            for value, cells in _cells(scope.cap, work, members, member).items():
                room = _room(scope, value, currency, cells, work, used, balance, 10**points.scale)
                if room is not None:
                    _serve(scope, currency, cells, work, room)
                if scope.cap.per != "event" and scope.cap.balance is None:
                    counted.append((scope, value, currency, cells))
    cut = {
        place: (points, work.names.get(place))
        for place, points in enumerate(work.left)
        if points != given[place].points
    }
    uses = [*_uses(work, counted), *pots.uses(work)]
    return cut, [use for use in uses if work.gave(use[2]) > 0] if work.taking else uses


def _share_out(scope: Scope, work: _Work, plan: Plan, pots: Pots) -> None:
    """Give what a budget has left; what other rules of this occasion take from it already is gone."""
    pot = pots.of(scope, plan)
    members = scope.members(work.given, pot.currency)
    if not members:
        return
    others = [Cell(place, None) for place in pot.places if place not in members]
    cells = [Cell(place, None) for place in members]
    taken = pot.measured(work, others)
    free = max(0, min(pot.left - taken, pot.within(scope, taken)))
    pot.places += [place for place in members if place not in pot.places]
    less = 0
    while (total := sum([work.points(cell) for cell in cells])) > 0 and (
        asked := pot.measured(work, cells + others) - taken
    ) > free:
        # Points are whole, so the lines that they leave may come to more than the budget has; then some more go.
        _serve(scope, pot.currency, cells, work, max(0, min(int(total * free // asked), total - less)))
        less = 2 * less + 1


class Pot:
    """A budget as one occasion looks at it, counted in ints or fractions of its unit.

    Attributes:
        budget: The budget.
        currency: Id of the points currency that it counts.
        left: What it has left.
        places: The awards of this occasion that draw on it.
    """

    __slots__ = ("_around", "_factor", "budget", "currency", "left", "places")

    def __init__(self, budget: Any, currency: str, factors: tuple[int, int], around: Callable[[Cap], Any]) -> None:
        self.budget, self.currency, self._around = budget, currency, around
        self._factor = {"points": factors[0], "amount": factors[1]}.get(budget.unit, 1)
        self.left = _plain(budget.left)
        self.places: list[int] = []

    def measured(self, work: _Work, cells: list[Cell]) -> Any:
        """How much of the budget's unit these cells come to."""
        unit = self.budget.unit
        if unit in {"points", "times"}:
            points = sum([work.points(cell) for cell in cells])
            return points if unit == "points" else int(points > 0)
        return work.units(cells) if unit == "units" else work.net(cells)

    def within(self, scope: Scope, taken: Any) -> Any:
        """What the cap itself leaves: of each event, or of all that was drawn in its window."""
        limit = Fraction(scope.cap.limit) * self._factor
        if scope.cap.per == "event":
            return limit
        return limit - _plain(self.budget.drawn_in(*self._around(scope.cap))) - taken

    def use(self, work: _Work) -> Use | None:
        """What the occasion draws; None for nothing."""
        cells = [Cell(place, None) for place in self.places]
        points, found = sum([work.points(cell) for cell in cells]), self.measured(work, cells)
        if points <= 0 or found <= 0:
            return None
        units, net = ("0", found) if self.budget.unit == "amount" else (str(found), 0)
        return budget_key(self.budget.unit, self.budget.id), "", self.currency, points, units, net


class Pots:
    """The budgets that were given for one occasion, each looked at when a limit first names it."""

    __slots__ = ("_at", "_budgets", "_pots")

    def __init__(self, budgets: Mapping[str, Any], at: datetime) -> None:
        self._budgets: Any = budgets
        self._at = at
        self._pots: dict[str, Pot] = {}

    def of(self, scope: Scope, plan: Plan) -> Pot:
        """The budget that a limit names.

        Raises:
            InvalidValue: When it was not given, or does not count what the limit counts.
        """
        name: Any = scope.cap.budget
        pot = self._pots.get(name)
        if pot is None:
            pot = self._pots[name] = self._opened(name, scope, plan)
        if pot.budget.unit != scope.cap.measure:
            raise InvalidValue(f"earn.budgets[{name}].unit", pot.budget.unit, f"{scope.cap.measure}, as {scope.name}")
        return pot

    def _opened(self, name: str, scope: Scope, plan: Plan) -> Pot:
        budget = self._budgets.get(name) if isinstance(self._budgets, Mapping) else None
        if type(budget) is not Budget or budget.id != name:
            raise InvalidValue(
                "earn.budgets", self._budgets, f"the budget {name} under its id, which {scope.name} needs"
            )
        currency = budget.currency or plan.first
        if currency not in plan.currencies:
            expected = f"one of {', '.join(plan.currencies)}"
            raise InvalidValue(f"earn.budgets[{name}].currency", currency, expected)
        if isinstance(budget.limit, Money) and budget.limit.currency != plan.program.currency:
            raise CurrencyMismatch(plan.program.currency, budget.limit.currency)
        factors = (10 ** plan.currencies[currency].scale, 10**plan.digits)
        return Pot(budget, currency, factors, lambda cap: plan.cap_window(cap, self._at))

    def uses(self, work: _Work) -> list[Use]:
        """What the occasion draws of each budget."""
        return [use for pot in self._pots.values() if (use := pot.use(work)) is not None]


def _plain(quantity: Any) -> Any:
    return quantity.minor if isinstance(quantity, Money) else quantity


def _families(given: Sequence[Given]) -> list[str]:
    ties = [
        each.ready.rule.award.groups if isinstance(each.ready.rule.award, Multiply) else (each.ready.rule.group,)
        for each in given
    ]
    heads: dict[str, str] = {}
    for groups in ties:
        tied = {heads.get(group, group) for group in groups}
        for group in (*groups, *heads):
            if heads.get(group, group) in tied:
                heads[group] = min(tied)
    return [heads[groups[0]] for groups in ties]


def _limit_multipliers(work: _Work, family: str, currency: str) -> None:
    """Multipliers below 1 take no more than a cap left of what they take from; the last rule gives way first."""
    places = [
        place for place, each in enumerate(work.given) if each.currency == currency and work.families[place] == family
    ]
    over = min(0, sum([sum(work.given[place].points) for place in places]))
    sums: dict[int, int] = {}
    for place in places:
        for line, part in zip(work.given[place].places, work.left[place], strict=True):
            sums[line] = sums.get(line, 0) + part
    over -= sum(sums.values())
    for place in reversed(places):
        row = work.left[place]
        for at, line in enumerate(work.given[place].places):
            back = max(0, min(over, -row[at], -sums[line]))
            row[at] += back
            sums[line] += back
            over -= back


def _cells(cap: Cap, work: _Work, members: list[int], member: str) -> dict[str, list[Cell]]:
    """What is counted together, by the value of the fact and, where the limit is of each member, by the member."""
    head = member.replace("%", "%25").replace(":", "%3A") + ":" if cap.who == "member" else ""
    if cap.by is None:
        return {head: [Cell(place, None) for place in members]}
    found: dict[str, list[Cell]] = {}
    for place in members:
        split: dict[str, list[int]] = {}
        for line, at in enumerate(work.given[place].places):
            split.setdefault(f"{head}{work.reading.line_fact(at, cap.by)}", []).append(line)
        for value, own in split.items():
            found.setdefault(value, []).append(Cell(place, own))
    return found


def _room(
    scope: Scope,
    value: str,
    currency: str,
    cells: list[Cell],
    work: _Work,
    used: Callable[[Scope, str, str], Used],
    balance: Callable[[str], int],
    factor: int,
) -> int | None:
    """How many points the limit leaves for these cells; None when it does not bind."""
    total = sum([work.points(cell) for cell in cells])
    if total <= 0:
        return None
    cap = scope.cap
    numerator, denominator = cap.limit.as_integer_ratio()
    if cap.balance is not None:
        room = numerator * factor // denominator - balance(currency)
    else:
        points, times, units, net = used(scope, value, currency)
        if cap.points is not None:
            room = numerator * factor // denominator - points
        elif cap.times is not None:
            room = total if times * denominator < numerator else 0
        elif cap.units is not None:
            room = _share(total, work.units(cells), units, numerator, denominator)
        else:
            room = _share(total, work.net(cells), net, numerator * 10**work.reading.digits, denominator)
    return max(0, room) if room < total else None


def _share(total: int, asked: Number, before: Number, numerator: int, denominator: int) -> int:
    """The points for that part of the quantity, or of the net, that the limit still holds."""
    (wanted, was), scale = scaled([asked, before])
    free = max(0, numerator * scale - was * denominator)
    return total if wanted * denominator <= free else total * free // (wanted * denominator)


def _serve(scope: Scope, currency: str, cells: list[Cell], work: _Work, room: int) -> None:
    """Give what room there is, rule by rule; what multipliers below 1 take away makes room for what they take from."""
    asked = [work.points(cell) for cell in cells]
    families = [work.families[cell.place] for cell in cells]
    free = dict.fromkeys(families, 0)
    for family, points in zip(families, asked, strict=True):
        free[family] += max(0, -points)
    for cell, family, points in zip(cells, families, asked, strict=True):
        if points <= 0:
            continue
        own = min(points, free[family])
        granted = points if points - own <= room else own + room if scope.cap.then == "cut" else 0
        if granted:
            free[family] -= own
            room -= granted - own
        if granted < points:
            _cut(scope, cell, work, granted, points)
    if work.taking:
        for family in free:
            _limit_multipliers(work, family, currency)


def _cut(scope: Scope, cell: Cell, work: _Work, granted: int, points: int) -> None:
    work.names[cell.place] = scope.name
    row = work.left[cell.place]
    lines = _lines(cell, row)
    parts = shared_out(granted, [row[line] * granted for line in lines], points)
    for line, part in zip(lines, parts, strict=True):
        row[line] = part


def _uses(work: _Work, counted: list[tuple[Scope, str, str, list[Cell]]]) -> list[Use]:
    """What an occasion uses of every limit that looks at more than one occasion."""
    found: dict[tuple[str, str, str], Use] = {}
    for scope, value, currency, cells in counted:
        points = sum([work.points(cell) for cell in cells])
        if points > 0:
            _, _, _, _, units, net = found.get((scope.key, value, currency), ("", "", "", 0, "0", 0))
            if scope.cap.units is not None:
                units = str(work.units(cells))
            if scope.cap.amount is not None:
                net = work.net(cells)
            found[scope.key, value, currency] = (scope.key, value, currency, points, units, net)
    return list(found.values())


def window_of(cap: Cap, day: date) -> tuple[date, date]:
    """The dates, first and one after the last, whose awards count together with those of a date."""
    if cap.per == "ever":
        return date.min, date.max
    period = cap.per.lookback(day) if isinstance(cap.per, CalendarDuration) else Period.of(cap.per, day)
    return period.start, period.end  # type: ignore[return-value]  # a period of dates that has an end


def instants_of(cap: Cap, day: date, tz: tzinfo) -> tuple[datetime, datetime]:
    """The same as instants in UTC, first and one after the last; the ends of the calendar stand for no end."""
    first, end = window_of(cap, day)
    return (
        _FIRST if first == date.min else midnight(first, tz).astimezone(UTC),
        FOREVER if end == date.max else midnight(end, tz).astimezone(UTC),
    )


def used_of(scope: Scope, key: tuple[str, str, str], latest: Iterable[Any], window: tuple[datetime, datetime]) -> Used:
    """What of a limit was used up: points, awards, units, net in minor units, without what was taken back.

    Args:
        scope: The limit.
        key: Its key, the value of its fact, and the currency.
        latest: Entries, the latest first; a reversal comes after its award, and counts on the moment of that.
        window: The first instant that counts, and the first after it that does not.
    """
    points, net, units = 0, 0, Fraction(0)
    awards: dict[Any, int] = {}
    first, end = window
    for entry in latest:
        if entry.effective < first:
            break
        name, at, sign = _counted(entry)
        if not sign or not first <= at < end:
            continue
        for use in entry.uses:
            if use[:3] == key:
                points += sign * use[3]
                if scope.cap.units is not None:
                    units += sign * Fraction(use[4])
                net += sign * use[5]
                awards[name] = awards.get(name, 0) + sign * use[3]
    return points, sum([given > 0 for given in awards.values()]), units, net


def _counted(entry: Any) -> tuple[Any, Any, int]:
    """The award that an entry adds to or takes from, the moment on which it counts, and a sign, 0 for other entries."""
    if type(entry) is PointsEarned:
        return (entry.kind, entry.id), entry.effective, 1
    if type(entry) is PointsReversed or (type(entry) is EscrowCanceled and entry.occasion is not None):
        return entry.occasion, entry.awarded_at, -1
    return None, None, 0
