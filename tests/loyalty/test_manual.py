"""What people do by hand: adjustments, assigned tiers, suspensions, the end of an account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from strategies_loyalty import PLAIN, START, VISITS, adjusted, day, opened, program, visit

from relex.calendars import Days, Months
from relex.errors import Conflict, InvalidValue, Rejected
from relex.loyalty import EarningRule, Flat, Inactive, PointsAdjusted, Tier, TierAssigned, TierPolicy, WhileMet

if TYPE_CHECKING:
    from relex.changes import Change
    from relex.loyalty import Account, Program

CLUB = program(EarningRule("visit", Flat(10), on="visit"), tiers=[Tier("silver", at=100), Tier("gold", at=200)])
LEVELS = program(tiers=CLUB.tiers, tier_policy=TierPolicy(measure="balance", keeps=WhileMet()))


def adjust(account: Account, points: int, of: Program = PLAIN, **more: Any) -> Change[Account]:
    return account.adjust(points, of, **({"id": "a", "reason": "r", "actor": "ann", "at": START} | more))


class TestAdjusting:
    def test_points_are_added_as_a_lot(self) -> None:
        account, (event,) = adjust(opened(PLAIN), 70)

        assert isinstance(event, PointsAdjusted)
        assert [(lot.id, lot.points, lot.remaining) for lot in account.lots(as_of=START)] == [("adjust:a", 70, 70)]

    @pytest.mark.parametrize("tiers", [(), (Tier("silver", at=0),)])
    def test_points_added_after_an_idle_end_have_an_end_of_their_own(self, tiers: tuple[Tier, ...]) -> None:
        idle = program(expires=Inactive(Months(3)), tiers=tiers)
        ended = adjust(opened(idle), 70, idle).state.settle(idle, at=day("06-01")).state
        account = adjust(ended, 30, idle, id="later", at=day("06-01")).state

        assert ended.balance(as_of=day("06-01")).available == 0
        assert account.balance(as_of=day("09-01")).available == 30
        assert account.balance(as_of=day("09-02")).available == 0

    @pytest.mark.parametrize("more", [{"reason": ""}, {"actor": ""}])
    def test_without_a_reason_and_an_actor_it_is_refused(self, more: dict[str, str]) -> None:
        with pytest.raises(Rejected) as refused:
            adjust(opened(PLAIN), 70, **more)

        assert refused.value.reason == "no_reason"

    @pytest.mark.parametrize(
        ("points", "more", "path"),
        [
            (0, {}, "adjust.points"),
            (1.5, {}, "adjust.points"),
            (True, {}, "adjust.points"),
            (1, {"id": ""}, "adjust.id"),
            (1, {"reason": 7}, "adjust.reason"),
            (1, {"actor": 7}, "adjust.actor"),
            (1, {"currency": "miles"}, "adjust.currency"),
            (1, {"at": datetime(2026, 1, 1)}, "adjust.at"),  # noqa: DTZ001 - that is the bad input
            (1, {"expires_at": START}, "adjust.expires_at"),
        ],
    )
    def test_what_cannot_be_meant_is_refused_with_its_path(self, points: Any, more: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            adjust(opened(PLAIN), points, **more)

        assert caught.value.path == path

    def test_more_cannot_be_taken_than_is_there(self) -> None:
        with pytest.raises(Rejected) as refused:
            adjust(adjusted(opened(PLAIN), PLAIN, 30, START), -40)

        assert (refused.value.reason, refused.value.details) == ("insufficient_points", {"asked": 40, "available": 30})

    def test_the_same_once_more_changes_nothing(self) -> None:
        account = adjust(opened(PLAIN), 70).state

        assert adjust(account, 70) == (account, ())

    @pytest.mark.parametrize("more", [{"reason": "other"}, {"actor": "bob"}, {"effective": day("01-02")}])
    def test_the_same_id_with_other_content_is_a_conflict(self, more: dict[str, Any]) -> None:
        account = adjust(opened(PLAIN), 70).state

        with pytest.raises(Conflict):
            adjust(account, 70, at=day("01-03"), **more)

    def test_points_given_by_hand_start_the_time_of_inactivity(self) -> None:
        """Nothing moved the end before, so the first lot sets it: 30 days after 1 January, gone on 1 February."""
        of = program(expires=Inactive(Days(30)))

        assert [lot.expires_at for lot in adjust(opened(of), 70, of).state.lots(as_of=START)] == [day("02-01")]

    def test_an_adjustment_that_is_no_activity_joins_the_end_that_is_there(self) -> None:
        of = program(expires=Inactive(Days(30)))
        account = adjust(opened(of), 70, of).state
        account = adjust(account, 5, of, id="b", at=day("01-20")).state

        assert [lot.expires_at for lot in account.lots(as_of=day("01-20"))] == [day("02-01"), day("02-01")]

    def test_points_taken_by_hand_are_an_activity_where_the_program_says_so(self) -> None:
        """The end moves from 1 February to 30 days after 20 January, gone on 20 February."""
        of = program(expires=Inactive(Days(30), activities=("adjust",)))
        account = adjust(opened(of), 70, of).state
        account = adjust(account, -5, of, id="b", at=day("01-20")).state

        assert account.balance(as_of=day("01-20")).expiring == ((day("02-20"), 65),)


class TestAssigningTiers:
    def test_a_floor_lifts_the_tier_and_says_why(self) -> None:
        account, events = opened(CLUB).assign_tier("gold", CLUB, at=day("01-02"), reason="match", actor="ann")

        assert isinstance(events[0], TierAssigned)
        assert (account.standing.tier, account.standing.floor, account.standing.earned) == ("gold", "gold", None)

    def test_the_same_floor_once_more_changes_nothing(self) -> None:
        given = {"reason": "match", "actor": "ann"}
        account = opened(CLUB).assign_tier("gold", CLUB, at=day("01-02"), **given).state

        assert account.assign_tier("gold", CLUB, at=day("01-03"), **given).events == ()

    def test_a_floor_ends_at_its_instant(self) -> None:
        account = (
            opened(CLUB)
            .assign_tier("gold", CLUB, at=day("01-02"), until=day("03-01"), reason="match", actor="ann")
            .state
        )
        before = account.settle(CLUB, at=day("03-01") - timedelta(microseconds=1)).state
        after, events = account.settle(CLUB, at=day("03-01"))

        assert (before.standing.tier, after.standing.tier) == ("gold", None)
        assert [event.reason for event in events] == ["floor_ended"]  # type: ignore[attr-defined]

    def test_a_floor_that_is_taken_away_gives_way_to_what_was_earned(self) -> None:
        account = opened(CLUB).assign_tier("gold", CLUB, at=day("01-02"), reason="match", actor="ann").state
        account = account.assign_tier(None, CLUB, at=day("01-03"), reason="error", actor="ann").state

        assert (account.standing.tier, account.standing.floor) == (None, None)

    def test_a_floor_under_a_tier_that_follows_the_balance(self) -> None:
        account = opened(LEVELS).assign_tier("silver", LEVELS, at=day("01-02"), reason="match", actor="ann").state
        account = adjusted(account, LEVELS, 200, day("01-03"))
        upper = account.standing.tier
        account = adjusted(account, LEVELS, -150, day("01-04"))

        assert (upper, account.standing.tier) == ("gold", "silver")

    def test_an_unknown_tier_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match="platinum"):
            opened(CLUB).assign_tier("platinum", CLUB, at=day("01-02"), reason="match", actor="ann")

    def test_an_end_that_is_past_is_refused(self) -> None:
        with pytest.raises(InvalidValue) as caught:
            opened(CLUB).assign_tier("gold", CLUB, at=day("01-02"), until=day("01-02"), reason="match", actor="ann")

        assert caught.value.path == "assign_tier.until"

    def test_an_end_of_no_floor_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match="has no end"):
            opened(CLUB).assign_tier(None, CLUB, at=day("01-02"), until=day("01-03"), reason="match", actor="ann")

    def test_an_end_of_no_floor_that_was_stored_ends_nothing(self) -> None:
        account = opened(CLUB)
        event = TierAssigned(
            source="a1", version=2, at=START, effective=START, tier=None, until=day("01-03"), reason="r", actor="ann"
        )

        assert account.evolve(account, event).settle(CLUB, at=day("02-01")).events == ()

    @pytest.mark.parametrize(
        ("at", "more", "reason"),
        [
            ("01-02", {"reason": ""}, "no_reason"),
            ("2025-12-31", {}, "before_enrollment"),
        ],
    )
    def test_what_is_refused(self, at: str, more: dict[str, str], reason: str) -> None:
        with pytest.raises(Rejected) as refused:
            opened(CLUB).assign_tier("gold", CLUB, at=day(at), **({"reason": "match", "actor": "ann"} | more))

        assert refused.value.reason == reason

    def test_a_closed_account_has_no_tiers_to_assign(self) -> None:
        account = opened(CLUB).close(CLUB, at=day("01-02")).state
        with pytest.raises(Rejected) as refused:
            account.assign_tier("gold", CLUB, at=day("01-03"), reason="match", actor="ann")

        assert refused.value.reason == "closed"


class TestReviewing:
    def test_a_revision_of_the_program_lifts_at_once(self) -> None:
        """10 points; the threshold is lowered from 100 to 10."""
        account = opened(CLUB).earn(visit("v", START), CLUB, at=START).state
        eased = program(*CLUB.rules, version=2, tiers=[Tier("silver", at=10), Tier("gold", at=200)])
        reviewed = account.review(eased, at=day("01-02")).state

        assert (account.standing.tier, reviewed.standing.tier) == (None, "silver")

    def test_a_program_without_tiers_only_settles(self) -> None:
        account = opened(VISITS).earn(visit("v", START), VISITS, at=START).state
        _, events = account.review(VISITS, at=day("02-01"))

        assert [type(event).__name__ for event in events] == ["PointsExpired"]


class TestSuspending:
    def test_it_is_suspended_and_resumed(self) -> None:
        suspended, events = opened(PLAIN).suspend(at=day("01-02"), reason="check")
        resumed = suspended.resume(at=day("01-03")).state

        assert (suspended.status, resumed.status) == ("suspended", "open")
        assert events[0].reason == "check"  # type: ignore[attr-defined]

    def test_twice_is_once(self) -> None:
        account = opened(PLAIN).suspend(at=day("01-02")).state

        assert account.suspend(at=day("01-03")) == (account, ())

    @pytest.mark.parametrize("command", ["suspend", "resume"])
    def test_not_before_the_account_was_opened(self, command: str) -> None:
        with pytest.raises(Rejected) as refused:
            getattr(opened(PLAIN), command)(at=day("2025-12-31"))

        assert refused.value.reason == "before_enrollment"
        assert refused.value.details == {"at": day("2025-12-31"), "opened_at": START}

    def test_not_before_the_change_that_came_before(self) -> None:
        account = opened(PLAIN).suspend(at=day("01-05")).state
        with pytest.raises(Rejected) as refused:
            account.resume(at=day("01-04"))

        assert (refused.value.reason, refused.value.details) == (
            "out_of_order",
            {"at": day("01-04"), "last": day("01-05")},
        )

    @pytest.mark.parametrize("command", ["suspend", "resume"])
    def test_a_closed_account_stays_closed(self, command: str) -> None:
        account = opened(PLAIN).close(PLAIN, at=day("01-02")).state
        with pytest.raises(Rejected) as refused:
            getattr(account, command)(at=day("01-03"))

        assert refused.value.reason == "closed"

    def test_points_go_on_expiring(self) -> None:
        account = opened(VISITS).earn(visit("v", START), VISITS, at=START).state
        account = account.suspend(at=day("01-02")).state

        assert account.settle(VISITS, at=day("02-01")).state.balance(as_of=day("02-01")).available == 0


class TestClosing:
    def test_what_is_left_goes_out_pending_points_too(self) -> None:
        of = program(EarningRule("stay", Flat(9), on="visit", pending=Days(9)), expires=Months(1))
        account = adjusted(opened(of), of, 70, START).earn(visit("v", START), of, at=START).state
        closed = account.close(of, at=day("01-02"), reason="asked").state
        balance = closed.balance(as_of=day("01-02"))

        assert (closed.status, balance.available, balance.pending) == ("closed", 0, 0)

    def test_it_can_ask_for_an_empty_account(self) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 70, START)
        with pytest.raises(Rejected) as refused:
            account.close(PLAIN, at=day("01-02"), empty=True)

        assert (refused.value.reason, refused.value.details) == ("points_left", {"points": 70})

    def test_an_empty_account_closes_when_that_is_asked_for(self) -> None:
        assert opened(PLAIN).close(PLAIN, at=day("01-02"), empty=True).state.status == "closed"

    def test_twice_is_once(self) -> None:
        account = opened(PLAIN).close(PLAIN, at=day("01-02")).state

        assert account.close(PLAIN, at=day("01-03")) == (account, ())

    @pytest.mark.parametrize(("at", "reason"), [("2025-12-31", "before_enrollment"), ("01-02", "out_of_order")])
    def test_not_before_what_happened_on_it(self, at: str, reason: str) -> None:
        account = adjusted(opened(PLAIN), PLAIN, 70, day("01-03"))
        with pytest.raises(Rejected) as refused:
            account.close(PLAIN, at=day(at))

        assert refused.value.reason == reason
