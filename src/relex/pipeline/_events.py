"""What happens to an opportunity, as facts that do not change.

Every event that brings a deal into a stage carries what the stage said at that instant, so that a definition that is
changed later rewrites no history.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from relex import _checks
from relex.changes import Event
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.money import Money
from relex.pipeline._parts import CONTACTS, SPLITS, WORDS, ContactRole, NextStep, Split
from relex.pipeline._stages import CATEGORIES, KINDS, OPEN_CATEGORIES, OVER, PERCENT, SURE
from relex.purchases import Line

__all__ = [
    "ActivityRecorded",
    "AmountChanged",
    "CampaignChanged",
    "CategoryOverridden",
    "CloseDateChanged",
    "ContactsChanged",
    "LinesChanged",
    "NextStepChanged",
    "OpportunityCustomerChanged",
    "OpportunityLost",
    "OpportunityOpened",
    "OpportunityOwnerChanged",
    "OpportunityRenamed",
    "OpportunityReopened",
    "OpportunityStageChanged",
    "OpportunityTagsChanged",
    "OpportunityWon",
    "ProbabilityOverridden",
    "SnoozeChanged",
    "SplitsChanged",
    "StageEntry",
    "TerritoryChanged",
]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_MONEY_OR_NONE = _checks.optional(_checks.a(Money))
_DAY_OR_NONE = _checks.optional(_checks.calendar_day)
_PERCENT_OR_NONE = _checks.optional(PERCENT)
_CATEGORY_OR_NONE = _checks.optional(_checks.one_of(*OPEN_CATEGORIES))
_LINES = _checks.each(_checks.a(Line))
_STEP_OR_NONE = _checks.optional(_checks.a(NextStep))
_SOURCE_OR_NONE = _checks.optional(_checks.one_of("hand", "lines"))


@attrs.frozen(kw_only=True, weakref_slot=False)
class StageEntry(Event):
    """A deal came into a stage: what all such events have in common.

    Attributes:
        pipeline: Id of the pipeline.
        pipeline_version: Of its definition at that instant.
        from_: The stage before; None where there was none.
        to: The stage.
        kind: Of the stage: `open`, `won` or `lost`.
        probability: What the stage said, in percent.
        category: What the stage said.

    .. versionadded:: 0.1.0
    """

    pipeline: str = attrs.field(validator=_checks.text)
    pipeline_version: int = attrs.field(default=1, validator=_checks.whole(least=1))
    from_: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    to: str = attrs.field(validator=_checks.text)
    kind: str = attrs.field(default="open", validator=_checks.one_of(*KINDS))
    probability: int | Decimal = attrs.field(validator=PERCENT)
    category: str = attrs.field(validator=_checks.one_of(*CATEGORIES))

    def __attrs_post_init__(self) -> None:
        """Check that what is over is sure."""
        name = type(self).__name__
        if self.probability != SURE.get(self.kind, self.probability):
            raise InvalidValue(f"{name}.probability", self.probability, f"{SURE[self.kind]}, of what is {self.kind}")
        if self.category != OVER.get(self.kind, self.category):
            raise InvalidValue(f"{name}.category", self.category, f"{OVER[self.kind]}, of what is {self.kind}")
        if self.kind == "open" and self.category not in OPEN_CATEGORIES:
            expected = f"one of {', '.join(OPEN_CATEGORIES)}, of what is open"
            raise InvalidValue(f"{name}.category", self.category, expected)


@tagged("pipeline.OpportunityOpened")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OpportunityOpened(StageEntry):
    """A deal began.

    Attributes:
        name: For people.
        customer: Id of the customer.
        owner: Who works on it.
        territory: Id of the territory.
        amount: What it is worth.
        expected_close: When it is expected to close.
        contacts: People on the customer's side.
        tags: Sorted words.
        campaign: Id of the campaign that counts for it.

    .. versionadded:: 0.1.0
    """

    name: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    customer: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    owner: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    territory: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    amount: Money | None = attrs.field(default=None, validator=_MONEY_OR_NONE)
    expected_close: date | None = attrs.field(default=None, validator=_DAY_OR_NONE)
    contacts: tuple[ContactRole, ...] = attrs.field(default=(), validator=CONTACTS)
    tags: tuple[str, ...] = attrs.field(default=(), validator=WORDS)
    campaign: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.OpportunityStageChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OpportunityStageChanged(StageEntry):
    """A deal moved to another stage of the kind it was in.

    Attributes:
        reason: Why.
        note: More about it.

    .. versionadded:: 0.1.0
    """

    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    note: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.OpportunityWon")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OpportunityWon(StageEntry):
    """A deal was won; `from_` is None when it was never open.

    Attributes:
        reason: Why.
        note: More about it.

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(default="won", validator=_checks.one_of("won"))
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    note: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.OpportunityLost")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OpportunityLost(StageEntry):
    """A deal was lost; `from_` is None when it was never open.

    Attributes:
        reason: Why.
        note: More about it.
        competitor: Who won it.

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(default="lost", validator=_checks.one_of("lost"))
    reason: str = attrs.field(validator=_checks.text)
    note: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
    competitor: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.OpportunityReopened")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OpportunityReopened(StageEntry):
    """A deal that was over goes on.

    Attributes:
        reason: Why.

    .. versionadded:: 0.1.0
    """

    kind: str = attrs.field(default="open", validator=_checks.one_of("open"))
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.OpportunityCustomerChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OpportunityCustomerChanged(Event):
    """A deal is of another customer.

    Attributes:
        from_: Before.
        to: From now on; None is nobody who is known.

    .. versionadded:: 0.1.0
    """

    from_: str | None = attrs.field(validator=_TEXT_OR_NONE)
    to: str | None = attrs.field(validator=_TEXT_OR_NONE)


@tagged("pipeline.OpportunityRenamed")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OpportunityRenamed(Event):
    """A deal has another name.

    Attributes:
        from_: Before.
        to: From now on.

    .. versionadded:: 0.1.0
    """

    from_: str | None = attrs.field(validator=_TEXT_OR_NONE)
    to: str | None = attrs.field(validator=_TEXT_OR_NONE)


@tagged("pipeline.AmountChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class AmountChanged(Event):
    """A deal is worth more or less.

    Attributes:
        from_: Before; None was unknown.
        to: From now on; None is unknown.
        amount_source: `hand`, `lines`, or None where there is no amount.

    .. versionadded:: 0.1.0
    """

    from_: Money | None = attrs.field(validator=_MONEY_OR_NONE)
    to: Money | None = attrs.field(validator=_MONEY_OR_NONE)
    amount_source: str | None = attrs.field(default="hand", validator=_SOURCE_OR_NONE)


@tagged("pipeline.CloseDateChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CloseDateChanged(Event):
    """A deal is expected to close on another date; a later one is a push, an earlier one a pull.

    Attributes:
        from_: Before; None was unknown.
        to: From now on; None is unknown.
        reason: Why.

    .. versionadded:: 0.1.0
    """

    from_: date | None = attrs.field(validator=_DAY_OR_NONE)
    to: date | None = attrs.field(validator=_DAY_OR_NONE)
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.OpportunityOwnerChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OpportunityOwnerChanged(Event):
    """Somebody else works on a deal.

    Attributes:
        from_: Before.
        to: From now on; None is nobody.

    .. versionadded:: 0.1.0
    """

    from_: str | None = attrs.field(validator=_TEXT_OR_NONE)
    to: str | None = attrs.field(validator=_TEXT_OR_NONE)


@tagged("pipeline.TerritoryChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class TerritoryChanged(Event):
    """A deal belongs to another territory.

    Attributes:
        from_: Before.
        to: From now on.

    .. versionadded:: 0.1.0
    """

    from_: str | None = attrs.field(validator=_TEXT_OR_NONE)
    to: str | None = attrs.field(validator=_TEXT_OR_NONE)


@tagged("pipeline.CampaignChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CampaignChanged(Event):
    """Another campaign counts for a deal.

    Attributes:
        from_: Before.
        to: From now on.

    .. versionadded:: 0.1.0
    """

    from_: str | None = attrs.field(validator=_TEXT_OR_NONE)
    to: str | None = attrs.field(validator=_TEXT_OR_NONE)


@tagged("pipeline.ProbabilityOverridden")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ProbabilityOverridden(Event):
    """Somebody knows better than the stage how probable a deal is, or does not any more.

    Attributes:
        from_: Before, in percent.
        to: From now on; None leaves it to the stage.

    .. versionadded:: 0.1.0
    """

    from_: int | Decimal | None = attrs.field(validator=_PERCENT_OR_NONE)
    to: int | Decimal | None = attrs.field(validator=_PERCENT_OR_NONE)


@tagged("pipeline.CategoryOverridden")
@attrs.frozen(kw_only=True, weakref_slot=False)
class CategoryOverridden(Event):
    """Somebody knows better than the stage where a deal stands in the forecast, or does not any more.

    Attributes:
        from_: Before.
        to: From now on; None leaves it to the stage.

    .. versionadded:: 0.1.0
    """

    from_: str | None = attrs.field(validator=_CATEGORY_OR_NONE)
    to: str | None = attrs.field(validator=_CATEGORY_OR_NONE)


@tagged("pipeline.ContactsChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ContactsChanged(Event):
    """Other people are on the customer's side of a deal, or in other roles.

    Attributes:
        from_: Before.
        to: From now on.

    .. versionadded:: 0.1.0
    """

    from_: tuple[ContactRole, ...] = attrs.field(validator=CONTACTS)
    to: tuple[ContactRole, ...] = attrs.field(validator=CONTACTS)


@tagged("pipeline.NextStepChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class NextStepChanged(Event):
    """Something else is to be done next in a deal, or the next step was done.

    Attributes:
        from_: Before.
        to: From now on; None is nothing.
        done: Whether `from_` was done, and not only replaced.

    .. versionadded:: 0.1.0
    """

    from_: NextStep | None = attrs.field(validator=_STEP_OR_NONE)
    to: NextStep | None = attrs.field(validator=_STEP_OR_NONE)
    done: bool = attrs.field(default=False, validator=_checks.flag)


@tagged("pipeline.SnoozeChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class SnoozeChanged(Event):
    """A deal may rest until a date without being called stale.

    Attributes:
        from_: Before.
        to: From now on; None is no rest.
        reason: Why.

    .. versionadded:: 0.1.0
    """

    from_: date | None = attrs.field(validator=_DAY_OR_NONE)
    to: date | None = attrs.field(validator=_DAY_OR_NONE)
    reason: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)


@tagged("pipeline.LinesChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class LinesChanged(Event):
    """Other products are in a deal.

    Attributes:
        from_: Before.
        to: From now on.

    .. versionadded:: 0.1.0
    """

    from_: tuple[Line, ...] = attrs.field(validator=_LINES)
    to: tuple[Line, ...] = attrs.field(validator=_LINES)


@tagged("pipeline.SplitsChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class SplitsChanged(Event):
    """The credit for a deal is shared in another way.

    Attributes:
        from_: Before.
        to: From now on; empty is all of it for the owner.

    .. versionadded:: 0.1.0
    """

    from_: tuple[Split, ...] = attrs.field(validator=SPLITS)
    to: tuple[Split, ...] = attrs.field(validator=SPLITS)


@tagged("pipeline.OpportunityTagsChanged")
@attrs.frozen(kw_only=True, weakref_slot=False)
class OpportunityTagsChanged(Event):
    """A deal has more tags or fewer.

    Attributes:
        added: Sorted tags that are new.
        removed: Sorted tags that are gone.

    .. versionadded:: 0.1.0
    """

    added: tuple[str, ...] = attrs.field(default=(), validator=WORDS)
    removed: tuple[str, ...] = attrs.field(default=(), validator=WORDS)


@tagged("pipeline.ActivityRecorded")
@attrs.frozen(kw_only=True, weakref_slot=False)
class ActivityRecorded(Event):
    """Somebody worked on a deal in a way that the application counts as activity.

    Attributes:
        kind: Such as `call`.

    .. versionadded:: 0.1.0
    """

    kind: str | None = attrs.field(default=None, validator=_TEXT_OR_NONE)
