"""Points, budgets and vouchers on a database that several writers use at once: nothing is spent twice."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest

from relex.adapters.sqlalchemy import SqlStore, Tables
from relex.errors import Conflict, Rejected
from relex.loyalty import (
    Account,
    Budget,
    Campaign,
    Cap,
    EarningRule,
    Flat,
    Occasion,
    PercentOff,
    Program,
    Voucher,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

AT = datetime(2026, 5, 1, 9, tzinfo=UTC)
SPRING = Campaign("spring", PercentOff(10), caps=[Cap(times=3, per="ever", who="everyone")])
PROGRAM = Program(
    "beans",
    currency="USD",
    rules=[EarningRule("visit", Flat(40), on="visit", caps=[Cap(points=40, who="everyone", budget="b")])],
)
WRITERS = 5


@pytest.fixture
def tables(postgres_engine: Engine) -> Tables:
    """Tables for what these writers use."""
    made = Tables(Account, Budget, Voucher)
    made.metadata.create_all(postgres_engine)
    return made


def save_together(engine: Engine, tables: Tables, work: Callable[[SqlStore, int], None]) -> list[str]:
    """What became of writers who all load before anybody saves: `done`, or why they were refused."""
    loaded = Barrier(WRITERS)

    def write(number: int) -> str:
        for attempt in range(100):
            try:
                with engine.begin() as connection:
                    store: Any = SqlStore(connection, tables)
                    if not attempt:
                        store.repository(Account).get("a0")
                        loaded.wait(10)
                    work(store, number)
            except Conflict:
                time.sleep(0.001 * number)
            except Rejected as error:
                return error.reason
            else:
                return "done"
        return "never"

    with ThreadPoolExecutor(WRITERS) as pool:
        return sorted(pool.map(write, range(WRITERS)))


def begin(engine: Engine, tables: Tables) -> None:
    """Five accounts, one of them with 100 points, a code with three uses, and a budget of 100 points."""
    accounts = [Account.open(f"a{n}", customer=f"c{n}", program=PROGRAM, at=AT) for n in range(WRITERS)]
    accounts[0] = accounts[0].then(lambda it: it.adjust(100, PROGRAM, id="first", reason="opening", actor="ann", at=AT))
    with engine.begin() as connection:
        changes = (Voucher.issue("SPRING", SPRING, at=AT), Budget.open("b", 100, at=AT))
        SqlStore(connection, tables).save(*accounts, *changes)


def kept(engine: Engine, tables: Tables, kind: type, id_: str) -> Any:
    with engine.begin() as connection:
        return SqlStore(connection, tables).repository(kind).get(id_)


def test_of_five_who_reserve_three_uses_three_succeed(postgres_engine: Engine, tables: Tables) -> None:
    """Source: fossasia/eventyay#1398 (case C1)."""
    begin(postgres_engine, tables)

    def reserve(store: Any, number: int) -> None:
        voucher = store.repository(Voucher).get("SPRING")
        store.save(voucher.reserve(f"o{number}", SPRING, at=AT, until=AT + timedelta(minutes=15)))

    found = save_together(postgres_engine, tables, reserve)

    assert found == ["done", "done", "done", "used_up", "used_up"]
    assert kept(postgres_engine, tables, Voucher, "SPRING").count(AT) == 3


def test_concurrent_redemptions_of_an_account_never_overspend(postgres_engine: Engine, tables: Tables) -> None:
    """Five take 40 of 100: two get them."""
    begin(postgres_engine, tables)

    def redeem(store: Any, number: int) -> None:
        account = store.repository(Account).get("a0")
        store.save(account.redeem(40, PROGRAM, id=f"r{number}", at=AT))

    found = save_together(postgres_engine, tables, redeem)

    assert found == ["done", "done", "insufficient_points", "insufficient_points", "insufficient_points"]
    assert kept(postgres_engine, tables, Account, "a0").balance(as_of=AT).available == 20


def test_concurrent_awards_never_overspend_a_budget(postgres_engine: Engine, tables: Tables) -> None:
    """Five accounts earn 40 each out of 100: 40, 40, 20, 0, 0, whoever came first."""
    begin(postgres_engine, tables)

    def visit(store: Any, number: int) -> None:
        account, budget = store.repository(Account).get(f"a{number}"), store.repository(Budget).get("b")
        change = account.earn(Occasion("visit", "v", AT), PROGRAM, at=AT, budgets={"b": budget})
        store.save(change, budget.follow(change.events))

    found = save_together(postgres_engine, tables, visit)
    accounts = [kept(postgres_engine, tables, Account, f"a{number}") for number in range(WRITERS)]

    assert found == ["done"] * WRITERS
    assert kept(postgres_engine, tables, Budget, "b").left == 0
    assert sum(account.balance(as_of=AT).available for account in accounts) == 100 + 100
