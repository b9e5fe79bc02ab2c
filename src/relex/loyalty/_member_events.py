"""Who belongs to an account, as facts that do not change."""

from __future__ import annotations

from datetime import datetime

import attrs

from relex import _checks
from relex.changes import Event
from relex.codec import tagged

__all__ = ["ROLES", "Member", "MemberAdded", "MemberRemoved"]

ROLES = ("owner", "member", "contributor")


@tagged("loyalty.Member")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Member:
    """Somebody who earns for an account, and perhaps spends from it.

    Attributes:
        customer: Id of the customer.
        role: `owner` (who opened the account, and stays), `member` (earns and spends) or `contributor` (only earns).
        since: When they joined.

    .. versionadded:: 0.1.0
    """

    customer: str = attrs.field(validator=_checks.text)
    role: str = attrs.field(default="member", validator=_checks.one_of(*ROLES))
    since: datetime = attrs.field(validator=_checks.instant)

    @property
    def spends(self) -> bool:
        """Whether they may redeem and hold.

        .. versionadded:: 0.1.0
        """
        return self.role != "contributor"


@tagged("loyalty.MemberAdded")
@attrs.frozen(kw_only=True, weakref_slot=False)
class MemberAdded(Event):
    """A customer joined an account, or got another role in it.

    Attributes:
        customer: Id of the customer.
        role: `member` or `contributor`.

    .. versionadded:: 0.1.0
    """

    customer: str = attrs.field(validator=_checks.text)
    role: str = attrs.field(default="member", validator=_checks.one_of(*ROLES[1:]))


@tagged("loyalty.MemberRemoved")
@attrs.frozen(kw_only=True, weakref_slot=False)
class MemberRemoved(Event):
    """A customer left an account.

    Attributes:
        customer: Id of the customer.

    .. versionadded:: 0.1.0
    """

    customer: str = attrs.field(validator=_checks.text)
