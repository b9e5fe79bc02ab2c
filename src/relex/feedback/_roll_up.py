"""Responses rolled up by account: the number of each account, of all of them together, and who was heard at all."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from relex import _checks
from relex.errors import InvalidValue
from relex.feedback._account_revenue import by_root, revenue_of
from relex.feedback._counting import parts_of
from relex.feedback._coverage import cover, invited_by
from relex.feedback._metric import Metric, Reading, reading_of
from relex.feedback._moments import Cell, Cluster, summed
from relex.feedback._roll_up_choice import KEEP, choose
from relex.feedback._roll_up_methods import ROLL_UPS, Number, Roles, Score, number_of, require_classes, roles_of
from relex.feedback._rolled import AccountRollUp, RolledAccount
from relex.parties import Hierarchy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from relex.feedback._responses import Response
    from relex.feedback._roll_up_choice import Chosen, Voice
    from relex.money import Money

__all__ = ["roll_up_accounts"]

_METHOD = _checks.one_of(*ROLL_UPS)
_KEEP = _checks.one_of(*KEEP)
_LEVEL = _checks.one_of("response", "account")
_MISSING = _checks.one_of("raise", "set_aside")
_INVALID = _checks.one_of("raise", "set_aside")
_METRIC = _checks.a(Metric)
_HIERARCHY = _checks.optional(_checks.a(Hierarchy))


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
        keys = {voice.key for voice in chosen.voices}
        self.xs = {key: metric.x(key) for key in keys if isinstance(key, int)}
        self.scores = {account: self._scores(voices) for account, voices in self.heard.items()}
        self.numbers: dict[str, Number] = {
            account: number_of(method, metric, scores, roles) for account, scores in self.scores.items() if scores
        }
        self.weights = self._weights(revenue, missing)
        self.is_weighted = revenue is not None

    def _scores(self, voices: Iterable[Voice]) -> list[Score]:
        return [
            Score(voice.role, voice.key, self.xs[voice.key], self.roles.weight(voice.role))
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
