"""What is read of a customer's picture: the facts that come from points and ties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex.parties import ContactPoint, PostalAddress, Preferences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relex.parties import Profile, Record, Relationship

__all__ = ["direct_facts", "pictured_facts"]

_NOTHING: dict[str, Any] = {
    "customer.language": None,
    "customer.country": None,
    "customer.city": None,
    "customer.email_domain": None,
    "customer.parent": None,
}


def direct_facts(direct: Record) -> Mapping[str, Any]:
    """The facts of a customer whose own statements are the whole picture."""
    if not direct.points and not direct.relationships and direct.preferences is None:
        return _NOTHING
    points = _in_use(direct.points)
    email, postal = _first_of(points, "email"), _first_of(points, "postal")
    address = postal.value if postal is not None and isinstance(postal.value, PostalAddress) else None
    return {
        "customer.language": None if direct.preferences is None else _language(direct.preferences),
        "customer.country": None if address is None else address.country,
        "customer.city": None if address is None else address.city,
        "customer.email_domain": None if email is None else _domain(email),
        "customer.parent": _parent(direct.relationships),
    }


def pictured_facts(profile: Profile) -> dict[str, Any]:
    """The facts of a customer who is pictured by several records."""
    preferences, points = profile.get("preferences"), _in_use(profile.get("points") or ())
    shown = profile.get("email")
    email = _first_of(sorted(points, key=lambda point: point.value != shown), "email")
    country, city = _place(profile, [point for point in points if point.kind == "postal"])
    return {
        "customer.language": None if preferences is None else _language(preferences),
        "customer.country": country,
        "customer.city": city,
        "customer.email_domain": None if email is None else _domain(email),
        "customer.parent": _parent(profile.get("relationships") or ()),
    }


def _in_use(points: Iterable[ContactPoint]) -> list[ContactPoint]:
    """The points that have no end."""
    return [point for point in points if point.valid is None or point.valid.end is None]


def _first_of(points: Iterable[ContactPoint], kind: str) -> ContactPoint | None:
    """The primary point of a kind, else the first."""
    found = [point for point in points if point.kind == kind]
    return next((point for point in found if point.primary), found[0] if found else None)


def _place(profile: Profile, points: list[ContactPoint]) -> tuple[str | None, str | None]:
    """Country and city of the primary address, else those of the picture where an address in use has them."""
    places = [(each.value.country, each.value.city) for each in points if isinstance(each.value, PostalAddress)]
    shown = _text(profile.get("country")), _text(profile.get("city"))
    if not places:
        return None, None
    first = next((place for place, point in zip(places, points, strict=True) if point.primary), None)
    is_in_use = all(part in parts for part, parts in zip(shown, zip(*places, strict=True), strict=True))
    return first or (shown if is_in_use else places[0])


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None  # a policy may unite several, and a fact is one


def _language(preferences: Preferences) -> str | None:
    return preferences.languages[0] if preferences.languages else None


def _domain(point: ContactPoint) -> str | None:
    return None if point.key is None else point.key.rpartition("@")[2] or None


def _parent(ties: Iterable[Relationship]) -> str | None:
    going = [tie.to for tie in ties if tie.kind == "parent" and (tie.valid is None or tie.valid.end is None)]
    return going[-1] if going else None
