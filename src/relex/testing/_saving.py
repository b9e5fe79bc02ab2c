"""The part of the contract that is about `Repository.get` and `Repository.save`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from relex.changes import Change
from relex.errors import Conflict, InvalidValue, NotFound
from relex.testing._guard import Contract
from relex.testing._samples import IDS, account, opened, tagged
from relex.testing._trying import conflict, ids

if TYPE_CHECKING:
    from relex.customers import Customer
    from relex.repositories import Repository

__all__ = ["Saving"]


class Saving(Contract):
    """Versions, conflicts, and saves that are kept whole or not at all; the fixture `repository` keeps customers."""

    def test_an_id_that_is_not_there_is_not_found(self, repository: Repository[Customer]) -> None:
        """`get` raises `NotFound` with the name of the class and the id."""
        with pytest.raises(NotFound) as raised:
            repository.get("nobody")

        assert (raised.value.kind, raised.value.id) == ("Customer", "nobody")

    def test_a_new_aggregate_is_kept(self, repository: Repository[Customer]) -> None:
        """What was saved with `expected` 0 can be got by its id."""
        change = opened("c1")
        repository.save(change)

        assert repository.get("c1") == change.state

    def test_the_next_version_takes_the_place_of_the_last(self, repository: Repository[Customer]) -> None:
        """A change whose `expected` is the version that is kept replaces the state."""
        repository.save(opened("c1"))
        repository.save(tagged(repository.get("c1"), "vip"))

        assert (repository.get("c1").version, repository.get("c1").tags) == (2, ("vip",))

    def test_one_aggregate_changes_and_others_stay(self, repository: Repository[Customer]) -> None:
        """A save writes what it was given and nothing else."""
        repository.save(opened("c1"), opened("c2"))
        repository.save(tagged(repository.get("c1"), "vip"))

        assert repository.get("c2") == opened("c2").state

    def test_a_stale_change_is_a_conflict(self, repository: Repository[Customer]) -> None:
        """A change that was decided on a version that is no longer kept raises `Conflict` with both versions."""
        stale = opened("c1")
        repository.save(stale)
        repository.save(tagged(stale.state, "first"))

        assert conflict(repository.save, tagged(stale.state, "second")) == ("c1", 1, 2)

    def test_a_conflict_leaves_what_was_there(self, repository: Repository[Customer]) -> None:
        """The writer who comes second must load again; what the first one saved is not lost."""
        stale = opened("c1").state
        repository.save(opened("c1"))
        repository.save(tagged(stale, "first"))
        conflict(repository.save, tagged(stale, "second"))

        assert repository.get("c1").tags == ("first",)

    def test_after_a_conflict_the_command_succeeds_on_what_was_loaded_again(
        self, repository: Repository[Customer]
    ) -> None:
        """Load, command and save once more: that is all that a caller does about a conflict."""
        stale = opened("c1").state
        repository.save(opened("c1"))
        repository.save(tagged(stale, "first"))
        conflict(repository.save, tagged(stale, "second"))
        repository.save(tagged(repository.get("c1"), "second"))

        assert repository.get("c1").tags == ("first", "second")

    def test_an_aggregate_that_is_not_there_has_version_0(self, repository: Repository[Customer]) -> None:
        """A change of an aggregate that was never saved raises `Conflict` whose `actual` is 0."""
        assert conflict(repository.save, tagged(opened("c1").state, "vip")) == ("c1", 1, 0)

    def test_a_version_that_is_still_to_come_is_a_conflict(self, repository: Repository[Customer]) -> None:
        """A change that leaves out a version raises `Conflict`, as one that comes too late does."""
        repository.save(opened("c1"))
        ahead = tagged(tagged(opened("c1").state, "skipped").state, "vip")

        assert conflict(repository.save, ahead) == ("c1", 2, 1)

    def test_an_id_is_opened_once(self, repository: Repository[Customer]) -> None:
        """A second aggregate with the same id raises `Conflict` with `expected` 0, even when it is the same."""
        repository.save(opened("c1"))

        assert conflict(repository.save, opened("c1")) == ("c1", 0, 1)

    def test_a_change_without_events_changes_nothing(self, repository: Repository[Customer]) -> None:
        """It is no conflict either, however old the state is."""
        repository.save(opened("c1"))
        repository.save(tagged(repository.get("c1"), "vip"))
        repository.save(Change(opened("c1").state, ()))

        assert repository.get("c1").tags == ("vip",)

    def test_a_change_without_events_keeps_nothing_new(self, repository: Repository[Customer]) -> None:
        """A state that was never saved is not saved by a change that has no events."""
        repository.save(Change(opened("c1").state, ()))

        assert ids(repository.find()) == []

    def test_saving_no_change_is_allowed(self, repository: Repository[Customer]) -> None:
        """`save()` does nothing."""
        repository.save()

        assert ids(repository.find()) == []

    def test_changes_of_one_aggregate_follow_each_other(self, repository: Repository[Customer]) -> None:
        """Several changes of one aggregate in one save are as good as one made of them."""
        first = opened("c1")
        second = tagged(first.state, "vip")
        repository.save(first, opened("c2"), second, tagged(second.state, "new"))

        assert (repository.get("c1").version, repository.get("c1").tags) == (3, ("new", "vip"))

    def test_changes_of_one_aggregate_that_do_not_follow_each_other_are_a_conflict(
        self, repository: Repository[Customer]
    ) -> None:
        """Two changes of the same version in one save raise `Conflict`, and neither is kept."""
        first = opened("c1")
        with pytest.raises(Conflict):
            repository.save(first, tagged(first.state, "one"), tagged(first.state, "other"))

        assert ids(repository.find()) == []

    def test_a_conflict_in_the_last_of_many_keeps_none(self, repository: Repository[Customer]) -> None:
        """A save is kept whole or not at all: when the last change conflicts, the ones before it are not there."""
        repository.save(opened("c99"))
        many = [opened(f"c{number}") for number in range(10, 60)]
        conflict(repository.save, *many, opened("c99"))

        assert ids(repository.find()) == ["c99"]

    def test_a_conflict_in_the_first_of_many_keeps_none(self, repository: Repository[Customer]) -> None:
        """The place of the change that conflicts makes no difference."""
        repository.save(opened("c1"))
        conflict(repository.save, opened("c1"), opened("c2"), opened("c3"))

        assert ids(repository.find()) == ["c1"]

    def test_a_conflict_takes_back_what_replaced_something(self, repository: Repository[Customer]) -> None:
        """States that a failing save had already replaced are as they were."""
        repository.save(opened("c1"), opened("c2"))
        change = tagged(repository.get("c1"), "vip")
        conflict(repository.save, change, opened("c2"))

        assert repository.get("c1") == opened("c1").state

    @pytest.mark.parametrize(
        "wrong", ["c1", None, 1, opened("c1").state, ()], ids=["text", "none", "int", "state", "()"]
    )
    def test_what_is_no_change_is_refused(self, repository: Any, wrong: object) -> None:
        """Anything but a `Change` raises `InvalidValue`, and the changes beside it are not kept."""
        with pytest.raises(InvalidValue):
            repository.save(opened("c2"), wrong)

        assert ids(repository.find()) == []

    def test_a_change_of_another_class_is_refused(self, repository: Any) -> None:
        """A repository takes changes of its own class only, and raises `InvalidValue` for others."""
        with pytest.raises(InvalidValue):
            repository.save(opened("c2"), account("a1"))

        assert ids(repository.find()) == []

    def test_events_that_do_not_lead_to_the_state_are_refused(self, repository: Repository[Customer]) -> None:
        """The last event has the version of the state, and all have its id; otherwise `InvalidValue`."""
        first = opened("c1")
        wrong = Change(tagged(first.state, "vip").state, first.events)
        with pytest.raises(InvalidValue):
            repository.save(wrong)

        assert ids(repository.find()) == []

    def test_ids_are_told_apart_to_the_last_code_point(self, repository: Repository[Customer]) -> None:
        """Ids that differ in case, in spaces or in how an accent is written are different ids."""
        repository.save(*[opened(key, name=f"{key}.") for key in IDS])

        assert [repository.get(key) for key in IDS] == [opened(key, name=f"{key}.").state for key in IDS]
