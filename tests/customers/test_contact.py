"""May I contact somebody: every reason, their order, and what is asked for wrongly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest

from relex.calendars import BusinessCalendar, Period, SpecialHours, weekly
from relex.codec import dumps, loads
from relex.customers import (
    Consent,
    ConsentPolicy,
    Customer,
    Decision,
    FrequencyCap,
    PersonName,
    Purpose,
    Reason,
    RetentionPolicy,
    Sent,
    SentLog,
    SuppressionList,
    contactable,
    erase,
    may_contact,
    merge,
    suppress,
)
from relex.errors import InvalidValue
from relex.parties import ContactPoint, Preferences

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
E = ContactPoint("email", "anna@example.com")
E_ADDRESS = "email:anna@example.com"
P = ContactPoint("phone", "+46701234567")
NEWS = Purpose("news", "opt-out")
OFFICE = BusinessCalendar(weekly("mon-sun", "09:00", "17:00"), tz=UTC)
NEVER = BusinessCalendar((), tz=UTC, special=[SpecialHours(date(2000, 1, 1), "09:00", "17:00")])


def customer(*points: ContactPoint, id_: str = "c1", prefers: Preferences | None = None, tags: Any = ()) -> Customer:
    change = Customer.open(id_, PersonName("Anna Berg"), at=AT - 9 * DAY, tags=tags)
    for point in points:
        change = change.then(lambda it, point=point: it.add_point(point, at=it.changed_at))
    return change.then(lambda it: it.prefer(prefers, at=it.changed_at)).state


def policy(*purposes: Purpose, **more: Any) -> ConsentPolicy:
    return ConsentPolicy(purposes or (NEWS,), **more)


def asked(of: Customer, point: ContactPoint | None = E, purpose: str = "news", **more: Any) -> Decision:
    return may_contact(of, point, purpose, **{"at": AT, "policy": policy(), "ledger": (), **more})


def sent(*ago: timedelta, **more: Any) -> list[Sent]:
    fields = {"customer": "c1", "channel": "email", "point": E, "purpose": "news", **more}
    return [Sent(f"s{number}", at=AT - each, **fields) for number, each in enumerate(ago)]


ANNA = customer(E, P)


class TestReasons:
    def test_nothing_in_the_way(self) -> None:
        found = asked(ANNA)

        assert (found.outcome, found.reasons, found.next_at) == ("allowed", (), None)
        assert (found.customer, found.purpose, found.channel, found.point) == ("c1", "news", "email", E_ADDRESS)

    def test_all_reasons_are_told_in_their_order(self) -> None:
        broken = attrs.evolve(E, state="bounced", valid=Period(AT, AT + DAY))
        one = customer(prefers=Preferences(avoid=["email"], hours=OFFICE), tags=["deceased"])
        shut = SuppressionList([suppress(E, key="k", at=AT)], key="k")
        rules = policy(Purpose("news"), verified_only=True, caps=[FrequencyCap("daily", 1, DAY)])

        found = asked(
            one, broken, policy=rules, suppressed=shut, topic="shoes", sent=sent(-29 * HOUR), at=AT + 30 * HOUR
        )

        assert (found.outcome, found.next_at) == ("refused", None)
        assert [str(each) for each in found.reasons] == [
            "deceased by deceased",
            f"suppressed by {suppress(E, key='k', at=AT).id}",
            f"no-point by {E_ADDRESS}",
            f"point-not-valid by {E_ADDRESS}",
            f"point-bounced by {E_ADDRESS}",
            f"point-unverified by {E_ADDRESS}",
            "consent:unknown",
            "consent:unknown (shoes)",
            "channel-avoided by email",
            "quiet until 2026-05-06 09:00:00+00:00",
            "cap:daily by daily until 2026-05-06 17:00:00+00:00",
        ]

    def test_an_erased_customer(self) -> None:
        gone = erase(ANNA, RetentionPolicy(), at=AT, by="desk").change.state

        assert asked(gone).codes == ("erased", "no-point")

    def test_a_merged_customer_names_the_survivor(self) -> None:
        done = merge(customer(id_="c9"), ANNA, by="eve", reason="same", at=AT)

        found = asked(done.changes[1].state)

        assert str(found.reasons[0]) == "merged by c9"

    @pytest.mark.parametrize(
        ("point", "codes"),
        [
            (ContactPoint("email", "nonsense"), ("point-not-valid",)),
            (attrs.evolve(E, state="invalid"), ("point-not-valid",)),
            (attrs.evolve(E, state="bounced"), ("point-bounced",)),
            (attrs.evolve(E, valid=Period(AT + HOUR)), ("point-not-valid",)),
            (attrs.evolve(E, valid=Period(AT, AT + HOUR)), ()),
            (attrs.evolve(E, state="ok"), ()),
        ],
    )
    def test_points(self, point: ContactPoint, codes: tuple[str, ...]) -> None:
        assert asked(customer(point), point).codes == codes

    @pytest.mark.parametrize(("verified_at", "codes"), [(AT, ()), (AT + HOUR, ("point-unverified",))])
    def test_a_point_must_have_been_verified_by_then(self, verified_at: datetime, codes: tuple[str, ...]) -> None:
        point = attrs.evolve(E, verified_at=verified_at)

        assert asked(customer(point), point, policy=policy(verified_only=True)).codes == codes

    def test_another_spelling_of_the_customers_point_is_the_customers(self) -> None:
        assert asked(ANNA, ContactPoint("email", "ANNA@example.com")).is_allowed

    def test_what_is_known_of_the_point_counts_and_not_what_the_caller_wrote(self) -> None:
        bounced = customer(attrs.evolve(E, state="bounced"))

        assert asked(bounced, ContactPoint("email", "ANNA@example.com")).codes == ("point-bounced",)

    def test_somebody_elses_point_is_not(self) -> None:
        assert asked(ANNA, ContactPoint("email", "kim@example.com")).codes == ("no-point",)

    def test_of_two_points_behind_one_switchboard_the_one_with_the_extension_counts(self) -> None:
        one, two = (ContactPoint("phone", f"+1 650 253 0000 x{number}") for number in (1, 2))
        anna = customer(one, attrs.evolve(two, state="invalid"))

        assert asked(anna, one).is_allowed
        assert asked(anna, anna.points[1]).codes == ("point-not-valid",)
        assert asked(anna, ContactPoint("phone", "+16502530000 ext 2")).codes == ("point-not-valid",)
        assert asked(anna, ContactPoint("phone", "+16502530000")).is_allowed
        assert contactable(anna, "news", at=AT, policy=policy(), ledger=[]) == anna.points[:1]

    def test_a_point_that_is_named_in_text_counts_in_every_spelling(self) -> None:
        typed = "email:Anna@EXAMPLE.com "
        no = Consent("e1", customer="c1", at=AT, status="withdrawn", purpose="news", point=typed)
        shut = SuppressionList([suppress(typed, key="k", at=AT)], key="k")
        mail = Sent("s1", customer="c1", at=AT, channel="email", point=typed, purpose="news")
        daily = policy(caps=[FrequencyCap("daily", 1, DAY)])

        assert asked(ANNA, ledger=[no]).codes == ("consent:refused",)
        assert asked(ANNA, suppressed=shut).codes == ("suppressed",)
        assert shut.find("email:ANNA@example.com", "news", AT) is not None
        assert asked(ANNA, policy=daily, sent=[mail]).codes == ("cap:daily",)

    def test_a_key_of_the_callers_own_is_the_same_after_storage(self) -> None:
        point = ContactPoint("email", "Anna@example.com", key="Anna@example.com")
        no = Consent("e1", customer="c1", at=AT, status="withdrawn", purpose="news", point=point)

        assert asked(customer(point), point, ledger=[loads(dumps(no), Consent)]).codes == ("consent:refused",)

    def test_no_point_at_all(self) -> None:
        found = asked(ANNA, None, channel="email")

        assert [str(each) for each in found.reasons] == ["no-point"]

    def test_what_somebody_else_refused_for_a_shared_point(self) -> None:
        no = Consent("e1", customer="c2", at=AT, status="denied", purpose="news", point=E)
        again = Consent("e2", customer="c2", at=AT + HOUR, status="granted", purpose="news", point=E)

        assert asked(ANNA, ledger=[no, again]).codes == ("consent:refused",)
        assert asked(ANNA, P, ledger=[no]).is_allowed
        assert asked(ANNA, ledger=[no, again], at=AT + HOUR).is_allowed

    def test_a_suppression_of_one_purpose_or_a_later_one_leaves_the_others_open(self) -> None:
        entries = [suppress(E, key="k", at=AT, purpose="offers"), suppress(E, key="k", at=AT + HOUR)]

        assert asked(ANNA, suppressed=SuppressionList(entries, key="k")).is_allowed
        assert asked(ANNA, suppressed=SuppressionList(key="k")).is_allowed

    def test_a_channel_to_avoid_matters_to_what_is_commercial_only(self) -> None:
        shy = customer(E, prefers=Preferences(avoid=["email"]))
        bill = Purpose("bill", "none", commercial=False)

        assert asked(shy).codes == ("channel-avoided",)
        assert asked(shy, purpose="bill", policy=policy(bill)).is_allowed

    def test_a_phone_is_called_unless_it_says_sms(self) -> None:
        assert asked(ANNA, P).channel == "phone"
        assert asked(ANNA, P, channel="sms").codes == ("consent:unknown",)


class TestQuiet:
    @pytest.mark.parametrize(
        ("hours", "channel", "codes"),
        [
            ({"phone": NEVER}, "email", ()),
            ({"*": NEVER}, "email", ("quiet",)),
            ({"email": NEVER, "*": OFFICE}, "email", ("quiet",)),
            (OFFICE, "email", ()),
        ],
    )
    def test_hours_by_channel(self, hours: Any, channel: str, codes: tuple[str, ...]) -> None:
        assert asked(ANNA, channel=channel, policy=policy(hours=hours)).codes == codes

    def test_hours_are_read_in_the_customers_zone(self) -> None:
        far = timezone(timedelta(hours=9))

        found = asked(ANNA, policy=policy(hours=OFFICE), zone=far)

        assert found.next_at == datetime(2026, 5, 5, 9, tzinfo=far)

    def test_hours_that_the_customer_prefers_win(self) -> None:
        night = BusinessCalendar(weekly("mon-sun", "20:00", "22:00"), tz=UTC)

        found = asked(customer(E, prefers=Preferences(hours=night)), policy=policy(hours=OFFICE))

        assert found.next_at == AT + 8 * HOUR

    @pytest.mark.parametrize(("quiet_for_all", "outcome"), [(False, "allowed"), (True, "held")])
    def test_what_is_not_commercial_is_exempt(self, quiet_for_all: bool, outcome: str) -> None:
        rules = policy(Purpose("bill", "none", commercial=False), hours=OFFICE, quiet_for_all=quiet_for_all)

        assert asked(ANNA, purpose="bill", policy=rules, at=AT + 8 * HOUR).outcome == outcome

    def test_hours_that_never_open_refuse(self) -> None:
        found = asked(ANNA, policy=policy(hours=NEVER))

        assert (found.outcome, found.reasons) == ("refused", (Reason("quiet"),))


class TestCaps:
    @pytest.mark.parametrize(
        ("cap", "more", "codes"),
        [
            ({}, {}, ("cap:c",)),
            ({}, {"point": P}, ()),
            ({}, {"commercial": False}, ()),
            ({}, {"customer": "c2"}, ("cap:c",)),
            ({"scope": "customer"}, {"point": P}, ("cap:c",)),
            ({"scope": "customer"}, {"customer": "c2"}, ()),
            ({"scope": "household"}, {"customer": "c2"}, ("cap:c",)),
            ({"scope": "household"}, {"customer": "c3"}, ()),
            ({"scope": "household"}, {}, ("cap:c",)),
            ({"scope": "account"}, {"customer": "c3"}, ("cap:c",)),
            ({"channel": "email"}, {}, ("cap:c",)),
            ({"channel": "email"}, {"channel": "sms"}, ()),
            ({"channel": "sms"}, {}, ()),
            ({"exempt": ["news"]}, {}, ()),
            ({"exempt": ["offers"]}, {"purpose": "offers"}, ()),
        ],
    )
    def test_what_counts(self, cap: dict[str, Any], more: dict[str, Any], codes: tuple[str, ...]) -> None:
        rules = policy(caps=[FrequencyCap("c", 1, DAY, **cap)])

        found = asked(ANNA, policy=rules, sent=SentLog(sent(HOUR, **more)), household=["c2"], account=("c3",))

        assert found.codes == codes

    def test_what_is_not_commercial_is_never_held_back(self) -> None:
        rules = policy(Purpose("bill", "none", commercial=False), caps=[FrequencyCap("c", 1, DAY)])

        assert asked(ANNA, purpose="bill", policy=rules, sent=sent(HOUR, purpose="bill")).is_allowed

    def test_each_cap_tells_when_it_lets_go(self) -> None:
        rules = policy(caps=[FrequencyCap("a", 1, DAY), FrequencyCap("b", 1, 3 * DAY, scope="customer")])

        found = asked(ANNA, policy=rules, sent=sent(HOUR))

        assert [(each.code, each.until) for each in found.reasons] == [
            ("cap:a", AT - HOUR + DAY),
            ("cap:b", AT - HOUR + 3 * DAY),
        ]
        assert found.next_at == AT - HOUR + 3 * DAY

    def test_a_cap_for_ever_refuses(self) -> None:
        found = asked(ANNA, policy=policy(caps=[FrequencyCap("once", 1, None)]), sent=sent(9 * DAY))

        assert (found.outcome, found.reasons) == ("refused", (Reason("cap:once", by="once"),))

    def test_a_cap_longer_than_the_calendar_refuses(self) -> None:
        found = asked(ANNA, policy=policy(caps=[FrequencyCap("long", 1, timedelta.max)]), sent=sent(HOUR))

        assert (found.outcome, found.codes) == ("refused", ("cap:long",))

    def test_sends_to_those_who_were_merged_count(self) -> None:
        one = merge(ANNA, customer(id_="c2"), by="eve", reason="same", at=AT - 2 * DAY).changes[0].state
        rules = policy(caps=[FrequencyCap("c", 1, DAY, scope="customer")])

        assert asked(one, policy=rules, sent=sent(HOUR, customer="c2", point=P)).codes == ("cap:c",)


class TestHolding:
    @pytest.mark.parametrize(("most", "outcome"), [(23 * HOUR, "held"), (22 * HOUR, "refused"), (None, "held")])
    def test_a_longer_hold_is_a_refusal(self, most: timedelta | None, outcome: str) -> None:
        found = asked(ANNA, policy=policy(caps=[FrequencyCap("c", 1, DAY)], hold_at_most=most), sent=sent(HOUR))

        assert found.outcome == outcome
        assert (found.next_at is None) == (outcome == "refused")
        assert found.codes == ("cap:c",)

    def test_what_will_be_over_by_then_refuses(self) -> None:
        yes = Consent("e1", customer="c1", at=AT - DAY, status="granted", purpose="news", expires_at=AT + HOUR)
        rules = policy(Purpose("news"), caps=[FrequencyCap("c", 1, DAY)])

        found = asked(ANNA, policy=rules, ledger=[yes], sent=sent(HOUR))

        assert (found.outcome, found.codes) == ("refused", ("consent:expired", "cap:c"))

    def test_a_confirmation_that_is_not_known_yet_does_not_count_later_either(self) -> None:
        late = Consent("e1", customer="c1", at=AT + HOUR, status="withdrawn", purpose="news")

        found = asked(ANNA, policy=policy(caps=[FrequencyCap("c", 1, DAY)]), ledger=[late], sent=sent(HOUR))

        assert found.outcome == "held"


class TestContactable:
    def test_the_order_of_points(self) -> None:
        points = [
            ContactPoint("email", "old@example.com", verified_at=AT - 5 * DAY),
            ContactPoint("email", "new@example.com", verified_at=AT - 2 * DAY),
            ContactPoint("email", "plain@example.com"),
            ContactPoint("email", "recent@example.com", valid=Period(AT - DAY)),
            ContactPoint("email", "first@example.com", primary=True),
            P,
        ]
        anna = customer(*points, prefers=Preferences(channels=["phone", "email"]))

        found = contactable(anna, "news", at=AT, policy=policy(), ledger=[])

        assert [str(point).partition("@")[0] for point in found] == [
            "+46701234567",
            "first",
            "new",
            "old",
            "recent",
            "plain",
        ]

    def test_only_points_that_serve_the_channel(self) -> None:
        rules = policy(opt_in_channels=[])

        assert contactable(ANNA, "news", at=AT, policy=rules, ledger=[], channel="sms") == (P,)
        assert contactable(ANNA, "news", at=AT, policy=rules, ledger=[], channel="email") == (E,)
        assert contactable(ANNA, "news", at=AT, policy=rules, ledger=[], channel="post") == ()

    def test_only_what_is_allowed(self) -> None:
        no = Consent("e1", customer="c1", at=AT, status="denied", purpose="news", channel="email")

        assert contactable(ANNA, "news", at=AT, policy=policy(), ledger=[no]) == (P,)
        assert contactable(customer(), "news", at=AT, policy=policy(), ledger=[no]) == ()

    @pytest.mark.parametrize(
        "more", [{"customer": None}, {"policy": None}, {"channel": []}, {"purpose": []}, {"at": None}]
    )
    def test_what_cannot_be_asked(self, more: dict[str, Any]) -> None:
        asked = {"customer": ANNA, "purpose": "news", "at": AT, "policy": policy(), "ledger": (), **more}

        with pytest.raises(InvalidValue):
            contactable(**asked)

    def test_a_wrong_question_is_wrong_for_a_customer_without_points_too(self) -> None:
        with pytest.raises(InvalidValue):
            contactable(customer(), "cats", at=AT, policy=policy(), ledger=[])


class TestDecision:
    def test_it_shows_itself(self) -> None:
        found = asked(ANNA, topic="<shoes>", policy=policy(Purpose("news")))

        assert str(found) == "refused: news/<shoes> by email\n  consent:unknown\n  consent:unknown (<shoes>)"
        assert "&lt;shoes&gt;" in found._repr_html_()

    def test_a_hold_tells_when(self) -> None:
        found = asked(ANNA, policy=policy(hours=OFFICE), at=AT + 8 * HOUR)

        assert str(found) == (
            "held until 2026-05-05 09:00:00+00:00: news by email\n  quiet until 2026-05-05 09:00:00+00:00"
        )

    def test_it_can_be_stored(self) -> None:
        found = asked(ANNA, policy=policy(hours=OFFICE), at=AT + 8 * HOUR)

        assert loads(dumps(found), Decision) == found


@pytest.mark.parametrize(
    "more",
    [
        {"at": datetime(2026, 5, 4)},  # noqa: DTZ001 - naive on purpose
        {"at": "now"},
        {"purpose": "cats"},
        {"purpose": ["news"]},
        {"policy": None},
        {"point": "email:anna@example.com"},
        {"point": None},
        {"topic": ""},
        {"channel": 7},
        {"suppressed": []},
        {"ledger": ["e1"]},
        {"sent": ["s1"]},
        {"household": "c2"},
        {"account": [None]},
    ],
)
def test_what_cannot_be_asked(more: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        asked(ANNA, **more)


def test_only_customers_are_contacted() -> None:
    with pytest.raises(InvalidValue):
        asked("c1")  # type: ignore[arg-type]
