"""What the events of a referral come to, and which may follow which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relex._instants import is_before
from relex.errors import Conflict, InvalidValue
from relex.loyalty._referral_events import (
    ReferralExpired,
    ReferralFlagged,
    ReferralInvited,
    ReferralJoined,
    ReferralQualified,
    ReferralRejected,
    ReferralReversed,
    ReferralRewarded,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from relex.changes import Event

__all__ = ["folded"]


class Draft:
    """A referral while its events are added up; the attributes of `Referral`."""

    def __init__(self, event: ReferralInvited) -> None:
        self.id = event.source
        self.version = event.version
        self.referrer = event.referrer
        self.referee: str | None = None
        self.code = event.code
        self.terms = event.terms
        self.until = event.until
        self.state = "invited"
        self.opened_at = event.at
        self.joined_at: Any = None
        self.changed_at = event.at
        self.qualified: tuple[ReferralQualified, ...] = ()
        self.rewarded: tuple[str, ...] = ()
        self.reversed: tuple[str, ...] = ()
        self.flagged: tuple[ReferralFlagged, ...] = ()


def folded(history: tuple[Any, ...]) -> dict[str, Any]:
    """The attributes of the referral that these events made.

    Raises:
        InvalidValue: For no event, one that is none of a referral, or one that cannot follow those before it.
        Conflict: For events that are not numbered one after the other, or of several referrals.
    """
    if not history or type(history[0]) is not ReferralInvited:
        raise InvalidValue("Referral.history", history, "events, a ReferralInvited first")
    draft = Draft(history[0])
    if draft.version != 1:
        raise Conflict(draft.id, 1, draft.version)
    for event in history[1:]:
        _require(draft, event)
        _STEPS[type(event)](draft, event)
        draft.version, draft.changed_at = event.version, event.at
    return vars(draft)


def _require(draft: Draft, event: Event) -> None:
    states = _AFTER.get(type(event), ())
    if draft.state not in states:
        expected = f"after {draft.state} one of {', '.join(_followers(draft.state)) or '(none)'}"
        raise InvalidValue("Referral.history", event, expected)
    if event.source != draft.id or event.version != draft.version + 1:
        raise Conflict(draft.id, draft.version + 1, event.version)
    if is_before(event.at, draft.changed_at):
        raise InvalidValue("Referral.history", event, f"an event that is not before {draft.changed_at.isoformat()}")
    if type(event) in _OF_LIVE and event.entry not in _live(draft):  # type: ignore[attr-defined]  # they have one
        raise InvalidValue("Referral.history", event, f"an entry out of {sorted(_live(draft))}, which count")
    if isinstance(event, ReferralQualified) and event.entry in {each.entry for each in draft.qualified}:
        raise InvalidValue("Referral.history", event, "an entry that did not count before")


def _live(draft: Draft) -> set[str]:
    """The entries that count and were not reversed."""
    return {event.entry for event in draft.qualified}.difference(draft.reversed)


def _followers(state: str) -> list[str]:
    return sorted(kind.__name__ for kind, states in _AFTER.items() if state in states)


def _joined(draft: Draft, event: ReferralJoined) -> None:
    draft.referee, draft.joined_at, draft.state = event.referee, event.at, "joined"


def _qualified(draft: Draft, event: ReferralQualified) -> None:
    draft.qualified = (*draft.qualified, event)
    _unflag(draft, event.entry)
    draft.state = "qualified"


def _flagged(draft: Draft, event: ReferralFlagged) -> None:
    draft.flagged = (*draft.flagged, event)


def _rejected(draft: Draft, _event: ReferralRejected) -> None:
    draft.flagged, draft.state = (), "rejected"


def _rewarded(draft: Draft, event: ReferralRewarded) -> None:
    draft.rewarded = tuple(sorted({*draft.rewarded, event.entry}))
    draft.state = _state(draft)


def _reversed(draft: Draft, event: ReferralReversed) -> None:
    draft.reversed = tuple(sorted({*draft.reversed, event.entry}))
    draft.state = _state(draft)


def _state(draft: Draft) -> str:
    """What the state is by the entries that still count."""
    live = _live(draft)
    if not live:
        return "reversed"
    return "rewarded" if live.issubset(draft.rewarded) else "qualified"


def _expired(draft: Draft, _event: ReferralExpired) -> None:
    draft.state = "expired"


def _unflag(draft: Draft, entry: str) -> None:
    draft.flagged = tuple([event for event in draft.flagged if event.entry != entry])


_STEPS: dict[type, Callable[[Draft, Any], None]] = {
    ReferralJoined: _joined,
    ReferralQualified: _qualified,
    ReferralFlagged: _flagged,
    ReferralRejected: _rejected,
    ReferralRewarded: _rewarded,
    ReferralReversed: _reversed,
    ReferralExpired: _expired,
}

_OF_LIVE = frozenset({ReferralRewarded, ReferralReversed})
_JOINED = ("joined", "qualified", "rewarded", "reversed", "expired")

_AFTER: dict[type, tuple[str, ...]] = {
    ReferralJoined: ("invited",),
    ReferralQualified: _JOINED,
    ReferralFlagged: _JOINED,
    ReferralRejected: ("invited", "joined", "expired"),
    ReferralRewarded: ("qualified",),
    ReferralReversed: ("qualified", "rewarded"),
    ReferralExpired: ("invited", "joined"),
}
"""The states in which a referral can have each event that follows the first."""
