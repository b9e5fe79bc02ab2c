"""Tests of referrals: invitation, joining, entries, guards, returns, time."""

from __future__ import annotations

from datetime import timedelta
from time import process_time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from strategies_loyalty import START, day, opened, program, sale

from relex.calendars import Days
from relex.errors import Conflict, CurrencyMismatch, InvalidValue, NotFound, Rejected
from relex.loyalty import (
    EarningRule,
    Flat,
    Occasion,
    PerAmount,
    Referral,
    ReferralExpired,
    ReferralJoined,
    ReferralQualified,
    ReferralRejected,
    ReferralReversed,
    ReferralRewarded,
    ReferralTerms,
)
from relex.money import Money
from relex.purchases import Line, Return
from relex.rules import any_line, field
from relex.scoring import Measure, ScoreBand, ScoreCard, ScoreRule

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.changes import Change

ENOUGH = field("purchase.total") >= 50
TERMS = ReferralTerms("friends", when=ENOUGH)
EVERY = ReferralTerms("friends", on="every_purchase", when=ENOUGH)
REGISTER = ReferralTerms("friends", on="register")
WATCH = ScoreCard(
    [
        ScoreRule("at once", field("referral.days") == 0, 10),
        ScoreRule("same network", field("customer.same_network") == True, 20),  # noqa: E712 - the notation of rules
    ],
    bands=[ScoreBand("clear"), ScoreBand("review", 20), ScoreBand("refuse", 30)],
)
WATCHED = ReferralTerms("friends", guards=WATCH)
NEAR = {"customer.same_network": True}


def invited(terms: ReferralTerms = TERMS, **more: Any) -> Referral:
    return Referral.invite("r1", terms, referrer="ann", at=START, **more).state


def joined(terms: ReferralTerms = TERMS) -> Referral:
    return invited(terms).join("bob", terms, at=START).state


def bought(price: str = "60.00", name: str = "s1", at: Any = START, **more: Any) -> Any:
    return sale(price, name=name, at=at, **more)


def counted(terms: ReferralTerms = TERMS, price: str = "60.00", **more: Any) -> Referral:
    return joined(terms).qualify(bought(price), terms, at=START, **more).state


def refusal(command: Callable[[], Change[Referral]]) -> Rejected:
    with pytest.raises(Rejected) as refused:
        command()
    return refused.value


class TestInviting:
    def test_it_ends_after_the_last_date(self) -> None:
        tz = ZoneInfo("Europe/Vienna")
        found = invited(ReferralTerms("friends", within=Days(10), tz=tz))

        assert found.until == day("01-11", 23)

    def test_or_never(self) -> None:
        assert invited(ReferralTerms("friends", within=None)).until is None

    def test_what_is_known_at_first(self) -> None:
        found = invited(code="ANN-7")

        assert (found.state, found.referrer, found.referee, found.code) == ("invited", "ann", None, "ANN-7")
        assert (found.terms, found.opened_at, found.joined_at, found.version) == ("friends", START, None, 1)


class TestJoining:
    def test_the_friend_is_known(self) -> None:
        found = joined()

        assert (found.state, found.referee, found.joined_at) == ("joined", "bob", START)

    def test_twice_changes_nothing(self) -> None:
        assert joined().join("bob", TERMS, at=day("01-02")).events == ()

    def test_somebody_else_is_a_conflict(self) -> None:
        with pytest.raises(Conflict):
            joined().join("eve", TERMS, at=START)

    @pytest.mark.parametrize(
        ("more", "reason", "details"),
        [
            pytest.param({"referee": "ann"}, "self_referral", {"keys": ("customer",)}, id="oneself"),
            pytest.param(
                {"keys": {"phone": "1", "device": "d"}, "referrer_keys": [("device", "d"), ("phone", "2")]},
                "self_referral",
                {"keys": ("device",)},
                id="a shared key",
            ),
            pytest.param({"customer_since": day("2025-12-31")}, "known_customer", {}, id="a customer before"),
            pytest.param({"referred_by": "r0"}, "already_referred", {"referral": "r0"}, id="referred before"),
            pytest.param({"at": day("03-03")}, "too_late", {"until": day("03-03")}, id="too late"),
            pytest.param({"at": day("2025-12-31")}, "out_of_order", {"last": START}, id="before the invitation"),
            pytest.param({"terms": attrs.evolve(TERMS, id="other")}, "other_terms", {"allowed": "friends"}, id="terms"),
        ],
    )
    def test_who_is_no_new_friend(self, more: dict[str, Any], reason: str, details: dict[str, Any]) -> None:
        given = {"referee": "bob", "terms": TERMS, "at": START} | more
        error = refusal(lambda: invited().join(given.pop("referee"), given.pop("terms"), **given))

        assert error.reason == reason
        assert details.items() <= error.details.items()

    def test_a_customer_since_the_invitation_is_a_friend(self) -> None:
        found = invited().join("bob", TERMS, at=day("01-03"), customer_since=day("01-02"), referred_by="r1")

        assert found.state.state == "joined"

    def test_keys_are_pairs_of_text(self) -> None:
        with pytest.raises(InvalidValue, match=r"join\.keys"):
            invited().join("bob", TERMS, at=START, keys=["+43 1"])

    def test_an_invitation_that_was_rejected(self) -> None:
        ended = invited().reject(at=START, reason="asked us to", actor="eve").state
        error = refusal(lambda: ended.join("bob", TERMS, at=START))

        assert (error.reason, error.details["because"]) == ("rejected", "asked us to")


class TestQualifying:
    def test_both_sides_get_an_occasion(self) -> None:
        mine, theirs = counted().qualified[0].occasions

        assert (mine.kind, mine.id, theirs.id) == ("referral", "r1:s1:referrer", "r1:s1:referee")
        assert mine.facts() | {"referral.side": "referee"} == theirs.facts()
        assert theirs.facts() == {
            "referral.code": None,
            "referral.count": 1,
            "referral.days": 0,
            "referral.id": "r1",
            "referral.side": "referee",
            "referral.terms": "friends",
            "referral.total": bought().total.amount,
        }

    def test_rules_may_ask_about_them(self) -> None:
        of = program(
            EarningRule("tenth", PerAmount(1, per=10, of="referral.total"), field("referral.count") == 1, on="referral")
        )
        account = opened(of).earn(counted().qualified[0].occasions[0], of, at=START).state

        assert account.balance(as_of=START).available == 6

    def test_the_business_moment_is_that_of_the_entry(self) -> None:
        change = joined().qualify(bought(at=day("01-05")), TERMS, at=day("01-08"))

        assert change.events[0].occasions[0].at == day("01-05")  # type: ignore[attr-defined]

    def test_twice_counts_once(self) -> None:
        assert counted().qualify(bought(), TERMS, at=day("01-02")).events == ()

    def test_the_same_id_with_other_content(self) -> None:
        with pytest.raises(Conflict):
            counted().qualify(bought("70.00"), TERMS, at=START)

    def test_the_same_id_at_another_moment(self) -> None:
        with pytest.raises(Conflict):
            counted().qualify(bought(at=day("01-02")), TERMS, at=day("01-02"))

    def test_another_one_after_the_first(self) -> None:
        error = refusal(lambda: counted().qualify(bought(name="s2"), TERMS, at=START))

        assert (error.reason, error.details["entry"]) == ("already_decided", "s1")

    def test_one_that_does_not_meet_the_terms_ends_it(self) -> None:
        change = joined().qualify(bought("49.99"), TERMS, at=START)

        assert (change.state.state, change.state.rejected_because) == ("rejected", "condition")
        assert change.events[0].because == ("field('purchase.total') >= 50",)  # type: ignore[attr-defined]
        assert change.state.qualify(bought("49.99"), TERMS, at=START).events == ()

    @pytest.mark.parametrize(
        ("entry", "at", "reason"),
        [
            pytest.param(bought(at=day("2025-12-31")), START, "before_joining", id="before joining"),
            pytest.param(bought(at=day("03-03")), day("03-03"), "too_late", id="too late"),
            pytest.param(bought(at=day("01-03")), day("01-02"), "future", id="in the future"),
            pytest.param(bought(customer="eve"), START, "other_customer", id="of somebody else"),
            pytest.param(bought(at=day("2025-12-01")), day("2025-12-31"), "out_of_order", id="out of order"),
        ],
    )
    def test_what_does_not_count(self, entry: Any, at: Any, reason: str) -> None:
        assert refusal(lambda: joined().qualify(entry, TERMS, at=at)).reason == reason

    def test_a_purchase_in_time_counts_though_it_is_told_late(self) -> None:
        over = joined().expire(at=day("04-01")).state
        found = over.qualify(bought(at=day("03-02")), TERMS, at=day("04-02")).state

        assert (over.state, found.state) == ("expired", "qualified")

    def test_nobody_has_joined(self) -> None:
        assert refusal(lambda: invited().qualify(bought(), TERMS, at=START)).reason == "not_joined"

    def test_a_shared_card(self) -> None:
        error = refusal(
            lambda: joined().qualify(bought(), TERMS, at=START, keys={"payment": "c9"}, referrer_keys={"payment": "c9"})
        )

        assert (error.reason, error.details["keys"]) == ("self_referral", ("payment",))

    def test_other_terms(self) -> None:
        other = attrs.evolve(TERMS, id="other")

        assert refusal(lambda: joined().qualify(bought(), other, at=START)).reason == "other_terms"

    def test_an_entry_of_another_kind(self) -> None:
        with pytest.raises(InvalidValue, match=r"qualify\.entry\.kind"):
            joined().qualify(Occasion("visit", "v1", START), TERMS, at=START)

    def test_a_fact_that_is_missing_decides_nothing(self) -> None:
        asking = ReferralTerms("friends", when=field("customer.country") == "AT")
        error = refusal(lambda: joined(asking).qualify(bought(), asking, at=START))
        found = joined(asking).qualify(bought(), asking, at=START, facts={"customer.country": "AT"}).state

        assert (error.reason, error.details["missing"]) == ("unknown", ("customer.country",))
        assert found.state == "qualified"

    def test_a_rule_about_the_lines(self) -> None:
        coffee = ReferralTerms("friends", when=any_line(field("line.category") == "coffee"))
        basket = sale(Line(1, "latte", 1, gross="4.00", category="coffee"))

        assert joined(coffee).qualify(basket, coffee, at=START).state.state == "qualified"

    def test_a_purchase_of_another_system_as_an_occasion(self) -> None:
        basket = Occasion("purchase", "s1", START, {"total": bought().total.amount, "lane": 3})
        asking = attrs.evolve(TERMS, when=ENOUGH & (field("event.lane") == 3))

        assert joined(asking).qualify(basket, asking, at=START).state.state == "qualified"

    def test_registering_is_enough_where_the_terms_say_so(self) -> None:
        found = (
            joined(REGISTER).qualify(Occasion("enrollment", "a1", START, {"customer": "bob"}), REGISTER, at=START).state
        )

        assert [occasion.id for occasion in found.qualified[0].occasions] == ["r1:a1:referrer", "r1:a1:referee"]

    def test_registering_of_somebody_else(self) -> None:
        other = Occasion("enrollment", "a1", START, {"customer": "eve"})

        assert refusal(lambda: joined(REGISTER).qualify(other, REGISTER, at=START)).reason == "other_customer"


class TestEveryPurchase:
    def test_each_counts(self) -> None:
        found = counted(EVERY).qualify(bought(name="s2"), EVERY, at=START).state

        assert [(event.entry, event.count) for event in found.qualified] == [("s1", 1), ("s2", 2)]

    def test_one_that_does_not_is_refused_and_ends_nothing(self) -> None:
        referral = joined(EVERY)
        error = refusal(lambda: referral.qualify(bought("49.99"), EVERY, at=START))

        assert error.reason == "condition"
        assert referral.qualify(bought(name="s2"), EVERY, at=START).state.state == "qualified"

    def test_rewarded_is_what_all_are(self) -> None:
        found = counted(EVERY).reward("s1", at=START).state.qualify(bought(name="s2"), EVERY, at=START).state
        both = found.qualify(bought(name="s3"), EVERY, at=START).state.reward("s2", at=START).state

        assert (found.state, both.state, both.rewarded) == ("qualified", "qualified", ("s1", "s2"))
        assert both.reward(at=START).state.state == "rewarded"


class TestGuards:
    def test_a_clear_one_counts_with_its_score(self) -> None:
        event = counted(WATCHED, facts={"customer.same_network": False}).qualified[0]

        assert (event.score, event.because, event.approved_by) == (10, ("at once",), None)

    def test_one_to_review_waits(self) -> None:
        later = day("01-05")
        change = joined(WATCHED).qualify(bought(at=later), WATCHED, at=later, facts=NEAR)
        flagged = change.state

        assert (flagged.state, [event.entry for event in flagged.flagged]) == ("joined", ["s1"])
        assert flagged.qualify(bought(at=later), WATCHED, at=later, facts=NEAR).events == ()
        other = bought(name="s2", at=later)
        assert refusal(lambda: flagged.qualify(other, WATCHED, at=later)).reason == "already_decided"

    def test_who_approves_it_is_recorded(self) -> None:
        later = day("01-05")
        flagged = joined(WATCHED).qualify(bought(at=later), WATCHED, at=later, facts=NEAR).state
        found = flagged.qualify(bought(at=later), WATCHED, at=later, facts=NEAR, approved_by="eve").state

        assert (found.state, found.flagged, found.qualified[0].approved_by) == ("qualified", (), "eve")
        assert found.qualify(bought(at=later), WATCHED, at=later, facts=NEAR, approved_by="eve").events == ()

    def test_one_to_refuse_ends_it(self) -> None:
        change = joined(WATCHED).qualify(bought(), WATCHED, at=START, facts=NEAR, approved_by="eve")

        assert (change.state.state, change.state.rejected_because) == ("rejected", "suspicious")
        assert change.events[0].because == ("at once", "same network")  # type: ignore[attr-defined]

    def test_where_every_purchase_counts_it_ends_nothing(self) -> None:
        every = attrs.evolve(WATCHED, on="every_purchase")
        referral = joined(every)

        assert refusal(lambda: referral.qualify(bought(), every, at=START, facts=NEAR)).reason == "suspicious"
        assert referral.qualify(bought(), every, at=START).state.state == "qualified"

    def test_no_score_is_for_somebody_to_review(self) -> None:
        card = ScoreCard(
            [Measure(name="trust", weight=1, fact="customer.trust")],
            combine="weighted_mean",
            bands=[ScoreBand("clear")],
        )
        asking = ReferralTerms("friends", guards=card)
        flagged = joined(asking).qualify(bought(), asking, at=START).state

        assert [event.score for event in flagged.flagged] == [None]

    def test_below_the_first_band_is_clear(self) -> None:
        card = ScoreCard([ScoreRule("never", field("purchase.total") < 0, 1)], bands=[ScoreBand("refuse", 5)])

        assert counted(ReferralTerms("friends", guards=card)).state == "qualified"

    @pytest.mark.parametrize("bands", [[], [ScoreBand("hot")]], ids=["none", "other"])
    def test_bands_have_the_three_names(self, bands: list[ScoreBand]) -> None:
        with pytest.raises(InvalidValue, match=r"ReferralTerms\.guards\.bands"):
            ReferralTerms("friends", guards=ScoreCard([ScoreRule("x", ENOUGH, 1)], bands=bands))


class TestRewarding:
    def test_an_entry_or_all_that_wait(self) -> None:
        change = counted().reward(at=day("01-02"))

        assert (change.state.state, change.state.rewarded) == ("rewarded", ("s1",))
        assert change.state.reward("s1", at=day("01-03")).events == ()

    def test_nothing_counted(self) -> None:
        assert refusal(lambda: joined().reward(at=START)).reason == "not_qualified"

    def test_an_entry_that_did_not_count(self) -> None:
        with pytest.raises(NotFound):
            counted().reward("s9", at=START)

    def test_an_entry_that_counts_no_more(self) -> None:
        basket = bought()
        gone = counted().reverse(basket, [basket.take_back(id="b1", at=START)], TERMS, at=START).state

        assert refusal(lambda: gone.reward("s1", at=START)).reason == "reversed"
        assert gone.reward(at=START).events == ()


class TestRejecting:
    @pytest.mark.parametrize("state", ["invited", "joined", "expired"])
    def test_what_has_not_counted(self, state: str) -> None:
        referral = invited() if state == "invited" else joined()
        referral = referral.expire(at=day("04-01")).state if state == "expired" else referral
        ended = referral.reject(at=day("04-01"), reason="asked us to", actor="eve").state

        assert (ended.state, ended.rejected_because) == ("rejected", "asked us to")
        assert ended.reject(at=day("04-01"), reason="again", actor="eve").events == ()

    def test_a_flagged_entry_goes_with_it(self) -> None:
        later = day("01-05")
        flagged = joined(WATCHED).qualify(bought(at=later), WATCHED, at=later, facts=NEAR).state

        assert flagged.reject(at=later, reason="one household", actor="eve").state.flagged == ()

    def test_what_counts_is_reversed_instead(self) -> None:
        error = refusal(lambda: counted().reject(at=START, reason="x", actor="eve"))

        assert (error.reason, error.allowed) == ("qualified", ("invited", "joined", "expired"))

    def test_without_a_reason(self) -> None:
        assert refusal(lambda: joined().reject(at=START, reason="", actor="eve")).reason == "no_reason"


class TestTime:
    def test_it_is_over_by_time_alone(self) -> None:
        referral = joined()

        assert [referral.state_at(day("03-02", 23)), referral.state_at(day("03-03"))] == ["joined", "expired"]

    def test_reporting_it_changes_no_answer(self) -> None:
        referral = joined().expire(at=day("03-10")).state

        assert [referral.state_at(at) for at in (START, day("03-03"), day("04-01"))] == ["joined", "expired", "expired"]
        assert referral.expire(at=day("04-01")).events == ()

    def test_not_before(self) -> None:
        assert joined().expire(at=day("03-02")).events == ()

    def test_what_counts_does_not_end(self) -> None:
        assert counted().state_at(day("2027-01-01")) == "qualified"

    def test_without_an_end(self) -> None:
        assert joined(attrs.evolve(TERMS, within=None)).state_at(day("2030-01-01")) == "joined"

    def test_before_the_invitation_there_is_no_state(self) -> None:
        with pytest.raises(InvalidValue, match=r"state_at\.as_of"):
            joined().state_at(day("2025-12-31"))


BASKET = sale(Line(1, "latte", 4, gross="40.00", tags=["hot"]), Line(2, "mug", 2, gross="30.00"))


class TestReturns:
    @pytest.mark.parametrize(
        ("returns", "reason"),
        [
            pytest.param([{1: 2}], None, id="50.00 is left"),
            pytest.param([{1: 3}], "condition", id="40.00 is left"),
            pytest.param([{1: 1}, {2: 2}], "condition", id="in two steps"),
            pytest.param([{1: 4, 2: 2}], "returned", id="nothing is left"),
            pytest.param([], None, id="nothing came back"),
        ],
    )
    def test_what_is_left_decides(self, returns: list[dict[int, int]], reason: str | None) -> None:
        referral = joined().qualify(BASKET, TERMS, at=START).state
        backs = [Return(f"b{place}", purchase="s1", at=START, lines=lines) for place, lines in enumerate(returns)]
        change = referral.reverse(BASKET, backs, TERMS, at=day("01-05"))

        assert [event.reason for event in change.events] == ([] if reason is None else [reason])  # type: ignore[attr-defined]
        assert change.state.state == ("qualified" if reason is None else "reversed")

    @pytest.mark.parametrize(("value", "state"), [("20.00", "qualified"), ("20.01", "reversed"), ("99.00", "reversed")])
    def test_a_return_may_tell_its_value_only(self, value: str, state: str) -> None:
        back = Return("b1", purchase="s1", at=START, value=Money(value, "USD"))
        referral = joined().qualify(BASKET, TERMS, at=START).state

        assert referral.reverse(BASKET, [back], TERMS, at=START).state.state == state

    def test_a_line_of_no_quantity_comes_back_whole(self) -> None:
        basket = sale(Line(1, "fix", 0, gross="60.00"))
        referral = joined().qualify(basket, TERMS, at=START).state
        back = Return("b1", purchase="s1", at=START, lines={1: 0})

        assert referral.reverse(basket, [back], TERMS, at=START).events[0].reason == "returned"  # type: ignore[attr-defined]

    def test_the_same_return_given_twice_counts_once(self) -> None:
        back = Return("b1", purchase="s1", at=START, lines={1: 2})
        other = Return("b1", purchase="s1", at=START, lines={1: 1})
        referral = joined().qualify(BASKET, TERMS, at=START).state

        assert referral.reverse(BASKET, iter([back, back]), TERMS, at=START).events == ()
        with pytest.raises(Conflict):
            referral.reverse(BASKET, [back, other], TERMS, at=START)

    def test_without_a_condition_only_a_full_return_counts(self) -> None:
        free = ReferralTerms("friends")
        referral = joined(free).qualify(BASKET, free, at=START).state

        assert referral.reverse(BASKET, [BASKET.take_back({1: 3}, id="b1", at=START)], free, at=START).events == ()

    def test_both_occasions_are_named_once(self) -> None:
        back = BASKET.take_back(id="b1", at=START)
        change = joined().qualify(BASKET, TERMS, at=START).state.reverse(BASKET, [back], TERMS, at=START)
        event: Any = change.events[0]

        assert event.occasions == (("referral", "r1:s1:referrer"), ("referral", "r1:s1:referee"))
        assert change.state.reverse(BASKET, [back], TERMS, at=START).events == ()

    def test_a_purchase_that_did_not_count(self) -> None:
        with pytest.raises(NotFound):
            joined().reverse(BASKET, [], TERMS, at=START)

    def test_a_return_of_another_purchase(self) -> None:
        back = Return("b1", purchase="s9", at=START, lines={1: 1})
        with pytest.raises(InvalidValue, match=r"reverse\.returns\[0\]"):
            joined().qualify(BASKET, TERMS, at=START).state.reverse(BASKET, [back], TERMS, at=START)

    def test_a_return_that_is_none(self) -> None:
        with pytest.raises(InvalidValue, match=r"reverse\.returns\[0\]"):
            counted().reverse(bought(), [bought()], TERMS, at=START)

    def test_a_value_in_another_currency(self) -> None:
        back = Return("b1", purchase="s1", at=START, value=Money(1, "EUR"))
        with pytest.raises(CurrencyMismatch):
            counted().reverse(bought(), [back], TERMS, at=START)

    def test_facts_of_the_caller_are_needed_again(self) -> None:
        asking = attrs.evolve(TERMS, when=ENOUGH & (field("customer.country") == "AT"))
        home = {"customer.country": "AT"}
        referral = joined(asking).qualify(BASKET, asking, at=START, facts=home).state
        back = BASKET.take_back({1: 1}, id="b1", at=START)

        assert referral.reverse(BASKET, [back], asking, at=START, facts=home).events == ()
        assert refusal(lambda: referral.reverse(BASKET, [back], asking, at=START)).reason == "unknown"

    def test_what_is_left_of_several_entries_counts_on(self) -> None:
        referral = counted(EVERY).qualify(bought(name="s2"), EVERY, at=START).state
        basket = bought()
        found = referral.reverse(basket, [basket.take_back(id="b1", at=START)], EVERY, at=START).state

        assert (found.state, found.reversed) == ("qualified", ("s1",))
        assert found.qualify(bought(name="s3"), EVERY, at=START).state.qualified[-1].count == 3


ODD: Any = "odd"  # of no type that a command takes


@pytest.mark.parametrize(
    ("command", "path"),
    [
        pytest.param(lambda: Referral.invite("r1", ODD, referrer="ann", at=START), "invite.terms", id="invite-terms"),
        pytest.param(lambda: invited().join("bob", ODD, at=START), "join.terms", id="join-terms"),
        pytest.param(lambda: joined().qualify(ODD, TERMS, at=START), "qualify.entry", id="entry"),
        pytest.param(lambda: joined().qualify(bought(), TERMS, at=START, facts=ODD), "qualify.facts", id="facts"),
        pytest.param(lambda: counted().reverse(ODD, [], TERMS, at=START), "reverse.purchase", id="purchase"),
        pytest.param(lambda: counted().reverse(bought(), ODD, TERMS, at=START), "reverse.returns", id="returns"),
        pytest.param(
            lambda: counted().reverse(bought(), [], TERMS, at=START, facts=ODD), "reverse.facts", id="reverse-facts"
        ),
    ],
)
def test_what_is_of_another_type_is_named(command: Callable[[], Any], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        command()

    assert caught.value.path == path


class TestHistory:
    def test_it_is_made_of_its_events(self) -> None:
        referral = counted()

        assert Referral(referral.history) == referral
        assert Referral.evolve(joined(), referral.history[-1]) == referral

    def test_thousands_of_entries_are_no_more_work_for_each(self) -> None:
        first: Any = counted(EVERY).qualified[0]
        rows = [attrs.evolve(first, entry=f"s{place}", version=place + 3) for place in range(4_000)]
        begun = process_time()
        found = Referral((*joined(EVERY).history, *rows)).reward(at=START).state

        assert process_time() - begun < 2
        assert (found.state, len(found.rewarded)) == ("rewarded", 4_000)

    def test_it_shows_itself(self) -> None:
        referral = counted(WATCHED).reward(at=START).state

        assert str(joined()) == "r1: ann brings bob, joined"
        assert str(invited()) == "r1: ann brings somebody, invited"
        assert "at once" in referral._repr_html_()

    def test_its_facts(self) -> None:
        found = counted().facts()

        assert (found["referral.state"], found["referral.count"], found["referral.until"]) == (
            "qualified",
            1,
            day("03-03"),
        )
        assert set(found) == {name for name, _ in Referral.fact_schema.facts}

    @pytest.mark.parametrize(
        ("events", "error"),
        [
            pytest.param([], InvalidValue, id="none"),
            pytest.param(
                [ReferralJoined(source="r1", version=1, at=START, referee="bob")], InvalidValue, id="no start"
            ),
            pytest.param([attrs.evolve(invited().history[0], version=2)], Conflict, id="a late start"),
            pytest.param([invited().history[0]] * 2, InvalidValue, id="two starts"),
            pytest.param([invited().history[0], joined().history[1]] * 2, InvalidValue, id="joined twice"),
            pytest.param(
                [*invited().history, ReferralJoined(source="r1", version=3, at=START, referee="bob")],
                Conflict,
                id="gap",
            ),
            pytest.param(
                [*invited().history, ReferralJoined(source="r2", version=2, at=START, referee="bob")],
                Conflict,
                id="another referral",
            ),
            pytest.param(
                [
                    *invited().history,
                    ReferralJoined(source="r1", version=2, at=START - timedelta(days=1), referee="bob"),
                ],
                InvalidValue,
                id="out of order",
            ),
            pytest.param(
                [*invited().history, ReferralRewarded(source="r1", version=2, at=START, entry="s1")],
                InvalidValue,
                id="rewarded for nothing",
            ),
            pytest.param(
                [
                    *invited().reject(at=START, reason="x", actor="y").state.history,
                    ReferralExpired(source="r1", version=3, at=START),
                ],
                InvalidValue,
                id="after the end",
            ),
            pytest.param(
                [*counted().history, ReferralRewarded(source="r1", version=4, at=START, entry="s9")],
                InvalidValue,
                id="rewarded for another entry",
            ),
            pytest.param(
                [
                    *counted().history,
                    ReferralReversed(source="r1", version=4, at=START, entry="s9", occasions=(), reason="returned"),
                ],
                InvalidValue,
                id="reversed of another entry",
            ),
            pytest.param(
                [*counted().history, attrs.evolve(counted().qualified[0], version=4)], InvalidValue, id="counted twice"
            ),
        ],
    )
    def test_what_no_commands_would_have_told(self, events: list[Any], error: type[Exception]) -> None:
        with pytest.raises(error):
            Referral(events)


def test_both_occasions_are_of_referrals() -> None:
    with pytest.raises(InvalidValue, match=r"ReferralQualified\.occasions"):
        attrs.evolve(counted().qualified[0], occasions=(Occasion("visit", "v1", START),))


def test_terms_about_a_fact_that_nobody_gives() -> None:
    with pytest.raises(InvalidValue, match=r"ReferralTerms\.when"):
        ReferralTerms("friends", when=field("purchase.totl") >= 50)


def test_the_events_of_a_whole_life() -> None:
    basket = bought()
    history = (
        counted()
        .reward(at=START)
        .then(lambda it: it.reverse(basket, [basket.take_back(id="b1", at=START)], TERMS, at=START))
    ).state.history
    names = [type(event) for event in history]

    assert names[2:] == [ReferralQualified, ReferralRewarded, ReferralReversed]
    assert ReferralRejected not in names


def test_points_of_both_sides() -> None:
    of = program(EarningRule("thanks", Flat(5), on="referral"))
    account = opened(of)
    for occasion in counted().qualified[0].occasions:
        account = account.earn(occasion, of, at=START).state

    assert account.balance(as_of=START).available == 10
