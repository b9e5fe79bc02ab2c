"""Synthetic customers for measuring: a seeded stream of records, some of the same person, some of one household.

Names, towns and streets are drawn by Zipf's law out of made-up words, so that a few are everywhere and most are rare:
8,000 given names, 150,000 family names, 30,000 towns with up to ten postal codes, 100,000 streets.
A person has an address (three in ten share theirs and the family name with the person before), an e-mail in seven of
ten records, a phone in six, a day of birth in eight. Fifteen in a hundred records are of a person who is known already,
with typos, blanks, names that changed places, a new address, a new e-mail.
"""

from __future__ import annotations

from bisect import bisect
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING

import attrs

from relex.parties import ContactPoint, PersonName, PostalAddress, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Person", "crowd", "people"]

_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_FIRST_BIRTH = date(1935, 1, 1)
_SOUNDS = [
    a + b
    for a in ("b", "br", "c", "d", "f", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v", "w")
    for b in ("a", "e", "i", "o", "u", "ar", "el", "in", "on")
]
_ENDS = ("", "n", "s", "ra", "ton", "ley", "son", "ski", "man", "a")
_DOMAINS = ("gmail.com", "yahoo.com", "outlook.com", "gmx.net", "example.org")
_KINDS = ("street", "avenue", "road", "lane", "court")


@attrs.frozen
class Person:
    """What a record says, as plain text."""

    given: str | None
    family: str | None
    born: str | None
    email: str | None
    phone: str | None
    street: str | None
    city: str | None
    postal: str | None


class _Words:
    """So many made-up words, the first ones frequent and the last ones rare."""

    def __init__(self, chance: Random, size: int, sounds: int) -> None:
        words: dict[str, None] = {}
        while len(words) < size:
            words["".join(chance.choice(_SOUNDS) for _ in range(chance.randint(1, sounds))) + chance.choice(_ENDS)] = (
                None
            )
        self.words = list(words)
        self.ranks = list(accumulate(1 / (rank + 20) for rank in range(size)))

    def one(self, chance: Random) -> str:
        return self.words[bisect(self.ranks, chance.random() * self.ranks[-1])]


def people(size: int, seed: int = 7) -> Iterator[tuple[int, Person]]:
    """So many records, each with the number of its person."""
    chance = Random(seed)  # noqa: S311 - no secret
    given, family = _Words(chance, 8_000, 3), _Words(chance, 150_000, 4)
    streets, cities = _Words(chance, 100_000, 4), _Words(chance, 30_000, 4)
    known: list[Person] = []
    number = 0
    for _ in range(size):
        if known and chance.random() < 0.15:
            place = chance.randrange(len(known))
            yield number - len(known) + place, _again(chance, known[place], streets, cities)
            continue
        at_home = known[-1] if known and chance.random() < 0.3 else None
        person = _person(chance, given, family if at_home is None else None, at_home, streets, cities)
        known.append(person)
        number += 1
        if len(known) > 5_000:  # a person comes back soon or never, so that nothing grows
            del known[:1_000]
        yield number - 1, person


def crowd(size: int, seed: int = 7) -> Iterator[Record]:
    """The same as records, made one by one."""
    for place, (number, person) in enumerate(people(size, seed)):
        yield _record(f"{number}-{place}", person)


def _person(
    chance: Random, given: _Words, family: _Words | None, home: Person | None, streets: _Words, cities: _Words
) -> Person:
    first = given.one(chance)
    last = home.family if family is None and home is not None and home.family else given.one(chance) + "s"
    if family is not None:
        last = family.one(chance)
    city = cities.one(chance)
    return Person(
        given=first,
        family=last,
        born=(_FIRST_BIRTH + timedelta(days=chance.randrange(26_000))).isoformat() if chance.random() < 0.8 else None,
        email=_email(chance, first, last) if chance.random() < 0.7 else None,
        phone=f"+1{chance.randrange(2_000_000_000, 9_999_999_999)}" if chance.random() < 0.6 else None,
        street=home.street if home else f"{chance.randint(1, 300)} {streets.one(chance)} {chance.choice(_KINDS)}",
        city=home.city if home else city,
        postal=home.postal if home else _postal(chance, city),
    )


def _postal(chance: Random, city: str) -> str:
    """One of ten codes of a town, which are the same in every run."""
    found = 0
    for letter in city:
        found = (found * 31 + ord(letter)) % 1_000_003
    return f"{found % 9_000 + 1_000}{chance.randint(0, 9)}"


def _email(chance: Random, given: str, family: str) -> str:
    return f"{given}.{family}{chance.randint(1, 9_999)}@{chance.choice(_DOMAINS)}"


def _again(chance: Random, person: Person, streets: _Words, cities: _Words) -> Person:
    """The same person in another record."""
    changes: dict[str, str | None] = {}
    for name in ("given", "family", "street", "city", "born"):
        value = getattr(person, name)
        if value and chance.random() < 0.15:
            changes[name] = _typo(chance, value)
    for name in ("given", "born", "email", "phone", "street"):
        if chance.random() < 0.1:
            changes[name] = None
    if chance.random() < 0.1:
        city = cities.one(chance)
        changes |= {
            "street": f"{chance.randint(1, 300)} {streets.one(chance)} {chance.choice(_KINDS)}",
            "city": city,
            "postal": _postal(chance, city),
        }
    if chance.random() < 0.15 and person.given and person.family:
        changes["email"] = _email(chance, person.given, person.family)
    if chance.random() < 0.03:
        changes |= {"given": person.family, "family": person.given}
    return attrs.evolve(person, **changes)


def _typo(chance: Random, text: str) -> str:
    place = chance.randrange(len(text))
    kind = chance.randrange(3)
    if kind == 0:
        return text[:place] + text[place + 1 :] or text
    if kind == 1:
        return text[:place] + chance.choice("abcdefghijklmnopqrstuvwxyz") + text[place + 1 :]
    return text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :] if place else text


def _record(key: str, person: Person) -> Record:
    points = []
    if person.email:
        points.append(ContactPoint("email", person.email, key=person.email))
    if person.phone:
        points.append(ContactPoint("phone", person.phone, key=person.phone))
    if person.street or person.city:
        address = PostalAddress(street=person.street, city=person.city, postal_code=person.postal)
        points.append(ContactPoint("postal", address, key="-"))
    return Record(
        "synthetic",
        key,
        _DAY,
        name=PersonName(given=person.given, family=person.family) if person.given or person.family else None,
        points=points,
        born=person.born,
    )
