"""How good what we know of somebody is: flags, what is missing, what is old, and one score.

Theory of operation. An assessment is a question: it reads a record, a customer or a profile, and changes nothing.
Each value that is in use at `as_of` is looked at by the functions of its kind (`name_flags`, `email_flags`, ...), each
field has an age, and the codes of all flags are the fact `quality.flags` on which the score card of the policy works.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex.customers._email_flags import email_flags
from relex.customers._flags import SEVERITIES, Flag
from relex.customers._freshness import Freshness, fresh
from relex.customers._name_flags import is_no_name, name_flags
from relex.customers._phone_flags import phone_flags
from relex.customers._quality_policy import QualityPolicy, chosen
from relex.customers._text_flags import born_flags, place_flags, text_flags
from relex.errors import InvalidValue
from relex.figures import Figure, ratio
from relex.parties import ContactPoint, OrganizationName, PersonName, PostalAddress, Profile, Record
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from relex.parties import PhoneReader
    from relex.scoring import Score

__all__ = ["Assessment", "assess"]

_PLACES = 6
_ADDRESS = ("street", "city", "region", "postal", "country")
_PLACE = ("city", "region")
_NO_VALUES = frozenset({*_ADDRESS, "name", "email", "phone", "points", "identifiers", "relationships", "tags"})
_NOT_ASSESSED = _NO_VALUES | {"born", "preferences"}
_COLORS = {"note": "#666", "doubt": "#a60", "fault": "#b00"}


@attrs.frozen(kw_only=True)
class Assessment:
    """What `assess` found.

    Attributes:
        flags: The worst first, then by field, code and detail.
        completeness: The share of required fields that are filled, with both weights; None where nothing is required.
        freshness: Of each field that has a value and ages, sorted by field.
        score: Of the policy's card.
        as_of: The instant of the question.
        fact_schema: The facts of every assessment.

    .. versionadded:: 0.1.0
    """

    flags: tuple[Flag, ...]
    completeness: Figure
    freshness: tuple[Freshness, ...]
    score: Score
    as_of: datetime

    fact_schema: ClassVar[FactSchema] = FactSchema({"quality.flags": tuple, "quality.score": Decimal})

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all flags, sorted, each once."""
        return codes_of(self.flags)

    def of(self, field: str) -> tuple[Flag, ...]:
        """The flags of one field.

        .. versionadded:: 0.1.0
        """
        return tuple([flag for flag in self.flags if flag.field == field])

    def facts(self) -> dict[str, Any]:
        """What rules may ask about: `quality.flags`, the sorted codes, and `quality.score`, rounded to six places."""
        return {"quality.flags": self.codes, "quality.score": _plain(self.score.total)}

    def __str__(self) -> str:
        told = [f"{self.score}; {self.completeness.as_percent().show(0)} percent complete"]
        return "\n".join([*told, *map(str, self.flags), *map(str, self.freshness)])

    def _repr_html_(self) -> str:
        """The flags by severity, then the age of each field: no script, everything escaped."""
        flags = "".join(
            f'<tr style="color:{_COLORS[flag.severity]}"><th>{flag.severity}</th><td>{escape(flag.field)}</td>'
            f"<td>{flag.code}</td><td>{escape(flag.detail)}</td><td>{escape(flag.suggestion or '')}</td></tr>"
            for flag in self.flags
        )
        ages = "".join(f'<tr><td colspan="5">{escape(str(each))}</td></tr>' for each in self.freshness)
        caption = escape(f"{self.score}; complete: {self.completeness}")
        return f"<table><caption>{caption}</caption>{flags}{ages}</table>"


@attrs.frozen
class _View:
    """What there is to look at: values by field, the points in use, and when each field was stated."""

    values: Mapping[str, Any]
    points: tuple[ContactPoint, ...]
    time: Callable[[str], datetime | None]

    def main(self, kind: str) -> ContactPoint | None:
        """The point of a kind that stands for the party: the primary one, else the first."""
        found = [point for point in self.points if point.kind == kind]
        return next((point for point in found if point.primary), found[0] if found else None)


def assess(
    subject: Any, policy: QualityPolicy | None = None, *, as_of: datetime, phones: PhoneReader | None = None
) -> Assessment:
    """How good the data of a customer, a record or a profile is, at an instant.

    Nothing is refused and nothing is changed. Points that are not in use at the instant are not looked at. Free texts
    are looked at where the policy requires the field or gives it a half-life of its own.

    Args:
        subject: A `Record`, a `Profile`, or what has a `profile`, such as a `Customer`.
        policy: What is odd, what is required, how fast values age, and what it all costs; None for the default.
        as_of: The instant; aware.
        phones: Reads phone numbers of all regions; the core reads those of a few.

    Raises:
        InvalidValue: For a subject or policy of another type, or a naive datetime.

    Example:
        >>> from datetime import timezone
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> points = [ContactPoint("email", "user@mailinator.com"), ContactPoint("phone", "212-555-0100", region="US")]
        >>> found = assess(Record("shop", "7", day, name=PersonName("Mickey Mouse"), points=points), as_of=day)
        >>> found.codes, str(found.score)
        (('disposable-domain', 'fake-name', 'fictional-number'), '0.00 (poor)')

    .. versionadded:: 0.1.0
    """
    policy = chosen("assess.policy", policy)
    _checks.instant.require("assess.as_of", as_of)
    view = _view(subject, as_of)
    ages = tuple(_ages(view, policy, as_of))
    found = {*_of_values(view, policy, as_of), *_of_points(view, policy, phones), *map(_stale, filter(_is_stale, ages))}
    flags = tuple(sorted(found, key=_worst_first))
    return Assessment(
        flags=flags,
        completeness=_completeness(view, policy, as_of),
        freshness=ages,
        score=_score(flags, policy, as_of),
        as_of=as_of,
    )


def codes_of(flags: tuple[Flag, ...]) -> tuple[str, ...]:
    """The codes of flags, sorted, each once."""
    return tuple(sorted({flag.code for flag in flags}))


def _view(subject: Any, as_of: datetime) -> _View:
    if isinstance(subject, Record):
        return _View(subject.fields(), _in_use(subject.points, as_of), subject.time)
    profile = subject if isinstance(subject, Profile) else getattr(subject, "profile", None)
    if not isinstance(profile, Profile):
        raise InvalidValue("assess.subject", subject, "a Record, a Profile, or what has a profile")
    return _View(profile.values, _in_use(profile.get("points") or (), as_of), lambda field: _stated(profile, field))


def _in_use(points: tuple[ContactPoint, ...], as_of: datetime) -> tuple[ContactPoint, ...]:
    return tuple([point for point in points if point.is_valid(as_of)])


def _stated(profile: Profile, field: str) -> datetime | None:
    origin = profile.origins.get(field)
    return None if origin is None else origin.at


def _of_values(view: _View, policy: QualityPolicy, as_of: datetime) -> Iterator[Flag]:
    name, born = view.values.get("name"), view.values.get("born")
    if isinstance(name, (PersonName, OrganizationName)):
        yield from name_flags(name, policy)
    if isinstance(born, (str, date)):
        yield from born_flags(born, policy, as_of=as_of)
    named = {field for field, _ in (*policy.required, *policy.half_lives)}
    for field in named - _NOT_ASSESSED:
        value = view.values.get(field)
        if isinstance(value, str):
            yield from text_flags(value, policy, field=field)


def _of_points(view: _View, policy: QualityPolicy, phones: PhoneReader | None) -> Iterator[Flag]:
    for point in view.points:
        if isinstance(point.value, PostalAddress):
            yield from _of_address(point.value, policy)
        elif point.kind == "email":
            yield from email_flags(point.value, policy)
        elif point.kind == "phone":
            yield from phone_flags(point.value, point.region, policy, reader=phones)
        else:
            yield from text_flags(point.value, policy, field=point.kind)


def _of_address(address: PostalAddress, policy: QualityPolicy) -> Iterator[Flag]:
    texts = {
        "street": address.street,
        "city": address.city,
        "region": address.region,
        "postal": address.postal_code,
        "address": address.full,
    }
    for field, text in texts.items():
        if text is not None:
            check = place_flags if field in _PLACE else text_flags
            yield from check(text, policy, field=field)


def _ages(view: _View, policy: QualityPolicy, as_of: datetime) -> Iterator[Freshness]:
    kinds = {"address" if point.kind == "postal" else point.kind for point in view.points}
    free = {field for field, value in view.values.items() if value is not None} - _NOT_ASSESSED
    fields = {*kinds, *free, *({"name", "born"} & {field for field, value in view.values.items() if value is not None})}
    for field in sorted(fields):
        life = policy.life_of(field)
        if life is not None:
            point = view.main("postal" if field == "address" else field)
            verified_at = None if point is None else point.verified_at
            yield fresh(field, life, verified_at=verified_at, stated_at=_time(view, field), as_of=as_of)


def _time(view: _View, field: str) -> datetime | None:
    """When a field was stated; of an address, when its newest part was; of another point, when points were."""
    names = _ADDRESS if field == "address" else (field,)
    known = [at for name in names if name in view.values and (at := view.time(name)) is not None]
    return max(known, key=lambda at: at.astimezone(UTC)) if known else view.time("points")


def _is_stale(age: Freshness) -> bool:
    return age.is_stale


def _stale(age: Freshness) -> Flag:
    return Flag(age.field, "stale", "note", f"{age.basis} {age.days} days ago, half-life {age.half_life}")


def _completeness(view: _View, policy: QualityPolicy, as_of: datetime) -> Figure:
    required = [Fraction(weight) for _, weight in policy.required]
    filled = {field: Fraction(weight) for field, weight in policy.required if _is_filled(view, policy, field)}
    return ratio(
        _whole(sum(filled.values(), Fraction(0))),
        _whole(sum(required, Fraction(0))),
        parts={field: _whole(filled.get(field, Fraction(0))) for field, _ in policy.required},
        method="completeness by weight",
        as_of=as_of,
    )


def _is_filled(view: _View, policy: QualityPolicy, field: str) -> bool:
    """Whether a field says anything; a placeholder does not."""
    value = view.values.get(field)
    if isinstance(value, (PersonName, OrganizationName)):
        return not is_no_name(value, policy)
    kind = "postal" if field == "address" else field
    points = [point.value for point in view.points if point.kind == kind]
    if points or field in {"email", "phone", "address"}:
        return any(not policy.is_placeholder(str(point)) for point in points)
    return value not in (None, "", ()) and not (isinstance(value, str) and policy.is_placeholder(value))


def _score(flags: tuple[Flag, ...], policy: QualityPolicy, as_of: datetime) -> Score:
    events = [
        {"at": as_of, "flag.code": flag.code, "flag.field": flag.field, "flag.severity": flag.severity}
        for flag in flags
    ]
    return policy.card.score({"quality.flags": codes_of(flags)}, events, as_of=as_of)


def _worst_first(flag: Flag) -> tuple[int, str, str, str]:
    return (-SEVERITIES.index(flag.severity), flag.field, flag.code, flag.detail)


def _whole(weight: Fraction) -> int | Fraction:
    return weight.numerator if weight.denominator == 1 else weight


def _plain(total: Fraction | None) -> int | Decimal | None:
    if total is None or total.denominator == 1:
        return None if total is None else total.numerator
    return Decimal(round(total * 10**_PLACES)).scaleb(-_PLACES)
