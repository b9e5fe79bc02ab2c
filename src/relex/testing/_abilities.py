"""The contracts of what a store may do besides: tell the events of an aggregate, and hand on what happened."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from relex.changes import replay
from relex.customers import Customer
from relex.errors import Conflict
from relex.loyalty import Account
from relex.repositories import Message
from relex.testing._adapted import Adapted, Awaited
from relex.testing._finding import NO_LIMITS
from relex.testing._samples import account, changes, detailed, form, opened, sale, tagged
from relex.testing._trying import conflict, forms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.changes import Change, Event

__all__ = ["AsyncHistoryContract", "AsyncOutboxContract", "HistoryContract", "OutboxContract"]


def versions(events: Iterable[Event]) -> list[int]:
    """The versions of events, in the order in which they came."""
    return [event.version for event in events]


def named(messages: Iterable[Message]) -> list[tuple[str, str, int]]:
    """What tells messages apart, in the order in which they came."""
    return [(kind.__name__, event.source, event.version) for kind, event in messages]


def kind_of(change: Change[Any]) -> str:
    """The name of the class that changes."""
    return type(change.state).__name__


class HistoryContract(Adapted):
    """What is asked of a store that is a `HistoryReader`.

    Give a fixture `store`, as for `StoreContract`.

    .. versionadded:: 0.1.0
    """

    @pytest.mark.parametrize("change", changes(), ids=kind_of)
    def test_a_history_tells_every_event(self, adapter: Any, change: Change[Any]) -> None:
        """The events of all saves come in the order of their versions, in the form in which they were saved."""
        adapter.save(change)

        assert forms(adapter.history(type(change.state), change.state.id)) == [form(event) for event in change.events]

    @pytest.mark.parametrize("change", changes(), ids=kind_of)
    def test_a_history_replayed_gives_the_stored_state(self, adapter: Any, change: Change[Any]) -> None:
        """Folding the events with the class's own `evolve` gives what `get` gives."""
        adapter.save(change)
        kind, key = type(change.state), change.state.id

        assert replay(kind.evolve, adapter.history(kind, key)) == adapter.repository(kind).get(key)

    def test_a_history_grows_with_each_save(self, adapter: Any) -> None:
        """Events of later saves follow those of earlier ones."""
        adapter.save(opened("c1"))
        adapter.save(tagged(opened("c1").state, "vip"))

        assert versions(adapter.history(Customer, "c1")) == [1, 2]

    def test_nobody_has_no_history(self, adapter: Any) -> None:
        """An aggregate that is not there has no events, which is no error."""
        assert list(adapter.history(Customer, "nobody")) == []

    def test_a_history_is_of_one_aggregate(self, adapter: Any) -> None:
        """Neither events of another id nor those of another class with the same id are told."""
        adapter.save(opened("same"), account("same"), opened("other"))

        assert forms(adapter.history(Customer, "same")) == [form(event) for event in opened("same").events]

    @pytest.mark.parametrize(("after", "expected"), [(0, [1, 2, 3, 4]), (2, [3, 4]), (4, []), (9, [])])
    def test_a_history_may_begin_after_a_version(self, adapter: Any, after: int, expected: list[int]) -> None:
        """`after` leaves out that version and all before it, for those who keep a state of their own."""
        adapter.save(detailed("c1"))

        assert versions(adapter.history(Customer, "c1", after=after)) == expected

    def test_a_refused_save_leaves_no_event(self, adapter: Any) -> None:
        """Events are kept with the states, or not at all."""
        adapter.save(opened("c1"), opened("c2"))
        conflict(adapter.save, tagged(opened("c1").state, "vip"), opened("c2"), opened("c3"))

        assert versions(adapter.history(Customer, "c1")) == [1]
        assert list(adapter.history(Customer, "c3")) == []

    def test_an_event_that_is_saved_after_the_call_is_not_told(self, adapter: Any) -> None:
        """What comes is what was kept at the time of the call."""
        adapter.save(detailed("c1"))
        found = adapter.history(Customer, "c1")
        first = list(islice(found, 1))
        adapter.save(tagged(detailed("c1").state, "late"))

        assert versions(first + list(found)) == [1, 2, 3, 4]


class OutboxContract(Adapted):
    """What is asked of a store that is an `Outbox`.

    Give a fixture `store`, as for `StoreContract`.

    .. versionadded:: 0.1.0
    """

    def test_an_empty_store_has_nothing_to_tell(self, adapter: Any) -> None:
        """`pending()` gives an iterator that ends at once."""
        assert list(adapter.pending()) == []

    def test_saved_events_wait(self, adapter: Any) -> None:
        """Each event that was saved waits with the class of its aggregate."""
        adapter.save(detailed("c1"))

        assert list(adapter.pending()) == [Message(Customer, event) for event in detailed("c1").events]

    def test_messages_come_in_the_order_of_the_saves(self, adapter: Any) -> None:
        """What was saved first comes first, whatever the classes and ids; events of one aggregate are in order."""
        adapter.save(opened("c2"))
        adapter.save(account("a1"))
        adapter.save(opened("c1"))
        adapter.save(tagged(opened("c2").state, "vip"))

        assert named(adapter.pending()) == [
            ("Customer", "c2", 1),
            ("Account", "a1", 1),
            ("Customer", "c1", 1),
            ("Customer", "c2", 2),
        ]

    def test_messages_wait_until_they_are_delivered(self, adapter: Any) -> None:
        """Reading them does not take them: a relay that stops in between finds them again."""
        adapter.save(opened("c1"))
        list(adapter.pending())

        assert named(adapter.pending()) == [("Customer", "c1", 1)]

    def test_delivered_messages_do_not_come_again(self, adapter: Any) -> None:
        """Only those that were named are taken out; the others keep their order."""
        adapter.save(opened("c1"), opened("c2"), opened("c3"))
        _, second, _ = adapter.pending()
        adapter.delivered(second)

        assert named(adapter.pending()) == [("Customer", "c1", 1), ("Customer", "c3", 1)]

    def test_a_message_is_told_by_class_id_and_version(self, adapter: Any) -> None:
        """An event of another class with the same id and version waits on."""
        adapter.save(opened("same"), account("same"))
        adapter.delivered(Message(Customer, opened("same").events[0]))

        assert named(adapter.pending()) == [("Account", "same", 1)]

    def test_a_message_may_be_delivered_twice(self, adapter: Any) -> None:
        """A message that waits no more, or never did, has no effect."""
        adapter.save(opened("c1"))
        messages = list(adapter.pending())
        adapter.delivered(*messages)
        adapter.delivered(*messages, Message(Account, account("never").events[0]))

        assert list(adapter.pending()) == []

    def test_delivering_nothing_is_allowed(self, adapter: Any) -> None:
        """`delivered()` does nothing."""
        adapter.save(opened("c1"))
        adapter.delivered()

        assert named(adapter.pending()) == [("Customer", "c1", 1)]

    def test_a_history_outlives_its_messages(self, adapter: Any) -> None:
        """What was delivered is still what happened: the state stays, and the next version follows it."""
        adapter.save(opened("c1"))
        adapter.delivered(*adapter.pending())
        adapter.save(tagged(adapter.repository(Customer).get("c1"), "vip"))

        assert named(adapter.pending()) == [("Customer", "c1", 2)]

    @pytest.mark.parametrize(("limit", "expected"), [(0, 0), (2, 2), (9, 3)])
    def test_a_limit_is_the_most_that_is_told(self, adapter: Any, limit: int, expected: int) -> None:
        """The oldest come first, so a relay works in batches."""
        adapter.save(opened("c1"), opened("c2"), opened("c3"))

        assert named(adapter.pending(limit=limit)) == named(adapter.pending())[:expected]

    @pytest.mark.parametrize("limit", NO_LIMITS, ids=repr)
    def test_a_limit_of_messages_is_an_int_of_at_least_0(self, adapter: Any, limit: object) -> None:
        """Anything else raises `InvalidValue`, at the call or at the first step."""
        with pytest.raises(ValueError):  # noqa: PT011 - InvalidValue is one
            list(adapter.pending(limit=limit))

    def test_messages_may_be_delivered_while_they_are_read(self, adapter: Any) -> None:
        """A relay sends each and says so at once; it gets every one of them."""
        adapter.save(*[opened(f"c{number}") for number in range(5)])
        told = []
        for message in adapter.pending():
            told.append(message)
            adapter.delivered(message)

        assert named(told) == [("Customer", f"c{number}", 1) for number in range(5)]
        assert list(adapter.pending()) == []

    def test_a_refused_save_tells_nothing(self, adapter: Any) -> None:
        """Messages are kept with the states, or not at all; the entries that came with them make no difference."""
        adapter.save(opened("c1"), entries=[sale("p1")])
        adapter.delivered(*adapter.pending())
        with pytest.raises(Conflict):
            adapter.save(opened("c2"), entries=[sale("p1", price="9.99")])
        conflict(adapter.save, opened("c3"), opened("c1"))

        assert list(adapter.pending()) == []

    def test_entries_are_no_messages(self, adapter: Any) -> None:
        """What is told are the events of aggregates; entries are read from their log."""
        adapter.save(entries=[sale("p1")])

        assert list(adapter.pending()) == []


class AsyncHistoryContract(Awaited, HistoryContract):
    """What is asked of an async store that is an `AsyncHistoryReader`: the same tests, awaited.

    Give a fixture `store`, as for `AsyncStoreContract`.

    .. versionadded:: 0.1.0
    """


class AsyncOutboxContract(Awaited, OutboxContract):
    """What is asked of an async store that is an `AsyncOutbox`: the same tests, awaited.

    Give a fixture `store`, as for `AsyncStoreContract`.

    .. versionadded:: 0.1.0
    """
