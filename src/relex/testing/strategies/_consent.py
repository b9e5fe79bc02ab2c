"""Consent, what was sent, suppression, erasure and retention: the entries, the policies and the answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from relex import _checks
from relex._instants import moment
from relex.customers import (
    Consent,
    ConsentPolicy,
    Decision,
    ErasureItem,
    ErasurePlan,
    Evidence,
    FrequencyCap,
    LegalHold,
    Purpose,
    Reason,
    RetentionPolicy,
    RetentionRule,
    Sent,
    Suppression,
    point_digest,
)
from relex.customers._caps import SCOPES
from relex.customers._consent import BASES, STATUSES
from relex.customers._consent_policy import MODELS
from relex.customers._decision import OUTCOMES
from relex.customers._retention import TREATMENTS
from relex.testing.strategies._basics import days, either, ids, instants, texts, words
from relex.testing.strategies._calendars import business_calendars, calendar_durations

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

__all__ = [
    "STORED",
    "consent_policies",
    "consents",
    "decisions",
    "erasure_items",
    "erasure_plans",
    "evidences",
    "frequency_caps",
    "legal_holds",
    "purposes",
    "reasons",
    "retention_policies",
    "retention_rules",
    "sends",
    "suppressions",
]

_MAYBE = st.none() | words()
_CHANNELS = st.sampled_from(("email", "phone", "post", "sms")) | words()
_LENGTHS = st.integers(1, 2**40).map(lambda micros: timedelta(microseconds=micros))
_ADDRESSES = st.from_regex(r"email:[a-z0-9.+]{1,20}@[a-z0-9]{1,20}\.org|phone:\+[1-9][0-9]{6,14}", fullmatch=True)


def evidences() -> SearchStrategy[Evidence]:
    """How statements can be shown: some of the parts, or none.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Evidence,
        source=_MAYBE,
        actor=_MAYBE,
        notice=st.none() | texts(),
        notice_version=_MAYBE,
        token_digest=_MAYBE,
        document=_MAYBE,
    )


def consents(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - the field's name everywhere in relex
    customer: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
    status: str | SearchStrategy[str] | None = None,
) -> SearchStrategy[Consent]:
    """Statements about being contacted, of every status, narrow and wide.

    Args:
        id: Of the entry, or what ids are drawn from.
        customer: Id of the customer, or what ids are drawn from.
        at: The instant, or what instants are drawn from.
        status: The only status, or what statuses are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        _consent,
        either("consents.id", id, _checks.text, ids()),
        either("consents.customer", customer, _checks.text, ids()),
        either("consents.at", at, _checks.instant, instants()),
        either("consents.status", status, _checks.one_of(*STATUSES), st.sampled_from(STATUSES)),
        st.fixed_dictionaries(
            {"purpose": words()},
            optional={
                "topic": words(),
                "channel": _CHANNELS,
                "point": _ADDRESSES,
                "basis": st.sampled_from(BASES),
                "evidence": evidences(),
            },
        ),
        ids(),
        st.none() | instants(),
    )


def _consent(
    id_: str, customer: str, at: datetime, status: str, more: dict[str, Any], confirms: str, ends: datetime | None
) -> Consent:
    return Consent(
        id_,
        customer=customer,
        at=at,
        status=status,
        confirms=confirms if status == "confirmed" else None,
        expires_at=ends if ends is not None and moment(ends) > moment(at) else None,
        **more,
    )


def sends(
    *,
    id: str | SearchStrategy[str] | None = None,  # noqa: A002 - as above
    customer: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[Sent]:
    """Messages that were sent.

    Args:
        id: Of the message, or what ids are drawn from.
        customer: Id of the customer, or what ids are drawn from.
        at: The instant, or what instants are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Sent,
        either("sends.id", id, _checks.text, ids()),
        customer=either("sends.customer", customer, _checks.text, ids()),
        at=either("sends.at", at, _checks.instant, instants()),
        channel=_CHANNELS,
        point=_ADDRESSES,
        purpose=words(),
        topic=_MAYBE,
        commercial=st.booleans(),
    )


def suppressions(
    *,
    digest: str | SearchStrategy[str] | None = None,
    at: datetime | SearchStrategy[datetime] | None = None,
) -> SearchStrategy[Suppression]:
    """Digests of points that must not be used, for every purpose or for one.

    Args:
        digest: Of the point, or what digests are drawn from.
        at: The instant, or what instants are drawn from.

    Raises:
        InvalidValue: For an argument of a wrong type.

    .. versionadded:: 0.1.0
    """
    usual = _ADDRESSES.map(lambda found: point_digest(found, "pepper"))
    return st.builds(
        Suppression,
        either("suppressions.digest", digest, _checks.text, usual),
        st.just("*") | words(),
        at=either("suppressions.at", at, _checks.instant, instants()),
    )


def purposes() -> SearchStrategy[Purpose]:
    """Declarations of what customers are contacted for, of every model.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        Purpose,
        words(),
        st.sampled_from(MODELS),
        double_opt_in=st.booleans(),
        valid_for=st.none() | calendar_durations(min_value=1),
        commercial=st.booleans(),
    )


def frequency_caps() -> SearchStrategy[FrequencyCap]:
    """Caps on messages, of every scope.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        FrequencyCap,
        words(),
        st.integers(1, 5),
        st.none() | _LENGTHS,
        channel=st.none() | _CHANNELS,
        scope=st.sampled_from(SCOPES),
        exempt=st.lists(words(), max_size=2),
    )


def consent_policies() -> SearchStrategy[ConsentPolicy]:
    """Policies with up to three purposes and two caps, some with hours.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        ConsentPolicy,
        st.lists(purposes(), max_size=3, unique_by=lambda purpose: purpose.name),
        opt_in_channels=st.lists(_CHANNELS, max_size=2),
        confirm_within=_LENGTHS,
        hours=st.just(()) | st.dictionaries(_CHANNELS, business_calendars(), max_size=1),
        caps=st.lists(frequency_caps(), max_size=2, unique_by=lambda cap: cap.name),
        hold_at_most=st.none() | _LENGTHS,
        verified_only=st.booleans(),
        quiet_for_all=st.booleans(),
        deceased_tag=words(),
        version=st.integers(1, 3),
    )


def reasons() -> SearchStrategy[Reason]:
    """What stands in the way of a contact.

    .. versionadded:: 0.1.0
    """
    codes = st.sampled_from(("suppressed", "no-point", "consent:refused", "quiet", "cap:daily"))
    return st.builds(Reason, codes, topic=_MAYBE, by=_MAYBE, until=st.none() | instants())


def decisions() -> SearchStrategy[Decision]:
    """Answers to whether somebody may be contacted.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        _decision,
        st.sampled_from(OUTCOMES),
        st.lists(reasons(), min_size=1, max_size=3).map(tuple),
        st.fixed_dictionaries(
            {
                "customer": ids(),
                "purpose": words(),
                "topic": _MAYBE,
                "channel": _CHANNELS,
                "point": st.none() | _ADDRESSES,
                "at": instants(),
            }
        ),
        instants(),
    )


def _decision(outcome: str, reasons: tuple[Reason, ...], asked: dict[str, Any], later: datetime) -> Decision:
    next_at = later if outcome == "held" else None
    return Decision(outcome=outcome, reasons=() if outcome == "allowed" else reasons, next_at=next_at, **asked)


def retention_rules() -> SearchStrategy[RetentionRule]:
    """How long one kind of thing is kept.

    .. versionadded:: 0.1.0
    """
    kinds = st.sampled_from(("customers.Customer", "customers.Consent", "purchases.Purchase", "changes.Event", "*"))
    return st.builds(
        RetentionRule,
        kinds,
        st.none() | calendar_durations(),
        on_request=st.sampled_from(TREATMENTS),
        basis=st.sampled_from(BASES),
    )


def legal_holds() -> SearchStrategy[LegalHold]:
    """Orders to keep everything of a customer, or of everybody.

    .. versionadded:: 0.1.0
    """
    return st.builds(LegalHold, st.just("*") | ids(), words(), since=instants(), until=st.none() | instants())


def retention_policies() -> SearchStrategy[RetentionPolicy]:
    """Policies of a few rules, some with a legal hold.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        RetentionPolicy,
        st.lists(retention_rules(), max_size=3, unique_by=lambda rule: rule.kind),
        holds=st.lists(legal_holds(), max_size=1),
        version=st.integers(1, 3),
    )


def erasure_items() -> SearchStrategy[ErasureItem]:
    """What becomes of one thing of somebody who is forgotten.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        ErasureItem,
        kind=words(),
        id=ids(),
        treatment=st.sampled_from(TREATMENTS),
        basis=st.none() | st.sampled_from(BASES),
        until=st.none() | days(),
        hold=_MAYBE,
    )


def erasure_plans() -> SearchStrategy[ErasurePlan]:
    """What is to be done when somebody asks to be forgotten.

    .. versionadded:: 0.1.0
    """
    return st.builds(
        ErasurePlan,
        customer=ids(),
        requested_at=instants(),
        due=days(min_value=date(2020, 1, 1)),
        items=st.lists(erasure_items(), max_size=3).map(tuple),
        recipients=st.lists(words(), max_size=2).map(tuple),
        suppressions=st.lists(suppressions(), max_size=2).map(tuple),
    )


STORED: dict[type, Callable[[], SearchStrategy[Any]]] = {
    Consent: consents,
    ConsentPolicy: consent_policies,
    Decision: decisions,
    ErasureItem: erasure_items,
    ErasurePlan: erasure_plans,
    Evidence: evidences,
    FrequencyCap: frequency_caps,
    LegalHold: legal_holds,
    Purpose: purposes,
    Reason: reasons,
    RetentionPolicy: retention_policies,
    RetentionRule: retention_rules,
    Sent: sends,
    Suppression: suppressions,
}
"""The strategy of every stored form of consent, contact, erasure and retention."""
