"""What holds for every forecast, whatever happened to the deals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings, strategies as st

from relex.calendars import Period
from relex.money import Money, RateTable
from relex.parties import Hierarchy, Tie
from relex.pipeline import (
    CATEGORIES,
    Forecast,
    ForecastAdjustment,
    Opportunity,
    Pipeline,
    Quota,
    Split,
    Stage,
    attainments,
    forecast,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.changes import Change

START = datetime(2026, 1, 1, tzinfo=UTC)
QUARTER = Period.of("quarter", date(2026, 1, 1))
YEAR = Period.of("year", date(2026, 1, 1))
OPEN = ("new", "best", "likely", "commit")
SALES = Pipeline(
    "sales",
    [
        Stage("new", 1, probability=10),
        Stage("best", 2, probability=Decimal("33.3"), category="best_case"),
        Stage("likely", 3, probability=60, category="most_likely"),
        Stage("commit", 4, probability=90, category="commit"),
        Stage("won", 6, kind="won"),
        Stage("lost", 7, kind="lost"),
    ],
)
OWNERS = (None, "ann", "bob", "cid", "dot")
TEAM = Hierarchy((), [Tie("ann", "top"), Tie("bob", "ann"), Tie("cid", "ann"), Tie("dot", "top")], as_of=START)
RATES = RateTable(date(2026, 1, 1), [("EUR", "USD", "1.1"), ("JPY", "USD", "0.0066")])

CENTS = st.integers(0, 10**8).map(lambda units: Decimal(units).scaleb(-2))
CLOSES = st.integers(0, 130).map(lambda number: date(2025, 12, 20) + timedelta(days=number))
DAYS = st.integers(0, 50)


def step(deal: Opportunity, kind: str, at: datetime, value: Any) -> Opportunity:
    """One command; what the state of the deal does not allow is left out."""
    if (kind == "reopen") != (deal.kind != "open"):
        return deal
    commands: dict[str, Callable[[], Change[Opportunity]]] = {
        "reopen": lambda: deal.reopen(SALES, at=at),
        "amount": lambda: deal.change_amount(Money(value, deal.currency or "USD"), at=at),
        "close": lambda: deal.change_close_date(value, at=at),
        "stage": lambda: deal.move_to(value, SALES, at=at),
        "win": lambda: deal.win(SALES, at=at),
        "lose": lambda: deal.lose(SALES, at=at, reason="price"),
        "owner": lambda: deal.reassign(value, at=at),
        "split": lambda: deal.set_splits(value, at=at),
    }
    return commands[kind]().state


STEPS = st.one_of(
    st.tuples(st.just("amount"), CENTS),
    st.tuples(st.just("close"), CLOSES),
    st.tuples(st.just("stage"), st.sampled_from(OPEN)),
    st.tuples(st.just("owner"), st.sampled_from(OWNERS[1:])),
    st.tuples(
        st.just("split"),
        st.sampled_from(
            (
                (Split("ann", 30), Split("bob", 70)),
                (Split("cid", Decimal("33.3")), Split("bob", Decimal("66.7")), Split("dot", 50, kind="overlay")),
                (),
            )
        ),
    ),
    st.tuples(st.sampled_from(("win", "lose", "reopen")), st.none()),
)


@st.composite
def deals(draw: st.DrawFn, currencies: tuple[str, ...] = ("USD",)) -> list[Opportunity]:
    """A few deals with what happened to them in four months."""
    found = []
    for number in range(draw(st.integers(0, 6))):
        at = START + timedelta(days=draw(DAYS))
        deal, _ = Opportunity.open(
            f"d{number}",
            SALES,
            at=at,
            stage=draw(st.sampled_from(OPEN)),
            amount=draw(st.none() | st.builds(Money, CENTS, st.sampled_from(currencies))),
            expected_close=draw(st.none() | CLOSES),
            owner=draw(st.sampled_from(OWNERS)),
        )
        for kind, value in draw(st.lists(STEPS, max_size=4)):
            at += timedelta(days=draw(st.integers(0, 30)))
            deal = step(deal, kind, at, value)
        found.append(deal)
    return found


INSTANTS = st.integers(0, 150).map(lambda number: START + timedelta(days=number))
OPTIONS = st.fixed_dictionaries(
    {
        "method": st.sampled_from(("cumulative", "single")),
        "probabilities": st.sampled_from(("current", "at_entry")),
        "overdue": st.sampled_from(("stay", "current")),
        "by": st.sampled_from((None, "owner", "team", "territory", "stage", "product")),
        "each": st.sampled_from((None, "month", "week")),
    }
)


def asked(found: list[Opportunity], as_of: datetime, period: Period = QUARTER, **more: Any) -> Forecast:
    return forecast(found, SALES, period, as_of, rates=RATES, team=TEAM, **more)


@given(deals(("USD", "EUR")), INSTANTS, OPTIONS)
@settings(max_examples=60)
def test_the_six_categories_partition_the_total(found: list[Opportunity], as_of: datetime, options: Any) -> None:
    view = asked(found, as_of, **options)

    assert view.whole.exact() == sum(view.whole.exact(category) or 0 for category in CATEGORIES)
    assert view.count().value == sum(view.count(category).value for category in CATEGORIES)  # type: ignore[misc]


@given(deals(("USD", "EUR")), INSTANTS, OPTIONS)
@settings(max_examples=60)
def test_weighted_is_at_most_unweighted(found: list[Opportunity], as_of: datetime, options: Any) -> None:
    view = asked(found, as_of, **options)

    assert all(
        view.whole.exact(column, weighted=True) <= view.whole.exact(column)  # type: ignore[operator]
        for column in ("total", *view.columns)
    )


@given(deals(), INSTANTS)
@settings(max_examples=60)
def test_the_cumulative_columns_rise_and_the_open_pipeline_leaves_out_what_is_closed(
    found: list[Opportunity], as_of: datetime
) -> None:
    exact = asked(found, as_of).whole.exact
    best, likely, commit, closed = map(
        exact, ("best_case_forecast", "most_likely_forecast", "commit_forecast", "closed")
    )

    assert best >= likely >= commit >= closed  # type: ignore[operator]
    assert exact("open_pipeline") + closed == exact("pipeline") + best  # type: ignore[operator]


@given(deals(("USD", "EUR")), INSTANTS, OPTIONS)
@settings(max_examples=60)
def test_groups_and_periods_add_up_to_the_total(found: list[Opportunity], as_of: datetime, options: Any) -> None:
    view = asked(found, as_of, **options)
    parts = [view.during(period) for period in view.periods]
    groups = [view.group(key) for key in view.groups] or [view.whole]

    for column in ("total", *view.columns):
        for weighted in (False, True):
            expected = view.whole.exact(column, weighted=weighted)

            assert expected == sum(part.exact(column, weighted=weighted) or 0 for part in parts)
            assert expected == sum(group.exact(column, weighted=weighted) or 0 for group in groups)


@given(deals(), INSTANTS)
@settings(max_examples=60)
def test_the_roll_up_without_adjustments_is_the_sum_of_all_who_are_below(
    found: list[Opportunity], as_of: datetime
) -> None:
    view = asked(found, as_of)
    rows = view.rows("commit_forecast")

    for row in rows:
        assert row.computed == row.effective
        assert row.computed.amount == view.under(row.subject).exact("commit_forecast")  # type: ignore[union-attr]


@given(deals(("USD", "EUR")), INSTANTS, INSTANTS, OPTIONS)
@settings(max_examples=60)
def test_the_bridge_closes(found: list[Opportunity], one: datetime, other: datetime, options: Any) -> None:
    before, after = sorted((one, other))
    view = asked(found, after, **options)
    bridge = view.explain(before=before)
    was = sum(money.amount for money in bridge.before)
    now = sum(money.amount for money in bridge.after)

    assert now == was + sum(line.difference.amount for line in bridge.lines)
    assert now == _open_or_won(view)
    assert was == _open_or_won(view.at(before))
    assert len(bridge.lines) <= len(found)
    assert all(line.difference for line in bridge.lines)


def _open_or_won(view: Forecast) -> Decimal:
    return view.whole.exact() - view.whole.exact("omitted")  # type: ignore[operator]


@given(deals(("USD", "EUR", "JPY")), INSTANTS, OPTIONS, st.lists(STEPS, max_size=3))
@settings(max_examples=60)
def test_an_answer_does_not_change_when_later_events_are_appended(
    found: list[Opportunity], as_of: datetime, options: Any, later: list[Any]
) -> None:
    grown = []
    for deal in found:
        at = max(deal.changed_at, as_of) + timedelta(microseconds=1)
        for kind, value in later:
            deal = step(deal, kind, at, value)  # noqa: PLW2901 - it grows
        grown.append(deal)
    late, _ = Opportunity.open("late", SALES, at=as_of + timedelta(days=1), amount=Money(1, "USD"))
    view, again = asked(found, as_of, **options), asked([*grown, late], as_of, **options)

    assert _told(view) == _told(again)


@given(deals(("USD", "EUR", "JPY")), INSTANTS, OPTIONS, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_deals_does_not_matter(
    found: list[Opportunity], as_of: datetime, options: Any, random: Any
) -> None:
    mixed = list(found)
    random.shuffle(mixed)
    view, again = asked(found, as_of, **options), asked(mixed, as_of, **options)

    assert _told(view) == _told(again)
    assert view.explain(before=START) == again.explain(before=START)


def _told(view: Forecast) -> object:
    whole = {
        column: (view.count(column), view.amounts(column), view.whole.weighted_amounts(column)) for column in CATEGORIES
    }
    groups = {key: (view.group(key).amounts(), view.group(key).count()) for key in view.groups}
    lists = view.overdue, view.without_amount, view.without_date, view.missing_rates
    return whole, groups, lists, view.rows(view.columns[0])


COLUMNS = ("commit", "pipeline", "commit_forecast", "open_pipeline")


@given(
    deals(),
    INSTANTS,
    st.lists(
        st.tuples(
            st.sampled_from(OWNERS[1:]),
            st.sampled_from((*OWNERS[1:], "top")),
            st.sampled_from(COLUMNS),
            CENTS,
            INSTANTS,
        ),
        max_size=5,
    ),
    st.lists(st.sampled_from(("single", "cumulative")), min_size=1, max_size=4),
)
@settings(max_examples=60)
def test_adjustments_survive_any_number_of_switches(
    found: list[Opportunity], as_of: datetime, said: list[Any], switches: list[str]
) -> None:
    log = [
        ForecastAdjustment(
            f"a{number}", subject=subject, by=by, period=QUARTER, column=column, amount=Money(amount, "USD"), at=at
        )
        for number, (subject, by, column, amount, at) in enumerate(said)
    ]
    views = {method: asked(found, as_of, method=method, adjustments=log) for method in ("single", "cumulative")}
    kept: tuple[ForecastAdjustment, ...] = tuple(log)
    for method in switches:
        view = asked(found, as_of, method=method, adjustments=kept)
        kept = view.adjustments

        assert [view.rows(column) for column in view.columns] == [
            views[method].rows(column) for column in views[method].columns
        ]
    assert set(log) == set(kept)


@given(deals(), INSTANTS)
@settings(max_examples=60)
def test_overlay_credit_is_in_no_total_and_splits_add_up(found: list[Opportunity], as_of: datetime) -> None:
    split, plain = asked(found, as_of, by="owner"), forecast(found, SALES, QUARTER, as_of)

    assert plain.amounts() == split.amounts()
    assert plain.count().value == split.count().value
    assert set(split.overlay.cells).isdisjoint(split.whole.cells)


@given(deals(("USD", "EUR")), INSTANTS, st.sampled_from(("owner", "team", "territory", "product")))
@settings(max_examples=60)
def test_what_is_rounded_per_deal_and_overlay_hang_on_no_grouping(
    found: list[Opportunity], as_of: datetime, by: str
) -> None:
    plain = forecast(found, SALES, QUARTER, as_of, rounding="per_deal")
    view = forecast(found, SALES, QUARTER, as_of, rounding="per_deal", by=by, team=TEAM, rates=RATES)

    assert plain.whole.weighted_amounts() == view.whole.weighted_amounts()
    assert plain.overlay.amounts() == view.overlay.amounts()
    assert plain.overlay.weighted_amounts() == view.overlay.weighted_amounts()


@given(deals(), INSTANTS, st.integers(0, 10**6))
@settings(max_examples=60)
def test_attainment_is_what_is_won_over_the_quota(found: list[Opportunity], as_of: datetime, target: int) -> None:
    view = asked(found, as_of, by="owner")
    quota = Quota("q", subject="ann", period=QUARTER, amount=Money(target, "USD"), at=START)
    (line,) = attainments(view, [quota])
    won = view.under("ann").exact("closed")

    assert line.attained.value == (Fraction(won) / target if target else None)  # type: ignore[arg-type]
    assert 0 <= line.pace <= 1
