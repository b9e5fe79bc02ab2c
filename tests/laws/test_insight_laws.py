"""Laws of insights: order and repetition change nothing, nothing is lost or seen too early, scores are fair."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings, strategies as st
from strategies_insights import UTC, amounts, bought, logs, plain_rows, returns_of

from relex.calendars import Period
from relex.insights import (
    PurchaseHistory,
    QuantileScores,
    RankScores,
    Segment,
    Segmentation,
    SoldLine,
    abc,
    changes,
    ctb,
    deciles,
    memberships,
    purchase_history,
    rfm,
)
from relex.purchases import settle
from relex.rules import field

if TYPE_CHECKING:
    from relex.insights._scores import Scores
    from relex.purchases import Purchase

AS_OF = date(2024, 3, 1)
LATE = date(2025, 1, 1)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
METHODS = st.sampled_from(
    [RankScores(5), RankScores(5, nested=True), QuantileScores(5), QuantileScores(5, nested=True)]
)
CHOICES = st.fixed_dictionaries(
    {
        "amount": st.sampled_from(["kept", "by_period", "net"]),
        "zero": st.sampled_from(["count", "skip"]),
        "grain": st.sampled_from(["day", "week", "month", "order"]),
    }
)
TOTALS = st.lists(st.integers(-5, 40), max_size=30).map(
    lambda values: [(f"c{number:02}", Decimal(value)) for number, value in enumerate(values)]
)
LINES = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.sampled_from(["p1", "p2", "p3"]),
        st.integers(1, 500),
        st.none() | st.sampled_from(["Nord", "Casa", "Rosso"]),
    ),
    max_size=15,
)

STEPS = st.lists(st.dictionaries(st.sampled_from("abc"), st.none() | st.integers(0, 9)), min_size=1, max_size=8).map(
    lambda steps: [{customer: {"n": value} for customer, value in step.items()} for step in steps]
)


def sold(rows: list[tuple[Any, ...]], factor: int = 1) -> list[SoldLine]:
    return [SoldLine(who, f"{who}{purchase}", amount * factor, brand=brand) for who, purchase, amount, brand in rows]


@given(data=st.data(), sales=logs(), choices=CHOICES)
@settings(max_examples=60)
def test_1_order_and_repetition_of_entries_change_nothing(data: st.DataObject, sales: list[Any], choices: Any) -> None:
    returns = data.draw(returns_of(sales))
    again = data.draw(st.permutations([*sales, *sales]))
    once = purchase_history(sales, returns=returns, as_of=AS_OF, zone=UTC, **choices)
    twice = purchase_history(again, returns=[*reversed(returns), *returns], as_of=AS_OF, zone=UTC, **choices)

    assert once.customers == twice.customers
    assert rfm(once).rows == rfm(twice).rows
    assert deciles(once) == deciles(twice)
    assert twice.ignored.repeated == len(sales) + len(returns)


@given(rows=plain_rows, data=st.data(), grain=st.sampled_from(["day", "week", "month", "order"]))
def test_1_the_order_of_plain_rows_changes_nothing(rows: list[Any], data: st.DataObject, grain: str) -> None:
    shuffled = data.draw(st.permutations(rows))
    history = PurchaseHistory.from_rows(rows, as_of=AS_OF, grain=grain)

    assert history == PurchaseHistory.from_rows(shuffled, as_of=AS_OF, grain=grain)
    assert hash(history) == hash(PurchaseHistory.from_rows(shuffled, as_of=AS_OF, grain=grain))


@given(data=st.data(), sales=logs(), choices=CHOICES, known=st.booleans(), bounded=st.booleans())
@settings(max_examples=80)
def test_2_every_amount_is_accounted_for(
    data: st.DataObject, sales: list[Purchase], choices: Any, known: bool, bounded: bool
) -> None:
    returns = data.draw(returns_of(sales))
    known_at = datetime(2024, 2, 1, tzinfo=UTC) if known else None
    within = Period(date(2023, 8, 1), date(2024, 1, 1)) if bounded else None
    history = purchase_history(
        sales, returns=returns, as_of=AS_OF, zone=UTC, known_at=known_at, within=within, **choices
    )
    back = [settled.value.amount for settled in settle(sales, returns) if settled.value is not None]
    given_in = sum(sale.net.amount for sale in sales) - (0 if choices["amount"] == "net" else sum(back))

    assert history.accounted == given_in


@given(rows=plain_rows)
def test_2_every_amount_of_plain_rows_is_accounted_for(rows: list[Any]) -> None:
    history = PurchaseHistory.from_rows([*rows, (None, AS_OF, 7), ("ann", AS_OF, Decimal(-3))], as_of=AS_OF)

    assert history.accounted == sum(amount for _, _, amount in rows) + 4


@given(data=st.data(), sales=logs(), later=st.lists(amounts, max_size=3), choices=CHOICES)
@settings(max_examples=60)
def test_3_later_entries_change_nothing(data: st.DataObject, sales: list[Any], later: list[Any], choices: Any) -> None:
    returns = data.draw(returns_of(sales))
    future = [bought(f"later{number}", "ann", LATE, amount) for number, amount in enumerate(later)]
    seen = [entry for entry in returns if entry.at.date() <= AS_OF]
    now = purchase_history(
        [sale for sale in sales if sale.at.date() <= AS_OF], returns=seen, as_of=AS_OF, zone=UTC, **choices
    )
    then = purchase_history([*sales, *future], returns=returns, as_of=AS_OF, zone=UTC, **choices)

    assert now.customers == then.customers
    assert now.ignored.anonymous == then.ignored.anonymous


@given(data=st.data(), sales=logs(), choices=CHOICES)
@settings(max_examples=60)
def test_plain_rows_and_purchases_give_the_same_history(data: st.DataObject, sales: list[Any], choices: Any) -> None:
    """The fast path and the whole one agree where both apply."""
    choices = {name: value for name, value in choices.items() if name != "amount"}
    rows = [(sale.customer, sale.at, sale.net.amount) for sale in sales]
    whole = purchase_history(sales, as_of=AS_OF, zone=UTC, **choices)
    plain = PurchaseHistory.from_rows(rows, as_of=AS_OF, zone=UTC, **choices)

    assert [(one.customer, one.last_day, one.starts, sorted(one.amounts)) for one in whole] == [
        (one.customer, one.last_day, one.starts, sorted(one.amounts)) for one in plain
    ]
    assert whole.ignored == plain.ignored


@given(rows=plain_rows, scores=METHODS)
def test_4_scores_are_monotone_and_equal_for_equal_values(rows: list[Any], scores: Scores) -> None:
    """Nested scores are so inside each group."""
    table = rfm(PurchaseHistory.from_rows(rows, as_of=LATE), scores=scores)
    groups: dict[Any, list[tuple[Any, int]]] = {}
    for row in table:
        nested = scores.nested
        assert row.recency is not None
        groups.setdefault("r", []).append((-row.recency, row.r or 0))
        groups.setdefault(("f", row.r if nested else 0), []).append((row.frequency, row.f or 0))
        groups.setdefault(("m", (row.r, row.f) if nested else 0), []).append((row.total, row.m or 0))

    for pairs in groups.values():
        assert all(1 <= score <= 5 for _, score in pairs)
        for (one, low), (other, high) in pairwise(sorted(pairs)):
            assert low <= high
            assert one < other or low == high


@given(st.integers(2, 9))
def test_4_as_many_distinct_values_as_scores_give_each_score_once(k: int) -> None:
    values = list(range(k))

    assert sorted(RankScores(k).mapping("frequency", values).values()) == list(range(1, k + 1))


@given(rows=plain_rows)
def test_5_every_customer_is_in_exactly_one_cell_segment_and_group(rows: list[Any]) -> None:
    history = PurchaseHistory.from_rows(rows, as_of=LATE)
    table = rfm(history)
    groups = deciles(history)

    assert sum(found.customers for found in table.segments) == len(history)
    assert [sum(bins.sizes) for bins in table.bins] == [len(history)] * 3
    assert sorted(member for row in groups for member in row.members) == [entry.customer for entry in history]


@given(totals=TOTALS, groups=st.integers(1, 12), negatives=st.sampled_from(["apart", "in", "exclude"]))
def test_6_groups_are_equal_and_add_up(totals: list[Any], groups: int, negatives: str) -> None:
    table = deciles(totals, groups=groups, negatives=negatives)
    sizes = [row.customers for row in table]
    out = sum(amount for _, amount in totals if amount < 0 and negatives != "in")

    assert max(sizes) - min(sizes) <= 1
    assert table.total + out == sum(amount for _, amount in totals)
    assert sum(sizes) + (0 if negatives == "in" else sum(amount < 0 for _, amount in totals)) == len(totals)


@given(totals=TOTALS, ties=st.sampled_from(["break", "together"]), by=st.sampled_from(["customers", "revenue", "abc"]))
def test_6_cumulative_shares_never_fall_and_end_at_one(totals: list[Any], ties: str, by: str) -> None:
    table = abc(totals, ties=ties) if by == "abc" else deciles(totals, by=by, ties=ties)
    cumulative = [row.cumulative for row in table]

    if table.total:
        assert cumulative == sorted(cumulative)
        assert cumulative[-1] == 1
    else:
        assert set(cumulative) == {None}


@given(
    rows=LINES,
    measure=st.sampled_from(["amount", "orders", "units"]),
    how=st.sampled_from(["pooled", "mean_of_customers"]),
)
def test_7_shares_add_up_and_lifts_balance(rows: list[Any], measure: str, how: str) -> None:
    table = ctb(sold(rows), dimension="brand", measure=measure, base_share=how)
    base = dict(table.base)

    assert not base or sum(base.values()) == 1
    for row in table:
        if row.known:
            assert sum(own.share for own in row.values) == 1
            assert sum(base[own.value] * (own.lift or Fraction(0)) for own in row.values) == 1
            assert row.evenness is None or 0 <= row.evenness <= 1


@given(rows=LINES, factor=st.integers(2, 50))
def test_7_scaling_all_amounts_changes_nothing(rows: list[Any], factor: int) -> None:
    plain, scaled = (ctb(sold(rows, times), dimension="brand") for times in (1, factor))

    assert plain.base == scaled.base
    assert [(row.preference, row.evenness, row.coverage) for row in plain] == [
        (row.preference, row.evenness, row.coverage) for row in scaled
    ]


@given(
    st.integers(0, 900_000_000).map(lambda seconds: EPOCH + timedelta(seconds=seconds)),
    st.integers(0, 23),
    st.integers(-12, 12),
)
def test_a_business_day_starts_when_it_says(at: datetime, hour: int, offset: int) -> None:
    zone = timezone(timedelta(hours=offset))
    history = PurchaseHistory.from_rows([("c", at, 1)], as_of=date(2031, 1, 1), zone=zone, day_starts=time(hour))
    wall = at + timedelta(hours=offset - hour)

    assert history["c"].last_day == wall.date()


@given(facts=st.dictionaries(st.text(min_size=1, max_size=2), st.none() | st.integers(0, 9)), n=st.integers(0, 9))
def test_5_everyone_is_in_exactly_one_segment_of_a_segmentation(facts: dict[str, int | None], n: int) -> None:
    segments = Segmentation([Segment("least", field("n") <= n), Segment("most", field("n") >= n)], "rest")
    found = segments.partition({customer: {"n": value} for customer, value in facts.items()})

    assert sorted(member for _, members in found.groups for member in members) == sorted(facts)
    assert {customer for customer, value in facts.items() if value is None} == set(found.members("rest"))


@given(steps=STEPS, stays=st.booleans(), data=st.data())
def test_13_memberships_are_what_the_segment_says_and_replay_gives_them(
    steps: list[dict[str, Any]], stays: bool, data: st.DataObject
) -> None:
    segment = Segment("s", field("n") >= 5, stay=field("n") >= 3 if stays else None)
    events: list[Any] = []
    members: tuple[Any, ...] = ()
    seen: list[tuple[datetime, set[str]]] = []
    for day, facts in enumerate(steps):
        at = EPOCH + timedelta(days=day)
        inside = {member.customer for member in members if member.inside}
        expected = set(segment.members(facts, at, before=inside).inside) | (inside - facts.keys())
        found = changes(segment, members, facts, at)
        members = memberships(found, members)
        events += found
        seen.append((at, expected))

        assert {member.customer for member in members if member.inside} == expected
        assert changes(segment, members, facts, at) == ()

    assert memberships(data.draw(st.permutations([*events, *events]))) == members
    for at, expected in seen:
        assert {member.customer for member in members if member.inside_at(at)} == expected
