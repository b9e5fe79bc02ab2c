"""When the customer is asked how it went."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._instants import is_before, moment
from relex.calendars import BusinessCalendar
from relex.codec import tagged
from relex.rules import TRUE, Rule, describe, evaluate
from relex.service._case_events import CaseClosed, CaseReopened, CaseResolved
from relex.service._seeing import cases_of, later

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.service._case import Case

__all__ = ["SurveyRequest", "SurveyTrigger", "survey_requests"]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_DONE = ("resolved", "closed")
_NEVER = ("rejected", "merged")
_COUNT = _checks.whole(least=1)
_PAIR = 2


def _is_key(value: object) -> bool:
    return (
        isinstance(value, tuple) and len(value) == _PAIR and _checks.text.passes(value[0]) and _COUNT.passes(value[1])
    )


_KEY = _checks.Check("a request, or a pair of a case and the number of a resolution", _is_key)


@tagged("service.SurveyTrigger")
@attrs.frozen(weakref_slot=False)
class SurveyTrigger:
    """Which cases are asked about, when, and how often.

    Attributes:
        when: A rule about the facts of the case as they are when it is to be asked (if it was merged then, and that
            was undone, as they are now); by default every case.
        delay: How long after the case was done.
        once_per: `resolution` asks again after a case was reopened and resolved anew, `case` never does.
        calendar: Whose business time the delay is; None is clock time.
        on: `resolved` counts from the resolution, `closed` from the closing, and asks about closed cases only.
        automatic: Whether cases are asked about that had been closed automatically by then.

    Raises:
        InvalidValue: For a delay below 0, another word, or a wrong type.

    Example:
        >>> from relex import field
        >>> print(SurveyTrigger(field("channel") == "mail", timedelta(hours=24)))
        1 day, 0:00:00 after each resolution, when channel is mail

    .. versionadded:: 0.1.0
    """

    when: Rule = attrs.field(default=TRUE, validator=_checks.a(Rule))
    delay: timedelta = attrs.field(default=timedelta(0), validator=_checks.elapsed)
    once_per: str = attrs.field(default="resolution", validator=_checks.one_of("resolution", "case"))
    calendar: BusinessCalendar | None = attrs.field(
        default=None, validator=_checks.optional(_checks.a(BusinessCalendar))
    )
    on: str = attrs.field(default="resolved", kw_only=True, validator=_checks.one_of(*_DONE))
    automatic: bool = attrs.field(default=True, kw_only=True, validator=_checks.flag)

    def __str__(self) -> str:
        what = "resolution" if self.on == "resolved" else "closing"
        often = f"each {what}" if self.once_per == "resolution" else f"the {what}, once for a case"
        rule = "" if self.when == TRUE else f", when {describe(self.when)}"
        return f"{f'{self.delay} after' if self.delay else 'at'} {often}{rule}"


@tagged("service.SurveyRequest")
@attrs.frozen(kw_only=True, weakref_slot=False)
class SurveyRequest:
    """A customer to be asked about a case; made by `survey_requests`.

    Whether the person may be asked at all is for a contact policy to say.

    Attributes:
        case: Id of the case.
        customer: Id of the customer, or None.
        contact: Id of the person who asked for help, or None.
        resolution: Which resolution of the case it is about, from 1.
        at: When to ask; aware.

    .. versionadded:: 0.1.0
    """

    case: str = attrs.field(validator=_checks.text)
    customer: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    contact: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    resolution: int = attrs.field(validator=_checks.whole(least=1))
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)

    @property
    def key(self) -> tuple[str, int]:
        """The case and the resolution, which are asked about once."""
        return self.case, self.resolution

    def __str__(self) -> str:
        whom = self.contact or self.customer or "somebody"
        return f"{self.case}: ask {whom} about resolution {self.resolution} at {self.at.isoformat()}"


def survey_requests(
    cases: Iterable[Case],
    trigger: SurveyTrigger,
    *,
    as_of: datetime,
    seen: Iterable[SurveyRequest | tuple[str, int]] = (),
) -> tuple[SurveyRequest, ...]:
    """Who is to be asked by now: of each case that is resolved or closed, about its present resolution.

    A case gives nothing before its time has come, when it was reopened before, and when it was rejected or merged.
    Asked again with what was given as `seen`, it gives nothing new.

    Args:
        cases: The cases; what happened to them after `as_of` is not seen.
        trigger: Which of them, and when.
        as_of: The instant; aware.
        seen: What was asked already: earlier requests, or pairs of a case and the number of a resolution.

    Raises:
        InvalidValue: For a naive datetime, what is no case, or a wrong type.

    Example:
        >>> from datetime import UTC
        >>> from relex.service import Case
        >>> monday = datetime(2026, 6, 1, 10, tzinfo=UTC)
        >>> case = Case.open("c1", customer="k7", at=monday).then(lambda it: it.resolve("fixed", at=monday)).state
        >>> trigger = SurveyTrigger(delay=timedelta(hours=24))
        >>> first = survey_requests([case], trigger, as_of=monday + timedelta(days=2))
        >>> print(*first)
        c1: ask k7 about resolution 1 at 2026-06-02T10:00:00+00:00
        >>> survey_requests([case], trigger, as_of=monday + timedelta(days=3), seen=first)
        ()

    .. versionadded:: 0.1.0
    """
    _checks.a(SurveyTrigger).require("survey_requests.trigger", trigger)
    asked, found = _asked(seen), []
    for case in cases_of("survey_requests", cases, as_of):
        request = _request(case, trigger, as_of)
        if request is not None and not _is_asked(request, trigger, asked):
            asked.setdefault(case.id, set()).add(request.resolution)
            found.append(request)
    return tuple(found)


def _asked(seen: Iterable[SurveyRequest | tuple[str, int]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for place, each in enumerate(_checks.items("survey_requests.seen", seen)):
        key = each.key if isinstance(each, SurveyRequest) else each
        _KEY.require(f"survey_requests.seen[{place}]", key)
        found.setdefault(key[0], set()).add(key[1])
    return found


def _is_asked(request: SurveyRequest, trigger: SurveyTrigger, asked: dict[str, set[int]]) -> bool:
    before = asked.get(request.case, ())
    return request.resolution in before if trigger.once_per == "resolution" else bool(before)


def _request(case: Case, trigger: SurveyTrigger, as_of: datetime) -> SurveyRequest | None:
    """What a case gives, as far as it alone tells."""
    done_at = case.closed_at if trigger.on == "closed" else case.resolved_at
    if done_at is None or case.ends in _NEVER:
        return None
    at = later("SurveyTrigger.delay", done_at, trigger.delay, trigger.calendar)
    if is_before(as_of, at):
        return None
    then = case.as_of(at)
    if then is None or then.ends in _NEVER:  # a merge that was undone since
        then = case
    if not _is_wanted(then, trigger, at):
        return None
    number = _resolutions(then)
    return SurveyRequest(case=then.id, customer=then.customer, contact=then.contact, resolution=number, at=at)


def _resolutions(case: Case) -> int:
    """How often a case was done, each time until it was reopened."""
    found, is_done = 0, False
    for event in case.live_events:
        if isinstance(event, CaseReopened):
            is_done = False
        elif not is_done and isinstance(event, (CaseResolved, CaseClosed)):
            found, is_done = found + 1, True
    return found


def _is_wanted(case: Case, trigger: SurveyTrigger, at: datetime) -> bool:
    if not trigger.automatic and case.kind == "closed" and _is_automatic(case):
        return False
    return trigger.when == TRUE or evaluate(trigger.when, case.facts(), as_of=at).answer is True


def _is_automatic(case: Case) -> bool:
    """Whether the last closing of a case was automatic."""
    return next(event.automatic for event in reversed(case.live_events) if isinstance(event, CaseClosed))
