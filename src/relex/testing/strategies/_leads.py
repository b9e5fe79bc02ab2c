"""Leads, reached by the commands that a company gives them, what happens to them, and what they become."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
from hypothesis import strategies as st

from relex import _checks
from relex.changes import Change
from relex.parties import Lifecycle, Record
from relex.pipeline import (
    CampaignTouch,
    ConsentDraft,
    CustomerDraft,
    Lead,
    LeadAssigned,
    LeadConverted,
    LeadCorrected,
    LeadDisqualified,
    LeadEvent,
    LeadLevelChanged,
    LeadLink,
    LeadLinksChanged,
    LeadMergedInto,
    LeadOpened,
    LeadOptedOut,
    LeadPointsChanged,
    LeadPolicy,
    LeadQualified,
    LeadRecycled,
    LeadReopened,
    LeadRestored,
    LeadsMerged,
    LeadsUnmerged,
    LeadTagsChanged,
    LeadTouched,
    LeadWorked,
    MergedLead,
    MovedLink,
    OptOut,
    merge_leads,
    unmerge_leads,
)
from relex.testing.strategies._basics import either, ids, instants, named, sizes, texts, words
from relex.testing.strategies._money import moneys
from relex.testing.strategies._parties import person_names
from relex.testing.strategies._pipelines import lost_reasons
from relex.testing.strategies._records import contact_points, records, survivorships
from relex.testing.strategies._steps import Step, histories, later, pauses

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = [
    "STORED",
    "campaign_touches",
    "consent_drafts",
    "customer_drafts",
    "lead_changes",
    "lead_commands",
    "lead_events",
    "lead_links",
    "lead_policies",
    "leads",
    "merged_leads",
    "moved_links",
    "opt_outs",
]

_OPENED = instants(min_value=datetime(1990, 1, 1, tzinfo=UTC), max_value=datetime(2090, 1, 1, tzinfo=UTC))
_LEVELS = Lifecycle().stages
_CHANNELS = st.sampled_from(("email", "phone", "sms", "*"))
_PURPOSES = st.sampled_from(("marketing", "service", "*")) | words()
_STATUSES = st.sampled_from(("withdrawn", "denied", "objected"))
_LINKED = st.sampled_from(("note", "call", "document"))
_MAYBE_ID = st.none() | ids()
_MAYBE_TEXT = st.none() | texts()
_COMPANIES = texts().filter(lambda name: name.strip() != "")
_WORDS = st.lists(words(), max_size=3, unique=True).map(sorted).map(tuple)
_POINTS = st.lists(contact_points(), max_size=2)
_FACTS: SearchStrategy[Any] = st.dictionaries(
    st.sampled_from(("budget", "region", "seats")),
    st.integers(0, 10**6) | texts() | st.booleans() | st.just(Decimal("0.50")),
    max_size=2,
)


def campaign_touches() -> SearchStrategy[CampaignTouch]:
    """Campaigns that reached somebody.

    .. versionadded:: 0.1.0
    """
    return st.builds(CampaignTouch, ids(), instants())


def opt_outs() -> SearchStrategy[OptOut]:
    """What somebody may refuse: a channel and a purpose, or every one; of a topic or a point alone, or of all.

    .. versionadded:: 0.1.0
    """
    return named("opt_outs", st.builds(_opt_out, _CHANNELS, _PURPOSES, instants(), _TOPICS, _POINT, _STATUSES))


def _opt_out(channel: str, purpose: str, at: datetime, topic: str | None, point: Any, status: str) -> OptOut:
    return OptOut(channel, purpose, at, topic=None if purpose == "*" else topic, point=point, status=status)


_TOPICS = st.none() | words()
_POINT: SearchStrategy[Any] = st.none() | contact_points()


def lead_links() -> SearchStrategy[LeadLink]:
    """Notes, activities and documents of leads.

    .. versionadded:: 0.1.0
    """
    return st.builds(LeadLink, _LINKED, ids())


def lead_policies() -> SearchStrategy[LeadPolicy]:
    """How companies work their leads, with and without a list of reasons.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        LeadPolicy,
        lifecycle=st.sampled_from((Lifecycle(), Lifecycle(["new", "hot"], former=()))),
        reasons=st.lists(lost_reasons(), max_size=2, unique_by=lambda reason: reason.code),
        convert_from=st.sampled_from(("working", "qualified")),
        version=st.integers(1, 9),
    )


def lead_changes(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    at: datetime | SearchStrategy[datetime] | None = None,
    min_size: int = 1,
    max_size: int = 8,
) -> SearchStrategy[tuple[Change[Lead], ...]]:
    """The history of one lead as a store is asked to save it: the opening, then changes that follow each other.

    Shrinks to an opening alone. No lead is converted or merged away, since these need other records.

    Args:
        id: Of the lead, or what ids are drawn from.
        at: Of the opening; by default from 1990 to 2090.
        min_size: The fewest commands that are given; some of them may change nothing and are left out.
        max_size: The most commands, the opening counted.

    Raises:
        InvalidValue: For an argument of a wrong type, or sizes below 1 or in the wrong order.

    .. versionadded:: 0.1.0
    """
    sizes("lead_changes", min_size, max_size, lowest=1)
    opened = st.builds(
        _open,
        either("lead_changes.id", id, _checks.text, ids()),
        either("lead_changes.at", at, _checks.instant, _OPENED),
        _BEGINNINGS,
    )
    return histories(opened, lead_commands(), min_size, max_size)


def _open(id_: str, at: datetime, parts: dict[str, Any]) -> Change[Lead]:
    known: dict[str, Any] = {"source": "web", "person": "Ann"}
    return Lead.open(id_, at=at, **known | parts)


def leads(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - as above
    at: datetime | SearchStrategy[datetime] | None = None,
    max_size: int = 8,
) -> SearchStrategy[Lead]:
    """Leads after some commands, so only such as can come to be; shrinks to one that was just opened.

    Args:
        id: Of the lead, or what ids are drawn from.
        at: Of the opening; by default from 1990 to 2090.
        max_size: The most commands, the opening counted.

    Raises:
        InvalidValue: As for `lead_changes`.

    .. versionadded:: 0.1.0
    """
    return lead_changes(id=id, at=at, max_size=max_size).map(lambda changes: changes[-1].state)


def lead_commands() -> SearchStrategy[Callable[[Lead], Change[Lead]]]:
    """The next command for any lead: a callable that takes the state and gives the change.

    The command comes at the instant of the last event or later. What the rules refuse in that state, and what changes
    nothing, is a change without events.

    .. versionadded:: 0.1.0
    """
    return _COMMANDS


def _given(lead: Lead, name: str, pause: timedelta, given: tuple[Any, ...], named_: dict[str, Any]) -> Change[Lead]:
    at = later(lead.changed_at, pause)
    if name == "recycle":
        named_ = {"until": at + timedelta(days=30), **named_} if at.year < _LAST_YEAR else named_
    if name == "correct":
        named_ = {**named_, "person": "Ann"}
    change: Change[Lead] = getattr(lead, name)(*given, at=at, **named_)
    return change


def _merged(lead: Lead, pause: timedelta, parts: dict[str, Any], is_back: bool) -> Change[Lead]:
    """The lead with what another one knows, which may be given back at once; nothing where the other one survives."""
    at = later(lead.changed_at, pause)
    other = _open(f"{lead.id}+", lead.opened_at + timedelta(1), {**parts, "level": _LEVELS[0]}).state
    at = max(at, other.changed_at)
    whys: dict[str, Any] = {"by": "eve", "reason": "the same", "at": at}
    change, gone = merge_leads([lead, other], **whys)
    if change.state.id != lead.id:
        return Change(lead, ())
    return change.then(lambda it: unmerge_leads(it, [gone.state], **whys)[0]) if is_back else change


_LAST_YEAR = 9990
_BEGINNINGS: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "source": words(),
        "person": person_names(),
        "company": _COMPANIES,
        "contact_points": _POINTS,
        "title": texts(),
        "language": st.sampled_from(("en", "ja", "zh-Hant-TW")),
        "campaign": ids(),
        "amount": moneys(min_value=0),
        "owner": ids(),
        "level": st.sampled_from(_LEVELS[:5]),
        "tags": st.lists(words(), max_size=2),
        "opt_outs": st.lists(opt_outs(), max_size=2),
        "facts": _FACTS,
    },
)
_NO: SearchStrategy[dict[str, Any]] = st.just({})
_PARTS_OF: dict[str, tuple[tuple[SearchStrategy[Any], ...], SearchStrategy[dict[str, Any]]]] = {
    "assign": ((_MAYBE_ID,), _NO),
    "work": ((), _NO),
    "qualify": ((st.sampled_from(_LEVELS),), st.fixed_dictionaries({"by": ids()})),
    "advance_at_least": ((st.sampled_from(_LEVELS),), _NO),
    "set_level": ((st.sampled_from((*_LEVELS, "churned")),), st.fixed_dictionaries({"reason": texts()})),
    "disqualify": ((texts(),), st.fixed_dictionaries({"note": _MAYBE_TEXT})),
    "recycle": ((), st.fixed_dictionaries({"reason": _MAYBE_TEXT})),
    "reopen": ((), _NO),
    "touch": ((ids(),), _NO),
    "opt_out": ((_CHANNELS, _PURPOSES), st.fixed_dictionaries({"point": _POINT, "status": _STATUSES})),
    "tag": ((words(), words()), _NO),
    "untag": ((words(),), _NO),
    "link": ((_LINKED, ids()), _NO),
    "unlink": ((_LINKED, ids()), _NO),
    "add_point": ((contact_points(),), _NO),
    "remove_point": ((contact_points(),), _NO),
    "correct": (
        (),
        st.fixed_dictionaries(
            {},
            optional={
                "company": _COMPANIES,
                "amount": moneys(min_value=0),
                "facts": _FACTS,
                "clear": st.just(["title"]),
            },
        ),
    ),
}
_COMMANDS: SearchStrategy[Any] = st.one_of(
    *[
        st.tuples(st.just(name), pauses(), st.tuples(*given), more).map(lambda drawn: Step(drawn[0], _given, drawn))
        for name, (given, more) in _PARTS_OF.items()
    ],
    st.tuples(pauses(), _BEGINNINGS, st.booleans()).map(lambda drawn: Step("merge_leads", _merged, drawn)),
)


# What happens to leads.


def merged_leads() -> SearchStrategy[MergedLead]:
    """What leads bring along when they are merged into another one.

    .. versionadded:: 0.1.0
    """
    return named("merged_leads", st.builds(_brought, _leads_alone()))


def _leads_alone() -> SearchStrategy[Lead]:
    return st.builds(_open, ids(), _OPENED, _BEGINNINGS).map(lambda change: change.state)


def _brought(lead: Lead) -> MergedLead:
    best = Lead.open("+", "web", person="Ann", level=_LEVELS[-1], at=lead.opened_at).state
    event: Any = merge_leads([best, lead], by="eve", reason="the same", at=lead.changed_at)[0].events[0]
    found: MergedLead = event.others[0]
    return found


def lead_events(kind: type[LeadEvent] | None = None) -> SearchStrategy[Any]:
    """Events of leads, each whole in itself.

    Args:
        kind: The only class, such as `LeadQualified`; by default any.

    Raises:
        InvalidValue: For what is no class of such events.

    .. versionadded:: 0.1.0
    """
    if kind is None:
        return st.one_of(*map(_events, _PARTS))
    _checks.one_of(*_PARTS).require("lead_events.kind", kind)
    return _events(kind)


def _events(kind: type[LeadEvent]) -> SearchStrategy[Any]:
    made = st.fixed_dictionaries({**_HEAD, **_PARTS[kind]}).map(lambda drawn: _event(kind, drawn))
    return named("lead_events", made)


def _event(kind: type[LeadEvent], parts: dict[str, Any]) -> LeadEvent:
    if "record" in parts:
        parts["record"] = attrs.evolve(parts["record"], source="lead", key=parts["source"])
    return kind(**parts)


def _stated(name: Any, facts: dict[str, Any], cleared: list[str], at: datetime) -> Record:
    return Record("lead", "l1", at, name=name, values=facts, cleared=cleared)


_HEAD = {"source": ids(), "version": st.integers(1, 99), "at": instants()}
_WHYS = {"by": ids(), "reason": texts()}
_PLACE = st.none() | st.integers(0, 9)
_LEVEL = {"from_": st.none() | words(), "to": words(), "place": _PLACE}
_UNDONE = {"undoes": st.integers(2, 99), **_WHYS}
_TUPLE_OF_POINTS = _POINTS.map(tuple)
_TUPLE_OF_LINKS = st.lists(lead_links(), max_size=2).map(tuple)
_NAMES = st.sampled_from(([], ["title"], ["company", "name"]))
_PARTS: dict[type[LeadEvent], dict[str, SearchStrategy[Any]]] = {
    LeadOpened: _LEVEL
    | {
        "origin": words(),
        "record": records().filter(lambda record: record.name is not None or record.points),
        "campaign": _MAYBE_ID,
        "amount": st.none() | moneys(),
        "owner": _MAYBE_ID,
        "opt_outs": st.lists(opt_outs(), max_size=2).map(tuple),
    },
    LeadAssigned: {"from_": _MAYBE_ID, "to": _MAYBE_ID},
    LeadWorked: {},
    LeadQualified: _LEVEL | {"by": ids()},
    LeadLevelChanged: _LEVEL | {"reason": _MAYBE_TEXT},
    LeadDisqualified: {"reason": texts(), "note": _MAYBE_TEXT},
    LeadRecycled: {"until": st.none() | instants(), "reason": _MAYBE_TEXT},
    LeadReopened: {},
    LeadTouched: {"campaign": ids(), "touched_at": instants()},
    LeadOptedOut: {"opt_out": opt_outs()},
    LeadCorrected: {
        "stated": st.builds(_stated, st.none() | person_names(), _FACTS, _NAMES, instants()),
        "amount": st.none() | moneys(),
    },
    LeadPointsChanged: {"added": _TUPLE_OF_POINTS, "removed": _TUPLE_OF_POINTS},
    LeadTagsChanged: {"added": _WORDS, "removed": _WORDS},
    LeadLinksChanged: {"added": _TUPLE_OF_LINKS, "removed": _TUPLE_OF_LINKS},
    LeadConverted: _LEVEL | {"customer": ids(), "contact": _MAYBE_ID, "opportunity": _MAYBE_ID},
    LeadsMerged: _WHYS
    | {"others": st.lists(merged_leads(), max_size=2).map(tuple), "survivorship": st.none() | survivorships()},
    LeadMergedInto: _WHYS | {"survivor": ids()},
    LeadsUnmerged: _UNDONE | {"others": _WORDS},
    LeadRestored: _UNDONE,
}


# What leads become.


def customer_drafts() -> SearchStrategy[CustomerDraft]:
    """Customers and contacts as conversions leave them, new ones and such as exist.

    .. versionadded:: 0.1.0
    """
    new = st.builds(CustomerDraft, record=records(), is_new=st.just(value=True), **_DRAFTED)
    old = st.builds(CustomerDraft, record=st.none() | records(), is_new=st.just(value=False), **_DRAFTED)
    return named("customer_drafts", new | old)


_DRAFTED: dict[str, SearchStrategy[Any]] = {
    "id": ids(),
    "kind": st.sampled_from(("person", "organization", None)),
    "owner": _MAYBE_ID,
    "level": st.none() | st.sampled_from(_LEVELS),
}


def consent_drafts() -> SearchStrategy[ConsentDraft]:
    """What leads refused, for the consents of their contacts.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        ConsentDraft,
        id=ids(),
        customer=ids(),
        at=instants(),
        status=_STATUSES,
        purpose=words(),
        topic=_TOPICS,
        channel=_CHANNELS,
        point=st.none() | st.just("email:ann@example.com"),
        said_at=instants(),
        lead=ids(),
    )


def moved_links() -> SearchStrategy[MovedLink]:
    """What hung on leads, and where it hangs now.

    .. versionadded:: 0.1.0
    """
    return st.builds(MovedLink, lead_links(), st.sampled_from(("opportunity", "contact", "customer")), ids())


def _told(kind: type[LeadEvent]) -> Callable[[], SearchStrategy[Any]]:
    return lambda: lead_events(kind)


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    CampaignTouch: campaign_touches,
    ConsentDraft: consent_drafts,
    CustomerDraft: customer_drafts,
    Lead: leads,
    LeadLink: lead_links,
    LeadPolicy: lead_policies,
    MergedLead: merged_leads,
    MovedLink: moved_links,
    OptOut: opt_outs,
    **{kind: _told(kind) for kind in _PARTS},
}
"""The strategy of each class of leads that has a stored form."""
