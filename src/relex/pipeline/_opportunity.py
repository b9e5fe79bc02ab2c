"""The opportunity: a list of dated events, and what they come to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, reduce
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from relex import _checks
from relex._html import table
from relex._instants import is_before
from relex._trusted import changing, filling, replacing
from relex.changes import Change, Event
from relex.codec import tagged
from relex.errors import Conflict, CurrencyMismatch, InvalidValue, Rejected
from relex.money import Money
from relex.pipeline import _edits, _importing, _moves
from relex.pipeline._events import (
    ActivityRecorded,
    AmountChanged,
    CampaignChanged,
    CategoryOverridden,
    CloseDateChanged,
    ContactsChanged,
    LinesChanged,
    NextStepChanged,
    OpportunityCustomerChanged,
    OpportunityOpened,
    OpportunityOwnerChanged,
    OpportunityRenamed,
    OpportunityTagsChanged,
    ProbabilityOverridden,
    SnoozeChanged,
    SplitsChanged,
    TerritoryChanged,
)
from relex.pipeline._facts import SCHEMA
from relex.pipeline._following import require_fit, require_next, require_undoing
from relex.pipeline._merges import UNDOING, live_events
from relex.pipeline._parts import ContactRole, NextStep, Split, require_splits
from relex.pipeline._passages import require_met
from relex.pipeline._pipeline import Pipeline
from relex.pipeline._stages import OPEN_CATEGORIES, PERCENT
from relex.pipeline._steps import CHANGES, opened
from relex.purchases import Line
from relex.rules import FactSchema

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping
    from datetime import tzinfo

    from relex.pipeline._importing import Imported
    from relex.pipeline._stages import Stage

__all__ = ["Opportunity", "after_each"]

_HUNDREDTH = Decimal("0.01")


@tagged("pipeline.Opportunity")
@attrs.frozen(init=False, weakref_slot=False)
class Opportunity:
    """A deal: made by `open`, changed by commands, each of which returns a `Change`.

    It is its history: only the events are stored, and every attribute follows from them. What has a probability, a
    category or a date of closing has it by the kind of its stage, never by a name.
    Commands are refused (`Rejected`) with `out_of_order` for an instant before the last event, and those that change a
    deal with `closed` when it is over. A command that would change nothing gives no event.

    Attributes:
        history: Every event, oldest first.
        id: Of the deal.
        version: How many events made this state.
        pipeline: Id of the pipeline.
        name: For people.
        customer: Id of the customer.
        owner: Who works on it.
        territory: Id of the territory.
        campaign: Id of the campaign that counts for it.
        stage: Id of the stage.
        kind: Of the stage: `open`, `won` or `lost`.
        stage_entered_at: When it came into the stage.
        opened_at: When the deal began.
        changed_at: When the last event happened.
        assigned_at: Since when it has this owner; None without one.
        closed_at: When it was won or lost; None while it is open. It is never the expected date.
        last_open_stage: The last open stage that it was in, or is in; None when it never was in one.
        stage_probability: What the stage said when it was entered, in percent.
        stage_category: What the stage said when it was entered.
        probability_override: What a person said, in percent; None leaves it to the stage.
        category_override: What a person said; None leaves it to the stage.
        amount: What it is worth; None is unknown.
        amount_source: `hand` or `lines`; None where there is no amount.
        expected_close: When it is expected to close.
        close_reason: Why it was won or lost.
        close_note: More about it.
        competitor: Who won it, of a lost one.
        contacts: People on the customer's side; exactly one is primary while there is anybody.
        lines: Products; they give the amount unless it was set by hand.
        splits: Who gets the credit; none is all of it for the owner.
        next_step: What is to be done next.
        snoozed_until: It may rest until this date without being called stale.
        snooze_reason: Why.
        tags: Sorted words.
        last_activity_at: When somebody last worked on it, in a way that the application counts.
        pushes: How often the expected date was put off.
        merged: Ids of the deals that were merged into this one, the first merge first.
        merged_into: Id of the deal that goes on in its place, or None.
        fact_schema: The facts of every opportunity.

    Example:
        >>> from datetime import datetime, timezone
        >>> from relex.pipeline import Pipeline, Stage
        >>> stages = [Stage("new", 1, probability=50), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")]
        >>> sales = Pipeline("sales", stages)
        >>> day = datetime(2026, 5, 1, tzinfo=timezone.utc)
        >>> deal, _ = Opportunity.open("o1", sales, at=day, amount=Money("1000", "USD"))
        >>> deal.probability(), deal.weighted()
        (50, Money('500.00', 'USD'))
        >>> deal, events = deal.win(sales, at=day)
        >>> deal.kind, deal.probability(), events[0].from_
        ('won', 100, 'new')

    .. versionadded:: 0.1.0
    """

    history: tuple[Event, ...] = attrs.field(repr=False)
    id: str = attrs.field(init=False, eq=False)
    version: int = attrs.field(init=False, eq=False)
    pipeline: str = attrs.field(init=False, eq=False)
    name: str | None = attrs.field(init=False, eq=False)
    customer: str | None = attrs.field(init=False, eq=False)
    owner: str | None = attrs.field(init=False, eq=False)
    territory: str | None = attrs.field(init=False, eq=False)
    campaign: str | None = attrs.field(init=False, eq=False)
    stage: str = attrs.field(init=False, eq=False)
    kind: str = attrs.field(init=False, eq=False)
    stage_entered_at: datetime = attrs.field(init=False, eq=False)
    opened_at: datetime = attrs.field(init=False, eq=False)
    changed_at: datetime = attrs.field(init=False, eq=False)
    assigned_at: datetime | None = attrs.field(init=False, eq=False)
    closed_at: datetime | None = attrs.field(init=False, eq=False)
    last_open_stage: str | None = attrs.field(init=False, eq=False)
    stage_probability: int | Decimal = attrs.field(init=False, eq=False)
    stage_category: str = attrs.field(init=False, eq=False)
    probability_override: int | Decimal | None = attrs.field(init=False, eq=False)
    category_override: str | None = attrs.field(init=False, eq=False)
    amount: Money | None = attrs.field(init=False, eq=False)
    amount_source: str | None = attrs.field(init=False, eq=False)
    expected_close: date | None = attrs.field(init=False, eq=False)
    close_reason: str | None = attrs.field(init=False, eq=False)
    close_note: str | None = attrs.field(init=False, eq=False)
    competitor: str | None = attrs.field(init=False, eq=False)
    contacts: tuple[ContactRole, ...] = attrs.field(init=False, eq=False)
    lines: tuple[Line, ...] = attrs.field(init=False, eq=False)
    splits: tuple[Split, ...] = attrs.field(init=False, eq=False)
    next_step: NextStep | None = attrs.field(init=False, eq=False)
    snoozed_until: date | None = attrs.field(init=False, eq=False)
    snooze_reason: str | None = attrs.field(init=False, eq=False)
    tags: tuple[str, ...] = attrs.field(init=False, eq=False)
    last_activity_at: datetime | None = attrs.field(init=False, eq=False)
    pushes: int = attrs.field(init=False, eq=False)
    merged: tuple[str, ...] = attrs.field(init=False, eq=False)
    merged_into: str | None = attrs.field(init=False, eq=False)

    fact_schema: ClassVar[FactSchema] = SCHEMA

    def __init__(self, history: Iterable[Event]) -> None:
        """Build the deal from its events.

        Raises:
            InvalidValue: For no event, one that is none of a deal, or what no commands would have told.
            Conflict: For events that do not follow each other.
        """
        found = _told_by(_checks.items("Opportunity.history", history))
        _fill(self, *[getattr(found, name) for name in _FIELDS])

    @property
    def events(self) -> tuple[Event, ...]:
        """The history without what was undone: of a merge that was taken back, it says nothing."""
        return live_events(self.history)

    @property
    def lost_reason(self) -> str | None:
        """Why it was lost; None of one that is not lost."""
        return self.close_reason if self.kind == "lost" else None

    @property
    def lost_from(self) -> str | None:
        """The last open stage of a lost deal; None when it never was in one."""
        return self.last_open_stage if self.kind == "lost" else None

    @property
    def won_from(self) -> str | None:
        """The last open stage of a won deal; None when it never was in one."""
        return self.last_open_stage if self.kind == "won" else None

    @property
    def currency(self) -> str | None:
        """Of the amount; None without one."""
        return None if self.amount is None else self.amount.currency

    @property
    def contact(self) -> str | None:
        """Id of the primary contact; None where there is nobody."""
        return next((each.contact for each in self.contacts if each.primary), None) if self.contacts else None

    def probability(self, pipeline: Pipeline | None = None) -> int | Decimal:
        """Of winning, in percent: 100 when won, 0 when lost, else what a person said, else what the stage says.

        Args:
            pipeline: Its present definition; without it, what the stage said when it was entered.

        Raises:
            InvalidValue: For another pipeline than that of the deal.
            NotFound: For a stage that is not in the pipeline.

        .. versionadded:: 0.1.0
        """
        if pipeline is not None:
            self._require_own(pipeline)
        if self.kind != "open":
            return self.stage_probability
        if self.probability_override is not None:
            return self.probability_override
        stage = None if pipeline is None else _open_stage(pipeline, self.stage)
        return self.stage_probability if stage is None else stage.probability  # type: ignore[return-value]  # it is open

    def category(self, pipeline: Pipeline | None = None) -> str:
        """In the forecast: closed when won, omitted when lost, else what a person said, else what the stage says.

        Args:
            pipeline: Its present definition; without it, what the stage said when it was entered.

        Raises:
            InvalidValue: For another pipeline than that of the deal.
            NotFound: For a stage that is not in the pipeline.

        .. versionadded:: 0.1.0
        """
        if pipeline is not None:
            self._require_own(pipeline)
        if self.kind != "open":
            return self.stage_category
        if self.category_override is not None:
            return self.category_override
        stage = None if pipeline is None else _open_stage(pipeline, self.stage)
        return self.stage_category if stage is None else stage.category  # type: ignore[return-value]  # it is open

    def _require_own(self, pipeline: Pipeline) -> None:
        if pipeline.__class__ is not Pipeline:
            _PIPELINE.require("Opportunity.pipeline", pipeline)
        if pipeline.id != self.pipeline:
            raise InvalidValue("Opportunity.pipeline", pipeline.id, f"the pipeline of the deal, {self.pipeline}")

    def weighted(self, pipeline: Pipeline | None = None) -> Money | None:
        """The amount times the probability, exact; None without an amount.

        Args:
            pipeline: As of `probability`.

        .. versionadded:: 0.1.0
        """
        return None if self.amount is None else self.amount * self.probability(pipeline) * _HUNDREDTH

    def as_of(self, at: datetime) -> Opportunity | None:
        """The deal as it was: what the events up to this instant come to; None before it was opened.

        Raises:
            InvalidValue: For a naive datetime.

        .. versionadded:: 0.1.0
        """
        _checks.instant.require("as_of.at", at)
        if not is_before(at, self.changed_at):
            return self
        known = tuple([event for event in self.history if not is_before(at, event.at)])
        return _folded(known) if known else None

    @staticmethod
    def open(  # noqa: PLR0913 - all that is known at the opening
        id: str,  # noqa: A002 - the field's name everywhere in relex
        pipeline: Pipeline,
        *,
        at: datetime,
        stage: str | None = None,
        name: str | None = None,
        amount: Money | None = None,
        expected_close: date | None = None,
        customer: str | None = None,
        owner: str | None = None,
        territory: str | None = None,
        campaign: str | None = None,
        contacts: Iterable[ContactRole] = (),
        tags: Iterable[str] = (),
        reason: str | None = None,
        note: str | None = None,
        competitor: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Change[Opportunity]:
        """A new deal, in the first open stage or in the one named; in a closing one it is won or lost at once.

        Args:
            id: Of the deal.
            pipeline: Its definition.
            at: When it began.
            stage: The first stage; by default the first open one.
            name: For people.
            amount: What it is worth.
            expected_close: When it is expected to close.
            customer: Id of the customer.
            owner: Who works on it.
            territory: Id of the territory.
            campaign: Id of the campaign that counts for it.
            contacts: People on the customer's side; where none is primary, the first becomes it.
            tags: Words.
            reason: Why it was won or lost, in a closing stage.
            note: More about it.
            competitor: Who won it, in a lost stage.
            facts: The application's own facts, for the gates.

        Raises:
            InvalidValue: For a wrong type, a naive datetime, or two primary contacts.
            Rejected: `unknown_stage`, `gate_unmet`, `reason_required`, `unknown_reason`, `note_required`.

        .. versionadded:: 0.1.0
        """
        _checks.text.require("open.id", id)
        _checks.instant.require("open.at", at)
        parts = {
            "name": name,
            "amount": amount,
            "expected_close": expected_close,
            "customer": customer,
            "owner": owner,
            "territory": territory,
            "campaign": campaign,
            "contacts": _edits.one_primary("open.contacts", contacts),
            "tags": _edits.words("open.tags", tags),
        }
        said, to = _moves.Said(reason, note, competitor), _moves.first(pipeline, stage)
        try:
            event = _moves.opening(id, pipeline, to, at, parts)
        except InvalidValue as error:
            raise InvalidValue(f"open.{error.path.rpartition('.')[2]}", error.value, error.expected) from None
        deal = _begun(event)
        if to.kind == "lost":
            _moves.require_reason("open", pipeline, said)
        require_met("open", deal, pipeline, (None, to.id), at, facts)
        if to.kind == "open":
            _moves.require_silence(said)
            return Change(deal, (event,))
        closing = _moves.closing("open", id, 2, pipeline, at, (None, to), said)
        return Change(_after(deal, closing), (event, closing))

    @staticmethod
    def from_rows(
        rows: Iterable[Mapping[str, Any]],
        pipeline: Pipeline,
        *,
        columns: Mapping[str, str] | None = None,
        aliases: Mapping[str, Mapping[str, str | None]] | None = None,
        known: Mapping[str, Container[str]] | None = None,
        facts: Mapping[str, str] | None = None,
        currency: str | None = None,
        tz: tzinfo | None = None,
    ) -> Imported:
        """The deals that the rows of an export tell, and every other row with its reasons.

        A row is a mapping of texts, as a reader of CSV gives them, or of values; a blank cell states nothing. It states
        `id`, `stage` (by id or by name), `opened_at` and, when the stage is won or lost, `closed_at`; also
        `stage_entered_at`, `open_stage` (the open stage where a deal that is over was before), `name`, `amount`,
        `currency`, `expected_close`, `customer`, `owner`, `territory`, `campaign`, `contact`, `product`, `quantity`,
        `unit_price`, `probability`, `category`, `next_step`, `next_step_due`, `tags`, `splits` (as `ann 60; bob 40`),
        `reason`, `note`, `competitor`.
        Several rows of one deal, oldest first, tell its history; then `at` says from when on each of them is true.
        A deal that was elsewhere before, the row does not say where, was in the first open stage from which the moves
        of the pipeline lead to its stage.

        Every row becomes commands, so the same gates speak as everywhere. A probability or a category counts as said
        by a person where it is not what the stage says.

        Args:
            rows: In the order of their instants where they tell a history.
            pipeline: The definition; all deals come into it.
            columns: By field, the column that states it; without it, every field is a column of its own name.
            aliases: By field, what a cell means that says something else, such as the old name of a stage or of a
                customer; None means nothing.
            known: By field, the ids that there are; a cell that names another one is set aside, and the deal is read
                without it, so that a stage which requires it refuses the row.
            facts: By name of the application's own fact, the column that states it, for the gates.
            currency: Where the row names none.
            tz: Whose clock a date, or a time without a zone, is of; without it only instants with a zone are read.

        Returns:
            The deals and the refused rows; each row is in one of them. The reasons are `missing`, `invalid_value`,
            `unknown_stage`, `duplicate_id` (two rows of one deal that do not say when), `out_of_order` (an instant
            before one that it follows), `other_row` (another row of the deal is refused), and that of the command that
            refused it.

        Raises:
            InvalidValue: For a field that there is not, or rows that are no iterable.

        Example:
            >>> from datetime import timezone
            >>> from relex.pipeline import Pipeline, Stage
            >>> stages = [Stage("new", 1, probability=50), Stage("won", 2, kind="won"), Stage("lost", 3, kind="lost")]
            >>> export = [
            ...     {"id": "1", "stage": "won", "opened_at": "2026-05-01", "closed_at": "2026-06-01", "amount": "900"},
            ...     {"id": "2", "stage": "demo", "opened_at": "2026-05-01"}]
            >>> found = Opportunity.from_rows(export, Pipeline("sales", stages), currency="USD", tz=timezone.utc)
            >>> print(found, found.refused[0], sep="; ")
            2 rows: 1 deals, 1 rows refused, 0 values set aside; row 2: stage: unknown_stage (expected one of new, won, lost, got 'demo')

        .. versionadded:: 0.1.0
        """  # noqa: E501 - the answer is one line
        return _importing.imported(
            Opportunity,
            rows,
            pipeline,
            columns=columns,
            aliases=aliases,
            known=known,
            facts=facts,
            currency=currency,
            tz=tz,
        )

    def move_to(
        self,
        stage: str,
        pipeline: Pipeline,
        *,
        at: datetime,
        reason: str | None = None,
        note: str | None = None,
        competitor: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Change[Opportunity]:
        """Go to another stage; to a won or lost one it is `win` or `lose`.

        A deal that is over can go to another stage of its kind, which changes nothing but the stage.

        Args:
            stage: Where to.
            pipeline: Its definition.
            at: When.
            reason: Why.
            note: More about it.
            competitor: Who won it, when it is lost.
            facts: The application's own facts, for the gates.

        Raises:
            InvalidValue: For a naive datetime, or a fact that shadows one of the deal.
            Rejected: `unknown_stage`, `move_not_allowed` with the stages that are, `gate_unmet` with every requirement
                that is not met, `closed`, and as `lose`; `out_of_order`.

        .. versionadded:: 0.1.0
        """
        said = _moves.NOTHING if reason is note is competitor is None else _moves.Said(reason, note, competitor)
        return self._changed(_moves.moved(self, self._next("move_to", at), pipeline, at, stage, said, facts))

    def win(
        self,
        pipeline: Pipeline,
        *,
        at: datetime,
        stage: str | None = None,
        reason: str | None = None,
        note: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Change[Opportunity]:
        """Win the deal.

        Args:
            pipeline: Its definition.
            at: When.
            stage: A won stage; by default the one of the lowest order above the present, else the one of the highest.
            reason: Why.
            note: More about it.
            facts: The application's own facts, for the gates.

        Raises:
            Rejected: `unknown_stage`, `move_not_allowed`, `gate_unmet`, `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version, said = self._next_open("win", at), _moves.Said(reason, note)
        return self._changed(_moves.won(self, version, pipeline, at, stage, said, facts))

    def lose(
        self,
        pipeline: Pipeline,
        *,
        at: datetime,
        reason: str | None = None,
        note: str | None = None,
        competitor: str | None = None,
        stage: str | None = None,
    ) -> Change[Opportunity]:
        """Lose the deal; only the reason is asked for.

        Args:
            pipeline: Its definition.
            at: When.
            reason: Why; one of the pipeline's `lost_reasons` where it lists any.
            note: More about it; some reasons ask for one.
            competitor: Who won it.
            stage: A lost stage; by default the one of the lowest order above the present, else the one of the highest.

        Raises:
            Rejected: `reason_required`, `unknown_reason`, `note_required`, `unknown_stage`, `move_not_allowed`,
                `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version, said = self._next_open("lose", at), _moves.Said(reason, note, competitor)
        return self._changed(_moves.lost(self, version, pipeline, at, stage, said))

    def reopen(
        self,
        pipeline: Pipeline,
        *,
        at: datetime,
        stage: str | None = None,
        reason: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Change[Opportunity]:
        """Go on with a deal that was over, where it was closed from or in the stage named.

        Args:
            pipeline: Its definition.
            at: When.
            stage: An open stage; by default the last of this pipeline that it was in, or else the first.
            reason: Why.
            facts: The application's own facts, for the gates of a stage further than the last.

        Raises:
            Rejected: `not_closed`, `reopen_window`, `unknown_stage`, `gate_unmet`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("reopen", at)
        return self._changed(_moves.reopened(self, version, pipeline, at, stage, reason, facts))

    def transfer(
        self, stage: str, pipeline: Pipeline, *, at: datetime, reason: str | None = None
    ) -> Change[Opportunity]:
        """Go to a stage of the same kind in another pipeline, or in another version of it; no gate is asked.

        Raises:
            Rejected: `unknown_stage`, `move_not_allowed` for a stage of another kind, `same_pipeline` when the deal
                came into its stage by this very definition (`move_to` asks the gates), `out_of_order`.

        .. versionadded:: 0.1.0
        """
        version = self._next("transfer", at)
        return self._changed(_moves.transferred(self, version, pipeline, at, stage, reason))

    def rename(self, name: str | None, *, at: datetime) -> Change[Opportunity]:
        """Another name.

        Raises:
            InvalidValue: For an empty text.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("rename", at)
        _TEXT_OR_NONE.require("rename.name", name)
        return self._swapped(OpportunityRenamed, self.name, name, at)

    def set_customer(self, customer: str | None, *, at: datetime) -> Change[Opportunity]:
        """It is a deal of another customer; None is nobody who is known.

        Raises:
            InvalidValue: For an empty id.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("set_customer", at)
        _TEXT_OR_NONE.require("set_customer.customer", customer)
        return self._swapped(OpportunityCustomerChanged, self.customer, customer, at)

    def change_amount(self, amount: Money | None, *, at: datetime) -> Change[Opportunity]:
        """Another amount, set by hand; None leaves it to the lines, or to nobody where there are none.

        Raises:
            CurrencyMismatch: For another currency.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("change_amount", at)
        if amount is not None:
            _MONEY.require("change_amount.amount", amount)
            if self.currency not in {None, amount.currency}:
                raise CurrencyMismatch(str(self.currency), amount.currency)
            return self._priced(amount, "hand", at)
        net = _edits.net_of(self.lines, str(self.currency), at) if self.lines else None
        return self._priced(net, None if net is None else "lines", at)

    def change_close_date(
        self, expected_close: date | None, *, at: datetime, reason: str | None = None
    ) -> Change[Opportunity]:
        """Another expected date.

        Raises:
            InvalidValue: For what is no date.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("change_close_date", at)
        _DAY_OR_NONE.require("change_close_date.expected_close", expected_close)
        _TEXT_OR_NONE.require("change_close_date.reason", reason)
        return self._swapped(CloseDateChanged, self.expected_close, expected_close, at, reason=reason)

    def reassign(self, owner: str | None, *, at: datetime) -> Change[Opportunity]:
        """Somebody else works on it; None is nobody.

        Raises:
            InvalidValue: For an empty id.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("reassign", at)
        _TEXT_OR_NONE.require("reassign.owner", owner)
        return self._swapped(OpportunityOwnerChanged, self.owner, owner, at)

    def set_territory(self, territory: str | None, *, at: datetime) -> Change[Opportunity]:
        """Another territory.

        Raises:
            InvalidValue: For an empty id.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("set_territory", at)
        _TEXT_OR_NONE.require("set_territory.territory", territory)
        return self._swapped(TerritoryChanged, self.territory, territory, at)

    def set_campaign(self, campaign: str | None, *, at: datetime) -> Change[Opportunity]:
        """Another campaign counts for it.

        Raises:
            InvalidValue: For an empty id.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("set_campaign", at)
        _TEXT_OR_NONE.require("set_campaign.campaign", campaign)
        return self._swapped(CampaignChanged, self.campaign, campaign, at)

    def override_probability(self, probability: int | Decimal | None, *, at: datetime) -> Change[Opportunity]:
        """Say how probable it is, in percent; None leaves it to the stage. 0 and 100 are values, and change no kind.

        Raises:
            InvalidValue: Outside 0 to 100.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("override_probability", at)
        _PERCENT_OR_NONE.require("override_probability.probability", probability)
        return self._swapped(ProbabilityOverridden, self.probability_override, probability, at)

    def override_category(self, category: str | None, *, at: datetime) -> Change[Opportunity]:
        """Say where it stands in the forecast; None leaves it to the stage.

        Raises:
            InvalidValue: For another category than those of open deals.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("override_category", at)
        _OPEN_CATEGORY_OR_NONE.require("override_category.category", category)
        return self._swapped(CategoryOverridden, self.category_override, category, at)

    def add_contact(
        self, contact: str, role: str | None = None, *, at: datetime, primary: bool = False
    ) -> Change[Opportunity]:
        """One more person on the customer's side, or another role of one who is there.

        The first is primary; naming another moves the mark. Whoever is there keeps the role unless another is named.

        Raises:
            InvalidValue: For an empty id.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("add_contact", at)
        contacts = _edits.with_contact(self.contacts, ContactRole(contact, role, primary))
        return self._swapped(ContactsChanged, self.contacts, contacts, at)

    def remove_contact(self, contact: str, *, at: datetime) -> Change[Opportunity]:
        """One person less; if it was the primary one, the first of the others becomes it.

        Raises:
            InvalidValue: For an empty id.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("remove_contact", at)
        _checks.text.require("remove_contact.contact", contact)
        return self._swapped(ContactsChanged, self.contacts, _edits.without_contact(self.contacts, contact), at)

    def set_next_step(self, text: str, due: date, *, at: datetime) -> Change[Opportunity]:
        """What is to be done next, and by when.

        Raises:
            InvalidValue: For an empty text, or what is no date.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("set_next_step", at)
        return self._swapped(NextStepChanged, self.next_step, NextStep(text, due), at)

    def complete_next_step(self, *, at: datetime) -> Change[Opportunity]:
        """The next step was done; no event if there was none.

        Raises:
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("complete_next_step", at)
        return self._swapped(NextStepChanged, self.next_step, None, at, done=True)

    def snooze(self, until: date | None, *, at: datetime, reason: str | None = None) -> Change[Opportunity]:
        """Let the deal rest until a date without calling it stale, with a reason; None ends the rest.

        Raises:
            InvalidValue: For what is no date.
            Rejected: `reason_required`, `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("snooze", at)
        _DAY_OR_NONE.require("snooze.until", until)
        _TEXT_OR_NONE.require("snooze.reason", reason)
        if until is not None and reason is None:
            raise Rejected("snooze", "reason_required", {"until": until})
        if until == self.snoozed_until and (until is None or reason == self.snooze_reason):
            return Change(self, ())
        return self._told(SnoozeChanged, at, from_=self.snoozed_until, to=until, reason=reason)

    def set_lines(self, lines: Iterable[Line], *, at: datetime, currency: str | None = None) -> Change[Opportunity]:
        """Other products; their net, without tax, is the amount unless that was set by hand.

        Args:
            lines: Each number once.
            at: When.
            currency: Of the lines; by default that of the amount.

        Raises:
            InvalidValue: For two lines of one number, or no currency at all.
            CurrencyMismatch: For another currency than that of the amount; lines in another one need `set_lines([])`
                first, which leaves no amount unless that was set by hand.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("set_lines", at)
        _CURRENCY_OR_NONE.require("set_lines.currency", currency)
        found = _edits.lines_of(lines)
        net = _edits.net_of(found, _edits.currency_of_lines(self, currency), at) if found else None
        change = self._swapped(LinesChanged, self.lines, found, at)
        if self.amount_source == "hand":
            return change
        return change.then(lambda deal: Opportunity._priced(deal, net, None if net is None else "lines", at))

    def set_splits(self, splits: Iterable[Split], *, at: datetime) -> Change[Opportunity]:
        """Who gets the credit; none is all of it for the owner.

        Raises:
            InvalidValue: For shares of revenue that do not add to 100.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("set_splits", at)
        found = _checks.items("set_splits.splits", splits)
        require_splits("set_splits.splits", found)
        return self._swapped(SplitsChanged, self.splits, found, at)

    def tag(self, *tags: str, at: datetime) -> Change[Opportunity]:
        """More tags.

        Raises:
            InvalidValue: For an empty tag.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("tag", at)
        added = tuple([each for each in _edits.words("tag.tags", tags) if each not in self.tags])
        return self._told(OpportunityTagsChanged, at, added=added) if added else Change(self, ())

    def untag(self, *tags: str, at: datetime) -> Change[Opportunity]:
        """Fewer tags; no event if none of them was there.

        Raises:
            InvalidValue: For an empty tag.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("untag", at)
        removed = tuple([each for each in _edits.words("untag.tags", tags) if each in self.tags])
        return self._told(OpportunityTagsChanged, at, removed=removed) if removed else Change(self, ())

    def record_activity(self, kind: str | None = None, *, at: datetime) -> Change[Opportunity]:
        """Somebody worked on the deal, in a way that the application counts as activity.

        Raises:
            InvalidValue: For an empty kind.
            Rejected: `closed`, `out_of_order`.

        .. versionadded:: 0.1.0
        """
        self._next_open("record_activity", at)
        _TEXT_OR_NONE.require("record_activity.kind", kind)
        return self._told(ActivityRecorded, at, kind=kind)

    @staticmethod
    def evolve(state: Opportunity | None, event: Event) -> Opportunity:
        """The state after an event.

        Raises:
            Conflict: For an event of another deal, or one that is not the next.
            InvalidValue: For anything but the opening first, and for what no command would tell of such a deal: an edit
                of one that is over, a value before that is not the deal's, what undoes no merge.

        .. versionadded:: 0.1.0
        """
        if state is not None:
            _STATE.require("Opportunity.evolve.state", state)
        _require_event(state, event)
        if state is None:
            return _begun(event)
        if type(event) in UNDOING:
            require_undoing((*state.history, event))
        else:
            require_next(state, event)
        return _after(state, event)

    def facts(self, pipeline: Pipeline | None = None) -> dict[str, Any]:
        """What rules may ask about, by stable names.

        Args:
            pipeline: Its present definition; without it, probability and category are what the stage said when it was
                entered.

        Of a deal that was merged into another one, only its id, its pipeline and `merged_into` are left.
        """
        if self.merged_into is not None:
            return {**_GONE, "id": self.id, "pipeline": self.pipeline, "merged_into": self.merged_into}
        amount, step = self.amount, self.next_step
        return {
            "id": self.id,
            "pipeline": self.pipeline,
            "name": self.name,
            "stage": self.stage,
            "stage_kind": self.kind,
            "stage_entered_at": self.stage_entered_at,
            "amount": None if amount is None else amount.amount,
            "currency": None if amount is None else amount.currency,
            "probability": self.probability(pipeline),
            "probability_overridden": self.probability_override is not None,
            "category": self.category(pipeline),
            "owner": self.owner,
            "territory": self.territory,
            "customer": self.customer,
            "contact": self.contact,
            "campaign": self.campaign,
            "opened_at": self.opened_at,
            "expected_close": self.expected_close,
            "closed_at": self.closed_at,
            "lost_reason": self.lost_reason,
            "competitor": self.competitor,
            "next_step": None if step is None else step.text,
            "next_step_due": None if step is None else step.due,
            "snoozed_until": self.snoozed_until,
            "last_activity_at": self.last_activity_at,
            "merged_into": None,
            "pushes": self.pushes,
            "tags": self.tags,
        }

    def __str__(self) -> str:
        named = self.id if self.name is None else f"{self.id} ({self.name})"
        worth = "no amount" if self.amount is None else str(self.amount)
        return f"{named}: {self.stage}, {self.probability()} %, {worth}"

    def _repr_html_(self) -> str:
        known = [(name.replace("_", " "), getattr(self, name)) for name in _SHOWN]
        return table(f"Opportunity {self.id}", ("", ""), [(name, value) for name, value in known if value is not None])

    def _next(self, command: str, at: datetime) -> int:
        """The version of the next event, if it may happen at this instant."""
        if at.__class__ is not datetime or at.tzinfo is not UTC:
            _checks.instant.require(f"{command}.at", at)
        if self.merged_into is not None:
            raise Rejected(command, "merged", {"opportunity": self.id, "into": self.merged_into})
        if is_before(at, self.changed_at):
            raise Rejected(command, "out_of_order", {"at": at, "not_before": self.changed_at})
        return self.version + 1

    def _next_open(self, command: str, at: datetime) -> int:
        """The same, of a deal that must not be over."""
        if self.kind != "open" and self.merged_into is None:
            _checks.instant.require(f"{command}.at", at)
            raise Rejected(command, "closed", {"opportunity": self.id, "closed_at": self.closed_at})
        return self._next(command, at)

    def _changed(self, event: Event | None) -> Change[Opportunity]:
        """What a command gives that decided this event, or none."""
        return Change(self, ()) if event is None else Change(_after(self, event), (event,))

    def _told(self, event: type[Event], at: datetime, **parts: Any) -> Change[Opportunity]:
        return self._changed(event(source=self.id, version=self.version + 1, at=at, **parts))

    def _swapped(self, event: type[Event], from_: object, to: object, at: datetime, **more: Any) -> Change[Opportunity]:
        """One part for another, if it is another."""
        return Change(self, ()) if from_ == to else self._told(event, at, from_=from_, to=to, **more)

    def _priced(self, amount: Money | None, source: str | None, at: datetime) -> Change[Opportunity]:
        if (amount, source) == (self.amount, self.amount_source):
            return Change(self, ())
        return self._told(AmountChanged, at, from_=self.amount, to=amount, amount_source=source)


_OPENED = _checks.a(OpportunityOpened)
_STATE = _checks.a(Opportunity)
_PIPELINE = _checks.a(Pipeline)
_CURRENCY_OR_NONE = _checks.optional(_checks.currency_code)
_MONEY = _checks.a(Money)
_TEXT_OR_NONE = _checks.optional(_checks.text)
_DAY_OR_NONE = _checks.optional(_checks.calendar_day)
_PERCENT_OR_NONE = _checks.optional(PERCENT)
_OPEN_CATEGORY_OR_NONE = _checks.optional(_checks.one_of(*OPEN_CATEGORIES))
_FIELDS = [field.name for field in attrs.fields(Opportunity)]
_SHOWN = (
    "name",
    "customer",
    "stage",
    "kind",
    "amount",
    "expected_close",
    "owner",
    "territory",
    "contact",
    "next_step",
    "lost_reason",
    "opened_at",
    "closed_at",
    "merged_into",
)
_GONE = dict.fromkeys(name for name, _ in SCHEMA.facts)
_fill, _replace = filling(Opportunity), replacing(Opportunity)


def _open_stage(pipeline: Pipeline, stage: str) -> Stage | None:
    """The present definition of a stage; None where that is no open one any more."""
    found = pipeline.stage(stage)
    return found if found.kind == "open" else None


def _begun(event: Any) -> Opportunity:
    state = opened(event)
    found = object.__new__(Opportunity)
    _fill(found, *[state[name] for name in _FIELDS])
    return found


def _after(state: Opportunity, event: Event) -> Opportunity:
    history = (*state.history, event)
    if type(event) in UNDOING:
        return _folded(history)
    changes = CHANGES[type(event)](state, event)
    return _changing(tuple(changes))(state, event.version, event.at, history, *changes.values())


@cache
def _changing(names: tuple[str, ...]) -> Callable[..., Opportunity]:
    """What makes the next state of a deal, of which these fields change; there are about as many as kinds of events."""
    return changing(Opportunity, "version", "changed_at", "history", *names)


def _stepped(state: Opportunity, event: Event) -> Opportunity:
    """The next state in a fold, with the history of the one before: to copy that each time would take its square."""
    changes = CHANGES[type(event)](state, event)
    return _changing(tuple(changes))(state, event.version, event.at, state.history, *changes.values())


def _folded(history: tuple[Event, ...]) -> Opportunity:
    """The state of events that fit each other, without what was undone."""
    first, *others = live_events(history)
    found = reduce(_stepped, others, _begun(first))
    return _replace(found, version=len(history), changed_at=history[-1].at, history=history)


def after_each(history: tuple[Event, ...]) -> Iterator[tuple[Event, Opportunity]]:
    """Each event and the state after it, of which the history is not kept."""
    state = None
    for place, event in enumerate(history, 1):
        if state is None:
            state = _begun(event)
        else:
            state = _folded(history[:place]) if type(event) in UNDOING else _stepped(state, event)
        yield event, state


def _told_by(history: tuple[Event, ...]) -> Opportunity:
    """The state of events that come from elsewhere."""
    before = None
    for event in history:
        _require_event(before, event)
        before = event
    if before is None:
        raise InvalidValue("Opportunity.history", history, "at least one event")
    undoings = [place for place, event in enumerate(history) if type(event) in UNDOING]
    found = reduce(_asked(require_next), history[1 : undoings[0] if undoings else None], _begun(history[0]))
    if undoings:
        require_undoing(history)
        first, *others = live_events(history)
        found = reduce(_asked(require_fit), others, _begun(first))
    return _replace(found, version=len(history), changed_at=history[-1].at, history=history)


def _asked(require: Callable[[Opportunity, Event], None]) -> Callable[[Opportunity, Event], Opportunity]:
    def stepped(state: Opportunity, event: Event) -> Opportunity:
        require(state, event)
        return _stepped(state, event)

    return stepped


def _require_event(before: Opportunity | Event | None, event: Event) -> None:
    """Raise unless this is an event of a deal and comes next, after a state or after another event."""
    if not isinstance(event, Event):
        raise InvalidValue("Opportunity.evolve.event", event, "an event of an opportunity")
    if before is None:
        now, since = (event.source, 0), event.at
    elif isinstance(before, Opportunity):
        now, since = (before.id, before.version), before.changed_at
    else:
        now, since = (before.source, before.version), before.at
    if (event.source, event.version) != (now[0], now[1] + 1):
        raise Conflict(event.source, now, (event.source, event.version))
    if before is None:
        _OPENED.require("Opportunity.evolve.event", event)
    elif type(event) not in CHANGES and type(event) not in UNDOING:
        known = ", ".join([kind.__name__ for kind in (*CHANGES, *UNDOING)])
        raise InvalidValue("Opportunity.evolve.event", event, f"one of {known}")
    if is_before(event.at, since):
        raise InvalidValue("Opportunity.evolve.event.at", event.at, f"not before {since}")
