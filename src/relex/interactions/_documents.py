"""Documents as metadata: which there are and which version is the newest; their bytes live elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.codec import tagged
from relex.errors import Conflict
from relex.interactions._parts import INSTANT_OR_NONE, TEXT_OR_NONE
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["DocumentRef", "latest"]

_COUNT = _checks.whole(least=1)
_SIZE = _checks.optional(_checks.whole(least=0))


@tagged("interactions.DocumentRef")
@attrs.frozen(kw_only=True, weakref_slot=False)
class DocumentRef:
    """One version of a document: what it is called, where it is, and how to tell that it is unchanged.

    Attributes:
        id: Of the document; all its versions have it.
        version: Counts up from 1.
        name: As people call it, such as `offer.pdf`.
        media_type: Such as `application/pdf`.
        size: In bytes.
        digest: Of the bytes, with its algorithm, such as `sha256:9f86…`; equal bytes have equal digests.
        uri: Where the bytes are.
        at: When this version was made; aware.
        by: Who made it.
        retention: Name of the retention rule that it falls under.
        fact_schema: The facts of every document.

    Raises:
        InvalidValue: For a wrong type, a version below 1, a negative size, or a naive datetime.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> str(DocumentRef(id="d1", version=2, name="offer.pdf", at=day))
        'offer.pdf, version 2'

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    version: int = attrs.field(default=1, validator=_COUNT)
    name: str = attrs.field(validator=_checks.text)
    media_type: str | None = attrs.field(default=None, validator=TEXT_OR_NONE)
    size: int | None = attrs.field(default=None, validator=_SIZE)
    digest: str | None = attrs.field(default=None, validator=TEXT_OR_NONE)
    uri: str | None = attrs.field(default=None, validator=TEXT_OR_NONE)
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    by: str | None = attrs.field(default=None, validator=TEXT_OR_NONE)
    retention: str | None = attrs.field(default=None, validator=TEXT_OR_NONE)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "at": datetime,
            "document.by": str,
            "document.media_type": str,
            "document.name": str,
            "document.retention": str,
            "document.size": int,
            "document.version": int,
            "id": str,
            "kind": str,
        }
    )

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        return {
            "kind": "document",
            "id": self.id,
            "at": self.at,
            "document.version": self.version,
            "document.name": self.name,
            "document.media_type": self.media_type,
            "document.size": self.size,
            "document.by": self.by,
            "document.retention": self.retention,
        }

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"


def latest(refs: Iterable[DocumentRef], *, as_of: datetime | None = None) -> tuple[DocumentRef, ...]:
    """The newest version of each document, sorted by the id of the document.

    Args:
        refs: Versions in any order; the same one may come twice.
        as_of: Only versions made by then, inclusive; None is all.

    Raises:
        Conflict: For one version of a document with two digests; its id is `id@version`.
        InvalidValue: For something else than document references, or a naive instant.

    Example:
        >>> from datetime import datetime, timezone
        >>> may, june = datetime(2026, 5, 1, tzinfo=timezone.utc), datetime(2026, 6, 1, tzinfo=timezone.utc)
        >>> dated = ((2, june), (1, may))
        >>> refs = [DocumentRef(id="d1", version=version, name="offer.pdf", at=at) for version, at in dated]
        >>> [ref.version for ref in latest(refs)], [ref.version for ref in latest(refs, as_of=may)]
        ([2], [1])

    .. versionadded:: 0.1.0
    """
    found = _checks.items("latest.refs", refs)
    _checks.each(_checks.a(DocumentRef)).require("latest.refs", found)
    INSTANT_OR_NONE.require("latest.as_of", as_of)
    newest: dict[str, DocumentRef] = {}
    for ref in _distinct(found):
        if as_of is not None and is_before(as_of, ref.at):
            continue
        other = newest.setdefault(ref.id, ref)
        if ref.version > other.version:
            newest[ref.id] = ref
    return tuple(newest[name] for name in sorted(newest))


def _distinct(refs: Iterable[DocumentRef]) -> list[DocumentRef]:
    """Each version once; of two that differ in anything but the digest, the one stated last."""
    found: dict[tuple[str, int], DocumentRef] = {}
    for ref in refs:
        other = found.setdefault((ref.id, ref.version), ref)
        if other.digest != ref.digest:
            raise Conflict(f"{ref.id}@{ref.version}", other.digest, ref.digest)
        if is_before(other.at, ref.at):
            found[ref.id, ref.version] = ref
    return list(found.values())
