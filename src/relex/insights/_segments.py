"""Segments: rules over facts that say who belongs, who does not, and for whom a needed fact is missing."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import attrs

from relex import _checks
from relex._instants import moment
from relex.codec import tagged
from relex.errors import InvalidValue
from relex.insights import _html
from relex.insights._given import mapped, texts
from relex.rules import Rule, compile_rule, evaluate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from relex.rules import Facts, Verdict

__all__ = ["Members", "Segment", "Snapshot", "age", "joined_facts", "wanted"]

_LEAPS = ("feb28", "mar1")
_FEBRUARY, _LEAP_DAY = 2, 29
_SHOWN = 10
_IDS = _checks.each(_checks.text)


def age(born: date, on: date, *, leap: str = "feb28") -> int:
    """Completed years on a day.

    Args:
        born: Day of birth.
        on: The business day on which it is asked.
        leap: Whoever is born on 29 February completes a year in common years on "feb28" or on "mar1".

    Raises:
        InvalidValue: For a day before birth, or something other than a date.

    Example:
        >>> age(date(2004, 2, 29), date(2026, 2, 28)), age(date(2004, 2, 29), date(2026, 2, 28), leap="mar1")
        (22, 21)

    .. versionadded:: 0.1.0
    """
    _checks.calendar_day.require("age.born", born)
    _checks.calendar_day.require("age.on", on)
    _checks.one_of(*_LEAPS).require("age.leap", leap)
    if on < born:
        raise InvalidValue("age.on", on, f"a day not before {born}")
    birthday = (born.month, born.day)
    if birthday == (_FEBRUARY, _LEAP_DAY) and leap == "feb28" and not _is_leap(on.year):
        birthday = (_FEBRUARY, _LEAP_DAY - 1)
    return on.year - born.year - ((on.month, on.day) < birthday)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@tagged("insights.Segment")
@attrs.frozen
class Segment:
    """A named rule over facts: whoever it answers True for is in.

    Attributes:
        name: Of the segment.
        rule: Over the facts of a customer, such as `field("rfm.frequency") >= 3`.
        version: Rises with each change of the rule.
        stay: Keeps whoever is in until neither it nor the rule holds; None for a segment without memory.

    Example:
        >>> from relex.rules import field
        >>> regulars = Segment("regulars", (field("rfm.frequency") >= 3) & (field("region") == "kanto"))
        >>> found = regulars.members({"a": {"rfm.frequency": 4, "region": "kanto"}, "b": {"rfm.frequency": 9}})
        >>> found.inside, found.undecided
        (('a',), (('b', ('region',)),))

    .. versionadded:: 0.1.0
    """

    name: str = attrs.field(validator=_checks.text)
    rule: Rule = attrs.field(validator=_checks.a(Rule))
    version: int = attrs.field(default=1, kw_only=True, validator=_checks.whole(least=1))
    stay: Rule | None = attrs.field(default=None, kw_only=True, validator=_checks.optional(_checks.a(Rule)))

    def rule_of(self, *, member: bool) -> Rule:
        """What somebody is judged by: the rule, and for whoever is in already the rule or `stay`."""
        return self.rule | self.stay if member and self.stay is not None else self.rule

    def verdict(self, facts: Facts, as_of: date | datetime | None = None, *, member: bool = False) -> Verdict:
        """Whether one customer is in, with every part of the rule judged.

        Args:
            facts: Of the customer.
            as_of: What rules about time windows measure from.
            member: Whether the customer is in already, so that `stay` counts too.
        """
        return evaluate(self.rule_of(member=member), facts, as_of)

    def members(
        self, facts: Mapping[str, Facts], as_of: date | datetime | None = None, *, before: Collection[str] = ()
    ) -> Members:
        """Who is in, who is out, and who cannot be judged for want of a fact; the undecided are never in.

        Args:
            facts: The facts of each customer, by id, such as `rfm_table.facts()`; see `joined_facts` for several.
            as_of: What rules about time windows measure from.
            before: Ids of those who were in, for whom `stay` counts too.

        Raises:
            InvalidValue: For facts that are no mappings by id, ids that are no texts, or a naive `as_of`.
        """
        mapped("Segment.members.facts", facts)
        kept = frozenset(texts("Segment.members.before", before))
        tests = {member: compile_rule(self.rule_of(member=member)) for member in (False, True)}
        inside: list[str] = []
        outside: list[str] = []
        undecided: list[tuple[str, tuple[str, ...]]] = []
        for customer in sorted(facts):
            member = customer in kept
            answer = tests[member](facts[customer], as_of)
            if answer is None:
                undecided.append((customer, wanted(self.verdict(facts[customer], as_of, member=member))))
            else:
                (inside if answer else outside).append(customer)
        return Members(
            segment=self.name,
            version=self.version,
            as_of=as_of,
            inside=tuple(inside),
            outside=tuple(outside),
            undecided=tuple(undecided),
        )


@attrs.frozen(kw_only=True)
class Members:
    """Who belongs to a segment, as of an instant; iterating, counting and `in` speak of those inside.

    Attributes:
        segment: The name.
        version: Of the segment.
        as_of: What time windows were measured from.
        inside: Ids, sorted.
        outside: Ids, sorted.
        undecided: (id, facts) of those who cannot be judged, with the facts that are missing; one that is there and
            cannot be compared is told as "type:" and its name, and "as_of" stands for an instant that was not given.

    .. versionadded:: 0.1.0
    """

    segment: str
    version: int
    as_of: date | datetime | None
    inside: tuple[str, ...]
    outside: tuple[str, ...]
    undecided: tuple[tuple[str, tuple[str, ...]], ...]

    def __iter__(self) -> Iterator[str]:
        return iter(self.inside)

    def __len__(self) -> int:
        return len(self.inside)

    def __contains__(self, customer: object) -> bool:
        return customer in self.inside

    def snapshot(self, at: datetime) -> Snapshot:
        """Those inside, as a static segment that no later fact changes.

        Args:
            at: When it is taken; aware.
        """
        return Snapshot(segment=self.segment, version=self.version, at=at, ids=self.inside)

    def __str__(self) -> str:
        counts = f"{len(self.inside):,} in, {len(self.outside):,} out, {len(self.undecided):,} undecided"
        return f"Segment {self.segment}: {counts}"

    def _repr_html_(self) -> str:
        rows = [("in", len(self.inside)), ("out", len(self.outside)), ("undecided", len(self.undecided))]
        missing = [(customer, ", ".join(names)) for customer, names in self.undecided[:_SHOWN]]
        lacks = _html.table("Undecided for want of", ("Customer", "Facts"), missing) if missing else ""
        return _html.table(f"Segment {self.segment}", ("Customers", "Count"), rows) + lacks


def wanted(verdict: Verdict) -> tuple[str, ...]:
    """What keeps a rule from an answer: the names of missing facts, and other reasons as they are."""
    return tuple(reason.removeprefix("missing:") for reason in verdict.reasons)


def _sorted(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(ids))) if _IDS.passes(ids) else ids


@tagged("insights.Snapshot")
@attrs.frozen(kw_only=True)
class Snapshot:
    """A static segment: ids as they were at an instant.

    Attributes:
        segment: The name.
        version: Of the segment whose members they were.
        at: When it was taken.
        ids: Kept sorted, each once.

    .. versionadded:: 0.1.0
    """

    segment: str = attrs.field(validator=_checks.text)
    version: int = attrs.field(validator=_checks.whole(least=1))
    at: datetime = attrs.field(validator=_checks.instant, eq=moment)
    ids: tuple[str, ...] = attrs.field(converter=_sorted, validator=_IDS)

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, customer: object) -> bool:
        return customer in self.ids


def joined_facts(*tables: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The facts of every customer out of several tables of facts.

    A customer who is missing from a table lacks its facts.

    Raises:
        InvalidValue: When two tables state the same fact of a customer, or a table is no mapping of facts by id.

    Example:
        >>> joined_facts({"a": {"decile": 1}}, {"a": {"rfm.segment": "New"}, "b": {"rfm.segment": "Lost"}})
        {'a': {'decile': 1, 'rfm.segment': 'New'}, 'b': {'rfm.segment': 'Lost'}}

    .. versionadded:: 0.1.0
    """
    found: dict[str, dict[str, Any]] = {}
    for number, table in enumerate(tables):
        for customer, facts in mapped(f"joined_facts[{number}]", table).items():
            own = found.setdefault(customer, {})
            if twice := own.keys() & facts.keys():
                raise InvalidValue(f"joined_facts[{customer!r}]", tuple(sorted(twice)), "each fact from one table")
            own.update(facts)
    return found
