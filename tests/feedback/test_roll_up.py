"""Responses rolled up by account: which ones count, what an account is, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.errors import CurrencyMismatch, InvalidValue, NotFound
from relex.feedback import AccountRollUp, Answer, Metric, Net, Response, Scale, roll_up_accounts
from relex.money import Money
from relex.parties import Hierarchy, Tie

NPS = Metric.nps()
AT = datetime(2026, 5, 1, tzinfo=UTC)


def said(contact: str | None, account: str | None, score: int | None, **more: Any) -> Response:
    """One response."""
    more.setdefault("submission", f"{contact}-{account}-{score}")
    more.setdefault("at", AT)
    return Response(survey="nps", answers=(Answer("q1", score),), contact=contact, account=account, **more)


def rolled(responses: list[Response], method: str = "account_mean", metric: Metric = NPS, **more: Any) -> AccountRollUp:
    """Responses rolled up."""
    return roll_up_accounts(responses, metric, question="q1", method=method, **more)


def usd(amount: int) -> Money:
    """So many dollars."""
    return Money(amount, "USD")


TWO = [said("ann", "acme", 9), said("bob", "acme", 3), said("eve", "bolt", 10)]


def test_the_method_must_be_named() -> None:
    """There is no default."""
    with pytest.raises(TypeError, match="method"):
        roll_up_accounts(TWO, NPS, question="q1")  # type: ignore[call-arg]  # what is tested


def test_an_unknown_method_is_refused_with_those_that_there_are() -> None:
    """The message lists them."""
    with pytest.raises(InvalidValue, match="all_responses, role_weighted, account_mean"):
        rolled(TWO, "median")


@pytest.mark.parametrize(
    ("keep", "value", "superseded"),
    [pytest.param("latest", -100, 2), pytest.param("first", 100, 2), pytest.param("all", 0, 0)],
)
def test_which_response_of_a_contact_counts(keep: str, value: int, superseded: int) -> None:
    """The latest, the first, or all; by instant, whatever the order in which they come."""
    given = [
        said("ann", "acme", 3, at=AT + timedelta(days=2)),
        said("ann", "acme", 10),
        said("ann", "acme", 7, at=AT + timedelta(days=1)),
    ]
    found = rolled(given, keep=keep)

    assert (found.value, found.superseded) == (value, superseded)


def test_a_score_goes_before_a_later_response_without_one() -> None:
    """A contact who opened the last survey and gave no score is judged by the score before."""
    found = rolled([said("ann", "acme", 10), said("ann", "acme", None, at=AT + timedelta(days=1))])

    assert (found.value, found["acme"].n) == (100, 1)


def test_of_several_revisions_the_highest_is_looked_at() -> None:
    """Repeats and earlier revisions change nothing."""
    one, two = said("ann", "acme", 3, submission="s"), said("ann", "acme", 10, submission="s", revision=2)
    found = rolled([two, one, two], keep="all")

    assert (found.value, found.overall.n, found.superseded) == (100, 1, 0)


@pytest.mark.parametrize("who", [(None, "acme"), ("ann", None), (None, None)], ids=["contact", "account", "both"])
def test_a_response_without_account_or_contact_is_unlinked(who: tuple[str | None, str | None]) -> None:
    """It is counted as such, and nowhere else."""
    found = rolled([*TWO, said(*who, 0, submission="x")], "all_responses")

    assert (found.unlinked, found.overall.n) == (1, 3)
    assert str(found).endswith("; 1 responses unlinked")


def test_an_account_without_a_score_is_there_and_does_not_count() -> None:
    """Its reason is no_scored, and it is a part of the overall reading."""
    found = rolled([*TWO, said("joe", "core", None)])

    assert (found["core"].value, found["core"].reason, found["core"].contacts) == (None, "no_scored", 1)
    assert (found.overall.part("scored"), found.overall.part("unscored"), found.value) == (2, 1, 50)
    assert str(found["core"]) == "core: none (no_scored) (n 0)"


def test_an_excluded_response_is_no_score_and_still_a_response() -> None:
    """It counts in the coverage and in no number."""
    found = rolled([*TWO, said("joe", "core", 0, excluded="test")], "all_responses")

    assert (found.overall.n, found.overall.part("excluded"), found.coverage.accounts_responded) == (3, 1, 3)


def test_no_response_at_all() -> None:
    """No number, no error, no interval; never 0."""
    found = rolled([])

    assert (found.value, found.overall.reason, found.standard_error, found.accounts) == (None, "no_scored", None, ())
    assert found.overall.interval().reason == "no_scored"


def test_one_account_has_no_standard_error() -> None:
    """Clusters of one tell nothing of how far accounts differ."""
    found = rolled(TWO[:2], "all_responses")

    assert found.standard_error is None
    assert found.unclustered_error == 100


def test_contributions_add_up_to_nothing() -> None:
    """What one account adds another takes."""
    found = rolled([*TWO, said("joe", "core", 8)])

    assert sum(each.contribution for each in found.accounts) == 0
    assert found["bolt"].contribution == Fraction(200, 9)


def test_the_mean_score_is_put_into_the_band_that_it_reaches() -> None:
    """8.5 is no promoter, 6.5 is a detractor: cut-offs are half-open."""
    given = [said("a", "x", 8), said("b", "x", 9), said("c", "y", 6), said("d", "y", 7), said("e", "z", 9)]
    found = rolled(given, "mean_then_classify")

    assert {each.account: (each.value, each.band) for each in found.accounts} == {
        "x": (0, "passive"),
        "y": (-100, "detractor"),
        "z": (100, "promoter"),
    }
    assert found.overall.bands == (("promoter", 1), ("passive", 1), ("detractor", 1))


def test_a_mean_score_between_two_steps_is_the_lower_one() -> None:
    """On a scale in steps, what is not reached does not count."""
    metric = Metric("dial", Scale(0, 100, 25), Net((75, 100), (0, 25)))
    found = rolled([said("a", "x", 50), said("b", "x", 75)], "mean_then_classify", metric)

    assert (found.value, found["x"].band) == (0, None)


def test_a_metric_of_scores_is_not_classified() -> None:
    """A mean score of a rating has no kinds."""
    with pytest.raises(InvalidValue, match="a metric of Net or Share"):
        rolled([said("a", "x", 4)], "mean_then_classify", Metric.rating())


@pytest.mark.parametrize(
    ("metric", "value"),
    [pytest.param(Metric.rating(), 2, id="higher is better"), pytest.param(Metric.ces(1), 5, id="lower is better")],
)
def test_the_worst_case_is_worse_by_the_metric(metric: Metric, value: int) -> None:
    """Of effort, the most is the worst."""
    found = rolled([said("a", "x", 2), said("b", "x", 5)], "worst_case", metric)

    assert found.value == value


def test_the_most_senior_role_that_answered_speaks() -> None:
    """Nobody of the first role answered, so those of the second do, all of them."""
    given = [said("a", "x", 9, role="lead"), said("b", "x", 0, role="lead"), said("c", "x", 10, role="user")]
    found = rolled(given, "most_senior", seniority=["head", "lead", "user"])

    assert (found.value, found["x"].roles_missing) == (0, ("head",))
    assert found.coverage.roles_missing == (("head", 1), ("lead", 0), ("user", 0))


@pytest.mark.parametrize(
    ("method", "more", "message"),
    [
        pytest.param("role_weighted", {}, "what role_weighted goes by", id="no weights"),
        pytest.param("most_senior", {}, "what most_senior goes by", id="no order"),
        pytest.param("account_mean", {"seniority": ["a"]}, "only most_senior has it", id="an order too many"),
        pytest.param("account_mean", {"role_weights": {"a": 1}}, "only role_weighted has it", id="weights too many"),
        pytest.param("role_weighted", {"role_weights": {"user": 1}}, "every role that answered", id="unknown role"),
        pytest.param("role_weighted", {"role_weights": {"user": 0}}, "above 0", id="weight of 0"),
        pytest.param("role_weighted", {"role_weights": ["user"]}, "a mapping", id="no mapping"),
        pytest.param("most_senior", {"seniority": ["user"]}, "every role that answered", id="unknown rank"),
        pytest.param("most_senior", {"seniority": ["a", "a"]}, "each of them once", id="rank twice"),
        pytest.param("most_senior", {"seniority": []}, "at least one role", id="no rank"),
        pytest.param("account_mean", {"level": "account"}, "only role_weighted has both", id="level too many"),
        pytest.param("role_weighted", {"level": "x", "role_weights": {"a": 1}}, "response, account", id="level"),
        pytest.param("all_responses", {"revenue": {}}, "of responses, not accounts", id="revenue of responses"),
        pytest.param("account_mean", {"revenue": {"acme": usd(1)}}, "missing_revenue=set_aside", id="no revenue"),
        pytest.param("account_mean", {"revenue": {"acme": 5}}, "a Money", id="revenue of another type"),
        pytest.param("account_mean", {"revenue": {"acme": usd(-5)}}, "at least 0", id="revenue below 0"),
        pytest.param("account_mean", {"revenue": [usd(5)]}, "a mapping from accounts", id="revenue is no mapping"),
        pytest.param("account_mean", {"invited": ["acme"]}, "a mapping from accounts", id="invited"),
        pytest.param("account_mean", {"invited": {"acme": [1]}}, "a non-empty str", id="invited contact"),
        pytest.param("account_mean", {"keep": "best"}, "latest, first, all", id="keep"),
        pytest.param("account_mean", {"hierarchy": {}}, "a Hierarchy", id="hierarchy"),
    ],
)
def test_what_is_refused(method: str, more: dict[str, Any], message: str) -> None:
    """The message says what was allowed."""
    with pytest.raises(InvalidValue, match=message):
        rolled([*TWO, said("joe", "bolt", 4, role="boss")], method, **more)


def test_revenue_in_two_currencies_is_refused() -> None:
    """Nobody converts in silence."""
    with pytest.raises(CurrencyMismatch):
        rolled(TWO, revenue={"acme": usd(1), "bolt": Money(1, "EUR")})


def test_an_account_without_revenue_can_be_set_aside() -> None:
    """It has its number, weighs nothing and says why."""
    found = rolled(TWO, revenue={"acme": usd(500)}, missing_revenue="set_aside")

    assert (found.value, found["bolt"].value, found["bolt"].reason, found["bolt"].weight) == (0, 100, "no_revenue", 0)
    assert (found.overall.part("excluded"), found.weighted_by) == (1, "revenue")


def test_an_account_of_no_revenue_does_not_count() -> None:
    """Zero is a value, and weighs nothing."""
    found = rolled(TWO, revenue={"acme": usd(500), "bolt": usd(0)})

    assert (found.value, found["bolt"].reason) == (0, "no_revenue")


def test_accounts_count_for_the_one_at_the_top() -> None:
    """With their revenue and those who were asked; what is not in the hierarchy stands for itself."""
    group = Hierarchy(["acme"], [Tie("acme", "group"), Tie("bolt", "group")], as_of=AT)
    found = rolled(
        [*TWO, said("joe", "core", 0)],
        hierarchy=group,
        revenue={"acme": usd(100), "bolt": usd(200), "core": usd(100)},
        invited={"acme": ["ann"], "bolt": ["eve", "zoe"]},
    )

    assert {each.account: each.weight for each in found.accounts} == {"group": 300, "core": 100}
    assert found.value == (Fraction(100, 3) * 3 - 100) / 4
    assert (found.coverage.accounts_invited, found.coverage.contacts_invited) == (1, 3)


def test_who_was_heard() -> None:
    """Rates are of those who were asked; who answered unasked is counted, and in no rate."""
    found = rolled(
        TWO,
        revenue={"acme": usd(100), "bolt": usd(200), "core": usd(700)},
        invited={"acme": ["ann", "kim"], "core": ["joe"]},
    ).coverage

    assert (found.accounts_invited, found.accounts_responded, found.accounts_scored) == (2, 2, 2)
    assert (found.contacts_invited, found.contacts_responded) == (3, 3)
    assert (found.account_response_rate, found.contact_response_rate) == (Fraction(1, 2), Fraction(1, 3))
    assert (found.revenue, found.revenue_responded, found.revenue_share) == (usd(1000), usd(300), Fraction(3, 10))
    assert str(found) == "2 accounts of 2 asked, 3 contacts, 30 % of revenue"
    assert "50 %" in found._repr_html_()


def test_without_a_word_on_who_was_asked_there_is_no_rate() -> None:
    """None is not zero."""
    found = rolled(TWO).coverage

    assert (found.accounts_invited, found.account_response_rate, found.revenue_share) == (None, None, None)
    assert "asked, or all" in found._repr_html_()


def test_nobody_asked_is_no_rate() -> None:
    """A base of 0 gives None."""
    assert rolled(TWO, invited={}).coverage.account_response_rate is None
    assert rolled(TWO, invited={"core": []}).coverage.accounts_invited == 0


def test_classes_are_of_the_methods_that_have_some() -> None:
    """An account without a score has None."""
    given = [*TWO, said("joe", "core", None)]

    assert rolled(given, "worst_case").classes == {"acme": "detractor", "bolt": "promoter", "core": None}
    with pytest.raises(InvalidValue, match="mean_then_classify, worst_case"):
        _ = rolled(given).classes


def test_an_account_that_is_not_there() -> None:
    """It is not found."""
    with pytest.raises(NotFound, match="zeta"):
        _ = rolled(TWO)["zeta"]


def test_weights_of_roles_stay_exact() -> None:
    """Also those with decimals."""
    given = [said("a", "x", 10, role="boss"), said("b", "x", 0, role="user")]
    found = rolled(given, "role_weighted", role_weights={"boss": Decimal("1.5"), "user": Fraction(1, 2)})

    assert (found.value, found.level, found.weighted_by, found["x"].weight) == (50, "response", "roles", 2)


def test_a_score_off_the_scale_can_be_set_aside() -> None:
    """As of every reading."""
    given = [*TWO, said("joe", "core", 99)]

    assert rolled(given, "all_responses", invalid="set_aside").overall.part("invalid") == 1
    with pytest.raises(InvalidValue, match="0 to 10"):
        rolled(given)


def test_it_is_seen_as_a_table_with_everything_escaped() -> None:
    """One row for each account."""
    found = rolled([said("ann", "<b>", 9), said("eve", "bolt", None)], "worst_case")
    html = found._repr_html_()

    assert "&lt;b&gt;" in html
    assert "none (no_scored)" in html
    assert str(found["<b>"]) == "<b>: 100.0 (n 1), promoter"
