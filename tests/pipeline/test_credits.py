"""Credits of won deals and of sales, and what reopening and returning take back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from relex.calendars import Period
from relex.errors import Conflict, InvalidValue
from relex.money import Money, RateTable
from relex.pipeline import (
    CommissionCredit,
    CommissionPlan,
    CommissionTier,
    Credited,
    Opportunity,
    OpportunityMergedInto,
    OpportunityRestored,
    Pipeline,
    Split,
    Stage,
    purchase_credits,
    statement,
    statements,
    won_credits,
)
from relex.purchases import Discount, Line, Purchase, Return
from relex.rules import field

START = datetime(2026, 1, 10, tzinfo=UTC)
SALES = Pipeline("sales", [Stage("new", 1, probability=50), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")])
FLAT = CommissionPlan("flat", [CommissionTier(slice=10)], currency="USD")
GOODS = CommissionPlan("goods", [CommissionTier(slice=10)], currency="USD", lines=field("line.kind") == "goods")
SHARES = (Split("ann", 60), Split("bob", 40))


def usd(amount: int | str) -> Money:
    return Money(amount, "USD")


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def open_deal(id: str = "d1", **more: Any) -> Opportunity:  # noqa: A002 - as everywhere
    return Opportunity.open(id, SALES, **{"at": START, "amount": usd(1_000), "owner": "ann", **more}).state


def won(deal: Opportunity, number: int = 1) -> Opportunity:
    return deal.win(SALES, at=day(number)).state


def told(found: Credited) -> list[tuple[str, str, Money, str | None]]:
    return [(each.id, each.payee, each.amount, each.reverses) for each in found.credits]


class TestCredit:
    @pytest.mark.parametrize(
        ("field_", "value"),
        [
            ("payee", ""),
            ("amount", 5),
            ("at", datetime(2026, 1, 1)),  # noqa: DTZ001 - that is refused
            ("reverses", ""),
            ("about", 5),
            ("about", "region"),
            ("about", [("region",)]),
            ("about", {"": "north"}),
            ("about", {"payee": "bob"}),
            ("about", {"size": 0.5}),
            ("about", [("region", "north"), ("region", "south")]),
        ],
    )
    def test_a_wrong_one_is_refused(self, field_: str, value: Any) -> None:
        given = {"payee": "ann", "amount": usd(1), "at": START, field_: value}

        with pytest.raises(InvalidValue, match=f"CommissionCredit.{field_}"):
            CommissionCredit("c", **given)

    def test_its_facts_are_its_fields_and_what_it_is_about(self) -> None:
        given = CommissionCredit("c", payee="ann", amount=usd(1), at=START, about=[("b", None), ("a", ("x", "y"))])

        assert given.about == (("a", ("x", "y")), ("b", None))
        assert given.facts() == {
            "a": ("x", "y"),
            "b": None,
            "amount": 1,
            "at": START,
            "currency": "USD",
            "id": "c",
            "payee": "ann",
            "reverses": None,
        }


class TestWonDeals:
    def test_the_owner_gets_all_of_it(self) -> None:
        assert told(won_credits([won(open_deal())], FLAT)) == [("d1/2/ann", "ann", usd(1_000), None)]

    def test_shares_add_up_and_overlays_come_on_top(self) -> None:
        thirds = (Split("ann", 33), Split("bob", 33), Split("cat", 34), Split("ann", 10, kind="overlay"))
        deal = open_deal(amount=usd("100.01")).set_splits(thirds, at=START).state

        assert told(won_credits([won(deal)], FLAT)) == [
            ("d1/3/ann", "ann", usd("33.00"), None),
            ("d1/3/ann/overlay", "ann", usd("10.00"), None),
            ("d1/3/bob", "bob", usd("33.00"), None),
            ("d1/3/cat", "cat", usd("34.01"), None),
        ]

    def test_overlays_alone_leave_the_owner_all_of_it(self) -> None:
        deal = open_deal().set_splits([Split("se", 10, kind="overlay")], at=START).state

        assert told(won_credits([won(deal)], FLAT)) == [
            ("d1/3/ann", "ann", usd(1_000), None),
            ("d1/3/se/overlay", "se", usd(100), None),
        ]

    def test_overlays_alone_without_an_owner_are_told(self) -> None:
        deal = open_deal(owner=None).set_splits([Split("se", 10, kind="overlay")], at=START).state

        assert won_credits([won(deal)], FLAT) == Credited(credits=(), left_out=(("d1", "no_owner"),))

    def test_a_currency_without_a_minor_unit_needs_a_rate(self) -> None:
        deals = [won(open_deal()), won(open_deal("d2", amount=Money("0.123456789", "BTC")))]
        table = RateTable(date(2026, 1, 1), [("BTC", "USD", 100_000)])

        assert won_credits(deals, FLAT).left_out == (("d2", "no_rate"),)
        assert [credit.amount for credit in won_credits(deals, FLAT, rates=table).credits] == [
            usd(1_000),
            usd("12345.68"),
        ]

    def test_open_and_lost_deals_credit_nobody(self) -> None:
        lost = open_deal("d2").lose(SALES, at=day(1), reason="price").state

        assert won_credits([open_deal(), lost], FLAT) == Credited(credits=())

    def test_a_deal_opened_as_won_counts(self) -> None:
        assert told(won_credits([open_deal(stage="won")], FLAT)) == [("d1/2/ann", "ann", usd(1_000), None)]

    def test_what_was_known_when_it_was_won_can_be_asked(self) -> None:
        found = won_credits([won(open_deal(territory="north", tags=["new"]))], FLAT).credits[0].facts()

        assert (found["territory"], found["tags"], found["kind"], found["opportunity"], found["split"]) == (
            "north",
            ("new",),
            "opportunity",
            "d1",
            "revenue",
        )

    def test_reopening_takes_it_back_and_winning_again_gives_again(self) -> None:
        deal = open_deal().set_splits(SHARES, at=START).state
        deal = won(deal).reopen(SALES, at=day(40)).state
        deal = deal.change_amount(usd(500), at=day(41)).state

        assert told(won_credits([won(deal, 42)], FLAT)) == [
            ("d1/3/ann", "ann", usd(600), None),
            ("d1/3/bob", "bob", usd(400), None),
            ("d1/4/ann", "ann", usd(-600), "d1/3/ann"),
            ("d1/4/bob", "bob", usd(-400), "d1/3/bob"),
            ("d1/6/ann", "ann", usd(300), None),
            ("d1/6/bob", "bob", usd(200), None),
        ]

    def test_the_statement_takes_back_what_the_deal_had_earned(self) -> None:
        deal = won(open_deal()).reopen(SALES, at=day(40)).state
        found = statements(
            FLAT,
            won_credits([deal], FLAT).credits,
            payee="ann",
            periods=Period(date(2026, 1, 1), date(2026, 3, 1)),
        )

        assert [each.earned for each in found] == [usd(100), usd(-100)]

    def test_reopening_a_lost_deal_takes_nothing_back(self) -> None:
        deal = open_deal().lose(SALES, at=day(1), reason="price").state

        assert won_credits([deal.reopen(SALES, at=day(2)).state], FLAT).credits == ()

    def test_a_merge_takes_it_back_until_it_is_undone(self) -> None:
        deal = won(open_deal())
        said = {"source": "d1", "by": "cat", "reason": "twice"}
        into = OpportunityMergedInto(version=3, at=day(5), survivor="d2", **said)
        alone = OpportunityRestored(version=4, at=day(6), merge=3, **said)

        assert told(won_credits([Opportunity([*deal.history, into, alone])], FLAT)) == [
            ("d1/2/ann", "ann", usd(1_000), None),
            ("d1/3/ann", "ann", usd(-1_000), "d1/2/ann"),
            ("d1/4/ann", "ann", usd(1_000), "d1/3/ann"),
        ]

    def test_as_of_an_instant_nothing_later_is_seen(self) -> None:
        deal = won(open_deal()).reopen(SALES, at=day(40)).state

        assert [len(won_credits([deal], FLAT, as_of=day(number)).credits) for number in (0, 1, 39, 40)] == [0, 1, 1, 2]

    def test_other_currencies_are_converted_by_a_dated_table(self) -> None:
        table = RateTable(date(2026, 1, 1), [("EUR", "USD", "1.105")])
        deals = [won(open_deal(f"d-{code}", amount=Money("10.10", code))) for code in ("EUR", "USD", "CHF")]
        found = won_credits(deals, FLAT, rates=table)

        assert [each.amount for each in found.credits] == [usd("11.16"), usd("10.10")]
        assert found.left_out == (("d-CHF", "no_rate"),)
        assert [each.amount.currency for each in won_credits(deals, FLAT).credits] == ["CHF", "EUR", "USD"]

    @pytest.mark.parametrize(
        ("more", "reason"),
        [({"amount": None}, "no_amount"), ({"owner": None}, "no_owner")],
        ids=["amount", "owner"],
    )
    def test_what_credits_nobody_is_told(self, more: dict[str, Any], reason: str) -> None:
        assert won_credits([won(open_deal(**more))], FLAT) == Credited(credits=(), left_out=(("d1", reason),))

    def test_only_the_lines_that_count(self) -> None:
        lines = [Line(1, "mug", 1, gross="600"), Line(2, "setup", 1, gross="400", kind="fee")]
        deal = open_deal(amount=None).set_lines(lines, at=START, currency="USD").state

        assert told(won_credits([won(deal)], GOODS)) == [("d1/4/ann", "ann", usd(600), None)]

    def test_an_amount_set_by_hand_falls_on_the_lines_in_proportion(self) -> None:
        lines = [Line(1, "mug", 1, gross="600"), Line(2, "setup", 1, gross="400", kind="fee")]
        deal = open_deal(amount=usd(900)).set_lines(lines, at=START).state

        assert [each.amount for each in won_credits([won(deal)], GOODS).credits] == [usd(540)]

    def test_without_lines_all_of_it_counts(self) -> None:
        assert [each.amount for each in won_credits([won(open_deal())], GOODS).credits] == [usd(1_000)]

    def test_no_line_that_counts_is_told(self) -> None:
        deal = open_deal().set_lines([Line(1, "setup", 1, gross="400", kind="fee")], at=START).state

        assert won_credits([won(deal)], GOODS).left_out == (("d1", "no_eligible_line"),)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("opportunities", 5),
            ("opportunities", ["d1"]),
            ("opportunities", [open_deal(), open_deal()]),
            ("plan", "flat"),
            ("as_of", datetime(2026, 1, 1)),  # noqa: DTZ001 - that is refused
            ("rates", 1),
        ],
        ids=["number", "text", "twice", "plan", "naive", "rates"],
    )
    def test_a_wrong_argument_is_refused(self, name: str, value: Any) -> None:
        given: dict[str, Any] = {"opportunities": [], "plan": FLAT, name: value}

        with pytest.raises(InvalidValue, match=f"won_credits.{name}"):
            won_credits(**given)


def sale(**more: Any) -> Purchase:
    lines = [Line(1, "mug", 3, gross="10.00"), Line(2, "setup", 1, gross="5.00", kind="fee")]
    return Purchase("p1", **{"at": START, "currency": "USD", "lines": lines, "customer": "c1", **more})


class TestSales:
    def test_they_credit_their_net(self) -> None:
        found = purchase_credits([sale(discounts=[Discount(percent=10)])], FLAT, payees={"p1": "ann"})

        assert told(found) == [("p1/ann", "ann", usd("13.50"), None)]
        assert (found.credits[0].facts()["customer"], found.credits[0].facts()["kind"]) == ("c1", "purchase")

    def test_only_the_lines_that_count(self) -> None:
        assert told(purchase_credits([sale()], GOODS, payees={"p1": SHARES})) == [
            ("p1/ann", "ann", usd(6), None),
            ("p1/bob", "bob", usd(4), None),
        ]

    def test_in_any_steps_of_returning_nothing_is_left(self) -> None:
        thirds = [Split("ann", 33), Split("bob", 33), Split("cat", 34)]
        back, earlier = [], []
        for number in range(3):
            earlier.append(sale().take_back({1: 1}, id=f"r{number}", at=day(number), earlier=earlier))
        back = [*earlier, sale().take_back({2: 1}, id="r9", at=day(9), earlier=earlier)]
        found = purchase_credits([sale()], FLAT, payees={"p1": thirds}, returns=back)

        assert {
            payee: Money.sum([each.amount for each in found.credits if each.payee == payee])
            for payee in ("ann", "bob", "cat")
        } == {"ann": usd(0), "bob": usd(0), "cat": usd(0)}

    def test_nobody_gives_back_more_than_is_held(self) -> None:
        shares = [Split("a", 43), Split("b", 43), Split("c", 14), Split("d", 50, kind="overlay")]
        mug = Purchase("p1", at=START, currency="JPY", lines=[Line(1, "mug", 11, gross=11)])
        back = [Return(f"r{size}", purchase="p1", at=day(10 - size), lines={1: size}) for size in (9, 1)]
        last = Return("r-last", purchase="p1", at=day(20), lines={1: 1})
        found = purchase_credits([mug], FLAT, payees={"p1": shares}, returns=[*back, last]).credits
        taken = [credit.amount.minor for credit in found if credit.reverses is not None]
        left = {who: sum(each.amount.minor for each in found if each.payee == who) for who in "abcd"}

        assert all(amount <= 0 for amount in taken)
        assert left == dict.fromkeys("abcd", 0)

    def test_shares_are_taken_back_from_what_each_still_holds(self) -> None:
        shares = [Split("a", 43), Split("b", 43), Split("c", 14)]
        mug = Purchase("p1", at=START, currency="JPY", lines=[Line(1, "mug", 11, gross=11)])
        back = [Return(f"r{size}", purchase="p1", at=day(20 - size), lines={1: size}) for size in (10, 1)]
        found = purchase_credits([mug], FLAT, payees={"p1": shares}, returns=back).credits

        assert [(credit.id, credit.amount.minor) for credit in found] == [
            ("p1/a", 5),
            ("p1/b", 5),
            ("p1/c", 1),
            ("r10/a", -5),
            ("r10/b", -4),
            ("r10/c", -1),
            ("r1/a", 0),
            ("r1/b", -1),
            ("r1/c", 0),
        ]

    def test_the_line_that_came_back_is_the_one_that_is_taken_back(self) -> None:
        fee = sale().take_back({2: 1}, id="r1", at=day(1))
        one = sale().take_back({1: 1}, id="r2", at=day(2))
        plain = [without_value(fee), without_value(one)]

        assert told(purchase_credits([sale()], GOODS, payees={"p1": "ann"}, returns=plain)) == [
            ("p1/ann", "ann", usd(10), None),
            ("r2/ann", "ann", usd("-3.33"), "p1/ann"),
        ]

    @pytest.mark.parametrize(
        ("lines", "taken"),
        [(((1, 3), (2, 1)), "-8.00"), (((1, 3),), "-12.00"), ((), "-8.00")],
        ids=["both", "one", "none"],
    )
    def test_a_stated_value_falls_on_what_came_back(self, lines: Any, taken: str) -> None:
        back = Return("r1", purchase="p1", at=day(1), lines=lines, value=usd(12))
        found = purchase_credits([sale()], GOODS, payees={"p1": "ann"}, returns=[back])

        assert found.credits[1].amount == max(usd(taken), usd(-10))

    def test_a_line_sold_without_quantity_comes_back_whole(self) -> None:
        free = sale(lines=[Line(1, "voucher", 0, gross="8.00"), Line(2, "fee", 1, gross="8.00", kind="fee")])
        back = Return("r1", purchase="p1", at=day(1), lines={1: 0, 2: 1}, value=usd(10))
        found = purchase_credits([free], GOODS, payees={"p1": "ann"}, returns=[back])

        assert found.credits[1].amount == usd(-5)

    def test_no_more_is_taken_back_than_was_credited(self) -> None:
        back = Return("r1", purchase="p1", at=day(1), value=usd(100))
        found = purchase_credits([sale()], FLAT, payees={"p1": "ann"}, returns=[back])

        assert Money.sum([each.amount for each in found.credits]) == usd(0)

    def test_a_stated_value_of_unknown_lines_takes_nothing_back(self) -> None:
        back = Return("r1", purchase="p1", at=day(1), lines={9: 1}, value=usd(5))
        found = purchase_credits([sale()], GOODS, payees={"p1": "ann"}, returns=[back])

        assert [each.amount for each in found.credits] == [usd(10), usd(0)]

    def test_what_is_left_out_is_told(self) -> None:
        other = Return("r2", purchase="p1", at=day(1), value=Money(5, "EUR"))
        lost = [Return("r3", purchase="p9", at=day(1), lines={1: 1}), Return("r4", at=day(1), value=usd(5))]
        fees = sale(lines=[Line(1, "setup", 1, gross="5.00", kind="fee")])
        found = purchase_credits(
            [sale(), with_id(fees, "p2"), with_id(sale(), "p3")],
            GOODS,
            payees={"p1": "ann", "p2": "ann"},
            returns=[other, *lost],
        )

        assert found.left_out == (
            ("p2", "no_eligible_line"),
            ("p3", "no_owner"),
            ("r2", "other-currency"),
            ("r3", "unknown-purchase"),
            ("r4", "unknown-purchase"),
        )

    def test_taking_back_lowers_the_commission_of_its_own_sale(self) -> None:
        steps = CommissionPlan("steps", [CommissionTier(slice=10, up_to=10), CommissionTier(slice=20)], currency="USD")
        back = sale().take_back({2: 1}, id="r1", at=day(30))
        found = purchase_credits([sale()], steps, payees={"p1": "ann"}, returns=[back]).credits
        february = Period(date(2026, 2, 1), date(2026, 3, 1))

        assert statement(steps, found, payee="ann", period=february).earned == usd(-1)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("purchases", 5),
            ("purchases", [Return("r1", at=START, value=usd(1))]),
            ("returns", [sale()]),
            ("returns", 5),
            ("plan", None),
            ("payees", ["p1"]),
            ("payees", {"p1": [Split("ann", 50)]}),
            ("payees", {"p1": [5]}),
        ],
        ids=["number", "return", "purchase", "no-returns", "plan", "list", "half", "no-split"],
    )
    def test_a_wrong_argument_is_refused(self, name: str, value: Any) -> None:
        given: dict[str, Any] = {"purchases": [sale()], "plan": FLAT, "payees": {}, "returns": [], name: value}

        with pytest.raises(InvalidValue, match=f"purchase_credits.{name}"):
            purchase_credits(given.pop("purchases"), given.pop("plan"), **given)

    def test_one_id_has_one_content(self) -> None:
        with pytest.raises(Conflict):
            purchase_credits([sale(), sale(customer="c2")], FLAT, payees={})


def without_value(entry: Return) -> Return:
    return Return(entry.id, purchase=entry.purchase, at=entry.at, lines=entry.lines)


def with_id(entry: Purchase, id: str) -> Purchase:  # noqa: A002 - as everywhere
    return Purchase(id, at=entry.at, currency=entry.currency, lines=entry.lines)
