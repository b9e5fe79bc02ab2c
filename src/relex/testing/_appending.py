"""The part of the contract that is about `Log.append`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from relex.errors import Conflict, InvalidValue
from relex.purchases import Return
from relex.testing._guard import Contract
from relex.testing._keeping import INSTANTS
from relex.testing._samples import AT, BERLIN, IDS, LONG, ODD_TEXTS, form, sale
from relex.testing._trying import forms, ids, kept_or_refused

if TYPE_CHECKING:
    from relex.purchases import Purchase
    from relex.repositories import Log

__all__ = ["Appending"]

HOUR = timedelta(hours=1)


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
