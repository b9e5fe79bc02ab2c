"""A pipeline as a table: stages in order, the moves between them, what each asks, and why deals are lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks, _flow
from relex._flow import Passage
from relex._html import table
from relex.calendars import Days
from relex.codec import tagged
from relex.errors import InvalidValue, NotFound
from relex.pipeline._passages import StageCheck, allowed_from, checked, passage
from relex.pipeline._presets import preset_stages
from relex.pipeline._problems import problems_of
from relex.pipeline._replacing import DEAL, goals_of, replaced, stranded
from relex.pipeline._stages import LostReason, Stage, lost_reason
from relex.pipeline._stale import StalePolicy
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from relex.changes import Change
    from relex.pipeline._opportunity import Opportunity

__all__ = ["GATES", "MOVES", "PROBABILITIES", "REOPENINGS", "Pipeline"]

MOVES = ("any", "forward", "adjacent")
"""Which moves a pipeline may allow by a word."""

GATES = ("cumulative", "target")
"""Whose requirements a move may ask for."""

REOPENINGS = ("any", "never")
"""When a deal that is over may go on, where no time is set."""

PROBABILITIES = ("stage", "predicted")
"""What the probability of an open deal may follow."""


def _stages(values: Iterable[Stage]) -> tuple[Stage, ...]:
    found = _checks.items("Pipeline.stages", values)
    _STAGES.require("Pipeline.stages", found)
    return tuple(sorted(found, key=lambda stage: stage.order))


def _moves(value: str | Mapping[str, Iterable[str]] | Iterable[tuple[str, Iterable[str]]]) -> str | _flow.Moves:
    return _flow.moves("Pipeline.moves", value)


def _reasons(values: Iterable[str | LostReason]) -> tuple[LostReason, ...]:
    return tuple([lost_reason(value) for value in _checks.items("Pipeline.lost_reasons", values)])


def _is_window(value: object) -> bool:
    if isinstance(value, Days):
        return value.end_of is None and value.n <= timedelta.max.days
    return value in REOPENINGS


_STAGES = _checks.each(_checks.a(Stage))
_MOVES = _checks.Check(f"one of {', '.join(MOVES)}, or the stages that can be reached by stage", _flow.is_moves(MOVES))
_REOPEN = _checks.Check("any, never, or Days (without end_of) after the closing", _is_window)
_CHOICES = (
    ("moves", _MOVES),
    ("gates", _checks.one_of(*GATES)),
    ("reopen", _REOPEN),
    ("probability", _checks.one_of(*PROBABILITIES)),
)


@tagged("pipeline.Pipeline")
@attrs.frozen(weakref_slot=False)
class Pipeline:
    """What a sales manager edits: a definition, and no process.

    Attributes:
        id: Of the pipeline.
        stages: By order; at least one open, one won and one lost.
        version: Raise it with each change.
        name: For people; None shows the id.
        moves: `any` between open stages and into any closing stage; `forward` only to a higher order, or to a closing
            stage; `adjacent` one step either way, or to a closing stage; or the stages that can be reached by stage.
        gates: `cumulative`: a move forward asks for what the target requires and for what every open stage on the way
            requires; `target`: for what the target requires alone.
        lost_reasons: The reasons for which a deal may be lost; empty accepts any.
        reopen: `any` time, `never`, or so many `Days` (of 24 hours) after the closing.
        stale: When a deal has rested for too long in stages that do not say so themselves.
        probability: What the shown probability of an open deal follows: its `stage`, or a `predicted` one that the
            caller has.
        facts: The application's own facts, which it gives at the call; with it, every rule of the stages and of the
            stale policies is checked.

    Raises:
        InvalidValue: For everything that is wrong, at once.

    Example:
        >>> sales = Pipeline(
        ...     "sales",
        ...     [
        ...         Stage("new", 1, probability=10),
        ...         Stage("proposal", 2, probability=60),
        ...         Stage("won", 3, kind="won"),
        ...         Stage("lost", 4, kind="lost"),
        ...     ],
        ... )
        >>> [stage.id for stage in sales.open_stages], sales.stage("won").probability
        (['new', 'proposal'], 100)

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    stages: tuple[Stage, ...] = attrs.field(converter=_stages)
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))
    name: str | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.text))
    moves: str | tuple[tuple[str, tuple[str, ...]], ...] = attrs.field(default="any", kw_only=True, converter=_moves)
    gates: str = attrs.field(default="cumulative", kw_only=True)
    lost_reasons: tuple[LostReason, ...] = attrs.field(default=(), kw_only=True, converter=_reasons)
    reopen: str | Days = attrs.field(default="any", kw_only=True)
    stale: StalePolicy | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(StalePolicy))
    )
    probability: str = attrs.field(default="stage", kw_only=True)
    facts: FactSchema | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(FactSchema))
    )
    places: Mapping[str, Stage] = attrs.field(init=False, eq=False, repr=False)
    _passages: dict[tuple[str | None, str], Passage] = attrs.field(init=False, eq=False, repr=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle the definition alone; what is compiled of it is compiled again."""
        return _flow.bare(self)

    def __attrs_post_init__(self) -> None:
        """Check everything and report all of it."""
        _flow.require_none("Pipeline", (*_unknown_choices(self), *problems_of(self)), "a pipeline")
        object.__setattr__(self, "places", MappingProxyType({stage.id: stage for stage in self.stages}))
        object.__setattr__(self, "_passages", {})  # filled as moves are asked for; what it holds follows from the rest

    @classmethod
    def preset(cls, name: str, /, id: str, **more: Any) -> Pipeline:  # noqa: A002 - the field's name everywhere in relex
        """A pipeline of the stages that a well-known system begins with.

        Args:
            name: `four_steps` (10, 20, 50 and 80 %, of EspoCRM), `five_steps` (10, 25, 50, 70 and 90 %, of frappe/crm)
                or `eight_steps` (10, 10, 20, 50, 60, 70, 75 and 90 %, the default path of Salesforce), each with one
                won and one lost stage.
            id: Of the pipeline.
            **more: Its other attributes.

        Raises:
            InvalidValue: For another name, and as the class does.

        Example:
            >>> sales = Pipeline.preset("four_steps", "sales", moves="forward")
            >>> [(stage.id, stage.probability) for stage in sales.open_stages]
            [('prospecting', 10), ('qualification', 20), ('proposal', 50), ('negotiation', 80)]

        .. versionadded:: 0.1.0
        """
        return cls(id, preset_stages(name), **more)

    @property
    def open_stages(self) -> tuple[Stage, ...]:
        """The open ones, by order."""
        return tuple([stage for stage in self.stages if stage.kind == "open"])

    def stage(self, id: str) -> Stage:  # noqa: A002 - the field's name everywhere in relex
        """The stage of this id.

        Raises:
            InvalidValue: For what is no text.
            NotFound: When there is none.

        .. versionadded:: 0.1.0
        """
        found = self.places.get(id) if id.__class__ is str else None
        if found is None:
            _checks.text.require("stage.id", id)
            raise NotFound("Stage", id)
        return found

    def passage(self, from_: str | None, to: str) -> Passage:
        """Whether a move is allowed, and what it asks for; from None it is the first entry.

        Raises:
            NotFound: For a stage that is not there.

        .. versionadded:: 0.1.0
        """
        found = self._passages.get((from_, to))
        if found is None:
            start = None if from_ is None else self.stage(from_)
            found = self._passages[from_, to] = passage(self, start, self.stage(to))
        return found

    def check(
        self, opportunity: Opportunity, stage: str, *, as_of: datetime, facts: Mapping[str, Any] | None = None
    ) -> StageCheck:
        """Whether a deal may move to a stage, with everything that is missing; nothing changes.

        The same answer that `move_to` gives, for forms, boards and imports; of a loss, which asks for no more than its
        reason, it is the answer when the reason is given.

        Args:
            opportunity: The deal; what happened to it after `as_of` is not looked at.
            stage: Where it should go.
            as_of: When; aware.
            facts: The application's own facts; they may not shadow those of the deal.

        Raises:
            InvalidValue: For a naive `as_of`, a fact that shadows one of the deal, or a deal of another pipeline.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("check.as_of", as_of)
        _checks.text.require("check.stage", stage)
        DEAL.require("check.opportunity", opportunity)
        return checked(self, opportunity, stage, as_of, facts)

    def stranded(
        self, new: Pipeline, opportunities: Iterable[Opportunity], mapping: Mapping[str, str] | None = None
    ) -> tuple[Opportunity, ...]:
        """The open deals of this pipeline whose stage has no place in another definition.

        Raises:
            InvalidValue: For a mapping from or to a stage that is not there, or to one of another kind.

        .. versionadded:: 0.1.0
        """
        return stranded(self, opportunities, goals_of(self, new, mapping))

    def replace(
        self,
        new: Pipeline,
        opportunities: Iterable[Opportunity],
        mapping: Mapping[str, str] | None = None,
        *,
        at: datetime,
    ) -> tuple[Change[Opportunity], ...]:
        """The changes that bring deals over to another definition; a deal that stays where it is has none.

        No gate is asked. Deals of other pipelines are left alone, and so are closed deals whose stage has no target and
        deals that came into their stage by the new definition.

        Args:
            new: The definition from now on; of the same id it has a higher version.
            opportunities: The deals.
            mapping: The stage of the new one by stage of this one; a stage that has the same id and kind in both needs
                none.
            at: When.

        Raises:
            InvalidValue: For a mapping from or to a stage that is not there, or to one of another kind; for a new
                definition that is not newer.
            Rejected: `stage_in_use` with every open deal whose stage has no target; `out_of_order`.

        Example:
            >>> from datetime import datetime, timezone
            >>> from relex.pipeline import Opportunity
            >>> ends = [Stage("won", 8, kind="won"), Stage("lost", 9, kind="lost")]
            >>> old = Pipeline("sales", [Stage("call", 1, probability=10), *ends])
            >>> new = Pipeline("sales", [Stage("talk", 1, probability=20), *ends], version=2)
            >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
            >>> deal, _ = Opportunity.open("o1", old, at=day)
            >>> old.replace(new, [deal], at=day)
            Traceback (most recent call last):
                ...
            relex.errors.Rejected: replace is refused: stage_in_use (stages ('call',), opportunities ('o1',), allowed ('talk', 'won', 'lost'))
            >>> [change.state.stage for change in old.replace(new, [deal], {"call": "talk"}, at=day)]
            ['talk']

        .. versionadded:: 0.1.0
        """  # noqa: E501 - the message is one line
        _checks.instant.require("replace.at", at)
        _checks.a(Pipeline).require("replace.new", new)
        if new.id == self.id and new.version <= self.version:
            raise InvalidValue("replace.new", new.version, f"a version above {self.version}")
        return replaced(self, new, tuple(opportunities), goals_of(self, new, mapping), at)

    def __str__(self) -> str:
        return f"{self.name or self.id}: {', '.join(map(str, self.stages))}"

    def _repr_html_(self) -> str:
        rows = [
            (stage.order, str(stage), stage.kind, stage.probability, stage.category, _messages(stage))
            for stage in self.stages
        ]
        return table(f"Pipeline {self.name or self.id}", ("order", "stage", "kind", "%", "category", "requires"), rows)

    def to_mermaid(self) -> str:
        """The pipeline as a state diagram in Mermaid's notation.

        .. versionadded:: 0.1.0
        """
        ways = [(stage.id, to) for stage in self.stages for to in allowed_from(self, stage)]
        states = [(stage.id, f"{stage} ({stage.probability} %)") for stage in self.stages]
        over = [stage.id for stage in self.stages if stage.kind != "open"]
        return _flow.drawn(states, self.open_stages[0].id, ways, over)


def _unknown_choices(pipeline: Pipeline) -> list[InvalidValue]:
    given = [(name, getattr(pipeline, name), check) for name, check in _CHOICES]
    return [InvalidValue(name, value, check.expected) for name, value, check in given if not check.passes(value)]


def _messages(stage: Stage) -> str:
    return "; ".join([requirement.message for requirement in stage.requires])
