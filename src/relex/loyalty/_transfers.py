"""Points that move from one account to another of the same program: two changes, saved together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from relex import _checks
from relex.changes import Change
from relex.errors import Rejected
from relex.loyalty._commands import enough, moment, posted, ready, repeated, spendable
from relex.loyalty._events import Credit
from relex.loyalty._expiry import end_of, idle_part
from relex.loyalty._lots import EARNED, EXPIRES, FOREVER, ID, LEFT, first_lot
from relex.loyalty._member_events import MemberAdded
from relex.loyalty._members import acting, remove_member, same_member
from relex.loyalty._occasions import in_utc
from relex.loyalty._plan import plan_of
from relex.loyalty._settling import settled
from relex.loyalty._transfer_events import MovedLot, PointsReceived, PointsSent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from relex.loyalty._account import Account
    from relex.loyalty._plan import Plan
    from relex.loyalty._program import Program

__all__ = ["Transfer", "leave", "transfer"]


class Transfer(NamedTuple):
    """Both sides of a transfer; save them together.

    Attributes:
        sender: The change of the account that sent.
        receiver: The change of the account that received.

    .. versionadded:: 0.1.0
    """

    sender: Change[Account]
    receiver: Change[Account]


Taken: TypeAlias = tuple[Any, int]
"""An open lot, and how many of its points move."""


class _Asked(NamedTuple):
    """What a transfer asks for, checked."""

    command: str
    id: str
    at: datetime
    expiry: str
    member: str | None
    to_member: str | None


_POINTS = _checks.whole(least=1)
_EXPIRY = _checks.one_of("keep", "reset")


def transfer(  # noqa: PLR0913 - all that a transfer may tell
    points: int,
    sender: Account,
    receiver: Account,
    program: Program,
    *,
    id: str,  # noqa: A002 - the field's name everywhere in relex
    at: datetime,
    currency: str | None = None,
    expiry: str = "keep",
    member: str | None = None,
    to_member: str | None = None,
) -> Transfer:
    """Move available points to another account: the sender's lots in the order in which they are used up.

    Each lot that gives something makes one lot for the receiver. What is received was not earned: it counts for no
    tier and for no lifetime total. A transfer that is repeated changes nothing; where only one side was saved, it
    gives the change of the other side, as it was decided the first time.

    Args:
        points: In the smallest unit of the currency; above 0.
        sender: The account that the points leave.
        receiver: The account to which they come.
        program: The program of both.
        id: Of the transfer, for both sides.
        at: When the command is made.
        currency: Id of the points currency; by default the first that can be spent.
        expiry: `keep`: every lot keeps the instant at which it ends, also one that would end with inactivity, which no
            activity of the receiver moves. `reset`: the receiver's policy as if the points were given now.
        member: Id of the customer who sends; by default the owner of the account.
        to_member: Id of the customer in whose name the points come; by default the owner of the account.

    Raises:
        NotFound: For an unknown member.
        Rejected: `same_account`, `not_redeemable`, `insufficient_points` (asked, available), `contributor`,
            `breaks_later_entries`, `suspended`, `closed`, `before_enrollment`, `other_program`.
        Conflict: When a transfer of this id was recorded with other content.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.loyalty import Account, Program
        >>> program = Program("beans", currency="USD")
        >>> day = datetime(2026, 5, 1, 9, tzinfo=UTC)
        >>> ann, _ = Account.open("a1", customer="ann", program=program, at=day)
        >>> ben, _ = Account.open("a2", customer="ben", program=program, at=day)
        >>> ann, _ = ann.adjust(200, program, id="gift", reason="welcome", actor="eva", at=day)
        >>> (ann, _), (ben, _) = transfer(50, ann, ben, program, id="t1", at=day)
        >>> ann.balance(as_of=day).available, ben.balance(as_of=day).available
        (150, 50)

    .. versionadded:: 0.1.0
    """
    _POINTS.require("transfer.points", points)
    asked = _asked("transfer", sender, receiver, program, id, at, expiry, member, to_member)
    name = spendable("transfer", program, currency)
    known = _known(sender, receiver, asked)
    if known is not None:
        same = known.by_currency and {of for of, _ in known.by_currency} == {name} and known.points == points
        return _finished(sender, receiver, program, asked, known, same=bool(same))
    _allowed(sender, receiver, program, asked)
    enough("transfer", sender, name, points, asked.at)
    book = sender._ledger_at(asked.at).books[name]  # noqa: SLF001 - our own
    return _moved(sender, receiver, program, asked, {name: _front(book.open, points)})


def leave(
    customer: str,
    sender: Account,
    receiver: Account,
    program: Program,
    *,
    at: datetime,
    expiry: str = "keep",
    id: str | None = None,  # noqa: A002 - the field's name everywhere in relex
) -> Transfer:
    """Let a member go with their own points: what is available of the lots that came through them.

    These are the lots of entries that name them: what they earned, what was adjusted for them, what was transferred in
    their name. Pending and held points stay. Without `leave`, `Account.remove_member` leaves everything where it is.

    Args:
        customer: Id of the member.
        sender: The account that they leave.
        receiver: Their new account.
        program: The program of both.
        at: When the command is made.
        expiry: As for `transfer`.
        id: Of the transfer; by default one that names the customer, the account and the version in which they joined.

    Raises:
        NotFound: For an unknown member.
        Rejected: `owner`, who cannot leave; and as for `transfer` and `Account.remove_member`.
        Conflict: When a transfer of this id was recorded with other content.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.loyalty import Account, Program
        >>> program = Program("beans", currency="USD")
        >>> day = datetime(2026, 5, 1, 9, tzinfo=UTC)
        >>> home, _ = Account.open("a1", customer="ann", program=program, at=day)
        >>> home, _ = home.add_member("ben", program, at=day)
        >>> home, _ = home.adjust(30, program, id="j1", reason="goodwill", actor="eva", at=day, member="ben")
        >>> own, _ = Account.open("a2", customer="ben", program=program, at=day)
        >>> (home, _), (own, _) = leave("ben", home, own, program, at=day)
        >>> home.balance(as_of=day).available, own.balance(as_of=day).available
        (0, 30)

    .. versionadded:: 0.1.0
    """
    gone = remove_member(sender, customer, program, at)
    name = id or f"leave:{customer}:{sender.id}:{_joined(sender, customer)}"
    asked = _asked("leave", sender, receiver, program, name, at, expiry, customer, None)
    known = _known(sender, receiver, asked)
    if known is not None:
        found = _finished(sender, receiver, program, asked, known, same=True)
    elif not gone.events:
        return Transfer(gone, Change(receiver, ()))
    else:
        _allowed(sender, receiver, program, asked, spends=False)
        found = _moved(sender, receiver, program, asked, _own(sender, customer, program, asked.at))
    return Transfer(found.sender.then(lambda state: remove_member(state, customer, program, asked.at)), found.receiver)


def _joined(account: Account, customer: str) -> int:
    """The version in which a member joined last, or got another role."""
    roster = account._roster  # noqa: SLF001 - our own
    return max([event.version for event in roster if event.customer == customer and type(event) is MemberAdded])


def _asked(  # noqa: PLR0913, PLR0917 - what both commands say
    command: str,
    sender: Account,
    receiver: Account,
    program: Program,
    id_: str,
    at: datetime,
    expiry: str,
    member: str | None,
    to_member: str | None,
) -> _Asked:
    _checks.text.require(f"{command}.id", id_)
    _EXPIRY.require(f"{command}.expiry", expiry)
    if sender.id == receiver.id:
        raise Rejected(command, "same_account", {"account": sender.id})
    for account in (sender, receiver):
        ready(command, account, program)
    return _Asked(command, id_, in_utc(f"{command}.at", at), expiry, member, to_member)


def _allowed(sender: Account, receiver: Account, program: Program, asked: _Asked, *, spends: bool = True) -> None:
    for account in (sender, receiver):
        moment(asked.command, account, program, asked.at, asked.at)
    acting(asked.command, sender, program, asked.member, asked.at, spends=spends)
    acting(asked.command, receiver, program, asked.to_member, asked.at)


def _front(lots: Iterable[Any], points: int) -> list[Taken]:
    """What a debit would take."""
    found: list[Taken] = []
    for lot in lots:
        if not points:
            break
        part = min(points, lot[LEFT])
        found.append((lot, part))
        points -= part
    return found


def _own(account: Account, customer: str, program: Program, at: datetime) -> dict[str, list[Taken]]:
    """What is left, by currency, of the usable lots that came through a member."""
    entries = [entry for entry in account.entries() if (getattr(entry, "member", None) or account.customer) == customer]
    own = {credit.lot for entry in entries for credit in getattr(entry, "credits", ())}
    own |= {credit.lot for entry in entries if (credit := getattr(entry, "credit", None)) is not None}
    movable = {points.id for points in program.points if not points.qualifying}
    books = account._ledger_at(at).books  # noqa: SLF001 - our own
    found = {
        name: [(lot, lot[LEFT]) for lot in book.open if first_lot(lot[ID], own) is not None]
        for name, book in books.items()
        if name in movable
    }
    return {name: rows for name, rows in found.items() if rows}


def _known(sender: Account, receiver: Account, asked: _Asked) -> PointsSent | PointsReceived | None:
    """The side of this transfer that was recorded before.

    Raises:
        Conflict: When one was recorded for other accounts, members, or another end.
    """
    sent: Any = sender._find(("send", asked.id))  # noqa: SLF001 - our own
    received: Any = receiver._find(("receive", asked.id))  # noqa: SLF001 - our own
    for known, account, member, other in (
        (sent, sender, asked.member, receiver.id),
        (received, receiver, asked.to_member, sender.id),
    ):
        if known is not None:
            same = known.other == other and known.expiry == asked.expiry and same_member(account, known, member)
            repeated(account, known, same, asked.id)
    found: PointsSent | PointsReceived | None = sent or received
    return found


def _finished(
    sender: Account, receiver: Account, program: Program, asked: _Asked, known: Any, *, same: bool
) -> Transfer:
    """Nothing for a side that was recorded, and the other side as it was decided then."""
    repeated(sender, known, same, asked.id)
    sides = [Change(sender, ()), Change(receiver, ())]
    if sender._find(("send", asked.id)) is None:  # noqa: SLF001 - our own
        for currency in sorted({of for of, _ in known.by_currency}):
            points = sum([count for of, count in known.by_currency if of == currency])
            enough(asked.command, sender, currency, points, known.effective)
        sides[0] = _send(sender, receiver, program, asked, known.moved, known.effective)
    elif receiver._find(("receive", asked.id)) is None:  # noqa: SLF001 - our own
        sides[1] = _receive(sender, receiver, program, asked, known.moved, known.effective)
    return Transfer(*sides)


def _moved(
    sender: Account,
    receiver: Account,
    program: Program,
    asked: _Asked,
    taken: dict[str, list[Taken]],
) -> Transfer:
    """Both changes; none where there is nothing to move."""
    plan = plan_of(program)
    moved: list[MovedLot] = []
    for currency, rows in taken.items():
        for lot, points in rows:
            name = f"receive:{asked.id}" if not moved else f"receive:{asked.id}#{len(moved) + 1}"
            credit = _credit(plan, receiver, name, currency, lot, points, asked)
            moved.append(MovedLot(lot=lot[ID], credit=credit))
    if not moved:
        return Transfer(Change(sender, ()), Change(receiver, ()))
    return Transfer(
        _send(sender, receiver, program, asked, moved, asked.at),
        _receive(sender, receiver, program, asked, moved, asked.at),
    )


def _credit(plan: Plan, receiver: Account, name: str, currency: str, lot: Any, points: int, asked: _Asked) -> Credit:
    at = asked.at
    given = {"lot": name, "currency": currency, "points": points, "available_at": at}
    if asked.expiry == "keep":
        end = None if lot[EXPIRES] == FOREVER else lot[EXPIRES]
        return Credit(**given, earned_at=lot[EARNED], expires_at=end, own_end=end)  # type: ignore[arg-type]
    policy = plan.expiry(plan.currencies[currency], None, receiver.tier_at(at))
    own_end = end_of(policy, at, plan.program.tz)
    idle = idle_part(policy) is not None
    ends = [own_end, (_deadline(plan, receiver, currency, at) or receiver._deadline(currency)) if idle else None]  # noqa: SLF001
    end = min([each for each in ends if each is not None], default=None)
    return Credit(**given, earned_at=at, expires_at=end, own_end=own_end, idle=idle)  # type: ignore[arg-type]


def _deadline(plan: Plan, receiver: Account, currency: str, at: datetime) -> datetime | None:
    """Where inactivity begins to count with this transfer; None where it counts from an activity already."""
    before = receiver._deadline(currency)  # noqa: SLF001 - our own
    return plan.deadline(currency, at) if before is None or before <= at else None


def _send(
    sender: Account,
    receiver: Account,
    program: Program,
    asked: _Asked,
    moved: Sequence[MovedLot],
    effective: datetime,
) -> Change[Account]:
    account, events = settled(sender, program, asked.at)
    event = PointsSent(
        source=account.id,
        version=account.version + 1,
        at=asked.at,
        effective=effective,
        id=asked.id,
        other=receiver.id,
        moved=tuple(moved),
        expiry=asked.expiry,
        member=asked.member or account.customer,
    )
    return posted(asked.command, account, event, events, program, asked.at, allow_debt=False)


def _receive(
    sender: Account,
    receiver: Account,
    program: Program,
    asked: _Asked,
    moved: Sequence[MovedLot],
    effective: datetime,
) -> Change[Account]:
    account, events = settled(receiver, program, asked.at)
    plan = plan_of(program)
    idle = sorted({each.credit.currency for each in moved if each.credit.idle})
    begins = [(name, _deadline(plan, receiver, name, effective)) for name in idle]
    event = PointsReceived(
        source=account.id,
        version=account.version + 1,
        at=asked.at,
        effective=effective,
        id=asked.id,
        other=sender.id,
        moved=tuple(moved),
        expiry=asked.expiry,
        member=asked.to_member or account.customer,
        deadlines=tuple([(name, end) for name, end in begins if end is not None]),
    )
    return posted(asked.command, account, event, events, program, asked.at)
