"""What a lead is made of: the policy it follows, touches of campaigns, opt-outs, and what else hangs on it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import moment
from relex.codec import tagged
from relex.errors import InvalidValue, Rejected
from relex.money import Money
from relex.parties import ContactPoint, Lifecycle, Record
from relex.pipeline._stages import LostReason, lost_reason

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["EVERY_PURPOSE", "REFUSALS", "CampaignTouch", "LeadLink", "LeadPolicy", "MergedLead", "OptOut", "says_who"]

EVERY_PURPOSE = "*"
"""The purpose of a mark that says: do not contact at all."""

REFUSALS = ("withdrawn", "denied", "objected")
"""The words that an opt-out may have; entries of consent have the same."""

_TEXT_OR_NONE = _checks.optional(_checks.text)
_STR_OR_NONE = _checks.optional(_checks.a(str))
_PLACE = _checks.optional(_checks.whole(least=0))


def says_who(record: Record) -> bool:
    """Whether a statement names a person, a company or a contact point."""
    return record.name is not None or bool(record.points) or any(name == "company" for name, _ in record.values)


def _reasons(values: Iterable[LostReason | str]) -> tuple[LostReason, ...]:
    found = _checks.items("LeadPolicy.reasons", values)
    for value in found:
        _checks.a(LostReason, str).require("LeadPolicy.reasons", value)
    return tuple([lost_reason(value) for value in found])


@tagged("pipeline.LeadPolicy")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LeadPolicy:
    """How a company works its leads.

    Attributes:
        lifecycle: The levels, earliest first.
        level: Of a new lead; None is `lead` where the lifecycle has it, else its first stage.
        reasons: For which a lead may be disqualified, as words or `LostReason`; none listed allows any.
        convert_from: `working` lets a lead be converted once it is worked or qualified, `qualified` only then.
        version: Of the definition.

    Raises:
        InvalidValue: For a level that is no stage, a reason that is there twice, or another `convert_from`.

    Example:
        >>> LeadPolicy(reasons=["spam", LostReason("other", note=True)]).first_level
        'lead'

    .. versionadded:: 0.1.0
    """

    lifecycle: Lifecycle = attrs.field(default=Lifecycle(), validator=_checks.a(Lifecycle))
    level: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    reasons: tuple[LostReason, ...] = attrs.field(default=(), converter=_reasons, validator=_checks.unique("code"))
    convert_from: str = attrs.field(default="working", validator=_checks.one_of("working", "qualified"))
    version: int = attrs.field(default=1, validator=_checks.whole(least=1))

    def __attrs_post_init__(self) -> None:
        """Check that the first level is one."""
        if self.level is not None:
            self.place(self.level)

    @property
    def first_level(self) -> str:
        """Of a lead of which nothing else is said."""
        stages = self.lifecycle.stages
        return self.level or ("lead" if "lead" in stages else stages[0])

    def place(self, level: str) -> int:
        """Where a level stands in the lifecycle, from 0; former stages have no place.

        Raises:
            InvalidValue: For what is no stage.
        """
        stages = self.lifecycle.stages
        if level not in stages:
            raise InvalidValue("LeadPolicy.level", level, f"one of {', '.join(stages)}")
        return stages.index(level)

    def require_reason(self, reason: str | None, note: str | None) -> None:
        """Raise unless a lead may be disqualified for this.

        Raises:
            InvalidValue: For a reason or a note that is no str.
            Rejected: `reason_required`, `unknown_reason`, `note_required`; the details list what is `allowed`, in the
                last case without a note.
        """
        for name, value in (("reason", reason), ("note", note)):
            _STR_OR_NONE.require(f"disqualify.{name}", value)
        codes = tuple([each.code for each in self.reasons])
        if not reason:
            raise Rejected("disqualify", "reason_required", {"allowed": codes})
        known = {each.code: each for each in self.reasons}
        if known and reason not in known:
            raise Rejected("disqualify", "unknown_reason", {"reason": reason, "allowed": codes})
        if known and known[reason].note and not note:
            free = tuple([each.code for each in self.reasons if not each.note])
            raise Rejected("disqualify", "note_required", {"reason": reason, "allowed": free})


@tagged("pipeline.CampaignTouch")
@attrs.frozen(weakref_slot=False)
class CampaignTouch:
    """A campaign that reached somebody.

    Attributes:
        campaign: Its id.
        at: When; aware.

    .. versionadded:: 0.1.0
    """

    campaign: str = attrs.field(validator=_checks.text)
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)

    def __str__(self) -> str:
        return f"{self.campaign}, {self.at.isoformat()}"


@tagged("pipeline.OptOut")
@attrs.frozen(weakref_slot=False)
class OptOut:
    """Somebody said no to being contacted.

    Attributes:
        channel: Such as `email`; `*` is every channel.
        purpose: Such as `marketing`; `*` is every purpose, the mark that says not to contact at all.
        at: When it was said; aware.
        topic: A part of the purpose; None is all of it.
        point: The contact point that it is about; None is every one.
        status: `withdrawn`, `denied` or `objected`.

    Raises:
        InvalidValue: For another status, or a topic of every purpose.

    .. versionadded:: 0.1.0
    """

    channel: str = attrs.field(validator=_checks.text)
    purpose: str = attrs.field(validator=_checks.text)
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    topic: str | None = attrs.field(default=None, kw_only=True, validator=_TEXT_OR_NONE)
    point: ContactPoint | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(ContactPoint)), repr=False
    )
    status: str = attrs.field(default="withdrawn", kw_only=True, validator=_checks.one_of(*REFUSALS))

    def __attrs_post_init__(self) -> None:
        """Check that a topic is a part of one purpose."""
        if self.topic is not None and self.purpose == EVERY_PURPOSE:
            raise InvalidValue("OptOut.topic", self.topic, "None, for every purpose has no parts")

    def __str__(self) -> str:
        parts = [part for part in (self.topic, None if self.point is None else str(self.point)) if part is not None]
        more = f" ({', '.join(parts)})" if parts else ""
        return f"{self.channel}, {self.purpose}{more}: {self.status}"


@tagged("pipeline.LeadLink")
@attrs.frozen(weakref_slot=False)
class LeadLink:
    """Something that was written down for a lead: a note, an activity, a document.

    Attributes:
        kind: Such as `note`.
        id: Of what is linked; unique among its kind.

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(validator=_checks.text)
    id: str = attrs.field(validator=_checks.text)

    def __str__(self) -> str:
        return f"{self.kind}/{self.id}"


@tagged("pipeline.MergedLead")
@attrs.frozen(kw_only=True, weakref_slot=False)
class MergedLead:
    """What a lead brought along when it was merged into another one.

    Attributes:
        lead: Its id.
        record: What it said of the party, tags included.
        amount: Of the deal that it hoped for.
        owner: Who worked on it.
        touches: Of campaigns.
        opt_outs: What was refused.
        links: What hung on it.
        level: How far it had come.
        place: Of the level in the lifecycle; None for a former stage.
        furthest_level: The furthest so far.
        furthest_place: Of that level.
        recycles: How often it was put off.

    .. versionadded:: 0.1.0
    """

    lead: str = attrs.field(validator=_checks.text)
    record: Record = attrs.field(validator=_checks.a(Record), repr=False)
    amount: Money | None = attrs.field(default=None, validator=_checks.optional(_checks.a(Money)))
    owner: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    touches: tuple[CampaignTouch, ...] = attrs.field(default=(), validator=_checks.each(_checks.a(CampaignTouch)))
    opt_outs: tuple[OptOut, ...] = attrs.field(default=(), validator=_checks.each(_checks.a(OptOut)))
    links: tuple[LeadLink, ...] = attrs.field(default=(), validator=_checks.each(_checks.a(LeadLink)))
    level: str = attrs.field(validator=_checks.text)
    place: int | None = attrs.field(default=None, validator=_PLACE)
    furthest_level: str = attrs.field(validator=_checks.text)
    furthest_place: int | None = attrs.field(default=None, validator=_PLACE)
    recycles: int = attrs.field(default=0, validator=_checks.whole(least=0))

    def __attrs_post_init__(self) -> None:
        """Check that the statement is the lead's own."""
        if self.record.ref != f"lead/{self.lead}":
            raise InvalidValue("MergedLead.record", self.record.ref, f"the record lead/{self.lead}")
