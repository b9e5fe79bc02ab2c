"""What ties one party to another, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.calendars import Period
from relex.codec import tagged

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Relationship"]


@tagged("parties.Relationship")
@attrs.frozen(weakref_slot=False)
class Relationship:
    """A dated tie to another party: an employer, a parent organization, a household, who referred this one.

    Attributes:
        kind: `employment`, `parent`, `household`, `referred-by`, `partner`, or a word of your own.
        to: Id of the other party.
        role: Such as a job title.
        valid: When it holds; None is always.

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(validator=_checks.text)
    to: str = attrs.field(validator=_checks.text)
    role: str | None = attrs.field(default=None, validator=_checks.optional(_checks.text), kw_only=True)
    valid: Period | None = attrs.field(default=None, validator=_checks.optional(_checks.a(Period)), kw_only=True)

    def holds(self, at: datetime) -> bool:
        """Whether it holds at an instant."""
        return self.valid is None or at in self.valid
