"""The part of the contract that is about what comes back: the state that was saved, to the last digit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from relex.testing._guard import Contract
from relex.testing._samples import (
    AT,
    BERLIN,
    FIRST_HALF_PAST_TWO,
    LONG,
    ODD_TEXTS,
    SECOND_HALF_PAST_TWO,
    form,
    opened,
    pictured,
)
from relex.testing._trying import kept_or_refused

if TYPE_CHECKING:
    from relex.customers import Customer
    from relex.repositories import Repository

__all__ = ["INSTANTS", "Keeping"]

INSTANTS = {
    "utc": AT,
    "microseconds": AT.replace(microsecond=1),
    "offset": AT.astimezone(timezone(timedelta(hours=-9, minutes=-30))),
    "zone": AT.astimezone(BERLIN),
    "first of a repeated hour": FIRST_HALF_PAST_TWO,
    "second of a repeated hour": SECOND_HALF_PAST_TWO,
    "long ago": datetime(1815, 12, 10, tzinfo=UTC),
}
"""Instants that must come back with their zone."""


class Keeping(Contract):
    """Values that come back as they were; the fixture `repository` keeps customers."""

    def test_a_state_comes_back_equal(self, repository: Repository[Customer]) -> None:
        """Names, points, ties, records, stages and attributes of every kind are those that were saved."""
        repository.save(pictured("c1"))

        assert repository.get("c1") == pictured("c1").state

    def test_a_state_comes_back_in_the_same_form(self, repository: Repository[Customer]) -> None:
        """Equal is not enough: `Decimal("1200.500")` keeps its digits, and an instant the zone it was told in."""
        repository.save(pictured("c1"))

        assert form(repository.get("c1")) == form(pictured("c1").state)

    def test_what_is_found_comes_in_the_same_form(self, repository: Repository[Customer]) -> None:
        """`find` gives what `get` gives."""
        repository.save(pictured("c1"))

        assert [form(customer) for customer in repository.find()] == [form(pictured("c1").state)]

    @pytest.mark.parametrize("at", INSTANTS.values(), ids=INSTANTS)
    def test_an_instant_comes_back_with_its_zone(self, repository: Repository[Customer], at: datetime) -> None:
        """The day of an instant depends on its zone, so an instant that comes back in UTC is another fact."""
        repository.save(opened("c1", at=at))

        assert form(repository.get("c1")) == form(opened("c1", at=at).state)
        assert repository.get("c1").facts() == opened("c1", at=at).state.facts()

    @pytest.mark.parametrize("text", ODD_TEXTS, ids=ascii)
    def test_a_text_comes_back_code_point_by_code_point(self, repository: Repository[Customer], text: str) -> None:
        """Nothing is escaped, normalized, trimmed or taken for a command."""
        repository.save(opened(text, name=text, owner=text, tags=[text, "vip"]))

        assert form(repository.get(text)) == form(opened(text, name=text, owner=text, tags=[text, "vip"]).state)

    @pytest.mark.parametrize(
        "text",
        ["before\0after", "\0", "\ud800", LONG, "x" * 100_000],
        ids=["nul", "only nul", "surrogate", "long", "x"],
    )
    @pytest.mark.parametrize("place", ["id", "name", "owner", "tags"])
    def test_a_text_that_some_stores_cannot_hold_is_kept_or_refused(
        self, repository: Repository[Customer], text: str, place: str
    ) -> None:
        """It is kept exactly, or `InvalidValue` is raised and nothing is kept: no error of a driver."""
        given = {place: [text] if place == "tags" else text}
        change = opened(**{"id": "c1"} | given)  # type: ignore[arg-type]  # the place decides

        kept_or_refused(lambda: repository.save(change), repository.find, change.state)

    @pytest.mark.parametrize(
        "at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)], ids=["first", "last"]
    )
    def test_the_ends_of_time_are_kept_or_refused(self, repository: Repository[Customer], at: datetime) -> None:
        """The first and the last instant of Python are kept exactly, or refused whole with `InvalidValue`."""
        change = opened("c1", at=at)

        kept_or_refused(lambda: repository.save(change), repository.find, change.state)
