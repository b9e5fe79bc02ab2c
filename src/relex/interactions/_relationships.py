"""How much contact there is with each customer: how long ago, how many minutes, and by whom of our side."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.figures import Figure
from relex.interactions._corrections import standing
from relex.interactions._effort import EffortPolicy, spent
from relex.interactions._whose import parties_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.interactions._interaction import Interaction
    from relex.interactions._whose import Aliased

__all__ = ["Contact", "contacts"]

_DAY = timedelta(days=1)
_MICRO = timedelta(microseconds=1)


@attrs.frozen(kw_only=True)
class Contact:
    """The contact with one customer, as of an instant.

    Attributes:
        customer: The id.
        as_of: The instant.
        interactions: How many, internal ones left out.
        first_at: Of the first one.
        last_at: Of the latest one.
        last_inbound_at: Of the latest one that the customer began; None where there is none.
        last_outbound_at: Of the latest one that our side began; None where there is none.
        customer_minutes: Of the customer.
        staff: Sorted (id, minutes) pairs of our side.

    .. versionadded:: 0.1.0
    """

    customer: str
    as_of: datetime
    interactions: int
    first_at: datetime
    last_at: datetime
    last_inbound_at: datetime | None
    last_outbound_at: datetime | None
    customer_minutes: Fraction
    staff: tuple[tuple[str, Fraction], ...]

    @property
    def days_since(self) -> Figure:
        """The time since the latest contact in days of 24 hours, exact."""
        age = (moment(self.as_of) - moment(self.last_at)) // _MICRO
        return Figure(Fraction(age, _DAY // _MICRO), "days", method="time since the latest contact", as_of=self.as_of)

    @property
    def team_minutes(self) -> Figure:
        """Minutes of our side, by member."""
        total = sum((minutes for _, minutes in self.staff), Fraction(0))
        return Figure(total, "minutes", parts=self.staff, method="effort for a customer", as_of=self.as_of)

    def __str__(self) -> str:
        return f"{self.customer}: {self.interactions} contacts, {self.team_minutes}, {self.days_since.show(1)} days ago"


def contacts(
    interactions: Iterable[Interaction],
    *,
    as_of: datetime,
    policy: EffortPolicy | None = None,
    aliases: Aliased | None = None,
) -> tuple[Contact, ...]:
    """The contact with each customer, sorted by id; of interactions that correct each other, the newest counts.

    An interaction with several customers is in the contact of each in full, so what is said of customers does not add
    up to the effort of all. Internal interactions are in none.

    Args:
        interactions: In any order; the same one may come twice.
        as_of: Only what had happened by then, inclusive; aware.
        policy: What counts for how many minutes; by default `EffortPolicy()`.
        aliases: Tells the current id of customers that were merged, such as `relex.customers.Aliases`.

    Raises:
        Conflict: For one id with two contents.
        InvalidValue: For something else than interactions, no policy, or a naive instant.

    Example:
        >>> from datetime import timezone
        >>> from relex.interactions import Interaction, Participant
        >>> may = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> both = [Participant("c1", role="from"), Participant("ann", "own", "to")]
        >>> mail = Interaction("i1", at=may, channel="email", direction="inbound", participants=both)
        >>> print(*contacts([mail], as_of=may + timedelta(days=3)))
        c1: 1 contacts, 2.50 minutes, 3.0 days ago

    .. versionadded:: 0.1.0
    """
    _checks.instant.require("contacts.as_of", as_of)
    policy = EffortPolicy() if policy is None else policy
    _checks.a(EffortPolicy).require("contacts.policy", policy)
    found: defaultdict[str, list[Interaction]] = defaultdict(list)
    for each in standing("contacts.interactions", interactions):
        if each.direction != "internal" and not is_before(as_of, each.at):
            for customer in {name if aliases is None else aliases.current(name) for name in parties_of(each, aliases)}:
                found[customer].append(each)
    return tuple(_contact(customer, found[customer], policy, as_of) for customer in sorted(found))


def _contact(customer: str, interactions: list[Interaction], policy: EffortPolicy, as_of: datetime) -> Contact:
    staff: defaultdict[str, Fraction] = defaultdict(Fraction)
    own = Fraction(0)
    for took in (spent(each, policy) for each in interactions):
        if took is not None:
            own += took.customer
            for party, minutes in took.team:
                staff[party] += minutes
    dates = sorted((each.at for each in interactions), key=moment)
    return Contact(
        customer=customer,
        as_of=as_of,
        interactions=len(interactions),
        first_at=dates[0],
        last_at=dates[-1],
        last_inbound_at=_latest(interactions, "inbound"),
        last_outbound_at=_latest(interactions, "outbound"),
        customer_minutes=own,
        staff=tuple(sorted(staff.items())),
    )


def _latest(interactions: list[Interaction], direction: str) -> datetime | None:
    return max((each.at for each in interactions if each.direction == direction), key=moment, default=None)
