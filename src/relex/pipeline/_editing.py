"""Changing what is known of a deal, stage aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.changes import Change
from relex.errors import CurrencyMismatch, InvalidValue, Rejected
from relex.money import Money
from relex.pipeline._events import (
    ActivityRecorded,
    AmountChanged,
    CampaignChanged,
    CategoryOverridden,
    CloseDateChanged,
    ContactsChanged,
    LinesChanged,
    NextStepChanged,
    OpportunityRenamed,
    OwnerChanged,
    ProbabilityOverridden,
    SnoozeChanged,
    SplitsChanged,
    TagsChanged,
    TerritoryChanged,
)
from relex.pipeline._parts import ContactRole, NextStep, Split
from relex.pipeline._stages import CATEGORIES, PERCENT
from relex.purchases import Line, Purchase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from decimal import Decimal

    from relex.changes import Event
    from relex.pipeline._opportunity import Opportunity

__all__: list[str] = []

_TEXT_OR_NONE = _checks.optional(_checks.text)
_PERCENT_OR_NONE = _checks.optional(PERCENT)
_DAY_OR_NONE = _checks.optional(_checks.calendar_day)
_MONEY_OR_NONE = _checks.optional(_checks.a(Money))
_CATEGORY_OR_NONE = _checks.optional(_checks.one_of(*CATEGORIES[:4]))


def _told(deal: Opportunity, at: datetime, kind: type[Event], **parts: Any) -> Change[Opportunity]:
    event = kind(source=deal.id, version=deal.version + 1, at=at, **parts)
    return Change(deal._after(event), (event,))


def _same(one: object, other: object) -> bool:
    """Equal and of one type: 20 is not Decimal(20) in what is stored, but it is the same percentage."""
    return one == other


def rename(deal: Opportunity, name: str | None, at: datetime) -> Change[Opportunity]:
    deal._next_open("rename", at)
    _TEXT_OR_NONE.require("rename.name", name)
    return Change(deal, ()) if name == deal.name else _told(deal, at, OpportunityRenamed, from_=deal.name, to=name)


def change_amount(deal: Opportunity, amount: Money | None, at: datetime) -> Change[Opportunity]:
    deal._next_open("change_amount", at)
    _MONEY_OR_NONE.require("change_amount.amount", amount)
    if amount is not None and deal.amount is not None and amount.currency != deal.amount.currency:
        raise CurrencyMismatch(deal.amount.currency, amount.currency)
    source: str | None = "hand"
    if amount is None:
        amount = None if deal.amount is None else _net(deal.lines, deal.amount.currency, at)
        source = None if amount is None else "lines"
    return _priced(deal, amount, source, at)


def _priced(deal: Opportunity, amount: Money | None, source: str | None, at: datetime) -> Change[Opportunity]:
    if amount == deal.amount and source == deal.amount_source:
        return Change(deal, ())
    return _told(deal, at, AmountChanged, from_=deal.amount, to=amount, source=source)


def change_close_date(deal: Opportunity, day: date | None, at: datetime, reason: str | None) -> Change[Opportunity]:
    deal._next_open("change_close_date", at)
    _DAY_OR_NONE.require("change_close_date.expected_close", day)
    if day == deal.expected_close:
        return Change(deal, ())
    return _told(deal, at, CloseDateChanged, from_=deal.expected_close, to=day, reason=reason)


def reassign(deal: Opportunity, owner: str | None, at: datetime) -> Change[Opportunity]:
    deal._next_open("reassign", at)
    _TEXT_OR_NONE.require("reassign.owner", owner)
    return Change(deal, ()) if owner == deal.owner else _told(deal, at, OwnerChanged, from_=deal.owner, to=owner)


def set_territory(deal: Opportunity, territory: str | None, at: datetime) -> Change[Opportunity]:
    deal._next_open("set_territory", at)
    _TEXT_OR_NONE.require("set_territory.territory", territory)
    if territory == deal.territory:
        return Change(deal, ())
    return _told(deal, at, TerritoryChanged, from_=deal.territory, to=territory)


def set_campaign(deal: Opportunity, campaign: str | None, at: datetime) -> Change[Opportunity]:
    deal._next_open("set_campaign", at)
    _TEXT_OR_NONE.require("set_campaign.campaign", campaign)
    if campaign == deal.campaign:
        return Change(deal, ())
    return _told(deal, at, CampaignChanged, from_=deal.campaign, to=campaign)


def override_probability(deal: Opportunity, value: int | Decimal | None, at: datetime) -> Change[Opportunity]:
    deal._next_open("override_probability", at)
    _PERCENT_OR_NONE.require("override_probability.probability", value)
    if value == deal.probability_override:
        return Change(deal, ())
    return _told(deal, at, ProbabilityOverridden, from_=deal.probability_override, to=value)


def override_category(deal: Opportunity, value: str | None, at: datetime) -> Change[Opportunity]:
    deal._next_open("override_category", at)
    _CATEGORY_OR_NONE.require("override_category.category", value)
    if value == deal.category_override:
        return Change(deal, ())
    return _told(deal, at, CategoryOverridden, from_=deal.category_override, to=value)


def one_primary(path: str, contacts: Iterable[ContactRole]) -> tuple[ContactRole, ...]:
    """Contacts of which the first is primary where none is."""
    found = _checks.items(path, contacts)
    _checks.each(_checks.a(ContactRole)).require(path, found)
    if found and not any(each.primary for each in found):
        found = (attrs.evolve(found[0], primary=True), *found[1:])
    return found


def _without_mark(contacts: Iterable[ContactRole]) -> list[ContactRole]:
    return [attrs.evolve(each, primary=False) for each in contacts]


def add_contact(deal: Opportunity, contact: ContactRole, at: datetime) -> Change[Opportunity]:
    deal._next_open("add_contact", at)
    known = next((each for each in deal.contacts if each.contact == contact.contact), None)
    if known is not None and known.primary:
        contact = attrs.evolve(contact, primary=True)
    others = _without_mark(deal.contacts) if contact.primary else list(deal.contacts)
    if known is None:
        others.append(contact)
    else:
        others[deal.contacts.index(known)] = contact
    return _with_contacts(deal, others, at)


def remove_contact(deal: Opportunity, contact: str, at: datetime) -> Change[Opportunity]:
    deal._next_open("remove_contact", at)
    _checks.text.require("remove_contact.contact", contact)
    return _with_contacts(deal, [each for each in deal.contacts if each.contact != contact], at)


def _with_contacts(deal: Opportunity, contacts: list[ContactRole], at: datetime) -> Change[Opportunity]:
    found = one_primary("contacts", contacts)
    return Change(deal, ()) if found == deal.contacts else _told(deal, at, ContactsChanged, from_=deal.contacts, to=found)


def set_next_step(deal: Opportunity, step: NextStep, at: datetime) -> Change[Opportunity]:
    deal._next_open("set_next_step", at)
    return Change(deal, ()) if step == deal.next_step else _told(deal, at, NextStepChanged, from_=deal.next_step, to=step)


def complete_next_step(deal: Opportunity, at: datetime) -> Change[Opportunity]:
    deal._next_open("complete_next_step", at)
    if deal.next_step is None:
        return Change(deal, ())
    return _told(deal, at, NextStepChanged, from_=deal.next_step, to=None, done=True)


def snooze(deal: Opportunity, until: date | None, at: datetime, reason: str | None) -> Change[Opportunity]:
    deal._next_open("snooze", at)
    _DAY_OR_NONE.require("snooze.until", until)
    if until is not None and not reason:
        raise Rejected("snooze", "reason_required", {"until": until})
    if (until, reason) == (deal.snoozed_until, deal.snooze_reason):
        return Change(deal, ())
    return _told(deal, at, SnoozeChanged, from_=deal.snoozed_until, to=until, reason=reason)


def set_lines(deal: Opportunity, lines: Iterable[Line], at: datetime, currency: str | None) -> Change[Opportunity]:
    deal._next_open("set_lines", at)
    found = _checks.items("set_lines.lines", lines)
    _checks.each(_checks.a(Line)).require("set_lines.lines", found)
    by_hand = deal.amount_source == "hand"
    if by_hand and currency is not None and deal.currency != currency:
        raise CurrencyMismatch(str(deal.currency), currency)
    spoken = currency or deal.currency
    if found and spoken is None:
        raise InvalidValue("set_lines.currency", currency, "a currency, where there is no amount yet")
    net = _net(found, spoken, at)
    change = Change(deal, ()) if found == deal.lines else _told(deal, at, LinesChanged, from_=deal.lines, to=found)
    if by_hand:
        return change
    return change.then(lambda state: _priced(state, net, None if net is None else "lines", at))


def _net(lines: tuple[Line, ...], currency: str | None, at: datetime) -> Money | None:
    """What lines come to before tax; None without lines."""
    if not lines or currency is None:
        return None
    return Purchase("lines", at=at, currency=currency, lines=lines, tax_mode="none").net


def set_splits(deal: Opportunity, splits: Iterable[Split], at: datetime) -> Change[Opportunity]:
    deal._next_open("set_splits", at)
    found = _checks.items("set_splits.splits", splits)
    return Change(deal, ()) if found == deal.splits else _told(deal, at, SplitsChanged, from_=deal.splits, to=found)


def tags(path: str, values: Iterable[str]) -> tuple[str, ...]:
    """Words, sorted and each once."""
    found = _checks.items(path, values)
    _checks.each(_checks.text).require(path, found)
    return tuple(sorted(set(found)))


def tag(deal: Opportunity, values: Iterable[str], at: datetime) -> Change[Opportunity]:
    deal._next_open("tag", at)
    added = tuple([each for each in tags("tag.tags", values) if each not in deal.tags])
    return _told(deal, at, TagsChanged, added=added) if added else Change(deal, ())


def untag(deal: Opportunity, values: Iterable[str], at: datetime) -> Change[Opportunity]:
    deal._next_open("untag", at)
    removed = tuple([each for each in tags("untag.tags", values) if each in deal.tags])
    return _told(deal, at, TagsChanged, removed=removed) if removed else Change(deal, ())


def record_activity(deal: Opportunity, kind: str | None, at: datetime) -> Change[Opportunity]:
    deal._next_open("record_activity", at)
    return _told(deal, at, ActivityRecorded, kind=kind)
