"""The history of a case as its clocks see it: read once, for every milestone."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import attrs

from relex._instants import is_before, moment
from relex.rules import compile_rule
from relex.service._case_events import (
    CaseClosed,
    CaseMerged,
    CaseMessageReceived,
    CaseOpened,
    CaseOwnerChanged,
    CasePolicyChosen,
    CasePriorityChanged,
    CaseRejected,
    CaseReopened,
    CaseReplied,
    CaseResolved,
    CaseSplit,
    CaseStatusChanged,
    CaseTeamChanged,
)
from relex.service._clock_time import micros

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from relex.changes import Event
    from relex.rules import Rule
    from relex.service._clock_time import Held

__all__ = ["Choice", "Falling", "Signal", "Track", "known", "read", "with_rules"]

Signal = tuple[Any, int, "datetime"]
"""What happened (a word, a rule that became True, or a `Falling`), at which place of the history, and when."""

_ENDED = ("resolved", "closed")


@attrs.frozen
class Falling:
    """A rule is not True any more."""

    rule: Rule


@attrs.frozen
class Choice:
    """Which policy was promised.

    Attributes:
        place: Of the event in the history.
        policy: Its id.
        version: Of the policy.
    """

    place: int
    policy: str
    version: int


class Track:
    """What the clocks of a case need to know of its history.

    Attributes:
        signals: What may start, stop or cancel a clock, in order.
        stays: Each status that it was in: since when, of which kind, its name.
        priorities: Each priority that it had: since which place of the history, and the word.
        choices: Each policy that it was promised.
        unanswered: The messages since the last reply: the id, and the signal.
    """

    __slots__ = ("choices", "priorities", "signals", "stays", "unanswered")

    def __init__(self) -> None:
        self.signals: list[Signal] = []
        self.stays: list[tuple[datetime, str, str]] = []
        self.priorities: list[tuple[int, str]] = []
        self.choices: list[Choice] = []
        self.unanswered: list[tuple[str, Signal]] = []

    def priority_at(self, place: int) -> str:
        """The priority after an event of the history."""
        found = self.priorities
        if len(found) == 1:
            return found[0][1]
        return next(priority for since, priority in reversed(found) if since <= place)

    def held(self, words: frozenset[str]) -> Sequence[Held]:
        """The stretches in statuses of these kinds or names; those that touch are one."""
        found: list[Held] = []
        since: int | None = None
        for at, kind, status in self.stays:
            if kind in words or status in words:
                since = micros(at) if since is None else since
            elif since is not None:
                found.append((since, micros(at)))
                since = None
        if since is not None:
            found.append((since, None))
        return found


def known(events: tuple[Event, ...], as_of: datetime) -> tuple[Event, ...]:
    """The events up to an instant."""
    if events and is_before(as_of, events[-1].at):
        return tuple([event for event in events if not is_before(as_of, event.at)])
    return events


def read(events: Iterable[Event]) -> Track:
    """What the clocks need to know of events."""
    track = Track()
    for place, event in enumerate(events):
        reads = _READERS.get(event.__class__)
        if reads is not None:
            reads(track, place, event)
    return track


def _entered(word: str) -> Callable[[Track, int, Any], None]:
    def reads(track: Track, place: int, event: Any) -> None:
        track.signals.append((word, place, event.at))
        track.stays.append((event.at, event.kind, event.to))
        track.unanswered.clear()

    return reads


def _opened(track: Track, place: int, event: CaseOpened) -> None:
    track.signals.append(("opened", place, event.at))
    if event.owner is not None:
        track.signals.append(("assigned", place, event.at))
    track.stays.append((event.at, event.kind, event.to))
    track.priorities.append((place, event.priority))


def _moved(track: Track, _place: int, event: CaseStatusChanged) -> None:
    track.stays.append((event.at, event.kind, event.to))


def _reopened(track: Track, place: int, event: CaseReopened) -> None:
    """A message that brings a case back comes before the reopening, but the wait for an answer begins with it."""
    word, _, at = track.signals[-1]
    is_late = word == "received" and track.stays[-1][1] in _ENDED and moment(at) == moment(event.at)
    if is_late:
        track.signals.pop()
    track.signals.append(("reopened", place, event.at))
    if is_late:
        _wait(track, track.unanswered.pop()[0], ("received", place, event.at))
    track.stays.append((event.at, event.kind, event.to))


def _received(track: Track, place: int, event: CaseMessageReceived) -> None:
    if event.message.counts and not event.follow_up:
        _wait(track, event.message.id, ("received", place, event.at))


def _wait(track: Track, message: str, signal: Signal) -> None:
    track.signals.append(signal)
    track.unanswered.append((message, signal))


def _replied(track: Track, place: int, event: CaseReplied) -> None:
    if event.message.counts:
        track.signals.append(("replied", place, event.at))
        track.unanswered.clear()


def _split(track: Track, _place: int, event: CaseSplit) -> None:
    """Who waits for an answer to a message that went to another case waits for it there."""
    for message, signal in track.unanswered:
        if message in event.messages:
            track.signals.remove(signal)
    track.unanswered = [each for each in track.unanswered if each[0] not in event.messages]


def _assigned(track: Track, place: int, event: CaseOwnerChanged) -> None:
    if event.to is not None:
        track.signals.append(("assigned", place, event.at))


def _transferred(track: Track, place: int, event: CaseTeamChanged) -> None:
    track.signals.append(("transferred", place, event.at))


def _ranked(track: Track, place: int, event: CasePriorityChanged) -> None:
    track.priorities.append((place, event.to))


def _chosen(track: Track, place: int, event: CasePolicyChosen) -> None:
    last = track.choices[-1] if track.choices else None
    if last is None or (last.policy, last.version) != (event.policy, event.policy_version):
        track.choices.append(Choice(place, event.policy, event.policy_version))


_READERS: dict[type, Callable[[Track, int, Any], None]] = {
    CaseOpened: _opened,
    CaseStatusChanged: _moved,
    CaseResolved: _entered("resolved"),
    CaseClosed: _entered("closed"),
    CaseRejected: _entered("rejected"),
    CaseMerged: _entered("merged"),
    CaseReopened: _reopened,
    CaseMessageReceived: _received,
    CaseReplied: _replied,
    CaseSplit: _split,
    CaseOwnerChanged: _assigned,
    CaseTeamChanged: _transferred,
    CasePriorityChanged: _ranked,
    CasePolicyChosen: _chosen,
}


def with_rules(signals: Sequence[Signal], states: Iterable[tuple[int, Any]], rules: Sequence[Rule]) -> list[Signal]:
    """The signals, and with them when each rule became True or was so no longer.

    What happens at one instant is one step: rules are asked once it is over. One that falls is told before what else
    happened then, one that becomes True after it.

    Args:
        signals: Of the events.
        states: The case after each event, with the place of the event.
        rules: The rules.
    """
    before: list[tuple[float, Signal]] = []
    asked = [(rule, compile_rule(rule)) for rule in rules]
    standing: set[Rule] = set()
    for first, last, state in _steps(states):
        facts, at = state.facts(), state.changed_at
        for rule, is_true in asked:
            now = is_true(facts, at) is True
            if now and rule not in standing:
                standing.add(rule)
                before.append((last + 0.5, (rule, last, at)))
            elif not now and rule in standing:
                standing.discard(rule)
                before.append((first - 0.5, (Falling(rule), first, at)))
    merged = [*before, *[(float(signal[1]), signal) for signal in signals]]
    return [signal for _, signal in sorted(merged, key=itemgetter(0))]


def _steps(states: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, int, Any]]:
    """The first and the last place of the events of one instant, and the case after them."""
    for _, step in groupby(states, key=lambda each: moment(each[1].changed_at)):
        found = list(step)
        yield found[0][0], found[-1][0], found[-1][1]
