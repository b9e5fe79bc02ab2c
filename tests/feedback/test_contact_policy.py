from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from fractions import Fraction
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from relex.calendars import BusinessCalendar, SpecialHours, weekly
from relex.customers import Decision
from relex.errors import Conflict, InvalidValue
from relex.feedback import (
    Answer,
    ContactDecision,
    ContactHistory,
    ContactPolicy,
    ContactRequest,
    ContactRule,
    Disposition,
    Invitation,
    Reminders,
    Response,
    Wait,
)
from relex.rules import field

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
MICRO = timedelta(microseconds=1)
WEEK = ContactRule("cap", within=7 * DAY)
OFFICE = BusinessCalendar(weekly("mon-fri", "08:00", "18:00"), tz=UTC)
SPECIAL = [SpecialHours((AT - DAY).date(), "08:00", "09:00")]


def request(contact: str = "c1", survey: str = "nps", **more: Any) -> ContactRequest:
    return ContactRequest(contact=contact, survey=survey, **more)


def sent(days: int, contact: str = "c1", survey: str = "csat", **more: Any) -> Invitation:
    return Invitation(request=request(contact, survey, about=f"t{days}", **more), at=AT - days * DAY)


def told(of: Invitation, status: str, days: int) -> Disposition:
    return Disposition(invitation=of.id, contact=of.request.contact, status=status, at=AT - days * DAY)


def decide(
    policy: ContactPolicy,
    *history: Invitation | Disposition | Response,
    asked: ContactRequest | None = None,
    **more: Any,
) -> ContactDecision:
    return policy.decide(asked or request(), history, **{"at": AT, "consent": True, **more})


class TestRules:
    def test_without_rules_everybody_may_be_asked(self) -> None:
        assert decide(ContactPolicy(), sent(0)).is_allowed

    def test_the_release_is_the_first_instant(self) -> None:
        history = sent(3)

        assert decide(ContactPolicy([WEEK]), history).next_at == AT + 4 * DAY
        assert decide(ContactPolicy([WEEK]), history, at=AT + 4 * DAY).is_allowed
        assert not decide(ContactPolicy([WEEK]), history, at=AT + 4 * DAY - MICRO).is_allowed

    def test_a_rule_that_counts_for_ever_refuses(self) -> None:
        decision = decide(ContactPolicy([ContactRule("once", within=None), WEEK]), sent(3))

        assert (decision.outcome, decision.next_at, decision.becomes) == ("refused", None, "suppressed")
        assert decision.codes == ("rule:once", "rule:cap")

    def test_a_release_after_the_last_year_refuses(self) -> None:
        long = ContactRule("long", within=timedelta(days=365 * 9000))

        assert decide(ContactPolicy([long]), sent(0)).outcome == "refused"

    def test_a_rule_applies_only_when_it_is_true(self) -> None:
        policy = ContactPolicy([ContactRule("cap", within=7 * DAY, when=field("value.group") == "many")])

        assert decide(policy, sent(1)).is_allowed
        assert decide(policy, sent(1), asked=request(values={"group": "few"})).is_allowed
        assert not decide(policy, sent(1), asked=request(values={"group": "many"})).is_allowed

    def test_what_a_scope_does_not_know_is_left_alone(self) -> None:
        policy = ContactPolicy([ContactRule("account", within=7 * DAY, scope=["account"])])

        assert decide(policy, sent(1)).is_allowed

    def test_a_scope_of_several_needs_all_of_them(self) -> None:
        policy = ContactPolicy([ContactRule("cap", within=7 * DAY, scope=["account", "contact"])])

        assert decide(policy, sent(1, account="a"), asked=request(account="b")).is_allowed
        assert not decide(policy, sent(1, account="a"), asked=request(account="a")).is_allowed

    def test_a_scope_may_be_any_value(self) -> None:
        policy = ContactPolicy([ContactRule("cap", within=7 * DAY, scope=["division"])])
        history = sent(1, "c2", values={"country": "AT", "division": "north"})

        assert decide(policy, history, asked=request(values={"country": "AT"})).is_allowed
        assert not decide(policy, history, asked=request(values={"country": "DE", "division": "north"})).is_allowed

    def test_a_quota_counts_the_survey(self) -> None:
        quota = ContactPolicy([ContactRule("quota", within=DAY, limit=2, scope=["survey"])])
        history = [sent(0, "c2", "nps"), sent(0, "c3", "nps")]

        assert decide(quota, *history).reasons[0].count == 2
        assert decide(quota, *history, asked=request(survey="csat")).is_allowed

    def test_surveys_are_chosen_by_a_rule(self) -> None:
        policy = ContactPolicy([ContactRule("cap", within=7 * DAY, surveys=field("survey.program") == "relational")])

        assert decide(policy, sent(1)).is_allowed
        assert not decide(policy, sent(1, program="relational")).is_allowed

    @pytest.mark.parametrize(
        ("counts", "status"),
        [("delivered", "delivered"), ("displayed", "opened"), ("declined", "declined")],
    )
    def test_each_sort_counts_its_instants(self, counts: str, status: str) -> None:
        history = sent(3)
        policy = ContactPolicy([ContactRule("cap", within=7 * DAY, counts=counts)])

        assert decide(policy, history).is_allowed
        assert decide(policy, history, told(history, status, 2)).next_at == AT + 5 * DAY

    def test_each_display_counts(self) -> None:
        history = sent(3, survey="nps")
        policy = ContactPolicy([ContactRule("twice", within=None, limit=2, counts="displayed")])

        assert decide(policy, history, told(history, "opened", 3)).is_allowed
        assert not decide(policy, history, told(history, "opened", 3), told(history, "opened", 2)).is_allowed

    def test_what_was_not_sent_is_not_counted(self) -> None:
        suppressed = Invitation(request=request(survey="csat"), at=AT, status="suppressed")

        assert decide(ContactPolicy([WEEK]), suppressed).is_allowed

    def test_what_lies_ahead_counts_from_when_it_happens(self) -> None:
        decision = decide(ContactPolicy([WEEK]), sent(6), sent(-3))

        assert decision.reasons[0].until == AT + DAY
        assert decision.next_at == AT + DAY
        assert decide(ContactPolicy([WEEK]), sent(6), sent(0), sent(-3)).next_at == AT + 10 * DAY

    def test_a_rule_to_come_that_never_ends_refuses(self) -> None:
        policy = ContactPolicy([WEEK, ContactRule("once", within=None, limit=2)])

        assert decide(policy, sent(1), sent(-3)).outcome == "refused"

    def test_rules_have_names_of_their_own(self) -> None:
        with pytest.raises(InvalidValue, match=r"ContactPolicy\.rules"):
            ContactPolicy([WEEK, Wait("cap", "opened", DAY)])

    def test_a_survey_replaces_rules_of_the_same_name(self) -> None:
        daily, wait = ContactRule("cap", within=DAY), Wait("wait", "opened", DAY)
        policy = ContactPolicy([WEEK, ContactRule("other", within=DAY)], version=3).with_rules([wait, daily])

        assert policy == ContactPolicy([daily, ContactRule("other", within=DAY), wait], version=3)

    def test_a_survey_replaces_each_rule_once(self) -> None:
        with pytest.raises(InvalidValue, match="with_rules"):
            ContactPolicy().with_rules([WEEK, WEEK])


class TestWaits:
    POLICY = ContactPolicy([Wait("settled", "opened", 30 * DAY)])

    def test_it_holds_until_the_time_has_passed(self) -> None:
        asked = request(values={"opened": AT - 10 * DAY})

        assert decide(self.POLICY, asked=asked).next_at == AT + 20 * DAY
        assert decide(self.POLICY, asked=asked, at=AT + 20 * DAY).is_allowed

    def test_what_is_not_known_blocks_for_good(self) -> None:
        decision = decide(self.POLICY)

        assert (decision.outcome, decision.codes) == ("refused", ("wait:settled",))
        assert decision.reasons[0].detail == "opened is not known"

    def test_what_is_not_known_may_be_allowed(self) -> None:
        assert decide(ContactPolicy([Wait("settled", "opened", DAY, missing="allow")])).is_allowed

    def test_an_anchor_is_an_instant(self) -> None:
        with pytest.raises(InvalidValue, match=r"values\.opened"):
            decide(self.POLICY, asked=request(values={"opened": AT.date()}))

    def test_it_may_apply_to_some(self) -> None:
        wait = Wait("settled", "opened", DAY, when=field("survey.id") == "csat")

        assert decide(ContactPolicy([wait])).is_allowed


def answer(outcome: str, next_at: datetime | None = None) -> Decision:
    return Decision(
        outcome=outcome,
        reasons=(),
        next_at=next_at,
        customer="c1",
        purpose="surveys",
        topic=None,
        channel="email",
        point=None,
        at=AT,
    )


class TestConsent:
    @pytest.mark.parametrize(
        ("consent", "outcome", "codes"),
        [
            pytest.param(True, "allowed", (), id="yes"),
            pytest.param(False, "refused", ("consent:refused",), id="no"),
            pytest.param(None, "refused", ("consent:unknown",), id="unknown"),
            pytest.param(answer("allowed"), "allowed", (), id="allowed"),
            pytest.param(answer("refused"), "refused", ("consent:refused",), id="refused"),
            pytest.param(answer("held", AT + DAY), "held", ("consent:held",), id="held"),
            pytest.param(answer("held"), "refused", ("consent:refused",), id="held, nobody knows how long"),
        ],
    )
    def test_it_is_an_answer_of_the_customers(self, consent: Any, outcome: str, codes: tuple[str, ...]) -> None:
        decision = decide(ContactPolicy(), consent=consent)

        assert (decision.outcome, decision.codes) == (outcome, codes)

    def test_the_latest_of_all_ends_tells(self) -> None:
        assert decide(ContactPolicy([WEEK]), sent(5), consent=answer("held", AT + DAY)).next_at == AT + 2 * DAY
        assert decide(ContactPolicy([WEEK]), sent(5), consent=answer("held", AT + 3 * DAY)).next_at == AT + 3 * DAY

    def test_an_answer_that_has_passed_is_asked_for_again(self) -> None:
        with pytest.raises(InvalidValue, match="consent"):
            decide(ContactPolicy(), consent=answer("held", AT))

    @pytest.mark.parametrize(
        "consent",
        [
            "yes",
            1,
            object(),
            SimpleNamespace(outcome="held", next_at=datetime(2026, 5, 9), codes=()),  # noqa: DTZ001 - what is tested
            SimpleNamespace(outcome="refused", next_at=None, codes=None),
        ],
        ids=["a text", "a number", "something", "a naive instant", "no codes"],
    )
    def test_it_is_nothing_else(self, consent: Any) -> None:
        with pytest.raises(InvalidValue, match="consent"):
            decide(ContactPolicy(), consent=consent)


class TestSamples:
    def test_a_rate_needs_a_draw(self) -> None:
        with pytest.raises(InvalidValue, match="draw"):
            decide(ContactPolicy(sample="1/3"))

    @pytest.mark.parametrize("draw", [-1, 1, 0.5, "0.5"], ids=["below", "1", "a float", "a text"])
    def test_a_draw_is_an_exact_number(self, draw: Any) -> None:
        with pytest.raises(InvalidValue, match="draw"):
            decide(ContactPolicy(sample=0), draw=draw)

    @pytest.mark.parametrize(
        ("draw", "codes"), [(Fraction(1, 3), ("not_sampled",)), (Fraction(333, 1000), ())], ids=["at", "below"]
    )
    def test_below_the_rate_is_in(self, draw: Fraction, codes: tuple[str, ...]) -> None:
        assert decide(ContactPolicy(sample=Fraction(1, 3)), draw=draw).codes == codes

    @pytest.mark.parametrize("sample", [2, -1, 0.5, True], ids=["above", "below", "a float", "a bool"])
    def test_a_rate_is_a_share(self, sample: Any) -> None:
        with pytest.raises(InvalidValue, match="sample"):
            ContactPolicy(sample=sample)


class Unhashable(tzinfo):
    __hash__ = None  # type: ignore[assignment]  # as some zones are

    def utcoffset(self, at: datetime | None) -> timedelta:
        return timedelta(hours=9)

    def tzname(self, at: datetime | None) -> str:
        return "+09"

    def dst(self, at: datetime | None) -> timedelta:
        return timedelta(0)


class TestHours:
    POLICY = ContactPolicy(send_window=OFFICE)

    def test_outside_it_is_held_and_never_dropped(self) -> None:
        decision = decide(self.POLICY, at=AT + 12 * timedelta(hours=1))

        assert (decision.outcome, decision.codes, decision.becomes) == ("held", ("send_window",), "deferred")
        assert decision.next_at == AT + 23 * timedelta(hours=1)

    def test_the_closing_time_is_outside(self) -> None:
        assert decide(self.POLICY, at=AT.replace(hour=17, minute=59)).is_allowed
        assert not decide(self.POLICY, at=AT.replace(hour=18)).is_allowed

    @pytest.mark.parametrize("zone", [ZoneInfo("Asia/Tokyo"), Unhashable()], ids=["a zone", "one without a hash"])
    def test_the_clocks_of_the_contact_count(self, zone: tzinfo) -> None:
        policy = ContactPolicy(send_window=OFFICE)
        decisions = [decide(policy, zone=zone) for _ in range(2)]

        assert [decision.next_at for decision in decisions] == [datetime(2026, 5, 4, 23, tzinfo=UTC)] * 2

    def test_the_zone_of_the_window_is_no_other_zone(self) -> None:
        assert decide(self.POLICY, zone=UTC).is_allowed

    def test_any_number_of_zones_will_do(self) -> None:
        policy = ContactPolicy(send_window=OFFICE)
        zones = [timezone(timedelta(minutes=minutes)) for minutes in range(70)]

        assert all(decide(policy, zone=zone).is_allowed for zone in zones)

    def test_without_a_window_a_zone_changes_nothing(self) -> None:
        assert decide(ContactPolicy(), zone=ZoneInfo("Asia/Tokyo")).is_allowed

    def test_a_window_that_does_not_open_refuses(self) -> None:
        never = BusinessCalendar((), tz=UTC, special=SPECIAL)

        assert decide(ContactPolicy(send_window=never)).outcome == "refused"
        assert decide(ContactPolicy([WEEK], send_window=never), sent(1)).outcome == "refused"

    def test_the_answer_is_on_the_clock_of_the_question(self) -> None:
        decision = decide(ContactPolicy([WEEK]), sent(1), at=AT.astimezone(timezone(timedelta(hours=9))))

        assert decision.next_at is not None
        assert decision.next_at.isoformat() == "2026-05-10T18:00:00+09:00"

    def test_a_zone_is_a_zone(self) -> None:
        with pytest.raises(InvalidValue, match="zone"):
            decide(self.POLICY, zone="Asia/Tokyo")


class TestWhatBecomesOfIt:
    def test_a_yes_is_sent(self) -> None:
        invitation = decide(ContactPolicy()).invitation(expires_at=AT + DAY)

        assert (invitation.status, invitation.at, invitation.expires_at) == ("sent", AT, AT + DAY)

    @pytest.mark.parametrize(
        ("on_block", "status", "until"), [("suppress", "suppressed", None), ("defer", "deferred", AT + 6 * DAY)]
    )
    def test_what_is_held_becomes_as_the_policy_says(self, on_block: str, status: str, until: datetime | None) -> None:
        invitation = decide(ContactPolicy([WEEK], on_block=on_block), sent(1)).invitation()

        assert (invitation.status, invitation.until) == (status, until)
        assert [reason.code for reason in invitation.reasons] == ["rule:cap"]

    def test_what_is_refused_is_suppressed(self) -> None:
        assert decide(ContactPolicy(on_block="defer"), consent=False).invitation().status == "suppressed"

    def test_what_is_held_by_hours_and_a_rule_is_suppressed(self) -> None:
        late = AT.replace(hour=20)
        decision = decide(ContactPolicy([WEEK], send_window=OFFICE), sent(1), at=late)

        assert (decision.codes, decision.becomes) == (("rule:cap", "send_window"), "suppressed")


class TestExemptKinds:
    @pytest.mark.parametrize("kind", ["reminder", "thank_you"])
    def test_no_rule_holds_them_back(self, kind: str) -> None:
        policy = ContactPolicy([WEEK, Wait("settled", "opened", DAY)], sample=0)

        assert decide(policy, sent(1), asked=request(kind=kind)).is_allowed

    def test_consent_and_hours_hold_for_them(self) -> None:
        decision = decide(
            ContactPolicy(send_window=OFFICE), asked=request(kind="reminder"), consent=False, at=AT.replace(hour=20)
        )

        assert decision.codes == ("consent:refused", "send_window")

    def test_they_are_not_counted(self) -> None:
        assert decide(ContactPolicy([WEEK]), sent(1, kind="reminder")).is_allowed

    def test_other_kinds_may_be_exempt(self) -> None:
        policy = ContactPolicy([WEEK], exempt=["newsletter"])

        assert decide(policy, sent(1, kind="newsletter")).is_allowed
        assert not decide(policy, sent(1, kind="reminder")).is_allowed

    def test_kinds_are_names(self) -> None:
        with pytest.raises(InvalidValue, match="exempt"):
            ContactPolicy(exempt=[""])


class TestReminders:
    POLICY = ContactPolicy(reminders=Reminders(3 * DAY, limit=2))
    ASKED = request(kind="reminder")
    FIRST = Invitation(request=request(), at=AT - 10 * DAY)

    def reminded(self, days: int, number: int) -> Invitation:
        return Invitation(request=self.ASKED, at=AT - days * DAY, number=number)

    def test_nobody_is_reminded_of_nothing(self) -> None:
        assert decide(self.POLICY, asked=self.ASKED).codes == ("reminder:not_invited",)

    def test_nobody_is_reminded_of_what_was_not_sent(self) -> None:
        suppressed = Invitation(request=request(), at=AT - 10 * DAY, status="suppressed")

        assert decide(self.POLICY, suppressed, asked=self.ASKED).codes == ("reminder:not_invited",)

    def test_in_time_it_is_allowed_and_has_a_number(self) -> None:
        decision = decide(self.POLICY, self.FIRST, self.reminded(5, 1), asked=self.ASKED)

        assert (decision.is_allowed, decision.number) == (True, 2)

    def test_too_early_it_is_held(self) -> None:
        decision = decide(self.POLICY, self.FIRST, self.reminded(1, 1), asked=self.ASKED)

        assert (decision.codes, decision.next_at) == (("reminder:early",), AT + 2 * DAY)

    def test_there_are_so_many_and_no_more(self) -> None:
        decision = decide(self.POLICY, self.FIRST, self.reminded(7, 1), self.reminded(4, 2), asked=self.ASKED)

        assert (decision.outcome, decision.codes) == ("refused", ("reminder:limit",))
        assert (decision.reasons[0].count, decision.reasons[0].limit) == (2, 2)

    @pytest.mark.parametrize("status", ["bounced", "declined", "expired", "ineligible"])
    def test_what_has_ended_is_left_alone(self, status: str) -> None:
        decision = decide(self.POLICY, self.FIRST, told(self.FIRST, status, 5), asked=self.ASKED)

        assert decision.codes == (f"reminder:{status}",)

    @pytest.mark.parametrize(("submitted", "codes"), [(True, ("reminder:complete",)), (False, ())])
    def test_who_has_not_finished_is_reminded(self, submitted: bool, codes: tuple[str, ...]) -> None:
        response = Response(
            submission="s1",
            survey="nps",
            at=AT - 5 * DAY,
            submitted=submitted,
            answers=[Answer("q1", 9)],
            invitation=self.FIRST.id,
        )

        assert decide(self.POLICY, self.FIRST, response, asked=self.ASKED).codes == codes

    def test_nobody_is_reminded_once_it_has_ended(self) -> None:
        response = Response(
            submission="s1",
            survey="nps",
            at=AT - 5 * DAY,
            submitted=False,
            answers=[Answer("q1", 9)],
            invitation=self.FIRST.id,
        )
        first = Invitation(request=request(), at=AT - 10 * DAY, expires_at=AT)

        assert decide(self.POLICY, first, response, asked=self.ASKED).codes == ("reminder:expired",)

    def test_nobody_is_held_until_after_the_end(self) -> None:
        first = Invitation(request=request(), at=AT - DAY, expires_at=AT + DAY)
        decision = decide(self.POLICY, first, asked=self.ASKED)

        assert (decision.outcome, decision.codes) == ("refused", ("reminder:early", "reminder:expired"))

    def test_without_a_plan_they_go_out_as_asked_for(self) -> None:
        assert decide(ContactPolicy(), asked=self.ASKED).is_allowed


class TestArguments:
    @pytest.mark.parametrize("at", [AT.replace(tzinfo=None), None, "now", AT.date()])
    def test_an_instant_has_a_zone(self, at: Any) -> None:
        with pytest.raises(InvalidValue, match=r"ContactPolicy\.decide\.at"):
            decide(ContactPolicy(), at=at)

    def test_a_request_is_a_request(self) -> None:
        with pytest.raises(InvalidValue, match=r"ContactPolicy\.decide\.request"):
            ContactPolicy().decide({"contact": "c1"}, at=AT, consent=True)  # type: ignore[arg-type]  # what is tested

    def test_a_history_may_be_folded_before(self) -> None:
        policy = ContactPolicy([WEEK])
        history = ContactHistory([sent(1)])

        assert policy.decide(request(), history, at=AT, consent=True) == decide(policy, sent(1))

    def test_one_id_with_two_contents_is_a_conflict(self) -> None:
        with pytest.raises(Conflict):
            decide(ContactPolicy(), sent(1), Invitation(request=sent(1).request, at=AT))


class TestShowing:
    def test_a_policy_tells_its_rules(self) -> None:
        policy = ContactPolicy([WEEK], sample="1/3")

        assert str(policy) == (
            "contact policy 1: asks 1/3, suppress\n  cap: at most 1 invited in 7 days, 0:00:00, by contact, any survey"
        )
        assert "<td" in policy._repr_html_()
        assert "at most 1 invited" in policy._repr_html_()

    def test_a_decision_tells_its_reasons(self) -> None:
        decision = decide(ContactPolicy([WEEK]), sent(1), asked=request("<b>"), consent=False)

        assert str(decision) == "refused: invitation to nps for <b>\n  consent:refused for good"
        assert "&lt;b&gt;" in decision._repr_html_()
        assert "consent:refused" in decision._repr_html_()

    def test_a_yes_is_a_line(self) -> None:
        assert "<table" not in decide(ContactPolicy())._repr_html_()

    def test_a_decision_can_be_made_again_of_its_parts(self) -> None:
        one = decide(ContactPolicy([WEEK]), sent(1))
        other = ContactDecision(
            outcome="held",
            reasons=one.reasons,
            next_at=AT + 6 * DAY,
            becomes="suppressed",
            number=1,
            request=request(),
            at=AT,
        )

        assert one == other
