"""What one source said about one party at one time: the material of which every picture of a party is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, TypeAlias
from unicodedata import category

import attrs

from relex import _checks
from relex._instants import moment
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.parties._identifiers import Identifier
from relex.parties._names import OrganizationName, PersonName
from relex.parties._points import ContactPoint, PostalAddress
from relex.parties._preferences import Preferences
from relex.parties._relationships import Relationship
from relex.rules import FactSchema

__all__ = ["FieldValue", "Record", "is_blank", "is_item"]

FieldValue: TypeAlias = str | int | Decimal | bool | date | datetime | tuple[str, ...]
"""What a free field may hold."""

_ADDRESS = {"street": "street", "city": "city", "region": "region", "postal": "postal_code", "country": "country"}
_TYPED = ("name", "points", "identifiers", "relationships", "tags", "born", "preferences")

_PARTS = frozenset({*_TYPED, "email", "phone", *_ADDRESS})

_CUSTOM = "custom."
_ITEMS = ("identifiers.", "tags.")


def is_item(field: str) -> bool:
    """Whether this names one item of a field of many, such as `tags.vip`."""
    return field.startswith(_ITEMS)


def is_blank(value: object) -> bool:
    """Whether nothing is said: None, text without a visible sign, or nothing listed."""
    if isinstance(value, str):
        return all(sign.isspace() or category(sign) in _UNSEEN for sign in value)
    return value is None or value == () or (isinstance(value, Preferences) and value == _NO_PREFERENCES)


_NO_PREFERENCES = Preferences()
_UNSEEN = ("Cc", "Cf")  # control and format characters; a character that nobody has defined may well be seen


def _is_value(value: object) -> bool:
    if isinstance(value, tuple):
        return all(isinstance(item, str) for item in value)
    if isinstance(value, datetime):
        return _checks.instant.passes(value)
    return value is None or isinstance(value, (str, date, bool)) or _is_number(value)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, Decimal)) and _checks.exact.passes(value)


def _values(values: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
    return _pairs("Record.values", values, _VALUE)


def _times(values: Mapping[str, datetime] | Iterable[tuple[str, datetime]]) -> tuple[tuple[str, datetime], ...]:
    return _pairs("Record.times", values, _checks.instant)


_VALUE = _checks.Check("a str, int, Decimal, bool, date, datetime with a time zone, tuple of str, or None", _is_value)


def _pairs(path: str, values: Any, check: _checks.Check) -> tuple[tuple[str, Any], ...]:
    found = tuple(values.items()) if isinstance(values, Mapping) else _checks.items(path, values)
    for pair in found:
        if not isinstance(pair, tuple) or len(pair) != 2 or not _checks.text.passes(pair[0]):  # noqa: PLR2004 - a pair
            raise InvalidValue(path, pair, "a pair that begins with the name of a field")
        check.require(f"{path}[{pair[0]!r}]", pair[1])
    if len(dict(found)) < len(found):
        raise InvalidValue(path, found, "each field once")
    return tuple(sorted(found, key=_first))


def _first(pair: tuple[str, object]) -> str:
    return pair[0]


def _tags(values: Iterable[str]) -> tuple[str, ...]:
    return _texts("Record.tags", values)


def _cleared(values: Iterable[str]) -> tuple[str, ...]:
    return _texts("Record.cleared", values)


def _texts(path: str, values: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items(path, values)
    _checks.each(_checks.text).require(path, found)
    return tuple(sorted(set(found)))


def _points(values: Iterable[ContactPoint]) -> tuple[ContactPoint, ...]:
    return _checks.items("Record.points", values)


def _identifiers(values: Iterable[Identifier]) -> tuple[Identifier, ...]:
    return _checks.items("Record.identifiers", values)


def _relationships(values: Iterable[Relationship]) -> tuple[Relationship, ...]:
    return _checks.items("Record.relationships", values)


def _moments(times: tuple[tuple[str, datetime], ...]) -> tuple[tuple[str, timedelta], ...]:
    return tuple([(field, moment(at)) for field, at in times])


def _typed(values: tuple[tuple[str, Any], ...]) -> tuple[tuple[str, type, Any], ...]:
    """Values as they are compared: 1 is not True."""
    return tuple([(field, type(value), value) for field, value in values])


_BORN = _checks.Check(
    "a date, a str, or None",
    lambda value: value is None or isinstance(value, str) or _checks.calendar_day.passes(value),
)


@tagged("parties.Record")
@attrs.frozen(weakref_slot=False)
class Record:
    """One statement of one source about one party: an entry, immutable and idempotent by id.

    Whatever a source holds can be kept: odd values are told by an assessment, and none is refused here but for its
    type. A name, a date or an address that nobody has split stays whole.

    Attributes:
        source: The system that said it, such as `crm`; what a company's own people state is `direct`.
        key: The id of the party in that source.
        at: When it was said; aware.
        kind: `person` or `organization`.
        name: Of the party.
        points: Where it can be reached.
        identifiers: Ids elsewhere.
        relationships: To other parties.
        tags: Sorted words.
        born: A date, or what the source wrote where that is no date.
        preferences: How the party wants to be spoken to.
        values: Sorted (field, value) pairs of everything else; give a mapping. None is a value that is not known.
        cleared: Sorted names of fields, as in `fields`, that the source has emptied on purpose, which is more than
            leaving them blank; `tags.vip` and `identifiers.card:17` are one tag and one id that do not hold any more.
        times: Sorted (field, instant) pairs of fields that are older or newer than the statement; give a mapping.
        fact_schema: The facts of every record; what is stated is `record.<field>`.

    Raises:
        InvalidValue: For a wrong type, a naive datetime, a float, a field that is named twice, or the name of the
            other kind.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2024, 3, 1, tzinfo=timezone.utc)
        >>> said = Record("shop", "A9", day, name=PersonName("ANNA BERG"), values={"title": ""}, cleared=["phone"])
        >>> said.id
        'shop/A9@2024-03-01T00:00:00+00:00'
        >>> sorted(said.fields())
        ['name']

    .. versionadded:: 0.1.0
    """

    source: str = attrs.field(validator=_checks.text)
    key: str = attrs.field(validator=_checks.text)
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    kind: str = attrs.field(default="person", validator=_checks.one_of("person", "organization"), kw_only=True)
    name: PersonName | OrganizationName | None = attrs.field(
        default=None, validator=_checks.optional(_checks.a(PersonName, OrganizationName)), kw_only=True
    )
    points: tuple[ContactPoint, ...] = attrs.field(
        default=(), converter=_points, validator=_checks.each(_checks.a(ContactPoint)), kw_only=True
    )
    identifiers: tuple[Identifier, ...] = attrs.field(
        default=(), converter=_identifiers, validator=_checks.each(_checks.a(Identifier)), kw_only=True
    )
    relationships: tuple[Relationship, ...] = attrs.field(
        default=(),
        converter=_relationships,
        validator=_checks.each(_checks.a(Relationship)),
        kw_only=True,
    )
    tags: tuple[str, ...] = attrs.field(default=(), converter=_tags, kw_only=True)
    born: date | str | None = attrs.field(default=None, validator=_BORN, kw_only=True)
    preferences: Preferences | None = attrs.field(
        default=None, validator=_checks.optional(_checks.a(Preferences)), kw_only=True
    )
    values: tuple[tuple[str, FieldValue | None], ...] = attrs.field(
        default=(), converter=_values, kw_only=True, eq=_typed
    )
    cleared: tuple[str, ...] = attrs.field(default=(), converter=_cleared, kw_only=True)
    times: tuple[tuple[str, datetime], ...] = attrs.field(default=(), converter=_times, kw_only=True, eq=_moments)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {"at": datetime, "id": str, "key": str, "kind": str, "party": str, "source": str}, open=("record.",)
    )

    def __attrs_post_init__(self) -> None:
        """Check that the name is one of its kind."""
        if self.name is not None and isinstance(self.name, PersonName) != (self.kind == "person"):
            raise InvalidValue("Record.name", self.name, f"the name of a {self.kind}")

    @property
    def ref(self) -> str:
        """The party in the source, such as `crm/7`."""
        return f"{self.source}/{self.key}"

    @property
    def id(self) -> str:
        """Of this statement: the party in the source, and the instant in UTC."""
        return f"{self.ref}@{self.at.astimezone(UTC).isoformat()}"

    @property
    def subject(self) -> str:
        """The party in the source, by which statements are read."""
        return self.ref

    @staticmethod
    def field_of(name: str) -> str:
        """The field by which a free value goes in a picture: its name, or `custom.<name>` where that is taken."""
        return f"{_CUSTOM}{name}" if name in _PARTS or is_item(name) or name.startswith(_CUSTOM) else name

    @staticmethod
    def name_of(field: str) -> str | None:
        """The name of the free value that goes by a field; None for a field that is computed of the parts."""
        if field in _PARTS or is_item(field):
            return None
        name = field.removeprefix(_CUSTOM)
        return name if Record.field_of(name) == field else field

    def time(self, field: str) -> datetime:
        """When the source stated a field, or one item of it (`points.email`): its own time, else the statement's."""
        times = dict(self.times)
        return times.get(field) or times.get(field.partition(".")[0]) or self.at

    def main(self, kind: str, as_of: datetime | None = None) -> ContactPoint | None:
        """The point of a kind that stands for the party: the primary one, else the first.

        Args:
            kind: One of `POINT_KINDS`.
            as_of: Only points that are in use at this instant; None looks at all of them.
        """
        found = [point for point in self.points if point.kind == kind and (as_of is None or point.is_valid(as_of))]
        return next((point for point in found if point.primary), found[0] if found else None)

    def fields(self) -> dict[str, Any]:
        """What is stated, by field; a blank is not stated.

        The parts go by their names. Of the points, `email` and `phone` are what was typed in the main one of the kind,
        and `street`, `city`, `region`, `postal` and `country` are the parts of the main address.
        """
        found: dict[str, Any] = {self.field_of(name): value for name, value in self.values}
        found |= {name: getattr(self, name) for name in _TYPED}
        found |= {kind: point.value for kind in ("email", "phone") if (point := self.main(kind)) is not None}
        postal = self.main("postal")
        if postal is not None and isinstance(postal.value, PostalAddress):
            found |= {name: getattr(postal.value, part) for name, part in _ADDRESS.items()}
        return {name: value for name, value in found.items() if not is_blank(value)}

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names.

        `id`, `kind`, `source`, `key`, `at`, `party` (a person or an organization), and `record.<field>` for each field
        that is stated and is a plain value or a name.
        """
        found = {"kind": "record", "id": self.id, "source": self.source, "key": self.key, "at": self.at}
        found["party"] = self.kind
        for name, value in self.fields().items():
            if name == "name":
                found["record.name"] = str(value)
            elif name not in {"points", "identifiers", "relationships", "preferences"}:
                found[f"record.{name}"] = value
        return found
