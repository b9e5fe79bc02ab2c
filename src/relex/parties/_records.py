"""What one source said about one party at one time: the material of which every picture of a party is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar, TypeAlias

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

__all__ = ["FieldValue", "Record"]

FieldValue: TypeAlias = str | int | Decimal | bool | date | datetime | tuple[str, ...]
"""What a free field may hold."""

_ADDRESS = ("street", "city", "region", "postal", "country")


def _values(values: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
    found = values.items() if isinstance(values, Mapping) else _checks.items("Record.values", values)
    return tuple(sorted(found, key=_first))


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(_checks.items("Record", values))))


def _first(pair: tuple[str, object]) -> str:
    return pair[0]


@tagged("parties.Record")
@attrs.frozen(weakref_slot=False)
class Record:
    """One statement of one source about one party: an entry, immutable and idempotent by id.

    Attributes:
        source: The system that said it, such as `crm`; what a company's own people state is `direct`.
        key: The id of the party in that source.
        at: When it was said; aware.
        kind: `person` or `organization`.
        name: Of the party.
        points: Where it can be reached.
        identifiers: Ids elsewhere.
        relationships: To other parties.
        tags: Words.
        born: A date, or what the source wrote where that is no date.
        preferences: How the party wants to be spoken to.
        values: Sorted (field, value) pairs of everything else.
        cleared: Sorted names of fields that the source has emptied on purpose.
        times: Sorted (field, instant) pairs of fields that are older or newer than the statement.

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
        default=(), converter=tuple, validator=_checks.each(_checks.a(ContactPoint)), kw_only=True
    )
    identifiers: tuple[Identifier, ...] = attrs.field(
        default=(), converter=tuple, validator=_checks.each(_checks.a(Identifier)), kw_only=True
    )
    relationships: tuple[Relationship, ...] = attrs.field(
        default=(), converter=tuple, validator=_checks.each(_checks.a(Relationship)), kw_only=True
    )
    tags: tuple[str, ...] = attrs.field(default=(), converter=_sorted, kw_only=True)
    born: date | str | None = attrs.field(default=None, kw_only=True)
    preferences: Preferences | None = attrs.field(default=None, kw_only=True)
    values: tuple[tuple[str, FieldValue], ...] = attrs.field(default=(), converter=_values, kw_only=True)
    cleared: tuple[str, ...] = attrs.field(default=(), converter=_sorted, kw_only=True)
    times: tuple[tuple[str, datetime], ...] = attrs.field(default=(), converter=_values, kw_only=True)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {"at": datetime, "id": str, "key": str, "kind": str, "source": str}, open=("record.",)
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

    def time(self, field: str) -> datetime:
        """When the source stated a field."""
        return dict(self.times).get(field, self.at)

    def main(self, kind: str) -> ContactPoint | None:
        """The point of a kind that stands for the party: the primary one, else the first."""
        found = [point for point in self.points if point.kind == kind]
        return next((point for point in found if point.primary), found[0] if found else None)

    def fields(self) -> dict[str, Any]:
        """What is stated, by field."""
        found: dict[str, Any] = dict(self.values)
        for name in ("name", "points", "identifiers", "relationships", "tags", "born", "preferences"):
            value = getattr(self, name)
            if value:
                found[name] = value
        for kind in ("email", "phone"):
            point = self.main(kind)
            if point is not None:
                found[kind] = point.value
        postal = self.main("postal")
        if postal is not None and isinstance(postal.value, PostalAddress):
            for name in _ADDRESS:
                part = getattr(postal.value, "postal_code" if name == "postal" else name)
                if part is not None:
                    found[name] = part
        return found

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names."""
        return {"kind": "record", "id": self.id, "source": self.source, "key": self.key, "at": self.at}
