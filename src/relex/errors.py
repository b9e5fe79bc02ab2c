"""The one hierarchy of errors that relex raises.

Whose move is next is told by the class: `InvalidValue` and `CurrencyMismatch` ask for another input,
`Rejected` for another command, `NotFound` for another id, `Conflict` for a reload and a retry,
`NotSupported` for another adapter or a simpler query.
Messages are for people; attributes carry the same parts for machines.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Conflict", "CurrencyMismatch", "InvalidValue", "NotFound", "NotSupported", "Rejected", "RelexError"]

_LONGEST = 80


class RelexError(Exception):
    """Root of every error that relex raises on purpose.

    .. versionadded:: 0.1.0
    """


class InvalidValue(RelexError, ValueError):
    """A value that is wrong in any state: fix the input.

    Attributes:
        path: Where the value stands, class first: `Line.quantity`, `Program.rules[2].award`.
        value: What was given.
        expected: What would have been accepted, in words.

    Example:
        >>> raise InvalidValue("Line.quantity", -1, "a number of at least 0")
        Traceback (most recent call last):
            ...
        relex.errors.InvalidValue: Line.quantity: expected a number of at least 0, got -1

    .. versionadded:: 0.1.0
    """

    def __init__(self, path: str, value: object, expected: str) -> None:
        super().__init__(path, value, expected)
        self.path = path
        self.value = value
        self.expected = expected

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, got {shown(self.value)}"

    def inside(self, path: str) -> InvalidValue:
        """The same error, seen from a container in which the value stands at `path`."""
        joint = "" if self.path.startswith("[") or not self.path else "."
        return InvalidValue(f"{path}{joint}{self.path}", self.value, self.expected)


class CurrencyMismatch(RelexError, TypeError):
    """Two currencies met in one operation; convert one side first with an explicit rate table.

    Attributes:
        expected: The currency that was expected, such as `USD`.
        actual: The currency that was found.

    .. versionadded:: 0.1.0
    """

    def __init__(self, expected: str, actual: str) -> None:
        super().__init__(expected, actual)
        self.expected = expected
        self.actual = actual

    def __str__(self) -> str:
        return f"expected an amount in {self.expected}, got one in {self.actual}; convert it with a dated rate table"


class Rejected(RelexError):
    """A command that the rules refuse in this state; nothing has changed.

    Attributes:
        command: The command, such as `redeem`.
        reason: A stable code, such as `insufficient_points`.
        details: What was asked and what was allowed, by name.

    Example:
        >>> error = Rejected("move_to", "move_not_allowed", {"stage": "won", "allowed": ("demo", "lost")})
        >>> print(error)
        move_to is refused: move_not_allowed (stage 'won', allowed ('demo', 'lost'))
        >>> error.allowed, error.unmet
        (('demo', 'lost'), ())

    .. versionadded:: 0.1.0
    """

    def __init__(self, command: str, reason: str, details: dict[str, object] | None = None) -> None:
        super().__init__(command, reason, details)
        self.command = command
        self.reason = reason
        self.details = dict(details or {})

    @property
    def allowed(self) -> tuple[Any, ...]:
        """What would have been accepted, such as the stages that can be reached; empty where nothing can be listed."""
        return _several(self.details.get("allowed"))

    @property
    def unmet(self) -> tuple[Any, ...]:
        """Every requirement that is not met; empty where none was asked."""
        return _several(self.details.get("unmet"))

    def __str__(self) -> str:
        unmet = self.unmet
        parts = ", ".join(
            f"{name} {shown(value)}" for name, value in self.details.items() if name != "unmet" or not unmet
        )
        told = f"{self.command} is refused: {self.reason}" + (f" ({parts})" if parts else "")
        return told + (f": {'; '.join(map(str, unmet))}" if unmet else "")


def _several(value: object) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else () if value is None else (value,)


class NotFound(RelexError, LookupError):
    """Nothing of this kind has this id.

    Attributes:
        kind: What was looked for, such as `Account`.
        id: The id that is not there.

    .. versionadded:: 0.1.0
    """

    def __init__(self, kind: str, id: str) -> None:  # noqa: A002 - the field's name everywhere in relex
        super().__init__(kind, id)
        self.kind = kind
        self.id = id

    def __str__(self) -> str:
        return f"no {self.kind} with id {shown(self.id)}"


class Conflict(RelexError):
    """The same id with another version or another content: load again and decide again.

    Attributes:
        id: The id that is claimed twice.
        expected: The version or content that the caller counted on.
        actual: The version or content that is there.

    .. versionadded:: 0.1.0
    """

    def __init__(self, id: str, expected: object, actual: object) -> None:  # noqa: A002 - as above
        super().__init__(id, expected, actual)
        self.id = id
        self.expected = expected
        self.actual = actual

    def __str__(self) -> str:
        return f"{shown(self.id)}: expected {shown(self.expected)}, found {shown(self.actual)}"


class NotSupported(RelexError):
    """An adapter cannot express what was asked; it says so instead of answering something else.

    Attributes:
        what: The part that cannot be expressed.
        by: The adapter.

    .. versionadded:: 0.1.0
    """

    def __init__(self, what: str, by: str) -> None:
        super().__init__(what, by)
        self.what = what
        self.by = by

    def __str__(self) -> str:
        return f"{self.by} cannot express {self.what}"


def shown(value: object) -> str:
    """A short repr of any value, for a message; never raises and never grows beyond 80 characters."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - a repr may fail in any way, and the message must still be made
        text = f"<{type(value).__name__}>"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
