"""What happens to a voucher."""

from __future__ import annotations

from datetime import datetime

import attrs

from relex import _checks
from relex._instants import is_before
from relex.changes import Event
from relex.codec import tagged
from relex.errors import InvalidValue

__all__ = [
    "VoucherConfirmed",
    "VoucherIssued",
    "VoucherReleased",
    "VoucherReserved",
    "VoucherUseRestored",
    "VoucherVoided",
]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_INSTANT_OR_NONE = _checks.optional(_checks.instant)


@tagged("loyalty.VoucherIssued")
@attrs.frozen(kw_only=True, weakref_slot=False)
class VoucherIssued(Event):
    """A code was put into the world.

    Attributes:
        campaign: Id of the campaign.
        owner: Id of the customer who alone may use it; None for anybody.
        issued_by: Id of the purchase that earned it, on which it cannot be used; None for none.
        usable_from: From when it can be used; None for the start of the campaign.
        expires_at: When it ends; None for the end of the campaign.

    .. versionadded:: 0.1.0
    """

    campaign: str = attrs.field(validator=_checks.text)
    owner: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    issued_by: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    usable_from: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE)
    expires_at: datetime | None = attrs.field(default=None, validator=_INSTANT_OR_NONE)


@tagged("loyalty.VoucherReserved")
@attrs.frozen(kw_only=True, weakref_slot=False)
class VoucherReserved(Event):
    """Somebody holds one use of a code.

    Attributes:
        key: Of the use, such as the id of an order.
        by: Id of the customer; None where nobody is known.
        until: When the use is free again unless it is confirmed before.

    .. versionadded:: 0.1.0
    """

    key: str = attrs.field(validator=_checks.text)
    by: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    until: datetime = attrs.field(validator=_checks.instant)

    def __attrs_post_init__(self) -> None:
        if not is_before(self.at, self.until):
            raise InvalidValue("VoucherReserved.until", self.until, f"an instant after {self.at.isoformat()}")


@tagged("loyalty.VoucherConfirmed")
@attrs.frozen(kw_only=True, weakref_slot=False)
class VoucherConfirmed(Event):
    """A use that was reserved was made.

    Attributes:
        key: Of the use.

    .. versionadded:: 0.1.0
    """

    key: str = attrs.field(validator=_checks.text)


@tagged("loyalty.VoucherReleased")
@attrs.frozen(kw_only=True, weakref_slot=False)
class VoucherReleased(Event):
    """A use that was reserved is free again.

    Attributes:
        key: Of the use.

    .. versionadded:: 0.1.0
    """

    key: str = attrs.field(validator=_checks.text)


@tagged("loyalty.VoucherUseRestored")
@attrs.frozen(kw_only=True, weakref_slot=False)
class VoucherUseRestored(Event):
    """A use that was made does not count any more.

    Attributes:
        key: Of the use.
        reason: Why.

    .. versionadded:: 0.1.0
    """

    key: str = attrs.field(validator=_checks.text)
    reason: str = attrs.field(validator=_checks.text)


@tagged("loyalty.VoucherVoided")
@attrs.frozen(kw_only=True, weakref_slot=False)
class VoucherVoided(Event):
    """A code ended before its time.

    Attributes:
        reason: Why.

    .. versionadded:: 0.1.0
    """

    reason: str = attrs.field(validator=_checks.text)
