"""The answer to whether somebody may be contacted, with every reason against it."""

from __future__ import annotations

from datetime import datetime
from html import escape

import attrs

from relex import _checks
from relex._instants import moment, moment_or_none
from relex._trusted import trusted
from relex.codec import tagged

__all__ = ["OUTCOMES", "Decision", "Reason", "decision", "reason"]

OUTCOMES = ("allowed", "held", "refused")
"""What a decision can be: yes, only later, or no."""

_TEXT_OR_NONE = _checks.optional(_checks.text)
_INSTANT_OR_NONE = _checks.optional(_checks.instant)


@tagged("customers.Reason")
@attrs.frozen(weakref_slot=False)
class Reason:
    """One thing that stands in the way.

    Attributes:
        code: Such as `suppressed`, `consent:refused`, `quiet`, `cap:daily`.
        topic: The topic of which consent is missing; None for the purpose as such.
        by: The entry or the rule: an id, a name, a tag; None where there is none.
        until: When it ends by itself; None for never, or nobody knows.

    .. versionadded:: 0.1.0
    """

    code: str = attrs.field(validator=_checks.text)
    topic: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    by: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    until: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE, kw_only=True, eq=moment_or_none)

    def __str__(self) -> str:
        """The code with the topic, the entry, and the end."""
        topic = "" if self.topic is None else f" ({self.topic})"
        by = "" if self.by is None else f" by {self.by}"
        until = "" if self.until is None else f" until {self.until.isoformat(sep=' ')}"
        return f"{self.code}{topic}{by}{until}"


@tagged("customers.Decision")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Decision:
    """Whether somebody may be contacted.

    Attributes:
        outcome: `allowed`; `held` if only time stands in the way; `refused` if anything lasting does.
        reasons: All that stands in the way, in a fixed order; none if allowed.
        next_at: When it is allowed if nothing new is said or sent; None unless held.
        customer: Id of the customer.
        purpose: What for.
        topic: A part of the purpose.
        channel: On which channel.
        point: The address of the contact point; None where there is none.
        at: When it was asked.

    .. versionadded:: 0.1.0
    """

    outcome: str = attrs.field(validator=_checks.one_of(*OUTCOMES))
    reasons: tuple[Reason, ...] = attrs.field(validator=_checks.each(_checks.a(Reason)))
    next_at: datetime | None = attrs.field(validator=_INSTANT_OR_NONE, eq=moment_or_none)
    customer: str = attrs.field(validator=_checks.text)
    purpose: str = attrs.field(validator=_checks.text)
    topic: str | None = attrs.field(validator=_TEXT_OR_NONE)
    channel: str = attrs.field(validator=_checks.text)
    point: str | None = attrs.field(validator=_TEXT_OR_NONE)
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)

    @property
    def is_allowed(self) -> bool:
        """Whether it is a yes."""
        return self.outcome == "allowed"

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons."""
        return tuple(each.code for each in self.reasons)

    def __str__(self) -> str:
        """The outcome and every reason."""
        about = self.purpose if self.topic is None else f"{self.purpose}/{self.topic}"
        later = "" if self.next_at is None else f" until {self.next_at.isoformat(sep=' ')}"
        lines = "".join(f"\n  {each}" for each in self.reasons)
        return f"{self.outcome}{later}: {about} by {self.channel}{lines}"

    def _repr_html_(self) -> str:
        head, *lines = str(self).split("\n  ")
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        return f"<p><strong>{escape(head)}</strong></p><ul>{items}</ul>"


decision = trusted(Decision)
reason = trusted(Reason)
