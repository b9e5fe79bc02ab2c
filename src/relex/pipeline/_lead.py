"""The lead: interest that is not yet a customer and a deal."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._html import table
from relex._instants import is_before
from relex._trusted import replacing
from relex.changes import Change, Event
from relex.codec import tagged
from relex.errors import Conflict, InvalidValue, Rejected
from relex.money import Money
from relex.parties import ContactPoint, PersonName, Record
from relex.pipeline._conversion import convert
from relex.pipeline._lead_events import (
    LeadAssigned,
    LeadCorrected,
    LeadDisqualified,
    LeadEvent,
    LeadLevelChanged,
    LeadLinksChanged,
    LeadOpened,
    LeadOptedOut,
    LeadPointsChanged,
    LeadQualified,
    LeadRecycled,
    LeadReopened,
    LeadRestored,
    LeadsMerged,
    LeadsUnmerged,
    LeadTagsChanged,
    LeadTouched,
    LeadWorked,
)
from relex.pipeline._lead_parts import CampaignTouch, LeadLink, LeadPolicy, OptOut, says_who
from relex.pipeline._lead_reading import captured, facts_of, organization_of, rows_of, said_by, stated
from relex.pipeline._lead_steps import CHANGES, Heard, live, opened
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Lead"]

_DEFAULT = LeadPolicy()
_POLICY = _checks.a(LeadPolicy)
_TEXT_OR_NONE = _checks.optional(_checks.text)
_INSTANT_OR_NONE = _checks.optional(_checks.instant)
_HISTORY = _checks.each(_checks.a(LeadEvent))
_STARTED = ("new", "working", "qualified", "nurturing")
_CODES = {"converted": "already_converted", "disqualified": "disqualified", "merged": "merged"}


@tagged("pipeline.Lead")
@attrs.frozen(weakref_slot=False)
class Lead:
    """Somebody's interest, as an aggregate: commands return a `Change`, `evolve` makes every state.

    A lead is its history: all else is the fold of the events and is not stored. What was captured is kept as it was
    written, as a `Record`; that two leads are one, or that one is a known customer, is told by `relex.matching`, which
    is asked before `convert`.

    A command that would change nothing gives no event. `at` may equal the instant of the last event and must not lie
    before it; only touches of campaigns and opt-outs are never refused, and those that become known late keep their
    own instant.

    Attributes:
        history: Every event, oldest first.
        id: Of the lead.
        version: How many events made this state.
        opened_at: When the lead became known.
        changed_at: When the last event happened.
        status: `new`, `working`, `qualified`, `nurturing`, `disqualified`, `converted`, or `merged`.
        source: Where it came from, such as `web`.
        record: What is known of the party, with the source `lead` and the lead's id as its key.
        amount: Of the deal that is hoped for, or None.
        owner: Id of who works on it, or None.
        touches: Of campaigns, oldest first.
        opt_outs: What was refused, in the order in which it became known.
        links: What hangs on it: notes, activities, documents.
        level: In the lifecycle.
        place: Of the level there, from 0; None for a former stage.
        furthest_level: The furthest so far; a former stage does not count.
        furthest_place: Of that level.
        recycles: How often it was put off.
        due_at: When a lead that was put off is due again, or None.
        reason: Why it was disqualified or put off, or None.
        note: More about why it was disqualified, or None.
        customer: Id of the customer that it became, or None.
        contact: Id of the person that it became, or None.
        opportunity: Id of the deal that it became, or None.
        converted_at: When, or None.
        closed_at: When it was last disqualified, or converted; None while it is neither.
        merged: Ids of the leads that were merged into this one, the first merge first.
        merged_into: Id of the lead that goes on in its place, or None.
        fact_schema: The facts of every lead; what is `custom.` is known to the application.

    Raises:
        InvalidValue: For a history that is not one: events of several leads, a version that is left out.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 2, 10, tzinfo=timezone.utc)
        >>> lead, _ = Lead.open("l1", "web", person="Ada Lovelace", at=day)
        >>> lead, events = lead.qualify("mql", by="eve", at=day)
        >>> lead.status, lead.level, events[0].from_
        ('qualified', 'mql', 'lead')
        >>> lead.qualify("mql", by="eve", at=day).events
        ()

    .. versionadded:: 0.1.0
    """

    history: tuple[LeadEvent, ...] = attrs.field(validator=_HISTORY, repr=False)
    id: str = attrs.field(init=False, eq=False)
    version: int = attrs.field(init=False, eq=False)
    opened_at: datetime = attrs.field(init=False, eq=False, repr=False)
    changed_at: datetime = attrs.field(init=False, eq=False, repr=False)
    status: str = attrs.field(init=False, eq=False)
    source: str = attrs.field(init=False, eq=False)
    record: Record = attrs.field(init=False, eq=False, repr=False)
    amount: Money | None = attrs.field(init=False, eq=False, repr=False)
    owner: str | None = attrs.field(init=False, eq=False)
    touches: tuple[CampaignTouch, ...] = attrs.field(init=False, eq=False, repr=False)
    opt_outs: tuple[OptOut, ...] = attrs.field(init=False, eq=False, repr=False)
    links: tuple[LeadLink, ...] = attrs.field(init=False, eq=False, repr=False)
    level: str = attrs.field(init=False, eq=False)
    place: int | None = attrs.field(init=False, eq=False, repr=False)
    furthest_level: str = attrs.field(init=False, eq=False, repr=False)
    furthest_place: int | None = attrs.field(init=False, eq=False, repr=False)
    recycles: int = attrs.field(init=False, eq=False, repr=False)
    due_at: datetime | None = attrs.field(init=False, eq=False, repr=False)
    reason: str | None = attrs.field(init=False, eq=False, repr=False)
    note: str | None = attrs.field(init=False, eq=False, repr=False)
    customer: str | None = attrs.field(init=False, eq=False, repr=False)
    contact: str | None = attrs.field(init=False, eq=False, repr=False)
    opportunity: str | None = attrs.field(init=False, eq=False, repr=False)
    converted_at: datetime | None = attrs.field(init=False, eq=False, repr=False)
    closed_at: datetime | None = attrs.field(init=False, eq=False, repr=False)
    merged: tuple[str, ...] = attrs.field(init=False, eq=False, repr=False)
    merged_into: str | None = attrs.field(init=False, eq=False, repr=False)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "amount": Decimal,
            "campaign": str,
            "city": str,
            "closed_at": datetime,
            "company": str,
            "contact": str,
            "converted_at": datetime,
            "country": str,
            "currency": str,
            "customer": str,
            "due_at": datetime,
            "email": str,
            "email_domain": str,
            "furthest_level": str,
            "has_opted_out": bool,
            "id": str,
            "language": str,
            "last_touch_at": datetime,
            "level": str,
            "merged_into": str,
            "opened_at": datetime,
            "opened_on": date,
            "opportunity": str,
            "owner": str,
            "person": str,
            "phone": str,
            "reason": str,
            "recycles": int,
            "source": str,
            "status": str,
            "tags": tuple,
            "title": str,
            "touches": int,
        },
        open=("custom.",),
    )

    def __attrs_post_init__(self) -> None:
        """Fold the history."""
        first = self.history[0] if self.history else None
        if not isinstance(first, LeadOpened):
            raise InvalidValue("Lead.history", self.history, "an opening first")
        for place, event in enumerate(self.history, start=1):
            if (event.source, event.version) != (first.source, place):
                raise InvalidValue("Lead.history", event, f"event {place} of {first.source}")
            if place > 1:
                _require_next(self.history[place - 2], event)
        _fold(self, live(self.history))
        object.__setattr__(self, "version", self.history[-1].version)
        object.__setattr__(self, "changed_at", self.history[-1].at)

    @property
    def person(self) -> PersonName | None:
        """The name of who asks."""
        found: Any = self.record.name
        return found  # type: ignore[no-any-return]

    @property
    def company(self) -> str | None:
        """For whom, as it was written."""
        return self._value("company")

    @property
    def title(self) -> str | None:
        """What the person is there, as it was written."""
        return self._value("title")

    @property
    def language(self) -> str | None:
        """The dearest one."""
        preferences = self.record.preferences
        return None if preferences is None else next(iter(preferences.languages), None)

    @property
    def points(self) -> tuple[ContactPoint, ...]:
        """Where the lead can be reached."""
        return self.record.points

    @property
    def shown(self) -> str:
        """By what people know it: the name, else the company, else the first point; empty if all is gone."""
        return str(self.person or self.company or next(iter(self.points), ""))

    @property
    def tags(self) -> tuple[str, ...]:
        """Sorted words."""
        return self.record.tags

    @property
    def campaign(self) -> str | None:
        """The one that touched it last."""
        return self.touches[-1].campaign if self.touches else None

    @property
    def is_closed(self) -> bool:
        """Whether nobody works on it any more."""
        return self.status not in _STARTED

    @property
    def records(self) -> tuple[Record, ...]:
        """What `relex.matching` finds duplicates by: the statement of the person, and that of the company if named."""
        company = organization_of(self.record)
        return (self.record,) if company is None else (self.record, company)

    def _value(self, name: str) -> str | None:
        return next((str(value) for key, value in self.record.values if key == name), None)

    @staticmethod
    def open(  # noqa: PLR0913 - all that is captured
        id: str,  # noqa: A002 - the field's name everywhere in relex
        source: str,
        *,
        at: datetime,
        person: PersonName | str | None = None,
        company: str | None = None,
        contact_points: Iterable[ContactPoint] = (),
        title: str | None = None,
        language: str | None = None,
        campaign: str | None = None,
        amount: Money | None = None,
        owner: str | None = None,
        level: str | None = None,
        tags: Iterable[str] = (),
        opt_outs: Iterable[OptOut] = (),
        facts: Mapping[str, Any] | None = None,
        policy: LeadPolicy = _DEFAULT,
    ) -> Change[Lead]:
        """A new lead, of at least one of person, company and contact points.

        Args:
            id: Of the lead.
            source: Where it came from, such as `web`.
            at: When it became known.
            person: The name of who asks; a str is kept whole.
            company: For whom, as it was written.
            contact_points: Where the lead can be reached.
            title: What the person is in the company.
            language: BCP 47 tag.
            campaign: Id of the one that brought it: the first touch.
            amount: Of the deal that is hoped for.
            owner: Id of who works on it.
            level: In the lifecycle; by default the first of the policy.
            tags: Words.
            opt_outs: What was refused from the first.
            facts: Whatever else was captured; rules know it as `custom.<name>`.
            policy: Whose levels these are.

        Raises:
            InvalidValue: For none of person, company and contact points, a wrong type, a naive datetime, an unknown
                level, or facts named `company` or `title`.

        Example:
            >>> from datetime import datetime, timezone
            >>> Lead.open("l1", "fair", at=datetime(2026, 2, 10, tzinfo=timezone.utc))
            Traceback (most recent call last):
                ...
            relex.errors.InvalidValue: Lead.open: expected at least one of person, company and contact_points, got None

        .. versionadded:: 0.1.0
        """
        _POLICY.require("open.policy", policy)
        now = policy.first_level if level is None else level
        first = LeadOpened(
            source=id,
            version=1,
            at=at,
            origin=source,
            record=captured((id, at), person, company, title, language, contact_points, tags, facts),
            campaign=campaign,
            amount=amount,
            owner=owner,
            opt_outs=_checks.items("open.opt_outs", opt_outs),
            to=now,
            place=policy.place(now),
        )
        return Change(Lead((first,)), (first,))

    def assign(self, owner: str | None, *, at: datetime) -> Change[Lead]:
        """Somebody else works on the lead; None is nobody.

        Raises:
            InvalidValue: For an empty id.
            Rejected: `already_converted`, `disqualified`, `merged`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        head = self._next("assign", at, _STARTED)
        _TEXT_OR_NONE.require("assign.owner", owner)
        if owner == self.owner == self._own().owner:
            return Change(self, ())
        return self._after(LeadAssigned(**head, from_=self.owner, to=owner))

    def work(self, *, at: datetime) -> Change[Lead]:
        """Begin the work on a new lead.

        Raises:
            Rejected: `not_allowed` for one that is not new, `already_converted`, `disqualified`, `merged`,
                `out_of_order`.

        .. versionadded:: 0.1.0
        """
        head = self._next("work", at, ("new", "working"))
        return Change(self, ()) if self.status == "working" else self._after(LeadWorked(**head))

    def qualify(self, level: str, *, by: str, at: datetime, policy: LeadPolicy = _DEFAULT) -> Change[Lead]:
        """Find that a lead is worth more work, and move it forward to a level.

        Args:
            level: The level that it has, or a later one; from a former stage any, as a new round.
            by: Who says so.
            at: When.
            policy: Whose levels these are.

        Raises:
            InvalidValue: For an unknown level.
            Rejected: `level_backward`, with the levels that are `allowed`; `already_converted`, `disqualified`,
                `merged`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        head = self._next("qualify", at, _STARTED)
        _POLICY.require("qualify.policy", policy)
        place = policy.place(level)
        if self.place is not None and place < self.place:
            allowed = policy.lifecycle.stages[self.place :]
            raise Rejected("qualify", "level_backward", {"from": self.level, "to": level, "allowed": allowed})
        if self.status == "qualified" and level == self.level == self._own().level:
            return Change(self, ())
        return self._after(LeadQualified(**head, from_=self.level, to=level, place=place, by=by))

    def advance_at_least(self, level: str, *, at: datetime, policy: LeadPolicy = _DEFAULT) -> Change[Lead]:
        """Follow a company or a deal: move forward to a level, and nothing when already as far, whatever the status.

        A lead at a former stage moves only beyond the furthest level so far.

        Raises:
            InvalidValue: For an unknown level.
            Rejected: `merged`, `out_of_order`.

        Example:
            >>> from datetime import datetime, timezone
            >>> day = datetime(2026, 2, 10, tzinfo=timezone.utc)
            >>> lead, _ = Lead.open("l1", "web", person="Ada Lovelace", level="opportunity", at=day)
            >>> lead.advance_at_least("lead", at=day).state.level
            'opportunity'

        .. versionadded:: 0.1.0
        """
        head = self._next("advance_at_least", at, None)
        _POLICY.require("advance_at_least.policy", policy)
        place = policy.place(level)
        if all(now is not None and place <= now for now in map(_forward_from, (self, self._own()))):
            return Change(self, ())
        return self._after(LeadLevelChanged(**head, from_=self.level, to=level, place=place))

    def set_level(self, level: str, *, reason: str, at: datetime, policy: LeadPolicy = _DEFAULT) -> Change[Lead]:
        """Move to any level, back or to a former stage too, and say why; the furthest level stays.

        Raises:
            InvalidValue: For an unknown level.
            Rejected: `reason_required`, `never_customer` for a former stage of one that is at none from which the
                lifecycle lets anybody leave, `merged`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        head = self._next("set_level", at, None)
        _POLICY.require("set_level.policy", policy)
        policy.lifecycle.check(level)
        if not reason:
            raise Rejected("set_level", "reason_required", {"from": self.level, "to": level})
        if level == self.level == self._own().level:
            return Change(self, ())
        place = None if level in policy.lifecycle.former else policy.place(level)
        if place is None:
            _require_leaving(self, level, policy)
        return self._after(LeadLevelChanged(**head, from_=self.level, to=level, place=place, reason=reason))

    def disqualify(
        self, reason: str, *, at: datetime, note: str | None = None, policy: LeadPolicy = _DEFAULT
    ) -> Change[Lead]:
        """Find that a lead is not worth more work.

        Args:
            reason: Why; one of the policy's, where it lists any.
            at: When.
            note: More about it; a reason may ask for one.
            policy: Which reasons there are.

        Raises:
            Rejected: `reason_required`, `unknown_reason`, `note_required`, `already_converted`, `merged`,
                `out_of_order`.

        .. versionadded:: 0.1.0
        """
        head = self._next("disqualify", at, (*_STARTED, "disqualified"))
        _POLICY.require("disqualify.policy", policy)
        policy.require_reason(reason, note)
        if (self.status, self.reason, self.note) == ("disqualified", reason, note):
            return Change(self, ())
        return self._after(LeadDisqualified(**head, reason=reason, note=note))

    def recycle(self, *, at: datetime, until: datetime | None = None, reason: str | None = None) -> Change[Lead]:
        """Put a lead off: it is due again at `until`, or when somebody takes it up.

        Raises:
            InvalidValue: For a naive `until`, or one that is not after `at`.
            Rejected: `not_allowed` for one that is put off already, `already_converted`, `disqualified`, `merged`,
                `out_of_order`.

        .. versionadded:: 0.1.0
        """
        head = self._next("recycle", at, ("new", "working", "qualified"))
        _INSTANT_OR_NONE.require("recycle.until", until)
        if until is not None and not is_before(at, until):
            raise InvalidValue("recycle.until", until, "an instant after at")
        return self._after(LeadRecycled(**head, until=until, reason=reason))

    def reopen(self, *, at: datetime) -> Change[Lead]:
        """Take up a lead that was put off or disqualified.

        Raises:
            Rejected: `not_allowed` for one that is new or qualified, `already_converted`, `merged`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        head = self._next("reopen", at, ("disqualified", "nurturing", "working"))
        return Change(self, ()) if self.status == "working" else self._after(LeadReopened(**head))

    def is_due(self, as_of: datetime) -> bool:
        """Whether a lead that was put off is due again; at the very instant it is.

        Raises:
            InvalidValue: For a naive datetime.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("is_due.as_of", as_of)
        return self.status == "nurturing" and self.due_at is not None and not is_before(as_of, self.due_at)

    def touch(self, campaign: str, *, at: datetime, known_at: datetime | None = None) -> Change[Lead]:
        """A campaign reached the lead; never refused, whatever the status, and also for an instant long ago.

        Args:
            campaign: Its id.
            at: When it reached the lead.
            known_at: When that became known; by default at once. What happens to the lead next is not before it, so
                name it where `at` comes from elsewhere and may lie ahead: then a wrong clock holds up nothing.

        Raises:
            InvalidValue: For an empty id or a naive datetime.

        .. versionadded:: 0.1.0
        """
        found = CampaignTouch(campaign, at)
        if found in self._own().touches:
            return Change(self, ())
        return self._after(LeadTouched(**self._late("touch", at, known_at), campaign=campaign, touched_at=at))

    def opt_out(
        self,
        channel: str,
        purpose: str,
        *,
        at: datetime,
        topic: str | None = None,
        point: ContactPoint | None = None,
        status: str = "withdrawn",
        known_at: datetime | None = None,
    ) -> Change[Lead]:
        """The lead says no; never refused, whatever the status, and also for an instant long ago.

        Of a lead that was converted, `consent_drafts` of the change tells the consents of its contact. Of one that was
        merged, say it of the lead that goes on (`merged_into`) too, or name this one in its `convert(also=...)`.

        Args:
            channel: Such as `email`; `*` is every channel.
            purpose: Such as `marketing`; `*` is every purpose.
            at: When it was said.
            topic: A part of the purpose.
            point: The contact point that it is about; None is every one.
            status: `withdrawn`, `denied` or `objected`.
            known_at: When it became known, as of `touch`.

        Raises:
            InvalidValue: For another status, an empty text or a naive datetime.

        Example:
            >>> from datetime import datetime, timezone
            >>> day = datetime(2026, 2, 10, tzinfo=timezone.utc)
            >>> lead, _ = Lead.open("l1", "web", person="Ada Lovelace", at=day)
            >>> lead, _ = lead.disqualify("spam", at=day)
            >>> print(*lead.opt_out("email", "marketing", at=day).state.opt_outs)
            email, marketing: withdrawn

        .. versionadded:: 0.1.0
        """
        said = OptOut(channel, purpose, at, topic=topic, point=point, status=status)
        if said in self._own().opt_outs:
            return Change(self, ())
        return self._after(LeadOptedOut(**self._late("opt_out", at, known_at), opt_out=said))

    def tag(self, *tags: str, at: datetime) -> Change[Lead]:
        """More tags.

        Raises:
            InvalidValue: For an empty tag.
            Rejected: `merged`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        head = self._next("tag", at, None)
        _TEXTS.require("tag.tags", tags)
        known = set(self.tags).intersection(self._own().tags)
        added = tuple(sorted(set(tags) - known))
        return self._after(LeadTagsChanged(**head, added=added)) if added else Change(self, ())

    def untag(self, *tags: str, at: datetime) -> Change[Lead]:
        """Fewer tags; no event if none of them was there.

        Raises:
            InvalidValue: For an empty tag.
            Rejected: `merged`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        head = self._next("untag", at, None)
        _TEXTS.require("untag.tags", tags)
        removed = tuple(sorted(set(tags).intersection(self.tags)))
        return self._after(LeadTagsChanged(**head, removed=removed)) if removed else Change(self, ())

    def link(self, kind: str, id: str, *, at: datetime) -> Change[Lead]:  # noqa: A002 - the field's name everywhere
        """Hang a note, an activity or a document on the lead; conversion gives it a new parent.

        Raises:
            InvalidValue: For an empty text.
            Rejected: `already_converted`, `merged`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        head = self._next("link", at, _EDITABLE)
        found = LeadLink(kind, id)
        if found in self.links and found in self._own().links:
            return Change(self, ())
        return self._after(LeadLinksChanged(**head, added=(found,)))

    def unlink(self, kind: str, id: str, *, at: datetime) -> Change[Lead]:  # noqa: A002 - as above
        """Take something off the lead; no event if it did not hang there.

        Raises:
            InvalidValue: For an empty text.
            Rejected: `already_converted`, `merged`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        head = self._next("unlink", at, _EDITABLE)
        found = LeadLink(kind, id)
        return self._after(LeadLinksChanged(**head, removed=(found,))) if found in self.links else Change(self, ())

    def add_point(self, point: ContactPoint, *, at: datetime) -> Change[Lead]:
        """One more way to reach the lead, or more that is known of one; a primary one is the only one of its kind.

        Raises:
            InvalidValue: For anything but a `ContactPoint`.
            Rejected: `already_converted`, `merged`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        head = self._next("add_point", at, _EDITABLE)
        _POINT.require("add_point.point", point)
        if point in self.points and point in self._own().points:
            return Change(self, ())
        return self._after(LeadPointsChanged(**head, added=(point,)))

    def remove_point(self, point: ContactPoint, *, at: datetime) -> Change[Lead]:
        """A point is not the lead's; no event if it was not there.

        Raises:
            InvalidValue: For anything but a `ContactPoint`, or a lead of which nothing would be left.
            Rejected: `already_converted`, `merged`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        head = self._next("remove_point", at, _EDITABLE)
        _POINT.require("remove_point.point", point)
        found = tuple([each for each in self.points if each.field == point.field])
        if not found:
            return Change(self, ())
        event = LeadPointsChanged(**head, removed=found)
        after = _evolved(self, event)
        _require_somebody("remove_point.point", point, after, _evolved(self._own(), event))
        return Change(after, (event,))

    def correct(
        self,
        *,
        at: datetime,
        person: PersonName | str | None = None,
        company: str | None = None,
        title: str | None = None,
        language: str | None = None,
        amount: Money | None = None,
        facts: Mapping[str, Any] | None = None,
        clear: Iterable[str] = (),
    ) -> Change[Lead]:
        """State again what was captured; what is not named stays as it is.

        Args:
            at: When.
            person: The name of who asks.
            company: For whom.
            title: What the person is there.
            language: BCP 47 tag.
            amount: Of the deal that is hoped for.
            facts: Whatever else is known, by name.
            clear: Names of what is not known any more: those above, or of facts.

        Raises:
            InvalidValue: For a wrong type, a name that is stated and cleared, or a lead of which nothing would be left,
                with what others brought in a merge or without it.
            Rejected: `already_converted`, `merged`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        head = self._next("correct", at, _EDITABLE)
        said = stated((self.id, at), person, company, title, language, amount, facts, clear)
        event = LeadCorrected(**head, stated=said, amount=amount)
        own = self._own()
        after, own_after = _evolved(self, event), _evolved(own, event)
        _require_somebody("correct.clear", clear, after, own_after)
        if said_by(after) == said_by(self) and said_by(own_after) == said_by(own):
            return Change(self, ())
        return Change(after, (event,))

    convert = convert

    def as_of(self, at: datetime) -> Lead | None:
        """The lead as it was known at an instant, events of that instant included; None before it was opened.

        Raises:
            InvalidValue: For a naive datetime.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("as_of.at", at)
        if not is_before(at, self.changed_at):
            return self
        known = tuple([event for event in self.history if not is_before(at, event.at)])
        return Lead(known) if known else None

    @staticmethod
    def evolve(state: Lead | None, event: Event) -> Lead:
        """The state after an event.

        Raises:
            Conflict: For an event of another lead, or one that is not the next.
            InvalidValue: For anything but an opening first, and for what is no event of a lead that is there.

        .. versionadded:: 0.1.0
        """
        _EVOLVED.require("Lead.evolve.state", state)
        _checks.a(LeadEvent).require("Lead.evolve.event", event)
        now = (event.source, 0) if state is None else (state.id, state.version)
        if (event.source, event.version) != (now[0], now[1] + 1):
            raise Conflict(event.source, now, (event.source, event.version))
        found: Any = event
        if state is None:
            return Lead((found,))
        _require_next(state.history[-1], found)
        return _evolved(state, found)

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names (`opened_on` is the date in UTC).

        Of a lead that was merged only id, source and status are left, and `merged_into`.

        Example:
            >>> from datetime import datetime, timezone
            >>> day = datetime(2026, 2, 10, tzinfo=timezone.utc)
            >>> lead, _ = Lead.open("l1", "web", person="Ada Lovelace", facts={"budget": 900}, at=day)
            >>> lead.facts()["person"], lead.facts()["custom.budget"]
            ('Ada Lovelace', 900)
        """
        return facts_of(self)

    def __str__(self) -> str:
        return f"lead {self.id}: {self.shown or 'nobody known'}, {self.status}, {self.level}"

    def _repr_html_(self) -> str:
        return table(f"Lead {self.id}", ("what", "value"), rows_of(self))

    def _next(self, command: str, at: datetime, allowed: tuple[str, ...] | None) -> dict[str, Any]:
        """What the next event begins with, if it may happen now; None allows every status but `merged`."""
        _checks.instant.require(f"{command}.at", at)
        if self.status == "merged" or (allowed is not None and self.status not in allowed):
            details: dict[str, object] = {"lead": self.id, "status": self.status}
            details |= {"into": self.merged_into} if allowed is None else {"allowed": allowed}
            raise Rejected(command, _CODES.get(self.status, "not_allowed"), details)
        if is_before(at, self.changed_at):
            raise Rejected(command, "out_of_order", {"at": at, "not_before": self.changed_at})
        return {"source": self.id, "version": self.version + 1, "at": at}

    def _late(self, command: str, at: datetime, known_at: datetime | None) -> dict[str, Any]:
        """What an event begins with that is never refused: known at once, or after all that is known already."""
        _INSTANT_OR_NONE.require(f"{command}.known_at", known_at)
        known = at if known_at is None else known_at
        return {
            "source": self.id,
            "version": self.version + 1,
            "at": self.changed_at if is_before(known, self.changed_at) else known,
        }

    def _after(self, event: LeadEvent) -> Change[Lead]:
        return Change(_evolved(self, event), (event,))

    def _own(self) -> Lead:
        """The lead without what others brought: a word that only repeats theirs is its own, and stays in an unmerge."""
        if not self.merged:
            return self
        found = _replace(self)
        _fold(found, [event for event in live(self.history) if not isinstance(event, LeadsMerged)])
        return found


_TEXTS = _checks.each(_checks.text)
_POINT = _checks.a(ContactPoint)
_EVOLVED = _checks.optional(_checks.a(Lead))
_EDITABLE = (*_STARTED, "disqualified")
_replace = replacing(Lead)


def _forward_from(lead: Lead) -> int | None:
    """The place from which a lead only moves forward; of one at a former stage, the furthest so far."""
    return lead.furthest_place if lead.place is None else lead.place


def _require_somebody(path: str, value: object, *states: Lead) -> None:
    """Raise where nothing would be left that a lead is of."""
    if not all(says_who(state.record) for state in states):
        raise InvalidValue(path, value, "at least one of person, company and contact points left")


def _require_leaving(lead: Lead, level: str, policy: LeadPolicy) -> None:
    """Raise where the lifecycle lets nobody leave from the level, as it does not for customers."""
    try:
        policy.lifecycle.require(lead.level, level)
    except Rejected as refused:
        raise Rejected("set_level", refused.reason, refused.details) from None


def _fold(lead: Lead, events: Iterable[LeadEvent]) -> None:
    """Let a lead that nobody has seen yet be what events come to."""
    heard = Heard()
    for event in events:
        if heard.hears(event):
            continue
        if isinstance(event, LeadsMerged):
            _set(lead, heard.told(lead))
            heard = Heard()
        _set(lead, opened(event) if isinstance(event, LeadOpened) else CHANGES[type(event)](lead, event))
    _set(lead, heard.told(lead))


def _set(lead: Lead, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        object.__setattr__(lead, name, value)


def _require_next(before: LeadEvent, event: LeadEvent) -> None:
    """Raise unless an event may follow another one."""
    if type(event) not in CHANGES:
        known = ", ".join([kind.__name__ for kind in CHANGES])
        raise InvalidValue("Lead.evolve.event", event, f"one of {known}")
    if is_before(event.at, before.at):
        raise InvalidValue("Lead.evolve.event.at", event.at, f"not before {before.at}")


def _evolved(lead: Lead, event: LeadEvent) -> Lead:
    history = (*lead.history, event)
    if isinstance(event, (LeadsUnmerged, LeadRestored)):
        return Lead(history)
    changes = CHANGES[type(event)](lead, event)
    return _replace(lead, history=history, version=event.version, changed_at=event.at, **changes)
