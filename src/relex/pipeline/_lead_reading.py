"""What is said of a lead, as statements of a party; and a lead as facts, and as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any

from relex import _checks
from relex.calendars import local_date
from relex.errors import InvalidValue
from relex.money import Money
from relex.parties import ContactPoint, OrganizationName, PersonName, PostalAddress, Preferences, Record
from relex.pipeline._lead_parts import says_who

if TYPE_CHECKING:
    from datetime import datetime

    from relex.pipeline._lead import Lead

__all__ = ["captured", "facts_of", "organization_of", "rows_of", "said_by", "stated"]

SOURCE = "lead"
"""The source of every statement that comes of a lead."""

_OWN = ("company", "title")
_NAMED: dict[str, str] = {
    "person": "name",
    "language": "preferences",
    "amount": "amount",
    "company": "company",
    "title": "title",
}
_TEXT_OR_NONE = _checks.optional(_checks.text)
_MAPPING = _checks.Check("a mapping from names", lambda value: isinstance(value, Mapping))


def captured(
    record: tuple[str, datetime],
    person: PersonName | str | None,
    company: str | None,
    title: str | None,
    language: str | None,
    points: Iterable[ContactPoint],
    tags: Iterable[str],
    facts: Mapping[str, Any] | None,
) -> Record:
    """The statement with which a lead begins."""
    found = Record(
        SOURCE,
        *record,
        name=_name("open", person),
        points=_checks.items("open.contact_points", points),
        tags=tags,
        preferences=_speaking("open", language),
        values=_values("open", company, title, facts),
    )
    if not says_who(found):
        raise InvalidValue("Lead.open", None, "at least one of person, company and contact_points")
    return found


def stated(
    record: tuple[str, datetime],
    person: PersonName | str | None,
    company: str | None,
    title: str | None,
    language: str | None,
    amount: Money | None,
    facts: Mapping[str, Any] | None,
    clear: Iterable[str],
) -> Record:
    """The part of a statement that is new; what is emptied is among its `cleared`."""
    _checks.optional(_checks.a(Money)).require("correct.amount", amount)
    values = _values("correct", company, title, facts)
    named = {"person": person, "language": language, "amount": amount}
    said = {_NAMED[name] for name, value in named.items() if value is not None} | dict(values).keys()
    cleared: tuple[str, ...] = _checks.items("correct.clear", clear)
    _checks.each(_checks.text).require("correct.clear", cleared)
    gone = {_NAMED.get(name, name) for name in cleared}
    if gone & said:
        raise InvalidValue("correct.clear", tuple(sorted(gone & said)), "names of what is not stated in the same call")
    return Record(
        SOURCE,
        *record,
        name=_name("correct", person),
        preferences=_speaking("correct", language),
        values=values,
        cleared=gone,
    )


def _name(command: str, person: PersonName | str | None) -> PersonName | None:
    _checks.optional(_checks.a(PersonName, str)).require(f"{command}.person", person)
    _require_words(f"{command}.person", person)
    return PersonName(person) if isinstance(person, str) else person


def _require_words(path: str, value: object) -> None:
    """Raise for a text of blanks alone, which names nobody."""
    if isinstance(value, str) and not value.strip():
        raise InvalidValue(path, value, "a str that is not blank")


def _speaking(command: str, language: str | None) -> Preferences | None:
    _TEXT_OR_NONE.require(f"{command}.language", language)
    return None if language is None else Preferences(languages=(language,))


def _values(
    command: str, company: str | None, title: str | None, facts: Mapping[str, Any] | None
) -> tuple[tuple[str, Any], ...]:
    own = {"company": company, "title": title}
    for name, value in own.items():
        _TEXT_OR_NONE.require(f"{command}.{name}", value)
    _require_words(f"{command}.company", company)
    given = {} if facts is None else facts
    _MAPPING.require(f"{command}.facts", given)
    taken = sorted(set(given).intersection(_NAMED))
    if taken:
        raise InvalidValue(f"{command}.facts", taken, f"other names than {', '.join(_NAMED)}")
    return (*given.items(), *[(name, value) for name, value in own.items() if value is not None])


def said_by(lead: Lead) -> tuple[Any, ...]:
    """All that a correction can change."""
    record = lead.record
    return record.name, record.preferences, record.values, lead.amount


def organization_of(record: Record) -> Record | None:
    """The statement of the company that a lead names, apart from that of the person."""
    company = dict(record.values).get("company")
    if company is None:
        return None
    name = OrganizationName(str(company))
    return Record(SOURCE, f"{record.key}:company", record.at, kind="organization", name=name)


def facts_of(lead: Lead) -> dict[str, Any]:
    """What rules may ask of a lead."""
    if lead.merged_into is not None:
        gone = dict.fromkeys(name for name, _ in lead.fact_schema.facts)
        told = {"id": lead.id, "source": lead.source, "status": lead.status, "merged_into": lead.merged_into}
        return {**gone, **told}
    return {**_of_work(lead), **_of_party(lead), **_of_deal(lead), **_custom(lead)}


def _of_work(lead: Lead) -> dict[str, Any]:
    return {
        "id": lead.id,
        "source": lead.source,
        "status": lead.status,
        "reason": lead.reason,
        "owner": lead.owner,
        "level": lead.level,
        "furthest_level": lead.furthest_level,
        "opened_at": lead.opened_at,
        "opened_on": local_date(lead.opened_at, UTC),
        "closed_at": lead.closed_at,
        "merged_into": None,
        "recycles": lead.recycles,
        "due_at": lead.due_at,
        "tags": lead.tags,
        "has_opted_out": bool(lead.opt_outs),
        "campaign": lead.campaign,
        "touches": len(lead.touches),
        "last_touch_at": lead.touches[-1].at if lead.touches else None,
    }


def _of_party(lead: Lead) -> dict[str, Any]:
    record = lead.record
    email, phone, postal = record.main("email"), record.main("phone"), record.main("postal")
    address = postal.value if postal is not None and isinstance(postal.value, PostalAddress) else None
    key = None if email is None else email.key
    return {
        "person": None if lead.person is None else str(lead.person),
        "company": lead.company,
        "title": lead.title,
        "language": lead.language,
        "email": None if email is None else str(email.value),
        "email_domain": None if key is None else key.rpartition("@")[2],
        "phone": None if phone is None else str(phone.value),
        "city": None if address is None else address.city,
        "country": None if address is None else address.country,
    }


def _of_deal(lead: Lead) -> dict[str, Any]:
    return {
        "amount": None if lead.amount is None else lead.amount.amount,
        "currency": None if lead.amount is None else lead.amount.currency,
        "customer": lead.customer,
        "contact": lead.contact,
        "opportunity": lead.opportunity,
        "converted_at": lead.converted_at,
    }


def _custom(lead: Lead) -> dict[str, Any]:
    return {f"custom.{name}": value for name, value in lead.record.values if name not in _OWN}


def rows_of(lead: Lead) -> list[tuple[str, object]]:
    """What people see of a lead: everything that there is."""
    facts = facts_of(lead)
    shown = ("status", "reason", "level", "owner", "person", "title", "company")
    rows: list[tuple[str, object]] = [(name, facts[name]) for name in shown]
    rows += [(point.kind, str(point)) for point in lead.points]
    rows += [("source", lead.source), ("tags", ", ".join(lead.tags)), ("amount", lead.amount)]
    rows += [("touch", str(touch)) for touch in lead.touches]
    rows += [("opted out", str(said)) for said in lead.opt_outs]
    rows += [(link.kind, link.id) for link in lead.links]
    rows += [(name, facts[name]) for name in ("due_at", "customer", "contact", "opportunity")]
    rows += [("merged", ", ".join(lead.merged)), ("merged into", lead.merged_into)]
    rows += sorted(_custom(lead).items())
    return [(name, value) for name, value in rows if value not in (None, "")]
