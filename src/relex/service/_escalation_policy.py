"""Who is told when a promise is not kept, or is about to be broken: definitions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import table
from relex._instants import moment_or_none
from relex.calendars import BusinessCalendar
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.rules import Rule
from relex.service._choosing import SlaPolicies
from relex.service._sla_policy import SlaPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["EscalationPolicy", "EscalationRule"]

_ZERO = timedelta(0)
_ON = ("overdue", "missed", "warning")
_LIVE = ("open", "waiting")
_CALENDAR = _checks.optional(_checks.a(BusinessCalendar))
_INSTANT = _checks.optional(_checks.instant)
_POLICY = _checks.a(SlaPolicy, SlaPolicies)
_PAUSE = _checks.optional(
    _checks.Check("a timedelta above 0", lambda value: isinstance(value, timedelta) and value > _ZERO)
)


def _names(values: Iterable[str]) -> tuple[str, ...]:
    return _each_once("EscalationRule.milestones", values)


def _told(values: Iterable[str]) -> tuple[str, ...]:
    return _each_once("EscalationRule.notify", values)


def _kinds(values: Iterable[str]) -> tuple[str, ...]:
    found = _each_once("EscalationPolicy.kinds", values)
    return tuple([kind for kind in _LIVE if kind in found]) if all(kind in _LIVE for kind in found) else found


def _rules(values: Iterable[EscalationRule]) -> tuple[EscalationRule, ...]:
    return _checks.items("EscalationPolicy.rules", values)


def _each_once(path: str, values: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items(path, values)
    return tuple(dict.fromkeys(found)) if all(isinstance(each, str) for each in found) else found


@tagged("service.EscalationRule")
@attrs.frozen(weakref_slot=False)
class EscalationRule:
    """When somebody is told of a milestone, and who.

    A chain is several rules with a longer `after` each: the owner at once, the team lead after an hour, the manager
    after four.

    Attributes:
        name: Of the rule; unique among all rules that a case may meet, since it is what is recorded.
        on: `overdue` (past due and not done), `missed` (done, after it was due) or `warning` (a warning of the
            milestone was reached, and it is not done).
        milestones: Names of the milestones; none is any. A case whose policy has none of them is passed over;
            `EscalationPolicy.unknown` finds names that no policy has.
        after: How long after it was due (of `warning`: after the warning; of `missed`: after it was done); at 0 from
            the first instant past due, else from the end of that time on.
        when: A rule about the facts of the case, which must be True; None is always.
        notify: Whom to tell, by any words that the application knows.
        assign_to: Who should have the case now; None leaves it to its owner.
        active_from: Only what was due from this instant on counts; None leaves it to the policy.
        calendar: Whose business time `after` is; None is clock time.

    Raises:
        InvalidValue: For another word, an `after` below 0, a naive datetime, or a wrong type.

    Example:
        >>> print(EscalationRule("lead", "overdue", ["resolution"], after=timedelta(hours=1), notify=["team_lead"]))
        lead: resolution overdue for 1:00:00, tell team_lead

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    on: str = attrs.field(default="overdue", validator=_checks.one_of(*_ON))
    milestones: tuple[str, ...] = attrs.field(default=(), converter=_names, validator=_checks.each(_checks.text))
    after: timedelta = attrs.field(default=_ZERO, kw_only=True, validator=_checks.elapsed)
    when: Rule | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Rule)))
    notify: tuple[str, ...] = attrs.field(
        default=(), kw_only=True, converter=_told, validator=_checks.each(_checks.text)
    )
    assign_to: str | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.text))
    active_from: datetime | None = attrs.field(default=None, kw_only=True, validator=_INSTANT, eq=moment_or_none)
    calendar: BusinessCalendar | None = attrs.field(default=None, kw_only=True, validator=_CALENDAR)

    def __str__(self) -> str:
        what = f"{', '.join(self.milestones) or 'any milestone'} {self.on}"
        late = f" for {self.after}" if self.after else ""
        told = f", tell {', '.join(self.notify)}" if self.notify else ""
        given = f", assign to {self.assign_to}" if self.assign_to is not None else ""
        return f"{self.name}: {what}{late}{told}{given}"


@tagged("service.EscalationPolicy")
@attrs.frozen(weakref_slot=False)
class EscalationPolicy:
    """The rules by which cases escalate, each once for each occurrence of a milestone.

    Attributes:
        rules: In the order in which their escalations are given.
        repeat_every: A rule that still holds tells again when so much time has passed since it last did; None never
            repeats. What repeats otherwise stands in a policy of its own.
        limit: How many escalations by the rules of this policy a case gets, repetitions with them; None is any number.
        kinds: Of the statuses in which cases escalate: `open` and `waiting`, or one of them.
        id: Of the policy.
        version: Of the policy.
        active_from: The date of this version: only what was due from then on counts, so that switching the rules on
            floods nobody. None leaves it to the date of the promised version of the service level.
        calendar: Whose business time `repeat_every` is; None is clock time.

    Raises:
        InvalidValue: For two rules of one name, a pause of 0 or less, a limit below 1, kinds in which nothing escalates
            (`resolved`, `closed`), a naive datetime, or a wrong type.

    Example:
        >>> policy = EscalationPolicy([EscalationRule("lead"), EscalationRule("head", after=timedelta(hours=4))])
        >>> [rule.name for rule in policy.rules], policy.kinds
        (['lead', 'head'], ('open', 'waiting'))

    .. versionadded:: 0.1.0
    """

    rules: tuple[EscalationRule, ...] = attrs.field(
        converter=_rules, validator=[_checks.each(_checks.a(EscalationRule)), _checks.unique("name")]
    )
    repeat_every: timedelta | None = attrs.field(default=None, kw_only=True, validator=_PAUSE)
    limit: int | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.whole(least=1)))
    kinds: tuple[str, ...] = attrs.field(
        default=_LIVE, kw_only=True, converter=_kinds, validator=_checks.each(_checks.one_of(*_LIVE))
    )
    id: str = attrs.field(default="escalation", kw_only=True, validator=_checks.text)
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))
    active_from: datetime | None = attrs.field(default=None, kw_only=True, validator=_INSTANT, eq=moment_or_none)
    calendar: BusinessCalendar | None = attrs.field(default=None, kw_only=True, validator=_CALENDAR)

    def __attrs_post_init__(self) -> None:
        """Check that something can escalate at all."""
        if not self.kinds:
            raise InvalidValue("EscalationPolicy.kinds", self.kinds, "at least one of open, waiting")

    def unknown(self, *policies: SlaPolicy | SlaPolicies) -> tuple[tuple[str, str], ...]:
        """The names of milestones that no policy has: a rule that was misspelt tells nobody.

        Args:
            policies: All that cases may be promised; of a collection the earlier ones too.

        Returns:
            Pairs of a rule and a name, in the order of the rules.

        Raises:
            InvalidValue: For what is no policy.

        Example:
            >>> from datetime import UTC
            >>> from relex.service import SlaPolicy, resolution
            >>> gold = SlaPolicy("gold", [resolution(timedelta(hours=4))], BusinessCalendar.always(UTC))
            >>> EscalationPolicy([EscalationRule("lead", milestones=["resolution", "answer"])]).unknown(gold)
            (('lead', 'answer'),)

        .. versionadded:: 0.1.0
        """
        known = {milestone.name for given in policies for policy in _each(given) for milestone in policy.milestones}
        return tuple([(rule.name, name) for rule in self.rules for name in rule.milestones if name not in known])

    def __str__(self) -> str:
        again = "" if self.repeat_every is None else f", again every {self.repeat_every}"
        limit = "" if self.limit is None else f", at most {self.limit} for a case"
        return f"{self.id} version {self.version}: {len(self.rules)} rules{again}{limit}"

    def _repr_html_(self) -> str:
        rows = [
            (rule.name, rule.on, ", ".join(rule.milestones) or "any", rule.after or None, *_actions(rule))
            for rule in self.rules
        ]
        return table(str(self), ("rule", "on", "milestones", "after", "tells", "assigns"), rows)


def _each(given: SlaPolicy | SlaPolicies) -> tuple[SlaPolicy, ...]:
    _POLICY.require("unknown.policies", given)
    return (given,) if isinstance(given, SlaPolicy) else (*given.policies, given.default, *given.earlier)


def _actions(rule: EscalationRule) -> tuple[str | None, str | None]:
    return ", ".join(rule.notify) or None, rule.assign_to
