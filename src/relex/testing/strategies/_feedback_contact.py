"""Who may be asked: requests, rules, policies, decisions, invitations and what became of them."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex.feedback import (
    ContactDecision,
    ContactPolicy,
    ContactReason,
    ContactRequest,
    ContactRule,
    Disposition,
    Invitation,
    InvitationState,
    OutcomeRates,
    Reminders,
    Wait,
)
from relex.feedback._contact_rules import COUNTS
from relex.feedback._invitations import DISPOSITIONS
from relex.rules import FactSchema
from relex.testing.strategies._basics import days, decimals, either, ids, instants, named, texts, words
from relex.testing.strategies._calendars import business_calendars
from relex.testing.strategies._rules import rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hypothesis.strategies import SearchStrategy

    from relex.rules import Rule

__all__ = [
    "STORED",
    "contact_decisions",
    "contact_policies",
    "contact_reasons",
    "contact_requests",
    "contact_rules",
    "dispositions",
    "invitation_states",
    "invitations",
    "outcome_rates",
    "reminders",
    "waits",
]

_TEXT = _checks.text
_WORD = st.none() | words()
_KINDS = st.sampled_from(("invitation", "reminder", "thank_you", "newsletter"))
_VALUE = st.one_of(st.booleans(), st.integers(-9, 9), decimals(), texts(), days(), instants())
_VALUES = st.dictionaries(st.sampled_from(("division", "opened", "größe")), _VALUE, max_size=2)
_SPANS = st.sampled_from((timedelta(microseconds=1), timedelta(hours=24), timedelta(days=90)))
_PROGRAM = st.none() | st.sampled_from(("relational", "transactional"))
_SCOPES = st.sampled_from((("contact",), ("account",), ("contact", "division"), ("survey",), ("about", "contact")))


def _asked() -> SearchStrategy[Rule]:
    return rules(FactSchema({"survey.id": str, "survey.version": int}), children=False)


def contact_requests(
    *, survey: str | SearchStrategy[str] | None = None, contact: str | SearchStrategy[str] | None = None
) -> SearchStrategy[ContactRequest]:
    """Whom to ask what; shrinks to an invitation about nothing.

    Args:
        survey: Its id, or what such ids are drawn from.
        contact: Id of the customer, or what such ids are drawn from.

    Raises:
        InvalidValue: For an empty id.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        lambda survey, contact, more: ContactRequest(survey=survey, contact=contact, **more),
        either("contact_requests.survey", survey, _TEXT, words()),
        either("contact_requests.contact", contact, _TEXT, ids()),
        _MORE,
    )


_MORE: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "version": st.integers(1, 3),
        "program": _PROGRAM,
        "kind": _KINDS,
        "values": _VALUES,
        **dict.fromkeys(("wave", "channel"), _WORD),
        **dict.fromkeys(("about", "account"), st.none() | ids()),
    },
)


def contact_rules() -> SearchStrategy[ContactRule]:
    """Caps, gaps and quotas; shrinks to one invitation in a microsecond.

    .. versionadded:: 0.1.0
    """
    return named(
        "contact_rules",
        lambda: st.builds(
            ContactRule,
            words(),
            within=_SPANS | st.none(),
            limit=st.integers(1, 3),
            counts=st.sampled_from(COUNTS),
            scope=_SCOPES,
            surveys=st.sampled_from(("any", "same")) | _asked(),
            when=st.none() | _asked(),
        ),
    )


def waits() -> SearchStrategy[Wait]:
    """What has to have passed before somebody is asked.

    .. versionadded:: 0.1.0
    """
    return named(
        "waits",
        lambda: st.builds(
            Wait,
            words(),
            st.just("opened"),
            _SPANS,
            missing=st.sampled_from(("block", "allow")),
            when=st.none() | _asked(),
        ),
    )


def reminders() -> SearchStrategy[Reminders]:
    """How often and after how long people are reminded.

    .. versionadded:: 0.1.0
    """
    return st.builds(Reminders, _SPANS, limit=st.integers(1, 3))


def contact_policies() -> SearchStrategy[ContactPolicy]:
    """Policies of up to three rules; shrinks to one that holds nothing back.

    .. versionadded:: 0.1.0
    """
    return named(
        "contact_policies",
        lambda: st.builds(
            ContactPolicy,
            st.lists(contact_rules() | waits(), max_size=3, unique_by=lambda rule: rule.name),
            sample=st.sampled_from((1, Fraction(1, 3), 0)),
            send_window=st.none() | business_calendars(),
            on_block=st.sampled_from(("suppress", "defer")),
            exempt=st.lists(words(), max_size=2),
            reminders=st.none() | reminders(),
            version=st.integers(1, 3),
        ),
    )


def contact_reasons() -> SearchStrategy[ContactReason]:
    """What stands in the way of asking somebody; shrinks to something that lasts.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        ContactReason,
        st.sampled_from(("not_sampled", "rule:cooldown", "send_window")),
        count=st.none() | st.integers(0, 9),
        limit=st.none() | st.integers(1, 9),
        until=st.none() | instants(),
        detail=st.none() | texts(),
    )


def contact_decisions() -> SearchStrategy[ContactDecision]:
    """Answers to whether somebody may be asked; shrinks to a yes.

    .. versionadded:: 0.1.0
    """
    return named("contact_decisions", lambda: _VERDICTS.flatmap(_decision))


_VERDICTS = st.sampled_from(
    (("allowed", "sent"), ("held", "deferred"), ("held", "suppressed"), ("refused", "suppressed"))
)


def _decision(verdict: tuple[str, str]) -> SearchStrategy[ContactDecision]:
    outcome, becomes = verdict
    return st.builds(
        ContactDecision,
        outcome=st.just(outcome),
        reasons=st.just(()) if outcome == "allowed" else st.lists(contact_reasons(), min_size=1, max_size=2),
        next_at=instants() if outcome == "held" else st.none(),
        becomes=st.just(becomes),
        number=st.integers(1, 3),
        request=contact_requests(),
        at=instants(),
    )


def invitations(
    *,
    survey: str | SearchStrategy[str] | None = None,
    contact: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[Invitation]:
    """Requests that were acted on; shrinks to one that was sent.

    Args:
        survey: Its id, or what such ids are drawn from.
        contact: Id of the customer, or what such ids are drawn from.
        at: The instant, or what instants are drawn from.

    Raises:
        InvalidValue: For an empty id, or a naive instant.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        lambda request, at, more, number: Invitation(request=request, at=at, number=number, **more),
        contact_requests(survey=survey, contact=contact),
        either("invitations.at", at, _checks.instant, instants()),
        _SENT | _NOT_SENT,
        st.integers(1, 3),
    )


_SENT: SearchStrategy[dict[str, Any]] = st.just({})
_NOT_SENT = st.fixed_dictionaries(
    {"status": st.just("suppressed"), "reasons": st.lists(contact_reasons(), max_size=2)}
) | (st.fixed_dictionaries({"status": st.just("deferred"), "until": instants()}))


def dispositions(
    *,
    invitation: str | SearchStrategy[str] | None = None,
    contact: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[Disposition]:
    """What became of invitations.

    Args:
        invitation: Its id, or what such ids are drawn from.
        contact: Id of the customer, or what such ids are drawn from.
        at: The instant, or what instants are drawn from.

    Raises:
        InvalidValue: For an empty id, or a naive instant.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Disposition,
        invitation=either("dispositions.invitation", invitation, _TEXT, ids()),
        contact=either("dispositions.contact", contact, _TEXT, ids()),
        at=either("dispositions.at", at, _checks.instant, instants()),
        status=st.sampled_from(DISPOSITIONS),
        reason=st.none() | texts(),
    )


def invitation_states() -> SearchStrategy[InvitationState]:
    """What became of what was asked for, as far as it was told.

    .. versionadded:: 0.1.0
    """
    instant = st.none() | instants()
    return st.builds(
        InvitationState,
        request=contact_requests(),
        state=st.sampled_from(("sent", "expired", "complete", "suppressed")),
        reached=st.sampled_from(("sent", "opened", "complete", "suppressed")),
        sent_at=instant,
        last_at=instant,
        reminders=st.integers(0, 3),
        expires_at=instant,
        as_of=instants(),
    )


def outcome_rates() -> SearchStrategy[OutcomeRates]:
    """Counts of outcomes, or sums of weights; shrinks to none.

    .. versionadded:: 0.1.0
    """
    counts = st.integers(0, 9) | st.fractions(0, 9, max_denominator=9)
    return st.builds(
        OutcomeRates,
        st.dictionaries(st.sampled_from(("I", "P", "R", "NC", "O", "UH", "UO", "NE")), counts),
        e=st.sampled_from((None, "proportional", 0, 1, Fraction(1, 2))),
        weighted=st.booleans(),
    )


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    ContactDecision: contact_decisions,
    ContactPolicy: contact_policies,
    ContactReason: contact_reasons,
    ContactRequest: contact_requests,
    ContactRule: contact_rules,
    Disposition: dispositions,
    Invitation: invitations,
    InvitationState: invitation_states,
    OutcomeRates: outcome_rates,
    Reminders: reminders,
    Wait: waits,
}
"""The strategy of every stored form of who may be asked."""
