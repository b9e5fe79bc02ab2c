"""The sample: a year of a small service desk, played minute by minute with a fixed seed, as a log with its faults.

Tickets come in by channel and hour. Agents work in shifts, take the most urgent ticket that they can, answer, ask back,
wait for suppliers, hand over, resolve. Customers answer late, come back, or write twice about one thing. One spring
month brings a release with too many questions, so the backlog has something to show.
"""

from __future__ import annotations

import csv
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import TYPE_CHECKING

import attrs

from relex.calendars import BusinessCalendar, Period, weekly
from service_desk.company import HOLIDAYS, LEVELS, ZONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

FIELDS = (
    *("ticket", "time", "what", "value", "status", "by", "customer", "contact", "channel", "type", "priority"),
    *("product", "team", "subject"),
)

FIRST, LAST = date(2025, 7, 1), date(2026, 7, 1)
RELEASE = Period(date(2026, 3, 9), date(2026, 3, 28))
QUIET = Period(date(2025, 12, 22), date(2026, 1, 6))
BY_HOUR = (1, 1, 1, 1, 1, 1, 2, 5, 10, 14, 14, 12, 9, 11, 13, 12, 10, 7, 4, 3, 3, 2, 2, 1)
BY_WEEKDAY = (1.25, 1.1, 1.0, 1.0, 0.95, 0.22, 0.18)
CHANNELS = {"mail": 46, "portal": 27, "phone": 15, "chat": 12}
TYPES = {"question": 44, "incident": 31, "billing": 16, "request": 9}
PRIORITIES = {"urgent": 5, "high": 17, "normal": 61, "low": 17}
PRODUCTS = {"scale": 5, "till": 9, "terminal": 6, "portal": 4}
SUBJECTS = {
    "question": ("How do I change the receipt?", "Where is the export?", "Second till, same stock?", "Which cable?"),
    "incident": ("Terminal does not connect", "Till freezes at noon", "Scale shows 0", "Cards are declined"),
    "billing": ("Invoice twice", "Wrong VAT number", "Cancel one seat"),
    "request": ("Add a user", "Training for new staff", "Send a spare part"),
}
LANGUAGES = {"de": 58, "en": 27, "fr": 15}
MINUTES = {"question": 14, "incident": 34, "billing": 18, "request": 16}


@attrs.frozen
class Agent:
    """Somebody who answers."""

    id: str
    team: str
    languages: tuple[str, ...]
    days: str
    opens: str
    closes: str
    away: tuple[tuple[str, str], ...]
    pace: float

    def shifts(self) -> BusinessCalendar:
        """When this agent works."""
        away = [Period(date.fromisoformat(first), date.fromisoformat(last)) for first, last in self.away]
        free = [day for day in HOLIDAYS if not any(period.contains(day) for period in away)]
        return BusinessCalendar(weekly(self.days, self.opens, self.closes), holidays=[*free, *away], tz=ZONE)


AGENTS = (
    Agent("ana", "support", ("de", "en"), "mon-fri", "08:00", "13:00", (("2025-08-04", "2025-08-23"),), 1.0),
    Agent("bo", "support", ("en", "fr"), "mon-fri", "09:00", "15:00", (("2026-02-09", "2026-02-21"),), 1.15),
    Agent("cy", "support", ("de",), "mon-thu", "11:00", "18:00", (("2025-12-22", "2026-01-06"),), 0.9),
    Agent("dee", "support", ("de", "fr", "en"), "mon-fri", "13:00", "18:00", (("2026-03-16", "2026-03-28"),), 0.95),
    Agent("eli", "engineers", ("de", "en"), "mon-fri", "09:00", "16:00", (("2025-08-18", "2025-08-30"),), 1.2),
    Agent("fay", "engineers", ("en", "fr", "de"), "tue-fri", "10:00", "17:00", (("2026-05-11", "2026-05-23"),), 1.1),
)


@attrs.define(eq=False)
class Ticket:
    """What the play knows of a ticket."""

    number: int
    customer: str
    type: str
    priority: str
    language: str
    rounds: int
    team: str = "support"
    owner: str | None = None
    status: str = "open"
    twin_of: int | None = None
    ready_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def name(self) -> str:
        """As the old system writes it."""
        return f"T-{self.number:05}"


class Play:
    """The year: an agenda of what happens next, the tickets that wait for an answer, and the rows of the log."""

    def __init__(self, seed: int, first: date, last: date) -> None:
        self.chance = Random(seed)  # noqa: S311 - a sample, and the same every time
        self.numbers = count(1)
        self.begin, self.end = (datetime.combine(day, time(), ZONE) for day in (first, last))
        self.first, self.last = first, last
        self.agenda: list[tuple[datetime, int, Callable[..., object], tuple[object, ...]]] = []
        self.ready: list[Ticket] = []
        self.tickets: dict[int, Ticket] = {}
        self.rows: list[tuple[datetime, int, dict[str, str]]] = []
        self.shifts = {agent.id: agent.shifts() for agent in AGENTS}
        self.people = [(f"k-{number:03}", self.pick(LANGUAGES)) for number in range(1, 121)]

    def run(self) -> list[dict[str, str]]:
        """All rows, oldest first."""
        for at in self.arrivals():
            self.plan(at, self.arrive)
        for agent in AGENTS:
            self.plan(self.begin, self.work, agent)
        while self.agenda:
            at, _, act, given = heappop(self.agenda)
            act(at, *given)
        self.rows.sort(key=lambda row: row[:2])
        return [row for at, _, row in self.rows if at < self.end]

    def plan(self, at: datetime, act: Callable[..., object], *given: object) -> None:
        """Put something on the agenda, if the year is not over by then."""
        if at < self.end:
            heappush(self.agenda, (at, next(self.numbers), act, given))

    def tell(self, at: datetime, ticket: Ticket, what: str, value: str = "", **more: str) -> None:
        """Write a row of the log."""
        row = {"ticket": ticket.name, "time": at.isoformat(timespec="seconds"), "what": what, "value": value, **more}
        self.rows.append((at, next(self.numbers), dict.fromkeys(FIELDS, "") | row))

    def pick(self, weights: dict[str, int]) -> str:
        """One of them, by weight."""
        return self.chance.choices(tuple(weights), tuple(weights.values()))[0]

    def after(self, at: datetime, low: float, high: float) -> datetime:
        """Some hours later, sooner more often than late."""
        hours = low + (high - low) * self.chance.random() ** 2
        return at + timedelta(seconds=round(hours * 3600))

    def message(self) -> str:
        """A new id of a message."""
        return f"m-{next(self.numbers)}"

    def arrivals(self) -> Iterable[datetime]:
        """When tickets come in, day by day."""
        day = self.first
        while day < self.last:
            rate = 10.5 * BY_WEEKDAY[day.weekday()] * (0.35 if day in HOLIDAYS or QUIET.contains(day) else 1)
            rate *= 1.75 if RELEASE.contains(day) else 1 + 0.15 * ((day - FIRST).days / 365)
            for _ in range(int(self.chance.gauss(rate, rate**0.5) + 0.5)):
                hour = self.chance.choices(range(24), BY_HOUR)[0]
                clock = time(hour, self.chance.randrange(60), self.chance.randrange(60))
                yield datetime.combine(day, clock, ZONE)
            day += timedelta(days=1)

    def arrive(self, at: datetime) -> None:
        """A ticket comes in, and now and then a second one about the same."""
        customer, language = self.people[int(len(self.people) * self.chance.random() ** 2.2)]
        kind = self.pick(TYPES)
        rounds = self.chance.choices((0, 1, 2, 3), (55, 28, 12, 5))[0]
        ticket = self.opened(at, Ticket(0, customer, kind, self.pick(PRIORITIES), language, rounds))
        if self.chance.random() < 0.02:
            twin = Ticket(0, customer, kind, ticket.priority, language, 0, twin_of=ticket.number)
            self.plan(self.after(at, 0.1, 3), self.opened, twin)

    def opened(self, at: datetime, ticket: Ticket) -> Ticket:
        """Write the first row of a ticket; some customers will ask again when nobody answers."""
        ticket.number = len(self.tickets) + 1
        self.tickets[ticket.number] = ticket
        product, subject = self.pick(PRODUCTS), self.chance.choice(SUBJECTS[ticket.type])
        self.tell(
            at, ticket, "opened", customer=ticket.customer, contact=f"{ticket.customer}-{self.chance.choice('aab')}",
            channel=self.pick(CHANNELS), type=ticket.type, priority=ticket.priority, product=product,
            team=ticket.team, subject=subject,
        )  # fmt: skip
        self.becomes_ready(at, ticket)
        if self.chance.random() < 0.22:
            self.plan(self.after(at, 3, 40), self.ask_again, ticket)
        return ticket

    def becomes_ready(self, at: datetime, ticket: Ticket) -> None:
        """It is our move."""
        ticket.status, ticket.ready_at = "open", at
        self.ready.append(ticket)

    def ask_again(self, at: datetime, ticket: Ticket) -> None:
        """A customer who has waited too long writes a second time, and may become urgent."""
        if ticket not in self.ready:
            return
        self.tell(at, ticket, "received", self.message())
        if ticket.priority == "normal" and self.chance.random() < 0.3:
            ticket.priority = "high"
            self.tell(at + timedelta(seconds=30), ticket, "priority", "high")

    def work(self, at: datetime, agent: Agent) -> None:
        """Take the next ticket, or look again in some minutes; after the shift, on the next morning."""
        shift = self.shifts[agent.id]
        if not shift.is_open(at):
            self.plan(shift.opens(at), self.work, agent)
            return
        ticket = self.next_for(at, agent)
        if ticket is None:
            self.plan(at + timedelta(minutes=6), self.work, agent)
            return
        self.ready.remove(ticket)
        if ticket.owner != agent.id:
            ticket.owner = agent.id
            self.tell(at, ticket, "assigned", agent.id, status="open")
        minutes = MINUTES[ticket.type] * agent.pace * self.chance.uniform(0.5, 2.2)
        end = at + timedelta(seconds=round(60 * minutes))
        self.plan(end, self.finish, agent, ticket)

    def next_for(self, at: datetime, agent: Agent) -> Ticket | None:
        """The most urgent ticket that this agent may take, the longest waiting first."""
        mine = [ticket for ticket in self.ready if self.may_take(at, agent, ticket)]
        return min(mine, key=lambda it: (LEVELS.index(it.priority), it.ready_at), default=None)

    def may_take(self, at: datetime, agent: Agent, ticket: Ticket) -> bool:
        """Of the own team and language, and free, or left alone by its owner for a day."""
        if ticket.team != agent.team or ticket.language not in agent.languages:
            return False
        alone = ticket.ready_at is not None and at - ticket.ready_at > timedelta(hours=30)
        return ticket.owner in {None, agent.id} or alone

    def finish(self, at: datetime, agent: Agent, ticket: Ticket) -> None:
        """What comes of the work; then the next ticket."""
        self.plan(at + timedelta(minutes=2), self.work, agent)
        luck = self.chance.random()
        if ticket.twin_of is not None and self.tickets[ticket.twin_of].status != "merged":
            ticket.status = "merged"
            self.tell(at, ticket, "merged", self.tickets[ticket.twin_of].name)
        elif ticket.type == "incident" and ticket.team == "support" and luck < 0.16:
            self.hand_over(at, ticket)
        elif luck > 0.93:
            self.wait_for_supplier(at, ticket)
        elif ticket.rounds:
            self.ask_back(at, agent, ticket)
        else:
            self.resolve(at, agent, ticket)

    def hand_over(self, at: datetime, ticket: Ticket) -> None:
        """To the engineers, who take it when they can."""
        ticket.team, ticket.owner = "engineers", None
        self.tell(at, ticket, "moved", "engineers")
        self.tell(at, ticket, "assigned", "")
        self.becomes_ready(at, ticket)

    def wait_for_supplier(self, at: datetime, ticket: Ticket) -> None:
        """Nothing can be done until somebody else has answered."""
        ticket.status = "waiting"
        self.tell(at, ticket, "status", "supplier")
        self.plan(self.after(at, 5, 110), self.supplied, ticket)

    def supplied(self, at: datetime, ticket: Ticket) -> None:
        """The supplier has answered."""
        self.tell(at, ticket, "status", "open")
        self.becomes_ready(at, ticket)

    def ask_back(self, at: datetime, agent: Agent, ticket: Ticket) -> None:
        """We answer with a question, and wait; some customers never write again."""
        ticket.rounds, ticket.status = ticket.rounds - 1, "waiting"
        self.tell(at, ticket, "replied", self.message(), by=agent.id, status="customer")
        if self.chance.random() < 0.08:
            self.plan(at + timedelta(days=10), self.give_up, ticket)
        else:
            self.plan(self.after(at, 0.2, 70), self.write, ticket)

    def give_up(self, at: datetime, ticket: Ticket) -> None:
        """No answer for ten days."""
        ticket.status, ticket.resolved_at = "resolved", at
        self.tell(at, ticket, "resolved", "no_answer")
        self.plan(at + timedelta(days=5), self.close, ticket)

    def write(self, at: datetime, ticket: Ticket) -> None:
        """The customer writes: a ticket that waits, is resolved or was closed within a week is open again."""
        late = ticket.closed_at is not None and at - ticket.closed_at > timedelta(days=7)
        moves = ticket.status != "open" and not late
        self.tell(at, ticket, "received", self.message(), status="open" if moves else "")
        if moves:
            ticket.closed_at = None
            self.becomes_ready(at, ticket)

    def resolve(self, at: datetime, agent: Agent, ticket: Ticket) -> None:
        """The last answer. Some customers come back, and the others are never heard of again."""
        ticket.status, ticket.resolved_at = "resolved", at
        self.tell(at, ticket, "replied", self.message(), by=agent.id)
        code = {"incident": "fixed", "billing": "corrected"}.get(ticket.type, "answered")
        self.tell(at, ticket, "resolved", code)
        self.plan(at + timedelta(days=5), self.close, ticket)
        luck = self.chance.random()
        if luck < 0.08:
            self.plan(self.after(at, 1, 100), self.write, ticket)
        elif luck < 0.11:
            self.plan(self.after(at, 125, 500), self.write, ticket)

    def close(self, at: datetime, ticket: Ticket) -> None:
        """Silent for five days after it was resolved."""
        if ticket.status == "resolved" and ticket.resolved_at == at - timedelta(days=5):
            ticket.status, ticket.closed_at = "closed", at
            self.tell(at, ticket, "closed")


def rows(seed: int = 11, first: date = FIRST, last: date = LAST) -> list[dict[str, str]]:
    """The log of the tickets, oldest first, and behind it the rows that no rule mends."""
    return [*Play(seed, first, last).run(), *_broken(last - timedelta(days=1))]


def write(directory: Path, seed: int = 11, first: date = FIRST, last: date = LAST) -> Path:
    """The log as a file; its path."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "tickets.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(rows(seed, first, last))
    return path


def _broken(day: date) -> list[dict[str, str]]:
    """What a log of several years has in it, too: words that nobody knows, and rows that cannot be."""
    plain = dict.fromkeys(FIELDS, "") | {"what": "opened", "customer": "k-001", "channel": "mail", "type": "question"}
    wrong = [
        {"ticket": "T-90001", "time": "09:10", "priority": "ASAP"},
        {"ticket": "T-90002", "time": "09:12", "type": "wish"},
        {"ticket": "T-90003", "time": "09:61"},
        {"ticket": "T-90004", "time": "09:15", "what": "exploded"},
        {"ticket": "", "time": "09:20"},
        {"ticket": "T-90005", "time": "09:30"},
        {"ticket": "T-90005", "time": "09:05", "what": "replied", "value": "m-early"},
        {"ticket": "T-90005", "time": "10:00", "what": "reopened"},
        {"ticket": "T-90005", "time": "10:05", "what": "status", "value": "limbo"},
    ]
    return [{**plain, **row, "time": f"{day}T{row['time']}:00"} for row in wrong]
