"""The versions of a program over time: which one decides about an instant."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue, NotFound
from relex.loyalty._occasions import in_utc
from relex.loyalty._program import Program

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from relex.calendars import Period
    from relex.loyalty._diff import ProgramDiff

__all__ = ["ProgramVersions"]


def _versions(values: Iterable[Program]) -> tuple[Program, ...]:
    return _checks.items("ProgramVersions.versions", values)


@tagged("loyalty.ProgramVersions")
@attrs.frozen(weakref_slot=False)
class ProgramVersions:
    """All versions of one program, each with the time in which it decides.

    An award is decided by the version that is in force at its business moment, a late one too; nothing that was
    recorded is decided again.

    Attributes:
        versions: Oldest first. Their ids are the same, their version numbers rise, and each is `valid` after the one
            before it ends; a gap is a time without a program.

    Raises:
        InvalidValue: Without a version, for another id or currency, a number that does not rise, a version without
            `valid` beside others, or two that are in force together.

    Example:
        >>> from datetime import UTC, date, datetime
        >>> from relex.calendars import Period
        >>> old = Program("beans", currency="USD", valid=Period(date(2025, 1, 1), date(2026, 1, 1)))
        >>> new = Program("beans", currency="USD", version=2, valid=Period(date(2026, 1, 1)))
        >>> ProgramVersions([old, new]).at(datetime(2026, 5, 1, tzinfo=UTC)).version
        2

    .. versionadded:: 0.1.0
    """

    versions: tuple[Program, ...] = attrs.field(converter=_versions, validator=_checks.each(_checks.a(Program)))

    def __attrs_post_init__(self) -> None:
        if not self.versions:
            raise InvalidValue("ProgramVersions.versions", (), "at least one Program")
        for place, (before, after) in enumerate(pairwise(self.versions), 1):
            _check_next(f"ProgramVersions.versions[{place}]", before, after)

    def at(self, moment: datetime) -> Program:
        """The version that is in force at an instant.

        Raises:
            NotFound: When none is.

        .. versionadded:: 0.1.0
        """
        instant = in_utc("ProgramVersions.at.moment", moment)
        for version in reversed(self.versions):
            if version.valid is None or instant in version.valid.instants(version.tz):
                return version
        raise NotFound(f"version of {self.latest.id} in force at", instant.isoformat())

    @property
    def latest(self) -> Program:
        """The newest version, in force or not.

        .. versionadded:: 0.1.0
        """
        return self.versions[-1]

    def changes(self) -> tuple[ProgramDiff, ...]:
        """What changed from each version to the next.

        .. versionadded:: 0.1.0
        """
        return tuple([after.changes_since(before) for before, after in pairwise(self.versions)])

    def __iter__(self) -> Iterator[Program]:
        return iter(self.versions)

    def __len__(self) -> int:
        return len(self.versions)


def _check_next(path: str, before: Program, after: Program) -> None:
    for name in ("id", "currency"):
        if getattr(after, name) != getattr(before, name):
            raise InvalidValue(f"{path}.{name}", getattr(after, name), f"{getattr(before, name)}, as before it")
    if after.version <= before.version:
        raise InvalidValue(f"{path}.version", after.version, f"more than {before.version}, the one before it")
    ends, starts = _instants(before), _instants(after)
    if ends is None or starts is None:
        raise InvalidValue(f"{path}.valid", after.valid, "a Period for each of several versions")
    if ends.end is None or starts.start < ends.end:
        until = "an end of the one before it" if ends.end is None else f"a start at or after {ends.end}"
        raise InvalidValue(f"{path}.valid", after.valid, until)


def _instants(version: Program) -> Period | None:
    return None if version.valid is None else version.valid.instants(version.tz)
