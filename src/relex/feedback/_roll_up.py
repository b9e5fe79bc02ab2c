"""Responses rolled up by account: the number of each account, of all of them together, and who was heard at all."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import sqrt
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import note, table
from relex.errors import InvalidValue, NotFound
from relex.feedback._counting import parts_of
from relex.feedback._coverage import AccountCoverage, cover, invited_by
from relex.feedback._distributions import rounded
from relex.feedback._intervals import squared_error
from relex.feedback._metric import Metric, Reading, reading_of
from relex.feedback._moments import Cell, Cluster, summed
from relex.feedback._roll_up_choice import KEEP, choose
from relex.feedback._roll_up_methods import (
    CLASSIFYING,
    ROLL_UPS,
    Number,
    Roles,
    Score,
    number_of,
    require_classes,
    roles_of,
)
from relex.figures import Figure
from relex.money import Money
from relex.parties import Hierarchy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Decimal

    from relex.feedback._responses import Response
    from relex.feedback._roll_up_choice import Chosen, Voice

__all__ = ["AccountRollUp", "RolledAccount", "by_root", "revenue_of", "roll_up_accounts"]

_METHOD = _checks.one_of(*ROLL_UPS)
_KEEP = _checks.one_of(*KEEP)
_LEVEL = _checks.one_of("response", "account")
_MISSING = _checks.one_of("raise", "set_aside")
_INVALID = _checks.one_of("raise", "set_aside")
_METRIC = _checks.a(Metric)
_HIERARCHY = _checks.optional(_checks.a(Hierarchy))
_REVENUE = _checks.Check("a mapping from accounts to Money", lambda value: isinstance(value, Mapping))
_MONEY = _checks.a(Money)


@attrs.frozen(kw_only=True)
class RolledAccount:
    """One account in a roll-up.

    Attributes:
        account: Its id.
        value: Its number, in the unit of the metric, exact; None where nobody gave a score.
        band: Its band, of the methods that give one.
        n: How many of its responses have a score and count.
        contacts: How many of its contacts gave a response, with or without a score.
        weight: What it weighs in the roll-up: its revenue, the sum of the weights of its responses, or 1; 0 where it
            does not count.
        contribution: What it adds to the overall reading, or takes from it; together they are 0.
        roles_missing: Roles that were named, and of which nobody gave a score.
        reason: Why it does not count: `no_scored` or `no_revenue`.

    .. versionadded:: 0.1.0
    """

    account: str
    value: Fraction | None
    band: str | None
    n: int
    contacts: int
    weight: Fraction
    contribution: Fraction
    roles_missing: tuple[str, ...] = ()
    reason: str | None = None

    def __str__(self) -> str:
        told = Figure(self.value, reason=None if self.value is not None else self.reason).show(1)
        return f"{self.account}: {told} (n {self.n}){'' if self.band is None else f', {self.band}'}"


@attrs.frozen(kw_only=True)
class AccountRollUp:
    """What `roll_up_accounts` gives.

    Attributes:
        metric: The definition.
        method: By which it was made.
        level: What was averaged: `response` or `account`.
        keep: Which response of one contact counted.
        weighted_by: `none`, `roles` or `revenue`.
        overall: The reading over responses, each in the cluster of its account; or over accounts, each of them one
            observation whose x is the account's number. It can be shown, compared, and has an interval.
        accounts: One for each account that gave a response, sorted.
        coverage: Who was heard.
        superseded: How many responses gave way to another one of their contact.
        unlinked: How many responses name no account or no contact, and count for no account.

    .. versionadded:: 0.1.0
    """

    metric: Metric
    method: str
    level: str
    keep: str
    weighted_by: str
    overall: Reading
    accounts: tuple[RolledAccount, ...]
    coverage: AccountCoverage
    superseded: int
    unlinked: int

    @property
    def value(self) -> Fraction | None:
        """The overall number, exact; None where nothing counts."""
        return self.overall.value

    @property
    def standard_error(self) -> Decimal | None:
        """Of the overall number, respecting that responses of one account go together; None of one account."""
        return _error(self.overall)

    @property
    def unclustered_error(self) -> Decimal | None:
        """The standard error that would hold if every response stood for itself; None of one response."""
        return _error(attrs.evolve(self.overall, clusters=None))

    @property
    def classes(self) -> dict[str, str | None]:
        """The band of each account; None where it answered without a score.

        Raises:
            InvalidValue: For a method that gives no account a band.
        """
        if self.method not in CLASSIFYING:
            raise InvalidValue("AccountRollUp.method", self.method, f"one of {', '.join(CLASSIFYING)}")
        return {each.account: each.band for each in self.accounts}

    def __getitem__(self, account: str) -> RolledAccount:
        for each in self.accounts:
            if each.account == account:
                return each
        raise NotFound("account of the roll-up", account)

    def __str__(self) -> str:
        weighted = "" if self.weighted_by == "none" else f", weighted by {self.weighted_by}"
        unlinked = f"; {self.unlinked} responses unlinked" if self.unlinked else ""
        return (
            f"{self.overall.metric.name} {self.overall.show()} by {self.method}{weighted} ({self.coverage}){unlinked}"
        )

    def _repr_html_(self) -> str:
        """One row for each account."""
        titles = ("account", self.metric.method.unit, "band", "n", "weight", "contribution", "roles missing")
        rows = [
            (
                each.account,
                Figure(each.value, reason=None if each.value is not None else each.reason).show(1),
                each.band or "",
                each.n,
                Figure(each.weight).show(),
                Figure(each.contribution).show(1),
                ", ".join(each.roles_missing),
            )
            for each in self.accounts
        ]
        return table(str(self), titles, rows) + note(f"{self.superseded} responses gave way to others of their contact")


def roll_up_accounts(  # noqa: PLR0913 - every policy by its name
    responses: Iterable[Response],
    metric: Metric,
    *,
    question: str,
    method: str,
    keep: str = "latest",
    level: str | None = None,
    role_weights: Mapping[str, int | Decimal | Fraction] | None = None,
    seniority: Iterable[str] | None = None,
    revenue: Mapping[str, Money] | None = None,
    missing_revenue: str = "raise",
    invited: Mapping[str, Iterable[str]] | None = None,
    hierarchy: Hierarchy | None = None,
    invalid: str = "raise",
) -> AccountRollUp:
    """A metric over accounts whose people answered, by a method that must be named.

    | `method` | number of an account | overall |
    | --- | --- | --- |
    | `all_responses` | mean of x | mean of x over responses |
    | `role_weighted` | mean of x, weighted by role | weighted mean over responses, or mean of accounts |
    | `account_mean` | mean of x | mean of accounts |
    | `mean_then_classify` | x of the mean score, half-open: in NPS 9 is a promoter and 7 a passive | mean of accounts |
    | `most_senior` | mean of x over the responses of the highest role that answered | mean of accounts |
    | `worst_case` | the worst x: the smallest, or the largest where lower is better | mean of accounts |

    Only answers with a score count. A response without an account or a contact is counted as unlinked, and nothing
    else; of several revisions the highest is looked at.

    Args:
        responses: In any order.
        metric: The definition.
        question: The id of the question.
        method: One of those above.
        keep: Which response of one contact in one account counts: `latest`, `first` or `all`.
        level: Of `role_weighted`: `response` (its default) or `account`.
        role_weights: Of `role_weighted`: what an answer of each role weighs, above 0.
        seniority: Of `most_senior`: the roles, the most senior first.
        revenue: What each account weighs, at least 0; an account of 0 does not count. Also the base of the share of
            revenue that was heard, so give it for those too that did not answer.
        missing_revenue: `raise` for an account that has a score and no revenue, or `set_aside`, which leaves it out.
        invited: Which contacts of each account were asked.
        hierarchy: Accounts that belong to accounts: each counts for the one at the top, with its revenue. One that is
            not in the hierarchy stands for itself.
        invalid: `raise` for what is no score of the scale, or `set_aside`.

    Raises:
        InvalidValue: For an unknown method; weights, an order, a level or revenue with a method that has none; a role
            without a weight or rank; an account without revenue; `mean_then_classify` of a metric of scores.
        CurrencyMismatch: For revenue in several currencies.
        Conflict: For one revision of one submission with two contents.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.feedback import Answer, Metric, Response
        >>> at = datetime(2026, 5, 1, tzinfo=UTC)
        >>> given = [("ann", "acme", 9), ("bob", "acme", 3), ("eve", "bolt", 10)]
        >>> responses = [
        ...     Response(submission=who, survey="s", at=at, answers=(Answer("q1", n),), contact=who, account=account)
        ...     for who, account, n in given
        ... ]
        >>> for method in ("all_responses", "account_mean", "worst_case"):
        ...     print(method, roll_up_accounts(responses, Metric.nps(), question="q1", method=method).overall.show())
        all_responses 33.3
        account_mean 50.0
        worst_case 0.0

    .. versionadded:: 0.1.0
    """
    _METRIC.require("roll_up_accounts.metric", metric)
    _METHOD.require("roll_up_accounts.method", method)
    _KEEP.require("roll_up_accounts.keep", keep)
    _INVALID.require("roll_up_accounts.invalid", invalid)
    _MISSING.require("roll_up_accounts.missing_revenue", missing_revenue)
    _HIERARCHY.require("roll_up_accounts.hierarchy", hierarchy)
    require_classes(metric, method)
    averaged = _level(method, level)
    roles = roles_of(method, role_weights, seniority)
    root = by_root(hierarchy)
    known = None if revenue is None else revenue_of("roll_up_accounts.revenue", revenue, root)
    if known is not None and averaged == "response":
        raise InvalidValue("roll_up_accounts.revenue", revenue, f"None, since {method} is of responses, not accounts")
    chosen = choose(responses, metric, question, keep, invalid, root)
    lines = _Lines(metric, method, averaged, roles, chosen, known, missing_revenue)
    overall = lines.overall()
    return AccountRollUp(
        metric=metric,
        method=method,
        level=averaged,
        keep=keep,
        weighted_by="revenue" if known is not None else "roles" if role_weights is not None else "none",
        overall=overall,
        accounts=lines.rows(overall),
        coverage=cover(chosen.voices, known, invited_by(invited, root), roles.names),
        superseded=chosen.superseded,
        unlinked=chosen.unlinked,
    )


def by_root(hierarchy: Hierarchy | None) -> Callable[[str], str]:
    """Which account one counts for: the one at the top of its hierarchy, or itself."""
    if hierarchy is None:
        return lambda account: account
    known = frozenset(hierarchy.nodes)
    return lambda account: hierarchy.root(account) if account in known else account


def revenue_of(path: str, revenue: object, root: Callable[[str], str]) -> dict[str, Money]:
    """The revenue of each account at the top, in one currency, none of it below 0."""
    _REVENUE.require(path, revenue)
    found: dict[str, Money] = {}
    for account, amount in revenue.items():  # type: ignore[attr-defined]  # it is a mapping
        _MONEY.require(f"{path}[{account}]", amount)
        if amount.amount < 0:
            raise InvalidValue(f"{path}[{account}]", amount, "an amount of at least 0")
        top = root(account)
        found[top] = found[top] + amount if top in found else amount
    if found:
        Money.sum(list(found.values()))  # refuses two currencies, whatever the amounts
    return found


def _level(method: str, level: str | None) -> str:
    if method == "role_weighted":
        found = "response" if level is None else level
        _LEVEL.require("roll_up_accounts.level", found)
        return found
    if level is not None:
        raise InvalidValue("roll_up_accounts.level", level, "None, since only role_weighted has both")
    return "response" if method == "all_responses" else "account"


class _Lines:
    """What was chosen, by account, with the number and the weight of each."""

    def __init__(
        self,
        metric: Metric,
        method: str,
        level: str,
        roles: Roles,
        chosen: Chosen,
        revenue: Mapping[str, Money] | None,
        missing: str,
    ) -> None:
        self.metric, self.level, self.roles, self.chosen = metric, level, roles, chosen
        self.heard: dict[str, list[Voice]] = {}
        for voice in chosen.voices:
            self.heard.setdefault(voice.account, []).append(voice)
        self.scores = {account: self._scores(voices) for account, voices in self.heard.items()}
        self.numbers: dict[str, Number] = {
            account: number_of(method, metric, scores, roles) for account, scores in self.scores.items() if scores
        }
        self.weights = self._weights(revenue, missing)
        self.is_weighted = revenue is not None

    def _scores(self, voices: Iterable[Voice]) -> list[Score]:
        return [
            Score(voice.role, voice.key, self.metric.x(voice.key), self.roles.weight(voice.role))
            for voice in voices
            if isinstance(voice.key, int)
        ]

    def _weights(self, revenue: Mapping[str, Money] | None, missing: str) -> dict[str, Fraction]:
        """What each account weighs that counts."""
        if self.level == "response":
            return {
                account: sum([each.weight for each in self.scores[account]], Fraction(0)) for account in self.numbers
            }
        if revenue is None:
            return dict.fromkeys(self.numbers, Fraction(1))
        for account in self.numbers:
            if account not in revenue and missing == "raise":
                raise InvalidValue(
                    f"roll_up_accounts.revenue[{account}]", None, "an amount, or missing_revenue=set_aside"
                )
        return {account: Fraction(revenue[account].amount) for account in self.numbers if revenue.get(account)}

    def overall(self) -> Reading:
        """The reading over responses or over accounts."""
        if self.level == "response":
            voices = self.chosen.voices
            weights = None
            if self.roles.weights is not None:
                weights = [self.roles.weight(each.role) if isinstance(each.key, int) else 1 for each in voices]
            keys = [each.key for each in voices]
            return reading_of(self.metric, keys, weights=weights, clusters=[each.account for each in voices])
        pairs = [(account, self.numbers[account].x, weight) for account, weight in self.weights.items()]
        return Reading(
            metric=self.metric,
            parts=_parts(len(self.heard), len(self.numbers), len(pairs)),
            moments=summed([Cell(x, 1, weight, weight * weight) for _, x, weight in pairs]),
            bands=_bands(self.metric, [self.numbers[account] for account, _, _ in pairs]),
            weights="given" if self.is_weighted else "none",
            clusters=tuple([Cluster(key=account, w=weight, wx=weight * x) for account, x, weight in pairs]),
        )

    def rows(self, overall: Reading) -> tuple[RolledAccount, ...]:
        """One for each account that gave a response."""
        return tuple([self._row(account, voices, overall) for account, voices in self.heard.items()])

    def _row(self, account: str, voices: Sequence[Voice], overall: Reading) -> RolledAccount:
        number, weight = self.numbers.get(account), self.weights.get(account, Fraction(0))
        there = {each.role for each in self.scores[account]}
        return RolledAccount(
            account=account,
            value=None if number is None else number.x,
            band=None if number is None else number.band,
            n=len(self.scores[account]),
            contacts=len({each.contact for each in voices}),
            weight=weight,
            contribution=_contribution(number, weight, overall),
            roles_missing=tuple([role for role in self.roles.names if role not in there]),
            reason="no_scored" if number is None else None if weight else "no_revenue",
        )


def _parts(heard: int, scored: int, counted: int) -> tuple[tuple[str, int], ...]:
    """Accounts by status: counted, without a score, or set aside."""
    return parts_of({0: counted, None: heard - scored, "excluded": scored - counted})


def _bands(metric: Metric, numbers: Sequence[Number]) -> tuple[tuple[str, int], ...]:
    given = [each.band for each in numbers if each.band is not None]
    return tuple([(band.name, given.count(band.name)) for band in metric.bands]) if given else ()


def _contribution(number: Number | None, weight: Fraction, overall: Reading) -> Fraction:
    if number is None or overall.value is None:
        return Fraction(0)
    return (number.x - overall.value) * weight / overall.moments.w


def _error(reading: Reading) -> Decimal | None:
    units = reading.n if reading.clusters is None else len(reading.clusters)
    return rounded(sqrt(squared_error(reading))) if units > 1 else None
