"""The part of the contract that is about `Repository.find`."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import InvalidValue
from relex.rules import field
from relex.testing._guard import Contract
from relex.testing._samples import IDS, opened, tagged
from relex.testing._trying import ids

if TYPE_CHECKING:
    from relex.customers import Customer
    from relex.repositories import Repository

__all__ = ["NO_LIMITS", "Finding"]

NO_LIMITS = [-1, "2", 1.0, True]
"""What is no limit."""


class Finding(Contract):
    """Order, pages, simple rules, and answers that stay; the fixture `repository` keeps customers."""

    def test_an_empty_repository_finds_nothing(self, repository: Repository[Customer]) -> None:
        """`find()` gives an iterator that ends at once."""
        assert list(repository.find()) == []

    def test_everything_is_found_in_the_order_of_code_points(self, repository: Repository[Customer]) -> None:
        """Ids are ordered as Python orders str, in whatever order they came; a collation of a language is not that."""
        repository.save(*[opened(key) for key in reversed(IDS)])

        assert ids(repository.find()) == list(IDS)

    def test_what_is_found_is_what_was_saved(self, repository: Repository[Customer]) -> None:
        """`find` gives the states themselves, in their last version."""
        repository.save(opened("c1"), opened("c2"))
        repository.save(tagged(repository.get("c1"), "vip"))

        assert list(repository.find()) == [tagged(opened("c1").state, "vip").state, opened("c2").state]

    @pytest.mark.parametrize("after", ["Z", "a", "\N{LATIN SMALL LETTER SHARP S}", "B", "b", ""])
    def test_after_leaves_out_the_id_and_all_before_it(self, repository: Repository[Customer], after: str) -> None:
        """`after` is compared as code points too, and need not be an id that is there."""
        repository.save(*[opened(key) for key in IDS])

        assert ids(repository.find(after=after)) == [key for key in IDS if key > after]

    @pytest.mark.parametrize(("limit", "expected"), [(0, []), (1, ["a"]), (2, ["a", "b"]), (9, ["a", "b", "c"])])
    def test_a_limit_is_the_most_that_comes(
        self, repository: Repository[Customer], limit: int, expected: list[str]
    ) -> None:
        """Fewer come when there are no more; 0 gives nothing."""
        repository.save(opened("c"), opened("a"), opened("b"))

        assert ids(repository.find(limit=limit)) == expected

    @pytest.mark.parametrize("limit", NO_LIMITS, ids=repr)
    def test_a_limit_is_an_int_of_at_least_0(self, repository: Any, limit: object) -> None:
        """Anything else raises `InvalidValue`, at the call or at the first step."""
        with pytest.raises(InvalidValue):
            list(repository.find(limit=limit))

    @pytest.mark.parametrize("size", [1, 3, 100])
    def test_pages_give_everything_once(self, repository: Repository[Customer], size: int) -> None:
        """The last id of a page, given as `after`, begins the next one."""
        repository.save(*[opened(key) for key in IDS])
        found: list[str] = []
        while page := ids(repository.find(after=found[-1] if found else None, limit=size)):
            found += page

        assert found == list(IDS)

    def test_a_rule_is_asked_of_the_facts(self, repository: Repository[Customer]) -> None:
        """Those come of whose facts the rule is True, in order."""
        repository.save(opened("c3", owner="eve"), opened("c2", owner="bob"), opened("c1", owner="eve"))

        assert ids(repository.find(field("customer.owner") == "eve")) == ["c1", "c3"]

    def test_a_fact_of_several_words_is_asked_for_one_of_them(self, repository: Repository[Customer]) -> None:
        """`contains` finds a word among those of a fact, and no part of a word."""
        repository.save(opened("c1", tags=["vip", "new"]), opened("c2", tags=["vip-2"]), opened("c3"))

        assert ids(repository.find(field("customer.tags").contains("vip"))) == ["c1"]

    def test_an_unknown_fact_is_not_found(self, repository: Repository[Customer]) -> None:
        """Whoever has no owner has not this one."""
        repository.save(opened("c1"), opened("c2", owner="eve"))

        assert ids(repository.find(field("customer.owner") == "eve")) == ["c2"]

    def test_a_rule_is_asked_of_the_last_version(self, repository: Repository[Customer]) -> None:
        """An aggregate that was changed is found by its new facts, and no longer by those it had."""
        repository.save(opened("c1", owner="eve"))
        repository.save(repository.get("c1").assign("bob", at=repository.get("c1").changed_at))

        assert ids(repository.find(field("customer.owner") == "eve")) == []
        assert ids(repository.find(field("customer.owner") == "bob")) == ["c1"]

    def test_a_rule_compares_text_exactly(self, repository: Repository[Customer]) -> None:
        """Case, accents and spaces count in a rule as they do in an id."""
        repository.save(*[opened(f"c{place}", owner=text) for place, text in enumerate(IDS)])
        found = [ids(repository.find(field("customer.owner") == text)) for text in IDS]

        assert found == [[f"c{place}"] for place in range(len(IDS))]

    def test_after_and_limit_count_what_the_rule_lets_through(self, repository: Repository[Customer]) -> None:
        """A page of a rule has as many as the limit, however many were judged."""
        repository.save(*[opened(f"c{number}", owner="eve" if number % 3 else "bob") for number in range(10)])

        assert ids(repository.find(field("customer.owner") == "bob", after="c0", limit=2)) == ["c3", "c6"]

    @pytest.mark.parametrize("wrong", ["customer.owner", 1, {"customer.owner": "eve"}], ids=["text", "int", "dict"])
    def test_what_is_no_rule_is_refused(self, repository: Any, wrong: object) -> None:
        """Anything but a rule raises `InvalidValue`, at the call or at the first step."""
        repository.save(opened("c1"))
        with pytest.raises(InvalidValue):
            list(repository.find(wrong))

    def test_what_is_saved_after_the_call_is_not_found(self, repository: Repository[Customer]) -> None:
        """What comes is what was kept at the time of the call, although nobody has asked for the first one yet.

        An async store is asked at the first step.
        """
        repository.save(opened("c1"))
        found = repository.find()
        repository.save(opened("c2"), tagged(opened("c1").state, "vip"))

        assert list(found) == [opened("c1").state]

    def test_what_is_saved_after_the_call_is_not_on_the_page(self, repository: Repository[Customer]) -> None:
        """The same holds for a page of what a rule is True of."""
        repository.save(opened("c1", owner="eve"), opened("c3", owner="eve"))
        found = repository.find(field("customer.owner") == "eve", limit=2)
        repository.save(opened("c2", owner="eve"), tagged(opened("c3", owner="eve").state, "vip"))

        assert list(found) == [opened("c1", owner="eve").state, opened("c3", owner="eve").state]

    def test_what_is_saved_while_somebody_iterates_is_not_found(self, repository: Repository[Customer]) -> None:
        """Somebody may save what comes while it comes: neither does it come twice, nor does the rest change."""
        repository.save(*[opened(f"c{number}") for number in range(5)])
        found = repository.find()
        first = list(islice(found, 1))
        repository.save(*[opened(f"d{number}") for number in range(5)], tagged(opened("c3").state, "vip"))

        assert first + list(found) == [opened(f"c{number}").state for number in range(5)]

    def test_every_one_that_is_found_can_be_changed_at_once(self, repository: Repository[Customer]) -> None:
        """A job that goes through all of them and saves each is the most usual use of `find`."""
        repository.save(*[opened(f"c{number}", owner="eve") for number in range(5)])
        for customer in repository.find(field("customer.owner") == "eve"):
            repository.save(customer.assign("bob", at=customer.changed_at))

        assert [customer.owner for customer in repository.find()] == ["bob"] * 5
