"""Where a party can be reached: contact points, and addresses in parts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import moment_or_none
from relex.calendars import Period
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.parties._countries import country_or_none
from relex.parties._phones import phone, split_extension
from relex.parties._point_keys import POINT_KINDS, point_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.parties._emails import EmailReader
    from relex.parties._phones import PhoneReader

__all__ = ["ContactPoint", "PostalAddress"]

_STATES = ("bounced", "invalid", "ok", "unknown")
_TEXT_OR_NONE = _checks.optional(_checks.text)
_IN_USE = _checks.Check(
    "a Period of instants, or None",
    lambda value: value is None or (isinstance(value, Period) and isinstance(value.start, datetime)),
)


@tagged("parties.PostalAddress")
@attrs.frozen(kw_only=True, weakref_slot=False)
class PostalAddress:
    """A postal address, in parts where the parts are known.

    Attributes:
        street: With the house number.
        city: Or town.
        region: State, province, prefecture.
        postal_code: As it is written.
        country: ISO 3166 alpha-2 code.
        full: The whole address as it is written, where nobody has split it.

    Raises:
        InvalidValue: For no part at all, an empty part, or a country that is no code.

    Example:
        >>> str(PostalAddress(street="Storgatan 1", city="Umeå", postal_code="903 26", country="SE"))
        'Storgatan 1, 903 26 Umeå, SE'

    .. versionadded:: 0.1.0
    """

    street: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    city: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    region: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    postal_code: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    country: str | None = attrs.field(default=None, validator=country_or_none)
    full: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)

    def __attrs_post_init__(self) -> None:
        """Check that there is an address."""
        if all(part is None for part in attrs.astuple(self)):
            raise InvalidValue("PostalAddress", None, "at least one part")

    def __str__(self) -> str:
        """The address as written, else its parts."""
        if self.full is not None:
            return self.full
        city = " ".join(part for part in (self.postal_code, self.city) if part is not None)
        return ", ".join(part for part in (self.street, city or None, self.region, self.country) if part is not None)


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items("ContactPoint.purposes", values)
    _checks.each(_checks.text).require("ContactPoint.purposes", found)
    return tuple(sorted(set(found)))


def _key(point: ContactPoint) -> str | None:
    try:
        return point_key(point.kind, point.value, point.region)
    except InvalidValue:  # the checks of the fields, which come later, say what is wrong
        return None


def _extension(point: ContactPoint) -> str | None:
    return split_extension(point.value)[1] if point.kind == "phone" and isinstance(point.value, str) else None


@tagged("parties.ContactPoint")
@attrs.frozen(weakref_slot=False)
class ContactPoint:
    """A way to reach a party. What was typed is kept for ever; the key is for comparing.

    Attributes:
        kind: One of `POINT_KINDS`.
        value: As it was typed; a `PostalAddress` for `postal`.
        key: Computed from kind, value and region; None when the value cannot be read as what it should be.
        purposes: What it may be used for, such as `billing`; sorted. None named is any.
        primary: Whether it comes first among those of its kind.
        verified_at: When it was last shown to be right; aware.
        valid: When it is in use, from an instant to another; None is always.
        shared: Whether several parties use it (a switchboard, a family mailbox); it then says nothing of identity.
        state: `ok`, `bounced`, `invalid`, or `unknown`.
        extension: Of a phone, behind the number; read from the value. It is no part of the key.
        region: ISO 3166 alpha-2 code by which a national phone number is read.

    Raises:
        InvalidValue: For another kind or state, an empty value, a value of the wrong type for its kind, or a region
            that is no country code. A value that cannot be read is kept.

    Example:
        >>> point = ContactPoint("phone", "(650) 253-0000 x12", region="US")
        >>> point.key, point.extension
        ('+16502530000', '12')

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(validator=_checks.one_of(*POINT_KINDS))
    value: str | PostalAddress = attrs.field(validator=_checks.a(str, PostalAddress))
    purposes: tuple[str, ...] = attrs.field(default=(), converter=_sorted, kw_only=True)
    primary: bool = attrs.field(default=False, validator=_checks.flag, kw_only=True)
    verified_at: datetime | None = attrs.field(
        default=None, validator=_checks.optional(_checks.instant), kw_only=True, eq=moment_or_none
    )
    valid: Period | None = attrs.field(default=None, validator=_IN_USE, kw_only=True)
    shared: bool = attrs.field(default=False, validator=_checks.flag, kw_only=True)
    state: str = attrs.field(default="unknown", validator=_checks.one_of(*_STATES), kw_only=True)
    extension: str | None = attrs.field(
        default=attrs.Factory(_extension, takes_self=True), validator=_TEXT_OR_NONE, kw_only=True
    )
    region: str | None = attrs.field(default=None, validator=country_or_none, kw_only=True)
    key: str | None = attrs.field(default=attrs.Factory(_key, takes_self=True), validator=_TEXT_OR_NONE, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check that the value is one of its kind."""
        if isinstance(self.value, PostalAddress) != (self.kind == "postal") or self.value == "":
            expected = "a PostalAddress" if self.kind == "postal" else "a non-empty str"
            raise InvalidValue("ContactPoint.value", self.value, expected)

    @property
    def field(self) -> str:
        """What two statements about one point share, such as `points.email:ada@example.com`."""
        key = f"?{self.value}" if self.key is None else f":{self.key}"
        return f"points.{self.kind}{key}" + (f" ext {self.extension}" if self.extension else "")

    def read_by(self, *, phones: PhoneReader | None = None, emails: EmailReader | None = None) -> ContactPoint:
        """The same point, with the key that a better reader gives; a point of another kind stays as it is.

        Args:
            phones: Reads phones, such as `relex.adapters.contacts.PhoneNumbers()`.
            emails: Reads e-mail addresses, such as `relex.adapters.contacts.EmailAddresses()`.

        .. versionadded:: 0.1.0
        """
        if self.kind == "phone" and phones is not None:
            found = phone(str(self.value), self.region, reader=phones)
            return attrs.evolve(self, key=found.e164, extension=found.extension)
        if self.kind == "email" and emails is not None:
            return attrs.evolve(self, key=emails.key(str(self.value)))
        return self

    def is_valid(self, at: datetime) -> bool:
        """Whether it is in use at an instant."""
        return self.valid is None or at in self.valid

    def __str__(self) -> str:
        """What was typed."""
        return str(self.value)
