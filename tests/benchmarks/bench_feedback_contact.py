"""Whether somebody may be asked, with a hundred past contacts, alone and among many people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks.harness import Row

from relex.calendars import BusinessCalendar, weekly
from relex.feedback import ContactHistory, ContactPolicy, ContactRequest, ContactRule, Disposition, Invitation
from relex.rules import field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AT = datetime(2026, 5, 4, 9, tzinfo=UTC)
BAR = 15e-6
QUESTIONS = 100
PEOPLE = 2_000
RULES = [
    ContactRule("cooldown", within=timedelta(days=7)),
    ContactRule("same survey", within=timedelta(days=90), counts="displayed", surveys="same"),
    ContactRule("declined", within=timedelta(days=30), counts="declined", when=field("survey.program") == "relational"),
    ContactRule("account", within=timedelta(days=14), limit=20, scope=["account"]),
]
HOURS = BusinessCalendar(weekly("mon-fri", "08:00", "18:00"), tz=UTC)
POLICY = ContactPolicy(RULES)


def rows() -> Iterator[Row]:
    """Each answer there is, of a history that was folded before, and of one that grows with every decision."""
    known = ContactHistory(_history(AT - timedelta(days=8)))
    held = ContactHistory(_history(AT))
    shut = ContactPolicy(RULES, send_window=HOURS)

    def asked(policy: ContactPolicy, history: ContactHistory) -> Callable[[], object]:
        request = _request("c1", "nps", 0)
        return lambda: [policy.decide(request, history, at=AT, consent=True) for _ in range(QUESTIONS)]

    yield Row(
        name="ContactPolicy.decide: 100 past contacts, allowed", ours=asked(POLICY, known), per=QUESTIONS, at_most=BAR
    )
    yield Row(
        name="ContactPolicy.decide: 100 past contacts, held", ours=asked(POLICY, held), per=QUESTIONS, at_most=BAR
    )
    yield Row(name="ContactPolicy.decide: held, with a send window", ours=asked(shut, held), per=QUESTIONS)
    yield Row(name="ContactPolicy.decide: 2,000 people in a row, each decision counted", ours=_stream, per=PEOPLE)


def _request(contact: str, survey: str, number: int) -> ContactRequest:
    return ContactRequest(contact=contact, survey=survey, about=f"t{number}", account="acme", program="relational")


def _history(last: datetime) -> list[Invitation | Disposition]:
    sent = [
        Invitation(
            request=_request("c1", "csat" if number % 2 else "nps", number + 1), at=last - timedelta(days=number)
        )
        for number in range(100)
    ]
    opened = [Disposition(invitation=it.id, contact="c1", status="opened", at=it.at) for it in sent[60:]]
    return [*sent, *opened]


def _stream() -> object:
    history, policy = ContactHistory(), ContactPolicy(RULES[:3])
    for number in range(PEOPLE):
        decision = policy.decide(_request(f"c{number % 500}", "nps", number), history, at=AT, consent=True)
        history.add(decision.invitation())
    return history
