"""Keeping somebody out without keeping the person: digests of contact points that must not be used."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import attrs

from relex import _checks
from relex._instants import in_utc, moment
from relex.codec import tagged
from relex.customers._addresses import required_address
from relex.errors import InvalidValue
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from relex.parties import ContactPoint

__all__ = ["Suppression", "SuppressionList", "point_digest", "suppress"]

_ANY = "*"
_DIGEST = _checks.Check(
    "a SHA-256 digest in 64 hexadecimal digits",
    lambda value: isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef"),  # noqa: PLR2004 - 256 bits
)


def _key(path: str, key: object) -> bytes:
    found = key.encode("utf-8", "surrogatepass") if isinstance(key, str) else key
    if not isinstance(found, bytes) or not found:
        raise InvalidValue(path, "(kept secret)", "a secret key: bytes or a str that is not empty")
    return found


def point_digest(point: ContactPoint | str, key: bytes | str) -> str:
    """What a suppression keeps of a contact point: the HMAC-SHA256 of its address, in hexadecimal digits.

    Every spelling with the same key gives the same digest. Without the secret key nobody can try addresses out.

    Args:
        point: A point with a key, or its address.
        key: The company's secret; bytes, or a str for its UTF-8.

    Raises:
        InvalidValue: For a point without a key, or an empty secret.

    Example:
        >>> point_digest("email:john@example.com", "pepper")[:16]
        'ab69ad344a6a7d15'

    .. versionadded:: 0.1.0
    """
    address = required_address("point_digest.point", point)
    return hmac.digest(_key("point_digest.key", key), address.encode("utf-8", "surrogatepass"), "sha256").hex()


@tagged("customers.Suppression")
@attrs.frozen(weakref_slot=False)
class Suppression:
    """A contact point that must not be used, known only by its digest: an entry, immutable and idempotent by id.

    Attributes:
        digest: `point_digest` of the point.
        purpose: The only purpose that is shut; `*` is every purpose.
        at: From when on; aware.
        fact_schema: The facts of every suppression.

    Raises:
        InvalidValue: For another digest, or an instant for which UTC has no year.

    .. versionadded:: 0.1.0
    """

    digest: str = attrs.field(validator=_DIGEST)
    purpose: str = attrs.field(default=_ANY, validator=_checks.text)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {"at": datetime, "digest": str, "id": str, "kind": str, "purpose": str}
    )

    def __attrs_post_init__(self) -> None:
        """Check that the id can be told."""
        in_utc("Suppression.at", self.at)

    @property
    def id(self) -> str:
        """The digest, the purpose, and the instant in UTC."""
        return f"{self.digest}/{self.purpose}@{in_utc('Suppression.at', self.at).isoformat()}"

    @property
    def subject(self) -> str:
        """The digest, by which suppressions are read."""
        return self.digest

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        return {"kind": "suppression", "id": self.id, "digest": self.digest, "purpose": self.purpose, "at": self.at}


def suppress(point: ContactPoint | str, *, key: bytes | str, at: datetime, purpose: str = _ANY) -> Suppression:
    """The entry that shuts a contact point.

    Args:
        point: A point with a key, or its address.
        key: The company's secret.
        at: From when on.
        purpose: The only purpose that is shut; every one by default.

    Raises:
        InvalidValue: For a point without a key, an empty secret, or a naive datetime.

    .. versionadded:: 0.1.0
    """
    return Suppression(point_digest(point, key), purpose, at=at)


class SuppressionList:
    """Suppressions with the secret that they were made with; immutable.

    Example:
        >>> from datetime import UTC
        >>> day = datetime(2026, 5, 4, tzinfo=UTC)
        >>> shut = SuppressionList([suppress("email:john@example.com", key="pepper", at=day)], key="pepper")
        >>> shut.find("email:john@example.com", "marketing", day) is not None
        True

    .. versionadded:: 0.1.0
    """

    __slots__ = ("_by_digest", "_key", "entries")

    def __init__(self, entries: Iterable[Suppression] = (), *, key: bytes | str) -> None:
        """Fold suppressions in any order.

        Raises:
            InvalidValue: For something else than `Suppression`, or an empty secret.
        """
        found = _checks.items("SuppressionList.entries", entries)
        _checks.each(_checks.a(Suppression)).require("SuppressionList.entries", found)
        self.entries = found
        self._key = _key("SuppressionList.key", key)
        self._by_digest: dict[str, list[Suppression]] = {}
        for entry in sorted(found, key=_when):
            self._by_digest.setdefault(entry.digest, []).append(entry)

    def find(self, point: ContactPoint | str, purpose: str, at: datetime) -> Suppression | None:
        """The oldest suppression that shuts a point for a purpose at an instant.

        Imports ask this before they take anybody in; `*` asks for suppressions of every purpose only.

        Raises:
            InvalidValue: For a point without a key, or a naive datetime.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("find.at", at)
        return self.hit(required_address("find.point", point), purpose, moment(at))

    def hit(self, address: str, purpose: str, at: timedelta) -> Suppression | None:
        """The same of an address, without checks."""
        if not self._by_digest:
            return None
        digest = hmac.digest(self._key, address.encode("utf-8", "surrogatepass"), "sha256").hex()
        for entry in self._by_digest.get(digest, ()):
            if entry.purpose in (_ANY, purpose) and moment(entry.at) <= at:
                return entry
        return None


def _when(entry: Suppression) -> tuple[object, str]:
    return moment(entry.at), entry.purpose
