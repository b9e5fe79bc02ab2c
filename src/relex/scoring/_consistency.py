"""Whether the parts of a score card fit together: names, groups, limits, bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.errors import InvalidValue
from relex.scoring._definitions import Measure, ScoreAdjustment, ScoreRule, Silence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from decimal import Decimal
    from fractions import Fraction

    from relex.scoring._definitions import ScoreBand, ScoreGroup

__all__ = ["check_adjustments", "check_bands", "check_groups", "check_limits", "check_names", "check_rules", "lines_of"]

_RULES = {
    "sum": _checks.each(_checks.a(ScoreRule, Silence)),
    "weighted_mean": _checks.each(_checks.a(Measure)),
}
_ADJUSTMENT = _checks.a(ScoreAdjustment)


def check_rules(rules: Any, combine: str) -> None:
    """Sums are made of rules and silences, weighted means of measures."""
    _RULES[combine].require("ScoreCard.rules", rules)


def check_names(names: Mapping[str, Sequence[str]]) -> None:
    """No name stands twice in any of the fields."""
    for field, found in names.items():
        if len(set(found)) != len(found):
            raise InvalidValue(f"ScoreCard.{field}", tuple(found), "each name once")


def check_groups(rules: Sequence[Any], groups: Sequence[ScoreGroup]) -> None:
    """Every group that is named exists, and none lies in itself."""
    lines = lines_of(groups)
    for field, members in (("rules", rules), ("groups", groups)):
        for place, member in enumerate(members):
            _check_group(f"ScoreCard.{field}[{place}].group", member.group, lines)
    for place, group in enumerate(groups):
        if len(lines[group.name]) > len(groups):
            raise InvalidValue(f"ScoreCard.groups[{place}].group", group.group, "groups that do not run in a circle")


def check_limits(limits: Iterable[tuple[str, int | Decimal | Fraction | None]], combine: str) -> None:
    """A weighted mean has neither a start nor limits."""
    for path, limit in limits:
        if combine == "weighted_mean" and limit is not None:
            raise InvalidValue(f"ScoreCard.{path}", limit, 'nothing, since combine is "weighted_mean"')


def check_bands(bands: Sequence[ScoreBand], combine: str) -> None:
    """Edges ascend, only the first may be open, and a weighted mean lies in one of them, whatever it is."""
    lows = [band.low for band in bands]
    for place, low in enumerate(lows[1:], start=1):
        before = lows[place - 1]
        if low is None or (before is not None and low <= before):
            raise InvalidValue(f"ScoreCard.bands[{place}].low", low, "an edge above that of the band before")
    if combine == "weighted_mean" and lows and lows[0] is not None and lows[0] > 0:
        raise InvalidValue("ScoreCard.bands[0].low", lows[0], "None or 0: bands leave no score out")


def check_adjustments(adjustments: Sequence[ScoreAdjustment], groups: Sequence[ScoreGroup]) -> None:
    """They are adjustments, of groups that the card has."""
    names = {group.name for group in groups}
    for place, each in enumerate(adjustments):
        path = f"ScoreCard.score.adjustments[{place}]"
        _ADJUSTMENT.require(path, each)
        _check_group(f"{path}.group", each.group, names)


def _check_group(path: str, group: str | None, known: Collection[str]) -> None:
    if group is not None and group not in known:
        raise InvalidValue(path, group, f"a group of the card ({', '.join(sorted(known)) or 'it has none'})")


def lines_of(groups: Sequence[ScoreGroup]) -> dict[str, list[str]]:
    """Each group with itself and its parents up to the top; longer than there are groups when they run in a circle."""
    parents = {group.name: group.group for group in groups}
    return {name: _line(name, parents) for name in parents}


def _line(name: str, parents: Mapping[str, str | None]) -> list[str]:
    line: list[str] = []
    at: str | None = name
    while at is not None and len(line) <= len(parents):
        line.append(at)
        at = parents.get(at)
    return line
