"""Two accounts of one person become one: all lots with their dates, debts, and the higher tier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from relex import _checks
from relex.changes import Change
from relex.errors import Conflict, Rejected
from relex.loyalty._commands import belongs, moment, posted, ready
from relex.loyalty._events import Credit
from relex.loyalty._lots import ABSORBED, EARNED, ESCROW, EXPIRES, FOREVER, ID, LEFT, OWN_END
from relex.loyalty._notices import AccountClosed, TierAssigned
from relex.loyalty._occasions import in_utc
from relex.loyalty._plan import plan_of
from relex.loyalty._reviews import absorbed, better_floors
from relex.loyalty._settling import changed, settled
from relex.loyalty._transfer_events import MovedLot, PointsReceived

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from relex.loyalty._account import Account
    from relex.loyalty._ledger import Book
    from relex.loyalty._program import Program

__all__ = ["Absorption", "absorb"]


class Absorption(NamedTuple):
    """Both sides of an absorption; save them together.

    Attributes:
        account: The change of the account that goes on.
        other: The change of the account that ended.

    .. versionadded:: 0.1.0
    """

    account: Change[Account]
    other: Change[Account]


def absorb(account: Account, other: Account, program: Program, *, at: datetime, reason: str = "") -> Absorption:
    """Move everything that another account holds to this one, and close that.

    All lots come with their dates: usable ones, pending ones, those in escrow, in every currency. Lots that end with
    inactivity go on doing so, and the later activity of both counts. Debts come, too. Of the two tiers the higher
    holds, to its own end, and then a lower one that lasts longer, as do floors that were assigned; where a tier lasts
    only while it is met, it holds as a floor to the end of the running period (of a rolling window: for its length).
    What the other had earned stays in its own history: it counts for no tier and for no lifetime total here. Its
    purchases count in `account.purchases`.

    Members stay as they are. Where the customer of the other account is one of them, the points come in that name, and
    otherwise in that of the owner.

    An absorption that is repeated changes nothing; where only one side was saved, it gives the change of the other.

    Args:
        account: The account that goes on.
        other: The account that ends; its `AccountClosed` names this one.
        program: The program of both.
        at: When; not before the last entry of `other`.
        reason: Why, for the one that is closed.

    Raises:
        Rejected: `same_account`, `open_holds` (holds), `suspended`, `closed`, `out_of_order` (at, last),
            `before_enrollment`, `other_program`.
        Conflict: When this account has absorbed the other, and the other has changed since.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.loyalty import Account, Program
        >>> program = Program("beans", currency="USD")
        >>> day = datetime(2026, 5, 1, 9, tzinfo=UTC)
        >>> one, _ = Account.open("a1", customer="ann", program=program, at=day)
        >>> two, _ = Account.open("a2", customer="anne", program=program, at=day)
        >>> two, _ = two.adjust(200, program, id="gift", reason="welcome", actor="eva", at=day)
        >>> (one, _), (two, _) = absorb(one, two, program, at=day)
        >>> one.balance(as_of=day).available, two.status
        (200, 'closed')

    .. versionadded:: 0.1.0
    """
    at = in_utc("absorb.at", at)
    _checks.a(str).require("absorb.reason", reason)
    if account.id == other.id:
        raise Rejected("absorb", "same_account", {"account": account.id})
    ready("absorb", account, program)
    belongs("absorb", other, program)
    known: Any = account._find(("absorb", other.id))  # noqa: SLF001 - our own
    end = next((event for event in other.events if type(event) is AccountClosed), None)
    if end is not None and end.into == account.id:
        if known is not None:
            return Absorption(Change(account, ()), Change(other, ()))
        before: Any = type(other).replay(other.events[: end.version - 1])
        return Absorption(_taken_over(account, before, program, at, end.effective), Change(other, ()))
    ready("absorb", other, program)
    moment("absorb", account, program, at, at)
    return _absorbed(account, other, program, at, reason, known)


def _absorbed(
    account: Account, other: Account, program: Program, at: datetime, reason: str, known: PointsReceived | None
) -> Absorption:
    moment("absorb", other, program, at, at)
    last = other._last[0]  # noqa: SLF001 - our own
    if at < last:
        raise Rejected("absorb", "out_of_order", {"at": at, "last": last})
    settled_other, events = settled(other, program, at)
    books = settled_other._ledger_at(at).books  # noqa: SLF001 - our own
    holds = tuple([hold.id for book in books.values() for hold in book.holds])
    if holds:
        raise Rejected("absorb", "open_holds", {"holds": holds})
    mine = Change(account, ())
    if known is None:
        mine = _taken_over(account, settled_other, program, at, at)
    elif (known.moved, known.owed) != _contents(account, settled_other, at)[:2]:
        raise Conflict(other.id, known, "the other account has changed since")
    event = AccountClosed(
        source=other.id, version=settled_other.version + 1, at=at, effective=at, reason=reason, into=account.id
    )
    return Absorption(mine, Change(settled_other.evolve(settled_other, event), (*events, event)))


def _taken_over(
    account: Account, other: Account, program: Program, at: datetime, effective: datetime
) -> Change[Account]:
    """The change of the account that goes on."""
    account, events = settled(account, program, at)
    moved, owed, deadlines = _contents(account, other, effective)
    joined = any(each.customer == other.customer for each in account.members)
    event = PointsReceived(
        source=account.id,
        version=account.version + 1,
        at=at,
        effective=effective,
        id=other.id,
        other=other.id,
        moved=moved,
        member=other.customer if joined else account.customer,
        absorbed=True,
        deadlines=deadlines,
        owed=owed,
        purchases=other.purchases,
    )
    change = posted("absorb", account, event, events, program, at)
    return change.then(lambda state: _with_standing(state, other, program, at)) if program.tiers else change


def _with_standing(account: Account, other: Account, program: Program, at: datetime) -> Change[Account]:
    """The account with the higher of the two tiers."""
    plan, theirs = plan_of(program), other.standing
    floors = better_floors(plan, account, theirs, at)
    events: tuple[Any, ...] = ()
    if floors and floors != account.standing.floors:
        event = TierAssigned(
            source=account.id,
            version=account.version + 1,
            at=at,
            effective=at,
            tier=floors[0][0],
            until=floors[0][1],
            reason="absorbed",
            actor=f"account {other.id}",
            then=floors[1:],
        )
        account, events = account.evolve(account, event), (event,)
    account, more = changed(account, absorbed(plan, account, theirs, at))
    return Change(account, events + more)


_Contents = tuple[tuple[MovedLot, ...], tuple[tuple[str, int], ...], tuple[tuple[str, "datetime"], ...]]


def _contents(account: Account, other: Account, at: datetime) -> _Contents:
    """What comes of an account: its lots, its debts, and where they move the end of lots that end with inactivity."""
    given = {credit.lot: credit for entry in other.entries() for credit in getattr(entry, "credits", ())}
    books = other._ledger_at(at).books  # noqa: SLF001 - our own
    deadlines = tuple(
        [(name, end) for name in sorted(books) if (end := _deadline(account, books[name], at)) is not None]
    )
    later = dict(deadlines)
    moved: list[MovedLot] = []
    for name in sorted(books):
        ends = later.get(name, account._deadline(name))  # noqa: SLF001 - our own
        lapsed = _lapsed(account, name, at)
        for lot, starts in _lots(books[name], at):
            lot_name = f"{ABSORBED}{other.id}" if not moved else f"{ABSORBED}{other.id}#{len(moved) + 1}"
            credit = _credit(lot_name, name, lot, starts, given.get(lot[ID]), ends, at)
            if credit.idle and lapsed is not None and credit.earned_at < lapsed:
                credit = _given_now(credit, at)
            moved.append(MovedLot(lot=lot[ID], credit=credit))
    owed = tuple([(name, books[name].owed) for name in sorted(books) if books[name].owed])
    return tuple(moved), owed, deadlines


def _lots(book: Book, at: datetime) -> Iterator[tuple[Any, datetime]]:
    """Every lot with the instant at which it starts."""
    yield from ((lot, at) for lot in book.open)
    yield from ((lot[1:], lot[0]) for lot in book.waiting)


def _deadline(account: Account, book: Book, at: datetime) -> datetime | None:
    """Where lots that end with inactivity end, if the activity of the other account is the later one."""
    own = account._deadline(book.currency)  # noqa: SLF001 - our own
    idle = any(lot[OWN_END] is not None for lot, _ in _lots(book, at))
    return book.deadline if idle and book.deadline is not None and (own is None or own < book.deadline) else None


def _lapsed(account: Account, currency: str, at: datetime) -> datetime | None:
    """When the own lots of an account last ended with inactivity."""
    book = account._ledger.books.get(currency)  # noqa: SLF001 - our own
    if book is None or book.deadline is None:
        return None
    return book.deadline if book.deadline <= at else max([gap for gap, _ in book.gaps], default=None)


def _credit(
    name: str,
    currency: str,
    lot: Any,
    starts: datetime,
    given: Credit | None,
    deadline: datetime | None,
    at: datetime,
) -> Credit:
    """A lot as it was, with what is left of it."""
    end = own_end = lot[EXPIRES]
    idle, escrow = False, None
    if given is not None and end == ESCROW:
        own_end, end, idle, escrow = given.own_end, given.expires_at, given.idle, given.escrow
    elif lot[OWN_END] is not None:
        later = min(lot[OWN_END], deadline or FOREVER)
        if at < end <= later:  # not one that has ended before it starts, nor one whose end was put off
            own_end, end, idle = lot[OWN_END], later, True
    return Credit(
        lot=name,
        currency=currency,
        points=lot[LEFT],
        earned_at=lot[EARNED],
        available_at=starts,
        expires_at=None if end == FOREVER else end,
        own_end=None if own_end == FOREVER else own_end,
        idle=idle,
        escrow=escrow,
    )


def _given_now(credit: Credit, at: datetime) -> Credit:
    """The lot as if it were given now, or a lapse of the account's own lots would end it, too."""
    ended = credit.expires_at is not None and credit.expires_at <= at  # a lot in escrow, whose end is decided later
    return attrs.evolve(credit, earned_at=at, expires_at=None if ended else credit.expires_at)
