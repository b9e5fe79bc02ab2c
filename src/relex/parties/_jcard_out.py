"""Parties as jCards, so that address books can take them in."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from relex.errors import InvalidValue
from relex.parties._names import OrganizationName, PersonName
from relex.parties._points import ContactPoint, PostalAddress

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SUFFIXES", "Property", "to_jcard"]

Property: TypeAlias = list[Any]
"""The name, the parameters, the type, and at least one value."""

SUFFIXES = ", "
"""What stands between several suffixes of a name."""

_DIALED = re.compile(r"\+[0-9][0-9().-]*")
_OTHERS = {"messaging": "impp", "social": "socialprofile"}


def to_jcard(party: Any) -> list[Any]:
    """A party as a jCard: lists, dicts and str for JSON.

    It carries kind, name with its reading, contact points, languages, birthday, organization and tags. What a jCard has
    no place for stays behind: relationships, identifiers, when points are in use or were verified, push addresses.

    Args:
        party: A `Record`, a customer, or anything with a `name`; also read are `id` or `key`, `points`, `preferences`,
            `tags`, `born`, and the free field `organization` among `values`.

    Raises:
        InvalidValue: For something without a name.

    Source: RFC 7095 (jCard), RFC 6350 (vCard), RFC 3966 (tel), RFC 9554 (socialprofile).

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.parties import PersonName, Record
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> mail = ContactPoint("email", "ada@example.com")
        >>> ada = Record("crm", "7", day, name=PersonName("Ada Berg"), points=[mail])
        >>> for line in to_jcard(ada)[1]:
        ...     print(line)
        ['version', {}, 'text', '4.0']
        ['kind', {}, 'text', 'individual']
        ['uid', {}, 'text', '7']
        ['fn', {}, 'text', 'Ada Berg']
        ['email', {}, 'text', 'ada@example.com']

    .. versionadded:: 0.1.0
    """
    name = getattr(party, "name", None)
    if not isinstance(name, (PersonName, OrganizationName)):
        raise InvalidValue("to_jcard.party", party, "a party with a name")
    is_person = isinstance(name, PersonName)
    lines: list[Property] = [
        ["version", {}, "text", "4.0"],
        ["kind", {}, "text", "individual" if is_person else "org"],
    ]
    uid = getattr(party, "key", None) or getattr(party, "id", None)
    if uid is not None:
        lines.append(["uid", {}, "text", uid])
    lines += _person(name, party) if isinstance(name, PersonName) else _organization(name)
    for point in getattr(party, "points", ()):
        lines += _point(point)
    preferences = getattr(party, "preferences", None)
    for place, tag in enumerate(preferences.languages if preferences is not None else (), start=1):
        lines.append(["lang", {"pref": str(place)}, "language-tag", tag])
    tags = getattr(party, "tags", ())
    if tags:
        lines.append(["categories", {}, "text", *tags])
    return ["vcard", lines]


def _person(name: PersonName, party: Any) -> Iterator[Property]:
    yield ["fn", {}, "text", str(name)]
    parts = [name.family, name.given, name.middle, name.prefix]
    suffixes = (name.suffix or "").split(SUFFIXES)
    reading = [name.family_phonetic or "", name.given_phonetic or ""]
    if name.family is not None or name.given is not None:
        params = {"sort-as": reading} if any(reading) else {}
        last = suffixes if len(suffixes) > 1 else suffixes[0]
        yield ["n", params, "text", [*(part or "" for part in parts), last]]
    born = getattr(party, "born", None)
    if born is not None:
        is_date = isinstance(born, date)
        yield ["bday", {}, "date" if is_date else "text", born.isoformat() if is_date else born]
    organization = dict(getattr(party, "values", ())).get("organization")
    if isinstance(organization, str):
        yield ["org", {}, "text", organization]


def _organization(name: OrganizationName) -> Iterator[Property]:
    yield ["fn", {}, "text", str(name)]
    yield ["org", {} if name.phonetic is None else {"sort-as": name.phonetic}, "text", name.full]


def _point(point: ContactPoint) -> Iterator[Property]:
    params: dict[str, Any] = {}
    if point.purposes:
        params["type"] = point.purposes[0] if len(point.purposes) == 1 else list(point.purposes)
    if point.primary:
        params["pref"] = "1"
    if isinstance(point.value, PostalAddress):
        yield _address(point.value, params)
    elif point.kind == "phone":
        yield _phone(point, point.value, params)
    elif point.kind == "email":
        yield ["email", params, "text", point.value]
    elif point.kind in _OTHERS:
        yield [_OTHERS[point.kind], params, "text", point.value]


def _phone(point: ContactPoint, value: str, params: dict[str, Any]) -> Property:
    """The number as an address that can be dialed: as typed if it is one, else by its key."""
    number = value if _DIALED.fullmatch(value) else point.key
    if number is None:
        return ["tel", params, "text", value]
    return ["tel", params, "uri", f"tel:{number}{f';ext={point.extension}' if point.extension else ''}"]


def _address(address: PostalAddress, params: dict[str, Any]) -> Property:
    if address.full is not None:
        params["label"] = address.full
    parts = (address.street, address.city, address.region, address.postal_code, address.country)
    return ["adr", params, "text", ["", "", *(part or "" for part in parts)]]
