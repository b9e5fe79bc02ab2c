"""What happens to a case, as facts that do not change.

Every event that brings a case into a status carries what the status said at that instant, so that a flow which is
changed later rewrites no history. Clocks, figures and backlogs are questions that are asked of these events.
"""

from __future__ import annotations

import attrs

from relex import _checks
from relex.changes import Event
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.service._parts import (
    GRADE_OR_NONE,
    LINKS,
    MESSAGES,
    OCCURRENCES,
    TAGS,
    CaseLink,
    CaseMessage,
    EscalatedOccurrence,
)

__all__ = [
    "CaseApprovalGiven",
    "CaseApprovalRequested",
    "CaseClosed",
    "CaseCustomerChanged",
    "CaseEscalated",
    "CaseImpactChanged",
    "CaseLinked",
    "CaseMerged",
    "CaseMessageReceived",
    "CaseNoted",
    "CaseOpened",
    "CaseOwnerChanged",
    "CaseParentChanged",
    "CasePolicyChosen",
    "CasePriorityChanged",
    "CaseRejected",
    "CaseRenamed",
    "CaseReopened",
    "CaseReplied",
    "CaseResolved",
    "CaseSplit",
    "CaseStatusChanged",
    "CaseTagsChanged",
    "CaseTeamChanged",
    "CaseTypeChanged",
    "CaseUnlinked",
    "CaseUnmerged",
    "StatusEntry",
]

_KINDS = ("open", "waiting", "resolved", "closed")
_ENDS = ("closed", "rejected", "merged")
_SOURCES = ("explicit", "matrix", "type", "default")
_WHYS = ("entitlement", "rule", "default")
_ESCALATED_ON = ("overdue", "missed", "warning")

_TEXT_OR_NONE = _checks.optional(_checks.text)
_TEXTS = _checks.each(_checks.text)
_ENDS_OR_NONE = _checks.optional(_checks.one_of(*_ENDS))
_FLAG_OR_NONE = _checks.optional(_checks.flag)
_SOURCE = _checks.one_of(*_SOURCES)


@attrs.frozen(kw_only=True, weakref_slot=False)
class StatusEntry(Event):
    """A case came into a status: what all such events have in common.

    Attributes:
        flow: Id of the flow.
        flow_version: Of its definition at that instant.
        from_: The status before; None at the opening.
        to: The status.
        kind: Of the status: `open`, `waiting`, `resolved` or `closed`.
        waiting_for: Whose move it is, of a waiting status; None of any other.
        ends: How it ends a case, of a closed status: `closed`, `rejected` or `merged`; None of any other.
        reopens: Whether a case may come back from it, of a closed status; None of any other.

    .. versionadded:: 0.1.0
    """

    flow: str = attrs.field(validator=_checks.text)
    flow_version: int = attrs.field(default=1, validator=_checks.whole(least=1))
    from_: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    to: str = attrs.field(validator=_checks.text)
    kind: str = attrs.field(default="open", validator=_checks.one_of(*_KINDS))
    waiting_for: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    ends: str | None = attrs.field(default=None, validator=_ENDS_OR_NONE)
    reopens: bool | None = attrs.field(default=None, validator=_FLAG_OR_NONE)

    def __attrs_post_init__(self) -> None:
        """Check that each kind of status says what it must, and no more."""
        name = type(self).__name__
        if (self.waiting_for is not None) != (self.kind == "waiting"):
            raise InvalidValue(f"{name}.waiting_for", self.waiting_for, "a word of a waiting status, else None")
        is_closed = self.kind == "closed"
        if (self.ends is not None) != is_closed:
            raise InvalidValue(f"{name}.ends", self.ends, f"one of {', '.join(_ENDS)} of a closed status, else None")
        if (self.reopens is not None) != is_closed:
            raise InvalidValue(f"{name}.reopens", self.reopens, "True or False of a closed status, else None")
        if self.reopens and self.ends != "closed":
            raise InvalidValue(f"{name}.reopens", self.reopens, "False, of what is rejected or merged")


@tagged("service.CaseOpened")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseOpened(StatusEntry):
    """A case began.

    Attributes:
        customer: Id of the customer, or None of one whom nobody knows yet.
        contact: Id of the person who asks.
        channel: How it came in, such as `mail` or `phone`.
        origin: Where it came from, such as `form` or `survey`.
        came_from: Id of what it was opened for, such as a signal of a survey: one case for each.
        subject: For people.
        type: Such as `question` or `fault`; stored, and given, as `case_type`.
        product: Id of the product.
        team: Who is responsible.
        owner: Who works on it.
        impact: How much it hurts.
        urgency: How soon it must be done.
        priority: How it ranks.
        priority_source: Why: `explicit`, `matrix`, `type` or `default`.
        parent: Id of the case above.
        follow_up_of: Id of the closed case that this one follows.
        split_from: Id of the case whose messages it took.
        links: What it is about, sorted.
        tags: Sorted words.
        messages: With which it begins, with their own instants.

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(default="open", validator=_checks.one_of("open", "waiting"))
    customer: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    contact: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    channel: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    origin: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    came_from: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    subject: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    type: str | None = attrs.field(default=None, alias="case_type", validator=_TEXT_OR_NONE)
    product: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    team: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    owner: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    impact: str | int | None = attrs.field(default=None, validator=GRADE_OR_NONE)
    urgency: str | int | None = attrs.field(default=None, validator=GRADE_OR_NONE)
    priority: str = attrs.field(validator=_checks.text)
    priority_source: str = attrs.field(default="default", validator=_SOURCE)
    parent: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    follow_up_of: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    split_from: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    links: tuple[CaseLink, ...] = attrs.field(default=(), validator=LINKS)
    tags: tuple[str, ...] = attrs.field(default=(), validator=TAGS)
    messages: tuple[CaseMessage, ...] = attrs.field(default=(), validator=MESSAGES)


@tagged("service.CaseStatusChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseStatusChanged(StatusEntry):
    """A case moved between open and waiting statuses: it was held, resumed, taken up or moved on.

    Attributes:
        reason: Why.
        note: More about it.

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(default="open", validator=_checks.one_of("open", "waiting"))
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    note: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("service.CaseResolved")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseResolved(StatusEntry):
    """We think it is done.

    Attributes:
        code: How it was solved.
        note: More about it.

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(default="resolved", validator=_checks.one_of("resolved"))
    code: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    note: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("service.CaseClosed")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseClosed(StatusEntry):
    """A case was closed.

    The command that closes a case which is not resolved tells of a `CaseResolved` first, at the same instant; a history
    from elsewhere may do without, and the case is then one that was never resolved.

    Attributes:
        reason: Why.
        note: More about it.
        automatic: Whether nobody did it, because it had been silent for long enough.

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(default="closed", validator=_checks.one_of("closed"))
    ends: str | None = attrs.field(default="closed", validator=_checks.one_of("closed"))
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    note: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    automatic: bool = attrs.field(default=False, validator=_checks.flag)


@tagged("service.CaseRejected")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseRejected(StatusEntry):
    """A case was none of ours, or none at all; it never comes back, and its clocks are canceled.

    Attributes:
        reason: Why.

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(default="closed", validator=_checks.one_of("closed"))
    ends: str | None = attrs.field(default="rejected", validator=_checks.one_of("rejected"))
    reopens: bool | None = attrs.field(default=False, validator=_FLAG_OR_NONE)
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("service.CaseReopened")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseReopened(StatusEntry):
    """A case that was resolved or closed goes on.

    Attributes:
        reason: Why.
        by: `customer` when a message of theirs brought it back, else `agent`.

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(default="open", validator=_checks.one_of("open", "waiting"))
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    by: str = attrs.field(default="agent", validator=_checks.one_of("customer", "agent"))


@tagged("service.CaseMerged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseMerged(StatusEntry):
    """A case turned out to be another one, which goes on in its place; its clocks are canceled.

    Attributes:
        into: Id of the other case.

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(default="closed", validator=_checks.one_of("closed"))
    ends: str | None = attrs.field(default="merged", validator=_checks.one_of("merged"))
    reopens: bool | None = attrs.field(default=False, validator=_FLAG_OR_NONE)
    into: str = attrs.field(validator=_checks.text)


@tagged("service.CaseUnmerged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseUnmerged(StatusEntry):
    """The last merge was a mistake: the case stands alone again, as it was before.

    .. versionadded:: 0.1.0
    """


@tagged("service.CaseMessageReceived")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseMessageReceived(Event):
    """The customer wrote, or somebody on their behalf.

    Attributes:
        message: What came in.
        follow_up: Whether the case stays closed because it may not come back any more: a new case should follow it.
        goes_to: Id of the case that this one was merged into; None of one that stands alone.

    .. versionadded:: 0.1.0
    """

    message: CaseMessage = attrs.field(validator=_checks.a(CaseMessage))
    follow_up: bool = attrs.field(default=False, validator=_checks.flag)
    goes_to: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    def __attrs_post_init__(self) -> None:
        """Check that the message came in."""
        _require_direction(self.message, "in", "CaseMessageReceived")


@tagged("service.CaseReplied")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseReplied(Event):
    """We wrote to the customer.

    Attributes:
        message: What went out.

    .. versionadded:: 0.1.0
    """

    message: CaseMessage = attrs.field(validator=_checks.a(CaseMessage))

    def __attrs_post_init__(self) -> None:
        """Check that the message went out."""
        _require_direction(self.message, "out", "CaseReplied")


@tagged("service.CaseNoted")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseNoted(Event):
    """Somebody wrote a note, for colleagues.

    Attributes:
        text: The note.
        by: Who wrote it.

    .. versionadded:: 0.1.0
    """

    text: str = attrs.field(validator=_checks.text)
    by: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("service.CaseSplit")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseSplit(Event):
    """Some messages went to a new case.

    Attributes:
        into: Id of the new case.
        messages: Their ids.

    .. versionadded:: 0.1.0
    """

    into: str = attrs.field(validator=_checks.text)
    messages: tuple[str, ...] = attrs.field(validator=_TEXTS)


@tagged("service.CaseOwnerChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseOwnerChanged(Event):
    """Somebody else works on it, or nobody.

    Attributes:
        from_: Who did.
        to: Who does.
        note: Why.

    .. versionadded:: 0.1.0
    """

    from_: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    to: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    note: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("service.CaseTeamChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseTeamChanged(Event):
    """Another team is responsible, or none.

    Attributes:
        from_: The team before.
        to: The team.

    .. versionadded:: 0.1.0
    """

    from_: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    to: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("service.CasePriorityChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CasePriorityChanged(Event):
    """It ranks otherwise, or for another reason.

    Attributes:
        from_: The priority before.
        to: The priority.
        priority_source: Why: `explicit`, `matrix`, `type` or `default`.

    .. versionadded:: 0.1.0
    """

    from_: str = attrs.field(validator=_checks.text)
    to: str = attrs.field(validator=_checks.text)
    priority_source: str = attrs.field(default="explicit", validator=_SOURCE)


@tagged("service.CaseTypeChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseTypeChanged(Event):
    """It is a matter of another type.

    Attributes:
        from_: The type before.
        to: The type.

    .. versionadded:: 0.1.0
    """

    from_: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    to: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("service.CaseImpactChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseImpactChanged(Event):
    """It hurts more or less, or is wanted sooner or later.

    Attributes:
        impact: How much it hurts.
        urgency: How soon it must be done.

    .. versionadded:: 0.1.0
    """

    impact: str | int | None = attrs.field(default=None, validator=GRADE_OR_NONE)
    urgency: str | int | None = attrs.field(default=None, validator=GRADE_OR_NONE)


@tagged("service.CaseTagsChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseTagsChanged(Event):
    """It has more tags, or fewer.

    Attributes:
        added: Sorted words that were not there.
        removed: Sorted words that were.

    .. versionadded:: 0.1.0
    """

    added: tuple[str, ...] = attrs.field(default=(), validator=TAGS)
    removed: tuple[str, ...] = attrs.field(default=(), validator=TAGS)


@tagged("service.CaseLinked")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseLinked(Event):
    """It is about something more.

    Attributes:
        link: What.

    .. versionadded:: 0.1.0
    """

    link: CaseLink = attrs.field(validator=_checks.a(CaseLink))


@tagged("service.CaseUnlinked")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseUnlinked(Event):
    """It is not about something any more.

    Attributes:
        link: What.

    .. versionadded:: 0.1.0
    """

    link: CaseLink = attrs.field(validator=_checks.a(CaseLink))


@tagged("service.CaseParentChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseParentChanged(Event):
    """It is a part of another case, or of none.

    Attributes:
        from_: Id of the case above before.
        to: Id of the case above.

    .. versionadded:: 0.1.0
    """

    from_: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    to: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("service.CaseCustomerChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseCustomerChanged(Event):
    """It is a matter of another customer, or of another person there.

    Attributes:
        customer: Id of the customer.
        contact: Id of the person who asks.

    .. versionadded:: 0.1.0
    """

    customer: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    contact: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("service.CaseRenamed")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseRenamed(Event):
    """It has another subject.

    Attributes:
        from_: The subject before.
        to: The subject.

    .. versionadded:: 0.1.0
    """

    from_: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    to: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("service.CasePolicyChosen")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CasePolicyChosen(Event):
    """It was said by which policy its clocks count.

    Attributes:
        policy: Id of the policy.
        policy_version: The policy stays in this version whatever later ones say.
        why: By an `entitlement`, by its `rule`, or as the `default`.
        entitlement: Id of the entitlement, where there is one.

    .. versionadded:: 0.1.0
    """

    policy: str = attrs.field(validator=_checks.text)
    policy_version: int = attrs.field(default=1, validator=_checks.whole(least=1))
    why: str = attrs.field(default="default", validator=_checks.one_of(*_WHYS))
    entitlement: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("service.CaseEscalated")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseEscalated(Event):
    """Somebody was told, because a promise is late or about to be.

    Attributes:
        rule: Name of the rule.
        on: What it watches: `overdue`, `missed` or `warning`.
        occurrences: Of which milestones.
        notify: Who was told.
        assign_to: Who should work on it, or None.

    .. versionadded:: 0.1.0
    """

    rule: str = attrs.field(validator=_checks.text)
    on: str = attrs.field(default="overdue", validator=_checks.one_of(*_ESCALATED_ON))
    occurrences: tuple[EscalatedOccurrence, ...] = attrs.field(validator=OCCURRENCES)
    notify: tuple[str, ...] = attrs.field(default=(), validator=_TEXTS)
    assign_to: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("service.CaseApprovalRequested")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseApprovalRequested(Event):
    """Somebody asked for leave.

    Attributes:
        by: Who asks.
        subject: For what.

    .. versionadded:: 0.1.0
    """

    by: str = attrs.field(validator=_checks.text)
    subject: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("service.CaseApprovalGiven")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CaseApprovalGiven(Event):
    """Somebody else gave leave, or refused it.

    Attributes:
        by: Who decided.
        approved: Whether leave was given.
        note: More about it.

    .. versionadded:: 0.1.0
    """

    by: str = attrs.field(validator=_checks.text)
    approved: bool = attrs.field(validator=_checks.flag)
    note: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


def _require_direction(message: CaseMessage, direction: str, name: str) -> None:
    if message.direction != direction:
        raise InvalidValue(f"{name}.message", message.direction, f"a message of direction {direction}")
