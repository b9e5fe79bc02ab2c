"""Who was heard: of all accounts, contacts, roles and revenue."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import table
from relex.figures import Figure
from relex.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relex.feedback._roll_up_choice import Voice

__all__ = ["AccountCoverage", "cover", "invited_by"]

_INVITED = _checks.Check(
    "a mapping from accounts to their contacts, or None", lambda value: value is None or isinstance(value, Mapping)
)
_CONTACTS = _checks.each(_checks.text)


@attrs.frozen(kw_only=True)
class AccountCoverage:
    """How much of all accounts a roll-up rests on.

    Attributes:
        accounts_invited: How many accounts were asked; None where nobody said.
        accounts_responded: How many gave a response, with or without a score, invited or not.
        accounts_scored: How many gave a score.
        contacts_invited: How many contacts were asked; None where nobody said.
        contacts_responded: How many gave a response.
        account_response_rate: Of the accounts that were asked, the share that responded; None where none was.
        contact_response_rate: The same of contacts.
        revenue: Of all accounts; None where nobody said.
        revenue_responded: Of the accounts that gave a response.
        roles_missing: Of each role that was named, in how many accounts with a response nobody of it gave a score.

    .. versionadded:: 0.1.0
    """

    accounts_invited: int | None
    accounts_responded: int
    accounts_scored: int
    contacts_invited: int | None
    contacts_responded: int
    account_response_rate: Fraction | None
    contact_response_rate: Fraction | None
    revenue: Money | None
    revenue_responded: Money | None
    roles_missing: tuple[tuple[str, int], ...] = ()

    @property
    def revenue_share(self) -> Fraction | None:
        """The revenue of accounts that responded by that of all; None where there is none."""
        return self.revenue_responded / self.revenue if self.revenue and self.revenue_responded is not None else None

    def __str__(self) -> str:
        asked = "" if self.accounts_invited is None else f" of {self.accounts_invited} asked"
        share = "" if self.revenue_share is None else f", {_percent(self.revenue_share)} of revenue"
        return f"{self.accounts_responded} accounts{asked}, {self.contacts_responded} contacts{share}"

    def _repr_html_(self) -> str:
        rows = [
            ("accounts", self.accounts_invited, self.accounts_responded, _percent(self.account_response_rate)),
            ("contacts", self.contacts_invited, self.contacts_responded, _percent(self.contact_response_rate)),
            ("revenue", self.revenue, self.revenue_responded, _percent(self.revenue_share)),
        ]
        return table("Coverage", ("", "asked, or all", "responded", "share"), rows)


def invited_by(invited: object, root: Callable[[str], str]) -> dict[str, set[str]] | None:
    """The contacts who were asked, by the account that they count for."""
    _INVITED.require("roll_up_accounts.invited", invited)
    if invited is None:
        return None
    found: dict[str, set[str]] = {}
    for account, contacts in invited.items():  # type: ignore[attr-defined]  # it is a mapping
        people = _checks.items(f"roll_up_accounts.invited[{account}]", contacts)
        _CONTACTS.require(f"roll_up_accounts.invited[{account}]", people)
        if people:
            found.setdefault(root(account), set()).update(people)
    return found


def cover(
    voices: Sequence[Voice],
    revenue: Mapping[str, Money] | None,
    invited: Mapping[str, set[str]] | None,
    roles: Sequence[str],
) -> AccountCoverage:
    """What the responses that were chosen rest on."""
    heard: dict[str, set[str]] = {}
    scored: dict[str, set[str | None]] = {}
    for voice in voices:
        heard.setdefault(voice.account, set()).add(voice.contact)
        if isinstance(voice.key, int):
            scored.setdefault(voice.account, set()).add(voice.role)
    asked = None if invited is None else {(account, each) for account, people in invited.items() for each in people}
    people = {(account, each) for account, found in heard.items() for each in found}
    return AccountCoverage(
        accounts_invited=None if invited is None else len(invited),
        accounts_responded=len(heard),
        accounts_scored=len(scored),
        contacts_invited=None if asked is None else len(asked),
        contacts_responded=len(people),
        account_response_rate=_rate(heard.keys(), None if invited is None else invited.keys()),
        contact_response_rate=_rate(people, asked),
        revenue=_sum(revenue, revenue),
        revenue_responded=_sum(revenue, heard),
        roles_missing=tuple([(role, _without(role, heard, scored)) for role in roles]),
    )


def _without(role: str, heard: Mapping[str, set[str]], scored: Mapping[str, set[str | None]]) -> int:
    return sum([role not in scored.get(account, ()) for account in heard])


def _rate(found: object, asked: object) -> Fraction | None:
    return Fraction(len(found & asked), len(asked)) if asked else None  # type: ignore[operator, arg-type]  # both are sets


def _sum(revenue: Mapping[str, Money] | None, accounts: Mapping[str, object] | None) -> Money | None:
    if not revenue or accounts is None:
        return None
    currency = next(iter(revenue.values())).currency
    return Money.sum([revenue[account] for account in accounts if account in revenue], currency)


def _percent(share: Fraction | None) -> str:
    return "" if share is None else f"{Figure(share * 100).show(0)} %"
