"""Whom to ask what: the request that a contact policy decides on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import attrs

from relex import _checks
from relex._instants import moment
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.parties import FieldValue
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["INVITATION", "REMINDER", "Carrier", "ContactRequest", "key_of", "sharing", "value_of"]

INVITATION = "invitation"
REMINDER = "reminder"

_TEXT_OR_NONE = _checks.optional(_checks.text)
_TWO = 2
_OWN = frozenset({"about", "account", "channel", "contact", "kind", "program", "survey", "wave"})
_VALUE = _checks.Check(
    "a str, int, Decimal, bool, date, datetime with a time zone, or tuple of str",
    lambda value: (
        isinstance(value, (str, bool))
        or _checks.instant.passes(value)
        or _checks.calendar_day.passes(value)
        or (_checks.exact.passes(value) and not isinstance(value, Fraction))
        or (isinstance(value, tuple) and all(isinstance(each, str) for each in value))
    ),
)


class Carrier(Protocol):
    """What says whom something was about: a request, or a response that nobody was invited to."""

    @property
    def contact(self) -> str | None:
        """Id of the person."""
        ...

    def facts(self) -> dict[str, Any]:
        """What rules may ask about."""
        ...


def _values(values: Mapping[str, FieldValue] | Iterable[tuple[str, FieldValue]]) -> tuple[tuple[str, Any], ...]:
    """Pairs sorted by name; a name that a request has anyway is refused."""
    path = "ContactRequest.values"
    pairs = tuple(values.items()) if isinstance(values, Mapping) else _checks.items(path, values)
    for pair in pairs:
        if not (isinstance(pair, tuple) and len(pair) == _TWO and _checks.text.passes(pair[0])):
            raise InvalidValue(path, pair, "pairs of a name and a value")
        if pair[0] in _OWN:
            raise InvalidValue(path, pair[0], f"another name than {', '.join(sorted(_OWN))}, which requests have")
        _VALUE.require(f"{path}.{pair[0]}", pair[1])
    if len(dict(pairs)) < len(pairs):
        raise InvalidValue(path, values, "each name once")
    return tuple(sorted(pairs, key=lambda pair: pair[0]))


def _exactly(values: tuple[tuple[str, Any], ...]) -> tuple[object, ...]:
    """What values are compared by: True is not 1, and an instant is the same in every zone."""
    return tuple([(name, type(each), moment(each) if isinstance(each, datetime) else each) for name, each in values])


@tagged("feedback.ContactRequest")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ContactRequest:
    """Somebody is to be asked something, or reminded, or told.

    Attributes:
        contact: Id of the customer.
        survey: Id of the survey, or the name of another message.
        version: Of the survey.
        program: Such as `relational` or `transactional`.
        wave: Of a survey that is repeated, such as `2026-Q1`.
        about: Id of what it is about, such as a case or a purchase.
        account: Id of the organization that the customer answers for.
        channel: Such as `email`.
        kind: `invitation`, `reminder`, or any other word, such as `thank_you`.
        values: Sorted (name, value) pairs of everything else that rules, scopes and waits ask about. Give addresses
            in their normal form: values are compared exactly.
        key: What it asks for: survey, wave, contact and about, in one text.
        fact_schema: The facts of every request.

    Raises:
        InvalidValue: For a wrong type, a naive datetime, or a value named as one of the attributes.

    Example:
        >>> request = ContactRequest(contact="c1", survey="csat", about="case-7", values={"division": "support"})
        >>> request.key, request.facts()["value.division"]
        ('csat::c1:case-7', 'support')

    .. versionadded:: 0.1.0
    """

    contact: str = attrs.field(validator=_checks.text)
    survey: str = attrs.field(validator=_checks.text)
    version: int = attrs.field(default=1, validator=_checks.whole(least=1))
    program: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    wave: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    about: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    account: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    channel: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    kind: str = attrs.field(default=INVITATION, validator=_checks.text)
    values: tuple[tuple[str, FieldValue], ...] = attrs.field(default=(), converter=_values, eq=_exactly)

    fact_schema: ClassVar[FactSchema] = FactSchema(
        {
            "account": str,
            "contact": str,
            "customer": str,
            "invitation.about": str,
            "invitation.channel": str,
            "invitation.kind": str,
            "invitation.wave": str,
            "survey.id": str,
            "survey.program": str,
            "survey.version": int,
        },
        open=("value.",),
    )

    @property
    def key(self) -> str:
        """Survey, wave, contact and what it is about: what is asked for twice has one key."""
        return key_of(self.survey, self.wave, self.contact, self.about)

    def facts(self) -> dict[str, Any]:
        """What rules may ask about, by stable names.

        .. versionadded:: 0.1.0
        """
        return {
            "customer": self.contact,
            "contact": self.contact,
            "account": self.account,
            "survey.id": self.survey,
            "survey.version": self.version,
            "survey.program": self.program,
            "invitation.kind": self.kind,
            "invitation.wave": self.wave,
            "invitation.about": self.about,
            "invitation.channel": self.channel,
            **{f"value.{name}": value for name, value in self.values},
        }

    def __str__(self) -> str:
        wave = "" if self.wave is None else f" {self.wave}"
        about = "" if self.about is None else f" about {self.about}"
        return f"{self.kind} to {self.survey}{wave} for {self.contact}{about}"


def key_of(*parts: str | None) -> str:
    """Parts in one text, each told from the next; None and nothing are the same."""
    return ":".join([(part or "").replace("%", "%25").replace(":", "%3A") for part in parts])


def value_of(carrier: Carrier, name: str) -> Any:
    """What a carrier says under a name: an attribute that every request has, or one of its values; None if nothing."""
    if name in _OWN:
        return getattr(carrier, name, None)
    for known, value in getattr(carrier, "values", ()):
        if known == name:
            return value
    return None


def sharing(names: tuple[str, ...]) -> Callable[[Carrier], Any]:
    """A function that gives what has to be equal for two to count together.

    It gives None where any of it is not known, which equals nothing.
    """
    if not _OWN.issuperset(names):
        return lambda carrier: _known(tuple([value_of(carrier, name) for name in names]))
    known = attrgetter(*names)
    return known if len(names) == 1 else lambda carrier: _known(known(carrier))


def _known(found: tuple[Any, ...]) -> tuple[Any, ...] | None:
    return None if None in found else found
