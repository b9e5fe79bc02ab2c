"""Which records are of the same party: similarity, comparisons, keys, policies, and pairs that explain themselves."""

from __future__ import annotations

from relex.matching._assertions import Assertion, NotSameAs, Retracted, SameAs, standing
from relex.matching._blocks import SkippedBlock
from relex.matching._comparisons import (
    METHODS,
    Comparison,
    Key,
    Method,
    Part,
    best_of,
    close_date,
    close_number,
    nickname,
)
from relex.matching._distances import LONGEST, common_length, levenshtein_distance, osa_distance
from relex.matching._estimate import Estimate, Pattern, estimate, u_from_values
from relex.matching._fields import FIELD_KEYS, NATIONAL_KINDS, PUBLIC_DOMAINS, TAX_KINDS, Value, comparable
from relex.matching._fit import Fit, fit, match
from relex.matching._identifier_rules import BLOCKED_VALUES, IdentifierRule, IdentityRules
from relex.matching._identity import Identified, IdentityGraph, Sighting, identify
from relex.matching._identity_profile import IdentityProfile
from relex.matching._methods import Similarity
from relex.matching._pair import DECISIONS, Pair
from relex.matching._pairs import Pairs, compare, pairs
from relex.matching._policy import MatchPolicy
from relex.matching._reading import Encoders, keys_of
from relex.matching._resolution import Refused, Resolution, Why
from relex.matching._resolve import ScoredPair, resolve
from relex.matching._similarity import (
    acronym,
    exact,
    initial,
    jaro,
    jaro_winkler,
    levenshtein,
    osa,
    soundex,
    text_ratio,
    token_sort,
)
from relex.matching._weights import Circle, MatchWeight, MatchWeights, probability

__all__ = [
    "BLOCKED_VALUES",
    "DECISIONS",
    "FIELD_KEYS",
    "LONGEST",
    "METHODS",
    "NATIONAL_KINDS",
    "PUBLIC_DOMAINS",
    "TAX_KINDS",
    "Assertion",
    "Circle",
    "Comparison",
    "Encoders",
    "Estimate",
    "Fit",
    "Identified",
    "IdentifierRule",
    "IdentityGraph",
    "IdentityProfile",
    "IdentityRules",
    "Key",
    "MatchPolicy",
    "MatchWeight",
    "MatchWeights",
    "Method",
    "NotSameAs",
    "Pair",
    "Pairs",
    "Part",
    "Pattern",
    "Refused",
    "Resolution",
    "Retracted",
    "SameAs",
    "ScoredPair",
    "Sighting",
    "Similarity",
    "SkippedBlock",
    "Value",
    "Why",
    "acronym",
    "best_of",
    "close_date",
    "close_number",
    "common_length",
    "comparable",
    "compare",
    "estimate",
    "exact",
    "fit",
    "identify",
    "initial",
    "jaro",
    "jaro_winkler",
    "keys_of",
    "levenshtein",
    "levenshtein_distance",
    "match",
    "nickname",
    "osa",
    "osa_distance",
    "pairs",
    "probability",
    "resolve",
    "soundex",
    "standing",
    "text_ratio",
    "token_sort",
    "u_from_values",
]
