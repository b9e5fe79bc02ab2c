"""A code with its uses: an aggregate of its own, so that two who use it at once meet in its version.

Theory of operation. A use is reserved first and confirmed later, as a payment is; in between it counts, so uses and
reservations together never go beyond a limit. A reservation lapses by time alone, when an instant at or after its end
is asked for. Clocks of several machines differ, so a code remembers the latest instant at which it was told anything,
and judges no command by an earlier one: what has lapsed for one machine cannot be confirmed by another whose clock is
behind. Limits are looked up in the campaign at each reservation and are not kept, so a revised limit holds at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._html import table
from relex._persistent import PersistentMap
from relex._trusted import filling, replacing, trusted
from relex.changes import Change, Event
from relex.codec import tagged
from relex.errors import Conflict, InvalidValue, NotFound, Rejected
from relex.loyalty._campaigns import belongs, issued_span, require_campaign
from relex.loyalty._codes import as_code
from relex.loyalty._histories import require_next, told
from relex.loyalty._journal import EMPTY, Journal
from relex.loyalty._occasions import in_utc
from relex.loyalty._tally import Tally
from relex.loyalty._voucher_events import (
    VoucherConfirmed,
    VoucherIssued,
    VoucherReleased,
    VoucherReserved,
    VoucherUseRestored,
    VoucherVoided,
)
from relex.loyalty._voucher_uses import Asked, VoucherCheck, VoucherUse, checked, make_use
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from relex.loyalty._campaigns import Campaign

__all__ = ["Voucher"]

_EVENTS = (VoucherReserved, VoucherConfirmed, VoucherReleased, VoucherUseRestored, VoucherVoided)
_KEY = _checks.text
_BY = _checks.optional(_checks.text)
_FACTS = _checks.Check("a mapping of facts by their names", lambda value: isinstance(value, Mapping))


@tagged("loyalty.Voucher")
@attrs.frozen(init=False, eq=False, repr=False, weakref_slot=False)
class Voucher:
    """One code of a campaign: issued, then reserved and confirmed, as often as the campaign allows.

    Uses and reservations together never exceed a limit. Of two who reserve the last use at once, a store keeps the
    first and answers the second with `Conflict`; when that one loads again, it is refused with `used_up`.

    Attributes:
        history: Every event, oldest first.
        id: The code, upper-case and without surrounding spaces.
        campaign: Id of the campaign.
        owner: Id of the customer who may use it; None for anybody.
        issued_by: Id of the purchase that earned it, on which it cannot be used.
        usable_from: From when it can be used; None for the start of the campaign.
        expires_at: When it ends; None for the end of the campaign.
        void_reason: Why it ended before its time; None unless it did.
        used: How many uses were made and not restored.
        told_at: The latest instant at which it was told anything.
        version: How many events made this state.
        fact_schema: The facts of every voucher.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> from relex.loyalty import Campaign, Cap, PercentOff
        >>> noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
        >>> spring = Campaign("spring", PercentOff(10), caps=[Cap(times=1, per="ever", who="everyone")])
        >>> voucher, _ = Voucher.issue("spring-7", spring, at=noon)
        >>> voucher, _ = voucher.reserve("order-1", spring, by="ann", at=noon, until=noon + timedelta(minutes=15))
        >>> print(voucher.check(spring, at=noon, by="bob"))
        SPRING-7: used_up
        >>> print(voucher.check(spring, at=noon + timedelta(minutes=15), by="bob"))
        SPRING-7: usable

    .. versionadded:: 0.1.0
    """

    history: tuple[Event, ...]
    id: str = attrs.field(init=False)
    campaign: str = attrs.field(init=False)
    owner: str | None = attrs.field(init=False)
    issued_by: str | None = attrs.field(init=False)
    usable_from: datetime | None = attrs.field(init=False)
    expires_at: datetime | None = attrs.field(init=False)
    void_reason: str | None = attrs.field(init=False)
    used: int = attrs.field(init=False)
    told_at: datetime = attrs.field(init=False)
    version: int = attrs.field(init=False)
    _journal: Journal = attrs.field(init=False)
    _uses: PersistentMap[str, VoucherUse] = attrs.field(init=False)
    _made: Tally = attrs.field(init=False)
    _made_by: PersistentMap[str | None, Tally] = attrs.field(init=False)
    _open: tuple[str, ...] = attrs.field(init=False)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "voucher.campaign": str,
            "voucher.code": str,
            "voucher.expires_at": datetime,
            "voucher.issued_by": str,
            "voucher.owner": str,
            "voucher.usable_from": datetime,
            "voucher.used": int,
            "voucher.void": bool,
        }
    )

    def __init__(self, history: Iterable[Event]) -> None:
        """Rebuild a voucher from its events, oldest first."""
        made: Voucher | None = None
        for event in _checks.items("Voucher.history", history):
            made = Voucher.evolve(made, event)
        if made is None:
            raise InvalidValue("Voucher.history", (), "at least the VoucherIssued that made it")
        _fill(self, None, *[getattr(made, field.name) for field in attrs.fields(Voucher)[1:]])

    @staticmethod
    def evolve(state: Voucher | None, event: Event) -> Voucher:
        """The voucher after one more event.

        Raises:
            InvalidValue: For an event of something else, or one that no command gives of this state.
            Conflict: For an event of another voucher, or one that is not the next.

        .. versionadded:: 0.1.0
        """
        require_next("Voucher", state, event, VoucherIssued, _EVENTS)
        return _issued(event) if state is None else _STEPS[type(event)](state, event)

    @staticmethod
    def issue(
        code: str,
        campaign: Campaign,
        *,
        at: datetime,
        owner: str | None = None,
        issued_by: str | None = None,
        usable_from: datetime | None = None,
        expires_at: datetime | None = None,
    ) -> Change[Voucher]:
        """Put a code into the world.

        Args:
            code: It becomes the id, upper-case and without surrounding spaces.
            campaign: What it stands for.
            at: When.
            owner: Id of the customer who alone may use it; by default anybody may.
            issued_by: Id of the purchase that earned it; it cannot be used on that one, and by default has to wait as
                long as `campaign.waits` says.
            usable_from: From when it can be used, instead of what the campaign says.
            expires_at: When it ends, instead of what `campaign.lasts` says.

        Raises:
            InvalidValue: For a code without any character, or an end that is not after the start.

        .. versionadded:: 0.1.0
        """
        _checks.text.require("issue.code", code)
        at = in_utc("issue.at", at)
        require_campaign("issue", campaign)
        first, last = issued_span(campaign, at, waits=issued_by is not None)
        event = VoucherIssued(
            source=as_code(code),
            version=1,
            at=at,
            campaign=campaign.id,
            owner=owner,
            issued_by=issued_by,
            usable_from=first if usable_from is None else in_utc("issue.usable_from", usable_from),
            expires_at=last if expires_at is None else in_utc("issue.expires_at", expires_at),
        )
        return Change(_issued(event), (event,))

    # What it is told.

    def reserve(
        self,
        key: str,
        campaign: Campaign,
        *,
        at: datetime,
        until: datetime,
        by: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Change[Voucher]:
        """Hold one use; the same key with the same content changes nothing the second time.

        Args:
            key: Of the use, such as the id of the order; a new try after a release or a lapse takes a new key.
            campaign: The campaign of the code.
            at: When.
            until: When the use is free again unless it is confirmed before.
            by: Id of the customer; whoever is not known counts as one customer.
            facts: What the rule of the campaign asks about; `purchase.id`, where it is not the key, tells on which
                purchase it is used.

        Raises:
            Rejected: The first reason of `check`, with all of them in `details["reasons"]` and under each what was
                allowed; `other_campaign`.
            Conflict: When a use of this key was reserved with other content.
            InvalidValue: For an end that is not after `at`.

        .. versionadded:: 0.1.0
        """
        _KEY.require("reserve.key", key)
        at, until = in_utc("reserve.at", at), in_utc("reserve.until", until)
        known = self._uses.get(key)
        if known is not None:
            return self._repeated(key, (known.by, known.until), (by, until))
        event = VoucherReserved(source=self.id, version=self.version + 1, at=at, key=key, by=by, until=until)
        belongs("reserve", self, campaign)
        own = key if key == self.issued_by else None  # the key is often, and not always, the id of the purchase
        found = checked(self, campaign, _asked("reserve", by, own, facts), max(at, self.told_at))
        if not found:
            details = {"voucher": self.id, "reasons": found.reasons, **dict(found.refusals)}
            raise Rejected("reserve", found.reasons[0], details)
        return told(self, event)

    def confirm(self, key: str, *, at: datetime) -> Change[Voucher]:
        """Make a use that was reserved.

        Raises:
            NotFound: For a use that nobody reserved.
            Rejected: `lapsed` (until), `released`, `restored`, `void`.

        .. versionadded:: 0.1.0
        """
        at, use = in_utc("confirm.at", at), self._use(key)
        if use.state == "confirmed":
            return Change(self, ())
        if use.state != "reserved":
            raise Rejected("confirm", use.state, {"voucher": self.id, "key": key})
        if self.void_reason is not None:
            raise Rejected("confirm", "void", {"voucher": self.id, "reason": self.void_reason})
        if not use.counts(max(at, self.told_at)):
            raise Rejected("confirm", "lapsed", {"voucher": self.id, "key": key, "until": use.until})
        return told(self, VoucherConfirmed(source=self.id, version=self.version + 1, at=at, key=key))

    def release(self, key: str, *, at: datetime) -> Change[Voucher]:
        """Free a use that was reserved; one that lapsed or was released is free already.

        Raises:
            NotFound: For a use that nobody reserved.
            Rejected: `already_confirmed`.

        .. versionadded:: 0.1.0
        """
        at, use = in_utc("release.at", at), self._use(key)
        if use.state in {"confirmed", "restored"}:
            raise Rejected("release", "already_confirmed", {"voucher": self.id, "key": key})
        if not use.counts(max(at, self.told_at)):
            return Change(self, ())
        return told(self, VoucherReleased(source=self.id, version=self.version + 1, at=at, key=key))

    def restore_use(self, key: str, campaign: Campaign, *, at: datetime, reason: str) -> Change[Voucher]:
        """Undo a use that was made, as when its order was canceled; the code has one use more.

        Raises:
            NotFound: For a use that nobody reserved.
            Rejected: `not_restorable` where the campaign does not allow it, `not_confirmed`, `other_campaign`.
            Conflict: When the use was restored for another reason.

        .. versionadded:: 0.1.0
        """
        at, use = in_utc("restore_use.at", at), self._use(key)
        event = VoucherUseRestored(source=self.id, version=self.version + 1, at=at, key=key, reason=reason)
        if use.state == "restored":
            known = next(each for each in self._journal if type(each) is VoucherUseRestored and each.key == key)
            return self._repeated(key, known.reason, reason)
        belongs("restore_use", self, campaign)
        if not campaign.restorable:
            raise Rejected("restore_use", "not_restorable", {"voucher": self.id, "campaign": campaign.id})
        if use.state != "confirmed":
            raise Rejected("restore_use", "not_confirmed", {"voucher": self.id, "key": key, "state": use.state})
        return told(self, event)

    def void(self, *, at: datetime, reason: str) -> Change[Voucher]:
        """End the code for good; reservations can no longer be confirmed, uses that were made stay.

        Raises:
            Conflict: When it was ended for another reason.

        .. versionadded:: 0.1.0
        """
        event = VoucherVoided(source=self.id, version=self.version + 1, at=in_utc("void.at", at), reason=reason)
        if self.void_reason is not None:
            return self._repeated(self.id, self.void_reason, reason)
        return told(self, event)

    # What it can be asked.

    def check(
        self,
        campaign: Campaign,
        facts: Mapping[str, Any] | None = None,
        *,
        at: datetime,
        by: str | None = None,
        purchase: str | None = None,
    ) -> VoucherCheck:
        """Whether it can be used, with every reason against it.

        Args:
            campaign: The campaign of the code.
            facts: What the rule of the campaign asks about; a fact that is not there leaves the condition unmet.
            at: When.
            by: Id of the customer; by default the fact `customer.id`.
            purchase: Id of the purchase on which it is to be used; by default the fact `purchase.id`.

        Raises:
            Rejected: `other_campaign`.

        .. versionadded:: 0.1.0
        """
        belongs("check", self, campaign)
        return checked(self, campaign, _asked("check", by, purchase, facts), max(in_utc("check.at", at), self.told_at))

    @property
    def uses(self) -> tuple[VoucherUse, ...]:
        """Every use that was ever reserved, oldest first."""
        found = [self._uses.get(event.key) for event in self._journal if type(event) is VoucherReserved]
        return tuple(found)  # type: ignore[arg-type]  # what was reserved is known

    def uses_of(self, by: str | None) -> tuple[VoucherUse, ...]:
        """Every use that one customer ever reserved, oldest first."""
        return tuple([use for use in self.uses if use.by == by])

    def count(self, at: datetime) -> int:
        """How many uses are made or reserved at an instant, which is not before what it was told last."""
        return self.used + len(self._held(at))

    def _held(self, at: datetime) -> list[VoucherUse]:
        """The reservations that have not lapsed."""
        return [use for key in self._open if (use := self._use(key)).counts(at)]

    def _taken(self, at: datetime, window: tuple[datetime, datetime], by: tuple[str | None, ...] = ()) -> int:
        """How many uses are made or reserved at an instant and count in a window: of one customer, or of everyone."""
        first, end = window
        made = (self._made_by.get(by[0]) or Tally()) if by else self._made
        held = [use for use in self._held(at) if first <= use.at < end and (not by or use.by == by[0])]
        count: int = made.within(first, end) + len(held)
        return count

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names."""
        return {
            "voucher.code": self.id,
            "voucher.campaign": self.campaign,
            "voucher.owner": self.owner,
            "voucher.issued_by": self.issued_by,
            "voucher.usable_from": self.usable_from,
            "voucher.expires_at": self.expires_at,
            "voucher.used": self.used,
            "voucher.void": self.void_reason is not None,
        }

    def _use(self, key: str) -> VoucherUse:
        found = self._uses.get(key)
        if found is None:
            raise NotFound("reservation", key)
        return found

    def _repeated(self, key: str, known: object, asked: object) -> Change[Voucher]:
        if known != asked:
            raise Conflict(key, known, asked)
        return Change(self, ())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Voucher):
            return NotImplemented
        return self is other or self._journal == other._journal

    def __hash__(self) -> int:
        return hash((self.id, self.version))

    def __repr__(self) -> str:
        return f"<Voucher {self}, version {self.version}>"

    def __str__(self) -> str:
        state = f"void: {self.void_reason}" if self.void_reason is not None else f"{self.used} used"
        return f"{self.id} of {self.campaign}, {state}"

    def _repr_html_(self) -> str:
        rows = [[use.key, use.by, use.at, use.state, use.until] for use in self.uses]
        return table(str(self), ("use", "by", "at", "state", "until"), rows)

    def __reduce__(self) -> tuple[Any, ...]:
        return Voucher, (self.history,)


def _asked(command: str, by: str | None, purchase: str | None, facts: Mapping[str, Any] | None) -> Asked:
    if facts is not None:
        _FACTS.require(f"{command}.facts", facts)
    known = facts or {}
    who = known.get("customer.id") if by is None else by
    _BY.require(f"{command}.by", who)
    return Asked(who, known.get("purchase.id") if purchase is None else purchase, known)


def _issued(event: Any) -> Voucher:
    if event.source != as_code(event.source):
        raise InvalidValue("VoucherIssued.source", event.source, "a code in upper case, without surrounding spaces")
    first, last = event.usable_from or event.at, event.expires_at
    if last is not None and last <= first:
        raise InvalidValue("VoucherIssued.expires_at", last, f"an instant after {first.isoformat()}")
    return _make(
        None, event.source, event.campaign, event.owner, event.issued_by, event.usable_from, last, None, 0, event.at, 1,
        EMPTY.added(event), PersistentMap(), Tally(), PersistentMap(), (),
    )  # fmt: skip


def _next(state: Voucher, event: Any, **changed: Any) -> Voucher:
    """The state with one more event and what it changed."""
    return _replace(
        state,
        history=None,
        told_at=max(state.told_at, event.at),
        version=event.version,
        _journal=state._journal.added(event),  # noqa: SLF001 - our own
        **changed,
    )


def _reserved(state: Voucher, event: Any) -> Voucher:
    if state._uses.get(event.key) is not None:  # noqa: SLF001 - our own
        raise InvalidValue("VoucherReserved.key", event.key, "a key that is new")
    if state.void_reason is not None:
        raise InvalidValue("VoucherReserved", event.key, "a code that is not void")
    use = make_use(event.key, event.by, event.at, event.until, "reserved", event.at)
    moment = max(state.told_at, event.at)
    return _next(
        state,
        event,
        _uses=state._uses.put(event.key, use),  # noqa: SLF001 - our own
        _open=(*[key for key in state._open if state._use(key).counts(moment)], event.key),  # noqa: SLF001
    )


def _moved(state: Voucher, event: Any, before: str, after: str, used: int = 0) -> Voucher:
    """The state after a use came from one state into another."""
    use = state._uses.get(event.key)  # noqa: SLF001 - our own
    name = type(event).__name__
    if use is None or use.state != before or not use.counts(max(state.told_at, event.at)):
        raise InvalidValue(f"{name}.key", event.key, f"a use that is {before}")
    moved = make_use(use.key, use.by, use.at, use.until, after, event.at)
    return _next(
        state if used == 0 else _counted(state, use, used),
        event,
        _uses=state._uses.put(event.key, moved),  # noqa: SLF001 - our own
        _open=tuple([key for key in state._open if key != event.key]),  # noqa: SLF001 - our own
    )


def _counted(state: Voucher, use: VoucherUse, n: int) -> Voucher:
    """The state with a use that was made, or undone, in what it counts; on the day on which it was reserved."""
    at = in_utc("VoucherReserved.at", use.at)
    by = (state._made_by.get(use.by) or Tally()).added(at, n)  # noqa: SLF001 - our own
    return _replace(
        state,
        history=None,
        used=state.used + n,
        _made=state._made.added(at, n),  # noqa: SLF001 - our own
        _made_by=state._made_by.put(use.by, by),  # noqa: SLF001 - our own
    )


def _voided(state: Voucher, event: Any) -> Voucher:
    if state.void_reason is not None:
        raise InvalidValue("VoucherVoided", event.reason, "a code that is not void")
    return _next(state, event, void_reason=event.reason)


def _confirmed(state: Voucher, event: Any) -> Voucher:
    if state.void_reason is not None:
        raise InvalidValue("VoucherConfirmed.key", event.key, "a code that is not void")
    return _moved(state, event, "reserved", "confirmed", 1)


_STEPS: dict[type, Callable[[Voucher, Any], Voucher]] = {
    VoucherReserved: _reserved,
    VoucherConfirmed: _confirmed,
    VoucherReleased: lambda state, event: _moved(state, event, "reserved", "released"),
    VoucherUseRestored: lambda state, event: _moved(state, event, "confirmed", "restored", -1),
    VoucherVoided: _voided,
}

Voucher.history = property(lambda self: tuple(self._journal))  # type: ignore[assignment]

_make = trusted(Voucher)
_replace = replacing(Voucher)
_fill = filling(Voucher)
