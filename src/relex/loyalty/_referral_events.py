"""What happens to a referral, as facts that do not change."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal  # noqa: TC003 - resolved by the codec
from fractions import Fraction  # noqa: TC003 - resolved by the codec

import attrs

from relex import _checks
from relex.changes import Event
from relex.codec import tagged
from relex.loyalty._occasions import Occasion

__all__ = [
    "ReferralEntry",
    "ReferralExpired",
    "ReferralFlagged",
    "ReferralInvited",
    "ReferralJoined",
    "ReferralQualified",
    "ReferralRejected",
    "ReferralReversed",
    "ReferralRewarded",
]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_TEXTS = _checks.each(_checks.text)


def _is_two_sided(value: object) -> bool:
    return isinstance(value, tuple) and [getattr(each, "kind", None) for each in value] == ["referral", "referral"]


_BOTH = _checks.Check("the referrer's occasion and the referee's", _is_two_sided)


@tagged("loyalty.ReferralInvited")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ReferralInvited(Event):
    """A customer invited somebody.

    Attributes:
        referrer: Id of the customer.
        terms: Id of the terms.
        terms_version: Of them at that instant.
        code: By which the friend is known to be invited, or None.
        until: When the invitation ends; None for never.

    .. versionadded:: 0.1.0
    """

    referrer: str = attrs.field(validator=_checks.text)
    terms: str = attrs.field(validator=_checks.text)
    terms_version: int = attrs.field(default=1, validator=_checks.whole(least=1))
    code: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    until: datetime | None = attrs.field(default=None, validator=_checks.optional(_checks.instant))


@tagged("loyalty.ReferralJoined")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ReferralJoined(Event):
    """The friend became a customer.

    Attributes:
        referee: Id of the customer.

    .. versionadded:: 0.1.0
    """

    referee: str = attrs.field(validator=_checks.text)


@attrs.frozen(kw_only=True, weakref_slot=False)
class ReferralEntry(Event):
    """What was decided about one entry of the referee.

    Attributes:
        entry: Id of the entry.
        kind: Of the entry: `purchase` or `enrollment`.
        effective: Its own instant.
        content: A digest of it, by which a repeat with other content is recognized.
        score: What the guards gave, exact; None without guards, or without a score.
        because: Names of the guards that gave something, sorted.

    .. versionadded:: 0.1.0
    """

    entry: str = attrs.field(validator=_checks.text)
    kind: str = attrs.field(validator=_checks.one_of("purchase", "enrollment"))
    effective: datetime = attrs.field(validator=_checks.instant)
    content: str = attrs.field(default="", validator=_checks.a(str))
    score: int | Decimal | Fraction | None = attrs.field(default=None, validator=_checks.optional(_checks.exact))
    because: tuple[str, ...] = attrs.field(default=(), validator=_TEXTS)


@tagged("loyalty.ReferralQualified")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ReferralQualified(ReferralEntry):
    """An entry counts: here are the occasions with which both sides earn.

    Attributes:
        occasions: The referrer's and the referee's, for `Account.earn` of their accounts.
        count: Which entry of this referral it is, from 1.
        terms_version: Of the terms that decided.
        approved_by: Who let it pass after a review, or None.

    .. versionadded:: 0.1.0
    """

    occasions: tuple[Occasion, ...] = attrs.field(validator=[_checks.each(_checks.a(Occasion)), _BOTH])
    count: int = attrs.field(default=1, validator=_checks.whole(least=1))
    terms_version: int = attrs.field(default=1, validator=_checks.whole(least=1))
    approved_by: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("loyalty.ReferralFlagged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ReferralFlagged(ReferralEntry):
    """An entry looks suspicious, and waits for somebody who approves or rejects it.

    .. versionadded:: 0.1.0
    """


@tagged("loyalty.ReferralRejected")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ReferralRejected(Event):
    """The referral ended without counting.

    Attributes:
        reason: `condition` (the entry does not meet the terms), `suspicious` (the guards refuse it), or what somebody
            said.
        actor: Who rejected it; None where the terms did.
        entry: Id of the entry that decided, or None.
        content: A digest of that entry.
        because: Names of the guards that gave something, or the parts of the rule that failed.

    .. versionadded:: 0.1.0
    """

    reason: str = attrs.field(validator=_checks.text)
    actor: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    entry: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    content: str = attrs.field(default="", validator=_checks.a(str))
    because: tuple[str, ...] = attrs.field(default=(), validator=_TEXTS)


@tagged("loyalty.ReferralRewarded")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ReferralRewarded(Event):
    """Both sides have earned what an entry gives.

    Attributes:
        entry: Id of the entry.

    .. versionadded:: 0.1.0
    """

    entry: str = attrs.field(validator=_checks.text)


@tagged("loyalty.ReferralReversed")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ReferralReversed(Event):
    """An entry no longer counts, because of what came back: what both sides earned goes back in full.

    Attributes:
        entry: Id of the entry.
        occasions: (kind, id) of the referrer's occasion and of the referee's.
        reason: `returned` (nothing of it is left) or `condition` (what is left does not meet the terms).

    .. versionadded:: 0.1.0
    """

    entry: str = attrs.field(validator=_checks.text)
    occasions: tuple[tuple[str, str], ...] = attrs.field(validator=_checks.a(tuple))
    reason: str = attrs.field(validator=_checks.one_of("returned", "condition"))


@tagged("loyalty.ReferralExpired")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ReferralExpired(Event):
    """The time was over before anything counted.

    .. versionadded:: 0.1.0
    """
