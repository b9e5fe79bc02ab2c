"""Bad input is one clear error that names its path, and nothing is half done."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from strategies_loyalty import PLAIN, START, adjusted, day, opened, program, sale, visit

from relex.calendars import Days
from relex.codec import decode, encode, loads
from relex.errors import Conflict, CurrencyMismatch, InvalidValue, NotFound, Rejected
from relex.loyalty import (
    Account,
    Calendar,
    Credit,
    EarningRule,
    Flat,
    Lifetime,
    Multiply,
    OnDates,
    PerAmount,
    Periods,
    PerUnit,
    Points,
    Program,
    Rolling,
    Tier,
    TierPolicy,
)
from relex.purchases import Return
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Callable

BASE = EarningRule("base", PerAmount(1, per="1.00"))
ONE = program(BASE)


def stored(*path: str | int, value: Any) -> dict[str, Any]:
    """The stored form of a small program with one value put in its place."""
    form = deepcopy(encode(program(BASE, EarningRule("welcome", Flat(5)), tiers=[Tier("a", at=1), Tier("b", at=2)])))
    place: Any = form
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return form


@pytest.mark.parametrize(
    ("make", "path", "says"),
    [
        (lambda: program(tiers=[Tier("gold", at=2000), Tier("silver", at=500)]), "Program.tiers[1].at", "2000"),
        (lambda: program(tiers=[Tier("a", at=5), Tier("b", at=5)]), "Program.tiers[1].at", "more than 5"),
        (lambda: program(tiers=[Tier("a", at=5), Tier("a", at=6)]), "Program.tiers", "equal ids"),
        (lambda: program(BASE, BASE), "Program.rules", "equal ids"),
        (lambda: program(points=[]), "Program.points", "at least one"),
        (
            lambda: program(BASE, EarningRule("x", Flat(1), field("purchase.totl") > 5)),
            "Program.rules[1].when.fact",
            "did you mean purchase.total",
        ),
        (lambda: program(EarningRule("x", Flat(1), gives=("miles",))), "Program.rules[0].gives", "points"),
        (
            lambda: program(EarningRule("x", Multiply(2, groups=("extra",)))),
            "Program.rules[0].award.groups",
            "base",
        ),
        (lambda: program(tier_policy=TierPolicy(measure="miles")), "Program.tier_policy.measure", "earned"),
        (lambda: Tier("gold", at=1.5), "Tier.at", "float"),
        (lambda: Tier("gold", at=1, multiplier=1.25), "Tier.multiplier", "float"),
        (lambda: PerAmount(1.5, per="1.00"), "PerAmount.points", "float"),
        (lambda: PerAmount(1, per=0.1), "PerAmount.per", "float"),
        (lambda: PerAmount(1, per=0), "PerAmount.per", "above 0"),
        (lambda: PerUnit(0), "PerUnit.points", "above 0"),
        (lambda: Flat(1.0), "Flat.points", "float"),
        (lambda: Flat(-1), "Flat.points", "above 0"),
        (lambda: Flat(True), "Flat.points", "int"),
        (lambda: Multiply(1.5), "Multiply.factor", "float"),
        (lambda: Points("points").of(16.45), "Points.of.amount", "float"),
        (lambda: TierPolicy(window=Lifetime()), "TierPolicy.keeps", "Always"),
        (lambda: TierPolicy(window=Rolling(), keeps=Periods(1)), "TierPolicy.keeps", "Always"),
        (lambda: Calendar(Days(0)), "Calendar.length", "at least 1"),
        (lambda: OnDates("02-30"), "OnDates.dates[0]", "MM-DD"),
    ],
)
def test_a_definition_that_cannot_be_meant(make: Callable[[], object], path: str, says: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        make()

    assert caught.value.path == path
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value", "where", "says"),
    [
        (("rules", 1, "award", "type"), "loyalty.PerMile", "Program.rules[1].award", "loyalty.PerMile"),
        (("rules", 1, "award", "points"), 1.5, "Program.rules[1].award.points", "a number as a str such as"),
        (("rules", 1, "award", "points"), 0, "Program.rules[1].award.points", "above 0"),
        (("rules", 1, "on"), 7, "Program.rules[1].on", "str"),
        (("tiers", 1, "at"), 1, "Program.tiers[1].at", "more than 1"),
        (("version",), 0, "Program.version", "at least 1"),
        (("currency",), "usd", "Program.currency", "three capital letters"),
    ],
)
def test_a_stored_program_that_cannot_be_meant(path: tuple[Any, ...], value: Any, where: str, says: str) -> None:
    """From a mapping and from JSON text alike."""
    form = stored(*path, value=value)
    for read in (lambda: decode(form, Program), lambda: loads(json.dumps(form), Program)):
        with pytest.raises(InvalidValue) as caught:
            read()

        assert caught.value.path.startswith(where)
        assert says in str(caught.value)


def test_a_lot_cannot_end_before_it_was_earned() -> None:
    with pytest.raises(InvalidValue) as caught:
        Credit(lot="l", currency="points", points=1, earned_at=START, available_at=START, expires_at=START)

    assert caught.value.path == "Credit.expires_at"


def test_a_stored_lot_cannot_end_before_it_was_earned() -> None:
    account = adjusted(opened(PLAIN), PLAIN, 5, START, ends=day("02-01"))
    form = deepcopy(encode(account))
    form["events"][1]["credit"]["expires_at"] = "2025-12-31T00:00:00+00:00"

    with pytest.raises(InvalidValue) as caught:
        decode(form, Account)

    assert caught.value.path == "Account.events[1].credit.expires_at"


CLOSED = opened(ONE).close(ONE, at=day("01-02")).state
RICH = adjusted(opened(ONE), ONE, 50, START)
NAIVE = datetime(2026, 1, 5)  # noqa: DTZ001 - that is the bad input


@pytest.mark.parametrize(
    ("ask", "error", "says"),
    [
        (lambda: RICH.redeem(1.5, ONE, id="r", at=START), InvalidValue, "redeem.points"),  # type: ignore[arg-type]
        (lambda: RICH.redeem(0, ONE, id="r", at=START), InvalidValue, "redeem.points"),
        (lambda: RICH.redeem(1, ONE, id="r", at=START, purchase=""), InvalidValue, "redeem.purchase"),
        (lambda: RICH.redeem(1, ONE, id="r", at=START, reward=""), InvalidValue, "redeem.reward"),
        (lambda: RICH.redeem(-3, ONE, id="r", at=START), InvalidValue, "redeem.points"),
        (lambda: RICH.redeem(True, ONE, id="r", at=START), InvalidValue, "redeem.points"),
        (lambda: RICH.redeem(5, ONE, id="r", at=START, currency="miles"), InvalidValue, "redeem.currency"),
        (lambda: RICH.redeem(5, ONE, id="r", at=NAIVE), InvalidValue, "redeem.at"),
        (lambda: RICH.adjust(0.5, ONE, id="a", reason="r", actor="a", at=START), InvalidValue, "adjust.points"),  # type: ignore[arg-type]
        (
            lambda: RICH.adjust(5, ONE, id="a", reason="r", actor="a", at=START, expires_at=START - timedelta(1)),
            InvalidValue,
            "adjust.expires_at",
        ),
        (lambda: RICH.balance(as_of=NAIVE), InvalidValue, "balance.as_of"),
        (lambda: RICH.redeem(51, ONE, id="r", at=START), Rejected, "insufficient_points"),
        (lambda: CLOSED.earn(sale("5.00", at=day("01-03")), ONE, at=day("01-03")), Rejected, "closed"),
        (lambda: RICH.earn(sale("5.00", currency="EUR"), ONE, at=START), CurrencyMismatch, "EUR"),
        (lambda: RICH.earn(visit("v", day("01-02")), ONE, at=START), Rejected, "future"),
        (lambda: RICH.restore("r9", ONE, at=START), NotFound, "r9"),
        (lambda: RICH.explain("x9"), NotFound, "x9"),
        (
            lambda: RICH.reverse(Return("b1", purchase="s9", at=day("01-02"), lines={1: 1}), ONE, at=day("01-02")),
            NotFound,
            "s9",
        ),
    ],
)
def test_a_command_that_cannot_be_done(ask: Callable[[], object], error: type[Exception], says: str) -> None:
    """It says why, and the account is what it was."""
    before = (RICH.version, RICH.balance(as_of=day("01-05")), encode(RICH))
    with pytest.raises(error, match=says):
        ask()

    assert before == (RICH.version, RICH.balance(as_of=day("01-05")), encode(RICH))


def test_the_same_sale_with_another_amount_is_a_conflict() -> None:
    account = opened(ONE).earn(sale("5.00"), ONE, at=START).state
    with pytest.raises(Conflict, match="s1"):
        account.earn(sale("6.00"), ONE, at=START)

    assert account.balance(as_of=START).available == 5
