"""Whether a customer agreed who may have several parts: every entry judged, with what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relex.customers._consent_index import latest, newest

if TYPE_CHECKING:
    from datetime import timedelta

    from relex.customers._consent_index import Index, Question, Said
    from relex.customers._links import Links

__all__ = ["Judged", "judged"]


class Judged(NamedTuple):
    """The answer, the entry that decided it, and what each entry did."""

    status: str
    decided: Said | None
    parts: tuple[tuple[Said, str], ...]


def judged(index: Index, links: Links, question: Question) -> Judged:
    """The answer, with every entry that covers the question judged."""
    people = set(links.ever(question.customer)).union(index.refusers(question))
    said = [
        each
        for person in people
        if (acts := index.acts(person, question)) is not None
        for each in acts.said
        if each.at <= question.known and each.covers(question.channel, question.point)
    ]
    return _Judge(links, question).answer(said)


class _Judge:
    """Who is the customer, and what that makes of each entry; `person` is all ids that are one at the time asked."""

    def __init__(self, links: Links, question: Question) -> None:
        self.links, self.known, self.when = links, question.known, question.when
        self.person = links.group(question.customer, question.known)

    def answer(self, said: list[Said]) -> Judged:
        """Lay every refusal against every grant that the customer may call on."""
        refusals = [each for each in said if each.entry.is_refusal]
        asked = [each for each in said if not each.entry.is_refusal]
        usable = [each for each in asked if self.is_mine(each) and not self.is_widened(each, refusals, asked)]
        lifted = {
            each: self.lifter(each, usable if self.is_ours(each) else [it for it in asked if _same_person(it, each)])
            for each in refusals
            if self.is_ours(each) or each.entry.point is not None
        }
        effects = {each: self.effect(each) for each in usable}
        effects |= {each: "stands" if it is None else f"lifted by {it.counting.id}" for each, it in lifted.items()}
        parts = tuple((each, effects[each]) for each in sorted(effects, key=latest))
        for effect, status in _STATUSES.items():
            found = [each for each in effects if effects[each] == effect]
            if found:
                return Judged(status, max(found, key=latest if status == "pending" else newest), parts)
        return Judged("unknown", None, parts)

    def is_ours(self, refusal: Said) -> bool:
        """Whether a refusal was given by a part of the customer, or when its giver was one with such a part."""
        return not self.person.isdisjoint(self.links.group(refusal.entry.customer, refusal.at))

    def is_mine(self, grant: Said) -> bool:
        """Whether a grant is the customer's: said by a part of it, or while its giver was one with a part.

        One that was said while several were one is the survivor's, if no point is named; else it is that of whoever
        owns the point, which may be any of them.
        """
        if grant.entry.point is None:
            return self.links.survivor(grant.entry.customer, self.given(grant)) in self.person
        return grant.entry.customer in self.person or not self.person.isdisjoint(self.given_as(grant))

    def given_as(self, grant: Said) -> frozenset[str]:
        """Who was one customer when a grant was given."""
        return self.links.group_before(grant.entry.customer, self.given(grant))

    def given(self, grant: Said) -> timedelta:
        """When a grant was given: when it began to count, or when it was said, while it waits to be confirmed."""
        return grant.counted if grant.counted is not None and grant.counts(self.known) else grant.at

    def is_widened(self, grant: Said, refusals: list[Said], asked: list[Said]) -> bool:
        """Whether a grant was given by more parts than the customer has now, of whom one had refused."""
        parts = self.given_as(grant)
        if parts <= self.person or not grant.counts(self.known):
            return False
        theirs = [each for each in asked if each.entry.customer in parts and not self.is_after(each, grant)]
        return any(
            self.lifter(refusal, theirs) is None
            for refusal in refusals
            if refusal.at <= grant.counted  # type: ignore[operator]  # it counts
            and refusal.entry.customer in parts
            and not self.is_ours(refusal)
        )

    def is_after(self, later: Said, grant: Said) -> bool:
        """Whether something was granted after a grant, and by somebody who was no part of the customer by then."""
        is_later = later.counted is not None and grant.counted is not None and later.counted > grant.counted
        return is_later and self.person.isdisjoint(self.given_as(later))

    def lifter(self, refusal: Said, grants: list[Said]) -> Said | None:
        """The newest of the grants that lifts a refusal."""
        belongs = self.links.group(refusal.entry.customer, refusal.at)
        found = [
            grant
            for grant in grants
            if grant.in_force(self.known, self.when)
            and grant.counted > refusal.at  # type: ignore[operator]  # it counts
            and grant.is_inside(refusal)
            and (grant.entry.customer in belongs or not belongs.isdisjoint(self.given_as(grant)))
        ]
        return max(found, key=newest) if found else None

    def effect(self, grant: Said) -> str:
        """What has become of a grant or a request."""
        if grant.in_force(self.known, self.when):
            return "in force"
        return "expired" if grant.counts(self.known) else "waits to be confirmed"


_STATUSES = {"stands": "refused", "in force": "granted", "expired": "expired", "waits to be confirmed": "pending"}


def _same_person(one: Said, other: Said) -> bool:
    return one.entry.customer == other.entry.customer
