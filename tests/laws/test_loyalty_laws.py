"""Laws of loyalty: conservation, order of arrival, idempotency, returns, awards, tiers, dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import attrs
import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from strategies_loyalty import PLAIN, START, amounts, award, day, minutes, opened, program, sale

from relex.calendars import Days, Months
from relex.codec import decode, encode
from relex.errors import Conflict, Rejected
from relex.loyalty import (
    Account,
    Calendar,
    Cap,
    Choose,
    Clawback,
    EarningRule,
    Flat,
    Group,
    Inactive,
    Multiply,
    Never,
    Occasion,
    PerAmount,
    Periods,
    PerUnit,
    Points,
    PointsExpired,
    PointsMatured,
    Program,
    Restore,
    Rolling,
    Stack,
    Tier,
    TierPolicy,
    WhileMet,
)
from relex.money import Rounding
from relex.purchases import Line, Purchase, Return
from relex.rules import field

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from relex.calendars import CalendarDuration
    from relex.changes import Change
    from relex.loyalty._ledger import Ledger

History: TypeAlias = list[tuple[str, int, int]]
Visits: TypeAlias = list[tuple[int, int]]

FAST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# --- histories ------------------------------------------------------------------------------------------------------

moves = st.lists(
    st.tuples(
        st.sampled_from(["visit", "stay", "add", "redeem", "take"]),
        st.integers(1, 120),
        st.integers(0, 100 * 24 * 60),
    ),
    min_size=1,
    max_size=14,
)
LEDGERS = program(
    EarningRule("n", PerAmount(1, per=1, of="event.n"), on="visit"),
    EarningRule("late", PerAmount(1, per=1, of="event.n"), on="stay", pending=Days(9)),
    expires=Days(30),
)


def played(history: History, of: Program = LEDGERS) -> Account:
    """Moves in their order of time; each is made at its own moment."""
    account = opened(of)
    for number, (what, count, minute) in enumerate(sorted(history, key=lambda move: move[2])):
        account = made(account, of, what, count, f"m{number}", START + timedelta(minutes=minute))
    return account


def made(
    account: Account, of: Program, what: str, count: int, name: str, at: datetime, now: datetime | None = None
) -> Account:
    now = now or at
    if what in {"visit", "stay"}:
        return account.earn(Occasion(what, name, at, {"n": count}), of, at=now).state
    if what == "redeem":
        return account.redeem(count, of, id=name, at=now, effective=at, allow_debt=True).state
    signed = count if what == "add" else -count
    more = {"id": name, "reason": "law", "actor": "law", "at": now, "effective": at, "allow_debt": True}
    return account.adjust(signed, of, **more).state


def conserved(ledger: Ledger) -> bool:
    return all(
        book.credited
        == book.usable + book.pending + book.redeemed + book.expired + book.reversed + book.out - book.owed
        and book.usable == sum(lot[3] for lot in book.open)
        and book.pending == sum(lot[4] for lot in book.waiting)
        and book.owed == sum(owed for _, owed in book.debts)
        and not (book.owed and book.usable)
        and min(book.usable, book.pending, book.owed, book.redeemed, book.expired, book.reversed) >= 0
        for book in ledger.books.values()
    )


@FAST
@given(moves, minutes)
def test_law_1_conservation_at_every_instant(history: History, minute: int) -> None:
    account = played(history)

    assert conserved(account._ledger_at(START + timedelta(minutes=minute)))


@FAST
@given(moves, minutes)
def test_law_2_lots_stay_within_their_bounds(history: History, minute: int) -> None:
    at = START + timedelta(minutes=minute)
    lots = played(history).lots(as_of=at)

    assert all(0 < lot.remaining <= lot.points and (lot.expires_at is None or lot.expires_at > at) for lot in lots)


@FAST
@given(moves, st.randoms(use_true_random=False))
def test_law_3_the_order_of_arrival_does_not_matter(history: History, rng: random.Random) -> None:
    account = played(history)
    entries = [event for event in account.entries() if event.rank >= 0]
    shuffled = rng.sample(entries, len(entries))
    state = opened(LEDGERS)
    for number, event in enumerate(shuffled, 2):
        state = Account.evolve(state, attrs.evolve(event, version=number))
    state = state.settle(LEDGERS, at=day("2027-01-01")).state
    account = account.settle(LEDGERS, at=day("2027-01-01")).state

    assert {name: book.usable for name, book in account._ledger.books.items()} == {
        name: book.usable for name, book in state._ledger.books.items()
    }
    assert account.lots(as_of=day("02-15")) == state.lots(as_of=day("02-15"))


@FAST
@given(moves, minutes, minutes)
def test_law_3_as_of_answers_never_see_later_entries(history: History, minute: int, cut: int) -> None:
    at = START + timedelta(minutes=min(minute, cut))
    before = [move for move in history if move[2] <= min(minute, cut)]

    assert played(history).balance(as_of=at) == played(before).balance(as_of=at) if before else True


@FAST
@given(moves, st.integers(0, 200), st.integers(0, 200))
def test_law_3_settle_in_steps(history: History, first: int, second: int) -> None:
    t1, t2 = sorted([day("05-01") + timedelta(days=first), day("05-01") + timedelta(days=second)])
    account = played(history)
    steps = account.settle(LEDGERS, at=t1).state.settle(LEDGERS, at=t2).state
    once = account.settle(LEDGERS, at=t2).state

    assert once.lots(as_of=t2) == steps.lots(as_of=t2)
    assert notices(once) == notices(steps)
    assert once.settle(LEDGERS, at=t2).events == ()
    assert account.balance(as_of=t2) == once.balance(as_of=t2)


def notices(account: Account) -> dict[tuple[type, str], int]:
    found = {}
    for event in account.events:
        if isinstance(event, (PointsExpired, PointsMatured)):
            key = (type(event), event.lot)
            found[key] = found.get(key, 0) + event.points
    return {key: count for key, count in found.items() if count}


@FAST
@given(moves, st.integers(1, 120), st.integers(0, 90 * 24 * 60), st.sampled_from(["visit", "add", "redeem", "take"]))
def test_notices_always_sum_to_the_fold(history: History, count: int, minute: int, what: str) -> None:
    account = played(history).settle(LEDGERS, at=day("06-01")).state
    account = made(account, LEDGERS, what, count, "late", START + timedelta(minutes=minute), now=day("06-02"))
    book = account._ledger_at(day("06-02")).books.get("points")
    account = account.settle(LEDGERS, at=day("06-02")).state
    expired = sum(count for (kind, _), count in notices(account).items() if kind is PointsExpired)

    assert (book.expired if book else 0) == expired


@FAST
@given(moves)
def test_law_4_everything_submitted_twice_is_once(history: History) -> None:
    account = opened(LEDGERS)
    for number, (what, count, minute) in enumerate(sorted(history, key=lambda move: move[2])):
        at = START + timedelta(minutes=minute)
        account = made(account, LEDGERS, what, count, f"m{number}", at)

        assert account is made(account, LEDGERS, what, count, f"m{number}", at)
        with pytest.raises(Conflict):
            made(account, LEDGERS, what, count + 1, f"m{number}", at)


@FAST
@given(moves, st.integers(0, 14))
def test_replay_gives_the_state(history: History, start: int) -> None:
    account = played(history)
    events = account.events
    part = Account.replay(events[: start + 1])

    assert account == Account.replay(events)
    assert account == Account.replay(events[start + 1 :], part)
    assert account._ledger == Account.replay(events)._ledger
    folded = None
    for event in events:
        folded = Account.evolve(folded, event)
    assert account == folded


@FAST
@given(moves, st.randoms(use_true_random=False))
def test_replay_gives_the_state_in_any_order_of_arrival(history: History, rng: random.Random) -> None:
    entries = [event for event in played(history).entries() if event.rank >= 0]
    state = opened(LEDGERS)
    events = [attrs.evolve(event, version=number) for number, event in enumerate(rng.sample(entries, len(entries)), 2)]
    for event in events:
        state = Account.evolve(state, event)

    assert state == Account.replay(events, opened(LEDGERS))


@FAST
@given(moves)
def test_the_stored_form_is_exact(history: History) -> None:
    account = played(history)

    assert account == decode(encode(account), Account)


# --- returns and restorations ---------------------------------------------------------------------------------------


@FAST
@given(
    st.lists(st.tuples(amounts, st.integers(1, 5)), min_size=1, max_size=4),
    st.sampled_from(["per_line", "proportional"]),
    st.integers(1, 300),
    st.randoms(use_true_random=False),
)
def test_law_5_returns_in_any_partition_take_everything(
    lines: list[tuple[Decimal, int]], basis: str, flat: int, rng: random.Random
) -> None:
    rules = program(
        EarningRule("base", PerAmount(1, per="3.00")),
        EarningRule("flat", Flat(flat), pending=Days(3)),
        clawback=Clawback(basis),
    )
    basket = sale(*[Line(n, f"s{n}", count, gross=gross * count) for n, (gross, count) in enumerate(lines, 1)])
    account = opened(rules).earn(basket, rules, at=START).state
    units = [n for n, (_, count) in enumerate(lines, 1) for _ in range(count)]
    rng.shuffle(units)
    for number, line in enumerate(units):
        at = START + timedelta(days=number)
        before = account
        account, events = account.reverse(Return(f"r{number}", purchase="s1", at=at, lines={line: 1}), rules, at=at)

        assert all(
            points >= 0 for event in events if type(event).__name__ == "PointsReversed" for _, _, points in event.lots
        )
        assert conserved(account._ledger)
        assert before == Account.replay(before.events)

    assert account.balance(as_of=day("06-01")).posted == 0
    assert account._ledger.books["points"].earned == 0


@FAST
@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=6), st.integers(1, 200), st.integers(1, 200), st.integers(0, 40)
)
def test_law_5_redeem_then_restore_is_redeeming_less(lots: list[int], points: int, back: int, more: int) -> None:
    n, k = max(points, back), min(points, back)
    account = opened(PLAIN)
    for number, count in enumerate(lots):
        account = account.adjust(
            count,
            PLAIN,
            id=str(number),
            reason="x",
            actor="x",
            at=START,
            expires_at=day("02-01") + timedelta(days=number),
        ).state
    at = day("01-02")
    whole = account.redeem(n, PLAIN, id="r", at=at, allow_debt=True).state
    if more:
        whole = whole.adjust(more, PLAIN, id="more", reason="x", actor="x", at=day("01-03")).state
    restored = whole.restore("r", PLAIN, points=k, at=day("01-03"))
    less = account if n == k else account.redeem(n - k, PLAIN, id="r", at=at, allow_debt=True).state
    if more:
        less = less.adjust(more, PLAIN, id="more", reason="x", actor="x", at=day("01-03")).state

    assert less.lots(as_of=day("01-03")) == restored.state.lots(as_of=day("01-03"))
    assert conserved(restored.state._ledger)


# --- awards ---------------------------------------------------------------------------------------------------------

kinds = st.sampled_from(["a", "b", "c"])
awards = st.one_of(
    st.builds(PerAmount, st.integers(1, 5), st.integers(1, 20), whole=st.booleans()),
    st.builds(PerUnit, st.sampled_from([1, 2, Decimal("0.5")])),
    st.builds(Flat, st.integers(1, 50)),
    st.builds(
        Multiply, st.sampled_from([0, "0.5", "1.25", 2, 3]), groups=st.sampled_from([("base",), ("x",), ("base", "x")])
    ),
)


@st.composite
def rule_sets(draw: st.DrawFn) -> list[EarningRule]:
    found = [EarningRule("base", PerAmount(1, per="1.00")), EarningRule("x", Flat(7), group="x")]
    for number in range(draw(st.integers(0, 4))):
        made_of = draw(awards)
        caps = draw(
            st.lists(st.builds(Cap, points=st.integers(0, 60), then=st.sampled_from(["cut", "reject"])), max_size=1)
        )
        found.append(
            EarningRule(
                f"r{number}",
                made_of,
                draw(st.one_of(st.none(), kinds.map(lambda kind: field("line.category") == kind))),
                group=draw(st.sampled_from(["base", "x"])),
                priority=draw(st.integers(-2, 2)),
                stacking=Stack.ADD if isinstance(made_of, Multiply) else draw(st.sampled_from(list(Stack))),
                caps=caps,
            )
        )
    return found


limits = st.builds(Cap, points=st.integers(0, 60), then=st.sampled_from(["cut", "reject"]))
groups = st.builds(Group, st.sampled_from(list(Choose)), st.lists(limits, max_size=1))


@st.composite
def programs(draw: st.DrawFn) -> Program:
    return program(
        *draw(rule_sets()),
        multipliers=draw(st.sampled_from(["sum", "best", "product"])),
        groups=draw(st.dictionaries(st.sampled_from(["base", "x"]), groups, max_size=2)),
        points=[
            Points(
                "points",
                rounding=draw(st.sampled_from([Rounding.FLOOR, Rounding.HALF_UP, Rounding.CEILING])),
                scale=draw(st.integers(0, 1)),
            )
        ],
        caps=draw(
            st.lists(st.builds(Cap, points=st.integers(0, 200), then=st.sampled_from(["cut", "reject"])), max_size=1)
        ),
    )


@st.composite
def baskets(draw: st.DrawFn) -> Purchase:
    lines = draw(st.lists(st.tuples(amounts, st.integers(1, 4), kinds), min_size=1, max_size=5))
    return sale(
        *[Line(n, f"s{n}", count, gross=gross, category=kind) for n, (gross, count, kind) in enumerate(lines, 1)]
    )


@FAST
@given(programs(), baskets())
@example(
    of=program(
        EarningRule("base", PerAmount(1, per="1.00"), caps=[Cap(points=0)]),
        EarningRule("none", Multiply(0, groups=("base",))),
    ),
    basket=sale("1.00"),
)
@example(
    of=program(
        EarningRule("base", PerAmount(1, per="1.00"), caps=[Cap(points=5)]),
        EarningRule("half", Multiply("0.5", groups=("base",))),
    ),
    basket=sale("10.00", "10.00"),
)
def test_law_7_parts_add_up(of: Program, basket: Purchase) -> None:
    event = award(of, basket)
    breakdown = event.breakdown

    assert breakdown.total() == sum(breakdown.by_rule().values()) == sum(breakdown.by_line().values())
    assert breakdown.total() == sum(credit.points for credit in event.credits) >= 0
    for credit in event.credits:
        assert credit.points == sum(part for _, part in credit.lines)
        assert all(part > 0 for _, part in credit.lines)
    assert all(each.granted <= max(each.desired, 0) or each.desired < 0 for each in breakdown.awards)


@FAST
@given(programs(), baskets())
def test_law_7_floor_loses_less_than_one_unit(of: Program, basket: Purchase) -> None:
    of = attrs.evolve(of, points=[attrs.evolve(of.points[0], rounding=Rounding.FLOOR)], caps=())
    breakdown = award(of, basket).breakdown
    exact = sum([each.exact for each in breakdown.awards], Fraction(0)) * 10 ** of.points[0].scale
    desired = sum(each.desired for each in breakdown.awards)

    assert 0 <= exact - desired < 1 or not breakdown.awards


@FAST
@given(programs(), baskets(), st.randoms(use_true_random=False))
def test_law_7_the_order_of_rules_changes_nothing(of: Program, basket: Purchase, rng: random.Random) -> None:
    other = attrs.evolve(of, rules=rng.sample(of.rules, len(of.rules)))
    one, two = award(of, basket).breakdown, award(other, basket).breakdown

    assert one == two


@FAST
@given(programs(), baskets(), st.randoms(use_true_random=False))
def test_law_7_the_order_of_lines_changes_no_total(of: Program, basket: Purchase, rng: random.Random) -> None:
    shuffled = attrs.evolve(basket, lines=rng.sample(basket.lines, len(basket.lines)))

    assert award(of, basket).breakdown.total() == award(of, shuffled).breakdown.total()


@FAST
@given(baskets(), st.integers(0, 400), st.integers(0, 400), rule_sets())
def test_law_7_raising_a_cap_never_lowers_the_total(
    basket: Purchase, one: int, two: int, rules: list[EarningRule]
) -> None:
    low, high = sorted([one, two])
    totals = [award(program(*rules, caps=[Cap(points=limit)]), basket).breakdown.total() for limit in (low, high)]

    assert totals[0] <= totals[1]


@FAST
@given(baskets(), rule_sets())
def test_law_7_a_cap_that_does_not_bind_does_not_matter(basket: Purchase, rules: list[EarningRule]) -> None:
    totals = {
        award(program(*rules, caps=[Cap(points=10**6, then=then)]), basket).breakdown for then in ("cut", "reject")
    }

    assert len(totals) == 1


# --- tiers ----------------------------------------------------------------------------------------------------------

policies = st.sampled_from([
    TierPolicy(),
    TierPolicy(window=Calendar(Months(1)), keeps=Periods(0)),
    TierPolicy(window=Calendar(Months(1)), keeps=Periods(1), review="one_down", grace=Days(3)),
    TierPolicy(window=Calendar(Months(1)), keeps=WhileMet()),
    TierPolicy(window=Rolling(Days(20)), keeps=WhileMet()),
    TierPolicy(window=Calendar(Months(1)), upgrade="next_period"),
])  # fmt: skip
visits = st.lists(st.tuples(st.integers(1, 80), st.integers(0, 150)), min_size=1, max_size=10)
LEVELS = (Tier("one", at=50), Tier("two", at=100), Tier("three", at=200))


def club(policy: TierPolicy) -> Program:
    rules = [EarningRule("n", PerAmount(1, per=1, of="event.n"), on="visit")]
    return program(*rules, tiers=LEVELS, tier_policy=policy)


def visited(of: Program, days: Visits) -> Account:
    account = opened(of)
    for number, (count, offset) in enumerate(sorted(days, key=lambda pair: pair[1])):
        at = START + timedelta(days=offset, minutes=number)
        account = account.earn(Occasion("visit", str(number), at, {"n": count}), of, at=at).state
    return account


def rank(account: Account, of: Program, at: datetime) -> int:
    tier = account.settle(of, at=at).state.standing.tier
    return [None, "one", "two", "three"].index(tier)


@FAST
@given(policies, visits, st.integers(1, 100), st.integers(0, 400))
def test_law_8_more_activity_never_gives_a_lower_tier(policy: TierPolicy, days: Visits, more: int, offset: int) -> None:
    of, at = club(policy), day("06-01") + timedelta(days=offset)
    count, when = days[0]

    assert rank(visited(of, days), of, at) <= rank(visited(of, [(count + more, when), *days[1:]]), of, at)


@FAST
@given(policies, visits, st.integers(0, 400))
def test_law_8_review_twice_is_once(policy: TierPolicy, days: Visits, offset: int) -> None:
    of, at = club(policy), day("06-01") + timedelta(days=offset)
    account = visited(of, days).review(of, at=at).state

    assert account.review(of, at=at).events == ()


@FAST
@given(policies, visits, st.integers(0, 200), st.integers(0, 200))
def test_law_8_settling_in_steps_changes_no_tier(policy: TierPolicy, days: Visits, first: int, second: int) -> None:
    of = club(policy)
    t1, t2 = sorted([day("06-01") + timedelta(days=first), day("06-01") + timedelta(days=second)])
    account = visited(of, days)
    once = account.settle(of, at=t2).state.standing
    steps = account.settle(of, at=t1).state.settle(of, at=t2).state.standing

    assert once == steps


@FAST
@given(policies, visits, st.sampled_from(["one", "two"]), st.integers(0, 300))
def test_law_8_never_below_the_floor(policy: TierPolicy, days: Visits, floor: str, offset: int) -> None:
    of, at = club(policy), day("06-01") + timedelta(days=offset)
    account = visited(of, days).assign_tier(floor, of, at=day("06-01"), reason="match", actor="x").state

    assert rank(account, of, at) >= [None, "one", "two"].index(floor)


@FAST
@given(visits, st.integers(0, 800))
def test_law_8_no_downgrade_before_its_date(days: Visits, offset: int) -> None:
    of = club(TierPolicy())
    account = visited(of, days)
    before = account.standing
    at = day("06-01") + timedelta(days=offset)
    if before.until is not None and at < before.until:
        assert before.tier == account.settle(of, at=at).state.standing.tier


# --- dates ----------------------------------------------------------------------------------------------------------


@FAST
@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 40))
def test_law_9_the_last_usable_date_stays_in_its_month(start: date, months: int) -> None:
    of = program(EarningRule("v", Flat(1), on="visit"), expires=Months(months))
    at = datetime(start.year, start.month, start.day, 12, tzinfo=UTC)
    end = award(of, Occasion("visit", "v", at), account=opened(of, at)).credits[0].expires_at
    last = (end - timedelta(days=1)).date()

    assert (start.year * 12 + start.month + months) == last.year * 12 + last.month


# --- a member at random ---------------------------------------------------------------------------------------------


class Member(RuleBasedStateMachine):
    """Plays random commands, late ones too, and checks the books after each."""

    @initialize(
        expires=st.sampled_from([Never(), Days(20), Months(1), Inactive(Days(15), ("earn", "redeem", "adjust"))]),
        reach=st.sampled_from(["only_pending", "within_balance", "allow_debt"]),
        restore=st.sampled_from([Restore(), Restore("grace", Days(5)), Restore("reissue")]),
    )
    def join(self, expires: Never | CalendarDuration | Inactive, reach: str, restore: Restore) -> None:
        self.program = program(
            EarningRule("base", PerAmount(1, per="1.00"), gives=("points", "status")),
            EarningRule("promo", Flat(9), field("line.category") == "a", pending=Days(4)),
            EarningRule("visit", Flat(12), on="visit", caps=[Cap(points=30, per=Days(10))]),
            points=[Points("points"), Points("status", qualifying=True)],
            expires=expires,
            clawback=Clawback(reach=reach),
            restore=restore,
            tiers=LEVELS,
            tier_policy=TierPolicy(window=Calendar(Months(1)), keeps=Periods(0)),
        )
        self.now = START
        self.account = opened(self.program)
        self.count = 0
        self.sold: list[Purchase] = []
        self.spent: list[str] = []
        self.before: list[tuple[Account, tuple, object]] = []

    def run(self, command: Callable[[str], Change[Account]]) -> bool:
        self.count += 1
        self.before.append((self.account, self.account.events, self.account.balance(as_of=self.now)))
        try:
            change = command(f"c{self.count}")
        except Rejected:
            return False
        state = self.account
        for event in change.events:
            state = Account.evolve(state, event)
        assert state == change.state
        self.account = change.state
        return True

    @rule(hours=st.integers(0, 24 * 12))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(gross=amounts, category=kinds, count=st.integers(1, 3), back=st.integers(0, 72))
    def buy(self, gross: Decimal, category: str, count: int, back: int) -> None:
        at = max(START, self.now - timedelta(hours=back))
        line = Line(1, "s", count, gross=gross, category=category)
        basket = (
            sale(line, "3.00", name=f"b{self.count}", at=at) if back % 2 else sale(line, name=f"b{self.count}", at=at)
        )
        if self.run(lambda _: self.account.earn(basket, self.program, at=self.now)):
            self.sold.append(basket)

    @rule()
    def visit(self) -> None:
        self.run(lambda name: self.account.earn(Occasion("visit", name, self.now), self.program, at=self.now))

    @rule(count=st.integers(1, 90), debt=st.booleans(), back=st.integers(0, 48))
    def redeem(self, count: int, debt: bool, back: int) -> None:
        at = max(START, self.now - timedelta(hours=back))

        def command(name: str) -> Change[Account]:
            return self.account.redeem(count, self.program, id=name, at=self.now, effective=at, allow_debt=debt)

        if self.run(command):
            self.spent.append(f"c{self.count}")

    @rule(count=st.integers(-40, 40).filter(bool), debt=st.booleans())
    def adjust(self, count: int, debt: bool) -> None:
        more = {"reason": "r", "actor": "a", "at": self.now, "allow_debt": debt}
        self.run(lambda name: self.account.adjust(count, self.program, id=name, **more))

    @rule(data=st.data())
    def bring_back(self, data: st.DataObject) -> None:
        if self.sold:
            basket = data.draw(st.sampled_from(self.sold))

            def command(name: str) -> Change[Account]:
                back = Return(name, purchase=basket.id, at=self.now, lines={1: 1})
                return self.account.reverse(back, self.program, at=self.now)

            self.run(command)

    @rule(data=st.data(), part=st.integers(1, 20))
    def cancel(self, data: st.DataObject, part: int) -> None:
        if self.spent:
            redemption = data.draw(st.sampled_from(self.spent))
            self.run(lambda name: self.account.restore(redemption, self.program, id=name, points=part, at=self.now))

    @rule()
    def settle(self) -> None:
        self.run(lambda _: self.account.settle(self.program, at=self.now))

    @invariant()
    def books_are_right(self) -> None:
        if not hasattr(self, "account"):
            return
        assert conserved(self.account._ledger)
        assert conserved(self.account._ledger_at(self.now))
        whole = Account.replay(self.account.events)
        assert whole == self.account
        for state, events, balance in self.before[-3:]:
            assert events == state.events
            assert balance == state.balance(as_of=balance.as_of)

    def teardown(self) -> None:
        if hasattr(self, "account"):
            assert self.account == decode(encode(self.account), Account)
            end = self.account.settle(self.program, at=self.now).state
            fold = self.account._ledger_at(self.now).books
            found = notices(end)
            for name, book in fold.items():
                lots = {c.lot for e in end.events for c in getattr(e, "credits", ()) if c.currency == name}
                told = sum(
                    n for (kind, lot), n in found.items() if kind is PointsExpired and (lot in lots or name == "points")
                )
                assert book.expired == told or name != "points"


Member.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestMember = Member.TestCase
