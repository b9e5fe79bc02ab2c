"""Fields of many values: which statements are about the same thing, and what is left of them.

Two points are one when kind, key and extension are equal (the typed text, where a point has no key). The newest
statement gives the point; what is known is not lost, so purposes are united, the newest verification stays, and so
does the newest state other than `unknown`. No purpose means any, and any stays any beside others, unless the company
itself said last what the point is for. One point of a kind is primary: the one that was last called so.

Two relationships are one when kind, other party and role are equal and their times overlap; of `parent` and
`referred-by` there is one at any instant. A newer statement displaces an older one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex._instants import moment
from relex.parties._relationships import ONE_AT_A_TIME

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from relex.parties._points import ContactPoint
    from relex.parties._records import Record
    from relex.parties._relationships import Relationship

__all__ = ["UNIONS", "Said", "united"]


@attrs.frozen(eq=False)
class Said:
    """A value, in whose record it stands, and when it was stated."""

    value: Any
    record: Record
    at: datetime


def united(values: list[Said]) -> tuple[Any, ...]:
    """All values once, those of the oldest record first; a single value counts as one."""
    found: dict[Any, None] = {}
    for said in _oldest_first(values):
        found |= dict.fromkeys(said.value if isinstance(said.value, tuple) else (said.value,))
    return tuple(found)


def _oldest_first(values: list[Said]) -> list[Said]:
    return sorted(values, key=lambda said: (moment(said.at), said.record.source, said.record.key))


def _points(values: list[Said], first: Collection[str], _: list[Record]) -> tuple[ContactPoint, ...]:
    places: dict[str, list[tuple[ContactPoint, Said]]] = {}
    for said in _oldest_first(values):
        for point in said.value:
            places.setdefault(point.field, []).append((point, said))
    primary = _primaries(values, first)
    return tuple(
        _one_point(_newest(stated), is_primary=primary.get(stated[0][0].kind) == place)
        for place, stated in places.items()
    )


def _newest(stated: list[tuple[ContactPoint, Said]]) -> list[tuple[ContactPoint, Said]]:
    def age(pair: tuple[ContactPoint, Said]) -> Any:
        point, said = pair
        return -moment(said.record.time(point.field)), said.record.source, said.record.key

    return sorted(stated, key=age)


def _one_point(newest: list[tuple[ContactPoint, Said]], *, is_primary: bool) -> ContactPoint:
    stated = [point for point, _ in newest]
    is_direct = newest[0][1].record.source == "direct"
    verified = [point.verified_at for point in stated if point.verified_at is not None]
    return attrs.evolve(
        stated[0],
        primary=is_primary,
        purposes=_purposes(stated, is_direct=is_direct),
        shared=any(point.shared for point in stated),
        state=next((point.state for point in stated if point.state != "unknown"), "unknown"),
        verified_at=max(verified, key=moment, default=None),
    )


def _purposes(stated: list[ContactPoint], *, is_direct: bool) -> set[str]:
    """The purposes of all; none, which is any, where somebody names none and the company's last word is no other."""
    narrowed = is_direct and bool(stated[0].purposes)
    if not narrowed and not all(point.purposes for point in stated):
        return set()
    return {purpose for point in stated for purpose in point.purposes}


def _primaries(values: list[Said], first: Collection[str]) -> dict[str, str]:
    """The primary point of each kind: the last that was called so, by records that come first before all others."""

    def rank(claim: tuple[ContactPoint, Said]) -> Any:
        point, said = claim
        record = said.record
        at = moment(record.time(f"points.{point.kind}"))
        return record.ref not in first, -at, record.source, record.key

    claims = [(point, said) for said in values for point in said.value if point.primary]
    found: dict[str, str] = {}
    for point, _ in sorted(claims, key=rank):
        found.setdefault(point.kind, point.field)
    return found


def _relationships(values: list[Said], _: Collection[str], __: list[Record]) -> tuple[Relationship, ...]:
    stated = [(tie, said) for said in values for tie in said.value]
    kept: list[tuple[Relationship, Said]] = []
    rivals: dict[tuple[str, ...], list[Relationship]] = {}
    for tie, said in sorted(stated, key=_tie_age):
        others = rivals.setdefault(_rivalry(tie), [])
        if not any(tie.displaces(other) for other in others):
            kept.append((tie, said))
            others.append(tie)
    return tuple(tie for tie, _ in sorted(kept, key=_tie_place))


def _rivalry(tie: Relationship) -> tuple[str, ...]:
    """What two ties share of which one may displace the other."""
    return (tie.kind,) if tie.kind in ONE_AT_A_TIME else (tie.kind, tie.to)


def _tie_place(pair: tuple[Relationship, Said]) -> Any:
    tie, said = pair
    return moment(said.record.time(tie.field)), said.record.source, said.record.key


def _tie_age(pair: tuple[Relationship, Said]) -> Any:
    tie, said = pair
    at = moment(said.record.time(tie.field))
    return -at, said.record.source, said.record.key


def _identifiers(values: list[Said], _: Collection[str], records: list[Record]) -> tuple[Any, ...]:
    return _left(values, records, lambda found: f"identifiers.{found.kind}:{found.value}")


def _tags(values: list[Said], _: Collection[str], records: list[Record]) -> tuple[Any, ...]:
    return _left(values, records, lambda tag: f"tags.{tag}")


def _left(values: list[Said], records: list[Record], name: Callable[[Any], str]) -> tuple[Any, ...]:
    """All items once, but for those that were taken back and not stated since."""
    return tuple(item for item in united(values) if not _is_gone(item, name(item), values, records))


def _is_gone(item: Any, name: str, values: list[Said], records: list[Record]) -> bool:
    others = [
        record for record in records if name in record.cleared and item not in (*record.tags, *record.identifiers)
    ]
    taken_back = [moment(record.time(name)) for record in others]
    if not taken_back:
        return False
    return max(taken_back) >= max(moment(said.record.time(name)) for said in values if item in said.value)


UNIONS: dict[str, Callable[[list[Said], Collection[str], list[Record]], tuple[Any, ...]]] = {
    "identifiers": _identifiers,
    "points": _points,
    "relationships": _relationships,
    "tags": _tags,
}
"""How the values of each field of many values become one tuple."""
