"""What the service does, on any store: load, command, save.

Each function is one unit of work. It may be run again from its start, so it takes its clock and its ids as arguments
and changes nothing but the store.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from fastapi_service.rules import LIFECYCLE, PROGRAM, SCORES, SEGMENTS
from relex import Account, AllOf, Customer, Purchase, Rule, field
from relex.insights import (
    Customer360,
    ctb,
    identity_section,
    loyalty_section,
    purchase_history,
    purchases_section,
    rfm,
    segments_section,
)
from relex.parties import OrganizationName, PersonName
from relex.repositories import AsyncStore

Clock = Callable[[], datetime]


async def open_customer(
    store: AsyncStore,
    key: str,
    name: PersonName | OrganizationName,
    clock: Clock,
    *,
    owner: str | None = None,
    tags: Sequence[str] = (),
    stage: str | None = None,
) -> Customer:
    """A new customer, and the account that belongs to it: both, or neither."""
    now = clock()
    customer = Customer.open(key, name, at=now, owner=owner, tags=tags, stage=stage, lifecycle=LIFECYCLE)
    account = Account.open(key, customer=key, program=PROGRAM, at=now)
    await store.save(customer, account)
    return customer.state


async def load_customer(store: AsyncStore, key: str) -> Customer:
    return await store.repository(Customer).get(key)


async def load_account(store: AsyncStore, key: str) -> Account:
    return await store.repository(Account).get(key)


async def find_customers(
    store: AsyncStore,
    *,
    owner: str | None = None,
    tag: str | None = None,
    stage: str | None = None,
    after: str | None = None,
    limit: int = 20,
) -> list[Customer]:
    """The customers of whom everything holds that was asked."""
    asked: list[Rule] = []
    if owner is not None:
        asked.append(field("customer.owner") == owner)
    if tag is not None:
        asked.append(field("customer.tags").contains(tag))
    if stage is not None:
        LIFECYCLE.check(stage)
        asked.append(field("customer.stage") == stage)
    rule = AllOf(*asked) if asked else None
    return [found async for found in store.repository(Customer).find(rule, after=after, limit=limit)]


async def move_customer(
    store: AsyncStore, key: str, stage: str, clock: Clock, *, back: bool = False, reason: str | None = None
) -> Customer:
    customers = store.repository(Customer)
    customer = await customers.get(key)
    change = customer.advance(stage, at=clock(), lifecycle=LIFECYCLE, back=back, reason=reason)
    await customers.save(change)
    return change.state


async def record_purchase(store: AsyncStore, key: str, sale: Purchase, clock: Clock) -> Account:
    """The sale and the points that it earns: both, or neither. The same sale once more changes nothing."""
    account = await store.repository(Account).get(key)
    change = account.earn(sale, PROGRAM, at=clock())
    await store.save(change, entries=[sale])
    return change.state


async def redeem_points(store: AsyncStore, key: str, points: int, redemption: str, clock: Clock) -> Account:
    """Spend points; the same redemption once more changes nothing."""
    accounts = store.repository(Account)
    account = await accounts.get(key)
    change = account.redeem(points, PROGRAM, id=redemption, at=clock())
    await accounts.save(change)
    return change.state


async def view_customer(store: AsyncStore, key: str, clock: Clock) -> Customer360:
    """Everything that is known about one customer."""
    customer = await store.repository(Customer).get(key)
    account = await store.repository(Account).get(key)
    sales = [sale async for sale in store.log(Purchase).read(of=key)]
    now = clock()
    history = purchase_history(sales, as_of=now)
    tastes = [ctb(history, dimension="category")] if sales else []
    sections = [
        identity_section(customer),
        purchases_section(key, history, rfm=rfm(history, scores=SCORES), tastes=tastes),
        loyalty_section(account, now),
    ]
    facts = Customer360(customer=key, as_of=now, sections=sections).facts()
    return Customer360(customer=key, as_of=now, sections=[*sections, segments_section(SEGMENTS, facts, now)])
