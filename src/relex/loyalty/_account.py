"""A member's account: the aggregate, how it is made of its events, and what it can be asked and told."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex._trusted import filling, trusted
from relex.changes import Change, Event
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.loyalty import _activation, _commands, _extending, _holding, _manual, _members, _restoring, _returns
from relex.loyalty._audit import AuditFinding, Seal, audit, seal
from relex.loyalty._balance import Balance, Lot, balance_of, lots_of
from relex.loyalty._caps import used_of
from relex.loyalty._events import Entry, PointsEarned, PointsReversed
from relex.loyalty._folding import expected, folded, keys_of, marked, noticed, opened, posted
from relex.loyalty._journal import Journal
from relex.loyalty._ledger import Ledger, Notes
from relex.loyalty._member_events import Member, MemberAdded, MemberRemoved
from relex.loyalty._movements import PointsMovements, movements
from relex.loyalty._notices import (
    AccountOpened,
    TierChanged,
)
from relex.loyalty._occasions import in_utc
from relex.loyalty._progress import Progress, progress
from relex.loyalty._reports import Explanation, earned_in, explain
from relex.loyalty._shares import ByMember, by_member
from relex.loyalty._standing import Standing
from relex.loyalty._statement import Statement, statement
from relex.loyalty._transfer_events import PointsReceived
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from relex.calendars import Period
    from relex.loyalty._budgets import Budget
    from relex.loyalty._caps import Scope
    from relex.loyalty._ledger import Effect
    from relex.loyalty._plan import Plan
    from relex.loyalty._priced import PricedBasket
    from relex.loyalty._program import Program
    from relex.purchases import Purchase, Return

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
        purchases: How many purchases were recorded, here and in accounts that were absorbed.
        fact_schema: The facts of every account; each currency of points has its balance, held points and lifetime.

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
    _roster: tuple[MemberAdded | MemberRemoved, ...] = attrs.field(init=False)
    _journal: Journal = attrs.field(init=False)
    _order: Journal | None = attrs.field(init=False)
    _last: Key = attrs.field(init=False)
    _ledger: Ledger = attrs.field(init=False)
    _ids: dict[Any, int] | None = attrs.field(init=False)
    _tally: Any = attrs.field(init=False)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "account.customer": str,
            "account.id": str,
            "account.members": int,
            "account.opened_at": datetime,
            "account.program": str,
            "account.purchases": int,
            "account.status": str,
            "account.tier": str,
        },
        open=("account.balance.", "account.held.", "account.lifetime."),
    )

    def __init__(self, events: Iterable[Event]) -> None:
        """Rebuild an account from its events, in the order of their versions."""
        made = Account.replay(events)
        if made is None:
            raise InvalidValue("Account.events", (), "at least the AccountOpened that made it")
        _fill(self, None, *[getattr(made, field.name) for field in attrs.fields(Account)[1:]])

    # How it is made.

    @staticmethod
    def evolve(state: Account | None, event: Event) -> Account:
        """The account after one more event."""
        if type(event) is AccountOpened:
            return _make(*opened(state, event))
        if state is None or event.source != state.id or event.version != state.version + 1:
            raise InvalidValue("Account.evolve.event", event, expected(state, event))
        return _make(*posted(state, event)) if isinstance(event, Entry) else _make(*marked(state, event))

    def _noticed(self, events: Iterable[Entry]) -> Account:
        """The account after notices, which need not come in their order."""
        rows = list(events)
        return _make(*noticed(self, rows)) if rows else self

    @staticmethod
    def replay(events: Iterable[Event], state: Account | None = None) -> Account | None:
        """The account after many events, faster than one by one and with the same result.

        Args:
            events: In the order of their versions.
            state: Where to start; by default nothing.

        .. versionadded:: 0.1.0
        """
        source = iter(events)
        if state is None:
            first = next(source, None)
            if first is None:
                return None
            state = Account.evolve(None, first)
        return _make(*folded(state, source))

    @staticmethod
    def open(id: str, *, customer: str, program: Program, at: datetime) -> Change[Account]:  # noqa: A002 - the field's name everywhere in relex
        """Open an account; where the first tier asks for nothing, it is reached at once.

        Args:
            id: Of the account.
            customer: Id of the customer.
            program: The program that is joined.
            at: When.

        .. versionadded:: 0.1.0
        """
        at = in_utc("open.at", at)
        event = AccountOpened(source=id, version=1, at=at, customer=customer, program=program.id)
        account, more = _make(*opened(None, event)).review(program, at=at)
        return Change(account, (event, *more))

    # What it is told.

    def earn(
        self,
        occasion: Any,
        program: Program,
        *,
        at: datetime,
        customer: Mapping[str, Any] | None = None,
        member: str | None = None,
        budgets: Mapping[str, Budget] | None = None,
    ) -> Change[Account]:
        """Judge an occasion by the program and record what it earns, with the reasons, also when that is nothing.

        The same occasion given twice changes nothing the second time.

        Args:
            occasion: A `Purchase`, an `Occasion`, or anything with `kind`, `id`, `at` and `facts()`.
            program: The version of the program that decides.
            at: When the command is made; the occasion's own `at` is the business moment and not after it.
            customer: Facts of the customer that rules ask for as `customer.<name>`.
            member: Id of the customer who earned; by default the owner of the account.
            budgets: The budgets that caps for everyone name, by id. The award is cut to what they have left, and its
                event says what it draws; save `budget.follow(events)` together with this change.

        Raises:
            NotFound: For an unknown member.
            InvalidValue: For a budget that a cap needs and that is not given, or counts something else.
            Rejected: `suspended`, `closed`, `before_enrollment`, `future`, `other_program`, `not_in_force`.
            Conflict: When an occasion of this kind and id was recorded with other content.
            CurrencyMismatch: For a purchase in another currency than the program's.

        .. versionadded:: 0.1.0
        """
        return _commands.earn(self, occasion, program, at, customer, member, budgets)

    def redeem(  # noqa: PLR0913 - all that a redemption may tell
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
        member: str | None = None,
        basket: Purchase | PricedBasket | None = None,
        customer: Mapping[str, Any] | None = None,
    ) -> Change[Account]:
        """Spend points, from the lots that end first.

        Args:
            points: In the smallest unit of the currency; above 0.
            program: The program.
            id: Of the redemption; the same id with the same content changes nothing the second time.
            at: When the command is made.
            currency: Id of the points currency; by default the first that can be spent.
            purchase: Id of the purchase that is paid with them; what that purchase earned is not spent on it, unless
                `program.same_purchase`.
            reward: Id of the reward; one that the program lists is held to its cost, its condition, its time and its
                limits, and the event tells what it was worth.
            effective: The business moment; by default `at`.
            allow_debt: Whether what is not covered is owed, as histories of other systems need.
            member: Id of the customer who spends; by default the owner of the account.
            basket: That purchase itself, or the priced basket, where the reward asks about it or pays a part of it.
            customer: Facts that the condition of the reward asks for as `customer.<name>`.

        Raises:
            NotFound: For an unknown member.
            Rejected: `insufficient_points` (asked, available), `not_redeemable`, `breaks_later_entries` (entries),
                `contributor` (member, allowed), `suspended`, `closed`, `future`, `before_enrollment`, `other_program`.
                For a reward also `unknown_reward`, `other_cost`, `below_minimum`, `whole_blocks`, `payable`, `at_most`,
                `condition`, `not_in_force`, `capped`, `no_basket`; the details say how many points are `allowed`.
            Conflict: When a redemption of this id was recorded with other content.

        .. versionadded:: 0.1.0
        """
        asked = _commands.Spending(
            points, id, currency, purchase, reward, effective, allow_debt, member, basket, customer
        )
        return _commands.redeem(self, asked, program, at)

    def hold(  # noqa: PLR0913 - all that a hold may tell
        self,
        points: int,
        program: Program,
        *,
        id: str,  # noqa: A002 - the field's name everywhere in relex
        until: datetime,
        at: datetime,
        currency: str | None = None,
        reward: str | None = None,
        purchase: str | None = None,
        effective: datetime | None = None,
        member: str | None = None,
        basket: Purchase | PricedBasket | None = None,
        customer: Mapping[str, Any] | None = None,
    ) -> Change[Account]:
        """Set points aside for a redemption that is not complete, so that nothing else spends them.

        A hold takes the lots that a redemption would take, and they do not end while they are held. It ends once: by
        `capture`, by `void`, or at `until`, when it lapses as if it had been voided then. Pending points cover no hold.

        Args:
            points: In the smallest unit of the currency; above 0.
            program: The program; `program.restore` says what becomes of points whose lot has ended when they come back.
            id: Of the hold, and of the redemption that it becomes; the same id with the same content changes nothing
                the second time.
            until: When it lapses; after the business moment.
            at: When the command is made.
            currency: Id of the points currency; by default the first that can be spent.
            reward: Id of the reward, as for `redeem`.
            purchase: Id of the purchase that is to be paid with them, as for `redeem`.
            effective: The business moment; by default `at`.
            member: Id of the customer who spends; by default the owner of the account.
            basket: As for `redeem`.
            customer: As for `redeem`.

        Raises:
            NotFound: For an unknown member.
            Rejected: `insufficient_points` (asked, available), `not_redeemable`, `breaks_later_entries` (entries),
                `contributor` (member, allowed), `suspended`, `closed`, `future`, `before_enrollment`, `other_program`;
                for a reward as `redeem`.
            Conflict: When a hold or redemption of this id was recorded with other content.

        Example:
            >>> from datetime import UTC, datetime, timedelta
            >>> from relex.loyalty import EarningRule, Flat, Occasion, Program
            >>> program = Program("p", currency="USD", rules=[EarningRule("v", Flat(100), on="visit")])
            >>> day = datetime(2026, 5, 1, tzinfo=UTC)
            >>> change = Account.open("a1", customer="c1", program=program, at=day)
            >>> change = change.then(lambda it: it.earn(Occasion("visit", "v1", day), program, at=day))
            >>> change = change.then(lambda it: it.hold(60, program, id="h1", until=day + timedelta(days=7), at=day))
            >>> print(change.state.balance(as_of=day))
            points: 40 available, 0 pending, 60 held
            >>> print(change.then(lambda it: it.capture("h1", program, points=45, at=day)).state.balance(as_of=day))
            points: 55 available, 0 pending

        .. versionadded:: 0.1.0
        """
        asked = _holding.Reserving(points, id, until, currency, reward, purchase, effective, member, basket, customer)
        return _holding.hold(self, asked, program, at)

    def capture(
        self,
        hold: str,
        program: Program,
        *,
        at: datetime,
        points: int | None = None,
        effective: datetime | None = None,
    ) -> Change[Account]:
        """Spend the points of a hold, or a part of them; the rest goes back to its lots.

        The same capture given twice changes nothing the second time. For lots that end with inactivity it counts as
        `redeem`.

        Args:
            hold: Id of the hold.
            program: The program.
            at: When the command is made.
            points: How many; by default all that are held.
            effective: The business moment; by default `at`.

        Raises:
            NotFound: For an unknown hold.
            Rejected: `more_than_held` (asked, held), `already_captured`, `already_voided`, `lapsed` (until),
                `before_hold`, `breaks_later_entries` (entries), `suspended`, `closed`, `future`, `other_program`.

        .. versionadded:: 0.1.0
        """
        return _holding.capture(self, hold, program, at, points, effective)

    def void(self, hold: str, program: Program, *, at: datetime, effective: datetime | None = None) -> Change[Account]:
        """Call off a hold: its points go back to the lots they came from, the last one first.

        Given twice it changes nothing the second time.

        Args:
            hold: Id of the hold.
            program: The program; `program.restore` says what becomes of points whose lot has ended.
            at: When the command is made.
            effective: The business moment; by default `at`.

        Raises:
            NotFound: For an unknown hold.
            Rejected: `already_captured`, `lapsed` (until), and the others of `capture`.

        .. versionadded:: 0.1.0
        """
        return _holding.void(self, hold, program, at, effective)

    def activate(
        self,
        occasion: str | tuple[str, str],
        program: Program,
        *,
        on: str,
        at: datetime,
        effective: datetime | None = None,
    ) -> Change[Account]:
        """Say that what lots in escrow wait for has come: from then on they can be spent.

        Their time to expiry begins here, unless the clock of the points currency is `earning`. Given twice it changes
        nothing the second time.

        Args:
            occasion: (kind, id) of what earned them, or the id of a purchase.
            program: The program.
            on: What they wait for, as in `Escrow.on`.
            at: When the command is made.
            effective: The business moment; by default `at`.

        Raises:
            NotFound: When the occasion was not recorded here.
            Rejected: `not_in_escrow` (on, allowed), `lapsed` (until), `before_award`, `closed`, `future`,
                `other_program`.
            Conflict: When it was recorded with another business moment.

        .. versionadded:: 0.1.0
        """
        return _activation.activate(self, occasion, program, on, at, effective)

    def adjust(  # noqa: PLR0913 - all that an adjustment may tell
        self,
        points: int,
        program: Program,
        *,
        id: str,  # noqa: A002 - the field's name everywhere in relex
        reason: str,
        actor: str,
        at: datetime,
        currency: str | None = None,
        effective: datetime | None = None,
        expires_at: datetime | None = None,
        allow_debt: bool = False,
        member: str | None = None,
        lot: str | None = None,
        qualifying: bool = False,
    ) -> Change[Account]:
        """Add points by hand, or below 0 take them.

        Args:
            points: In the smallest unit of the currency; not 0.
            program: The program.
            id: Of the adjustment; the same id with the same content changes nothing the second time.
            reason: Why.
            actor: Who.
            at: When the command is made.
            currency: Id of the points currency; by default the first of the program.
            effective: The business moment; by default `at`.
            expires_at: When added points end, instead of what the program says.
            allow_debt: Whether what is not covered is owed.
            member: Id of the customer whom it concerns; by default the owner of the account.
            lot: Id of the lot whose expired points come back with this, as a new lot.
            qualifying: Whether the points count for tiers; those of a qualifying currency always do.

        Raises:
            NotFound: For an unknown member or lot.
            Rejected: `no_reason`, `insufficient_points`, `more_than_expired` (asked, remains) of the lot,
                `breaks_later_entries`, and as for `redeem`.
            Conflict: When an adjustment of this id was recorded with other content.

        .. versionadded:: 0.1.0
        """
        asked = _manual.Adjustment(
            points, id, reason, actor, currency, effective, expires_at, allow_debt, member, lot, qualifying
        )
        return _manual.adjust(self, asked, program, at)

    def reverse(self, back: Return, program: Program, *, at: datetime) -> Change[Account]:
        """Take back what the purchase earned, by the share that came back and by `program.clawback`.

        Args:
            back: The return; its own `at` is the business moment.
            program: The program; its rules are not run again.
            at: When the command is made.

        Raises:
            NotFound: When the purchase earned nothing here, or has no such line.
            Rejected: `more_than_sold` (asked, remains), `before_award`, `closed`, `future`, `other_program`.
            Conflict: When a return of this id was recorded with other content.

        .. versionadded:: 0.1.0
        """
        return _returns.reverse(self, back, program, at)

    def restore(
        self,
        redemption: str,
        program: Program,
        *,
        at: datetime,
        points: int | None = None,
        id: str | None = None,  # noqa: A002 - the field's name everywhere in relex
        effective: datetime | None = None,
    ) -> Change[Account]:
        """Give back points of a cancelled redemption, to the lots they came from.

        Args:
            redemption: Id of the redemption.
            program: The program; `program.restore` says what becomes of points whose lot has ended.
            at: When the command is made.
            points: How many; by default all that were not given back yet.
            id: Of the restoration; by default that of the redemption.
            effective: The business moment; by default `at`.

        Raises:
            NotFound: For an unknown redemption.
            Rejected: `more_than_redeemed` (asked, remains), `before_redemption`, `suspended`, `closed`, `future`,
                `other_program`.
            Conflict: When a restoration of this id was recorded with other content.

        .. versionadded:: 0.1.0
        """
        return _restoring.restore(self, _restoring.Restoration(redemption, points, id, effective), program, at)

    def refund(self, back: Return, program: Program, *, at: datetime, sale: Purchase | None = None) -> Change[Account]:
        """Take back what a purchase earned, and give back the points that paid for it, in one change.

        Points that paid come back as `program.restore.on_return` says, by default in proportion to the value that came
        back, of all redemptions and captured holds that name the purchase; the last of them first. They come back
        before the award is taken back. A return that was recorded before, by `reverse` or `refund`, changes nothing.

        Args:
            back: The return; its own `at` is the business moment.
            program: The program; its rules are not run again.
            at: When the command is made.
            sale: The purchase, needed only when it was not recorded here and only paid with points.

        Raises:
            NotFound: When the purchase was neither recorded nor paid here, or has no such line.
            InvalidValue: When it was not recorded and `sale` is not given.
            Rejected: `more_than_sold` (asked, remains), `before_award`, `before_redemption`, `closed`, `future`,
                `other_program`.
            Conflict: When a return of this id was recorded with other content.

        .. versionadded:: 0.1.0
        """
        return _restoring.refund(self, back, program, at, sale)

    def reverse_occasion(
        self,
        kind: str,
        id: str,  # noqa: A002 - the field's name everywhere in relex
        program: Program,
        *,
        at: datetime,
        reason: str,
        effective: datetime | None = None,
    ) -> Change[Account]:
        """Take back all that an occasion earned, because it does not count: a mistake, or a referral that fell through.

        The occasion counts no more as a purchase or visit; points that paid for it stay spent until they are restored.
        To rate a purchase anew, reverse it and `earn` what is left of it under another id; both stay to be seen.

        Args:
            kind: Of the occasion, such as `purchase` or `referral`.
            id: Of the occasion.
            program: The program; `program.clawback.reach` says what happens to points that were spent.
            at: When the command is made.
            reason: Why.
            effective: The business moment; by default `at`.

        Raises:
            NotFound: When no such occasion was recorded.
            Rejected: `no_reason`, `before_award`, `closed`, `future`, `other_program`.
            Conflict: When it was reversed for another reason.

        .. versionadded:: 0.1.0
        """
        return _returns.reverse_occasion(self, kind, id, program, at, reason, effective)

    def add_member(self, customer: str, program: Program, *, role: str = "member", at: datetime) -> Change[Account]:
        """Let another customer earn for the account, and as a `member` spend from it.

        Args:
            customer: Id of the customer; of a member, who gets another role.
            program: The program.
            role: `member`, or `contributor`, who earns and does not spend.
            at: When.

        Raises:
            Rejected: `owner` for the one who opened the account, `closed`, `before_enrollment`, `other_program`,
                `out_of_order` (at, last) before an earlier change of the members.

        .. versionadded:: 0.1.0
        """
        return _members.add_member(self, customer, program, role, at)

    def remove_member(self, customer: str, program: Program, *, at: datetime) -> Change[Account]:
        """Let a member go; what they earned stays (`leave` moves it with them).

        Raises:
            NotFound: For an unknown member.
            Rejected: As for `add_member`.

        .. versionadded:: 0.1.0
        """
        return _members.remove_member(self, customer, program, at)

    def extend(
        self,
        program: Program,
        *,
        id: str,  # noqa: A002 - the field's name everywhere in relex
        at: datetime,
        reason: str,
        actor: str,
        lots: Iterable[str] | None = None,
        to: datetime | date | None = None,
        customer: Mapping[str, Any] | None = None,
    ) -> Change[Account]:
        """Move the end of points that are there: by the extensions of the program, or to an end given by hand.

        Only lots with something left are moved, pending and held ones too. A lot that has ended is not revived, and
        none ends sooner than before.

        Args:
            program: The program; `program.extensions` decides unless `to` is given.
            id: Of the extension; the same id with the same content changes nothing the second time.
            at: When.
            reason: Why.
            actor: Who.
            lots: Ids of lots; None for all that are open.
            to: The new end by hand; of a date, which is the last one that counts, the midnight after it.
            customer: Facts of the customer that the extensions ask for as `customer.<name>`.

        Raises:
            NotFound: For a lot that there never was.
            InvalidValue: For an end that is not after `at`, or an empty list of lots.
            Rejected: `not_open` (lots, allowed) for a named lot with nothing left, `not_later` (asked, ends) for a
                named lot that would end sooner, `no_reason`, `closed`, `before_enrollment`, `other_program`.
            Conflict: When an extension of this id was recorded with other content.

        .. versionadded:: 0.1.0
        """
        return _extending.extend(self, _extending.Longer(id, lots, to, reason, actor, customer), program, at)

    def settle(self, program: Program, *, at: datetime) -> Change[Account]:
        """Report what time did up to an instant: points that started and ended, reviews of the tier.

        Nothing depends on it: with or without, every later answer is the same.

        .. versionadded:: 0.1.0
        """
        return _manual.settle(self, program, at)

    def review(self, program: Program, *, at: datetime) -> Change[Account]:
        """Settle, and judge the tier by the program as it is now: it may rise at once, and falls at its own date.

        .. versionadded:: 0.1.0
        """
        return _manual.review(self, program, at)

    def assign_tier(
        self,
        tier: str | None,
        program: Program,
        *,
        at: datetime,
        reason: str,
        actor: str,
        until: datetime | None = None,
    ) -> Change[Account]:
        """Set a floor under the tier, as a status match does; None takes it away.

        Raises:
            InvalidValue: For an unknown tier, an end that is not after `at`, or an end of no floor.
            Rejected: `closed`, `no_reason`, `before_enrollment`, `other_program`.

        .. versionadded:: 0.1.0
        """
        return _manual.assign_tier(self, tier, program, at, until, reason, actor)

    def suspend(self, *, at: datetime, reason: str = "") -> Change[Account]:
        """Nothing is earned or spent until `resume`; time goes on.

        Raises:
            Rejected: `closed`, `before_enrollment`, `out_of_order` (at, last) before an earlier suspension or its end.

        .. versionadded:: 0.1.0
        """
        return _manual.set_status(self, "suspend", at, reason)

    def resume(self, *, at: datetime, reason: str = "") -> Change[Account]:
        """End a suspension.

        Raises:
            Rejected: As for `suspend`.

        .. versionadded:: 0.1.0
        """
        return _manual.set_status(self, "resume", at, reason)

    def close(self, program: Program, *, at: datetime, reason: str = "", empty: bool = False) -> Change[Account]:
        """End the account; what is left goes out.

        Args:
            program: The program.
            at: When.
            reason: Why.
            empty: Whether to refuse instead when points are left.

        Raises:
            Rejected: `points_left`, `out_of_order` (at, last) before an entry, `before_enrollment`, `other_program`.

        .. versionadded:: 0.1.0
        """
        return _manual.close(self, program, at, reason, empty=empty)

    # What it can be asked.

    def balance(self, *, as_of: datetime, points: str | None = None, known_at: datetime | None = None) -> Balance:
        """What the account holds at an instant; the same whether or not anybody settled.

        Args:
            as_of: The instant; entries with a later business moment are not seen.
            points: Id of the points currency; by default the one that was posted first.
            known_at: Leave out what was recorded later than this.

        .. versionadded:: 0.1.0
        """
        at = in_utc("balance.as_of", as_of)
        ledger = self._ledger_at(at, known_at)
        name = points or self._main()
        return balance_of(name, ledger.books.get(name), at)

    def lots(self, *, as_of: datetime, points: str | None = None) -> tuple[Lot, ...]:
        """Lots with something left, usable ones in the order in which they are used up, then pending ones.

        .. versionadded:: 0.1.0
        """
        at = in_utc("lots.as_of", as_of)
        name = points or self._main()
        return lots_of(self._ledger_at(at).books.get(name), self._given(name))

    def _given(self, currency: str) -> dict[str, int]:
        found = [credit for entry in self.entries() for credit in getattr(entry, "credits", ())]
        found += [credit for entry in self.entries() if (credit := getattr(entry, "credit", None)) is not None]
        return {credit.lot: credit.points for credit in found if credit.currency == currency}

    def _main(self) -> str:
        return next(iter(self._ledger.books), "points")

    def explain(self, id: str, kind: str | None = None) -> Explanation:  # noqa: A002 - the field's name everywhere in relex
        """Where the points of an entry came from and went to.

        Args:
            id: Of the entry: of the occasion, redemption, adjustment, return, restoration, hold, extension or transfer.
            kind: `redeem`, `adjust`, `return`, `restore`, `extend`, `send`, `receive`, or the kind of the occasion;
                needed only when several entries have the id. `capture` and `void` with the id of the hold, `activate`
                with `<kind>:<id>:<what came>`, `reverse` with `<kind>:<id>` of an occasion that does not count.

        Raises:
            NotFound: When there is no such entry.
            InvalidValue: When there are several.

        .. versionadded:: 0.1.0
        """
        return explain(self, id, kind)

    def earned(self, period: Period, *, points: str | None = None) -> int:
        """Points that occasions of a period gave, net of what returns asked back and of what was canceled in escrow.

        Args:
            period: Of instants; a reversal counts on the date of its award.
            points: Id of the points currency; by default the one that was posted first.

        .. versionadded:: 0.1.0
        """
        return earned_in(self, period, points or self._main())

    def statement(self, period: Period, *, points: str | None = None, program: Program | None = None) -> Statement:
        """Opening balance, every movement, closing balance; and what ends next.

        Args:
            period: Of instants.
            points: Id of the points currency; by default the one that was posted first.
            program: The program, to tell how far the next tier is at the end of the period.

        .. versionadded:: 0.1.0
        """
        return statement(self, period, points or self._main(), program)

    def movements(self, period: Period, *, points: str | None = None) -> PointsMovements:
        """Every movement of a period as a balanced row for a general ledger.

        Args:
            period: Of instants.
            points: Id of the only points currency; by default all.

        Example:
            >>> from datetime import UTC, datetime
            >>> from relex.calendars import Period
            >>> from relex.loyalty import EarningRule, Flat, Occasion, Program
            >>> program = Program("beans", currency="USD", rules=[EarningRule("visit", Flat(10), on="visit")])
            >>> day = datetime(2026, 5, 1, 9, tzinfo=UTC)
            >>> account, _ = Account.open("a1", customer="c1", program=program, at=day)
            >>> account, _ = account.earn(Occasion("visit", "v1", day), program, at=day)
            >>> account.movements(Period(day)).rows[0].moved
            (('issued', -10), ('available', 10))

        .. versionadded:: 0.1.0
        """
        return movements(self, period, points)

    def seal(self) -> Seal:
        """A digest of all that happened so far; kept apart from the account, it tells later whether that is unchanged.

        .. versionadded:: 0.1.0
        """
        return seal(self)

    def audit(
        self, *, version: int | None = None, balance: Balance | None = None, seal: Seal | None = None
    ) -> tuple[AuditFinding, ...]:
        """What cannot be, by the entries themselves and by what is known about the account; empty when all is well.

        The sums of each entry are checked, and what it says about others: explanations against lots, returns against
        awards, restorations against redemptions, the ends of holds, reports of what time did, changes of the tier.
        Whether the last events are missing is told by the version or a balance, whether any event was changed by a
        seal; an event that is missing or doubled among others is refused when the account is made.

        Args:
            version: The version that the account should have.
            balance: An earlier answer of `balance` that should still be given.
            seal: An earlier answer of `seal`; later events may follow.

        Example:
            >>> from datetime import UTC, datetime
            >>> from relex.loyalty import EarningRule, Flat, Occasion, Program
            >>> program = Program("beans", currency="USD", rules=[EarningRule("visit", Flat(10), on="visit")])
            >>> day = datetime(2026, 5, 1, 9, tzinfo=UTC)
            >>> account, _ = Account.open("a1", customer="c1", program=program, at=day)
            >>> account, _ = account.earn(Occasion("visit", "v1", day), program, at=day)
            >>> account.audit(seal=account.seal())
            ()
            >>> print(*Account(account.events[:-1]).audit(version=2))
            version: expected 2, found 1

        .. versionadded:: 0.1.0
        """
        return audit(self, version, balance, seal)

    def progress(self, program: Program, *, as_of: datetime) -> Progress:
        """How far the next tier is, and what keeps the present one.

        .. versionadded:: 0.1.0
        """
        _commands.belongs("progress", self, program)
        return progress(self, program, in_utc("progress.as_of", as_of))

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
            "account.members": len(self.members),
        }
        for name, book in self._ledger.books.items():
            found |= {f"account.balance.{name}": book.usable, f"account.lifetime.{name}": book.earned}
            found[f"account.held.{name}"] = book.held
        return found

    def entries(self) -> tuple[Entry, ...]:
        """Entries and notices by business moment."""
        return tuple(self._ordered())

    def _latest(self) -> Iterator[Any]:
        """Entries and notices by business moment, the latest first."""
        for event in reversed(self._order if self._order is not None else self._journal):
            if isinstance(event, Entry):
                yield event

    def _ordered(self) -> Iterable[Any]:
        if self._order is not None:
            return self._order
        return [event for event in self._journal if isinstance(event, Entry)]

    def _ledger_at(self, at: datetime, known_at: datetime | None = None, trace: list[Effect] | None = None) -> Ledger:
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

    def _ledger_before_ends(self, at: datetime) -> Ledger:
        """The ledger when lots of an instant have started and holds have lapsed, but no lot has ended yet."""
        if at <= self._ledger.clock or not self._ledger.due(at):
            return self._ledger_at(at)
        ledger = self._ledger.fork()
        ledger.begin(at)
        return ledger

    def tier_at(self, at: datetime) -> str | None:
        """The tier that was recorded for an instant: that of the last change up to it."""
        since = self.standing.since
        if since is None or at >= since:
            return self.standing.tier
        changes = (entry for entry in self._latest() if type(entry) is TierChanged and entry.effective <= at)
        found = next(changes, None)
        return None if found is None else found.after

    @property
    def members(self) -> tuple[Member, ...]:
        """Who earns for the account, the owner first, as last recorded.

        .. versionadded:: 0.1.0
        """
        return _members.members_at(self, None)

    def members_at(self, at: datetime) -> tuple[Member, ...]:
        """Who earned for the account at an instant, the owner first.

        .. versionadded:: 0.1.0
        """
        return _members.members_at(self, in_utc("members_at.at", at))

    def by_member(self, *, points: str | None = None) -> ByMember:
        """What each member earned, spent, received and sent, as of the last event.

        Args:
            points: Id of the points currency; by default the one that was posted first.

        Example:
            >>> from datetime import UTC, datetime
            >>> from relex.loyalty import Program
            >>> program = Program("beans", currency="USD")
            >>> day = datetime(2026, 5, 1, 9, tzinfo=UTC)
            >>> home, _ = Account.open("a1", customer="ann", program=program, at=day)
            >>> home, _ = home.adjust(30, program, id="j1", reason="goodwill", actor="eva", at=day)
            >>> print(home.by_member())
            points by member
            ann (owner): adjusted 30

        .. versionadded:: 0.1.0
        """
        return by_member(self, points or self._main())

    def purchases_at(self, at: datetime) -> int:
        """How many purchases have a business moment up to an instant."""
        if at >= self._last[0]:
            return self.purchases
        sold = [
            entry.key
            for entry in self._ordered()
            if type(entry) is PointsEarned and entry.purchased and entry.effective <= at
        ]
        taken_over = sum(
            entry.purchases for entry in self._ordered() if type(entry) is PointsReceived and entry.effective <= at
        )
        return (
            taken_over
            + len(sold)
            - sum(
                type(entry) is PointsReversed and entry.voids and entry.purchased and entry.awarded_at <= at
                for entry in self._ordered()
            )
        )

    def earned_at(self, at: datetime, points: str) -> int:
        """Points earned up to an instant, net of what returns took back, in the smallest unit."""
        book = self._ledger_at(at).books.get(points)
        return 0 if book is None else book.earned

    def _deadline(self, currency: str, at: datetime | None = None) -> datetime | None:
        """When lots end with inactivity, as known last or as it was at an instant."""
        ledger = self._ledger if at is None or at >= self._ledger.clock else self._ledger_at(at)
        book = ledger.books.get(currency)
        return None if book is None else book.deadline

    def _used_by(self, plan: Plan, at: datetime) -> Callable[[Scope, str, str], tuple[int, int, Fraction, int]]:
        """How much of a cap was used in its window around an instant: points, awards, units, net in minor units."""

        def used(scope: Scope, value: str, currency: str) -> tuple[int, int, Fraction, int]:
            if scope.cap.per == "event":
                return 0, 0, Fraction(0), 0
            return used_of(scope, (scope.key, value, currency), self._latest(), plan.cap_window(scope.cap, at))

        return used

    def _holds_at(self, at: datetime) -> Callable[[str], int]:
        def holds(currency: str) -> int:
            book = self._ledger_at(at).books.get(currency)
            return 0 if book is None else book.usable + book.pending + book.held

        return holds

    def _broken_by(self, after: Account) -> tuple[str, ...]:
        """Debits that were covered here and are not in the state after."""
        before, now = self._owed(), after._owed()
        return tuple(key for key, points in now.items() if points > before.get(key, 0))

    def _owed(self) -> dict[str, int]:
        trace: list[Effect] = []
        self._ledger_at(self._ledger.clock, trace=trace)
        owed: dict[str, int] = {}
        for _, what, _, key, points, *_ in trace:
            if what == "owed":
                owed[key] = owed.get(key, 0) + points
        return owed

    def _find(self, key: tuple[str, str]) -> Any:
        """The event that a repeated command would repeat, or None."""
        ids: Any = self._ids
        if ids is None:
            ids = keys_of(self._journal)
            object.__setattr__(self, "_ids", ids)
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


Account.events = property(lambda self: tuple(self._journal))  # type: ignore[assignment]

_make = trusted(Account)
_fill = filling(Account)
