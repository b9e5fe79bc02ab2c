"""What happens to a lead, as facts that do not change."""

from __future__ import annotations

from datetime import datetime

import attrs

from relex import _checks
from relex._instants import moment, moment_or_none
from relex.changes import Event
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.money import Money
from relex.parties import ContactPoint, Record, Survivorship
from relex.pipeline._lead_parts import LeadLink, MergedLead, OptOut, says_who

__all__ = [
    "LeadAssigned",
    "LeadConverted",
    "LeadCorrected",
    "LeadDisqualified",
    "LeadEvent",
    "LeadLevelChanged",
    "LeadLinksChanged",
    "LeadMergedInto",
    "LeadOpened",
    "LeadOptedOut",
    "LeadPointsChanged",
    "LeadQualified",
    "LeadRecycled",
    "LeadReopened",
    "LeadRestored",
    "LeadTagsChanged",
    "LeadTouched",
    "LeadWorked",
    "LeadsMerged",
    "LeadsUnmerged",
]

_TEXTS = _checks.each(_checks.text)
_TEXT_OR_NONE = _checks.optional(_checks.text)
_PLACE = _checks.optional(_checks.whole(least=0))
_POINTS = _checks.each(_checks.a(ContactPoint))
_LINKS = _checks.each(_checks.a(LeadLink))
_MONEY_OR_NONE = _checks.optional(_checks.a(Money))


@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadEvent(Event):
    """What happened to a lead; the class of every event in its history.

    .. versionadded:: 0.1.0
    """


@attrs.frozen(kw_only=True, weakref_slot=False)
class LevelEntry(LeadEvent):
    """A lead came to a level: what all such events have in common.

    Attributes:
        from_: The level before.
        to: The level from now on.
        place: Of the level in the lifecycle, from 0; None for a former stage.
    """

    from_: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    to: str = attrs.field(validator=_checks.text)
    place: int | None = attrs.field(default=None, validator=_PLACE)


@tagged("pipeline.LeadOpened")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadOpened(LevelEntry):
    """Somebody showed interest.

    Attributes:
        origin: Where the lead came from, such as `web`.
        record: What was captured, as it was written.
        campaign: Id of the campaign that brought it.
        amount: Of the deal that is hoped for.
        owner: Who works on it.
        opt_outs: What was refused from the first.

    .. versionadded:: 0.1.0
    """

    origin: str = attrs.field(validator=_checks.text)
    record: Record = attrs.field(validator=_checks.a(Record), repr=False)
    campaign: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    amount: Money | None = attrs.field(default=None, validator=_MONEY_OR_NONE)
    owner: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    opt_outs: tuple[OptOut, ...] = attrs.field(default=(), validator=_checks.each(_checks.a(OptOut)))

    def __attrs_post_init__(self) -> None:
        """Check that the statement is the lead's own, and says of whom."""
        if self.record.ref != f"lead/{self.source}":
            raise InvalidValue("LeadOpened.record", self.record.ref, f"the record lead/{self.source}")
        if not says_who(self.record):
            raise InvalidValue("LeadOpened.record", None, "at least one of person, company and contact points")


@tagged("pipeline.LeadAssigned")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadAssigned(LeadEvent):
    """Somebody else works on a lead.

    Attributes:
        from_: Before.
        to: From now on; None is nobody.

    .. versionadded:: 0.1.0
    """

    from_: str | None = attrs.field(validator=_TEXT_OR_NONE)
    to: str | None = attrs.field(validator=_TEXT_OR_NONE)


@tagged("pipeline.LeadWorked")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadWorked(LeadEvent):
    """Work on a lead began.

    .. versionadded:: 0.1.0
    """


@tagged("pipeline.LeadQualified")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadQualified(LevelEntry):
    """Somebody found that a lead is worth more work.

    Attributes:
        by: Who.

    .. versionadded:: 0.1.0
    """

    by: str = attrs.field(validator=_checks.text)


@tagged("pipeline.LeadLevelChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadLevelChanged(LevelEntry):
    """A lead stands elsewhere in the lifecycle: it followed somebody, or was set back.

    Attributes:
        reason: Why; None where it followed somebody.

    .. versionadded:: 0.1.0
    """

    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.LeadDisqualified")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadDisqualified(LeadEvent):
    """A lead is not worth more work.

    Attributes:
        reason: Why, one of the policy's.
        note: More about it.

    .. versionadded:: 0.1.0
    """

    reason: str = attrs.field(validator=_checks.text)
    note: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.LeadRecycled")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadRecycled(LeadEvent):
    """A lead is put off.

    Attributes:
        until: When it is due again; None is when somebody takes it up.
        reason: Why.

    .. versionadded:: 0.1.0
    """

    until: datetime | None = attrs.field(default=None, validator=_checks.optional(_checks.instant), eq=moment_or_none)
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.LeadReopened")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadReopened(LeadEvent):
    """A lead that was put off or disqualified is worked on again.

    .. versionadded:: 0.1.0
    """


@tagged("pipeline.LeadTouched")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadTouched(LeadEvent):
    """A campaign reached a lead.

    Attributes:
        campaign: Its id.
        touched_at: When it did, which may be long before it became known.

    .. versionadded:: 0.1.0
    """

    campaign: str = attrs.field(validator=_checks.text)
    touched_at: datetime = attrs.field(validator=_checks.instant, eq=moment)


@tagged("pipeline.LeadOptedOut")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadOptedOut(LeadEvent):
    """A lead said no to being contacted.

    Attributes:
        opt_out: To what, and when.

    .. versionadded:: 0.1.0
    """

    opt_out: OptOut = attrs.field(validator=_checks.a(OptOut))


@tagged("pipeline.LeadCorrected")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadCorrected(LeadEvent):
    """More is known of a lead, or something else.

    Attributes:
        stated: What is known now and only that: the name, preferences and values; the names of what was emptied are
            among its `cleared`.
        amount: Of the deal that is hoped for; None says nothing of it.

    .. versionadded:: 0.1.0
    """

    stated: Record = attrs.field(validator=_checks.a(Record), repr=False)
    amount: Money | None = attrs.field(default=None, validator=_MONEY_OR_NONE)


@tagged("pipeline.LeadPointsChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadPointsChanged(LeadEvent):
    """A lead can be reached in more ways or fewer.

    Attributes:
        added: Points that are new, or known better.
        removed: Points that are gone.

    .. versionadded:: 0.1.0
    """

    added: tuple[ContactPoint, ...] = attrs.field(default=(), validator=_POINTS, repr=False)
    removed: tuple[ContactPoint, ...] = attrs.field(default=(), validator=_POINTS, repr=False)


@tagged("pipeline.LeadTagsChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadTagsChanged(LeadEvent):
    """A lead has more tags or fewer.

    Attributes:
        added: Sorted tags that are new.
        removed: Sorted tags that are gone.

    .. versionadded:: 0.1.0
    """

    added: tuple[str, ...] = attrs.field(default=(), validator=_TEXTS)
    removed: tuple[str, ...] = attrs.field(default=(), validator=_TEXTS)


@tagged("pipeline.LeadLinksChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadLinksChanged(LeadEvent):
    """More hangs on a lead or less: notes, activities, documents.

    Attributes:
        added: What is new.
        removed: What is gone.

    .. versionadded:: 0.1.0
    """

    added: tuple[LeadLink, ...] = attrs.field(default=(), validator=_LINKS)
    removed: tuple[LeadLink, ...] = attrs.field(default=(), validator=_LINKS)


@tagged("pipeline.LeadConverted")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadConverted(LevelEntry):
    """A lead became a customer, a contact and a deal.

    Attributes:
        customer: Id of the customer.
        contact: Id of the person; None where the customer is the person, or nobody is known.
        opportunity: Id of the deal; None where none was made.

    .. versionadded:: 0.1.0
    """

    customer: str = attrs.field(validator=_checks.text)
    contact: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    opportunity: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.LeadsMerged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadsMerged(LeadEvent):
    """A lead took what other leads knew, which turned out to be the same.

    Attributes:
        others: What they brought, the best first.
        survivorship: Which statement shows where several say something; None is the first in rank order.
        by: Who says so.
        reason: Why.

    .. versionadded:: 0.1.0
    """

    others: tuple[MergedLead, ...] = attrs.field(validator=_checks.each(_checks.a(MergedLead)))
    survivorship: Survivorship | None = attrs.field(default=None, validator=_checks.optional(_checks.a(Survivorship)))
    by: str = attrs.field(validator=_checks.text)
    reason: str = attrs.field(validator=_checks.text)


@tagged("pipeline.LeadMergedInto")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadMergedInto(LeadEvent):
    """A lead turned out to be another one, which goes on.

    Attributes:
        survivor: The other one.
        by: Who says so.
        reason: Why.

    .. versionadded:: 0.1.0
    """

    survivor: str = attrs.field(validator=_checks.text)
    by: str = attrs.field(validator=_checks.text)
    reason: str = attrs.field(validator=_checks.text)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Undoing(LeadEvent):
    """An earlier event counts no more, or a part of it: the lead is what it would be had that not happened.

    Attributes:
        undoes: The version that the earlier event made.
        by: Who says so.
        reason: Why.
    """

    undoes: int = attrs.field(validator=_checks.whole(least=2))
    by: str = attrs.field(validator=_checks.text)
    reason: str = attrs.field(validator=_checks.text)


@tagged("pipeline.LeadsUnmerged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadsUnmerged(Undoing):
    """A lead gave back what other leads had brought in one merge.

    Attributes:
        others: Sorted ids of these leads; some of that merge, or all of them.

    .. versionadded:: 0.1.0
    """

    others: tuple[str, ...] = attrs.field(validator=_TEXTS)


@tagged("pipeline.LeadRestored")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadRestored(Undoing):
    """A lead stands alone again.

    .. versionadded:: 0.1.0
    """
