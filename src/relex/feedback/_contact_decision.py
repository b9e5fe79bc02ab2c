"""The answer to whether somebody may be asked now, with every reason against it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import note, table
from relex._instants import moment, moment_or_none
from relex._trusted import trusted
from relex.codec import tagged
from relex.feedback._contact_reasons import ContactReason
from relex.feedback._contact_requests import ContactRequest
from relex.feedback._invitations import WRITTEN, Invitation

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["OUTCOMES", "ContactDecision", "contact_decision"]

OUTCOMES = ("allowed", "held", "refused")
"""What a decision can be: yes, only later, or no."""


def _reasons(values: Iterable[ContactReason]) -> tuple[ContactReason, ...]:
    return _checks.items("ContactDecision.reasons", values)


@tagged("feedback.ContactDecision")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ContactDecision:
    """Whether somebody may be asked now.

    Attributes:
        outcome: `allowed`; `held` if only time stands in the way; `refused` if anything lasting does.
        reasons: All that stands in the way, in a fixed order; none if allowed.
        next_at: When it is allowed if nothing new is said or sent; None unless held.
        becomes: What the invitation becomes that is written for it: `sent`, `deferred` or `suppressed`.
        number: Which message of its kind about its thing this is, from 1.
        request: Whom to ask what.
        at: When it was asked.

    .. versionadded:: 0.1.0
    """

    outcome: str = attrs.field(validator=_checks.one_of(*OUTCOMES))
    reasons: tuple[ContactReason, ...] = attrs.field(
        converter=_reasons, validator=_checks.each(_checks.a(ContactReason))
    )
    next_at: datetime | None = attrs.field(validator=_checks.optional(_checks.instant), eq=moment_or_none)
    becomes: str = attrs.field(validator=_checks.one_of(*WRITTEN))
    number: int = attrs.field(validator=_checks.whole(least=1))
    request: ContactRequest = attrs.field(validator=_checks.a(ContactRequest))
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)

    @property
    def is_allowed(self) -> bool:
        """Whether it is a yes."""
        return self.outcome == "allowed"

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons."""
        return tuple([reason.code for reason in self.reasons])

    def invitation(self, *, expires_at: datetime | None = None) -> Invitation:
        """The entry to write once the decision is acted on: what was sent, or was not, and why.

        Args:
            expires_at: When the invitation ends, if it is not answered.

        Raises:
            InvalidValue: For an end that is not after the decision.

        .. versionadded:: 0.1.0
        """
        return Invitation(
            request=self.request,
            at=self.at,
            status=self.becomes,
            reasons=self.reasons,
            until=self.next_at if self.becomes == "deferred" else None,
            number=self.number,
            expires_at=expires_at,
        )

    def __str__(self) -> str:
        later = "" if self.next_at is None else f" until {self.next_at}"
        lines = "".join([f"\n  {reason}" for reason in self.reasons])
        return f"{self.outcome}{later}: {self.request}{lines}"

    def _repr_html_(self) -> str:
        head = str(self).split("\n", 1)[0]
        if not self.reasons:
            return note(head)
        rows = [(each.code, each.count, each.limit, each.until, each.detail or "") for each in self.reasons]
        return table(head, ("reason", "counted", "limit", "until", "detail"), rows)


contact_decision = trusted(ContactDecision)
