"""The roll-up of a forecast over those who report to each other, with what people said it should be.

Theory of operation. Two amounts are told for everybody u: computed(u) = own deals + the sum of effective(r) over the
direct reports r, and effective(u), which is what somebody said, or else computed(u). Whose word counts depends on who
looks: first that of the manager who looks, then of the managers between, from the top down, then u's own. One walk from
the bottom of the tree to its top gives all of them; adjustments are few, and only theirs are walked upward.
"""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

import attrs

from relex.errors import InvalidValue
from relex.money import Money
from relex.pipeline._adjustments import ForecastAdjustment, NotApplied
from relex.pipeline._columns import columns_of
from relex.pipeline._forecast_pass import EXACT, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from relex.calendars import Period
    from relex.parties import Hierarchy
    from relex.pipeline._forecast_question import ForecastQuestion

__all__ = ["ForecastRow", "Roll", "Said", "said_of", "seen"]

Said: TypeAlias = "dict[str, dict[str, ForecastAdjustment]]"
"""The newest adjustment of each subject by each of those who adjust it."""


@attrs.frozen(kw_only=True)
class ForecastRow:
    """What one person's forecast is in one column.

    Attributes:
        subject: Id of the person.
        depth: How many stand above, in the tree that is looked at.
        column: Of the forecast.
        period: Of the forecast.
        own: Of the person's own deals; None where a rate is missing, or nothing tells the currency.
        computed: Of the own deals and of what is effective for each direct report; None as for `own`.
        by_self: The person's own newest adjustment, or None.
        by_manager: The one that counts of those made above, or None.
        other_periods: Adjustments of this person and column for periods that overlap this one, such as its months: each
            counts in the row of its own period and is not in this one, by id.

    .. versionadded:: 0.1.0
    """

    subject: str
    depth: int
    column: str
    period: Period
    own: Money | None
    computed: Money | None
    by_self: ForecastAdjustment | None = None
    by_manager: ForecastAdjustment | None = None
    other_periods: tuple[ForecastAdjustment, ...] = ()

    @property
    def adjustment(self) -> ForecastAdjustment | None:
        """The adjustment that counts; None where the computed amount does."""
        return self.by_manager or self.by_self

    @property
    def effective(self) -> Money | None:
        """What is given on to the manager; None where nobody said it and a rate is missing."""
        return self.computed if self.adjustment is None else self.adjustment.amount

    @property
    def drift(self) -> Money | None:
        """How far the computed amount has moved since the adjustment; None without one, or without its base."""
        if self.adjustment is None or self.adjustment.base is None or self.computed is None:
            return None
        return self.computed - self.adjustment.base

    def __str__(self) -> str:
        told = f"{self.subject}: {self.effective} {self.column}"
        if self.adjustment is None:
            return f"{told} (own {self.own})"
        return f"{told} (computed {self.computed}, set by {self.adjustment.by}, drift {self.drift})"


def said_of(
    entries: Iterable[ForecastAdjustment], question: ForecastQuestion, tree: Hierarchy, currency: str | None
) -> tuple[dict[tuple[Period, str], Said], tuple[NotApplied, ...]]:
    """The adjustments that apply, by period and column, and those that do not; the newest come first."""
    fits = _Fits(question, tree, currency)
    found: dict[tuple[Period, str], Said] = {}
    left = []
    for entry in entries:
        reason = fits.misfit(entry)
        if reason is None:
            found.setdefault((entry.period, entry.column), {}).setdefault(entry.subject, {}).setdefault(entry.by, entry)
        elif entry.period.overlaps(question.period):
            left.append(NotApplied(entry, reason))
    return found, tuple(sorted(left, key=lambda each: each.adjustment.id))


class _Fits:
    """Which adjustments a forecast takes."""

    def __init__(self, question: ForecastQuestion, tree: Hierarchy, currency: str | None) -> None:
        self.tree, self.currency, self.viewer = tree, currency, question.viewer
        self.columns, self.question = columns_of(question.method), question
        self.seen = frozenset(seen(tree, question.viewer))

    def misfit(self, entry: ForecastAdjustment) -> str | None:
        if not self._is_shown(entry.period):
            return "other_period"
        if entry.column not in self.columns:
            return "other_method"
        if entry.amount.currency != self.currency:
            return "other_currency"
        if entry.subject not in self.seen:
            return "not_in_tree"
        if entry.by in self.seen and entry.by in self.tree.path(entry.subject):
            return None
        return "above_viewer" if entry.by in self.tree.path(entry.subject) else "not_a_manager"

    def _is_shown(self, period: Period) -> bool:
        try:
            self.question.places_in(period)
        except InvalidValue:
            return False
        return True


def seen(tree: Hierarchy, viewer: str | None) -> tuple[str, ...]:
    """Who is looked at, everybody above those who stand below."""
    return tree.nodes if viewer is None else (viewer, *tree.below(viewer))


@attrs.frozen(kw_only=True)
class Roll:
    """One column of one period, to be rolled up.

    Attributes:
        question: What is asked.
        column: Of the forecast.
        period: Of the forecast.
        tree: Who reports to whom.
        said: What people said of this period.
        other_periods: What they said of periods that overlap it, by subject.
        currency: Of all amounts; None where nothing tells it.
        is_exact: Whether amounts are shown as they are; else they were converted and are rounded.
    """

    question: ForecastQuestion
    column: str
    period: Period
    tree: Hierarchy
    said: Said
    other_periods: Mapping[str, tuple[ForecastAdjustment, ...]]
    currency: str | None
    is_exact: bool

    def rows(self, own: Mapping[str, Decimal | None]) -> tuple[ForecastRow, ...]:
        """A row for everybody who is looked at, from the top down."""
        order = seen(self.tree, self.question.viewer)
        found: dict[str, ForecastRow] = {}
        given: dict[str | None, Decimal | None] = {}
        top = self.tree.depth(order[0]) if order else 0
        with decimal.localcontext(EXACT):
            for node in reversed(order):
                mine = own.get(node, Decimal(0))
                computed = _plus(mine, given.get(node, Decimal(0)))
                row = found[node] = self._row(node, self.tree.depth(node) - top, mine, computed)
                said, above = row.adjustment, self.tree.parent(node)
                worth = computed if said is None else said.amount.amount
                given[above] = _plus(given.get(above, Decimal(0)), worth)
        return tuple([found[node] for node in order])

    def _row(self, node: str, depth: int, own: Decimal | None, computed: Decimal | None) -> ForecastRow:
        said = self.said.get(node, {})
        return ForecastRow(
            subject=node,
            depth=depth,
            column=self.column,
            period=self.period,
            own=self._money(own),
            computed=self._money(computed),
            by_self=said.get(node),
            by_manager=next((said[each] for each in self.tree.path(node)[:-1] if each in said), None) if said else None,
            other_periods=self.other_periods.get(node, ()),
        )

    def _money(self, amount: Decimal | None) -> Money | None:
        if amount is None or self.currency is None:
            return None
        return Money(amount if self.is_exact else rounded(amount, self.currency), self.currency)


def _plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other
