"""One member's recorded history, played through a program from an empty account.

Purchases and occasions are judged anew. What a program does not decide is done as it was recorded: as many points are
redeemed, adjusted, sent and received. What time did is left out, because time does it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.errors import InvalidValue, NotFound, Rejected
from relex.loyalty._account import Account
from relex.loyalty._commands import moment, posted, ready, repeated
from relex.loyalty._events import PointsAdjusted, PointsEarned, PointsRedeemed, PointsReversed, RedemptionRestored
from relex.loyalty._extensions import ExpiryExtended
from relex.loyalty._hold_events import (
    EscrowActivated,
    EscrowCanceled,
    HoldCaptured,
    HoldLapsed,
    HoldVoided,
    PointsHeld,
)
from relex.loyalty._member_events import MemberAdded, MemberRemoved
from relex.loyalty._notices import (
    AccountClosed,
    AccountOpened,
    AccountResumed,
    AccountSuspended,
    PointsExpired,
    PointsMatured,
    TierAssigned,
    TierChanged,
)
from relex.loyalty._occasions import Occasion, SupportsEarning, in_utc
from relex.loyalty._outcomes import Shortfall
from relex.loyalty._quoting import own_points
from relex.loyalty._settling import settled
from relex.loyalty._transfer_events import MovedLot, PointsReceived, PointsSent
from relex.money import Money
from relex.purchases import Purchase, Return

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from relex.changes import Change
    from relex.loyalty._budgets import Budget
    from relex.loyalty._program import Program

__all__ = ["AsRecorded", "Found", "MemberHistory", "Player"]

_ENTRIES = _checks.Check(
    "an iterable of entries, such as a list or a generator",
    lambda value: isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping)),
)
_FACTS = _checks.optional(_checks.a(Mapping))


@attrs.frozen(kw_only=True)
class MemberHistory:
    """What happened to one member, in the order in which it was recorded.

    An entry that stands later and is dated earlier is a late one, as it was for the account; each costs about as much
    as all that came before it, so a log without an order is better sorted by `at`.

    Attributes:
        account: Id of the account to open.
        entries: Purchases, returns, occasions; events of an account for redemptions, adjustments and the like; or any
            of these `AsRecorded`. They are walked once.
        customer: Id of the customer; by default the one of an `AccountOpened` that stands first, else the account's id.
        opened_at: When the account is opened; by default at the first entry. What is dated earlier is refused where the
            program says so.
        facts: Facts of the customer that rules ask for as `customer.<name>`.

    .. versionadded:: 0.1.0
    """

    account: str = attrs.field(validator=_checks.text)
    entries: Iterable[Any] = attrs.field(repr=False, validator=_ENTRIES)
    customer: str | None = attrs.field(default=None, validator=_checks.optional(_checks.text))
    opened_at: datetime | None = attrs.field(default=None, validator=_checks.optional(_checks.instant))
    facts: Mapping[str, Any] | None = attrs.field(default=None, repr=False, validator=_FACTS)


@attrs.frozen
class AsRecorded:
    """An entry with what its command was told beside it.

    Attributes:
        entry: As in `MemberHistory.entries`.
        at: When it was recorded; aware.
        facts: Facts of the customer as they were then; None for those of the history.
        member: Id of the customer who earned, in an account of several.

    .. versionadded:: 0.1.0
    """

    entry: Any
    at: datetime = attrs.field(validator=_checks.instant)
    facts: Mapping[str, Any] | None = attrs.field(default=None, validator=_FACTS)
    member: str | None = attrs.field(default=None, validator=_checks.optional(_checks.text))


class Found:
    """What all members share while they are played.

    Attributes:
        program: To be tried.
        end: The instant at which time stops.
        currency: Id of the points currency that is counted.
        owing: Whether debits that are not covered are owed, and not left out.
        by_tier: Points that rules gave, by the tier of the member at that time.
        shortfalls: Debits that were not covered.
        refused: How often what was refused for which reason.
        budgets: What all members share, as far as it was drawn.
    """

    __slots__ = ("budgets", "by_tier", "currency", "end", "owing", "program", "refused", "shortfalls")

    def __init__(
        self,
        program: Program,
        end: datetime,
        currency: str,
        *,
        owing: bool,
        budgets: Mapping[str, Budget] = MappingProxyType({}),
    ) -> None:
        self.program, self.end, self.currency, self.owing = program, end, currency, owing
        self.budgets = dict(budgets)
        self.by_tier: Counter[str | None] = Counter()
        self.shortfalls: list[Shortfall] = []
        self.refused: Counter[tuple[str, str]] = Counter()


class Player:
    """One member on the way through a history.

    Attributes:
        account: As it stands, once it has begun.
        rules: Points by rule.
        awards: How many occasions were judged.
        cut: What caps took of what the rules would have given.
    """

    __slots__ = ("account", "awards", "begun", "clock", "cut", "facts", "found", "owed", "rules")

    def __init__(self, found: Found, history: MemberHistory) -> None:
        self.found, self.facts = found, history.facts
        self.rules: dict[str, int] = {}
        self.awards = self.cut = 0
        self.owed: dict[str, PointsHeld] = {}  # holds that were not covered, and so are redemptions that are owed
        self.begun = False
        self.account: Account
        self.clock: datetime

    def play(self, history: MemberHistory) -> Account | None:
        """The account at the end; None for a member who had not begun by then."""
        end = self.found.end
        if history.opened_at is not None:
            opened_at = in_utc("MemberHistory.opened_at", history.opened_at)
            if opened_at > end:
                return None
            self._open(history, opened_at)
        for entry, at, facts, member in _timed(history.entries):
            if at > end:
                continue
            if not self.begun:
                self._open(history, at, entry)
            self.clock = max(self.clock, at)
            if self.owed:
                self._lapse()
            try:
                self._one(entry, facts, member)
            except (Rejected, NotFound) as refusal:
                self._refused(entry, refusal)
        return self._ended(end) if self.begun else None

    def _ended(self, end: datetime) -> Account:
        """The account when time stops."""
        self.clock = end
        self._lapse()
        if self.account.status != "closed":
            self._take(self.account.settle(self.found.program, at=end))
        return self.account

    def _open(self, history: MemberHistory, at: datetime, first: Any = None) -> None:
        self.begun, self.clock = True, at
        customer = history.customer or (first.customer if type(first) is AccountOpened else history.account)
        self._take(Account.open(history.account, customer=customer, program=self.found.program, at=at))

    def _one(self, entry: Any, facts: Mapping[str, Any] | None, member: str | None) -> None:
        play = _PLAYS.get(type(entry))
        if play is not None:
            play(self, entry)
            return
        if type(entry) not in _EARNING and not isinstance(entry, SupportsEarning):
            raise InvalidValue("simulate.entry", entry, _EXPECTED)
        self._earn(entry, self.facts if facts is None else facts, member)

    def _earn(self, occasion: Any, facts: Mapping[str, Any] | None, member: str | None) -> None:
        before = self.account
        change = before.earn(
            occasion,
            self.found.program,
            at=self.clock,
            customer=facts,
            member=member,
            budgets=self.found.budgets,
        )
        self._take(change)
        for event in change.events:
            if type(event) is PointsEarned:
                self._count(event, before)

    def _take(self, change: Change[Account]) -> None:
        """Go on from a change, and let budgets follow it."""
        self.account = change.state
        budgets = self.found.budgets
        for name, budget in budgets.items():
            budgets[name] = budget.follow(change.events).state

    def _count(self, event: PointsEarned, before: Account) -> None:
        rules, currency = self.rules, self.found.currency
        total = 0
        for rule, of, _, _, _, desired, granted, *_ in event.breakdown._rows:  # noqa: SLF001 - our own
            if of == currency:
                rules[rule] = rules.get(rule, 0) + granted
                total += granted
                self.cut += desired - granted
        self.awards += 1
        self.found.by_tier[before.tier_at(event.effective)] += total

    def _refused(self, entry: Any, refusal: Rejected | NotFound) -> None:
        reason = refusal.reason if isinstance(refusal, Rejected) else f"not_found:{refusal.kind}"
        what = type(entry).__name__ if type(entry) in _PLAYS else str(entry.kind)
        self.found.refused[what, reason] += 1

    def _debit(self, debit: Any, points: int, currency: str, made: Change[Account]) -> bool:
        """Whether a debit, made as if all might be owed, is to stand; what is not covered is listed."""
        short = self._short(debit, points, currency, made.state)
        if short > 0:
            listed = Shortfall(account=self.account.id, id=debit.id, at=debit.effective, points=points, short=short)
            self.found.shortfalls.append(listed)
        return short <= 0 or self.found.owing

    def _short(self, debit: Any, points: int, currency: str, after: Account) -> int:
        """How many points the balance lacks for a debit, then or for what came later; for one made before, none."""
        if self.account._find(debit.key) is not None:  # noqa: SLF001 - our own
            return 0
        book = self.account._ledger_at(debit.effective).books.get(currency)  # noqa: SLF001 - our own
        own = own_points(self.account, self.found.program, currency, getattr(debit, "purchase", None), debit.effective)
        lacking = points - (0 if book is None else book.usable - own)
        return max(lacking, self._owed(after, currency) - self._owed(self.account, currency))

    def _owed(self, account: Account, currency: str) -> int:
        book = account._ledger_at(self.clock).books.get(currency)  # noqa: SLF001 - our own
        return 0 if book is None else book.owed

    def _has(self, currency: str) -> None:
        """Refuse what was recorded in a currency that this program does not have."""
        if all(points.id != currency for points in self.found.program.points):
            raise NotFound("points", currency)

    def begin(self, event: AccountOpened) -> None:
        """The account was opened before its first entry was played."""

    # What a program decides.

    def give_back(self, back: Return) -> None:
        """Goods came back: so do the points they earned, and those that paid for them."""
        self._take(self.account.refund(back, self.found.program, at=self.clock))

    def take_back(self, event: PointsReversed) -> None:
        """As above, from a recorded event; points that paid have an event of their own."""
        program = self.found.program
        if not event.reason:
            self._take(self.account.reverse(_return_of(event, program), program, at=self.clock))
        else:
            kind, name = event.occasion
            self._take(
                self.account.reverse_occasion(
                    kind, name, program, at=self.clock, reason=event.reason, effective=event.effective
                )
            )

    def activate(self, event: EscrowActivated) -> None:
        """What points in escrow waited for happened."""
        self._take(
            self.account.activate(
                event.occasion, self.found.program, on=event.on, at=self.clock, effective=event.effective
            )
        )

    def extend(self, event: ExpiryExtended) -> None:
        """Ends were moved: by this program's extensions, or by hand as recorded."""
        lots, to = event.asked
        self._take(
            self.account.extend(
                self.found.program,
                id=event.id,
                at=self.clock,
                lots=lots or None,
                to=to,
                reason=event.reason,
                actor=event.actor,
                customer=self.facts,
            )
        )

    def assign(self, event: TierAssigned) -> None:
        """A floor was set, to a tier that this program has as well."""
        if event.tier is not None and event.tier not in {tier.id for tier in self.found.program.tiers}:
            raise NotFound("tier", event.tier)
        self._take(
            self.account.assign_tier(
                event.tier,
                self.found.program,
                at=self.clock,
                until=event.until,
                reason=event.reason,
                actor=event.actor,
            )
        )

    # What is done as it was recorded.

    def redeem(self, event: PointsRedeemed) -> None:
        """As many points are spent, whatever the rewards of the program are."""
        change = self._redeemed(event)
        if self._debit(event, event.points, event.currency, change):
            self._take(change)

    def _redeemed(self, event: PointsRedeemed | PointsHeld) -> Change[Account]:
        self._has(event.currency)
        return self.account.redeem(
            event.points,
            self.found.program,
            id=event.id,
            at=self.clock,
            currency=event.currency,
            purchase=event.purchase,
            effective=event.effective,
            allow_debt=True,
            member=event.member,
        )

    def restore(self, event: RedemptionRestored) -> None:
        """A redemption was canceled."""
        self._undo(event.redemption, event.points, event.id, event.effective)

    def _undo(self, redemption: str, points: int, name: str, effective: datetime) -> None:
        self._take(
            self.account.restore(
                redemption, self.found.program, at=self.clock, points=points, id=name, effective=effective
            )
        )

    def hold(self, event: PointsHeld) -> None:
        """Points were set aside; where they are owed, they are redeemed at once, and given back if need be."""
        known = self.account._find(event.key)  # noqa: SLF001 - our own
        if known is None:
            change, listed = self._redeemed(event), len(self.found.shortfalls)
            stands = self._debit(event, event.points, event.currency, change)
            if len(self.found.shortfalls) > listed:
                if stands:
                    self._take(change)
                    self.owed[event.id] = event
                return
        if type(known) is not PointsRedeemed:
            self._hold(event)

    def _hold(self, event: PointsHeld) -> None:
        self._take(
            self.account.hold(
                event.points,
                self.found.program,
                id=event.id,
                until=event.until,
                at=self.clock,
                currency=event.currency,
                purchase=event.purchase,
                effective=event.effective,
                member=event.member,
            )
        )

    def _lapse(self) -> None:
        """Give back what is owed for holds that timed out; of those that were covered, time does it."""
        for hold in [each for each in self.owed.values() if each.until <= self.clock]:
            del self.owed[hold.id]
            try:
                self._undo(hold.id, hold.points, hold.id, hold.until)
            except Rejected as refusal:
                self._refused(hold, refusal)

    def end_hold(self, event: Any) -> None:
        """A hold was captured or voided."""
        captured = type(event) is HoldCaptured
        if event.hold in self.owed:
            del self.owed[event.hold]
            back = event.released if captured else event.points
            if back:
                self._undo(event.hold, back, event.hold, event.effective)
        elif captured:
            self._take(
                self.account.capture(
                    event.hold, self.found.program, at=self.clock, points=event.points, effective=event.effective
                )
            )
        else:
            self._take(self.account.void(event.hold, self.found.program, at=self.clock, effective=event.effective))

    def adjust(self, event: PointsAdjusted) -> None:
        """Points were added or taken by hand."""
        self._has(event.currency)
        change = self._posted(event)
        if event.points > 0 or self._debit(event, -event.points, event.currency, change):
            self._take(change)

    def send(self, event: PointsSent) -> None:
        """Points left for another account, which is played by itself; those of a lot that is not there as any debit."""
        if self.account._find(event.key) is not None:  # noqa: SLF001 - our own
            return
        moved: list[MovedLot] = []
        for currency in dict.fromkeys([name for name, _ in event.by_currency]):
            self._has(currency)
            lots = tuple([each for each in event.moved if each.credit.currency == currency])
            points = sum([each.credit.points for each in lots])
            if self._debit(event, points, currency, self._posted(attrs.evolve(event, moved=lots))):
                moved += lots
        if moved:
            self._take(self._posted(attrs.evolve(event, moved=tuple(moved))))

    def receive(self, event: PointsReceived) -> None:
        """Points came from another account, with their ends; or all that it had, with its debts."""
        for credit in event.credits:
            self._has(credit.currency)
        self._take(self._posted(event))

    def _posted(self, event: Any) -> Change[Account]:
        """Post a recorded entry that no rule of a program decides."""
        program, account = self.found.program, self.account
        known = account._find(event.key)  # noqa: SLF001 - our own
        again = attrs.evolve(event, source=account.id)
        if known is not None:
            same = attrs.evolve(again, at=known.at, version=known.version) == known
            return repeated(account, known, same, ":".join(event.key))
        ready("simulate", account, program)
        moment("simulate", account, program, event.effective, self.clock)
        account, events = settled(account, program, self.clock)
        again = attrs.evolve(again, at=self.clock, version=account.version + 1)
        return posted("simulate", account, again, events, program, self.clock)

    def add_member(self, event: MemberAdded) -> None:
        """Another customer joined the account."""
        self._take(self.account.add_member(event.customer, self.found.program, role=event.role, at=self.clock))

    def remove_member(self, event: MemberRemoved) -> None:
        """A customer left the account."""
        self._take(self.account.remove_member(event.customer, self.found.program, at=self.clock))

    def suspend(self, event: AccountSuspended) -> None:
        """Nothing is earned or spent from here on."""
        self._take(self.account.suspend(at=self.clock, reason=event.reason))

    def resume(self, event: AccountResumed) -> None:
        """It is again."""
        self._take(self.account.resume(at=self.clock, reason=event.reason))

    def close(self, event: AccountClosed) -> None:
        """The account ended; what was left went out, or with its debts to another account."""
        if event.into is not None:
            self._take(self._posted(event))
            return
        self._take(self.account.close(self.found.program, at=self.clock, reason=event.reason))


_EXPECTED = "a purchase, return, occasion, or event of an account"
_Timed = tuple[Any, datetime, "Mapping[str, Any] | None", "str | None"]


def _timed(entries: Iterable[Any]) -> Iterator[_Timed]:
    """Entries with what their commands were told, without what time did by itself."""
    for entry in entries:
        if type(entry) is AsRecorded:
            yield entry.entry, in_utc("AsRecorded.at", entry.at), entry.facts, entry.member
        elif type(entry) not in _TIME:
            at = getattr(entry, "at", None)
            if at is None:
                raise InvalidValue("simulate.entry", entry, _EXPECTED)
            yield entry, in_utc("simulate.entry.at", at), None, None


def _return_of(event: PointsReversed, program: Program) -> Return:
    """The return that a recorded reversal came from."""
    lines: Any = [(number, _checks.exact_number("lines", quantity)) for number, quantity in event.lines]
    value = Money.of_minor(event.spend, program.currency)
    return Return(event.id, purchase=event.occasion[1], at=event.effective, lines=lines, value=value)


_PLAYS: dict[type, Callable[[Player, Any], None]] = {
    AccountOpened: Player.begin,
    Return: Player.give_back,
    PointsReversed: Player.take_back,
    PointsRedeemed: Player.redeem,
    RedemptionRestored: Player.restore,
    PointsHeld: Player.hold,
    HoldCaptured: Player.end_hold,
    HoldVoided: Player.end_hold,
    PointsAdjusted: Player.adjust,
    PointsSent: Player.send,
    PointsReceived: Player.receive,
    EscrowActivated: Player.activate,
    ExpiryExtended: Player.extend,
    TierAssigned: Player.assign,
    MemberAdded: Player.add_member,
    MemberRemoved: Player.remove_member,
    AccountSuspended: Player.suspend,
    AccountResumed: Player.resume,
    AccountClosed: Player.close,
}
_EARNING: frozenset[type] = frozenset({Purchase, Occasion})  # to ask a protocol takes longer than to judge a rule
_TIME: frozenset[type] = frozenset({EscrowCanceled, HoldLapsed, PointsExpired, PointsMatured, TierChanged})
