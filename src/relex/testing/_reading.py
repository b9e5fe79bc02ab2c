"""The part of the contract that is about `Log.read`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import InvalidValue, NotFound
from relex.rules import field
from relex.testing._finding import NO_LIMITS
from relex.testing._guard import Contract
from relex.testing._samples import AT, BERLIN, FIRST_HALF_PAST_TWO, IDS, SECOND_HALF_PAST_TWO, sale
from relex.testing._trying import ids

if TYPE_CHECKING:
    from relex.purchases import Purchase
    from relex.repositories import Log

__all__ = ["Reading"]

HOUR = timedelta(hours=1)


def hourly(count: int = 5, **more: Any) -> list[Purchase]:
    """Purchases p0, p1 and so on, an hour apart."""
    return [sale(f"p{number}", at=AT + number * HOUR, **more) for number in range(count)]


class Reading(Contract):
    """Order, subjects, windows and pages; the fixture `log` keeps purchases."""

    def test_an_empty_log_reads_nothing(self, log: Log[Purchase]) -> None:
        """`read()` gives an iterator that ends at once."""
        assert list(log.read()) == []

    def test_entries_come_in_the_order_of_their_instants(self, log: Log[Purchase]) -> None:
        """The oldest comes first, in whatever order they were appended."""
        log.append(*reversed(hourly()))

        assert ids(log.read()) == ["p0", "p1", "p2", "p3", "p4"]

    def test_entries_of_one_instant_come_in_the_order_of_their_ids(self, log: Log[Purchase]) -> None:
        """Ids are ordered by code points."""
        log.append(*[sale(key) for key in reversed(IDS)])

        assert ids(log.read()) == list(IDS)

    def test_instants_are_ordered_whatever_their_zone(self, log: Log[Purchase]) -> None:
        """What a clock on the wall shows does not decide: 11:00 in Berlin is before 09:30 in UTC."""
        log.append(sale("p2", at=AT), sale("p1", at=(AT - HOUR / 2).astimezone(BERLIN)))

        assert ids(log.read()) == ["p1", "p2"]

    def test_a_repeated_hour_is_in_order(self, log: Log[Purchase]) -> None:
        """At the end of summer a clock shows half past two twice; the second time is an hour later."""
        log.append(sale("a", at=SECOND_HALF_PAST_TWO), sale("b", at=FIRST_HALF_PAST_TWO))

        assert ids(log.read()) == ["b", "a"]

    def test_entries_are_read_by_subject(self, log: Log[Purchase]) -> None:
        """`of` leaves out the entries of others, and those of nobody."""
        log.append(sale("p1"), sale("p2", customer="c2"), sale("p3", customer=None))

        assert ids(log.read(of="c1")) == ["p1"]

    def test_a_subject_is_compared_exactly(self, log: Log[Purchase]) -> None:
        """Case, accents and spaces count in a subject."""
        log.append(*[sale(f"p{place}", customer=text) for place, text in enumerate(IDS)])

        assert [ids(log.read(of=text)) for text in IDS] == [[f"p{place}"] for place in range(len(IDS))]

    def test_entries_of_nobody_are_read_with_all(self, log: Log[Purchase]) -> None:
        """An anonymous entry has no subject, and is read where no subject is asked for."""
        log.append(sale("p1"), sale("p2", customer=None))

        assert ids(log.read()) == ["p1", "p2"]

    def test_a_window_begins_with_since(self, log: Log[Purchase]) -> None:
        """An entry at the very instant `since` is in."""
        log.append(*hourly())

        assert ids(log.read(since=AT + 2 * HOUR)) == ["p2", "p3", "p4"]

    def test_a_window_ends_before_until(self, log: Log[Purchase]) -> None:
        """An entry at the very instant `until` is out, so windows that follow each other share nothing."""
        log.append(*hourly())

        assert ids(log.read(until=AT + 2 * HOUR)) == ["p0", "p1"]

    def test_a_window_is_exact_to_the_microsecond(self, log: Log[Purchase]) -> None:
        """Instants are not rounded."""
        tick = timedelta(microseconds=1)
        log.append(*[sale(f"p{number}", at=AT + number * tick) for number in range(4)])

        assert ids(log.read(since=AT + tick, until=AT + 3 * tick)) == ["p1", "p2"]

    @pytest.mark.parametrize("hours", [0, -1])
    def test_an_empty_window_reads_nothing(self, log: Log[Purchase], hours: int) -> None:
        """So does one that ends before it begins."""
        log.append(*hourly())

        assert list(log.read(since=AT + 2 * HOUR, until=AT + (2 + hours) * HOUR)) == []

    def test_a_window_may_be_told_in_any_zone(self, log: Log[Purchase]) -> None:
        """Instants are compared as instants, not as what a clock shows."""
        log.append(*hourly())
        since, until = (AT + HOUR).astimezone(BERLIN), (AT + 3 * HOUR).astimezone(BERLIN)

        assert ids(log.read(since=since, until=until)) == ["p1", "p2"]

    def test_a_window_may_begin_within_a_repeated_hour(self, log: Log[Purchase]) -> None:
        """Half past two for the second time leaves out half past two for the first time, and ends before itself."""
        log.append(sale("p1", at=FIRST_HALF_PAST_TWO), sale("p2", at=SECOND_HALF_PAST_TWO))

        assert ids(log.read(since=SECOND_HALF_PAST_TWO)) == ["p2"]
        assert ids(log.read(since=FIRST_HALF_PAST_TWO, until=SECOND_HALF_PAST_TWO)) == ["p1"]

    def test_a_window_may_be_all_of_time(self, log: Log[Purchase]) -> None:
        """The first and the last instant of Python are bounds like others."""
        log.append(*hourly(2))
        since, until = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

        assert ids(log.read(since=since, until=until)) == ["p0", "p1"]

    @pytest.mark.parametrize("bound", ["since", "until"])
    def test_a_bound_without_a_zone_is_refused(self, log: Log[Purchase], bound: str) -> None:
        """A naive datetime raises `InvalidValue`, at the call or at the first step."""
        naive: Any = {bound: AT.replace(tzinfo=None)}
        with pytest.raises(InvalidValue):
            list(log.read(**naive))

    def test_after_leaves_out_the_entry_and_all_before_it(self, log: Log[Purchase]) -> None:
        """`after` is the id of an entry; what comes later in the order (instant, id) is read."""
        log.append(sale("b"), sale("a"), sale("c"), *hourly(2))

        assert ids(log.read(after="b")) == ["c", "p0", "p1"]

    def test_after_may_be_an_entry_of_another_subject(self, log: Log[Purchase]) -> None:
        """It tells a place in the order, and need not be among those that are read."""
        log.append(*hourly(), sale("other", at=AT + 2 * HOUR, customer="c2"))

        assert ids(log.read(of="c1", after="other")) == ["p2", "p3", "p4"]

    def test_after_an_unknown_entry_is_not_found(self, log: Log[Purchase]) -> None:
        """`NotFound` with the name of the class and the id; its place in the order is not known."""
        log.append(sale("p1"))
        with pytest.raises(NotFound) as raised:
            list(log.read(after="p2"))

        assert (raised.value.kind, raised.value.id) == ("Purchase", "p2")

    @pytest.mark.parametrize(("limit", "expected"), [(0, []), (2, ["p0", "p1"]), (9, ["p0", "p1", "p2"])])
    def test_a_limit_is_the_most_that_is_read(self, log: Log[Purchase], limit: int, expected: list[str]) -> None:
        """Fewer come when there are no more; 0 gives nothing."""
        log.append(*hourly(3))

        assert ids(log.read(limit=limit)) == expected

    @pytest.mark.parametrize("limit", NO_LIMITS, ids=repr)
    def test_a_limit_of_a_log_is_an_int_of_at_least_0(self, log: Any, limit: object) -> None:
        """Anything else raises `InvalidValue`, at the call or at the first step."""
        with pytest.raises(InvalidValue):
            list(log.read(limit=limit))

    @pytest.mark.parametrize("size", [1, 3, 100])
    def test_pages_of_a_log_give_everything_once(self, log: Log[Purchase], size: int) -> None:
        """The last id of a page, given as `after`, begins the next one; many entries of one instant do not matter."""
        log.append(*[sale(key) for key in IDS], *hourly(3))
        found: list[str] = []
        while page := ids(log.read(after=found[-1] if found else None, limit=size)):
            found += page

        assert found == ids(log.read())
        assert len(found) == len(IDS) + 3

    def test_subject_window_page_and_rule_are_asked_together(self, log: Log[Purchase]) -> None:
        """All that is asked must hold, and the limit counts what is left."""
        log.append(*hourly(9, channel="web"), sale("q3", at=AT + 3 * HOUR, customer="c2", channel="web"))
        log.append(sale("q4", at=AT + 4 * HOUR, channel="shop"))
        found = log.read(field("channel") == "web", of="c1", since=AT + HOUR, until=AT + 8 * HOUR, after="p2", limit=3)

        assert ids(found) == ["p3", "p4", "p5"]

    def test_a_rule_is_asked_of_the_facts_of_entries(self, log: Log[Purchase]) -> None:
        """Those come of whose facts the rule is True; where a fact is unknown, it is not."""
        log.append(sale("p1", channel="web"), sale("p2", channel="shop"), sale("p3"))

        assert ids(log.read(field("channel") == "web")) == ["p1"]

    @pytest.mark.parametrize("wrong", ["channel", 1, {"channel": "web"}], ids=["text", "int", "dict"])
    def test_what_is_no_rule_of_a_log_is_refused(self, log: Any, wrong: object) -> None:
        """Anything but a rule raises `InvalidValue`, at the call or at the first step."""
        log.append(sale("p1"))
        with pytest.raises(InvalidValue):
            list(log.read(wrong))

    def test_what_is_appended_after_the_call_is_not_read(self, log: Log[Purchase]) -> None:
        """What comes is what was kept at the time of the call, also where nobody has asked for the first one yet.

        An async store is asked at the first step.
        """
        log.append(sale("p1"))
        found = log.read()
        log.append(sale("p0"), sale("p2"))

        assert ids(found) == ["p1"]

    def test_what_is_appended_while_somebody_iterates_is_not_read(self, log: Log[Purchase]) -> None:
        """Entries that come before, between and behind the others wait for the next `read`."""
        log.append(*hourly(4))
        found = log.read()
        first = ids(islice(found, 1))
        log.append(sale("o", at=AT - HOUR), sale("o2", at=AT + HOUR / 2), sale("z", at=AT + 9 * HOUR))

        assert first + ids(found) == ["p0", "p1", "p2", "p3"]
