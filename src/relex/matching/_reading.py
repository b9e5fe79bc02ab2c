"""Records as rows of keys: what a policy asks of them, read once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.errors import InvalidValue
from relex.matching._fields import field_reader
from relex.matching._similarity import soundex
from relex.parties import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from relex.matching._comparisons import Key, Part
    from relex.matching._fields import Value
    from relex.matching._policy import MatchPolicy

    Encoders = Mapping[str, Callable[[str], str | None]]

__all__ = ["Table", "keys_of", "read", "reader_of_keys"]

_MOST_KEYS = 64


@attrs.frozen(weakref_slot=False)
class Table:
    """Records by place.

    Attributes:
        refs: Of each record.
        columns: For each comparison of the policy the value of each record.
        keys: For each key of the policy its values for each record.
        uniques: For each record its unique identifiers, as a mapping of kind to values; None without any.
        left: How many records are of the first of two sets; all of them when there is one.
    """

    refs: list[str]
    columns: list[list[Value]]
    keys: list[list[Value]]
    uniques: list[dict[str, frozenset[str]] | None]
    left: int = 0


def read(path: str, records: Iterable[Record], policy: MatchPolicy, encoders: Encoders) -> Table:
    """The rows of records.

    Raises:
        InvalidValue: For something other than a record, or an encoder that is not known.
    """
    readers = [field_reader(each.field, each.key) for each in policy.comparisons]
    makers = [reader_of_keys(key, encoders) for key in policy.keys]
    table = Table([], [[] for _ in readers], [[] for _ in makers], [])
    reading = [(column.append, reader) for column, reader in zip(table.columns, readers, strict=True)]
    reading += [(column.append, maker) for column, maker in zip(table.keys, makers, strict=True)]
    unique = frozenset(policy.unique)
    for record in _each(path, records):
        table.refs.append(record.ref)
        table.uniques.append(_uniques(record, unique))
        for keep, reader in reading:
            keep(reader(record))
    return attrs.evolve(table, left=len(table.refs))


def _each(path: str, records: Iterable[Record]) -> Iterable[Record]:
    if isinstance(records, (str, bytes)) or not hasattr(records, "__iter__"):
        raise InvalidValue(path, records, "an iterable of records")
    for place, record in enumerate(records):
        if not isinstance(record, Record):
            raise InvalidValue(f"{path}[{place}]", record, "a Record")
        yield record


def _uniques(record: Record, kinds: frozenset[str]) -> dict[str, frozenset[str]] | None:
    found: dict[str, set[str]] = {}
    for each in record.identifiers:
        if each.kind in kinds:
            found.setdefault(each.kind, set()).add("".join(filter(str.isalnum, each.value)).casefold())
    return {kind: frozenset(values - {""}) for kind, values in found.items()} or None


def keys_of(record: Record, key: Key, encoders: Encoders | None = None) -> tuple[str, ...]:
    """The values of a key of one record; none where a part is blank.

    .. versionadded:: 0.1.0
    """
    _checks.a(Record).require("keys_of.record", record)
    found = reader_of_keys(key, encoders or {})(record)
    return () if found is None else (found,) if isinstance(found, str) else found


def reader_of_keys(key: Key, encoders: Encoders) -> Callable[[Record], Value]:
    """The function that makes the values of a key."""
    parts = [(field_reader(part.field), _cutter(part, encoders)) for part in key.parts]
    if len(parts) == 1 and parts[0][1] is None:
        return parts[0][0]

    def make(record: Record) -> Value:
        found = [""]
        for reader, cut in parts:
            value = reader(record)
            if value is None:
                return None
            pieces = [cut(each) if cut else each for each in ((value,) if isinstance(value, str) else value)]
            found = [start + piece for start in found for piece in pieces if piece][:_MOST_KEYS]
        if len(found) < 2:  # noqa: PLR2004 - nothing to sort
            return found[0] if found else None
        return tuple(sorted(set(found)))

    return make


def _cutter(part: Part, encoders: Encoders) -> Callable[[str], str] | None:
    """What a part leaves of a value; None for all of it."""
    encode = _encoder(part.encode, encoders)
    if not (part.words or part.drop_lead or part.drop_last or encode or part.first or part.last):
        return None
    known: dict[str, str] = {}

    def cut(value: str) -> str:
        found = known.get(value)
        if found is None:
            if len(known) >= _REMEMBERED:
                known.clear()
            found = known[value] = _cut(value, part, encode)
        return found

    return cut


_REMEMBERED = 100_000


def _cut(value: str, part: Part, encode: Callable[[str], str | None] | None) -> str:
    if part.words is not None:
        words = value.split()
        value = "".join(words[: part.words])
    if part.drop_lead is not None:
        value = value.removeprefix(part.drop_lead)
    if part.drop_last is not None:
        value = value[: -part.drop_last]
    if encode is not None:
        value = (encode(value) or "").casefold()
    if part.first is not None:
        value = value[: part.first]
    return value if part.last is None else value[-part.last :]


def _encoder(name: str | None, encoders: Mapping[str, Any]) -> Callable[[str], str | None] | None:
    if name is None:
        return None
    known = {"soundex": soundex, **encoders}
    if name not in known:
        raise InvalidValue("Part.encode", name, f"one of {', '.join(sorted(known))}; pass others as encoders")
    return known[name]
