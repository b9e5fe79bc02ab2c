"""Two records and what was found of them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.errors import InvalidValue
from relex.matching._weights import probability

if TYPE_CHECKING:
    from decimal import Decimal

    from relex.rules import Verdict

__all__ = ["DECISIONS", "Pair"]

DECISIONS = ("link", "review", "apart")
"""What may be decided of a pair, surest first."""


@attrs.frozen(weakref_slot=False)
class Pair:
    """Two records, the decision, and all that led to it.

    Attributes:
        a: Ref of the one record; the lesser of the two.
        b: Ref of the other.
        decision: `link`, `review` or `apart`.
        weight: Evidence in bits; None where nothing was weighed.
        reason: What decided: `veto:<kind>`, `rule`, `review`, `weights`, or what an outside engine says.
        keys: Names of the keys in common.
        scores: (comparison, score) pairs; None is unknown.
        bits: (comparison, bits) pairs, with the `prior` and what `circles` take off; they add up to the weight.
        verdict: Of the rule that decided, or of the first that was asked.

    Raises:
        InvalidValue: For a record with itself, an empty ref, another decision, or an inexact weight.

    .. versionadded:: 0.1.0
    """

    a: str = attrs.field(validator=_checks.text)
    b: str = attrs.field(validator=_checks.text)
    decision: str = attrs.field(default="link", validator=_checks.one_of(*DECISIONS))
    weight: int | Decimal | None = attrs.field(default=None, validator=_checks.optional(_checks.exact), kw_only=True)
    reason: str = attrs.field(default="given", validator=_checks.text, kw_only=True)
    keys: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    scores: tuple[tuple[str, Decimal | None], ...] = attrs.field(default=(), kw_only=True)
    bits: tuple[tuple[str, Decimal], ...] = attrs.field(default=(), kw_only=True)
    verdict: Verdict | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Put the lesser ref first."""
        if self.a == self.b:
            raise InvalidValue("Pair.b", self.b, f"another record than {self.a}")
        if self.b < self.a:
            a, b = self.b, self.a
            object.__setattr__(self, "a", a)
            object.__setattr__(self, "b", b)

    @property
    def probability(self) -> Decimal | None:
        """That the two are the same party, as the weight says; None where nothing was weighed."""
        return None if self.weight is None else probability(self.weight)

    def __str__(self) -> str:
        """The decision, and each comparison with its score and bits."""
        bits = dict(self.bits)
        names = [name for name in bits if name not in dict(self.scores)]
        lines = [_line(name, "", bits.get(name)) for name in names if name == "prior"]
        lines += [_line(name, "blank" if x is None else f"{x:.4f}", bits.get(name)) for name, x in self.scores]
        lines += [_line(name, "", bits.get(name)) for name in names if name != "prior"]
        return "\n".join([self._heading(), *lines])

    def _heading(self) -> str:
        weighed = "" if self.weight is None else f", {self.weight:.2f} bits, probability {self.probability:.6f}"
        keys = f", keys in common: {'; '.join(self.keys)}" if self.keys else ""
        return f"{self.a} and {self.b}: {self.decision} ({self.reason}{weighed}{keys})"

    def _repr_html_(self) -> str:
        """The scores and bits as a table, with the verdict: no script, everything escaped."""
        bits, scores = dict(self.bits), dict(self.scores)
        rows = "".join(
            f"<tr><th>{escape(name)}</th><td>{_shown(scores, name)}</td>"
            f"<td>{'' if bits.get(name) is None else f'{bits[name]:+.2f}'}</td></tr>"
            for name in dict.fromkeys([*scores, *bits])
        )
        head = "<tr><th>comparison</th><th>score</th><th>bits</th></tr>"
        verdict = "" if self.verdict is None else f"<pre>{escape(str(self.verdict))}</pre>"
        return f"<table><caption>{escape(self._heading())}</caption>{head}{rows}</table>{verdict}"


def _line(name: str, score: str, bits: Decimal | None) -> str:
    return f"  {name:<12} {score:>6}{'' if bits is None else f' {bits:+9.2f}'}".rstrip()


def _shown(scores: dict[str, Decimal | None], name: str) -> str:
    if name not in scores:
        return ""
    score = scores[name]
    return "blank" if score is None else f"{score:.4f}"
