"""Records as columns of keys: what a policy asks of them, read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice, product
from typing import TYPE_CHECKING, TypeAlias

import attrs

from relex import _checks
from relex.errors import InvalidValue
from relex.matching._comparisons import Key, Part
from relex.matching._fields import Field, plain_number, points_of
from relex.matching._similarity import soundex
from relex.parties import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.matching._fields import Value
    from relex.matching._policy import MatchPolicy

    Encoder = Callable[[str], str | None] | None
    Columns = Mapping[tuple[str, str | None], list[Value]]

__all__ = ["Encoders", "Table", "keys_of", "read"]

Encoders: TypeAlias = Mapping[str, Callable[[str], str | None]]
"""What keys may name besides `soundex`: functions from a text to its code, or to None."""

_MOST_KEYS = 64
_RECORDS = _checks.Check(
    "an iterable of records",
    lambda value: isinstance(value, Iterable) and not isinstance(value, (str, bytes, Record)),
)
_ENCODERS = _checks.Check(
    "a mapping of names to functions",
    lambda value: isinstance(value, Mapping) and all(map(callable, value.values())),
)
_REMEMBERED = 200_000


@attrs.frozen(weakref_slot=False)
class Table:
    """Records by place.

    Attributes:
        refs: Of each record.
        columns: For each comparison of the policy the value of each record.
        keys: For each key of the policy its values for each record.
        uniques: For each record its unique identifiers, as a mapping of kind to values; None without any.
        left: How many records are of the first of two sets; all of them when there is one.
        across: Whether there are two sets, and only pairs of one record of each are looked for.
    """

    refs: list[str]
    columns: list[list[Value]]
    keys: list[list[Value]]
    uniques: list[dict[str, frozenset[str]] | None]
    left: int
    across: bool = False


def read(path: str, records: Iterable[Record], policy: MatchPolicy, encoders: Encoders) -> Table:
    """The columns of records.

    Raises:
        InvalidValue: For something other than a record, or an encoder that is not known.
    """
    _ENCODERS.require("pairs.encoders", encoders)
    asked = [(each.field, each.key) for each in policy.comparisons]
    asked += [(part.field, None) for key in policy.keys for part in key.parts]
    columns: dict[tuple[str, str | None], list[Value]] = {each: [] for each in asked}
    refs: list[str] = []
    uniques: list[dict[str, frozenset[str]] | None] = []
    reading = [(columns[each].append, Field(*each).read) for each in columns]
    unique = frozenset(policy.unique)
    for record in _each(path, records):
        points = points_of(record)
        refs.append(record.ref)
        uniques.append(_uniques(record, unique) if record.identifiers else None)
        for keep, value in reading:
            keep(value(record, points))
    return Table(
        refs=refs,
        columns=[columns[each.field, each.key] for each in policy.comparisons],
        keys=_key_columns(policy.keys, columns, encoders),
        uniques=uniques,
        left=len(refs),
    )


def keys_of(record: Record, key: Key, encoders: Encoders | None = None) -> tuple[str, ...]:
    """The values of a key of one record; none where a part is blank.

    Args:
        record: The record.
        key: The key.
        encoders: What its parts may name besides `soundex`: functions from a text to its code or None.

    Raises:
        InvalidValue: For an encoder that is not known.

    .. versionadded:: 0.1.0
    """
    _checks.a(Record).require("keys_of.record", record)
    _checks.a(Key).require("keys_of.key", key)
    _ENCODERS.require("keys_of.encoders", encoders or {})
    points = points_of(record)
    columns: dict[tuple[str, str | None], list[Value]] = {
        (part.field, None): [Field(part.field).read(record, points)] for part in key.parts
    }
    return several(_key_columns([key], columns, encoders or {})[0][0])


def several(value: Value) -> tuple[str, ...]:
    """The keys of a value, however many."""
    return () if value is None else (value,) if isinstance(value, str) else value


def _each(path: str, records: Iterable[Record]) -> Iterator[Record]:
    _RECORDS.require(path, records)
    for place, record in enumerate(records):
        if not isinstance(record, Record):
            raise InvalidValue(f"{path}[{place}]", record, "a Record")
        yield record


def _uniques(record: Record, kinds: frozenset[str]) -> dict[str, frozenset[str]] | None:
    found: dict[str, set[str]] = {}
    for each in record.identifiers:
        if each.kind in kinds and (number := plain_number(each.value)):
            found.setdefault(each.kind, set()).add(number)
    return {kind: frozenset(values) for kind, values in found.items()} or None


def _key_columns(keys: Iterable[Key], columns: Columns, encoders: Encoders) -> list[list[Value]]:
    """The values of each key for all records; what several keys take a part of is cut once."""
    pieces: dict[Part, list[Value]] = {}
    for part in dict.fromkeys(part for key in keys for part in key.parts):
        column, cut = columns[part.field, None], _Cut(part, encoders)
        pieces[part] = column if part == Part(part.field) else list(map(cut.of, column))
    return [_key_column([pieces[part] for part in key.parts]) for key in keys]


def _key_column(pieces: list[list[Value]]) -> list[Value]:
    """The values of a key for all records."""
    return pieces[0] if len(pieces) == 1 else list(map(_joined, zip(*pieces, strict=True)))


def _joined(pieces: tuple[Value, ...]) -> Value:
    """The parts of one record's key, one behind the other, every combination where there are several."""
    if None in pieces:
        return None
    if tuple not in map(type, pieces):
        return "".join(pieces)  # type: ignore[arg-type]  # texts all of them
    found = {"".join(way) for way in islice(product(*map(several, pieces)), _MOST_KEYS)}
    return tuple(sorted(found))


class _Cut(dict[str, str]):
    """What a part leaves of values; remembered."""

    def __init__(self, part: Part, encoders: Encoders) -> None:
        super().__init__()
        self.part, self.encode = part, _encoder(part.encode, encoders)

    def of(self, value: Value) -> Value:
        """What is left of a value, or of each of several."""
        if value is None:
            return None
        if isinstance(value, str):
            return self[value] or None
        pieces = sorted({piece for each in value if (piece := self[each])})
        return tuple(pieces) if len(pieces) > 1 else pieces[0] if pieces else None

    def __missing__(self, value: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[value] = _cut(value, self.part, self.encode)
        return found


def _cut(value: str, part: Part, encode: Encoder) -> str:
    if part.words is not None:
        value = "".join(value.split()[: part.words])
    if part.drop_lead is not None:
        value = value.removeprefix(part.drop_lead)
    if part.drop_last is not None:
        value = value[: -part.drop_last]
    if encode is not None:
        value = (encode(value) or "").casefold()
    if part.first is not None:
        value = value[: part.first]
    return value if part.last is None else value[-part.last :]


def _encoder(name: str | None, encoders: Encoders) -> Encoder:
    if name is None:
        return None
    known: dict[str, Callable[[str], str | None]] = {"soundex": soundex, **encoders}
    if name not in known:
        raise InvalidValue("Part.encode", name, f"one of {', '.join(sorted(known))}; pass others as encoders")
    return known[name]
