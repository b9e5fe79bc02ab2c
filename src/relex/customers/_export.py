"""All that is held about a customer, for the customer: access and portability."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from relex import _checks
from relex._instants import moment
from relex.codec import encode, tag_of
from relex.customers._customer import Customer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from relex.changes import Entry
    from relex.parties import Profile

__all__ = ["export", "required_entries"]

_CUSTOMER = _checks.a(Customer)
_ENTRIES = _checks.each(
    _checks.Check(
        "an entry, with an id and an instant",
        lambda value: (
            _checks.text.passes(getattr(value, "id", None)) and _checks.instant.passes(getattr(value, "at", None))
        ),
    )
)


def export(customer: Customer, entries: Iterable[Entry] = ()) -> dict[str, Any]:
    """Everything that is held about a customer, as a dict that JSON can hold.

    `profile` tells each field with its value and the records that it comes from; `customer` is the stored form, with
    every record of every source; `entries` are the stored forms of the entries by the names of their kinds, each kind
    in the order of time. Source: Regulation (EU) 2016/679, articles 15 and 20.

    Args:
        customer: Whom.
        entries: All that is held about the customer: consent, purchases, interactions and so on.

    Raises:
        InvalidValue: For what is no entry, or for a class that has no stored form.

    Example:
        >>> from datetime import UTC
        >>> from relex.customers import PersonName
        >>> day = datetime(2026, 5, 4, tzinfo=UTC)
        >>> anna, _ = Customer.open("c1", PersonName("Anna Berg"), at=day, tags=["vip"])
        >>> export(anna)["profile"]["tags"]
        {'value': ['vip'], 'from': ['direct/c1@2026-05-04T00:00:00+00:00']}

    .. versionadded:: 0.1.0
    """
    _CUSTOMER.require("export.customer", customer)
    held: dict[str, list[Any]] = {}
    for entry in sorted(required_entries("export.entries", entries), key=_order):
        held.setdefault(tag_of(type(entry)), []).append(encode(entry))
    return {
        "customer": encode(customer),
        "profile": _profile(customer.profile),
        "entries": {kind: held[kind] for kind in sorted(held)},
    }


def required_entries(path: str, values: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries, once it is known that they are some."""
    found = _checks.items(path, values)
    _ENTRIES.require(path, found)
    return found


def _profile(profile: Profile) -> dict[str, Any]:
    return {
        field: {
            "value": _form(profile.values[field]),
            "from": list(dict.fromkeys(statement.record for statement in profile.origins[field].won)),
        }
        for field in sorted(profile.values)
    }


def _form(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_form(item) for item in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value if value is None or isinstance(value, (str, int)) else encode(value)


def _order(entry: Entry) -> tuple[timedelta, str]:
    return moment(entry.at), entry.id
