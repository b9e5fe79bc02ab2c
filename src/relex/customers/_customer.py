"""The customer: a person or an organization, and what is known of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex._trusted import replacing, trusted
from relex.changes import Change, Event
from relex.codec import tagged
from relex.customers._attributes import AttributeSchema, AttributeValue
from relex.customers._events import (
    VALUES,
    AttributesCleared,
    AttributesSet,
    CustomerOpened,
    CustomerRenamed,
    IdentifierAdded,
    IdentifierRemoved,
    OwnerChanged,
    StageChanged,
    TagsChanged,
    is_pair,
)
from relex.customers._steps import CHANGES
from relex.errors import Conflict, InvalidValue, Rejected
from relex.parties import Identifier, Lifecycle, OrganizationName, PersonName
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Customer"]

_DEFAULT = Lifecycle()
_TEXTS = _checks.each(_checks.text)
_TEXT_OR_NONE = _checks.optional(_checks.text)


def _is_stage(value: object) -> bool:
    return is_pair(value) and _checks.instant.passes(value[1])


def _moments(stages: tuple[tuple[str, datetime], ...]) -> tuple[tuple[str, timedelta], ...]:
    return tuple([(stage, moment(since)) for stage, since in stages])


_STAGES = _checks.each(_checks.Check("a pair (stage, datetime with a time zone)", _is_stage))


@tagged("customers.Customer")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Customer:
    """A person or an organization, as an aggregate: commands return a `Change`, `evolve` makes every state.

    A command that would change nothing gives no event. `at` may equal the instant of the last event and must not lie
    before it.

    Attributes:
        id: Of the customer.
        version: How many events made this state.
        name: A `PersonName` or an `OrganizationName`; it tells the kind, which is fixed at the opening.
        opened_at: When the customer became known.
        changed_at: When the last event happened.
        identifiers: Sorted, without repeats.
        tags: Sorted, without repeats.
        owner: Id of who looks after the customer, or None.
        stage: In the lifecycle, or None.
        furthest_stage: The furthest stage so far; a former stage does not count.
        stages: (stage, since) pairs, oldest first.
        attributes: Sorted (name, value) pairs; a value None is unknown.
        cleared: Sorted names of attributes that were emptied on purpose.
        fact_schema: The facts of every customer; what is `custom.` is known to the application.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> ada, _ = Customer.open("c1", PersonName(given="Ada", family="Lovelace"), at=day)
        >>> ada, events = ada.tag("vip", at=day)
        >>> ada.tags, ada.version, events[0].added
        (('vip',), 2, ('vip',))
        >>> ada.tag("vip", at=day).events
        ()

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    version: int = attrs.field(validator=_checks.whole(least=1))
    name: PersonName | OrganizationName = attrs.field(validator=_checks.a(PersonName, OrganizationName))
    opened_at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    changed_at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    identifiers: tuple[Identifier, ...] = attrs.field(default=(), validator=_checks.each(_checks.a(Identifier)))
    tags: tuple[str, ...] = attrs.field(default=(), validator=_TEXTS)
    owner: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    stage: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    furthest_stage: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    stages: tuple[tuple[str, datetime], ...] = attrs.field(default=(), validator=_STAGES, eq=_moments)
    attributes: tuple[tuple[str, AttributeValue | None], ...] = attrs.field(default=(), validator=VALUES)
    cleared: tuple[str, ...] = attrs.field(default=(), validator=_TEXTS)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "customer.created_on": date,
            "customer.furthest_stage": str,
            "customer.id": str,
            "customer.kind": str,
            "customer.owner": str,
            "customer.stage": str,
            "customer.tags": tuple,
        },
        open=("custom.",),
    )

    @property
    def kind(self) -> str:
        """`person` or `organization`."""
        return _kind(self.name)

    @staticmethod
    def open(
        id: str,  # noqa: A002 - the field's name everywhere in relex
        name: PersonName | OrganizationName,
        *,
        at: datetime,
        identifiers: Iterable[Identifier] = (),
        tags: Iterable[str] = (),
        owner: str | None = None,
        stage: str | None = None,
        lifecycle: Lifecycle = _DEFAULT,
    ) -> Change[Customer]:
        """A new customer.

        Args:
            id: Of the customer.
            name: A `PersonName` or an `OrganizationName`.
            at: When the customer became known.
            identifiers: Ids in other systems.
            tags: Words.
            owner: Id of who looks after the customer.
            stage: The first stage in the lifecycle.
            lifecycle: Whose stages these are.

        Raises:
            InvalidValue: For a wrong type, a naive datetime or an unknown stage.
            Rejected: `never_customer` for a former stage.

        .. versionadded:: 0.1.0
        """
        if stage is not None:
            _LIFECYCLE.require("open.lifecycle", lifecycle)
            lifecycle.require(None, stage)
        opened = CustomerOpened(
            source=id,
            version=1,
            at=at,
            name=name,
            identifiers=tuple(sorted(set(_each("open.identifiers", identifiers, _checks.a(Identifier))))),
            tags=_tags("open.tags", tags),
            owner=owner,
            stage=stage,
        )
        return Change(_opened(opened), (opened,))

    def rename(self, name: PersonName | OrganizationName, *, at: datetime) -> Change[Customer]:
        """Another name, of the same kind.

        Raises:
            InvalidValue: For a name of the other kind.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("rename", at)
        if type(name) is not type(self.name):
            raise InvalidValue("rename.name", name, f"a {type(self.name).__name__}; the kind is fixed at the opening")
        if name == self.name:
            return Change(self, ())
        return _changed(self, _customer_renamed(self.id, version, at, name))

    def add_identifier(self, identifier: Identifier, *, at: datetime) -> Change[Customer]:
        """One more id in some system.

        Raises:
            InvalidValue: For anything but an `Identifier`.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("add_identifier", at)
        _IDENTIFIER.require("add_identifier.identifier", identifier)
        if identifier in self.identifiers:
            return Change(self, ())
        return _changed(self, _identifier_added(self.id, version, at, identifier))

    def remove_identifier(self, identifier: Identifier, *, at: datetime) -> Change[Customer]:
        """One id less; no event if it was not there.

        Raises:
            InvalidValue: For anything but an `Identifier`.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("remove_identifier", at)
        _IDENTIFIER.require("remove_identifier.identifier", identifier)
        if identifier not in self.identifiers:
            return Change(self, ())
        return _changed(self, _identifier_removed(self.id, version, at, identifier))

    def tag(self, *tags: str, at: datetime) -> Change[Customer]:
        """More tags.

        Raises:
            InvalidValue: For an empty tag.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("tag", at)
        added = tuple([tag for tag in _tags("tag.tags", tags) if tag not in self.tags])
        return _changed(self, _tags_changed(self.id, version, at, added, ())) if added else Change(self, ())

    def untag(self, *tags: str, at: datetime) -> Change[Customer]:
        """Fewer tags; no event if none of them was there.

        Raises:
            InvalidValue: For an empty tag.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("untag", at)
        removed = tuple([tag for tag in _tags("untag.tags", tags) if tag in self.tags])
        return _changed(self, _tags_changed(self.id, version, at, (), removed)) if removed else Change(self, ())

    def assign(self, owner: str | None, *, at: datetime) -> Change[Customer]:
        """Somebody else looks after the customer; None is nobody.

        Raises:
            InvalidValue: For an empty id.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("assign", at)
        _TEXT_OR_NONE.require("assign.owner", owner)
        return Change(self, ()) if owner == self.owner else _changed(self, _owner_changed(self.id, version, at, owner))

    def advance(
        self,
        stage: str,
        *,
        at: datetime,
        lifecycle: Lifecycle = _DEFAULT,
        back: bool = False,
        reason: str | None = None,
    ) -> Change[Customer]:
        """Move in the lifecycle: forward, or back with `back=True` and a reason.

        Raises:
            InvalidValue: For an unknown stage, or a reason that is empty or no str.
            Rejected: `backward`, `reason_missing`, `never_customer`, `out_of_order`.

        Example:
            >>> from datetime import datetime, timezone
            >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
            >>> shop, _ = Customer.open("c1", OrganizationName("Casa Ltd"), at=day, stage="lead")
            >>> shop.advance("customer", at=day).state.furthest_stage
            'customer'

        .. versionadded:: 0.1.0
        """
        version = self._next("advance", at)
        _LIFECYCLE.require("advance.lifecycle", lifecycle)
        lifecycle.require(self.stage, stage, back=back, reason=reason)
        _TEXT_OR_NONE.require("advance.reason", reason)
        if stage == self.stage:
            return Change(self, ())
        furthest = lifecycle.furthest(stage, self.furthest_stage)
        return _changed(self, _stage_changed(self.id, version, at, stage, furthest, reason))

    def advance_at_least(self, stage: str, *, at: datetime, lifecycle: Lifecycle = _DEFAULT) -> Change[Customer]:
        """Follow a related party: move forward to a stage, and nothing when already as far.

        A customer who has left moves only beyond the furthest stage so far.

        Raises:
            InvalidValue: For an unknown stage.
            Rejected: `never_customer` for a former stage of one who has no stage yet, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next("advance_at_least", at)
        _LIFECYCLE.require("advance_at_least.lifecycle", lifecycle)
        lifecycle.check(stage)
        now = self.furthest_stage if self.stage in lifecycle.former else self.stage
        if not lifecycle.is_further(stage, now):
            return Change(self, ())
        return self.advance(stage, at=at, lifecycle=lifecycle)

    def set(self, values: Mapping[str, Any], schema: AttributeSchema, *, at: datetime) -> Change[Customer]:
        """Give declared attributes their values; None says that a value is unknown.

        Raises:
            InvalidValue: For an undeclared name, a wrong type or an unknown choice, at `custom.<name>`.
            Rejected: `out_of_order`.

        Example:
            >>> from datetime import datetime, timezone
            >>> from relex.customers import Attribute, AttributeSchema
            >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
            >>> schema = AttributeSchema([Attribute("region", str, choices=["kanto", "kansai"])])
            >>> ada, _ = Customer.open("c1", PersonName("Ada Lovelace"), at=day)
            >>> ada.set({"region": "kanto"}, schema, at=day).state.facts()["custom.region"]
            'kanto'

        .. versionadded:: 0.1.0
        """
        version = self._next("set", at)
        _SCHEMA.require("set.schema", schema)
        now = dict(self.attributes)
        new = tuple(
            [(name, value) for name, value in schema.check(values) if name not in now or not _same(now[name], value)]
        )
        return _changed(self, _attributes_set(self.id, version, at, new)) if new else Change(self, ())

    def clear(self, *names: str, schema: AttributeSchema, at: datetime) -> Change[Customer]:
        """Empty declared attributes on purpose, which is more than not knowing them.

        Raises:
            InvalidValue: For an undeclared name.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("clear", at)
        _SCHEMA.require("clear.schema", schema)
        gone = tuple(sorted({schema.of(name).name for name in names}.difference(self.cleared)))
        return _changed(self, _attributes_cleared(self.id, version, at, gone)) if gone else Change(self, ())

    @staticmethod
    def evolve(state: Customer | None, event: Event) -> Customer:
        """The state after an event.

        Raises:
            Conflict: For an event of another customer, or one that is not the next.
            InvalidValue: For anything but the opening first, and for what is no event of a customer that is there.

        .. versionadded:: 0.1.0
        """
        if not isinstance(event, Event):
            raise InvalidValue("Customer.evolve.event", event, "an event of a customer")
        now = (event.source, 0) if state is None else (state.id, state.version)
        if (event.source, event.version) != (now[0], now[1] + 1):
            raise Conflict(event.source, now, (event.source, event.version))
        if state is None:
            _checks.a(CustomerOpened).require("Customer.evolve.event", event)
            return _opened(event)
        if type(event) not in CHANGES:
            raise InvalidValue("Customer.evolve.event", event, f"one of {', '.join(kind.__name__ for kind in CHANGES)}")
        return _after(state, event)

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names.

        `customer.id`, `.kind`, `.stage`, `.furthest_stage`, `.owner`, `.tags`, `.created_on` (the date of the opening,
        in the time zone in which it was stated), and `custom.<name>` for each attribute that has been set.

        Example:
            >>> from datetime import datetime, timezone
            >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
            >>> ada, _ = Customer.open("c1", PersonName("Ada Lovelace"), at=day, tags=["vip"])
            >>> ada.facts()["customer.kind"], ada.facts()["customer.tags"]
            ('person', ('vip',))
        """
        found: dict[str, Any] = {
            "customer.id": self.id,
            "customer.kind": self.kind,
            "customer.stage": self.stage,
            "customer.furthest_stage": self.furthest_stage,
            "customer.owner": self.owner,
            "customer.tags": self.tags,
            "customer.created_on": self.opened_at.date(),
        }
        for name, value in self.attributes:
            found[f"custom.{name}"] = value
        return found

    def _repr_html_(self) -> str:
        rows: list[tuple[str, object]] = [("kind", self.kind), ("name", self.name)]
        rows += [(identifier.kind, identifier.value) for identifier in self.identifiers]
        rows += [("tags", ", ".join(self.tags) or None), ("owner", self.owner), ("stage", self.stage), *self.attributes]
        cells = "".join(
            f"<tr><th>{escape(str(name))}</th><td>{escape(str(value))}</td></tr>"
            for name, value in rows
            if value is not None
        )
        return f"<table><caption>Customer {escape(self.id)}</caption>{cells}</table>"

    def _next(self, command: str, at: datetime) -> int:
        """The version of the next event, if it may happen at this instant."""
        _checks.instant.require(f"{command}.at", at)
        if is_before(at, self.changed_at):
            raise Rejected(command, "out_of_order", {"at": at, "not_before": self.changed_at})
        return self.version + 1


_IDENTIFIER = _checks.a(Identifier)
_LIFECYCLE = _checks.a(Lifecycle)
_SCHEMA = _checks.a(AttributeSchema)
_replace = replacing(Customer)
_customer_renamed = trusted(CustomerRenamed)
_identifier_added = trusted(IdentifierAdded)
_identifier_removed = trusted(IdentifierRemoved)
_tags_changed = trusted(TagsChanged)
_owner_changed = trusted(OwnerChanged)
_stage_changed = trusted(StageChanged)
_attributes_set = trusted(AttributesSet)
_attributes_cleared = trusted(AttributesCleared)


def _kind(name: PersonName | OrganizationName) -> str:
    return "person" if isinstance(name, PersonName) else "organization"


def _each(path: str, values: Iterable[Any], check: _checks.Check) -> tuple[Any, ...]:
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise InvalidValue(path, values, "an iterable")
    found = tuple(values)
    _checks.each(check).require(path, found)
    return found


def _tags(path: str, values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(_each(path, values, _checks.text))))


def _same(one: object, other: object) -> bool:
    """Equal and of one type: 1 is not True, and 1.0 is not 1."""
    return type(one) is type(other) and one == other


def _changed(state: Customer, event: Event) -> Change[Customer]:
    return Change(_after(state, event), (event,))


def _opened(event: Any) -> Customer:
    stages = () if event.stage is None else ((event.stage, event.at),)
    return Customer(
        id=event.source,
        version=event.version,
        name=event.name,
        opened_at=event.at,
        changed_at=event.at,
        identifiers=event.identifiers,
        tags=event.tags,
        owner=event.owner,
        stage=event.stage,
        furthest_stage=event.stage,
        stages=stages,
    )


def _after(state: Customer, event: Event) -> Customer:
    return _replace(state, version=event.version, changed_at=event.at, **CHANGES[type(event)](state, event))
