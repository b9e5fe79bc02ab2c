"""What the parts of a deal become when one of them is changed."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.errors import CurrencyMismatch, InvalidValue
from relex.pipeline._parts import ContactRole
from relex.purchases import Line, Purchase

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from relex.money import Money
    from relex.pipeline._opportunity import Opportunity

__all__ = [
    "currency_of_lines",
    "lines_of",
    "net_of",
    "one_primary",
    "repeated",
    "with_contact",
    "without_contact",
    "words",
]

_CONTACTS = _checks.each(_checks.a(ContactRole))
_LINES = _checks.each(_checks.a(Line))
_WORDS = _checks.each(_checks.text)


def words(path: str, values: Iterable[str]) -> tuple[str, ...]:
    """Words, sorted and each once."""
    found = _checks.items(path, values)
    _WORDS.require(path, found)
    return tuple(sorted(set(found)))


def found_at(sorted_words: Sequence[str], word: str) -> tuple[int, bool]:
    """The place of a word among sorted ones, and whether it is there."""
    place = bisect_left(sorted_words, word)
    return place, place < len(sorted_words) and sorted_words[place] == word


def one_primary(path: str, contacts: Iterable[ContactRole]) -> tuple[ContactRole, ...]:
    """Contacts of which the first is primary where none is."""
    found = _checks.items(path, contacts)
    _CONTACTS.require(path, found)
    if found and not any(each.primary for each in found):
        return (attrs.evolve(found[0], primary=True), *found[1:])
    return found


def with_contact(contacts: tuple[ContactRole, ...], added: ContactRole) -> tuple[ContactRole, ...]:
    """The contacts with one more, or with one in another role; whoever is primary stays it unless this one is."""
    known = {each.contact: each for each in contacts}
    if added.contact in known:
        before = known[added.contact]
        added = ContactRole(added.contact, added.role or before.role, added.primary or before.primary)
    if added.primary:
        known = {each: attrs.evolve(role, primary=False) for each, role in known.items()}
    return one_primary("add_contact.contacts", {**known, added.contact: added}.values())


def without_contact(contacts: tuple[ContactRole, ...], removed: str) -> tuple[ContactRole, ...]:
    """The contacts without one; where that was the primary one, the first of the others is."""
    return one_primary("remove_contact.contacts", [each for each in contacts if each.contact != removed])


def repeated(
    known: tuple[ContactRole, ...], before: tuple[ContactRole, ...], after: tuple[ContactRole, ...]
) -> tuple[ContactRole, ...]:
    """Other contacts, changed as those before were to those after: who came, who went, whose role is another."""
    roles = {each.contact: each.role for each in before}
    stay = {each.contact for each in after}
    found = {each.contact: each for each in known if each.contact in stay or each.contact not in roles}
    said = [each for each in after if each.contact not in roles or each.role != roles[each.contact]]
    found |= {each.contact: each for each in said}
    first = next((each.contact for each in after if each.primary and each.contact in found), None)
    if first is not None:
        found = {each: attrs.evolve(role, primary=each == first) for each, role in found.items()}
    return one_primary("contacts", found.values())


def lines_of(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines, each number once."""
    found = _checks.items("set_lines.lines", lines)
    _LINES.require("set_lines.lines", found)
    _checks.unique("number").require("set_lines.lines", found)
    return found


def currency_of_lines(deal: Opportunity, currency: str | None) -> str:
    """The currency that lines are in.

    Raises:
        InvalidValue: When nobody says which.
        CurrencyMismatch: For another than that of the amount.
    """
    if currency is None and deal.currency is None:
        raise InvalidValue("set_lines.currency", currency, "a currency, as long as there is no amount")
    if currency is not None and deal.currency not in {None, currency}:
        raise CurrencyMismatch(str(deal.currency), currency)
    return currency or str(deal.currency)


def net_of(lines: tuple[Line, ...], currency: str, at: datetime) -> Money:
    """What lines come to, without tax."""
    return Purchase("lines", at=at, currency=currency, lines=lines, tax_mode="none").net
