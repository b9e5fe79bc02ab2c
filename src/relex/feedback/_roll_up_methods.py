"""The number of one account: every method by which the answers of its people become one."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from relex import _checks
from relex.errors import InvalidValue
from relex.feedback._methods import Net, Share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relex.feedback._metric import Metric

__all__ = ["CLASSIFYING", "ROLL_UPS", "Number", "Roles", "Score", "number_of", "require_classes", "roles_of"]

_MAPPING = _checks.Check("a mapping from roles to numbers", lambda value: isinstance(value, Mapping))
_WEIGHT = _checks.number(above=0)
_ONE = Fraction(1)

ROLL_UPS = ("all_responses", "role_weighted", "account_mean", "mean_then_classify", "most_senior", "worst_case")
"""The methods; there is no default, since the choice can turn the sign of what is told."""

CLASSIFYING = ("mean_then_classify", "worst_case")
"""Those that put every account into one band."""


class Score(NamedTuple):
    """One answer that has a score, and what its role weighs."""

    role: str | None
    score: int
    x: Fraction
    weight: Fraction


class Number(NamedTuple):
    """The x of an account, and its band where the method gives it one."""

    x: Fraction
    band: str | None


class Roles(NamedTuple):
    """What roles weigh, or how senior they are; checked against the method."""

    weights: Mapping[str, Fraction] | None
    ranks: Mapping[str, int] | None

    @property
    def names(self) -> tuple[str, ...]:
        """The roles that were named."""
        return tuple(self.weights or self.ranks or ())

    def weight(self, role: str | None) -> Fraction:
        """What an answer of the role weighs: 1 unless roles have weights."""
        if self.weights is None:
            return _ONE
        return self.weights[_known("role_weights", role, self.weights)]

    def rank(self, role: str | None) -> int:
        """How senior the role is, the most senior 0."""
        ranks = self.ranks or {}
        return ranks[_known("seniority", role, ranks)]


def number_of(method: str, metric: Metric, scores: Sequence[Score], roles: Roles) -> Number:
    """The number of an account that has at least one score."""
    if method == "mean_then_classify":
        return _classified(metric, scores)
    if method == "worst_case":
        return _worst(metric, scores)
    if method == "most_senior":
        top = min([roles.rank(each.role) for each in scores])
        scores = [each for each in scores if roles.rank(each.role) == top]
    whole = sum([each.weight for each in scores], Fraction(0))
    return Number(sum([each.weight * each.x for each in scores], Fraction(0)) / whole, None)


def require_classes(metric: Metric, method: str) -> None:
    """Raise unless the metric tells kinds of scores apart."""
    if method == "mean_then_classify" and not isinstance(metric.method, (Net, Share)):
        expected = "a metric of Net or Share, whose x tells kinds of scores apart"
        raise InvalidValue("roll_up_accounts.metric", metric.name, expected)


def _classified(metric: Metric, scores: Sequence[Score]) -> Number:
    """The mean score, and what the highest score that is not above it counts."""
    mean = Fraction(sum([each.score for each in scores]), len(scores))
    low, step = metric.scale.low, metric.scale.step
    score = low + (mean - low) // step * step
    return Number(metric.x(score), metric.band(score))


def _worst(metric: Metric, scores: Sequence[Score]) -> Number:
    sign = 1 if metric.better == "up" else -1
    worst = min(scores, key=lambda each: (sign * each.x, sign * each.score))
    return Number(worst.x, metric.band(worst.score))


def _known(argument: str, role: str | None, known: Mapping[str, object]) -> str:
    if role is None or role not in known:
        raise InvalidValue(f"roll_up_accounts.{argument}", role, f"every role that answered, beside {', '.join(known)}")
    return role


def roles_of(method: str, role_weights: Mapping[str, Any] | None, seniority: Iterable[str] | None) -> Roles:
    """Weights for `role_weighted`, an order for `most_senior`, and neither for the others."""
    given = {"role_weights": (role_weights, "role_weighted"), "seniority": (seniority, "most_senior")}
    for name, (value, owner) in given.items():
        if (value is not None) is not (method == owner):
            expected = f"what {owner} goes by" if method == owner else f"None, since only {owner} has it"
            raise InvalidValue(f"roll_up_accounts.{name}", value, expected)
    if role_weights is not None:
        return Roles(_weights(role_weights), None)
    if seniority is not None:
        order = _checks.items("roll_up_accounts.seniority", seniority)
        _checks.each(_checks.text).require("roll_up_accounts.seniority", order)
        if not order or len(set(order)) < len(order):
            raise InvalidValue("roll_up_accounts.seniority", order, "at least one role, each of them once")
        return Roles(None, {role: rank for rank, role in enumerate(order)})
    return Roles(None, None)


def _weights(given: Mapping[str, Any]) -> dict[str, Fraction]:
    _MAPPING.require("roll_up_accounts.role_weights", given)
    for role, weight in given.items():
        _WEIGHT.require(f"roll_up_accounts.role_weights[{role}]", weight)
    return {role: Fraction(weight) for role, weight in given.items()}
