"""The rules of asking: at most so many in any stretch of time, not before, and how to remind."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.calendars import RollingLimit
from relex.codec import tagged
from relex.feedback._contact_requests import ContactRequest
from relex.feedback._responses import Response
from relex.rules import Beyond, Rule, Within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.rules import FactSchema

__all__ = ["ANY", "COUNTS", "SAME", "ContactRule", "Reminders", "Wait"]

COUNTS = ("declined", "delivered", "displayed", "invited", "responded")
"""Which instants of the past a rule can count."""

SAME, ANY = "same", "any"


def _is_timeless(value: object) -> bool:
    """Whether the answer stays the same as time passes, without which nobody could say when a request is let go."""
    return isinstance(value, Rule) and not isinstance(value, (Beyond, Within)) and all(map(_is_timeless, value.parts))


_RULE_OR_NONE = _checks.optional(_checks.Check("a rule that does not ask how long ago something was", _is_timeless))
_ASKED = ContactRequest.fact_schema
_HAPPENED = _ASKED | Response.fact_schema
_SURVEYS = _checks.Check(
    "same, any, or a rule over facts of surveys that does not ask how long ago something was",
    lambda value: value in (SAME, ANY) if isinstance(value, str) else _is_timeless(value),
)
_AFTER = _checks.Check("a timedelta above 0", lambda value: isinstance(value, timedelta) and value > timedelta(0))
_NAMES = _checks.Check("at least one name", lambda value: _checks.each(_checks.text).passes(value) and value != ())


def _require_known(rule: ContactRule | Wait, name: str, schema: FactSchema) -> None:
    """Raise for a rule about a fact that there is not: it would be silent for ever."""
    asked = getattr(rule, name)
    if isinstance(asked, Rule):
        schema.check(asked, f"{type(rule).__name__}.{name}")


def _scope(values: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items("ContactRule.scope", values)
    _NAMES.require("ContactRule.scope", found)
    return tuple(sorted(set(found)))


@tagged("feedback.ContactRule")
@attrs.frozen(weakref_slot=False)
class ContactRule:
    """At most so many in any stretch of a given length: a cap, a gap or a quota.

    What happened in (at - within, at] counts, in elapsed time and not in calendar days. With `limit` or more of it the
    rule holds the request back until `within` after the `limit`-th latest: at exactly that instant it is let go.

    Attributes:
        name: Of the rule; a survey's own rule replaces the one of the same name.
        within: How far back counts; None counts for ever, and then nothing lets go.
        limit: How many are one too many; at least 1.
        counts: Which instants count: `invited`, `delivered`, `displayed` (each time that it was opened), `responded`
            (once for each submission with an answer) or `declined`.
        scope: Sorted names of what must be equal for two to count together: `contact`, `account`, `survey`, `wave`,
            `about`, `channel`, `program`, or a value of the request. What is not known equals nothing, so a request
            without it is left alone.
        surveys: `any`, `same`, or a rule that is asked of the facts of what happened, such as `survey.program`.
        when: The rule applies only where this is True of the facts of the request, with its values as `value.` and
            their name; None always applies.
        rolling: The limit and its stretch.

    Raises:
        InvalidValue: For a limit below 1, a stretch of 0 or less, no scope, unknown words, or a rule about a fact that
            there is not.

    Example:
        >>> from datetime import timedelta
        >>> print(ContactRule("cooldown", within=timedelta(days=7)))
        cooldown: at most 1 invited in 7 days, 0:00:00, by contact, any survey

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    within: timedelta | None = attrs.field(kw_only=True, validator=_checks.optional(_AFTER))
    limit: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))
    counts: str = attrs.field(default="invited", kw_only=True, validator=_checks.one_of(*COUNTS))
    scope: tuple[str, ...] = attrs.field(default=("contact",), kw_only=True, converter=_scope)
    surveys: str | Rule = attrs.field(default=ANY, kw_only=True, validator=_SURVEYS)
    when: Rule | None = attrs.field(default=None, kw_only=True, validator=_RULE_OR_NONE)
    rolling: RollingLimit = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Make the limit, and check that the rules can be asked."""
        _require_known(self, "when", _ASKED)
        _require_known(self, "surveys", _HAPPENED)
        object.__setattr__(self, "rolling", RollingLimit(self.limit, self.within))

    def __str__(self) -> str:
        within = "ever" if self.within is None else f"in {self.within}"
        surveys = f"{self.surveys} survey" if isinstance(self.surveys, str) else f"where {self.surveys!r}"
        when = "" if self.when is None else f", if {self.when!r}"
        return (
            f"{self.name}: at most {self.limit} {self.counts} {within}, by {' and '.join(self.scope)}, {surveys}{when}"
        )


@tagged("feedback.Wait")
@attrs.frozen(weakref_slot=False)
class Wait:
    """Not before so long after something: an account must have some age, a delivery must have had time to arrive.

    Attributes:
        name: Of the rule; a survey's own rule replaces the one of the same name.
        anchor: Name of the value of the request that tells when it was, a datetime.
        after: How long to wait, in elapsed time; at exactly that instant it is let go.
        missing: What becomes of a request that does not tell: `block` for good, or `allow`.
        when: The rule applies only where this is True of the facts of the request; None always applies.

    Raises:
        InvalidValue: For no length of time, an unknown word, or a rule about a fact that there is not.

    Example:
        >>> from datetime import timedelta
        >>> print(Wait("settled in", "opened", timedelta(days=30)))
        settled in: not before 30 days, 0:00:00 after opened

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    anchor: str = attrs.field(validator=_checks.text)
    after: timedelta = attrs.field(validator=_AFTER)
    missing: str = attrs.field(default="block", kw_only=True, validator=_checks.one_of("block", "allow"))
    when: Rule | None = attrs.field(default=None, kw_only=True, validator=_RULE_OR_NONE)

    def __attrs_post_init__(self) -> None:
        """Check that the rule can be asked."""
        _require_known(self, "when", _ASKED)

    def __str__(self) -> str:
        when = "" if self.when is None else f", if {self.when!r}"
        return f"{self.name}: not before {self.after} after {self.anchor}{when}"


@tagged("feedback.Reminders")
@attrs.frozen(weakref_slot=False)
class Reminders:
    """How those are reminded who were invited and have not finished.

    Attributes:
        after: How long after the invitation, and after the reminder before; above 0.
        limit: How many reminders there may be; at least 1.

    Raises:
        InvalidValue: For no length of time or no reminder.

    Example:
        >>> from datetime import timedelta
        >>> print(Reminders(timedelta(days=3), limit=2))
        at most 2, each 3 days, 0:00:00 after the last message

    .. versionadded:: 0.1.0
    """

    after: timedelta = attrs.field(validator=_AFTER)
    limit: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))

    def __str__(self) -> str:
        return f"at most {self.limit}, each {self.after} after the last message"
