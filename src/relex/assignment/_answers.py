"""Who got an item, with every rule that was asked and every member that was looked at."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING

import attrs

from relex._trusted import trusted
from relex.rules import evaluate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from relex.assignment._state import AssignmentState
    from relex.rules import Rule, Verdict

__all__ = ["Assignment", "Assignments", "Candidate", "Step"]

_MOST_ROWS = 1000
_SKIPPED = frozenset({"owned", "closed"})


@attrs.frozen(weakref_slot=False)
class Candidate:
    """A member of a pool that was looked at.

    Attributes:
        id: Of the assignee.
        failed: Why they could not be chosen, all that apply: `unknown` (not among the assignees), `inactive`,
            `opted_out`, `unavailable`, `refuses`, `no_capacity`, `chosen` (has the item by an earlier rule already).

    .. versionadded:: 0.1.0
    """

    id: str
    failed: tuple[str, ...] = ()

    @property
    def is_eligible(self) -> bool:
        """Whether nothing kept them from being chosen."""
        return not self.failed

    def __str__(self) -> str:
        return f"{self.id} ({', '.join(self.failed)})" if self.failed else self.id


@attrs.frozen(kw_only=True, weakref_slot=False)
class Step:
    """What came of one rule.

    Attributes:
        rule: Its name; None for the fallback.
        outcome: `assigned`, `inactive`, `no_match` (False or unknown), `empty_pool`, `no_owner` (the fact is not
            there), or `nobody_eligible`.
        chosen: Who got the item.
        candidates: All members that were looked at, in the order of the pool.
        preferring: Who of those that could get it prefer it; the choice was between them. Empty when nobody does.

    .. versionadded:: 0.1.0
    """

    rule: str | None
    outcome: str
    chosen: str | None = None
    candidates: tuple[Candidate, ...] = ()
    preferring: tuple[str, ...] = ()
    _asked: tuple[Rule | None, Mapping[str, Any], datetime] | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def verdict(self) -> Verdict | None:
        """What the rule found in the item, judged again; None for a rule that matches all."""
        if self._asked is None:
            return None
        when, facts, at = self._asked
        return None if when is None else evaluate(when, facts, at)

    def __str__(self) -> str:
        name = "fallback" if self.rule is None else self.rule
        told = self.outcome if self.chosen is None else f"{self.outcome} {self.chosen}"
        failed = [str(each) for each in self.candidates if each.failed]
        return f"{name}: {told}" + (f"; not {', '.join(failed)}" if failed else "")


@attrs.frozen(kw_only=True, weakref_slot=False)
class Assignment:
    """Who got one item, and why.

    Attributes:
        item: Its fact `id`; None where it has none.
        assignees: Who got it; several only where a rule goes on after it found somebody.
        rule: The first rule that found somebody.
        reason: `assigned`, `fallback`, `unassigned`, or why it was skipped: `owned`, `closed`.
        trace: What came of each rule that was reached.
        state: What is to be remembered for the next item; the answers of a run share the one after its last item.
            Answers that differ in nothing else are equal.

    .. versionadded:: 0.1.0
    """

    item: str | None
    assignees: tuple[str, ...]
    rule: str | None
    reason: str
    trace: tuple[Step, ...]
    state: AssignmentState = attrs.field(eq=False, repr=False)

    @property
    def assignee(self) -> str | None:
        """Who got it first; None for nobody."""
        return self.assignees[0] if self.assignees else None

    @property
    def is_skipped(self) -> bool:
        """Whether the item was not to be assigned at all."""
        return self.reason in _SKIPPED

    def __str__(self) -> str:
        whose = ", ".join(self.assignees) or "nobody"
        by = f" by {self.rule}" if self.rule is not None else ""
        return f"{self.item or 'item'}: {whose} ({self.reason}{by})"

    def _repr_html_(self) -> str:
        """One row for each rule that was reached."""
        rows = "".join(f"<tr><td>{escape(str(step))}</td></tr>" for step in self.trace)
        return f"<table><caption>{escape(str(self))}</caption>{rows}</table>"


@attrs.frozen(kw_only=True, weakref_slot=False)
class Assignments:
    """Who got the items of one run.

    Attributes:
        assignments: One for each item, in the order given.
        state: What is to be remembered for the next run.

    .. versionadded:: 0.1.0
    """

    assignments: tuple[Assignment, ...]
    state: AssignmentState = attrs.field(repr=False)

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """(assignee, how many items they got) pairs, sorted."""
        return tuple(sorted(Counter(who for each in self.assignments for who in each.assignees).items()))

    @property
    def reasons(self) -> tuple[tuple[str, int], ...]:
        """(reason, how many items) pairs, sorted."""
        return tuple(sorted(Counter(each.reason for each in self.assignments).items()))

    def __len__(self) -> int:
        return len(self.assignments)

    def __str__(self) -> str:
        told = ", ".join(f"{count} {reason}" for reason, count in self.reasons)
        return f"{len(self.assignments)} items: {told}" if told else "no items"

    def _repr_html_(self) -> str:
        """One row for each item; at most 1000."""
        rows = "".join(f"<tr><td>{escape(str(each))}</td></tr>" for each in self.assignments[:_MOST_ROWS])
        rest = len(self.assignments) - _MOST_ROWS
        more = f"<tr><td>and {rest} more</td></tr>" if rest > 0 else ""
        return f"<table><caption>{escape(str(self))}</caption>{rows}{more}</table>"


step_of = trusted(Step)
assignment_of = trusted(Assignment)
candidate_of = trusted(Candidate)
