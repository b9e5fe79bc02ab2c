"""Pipelines and the deals that move through them, reached by commands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.calendars import Days
from relex.errors import Rejected
from relex.money import Money
from relex.pipeline import (
    ActivityRecorded,
    AmountChanged,
    CampaignChanged,
    CategoryOverridden,
    CloseDateChanged,
    ContactRole,
    ContactsChanged,
    LinesChanged,
    LostReason,
    MergedOpportunity,
    NextStep,
    NextStepChanged,
    OpportunitiesMerged,
    OpportunitiesUnmerged,
    Opportunity,
    OpportunityCustomerChanged,
    OpportunityLost,
    OpportunityMergedInto,
    OpportunityOpened,
    OpportunityOwnerChanged,
    OpportunityRenamed,
    OpportunityReopened,
    OpportunityRestored,
    OpportunityStageChanged,
    OpportunityTagsChanged,
    OpportunityWon,
    Pipeline,
    ProbabilityOverridden,
    SnoozeChanged,
    Split,
    SplitsChanged,
    Stage,
    StalePolicy,
    TerritoryChanged,
)
from relex.rules import Requirement, field
from relex.testing.strategies._basics import days, either, ids, instants, named, sizes, texts, words
from relex.testing.strategies._money import moneys
from relex.testing.strategies._purchases import lines
from relex.testing.strategies._rules import requirements
from relex.testing.strategies._steps import Step, histories, later, pauses

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from relex.changes import Change, Event

__all__ = [
    "STORED",
    "contact_roles",
    "lost_reasons",
    "merged_opportunities",
    "next_steps",
    "opportunities",
    "opportunity_changes",
    "opportunity_commands",
    "opportunity_events",
    "pipelines",
    "splits",
    "stages",
]

_OPENED = instants(min_value=datetime(1990, 1, 1, tzinfo=UTC), max_value=datetime(2090, 1, 1, tzinfo=UTC))
_PIPELINE = _checks.a(Pipeline)
_KINDS = ("open", "won", "lost")
_PERCENT: SearchStrategy[Any] = st.integers(0, 100) | st.sampled_from((0, 100, Decimal("12.5"), Decimal("99.99")))
_CATEGORIES = st.sampled_from(("pipeline", "best_case", "most_likely", "commit"))
_MAYBE_ID = st.none() | ids()
_MAYBE_TEXT = st.none() | texts()
_MAYBE_DAY = st.none() | days()
_ASKED = st.sampled_from(
    (
        Requirement("amount", field("amount") > 0, "Fill in the amount"),
        Requirement("owner", ~field("owner").is_missing(), "Name an owner"),
        Requirement("date", ~field("expected_close").is_missing(), "Fill in the expected date"),
    )
)
_GATES = st.lists(_ASKED | requirements(Opportunity.fact_schema), max_size=2)


_LIGHT = st.lists(_ASKED, max_size=1)


def stages(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    kind: str | SearchStrategy[str] | None = None,
) -> SearchStrategy[Stage]:
    """Stages that fit into some pipeline; shrinks to an open one of 0 %.

    Args:
        id: Of the stage, or what ids are drawn from.
        kind: `open`, `won` or `lost`, or what kinds are drawn from.

    Raises:
        InvalidValue: For an empty id, or another kind.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        _stage,
        either("stages.id", id, _checks.text, ids()),
        st.integers(-3, 20),
        either("stages.kind", kind, _checks.one_of(*_KINDS), st.sampled_from(_KINDS)),
        _PERCENT,
        _CATEGORIES,
        _GATES,
        _MAYBE_TEXT,
    )


def _stage(
    id_: str, order: int, kind: str, probability: Any, category: str, requires: list[Requirement], name: str | None
) -> Stage:
    if kind == "open":
        return Stage(id_, order, probability=probability, category=category, requires=requires, name=name)
    return Stage(id_, order, kind=kind, requires=requires if kind == "won" else (), name=name)


def lost_reasons() -> SearchStrategy[LostReason]:
    """Reasons for which deals are lost, some of which ask for a note.

    .. versionadded:: 0.1.0
    """
    return _REASONS


_REASONS: SearchStrategy[LostReason] = st.builds(LostReason, words(), st.booleans())
_LISTED_REASONS: SearchStrategy[Any] = st.lists(_REASONS, max_size=2, unique_by=lambda reason: reason.code)
_REOPENINGS: SearchStrategy[Any] = st.sampled_from(("any", "any", "never", Days(30), Days(0)))


_RESTING = st.sampled_from(
    (
        None,
        StalePolicy(warn_after=Days(14), stale_after=Days(21)),
        StalePolicy("last_activity", stale_after=Days(7), unless=field("next_step_due").after(days=0)),
    )
)


def pipelines(*, id: str | SearchStrategy[str] | None = None) -> SearchStrategy[Pipeline]:  # noqa: A002 - as above
    """Pipelines of one to four open stages, with every way to move and to ask; shrinks to one of three stages.

    Args:
        id: Of the pipeline, or what ids are drawn from.

    Raises:
        InvalidValue: For an empty id.

    .. versionadded:: 0.1.0
    """
    return _pipelines(either("pipelines.id", id, _checks.text, ids()))


@st.composite
def _pipelines(draw: st.DrawFn, id_: SearchStrategy[str]) -> Pipeline:
    opens = [f"s{number}" for number in range(draw(st.integers(1, 4)))]
    ends = [("won", "won"), ("lost", "lost"), *draw(st.sampled_from(((), (("won2", "won"),), (("lost2", "lost"),))))]
    found = [
        Stage(each, 10 * place, probability=draw(_PERCENT), category=draw(_CATEGORIES), requires=draw(_LIGHT))
        for place, each in enumerate(opens)
    ]
    found += [Stage(each, draw(st.integers(5, 50)), kind=kind) for each, kind in ends]
    moves = draw(st.sampled_from(("any", "any", "forward", "adjacent", "listed")))
    return Pipeline(
        draw(id_),
        found,
        version=draw(st.integers(1, 3)),
        moves=_listed(opens, [each for each, _ in ends]) if moves == "listed" else moves,
        gates=draw(st.sampled_from(("cumulative", "target"))),
        lost_reasons=draw(_LISTED_REASONS),
        reopen=draw(_REOPENINGS),
        stale=draw(_RESTING),
        probability=draw(st.sampled_from(("stage", "predicted"))),
    )


def _listed(opens: list[str], ends: list[str]) -> list[tuple[str, list[str]]]:
    """From each open stage to the next and to every end, and back to the first."""
    return [(each, [*opens[place + 1 : place + 2], *opens[:place][:1], *ends]) for place, each in enumerate(opens)]


def contact_roles(*, contact: str | SearchStrategy[str] | None = None) -> SearchStrategy[ContactRole]:
    """People on the customer's side of a deal.

    Args:
        contact: Id of the person, or what ids are drawn from.

    Raises:
        InvalidValue: For an empty id.

    .. versionadded:: 0.1.0
    """
    given = either("contact_roles.contact", contact, _checks.text, ids())
    return st.builds(ContactRole, given, st.none() | words(), st.booleans())


def next_steps() -> SearchStrategy[NextStep]:
    """What is to be done next.

    .. versionadded:: 0.1.0
    """
    return _NEXT_STEPS


_NEXT_STEPS: SearchStrategy[NextStep] = st.builds(NextStep, texts(), days())


def splits(*, kind: str | SearchStrategy[str] | None = None) -> SearchStrategy[Split]:
    """Somebody's share in the credit for a deal.

    Args:
        kind: `revenue` or `overlay`, or what kinds are drawn from.

    Raises:
        InvalidValue: For another kind.

    .. versionadded:: 0.1.0
    """
    kinds = ("revenue", "overlay")
    given = either("splits.kind", kind, _checks.one_of(*kinds), st.sampled_from(kinds))
    return st.builds(lambda owner, share, of: Split(owner, share, kind=of), ids(), _PERCENT, given)


_SHARED = st.sampled_from(
    (
        (),
        (Split("u1", 100),),
        (Split("u1", 60), Split("u2", 40), Split("u3", 25, kind="overlay")),
        (Split("u1", Decimal("33.4")), Split("u2", Decimal("66.6"))),
        (Split("u3", 100, kind="overlay"),),
    )
)


def opportunity_changes(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - as above
    pipeline: Pipeline | SearchStrategy[Pipeline] | None = None,
    customer: str | SearchStrategy[str | None] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    min_size: int = 1,
    max_size: int = 8,
) -> SearchStrategy[tuple[Change[Opportunity], ...]]:
    """The history of one deal as a store is asked to save it: the opening, then changes that follow each other.

    Shrinks to an opening alone.

    Args:
        id: Of the deal, or what ids are drawn from.
        pipeline: The pipeline, or what pipelines are drawn from; by default `pipelines()`.
        customer: Id of the customer, or what ids are drawn from, None among them.
        at: Of the opening; by default from 1990 to 2090.
        min_size: The fewest commands that are given; some of them may change nothing and are left out.
        max_size: The most commands, the opening counted.

    Raises:
        InvalidValue: For an argument of a wrong type, or sizes below 1 or in the wrong order.

    .. versionadded:: 0.1.0
    """
    sizes("opportunity_changes", min_size, max_size, lowest=1)
    return _opportunity_changes(
        either("opportunity_changes.id", id, _checks.text, ids()),
        either("opportunity_changes.pipeline", pipeline, _PIPELINE, pipelines()),
        either("opportunity_changes.customer", customer, _checks.text, _MAYBE_ID),
        either("opportunity_changes.at", at, _checks.instant, _OPENED),
        (min_size, max_size),
    )


@st.composite
def _opportunity_changes(
    draw: st.DrawFn,
    id_: SearchStrategy[str],
    pipeline: SearchStrategy[Pipeline],
    customer: SearchStrategy[str | None],
    at: SearchStrategy[datetime],
    size: tuple[int, int],
) -> tuple[Change[Opportunity], ...]:
    of, begun = draw(pipeline), draw(_BEGINNINGS)
    first = _began(draw(id_), of, begun | {"at": draw(at), "customer": draw(customer)})
    return draw(histories(st.just(first), opportunity_commands(of), *size))


def _began(id_: str, pipeline: Pipeline, parts: dict[str, Any]) -> Change[Opportunity]:
    """The opening in the first stage, or in a lost one where the gate of the first is not met."""
    try:
        return Opportunity.open(id_, pipeline, **parts)
    except Rejected:
        return Opportunity.open(id_, pipeline, stage="lost", **_reasoned(pipeline), **parts)


def _reasoned(pipeline: Pipeline, place: int = 0) -> dict[str, Any]:
    """A reason that the pipeline takes, with a note."""
    known = pipeline.lost_reasons
    return {"reason": known[place % len(known)].code if known else "price", "note": "as they said"}


def opportunities(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - as above
    pipeline: Pipeline | SearchStrategy[Pipeline] | None = None,
    customer: str | SearchStrategy[str | None] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    max_size: int = 8,
) -> SearchStrategy[Opportunity]:
    """Deals after some commands, so only such as can come to be; shrinks to one that was just opened.

    Args:
        id: Of the deal, or what ids are drawn from.
        pipeline: The pipeline, or what pipelines are drawn from; by default `pipelines()`.
        customer: Id of the customer, or what ids are drawn from, None among them.
        at: Of the opening; by default from 1990 to 2090.
        max_size: The most commands, the opening counted.

    Raises:
        InvalidValue: As for `opportunity_changes`.

    .. versionadded:: 0.1.0
    """
    found = opportunity_changes(id=id, pipeline=pipeline, customer=customer, at=at, max_size=max_size)
    return found.map(lambda changes: changes[-1].state)


def opportunity_commands(pipeline: Pipeline) -> SearchStrategy[Callable[[Opportunity], Change[Opportunity]]]:
    """The next command for any deal of a pipeline: a callable that takes the state and gives the change.

    The command comes at the instant of the last event or later. What the rules refuse in that state, and what changes
    nothing, is a change without events.

    Args:
        pipeline: Of the deals.

    Raises:
        InvalidValue: For what is no pipeline.

    .. versionadded:: 0.1.0
    """
    _PIPELINE.require("opportunity_commands.pipeline", pipeline)
    moves = st.tuples(st.sampled_from(("move_to", "move_to", "win", "lose", "reopen")), pauses(), _NUMBERS).map(
        lambda drawn: Step(drawn[0], _moved, (pipeline, *drawn))
    )
    return moves | _EDITS


def _moved(deal: Opportunity, pipeline: Pipeline, name: str, pause: timedelta, place: int) -> Change[Opportunity]:
    at, stages_ = later(deal.changed_at, pause), pipeline.stages
    if name == "move_to":
        to = stages_[place % len(stages_)]
        said = _reasoned(pipeline, place) if to.kind == "lost" else {}
        return deal.move_to(to.id, pipeline, at=at, **said)
    if name == "lose":
        return deal.lose(pipeline, at=at, **_reasoned(pipeline, place))
    return deal.win(pipeline, at=at) if name == "win" else deal.reopen(pipeline, at=at)


def _edited(deal: Opportunity, name: str, pause: timedelta, given: tuple[Any, ...]) -> Change[Opportunity]:
    at = later(deal.changed_at, pause)
    if name == "change_amount" and given[0] is not None:
        given = (Money(given[0], deal.currency or "USD"),)
    if name == "set_lines":
        return deal.set_lines(*given, at=at, currency=deal.currency or "USD")
    if name == "snooze":
        return deal.snooze(*given, at=at, reason="they asked for it")
    change: Change[Opportunity] = getattr(deal, name)(*given, at=at)
    return change


_NUMBERS = st.integers(0, 9)
_AMOUNTS = st.none() | st.integers(0, 10**6) | st.sampled_from((Decimal("0.01"), Decimal("1234.56")))
_LINES = st.lists(lines(), max_size=2, unique_by=lambda line: line.number).map(tuple)
_GIVEN: dict[str, tuple[SearchStrategy[Any], ...]] = {
    "rename": (_MAYBE_TEXT,),
    "change_amount": (_AMOUNTS,),
    "change_close_date": (_MAYBE_DAY,),
    "reassign": (_MAYBE_ID,),
    "set_territory": (_MAYBE_ID,),
    "set_campaign": (_MAYBE_ID,),
    "override_probability": (st.none() | _PERCENT,),
    "override_category": (st.none() | _CATEGORIES,),
    "add_contact": (ids(), st.none() | words()),
    "remove_contact": (ids(),),
    "set_next_step": (texts(), days()),
    "complete_next_step": (),
    "snooze": (_MAYBE_DAY,),
    "set_lines": (_LINES,),
    "set_splits": (_SHARED,),
    "tag": (words(), words()),
    "untag": (words(),),
    "record_activity": (st.none() | words(),),
}
_EDITS: SearchStrategy[Any] = st.one_of(
    *[
        st.tuples(st.just(name), pauses(), st.tuples(*given)).map(lambda drawn: Step(drawn[0], _edited, drawn))
        for name, given in _GIVEN.items()
    ]
)
_ROLES = st.lists(contact_roles(), max_size=2, unique_by=lambda role: role.contact).map(
    lambda roles: [ContactRole(role.contact, role.role, primary=not place) for place, role in enumerate(roles)]
)
_BEGINNINGS = st.fixed_dictionaries(
    {},
    optional={
        "name": texts(),
        "amount": moneys(min_value=0),
        "expected_close": days(),
        "owner": ids(),
        "territory": ids(),
        "campaign": ids(),
        "contacts": _ROLES,
        "tags": st.lists(words(), max_size=2),
    },
)


# What happens to deals.


def merged_opportunities() -> SearchStrategy[MergedOpportunity]:
    """What deals bring along when they are merged into another one.

    .. versionadded:: 0.1.0
    """
    return _MERGED


def opportunity_events(kind: type[Event] | None = None) -> SearchStrategy[Any]:
    """Events of deals, each whole in itself.

    Args:
        kind: The only class, such as `OpportunityStageChanged`; by default any.

    Raises:
        InvalidValue: For what is no class of such events.

    .. versionadded:: 0.1.0
    """
    if kind is None:
        return st.one_of(*map(_events, _PARTS))
    _checks.one_of(*_PARTS).require("opportunity_events.kind", kind)
    return _events(kind)


def _events(kind: type[Event]) -> SearchStrategy[Any]:
    parts = _PARTS[kind]
    made = st.fixed_dictionaries({**_HEAD, **parts}).map(lambda drawn: _event(kind, drawn))
    return named("opportunity_events", made)


def _event(kind: type[Event], parts: dict[str, Any]) -> Event:
    stage = parts.pop("stage", None)
    if stage is not None:
        parts |= {"to": stage.id, "kind": stage.kind, "probability": stage.probability, "category": stage.category}
    return kind(**parts)


def _swapped(parts: SearchStrategy[Any], **more: SearchStrategy[Any]) -> dict[str, SearchStrategy[Any]]:
    return {"from_": parts, "to": parts, **more}


def _entry(*kinds: str) -> dict[str, SearchStrategy[Any]]:
    stage = st.one_of(*[stages(kind=each) for each in kinds])
    return {"stage": stage, "pipeline": ids(), "pipeline_version": st.integers(1, 9), "from_": _MAYBE_ID}


_MERGED: SearchStrategy[MergedOpportunity] = st.builds(
    MergedOpportunity,
    opportunity=ids(),
    name=_MAYBE_TEXT,
    customer=_MAYBE_ID,
    owner=_MAYBE_ID,
    territory=_MAYBE_ID,
    campaign=_MAYBE_ID,
    amount=st.none() | moneys(),
    amount_source=st.sampled_from((None, "hand", "lines")),
    lines=_LINES,
    expected_close=_MAYBE_DAY,
    next_step=st.none() | _NEXT_STEPS,
    contacts=_ROLES.map(tuple),
    splits=_SHARED,
    tags=st.lists(words(), max_size=3, unique=True).map(sorted).map(tuple),
    last_activity_at=st.none() | instants(),
)
_WHYS = {"by": ids(), "reason": texts()}
_HEAD = {"source": ids(), "version": st.integers(1, 99), "at": instants()}
_SAID = {"reason": _MAYBE_TEXT, "note": _MAYBE_TEXT}
_WORDS = st.lists(words(), max_size=3, unique=True).map(sorted).map(tuple)
_PARTS: dict[type[Event], dict[str, SearchStrategy[Any]]] = {
    OpportunityOpened: _entry(*_KINDS)
    | {
        "name": _MAYBE_TEXT,
        "customer": _MAYBE_ID,
        "owner": _MAYBE_ID,
        "territory": _MAYBE_ID,
        "amount": st.none() | moneys(),
        "expected_close": _MAYBE_DAY,
        "contacts": _ROLES.map(tuple),
        "tags": _WORDS,
        "campaign": _MAYBE_ID,
    },
    OpportunityStageChanged: _entry(*_KINDS) | _SAID,
    OpportunityWon: _entry("won") | _SAID,
    OpportunityLost: _entry("lost") | _SAID | {"reason": texts(), "competitor": _MAYBE_TEXT},
    OpportunityReopened: _entry("open") | {"reason": _MAYBE_TEXT},
    OpportunityRenamed: _swapped(_MAYBE_TEXT),
    OpportunityCustomerChanged: _swapped(_MAYBE_ID),
    AmountChanged: _swapped(st.none() | moneys(), amount_source=st.sampled_from((None, "hand", "lines"))),
    CloseDateChanged: _swapped(_MAYBE_DAY, reason=_MAYBE_TEXT),
    OpportunityOwnerChanged: _swapped(_MAYBE_ID),
    TerritoryChanged: _swapped(_MAYBE_ID),
    CampaignChanged: _swapped(_MAYBE_ID),
    ProbabilityOverridden: _swapped(st.none() | _PERCENT),
    CategoryOverridden: _swapped(st.none() | _CATEGORIES),
    ContactsChanged: _swapped(_ROLES.map(tuple)),
    NextStepChanged: _swapped(st.none() | _NEXT_STEPS, done=st.booleans()),
    SnoozeChanged: _swapped(_MAYBE_DAY, reason=_MAYBE_TEXT),
    LinesChanged: _swapped(_LINES),
    SplitsChanged: _swapped(_SHARED),
    OpportunityTagsChanged: {"added": _WORDS, "removed": _WORDS},
    ActivityRecorded: {"kind": st.none() | words()},
    OpportunitiesMerged: _WHYS | {"others": st.lists(_MERGED, max_size=2).map(tuple)},
    OpportunityMergedInto: _WHYS | {"survivor": ids()},
    OpportunitiesUnmerged: _WHYS
    | {
        "merge": st.integers(1, 99),
        "others": _WORDS,
        "undoes": st.lists(st.integers(2, 99), max_size=2).map(tuple),
    },
    OpportunityRestored: _WHYS | {"merge": st.integers(1, 99)},
}


def _told(kind: type[Event]) -> Callable[[], SearchStrategy[Any]]:
    return lambda: opportunity_events(kind)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Stage: stages,
    LostReason: lost_reasons,
    MergedOpportunity: merged_opportunities,
    Pipeline: pipelines,
    ContactRole: contact_roles,
    NextStep: next_steps,
    Split: splits,
    Opportunity: opportunities,
    **{kind: _told(kind) for kind in _PARTS},
}
"""The strategy of each class of pipelines and deals that has a stored form."""
