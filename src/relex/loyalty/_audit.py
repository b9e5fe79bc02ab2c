"""Whether an account is what it was: its entries fit together, and it agrees with what is known about it.

Events are numbered, so one that is missing or doubled among others is refused as soon as an account is made of them.
What the numbers cannot tell is told here: entries whose sums disagree, or that speak of others which are not there, a
tail that is missing (by the version or the balance that should be there), and anything at all that was changed since a
seal was taken.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.codec import dumps, tagged
from relex.loyalty._auditing import Known
from relex.loyalty._balance import Balance
from relex.loyalty._settling import unreported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.loyalty._account import Account

__all__ = ["AuditFinding", "Seal", "audit", "seal"]


@attrs.frozen(kw_only=True)
class AuditFinding:
    """Something about an account that cannot be.

    Attributes:
        code: What sort, such as `breakdown`, `over_reversed`, `notices`, `balance`, `seal`.
        version: Of the event that it was found at; None where it is not about one event.
        found: What is there, in words.
        expected: What should be there, in words.

    .. versionadded:: 0.1.0
    """

    code: str
    version: int | None
    found: str
    expected: str

    def __str__(self) -> str:
        place = "" if self.version is None else f" (event {self.version})"
        return f"{self.code}{place}: expected {self.expected}, found {self.found}"


@tagged("loyalty.Seal")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Seal:
    """A digest of all that happened to an account up to a version; to be kept apart from the account.

    Attributes:
        account: Id of the account.
        version: Of the account when the seal was taken.
        digest: SHA-256 of the stored form of its events, in hexadecimal digits.

    .. versionadded:: 0.1.0
    """

    account: str = attrs.field(validator=_checks.text)
    version: int = attrs.field(validator=_checks.whole(least=1))
    digest: str = attrs.field(validator=_checks.text)


def seal(account: Account) -> Seal:
    """See `Account.seal`."""
    return Seal(account=account.id, version=account.version, digest=_digest(account, account.version))


def _digest(account: Account, version: int) -> str:
    found = sha256()
    for event in account.events[:version]:
        found.update(dumps(event).encode())
        found.update(b"\n")
    return found.hexdigest()


def audit(
    account: Account, version: int | None, balance: Balance | None, sealed: Seal | None
) -> tuple[AuditFinding, ...]:
    """See `Account.audit`."""
    found = [*_of_events(account), *_of_notices(account), *_of_books(account)]
    if version is not None:
        _checks.whole(least=1).require("audit.version", version)
        found += _unlike("version", account.version, version)
    if balance is not None:
        _checks.a(Balance).require("audit.balance", balance)
        found += _unlike("balance", account.balance(as_of=balance.as_of, points=balance.currency), balance)
    if sealed is not None:
        _checks.a(Seal).require("audit.seal", sealed)
        found += _of_seal(account, sealed)
    return tuple(found)


def _unlike(code: str, found: object, expected: object) -> list[AuditFinding]:
    if found == expected:
        return []
    return [AuditFinding(code=code, version=None, found=str(found), expected=str(expected))]


def _of_seal(account: Account, sealed: Seal) -> list[AuditFinding]:
    if sealed.account != account.id:
        return _unlike("seal", f"account {account.id}", f"account {sealed.account}")
    if sealed.version > account.version:
        return _unlike("seal", f"{account.version} events", f"at least {sealed.version} events")
    return _unlike("seal", _digest(account, sealed.version), sealed.digest)


def _of_events(account: Account) -> Iterator[AuditFinding]:
    """What the entries say, each one against those before it."""
    known = Known()
    for event in account.events:
        for code, found, expected in known.judged(event):
            yield AuditFinding(code=code, version=event.version, found=found, expected=expected)


def _of_notices(account: Account) -> Iterator[AuditFinding]:
    """What was reported of starts and ends, against what the fold says."""
    for _, what, currency, name, points in unreported(account):
        yield AuditFinding(
            code="notices",
            version=None,
            found=f"{points} {currency} of {name} that {what} and were not reported",
            expected="notices that add up to what time did",
        )


def _of_books(account: Account) -> Iterator[AuditFinding]:
    """The first law, for each currency: what was given is somewhere."""
    for currency, book in account._ledger.books.items():  # noqa: SLF001 - our own
        placed: Any = book.usable + book.pending + book.held + book.redeemed + book.expired + book.reversed + book.out
        if book.credited != placed - book.owed:
            yield AuditFinding(
                code="buckets", version=None, found=f"{placed - book.owed} {currency}", expected=f"{book.credited}"
            )
