"""Laws of contacting: limits only limit, held means later, and the forgotten are gone and stay out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
from hypothesis import assume, given, settings, strategies as st

from relex.calendars import BusinessCalendar, RollingLimit, weekly
from relex.codec import dumps
from relex.customers import (
    Consent,
    ConsentPolicy,
    Customer,
    Decision,
    FrequencyCap,
    PersonName,
    Purpose,
    RetentionPolicy,
    RetentionRule,
    Sent,
    SuppressionList,
    contactable,
    erase,
    export,
    may_contact,
    suppress,
)
from relex.parties import ContactPoint, PostalAddress, Record

BASE = datetime(2026, 10, 20, tzinfo=UTC)
E = ContactPoint("email", "anna@example.com")
P = ContactPoint("phone", "+46701234567")
ANNA = (
    Customer.open("c1", PersonName("Anna Berg"), at=BASE)
    .then(lambda state: state.add_point(E, at=BASE))
    .then(lambda state: state.add_point(P, at=BASE))
    .state
)
ORDER = ("allowed", "held", "refused")

instants = st.integers(0, 14 * 24 * 6).map(lambda tens: BASE + timedelta(minutes=10 * tens))
caps = st.builds(
    FrequencyCap,
    st.sampled_from(("one", "two", "three")),
    st.integers(1, 3),
    st.none() | st.integers(1, 72).map(lambda hours: timedelta(hours=hours)),
    channel=st.sampled_from((None, "email", "phone")),
    scope=st.sampled_from(("point", "customer", "household")),
    exempt=st.sampled_from(((), ("service",))),
)
hours = st.builds(
    lambda days, opens, length, tz: BusinessCalendar(weekly(days, f"{opens:02}:00", f"{opens + length:02}:00"), tz=tz),
    st.sampled_from(("mon-sun", "mon-fri", "tue")),
    st.integers(0, 15),
    st.integers(1, 8),
    st.sampled_from((UTC, ZoneInfo("Europe/Stockholm"), ZoneInfo("America/New_York"))),
)
sends = st.lists(
    st.tuples(instants, st.sampled_from((E, P)), st.sampled_from(("c1", "c2")), st.sampled_from(("news", "service"))),
    max_size=6,
).map(lambda drawn: [_sent(f"s{number}", *each) for number, each in enumerate(drawn)])


def _sent(id_: str, at: datetime, point: ContactPoint, customer: str = "c1", purpose: str = "news") -> Sent:
    return Sent(id_, customer=customer, at=at, channel=point.kind, point=point, purpose=purpose)


@st.composite
def policies(draw: st.DrawFn) -> ConsentPolicy:
    """Policies of a purpose that nobody has to ask for."""
    return ConsentPolicy(
        [Purpose("news", "opt-out"), Purpose("service", "opt-out")],
        caps=draw(st.lists(caps, max_size=3, unique_by=lambda cap: cap.name)),
        hours=draw(st.just(()) | hours),
        hold_at_most=draw(st.sampled_from((None, None, timedelta(hours=30)))),
    )


def asked(policy: ConsentPolicy, sent: list[Sent], at: datetime, purpose: str = "news", **more: object) -> Decision:
    return may_contact(ANNA, E, purpose, policy=policy, ledger=[], sent=sent, at=at, household=["c2"], **more)  # type: ignore[arg-type]


@settings(max_examples=80)
@given(policies(), caps, hours, sends, instants, st.sampled_from(("news", "service")))
def test_a_cap_or_a_quiet_time_never_allows_more(
    policy: ConsentPolicy, cap: FrequencyCap, quiet: BusinessCalendar, sent: list[Sent], at: datetime, purpose: str
) -> None:
    """With one more cap, or with hours where there were none, nothing becomes more allowed."""
    assume(cap.name not in {each.name for each in policy.caps})
    before = asked(policy, sent, at, purpose)
    stricter = [attrs.evolve(policy, caps=(*policy.caps, cap))]
    stricter += [] if policy.hours else [attrs.evolve(policy, hours=quiet)]

    assert all(ORDER.index(asked(each, sent, at, purpose).outcome) >= ORDER.index(before.outcome) for each in stricter)


@settings(max_examples=80)
@given(policies(), st.lists(instants, max_size=25))
def test_a_replay_of_allowed_sends_never_breaks_a_cap(policy: ConsentPolicy, times: list[datetime]) -> None:
    """Who asks before each send, and records it, never sends more than a cap allows in any stretch of its length."""
    sent: list[Sent] = []
    for number, at in enumerate(sorted(times)):
        if asked(policy, sent, at).is_allowed:
            sent.append(_sent(f"s{number}", at, E))
    for cap in policy.caps:
        counted = [each.at for each in sent if cap.covers(each.purpose, each.channel)]

        assert all(RollingLimit(cap.limit, cap.within).count(at, counted) <= cap.limit for at in counted)


@settings(max_examples=100)
@given(policies(), sends, instants)
def test_it_is_allowed_at_the_next_instant_and_not_a_microsecond_before(
    policy: ConsentPolicy, sent: list[Sent], at: datetime
) -> None:
    """Held means: nothing stands in the way at `next_at`, given only what was sent, and something does just before."""
    known = [each for each in sent if each.at <= at]
    found = asked(policy, sent, at)
    assert found == asked(policy, known, at)
    if found.outcome != "held":
        assert found.next_at is None
        return
    assert found.next_at is not None
    assert found.next_at > at
    assert asked(policy, known, found.next_at).is_allowed
    assert not asked(policy, known, found.next_at - timedelta(microseconds=1)).is_allowed


@settings(max_examples=60)
@given(sends, instants, st.integers(1, 200))
def test_what_will_be_over_by_then_is_not_held(sent: list[Sent], at: datetime, expires: int) -> None:
    """Where the consent ends before the time comes, the answer is a refusal and no false promise."""
    assume(at > BASE)
    ends = at + timedelta(hours=expires)
    yes = Consent("e1", customer="c1", at=BASE, status="granted", purpose="news", expires_at=ends)
    policy = ConsentPolicy([Purpose("news")], caps=[FrequencyCap("slow", 1, timedelta(days=3))])
    known = [each for each in sent if each.at <= at]

    found = may_contact(ANNA, E, "news", policy=policy, ledger=[yes], sent=known, at=at)

    waits = [each.until for each in found.reasons if each.code == "cap:slow"]
    assert (found.outcome == "refused") == any(until >= ends for until in waits if until is not None)


SECRETS = ("Zyxwvut", "zyxwvut@secret.example", "+46709998877", "Hidden Lane 77", "S3CR3T-ID", "topsecrettag")


@settings(max_examples=40)
@given(st.sets(st.sampled_from(range(5))), st.booleans(), st.sampled_from(("delete", "anonymize")))
def test_after_an_erasure_no_output_holds_an_erased_value(parts: set[int], taken: bool, treatment: str) -> None:
    """The tombstone, the event, the plan and what is exported afterwards know nothing of the person."""
    name, mail, phone, street, number, tag = SECRETS
    points = [ContactPoint("email", mail), ContactPoint("phone", phone)]
    points += [ContactPoint("postal", PostalAddress(street=street, country="SE"))]
    person = Customer.open("c9", PersonName(name), at=BASE, tags=[tag])
    for part in sorted(parts & {0, 1, 2}):
        person = person.then(lambda state, point=points[part]: state.add_point(point, at=BASE))  # type: ignore[misc]
    if taken:
        record = Record("shop", number, BASE, name=PersonName(name), points=points, values={"note": number})
        person = person.then(lambda state: state.take(record, at=BASE))
    entries = [
        Consent("k1", customer="c9", at=BASE, status="granted", purpose="news", point=points[0]),
        Sent("k2", customer="c9", at=BASE, channel="email", point=points[0], purpose="news"),
    ]
    policy = RetentionPolicy([RetentionRule("customers.Sent", 12, on_request=treatment, basis="legal_obligation")])

    change, plan = erase(person.state, policy, key="pepper", at=BASE, by="desk", entries=entries)

    outputs = [dumps(change.state), *map(dumps, change.events), dumps(plan), str(plan), plan._repr_html_()]
    outputs += [str(export(change.state)), repr(change.state), change.state._repr_html_(), str(change.state.facts())]
    assert [secret for secret in SECRETS for output in outputs if secret.casefold() in output.casefold()] == []
    assert (taken or bool(parts & {0, 1})) <= bool(plan.suppressions)


SPELLINGS = (
    ("email", None, ("anna@example.com", "Anna@Example.COM", " anna@example.com", "Anna <anna@example.com>")),
    ("phone", "JP", ("090-1234-5678", "+819012345678", "0901234 5678", "+81 090-1234-5678")),
)


@settings(max_examples=40)
@given(st.sampled_from(SPELLINGS), st.data())
def test_suppression_recognizes_every_spelling(
    of: tuple[str, str | None, tuple[str, ...]], data: st.DataObject
) -> None:
    """Two points with one key have one digest, whatever was typed; nobody on the list is allowed."""
    kind, region, spellings = of
    one, other = [ContactPoint(kind, data.draw(st.sampled_from(spellings)), region=region) for _ in range(2)]
    shut = SuppressionList([suppress(one, key="pepper", at=BASE)], key="pepper")
    back = Customer.open("c5", PersonName("Anna"), at=BASE).then(lambda state: state.add_point(other, at=BASE)).state
    policy = ConsentPolicy([Purpose("contract", "none")])

    found = may_contact(back, other, "contract", policy=policy, ledger=[], suppressed=shut, at=BASE)

    assert one.key == other.key
    assert found.codes == ("suppressed",)
    assert contactable(back, "contract", policy=policy, ledger=[], suppressed=shut, at=BASE) == ()
