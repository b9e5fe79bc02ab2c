"""Outcomes: what records looked like when they were closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import attrs

from relex import _checks
from relex._instants import moment
from relex.codec import tagged
from relex.pipeline._counts import named_values
from relex.rules import FactSchema

__all__ = ["Outcome"]

_TEXT_OR_NONE = _checks.optional(_checks.text)


def _values(given: Any) -> tuple[tuple[str, str | tuple[str, ...]], ...]:
    return tuple(sorted(dict(named_values("Outcome.values", given)).items()))


def _stages(given: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_checks.items("Outcome.stages", given)))


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
    stages: tuple[str, ...] = attrs.field(
        default=(), converter=_stages, validator=_checks.each(_checks.text), kw_only=True
    )

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {"at": datetime, "group": str, "id": str, "kind": str, "result": str, "source": str, "stage": str}
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
