"""What a referral asks for, as data."""

from __future__ import annotations

from datetime import UTC, tzinfo

import attrs

from relex import _checks
from relex.calendars import CalendarDuration, Days
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.loyalty._facts import FACTS, check_possible
from relex.rules import Rule
from relex.scoring import ScoreCard

__all__ = ["ENTRY_KINDS", "ReferralTerms"]

ENTRY_KINDS = {"register": "enrollment", "first_purchase": "purchase", "every_purchase": "purchase"}
"""The kind of entry that each sort of terms looks at."""

_BANDS = ("clear", "review", "refuse")


@tagged("loyalty.ReferralTerms")
@attrs.frozen(weakref_slot=False)
class ReferralTerms:
    """When a friend who was brought along counts.

    Attributes:
        id: Name of the terms.
        version: Raise it with each revision.
        on: What counts: `first_purchase`, `every_purchase`, or `register` (the friend's `enrollment`).
        when: A rule over the facts of that entry, such as `purchase.total`; None for always.
        within: How long it may take from the invitation, its last date included; None for no end.
        guards: A score card of what looks suspicious, with bands out of `clear`, `review` and `refuse`; it is asked
            about the facts of the entry and those that the caller passes.
        tz: The zone of all dates.

    Raises:
        InvalidValue: For a rule about a fact that nobody gives, or a band of another name.

    Example:
        >>> from relex.calendars import Days
        >>> from relex.rules import field
        >>> ReferralTerms("friends", when=field("purchase.total") >= 50, within=Days(60)).on
        'first_purchase'

    .. versionadded:: 0.1.0
    """

    id: str = attrs.field(validator=_checks.text)
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))
    on: str = attrs.field(default="first_purchase", kw_only=True, validator=_checks.one_of(*ENTRY_KINDS))
    when: Rule | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Rule)))
    within: CalendarDuration | None = attrs.field(
        default=Days(60), kw_only=True, validator=_checks.optional(_checks.a(CalendarDuration))
    )
    guards: ScoreCard | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(ScoreCard)))
    tz: tzinfo = attrs.field(default=UTC, kw_only=True, validator=_checks.zone)

    def __attrs_post_init__(self) -> None:
        if self.when is not None:
            FACTS.check(self.when, "ReferralTerms.when")
            check_possible(self.when, "ReferralTerms.when")
        names = () if self.guards is None else tuple(band.name for band in self.guards.bands)
        if self.guards is not None and not (names and set(names) <= set(_BANDS)):
            raise InvalidValue("ReferralTerms.guards.bands", names, f"names out of {', '.join(_BANDS)}")
