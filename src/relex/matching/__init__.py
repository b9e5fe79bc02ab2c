"""Which records are of the same party: similarity, comparisons, keys, policies, and pairs that explain themselves."""

from __future__ import annotations

from relex.matching._assertions import Assertion, NotSameAs, Retracted, SameAs, standing
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
from relex.matching._identifier_rules import BLOCKED_VALUES, IdentifierRule, IdentityRules
from relex.matching._identity import Identified, IdentityGraph, IdentityProfile, Sighting, identify
from relex.matching._pair import DECISIONS, Pair
from relex.matching._similarity import (
    acronym,
    exact,
    initial,
    jaro,
    jaro_winkler,
    levenshtein,
    osa,
    ratio,
    soundex,
    token_sort,
)

__all__ = [
    "BLOCKED_VALUES",
    "DECISIONS",
    "LONGEST",
    "METHODS",
    "Assertion",
    "Comparison",
    "Identified",
    "IdentifierRule",
    "IdentityGraph",
    "IdentityProfile",
    "IdentityRules",
    "Key",
    "Method",
    "NotSameAs",
    "Pair",
    "Part",
    "Retracted",
    "SameAs",
    "Sighting",
    "acronym",
    "best_of",
    "close_date",
    "close_number",
    "common_length",
    "exact",
    "identify",
    "initial",
    "jaro",
    "jaro_winkler",
    "levenshtein",
    "levenshtein_distance",
    "nickname",
    "osa",
    "osa_distance",
    "ratio",
    "soundex",
    "standing",
    "token_sort",
]
