"""The tables: one for each class that is kept, and one for events. They are the caller's to create and to migrate."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, UniqueConstraint, text

from relex import _checks
from relex.adapters.sqlalchemy._types import DocumentType, InstantType, column_type
from relex.codec import tag_of
from relex.customers import Consent, Customer, Sent, Suppression
from relex.errors import InvalidValue
from relex.feedback import Disposition, Invitation, Response
from relex.insights import Membership
from relex.interactions import Activity, Cancelled, Interaction
from relex.loyalty import Account, Budget, Referral, Voucher
from relex.matching import NotSameAs, Retracted, SameAs
from relex.parties import Record
from relex.pipeline import ForecastAdjustment, Lead, Opportunity, Outcome, Quota, Quote, TerritoryMembership
from relex.purchases import Claim, Purchase, Retraction, Return
from relex.rules import FactSchema, Kind
from relex.service import Case, ContactAttempt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Kept", "Tables", "standard_tables"]

STANDARD: tuple[type, ...] = (
    Customer,
    Account,
    Voucher,
    Budget,
    Membership,
    Lead,
    Opportunity,
    Quote,
    Case,
    Referral,
    Purchase,
    Return,
    Claim,
    Retraction,
    Consent,
    Sent,
    Suppression,
    SameAs,
    NotSameAs,
    Retracted,
    Record,
    Interaction,
    Activity,
    Cancelled,
    ForecastAdjustment,
    Quota,
    Outcome,
    TerritoryMembership,
    ContactAttempt,
    Response,
    Invitation,
    Disposition,
)

_LONGEST = 55
_NAME = _checks.Check(
    "letters, digits and _", lambda value: isinstance(value, str) and bool(re.fullmatch(r"\w*", value))
)
_SCHEMA = _checks.a(FactSchema)


@attrs.frozen(eq=False)
class Kept:
    """Where the values of one class are kept.

    Attributes:
        kind: The class.
        tag: Its name in stored forms.
        table: The table.
        facts: (name, kind, column) of each fact that has a column.
        is_state: Whether these are aggregates; otherwise they are entries.
    """

    kind: type
    tag: str
    table: Table
    facts: tuple[tuple[str, Kind, Column[Any]], ...]
    is_state: bool

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        """What is read of a row."""
        names = ("id", "body", "version") if self.is_state else ("id", "body")
        return tuple([self.table.c[name] for name in names])

    @property
    def by_fact(self) -> dict[str, tuple[Kind, Column[Any]]]:
        """The kind and the column of each fact that has one, by its name."""
        return {name: (kind, column) for name, kind, column in self.facts}


class Tables:
    """The tables of a `SqlStore`, added to a `MetaData` from which the caller creates or migrates them.

    A table of aggregates has the columns `id`, `version`, `body` (the stored form) and one for each fact; one of
    entries has `id`, `subject`, `at`, `body` and the facts that were asked for. Each fact column has an index, so a
    rule that asks for the fact finds its rows. The events of all aggregates share one table, which is their history
    and the outbox.

    Args:
        kinds: The classes to keep; by default all aggregates and entries of relex. A class of your own needs a stored
            form (`relex.codec.tagged`).
        facts: Which facts get columns, by class, instead of the default: for aggregates those of their `fact_schema`,
            for entries none. `{Customer: Customer.fact_schema | FactSchema({"custom.region": str})}` adds one.
        metadata: Where the tables are added; by default a new one.
        prefix: Of the names of the tables.

    Attributes:
        metadata: Where the tables are.
        events: The table of events.

    Raises:
        InvalidValue: For a class that cannot be kept, facts that are no `FactSchema`, two facts or classes of one name,
            or names that are too long for a database.

    Example:
        >>> from relex.customers import Consent, Customer, Sent, Suppression
        >>> tables = Tables(Customer, prefix="crm_")
        >>> sorted(tables.metadata.tables)
        ['crm_customer', 'crm_event']
        >>> columns = tables.of(Customer).table.columns
        >>> columns.keys()[:3], "fact_customer_owner" in columns
        (['id', 'version', 'body'], True)

    .. versionadded:: 0.1.0
    """

    def __init__(
        self,
        *kinds: type,
        facts: Mapping[type, FactSchema] | None = None,
        metadata: MetaData | None = None,
        prefix: str = "relex_",
    ) -> None:
        _NAME.require("Tables.prefix", prefix)
        chosen = dict(facts or {})
        wanted = dict.fromkeys(kinds or (*STANDARD, *chosen))
        for kind in chosen.keys() - wanted.keys():
            raise InvalidValue("Tables.facts", kind, "one of the kinds")
        self.metadata = MetaData() if metadata is None else metadata
        self._kept: dict[Any, Kept] = {}
        self._tags: dict[str, type] = {}
        for kind in wanted:
            self._keep(kind, chosen.get(kind), prefix)
        self.events = _events(f"{prefix}event", self.metadata)

    def of(self, kind: type) -> Kept:
        """Where the values of a class are kept.

        Raises:
            InvalidValue: When there is no table for it.
        """
        kept = self._kept.get(kind) if isinstance(kind, type) else None  # type: ignore[redundant-expr]  # or a list
        if kept is None:
            raise InvalidValue("kind", kind, f"one of {', '.join(known.__name__ for known in self._kept)}")
        return kept

    def states(self, kind: type) -> Kept:
        """Where the aggregates of a class are kept.

        Raises:
            InvalidValue: When there is no table for it, or it is a class of entries.
        """
        return self._of_sort(kind, is_state=True)

    def entries(self, kind: type) -> Kept:
        """Where the entries of a class are kept.

        Raises:
            InvalidValue: When there is no table for it, or it is a class of aggregates.
        """
        return self._of_sort(kind, is_state=False)

    def tagged(self) -> dict[str, type]:
        """The classes of aggregates by their names in stored forms."""
        return self._tags

    def _of_sort(self, kind: type, *, is_state: bool) -> Kept:
        kept = self.of(kind)
        if kept.is_state is not is_state:
            raise InvalidValue("kind", kind, f"a class of {'aggregates' if is_state else 'entries'}")
        return kept

    def _keep(self, kind: type, given: FactSchema | None, prefix: str) -> None:
        is_state = _is_state(kind)
        usual: FactSchema = getattr(kind, "fact_schema", FactSchema()) if is_state else FactSchema()
        schema = usual if given is None else given
        _SCHEMA.require(f"Tables.facts[{kind.__name__}]", schema)
        tag = tag_of(kind)
        name = _named(f"{prefix}{_snake(kind.__name__)}")
        if name in self.metadata.tables:
            raise InvalidValue("Tables.kinds", kind, f"a class for which the name {name} is free")
        table = (_states if is_state else _entries)(name, self.metadata, dict(_columns(kind, schema)))
        facts = tuple([(fact, of, table.c[_column(fact)]) for fact, of in schema.facts])
        for _, of, column in facts:
            _index(column, of, table)
        self._kept[kind] = Kept(kind, tag, table, facts, is_state)
        if is_state:
            self._tags[tag] = kind


@cache
def standard_tables() -> Tables:
    """The tables of a store for which none were given."""
    return Tables()


def _states(name: str, metadata: MetaData, facts: dict[str, Column[Any]]) -> Table:
    return Table(
        name,
        metadata,
        Column("id", column_type(Kind.TEXT), primary_key=True),
        Column("version", BigInteger, nullable=False),
        Column("body", DocumentType, nullable=False),
        *facts.values(),
    )


def _entries(name: str, metadata: MetaData, facts: dict[str, Column[Any]]) -> Table:
    table = Table(
        name,
        metadata,
        Column("id", column_type(Kind.TEXT), primary_key=True),
        Column("subject", column_type(Kind.TEXT)),
        Column("at", InstantType, nullable=False),
        Column("body", DocumentType, nullable=False),
        *facts.values(),
    )
    Index(None, table.c.subject, table.c.at, table.c.id)
    Index(None, table.c.at, table.c.id)
    return table


def _events(name: str, metadata: MetaData) -> Table:
    table = Table(
        _named(name),
        metadata,
        Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("kind", column_type(Kind.TEXT), nullable=False),
        Column("source", column_type(Kind.TEXT), nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("at", InstantType, nullable=False),
        Column("body", DocumentType, nullable=False),
        Column("pending", Boolean, nullable=False),
        UniqueConstraint("source", "kind", "version"),  # not the kind first: SQLite would take it for what waits
    )
    Index(
        f"ix_{table.name}_pending",
        table.c.position,
        postgresql_where=table.c.pending,
        sqlite_where=text("pending = 1"),  # as it is asked there
    )
    return table


def _columns(kind: type, schema: FactSchema) -> Iterator[tuple[str, Column[Any]]]:
    seen: dict[str, str] = {}
    for fact, of in schema.facts:
        name = _column(fact)
        if seen.setdefault(name, fact) != fact:
            raise InvalidValue(
                f"Tables.facts[{kind.__name__}]", fact, f"a fact whose column is not that of {seen[name]}"
            )
        yield name, Column(name, column_type(of))


def _index(column: Column[Any], kind: Kind, table: Table) -> None:
    """An index that finds the rows of a value in the order of their ids; of words, one that finds them by each word."""
    if kind is Kind.TEXTS:
        Index(None, column, postgresql_using="gin")
    else:
        Index(None, column, table.c.id)


def _column(fact: str) -> str:
    return _named(f"fact_{re.sub(r'[^a-z0-9]+', '_', fact.lower()).strip('_')}")


def _named(name: str) -> str:
    if len(name) > _LONGEST:
        raise InvalidValue("Tables", name, f"names of at most {_LONGEST} characters for tables and columns")
    return name


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _is_state(kind: object) -> bool:
    """Whether a class is one of aggregates, which evolve; entries have only facts."""
    if not isinstance(kind, type) or not hasattr(kind, "facts"):
        raise InvalidValue("Tables.kinds", kind, "a class of aggregates or of entries")
    return hasattr(kind, "evolve")
