"""The similarities of `relex.matching` computed by rapidfuzz: the same numbers, several times as fast.

Used when the caller passes it, as in `pairs(records, policy, similarity=RapidFuzz())`.
"""

from __future__ import annotations

from relex.adapters.matching._rapidfuzz import RapidFuzz

__all__ = ["RapidFuzz"]
