"""What rewards allow and probably do not mean."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from relex.loyalty._benefits import CashOff
from relex.loyalty._quoting import currency_of
from relex.loyalty._rules import Multiply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.loyalty._program import Program
    from relex.loyalty._rewards import Reward

__all__ = ["reward_problems"]


def reward_problems(program: Program) -> Iterator[str]:
    """Every remark on the rewards of a program."""
    for place, reward in enumerate(program.rewards):
        for remark in _of_reward(program, reward):
            yield f"Program.rewards[{place}].{remark}"


def _of_reward(program: Program, reward: Reward) -> Iterator[str]:
    currency = currency_of(program, reward)
    least = _least(reward)
    if program.rules and currency not in _earned(program):
        yield f"currency: no rule gives {currency}, so nobody earns this reward"
    held = [Fraction(cap.limit) for cap in program.caps if cap.balance is not None]
    if held and min(held) < least:
        yield f"{_named(reward)}: needs {least}, and no account may hold more than {min(held)}"
    for place, cap in enumerate(reward.caps):
        if cap.points is not None and Fraction(cap.limit) < least:
            yield f"caps[{place}]: leaves {cap.limit} points, and the least that is taken is {least}"
        if cap.times is not None and Fraction(cap.limit) < 1:
            yield f"caps[{place}]: the reward can never be had"


def _named(reward: Reward) -> str:
    return "benefit" if isinstance(reward.benefit, CashOff) else "cost"


def _least(reward: Reward) -> Fraction:
    """The fewest whole points with which the reward can be had."""
    if isinstance(reward.benefit, CashOff):
        return max(Fraction(reward.benefit.points), Fraction(reward.benefit.minimum))
    return Fraction(reward.cost or 0)


def _earned(program: Program) -> set[str]:
    """The currencies that some rule gives; a multiplier alone gives nothing."""
    first = program.points[0].id
    rules = [rule for rule in program.rules if not isinstance(rule.award, Multiply)]
    return {name for rule in rules for name in rule.gives or (first,)}
