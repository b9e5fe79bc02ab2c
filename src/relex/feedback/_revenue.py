"""Revenue by what customers said: promoters, passives, detractors, and those who said nothing."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import Bar, table
from relex.errors import InvalidValue, NotFound
from relex.feedback._account_revenue import by_root, revenue_of
from relex.feedback._metric import Metric
from relex.feedback._rolled import AccountRollUp
from relex.figures import Figure
from relex.money import Money
from relex.parties import Hierarchy
from relex.rules import Rule, compile_rule

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["RevenueByClass", "revenue_by_class", "value_where"]

SILENT = ("unscored", "no_response", "not_surveyed")
"""Accounts without a band: answered without a score, asked without an answer, and not asked."""

_METRIC = _checks.a(Metric)
_RULE = _checks.a(Rule)
_ACCOUNT = _checks.optional(_checks.text)
_HIERARCHY = _checks.optional(_checks.a(Hierarchy))
_ACCOUNTS = _checks.each(_checks.text)
_MISSING = _checks.one_of("raise", "set_aside")
_CLASSES = _checks.Check(
    "an AccountRollUp, or a mapping from accounts to bands or None",
    lambda value: isinstance(value, (AccountRollUp, Mapping)),
)


@attrs.frozen(kw_only=True)
class RevenueByClass:
    """What `revenue_by_class` gives: parts that add up to all revenue.

    Attributes:
        metric: The metric whose bands are meant.
        method: How an account got its band: a method of `roll_up_accounts`, or `given`.
        parts: The revenue of each band, then of unscored, no_response and not_surveyed.
        accounts: How many accounts each part has.
        set_aside: Accounts that answered or were asked and have no revenue; sorted.

    .. versionadded:: 0.1.0
    """

    metric: Metric
    method: str
    parts: tuple[tuple[str, Money], ...]
    accounts: tuple[tuple[str, int], ...]
    set_aside: tuple[str, ...] = ()

    @property
    def total(self) -> Money:
        """All of it."""
        return Money.sum([amount for _, amount in self.parts])

    @property
    def scored(self) -> Money:
        """The revenue of accounts that have a band."""
        return self._of(self._bands)

    @property
    def asked(self) -> Money:
        """The revenue of accounts that were asked, whether they answered or not."""
        return self._of([*self._bands, "unscored", "no_response"])

    @property
    def net(self) -> Fraction | None:
        """The metric over revenue instead of people, exact; None where no revenue has a band.

        Of NPS: 100 (promoters - detractors) by (promoters + passives + detractors).
        """
        if not self.scored:
            return None
        xs = [(_x_of(self.metric, name), self.part(name)) for name in self._bands]
        return sum([x * (amount / self.scored) for x, amount in xs], Fraction(0))

    @property
    def asked_share(self) -> Fraction | None:
        """Of all revenue, the share that was asked; None without revenue."""
        return self.asked / self.total if self.total else None

    @property
    def scored_share(self) -> Fraction | None:
        """Of all revenue, the share that has a band; None without revenue."""
        return self.scored / self.total if self.total else None

    def part(self, name: str) -> Money:
        """The revenue of one part.

        Raises:
            NotFound: For a part that there is not.

        .. versionadded:: 0.1.0
        """
        for known, amount in self.parts:
            if known == name:
                return amount
        raise NotFound("part of the revenue", name)

    def as_figure(self) -> Figure:
        """The metric over revenue as a `Figure` with all parts.

        .. versionadded:: 0.1.0
        """
        return Figure(
            self.net,
            self.metric.method.unit,
            parts=self.parts,
            method=f"revenue {self.metric.name} by {self.method}",
            reason="no_scored" if self.net is None else None,
        )

    @property
    def _bands(self) -> list[str]:
        return [band.name for band in self.metric.bands]

    def _of(self, names: Iterable[str]) -> Money:
        return Money.sum([self.part(name) for name in names], self.parts[0][1].currency)

    def __str__(self) -> str:
        told = "" if self.scored_share is None else f", {Figure(self.scored_share * 100).show(0)} % of revenue scored"
        return f"revenue {self.metric.name} {self.as_figure().show(1)} by {self.method} ({self.total}{told})"

    def _repr_html_(self) -> str:
        """One row for each part."""
        counts = dict(self.accounts)
        shares = {name: amount / self.total if self.total else Fraction(0) for name, amount in self.parts}
        rows = [
            (name, amount, f"{Figure(shares[name] * 100).show(1)} %", Bar(shares[name]), counts[name])
            for name, amount in self.parts
        ]
        return table(str(self), ("", "revenue", "share", "", "accounts"), rows)


def revenue_by_class(
    classes: AccountRollUp | Mapping[str, str | None],
    revenue: Mapping[str, Money],
    *,
    asked: Iterable[str] = (),
    metric: Metric | None = None,
    missing_revenue: str = "raise",
    hierarchy: Hierarchy | None = None,
) -> RevenueByClass:
    """All revenue, by the band of the account that it comes from.

    The parts are the bands of the metric, then `unscored` (answered without a score), `no_response` (asked) and
    `not_surveyed`; they add up to the whole.

    Args:
        classes: A roll-up by a method that gives each account a band; or the band of each account that answered, None
            where it gave no score.
        revenue: Of every account, whether it was asked or not; at least 0, in one currency.
        asked: Accounts that were asked; those that answered need not be named.
        metric: Whose bands they are, where `classes` is a mapping; by default NPS.
        missing_revenue: `raise` for an account that answered or was asked and has no revenue, or `set_aside`.
        hierarchy: As of the roll-up: revenue and requests of an account count for the one at the top, whose band it is.

    Raises:
        InvalidValue: For a band that the metric has not, a metric without bands or with several x in one of them, a
            roll-up by a method without bands, no revenue at all, or an account without any.
        CurrencyMismatch: For revenue in several currencies.

    Example:
        >>> classes = {"acme": "passive", "bolt": "detractor", "core": "promoter"}
        >>> revenue = {"acme": Money(500, "USD"), "bolt": Money(400, "USD"), "core": Money(100, "USD")}
        >>> found = revenue_by_class(classes, revenue | {"dune": Money(600, "USD")})
        >>> print(found)
        revenue nps -30.0 by given (1600.00 USD, 63 % of revenue scored)
        >>> found.part("not_surveyed")
        Money('600.00', 'USD')

    .. versionadded:: 0.1.0
    """
    _CLASSES.require("revenue_by_class.classes", classes)
    _MISSING.require("revenue_by_class.missing_revenue", missing_revenue)
    _HIERARCHY.require("revenue_by_class.hierarchy", hierarchy)
    bands, of, method = _given(classes, metric)
    root = by_root(hierarchy)
    known = revenue_of("revenue_by_class.revenue", revenue, root)
    if not known:
        raise InvalidValue("revenue_by_class.revenue", revenue, "the revenue of at least one account")
    approached = _checks.items("revenue_by_class.asked", asked)
    _ACCOUNTS.require("revenue_by_class.asked", approached)
    was_asked = frozenset(map(root, approached))
    lacking = sorted({*bands, *was_asked}.difference(known))
    if lacking and missing_revenue == "raise":
        raise InvalidValue(f"revenue_by_class.revenue[{lacking[0]}]", None, "an amount, or missing_revenue=set_aside")
    names = [*[band.name for band in of.bands], *SILENT]
    places: dict[str, list[Money]] = {name: [] for name in names}
    for account, amount in known.items():
        silent = "no_response" if account in was_asked else "not_surveyed"
        places[(bands[account] or "unscored") if account in bands else silent].append(amount)
    currency = next(iter(known.values())).currency
    return RevenueByClass(
        metric=of,
        method=method,
        parts=tuple([(name, Money.sum(amounts, currency)) for name, amounts in places.items()]),
        accounts=tuple([(name, len(amounts)) for name, amounts in places.items()]),
        set_aside=tuple(lacking),
    )


def _given(
    classes: AccountRollUp | Mapping[str, str | None], metric: Metric | None
) -> tuple[Mapping[str, str | None], Metric, str]:
    """The band of each account, of which metric, and by which method."""
    if isinstance(classes, AccountRollUp):
        if metric not in (None, classes.metric):
            raise InvalidValue("revenue_by_class.metric", metric, f"None, or {classes.metric}, which was rolled up")
        _require_bands(classes.metric)
        return classes.classes, classes.metric, classes.method
    of = Metric.nps() if metric is None else metric
    _METRIC.require("revenue_by_class.metric", of)
    _require_bands(of)
    names = [band.name for band in of.bands]
    for account, band in classes.items():
        if band is not None and band not in names:
            raise InvalidValue(f"revenue_by_class.classes[{account}]", band, f"one of {', '.join(names)}, or None")
    return classes, of, "given"


def _require_bands(metric: Metric) -> None:
    if not metric.bands or {band.name for band in metric.bands}.intersection(SILENT):
        raise InvalidValue(
            "revenue_by_class.metric", metric.name, f"a metric with bands, none called {', '.join(SILENT)}"
        )
    for band in metric.bands:
        if len({metric.x(score) for score in band.scores}) > 1:
            raise InvalidValue("revenue_by_class.metric", metric.name, f"one x for all scores of the band {band}")


def _x_of(metric: Metric, band: str) -> Fraction:
    return next(metric.x(each.scores[0]) for each in metric.bands if each.name == band)


def value_where(
    rule: Rule, subjects: Iterable[Any], revenue: Mapping[str, Money], *, missing_revenue: str = "raise"
) -> Figure:
    """The revenue of the accounts that match a rule, each account once.

    Args:
        rule: About the facts of a response, or of an account.
        subjects: Responses; or anything with `facts()` that has a fact `account`; or mappings of facts that have one.
            What names no account is counted in the part `unlinked`.
        revenue: Of each account; at least 0, in one currency.
        missing_revenue: `raise` for an account that matches and has no revenue, or `set_aside`, which counts it in the
            part `without_revenue`.

    Returns:
        The sum, with `accounts` (how many match), `unlinked` (subjects that match and name no account), `unknown`
        (subjects of which the rule cannot tell), `without_revenue` and `revenue` (of all accounts) as parts.

    Raises:
        InvalidValue: For no revenue at all, an account without any, or one that is no text.
        CurrencyMismatch: For revenue in several currencies.

    Example:
        >>> from relex.rules import field
        >>> accounts = [{"account": "acme", "open_cases": 3}, {"account": "bolt", "open_cases": 0}]
        >>> revenue = {"acme": Money(500, "USD"), "bolt": Money(400, "USD")}
        >>> print(value_where(field("open_cases") >= 1, accounts, revenue))
        500.00 USD

    .. versionadded:: 0.1.0
    """
    _RULE.require("value_where.rule", rule)
    _MISSING.require("value_where.missing_revenue", missing_revenue)
    known = revenue_of("value_where.revenue", revenue, str)
    if not known:
        raise InvalidValue("value_where.revenue", revenue, "the revenue of at least one account")
    test = compile_rule(rule)
    matching: dict[str, None] = {}
    unlinked = unknown = 0
    for place, subject in enumerate(_checks.items("value_where.subjects", subjects)):
        facts = _facts(f"value_where.subjects[{place}]", subject)
        answer, account = test(facts), facts.get("account")
        _ACCOUNT.require(f"value_where.subjects[{place}].account", account)
        unknown += answer is None
        unlinked += answer is True and account is None
        if answer and account is not None:
            matching[account] = None
    lacking = [account for account in matching if account not in known]
    if lacking and missing_revenue == "raise":
        raise InvalidValue(f"value_where.revenue[{lacking[0]}]", None, "an amount, or missing_revenue=set_aside")
    everything = Money.sum(list(known.values()))
    counts = {"unlinked": unlinked, "unknown": unknown, "without_revenue": len(lacking)}
    return Figure(
        Money.sum([known[account] for account in matching if account in known], everything.currency),
        everything.currency,
        parts={"accounts": len(matching), "revenue": everything, **counts},
        method="revenue of accounts that match",
    )


def _facts(path: str, subject: Any) -> Mapping[str, Any]:
    facts = subject if isinstance(subject, Mapping) else getattr(subject, "facts", lambda: None)()
    if not isinstance(facts, Mapping):
        raise InvalidValue(path, subject, "a mapping of facts, or what has facts()")
    return facts
