"""The part of the contract that is about logs: what is appended, and what is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import Conflict, InvalidValue, NotFound
from relex.purchases import Return
from relex.rules import field
from relex.testing._finding import NO_LIMITS
from relex.testing._guard import Contract
from relex.testing._keeping import INSTANTS
from relex.testing._samples import (
    AT,
    BERLIN,
    FIRST_HALF_PAST_TWO,
    IDS,
    LONG,
    ODD_TEXTS,
    SECOND_HALF_PAST_TWO,
    form,
    sale,
)
from relex.testing._trying import forms, ids, kept_or_refused

if TYPE_CHECKING:
    from relex.purchases import Purchase
    from relex.repositories import Log

__all__ = ["Appending", "Reading"]

HOUR = timedelta(hours=1)


def hourly(count: int = 5, **more: Any) -> list[Purchase]:
    """Purchases p0, p1 and so on, an hour apart."""
    return [sale(f"p{number}", at=AT + number * HOUR, **more) for number in range(count)]


class Appending(Contract):
    """Entries that are there once, whole calls or nothing; the fixture `log` keeps purchases."""

    def test_what_was_appended_is_there(self, log: Log[Purchase]) -> None:
        """Entries can be read as soon as they were appended."""
        log.append(sale("p1"), sale("p2"))

        assert list(log.read()) == [sale("p1"), sale("p2")]

    def test_appending_nothing_is_allowed(self, log: Log[Purchase]) -> None:
        """`append()` does nothing."""
        log.append()

        assert list(log.read()) == []

    def test_an_entry_that_is_there_has_no_effect(self, log: Log[Purchase]) -> None:
        """The same id with the same content may come again, as it does after a lost answer."""
        log.append(sale("p1"))
        log.append(sale("p1"), sale("p2"))

        assert list(log.read()) == [sale("p1"), sale("p2")]

    def test_an_equal_entry_has_no_effect(self, log: Log[Purchase]) -> None:
        """Content is the same when the entries are equal: an instant may be told in another zone."""
        log.append(sale("p1"))
        log.append(sale("p1", at=AT.astimezone(BERLIN)))

        assert forms(log.read()) == [form(sale("p1"))]

    def test_an_entry_that_comes_twice_in_one_call_is_there_once(self, log: Log[Purchase]) -> None:
        """Repeats within a call are repeats too."""
        log.append(sale("p1"), sale("p2"), sale("p1"))

        assert ids(log.read()) == ["p1", "p2"]

    def test_an_id_with_another_content_is_a_conflict(self, log: Log[Purchase]) -> None:
        """It raises `Conflict` with the id, and what was there stays."""
        log.append(sale("p1"))
        with pytest.raises(Conflict) as raised:
            log.append(sale("p1", price="9.99"))

        assert raised.value.id == "p1"
        assert list(log.read()) == [sale("p1")]

    @pytest.mark.parametrize("place", ["first", "last"])
    def test_a_conflict_keeps_nothing_of_the_call(self, log: Log[Purchase], place: str) -> None:
        """The entries before and after the one that conflicts are not there."""
        log.append(sale("p50"))
        wrong, right = [sale("p50", price="9.99")], [sale(f"p{number}") for number in range(10, 60) if number != 50]
        with pytest.raises(Conflict):
            log.append(*(wrong + right if place == "first" else right + wrong))

        assert ids(log.read()) == ["p50"]

    def test_an_id_with_two_contents_in_one_call_is_a_conflict(self, log: Log[Purchase]) -> None:
        """Neither of them is kept, nor what came with them."""
        with pytest.raises(Conflict):
            log.append(sale("p1"), sale("p2"), sale("p1", price="9.99"))

        assert list(log.read()) == []

    @pytest.mark.parametrize("wrong", ["p1", None, 1, ()], ids=repr)
    def test_what_is_no_entry_is_refused(self, log: Any, wrong: object) -> None:
        """Anything but an entry raises `InvalidValue`, and the entries beside it are not kept."""
        with pytest.raises(InvalidValue):
            log.append(sale("p1"), wrong)

        assert list(log.read()) == []

    def test_an_entry_of_another_class_is_refused(self, log: Any) -> None:
        """A log takes entries of its own class only, and raises `InvalidValue` for others."""
        with pytest.raises(InvalidValue):
            log.append(sale("p1"), Return("r1", purchase="p1", at=AT, lines={1: 1}))

        assert list(log.read()) == []

    def test_ids_of_entries_are_told_apart_to_the_last_code_point(self, log: Log[Purchase]) -> None:
        """Ids that differ in case, in spaces or in how an accent is written are different entries."""
        log.append(*[sale(key, channel=f"{key}.") for key in IDS])

        assert {entry.id: entry.channel for entry in log.read()} == {key: f"{key}." for key in IDS}

    @pytest.mark.parametrize("at", INSTANTS.values(), ids=INSTANTS)
    def test_an_entry_comes_back_in_the_same_form(self, log: Log[Purchase], at: datetime) -> None:
        """Quantities and prices keep their digits, and instants their zone."""
        entry = sale("p1", at=at, recorded_at=at + HOUR, identifiers=[("card", "4711")])
        log.append(entry)

        assert forms(log.read()) == [form(entry)]

    @pytest.mark.parametrize("text", ODD_TEXTS, ids=ascii)
    def test_a_text_of_an_entry_comes_back_code_point_by_code_point(self, log: Log[Purchase], text: str) -> None:
        """Nothing is escaped, normalized, trimmed or taken for a command."""
        entry = sale(text, customer=text, channel=text)
        log.append(entry)

        assert forms(log.read(of=text)) == [form(entry)]

    @pytest.mark.parametrize("text", ["before\0after", "\ud800", LONG], ids=["nul", "surrogate", "long"])
    @pytest.mark.parametrize("place", ["id", "customer", "channel"])
    def test_an_entry_that_some_stores_cannot_hold_is_kept_or_refused(
        self, log: Log[Purchase], text: str, place: str
    ) -> None:
        """It is kept exactly, or `InvalidValue` is raised and nothing is kept."""
        entry = sale(**{"id": "p1"} | {place: text})  # type: ignore[arg-type]  # the place decides

        kept_or_refused(lambda: log.append(entry), log.read, entry)


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
