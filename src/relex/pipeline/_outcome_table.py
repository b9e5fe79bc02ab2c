"""A predictive score that learns from closed records: naive Bayes on counts of outcomes, exact and with its reasons.

Theory of operation. The statistics are integers: how many won and lost records of each group had each value. A closed
record adds one to a handful of rows, and reopening it takes exactly those away, so a table is a function of the
outcomes in it and not of the order in which they came. Nothing is smoothed until it is read: then every row and every
total of a group counts a tenth more on both sides. A group that has closed records is read alone; a record without one,
or of a group without history, reads all groups together.

All of it is done on tenths, in integers: the won and the lost side of the odds are products, and one division at the
end makes the percentage. What was read of a row is kept for as long as the table lives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from operator import itemgetter
from typing import Any

import attrs

from relex import _checks
from relex.codec import tagged
from relex.errors import InvalidValue, Rejected
from relex.pipeline._counts import STAGE, Cell, OutcomeCounts, Variable, category, facts_with, group_order
from relex.pipeline._learning import cells_of, counted, summed
from relex.pipeline._outcome_reading import OutcomeReading
from relex.pipeline._outcomes import Outcome, ended
from relex.pipeline._predictions import Prediction, closed, predicted, unknown
from relex.pipeline._tally import Tally

__all__ = ["OutcomeTable"]

_TEXT_OR_NONE = _checks.optional(_checks.text)
_COUNT = _checks.whole(least=0)
_COUNT_OR_NONE = _checks.optional(_COUNT)
_OUTCOME = _checks.a(Outcome)
_MANY = _checks.a(Iterable)
_PAIR = _checks.Check("(won, lost)", lambda value: isinstance(value, tuple) and len(value) == 2)  # noqa: PLR2004 - a pair
_TOTALS = _checks.Check(
    "(won, lost) by group",
    lambda value: isinstance(value, Mapping) and all(_PAIR.passes(pair) for pair in value.values()),
)


def _variables(given: Any) -> tuple[Variable, ...]:
    found = (
        Variable(each) if isinstance(each, str) else each for each in _checks.items("OutcomeTable.variables", given)
    )
    kept = tuple(found)
    _checks.each(_checks.a(Variable)).require("OutcomeTable.variables", kept)
    return tuple(sorted(kept, key=lambda each: each.name))


def _counts(given: Any) -> tuple[OutcomeCounts, ...]:
    found = _checks.items("OutcomeTable.counts", given)
    _checks.each(_checks.a(OutcomeCounts)).require("OutcomeTable.counts", found)
    return tuple(sorted(found, key=lambda each: group_order(each.group)))


@tagged("pipeline.OutcomeTable")
@attrs.frozen(slots=False, repr=False)
class OutcomeTable:
    """Counts of how closed records ended, by which open ones are scored; one for each pipeline.

    A table is a value: `add` and `remove` give another one that shares nearly everything with it.

    Args:
        variables: What is counted, as `Variable` or by name; sorted by name.
        counts: What was counted so far, a `OutcomeCounts` for each group.

    Raises:
        InvalidValue: For two variables of one name, a group twice, or counts of a variable that is not there, or of one
            value that more records have than there are.

    Example:
        >>> from datetime import datetime, timezone
        >>> day = datetime(2026, 5, 4, tzinfo=timezone.utc)
        >>> def outcome(number, result, country):
        ...     return Outcome(f"d{number}/2", source=f"d{number}", at=day, result=result, values={"country": country})
        >>> table = OutcomeTable(["country"]).add(outcome(1, "won", "AT")).add(outcome(2, "lost", "DE"))
        >>> prediction = table.score({"country": "AT"})
        >>> print(prediction, "because of", prediction.for_[0])
        91.67 percent because of country AT: 0.917 (1 won, 0 lost)
        >>> print(OutcomeTable(["country"]).score({"country": "AT"}))
        none (no_history)

    .. versionadded:: 0.1.0
    """

    variables: tuple[Variable, ...] = attrs.field(default=(), converter=_variables, validator=_checks.unique("name"))
    counts: tuple[OutcomeCounts, ...] = attrs.field(default=(), converter=_counts, validator=_checks.unique("group"))

    def __attrs_post_init__(self) -> None:
        known = {STAGE, *(each.name for each in self.variables)}
        for each in self.counts:
            for name, _, _, _ in each.rows:
                if name not in known:
                    raise InvalidValue("OutcomeTable.counts", name, f"one of {', '.join(sorted(known))}")
        single = frozenset(each.name for each in self.variables if not each.many)
        for each in self.counts:
            _require_possible(each, single)

    @classmethod
    def preset(cls, name: str) -> OutcomeTable:
        """An empty table of the variables that a well-known system begins with.

        Args:
            name: `lead_fields`: country, state, source, language, the states of the e-mail address and of the phone
                (`correct` or `incorrect`, missing ones counted; a wrong one is no reason to win and a right one none to
                lose) and tags; those of Odoo's predictive lead scoring.

        Raises:
            InvalidValue: For another name.

        Example:
            >>> [variable.name for variable in OutcomeTable.preset("lead_fields").variables]
            ['country', 'email_state', 'language', 'phone_state', 'source', 'state', 'tags']

        .. versionadded:: 0.1.0
        """
        _PRESET.require("OutcomeTable.preset.name", name)
        return cls(_PRESETS[name])

    @classmethod
    def from_outcomes(cls, outcomes: Iterable[Outcome], variables: Iterable[Variable | str] = ()) -> OutcomeTable:
        """The table of many outcomes, in any order; each must be given once.

        Raises:
            InvalidValue: For something else than outcomes, or several values of a variable of one.

        .. versionadded:: 0.1.0
        """
        _MANY.require("OutcomeTable.outcomes", outcomes)
        kept = _variables(variables)
        return cls(kept, counted(outcomes, kept))

    @classmethod
    def from_counts(
        cls,
        totals: Mapping[str | None, tuple[int, int]],
        rows: Iterable[tuple[str | None, str, str | None, int, int]] = (),
        variables: Iterable[Variable | str] = (),
    ) -> OutcomeTable:
        """The table of what was counted elsewhere, such as by a query.

        Args:
            totals: How many records were won and lost, by group.
            rows: (group, variable, value, won, lost) for each value; the variable of stages is `stage`.
            variables: What is counted.

        Raises:
            InvalidValue: For negative counts, a row twice or of an unknown group or variable, or one that counts more
                than its group.

        Example:
            >>> table = OutcomeTable.from_counts({"north": (3, 1)}, [("north", "stage", "new", 3, 1)])
            >>> print(table.score({"stage": "new"}, group="north"))
            73.81 percent

        .. versionadded:: 0.1.0
        """
        _TOTALS.require("OutcomeTable.from_counts.totals", totals)
        found: dict[str | None, list[Any]] = {group: [] for group in totals}
        for place, row in enumerate(_checks.items("OutcomeTable.from_counts.rows", rows)):
            if not isinstance(row, tuple) or not row or not _TEXT_OR_NONE.passes(row[0]) or row[0] not in found:
                raise InvalidValue(f"OutcomeTable.from_counts.rows[{place}]", row, "a row of a group that has totals")
            found[row[0]].append(row[1:])
        return cls(
            _variables(variables),
            [OutcomeCounts(group, won=totals[group][0], lost=totals[group][1], rows=found[group]) for group in found],
        )

    def add(self, outcome: Outcome) -> OutcomeTable:
        """The table with one more outcome; the caller adds each outcome once.

        Raises:
            InvalidValue: For something else than an outcome, or several values of a variable of one.

        .. versionadded:: 0.1.0
        """
        _OUTCOME.require("OutcomeTable.add", outcome)
        return self._counted(outcome, 1)  # type: ignore[return-value]  # adding never falls below zero

    def remove(self, outcome: Outcome) -> OutcomeTable:
        """The table without an outcome that was added: what reopening a record asks for.

        Raises:
            Rejected: `not_counted`, when no records could have the counts that would be left: one below zero, or a
                value that more have than there are.
            InvalidValue: For something else than an outcome.

        .. versionadded:: 0.1.0
        """
        _OUTCOME.require("OutcomeTable.remove", outcome)
        found = self._counted(outcome, -1)
        if found is None:
            raise Rejected("remove", "not_counted", {"outcome": outcome.id})
        return found

    def merge_group(self, source: str | None, into: str | None) -> OutcomeTable:
        """The table in which the records of a group belong to another one; all counts add up.

        Args:
            source: The group that ends; without closed records, nothing changes.
            into: The group that takes them; None is "no group".

        .. versionadded:: 0.1.0
        """
        _TEXT_OR_NONE.require("OutcomeTable.merge_group.into", into)
        renamed = [attrs.evolve(each, group=into) if each.group == source else each for each in self.counts]
        return OutcomeTable(self.variables, summed(renamed))

    def score(
        self,
        record: Any,
        values: Mapping[str, Any] | None = None,
        *,
        group: str | None = None,
        reasons: int | None = 3,
        minimum_outcomes: int = 1,
        minimum_won: int = 0,
    ) -> Prediction:
        """How likely a record is to be won.

        Args:
            record: A mapping of facts, or something with `facts()`; `stage` is its stage, and a record whose
                `stage_kind` is won or lost has 100 or 0. One that was merged away (`merged_into`) has no value.
            values: Facts that only the caller knows.
            group: The group of the record. If it has a closed record it is read alone, otherwise all are.
            reasons: How many factors are named for and against; None is all.
            minimum_outcomes: With fewer closed records read, there is no value.
            minimum_won: With fewer won records read, there is no value; some products wait for 100 or 150.

        Raises:
            InvalidValue: For a value that has no few values, such as an amount, or an empty group.

        .. versionadded:: 0.1.0
        """
        _check_score(group, reasons, minimum_outcomes, minimum_won)
        facts = record.facts() if callable(getattr(record, "facts", None)) else record
        if not isinstance(facts, Mapping):
            raise InvalidValue("OutcomeTable.score.record", record, "a mapping of facts, or an object with facts()")
        if facts.get("merged_into") is not None:
            return unknown("merged", 0, 0, ())
        kind = facts.get("stage_kind") or ended(record)
        if kind in ("won", "lost"):
            return closed(kind)
        reading = self._reading(group)
        won, lost = reading.won, reading.lost
        groups = tuple(reading.groups)
        if won + lost < minimum_outcomes or won < minimum_won:
            return unknown("no_history" if won + lost < minimum_outcomes else "too_few_won", won, lost, groups)
        factors, skipped = [], []
        won_side, lost_side = reading.prior
        for cell in self._asked(facts_with("OutcomeTable.score.values", facts, values)):
            factor = reading.factor(cell)
            if factor is None:
                skipped.append(cell)
                continue
            factors.append(factor)
            good, bad = factor.terms
            won_side *= good
            lost_side *= bad
        sides = (won_side, lost_side, *reading.prior)
        return predicted(sides, factors, skipped, (won, lost, groups), reasons)

    def __getattr__(self, name: str) -> Any:
        """Tell the counts when they are first asked for, of a table that was made of another one."""
        if name != "counts" or "_tally" not in self.__dict__:
            raise AttributeError(name)
        found = self.__dict__["counts"] = _counts(self._tally.counts())
        return found

    def __repr__(self) -> str:
        won = sum(totals.won for _, totals in self._tally.groups.items())
        lost = sum(totals.lost for _, totals in self._tally.groups.items())
        return f"<OutcomeTable {won} won, {lost} lost, {len(self.variables)} variables>"

    @cached_property
    def _tally(self) -> Tally:
        return Tally.of(self.counts, self.variables)

    @cached_property
    def _readings(self) -> dict[str | None, OutcomeReading]:
        """What was read so far, by group; under None, all groups together."""
        return {}

    @cached_property
    def _askers(self) -> tuple[tuple[str, Variable | None], ...]:
        """The variables by name, with the stage in its place."""
        return tuple(sorted([*((each.name, each) for each in self.variables), (STAGE, None)], key=itemgetter(0)))

    def _counted(self, outcome: Outcome, step: int) -> OutcomeTable | None:
        won, lost = (step, 0) if outcome.result == "won" else (0, step)
        cells = [*((STAGE, stage) for stage in outcome.stages), *cells_of(outcome, self.variables)]
        tally = self._tally.counted(outcome.group, cells, won, lost)
        if tally is None:
            return None
        table = object.__new__(OutcomeTable)
        table.__dict__.update(variables=self.variables, _tally=tally)
        return table

    def _reading(self, group: str | None) -> OutcomeReading:
        """What is read for a record of a group: the group alone, or all where it has no closed record."""
        found = self._readings.get(group)
        if found is not None:
            return found
        groups = self._tally.groups
        own = None if group is None else groups.get(group)
        if group is not None and own is None:
            return self._reading(None)
        by_name = sorted(groups.items(), key=lambda pair: group_order(pair[0]))
        found = OutcomeReading.of(self._tally, self.variables, dict(by_name) if own is None else {group: own})
        self._readings[group] = found
        return found

    def _asked(self, facts: Mapping[str, Any]) -> list[Cell]:
        """What an open record has of each variable, by name."""
        found: list[Cell] = []
        for name, variable in self._askers:
            value = facts.get(name)
            if variable is not None and (variable.many or type(value) is not str or not value):
                found += variable.cells(value)
            elif value:
                found.append((name, category(name, value)))
        return found


_STATES: dict[str, Any] = {"missing_counts": True, "never_for": ("incorrect",), "never_against": ("correct",)}
_PRESETS: Mapping[str, tuple[Variable, ...]] = {
    "lead_fields": (
        *(Variable(name) for name in ("country", "state", "source", "language")),
        *(Variable(name, **_STATES) for name in ("email_state", "phone_state")),
        Variable("tags", many=True),
    ),
}


_PRESET = _checks.one_of(*_PRESETS)


def _require_possible(counts: OutcomeCounts, single: frozenset[str]) -> None:
    """Raise `InvalidValue` when more records have a value of a variable of one value than there are."""
    told: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, _, won, lost in counts.rows:
        if name in single:
            told[name][0] += won
            told[name][1] += lost
    for name, (won, lost) in told.items():
        if won > counts.won or lost > counts.lost:
            expected = f"at most {(counts.won, counts.lost)} in all, as a record has one value (or Variable(many=True))"
            raise InvalidValue(f"OutcomeTable.counts.{name}", (won, lost), expected)


def _check_score(group: str | None, reasons: int | None, minimum_outcomes: int, minimum_won: int) -> None:
    _TEXT_OR_NONE.require("OutcomeTable.score.group", group)
    _COUNT_OR_NONE.require("OutcomeTable.score.reasons", reasons)
    _COUNT.require("OutcomeTable.score.minimum_outcomes", minimum_outcomes)
    _COUNT.require("OutcomeTable.score.minimum_won", minimum_won)
