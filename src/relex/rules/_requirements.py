"""Named rules with a message, and all of them that are not met at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.rules._judge import evaluate
from relex.rules._nodes import Rule

if TYPE_CHECKING:
    from relex.rules._facts import AsOf, Facts
    from relex.rules._verdicts import Verdict

__all__ = ["Requirement", "Unmet", "check"]


@tagged("rule.requirement")
@attrs.frozen
class Requirement:
    """A rule that has to be True before something may happen, with what to tell the person who waits.

    Attributes:
        name: A stable name, such as `budget_known`.
        rule: What has to be True; unknown is not met.
        message: For people, such as "Fill in the budget".

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    rule: Rule = attrs.field(validator=_checks.a(Rule))
    message: str = attrs.field(validator=_checks.text)


_REQUIREMENTS = _checks.each(_checks.a(Requirement))


@attrs.frozen
class Unmet:
    """A requirement that is not met, and why.

    Attributes:
        requirement: The requirement.
        verdict: What its rule answered: False or unknown.

    .. versionadded:: 0.1.0
    """

    requirement: Requirement
    verdict: Verdict

    @property
    def name(self) -> str:
        """The name of the requirement."""
        return self.requirement.name

    @property
    def message(self) -> str:
        """The message of the requirement."""
        return self.requirement.message

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields that it lacks: facts that its rule asks for and that are not there."""
        return self.verdict.missing

    def __str__(self) -> str:
        lacks = f" (missing: {', '.join(self.missing)})" if self.missing else ""
        return f"{self.message}{lacks}"


def check(requirements: Iterable[Requirement], facts: Facts, as_of: AsOf = None) -> tuple[Unmet, ...]:
    """All requirements that are not met, in their order; empty when everything is.

    Raises:
        InvalidValue: When something else than requirements is given, the facts are no mapping, or `as_of` has no time
            zone.

    Example:
        >>> from relex.rules import Requirement, check, field
        >>> known = Requirement("budget", field("budget") > 0, "Fill in the budget")
        >>> [str(unmet) for unmet in check([known], {"name": "Berg"})]
        ['Fill in the budget (missing: budget)']

    .. versionadded:: 0.1.0
    """
    if isinstance(requirements, Iterable):
        requirements = tuple(requirements)
    _REQUIREMENTS.require("check.requirements", requirements)
    judged = ((requirement, evaluate(requirement.rule, facts, as_of)) for requirement in requirements)
    return tuple(Unmet(requirement, verdict) for requirement, verdict in judged if verdict.answer is not True)
