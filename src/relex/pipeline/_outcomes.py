"""Outcomes: what records looked like when they were closed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._instants import moment
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.pipeline._counts import Variable, facts_with, named_values
from relex.pipeline._events import OpportunityLost, OpportunityReopened, OpportunityWon
from relex.pipeline._lead_events import LeadConverted, LeadDisqualified, LeadReopened
from relex.pipeline._opportunity import Opportunity
from relex.pipeline._pipeline import Pipeline
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relex.changes import Event
    from relex.pipeline._lead import Lead

__all__ = ["Outcome", "ended"]


_TEXT_OR_NONE = _checks.optional(_checks.text)


def _values(given: Any) -> tuple[tuple[str, str | tuple[str, ...]], ...]:
    found = tuple(named_values("Outcome.values", given))
    if len(dict(found)) < len(found):
        raise InvalidValue("Outcome.values", given, "each name once")
    return tuple(sorted(found))


def _names(path: str, given: Any) -> tuple[str, ...]:
    found = tuple([each.name if isinstance(each, Variable) else each for each in _checks.items(path, given)])
    _checks.each(_checks.text).require(path, found)
    return found


def _stages(given: Any) -> tuple[str, ...]:
    found = _checks.items("Outcome.stages", given)
    _checks.each(_checks.text).require("Outcome.stages", found)
    return tuple(dict.fromkeys(found))


@tagged("pipeline.Outcome")
@attrs.frozen(weakref_slot=False)
class Outcome:
    """What a record looked like when it was closed: an entry, immutable and idempotent by id.

    What is edited afterwards changes no outcome. Reopening the record ends the outcome: remove it from the table.

    Attributes:
        id: Source and version of the event that closed the record.
        source: Id of the record.
        at: When it was closed; aware.
        result: `won` or `lost`.
        group: Such as the team; None for none.
        values: Sorted (name, value) pairs; a mapping is taken too. A value is text, or several texts; a whole number
            or a flag becomes text, and a missing value is left out.
        stage: The last open stage; None when the record was in none.
        stages: The stages that it counts for: every open and won stage when it was won, and when it was lost those
            up to the one that it was lost from.
        fact_schema: The facts of every outcome.

    Raises:
        InvalidValue: For a naive instant, another result, or a value that has no few values, such as an amount.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 4, tzinfo=timezone.utc)
        >>> lost = Outcome("d1/7", source="d1", at=day, result="lost", values={"country": "AT", "visits": 3},
        ...                stage="demo", stages=["new", "demo"])
        >>> lost.values
        (('country', 'AT'), ('visits', '3'))

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    source: str = attrs.field(validator=_checks.text, kw_only=True)
    at: datetime = attrs.field(validator=_checks.instant, kw_only=True, eq=moment)
    result: str = attrs.field(validator=_checks.one_of("won", "lost"), kw_only=True)
    group: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    values: tuple[tuple[str, str | tuple[str, ...]], ...] = attrs.field(default=(), converter=_values, kw_only=True)
    stage: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE, kw_only=True)
    stages: tuple[str, ...] = attrs.field(default=(), converter=_stages, kw_only=True)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {"at": datetime, "group": str, "id": str, "kind": str, "result": str, "source": str, "stage": str}
    )

    @classmethod
    def of(
        cls,
        record: Opportunity | Lead,
        pipeline: Pipeline | None = None,
        *,
        variables: Iterable[Variable | str] = (),
        values: Mapping[str, Any] | None = None,
        group: str | None = None,
    ) -> Outcome:
        """The outcome of a record that is closed, as it was just before it was closed.

        A deal is won or lost; a lead is won when it is converted, and lost when it is disqualified. Whatever happened
        after the closing changes nothing, so what is asked later is the same outcome.

        Args:
            record: A deal or a lead that is closed.
            pipeline: The definition that says which stages a deal counts for; a lead has none.
            variables: Which of its facts are taken: those that tables count, so that nothing else is kept.
            values: What only the caller knows of it.
            group: Such as the team.

        Raises:
            InvalidValue: For an open record, a deal without its pipeline, variables that are none, values that shadow a
                fact of the record, or that have no few values.
            NotFound: When the pipeline does not have the stage that a deal was lost from.

        Example:
            >>> from datetime import datetime, timezone
            >>> from relex.pipeline import Opportunity, Pipeline, Stage
            >>> stages = [Stage("new", 1, probability=50), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")]
            >>> sales = Pipeline("sales", stages)
            >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
            >>> deal, _ = Opportunity.open("d1", sales, at=day, owner="kim")
            >>> lost = Outcome.of(deal.lose(sales, reason="price", at=day).state, sales, variables=["owner"])
            >>> lost.id, lost.result, lost.stages, lost.values
            ('d1:2', 'lost', ('new',), (('owner', 'kim'),))

        .. versionadded:: 0.1.0
        """
        closing = closing_of(record)
        if closing is None:
            raise InvalidValue("Outcome.of.record", record, "a deal or a lead that is closed")
        before, after = _until(record, closing.version - 1), _until(record, closing.version)
        facts = facts_with("Outcome.of.values", before.facts(), values)
        names = _names("Outcome.of.variables", variables)
        stage, stages = _passed(after, pipeline) if isinstance(after, Opportunity) else (None, ())
        return cls(
            f"{closing.source}:{closing.version}",
            source=closing.source,
            at=closing.at,
            result=_ENDS[type(closing)],  # type: ignore[arg-type]  # it closed
            group=group,
            values={**{name: facts.get(name) for name in names}, **(values or {})},
            stage=stage,
            stages=stages,
        )

    @property
    def subject(self) -> str:
        """Id of the record, by which outcomes are read."""
        return self.source

    def facts(self) -> dict[str, object]:
        """What rules may ask about, by stable names."""
        return {
            "kind": "outcome",
            "id": self.id,
            "source": self.source,
            "at": self.at,
            "result": self.result,
            "group": self.group,
            "stage": self.stage,
        }


_ENDS: dict[type, str | None] = {
    OpportunityWon: "won",
    OpportunityLost: "lost",
    OpportunityReopened: None,
    LeadConverted: "won",
    LeadDisqualified: "lost",
    LeadReopened: None,
}


def closing_of(record: Any) -> Event | None:
    """The event that closed a deal or a lead; None while it is open."""
    for event in reversed(getattr(record, "history", ())):
        if type(event) in _ENDS:
            return event if _ENDS[type(event)] else None
    return None


def ended(record: Any) -> str | None:
    """Whether a deal or a lead was won or lost; None while it is open."""
    return _ENDS.get(type(closing_of(record)))


def _until(record: Any, version: int) -> Any:
    """The record as its first events made it."""
    return type(record)(record.history[:version])


def _passed(deal: Opportunity, pipeline: Pipeline | None) -> tuple[str | None, tuple[str, ...]]:
    """The last open stage, and the stages that a closed deal counts for."""
    if not isinstance(pipeline, Pipeline) or pipeline.id != deal.pipeline:
        raise InvalidValue("Outcome.of.pipeline", pipeline, f"the pipeline {deal.pipeline}, which the deal is in")
    last = deal.last_open_stage
    passed = [stage for stage in pipeline.stages if stage.kind != "lost"]
    if deal.kind == "lost":
        top = None if last is None else pipeline.stage(last).order
        passed = [stage for stage in passed if top is not None and stage.order <= top]
    return last, tuple([stage.id for stage in passed])
