"""What an opportunity is made of: people and their roles, the next step, shares of credit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.pipeline._stages import PERCENT, WHOLE

__all__ = ["SPLIT_KINDS", "ContactRole", "NextStep", "Split", "require_contacts", "require_splits"]

SPLIT_KINDS = ("revenue", "overlay")


@tagged("pipeline.ContactRole")
@attrs.frozen(weakref_slot=False)
class ContactRole:
    """Somebody on the customer's side of a deal.

    Attributes:
        contact: Id of the person.
        role: Such as `decision_maker`, or None.
        primary: Whether this is the one whom the deal is with; there is exactly one while there is anybody.

    .. versionadded:: 0.1.0
    """

    contact: str = attrs.field(validator=_checks.text)
    role: str | None = attrs.field(default=None, validator=_checks.optional(_checks.text))
    primary: bool = attrs.field(default=False, validator=_checks.flag)


@tagged("pipeline.NextStep")
@attrs.frozen(weakref_slot=False)
class NextStep:
    """What is to be done next in a deal.

    Attributes:
        text: What.
        due: By when; a date.

    .. versionadded:: 0.1.0
    """

    text: str = attrs.field(validator=_checks.text)
    due: date = attrs.field(validator=_checks.calendar_day)

    def overdue(self, on: date) -> bool:
        """Whether it should have been done before this date."""
        _checks.calendar_day.require("overdue.on", on)
        return self.due < on


@tagged("pipeline.Split")
@attrs.frozen(weakref_slot=False)
class Split:
    """Somebody's share in the credit for a deal.

    Attributes:
        owner: Whose.
        share: In percent, 0 to 100.
        kind: `revenue`, whose shares add to 100, or `overlay`, credit that is given on top and adds to anything.

    .. versionadded:: 0.1.0
    """

    owner: str = attrs.field(validator=_checks.text)
    share: int | Decimal = attrs.field(validator=PERCENT)
    kind: str = attrs.field(default="revenue", kw_only=True, validator=_checks.one_of(*SPLIT_KINDS))


_CONTACTS = _checks.each(_checks.a(ContactRole))
_SPLITS = _checks.each(_checks.a(Split))


def require_contacts(path: str, contacts: tuple[ContactRole, ...]) -> None:
    """Raise `InvalidValue` unless nobody is there twice and exactly one is primary, where there is anybody."""
    _CONTACTS.require(path, contacts)
    if len({each.contact for each in contacts}) < len(contacts):
        raise InvalidValue(path, contacts, "each contact once")
    if contacts and sum([each.primary for each in contacts]) != 1:
        raise InvalidValue(path, contacts, "exactly one primary contact")


def require_splits(path: str, splits: tuple[Split, ...]) -> None:
    """Raise `InvalidValue` unless nobody is there twice in a kind and the shares of revenue add to 100."""
    _SPLITS.require(path, splits)
    if len({(each.kind, each.owner) for each in splits}) < len(splits):
        raise InvalidValue(path, splits, "each owner once in a kind")
    revenue = [each.share for each in splits if each.kind == "revenue"]
    if revenue and sum(revenue) != WHOLE:
        raise InvalidValue(path, sum(revenue), "shares of revenue that add to 100")
