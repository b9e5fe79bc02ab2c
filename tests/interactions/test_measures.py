"""Effort, reply times, strength, channel mix, last touch, and the contact with each customer."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from relex.calendars import BusinessCalendar, weekly
from relex.errors import InvalidValue
from relex.interactions import (
    Activity,
    EffortPolicy,
    Interaction,
    Participant,
    agenda,
    channel_mix,
    contacts,
    effort,
    last_touch,
    reply_times,
    strength,
    strength_card,
)

DAY = datetime(2026, 5, 1, 9, tzinfo=UTC)  # a Friday
HOUR = timedelta(hours=1)
NAIVE = datetime(2026, 5, 1)  # noqa: DTZ001 - what is refused
CUSTOMER = Participant("c1", role="from")
ANN, BOB = Participant("ann", "own", "to"), Participant("bob", "own", "cc")


def contact(id: str, hour: float = 0, **fields: Any) -> Interaction:  # noqa: A002 - as the field
    given = {"at": DAY + hour * HOUR, "channel": "phone", "direction": "inbound", "participants": [CUSTOMER, ANN]}
    return Interaction(id, **(given | fields))


class TestEffort:
    def test_without_a_customer_it_is_internal_and_apart(self) -> None:
        talk = contact("i", participants=[ANN, BOB], duration=HOUR, channel="meeting", direction="internal")
        found = effort([talk])

        assert (found.internal.value, found.team.value, found.customer.value) == (120, 0, 0)
        assert found.rows[0].internal == 1

    def test_what_nobody_measured_and_other_channels_are_not_counted(self) -> None:
        found = effort([contact("a"), contact("b", channel="web"), contact("c", channel="meeting", duration=HOUR)])

        assert (found.uncounted, found.team.value) == (2, 60)
        assert str(found) == "team 60.00 minutes, customers 60.00 minutes, internal 0.00 minutes, 2 uncounted"

    def test_the_figure_tells_the_channels(self) -> None:
        found = effort([contact("a", duration=HOUR), contact("b", channel="email")])

        assert (("email", Fraction(5, 2)), ("phone", Fraction(60))) == found.team.parts

    @pytest.mark.parametrize(
        ("who", "minutes"),
        [
            ([CUSTOMER, Participant("bob", "own", "cc"), Participant("ann", "own", "from")], Fraction(15, 2)),
            ([CUSTOMER, ANN, BOB], Fraction(15, 2)),
            ([CUSTOMER], 0),
        ],
        ids=["from", "first", "nobody"],
    )
    def test_one_writes_and_the_others_read(self, who: list[Participant], minutes: Fraction) -> None:
        sent = contact("a", channel="email", direction="outbound", participants=who)

        assert minutes == effort([sent]).team.value

    def test_staff_counts_where_no_participant_is_ours(self) -> None:
        assert effort([contact("a", participants=[CUSTOMER], staff=["ann"], duration=HOUR)]).team.value == 60

    def test_the_minutes_are_policy(self) -> None:
        policy = EffortPolicy(timed=["web"], written=["phone"], read=1, customer_write=Decimal("0.5"))
        found = effort([contact("a"), contact("b", channel="web", duration=HOUR)], policy)

        assert (61, Decimal("60.5")) == (found.team.value, found.customer.value)

    def test_a_correction_takes_the_place(self) -> None:
        assert effort([contact("a", duration=HOUR), contact("b", duration=HOUR / 2, corrects="a")]).team.value == 30

    @pytest.mark.parametrize(
        ("fields", "path"),
        [
            ({"timed": ["email"]}, "EffortPolicy.written"),
            ({"timed": "phone"}, "EffortPolicy.timed"),
            ({"write": -1}, "EffortPolicy.write"),
            ({"read": 2.5}, "EffortPolicy.read"),
            ({"version": 0}, "EffortPolicy.version"),
        ],
    )
    def test_what_is_wrong_is_named(self, fields: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            EffortPolicy(**fields)

        assert path == caught.value.path


class TestReplies:
    OFFICE = BusinessCalendar(weekly("mon-fri", time(9), time(17)), tz=UTC)

    def test_business_time_leaves_out_the_weekend(self) -> None:
        given = [contact("a", 7), contact("b", 7 + 65, direction="outbound")]  # Friday 16:00, Monday 09:00

        assert reply_times(given, calendar=self.OFFICE).mean.value == 3600
        assert reply_times(given).mean.value == 65 * 3600

    def test_what_has_no_answer_waits_and_is_in_no_average(self) -> None:
        given = [contact("a"), contact("b", 1, direction="outbound"), contact("c", 2)]
        found = reply_times(given, as_of=DAY + 5 * HOUR)

        assert (found.mean.value, [(each.question, each.wait) for each in found.waiting]) == (3600, [("c", 3 * HOUR)])
        assert found.mean.parts == (("answered", 1), ("waiting", 1))

    def test_as_of_an_instant_later_answers_do_not_exist(self) -> None:
        given = [contact("a"), contact("b", 1, direction="outbound")]
        found = reply_times(given, as_of=DAY + HOUR / 2)

        assert (found.answered, found.mean.reason) == ((), "no_data")

    def test_without_an_instant_nobody_knows_how_long_it_waits(self) -> None:
        assert [each.wait for each in reply_times([contact("a")]).waiting] == [None]

    def test_internal_contacts_answer_nothing(self) -> None:
        assert reply_times([contact("a"), contact("b", 1, direction="internal")]).answered == ()

    def test_an_outbound_contact_without_a_question_is_no_answer(self) -> None:
        assert reply_times([contact("b", direction="outbound")]).answered == ()

    def test_threads_are_apart(self) -> None:
        one, other = {"related": [("case", "k1")]}, {"related": [("case", "k2")]}
        given = [contact("a", **one), contact("b", 1, direction="outbound", **other), contact("c", 2, **other)]

        assert [each.thread for each in reply_times(given, thread="case").waiting] == ["k1", "k2"]

    def test_without_a_thread_each_customer_and_channel_is_one(self) -> None:
        given = [contact("a"), contact("b", 1, participants=[]), contact("c", 2, channel="chat")]

        assert [each.thread for each in reply_times(given).waiting] == ["c1 by chat", "c1 by phone", "nobody by phone"]

    @pytest.mark.parametrize(
        ("arguments", "path"),
        [
            ({"thread": ""}, "reply_times.thread"),
            ({"calendar": 3}, "reply_times.calendar"),
            ({"as_of": NAIVE}, "reply_times.as_of"),
        ],
    )
    def test_wrong_arguments_are_named(self, arguments: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            reply_times([], **arguments)

        assert path == caught.value.path

    def test_it_shows_the_mean(self) -> None:
        assert str(reply_times([])) == "none (no_data) (0.00 of 0), 0 waiting"


class TestStrength:
    def test_what_is_older_than_90_days_is_over(self) -> None:
        given = [contact("a", -90 * 24)]

        assert strength(given, as_of=DAY).score.total != 0
        assert strength(given, as_of=DAY + timedelta(microseconds=1)).score.total == 0

    def test_it_is_capped(self) -> None:
        found = strength([contact(str(number)) for number in range(11)], as_of=DAY)

        assert (found.score.total, found.band) == (100, "good")

    def test_internal_contacts_give_nothing(self) -> None:
        assert strength([contact("a", direction="internal")], as_of=DAY).score.total == 0

    def test_the_trend_is_against_30_days_before(self) -> None:
        given = [contact("a", -31 * 24), contact("b")]

        assert strength(given, as_of=DAY).trend == "improving"
        assert strength(given[:1], as_of=DAY).trend == "declining"
        assert strength([], as_of=DAY).trend == "steady"
        assert str(strength([], as_of=DAY)) == "0.00 (poor), steady from 0.00"

    def test_it_shows_its_contributions(self) -> None:
        assert "phone" in strength([contact("a")], as_of=DAY)._repr_html_()

    @pytest.mark.parametrize(
        ("arguments", "path"),
        [
            ({"weights": {"phone": Decimal("0.49")}}, "strength_card.weights.phone"),
            ({"weights": {"phone": 2}}, "strength_card.weights.phone"),
            ({"weights": {"phone": 1.0}}, "strength_card.weights.phone"),
            ({"weights": {3: 1}}, "strength_card.weights"),
            ({"weights": ["phone"]}, "strength_card.weights"),
            ({"points": 1.5}, "strength_card.points"),
        ],
    )
    def test_a_wrong_card_is_named(self, arguments: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            strength_card(**arguments)

        assert path == caught.value.path

    @pytest.mark.parametrize(
        ("arguments", "path"),
        [({"as_of": NAIVE}, "strength.as_of"), ({"as_of": DAY, "card": 3}, "strength.card")],
    )
    def test_wrong_arguments_are_named(self, arguments: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            strength([], **arguments)

        assert path == caught.value.path


class TestMix:
    GIVEN = (
        contact("a"),
        contact("b", 1, direction="outbound"),
        contact("c", 2, channel="email"),
        contact("d", 3, channel="note", direction="internal"),
    )

    def test_shares_are_exact(self) -> None:
        mix = channel_mix(self.GIVEN)

        assert (Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)) == (
            mix.share("phone").value,
            mix.share("phone", "inbound").value,
            mix.share(direction="outbound").value,
        )
        assert mix.share("phone").parameters == (("channel", "phone"), ("direction", "any"))
        assert str(mix) == "email 25 %, note 25 %, phone 50 %"

    def test_what_did_not_happen_is_0_of_them(self) -> None:
        assert (channel_mix(self.GIVEN).count("fax"), channel_mix(self.GIVEN).share("fax").value) == (0, 0)

    def test_of_nothing_there_is_no_share(self) -> None:
        assert (channel_mix([]).share().value, channel_mix([]).share().reason) == (None, "no_data")
        assert str(channel_mix([])) == "no contacts"

    def test_as_of_an_instant(self) -> None:
        assert channel_mix(self.GIVEN, as_of=DAY + HOUR).total == 2

    @pytest.mark.parametrize(
        ("arguments", "id"),
        [
            ({}, "c"),
            ({"direction": "outbound"}, "b"),
            ({"direction": "internal"}, "d"),
            ({"channel": "phone"}, "b"),
            ({"channel": "phone", "direction": "inbound"}, "a"),
            ({"as_of": DAY}, "a"),
        ],
    )
    def test_last_touch(self, arguments: dict[str, Any], id: str) -> None:  # noqa: A002 - as the field
        found = last_touch(self.GIVEN, **arguments)

        assert found is not None
        assert id == found.id

    def test_without_a_touch_there_is_none(self) -> None:
        assert last_touch(self.GIVEN, channel="fax") is None

    @pytest.mark.parametrize(
        ("arguments", "path"),
        [
            ({"direction": "up"}, "last_touch.direction"),
            ({"channel": ""}, "last_touch.channel"),
            ({"as_of": NAIVE}, "last_touch.as_of"),
        ],
    )
    def test_wrong_arguments_are_named(self, arguments: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            last_touch([], **arguments)

        assert path == caught.value.path


class Merged:
    """A1 is c1 now."""

    def all(self, id: str) -> tuple[str, ...]:  # noqa: A002 - as the protocol has it
        return (id,)

    def current(self, id: str) -> str:  # noqa: A002 - as the protocol has it
        return "c1" if id == "a1" else id


class TestContacts:
    def test_each_customer_has_dates_and_minutes_by_staff(self) -> None:
        given = [
            contact("a", duration=HOUR / 4),
            contact("b", 1, channel="email", direction="outbound", participants=[CUSTOMER, ANN, BOB]),
            contact("c", 2, channel="web", participants=[Participant("c2")]),
            contact("d", 3, direction="internal"),
            contact("e", 99),
        ]
        one, other = contacts(given, as_of=DAY + 12 * HOUR)

        assert (one.customer, one.interactions, one.first_at, one.last_at) == ("c1", 2, DAY, DAY + HOUR)
        assert (one.last_inbound_at, one.last_outbound_at) == (DAY, DAY + HOUR)
        assert (("ann", 20), ("bob", Fraction(5, 2))) == one.staff
        assert (Fraction(45, 2), Fraction(35, 2)) == (one.team_minutes.value, one.customer_minutes)
        assert Fraction(11, 24) == one.days_since.value
        assert (other.customer, other.last_outbound_at, other.staff) == ("c2", None, ())
        assert str(other) == "c2: 1 contacts, 0.00 minutes, 0.4 days ago"

    def test_those_who_were_merged_are_one(self) -> None:
        given = [contact("a"), contact("b", participants=[Participant("a1"), CUSTOMER])]

        assert [(each.customer, each.interactions) for each in contacts(given, as_of=DAY, aliases=Merged())] == [
            ("c1", 2)
        ]

    @pytest.mark.parametrize(
        ("arguments", "path"), [({"as_of": NAIVE}, "contacts.as_of"), ({"as_of": DAY, "policy": 3}, "contacts.policy")]
    )
    def test_wrong_arguments_are_named(self, arguments: dict[str, Any], path: str) -> None:
        with pytest.raises(InvalidValue) as caught:
            contacts([], **arguments)

        assert path == caught.value.path


class TestSeeing:
    """Every answer shows itself as a table, with everything escaped."""

    GIVEN = (
        contact("a", channel="<b>", related=[("thread", "<i>")]),
        contact("b", 1, direction="outbound", duration=HOUR / 3, related=[("thread", "<i>")]),
        contact("c", 2, related=[("thread", "t2")]),
    )

    @pytest.mark.parametrize(
        ("found", "cells"),
        [
            (effort(GIVEN), ["phone", "1", "20.00", "&lt;b&gt;", "0.00", "1"]),
            (channel_mix(GIVEN), ["&lt;b&gt;", "inbound", "33.3 %", "outbound"]),
            (reply_times(GIVEN), ["&lt;i&gt;", "2026-05-01 09:00", "b", "1:00:00", "t2", "waiting"]),
            (
                agenda(
                    [
                        Activity("x", due=DAY - HOUR, kind="<call>", at=DAY - HOUR, customer="c1", owner="ann"),
                        Activity("y", due=DAY + HOUR, kind="call", at=DAY, title="Ask & tell"),
                    ],
                    as_of=DAY,
                ),
                ["2026-05-01 08:00", "overdue", "&lt;call&gt;", "c1", "ann", "2026-05-01 10:00", "Ask &amp; tell"],
            ),
        ],
        ids=["effort", "mix", "replies", "agenda"],
    )
    def test_as_html(self, found: Any, cells: list[str]) -> None:
        shown = found._repr_html_()

        assert [cell for cell in cells if f">{cell}</td>" not in shown] == []
        assert not any(mark in shown for mark in ("<b>", "<i>", "<call>", "script"))
