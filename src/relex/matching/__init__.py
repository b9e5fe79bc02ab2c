"""Which records are of the same party: similarity, comparisons, keys, policies, and pairs that explain themselves."""

from __future__ import annotations

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
    "DECISIONS",
    "LONGEST",
    "METHODS",
    "Comparison",
    "Key",
    "Method",
    "Pair",
    "Part",
    "acronym",
    "best_of",
    "close_date",
    "close_number",
    "common_length",
    "exact",
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
    "token_sort",
]
