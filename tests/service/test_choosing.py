"""Which policy a case is promised, and when it is chosen again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from relex.calendars import BusinessCalendar, Period
from relex.errors import InvalidValue, NotFound
from relex.rules import field
from relex.service import (
    Case,
    Entitlement,
    PassedPolicy,
    PolicyChoice,
    SlaPolicies,
    SlaPolicy,
    entitled,
    first_response,
    reselected,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALWAYS = BusinessCalendar.always(UTC)


def level(id_: str, when: Any = None, **more: Any) -> SlaPolicy:
    return SlaPolicy(id_, [first_response(HOUR)], ALWAYS, when=when, **more)


PHONE = level("phone", field("channel") == "phone", version=3)
PRINTERS = level("printers", field("product").is_in("printer", "scanner"))
REST = level("rest")
DESK = SlaPolicies([PHONE, PRINTERS], REST)
GOLD = Entitlement("e1", customer="k7", period=Period(date(2026, 1, 1)), policy="phone")


def case(**parts: Any) -> Case:
    return Case.open("c1", **{"customer": "k7", "channel": "mail", "at": NOON, **parts}).state


class TestDefinition:
    @pytest.mark.parametrize(
        ("policies", "default", "earlier", "path"),
        [
            ([REST], level("other"), (), "SlaPolicies.policies[0]"),
            ([PHONE], PRINTERS, (), "SlaPolicies.default"),
            ([PHONE, level("phone", field("owner") == "a")], REST, (), "SlaPolicies.policies"),
            ([level("rest", field("owner") == "a")], REST, (), "SlaPolicies.policies"),
            ([], REST, [REST], "SlaPolicies.earlier"),
            ([], REST, [level("a"), level("a")], "SlaPolicies.earlier"),
            (["phone"], REST, (), "SlaPolicies.policies"),
            ([], "rest", (), "SlaPolicies.default"),
            ([], REST, "rest", "SlaPolicies.earlier"),
        ],
    )
    def test_what_it_may_not_be(self, policies: Any, default: Any, earlier: Any, path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            SlaPolicies(policies, default, earlier=earlier)

        assert caught.value.path == path

    def test_it_is_told_in_words(self) -> None:
        assert str(DESK) == "phone, printers, else rest"
        assert str(SlaPolicies([], REST)) == "else rest"
        assert "channel" in DESK._repr_html_()

    def test_earlier_versions_are_found(self) -> None:
        old = level("phone", version=2)
        desk = SlaPolicies([PHONE], REST, earlier=[old])

        assert [desk.get("phone"), desk.get("phone", 3), desk.get("phone", 2), desk.get("rest")] == [
            PHONE,
            PHONE,
            old,
            REST,
        ]

    @pytest.mark.parametrize(("asked", "told"), [(("gold",), "gold"), (("phone", 9), "phone version 9")])
    def test_what_is_not_there(self, asked: tuple[Any, ...], told: str) -> None:
        with pytest.raises(NotFound) as caught:
            DESK.get(*asked)

        assert (caught.value.kind, caught.value.id) == ("SlaPolicy", told)


class TestChoice:
    def test_the_first_whose_rule_is_true(self) -> None:
        found = DESK.choose(case(channel="phone", product="printer"), as_of=NOON)

        assert (found.policy, found.version, found.why, found.passed) == ("phone", 3, "rule", ())
        assert found.verdict is not None
        assert found.verdict.answer is True

    def test_those_passed_over_keep_their_verdicts(self) -> None:
        found = DESK.choose(case(product="scanner"), as_of=NOON)

        assert (found.policy, [str(each) for each in found.passed]) == ("printers", ["phone: no"])

    def test_the_default_is_judged_last(self) -> None:
        found = DESK.choose(case(), as_of=NOON)

        assert (found.policy, found.why, found.verdict) == ("rest", "default", None)
        assert [str(each) for each in found.passed] == ["phone: no", "printers: unknown"]

    def test_the_entitlement_comes_before_all(self) -> None:
        found = DESK.choose(case(product="printer"), as_of=NOON, entitlement=GOLD)

        assert (found.policy, found.why, found.entitlement) == ("phone", "entitlement", "e1")
        assert str(found) == "phone version 3 (entitlement e1)"

    def test_an_answer_about_entitlements_is_taken_as_it_is(self) -> None:
        some, none = entitled(case(), [GOLD], as_of=NOON), entitled(case(), [], as_of=NOON)
        found = [DESK.choose(case(), as_of=NOON, entitlement=each) for each in (some, none)]

        assert [each.why for each in found] == ["entitlement", "default"]

    def test_an_entitlement_to_a_policy_that_is_not_there(self) -> None:
        wrong = Entitlement("e1", customer="k7", period=Period(date(2026, 1, 1)), policy="platinum")

        with pytest.raises(NotFound, match="platinum"):
            DESK.choose(case(), as_of=NOON, entitlement=wrong)

    def test_the_facts_of_the_application(self) -> None:
        desk = SlaPolicies([level("vip", field("segment") == "vip")], REST)

        assert desk.choose(case(), as_of=NOON, facts={"segment": "vip"}).policy == "vip"

    @pytest.mark.parametrize(
        ("wrong", "path"),
        [
            ({"case": "c1"}, "choose.case"),
            ({"as_of": datetime(2026, 6, 1)}, "choose.as_of"),  # noqa: DTZ001 - naive on purpose
            ({"entitlement": "e1"}, "choose.entitlement"),
            ({"entitlement": entitled(Case.open("c2", at=NOON).state, [], as_of=NOON)}, "choose.entitlement"),
            ({"facts": {"channel": "phone"}}, "choose.facts"),
            ({"facts": "vip"}, "choose.facts"),
        ],
        ids=["case", "as_of", "entitlement", "other case", "shadowing", "facts"],
    )
    def test_what_is_refused(self, wrong: dict[str, Any], path: str) -> None:
        asked = {"case": case(), "as_of": NOON, **wrong}

        with pytest.raises(InvalidValue) as caught:
            DESK.choose(asked.pop("case"), **asked)

        assert caught.value.path == path

    def test_what_happens_later_is_not_seen(self) -> None:
        desk = SlaPolicies([level("faults", field("type") == "fault")], REST)
        later = case().set_type("fault", at=NOON + HOUR).state

        assert [desk.choose(later, as_of=at).policy for at in (NOON, NOON + HOUR)] == ["rest", "faults"]

    def test_it_is_recorded_by_id_and_version(self) -> None:
        found, events = case().choose_policy(DESK.choose(case(), as_of=NOON, entitlement=GOLD), at=NOON)

        assert (found.policy, found.policy_version, found.entitlement) == ("phone", 3, "e1")
        assert len(events) == 1

    def test_it_shows_itself_as_a_table(self) -> None:
        shown = DESK.choose(case(), as_of=NOON)._repr_html_()

        assert "unknown" in shown
        assert "rest version 1 (default)" in shown

    def test_a_choice_can_be_made_by_hand(self) -> None:
        with pytest.raises(InvalidValue, match=r"PolicyChoice\.why"):
            PolicyChoice(policy="gold", version=1, why="chance")


def passed(policy: str, found: PolicyChoice) -> list[PassedPolicy]:
    return [each for each in found.passed if each.policy == policy]


class TestReselection:
    CHANGING = level(
        "changing", field("type") == "fault", reselect="on_change", reselect_on=("type", "product", "customer")
    )
    POLICIES = SlaPolicies([CHANGING, PHONE, PRINTERS], REST)

    def promised(self, **parts: Any) -> Case:
        opened = case(type="fault", **parts)
        return opened.choose_policy(self.POLICIES.choose(opened, as_of=NOON), at=NOON).state

    def test_nothing_changed(self) -> None:
        assert reselected(self.promised(), self.POLICIES, as_of=NOON + HOUR) is None

    def test_a_named_fact_changed(self) -> None:
        changed = self.promised().set_type("question", at=NOON + HOUR).state
        found = reselected(changed, self.POLICIES, as_of=NOON + HOUR)

        assert found is not None
        assert (found.policy, found.why, found.changed) == ("rest", "default", ("type",))

    def test_another_fact_changed(self) -> None:
        changed = self.promised().assign("ann", at=NOON + HOUR).state

        assert reselected(changed, self.POLICIES, as_of=NOON + HOUR) is None

    def test_what_happens_later_is_not_seen(self) -> None:
        changed = self.promised().set_type("question", at=NOON + HOUR).state

        assert reselected(changed, self.POLICIES, as_of=NOON) is None

    def test_it_changed_and_the_same_is_chosen_again(self) -> None:
        changed = self.promised().set_customer("k8", at=NOON + HOUR).state

        assert reselected(changed, self.POLICIES, as_of=NOON + HOUR) is None

    def test_after_the_new_choice_nothing_has_changed(self) -> None:
        changed = self.promised().set_type("question", at=NOON + HOUR).state
        found = reselected(changed, self.POLICIES, as_of=NOON + HOUR)
        assert found is not None
        again = changed.choose_policy(found, at=NOON + HOUR).state

        assert reselected(again, self.POLICIES, as_of=NOON + 2 * HOUR) is None

    def test_the_last_choice_is_what_is_compared_with(self) -> None:
        changed = self.promised().set_type("question", at=NOON + HOUR).state
        found = reselected(changed, self.POLICIES, as_of=NOON + HOUR)
        assert found is not None
        back = changed.choose_policy(found, at=NOON + HOUR).then(lambda it: it.set_type("fault", at=NOON + HOUR)).state

        assert reselected(back, self.POLICIES, as_of=NOON + HOUR) is None  # the default keeps what it is

    def test_a_policy_that_is_kept_whatever_changes(self) -> None:
        opened = case(channel="phone")
        kept = opened.choose_policy(DESK.choose(opened, as_of=NOON), at=NOON).then(
            lambda it: it.set_type("fault", at=NOON)
        )

        assert reselected(kept.state, DESK, as_of=NOON) is None

    def test_only_facts_of_the_case_can_be_compared(self) -> None:
        with pytest.raises(InvalidValue, match=r"SlaPolicy\.reselect_on"):
            level("changing", reselect="on_change", reselect_on=("segment",))

    def test_no_policy_was_chosen_so_far(self) -> None:
        assert reselected(case(), DESK, as_of=NOON) is None

    def test_the_entitlement_comes_before_all(self) -> None:
        changed = self.promised().set_type("question", at=NOON).state
        found = reselected(changed, self.POLICIES, as_of=NOON, entitlement=GOLD)

        assert found is not None
        assert (found.why, found.entitlement) == ("entitlement", "e1")

    def test_a_version_that_is_not_there(self) -> None:
        with pytest.raises(NotFound, match="changing version 1"):
            reselected(self.promised(), DESK, as_of=NOON)

    @pytest.mark.parametrize(
        ("wrong", "path"),
        [
            ({"case": "c1"}, "reselected.case"),
            ({"policies": REST}, "reselected.policies"),
            ({"as_of": datetime(2026, 6, 1)}, "reselected.as_of"),  # noqa: DTZ001 - naive on purpose
            ({"as_of": NOON - HOUR}, "reselected.as_of"),
        ],
        ids=["case", "policies", "naive", "too early"],
    )
    def test_what_is_refused(self, wrong: dict[str, Any], path: str) -> None:
        asked = {"case": case(), "policies": DESK, "as_of": NOON, **wrong}

        with pytest.raises(InvalidValue) as caught:
            reselected(asked.pop("case"), asked.pop("policies"), **asked)

        assert caught.value.path == path
