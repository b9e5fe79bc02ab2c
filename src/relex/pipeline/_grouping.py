"""One figure for each group of deals: by owner, by territory, by any fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._html import table
from relex.errors import NotFound
from relex.figures import Figure
from relex.pipeline._facts import SCHEMA
from relex.pipeline._pipeline import Pipeline
from relex.pipeline._reading import deals_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from relex.pipeline._opportunity import Opportunity
    from relex.rules import Fact

__all__ = ["FigureGroup", "FigureGroups", "by_fact"]

_FACT = _checks.one_of(*(name for name, _ in SCHEMA.facts))
_PIPELINE = _checks.optional(_checks.a(Pipeline))
_FIGURE = _checks.a(Figure)
_MEASURE = _checks.Check("a function from deals to a figure", callable)


@attrs.frozen(kw_only=True, weakref_slot=False)
class FigureGroup:
    """The figure of one group.

    Attributes:
        value: Of the fact; None is a group of its own.
        deals: How many deals the group has.
        figure: What was measured.

    .. versionadded:: 0.1.0
    """

    value: Fact
    deals: int
    figure: Figure

    def __str__(self) -> str:
        return f"{_name(self.value)}: {self.figure}"


@attrs.frozen(kw_only=True, weakref_slot=False)
class FigureGroups:
    """A figure for each group; made by `by_fact`.

    Attributes:
        fact: What the deals were grouped by.
        groups: By value; what has none comes last. Each deal is in exactly one.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    fact: str
    groups: tuple[FigureGroup, ...]
    as_of: datetime

    def of(self, value: Fact) -> Figure:
        """The figure of one group.

        Raises:
            NotFound: When there is none.

        .. versionadded:: 0.1.0
        """
        for group in self.groups:
            if group.value == value:
                return group.figure
        raise NotFound("FigureGroup", str(value))

    def __str__(self) -> str:
        return "\n".join(map(str, self.groups))

    def _repr_html_(self) -> str:
        rows = [(_name(group.value), group.deals, _shown(group.figure)) for group in self.groups]
        method = next((group.figure.method for group in self.groups), "")
        return table(f"{method} by {self.fact}".strip(), (self.fact, "deals", "figure"), rows)


def by_fact(
    deals: Iterable[Opportunity],
    fact: str,
    measure: Callable[[list[Opportunity]], Figure],
    *,
    as_of: datetime,
    pipeline: Pipeline | None = None,
) -> FigureGroups:
    """A figure for each value of a fact.

    Args:
        deals: The deals; what happened to them after `as_of` is not seen.
        fact: One of `Opportunity.fact_schema`, such as `owner`; it is the one that the deal had at `as_of`.
        measure: What makes a figure out of deals, such as `partial(win_rate, as_of=day)`.
        as_of: The instant; aware.
        pipeline: The present definition, for the facts that depend on it.

    Raises:
        InvalidValue: For a naive datetime, an unknown fact, a measure that gives no figure, or an argument of a wrong
            type.

    Example:
        >>> from datetime import UTC, datetime
        >>> from functools import partial
        >>> from relex.pipeline import Opportunity, Pipeline, win_rate
        >>> sales, may = Pipeline.preset("four_steps", "sales"), datetime(2026, 5, 1, tzinfo=UTC)
        >>> deals = [Opportunity.open(owner, sales, at=may, owner=owner).state for owner in ("ann", "bob")]
        >>> deals[0] = deals[0].win(sales, at=may).state
        >>> print(by_fact(deals, "owner", partial(win_rate, as_of=may), as_of=may))
        ann: 1.00 share (1 of 1)
        bob: none (no_closed_deals)

    .. versionadded:: 0.1.0
    """
    _FACT.require("by_fact.fact", fact)
    _MEASURE.require("by_fact.measure", measure)
    _PIPELINE.require("by_fact.pipeline", pipeline)
    groups: dict[Any, list[Opportunity]] = {}
    for deal in deals_of("by_fact", deals, as_of):
        groups.setdefault(deal.facts(pipeline)[fact], []).append(deal)
    values = sorted(groups, key=lambda value: (value is None, 0 if value is None else value))
    found = [_group(value, groups[value], measure) for value in values]
    return FigureGroups(fact=fact, groups=tuple(found), as_of=as_of)


def _group(value: Fact, deals: list[Opportunity], measure: Callable[[list[Opportunity]], Figure]) -> FigureGroup:
    figure = measure(deals)
    _FIGURE.require("by_fact.measure", figure)
    return FigureGroup(value=value, deals=len(deals), figure=figure)


def _name(value: Fact) -> str:
    return "none" if value in (None, ()) else ", ".join(value) if isinstance(value, tuple) else str(value)


def _shown(figure: Figure) -> str:
    return str(figure.as_percent() if figure.unit == "share" else figure)
