"""Laws of vouchers, codes and budgets: no limit is ever passed, and no typing mistake is taken for a code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from relex.changes import replay
from relex.errors import InvalidValue, Rejected
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
    check_code,
    codes,
)
from relex.testing import strategies

AT = datetime(2026, 5, 1, 9, tzinfo=UTC)
LIMIT = 3
SPRING = Campaign("spring", PercentOff(10), caps=[Cap(times=LIMIT, per="ever", who="everyone")], restorable=True)
ALPHABETS = st.sampled_from(("AB", "ABC", "0123456789", "23456789ABCDEFGHJKLMNPQRSTUVWXYZ", "0123456789ABCDEFGHIJK"))

_steps = st.lists(
    st.tuples(
        st.sampled_from(("reserve", "reserve", "confirm", "release", "restore_use")),
        st.integers(0, 5),
        st.integers(0, 40),
        st.integers(1, 20),
    ),
    max_size=25,
)


def _told(voucher: Voucher, step: tuple[str, int, int, int]) -> Voucher:
    """The state after a command that may be refused; clocks of tills go forth and back."""
    name, number, minute, lasts = step
    key, at = f"o{number}", AT + timedelta(minutes=minute)
    if voucher.uses and name != "reserve":
        key = voucher.uses[number % len(voucher.uses)].key
    try:
        if name == "reserve":
            key = f"o{voucher.version}"
            return voucher.reserve(key, SPRING, at=at, until=at + timedelta(minutes=lasts)).state
        if name == "restore_use":
            return voucher.restore_use(key, SPRING, at=at, reason="canceled").state
        state: Voucher = getattr(voucher, name)(key, at=at).state
    except (Rejected, LookupError):
        return voucher
    return state


@settings(max_examples=50)
@given(_steps)
def test_uses_and_reservations_never_exceed_the_limit(steps: Any) -> None:
    """Law 11, in any order of commands, and of the clocks that tell the time."""
    voucher = Voucher.issue("CODE", SPRING, at=AT).state
    for step in steps:
        voucher = _told(voucher, step)

        assert 0 <= voucher.used <= voucher.count(voucher.told_at) <= LIMIT
        assert voucher.used == sum(use.state == "confirmed" for use in voucher.uses)


@settings(max_examples=50)
@given(strategies.voucher_changes())
def test_the_history_of_a_voucher_gives_the_voucher(changes: Any) -> None:
    last = changes[-1].state

    assert replay(Voucher.evolve, last.history) == last == Voucher(last.history)


@settings(max_examples=50)
@given(strategies.budget_changes())
def test_never_more_is_drawn_than_the_limit(changes: Any) -> None:
    for change in changes:
        budget = change.state

        assert budget.left <= budget.limit
        assert budget.left + budget.drawn == budget.limit
        assert budget.drawn_in(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)) == budget.drawn


@settings(max_examples=50)
@given(strategies.budget_changes(), st.data())
def test_a_command_given_twice_counts_once(changes: Any, data: st.DataObject) -> None:
    """Law 4, whatever came in between."""
    budget = changes[-1].state
    for event in budget.history[1:]:
        command = budget.draw if type(event).__name__ == "BudgetDrawn" else budget.give_back

        assert command(event.n, event.key, at=data.draw(st.just(event.at)), effective=event.effective).events == ()


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 60)), max_size=8), st.integers(0, 150))
def test_awards_of_many_accounts_stay_within_their_budget(visits: Any, limit: int) -> None:
    """What everyone got is what was drawn, and reversing all of it frees all of it."""
    rule = EarningRule("visit", Flat(50), on="visit", caps=[Cap(points=50, who="everyone", budget="b")])
    program = Program("p", currency="USD", rules=[rule])
    accounts = [Account.open(f"a{n}", customer=f"c{n}", program=program, at=AT).state for n in range(3)]
    budget = Budget.open("b", limit, at=AT).state
    for place, (who, minute) in enumerate(visits):
        visit = Occasion("visit", f"v{place}", AT + timedelta(minutes=minute))
        change = accounts[who].earn(visit, program, at=AT + timedelta(hours=2), budgets={"b": budget})
        accounts[who], budget = change.state, budget.follow(change.events).state
        assert budget.follow(change.events).events == ()
    given_ = sum(account.balance(as_of=AT + timedelta(hours=2), points="points").available for account in accounts)

    assert given_ == budget.drawn == min(limit, 50 * len(visits))


@settings(max_examples=50)
@given(ALPHABETS, st.integers(2, 8), st.integers(0, 3), st.integers(0, 1000))
def test_codes_are_distinct_and_match_their_pattern(alphabet: str, places: int, count: int, seed: int) -> None:
    """Law 11."""
    pattern = "X-" + "#" * places
    found = codes(count, pattern=pattern, alphabet=alphabet, random=Random(seed))  # noqa: S311 - no secret

    assert len(set(found)) == count
    assert [check_code(f" {code.lower()} ", pattern=pattern, alphabet=alphabet) for code in found] == list(found)


@settings(max_examples=50)
@given(ALPHABETS, st.integers(2, 8), st.integers(0, 1000), st.data())
def test_a_check_character_finds_every_single_mistake(
    alphabet: str, places: int, seed: int, data: st.DataObject
) -> None:
    """One character wrong, or two neighbors in the wrong order, at every place."""
    pattern = "#" * places + "*"
    (code,) = codes(1, pattern=pattern, alphabet=alphabet, random=Random(seed))  # noqa: S311 - no secret
    place = data.draw(st.integers(0, places))
    other = data.draw(st.sampled_from([sign for sign in alphabet if sign != code[place]]))
    wrong = {code[:place] + other + code[place + 1 :]}
    wrong |= {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(places)} - {code}

    for typed in wrong:
        with pytest.raises(InvalidValue, match="typing mistake"):
            check_code(typed, pattern=pattern, alphabet=alphabet)
