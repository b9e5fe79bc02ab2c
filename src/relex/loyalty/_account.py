"""A member's account: the aggregate, how it is made of its events, and what it can be asked and told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from relex import _checks
from relex._trusted import filling, trusted
from relex.changes import Change, Event
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.loyalty import _commands
from relex.loyalty._balance import Balance, balance_of
from relex.loyalty._events import (
    FOLLOWER,
    NOTICE,
    AccountClosed,
    AccountOpened,
    AccountResumed,
    AccountSuspended,
    Entry,
    PointsEarned,
    TierAssigned,
    TierChanged,
)
from relex.loyalty._journal import EMPTY, Journal
from relex.loyalty._ledger import Ledger, Notes
from relex.loyalty._occasions import in_utc
from relex.loyalty._standing import NO_TIER, Standing, standing_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from relex.loyalty._ledger import Effect
    from relex.loyalty._program import Program

__all__ = ["Account"]


Key = tuple[Any, ...]


@tagged("loyalty.Account")
@attrs.frozen(init=False, eq=False, repr=False, weakref_slot=False)
class Account:
    """One membership: its entries, what they make of its points, its tier.

    An account is made of its events and of nothing else. Commands return a `Change` and leave the account as it was;
    questions take `as_of` and answer for any instant, past or to come.

    Attributes:
        events: Everything that happened, in the order in which it was recorded.
        id: Of the account.
        customer: Id of the customer.
        program: Id of the program.
        opened_at: When the account was opened.
        status: `open`, `suspended` or `closed`.
        version: How many events made this state.
        standing: The tier, as last recorded.
        purchases: How many purchases were recorded.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.loyalty import EarningRule, Flat, Occasion, Program
        >>> program = Program("beans", currency="USD", rules=[EarningRule("visit", Flat(10), on="visit")])
        >>> day = datetime(2026, 5, 1, 9, tzinfo=UTC)
        >>> account, _ = Account.open("a1", customer="c1", program=program, at=day)
        >>> account, events = account.earn(Occasion("visit", "v1", day), program, at=day)
        >>> account.balance(as_of=day).available, events[0].breakdown.by_rule()
        (10, {'visit': 10})

    .. versionadded:: 0.1.0
    """

    events: tuple[Event, ...]
    id: str = attrs.field(init=False)
    customer: str = attrs.field(init=False)
    program: str = attrs.field(init=False)
    opened_at: datetime = attrs.field(init=False)
    status: str = attrs.field(init=False)
    version: int = attrs.field(init=False)
    standing: Standing = attrs.field(init=False)
    purchases: int = attrs.field(init=False)
    _journal: Journal = attrs.field(init=False)
    _order: Journal | None = attrs.field(init=False)
    _last: Key = attrs.field(init=False)
    _ledger: Ledger = attrs.field(init=False)
    _ids: dict[Any, int] = attrs.field(init=False)
    _tally: Any = attrs.field(init=False)

    def __init__(self, events: Iterable[Event]) -> None:
        """Rebuild an account from its events, in the order of their versions."""
        made = replay(events)
        if made is None:
            raise InvalidValue("Account.events", (), "at least the AccountOpened that made it")
        _fill(self, None, *[getattr(made, field.name) for field in attrs.fields(Account)[1:]])

    # How it is made.

    @staticmethod
    def evolve(state: Account | None, event: Event) -> Account:
        """The account after one more event."""
        kind = type(event)
        if kind is AccountOpened:
            return _opened(state, event)  # type: ignore[arg-type]
        if state is None or event.source != state.id or event.version != state.version + 1:
            raise InvalidValue("Account.evolve.event", event, _next(state))
        return _posted(state, event) if isinstance(event, Entry) else _marked(state, event)

    @staticmethod
    def replay(events: Iterable[Event], state: Account | None = None) -> Account | None:
        """The account after many events, faster than one by one and with the same result.

        Args:
            events: In the order of their versions.
            state: Where to start; by default nothing.

        .. versionadded:: 0.1.0
        """
        return replay(events, state)

    @staticmethod
    def open(id: str, *, customer: str, program: Program, at: datetime) -> Change[Account]:  # noqa: A002 - the field's name everywhere in relex
        """Open an account.

        Args:
            id: Of the account.
            customer: Id of the customer.
            program: The program that is joined.
            at: When.

        .. versionadded:: 0.1.0
        """
        at = in_utc("open.at", at)
        event = AccountOpened(source=id, version=1, at=at, customer=customer, program=program.id)
        return Change(_opened(None, event), (event,))

    # What it is told.

    def earn(
        self,
        occasion: Any,
        program: Program,
        *,
        at: datetime,
        customer: Mapping[str, Any] | None = None,
    ) -> Change[Account]:
        """Judge an occasion by the program and record what it earns, with the reasons, also when that is nothing.

        The same occasion given twice changes nothing the second time.

        Args:
            occasion: A `Purchase`, an `Occasion`, or anything with `kind`, `id`, `at` and `facts()`.
            program: The version of the program that decides.
            at: When the command is made; the occasion's own `at` is the business moment and not after it.
            customer: Facts of the customer that rules ask for as `customer.<name>`.

        Raises:
            Rejected: `suspended`, `closed`, `before_enrollment`, `future`, `other_program`, `not_in_force`.
            Conflict: When an occasion of this kind and id was recorded with other content.
            CurrencyMismatch: For a purchase in another currency than the program's.

        .. versionadded:: 0.1.0
        """
        return _commands.earn(self, occasion, program, at, customer)

    def redeem(
        self,
        points: int,
        program: Program,
        *,
        id: str,  # noqa: A002 - the field's name everywhere in relex
        at: datetime,
        currency: str | None = None,
        purchase: str | None = None,
        reward: str | None = None,
        effective: datetime | None = None,
        allow_debt: bool = False,
    ) -> Change[Account]:
        """Spend points, from the lots that end first.

        Args:
            points: In the smallest unit of the currency; above 0.
            program: The program.
            id: Of the redemption; the same id with the same content changes nothing the second time.
            at: When the command is made.
            currency: Id of the points currency; by default the first that can be spent.
            purchase: Id of the purchase that is paid with them.
            reward: Id of the reward.
            effective: The business moment; by default `at`.
            allow_debt: Whether what is not covered is owed, as histories of other systems need.

        Raises:
            Rejected: `insufficient_points` (asked, available), `not_redeemable`, `breaks_later_entries` (entries),
                `suspended`, `closed`, `future`, `before_enrollment`, `other_program`.
            Conflict: When a redemption of this id was recorded with other content.

        .. versionadded:: 0.1.0
        """
        asked = _commands.Spending(points, id, currency, purchase, reward, effective, allow_debt)
        return _commands.redeem(self, asked, program, at)

    # What it can be asked.

    def balance(
        self, *, as_of: datetime, points: str | None = None, known_at: datetime | None = None
    ) -> Balance:
        """What the account holds at an instant; the same whether or not anybody settled.

        Args:
            as_of: The instant; entries with a later business moment are not seen.
            points: Id of the points currency; by default the one that was posted first.
            known_at: Leave out what was recorded later than this.

        .. versionadded:: 0.1.0
        """
        at = in_utc("balance.as_of", as_of)
        ledger = self._ledger_at(at, known_at)
        name = points or next(iter(self._ledger.books), "points")
        return balance_of(name, ledger.books.get(name), at)

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, as of the last event."""
        found: dict[str, Any] = {
            "account.id": self.id,
            "account.customer": self.customer,
            "account.program": self.program,
            "account.status": self.status,
            "account.opened_at": self.opened_at,
            "account.tier": self.standing.tier,
            "account.purchases": self.purchases,
        }
        for name, book in self._ledger.books.items():
            found |= {f"account.balance.{name}": book.usable, f"account.lifetime.{name}": book.earned}
        return found

    def entries(self) -> tuple[Entry, ...]:
        """Entries and notices by business moment."""
        return tuple(self._ordered())

    def _ordered(self) -> Iterable[Any]:
        if self._order is not None:
            return self._order
        return [event for event in self._journal if isinstance(event, Entry)]

    def _ledger_at(
        self, at: datetime, known_at: datetime | None = None, trace: list[Effect] | None = None
    ) -> Ledger:
        """The ledger at an instant in UTC, as known then."""
        if known_at is None and at >= self._ledger.clock and trace is None:
            ledger = self._ledger
            if ledger.due(at):
                ledger = ledger.fork()
                ledger.advance(at)
            return ledger
        known = None if known_at is None else in_utc("known_at", known_at)
        ledger = Ledger(self.opened_at, Notes(), trace)
        ledger.apply_all(
            entry for entry in self._ordered() if entry.effective <= at and (known is None or entry.at <= known)
        )
        ledger.advance(at)
        return ledger

    def tier_at(self, at: datetime) -> str | None:
        """The tier that was recorded for an instant: that of the last change up to it, raised to the floor of then."""
        return self.standing.tier

    def purchases_at(self, at: datetime) -> int:
        """How many purchases have a business moment up to an instant."""
        if at >= self._last[0]:
            return self.purchases
        return sum(type(entry) is PointsEarned and entry.kind == "purchase" and entry.effective <= at for entry in self._ordered())

    def earned_at(self, at: datetime, points: str) -> int:
        """Points earned up to an instant, net of what returns took back, in the smallest unit."""
        book = self._ledger_at(at).books.get(points)
        return 0 if book is None else book.earned

    def _deadline(self, currency: str) -> datetime | None:
        book = self._ledger.books.get(currency)
        return None if book is None else book.deadline

    def _broken_by(self, after: Account) -> tuple[str, ...]:
        """Debits that were covered here and are not in the state after."""
        before, now = self._owed(), after._owed()
        return tuple(key for key, points in now.items() if points > before.get(key, 0))

    def _owed(self) -> dict[str, int]:
        trace: list[Effect] = []
        self._ledger_at(self._ledger.clock, trace=trace)
        owed: dict[str, int] = {}
        for _, what, _, key, points in trace:
            if what == "owed":
                owed[key] = owed.get(key, 0) + points
        return owed

    def _find(self, key: tuple[str, str]) -> Any:
        """The event that a repeated command would repeat, or None."""
        ids: Any = self._ids
        version = ids.get(key)
        probe = 0
        while version is not None:
            if version <= self.version:
                event = self._journal[version - 1]
                if isinstance(event, Entry) and event.key == key:
                    return event
            probe += 1
            version = ids.get((key, probe))
        return None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Account):
            return NotImplemented
        return self is other or (
            self._journal == other._journal and self._ledger == other._ledger and self.standing == other.standing
        )

    def __hash__(self) -> int:
        return hash((self.id, self.version))

    def __repr__(self) -> str:
        return f"<Account {self.id} of {self.customer} in {self.program}, version {self.version}, {self.status}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Account, (self.events,)


Account.events = property(lambda self: tuple(self._journal))  # type: ignore[assignment,method-assign]

_make = trusted(Account)
_fill = filling(Account)


def _next(state: Account | None) -> str:
    if state is None:
        return "an AccountOpened, to begin with"
    return f"event {state.version + 1} of {state.id}"


def _opened(state: Account | None, event: AccountOpened) -> Account:
    if state is not None or event.version != 1:
        raise InvalidValue("Account.evolve.event", event, _next(state))
    ledger, at = Ledger(event.at), event.at
    return _make(
        None, event.source, event.customer, event.program, at, "open", 1, NO_TIER, 0,
        EMPTY.added(event), None, (at,), ledger, {}, None,
    )  # fmt: skip


def _posted(state: Account, event: Any) -> Account:
    """An entry, or a notice: it takes its place in the order, and the ledger follows."""
    key, rank = event.key, event.rank
    moment = event.effective
    place = (moment, event.at, rank, key)
    order, ledger, last = state._order, state._ledger, state._last  # noqa: SLF001 - our own
    if place > last and moment >= ledger.clock and rank != FOLLOWER:
        ledger = ledger.fork()
        ledger.apply(event)
        last = place
        if order is not None:
            order = order.added(event)
    else:
        order, ledger = _refolded(state, event)
        last = _place(order[order.size - 1])
    if rank != NOTICE and state._ids.setdefault(key, event.version) != event.version:  # noqa: SLF001 - our own
        _claim(state._ids, key, event.version)  # noqa: SLF001 - our own
    status, standing, purchases = state.status, state.standing, state.purchases
    if type(event) is PointsEarned:
        if event.kind == "purchase":
            purchases += 1
    elif type(event) in _OTHERS:
        if type(event) is AccountClosed:
            status = "closed"
        else:
            standing = standing_after(standing, event)
    return _make(
        None, state.id, state.customer, state.program, state.opened_at, status, event.version, standing, purchases,
        state._journal.added(event), order, last, ledger, state._ids, state._tally,  # noqa: SLF001 - our own
    )  # fmt: skip


def _refolded(state: Account, event: Any) -> tuple[Journal, Ledger]:
    """The order with an entry that is not its last, and the ledger folded again; a notice moves nothing in it."""
    order = Journal.of(sorted([*state._ordered(), event], key=_place))  # noqa: SLF001 - our own
    if event.rank == NOTICE:
        return order, state._ledger  # noqa: SLF001 - our own
    ledger = Ledger(state.opened_at, Notes())
    ledger.apply_all(order)
    return order, ledger.settled()


_OTHERS: Final = frozenset({AccountClosed, TierChanged, TierAssigned})


def _place(event: Any) -> Key:
    return (event.effective, event.at, event.rank, event.key)


def _claim(ids: dict[Any, int], key: Any, version: int) -> None:
    """Note which version recorded a key; states that grew apart share the notes and never overwrite one."""
    probe = 1
    while ids.setdefault((key, probe), version) != version:
        probe += 1


_STATUS: Final = {AccountSuspended: "suspended", AccountResumed: "open"}


def _marked(state: Account, event: Event) -> Account:
    status = _STATUS.get(type(event))
    if status is None:
        raise InvalidValue("Account.evolve.event", event, "an event of an account")
    return _make(
        None, state.id, state.customer, state.program, state.opened_at, status, event.version, state.standing,
        state.purchases, state._journal.added(event), state._order, state._last, state._ledger,  # noqa: SLF001
        state._ids, state._tally,  # noqa: SLF001 - our own
    )  # fmt: skip


def replay(events: Iterable[Event], state: Account | None = None) -> Account | None:
    """Fold events one by one."""
    for event in events:
        state = Account.evolve(state, event)
    return state
