"""What changes from one version of a program to another, in words, and what that means for points already earned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from relex._html import note, table
from relex.errors import InvalidValue
from relex.loyalty._words import said, told_by_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from relex.loyalty._program import Program

__all__ = ["ProgramDiff", "ProgramDifference", "diff_of"]

_EARNED_STAYS = "awards that were recorded stay as they are, and a return takes back what was recorded"
_FROM_NOW = "decides from its first day on; nothing that was recorded is decided again"
_LOTS_KEEP = "points already earned keep the start and the end that were recorded"
_MEANS: Final[Mapping[str, str]] = {
    "rules": _EARNED_STAYS,
    "eligible": _EARNED_STAYS,
    "multipliers": _EARNED_STAYS,
    "points": f"{_EARNED_STAYS}; {_LOTS_KEEP}",
    "caps": "what was given before counts in the window of the limit",
    "groups": "what was given before counts in the window of the limit",
    "expires": f"{_LOTS_KEEP}; the end that comes with inactivity moves by the new one from the next activity on",
    "pending": _LOTS_KEEP,
    "extensions": "ends that were moved stay where they are",
    "clawback": "decides what returns take from now on, of earlier awards too",
    "restore": "decides what comes back from now on, of earlier redemptions too",
    "tiers": "a tier lasts to its own date; a review may raise it at once",
    "tier_policy": "a tier lasts to its own date; a review may raise it at once",
    "rewards": "rewards that were redeemed or are held stay as they are",
    "tz": "instants that were recorded stay; dates and periods from now on are those of the new zone",
}
_MEANS_GONE: Final[Mapping[str, str]] = {
    "points": "what members still have of it cannot be spent under this version, and is in none of its reports",
}
_OWN: Final = frozenset({"id", "version"})
_IN_ORDER: Final = frozenset({"points", "tiers"})


@attrs.frozen(kw_only=True)
class ProgramDifference:
    """One part of a program that is not as it was.

    Attributes:
        path: Where it stands, such as `rules[coffee].award`.
        before: What it said, or None where it is new.
        after: What it says now, or None where it is gone.
        means: What becomes of points and tiers that members have already.

    .. versionadded:: 0.1.0
    """

    path: str
    before: str | None
    after: str | None
    means: str

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.path} is new: {self.after}"
        if self.after is None:
            return f"{self.path} is gone; it was: {self.before}"
        return f"{self.path}: {self.before} -> {self.after}"


@attrs.frozen(kw_only=True)
class ProgramDiff:
    """What changes from one version of a program to another.

    Attributes:
        before: The older version.
        after: The newer version.
        rows: One for each part that is not as it was, in the order of the program; empty when nothing changed.

    .. versionadded:: 0.1.0
    """

    before: Program
    after: Program
    rows: tuple[ProgramDifference, ...]

    def __str__(self) -> str:
        lines = [str(row) for row in self.rows] or ["no difference"]
        meanings = [f"({means})" for means in dict.fromkeys([row.means for row in self.rows])]
        return "\n".join([self._title(), *lines, *meanings])

    def _repr_html_(self) -> str:
        rows = [(row.path, row.before, row.after, row.means) for row in self.rows]
        titles = ("part", "before", "after", "what members have already")
        return table(self._title(), titles, rows) + ("" if rows else note("no difference"))

    def _title(self) -> str:
        return f"{self.after.id}: version {self.before.version} to {self.after.version}"


def diff_of(before: Program, after: Program) -> ProgramDiff:
    """See `Program.changes_since`."""
    if not isinstance(before, type(after)) or before.id != after.id:
        raise InvalidValue("changes_since.before", getattr(before, "id", before), f"a version of {after.id}")
    rows: list[ProgramDifference] = []
    for name in _names(after):
        was, now = getattr(before, name), getattr(after, name)
        means = _MEANS.get(name, _FROM_NOW)
        rows += [
            ProgramDifference(
                path=path, before=old, after=new, means=means if new is not None else _MEANS_GONE.get(name, means)
            )
            for path, old, new in (*_differences(name, _by_id(was), _by_id(now)), *_new_order(name, was, now))
        ]
    return ProgramDiff(before=before, after=after, rows=tuple(rows))


def _names(program: Program) -> Iterator[str]:
    return (field.name for field in attrs.fields(type(program)) if field.init and field.name not in _OWN)


def _by_id(value: Any) -> Any:
    """Parts that have ids as a mapping; anything else as it is."""
    if not isinstance(value, tuple) or not value:
        return value
    if all(isinstance(each, tuple) for each in value):
        return dict(value)
    return {each.id: each for each in value} if all(hasattr(each, "id") for each in value) else value


def _differences(path: str, was: Any, now: Any) -> Iterator[tuple[str, str | None, str | None]]:
    if was == now:
        return
    if isinstance(was, dict) or isinstance(now, dict):
        yield from _of_parts(path, was or {}, now or {})
    elif type(was) is type(now) and told_by_fields(now):
        yield from _of_fields(path, was, now)
    else:
        before, after = said(was), said(now)
        yield (path, before, after) if before != after else (path, repr(was), repr(now))


def _of_fields(path: str, was: Any, now: Any) -> Iterator[tuple[str, str | None, str | None]]:
    for name in [field.name for field in attrs.fields(type(now)) if field.init]:
        yield from _differences(f"{path}.{name}", getattr(was, name), getattr(now, name))


def _new_order(name: str, was: Any, now: Any) -> Iterator[tuple[str, str | None, str | None]]:
    """The first currency is the main one, and tiers rise: there an order of its own is a difference."""
    if name in _IN_ORDER:
        before, after = ([each.id for each in parts] for parts in (was, now))
        if [id_ for id_ in before if id_ in after] != [id_ for id_ in after if id_ in before]:
            yield name, ", ".join(before), ", ".join(after)


def _of_parts(
    path: str, was: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[tuple[str, str | None, str | None]]:
    for name in (*was, *[each for each in now if each not in was]):
        before, after = was.get(name), now.get(name)
        if before is None or after is None:
            whole = [None if part is None else _whole(part) for part in (before, after)]
            yield f"{path}[{name}]", whole[0], whole[1]
        else:
            yield from _of_fields(f"{path}[{name}]", before, after)


def _whole(part: Any) -> str:
    """A part without its id, which stands in the path."""
    words = said(part)
    return words.removeprefix(f"id {part.id}, ") if hasattr(part, "id") else words
