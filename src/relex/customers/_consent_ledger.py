"""Whether a customer agreed: the state of a purpose on a channel and for a point, at an instant.

Theory of operation
===================

A question is a customer, a purpose, a topic or none, a channel and a point. An entry covers it if purpose and topic are
the same, and its channel and point are the same or `everything`. Three rules give the answer:

1. A grant counts from its time, or from its confirmation where the purpose asks for one, and is in force until it ends.
2. A refusal stands until a later grant of the same customer lifts it: one that is in force, covers the question and
   lies inside the refusal's scope. At the same instant the refusal wins, and when the grant ends the refusal stands
   again. A refusal for one point holds whoever owns the point; a grant is the customer's own.
3. `refused` if a refusal stands; else `granted` if a grant is in force; else `expired`, `pending`, `unknown`.

Four scopes can cover a question, and in each of them only the newest refusal and the newest grant in force matter. So
the entries are sorted into scopes once, and a question is four look-ups and a few comparisons (`_quick`). Between two
instants at which an entry begins or ends the answer is the same, so it is kept for that stretch of time.

A customer who was merged has several parts, each with its entries. Then each entry is judged (`judged`), by three more
rules: a grant lifts the refusal of another part only if it was given after the merge; a refusal given while parts were
one stays with all of them when they are separated; a grant given meanwhile stays with the survivor, or, if it names a
point, with those who own the point, and only where nothing refused it at the time.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING, TypeAlias

import attrs

from relex import _checks
from relex._instants import moment
from relex.customers._addresses import required_address
from relex.customers._consent import Consent
from relex.customers._consent_index import Index, Question, Said, Scope, latest, newest
from relex.customers._consent_judged import Judged, judged
from relex.customers._consent_policy import ConsentPolicy
from relex.customers._links import Link, Links

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relex.parties import ContactPoint

__all__ = ["ConsentLedger", "ConsentState"]

Answer: TypeAlias = tuple[str, str | None]
Stretches: TypeAlias = tuple[list[timedelta], dict[int, Answer]]

_ABOUT = 5  # the fields of a question that do not tell the time
_MOST_KEPT = 4096
_NEVER_ASKED: Stretches = [], {}

_LINK = _checks.each(_checks.a(Link))
_ENTRY = _checks.each(_checks.a(Consent))
_POLICY = _checks.a(ConsentPolicy)
_TEXT_OR_NONE = _checks.optional(_checks.text)


@attrs.frozen(kw_only=True)
class ConsentState:
    """What holds of a purpose, with the entry that decided it and all that had a say.

    Attributes:
        status: `refused`, `granted`, `expired`, `pending` or `unknown`.
        entry: The entry that decided; None where nobody said anything.
        until: When the deciding grant ends, or ended; None for never, and where no grant decided.
        parts: (entry, effect) pairs of all entries that cover the question, oldest first.

    .. versionadded:: 0.1.0
    """

    status: str
    entry: Consent | None
    until: datetime | None
    parts: tuple[tuple[Consent, str], ...]

    def __str__(self) -> str:
        """The status, by which entry, and what became of the others."""
        decided = "" if self.entry is None else f" by {self.entry.id}"
        parts = "".join(f"\n  {entry.id} {entry.status}: {effect}" for entry, effect in self.parts)
        return f"{self.status}{decided}{parts}"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(entry.id)}</td><td>{entry.at:%Y-%m-%d %H:%M}</td><td>{entry.status}</td>"
            f"<td>{escape(effect)}</td></tr>"
            for entry, effect in self.parts
        )
        return f"<table><caption>Consent: {self.status}</caption>{rows}</table>"


class ConsentLedger:
    """Entries of consent, folded once; immutable, and asked as often as one likes.

    It needs the entries of the customer, of everybody merged with the customer, and the refusals that others gave for
    the customer's points. More does no harm.

    Example:
        >>> from datetime import UTC, datetime
        >>> from relex.customers import ConsentPolicy, Purpose
        >>> policy = ConsentPolicy([Purpose("marketing", valid_for=24)])
        >>> day = datetime(2026, 5, 4, tzinfo=UTC)
        >>> yes = Consent("e1", customer="c1", at=day, status="granted", purpose="marketing", channel="email")
        >>> ledger = ConsentLedger([yes])
        >>> print(ledger.state("c1", "marketing", channel="email", policy=policy, at=day))
        granted by e1
          e1 granted: in force

    .. versionadded:: 0.1.0
    """

    __slots__ = ("_index", "_links", "_stretches", "_wider")

    def __init__(self, entries: Iterable[Consent] = (), *, merges: Iterable[Link] = ()) -> None:
        """Fold entries in any order.

        Args:
            entries: Of consent; the same one may come twice.
            merges: Which customers were merged, and separated again.

        Raises:
            Conflict: For one id with two contents.
            InvalidValue: For something else than such entries and links.
        """
        found = _checks.items("ConsentLedger.entries", entries)
        _ENTRY.require("ConsentLedger.entries", found)
        links = _checks.items("ConsentLedger.merges", merges)
        _LINK.require("ConsentLedger.merges", links)
        self._index = Index(found)
        self._links = Links(links)
        self._wider: dict[tuple[Link, ...], ConsentLedger] = {}
        self._stretches: dict[tuple[object, ...], Stretches | None] = {}

    def knowing(self, links: Iterable[Link]) -> ConsentLedger:
        """This ledger, or the same one that knows these merges too, so that no part's refusal is ever overlooked.

        Raises:
            InvalidValue: For something else than links.
        """
        told = _checks.items("knowing.links", links)
        _LINK.require("knowing.links", told)
        missing = tuple(link for link in told if not self._links.knows(link))
        if not missing:
            return self
        found = self._wider.get(missing)
        if found is None:
            found = self._wider[missing] = ConsentLedger(merges=(*self._links.links, *missing))
            found._index = self._index
        return found

    @property
    def entries(self) -> tuple[Consent, ...]:
        """Each entry once."""
        return self._index.entries

    def customers(self, customer: str, at: timedelta) -> tuple[str, ...]:
        """The ids that are one customer at an instant, sorted."""
        return tuple(sorted(self._links.group(customer, at))) if customer in self._links else (customer,)

    def state(
        self,
        customer: str,
        purpose: str,
        *,
        channel: str,
        policy: ConsentPolicy,
        at: datetime,
        topic: str | None = None,
        point: ContactPoint | str | None = None,
    ) -> ConsentState:
        """What holds at an instant, by the entries up to it.

        Args:
            customer: Id of the customer.
            purpose: One that the policy declares; exact.
            channel: Such as `email`.
            policy: What the purpose asks for.
            at: That instant included; aware.
            topic: A part of the purpose; None asks for the purpose as such.
            point: The contact point, or its address; None asks for no point in particular.

        Raises:
            InvalidValue: For an undeclared purpose, a naive datetime, a point without a key.

        .. versionadded:: 0.1.0
        """
        _checks.text.require("state.customer", customer)
        _checks.text.require("state.channel", channel)
        _POLICY.require("state.policy", policy)
        _TEXT_OR_NONE.require("state.topic", topic)
        _checks.instant.require("state.at", at)
        found = None if point is None else required_address("state.point", point)
        now = moment(at)
        question = Question(customer, policy.purpose(purpose), topic, channel, found, now, now)
        return _state(judged(self._index, self._links, question), now)

    def status(self, question: Question) -> Answer:
        """The status and the id of the entry that decided it, without checks; `when` is not before `known`."""
        key = question[:_ABOUT]
        found = self._stretches.get(key, _NEVER_ASKED)
        if found is _NEVER_ASKED:  # nothing is kept for who asks once
            if len(self._stretches) >= _MOST_KEPT:
                self._stretches.clear()
            self._stretches[key] = None
            return self._fresh(question)
        if found is None:
            found = self._stretches[key] = self._edges(question), {}
        edges, answers = found
        number = bisect_right(edges, question.known)
        if question.when is not question.known and bisect_right(edges, question.when) != number:
            return self._fresh(question)
        answer = answers.get(number)
        if answer is None:
            answer = answers[number] = self._fresh(question)
        return answer

    def _fresh(self, question: Question) -> Answer:
        if question.customer in self._links:
            status, decided, _ = judged(self._index, self._links, question)
        else:
            status, decided = _quick(self._index, question)
        return status, None if decided is None else decided.decided(question.known).id

    def _edges(self, question: Question) -> list[timedelta]:
        """The instants at which the answer may change."""
        people = {*self._links.ever(question.customer), *self._index.refusers(question)}
        found = {edge for person in people for edge in self._links.edges(person)}
        for person in people:
            acts = self._index.acts(person, question)
            for said in () if acts is None else acts.said:
                edges = (said.at, said.counted, None if said.counted is None else said.ends)
                found.update(edge for edge in edges if edge is not None)
        return sorted(found)


def _state(answer: Judged, known: timedelta) -> ConsentState:
    decided = answer.decided
    return ConsentState(
        status=answer.status,
        entry=None if decided is None else decided.decided(known),
        until=None if decided is None or not decided.counts(known) else decided.ends_at,
        parts=tuple((said.entry, effect) for said, effect in answer.parts),
    )


def _quick(index: Index, question: Question) -> tuple[str, Said | None]:
    """The answer for a customer who was never merged."""
    customer, known, when = question.customer, question.known, question.when
    scopes = index.scopes(customer, question)
    grants = [scope.grant(known, when) for scope in scopes]
    standing = _standing(scopes, grants, _INSIDE, known)
    for other in index.refusers(question):
        if other != customer:
            theirs = index.scopes(other, question)
            standing += _standing(theirs, [scope.grant(known, when) for scope in theirs], _INSIDE_POINT, known)
    if standing:
        return "refused", max(standing, key=newest)
    found = [grant for grant in grants if grant is not None]
    return ("granted", max(found, key=newest)) if found else _neither(scopes, known)


# Of the scopes (channel and point, channel, point, everything), with the scopes that lie inside each of them.
_INSIDE = ((0, (0,)), (1, (0, 1)), (2, (0, 2)), (3, (0, 1, 2, 3)))
_INSIDE_POINT = ((0, (0,)), (2, (0, 2)))


def _standing(
    scopes: tuple[Scope, ...],
    grants: list[Said | None],
    inside: tuple[tuple[int, tuple[int, ...]], ...],
    known: timedelta,
) -> list[Said]:
    """The newest refusal of each scope that no grant inside it lifts."""
    found = []
    for number, within in inside:
        refusal = scopes[number].refusal(known)
        if refusal is not None and not any(
            (grant := grants[each]) is not None and grant.counted > refusal.at  # type: ignore[operator]  # it counts
            for each in within
        ):
            found.append(refusal)
    return found


def _neither(scopes: tuple[Scope, ...], known: timedelta) -> tuple[str, Said | None]:
    """What is to be said where nothing stands and nothing is in force."""
    over = [said for scope in scopes if (said := scope.over(known)) is not None]
    if over:
        return "expired", max(over, key=newest)
    waiting = [said for scope in scopes if (said := scope.pending(known)) is not None]
    return ("pending", max(waiting, key=latest)) if waiting else ("unknown", None)
