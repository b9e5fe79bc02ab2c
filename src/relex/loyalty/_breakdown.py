"""Why an occasion gave the points that it gave: stored with the award, cheap to make, readable when asked."""

from __future__ import annotations

from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

from relex import _checks
from relex._trusted import filling, trusted
from relex.codec import tagged
from relex.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["NOTHING", "Award", "AwardRow", "Breakdown", "make_breakdown"]

_PAIR = 2


def _pairs(first: type, second: type) -> _checks.Check:
    def passes(value: object) -> bool:
        return isinstance(value, tuple) and all(
            isinstance(pair, tuple) and len(pair) == _PAIR and type(pair[0]) is first and type(pair[1]) is second
            for pair in value
        )

    return _checks.Check(f"a tuple of ({first.__name__}, {second.__name__}) pairs", passes)


@tagged("loyalty.Award")
@attrs.frozen(kw_only=True, weakref_slot=False)
class Award:
    """What one rule gave in one points currency.

    Attributes:
        rule: Id of the rule, or `tier:<id>` for the bonus of a tier.
        currency: Id of the points currency.
        group: Of the rule.
        numerator: Of the exact value in whole points, before any rounding.
        denominator: Of the exact value.
        desired: What rounding gave the rule, in the smallest unit; negative for a multiplier below 1.
        granted: What the caps left of it.
        cap: The cap that cut it, or None.
        lines: (line number, granted points) pairs; an occasion without lines has the one line 0.

    Example:
        >>> Award(
        ...     rule="base", currency="points", group="base", numerator=3, denominator=2, desired=1, granted=1
        ... ).exact
        Fraction(3, 2)

    .. versionadded:: 0.1.0
    """

    rule: str = attrs.field(validator=_checks.text)
    currency: str = attrs.field(validator=_checks.text)
    group: str = attrs.field(validator=_checks.text)
    numerator: int = attrs.field(validator=_checks.whole())
    denominator: int = attrs.field(validator=_checks.whole(least=1))
    desired: int = attrs.field(validator=_checks.whole())
    granted: int = attrs.field(validator=_checks.whole())
    cap: str | None = attrs.field(default=None, validator=_checks.optional(_checks.text))
    lines: tuple[tuple[int, int], ...] = attrs.field(default=(), validator=_pairs(int, int))

    @property
    def exact(self) -> Fraction:
        """The exact value in whole points, before rounding and caps."""
        return Fraction(self.numerator, self.denominator)


AwardRow: TypeAlias = tuple[str, str, str, int, int, int, int, "str | None", tuple[tuple[int, int], ...]]
"""The fields of an `Award` in their order: what a breakdown keeps, because programs make many and few are looked at."""

_RULE: Final = 0
_CURRENCY: Final = 1
_GRANTED: Final = 6
_LINES: Final = 8


@tagged("loyalty.Breakdown")
@attrs.frozen(init=False, weakref_slot=False)
class Breakdown:
    """The explanation of one award: which rule gave what on which line, and why the others gave nothing.

    Attributes:
        awards: One for each rule that fired and was counted, in the order of the rules.
        refused: (rule id, reason) for every other rule in force. Reasons are `not_matched`, `unknown:<fact>`,
            `below_minimum`, `nothing` (it matched, and came to 0), `shut_out_by:<rule>`.
        ineligible: (line number, reason) for the lines that earn nothing at all: `not_eligible` or `unknown:<fact>`.

    .. versionadded:: 0.1.0
    """

    awards: tuple[Award, ...] = attrs.field(eq=False)
    refused: tuple[tuple[str, str], ...]
    ineligible: tuple[tuple[int, str], ...]
    _rows: tuple[AwardRow, ...] = attrs.field(init=False, repr=False)

    def __init__(
        self,
        *,
        awards: tuple[Award, ...] = (),
        refused: tuple[tuple[str, str], ...] = (),
        ineligible: tuple[tuple[int, str], ...] = (),
    ) -> None:
        """Keep the parts of the awards."""
        _AWARDS.require("Breakdown.awards", awards)
        _PAIRS.require("Breakdown.refused", refused)
        _NUMBERED.require("Breakdown.ineligible", ineligible)
        _fill(self, None, refused, ineligible, tuple([attrs.astuple(award, recurse=False) for award in awards]))

    def total(self, currency: str | None = None) -> int:
        """The points granted, in the smallest unit of the currency; by default of the first one that was given."""
        return sum([row[_GRANTED] for row in self._in(currency)])

    def by_rule(self, currency: str | None = None) -> dict[str, int]:
        """Points granted by rule, in the order of the rules."""
        return {row[_RULE]: row[_GRANTED] for row in self._in(currency)}

    def by_line(self, currency: str | None = None) -> dict[int, int]:
        """Points granted by line number; ineligible lines are there with 0."""
        found = dict.fromkeys([number for number, _ in self.ineligible], 0)
        for row in self._in(currency):
            for number, points in row[_LINES]:
                found[number] = found.get(number, 0) + points
        return dict(sorted(found.items()))

    def reasons(self) -> dict[str, str]:
        """Why each rule in force that gave nothing did so, by rule; `capped_by:<cap>` where limits left nothing."""
        capped = {award.rule: f"capped_by:{award.cap}" for award in self.awards if award.cap and not award.granted}
        given = {award.rule for award in self.awards if award.granted}
        return {rule: reason for rule, reason in (*self.refused, *capped.items()) if rule not in given}

    def currencies(self) -> tuple[str, ...]:
        """The points currencies that were given, in the order of the program."""
        return tuple(dict.fromkeys([row[_CURRENCY] for row in self._rows]))

    def _in(self, currency: str | None) -> list[AwardRow]:
        if currency is None and self._rows:
            currency = self._rows[0][_CURRENCY]
        return [row for row in self._rows if row[_CURRENCY] == currency]

    def __reduce__(self) -> tuple[Any, ...]:
        return make_breakdown, (self._rows, self.refused, self.ineligible)

    def __str__(self) -> str:
        given = [f"{award.granted:+d} {award.currency} by {award.rule}{_cut(award)}" for award in self.awards]
        return "\n".join(given + [f"none by {rule}: {reason}" for rule, reason in self.refused])

    def _repr_html_(self) -> str:
        awards = self.awards
        at = [dict(award.lines) for award in awards]
        names = "".join([f"<th>{escape(award.rule)}<br>{escape(award.currency)}</th>" for award in awards])
        rows = [_row("exact", [_plain(award.exact) for award in awards])]
        numbers = sorted({number for lines in at for number in lines})
        rows += [_row(f"line {n}" if n else "whole", [lines.get(n, "") for lines in at]) for n in numbers]
        rows.append(_row("points", [award.granted for award in awards]))
        if any(award.cap for award in awards):
            rows.append(_row("cap", [_cut(award).strip() for award in awards]))
        reasons = [(rule, reason) for rule, reason in self.refused]
        reasons += [(f"line {number}", reason) for number, reason in self.ineligible]
        refused = "".join([f"<li>{escape(what)}: {escape(reason)}</li>" for what, reason in reasons])
        return f"<table><tr><th></th>{names}</tr>{''.join(rows)}</table>" + (f"<ul>{refused}</ul>" if refused else "")


def _row(name: str, cells: Iterable[object]) -> str:
    return f"<tr><th>{name}</th>{''.join([f'<td>{escape(str(cell))}</td>' for cell in cells])}</tr>"


def _plain(exact: Fraction) -> str:
    return str(exact) if exact.denominator == 1 else Figure(exact).show(3)


_make_award = trusted(Award)
Breakdown.awards = property(lambda self: tuple([_make_award(*row) for row in self._rows]))  # type: ignore[assignment]

_AWARDS = _checks.each(_checks.a(Award))
_PAIRS = _pairs(str, str)
_NUMBERED = _pairs(int, str)
_fill = filling(Breakdown)
_make = trusted(Breakdown)


def make_breakdown(
    rows: tuple[AwardRow, ...], refused: tuple[tuple[str, str], ...], ineligible: tuple[tuple[int, str], ...]
) -> Breakdown:
    """A breakdown of parts that were just worked out."""
    return _make(None, refused, ineligible, rows)


NOTHING = Breakdown()


def _cut(award: Award) -> str:
    return f" (of {award.desired}, cut by {award.cap})" if award.cap else ""
