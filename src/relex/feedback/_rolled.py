"""What a roll-up gives: a line for each account, and what they come to together."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import attrs

from relex._html import note, table
from relex.errors import InvalidValue, NotFound
from relex.feedback._distributions import rounded
from relex.feedback._intervals import squared_error
from relex.feedback._roll_up_methods import CLASSIFYING
from relex.figures import Figure

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

    from relex.feedback._coverage import AccountCoverage
    from relex.feedback._metric import Metric, Reading

__all__ = ["AccountRollUp", "RolledAccount"]


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


def _error(reading: Reading) -> Decimal | None:
    units = reading.n if reading.clusters is None else len(reading.clusters)
    return rounded(sqrt(squared_error(reading))) if units > 1 else None
