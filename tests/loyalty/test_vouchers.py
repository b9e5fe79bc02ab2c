"""Vouchers and campaigns: who may use a code, when and how often, and what becomes of each use."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from strategies_loyalty import START, day, opened, program

from relex.calendars import Days, Period
from relex.errors import Conflict, InvalidValue, NotFound, Rejected
from relex.loyalty import (
    AmountOff,
    Campaign,
    Cap,
    EarningRule,
    PerAmount,
    PercentOff,
    PerUnit,
    Points,
    Promotion,
    Voucher,
    VoucherConfirmed,
    VoucherIssued,
    VoucherReserved,
    VoucherVoided,
)
from relex.money import Money
from relex.rules import field

OFF = PercentOff(10)
NOON = day("05-10", 12)
SOON = NOON + timedelta(minutes=15)
LATE = NOON + timedelta(minutes=16)
ONCE = Campaign("c", OFF, caps=[Cap(times=1, per="ever", who="everyone")], restorable=True)


def issued(campaign: Campaign = ONCE, **more: Any) -> Voucher:
    return Voucher.issue("code", campaign, at=more.pop("at", NOON), **more).state


def reserved(campaign: Campaign = ONCE, key: str = "o1", **more: Any) -> Voucher:
    return issued(campaign).reserve(key, campaign, **{"at": NOON, "until": SOON, **more}).state


def used(campaign: Campaign = ONCE) -> Voucher:
    return reserved(campaign).confirm("o1", at=NOON).state


def refusal(command: Any, *given: Any, **more: Any) -> Rejected:
    with pytest.raises(Rejected) as refused:
        command(*given, **more)
    return refused.value


class TestReservations:
    def test_a_code_is_compared_in_capitals_without_spaces(self) -> None:
        assert Voucher.issue("  summer-7 ", ONCE, at=NOON).state.id == "SUMMER-7"

    def test_the_same_reservation_twice_is_one(self) -> None:
        voucher = reserved(by="ann")

        assert voucher.reserve("o1", ONCE, by="ann", at=LATE, until=SOON).events == ()

    def test_the_same_key_for_somebody_else_is_a_conflict(self) -> None:
        with pytest.raises(Conflict):
            reserved(by="ann").reserve("o1", ONCE, by="bob", at=NOON, until=SOON)

    def test_a_refusal_tells_every_reason_and_what_was_allowed(self) -> None:
        voucher = Voucher.issue("x", ONCE, at=NOON, owner="ann", expires_at=SOON).state
        error = refusal(voucher.reserve, "o1", ONCE, by="bob", at=SOON, until=LATE)

        assert (error.reason, error.details["reasons"]) == ("other_owner", ("other_owner", "ended"))
        assert (error.details["other_owner"], error.details["ended"]) == ("ann", SOON)

    def test_an_end_before_the_start_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"VoucherReserved\.until"):
            issued().reserve("o1", ONCE, at=NOON, until=NOON)

    def test_a_clock_that_is_behind_confirms_nothing_that_lapsed(self) -> None:
        """Somebody else has the use since the reservation lapsed."""
        voucher = reserved().reserve("o2", ONCE, at=LATE, until=LATE + timedelta(minutes=1)).state

        assert refusal(voucher.confirm, "o1", at=NOON).reason == "lapsed"

    def test_another_campaign_is_refused(self) -> None:
        error = refusal(issued().reserve, "o1", Campaign("d", OFF), at=NOON, until=SOON)

        assert (error.reason, error.details) == ("other_campaign", {"asked": "d", "allowed": "c"})


class TestUses:
    def test_a_use_is_confirmed_once(self) -> None:
        voucher = used()

        assert (voucher.used, voucher.confirm("o1", at=LATE).events) == (1, ())

    @pytest.mark.parametrize(
        ("voucher", "at", "reason"),
        [
            (reserved(), SOON, "lapsed"),
            (reserved().release("o1", at=NOON).state, NOON, "released"),
            (used().restore_use("o1", ONCE, at=NOON, reason="canceled").state, NOON, "restored"),
            (reserved().void(at=NOON, reason="stolen").state, NOON, "void"),
        ],
        ids=["lapsed", "released", "restored", "void"],
    )
    def test_what_ended_is_not_confirmed(self, voucher: Voucher, at: datetime, reason: str) -> None:
        assert refusal(voucher.confirm, "o1", at=at).reason == reason

    def test_nobody_reserved_it(self) -> None:
        for command in (issued().confirm, issued().release):
            with pytest.raises(NotFound):
                command("o1", at=NOON)

    def test_a_release_frees_the_use(self) -> None:
        voucher = reserved().release("o1", at=NOON).state

        assert (voucher.count(NOON), voucher.release("o1", at=NOON).events) == (0, ())

    def test_what_lapsed_needs_no_release(self) -> None:
        assert reserved().release("o1", at=SOON).events == ()

    @pytest.mark.parametrize("restored", [False, True])
    def test_a_use_that_was_made_is_not_released(self, restored: bool) -> None:
        voucher = used().restore_use("o1", ONCE, at=NOON, reason="canceled").state if restored else used()

        assert refusal(voucher.release, "o1", at=NOON).reason == "already_confirmed"

    def test_a_use_is_restored_once_where_the_campaign_allows_it(self) -> None:
        voucher = used().restore_use("o1", ONCE, at=NOON, reason="canceled").state

        assert (voucher.used, voucher.check(ONCE, at=NOON).left) == (0, 1)
        assert voucher.restore_use("o1", ONCE, at=LATE, reason="canceled").events == ()
        with pytest.raises(Conflict):
            voucher.restore_use("o1", ONCE, at=LATE, reason="returned")

    def test_what_cannot_be_restored(self) -> None:
        hard = Campaign("c", OFF)

        assert refusal(used(hard).restore_use, "o1", hard, at=NOON, reason="x").reason == "not_restorable"
        assert refusal(reserved().restore_use, "o1", ONCE, at=NOON, reason="x").reason == "not_confirmed"

    def test_a_code_ends_once(self) -> None:
        voucher = used().void(at=NOON, reason="stolen").state

        assert (voucher.used, voucher.check(ONCE, at=NOON).reasons) == (1, ("void", "used_up"))
        assert voucher.void(at=LATE, reason="stolen").events == ()
        with pytest.raises(Conflict):
            voucher.void(at=LATE, reason="lost")


class TestChecks:
    @pytest.mark.parametrize(
        ("facts", "reasons"), [({"basket.total": 20}, ()), ({"basket.total": 19}, ("condition",)), ({}, ("condition",))]
    )
    def test_the_condition_is_judged_at_the_use(self, facts: dict[str, Any], reasons: tuple[str, ...]) -> None:
        """A fact that is missing is no consent."""
        campaign = Campaign("c", OFF, field("basket.total") >= 20)
        found = issued(campaign).check(campaign, facts, at=NOON)

        assert (found.reasons, bool(found), found.condition is None) == (reasons, not reasons, False)

    def test_who_and_what_for_stand_among_the_facts(self) -> None:
        voucher = issued(owner="ann", issued_by="s1")

        assert voucher.check(ONCE, {"customer.id": "ann", "purchase.id": "s2"}, at=NOON).reasons == ()
        assert voucher.check(ONCE, {"customer.id": "bob", "purchase.id": "s1"}, at=NOON).reasons == (
            "other_owner",
            "own_purchase",
        )

    def test_an_owner_may_pass_a_code_on_where_the_campaign_says_so(self) -> None:
        campaign = Campaign("c", OFF, transferable=True)

        assert issued(campaign, owner="ann").check(campaign, at=NOON, by="bob").answer

    def test_a_code_waits_until_its_purchase_is_final(self) -> None:
        """Issued on 10 May: usable from 24 May 00:00, through 23 June."""
        campaign = Campaign("c", OFF, waits=Days(14), lasts=Days(30))
        voucher = issued(campaign, issued_by="s1")
        moments = (day("05-23", 23), day("05-24"), day("06-23", 23), day("06-24"))

        assert [voucher.check(campaign, at=at).reasons for at in moments] == [("not_started",), (), (), ("ended",)]
        assert issued(campaign).usable_from is None

    def test_dates_are_those_of_the_campaign(self) -> None:
        tokyo = ZoneInfo("Asia/Tokyo")
        campaign = Campaign("c", OFF, valid=(date(2026, 5, 1), date(2026, 5, 31)), tz=tokyo)
        last = datetime(2026, 5, 31, 23, 59, tzinfo=tokyo)
        voucher = issued(campaign, at=START)

        assert voucher.check(campaign, at=last).answer
        assert not voucher.check(campaign, at=last + timedelta(minutes=1)).answer

    def test_each_customer_has_a_limit(self) -> None:
        campaign = Campaign("c", OFF, caps=[Cap(times=5, per="ever", who="everyone"), Cap(times=1, per="ever")])
        voucher = reserved(campaign, by="ann")
        found = [voucher.check(campaign, at=NOON, by=by) for by in ("ann", "bob", None)]

        assert [each.reasons for each in found] == [("limit_per_customer",), (), ()]
        assert [(each.left, each.left_for_customer) for each in found] == [(4, 0), (4, 1), (4, 1)]

    def test_whoever_is_not_known_counts_as_one(self) -> None:
        campaign = Campaign("c", OFF, caps=[Cap(times=1, per="ever")])

        assert reserved(campaign).check(campaign, at=NOON).reasons == ("limit_per_customer",)

    @pytest.mark.parametrize(
        ("per", "later", "left"), [("day", 11, 0), ("day", 12, 1), (Days(2), 35, 0), (Days(2), 36, 1)]
    )
    def test_a_window_counts_the_day_of_the_reservation(self, per: Any, later: int, left: int) -> None:
        campaign = Campaign("c", OFF, caps=[Cap(times=1, per=per, who="everyone"), Cap(times=1, per=per)])

        assert used(campaign).check(campaign, at=NOON + timedelta(hours=later)).left == left

    def test_several_limits_are_one_reason(self) -> None:
        caps = [Cap(times=1, per="ever", who="everyone"), Cap(times=1, per="day", who="everyone")]
        campaign = Campaign("c", OFF, caps=caps)

        assert used(campaign).check(campaign, at=NOON).reasons == ("used_up",)

    def test_without_limits_any_number_is_left(self) -> None:
        found = used(Campaign("c", OFF)).check(Campaign("c", OFF), at=NOON)

        assert (str(found), found.left, found.left_for_customer) == ("CODE: usable", None, None)

    def test_a_customer_is_a_text(self) -> None:
        with pytest.raises(InvalidValue, match=r"check\.by"):
            issued().check(ONCE, {"customer.id": 7}, at=NOON)


class TestState:
    def test_it_is_its_history(self) -> None:
        voucher = used()
        again = pickle.loads(pickle.dumps(voucher))  # noqa: S301 - our own

        assert again == voucher
        assert len({again, voucher}) == 1
        assert voucher != "CODE"

    def test_it_shows_its_uses(self) -> None:
        voucher = reserved(by="<ann>")

        assert "&lt;ann&gt;" in voucher._repr_html_()
        assert repr(voucher) == "<Voucher CODE of c, 0 used, version 2>"
        assert str(voucher.void(at=NOON, reason="stolen").state) == "CODE of c, void: stolen"

    def test_its_facts(self) -> None:
        facts = issued(owner="ann").facts()

        assert (facts["voucher.code"], facts["voucher.owner"], facts["voucher.void"]) == ("CODE", "ann", False)

    @pytest.mark.parametrize(
        "events",
        [
            [],
            [VoucherIssued(source="code", version=1, at=NOON, campaign="c")],
            [VoucherIssued(source="A", version=1, at=NOON, campaign="c", expires_at=NOON)],
            [VoucherVoided(source="A", version=1, at=NOON, reason="x")],
            [*issued().history, VoucherConfirmed(source="CODE", version=2, at=NOON, key="o1")],
            [*reserved().history, VoucherReserved(source="CODE", version=3, at=NOON, key="o1", until=SOON)],
            [*reserved().history, VoucherConfirmed(source="CODE", version=3, at=SOON, key="o1")],
            [
                *reserved().void(at=NOON, reason="x").state.history,
                VoucherConfirmed(source="CODE", version=4, at=NOON, key="o1"),
            ],
            [
                *issued().void(at=NOON, reason="x").state.history,
                VoucherReserved(source="CODE", version=3, at=NOON, key="o1", until=SOON),
            ],
            [
                *issued().void(at=NOON, reason="x").state.history,
                VoucherVoided(source="CODE", version=3, at=NOON, reason="y"),
            ],
        ],
        ids=["none", "small", "short", "no issue", "unknown", "twice", "lapsed", "void", "void use", "void twice"],
    )
    def test_what_no_command_gives_is_refused(self, events: list[Any]) -> None:
        with pytest.raises(InvalidValue):
            Voucher(events)


class TestCampaigns:
    @pytest.mark.parametrize("gives", [0, -1, True, 1.5, "10%", Money("0.00", "USD"), None], ids=str)
    def test_what_no_code_gives(self, gives: Any) -> None:
        with pytest.raises(InvalidValue, match=r"Campaign\.gives"):
            Campaign("c", gives)

    @pytest.mark.parametrize(
        ("gives", "cap"),
        [
            (OFF, Cap(times=1)),
            (OFF, Cap(times=Decimal("1.5"), per="ever")),
            (OFF, Cap(times=1, per="ever", who="member")),
            (OFF, Cap(times=1, per="ever", by="line.product")),
            (250, Cap(points=10)),
            (OFF, Cap(points=10)),
        ],
        ids=["event", "part", "member", "by", "points", "points off"],
    )
    def test_a_limit_that_does_not_fit_is_refused(self, gives: Any, cap: Cap) -> None:
        with pytest.raises(InvalidValue):
            Campaign("c", gives, caps=[cap])

    @pytest.mark.parametrize("name", ["when", "valid"])
    def test_a_promotion_leaves_its_conditions_to_the_campaign(self, name: str) -> None:
        more: Any = {"when": field("basket.total") >= 1, "valid": Period(START)}
        with pytest.raises(InvalidValue, match=rf"Campaign\.gives\.{name}"):
            Campaign("c", Promotion("p", OFF, **{name: more[name]}))

    def test_the_promotion_of_a_code(self) -> None:
        rule = field("basket.total") >= 20
        units, uses = Cap(units=3), Cap(times=1, per="ever")
        campaign = Campaign("c", OFF, rule, caps=[units, uses], lasts=Days(30))
        found = campaign.promotion(issued(campaign))

        assert (found.id, found.gives, found.when, found.caps) == ("voucher:CODE", OFF, rule, (units,))
        assert found.valid == Period(datetime.min.replace(tzinfo=START.tzinfo), day("06-10"))

    def test_a_whole_promotion_keeps_what_it_takes_off(self) -> None:
        tea = Promotion("p", OFF, on=field("line.category") == "tea", caps=[Cap(units=3)])
        campaign = Campaign("c", tea, caps=[Cap(amount=5)])
        found = campaign.promotion(issued(campaign))

        assert (found.id, found.on, found.caps) == ("voucher:CODE", tea.on, (Cap(units=3), Cap(amount=5)))

    def test_a_pair_at_the_end_of_the_calendar(self) -> None:
        assert Campaign("c", OFF, valid=(date(2026, 5, 1), date.max)).valid == Period(date(2026, 5, 1))

    def test_points_are_earned_by_a_use(self) -> None:
        campaign = Campaign("c", 250)
        codes = program(EarningRule("codes", PerUnit(1, of="event.points"), on="voucher"))
        account = opened(codes).earn(campaign.occasion(used(campaign), "o1"), codes, at=NOON).state
        again = account.earn(campaign.occasion(used(campaign), "o1"), codes, at=LATE)

        assert (account.balance(as_of=NOON).available, again.events) == (250, ())

    def test_stored_value_is_earned_by_a_use(self) -> None:
        campaign = Campaign("c", Money("20.50", "USD"))
        rule = EarningRule("cards", PerAmount(1, per=1, of="event.amount", whole=False), on="voucher")
        wallet = program(rule, points=[Points("wallet", scale=2)])
        account = opened(wallet).earn(campaign.occasion(used(campaign), "o1"), wallet, at=NOON).state

        assert account.balance(as_of=NOON).available == 2050

    def test_a_use_that_was_not_made_earns_nothing(self) -> None:
        with pytest.raises(NotFound):
            Campaign("c", 250).occasion(reserved(Campaign("c", 250)), "o1")

    def test_benefits_are_promotions_and_points_are_occasions(self) -> None:
        with pytest.raises(InvalidValue, match=r"promotion\.gives"):
            Campaign("c", 250).promotion(issued())
        with pytest.raises(InvalidValue, match=r"occasion\.gives"):
            Campaign("c", AmountOff(Money("1.00", "USD"))).occasion(used(), "o1")


class TestWhatIsRefused:
    @pytest.mark.parametrize("facts", [{"purchase.id": "p1"}, {"purchase.id": "p1", "customer.id": "ann"}], ids=str)
    def test_a_use_under_another_key_on_the_purchase_that_earned_the_code(self, facts: dict[str, str]) -> None:
        voucher = Voucher.issue("A", ONCE, at=NOON, issued_by="p1").state
        with pytest.raises(Rejected) as refused:
            voucher.reserve("use-1", ONCE, at=NOON, until=SOON, facts=facts)

        assert refused.value.reason == "own_purchase"

    def test_the_id_of_that_purchase_as_the_key(self) -> None:
        voucher = Voucher.issue("A", ONCE, at=NOON, issued_by="p1").state
        with pytest.raises(Rejected):
            voucher.reserve("p1", ONCE, at=NOON, until=SOON, facts={"purchase.id": "p2"})

    @pytest.mark.parametrize(
        ("command", "path"),
        [
            (lambda: Voucher.issue("A", "spring", at=NOON), "issue.campaign"),  # type: ignore[arg-type]  # tried out
            (lambda: Voucher.issue("A", ONCE, at=NOON).state.check("c", at=NOON), "check.campaign"),  # type: ignore[arg-type]  # tried out
            (lambda: Voucher.issue("A", ONCE, at=NOON).state.check(ONCE, "abc", at=NOON), "check.facts"),  # type: ignore[arg-type]  # tried out
            (lambda: Campaign("c", 5, valid=(date(2026, 5, 2), date(2026, 5, 1))), "Campaign.valid"),  # type: ignore[arg-type]  # a pair
            (lambda: Cap(times=1, per=Days(0)), "Cap.per"),
        ],
        ids=["issue", "check", "facts", "valid", "per"],
    )
    def test_what_is_of_another_kind(self, command: Any, path: str) -> None:
        with pytest.raises(InvalidValue) as refused:
            command()

        assert refused.value.path == path


def test_the_uses_of_one_customer() -> None:
    voucher = Voucher.issue("A", Campaign("c", OFF), at=NOON).state
    for key, by in (("o1", "ann"), ("o2", None), ("o3", "ann")):
        voucher = voucher.reserve(key, Campaign("c", OFF), by=by, at=NOON, until=SOON).state

    assert [[use.key for use in voucher.uses_of(by)] for by in ("ann", None, "bob")] == [["o1", "o3"], ["o2"], []]
