"""Whether the same contact came again about the same topic, asked of a stream in any order.

Of a case no more is kept than one number: whose it is, what it is about and when it was opened, one above the other.
Sorted, the numbers of one contact and topic stand together in the order of time, so that a question, whether one of
them lies after a resolution and up to the end of its window, is one search.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from relex.service._metric_groups import facts_reader

if TYPE_CHECKING:
    from relex.service._metric_records import CaseRecord
    from relex.service._metric_tallies import Tally

__all__ = ["FollowUps"]

_AT = 60  # bits: an instant within the years 1 to 9999 needs 59, with its sign
_EARLIEST = 1 << (_AT - 1)
_TOPIC = 36


class FollowUps:
    """The openings of a stream of cases, and what is asked of them.

    Args:
        topic: The fact that must be the same.
    """

    def __init__(self, topic: str) -> None:
        self._topic = facts_reader("FirstContactResolution.topic", (topic,))
        self._people: dict[tuple[str, str], int] = {}
        self._topics: dict[Any, int] = {}
        self._openings: list[int] = []
        self._asked: dict[Tally, list[int]] = {}

    def saw(self, record: CaseRecord) -> None:
        """Another case of somebody; one of nobody follows nothing."""
        whose = self._whose(record)
        if whose is not None:
            self._openings.append(whose + record.opened)

    def ask(self, record: CaseRecord, tally: Tally) -> None:
        """Count later whether nothing followed the first resolution of a case."""
        whose = self._whose(record)
        if whose is None:
            tally.counts["yes"] += 1
        else:
            self._asked.setdefault(tally, []).append(whose + record.resolutions[0])

    def answer(self, window: int) -> None:
        """Count what was asked; no more cases come."""
        openings = self._openings
        openings.sort()
        for tally, resolved in self._asked.items():
            came = sum(bisect_right(openings, at) < bisect_right(openings, at + window) for at in resolved)
            tally.counts["no"] += came
            tally.counts["yes"] += len(resolved) - came
        self._asked.clear()

    def _whose(self, record: CaseRecord) -> int | None:
        case = record.case
        contact, customer = case.contact, case.customer
        if contact is None and customer is None:
            return None
        key = ("customer", customer) if contact is None else ("contact", contact)
        person = self._people.setdefault(key, len(self._people))  # type: ignore[arg-type]  # one of them is there
        topic = self._topics.setdefault(self._topic(case), len(self._topics))
        return ((person << _TOPIC | topic) << _AT) + _EARLIEST
