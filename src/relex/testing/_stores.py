"""The part of the contract that is about a store: all classes in one place, saved together or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from relex.changes import Change
from relex.customers import Customer
from relex.errors import Conflict, InvalidValue, NotFound
from relex.loyalty import Account
from relex.purchases import Purchase, Return
from relex.testing._guard import Contract
from relex.testing._samples import AT, account, changes, entries, form, opened, sale, tagged
from relex.testing._trying import conflict, ids

if TYPE_CHECKING:
    from datetime import datetime

    from relex.changes import Entry
    from relex.repositories import Store

__all__ = ["Storing"]


def _name(value: Any) -> str:
    return type(getattr(value, "state", value)).__name__


_made: Any = Change
WRONG_CHANGES = [
    _made(None, opened("c2").events),
    _made(opened("c2").state, None),
    _made(opened("c2").state, list(opened("c2").events)),
    _made(opened("c2").state, (None,)),
]
"""Without a state, without events, with events in a list, and with one that is no event."""


class Half(NamedTuple):
    """What has an id and an instant, and no subject."""

    id: str
    at: datetime
    facts: None = None


class Storing(Contract):
    """Saves across classes; the fixture `adapter` is the store."""

    @pytest.mark.parametrize("change", changes(), ids=_name)
    def test_aggregates_of_every_class_are_kept(self, adapter: Store, change: Change[Any]) -> None:
        """A state of each class comes back equal and in the same form."""
        adapter.save(change)
        found = adapter.repository(type(change.state)).get(change.state.id)

        assert found == change.state
        assert form(found) == form(change.state)

    @pytest.mark.parametrize("entry", entries(), ids=_name)
    def test_entries_of_every_class_are_kept(self, adapter: Store, entry: Entry) -> None:
        """An entry of each class comes back equal and in the same form, and is read by its subject."""
        adapter.save(entries=[entry])
        (found,) = adapter.log(type(entry)).read(of=entry.subject)

        assert found == entry
        assert form(found) == form(entry)

    def test_everything_is_saved_in_one_call(self, adapter: Store) -> None:
        """Changes of many classes and entries of many classes are kept together."""
        adapter.save(*changes(), entries=entries())

        assert [adapter.repository(type(change.state)).get(change.state.id) for change in changes()] == [
            change.state for change in changes()
        ]
        assert [list(adapter.log(type(entry)).read()) for entry in entries()] == [[entry] for entry in entries()]

    def test_saving_nothing_is_allowed(self, adapter: Store) -> None:
        """`save()` does nothing."""
        adapter.save()

        assert list(adapter.repository(Customer).find()) == []

    def test_what_a_repository_saves_is_in_the_store(self, adapter: Store) -> None:
        """A repository and a log are views: what goes in by one comes out by the others."""
        adapter.repository(Customer).save(opened("c1"))
        adapter.log(Purchase).append(sale("p1"))
        adapter.save(tagged(opened("c1").state, "vip"), entries=[sale("p1"), sale("p2")])

        assert adapter.repository(Customer).get("c1").version == 2
        assert ids(adapter.log(Purchase).read()) == ["p1", "p2"]

    def test_classes_do_not_share_their_ids(self, adapter: Store) -> None:
        """A customer and an account with one id are two aggregates, and so are entries of two classes."""
        back = Return("same", purchase="p1", at=sale().at, lines={1: 1})
        adapter.save(opened("same"), account("same"), entries=[sale("same"), back])

        assert adapter.repository(Customer).get("same") == opened("same").state
        assert adapter.repository(Account).get("same") == account("same").state
        assert list(adapter.log(Return).read()) == [back]

    def test_an_id_of_another_class_is_not_found(self, adapter: Store) -> None:
        """An account is not found among the customers, nor a place in a log by an entry of another."""
        adapter.save(account("a1"), entries=[sale("p1")])

        with pytest.raises(NotFound):
            adapter.repository(Customer).get("a1")
        with pytest.raises(NotFound):
            list(adapter.log(Return).read(after="p1"))

    def test_a_conflict_in_one_class_keeps_nothing_of_the_others(self, adapter: Store) -> None:
        """When the change of an account conflicts, the customers before and after it are not there."""
        adapter.save(account("a1"))

        assert conflict(adapter.save, opened("c1"), account("a1"), opened("c2")) == ("a1", 0, 1)
        assert list(adapter.repository(Customer).find()) == []

    def test_a_conflict_of_a_change_keeps_no_entry(self, adapter: Store) -> None:
        """Changes and entries of one call are kept together or not at all."""
        adapter.save(opened("c1"))
        conflict(adapter.save, opened("c2"), opened("c1"), entries=entries())

        assert ids(adapter.repository(Customer).find()) == ["c1"]
        assert [list(adapter.log(type(entry)).read()) for entry in entries()] == [[] for _ in entries()]

    def test_a_conflict_of_an_entry_keeps_no_change(self, adapter: Store) -> None:
        """The last of the entries conflicts: neither the changes nor the other entries are there."""
        adapter.save(entries=[sale("p9")])
        with pytest.raises(Conflict):
            adapter.save(opened("c1"), account("a1"), entries=[sale("p1"), sale("p9", price="9.99")])

        assert list(adapter.repository(Customer).find()) == []
        assert list(adapter.repository(Account).find()) == []
        assert ids(adapter.log(Purchase).read()) == ["p9"]

    def test_a_conflict_of_an_entry_takes_back_what_replaced_something(self, adapter: Store) -> None:
        """A state that was there before is as it was."""
        adapter.save(opened("c1"), entries=[sale("p1")])
        with pytest.raises(Conflict):
            adapter.save(tagged(opened("c1").state, "vip"), entries=[sale("p1", price="9.99")])

        assert adapter.repository(Customer).get("c1") == opened("c1").state

    def test_after_a_conflict_the_store_is_as_good_as_before(self, adapter: Store) -> None:
        """A refused save leaves no lock, no open step and no trace: the next one succeeds."""
        adapter.save(opened("c1"))
        conflict(adapter.save, opened("c2"), opened("c1"), entries=[sale("p1")])
        adapter.save(opened("c2"), entries=[sale("p1")])

        assert ids(adapter.repository(Customer).find()) == ["c1", "c2"]
        assert ids(adapter.log(Purchase).read()) == ["p1"]

    @pytest.mark.parametrize("kind", [dict, str, Purchase, "Customer", None], ids=repr)
    def test_a_class_of_no_aggregates_has_no_repository(self, adapter: Any, kind: object) -> None:
        """`repository` raises `InvalidValue` for what is no class of aggregates that the store keeps."""
        with pytest.raises(InvalidValue):
            adapter.repository(kind)

    @pytest.mark.parametrize("kind", [dict, str, Customer, "Purchase", None], ids=repr)
    def test_a_class_of_no_entries_has_no_log(self, adapter: Any, kind: object) -> None:
        """`log` raises `InvalidValue` for what is no class of entries that the store keeps."""
        with pytest.raises(InvalidValue):
            adapter.log(kind)

    @pytest.mark.parametrize(
        "wrong", ["p1", None, 1, opened("c2"), Half("p2", AT)], ids=["text", "none", "int", "change", "half"]
    )
    def test_what_is_no_entry_is_refused_with_all_that_came_with_it(self, adapter: Any, wrong: object) -> None:
        """Among the entries, anything but an entry raises `InvalidValue`, and nothing of the call is kept."""
        with pytest.raises(InvalidValue):
            adapter.save(opened("c1"), entries=[sale("p1"), wrong])

        assert list(adapter.repository(Customer).find()) == []
        assert list(adapter.log(Purchase).read()) == []

    @pytest.mark.parametrize(
        "wrong",
        ["c1", None, sale("p2"), *WRONG_CHANGES],
        ids=["text", "none", "entry", "no state", "no events", "events in a list", "no event"],
    )
    def test_what_is_no_change_is_refused_with_all_that_came_with_it(self, adapter: Any, wrong: object) -> None:
        """Among the changes, anything but a change raises `InvalidValue`, and nothing of the call is kept."""
        with pytest.raises(InvalidValue):
            adapter.save(opened("c1"), wrong, entries=[sale("p1")])

        assert list(adapter.repository(Customer).find()) == []
        assert list(adapter.log(Purchase).read()) == []
