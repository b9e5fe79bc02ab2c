"""How records are matched: what is compared, what brings records together, and what decides."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.matching._comparisons import Comparison, Key
from relex.matching._defaults import (
    ORGANIZATION_COMPARISONS,
    ORGANIZATION_KEYS,
    ORGANIZATION_REVIEW,
    ORGANIZATION_RULE,
    PERSON_CIRCLES,
    PERSON_KEYS,
    PERSON_REVIEW,
    PERSON_RULE,
    person_comparisons,
)
from relex.matching._fields import TAX_KINDS
from relex.matching._weights import MatchWeights
from relex.rules import Rule
from relex.scoring import Measure, ScoreCard, ScoreRule

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MatchPolicy"]

_CIRCLE = _checks.Check(
    "a name, and the names of comparisons",
    lambda value: (
        isinstance(value, tuple) and len(value) == 2 and all(map(_checks.text.passes, (value[0], *value[1])))  # noqa: PLR2004 - a pair
    ),
)
_RULE_OR_NONE = _checks.optional(_checks.a(Rule))


def _comparisons(values: Iterable[Comparison]) -> tuple[Comparison, ...]:
    return _checks.items("MatchPolicy.comparisons", values)


def _keys(values: Iterable[Key]) -> tuple[Key, ...]:
    return _checks.items("MatchPolicy.keys", values)


def _circles(values: Iterable[tuple[str, Iterable[str]]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = [_checks.items("MatchPolicy.circles", each) for each in _checks.items("MatchPolicy.circles", values)]
    return tuple((*each[:-1], _checks.items("MatchPolicy.circles", each[-1])) for each in found)


def _tuple(values: Iterable[str]) -> tuple[str, ...]:
    return _checks.items("MatchPolicy", values)


@tagged("matching.MatchPolicy")
@attrs.frozen
class MatchPolicy:
    """How records are matched.

    A pair is judged in this order: two different values of a unique identifier put it apart; the rule links it; the
    review rule sends it to people; the weights decide. What is unknown decides nothing.

    Attributes:
        name: Of the policy.
        comparisons: The facts about a pair.
        keys: Only records that share one of these are compared.
        rule: Over the facts; where it is True the pair is a link.
        review: Where it is True the pair is for people to see.
        unique: Kinds of identifier of which a party has one.
        circles: Names, each with the comparisons that different parties of one household or one town agree on; `fit`
            finds how many pairs are such, so that this agreement says no more than it should.
        transposable: Two comparisons whose fields may have changed places; the way round that gives more counts.
        weights: Evidence in bits, such as `fit` finds it; or a score card of rules over the facts, whose points are the
            bits.
        link_at: From this weight on the pair is a link.
        review_at: From this weight on it is for people to see.
        max_block: A key that more records than these share means nothing and is passed over.
        version: Rises with each change.

    Raises:
        InvalidValue: For two comparisons or keys of one name, a rule or a weight about something that is not compared,
            a weight with another number of levels, a card that is no plain sum, or `link_at` below `review_at`.

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    comparisons: tuple[Comparison, ...] = attrs.field(
        converter=_comparisons,
        validator=[_checks.each(_checks.a(Comparison)), _checks.unique("name")],
        kw_only=True,
    )
    keys: tuple[Key, ...] = attrs.field(
        converter=_keys, validator=[_checks.each(_checks.a(Key)), _checks.unique("name")], kw_only=True
    )
    rule: Rule | None = attrs.field(default=None, validator=_RULE_OR_NONE, kw_only=True)
    review: Rule | None = attrs.field(default=None, validator=_RULE_OR_NONE, kw_only=True)
    unique: tuple[str, ...] = attrs.field(
        default=(), converter=_tuple, validator=_checks.each(_checks.text), kw_only=True
    )
    transposable: tuple[str, ...] = attrs.field(
        default=(), converter=_tuple, validator=_checks.each(_checks.text), kw_only=True
    )
    circles: tuple[tuple[str, tuple[str, ...]], ...] = attrs.field(
        default=(), converter=_circles, validator=_checks.each(_CIRCLE), kw_only=True
    )
    weights: MatchWeights | ScoreCard | None = attrs.field(
        default=None, validator=_checks.optional(_checks.a(MatchWeights, ScoreCard)), kw_only=True
    )
    link_at: int | Decimal = attrs.field(default=7, validator=_checks.exact, kw_only=True)
    review_at: int | Decimal = attrs.field(default=0, validator=_checks.exact, kw_only=True)
    max_block: int = attrs.field(default=1000, validator=_checks.whole(least=2), kw_only=True)
    version: int = attrs.field(default=1, validator=_checks.whole(least=1), kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check that the parts fit together."""
        levels = {each.name: len(each.levels) for each in self.comparisons}
        self._check_names(levels)
        self._check_weights(levels)
        if self.link_at < self.review_at:
            raise InvalidValue("MatchPolicy.link_at", self.link_at, f"at least review_at, {self.review_at}")

    def _check_names(self, levels: dict[str, int]) -> None:
        for name, rule in (("rule", self.rule), ("review", self.review)):
            if rule is not None:
                _known(f"MatchPolicy.{name}", rule.names, levels)
        if len(set(self.transposable)) != len(self.transposable) or len(self.transposable) not in {0, 2}:
            raise InvalidValue("MatchPolicy.transposable", self.transposable, "the names of two comparisons, or none")
        _known("MatchPolicy.transposable", self.transposable, levels)
        for _, names in self.circles:
            _known("MatchPolicy.circles", names, levels)

    def _check_weights(self, levels: dict[str, int]) -> None:
        if isinstance(self.weights, ScoreCard):
            for each in self.weights.rules:
                if isinstance(each, Measure) or not isinstance(each, ScoreRule) or each.on != "facts":
                    raise InvalidValue("MatchPolicy.weights", each, "rules on the facts of a pair")
                _known("MatchPolicy.weights", each.when.names, levels)
        elif self.weights is not None:
            for part in (*self.weights.parts, *(part for circle in self.weights.circles for part in circle.parts)):
                _known("MatchPolicy.weights", [part.comparison], levels)
                if len(part.m) != levels[part.comparison] + 1:
                    expected = f"{levels[part.comparison] + 1} shares for {part.comparison}: of each level, and below"
                    raise InvalidValue("MatchPolicy.weights", part.m, expected)

    @classmethod
    def people(cls, nicknames: Iterable[Iterable[str]] = ()) -> MatchPolicy:
        """The policy for persons: names that are alike, and one thing more.

        Link when the given names are alike (0.85) and the family names (0.90), crosswise too, and one of e-mail, phone,
        day of birth, or street with postal code or city agrees. Review when the e-mail agrees, or the phone and the
        family name. Without weights; `fit` finds them in the records.

        Args:
            nicknames: Sets of given names that stand for each other, such as {"jon", "jonathan"}.

        .. versionadded:: 0.1.0
        """
        return cls(
            "people",
            comparisons=person_comparisons(nicknames),
            keys=PERSON_KEYS,
            rule=PERSON_RULE,
            review=PERSON_REVIEW,
            unique=TAX_KINDS,
            transposable=("given", "family"),
            circles=PERSON_CIRCLES,
        )

    @classmethod
    def organizations(cls) -> MatchPolicy:
        """The policy for organizations: the company number, or the name and one thing more.

        Link when a company number agrees, or the name without its legal form and one of the domain of the e-mail (a
        domain where anybody may have mail does not count), phone or postal code. Review when the name agrees.

        .. versionadded:: 0.1.0
        """
        return cls(
            "organizations",
            comparisons=ORGANIZATION_COMPARISONS,
            keys=ORGANIZATION_KEYS,
            rule=ORGANIZATION_RULE,
            review=ORGANIZATION_REVIEW,
            unique=TAX_KINDS,
        )


def _known(path: str, names: Iterable[str], known: dict[str, int]) -> None:
    for name in names:
        if name not in known:
            raise InvalidValue(path, name, f"the name of a comparison: {', '.join(known)}")
