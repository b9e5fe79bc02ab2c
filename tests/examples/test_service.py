"""The example service, driven through its ASGI interface on real databases: what it answers, and what it keeps."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import allow_header_conformance
from sqlalchemy.exc import OperationalError

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "examples"))

from databases import with_driver
from fastapi_service import dependencies
from fastapi_service.app import create_app
from fastapi_service.settings import Settings

from relex import Conflict
from relex.repositories import AsyncMemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from fastapi import FastAPI

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that moves a second with each look at it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Service:
    """The running app, and one client of it; each call waits for its answers."""

    def __init__(self, app: FastAPI, clock: Clock) -> None:
        self.app = app
        self.clock = clock
        self._loop = asyncio.Runner()
        self._lifespan = app.router.lifespan_context(app)

    def __enter__(self) -> Self:
        self._loop.run(self._lifespan.__aenter__())
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run(self._lifespan.__aexit__(None, None, None))
        self._loop.close()

    def all(self, *calls: Callable[[httpx.AsyncClient], Coroutine[Any, Any, httpx.Response]]) -> list[httpx.Response]:
        """The answers to calls that are made at once."""
        return self._loop.run(self._all(calls))

    async def _all(self, calls: Any) -> list[httpx.Response]:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return list(await asyncio.gather(*[call(client) for call in calls]))

    def wait(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run(coroutine)

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.all(lambda client: client.get(path, params=query))[0]

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.all(lambda client: client.post(path, json=body))[0]

    def customer(self, **body: Any) -> str:
        return str(self.post("/customers", **{"name": "Ada Lovelace", **body}).json()["id"])

    def buys(self, customer: str, **body: Any) -> httpx.Response:
        return self.post(f"/customers/{customer}/purchases", **coffee(**body))

    def points(self, customer: str) -> int:
        return int(self.get(f"/customers/{customer}/points").json()["available"])


def coffee(**body: Any) -> dict[str, Any]:
    line = {"product": "latte", "quantity": 2, "unit_price": "4.50", "category": "coffee"}
    return {"id": "p-1", "at": (NOON + timedelta(seconds=2)).isoformat(), "currency": "USD", "lines": [line], **body}


def application(url: str, clock: Clock) -> FastAPI:
    app = create_app(Settings(database_url=url))
    app.dependency_overrides[dependencies.clock] = lambda: clock
    return app


@pytest.fixture(params=["memory", "file", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each sort."""
    if request.param == "postgres":
        request.getfixturevalue("postgres_engine")  # which leaves nothing to the next test
        return with_driver(request.getfixturevalue("postgres_url"), "asyncpg")
    return "sqlite+aiosqlite://" if request.param == "memory" else f"sqlite+aiosqlite:///{tmp_path}/service.db"


@pytest.fixture
def service(url: str) -> Iterator[Service]:
    clock = Clock()
    with Service(application(url, clock), clock) as running:
        yield running


def test_a_customer_is_created_with_an_account(service: Service) -> None:
    answer = service.post("/customers", name="Ada Lovelace", owner="eve", tags=["vip"], stage="lead")
    created = answer.json()

    assert answer.status_code == 201
    assert service.get(f"/customers/{created['id']}").json() == created
    assert {"name": "Ada Lovelace", "owner": "eve", "tags": ["vip"], "stage": "lead"}.items() <= created.items()
    assert service.points(created["id"]) == 0


def test_a_purchase_earns_points_and_says_why(service: Service) -> None:
    customer = service.customer()
    answer = service.buys(customer)

    assert answer.status_code == 201
    assert answer.json() == {
        "purchase": "p-1",
        "total": "9.00",
        "currency": "USD",
        "earned": 38,
        "by_rule": {"base": 9, "coffee": 9, "welcome": 20},
    }
    assert service.points(customer) == 38


def test_the_same_purchase_once_more_earns_once_and_answers_the_same(service: Service) -> None:
    customer = service.customer()
    first, again = service.buys(customer), service.buys(customer)

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert service.points(customer) == 38


def test_the_id_of_a_purchase_with_another_content_is_a_conflict(service: Service) -> None:
    customer, other = service.customer(), service.customer()
    service.buys(customer)
    answers = [service.buys(customer, currency="USD", lines=coffee()["lines"] * 2), service.buys(other)]

    assert [(answer.status_code, answer.json()["error"]) for answer in answers] == [(409, "conflict")] * 2
    assert [service.points(customer), service.points(other)] == [38, 0]


def test_points_are_spent_once_for_each_redemption(service: Service) -> None:
    customer = service.customer()
    service.buys(customer)
    answers = [service.post(f"/customers/{customer}/redemptions", id="r-1", points=30) for _ in range(2)]

    assert [answer.json()["available"] for answer in answers] == [8, 8]


def test_a_refusal_is_told_with_its_reason_and_its_parts(service: Service) -> None:
    customer = service.customer()
    answer = service.post(f"/customers/{customer}/redemptions", id="r-1", points=30)

    assert answer.status_code == 409
    assert answer.json()["error"] == "insufficient_points"
    assert answer.json()["details"] == {"command": "redeem", "asked": 30, "available": 0}


def test_a_customer_moves_forward_and_back_only_with_a_reason(service: Service) -> None:
    path = f"/customers/{service.customer(stage='lead')}/stage"
    moved, refused = service.post(path, stage="customer"), service.post(path, stage="lead")
    back = service.post(path, stage="lead", back=True, reason="entered by mistake")

    assert (moved.status_code, moved.json()["stage"]) == (200, "customer")
    assert (refused.status_code, refused.json()["error"]) == (409, "backward")
    assert (back.status_code, back.json()["stage"]) == (200, "lead")


def test_a_value_that_the_domain_does_not_know_is_told_with_its_path(service: Service) -> None:
    answer = service.post(f"/customers/{service.customer()}/stage", stage="friend")

    assert answer.status_code == 422
    assert answer.json()["details"]["path"] == "Lifecycle.stage"
    assert answer.json()["details"]["expected"].startswith("one of subscriber, lead")


def test_a_malformed_body_is_told_in_the_same_form(service: Service) -> None:
    answer = service.buys(service.customer(), lines=[{"product": "latte", "unit_price": 4.5}])

    assert answer.status_code == 422
    assert answer.json()["details"] == {"path": "body.lines.0.unit_price", "expected": "Input should be a valid string"}


def test_another_currency_than_that_of_the_program_is_refused(service: Service) -> None:
    answer = service.buys(service.customer(), currency="EUR")

    assert (answer.status_code, answer.json()["error"]) == (422, "currency_mismatch")


def test_nobody_is_not_found(service: Service) -> None:
    paths = ["", "/points", "/view", "/view.html"]
    answers = [service.get(f"/customers/nobody{path}") for path in paths]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert answers[0].json()["details"] == {"kind": "Customer", "id": "nobody"}


def test_customers_are_found_by_rule(service: Service) -> None:
    ada = service.customer(owner="test-eve", tags=["vip", "press"], stage="lead")
    service.customer(owner="test-eve", tags=["vip"], stage="customer")
    service.customer(owner="test-bob", tags=["vip"], stage="lead")
    asked = [{"owner": "test-eve"}, {"owner": "test-eve", "tag": "press"}, {"owner": "test-eve", "stage": "lead"}]
    found = [service.get("/customers", **query).json()["customers"] for query in asked]

    assert [len(customers) for customers in found] == [2, 1, 1]
    assert found[1][0]["id"] == found[2][0]["id"] == ada


def test_found_customers_come_page_by_page(service: Service) -> None:
    made = sorted(service.customer(owner="test-pages") for _ in range(3))
    first = service.get("/customers", owner="test-pages", limit=2).json()
    second = service.get("/customers", owner="test-pages", limit=2, after=first["after"]).json()

    assert [customer["id"] for page in (first, second) for customer in page["customers"]] == made
    assert second["after"] is None


def test_the_view_brings_everything_together(service: Service) -> None:
    customer = service.customer(stage="lead")
    service.buys(customer)
    view = service.get(f"/customers/{customer}/view").json()

    assert view["sections"] == {"identity": "given", "purchases": "given", "loyalty": "given", "segments": "given"}
    assert view["facts"]["rfm.total"] == "9.00"
    assert view["facts"]["loyalty.points"] == 38
    assert view["facts"]["segments"] == ["worth a call"]


def test_the_view_of_a_customer_without_purchases_says_none(service: Service) -> None:
    view = service.get(f"/customers/{service.customer()}/view").json()

    assert view["sections"]["purchases"] == "none"


def test_the_page_shows_names_and_no_script(service: Service) -> None:
    customer = service.customer(name="<script>alert(1)</script>")
    answer = service.get(f"/customers/{customer}/view.html")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "&lt;script&gt;" in answer.text
    assert "<script" not in answer.text


def test_requests_that_meet_on_one_account_lose_no_point(service: Service) -> None:
    customer = service.customer()
    service.buys(customer, id="p-0")
    path = f"/customers/{customer}/purchases"
    bodies = [coffee(id=f"p-{number}") for number in range(1, 17)]
    calls = [lambda client, body=body: client.post(path, json=body) for body in bodies]
    codes = [answer.status_code for answer in service.all(*calls)]
    missed = [body for body, code in zip(bodies, codes, strict=True) if code == 409]
    codes += [service.buys(customer, **body).status_code for body in missed]

    assert set(codes) <= {201, 409}
    assert codes.count(201) == 16
    assert service.points(customer) == 38 + 16 * 18


def test_the_same_purchase_sent_many_times_at_once_earns_once(service: Service) -> None:
    customer = service.customer()
    calls = [lambda client: client.post(f"/customers/{customer}/purchases", json=coffee())] * 8
    answers = service.all(*calls)

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert service.points(customer) == 38


def test_data_in_a_file_outlives_the_service(tmp_path: Path) -> None:
    url, clock = f"sqlite+aiosqlite:///{tmp_path}/shop.db", Clock()
    with Service(application(url, clock), clock) as first:
        customer = first.customer()
        first.buys(customer)
    with Service(application(url, clock), clock) as second:
        found = second.points(customer)

    assert found == 38


def test_a_unit_of_work_can_run_on_any_store() -> None:
    """What the routes need of a database is a function; a store in memory gives another."""
    store, clock = AsyncMemoryStore(), Clock()
    app = application("sqlite+aiosqlite://", clock)
    app.dependency_overrides[dependencies.unit_of_work] = lambda: lambda work: work(store)
    with Service(app, clock) as service:
        customer = service.customer()
        service.buys(customer)
        found = service.points(customer)

    assert found == 38


class Faster:
    """A unit of work that meets somebody faster, a number of times."""

    def __init__(self, times: int, error: Exception) -> None:
        self.left = times
        self.error = error

    async def __call__(self, store: Any) -> str:
        self.left -= 1
        if self.left >= 0:
            raise self.error
        return "done"


class Deadlock(Exception):
    """What a driver says when it chose this transaction to give way."""

    sqlstate = "40P01"


@pytest.mark.parametrize(
    "error",
    [
        Conflict("c-1", 1, 2),
        OperationalError("update", {}, Deadlock()),
        OperationalError("begin", {}, Exception("database is locked")),
    ],
    ids=["conflict", "deadlock", "locked"],
)
def test_a_unit_of_work_is_run_again_when_somebody_was_faster(service: Service, error: Exception) -> None:
    database = service.app.state.database

    assert service.wait(database.run(Faster(4, error))) == "done"
    with pytest.raises(type(error)):
        service.wait(database.run(Faster(5, error)))


def test_other_errors_of_the_driver_are_not_tried_again(service: Service) -> None:
    work = Faster(2, OperationalError("select", {}, Exception("disk I/O error")))
    with pytest.raises(OperationalError):
        service.wait(service.app.state.database.run(work))

    assert work.left == 1


def test_a_database_that_stays_busy_is_told_as_such(service: Service) -> None:
    work = Faster(9, OperationalError("begin", {}, Exception("database is locked")))
    service.app.dependency_overrides[dependencies.unit_of_work] = lambda: lambda _: work(None)
    answer = service.get("/customers")

    assert (answer.status_code, answer.json()["error"]) == (409, "busy")


def test_an_error_of_the_driver_is_no_answer(service: Service) -> None:
    work = Faster(9, OperationalError("begin", {}, Exception("disk I/O error")))
    service.app.dependency_overrides[dependencies.unit_of_work] = lambda: lambda _: work(None)

    with pytest.raises(OperationalError):
        service.get("/customers")


def test_settings_come_from_the_environment() -> None:
    assert Settings.of({}) == Settings("sqlite+aiosqlite://", "127.0.0.1", 8000)
    assert Settings.of({"DATABASE_URL": "postgresql+asyncpg://h/d", "PORT": "80"}) == Settings(
        "postgresql+asyncpg://h/d", "127.0.0.1", 80
    )


def test_without_a_test_the_clock_is_aware_and_ids_differ() -> None:
    ids = dependencies.ids()

    assert dependencies.clock()().utcoffset() == timedelta(0)
    assert ids() != ids()


SEED = 0 if settings.default.derandomize else None
CLOCK = Clock()
DOCUMENT = schemathesis.openapi.from_asgi(
    "/openapi.json", application("sqlite+aiosqlite://", CLOCK), config=SchemathesisConfig(seed=SEED)
)


@pytest.fixture
def known() -> str:
    """A customer that is there, with points to spend; made anew for each route, as the app is started anew."""
    CLOCK.now = datetime(1900, 1, 1, tzinfo=UTC)  # so that most purchases can be hers
    customer = DOCUMENT["/customers"]["POST"].Case(body={"name": "Ada Lovelace"}).call().json()["id"]
    CLOCK.now = datetime(2100, 1, 1, tzinfo=UTC)
    path = DOCUMENT["/customers/{customer}/purchases"]
    path["POST"].Case(path_parameters={"customer": customer}, body=coffee()).call()
    return str(customer)


@DOCUMENT.parametrize()
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_the_document_allows_is_answered_as_it_says(case: schemathesis.Case, known: str) -> None:
    """No error of the service itself, and answers of the documented form; what is malformed is refused.

    The framework names the methods of one route where a path has two, so that header is left out.
    """
    if "customer" in case.path_parameters and case.meta.generation.mode.is_positive:
        case.path_parameters["customer"] = known
    case.call_and_validate(excluded_checks=[allow_header_conformance])
