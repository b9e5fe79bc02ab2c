"""What an opportunity is made of: people and their roles, the next step, shares of credit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs

from relex import _checks
from relex.codec import tagged
from relex.pipeline._stages import PERCENT, WHOLE

__all__ = [
    "CONTACTS",
    "SPLITS",
    "SPLIT_KINDS",
    "WORDS",
    "ContactRole",
    "NextStep",
    "Split",
    "require_splits",
]

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

    def __str__(self) -> str:
        return f"{self.text} (by {self.due})"

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
_TEXTS = _checks.each(_checks.text)


def _are_contacts(contacts: tuple[ContactRole, ...]) -> bool:
    is_once = len({each.contact for each in contacts}) == len(contacts)
    return is_once and sum([each.primary for each in contacts]) == bool(contacts)


def _are_splits(splits: tuple[Split, ...]) -> bool:
    is_once = len({(each.kind, each.owner) for each in splits}) == len(splits)
    revenue = [Fraction(each.share) for each in splits if each.kind == "revenue"]
    return is_once and (not revenue or sum(revenue) == WHOLE)


CONTACTS = _checks.Check(
    "contacts, each once, of whom exactly one is primary",
    lambda value: _CONTACTS.passes(value) and _are_contacts(value),
)
SPLITS = _checks.Check(
    "splits, each owner once in a kind, whose shares of revenue, if any, add to 100",
    lambda value: _SPLITS.passes(value) and _are_splits(value),
)
WORDS = _checks.Check(
    "texts, sorted and each once",
    lambda value: _TEXTS.passes(value) and list(value) == sorted(set(value)),
)


def require_splits(path: str, splits: object) -> None:
    """Raise `InvalidValue` unless no owner is there twice in a kind and the shares of revenue, if any, add to 100."""
    SPLITS.require(path, splits)
