"""A program as a picture and as a table: what earns, what it gives, where that leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex._flow import quoted
from relex._html import table
from relex.loyalty._quoting import currency_of
from relex.loyalty._words import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.loyalty._program import Program
    from relex.loyalty._rewards import Reward
    from relex.loyalty._rules import EarningRule

__all__ = ["drawn_program", "program_html"]


def drawn_program(program: Program) -> str:
    """See `Program.to_mermaid`."""
    return "\n".join(["flowchart LR", *[f"    {line}" for line in _lines(program)]]) + "\n"


def _lines(program: Program) -> Iterator[str]:
    kinds = {kind: f"k{place}" for place, kind in enumerate(dict.fromkeys([rule.on for rule in program.rules]))}
    points = {each.id: f"p{place}" for place, each in enumerate(program.points)}
    for kind, node in kinds.items():
        yield f"{node}([{quoted(kind)}])"
    for each in program.points:
        use = "status only" if each.qualifying else f"ends: {said(each.expires or program.expires)}"
        yield f"{points[each.id]}[({quoted(f'{each.id}, {use}')})]"
    for place, rule in enumerate(program.rules):
        yield f"r{place}[{quoted(f'{rule.id}: {said(rule.award)}')}]"
        when = "" if rule.when is None else f"|{quoted(said(rule.when))}|"
        yield f"{kinds[rule.on]} -->{when} r{place}"
        for currency in rule.gives or (program.points[0].id,):
            yield f"r{place} --> {points[currency]}"
    yield from _tiers(program, points)
    for place, reward in enumerate(program.rewards):
        yield f"w{place}[/{quoted(f'{reward.id}: {_cost(reward)}')}/]"
        yield f"{points[currency_of(program, reward)]} --> w{place}"


def _cost(reward: Reward) -> object:
    return "any points" if reward.cost is None else reward.cost


def _tiers(program: Program, points: dict[str, str]) -> Iterator[str]:
    before = points.get(program.tier_policy.measure, points[program.points[0].id])
    for place, tier in enumerate(program.tiers):
        yield f"t{place}{{{{{quoted(tier.id)}}}}}"
        need = f"{program.tier_policy.measure} from {tier.at}" if tier.when is None else said(tier.when)
        yield f"{before} -->|{quoted(need)}| t{place}"
        before = f"t{place}"


def program_html(program: Program) -> str:
    """The rules of a program, high priority first, its tiers and its rewards."""
    rules = sorted(program.rules, key=lambda rule: (-rule.priority, rule.id))
    titles = ("rule", "on", "gives", "when", "group", "priority", "limits")
    title = f"Program {program.id}, version {program.version}"
    found = table(title, titles, [_row(program, rule) for rule in rules])
    if program.tiers:
        rows = [(tier.id, said(tier.when) if tier.at is None else tier.at, tier.multiplier) for tier in program.tiers]
        found += table("Tiers", ("tier", f"from {program.tier_policy.measure}", "multiplier"), rows)
    if program.rewards:
        offers = [
            (each.id, _cost(each), currency_of(program, each), said(each.benefit), said(each.when))
            for each in program.rewards
        ]
        found += table("Rewards", ("reward", "costs", "points", "gives", "when"), offers)
    return found


def _row(program: Program, rule: EarningRule) -> tuple[object, ...]:
    gives = f"{said(rule.award)} ({said(rule.gives or (program.points[0].id,))})"
    when = "always" if rule.when is None else said(rule.when)
    return rule.id, rule.on, gives, when, rule.group, rule.priority, said(rule.caps)
