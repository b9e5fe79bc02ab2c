"""Who may be asked now, and if not, every reason and when."""

from __future__ import annotations

from datetime import datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex._html import table
from relex.calendars import BusinessCalendar
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.feedback._contact_history import ContactHistory
from relex.feedback._contact_judging import Judging, Plan, plan_of
from relex.feedback._contact_requests import REMINDER, ContactRequest
from relex.feedback._contact_rules import ContactRule, Reminders, Wait

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relex.feedback._contact_decision import ContactDecision
    from relex.feedback._contact_judging import Permission
    from relex.feedback._invitations import Disposition, Invitation
    from relex.feedback._responses import Response

__all__ = ["ContactPolicy"]

_REQUEST = _checks.a(ContactRequest)
_RULES = _checks.each(_checks.a(ContactRule, Wait))
_NAMES = _checks.each(_checks.text)
_ZONE = _checks.optional(_checks.zone)
_DRAW = _checks.Check(
    "an int, Decimal or Fraction of at least 0 and below 1, such as stable_draw gives",
    lambda value: _checks.exact.passes(value) and 0 <= value < 1,
)
_MOST_ZONES = 64


def _rules(values: Iterable[ContactRule | Wait]) -> tuple[ContactRule | Wait, ...]:
    return _checks.items("ContactPolicy.rules", values)


def _exempt(values: Iterable[str]) -> tuple[str, ...]:
    found = _checks.items("ContactPolicy.exempt", values)
    _NAMES.require("ContactPolicy.exempt", found)
    return tuple(sorted(set(found)))


def _rate(value: int | str | Decimal | Fraction) -> int | Decimal | Fraction:
    return _checks.exact_number("ContactPolicy.sample", value)


@tagged("feedback.ContactPolicy")
@attrs.frozen(weakref_slot=False)
class ContactPolicy:
    """When people may be asked: caps, gaps and quotas, waits, a sample, and hours.

    Attributes:
        rules: Each a `ContactRule` or a `Wait`, and each name once; all of them are judged.
        sample: Which share is asked, from 0 to 1; a number as text, such as "1/3", will do.
        send_window: When messages go out; None at any time.
        on_block: What becomes of a request that is held: `suppress`, or `defer` to its `next_at`. One that is held by
            the send window alone is always deferred. What is blocked never ends the journey that it belongs to.
        exempt: Sorted kinds of requests that no rule, wait or sample holds back, and that no rule counts. Consent and
            the send window hold for them as well, and an answer or a refusal counts whatever it came upon.
        reminders: How those are reminded who have not finished; with None, reminders are sent as they are asked for.
        version: Of the policy.

    Raises:
        InvalidValue: For two rules of one name, a rate outside 0 to 1, or an unknown word.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> from relex.feedback import ContactRequest, ContactRule
        >>> policy = ContactPolicy([ContactRule("cooldown", within=timedelta(days=7))])
        >>> monday = datetime(2026, 5, 4, 9, tzinfo=UTC)
        >>> first = policy.decide(ContactRequest(contact="c1", survey="csat"), at=monday, consent=True)
        >>> first.outcome
        'allowed'
        >>> nps = ContactRequest(contact="c1", survey="nps")
        >>> print(policy.decide(nps, [first.invitation()], at=monday + timedelta(days=2), consent=True))
        held until 2026-05-11 09:00:00+00:00: invitation to nps for c1
          rule:cooldown counts 1, limit 1, until 2026-05-11 09:00:00+00:00

    .. versionadded:: 0.1.0
    """

    rules: tuple[ContactRule | Wait, ...] = attrs.field(
        default=(), converter=_rules, validator=[_RULES, _checks.unique("name")]
    )
    sample: int | Decimal | Fraction = attrs.field(
        default=1, kw_only=True, converter=_rate, validator=_checks.number(least=0, most=1)
    )
    send_window: BusinessCalendar | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(BusinessCalendar))
    )
    on_block: str = attrs.field(default="suppress", kw_only=True, validator=_checks.one_of("suppress", "defer"))
    exempt: tuple[str, ...] = attrs.field(default=(REMINDER, "thank_you"), kw_only=True, converter=_exempt)
    reminders: Reminders | None = attrs.field(
        default=None, kw_only=True, validator=_checks.optional(_checks.a(Reminders))
    )
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))
    _plans: tuple[Plan, ...] = attrs.field(init=False, eq=False, repr=False)
    _zoned: dict[tzinfo, BusinessCalendar] = attrs.field(init=False, eq=False, repr=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        """Make the rules ready."""
        object.__setattr__(self, "_plans", tuple([plan_of(rule, self.exempt) for rule in self.rules]))

    def with_rules(self, rules: Iterable[ContactRule | Wait]) -> ContactPolicy:
        """The policy for a survey with rules of its own, each of which wholly replaces the one of the same name.

        Raises:
            InvalidValue: For two rules of one name, or something else than rules.

        .. versionadded:: 0.1.0
        """
        found = _checks.items("ContactPolicy.with_rules.rules", rules)
        _RULES.require("ContactPolicy.with_rules.rules", found)
        _checks.unique("name").require("ContactPolicy.with_rules.rules", found)
        own = {rule.name: rule for rule in found}
        kept = [own.pop(rule.name, rule) for rule in self.rules]
        return attrs.evolve(self, rules=(*kept, *own.values()))

    def decide(
        self,
        request: ContactRequest,
        history: ContactHistory | Iterable[Invitation | Disposition | Response] = (),
        *,
        at: datetime,
        consent: Permission | bool | None,
        draw: int | Decimal | Fraction | None = None,
        zone: tzinfo | None = None,
    ) -> ContactDecision:
        """Whether somebody may be asked at an instant, with every reason against it.

        Everything is looked at, whatever the order of the rules. The reasons come in this order: consent,
        `not_sampled`, the rules and waits as they stand, what keeps a reminder back, and `send_window`. Consent, the
        sample, a rule without a stretch and an unknown anchor last; the others end by themselves, and `next_at` is the
        first instant at which the hours and all rules hold together, given this history. What is held is asked again
        then: something else may have happened in between.

        Args:
            request: Whom to ask what.
            history: What was sent, what became of it and what was answered, by anybody who shares a scope; or a
                `ContactHistory` of it, which is worth its making for a second request.
            at: When. What happened later counts from when it happened.
            consent: True, False, None for unknown (which refuses), or an answer of the customers' `may_contact`.
            draw: A number in [0, 1), such as `stable_draw` gives; asked where it is below the rate of the sample.
            zone: Of the contact, on whose clocks the send window is read; by default the window's own.

        Raises:
            InvalidValue: For a naive datetime, a rate below 1 without a draw, an anchor that is no datetime, an answer
                on consent that has passed, or an argument of a wrong type.
            Conflict: For one entry of the history with two contents.

        .. versionadded:: 0.1.0
        """
        if not isinstance(request, ContactRequest):
            _REQUEST.require("ContactPolicy.decide.request", request)
        known = history if isinstance(history, ContactHistory) else ContactHistory(history)
        try:
            judging = Judging(request, known, at)
        except TypeError:
            raise InvalidValue("ContactPolicy.decide.at", at, _checks.instant.expected) from None
        judging.permission(consent)
        if request.kind not in self.exempt:
            if self.sample != 1 and not self._is_drawn(draw):
                judging.blocked("not_sampled", detail=f"a rate of {self.sample}")
            judging.rules(self._plans)
        if request.kind == REMINDER and self.reminders is not None:
            judging.reminder(self.reminders)
        return judging.decided(self._hours(zone), defers=self.on_block == "defer")

    def _is_drawn(self, draw: int | Decimal | Fraction | None) -> bool:
        _DRAW.require("ContactPolicy.decide.draw", draw)
        return Fraction(draw) < Fraction(self.sample)  # type: ignore[arg-type]  # None does not pass

    def _hours(self, zone: tzinfo | None) -> BusinessCalendar | None:
        """The send window on the clocks of a zone; those of the last zones are kept, for their years are costly."""
        hours = self.send_window
        _ZONE.require("ContactPolicy.decide.zone", zone)
        if hours is None or zone is None or hours.tz is zone:
            return hours
        try:
            found = self._zoned.get(zone)
        except TypeError:  # some zones cannot be hashed
            return attrs.evolve(hours, tz=zone)
        if found is None:
            if len(self._zoned) >= _MOST_ZONES:
                self._zoned.clear()
            found = self._zoned[zone] = attrs.evolve(hours, tz=zone)
        return found

    def __str__(self) -> str:
        head = f"contact policy {self.version}: asks {self.sample}, {self.on_block}"
        return "\n  ".join([head, *map(str, self.rules)])

    def _repr_html_(self) -> str:
        head = f"contact policy {self.version}: asks {self.sample}, {self.on_block}"
        return table(head, ("rule", "means"), [(rule.name, str(rule).partition(": ")[2]) for rule in self.rules])
