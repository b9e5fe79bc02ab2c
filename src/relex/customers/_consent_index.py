"""The entries of consent, folded once: what each customer said of a purpose, and when it counts."""

from __future__ import annotations

from bisect import bisect_right
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import attrs

from relex._instants import moment, moment_or_none
from relex.errors import Conflict, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from relex.customers._consent import Consent
    from relex.customers._consent_policy import Purpose

__all__ = ["Acts", "Index", "Question", "Said", "Scope", "latest", "newest"]

_ANY = "*"


class Question(NamedTuple):
    """What is asked: at `when`, by the entries up to `known`."""

    customer: str
    purpose: Purpose
    topic: str | None
    channel: str
    point: str | None
    known: timedelta
    when: timedelta


_UNTOLD = timedelta.min


@attrs.define(eq=False)
class Said:
    """One entry, as a purpose reads it.

    Attributes:
        entry: What was said.
        at: Of the entry.
        counting: The entry by which it counts: of a grant that asks for it, its confirmation.
        counted: From when a grant counts; None for a refusal, and while the confirmation is missing.
        purpose: What for.
    """

    entry: Consent
    at: timedelta
    counting: Consent
    counted: timedelta | None
    purpose: Purpose
    _ends: timedelta | None = attrs.field(default=_UNTOLD, init=False)

    @property
    def ends_at(self) -> datetime | None:
        """From when a grant is no longer in force; None for never."""
        stated = self.counting.expires_at if self.counting.expires_at is not None else self.entry.expires_at
        lasting = self.purpose.valid_for
        if stated is not None or lasting is None:
            return stated
        try:
            return lasting.add(self.counting.at)
        except InvalidValue:  # after the year 9999
            return None

    @property
    def ends(self) -> timedelta | None:
        """The same, told once, and only if somebody asks."""
        if self._ends is _UNTOLD:
            self._ends = moment_or_none(self.ends_at)
        return self._ends

    def covers(self, channel: str, point: str | None) -> bool:
        """Whether it has a say about a channel and a point."""
        return self.entry.channel in (_ANY, channel) and self.entry.point in (None, point)

    def is_inside(self, other: Said) -> bool:
        """Whether it says nothing that lies outside what the other is about."""
        return other.covers(self.entry.channel, self.entry.point)

    def counts(self, known: timedelta) -> bool:
        """Whether it is a grant that counts, by what is known."""
        return self.counted is not None and self.counted <= known

    def decided(self, known: timedelta) -> Consent:
        """The entry that counts, by what is known: of a grant that asks for it, its confirmation."""
        return self.counting if self.counts(known) else self.entry

    def in_force(self, known: timedelta, when: timedelta) -> bool:
        """Whether it is a grant that counts and is not over."""
        return self.counts(known) and (self.ends is None or when < self.ends)


class Acts:
    """What one customer said of a purpose and a topic: refusals and grants by their scope, oldest first."""

    __slots__ = ("_covering", "_scopes", "said")

    def __init__(self, said: Iterable[Said]) -> None:
        self.said = tuple(said)
        self._scopes: dict[tuple[str, str | None], Scope] = {}
        self._covering: dict[tuple[str, str | None], tuple[Scope, ...]] = {}
        for each in self.said:
            self._scopes.setdefault((each.entry.channel, each.entry.point), Scope()).add(each)
        for scope in self._scopes.values():
            scope.close()

    def covering(self, channel: str, point: str | None) -> tuple[Scope, ...]:
        """The scopes that cover a question: this channel and point, the channel, the point, everything."""
        key = (channel, point)
        found = self._covering.get(key)
        if found is None:
            get = self._scopes.get
            found = (
                get(key, _EMPTY),
                get((channel, None), _EMPTY),
                get((_ANY, point), _EMPTY),
                get((_ANY, None), _EMPTY),
            )
            self._covering[key] = found
        return found


class Scope:
    """What one customer said of one channel or all, and of one point or all."""

    __slots__ = ("counted", "grants", "refusals", "refused", "waiting")

    def __init__(self) -> None:
        self.refusals: list[Said] = []
        self.refused: list[timedelta] = []
        self.grants: list[Said] = []
        self.counted: list[timedelta] = []
        self.waiting: list[Said] = []

    def add(self, said: Said) -> None:
        if said.entry.is_refusal:
            self.refusals.append(said)
            return
        self.waiting.append(said)
        if said.counted is not None:
            self.grants.append(said)

    def close(self) -> None:
        self.refusals.sort(key=_when)
        self.refused = [said.at for said in self.refusals]
        self.grants.sort(key=_since)
        self.counted = [said.counted for said in self.grants]  # type: ignore[misc]  # grants have counted

    def refusal(self, known: timedelta) -> Said | None:
        """The newest refusal: what lifts it lifts all that are older."""
        number = bisect_right(self.refused, known) if self.refused else 0
        return self.refusals[number - 1] if number else None

    def grant(self, known: timedelta, when: timedelta) -> Said | None:
        """The newest grant in force."""
        number = bisect_right(self.counted, known) if self.counted else 0
        while number:
            number -= 1
            said = self.grants[number]
            ends = said.ends
            if ends is None or when < ends:
                return said
        return None

    def over(self, known: timedelta) -> Said | None:
        """The newest grant that counts, asked where none is in force."""
        number = bisect_right(self.counted, known)
        return self.grants[number - 1] if number else None

    def pending(self, known: timedelta) -> Said | None:
        """The newest entry that waits for its confirmation."""
        found = [said for said in self.waiting if said.at <= known and not said.counts(known)]
        return max(found, key=latest) if found else None


_EMPTY = Scope()
_NOTHING = (_EMPTY, _EMPTY, _EMPTY, _EMPTY)


def newest(said: Said) -> tuple[timedelta, int, str]:
    """What to choose among several that decide alike: the newest, then the narrowest."""
    return said.at if said.counted is None else said.counted, _narrowness(said.entry), said.entry.id


def latest(said: Said) -> tuple[timedelta, int, str]:
    """What to choose among several that wait: the last one that was said, then the narrowest."""
    return said.at, _narrowness(said.entry), said.entry.id


def _narrowness(entry: Consent) -> int:
    return (entry.channel != _ANY) * 2 + (entry.point is not None)


def _when(said: Said) -> tuple[timedelta, str]:
    return said.at, said.entry.id


def _since(said: Said) -> tuple[timedelta | None, str]:
    return said.counted, said.entry.id


class Index:
    """All entries, by customer, purpose and topic."""

    __slots__ = ("_acts", "_confirmed", "_said", "_stated", "entries")

    def __init__(self, entries: Sequence[Consent]) -> None:
        self._said: dict[tuple[str, str, str | None], list[Consent]] = {}
        self._stated: dict[tuple[str, str | None, str], list[str]] = {}
        self._confirmed: dict[tuple[str, str], list[Consent]] = {}
        self._acts: dict[tuple[str, str | None, Purpose], Acts | None] = {}
        self.entries = _once(entries)
        for entry in self.entries:
            if entry.confirms is not None:
                self._confirmed.setdefault((entry.customer, entry.confirms), []).append(entry)
                continue
            self._said.setdefault((entry.customer, entry.purpose, entry.topic), []).append(entry)
            if entry.point is not None and entry.is_refusal:
                self._stated.setdefault((entry.purpose, entry.topic, entry.point), []).append(entry.customer)

    def acts(self, customer: str, question: Question) -> Acts | None:
        """What a customer said of the purpose and the topic; None for nothing."""
        _, purpose, topic, *_ = question
        key = (customer, topic, purpose)
        try:
            return self._acts[key]
        except KeyError:
            entries = self._said.get((customer, purpose.name, topic))
            found = None if entries is None else Acts([self._read(entry, purpose) for entry in entries])
            self._acts[key] = found
            return found

    def scopes(self, customer: str, question: Question) -> tuple[Scope, ...]:
        """What a customer said that covers the question: of channel and point, channel, point, everything."""
        acts = self.acts(customer, question)
        return _NOTHING if acts is None else acts.covering(question.channel, question.point)

    def refusers(self, question: Question) -> Sequence[str]:
        """Who refused for this very point."""
        if question.point is None or not self._stated:
            return ()
        return self._stated.get((question.purpose.name, question.topic, question.point), ())

    def _read(self, entry: Consent, purpose: Purpose) -> Said:
        if entry.is_refusal:
            return _said(entry, None, purpose)
        if entry.status == "granted" and not purpose.double_opt_in:
            return _said(entry, entry, purpose)
        at = moment(entry.at)
        told = self._confirmed.get((entry.customer, entry.id), ())
        later = [each for each in told if moment(each.at) >= at and _about(each) == _about(entry)]
        return _said(entry, min(later, key=_order) if later else None, purpose)


def _said(entry: Consent, counts: Consent | None, purpose: Purpose) -> Said:
    """An entry, with the one by which it counts as a grant."""
    if counts is None:
        return Said(entry, moment(entry.at), entry, None, purpose)
    return Said(entry, moment(entry.at), counts, moment(counts.at), purpose)


def _about(entry: Consent) -> tuple[str | None, ...]:
    return entry.purpose, entry.topic, entry.channel, entry.point


def _order(entry: Consent) -> tuple[timedelta, str]:
    return moment(entry.at), entry.id


def _once(entries: Sequence[Consent]) -> tuple[Consent, ...]:
    found: dict[str, Consent] = {}
    for entry in entries:
        first = found.setdefault(entry.id, entry)
        if first is not entry and first != entry:
            raise Conflict(entry.id, first, entry)
    return tuple(found.values())
