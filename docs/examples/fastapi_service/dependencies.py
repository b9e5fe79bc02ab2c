"""What the routes are given, each piece replaceable by `app.dependency_overrides`: units of work, a clock, ids."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Protocol, TypeVar
from uuid import uuid4

from fastapi import Depends, Request

from fastapi_service.commands import Clock
from relex.repositories import AsyncStore

T = TypeVar("T")
Ids = Callable[[], str]


class Runs(Protocol):
    """Runs a unit of work: a function of a store, in one transaction, perhaps several times until it succeeds."""

    async def __call__(self, work: Callable[[AsyncStore], Awaitable[T]]) -> T: ...


def unit_of_work(request: Request) -> Runs:
    run: Runs = request.app.state.database.run
    return run


def clock() -> Clock:
    return lambda: datetime.now(UTC)  # noqa: TID251 - here is where somebody has to know what time it is


def ids() -> Ids:
    return lambda: uuid4().hex


UnitDep = Annotated[Runs, Depends(unit_of_work)]
ClockDep = Annotated[Clock, Depends(clock)]
IdsDep = Annotated[Ids, Depends(ids)]
