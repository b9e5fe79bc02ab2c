"""The case: one matter of one customer, as a list of dated events, and what they come to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._html import table
from relex._instants import is_before
from relex._trusted import Drafts
from relex.changes import Change, Event
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.rules import FactSchema
from relex.service import _case_edits, _case_merging, _case_messages, _case_moves, _importing, _splitting, _tree
from relex.service._case_events import CaseEscalated, CaseUnmerged
from relex.service._case_facts import SCHEMA, facts_of
from relex.service._case_flow import DEFAULT_FLOW, CaseFlow
from relex.service._case_guards import require_flow
from relex.service._case_histories import require_event, require_fit, require_new_messages
from relex.service._case_moves import Said
from relex.service._case_openings import opening
from relex.service._case_steps import STEPS, begin, live_events
from relex.service._parts import CaseLink, CaseMessage
from relex.service._splitting import SplitCases

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

    from relex.service._escalation_due import DueEscalation
    from relex.service._importing import ImportedCases
    from relex.service._policy_choice import PolicyChoice

__all__ = ["Case", "follow"]


@tagged("service.Case")
@attrs.frozen(init=False, weakref_slot=False)
class Case:
    """One matter of one customer: made by `open`, changed by commands, each of which returns a `Change`.

    It is its history: only the events are stored, and every attribute follows from them. What a case may do follows
    from the kind of its status (`open`, `waiting`, `resolved`, `closed`), never from a name. Clocks, escalations,
    queues and figures are questions asked of its events.
    Commands are refused (`Rejected`) with `out_of_order` for an instant before the last event. A closed case changes
    only by coming back, by notes, by messages, and by taking its merge back: everything else is refused with `closed`.
    A command that would change nothing gives no event, and so does a message that is there already.
    Where a status is looked up, `flow` is the flow of the case; another one is `InvalidValue`.

    Attributes:
        history: Every event, oldest first.
        id: Of the case.
        version: How many events made this state.
        flow: Id of the flow.
        status: Id of the status.
        kind: Of the status: `open`, `waiting`, `resolved` or `closed`.
        waiting_for: Whose move it is, of a waiting one; None of any other.
        ends: How it ended, of a closed one: `closed`, `rejected` or `merged`; None of any other.
        may_reopen: Whether it may come back, of a closed one; None of any other.
        customer: Id of the customer.
        contact: Id of the person who asks.
        channel: How it came in.
        origin: Where it came from.
        source: Id of what it was opened for, such as a signal of a survey.
        subject: For people.
        type: Such as `question` or `fault`.
        product: Id of the product.
        team: Who is responsible.
        owner: Who works on it.
        impact: How much it hurts.
        urgency: How soon it must be done.
        priority: How it ranks.
        priority_source: Why: `explicit`, `matrix`, `type` or `default`.
        entitlement: Id of the entitlement by which its policy was chosen.
        policy: Id of the policy by which its clocks count; None while none was chosen.
        policy_version: Of the policy.
        opened_at: When it began.
        changed_at: When the last event happened.
        status_entered_at: When it came into its status.
        first_replied_at: When a person of ours first wrote.
        last_customer_message_at: When the customer last wrote.
        last_agent_message_at: When a person of ours last wrote.
        resolved_at: When it was resolved, the last time; None unless it still is.
        closed_at: When it was closed; None unless it still is.
        resolution: The code that was given when it was resolved; None unless it still is.
        reopens: How often it came back.
        reassignments: How often somebody got it after the first who did.
        transfers: How often a team got it after the first that did.
        replies: How many messages persons of ours wrote.
        parent: Id of the case above.
        merged_into: Id of the case that goes on in its place.
        follow_up_of: Id of the closed case that this one follows.
        split_from: Id of the case whose messages it took.
        links: What it is about, sorted.
        tags: Sorted words.
        messages: In the order in which they came, without those that went to another case.
        escalations: Each time that somebody was told of a late promise.
        approval: `requested`, `given`, `refused`, or None where nobody asked since it last came back.
        approval_by: Who asked, or who decided.
        was_assigned: Whether anybody ever had it.
        had_team: Whether any team ever had it.
        fact_schema: The facts of every case.

    Example:
        >>> from datetime import datetime, timedelta, timezone
        >>> noon = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)
        >>> case, _ = Case.open("c1", customer="k7", channel="mail", priority="high", at=noon)
        >>> case, events = case.reply("m2", at=noon + timedelta(minutes=30), then="waiting_customer")
        >>> print(case)
        c1: waiting_customer, high
        >>> [type(event).__name__ for event in events]
        ['CaseReplied', 'CaseStatusChanged']

    .. versionadded:: 0.1.0
    """

    history: tuple[Event, ...] = attrs.field(repr=False)
    id: str = attrs.field(init=False, eq=False)
    version: int = attrs.field(init=False, eq=False)
    flow: str = attrs.field(init=False, eq=False)
    status: str = attrs.field(init=False, eq=False)
    kind: str = attrs.field(init=False, eq=False)
    waiting_for: str | None = attrs.field(init=False, eq=False)
    ends: str | None = attrs.field(init=False, eq=False)
    may_reopen: bool | None = attrs.field(init=False, eq=False)
    customer: str | None = attrs.field(init=False, eq=False)
    contact: str | None = attrs.field(init=False, eq=False)
    channel: str | None = attrs.field(init=False, eq=False)
    origin: str | None = attrs.field(init=False, eq=False)
    source: str | None = attrs.field(init=False, eq=False)
    subject: str | None = attrs.field(init=False, eq=False)
    type: str | None = attrs.field(init=False, eq=False, alias="case_type")
    product: str | None = attrs.field(init=False, eq=False)
    team: str | None = attrs.field(init=False, eq=False)
    owner: str | None = attrs.field(init=False, eq=False)
    impact: str | int | None = attrs.field(init=False, eq=False)
    urgency: str | int | None = attrs.field(init=False, eq=False)
    priority: str = attrs.field(init=False, eq=False)
    priority_source: str = attrs.field(init=False, eq=False)
    entitlement: str | None = attrs.field(init=False, eq=False)
    policy: str | None = attrs.field(init=False, eq=False)
    policy_version: int | None = attrs.field(init=False, eq=False)
    opened_at: datetime = attrs.field(init=False, eq=False)
    changed_at: datetime = attrs.field(init=False, eq=False)
    status_entered_at: datetime = attrs.field(init=False, eq=False)
    first_replied_at: datetime | None = attrs.field(init=False, eq=False)
    last_customer_message_at: datetime | None = attrs.field(init=False, eq=False)
    last_agent_message_at: datetime | None = attrs.field(init=False, eq=False)
    resolved_at: datetime | None = attrs.field(init=False, eq=False)
    closed_at: datetime | None = attrs.field(init=False, eq=False)
    resolution: str | None = attrs.field(init=False, eq=False)
    reopens: int = attrs.field(init=False, eq=False)
    reassignments: int = attrs.field(init=False, eq=False)
    transfers: int = attrs.field(init=False, eq=False)
    replies: int = attrs.field(init=False, eq=False)
    parent: str | None = attrs.field(init=False, eq=False)
    merged_into: str | None = attrs.field(init=False, eq=False)
    follow_up_of: str | None = attrs.field(init=False, eq=False)
    split_from: str | None = attrs.field(init=False, eq=False)
    links: tuple[CaseLink, ...] = attrs.field(init=False, eq=False)
    tags: tuple[str, ...] = attrs.field(init=False, eq=False)
    messages: tuple[CaseMessage, ...] = attrs.field(init=False, eq=False)
    escalations: tuple[CaseEscalated, ...] = attrs.field(init=False, eq=False)
    approval: str | None = attrs.field(init=False, eq=False)
    approval_by: str | None = attrs.field(init=False, eq=False)
    was_assigned: bool = attrs.field(init=False, eq=False)
    had_team: bool = attrs.field(init=False, eq=False)

    fact_schema: ClassVar[FactSchema] = SCHEMA

    def __init__(self, history: Iterable[Event]) -> None:
        """Build the case from its events.

        Raises:
            InvalidValue: For no event, one that is none of a case, or what no commands would have told.
            Conflict: For events that do not follow each other.
        """
        events = _checks.items("Case.history", history)
        if not events:
            raise InvalidValue("Case.history", events, "at least one event")
        _told_by(_drafts.begun(self), events)

    @property
    def live_events(self) -> tuple[Event, ...]:
        """The history without each merge that was undone, and without its undoing: what clocks and figures read."""
        return live_events(self.history)

    def as_of(self, at: datetime) -> Case | None:
        """The case as it was: what the events up to this instant come to; None before it was opened.

        Raises:
            InvalidValue: For a naive datetime.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("as_of.at", at)
        if not is_before(at, self.changed_at):
            return self
        known = tuple([event for event in self.history if not is_before(at, event.at)])
        return _folded(known) if known else None

    @staticmethod
    def open(  # noqa: PLR0913 - all that is known at the opening
        id: str,  # noqa: A002 - the field's name everywhere in relex
        *,
        at: datetime,
        flow: CaseFlow = DEFAULT_FLOW,
        status: str | None = None,
        customer: str | None = None,
        contact: str | None = None,
        channel: str | None = None,
        origin: str | None = None,
        source: str | None = None,
        subject: str | None = None,
        type: str | None = None,  # noqa: A002 - the word of the field
        product: str | None = None,
        team: str | None = None,
        owner: str | None = None,
        priority: str | None = None,
        impact: str | int | None = None,
        urgency: str | int | None = None,
        parent: str | None = None,
        follow_up_of: str | None = None,
        split_from: str | None = None,
        links: Iterable[CaseLink] = (),
        tags: Iterable[str] = (),
        messages: Iterable[CaseMessage] = (),
    ) -> Change[Case]:
        """A new case: fresh, or open where somebody has it from the start.

        Args:
            id: Of the case.
            at: When it began.
            flow: Its flow.
            status: Where it begins; by default the status of a case that nobody has touched, or the first other open
                one where there is an `owner`.
            customer: Id of the customer; None is nobody who is known yet.
            contact: Id of the person who asks.
            channel: How it came in, such as `mail` or `phone`.
            origin: Where it came from, such as `form` or `survey`.
            source: Id of what it is opened for, such as a signal of a survey. A case for each is kept by asking the
                repository for one of this source first.
            subject: For people.
            type: Such as `question` or `fault`; one of the flow's types where it lists any.
            product: Id of the product.
            team: Who is responsible.
            owner: Who works on it.
            priority: How it ranks; by default by impact and urgency, by type, or as the flow says.
            impact: How much it hurts.
            urgency: How soon it must be done.
            parent: Id of the case above.
            follow_up_of: Id of the closed case that this one follows.
            split_from: Id of the case whose messages it takes.
            links: What it is about.
            tags: Words.
            messages: With which it begins; they may be older than the case.

        Raises:
            InvalidValue: For a wrong type, a naive datetime, an impact or urgency that the flow does not know.
            Rejected: `unknown_priority` and `unknown_type` with those that there are, `unknown_status`, `out_of_order`
                for a message after the opening.

        .. versionadded:: 0.1.0
        """
        texts = {
            "customer": customer,
            "contact": contact,
            "channel": channel,
            "origin": origin,
            "came_from": source,
            "subject": subject,
            "product": product,
            "team": team,
            "owner": owner,
            "parent": parent,
            "follow_up_of": follow_up_of,
            "split_from": split_from,
        }
        event = opening(
            id,
            flow,
            at,
            status,
            texts,
            type_=type,
            priority=priority,
            impact=impact,
            urgency=urgency,
            links=links,
            tags=tags,
            messages=messages,
        )
        return Change(_begun(event), (event,))

    def receive(
        self,
        message: str,
        *,
        at: datetime,
        flow: CaseFlow = DEFAULT_FLOW,
        by: str | None = None,
        internal: bool = False,
        automatic: bool = False,
        goes_to: str | None = None,
    ) -> Change[Case]:
        """The customer writes: a waiting case is open again, a resolved one comes back, a closed one if it still may.

        To a closed case that may not come back any more the message is kept, and its event says `follow_up`: a new case
        should follow. To a merged one it says `goes_to`. An internal message (a colleague's) and an automatic one (an
        absence notice) are kept, and move nothing.

        Args:
            message: Its id; one that is there already gives no event.
            at: When.
            flow: The flow of the case.
            by: Who wrote it.
            internal: Whether a colleague did.
            automatic: Whether a machine did.
            goes_to: Where its chain of merges ends, as `redirect` tells; by default the case that it was merged into.

        Raises:
            InvalidValue: For another case as `goes_to` of one that stands alone.
            Conflict: For another message of an id that is there already.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        found = CaseMessage(message, at, direction="in", internal=internal, automatic=automatic, by=by)
        return _changed(self, _case_messages.received(self, found, flow, goes_to))

    def reply(
        self,
        message: str,
        *,
        at: datetime,
        flow: CaseFlow = DEFAULT_FLOW,
        by: str | None = None,
        automatic: bool = False,
        then: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Change[Case]:
        """We write to the customer; an open case may move on with it.

        Args:
            message: Its id; one that is there already gives no event.
            at: When.
            flow: The flow of the case.
            by: Who wrote it.
            automatic: Whether a machine did: it is then no response, and touches no fresh case.
            then: Where an open case goes, such as `waiting_customer`; a case that is not open stays where it is.
            facts: The application's own facts, for what the flow requires.

        Raises:
            Conflict: For another message of an id that is there already.
            Rejected: `out_of_order`, `unknown_status`, `move_not_allowed`, `requirement_unmet`.

        .. versionadded:: 0.1.0
        """
        found = CaseMessage(message, at, direction="out", automatic=automatic, by=by)
        return _changed(self, _case_messages.replied(self, found, flow, then, facts))

    def note(self, text: str, *, at: datetime, by: str | None = None) -> Change[Case]:
        """Write something down for colleagues; a closed case takes notes too.

        Raises:
            InvalidValue: For an empty text.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_messages.noted(self, text, by, at))

    def hold(
        self,
        status: str | None = None,
        *,
        at: datetime,
        flow: CaseFlow = DEFAULT_FLOW,
        reason: str | None = None,
        note: str | None = None,
        by: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Change[Case]:
        """Wait for somebody else, or for somebody else than before.

        Args:
            status: A waiting status; by default the first, and none of a case that waits already.
            at: When.
            flow: The flow of the case.
            reason: Why.
            note: More about it; the fact `comment`.
            by: Who says so; the fact `actor`.
            facts: The application's own facts, for what the flow requires.

        Raises:
            Rejected: `not_open` for a resolved case, `closed`, `unknown_status`, `move_not_allowed`,
                `requirement_unmet`, `out_of_order`.
            NotFound: When no status is named and the flow has no waiting one.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_moves.held(self, status, flow, at, Said(reason, note, None, by, facts)))

    def resume(
        self,
        status: str | None = None,
        *,
        at: datetime,
        flow: CaseFlow = DEFAULT_FLOW,
        reason: str | None = None,
        note: str | None = None,
        by: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Change[Case]:
        """Wait no more.

        Args:
            status: An open status; by default the first that is not fresh.
            at: When.
            flow: The flow of the case.
            reason: Why.
            note: More about it; the fact `comment`.
            by: Who says so; the fact `actor`.
            facts: The application's own facts, for what the flow requires.

        Raises:
            Rejected: `not_waiting`, `closed`, `unknown_status`, `move_not_allowed`, `requirement_unmet`,
                `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_moves.resumed(self, status, flow, at, Said(reason, note, None, by, facts)))

    def move_to(
        self,
        status: str,
        *,
        at: datetime,
        flow: CaseFlow = DEFAULT_FLOW,
        reason: str | None = None,
        note: str | None = None,
        code: str | None = None,
        by: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Change[Case]:
        """Go to another status, by the command that leads there: resolve, close, reject, reopen, or a plain move.

        Args:
            status: Any but a fresh one and one of merged cases.
            at: When.
            flow: The flow of the case.
            reason: Why.
            note: More about it; the fact `comment`.
            code: How it was solved.
            by: Who says so; the fact `actor`.
            facts: The application's own facts, for what the flow requires.

        Raises:
            Rejected: As the command that it is, and `unknown_status`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_moves.moved(self, status, flow, at, Said(reason, note, code, by, facts)))

    def resolve(
        self,
        code: str | None = None,
        *,
        at: datetime,
        flow: CaseFlow = DEFAULT_FLOW,
        status: str | None = None,
        note: str | None = None,
        by: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Change[Case]:
        """Say that it is done; no event when that was said already.

        Args:
            code: How it was solved.
            at: When.
            flow: The flow of the case.
            status: A resolved status; by default the first.
            note: More about it; the fact `comment`.
            by: Who says so; the fact `actor`.
            facts: The application's own facts, for what the flow requires.

        Raises:
            Rejected: `closed`, `unknown_status`, `move_not_allowed`, `requirement_unmet`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_moves.resolved(self, status, flow, at, Said(None, note, code, by, facts)))

    def close(  # noqa: PLR0913 - all that may be said of an end
        self,
        *,
        at: datetime,
        flow: CaseFlow = DEFAULT_FLOW,
        status: str | None = None,
        reason: str | None = None,
        note: str | None = None,
        code: str | None = None,
        automatic: bool = False,
        by: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Change[Case]:
        """Close it; a case that was not resolved is resolved at the same instant. No event when it is closed already.

        Args:
            at: When.
            flow: The flow of the case.
            status: A closed status that is neither for rejected nor for merged cases; by default the first.
            reason: Why.
            note: More about it; the fact `comment`.
            code: How it was solved, of one that was not resolved before.
            automatic: Whether nobody did it, because it had been silent for long enough.
            by: Who says so; the fact `actor`.
            facts: The application's own facts, for what the flow requires.

        Raises:
            Rejected: `unknown_status`, `move_not_allowed`, `requirement_unmet`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        said = Said(reason, note, code, by, facts)
        return _changed(self, _case_moves.closed(self, status, flow, at, said, automatic=automatic))

    def reject(
        self,
        reason: str | None = None,
        *,
        at: datetime,
        flow: CaseFlow = DEFAULT_FLOW,
        status: str | None = None,
        note: str | None = None,
        by: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Change[Case]:
        """Say that it is none of ours, such as spam; it never comes back. No event when that was said already.

        Args:
            reason: Why.
            at: When.
            flow: The flow of the case.
            status: A closed status for rejected cases; by default the first.
            note: The fact `comment`, for what the flow requires.
            by: Who says so; the fact `actor`.
            facts: The application's own facts, for what the flow requires.

        Raises:
            Rejected: `closed`, `unknown_status`, `move_not_allowed`, `requirement_unmet`, `out_of_order`.
            NotFound: When the flow has no status for rejected cases.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_moves.rejected(self, status, flow, at, Said(reason, note, None, by, facts)))

    def reopen(
        self,
        reason: str | None = None,
        *,
        at: datetime,
        flow: CaseFlow = DEFAULT_FLOW,
        status: str | None = None,
        note: str | None = None,
        by: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Change[Case]:
        """Take up again what was resolved, or closed in a status that may reopen; by us, at any time.

        Args:
            reason: Why.
            at: When.
            flow: The flow of the case.
            status: An open or waiting status; by default the one of the flow's `ReopenPolicy`, or where no move leads
                there, the first to which the case may go.
            note: The fact `comment`, for what the flow requires.
            by: Who says so; the fact `actor`.
            facts: The application's own facts, for what the flow requires.

        Raises:
            Rejected: `not_resolved`, `never_reopens`, `unknown_status`, `move_not_allowed`, `requirement_unmet`,
                `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_moves.reopened(self, status, flow, at, Said(reason, note, None, by, facts)))

    def assign(
        self,
        owner: str | None,
        *,
        at: datetime,
        note: str | None = None,
        facts: Mapping[str, Any] | None = None,
        flow: CaseFlow = DEFAULT_FLOW,
    ) -> Change[Case]:
        """Somebody else works on it, or nobody; the first who gets a fresh case has touched it.

        Args:
            owner: Who works on it from now on.
            at: When.
            note: Why; what the flow requires for `assign` may ask for it as `comment`, of all but the first assignment.
            facts: The application's own facts, for what is required.
            flow: The flow of the case.

        Raises:
            InvalidValue: For an empty id.
            Rejected: `requirement_unmet`, `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.assigned(self, owner, flow, at, note, facts))

    def transfer(self, team: str | None, *, at: datetime, keep_owner: bool = False) -> Change[Case]:
        """Another team is responsible; nobody in it has the case yet, unless the owner keeps it.

        Raises:
            InvalidValue: For an empty id.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.transferred(self, team, at, keep_owner=keep_owner))

    def set_priority(self, priority: str | None, *, at: datetime, flow: CaseFlow = DEFAULT_FLOW) -> Change[Case]:
        """Say how it ranks; None leaves it to impact and urgency, to the type, or to the flow.

        Raises:
            Rejected: `unknown_priority` with those that there are, `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.prioritized(self, priority, flow, at))

    def set_impact(
        self, impact: str | int | None, urgency: str | int | None, *, at: datetime, flow: CaseFlow = DEFAULT_FLOW
    ) -> Change[Case]:
        """Say how much it hurts and how soon it must be done; it ranks by that unless somebody said how.

        Raises:
            InvalidValue: For an impact or urgency that the flow's matrix does not have.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.impact_set(self, impact, urgency, flow, at))

    def set_type(
        self,
        type: str | None,  # noqa: A002 - the word of the field
        *,
        at: datetime,
        flow: CaseFlow = DEFAULT_FLOW,
    ) -> Change[Case]:
        """It is a matter of another type; it ranks by that unless somebody said how.

        Raises:
            Rejected: `unknown_type` with those that there are, `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.type_set(self, type, flow, at))

    def set_customer(self, customer: str | None, contact: str | None = None, *, at: datetime) -> Change[Case]:
        """It is a matter of another customer, or of another person there; None is nobody who is known.

        Raises:
            InvalidValue: For an empty id.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.customer_set(self, customer, contact, at))

    def rename(self, subject: str | None, *, at: datetime) -> Change[Case]:
        """Another subject.

        Raises:
            InvalidValue: For an empty text.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.renamed(self, subject, at))

    def tag(self, *tags: str, at: datetime) -> Change[Case]:
        """More tags.

        Raises:
            InvalidValue: For an empty tag.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.tagged_with("tag", self, tags, at, there=False))

    def untag(self, *tags: str, at: datetime) -> Change[Case]:
        """Fewer tags.

        Raises:
            InvalidValue: For an empty tag.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.tagged_with("untag", self, tags, at, there=True))

    def link(self, kind: str, id: str, *, at: datetime) -> Change[Case]:  # noqa: A002 - as everywhere in relex
        """It is about something more, such as a purchase, a product, an interaction or another case.

        Raises:
            InvalidValue: For an empty kind or id.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.linked("link", self, kind, id, at, there=False))

    def unlink(self, kind: str, id: str, *, at: datetime) -> Change[Case]:  # noqa: A002 - as everywhere in relex
        """It is not about something any more.

        Raises:
            InvalidValue: For an empty kind or id.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.linked("unlink", self, kind, id, at, there=True))

    def choose_policy(self, choice: PolicyChoice, *, at: datetime) -> Change[Case]:
        """Keep by which policy its clocks count; it stays in that version until another choice is kept.

        Raises:
            InvalidValue: For anything but a `PolicyChoice`.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.chosen(self, choice, at))

    def escalate(self, due: DueEscalation, *, at: datetime) -> Change[Case]:
        """Keep that somebody was told of a late promise; the caller tells them, and assigns the case.

        Once for each occurrence of a milestone, unless the escalation is due again. Of a resolved or closed case it
        gives no event.

        Raises:
            InvalidValue: For an escalation of another case.
            Rejected: `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.escalated(self, due, at))

    def request_approval(self, by: str, *, at: datetime, subject: str | None = None) -> Change[Case]:
        """Ask for leave, such as to close the case or to pay; it lapses when the case comes back.

        Raises:
            InvalidValue: For an empty id.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.asked_approval(self, by, subject, at))

    def approve(self, by: str, *, at: datetime, note: str | None = None) -> Change[Case]:
        """Give leave.

        Raises:
            InvalidValue: For an empty id.
            Rejected: `not_requested`, `own_approval` by whoever asked, `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.decided("approve", self, by, note, at, approved=True))

    def refuse_approval(self, by: str, *, at: datetime, note: str | None = None) -> Change[Case]:
        """Give no leave.

        Raises:
            InvalidValue: For an empty id.
            Rejected: `not_requested`, `own_approval` by whoever asked, `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_edits.decided("refuse_approval", self, by, note, at, approved=False))

    def merge_into(self, target: Case, *, at: datetime, flow: CaseFlow = DEFAULT_FLOW) -> Change[Case]:
        """It is the same matter as another case, which goes on in its place; the clocks of this one are canceled.

        The target is not changed: `thread` lists what was written in both. The same target again gives no event.

        Args:
            target: The other case, in any status but merged.
            at: When.
            flow: The flow of the case, which has a status that `ends="merged"`.

        Raises:
            InvalidValue: For what is no case.
            NotFound: For a flow without such a status.
            Rejected: `bad_target` (itself, or one that was merged: `why`), `already_merged` into another one, `closed`,
                `out_of_order`.

        .. versionadded:: 0.1.0
        """
        _STATE.require("merge_into.target", target)
        return _changed(self, _case_merging.merged(self, target, flow, at))

    def unmerge(self, *, at: datetime) -> Change[Case]:
        """The merge was a mistake: status and clocks are as if there had been none; no message is lost.

        Raises:
            Rejected: `not_merged`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        return _changed(self, _case_merging.unmerged(self, at))

    def split(
        self,
        messages: Iterable[str],
        id: str,  # noqa: A002 - as everywhere in relex
        *,
        at: datetime,
        flow: CaseFlow = DEFAULT_FLOW,
        subject: str | None = None,
    ) -> SplitCases:
        """Some of the messages are another matter: they leave this case and open a new one, with their own times.

        The new case begins at the instant of the split, is of the same customer, contact, channel, type, product and
        team, and has a link to this one; nobody works on it yet. Save both changes together.

        Args:
            messages: Ids of messages of the case, each once; one at least must stay.
            id: Of the new case.
            at: When.
            flow: The flow of both.
            subject: Of the new case.

        Raises:
            InvalidValue: For no message, or one that is named twice, or the id of the case itself.
            Rejected: `unknown_message` with those that there are, `all_messages`, `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        require_flow("split", self, flow)
        event = _splitting.split_off(self, messages, id, at)
        new = Case.open(id, at=at, flow=flow, subject=subject, **_splitting.handed_on(self, event))
        return SplitCases(_changed(self, (event,)), new)

    def set_parent(
        self, parent: Case | None, family: Iterable[Case] = (), *, at: datetime, flow: CaseFlow = DEFAULT_FLOW
    ) -> Change[Case]:
        """It is a part of another case, or of none.

        Args:
            parent: The case above.
            family: Every case above the parent, and every case below this one, in any order; others do no harm.
            at: When.
            flow: The flow of the case, which says how deep a tree may be.

        Raises:
            InvalidValue: For what is no case, or a case above the parent that is not in the family.
            Rejected: `bad_parent`, with `why`: `itself`, `cycle`, `merged` (a case above was merged into another one)
                or `too_deep`; `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        if parent is not None:
            _STATE.require("set_parent.parent", parent)
        known = _checks.items("set_parent.family", family)
        _STATES.require("set_parent.family", known)
        return _changed(self, _tree.parented(self, parent, known, flow, at))

    @staticmethod
    def from_snapshots(
        rows: Iterable[Mapping[str, Any]],
        flow: CaseFlow = DEFAULT_FLOW,
        *,
        columns: Mapping[str, Any] | None = None,
        aliases: Mapping[str, Mapping[Any, Any]] | None = None,
        formats: Iterable[str] = (),
        tz: tzinfo | None = None,
    ) -> ImportedCases:
        """The cases of a log each of whose rows repeats the whole record; an export with one row for a case is one.

        A row is a mapping of texts, as a reader of CSV gives them, or of values. It states `id`, `at` (when it was so),
        `status` (by id or by name) and `opened_at`; also `first_replied_at`, `resolved_at`, `closed_at`, `merged_into`,
        `code` (of the resolution), `customer`, `contact`, `channel`, `origin`, `source`, `subject`, `type`, `product`,
        `team`, `owner`, `impact`, `urgency`, `priority`, `parent` and `tags`. The rows of one case are in their order
        in time; what changed between two of them becomes events, and nobody asks whether the flow allows them, for they
        have happened. A blank cell states nothing; that of `team`, `owner` or `tags` says that there is none any more.

        Without `at`, the first row of a case is as of the last instant that it states. Where no column tells the
        status, a case is closed that has `closed_at`, resolved that has `resolved_at`, else new.

        Args:
            rows: Those of one case in their order in time.
            flow: Whose statuses, priorities and types the rows name.
            columns: The column of each field; by default columns are called as the fields are.
            aliases: By field, what a cell means that says something else, such as the old name of a status; None means
                that it says nothing.
            formats: How instants are written, such as `%d/%m/%Y %H:%M`; by default as ISO 8601 says.
            tz: Whose clock a date, or a time without a zone, is of; without it only instants with a zone are read.

        Returns:
            The cases, and what could not be used. A row is refused as `missing` (no id, no instant, no status),
            `invalid_value`, `unknown_status`, `out_of_order` (it is older than the one before), `resolved`, `closed`
            or `never_reopens` (no case goes from there to its status); the others of its case count. What else cannot
            be read or is not known, such as a priority or a type, is set aside, and the case is read without it.

        Raises:
            InvalidValue: For an argument of a wrong type, an unknown field, or a format that cannot be read.

        Example:
            >>> log = Case.from_snapshots([
            ...     {"id": "7", "at": "2026-05-04T09:00Z", "status": "new", "priority": "high"},
            ...     {"id": "7", "at": "2026-05-04T10:00Z", "status": "open", "owner": "ann", "priority": "super"},
            ...     {"id": "7", "at": "2026-05-04T12:00Z", "status": "resolved", "owner": "ann"},
            ... ])
            >>> print(log)
            3 rows: 1 cases, 0 rows refused, 1 values set aside
            >>> [type(event).__name__ for event in log.cases[0].history]
            ['CaseOpened', 'CaseOwnerChanged', 'CaseStatusChanged', 'CaseResolved']

        .. versionadded:: 0.1.0
        """
        return _importing.all_cases(Case, "from_snapshots", rows, flow, columns, aliases, formats, tz)

    @staticmethod
    def from_log(
        rows: Iterable[Mapping[str, Any]],
        flow: CaseFlow = DEFAULT_FLOW,
        *,
        columns: Mapping[str, Any] | None = None,
        aliases: Mapping[str, Mapping[Any, Any]] | None = None,
        formats: Iterable[str] = (),
        tz: tzinfo | None = None,
    ) -> ImportedCases:
        """The cases of a log each of whose rows tells one event.

        A row states `id`, `at` and `event`: `opened`, `received`, `replied`, `noted`, `resolved`, `closed`, `rejected`,
        `merged` or `reopened`, or the field that has another `value` from then on, such as `owner` or `status`; without
        a value it has none. An alias of an event may be a pair of both: `{"event": {"Wait": ("status", "held")}}`.
        `value` is the code of a resolution, the target of a merge, or the text of a note; a row also states `message`
        (the id of what was written), `text`, `by` and every field of `from_snapshots`, in which a blank cell says
        nothing. The first row of a case opens it, whatever it tells.

        Args:
            rows: Those of one case in their order in time.
            flow: As for `from_snapshots`.
            columns: As for `from_snapshots`.
            aliases: As for `from_snapshots`.
            formats: As for `from_snapshots`.
            tz: As for `from_snapshots`.

        Returns:
            The cases, and what could not be used, as `from_snapshots` says; a row is also refused as `unknown_event`,
            `already_opened` or `not_resolved`.

        Raises:
            InvalidValue: As `from_snapshots` does.

        Example:
            >>> log = Case.from_log([
            ...     {"id": "7", "at": "2026-05-04T09:00Z", "event": "opened", "value": None},
            ...     {"id": "7", "at": "2026-05-04T09:20Z", "event": "owner", "value": "ann"},
            ...     {"id": "7", "at": "2026-05-04T09:30Z", "event": "replied", "value": "m1"},
            ...     {"id": "7", "at": "2026-05-04T12:00Z", "event": "resolved", "value": "fixed"},
            ... ])
            >>> log.cases[0].resolution, log.cases[0].first_replied_at.isoformat()
            ('fixed', '2026-05-04T09:30:00+00:00')

        .. versionadded:: 0.1.0
        """
        return _importing.all_cases(Case, "from_log", rows, flow, columns, aliases, formats, tz)

    @staticmethod
    def evolve(state: Case | None, event: Event) -> Case:
        """The state after an event.

        Raises:
            Conflict: For an event of another case, or one that is not the next.
            InvalidValue: For anything but the opening first, and for what no command would tell of such a case: an edit
                of one that is closed, a value before that is not the case's, a message that is there already.
        """
        if state is None:
            require_event(None, event)
            return _begun(event)
        _STATE.require("Case.evolve.state", state)
        require_event(state, event)
        require_fit(state, event)
        require_new_messages((*state.history, event))
        return _after(state, (event,))

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names."""
        return facts_of(self)

    def __str__(self) -> str:
        named = self.id if self.subject is None else f"{self.id} ({self.subject})"
        return f"{named}: {self.status}, {self.priority}" + (f", {self.owner}" if self.owner is not None else "")

    def _repr_html_(self) -> str:
        known = [(name.replace("_", " "), getattr(self, name)) for name in _SHOWN]
        return table(f"Case {self.id}", ("", ""), [(name, value) for name, value in known if value is not None])


_STATE = _checks.a(Case)
_STATES = _checks.each(_STATE)
_drafts = Drafts(Case)
_SHOWN = (
    "subject",
    "customer",
    "contact",
    "channel",
    "type",
    "product",
    "status",
    "kind",
    "waiting_for",
    "priority",
    "team",
    "owner",
    "policy",
    "opened_at",
    "first_replied_at",
    "resolved_at",
    "closed_at",
    "resolution",
    "parent",
    "merged_into",
)


def _begun(event: Any) -> Case:
    draft = _drafts.new()
    begin(draft, event)
    return _done(draft, (event,))


def _done(draft: Any, history: tuple[Event, ...]) -> Case:
    last = history[-1]
    draft.history, draft.version, draft.changed_at = history, last.version, last.at
    return _drafts.done(draft)


def _changed(case: Case, events: tuple[Event, ...]) -> Change[Case]:
    """What a command gives that decided these events, or none."""
    return Change(_after(case, events), events) if events else Change(case, ())


def _after(case: Case, events: tuple[Event, ...]) -> Case:
    history = case.history + events
    draft = _drafts.of(case)
    for event in events:
        if event.__class__ is CaseUnmerged:
            return _folded(history)
        STEPS[event.__class__](draft, event)
    return _done(draft, history)


def follow(case: Case | None, events: tuple[Event, ...]) -> Case:
    """The case after more of its events, none of which is checked again; None before the opening."""
    return _folded(events) if case is None else _after(case, events)


def _folded(history: tuple[Event, ...]) -> Case:
    """The state of events that fit each other, without what was undone."""
    return _done(_draft_of(live_events(history)), history)


def _draft_of(events: tuple[Any, ...]) -> Any:
    draft = _drafts.new()
    begin(draft, events[0])
    for event in events[1:]:
        STEPS[event.__class__](draft, event)
    return draft


def _told_by(draft: Any, history: tuple[Any, ...]) -> None:
    """Fill a case with the state of events that come from elsewhere."""
    first = before = history[0]
    require_event(None, first)
    begin(draft, first)
    for place, event in enumerate(history[1:], 1):
        require_event(before, event)
        if event.__class__ is CaseUnmerged:
            _undo(draft, history[: place + 1])
        else:
            require_fit(draft, event)
            STEPS[event.__class__](draft, event)
        before = event
    require_new_messages(history)
    _done(draft, history)


def _undo(draft: Any, history: tuple[Any, ...]) -> None:
    """Turn a draft into that of a history which ends by taking a merge back."""
    draft.history = history[:-1]
    require_fit(draft, history[-1])
    found = _draft_of(live_events(history))
    for name in _FOLDED:
        setattr(draft, name, getattr(found, name))


_FOLDED = [field.name for field in attrs.fields(Case) if field.name not in {"history", "version", "changed_at"}]
