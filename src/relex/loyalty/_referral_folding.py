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
    """A referral while its events are added up.

    Beside the attributes of `Referral` it knows which entries count, and which of those wait to be rewarded.
    """

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
        self.qualified: dict[str, ReferralQualified] = {}
        self.rewarded: set[str] = set()
        self.reversed: set[str] = set()
        self.flagged: list[ReferralFlagged] = []
        self.live: set[str] = set()
        self.waiting: set[str] = set()

    def attributes(self) -> dict[str, Any]:
        """Those of `Referral`."""
        found = vars(self) | {
            "qualified": tuple(self.qualified.values()),
            "rewarded": tuple(sorted(self.rewarded)),
            "reversed": tuple(sorted(self.reversed)),
            "flagged": tuple(self.flagged),
        }
        return {name: value for name, value in found.items() if name not in {"live", "waiting"}}


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
    return draft.attributes()


def _require(draft: Draft, event: Event) -> None:
    states = _AFTER.get(type(event), ())
    if draft.state not in states:
        expected = f"after {draft.state} one of {', '.join(_followers(draft.state)) or '(none)'}"
        raise InvalidValue("Referral.history", event, expected)
    if event.source != draft.id or event.version != draft.version + 1:
        raise Conflict(draft.id, draft.version + 1, event.version)
    if is_before(event.at, draft.changed_at):
        raise InvalidValue("Referral.history", event, f"an event that is not before {draft.changed_at.isoformat()}")
    if type(event) in _OF_LIVE and event.entry not in draft.live:  # type: ignore[attr-defined]  # they have one
        raise InvalidValue("Referral.history", event, f"an entry out of {sorted(draft.live)}, which count")
    if isinstance(event, ReferralQualified) and event.entry in draft.qualified:
        raise InvalidValue("Referral.history", event, "an entry that did not count before")


def _followers(state: str) -> list[str]:
    return sorted(kind.__name__ for kind, states in _AFTER.items() if state in states)


def _joined(draft: Draft, event: ReferralJoined) -> None:
    draft.referee, draft.joined_at, draft.state = event.referee, event.at, "joined"


def _qualified(draft: Draft, event: ReferralQualified) -> None:
    draft.qualified[event.entry] = event
    draft.live.add(event.entry)
    draft.waiting.add(event.entry)
    draft.flagged = [each for each in draft.flagged if each.entry != event.entry]
    draft.state = "qualified"


def _flagged(draft: Draft, event: ReferralFlagged) -> None:
    draft.flagged.append(event)


def _rejected(draft: Draft, _event: ReferralRejected) -> None:
    draft.flagged, draft.state = [], "rejected"


def _rewarded(draft: Draft, event: ReferralRewarded) -> None:
    draft.rewarded.add(event.entry)
    draft.waiting.discard(event.entry)
    draft.state = _state(draft)


def _reversed(draft: Draft, event: ReferralReversed) -> None:
    draft.reversed.add(event.entry)
    draft.live.discard(event.entry)
    draft.waiting.discard(event.entry)
    draft.state = _state(draft)


def _state(draft: Draft) -> str:
    """What the state is by the entries that still count."""
    if not draft.live:
        return "reversed"
    return "qualified" if draft.waiting else "rewarded"


def _expired(draft: Draft, _event: ReferralExpired) -> None:
    draft.state = "expired"


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
