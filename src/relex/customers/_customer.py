"""The customer: a person or an organization, and what is known of it."""

from __future__ import annotations

from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._instants import is_before, moment, moment_or_none
from relex._trusted import replacing, trusted
from relex.changes import Change, Event
from relex.codec import tagged, upgrade
from relex.customers._attributes import AttributeSchema
from relex.customers._events import (
    BORN,
    PLAIN,
    AttributesCleared,
    AttributesSet,
    BornStated,
    CustomerOpened,
    CustomerRenamed,
    IdentifierAdded,
    IdentifierRemoved,
    OwnerChanged,
    PreferencesStated,
    RecordDropped,
    RecordTaken,
    StageChanged,
    SurvivorshipChanged,
    TagsChanged,
)
from relex.customers._parts import STAGES, MergedPart, are_of, furthest_of, moments, own, stage_of
from relex.customers._reading import direct_facts, pictured_facts
from relex.customers._stating import add_point, change_point, end_relation, known, relate, remove_point, taken
from relex.customers._steps import CHANGES
from relex.customers._upgrades import computed_of_records, opened_with_a_record
from relex.errors import Conflict, InvalidValue, Rejected
from relex.parties import (
    ContactPoint,
    Identifier,
    Lifecycle,
    OrganizationName,
    PersonName,
    Preferences,
    Primary,
    Profile,
    Record,
    Relationship,
    Survivorship,
    golden,
    primary_point,
)
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Customer"]

_DEFAULT = Lifecycle()
_TEXT_OR_NONE = _checks.optional(_checks.text)


@tagged("customers.Customer", 2)
@attrs.frozen(kw_only=True, weakref_slot=False)
class Customer:
    """A person or an organization, as an aggregate: commands return a `Change`, `evolve` makes every state.

    A customer is computed: it holds what the company itself states (`direct`) and what sources state (`records`), and
    its picture is `golden` of them all. Nothing that a source said is ever edited, so customers can be merged and
    parted again without a loss.

    A command that would change nothing gives no event. `at` may equal the instant of the last event and must not lie
    before it. After a customer was merged into another one, or was erased, every command is refused.

    Attributes:
        id: Of the customer.
        version: How many events made this state.
        opened_at: When the customer became known.
        changed_at: When the last event happened.
        direct: What the company itself states; it tells the kind, which is fixed at the opening.
        records: What sources state: of each party in a source the newest statement, sorted by `ref`.
        survivorship: Which statement survives.
        owner: Id of who looks after the customer, or None.
        stages: The customer's own (stage, since) pairs, oldest first.
        furthest: The furthest of them so far; a former stage does not count.
        parts: The customers that were merged into this one.
        merged_into: Id of the customer that took this one's records, or None.
        erased_at: When all that was known was erased, or None.
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
    opened_at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    changed_at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    direct: Record = attrs.field(validator=_checks.a(Record))
    records: tuple[Record, ...] = attrs.field(default=(), validator=_checks.each(_checks.a(Record)))
    survivorship: Survivorship = attrs.field(default=PLAIN, validator=_checks.a(Survivorship))
    owner: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    stages: tuple[tuple[str, datetime], ...] = attrs.field(default=(), validator=STAGES, eq=moments)
    furthest: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    parts: tuple[MergedPart, ...] = attrs.field(default=(), validator=_checks.each(_checks.a(MergedPart)))
    merged_into: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    erased_at: datetime | None = attrs.field(
        default=None, validator=_checks.optional(_checks.instant), eq=moment_or_none
    )
    _profile: Profile | None = attrs.field(default=None, init=False, eq=False, repr=False)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "customer.city": str,
            "customer.country": str,
            "customer.created_on": date,
            "customer.email_domain": str,
            "customer.furthest_stage": str,
            "customer.id": str,
            "customer.kind": str,
            "customer.language": str,
            "customer.owner": str,
            "customer.parent": str,
            "customer.stage": str,
            "customer.status": str,
            "customer.tags": tuple,
        },
        open=("custom.",),
    )

    def __attrs_post_init__(self) -> None:
        """Check that nothing is there twice, and that all parts came to this customer."""
        if self.direct.ref != f"direct/{self.id}":
            raise InvalidValue("Customer.direct", self.direct.ref, f"the record direct/{self.id}")
        _EACH_ONCE.require("Customer.records", self.records)
        if self.parts and not are_of(self.id, self.parts):
            raise InvalidValue("Customer.parts", self.parts, "each part once, which came to this customer")

    @property
    def kind(self) -> str:
        """`person` or `organization`."""
        return self.direct.kind

    @property
    def status(self) -> str:
        """`live`, `merged`, or `erased`."""
        return "erased" if self.erased_at is not None else "live" if self.merged_into is None else "merged"

    @property
    def stage(self) -> str | None:
        """In the lifecycle: the last one, or the furthest of those who were merged since."""
        if self.parts:
            return stage_of(self.id, self.stages, self.parts)
        return self.stages[-1][0] if self.stages else None

    @property
    def furthest_stage(self) -> str | None:
        """The furthest stage so far, of those who were merged too; a former stage does not count."""
        return furthest_of(self.furthest, self.parts)

    @property
    def profile(self) -> Profile:
        """The picture of all that is stated, with the source of each value; computed once."""
        found = self._profile
        if found is None:
            found = golden((self.direct, *self.records), self.survivorship, first=self._own())
            object.__setattr__(self, "_profile", found)  # as functools.cached_property, which slows every attribute
        return found

    def _own(self) -> tuple[str, ...]:
        """The records that did not come in with somebody else, where somebody did."""
        return tuple([record.ref for record in own((self.direct, *self.records), self.parts)]) if self.parts else ()

    @property
    def _is_plain(self) -> bool:
        """Whether the own statements are the whole picture; they are then read as they stand, which is much faster."""
        return not self.records and (self.survivorship is PLAIN or self.survivorship.is_plain)

    @property
    def name(self) -> PersonName | OrganizationName | None:
        """Of the customer; None where nobody states one."""
        found: Any = self.direct.name if self._is_plain else self.profile.get("name")
        return found  # type: ignore[no-any-return]

    @property
    def points(self) -> tuple[ContactPoint, ...]:
        """Where the customer can be reached; at most one of a kind is primary."""
        return self.direct.points if self._is_plain else self._listed("points")

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """Sorted ids in other systems."""
        return self.direct.identifiers if self._is_plain else tuple(sorted(self._listed("identifiers")))

    @property
    def relationships(self) -> tuple[Relationship, ...]:
        """Ties to other parties, past and present."""
        return self.direct.relationships if self._is_plain else self._listed("relationships")

    @property
    def tags(self) -> tuple[str, ...]:
        """Sorted words."""
        return self.direct.tags if self._is_plain else tuple(sorted(self._listed("tags")))

    def _listed(self, field: str) -> tuple[Any, ...]:
        return self.profile.get(field) or ()

    @property
    def born(self) -> date | str | None:
        """The date of birth, or what was written where that is no date."""
        return self.profile.get("born")  # type: ignore[no-any-return]

    @property
    def preferences(self) -> Preferences:
        """How the customer wants to be spoken to; an empty one where nothing is known."""
        found = self.direct.preferences if self._is_plain else self.profile.get("preferences")
        return found or _NONE

    @property
    def attributes(self) -> tuple[tuple[str, Any], ...]:
        """Sorted (name, value) pairs of everything else; a value None is unknown."""
        if self._is_plain:
            return self.direct.values
        found = dict(self.profile.attributes)
        unknown = {name: value for name, value in self.direct.values if Record.field_of(name) not in self.profile}
        return tuple(sorted((unknown | found).items(), key=_first))

    @property
    def cleared(self) -> tuple[str, ...]:
        """Sorted names of attributes that were emptied on purpose."""
        fields = self.direct.cleared if self._is_plain else self.profile.cleared
        return tuple(sorted([name for name in map(Record.name_of, fields) if name is not None]))

    def primary(self, kind: str, *, as_of: datetime, purpose: str | None = None) -> Primary:
        """The point of a kind that comes first: the primary one, else the only one.

        Only points that are in use at the instant count, and with a purpose only those that may be used for it.

        Raises:
            InvalidValue: For an unknown kind, or a naive datetime.

        Example:
            >>> from datetime import datetime, timezone
            >>> from relex.parties import ContactPoint
            >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
            >>> ada = Customer.open("c1", PersonName("Ada Lovelace"), at=day).state
            >>> ada.primary("email", as_of=day).reason
            'none'
            >>> ada = ada.add_point(ContactPoint("email", "ada@example.com"), at=day).state
            >>> print(ada.primary("email", as_of=day).point)
            ada@example.com

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("primary.as_of", as_of)
        return primary_point(self.points, kind, purpose, as_of=as_of)

    @staticmethod
    def open(  # noqa: PLR0913 - all that is known at the opening
        id: str,  # noqa: A002 - the field's name everywhere in relex
        of: PersonName | OrganizationName | Record,
        *,
        at: datetime,
        identifiers: Iterable[Identifier] = (),
        tags: Iterable[str] = (),
        owner: str | None = None,
        stage: str | None = None,
        lifecycle: Lifecycle = _DEFAULT,
        survivorship: Survivorship = PLAIN,
    ) -> Change[Customer]:
        """A new customer, of a name or of what a source states.

        Args:
            id: Of the customer.
            of: A `PersonName` or an `OrganizationName`, or the first `Record` of a source; it tells the kind.
            at: When the customer became known.
            identifiers: Ids in other systems.
            tags: Words.
            owner: Id of who looks after the customer.
            stage: The first stage in the lifecycle.
            lifecycle: Whose stages these are.
            survivorship: Which statement survives; by default the newest.

        Raises:
            InvalidValue: For a wrong type, a naive datetime, an unknown stage, or a record of source `direct`.
            Rejected: `never_customer` for a former stage.

        .. versionadded:: 0.1.0
        """
        if stage is not None:
            _LIFECYCLE.require("open.lifecycle", lifecycle)
            lifecycle.require(None, stage)
        _checks.a(PersonName, OrganizationName, Record).require("open.of", of)
        _checks.text.require("open.id", id)
        _checks.instant.require("open.at", at)
        source = isinstance(of, Record)
        opened = CustomerOpened(
            source=id,
            version=1,
            at=at,
            direct=Record(
                "direct",
                id,
                at,
                kind=of.kind if isinstance(of, Record) else _kind(of),
                name=None if isinstance(of, Record) else of,
                identifiers=tuple(sorted(set(_each("open.identifiers", identifiers, _checks.a(Identifier))))),
                tags=_tags("open.tags", tags),
            ),
            records=(taken("open.of", of),) if source else (),
            survivorship=survivorship,
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
        expected = PersonName if self.kind == "person" else OrganizationName
        if type(name) is not expected:
            raise InvalidValue("rename.name", name, f"a {expected.__name__}; the kind is fixed at the opening")
        if self._says("name", name, self.direct.name, at):
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
        if identifier in known(self, "identifiers"):
            return Change(self, ())
        return _changed(self, _identifier_added(self.id, version, at, identifier))

    def remove_identifier(self, identifier: Identifier, *, at: datetime) -> Change[Customer]:
        """One id less; no event if it was not there. One that a source states comes back when it is stated again.

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
        there = known(self, "tags")
        added = tuple([tag for tag in _tags("tag.tags", tags) if tag not in there])
        return _changed(self, _tags_changed(self.id, version, at, added, ())) if added else Change(self, ())

    def untag(self, *tags: str, at: datetime) -> Change[Customer]:
        """Fewer tags; no event if none of them was there. One that a source states comes back when it is stated again.

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
        if self.stages and stage == self.stage == self.stages[-1][0]:
            return Change(self, ())
        furthest = lifecycle.furthest(stage, self.furthest)
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
        said = dict(self.direct.values)
        new = tuple(
            [
                (name, value)
                for name, value in schema.check(values)
                if name not in said or not self._says(Record.field_of(name), value, said[name], at)
            ]
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
        asked = {schema.of(name).name for name in names}
        gone = tuple(sorted([name for name in asked if not self._is_cleared(Record.field_of(name), at)]))
        return _changed(self, _attributes_cleared(self.id, version, at, gone)) if gone else Change(self, ())

    def add_point(self, point: ContactPoint, *, at: datetime) -> Change[Customer]:
        """One more way to reach the customer; a primary one makes the others of its kind secondary.

        A point that is there already is replaced by what is stated now.

        Raises:
            InvalidValue: For anything but a `ContactPoint`.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return add_point(self, self._next("add_point", at), point, at)

    def change_point(self, point: ContactPoint, *, at: datetime, **changes: Any) -> Change[Customer]:
        """More is known of a point, whoever stated it: it bounced, was verified, is shared, is the primary one.

        What is said of a point that only somebody who was merged into this customer has stands with that one, and goes
        back with the point in an unmerge. Which point is primary is always this customer's own word, and stays.

        Args:
            point: One of `points`, or one of the same kind, key and extension.
            at: When.
            **changes: `primary`, `verified_at`, `state`, `shared`, `purposes`, `valid` or `region`.

        Raises:
            InvalidValue: For anything but a `ContactPoint`, or another change.
            Rejected: `unknown_point`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return change_point(self, self._next("change_point", at), point, at, changes)

    def remove_point(self, point: ContactPoint, *, at: datetime) -> Change[Customer]:
        """A point is not the customer's any more; no event if it was not there.

        What only the company stated goes. What a source stated stays known, and is not in use from this instant on.

        Raises:
            InvalidValue: For anything but a `ContactPoint`.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return remove_point(self, self._next("remove_point", at), point, at)

    def relate(self, relationship: Relationship, *, at: datetime) -> Change[Customer]:
        """A tie to another party, such as an employer or a parent.

        Raises:
            InvalidValue: For anything but a `Relationship`, or a tie to itself.
            Rejected: `overlap` where a tie of this kind, party and role holds at some common instant, or a tie of a
                kind of which there is one at a time; `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return relate(self, self._next("relate", at), relationship, at)

    def end_relation(
        self, kind: str, to: str, *, at: datetime, role: str | None = None, ended_at: datetime | None = None
    ) -> Change[Customer]:
        """A tie ends; it stays known with its time. No event if there is none that goes on.

        Args:
            kind: Of the tie.
            to: Id of the other party.
            at: When the command is made.
            role: Only the tie with this role; None is the tie without one, or the only one.
            ended_at: When the tie ended; by default `at`.

        Raises:
            InvalidValue: For a naive datetime, or an end before the tie began.
            Rejected: `ambiguous` for several ties, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("end_relation", at)
        return end_relation(self, version, (kind, to, role), at, at if ended_at is None else ended_at)

    def state_born(self, born: date | str | None, *, at: datetime) -> Change[Customer]:
        """When a person was born, or an organization was founded; None takes back what was stated here.

        Raises:
            InvalidValue: For anything but a date or a text.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("state_born", at)
        BORN.require("state_born.born", born)
        if self._says("born", born, self.direct.born, at):
            return Change(self, ())
        return _changed(self, BornStated(source=self.id, version=version, at=at, born=born))

    def prefer(self, preferences: Preferences | None, *, at: datetime) -> Change[Customer]:
        """How the customer wants to be spoken to; None takes back what was stated here.

        Raises:
            InvalidValue: For anything but `Preferences`.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("prefer", at)
        _PREFERENCES.require("prefer.preferences", preferences)
        if self._says("preferences", preferences, self.direct.preferences, at):
            return Change(self, ())
        return _changed(self, PreferencesStated(source=self.id, version=version, at=at, preferences=preferences))

    def take(self, record: Record, *, at: datetime) -> Change[Customer]:
        """Count what a source states; a newer statement of the same party there replaces the older one.

        An older one changes nothing and gives no event, and so does the same one again: keep them in the log of
        records, which is their history.

        Raises:
            InvalidValue: For anything but a `Record`, or one of source `direct`.
            Rejected: `kind` for a person where this is an organization, or the other way round; `out_of_order`.
            Conflict: For another statement of the same party in the source and of the same instant.

        .. versionadded:: 0.1.0
        """
        version = self._next("take", at)
        taken("take.record", record)
        if record.kind != self.kind:
            raise Rejected("take", "kind", {"record": record.id, "kind": record.kind, "allowed": self.kind})
        known = next((found for found in self.records if found.ref == record.ref), None)
        if known is not None and known != record and moment(known.at) == moment(record.at):
            raise Conflict(record.id, known, record)
        if known is not None and not is_before(known.at, record.at):
            return Change(self, ())
        return _changed(self, RecordTaken(source=self.id, version=version, at=at, record=record))

    def drop(self, record: str, *, at: datetime) -> Change[Customer]:
        """Do not count what a source states of a party, such as `crm/7`, any more; no event if it did not count.

        Raises:
            InvalidValue: For an empty text, or what the company itself states.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("drop", at)
        _REF.require("drop.record", record)
        if all(found.ref != record for found in self.records):
            return Change(self, ())
        return _changed(self, RecordDropped(source=self.id, version=version, at=at, record=record))

    def survive(self, survivorship: Survivorship, *, at: datetime) -> Change[Customer]:
        """Let another rule tell which statement survives.

        Raises:
            InvalidValue: For anything but a `Survivorship`.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("survive", at)
        _checks.a(Survivorship).require("survive.survivorship", survivorship)
        if survivorship == self.survivorship:
            return Change(self, ())
        return _changed(self, SurvivorshipChanged(source=self.id, version=version, at=at, survivorship=survivorship))

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

        `customer.id`, `.kind`, `.status`, `.stage`, `.furthest_stage`, `.owner`, `.tags`, `.created_on` (the date of
        the opening, in the time zone in which it was stated), `.language` (the dearest), `.country` and `.city` (of the
        main address), `.email_domain` (of the main address), `.parent` (a tie that has no end), and `custom.<name>` for
        each attribute that has been set. Of a merged or erased customer only id, kind and status are left.

        Example:
            >>> from datetime import datetime, timezone
            >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
            >>> ada, _ = Customer.open("c1", PersonName("Ada Lovelace"), at=day, tags=["vip"])
            >>> ada.facts()["customer.kind"], ada.facts()["customer.tags"]
            ('person', ('vip',))
        """
        if self.merged_into is not None or self.erased_at is not None:
            return {**_GONE, "customer.id": self.id, "customer.kind": self.kind, "customer.status": self.status}
        plain, direct, stages = self._is_plain, self.direct, self.stages
        found: dict[str, Any] = {
            "customer.id": self.id,
            "customer.kind": direct.kind,
            "customer.status": "live",
            "customer.stage": self.stage if self.parts else stages[-1][0] if stages else None,
            "customer.furthest_stage": self.furthest_stage if self.parts else self.furthest,
            "customer.owner": self.owner,
            "customer.tags": direct.tags if plain else self.tags,
            "customer.created_on": self.opened_at.date(),
            **(direct_facts(direct) if plain else pictured_facts(self.profile)),
        }
        for name, value in direct.values if plain else self.attributes:
            found[f"custom.{name}"] = value
        return found

    def _repr_html_(self) -> str:
        rows: list[tuple[str, object]] = [("kind", self.kind), ("name", self.name)]
        rows += [(point.kind, point) for point in self.points]
        rows += [(identifier.kind, identifier.value) for identifier in self.identifiers]
        rows += [("tags", ", ".join(self.tags) or None), ("owner", self.owner), ("stage", self.stage), *self.attributes]
        rows += [("merged into", self.merged_into), ("erased", self.erased_at)]
        cells = "".join(
            f"<tr><th>{escape(str(name))}</th><td>{escape(str(value))}</td></tr>"
            for name, value in rows
            if value is not None
        )
        return f"<table><caption>Customer {escape(self.id)}</caption>{cells}</table>"

    def _next(self, command: str, at: datetime) -> int:
        """The version of the next event, if it may happen at this instant."""
        _checks.instant.require(f"{command}.at", at)
        if self.erased_at is not None:
            raise Rejected(command, "erased", {"customer": self.id, "erased_at": self.erased_at})
        if self.merged_into is not None:
            raise Rejected(command, "merged", {"customer": self.id, "survivor": self.merged_into})
        if is_before(at, self.changed_at):
            raise Rejected(command, "out_of_order", {"at": at, "not_before": self.changed_at})
        return self.version + 1

    def _says(self, field: str, value: object, said: object, at: datetime) -> bool:
        """Whether stating a value now would change nothing: it is stated already, and shows or is as new."""
        if not _same(value, said):
            return False
        if value is None or self._is_plain or all(_same(each.get(field), value) for each in self._pictures()):
            return True
        return moment(self.direct.time(field)) == moment(at)

    def _pictures(self) -> tuple[Profile, ...]:
        """What shows, and what would show without those who came in."""
        if not self.parts:
            return (self.profile,)
        return self.profile, golden(own((self.direct, *self.records), self.parts), self.survivorship)

    def _is_cleared(self, field: str, at: datetime) -> bool:
        if field not in self.direct.cleared:
            return False
        is_shown = self._is_plain or all(field in each.cleared for each in self._pictures())
        return is_shown or moment(self.direct.time(field)) == moment(at)


upgrade("customers.Customer", from_version=1)(computed_of_records)
upgrade("customers.CustomerOpened", from_version=1)(opened_with_a_record)

_EACH_ONCE = _checks.unique("ref")
_IDENTIFIER = _checks.a(Identifier)
_REF = _checks.Check(
    "a record of a source, such as crm/7",
    lambda value: isinstance(value, str) and not value.startswith("direct/") and value != "",
)
_LIFECYCLE = _checks.a(Lifecycle)
_SCHEMA = _checks.a(AttributeSchema)
_PREFERENCES = _checks.optional(_checks.a(Preferences))
_NONE = Preferences()
_GONE = dict.fromkeys(name for name, _ in Customer.fact_schema.facts)
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


def _first(pair: tuple[str, object]) -> str:
    return pair[0]


def _opened(event: Any) -> Customer:
    return Customer(
        id=event.source,
        version=event.version,
        opened_at=event.at,
        changed_at=event.at,
        direct=event.direct,
        records=event.records,
        survivorship=event.survivorship,
        owner=event.owner,
        stages=() if event.stage is None else ((event.stage, event.at),),
        furthest=event.stage,
    )


def _after(state: Customer, event: Event) -> Customer:
    changes = CHANGES[type(event)](state, event)
    found = _replace(state, version=event.version, changed_at=event.at, _profile=None, **changes)
    if "parts" in changes:
        found.__attrs_post_init__()  # what somebody else brings is not checked by a command of this one
    return found
