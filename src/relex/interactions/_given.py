"""Reading dicts that others made: every part is checked, and what is wrong is named by its path."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from relex import _checks
from relex.errors import InvalidValue

__all__ = ["Given", "instant_of", "is_storable", "scalars"]

_LONGEST = 10_000
_MOST = 1_000
_TEXT = f"a str of 1 to {_LONGEST} characters that can be encoded"


class Given:
    """A dict and where it stands.

    Attributes:
        path: Of the dict, such as `call.context`.
        data: The dict.
    """

    __slots__ = ("data", "path")

    def __init__(self, path: str, data: object) -> None:
        if not isinstance(data, Mapping):
            raise InvalidValue(path, data, "a mapping")
        if len(data) > _MOST:
            raise InvalidValue(path, len(data), f"at most {_MOST} entries")
        for name in data:
            if not is_storable(name):
                raise InvalidValue(path, name, f"keys that are each {_TEXT}")
        self.path = path
        self.data = data

    def text(self, name: str) -> str:
        """A text that must be there."""
        found = self.text_or_none(name)
        if found is None:
            raise InvalidValue(f"{self.path}.{name}", None, _TEXT)
        return found

    def text_or_none(self, name: str) -> str | None:
        """A text that may be missing."""
        found = self.data.get(name)
        if found is not None and not is_storable(found):
            raise InvalidValue(f"{self.path}.{name}", found, _TEXT)
        return found

    def instant_or_none(self, name: str) -> datetime | None:
        """An instant as ISO 8601 with an offset, that may be missing."""
        found = self.data.get(name)
        return None if found is None else instant_of(f"{self.path}.{name}", found)

    def inner(self, name: str) -> Given:
        """A dict inside; an empty one where there is none."""
        found = self.data.get(name)
        return Given(f"{self.path}.{name}", {} if found is None else found)


def is_storable(value: object) -> bool:
    """Whether this is a text of a length that somebody may have meant, without half characters."""
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
        return False
    return value.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in value)


def instant_of(path: str, value: object) -> datetime:
    """An instant out of ISO 8601 text with an offset, or an aware datetime."""
    found = value
    if isinstance(value, str) and len(value) <= _LONGEST:
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
    if not _checks.instant.passes(found):
        raise InvalidValue(path, value, "an instant with an offset, as in 2026-05-01T09:00:00Z")
    return found  # type: ignore[return-value]  # checked


def scalars(given: Given) -> tuple[dict[str, Any], bool]:
    """What can be kept of a dict of anything, and whether something cannot be: objects, mixed lists, endless numbers.

    A float becomes the Decimal that it shows as; None is nothing.
    """
    found: dict[str, Any] = {}
    for name, value in given.data.items():
        kept = _scalar(value)
        if kept is not None:
            found[name] = kept
    return found, any(value is not None and name not in found for name, value in given.data.items())


def _scalar(value: Any) -> Any:
    """The value as facts hold it, or None."""
    if isinstance(value, (bool, date)):
        return value if not isinstance(value, datetime) or _checks.instant.passes(value) else None
    if isinstance(value, str):
        return value if value == "" or is_storable(value) else None
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, (int, Decimal)):
        return value if _checks.exact.passes(value) else None
    if isinstance(value, (list, tuple)) and len(value) <= _MOST and all(map(is_storable, value)):
        return tuple(value)
    return None
