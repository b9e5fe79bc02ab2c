"""Whether a customer agreed who may have several parts: every entry judged, with what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from relex.customers._consent_index import newest

if TYPE_CHECKING:
    from datetime import timedelta

    from relex.customers._consent_index import Index, Said
    from relex.customers._consent_policy import Purpose
    from relex.customers._links import Links

__all__ = ["Judged", "judged"]


class Judged(NamedTuple):
    """The answer, the entry that decided it, and what each entry did."""

    status: str
    decided: Said | None
    parts: tuple[tuple[Said, str], ...]


def judged(
    index: Index,
    links: Links,
    customer: str,
    purpose: Purpose,
    topic: str | None,
    channel: str,
    point: str | None,
    *,
    known: timedelta,
    when: timedelta,
) -> Judged:
    """The answer at an instant, by the entries up to another."""
    people = set(links.ever(customer)).union(index.refusers(purpose.name, topic, point))
    said = [
        each
        for person in people
        if (acts := index.acts(person, purpose, topic)) is not None
        for each in acts.said
        if each.at <= known and each.covers(channel, point)
    ]
    return _Question(links, customer, point, known, when).answer(sorted(said, key=newest))


class _Question:
    """One question, with who was one with the customer."""

    def __init__(self, links: Links, customer: str, point: str | None, known: timedelta, when: timedelta) -> None:
        self.links, self.point, self.known, self.when = links, point, known, when
        self.now = links.group(customer, known)

    def answer(self, said: list[Said]) -> Judged:
        """Lay every refusal against every grant that the customer may call on."""
        refusals = [each for each in said if each.entry.is_refusal]
        inside = [each for each in refusals if self.is_ours(each)]
        others = [each for each in refusals if each not in inside and each.entry.point is not None]
        asked = [each for each in said if not each.entry.is_refusal]
        mine = [each for each in asked if self.is_mine(each) and not self.is_widened(each, refusals, asked)]
        lifted = {each: self.lifter(each, mine) for each in inside}
        for each in others:
            lifted[each] = self.lifter(each, [grant for grant in asked if _same_person(grant, each)])
        standing = [each for each, grant in lifted.items() if grant is None]
        return self.summed(said, mine, lifted, standing)

    def is_ours(self, refusal: Said) -> bool:
        """Whether a refusal was given by a part of the customer, or when its giver was one with such a part."""
        return not self.now.isdisjoint(self.links.group(refusal.entry.customer, refusal.at))

    def is_mine(self, grant: Said) -> bool:
        """Whether a grant was given by a part of the customer; for a point, or when its giver was one with such a part."""
        if grant.entry.customer in self.now:
            return True
        return grant.entry.point is not None and not self.now.isdisjoint(self.given_as(grant))

    def given_as(self, grant: Said) -> frozenset[str]:
        """Who was one customer when a grant was given."""
        return self.links.before_and_after(grant.entry.customer, grant.at if grant.counted is None else grant.counted)

    def is_widened(self, grant: Said, refusals: list[Said], asked: list[Said]) -> bool:
        """Whether a grant was given by more parts than the customer has now, of whom one had refused."""
        parts = self.given_as(grant)
        if parts <= self.now or grant.counted is None:
            return False
        theirs = [each for each in asked if each.entry.customer in parts]
        return any(
            self.lifter(refusal, theirs) is None
            for refusal in refusals
            if refusal.at <= grant.counted and refusal.entry.customer in parts and not self.is_ours(refusal)
        )

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

    def summed(
        self, said: list[Said], mine: list[Said], lifted: dict[Said, Said | None], standing: list[Said]
    ) -> Judged:
        """The status, and each entry with what it did."""
        effects = {each: self.effect(each) for each in mine}
        for refusal, grant in lifted.items():
            effects[refusal] = "stands" if grant is None else f"lifted by {grant.decided.id}"
        parts = tuple((each, effects.get(each, "not of this customer")) for each in said)
        if standing:
            return Judged("refused", max(standing, key=newest), parts)
        for effect, status in _STATUSES.items():
            found = [each for each in mine if effects[each] == effect]
            if found:
                return Judged(status, max(found, key=newest), parts)
        return Judged("unknown", None, parts)

    def effect(self, grant: Said) -> str:
        """What has become of a grant or a request."""
        if grant.in_force(self.known, self.when):
            return "in force"
        return "expired" if grant.counts(self.known) else "waits to be confirmed"


_STATUSES = {"in force": "granted", "expired": "expired", "waits to be confirmed": "pending"}


def _same_person(one: Said, other: Said) -> bool:
    return one.entry.customer == other.entry.customer
