"""A pipeline as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relex.pipeline._passages import allowed_from

if TYPE_CHECKING:
    from relex.pipeline._pipeline import Pipeline

__all__ = ["drawn"]


def drawn(pipeline: Pipeline) -> str:
    """A state diagram in Mermaid's notation: the first stage, every allowed move, and where it ends."""
    places = {stage.id: f"s{place}" for place, stage in enumerate(pipeline.stages)}
    named = [(_quoted(f"{stage} ({stage.probability} %)"), places[stage.id]) for stage in pipeline.stages]
    lines = ["stateDiagram-v2", *[f"    state {name} as {place}" for name, place in named]]
    lines.append(f"    [*] --> {places[pipeline.open_stages[0].id]}")
    for stage in pipeline.stages:
        lines += [f"    {places[stage.id]} --> {places[to]}" for to in allowed_from(pipeline, stage)]
    lines += [f"    {places[stage.id]} --> [*]" for stage in pipeline.stages if stage.kind != "open"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    plain = " ".join(text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").split())
    return f'"{plain}"'
