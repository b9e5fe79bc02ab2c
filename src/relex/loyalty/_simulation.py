"""What a program would have given: recorded histories, played through the same commands from empty accounts.

One member is played after the other and then let go: of each only sums are kept, so memory grows with the members and
not with their entries. The histories may therefore be made while they are read.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.errors import InvalidValue, NotFound, Rejected
from relex.loyalty._account import Account
from relex.loyalty._commands import posted
from relex.loyalty._events import PointsAdjusted, PointsEarned, PointsRedeemed, PointsReversed, RedemptionRestored
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
from relex.loyalty._outcomes import MemberOutcome, Shortfall, Simulation
from relex.loyalty._settling import settled
from relex.money import Money
from relex.purchases import Purchase, Return

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from relex.changes import Event
    from relex.loyalty._program import Program

__all__ = ["AsRecorded", "MemberHistory", "history_of", "simulate"]


@attrs.frozen(kw_only=True)
class MemberHistory:
    """What happened to one member, in the order in which it was recorded.

    Attributes:
        account: Id of the account to open.
        entries: Purchases, returns, occasions; events of an account for redemptions, adjustments and the like; or any
            of these `AsRecorded`. It is walked once.
        customer: Id of the customer; that of the account by default.
        opened_at: When the account is opened; by default at the first entry.
        facts: Facts of the customer that rules ask for as `customer.<name>`.

    .. versionadded:: 0.1.0
    """

    account: str = attrs.field(validator=_checks.text)
    entries: Iterable[Any]
    customer: str | None = attrs.field(default=None, validator=_checks.optional(_checks.text))
    opened_at: datetime | None = attrs.field(default=None, validator=_checks.optional(_checks.instant))
    facts: Mapping[str, Any] | None = None


@attrs.frozen
class AsRecorded:
    """An entry with the instant of its command, where that is not the entry's own.

    Attributes:
        entry: As in `MemberHistory.entries`.
        at: When it was recorded; aware.
        facts: Facts of the customer as they were then; None for those of the history.

    .. versionadded:: 0.1.0
    """

    entry: Any
    at: datetime = attrs.field(validator=_checks.instant)
    facts: Mapping[str, Any] | None = None


def simulate(
    program: Program,
    histories: Iterable[MemberHistory],
    *,
    until: datetime,
    shortfall: str = "debt",
    worth: Money | None = None,
    currency: str | None = None,
    progress: Callable[[int], object] | None = None,
) -> Simulation:
    """Play histories through a program, from empty accounts, and count what it gives.

    The same commands run as in daily work, so a simulation of the program in force gives the awards that were recorded.
    What the program refuses is counted by its reason, and the rest goes on.

    Args:
        program: The program to try.
        histories: One for each member; walked once, one at a time.
        until: The instant at which time stops; entries recorded later are left out.
        shortfall: What becomes of a recorded redemption that the balance no longer covers: it is made and the rest is
            owed (`debt`), or it is left out (`drop`). Either way it is listed.
        worth: Of one whole point, for costs.
        currency: Id of the points currency that is counted; by default the first that can be spent, else the first.
        progress: Called with the number of members that are done.

    Raises:
        InvalidValue: For an unknown policy or currency, an account twice, or an entry that cannot be played.
        Conflict: When a history has two entries of one id with different content.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.loyalty import EarningRule, Flat, Occasion, Program
        >>> before = Program("beans", currency="USD", rules=[EarningRule("visit", Flat(10), on="visit")])
        >>> after = Program("beans", version=2, currency="USD", rules=[EarningRule("visit", Flat(12), on="visit")])
        >>> day, end = datetime(2026, 5, 1, 9, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
        >>> history = MemberHistory(account="a1", entries=[Occasion("visit", "v1", day)])
        >>> old, new = (simulate(program, [history], until=end) for program in (before, after))
        >>> old.earned, new.earned
        (10, 12)

    .. versionadded:: 0.1.0
    """
    _checks.one_of("debt", "drop").require("simulate.shortfall", shortfall)
    _checks.optional(_checks.a(Money)).require("simulate.worth", worth)
    end = in_utc("simulate.until", until)
    counted = _counted(program, currency)
    found = _Found(program, end, counted, owing=shortfall == "debt")
    members = []
    seen: set[str] = set()
    for done, history in enumerate(histories, 1):
        if history.account in seen:
            raise InvalidValue("simulate.histories", history.account, "each account once")
        seen.add(history.account)
        outcome = _Player(found, history).play(history)
        if outcome is not None:
            members.append(outcome)
        if progress is not None:
            progress(done)
    return Simulation(
        program=program.id,
        version=program.version,
        currency=counted,
        scale=program.currency_of(counted).scale,
        until=end,
        worth=worth,
        tier_ids=tuple([tier.id for tier in program.tiers]),
        members=tuple(members),
        by_tier=tuple(found.by_tier.items()),
        shortfalls=tuple(found.shortfalls),
        refused=tuple(sorted(found.refused.items())),
    )


def _counted(program: Program, currency: str | None) -> str:
    if currency is not None:
        return program.currency_of(currency, path="simulate.currency").id
    return next((points.id for points in program.points if not points.qualifying), program.points[0].id)


class _Found:
    """What all members share while they are played."""

    __slots__ = ("by_tier", "currency", "end", "owing", "program", "refused", "shortfalls")

    def __init__(self, program: Program, end: datetime, currency: str, *, owing: bool) -> None:
        self.program, self.end, self.currency, self.owing = program, end, currency, owing
        self.by_tier: Counter[str | None] = Counter()
        self.shortfalls: list[Shortfall] = []
        self.refused: Counter[tuple[str, str]] = Counter()


class _Player:
    """One member on the way through a history."""

    __slots__ = ("account", "added", "awards", "clock", "facts", "found", "rules")

    def __init__(self, found: _Found, history: MemberHistory) -> None:
        self.found = found
        self.facts = history.facts
        self.rules: dict[str, int] = {}
        self.awards = 0
        self.account: Account = None  # type: ignore[assignment]  # opened with the first entry
        self.clock: datetime = None  # type: ignore[assignment]  # as above

    def play(self, history: MemberHistory) -> MemberOutcome | None:
        """The sums at the end; None for a member who had not begun by then."""
        if history.opened_at is not None:
            self._open(history, in_utc("MemberHistory.opened_at", history.opened_at))
        for entry, at, facts in _timed(history.entries):
            if self.account is None:
                self._open(history, at)
            if at > self.found.end:
                continue
            self.clock = max(self.clock, at)
            try:
                self._one(entry, facts)
            except (Rejected, NotFound) as refusal:
                self._refused(entry, refusal)
        return None if self.account is None or self.clock > self.found.end else self._outcome()

    def _open(self, history: MemberHistory, at: datetime) -> None:
        self.clock = at
        customer = history.customer or history.account
        self.account, _ = Account.open(history.account, customer=customer, program=self.found.program, at=at)

    def _one(self, entry: Any, facts: Mapping[str, Any] | None) -> None:
        play = _PLAYS.get(type(entry))
        if play is not None:
            play(self, entry)
        else:
            if type(entry) not in _EARNING and not isinstance(entry, SupportsEarning):
                raise InvalidValue("simulate.entry", entry, "a purchase, return, occasion, or event of an account")
            self._earn(entry, self.facts if facts is None else facts)

    def _earn(self, occasion: Any, facts: Mapping[str, Any] | None) -> None:
        account = self.account
        self.account, events = account.earn(occasion, self.found.program, at=self.clock, customer=facts)
        for event in events:
            if type(event) is PointsEarned:
                self._count(event, account)

    def _count(self, event: PointsEarned, before: Account) -> None:
        given = event.breakdown.by_rule(self.found.currency)
        rules = self.rules
        for rule, points in given.items():
            rules[rule] = rules.get(rule, 0) + points
        self.awards += 1
        self.found.by_tier[before.tier_at(event.effective)] += sum(given.values())

    def _refused(self, entry: Any, refusal: Rejected | NotFound) -> None:
        reason = refusal.reason if isinstance(refusal, Rejected) else "not_found"
        self.found.refused[_kind(entry), reason] += 1

    def back(self, back: Return) -> None:
        self.account, _ = self.account.reverse(back, self.found.program, at=self.clock)

    def redeemed(self, event: PointsRedeemed) -> None:
        if self._covered(event, event.points):
            self.account, _ = self.account.redeem(
                event.points,
                self.found.program,
                id=event.id,
                at=self.clock,
                currency=event.currency,
                purchase=event.purchase,
                reward=event.reward,
                effective=event.effective,
                allow_debt=self.found.owing,
            )

    def _covered(self, event: Any, points: int) -> bool:
        """Whether a debit is to be made; one that the balance does not cover is listed."""
        book = self.account._ledger_at(event.effective).books.get(event.currency)  # noqa: SLF001 - our own
        short = points - (0 if book is None else book.usable)
        if short > 0:
            listed = Shortfall(account=self.account.id, id=event.id, at=event.effective, points=points, short=short)
            self.found.shortfalls.append(listed)
        return short <= 0 or self.found.owing

    def restored(self, event: RedemptionRestored) -> None:
        self.account, _ = self.account.restore(
            event.redemption,
            self.found.program,
            at=self.clock,
            points=event.points,
            id=event.id,
            effective=event.effective,
        )

    def adjusted(self, event: PointsAdjusted) -> None:
        if event.points > 0 or self._covered(event, -event.points):
            self.as_it_was(event)

    def as_it_was(self, event: Any) -> None:
        """Post a recorded entry that no rule of a program decides."""
        program = self.found.program
        account, events = settled(self.account, program, self.clock)
        again = attrs.evolve(event, source=account.id, version=account.version + 1)
        self.account, _ = posted("simulate", account, again, events, program, self.clock)

    def reversed(self, event: PointsReversed) -> None:
        self.back(_return_of(event, self.found.program))

    def assigned(self, event: TierAssigned) -> None:
        known = {tier.id for tier in self.found.program.tiers}
        if event.tier is not None and event.tier not in known:
            raise NotFound("tier", event.tier)
        self.account, _ = self.account.assign_tier(
            event.tier,
            self.found.program,
            at=self.clock,
            until=event.until,
            reason=event.reason,
            actor=event.actor,
        )

    def status(self, event: Any) -> None:
        if type(event) is AccountClosed:
            self.account, _ = self.account.close(self.found.program, at=self.clock, reason=event.reason)
        else:
            command = self.account.suspend if type(event) is AccountSuspended else self.account.resume
            self.account, _ = command(at=self.clock, reason=event.reason)

    def _outcome(self) -> MemberOutcome:
        found = self.found
        account, _ = self.account.settle(found.program, at=found.end) if self._settles() else (self.account, ())
        book = account._ledger_at(found.end).books.get(found.currency)  # noqa: SLF001 - our own
        sums = {name: getattr(book, name, 0) for name in _SUMS}
        return MemberOutcome(
            account=account.id,
            customer=account.customer,
            tier=account.standing.tier,
            awards=self.awards,
            rules=tuple(sorted(self.rules.items())),
            available=sums.pop("usable"),
            debt=sums.pop("owed"),
            **sums,
        )

    def _settles(self) -> bool:
        return self.account.status != "closed"


_SUMS = ("credited", "redeemed", "expired", "reversed", "out", "pending", "usable", "owed")


def _timed(entries: Iterable[Any]) -> Iterator[tuple[Any, datetime, Mapping[str, Any] | None]]:
    """Entries with the instants of their commands; what time did by itself is left out, since time does it again."""
    for entry in entries:
        if type(entry) is AsRecorded:
            yield entry.entry, in_utc("AsRecorded.at", entry.at), entry.facts
        elif type(entry) not in _TIME:
            yield entry, in_utc("simulate.entry.at", getattr(entry, "at", None)), None


def _return_of(event: PointsReversed, program: Program) -> Return:
    """The return that a recorded reversal came from."""
    return Return(
        event.id,
        purchase=event.occasion[1],
        at=event.effective,
        lines=[(number, _checks.exact_number("lines", quantity)) for number, quantity in event.lines],  # type: ignore[misc]
        value=Money.of_minor(event.spend, program.currency),
    )


def _kind(entry: Any) -> str:
    if type(entry) in _PLAYS:
        return type(entry).__name__
    return str(entry.kind)


def history_of(account: Account, occasions: Iterable[Any], *, facts: Mapping[str, Any] | None = None) -> MemberHistory:
    """The history of a stored account, for another program to be tried on it.

    An account keeps what was decided and not what was bought, so the purchases and other occasions come from the
    caller's log; redemptions, adjustments, returns and the rest come from the events of the account.

    Args:
        account: The account.
        occasions: What it earned on, in any order; others are left out.
        facts: Facts of the customer that rules ask for.

    Raises:
        NotFound: For an award whose occasion is not given.

    .. versionadded:: 0.1.0
    """
    given = {(occasion.kind, occasion.id): occasion for occasion in occasions}
    return MemberHistory(
        account=account.id,
        customer=account.customer,
        opened_at=account.opened_at,
        entries=tuple([_again(event, given) for event in account.events]),
        facts=facts,
    )


def _again(event: Event, given: Mapping[tuple[str, str], Any]) -> Any:
    if type(event) is not PointsEarned:
        return event
    occasion = given.get(event.key)
    if occasion is None:
        raise NotFound("occasion of an award", ":".join(event.key))
    return AsRecorded(occasion, event.at)


_PLAYS: dict[type, Callable[[_Player, Any], None]] = {
    Return: _Player.back,
    PointsRedeemed: _Player.redeemed,
    RedemptionRestored: _Player.restored,
    PointsAdjusted: _Player.adjusted,
    PointsReversed: _Player.reversed,
    TierAssigned: _Player.assigned,
    AccountSuspended: _Player.status,
    AccountResumed: _Player.status,
    AccountClosed: _Player.status,
}
_EARNING: frozenset[type] = frozenset({Purchase, Occasion})  # the question of a protocol takes longer than a rule
_TIME: frozenset[type] = frozenset({AccountOpened, PointsExpired, PointsMatured, TierChanged})
