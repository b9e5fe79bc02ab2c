"""What territories are, and what somebody decided by hand about an account."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import attrs

from relex import _checks
from relex._instants import moment, moment_or_none
from relex.codec import tagged
from relex.rules import FactSchema, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Territory", "TerritoryMembership"]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_STATUSES = ("included", "excluded", "by_rule")


_OWNERS = _checks.Check(
    "ids, each once", lambda value: all(map(_checks.text.passes, value)) and len(set(value)) == len(value)
)


def _owners(given: Iterable[str]) -> tuple[str, ...]:
    return _checks.items("Territory.owners", given)


@tagged("pipeline.Territory")
@attrs.frozen
class Territory:
    """Which accounts belong together, and whose they are; one node of a tree.

    Attributes:
        id: Unique among all territories of a set.
        parent: Id of the territory that it lies in.
        when: Which accounts; without it all that the inherited rules let in.
        inherited_by_children: Whether `when` also holds for all territories below.
        owners: Ids of those whose it is, in the order in which they take turns.
        rank: The smallest comes first among the territories of an account.
        name: For people.

    Raises:
        InvalidValue: For a wrong type, or an owner that is named twice.

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    parent: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    when: Rule | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Rule)))
    inherited_by_children: bool = attrs.field(default=False, kw_only=True, validator=_checks.flag)
    owners: tuple[str, ...] = attrs.field(default=(), kw_only=True, converter=_owners, validator=_OWNERS)
    rank: int = attrs.field(default=0, kw_only=True, validator=_checks.whole())
    name: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)


@tagged("pipeline.TerritoryMembership")
@attrs.frozen(weakref_slot=False)
class TerritoryMembership:
    """What somebody decided about an account and a territory: an entry, immutable and idempotent by id.

    The latest one about both holds from `at` on, whatever the rules say.

    Attributes:
        id: Of the entry.
        territory: Id of the territory.
        account: Id of the account.
        status: `included`, `excluded`, or `by_rule`, which leaves it to the rules again.
        at: From when on; aware.
        by: Who decided.
        reason: In words.
        recorded_at: When it became known; None means at once.
        fact_schema: The facts of every entry.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 4, tzinfo=timezone.utc)
        >>> TerritoryMembership("m1", territory="dach", account="a1", status="included", at=day, by="eve").subject
        'a1'

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    territory: str = attrs.field(validator=_checks.text, kw_only=True)
    account: str = attrs.field(validator=_checks.text, kw_only=True)
    status: str = attrs.field(validator=_checks.one_of(*_STATUSES), kw_only=True)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)
    by: str = attrs.field(validator=_checks.text, kw_only=True)
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    recorded_at: datetime | None = attrs.field(
        default=None, validator=_checks.optional(_checks.instant), kw_only=True, eq=moment_or_none
    )

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "account": str,
            "at": datetime,
            "by": str,
            "id": str,
            "kind": str,
            "reason": str,
            "status": str,
            "territory": str,
        }
    )

    @property
    def subject(self) -> str:
        """Id of the account, by which the entries are read."""
        return self.account

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        return {
            "kind": "territory_membership",
            "id": self.id,
            "territory": self.territory,
            "account": self.account,
            "status": self.status,
            "at": self.at,
            "by": self.by,
            "reason": self.reason,
        }
