"""Money that never mixes currencies, never loses a minor unit and rounds only where it is told to, by a named mode."""

from __future__ import annotations

from relex.money._allocation import Leftover, allocate
from relex.money._currencies import minor_digits
from relex.money._money import Money
from relex.money._rates import RateTable
from relex.money._rounding import Rounding

__all__ = ["Leftover", "Money", "RateTable", "Rounding", "allocate", "minor_digits"]
