"""Commission statements: lines, what is taken back, draws, and what is carried over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

import attrs
import pytest

from relex.calendars import Period
from relex.errors import Conflict, CurrencyMismatch, InvalidValue
from relex.money import Money
from relex.pipeline import (
    CommissionBalance,
    CommissionCredit,
    CommissionPlan,
    CommissionStatement,
    CommissionTier,
    Draw,
    Quota,
    statement,
    statements,
)
from relex.rules import field

JAN, FEB = Period(date(2026, 1, 1), date(2026, 2, 1)), Period(date(2026, 2, 1), date(2026, 3, 1))
SPRING = Period(date(2026, 1, 1), date(2026, 4, 1))
STEPS = (CommissionTier(slice=10, up_to=100), CommissionTier(slice=20))
FLAT = (CommissionTier(slice=10),)


def usd(amount: int | str) -> Money:
    return Money(amount, "USD")


def plan(*tiers: CommissionTier, **more: Any) -> CommissionPlan:
    return CommissionPlan("p", tiers or STEPS, **{"currency": "USD", "per": "period", **more})


def credit(id: str, amount: int, month: int = 1, day: int = 10, **more: Any) -> CommissionCredit:  # noqa: A002 - as everywhere
    at = datetime(2026, month, day, tzinfo=UTC)
    return CommissionCredit(id, **{"payee": "ann", "amount": usd(amount), "at": at, **more})


def quota(period: Period, amount: int, *, subject: str = "ann", early: bool = False) -> Quota:
    at = datetime(2025, 11 if early else 12, 1, tzinfo=UTC)
    return Quota(f"{subject}-{period.start}-{at.month}", subject=subject, period=period, amount=usd(amount), at=at)


def back(of: CommissionCredit, month: int = 2, amount: int | None = None, id: str = "back") -> CommissionCredit:  # noqa: A002 - as everywhere
    taken = of.amount if amount is None else usd(amount)
    return CommissionCredit(id, payee=of.payee, amount=-taken, at=datetime(2026, month, 20, tzinfo=UTC), reverses=of.id)


def months(plan: CommissionPlan, *credits: CommissionCredit, **more: Any) -> list[Money]:  # noqa: A002 - the field's word
    """What each of three months earns."""
    return [each.earned for each in statements(plan, credits, payee="ann", periods=SPRING, **more)]


class TestLines:
    def test_they_stand_in_order_of_time_and_add_up(self) -> None:
        found = statement(plan(), [credit("b", 80, day=12), credit("a", 50)], payee="ann", period=JAN)

        assert [(line.credit.id, line.before, line.earned) for line in found.lines] == [
            ("a", usd(0), usd(5)),
            ("b", usd(50), usd(11)),
        ]
        assert (found.credited, found.earned, found.payable) == (usd(130), usd(16), usd(16))

    def test_each_tells_what_it_changes_in_every_tier(self) -> None:
        found = statement(plan(), [credit("a", 50), credit("b", 80, day=12)], payee="ann", period=JAN)

        assert [str(part) for part in found.lines[1].parts] == ["tier 1: 5.00 for 50.00", "tier 2: 6.00 for 30.00"]
        assert [str(part) for part in found.parts] == ["tier 1: 10.00 for 100.00", "tier 2: 6.00 for 30.00"]

    def test_the_deal_that_reaches_a_whole_tier_earns_for_all_before_it(self) -> None:
        retro = plan(CommissionTier(whole=1, up_to=100), CommissionTier(whole=2))
        found = statement(retro, [credit("a", 100), credit("b", 1, day=12)], payee="ann", period=JAN)

        assert [line.earned for line in found.lines] == [usd(1), usd("1.02")]
        assert [(part.tier, part.amount) for part in found.lines[1].parts] == [(1, -100), (2, 101)]

    def test_others_and_other_months_are_not_on_it(self) -> None:
        known = [credit("a", 50), credit("b", 50, payee="bob"), credit("c", 50, month=2)]
        found = statement(plan(), known, payee="ann", period=JAN)

        assert [line.credit.id for line in found.lines] == ["a"]

    def test_a_day_is_one_of_the_plans_time_zone(self) -> None:
        late = credit("a", 50, at=datetime(2026, 1, 31, 23, tzinfo=UTC))
        there = timezone(timedelta(hours=7))

        assert months(plan(), late) == [usd(5), usd(0), usd(0)]
        assert months(plan(tz=there), late) == [usd(0), usd(5), usd(0)]

    def test_what_the_plan_does_not_pay_for_stays_on_it_with_the_reason(self) -> None:
        north = plan(when=field("region") == "north")
        known = [
            credit("a", 50, about={"region": "north"}),
            credit("b", 50, about={"region": "south"}),
            credit("c", 50),
        ]
        found = statement(north, known, payee="ann", period=JAN)

        assert [(line.earned, line.reason) for line in found.lines] == [
            (usd(5), None),
            (usd(0), "not_eligible"),
            (usd(0), "not_eligible"),
        ]
        assert [line.verdict.answer for line in found.lines if line.verdict is not None] == [True, False, None]
        assert found.credited == usd(50)

    def test_the_same_credit_twice_is_one(self) -> None:
        assert months(plan(), credit("a", 50), credit("a", 50)) == [usd(5), usd(0), usd(0)]

    def test_nothing_credited_earns_nothing(self) -> None:
        found = statement(plan(), [], payee="ann", period=JAN)

        assert (found.lines, found.earned, found.credited) == ((), usd(0), usd(0))


class TestWindows:
    KNOWN = (credit("a", 80), credit("b", 80, day=12), credit("c", 80, month=2))

    @pytest.mark.parametrize(
        ("per", "pays"),
        [("transaction", [16, 8, 0]), ("period", [22, 8, 0]), ("cumulative", [22, 16, 0])],
    )
    def test_what_is_added_up_before_the_tiers_are_asked(self, per: str, pays: list[int]) -> None:
        assert months(plan(per=per), *self.KNOWN) == [usd(pay) for pay in pays]

    def test_a_year_begins_where_the_plan_says(self) -> None:
        assert months(plan(per="cumulative", year_starts=2), *self.KNOWN) == [usd(22), usd(8), usd(0)]

    def test_quotas_by_period(self) -> None:
        goals = [quota(JAN, 80), quota(JAN, 90, early=True), quota(JAN, 70, subject="bob"), quota(FEB, 160)]
        by_goal = plan(CommissionTier(slice=10, up_to=100), CommissionTier(slice=20), basis="attainment")
        found = statements(by_goal, self.KNOWN, payee="ann", periods=Period(JAN.start, FEB.end), quota=goals)

        assert [(each.quota, each.earned) for each in found] == [(usd(80), usd(24)), (usd(160), usd(8))]

    def test_a_period_that_is_not_asked_needs_no_quota(self) -> None:
        found = statement(plan(basis="attainment"), self.KNOWN, payee="ann", period=FEB, quota=[quota(FEB, 160)])

        assert found.earned == usd(8)

    def test_one_quota_for_every_period(self) -> None:
        by_goal = plan(basis="attainment")

        assert months(by_goal, *self.KNOWN, quota=usd(80)) == [usd(24), usd(8), usd(0)]


class TestTakingBack:
    A, B = credit("a", 80), credit("b", 80, day=12)

    @pytest.mark.parametrize(
        ("per", "pays"),
        [("transaction", [16, -8, 0]), ("period", [22, -14, 0]), ("cumulative", [22, -14, 0])],
    )
    def test_a_later_period_takes_back_what_the_deal_had_added(self, per: str, pays: list[int]) -> None:
        assert months(plan(per=per), self.A, self.B, back(self.A)) == [usd(pay) for pay in pays]

    def test_it_does_not_touch_the_tiers_of_the_period_in_which_it_happens(self) -> None:
        sold = credit("c", 130, month=2)

        assert months(plan(), self.A, sold, back(self.A)) == [usd(8), usd(16 - 8), usd(0)]

    def test_within_a_period_it_is_as_if_nothing_had_been_sold(self) -> None:
        gone = back(self.A, month=1)

        assert months(plan(), self.A, self.B, gone) == months(plan(), self.B)

    def test_in_parts(self) -> None:
        large = credit("a", 150)
        parts = [back(large, amount=75, id="r1"), back(large, month=3, amount=75, id="r2")]

        assert months(plan(per="transaction"), large, *parts) == [usd(20), usd("-12.50"), usd("-7.50")]

    def test_and_giving_again(self) -> None:
        gone = back(self.A)
        again = CommissionCredit(
            "again", payee="ann", amount=usd(80), at=datetime(2026, 3, 1, tzinfo=UTC), reverses=gone.id
        )

        assert months(plan(), self.A, gone, again) == [usd(8), usd(-8), usd(8)]

    def test_what_was_not_paid_for_is_not_taken_back(self) -> None:
        south = credit("a", 80, about={"region": "south"})

        assert months(plan(when=field("region") == "north"), south, back(south)) == [usd(0)] * 3

    def test_a_credit_that_nobody_gave_cannot_be_taken_back(self) -> None:
        found = statement(plan(), [back(self.A)], payee="ann", period=FEB)

        assert [(line.earned, line.reason) for line in found.lines] == [(usd(0), "unknown_credit")]

    def test_nor_one_that_takes_back_itself(self) -> None:
        ring = credit("a", 80, reverses="b"), credit("b", 80, reverses="a")
        found = statement(plan(), ring, payee="ann", period=JAN)

        assert {line.reason for line in found.lines} == {"unknown_credit"}

    def test_a_negative_amount_that_names_no_credit_counts_in_its_own_period(self) -> None:
        assert months(plan(), self.A, credit("less", -30, month=2)) == [usd(8), usd(-3), usd(0)]

    def test_a_second_time_nothing_is_left_to_take_back(self) -> None:
        twice = statement(
            plan(), [self.A, back(self.A, month=1), back(self.A, month=1, id="z")], payee="ann", period=JAN
        )

        assert [(line.earned, line.counted, line.reason) for line in twice.lines] == [
            (usd(8), usd(80), None),
            (usd(-8), usd(-80), None),
            (usd(0), usd(0), "already_reversed"),
        ]
        assert (twice.earned, twice.credited) == (usd(0), usd(0))

    def test_no_more_is_taken_back_than_is_left(self) -> None:
        some = [back(self.A, month=1, amount=50), back(self.A, month=1, id="z")]
        found = statement(plan(), [self.A, *some], payee="ann", period=JAN)

        assert [(line.earned, line.reason) for line in found.lines][1:] == [
            (usd(-5), None),
            (usd(-3), "already_reversed"),
        ]

    def test_no_more_is_given_again_than_was_given(self) -> None:
        gone = back(self.A, month=1)
        again = [attrs.evolve(self.A, id=f"again{number}", at=gone.at, reverses=gone.id) for number in (1, 2)]
        found = statement(plan(), [self.A, gone, *again], payee="ann", period=JAN)

        assert [line.counted for line in found.lines] == [usd(80), usd(80), usd(0), usd(-80)]
        assert found.earned == usd(8)

    def test_what_is_credited_later_cannot_be_taken_back_yet(self) -> None:
        later = credit("late", 80, month=3)
        early = back(later)

        assert months(plan(), later, early) == [usd(0), usd(0), usd(8)]
        assert statement(plan(), [later, early], payee="ann", period=FEB) == statement(
            plan(), [early], payee="ann", period=FEB
        )

    def test_a_long_chain_ends_where_it_began(self) -> None:
        chain = [self.A]
        for number in range(2_000):
            last = chain[-1]
            chain.append(attrs.evolve(last, id=f"c{number:04}", amount=-last.amount, reverses=last.id))

        assert months(plan(), *chain) == [usd(8), usd(0), usd(0)]


class TestRounding:
    @staticmethod
    def halves(count: int, month: int = 1) -> list[CommissionCredit]:
        """Credits that earn half a cent each."""
        return [attrs.evolve(credit(f"{month}-{number:03}", 0, month), amount=usd("0.50")) for number in range(count)]

    @pytest.mark.parametrize("per", ["transaction", "period", "cumulative"])
    def test_it_is_rounded_once(self, per: str) -> None:
        found = statement(plan(CommissionTier(slice=1), per=per), self.halves(100), payee="ann", period=JAN)

        assert found.earned == usd("0.50")
        assert sum(part.paid for part in found.parts) == Fraction(1, 2)

    def test_the_lines_add_up_to_it(self) -> None:
        found = statement(plan(CommissionTier(slice=1)), self.halves(5), payee="ann", period=JAN)

        assert [str(line.earned.amount) for line in found.lines] == ["0.01", "0.01", "0.01", "0.00", "0.00"]
        assert found.earned == usd("0.03")
        assert {line.exact for line in found.lines} == {Fraction(1, 200)}

    def test_what_was_rounded_is_carried_to_the_next(self) -> None:
        known = [*self.halves(1), *self.halves(1, 2), *self.halves(1, 3)]
        found = statements(plan(CommissionTier(slice=1)), known, payee="ann", periods=SPRING)

        assert [each.earned for each in found] == [usd("0.01"), usd(0), usd("0.01")]
        assert found[-1].balance.earned == Fraction(3, 200)


class TestEverybody:
    KNOWN = (credit("a", 50), credit("b", 70, payee="bob", month=2), credit("c", 90, payee="cat", month=9))
    OWED = CommissionBalance(plan="p", payee="dan", through=JAN.start, owed=usd(5))

    def test_one_call_states_all_who_are_credited_or_owe(self) -> None:
        found = statements(plan(), self.KNOWN, periods=JAN, opening=[self.OWED])

        assert [(each.payee, each.earned, each.settlement.opening) for each in found] == [
            ("ann", usd(5), usd(0)),
            ("bob", usd(0), usd(0)),
            ("cat", usd(0), usd(0)),
            ("dan", usd(0), usd(5)),
        ]

    def test_it_is_the_same_one_payee_at_a_time(self) -> None:
        alone = [statements(plan(), self.KNOWN, payee=who, periods=SPRING) for who in ("ann", "bob")]

        assert statements(plan(), self.KNOWN, payee=["bob", "ann"], periods=SPRING) == (*alone[0], *alone[1])

    def test_no_period_is_no_statement(self) -> None:
        assert statements(plan(), self.KNOWN, periods=Period(JAN.start, JAN.start)) == ()

    @pytest.mark.parametrize("balances", [[OWED, OWED], [5], 5], ids=["twice", "number", "no-list"])
    def test_one_balance_for_each(self, balances: Any) -> None:
        with pytest.raises(InvalidValue, match=r"statement\.opening"):
            statements(plan(), self.KNOWN, periods=JAN, opening=balances)

    def test_payees_are_ids(self) -> None:
        with pytest.raises(InvalidValue, match=r"statements\.payee"):
            statements(plan(), [], payee=[5], periods=JAN)  # type: ignore[list-item]  # refused


class TestAsOf:
    GOALS = (quota(JAN, 100, early=True), quota(JAN, 50))

    def test_later_quotas_are_not_seen(self) -> None:
        by_goal = plan(basis="attainment")
        asked: dict[str, Any] = {"payee": "ann", "period": JAN, "quota": self.GOALS}
        early = statement(by_goal, [credit("a", 100)], as_of=datetime(2025, 11, 20, tzinfo=UTC), **asked)
        known = statement(by_goal, [credit("a", 100)], as_of=datetime(2026, 1, 20, tzinfo=UTC), **asked)

        assert (early.quota, early.credited) == (usd(100), usd(0))
        assert (known.quota, known.earned) == (usd(50), usd(15))
        assert known == statement(by_goal, [credit("a", 100)], **asked)

    def test_quotas_come_in_any_order(self) -> None:
        by_goal = plan(basis="attainment")
        found = {
            statement(by_goal, [credit("a", 100)], payee="ann", period=JAN, quota=goals).earned.amount
            for goals in (self.GOALS, self.GOALS[::-1])
        }

        assert found == {15}

    def test_one_quota_has_one_content(self) -> None:
        goals = [quota(JAN, 100), quota(JAN, 200)]

        with pytest.raises(Conflict):
            statement(plan(basis="attainment"), [], payee="ann", period=JAN, quota=goals)


class TestSettlement:
    @staticmethod
    def settled(found: CommissionStatement) -> tuple[Money, ...]:
        paid = found.settlement
        return paid.guaranteed, paid.advanced, paid.recovered, paid.payable, paid.closing

    def found(self, plan: CommissionPlan, *amounts: int) -> list[tuple[Money, ...]]:
        known = [credit(f"d{month}", amount, month=month) for month, amount in enumerate(amounts, 1)]
        return [self.settled(each) for each in statements(plan, known, payee="ann", periods=SPRING)]

    def test_an_advance_is_recovered_out_of_what_lies_above_it(self) -> None:
        advance = plan(*FLAT, draw=Draw(amount=usd(100)))

        assert self.found(advance, 400, 1_300, 2_000) == [
            (usd(0), usd(60), usd(0), usd(100), usd(60)),
            (usd(0), usd(0), usd(30), usd(100), usd(30)),
            (usd(0), usd(0), usd(30), usd(170), usd(0)),
        ]

    def test_a_guarantee_is_never_asked_back(self) -> None:
        guarantee = plan(*FLAT, draw=Draw(amount=usd(100), recoverable=False))

        assert self.found(guarantee, 400, 1_300, 2_000) == [
            (usd(60), usd(0), usd(0), usd(100), usd(0)),
            (usd(0), usd(0), usd(0), usd(130), usd(0)),
            (usd(0), usd(0), usd(0), usd(200), usd(0)),
        ]

    def test_nobody_pays_for_what_is_taken_back_but_owes_it(self) -> None:
        assert self.found(plan(*FLAT), -400, 300, 500) == [
            (usd(0), usd(40), usd(0), usd(0), usd(40)),
            (usd(0), usd(0), usd(30), usd(0), usd(10)),
            (usd(0), usd(0), usd(10), usd(40), usd(0)),
        ]

    def test_a_guarantee_does_not_forgive_what_is_taken_back(self) -> None:
        guarantee = plan(*FLAT, draw=Draw(amount=usd(100), recoverable=False))

        assert self.found(guarantee, -400, 1_300, 0) == [
            (usd(100), usd(40), usd(0), usd(100), usd(40)),
            (usd(0), usd(0), usd(30), usd(100), usd(10)),
            (usd(100), usd(0), usd(0), usd(100), usd(10)),
        ]

    @pytest.mark.parametrize(("until", "draws"), [(date(2026, 2, 1), [1, 1, 0]), (date(2026, 1, 31), [1, 0, 0])])
    def test_a_draw_ends(self, until: date, draws: list[int]) -> None:
        ramp = plan(*FLAT, draw=Draw(amount=usd(1), until=until))

        assert [each.settlement.draw for each in statements(ramp, [], payee="ann", periods=SPRING)] == [
            usd(draw) for draw in draws
        ]

    def test_it_is_the_same_one_statement_at_a_time(self) -> None:
        advance = plan(*FLAT, draw=Draw(amount=usd(100)))
        known = [credit("a", 400), credit("b", 1_300, month=2)]
        first = statement(advance, known, payee="ann", period=JAN)
        second = statement(advance, known, payee="ann", period=FEB, opening=first.balance)

        assert (first, second) == statements(advance, known, payee="ann", periods=Period(JAN.start, FEB.end))
        assert first.balance == CommissionBalance(
            plan="p", payee="ann", through=FEB.start, owed=usd(60), earned=Fraction(40)
        )

    def test_an_opening_balance_is_recovered_first(self) -> None:
        owed = CommissionBalance(plan="p", payee="ann", through=JAN.start, owed=usd(30))
        found = statements(plan(*FLAT), [credit("a", 400)], payee="ann", periods=JAN, opening=owed)

        assert self.settled(found[0]) == (usd(0), usd(0), usd(30), usd(10), usd(0))


class TestBadInput:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("plan", "p"),
            ("credits", 5),
            ("credits", ["a"]),
            ("payee", ""),
            ("period", date(2026, 1, 1)),
            ("period", Period(date(2026, 1, 1), date(2026, 1, 31))),
            ("period", Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))),
            ("opening", usd(5)),
            ("quota", usd(5)),
            ("quota", [Quota("q", subject="ann", period=JAN, amount=usd(5), at=datetime(2025, 1, 1, tzinfo=UTC))]),
            ("quota", 5),
        ],
        ids=lambda value: value if isinstance(value, str) else type(value).__name__,
    )
    def test_a_wrong_argument_is_refused(self, name: str, value: Any) -> None:
        given = {"plan": plan(), "credits": [], "payee": "ann", "period": JAN, name: value}

        with pytest.raises(InvalidValue, match=f"statement.{name}"):
            statement(**given)

    @pytest.mark.parametrize("given", [[5], [(JAN, usd(5))]], ids=["int", "pair"])
    def test_quotas_are_quotas(self, given: Any) -> None:
        with pytest.raises(InvalidValue, match=r"statement\.quota"):
            statement(plan(basis="attainment"), [], payee="ann", period=JAN, quota=given)

    def test_a_quota_that_is_needed_and_missing(self) -> None:
        with pytest.raises(InvalidValue, match="expected one of ann from 2026-01-01 to 2026-02-01"):
            statement(plan(basis="attainment"), [credit("a", 5)], payee="ann", period=JAN, quota=[quota(FEB, 5)])

    @pytest.mark.parametrize(("name", "value"), [("plan", "p"), ("credits", 5), ("periods", JAN.start)])
    def test_several_statements_are_asked_alike(self, name: str, value: Any) -> None:
        given = {"plan": plan(), "credits": [], "payee": "ann", "periods": SPRING, name: value}

        with pytest.raises(InvalidValue, match=f"statements.{name}"):
            statements(**given)

    def test_periods_begin_and_end_where_the_plans_do(self) -> None:
        with pytest.raises(InvalidValue, match="one month of the plan"):
            statements(plan(), [], payee="ann", periods=Period(date(2026, 1, 1), date(2026, 2, 10)))

    @pytest.mark.parametrize(
        "other", [{"plan": "q"}, {"payee": "bob"}, {"through": FEB.start}], ids=["plan", "payee", "through"]
    )
    def test_a_balance_of_something_else_is_refused(self, other: dict[str, Any]) -> None:
        owed = CommissionBalance(**{"plan": "p", "payee": "ann", "through": JAN.start, "owed": usd(1), **other})

        with pytest.raises(InvalidValue, match=r"statement\.opening"):
            statement(plan(), [], payee="ann", period=JAN, opening=owed)

    def test_a_balance_in_another_currency_is_refused(self) -> None:
        owed = CommissionBalance(plan="p", payee="ann", through=JAN.start, owed=Money(1, "EUR"))

        with pytest.raises(CurrencyMismatch):
            statement(plan(), [], payee="ann", period=JAN, opening=owed)

    def test_a_balance_is_never_negative(self) -> None:
        with pytest.raises(InvalidValue, match=r"CommissionBalance\.owed"):
            CommissionBalance(plan="p", payee="ann", through=JAN.start, owed=usd(-1))

    def test_one_id_has_one_content(self) -> None:
        with pytest.raises(Conflict):
            months(plan(), credit("a", 50), credit("a", 60))

    def test_a_credit_in_another_currency_is_refused(self) -> None:
        with pytest.raises(CurrencyMismatch):
            months(plan(), attrs.evolve(credit("a", 50), amount=Money(5, "EUR")))


class TestSeeing:
    def test_it_says_what_it_comes_to(self) -> None:
        advance = plan(*FLAT, draw=Draw(amount=usd(100)))
        found = statements(advance, [credit("a", 400), credit("b", 2_000, month=3)], payee="ann", periods=SPRING)

        assert [str(each) for each in found] == [
            "ann, from 2026-01-01: 40.00 USD earned, 100.00 USD payable, 60.00 USD carried over",
            "ann, from 2026-02-01: 0.00 USD earned, 100.00 USD payable, 160.00 USD carried over",
            "ann, from 2026-03-01: 200.00 USD earned, 100.00 USD payable, 60.00 USD carried over",
        ]

    def test_it_shows_every_line_with_its_tiers(self) -> None:
        known = [credit("<a>", 150), credit("b", 5, about={"region": "south"}, reverses="z")]
        text = statement(plan(name="Reps & co"), known, payee="ann", period=JAN)._repr_html_()

        assert "Commission of ann, month from 2026-01-01, plan Reps &amp; co" in text
        assert "&lt;a&gt;" in text
        assert "tier 1: 10.00 USD for 100.00 USD; tier 2: 10.00 USD for 50.00 USD" in text
        assert "b, takes back z" in text
        assert "unknown_credit" in text
        assert "<script" not in text

    def test_it_shows_the_quota(self) -> None:
        text = statement(plan(basis="attainment"), [], payee="ann", period=JAN, quota=usd(80))._repr_html_()

        assert "Bounds are percent of a quota of 80.00 USD." in text

    def test_it_shows_what_is_paid(self) -> None:
        advance = plan(*FLAT, draw=Draw(amount=usd(100)))
        text = statements(advance, [credit("a", 400)], payee="ann", periods=JAN)[0]._repr_html_()

        assert all(words in text for words in ("earned", "advanced", "payable", "carried over as owed"))
        assert "guaranteed" not in text
