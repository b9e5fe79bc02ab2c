"""Which policy a case is promised, and why."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - people read the types of an answer at run time
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import table

if TYPE_CHECKING:
    from relex.rules import Verdict

__all__ = ["WHY", "PassedPolicy", "PolicyChoice"]

WHY = ("entitlement", "rule", "default")
"""What may have chosen a policy."""

_TEXT_OR_NONE = _checks.optional(_checks.text)


@attrs.frozen(weakref_slot=False)
class PassedPolicy:
    """A policy that was asked before the chosen one and did not fit.

    Attributes:
        policy: Id of the policy.
        verdict: What its rule answered: False, or unknown.

    .. versionadded:: 0.1.0
    """

    policy: str
    verdict: Verdict

    def __str__(self) -> str:
        return f"{self.policy}: {'no' if self.verdict.answer is False else 'unknown'}"


@attrs.frozen(kw_only=True, weakref_slot=False)
class PolicyChoice:
    """The policy that was chosen for a case; made by `SlaPolicies.choose`, kept by `Case.choose_policy`.

    Attributes:
        policy: Id of the policy.
        version: Of the policy; what is promised later does not change what was promised here.
        why: `entitlement`, `rule` or `default`.
        entitlement: Id of the entitlement that counts for the case, or None.
        verdict: What the rule of the policy answered; None where no rule chose it.
        passed: The policies asked before it, each with its verdict.
        changed: Names of the facts that changed since the choice before; empty for the first choice.
        as_of: The instant of the question; None where nobody asked.

    Raises:
        InvalidValue: For another reason, or a wrong type.

    Example:
        >>> print(PolicyChoice(policy="gold", version=2, why="entitlement", entitlement="e1"))
        gold version 2 (entitlement e1)

    .. versionadded:: 0.1.0
    """

    policy: str = attrs.field(validator=_checks.text)
    version: int = attrs.field(validator=_checks.whole(least=1))
    why: str = attrs.field(validator=_checks.one_of(*WHY))
    entitlement: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    verdict: Verdict | None = None
    passed: tuple[PassedPolicy, ...] = ()
    changed: tuple[str, ...] = ()
    as_of: datetime | None = None

    def __str__(self) -> str:
        entitled = f" {self.entitlement}" if self.entitlement is not None and self.why == "entitlement" else ""
        return f"{self.policy} version {self.version} ({self.why}{entitled})"

    def _repr_html_(self) -> str:
        rows = [(each.policy, str(each).rpartition(": ")[2], str(each.verdict)) for each in self.passed]
        rule = "" if self.verdict is None else str(self.verdict)
        return table(str(self), ("policy", "answer", "rule"), [*rows, (self.policy, self.why, rule)])
