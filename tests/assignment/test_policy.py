"""Rules and policies of assignment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from relex.assignment import AssignmentPolicy, AssignmentRule, Pool
from relex.errors import InvalidValue

DESK = Pool("desk", ["ana", "bo"])


class TestAssignmentRule:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": ""},
            {"when": "hot"},
            {"pool": "desk"},
            {"pool": None},
            {"strategy": "chance"},
            {"strategy": "owner"},
            {"fact": "owner"},
            {"order": "1"},
            {"active": None},
            {"stop": 1},
            {"otherwise": "wait"},
            {"balance": "share"},
            {"balance": "hours", "strategy": "least_loaded"},
            {"look_ahead": []},
            {"look_ahead": [timedelta(1), timedelta(1)]},
            {"look_ahead": [timedelta(-1)]},
            {"look_ahead": timedelta(1)},
        ],
        ids=str,
    )
    def test_what_is_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="AssignmentRule"):
            AssignmentRule(**{"name": "all", "pool": DESK, **wrong})

    def test_an_owner_needs_no_pool(self) -> None:
        assert AssignmentRule("owner", strategy="owner", fact="account_owner").pool is None


class TestAssignmentPolicy:
    def test_rules_are_sorted_by_their_order(self) -> None:
        rules = [AssignmentRule(str(place), pool=DESK, order=order) for place, order in enumerate((5, -1, 5, 0))]

        assert [rule.name for rule in AssignmentPolicy(rules).rules] == ["1", "3", "0", "2"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"rules": "all"},
            {"rules": [DESK]},
            {"rules": [AssignmentRule("a", pool=DESK), AssignmentRule("a", pool=DESK)]},
            {"rules": [AssignmentRule("a", pool=DESK), AssignmentRule("b", pool=Pool("desk", ["ana"]))]},
            {"fallback": ""},
            {"owner": 1},
            {"closed": None},
        ],
        ids=["text", "pool", "one name", "one id", "fallback", "owner", "closed"],
    )
    def test_what_is_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="AssignmentPolicy"):
            AssignmentPolicy(**wrong)
