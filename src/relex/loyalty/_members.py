"""A household pool: one account, several customers who earn for it and spend from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.changes import Change
from relex.errors import NotFound, Rejected
from relex.loyalty._member_events import ROLES, Member, MemberAdded, MemberRemoved
from relex.loyalty._occasions import in_utc

if TYPE_CHECKING:
    from datetime import datetime

    from relex.loyalty._account import Account
    from relex.loyalty._program import Program

__all__ = ["acting", "add_member", "members_at", "remove_member", "same_member"]

_OTHERS = _checks.one_of(*ROLES[1:])


def members_at(account: Account, at: datetime | None) -> tuple[Member, ...]:
    """See `Account.members_at`; `at` is in UTC, None for the last event."""
    found = {account.customer: Member(customer=account.customer, role="owner", since=account.opened_at)}
    for event in account._roster:  # noqa: SLF001 - our own
        if at is not None and event.at > at:
            break
        if type(event) is MemberAdded:
            since = found[event.customer].since if event.customer in found else event.at
            found[event.customer] = Member(customer=event.customer, role=event.role, since=since)
        else:
            found.pop(event.customer, None)
    return tuple(found.values())


def same_member(account: Account, known: Any, member: str | None) -> bool:
    """Whether a repeated command names the member that was recorded; nobody named is the owner."""
    recorded: str | None = known.member
    return (recorded or account.customer) == (member or account.customer)


def acting(
    command: str,
    account: Account,
    program: Program,
    member: str | None,
    effective: datetime,
    *,
    spends: bool = False,
) -> str:
    """The id of the member who acts; by default the owner.

    Args:
        command: For a refusal.
        account: The account.
        program: Says whether what was done before somebody joined counts.
        member: Id of the customer, or None.
        effective: When they acted.
        spends: Whether points are spent, which a contributor may not.

    Raises:
        NotFound: When the customer is no member.
        Rejected: `contributor` (member, allowed), `before_enrollment` (effective, since).
    """
    if member is None or member == account.customer:
        return account.customer
    _checks.text.require(f"{command}.member", member)
    then = {each.customer: each for each in members_at(account, effective)}
    found = then.get(member) or _joined_later(command, account, program, member, effective)
    if spends and not found.spends:
        allowed = tuple(each.customer for each in then.values() if each.spends)
        raise Rejected(command, "contributor", {"member": member, "allowed": allowed})
    return member


def _joined_later(command: str, account: Account, program: Program, member: str, effective: datetime) -> Member:
    found = next((each for each in account.members if each.customer == member and each.since > effective), None)
    if found is None:
        raise NotFound("member", member)
    if program.before_enrollment == "reject":
        raise Rejected(command, "before_enrollment", {"effective": effective, "since": found.since})
    return found


def add_member(account: Account, customer: str, program: Program, role: str, at: datetime) -> Change[Account]:
    """See `Account.add_member`."""
    at = _changing("add_member", account, customer, program, at)
    _OTHERS.require("add_member.role", role)
    if customer == account.customer:
        raise Rejected("add_member", "owner", {"customer": customer})
    known = next((each for each in account.members if each.customer == customer), None)
    if known is not None and known.role == role:
        return Change(account, ())
    _in_order("add_member", account, at)
    event = MemberAdded(source=account.id, version=account.version + 1, at=at, customer=customer, role=role)
    return Change(account.evolve(account, event), (event,))


def remove_member(account: Account, customer: str, program: Program, at: datetime) -> Change[Account]:
    """See `Account.remove_member`."""
    at = _changing("remove_member", account, customer, program, at)
    if customer == account.customer:
        raise Rejected("remove_member", "owner", {"customer": customer})
    if all(each.customer != customer for each in account.members):
        if any(event.customer == customer for event in account._roster):  # noqa: SLF001 - our own
            return Change(account, ())
        raise NotFound("member", customer)
    _in_order("remove_member", account, at)
    event = MemberRemoved(source=account.id, version=account.version + 1, at=at, customer=customer)
    return Change(account.evolve(account, event), (event,))


def _changing(command: str, account: Account, customer: str, program: Program, at: datetime) -> datetime:
    at = in_utc(f"{command}.at", at)
    _checks.text.require(f"{command}.customer", customer)
    if program.id != account.program:
        raise Rejected(command, "other_program", {"asked": program.id, "allowed": account.program})
    if account.status == "closed":
        raise Rejected(command, "closed", {"account": account.id})
    if at < account.opened_at:
        raise Rejected(command, "before_enrollment", {"at": at, "opened_at": account.opened_at})
    return at


def _in_order(command: str, account: Account, at: datetime) -> None:
    roster = account._roster  # noqa: SLF001 - our own
    last = roster[-1].at if roster else at
    if at < last:
        raise Rejected(command, "out_of_order", {"at": at, "last": last})
