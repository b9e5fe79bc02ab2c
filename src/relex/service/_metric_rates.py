"""Shares of cases: resolved at first contact, reopened; and how much there is of something in a case."""

from __future__ import annotations

from datetime import timedelta

import attrs

from relex import _checks
from relex.calendars import Days
from relex.codec import tagged
from relex.service._case_facts import NAMES
from relex.service._metric_times import CaseMetric

__all__ = ["COUNTED", "FIRST_CONTACT", "FirstContactResolution", "PerCase", "ReopenRate"]

_DAY = timedelta(days=1)
FIRST_CONTACT = ("single_reply", "no_reopen", "no_follow_up", "not_moved")
COUNTED = ("contacts", "replies", "reassignments", "transfers", "reopens")

_WINDOW = _checks.Check(
    "Days or a timedelta above 0",
    lambda value: (
        (isinstance(value, Days) and 0 < value.n <= timedelta.max.days)
        or (isinstance(value, timedelta) and value > timedelta(0))
    ),
)


@tagged("service.FirstContactResolution")
@attrs.frozen(kw_only=True, weakref_slot=False)
class FirstContactResolution(CaseMetric):
    """The share of resolved cases that were resolved at first contact.

    Each case is judged by what happened until the window after its first resolution was over, and belongs to the
    period and the bucket of that resolution. Cases whose window is not over are left out, and counted as `too_early`.

    Attributes:
        by: `single_reply`: exactly one reply by a person, and not reopened. `no_reopen`: not reopened. `no_follow_up`:
            not reopened, and no other case of the same contact and topic was opened after the resolution; a case
            without a contact is compared by its customer, one without either has none. `not_moved`: not reopened, and
            the owner never changed.
        window: How long after the first resolution is waited; days are of 24 hours, and the last instant is inside.
        topic: The fact that must be the same in `no_follow_up`, such as `type` or `product`.

    Raises:
        InvalidValue: For an unknown way or fact, or a window of nothing.

    .. versionadded:: 0.1.0
    """

    _usual = "first_contact_resolution"
    _columns = ("share",)

    by: str = attrs.field(default="single_reply", validator=_checks.one_of(*FIRST_CONTACT))
    window: Days | timedelta = attrs.field(default=Days(7), validator=_WINDOW)
    topic: str = attrs.field(default="type", validator=_checks.one_of(*sorted(NAMES)))

    @property
    def length(self) -> timedelta:
        """The window as a length of time.

        .. versionadded:: 0.1.0
        """
        return self.window if isinstance(self.window, timedelta) else self.window.n * _DAY


@tagged("service.ReopenRate")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ReopenRate(CaseMetric):
    """The share of cases ever resolved that were reopened at least once, and how often a case was reopened.

    A case belongs to the period and the bucket of its first resolution; all its reopenings up to the asked instant
    count. The columns are `share` and `per_case`.

    .. versionadded:: 0.1.0
    """

    _usual = "reopen_rate"
    _columns = ("share", "per_case")


@tagged("service.PerCase")
@attrs.frozen(weakref_slot=False)
class PerCase(CaseMetric):
    """How much there is of something in a case, on average; cases belong where they were opened.

    Attributes:
        of: `contacts`: messages of the customer. `replies`: by people, after the opening. `reassignments`: changes of
            the owner after the first one. `transfers`: changes of the team. `reopens`: how often it came back.

    .. versionadded:: 0.1.0
    """

    _columns = ("mean",)

    of: str = attrs.field(validator=_checks.one_of(*COUNTED))

    @property
    def called(self) -> str:
        """The name, or what is counted: `contacts_per_case`."""
        return f"{self.of}_per_case" if self.name is None else self.name
