"""Everything that is wrong with a pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex._flow import foreign_facts, repeated, stuck, unfit_rules, unknown_ends
from relex.errors import InvalidValue
from relex.pipeline._facts import NAMES, SCHEMA
from relex.pipeline._stages import KINDS, OPEN_CATEGORIES, OVER, PERCENT, SURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from relex.pipeline._pipeline import Pipeline
    from relex.pipeline._stages import Stage
    from relex.rules import Rule

__all__ = ["problems_of"]


def problems_of(pipeline: Pipeline) -> tuple[InvalidValue, ...]:
    """All mistakes, each with its place, what was written and what is expected."""
    return (
        *_of_stages(pipeline),
        *foreign_facts(NAMES, pipeline.facts, "deal"),
        *_of_each(pipeline),
        *unfit_rules(pipeline.facts, SCHEMA, _rules(pipeline)),
        *_of_moves(pipeline),
        *_of_reasons(pipeline),
    )


def _of_stages(pipeline: Pipeline) -> Iterator[InvalidValue]:
    stages = pipeline.stages
    for known in repeated(stage.id for stage in stages):
        yield InvalidValue("stages", known, f"each id once, {known} is there twice")
    for name in repeated(stage.name for stage in stages if stage.name is not None):
        yield InvalidValue("stages", name, f"each name once, {name} is there twice")
    for order in repeated(stage.order for stage in stages if stage.kind == "open"):
        yield InvalidValue("stages", order, f"each order once among open stages, {order} is there twice")
    kinds = {stage.kind for stage in stages}
    for kind in KINDS:
        if kind not in kinds:
            yield InvalidValue("stages", kind, f"at least one {kind} stage")


def _of_each(pipeline: Pipeline) -> Iterator[InvalidValue]:
    for stage in pipeline.stages:
        path = f"stages[{stage.id}]"
        yield from _of_kind(stage, path)
        if stage.kind == "lost" and stage.requires:
            yield InvalidValue(f"{path}.requires", stage.requires, "nothing (losing asks only for the reason)")


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
    yield from unknown_ends(pipeline.moves, kinds)
    for from_, to in [(from_, to) for from_, goals in pipeline.moves for to in goals]:
        if kinds.get(from_, "open") != "open" and kinds.get(to, kinds[from_]) != kinds[from_]:
            yield InvalidValue("moves", to, f"{kinds[from_]} stages from {from_}, not {to} (what is over is reopened)")
    opens = [stage for stage, kind in kinds.items() if kind == "open"]
    yield from stuck(pipeline.moves, opens, kinds.keys() - opens, "a closing stage")


def _of_reasons(pipeline: Pipeline) -> Iterator[InvalidValue]:
    for code in repeated(reason.code for reason in pipeline.lost_reasons):
        yield InvalidValue("lost_reasons", code, f"each code once, {code} is there twice")
