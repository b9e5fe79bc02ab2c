"""The forecast: a question asked of deals, which are lists of dated events, so that it can be asked as of any day."""

from __future__ import annotations

import decimal
from decimal import Decimal
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex.errors import InvalidValue, NotFound
from relex.money import Money, RateTable
from relex.parties import Hierarchy
from relex.pipeline._accuracy import Accuracy, accuracy_of, by_kind
from relex.pipeline._adjustments import ForecastAdjustment
from relex.pipeline._bridge import Bridge, bridge_of
from relex.pipeline._columns import TOTAL, columns_of
from relex.pipeline._forecast_data import (
    adjustments_of,
    deals_of,
    exchange_of,
    own_facts_of,
    percentages_of,
    pipelines_of,
)
from relex.pipeline._forecast_html import page, sentence
from relex.pipeline._forecast_pass import EXACT, Pass, Passed
from relex.pipeline._forecast_question import ForecastQuestion
from relex.pipeline._forecast_reading import guesser
from relex.pipeline._forecast_rolls import Rolls
from relex.pipeline._forecast_slice import Exchange, ForecastSlice
from relex.pipeline._forecast_spread import OWNED, Spread

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
    from datetime import datetime

    from relex.calendars import Period
    from relex.figures import Figure
    from relex.pipeline._adjustments import NotApplied
    from relex.pipeline._forecast_pass import ForecastCell
    from relex.pipeline._forecast_rows import ForecastRow
    from relex.pipeline._opportunity import Opportunity
    from relex.pipeline._pipeline import Pipeline

__all__ = ["Forecast"]

_FINEST = Decimal("1E-30")
_WIDE = decimal.Context(prec=400)
_QUESTION = _checks.a(ForecastQuestion)
_RATES = _checks.optional(_checks.a(RateTable))
_TEAM = _checks.optional(_checks.a(Hierarchy))


@attrs.frozen(kw_only=True)
class Forecast:
    """What deals come to in a period, as of an instant: nothing but its arguments, and what is computed from them.

    Kept, it is a snapshot: what it was given is copied. `at` asks the same of another instant, and `explain` tells what
    happened in between.

    Attributes:
        question: All that was chosen.
        opportunities: The deals.
        pipelines: Theirs; a deal of another pipeline is in `elsewhere`.
        adjustments: What people said.
        rates: What currencies are worth.
        team: Who reports to whom.
        facts: The caller's own facts by id of a deal.
        predicted: Probabilities by id of a deal, for pipelines whose probability is `predicted`.

    .. versionadded:: 0.1.0
    """

    question: ForecastQuestion
    opportunities: tuple[Opportunity, ...] = attrs.field(converter=deals_of, repr=False)
    pipelines: tuple[Pipeline, ...] = attrs.field(converter=pipelines_of, repr=False)
    adjustments: tuple[ForecastAdjustment, ...] = attrs.field(default=(), converter=adjustments_of, repr=False)
    rates: RateTable | None = attrs.field(default=None, repr=False)
    team: Hierarchy | None = attrs.field(default=None, repr=False)
    facts: Mapping[str, Mapping[str, Any]] = attrs.field(default=None, converter=own_facts_of, repr=False, hash=False)
    predicted: Mapping[str, int | Decimal] = attrs.field(default=None, converter=percentages_of, repr=False, hash=False)

    def __attrs_post_init__(self) -> None:
        """Check the data, go over the deals once, and refuse what cannot be rolled up."""
        _QUESTION.require("forecast.question", self.question)
        _RATES.require("forecast.rates", self.rates)
        _TEAM.require("forecast.team", self.team)
        if self.question.by == "team" and self.team is None:
            raise InvalidValue("forecast.team", None, "who reports to whom, to group by team")
        team, exchange = self._current_team, self._exchange
        if team is not None:
            exchange.target_of(self._currencies)
        if self.question.viewer is not None:
            self._rolls.tree.parent(self.question.viewer)

    @classmethod
    def of(
        cls,
        question: ForecastQuestion,
        opportunities: Iterable[Opportunity],
        pipeline: Pipeline | Iterable[Pipeline],
        *,
        adjustments: Iterable[ForecastAdjustment] = (),
        rates: RateTable | None = None,
        team: Hierarchy | None = None,
        facts: Mapping[str, Mapping[str, Any]] | None = None,
        predicted: Mapping[str, int | Decimal] | None = None,
    ) -> Forecast:
        """The answer to a question that was kept; the arguments are those of `forecast`.

        Raises:
            InvalidValue: As `forecast` does.
            CurrencyMismatch: As `forecast` does.
            Conflict: As `forecast` does.
            NotFound: As `forecast` does.

        .. versionadded:: 0.1.0
        """
        return cls(
            question=question,
            opportunities=opportunities,
            pipelines=pipeline,
            adjustments=adjustments,
            rates=rates,
            team=team,
            facts=facts,
            predicted=predicted,
        )

    # What was found

    @property
    def whole(self) -> ForecastSlice:
        """All deals of the period."""
        return self._slice(self._passed.cells, "all")

    @property
    def overlay(self) -> ForecastSlice:
        """Credit that is given on top of the amounts; it is in no total."""
        return self._slice(self._passed.overlay, "overlay")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the method, in order."""
        return columns_of(self.question.method)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The pieces of the period, oldest first."""
        return self.question.pieces

    @property
    def overdue(self) -> tuple[str, ...]:
        """Ids of the open deals in the period whose expected close lies before the day of `as_of`, sorted."""
        return self._passed.overdue

    @property
    def without_amount(self) -> tuple[str, ...]:
        """Ids of the deals in the period that have no amount; they are counted, and add nothing."""
        return self._passed.without_amount

    @property
    def without_date(self) -> tuple[str, ...]:
        """Ids of the open deals without an expected close, which are in no period."""
        return tuple(sorted(self._passed.noted.without_date))

    @property
    def unknown_stage(self) -> tuple[str, ...]:
        """Ids of the open deals whose stage the pipeline does not have; what it said when they came in counts."""
        return tuple(sorted(self._passed.noted.unknown_stage))

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """Ids of the deals of other pipelines, which are left out."""
        return tuple(sorted(self._passed.noted.elsewhere))

    @property
    def missing_rates(self) -> tuple[str, ...]:
        """The currencies in the period that cannot be converted, sorted."""
        found = {cell.currency for cell in self._passed.cells if cell.currency is not None}
        target = self._exchange.target
        return tuple(sorted([each for each in found if target and self._exchange.rate(each, target) is None]))

    # All of it, one group, one piece

    def count(self, column: str = TOTAL) -> Figure:
        """How many deals a column holds; see `ForecastSlice.count`.

        .. versionadded:: 0.1.0
        """
        return self.whole.count(column)

    def amounts(self, column: str = TOTAL) -> tuple[Money, ...]:
        """What a column adds up to, one amount for each currency; see `ForecastSlice.amounts`.

        .. versionadded:: 0.1.0
        """
        return self.whole.amounts(column)

    def amount(self, column: str = TOTAL) -> Figure:
        """What a column adds up to, in one currency; see `ForecastSlice.amount`.

        .. versionadded:: 0.1.0
        """
        return self.whole.amount(column)

    def weighted(self, column: str = TOTAL) -> Figure:
        """What a column adds up to by probability, in one currency; see `ForecastSlice.weighted`.

        .. versionadded:: 0.1.0
        """
        return self.whole.weighted(column)

    @cached_property
    def groups(self) -> tuple[Hashable, ...]:
        """What deals are grouped by, sorted; None comes last. Empty for a forecast without groups."""
        return () if self.question.by is None else tuple(sorted({group for group, _ in self._cells_of}, key=by_kind))

    def group(self, key: Hashable, period: Period | None = None) -> ForecastSlice:
        """The deals of one group; a group that has none is empty.

        Args:
            key: Of the group; None is the group of deals that have none.
            period: A piece of the period, or several; by default all of it.

        Raises:
            InvalidValue: For a forecast without groups, or a period that it does not show.

        .. versionadded:: 0.1.0
        """
        if self.question.by is None:
            raise InvalidValue("forecast.group", key, "a forecast that was asked `by=` something")
        places = self.question.places_in(period)
        cells = [cell for each in places for cell in self._cells_of.get((key, each), ())]
        return self._slice(cells, f"{self.question.by} {key}")

    def during(self, period: Period) -> ForecastSlice:
        """The deals of one piece of the period, or of several.

        Raises:
            InvalidValue: For a period that the forecast does not show.

        .. versionadded:: 0.1.0
        """
        places = self.question.places_in(period)
        cells = [cell for cell in self._passed.cells if cell.place in places]
        return self._slice(cells, f"{period.start} to {period.end}")

    def under(self, subject: str, period: Period | None = None) -> ForecastSlice:
        """The deals of somebody and of everybody below, as they are: nothing is adjusted.

        Args:
            subject: Id of the person; somebody who is not in the team has only own deals.
            period: A piece of the period, or several; by default all of it.

        Raises:
            InvalidValue: For a period that the forecast does not show, or a forecast that does not tell owners apart.

        .. versionadded:: 0.1.0
        """
        self._require_owners()
        team = self._current_team
        below = team.below(subject) if team is not None and subject in self._members else ()
        places = self.question.places_in(period)
        cells = [cell for owner in (subject, *below) for cell in self._owned.get(owner, ()) if cell.place in places]
        return self._slice(cells, subject)

    # The roll-up

    def rows(self, column: str, period: Period | None = None) -> tuple[ForecastRow, ...]:
        """What each person's forecast is in one column, from the top down: own, computed, adjusted, effective.

        Owners who are not in the team stand beside its top. Deals without an owner are in no row. An adjustment counts
        in the rows of its own period alone: rows of a year do not add up those of its quarters where somebody adjusted
        a quarter, and list what was said there as `other_periods`. Where nothing tells the currency (no deal, rates,
        adjustment or `currency`), amounts are None.

        Args:
            column: One of `columns`.
            period: A piece of the period, or several; by default all of it.

        Raises:
            InvalidValue: For a column of the other method, a period that the forecast does not show, or a forecast that
                does not tell owners apart.
            CurrencyMismatch: For several currencies without a table of rates.
            NotFound: For a viewer who is not in the team.

        .. versionadded:: 0.1.0
        """
        _checks.one_of(*self.columns).require("forecast.rows.column", column)
        self._require_owners()
        return self._rolls.rows(column, self.question.places_in(period))

    def row(self, subject: str, column: str, period: Period | None = None) -> ForecastRow:
        """What one person's forecast is in one column.

        Raises:
            NotFound: For somebody who is not looked at.
            InvalidValue: As `rows` does.
            CurrencyMismatch: As `rows` does.

        .. versionadded:: 0.1.0
        """
        for row in self.rows(column, period):
            if row.subject == subject:
                return row
        raise NotFound("row of the forecast", subject)

    @property
    def not_applied(self) -> tuple[NotApplied, ...]:
        """The adjustments of this time that do not count here, and why; by id."""
        return self._rolls.not_applied

    def adjust(
        self,
        id: str,  # noqa: A002 - the field's name everywhere in relex
        subject: str,
        column: str,
        amount: Money,
        *,
        by: str,
        at: datetime,
        note: str = "",
        period: Period | None = None,
    ) -> ForecastAdjustment:
        """An adjustment of what is computed now, which is written down with it; the forecast stays as it is.

        Args:
            id: Of the adjustment.
            subject: Whose forecast.
            column: One of `columns`.
            amount: What it should be.
            by: Who says so.
            at: When.
            note: Why.
            period: A piece of the period, or several; by default all of it.

        Raises:
            NotFound: For somebody who is not looked at.
            InvalidValue: As `rows` and `ForecastAdjustment` do, and for somebody who is neither the subject nor above.
            CurrencyMismatch: For an amount in another currency.

        .. versionadded:: 0.1.0
        """
        base = self.row(subject, column, period).computed
        allowed = self._rolls.tree.path(subject)
        if by not in allowed:
            raise InvalidValue("forecast.adjust.by", by, f"{subject} or somebody above: one of {', '.join(allowed)}")
        if base is None and not self._currencies and isinstance(amount, Money):
            base = Money.zero(amount.currency)  # nothing at all is computed, in whatever currency
        kept = period or self.question.period
        return ForecastAdjustment(
            id, subject=subject, by=by, period=kept, column=column, amount=amount, at=at, base=base, note=note
        )

    # Other instants

    def at(self, as_of: datetime) -> Forecast:
        """The same question as of another instant.

        Raises:
            InvalidValue: For a naive datetime.

        .. versionadded:: 0.1.0
        """
        return attrs.evolve(self, question=attrs.evolve(self.question, as_of=as_of))

    def explain(self, before: datetime) -> Bridge:
        """What happened between an earlier instant and this one: lines that lead from one amount to the other.

        Raises:
            InvalidValue: For a naive datetime, or one after `as_of`.

        .. versionadded:: 0.1.0
        """
        return bridge_of(self, attrs.evolve(self.question, as_of=before))

    def accuracy(self, judged: datetime) -> Accuracy:
        """What this forecast said, against what was won in the period by a later instant.

        Raises:
            InvalidValue: For a naive datetime, or one before `as_of`.
            CurrencyMismatch: For several currencies without a table of rates.

        .. versionadded:: 0.1.0
        """
        return accuracy_of(self, self.at(judged))

    def exchanged(self, amount: Money | None) -> Money | None:
        """An amount in the currency of the forecast, to 30 decimals; as it is where no rate is stated for it.

        .. versionadded:: 0.1.0
        """
        target = self._exchange.target
        if amount is None or target is None or self.rates is None:
            return amount
        rate = self._exchange.rate(amount.currency, target)
        return amount if rate is None else Money(_to_30_decimals(EXACT.multiply(amount.amount, rate)), target)

    def __reduce__(self) -> tuple[Any, ...]:
        """What it was given; mappings that nobody can change have no stored form of their own."""
        known = {field.name: getattr(self, field.name) for field in attrs.fields(Forecast)}
        known["facts"] = {deal: dict(own) for deal, own in self.facts.items()}
        known["predicted"] = dict(self.predicted)
        return partial(Forecast, **known), ()

    def __str__(self) -> str:
        return sentence(self)

    def _repr_html_(self) -> str:
        """By group, by piece of the period and by those who report to each other, with what is worth telling."""
        return page(self)

    # Inside

    @property
    def _credited(self) -> bool:
        return self.question.by in OWNED or self.team is not None or bool(self.adjustments)

    @cached_property
    def _passed(self) -> Passed:
        by_id = {each.id: each for each in self.pipelines if self.question.probabilities == "current"}
        guess = guesser(self.pipelines, self.predicted)
        spread = Spread(self.question.by, credited=self._credited, pipelines=by_id, facts=self.facts, guess=guess)
        team = self._team_of if self.question.by == "team" else None
        return Pass(self.question, self.pipelines, self.predicted, spread, team).over(self.opportunities)

    @cached_property
    def _current_team(self) -> Hierarchy | None:
        return None if self.team is None else self.team.at(self.question.as_of)

    @cached_property
    def _members(self) -> frozenset[str]:
        return frozenset(() if self._current_team is None else self._current_team.nodes)

    def _team_of(self, owner: str | None) -> str | None:
        """The team that somebody leads, or else is in, by the name of who leads it."""
        team = self._current_team
        if team is None or owner is None or owner not in self._members:
            return None
        return owner if team.children(owner) else team.parent(owner) or owner

    @cached_property
    def _currencies(self) -> frozenset[str]:
        return frozenset([cell.currency for cell in self._passed.cells if cell.currency is not None])

    @cached_property
    def _exchange(self) -> Exchange:
        return exchange_of(self.question, self.rates, self._currencies)

    @cached_property
    def _cells_of(self) -> dict[tuple[Hashable, int], list[ForecastCell]]:
        found: dict[tuple[Hashable, int], list[ForecastCell]] = {}
        for cell in self._passed.cells:
            found.setdefault((cell.group, cell.place), []).append(cell)
        return found

    @cached_property
    def _owned(self) -> dict[str | None, list[ForecastCell]]:
        found: dict[str | None, list[ForecastCell]] = {}
        for cell in self._passed.cells:
            found.setdefault(cell.owner, []).append(cell)
        return found

    def _slice(self, cells: Iterable[ForecastCell], of: str) -> ForecastSlice:
        return ForecastSlice(self.question, self._exchange, tuple(cells), of)

    @cached_property
    def _rolls(self) -> Rolls:
        return Rolls(self.question, self._passed.cells, self.adjustments, self.team, self._exchange)

    def _require_owners(self) -> None:
        if not self._credited:
            raise InvalidValue("forecast.by", self.question.by, "owner or team, or a team or adjustments")


def _to_30_decimals(amount: Decimal) -> Decimal:
    """An amount of which sums stay within the 60 digits of Money."""
    is_finer = int(amount.as_tuple().exponent) < int(_FINEST.as_tuple().exponent)
    return _WIDE.quantize(amount, _FINEST) if is_finer else amount
