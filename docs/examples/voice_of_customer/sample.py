"""A year that could have been: accounts, deliveries, who was asked after them, and what came back.

The chance comes from one seed, so the same seed gives the same year.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from relex import Line, Purchase
from relex.feedback import ContactHistory, ContactRequest, Disposition, RefusedField, Response, stable_draw
from voice_of_customer.company import CONTACT, DRIVERS, END, START, SURVEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.feedback import Invitation

ROLES = ("buyer", "owner", "barista")
SAID = {
    "delivery": ("The parcel came late again", "Driver left it in the rain", "Delivery on time, thank you"),
    "taste": ("The new roast is too bitter", "Beans taste burnt", "Best beans in town"),
    "price": ("Too expensive by now", "Price went up twice", "Fair price"),
    "staff": ("Nobody answers the hotline", "Support did not call back", "Friendly staff"),
}
TROUBLE = (datetime(2026, 2, 1, tzinfo=START.tzinfo), datetime(2026, 4, 1, tzinfo=START.tzinfo))
"""When the carrier was changed, and changed back."""


@attrs.frozen(kw_only=True)
class Account:
    """A café: who answers for it, and how it feels about each of the drivers, from 1 to 5."""

    id: str
    contacts: tuple[tuple[str, str], ...]
    size: int
    feels: dict[str, float]


@attrs.frozen(kw_only=True)
class Year:
    """What is known after a year.

    Attributes:
        accounts: Everybody.
        purchases: What was delivered.
        invitations: Every request, sent or suppressed, with the reasons.
        dispositions: What became of what was sent.
        responses: What came back.
        refused: The fields of answers that could not be read.
    """

    accounts: tuple[Account, ...]
    purchases: tuple[Purchase, ...]
    invitations: tuple[Invitation, ...]
    dispositions: tuple[Disposition, ...]
    responses: tuple[Response, ...]
    refused: tuple[RefusedField, ...]


def year(seed: int = 7, accounts: int = 200) -> Year:
    """A year of so many accounts."""
    chance = random.Random(seed)  # noqa: S311 - nobody is to be surprised by it
    everybody = tuple([_account(chance, number) for number in range(1, accounts + 1)])
    purchases = sorted(
        [purchase for account in everybody for purchase in _purchases(chance, account)],
        key=lambda purchase: (purchase.at, purchase.id),
    )
    known = {account.id: account for account in everybody}
    history, told = ContactHistory(), _Told()
    for purchase in purchases:
        _ask(chance, known[purchase.customer or ""], purchase, history, told)
    return Year(
        accounts=everybody,
        purchases=tuple(purchases),
        invitations=tuple(told.invitations),
        dispositions=tuple(told.dispositions),
        responses=tuple(told.responses),
        refused=tuple(told.refused),
    )


@attrs.define
class _Told:
    invitations: list[Invitation] = attrs.Factory(list)
    dispositions: list[Disposition] = attrs.Factory(list)
    responses: list[Response] = attrs.Factory(list)
    refused: list[RefusedField] = attrs.Factory(list)


def _account(chance: random.Random, number: int) -> Account:
    people = [(f"c{number:03}-{place}", role) for place, role in enumerate(ROLES[: chance.randint(1, 3)], 1)]
    liking = chance.gauss(3.9, 0.6)
    feels = {name: min(max(chance.gauss(liking, 0.6), 1), 5) for name in DRIVERS}
    return Account(id=f"a{number:03}", contacts=tuple(people), size=chance.choice((4, 6, 8, 12, 30)), feels=feels)


def _purchases(chance: random.Random, account: Account) -> Iterator[Purchase]:
    """Deliveries every few weeks; who is unhappy leaves sooner."""
    at = START + timedelta(days=chance.randint(0, 20), hours=chance.randint(7, 12))
    number = 0
    while at < END:
        number += 1
        kilos = max(1, round(account.size * chance.uniform(0.7, 1.3)))
        beans = Line(1, "house-blend", kilos, unit_price="17.50", category="coffee")
        yield Purchase(f"{account.id}-{number}", customer=account.id, at=at, currency="EUR", lines=[beans])
        if chance.random() < max(0.0, 0.16 - 0.045 * sum(account.feels.values()) / len(DRIVERS)):
            return
        at += timedelta(days=chance.randint(14, 35), hours=chance.randint(-3, 3))


def _ask(chance: random.Random, account: Account, purchase: Purchase, history: ContactHistory, told: _Told) -> None:
    """Ask somebody two days after a delivery, where the policy lets us, and remind them once."""
    contact, role = chance.choice(account.contacts)
    at = purchase.at + timedelta(days=2)
    request = ContactRequest(
        contact=contact,
        survey=SURVEY.id,
        program=SURVEY.program,
        about=purchase.id,
        account=account.id,
        channel="email",
    )
    consent, draw = not contact.endswith("9-1"), stable_draw(contact, purchase.id)
    decision = CONTACT.decide(request, history, at=at, consent=consent, draw=draw)
    if decision.codes == ("send_window",) and decision.next_at is not None:
        at = decision.next_at
        decision = CONTACT.decide(request, history, at=at, consent=consent, draw=draw)
    invitation = decision.invitation(expires_at=at + timedelta(days=21))
    told.invitations.append(invitation)
    history.add(invitation)
    if invitation.status != "sent":
        return
    after = _dispositions(chance, invitation, told)
    if after is not None:
        taken = SURVEY.normalize(
            _answers(chance, account, purchase),
            submission=f"s-{purchase.id}",
            at=invitation.at + after,
            on_error="set_aside",
            submitted=chance.random() < 0.95,
            contact=contact,
            account=account.id,
            role=role,
            channel="email",
            language="en",
            invitation=invitation.id,
            touchpoint="delivery",
            about=purchase.id,
        )
        told.responses.append(taken.response)
        told.refused.extend(taken.aside)
    history.add(*told.dispositions[-3:], *told.responses[-1:])


def _dispositions(chance: random.Random, invitation: Invitation, told: _Told) -> timedelta | None:
    """What became of an invitation; how long after it the answer came, where one came."""

    def disposed(status: str, after: timedelta) -> None:
        entry = Disposition(
            invitation=invitation.id, contact=invitation.request.contact, status=status, at=invitation.at + after
        )
        told.dispositions.append(entry)

    if chance.random() < 0.03:
        disposed("bounced", timedelta(minutes=1))
        return None
    disposed("delivered", timedelta(minutes=1))
    draw, read = chance.random(), timedelta(hours=chance.randint(1, 120))
    if draw < 0.62:
        disposed("opened", read)
    if 0.46 <= draw < 0.5:
        disposed("declined", read + timedelta(minutes=1))
    return read + timedelta(minutes=4) if draw < 0.46 else None


def _answers(chance: random.Random, account: Account, purchase: Purchase) -> dict[str, object]:
    """What somebody answers, as a form sends it: texts, of which one or the other is odd."""
    feels = dict(account.feels)
    if TROUBLE[0] <= purchase.at < TROUBLE[1]:
        feels["delivery"] = max(1.0, feels["delivery"] - 1.4)
    liking = 0.4 * feels["delivery"] + 0.35 * feels["taste"] + 0.15 * feels["staff"] + 0.1 * feels["price"]
    score = min(max(round(2.3 * liking - 0.5 + chance.gauss(0, 0.9)), 0), 10)
    raw: dict[str, object] = {"recommend": f" {score} "}
    for name, felt in feels.items():
        stars = min(max(round(felt + chance.gauss(0, 0.5)), 1), 5)
        raw[name] = "" if chance.random() < 0.06 else str(stars)
    worst, best = min(feels, key=feels.__getitem__), max(feels, key=feels.__getitem__)
    if chance.random() < 0.5:
        raw["comment"] = SAID[worst][chance.randrange(2)] if score <= 7 else SAID[best][2]
    if score <= 6:
        raw["call"] = "yes" if chance.random() < 0.5 else "no"
    if chance.random() < 0.01:
        raw["browser"] = "Firefox"
    return raw
