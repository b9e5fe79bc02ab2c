"""What records are compared by: the fields of a record as keys, none of them blank.

A field gives None where the record says nothing, a str, or a sorted tuple of several. What a source wrote is brought to
a key in which spelling does not matter; contact points bring their own. A shared point is no field of anybody, and a
phone with an extension is a key only together with it. A day of birth is its eight digits, and a text that is no day is
the digits in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from relex import _checks
from relex.errors import InvalidValue
from relex.parties import (
    CHECKED_KINDS,
    ContactPoint,
    PersonName,
    Record,
    address_key,
    fold,
    name_key,
    organization_key,
    postal_key,
    registered_domain,
)

__all__ = [
    "FIELD_KEYS",
    "NATIONAL_KINDS",
    "PUBLIC_DOMAINS",
    "TAX_KINDS",
    "Field",
    "Value",
    "comparable",
    "plain_number",
    "points_of",
]

Value: TypeAlias = str | tuple[str, ...] | None
"""The keys of one field."""

Points: TypeAlias = Mapping[str, list[ContactPoint]]
Texts: TypeAlias = Callable[[Record, Points], Sequence[str]]

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
_REMEMBERED = 200_000


def comparable(record: Record, field: str, key: str | None = None) -> Value:
    """What a record is compared by in a field: None, a key, or a sorted tuple of several keys.

    Args:
        record: The record.
        field: Of a name: `given`, `family`, `either_name` (both), `middle`, `given_phonetic`, `family_phonetic`,
            `name` (the whole), `trade_name`. Of points: `email`, `email_local`, `email_domain`, `email_core` (without
            underscores, at the registered domain), `company_domain` (one where not anybody has mail), `phone`,
            `street`, `house` (the numbers of the street), `city`, `region`, `postal`, `country`, `address`. Of
            identifiers: `identity` (`NATIONAL_KINDS`), `company_number` (`TAX_KINDS`), `tax_number`,
            `identifier.<kind>`. And `born`, or a free field of the record.
        key: One of `FIELD_KEYS` in place of the key of the field.

    Raises:
        InvalidValue: For an unknown key.

    Example:
        >>> from datetime import datetime, timezone
        >>> at = datetime(2026, 5, 4, tzinfo=timezone.utc)
        >>> record = Record("crm", "7", at, name=PersonName(given="Zoë", family="O’Brien"), born="3. 4. 1980")
        >>> comparable(record, "given"), comparable(record, "family"), comparable(record, "born")
        ('zoe', 'obrien', '341980')
        >>> comparable(record, "email") is None
        True

    .. versionadded:: 0.1.0
    """
    _checks.a(Record).require("comparable.record", record)
    return Field(field, key).read(record, points_of(record))


def points_of(record: Record) -> Points:
    """The points of a record that are its own, by kind."""
    found: dict[str, list[ContactPoint]] = {}
    for point in record.points:
        if not point.shared:
            found.setdefault(point.kind, []).append(point)
    return found


class Field:
    """A field of many records, by a key; what a text becomes is remembered."""

    def __init__(self, name: str, key: str | None = None) -> None:
        self.texts, usual = _texts(name)
        normalize = FIELD_KEYS.get(key) if key is not None else {**FIELD_KEYS, **_OF_EMAIL}[usual]
        if normalize is None:
            raise InvalidValue("Comparison.key", key, f"one of {', '.join(FIELD_KEYS)}")
        self.key = _text if normalize is _text else _Known(normalize).__getitem__

    def read(self, record: Record, points: Points) -> Value:
        """The keys of one record."""
        texts = self.texts(record, points)
        if len(texts) < 2:  # noqa: PLR2004 - nearly always
            return self.key(texts[0]) or None if texts else None
        found = [key for text in texts if (key := self.key(text))]
        several = sorted(set(found))
        return tuple(several) if len(several) > 1 else several[0] if several else None


class _Known(dict[str, str]):
    """Keys of texts that were seen before, the oldest forgotten with the others when there are too many."""

    def __init__(self, normalize: Callable[[str], str | None]) -> None:
        super().__init__()
        self.normalize = normalize

    def __missing__(self, text: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[text] = self.normalize(text) or ""
        return found


def _texts(field: str) -> tuple[Texts, str]:
    """The texts of a field, and the name of its key."""
    _checks.text.require("Comparison.field", field)
    if field in _FIELDS:
        return _FIELDS[field]
    if field.startswith(_IDENTIFIER):
        return _numbers(field.removeprefix(_IDENTIFIER)), "plain"

    def free(record: Record, _points: Points) -> Sequence[str]:
        found: list[object] = []
        for name, value in record.values:
            if name == field:
                found += value if isinstance(value, tuple) else (value,)
        return list(map(str, found))

    return free, "organization" if field == "company" else "fold"


def _name_part(part: str) -> Texts:
    def read(record: Record, _points: Points) -> Sequence[str]:
        found = getattr(record.name, part, None)
        return () if found is None else (found,)

    return read


def _either_name(record: Record, _points: Points) -> Sequence[str]:
    name = record.name
    return [part for part in (getattr(name, "given", None), getattr(name, "family", None)) if part is not None]


def _whole_name(record: Record, _points: Points) -> Sequence[str]:
    """A person's with its words apart, an organization's without its legal form."""
    name = record.name
    if name is None:
        return ()
    if not isinstance(name, PersonName):
        return (organization_key(name.full) or "",)
    parts = (name.given, name.middle, name.family) if name.full is None else (name.full,)
    return (_words(" ".join(part for part in parts if part is not None)),)


def _words(text: str) -> str:
    return " ".join(word for part in fold(text).split() if (word := name_key(part)))


def _emails(_record: Record, points: Points) -> Sequence[str]:
    return [point.key for point in points.get("email", ()) if point.key is not None]


def _phones(_record: Record, points: Points) -> Sequence[str]:
    return [
        point.key.removeprefix("+") + ("" if point.extension is None else f"x{point.extension}")
        for point in points.get("phone", ())
        if point.key is not None
    ]


def _postal(part: str) -> Texts:
    def read(_record: Record, points: Points) -> Sequence[str]:
        return [found for point in points.get("postal", ()) if (found := getattr(point.value, part, None)) is not None]

    return read


def _address(_record: Record, points: Points) -> Sequence[str]:
    return [str(point.value) for point in points.get("postal", ())]


def _born(record: Record, _points: Points) -> Sequence[str]:
    born = record.born
    return () if born is None else (born.isoformat() if isinstance(born, date) else born,)


def _numbers(*kinds: str) -> Texts:
    def read(record: Record, _points: Points) -> Sequence[str]:
        return [each.value for each in record.identifiers if each.kind in kinds]

    return read


def plain_number(value: str) -> str:
    """An identifier without the signs that people put between."""
    folded = fold(value)
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))


def _digits(text: str) -> str:
    return "".join(_NUMBER.findall(text if text.isascii() else fold(text)))


def _figures(text: str) -> str:
    """The numbers of a text, in their order."""
    return " ".join(_NUMBER.findall(text if text.isascii() else fold(text)))


def _text(text: str) -> str:
    return text


def _local(email: str) -> str:
    return email.rpartition("@")[0]


def _domain(email: str) -> str | None:
    return registered_domain(email.rpartition("@")[2])


def _core(email: str) -> str:
    return f"{_local(email).replace('_', '')}@{_domain(email)}"


def _company_domain(email: str) -> str | None:
    domain = _domain(email)
    return None if domain in PUBLIC_DOMAINS else domain


FIELD_KEYS: dict[str, Callable[[str], str | None]] = {
    "address": address_key,
    "digits": _digits,
    "figures": _figures,
    "fold": fold,
    "name": name_key,
    "organization": organization_key,
    "plain": plain_number,
    "postal": postal_key,
    "text": _text,
    "words": _words,
}
"""The keys that a comparison may name, as functions of a text."""

_OF_EMAIL: dict[str, Callable[[str], str | None]] = {
    "company domain": _company_domain,
    "email core": _core,
    "email domain": _domain,
    "email local": _local,
}

_FIELDS: dict[str, tuple[Any, str]] = {
    "address": (_address, "address"),
    "born": (_born, "digits"),
    "city": (_postal("city"), "name"),
    "company_domain": (_emails, "company domain"),
    "company_number": (_numbers(*TAX_KINDS), "plain"),
    "country": (_postal("country"), "fold"),
    "either_name": (_either_name, "name"),
    "email": (_emails, "text"),
    "email_core": (_emails, "email core"),
    "email_domain": (_emails, "email domain"),
    "email_local": (_emails, "email local"),
    "family": (_name_part("family"), "name"),
    "family_phonetic": (_name_part("family_phonetic"), "name"),
    "given": (_name_part("given"), "name"),
    "given_phonetic": (_name_part("given_phonetic"), "name"),
    "house": (_postal("street"), "figures"),
    "identity": (_numbers(*NATIONAL_KINDS), "plain"),
    "middle": (_name_part("middle"), "name"),
    "name": (_whole_name, "text"),
    "phone": (_phones, "text"),
    "postal": (_postal("postal_code"), "postal"),
    "region": (_postal("region"), "name"),
    "street": (_postal("street"), "address"),
    "tax_number": (_numbers("tax-number"), "plain"),
    "trade_name": (_name_part("trade_name"), "organization"),
}
