"""Worked cases of entitlements and of the choice of a policy."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from relex.calendars import BusinessCalendar, Period
from relex.errors import InvalidValue
from relex.rules import field
from relex.service import Case, Entitlement, SlaPolicies, SlaPolicy, entitled, first_response

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ALWAYS = BusinessCalendar.always(UTC)
HOUR = timedelta(hours=1)


def level(id_: str, **more: object) -> SlaPolicy:
    return SlaPolicy(id_, [first_response(HOUR)], ALWAYS, **more)  # type: ignore[arg-type]  # what a policy takes


class TestSv34:
    """SV-34, what a set of policies may not be. Source: own."""

    def test_the_default_twice(self) -> None:
        with pytest.raises(InvalidValue, match=r"SlaPolicies\.policies\[0\]"):
            SlaPolicies([level("rest")], level("rest"))

    def test_two_defaults(self) -> None:
        with pytest.raises(InvalidValue, match=r"SlaPolicies\.policies\[1\]"):
            SlaPolicies([level("phone", when=field("channel") == "phone"), level("other")], level("rest"))

    def test_a_policy_that_is_no_default_without_a_rule(self) -> None:
        with pytest.raises(InvalidValue, match="a policy with a rule"):
            SlaPolicies([level("gold")], level("rest"))


class TestEntitlements:
    """Section 4 of the rules: what is owed, why not, and which comes first. Source: own."""

    YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
    CASE = Case.open("c1", customer="k7", channel="mail", product="printer", at=NOON).state

    def owed(self, id_: str, **more: object) -> Entitlement:
        return Entitlement(id_, **{"customer": "k7", "period": self.YEAR, "policy": "gold", **more})  # type: ignore[arg-type]  # what one takes

    def test_every_reason_why_not(self) -> None:
        given = [
            self.owed("e1", customer="k8"),
            self.owed("e2", period=Period(date(2026, 6, 2), date(2027, 1, 1))),
            self.owed("e3", period=Period(date(2025, 6, 1), date(2026, 6, 1))),
            self.owed("e4", products=["scanner"]),
            self.owed("e5", channels=["phone"]),
            self.owed("e6", cases=3),
        ]
        found = entitled(self.CASE, given, as_of=NOON, used={"e6": 3})

        assert [each.reason for each in found.passed] == [
            "other_customer",
            "not_started",
            "ended",
            "product",
            "channel",
            "used_up",
        ]
        assert found.reason == "unentitled"

    def test_the_order_of_those_that_fit(self) -> None:
        given = [
            self.owed("e5"),
            self.owed("e4"),
            self.owed("e3", period=Period(date(2026, 1, 1))),
            self.owed("e2", channels=["mail"]),
            self.owed("e1", products=["printer"]),
        ]
        order = []
        while given:
            found = entitled(self.CASE, given, as_of=NOON).entitlement
            assert found is not None
            order.append(found.id)
            given.remove(found)

        assert order == ["e1", "e2", "e3", "e4", "e5"]
