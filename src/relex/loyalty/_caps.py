"""Limits on what is given: what is left of each, who is cut, and what is used up."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from relex.calendars import CalendarDuration, Period
from relex.loyalty._events import PointsEarned, PointsReversed
from relex.loyalty._exact import scaled, shared_out, sum_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from relex.loyalty._earning import Given
    from relex.loyalty._plan import Plan
    from relex.loyalty._rules import Cap

__all__ = ["Scope", "Use", "capped", "used_of", "uses_of", "window_of"]

Use = tuple[str, str, str, int, str, int]
"""(scope, value, currency, points, units, net in minor units): what one award used of a limit."""


class Scope(NamedTuple):
    """A limit, and the rules that it limits together."""

    key: str
    name: str
    cap: Cap
    covers: Callable[[Given], bool]


class _Cell(NamedTuple):
    """The part of one rule's award on the lines that share a value."""

    place: int
    lines: list[int]


def scopes_of(plan: Plan, given: Sequence[Given]) -> list[Scope]:
    """Every limit that concerns these awards: of rules, then of groups, then of the program."""
    found = []
    for each in dict.fromkeys([each.ready for each in given]):
        found += [_scope(f"rule:{each.id}", cap, _of_rule(each.id)) for cap in each.rule.caps]
    for name in dict.fromkeys([each.ready.rule.group for each in given]):
        group = plan.groups.get(name)
        found += [_scope(f"group:{name}", cap, _of_group(name)) for cap in (group.caps if group else ())]
    return found + [_scope("program", cap, lambda _: True) for cap in plan.program.caps]


def _of_rule(name: str) -> Callable[[Given], bool]:
    return lambda each: each.ready.id == name


def _of_group(name: str) -> Callable[[Given], bool]:
    return lambda each: each.ready.rule.group == name


def _scope(owner: str, cap: Cap, covers: Callable[[Given], bool]) -> Scope:
    return Scope(f"{owner}|{cap.by}" if cap.by else owner, f"{owner} {cap}", cap, covers)


def capped(
    plan: Plan,
    given: Sequence[Given],
    reading: Any,
    used: Callable[[Scope, str, str], tuple[int, int, Any, int]],
    balance: Callable[[str], int],
) -> tuple[dict[int, tuple[list[int], str | None]], list[Use]]:
    """Step 7: what the limits leave, by place in `given`, and what this occasion uses of each limit."""
    scopes = scopes_of(plan, given)
    left = [list(each.points) for each in given]
    names: dict[int, str] = {}
    for scope in scopes:
        for currency, points in plan.currencies.items():
            members = [place for place, each in enumerate(given) if each.currency == currency and scope.covers(each)]
            for value, cells in _cells(scope.cap, given, members, reading).items():
                room = _room(scope, value, currency, cells, left, given, reading, used, balance, 10**points.scale)
                if room is not None:
                    _serve(scope, cells, left, room, names)
    for currency in plan.currencies:
        _never_below_zero([left[place] for place, each in enumerate(given) if each.currency == currency])
    cut = {place: (points, names.get(place)) for place, points in enumerate(left) if points != given[place].points}
    return cut, uses_of(plan, given, left, reading, scopes)


def _never_below_zero(rows: list[list[int]]) -> None:
    """When caps cut an award and not the multiplier below 1 that took from it, that takes less, the last line first."""
    over = -sum([sum(row) for row in rows])
    for row in reversed(rows):
        for line in reversed(range(len(row))):
            if over > 0 > row[line]:
                back = min(over, -row[line])
                row[line] += back
                over -= back


def _cells(cap: Cap, given: Sequence[Given], members: list[int], reading: Any) -> dict[str, list[_Cell]]:
    found: dict[str, list[_Cell]] = {}
    for place in members:
        lines = range(len(given[place].places))
        if cap.by is None:
            found.setdefault("", []).append(_Cell(place, list(lines)))
            continue
        split: dict[str, list[int]] = {}
        for line in lines:
            split.setdefault(str(reading.line_fact(given[place].places[line], cap.by)), []).append(line)
        for value, own in split.items():
            found.setdefault(value, []).append(_Cell(place, own))
    return found


def _room(  # noqa: PLR0913, PLR0917 - all that a limit looks at
    scope: Scope,
    value: str,
    currency: str,
    cells: list[_Cell],
    left: list[list[int]],
    given: Sequence[Given],
    reading: Any,
    used: Callable[[Scope, str, str], tuple[int, int, Any, int]],
    balance: Callable[[str], int],
    factor: int,
) -> int | None:
    """How many points the limit leaves for these cells; None when it does not bind."""
    total = sum([left[cell.place][line] for cell in cells for line in cell.lines])
    if total <= 0:
        return None
    cap = scope.cap
    numerator, denominator = cap.limit.as_integer_ratio()
    if cap.balance is not None:
        room = numerator * factor // denominator - balance(currency)
    else:
        points, times, units, amount = used(scope, value, currency)
        if cap.points is not None:
            room = numerator * factor // denominator - points
        elif cap.times is not None:
            room = total if times * denominator < numerator else 0
        else:
            wanted, before = (
                (_units(cells, left, given, reading), units) if cap.units is not None else
                (_net(cells, left, given, reading), amount)
            )  # fmt: skip
            room = _share(total, wanted, before, numerator, denominator, reading, money=cap.amount is not None)
    return max(0, room) if room < total else None


def _share(total: int, wanted: Any, before: Any, numerator: int, denominator: int, reading: Any, *, money: bool) -> int:
    """The points for that part of the quantity, or of the net, that the limit still holds."""
    (asked, was), scale = scaled([wanted, before])
    limit = numerator * scale * (10**reading.digits if money else 1)
    free = max(0, limit - was * denominator)
    return total if asked * denominator <= free or not asked else total * free // (asked * denominator)


def _earning_lines(cells: list[_Cell], left: list[list[int]], given: Sequence[Given]) -> list[int]:
    return sorted(
        {given[cell.place].places[line] for cell in cells for line in cell.lines if left[cell.place][line] > 0}
    )


def _units(cells: list[_Cell], left: list[list[int]], given: Sequence[Given], reading: Any) -> Any:
    quantities = reading.quantities()
    return sum_of([quantities[line] for line in _earning_lines(cells, left, given)])


def _net(cells: list[_Cell], left: list[list[int]], given: Sequence[Given], reading: Any) -> int:
    return sum([reading.nets[line] for line in _earning_lines(cells, left, given)])


def _serve(scope: Scope, cells: list[_Cell], left: list[list[int]], room: int, names: dict[int, str]) -> None:
    """Give what room there is, rule by rule; what multipliers below 1 take away makes room for the others."""
    for cell in cells:
        room -= min(0, sum([left[cell.place][line] for line in cell.lines]))
    for cell in cells:
        points = left[cell.place]
        asked = sum([points[line] for line in cell.lines])
        if asked <= 0:
            continue
        granted = asked if asked <= room else room if scope.cap.then == "cut" else 0
        room -= granted
        if granted < asked:
            names[cell.place] = scope.name
            mine = [points[line] for line in cell.lines]
            for line, part in zip(
                cell.lines, shared_out(granted, [part * granted for part in mine], asked), strict=True
            ):
                points[line] = part


def uses_of(
    plan: Plan, given: Sequence[Given], left: list[list[int]], reading: Any, scopes: Iterable[Scope]
) -> list[Use]:
    """What an occasion uses of every limit that looks at more than one occasion."""
    found: dict[tuple[str, str, str], Use] = {}
    for scope in scopes:
        if scope.cap.per == "event" or scope.cap.balance is not None:
            continue
        for currency in plan.currencies:
            members = [place for place, each in enumerate(given) if each.currency == currency and scope.covers(each)]
            for value, cells in _cells(scope.cap, given, members, reading).items():
                points = sum([left[cell.place][line] for cell in cells for line in cell.lines])
                if points > 0:
                    units = str(_units(cells, left, given, reading))
                    net = _net(cells, left, given, reading)
                    found[scope.key, value, currency] = (scope.key, value, currency, points, units, net)
    return list(found.values())


def window_of(cap: Cap, day: date) -> tuple[date, date]:
    """The dates, first and one after the last, whose awards count together with those of a date."""
    if cap.per == "ever":
        return date.min, date.max
    period = cap.per.lookback(day) if isinstance(cap.per, CalendarDuration) else Period.of(cap.per, day)
    return period.start, period.end  # type: ignore[return-value] - a period of dates that has an end


def used_of(
    scope: Scope, key: tuple[str, str, str], latest: Iterable[Any], day: date, day_of: Callable[[Any], date]
) -> tuple[int, int, Fraction, int]:
    """What of a limit was used up, net of reversals, which count on the date of their award.

    Args:
        scope: The limit.
        key: Its key, the value of its fact, and the currency.
        latest: Entries, the latest first; a reversal comes after its award.
        day: The local date of the occasion.
        day_of: The local date of an instant.
    """
    points, net, units = 0, 0, Fraction(0)
    awards: dict[Any, int] = {}
    if scope.cap.per == "event":
        return points, 0, units, net
    first, end = window_of(scope.cap, day)
    for entry in latest:
        if day_of(entry.effective) < first:
            break
        name, at, sign = _counted(entry)
        if not sign or not first <= day_of(at) < end:
            continue
        for use in entry.uses:
            if use[:3] == key:
                points += sign * use[3]
                units += sign * Fraction(use[4])
                net += sign * use[5]
                awards[name] = awards.get(name, 0) + sign * use[3]
    return points, sum(given > 0 for given in awards.values()), units, net


def _counted(entry: Any) -> tuple[Any, Any, int]:
    """The award that an entry adds to or takes from, the moment on which it counts, and the sign; 0 for other entries."""
    if type(entry) is PointsEarned:
        return entry.key, entry.effective, 1
    return (entry.occasion, entry.awarded_at, -1) if type(entry) is PointsReversed else (None, None, 0)
