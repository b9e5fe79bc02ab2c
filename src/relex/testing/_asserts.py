"""Asks pytest to explain the asserts of the contracts, which must be said before their modules are imported."""

from __future__ import annotations

import pytest

__all__ = ["REWRITTEN"]

REWRITTEN = (
    "relex.testing._abilities",
    "relex.testing._appending",
    "relex.testing._concurrency",
    "relex.testing._finding",
    "relex.testing._keeping",
    "relex.testing._machine",
    "relex.testing._reading",
    "relex.testing._rules",
    "relex.testing._saving",
    "relex.testing._stores",
    "relex.testing._trying",
)
"""The modules of this package that assert."""

pytest.register_assert_rewrite(*REWRITTEN)
