"""Which responses must be acted on, how soon, and how often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import is_before, moment_or_none
from relex.calendars import BusinessCalendar, BusinessDays
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.feedback._responses import Response
from relex.rules import FactSchema, Rule, describe

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["GIVEN", "LOOP_SCHEMA", "TOLD", "LoopRule"]

GIVEN = ("account.", "contact.")
"""How the facts begin that the caller gives."""

TOLD = {"score": int, "band": str, "comment.present": bool, "follow_up.requested": bool}
"""The facts that rules may ask beside those of the response; and `reason`, one code or several."""

LOOP_SCHEMA = Response.fact_schema | FactSchema(TOLD, open=(*GIVEN, "reason"))

_TEXT_OR_NONE = _checks.optional(_checks.text)
_ONCE = ("response", "contact")
_TARGET = _checks.Check(
    "a timedelta of at least 0, BusinessDays, or None",
    lambda value: value is None or _checks.elapsed.passes(value) or isinstance(value, BusinessDays),
)


@tagged("feedback.LoopRule")
@attrs.frozen(weakref_slot=False)
class LoopRule:
    """Which responses must be acted on: a rule about their facts, and how soon somebody should.

    It may be about praise as well as about a complaint.

    Attributes:
        name: Of the rule. A later version keeps it, so that nothing is opened twice.
        when: A rule about the facts of the response, those that the caller gives (`account.` and `contact.` with a
            name), and `score`, `band`, `comment.present`, `follow_up.requested` and `reason`. It must be True: where
            something that it asks is unknown, there is no signal.
        priority: How the follow-up ranks; a word of the flow of cases.
        target: How soon somebody should act; None where nobody said.
        calendar: Whose business time that is; None is clock time.
        once_per: `response` gives a signal for each submission, `contact` only one for each person, ever; who is
            anonymous counts by submission.
        active_from: Responses that were given before are not looked at, so that switching a rule on floods nobody; None
            looks at all.
        version: Raise it with each change.

    Raises:
        InvalidValue: For a rule about a fact that there is not, a target below 0, `BusinessDays` without a calendar,
            another word, or a naive datetime.

    Example:
        >>> from relex.rules import field
        >>> print(LoopRule("detractor", field("band") == "detractor", target=timedelta(hours=48)))
        detractor: when band is detractor, within 2 days, 0:00:00

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    when: Rule = attrs.field(validator=_checks.a(Rule))
    priority: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)
    target: timedelta | BusinessDays | None = attrs.field(default=None, kw_only=True, validator=_TARGET)
    calendar: BusinessCalendar | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(BusinessCalendar))
    )
    once_per: str = attrs.field(default="response", kw_only=True, validator=_checks.one_of(*_ONCE))
    active_from: datetime | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.instant), eq=moment_or_none
    )
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))

    def __attrs_post_init__(self) -> None:
        """Check that the rule can be asked, and that business days have a calendar."""
        LOOP_SCHEMA.check(self.when, "LoopRule.when")
        if isinstance(self.target, BusinessDays) and self.calendar is None:
            raise InvalidValue("LoopRule.target", self.target, "a timedelta (BusinessDays need a calendar)")

    def is_active(self, at: datetime) -> bool:
        """Whether a response that was given at this instant is looked at; `active_from` itself is inside.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("LoopRule.is_active.at", at)
        return self.active_from is None or not is_before(at, self.active_from)

    def due(self, at: datetime) -> datetime | None:
        """By when somebody should act on what was given at this instant; None without a target.

        Raises:
            InvalidValue: For a naive datetime, or an instant that no calendar has.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("LoopRule.due.at", at)
        if self.target is None:
            return None
        if self.calendar is not None:
            return self.calendar.due(at, self.target)
        try:
            return (at.astimezone(UTC) + self.target).astimezone(at.tzinfo)  # type: ignore[operator]  # days have a calendar
        except OverflowError:
            expected = f"a time after {at.isoformat()} within the years 1 to 9999"
            raise InvalidValue("LoopRule.target", self.target, expected) from None

    def __str__(self) -> str:
        soon = f", within {self.target}" if self.target is not None else ""
        return f"{self.name}: when {describe(self.when)}{soon}"


def loop_rules(path: str, rules: Iterable[LoopRule]) -> tuple[LoopRule, ...]:
    """The rules, no two of one name.

    Raises:
        InvalidValue: For what is no rule, or a name that is there twice, also in another version.
    """
    found = _checks.items(path, rules)
    _checks.each(_checks.a(LoopRule)).require(path, found)
    _checks.unique("name").require(path, found)
    return found
