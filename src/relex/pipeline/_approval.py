"""Who has to approve a quote: rules as data, levels in order, and what is still needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.pipeline._quote_facts import SCHEMA
from relex.rules import Rule, evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from relex.pipeline._quote import Quote
    from relex.rules import Verdict

__all__ = ["Approval", "ApprovalCheck", "ApprovalNeed", "ApprovalPolicy", "ApprovalRule"]


@tagged("pipeline.ApprovalRule")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ApprovalRule:
    """Which quotes need whose approval.

    Attributes:
        name: Of the rule.
        when: Over the facts of a quote, such as `discount_percent`, `margin_percent`, `total`, `term_months`.
        role: Who approves.
        level: The order of approvals: all of a level come before those of the next.

    Raises:
        InvalidValue: For a rule over a fact that quotes do not have.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    when: Rule = attrs.field(validator=_checks.a(Rule))
    role: str = attrs.field(validator=_checks.text)
    level: int = attrs.field(default=1, validator=_checks.whole(least=1))

    def __attrs_post_init__(self) -> None:
        SCHEMA.check(self.when, "ApprovalRule.when")


@tagged("pipeline.ApprovalNeed")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ApprovalNeed:
    """An approval that a quote needs.

    Attributes:
        rule: Name of the rule that asks for it.
        role: Who approves.
        level: In which order.
        why: How the rule was judged, in words.

    .. versionadded:: 0.1.0
    """

    rule: str = attrs.field(validator=_checks.text)
    role: str = attrs.field(validator=_checks.text)
    level: int = attrs.field(validator=_checks.whole(least=1))
    why: str = attrs.field(validator=_checks.text)

    def __str__(self) -> str:
        return f"{self.rule}: {self.role} (level {self.level})"


@tagged("pipeline.Approval")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Approval:
    """An approval that was given.

    Attributes:
        rule: Name of the rule that asked for it.
        role: In which role.
        by: Id of who gave it.

    .. versionadded:: 0.1.0
    """

    rule: str = attrs.field(validator=_checks.text)
    role: str = attrs.field(validator=_checks.text)
    by: str = attrs.field(validator=_checks.text)


@attrs.frozen(kw_only=True, weakref_slot=False)
class ApprovalCheck:
    """Which approvals a quote needs, and how each rule was judged.

    Attributes:
        needed: Lowest level first, then in the order of the policy.
        verdicts: (rule, verdict) of every rule, in the order of the policy.

    .. versionadded:: 0.1.0
    """

    needed: tuple[ApprovalNeed, ...]
    verdicts: tuple[tuple[str, Verdict], ...]

    def __str__(self) -> str:
        return "; ".join(map(str, self.needed)) or "no approval needed"


def _rules(given: Iterable[ApprovalRule]) -> tuple[ApprovalRule, ...]:
    return _checks.items("ApprovalPolicy.rules", given)


@tagged("pipeline.ApprovalPolicy")
@attrs.frozen(weakref_slot=False)
class ApprovalPolicy:
    """Which quotes need whose approval: every rule that matches needs one.

    Attributes:
        rules: In any order; names are unique.
        undecided: What a rule means whose facts are missing, such as the margin where a cost is not known: `ask` (it
            needs its approval) or `pass`.
        version: Of the definition.

    Raises:
        InvalidValue: For two rules of one name.

    Example:
        >>> from relex.rules import field
        >>> rule = ApprovalRule(name="deep", when=field("discount_percent") > 20, role="manager")
        >>> print(ApprovalPolicy([rule]).check({"discount_percent": 25}))
        deep: manager (level 1)

    .. versionadded:: 0.1.0
    """

    rules: tuple[ApprovalRule, ...] = attrs.field(converter=_rules, validator=_checks.each(_checks.a(ApprovalRule)))
    undecided: str = attrs.field(default="ask", kw_only=True, validator=_checks.one_of("ask", "pass"))
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))

    def __attrs_post_init__(self) -> None:
        names = [rule.name for rule in self.rules]
        if len(set(names)) != len(names):
            raise InvalidValue("ApprovalPolicy.rules", names, "rules with different names")

    def check(self, quote: Quote | Mapping[str, Any], as_of: datetime | None = None) -> ApprovalCheck:
        """Which approvals a quote needs, by itself or by its facts; nothing is changed.

        Args:
            quote: The quote, or its facts.
            as_of: The instant, for rules that ask about time.

        Raises:
            InvalidValue: For facts that are no mapping, or a naive datetime.

        .. versionadded:: 0.1.0
        """
        subject: Any = quote
        facts = subject.facts() if hasattr(subject, "facts") else subject
        judged = [(rule, evaluate(rule.when, facts, as_of)) for rule in self.rules]
        needed = [_need(rule, verdict) for rule, verdict in judged if self._asks(verdict)]
        return ApprovalCheck(
            needed=tuple(sorted(needed, key=_level)),
            verdicts=tuple((rule.name, verdict) for rule, verdict in judged),
        )

    def _asks(self, verdict: Verdict) -> bool:
        return verdict.answer is True or (verdict.answer is None and self.undecided == "ask")


def _need(rule: ApprovalRule, verdict: Verdict) -> ApprovalNeed:
    return ApprovalNeed(rule=rule.name, role=rule.role, level=rule.level, why=str(verdict))


def _level(need: ApprovalNeed) -> int:
    return need.level
