"""Which experiences go with the outcome: how much of its variance each driver accounts for.

These are associations in the answers at hand. Nothing here says that a driver causes the outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import Bar, table
from relex.errors import InvalidValue
from relex.feedback._distributions import rounded
from relex.feedback._importance import WAYS
from relex.feedback._scale import Scale
from relex.feedback._sweeping import correlations, swept

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relex.feedback._sweeping import Matrix

__all__ = ["Driver", "Drivers", "columns_of", "drivers"]

_MOST_BY_DEFAULT = 12
_MOST = 15
_METHOD = _checks.optional(_checks.one_of(*WAYS))
_MISSING = _checks.one_of("listwise", "raise")
_NUMBERS = (int, float, Decimal, Fraction)
_SCALES = _checks.Check(
    "a mapping from drivers to scales",
    lambda value: isinstance(value, Mapping) and all(isinstance(each, Scale) for each in value.values()),
)
_NOTHING = 1e-12
_COLUMN = _checks.optional(_checks.text)
_GROUPS = _checks.Check("a mapping from names to drivers", lambda value: isinstance(value, Mapping))


@attrs.frozen(kw_only=True)
class Driver:
    """One driver, or a group of drivers that counts as one.

    Attributes:
        name: Of the driver or the group.
        importance: How much of the variance of the outcome it accounts for, by the method.
        share: Its part of R^2; None where R^2 is 0.
        sign: `+` or `-`, of its coefficient in the regression on all drivers; None for a group.
        performance: The mean score of the driver in percent of its scale; None where no scale was given, and for a
            group.
        quadrant: `fix first` (important, performs low), `keep up` (important, performs high), `watch` (the rest that
            performs low) or `maintain`; None where the performance is unknown.

    .. versionadded:: 0.1.0
    """

    name: str
    importance: Decimal
    share: Decimal | None
    sign: str | None
    performance: Decimal | None
    quadrant: str | None


@attrs.frozen(kw_only=True)
class Drivers:
    """How important each driver is, the most important first; an association, not a cause.

    Attributes:
        outcome: What is to be accounted for.
        method: How importance is shared out.
        drivers: The most important first.
        r_squared: How much of the variance of the outcome all drivers account for together.
        n: Rows that were used.
        dropped: Rows that were left out, since something in them was missing.

    .. versionadded:: 0.1.0
    """

    outcome: str
    method: str
    drivers: tuple[Driver, ...]
    r_squared: Decimal
    n: int
    dropped: int

    def driver(self, name: str) -> Driver:
        """The driver of this name.

        Raises:
            InvalidValue: When there is none.

        .. versionadded:: 0.1.0
        """
        found = {driver.name: driver for driver in self.drivers}
        _checks.one_of(*found).require("driver.name", name)
        return found[name]

    def __str__(self) -> str:
        head = f"{self.outcome}: R^2 {self.r_squared:.3f} by {self.method} (n {self.n}, dropped {self.dropped})"
        return "\n".join([head, *[f"  {_told(driver)}" for driver in self.drivers]])

    def _repr_html_(self) -> str:
        rows = [
            (driver.name, _percent(driver.share), _bar(driver), driver.sign, _percent_of(driver), driver.quadrant)
            for driver in self.drivers
        ]
        caption = f"{str(self).partition(chr(10))[0]}; an association, not a cause"
        return table(caption, ("driver", "share of R^2", "", "sign", "performance", ""), rows)


def _told(driver: Driver) -> str:
    return f"{driver.name} {driver.importance:.4f} ({_percent(driver.share)}, {driver.sign or 'group'})"


def _percent(share: Decimal | None) -> str:
    return "none" if share is None else f"{100 * share:.1f} %"


def _percent_of(driver: Driver) -> str | None:
    return None if driver.performance is None else f"{driver.performance:.1f} %"


def _bar(driver: Driver) -> Bar | None:
    return None if driver.share is None else Bar(Fraction(driver.share))


def drivers(
    rows: Iterable[Mapping[str, Any]],
    outcome: str,
    names: Iterable[str],
    *,
    method: str | None = None,
    weights: str | None = None,
    groups: Mapping[str, Iterable[str]] | None = None,
    scales: Mapping[str, Scale] | None = None,
    missing: str = "listwise",
) -> Drivers:
    """How much of the variance of the outcome each driver accounts for, in a least-squares regression on all of them.

    Args:
        rows: Mappings with a number for the outcome and for each driver; None is missing.
        outcome: What is to be accounted for, such as the likelihood to recommend.
        names: The drivers.
        method: `lmg`: the mean gain in R^2 over all orders in which the drivers may come in (the Shapley value; the
            default up to 12 drivers, at most 15); `johnson`: Johnson's relative weights (the default above 12);
            `first`: R^2 of the driver alone; `last`: the loss when it is left out; `pratt`: coefficient times
            correlation, which may be negative; `betasq`: the squared standardized coefficient. The first two and Pratt
            add up to R^2.
        weights: The column that says what a row weighs, above 0.
        groups: Drivers that count as one, by name; only with `lmg`, which is then the default.
        scales: Of drivers, to tell how well each of them performs.
        missing: `listwise` leaves out a row that lacks something, and counts it; `raise` refuses it.

    Raises:
        InvalidValue: For a value that is no number, a constant column, columns that are exact combinations of each
            other (all are named), fewer rows than drivers and 2, more than 15 drivers with `lmg`, an outcome that is a
            driver too, a group of nothing, of what is no driver, or of what is in another group, or a scale of what is
            no driver or that does not reach its scores.

    Source: Lindeman, Merenda and Gold, Introduction to Bivariate and Multivariate Analysis, 1980; Groemping, Journal of
    Statistical Software 17 (2006); Johnson, Multivariate Behavioral Research 35 (2000).

    Example:
        >>> rows = [{"speed": s, "staff": t, "overall": s + t} for s, t in ((1, 2), (2, 5), (4, 1), (5, 5), (3, 4))]
        >>> print(drivers(rows, "overall", ["speed", "staff"]))
        overall: R^2 1.000 by lmg (n 5, dropped 0)
          staff 0.5570 (55.7 %, +)
          speed 0.4430 (44.3 %, +)

    .. versionadded:: 0.1.0
    """
    named, found_groups = _names(names, outcome), _grouped(groups)
    _METHOD.require("drivers.method", method)
    _MISSING.require("drivers.missing", missing)
    _COLUMN.require("drivers.weights", weights)
    chosen = method or ("lmg" if found_groups or len(named) <= _MOST_BY_DEFAULT else "johnson")
    measured = {} if scales is None else scales
    _SCALES.require("drivers.scales", measured)
    players = _players(named, found_groups, chosen)
    columns, told, dropped = columns_of("drivers", rows, (*named, outcome), weights=weights, missing=missing)
    n = len(columns[0]) if columns else 0
    if n < len(named) + 2:
        raise InvalidValue("drivers.rows", n, f"at least {len(named) + 2} complete rows for {len(named)} drivers")
    _require_on_scales(named, columns, measured)
    matrix, constant = correlations(columns, told)
    if constant:
        raise InvalidValue("drivers.rows", (*named, outcome)[constant[0]], "columns that are not constant")
    full = _full(matrix, named)
    importance = WAYS[chosen](matrix, full, [players[name] for name in players])
    r_squared = min(max(1 - full[-1][-1], 0.0), 1.0)
    found = [
        _driver(name, value, r_squared, full, players[name], _performance(name, named, columns, told, measured))
        for name, value in zip(players, importance, strict=True)
    ]
    return Drivers(
        outcome=outcome,
        method=chosen,
        drivers=_placed(found),
        r_squared=rounded(r_squared),
        n=n,
        dropped=dropped,
    )


def columns_of(
    call: str, rows: Iterable[Mapping[str, Any]], names: Sequence[str], *, weights: str | None, missing: str
) -> tuple[list[list[float]], list[float] | None, int]:
    """The columns of the complete rows, their weights, and how many rows were left out."""
    wanted = (*names, *([] if weights is None else [weights]))
    kept: list[list[float]] = []
    dropped = 0
    for place, row in enumerate(_checks.items(f"{call}.rows", rows)):
        values = [_number(f"{call}.rows[{place}].{name}", row, name) for name in wanted]
        if None not in values:
            kept.append(values)  # type: ignore[arg-type]  # none of them is None
        elif missing == "listwise":
            dropped += 1
        else:
            raise InvalidValue(f"{call}.rows[{place}].{wanted[values.index(None)]}", None, "a number")
    columns = [list(column) for column in zip(*kept, strict=True)]
    if weights is None or not columns:
        return columns, None, dropped
    told = columns.pop()
    if min(told) <= 0:
        raise InvalidValue(f"{call}.weights", min(told), "weights above 0")
    return columns, told, dropped


def _number(path: str, row: object, name: str) -> float | None:
    if not isinstance(row, Mapping):
        raise InvalidValue(path, row, "a mapping from columns to numbers")
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, _NUMBERS) or isinstance(value, bool):
        raise InvalidValue(path, value, "a number")
    try:
        found = float(value)
    except (OverflowError, ValueError):  # too large, or a signaling NaN
        found = inf
    if not isfinite(found):
        raise InvalidValue(path, value, "a finite number")
    return found


def _names(names: Iterable[str], outcome: str) -> tuple[str, ...]:
    found = _checks.items("drivers.names", names)
    _checks.each(_checks.text).require("drivers.names", found)
    if not found or len(set(found)) < len(found):
        raise InvalidValue("drivers.names", found, "at least one driver, each once")
    _checks.text.require("drivers.outcome", outcome)
    if outcome in found:
        raise InvalidValue("drivers.outcome", outcome, "a column that is no driver")
    return found


def _grouped(groups: Mapping[str, Iterable[str]] | None) -> dict[str, tuple[str, ...]]:
    given = {} if groups is None else groups
    _GROUPS.require("drivers.groups", given)
    found = {name: _checks.items(f"drivers.groups[{name}]", members) for name, members in given.items()}
    for name, members in found.items():
        _checks.text.require("drivers.groups", name)
        if not members:
            raise InvalidValue(f"drivers.groups[{name}]", members, "at least one driver")
    return found


def _players(names: tuple[str, ...], groups: dict[str, tuple[str, ...]], method: str) -> dict[str, tuple[int, ...]]:
    """The columns of each driver that is in no group, and of each group."""
    if groups and method != "lmg":
        raise InvalidValue("drivers.groups", tuple(groups), f"no groups with {method} (they need lmg)")
    taken: set[str] = set()
    for name, members in groups.items():
        for member in members:
            if member not in names or member in taken:
                raise InvalidValue(f"drivers.groups[{name}]", member, "drivers, each in one group only")
            taken.add(member)
    alone = {name: (place,) for place, name in enumerate(names) if name not in taken}
    for name in groups:
        if name in alone:
            raise InvalidValue("drivers.groups", name, "names that no driver outside of groups has")
    players = alone | {name: tuple([names.index(member) for member in members]) for name, members in groups.items()}
    if method == "lmg" and len(players) > _MOST:
        raise InvalidValue("drivers.method", method, f"johnson, for more than {_MOST} drivers")
    return players


def _full(matrix: Matrix, names: Sequence[str]) -> Matrix:
    """The matrix swept on every driver."""
    now = matrix
    for place, name in enumerate(names):
        after = swept(now, place)
        if after is None:
            others = [names[other] for other in range(place) if abs(now[other][place]) > 1e-7]  # noqa: PLR2004 - not 0
            told = ", ".join([*others, name])
            raise InvalidValue("drivers.names", told, "drivers that are no exact combination of each other")
        now = after
    return now


def _driver(
    name: str, value: float, r_squared: float, full: Matrix, columns: tuple[int, ...], performance: Decimal | None
) -> Driver:
    slope = full[columns[0]][-1]
    return Driver(
        name=name,
        importance=rounded(value),
        share=rounded(value / r_squared) if r_squared > _NOTHING else None,
        sign=None if len(columns) > 1 else "+" if slope >= 0 else "-",
        performance=performance,
        quadrant=None,
    )


def _require_on_scales(names: Sequence[str], columns: Sequence[Sequence[float]], scales: Mapping[str, Scale]) -> None:
    for name, scale in scales.items():
        if name not in names:
            raise InvalidValue("drivers.scales", name, f"drivers: {', '.join(names)}")
        column = columns[names.index(name)]
        for value in (min(column), max(column)):
            if not scale.low <= value <= scale.high:
                raise InvalidValue(f"drivers.scales[{name}]", value, f"a scale that has the scores, not {scale}")


def _performance(
    name: str,
    names: Sequence[str],
    columns: Sequence[Sequence[float]],
    weights: Sequence[float] | None,
    scales: Mapping[str, Scale],
) -> Decimal | None:
    if name not in names or name not in scales:
        return None
    scale, column = scales[name], columns[names.index(name)]
    told = [1.0] * len(column) if weights is None else weights
    mean = sum([value * weight for value, weight in zip(column, told, strict=True)]) / sum(told)
    return rounded(100 * (mean - scale.low) / (scale.high - scale.low))


def _placed(found: Sequence[Driver]) -> tuple[Driver, ...]:
    """The most important first, each in its quadrant."""
    middle = sum([Fraction(driver.importance) for driver in found], Fraction(0)) / len(found)
    known = [Fraction(driver.performance) for driver in found if driver.performance is not None]
    usual = sum(known, Fraction(0)) / len(known) if known else None
    ordered = sorted(found, key=lambda driver: -driver.importance)
    return tuple([attrs.evolve(driver, quadrant=_quadrant(driver, middle, usual)) for driver in ordered])


def _quadrant(driver: Driver, importance: Fraction, performance: Fraction | None) -> str | None:
    if driver.performance is None or performance is None:
        return None
    if driver.importance >= importance:
        return "keep up" if driver.performance >= performance else "fix first"
    return "maintain" if driver.performance >= performance else "watch"
