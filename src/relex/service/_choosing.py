"""The policies of a desk in their order, and which of them a case is promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import table
from relex.codec import tagged
from relex.errors import InvalidValue, NotFound
from relex.rules import evaluate, read
from relex.service._case import Case
from relex.service._case_events import CasePolicyChosen
from relex.service._entitlements import Entitlement, EntitlementChoice
from relex.service._policy_choice import PassedPolicy, PolicyChoice
from relex.service._reading import seen_case
from relex.service._seeing import asked_facts
from relex.service._sla_policy import SlaPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

__all__ = ["SlaPolicies", "reselected"]

_POLICY = _checks.a(SlaPolicy)
_ENTITLED = _checks.optional(_checks.a(Entitlement, EntitlementChoice))


def _in_order(values: Iterable[SlaPolicy]) -> tuple[SlaPolicy, ...]:
    return _checks.items("SlaPolicies.policies", values)


def _past(values: Iterable[SlaPolicy]) -> tuple[SlaPolicy, ...]:
    return _checks.items("SlaPolicies.earlier", values)


@tagged("service.SlaPolicies")
@attrs.frozen
class SlaPolicies:
    """The policies of a desk: the first whose rule is True is promised, else the default.

    An entitlement that counts comes before all. Policies that cases were promised earlier are kept beside the present
    ones, so that a new version changes no clock of a case that has the old one.

    Attributes:
        policies: In the order in which they are asked; each has a rule.
        default: What is promised when no rule is True; it has no rule.
        earlier: Versions, and policies, that are promised no more.

    Raises:
        InvalidValue: For a policy without a rule among those that are asked, a default with one, or the same policy
            twice: the same id among the present ones, the same id and version among all.

    .. versionadded:: 0.1.0
    """

    policies: tuple[SlaPolicy, ...] = attrs.field(converter=_in_order, validator=_checks.each(_POLICY))
    default: SlaPolicy = attrs.field(validator=_POLICY)
    earlier: tuple[SlaPolicy, ...] = attrs.field(
        default=(), kw_only=True, converter=_past, validator=_checks.each(_POLICY)
    )
    _by_version: dict[tuple[str, int], SlaPolicy] = attrs.field(init=False, eq=False, repr=False)
    _present: dict[str, SlaPolicy] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Check the rules and the ids, and index them."""
        for place, policy in enumerate(self.policies):
            if policy.when is None:
                expected = "a policy with a rule (the one default stands apart)"
                raise InvalidValue(f"SlaPolicies.policies[{place}]", policy.id, expected)
        if self.default.when is not None:
            raise InvalidValue("SlaPolicies.default", self.default.id, "a policy without a rule")
        object.__setattr__(self, "_present", _each_once("SlaPolicies.policies", self._asked, lambda each: each.id))
        every = (*self._asked, *self.earlier)
        found = _each_once("SlaPolicies.earlier", every, lambda each: (each.id, each.version))
        object.__setattr__(self, "_by_version", found)

    @property
    def _asked(self) -> tuple[SlaPolicy, ...]:
        return (*self.policies, self.default)

    def get(self, id: str, version: int | None = None) -> SlaPolicy:  # noqa: A002 - the field's name everywhere in relex
        """The policy of an id and a version; without a version the present one.

        Raises:
            NotFound: When there is none.

        .. versionadded:: 0.1.0
        """
        found = self._present.get(id) if version is None else self._by_version.get((id, version))
        if found is None:
            raise NotFound("SlaPolicy", id if version is None else f"{id} version {version}")
        return found

    def choose(
        self,
        case: Case,
        *,
        as_of: datetime,
        entitlement: Entitlement | EntitlementChoice | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> PolicyChoice:
        """The policy that a case is promised: that of its entitlement, else the first whose rule is True, else the default.

        Args:
            case: The case; what happened to it after `as_of` is not seen. `Case.choose_policy` records the answer.
            as_of: The instant; aware.
            entitlement: The one that counts for the case, as `entitled` found it; None when it has none. One that is
                given alone is taken as it is, whatever its period and its customer.
            facts: The application's own facts, for the rules; they may not shadow those of the case.

        Raises:
            InvalidValue: For a naive datetime, an instant before the case was opened, an answer about another case, or
                a fact that shadows one of the case.
            NotFound: For an entitlement to a policy that is not among the present ones.

        .. versionadded:: 0.1.0
        """  # noqa: E501 - one sentence
        then = seen_case("choose", case, as_of)
        _ENTITLED.require("choose.entitlement", entitlement)
        if isinstance(entitlement, EntitlementChoice) and entitlement.case != case.id:
            raise InvalidValue("choose.entitlement", entitlement.case, f"the answer about the case {case.id}")
        owed = entitlement.entitlement if isinstance(entitlement, EntitlementChoice) else entitlement
        if owed is None:
            return self._by_rule(asked_facts("choose", then, facts), as_of)
        policy = self.get(owed.policy)
        return PolicyChoice(
            policy=policy.id, version=policy.version, why="entitlement", entitlement=owed.id, as_of=as_of
        )

    def _by_rule(self, facts: Mapping[str, Any], as_of: datetime) -> PolicyChoice:
        passed: list[PassedPolicy] = []
        for policy in self.policies:
            verdict = evaluate(policy.when, facts, as_of=as_of)  # type: ignore[arg-type]  # each has one
            if verdict.answer:
                return PolicyChoice(
                    policy=policy.id,
                    version=policy.version,
                    why="rule",
                    verdict=verdict,
                    passed=tuple(passed),
                    as_of=as_of,
                )
            passed.append(PassedPolicy(policy.id, verdict))
        last = self.default
        return PolicyChoice(policy=last.id, version=last.version, why="default", passed=tuple(passed), as_of=as_of)

    def __str__(self) -> str:
        return ", ".join([*[each.id for each in self.policies], f"else {self.default.id}"])

    def _repr_html_(self) -> str:
        rows = [
            (each.id, each.version, "any other case" if each.when is None else str(each.when)) for each in self._asked
        ]
        return table("policies", ("policy", "version", "promised to"), rows)


def reselected(
    case: Case,
    policies: SlaPolicies,
    *,
    as_of: datetime,
    entitlement: Entitlement | EntitlementChoice | None = None,
    facts: Mapping[str, Any] | None = None,
) -> PolicyChoice | None:
    """The new choice for a case whose policy asks for one, because a fact that it names has changed; else None.

    A policy says so with `reselect="on_change"` and the names in `reselect_on`. What changed is told by the case's own
    facts: as they were when the policy was chosen, and as they are at `as_of`. Clocks keep their starts.

    Args:
        case: The case; what happened to it after `as_of` is not seen.
        policies: Where the promised version stands, and from which the new one is chosen.
        as_of: The instant; aware.
        entitlement: As of `SlaPolicies.choose`; ask `entitled` again, since another product may be entitled otherwise.
        facts: As of `SlaPolicies.choose`.

    Returns:
        The choice, with the names that changed; None when nothing changed, when the policy is kept whatever changes,
        when the same is chosen again, or when no policy was chosen so far.

    Raises:
        InvalidValue: For a naive datetime, or an instant before the case was opened.
        NotFound: When the promised version is not there.

    .. versionadded:: 0.1.0
    """
    _checks.a(SlaPolicies).require("reselected.policies", policies)
    then = seen_case("reselected", case, as_of)
    if then.policy is None or then.policy_version is None:
        return None
    changed = _changed(then, policies.get(then.policy, then.policy_version))
    if not changed:
        return None
    choice = policies.choose(then, as_of=as_of, entitlement=entitlement, facts=facts)
    before = (then.policy, then.policy_version, then.entitlement)
    same = before == (choice.policy, choice.version, choice.entitlement)
    return None if same else attrs.evolve(choice, changed=changed)


def _changed(case: Case, policy: SlaPolicy) -> tuple[str, ...]:
    if policy.reselect == "never":
        return ()
    last = max(place for place, event in enumerate(case.history) if isinstance(event, CasePolicyChosen))
    before, now = Case(case.history[: last + 1]).facts(), case.facts()
    return tuple([name for name in policy.reselect_on if read(before.get(name)) != read(now.get(name))])


def _each_once(path: str, policies: Iterable[SlaPolicy], key: Any) -> dict[Any, SlaPolicy]:
    found: dict[Any, SlaPolicy] = {}
    for policy in policies:
        if key(policy) in found:
            raise InvalidValue(path, key(policy), "each policy once")
        found[key(policy)] = policy
    return found
