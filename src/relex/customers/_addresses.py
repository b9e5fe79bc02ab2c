"""What consent, sends and suppression know a contact point by: its kind and its key, in one text."""

from __future__ import annotations

from relex import _checks
from relex.errors import InvalidValue
from relex.parties import ContactPoint

__all__ = ["CHANNELS", "address", "required_address"]

CHANNELS = {"postal": "post"}
"""The channel that a kind of point serves, where it has another name."""

_ADDRESS = _checks.Check(
    "a ContactPoint with a key, or its kind and key such as email:anna@example.com",
    lambda value: isinstance(value, str) and all(value.partition(":")),
)


def address(point: ContactPoint) -> str | None:
    """The kind and the key of a point, such as `email:anna@example.com`; None where it has no key.

    Example:
        >>> address(ContactPoint("email", "Anna@Example.com"))
        'email:anna@example.com'

    .. versionadded:: 0.1.0
    """
    return None if point.key is None else f"{point.kind}:{point.key}"


def required_address(path: str, point: ContactPoint | str) -> str:
    """The address of a point that must have one, or the address itself."""
    found = address(point) if isinstance(point, ContactPoint) else point
    if found is None or not _ADDRESS.passes(found):
        raise InvalidValue(path, point, _ADDRESS.expected)
    return found
