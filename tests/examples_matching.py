"""Examples of policies, of the comparisons and keys in them, and of weights."""

from __future__ import annotations

import attrs

from relex.matching import Circle, Comparison, Key, MatchPolicy, MatchWeight, MatchWeights, Part, best_of, nickname

__all__ = ["examples"]


def examples() -> list[object]:
    """At least one of each class."""
    given = best_of("initial", nickname([{"jon", "jonathan"}]), "jaro_winkler")
    compared = Comparison("given", "given", given, levels=["1", "0.9"], frequency=True)
    key = Key("names", [Part("given", first=1), Part("family", encode="soundex")])
    weight = MatchWeight("given", m=["0.8", "0.15", "0.05"], u=["0.01", "0.04", "0.95"])
    town = Circle("town", "0.02", [MatchWeight("given", m=["0.1", "0.1", "0.8"], u=["0.01", "0.04", "0.95"])])
    weights = MatchWeights("0.001", [weight], circles=[town])
    policy = MatchPolicy("people of ours", comparisons=[compared], keys=[key], weights=weights, link_at=9)
    people = MatchPolicy.people([{"sam", "samuel"}])
    return [given, compared, key, *key.parts, weight, town, weights, policy, attrs.evolve(people, version=2)]
