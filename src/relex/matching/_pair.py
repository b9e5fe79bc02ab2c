"""Two records and what was found of them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from relex import _checks
from relex.errors import InvalidValue

if TYPE_CHECKING:
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
        reason: What decided: `veto:<kind>`, `rule`, `review-rule`, `weights`, `nothing`, or what an outside engine says.
        keys: Names of the keys in common.
        scores: (comparison, score) pairs; None is unknown.
        bits: (comparison, bits) pairs, with the prior; they add up to the weight.
        probability: That the two are the same party, as the weights say.
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
    probability: Decimal | None = attrs.field(default=None, kw_only=True)
    verdict: Verdict | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Put the lesser ref first."""
        if self.a == self.b:
            raise InvalidValue("Pair.b", self.b, f"another record than {self.a}")
        if self.b < self.a:
            a, b = self.b, self.a
            object.__setattr__(self, "a", a)
            object.__setattr__(self, "b", b)
