"""How many minutes contacts take, of our side and of customers."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.figures import Figure
from relex.interactions._corrections import standing
from relex.interactions._html import table
from relex.interactions._parts import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.interactions._interaction import Interaction

__all__ = ["Effort", "EffortPolicy", "EffortRow", "Spent", "effort", "spent"]

_MINUTE = 60_000_000
_MICRO = timedelta(microseconds=1)
_MINUTES = _checks.number(least=0)
_NOTHING = Fraction(0)


def _timed(values: Iterable[str]) -> tuple[str, ...]:
    return words("EffortPolicy.timed", values)


def _written(values: Iterable[str]) -> tuple[str, ...]:
    return words("EffortPolicy.written", values)


@tagged("interactions.EffortPolicy")
@attrs.frozen(kw_only=True)
class EffortPolicy:
    """How many minutes a contact counts for: a definition.

    What lasts (meetings, calls) counts its duration for each one of our side, and once for the customers if any took
    part. What is written counts fixed minutes: for the one who writes it (the first of our side who is `from`, else the
    first of our side) and for each other one of our side; for the customers it counts once. Other channels count
    nothing.

    Attributes:
        timed: Sorted channels that count their duration.
        written: Sorted channels that count fixed minutes.
        write: Minutes of our side for writing.
        read: Minutes of each one of our side who gets it.
        customer_write: Minutes of the customers for writing.
        customer_read: Minutes of the customers for reading.
        version: Of the definition.

    Raises:
        InvalidValue: For a channel that is both timed and written, or minutes that are negative or not exact.

    Source: the minutes are those of Dynamics 365, relationship analytics.

    .. versionadded:: 0.1.0
    """

    timed: tuple[str, ...] = attrs.field(default=("meeting", "phone", "video"), converter=_timed)
    written: tuple[str, ...] = attrs.field(default=("email",), converter=_written)
    write: int | Decimal | Fraction = attrs.field(default=5, validator=_MINUTES)
    read: int | Decimal | Fraction = attrs.field(default=Decimal("2.5"), validator=_MINUTES)
    customer_write: int | Decimal | Fraction = attrs.field(default=5, validator=_MINUTES)
    customer_read: int | Decimal | Fraction = attrs.field(default=Decimal("2.5"), validator=_MINUTES)
    version: int = attrs.field(default=1, validator=_checks.whole(least=1))

    def __attrs_post_init__(self) -> None:
        if both := set(self.timed) & set(self.written):
            raise InvalidValue("EffortPolicy.written", sorted(both), "channels that are not timed too")


@attrs.frozen(kw_only=True)
class Spent:
    """What one contact took.

    Attributes:
        team: Sorted (id, minutes) pairs of our side.
        customer: Minutes of the customers together, if any took part.

    .. versionadded:: 0.1.0
    """

    team: tuple[tuple[str, Fraction], ...]
    customer: Fraction


@attrs.frozen(kw_only=True)
class EffortRow:
    """The contacts of one channel together.

    Attributes:
        channel: The channel.
        interactions: How many were counted with a customer.
        internal: How many were counted without one.
        uncounted: How many counted nothing: neither timed nor written, or nobody measured how long they took.
        team_minutes: Of our side, with customers.
        customer_minutes: Of the customers.
        internal_minutes: Of our side, without a customer.

    .. versionadded:: 0.1.0
    """

    channel: str
    interactions: int = 0
    internal: int = 0
    uncounted: int = 0
    team_minutes: Fraction = _NOTHING
    customer_minutes: Fraction = _NOTHING
    internal_minutes: Fraction = _NOTHING


@attrs.frozen(kw_only=True)
class Effort:
    """The minutes that contacts took; what was counted in parts adds up to the whole.

    Attributes:
        rows: By channel, sorted.
        policy: What was counted how.

    .. versionadded:: 0.1.0
    """

    rows: tuple[EffortRow, ...]
    policy: EffortPolicy

    @property
    def team(self) -> Figure:
        """Minutes of our side in contacts with customers, by channel."""
        return self._figure("team_minutes")

    @property
    def customer(self) -> Figure:
        """Minutes of customers, by channel."""
        return self._figure("customer_minutes")

    @property
    def internal(self) -> Figure:
        """Minutes of our side without a customer, by channel."""
        return self._figure("internal_minutes")

    @property
    def uncounted(self) -> int:
        """How many contacts counted nothing."""
        return sum(row.uncounted for row in self.rows)

    def _figure(self, name: str) -> Figure:
        parts = {row.channel: getattr(row, name) for row in self.rows}
        return Figure(sum(parts.values(), _NOTHING), "minutes", parts=parts, method=f"effort, {name}")

    def __str__(self) -> str:
        return f"team {self.team}, customers {self.customer}, internal {self.internal}, {self.uncounted} uncounted"

    def _repr_html_(self) -> str:
        titles = ("channel", "contacts", "team minutes", "customer minutes", "internal minutes", "uncounted")
        rows = (
            (
                row.channel,
                row.interactions + row.internal,
                *(Figure(each).show(2) for each in (row.team_minutes, row.customer_minutes, row.internal_minutes)),
                row.uncounted,
            )
            for row in self.rows
        )
        return table(f"Effort: {self}", titles, rows)


def effort(interactions: Iterable[Interaction], policy: EffortPolicy | None = None) -> Effort:
    """How many minutes contacts took; of those that correct each other, the newest counts.

    Args:
        interactions: In any order; the same one may come twice.
        policy: What counts for how much; by default `EffortPolicy()`.

    Raises:
        Conflict: For one id with two contents.
        InvalidValue: For something else than interactions, or no policy.

    Source: Dynamics 365, relationship analytics.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.interactions import Interaction, Participant
        >>> meeting = Interaction(
        ...     "i1",
        ...     at=datetime(2026, 5, 1, 9, tzinfo=timezone.utc),
        ...     channel="meeting",
        ...     direction="outbound",
        ...     participants=[Participant("c1"), Participant("ann", "own"), Participant("bob", "own")],
        ...     duration=timedelta(minutes=30),
        ... )
        >>> print(effort([meeting]))
        team 60.00 minutes, customers 30.00 minutes, internal 0.00 minutes, 0 uncounted

    .. versionadded:: 0.1.0
    """
    policy = EffortPolicy() if policy is None else policy
    _checks.a(EffortPolicy).require("effort.policy", policy)
    tallies: defaultdict[str, _Tally] = defaultdict(_Tally)
    for each in standing("effort.interactions", interactions):
        tallies[each.channel].count(each, spent(each, policy))
    rows = (EffortRow(channel=name, **attrs.asdict(tallies[name])) for name in sorted(tallies))
    return Effort(rows=tuple(rows), policy=policy)


@attrs.define
class _Tally:
    """The contacts of one channel so far; the fields are those of `EffortRow`."""

    interactions: int = 0
    internal: int = 0
    uncounted: int = 0
    team_minutes: Fraction = _NOTHING
    customer_minutes: Fraction = _NOTHING
    internal_minutes: Fraction = _NOTHING

    def count(self, interaction: Interaction, took: Spent | None) -> None:
        if took is None:
            self.uncounted += 1
            return
        team = sum((minutes for _, minutes in took.team), _NOTHING)
        if interaction.subject is None:
            self.internal += 1
            self.internal_minutes += team
        else:
            self.interactions += 1
            self.team_minutes += team
            self.customer_minutes += took.customer


def spent(interaction: Interaction, policy: EffortPolicy) -> Spent | None:
    """What one contact took; None where it counts nothing."""
    if interaction.channel in policy.written:
        team = _writing(interaction, policy)
        customer = Fraction(policy.customer_write if interaction.direction == "inbound" else policy.customer_read)
    elif interaction.channel in policy.timed and interaction.duration is not None:
        customer = Fraction(interaction.duration // _MICRO, _MINUTE)
        team = [(party, customer) for party in interaction.team]
    else:
        return None
    return Spent(team=tuple(sorted(team)), customer=customer)


def _writing(interaction: Interaction, policy: EffortPolicy) -> list[tuple[str, Fraction]]:
    """Minutes of our side for something written: one writes, unless it is inbound, and the others read."""
    team = interaction.team
    senders = [each.party for each in interaction.participants if each.side == "own" and each.role == "from"]
    writer = None if interaction.direction == "inbound" else next(iter((*senders, *team)), None)
    return [(party, Fraction(policy.write if party == writer else policy.read)) for party in team]
