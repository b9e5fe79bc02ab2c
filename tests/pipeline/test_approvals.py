"""Who has to approve a quote, and in which order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from relex.errors import InvalidValue, Rejected
from relex.pipeline import Approval, ApprovalPolicy, ApprovalRule, Quote, QuoteLine, QuoteWithdrawn
from relex.purchases import Discount
from relex.rules import TRUE, any_line, field

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
DEEP = ApprovalRule(name="deep", when=field("discount_percent") > 20, role="manager")
THIN = ApprovalRule(name="thin", when=field("margin_percent") < 30, role="finance", level=2)
LARGE = ApprovalRule(name="large", when=field("total") >= 10_000, role="director", level=2)
LONG = ApprovalRule(name="long", when=field("term_months") > 36, role="legal")
POLICY = ApprovalPolicy([LARGE, DEEP], undecided="ask")
ALWAYS = [ApprovalRule(name=role, when=TRUE, role=role, level=level) for role, level in (("b", 2), ("a", 1), ("c", 2))]


def quote(price: int = 20_000, off: int = 25, **more: Any) -> Quote:
    line = QuoteLine(1, "seat", 1, list_price=price, discounts=[Discount(percent=off)], **more)
    return Quote.open("q1", currency="USD", lines=[line], at=AT).state


def submitted(*rules: ApprovalRule) -> Quote:
    return quote().submit(ApprovalPolicy(rules or ALWAYS), by="eve", at=AT).state


def reason_of(command: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(Rejected) as refused:
        command(*args, **more)
    return refused.value.reason


class TestPolicies:
    def test_every_rule_that_matches_needs_an_approval_lowest_level_first(self) -> None:
        found = POLICY.check(quote())

        assert [(n.rule, n.role, n.level) for n in found.needed] == [("deep", "manager", 1), ("large", "director", 2)]
        assert str(found) == "deep: manager (level 1); large: director (level 2)"
        assert "discount_percent" in found.needed[0].why

    def test_every_rule_has_its_verdict(self) -> None:
        found = POLICY.check(quote(off=10))

        assert [(name, verdict.answer) for name, verdict in found.verdicts] == [("large", True), ("deep", False)]

    def test_without_a_match_nothing_is_needed(self) -> None:
        found = POLICY.check(quote(price=100, off=0))

        assert found.needed == ()
        assert str(found) == "no approval needed"

    def test_facts_alone_can_be_asked_about(self) -> None:
        assert [need.rule for need in POLICY.check({"total": 1, "discount_percent": 30}, AT).needed] == ["deep"]

    @pytest.mark.parametrize(("undecided", "needed"), [("ask", ["thin"]), ("pass", [])])
    def test_a_rule_whose_facts_are_missing_asks_unless_told_otherwise(self, undecided: str, needed: list[str]) -> None:
        policy = ApprovalPolicy([THIN, LONG], undecided=undecided)

        assert sorted(needed) == sorted([need.rule for need in policy.check(quote()).needed])

    def test_a_rule_may_ask_about_lines(self) -> None:
        rule = ApprovalRule(name="line", when=any_line(field("line.discount_percent") > 20), role="manager")

        assert [need.rule for need in ApprovalPolicy([rule]).check(quote()).needed] == ["line"]

    def test_a_rule_over_an_unknown_fact_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"ApprovalRule\.when"):
            ApprovalRule(name="deep", when=field("discuont_percent") > 20, role="manager")

    def test_two_rules_of_one_name_are_refused(self) -> None:
        with pytest.raises(InvalidValue, match="different names"):
            ApprovalPolicy([DEEP, DEEP])

    @pytest.mark.parametrize(
        ("field_", "value"), [("name", ""), ("when", "always"), ("role", ""), ("level", 0), ("level", "1")]
    )
    def test_a_wrong_field_is_named(self, field_: str, value: Any) -> None:
        usual: dict[str, Any] = {"name": "deep", "when": TRUE, "role": "manager"}

        with pytest.raises(InvalidValue, match=f"ApprovalRule.{field_}"):
            ApprovalRule(**(usual | {field_: value}))

    @pytest.mark.parametrize("given", [3, "quote", None])
    def test_what_has_no_facts_cannot_be_checked(self, given: Any) -> None:
        with pytest.raises(InvalidValue):
            POLICY.check(given)


class TestSubmitting:
    def test_it_waits_for_what_the_policy_needs(self) -> None:
        change = quote().submit(POLICY, by="eve", at=AT)

        assert (change.state.status, change.state.submitted_by) == ("submitted", "eve")
        assert [need.rule for need in change.state.outstanding] == ["deep", "large"]
        assert change.events[0].reason is None  # type: ignore[attr-defined]

    def test_without_a_matching_rule_it_is_approved_at_once_with_that_reason(self) -> None:
        change = quote(off=0, price=100).submit(POLICY, by="eve", at=AT)

        assert change.state.status == "approved"
        assert change.events[0].reason == "no_matching_rule"  # type: ignore[attr-defined]

    def test_only_a_draft_with_lines_can_be_submitted(self) -> None:
        waiting = submitted()
        empty = Quote.open("q1", currency="USD", at=AT).state

        for state, reason in (
            (waiting, "already_submitted"),
            (empty, "no_lines"),
            (quote().send(at=AT).state, "frozen"),
        ):
            with pytest.raises(Rejected, match=reason):
                state.submit(POLICY, by="eve", at=AT)

    def test_wrong_arguments_are_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"submit\.policy"):
            quote().submit([DEEP], by="eve", at=AT)  # type: ignore[arg-type]
        with pytest.raises(InvalidValue):
            quote().submit(POLICY, by="", at=AT)


class TestApproving:
    def test_the_last_approval_approves_the_quote(self) -> None:
        one = submitted().approve(by="ann", role="a", at=AT).state
        two = one.approve(by="bob", role="b", at=AT).state
        three = two.approve(by="ann", role="c", at=AT).state

        assert [each.status for each in (one, two, three)] == ["submitted", "submitted", "approved"]
        assert [need.role for need in two.outstanding] == ["c"]
        assert Approval(rule="a", role="a", by="ann") == three.approvals[0]

    def test_who_submitted_never_approves(self) -> None:
        with pytest.raises(Rejected, match="own_request") as refused:
            submitted().approve(by="eve", role="a", at=AT)

        assert len(refused.value.details["needed"]) == 3  # type: ignore[arg-type]

    def test_levels_come_in_order(self) -> None:
        with pytest.raises(Rejected, match="level_order") as refused:
            submitted().approve(by="bob", role="b", at=AT)

        assert refused.value.details["allowed"] == ("a",)

    def test_a_role_that_nobody_waits_for_is_refused(self) -> None:
        with pytest.raises(Rejected, match="not_needed"):
            submitted().approve(by="bob", role="janitor", at=AT)

    def test_each_rule_of_a_role_needs_its_own_approval(self) -> None:
        rules = [ApprovalRule(name=name, when=TRUE, role="manager") for name in ("one", "two")]
        first = submitted(*rules).approve(by="bob", role="manager", at=AT, rule="two").state

        assert [need.rule for need in first.outstanding] == ["one"]
        assert first.approve(by="bob", role="manager", at=AT).state.status == "approved"
        with pytest.raises(Rejected, match="not_needed"):
            first.approve(by="bob", role="manager", at=AT, rule="two")

    def test_a_draft_waits_for_nobody(self) -> None:
        with pytest.raises(Rejected, match="not_submitted"):
            quote().approve(by="bob", role="a", at=AT)

    @pytest.mark.parametrize("given", [{"by": ""}, {"role": ""}, {"rule": ""}])
    def test_wrong_arguments_are_refused(self, given: dict[str, str]) -> None:
        with pytest.raises(InvalidValue, match="approve"):
            submitted().approve(**({"by": "bob", "role": "a", "at": AT} | given))  # type: ignore[arg-type]

    def test_a_refusal_makes_it_a_draft_again(self) -> None:
        waiting = submitted().approve(by="ann", role="a", at=AT).state

        back = waiting.refuse(by="bob", role="b", reason="too deep", at=AT).state

        assert (back.status, back.submitted_by, back.needed, back.approvals) == ("draft", None, (), ())
        with pytest.raises(Rejected, match="own_request"):
            waiting.refuse(by="eve", role="b", at=AT)


class TestWithdrawing:
    STRICT = ApprovalPolicy([ApprovalRule(name="all", when=TRUE, role="boss")])

    @pytest.mark.parametrize("policy", [STRICT, ApprovalPolicy([])], ids=["submitted", "approved"])
    def test_who_submitted_takes_it_back(self, policy: ApprovalPolicy) -> None:
        asked = quote().submit(policy, by="eve", at=AT).state
        change = asked.withdraw(by="eve", at=AT, reason="typo")

        assert (change.state.status, change.state.submitted_by, change.state.needed) == ("draft", None, ())
        assert change.events == (QuoteWithdrawn(source="q1", version=3, at=AT, by="eve", reason="typo"),)

    def test_only_what_was_submitted_is_withdrawn(self) -> None:
        assert reason_of(quote().withdraw, by="eve", at=AT) == "not_submitted"
        assert reason_of(quote().send(at=AT).state.withdraw, by="eve", at=AT) == "frozen"


class TestVoiding:
    @pytest.mark.parametrize("rules", [ALWAYS, []], ids=["submitted", "approved"])
    def test_any_change_voids_what_was_approved(self, rules: list[ApprovalRule]) -> None:
        asked = quote().submit(ApprovalPolicy(rules), by="eve", at=AT).state

        changed = asked.set_discounts([Discount(percent=1)], at=AT).state

        assert (changed.status, changed.needed, changed.approvals) == ("draft", (), ())

    def test_a_change_that_changes_nothing_voids_nothing(self) -> None:
        asked = submitted()

        change = asked.set_lines(asked.lines, at=AT)

        assert change.events == ()
        assert change.state is asked

    def test_a_new_revision_has_no_approvals(self) -> None:
        rule = ApprovalRule(name="one", when=TRUE, role="a")
        approved = submitted(rule).approve(by="ann", role="a", at=AT).state

        revised = approved.revise(at=AT).state

        assert (revised.status, revised.revision, revised.approvals) == ("draft", 2, ())


class TestSending:
    def test_what_waits_for_approval_is_not_sent(self) -> None:
        with pytest.raises(Rejected, match="not_approved") as refused:
            submitted().send(at=AT)

        assert refused.value.details["needed"] == submitted().outstanding

    def test_a_draft_is_sent_only_if_the_policy_wants_nothing(self) -> None:
        with pytest.raises(Rejected, match="not_approved") as refused:
            quote().send(POLICY, at=AT)

        assert refused.value.details["needed"] == POLICY.check(quote()).needed
        assert quote(price=100, off=0).send(POLICY, at=AT).state.status == "sent"

    def test_what_was_approved_is_sent(self) -> None:
        rule = ApprovalRule(name="one", when=TRUE, role="a")
        approved = submitted(rule).approve(by="ann", role="a", at=AT).state

        assert approved.send(ApprovalPolicy([rule]), at=AT).state.status == "sent"

    def test_another_policy_is_asked_whatever_it_was_approved_under(self) -> None:
        lax = quote().submit(ApprovalPolicy([]), by="eve", at=AT).state
        strict = ApprovalPolicy([ApprovalRule(name="all", when=TRUE, role="boss")])

        assert reason_of(lax.send, strict, at=AT) == "not_approved"
        assert lax.send(ApprovalPolicy([]), at=AT).state.status == "sent"

    def test_approvals_that_were_given_count_for_the_policy(self) -> None:
        strict = ApprovalPolicy([ApprovalRule(name="all", when=TRUE, role="boss")])
        waiting = quote().submit(strict, by="eve", at=AT).state

        assert reason_of(waiting.send, strict, at=AT) == "not_approved"
        assert waiting.approve(by="mia", role="boss", at=AT).state.send(strict, at=AT).state.status == "sent"

    def test_a_policy_is_a_policy(self) -> None:
        with pytest.raises(InvalidValue, match=r"send\.policy"):
            quote().send("none", at=AT)  # type: ignore[arg-type]
