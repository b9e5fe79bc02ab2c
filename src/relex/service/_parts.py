"""What a case is made of: messages, links to other things, and what an escalation was about."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import attrs

from relex import _checks
from relex._instants import moment
from relex.codec import tagged

__all__ = [
    "DIRECTIONS",
    "GRADE",
    "GRADE_OR_NONE",
    "LINKS",
    "MESSAGES",
    "OCCURRENCES",
    "TAGS",
    "CaseLink",
    "CaseMessage",
    "EscalatedOccurrence",
]

DIRECTIONS = ("in", "out")


@tagged("service.CaseMessage")
@attrs.frozen(weakref_slot=False)
class CaseMessage:
    """One message of a case, known by its id and its instant; the text lives elsewhere.

    Attributes:
        id: The same id is the same message.
        at: When it was written; aware.
        direction: `in` from the customer, `out` from us.
        internal: Written by a colleague; it is kept, and moves nothing.
        automatic: Written by a machine, such as an absence notice or a receipt; it is kept, and is neither a word of
            the customer nor an answer.
        by: Id of the person who wrote it, or None.

    Example:
        >>> from datetime import datetime, timezone
        >>> CaseMessage("m1", datetime(2026, 6, 1, 9, tzinfo=timezone.utc), direction="in").counts
        True

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    direction: str = attrs.field(kw_only=True, validator=_checks.one_of(*DIRECTIONS))
    internal: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)
    automatic: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)
    by: str | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.text))

    @property
    def counts(self) -> bool:
        """Whether a person wrote it to somebody on the other side."""
        return not (self.internal or self.automatic)


@tagged("service.CaseLink")
@attrs.frozen(order=True, weakref_slot=False)
class CaseLink:
    """Something that a case is about or belongs to.

    Attributes:
        kind: Any word, such as `purchase`, `product`, `interaction` or `case`.
        id: Its id.

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(validator=_checks.text)
    id: str = attrs.field(validator=_checks.text)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@tagged("service.EscalatedOccurrence")
@attrs.frozen(order=True, weakref_slot=False)
class EscalatedOccurrence:
    """Which occurrence of which milestone an escalation was about.

    Attributes:
        milestone: Its name.
        number: From 1.

    .. versionadded:: 0.1.0
    """

    milestone: str = attrs.field(validator=_checks.text)
    number: int = attrs.field(validator=_checks.whole(least=1))

    def __str__(self) -> str:
        return f"{self.milestone} {self.number}"


def _is_sorted(value: object, kind: type) -> bool:
    """Whether this is a tuple of such items, sorted, and each once."""
    if not isinstance(value, tuple) or not all(isinstance(each, kind) and each for each in value):
        return False
    return all(one < other for one, other in pairwise(value))


TAGS = _checks.Check("a tuple of words, sorted, each once", lambda value: value == () or _is_sorted(value, str))
LINKS = _checks.Check("a tuple of links, sorted, each once", lambda value: value == () or _is_sorted(value, CaseLink))
OCCURRENCES = _checks.each(_checks.a(EscalatedOccurrence))


def _is_messages(value: object) -> bool:
    if not isinstance(value, tuple) or not all(isinstance(each, CaseMessage) for each in value):
        return False
    return len({each.id for each in value}) == len(value)


MESSAGES = _checks.Check("a tuple of messages, each id once", _is_messages)
_WHOLE = _checks.whole()
GRADE = _checks.Check(
    "a non-empty str, or an int of at most 60 digits",
    lambda value: _checks.text.passes(value) or (_WHOLE.passes(value) and _checks.exact.passes(value)),
)
GRADE_OR_NONE = _checks.optional(GRADE)
