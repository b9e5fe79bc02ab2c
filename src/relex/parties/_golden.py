"""One picture of a party, computed of all that was said of it, with the source of each value.

Theory of operation
-------------------

Only the newest statement of each party in a source counts. What is left is sorted once, the newest first; two of one
instant are told apart by the smaller source and key, so the order in which records come in never matters.

For each field there is then a row of statements, each with the time that the record gives for that field. A policy is
a function of such a row: it picks one statement, or makes one value of several. A group of fields is a row too, with
the number of fields that each record states as its value; whatever record is picked gives the values of the group.

Points, identifiers, relationships and tags hold many values at once. There the statements are those about one point or
one relationship: a newer one displaces an older one about the same.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Context, Decimal
from functools import reduce
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import moment
from relex.parties._fold import fold
from relex.parties._names import OrganizationName, PersonName
from relex.parties._records import Record, is_item
from relex.parties._survivorship import Policy, Survivorship
from relex.parties._unions import UNIONS, Said, united

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

__all__ = ["Origin", "Profile", "Stated", "golden"]


@attrs.frozen(weakref_slot=False)
class Stated:
    """A value, and who stated it.

    Attributes:
        value: None for a field that was emptied on purpose.
        record: The id of the record.
        at: The time of the value.

    .. versionadded:: 0.1.0
    """

    value: Any
    record: str
    at: datetime


@attrs.frozen(kw_only=True, weakref_slot=False)
class Origin:
    """Where a value of a picture comes from.

    Attributes:
        field: Its name.
        policy: That decided, in words.
        won: The statements that the value was taken from or made of; one for most policies.
        lost: The other statements, the newest first.
        reason: Why there is no value: `cleared`, `conflict`, `no-number` for a total of texts, or `group` where the
            record that was chosen for a group of fields does not state this one. None where there is a value.

    .. versionadded:: 0.1.0
    """

    field: str
    policy: str
    won: tuple[Stated, ...]
    lost: tuple[Stated, ...]
    reason: str | None = None

    @property
    def record(self) -> str | None:
        """The id of the record that the value comes from; None where it was made of several, or of none."""
        return self.won[0].record if len(self.won) == 1 else None

    @property
    def at(self) -> datetime | None:
        """The time of the newest statement that the value comes from."""
        return max((statement.at for statement in self.won), key=moment, default=None)


def _frozen(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(values))


@attrs.frozen(weakref_slot=False, unsafe_hash=False)
class Profile:
    """The picture of a party: a value for each field that anybody states, and where it comes from.

    It is computed and never stored; the records and the survivorship are.

    Attributes:
        values: By field; None for a field that was cleared or is in conflict.
        origins: The `Origin` of each field.

    .. versionadded:: 0.1.0
    """

    values: Mapping[str, Any] = attrs.field(converter=_frozen)
    origins: Mapping[str, Origin] = attrs.field(converter=_frozen)

    def __getitem__(self, field: str) -> Any:
        return self.values[field]

    def __contains__(self, field: object) -> bool:
        return field in self.values

    def get(self, field: str, default: Any = None) -> Any:
        """The value of a field, or the default where nobody states it."""
        return self.values.get(field, default)

    @property
    def cleared(self) -> tuple[str, ...]:
        """Sorted names of the fields that were emptied on purpose."""
        return tuple(sorted(name for name, origin in self.origins.items() if origin.reason == "cleared"))

    @property
    def conflicts(self) -> tuple[str, ...]:
        """Sorted names of the fields on which the records do not agree."""
        return tuple(sorted(name for name, origin in self.origins.items() if origin.reason == "conflict"))

    @property
    def attributes(self) -> tuple[tuple[str, Any], ...]:
        """Sorted (name, value) pairs of the free fields that have a value."""
        found = [(Record.name_of(field), value) for field, value in self.values.items() if value is not None]
        return tuple(sorted([(name, value) for name, value in found if name is not None], key=_first))

    def __str__(self) -> str:
        """A line for each field: the value, its source, and what lost."""
        return "\n".join(
            f"{field}: {text} [{source}]" + (f" over {lost}" if lost else "")
            for field, text, source, _, lost in self._rows()
        )

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("field", "value", "from", "policy", "instead of"))
        rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in self._rows())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

    def _rows(self) -> Iterator[tuple[str, str, str, str, str]]:
        for field in sorted(self.values):
            origin = self.origins[field]
            text = f"none, {origin.reason}" if origin.reason else _shown(self.values[field])
            source = ", ".join(dict.fromkeys(statement.record for statement in origin.won))
            others = [
                (shown, statement.record) for statement in origin.lost if (shown := _shown(statement.value)) != text
            ]
            lost = ", ".join(f"{shown} ({record})" for shown, record in others)
            yield field, text, source or "none", origin.policy, lost


def golden(
    records: Iterable[Record], survivorship: Survivorship | None = None, *, first: Collection[str] = ()
) -> Profile:
    """The picture of one party, of all that was said of it.

    Args:
        records: In any order; of each party in a source only the newest statement counts.
        survivorship: Which statement survives; by default the newest.
        first: Records (`crm/7`) whose primary points stay primary where others state one too; none named treats all
            alike.

    Raises:
        InvalidValue: For what is no record, or where `first` is no list. Whatever a record holds is dealt with.

    Example:
        >>> from datetime import datetime, timezone
        >>> old = Record("crm", "7", datetime(2024, 1, 5, tzinfo=timezone.utc), values={"title": "Buyer"})
        >>> new = Record("shop", "A9", datetime(2024, 3, 1, tzinfo=timezone.utc), values={"title": " "})
        >>> print(golden([new, old]))
        title: Buyer [crm/7@2024-01-05T00:00:00+00:00]

    .. versionadded:: 0.1.0
    """
    rules = _PLAIN if survivorship is None else survivorship
    _checks.a(Survivorship).require("golden.survivorship", rules)
    first = frozenset(_checks.items("golden.first", first))
    newest = _newest(records)
    stated = [(record, record.fields()) for record in newest]
    origins: dict[str, tuple[Any, Origin]] = {}
    for group, fields in rules.groups:
        origins |= _block(fields, rules.policy(group), stated, first)
    grouped = {field for _, fields in rules.groups for field in fields}
    named = {field for record, found in stated for field in (*found, *record.cleared) if not is_item(field)}
    for field in sorted(named - grouped):
        chosen = _field(field, rules.policy(field), stated, first)
        if chosen is not None:
            origins[field] = chosen
    ordered = sorted(origins)
    return Profile({field: origins[field][0] for field in ordered}, {field: origins[field][1] for field in ordered})


_PLAIN = Survivorship()


def _first(pair: tuple[str, Any]) -> str:
    return pair[0]


def _newest(records: Iterable[Record]) -> list[Record]:
    """The newest statement of each party in a source, in the order of the parties."""
    found: dict[tuple[str, str], Record] = {}
    for record in _checks.items("golden.records", records):
        _checks.a(Record).require("golden.records", record)
        place = record.source, record.key
        known = found.get(place)
        if known is None or _age(record) > _age(known):
            found[place] = record
    return [found[place] for place in sorted(found)]


def _age(record: Record) -> tuple[timedelta, str]:
    return moment(record.at), repr(record)  # two of one instant that differ are a mistake, but always the same one wins


def _row(field: str, stated: list[tuple[Record, dict[str, Any]]]) -> list[Said]:
    """What was said of a field, newest first; a clearing is None."""
    row = [
        Said(found.get(field), record, record.time(field))
        for record, found in stated
        if field in found or field in record.cleared
    ]
    return sorted(row, key=_newest_first)


def _newest_first(said: Said) -> tuple[timedelta, str, str]:
    return -moment(said.at), said.record.source, said.record.key


def _field(
    field: str, policy: Policy, stated: list[tuple[Record, dict[str, Any]]], first: Collection[str]
) -> tuple[Any, Origin] | None:
    row = _row(field, stated)
    values = [said for said in row if said.value is not None]
    if policy.name == "union" and field in UNIONS:
        every = UNIONS[field](values, first, [record for record, _ in stated]) if values else ()
        return _made(field, policy, every, values, values) if every else None
    if policy.name in _OF_ALL:
        value, won = _OF_ALL[policy.name](values)
        return _made(field, policy, value, won, row, None if won else "no-number") if values else None
    chosen = _CHOOSING[policy.name](row, values, policy)
    if chosen is not None:
        reason = None if chosen.value is not None else "cleared"
        return _made(field, policy, _alone(field, chosen, first), [chosen], row, reason)
    return _made(field, policy, None, [], row, "conflict") if policy.name == "agree" and values else None


def _alone(field: str, chosen: Said, first: Collection[str]) -> Any:
    """What one statement says; of many values, two that cannot both be true are judged as they are among several."""
    if chosen.value is None or field not in UNIONS:
        return chosen.value
    return UNIONS[field]([chosen], first, [chosen.record])


def _made(
    field: str, policy: Policy, value: Any, won: list[Said], row: list[Said], reason: str | None = None
) -> tuple[Any, Origin]:
    lost = [said for said in row if said not in won]
    return value, Origin(field=field, policy=str(policy), won=_statements(won), lost=_statements(lost), reason=reason)


def _statements(row: Iterable[Said]) -> tuple[Stated, ...]:
    return tuple(Stated(said.value, said.record.id, said.at) for said in row)


def _block(
    fields: tuple[str, ...], policy: Policy, stated: list[tuple[Record, dict[str, Any]]], first: Collection[str]
) -> dict[str, tuple[Any, Origin]]:
    """The values of a group of fields, all of one record."""
    clears = policy.clears and policy.name in _CLEARING
    values = _counted([(record, [field for field in fields if field in found]) for record, found in stated])
    row = _counted(
        [(record, [each for each in fields if each in found or each in record.cleared]) for record, found in stated]
    )
    chosen = _CHOOSING[policy.name](row if clears else values, values, policy)
    if chosen is None:
        return {}
    made = {}
    for field in fields:
        said = [each for each in _row(field, stated) if clears or each.value is not None]
        won = [each for each in said if each.record is chosen.record]
        if won:
            value = _alone(field, won[0], first)
            made[field] = _made(field, policy, value, won, said, None if value is not None else "cleared")
        elif any(each.value is not None for each in said):
            made[field] = _made(field, policy, None, [], said, "group")
    return made


_CLEARING = ("latest", "master", "ranked", "sources")  # the others fill what is blank as the first does


def _counted(named: list[tuple[Record, list[str]]]) -> list[Said]:
    """How many fields of a group each record names, newest first; the time is that of the newest of them."""
    counts = [
        Said(len(fields), record, max((record.time(field) for field in fields), key=moment))
        for record, fields in named
        if fields
    ]
    return sorted(counts, key=_newest_first)


# Policies that choose one statement: of the row with clearings, and of the values alone; both newest first.


def _latest(row: list[Said], values: list[Said], policy: Policy) -> Said | None:
    found = row if policy.clears else values
    return found[0] if found else None


def _earliest(_: list[Said], values: list[Said], __: Policy) -> Said | None:
    return min(values, key=lambda said: (moment(said.at), said.record.source, said.record.key), default=None)


def _most_frequent(_: list[Said], values: list[Said], __: Policy) -> Said | None:
    counts = Counter(_folded(said.value) for said in values)
    return max(values, key=lambda said: counts[_folded(said.value)], default=None)


def _sources(row: list[Said], values: list[Said], policy: Policy) -> Said | None:
    return _listed(row, values, policy, lambda said: said.record.source)


def _ranked(row: list[Said], values: list[Said], policy: Policy) -> Said | None:
    return _listed(row, values, policy, lambda said: said.record.ref)


def _listed(row: list[Said], values: list[Said], policy: Policy, name: Callable[[Said], str]) -> Said | None:
    places = {wanted: place for place, wanted in enumerate(policy.of)}
    found = [said for said in values if name(said) in places]
    if found:
        return min(found, key=lambda said: places[name(said)])
    return _latest(row, values, policy) if policy.fill else None


def _most_complete(_: list[Said], values: list[Said], __: Policy) -> Said | None:
    return max(values, key=lambda said: said.value, default=None)


def _furthest(_: list[Said], values: list[Said], policy: Policy) -> Said | None:
    stages = policy.lifecycle.stages if policy.lifecycle is not None else ()
    rank = {stage: place for place, stage in enumerate(stages, start=1)}
    known = policy.lifecycle.former if policy.lifecycle is not None else ()
    return max(
        [said for said in values if said.value in rank or said.value in known],
        key=lambda said: rank.get(said.value, 0),
        default=None,
    )


def _agree(_: list[Said], values: list[Said], __: Policy) -> Said | None:
    return values[0] if len({_folded(said.value) for said in values}) == 1 else None


def _smallest(_: list[Said], values: list[Said], __: Policy) -> Said | None:
    return min(_of_one_kind(values), key=_size, default=None)


def _largest(_: list[Said], values: list[Said], __: Policy) -> Said | None:
    return max(_of_one_kind(values), key=_size, default=None)


def _of_one_kind(values: list[Said]) -> list[Said]:
    """The values that can be compared: numbers, else instants, else days, else texts."""
    kinds = [_kind(said.value) for said in values]
    return [said for said, kind in zip(values, kinds, strict=True) if kind == min(kinds)]


def _kind(value: object) -> int:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return 0
    return 1 if isinstance(value, datetime) else 2 if isinstance(value, date) else 3


def _size(said: Said) -> Any:
    value = said.value
    if isinstance(value, datetime):
        return moment(value)
    return value if _kind(value) <= 2 else fold(str(value))  # noqa: PLR2004 - numbers and days


_CHOOSING: dict[str, Callable[[list[Said], list[Said], Policy], Said | None]] = {
    "agree": _agree,
    "earliest": _earliest,
    "furthest": _furthest,
    "largest": _largest,
    "latest": _latest,
    "master": _ranked,
    "most-complete": _most_complete,
    "most-frequent": _most_frequent,
    "ranked": _ranked,
    "smallest": _smallest,
    "sources": _sources,
}


# Policies that make one value of several.


def _total(values: list[Said]) -> tuple[Any, list[Said]]:
    won = [said for said in values if _kind(said.value) == 0]
    numbers = [said.value for said in won]
    if not won or not any(isinstance(number, Decimal) for number in numbers):
        return (sum(numbers) if won else None), won
    return reduce(_WIDE.add, map(Decimal, numbers), Decimal(0)), won


_WIDE = Context(prec=200)  # wide enough for the sum of any values of at most 60 digits on either side of the point


def _union(values: list[Said]) -> tuple[Any, list[Said]]:
    return united(values), values


_OF_ALL: dict[str, Callable[[list[Said]], tuple[Any, list[Said]]]] = {"total": _total, "union": _union}


def _folded(value: object) -> object:
    """By what two spellings of one value are equal; values of different types are not."""
    if isinstance(value, (str, PersonName, OrganizationName)):
        return fold(str(value))
    return type(value), value


def _shown(value: object) -> str:
    if value is None:
        return "cleared"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
