"""What people say of two records: the same party, not the same, and taken back. The latest word on a pair holds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, TypeAlias

import attrs

from relex import _checks
from relex._instants import moment
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.matching._entries import once, until
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Assertion", "NotSameAs", "Retracted", "SameAs", "latest", "standing"]

_TEXT_OR_NONE = _checks.optional(_checks.text)


@attrs.frozen(weakref_slot=False)
class _Said:
    """Somebody's word on two records."""

    id: str = attrs.field(validator=_checks.text)
    a: str = attrs.field(validator=_checks.text)
    b: str = attrs.field(validator=_checks.text)
    by: str = attrs.field(validator=_checks.text, kw_only=True)
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {"a": str, "at": datetime, "b": str, "by": str, "id": str, "kind": str, "reason": str}
    )
    _kind: ClassVar[str]

    def __attrs_post_init__(self) -> None:
        """Refuse a word on one record alone."""
        if self.a == self.b:
            raise InvalidValue(f"{type(self).__name__}.b", self.b, f"another record than {self.a}")

    @property
    def subject(self) -> str:
        """Ref of the record that was named first, by which assertions are read."""
        return self.a

    @property
    def pair(self) -> tuple[str, str]:
        """Both refs, the lesser first."""
        return (self.a, self.b) if self.a < self.b else (self.b, self.a)

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        return {
            "kind": self._kind,
            "id": self.id,
            "a": self.a,
            "b": self.b,
            "by": self.by,
            "reason": self.reason,
            "at": self.at,
        }


@tagged("matching.SameAs")
@attrs.frozen(weakref_slot=False)
class SameAs(_Said):
    """Somebody's statement that two records are of one party: an entry, immutable and idempotent by id.

    Attributes:
        id: Of the assertion; unique among assertions and retractions.
        a: Ref of the one record, such as `crm/7`.
        b: Ref of the other.
        by: Who says so.
        reason: In words.
        at: When it was said; aware.
        fact_schema: The facts of every assertion.

    Raises:
        InvalidValue: For a record with itself, an empty text, or a naive instant.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 4, tzinfo=timezone.utc)
        >>> SameAs("s1", "shop/A9", "crm/7", by="eve", reason="same passport", at=day).pair
        ('crm/7', 'shop/A9')

    .. versionadded:: 0.1.0
    """

    _kind: ClassVar[str] = "same-as"


@tagged("matching.NotSameAs")
@attrs.frozen(weakref_slot=False)
class NotSameAs(_Said):
    """Somebody's statement that two records are of two parties: an entry, immutable and idempotent by id.

    No evidence puts the two into one group while it holds.

    Attributes:
        id: Of the assertion; unique among assertions and retractions.
        a: Ref of the one record, such as `crm/7`.
        b: Ref of the other.
        by: Who says so.
        reason: In words.
        at: When it was said; aware.
        fact_schema: The facts of every assertion.

    Raises:
        InvalidValue: For a record with itself, an empty text, or a naive instant.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 4, tzinfo=timezone.utc)
        >>> NotSameAs("n1", "crm/7", "crm/8", by="eve", reason="father and son", at=day).facts()["kind"]
        'not-same-as'

    .. versionadded:: 0.1.0
    """

    _kind: ClassVar[str] = "not-same-as"


@tagged("matching.Retracted")
@attrs.frozen(weakref_slot=False)
class Retracted:
    """The end of an assertion: an entry, immutable and idempotent by id. What was said of the pair before holds again.

    Attributes:
        id: Of the retraction; unique among assertions and retractions.
        assertion: Id of the assertion.
        by: Who says so.
        reason: In words.
        at: When it was taken back; aware.
        fact_schema: The facts of every retraction.

    Raises:
        InvalidValue: For an empty text or a naive instant.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 5, tzinfo=timezone.utc)
        >>> Retracted("r1", "s1", by="eve", reason="another Anna", at=day).assertion
        's1'

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    assertion: str = attrs.field(validator=_checks.text)
    by: str = attrs.field(validator=_checks.text, kw_only=True)
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {"assertion": str, "at": datetime, "by": str, "id": str, "kind": str, "reason": str}
    )

    @property
    def subject(self) -> str:
        """Id of the assertion, by which retractions are read."""
        return self.assertion

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        return {
            "kind": "retracted",
            "id": self.id,
            "assertion": self.assertion,
            "by": self.by,
            "reason": self.reason,
            "at": self.at,
        }


Assertion: TypeAlias = SameAs | NotSameAs | Retracted
"""What may be said of pairs of records."""


def standing(entries: Iterable[Assertion], as_of: datetime | None = None) -> dict[tuple[str, str], SameAs | NotSameAs]:
    """What holds of each pair of records: its latest assertion that was not taken back, by the sorted pair of refs.

    Args:
        entries: In any order; the same one may come twice. Of two that were made at one instant, the greater id is
            the later one.
        as_of: Only what had been said and taken back by then, inclusive; None is everything.

    Raises:
        Conflict: For one id with two contents.
        InvalidValue: For something else than assertions, or a naive instant.

    Example:
        >>> from datetime import datetime, timezone
        >>> one, two = (datetime(2026, 5, day, tzinfo=timezone.utc) for day in (1, 2))
        >>> same = SameAs("s1", "crm/7", "crm/8", by="eve", at=one)
        >>> other = NotSameAs("n1", "crm/8", "crm/7", by="bo", at=two)
        >>> standing([other, same])[("crm/7", "crm/8")].id, standing([other, same], as_of=one)[("crm/7", "crm/8")].id
        ('n1', 's1')

    .. versionadded:: 0.1.0
    """
    found = until(as_of, once("standing.entries", entries, SameAs, NotSameAs, Retracted))
    gone = {entry.assertion for entry in found if isinstance(entry, Retracted)}
    held = [entry for entry in found if not isinstance(entry, Retracted) and entry.id not in gone]
    return {entry.pair: entry for entry in sorted(held, key=latest)}


def latest(entry: Assertion) -> tuple[object, str]:
    """Sorts assertions: the latest last."""
    return (moment(entry.at), entry.id)
