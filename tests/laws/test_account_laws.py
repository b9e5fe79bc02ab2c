"""Laws of accounts under any program and any commands: time alone changes no answer, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings, strategies as st

from relex.changes import replay
from relex.loyalty import Account
from relex.testing.strategies import account_commands, accounts, programs

if TYPE_CHECKING:
    from relex.loyalty import Program

lean = settings(max_examples=60)


@st.composite
def told(draw: st.DrawFn) -> tuple[Program, Account, timedelta]:
    """A program, an account of it, and how long nothing happens after that."""
    program = draw(programs())
    pause = draw(st.sampled_from((timedelta(0), timedelta(days=31), timedelta(days=800))))
    return program, draw(accounts(program=program)), pause


@lean
@given(told())
def test_settling_changes_no_answer(drawn: tuple[Program, Account, timedelta]) -> None:
    program, account, pause = drawn
    at = max(event.at for event in account.events) + pause
    settled = account.settle(program, at=at).state

    for points in program.points:
        assert settled.balance(as_of=at, points=points.id) == account.balance(as_of=at, points=points.id)
    assert settled.settle(program, at=at).events == ()


@lean
@given(told(), st.data())
def test_any_command_is_the_events_it_gives(drawn: tuple[Program, Account, timedelta], data: st.DataObject) -> None:
    program, account, _ = drawn
    change = data.draw(account_commands(program))(account)

    assert change.expected == account.version
    assert replay(Account.evolve, change.events, account) == change.state == Account(change.state.events)


@lean
@given(told())
def test_points_are_available_pending_or_gone(drawn: tuple[Program, Account, timedelta]) -> None:
    program, account, pause = drawn
    at = max(event.at for event in account.events) + pause

    for points in program.points:
        balance: Any = account.balance(as_of=at, points=points.id)
        lots = account.lots(as_of=at, points=points.id)

        assert min(balance.available, balance.pending) >= 0
        assert sum(lot.remaining for lot in lots) == balance.available + balance.pending
