"""Whose an item is, also where customers were merged and parted again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from relex.codec import tag_of
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["PARTIES", "Aliased", "parties_of"]

PARTIES = ("customers", "subject", "customer")
"""The attributes that may say whose an item is."""


class Aliased(Protocol):
    """What tells under which other ids a customer has been known, such as `relex.customers.Aliases`.

    Where it also has `owner(entry)`, entries that an unmerge gave to somebody else are theirs.

    .. versionadded:: 0.1.0
    """

    def all(self, id: str, /) -> Iterable[str]:  # noqa: A002 - the field's name everywhere in relex
        """Every id that stands for the same customer."""
        ...

    def current(self, id: str, /) -> str:  # noqa: A002 - the field's name everywhere in relex
        """The id under which the customer is known now."""
        ...


def parties_of(item: Any, aliases: Aliased | None = None) -> tuple[str, ...]:
    """The customers whose an item is, as it names them; the subject as an unmerge left it.

    Raises:
        InvalidValue: For an item that has none of the attributes that may say it.
    """
    stated = (getattr(item, name, PARTIES) for name in PARTIES)
    found: Any = next((value for value in stated if value is not PARTIES), PARTIES)
    if found is PARTIES:
        raise InvalidValue("timeline.entries", item, f"items that say whose they are, by {' or '.join(PARTIES)}")
    named = (found,) if isinstance(found, str) else tuple(found or ())
    owner = getattr(aliases, "owner", None)
    if owner is None or not named or not _is_entry(item):
        return named
    return tuple(owner(item) if name == item.subject else name for name in named)


def _is_entry(item: Any) -> bool:
    """Whether it is an entry of a kind that mergers know by its stored name."""
    try:
        return bool(tag_of(type(item))) and hasattr(item, "subject")
    except InvalidValue:
        return False
