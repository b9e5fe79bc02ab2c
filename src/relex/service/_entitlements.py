"""What customers are owed, and which of it counts for a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

import attrs

from relex import _checks
from relex._html import table
from relex._instants import moment
from relex.calendars import Period
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.service._case import Case
from relex.service._reading import seen_case

__all__ = ["Entitlement", "EntitlementChoice", "PassedEntitlement", "entitled", "entitlements_used"]

_CASE = _checks.a(Case)
_WORDS = _checks.optional(
    _checks.Check("ids, at least one (None for any)", lambda value: value and all(map(_checks.text.passes, value)))
)
_USED = _checks.Check(
    "a mapping from ids of entitlements to numbers of cases", lambda value: isinstance(value, Mapping)
)
_COUNT = _checks.whole(least=0)


def _products(values: Iterable[str] | None) -> tuple[str, ...] | None:
    return _words("Entitlement.products", values)


def _channels(values: Iterable[str] | None) -> tuple[str, ...] | None:
    return _words("Entitlement.channels", values)


def _words(path: str, values: Iterable[str] | None) -> tuple[str, ...] | None:
    if values is None:
        return None
    found = _checks.items(path, values)
    return tuple(sorted(set(found))) if all(isinstance(each, str) for each in found) else found


@tagged("service.Entitlement")
@attrs.frozen(weakref_slot=False)
class Entitlement:
    """What a customer is owed: for which products and channels, until when, for how many cases, by which policy.

    Attributes:
        id: Of the entitlement.
        customer: Id of the customer.
        period: From when until when; half-open, so at its end it holds no more.
        policy: Id of the policy that is promised.
        products: Sorted ids; None is any product, and none at all.
        channels: Sorted names; None is any channel.
        cases: How many cases it is good for; None is any number.
        name: For people.

    Raises:
        InvalidValue: For a wrong type, no product or no channel at all, or fewer than 1 case.

    Example:
        >>> from datetime import date
        >>> Entitlement("e1", customer="k7", period=Period(date(2026, 1, 1), date(2027, 1, 1)), policy="gold").cases

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    customer: str = attrs.field(kw_only=True, validator=_checks.text)
    period: Period = attrs.field(kw_only=True, validator=_checks.a(Period))
    policy: str = attrs.field(kw_only=True, validator=_checks.text)
    products: tuple[str, ...] | None = attrs.field(default=None, kw_only=True, converter=_products, validator=_WORDS)
    channels: tuple[str, ...] | None = attrs.field(default=None, kw_only=True, converter=_channels, validator=_WORDS)
    cases: int | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.whole(least=1)))
    name: str | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.text))

    def __str__(self) -> str:
        parts = [
            self.policy,
            f"of {self.customer}",
            f"from {self.period.start}" + ("" if self.period.end is None else f" until {self.period.end}"),
            "" if self.products is None else f"products {', '.join(self.products)}",
            "" if self.channels is None else f"channels {', '.join(self.channels)}",
            "" if self.cases is None else f"{self.cases} cases",
        ]
        return f"{self.id}: {', '.join(filter(None, parts))}"


@attrs.frozen(weakref_slot=False)
class PassedEntitlement:
    """An entitlement that does not count for a case.

    Attributes:
        entitlement: Its id.
        reason: `other_customer`, `not_started`, `ended`, `product`, `channel` or `used_up`: the first that holds; or
            `comes_later`, when it fits and another one that fits comes first.

    .. versionadded:: 0.1.0
    """

    entitlement: str
    reason: str

    def __str__(self) -> str:
        return f"{self.entitlement}: {self.reason}"


@attrs.frozen(kw_only=True, weakref_slot=False)
class EntitlementChoice:
    """Which entitlement counts for a case, and why not the others; made by `entitled`.

    Attributes:
        case: Id of the case.
        entitlement: The one that counts; None when the case is unentitled.
        passed: All others, in the order in which they were given.
        as_of: The instant of the question.

    .. versionadded:: 0.1.0
    """

    case: str
    entitlement: Entitlement | None
    passed: tuple[PassedEntitlement, ...]
    as_of: datetime

    @property
    def reason(self) -> str | None:
        """`unentitled` when no entitlement fits; else None."""
        return "unentitled" if self.entitlement is None else None

    def __str__(self) -> str:
        chosen = self.reason if self.entitlement is None else self.entitlement.id
        passed = ", ".join(map(str, self.passed))
        return f"{self.case}: {chosen}" + (f" ({passed})" if passed else "")

    def _repr_html_(self) -> str:
        chosen = [] if self.entitlement is None else [(self.entitlement.id, self.entitlement.policy, "counts")]
        rows = [*chosen, *[(each.entitlement, None, each.reason) for each in self.passed]]
        return table(str(self).partition(" (")[0], ("entitlement", "policy", ""), rows)


def entitled(
    case: Case,
    entitlements: Iterable[Entitlement],
    *,
    as_of: datetime,
    used: Mapping[str, int] | None = None,
    tz: tzinfo = UTC,
) -> EntitlementChoice:
    """Which entitlement counts for a case.

    Several may fit: first comes the one that names the product, then the one that names the channel, then the one that
    ends later (one without an end is the last), then the smallest id. None may fit too: that is an answer, and the case
    can be opened all the same.

    Args:
        case: The case; what happened to it after `as_of` is not seen.
        entitlements: Of this customer, or of all.
        as_of: The instant; aware.
        used: How many cases each has been used for, by id, with this case among them if it has one already; see
            `entitlements_used`. One that is not named has not been used.
        tz: Whose midnights are the borders of periods of dates.

    Raises:
        InvalidValue: For a naive datetime, an instant before the case was opened, two entitlements of one id, a number
            below 0, or a wrong type.

    Example:
        >>> from datetime import date
        >>> year = Period(date(2026, 1, 1), date(2027, 1, 1))
        >>> owed = [Entitlement("e1", customer="k7", period=year, policy="gold", products=["printer"]),
        ...         Entitlement("e2", customer="k7", period=year, policy="basic")]
        >>> monday = datetime(2026, 6, 1, tzinfo=UTC)
        >>> case, _ = Case.open("c1", customer="k7", channel="mail", at=monday)
        >>> print(entitled(case, owed, as_of=monday))
        c1: e2 (e1: product)

    .. versionadded:: 0.1.0
    """
    then = seen_case("entitled", case, as_of)
    _checks.zone.require("entitled.tz", tz)
    given, counts = _known(entitlements), _counts(used)
    reasons = [_against(each, then, counts, each.period.instants(tz), as_of) for each in given]
    fitting = [each for each, reason in zip(given, reasons, strict=True) if reason is None]
    chosen = min(fitting, key=lambda each: _rank(each, tz), default=None)
    passed = [
        PassedEntitlement(each.id, reason or "comes_later")
        for each, reason in zip(given, reasons, strict=True)
        if each is not chosen
    ]
    return EntitlementChoice(case=case.id, entitlement=chosen, passed=tuple(passed), as_of=as_of)


def entitlements_used(cases: Iterable[Case]) -> dict[str, int]:
    """How many cases count for each entitlement, by its id: what `entitled` takes as `used`.

    A rejected or merged case counts for none: nothing was done for it.

    Raises:
        InvalidValue: For what is no case.

    .. versionadded:: 0.1.0
    """
    if isinstance(cases, (str, bytes, Mapping)) or not isinstance(cases, Iterable):
        raise InvalidValue("entitlements_used.cases", cases, "an iterable of cases")
    found: Counter[str] = Counter()
    for case in cases:
        if not isinstance(case, Case):
            _CASE.require("entitlements_used.cases", case)
        if _counted(case):
            found[case.entitlement] += 1  # type: ignore[index]  # it has one
    return dict(found)


def _counted(case: Case) -> bool:
    return case.entitlement is not None and case.ends not in _UNCOUNTED


_UNCOUNTED = ("rejected", "merged")


def _known(entitlements: Iterable[Entitlement]) -> tuple[Entitlement, ...]:
    given = _checks.items("entitled.entitlements", entitlements)
    _checks.each(_checks.a(Entitlement)).require("entitled.entitlements", given)
    _checks.unique("id").require("entitled.entitlements", given)
    return given


def _counts(used: Mapping[str, int] | None) -> Mapping[str, int]:
    if used is None:
        return {}
    _USED.require("entitled.used", used)
    for name, count in used.items():
        _COUNT.require(f"entitled.used[{name!r}]", count)
    return used


def _against(each: Entitlement, case: Case, used: Mapping[str, int], period: Period, as_of: datetime) -> str | None:
    if each.customer != case.customer:
        return "other_customer"
    if not period.contains(as_of):
        return "not_started" if moment(as_of) < moment(period.start) else "ended"  # type: ignore[arg-type]  # instants
    if each.products is not None and case.product not in each.products:
        return "product"
    if each.channels is not None and case.channel not in each.channels:
        return "channel"
    others = used.get(each.id, 0) - (case.entitlement == each.id and _counted(case))
    return "used_up" if each.cases is not None and others >= each.cases else None


def _rank(each: Entitlement, tz: tzinfo) -> tuple[Any, ...]:
    end = each.period.instants(tz).end
    length = (0,) if end is None else (1, -moment(end))  # type: ignore[arg-type]  # an instant
    return each.products is None, each.channels is None, length, each.id
