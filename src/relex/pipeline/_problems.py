"""Everything that is wrong with a pipeline."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from relex.errors import InvalidValue
from relex.pipeline._facts import SCHEMA
from relex.pipeline._stages import CATEGORIES, KINDS, OVER, PERCENT, SURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relex.pipeline._pipeline import Pipeline
    from relex.pipeline._stages import Stage

__all__ = ["problems_of"]


def problems_of(pipeline: Pipeline) -> tuple[InvalidValue, ...]:
    """All mistakes, each with its place, what was written and what is expected."""
    return tuple([*_of_stages(pipeline), *_of_each(pipeline), *_of_moves(pipeline), *_of_reasons(pipeline)])


def _of_stages(pipeline: Pipeline) -> Iterator[InvalidValue]:
    stages = pipeline.stages
    for id in _twice(stage.id for stage in stages):
        yield InvalidValue("stages", id, f"each id once, {id} is there twice")
    for name in _twice(stage.name for stage in stages if stage.name is not None):
        yield InvalidValue("stages", name, f"each name once, {name} is there twice")
    for order in _twice(stage.order for stage in stages if stage.kind == "open"):
        yield InvalidValue("stages", order, f"each order once among open stages, {order} is there twice")
    kinds = {stage.kind for stage in stages}
    for kind in KINDS:
        if kind not in kinds:
            yield InvalidValue("stages", kind, f"at least one {kind} stage")


def _of_each(pipeline: Pipeline) -> Iterator[InvalidValue]:
    known = None if pipeline.facts is None else SCHEMA | pipeline.facts
    for stage in pipeline.stages:
        path = f"stages[{stage.id}]"
        yield from _of_kind(stage, path)
        if stage.kind == "lost" and stage.requires:
            yield InvalidValue(f"{path}.requires", stage.requires, "nothing (losing asks only for the reason)")
        for requirement in stage.requires if known is not None else ():
            for problem in known.problems(requirement.rule):
                yield problem.inside(f"{path}.requires[{requirement.name}]")


def _of_kind(stage: Stage, path: str) -> Iterator[InvalidValue]:
    if stage.kind == "open":
        if not PERCENT.passes(stage.probability):
            yield InvalidValue(f"{path}.probability", stage.probability, PERCENT.expected)
        if stage.category not in CATEGORIES[:4]:
            yield InvalidValue(f"{path}.category", stage.category, f"one of {', '.join(CATEGORIES)}")
        return
    if stage.probability != SURE[stage.kind]:
        yield InvalidValue(f"{path}.probability", stage.probability, f"{SURE[stage.kind]}, of a {stage.kind} stage")
    if stage.category != OVER[stage.kind]:
        yield InvalidValue(f"{path}.category", stage.category, f"{OVER[stage.kind]}, of a {stage.kind} stage")


def _of_moves(pipeline: Pipeline) -> Iterator[InvalidValue]:
    if isinstance(pipeline.moves, str):
        return
    kinds = {stage.id: stage.kind for stage in pipeline.stages}
    ways = {stage: set(to) for stage, to in pipeline.moves}
    for id in sorted({id for stage, to in ways.items() for id in (stage, *to)} - set(kinds)):
        yield InvalidValue("moves", id, f"one of {', '.join(kinds)}, not {id}")
    opens = [stage.id for stage in pipeline.stages if stage.kind == "open"]
    reached = _reached(opens[:1], ways)
    for id in kinds:
        if opens and id not in reached:
            yield InvalidValue("moves", id, f"a way from {opens[0]} to {id}")
    back: dict[str, set[str]] = {}
    for stage, to in ways.items():
        for id in to:
            back.setdefault(id, set()).add(stage)
    closing = _reached([id for id, kind in kinds.items() if kind != "open"], back)
    for id in opens:
        if id not in closing:
            yield InvalidValue("moves", id, f"a way from {id} to a closing stage")


def _of_reasons(pipeline: Pipeline) -> Iterator[InvalidValue]:
    for code in _twice(reason.code for reason in pipeline.lost_reasons):
        yield InvalidValue("lost_reasons", code, f"each code once, {code} is there twice")


def _reached(start: Iterable[str], ways: dict[str, set[str]]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        for id in ways.get(waiting.pop(), set()) - found:
            found.add(id)
            waiting.append(id)
    return found


def _twice(values: Iterable[object]) -> list[object]:
    return [value for value, count in Counter(values).items() if count > 1]
