"""The laws of contact policies and of response rates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import assume, given, settings, strategies as st

from relex.calendars import BusinessCalendar, RollingLimit, weekly
from relex.feedback import (
    Answer,
    ContactHistory,
    ContactPolicy,
    ContactRequest,
    ContactRule,
    Disposition,
    Invitation,
    OutcomeRates,
    Reminders,
    Response,
    Wait,
)

if TYPE_CHECKING:
    from fractions import Fraction

START = datetime(2026, 1, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
MICRO = timedelta(microseconds=1)
FEW = settings(max_examples=60, deadline=None)

hours = st.integers(0, 24 * 30)
people = st.sampled_from(["c1", "c2", "c3"])
surveys = st.sampled_from(["nps", "csat"])


def rule(number: int, *, ends: bool = False) -> st.SearchStrategy[ContactRule]:
    within = st.integers(1, 24 * 20).map(lambda count: count * HOUR)
    return st.builds(
        ContactRule,
        st.just(f"rule {number}"),
        within=within if ends else within | st.none(),
        limit=st.integers(1, 3),
        counts=st.sampled_from(["invited", "displayed", "declined", "responded"]),
        scope=st.sampled_from([("contact",), ("account",), ("survey",), ("contact", "survey")]),
        surveys=st.sampled_from(["any", "same"]),
    )


def rules(*, ends: bool = False) -> st.SearchStrategy[list[ContactRule]]:
    return st.tuples(*[rule(number, ends=ends) for number in range(3)]).flatmap(
        lambda found: st.integers(0, 3).map(lambda count: list(found[:count]))
    )


def asked(contact: str, survey: str, number: int, kind: str = "invitation") -> ContactRequest:
    account = "acme" if contact < "c3" else "other"
    return ContactRequest(contact=contact, survey=survey, about=f"t{number}", account=account, kind=kind)


@st.composite
def histories(draw: st.DrawFn) -> list[Any]:
    found: list[Any] = []
    events = st.tuples(people, surveys, hours, st.sampled_from(["none", "opened", "declined", "answered"]))
    for number, (contact, survey, hour, became) in enumerate(draw(st.lists(events, max_size=8))):
        invitation = Invitation(request=asked(contact, survey, number), at=START + hour * HOUR)
        found.append(invitation)
        later: dict[str, Any] = {"contact": contact, "invitation": invitation.id, "at": invitation.at + HOUR}
        if became == "answered":
            found.append(Response(submission=str(number), survey=survey, answers=[Answer("q1", 9)], **later))
        elif became != "none":
            found.append(Disposition(status=became, **later))
    return found


@FEW
@given(rules(), rule(9), histories(), hours)
def test_another_rule_never_lets_go(found: list[ContactRule], more: ContactRule, history: list[Any], hour: int) -> None:
    """What is blocked stays blocked when a rule is added under a new name."""
    known, request, at = ContactHistory(history), asked("c1", "nps", 99), START + hour * HOUR
    before = ContactPolicy(found).decide(request, known, at=at, consent=True)
    after = ContactPolicy([*found, more]).decide(request, known, at=at, consent=True)

    assert set(before.codes) <= set(after.codes)


@FEW
@given(rules(ends=True), histories(), hours, st.booleans(), st.integers(1, 48))
def test_next_at_is_the_first_instant(
    found: list[ContactRule], history: list[Any], hour: int, at_office: bool, wait: int
) -> None:
    """At `next_at` the same request is allowed, given the same history, and a microsecond earlier it is not."""
    office = BusinessCalendar(weekly("mon-fri", "08:00", "18:00"), tz=UTC) if at_office else None
    policy = ContactPolicy([*found, Wait("wait", "opened", wait * HOUR)], send_window=office)
    known = ContactHistory(history)
    request = attrs.evolve(asked("c1", "nps", 99), values={"opened": START + timedelta(days=3)})
    at = START + hour * HOUR
    decision = policy.decide(request, known, at=at, consent=True)
    if decision.next_at is None:
        assert decision.outcome == "allowed"
        return

    assert decision.next_at > at
    assert policy.decide(request, known, at=decision.next_at, consent=True).outcome == "allowed"
    assert policy.decide(request, known, at=decision.next_at - MICRO, consent=True).outcome == "held"


@FEW
@given(st.lists(st.tuples(people, surveys, hours), max_size=25), st.integers(1, 3), st.integers(1, 24 * 10))
def test_no_cap_is_ever_broken(stream: list[tuple[str, str, int]], limit: int, span: int) -> None:
    """What was accepted, in any window of the cap, is never more than the cap."""
    cap = ContactRule("cap", within=span * HOUR, limit=limit, scope=["account"])
    policy, history, accepted = ContactPolicy([cap]), ContactHistory(), []
    for number, (contact, survey, hour) in enumerate(sorted(stream, key=lambda each: each[2])):
        request = asked(contact, survey, number)
        decision = policy.decide(request, history, at=START + hour * HOUR, consent=True)
        history.add(decision.invitation())
        if decision.is_allowed:
            accepted.append((request.account, decision.at))

    for account in ("acme", "other"):
        instants = [at for other, at in accepted if other == account]
        assert all(RollingLimit(limit, span * HOUR).count(at, instants) <= limit for at in instants)


@FEW
@given(rules(), histories(), hours, hours, st.sampled_from(["reminder", "thank_you"]))
def test_exempt_kinds_move_no_clock(
    found: list[ContactRule], history: list[Any], sent: int, hour: int, kind: str
) -> None:
    """With messages of exempt kinds, delivered and opened, the answer is the same as without."""
    exempt = Invitation(request=asked("c1", "nps", 98, kind), at=START + sent * HOUR)
    opened = Disposition(invitation=exempt.id, contact="c1", status="opened", at=exempt.at)
    policy, request, at = ContactPolicy(found), asked("c1", "nps", 99), START + hour * HOUR

    assert policy.decide(request, history, at=at, consent=True) == policy.decide(
        request, [*history, exempt, opened], at=at, consent=True
    )


@FEW
@given(rules(), histories(), hours, st.integers(-12, 12))
def test_zones_do_not_matter(found: list[ContactRule], history: list[Any], hour: int, offset: int) -> None:
    """Without a send window the answer is the same on every clock."""
    policy, request, at = ContactPolicy(found), asked("c1", "nps", 99), START + hour * HOUR
    elsewhere = at.astimezone(timezone(offset * HOUR))

    assert policy.decide(request, history, at=at, consent=True) == policy.decide(
        request, history, at=elsewhere, consent=True, zone=timezone(offset * HOUR)
    )


@FEW
@given(rules(), histories(), hours, st.randoms(use_true_random=False), st.integers(0, 8))
def test_the_order_of_arrival_changes_nothing(
    found: list[ContactRule], history: list[Any], hour: int, chance: Any, first: int
) -> None:
    """Whether entries are known at once, or come in any order after the first question, and twice."""
    policy, request, at = ContactPolicy(found), asked("c1", "nps", 99), START + hour * HOUR
    shuffled = [*history]
    chance.shuffle(shuffled)
    grown = ContactHistory(shuffled[:first])
    policy.decide(request, grown, at=at, consent=True)
    grown.add(*shuffled)

    assert policy.decide(request, grown, at=at, consent=True) == policy.decide(request, history, at=at, consent=True)
    assert grown.states(as_of=at) == ContactHistory(history).states(as_of=at)


@FEW
@given(st.lists(st.integers(0, 24 * 20), max_size=8), st.integers(1, 3), st.integers(1, 72))
def test_reminders_keep_their_distance(stream: list[int], limit: int, span: int) -> None:
    """However often somebody asks, reminders are at most so many, and so far apart."""
    policy = ContactPolicy(reminders=Reminders(span * HOUR, limit=limit))
    history = ContactHistory([Invitation(request=asked("c1", "nps", 1), at=START)])
    instants = [START]
    for hour in sorted(stream):
        decision = policy.decide(asked("c1", "nps", 1, "reminder"), history, at=START + hour * HOUR, consent=True)
        history.add(decision.invitation())
        if decision.is_allowed:
            instants.append(decision.at)

    assert len(instants) <= 1 + limit
    assert all(later - earlier >= span * HOUR for earlier, later in pairwise(instants))


counts = st.fixed_dictionaries(dict.fromkeys(("I", "P", "R", "NC", "O", "UH", "UO", "NE"), st.integers(0, 9)))
shares = st.fractions(0, 1, max_denominator=20)


@FEW
@given(counts, shares)
def test_rates_are_in_order(found: dict[str, Any], e: Fraction) -> None:
    """RR1 <= RR3 <= RR5, RR2 <= RR4 <= RR6, RR1 <= RR2, COOP1 <= COOP3 <= COOP4, all from 0 to 1."""
    assume(found["I"] + found["P"] + found["R"] > 0)
    rates = {name: figure.value for name, figure in OutcomeRates(found, e=e).rates()}
    chains = [("RR1", "RR3", "RR5"), ("RR2", "RR4", "RR6"), ("RR1", "RR2"), ("COOP1", "COOP3", "COOP4")]

    assert all(0 <= rate <= 1 for rate in rates.values())  # type: ignore[operator]  # none is money or None
    for chain in chains:
        values = [rates[name] for name in chain]
        assert values == sorted(values)  # type: ignore[type-var]  # the same


@FEW
@given(counts)
def test_the_share_of_the_unknown_bounds_the_rate(found: dict[str, Any]) -> None:
    """With all of the unknown RR3 is RR1, and with none of them RR5."""
    every, none = OutcomeRates(found, e=1), OutcomeRates(found, e=0)

    assert every.rate("RR3").value == every.rate("RR1").value
    assert none.rate("RR3").value == none.rate("RR5").value
