"""Customer relationships and customer experience as a pure Python library.

The names that most users need, and the contexts; each is loaded when it is first asked for, so that importing relex
costs next to nothing. Everything else is in its context: `relex.loyalty`, `relex.insights` and so on.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relex.changes import Aggregate, Change, Event, replay
    from relex.errors import (
        Conflict,
        CurrencyMismatch,
        InvalidValue,
        NotFound,
        NotSupported,
        Rejected,
        RelexError,
    )

__all__ = [
    "Aggregate",
    "Change",
    "Conflict",
    "CurrencyMismatch",
    "Event",
    "InvalidValue",
    "NotFound",
    "NotSupported",
    "Rejected",
    "RelexError",
    "replay",
]

_NAMES = {
    "changes": ("Aggregate", "Change", "Event", "replay"),
    "errors": (
        "Conflict",
        "CurrencyMismatch",
        "InvalidValue",
        "NotFound",
        "NotSupported",
        "Rejected",
        "RelexError",
    ),
}
_HOMES = {name: f"relex.{context}" for context, names in _NAMES.items() for name in names}


if not TYPE_CHECKING:  # pragma: no branch - with it, a checker would take any name for granted

    def __getattr__(name: str) -> object:
        """Load what is asked for: a name of the list above, or a context."""
        if name in _HOMES:
            found = getattr(import_module(_HOMES[name]), name)
        elif name in _NAMES:
            found = import_module(f"relex.{name}")
        else:
            raise AttributeError(f"module 'relex' has no attribute {name!r}; is it in one of its contexts?")
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_NAMES})
