"""What consent, sends and suppression know a contact point by: its kind and its key, in one text."""

from __future__ import annotations

import re

from relex.errors import InvalidValue
from relex.parties import POINT_KINDS, ContactPoint, point_key

__all__ = ["CHANNELS", "address", "required_address"]

CHANNELS = {"postal": "post"}
"""The channel that a kind of point serves, where it has another name."""

_EXPECTED = "a ContactPoint with a key, or its kind and what is read as its key, such as email:anna@example.com"
_E164 = re.compile(r"\+[0-9]+")


def address(point: ContactPoint) -> str | None:
    """The kind and the key of a point, such as `email:anna@example.com`; None where it has no key.

    Example:
        >>> address(ContactPoint("email", "Anna@Example.com"))
        'email:anna@example.com'

    .. versionadded:: 0.1.0
    """
    key = point.key
    if key is None:
        return None
    if not key.isascii() or key != key.lower():  # a key of the caller's own may differ from the one of the text
        key = _key(point.kind, key) or key
    return f"{point.kind}:{key}"


def required_address(path: str, point: ContactPoint | str) -> str:
    """The address of a point that must have one; text is read, so that every spelling is one address."""
    found = address(point) if isinstance(point, ContactPoint) else point
    kind, _, value = found.partition(":") if isinstance(found, str) else ("", "", "")
    key = _key(kind, value) if kind in POINT_KINDS else None
    if key is None:
        raise InvalidValue(path, point, _EXPECTED)
    return f"{kind}:{key}"


def _key(kind: str, value: str) -> str | None:
    """The key of a text; a number that another reader knows is one, even if the core cannot tell."""
    found = point_key(kind, value)
    return value if found is None and kind == "phone" and _E164.fullmatch(value) else found
