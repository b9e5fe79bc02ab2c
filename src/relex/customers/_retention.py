"""How long what is known of people is kept, and what becomes of it when they ask to be forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from itertools import chain
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import is_before, moment, moment_or_none
from relex.calendars import CalendarDuration, Months, local_date
from relex.codec import tag_of, tagged
from relex.customers._consent import BASES
from relex.customers._customer import Customer
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["TREATMENTS", "LegalHold", "RetentionDue", "RetentionPolicy", "RetentionRule", "hold_on"]

TREATMENTS = ("delete", "anonymize", "retain")
"""What can become of a thing when the person asks to be forgotten."""

CUSTOMER = "customers.Customer"
"""The name by which rules know the customer itself, as its stored form does."""

_TEXT_OR_NONE = _checks.optional(_checks.text)
_INSTANT_OR_NONE = _checks.optional(_checks.instant)
_DURATION = _checks.optional(_checks.a(CalendarDuration))
_BASIS = _checks.optional(_checks.one_of(*BASES))
_CUSTOMERS = _checks.each(_checks.a(Customer))
_MAPPING = _checks.a(Mapping)


def _months(value: CalendarDuration | int | None) -> CalendarDuration | None:
    return Months(value) if isinstance(value, int) and not isinstance(value, bool) else value  # type: ignore[return-value]


@tagged("customers.RetentionRule")
@attrs.frozen(weakref_slot=False)
class RetentionRule:
    """How long one kind of thing is kept, and what becomes of it when the person asks to be forgotten.

    Attributes:
        kind: The name of its stored form, such as `customers.Customer` or `purchases.Purchase`; `*` is every other.
        keep: For how long after the last activity, or after the day of an entry; a whole number means months. None is
            for ever.
        on_request: `delete`; `anonymize` (kept without the person) or `retain` (kept as it is), both only until `keep`
            is over.
        basis: The lawful basis of keeping it; one of `BASES`, needed unless it is deleted.

    Raises:
        InvalidValue: For an unknown treatment or basis, or one that keeps without a basis.

    Example:
        >>> RetentionRule("purchases.Purchase", 120, on_request="anonymize", basis="legal_obligation").keep
        Months(n=120, end_of=None, year_ends=12)

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(validator=_checks.text)
    keep: CalendarDuration | None = attrs.field(default=None, converter=_months, validator=_DURATION)
    on_request: str = attrs.field(default="delete", validator=_checks.one_of(*TREATMENTS), kw_only=True)
    basis: str | None = attrs.field(default=None, validator=_BASIS, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check that what is kept is kept for a reason."""
        if self.on_request != "delete" and self.basis is None:
            raise InvalidValue("RetentionRule.basis", None, f"the basis of keeping it, one of {', '.join(BASES)}")


@tagged("customers.LegalHold")
@attrs.frozen(weakref_slot=False)
class LegalHold:
    """An order to keep everything of a customer.

    Attributes:
        customer: Id of the customer; `*` is everybody.
        reason: In words, such as the number of the case.
        since: From when on; aware.
        until: When it ended; None while it lasts.

    .. versionadded:: 0.1.0
    """

    customer: str = attrs.field(validator=_checks.text)
    reason: str = attrs.field(validator=_checks.text)
    since: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)
    until: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE, kw_only=True, eq=moment_or_none)

    def holds(self, customer: str, at: datetime) -> bool:
        """Whether it holds for a customer at an instant."""
        return (
            self.customer in ("*", customer)
            and not is_before(at, self.since)
            and (self.until is None or is_before(at, self.until))
        )


@attrs.frozen(kw_only=True)
class RetentionDue:
    """A customer whose time is over.

    Attributes:
        customer: Id of the customer.
        last: The last day of any activity.
        cut: The first day that would have kept the customer.

    .. versionadded:: 0.1.0
    """

    customer: str
    last: date
    cut: date

    def __str__(self) -> str:
        """The customer and the two days."""
        return f"{self.customer}: last active on {self.last}, kept from {self.cut} on"


def _rules(values: Iterable[RetentionRule]) -> tuple[RetentionRule, ...]:
    found = _checks.items("RetentionPolicy.rules", values)
    _checks.each(_checks.a(RetentionRule)).require("RetentionPolicy.rules", found)
    _checks.unique("kind").require("RetentionPolicy.rules", found)
    return found


def _holds(values: Iterable[LegalHold]) -> tuple[LegalHold, ...]:
    found = _checks.items("RetentionPolicy.holds", values)
    _checks.each(_checks.a(LegalHold)).require("RetentionPolicy.holds", found)
    return found


@tagged("customers.RetentionPolicy")
@attrs.frozen(weakref_slot=False)
class RetentionPolicy:
    """How long a company keeps what it knows of people: a definition, with a dict form and a version.

    Attributes:
        rules: With different kinds; what no rule names is deleted on request, and otherwise kept.
        holds: Legal holds, which win over every rule.
        version: Of the definition.

    Example:
        >>> policy = RetentionPolicy([RetentionRule("customers.Customer", 24)])
        >>> policy.cut(date(2025, 10, 6))
        datetime.date(2023, 10, 6)

    .. versionadded:: 0.1.0
    """

    rules: tuple[RetentionRule, ...] = attrs.field(default=(), converter=_rules)
    holds: tuple[LegalHold, ...] = attrs.field(default=(), converter=_holds, kw_only=True)
    version: int = attrs.field(default=1, validator=_checks.whole(least=1), kw_only=True)

    def rule(self, kind: type | str) -> RetentionRule | None:
        """The rule for a kind of thing: its own, else the one for every other; None if there is neither.

        Raises:
            InvalidValue: For what is no name and no class with a stored form.
        """
        name = tag_of(kind) if isinstance(kind, type) else kind
        _checks.text.require("rule.kind", name)
        named = {rule.kind: rule for rule in self.rules}
        return named.get(name, named.get("*"))

    def hold(self, customer: str, at: datetime) -> LegalHold | None:
        """The first legal hold on a customer at an instant.

        Raises:
            InvalidValue: For what is no id, or a naive datetime.
        """
        _checks.text.require("hold.customer", customer)
        _checks.instant.require("hold.at", at)
        return next((hold for hold in self.holds if hold.holds(customer, at)), None)

    def cut(self, as_of: date) -> date | None:
        """The first day of activity that keeps a customer; None where customers are kept for ever."""
        rule = self.rule(CUSTOMER)
        return None if rule is None or rule.keep is None else rule.keep.subtract(as_of)

    def due(
        self,
        customers: Iterable[Customer],
        *,
        as_of: datetime,
        activity: Mapping[str, Iterable[date | None]] | None = None,
        tz: tzinfo = UTC,
    ) -> tuple[RetentionDue, ...]:
        """The customers whose time is over: every recorded activity lies before the cut. Nothing is deleted.

        A day that equals the cut keeps. The day on which the customer became known is an activity. Who is under a
        legal hold, erased, or merged into another is never due. Holds and activities of those who were merged into a
        customer are the customer's.

        Args:
            customers: In any order.
            as_of: The instant of the question; aware.
            activity: Days or instants of activities by id of customer; None among them is an activity that never was.
            tz: In which instants become days.

        Raises:
            InvalidValue: For a naive datetime, what is no customer, or what is no day.

        .. versionadded:: 0.1.0
        """
        people = _checks.items("due.customers", customers)
        _CUSTOMERS.require("due.customers", people)
        days = {} if activity is None else activity
        _MAPPING.require("due.activity", days)
        today = local_date(as_of, tz)
        cut = self.cut(today)
        if cut is None:
            return ()
        found = []
        for customer in people:
            last = max(_days(customer, days, tz))
            gone = customer.erased_at is not None or customer.merged_into is not None
            if last < cut and not gone and hold_on(customer, self, as_of) is None:
                found.append(RetentionDue(customer=customer.id, last=last, cut=cut))
        return tuple(sorted(found, key=_customer))


def hold_on(customer: Customer, policy: RetentionPolicy, at: datetime) -> LegalHold | None:
    """The first legal hold on a customer, or on anybody who was merged into it."""
    found = (policy.hold(person, at) for person in _people(customer))
    return next((hold for hold in found if hold is not None), None)


def _people(customer: Customer) -> tuple[str, ...]:
    return customer.id, *(part.customer for part in customer.parts)


def _days(customer: Customer, activity: Mapping[str, Iterable[date | None]], tz: tzinfo) -> list[date]:
    told = [_checks.items("due.activity", activity.get(person, ())) for person in _people(customer)]
    return [_day(at, tz) for at in (customer.opened_at, *chain.from_iterable(told)) if at is not None]


def _day(at: date, tz: tzinfo) -> date:
    if isinstance(at, datetime):
        return local_date(at, tz)
    _checks.calendar_day.require("due.activity", at)
    return at


def _customer(due: RetentionDue) -> str:
    return due.customer
