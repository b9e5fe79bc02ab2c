"""The 360-degree view: everything that the caller has loaded about one customer, as of one instant, on one page."""

from __future__ import annotations

from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import is_before
from relex.errors import InvalidValue
from relex.insights import _html
from relex.insights._basis import AS_OF, when
from relex.insights._given import listed
from relex.insights._sections import NAMES, Section

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Customer360"]

_TITLES = {"identity": "Identity and contact points", "actions": "Next best actions", "churn": "Churn risk"}
_FRAME = "max-width:62rem;margin:0 auto;padding:1rem 1.5rem;font:14px/1.5 system-ui,sans-serif;color:#1a1a1a"
_BOX = "border:1px solid #ddd;border-radius:6px;padding:.2rem 1rem .6rem;margin:.8rem 0"


def _sorted(sections: Iterable[Section]) -> tuple[Section, ...]:
    given = listed("Customer360.sections", sections)
    _checks.each(_checks.a(Section)).require("Customer360.sections", given)
    places = {name: place for place, name in enumerate(NAMES)}
    return tuple(sorted(given, key=lambda section: (places.get(section.name, len(NAMES)), section.name)))


@attrs.frozen(kw_only=True)
class Customer360:
    """What is known about one customer as of one instant; it loads nothing, and no section knows another.

    A section that was not given is "not provided"; one that was given and holds nothing is "none".

    Attributes:
        customer: The id.
        as_of: A date or an aware datetime; nothing later is in any section.
        sections: Kept in the order of the known sections, then by name.

    Raises:
        InvalidValue: For a section twice, one that was loaded later than `as_of`, or a fact that two sections state.

    Example:
        >>> from relex.insights import PurchaseHistory, purchases_section, rfm
        >>> day = date(2024, 1, 31)
        >>> history = PurchaseHistory.from_rows([("ann", date(2024, 1, 30), 9)], as_of=day)
        >>> ann = Customer360(customer="ann", as_of=day, sections=[purchases_section("ann", history, rfm=rfm(history))])
        >>> ann.facts()["rfm.recency"], ann.status("purchases"), ann.status("loyalty")
        (1, 'given', 'not provided')

    .. versionadded:: 0.1.0
    """

    customer: str = attrs.field(validator=_checks.text)
    as_of: date | datetime = attrs.field(validator=AS_OF, eq=when)
    sections: tuple[Section, ...] = attrs.field(default=(), converter=_sorted)

    def __attrs_post_init__(self) -> None:
        names = [section.name for section in self.sections]
        if len(set(names)) != len(names):
            raise InvalidValue("Customer360.sections", names, "each section once")
        for section in self.sections:
            if _is_later(section.as_of, self.as_of):
                raise InvalidValue(
                    f"Customer360.sections[{section.name}].as_of", section.as_of, f"a section loaded as of {self.as_of}"
                )
        stated = [name for section in self.sections for name, _ in section.facts]
        if twice := sorted({name for name in stated if stated.count(name) > 1}):
            raise InvalidValue("Customer360.facts", twice, "each fact from one section")

    def section(self, name: str) -> Section | None:
        """A section; None if it was not provided."""
        return next((section for section in self.sections if section.name == name), None)

    def status(self, name: str) -> str:
        """Whether a section is `given`, `none` or `not provided`."""
        section = self.section(name)
        return "not provided" if section is None else "none" if section.is_empty else "given"

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, of all sections: flat, with stable dotted names."""
        return {name: value for section in self.sections for name, value in section.facts}

    def __str__(self) -> str:
        lines = [f"Customer {self.customer} as of {self.as_of}"]
        for name in self._names():
            section = self.section(name)
            lines.append(f"{name}: {self.status(name)}" + (f", as of {section.as_of}" if section else ""))
            lines += [f"  {fact} = {_html.text(value)}" for fact, value in (section.facts if section else ())]
        return "\n".join(lines)

    def _names(self) -> tuple[str, ...]:
        """The known sections, then the caller's own."""
        return (*NAMES, *(section.name for section in self.sections if section.name not in NAMES))

    def _repr_html_(self) -> str:
        boxes = "".join(map(_box, self.sections))
        missing = [_title(name) for name in NAMES if self.section(name) is None]
        title = f'<h1 style="font-size:1.5rem;margin:.2em 0">Customer {escape(self.customer)}</h1>'
        return f'<div style="{_FRAME}">{title}{_html.note(f"as of {self.as_of}")}{boxes}{_absent(missing)}</div>'

    def to_html(self) -> str:
        """One page, complete and self-contained: everything escaped, no script, nothing loaded from elsewhere.

        .. versionadded:: 0.1.0
        """
        head = f'<head><meta charset="utf-8"><title>Customer {escape(self.customer)}</title></head>'
        body = f'<body style="margin:0">{self._repr_html_()}</body>'
        return f'<!doctype html><html lang="en">{head}{body}</html>'


def _is_later(one: date | datetime, other: date | datetime) -> bool:
    """Whether one moment is later; a date stands for its whole day, so it is compared by the day."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return is_before(other, one)
    days = [moment.date() if isinstance(moment, datetime) else moment for moment in (one, other)]
    return days[0] > days[1]


def _title(name: str) -> str:
    return _TITLES.get(name, name.capitalize())


def _absent(titles: list[str]) -> str:
    """The known sections that nobody gave, in one line: not the same as those that are empty."""
    return _html.note(f"not provided: {', '.join(titles)}") if titles else ""


def _box(section: Section) -> str:
    title = f'<h2 style="font-size:1.05rem;margin:.5em 0 .2em">{escape(_title(section.name))}</h2>'
    if section.is_empty:
        body = _html.note("none")
    else:
        body = "".join(_html.table(panel.caption, panel.header, panel.rows) for panel in section.panels)
        body += _facts(section)
    return f'<section style="{_BOX}">{title}{body}{_html.note(f"as of {section.as_of}")}</section>'


def _facts(section: Section) -> str:
    """The facts and how they were made, folded away until somebody opens them."""
    facts = _html.table("Facts", ("Fact", "Value"), section.facts) if section.facts else ""
    inner = "".join(map(_html.note, section.notes)) + facts
    return f'<details><summary style="cursor:pointer;color:#456">How it was made</summary>{inner}</details>'
