"""Budgets: drawing and giving back, what caps for everyone leave, what reversals free, limits of each member."""

from __future__ import annotations

import pickle
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from strategies_loyalty import START, day, opened, program, sale

from relex.errors import Conflict, CurrencyMismatch, InvalidValue, Rejected
from relex.loyalty import (
    Account,
    Budget,
    BudgetDrawn,
    BudgetOpened,
    Cap,
    EarningRule,
    EscrowCanceled,
    Flat,
    Group,
    Multiply,
    Occasion,
    PerAmount,
    Points,
    Program,
)
from relex.money import Money
from relex.purchases import Line, Return

ONE = PerAmount(1, per="1.00")


def budget(limit: object = 100, **more: Any) -> Budget:
    return Budget.open("b", limit, at=START, **more).state


def shared(*caps: Cap, **more: Any) -> Program:
    """One point for every full dollar, limited by what everyone gets."""
    return program(EarningRule("base", ONE, caps=caps), **more)


def everyone(**measure: Any) -> Cap:
    return Cap(**{"who": "everyone", "budget": "b", **measure})


def got(of: Program, pot: Budget, *amounts: str | Line, name: str = "s1", **more: Any) -> tuple[Any, Budget]:
    """The award of a sale on a new account, and the budget after it."""
    change = opened(of).earn(sale(*amounts, name=name, **more), of, at=day("12-31"), budgets={"b": pot})
    return change.events[-1], pot.follow(change.events).state


class TestCommands:
    def test_a_draw_beyond_what_is_left_is_refused(self) -> None:
        with pytest.raises(Rejected) as refused:
            budget().draw(70, "a", at=START).state.draw(40, "b", at=START)

        assert (refused.value.reason, refused.value.details) == ("budget", {"budget": "b", "asked": 40, "left": 30})

    def test_no_more_comes_back_than_was_drawn(self) -> None:
        with pytest.raises(Rejected) as refused:
            budget().draw(70, "a", at=START).state.give_back(71, "a", at=START)

        assert refused.value.details == {"budget": "b", "asked": 71, "drawn": 70}

    def test_the_same_key_with_another_quantity_is_a_conflict(self) -> None:
        with pytest.raises(Conflict):
            budget().draw(70, "a", at=START).state.draw(60, "a", at=START)

    def test_the_same_key_with_another_moment_is_a_conflict(self) -> None:
        with pytest.raises(Conflict):
            budget().draw(70, "a", at=day("01-02")).state.draw(70, "a", at=day("01-02"), effective=START)

    def test_draws_and_what_comes_back_have_keys_of_their_own(self) -> None:
        found = budget().draw(70, "a", at=START).state.give_back(70, "a", at=START).state

        assert (found.left, found.version) == (100, 3)

    @pytest.mark.parametrize(
        ("limit", "unit", "drawn", "left"),
        [
            (3, "times", 1, 2),
            (Decimal("2.5"), "units", "1/3", Fraction(13, 6)),
            (Decimal("2.5"), "units", Decimal("0.5"), 2),
            (Money("9.00", "USD"), None, Money("2.50", "USD"), Money("6.50", "USD")),
        ],
    )
    def test_what_may_be_counted(self, limit: object, unit: str | None, drawn: object, left: object) -> None:
        assert budget(limit, unit=unit).draw(drawn, "a", at=START).state.left == left

    @pytest.mark.parametrize(
        ("limit", "unit"),
        [
            (-1, None),
            (1.5, None),
            (True, None),
            (Decimal("1.5"), "times"),
            (-1, "units"),
            (7, "amount"),
            (Money("-1.00", "USD"), None),
            (7, "miles"),
        ],
        ids=str,
    )
    def test_a_limit_that_does_not_fit_is_refused(self, limit: object, unit: str | None) -> None:
        with pytest.raises(InvalidValue):
            budget(limit, unit=unit)

    def test_another_currency_is_refused(self) -> None:
        with pytest.raises(CurrencyMismatch):
            budget(Money("9.00", "USD")).draw(Money("1.00", "EUR"), "a", at=START)


class TestState:
    def test_it_shows_what_is_left(self) -> None:
        found = budget().draw(70, "<a>", at=START).state

        assert str(found) == "b: 30 of 100 points left"
        assert "&lt;a&gt;" in found._repr_html_()
        assert repr(found) == "<Budget b: 30 of 100 points left, version 2>"

    @pytest.mark.parametrize(
        ("limit", "unit", "expected"),
        [
            (100, None, Decimal(100)),
            (Money("9.00", "USD"), None, Decimal("9.00")),
            ("1/3", "units", Decimal("0.333333333")),
        ],
    )
    def test_its_facts(self, limit: object, unit: str | None, expected: Decimal) -> None:
        facts = budget(limit, unit=unit).facts()

        assert (facts["budget.id"], facts["budget.limit"], facts["budget.left"]) == ("b", expected, expected)

    def test_it_is_its_history(self) -> None:
        found = budget(Money("9.00", "USD")).draw(Money("1.00", "USD"), "a", at=START).state
        again = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own

        assert again == found
        assert len({again, found}) == 1
        assert found != "b"

    def test_it_needs_an_opening(self) -> None:
        with pytest.raises(InvalidValue):
            Budget([])

    def test_events_must_follow_each_other(self) -> None:
        opening = BudgetOpened(source="b", version=1, at=START, limit=10)
        with pytest.raises(Conflict):
            Budget([opening, BudgetDrawn(source="b", version=3, at=START, key="a", n=1, effective=START)])

    @pytest.mark.parametrize("n", [11, Money("1.00", "USD")], ids=str)
    def test_what_no_command_gives_is_refused(self, n: Any) -> None:
        opening = BudgetOpened(source="b", version=1, at=START, limit=10)
        with pytest.raises(InvalidValue):
            Budget([opening, BudgetDrawn(source="b", version=2, at=START, key="a", n=n, effective=START)])

    def test_a_key_comes_once(self) -> None:
        opening = BudgetOpened(source="b", version=1, at=START, limit=10)
        draws = [BudgetDrawn(source="b", version=v, at=START, key="a", n=1, effective=START) for v in (2, 3)]
        with pytest.raises(InvalidValue, match="a key that is new"):
            Budget([opening, *draws])

    @pytest.mark.parametrize("n", ["1", True, -1, Money("-1.00", "USD")], ids=str)
    def test_a_quantity_is_a_number_or_money_of_at_least_0(self, n: Any) -> None:
        with pytest.raises(InvalidValue):
            BudgetDrawn(source="b", version=2, at=START, key="a", n=n, effective=START)

    def test_other_events_are_none_of_a_budget(self) -> None:
        with pytest.raises(InvalidValue, match="one of BudgetOpened"):
            Budget.evolve(None, BudgetDrawn(source="b", version=1, at=START, key="a", n=1, effective=START))


class TestAwards:
    def test_a_cut_gives_what_is_left(self) -> None:
        event, after = got(shared(everyone(points=500)), budget(), "130.00")

        assert (event.points, after.left) == (100, 0)

    def test_a_rejection_gives_nothing_and_says_so(self) -> None:
        event, after = got(shared(everyone(points=500, then="reject")), budget(), "130.00")

        assert event.breakdown.reasons() == {"base": "capped_by:rule:base 500 points per event for everyone from b"}
        assert after.version == 1

    @pytest.mark.parametrize(("per", "second", "expected"), [("day", 9, 20), ("day", 24, 80), ("ever", 24, 20)])
    def test_a_window_counts_what_everyone_drew_in_it(self, per: str, second: int, expected: int) -> None:
        of = shared(everyone(points=100, per=per))
        _, pot = got(of, budget(1000), "80.00")
        event, _ = got(of, pot, "80.00", name="s2", at=START + timedelta(hours=second))

        assert event.points == expected

    def test_rules_that_share_a_budget_are_served_by_priority(self) -> None:
        of = program(
            EarningRule("low", Flat(60), caps=[everyone(points=60)]),
            EarningRule("high", Flat(70), priority=1, caps=[everyone(points=70)]),
        )
        event, after = got(of, budget(), "1.00")

        assert (event.breakdown.by_rule(), after.left) == ({"high": 70, "low": 30}, 0)

    def test_a_rule_and_its_program_draw_once(self) -> None:
        of = program(EarningRule("base", ONE, caps=[everyone(points=500)]), caps=[everyone(points=500)])
        event, after = got(of, budget(), "30.00")

        assert (event.points, after.left) == (30, 70)

    @pytest.mark.parametrize(
        ("limit", "unit", "cap", "given", "left"),
        [
            (1, "times", everyone(times=1), [40, 0], 0),
            (Money("50.00", "USD"), None, everyone(amount=90), [40, 10], Money("0.00", "USD")),
            (Decimal("1.5"), "units", everyone(units=9), [40, 20], 0),
        ],
    )
    def test_what_budgets_count(
        self, limit: object, unit: str | None, cap: Cap, given: list[int], left: object
    ) -> None:
        pot, found = budget(limit, unit=unit), []
        for name in ("s1", "s2"):
            account = Account.open(name, customer="c", program=shared(cap), at=START).state
            change = account.earn(sale("40.00", name=name), shared(cap), at=START, budgets={"b": pot})
            pot = pot.follow(change.events).state
            found.append(change.events[-1].points)  # type: ignore[attr-defined]  # a PointsEarned

        assert (found, pot.left) == (given, left)

    def test_only_the_currency_of_the_budget_is_counted(self) -> None:
        of = program(
            EarningRule("both", Flat(9), gives=("points", "stars"), caps=[everyone(points=4)]),
            points=[Points("points"), Points("stars")],
        )
        event, after = got(of, budget(3, currency="stars"), "1.00")

        assert (event.breakdown.total("points"), event.breakdown.total("stars"), after.left) == (9, 3, 0)

    def test_a_rule_that_gives_nothing_needs_no_budget(self) -> None:
        of = shared(everyone(points=4))

        assert opened(of).earn(sale("0.50"), of, at=START).events[-1].points == 0  # type: ignore[attr-defined]

    def test_a_rule_in_another_currency_draws_nothing(self) -> None:
        of = program(
            EarningRule("stars", Flat(9), gives=("stars",), caps=[everyone(points=4)]),
            points=[Points("points"), Points("stars")],
        )
        event, after = got(of, budget(), "1.00")

        assert (event.breakdown.total("stars"), after.left) == (9, 100)

    @pytest.mark.parametrize(
        "budgets",
        [
            None,
            {"a": budget()},
            {"b": Budget.open("a", 9, at=START).state},
            {"b": budget(unit="times")},
            {"b": budget(currency="miles")},
        ],
        ids=["none", "another", "another id", "another unit", "another currency"],
    )
    def test_a_budget_that_does_not_serve_is_named(self, budgets: Any) -> None:
        of = shared(everyone(points=4))
        with pytest.raises(InvalidValue, match=r"earn\.budgets"):
            opened(of).earn(sale("9.00"), of, at=START, budgets=budgets)

    def test_a_budget_in_another_money_is_refused(self) -> None:
        of = shared(everyone(amount=4))
        with pytest.raises(CurrencyMismatch):
            opened(of).earn(sale("9.00"), of, at=START, budgets={"b": budget(Money("9.00", "EUR"))})


class TestReversals:
    @pytest.mark.parametrize(
        ("limit", "unit", "cap", "half"),
        [
            (100, None, everyone(points=100), 40),
            (3, "times", everyone(times=3), 1),
            (9, "units", everyone(units=9), 1),
            (Money("90.00", "USD"), None, everyone(amount=90), Money("40.00", "USD")),
        ],
    )
    def test_what_comes_back_is_free_again(self, limit: object, unit: str | None, cap: Cap, half: object) -> None:
        """80.00 in two units; one comes back, then the other. Of one time nothing is free before all came back."""
        of, pot = shared(cap), budget(limit, unit=unit)
        account, events = opened(of).earn(sale(Line(1, "mug", 2, unit_price="40.00")), of, at=START, budgets={"b": pot})
        found = [pot.follow(events).state]
        for name in ("r1", "r2"):
            back = Return(name, purchase="s1", at=day("01-02"), lines={1: 1})
            account, events = account.reverse(back, of, at=day("01-02"))
            found.append(found[-1].follow(events).state)

        assert [each.drawn for each in found[1:]] == [half, pot.drawn]
        assert found[-1].follow(account.events).events == ()


@pytest.mark.parametrize("given", [[], 7, {"b": 7}, {"b": None}], ids=str)
def test_what_is_no_mapping_of_budgets_is_refused(given: Any) -> None:
    of = shared(everyone(points=9))
    with pytest.raises(InvalidValue) as refused:
        opened(of).earn(sale("9.00"), of, at=day("12-31"), budgets=given)

    assert refused.value.path == "earn.budgets"


def test_two_entries_never_draw_under_the_same_key() -> None:
    """A visit `visit:1` of the account t, and a visit `1` of the account `t:visit`."""
    of = program(EarningRule("visit", Flat(30), on="visit", caps=[everyone(points=100)]))
    pot = budget()
    for name, visit in (("t", "visit:1"), ("t:visit", "1")):
        account = Account.open(name, customer=name, program=of, at=START).state
        events = account.earn(Occasion("visit", visit, START), of, at=START, budgets={"b": pot}).events
        pot = pot.follow(events).state

    assert pot.drawn == 60


class TestWhatIsDrawnFits:
    """Whatever an award says that it used, its budget can give."""

    @pytest.mark.parametrize(("points", "expected"), [(4, (0, 0)), (42, (19, Fraction(929, 341)))], ids=str)
    def test_whole_points_on_lines_of_many_units(self, points: int, expected: Any) -> None:
        """3 of 6 units: half of the points stand on lines of more units than that, so fewer are given."""
        of = program(EarningRule("flat", Flat(points), caps=[everyone(units=9)]))
        lines = [Line(1, "many", 5, gross="1.00"), Line(2, "one", 1, gross="3.00")]
        event, pot = got(of, budget(3, unit="units"), *lines)

        assert (event.points, pot.drawn) == expected

    @pytest.mark.parametrize("cap", [everyone(times=5), Cap(times=5, per="day")], ids=["everyone", "account"])
    def test_what_a_multiplier_took_away_uses_nothing(self, cap: Cap) -> None:
        of = program(EarningRule("base", ONE, caps=[cap]), EarningRule("none", Multiply(0)))
        event, pot = got(of, budget(3, unit="times"), "9.00")

        assert (event.points, event.uses, pot.drawn) == (0, (), 0)


class TestCanceledEscrow:
    def test_what_came_too_late_frees_the_budget_and_a_correction_takes_it_again(self) -> None:
        """10 points were canceled; then it turns out that only 4 of them were."""
        use = ("budget:points:b", "", "points")
        told: dict[str, Any] = {"source": "a1", "at": day("03-01"), "effective": day("03-01"), "lot": "visit:v1"}
        told |= {"currency": "points", "occasion": ("visit", "v1"), "awarded_at": START}
        events = [
            EscrowCanceled(version=7, points=10, uses=((*use, 10, "0", 0),), **told),
            EscrowCanceled(version=9, points=-6, uses=((*use, -6, "0", 0),), **told),
        ]
        pot = budget().draw(40, "a", at=START).state.follow(events).state

        assert (pot.drawn, pot.drawn_in(START, day("01-02"))) == (36, 36)
        assert pot.follow(events).events == ()


class TestMembers:
    def test_each_member_has_a_limit(self) -> None:
        of = program(EarningRule("visit", Flat(30), on="visit", caps=[Cap(points=50, per="ever", who="member")]))
        account, given = opened(of).add_member("c:2", of, at=START).state, []
        for place, member in enumerate((None, "c:2", "c:2", None)):
            visit = Occasion("visit", str(place), START)
            account, events = account.earn(visit, of, at=START, member=member)
            given.append(events[-1].points)  # type: ignore[attr-defined]  # a PointsEarned

        assert given == [30, 30, 20, 20]

    def test_each_product_of_each_member_has_a_limit(self) -> None:
        cap = Cap(points=50, per="ever", who="member", by="line.product")
        of = shared(cap)
        account, given = opened(of).add_member("c2", of, at=START).state, []
        for place, member in enumerate(("c2", "c1", "c2")):
            account, events = account.earn(sale("30.00", name=str(place)), of, at=START, member=member)
            given.append(events[-1].points)  # type: ignore[attr-defined]  # a PointsEarned

        assert given == [30, 30, 20]


@pytest.mark.parametrize(
    "given",
    [
        {"balance": 1, "who": "member"},
        {"points": 1, "who": "everyone", "by": "line.product"},
        {"points": 1, "budget": "b"},
        {"points": 1, "who": "nobody"},
    ],
    ids=str,
)
def test_a_cap_that_cannot_be_counted_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        Cap(**given)


@pytest.mark.parametrize(
    ("where", "path"),
    [
        ({"rules": [EarningRule("a", ONE, caps=[Cap(points=1, who="everyone")])]}, "Program.rules[0].caps[0].budget"),
        (
            {"rules": [EarningRule("a", ONE)], "groups": {"base": Group(caps=[Cap(points=1, who="everyone")])}},
            "Program.groups[base].caps[0].budget",
        ),
        ({"caps": [Cap(points=1, who="everyone")]}, "Program.caps[0].budget"),
    ],
    ids=["rule", "group", "program"],
)
def test_a_cap_for_everyone_names_its_budget(where: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        Program("p", currency="USD", **where)

    assert refused.value.path == path


def test_a_cap_for_each_member_says_so() -> None:
    assert str(Cap(points=50, per="ever", who="member")) == "50 points per ever for each member"
