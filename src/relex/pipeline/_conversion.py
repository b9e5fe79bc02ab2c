"""A lead becomes a customer, a contact and a deal: one pure call that refuses, or returns everything at once."""

from __future__ import annotations

from datetime import UTC, date, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Literal

import attrs

from relex import _checks
from relex._html import table
from relex.calendars import Period, local_date
from relex.changes import Change
from relex.errors import InvalidValue, Rejected
from relex.parties import ContactPoint, OrganizationName, Record, Relationship
from relex.pipeline._drafts import ConsentDraft, CustomerDraft, KnownParty, MovedLink, consents, lacking
from relex.pipeline._lead_events import LeadConverted
from relex.pipeline._lead_parts import LeadPolicy, OptOut
from relex.pipeline._lead_reading import organization_of
from relex.pipeline._opportunity import Opportunity
from relex.pipeline._parts import ContactRole
from relex.pipeline._pipeline import Pipeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from relex.pipeline._lead import Lead

__all__ = ["Conversion", "convert"]

_DEFAULT = LeadPolicy()
_FILL = _checks.one_of("blanks", "none")
_PARTY = _checks.optional(_checks.a(KnownParty, str))
_ID_OR_FALSE = _checks.Check("an id, False or None", lambda value: value is None or value is False or _is_id(value))
_ID_OR_NONE = _checks.optional(_checks.text)
_DEAL_OR_NONE = _checks.optional(_checks.a(Opportunity))
_DAY_OR_NONE = _checks.optional(_checks.calendar_day)
_CONVERTIBLE = {"working": ("working", "qualified"), "qualified": ("qualified",)}


def _is_id(value: object) -> bool:
    return _checks.text.passes(value)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Conversion:
    """What a lead became: everything, to be saved together.

    `store.save(*conversion.changes, entries=[Consent(**draft.fields()) for draft in conversion.consents])` saves what
    is of this context and the consents; the customers context makes or changes its customers from the drafts.

    Attributes:
        lead: The converted lead.
        opportunity: The deal, new or existing; None where none was made.
        customer: The customer.
        contact: The person; None where the customer is the person, or nobody is known.
        consents: Every no that the lead said, for the contact, else for the customer.
        links: All that hung on the lead, each with its new parent.
        level: That the customer and the contact have reached in the lifecycle.

    .. versionadded:: 0.1.0
    """

    lead: Change[Lead]
    opportunity: Change[Opportunity] | None
    customer: CustomerDraft
    contact: CustomerDraft | None
    consents: tuple[ConsentDraft, ...]
    links: tuple[MovedLink, ...]
    level: str

    @property
    def changes(self) -> tuple[Change[Any], ...]:
        """Of the lead and of the deal, for a store."""
        return (self.lead,) if self.opportunity is None else (self.lead, self.opportunity)

    def __str__(self) -> str:
        """A line for everything that came of the lead."""
        return "\n".join(f"{what}: {value}" for what, value in self._rows())

    def _repr_html_(self) -> str:
        return table(f"Lead {self.lead.state.id} converted", ("what", "value"), self._rows())

    def _rows(self) -> list[tuple[str, object]]:
        rows: list[tuple[str, object]] = [("customer", _told(self.customer))]
        if self.contact is not None:
            rows.append(("contact", _told(self.contact)))
        if self.opportunity is not None:
            deal = self.opportunity.state
            rows.append(("opportunity", f"{deal.id}, {deal.stage}, expected to close {deal.expected_close}"))
        rows += [("consent", f"{draft.channel}, {draft.purpose}: {draft.status}") for draft in self.consents]
        return rows + [("link", str(link)) for link in self.links] + [("level", self.level)]


def _told(draft: CustomerDraft) -> str:
    said = "" if draft.record is None else f": {', '.join(sorted(draft.record.fields()))}"
    return f"{draft.id}, {'new' if draft.is_new else 'existing'}{said}"


def convert(  # noqa: PLR0913 - all that a conversion must be told
    lead: Lead,
    pipeline: Pipeline | None = None,
    *,
    at: datetime,
    customer: str | None = None,
    contact: str | Literal[False] | None = None,
    opportunity: str | Literal[False] | None = None,
    into_customer: KnownParty | str | None = None,
    into_contact: KnownParty | str | None = None,
    into_opportunity: Opportunity | None = None,
    also: Iterable[Lead] = (),
    fill: str = "blanks",
    stage: str | None = None,
    expected_close: date | None = None,
    year_starts: int = 1,
    tz: tzinfo = UTC,
    purposes: Iterable[str] = (),
    level: str | None = None,
    facts: Mapping[str, Any] | None = None,
    policy: LeadPolicy = _DEFAULT,
) -> Conversion:
    """Let a lead become a customer, a contact and a deal; everything is checked before anything is made.

    Which records exist is the caller's to know (ask `relex.matching` first): nothing is guessed by a name or a number.
    A new record takes what the lead has. One that exists keeps its values, its owner, and of a deal the territory; its
    blanks are filled, and contact points that it lacks are added. A deal without a customer gets this one, always.
    Every no that the lead said is carried to the contact, new or existing, and nothing turns that off.

    Args:
        lead: The lead; as a method of it, `lead.convert(...)`, it is not named.
        pipeline: Of the new deal.
        at: When.
        customer: Id of a new customer: an organization of the company's name, else of the person's.
        contact: Id of a new contact. False makes the customer itself the person, and no contact.
        opportunity: Id of a new deal. False makes none.
        into_customer: A customer that exists; its id alone is enough with `fill="none"`.
        into_contact: A contact that exists; as above.
        into_opportunity: A deal that exists.
        also: Leads that were merged into this one, as they are today: a no that one of them heard since the merge is
            known to nobody else.
        fill: `blanks` fills what an existing record does not state; `none` leaves it blank.
        stage: Of the new deal; by default the first open one. The gates apply.
        expected_close: Of the deal, if it is new or has no date; by default the last day of the fiscal quarter of `at`.
        year_starts: The month in which the fiscal year starts.
        tz: The time zone in which `at` is a date.
        purposes: Every purpose of contact there is, each by its name, for a lead that refuses them all.
        level: That the customer has reached; by default `opportunity` with a deal and `customer` with one that is won,
            where the lifecycle has these, and never less than the lead's. Without a deal, that of a lead at a former
            stage is the furthest so far, for nobody begins as somebody who has left.
        facts: The application's own facts, for the gates.
        policy: From which status a lead may be converted, and whose levels these are.

    Raises:
        InvalidValue: For a missing id, one id for the customer and the contact, both a new and an existing record, an
            id alone where blanks are to be filled, a `stage` or a date without a deal that takes it, one of `also` that
            was not merged into this lead, or a wrong type.
        Rejected: `already_converted`, `disqualified`, `merged`, `not_allowed` with the statuses that are,
            `no_contact_point`, `other_customer` for a deal of another one, `out_of_order`, and what opening or changing
            the deal is refused for.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.pipeline import Lead, Pipeline, Stage
        >>> from relex.parties import ContactPoint
        >>> stages = [Stage("new", 1, probability=10), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")]
        >>> sales = Pipeline("sales", stages)
        >>> day = datetime(2026, 2, 10, tzinfo=timezone.utc)
        >>> email = ContactPoint("email", "ada@example.com")
        >>> lead, _ = Lead.open("l1", "web", person="Ada Byron", company="Engines Ltd", contact_points=[email], at=day)
        >>> lead, _ = lead.qualify("sql", by="eve", at=day)
        >>> print(lead.convert(sales, customer="c1", contact="p1", opportunity="o1", at=day))
        customer: c1, new: name
        contact: p1, new: company, email, name, points, relationships
        opportunity: o1, new, expected to close 2026-03-31
        level: opportunity

    .. versionadded:: 0.1.0
    """
    plan = _Plan(lead, at, fill, policy)
    plan.find(_Target("customer", customer, into_customer, fill), _contact(lead, contact, into_contact, fill))
    closing = _closing(at, expected_close, year_starts, tz)
    if not _is_joined(opportunity, into_opportunity):
        plan.open(pipeline, opportunity, {"stage": stage, "expected_close": closing, "facts": facts})
    else:
        _require_none("stage", stage, "a new deal")
        if into_opportunity is None or fill == "none" or into_opportunity.expected_close is not None:
            _require_none("expected_close", expected_close, "a deal that takes a date")
        if into_opportunity is not None:
            plan.join(into_opportunity, closing)
    return plan.made(level, [*lead.opt_outs, *_also(lead, also)], purposes, is_person=contact is False)


def _require_none(name: str, value: object, needed: str) -> None:
    if value is not None:
        raise InvalidValue(f"convert.{name}", value, f"None, without {needed}")


def _also(lead: Lead, others: Iterable[Lead]) -> list[OptOut]:
    """What leads that were merged into this one, or into one of these, refused."""
    found = _checks.items("convert.also", others)
    _checks.each(_checks.a(type(lead))).require("convert.also", found)
    ids = {lead.id, *[other.id for other in found]}
    for other in found:
        if other.merged_into not in ids:
            raise InvalidValue("convert.also", other.id, f"leads that were merged into {lead.id}")
    return [said for other in found for said in other.opt_outs]


class _Plan:
    """What a lead is about to become; nothing is made before everything has been found right."""

    __slots__ = ("at", "customer", "deal", "fill", "head", "lead", "policy", "who")

    customer: _Target
    who: _Target | None

    def __init__(self, lead: Lead, at: datetime, fill: str, policy: LeadPolicy) -> None:
        _checks.a(LeadPolicy).require("convert.policy", policy)
        self.head = lead._next("convert", at, _CONVERTIBLE[policy.convert_from])  # noqa: SLF001 - a command of the aggregate
        _FILL.require("convert.fill", fill)
        self.lead, self.at, self.fill, self.policy = lead, at, fill, policy
        self.deal: Change[Opportunity] | None = None

    def find(self, customer: _Target, who: _Target | None) -> None:
        """The customer and the contact, one of whom can be reached."""
        known = [self.lead.points, customer.points(), () if who is None else who.points()]
        if not any(known):
            raise Rejected("convert", "no_contact_point", {"lead": self.lead.id})
        if who is not None and who.id == customer.id:
            expected = "another id than that of the customer, or False where the person is the customer"
            raise InvalidValue("convert.contact", who.id, expected)
        self.customer, self.who = customer, who

    def open(self, pipeline: Any, opportunity: Any, more: dict[str, Any]) -> None:
        """A new deal, of all that the lead has for one."""
        _checks.a(Pipeline).require("convert.pipeline", pipeline)
        lead = self.lead
        self.deal = Opportunity.open(
            opportunity,
            pipeline,
            at=self.at,
            name=self.name,
            amount=lead.amount,
            customer=self.customer.id,
            owner=lead.owner,
            campaign=lead.campaign,
            contacts=() if self.who is None else [ContactRole(self.who.id, primary=True)],
            **more,
        )

    @property
    def name(self) -> str:
        """Of the deal."""
        return self.lead.company or self.lead.shown or self.customer.id

    def join(self, deal: Opportunity, closing: date) -> None:
        """A deal that exists, of this customer, with one person more, and its blanks filled."""
        lead, customer, who, at = self.lead, self.customer.id, self.who, self.at
        if deal.customer not in (None, customer):
            details: dict[str, object] = {"opportunity": deal.id, "customer": customer, "allowed": deal.customer}
            raise Rejected("convert", "other_customer", details)
        try:
            change = deal.set_customer(customer, at=at)
            if who is not None:
                change = change.then(lambda it: it.add_contact(who.id, at=at))
            self.deal = (
                change.then(lambda it: _filled(it, lead, self.name, closing, at)) if self.fill == "blanks" else change
            )
        except Rejected as refused:
            raise Rejected("convert", refused.reason, refused.details) from None

    def made(
        self, level: str | None, said: Iterable[OptOut], purposes: Iterable[str], *, is_person: bool
    ) -> Conversion:
        """Everything that comes of it."""
        lead, customer, who, policy = self.lead, self.customer, self.who, self.policy
        reached = _reached(lead, None if self.deal is None else self.deal.state, level, policy)
        event = LeadConverted(
            **self.head,
            customer=customer.id,
            contact=None if who is None else who.id,
            opportunity=None if self.deal is None else self.deal.state.id,
            from_=lead.level,
            to=reached,
            place=None if reached in policy.lifecycle.former else policy.place(reached),
        )
        record = _customer(lead, has_contact=who is not None, is_person=is_person)
        return Conversion(
            lead=lead._after(event),  # noqa: SLF001 - as above
            opportunity=self.deal,
            customer=customer.draft(record, lead, reached),
            contact=None if who is None else who.draft(_person(lead, customer.id), lead, reached),
            consents=consents(lead.id, said, to=(who or customer).id, at=self.at, purposes=purposes),
            links=_moved(lead, event),
            level=reached,
        )


def _filled(deal: Opportunity, lead: Lead, name: str, closing: date, at: datetime) -> Change[Opportunity]:
    """The deal with what it lacks and the lead has; a territory is not the lead's to say."""
    change = Change(deal, ())
    if deal.name is None:
        change = change.then(lambda it: it.rename(name, at=at))
    if deal.owner is None:
        change = change.then(lambda it: it.reassign(lead.owner, at=at))
    if deal.expected_close is None:
        change = change.then(lambda it: it.change_close_date(closing, at=at))
    if deal.amount is None:
        change = change.then(lambda it: it.change_amount(lead.amount, at=at))
    if deal.campaign is None:
        change = change.then(lambda it: it.set_campaign(lead.campaign, at=at))
    return change


class _Target:
    """A new record, or one that exists."""

    __slots__ = ("fill", "id", "party")

    def __init__(self, name: str, new: object, into: KnownParty | str | None, fill: str) -> None:
        _ID_OR_NONE.require(f"convert.{name}", new)
        _PARTY.require(f"convert.into_{name}", into)
        if (new is None) == (into is None):
            raise InvalidValue(f"convert.{name}", new, f"the id of a new {name}, or into_{name}, and not both")
        if isinstance(into, str) and fill == "blanks":
            expected = "what is known of the record, for its blanks to be filled; an id alone with fill='none'"
            raise InvalidValue(f"convert.into_{name}", into, expected)
        self.party, self.fill = into, fill
        self.id: str = str(new) if into is None else into if isinstance(into, str) else into.id
        _checks.text.require(f"convert.into_{name}", self.id)

    def points(self) -> tuple[ContactPoint, ...]:
        """Of one that exists, as far as they are known."""
        return () if self.party is None or isinstance(self.party, str) else self.party.profile.get("points") or ()

    def draft(self, record: Record, lead: Lead, level: str) -> CustomerDraft:
        """What is to be made of it."""
        party = self.party
        if party is None:
            return CustomerDraft(
                id=self.id, is_new=True, kind=record.kind, record=record, owner=lead.owner, level=level
            )
        has_owner = isinstance(party, str) or party.owner is not None or self.fill == "none"
        return CustomerDraft(
            id=self.id,
            is_new=False,
            kind=None if isinstance(party, str) else party.kind,
            record=lacking(record, party, self.fill),
            owner=None if has_owner else lead.owner,
            level=level,
        )


def _contact(lead: Lead, contact: object, into: KnownParty | str | None, fill: str) -> _Target | None:
    """The person apart from the customer; none is needed where the lead names a company alone."""
    _ID_OR_FALSE.require("convert.contact", contact)
    if contact is False and into is not None:
        raise InvalidValue("convert.contact", contact, "no False together with into_contact")
    is_company = lead.person is None and lead.company is not None
    if contact is False or (contact is None and into is None and is_company):
        return None
    return _Target("contact", contact, into, fill)


def _person(lead: Lead, customer: str) -> Record:
    """What the contact takes: all that is known of the person, who works for the customer."""
    tie = Relationship("employment", customer, role=lead.title)
    return attrs.evolve(lead.record, points=_posted(lead.points, "mailing"), relationships=[tie])


def _customer(lead: Lead, *, has_contact: bool, is_person: bool) -> Record:
    """What the customer takes: its name and its address, or everything where it is the person or there is nobody."""
    record = lead.record
    if is_person:
        return attrs.evolve(record, points=_posted(record.points, "mailing"))
    named = organization_of(record)
    name = named.name if named is not None else None if lead.person is None else OrganizationName(str(lead.person))
    posted = _posted(lead.points, "billing")
    found = Record(record.source, f"{record.key}:company", record.at, kind="organization", name=name)
    if has_contact:
        return attrs.evolve(found, points=[point for point in posted if point.kind == "postal"])
    return attrs.evolve(found, points=posted, tags=record.tags, preferences=record.preferences, values=record.values)


def _posted(points: tuple[ContactPoint, ...], purpose: str) -> tuple[ContactPoint, ...]:
    """The points, with the purpose of a postal one that has none."""
    return tuple(
        [
            attrs.evolve(point, purposes=[purpose]) if point.kind == "postal" and not point.purposes else point
            for point in points
        ]
    )


def _closing(at: datetime, day: date | None, year_starts: int, tz: tzinfo) -> date:
    _DAY_OR_NONE.require("convert.expected_close", day)
    _checks.zone.require("convert.tz", tz)
    quarter = Period.of("quarter", local_date(at, tz), year_starts=year_starts)
    last: Any = quarter.end
    return last - timedelta(days=1) if day is None else day


def _is_joined(opportunity: object, into: Opportunity | None) -> bool:
    """Whether no new deal is asked for: one that exists takes the lead in, or none does."""
    _ID_OR_FALSE.require("convert.opportunity", opportunity)
    _DEAL_OR_NONE.require("convert.into_opportunity", into)
    if (opportunity is None) == (into is None):
        expected = "the id of a new deal, False for none, or into_opportunity, and not both"
        raise InvalidValue("convert.opportunity", opportunity, expected)
    return not opportunity


def _reached(lead: Lead, deal: Opportunity | None, level: str | None, policy: LeadPolicy) -> str:
    lifecycle = policy.lifecycle
    if level is not None:
        policy.place(level)
    by_deal = () if deal is None else ("opportunity", "customer") if deal.kind == "won" else ("opportunity",)
    known = [word for word in by_deal if word in lifecycle.stages] if level is None else [level]
    found = lifecycle.forward(lead.level, *known)
    return lead.furthest_level if found is None or found in lifecycle.former else found


def _moved(lead: Lead, event: LeadConverted) -> tuple[MovedLink, ...]:
    parents = (("opportunity", event.opportunity), ("contact", event.contact), ("customer", event.customer))
    kind, parent = next((kind, parent) for kind, parent in parents if parent is not None)
    return tuple([MovedLink(link, kind, parent) for link in lead.links])
