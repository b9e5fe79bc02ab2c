"""The routes: read what came, run one unit of work, tell what came out."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from fastapi_service import commands
from fastapi_service.dependencies import ClockDep, IdsDep, UnitDep
from fastapi_service.models import (
    CustomerOut,
    CustomerPage,
    Id,
    Move,
    NewCustomer,
    NewPurchase,
    NewRedemption,
    PointsOut,
    Receipt,
    Stage,
    Text,
    View,
)
from fastapi_service.problems import ANSWERS, ANSWERS_OF_A_PAGE

routes = APIRouter(responses=ANSWERS)


@routes.post("/customers", status_code=201)
async def create(body: NewCustomer, unit: UnitDep, ids: IdsDep, clock: ClockDep) -> CustomerOut:
    """Open a customer, with an account for points."""
    key, name = ids(), body.as_name()
    customer = await unit(
        lambda store: commands.open_customer(
            store, key, name, clock, owner=body.owner, tags=body.tags, stage=body.stage
        )
    )
    return CustomerOut.of(customer)


@routes.get("/customers")
async def find(
    unit: UnitDep,
    owner: Id | None = None,
    tag: Text | None = None,
    stage: Stage | None = None,
    after: Id | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> CustomerPage:
    """Find customers by their owner, a tag and their stage, in the order of their ids."""
    found = await unit(
        lambda store: commands.find_customers(store, owner=owner, tag=tag, stage=stage, after=after, limit=limit)
    )
    return CustomerPage.of(found, limit)


@routes.get("/customers/{customer}")
async def read(customer: Id, unit: UnitDep) -> CustomerOut:
    """Read one customer."""
    return CustomerOut.of(await unit(lambda store: commands.load_customer(store, customer)))


@routes.post("/customers/{customer}/stage")
async def move(customer: Id, body: Move, unit: UnitDep, clock: ClockDep) -> CustomerOut:
    """Move a customer in the lifecycle; back only on purpose, and with a reason."""
    moved = await unit(
        lambda store: commands.move_customer(store, customer, body.stage, clock, back=body.back, reason=body.reason)
    )
    return CustomerOut.of(moved)


@routes.post("/customers/{customer}/purchases", status_code=201)
async def buy(customer: Id, body: NewPurchase, unit: UnitDep, clock: ClockDep) -> Receipt:
    """Record a purchase and earn points; the same purchase once more changes nothing and answers the same."""
    sale = body.as_purchase(customer)
    account = await unit(lambda store: commands.record_purchase(store, customer, sale, clock))
    return Receipt.of(account, sale)


@routes.get("/customers/{customer}/points")
async def points(customer: Id, unit: UnitDep, clock: ClockDep) -> PointsOut:
    """Tell the points and the tier."""
    account = await unit(lambda store: commands.load_account(store, customer))
    return PointsOut.of(account, clock())


@routes.post("/customers/{customer}/redemptions")
async def redeem(customer: Id, body: NewRedemption, unit: UnitDep, clock: ClockDep) -> PointsOut:
    """Spend points; the same redemption once more changes nothing."""
    account = await unit(lambda store: commands.redeem_points(store, customer, body.points, body.id, clock))
    return PointsOut.of(account, clock())


@routes.get("/customers/{customer}/view")
async def view(customer: Id, unit: UnitDep, clock: ClockDep) -> View:
    """See the customer from all sides, as facts."""
    return View.of(await unit(lambda store: commands.view_customer(store, customer, clock)))


@routes.get("/customers/{customer}/view.html", response_class=HTMLResponse, responses=ANSWERS_OF_A_PAGE)
async def page(customer: Id, unit: UnitDep, clock: ClockDep) -> str:
    """See the customer from all sides, as a page."""
    found = await unit(lambda store: commands.view_customer(store, customer, clock))
    return found.to_html()
