"""Households as they are recorded: who belongs to which at an instant, and sums in which nobody counts twice."""

from __future__ import annotations

from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.customers._combining import HOWS, Combined, check_values, combined
from relex.errors import NotFound
from relex.figures import Figure
from relex.parties._hierarchy import MOST_ROWS, living, more

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from relex.figures import Number

__all__ = ["HouseholdRollUp", "HouseholdTotal", "Memberships", "roll_up_households"]


def _pairs(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    found = _checks.items("Memberships.pairs", pairs)
    _checks.each(_PAIR).require("Memberships.pairs", found)
    return tuple(sorted(set(found)))


_PAIR = _checks.Check(
    "a pair (household, customer)",
    lambda value: isinstance(value, tuple) and len(value) == 2 and all(map(_checks.text.passes, value)),  # noqa: PLR2004 - a pair
)


@attrs.frozen
class Memberships:
    """Who belongs to which household at an instant; somebody may belong to several.

    Attributes:
        pairs: Sorted (household, customer) pairs, each once.
        as_of: The instant; aware.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> homes = Memberships([("h1", "anna"), ("h1", "erik"), ("h2", "erik")], as_of=day)
        >>> homes.members("h1"), homes.households("erik")
        (('anna', 'erik'), ('h1', 'h2'))

    .. versionadded:: 0.1.0
    """

    pairs: tuple[tuple[str, str], ...] = attrs.field(converter=_pairs)
    as_of: datetime = attrs.field(kw_only=True, validator=_checks.instant)

    @classmethod
    def of(cls, customers: Iterable[Any], *, as_of: datetime, kind: str = "household") -> Memberships:
        """The memberships that the relationships of customers record.

        Args:
            customers: Each with an `id` and `relationships`; those that were merged into another are left out.
            as_of: The instant; aware.
            kind: The kind of relationship that points to a household.

        Raises:
            InvalidValue: For a naive `as_of`.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("Memberships.of.as_of", as_of)
        pairs = [
            (tie.to, customer.id)
            for customer in living("Memberships.of.customers", customers)
            for tie in customer.relationships
            if tie.kind == kind and tie.holds(as_of)
        ]
        return cls(pairs, as_of=as_of)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the households, sorted."""
        return tuple(self._members)

    def members(self, household: str) -> tuple[str, ...]:
        """Ids of the customers in a household, sorted.

        Raises:
            NotFound: For a household without members.

        .. versionadded:: 0.1.0
        """
        if household not in self._members:
            raise NotFound("household", household)
        return self._members[household]

    def households(self, customer: str) -> tuple[str, ...]:
        """Ids of the households of a customer, sorted; none for one who is in no household.

        .. versionadded:: 0.1.0
        """
        return self._households.get(customer, ())

    @property
    def shared(self) -> tuple[str, ...]:
        """Ids of the customers who are in more than one household, sorted."""
        return tuple([customer for customer, found in sorted(self._households.items()) if len(found) > 1])

    @cached_property
    def _members(self) -> dict[str, tuple[str, ...]]:
        return _grouped(self.pairs)

    @cached_property
    def _households(self) -> dict[str, tuple[str, ...]]:
        return _grouped((customer, household) for household, customer in self.pairs)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(other)
    return {one: tuple(others) for one, others in found.items()}


@attrs.frozen(kw_only=True)
class HouseholdTotal:
    """What the members of one household have together.

    Attributes:
        id: Of the household.
        total: Of the values of its members, each of whom counts once; None for no value.
        count: How many members have a value.
        members: How many members there are.
        shared: Ids of the members who count in another household too.

    .. versionadded:: 0.1.0
    """

    id: str
    total: Number | None
    count: int
    members: int
    shared: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.id}: {self.total} ({self.count} of {self.members} members counted)"


@attrs.frozen(kw_only=True)
class HouseholdRollUp:
    """What `roll_up_households` gives.

    The totals of the households do not add up to `total` where somebody is in several: `shared` names them.

    Attributes:
        households: Sorted by id.
        how: How values were combined.
        total: Over all customers in any household, each of whom counts once; None for no value.
        count: How many customers that is.
        shared: Ids of customers who have a value and are in several households, sorted.
        outside: Ids that have values and are in no household, sorted.
        as_of: The instant of the memberships.

    .. versionadded:: 0.1.0
    """

    households: tuple[HouseholdTotal, ...]
    how: str
    total: Number | None
    count: int
    shared: tuple[str, ...]
    outside: tuple[str, ...]
    as_of: datetime

    def __getitem__(self, household: str) -> HouseholdTotal:
        found = self._by_id.get(household)
        if found is None:
            raise NotFound("household", household)
        return found

    @property
    def figure(self) -> Figure:
        """The total over all households as a figure."""
        return Figure(
            self.total,
            parts={"customers": self.count, "households": len(self.households), "shared": len(self.shared)},
            method=f"household roll-up: {self.how}",
            as_of=self.as_of,
            reason="no_data" if self.total is None else None,
        )

    def __str__(self) -> str:
        told = f"{self.how} of {self.count} customers in {len(self.households)} households: {self.total}"
        if not self.shared:
            return told
        return f"{told}; {len(self.shared)} in several households, each counted once here and in every one of theirs"

    def _repr_html_(self) -> str:
        """One row for each household; at most 1000."""
        rows = "".join(
            f"<tr><td>{escape(each.id)}</td><td>{escape(str(each.total))}</td>"
            f"<td>{each.count} of {each.members}</td><td>{escape(', '.join(each.shared))}</td></tr>"
            for each in self.households[:MOST_ROWS]
        )
        head = "<tr><th>household</th><th>total</th><th>counted</th><th>also in others</th></tr>"
        return f"<table><caption>{escape(str(self))}</caption>{head}{rows}{more(len(self.households), 4)}</table>"

    @cached_property
    def _by_id(self) -> dict[str, HouseholdTotal]:
        return {each.id: each for each in self.households}


def roll_up_households(values: Mapping[str, Number], memberships: Memberships, how: str = "total") -> HouseholdRollUp:
    """What each household has together, and all of them with each customer counted once.

    Args:
        values: A value for each customer, by id.
        memberships: Who is in which household.
        how: `total`, `largest`, `smallest`, or `count` (how many customers have a value).

    Raises:
        CurrencyMismatch: For money in two currencies.
        InvalidValue: For another `how`, a float, or money beside plain numbers.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> homes = Memberships([("h1", "anna"), ("h1", "erik"), ("h2", "erik")], as_of=day)
        >>> spend = roll_up_households({"anna": 10, "erik": 5}, homes)
        >>> [(each.id, each.total) for each in spend.households], spend.total
        ([('h1', 15), ('h2', 5)], 15)

    .. versionadded:: 0.1.0
    """
    _checks.a(Memberships).require("roll_up_households.memberships", memberships)
    _checks.one_of(*HOWS).require("roll_up_households.how", how)
    check_values("roll_up_households.values", values.items())
    several = set(memberships.shared)
    inside = sorted({customer for _, customer in memberships.pairs if customer in values})
    whole = _together(inside, values, how)
    return HouseholdRollUp(
        households=tuple([_total(each, values, memberships, several, how) for each in memberships.ids]),
        how=how,
        total=whole.value,
        count=whole.count,
        shared=tuple([customer for customer in inside if customer in several]),
        outside=tuple(sorted(set(values) - set(inside))),
        as_of=memberships.as_of,
    )


def _total(
    household: str, values: Mapping[str, Number], memberships: Memberships, several: set[str], how: str
) -> HouseholdTotal:
    members = memberships.members(household)
    made = _together(members, values, how)
    return HouseholdTotal(
        id=household,
        total=made.value,
        count=made.count,
        members=len(members),
        shared=tuple([customer for customer in members if customer in several and customer in values]),
    )


def _together(customers: Iterable[str], values: Mapping[str, Number], how: str) -> Combined:
    return combined((values[customer] for customer in customers if customer in values), how)
