"""What a company asks consent for, and when and how often it contacts people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.calendars import BusinessCalendar, CalendarDuration, Months
from relex.codec import tagged
from relex.customers._caps import FrequencyCap
from relex.errors import InvalidValue

if TYPE_CHECKING:
    from datetime import tzinfo

__all__ = ["MODELS", "ConsentPolicy", "Purpose"]

MODELS = ("opt-in", "opt-out", "none")
"""When a purpose is allowed: when granted, unless refused, or without asking."""

_DAYS_TO_CONFIRM = 7
_ANYWHERE = "*"


def _duration(value: CalendarDuration | int | None) -> CalendarDuration | None:
    return Months(value) if isinstance(value, int) and not isinstance(value, bool) else value  # type: ignore[return-value]


_LASTING = _checks.Check(
    "a CalendarDuration of at least 1, a number of months, or None for ever",
    lambda value: value is None or (isinstance(value, CalendarDuration) and value.n > 0),
)


@tagged("customers.Purpose")
@attrs.frozen(weakref_slot=False, cache_hash=True)
class Purpose:
    """What customers are contacted for.

    Attributes:
        name: Such as `marketing`.
        model: `opt-in` (allowed when granted), `opt-out` (allowed unless refused) or `none` (consent is not asked).
        double_opt_in: Whether a grant counts only once it is confirmed.
        valid_for: How long a grant is in force that names no end, from the instant at which it counts; a whole number
            means months. None is for ever.
        commercial: Whether quiet time, caps and channels to avoid hold for it.

    Example:
        >>> Purpose("marketing", valid_for=24).valid_for
        Months(n=24, end_of=None, year_ends=12)

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    model: str = attrs.field(default="opt-in", validator=_checks.one_of(*MODELS))
    double_opt_in: bool = attrs.field(default=False, validator=_checks.flag, kw_only=True)
    valid_for: CalendarDuration | None = attrs.field(
        default=None, converter=_duration, validator=_LASTING, kw_only=True
    )
    commercial: bool = attrs.field(default=True, validator=_checks.flag, kw_only=True)


def _purposes(values: Iterable[Purpose]) -> tuple[Purpose, ...]:
    found = _checks.items("ConsentPolicy.purposes", values)
    _checks.each(_checks.a(Purpose)).require("ConsentPolicy.purposes", found)
    _checks.unique("name").require("ConsentPolicy.purposes", found)
    return found


def _channels(values: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items("ConsentPolicy.opt_in_channels", values)
    _checks.each(_checks.text).require("ConsentPolicy.opt_in_channels", found)
    return tuple(sorted(set(found)))


def _caps(values: Iterable[FrequencyCap]) -> tuple[FrequencyCap, ...]:
    found = _checks.items("ConsentPolicy.caps", values)
    _checks.each(_checks.a(FrequencyCap)).require("ConsentPolicy.caps", found)
    _checks.unique("name").require("ConsentPolicy.caps", found)
    return found


def _hours(
    value: BusinessCalendar | Mapping[str, BusinessCalendar] | Iterable[tuple[str, BusinessCalendar]],
) -> tuple[tuple[str, BusinessCalendar], ...]:
    if isinstance(value, BusinessCalendar):
        return ((_ANYWHERE, value),)
    pairs = tuple(value.items()) if isinstance(value, Mapping) else _checks.items("ConsentPolicy.hours", value)
    _HOURS.require("ConsentPolicy.hours", pairs)
    return tuple(sorted(pairs, key=_first))


def _first(pair: tuple[str, Any]) -> str:
    return pair[0]


def _are_hours(pairs: tuple[Any, ...]) -> bool:
    named = all(
        isinstance(pair, tuple)
        and len(pair) == 2  # noqa: PLR2004 - a pair
        and _checks.text.passes(pair[0])
        and isinstance(pair[1], BusinessCalendar)
        for pair in pairs
    )
    return named and len({pair[0] for pair in pairs}) == len(pairs)


_HOURS = _checks.Check("a BusinessCalendar, or one for each channel", _are_hours)
_POSITIVE = _checks.Check("a timedelta above 0", lambda value: isinstance(value, timedelta) and value > timedelta(0))


@tagged("customers.ConsentPolicy")
@attrs.frozen(weakref_slot=False)
class ConsentPolicy:
    """When a company may contact people: a definition, with a dict form and a version.

    Attributes:
        purposes: With different names; a question about another one is an error.
        opt_in_channels: Sorted channels that make every purpose opt-in.
        confirm_within: How long a request of a double opt-in waits for its confirmation, the last instant included.
        hours: Sorted (channel, contact hours) pairs; the channel `*` is every other. One calendar may be given for all.
        caps: How often, with different names.
        hold_at_most: A longer hold is a refusal; None holds for as long as it takes.
        verified_only: Whether a point must have been verified.
        quiet_for_all: Whether contact hours also hold for what is not commercial.
        deceased_tag: The tag by which a customer is known to be dead.
        version: Of the definition.

    Raises:
        InvalidValue: For two purposes or caps of one name, or anything of a wrong type.

    Example:
        >>> policy = ConsentPolicy([Purpose("marketing", valid_for=24), Purpose("service", "opt-out")])
        >>> policy.purpose("service").model
        'opt-out'

    .. versionadded:: 0.1.0
    """

    purposes: tuple[Purpose, ...] = attrs.field(converter=_purposes)
    opt_in_channels: tuple[str, ...] = attrs.field(default=("sms",), converter=_channels, kw_only=True)
    confirm_within: timedelta = attrs.field(default=timedelta(days=_DAYS_TO_CONFIRM), validator=_POSITIVE, kw_only=True)
    hours: tuple[tuple[str, BusinessCalendar], ...] = attrs.field(default=(), converter=_hours, kw_only=True)
    caps: tuple[FrequencyCap, ...] = attrs.field(default=(), converter=_caps, kw_only=True)
    hold_at_most: timedelta | None = attrs.field(
        default=None, validator=_checks.optional(_checks.elapsed), kw_only=True
    )
    verified_only: bool = attrs.field(default=False, validator=_checks.flag, kw_only=True)
    quiet_for_all: bool = attrs.field(default=False, validator=_checks.flag, kw_only=True)
    deceased_tag: str = attrs.field(default="deceased", validator=_checks.text, kw_only=True)
    version: int = attrs.field(default=1, validator=_checks.whole(least=1), kw_only=True)
    _by_name: dict[str, Purpose] = attrs.field(init=False, eq=False, repr=False)
    _by_channel: dict[str, BusinessCalendar] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Index the purposes."""
        object.__setattr__(self, "_by_name", {purpose.name: purpose for purpose in self.purposes})
        object.__setattr__(self, "_by_channel", dict(self.hours))

    def purpose(self, name: str) -> Purpose:
        """The declaration of a purpose.

        Raises:
            InvalidValue: For a purpose that is not declared; it lists those that are.

        .. versionadded:: 0.1.0
        """
        found = self._by_name.get(name) if _checks.text.passes(name) else None
        if found is None:
            raise InvalidValue("purpose", name, f"a declared purpose: {', '.join(self._by_name) or 'none at all'}")
        return found

    def model(self, purpose: Purpose, channel: str) -> str:
        """By which model a purpose is allowed on a channel."""
        return "opt-in" if channel in self.opt_in_channels else purpose.model

    def hours_on(self, channel: str, tz: tzinfo | None = None) -> BusinessCalendar | None:
        """When there is contact on a channel, on the clocks of a zone if one is given; None is at any time."""
        found = self._by_channel.get(channel) or self._by_channel.get(_ANYWHERE)
        return found if found is None or tz is None or found.tz is tz else attrs.evolve(found, tz=tz)
