"""What each leaf answers, at its edges and for facts of the wrong kind."""

from __future__ import annotations

import datetime as dt
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from relex import codec
from relex.errors import InvalidValue
from relex.rules import (
    Between,
    Beyond,
    Compare,
    Contains,
    EqualsIgnoringCase,
    IsIn,
    IsMissing,
    Rule,
    StartsWith,
    Within,
    evaluate,
    field,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.rules import AsOf, Facts

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
NAIVE = datetime(2026, 11, 23)  # noqa: DTZ001 - a naive one on purpose


class Tier(StrEnum):
    GOLD = "gold"


class Level(IntEnum):
    TWO = 2


class Cents(Decimal):
    """A subclass, as some libraries have."""


class Stamp(datetime):
    """A subclass, as some libraries have."""


def answer(rule: Rule, found: object, as_of: date | None = NOW) -> bool | None:
    return evaluate(rule, {"a": found}, as_of).answer


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ("==", [False, True, False]),
        ("!=", [True, False, True]),
        ("<", [True, False, False]),
        ("<=", [True, True, False]),
        (">", [False, False, True]),
        (">=", [False, True, True]),
    ],
)
@pytest.mark.parametrize(
    ("constant", "below", "above"),
    [
        (50, 49, Decimal("50.01")),
        (Decimal("50.00"), Decimal("49.99"), 51),
        ("m", "l", "n"),
        (date(2026, 11, 23), date(2026, 11, 22), date(2026, 11, 24)),
        (NOW, NOW - timedelta(microseconds=1), NOW + timedelta(microseconds=1)),
    ],
)
def test_a_comparison_is_exact_at_its_edge(op: str, expected: Any, constant: Any, below: Any, above: Any) -> None:
    rule = Compare("a", op, constant)

    assert expected == [answer(rule, found) for found in (below, constant, above)]


@pytest.mark.parametrize(
    ("constant", "found"),
    [
        (1, True),
        (True, 1),
        (1, "1"),
        ("1", 1),
        (date(2026, 11, 23), NOW),
        (NOW, date(2026, 11, 23)),
        ("x", ("x",)),
        (("x",), "x"),
    ],
)
def test_values_of_two_kinds_are_never_equal(constant: Any, found: Any) -> None:
    assert answer(field("a") == constant, found) is False
    assert answer(field("a") != constant, found) is True
    assert answer(field("a").is_in("other", 7), found) is False


@pytest.mark.parametrize("op", ["<", "<=", ">", ">="])
def test_values_of_two_kinds_have_no_order(op: str) -> None:
    verdict = evaluate(Compare("a", op, 5), {"a": "six"})

    assert (verdict.answer, verdict.reason) == (None, "type:a")


@pytest.mark.parametrize(
    "found",
    [1.0, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Fraction(1), NAIVE, ["x"], ("x", 1), {}, object(), b""],
)
@pytest.mark.parametrize(
    "rule",
    [
        field("a") == 1,
        field("a") != "x",
        field("a").is_in(1, "x"),
        field("a").between(0, 2),
        field("a").contains("x"),
        field("a").starts_with("x"),
        field("a").equals_ignoring_case("x"),
        field("a").within(days=1),
        field("a").before(),
    ],
)
def test_a_value_that_is_no_fact_is_unknown(rule: Rule, found: Any) -> None:
    verdict = evaluate(rule, {"a": found}, NOW)

    assert (verdict.answer, verdict.reason) == (None, "type:a")


def test_an_instant_beyond_the_calendar_of_utc_is_no_fact() -> None:
    assert answer(field("a") > NOW, datetime.min.replace(tzinfo=TOKYO)) is None


@pytest.mark.parametrize("facts", [{}, {"a": None}])
@pytest.mark.parametrize("rule", [field("a") == 1, field("a").contains("x"), field("a").within(days=1)])
def test_a_missing_fact_is_unknown(rule: Rule, facts: Facts) -> None:
    verdict = evaluate(rule, facts, NOW)

    assert (verdict.answer, verdict.reason) == (None, "missing:a")


def test_instants_are_points_in_time_whatever_the_zone() -> None:
    assert answer(field("a") == NOW, NOW.astimezone(TOKYO)) is True


def test_the_two_hours_of_one_clock_time_are_told_apart() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    second = first.replace(fold=1)

    assert answer(field("a") == first, second) is False
    assert answer(field("a") > first, second) is True


@pytest.mark.parametrize(
    ("constant", "found"),
    [
        ("gold", Tier.GOLD),
        (Tier.GOLD, "gold"),
        (2, Level.TWO),
        (Decimal("1.5"), Cents("1.50")),
        (NOW, Stamp(2026, 11, 23, 12, tzinfo=UTC)),
    ],
)
def test_an_instance_of_a_subclass_counts_as_its_base(constant: Any, found: Any) -> None:
    assert answer(field("a") == constant, found) is True


def test_is_in_compares_as_equals_does() -> None:
    rule = field("a").is_in("x", 1, True)

    assert [answer(rule, found) for found in ("x", Decimal("1.0"), True, False)] == [True, True, True, False]


@pytest.mark.parametrize("given", [(["b", "c"],), (("b", "c"),), ({"c", "b"},), (frozenset({"b", "c"}),), ("b", "c")])
def test_choices_come_one_by_one_or_together(given: tuple[Any, ...]) -> None:
    assert IsIn("a", ("b", "c")) == field("a").is_in(*given)


def test_the_order_of_choices_means_nothing() -> None:
    assert field("a").is_in(1, 2) == field("a").is_in(2, 1)


@pytest.mark.parametrize(
    ("found", "expected"), [(29, False), (30, True), (Decimal("39.0"), True), (40, False), ("35", None)]
)
def test_between_includes_both_edges(found: Any, expected: Any) -> None:
    assert expected is answer(field("a").between(30, 39), found)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (field("a").contains("x"), [True, True, False, False]),
        (field("a").contains_any("x", "y"), [True, True, True, False]),
        (field("a").contains_all("x", "y"), [True, False, False, False]),
    ],
)
def test_contains_looks_at_whole_items(rule: Rule, expected: Any) -> None:
    assert expected == [answer(rule, found) for found in (("x", "y"), ("x",), ("y", "xx"), ())]


def test_text_contains_nothing() -> None:
    assert answer(field("a").contains("x"), "xyz") is None


def test_starts_with_tells_capitals_apart() -> None:
    rule = field("a").starts_with("A-")

    assert [answer(rule, found) for found in ("A-1", "a-1", "BA-1", 1)] == [True, False, False, None]


def test_case_is_folded_on_both_sides() -> None:
    rule = field("a").equals_ignoring_case("Straße")

    assert [answer(rule, found) for found in ("STRASSE", "straße", "Strase", 1)] == [True, True, False, None]


def test_a_leaf_answers_for_a_value_by_itself() -> None:
    assert IsMissing("a").answer("", None) is False
    assert (field("a") > 1).answer(2, None) is True


def test_a_term_shows_its_name() -> None:
    assert repr(field("a")) == "field('a')"


def test_missing_is_never_unknown() -> None:
    rule = field("a").is_missing()

    assert [answer(rule, found) for found in (None, "", 1.5)] == [True, False, False]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (NOW, True),
        (NOW + timedelta(microseconds=1), False),
        (NOW - timedelta(days=30), True),
        (NOW - timedelta(days=30, microseconds=1), False),
    ],
)
def test_within_includes_both_edges_of_elapsed_time(found: Any, expected: Any) -> None:
    assert expected is answer(field("a").within(days=30), found)


def test_within_counts_elapsed_time_across_a_clock_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before_the_change = datetime(2026, 10, 24, 12, tzinfo=berlin)
    next_noon = datetime(2026, 10, 25, 12, tzinfo=berlin)

    assert answer(field("a").within(hours=24), before_the_change, next_noon) is False
    assert answer(field("a").within(hours=25), before_the_change, next_noon) is True


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (NOW, True),
        (NOW + timedelta(days=2), True),
        (NOW + timedelta(days=2, seconds=1), False),
        (NOW - timedelta(1), False),
    ],
)
def test_within_next_looks_ahead(found: Any, expected: Any) -> None:
    assert expected is answer(field("a").within_next(days=2), found)


def test_a_date_is_compared_with_the_date_that_as_of_shows_in_its_zone() -> None:
    midnight_in_tokyo = datetime(2026, 11, 24, tzinfo=TOKYO)
    rule = field("a").within(days=0)

    assert answer(rule, date(2026, 11, 24), midnight_in_tokyo) is True
    assert answer(rule, date(2026, 11, 24), midnight_in_tokyo.astimezone(UTC)) is False
    assert answer(rule, date(2026, 11, 23), date(2026, 11, 23)) is True


@pytest.mark.parametrize(("found", "as_of"), [(NOW, None), (NOW, date(2026, 11, 23)), (date(2026, 11, 23), None)])
def test_without_an_as_of_to_measure_from_a_span_is_unknown(found: Any, as_of: AsOf) -> None:
    verdict = evaluate(field("a").within(days=1), {"a": found}, as_of)

    assert (verdict.answer, verdict.reason) == (None, "as_of")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (field("a").before(days=1), [True, False, False, False]),
        (field("a").before(), [True, True, False, False]),
        (field("a").after(), [False, False, False, True]),
        (field("a").after(timedelta(days=1)), [False, False, False, False]),
        (field("a").before(NOW), [True, True, False, False]),
        (field("a").after(NOW - timedelta(days=1)), [False, False, True, True]),
    ],
)
def test_before_and_after_leave_the_edge_out(rule: Rule, expected: Any) -> None:
    day = timedelta(days=1)

    assert expected == [answer(rule, found) for found in (NOW - day * 2, NOW - day, NOW, NOW + day)]


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: field(""), "field.name"),
        (lambda: field(3), "field.name"),
        (lambda: Compare("", "==", 1), "Compare.fact"),
        (lambda: Compare("a", "=", 1), "Compare.op"),
        (lambda: Compare("a", field("b"), 1), "Compare.op"),
        (lambda: field("a") == 1.5, "Compare.constant"),
        (lambda: field("a") == None, "Compare.constant"),  # noqa: E711 - the mistake on purpose
        (lambda: field("a") == NAIVE, "Compare.constant"),
        (lambda: field("a") == Decimal("NaN"), "Compare.constant"),
        (lambda: field("a") == 10**80, "Compare.constant"),
        (lambda: field("a") == Decimal("1E+999999"), "Compare.constant"),
        (lambda: field("a") == field("b"), "Compare.constant"),
        (lambda: field("a") == (field("b") == 1), "Compare.constant"),
        (lambda: field("a") == ("x", 1), "Compare.constant"),
        (lambda: field("a") > True, "Compare.constant"),
        (lambda: field("a") > ("x",), "Compare.constant"),
        (lambda: field("a").is_in(), "IsIn.choices"),
        (lambda: field("a").is_in([]), "IsIn.choices"),
        (lambda: IsIn("a", ["x"]), "IsIn.choices"),
        (lambda: field("a").is_in("x", 1.5), "IsIn.choices[1]"),
        (lambda: field("a").is_in("x", ("y",)), "IsIn.choices[1]"),
        (lambda: field("a").between(2, 1), "Between.high"),
        (lambda: field("a").between(1, "2"), "Between.high"),
        (lambda: field("a").between(False, True), "Between.low"),
        (lambda: field("a").between(None, 1), "Between.low"),
        (lambda: field("a").contains_any(), "Contains.items"),
        (lambda: field("a").contains(1), "Contains.items"),
        (lambda: Contains("a", "xy"), "Contains.items"),
        (lambda: Contains("a", ("x",), every=1), "Contains.every"),
        (lambda: field("a").starts_with(""), "StartsWith.text"),
        (lambda: field("a").equals_ignoring_case(None), "EqualsIgnoringCase.text"),
        (lambda: field("a").within(), "within.span"),
        (lambda: field("a").within(days=-1), "within.days"),
        (lambda: field("a").within(days=1.5), "within.days"),
        (lambda: field("a").within_next(timedelta(-1)), "within_next.span"),
        (lambda: field("a").before(30), "before.span"),
        (lambda: field("a").before(date(2026, 1, 1), days=3), "before"),
        (lambda: field("a").after(NOW, minutes=1), "after"),
        (lambda: field("a").within(timedelta.max, days=1), "within.span"),
        (lambda: field("a").before(NAIVE), "Compare.constant"),
        (lambda: field("a").after(hours=True), "after.hours"),
        (lambda: Within("a", timedelta(-1)), "Within.span"),
        (lambda: Beyond("a", timedelta(1), ahead=None), "Beyond.ahead"),
    ],
)
def test_a_leaf_that_makes_no_sense_is_refused(make: Callable[[], object], path: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        make()

    assert path == caught.value.path


def test_equality_is_structural_and_tells_kinds_apart() -> None:
    assert (field("a") == 1) == (field("a") == Decimal("1.0"))
    assert hash(field("a") == 1) == hash(field("a") == Decimal("1.0"))
    assert (field("a") == 1) != (field("a") == True)  # noqa: E712 - a constant
    assert (field("a") == NOW) == (field("a") == NOW.astimezone(timezone(timedelta(hours=9))))
    assert Contains("a", ("x", "y")) == Contains("a", ("y", "x"))


@pytest.mark.parametrize(
    "rule",
    [
        Compare("a", ">=", Decimal("1.5")),
        IsIn("a", (1, "x")),
        Between("a", date(2026, 1, 1), date(2026, 2, 1)),
        Contains("a", ("x",)),
        Contains("a", ("x", "y")),
        Contains("a", ("x", "y"), every=False),
        StartsWith("a", "x'"),
        EqualsIgnoringCase("a", "x"),
        IsMissing("a"),
        Within("a", timedelta(days=3, hours=2, minutes=1)),
        Within("a", timedelta(seconds=1), ahead=True),
        Within("a", timedelta(0)),
        Beyond("a", timedelta(days=3)),
        Beyond("a", timedelta(hours=3), ahead=True),
    ],
)
def test_a_leaf_shows_the_notation_that_makes_it(rule: Rule) -> None:
    scope = {"field": field, "Decimal": Decimal, "datetime": dt}

    assert rule == eval(repr(rule), scope)  # noqa: S307 - our own repr


class Day(date):
    """A date of a class of one's own, as libraries that stop the clock in tests make them."""


class Tags(tuple[str, ...]):
    """A tuple of a class of one's own."""

    __slots__ = ()


class Label(StrEnum):
    """A tag."""

    VIP = "vip"


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (field("a") >= date(2026, 1, 1), Day(2026, 1, 1)),
        (field("a") == Day(2026, 1, 1), date(2026, 1, 1)),
        (field("a").within(days=0), Day(2026, 11, 23)),
        (field("a").contains("vip"), (Label.VIP,)),
        (field("a").contains(Label.VIP), ("vip",)),
        (field("a") == ("vip",), Tags(("vip",))),
        (field("a") == Tags(("vip",)), ("vip",)),
    ],
)
def test_instances_of_subclasses_are_read_as_what_they_stand_for(rule: Rule, found: Any) -> None:
    assert evaluate(rule, {"a": found}, NOW).answer is True
    assert rule == codec.loads(codec.dumps(rule), Rule)
