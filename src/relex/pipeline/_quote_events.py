"""What happens to a quote."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - resolved by the codec

import attrs

from relex import _checks
from relex.changes import Event
from relex.codec import tagged
from relex.money import Money
from relex.pipeline._approval import Approval, ApprovalNeed
from relex.pipeline._quote_lines import QuoteLine, few_discounts
from relex.pipeline._waterfall import QuoteRounding
from relex.purchases import Discount

__all__ = [
    "QuoteAccepted",
    "QuoteApproved",
    "QuoteChanged",
    "QuoteDeclined",
    "QuoteEvent",
    "QuoteOpened",
    "QuoteRefused",
    "QuoteRevised",
    "QuoteSent",
    "QuoteSubmitted",
    "QuoteSuperseded",
    "QuoteWithdrawn",
]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_DAY_OR_NONE = _checks.optional(_checks.calendar_day)
_LINES = _checks.each(_checks.a(QuoteLine))
_DISCOUNTS = _checks.each(_checks.a(Discount))
_ROUNDING = _checks.a(QuoteRounding)


def _few(event: QuoteContent, _field: object, discounts: tuple[Discount, ...]) -> None:
    few_discounts(f"{type(event).__name__}.discounts", discounts)


@attrs.frozen(kw_only=True, weakref_slot=False)
class QuoteEvent(Event):
    """What happened to a quote.

    .. versionadded:: 0.1.0
    """


@attrs.frozen(kw_only=True, weakref_slot=False)
class QuoteContent(QuoteEvent):
    """All that a quote offers.

    Attributes:
        lines: What is offered.
        discounts: Of the whole quote, at most 20.
        rounding: Where and how amounts are rounded.
        valid_until: The last date on which it can be accepted; None is without end.
    """

    lines: tuple[QuoteLine, ...] = attrs.field(default=(), validator=_LINES)
    discounts: tuple[Discount, ...] = attrs.field(default=(), validator=(_DISCOUNTS, _few))
    rounding: QuoteRounding = attrs.field(factory=QuoteRounding, validator=_ROUNDING)
    valid_until: date | None = attrs.field(default=None, validator=_DAY_OR_NONE)


@tagged("pipeline.QuoteOpened")
@attrs.frozen(kw_only=True, weakref_slot=False)
class QuoteOpened(QuoteContent):
    """A quote was begun.

    Attributes:
        currency: Of all its amounts.
        opportunity: Id of the deal, or None.
        customer: Id of the customer, or None.
        owner: Id of who makes it, or None.
        name: For people, or None.

    .. versionadded:: 0.1.0
    """

    currency: str = attrs.field(validator=_checks.currency_code)
    opportunity: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    customer: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    owner: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    name: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.QuoteChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class QuoteChanged(QuoteContent):
    """A quote offers something else from now on; approvals that it had are void.

    .. versionadded:: 0.1.0
    """


@tagged("pipeline.QuoteSubmitted")
@attrs.frozen(kw_only=True, weakref_slot=False)
class QuoteSubmitted(QuoteEvent):
    """Somebody asked for the approvals that a quote needs.

    Attributes:
        by: Id of who asked.
        needed: What is needed; with nothing, the quote is approved at once.
        reason: `no_matching_rule` where nothing is needed, else None.

    .. versionadded:: 0.1.0
    """

    by: str = attrs.field(validator=_checks.text)
    needed: tuple[ApprovalNeed, ...] = attrs.field(validator=_checks.each(_checks.a(ApprovalNeed)))
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.QuoteApproved")
@attrs.frozen(kw_only=True, weakref_slot=False)
class QuoteApproved(QuoteEvent):
    """One approval was given; with the last one that was needed, the quote is approved.

    Attributes:
        approval: Which, and by whom.

    .. versionadded:: 0.1.0
    """

    approval: Approval = attrs.field(validator=_checks.a(Approval))


@tagged("pipeline.QuoteRefused")
@attrs.frozen(kw_only=True, weakref_slot=False)
class QuoteRefused(QuoteEvent):
    """An approval was refused, and the quote is a draft again.

    Attributes:
        by: Id of who refused it.
        role: In which role.
        reason: Why, or None.

    .. versionadded:: 0.1.0
    """

    by: str = attrs.field(validator=_checks.text)
    role: str = attrs.field(validator=_checks.text)
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.QuoteWithdrawn")
@attrs.frozen(kw_only=True, weakref_slot=False)
class QuoteWithdrawn(QuoteEvent):
    """Somebody took back what was submitted or approved, and the quote is a draft again.

    Attributes:
        by: Id of who took it back.
        reason: Why, or None.

    .. versionadded:: 0.1.0
    """

    by: str = attrs.field(validator=_checks.text)
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.QuoteSent")
@attrs.frozen(kw_only=True, weakref_slot=False)
class QuoteSent(QuoteEvent):
    """A quote went to the customer, and is frozen.

    .. versionadded:: 0.1.0
    """


@tagged("pipeline.QuoteAccepted")
@attrs.frozen(kw_only=True, weakref_slot=False)
class QuoteAccepted(QuoteEvent):
    """The customer accepted a quote.

    Attributes:
        revision: Which one.
        opportunity: Id of the deal, or None.
        amount: What the amount of the deal is to be from now on; None where it has none and keeps it so.

    .. versionadded:: 0.1.0
    """

    revision: int = attrs.field(validator=_checks.whole(least=1))
    opportunity: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    amount: Money | None = attrs.field(default=None, validator=_checks.optional(_checks.a(Money)))


@tagged("pipeline.QuoteDeclined")
@attrs.frozen(kw_only=True, weakref_slot=False)
class QuoteDeclined(QuoteEvent):
    """The customer declined a quote.

    Attributes:
        revision: Which one.
        reason: Why, or None.

    .. versionadded:: 0.1.0
    """

    revision: int = attrs.field(validator=_checks.whole(least=1))
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.QuoteRevised")
@attrs.frozen(kw_only=True, weakref_slot=False)
class QuoteRevised(QuoteEvent):
    """A new revision of a quote was begun as a draft, and the one before is superseded.

    Attributes:
        revision: The new one.

    .. versionadded:: 0.1.0
    """

    revision: int = attrs.field(validator=_checks.whole(least=2))


@tagged("pipeline.QuoteSuperseded")
@attrs.frozen(kw_only=True, weakref_slot=False)
class QuoteSuperseded(QuoteEvent):
    """A revision gave way to the next one: the end of what `Quote.at_revision` gives, and of nothing else.

    Attributes:
        revision: The one that came after it.

    .. versionadded:: 0.1.0
    """

    revision: int = attrs.field(validator=_checks.whole(least=2))
