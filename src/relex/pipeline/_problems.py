"""Everything that is wrong with a pipeline."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import attrs

from relex.errors import InvalidValue
from relex.pipeline._facts import NAMES, SCHEMA
from relex.pipeline._stages import KINDS, OPEN_CATEGORIES, OVER, PERCENT, SURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relex.pipeline._pipeline import Pipeline
    from relex.pipeline._stages import Stage
    from relex.rules import FactSchema, Rule

__all__ = ["problems_of"]


def problems_of(pipeline: Pipeline) -> tuple[InvalidValue, ...]:
    """All mistakes, each with its place, what was written and what is expected."""
    return (
        *_of_stages(pipeline),
        *_of_facts(pipeline),
        *_of_each(pipeline),
        *_of_rules(pipeline),
        *_of_moves(pipeline),
        *_of_reasons(pipeline),
    )


def _of_stages(pipeline: Pipeline) -> Iterator[InvalidValue]:
    stages = pipeline.stages
    for known in _twice(stage.id for stage in stages):
        yield InvalidValue("stages", known, f"each id once, {known} is there twice")
    for name in _twice(stage.name for stage in stages if stage.name is not None):
        yield InvalidValue("stages", name, f"each name once, {name} is there twice")
    for order in _twice(stage.order for stage in stages if stage.kind == "open"):
        yield InvalidValue("stages", order, f"each order once among open stages, {order} is there twice")
    kinds = {stage.kind for stage in stages}
    for kind in KINDS:
        if kind not in kinds:
            yield InvalidValue("stages", kind, f"at least one {kind} stage")


def _of_facts(pipeline: Pipeline) -> Iterator[InvalidValue]:
    own = () if pipeline.facts is None else pipeline.facts.facts
    for name in sorted(NAMES.intersection([name for name, _ in own])):
        yield InvalidValue("facts", name, f"names other than {name}, which every deal has")


def _known(own: FactSchema | None) -> FactSchema | None:
    """The facts that may be asked for; None where the application does not say which it has."""
    if own is None:
        return None
    new = tuple([(name, kind) for name, kind in own.facts if name not in NAMES])
    return attrs.evolve(own, facts=new) | SCHEMA


def _of_each(pipeline: Pipeline) -> Iterator[InvalidValue]:
    for stage in pipeline.stages:
        path = f"stages[{stage.id}]"
        yield from _of_kind(stage, path)
        if stage.kind == "lost" and stage.requires:
            yield InvalidValue(f"{path}.requires", stage.requires, "nothing (losing asks only for the reason)")


def _of_rules(pipeline: Pipeline) -> Iterator[InvalidValue]:
    known = _known(pipeline.facts)
    if known is not None:
        for path, rule in _rules(pipeline):
            yield from known.problems(rule, path)


def _rules(pipeline: Pipeline) -> Iterator[tuple[str, Rule]]:
    """Every rule that the pipeline asks, with its place."""
    for stage in pipeline.stages:
        for requirement in stage.requires:
            yield f"stages[{stage.id}].requires[{requirement.name}]", requirement.rule
    policies = [("stale", pipeline.stale), *[(f"stages[{stage.id}].stale", stage.stale) for stage in pipeline.stages]]
    for path, policy in policies:
        if policy is not None and policy.unless is not None:
            yield f"{path}.unless", policy.unless


def _of_kind(stage: Stage, path: str) -> Iterator[InvalidValue]:
    if stage.kind == "open":
        if not PERCENT.passes(stage.probability):
            yield InvalidValue(f"{path}.probability", stage.probability, PERCENT.expected)
        if stage.category not in OPEN_CATEGORIES:
            yield InvalidValue(f"{path}.category", stage.category, f"one of {', '.join(OPEN_CATEGORIES)}")
        return
    if stage.probability != SURE[stage.kind]:
        yield InvalidValue(f"{path}.probability", stage.probability, f"{SURE[stage.kind]}, of a {stage.kind} stage")
    if stage.category != OVER[stage.kind]:
        yield InvalidValue(f"{path}.category", stage.category, f"{OVER[stage.kind]}, of a {stage.kind} stage")


def _of_moves(pipeline: Pipeline) -> Iterator[InvalidValue]:
    if isinstance(pipeline.moves, str):
        return
    kinds = {stage.id: stage.kind for stage in pipeline.stages}
    ways = [(from_, to) for from_, goals in pipeline.moves for to in goals]
    named = {from_ for from_, _ in pipeline.moves} | {to for _, to in ways}
    for stage in sorted(named.difference(kinds)):
        yield InvalidValue("moves", stage, f"one of {', '.join(kinds)}, not {stage}")
    opens = [stage for stage, kind in kinds.items() if kind == "open"]
    for from_, to in ways:
        if kinds.get(from_, "open") != "open" and kinds.get(to, kinds[from_]) != kinds[from_]:
            yield InvalidValue("moves", to, f"{kinds[from_]} stages from {from_}, not {to} (what is over is reopened)")
    ending = _reached(kinds.keys() - opens, [(to, from_) for from_, to in ways])
    for stage in opens:
        if stage not in ending:
            yield InvalidValue("moves", stage, f"a way from {stage} to a closing stage")


def _of_reasons(pipeline: Pipeline) -> Iterator[InvalidValue]:
    for code in _twice(reason.code for reason in pipeline.lost_reasons):
        yield InvalidValue("lost_reasons", code, f"each code once, {code} is there twice")


def _reached(start: Iterable[str], ways: Iterable[tuple[str, str]]) -> set[str]:
    goals: defaultdict[str, set[str]] = defaultdict(set)
    for from_, to in ways:
        goals[from_].add(to)
    found, waiting = set(start), list(start)
    while waiting:
        new = goals[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def _twice(values: Iterable[object]) -> list[object]:
    return [value for value, count in Counter(values).items() if count > 1]
