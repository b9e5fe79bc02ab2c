"""What takes part in the random use of a store: how each class is opened, told things, and kept.

A new aggregate or a new kind of entry needs one line here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from relex.customers import Consent, Customer, Sent
from relex.feedback import Disposition, Invitation, Response
from relex.insights import Membership
from relex.interactions import Activity, Cancelled, Interaction
from relex.loyalty import Account, Budget, Referral, Voucher
from relex.matching import NotSameAs, Retracted, SameAs
from relex.pipeline import ForecastAdjustment, Lead, Opportunity, Outcome, Quota, Quote, TerritoryMembership
from relex.purchases import Claim, Purchase, Retraction, Return
from relex.service import Case, ContactAttempt
from relex.testing._samples import PROGRAM, SALES
from relex.testing.strategies import (
    account_changes,
    account_commands,
    activities,
    assertion_retractions,
    budget_changes,
    budget_commands,
    cancellations,
    case_changes,
    case_commands,
    claims,
    consents,
    contact_attempts,
    customer_changes,
    customer_commands,
    dispositions,
    forecast_adjustments,
    interactions,
    invitations,
    lead_changes,
    lead_commands,
    membership_changes,
    membership_commands,
    not_same_assertions,
    opportunity_changes,
    opportunity_commands,
    outcomes,
    purchases,
    quotas,
    quote_changes,
    quote_commands,
    referral_changes,
    referral_commands,
    responses,
    retractions,
    returns,
    same_assertions,
    sends,
    territory_memberships,
    voucher_changes,
    voucher_commands,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from relex.changes import Change

__all__ = ["AGGREGATES", "ENTRIES", "Played", "Told"]


@attrs.frozen
class Played:
    """A class of aggregates.

    Attributes:
        kind: The class.
        openings: Histories of one change, of an aggregate whose id begins with the key, perhaps in capitals.
        commands: What an aggregate is told next.
    """

    kind: Any
    openings: Callable[[str], SearchStrategy[tuple[Change[Any], ...]]]
    commands: SearchStrategy[Callable[[Any], Change[Any]]]

    def __repr__(self) -> str:
        return str(self.kind.__name__)


@attrs.frozen
class Told:
    """A class of entries.

    Attributes:
        kind: The class.
        entries: Entries with an id and a subject.
    """

    kind: Any
    entries: Callable[[str, str], SearchStrategy[Any]]

    def __repr__(self) -> str:
        return str(self.kind.__name__)


AGGREGATES = (
    Played(Customer, lambda key: customer_changes(id=key, max_size=1), customer_commands()),
    Played(Account, lambda key: account_changes(id=key, program=PROGRAM, max_size=1), account_commands(PROGRAM)),
    Played(Voucher, lambda key: voucher_changes(id=key, max_size=1), voucher_commands()),
    Played(Budget, lambda key: budget_changes(id=key, max_size=1), budget_commands()),
    Played(Membership, lambda key: membership_changes(segment=key, max_size=1), membership_commands()),
    Played(Lead, lambda key: lead_changes(id=key, max_size=1), lead_commands()),
    Played(
        Opportunity,
        lambda key: opportunity_changes(id=key, pipeline=SALES, max_size=1),
        opportunity_commands(SALES),
    ),
    Played(Quote, lambda key: quote_changes(id=key, max_size=1), quote_commands()),
    Played(Case, lambda key: case_changes(id=key, max_size=1), case_commands()),
    Played(Referral, lambda key: referral_changes(id=key, max_size=1), referral_commands()),
)
ENTRIES = (
    Told(Purchase, lambda key, subject: purchases(id=key, customer=subject)),
    Told(Return, lambda key, subject: returns(id=key, customer=subject)),
    Told(Claim, lambda key, subject: claims(id=key, customer=subject)),
    Told(Retraction, lambda key, subject: retractions(id=key, claim=subject)),
    Told(Consent, lambda key, subject: consents(id=key, customer=subject)),
    Told(Sent, lambda key, subject: sends(id=key, customer=subject)),
    Told(SameAs, lambda key, subject: same_assertions(id=key, a=subject)),
    Told(NotSameAs, lambda key, subject: not_same_assertions(id=key, a=subject)),
    Told(Retracted, lambda key, subject: assertion_retractions(id=key, assertion=subject)),
    Told(Interaction, lambda key, subject: interactions(id=key, customer=subject)),
    Told(Activity, lambda key, subject: activities(id=key, customer=subject)),
    Told(Cancelled, lambda key, subject: cancellations(activity=subject).map(lambda it: attrs.evolve(it, id=key))),
    Told(Outcome, lambda key, subject: outcomes(id=key, source=subject)),
    Told(ForecastAdjustment, lambda key, subject: forecast_adjustments(id=key, subject=subject)),
    Told(Quota, lambda key, subject: quotas(id=key, subject=subject)),
    Told(TerritoryMembership, lambda key, subject: territory_memberships(id=key, account=subject)),
    Told(ContactAttempt, lambda key, subject: contact_attempts(id=key, customer=subject)),
    Told(Response, lambda key, subject: responses(submission=key, contact=subject)),
    Told(Invitation, lambda key, subject: invitations(survey=key, contact=subject)),
    Told(Disposition, lambda key, subject: dispositions(invitation=key, contact=subject)),
)
