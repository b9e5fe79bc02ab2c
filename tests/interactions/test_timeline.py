"""Timelines: what is an item, whose it is, what is asked for, pages, sources in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from relex.customers import Aliases, CustomerRestored, MergedInto
from relex.errors import Conflict, InvalidValue
from relex.interactions import Activity, Cursor, Interaction, Participant, TimelinePage, iter_timeline, timeline
from relex.parties import Record
from relex.purchases import Claim, Line, Purchase, Retraction, Return
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LATE = DAY + 99 * MINUTE


def contact(id: str, minute: int = 0, *customers: str, **fields: Any) -> Interaction:  # noqa: A002 - as the field
    who = [Participant(name) for name in customers]
    given = {"at": DAY + minute * MINUTE, "channel": "web", "direction": "inbound", "participants": who}
    return Interaction(id, **(given | fields))


def sale(id: str, minute: int = 0, customer: str | None = None) -> Purchase:  # noqa: A002 - as the field
    lines = [Line(1, "mug", 1, gross="10.00")]
    return Purchase(id, at=DAY + minute * MINUTE, customer=customer, currency="USD", lines=lines)


@attrs.frozen
class Ticket:
    """Not of relex, and all that a timeline needs."""

    id: str
    at: datetime
    customer: str | None = None


@attrs.frozen
class MergedFrom:
    """The same, by another class."""

    id: str
    at: datetime


class Merged:
    """C1 was b1 and a1."""

    def all(self, id: str) -> Iterable[str]:  # noqa: A002 - as the protocol has it
        return ("a1", "b1") if id == "c1" else ()

    def current(self, id: str) -> str:  # noqa: A002 - as the protocol has it
        return "c1" if id in {"a1", "b1"} else id


def ids(page: TimelinePage) -> list[str]:
    return [item.id for item in page.items]


class TestItems:
    def test_anything_with_an_id_and_an_instant_is_one(self) -> None:
        found = timeline([Ticket("t", DAY)], [MergedFrom("m", DAY)], [contact("i")], [sale("p")], newest_first=False)

        assert ids(found) == ["i", "m", "p", "t"]  # interaction, merged-from, purchase, ticket

    def test_the_kind_is_the_name_of_the_class(self) -> None:
        assert [Cursor.of(item).kind for item in (contact("i"), MergedFrom("m", DAY), Ticket("t", DAY))] == [
            "interaction",
            "merged-from",
            "ticket",
        ]

    def test_one_instant_in_two_zones_is_one(self) -> None:
        given = [contact("b"), contact("a", at=DAY.astimezone(ZoneInfo("Asia/Tokyo"))), contact("c", 1)]

        assert ids(timeline(given, newest_first=False)) == ["a", "b", "c"]

    def test_an_hour_that_a_clock_repeats_is_in_order(self) -> None:
        vienna = ZoneInfo("Europe/Vienna")
        first, second = (datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=vienna) for fold in (0, 1))
        later = datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=vienna)
        given = [Ticket("later", later), Ticket("first", first), Ticket("second", second)]

        assert ids(timeline(given, newest_first=False)) == ["first", "later", "second"]

    def test_several_instants_may_each_hold_several(self) -> None:
        given = [contact(name, minute) for minute, name in ((0, "b"), (1, "c"), (2, "e"), (2, "d"), (3, "f"), (0, "a"))]

        assert ids(timeline(given, newest_first=False)) == ["a", "b", "c", "d", "e", "f"]

    def test_an_id_of_a_later_one_is_looked_at_where_it_decides(self) -> None:
        source = [
            *(Ticket(str(place), DAY + place * MINUTE) for place in range(32)),
            *[Ticket("t", LATE), Ticket(3, LATE)],
        ]  # type: ignore[arg-type]  # what is refused

        with pytest.raises(InvalidValue, match=r"timeline\.entries\.id"):
            timeline(source, ordered=True, newest_first=False)

    def test_the_same_one_from_two_sources_counts_once(self) -> None:
        assert ids(timeline([contact("a"), contact("b")], [contact("a")])) == ["b", "a"]

    def test_one_id_with_two_contents_is_a_conflict(self) -> None:
        with pytest.raises(Conflict) as caught:
            timeline([contact("a")], [contact("a", channel="phone")])

        assert caught.value.id == "a"

    @pytest.mark.parametrize(
        ("item", "path"),
        [
            (3, "timeline.entries[1].id"),
            (Ticket("", DAY), "timeline.entries[1].id"),
            (Ticket("t", datetime(2026, 5, 1)), "timeline.entries[1].at"),  # noqa: DTZ001 - what is refused
            (Ticket("t", None), "timeline.entries[1].at"),  # type: ignore[arg-type]  # what is refused
        ],
        ids=["int", "blank", "naive", "never"],
    )
    @pytest.mark.parametrize("before", [[], [Ticket("s", DAY)]], ids=["first", "second"])
    def test_anything_else_is_refused(self, item: Any, path: str, before: list[Any]) -> None:
        with pytest.raises(InvalidValue) as caught:
            timeline([], [*before, item])

        assert path == caught.value.path

    def test_a_wrong_one_behind_right_ones_of_its_class_is_refused(self) -> None:
        wrong = Ticket("t", datetime(2026, 5, 1))  # noqa: DTZ001 - what is refused
        source = [*(Ticket(str(place), DAY) for place in range(40)), wrong]

        with pytest.raises(InvalidValue, match=r"timeline\.entries\[0\]\.at"):
            timeline(source, ordered=True, newest_first=False)


class TestWhose:
    GIVEN = (
        contact("both", 0, "a1", "c1"),
        contact("none", 1),
        contact("other", 2, "x"),
        sale("sold", 3, "b1"),
        sale("anonymous", 4),
        Ticket("mine", DAY + 5 * MINUTE, "c1"),
        Return("back", at=DAY + 6 * MINUTE, purchase="sold", lines={1: 1}, customer="c1"),
    )

    def test_of_a_customer(self) -> None:
        assert ids(timeline(self.GIVEN, of="c1")) == ["back", "mine", "both"]

    def test_of_all_that_the_customer_was(self) -> None:
        assert ids(timeline(self.GIVEN, of="c1", aliases=Merged())) == ["back", "mine", "sold", "both"]

    def test_after_an_unmerge_entries_are_whose_it_says(self) -> None:
        merged = MergedInto(source="c2", version=2, at=DAY, survivor="c1", by="ann", reason="alike")
        restored = CustomerRestored(
            source="c2",
            version=3,
            at=DAY,
            survivor="c1",
            by="ann",
            reason="not alike",
            records=(Record("direct", "c2", DAY),),
            entries=(("interactions.Interaction", "moved"),),
        )
        given = [
            contact("old", 0, "c2"),
            contact("moved", 1, "c1", "x"),
            contact("new", 2, "c1"),
            Ticket("t", LATE, "c1"),
        ]
        one, two = Aliases([merged]), Aliases([merged, restored])

        assert ids(timeline(given, of="c1", aliases=one)) == ["t", "new", "moved", "old"]
        assert ids(timeline(given, of="c1", aliases=two)) == ["t", "new"]
        assert ids(timeline(given, of="c2", aliases=two)) == ["moved", "old"]
        assert ids(timeline(given, of="x", aliases=two)) == ["moved"]

    def test_an_end_of_a_claim_is_of_nobody(self) -> None:
        claim = Claim("k1", purchase="p1", customer="c1", at=DAY, by="ann")
        end = Retraction("k2", claim="c1x", at=DAY, by="ann")

        assert ids(timeline([claim, end], of="c1")) == ["k1"]

    def test_what_has_no_party_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"timeline\.entries: expected items that say whose"):
            timeline([MergedFrom("m", DAY)], of="c1")


class TestAsking:
    GIVEN = (contact("a", 0), contact("b", 1, channel="phone"), sale("c", 2), Ticket("d", DAY + 3 * MINUTE))

    def test_as_of_is_inclusive(self) -> None:
        as_of = DAY + MINUTE

        assert ids(timeline(self.GIVEN, as_of=as_of)) == ["b", "a"]
        assert ids(timeline(self.GIVEN, as_of=as_of, newest_first=False)) == ["a", "b"]

    def test_by_kind(self) -> None:
        assert ids(timeline(self.GIVEN, kinds=["ticket", "purchase"])) == ["d", "c"]

    def test_by_rule_unknown_is_not_true(self) -> None:
        assert ids(timeline(self.GIVEN, where=field("interaction.channel") == "web")) == ["a"]
        assert ids(timeline(self.GIVEN, where=field("total") >= 10)) == ["c"]
        assert ids(timeline(self.GIVEN, where=~(field("total") >= 10))) == []

    @pytest.mark.parametrize(
        ("arguments", "path"),
        [
            ({"limit": 0}, "timeline.limit"),
            ({"limit": True}, "timeline.limit"),
            ({"as_of": datetime(2026, 5, 1)}, "timeline.as_of"),  # noqa: DTZ001 - what is refused
            ({"kinds": "purchase"}, "timeline.kinds"),
            ({"where": lambda item: True}, "timeline.where"),
            ({"after": ("a",)}, "timeline.after"),
            ({"of": ""}, "timeline.of"),
            ({"newest_first": 1}, "timeline.newest_first"),
            ({"ordered": None}, "timeline.ordered"),
        ],
    )
    def test_wrong_arguments_are_named(self, arguments: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            timeline([], **arguments)

        assert path == caught.value.path

    @pytest.mark.parametrize("source", [3, "abc", None])
    def test_a_source_is_an_iterable(self, source: Any) -> None:
        with pytest.raises(InvalidValue, match=r"timeline\.entries\[1\]"):
            iter_timeline([], source)


class TestPages:
    GIVEN = tuple(contact(name, minute) for minute, name in ((0, "a"), (1, "c"), (1, "b"), (2, "d")))

    def test_the_next_one_begins_behind_the_cursor(self) -> None:
        first = timeline(self.GIVEN, limit=2)
        second = timeline(self.GIVEN, limit=2, after=first.cursor)

        assert (ids(first), first.has_more) == (["d", "c"], True)
        assert (ids(second), second.has_more) == (["b", "a"], False)

    def test_what_is_dated_back_comes_on_no_page_twice(self) -> None:
        first = timeline(self.GIVEN, limit=2, newest_first=False)
        late = [contact("bb", 1), contact("aa", 0)]

        assert ids(first) == ["a", "b"]
        assert ids(timeline(self.GIVEN, late, after=first.cursor, newest_first=False)) == ["bb", "c", "d"]

    def test_an_empty_page_keeps_the_place(self) -> None:
        last = timeline(self.GIVEN, newest_first=False).cursor
        found = timeline(self.GIVEN, after=last, newest_first=False)

        assert (found.items, found.cursor, found.has_more) == ((), last, False)

    def test_nothing_has_no_place(self) -> None:
        assert timeline().cursor is None

    def test_the_place_of_nothing_is_refused(self) -> None:
        with pytest.raises(InvalidValue, match=r"Cursor\.at"):
            Cursor.of(3)

    def test_it_says_what_it_is(self) -> None:
        assert str(timeline(self.GIVEN, limit=1)) == "1 item, newest first, and more"
        assert str(timeline(self.GIVEN, newest_first=False)) == "4 items, oldest first"

    def test_as_html_everything_is_escaped(self) -> None:
        page = timeline(
            [contact("<i>", 0, "<c>", title="<b>&"), sale("p1", 1, "c1"), Ticket("t1", DAY - 24 * 60 * MINUTE)]
        )
        found = page._repr_html_()

        assert "&lt;c&gt;" in found
        assert "&lt;b&gt;&amp;" in found
        assert not any(mark in found for mark in ("<i>", "<c>", "<b>", "script"))
        assert ["Friday 2026-05-01" in found, "Thursday 2026-04-30" in found, "10.00 USD" in found] == [True] * 3

    def test_as_html_every_kind_says_something(self) -> None:
        call = Activity("a", due=DAY, kind="call", at=DAY, customer="c1")
        met = contact("m", 0, "c1", channel="meeting", duration=30 * MINUTE, staff=["ann"])
        claim = Claim("k1", purchase="p1", customer="c3", at=DAY, by="ann")
        found = timeline([call, met, claim, Ticket("t1", DAY, "c2"), MergedFrom("x1", DAY)])._repr_html_()

        for said in ("call, due 2026-05-01 09:00", "meeting, inbound, 30 min", "c1 with ann", "k1", "c2", "c3", "x1"):
            assert f">{said}<" in found

    def test_as_html_days_are_those_of_the_first_item(self) -> None:
        tokyo = datetime(2026, 5, 2, 8, tzinfo=ZoneInfo("Asia/Tokyo"))
        found = timeline([Ticket("later", DAY + 15 * 60 * MINUTE), Ticket("tokyo", tokyo)])._repr_html_()

        assert "times in UTC" in found
        assert "Friday 2026-05-01" in found
        assert ">23:00<" in found

    def test_as_html_nothing_is_an_empty_table(self) -> None:
        assert "0 items, newest first</caption></table>" in timeline()._repr_html_()


class TestSourcesInOrder:
    def test_they_are_read_no_further_than_a_page_needs(self) -> None:
        read: list[int] = []

        def source() -> Iterator[Interaction]:
            for minute in range(1_000_000):
                read.append(minute)
                yield contact(str(minute), minute)

        timeline(source(), limit=5, newest_first=False, ordered=True)

        assert len(read) <= 40

    def test_they_are_read_no_further_than_as_of(self) -> None:
        read: list[int] = []

        def source() -> Iterator[Interaction]:
            for minute in range(1_000_000):
                read.append(minute)
                yield contact(str(minute), minute)

        found = timeline(source(), as_of=DAY + 9 * MINUTE, newest_first=False, ordered=True)

        assert (len(found.items), len(read) <= 40) == (10, True)

    def test_what_happened_at_as_of_is_read_to_its_end(self) -> None:
        source = [contact(f"a{place:03}") for place in range(100)]
        found = timeline(iter([*source, contact("late", 1)]), as_of=DAY, newest_first=False, ordered=True)

        assert len(found.items) == 100

    def test_an_instant_longer_than_a_block_is_in_order(self) -> None:
        one = [contact(f"a{place:03}") for place in range(300)]
        other = [contact(f"a{place:03}") for place in range(150, 400)]
        found = timeline(one, iter(other), newest_first=False, ordered=True)

        assert [f"a{place:03}" for place in range(400)] == ids(found)

    @pytest.mark.parametrize("newest_first", [True, False])
    @pytest.mark.parametrize("place", [1, 35], ids=["in the first block", "in the second block"])
    def test_one_out_of_order_is_named(self, newest_first: bool, place: int) -> None:
        minutes = list(range(60))
        minutes[place], minutes[place - 1] = minutes[place - 1], minutes[place]
        if newest_first:
            minutes.reverse()
        source = [contact(f"i{minute}", minute) for minute in minutes]

        with pytest.raises(InvalidValue) as caught:
            timeline([], source, ordered=True, newest_first=newest_first)

        assert caught.value.path == "timeline.entries[1]"
        assert caught.value.value in {f"i{place}", f"i{place - 1}"}

    def test_one_out_of_order_between_blocks_is_named(self) -> None:
        source = [contact(f"i{minute}", minute) for minute in [*range(10, 42), 5]]

        with pytest.raises(InvalidValue) as caught:
            timeline(source, ordered=True, newest_first=False)

        assert caught.value.value == "i5"

    def test_an_empty_one_is_one(self) -> None:
        assert ids(timeline([], [contact("a")], iter(()), ordered=True)) == ["a"]
