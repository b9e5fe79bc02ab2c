"""One thing that stands in the way of a request."""

from __future__ import annotations

from datetime import datetime

import attrs

from relex import _checks
from relex._instants import moment_or_none
from relex._trusted import trusted
from relex.codec import tagged

__all__ = ["ContactReason", "contact_reason"]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_COUNT_OR_NONE = _checks.optional(_checks.whole(least=0))


@tagged("feedback.ContactReason")
@attrs.frozen(weakref_slot=False)
class ContactReason:
    """One thing that stands in the way of asking somebody.

    Attributes:
        code: `consent:refused`, `consent:unknown`, `consent:held`, `not_sampled`, `rule:<name>`, `wait:<name>`,
            `reminder:not_invited`, `reminder:limit`, `reminder:early`, `reminder:<state of the invitation>`, or
            `send_window`.
        count: How many were counted; None where nothing is.
        limit: How many are one too many.
        until: When it ends by itself; None for never, or nobody knows.
        detail: More of it in words, such as the codes of a refused consent.

    .. versionadded:: 0.1.0
    """

    code: str = attrs.field(validator=_checks.text)
    count: int | None = attrs.field(default=None, kw_only=True, validator=_COUNT_OR_NONE)
    limit: int | None = attrs.field(default=None, kw_only=True, validator=_COUNT_OR_NONE)
    until: datetime | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.instant), eq=moment_or_none
    )
    detail: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)

    @property
    def lasting(self) -> bool:
        """Whether time alone does not end it."""
        return self.until is None

    def __str__(self) -> str:
        detail = "" if self.detail is None else f" ({self.detail})"
        count = "" if self.count is None else f" counts {self.count}, limit {self.limit},"
        return f"{self.code}{detail}{count} {'for good' if self.until is None else f'until {self.until}'}"


contact_reason = trusted(ContactReason)
