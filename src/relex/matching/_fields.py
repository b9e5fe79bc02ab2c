"""What records are compared by: the fields of a record as keys, none of them blank.

A field gives None where the record says nothing, a str, or a sorted tuple of several. What a source wrote is brought to
a key in which spelling does not matter; contact points bring their own. A shared point is no field of anybody, and a
phone with an extension is a key only together with it. A day of birth is its eight digits, and a text that is no day is
the digits in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from relex import _checks
from relex.errors import InvalidValue
from relex.parties import (
    CHECKED_KINDS,
    PersonName,
    PostalAddress,
    address_key,
    fold,
    name_key,
    organization_key,
    postal_key,
    registered_domain,
)

if TYPE_CHECKING:
    from relex.parties import ContactPoint, Record

__all__ = ["FIELD_KEYS", "NATIONAL_KINDS", "PUBLIC_DOMAINS", "TAX_KINDS", "Value", "comparable", "field_reader"]

Value: TypeAlias = str | tuple[str, ...] | None
"""The keys of one field."""

Reader: TypeAlias = "Callable[[Record], Value]"

PUBLIC_DOMAINS = (
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "ymail.com",
    "hotmail.com",
    "outlook.com",
    "live.com",
    "msn.com",
    "icloud.com",
    "me.com",
    "aol.com",
    "mail.com",
    "email.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "orange.fr",
    "free.fr",
    "libero.it",
    "yahoo.co.jp",
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "softbank.ne.jp",
    "qq.com",
    "163.com",
    "naver.com",
    "proton.me",
    "protonmail.com",
)
"""Domains of mail that anybody may have: they say nothing of a company."""

NATIONAL_KINDS = ("national-id", "passport", "social-security")
"""Kinds of identifier that one person has wherever it is known; a source may mistype them."""

TAX_KINDS = ("company-number", *CHECKED_KINDS, "tax-number")
"""Kinds of identifier of which a party has one: two different ones are two parties."""

_IDENTIFIER = "identifier."
_NUMBER = re.compile("[0-9]+")


def comparable(record: Record, field: str, key: str | None = None) -> Value:
    """What a record is compared by in a field: None, a key, or a sorted tuple of several keys.

    Args:
        record: The record.
        field: `given`, `family`, `middle`, `given_phonetic`, `family_phonetic`, `name`, `trade_name`, `born`, `email`,
            `email_local`, `email_domain`, `email_core`, `company_domain`, `phone`, `street`, `city`, `region`,
            `postal`, `country`, `address`, `identity`, `tax_number`, `company_number`, `identifier.<kind>`, or a free
            field of the record.
        key: One of `FIELD_KEYS` in place of the key of the field.

    Raises:
        InvalidValue: For an unknown key.

    .. versionadded:: 0.1.0
    """
    return field_reader(field, key)(record)


def field_reader(field: str, key: str | None = None) -> Reader:
    """The function that reads a field of many records."""
    texts, usual = _reading(field)
    normalize = FIELD_KEYS.get(key or usual)
    if normalize is None:
        raise InvalidValue("Comparison.key", key, f"one of {', '.join(FIELD_KEYS)}")
    known: dict[str, str] = {}

    def read(record: Record) -> Value:
        found = []
        for text in texts(record):
            made = known.get(text)
            if made is None:
                if len(known) > _REMEMBERED:
                    known.clear()
                made = known[text] = normalize(text) or ""
            if made:
                found.append(made)
        if len(found) < 2:  # noqa: PLR2004 - nothing to sort
            return found[0] if found else None
        several = sorted(set(found))
        return tuple(several) if len(several) > 1 else several[0]

    return read


_REMEMBERED = 100_000


def _reading(field: str) -> tuple[Callable[[Record], Iterable[str]], str]:
    """The texts of a field, and the name of its key."""
    _checks.text.require("Comparison.field", field)
    if field in _FIELDS:
        return _FIELDS[field]
    if field.startswith(_IDENTIFIER):
        kind = field.removeprefix(_IDENTIFIER)
        return lambda record: _numbers(record, (kind,)), "text"
    return lambda record: _free(record, field), "organization" if field == "company" else "fold"


def _free(record: Record, field: str) -> Iterator[str]:
    for name, value in record.values:
        if name == field:
            for each in value if isinstance(value, tuple) else (value,):
                yield each if isinstance(each, str) else str(each)


def _name_part(part: str) -> Callable[[Record], Iterable[str]]:
    def read(record: Record) -> Iterable[str]:
        found = getattr(record.name, part, None)
        return () if found is None else (found,)

    return read


def _either_name(record: Record) -> Iterable[str]:
    name = record.name
    return [part for part in (getattr(name, "given", None), getattr(name, "family", None)) if part is not None]


def _whole_name(record: Record) -> Iterable[str]:
    name = record.name
    if name is None:
        return ()
    if isinstance(name, PersonName) and name.full is None:
        return (" ".join(part for part in (name.given, name.middle, name.family) if part is not None),)
    return (str(name),)


def _name(record: Record) -> Iterable[str]:
    """The whole name: of a person with its words apart, of an organization without its legal form."""
    key = organization_key if record.kind == "organization" else _words
    return (key(text) or "" for text in _whole_name(record))


def _words(text: str) -> str:
    return " ".join(word for part in fold(text).split() if (word := name_key(part)))


def _points(record: Record, kind: str) -> Iterator[ContactPoint]:
    return (point for point in record.points if point.kind == kind and not point.shared)


def _emails(record: Record) -> Iterator[str]:
    return (point.key for point in _points(record, "email") if point.key is not None)


def _phones(record: Record) -> Iterator[str]:
    for point in _points(record, "phone"):
        if point.key is not None:
            number = point.key.removeprefix("+")
            yield number if point.extension is None else f"{number}x{point.extension}"


def _email_local(record: Record) -> Iterator[str]:
    return (key.rpartition("@")[0] for key in _emails(record))


def _email_domain(record: Record) -> Iterator[str]:
    return (registered_domain(key.rpartition("@")[2]) or "" for key in _emails(record))


def _email_core(record: Record) -> Iterator[str]:
    for key in _emails(record):
        local, _, domain = key.rpartition("@")
        yield f"{local.replace('_', '')}@{registered_domain(domain)}"


def _company_domain(record: Record) -> Iterator[str]:
    return (domain for domain in _email_domain(record) if domain not in PUBLIC_DOMAINS)


def _address_part(part: str) -> Callable[[Record], Iterable[str]]:
    def read(record: Record) -> Iterator[str]:
        for point in _points(record, "postal"):
            found = getattr(point.value, part, None)
            if found is not None:
                yield found

    return read


def _address(record: Record) -> Iterator[str]:
    return (str(point.value) for point in _points(record, "postal") if isinstance(point.value, PostalAddress))


def _born(record: Record) -> Iterable[str]:
    born = record.born
    return () if born is None else (born.isoformat() if isinstance(born, date) else born,)


def _numbers(record: Record, kinds: tuple[str, ...]) -> Iterator[str]:
    """Identifiers without the signs that people put between."""
    return (_plain(each.value) for each in record.identifiers if each.kind in kinds)


def _named_numbers(kinds: tuple[str, ...]) -> Callable[[Record], Iterable[str]]:
    def read(record: Record) -> Iterator[str]:
        return (_plain(each.value) for each in record.identifiers if each.kind in kinds)

    return read


def _plain(value: str) -> str:
    return "".join(sign for sign in fold(value) if sign.isalnum())


def _digits(text: str) -> str:
    return "".join(sign for sign in fold(text) if "0" <= sign <= "9")


def _figures(text: str) -> str:
    """The numbers of a text, in their order."""
    return " ".join(_NUMBER.findall(fold(text)))


def _text(text: str) -> str:
    return text


FIELD_KEYS: dict[str, Callable[[str], str | None]] = {
    "address": address_key,
    "digits": _digits,
    "figures": _figures,
    "fold": fold,
    "name": name_key,
    "organization": organization_key,
    "plain": _plain,
    "postal": postal_key,
    "text": _text,
    "words": _words,
}
"""The keys that a comparison may name, as functions of a text."""

_FIELDS: dict[str, tuple[Callable[[Any], Iterable[str]], str]] = {
    "address": (_address, "address"),
    "born": (_born, "digits"),
    "city": (_address_part("city"), "name"),
    "company_domain": (_company_domain, "text"),
    "company_number": (_named_numbers(TAX_KINDS), "text"),
    "country": (_address_part("country"), "fold"),
    "either_name": (_either_name, "name"),
    "email": (_emails, "text"),
    "email_core": (_email_core, "text"),
    "email_domain": (_email_domain, "text"),
    "email_local": (_email_local, "text"),
    "family": (_name_part("family"), "name"),
    "family_phonetic": (_name_part("family_phonetic"), "name"),
    "given": (_name_part("given"), "name"),
    "given_phonetic": (_name_part("given_phonetic"), "name"),
    "house": (_address_part("street"), "figures"),
    "identity": (_named_numbers(NATIONAL_KINDS), "text"),
    "middle": (_name_part("middle"), "name"),
    "name": (_name, "text"),
    "phone": (_phones, "text"),
    "postal": (_address_part("postal_code"), "postal"),
    "region": (_address_part("region"), "name"),
    "street": (_address_part("street"), "address"),
    "tax_number": (_named_numbers(("tax-number",)), "text"),
    "trade_name": (_name_part("trade_name"), "organization"),
}
