"""The uses of a code: what each of them is, how many count, and why one more is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from relex._trusted import trusted
from relex.calendars import local_date
from relex.loyalty._campaigns import span
from relex.loyalty._caps import instants_of
from relex.rules import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from relex.loyalty._campaigns import Campaign
    from relex.loyalty._rules import Cap
    from relex.loyalty._vouchers import Voucher
    from relex.rules import Verdict

__all__ = ["Asked", "VoucherCheck", "VoucherUse", "checked", "make_use"]


@attrs.frozen(kw_only=True, weakref_slot=False)
class VoucherUse:
    """One use of a code.

    Attributes:
        key: By which it was reserved.
        by: Id of the customer, or None.
        at: When it was reserved; it counts on that day.
        until: When the reservation lapses.
        state: `reserved`, `confirmed`, `released` or `restored`, as recorded.
        changed_at: When it came into that state.

    .. versionadded:: 0.1.0
    """

    key: str
    by: str | None
    at: datetime
    until: datetime
    state: str
    changed_at: datetime

    def counts(self, at: datetime) -> bool:
        """Whether it takes one of the uses at an instant: confirmed, or reserved and not lapsed."""
        return self.state == "confirmed" or (self.state == "reserved" and at < self.until)


make_use = trusted(VoucherUse)


@attrs.frozen(weakref_slot=False)
class VoucherCheck:
    """Whether a code can be used, with every reason against it.

    Attributes:
        voucher: The code.
        refusals: (reason, what was allowed) pairs. Reasons are `void`, `other_owner`, `not_started`, `ended`,
            `own_purchase`, `used_up`, `limit_per_customer` and `condition`, in this order.
        left: How many uses the code has left; None for any number.
        left_for_customer: How many this customer has left; None for any number.
        condition: The verdict of the campaign's rule, or None where it has none.

    .. versionadded:: 0.1.0
    """

    voucher: str
    refusals: tuple[tuple[str, object], ...]
    left: int | None = None
    left_for_customer: int | None = None
    condition: Verdict | None = None

    @property
    def answer(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.refusals

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks against it; empty when it can be used."""
        return tuple([reason for reason, _ in self.refusals])

    def __bool__(self) -> bool:
        return self.answer

    def __str__(self) -> str:
        return f"{self.voucher}: {', '.join(self.reasons) or 'usable'}"


class Asked(NamedTuple):
    """Who asks to use a code, for what, with which facts."""

    by: str | None
    purchase: str | None
    facts: Mapping[str, Any]


def checked(voucher: Voucher, campaign: Campaign, asked: Asked, moment: datetime) -> VoucherCheck:
    """Every reason against one more use at a moment that is not before any event."""
    found: list[tuple[str, object]] = []
    if voucher.void_reason is not None:
        found.append(("void", voucher.void_reason))
    if voucher.owner is not None and voucher.owner != asked.by and not campaign.transferable:
        found.append(("other_owner", voucher.owner))
    start, end = span(voucher, campaign)
    if start is not None and moment < start:
        found.append(("not_started", start))
    if end is not None and moment >= end:
        found.append(("ended", end))
    if voucher.issued_by is not None and voucher.issued_by == asked.purchase:
        found.append(("own_purchase", voucher.issued_by))
    left = [_left(voucher, campaign, cap, asked.by, moment) for cap in campaign.limits]
    for cap, number in zip(campaign.limits, left, strict=True):
        if number <= 0:
            found.append(("used_up" if cap.who == "everyone" else "limit_per_customer", str(cap)))
    verdict = None if campaign.when is None else evaluate(campaign.when, asked.facts, as_of=moment)
    if verdict is not None and verdict.answer is not True:
        found.append(("condition", str(verdict)))
    by_code, by_customer = [
        min([number for cap, number in zip(campaign.limits, left, strict=True) if cap.who == who], default=None)
        for who in ("everyone", "account")
    ]
    return VoucherCheck(voucher.id, tuple(_merged(found)), by_code, by_customer, verdict)


def _merged(found: Iterable[tuple[str, object]]) -> Iterable[tuple[str, object]]:
    """Each reason once, the first that was found."""
    once: dict[str, object] = {}
    for reason, allowed in found:
        once.setdefault(reason, allowed)
    return sorted(once.items(), key=lambda pair: _ORDER.index(pair[0]))


_ORDER = (
    "void",
    "other_owner",
    "not_started",
    "ended",
    "own_purchase",
    "used_up",
    "limit_per_customer",
    "condition",
)


def _left(voucher: Voucher, campaign: Campaign, cap: Cap, by: str | None, moment: datetime) -> int:
    """How many uses a limit leaves at a moment, in the window around it."""
    limit: Any = cap.times
    window = instants_of(cap, local_date(moment, campaign.tz), campaign.tz)
    whose = () if cap.who == "everyone" else (by,)
    return max(0, int(limit - voucher._taken(moment, window, whose)))  # noqa: SLF001 - our own
