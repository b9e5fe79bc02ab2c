"""Who was one customer with whom, and when: merges and their ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime, timedelta

__all__ = ["Link", "Links"]


@attrs.frozen
class Link:
    """Two customers that were merged.

    Attributes:
        survivor: Id of the customer that took the other's records.
        other: Id of the customer that was merged.
        since: When they were merged; aware.
        until: When they were separated again; None while they are one.

    Raises:
        InvalidValue: For a customer merged with itself, or an end before the beginning.

    .. versionadded:: 0.1.0
    """

    survivor: str = attrs.field(validator=_checks.text)
    other: str = attrs.field(validator=_checks.text)
    since: datetime = attrs.field(validator=_checks.instant)
    until: datetime | None = attrs.field(default=None, validator=_checks.optional(_checks.instant))

    def __attrs_post_init__(self) -> None:
        """Check what the fields say together."""
        if self.survivor == self.other:
            raise InvalidValue("Link.other", self.other, "another customer than the survivor")
        if self.until is not None and is_before(self.until, self.since):
            raise InvalidValue("Link.until", self.until, "an instant not before since")


class Links:
    """Merges, folded once so that who is one with whom is quickly told."""

    __slots__ = ("_by_customer", "_ever", "_known", "_takers", "links")

    def __init__(self, links: Iterable[Link]) -> None:
        self.links = tuple(links)
        self._known = {(link.survivor, link.other, moment(link.since)) for link in self.links}
        self._by_customer: dict[str, list[tuple[str, timedelta, timedelta | None]]] = {}
        self._takers: dict[str, list[tuple[str, timedelta, timedelta | None]]] = {}
        self._ever: dict[str, frozenset[str]] = {}
        for link in self.links:
            until = None if link.until is None else moment(link.until)
            self._takers.setdefault(link.other, []).append((link.survivor, moment(link.since), until))
            for one, other in ((link.survivor, link.other), (link.other, link.survivor)):
                self._by_customer.setdefault(one, []).append((other, moment(link.since), until))

    def __contains__(self, customer: str) -> bool:
        """Whether a customer was ever merged."""
        return customer in self._by_customer

    def knows(self, link: Link) -> bool:
        """Whether this merge is among them, over or not."""
        return (link.survivor, link.other, moment(link.since)) in self._known

    def group(self, customer: str, at: timedelta) -> frozenset[str]:
        """Who is one customer at an instant, that of the merge included."""
        return self._reached(customer, lambda since, until: since <= at and (until is None or at < until))

    def group_before(self, customer: str, at: timedelta) -> frozenset[str]:
        """Who is one customer already before an instant, and still at it."""
        return self._reached(customer, lambda since, until: since < at and (until is None or at < until))

    def survivor(self, customer: str, at: timedelta) -> str:
        """Who had a customer's records already before an instant, and still at it; the customer, where nobody had."""
        passed = {customer}
        while True:
            takers = [
                survivor
                for survivor, since, until in self._takers.get(customer, ())
                if since < at and (until is None or at < until) and survivor not in passed
            ]
            if not takers:
                return customer
            customer = min(takers)
            passed.add(customer)

    def ever(self, customer: str) -> frozenset[str]:
        """Who was ever one with a customer, or with one who was."""
        if not self._by_customer:
            return frozenset((customer,))
        found = self._ever.get(customer)
        if found is None:
            found = self._ever[customer] = self._reached(customer, lambda _since, _until: True)
        return found

    def edges(self, customer: str) -> list[timedelta]:
        """When a customer was merged or separated."""
        links = self._by_customer.get(customer, ())
        return [edge for _, since, until in links for edge in (since, until) if edge is not None]

    def _reached(self, customer: str, lives: Callable[[timedelta, timedelta | None], bool]) -> frozenset[str]:
        found, waiting = {customer}, [customer]
        while waiting:
            for other, since, until in self._by_customer.get(waiting.pop(), ()):
                if other not in found and lives(since, until):
                    found.add(other)
                    waiting.append(other)
        return frozenset(found)
