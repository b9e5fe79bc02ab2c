"""Laws of roll-ups, revenue and topics: parts add up, order changes nothing, clusters of one are none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import attrs
from hypothesis import assume, given, settings, strategies as st

from relex.feedback import (
    Answer,
    KeywordTopics,
    Metric,
    Response,
    enrich,
    pool,
    readings_by,
    revenue_by_class,
    roll_up_accounts,
    topics,
    value_at_risk,
)
from relex.money import Money

lean = settings(max_examples=60)
NPS = Metric.nps()
AT = datetime(2026, 5, 1, tzinfo=UTC)
ACCOUNTS, ROLES = ("a", "b", "c", "d"), ("boss", "user")
METHODS: dict[str, dict[str, Any]] = {
    "all_responses": {},
    "role_weighted": {"role_weights": {"boss": 3, "user": 1}},
    "account_mean": {},
    "mean_then_classify": {},
    "most_senior": {"seniority": ROLES},
    "worst_case": {},
}
ACCOUNT_METHODS = ("account_mean", "mean_then_classify", "most_senior", "worst_case")

rows = st.tuples(
    st.sampled_from((*ACCOUNTS, None)),
    st.sampled_from(("x", "y", "z", None)),
    st.sampled_from(ROLES),
    st.none() | st.integers(0, 10),
    st.integers(0, 3),
)
amounts = st.fixed_dictionaries(
    {name: st.integers(1, 1000).map(lambda units: Money(units, "USD")) for name in ACCOUNTS}
)
texts = st.none() | st.lists(st.sampled_from(("late", "rude", "fine", "lateness")), min_size=1).map(" ".join)


def response(number: int, row: tuple[Any, ...], text: str | None = None) -> Response:
    """One response of a row."""
    account, contact, role, score, day = row
    return Response(
        submission=f"s{number}",
        survey="nps",
        at=AT + timedelta(days=day),
        answers=(Answer("q1", score), Answer("q2", text)),
        account=account,
        contact=contact,
        role=role,
    )


@st.composite
def given_responses(draw: st.DrawFn) -> list[Response]:
    """Responses of a few contacts in a few accounts."""
    return [response(number, row) for number, row in enumerate(draw(st.lists(rows, max_size=12)))]


responses = given_responses()
methods = st.sampled_from(sorted(METHODS))


@lean
@given(responses, methods, st.sampled_from(("latest", "first", "all")))
def test_every_response_is_counted_once_and_contributions_add_up_to_nothing(
    given: list[Response], method: str, keep: str
) -> None:
    """Scored or not, superseded, unlinked."""
    found = roll_up_accounts(given, NPS, question="q1", method=method, keep=keep, **METHODS[method])
    chosen = len(given) - found.superseded - found.unlinked

    assert sum(each.contribution for each in found.accounts) == 0
    assert sum(n for _, n in found.overall.parts) == (chosen if found.level == "response" else len(found.accounts))


@lean
@given(responses, methods, st.randoms(use_true_random=False))
def test_order_and_repeats_change_nothing(given: list[Response], method: str, chance: Any) -> None:
    """Law 6, of roll-ups."""
    other = [*given, *given[:3]]
    chance.shuffle(other)
    one, two = [roll_up_accounts(each, NPS, question="q1", method=method, **METHODS[method]) for each in (given, other)]

    assert one == two


@lean
@given(st.lists(st.tuples(st.integers(0, 10), st.integers(1, 5)), min_size=2, max_size=12))
def test_with_one_response_of_each_account_the_clustered_error_is_the_plain_one(pairs: list[tuple[int, int]]) -> None:
    """Law 8; also with weights."""
    scores, weights = zip(*pairs, strict=True)
    names = [f"a{number}" for number in range(len(pairs))]
    given = [response(number, (names[number], "x", "boss", score, 0)) for number, score in enumerate(scores)]
    found = roll_up_accounts(given, NPS, question="q1", method="all_responses")
    weighted = NPS.read_scores(scores, weights=weights)

    assert found.standard_error == found.unclustered_error
    assert found.value == roll_up_accounts(given, NPS, question="q1", method="account_mean").value
    clustered = NPS.read_scores(scores, weights=weights, clusters=names).interval()
    assert (clustered.low, clustered.high) == (weighted.interval().low, weighted.interval().high)


@lean
@given(responses, amounts)
def test_weights_by_revenue_over_responses_are_the_mean_of_accounts_by_revenue(
    given: list[Response], revenue: dict[str, Money]
) -> None:
    """Section 9."""
    linked = [each for each in given if each.account and each.contact and each.answer("q1").value is not None]  # type: ignore[union-attr]  # it has one
    assume(linked)
    counts = dict(readings_by(linked, NPS, question="q1", by="account").groups)
    weights = [Fraction(revenue[str(each.account)].amount) / counts[str(each.account)].n for each in linked]
    found = roll_up_accounts(linked, NPS, question="q1", method="account_mean", keep="all", revenue=revenue)

    assert NPS.read(linked, question="q1", weights=weights).value == found.value


@lean
@given(responses, st.sampled_from(ACCOUNT_METHODS), st.integers(1, 9))
def test_equal_revenue_weighs_nothing(given: list[Response], method: str, units: int) -> None:
    """Whatever it is."""
    revenue = dict.fromkeys(ACCOUNTS, Money(units, "USD"))
    plain, weighted = [
        roll_up_accounts(given, NPS, question="q1", method=method, revenue=each, **METHODS[method])
        for each in (None, revenue)
    ]

    assert plain.value == weighted.value


@lean
@given(responses)
def test_the_worst_case_is_never_above_the_others(given: list[Response]) -> None:
    """Account by account."""
    worst, mean = [
        roll_up_accounts(given, NPS, question="q1", method=method) for method in ("worst_case", "account_mean")
    ]

    assert all((one.value or 0) <= (other.value or 0) for one, other in zip(worst.accounts, mean.accounts, strict=True))


@lean
@given(responses, amounts, st.sets(st.sampled_from(ACCOUNTS)), st.fractions(0, 1, max_denominator=100))
def test_parts_of_revenue_add_up_to_the_total(
    given: list[Response], revenue: dict[str, Money], asked: set[str], chance: Fraction
) -> None:
    """Law 10: in Money; and no more is at risk than there is, to the cent of each part."""
    rolled = roll_up_accounts(given, NPS, question="q1", method="worst_case")
    found = revenue_by_class(rolled, revenue, asked=asked)
    risk = value_at_risk(found, dict.fromkeys(dict(found.parts), chance))

    assert Money.sum([amount for _, amount in found.parts]) == Money.sum(list(revenue.values()))
    assert found.scored <= found.asked <= found.total
    assert found.net is None or -100 <= found.net <= 100
    assert abs(Fraction(risk.total.amount) - Fraction(found.total.amount) * chance) <= Fraction(len(found.parts), 100)


@lean
@given(responses, st.sampled_from(("account", "contact", "response.role", "survey.version")))
def test_segments_pool_to_the_reading_of_all(given: list[Response], by: str) -> None:
    """Law 2, of one pass; contributions add up to nothing."""
    found = readings_by(given, NPS, question="q1", by=by)

    assert found.overall == NPS.read(given, question="q1")
    assert pool([found.unknown, *dict(found.groups).values()]) == found.overall
    assert sum(found.contributions.values()) == 0


@lean
@given(st.lists(st.tuples(st.integers(0, 10), texts), max_size=8))
def test_topics_count_responses_and_leave_them_as_they_are(pairs: list[tuple[int, str | None]]) -> None:
    """Mentions are at most the texts, and a word inside of another one is none."""
    given = [response(number, (None, None, None, score, 0), text) for number, (score, text) in enumerate(pairs)]
    before = [attrs.evolve(each) for each in given]
    tagger = KeywordTopics({"late": ["late"], "people": ["rude", "fine"]})
    found = topics(given, enrich(given, tagger, question="q2"), NPS, question="q1")

    assert before == given
    assert all(0 < line.mentions <= found.texts and 0 < line.share <= 1 for line in found.lines)
    late = [each for each in pairs if each[1] is not None and "late" in each[1].split()]
    assert sum(line.mentions for line in found.lines if line.topic.name == "late") == len(late)
