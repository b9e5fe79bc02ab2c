"""What may be asked of a store: the stores of relex share these checks, so a mistake reads the same in each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.changes import Event
from relex.errors import InvalidValue
from relex.repositories._ports import Message
from relex.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "BATCH",
    "ID",
    "LIMIT",
    "VERSION",
    "check_messages",
    "check_page",
    "check_window",
    "is_aggregates",
    "is_entries",
    "require_aggregates",
    "require_entries",
]

_MOST = 2**63 - 1  # the largest int that databases and their drivers take

ID = _checks.Check("a str", lambda value: isinstance(value, str))
LIMIT = _checks.optional(_checks.whole(least=0, most=_MOST))
VERSION = _checks.whole(least=0, most=_MOST)
BATCH = _checks.whole(least=1, most=_MOST)

_ID_OR_NONE = _checks.optional(ID)
_INSTANT = _checks.optional(_checks.instant)
_RULE = _checks.optional(_checks.a(Rule))


def is_aggregates(kind: object) -> bool:
    """Whether this is a class of aggregates: they have facts, and evolve."""
    return isinstance(kind, type) and hasattr(kind, "facts") and hasattr(kind, "evolve")


def is_entries(kind: object) -> bool:
    """Whether this is a class of entries: they have facts, and never change."""
    return isinstance(kind, type) and hasattr(kind, "facts") and not hasattr(kind, "evolve")


def require_aggregates(path: str, kind: object) -> None:
    """Raise `InvalidValue` unless this is a class of aggregates."""
    if not is_aggregates(kind):
        raise InvalidValue(path, kind, "a class of aggregates")


def require_entries(path: str, kind: object) -> None:
    """Raise `InvalidValue` unless this is a class of entries."""
    if not is_entries(kind):
        raise InvalidValue(path, kind, "a class of entries")


def check_page(verb: str, rule: object, after: object, limit: object) -> None:
    """Raise `InvalidValue` unless `find` or `read` may be asked for this."""
    _RULE.require(f"{verb}.rule", rule)
    _ID_OR_NONE.require(f"{verb}.after", after)
    LIMIT.require(f"{verb}.limit", limit)


def check_window(of: object, since: object, until: object) -> None:
    """Raise `InvalidValue` unless a log may be read for this subject and time."""
    _ID_OR_NONE.require("read.of", of)
    _INSTANT.require("read.since", since)
    _INSTANT.require("read.until", until)


def check_messages(given: Iterable[Any]) -> None:
    """Raise `InvalidValue` unless these are messages of an outbox."""
    for message in given:
        if not (isinstance(message, Message) and is_aggregates(message.kind) and isinstance(message.event, Event)):
            raise InvalidValue("delivered.messages", message, "a Message, as pending() gives it")
