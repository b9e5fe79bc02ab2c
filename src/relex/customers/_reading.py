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
    email, postal = direct.main("email"), direct.main("postal")
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
    preferences, email = profile.get("preferences"), profile.get("email")
    points = () if email is None else profile.get("points") or ()
    main = next((point for point in points if point.kind == "email" and point.value == email), None)
    return {
        "customer.language": None if preferences is None else _language(preferences),
        "customer.country": _text(profile.get("country")),
        "customer.city": _text(profile.get("city")),
        "customer.email_domain": None if main is None else _domain(main),
        "customer.parent": _parent(profile.get("relationships") or ()),
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None  # a policy may unite several, and a fact is one


def _language(preferences: Preferences) -> str | None:
    return preferences.languages[0] if preferences.languages else None


def _domain(point: ContactPoint) -> str | None:
    return None if point.key is None else point.key.rpartition("@")[2] or None


def _parent(ties: Iterable[Relationship]) -> str | None:
    going = [tie.to for tie in ties if tie.kind == "parent" and (tie.valid is None or tie.valid.end is None)]
    return going[-1] if going else None
