"""What stands out in open deals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from pipeline_deals import deal, on, sales, usd

from relex.calendars import Days
from relex.errors import InvalidValue
from relex.pipeline import (
    HEALTH_FLAGS,
    ContactRole,
    DealHealth,
    HealthPolicy,
    Opportunity,
    StalePolicy,
    deal_health,
    health_report,
)
from relex.rules import evaluate, field

PIPELINE = sales(stale=StalePolicy(warn_after=Days(5), stale_after=Days(10)))
FUTURE = date(2026, 6, 1)
PEOPLE = (ContactRole("p1", "buyer", primary=True), ContactRole("p2", "user"))


def good(name: str = "d", opened: float = 0, **known: Any) -> Opportunity:
    usual: dict[str, Any] = {"amount": 5, "owner": "ann", "expected_close": FUTURE, "contacts": PEOPLE}
    return deal(name, opened, **{**usual, **known}).set_next_step("call", FUTURE, at=on(opened)).state


def codes(opportunity: Opportunity, day: float = 1, **policy: Any) -> tuple[str, ...]:
    return deal_health(opportunity, PIPELINE, as_of=on(day), policy=HealthPolicy(**policy)).codes


class TestFlags:
    def test_a_good_deal_has_none(self) -> None:
        found = deal_health(good(), PIPELINE, as_of=on(1))

        assert (found.flags, found.state, str(found)) == ((), "good", "d: good")

    @pytest.mark.parametrize(
        ("known", "code"),
        [
            ({"amount": None}, "no_amount"),
            ({"owner": None}, "no_owner"),
            ({"expected_close": None}, "no_close_date"),
            ({"contacts": ()}, "no_contact"),
            ({"contacts": PEOPLE[:1]}, "single_threaded"),
            ({"expected_close": date(2025, 12, 31)}, "overdue"),
        ],
    )
    def test_what_is_missing_or_late(self, known: dict[str, Any], code: str) -> None:
        assert codes(good(**known)) == (code,)

    def test_an_amount_of_zero_is_an_amount(self) -> None:
        assert codes(good(amount=usd(0))) == ()

    @pytest.mark.parametrize(("day", "expected"), [(5, ()), (6, ("going_stale",)), (11, ("stale",))])
    def test_going_stale(self, day: int, expected: tuple[str, ...]) -> None:
        assert codes(good(), day) == expected

    def test_next_steps(self) -> None:
        assert codes(good().complete_next_step(at=on(1)).state) == ("no_next_step",)
        late = good().set_next_step("call", date(2026, 1, 1), at=on(0)).state
        assert [str(flag) for flag in deal_health(late, PIPELINE, as_of=on(3)).flags] == ["next step overdue: 3"]

    def test_pushes(self) -> None:
        pushed = good()
        for day in (2, 3, 4):
            pushed, _ = pushed.change_close_date(date(2026, 6, day), at=on(1))

        found = deal_health(pushed, PIPELINE, as_of=on(1), policy=HealthPolicy(pushes=3))

        assert [(flag.code, flag.value, flag.limit) for flag in found.flags] == [("pushed", 3, 3)]
        assert str(found.flags[0]) == "pushed: 3 (limit 3)"
        assert codes(pushed, pushes=4) == ()

    def test_quiet_since_the_last_activity_or_the_opening(self) -> None:
        called = good().record_activity("call", at=on(2)).state

        assert codes(good(), 4, quiet_after=3) == ("quiet",)
        assert codes(called, 5, quiet_after=3) == ()

    def test_one_contact_may_be_enough(self) -> None:
        assert codes(good(contacts=PEOPLE[:1]), contacts=1) == ()

    def test_what_is_ignored_is_left_out(self) -> None:
        assert codes(deal("d"), ignore=["no_amount", "no_owner", "no_owner"]) == (
            "no_next_step",
            "no_contact",
            "no_close_date",
        )

    def test_the_worst_comes_first(self) -> None:
        found = deal_health(deal("d", expected_close=date(2025, 12, 31)), PIPELINE, as_of=on(20))

        assert found.codes[:2] == ("stale", "overdue")
        assert found.state == "fault"
        assert list(found.codes) == sorted(found.codes, key=list(HEALTH_FLAGS).index)

    def test_closed_deals_have_none(self) -> None:
        assert codes(deal("d", 0, (1, "lost")), 99) == ()

    def test_days_are_those_of_a_zone(self) -> None:
        due = good(expected_close=date(2026, 1, 3))
        east = timezone(timedelta(hours=7))

        assert codes(due, 2.9) == ()
        assert deal_health(due, PIPELINE, as_of=on(2.9), tz=east).codes == ("overdue",)

    def test_exemptions_may_ask_about_facts_of_the_application(self) -> None:
        pipeline = sales(stale=StalePolicy(stale_after=Days(1), unless=field("tender") == "open"))

        assert deal_health(good(), pipeline, as_of=on(9), facts={"tender": "open"}).codes == ()

    def test_what_happened_later_is_not_seen(self) -> None:
        assert codes(good(), 1) == codes(good().change_amount(None, at=on(2)).state, 1)


class TestHealth:
    def test_rules_filter_by_its_facts(self) -> None:
        facts = deal_health(good(amount=None), PIPELINE, as_of=on(1)).facts()
        rule = field("health.flags").contains("no_amount") & (field("health.state") == "doubt")

        assert evaluate(rule, facts).answer
        assert DealHealth.fact_schema.problems(rule) == ()

    def test_shows_itself(self) -> None:
        page = deal_health(good("<d>", contacts=PEOPLE[:1]), PIPELINE, as_of=on(1))._repr_html_()

        assert "&lt;d&gt;: note" in page
        assert "single threaded" in page

    @pytest.mark.parametrize(
        "wrong",
        [
            {"pushes": 0},
            {"contacts": 0},
            {"quiet_after": -1},
            {"ignore": ["late"]},
            {"ignore": "stale"},
            {"pushes": True},
        ],
    )
    def test_refuses_other_policies(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(InvalidValue, match="HealthPolicy"):
            HealthPolicy(**wrong)

    def test_refuses_what_is_no_policy(self) -> None:
        with pytest.raises(InvalidValue, match=r"deal_health\.policy"):
            deal_health(good(), PIPELINE, as_of=on(1), policy={})  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "wrong",
        [
            pytest.param({"pipeline": "sales"}, id="pipeline"),
            pytest.param({"policy": None}, id="policy"),
            pytest.param({"tz": "UTC"}, id="tz"),
        ],
    )
    @pytest.mark.parametrize("of", [[], [good()]], ids=["none", "one"])
    def test_a_report_refuses_the_same_whatever_the_deals(self, wrong: dict[str, Any], of: list[Opportunity]) -> None:
        asked: dict[str, Any] = {"pipeline": PIPELINE, "policy": HealthPolicy(), "tz": UTC, **wrong}
        with pytest.raises(InvalidValue, match=rf"health_report\.{next(iter(wrong))}"):
            health_report(of, asked.pop("pipeline"), as_of=on(1), **asked)

    def test_a_deal_is_snoozed_by_the_same_calendar(self) -> None:
        pipeline = sales(stale=StalePolicy(stale_after=Days(1)))
        snoozed = good().snooze(date(2026, 1, 20), at=on(1), reason="holiday").state
        east = timezone(timedelta(hours=7))

        for instant in (on(18.9), on(18.9).astimezone(east)):
            assert deal_health(snoozed, pipeline, as_of=instant).codes == ()
            assert deal_health(snoozed, pipeline, as_of=instant, tz=east).codes == ("stale",)


class TestReport:
    def test_the_worst_deals_come_first(self) -> None:
        given = [
            good("fine"),
            good("mute", amount=None),
            good("late", expected_close=date(2025, 12, 1)),
            good("also late", expected_close=date(2025, 12, 1)),
            deal("won", 0, (0, "won")),
            deal("other", pipeline=sales(id="other")),
        ]

        found = health_report(given, PIPELINE, as_of=on(1))

        assert [health.opportunity for health in found.deals] == ["also late", "late", "mute", "fine"]
        assert found.counts == (("overdue", 2), ("no_amount", 1))
        assert str(found) == "4 open deals; overdue 2, no_amount 1"
        assert "overdue: 32" in found._repr_html_()

    def test_all_may_be_good(self) -> None:
        assert str(health_report([good()], PIPELINE, as_of=on(1))) == "1 open deals; all good"

    def test_refuses_a_naive_instant(self) -> None:
        with pytest.raises(InvalidValue, match=r"health_report\.as_of"):
            health_report([], PIPELINE, as_of=datetime(2026, 1, 1))  # noqa: DTZ001
