"""The roll-ups of one forecast: everything that its columns have in common, and the rows that were asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from relex.calendars import Period
from relex.errors import CurrencyMismatch
from relex.parties import Hierarchy
from relex.pipeline._adjustments import ForecastAdjustment, NotApplied, newest_first
from relex.pipeline._forecast_rows import ForecastRow, Roll, Said, said_of
from relex.pipeline._forecast_slice import Exchange, ForecastSlice

if TYPE_CHECKING:
    from relex.pipeline._forecast_pass import ForecastCell
    from relex.pipeline._forecast_question import ForecastQuestion

__all__ = ["Rolls"]


@attrs.frozen
class Rolls:
    """The roll-ups of a forecast.

    Attributes:
        question: What is asked.
        cells: What is rolled up.
        adjustments: What people said.
        team: Who reports to whom; None lets everybody stand alone.
        exchange: How several currencies become one.
    """

    question: ForecastQuestion
    cells: tuple[ForecastCell, ...]
    adjustments: tuple[ForecastAdjustment, ...]
    team: Hierarchy | None
    exchange: Exchange

    def rows(self, column: str, places: range) -> tuple[ForecastRow, ...]:
        """The rows of one column in some pieces of the period, computed once."""
        if (column, places) not in self._rolled:
            self._rolled[column, places] = self._roll(column, places)
        return self._rolled[column, places]

    @property
    def not_applied(self) -> tuple[NotApplied, ...]:
        """The adjustments that do not count."""
        return self._said[1]

    @cached_property
    def tree(self) -> Hierarchy:
        """Who stands above whom, owners outside the team beside its top."""
        owners = {cell.owner for cell in self.cells if cell.owner is not None}
        if self.team is None:
            return Hierarchy(owners | {each.subject for each in self.adjustments}, as_of=self.question.as_of)
        return Hierarchy((*self.team.ids, *owners), self.team.ties, as_of=self.question.as_of)

    @cached_property
    def _newest(self) -> list[ForecastAdjustment]:
        return newest_first(self.adjustments, self.question.as_of)

    @cached_property
    def _currency(self) -> str | None:
        found = self.exchange.target_of({cell.currency for cell in self.cells if cell.currency is not None})
        return found or next((each.amount.currency for each in self._newest), None)

    @cached_property
    def _said(self) -> tuple[dict[tuple[Period, str], Said], tuple[NotApplied, ...]]:
        try:
            currency = self._currency
        except CurrencyMismatch:
            currency = None  # there is no roll-up, but what people said can still be looked at
        return said_of(self._newest, self.question, self.tree, currency)

    @cached_property
    def _rolled(self) -> dict[tuple[str, range], tuple[ForecastRow, ...]]:
        return {}  # filled as columns are asked for; what it holds follows from the rest

    def _roll(self, column: str, places: range) -> tuple[ForecastRow, ...]:
        pieces = self.question.pieces
        period = Period(pieces[places[0]].start, pieces[places[-1]].end)
        roll = Roll(
            question=self.question,
            column=column,
            period=period,
            tree=self.tree,
            said=self._said[0].get((period, column), {}),
            other_periods=self._of_other_periods(column, period),
            currency=self._currency,
            is_exact=self.exchange.rates is None,
        )
        return roll.rows(
            {
                owner: ForecastSlice(self.question, self.exchange, tuple(cells), owner).exact(column)
                for owner, cells in self._own(places).items()
            }
        )

    def _of_other_periods(self, column: str, period: Period) -> dict[str, tuple[ForecastAdjustment, ...]]:
        found: dict[str, list[ForecastAdjustment]] = {}
        for (said_in, said_on), said in self._said[0].items():
            if said_on == column and said_in != period and said_in.overlaps(period):
                for subject, by in said.items():
                    found.setdefault(subject, []).extend(by.values())
        return {subject: tuple(sorted(each, key=lambda one: one.id)) for subject, each in found.items()}

    def _own(self, places: range) -> dict[str, list[ForecastCell]]:
        found: dict[str, list[ForecastCell]] = {}
        for cell in self.cells:
            if cell.owner is not None and cell.place in places:
                found.setdefault(cell.owner, []).append(cell)
        return found
