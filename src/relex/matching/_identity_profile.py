"""One party, as its identifiers show it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import moment
from relex._trusted import trusted
from relex.codec import tagged
from relex.parties import Identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["IdentityProfile", "age", "in_order", "listed"]


def _order(found: Identifier) -> tuple[str, str]:
    return (found.kind, found.value)


def in_order(found: Iterable[Identifier]) -> tuple[Identifier, ...]:
    """Identifiers by kind and value."""
    return tuple(sorted(found, key=_order))


def _pair_order(pair: tuple[Identifier, datetime]) -> tuple[str, str]:
    return _order(pair[0])


_SEEN = _checks.Check("pairs of an Identifier and a datetime with a time zone", lambda pairs: all(map(_is_seen, pairs)))


def _is_seen(pair: object) -> bool:
    return (
        isinstance(pair, tuple)
        and len(pair) == 2  # noqa: PLR2004 - a pair
        and isinstance(pair[0], Identifier)
        and _checks.instant.passes(pair[1])
    )


def _by_identifier(given: Iterable[tuple[Identifier, datetime]]) -> tuple[tuple[Identifier, datetime], ...]:
    found = _checks.items("IdentityProfile.seen", given)
    _SEEN.require("IdentityProfile.seen", found)
    return tuple(sorted(found, key=_pair_order))


@tagged("matching.IdentityProfile")
@attrs.frozen(weakref_slot=False)
class IdentityProfile:
    """One party, as its identifiers show it.

    Attributes:
        id: Of the profile.
        since: When it was made; of profiles that become one, the oldest stays.
        seen: Sorted (identifier, instant) pairs: what it holds, and when each was last seen.

    Raises:
        InvalidValue: For an empty id, a naive instant, or something else than such pairs.

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    since: datetime = attrs.field(validator=_checks.instant, eq=moment)
    seen: tuple[tuple[Identifier, datetime], ...] = attrs.field(default=(), converter=_by_identifier, kw_only=True)

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """What it holds, sorted."""
        return tuple(found for found, _ in self.seen)

    def __str__(self) -> str:
        return f"{self.id}: {listed(self.identifiers)}"

    def holding(self, held: Mapping[Identifier, datetime]) -> IdentityProfile:
        """The same profile with these identifiers, which are known to be right."""
        return _profile(self.id, self.since, tuple(sorted(held.items(), key=_pair_order)))


_profile = trusted(IdentityProfile)


def age(profile: IdentityProfile) -> tuple[timedelta, str]:
    """Sorts profiles: the oldest first."""
    return (moment(profile.since), profile.id)


def listed(identifiers: Iterable[Identifier]) -> str:
    """Identifiers in words."""
    return ", ".join(f"{found.kind} {found.value}" for found in identifiers)
