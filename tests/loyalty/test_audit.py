"""A ledger with a row missing, doubled or changed is found out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest
from strategies_loyalty import PLAIN, START, adjusted, day, opened, program, sale, visit

from relex.calendars import Days, Months
from relex.codec import decode, encode
from relex.errors import InvalidValue
from relex.loyalty import (
    Account,
    AccountClosed,
    AuditFinding,
    Breakdown,
    EarningRule,
    Escrow,
    EscrowActivated,
    ExpiryExtended,
    Flat,
    HoldCaptured,
    HoldVoided,
    PerAmount,
    PointsAdjusted,
    PointsEarned,
    PointsExpired,
    PointsHeld,
    PointsRedeemed,
    PointsReversed,
    PointsSent,
    RedemptionRestored,
    Seal,
    Tier,
    TierChanged,
    TierPolicy,
    WhileMet,
    transfer,
)
from relex.purchases import Line, Return

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.changes import Event

OF = program(
    EarningRule("base", PerAmount(1, per="1.00")),
    EarningRule("visit", Flat(10), on="visit", pending=Escrow(on="seen", within=Days(9))),
    expires=Months(2),
    tiers=[Tier("silver", at=20), Tier("gold", at=50)],
)
WHO: dict[str, Any] = {"reason": "test", "actor": "ann"}


def member() -> Account:
    """An account with an entry of nearly every kind."""
    account = opened(OF).earn(sale(Line(1, "cup", 4, gross="40.00"), "8.00"), OF, at=START).state
    account = account.earn(visit("v", START), OF, at=START).state
    account = account.activate(("visit", "v"), OF, on="seen", at=day("01-03")).state
    account = adjusted(account, OF, 50, day("01-04"), name="j")
    account = account.redeem(20, OF, id="d", at=day("01-05"), purchase="s1").state
    account = account.hold(15, OF, id="h1", at=day("01-06"), until=day("02-01")).state
    account = account.hold(5, OF, id="h2", at=day("01-06"), until=day("02-01")).state
    account = account.capture("h1", OF, points=10, at=day("01-07")).state
    account = account.void("h2", OF, at=day("01-07")).state
    account = account.extend(OF, id="x", at=day("01-08"), to=day("06-01"), **WHO).state
    back = Return("r", purchase="s1", at=day("01-09"), lines={1: 1})
    account = account.refund(back, OF, at=day("01-09")).state
    account = adjusted(account, OF, 7, day("01-10"), ends=day("01-12"), name="short")
    other = Account.open("a2", customer="c2", program=OF, at=START).state
    account = transfer(5, account, other, OF, id="t", at=day("01-11"))[0].state
    account = account.settle(OF, at=day("01-15")).state
    return account.close(OF, at=day("01-20")).state


MEMBER = member()


def changed(kind: type[Event], nth: int = 0, **to: Any) -> list[str]:
    """What an audit finds when the n-th event of a class says something else."""
    place = [number for number, event in enumerate(MEMBER.events) if type(event) is kind][nth]
    events = list(MEMBER.events)
    events[place] = attrs.evolve(events[place], **to)
    return codes(Account(events).audit())


def codes(found: tuple[AuditFinding, ...]) -> list[str]:
    return [each.code for each in found]


def renumbered(events: list[Event]) -> Account:
    return Account([attrs.evolve(event, version=number) for number, event in enumerate(events, 1)])


def credit_of(kind: type[Event], **to: Any) -> tuple[Any, ...]:
    entry: Any = next(event for event in MEMBER.events if type(event) is kind)
    return (attrs.evolve(entry.credits[0], **to), *entry.credits[1:])


class TestLoading:
    @pytest.mark.parametrize(
        ("keep", "match"),
        [
            pytest.param(lambda events: events[:4] + events[5:], "event 5 of a1; event 5 is missing", id="one-missing"),
            pytest.param(lambda events: events[:4] + events[7:], "events 5 to 7 are missing", id="three-missing"),
            pytest.param(lambda events: events[:4] + events[3:], "event 4 is there twice", id="one-doubled"),
            pytest.param(lambda events: events + events[:1], "event 1 is there twice", id="opened-twice"),
            pytest.param(lambda events: events[1:], "an AccountOpened, to begin with", id="without-a-beginning"),
            pytest.param(lambda events: [], "at least the AccountOpened", id="nothing"),
        ],
    )
    def test_a_row_missing_or_doubled_is_said(self, keep: Callable[[list[Event]], list[Event]], match: str) -> None:
        with pytest.raises(InvalidValue, match=match):
            Account(keep(list(MEMBER.events)))

    def test_one_by_one_as_well(self) -> None:
        events = MEMBER.events
        with pytest.raises(InvalidValue, match="events 3 to 4 are missing"):
            Account.evolve(Account(events[:2]), events[4])

    def test_an_event_of_another_account(self) -> None:
        events = list(MEMBER.events)
        events[3] = attrs.evolve(events[3], source="a2")
        with pytest.raises(InvalidValue, match=r"expected event 4 of a1, got"):
            Account(events)


class TestWhatIsKnown:
    def test_all_is_well(self) -> None:
        earlier = Account(MEMBER.events[:6])
        balance = earlier.balance(as_of=day("01-03"))

        assert MEMBER.audit(version=MEMBER.version, balance=balance, seal=earlier.seal()) == ()

    def test_the_last_events_are_missing(self) -> None:
        short = Account(MEMBER.events[:5])

        assert [str(each) for each in short.audit(version=9)] == ["version: expected 9, found 5"]
        assert codes(short.audit(balance=MEMBER.balance(as_of=day("01-18")))) == ["balance"]
        assert [each.expected for each in short.audit(seal=MEMBER.seal())] == [f"at least {MEMBER.version} events"]

    def test_a_seal_tells_any_change(self) -> None:
        seal = MEMBER.seal()
        events = list(MEMBER.events)
        place = next(number for number, event in enumerate(events) if isinstance(event, PointsAdjusted))
        events[place] = attrs.evolve(events[place], actor="bob")

        assert codes(Account(events).audit()) == []
        assert codes(Account(events).audit(seal=seal)) == ["seal"]

    def test_a_seal_is_of_one_account(self) -> None:
        found = MEMBER.audit(seal=attrs.evolve(MEMBER.seal(), account="a2"))

        assert [str(each) for each in found] == ["seal: expected account a2, found account a1"]

    def test_a_seal_can_be_stored(self) -> None:
        seal = MEMBER.seal()

        assert (decode(encode(seal), Seal), len(seal.digest)) == (seal, 64)

    def test_a_version_below_one(self) -> None:
        with pytest.raises(InvalidValue, match=r"audit\.version"):
            MEMBER.audit(version=0)

    @pytest.mark.parametrize("name", ["balance", "seal"])
    def test_what_is_no_answer_of_before(self, name: str) -> None:
        wrong: dict[str, Any] = {name: "70"}
        with pytest.raises(InvalidValue, match=rf"audit\.{name}"):
            MEMBER.audit(**wrong)


class TestSums:
    def test_an_account_made_by_commands_is_well(self) -> None:
        assert MEMBER.audit() == ()

    def test_an_award_and_its_explanation(self) -> None:
        more = credit_of(PointsEarned, points=49, lines=((1, 40), (2, 9)))

        assert "breakdown" in changed(PointsEarned, credits=more)
        assert "breakdown" in changed(PointsEarned, credits=())

    def test_an_award_of_another_system_needs_no_explanation(self) -> None:
        events = list(Account.open("a1", customer="c1", program=PLAIN, at=START).events)
        earned = next(event for event in MEMBER.events if isinstance(event, PointsEarned))
        plain = attrs.evolve(earned, version=len(events) + 1, breakdown=Breakdown())

        assert Account([*events, plain]).audit() == ()

    def test_the_lines_of_a_lot(self) -> None:
        assert "lines" in changed(PointsEarned, credits=credit_of(PointsEarned, lines=((1, 40),)))

    def test_an_adjustment_and_its_lot(self) -> None:
        assert "adjustment" in changed(PointsAdjusted, points=51)
        assert "unknown_lot" in changed(PointsAdjusted, origin="nope")
        assert "adjustment" in changed(PointsAdjusted, currency="miles")

    def test_when_it_was(self) -> None:
        assert "earned_at" in changed(PointsAdjusted, effective=day("01-03"))
        assert "earned_at" in changed(PointsEarned, effective=day("01-02"), at=day("01-02"))
        assert "future" in changed(PointsRedeemed, effective=day("01-07"))

    @pytest.mark.parametrize(
        ("to", "code"),
        [
            pytest.param({"occasion": ("purchase", "s9")}, "unknown_award", id="award"),
            pytest.param({"awarded_at": day("01-02")}, "awarded_at", id="date"),
            pytest.param({"lots": (("purchase:s9", "points", 10),)}, "unknown_lot", id="lot"),
            pytest.param({"lots": (("purchase:s1", "points", 49),)}, "over_reversed", id="points"),
            pytest.param({"lines": ((1, "5"),)}, "over_returned", id="quantity"),
            pytest.param({"lines": ((7, "1"),)}, "over_returned", id="line"),
            pytest.param({"lines": ((1, "one"),)}, "over_returned", id="word"),
            pytest.param({"lines": ((1, "NaN"),)}, "over_returned", id="nan"),
            pytest.param({"uncollected": 3}, "outcome", id="outcome"),
        ],
    )
    def test_a_return_and_its_award(self, to: dict[str, Any], code: str) -> None:
        assert code in changed(PointsReversed, **to)

    def test_a_return_of_what_was_only_paid_here(self) -> None:
        assert "unknown_award" not in changed(PointsReversed, occasion=("paid", "s1"), lots=(), points=0)

    @pytest.mark.parametrize(
        ("to", "code"), [({"redemption": "nope"}, "unknown_redemption"), ({"points": 21}, "over_restored")]
    )
    def test_a_restoration_and_its_redemption(self, to: dict[str, Any], code: str) -> None:
        assert code in changed(RedemptionRestored, **to)

    def test_a_hold_and_its_end(self) -> None:
        assert "hold" in changed(HoldCaptured, points=9)
        assert "hold" in changed(HoldVoided, points=4)
        assert "unknown_hold" in changed(HoldVoided, hold="nope")
        assert "unknown_hold" in changed(HoldVoided, hold="h1")
        assert "hold" in changed(PointsHeld, points=14)

    def test_lots_that_there_never_were(self) -> None:
        extended = next(event for event in MEMBER.events if isinstance(event, ExpiryExtended))
        activated = next(event for event in MEMBER.events if isinstance(event, EscrowActivated))
        sent = next(event for event in MEMBER.events if isinstance(event, PointsSent))
        other = attrs.evolve(activated.lots[0], lot="nope")

        assert "unknown_lot" in changed(ExpiryExtended, ends=(("nope", *extended.ends[0][1:]),))
        assert "unknown_lot" in changed(EscrowActivated, lots=(other,))
        assert "unknown_lot" in changed(PointsSent, moved=(attrs.evolve(sent.moved[0], lot="nope"),))

    def test_changes_of_the_tier_follow_each_other(self) -> None:
        assert "tier" in changed(TierChanged, nth=1, before="bronze")

    def test_a_tier_was_earned_kept_or_assigned(self) -> None:
        assert "tier" in changed(TierChanged, earned="bronze")
        assert "tier" in changed(TierChanged, after=None)

    def test_a_tier_that_was_assigned(self) -> None:
        account = opened(OF).assign_tier("gold", OF, at=START, until=day("02-01"), **WHO).state
        account = account.settle(OF, at=day("02-01")).state

        assert [event.after for event in account.events if isinstance(event, TierChanged)] == ["gold", None]
        assert account.audit() == ()

    def test_a_tier_that_was_assigned_and_is_no_more(self) -> None:
        account = opened(OF).assign_tier("gold", OF, at=START, **WHO).state
        policy = TierPolicy(keeps=WhileMet())
        later = attrs.evolve(OF, version=2, tiers=[Tier("silver", at=20)], tier_policy=policy)
        account = account.review(later, at=day("02-01")).state

        assert account.standing.tier is None
        assert account.audit() == ()

    def test_reports_of_what_time_did(self) -> None:
        assert "notices" in changed(PointsExpired, points=6)
        assert "notices" in changed(PointsExpired, lot="adjust:j")

    def test_a_redemption_that_is_smaller_than_what_came_back(self) -> None:
        assert "over_restored" in changed(PointsRedeemed, points=3)


class TestRows:
    def test_an_entry_that_is_there_twice_under_two_numbers(self) -> None:
        events = list(MEMBER.events)
        place = next(number for number, event in enumerate(events) if isinstance(event, PointsAdjusted))
        found = renumbered([*events[: place + 1], *events[place:]]).audit()

        assert {"entry_twice", "lot_twice"} <= set(codes(found))
        assert [each.version for each in found if each.code == "entry_twice"] == [place + 2]

    def test_an_entry_after_the_closing(self) -> None:
        last = attrs.evolve(MEMBER.events[-1], at=day("01-21"), effective=day("01-21"))
        late = PointsRedeemed(
            source="a1", version=1, at=day("01-22"), effective=day("01-22"), id="late", currency="points", points=1
        )

        assert isinstance(last, AccountClosed)
        assert "after_close" in codes(renumbered([*MEMBER.events[:-1], last, late]).audit())

    def test_books_that_do_not_balance(self) -> None:
        account = Account(MEMBER.events)
        account._ledger.books["points"].redeemed += 1

        assert [str(each) for each in account.audit()] == ["buckets: expected 115, found 116 points"]

    def test_it_says_where(self) -> None:
        events = list(MEMBER.events)
        place = next(number for number, event in enumerate(events) if isinstance(event, PointsReversed))
        events[place] = attrs.evolve(events[place], uncollected=3)

        assert str(Account(events).audit()[0]) == (
            f"outcome (event {place + 1}): expected 10, as was asked back, found 13 taken, expired and uncollected"
        )


def test_lots_with_any_sign_in_their_id() -> None:
    account = opened(OF).earn(sale("60.00", name="x~y"), OF, at=START).state
    other = Account.open("a2", customer="c2", program=OF, at=START).state
    sent, _ = transfer(10, account, other, OF, id="t1", at=day("01-02"))

    assert sent.state.audit() == ()
